/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Query threads: reads that need no order with commands, each thread with a reader of its own.
 */
#include "lane_internal.h"
#include "memory.h"
#include <stdlib.h>
#include <string.h>

struct lane_query_thread {
    struct lane *lane;
    struct store_reader *reader;
};

/* Rights are looked at anew for every slice: what is taken away while a report is counted ends it.
 */
static enum sgn_status
slice_run(struct lane *lane, struct store_reader *reader, struct lane_job *job)
{
    enum sgn_status st = SGN_OK;

    json_decref(job->caller);
    job->caller = NULL;
    if (job->method != NULL)
        st = lane_access_read(reader, job, sgn_clock_now(lane->options.clock), &job->error);
    return st == SGN_OK ? job->query(reader, lane, job, &job->error) : st;
}

/* Is a query that has more to do to wait behind the others for its next slice? It is not when it
 * ends here (*st says so then), nor when there is no room to wait. */
static bool
put_back(struct lane *lane, struct lane_job *job, enum sgn_status *st)
{
    bool stopping;

    if (atomic_load(&job->unwanted)) {
        *st = sgn_fail(&job->error, SGN_UNAVAILABLE, "nobody waits for the answer any more");
        return false;
    }
    if (!lane->started)
        return false;
    pthread_mutex_lock(&lane->gate);
    stopping = lane->stopping;
    pthread_mutex_unlock(&lane->gate);
    if (stopping) {
        *st = sgn_fail(&job->error, SGN_UNAVAILABLE, "the server is stopping");
        return false;
    }
    lane_flows_done(lane->queries, job);
    if (lane_flows_push(lane->queries, job) != LANE_PUSHED)
        return false;
    lane_flows_tell(lane->queries);
    return true;
}

static void
query_run(struct lane *lane, struct store_reader *reader, struct lane_job *job)
{
    uint64_t before = sgn_memory_failures();
    int64_t began = sgn_monotonic_ms();
    enum sgn_status st;

    while ((st = slice_run(lane, reader, job)) == SGN_NEEDS) {
        lane_pace_query(lane, sgn_monotonic_ms() - began);
        if (put_back(lane, job, &st))
            return;
        if (st != SGN_NEEDS)
            break;
        began = sgn_monotonic_ms();
    }
    if (sgn_memory_failures() != before) { /* it may lack anything, and be refused for that */
        json_decref(job->result);
        job->result = NULL;
        st = sgn_nomem(&job->error);
    }
    job->status = st;
    lane_pace_query(lane, sgn_monotonic_ms() - began);
    lane_flows_done(lane->queries, job);
    job->done(job);
}

static void
query_main(void *arg)
{
    struct lane_query_thread *self = arg;

    struct sgn_node *node;

    while ((node = lane_flows_take(self->lane->queries, 1, -1)) != NULL)
        query_run(self->lane, self->reader, SGN_CONTAINER(node, struct lane_job, node));
}

enum sgn_status
lane_queries_start(struct lane *lane, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    lane->query_state = calloc(LANE_QUERY_THREADS, sizeof *lane->query_state);
    if (lane->query_state == NULL)
        return sgn_nomem(err);
    for (int i = 0; i < LANE_QUERY_THREADS && st == SGN_OK; i++) {
        lane->query_state[i].lane = lane;
        st = store_reader_open(lane->options.store, &lane->query_state[i].reader, err);
    }
    for (int i = 0; i < LANE_QUERY_THREADS && st == SGN_OK; i++) {
        lane->query_threads[i] = sgn_thread_start("query", query_main, &lane->query_state[i]);
        if (lane->query_threads[i] == NULL)
            st = sgn_nomem(err);
    }
    return st;
}

/* lane->stopping is set, so nothing new comes. What was queued before is still answered. */
void
lane_queries_stop(struct lane *lane)
{
    lane_flows_close(lane->queries);
    for (int i = 0; lane->query_state != NULL && i < LANE_QUERY_THREADS; i++) {
        sgn_thread_join(lane->query_threads[i]);
        lane->query_threads[i] = NULL;
        store_reader_close(lane->query_state[i].reader);
    }
    free(lane->query_state);
    lane->query_state = NULL;
}

enum sgn_status
lane_query(struct lane *lane, struct lane_job *job, struct sgn_error *err)
{
    enum lane_push pushed = LANE_PUSHED;
    enum sgn_status st = SGN_OK;

    if (!lane->started) { /* driven by hand: at once, on the caller's thread */
        query_run(lane, lane->reader, job);
        return SGN_OK;
    }
    pthread_mutex_lock(&lane->gate);
    if (lane->stopping)
        st = sgn_fail(err, SGN_UNAVAILABLE, "the server is stopping");
    else
        pushed = lane_flows_push(lane->queries, job);
    pthread_mutex_unlock(&lane->gate);
    if (pushed == LANE_PUSHED) {
        lane_flows_tell(lane->queries);
        return st;
    }
    return lane_pace_refuse(lane, true, pushed == LANE_TEAM_FULL,
                            lane_flows_length(lane->queries, pushed == LANE_TEAM_FULL ? job : NULL),
                            err);
}
