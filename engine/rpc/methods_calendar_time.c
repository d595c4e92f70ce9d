/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calendar.exception.* and calendar.explain: dates that differ from what is declared, and what a
 * calendar makes of a duration.
 *
 * An exception is data: it moves what is pending by the sweep that its commit begins.
 */
#include "calendars.h"
#include "data.h"
#include "methods.h"
#include "rpc_internal.h"
#include <stdlib.h>
#include <string.h>

#define REASON_MAX     200
#define EXCEPTIONS_MAX 10000

/* ---- exceptions ---- */

/* "09:00-12:00,13:30-15:00" as a list; "closed" and "open" as the JSON that calendars know. */
static json_t *
hours_of_text(const char *text)
{
    json_t *list;

    if (strcmp(text, "closed") == 0)
        return json_array();
    if (strcmp(text, "open") == 0)
        return json_true();
    if (strchr(text, ':') == NULL)
        return json_string(text); /* a weekday whose hours it has */
    list = json_array();
    while (*text != '\0') {
        size_t n = strcspn(text, ", ");
        if (n > 0)
            (void)json_array_append_new(list, json_stringn(text, n));
        text += n;
        text += strspn(text, ", ");
    }
    return list;
}

static json_t *
hours_of(const json_t *params)
{
    json_t *hours = json_object_get(params, "hours");

    if (hours == NULL)
        return json_array();
    return json_is_string(hours) ? hours_of_text(json_string_value(hours)) : json_incref(hours);
}

static enum sgn_status
check_date(const struct lane_job *job, struct sgn_error *err)
{
    const char *date = sgn_json_str(job->params, "date");
    int y, m, d;

    if (sgn_date_parse(date, &y, &m, &d))
        return SGN_OK;
    return rpc_data_invalid(err, "/date", "'%.20s' is no date like 2026-02-17", date);
}

/* Is the calendar still one with what the run has staged? */
static enum sgn_status
check_calendar(struct lane_run *run, const char *name, struct sgn_error *err)
{
    struct calendar *calendar = NULL;
    struct sgn_error why = { 0 };
    enum sgn_status status = lane_calendar_make(run, name, &calendar, &why);

    calendar_free(calendar);
    if (status == SGN_INVALID)
        status = rpc_data_invalid(err, "/hours", "%s", why.message);
    else if (status != SGN_OK)
        sgn_error_move(err, &why);
    sgn_error_clear(&why);
    return status;
}

static enum sgn_status
exception_add(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *row = NULL;
    enum sgn_status status = rpc_data_calendar(run, job, err);

    if (status == SGN_OK)
        status = check_date(job, err);
    if (status != SGN_OK)
        return status;
    row = json_pack("{s:O, s:O, s:o, s:O, s:s?, s:I}", "calendar",
                    json_object_get(job->params, "calendar"), "date",
                    json_object_get(job->params, "date"), "hours", hours_of(job->params), "reason",
                    json_object_get(job->params, "reason"), "person",
                    job->person[0] != '\0' ? job->person : NULL, "at", (json_int_t)lane_now(run));
    if (row == NULL)
        return sgn_nomem(err);
    status = lane_row_put(run, STORE_EXCEPTION, row, err);
    if (status == SGN_OK)
        status = check_calendar(run, sgn_json_str(job->params, "calendar"), err);
    if (status != SGN_OK) {
        json_decref(row);
        return status;
    }
    return rpc_data_put(run, job, STORE_EXCEPTION, row, err);
}

static enum sgn_status
exception_remove(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *calendar = sgn_json_str(job->params, "calendar");
    const char *date = sgn_json_str(job->params, "date");
    json_t *key = json_pack("{s:s, s:s}", "calendar", calendar, "date", date), *row = NULL;
    enum sgn_status status = lane_row_get(run, STORE_EXCEPTION, key, &row, err);

    if (status == SGN_NOT_FOUND)
        status = sgn_fail(err, SGN_NOT_FOUND, "calendar %s has no exception on %s", calendar, date);
    else if (status == SGN_OK)
        status = lane_row_remove(run, STORE_EXCEPTION, key, err);
    json_decref(row);
    if (status != SGN_OK) {
        json_decref(key);
        return status;
    }
    (void)json_object_set(key, "reason", json_object_get(job->params, "reason"));
    return rpc_data_give(run, job, key, err);
}

static enum sgn_status
exception_list(struct store_reader *reader, struct lane *lane, struct lane_job *job,
               struct sgn_error *err)
{
    const char *calendar = sgn_json_str(job->params, "calendar");
    json_t *match = calendar != NULL ? json_pack("{s:s}", "calendar", calendar) : NULL;
    json_t *rows = NULL, *items = json_array(), *row;
    size_t i;
    enum sgn_status status =
        store_row_list(reader, STORE_EXCEPTION, job->team, match, NULL, EXCEPTIONS_MAX, &rows, err);

    json_array_foreach(rows, i, row)
        (void)json_array_append_new(items,
                                    rpc_row_view(STORE_EXCEPTION, row, rpc_zone(lane, job->team)));
    json_decref(match);
    json_decref(rows);
    return rpc_page_end(status, job, items, err);
}

/* ---- explain ---- */

struct question {
    struct calendar *calendar;
    int64_t from, to;
    enum calendar_kind kind;
};

/* From a time, and either a duration or another time. */
static enum sgn_status
read_question(struct lane_run *run, const struct lane_job *job, struct question *out,
              struct sgn_error *err)
{
    const char *from = sgn_json_str(job->params, "from"), *to = sgn_json_str(job->params, "to");
    const char *text = sgn_json_str(job->params, "duration");
    struct calendar_duration duration;
    enum sgn_status status = SGN_OK;

    if ((to == NULL) == (text == NULL))
        return sgn_fail(err, SGN_PARAMS, "either \"duration\" or \"to\" must be said");
    out->from = lane_now(run);
    out->kind = CALENDAR_WORKING;
    if (from != NULL)
        status = sgn_time_parse(from, &out->from, err);
    if (status == SGN_OK && to != NULL)
        return sgn_time_parse(to, &out->to, err);
    if (status == SGN_OK)
        status = calendar_duration_parse(text, &duration, err);
    if (status != SGN_OK) {
        sgn_error_add(err, "pointer", json_string("/duration"));
        return status;
    }
    out->kind = calendar_kind_of(&duration);
    out->to = calendar_due(out->calendar, &duration, out->from);
    if (out->to > SGN_TIME_MAX)
        return rpc_data_invalid(err, "/duration", "that is after the year 9999");
    return SGN_OK;
}

static enum sgn_status
answer(const struct question *question, const char *name, struct lane_job *job,
       struct sgn_error *err)
{
    const struct calendar_zone *zone = calendar_zone_of(question->calendar);
    int64_t counted =
        calendar_counted(question->calendar, question->from, question->to, question->kind);
    json_t *stretches = NULL, *item;
    size_t i;
    enum sgn_status status = calendar_explain(question->calendar, question->from, question->to,
                                              question->kind, &stretches, err);

    if (status != SGN_OK)
        return status;
    json_array_foreach(stretches, i, item) {
        (void)json_object_set_new(item, "from", rpc_time(zone, sgn_json_int(item, "from", 0)));
        (void)json_object_set_new(item, "to", rpc_time(zone, sgn_json_int(item, "to", 0)));
    }
    job->result =
        json_pack("{s:s?, s:o, s:o, s:s, s:I, s:o}", "calendar", name, "from",
                  rpc_time(zone, question->from), "due", rpc_time(zone, question->to), "counts",
                  question->kind == CALENDAR_WORKING ? "working time" : "elapsed time",
                  "counted_seconds", (json_int_t)(counted / SGN_SECOND_MS), "stretches", stretches);
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
calendar_explain_run(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *name = sgn_json_str(job->params, "calendar");
    const struct core_calendars *all = NULL;
    struct question question = { 0 };
    enum sgn_status status = lane_calendars_of(run, &all, err);

    if (status == SGN_OK && name == NULL && all->n > 0)
        name = all->items[0].name;
    if (status == SGN_OK && name == NULL) /* a team without any works round the clock */
        question.calendar = calendar_ref(all->round);
    else if (status == SGN_OK)
        status = lane_calendar_make(run, name, &question.calendar, err);
    if (status == SGN_NOT_FOUND)
        sgn_error_add(err, "pointer", json_string("/calendar"));
    if (status == SGN_OK)
        status = read_question(run, job, &question, err);
    if (status == SGN_OK)
        status = answer(&question, name, job, err);
    calendar_free(question.calendar);
    return status;
}

/* clang-format off */
#define PARAM_CALENDAR { "calendar", RPC_STRING, true, SGN_KEY_MAX, "Name of the calendar." }
#define PARAM_DATE { "date", RPC_STRING, true, 10, "The date, such as 2026-02-17." }
#define PARAM_REASON { "reason", RPC_STRING, true, REASON_MAX, "Why; it stands in every explanation of a deadline." }

static const struct rpc_param add_params[] = {
    PARAM_CALENDAR, PARAM_DATE, PARAM_REASON,
    { "hours", RPC_ANY, false, 0, "closed (when missing), open (a make-up day), a weekday whose hours it has, or hours such as 09:00-12:00,13:30-15:00." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_calendar_exception_add = {
    .name = "calendar.exception.add",
    .summary = "Says that a date differs from the calendar; pending deadlines move with it.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = add_params,
    .result = "calendar, date, hours, reason, person, at.", .run = exception_add,
};

static const struct rpc_param exceptions_params[] = {
    { "calendar", RPC_STRING, false, SGN_KEY_MAX, "Of this calendar only." },
    RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_calendar_exception_list = {
    .name = "calendar.exception.list",
    .summary = "Lists the dates that differ from the team's calendars.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_QUERY, .params = exceptions_params,
    .result = "items: calendar, date, hours, reason, person, at; the cursor of the next page or null.",
    .query = exception_list,
};

static const struct rpc_param remove_params[] = {
    PARAM_CALENDAR, PARAM_DATE, PARAM_REASON, RPC_PARAM_END
};

const struct rpc_method rpc_m_calendar_exception_remove = {
    .name = "calendar.exception.remove",
    .summary = "Takes an exception back; pending deadlines move with it.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = remove_params,
    .result = "calendar, date, reason.", .run = exception_remove,
};

static const struct rpc_param explain_params[] = {
    { "calendar", RPC_STRING, false, SGN_KEY_MAX, "Name of the calendar; the team's own when not said." },
    { "from", RPC_TIME, false, 0, "Where it starts; now when not said." },
    { "duration", RPC_STRING, false, 100, "Such as 3 workdays: when is it due?" },
    { "to", RPC_TIME, false, 0, "Instead of a duration: how much working time lies between?" },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_calendar_explain = {
    .name = "calendar.explain",
    .summary = "Says when a duration is due and which stretches count, or what lies between two times.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_READ, .params = explain_params,
    .result = "calendar, from, due, counts, counted_seconds, stretches: from, to, counted, kind, why.",
    .run = calendar_explain_run,
};
/* clang-format on */
