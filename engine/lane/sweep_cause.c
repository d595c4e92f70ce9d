/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What begins a sweep: data that open cases rest on, told by the rows that a command stages. So
 * no method has to remember it.
 */
#include "calendars.h"
#include "json.h"
#include "sweep.h"
#include <string.h>

/* The row as it was before this run; NULL: there was none. New reference. */
static enum sgn_status
row_before(struct lane_run *run, const struct lane_put *put, json_t **out, struct sgn_error *err)
{
    const struct store_table_row *table = store_table(put->table);
    json_t *key = json_object();
    struct lane_run before;
    enum sgn_status st;

    for (int i = 0; i < table->n_key; i++)
        json_object_set(key, table->columns[i].name,
                        json_object_get(put->row, table->columns[i].name));
    lane_run_init(&before, run->lane, run->job);
    before.team = run->team;
    st = lane_row_get(&before, put->table, key, out, err);
    lane_run_deinit(&before);
    json_decref(key);
    if (st != SGN_NOT_FOUND)
        return st;
    sgn_error_clear(err);
    *out = NULL;
    return SGN_OK;
}

static bool
is_same(const json_t *a, const json_t *b, const char *column)
{
    json_t *x = json_object_get(a, column), *y = json_object_get(b, column);

    x = json_is_null(x) ? NULL : x;
    y = json_is_null(y) ? NULL : y;
    return x == y || (x != NULL && y != NULL && json_equal(x, y));
}

/* {COLUMN: value} of those columns. New reference. */
static json_t *
pick(const json_t *row, const char *const *columns)
{
    json_t *out = json_object();

    for (; *columns != NULL; columns++)
        if (json_object_get(row, *columns) != NULL)
            json_object_set(out, *columns, json_object_get(row, *columns));
    return out;
}

static json_t *
cause_people(const struct lane_put *put, const json_t *before)
{
    static const char *const membership[] = { "project", "person", "role", NULL };
    static const char *const member[] = { "group", "person", NULL };
    static const char *const person[] = { "person", NULL };
    static const char *const delegation[] = { "person", "stand_in", NULL };

    switch (put->table) {
    case STORE_MEMBERSHIP:
        return before == NULL || put->remove ? pick(put->row, membership) : NULL;
    case STORE_GROUP_MEMBER:
        return before == NULL || put->remove ? pick(put->row, member) : NULL;
    case STORE_PERSON: /* who is new holds nothing yet */
        return before != NULL &&
                       (put->remove || !is_same(before, put->row, "active") ||
                        !is_same(before, put->row, "lead") || !is_same(before, put->row, "client"))
                   ? pick(put->row, person)
                   : NULL;
    case STORE_DELEGATION:
        return pick(before != NULL ? before : put->row, delegation);
    default:
        return NULL;
    }
}

static json_t *
cause_calendar(const struct lane_put *put, const json_t *before)
{
    static const char *const exception[] = { "calendar", "date", "reason", NULL };
    static const char *const project[] = { "project", NULL };
    static const char *const client[] = { "client", NULL };

    if (put->table == STORE_EXCEPTION)
        return pick(put->row, exception);
    if (before == NULL || put->remove)
        return NULL;
    if (put->table == STORE_PROJECT &&
        (!is_same(before, put->row, "calendar") || !is_same(before, put->row, "client")))
        return pick(put->row, project);
    if (put->table == STORE_CLIENT && !is_same(before, put->row, "calendar"))
        return pick(put->row, client);
    return NULL;
}

static bool
may_cause(enum store_table table)
{
    return table == STORE_MEMBERSHIP || table == STORE_GROUP_MEMBER || table == STORE_PERSON ||
           table == STORE_DELEGATION || table == STORE_EXCEPTION || table == STORE_PROJECT ||
           table == STORE_CLIENT;
}

/* One for each row that asks for it; a method that changes several has them swept in turn. */
static enum sgn_status
put_causes(struct lane_run *run, const struct lane_put *put, struct sgn_error *err)
{
    json_t *before = NULL, *argument;
    const char *kind = "people";
    enum sgn_status st = row_before(run, put, &before, err);

    if (st != SGN_OK)
        return st;
    argument = cause_people(put, before);
    if (argument == NULL) {
        kind = "calendar";
        argument = cause_calendar(put, before);
    }
    if (argument != NULL)
        st = lane_sweep_begin(run, kind, argument, err);
    if (st == SGN_OK && put->table == STORE_EXCEPTION)
        lane_calendars_changed(run->lane, run->team);
    if (put->table == STORE_DELEGATION)
        lane_periods_changed(run->lane);
    json_decref(argument);
    json_decref(before);
    return st;
}

enum sgn_status
lane_sweep_caused(struct lane_run *run, struct sgn_error *err)
{
    int64_t seq = 0, at;
    enum sgn_status st = SGN_OK;

    if (run->entry == NULL || run->entry->row != NULL || run->puts == NULL)
        return SGN_OK; /* the data of no command */
    /* The rows that prepare a team come before any case. */
    st = lane_head(run->lane, run->team, &seq, &at, err);
    for (const struct lane_put *put = run->puts; st == SGN_OK && seq > 0 && put != NULL;
         put = put->next)
        if (may_cause(put->table))
            st = put_causes(run, put, err);
    return st;
}

/* ---- loads ---- */

/* The digest that the cases were last looked at with; "": without any calendar. */
static enum sgn_status
last_digest(struct lane *lane, const char *name, char out[SGN_HASH_HEX], struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "name", name), *row = NULL;
    enum sgn_status st = store_row_get(lane->reader, STORE_SETTING, "", key, &row, err);
    const char *digest = json_string_value(json_object_get(row, "value"));

    snprintf(out, SGN_HASH_HEX, "%s", digest != NULL ? digest : "");
    json_decref(key);
    json_decref(row);
    return sgn_if_any(st, err);
}

static enum sgn_status
begin_all(struct lane *lane, const char *team, struct sgn_error *err)
{
    struct lane_job job = { .channel = "engine" };
    json_t *argument = json_object();
    struct lane_run run;
    enum sgn_status st;

    sgn_text_copy(job.team, sizeof job.team, team);
    lane_run_init(&run, lane, &job);
    st = lane_sweep_begin(&run, "calendar", argument, err);
    if (st == SGN_OK)
        st = lane_run_merge(&run, err);
    lane_run_deinit(&run);
    json_decref(argument);
    return st;
}

enum sgn_status
lane_sweep_loaded(struct lane *lane, const struct lane_team *team, struct sgn_error *err)
{
    char name[SGN_KEY_MAX + 16], was[SGN_HASH_HEX], is[SGN_HASH_HEX] = "";
    struct store_head head = { 0 };
    enum sgn_status st;

    snprintf(name, sizeof name, "calendars/%s", team->name);
    st = last_digest(lane, name, was, err);
    if (st == SGN_OK && json_array_size(team->calendars) > 0)
        st = lane_calendars_digest(team->calendars, is, err);
    if (st == SGN_OK)
        st = store_head_get(lane->reader, team->name, &head, err);
    if (st != SGN_OK || strcmp(was, is) == 0)
        return st;
    if (head.seq > 0)
        st = begin_all(lane, team->name, err);
    return st == SGN_OK ? lane_batch_put(lane, team->name, STORE_SETTING,
                                         json_pack("{s:s, s:s}", "name", name, "value", is), err)
                        : st;
}
