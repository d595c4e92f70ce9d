/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A lane's life: made, started, stopped, freed.
 */
#include "backup.h"
#include "blobs.h"
#include "calendars.h"
#include "files.h"
#include "held.h"
#include "in_force.h"
#include "json.h"
#include "lane_internal.h"
#include "leases.h"
#include "memory.h"
#include "nodes.h"
#include "profile.h"
#include "retention.h"
#include "scheduled.h"
#include "sweep.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define TEAM_WINDOW  512 /* of a team in the lane, beside those that wait for its rules */
#define FILE_RESERVE (INT64_C(64) << 20) /* room on the disk that uploads leave to the store */

void
lane_limits_default(struct lane_limits *limits)
{
    *limits = (struct lane_limits){
        .due_ahead_ms = 5 * SGN_MINUTE_MS,
        .batch_jobs = 4096,
        .batch_ms = 20,
        .queue_jobs = 16384,
        .team_queue_jobs = 8192,
        .queries = 4096,
        .team_queries = 1024,
        .report_entries = 1000000,
        .report_ms = 60000,
        .due_per_turn = 256,
        .parked_per_team = 1000,
        .slow_rule_ms = 100,
        .request_window_ms = SGN_DAY_MS,
        .request_count = 4000000,
        .retry_ms = SGN_SECOND_MS,
        .file_bytes = INT64_C(100) << 20,
        .team_file_bytes = INT64_C(10) << 30,
        .upload_ms = SGN_DAY_MS,
    };
}

static void
maps_init(struct lane *lane)
{
    lane_batch_init(&lane->batch);
    lane->rows = json_array();
    lane->facts = json_object();
    lane->heads = json_object();
    lane->counters = json_object();
    lane->stored_versions = json_object();
    lane->new_requests = json_object();
    lane->rules_at = json_object();
    lane->askers.free = -1;
    lane->sweep_ids = json_object();
    lane->effects_seen = json_object();
    lane->missed = json_object();
    lane->files_folder = LANE_BLOB_FOLDERS; /* no sweep is under way */
    lane->jobs_end = &lane->jobs;
    lane->effects_end = &lane->effects;
}

/* An advance of virtual time divides what came before it from what came after, whatever the team:
 * so there one flow keeps everything in its order. Queries are of no order: a thread is left to the
 * others, when there are others. */
static void
flows_init(struct lane *lane)
{
    const struct lane_limits *limits = &lane->options.limits;
    struct lane_flows_options inbox = { .all = limits->queue_jobs,
                                        .each = limits->team_queue_jobs,
                                        .window = limits->parked_per_team + TEAM_WINDOW,
                                        .single = lane->options.clock->is_virtual };
    struct lane_flows_options queries = { .all = limits->queries,
                                          .each = limits->team_queries,
                                          .window = LANE_QUERY_THREADS - 1,
                                          .shared = true };

    lane->inbox = lane_flows_new(&inbox);
    lane->queries = lane_flows_new(&queries);
}

enum sgn_status
lane_new(const struct lane_options *options, struct lane **out, struct sgn_error *err)
{
    struct lane *lane = calloc(1, sizeof *lane);
    enum sgn_status st = SGN_OK;
    char node[17];

    *out = NULL;
    if (lane == NULL)
        return sgn_nomem(err);
    lane->options = *options;
    lane->starved_from = sgn_memory_failures();
    lane->reader = store_own_reader(options->store);
    lane->by_team = store_teams_per_commit(options->store) == 1;
    lane->store = store_describe(options->store);
    pthread_mutex_init(&lane->site_lock, NULL);
    pthread_mutex_init(&lane->gate, NULL);
    maps_init(lane);
    flows_init(lane);
    lane->held = calloc(1, sizeof *lane->held);
    lane->schedules = lane_schedules_new();
    lane->retention = lane_retention_new();
    lane->calendars = lane_calendars_new();
    lane->profile = lane_profile_new(options->limits.slow_rule_ms);
    lane->backups = lane_backups_new(lane->reader, sgn_clock_now(options->clock));
    if (lane->inbox == NULL || lane->queries == NULL || lane->held == NULL ||
        lane->schedules == NULL || lane->retention == NULL || lane->calendars == NULL ||
        lane->backups == NULL || lane->profile == NULL)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        lane_rules_listen(lane, true);
    if (st == SGN_OK)
        st = lane_nodes_new(lane, err);
    if (st == SGN_OK && options->files != NULL)
        st = lane_blobs_open(options->files, FILE_RESERVE, lane_files_node(lane, node),
                             &lane->blobs, err);
    if (st == SGN_OK)
        st = lane_files_place(lane, err);
    if (st == SGN_OK) /* before a load may begin others */
        st = lane_sweeps_resume(lane, NULL, err);
    if (st == SGN_OK)
        st = lane_stuck_count(lane, err);
    if (st == SGN_OK)
        st = lane_site_open(lane, err);
    if (st == SGN_OK) {
        lane_outage_find(lane);
        st = lane_effects_resume(lane, NULL, err);
    }
    if (st != SGN_OK)
        lane_free(lane);
    else
        *out = lane;
    return st;
}

enum sgn_status
lane_start(struct lane *lane, struct sgn_error *err)
{
    enum sgn_status st = lane_queries_start(lane, err);

    if (st != SGN_OK)
        return st;
    lane->started = true;
    st = lane_nodes_start(lane, err);
    if (st != SGN_OK)
        return st;
    lane->thread = sgn_thread_start("lane", lane_main, lane);
    return lane->thread != NULL ? SGN_OK : sgn_nomem(err);
}

bool
lane_alive(struct lane *lane)
{
    int64_t turns = atomic_load(&lane->n_turns);
    bool alive = turns != lane->turns_told;

    lane->turns_told = turns;
    lane_flows_wake(lane->inbox);
    return alive;
}

void
lane_stop(struct lane *lane)
{
    if (lane == NULL)
        return;
    pthread_mutex_lock(&lane->gate);
    lane->stopping = true;
    pthread_mutex_unlock(&lane->gate);
    lane_flows_wake(lane->inbox);
    sgn_thread_join(lane->thread);
    lane->thread = NULL;
    /* The thread leaves nothing; a lane driven by hand may. */
    (void)lane_refuse_all(lane, SGN_UNAVAILABLE, "the server is stopping");
    lane_queries_stop(lane);
    lane_nodes_stop(lane);
}

void
lane_free(struct lane *lane)
{
    if (lane == NULL)
        return;
    lane_nodes_free(lane);
    lane_rules_listen(lane, false);
    lane_effects_clear(lane, NULL);
    lane_batches_clear(lane);
    lane_batch_clear(&lane->batch);
    lane_models_free(lane);
    lane_site_free(lane, lane->site);
    json_decref(lane->store);
    lane_cases_forget(&lane->cases, NULL);
    json_decref(lane->rows);
    json_decref(lane->facts);
    json_decref(lane->heads);
    json_decref(lane->counters);
    json_decref(lane->stored_versions);
    json_decref(lane->new_requests);
    json_decref(lane->rules_at);
    free(lane->held);
    free(lane->waits);
    free(lane->askers.items);
    lane_profile_free(lane->profile);
    lane_schedules_free(lane->schedules);
    lane_retention_free(lane->retention);
    lane_sweeps_clear(lane, NULL);
    json_decref(lane->sweep_ids);
    json_decref(lane->effects_seen);
    json_decref(lane->missed);
    lane_calendars_free(lane->calendars);
    lane_blobs_free(lane->blobs);
    lane_backups_free(lane->backups);
    lane_flows_free(lane->inbox);
    lane_flows_free(lane->queries);
    pthread_mutex_destroy(&lane->site_lock);
    pthread_mutex_destroy(&lane->gate);
    for (int i = 0; i < lane->n_calls; i++)
        core_call_deinit(&lane->calls[i].call);
    free(lane->calls);
    free(lane);
}

struct lane_job *
lane_job_new(void)
{
    struct lane_job *job = malloc(sizeof *job);

    if (job == NULL)
        return NULL;
    /* Not the kilobyte of a message that is seldom needed: it is empty, and lies at the end. */
    memset(job, 0, offsetof(struct lane_job, error.message) + 1);
    job->error.data = NULL;
    return job;
}

void
lane_job_free(struct lane_job *job)
{
    if (job == NULL)
        return;
    lane_park_free(job->parked);
    json_decref(job->params);
    json_decref(job->result);
    json_decref(job->caller);
    if (job->work_free != NULL)
        job->work_free(job->work);
    sgn_error_clear(&job->error);
    free(job);
}

enum sgn_status
lane_put(struct lane *lane, struct lane_job *job, struct sgn_error *err)
{
    enum lane_push pushed = LANE_PUSHED;
    enum sgn_status st = SGN_OK;

    pthread_mutex_lock(&lane->gate);
    if (lane->refused)
        st = sgn_fail(err, SGN_UNKNOWN_OUTCOME, "the store failed in a commit");
    else if (lane->stopping)
        st = sgn_fail(err, SGN_UNAVAILABLE, "the server is stopping");
    else
        pushed = lane_flows_push(lane->inbox, job);
    pthread_mutex_unlock(&lane->gate);
    if (pushed == LANE_PUSHED)
        return st;
    return lane_pace_refuse(lane, false, pushed == LANE_TEAM_FULL,
                            lane_flows_length(lane->inbox, pushed == LANE_TEAM_FULL ? job : NULL),
                            err);
}

void
lane_wake(struct lane *lane)
{
    lane_flows_tell(lane->inbox);
}

enum sgn_status
lane_submit(struct lane *lane, struct lane_job *job, struct sgn_error *err)
{
    enum sgn_status st = lane_put(lane, job, err);

    if (st == SGN_OK)
        lane_wake(lane);
    return st;
}

const struct lane_limits *
lane_limits(const struct lane *lane)
{
    return &lane->options.limits;
}

const char *
lane_files(const struct lane *lane)
{
    return lane->files_elsewhere ? NULL : lane->options.files;
}

const unsigned char *
lane_site_key(const struct lane *lane)
{
    return lane->options.site_key;
}

struct sgn_clock *
lane_clock(struct lane *lane)
{
    return lane->options.clock;
}

const struct sgn_outward *
lane_outward(const struct lane *lane)
{
    return lane->options.outward;
}

int64_t
lane_work(struct lane *lane, const char *team)
{
    return lane->leases == NULL ? 1 : lane_leases_number(lane->leases, team);
}

json_t *
lane_rules_state(struct lane *lane)
{
    struct rules *rules = lane->options.rules;

    return rules != NULL && rules->ops->state != NULL ? rules->ops->state(rules) : NULL;
}

json_t *
lane_store(const struct lane *lane)
{
    return json_deep_copy(lane->store);
}

/* Numbers only: how many teams are cut off, not which. */
static json_t *
rules_figures(struct lane *lane)
{
    json_t *state = lane_rules_state(lane);
    size_t n = json_object_size(json_object_get(state, "cut_off"));

    if (state != NULL)
        (void)json_object_set_new(state, "cut_off", json_integer((json_int_t)n));
    return state != NULL ? state : json_null();
}

/* How many teams are served with which rules, see lane_site_rules(). */
static json_t *
teams_figures(struct lane *lane)
{
    const struct lane_site *site = lane_site_ref(lane);
    int old = 0, stored = 0, current = 0, none;

    for (int i = 0; i < site->n_teams; i++)
        *(site->teams[i]->old ? &old : site->teams[i]->stored ? &stored : &current) += 1;
    none = (int)json_object_size(site->without);
    lane_site_free(lane, site);
    return json_pack("{s:i, s:i, s:i, s:i}", "current", current, "old", old, "stored", stored,
                     "none", none);
}

json_t *
lane_stats(struct lane *lane)
{
    return json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:i, s:o, s:o, s:b}",
        "calls", (json_int_t)lane->n_called, "call_errors", (json_int_t)lane->n_call_errors,
        "rules_us", (json_int_t)(lane->rules_ns / 1000), "decide_us",
        (json_int_t)(lane->decide_ns / 1000), "wait_us", (json_int_t)(lane->wait_ns / 1000), "jobs",
        (json_int_t)lane->n_jobs, "refused", (json_int_t)lane->n_refused, "parked",
        (json_int_t)lane->n_parked, "batches", (json_int_t)lane->n_batches, "fired",
        (json_int_t)lane->n_fired, "stuck", (json_int_t)lane->n_stuck, "queue",
        (json_int_t)lane_flows_length(lane->inbox, NULL), "largest_batch",
        (json_int_t)lane->pace.largest, "queries", lane_flows_length(lane->queries, NULL), "rules",
        rules_figures(lane), "teams", teams_figures(lane), "failed", (int)lane->refused);
}

/* ---- the first rows ---- */

static bool
table_named(const char *name, enum store_table *out)
{
    for (int i = 0; name != NULL && i < STORE_TABLES; i++)
        if (strcmp(store_table((enum store_table)i)->name, name) == 0) {
            *out = (enum store_table)i;
            return true;
        }
    return false;
}

static enum sgn_status
run_bootstrap(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *row, *params = json_array();
    size_t i;
    enum sgn_status st = SGN_OK;

    json_array_foreach(json_object_get(job->params, "rows"), i, row) {
        const char *team = sgn_json_str(row, "team");
        enum store_table table;

        if (!table_named(sgn_json_str(row, "table"), &table)) {
            st = sgn_fail(err, SGN_INVALID, "row %zu: no such table", i);
            break;
        }
        if (team == NULL || (strcmp(team, job->team) != 0 && team[0] != '\0'))
            continue;
        st = lane_row_put(run, table, json_object_get(row, "row"), err);
        if (st != SGN_OK)
            break;
        if (table != STORE_TOKEN)
            json_array_append(params, row);
    }
    if (st == SGN_OK) {
        json_t *all = json_pack("{s:O}", "rows", params);

        st = lane_data_entry(run, all, err);
        json_decref(all);
    }
    json_decref(params);
    return st;
}

/* Runs one job of the engine by hand and tells how it ended. */
static enum sgn_status
run_by_hand(struct lane *lane, const char *team, const json_t *init, struct sgn_error *err)
{
    struct lane_job *job = lane_job_new();
    enum sgn_status st;

    if (job == NULL)
        return sgn_nomem(err);
    job->run = run_bootstrap;
    job->channel = "engine";
    job->params = json_deep_copy(init);
    sgn_text_copy(job->team, sizeof job->team, team);
    st = lane_run_job(lane, job);
    if (st != SGN_OK)
        sgn_error_move(err, &job->error);
    if (st == SGN_OK && lane->by_team)
        st = lane_commit_now(lane, team, err);
    /* Also what the opening of the site has staged. */
    for (struct lane_batch *b = lane->batch.next; b != NULL && st == SGN_OK; b = b->next)
        st = lane_batch_commit(lane, b, err);
    if (st == SGN_OK)
        st = lane_batch_commit(lane, &lane->batch, err);
    lane_batches_clear(lane);
    lane_job_free(job);
    return st;
}

/* Of several nodes that start at once one is first, and the others find its entry. */
static enum sgn_status
bootstrap_team(struct lane *lane, const char *team, const json_t *init, struct sgn_error *err)
{
    struct store_head head = { 0 };
    enum sgn_status st;

    do {
        sgn_error_clear(err);
        st = store_head_get(lane->reader, team, &head, err);
        if (st == SGN_OK && head.seq == 0)
            st = run_by_hand(lane, team, init, err);
    } while (st == SGN_CONFLICT && head.seq == 0 && lane->by_team);
    return st;
}

enum sgn_status
lane_bootstrap(struct lane *lane, const json_t *init, struct sgn_error *err)
{
    json_t *teams = json_object(), *row;
    const char *team;
    size_t i;
    enum sgn_status st = SGN_OK;

    json_array_foreach(json_object_get(init, "rows"), i, row)
        if (sgn_json_str(row, "team") != NULL && sgn_json_str(row, "team")[0] != '\0')
            json_object_set_new(teams, sgn_json_str(row, "team"), json_true());
    json_object_foreach(teams, team, row) {
        st = bootstrap_team(lane, team, init, err);
        if (st != SGN_OK)
            break;
    }
    json_decref(teams);
    return st;
}
