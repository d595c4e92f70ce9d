/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock.advance: virtual time lives through the interval. What is due fires in order, each at its
 * own time, with what it starts; nothing that came later is decided before it has ended.
 */
#include "calendars.h"
#include "json.h"
#include "lane_internal.h"
#include "retention.h"
#include "scheduled.h"
#include "sweep.h"
#include <string.h>

/* So far in the team's own calendar, or in that of the team which an operator names; who names none
 * counts in UTC. */
static enum sgn_status
advance_by(struct lane_run *run, const char *by, int64_t now, int64_t *out, struct sgn_error *err)
{
    const struct core_calendars *calendars = NULL;
    struct calendar_duration duration;
    enum sgn_status st = calendar_duration_parse(by, &duration, err);

    if (st == SGN_OK)
        st = lane_calendars_of(run, &calendars, err);
    if (st == SGN_OK)
        *out = calendar_due(calendars->n > 0 ? calendars->items[0].calendar : calendars->round,
                            &duration, now);
    if (st == SGN_OK && *out > SGN_TIME_MAX)
        st = sgn_fail(err, SGN_INVALID, "that is after the year 9999");
    return st;
}

static enum sgn_status
advance_target(struct lane_run *run, const struct lane_job *job, int64_t now, int64_t *out,
               struct sgn_error *err)
{
    const char *by = sgn_json_str(job->params, "by"), *to = sgn_json_str(job->params, "to");
    enum sgn_status st;

    if ((by == NULL) == (to == NULL))
        return sgn_fail(err, SGN_PARAMS, "clock.advance takes either \"by\" or \"to\"");
    if (to != NULL) {
        st = sgn_time_parse(to, out, err);
    } else {
        st = advance_by(run, by, now, out, err);
    }
    if (st != SGN_OK) {
        sgn_error_add(err, "pointer", json_string(to != NULL ? "/to" : "/by"));
        return st;
    }
    if (*out < now)
        return sgn_fail(err, SGN_INVALID, "the clock never goes back");
    return SGN_OK;
}

enum sgn_status
lane_clock_advance(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    struct lane *lane = run->lane;
    int64_t now = sgn_clock_now(lane->options.clock), target = now;
    enum sgn_status st;

    if (!lane->options.clock->is_virtual)
        return sgn_fail(err, SGN_NOT_NOW, "this site runs on real time, which nobody advances");
    st = advance_target(run, job, now, &target, err);
    if (st != SGN_OK)
        return st;
    lane->advance = job;
    lane->advance_to = target;
    lane->advance_fired = lane->n_fired;
    return SGN_OK;
}

void
lane_clock_put(struct lane *lane)
{
    lane->clock_unsaved = lane->clock_moved = false;
    (void)lane_batch_put(lane, "", STORE_SETTING,
                         json_pack("{s:s, s:{s:b, s:I}}", "name", "clock", "value", "virtual", 1,
                                   "now", (json_int_t)sgn_clock_now(lane->options.clock)),
                         NULL);
}

/* Something is due at that time: virtual time goes on to it. */
static void
live_until(struct lane *lane, int64_t due)
{
    if (due > sgn_clock_now(lane->options.clock))
        sgn_clock_set(lane->options.clock, due);
}

/* Retention goes on when nothing else is due before or at that time. */
static enum sgn_status
advance_retention(struct lane *lane, bool *fired, struct sgn_error *err)
{
    int64_t due = lane_retention_due(lane);

    *fired = due != 0 && due <= lane->advance_to;
    if (!*fired)
        return SGN_OK;
    live_until(lane, due);
    return lane_retention_fire(lane, err);
}

static bool
is_before(int64_t due, bool listed, int64_t next)
{
    return due != 0 && (!listed || due < next);
}

/* Fires what is due first of periods, cases and schedules, in this order at the same time: who
 * stands in is known when a rung asks whom to remind. *fired false: nothing is due by the target,
 * or nobody knows before the next turn. */
static enum sgn_status
advance_one(struct lane *lane, struct lane_walk *walk, bool *fired, struct sgn_error *err)
{
    struct lane_due next;
    int64_t scheduled, period = 0;
    bool listed;
    enum sgn_status st = lane_schedules_first(lane, &scheduled, err);

    *fired = false;
    if (st == SGN_OK)
        st = lane_periods_first(lane, &period, err);
    if (st != SGN_OK)
        return st;
    listed = lane_walk_next(walk, &next);
    if (!listed && walk->more)
        return SGN_OK;
    if (period != 0 && period <= lane->advance_to && (!listed || period <= next.due) &&
        (scheduled == 0 || period <= scheduled)) {
        *fired = true;
        live_until(lane, period);
        return lane_period_fire(lane, sgn_clock_now(lane->options.clock), err);
    }
    if (is_before(lane_retention_due(lane), listed, next.due) &&
        is_before(lane_retention_due(lane), scheduled != 0, scheduled))
        return advance_retention(lane, fired, err);
    *fired = true;
    if (listed && (scheduled == 0 || next.due <= scheduled)) {
        live_until(lane, next.due);
        return lane_fire_case(lane, next.team, next.key, next.due, err);
    }
    *fired = scheduled != 0 && scheduled <= lane->advance_to;
    if (!*fired)
        return SGN_OK;
    live_until(lane, scheduled);
    return lane_schedules_fire(lane, sgn_clock_now(lane->options.clock), err);
}

/* Fires in order, each at its own time and with what it starts, until nothing is due by the
 * target: *done; or until the turn is full. */
static enum sgn_status
advance_fire(struct lane *lane, struct lane_walk *walk, bool *done, struct sgn_error *err)
{
    *done = false;
    for (int n = 0; n < lane->options.limits.due_per_turn; n++) {
        bool fired;
        enum sgn_status st;

        if (lane_effects_turn(lane) > 0 || lane->effects != NULL || lane_own_is_held(lane))
            return SGN_OK;
        if (lane->sweeps != NULL) { /* time stands until what has changed is known everywhere */
            lane_sweeps_turn(lane);
            return SGN_OK;
        }
        if (lane_retention_stale(lane)) { /* what is staged is not in the history yet */
            if (lane_staged(lane) > 0)
                return SGN_OK;
            lane_retention_look(lane);
        }
        st = advance_one(lane, walk, &fired, err);
        if (st != SGN_OK)
            return st == SGN_NEEDS ? SGN_OK : st;
        if (!fired) {
            *done = !walk->more;
            return SGN_OK;
        }
    }
    return SGN_OK;
}

/* The answer; with a request_id it must be found again, so it becomes an entry. */
static enum sgn_status
advance_answer(struct lane *lane, struct lane_job *job, struct sgn_error *err)
{
    const struct lane_team *team = lane_site_whose(lane->site, job->team);
    int offset = team != NULL && team->team != NULL
                     ? calendar_zone_offset(team->team->zone, lane->advance_to)
                     : 0;
    char text[SGN_TIME_TEXT];
    json_t *answer = json_pack("{s:s, s:I}", "now", sgn_time_format(lane->advance_to, offset, text),
                               "fired", (json_int_t)(lane->n_fired - lane->advance_fired));
    struct lane_run run;
    enum sgn_status st = SGN_OK;

    json_decref(job->result);
    job->result = NULL;
    if (answer == NULL)
        return sgn_nomem(err);
    if (job->request[0] == '\0' || job->team[0] == '\0') {
        job->result = answer;
        return SGN_OK;
    }
    lane_run_init(&run, lane, job);
    st = lane_data_entry(&run, answer, err);
    if (st == SGN_OK)
        st = lane_run_merge(&run, err);
    lane_run_deinit(&run);
    json_decref(answer);
    return st;
}

void
lane_advance_turn(struct lane *lane)
{
    struct lane_job *job = lane->advance;
    struct lane_walk walk;
    bool done = true;
    enum sgn_status st;

    if (lane_own_is_held(lane))
        return;
    st = lane_walk_init(&walk, lane, lane->advance_to, &job->error);
    if (st == SGN_OK)
        st = advance_fire(lane, &walk, &done, &job->error);
    lane_walk_deinit(&walk);
    if (st == SGN_OK && done) {
        sgn_clock_set(lane->options.clock, lane->advance_to);
        st = advance_answer(lane, job, &job->error);
    }
    lane->clock_moved = true;
    if (st == SGN_OK && !done)
        return;
    job->status = st;
    lane->advance = NULL;
    lane->due_known = false;
    lane_finished(lane, job);
}
