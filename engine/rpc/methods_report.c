/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report.*: figures counted from cases and their histories; see report/report.h for what is
 * counted, report_work.h for how it is read. On query threads.
 *
 * For the team's own people: all of them see all cases. Rows of single people are for leads, and
 * for each their own.
 */
#include "clock.h"
#include "data.h"
#include "methods.h"
#include "report_file.h"
#include "report_work.h"
#include "rpc_internal.h"
#include <stdlib.h>
#include <string.h>

#define USUAL_DAYS 91
#define YEAR_DAYS  365

/* ---- what is asked for ---- */

/* A time, or a date: its midnight on the team's clock on the wall, or for an end the next one. */
static enum sgn_status
moment(const struct lane_job *job, const struct calendar_zone *zone, const char *param, bool end,
       int64_t *out, struct sgn_error *err)
{
    const char *text = sgn_json_str(job->params, param);
    char pointer[16];
    int y, m, d;

    if (text == NULL || sgn_time_parse(text, out, NULL) == SGN_OK)
        return SGN_OK;
    snprintf(pointer, sizeof pointer, "/%s", param);
    if (!sgn_date_parse(text, &y, &m, &d))
        return rpc_data_invalid(err, pointer, "'%.40s' is no date like 2026-01-31, and no time",
                                text);
    *out = (sgn_days_from_civil(y, m, d) + (end ? 1 : 0)) * SGN_DAY_MS;
    if (zone != NULL)
        *out = calendar_zone_instant(zone, *out);
    return SGN_OK;
}

static enum sgn_status
scope_check_one(struct store_reader *reader, const struct lane_job *job, enum store_table table,
                const char *param, struct sgn_error *err)
{
    const char *value = sgn_json_str(job->params, param);
    json_t *key, *row = NULL;
    char pointer[16];
    enum sgn_status status;

    if (value == NULL)
        return SGN_OK;
    key = json_pack("{s:s}", param, value);
    status = store_row_get(reader, table, job->team, key, &row, err);
    json_decref(key);
    json_decref(row);
    if (status != SGN_NOT_FOUND)
        return status;
    snprintf(pointer, sizeof pointer, "/%s", param);
    return rpc_data_invalid(err, pointer, "there is no %s '%.40s'", param, value);
}

/* Names of what is not there would give an empty report, which looks like an answer. */
static enum sgn_status
scope_check(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
            struct sgn_error *err)
{
    const char *workflow = sgn_json_str(job->params, "workflow");
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, job->team) : NULL;
    enum sgn_status status = scope_check_one(reader, job, STORE_PROJECT, "project", err);

    if (status == SGN_OK)
        status = scope_check_one(reader, job, STORE_CLIENT, "client", err);
    if (status == SGN_OK)
        status = scope_check_one(reader, job, STORE_GROUP, "group", err);
    if (status == SGN_OK && workflow != NULL && team != NULL &&
        lane_team_workflow(team, workflow) == NULL)
        status = rpc_workflow_unknown(job, team, workflow, err);
    lane_site_free(lane, site);
    return status;
}

static enum sgn_status
format_check(const struct lane_job *job, struct sgn_error *err)
{
    const char *format = sgn_json_str(job->params, "format");

    if (format != NULL && strcmp(format, "json") != 0 && strcmp(format, "csv") != 0 &&
        strcmp(format, "html") != 0)
        return rpc_data_invalid(err, "/format", "format is json, csv or html");
    return rpc_data_language(sgn_json_str(job->params, "language"), "/language", err);
}

/* A table that the report has not is found before anything is counted. */
static enum sgn_status
table_check(const struct lane_job *job, struct sgn_error *err)
{
    const char *name = sgn_json_str(job->params, "table"), *near;
    const char *format = sgn_json_str(job->params, "format");
    json_t *names;
    enum sgn_status status = SGN_OK;

    if (name == NULL || format == NULL || strcmp(format, "csv") != 0)
        return SGN_OK;
    names = report_tables(sgn_json_str(job->params, "report"));
    near = sgn_nearest_json(name, names);
    if (names != NULL && !sgn_json_has(names, name))
        status = rpc_data_invalid(err, "/table", "the report has no table '%.64s'%s%s%s", name,
                                  near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                                  near != NULL ? "'?" : "");
    json_decref(names);
    return status;
}

/* When the project's history begins: with its first case. */
static enum sgn_status
project_begins(struct store_reader *reader, const struct lane_job *job, int64_t *out,
               struct sgn_error *err)
{
    struct store_case_filter filter = { .team = job->team,
                                        .project = sgn_json_str(job->params, "project"),
                                        .limit = 1 };
    struct store_page page = { 0 };
    enum sgn_status status = store_case_query(reader, &filter, &page, err);

    if (json_array_size(page.items) > 0)
        *out = sgn_json_int(json_array_get(page.items, 0), "opened_at", *out);
    store_page_deinit(&page);
    return status;
}

/* Of a project's end report it is the whole project, of a client's review a year, else a quarter.
 */
static enum sgn_status
usual_period(struct rpc_report_work *work, struct store_reader *reader, const struct lane_job *job,
             struct sgn_error *err)
{
    const char *about = report_about(work->options.report);

    if (about != NULL && sgn_json_str(job->params, about) == NULL) {
        char pointer[16];
        snprintf(pointer, sizeof pointer, "/%s", about);
        return rpc_data_invalid(err, pointer, "the report %s is about one %s: say which",
                                work->options.report, about);
    }
    work->options.from = work->options.to - USUAL_DAYS * SGN_DAY_MS;
    if (about != NULL && strcmp(about, "client") == 0)
        work->options.from = work->options.to - YEAR_DAYS * SGN_DAY_MS;
    return about != NULL && strcmp(about, "project") == 0 &&
                   sgn_json_str(job->params, "from") == NULL
               ? project_begins(reader, job, &work->options.from, err)
               : SGN_OK;
}

static void
currency_fill(struct rpc_report_work *work, struct lane *lane, const struct lane_job *job)
{
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, job->team) : NULL;

    sgn_text_copy(work->currency, sizeof work->currency,
                  team != NULL && team->team != NULL ? team->team->currency : NULL);
    work->options.currency = work->currency;
    lane_site_free(lane, site);
}

static enum sgn_status
options_fill(struct rpc_report_work *work, struct store_reader *reader, struct lane *lane,
             const struct lane_job *job, struct sgn_error *err)
{
    const struct calendar_zone *zone = rpc_zone(lane, job->team);
    bool all = job->is_operator || rpc_row_true(job->caller, "lead");
    /* What happened just now has happened. */
    int64_t now = sgn_clock_now(lane_clock(lane)) + 1;
    enum sgn_status status;

    work->options = (struct report_options){ .report = sgn_json_str(job->params, "report"),
                                             .now = now,
                                             .to = now,
                                             .zone = zone,
                                             .language = job->language,
                                             .person = all ? NULL : job->person };
    currency_fill(work, lane, job);
    status = moment(job, zone, "to", true, &work->options.to, err);
    if (status == SGN_OK)
        status = usual_period(work, reader, job, err);
    if (status == SGN_OK)
        status = moment(job, zone, "from", false, &work->options.from, err);
    return status;
}

/* ---- the answer ---- */

/* What it was counted of: {"project": {"key", "title"}, ..}. */
static json_t *
scope_give(const struct rpc_report_work *work, const struct lane_job *job)
{
    static const struct {
        const char *param, *names;
    } parts[] = { { "project", "projects" },
                  { "client", "clients" },
                  { "group", "groups" },
                  { "workflow", "workflows" } };
    json_t *scope = json_object();

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const char *key = sgn_json_str(job->params, parts[i].param), *title;
        if (key == NULL)
            continue;
        title = sgn_json_str(json_object_get(json_object_get(work->names, parts[i].names), key),
                             "title");
        (void)json_object_set_new(
            scope, parts[i].param,
            json_pack("{s:s, s:s}", "key", key, "title", title != NULL ? title : key));
    }
    return scope;
}

static enum sgn_status
report_answer(struct rpc_report_work *work, struct lane *lane, struct lane_job *job,
              struct sgn_error *err)
{
    const struct calendar_zone *zone = rpc_zone(lane, job->team);
    const struct report_options *options = &work->options;
    json_t *result = NULL;
    char last[SGN_TIME_TEXT];
    enum sgn_status status = report_give(work->report, &result, err);

    if (status != SGN_OK)
        return status;
    (void)sgn_time_format(options->to - 1,
                          zone != NULL ? calendar_zone_offset(zone, options->to - 1) : 0, last);
    last[10] = '\0'; /* the date alone */
    if (json_object_set_new(result, "from", rpc_time(zone, options->from)) != 0 ||
        json_object_set_new(
            result, "to",
            rpc_time(zone, options->to == options->now ? options->to - 1 : options->to)) != 0 ||
        json_object_set_new(result, "last_day", json_string(last)) != 0 ||
        json_object_set_new(result, "made_at", rpc_time(zone, options->now - 1)) != 0 ||
        json_object_set_new(result, "scope", scope_give(work, job)) != 0 ||
        json_object_set_new(result, "cases", json_integer(work->cases)) != 0 ||
        json_object_set_new(result, "entries", json_integer(work->entries)) != 0 ||
        json_object_set(result, "skipped", work->skipped) != 0) {
        json_decref(result);
        return sgn_nomem(err);
    }
    status = rpc_report_file(result, job->params, job->language, &job->result, err);
    json_decref(result);
    return status;
}

static enum sgn_status
report_get(struct store_reader *reader, struct lane *lane, struct lane_job *job,
           struct sgn_error *err)
{
    const char *language = sgn_json_str(job->params, "language");
    struct rpc_report_work *work = job->work;
    enum sgn_status status = SGN_OK;

    if (work == NULL) {
        status = format_check(job, err);
        if (status == SGN_OK)
            status = table_check(job, err);
        if (status == SGN_OK)
            status = scope_check(reader, lane, job, err);
        if (status != SGN_OK)
            return status;
        if (language != NULL)
            sgn_text_copy(job->language, sizeof job->language, language);
        work = calloc(1, sizeof *work);
        if (work == NULL)
            return sgn_nomem(err);
        job->work = work;
        job->work_free = rpc_report_work_free;
        status = options_fill(work, reader, lane, job, err);
        if (status == SGN_OK)
            status = rpc_report_begin(work, reader, lane, job, err);
    }
    if (status == SGN_OK)
        status = rpc_report_slice(work, reader, lane, job, err);
    return status == SGN_OK ? report_answer(work, lane, job, err) : status;
}

/* ---- which there are ---- */

static enum sgn_status
reports_list(struct store_reader *reader, struct lane *lane, struct lane_job *job,
             struct sgn_error *err)
{
    json_t *items = report_list(job->language), *figures = report_figures(job->language);

    (void)reader;
    (void)lane;
    if (items == NULL || figures == NULL) {
        json_decref(items);
        json_decref(figures);
        return sgn_nomem(err);
    }
    job->result = json_pack("{s:o, s:o}", "items", items, "figures", figures);
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

/* clang-format off */
static const struct rpc_param get_params[] = {
    { "report", RPC_STRING, true, 32, "Which one, as report.list names it." },
    { "from", RPC_STRING, false, 40, "Where its period begins: a date, 2026-01-31, or a time; when not said 91 days before its end, of project_end the project's first case, of client_year 365 days before." },
    { "to", RPC_STRING, false, 40, "Where it ends: a date (that day is in it), or a time (which is not); now when not said." },
    { "project", RPC_STRING, false, 32, "Only cases of this project." },
    { "client", RPC_STRING, false, 32, "Only cases of projects of this client." },
    { "group", RPC_STRING, false, 32, "Only cases of workflows of this group." },
    { "workflow", RPC_STRING, false, 64, "Only cases of this workflow." },
    { "format", RPC_STRING, false, 8, "json (when not said), csv, or html: a page to read and print." },
    { "table", RPC_STRING, false, 64, "Of csv: one table with its columns, SECTION.TABLE; all of them, a figure a line, when not said." },
    { "language", RPC_STRING, false, 8, "en or zh; yours when not said." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_report_get = {
    .name = "report.get",
    .summary = "Counts a report from cases and their histories.",
    .access = CORE_MEMBER | CORE_OPERATOR, .where = RPC_QUERY, .params = get_params,
    .result = "report, title, text, from, to, last_day (of the period), made_at, scope, cases and entries (how many were read), skipped "
              "(cases whose history is too long), says (sentences, of a document), sections: each with name, title, text, figures (name, title, unit, "
              "value) and tables (name, title, key, columns, rows, perhaps a chart: its kind and columns); defined: "
              "what each figure is. unit: count, percent, points, number, money, day, text; working and elapsed are ms. "
              "As csv or html: report, name (of a file), type, text. too_large when it would read more "
              "than the limits report_entries and report_ms allow.",
    .query = report_get,
};

static const struct rpc_param list_params[] = { RPC_PARAM_END };

const struct rpc_method rpc_m_report_list = {
    .name = "report.list",
    .summary = "Lists the reports that there are, and what their figures mean.",
    .access = CORE_MEMBER | CORE_OPERATOR, .where = RPC_QUERY, .params = list_params,
    .result = "items: name, title, text, about (what it is about alone: a project, a client), sections; figures: name, title, unit, text.",
    .query = reports_list,
};
/* clang-format on */
