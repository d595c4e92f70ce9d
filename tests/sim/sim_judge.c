/* SPDX-License-Identifier: Apache-2.0 */
/* See sim_judge.h: answers, entries, deliveries. */
#include "sim_judge.h"

#include "json.h"
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES_MAX 100000

const char *
sim_wrong_name(enum sim_wrong wrong)
{
    static const char *const names[SIM_WRONGS] = {
        "lost",     "doubled", "deadline", "state",    "chain",
        "delivery", "rights",  "waiting",  "disorder", "broken",
    };

    return names[wrong];
}

void
sim_judge_say(struct sim_judge *judge, enum sim_wrong wrong, const char *fmt, ...)
{
    char said[300];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(said, sizeof said, fmt, args);
    va_end(args);
    if (judge->n_found == 0)
        (void)snprintf(judge->first, sizeof judge->first, "%s: %s", sim_wrong_name(wrong), said);
    judge->found[wrong]++;
    judge->n_found++;
    sim_trace(judge->world, "FOUND %s: %s", sim_wrong_name(wrong), said);
}

void
sim_judge_init(struct sim_judge *judge, struct sim_world *world)
{
    *judge = (struct sim_judge){ .world = world };
    judge->hashes = json_array();
    judge->requests = json_object();
    judge->effects = json_object();
    judge->carried = json_object();
    judge->last = json_object();
    judge->shown = json_array();
    world->judge = judge;
}

void
sim_judge_deinit(struct sim_judge *judge)
{
    json_decref(judge->hashes);
    json_decref(judge->requests);
    json_decref(judge->effects);
    json_decref(judge->carried);
    json_decref(judge->last);
    json_decref(judge->shown);
}

/* ---- answers ---- */

/* May this client ever be told that this was done, or shown it? */
static bool
may_be_told(int client, enum sim_what asks)
{
    switch (asks) {
    case SIM_INBOX:
        return true;
    case SIM_TITLE:
    case SIM_JOIN:
    case SIM_LEAVE:
        return client == 3;
    case SIM_VOTE:
    case SIM_WITHDRAW:
        return client < 3 || client == 7;
    case SIM_SPIN:
    case SIM_PROPOSE:
    case SIM_AMEND:
        return sim_client_may(client) != 0; /* dan's are looked at entry by entry */
    default:
        return client != 6;
    }
}

void
sim_judge_told(struct sim_judge *judge, int client, const struct sim_request *request,
               const json_t *result)
{
    if (!may_be_told(client, request->asks))
        sim_judge_say(judge, SIM_RIGHTS, "%s was let through: %s r%d", sim_client_person(client),
                      sim_what_name(request->asks), request->id);
    if (request->asks == SIM_LOOK)
        (void)json_array_append(judge->shown, (json_t *)result);
    if (request->asks == SIM_INBOX && client < 3) {
        json_decref(judge->inboxes[client]);
        judge->inboxes[client] = json_incref((json_t *)result);
    }
    if (request->asks == SIM_LOOK || request->asks == SIM_INBOX)
        return;
    if (request->told && !json_equal(result, request->result))
        sim_judge_say(judge, SIM_LOST, "r%d is answered otherwise than before", request->id);
}

void
sim_judge_refused(struct sim_judge *judge, int client, const struct sim_request *request)
{
    (void)client;
    if (request->refused && request->told && request->asks != SIM_LOOK &&
        request->asks != SIM_INBOX)
        sim_judge_say(judge, SIM_LOST, "r%d was acknowledged, and is refused now: %s", request->id,
                      request->why);
    if (strcmp(request->code, "internal") == 0)
        sim_judge_say(judge, SIM_BROKEN, "r%d: %s", request->id, request->why);
}

/* ---- deliveries ---- */

void
sim_judge_delivery(struct sim_judge *judge, int number, int64_t seq)
{
    struct sim_receiver *receiver = &judge->world->receivers[number];

    if (judge->world->first == 0) /* the site is being prepared */
        return;
    receiver->had++;
    if (seq > receiver->next)
        sim_judge_say(judge, SIM_DELIVERY, "receiver %d gets entry %lld before %lld", number,
                      (long long)seq, (long long)receiver->next);
    if (seq >= receiver->next)
        receiver->next = seq + 1;
    if (seq > (int64_t)json_array_size(judge->hashes) + ENTRIES_MAX || seq <= 0)
        sim_judge_say(judge, SIM_DELIVERY, "receiver %d gets entry %lld", number, (long long)seq);
}

/* ---- chains: by the text of the format, with a library's SHA-256 ---- */

static void
hash_of(const struct store_entry_row *entry, char out[65])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)"\0", 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)entry->header, entry->header_n);
    crypto_hash_sha256_final(&state, digest);
    (void)sodium_bin2hex(out, 65, digest, sizeof digest);
}

static bool
same(const json_t *said, const char *expected)
{
    return expected == NULL || expected[0] == '\0'
               ? said == NULL || json_is_null(said)
               : json_is_string(said) && strcmp(json_string_value(said), expected) == 0;
}

static void
look_at_chain(struct sim_judge *judge, const struct store_entry_row *entry)
{
    json_t *header = json_loadb(entry->header, entry->header_n, 0, NULL);
    const char *key = entry->case_key;
    char hash[65];

    hash_of(entry, hash);
    if (strcmp(hash, entry->hash) != 0)
        sim_judge_say(judge, SIM_CHAIN, "entry %lld has another hash than is kept",
                      (long long)entry->seq);
    if (entry->seq != judge->seq + 1 || sgn_json_int(header, "seq", 0) != entry->seq)
        sim_judge_say(judge, SIM_CHAIN, "entry %lld follows %lld", (long long)entry->seq,
                      (long long)judge->seq);
    if (!same(json_object_get(header, "prev"), judge->hash))
        sim_judge_say(judge, SIM_CHAIN, "entry %lld does not name the one before it",
                      (long long)entry->seq);
    if (key != NULL && !same(json_object_get(header, "case_prev"),
                             json_string_value(json_object_get(judge->last, key))))
        sim_judge_say(judge, SIM_CHAIN, "entry %lld does not name the last one of %s",
                      (long long)entry->seq, key);
    if (sgn_json_int(header, "at", -1) != entry->at || entry->at < judge->at)
        sim_judge_say(judge, SIM_CHAIN, "entry %lld goes back in time", (long long)entry->seq);
    if (key != NULL)
        (void)json_object_set_new(judge->last, key, json_string(hash));
    judge->seq = entry->seq;
    judge->at = entry->at;
    memcpy(judge->hash, hash, sizeof hash);
    json_decref(header);
}

/* Entries that were there before are the same ones. */
static void
look_at_before(struct sim_judge *judge, const struct store_entry_row *entry)
{
    size_t at = (size_t)entry->seq - 1;
    const char *before = json_string_value(json_array_get(judge->hashes, at));

    if (before == NULL)
        (void)json_array_append_new(judge->hashes, json_string(entry->hash));
    else if (strcmp(before, entry->hash) != 0)
        sim_judge_say(judge, SIM_LOST, "entry %lld is another one than before",
                      (long long)entry->seq);
}

/* ---- effects, requests ---- */

static void
look_at_effects(struct sim_judge *judge, const struct store_entry_row *entry,
                const json_t *internal)
{
    const json_t *cause = json_object_get(internal, "cause"), *effect;
    char name[48];
    size_t n;

    json_array_foreach(json_object_get(internal, "effects"), n, effect) {
        const char *kind = sgn_json_str(effect, "kind");

        (void)snprintf(name, sizeof name, "%lld/%zu", (long long)entry->seq, n);
        if (kind != NULL &&
            (strcmp(kind, "open") == 0 || strcmp(kind, "fire") == 0 || strcmp(kind, "start") == 0))
            (void)json_object_set_new(judge->effects, name, json_string(kind));
    }
    if (cause == NULL || json_object_get(cause, "n") == NULL)
        return;
    (void)snprintf(name, sizeof name, "%lld/%lld", (long long)sgn_json_int(cause, "seq", 0),
                   (long long)sgn_json_int(cause, "n", 0));
    if (json_object_get(judge->carried, name) != NULL)
        sim_judge_say(judge, SIM_DOUBLED, "entry %lld carries out effect %s once more",
                      (long long)entry->seq, name);
    else if (json_object_del(judge->effects, name) != 0)
        sim_judge_say(judge, SIM_DOUBLED, "entry %lld carries out %s, which nothing asked for",
                      (long long)entry->seq, name);
    (void)json_object_set_new(judge->carried, name, json_integer(entry->seq));
}

static void
note_request(struct sim_judge *judge, const struct store_entry_row *entry)
{
    json_t *list;

    if (entry->request == NULL || entry->request[0] != 'r' || strchr(entry->request, '/') != NULL)
        return;
    list = json_object_get(judge->requests, entry->request);
    if (list == NULL) {
        list = json_array();
        (void)json_object_set_new(judge->requests, entry->request, list);
    }
    (void)json_array_append_new(list, json_integer(entry->seq));
}

static enum sgn_status
look_at_entry(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct sim_judge *judge = ctx;
    json_t *internal = NULL;

    (void)err;
    judge->world->entries++;
    look_at_chain(judge, entry);
    look_at_before(judge, entry);
    note_request(judge, entry);
    if (entry->internal != NULL)
        internal = json_loadb(entry->internal, entry->internal_n, 0, NULL);
    look_at_effects(judge, entry, internal);
    sim_model_entry(judge->model, entry, internal);
    json_decref(internal);
    return SGN_OK;
}

static void
look_at_request(struct sim_judge *judge, const struct sim_request *request)
{
    const json_t *there;
    char id[16];
    size_t n;

    (void)snprintf(id, sizeof id, "r%d", request->id);
    there = json_object_get(judge->requests, id);
    n = json_array_size(there);
    if (n > 1)
        sim_judge_say(judge, SIM_DOUBLED, "%s (%s) happened %zu times", id,
                      sim_what_name(request->asks), n);
    if (request->asks == SIM_LOOK || request->asks == SIM_INBOX || !request->told)
        return;
    if (n == 0 ||
        json_integer_value(json_array_get(there, 0)) != sgn_json_int(request->result, "entry", 0))
        sim_judge_say(judge, SIM_LOST, "%s (%s) was acknowledged as entry %lld, and is %s", id,
                      sim_what_name(request->asks),
                      (long long)sgn_json_int(request->result, "entry", 0),
                      n == 0 ? "not there" : "another");
}

static void
look_at_end(struct sim_judge *judge)
{
    const char *name;
    json_t *kind;

    json_object_foreach(judge->effects, name, kind)
        sim_judge_say(judge, SIM_LOST, "effect %s (%s) was not carried out", name,
                      json_string_value(kind));
    for (int i = 0; i < SIM_RECEIVERS; i++)
        if (judge->world->receivers[i].next <= judge->seq)
            sim_judge_say(judge, SIM_DELIVERY, "receiver %d has had entries up to %lld of %lld", i,
                          (long long)judge->world->receivers[i].next - 1, (long long)judge->seq);
}

static void
look_at_shown(struct sim_judge *judge)
{
    const json_t *shown;
    size_t i;

    json_array_foreach(judge->shown, i, shown)
        sim_model_see(judge->model, shown);
    for (int client = 0; client < 3; client++)
        if (judge->inboxes[client] != NULL)
            sim_model_inbox(judge->model, client, judge->inboxes[client]);
        else
            sim_judge_say(judge, SIM_WAITING, "%s does not get what waits",
                          sim_client_person(client));
}

/* ---- the whole ---- */

static void
begin(struct sim_judge *judge)
{
    json_object_clear(judge->requests);
    json_object_clear(judge->effects);
    json_object_clear(judge->carried);
    json_object_clear(judge->last);
    judge->seq = 0;
    judge->at = 0;
    judge->hash[0] = '\0';
    judge->model = sim_model_new(judge);
}

void
sim_judge_look(struct sim_judge *judge, enum sim_look look)
{
    struct sim_world *world = judge->world;
    struct sgn_error err = { 0 };
    enum sgn_status st;

    begin(judge);
    st = store_entries(store_own_reader(world->server.store), SIM_TEAM, 1, ENTRIES_MAX,
                       look_at_entry, judge, &err);
    if (st != SGN_OK && !cut_disk_is_dead(world->cut.disk))
        sim_judge_say(judge, SIM_BROKEN, "the entries cannot be read: %s", err.message);
    if (st == SGN_OK && judge->seq < (int64_t)json_array_size(judge->hashes))
        sim_judge_say(judge, SIM_LOST, "there were %zu entries; now there are %lld",
                      json_array_size(judge->hashes), (long long)judge->seq);
    for (int i = 1; st == SGN_OK && i <= SIM_STEPS_MAX; i++)
        if (world->requests[i] != NULL)
            look_at_request(judge, world->requests[i]);
    if (st == SGN_OK && look == SIM_AT_REST)
        look_at_shown(judge);
    if (st == SGN_OK && look == SIM_AT_END)
        look_at_end(judge);
    if (st == SGN_OK && look != SIM_AFTER_START)
        sim_model_rest(judge->model, world->turned_at, look == SIM_AT_END);
    sim_model_free(judge->model);
    judge->model = NULL;
    sgn_error_clear(&err);
}
