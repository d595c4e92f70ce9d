/* SPDX-License-Identifier: Apache-2.0 */
/*
 * delegation.*: who stands in for whom, from when until when, in what.
 *
 * It lends the right to act, and lends it once: a stand-in's own stand-in has nothing of it. All
 * the same nobody may end up standing in for themselves by way of others: a circle of absent
 * people looks as if everybody were covered.
 */
#include "data.h"
#include "methods.h"
#include "names.h"
#include "rpc_internal.h"
#include <string.h>

#define DELEGATION_COUNTER "delegation" /* a workflow's key is in capitals */
#define LIST_MOST          10000

/* ---- as it is answered ---- */

static json_t *
delegation_view(const json_t *row, const struct calendar_zone *zone)
{
    json_t *scope = json_object_get(row, "scope");

    return json_pack("{s:O, s:O, s:O, s:o, s:o, s:o, s:o}", "id", json_object_get(row, "id"),
                     "person", json_object_get(row, "person"), "to",
                     json_object_get(row, "stand_in"), "from",
                     rpc_time(zone, sgn_json_int(row, "starts", 0)), "until",
                     rpc_time(zone, sgn_json_int(row, "ends", 0)), "ended",
                     rpc_time(zone, sgn_json_int(row, "ended", 0)), "scope",
                     json_is_object(scope) ? json_incref(scope) : json_null());
}

/* Puts the row, answers it, and tells both. */
static enum sgn_status
put(struct lane_run *run, struct lane_job *job, json_t *row, const char *kind,
    struct sgn_error *err)
{
    json_t *said = delegation_view(row, rpc_zone(lane_of(run), job->team));
    json_t *message;
    enum sgn_status status =
        said != NULL ? lane_row_put(run, STORE_DELEGATION, row, err) : sgn_nomem(err);

    if (status != SGN_OK) {
        json_decref(said);
        return status;
    }
    message =
        json_pack("{s:s, s:[O, O], s:O, s:O, s:O, s:O}", "kind", kind, "to",
                  json_object_get(said, "person"), json_object_get(said, "to"), "person",
                  json_object_get(said, "person"), "stand_in", json_object_get(said, "to"), "from",
                  json_object_get(said, "from"), "until", json_object_get(said, "until"));
    status = rpc_data_give(run, job, said, err);
    if (status != SGN_OK || message == NULL) {
        json_decref(message);
        return status != SGN_OK ? status : sgn_nomem(err);
    }
    return lane_data_tell(run, message, err);
}

/* ---- set: what is asked ---- */

static bool
is_over(const json_t *row, int64_t now)
{
    int64_t ended = sgn_json_int(row, "ended", 0);

    return (ended != 0 && ended <= now) || sgn_json_int(row, "ends", 0) <= now;
}

/* As rpc_data_row; but what a client's person may not know of is not there for them, and no name
 * that is close to it is told. */
static enum sgn_status
known_row(struct lane_run *run, enum store_table table, const char *value, const char *pointer,
          json_t **out, struct sgn_error *err)
{
    const char *column = store_table(table)->columns[0].name;
    const json_t *caller = lane_caller(run);
    json_t *key, *row = NULL;
    enum sgn_status status;

    if (sgn_json_str(caller, "client") == NULL)
        return rpc_data_row(run, table, value, pointer, SGN_INVALID, out, err);
    key = json_pack("{s:s}", column, value);
    status = key != NULL ? lane_row_get(run, table, key, &row, err) : sgn_nomem(err);
    json_decref(key);
    if (status == SGN_NOT_FOUND ||
        (status == SGN_OK && !(table == STORE_PERSON ? core_knows_person(caller, row)
                                                     : core_knows_project(caller, row)))) {
        sgn_error_clear(err);
        status = rpc_data_invalid(err, pointer, "there is no %s '%.40s'%s%s%s", column, value, "",
                                  "", "");
    }
    if (status == SGN_OK && out != NULL)
        *out = row;
    else
        json_decref(row);
    return status;
}

/* Persons who are there, on one side, and two. */
static enum sgn_status
check_persons(struct lane_run *run, const char *person, const char *to, struct sgn_error *err)
{
    json_t *giver = NULL, *stand_in = NULL;
    const char *theirs, *its;
    enum sgn_status status = known_row(run, STORE_PERSON, person, "/person", &giver, err);

    if (status == SGN_OK)
        status = known_row(run, STORE_PERSON, to, "/to", &stand_in, err);
    theirs = sgn_json_str(giver, "client");
    its = sgn_json_str(stand_in, "client");
    if (status == SGN_OK && !rpc_row_true(giver, "active"))
        status = rpc_data_invalid(err, "/person", "%s has left", person);
    else if (status == SGN_OK && !rpc_row_true(stand_in, "active"))
        status = rpc_data_invalid(err, "/to", "%s has left", to);
    else if (status == SGN_OK && strcmp(person, to) == 0)
        status = rpc_data_invalid(err, "/to", "nobody stands in for themselves");
    else if (status == SGN_OK && strcmp(theirs != NULL ? theirs : "", its != NULL ? its : "") != 0)
        status = rpc_data_invalid(err, "/to",
                                  "%s stands on another side than %s: the team's own "
                                  "people and each client's stand in for their own only",
                                  to, person);
    json_decref(giver);
    json_decref(stand_in);
    return status;
}

static enum sgn_status
check_workflows(struct lane_run *run, const struct lane_job *job, const json_t *names,
                struct sgn_error *err)
{
    const struct lane_site *site = lane_site_ref(lane_of(run));
    const struct lane_team *team = site != NULL ? lane_site_team(site, job->team) : NULL;
    enum sgn_status status = SGN_OK;
    const json_t *name;
    size_t i;

    json_array_foreach(names, i, name) {
        const char *text = json_string_value(name);
        const struct model *model = text != NULL ? lane_team_workflow(team, text) : NULL;
        if (status == SGN_OK && (model == NULL || !core_knows_workflow(lane_caller(run), model)))
            status = rpc_data_invalid(err, "/scope/workflows", "there is no workflow '%.64s'",
                                      text != NULL ? text : "");
    }
    lane_site_free(lane_of(run), site);
    return status;
}

static enum sgn_status
check_scope(struct lane_run *run, const struct lane_job *job, struct sgn_error *err)
{
    json_t *scope = json_object_get(job->params, "scope");
    enum sgn_status status = SGN_OK;
    const char *name;
    json_t *value;
    const json_t *project;
    size_t i;

    json_object_foreach(scope, name, value) {
        if (strcmp(name, "workflows") != 0 && strcmp(name, "projects") != 0)
            return rpc_data_invalid(err, "/scope",
                                    "a scope has workflows and projects, not '%.64s'", name);
        if (!json_is_array(value))
            return rpc_data_invalid(err, "/scope", "%s must be a list of names", name);
    }
    status = check_workflows(run, job, json_object_get(scope, "workflows"), err);
    json_array_foreach(json_object_get(scope, "projects"), i, project) {
        const char *key = json_string_value(project);
        if (status == SGN_OK && key == NULL)
            status = rpc_data_invalid(err, "/scope/projects", "a project is named by its key");
        if (status == SGN_OK)
            status = known_row(run, STORE_PROJECT, key, "/scope/projects", NULL, err);
    }
    return status;
}

static enum sgn_status
check_period(struct lane_run *run, const struct lane_job *job, int64_t *starts, int64_t *ends,
             struct sgn_error *err)
{
    const char *from = sgn_json_str(job->params, "from");

    *starts = lane_now(run);
    if (from != NULL && sgn_time_parse(from, starts, err) != SGN_OK)
        return sgn_nomem(err); /* the shape check has parsed it */
    if (sgn_time_parse(sgn_json_str(job->params, "until"), ends, err) != SGN_OK)
        return sgn_nomem(err);
    if (*ends <= *starts)
        return rpc_data_invalid(err, "/until", "a period ends after it begins");
    if (*ends <= lane_now(run))
        return rpc_data_invalid(err, "/until", "this period is over already");
    return SGN_OK;
}

/* ---- set: circles ---- */

static bool
lists_meet(const json_t *a, const json_t *b)
{
    const json_t *name;
    size_t i;

    if (json_array_size(a) == 0 || json_array_size(b) == 0)
        return true;
    json_array_foreach(a, i, name)
        if (sgn_json_has(b, json_string_value(name)))
            return true;
    return false;
}

/* At some time, in some case, both hold. */
static bool
meet(const json_t *a, const json_t *b)
{
    const json_t *x = json_object_get(a, "scope"), *y = json_object_get(b, "scope");

    return sgn_json_int(a, "starts", 0) < sgn_json_int(b, "ends", 0) &&
           sgn_json_int(b, "starts", 0) < sgn_json_int(a, "ends", 0) &&
           lists_meet(json_object_get(x, "workflows"), json_object_get(y, "workflows")) &&
           lists_meet(json_object_get(x, "projects"), json_object_get(y, "projects"));
}

/* Looks for a way from person to goal along what meets the new one; path holds it. */
static bool
leads_to(const json_t *rows, const json_t *new, const char *person, const char *goal, json_t *path)
{
    const json_t *row;
    size_t i;

    (void)json_array_append_new(path, json_string(person));
    if (strcmp(person, goal) == 0)
        return true;
    json_array_foreach(rows, i, row) {
        const char *next = sgn_json_str(row, "stand_in");
        if (strcmp(sgn_json_str(row, "person"), person) != 0 || !meet(row, new) ||
            sgn_json_int(row, "ended", 0) != 0)
            continue;
        if ((strcmp(next, goal) == 0 || !sgn_json_has(path, next)) &&
            leads_to(rows, new, next, goal, path))
            return true;
    }
    (void)json_array_remove(path, json_array_size(path) - 1);
    return false;
}

static enum sgn_status
check_circle(struct lane_run *run, const json_t *row, struct sgn_error *err)
{
    const char *person = sgn_json_str(row, "person");
    json_t *rows = NULL, *path = json_array();
    struct sgn_buf text;
    const json_t *name;
    size_t i;
    enum sgn_status status = lane_row_list(run, STORE_DELEGATION, NULL, &rows, err);

    sgn_buf_init(&text, 4096);
    if (status == SGN_OK && leads_to(rows, row, sgn_json_str(row, "stand_in"), person, path)) {
        (void)sgn_buf_puts(&text, person);
        json_array_foreach(path, i, name)
            (void)sgn_buf_printf(&text, " → %s", json_string_value(name));
        status = sgn_fail(err, SGN_REFUSED, "this would be a circle of stand-ins: %s", text.bytes);
        (void)json_array_insert_new(path, 0, json_string(person));
        sgn_error_add(err, "circle", json_incref(path));
        sgn_error_add(err, "pointer", json_string("/to"));
    }
    sgn_buf_deinit(&text);
    json_decref(rows);
    json_decref(path);
    return status;
}

/* ---- set ---- */

static enum sgn_status
next_id(struct lane_run *run, int64_t *out, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "name", DELEGATION_COUNTER), *row = NULL;
    enum sgn_status status = lane_row_get(run, STORE_COUNTER, key, &row, err);

    status = sgn_if_any(status, err);
    *out = sgn_json_int(row, "value", 0) + 1;
    if (status == SGN_OK && json_object_set_new(key, "value", json_integer(*out)) != 0)
        status = sgn_nomem(err);
    if (status == SGN_OK)
        status = lane_row_put(run, STORE_COUNTER, key, err);
    json_decref(key);
    json_decref(row);
    return status;
}

static enum sgn_status
delegation_set(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *to = sgn_json_str(job->params, "to");
    const char *person = sgn_json_str(job->params, "person");
    json_t *scope = json_object_get(job->params, "scope"), *row = NULL;
    int64_t starts = 0, ends = 0, id = 0;
    enum sgn_status status;

    if (person == NULL)
        person = job->person;
    if (!core_delegates_for(lane_caller(run), person))
        return sgn_fail(err, SGN_FORBIDDEN,
                        "naming a stand-in for somebody else is for the "
                        "team's leads");
    status = check_persons(run, person, to, err);
    if (status == SGN_OK)
        status = check_period(run, job, &starts, &ends, err);
    if (status == SGN_OK)
        status = check_scope(run, job, err);
    if (status == SGN_OK) {
        row = json_pack("{s:s, s:s, s:O?, s:I, s:I, s:n, s:i}", "person", person, "stand_in", to,
                        "scope", json_object_size(scope) > 0 ? scope : NULL, "starts",
                        (json_int_t)starts, "ends", (json_int_t)ends, "ended", "told",
                        starts <= lane_now(run) ? 1 : 0);
        status = row != NULL ? check_circle(run, row, err) : sgn_nomem(err);
    }
    if (status == SGN_OK)
        status = next_id(run, &id, err);
    if (status == SGN_OK && json_object_set_new(row, "id", json_integer(id)) != 0)
        status = sgn_nomem(err);
    if (status == SGN_OK)
        status = put(run, job, row, "delegated", err);
    json_decref(row);
    return status;
}

/* ---- end ---- */

static enum sgn_status
delegation_end(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    int64_t id = sgn_json_int(job->params, "id", 0);
    json_t *key = json_pack("{s:I}", "id", (json_int_t)id), *row = NULL;
    enum sgn_status status = lane_row_get(run, STORE_DELEGATION, key, &row, err);

    json_decref(key);
    if (status == SGN_NOT_FOUND ||
        (status == SGN_OK && !core_ends_delegation(lane_caller(run), row))) {
        sgn_error_clear(err);
        status = sgn_fail(err, SGN_NOT_FOUND, "there is no delegation %lld", (long long)id);
        sgn_error_add(err, "pointer", json_string("/id"));
    }
    if (status == SGN_OK && is_over(row, lane_now(run)))
        status = sgn_fail(err, SGN_NOT_NOW, "delegation %lld is over already", (long long)id);
    if (status == SGN_OK && (json_object_set_new(row, "ended", json_integer(lane_now(run))) != 0 ||
                             json_object_set_new(row, "told", json_integer(2)) != 0))
        status = sgn_nomem(err);
    if (status == SGN_OK)
        status = put(run, job, row, "undelegated", err);
    json_decref(row);
    return status;
}

/* ---- list ---- */

static bool
is_seen(const struct lane_job *job, const json_t *row, int64_t now)
{
    const char *person = sgn_json_str(row, "person"), *to = sgn_json_str(row, "stand_in");
    const char *asked = sgn_json_str(job->params, "person");

    if (!sgn_json_true(job->params, "all") && is_over(row, now))
        return false;
    if (asked != NULL && strcmp(asked, person) != 0 && strcmp(asked, to) != 0)
        return false;
    return core_knows_delegation(job->caller, row);
}

static enum sgn_status
delegation_list(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                struct sgn_error *err)
{
    const struct calendar_zone *zone = rpc_zone(lane, job->team);
    const struct rpc_names_from from = { .reader = reader,
                                         .team = job->team,
                                         .language = job->language };
    int64_t now = sgn_clock_now(lane_clock(lane));
    json_t *rows = NULL, *items = json_array();
    const json_t *row;
    size_t i;
    enum sgn_status status =
        store_row_list(reader, STORE_DELEGATION, job->team, NULL, NULL, LIST_MOST, &rows, err);

    json_array_foreach(rows, i, row)
        if (is_seen(job, row, now))
            (void)json_array_append_new(items, delegation_view(row, zone));
    json_decref(rows);
    status = rpc_page_end(status, job, items, err);
    return status == SGN_OK ? rpc_names_add(&from, job, err) : status;
}

/* ---- people ---- */

/* Whose stand-in is looked for: the caller, or for a lead whoever they name. */
static enum sgn_status
giver_read(struct store_reader *reader, const struct lane_job *job, json_t **out,
           struct sgn_error *err)
{
    const char *person = sgn_json_str(job->params, "person");
    enum sgn_status status;

    if (person == NULL)
        person = job->person;
    if (!core_delegates_for(job->caller, person))
        return sgn_fail(err, SGN_FORBIDDEN,
                        "naming a stand-in for somebody else is for the "
                        "team's leads");
    status = lane_person_read(reader, job->team, person, out, err);
    if (status == SGN_NOT_FOUND)
        sgn_error_add(err, "pointer", json_string("/person"));
    return status;
}

/* By the rules that delegation.set goes by, see check_persons(). */
static enum sgn_status
delegation_people(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                  struct sgn_error *err)
{
    json_t *giver = NULL, *rows = NULL, *match = NULL, *items = json_array();
    const json_t *row;
    size_t i;
    enum sgn_status status = giver_read(reader, job, &giver, err);

    (void)lane;
    if (status == SGN_OK) {
        match = json_pack("{s:o, s:b}", "client",
                          sgn_json_string_or_null(sgn_json_str(giver, "client")), "active", 1);
        status = match != NULL ? store_row_list(reader, STORE_PERSON, job->team, match, NULL,
                                                LIST_MOST, &rows, err)
                               : sgn_nomem(err);
    }
    json_array_foreach(rows, i, row)
        if (!json_equal(json_object_get(row, "person"), json_object_get(giver, "person")))
            (void)json_array_append_new(items, json_pack("{s:O, s:O?}", "person",
                                                         json_object_get(row, "person"), "title",
                                                         json_object_get(row, "title")));
    json_decref(giver);
    json_decref(match);
    json_decref(rows);
    return rpc_page_end(status, job, items, err);
}

/* clang-format off */
#define RESULT "id, person, to, from, until, ended, scope"

static const struct rpc_param set_params[] = {
    { "to", RPC_STRING, true, SGN_KEY_MAX, "Key of the stand-in." },
    { "until", RPC_TIME, true, 64, "When it ends." },
    { "from", RPC_TIME, false, 64, "When it begins; now when not said." },
    { "scope", RPC_OBJECT, false, 0, "workflows and projects, lists of names; without: everything." },
    { "person", RPC_STRING, false, SGN_KEY_MAX, "For whom, when a lead does it for somebody." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_delegation_set = {
    .name = "delegation.set",
    .summary = "Names a stand-in for a period and a scope; both are told, now and when it begins and ends.",
    .access = CORE_PERSON, .where = RPC_WRITE, .params = set_params, .result = RESULT ".",
    .run = delegation_set,
};

static const struct rpc_param list_params[] = {
    { "person", RPC_STRING, false, SGN_KEY_MAX, "Only where this person lends or stands in." },
    { "all", RPC_BOOLEAN, false, 0, "Also those that are over." },
    RPC_PARAM_NAMES, RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_delegation_list = {
    .name = "delegation.list",
    .summary = "Lists who stands in for whom, now and later.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_QUERY, .params = list_params,
    .result = "items: " RESULT "; the cursor of the next page or null.", .query = delegation_list,
};

static const struct rpc_param people_params[] = {
    { "person", RPC_STRING, false, SGN_KEY_MAX, "For whom, when a lead looks for somebody." },
    RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_delegation_people = {
    .name = "delegation.people",
    .summary = "Lists who may stand in for you: of the team's own people its own, of a client's that client's.",
    .access = CORE_PERSON, .where = RPC_QUERY, .params = people_params,
    .result = "items: person, title, by key; the cursor of the next page or null.",
    .query = delegation_people,
};

static const struct rpc_param end_params[] = {
    { "id", RPC_INTEGER, true, 0, "Its number, as delegation.list shows it." }, RPC_PARAM_END
};

const struct rpc_method rpc_m_delegation_end = {
    .name = "delegation.end",
    .summary = "Ends a delegation before its time; for both, and for leads.",
    .access = CORE_PERSON, .where = RPC_WRITE, .params = end_params, .result = RESULT ".",
    .run = delegation_end,
};
/* clang-format on */
