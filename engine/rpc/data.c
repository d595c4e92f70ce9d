/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a team's data on the lane: finding, refusing, staging, writing down.
 *
 * Never checks who asks: the row of the method has said who may, and the lane has looked at it.
 */
#include "data.h"
#include "methods.h"
#include "rpc_internal.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The first key column is named like the thing itself: "person", "client", "project", "group". */
static const char *
key_name(enum store_table table)
{
    return store_table(table)->columns[0].name;
}

/* Formatted here first: sgn_fail() would clear the pointer that is added behind it. */
enum sgn_status
rpc_data_invalid(struct sgn_error *err, const char *pointer, const char *fmt, ...)
{
    char text[512];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    sgn_fail(err, SGN_INVALID, "%s", text);
    sgn_error_add(err, "pointer", json_string(pointer));
    return SGN_INVALID;
}

/* "there is no person 'lii'; did you mean 'li'?" Only people who may read the list get here, so
 * that the suggestion tells nothing new. */
static enum sgn_status
row_missing(struct lane_run *run, enum store_table table, const char *value, const char *pointer,
            enum sgn_status missing, struct sgn_error *err)
{
    const char *noun = key_name(table);
    json_t *rows = NULL, *names = json_array();
    const char *near = NULL;
    const json_t *row;
    size_t i;

    /* Only for the suggestion: without it the refusal is the same. */
    if (lane_row_list(run, table, NULL, &rows, NULL) == SGN_OK) {
        json_array_foreach(rows, i, row)
            (void)json_array_append(names, json_object_get(row, noun));
        near = sgn_nearest_json(value, names);
    }
    sgn_fail(err, missing, "there is no %s '%.40s'%s%s%s", noun, value,
             near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
             near != NULL ? "'?" : "");
    sgn_error_add(err, "pointer", json_string(pointer));
    if (near != NULL)
        sgn_error_add(err, "nearest", json_string(near));
    json_decref(rows);
    json_decref(names);
    return missing;
}

/* From the staged state: what an earlier command of the same batch has made is there already. */
enum sgn_status
rpc_data_row(struct lane_run *run, enum store_table table, const char *value, const char *pointer,
             enum sgn_status missing, json_t **out, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", key_name(table), value);
    json_t *row = NULL;
    enum sgn_status status;

    if (key == NULL)
        return sgn_nomem(err);
    status = lane_row_get(run, table, key, &row, err);
    json_decref(key);
    if (status == SGN_NOT_FOUND)
        return row_missing(run, table, value, pointer, missing, err);
    if (status == SGN_OK && out != NULL)
        *out = row;
    else
        json_decref(row);
    return status;
}

/* SGN_CONFLICT and not "done already": the other row may differ from the one that was asked for. */
enum sgn_status
rpc_data_absent(struct lane_run *run, enum store_table table, const char *value,
                struct sgn_error *err)
{
    const char *noun = key_name(table);
    json_t *key = json_pack("{s:s}", noun, value);
    json_t *row = NULL;
    char pointer[64];
    enum sgn_status status;

    if (key == NULL)
        return sgn_nomem(err);
    status = lane_row_get(run, table, key, &row, err);
    json_decref(key);
    json_decref(row);
    if (status == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        return SGN_OK;
    }
    if (status != SGN_OK)
        return status;
    sgn_fail(err, SGN_CONFLICT, "there is a %s '%s' already", noun, value);
    snprintf(pointer, sizeof(pointer), "/%s", noun);
    sgn_error_add(err, "pointer", json_string(pointer));
    return SGN_CONFLICT;
}

/* Left out or empty: there is no reference, which is fine here and refused by the shape where it
 * is not. */
enum sgn_status
rpc_data_reference(struct lane_run *run, const struct lane_job *job, enum store_table table,
                   const char *param, struct sgn_error *err)
{
    const char *value = sgn_json_str(job->params, param);
    char pointer[64];

    if (value == NULL || value[0] == '\0')
        return SGN_OK;
    snprintf(pointer, sizeof(pointer), "/%s", param);
    return rpc_data_row(run, table, value, pointer, SGN_INVALID, NULL, err);
}

/* The team's rules say which calendars there are; a project that named another would fail at its
 * first deadline, long after whoever wrote it has gone home. */
enum sgn_status
rpc_data_calendar(struct lane_run *run, const struct lane_job *job, struct sgn_error *err)
{
    const char *name = sgn_json_str(job->params, "calendar");
    struct lane *lane = lane_of(run);
    const struct lane_site *site;
    const struct lane_team *team;
    const json_t *calendars;
    enum sgn_status status = SGN_OK;

    if (name == NULL || name[0] == '\0')
        return SGN_OK;
    site = lane_site_ref(lane);
    team = site != NULL ? lane_site_team(site, job->team) : NULL;
    calendars = team != NULL && team->team != NULL ? team->team->calendars : NULL;
    if (json_object_get(calendars, name) == NULL) {
        json_t *names = json_array();
        const char *known, *near;
        json_t *value;
        json_object_foreach((json_t *)calendars, known, value)
            (void)json_array_append_new(names, json_string(known));
        near = sgn_nearest_json(name, names);
        status = rpc_data_invalid(err, "/calendar", "team %s has no calendar '%.40s'%s%s%s",
                                  job->team, name, near != NULL ? "; did you mean '" : "",
                                  near != NULL ? near : "", near != NULL ? "'?" : "");
        if (near != NULL)
            sgn_error_add(err, "nearest", json_string(near));
        json_decref(names);
    }
    lane_site_free(lane, site);
    return status;
}

enum sgn_status
rpc_data_language(const char *language, const char *pointer, struct sgn_error *err)
{
    if (language == NULL || strcmp(language, "en") == 0 || strcmp(language, "zh") == 0)
        return SGN_OK;
    return rpc_data_invalid(err, pointer, "language is en or zh");
}

enum sgn_status
rpc_data_reached(const json_t *row, struct sgn_error *err)
{
    static const char *const channels[] = { "",        "mail",  "call",   "message",
                                            "meeting", "visit", "letter", "portal" };
    const size_t n = sizeof channels / sizeof channels[0];
    const char *language = sgn_json_str(row, "language"), *channel = sgn_json_str(row, "channel");
    const char *near;
    size_t i = 0;
    enum sgn_status status = rpc_data_language(
        language != NULL && language[0] != '\0' ? language : NULL, "/language", err);

    if (status != SGN_OK)
        return status;
    while (channel != NULL && i < n && strcmp(channels[i], channel) != 0)
        i++;
    if (i < n)
        return SGN_OK;
    near = sgn_nearest(channel, channels + 1, n - 1);
    return rpc_data_invalid(err, "/channel",
                            "'%.20s' is no channel: mail, call, message, meeting, visit, letter or "
                            "portal%s%s%s",
                            channel, near != NULL ? "; did you mean '" : "",
                            near != NULL ? near : "", near != NULL ? "'?" : "");
}

enum sgn_status
rpc_data_currency(const struct lane_job *job, struct sgn_error *err)
{
    const char *currency = sgn_json_str(job->params, "currency");

    if (currency == NULL || currency[0] == '\0' ||
        (strlen(currency) == 3 && strspn(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3))
        return SGN_OK;
    return rpc_data_invalid(err, "/currency", "'%.20s' is not a currency: three capitals as in EUR",
                            currency);
}

/* Copies parameters named as the table's columns other than the key into row; "" empties. */
static void
row_fill(enum store_table table, const json_t *params, json_t *row)
{
    const struct store_table_row *t = store_table(table);
    json_t *value;

    for (int i = t->n_key; t->columns[i].name != NULL; i++) {
        value = json_object_get(params, t->columns[i].name);
        if (value == NULL)
            continue;
        if (json_is_string(value) && json_string_length(value) == 0)
            (void)json_object_set_new(row, t->columns[i].name, json_null());
        else
            (void)json_object_set(row, t->columns[i].name, value);
    }
}

/* Keys come from the params, which the shape has checked; since is the lane's time, never a
 * client's. */
json_t *
rpc_data_new(enum store_table table, const struct lane_run *run, const json_t *params)
{
    const struct store_table_row *t = store_table(table);
    json_t *row = json_object();

    for (int i = 0; row != NULL && i < t->n_key; i++)
        (void)json_object_set(row, t->columns[i].name, json_object_get(params, t->columns[i].name));
    for (int i = t->n_key; row != NULL && t->columns[i].name != NULL; i++)
        if (strcmp(t->columns[i].name, "since") == 0)
            (void)json_object_set_new(row, "since", json_integer(lane_now(run)));
    if (row != NULL)
        row_fill(table, params, row);
    return row;
}

enum sgn_status
rpc_data_give(struct lane_run *run, struct lane_job *job, json_t *said_take, struct sgn_error *err)
{
    enum sgn_status status;

    if (said_take == NULL)
        return sgn_nomem(err);
    /* The rows of an import make one entry together; that of any other job is made here, and with
     * it the result: said, and the entry's number. */
    if (job->item == &rpc_m_data_import)
        status = json_array_append(json_object_get(job->result, "rows"), said_take) == 0
                     ? SGN_OK
                     : sgn_nomem(err);
    else
        status = lane_data_entry(run, said_take, err);
    json_decref(said_take);
    return status;
}

/* The entry says the row as it is now, so that the history alone tells what was kept when. */
enum sgn_status
rpc_data_put(struct lane_run *run, struct lane_job *job, enum store_table table, json_t *row_take,
             struct sgn_error *err)
{
    enum sgn_status status;
    json_t *said;

    if (row_take == NULL)
        return sgn_nomem(err);
    status = lane_row_put(run, table, row_take, err);
    said = rpc_row_view(table, row_take, rpc_zone(lane_of(run), job->team));
    json_decref(row_take);
    if (status != SGN_OK) {
        json_decref(said);
        return status;
    }
    return rpc_data_give(run, job, said, err);
}

/* The row that the method's own key parameter names. */
static enum sgn_status
row_of_job(struct lane_run *run, const struct lane_job *job, enum store_table table, json_t **out,
           struct sgn_error *err)
{
    const char *noun = key_name(table);
    char pointer[64];

    snprintf(pointer, sizeof(pointer), "/%s", noun);
    return rpc_data_row(run, table, sgn_json_str(job->params, noun), pointer, SGN_NOT_FOUND, out,
                        err);
}

enum sgn_status
rpc_data_update(struct lane_run *run, struct lane_job *job, enum store_table table,
                rpc_data_check_fn check, struct sgn_error *err)
{
    json_t *row = NULL;
    enum sgn_status status = row_of_job(run, job, table, &row, err);

    if (status == SGN_OK) {
        row_fill(table, job->params, row);
        status = check != NULL ? check(run, job, row, err) : SGN_OK;
    }
    if (status != SGN_OK) {
        json_decref(row);
        return status;
    }
    return rpc_data_put(run, job, table, row, err);
}

enum sgn_status
rpc_data_remove(struct lane_run *run, struct lane_job *job, enum store_table table,
                struct sgn_error *err)
{
    const struct store_table_row *t = store_table(table);
    json_t *key = json_object(), *row = NULL;
    enum sgn_status status = key != NULL ? SGN_OK : sgn_nomem(err);

    for (int i = 0; status == SGN_OK && i < t->n_key; i++)
        if (json_object_set(key, t->columns[i].name,
                            json_object_get(job->params, t->columns[i].name)) != 0)
            status = sgn_nomem(err);
    if (status == SGN_OK)
        status = lane_row_get(run, table, key, &row, err);
    json_decref(row);
    if (status == SGN_OK)
        status = lane_row_remove(run, table, key, err);
    if (status != SGN_OK) {
        json_decref(key);
        return status;
    }
    return rpc_data_give(run, job, key, err);
}

enum sgn_status
rpc_data_show(struct lane_run *run, struct lane_job *job, enum store_table table,
              struct sgn_error *err)
{
    json_t *row = NULL;
    enum sgn_status status = row_of_job(run, job, table, &row, err);

    if (status != SGN_OK)
        return status;
    job->result = rpc_row_view(table, row, rpc_zone(lane_of(run), job->team));
    json_decref(row);
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

/* Without pages: members of one project or one group. */
enum sgn_status
rpc_data_rows(struct lane_run *run, const struct lane_job *job, enum store_table table,
              const char *column, const char *value, json_t **out, struct sgn_error *err)
{
    const struct calendar_zone *zone = rpc_zone(lane_of(run), job->team);
    json_t *match = json_pack("{s:s}", column, value);
    json_t *rows = NULL;
    enum sgn_status status;
    const json_t *row;
    size_t i;

    if (match == NULL)
        return sgn_nomem(err);
    status = lane_row_list(run, table, match, &rows, err);
    json_decref(match);
    if (status != SGN_OK)
        return status;
    *out = json_array();
    json_array_foreach(rows, i, row)
        (void)json_array_append_new(*out, rpc_row_view(table, row, zone));
    json_decref(rows);
    return *out != NULL ? SGN_OK : sgn_nomem(err);
}
