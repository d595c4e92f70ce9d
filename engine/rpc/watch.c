/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Watches: a team's entries from a number on, as they are committed.
 *
 * A watch remembers the number of the last entry it has looked at and reads on by queries until
 * it stands at the head; a commit moves the head. Nothing is kept per watch but that number, so
 * a slow reader costs no memory: while its connection's queue is long nothing is read for
 * it, it is told once that it is behind, and goes on from its number when it has caught up.
 *
 * Never shows what case.history would not: both go through rpc_entry_view().
 */
#include "rpc_internal.h"
#include "titles.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rpc_watch {
    struct rpc_task task; /* first */
    struct rpc_watch *next;
    struct rpc_connection *connection; /* NULL: stopped while a query was under way */
    json_t *filter;                    /* the params of watch.start */
    char team[SGN_KEY_MAX + 1];
    int id;
    int64_t seen; /* the last entry looked at */
    int64_t head; /* the last entry there is */
    bool busy;    /* a query is under way */
    bool behind;  /* it was told so */
};

static void
watch_free(struct rpc_watch *watch)
{
    json_decref(watch->filter);
    free(watch);
}

/* Takes the watch out of its connection; it is freed now or when its query is done. */
static void
watch_remove(struct rpc_watch *watch)
{
    struct rpc_watch **at = &watch->connection->watches;

    while (*at != watch)
        at = &(*at)->next;
    *at = watch->next;
    watch->connection->n_watches--;
    watch->connection->rpc->watches--;
    watch->connection = NULL;
    if (!watch->busy)
        watch_free(watch);
}

/* Those whose query is under way are freed when it is done: until then the job points to them. */
void
rpc_watches_stop(struct rpc_connection *connection)
{
    while (connection->watches != NULL)
        watch_remove(connection->watches);
}

/* ---- reading, on a query thread ---- */

struct reading {
    struct store_reader *reader;
    struct lane *lane;
    struct lane_job *job;
    const struct calendar_zone *zone;
    json_t *entries;
    json_t *titles; /* of each entry, when the watch wants them, or NULL */
    int64_t seen;
};

/* Does a filter of strings (one, or an array of them) let this word through? An entry without
 * the word, such as one that belongs to no case, passes no filter for it. */
static bool
filter_lets(const json_t *filter, const char *word)
{
    if (filter == NULL)
        return true;
    if (word == NULL)
        return false;
    return json_is_string(filter) ? strcmp(json_string_value(filter), word) == 0
                                  : sgn_json_has(filter, word);
}

/* Workflow and project stand in the case, not in the entry: only a watch that filters by them
 * pays for reading it. */
static bool
needs_row(const json_t *filter)
{
    return json_object_get(filter, "workflow") != NULL ||
           json_object_get(filter, "project") != NULL;
}

/*
 * May the caller see this entry, and does the watch want it?
 *
 * What they may see is judged as the case is now and not as it was when the entry was written:
 * rights that were taken away are gone for what comes late as well.
 */
static enum sgn_status
entry_sight(struct reading *reading, const struct store_entry_row *entry, enum core_sight *sight,
            struct sgn_error *err)
{
    const json_t *filter = reading->job->params;
    json_t *row = NULL;
    enum sgn_status status = SGN_OK;

    *sight = CORE_SEES_NOTHING;
    if (!filter_lets(json_object_get(filter, "case"), entry->case_key) ||
        !filter_lets(json_object_get(filter, "kind"), entry->kind))
        return SGN_OK;
    if (entry->case_key == NULL) {
        /* Data of the team: its own people's. */
        if (!rpc_query_is_client(reading->job) && !needs_row(filter))
            *sight = CORE_SEES_ALL;
        return SGN_OK;
    }
    if (rpc_query_is_client(reading->job) || needs_row(filter)) {
        status = rpc_case_sight(reading->reader, reading->lane, reading->job, entry->case_key,
                                sight, &row, err);
        if (status == SGN_NOT_FOUND) {
            sgn_error_clear(err);
            *sight = CORE_SEES_NOTHING;
            return SGN_OK;
        }
        if (status == SGN_OK &&
            (!filter_lets(json_object_get(filter, "workflow"), sgn_json_str(row, "workflow")) ||
             !filter_lets(json_object_get(filter, "project"), sgn_json_str(row, "project"))))
            *sight = CORE_SEES_NOTHING;
        json_decref(row);
        return status;
    }
    *sight = CORE_SEES_ALL;
    return SGN_OK;
}

/* What the entry names is called as the case's version calls it; null for one without a case. */
static enum sgn_status
titles_take(struct reading *reading, const struct store_entry_row *entry, const json_t *view,
            struct sgn_error *err)
{
    enum core_sight sight;
    json_t *document = NULL, *titles = NULL, *items;
    enum sgn_status status = SGN_OK;

    if (reading->titles == NULL)
        return SGN_OK;
    if (entry->case_key != NULL)
        status = rpc_case_sight(reading->reader, reading->lane, reading->job, entry->case_key,
                                &sight, &document, err);
    items = json_pack("[O]", view);
    if (status == SGN_OK && document != NULL)
        status =
            rpc_titles(reading->reader, reading->lane, reading->job, document, items, &titles, err);
    if (status == SGN_OK &&
        json_array_append_new(reading->titles, titles != NULL ? titles : json_null()) != 0)
        status = sgn_nomem(err);
    json_decref(items);
    json_decref(document);
    return status;
}

static enum sgn_status
entry_take(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct reading *reading = ctx;
    enum core_sight sight;
    json_t *view = NULL;
    enum sgn_status status = entry_sight(reading, entry, &sight, err);

    if (status == SGN_OK && sight != CORE_SEES_NOTHING)
        status = rpc_entry_view(entry, sight, reading->zone, &view, err);
    if (status == SGN_OK && view != NULL)
        status = titles_take(reading, entry, view, err);
    if (status == SGN_OK)
        /* Also for what was left out: otherwise it would be looked at again with every commit. */
        reading->seen = entry->seq;
    if (status != SGN_OK)
        json_decref(view);
    else if (view != NULL && json_array_append_new(reading->entries, view) != 0)
        status = sgn_nomem(err);
    return status;
}

/* The query of a running watch: {entries, titles?, seen}. A bounded number at a time, so that a
 * watch that begins far back does not hold a query thread for the whole history. */
static enum sgn_status
watch_read(struct store_reader *reader, struct lane *lane, struct lane_job *job,
           struct sgn_error *err)
{
    struct reading reading = { .reader = reader, .lane = lane, .job = job };
    int64_t first = sgn_json_int(job->params, "from", 1);
    enum sgn_status status;

    reading.zone = rpc_zone(lane, job->team);
    reading.entries = json_array();
    reading.titles = sgn_json_true(job->params, "titles") ? json_array() : NULL;
    reading.seen = first - 1;
    status = reading.entries != NULL ? store_entries(reader, job->team, first, RPC_WATCH_ENTRIES,
                                                     entry_take, &reading, err)
                                     : sgn_nomem(err);
    if (status != SGN_OK) {
        json_decref(reading.titles);
        json_decref(reading.entries);
        return status;
    }
    job->result = json_pack("{s:o, s:o*, s:I}", "entries", reading.entries, "titles",
                            reading.titles, "seen", (json_int_t)reading.seen);
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

/* Reading is a method that no table lists: rights are looked at again at each step, as
 * for any query. */
static const struct rpc_method watch_reading = {
    .name = "watch.entry",
    .access = CORE_PERSON | CORE_OPERATOR,
    .where = RPC_QUERY,
    .query = watch_read,
};

/* ---- telling, on the loop ---- */

static void
watch_notify(struct rpc_connection *connection, const char *method, json_t *params_take)
{
    enum sgn_status (*write)(struct sgn_buf *, const char *, const json_t *) =
        connection->peer.events ? rpc_envelope_event : rpc_envelope_notify;
    uint64_t failures = sgn_memory_failures();
    struct sgn_buf text;

    /* A watch that leaves something out would be believed. */
    sgn_buf_init(&text, RPC_ANSWER_MAX);
    if (params_take == NULL || write(&text, method, params_take) != SGN_OK ||
        sgn_memory_failures() != failures)
        text.failed = true;
    if (!connection->close_said)
        rpc_connection_send(connection, &text);
    sgn_buf_deinit(&text);
    json_decref(params_take);
}

static void watch_run(struct rpc_watch *watch);

/* The client is told why and up to where it has seen, so that it can begin again there. */
static void
watch_failed(struct rpc_watch *watch, const struct lane_job *job)
{
    struct rpc_connection *connection = watch->connection;

    watch_notify(connection, "watch.end",
                 json_pack("{s:i, s:I, s:s, s:s}", "watch", watch->id, "seq",
                           (json_int_t)watch->seen, "code", sgn_status_code(job->status), "message",
                           job->error.message));
    watch_remove(watch);
    if (connection->peer.events)
        rpc_connection_break_off(connection);
}

/* A reader of events remembers numbers, also of what was not for it: otherwise it would begin far
 * back when it comes again. */
static void
watch_note_seen(struct rpc_watch *watch, int64_t told)
{
    struct rpc_connection *connection = watch->connection;
    struct sgn_buf text;

    if (!connection->peer.events || told >= watch->seen || connection->close_said)
        return;
    sgn_buf_init(&text, 64);
    sgn_buf_printf(&text, "id: %lld\n\n", (long long)watch->seen);
    rpc_connection_send(connection, &text);
    sgn_buf_deinit(&text);
}

static void
watch_finish(struct rpc_task *task, struct lane_job *job)
{
    struct rpc_watch *watch = (struct rpc_watch *)task;
    json_t *entry, *titles;
    size_t i;

    /* First of all: everything below may free the watch or start its next query. */
    watch->busy = false;
    if (watch->connection == NULL) {
        watch_free(watch);
    } else if (job->status != SGN_OK) {
        watch_failed(watch, job);
    } else {
        int64_t seen = sgn_json_int(job->result, "seen", watch->seen), told = watch->seen;

        if (seen == watch->seen) /* nobody knew the head, see rpc_committed() */
            watch->head = seen;
        watch->seen = seen;
        titles = json_object_get(job->result, "titles");
        json_array_foreach(json_object_get(job->result, "entries"), i, entry) {
            watch_notify(watch->connection, "watch.entry",
                         json_pack("{s:i, s:O, s:O*}", "watch", watch->id, "entry", entry, "titles",
                                   json_array_get(titles, i)));
            told = sgn_json_int(entry, "seq", told);
        }
        watch_note_seen(watch, told);
        watch_run(watch);
    }
    lane_job_free(job);
}

static enum sgn_status
watch_query(struct rpc_watch *watch, struct sgn_error *err)
{
    struct rpc_connection *connection = watch->connection;
    struct lane_job *job = rpc_job_new(connection, &watch->task);
    enum sgn_status status;

    if (job == NULL)
        return sgn_nomem(err);
    /* Otherwise requests of the same connection would wait for queries that never end. */
    job->connection = 0; /* no order with the connection's requests */
    job->query = rpc_query_run;
    job->item = (void *)&watch_reading;
    job->access = watch_reading.access;
    job->needs = rpc_method_needs(&watch_reading);
    job->method = watch_reading.name;
    memcpy(job->team, watch->team, sizeof(job->team));
    job->params = json_copy(watch->filter);
    if (job->params == NULL ||
        json_object_set_new(job->params, "from", json_integer(watch->seen + 1)) != 0) {
        lane_job_free(job);
        return sgn_nomem(err);
    }
    status = lane_query(connection->rpc->options.lane, job, err);
    if (status != SGN_OK) {
        lane_job_free(job);
        return status;
    }
    connection->rpc->jobs++;
    watch->busy = true;
    return SGN_OK;
}

/* Reads on if there is something to read and room for it. */
static void
watch_run(struct rpc_watch *watch)
{
    struct sgn_error error = { 0 };

    if (watch->busy || watch->seen >= watch->head)
        return;
    if (watch->connection->queued > RPC_WATCH_QUEUE) {
        if (!watch->behind)
            watch_notify(watch->connection, "watch.behind",
                         json_pack("{s:i, s:I, s:I}", "watch", watch->id, "seq",
                                   (json_int_t)watch->seen, "head", (json_int_t)watch->head));
        watch->behind = true;
        return;
    }
    watch->behind = false;
    if (watch_query(watch, &error) != SGN_OK) {
        /* Too busy just now: whatever is finished next tries again. */
        watch->connection->rpc->put_off = true;
        sgn_log(SGN_LOG_WARN, "a watch is put off", "why", error.message, NULL);
        sgn_error_clear(&error);
    }
}

/* Next pointers are taken before: a watch that fails removes itself, and a peer that is closed
 * may take its connection along. */
void
rpc_watches_committed(struct rpc *rpc, const char *team, int64_t head)
{
    struct rpc_connection *connection, *next;
    struct rpc_watch *watch, *following;

    for (connection = rpc->connections; connection != NULL; connection = next) {
        next = connection->link;
        for (watch = connection->watches; watch != NULL; watch = following) {
            following = watch->next;
            if (strcmp(watch->team, team) != 0)
                continue;
            if (head > watch->head)
                watch->head = head;
            watch_run(watch);
        }
    }
}

void
rpc_watches_look(struct rpc *rpc, bool unknown)
{
    struct rpc_connection *connection, *next;

    for (connection = rpc->connections; connection != NULL; connection = next) {
        next = connection->link;
        for (struct rpc_watch *w = connection->watches; unknown && w != NULL; w = w->next)
            if (w->head <= w->seen)
                w->head = w->seen + 1;
        rpc_watches_resume(connection);
    }
}

/* Called when the queue has gone down, with every write: cheap where nothing waits. */
void
rpc_watches_resume(struct rpc_connection *connection)
{
    struct rpc_watch *watch, *following;

    for (watch = connection->watches; watch != NULL; watch = following) {
        following = watch->next;
        watch_run(watch);
    }
}

/* ---- the methods ---- */

enum sgn_status
rpc_watch_start(struct rpc_connection *connection, const json_t *params, json_t **result,
                struct sgn_error *err)
{
    struct rpc_watch *watch;

    if (connection->n_watches >= RPC_WATCHES_MAX)
        return sgn_fail(err, SGN_TOO_LARGE, "a connection has at most %d watches", RPC_WATCHES_MAX);
    watch = calloc(1, sizeof(*watch));
    if (watch == NULL)
        return sgn_nomem(err);
    watch->task.finish = watch_finish;
    watch->connection = connection;
    watch->filter = json_incref((json_t *)params);
    watch->id = ++connection->last_watch;
    snprintf(watch->team, sizeof(watch->team), "%s", sgn_json_str(*result, "team"));
    /* What was committed since the query looked has been told to the watches there were. */
    watch->head = sgn_json_int(connection->rpc->heads, watch->team, 0);
    if (watch->head < sgn_json_int(*result, "head", 0))
        watch->head = sgn_json_int(*result, "head", 0);
    watch->seen = sgn_json_int(*result, "from", 1) - 1;
    watch->next = connection->watches;
    connection->watches = watch;
    connection->n_watches++;
    connection->rpc->watches++;
    connection->rpc->options.wake(connection->rpc->options.ctx); /* for commits of before */
    if (json_object_set_new(*result, "watch", json_integer(watch->id)) == 0)
        return SGN_OK; /* it begins to read when this has been noted: see request_finish() */
    watch_remove(watch);
    return sgn_nomem(err);
}

/* Without a number it is the watch that was started last, which is what a person at a terminal
 * means. */
enum sgn_status
rpc_watch_stop(struct rpc_connection *connection, const json_t *params, json_t **result,
               struct sgn_error *err)
{
    int64_t id = sgn_json_int(params, "watch", 0);
    struct rpc_watch *watch = connection->watches;

    while (watch != NULL && id != 0 && watch->id != id)
        watch = watch->next;
    if (watch == NULL) {
        sgn_fail(err, SGN_NOT_FOUND, "this connection has no such watch");
        sgn_error_add(err, "pointer", json_string("/watch"));
        return SGN_NOT_FOUND;
    }
    *result = json_pack("{s:i, s:I}", "watch", watch->id, "seq", (json_int_t)watch->seen);
    watch_remove(watch);
    return *result != NULL ? SGN_OK : sgn_nomem(err);
}
