/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which schedules there are, and when. A schedule is a row: its name, what was declared with
 * its zone and what became of it last (spec), and when it is due next. Rows are kept in step with
 * what is in force: one of the same name goes on where it was, unless its times were written anew;
 * a team whose file cannot be read keeps its rows, and nothing of it is fired meanwhile.
 */
#include "json.h"
#include "leases.h"
#include "scheduled.h"
#include <stdlib.h>
#include <string.h>

struct lane_schedules {
    json_t *next; /* {team/name: when it is due}; those that never are do not stand here */
    bool stale;
};

struct lane_schedules *
lane_schedules_new(void)
{
    struct lane_schedules *schedules = calloc(1, sizeof *schedules);

    if (schedules == NULL)
        return NULL;
    schedules->next = json_object();
    schedules->stale = true;
    return schedules;
}

void
lane_schedules_free(struct lane_schedules *schedules)
{
    if (schedules == NULL)
        return;
    json_decref(schedules->next);
    free(schedules);
}

void
lane_schedules_changed(struct lane *lane)
{
    if (lane->schedules != NULL) /* a first load comes before there are any */
        lane->schedules->stale = true;
}

bool
lane_schedules_stale(const struct lane *lane)
{
    return lane->schedules->stale;
}

static void
note_next(struct lane *lane, const char *team, const char *name, int64_t next)
{
    char key[LANE_KEY_TEXT];

    lane_key(key, team, name, NULL);
    if (next == 0)
        json_object_del(lane->schedules->next, key);
    else
        json_object_set_new(lane->schedules->next, key, json_integer(next));
}

/* ---- in step with what is declared ---- */

/* What a row keeps of a declaration. Lines say where it stood in a file, which is no news. */
static json_t *
spec_make(const struct model_team *team, const json_t *declared)
{
    json_t *spec = sgn_json_copy(declared), *start;
    size_t i;

    json_object_del(spec, "name");
    json_object_del(spec, "line");
    json_array_foreach(json_object_get(spec, "starts"), i, start)
        json_object_del(start, "line");
    if (spec == NULL ||
        json_object_set_new(spec, "zone", json_string(calendar_zone_name(team->zone))) != 0) {
        json_decref(spec);
        return NULL;
    }
    return spec;
}

static bool
same(const json_t *a, const json_t *b, const char *name)
{
    return json_equal(json_object_get(a, name), json_object_get(b, name));
}

static enum sgn_status
keep_one(struct lane_run *run, const json_t *old, const json_t *declared, struct sgn_error *err)
{
    const struct lane_team *team = lane_site_team(run->lane->site, run->team);
    const char *name = sgn_json_str(declared, "name");
    const json_t *old_spec = json_object_get(old, "spec");
    json_t *result = json_object_get(old_spec, "result");
    json_t *spec = spec_make(team->team, declared), *row = NULL;
    bool goes_on = same(spec, old_spec, "every") && same(spec, old_spec, "zone");
    int64_t next = goes_on ? sgn_json_int(old, "next", 0) : 0;
    enum sgn_status st = SGN_OK;

    if (spec == NULL)
        return sgn_nomem(err);
    if (!goes_on)
        next = lane_schedule_next(spec, run->now);
    if (result != NULL)
        json_object_set(spec, "result", result);
    if (old == NULL || !goes_on || !json_equal(spec, (json_t *)old_spec)) {
        row = json_pack("{s:s, s:o, s:O?, s:O}", "name", name, "next",
                        next != 0 ? json_integer(next) : json_null(), "last",
                        json_object_get(old, "last"), "spec", spec);
        st = row != NULL ? lane_row_put(run, STORE_SCHEDULE, row, err) : sgn_nomem(err);
    }
    if (st == SGN_OK)
        note_next(run->lane, run->team, name, next);
    json_decref(row);
    json_decref(spec);
    return st;
}

static const json_t *
row_named(const json_t *rows, const char *name)
{
    const json_t *row;
    size_t i;

    json_array_foreach((json_t *)rows, i, row)
        if (strcmp(sgn_json_str(row, "name"), name) == 0)
            return row;
    return NULL;
}

/* The run function of a team's turn: rows as declared, and none beside. */
static enum sgn_status
run_keep(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const struct lane_team *team = lane_site_team(run->lane->site, run->team);
    json_t *rows = NULL, *row;
    const json_t *declared;
    size_t i;
    enum sgn_status st = lane_row_list(run, STORE_SCHEDULE, NULL, &rows, err);

    (void)job;
    json_array_foreach((json_t *)team->team->schedules, i, declared)
        if (st == SGN_OK)
            st = keep_one(run, row_named(rows, sgn_json_str(declared, "name")), declared, err);
    json_array_foreach(rows, i, row)
        if (st == SGN_OK && row_named(team->team->schedules, sgn_json_str(row, "name")) == NULL)
            st = lane_row_remove(run, STORE_SCHEDULE, row, err);
    json_decref(rows);
    return st;
}

/* A job of the engine's own for a team, run at once. at: its time. */
static enum sgn_status
run_for(struct lane *lane, const char *team, lane_run_fn run, void *ctx, int64_t at,
        struct sgn_error *err)
{
    struct lane_job *job = lane_job_new();
    enum sgn_status st;

    if (job == NULL)
        return sgn_nomem(err);
    job->run = run;
    job->ctx = ctx;
    job->channel = "engine";
    job->leased = true;
    job->at = at;
    sgn_text_copy(job->team, sizeof job->team, team);
    st = lane_run_job(lane, job);
    if (st != SGN_OK)
        sgn_error_move(err, &job->error);
    lane_job_free(job);
    return st;
}

static enum sgn_status
look_again(struct lane *lane, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    json_object_clear(lane->schedules->next);
    for (int i = 0; st == SGN_OK && i < lane->site->n_teams; i++)
        if (lane->site->teams[i]->team != NULL && lane_leased(lane, lane->site->teams[i]->name))
            st = run_for(lane, lane->site->teams[i]->name, run_keep, NULL,
                         sgn_clock_now(lane->options.clock), err);
    lane->schedules->stale = st != SGN_OK;
    return st;
}

/* ---- when ---- */

/* The schedule that is due first, as "team/name"; of several the first by that. */
static const char *
first_of(const struct lane *lane, int64_t *due)
{
    const char *key, *found = NULL;
    json_t *value;

    *due = 0;
    json_object_foreach(lane->schedules->next, key, value) {
        int64_t at = json_integer_value(value);

        if (found == NULL || at < *due || (at == *due && strcmp(key, found) < 0)) {
            found = key;
            *due = at;
        }
    }
    return found;
}

int64_t
lane_schedules_due(const struct lane *lane)
{
    int64_t due;

    (void)first_of(lane, &due);
    return due;
}

enum sgn_status
lane_schedules_first(struct lane *lane, int64_t *due, struct sgn_error *err)
{
    enum sgn_status st = lane->schedules->stale ? look_again(lane, err) : SGN_OK;

    *due = st == SGN_OK ? lane_schedules_due(lane) : 0;
    return st;
}

/* ---- firing ---- */

struct firing {
    char name[MODEL_SCHEDULE_NAME_MAX + 1];
    int64_t next;
};

static enum sgn_status
run_firing(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    struct firing *firing = job->ctx;

    return lane_schedule_run(run, firing->name, &firing->next, err);
}

enum sgn_status
lane_schedules_fire(struct lane *lane, int64_t now, struct sgn_error *err)
{
    int64_t due;
    const char *key = first_of(lane, &due), *slash;
    char team[SGN_KEY_MAX + 1];
    struct firing firing = { .next = 0 };
    enum sgn_status st;

    if (key == NULL)
        return SGN_OK;
    slash = strchr(key, '/');
    snprintf(team, sizeof team, "%.*s", (int)(slash - key), key);
    sgn_text_copy(firing.name, sizeof firing.name, slash + 1);
    st = run_for(lane, team, run_firing, &firing, now, err);
    if (st == SGN_OK) {
        note_next(lane, team, firing.name, firing.next);
        lane->n_fired++;
    } else {
        sgn_error_prefix(err, "the schedule \"%s\" could not be fired: ", firing.name);
    }
    return st;
}

void
lane_schedules_turn(struct lane *lane)
{
    struct sgn_error err = { 0 };
    int64_t due;
    enum sgn_status st = lane_schedules_first(lane, &due, &err);

    for (int n = 0;
         st == SGN_OK && due != 0 && due <= lane->turn_due && n < lane->options.limits.due_per_turn;
         n++) {
        st = lane_schedules_fire(lane, lane->turn_now, &err);
        due = lane_schedules_due(lane);
    }
    if (st != SGN_OK) {
        sgn_log(SGN_LOG_ERROR, "schedules not fired", "why", err.message, NULL);
        lane_rest(lane);
    }
    sgn_error_clear(&err);
}
