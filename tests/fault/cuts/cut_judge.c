/* SPDX-License-Identifier: Apache-2.0 */
/* See cut_judge.h. */
#include "cut_judge.h"

#include "json.h"
#include "store.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES_MAX 1000000
#define OLDER       4 /* requests of earlier lives that are asked again, too */

const char *
cut_wrong_name(enum cut_wrong wrong)
{
    static const char *const names[CUT_WRONGS] = { "lost", "twice", "broken", "strange" };

    return names[wrong];
}

enum cut_wrong
cut_judge_found(const struct cut_judge *judge)
{
    int most = 0;

    for (int i = 1; i < CUT_WRONGS; i++)
        if (judge->found[i] > judge->found[most])
            most = i;
    return (enum cut_wrong)most;
}

void
cut_judge_say(struct cut_judge *judge, enum cut_wrong wrong, const char *fmt, ...)
{
    va_list args;

    judge->found[wrong]++;
    judge->n_found++;
    if (judge->quiet)
        return;
    printf("%s: %s: ", judge->where, cut_wrong_name(wrong));
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    printf("\n");
}

static bool
is_dead(const struct cut_judge *judge)
{
    return cut_disk_is_dead(judge->site->cut->disk);
}

/* ---- rungs ---- */

/* Exactly what was armed for that time fires, and moves on. */
static void
look_at_rung(struct cut_judge *judge, const struct store_entry_row *entry, const json_t *internal,
             const json_t *armed)
{
    int64_t due = sgn_json_int(internal, "due", 0);
    const char *id;
    json_t *next;
    int fitting = 0;

    json_object_foreach((json_t *)armed, id, next)
        fitting += json_integer_value(next) == due;
    if (fitting == 0)
        cut_judge_say(judge, CUT_TWICE, "entry %lld of %s: a rung due at %lld fired; none is armed",
                      (long long)entry->seq, entry->case_key, (long long)due);
    if (due > entry->at)
        cut_judge_say(judge, CUT_STRANGE, "entry %lld: fired before it was due",
                      (long long)entry->seq);
}

static void
look_at_deadlines(struct cut_judge *judge, const struct store_entry_row *entry,
                  const json_t *internal)
{
    json_t *armed = json_object_get(judge->armed, entry->case_key), *change;
    size_t i;

    if (armed == NULL) {
        armed = json_object();
        (void)json_object_set_new(judge->armed, entry->case_key, armed);
    }
    if (strcmp(entry->kind, "deadline") == 0)
        look_at_rung(judge, entry, internal, armed);
    json_array_foreach(json_object_get(internal, "deadlines"), i, change) {
        char id[64];
        const json_t *said = json_object_get(change, "id");

        snprintf(id, sizeof id, "%s%lld", json_is_string(said) ? json_string_value(said) : "",
                 (long long)json_integer_value(said));
        if (json_object_get(change, "gone") != NULL)
            (void)json_object_del(armed, id);
        else
            (void)json_object_set(armed, id, json_object_get(change, "next"));
    }
}

/* ---- effects ---- */

static void
look_at_effects(struct cut_judge *judge, const struct store_entry_row *entry,
                const json_t *internal)
{
    const json_t *cause = json_object_get(internal, "cause"), *effect;
    char name[48];
    size_t n;

    json_array_foreach(json_object_get(internal, "effects"), n, effect) {
        const char *kind = sgn_json_str(effect, "kind");

        snprintf(name, sizeof name, "%lld/%zu", (long long)entry->seq, n);
        if (strcmp(kind, "open") == 0 || strcmp(kind, "fire") == 0 || strcmp(kind, "start") == 0)
            (void)json_object_set_new(judge->effects, name, json_string(kind));
    }
    if (cause == NULL)
        return;
    snprintf(name, sizeof name, "%lld/%lld", (long long)sgn_json_int(cause, "seq", 0),
             (long long)sgn_json_int(cause, "n", 0));
    if (json_object_get(judge->carried, name) != NULL)
        cut_judge_say(judge, CUT_TWICE, "entry %lld carries out effect %s once more",
                      (long long)entry->seq, name);
    else if (json_object_del(judge->effects, name) != 0)
        cut_judge_say(judge, CUT_STRANGE, "entry %lld has the cause %s, which asked for nothing",
                      (long long)entry->seq, name);
    (void)json_object_set_new(judge->carried, name, json_integer(entry->seq));
}

/* ---- entries ---- */

/* Entries that were there before are the same ones, after any cut. */
static void
look_at_number(struct cut_judge *judge, const struct store_entry_row *entry)
{
    size_t at = (size_t)entry->seq - 1;
    const char *before = json_string_value(json_array_get(judge->hashes, at));

    if (before == NULL && at == json_array_size(judge->hashes))
        (void)json_array_append_new(judge->hashes, json_string(entry->hash));
    else if (before == NULL)
        cut_judge_say(judge, CUT_BROKEN, "entry %lld follows number %zu", (long long)entry->seq,
                      json_array_size(judge->hashes));
    else if (strcmp(before, entry->hash) != 0)
        cut_judge_say(judge, CUT_LOST, "entry %lld is another one than before the cut",
                      (long long)entry->seq);
}

/* A request is known by its id, and by the comment that it gave: two marks, since an entry that
 * forgets one of them must be noticed. */
static void
note_request(struct cut_judge *judge, const char *id, int64_t seq)
{
    json_t *list = json_object_get(judge->requests, id);

    if (list == NULL) {
        list = json_array();
        (void)json_object_set_new(judge->requests, id, list);
    }
    (void)json_array_append_new(list, json_integer(seq));
}

static enum sgn_status
look_at_entry(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct cut_judge *judge = ctx;
    json_t *internal = NULL;
    enum sgn_status st = SGN_OK;

    judge->entries++;
    look_at_number(judge, entry);
    if (entry->request != NULL && strchr(entry->request, '/') == NULL)
        note_request(judge, entry->request, entry->seq);
    if (entry->internal != NULL)
        st = sgn_json_parse(entry->internal, entry->internal_n, &internal, err);
    if (st == SGN_OK && entry->case_key != NULL) {
        look_at_deadlines(judge, entry, internal);
        look_at_effects(judge, entry, internal);
    }
    json_decref(internal);
    return st;
}

/* All of them; or, by whoever has looked at all in this life, those that came since. */
static void
look_at_entries(struct cut_judge *judge, bool all)
{
    struct store_reader *reader = store_own_reader(judge->site->server.store);
    struct sgn_error err = { 0 };
    struct store_head head = { 0 };
    size_t before = json_array_size(judge->hashes);
    enum sgn_status st = store_head_get(reader, CUT_TEAM, &head, &err);

    if (all) {
        json_object_clear(judge->requests);
        json_object_clear(judge->effects);
        json_object_clear(judge->carried);
        json_object_clear(judge->armed);
    }
    if (st == SGN_OK)
        st = store_entries(reader, CUT_TEAM, all ? 1 : (int64_t)before + 1, ENTRIES_MAX,
                           look_at_entry, judge, &err);
    if (st != SGN_OK && !is_dead(judge))
        cut_judge_say(judge, CUT_BROKEN, "the entries cannot be read: %s", err.message);
    else if (st == SGN_OK && head.seq < (int64_t)before)
        cut_judge_say(judge, CUT_LOST, "there were %zu entries; now there are %lld", before,
                      (long long)head.seq);
    sgn_error_clear(&err);
}

/* ---- what people were told ---- */

static void
look_at_request(struct cut_judge *judge, const struct cut_request *request)
{
    const json_t *there = json_object_get(judge->requests, request->id);
    size_t n = json_array_size(there);
    int64_t told = request->answer == CUT_DONE ? sgn_json_int(request->result, "entry", 0) : 0;

    if (n > 1)
        cut_judge_say(judge, CUT_TWICE, "%s %s happened %zu times", request->method, request->id,
                      n);
    if (request->answer == CUT_DONE && n == 0)
        cut_judge_say(judge, CUT_LOST, "%s %s was acknowledged as entry %lld, and is not there",
                      request->method, request->id, (long long)told);
    if (request->answer == CUT_DONE && n == 1 &&
        json_integer_value(json_array_get(there, 0)) != told)
        cut_judge_say(judge, CUT_LOST, "%s %s was acknowledged as entry %lld, and is %lld",
                      request->method, request->id, (long long)told,
                      (long long)json_integer_value(json_array_get(there, 0)));
    /* One that was refused and is there was accepted by a repeat whose answer was lost. */
    if (request->answer == CUT_REFUSED && n > 0 && request->sent == 1)
        cut_judge_say(judge, CUT_STRANGE, "%s %s was refused (%s), and is there", request->method,
                      request->id, request->why);
}

static void
look_at_requests(struct cut_judge *judge)
{
    const char *id;
    json_t *list;

    for (const struct cut_request *r = judge->site->requests; r != NULL; r = r->next) {
        if (r->id[0] == '\0')
            continue;
        look_at_request(judge, r);
        judge->answers++;
    }
    json_object_foreach(judge->requests, id, list) {
        int n = atoi(id + 1);

        if (n < 0 || n >= judge->site->n_requests)
            cut_judge_say(judge, CUT_STRANGE, "nobody asked for %s", id);
    }
}

/* Does the refusal belong to what people do here? */
static bool
is_usual(const struct cut_request *request)
{
    static const struct {
        const char *code, *method; /* NULL: of any */
    } usual[] = {
        { "not_now", NULL },
        { "conflict", NULL },
        { "refused", NULL },
        { "forbidden", "approval.vote" },         /* who votes no longer may */
        { "not_found", "project.member.remove" }, /* who was removed already */
    };

    if (strstr(request->why, "was used before") != NULL)
        return false;
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (strcmp(request->code, usual[i].code) == 0 &&
            (usual[i].method == NULL || strcmp(request->method, usual[i].method) == 0))
            return true;
    return false;
}

static void
compare(struct cut_judge *judge, const struct cut_request *request)
{
    char *now, *before;

    if (request->answer == CUT_REFUSED && request->first == NULL && !is_usual(request))
        cut_judge_say(judge, CUT_STRANGE, "%s %s is refused: %s (%s)", request->method, request->id,
                      request->why, request->code);
    if (request->first == NULL ||
        (request->answer == CUT_DONE && json_equal(request->result, request->first)))
        return;
    now = json_dumps(request->result, JSON_COMPACT | JSON_ENCODE_ANY);
    before = json_dumps(request->first, JSON_COMPACT | JSON_ENCODE_ANY);
    cut_judge_say(judge, CUT_LOST, "%s %s was answered %s, and now %s %s", request->method,
                  request->id, before, now != NULL ? now : "", request->why);
    free(now);
    free(before);
}

/* What was acknowledged gets its first answer; what was not is decided now, or was. */
static void
take_again(struct cut_judge *judge, struct cut_request *request)
{
    if (request->answer != CUT_OPEN)
        compare(judge, request);
    else if (!is_dead(judge))
        cut_judge_say(judge, CUT_BROKEN, "%s %s is not answered: %s", request->method, request->id,
                      request->why);
    if (request->answer == CUT_OPEN && request->first != NULL) { /* it was, and that holds */
        json_decref(request->result);
        request->result = json_incref(request->first);
        request->answer = CUT_DONE;
    }
    json_decref(request->first);
    request->first = NULL;
    request->again = false;
}

/* Is it to be asked again? What has no answer is, always. */
static bool
choose(struct cut_judge *judge, const struct cut_request *request)
{
    bool older = request->judged < judge->site->lives - 1;

    if (request->id[0] == '\0' || request->answer == CUT_REFUSED)
        return false;
    return request->answer == CUT_OPEN || !older ||
           cut_random_percent(judge->random, 100 * OLDER / judge->site->n_requests);
}

/* All at once, as people do who have waited for the server. */
static void
ask_all_again(struct cut_judge *judge)
{
    struct cut_site *site = judge->site;

    for (struct cut_request *r = site->requests; r != NULL && !is_dead(judge); r = r->next) {
        if (!choose(judge, r))
            continue;
        r->judged = site->lives;
        r->again = true;
        r->first = r->answer == CUT_DONE ? json_incref(r->result) : NULL;
        cut_site_repeat(site, r);
        judge->again++;
    }
    for (struct cut_request *r = site->requests; r != NULL; r = r->next)
        if (r->again)
            (void)cut_site_wait(site, r);
    for (struct cut_request *r = site->requests; r != NULL; r = r->next)
        if (r->again)
            take_again(judge, r);
}

/* ---- the whole ---- */

static void
verify(struct cut_judge *judge)
{
    struct sgn_error err = { 0 };
    json_t *report = NULL;
    enum sgn_status st =
        lane_verify(store_own_reader(judge->site->server.store), NULL, CUT_TEAM, &report, &err);

    if (st == SGN_OK)
        st = store_check(judge->site->server.store, &err);
    if (st != SGN_OK && !is_dead(judge))
        cut_judge_say(judge, CUT_BROKEN, "%s", err.message);
    json_decref(report);
    sgn_error_clear(&err);
}

/* Nothing is under way any more: what was to be carried out is. */
static void
look_at_rest(struct cut_judge *judge)
{
    const char *name;
    json_t *kind;

    json_object_foreach(judge->effects, name, kind)
        cut_judge_say(judge, CUT_LOST, "effect %s (%s) was not carried out", name,
                      json_string_value(kind));
}

static void
look_at_all(struct cut_judge *judge)
{
    look_at_entries(judge, true);
    if (!is_dead(judge) && judge->n_found == 0) {
        look_at_requests(judge);
        verify(judge);
    }
}

void
cut_judge_glance(struct cut_judge *judge)
{
    size_t known = json_array_size(judge->hashes);

    look_at_all(judge);
    while (json_array_size(judge->hashes) > known)
        (void)json_array_remove(judge->hashes, json_array_size(judge->hashes) - 1);
}

void
cut_judge_look(struct cut_judge *judge)
{
    look_at_all(judge);
    if (!is_dead(judge) && judge->n_found == 0)
        ask_all_again(judge);
    cut_site_settle(judge->site);
    if (is_dead(judge) || judge->n_found > 0)
        return;
    look_at_entries(judge, false);
    look_at_requests(judge);
    look_at_rest(judge);
}

void
cut_judge_begin(struct cut_judge *judge)
{
    cut_judge_deinit(judge);
    judge->hashes = json_array();
    judge->requests = json_object();
    judge->effects = json_object();
    judge->carried = json_object();
    judge->armed = json_object();
    judge->n_found = 0;
}

void
cut_judge_deinit(struct cut_judge *judge)
{
    json_decref(judge->hashes);
    json_decref(judge->requests);
    json_decref(judge->effects);
    json_decref(judge->carried);
    json_decref(judge->armed);
    judge->hashes = judge->requests = judge->effects = judge->carried = judge->armed = NULL;
}
