/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One engine for one test: everything a server has but its sockets. Calls go in as lines of the
 * protocol and come out as lines, so that a test meets the same checks as any client.
 *
 * The lane is turned by hand until nothing moves any more; nothing waits, and no time passes but
 * by clock.advance.
 */
#include "kit.h"

#include "json.h"
#include "rpc.h"
#include "store.h"
#include <stdlib.h>
#include <string.h>

#define ANSWER_MAX  ((size_t)64 << 20)
#define ENTRIES_MAX 20000 /* of one call: years of deadlines; more is rules that never rest */
#define QUIET       3     /* turns without a commit after which nothing is under way */
#define IDLE_MAX    1000  /* ... after which an answer that is owed will not come */

/* One person's connection, logged in. */
struct caller {
    char person[SGN_KEY_MAX + 1]; /* "": the operator */
    struct rpc_connection *connection;
    struct sgn_buf answers; /* that have come and were not read */
    struct caller *next;
};

struct kit_engine {
    const struct kit_team *team;
    struct store *store;
    struct sgn_clock clock;
    struct rules *rules;
    struct lane *lane;
    struct rpc *rpc;
    struct caller *callers;
    struct kit_cover *cover;
    int64_t head; /* entries that are committed */
    int commits;
    bool failed;   /* the store has */
    bool restless; /* in the middle of a call that never ends: nothing more is asked */
};

/* ---- what the parts tell each other ---- */

static void
on_committed(void *ctx, const char *team, int64_t head)
{
    struct kit_engine *engine = ctx;

    engine->commits++;
    engine->head = head;
    if (engine->rpc != NULL)
        rpc_committed(engine->rpc, team, head);
}

static void
on_failed(void *ctx, const struct sgn_error *err)
{
    struct kit_engine *engine = ctx;

    (void)err;
    engine->failed = true;
}

static void
on_decided(void *ctx, const struct model *model, const json_t *trace)
{
    struct kit_engine *engine = ctx;

    kit_cover_note(engine->cover, model, trace);
}

/* Nobody sleeps here. */
static void
on_wake(void *ctx)
{
    (void)ctx;
}

static void
peer_send(void *ctx, const void *bytes, size_t n)
{
    struct caller *caller = ctx;

    (void)sgn_buf_append(&caller->answers, bytes, n);
}

static void
peer_pause(void *ctx, bool paused)
{
    (void)ctx;
    (void)paused;
}

static void
peer_close(void *ctx)
{
    (void)ctx;
}

/* ---- turning ---- */

static void
turn(struct kit_engine *engine)
{
    (void)lane_turn(engine->lane);
    rpc_turn(engine->rpc);
}

/* Has the call that began at this head gone on for too long? */
static enum sgn_status
check_rest(struct kit_engine *engine, int64_t begun, struct sgn_error *err)
{
    if (engine->head - begun > ENTRIES_MAX)
        engine->restless = true;
    return engine->restless
               ? sgn_fail(err, SGN_RULE_OVERRUN,
                          "the rules never come to rest: more than %d entries", ENTRIES_MAX)
               : SGN_OK;
}

/* What a call has set going (effects, sweeps) happens before the next one. */
static enum sgn_status
settle(struct kit_engine *engine, int64_t begun, struct sgn_error *err)
{
    enum sgn_status st = check_rest(engine, begun, err);
    int quiet = 0;

    while (st == SGN_OK && quiet < QUIET) {
        int before = engine->commits;

        turn(engine);
        quiet = engine->commits == before && engine->rules->ops->pending(engine->rules) == 0
                    ? quiet + 1
                    : 0;
        st = check_rest(engine, begun, err);
    }
    return st;
}

/* ---- calling ---- */

static enum sgn_status
send_line(struct caller *caller, const char *method, const json_t *params, struct sgn_error *err)
{
    json_t *request = json_pack("{s:s, s:i, s:s, s:O}", "jsonrpc", "2.0", "id", 1, "method", method,
                                "params", params);
    struct sgn_buf line;
    enum sgn_status st = SGN_OK;

    sgn_buf_init(&line, ANSWER_MAX);
    if (request == NULL || sgn_json_append(&line, request) != SGN_OK ||
        sgn_buf_puts(&line, "\n") != SGN_OK)
        st = sgn_nomem(err);
    else
        rpc_connection_receive(caller->connection, line.bytes, line.len);
    sgn_buf_deinit(&line);
    json_decref(request);
    return st;
}

/* The protocol's error as ours. */
static enum sgn_status
take_error(const json_t *error, struct sgn_error *err)
{
    const json_t *data = json_object_get(error, "data");
    const char *code = sgn_json_str(data, "code"), *name;
    enum sgn_status st = sgn_status_of_code(code != NULL ? code : "internal");
    json_t *value;

    st = sgn_fail(err, st, "%s", sgn_json_str(error, "message"));
    json_object_foreach((json_t *)data, name, value)
        sgn_error_add(err, name, json_incref(value));
    return st;
}

static enum sgn_status
take_answer(struct caller *caller, json_t **result, struct sgn_error *err)
{
    const char *end = memchr(caller->answers.bytes, '\n', caller->answers.len);
    json_t *answer = NULL;
    enum sgn_status st;

    if (end == NULL)
        return sgn_fail(err, SGN_INTERNAL, "half an answer");
    st = sgn_json_parse(caller->answers.bytes, (size_t)(end - caller->answers.bytes), &answer, err);
    sgn_buf_reset(&caller->answers);
    if (st == SGN_OK && json_object_get(answer, "error") != NULL)
        st = take_error(json_object_get(answer, "error"), err);
    else if (st == SGN_OK)
        *result = json_incref(json_object_get(answer, "result"));
    json_decref(answer);
    return st;
}

static enum sgn_status
call(struct kit_engine *engine, struct caller *caller, const char *method, const json_t *params,
     json_t **result, struct sgn_error *err)
{
    int64_t begun = engine->head;
    int idle = 0;
    enum sgn_status st = check_rest(engine, begun, err);

    if (st == SGN_OK)
        st = send_line(caller, method, params, err);
    while (st == SGN_OK && caller->answers.len == 0) {
        int before = engine->commits;

        if (engine->failed || idle > IDLE_MAX)
            return sgn_fail(err, SGN_INTERNAL, "%s was not answered", method);
        turn(engine);
        idle = engine->commits == before ? idle + 1 : 0;
        st = check_rest(engine, begun, err);
    }
    return st == SGN_OK ? take_answer(caller, result, err) : st;
}

/* Tokens are the person's key: nobody else can get at this engine. */
static enum sgn_status
caller_login(struct kit_engine *engine, const char *who, struct caller **out, struct sgn_error *err)
{
    struct caller *caller = calloc(1, sizeof(*caller));
    const struct rpc_peer peer = {
        .ctx = caller,
        .send = peer_send,
        .pause = peer_pause,
        .close = peer_close,
        .channel = "line",
    };
    char token[SGN_KEY_MAX + 8];
    json_t *params, *result = NULL;
    enum sgn_status st;

    if (caller == NULL)
        return sgn_nomem(err);
    snprintf(caller->person, sizeof(caller->person), "%s", who);
    snprintf(token, sizeof(token), "sgn_%s", who);
    sgn_buf_init(&caller->answers, ANSWER_MAX);
    caller->next = engine->callers;
    engine->callers = caller;
    caller->connection = rpc_connection_new(engine->rpc, &peer);
    params = json_pack("{s:s}", "token", token);
    st = caller->connection != NULL && params != NULL
             ? call(engine, caller, "session.login", params, &result, err)
             : sgn_nomem(err);
    json_decref(params);
    json_decref(result);
    *out = caller;
    return st;
}

enum sgn_status
kit_engine_call(struct kit_engine *engine, const char *who, const char *method,
                const json_t *params, json_t **result, struct sgn_error *err)
{
    const struct rpc_method *row = rpc_method_find(method);
    struct caller *caller = engine->callers;
    json_t *said = json_copy((json_t *)params);
    int64_t begun = engine->head;
    enum sgn_status st = said != NULL ? SGN_OK : sgn_nomem(err), settled;

    while (caller != NULL && strcmp(caller->person, who != NULL ? who : "") != 0)
        caller = caller->next;
    if (st == SGN_OK && caller == NULL)
        st = caller_login(engine, who != NULL ? who : "", &caller, err);
    if (st == SGN_OK && who == NULL && row != NULL && !row->site &&
        json_object_set_new(said, "team", json_string(engine->team->name)) != 0)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = call(engine, caller, method, said, result, err);
    json_decref(said);
    settled = settle(engine, begun, st == SGN_OK ? err : NULL);
    return st == SGN_OK ? settled : st;
}

/* ---- its life ---- */

static enum sgn_status
lane_begin(struct kit_engine *engine, const struct kit_engine_options *options,
           struct sgn_error *err)
{
    struct lane_options lane = {
        .store = engine->store,
        .rules = engine->rules,
        .clock = &engine->clock,
        .site = options->team->site,
        .holidays = options->team->holidays,
        .files = options->team->files,
        .committed = on_committed,
        .failed = on_failed,
        .decided = on_decided,
        .ctx = engine,
    };
    json_t *rows = NULL;
    enum sgn_status st;

    lane_limits_default(&lane.limits);
    lane.limits.retry_ms = 0;
    st = kit_rows(options, &rows, err);
    if (st == SGN_OK)
        st = lane_new(&lane, &engine->lane, err);
    if (st == SGN_OK)
        st = lane_bootstrap(engine->lane, rows, err);
    json_decref(rows);
    return st;
}

enum sgn_status
kit_engine_new(const struct kit_engine_options *options, struct kit_engine **out,
               struct sgn_error *err)
{
    const struct store_options store = { .url = "sqlite::memory:", .reserve_bytes = 1 };
    struct rpc_options rpc = { .wake = on_wake };
    struct kit_engine *engine = calloc(1, sizeof(*engine));
    char start[SGN_TIME_TEXT];
    bool ignored;
    enum sgn_status st;

    if (engine == NULL)
        return sgn_nomem(err);
    engine->team = options->team;
    engine->cover = options->cover;
    st = store_open(&store, &engine->store, err);
    if (st == SGN_OK)
        st = lane_clock_open(engine->store, sgn_time_format(options->start, 0, start),
                             &engine->clock, &ignored, err);
    if (st == SGN_OK)
        st = kit_rules_new(options->team->answer, &engine->rules, err);
    if (st == SGN_OK)
        st = lane_begin(engine, options, err);
    if (st == SGN_OK) {
        rpc_limits_default(&rpc.limits);
        rpc.lane = engine->lane;
        st = rpc_new(&rpc, &engine->rpc, err);
    }
    if (st != SGN_OK) {
        kit_engine_free(engine);
        return st;
    }
    *out = engine;
    return SGN_OK;
}

void
kit_engine_free(struct kit_engine *engine)
{
    if (engine == NULL)
        return;
    for (struct caller *caller = engine->callers, *next; caller != NULL; caller = next) {
        next = caller->next;
        rpc_connection_close(caller->connection);
        sgn_buf_deinit(&caller->answers);
        free(caller);
    }
    if (engine->lane != NULL)
        lane_stop(engine->lane);
    rpc_free(engine->rpc);
    lane_free(engine->lane);
    if (engine->rules != NULL)
        engine->rules->ops->free(engine->rules);
    store_close(engine->store);
    free(engine);
}

int64_t
kit_engine_now(struct kit_engine *engine)
{
    return sgn_clock_now(&engine->clock);
}

enum sgn_status
kit_engine_messages(struct kit_engine *engine, const char *who, json_t **out, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s}", "person", who);
    enum sgn_status st = match != NULL
                             ? store_row_list(store_own_reader(engine->store), STORE_MESSAGE,
                                              engine->team->name, match, NULL, 10000, out, err)
                             : sgn_nomem(err);

    json_decref(match);
    return st;
}
