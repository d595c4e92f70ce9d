/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walking a sweep. Its row says how far it has come and moves in the commit of the commands it
 * issued; a crash in between issues a page again, and a case that was done is found untouched,
 * because looking at a case twice changes nothing the second time.
 *
 * A sweep of kind "retry" goes over stuck cases only, and tries them again: one that fails again
 * says so again, and stays stuck.
 *
 * Sweeps are walked one after the other, oldest first, a page a turn: requests come in
 * between. Under clock.advance time waits until all have ended.
 */
#include "sweep.h"
#include "json.h"
#include "leases.h"
#include "memory.h"
#include "migrate.h"
#include "retention.h"
#include <stdlib.h>
#include <string.h>

#define CASES_PER_TURN 100
#define ROWS_MOST      10000
#define ENDED_KEPT     100 /* rows of ended sweeps, for admin.sweeps */

static void
sweep_free(struct lane_sweep *sweep)
{
    if (sweep == NULL)
        return;
    json_decref(sweep->argument);
    free(sweep->cursor);
    free(sweep->reached);
    free(sweep);
}

void
lane_sweeps_clear(struct lane *lane, const char *team)
{
    struct lane_sweep **link = &lane->sweeps;

    while (*link != NULL) {
        struct lane_sweep *sweep = *link;

        if (team != NULL && strcmp(sweep->team, team) != 0) {
            link = &sweep->next;
            continue;
        }
        *link = sweep->next;
        sweep_free(sweep);
    }
    if (team == NULL)
        json_object_clear(lane->sweep_ids);
    else
        json_object_del(lane->sweep_ids, team);
}

static void
join(struct lane *lane, struct lane_sweep *sweep)
{
    struct lane_sweep **end = &lane->sweeps;

    while (*end != NULL)
        end = &(*end)->next;
    *end = sweep;
}

static json_t *
row_of(const struct lane_sweep *sweep, int64_t ended)
{
    json_t *row =
        json_pack("{s:I, s:s, s:O, s:s?, s:I, s:I}", "id", (json_int_t)sweep->id, "kind",
                  sweep->kind, "argument", sweep->argument, "cursor", sweep->cursor, "started",
                  (json_int_t)sweep->started, "touched", (json_int_t)sweep->touched);

    if (row != NULL && ended != 0)
        json_object_set_new(row, "ended", json_integer(ended));
    return row;
}

/* ---- beginning ---- */

/* Ids go on from the last row there is. */
static enum sgn_status
next_id(struct lane_run *run, int64_t *out, struct sgn_error *err)
{
    json_t *last = json_object_get(run->lane->sweep_ids, run->team), *rows = NULL, *row;
    size_t i;
    enum sgn_status st = SGN_OK;

    *out = json_integer_value(last);
    if (last == NULL) {
        st = lane_row_list(run, STORE_SWEEP, NULL, &rows, err);
        json_array_foreach(rows, i, row)
            if (sgn_json_int(row, "id", 0) > *out)
                *out = sgn_json_int(row, "id", 0);
        json_decref(rows);
    }
    ++*out;
    if (st == SGN_OK &&
        json_object_set_new(run->lane->sweep_ids, run->team, json_integer(*out)) != 0)
        st = sgn_nomem(err);
    return st;
}

enum sgn_status
lane_sweep_begin(struct lane_run *run, const char *kind, const json_t *argument,
                 struct sgn_error *err)
{
    struct lane_sweep *sweep = calloc(1, sizeof *sweep);
    json_t *row = NULL;
    enum sgn_status st = sweep != NULL ? next_id(run, &sweep->id, err) : sgn_nomem(err);

    if (st == SGN_OK) {
        sgn_text_copy(sweep->team, sizeof sweep->team, run->team);
        sgn_text_copy(sweep->kind, sizeof sweep->kind, kind);
        sweep->argument = sgn_json_copy(argument);
        sweep->started = run->now;
        row = row_of(sweep, 0);
        st = row != NULL ? lane_row_put(run, STORE_SWEEP, row, err) : sgn_nomem(err);
    }
    json_decref(row);
    if (st == SGN_OK && lane_leased(run->lane, run->team))
        join(run->lane, sweep);
    else
        sweep_free(sweep);
    return st;
}

static enum sgn_status
take_up(struct lane *lane, const char *team, const json_t *row, struct sgn_error *err)
{
    struct lane_sweep *sweep = calloc(1, sizeof *sweep);
    const char *kind = sgn_json_str(row, "kind"), *cursor = sgn_json_str(row, "cursor");

    if (sweep == NULL)
        return sgn_nomem(err);
    sgn_text_copy(sweep->team, sizeof sweep->team, team);
    sgn_text_copy(sweep->kind, sizeof sweep->kind, kind != NULL ? kind : "people");
    sweep->id = sgn_json_int(row, "id", 0);
    sweep->started = sgn_json_int(row, "started", 0);
    sweep->touched = sweep->said = sgn_json_int(row, "touched", 0);
    sweep->argument = json_is_object(json_object_get(row, "argument"))
                          ? sgn_json_copy(json_object_get(row, "argument"))
                          : json_object();
    sweep->cursor = cursor != NULL ? sgn_strdup(cursor) : NULL;
    join(lane, sweep);
    return sweep->argument != NULL ? SGN_OK : sgn_nomem(err);
}

static bool
is_walked(const struct lane *lane, const char *team, int64_t id)
{
    const struct lane_sweep *sweep = lane->sweeps;

    while (sweep != NULL && (sweep->id != id || strcmp(sweep->team, team) != 0))
        sweep = sweep->next;
    return sweep != NULL;
}

static enum sgn_status
more_of(struct lane *lane, const char *team, struct sgn_error *err)
{
    json_t *rows = NULL, *row;
    size_t k;
    enum sgn_status st = SGN_OK;

    if (!lane_leased(lane, team))
        return SGN_OK;
    st = store_row_list(lane->reader, STORE_SWEEP, team, NULL, NULL, ROWS_MOST, &rows, err);
    json_array_foreach(rows, k, row)
        if (st == SGN_OK && sgn_json_int(row, "ended", 0) == 0 &&
            !is_walked(lane, team, sgn_json_int(row, "id", 0)))
            st = take_up(lane, team, row, err);
    json_decref(rows);
    return st;
}

enum sgn_status
lane_sweeps_more(struct lane *lane, const char *team, struct sgn_error *err)
{
    json_t *teams = NULL, *each;
    size_t i;
    enum sgn_status st;

    if (team != NULL)
        return more_of(lane, team, err);
    st = store_teams(lane->reader, &teams, err);
    json_array_foreach(teams, i, each) {
        if (st == SGN_OK)
            st = more_of(lane, json_string_value(each), err);
    }
    json_decref(teams);
    return st;
}

enum sgn_status
lane_sweeps_resume(struct lane *lane, const char *team, struct sgn_error *err)
{
    lane_sweeps_clear(lane, team);
    return lane_sweeps_more(lane, team, err);
}

/* ---- walking ---- */

/* Stages the row as it is now; of an ended one, and takes the row of one long ended away. */
static enum sgn_status
save(struct lane *lane, struct lane_sweep *sweep, bool ended, struct sgn_error *err)
{
    struct lane_job job = { .channel = "engine", .leased = true };
    struct lane_run run;
    json_t *row, *old;
    enum sgn_status st;

    sgn_text_copy(job.team, sizeof job.team, sweep->team);
    lane_run_init(&run, lane, &job);
    row = row_of(sweep, ended ? run.now : 0);
    st = row != NULL ? lane_row_put(&run, STORE_SWEEP, row, err) : sgn_nomem(err);
    if (st == SGN_OK && ended && sweep->id > ENDED_KEPT) {
        old = json_pack("{s:I}", "id", (json_int_t)(sweep->id - ENDED_KEPT));
        st = lane_row_remove(&run, STORE_SWEEP, old, err);
        json_decref(old);
    }
    if (st == SGN_OK)
        st = lane_run_merge(&run, err);
    lane_run_deinit(&run);
    json_decref(row);
    sweep->said = sweep->touched;
    return st;
}

static bool
is_retry(const struct lane_sweep *sweep)
{
    return strcmp(sweep->kind, "retry") == 0;
}

static bool
is_retention(const struct lane_sweep *sweep)
{
    return strcmp(sweep->kind, LANE_RETENTION_SWEEP) == 0;
}

static bool
is_migration(const struct lane_sweep *sweep)
{
    return strcmp(sweep->kind, "migrate") == 0;
}

/* What a rule of this case does not bear must not stop the rest. */
static void
leave(struct lane_sweep *sweep, const char *key, enum sgn_status st, const struct sgn_error *err)
{
    if (is_migration(sweep)) {
        lane_migrate_left(sweep->argument, key, st, err);
        sweep->said = -1; /* the row is to say so */
    }
    sgn_log(SGN_LOG_WARN, "sweep left a case as it is", "case", key, "why", err->message, NULL);
}

/* The run function of a sweep's commands. item is set while it waits for the rules. */
static enum sgn_status
run_sweep(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    struct lane_sweep *sweep = job->ctx;
    enum sgn_status st;

    if (is_migration(sweep))
        st = lane_migrate_case(run, job, err);
    else if (is_retention(sweep))
        st = lane_retention_case(run, job, err);
    else
        st = lane_command(run, job, is_retry(sweep) ? CORE_RETRY : CORE_SWEEP, err);

    if (st == SGN_NEEDS)
        return st;
    if (job->item != NULL)
        sweep->waiting--;
    if (st == SGN_OK)
        sweep->touched++;
    else if (st != SGN_NOT_NOW)
        leave(sweep, job->case_key, st, err);
    return st;
}

static void
sweep_case(struct lane *lane, struct lane_sweep *sweep, const char *key)
{
    struct lane_job *job = lane_job_new();

    if (job == NULL)
        return;
    job->run = run_sweep;
    job->ctx = sweep;
    job->channel = "engine";
    job->leased = true;
    job->params = json_pack("{s:s, s:O}", "kind", sweep->kind, "argument", sweep->argument);
    sgn_text_copy(job->team, sizeof job->team, sweep->team);
    sgn_text_copy(job->case_key, sizeof job->case_key, key);
    if (lane_run_own(lane, job) == SGN_NEEDS) {
        job->item = sweep;
        sweep->waiting++;
    }
}

/* What is to be erased must be committed. */
static bool
must_wait(struct lane *lane, const struct lane_sweep *sweep)
{
    const json_t *key;
    size_t i;

    if (is_retention(sweep) && !sweep->under_way)
        json_array_foreach(json_object_get(sweep->argument, "cases"), i, key)
            if (lane_retention_waits(lane, sweep->team, json_string_value(key)))
                return true;
    return false;
}

/* Of a migration the cases that it names, or those of its workflow. */
static bool
issue_named(struct lane *lane, struct lane_sweep *sweep)
{
    const json_t *cases = json_object_get(sweep->argument, "cases"), *key;
    size_t i;

    if (json_array_size(cases) == 0)
        return false;
    json_array_foreach(cases, i, key)
        sweep_case(lane, sweep, json_string_value(key));
    free(sweep->reached);
    sweep->reached = NULL;
    sweep->under_way = true;
    return true;
}

static enum sgn_status
issue_page(struct lane *lane, struct lane_sweep *sweep, struct sgn_error *err)
{
    const char *workflow = is_migration(sweep) ? sgn_json_str(sweep->argument, "workflow") : NULL;
    json_t *workflows = workflow != NULL ? json_pack("[s]", workflow) : NULL;
    struct store_page page = { 0 };
    struct store_case_filter filter = { .team = sweep->team,
                                        .workflows = workflows,
                                        .project = sgn_json_str(sweep->argument, "project"),
                                        .client = sgn_json_str(sweep->argument, "client"),
                                        .cursor = sweep->cursor,
                                        .open = true,
                                        .stuck = is_retry(sweep),
                                        .sort = "opened",
                                        .limit = CASES_PER_TURN };
    json_t *item;
    size_t i;
    enum sgn_status st = store_case_query(lane->reader, &filter, &page, err);

    json_decref(workflows);
    if (st != SGN_OK)
        return st;
    json_array_foreach(page.items, i, item)
        sweep_case(lane, sweep, sgn_json_str(item, "key"));
    free(sweep->reached);
    sweep->reached = page.cursor != NULL ? sgn_strdup(page.cursor) : NULL;
    sweep->under_way = true;
    store_page_deinit(&page);
    return SGN_OK;
}

/* The page is done when none of its commands waits any more; *ended: it was the last. */
static enum sgn_status
end_page(struct lane *lane, struct lane_sweep *sweep, bool *ended, struct sgn_error *err)
{
    *ended = false;
    if (!sweep->under_way || sweep->waiting > 0)
        return sweep->said != sweep->touched ? save(lane, sweep, false, err) : SGN_OK;
    sweep->under_way = false;
    *ended = sweep->reached == NULL;
    if (!*ended) {
        free(sweep->cursor);
        sweep->cursor = sweep->reached;
        sweep->reached = NULL;
    }
    return save(lane, sweep, *ended, err);
}

void
lane_sweeps_turn(struct lane *lane)
{
    struct lane_sweep *sweep = lane->sweeps;
    struct sgn_error err = { 0 };
    bool ended = false;
    enum sgn_status st = SGN_OK;

    if (sweep == NULL || must_wait(lane, sweep))
        return;
    /* Cases that this batch has opened are not in the store yet, and need none. */
    if (!sweep->under_way && !issue_named(lane, sweep))
        st = issue_page(lane, sweep, &err);
    if (st == SGN_OK)
        st = end_page(lane, sweep, &ended, &err);
    if (st != SGN_OK) {
        sgn_log(SGN_LOG_ERROR, "sweep not carried on", "team", sweep->team, "why", err.message,
                NULL);
        lane_rest(lane);
    }
    sgn_error_clear(&err);
    if (ended) {
        lane->sweeps = sweep->next;
        sweep_free(sweep);
    }
}

bool
lane_sweeps_ready(const struct lane *lane)
{
    return lane->sweeps != NULL && lane->sweeps->waiting == 0;
}
