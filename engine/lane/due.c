/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What falls due: rungs, timers and sends, fired as commands of the engine, one entry each.
 *
 * Before a command is decided on a case, what is due in it by the command's time fires first
 * (lane_fire_due); everything else fires when a turn finds it due, the cases in the order of what
 * is due first, a bounded number per turn. Its time is then that turn's, so that of reminders that
 * were missed the latest alone is sent. Under clock.advance each fires at its own time, in an order
 * that holds over all cases, with what it starts.
 */
#include "json.h"
#include "known.h"
#include "lane_internal.h"
#include "retention.h"
#include "scheduled.h"
#include <stdlib.h>
#include <string.h>

#define FIRE_MAX 1000 /* of one case before one command */

/* The deadline of a row that fires next: earliest, then in the order of arming. */
static const json_t *
earliest(const json_t *row, int64_t *due)
{
    const json_t *found = NULL, *deadline;
    size_t i;

    *due = 0;
    json_array_foreach(json_object_get(row, "deadlines"), i, deadline) {
        int64_t next = sgn_json_int(deadline, "next", 0);

        if (next != 0 && (found == NULL || next < *due)) {
            found = deadline;
            *due = next;
        }
    }
    return found;
}

bool
lane_is_recorded(enum sgn_status st)
{
    return st != SGN_OK && st != SGN_NEEDS && st != SGN_NOMEM && st != SGN_UNAVAILABLE &&
           st != SGN_UNKNOWN_OUTCOME && st != SGN_OVERLOADED;
}

/* How long the server was away when it fell due; short outages are nobody's excuse. */
static int64_t
outage_at(const struct lane *lane, int64_t due)
{
    int64_t down = lane->down_to - lane->down_from;

    if (due <= lane->down_from || due > lane->down_to)
        return 0;
    return down > lane->options.limits.due_ahead_ms ? down : 0;
}

/* Decides in a run of its own, which is merged whatever becomes of the command behind it. */
static enum sgn_status
fire_decided(struct lane_run *sub, const struct core_command *command, const json_t *row,
             struct sgn_error *err)
{
    struct sgn_error why = { 0 };
    struct model *model = NULL;
    enum sgn_status st = lane_model_of(sub, row, &model, err);

    if (st == SGN_OK)
        st = lane_decide(sub, command, model, row, &why);
    if (lane_is_recorded(st) && model != NULL) {
        lane_run_drop(sub);
        st = lane_decide_failed(sub, command, model, row, &why, err);
    } else if (why.status != SGN_OK) {
        sgn_error_move(err, &why);
    }
    if (st == SGN_OK)
        st = lane_run_merge(sub, err);
    sgn_error_clear(&why);
    model_free(model);
    return st;
}

static enum sgn_status
fire_one(struct lane_run *run, const char *key, const struct lane_case *item,
         const json_t *deadline, int64_t due, struct sgn_error *err)
{
    struct lane *lane = run->lane;
    /* When it fires; under clock.advance when it is due. */
    int64_t at = lane->advance != NULL ? due : run->now;
    json_t *params = json_pack("{s:O}", "deadline", json_object_get(deadline, "id"));
    struct core_command command = { .kind = CORE_DEADLINE,
                                    .params = params,
                                    .actor = "system",
                                    .channel = "engine",
                                    .at = at > item->at ? at : item->at,
                                    .case_key = key,
                                    .down_ms = outage_at(lane, due),
                                    .down_from = lane->down_from };
    struct lane_run sub;
    enum sgn_status st;

    lane_run_init(&sub, lane, run->job);
    sub.now = command.at;
    st = fire_decided(&sub, &command, item->row, err);
    lane_run_deinit(&sub);
    if (st == SGN_OK && run->job->parked != NULL)
        run->job->parked->rounds = 0; /* what follows is another decision */
    json_decref(params);
    return st;
}

enum sgn_status
lane_fire_due(struct lane_run *run, const char *key, int64_t until, struct sgn_error *err)
{
    for (int i = 0; i < FIRE_MAX; i++) {
        struct lane_case *item;
        const json_t *deadline;
        int64_t due;
        enum sgn_status st = lane_case_item(run->lane, run->team, key, &item, err);

        if (st != SGN_OK)
            return st;
        deadline = earliest(item->row, &due);
        /* Nothing in the case happens before its last entry, which may be one that just fired. */
        if (deadline == NULL || (due > until && due > item->at))
            return SGN_OK;
        st = fire_one(run, key, item, deadline, due, err);
        if (st != SGN_OK)
            return st;
        run->lane->n_fired++;
    }
    return SGN_OK;
}

/* The run function of the engine's own deadline jobs; job->at is the time until which. */
static enum sgn_status
run_due(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    enum sgn_status st = lane_fire_due(run, job->case_key, job->at, err);

    if (st != SGN_OK && st != SGN_NEEDS)
        sgn_log(SGN_LOG_ERROR, "deadline not fired", "case", job->case_key, "why", err->message,
                NULL);
    return st;
}

bool
lane_is_due(const struct lane_job *job)
{
    return job->run == run_due;
}

enum sgn_status
lane_fire_case(struct lane *lane, const char *team, const char *key, int64_t until,
               struct sgn_error *err)
{
    struct lane_job *job = lane_job_new();
    enum sgn_status st;

    if (job == NULL)
        return sgn_nomem(err);
    job->run = run_due;
    job->channel = "engine";
    job->at = until;
    sgn_text_copy(job->team, sizeof job->team, team);
    sgn_text_copy(job->case_key, sizeof job->case_key, key);
    st = lane_run_own(lane, job);
    if (st != SGN_OK && st != SGN_NEEDS)
        (void)sgn_fail(err, st, "what is due in %s could not be fired: %s", key,
                       job->error.message);
    return st;
}

/* ---- real time, and what is due at a virtual time that stands ---- */

void
lane_rest(struct lane *lane)
{
    lane->rest_until = sgn_monotonic_ms() + lane->options.limits.retry_ms;
}

bool
lane_rests(const struct lane *lane)
{
    return lane->rest_until != 0 && sgn_monotonic_ms() < lane->rest_until;
}

static int64_t
first_due(struct lane *lane)
{
    if (!lane->due_known) {
        int64_t due = 0;

        if (store_due_first(lane->reader, &due, NULL) == SGN_OK) {
            lane->next_due = due;
            lane->due_known = true;
        }
    }
    return lane->next_due;
}

/* Of two times the first; 0: never. */
static int64_t
sooner(int64_t a, int64_t b)
{
    return a == 0 || (b != 0 && b < a) ? b : a;
}

int64_t
lane_due_timeout(struct lane *lane)
{
    int64_t due = first_due(lane);
    int64_t now = sgn_clock_now(lane->options.clock) - lane_late_ms(lane);

    if (lane_rests(lane))
        return lane->rest_until - sgn_monotonic_ms() + 1;
    if (lane_schedules_stale(lane) || !lane->period.known || lane_retention_stale(lane))
        return 0;
    due = sooner(due, lane_schedules_due(lane));
    due = sooner(due, lane->period.due);
    due = sooner(due, lane_retention_due(lane));
    /* What waits for answers is gone on with when they wake the lane. */
    if (due != 0 && due <= now && lane->due_held && lane->askers.owed > 0)
        return lane->options.clock->is_virtual ? -1 : SGN_SECOND_MS;
    if (lane->options.clock->is_virtual)
        return due != 0 && due <= now ? 0 : -1;
    if (due != 0 && due <= now)
        return 0;
    /* once a minute at least: the sign of life */
    return due == 0 || due - now > SGN_MINUTE_MS ? SGN_MINUTE_MS : due - now;
}

void
lane_due_turn(struct lane *lane)
{
    int64_t now = lane->turn_due, due = first_due(lane);
    struct sgn_error err = { 0 };
    struct lane_due next;
    struct lane_walk walk;
    int n = 0, held = 0;

    lane->due_held = false;
    if (due == 0 || due > now)
        return;
    if (lane_walk_init(&walk, lane, now, NULL) == SGN_OK) {
        for (; n < lane->options.limits.due_per_turn && lane_walk_next(&walk, &next); n++) {
            enum sgn_status st = SGN_NEEDS;

            /* A command that waits for its case fires what is due by its own time itself. */
            if (!lane_case_is_held(lane, next.team, next.key))
                st = lane_fire_case(lane, next.team, next.key, now, &err);
            if (st == SGN_NEEDS) {
                lane_walk_hold(&walk, &next);
                held++;
            } else if (st != SGN_OK) {
                lane_rest(lane);
                break;
            }
        }
        lane->due_held = n > 0 && held == n && n < lane->options.limits.due_per_turn && !walk.more;
    }
    lane_walk_deinit(&walk);
    sgn_error_clear(&err);
    lane->due_known = false;
}
