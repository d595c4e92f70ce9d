/* SPDX-License-Identifier: Apache-2.0 */
/* Who is in which projects with what share, see person_load.h. */
#include "person_load.h"
#include "clock.h"
#include "json.h"
#include "rpc_internal.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 500

struct rpc_person_load {
    const struct calendar_zone *zone;
    int64_t now;
    json_t *people;      /* {PERSON: title}, of everybody */
    json_t *projects;    /* {PROJECT: title}, of open ones */
    json_t *members;     /* {PERSON: [{"project", "role", "share"}]}, of open projects */
    json_t *delegations; /* rows that are not over */
    json_t *wanted;      /* keys of those whose rows are made */
    json_t *rows;
    size_t at; /* in wanted */
};

void
rpc_person_load_free(void *load)
{
    struct rpc_person_load *l = load;

    if (l == NULL)
        return;
    json_decref(l->people);
    json_decref(l->projects);
    json_decref(l->members);
    json_decref(l->delegations);
    json_decref(l->wanted);
    json_decref(l->rows);
    free(l);
}

json_t *
rpc_person_load_rows(struct rpc_person_load *load)
{
    return load->rows;
}

/* ---- what is read once ---- */

static enum sgn_status
rows_of(struct store_reader *reader, const struct lane_job *job, enum store_table table,
        json_t **out, struct sgn_error *err)
{
    return store_row_list(reader, table, job->team, NULL, NULL, INT_MAX, out, err);
}

static enum sgn_status
people_read(struct rpc_person_load *l, struct store_reader *reader, const struct lane_job *job,
            const char *person, struct sgn_error *err)
{
    json_t *rows = NULL, *row;
    size_t i;
    enum sgn_status status = rows_of(reader, job, STORE_PERSON, &rows, err);

    json_array_foreach(rows, i, row) {
        const char *key = sgn_json_str(row, "person");

        (void)json_object_set_new(
            l->people, key,
            json_string(model_title(json_object_get(row, "title"), job->language, key)));
        if (sgn_json_str(row, "client") == NULL &&
            (person != NULL ? strcmp(key, person) == 0 : rpc_row_true(row, "active")))
            (void)json_array_append(l->wanted, json_object_get(row, "person"));
    }
    json_decref(rows);
    return status;
}

static enum sgn_status
projects_read(struct rpc_person_load *l, struct store_reader *reader, const struct lane_job *job,
              struct sgn_error *err)
{
    json_t *rows = NULL, *row;
    size_t i;
    enum sgn_status status = rows_of(reader, job, STORE_PROJECT, &rows, err);

    json_array_foreach(rows, i, row) {
        const char *key = sgn_json_str(row, "project"), *state = sgn_json_str(row, "state");

        if (state == NULL || strcmp(state, "closed") != 0)
            (void)json_object_set_new(
                l->projects, key,
                json_string(model_title(json_object_get(row, "title"), job->language, key)));
    }
    json_decref(rows);
    return status;
}

static enum sgn_status
members_read(struct rpc_person_load *l, struct store_reader *reader, const struct lane_job *job,
             struct sgn_error *err)
{
    json_t *rows = NULL, *row;
    size_t i;
    enum sgn_status status = rows_of(reader, job, STORE_MEMBERSHIP, &rows, err);

    json_array_foreach(rows, i, row) {
        const char *person = sgn_json_str(row, "person");

        if (json_object_get(l->projects, sgn_json_str(row, "project")) == NULL)
            continue;
        if (json_object_get(l->members, person) == NULL)
            (void)json_object_set_new(l->members, person, json_array());
        (void)json_array_append(json_object_get(l->members, person), row);
    }
    json_decref(rows);
    return status;
}

/* What is over says nothing of anybody's load. */
static enum sgn_status
delegations_read(struct rpc_person_load *l, struct store_reader *reader, const struct lane_job *job,
                 struct sgn_error *err)
{
    json_t *rows = NULL, *row;
    size_t i;
    enum sgn_status status = rows_of(reader, job, STORE_DELEGATION, &rows, err);

    json_array_foreach(rows, i, row)
        if (core_delegation_end(row) > l->now)
            (void)json_array_append(l->delegations, row);
    json_decref(rows);
    return status;
}

enum sgn_status
rpc_person_load_new(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
                    const char *person, struct rpc_person_load **out, struct sgn_error *err)
{
    struct rpc_person_load *l = calloc(1, sizeof(*l));
    enum sgn_status status;

    *out = l;
    if (l == NULL)
        return sgn_nomem(err);
    l->zone = rpc_zone(lane, job->team);
    l->now = sgn_clock_now(lane_clock(lane));
    l->people = json_object();
    l->projects = json_object();
    l->members = json_object();
    l->delegations = json_array();
    l->wanted = json_array();
    l->rows = json_array();
    status = people_read(l, reader, job, person, err);
    if (status == SGN_OK)
        status = projects_read(l, reader, job, err);
    if (status == SGN_OK)
        status = members_read(l, reader, job, err);
    if (status == SGN_OK)
        status = delegations_read(l, reader, job, err);
    if (status != SGN_OK) {
        rpc_person_load_free(l);
        *out = NULL;
    }
    return status;
}

/* ---- a person ---- */

/* Each project once, with the roles and what they take of the person's time together. */
static json_t *
projects_of(const struct rpc_person_load *l, const char *person, int64_t *sum, bool *said)
{
    json_t *list = json_array(), *by_project = json_object(), *one;
    const json_t *member;
    size_t i;

    *sum = 0;
    *said = false;
    json_array_foreach(json_object_get(l->members, person), i, member) {
        const char *project = sgn_json_str(member, "project");
        const json_t *share = json_object_get(member, "share");

        one = json_object_get(by_project, project);
        if (one == NULL) {
            one = json_pack("{s:s, s:O, s:[], s:n}", "project", project, "title",
                            json_object_get(l->projects, project), "roles", "share");
            (void)json_object_set(by_project, project, one);
            (void)json_array_append_new(list, one);
        }
        (void)json_array_append(json_object_get(one, "roles"), json_object_get(member, "role"));
        if (!json_is_integer(share))
            continue;
        *said = true;
        *sum += json_integer_value(share);
        (void)json_object_set_new(
            one, "share", json_integer(sgn_json_int(one, "share", 0) + json_integer_value(share)));
    }
    json_decref(by_project);
    return list;
}

/* Delegations in which the person is this one, and the other one that. */
static json_t *
delegations_of(const struct rpc_person_load *l, const char *person, const char *is,
               const char *other)
{
    json_t *list = json_array();
    const json_t *row;
    size_t i;

    json_array_foreach(l->delegations, i, row) {
        const char *who = sgn_json_str(row, is), *its = sgn_json_str(row, other);
        json_t *title = its != NULL ? json_object_get(l->people, its) : NULL;

        if (who == NULL || its == NULL || strcmp(who, person) != 0)
            continue;
        (void)json_array_append_new(
            list, json_pack("{s:s, s:O, s:o, s:o, s:b, s:b}", "person", its, "title",
                            title != NULL ? title : json_object_get(row, other), "from",
                            rpc_time(l->zone, sgn_json_int(row, "starts", 0)), "until",
                            rpc_time(l->zone, core_delegation_end(row)), "now",
                            (int)core_delegation_holds(row, l->now), "in_part",
                            (int)(json_object_size(json_object_get(row, "scope")) > 0)));
    }
    return list;
}

struct counted {
    int64_t waits, late, offered, owns;
};

/* named: {CASE: is it late}. What is offered to somebody whom it names already counts no more. */
static void
count_up(json_t *named, json_t *offered, struct counted *n)
{
    const char *key;
    json_t *late;

    json_object_foreach(named, key, late) {
        n->late += json_is_true(late);
        (void)json_object_del(offered, key);
    }
    n->waits = (int64_t)json_object_size(named);
    n->offered = (int64_t)json_object_size(offered);
}

/* A case once, however often it names the person. */
static enum sgn_status
count_waiting(const struct rpc_person_load *l, struct store_reader *reader,
              const struct lane_job *job, const char *person, struct counted *n,
              struct sgn_error *err)
{
    json_t *named = json_object(), *offered = json_object();
    char *cursor = NULL;
    enum sgn_status status;

    do {
        struct store_page page = { 0 };
        const json_t *item;
        size_t i;

        status = store_inbox(reader, job->team, person, cursor, PAGE, &page, err);
        json_array_foreach(page.items, i, item) {
            const char *key = sgn_json_str(item, "case"), *kind = sgn_json_str(item, "kind");
            int64_t due = sgn_json_int(item, "due", 0);

            if (sgn_json_str(item, "person") == NULL || strcmp(kind, "offer") == 0) {
                (void)json_object_set_new(offered, key, json_true());
                continue;
            }
            if (due > 0 && due < l->now)
                (void)json_object_set_new(named, key, json_true());
            else if (json_object_get(named, key) == NULL)
                (void)json_object_set_new(named, key, json_false());
        }
        free(cursor);
        cursor = page.cursor;
        page.cursor = NULL;
        store_page_deinit(&page);
    } while (status == SGN_OK && cursor != NULL);
    count_up(named, offered, n);
    free(cursor);
    json_decref(named);
    json_decref(offered);
    return status;
}

static enum sgn_status
count_owned(struct store_reader *reader, const struct lane_job *job, const char *person,
            int64_t *out, struct sgn_error *err)
{
    struct store_case_filter filter = {
        .team = job->team, .owner = person, .open = true, .sort = "key", .limit = PAGE
    };
    char *cursor = NULL;
    enum sgn_status status;

    *out = 0;
    do {
        struct store_page page = { 0 };

        filter.cursor = cursor;
        status = store_case_query(reader, &filter, &page, err);
        *out += (int64_t)json_array_size(page.items);
        free(cursor);
        cursor = page.cursor;
        page.cursor = NULL;
        store_page_deinit(&page);
    } while (status == SGN_OK && cursor != NULL);
    free(cursor);
    return status;
}

static enum sgn_status
row_make(struct rpc_person_load *l, struct store_reader *reader, const struct lane_job *job,
         const char *person, struct sgn_error *err)
{
    struct counted n = { 0 };
    int64_t sum;
    bool said;
    json_t *projects;
    enum sgn_status status = count_waiting(l, reader, job, person, &n, err);

    if (status == SGN_OK)
        status = count_owned(reader, job, person, &n.owns, err);
    if (status != SGN_OK)
        return status;
    projects = projects_of(l, person, &sum, &said);
    if (json_array_append_new(
            l->rows,
            json_pack("{s:s, s:O, s:o, s:o, s:b, s:I, s:I, s:I, s:I, s:o, s:o}", "person", person,
                      "title", json_object_get(l->people, person), "projects", projects, "share",
                      said ? json_integer(sum) : json_null(), "over", (int)(sum > 100), "owns",
                      (json_int_t)n.owns, "waits", (json_int_t)n.waits, "late", (json_int_t)n.late,
                      "offered", (json_int_t)n.offered, "away",
                      delegations_of(l, person, "person", "stand_in"), "stands_in",
                      delegations_of(l, person, "stand_in", "person"))) != 0)
        return sgn_nomem(err);
    return SGN_OK;
}

enum sgn_status
rpc_person_load_slice(struct rpc_person_load *l, struct store_reader *reader,
                      const struct lane_job *job, int64_t until, struct sgn_error *err)
{
    enum sgn_status status = SGN_OK;

    while (status == SGN_OK && l->at < json_array_size(l->wanted)) {
        if (sgn_monotonic_ms() >= until)
            return SGN_NEEDS;
        status =
            row_make(l, reader, job, json_string_value(json_array_get(l->wanted, l->at++)), err);
    }
    return status;
}
