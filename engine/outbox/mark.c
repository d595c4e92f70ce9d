/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of deliveries, told to the store: the thread has no right to write, so it asks the
 * lane with a job of the engine's own. What changes while one is on its way is gathered and goes
 * with the next. What could not be written is told again: until then nothing is known to have
 * arrived, which costs a repetition and loses nothing.
 */
#include "outbox_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define METHOD   "endpoint.disable" /* of the entry that says why nothing more is sent */
#define AGAIN_MS 1000               /* until what failed is tried again */

static json_t *
dirty_of(struct outbox_endpoint *endpoint)
{
    if (endpoint->dirty == NULL)
        endpoint->dirty = json_pack("{s:{}}", "rows");
    return endpoint->dirty;
}

void
outbox_mark_seen(struct outbox_endpoint *endpoint, int64_t seq)
{
    endpoint->seen = seq;
    (void)json_object_set_new(dirty_of(endpoint), "seq", json_integer(seq));
}

void
outbox_mark_row(struct outbox_endpoint *endpoint, int64_t seq, json_t *row_take)
{
    char name[24];

    snprintf(name, sizeof name, "%lld", (long long)seq);
    if (row_take != NULL) {
        (void)json_object_set_new(row_take, "endpoint", json_string(endpoint->key));
        (void)json_object_set_new(row_take, "seq", json_integer(seq));
    }
    (void)json_object_set_new(json_object_get(dirty_of(endpoint), "rows"), name,
                              row_take != NULL ? row_take : json_null());
}

void
outbox_mark_paused(struct outbox_endpoint *endpoint, const char *why)
{
    (void)json_object_set_new(endpoint->row, "paused", json_string(why));
    (void)json_object_set_new(dirty_of(endpoint), "paused", json_string(why));
}

/* ---- the job, on the lane ---- */

static enum sgn_status
put_rows(struct lane_run *run, const char *endpoint, const json_t *rows, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    const char *seq;
    json_t *row;

    json_object_foreach((json_t *)rows, seq, row) {
        json_t *key = json_pack("{s:s, s:I}", "endpoint", endpoint, "seq",
                                (json_int_t)strtoll(seq, NULL, 10));

        if (st == SGN_OK)
            st = json_is_null(row) ? lane_row_remove(run, STORE_DELIVERY, key, err)
                                   : lane_row_put(run, STORE_DELIVERY, row, err);
        json_decref(key);
    }
    return st;
}

/* The row, the entry that says so, and a message to those who lead the team. */
static enum sgn_status
put_paused(struct lane_run *run, const char *endpoint, const char *why, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "endpoint", endpoint), *row = NULL, *said;
    const json_t *team = NULL;
    enum sgn_status st = lane_row_get(run, STORE_ENDPOINT, key, &row, err);

    if (st == SGN_OK && sgn_json_str(row, "paused") == NULL) {
        (void)json_object_set_new(row, "paused", json_string(why));
        st = lane_row_put(run, STORE_ENDPOINT, row, err);
        if (st == SGN_OK)
            st = lane_fact(run, "team", &team, err);
        if (st == SGN_OK) {
            said = json_pack("{s:s, s:s}", "endpoint", endpoint, "paused", why);
            st = lane_data_entry(run, said, err);
            json_decref(said);
        }
        if (st == SGN_OK)
            st = lane_data_tell(run,
                                json_pack("{s:o, s:O, s:s}", "kind",
                                          json_sprintf("endpoint_%s", why), "to",
                                          json_object_get(team, "leads"), "endpoint", endpoint),
                                err);
    }
    json_decref(key);
    json_decref(row);
    return st;
}

/* Whoever has set the cursor since, or removed the endpoint, has the last word. */
static enum sgn_status
run_mark(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *endpoint = sgn_json_str(job->params, "endpoint");
    const char *paused = sgn_json_str(job->params, "paused");
    json_t *cursor = NULL, *seq = json_object_get(job->params, "seq");
    enum sgn_status st;

    if (!lane_works(run))
        return sgn_fail(err, SGN_CONFLICT, "team %s: its work is another node's", job->team);
    st = lane_cursor_get(run, endpoint, &cursor, err);
    if (st != SGN_OK || sgn_json_int(cursor, "part", 0) != sgn_json_int(job->params, "part", 0)) {
        json_decref(cursor);
        return st;
    }
    if (seq != NULL) {
        (void)json_object_set(cursor, "seq", seq);
        st = lane_row_put(run, STORE_READER, cursor, err);
    }
    if (st == SGN_OK)
        st = put_rows(run, endpoint, json_object_get(job->params, "rows"), err);
    if (st == SGN_OK && paused != NULL)
        st = put_paused(run, endpoint, paused, err);
    json_decref(cursor);
    return st;
}

/* ---- there and back ---- */

/* On the lane's threads. */
static void
mark_done(struct lane_job *job)
{
    struct outbox *outbox = job->ctx;

    sgn_queue_push(outbox->marked, &job->node);
    outbox_http_wake(outbox->http);
}

void
outbox_mark_turn(struct outbox_endpoint *endpoint)
{
    struct outbox *outbox = endpoint->team->outbox;
    struct lane_job *job;

    if (endpoint->dirty == NULL || endpoint->marking != NULL ||
        sgn_monotonic_ms() < endpoint->mark_at)
        return;
    job = lane_job_new();
    if (job == NULL)
        return;
    sgn_text_copy(job->team, sizeof job->team, endpoint->team->name);
    job->run = run_mark;
    job->done = mark_done;
    job->ctx = outbox;
    job->channel = "engine";
    job->method = METHOD;
    job->leased = true;
    job->at = sgn_clock_now(lane_clock(outbox->options.lane));
    /* The lane gets all of it for itself: values are not shared between threads. */
    job->params = json_deep_copy(endpoint->dirty);
    if (job->params == NULL ||
        json_object_set_new(job->params, "endpoint", json_string(endpoint->key)) != 0 ||
        json_object_set_new(job->params, "part", json_integer(endpoint->part)) != 0 ||
        lane_submit(outbox->options.lane, job, NULL) != SGN_OK) {
        lane_job_free(job);
        endpoint->mark_at = sgn_monotonic_ms() + AGAIN_MS;
        return;
    }
    endpoint->marking = endpoint->dirty;
    endpoint->dirty = NULL;
}

/* Joins what was not written with what has changed since, which is newer. */
static void
put_back(struct outbox_endpoint *endpoint)
{
    json_t *dirty = dirty_of(endpoint), *params = endpoint->marking, *value;
    const char *name;

    if (json_object_get(dirty, "seq") == NULL && json_object_get(params, "seq") != NULL)
        (void)json_object_set(dirty, "seq", json_object_get(params, "seq"));
    if (json_object_get(params, "paused") != NULL)
        (void)json_object_set(dirty, "paused", json_object_get(params, "paused"));
    json_object_foreach(json_object_get(params, "rows"), name, value) {
        json_t *rows = json_object_get(dirty, "rows");

        if (json_object_get(rows, name) == NULL)
            (void)json_object_set(rows, name, value);
    }
    endpoint->mark_at = sgn_monotonic_ms() + AGAIN_MS;
}

static void
take_one(struct outbox *outbox, struct lane_job *job)
{
    struct outbox_endpoint *endpoint =
        outbox_endpoint_find(outbox, job->team, sgn_json_str(job->params, "endpoint"));

    if (endpoint == NULL || endpoint->marking == NULL ||
        endpoint->part != sgn_json_int(job->params, "part", 0))
        return;
    if (job->status == SGN_OK)
        endpoint->kept = sgn_json_int(endpoint->marking, "seq", endpoint->kept);
    else if (job->status != SGN_NOT_FOUND) /* then it has been removed */
        put_back(endpoint);
    json_decref(endpoint->marking);
    endpoint->marking = NULL;
}

void
outbox_marks_take(struct outbox *outbox)
{
    struct sgn_node *node = sgn_queue_take_all(outbox->marked, 0);

    while (node != NULL) {
        struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);

        node = node->next;
        take_one(outbox, job);
        lane_job_free(job);
    }
}
