/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Periods of standing in that begin and end because time passes. Nobody sends a command then, so
 * the engine does: an entry of the team, a message to both persons, the row that says it was told,
 * and the sweep over open cases, all in one commit. A crash before it fires the period again, a
 * crash after it does not.
 *
 * A row without "told" was written before periods were told, and is left alone.
 */
#include "json.h"
#include "lane_internal.h"
#include "leases.h"
#include <string.h>

enum told {
    TOLD_NOTHING,
    TOLD_BEGINNING,
    TOLD_END
};

void
lane_periods_changed(struct lane *lane)
{
    lane->period.known = false;
}

/* When something of it is due next; 0: never more. Ended by hand, it was told then. */
static int64_t
due_of(const json_t *row)
{
    int64_t told = sgn_json_int(row, "told", TOLD_END);

    if (told >= TOLD_END || sgn_json_int(row, "ended", 0) != 0)
        return 0;
    return sgn_json_int(row, told == TOLD_NOTHING ? "starts" : "ends", 0);
}

/* Of one team, with what this batch has staged. */
static enum sgn_status
look_at(struct lane *lane, const char *team, struct sgn_error *err)
{
    struct lane_job job = { .channel = "engine" };
    struct lane_run run;
    json_t *rows = NULL, *row;
    size_t i;
    enum sgn_status st;

    sgn_text_copy(job.team, sizeof job.team, team);
    lane_run_init(&run, lane, &job);
    st = lane_row_list(&run, STORE_DELEGATION, NULL, &rows, err);
    lane_run_deinit(&run);
    json_array_foreach(rows, i, row) {
        int64_t due = due_of(row);

        if (due == 0 || (lane->period.due != 0 && lane->period.due <= due))
            continue;
        lane->period.due = due;
        lane->period.id = sgn_json_int(row, "id", 0);
        sgn_text_copy(lane->period.team, sizeof lane->period.team, team);
    }
    json_decref(rows);
    return st;
}

enum sgn_status
lane_periods_first(struct lane *lane, int64_t *due, struct sgn_error *err)
{
    json_t *teams = NULL, *team;
    size_t i;
    enum sgn_status st = SGN_OK;

    if (!lane->period.known) {
        lane->period.due = 0;
        st = store_teams(lane->reader, &teams, err);
        json_array_foreach(teams, i, team)
            if (st == SGN_OK && json_string_length(team) > 0 &&
                lane_leased(lane, json_string_value(team)))
                st = look_at(lane, json_string_value(team), err);
        json_decref(teams);
        lane->period.known = st == SGN_OK;
    }
    *due = st == SGN_OK ? lane->period.due : 0;
    return st;
}

/* ---- firing ---- */

/* As delegation.set and delegation.end tell it. */
static json_t *
message_of(const struct lane_run *run, const json_t *row, bool ends)
{
    const struct lane_team *team = lane_site_team(run->lane->site, run->team);
    const char *names[] = { "starts", "ends" };
    char text[2][SGN_TIME_TEXT];

    for (int i = 0; i < 2; i++) {
        int64_t at = sgn_json_int(row, names[i], 0);

        sgn_time_format(
            at, team != NULL && team->team != NULL ? calendar_zone_offset(team->team->zone, at) : 0,
            text[i]);
    }
    return json_pack("{s:s, s:[O, O], s:O, s:O, s:s, s:s}", "kind",
                     ends ? "undelegated" : "delegated", "to", json_object_get(row, "person"),
                     json_object_get(row, "stand_in"), "person", json_object_get(row, "person"),
                     "stand_in", json_object_get(row, "stand_in"), "from", text[0], "until",
                     text[1]);
}

static enum sgn_status
tell(struct lane_run *run, json_t *row, bool ends, struct sgn_error *err)
{
    json_t *message = message_of(run, row, ends), *params = NULL;
    enum sgn_status st = message != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK &&
        json_object_set_new(row, "told", json_integer(ends ? TOLD_END : TOLD_BEGINNING)) != 0)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = lane_row_put(run, STORE_DELEGATION, row, err);
    params = json_pack("{s:O, s:O, s:O}", "id", json_object_get(row, "id"), "person",
                       json_object_get(row, "person"), "to", json_object_get(row, "stand_in"));
    if (st == SGN_OK)
        st = params != NULL ? lane_data_entry(run, params, err) : sgn_nomem(err);
    if (st == SGN_OK &&
        json_object_set_new(run->entry->internal, "method",
                            json_string(ends ? "delegation.ends" : "delegation.begins")) != 0)
        st = sgn_nomem(err);
    json_decref(params);
    if (st != SGN_OK) {
        json_decref(message);
        return st;
    }
    return lane_data_tell(run, message, err);
}

/* The run function; what was ended or told in between is left alone. */
static enum sgn_status
run_period(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *key = json_pack("{s:I}", "id", (json_int_t)run->lane->period.id), *row = NULL;
    int64_t due;
    enum sgn_status st = lane_row_get(run, STORE_DELEGATION, key, &row, err);

    (void)job;
    json_decref(key);
    due = due_of(row);
    if (st == SGN_OK && due != 0 && due <= run->now)
        st = tell(run, row, sgn_json_int(row, "told", 0) == TOLD_BEGINNING, err);
    json_decref(row);
    return st;
}

enum sgn_status
lane_period_fire(struct lane *lane, int64_t now, struct sgn_error *err)
{
    struct lane_job *job = lane_job_new();
    enum sgn_status st;

    if (job == NULL)
        return sgn_nomem(err);
    job->run = run_period;
    job->channel = "engine";
    job->leased = true;
    job->at = now;
    sgn_text_copy(job->team, sizeof job->team, lane->period.team);
    st = lane_run_job(lane, job);
    if (st != SGN_OK)
        sgn_error_move(err, &job->error);
    else
        lane->n_fired++;
    lane_job_free(job);
    lane_periods_changed(lane);
    return st;
}

void
lane_periods_turn(struct lane *lane)
{
    struct sgn_error err = { 0 };
    int64_t due = 0;
    enum sgn_status st = lane_periods_first(lane, &due, &err);

    for (int n = 0;
         st == SGN_OK && due != 0 && due <= lane->turn_due && n < lane->options.limits.due_per_turn;
         n++) {
        st = lane_period_fire(lane, lane->turn_now, &err);
        if (st == SGN_OK)
            st = lane_periods_first(lane, &due, &err);
    }
    if (st != SGN_OK) {
        sgn_log(SGN_LOG_ERROR, "a stand-in's period was not told", "why", err.message, NULL);
        lane_rest(lane);
    }
    sgn_error_clear(&err);
}
