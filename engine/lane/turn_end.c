/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a turn: batches are committed and their jobs answered, each batch by itself, so that
 * one team's failed commit is no other team's.
 *
 * Where a commit carries one team, a turn may end between two commits of its teams. Nothing of one
 * job is lost by it: what a job stages lies in its team's batch, site-wide rows too. What belongs
 * to no team comes last: virtual time and signs of life, which a crash before it leaves where they
 * were, so that an advance is made again, over cases that have fired already and do not again.
 *
 * Another node may have moved a team's head since it was looked at. What was decided on is then
 * old, and is decided again while the head is held, so that nobody moves it on meanwhile: a second
 * time is enough unless the database takes the hold away. Answers of the rules are remembered by
 * what they were asked with, and a function is asked again only when that has changed.
 */
#include "calendars.h"
#include "json.h"
#include "lane_internal.h"
#include "scheduled.h"
#include "sweep.h"
#include <stdlib.h>
#include <string.h>

#define AGAIN_MOST 8 /* times that a batch is decided again */

void
lane_answer_all(struct sgn_node *node, enum sgn_status st, const struct sgn_error *why)
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

/* ---- forgetting ---- */

/* The engine's own held jobs, of one team or (NULL) of all, end: what they rest on may never have
 * happened. What is due or asked for is found again in the store. */
static void
drop_own(struct lane *lane, const char *team)
{
    struct sgn_node **link = &lane->jobs;

    while (*link != NULL) {
        struct lane_job *job = SGN_CONTAINER(*link, struct lane_job, node);

        if (job->method != NULL || (team != NULL && strcmp(job->team, team) != 0)) {
            link = &(*link)->next;
            continue;
        }
        *link = job->node.next;
        lane_park_forget(lane, job);
        if (job->done != NULL)
            job->done(job);
        else
            lane_job_free(job);
    }
    lane->jobs_end = link;
}

/* Whose batch it is, NULL: everybody's. */
static const char *
whose(const struct lane *lane, const struct lane_batch *batch)
{
    return lane->by_team ? batch->team : NULL;
}

/* Nothing that was staged or kept for this batch can be trusted. The counters stay: held jobs have
 * taken keys of them, and a gap does no harm. */
static void
forget(struct lane *lane, const struct lane_batch *batch)
{
    const char *team = whose(lane, batch);

    lane_forget_in(lane->cases, team);
    json_object_clear(lane->facts);
    lane_forget_in(lane->heads, team);
    lane_forget_in(lane->stored_versions, team);
    lane_effects_clear(lane, team);
    drop_own(lane, team);
    lane_sweeps_clear(lane, team);
}

/* What the engine does by itself for this batch's teams is found in the store. */
static void
find_again(struct lane *lane, const struct lane_batch *batch)
{
    const char *team = whose(lane, batch);

    lane_effects_clear(lane, team);
    drop_own(lane, team);
    (void)lane_effects_resume(lane, team, NULL);
    (void)lane_sweeps_resume(lane, team, NULL);
}

static void
refuse_from_now_on(struct lane *lane, const struct sgn_error *why)
{
    lane->refused = true;
    if (lane->options.failed != NULL)
        lane->options.failed(lane->options.ctx, why);
}

/* After all commits of the turn: what is read again finds what they have left. */
static void
forget_lost(struct lane *lane)
{
    for (struct lane_batch *b = &lane->batch; b != NULL && lane->advance != NULL; b = b->next)
        if (b->status != SGN_OK) { /* half done, and its caller hears so */
            lane_finished(lane, lane->advance);
            lane->advance = NULL;
        }
    lane_schedules_changed(lane);
    lane_calendars_changed(lane, NULL);
    lane_periods_changed(lane);
    lane->held_more = true; /* what waited behind the engine's own jobs */
    lane->due_known = false;
    for (struct lane_batch *b = &lane->batch; b != NULL; b = b->next) {
        if (b->status == SGN_OK && b->overtaken == 0)
            continue;
        if (b->status != SGN_OK) {
            lane->n_stuck -= b->n_stuck;
            forget(lane, b);
            lane_rest(lane);
            lane->clock_unsaved = lane->options.clock->is_virtual;
            sgn_log(SGN_LOG_ERROR, "commit failed", "team", b->team, "why", b->why.message, NULL);
        }
        if (b->status == SGN_UNKNOWN_OUTCOME && !lane->refused)
            refuse_from_now_on(lane, &b->why);
        if (b->status != SGN_UNKNOWN_OUTCOME)
            find_again(lane, b);
    }
}

/* ---- another node was first ---- */

/* Does it stand as it was decided? It wrote nothing, and took long. */
static bool
stands(const struct lane_job *job)
{
    return job->run == lane_rehearse;
}

/* As it came, but with the answers that it has of the rules. */
static void
renew(struct lane *lane, struct lane_job *job)
{
    json_decref(job->result);
    job->result = NULL;
    sgn_error_clear(&job->error);
    if (job->run == lane_case_open)
        job->case_key[0] = '\0'; /* another's by now, it may be */
    lane->n_jobs--;
}

/* Runs the batch's jobs anew for the again-th time, in their order; one that must wait for the
 * rules is held before all that came later. Jobs of the engine itself end: what they were for is
 * found again. */
static void
decide_again(struct lane *lane, struct lane_batch *batch, int again, const struct sgn_error *why)
{
    struct sgn_node *node = batch->finished, *later = lane->jobs, **front = &lane->jobs;

    batch->finished = NULL;
    lane_batch_drop(lane, batch);
    batch->overtaken = again;
    lane_team_changed(lane, batch->team);
    lane_effects_clear(lane, batch->team);
    drop_own(lane, batch->team);
    later = lane->jobs;
    while (node != NULL) {
        struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);

        node = node->next;
        job->node.next = NULL;
        if (job->method == NULL) {
            lane_answer_all(&job->node, SGN_CONFLICT, why);
            continue;
        }
        if (stands(job)) {
            lane->n_jobs--;
            lane_finished(lane, job);
            continue;
        }
        renew(lane, job);
        if (lane_run_job(lane, job) != SGN_NEEDS) {
            lane_finished(lane, job);
            continue;
        }
        *front = &job->node;
        front = &job->node.next;
        *front = later;
    }
    for (lane->jobs_end = &lane->jobs; *lane->jobs_end != NULL;)
        lane->jobs_end = &(*lane->jobs_end)->next;
    /* Loaded from the store at the end of the turn, when all is committed. */
    lane_sweeps_clear(lane, batch->team);
}

static enum sgn_status
commit_or_again(struct lane *lane, struct lane_batch *batch)
{
    struct sgn_error *err = &batch->why;
    enum sgn_status st = lane_batch_commit(lane, batch, err);

    for (int i = 0; st == SGN_CONFLICT && lane->by_team && i < AGAIN_MOST; i++) {
        decide_again(lane, batch, i + 1, err);
        sgn_error_clear(&batch->why);
        st = lane_batch_commit(lane, batch, err);
    }
    if (st != SGN_CONFLICT || !lane->by_team)
        return st;
    store_rollback(lane->options.store, NULL);
    sgn_error_clear(err);
    return sgn_fail(err, SGN_OVERLOADED,
                    "team %s: other nodes wrote %d times while this was decided: repeat the "
                    "request with the same request_id",
                    batch->team, AGAIN_MOST + 1);
}

/* ---- the end ---- */

static int
answer(struct lane_batch *batch)
{
    struct sgn_node *done = batch->finished;
    int n = batch->n_finished;

    batch->finished = NULL;
    batch->n_finished = 0;
    lane_answer_all(done, batch->status, &batch->why);
    return n;
}

/* Commits one and answers its jobs; those of a failed one wait until all that they rest on is
 * forgotten. */
static int
end_batch(struct lane *lane, struct lane_batch *batch, bool *lost)
{
    batch->status = commit_or_again(lane, batch);
    *lost = *lost || batch->status != SGN_OK || batch->overtaken > 0;
    return batch->status == SGN_OK ? answer(batch) : 0;
}

/* A team's commit failed: virtual time does not go on over what it was to hold. */
static bool
time_stands(struct lane *lane)
{
    const struct lane_batch *b = lane->batch.next;

    while (b != NULL && b->status == SGN_OK)
        b = b->next;
    if (b == NULL || !lane->options.clock->is_virtual)
        return false;
    lane->batch.status = sgn_fail(&lane->batch.why, b->status, "%s", b->why.message);
    return true;
}

int
lane_turn_end(struct lane *lane)
{
    bool lost = false;
    int n = 0;

    for (struct lane_batch *b = lane->batch.next; b != NULL; b = b->next)
        n += end_batch(lane, b, &lost);
    if (!time_stands(lane))
        n += end_batch(lane, &lane->batch, &lost);
    if (lost)
        forget_lost(lane);
    if (json_object_size(lane->cases) > LANE_CACHED_CASES)
        json_object_clear(lane->cases);
    if (json_object_size(lane->facts) > LANE_CACHED_CASES)
        json_object_clear(lane->facts);
    for (struct lane_batch *b = &lane->batch; b != NULL; b = b->next)
        n += answer(b);
    lane_batches_clear(lane);
    return n;
}
