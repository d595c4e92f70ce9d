/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What falls due: rungs, timers and sends, fired as commands of the engine, one entry each.
 *
 * Before a command is decided on a case, what is due in it by the command's time fires first
 * (lane_fire_due); everything else fires in order of due time, a bounded number per turn. Under
 * clock.advance the order holds over all cases, each at its own time, with what it starts.
 */
#include "json.h"
#include "lane_internal.h"
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

/* Errors of a rule or its case, which are recorded; others are the engine's own trouble. */
static bool
is_recorded(enum sgn_status st)
{
    return st != SGN_OK && st != SGN_NEEDS && st != SGN_NOMEM && st != SGN_INTERNAL &&
           st != SGN_UNAVAILABLE && st != SGN_UNKNOWN_OUTCOME && st != SGN_OVERLOADED;
}

static enum sgn_status
fire_one(struct lane_run *run, const char *key, const json_t *item, const json_t *deadline,
         int64_t due, struct sgn_error *err)
{
    struct lane *lane = run->lane;
    bool is_virtual = lane->options.clock->is_virtual;
    int64_t at = is_virtual ? due : run->now, last = sgn_json_int(item, "at", 0);
    json_t *row = json_incref(json_object_get(item, "row"));
    json_t *params = json_pack("{s:O}", "deadline", json_object_get(deadline, "id"));
    struct core_command command = { .kind = CORE_DEADLINE,
                                    .params = params,
                                    .actor = "system",
                                    .channel = "engine",
                                    .at = at > last ? at : last,
                                    .case_key = key };
    struct sgn_error why = { 0 };
    struct model *model = NULL;
    struct lane_run sub;
    enum sgn_status st;

    lane_run_init(&sub, lane, run->job);
    sub.now = command.at;
    if (due > lane->down_from && due <= lane->down_to)
        command.down_ms = lane->down_to - lane->down_from;
    st = lane_model_of(&sub, row, &model, err);
    if (st == SGN_OK)
        st = lane_decide(&sub, &command, model, row, &why);
    if (is_recorded(st))
        st = lane_decide_failed(&sub, &command, model, row, &why, err);
    else if (st != SGN_OK)
        sgn_error_move(err, &why);
    if (st == SGN_OK)
        st = lane_run_merge(&sub, err);
    sgn_error_clear(&why);
    lane_run_deinit(&sub);
    model_free(model);
    json_decref(params);
    json_decref(row);
    return st;
}

enum sgn_status
lane_fire_due(struct lane_run *run, const char *key, int64_t until, struct sgn_error *err)
{
    for (int i = 0; i < FIRE_MAX; i++) {
        json_t *item;
        const json_t *deadline;
        int64_t due;
        enum sgn_status st = lane_case_item(run->lane, run->team, key, &item, err);

        if (st != SGN_OK)
            return st;
        deadline = earliest(json_object_get(item, "row"), &due);
        if (deadline == NULL || due > until)
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

static enum sgn_status
fire_case(struct lane *lane, const char *team, const char *key, int64_t until)
{
    struct lane_job *job = lane_job_new();

    if (job == NULL)
        return SGN_NOMEM;
    job->run = run_due;
    job->channel = "engine";
    job->at = until;
    snprintf(job->team, sizeof job->team, "%s", team);
    snprintf(job->case_key, sizeof job->case_key, "%s", key);
    return lane_run_own(lane, job);
}

/* ---- real time, and what is due at a virtual time that stands ---- */

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

int64_t
lane_due_timeout(struct lane *lane)
{
    int64_t due = first_due(lane), now = sgn_clock_now(lane->options.clock);

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
    int64_t now = sgn_clock_now(lane->options.clock), due = first_due(lane);
    json_t *list = NULL, *item;
    size_t i;

    if (due == 0 || due > now)
        return;
    if (store_due_next(lane->reader, now, lane->options.limits.due_per_turn, &list, NULL) != SGN_OK)
        return;
    json_array_foreach(list, i, item) {
        const char *team = sgn_json_str(item, "team"), *key = sgn_json_str(item, "case");

        /* A command that waits for its case fires what is due by its own time itself. */
        if (!lane_case_is_held(lane, team, key))
            (void)fire_case(lane, team, key, now);
    }
    json_decref(list);
    lane->due_known = false;
}

/* ---- clock.advance ---- */

static enum sgn_status
advance_target(struct lane_run *run, const struct lane_job *job, int64_t now, int64_t *out,
               struct sgn_error *err)
{
    const char *by = sgn_json_str(job->params, "by"), *to = sgn_json_str(job->params, "to");
    const struct lane_team *team = lane_site_team(run->lane->site, run->team);
    struct calendar_duration duration;
    enum sgn_status st;

    if ((by == NULL) == (to == NULL))
        return sgn_fail(err, SGN_PARAMS, "clock.advance takes either \"by\" or \"to\"");
    if (to != NULL) {
        st = sgn_time_parse(to, out, err);
    } else {
        st = calendar_duration_parse(by, &duration, err);
        if (st == SGN_OK && calendar_duration_is_working(&duration))
            st = sgn_fail(err, SGN_INVALID, "advance by elapsed time: minutes, hours, days, weeks");
        if (st == SGN_OK)
            *out = calendar_duration_due(
                &duration, team != NULL ? team->team->zone : calendar_zone_get("UTC"), now);
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
    int64_t now = sgn_clock_now(lane->options.clock), target;
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

/* The staged case that is due first, of those changed in this batch. */
static const char *
staged_first(struct lane *lane, int64_t *due)
{
    const char *name, *found = NULL;
    json_t *item;

    json_object_foreach(lane->batch.cases, name, item) {
        int64_t at = sgn_json_int(item, "due", 0);

        if (at != 0 && (found == NULL || at < *due)) {
            found = name;
            *due = at;
        }
    }
    return found;
}

static enum sgn_status
fire_at(struct lane *lane, const char *team, const char *key, int64_t due)
{
    char t[SGN_KEY_MAX + 1], k[48]; /* the names may go with the staged item */

    snprintf(t, sizeof t, "%s", team);
    snprintf(k, sizeof k, "%s", key);
    if (due > sgn_clock_now(lane->options.clock))
        sgn_clock_set(lane->options.clock, due);
    return fire_case(lane, t, k, due);
}

/* Is what the store says of a case's due time still so, after what this batch changed? */
static bool
still_due(struct lane *lane, const json_t *item)
{
    char name[LANE_KEY_TEXT];

    return json_object_get(lane->batch.cases, lane_key(name, sgn_json_str(item, "team"),
                                                       sgn_json_str(item, "case"), NULL)) == NULL;
}

/* Fires in order until nothing is due by the target, or the turn is full: then false. */
static bool
advance_fire(struct lane *lane, const json_t *list, int limit)
{
    size_t i = 0, n = json_array_size(list);

    for (int fired = 0; fired < limit; fired++) {
        const json_t *item;
        int64_t staged_due = 0, stored_due;
        const char *staged;
        enum sgn_status st;

        if (lane_effects_turn(lane) > 0 || lane->effects != NULL || lane_own_is_held(lane))
            return false;
        while (i < n && !still_due(lane, json_array_get(list, i)))
            i++;
        item = i < n ? json_array_get(list, i) : NULL;
        stored_due = sgn_json_int(item, "due", 0);
        staged = staged_first(lane, &staged_due);
        if (staged != NULL && staged_due <= lane->advance_to &&
            (item == NULL || staged_due < stored_due)) {
            const char *slash = strchr(staged, '/');
            char team[SGN_KEY_MAX + 1];

            if (item == NULL && n >= (size_t)limit)
                return false; /* the store may have something earlier */
            snprintf(team, sizeof team, "%.*s", (int)(slash - staged), staged);
            st = fire_at(lane, team, slash + 1, staged_due);
        } else if (item != NULL) {
            i++;
            st = fire_at(lane, sgn_json_str(item, "team"), sgn_json_str(item, "case"), stored_due);
        } else {
            return n < (size_t)limit;
        }
        if (st == SGN_NEEDS)
            return false;
    }
    return false;
}

static void
store_clock(struct lane *lane)
{
    (void)lane_batch_put(lane, "", STORE_SETTING,
                         json_pack("{s:s, s:{s:b, s:I}}", "name", "clock", "value", "virtual", 1,
                                   "now", (json_int_t)sgn_clock_now(lane->options.clock)),
                         NULL);
}

void
lane_advance_turn(struct lane *lane)
{
    struct lane_job *job = lane->advance;
    struct sgn_error err = { 0 };
    json_t *list = NULL;
    int limit = lane->options.limits.due_per_turn;
    char text[SGN_TIME_TEXT];
    const struct lane_team *team = lane_site_team(lane->site, job->team);

    if (lane_own_is_held(lane))
        return;
    if (store_due_next(lane->reader, lane->advance_to, limit, &list, &err) != SGN_OK) {
        job->status = err.status;
        sgn_error_move(&job->error, &err);
    } else if (!advance_fire(lane, list, limit)) {
        store_clock(lane);
        json_decref(list);
        return;
    } else {
        int offset = team != NULL ? calendar_zone_offset(team->team->zone, lane->advance_to) : 0;

        sgn_clock_set(lane->options.clock, lane->advance_to);
        store_clock(lane);
        json_decref(job->result);
        job->result =
            json_pack("{s:s, s:I}", "now", sgn_time_format(lane->advance_to, offset, text), "fired",
                      (json_int_t)(lane->n_fired - lane->advance_fired));
        job->status = SGN_OK;
    }
    json_decref(list);
    lane->advance = NULL;
    lane->due_known = false;
    lane_finished(lane, job);
}
