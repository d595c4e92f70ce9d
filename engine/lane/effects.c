/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What entries ask for: messages to persons (remind, notify), which are rows of the same
 * commit, and effects on cases (open, start, fire), which wait in a queue for effects_run.c.
 * After a restart the queue is made again from the entries behind the reader's cursor.
 */
#include "json.h"
#include "known.h"
#include "lane_internal.h"
#include "leases.h"
#include <stdlib.h>
#include <string.h>

#define MESSAGES_MAX 1000000 /* of one entry */
#define PAGE         500

/* ---- messages ---- */

/* number counts the messages of one entry: with the entry's it makes the id. The text holds
 * what the reader's language makes words of: template and values, deadline and rung. */
static void
message_put(struct lane_run *run, const struct lane_entry *entry, const json_t *effect, int number,
            const char *person)
{
    struct lane_notice_way how;
    json_int_t id = (json_int_t)entry->seq * MESSAGES_MAX + number;
    json_t *said = json_copy((json_t *)effect);
    char *text;

    json_object_del(said, "kind");
    json_object_del(said, "to");
    if (entry->row != NULL)
        (void)json_object_set(said, "states", json_object_get(entry->row, "states"));
    text = sgn_json_text(said);
    json_decref(said);
    /* A person who cannot be read is told as usual: at once, and what troubles the store shows in
     * the commit. */
    if (lane_notice_fix(run, entry, effect, person, &how, NULL) != SGN_OK)
        how = (struct lane_notice_way){ 0 };
    (void)lane_batch_put(run->lane, entry->team, STORE_MESSAGE,
                         json_pack("{s:I, s:s, s:I, s:s?, s:s, s:s?, s:b, s:s*, s:I}", "id", id,
                                   "person", person, "at", (json_int_t)entry->at, "case",
                                   sgn_json_str(entry->row, "key"), "kind",
                                   sgn_json_str(effect, "kind"), "text", text, "read", 0, "way",
                                   how.way[0] != '\0' ? how.way : NULL, "due", (json_int_t)how.due),
                         NULL);
    free(text);
}

enum sgn_status
lane_messages_drop(struct lane_run *run, int64_t seq, int *n, struct sgn_error *err)
{
    const json_int_t end = (json_int_t)(seq + 1) * MESSAGES_MAX;
    json_t *after = json_pack("{s:I}", "id", (json_int_t)seq * MESSAGES_MAX - 1), *rows = NULL;
    const json_t *row;
    size_t i;
    enum sgn_status st = SGN_OK;
    bool more = true;

    *n = 0;
    while (st == SGN_OK && more) {
        st = store_row_list(run->lane->reader, STORE_MESSAGE, run->team, NULL, after, PAGE, &rows,
                            err);
        more = json_array_size(rows) == PAGE;
        json_array_foreach(rows, i, row) {
            more = more && sgn_json_int(row, "id", end) < end;
            if (st != SGN_OK || sgn_json_int(row, "id", end) >= end)
                continue;
            (void)json_object_set(after, "id", json_object_get(row, "id"));
            st = lane_row_remove(run, STORE_MESSAGE, after, err);
            ++*n;
        }
        json_decref(rows);
        rows = NULL;
    }
    json_decref(after);
    return st;
}

bool
lane_effect_is_on_cases(const json_t *effect)
{
    static const char *const kinds[] = { "open", "start", "fire", "again" };
    const char *kind = sgn_json_str(effect, "kind");

    for (size_t i = 0; kind != NULL && i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    return false;
}

/* Where effects come from: an entry just merged, or one of the store. */
struct source {
    const char *team, *case_key; /* NULL: it belongs to no case */
    int64_t seq, at;
    const json_t *internal;
};

/* What comes first is its cause; an effect tried again keeps the cause it had. */
static enum sgn_status
effect_push(struct lane *lane, const struct source *from, size_t n, const json_t *json)
{
    struct lane_effect *effect = calloc(1, sizeof *effect);
    const json_t *cause = json_object_get(json, "cause");

    if (effect == NULL)
        return sgn_nomem(NULL); /* noted: what asked for it is not committed, or read again */
    sgn_text_copy(effect->team, sizeof effect->team, from->team);
    sgn_text_copy(effect->case_key, sizeof effect->case_key, from->case_key);
    effect->seq = from->seq;
    effect->at = from->at;
    effect->n = (int)n;
    effect->cause_seq = sgn_json_int(cause, "seq", from->seq);
    effect->cause_n = (int)sgn_json_int(cause, "n", (json_int_t)n);
    effect->depth = (int)sgn_json_int(json_object_get(from->internal, "cause"), "depth", 0) + 1;
    effect->depth = (int)sgn_json_int(cause, "depth", effect->depth);
    effect->effect = json_incref((json_t *)json);
    *lane->effects_end = effect;
    lane->effects_end = &effect->next;
    return SGN_OK;
}

void
lane_effects_of(struct lane_run *run, const struct lane_entry *entry)
{
    struct lane *lane = run->lane;
    struct source from = { entry->team, sgn_json_str(entry->row, "key"), entry->seq, entry->at,
                           entry->internal };
    int number = 0;
    size_t n, i;
    json_t *effect, *person;

    json_array_foreach(json_object_get(entry->internal, "effects"), n, effect) {
        if (lane_effect_is_on_cases(effect)) {
            if (lane_leased(lane, entry->team))
                (void)effect_push(lane, &from, n, effect);
            continue;
        }
        json_array_foreach(json_object_get(effect, "to"), i, person)
            if (number < MESSAGES_MAX)
                message_put(run, entry, effect, number++, json_string_value(person));
    }
}

void
lane_effect_free(struct lane_effect *effect)
{
    if (effect == NULL)
        return;
    json_decref(effect->effect);
    free(effect);
}

void
lane_effects_clear(struct lane *lane, const char *team)
{
    struct lane_effect **link = &lane->effects;

    while (*link != NULL) {
        struct lane_effect *effect = *link;

        if (team != NULL && strcmp(effect->team, team) != 0) {
            link = &effect->next;
            continue;
        }
        *link = effect->next;
        lane_effect_free(effect);
    }
    lane->effects_end = link;
}

/* ---- what the store knows of ---- */

/*
 * Effects of a team are carried out in the order of their causes, and the reader's cursor says how
 * far it came: one that is not known here would be passed over for good. Where others write, too,
 * effects_seen says up to which entry all that wait are known; what this node has staged comes
 * after it, and is known as well.
 */

struct resume {
    struct lane *lane;
    const char *team;
    int64_t seq; /* the cursor */
    int part;
    int64_t until; /* the head that is known: what comes after it is not looked at yet */
    int64_t last;
    const struct lane_effect *held; /* that is being carried out and waits for the rules */
};

static bool
is_to_do(const struct resume *resume, int64_t seq, int n)
{
    if (seq == resume->seq && n <= resume->part)
        return false;
    return resume->held == NULL || seq != resume->held->seq || n != resume->held->n;
}

static enum sgn_status
resume_entry(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct resume *resume = ctx;
    struct source from = { resume->team, entry->case_key, entry->seq, entry->at, NULL };
    json_t *internal = NULL, *effect;
    size_t n;
    enum sgn_status st;

    resume->last = entry->seq;
    if (entry->internal == NULL || entry->seq > resume->until)
        return SGN_OK;
    st = sgn_json_parse(entry->internal, entry->internal_n, &internal, err);
    if (st != SGN_OK)
        return st;
    from.internal = internal;
    json_array_foreach(json_object_get(internal, "effects"), n, effect) {
        if (st == SGN_OK && lane_effect_is_on_cases(effect) && is_to_do(resume, entry->seq, (int)n))
            st = effect_push(resume->lane, &from, n, effect);
    }
    json_decref(internal);
    return st == SGN_OK ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
read_cursor(struct resume *resume, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "name", "effects"), *row = NULL;
    enum sgn_status st =
        store_row_get(resume->lane->reader, STORE_READER, resume->team, key, &row, err);

    json_decref(key);
    if (st == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        return SGN_OK;
    }
    resume->seq = sgn_json_int(row, "seq", 0);
    resume->part = (int)sgn_json_int(row, "part", -1);
    json_decref(row);
    return st;
}

enum sgn_status
lane_effects_wait(struct lane_run *run, int64_t seq, const json_t *internal, bool *wait,
                  struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "name", "effects"), *row = NULL;
    const json_t *effect;
    size_t i;
    int last = -1;
    enum sgn_status st = lane_row_get(run, STORE_READER, key, &row, err);

    json_array_foreach(json_object_get(internal, "effects"), i, effect)
        if (lane_effect_is_on_cases(effect))
            last = (int)i;
    *wait =
        last >= 0 && (sgn_json_int(row, "seq", 0) < seq ||
                      (sgn_json_int(row, "seq", 0) == seq && sgn_json_int(row, "part", -1) < last));
    json_decref(key);
    json_decref(row);
    return sgn_if_any(st, err);
}

static enum sgn_status
read_on(struct resume *resume, struct sgn_error *err)
{
    enum sgn_status st = read_cursor(resume, err);

    for (int64_t first = resume->seq; st == SGN_OK && first <= resume->until;) {
        resume->last = 0;
        st = store_effect_entries(resume->lane->reader, resume->team, first, 1000, resume_entry,
                                  resume, err);
        if (resume->last == 0)
            break;
        first = resume->last + 1;
    }
    return st;
}

/* The one of the team that is being carried out; no other is begun meanwhile. */
static const struct lane_effect *
held_effect(const struct lane *lane, const char *team)
{
    for (struct sgn_node *node = lane->jobs; node != NULL; node = node->next) {
        const struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);

        if (lane_effect_of(job) != NULL && strcmp(job->team, team) == 0)
            return lane_effect_of(job);
    }
    return NULL;
}

/* Unlinks what this turn has staged of the team: of entries after that one. */
static struct lane_effect *
take_staged(struct lane *lane, const char *team, int64_t after)
{
    struct lane_effect *staged = NULL, **end = &staged, **link = &lane->effects;

    while (*link != NULL) {
        struct lane_effect *effect = *link;

        if (effect->seq <= after || strcmp(effect->team, team) != 0) {
            link = &effect->next;
            continue;
        }
        *link = effect->next;
        effect->next = NULL;
        *end = effect;
        end = &effect->next;
    }
    lane->effects_end = link;
    return staged;
}

static enum sgn_status
resume_team(struct lane *lane, const char *team, struct sgn_error *err)
{
    struct resume resume = { .lane = lane, .team = team, .part = -1, .until = INT64_MAX };
    struct lane_effect *staged;
    enum sgn_status st = lane_team_look(lane, team, err);

    if (st != SGN_OK || !lane_leased(lane, team))
        return st;
    if (lane->by_team)
        resume.until = sgn_json_int(json_object_get(lane->heads, team), "seq", 0);
    staged = take_staged(lane, team, resume.until);
    lane_effects_clear(lane, team);
    resume.held = held_effect(lane, team);
    st = read_on(&resume, err);
    *lane->effects_end = staged;
    while (*lane->effects_end != NULL)
        lane->effects_end = &(*lane->effects_end)->next;
    if (lane->by_team && st == SGN_OK)
        json_object_set_new(lane->effects_seen, team, json_integer(resume.until));
    else
        json_object_del(lane->effects_seen, team);
    return st;
}

bool
lane_effects_known(const struct lane *lane, const char *team)
{
    const json_t *head = json_object_get(lane->heads, team);

    return !lane->by_team ||
           (head != NULL &&
            json_equal(json_object_get(head, "seq"), json_object_get(lane->effects_seen, team)));
}

void
lane_effects_adopt(struct lane *lane, const char *team, int64_t head)
{
    if (!lane->by_team)
        return;
    if (lane_effects_known(lane, team))
        json_object_set_new(lane->effects_seen, team, json_integer(head));
    else
        json_object_del(lane->effects_seen, team);
}

enum sgn_status
lane_effects_resume(struct lane *lane, const char *team, struct sgn_error *err)
{
    json_t *teams = NULL, *each;
    size_t i;
    enum sgn_status st;

    if (team != NULL)
        return resume_team(lane, team, err);
    st = store_teams(lane->reader, &teams, err);
    json_array_foreach(teams, i, each) {
        if (st == SGN_OK)
            st = resume_team(lane, json_string_value(each), err);
    }
    json_decref(teams);
    return st;
}
