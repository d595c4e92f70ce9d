/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Jobs of a batch at their end: answered, dropped, or decided again since another node has moved
 * their team's head.
 *
 * What was decided on is old then, and is decided again while the head is held, so that nobody
 * moves it on meanwhile: a second time is enough unless the database takes the hold away. Answers
 * of the rules are remembered by what they were asked with, and a function is asked again only when
 * that has changed.
 */
#include "again.h"

#include "in_force.h"
#include "json.h"
#include "known.h"
#include "leases.h"
#include "sweep.h"
#include <string.h>

void
lane_answer_all(struct lane *lane, struct sgn_node *node, enum sgn_status st,
                const struct sgn_error *why)
{
    bool any = node != NULL;

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
    if (any && lane->options.answered != NULL)
        lane->options.answered(lane->options.ctx);
}

int
lane_batch_answer(struct lane *lane, struct lane_batch *batch)
{
    struct sgn_node *done = batch->finished;
    int n = batch->n_finished;

    batch->finished = NULL;
    batch->n_finished = 0;
    lane_answer_all(lane, done, batch->status, &batch->why);
    return n;
}

/* Is this work of the engine still to be done, when nothing but entries up to keep stands? What is
 * due is found by its case's row; an effect is this node's while it has the lease. */
static bool
is_kept(const struct lane *lane, const struct lane_job *job, int64_t keep)
{
    const struct lane_effect *effect = lane_effect_of(job);

    if (effect == NULL)
        return keep > 0 && lane_is_due(job);
    return effect->seq <= keep && lane_leased(lane, job->team) && !lane_is_missed(lane, job->team);
}

void
lane_own_drop(struct lane *lane, const char *team, int64_t keep)
{
    struct sgn_node **link = &lane->jobs;

    while (*link != NULL) {
        struct lane_job *job = SGN_CONTAINER(*link, struct lane_job, node);

        if (job->method != NULL || (team != NULL && strcmp(job->team, team) != 0) ||
            is_kept(lane, job, keep)) {
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
    if (job->run == lane_case_open || lane_effect_opens(job))
        job->case_key[0] = '\0'; /* another's by now, it may be */
    lane->n_jobs--;
}

/* Effects of a team are carried out one after the other: when the first must wait again, those that
 * waited behind it are found again; when one had trouble that passes, all are. */
static void
drop_behind(struct lane *lane, const char *team)
{
    struct sgn_node **link = &lane->jobs;
    bool keeps = !lane_is_missed(lane, team);

    while (*link != NULL) {
        struct lane_job *job = SGN_CONTAINER(*link, struct lane_job, node);
        bool theirs = lane_effect_of(job) != NULL && strcmp(job->team, team) == 0;

        if (theirs && !keeps) {
            *link = job->node.next;
            lane_park_forget(lane, job);
            job->done(job);
            continue;
        }
        keeps = keeps && !theirs;
        link = &(*link)->next;
    }
    lane->jobs_end = link;
}

/* The batch's jobs anew, in their order; one that must wait for the rules is held before all that
 * came later. */
static void
run_again(struct lane *lane, const struct lane_batch *batch, struct sgn_node *node, int64_t since,
          const struct sgn_error *why)
{
    struct sgn_node *later = lane->jobs, **front = &lane->jobs;
    bool waits = false; /* an effect; those behind it are found again */

    while (node != NULL) {
        struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);
        bool effect = lane_effect_of(job) != NULL;

        node = node->next;
        job->node.next = NULL;
        if (job->method == NULL && (!is_kept(lane, job, since) || (effect && waits))) {
            lane_answer_all(lane, &job->node, SGN_CONFLICT, why);
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
        waits = waits || effect;
        *front = &job->node;
        front = &job->node.next;
        *front = later;
    }
    drop_behind(lane, batch->team);
}

/* Work of the engine that rests on what was staged ends, and is found again; what was due and what
 * entries that stand have asked for goes on with the answers that it has: a team that many nodes
 * write in would else never come to it. */
void
lane_batch_again(struct lane *lane, struct lane_batch *batch, const struct sgn_error *why)
{
    struct sgn_node *node = batch->finished;
    int64_t since = sgn_json_int(json_object_get(lane->heads, batch->team), "seq", 0);
    int again = batch->overtaken + 1;
    bool held = batch->held, work_lost = batch->work_lost || batch->leased;

    batch->finished = NULL;
    lane_batch_drop(lane, batch);
    batch->overtaken = again;
    batch->held = held;
    batch->work_lost = work_lost;
    (void)lane_team_changed(lane, batch->team);
    lane_kept_follow(lane, batch->team);
    lane_effects_clear(lane, batch->team);
    lane_own_drop(lane, batch->team, since);
    run_again(lane, batch, node, since, why);
    /* Loaded from the store at the end of the turn, when all is committed. */
    lane_sweeps_clear(lane, batch->team);
}

/* ---- what the engine is to do by itself ---- */

void
lane_work_missed(struct lane *lane, const char *team)
{
    if (json_object_set_new(lane->missed, team != NULL ? team : "", json_true()) != 0)
        lane->missed_all = true;
}

bool
lane_is_missed(const struct lane *lane, const char *team)
{
    return lane->missed_all || json_object_get(lane->missed, team) != NULL ||
           json_object_get(lane->missed, "") != NULL;
}

bool
lane_has_missed(const struct lane *lane)
{
    return lane->missed_all || json_object_size(lane->missed) > 0;
}

/* One team's, or all teams'. */
static enum sgn_status
resume(struct lane *lane, const char *team, struct sgn_error *err)
{
    enum sgn_status st = lane_effects_resume(lane, team, err);

    if (st == SGN_OK)
        st = lane_sweeps_more(lane, team, err);
    if (st == SGN_OK)
        return SGN_OK;
    sgn_log(SGN_LOG_ERROR, "work not taken up yet", "team", team != NULL ? team : "", "why",
            err->message, NULL);
    lane_rest(lane);
    return st;
}

/* Sweeps are added to those that are walked: commands of theirs may wait for the rules. */
void
lane_work_resume(struct lane *lane)
{
    struct sgn_error err = { 0 };
    const char *name;
    json_t *yes;
    void *next;

    if (lane->missed_all && resume(lane, NULL, &err) == SGN_OK) {
        lane->missed_all = false;
        json_object_clear(lane->missed);
    }
    json_object_foreach_safe(lane->missed, next, name, yes) {
        if (err.status != SGN_OK || resume(lane, name[0] != '\0' ? name : NULL, &err) != SGN_OK)
            break;
        json_object_del(lane->missed, name);
    }
    sgn_error_clear(&err);
}
