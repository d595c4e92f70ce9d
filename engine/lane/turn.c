/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A turn of the lane: what has gathered is run in order, commits make it durable, then everybody
 * is answered (turn_end.c).
 */
#include "again.h"
#include "backup.h"
#include "calendars.h"
#include "files.h"
#include "held.h"
#include "in_force.h"
#include "json.h"
#include "known.h"
#include "lane_internal.h"
#include "memory.h"
#include "nodes.h"
#include "profile.h"
#include "repeat.h"
#include "retention.h"
#include "scheduled.h"
#include "sweep.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define QUIET_MS       50  /* with nothing to do, after which the store does its own work */
#define CALLS_TOGETHER 256 /* that are submitted before the walk that asks for them has ended */
#define ADVANCE_BATCH  256 /* entries after which a batch takes no further advance */

enum sgn_status
lane_run_job(struct lane *lane, struct lane_job *job)
{
    struct lane_run run;
    bool repeated = false;
    enum sgn_status st;

    lane_profile_begin(lane);
    lane_run_init(&run, lane, job);
    sgn_error_clear(&job->error);
    st = lane_park_check(job, &job->error);
    if (st == SGN_OK)
        st = lane_team_look(lane, job->team, &job->error);
    lane_kept_follow(lane, job->team);
    if (st == SGN_OK)
        st = lane_access(&run, &job->error);
    if (st == SGN_OK)
        st = lane_request_repeat(&run, &repeated, &job->error);
    if (st == SGN_OK && !repeated)
        st = job->run(&run, job, &job->error);
    if (st == SGN_OK)
        st = lane_run_merge(&run, &job->error);
    lane_run_deinit(&run);
    lane_profile_end(lane, job, st);
    if (st != SGN_NEEDS && !lane->by_team)
        lane_park_end(job);
    lane_rows_rest(lane);
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
    /* An advance answers for all teams: after the last of their commits. */
    struct lane_batch *batch =
        job->run == lane_clock_advance ? &lane->batch : lane_batch_of(lane, job->team);

    job->node.next = NULL;
    *batch->finished_end = &job->node;
    batch->finished_end = &job->node.next;
    batch->n_finished++;
    lane->n_jobs++;
    lane_flows_done(lane->inbox, job);
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

static void
count_waiting(struct lane *lane, const struct lane_job *job, bool behind)
{
    struct lane_waits *waits = lane_waits_of(lane, job->team);

    if (behind)
        waits->ahead++;
    else
        waits->parked++;
    lane->n_parked++;
}

/* Whoever is not answered hears why. */
static void
submit(struct lane *lane)
{
    struct sgn_error err = { 0 };

    (void)lane_submit_calls(lane, &err);
    sgn_error_clear(&err);
}

/* Must it wait, for others or for the rules? What its command is going to ask is asked now, so
 * that a whole window of requests is asked in one go; but not while its case is going to change. */
static bool
must_wait(struct lane *lane, const struct lane_held *held, struct lane_job *job, bool first, int *n)
{
    bool behind = job->behind = lane_must_wait(held, job, first);

    if (!job->foreseen && job->run == lane_case_fire && !lane_case_waits(held, job)) {
        lane_foresee(lane, job, behind);
        *n += lane_is_owed(job);
    }
    if (!lane_is_owed(job))
        return behind;
    count_waiting(lane, job, behind);
    if (lane->n_calls >= CALLS_TOGETHER) /* the worker begins while the rest is gone over */
        submit(lane);
    return true;
}

/* Goes once over the held jobs, oldest first, and runs those that need not wait. An answer for one
 * that waits behind others lets nothing go on, and is no reason to. */
static void
run_held(struct lane *lane)
{
    struct lane_held *held = lane->held;
    struct sgn_node **link = &lane->jobs;
    bool advancing = lane->advance != NULL;
    int n = 0;

    lane_held_begin(held);
    lane_requests_look(lane);
    lane->n_parked = 0;
    lane->n_waits = 0;
    lane->held_more = false;
    store_reads_begin(lane->options.store);
    while (*link != NULL && n < lane->options.limits.batch_jobs) {
        struct lane_job *job = SGN_CONTAINER(*link, struct lane_job, node);
        bool first = link == &lane->jobs;

        /* What came behind the advance under way waits for its end, but nothing waits for it in
         * turn: that end is made of the engine's own jobs, which may be for the same cases. */
        if (advancing && job->method != NULL) {
            link = &(*link)->next;
            continue;
        }
        if (lane_team_busy(lane, job->team)) {
            lane_hold_line(held, job);
            link = &(*link)->next;
            continue;
        }
        if (must_wait(lane, held, job, first, &n)) {
            lane_hold(held, job);
            link = &(*link)->next;
            continue;
        }
        n++;
        if (lane_run_job(lane, job) == SGN_NEEDS) {
            count_waiting(lane, job, false);
            lane_hold(held, job);
            /* Not for the rules, but for another turn. */
            lane->held_more = lane->held_more || !lane_is_owed(job);
            link = &(*link)->next;
            continue;
        }
        *link = job->node.next;
        if (lane->advance == job)
            held->barrier = true; /* what came behind it is decided after it */
        else
            lane_finished(lane, job);
    }
    store_reads_end(lane->options.store);
    lane->held_more = lane->held_more || *link != NULL;
    for (link = &lane->jobs; *link != NULL; link = &(*link)->next)
        ;
    lane->jobs_end = link;
}

/* ---- what came ---- */

/* As many as a batch may have, teams in turns; the rest is for the next ones. */
static void
take_inbox(struct lane *lane, int64_t timeout_ms)
{
    int most = lane_pace_batch(lane) - lane->n_taken;
    struct sgn_node *node = lane_flows_take(lane->inbox, most > 0 ? most : 0, timeout_ms);

    lane->held_more = lane->held_more || node != NULL;
    *lane->jobs_end = node;
    for (; *lane->jobs_end != NULL; lane->n_taken++)
        lane->jobs_end = &(*lane->jobs_end)->next;
}

int
lane_refuse_all(struct lane *lane, enum sgn_status st, const char *why)
{
    struct sgn_error err = { 0 };
    struct sgn_node *node;
    int n = 0;

    *lane->jobs_end = lane_flows_take_all(lane->inbox);
    if (lane->advance != NULL) {
        lane->advance->node.next = lane->jobs;
        lane->jobs = &lane->advance->node;
        lane->advance = NULL;
    }
    node = lane->jobs;
    for (struct sgn_node *at = node; at != NULL; at = at->next, n++)
        lane_park_forget(lane, SGN_CONTAINER(at, struct lane_job, node));
    lane->jobs = NULL;
    lane->jobs_end = &lane->jobs;
    (void)sgn_fail(&err, st, "%s", why);
    lane_answer_all(lane, node, st, &err);
    return n;
}

void
lane_turn_more(struct lane *lane)
{
    lane->n_taken = 0;
    take_inbox(lane, 0);
    lane_deliver(lane);
    if (!lane->held_more)
        return;
    run_held(lane);
    submit(lane);
}

/* Answers that have come while others were decided join the same batch. */
static void
run_rounds(struct lane *lane)
{
    while (lane->held_more) {
        run_held(lane);
        submit(lane);
        if (lane_staged(lane) >= lane->options.limits.batch_jobs || !lane_rules_ready(lane))
            return;
        lane_deliver(lane);
    }
}

/* Virtual time goes on; what waited behind an advance that is done is decided in the same
 * batch, so that a replay of many small steps does not pay a commit for each. */
static void
advance_held(struct lane *lane)
{
    while (lane->advance != NULL) {
        lane_advance_turn(lane);
        if (lane->advance != NULL)
            return;
        if (lane_staged(lane) >= ADVANCE_BATCH) {
            lane->held_more = true; /* what waited behind it is decided in the next turn */
            return;
        }
        run_held(lane);
    }
}

int
lane_turn(struct lane *lane)
{
    int n;

    lane->starved_from = sgn_memory_failures();
    lane->turn_now = sgn_clock_now(lane->options.clock);
    lane->turn_due = lane->turn_now - lane_late_ms(lane);
    if (lane->refused)
        return lane_refuse_all(lane, SGN_UNKNOWN_OUTCOME,
                               "the store failed in a commit: repeat the request with the same "
                               "request_id when the server is back");
    lane_pace_begin(lane);
    lane_files_settled(lane);
    take_inbox(lane, 0);
    lane_nodes_hear(lane);
    if (lane_has_missed(lane) && !lane_rests(lane))
        lane_work_resume(lane);
    if (!lane_rests(lane))
        lane_retention_look(lane);
    lane_deliver(lane);
    lane_sign_of_life(lane);
    run_rounds(lane);
    advance_held(lane);
    if (lane->advance == NULL && !lane_rests(lane)) {
        lane_periods_turn(lane);
        lane_due_turn(lane);
        lane_schedules_turn(lane);
        (void)lane_effects_turn(lane);
        lane_sweeps_turn(lane);
        lane_retention_turn(lane);
        lane_files_turn(lane);
        lane_heads_turn(lane);
    }
    if (lane->clock_moved || (lane->clock_unsaved && lane_staged(lane) > 0))
        lane_clock_put(lane);
    /* Before the commit: calls change nothing, and are answered while the disk works. */
    submit(lane);
    lane_pace_decided(lane);
    lane->n_taken = 0;
    n = lane_turn_end(lane);
    lane->pace.largest = n > lane->pace.largest ? n : lane->pace.largest;
    lane_pace_ended(lane);
    return n;
}

static bool
own_is_owed(struct lane *lane)
{
    for (struct sgn_node *node = lane->jobs; node != NULL; node = node->next) {
        struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);

        if (job->method == NULL && lane_is_owed(job))
            return true;
    }
    return false;
}

/* Is there work that needs no new job to go on? */
static bool
has_more(struct lane *lane)
{
    if (lane_rules_ready(lane))
        return true;
    /* An advance goes on unless the engine's own work in it waits for the rules. */
    if (lane->advance != NULL && !own_is_owed(lane))
        return true;
    if (!lane_rests(lane) && (lane->effects != NULL || lane_has_missed(lane)))
        return true;
    if (!lane_rests(lane) && (lane_files_has_more(lane) || lane_sweeps_ready(lane)))
        return true;
    return lane->held_more;
}

/*
 * Waits for work, *quiet: nothing came in the wait before. What the store does in idle moments is
 * only done then: a log that is copied back after each commit is copied for each page as often as
 * it changes, with a sync each time, where once would do. Under load there is no such moment, and
 * the log's length decides.
 */
static void
wait_for_work(struct lane *lane, int64_t wait, bool *quiet)
{
    if (!*quiet && (wait < 0 || wait > QUIET_MS))
        wait = QUIET_MS;
    if (*quiet && store_idle(lane->options.store))
        return;
    take_inbox(lane, wait);
    *quiet = !lane->held_more;
}

void
lane_main(void *arg)
{
    struct lane *lane = arg;
    bool quiet = false;

    while (!lane->stopping) {
        int64_t wait = has_more(lane) ? 0 : lane_due_timeout(lane);

        if (wait != 0)
            wait_for_work(lane, wait, &quiet);
        else
            quiet = false;
        lane_turn(lane);
        lane->n_turns++;
    }
    /* What was taken before the stop is still decided; what waits for answers is not. */
    lane_turn(lane);
    (void)lane_refuse_all(lane, SGN_UNAVAILABLE, "the server is stopping");
}
