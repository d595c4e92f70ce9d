/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A turn of the lane: what has gathered is run in order, one commit makes it durable, then
 * everybody is answered.
 */
#include "json.h"
#include "lane_internal.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a job must wait for ---- */

/* Hashes of the connections and cases of held jobs. Two that collide make a job wait for
 * one it need not wait for, which is harmless. */
#define HELD_SLOTS 4096

struct held {
    uint64_t slots[HELD_SLOTS];
    int n;
    bool full;    /* too many to tell apart: all wait */
    bool barrier; /* nothing that came from outside may pass */
};

static uint64_t
hash_text(uint64_t h, const char *text)
{
    for (; *text != '\0'; text++)
        h = (h ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return h;
}

static uint64_t
case_hash(const char *team, const char *key)
{
    return hash_text(hash_text(UINT64_C(14695981039346656037), team) ^ '/', key) | 1;
}

static uint64_t
connection_hash(uint64_t connection)
{
    return (connection * UINT64_C(0x9E3779B97F4A7C15)) | 1;
}

static bool
held_has(const struct held *held, uint64_t h)
{
    for (uint64_t i = h % HELD_SLOTS;; i = (i + 1) % HELD_SLOTS) {
        if (held->slots[i] == h)
            return true;
        if (held->slots[i] == 0)
            return false;
    }
}

static void
held_add(struct held *held, uint64_t h)
{
    uint64_t i = h % HELD_SLOTS;

    if (held_has(held, h))
        return;
    if (held->n >= HELD_SLOTS / 2) {
        held->full = true;
        return;
    }
    while (held->slots[i] != 0)
        i = (i + 1) % HELD_SLOTS;
    held->slots[i] = h;
    held->n++;
}

static void
hold(struct held *held, const struct lane_job *job)
{
    if (job->connection != 0)
        held_add(held, connection_hash(job->connection));
    if (job->case_key[0] != '\0')
        held_add(held, case_hash(job->team, job->case_key));
    if (job->run == lane_clock_advance)
        held->barrier = true;
}

static bool
must_wait(const struct held *held, const struct lane_job *job, bool first)
{
    if (held->full || (held->barrier && job->method != NULL))
        return true;
    if (job->run == lane_clock_advance && !first)
        return true;
    if (job->connection != 0 && held_has(held, connection_hash(job->connection)))
        return true;
    return job->case_key[0] != '\0' && held_has(held, case_hash(job->team, job->case_key));
}

bool
lane_case_is_held(struct lane *lane, const char *team, const char *key)
{
    for (struct sgn_node *node = lane->jobs; node != NULL; node = node->next) {
        struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);

        if (strcmp(job->case_key, key) == 0 && strcmp(job->team, team) == 0)
            return true;
    }
    return false;
}

/* ---- running ---- */

enum sgn_status
lane_run_job(struct lane *lane, struct lane_job *job)
{
    struct lane_run run;
    bool repeated = false;
    enum sgn_status st;

    lane_run_init(&run, lane, job);
    sgn_error_clear(&job->error);
    st = lane_access(&run, &job->error);
    if (st == SGN_OK)
        st = lane_request_repeat(&run, &repeated, &job->error);
    if (st == SGN_OK && !repeated)
        st = job->run(&run, job, &job->error);
    if (st == SGN_OK)
        st = lane_run_merge(&run, &job->error);
    lane_run_deinit(&run);
    job->status = st;
    if (st != SGN_OK && st != SGN_NEEDS) {
        json_decref(job->result);
        job->result = NULL;
        lane->n_refused++;
    }
    return st;
}

void
lane_finished(struct lane *lane, struct lane_job *job)
{
    job->node.next = NULL;
    *lane->batch.finished_end = &job->node;
    lane->batch.finished_end = &job->node.next;
    lane->batch.n_finished++;
    lane->n_jobs++;
}

/* Runs a job of the engine itself; one that must wait joins the held ones. */
enum sgn_status
lane_run_own(struct lane *lane, struct lane_job *job)
{
    enum sgn_status st = lane_run_job(lane, job);

    if (st == SGN_NEEDS) {
        job->node.next = NULL;
        *lane->jobs_end = &job->node;
        lane->jobs_end = &job->node.next;
    } else {
        lane_finished(lane, job);
    }
    return st;
}

bool
lane_own_is_held(struct lane *lane)
{
    for (struct sgn_node *node = lane->jobs; node != NULL; node = node->next)
        if (SGN_CONTAINER(node, struct lane_job, node)->method == NULL)
            return true;
    return false;
}

static bool
is_owed(const struct lane_job *job)
{
    return job->parked != NULL && json_object_size(job->parked->owed) > 0;
}

/* Goes once over the held jobs, oldest first, and runs those that need not wait. */
static void
run_held(struct lane *lane)
{
    struct held *held = calloc(1, sizeof *held);
    struct sgn_node **link = &lane->jobs;
    int n = 0;

    if (held == NULL)
        return;
    lane->n_parked = 0;
    held->barrier = lane->advance != NULL;
    while (*link != NULL && n < lane->options.limits.batch_jobs) {
        struct lane_job *job = SGN_CONTAINER(*link, struct lane_job, node);
        bool first = link == &lane->jobs;

        if (is_owed(job) || must_wait(held, job, first)) {
            lane->n_parked += is_owed(job);
            hold(held, job);
            link = &(*link)->next;
            continue;
        }
        n++;
        if (lane_run_job(lane, job) == SGN_NEEDS) {
            lane->n_parked++;
            hold(held, job);
            link = &(*link)->next;
            continue;
        }
        *link = job->node.next;
        if (lane->advance != job)
            lane_finished(lane, job);
    }
    for (link = &lane->jobs; *link != NULL; link = &(*link)->next)
        ;
    lane->jobs_end = link;
    free(held);
}

/* ---- the end of a turn ---- */

static void
answer_all(struct sgn_node *node, enum sgn_status st, const struct sgn_error *why)
{
    while (node != NULL) {
        struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);

        node = node->next;
        if (st != SGN_OK) { /* the commit failed: nothing of this batch is so */
            json_decref(job->result);
            job->result = NULL;
            sgn_error_clear(&job->error);
            job->status = sgn_fail(&job->error, st, "%s", why->message);
        }
        if (job->done != NULL)
            job->done(job);
        else
            lane_job_free(job);
    }
}

/* After a failed commit nothing that was staged or kept can be trusted. */
static void
forget(struct lane *lane, enum sgn_status st, const struct sgn_error *why)
{
    json_object_clear(lane->cases);
    json_object_clear(lane->facts);
    json_object_clear(lane->heads);
    json_object_clear(lane->counters);
    json_object_clear(lane->stored_versions);
    lane_effects_clear(lane);
    lane->due_known = false;
    sgn_log(SGN_LOG_ERROR, "commit failed", "why", why->message, NULL);
    if (st == SGN_UNKNOWN_OUTCOME && !lane->refused) {
        lane->refused = true;
        if (lane->options.failed != NULL)
            lane->options.failed(lane->options.ctx, why);
    } else if (st != SGN_UNKNOWN_OUTCOME) {
        (void)lane_effects_resume(lane, NULL);
    }
}

static int
end_turn(struct lane *lane)
{
    struct sgn_error err = { 0 };
    enum sgn_status st = lane_batch_commit(lane, &err);
    struct sgn_node *done = lane->batch.finished;
    int n = lane->batch.n_finished;

    if (st != SGN_OK)
        forget(lane, st, &err);
    lane->batch.finished = NULL;
    lane_batch_clear(&lane->batch);
    lane_batch_init(&lane->batch);
    answer_all(done, st, &err);
    sgn_error_clear(&err);
    return n;
}

/* All held jobs end with this status: the lane stops or its store failed. */
static int
refuse_held(struct lane *lane, enum sgn_status st, const char *why)
{
    struct sgn_error err = { 0 };
    struct sgn_node *node = lane->jobs;
    int n = 0;

    for (struct sgn_node *at = node; at != NULL; at = at->next)
        n++;
    lane->jobs = NULL;
    lane->jobs_end = &lane->jobs;
    (void)sgn_fail(&err, st, "%s", why);
    answer_all(node, st, &err);
    return n;
}

static void
take_inbox(struct lane *lane, int64_t timeout_ms)
{
    struct sgn_node *node = sgn_queue_take_all(lane->inbox, timeout_ms);

    *lane->jobs_end = node;
    while (*lane->jobs_end != NULL)
        lane->jobs_end = &(*lane->jobs_end)->next;
}

int
lane_turn(struct lane *lane)
{
    struct sgn_error err = { 0 };
    int n;

    take_inbox(lane, 0);
    if (lane->refused)
        return refuse_held(lane, SGN_UNKNOWN_OUTCOME,
                           "the store failed in a commit: repeat the request with the same "
                           "request_id when the server is back");
    lane_deliver(lane);
    lane_sign_of_life(lane);
    run_held(lane);
    if (lane->advance != NULL) {
        lane_advance_turn(lane);
    } else {
        lane_due_turn(lane);
        (void)lane_effects_turn(lane);
    }
    n = end_turn(lane);
    (void)lane_submit_calls(lane, &err);
    sgn_error_clear(&err);
    return n;
}

/* Is there work that needs no new job to go on? */
static bool
has_more(struct lane *lane)
{
    if (lane->advance != NULL)
        return true;
    if (lane->effects != NULL && !lane->effect_running)
        return true;
    if (lane->options.rules != NULL && lane->options.rules->ops->pending(lane->options.rules) > 0)
        return true;
    for (struct sgn_node *node = lane->jobs; node != NULL; node = node->next)
        if (!is_owed(SGN_CONTAINER(node, struct lane_job, node)))
            return true;
    return false;
}

void
lane_main(void *arg)
{
    struct lane *lane = arg;

    while (!lane->stopping) {
        int64_t wait = has_more(lane) ? 0 : lane_due_timeout(lane);

        if (wait != 0 && store_idle(lane->options.store))
            wait = 0;
        if (wait != 0)
            take_inbox(lane, wait);
        lane_turn(lane);
    }
    /* What was taken before the stop is still decided; what waits for answers is not. */
    lane_turn(lane);
    take_inbox(lane, 0);
    (void)refuse_held(lane, SGN_UNAVAILABLE, "the server is stopping");
}
