/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A lane that does nothing by itself: a test takes the jobs out and finishes them in whatever
 * order it likes. Defines every function of lane.h that rpc calls, so that the real lane is not
 * linked. Included by one .c file of a test program.
 */
#ifndef FAKE_LANE_H
#define FAKE_LANE_H

#include "backup.h"
#include "calendars.h"
#include "clock.h"
#include "contacts.h"
#include "hooks.h"
#include "lane.h"
#include "links.h"
#include "project_templates.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FAKE_JOBS 1024

struct lane {
    struct sgn_clock clock;
    struct lane_job *jobs[FAKE_JOBS]; /* submitted and not finished, oldest first */
    bool is_query[FAKE_JOBS];
    int n;
    _Atomic int wakes;      /* that it was told of jobs, or that there may be some */
    enum sgn_status refuse; /* what lane_submit answers when it is not SGN_OK */
};

static inline void
fake_take(struct lane *lane, struct lane_job *job, bool is_query)
{
    assert(lane->n < FAKE_JOBS);
    lane->is_query[lane->n] = is_query;
    lane->jobs[lane->n++] = job;
}

/* Finishes job number i with a result (taken), or with a status. */
static inline void
fake_finish(struct lane *lane, int i, enum sgn_status status, json_t *result_take)
{
    struct lane_job *job = lane->jobs[i];

    assert(i < lane->n);
    lane->n--;
    for (int k = i; k < lane->n; k++) {
        lane->jobs[k] = lane->jobs[k + 1];
        lane->is_query[k] = lane->is_query[k + 1];
    }
    job->status = status == SGN_OK ? SGN_OK : sgn_fail(&job->error, status, "as the test wishes");
    job->result = result_take;
    job->done(job);
}

struct lane_job *
lane_job_new(void)
{
    return calloc(1, sizeof(struct lane_job));
}

void
lane_job_free(struct lane_job *job)
{
    json_decref(job->params);
    json_decref(job->result);
    json_decref(job->caller);
    sgn_error_clear(&job->error);
    free(job);
}

enum sgn_status
lane_put(struct lane *lane, struct lane_job *job, struct sgn_error *err)
{
    if (lane->refuse != SGN_OK)
        return sgn_fail(err, lane->refuse, "as the test wishes");
    fake_take(lane, job, false);
    return SGN_OK;
}

void
lane_wake(struct lane *lane)
{
    lane->wakes++;
}

enum sgn_status
lane_query(struct lane *lane, struct lane_job *job, struct sgn_error *err)
{
    (void)err;
    fake_take(lane, job, true);
    return SGN_OK;
}

struct sgn_clock *
lane_clock(struct lane *lane)
{
    return &lane->clock;
}

json_t *
lane_store(const struct lane *lane)
{
    (void)lane;
    return json_pack("{s:s, s:s}", "backend", "sqlite", "version", "3.40.1");
}

enum sgn_status
lane_nodes(struct lane *lane, struct store_reader *reader, json_t **out, struct sgn_error *err)
{
    (void)lane;
    (void)reader;
    *out = json_array();
    return *out != NULL ? SGN_OK : sgn_nomem(err);
}

json_t *
lane_rules_state(struct lane *lane)
{
    (void)lane;
    return NULL;
}

json_t *
lane_profile_tell(struct lane_run *run, const char *team, int most)
{
    (void)run;
    (void)team;
    (void)most;
    return json_pack("{s:i, s:[]}", "since", 0, "teams");
}

json_t *
lane_stats(struct lane *lane)
{
    return json_pack("{s:i}", "jobs", lane->n);
}

const struct lane_limits *
lane_limits(const struct lane *lane)
{
    static const struct lane_limits limits = { .request_window_ms = SGN_DAY_MS,
                                               .request_count = 4000000 };

    (void)lane;
    return &limits;
}

void
lane_limits_default(struct lane_limits *limits)
{
    *limits = (struct lane_limits){ .request_window_ms = 24 * SGN_HOUR_MS };
}

const struct lane_site *
lane_site_ref(struct lane *lane)
{
    (void)lane;
    return NULL;
}

void
lane_site_free(struct lane *lane, const struct lane_site *site)
{
    (void)lane;
    (void)site;
}

/* Looks at a token before anything is asked. */
bool
lane_link_token_valid(const char *text, size_t n)
{
    return text != NULL && n > 0 && memchr(text, ' ', n) == NULL;
}

/* ---- never called here: jobs do not run ---- */

/* clang-format off */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#define NEVER { abort(); }
enum sgn_status lane_submit(struct lane *lane, struct lane_job *job, struct sgn_error *err) NEVER
struct lane *lane_of(struct lane_run *run) NEVER
const struct sgn_outward *lane_outward(const struct lane *lane) NEVER
enum sgn_status lane_team_head(struct lane_run *run, int64_t *out, struct sgn_error *err) NEVER
int64_t lane_now(const struct lane_run *run) NEVER
const json_t *lane_caller(const struct lane_run *run) NEVER
const struct lane_team *lane_site_team(const struct lane_site *site, const char *name) NEVER
const struct lane_team *lane_site_whose(const struct lane_site *site, const char *name) NEVER
const struct model *lane_team_workflow(const struct lane_team *team, const char *name) NEVER
enum sgn_status lane_row_get(struct lane_run *run, enum store_table table, const json_t *key, json_t **out, struct sgn_error *err) NEVER
enum sgn_status lane_row_list(struct lane_run *run, enum store_table table, const json_t *match, json_t **out, struct sgn_error *err) NEVER
enum sgn_status lane_row_put(struct lane_run *run, enum store_table table, const json_t *row, struct sgn_error *err) NEVER
enum sgn_status lane_row_remove(struct lane_run *run, enum store_table table, const json_t *key, struct sgn_error *err) NEVER
void lane_run_drop(struct lane_run *run) NEVER
enum sgn_status lane_data_entry(struct lane_run *run, const json_t *params, struct sgn_error *err) NEVER
enum sgn_status lane_data_tell(struct lane_run *run, json_t *message_take, struct sgn_error *err) NEVER
enum sgn_status lane_case_open(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_command(struct lane_run *run, struct lane_job *job, enum core_kind kind, struct sgn_error *err) NEVER
enum sgn_status lane_case_view(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_case_fire(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_case_allowed(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_case_explain(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_clock_advance(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_migrate(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_redact(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_hold_case(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_rehearse(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_reload(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_check(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_model(struct lane *lane, struct store_reader *reader, const char *team, const char *digest, struct model **out, struct sgn_error *err) NEVER
enum sgn_status lane_fact_read(struct lane *lane, struct store_reader *reader, const char *team, const char *key, json_t **out, struct sgn_error *err) NEVER
enum sgn_status lane_verify(struct store_reader *reader, const char *files, const char *team, json_t **out, struct sgn_error *err) NEVER
enum sgn_status lane_verify_whole(struct store_reader *reader, const struct lane *lane, const char *team, json_t **out, struct sgn_error *err) NEVER
enum sgn_status lane_heads(struct store_reader *reader, const unsigned char *secret, json_t **out, struct sgn_error *err) NEVER
enum sgn_status lane_heads_keep(struct store_reader *reader, const struct lane *lane, struct sgn_error *err) NEVER
enum sgn_status lane_file_begin(struct store_reader *reader, struct lane *lane, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_file_put(struct store_reader *reader, struct lane *lane, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_file_settle(struct store_reader *reader, struct lane *lane, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_token_used(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_file_end(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
json_t *lane_hooks(struct lane *lane, const char *team) NEVER
json_t *lane_hook(struct lane *lane, const char *team, const char *name) NEVER
enum sgn_status lane_hook_ask(struct lane_run *run, const char *name, const json_t *sent, json_t **out, struct sgn_error *err) NEVER
enum sgn_status lane_fact(struct lane_run *run, const char *key, const json_t **out, struct sgn_error *err) NEVER
enum sgn_status lane_person_read(struct store_reader *reader, const char *team, const char *person, json_t **out, struct sgn_error *err) NEVER
void lane_link_deinit(struct lane_link *link) NEVER
json_t *lane_link_path(const struct lane_link *link) NEVER
json_t *lane_link_url(const struct lane *lane, const struct lane_link *link) NEVER
enum sgn_status lane_link_make(struct lane_run *run, struct lane_job *job, const char *person, const char *approval, int64_t expires, const char *maker, struct lane_link *out, struct sgn_error *err) NEVER
enum sgn_status lane_feed_make(struct lane_run *run, struct lane_job *job, int64_t expires, struct lane_link *out, struct sgn_error *err) NEVER
enum sgn_status lane_login_make(struct lane_run *run, const char *person, int64_t expires, const char *maker, struct lane_link *out, struct sgn_error *err) NEVER
enum sgn_status lane_login_offer(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_login_find(struct store_reader *reader, struct lane *lane, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_login_use(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_link_find(struct store_reader *reader, struct lane *lane, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_link_show(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_link_answer(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_file_piece(struct lane *lane, const json_t *row, int64_t offset, int64_t length, json_t **out, struct sgn_error *err) NEVER
enum sgn_status lane_backup_begin(struct store_reader *reader, struct lane *lane, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_backup_files(struct store_reader *reader, struct lane *lane, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_backup_read(struct store_reader *reader, struct lane *lane, struct lane_job *job, struct sgn_error *err) NEVER
enum sgn_status lane_backup_end(struct lane_run *run, struct lane_job *job, struct sgn_error *err) NEVER
void lane_keeping(struct lane *lane, struct lane_keeping *out) { (void)lane; *out = (struct lane_keeping){ .disk_free = -1, .log_bytes = -1 }; }
const unsigned char *lane_site_key(const struct lane *lane) NEVER
const char *lane_files(const struct lane *lane) NEVER
enum sgn_status lane_data_open(struct lane_run *run, json_t *opened_take, struct sgn_error *err) NEVER
enum sgn_status lane_row_some(struct lane_run *run, const struct lane_rows *which, json_t **out, bool *more, struct sgn_error *err) NEVER
enum sgn_status lane_case_project(struct lane_run *run, const char *key, json_t **out, struct sgn_error *err) NEVER
enum sgn_status lane_told_rows(struct store_reader *reader, const char *team, const json_t *person, struct lane_told_span span, json_t **out, struct sgn_error *err) NEVER
enum sgn_status lane_told_within(struct store_reader *reader, const char *team, const json_t *row, const char *project, bool *out, struct sgn_error *err) NEVER
enum sgn_status lane_heard(struct store_reader *reader, const char *team, const char *project, const char *client, json_t **out, struct sgn_error *err) NEVER
enum sgn_status lane_mails_read(struct store_reader *reader, const char *team, const json_t *person, struct lane_mails *out, struct sgn_error *err) NEVER
void lane_mails_deinit(struct lane_mails *mails) NEVER
const char *lane_mail_of(const struct lane_mails *mails, const json_t *message) NEVER
json_t *lane_notices_view(const json_t *person) NEVER
const char *lane_notice_name(enum lane_notice notice) NEVER
bool lane_notice_is_way(const char *way) NEVER
int lane_notice_time(const char *text) NEVER
enum sgn_status lane_templates_of(struct lane *lane, const char *team, json_t *mistakes, json_t **out, struct sgn_error *err) NEVER
enum sgn_status lane_calendars_of(struct lane_run *run, const struct core_calendars **out, struct sgn_error *err) NEVER
enum sgn_status lane_calendar_make(struct lane_run *run, const char *name, struct calendar **out, struct sgn_error *err) NEVER
enum sgn_status lane_calendar_read(struct lane *lane, struct store_reader *reader, const char *team, const char *name, struct calendar **out, struct sgn_error *err) NEVER
#undef NEVER
#pragma GCC diagnostic pop
/* clang-format on */

#endif
