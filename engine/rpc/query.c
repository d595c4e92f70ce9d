/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What queries share: who asks and what they may see, pages, rows. Runs on query threads.
 *
 * Never writes, and never remembers an answer from one query to the next.
 */
#include "rpc_internal.h"
#include "told.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Who asks, and whether they may, has been looked at by the lane, afresh for every query: no query
 * function checks rights of its own. */
enum sgn_status
rpc_query_run(struct store_reader *reader, struct lane *lane, struct lane_job *job,
              struct sgn_error *err)
{
    const struct rpc_method *method = job->item;

    return method->query(reader, lane, job, err);
}

/* The caller's row, NULL for an operator. Borrowed. */
static const json_t *
query_caller(const struct lane_job *job)
{
    return job->caller;
}

bool
rpc_query_is_client(const struct lane_job *job)
{
    return sgn_json_str(query_caller(job), "client") != NULL;
}

/* The fact "delegation:KEY" of a person. New reference. */
static enum sgn_status
delegations_read(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
                 const char *person, json_t **out, struct sgn_error *err)
{
    char key[SGN_KEY_MAX + 16];

    snprintf(key, sizeof(key), "delegation:%.*s", SGN_KEY_MAX, person);
    return lane_fact_read(lane, reader, job->team, key, out, err);
}

enum sgn_status
rpc_givers(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
           const char *person, json_t **out, struct sgn_error *err)
{
    int64_t now = sgn_clock_now(lane_clock(lane));
    json_t *rows = NULL, *givers = json_array();
    const json_t *row;
    size_t i;
    enum sgn_status status = delegations_read(reader, lane, job, person, &rows, err);

    json_array_foreach(rows, i, row) {
        const json_t *scope = json_object_get(row, "scope");
        json_t *projects = json_object_get(scope, "projects");
        json_t *workflows = json_object_get(scope, "workflows");
        if (core_delegation_holds(row, now) &&
            json_array_append_new(
                givers, json_pack("{s:O, s:O*, s:O*}", "person", json_object_get(row, "person"),
                                  "projects", json_array_size(projects) > 0 ? projects : NULL,
                                  "workflows", json_array_size(workflows) > 0 ? workflows : NULL)))
            status = sgn_nomem(err);
    }
    json_decref(rows);
    *out = givers;
    return status;
}

enum sgn_status
rpc_case_sight(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
               const char *case_key, enum core_sight *sight, json_t **document,
               struct sgn_error *err)
{
    struct store_case_row stored = { 0 };
    json_t *row = NULL;
    enum sgn_status status;

    *sight = CORE_SEES_NOTHING;
    status = store_case_get(reader, job->team, case_key, &stored, err);
    if (status == SGN_OK && (rpc_query_is_client(job) || document != NULL))
        status = sgn_json_parse(stored.document, strlen(stored.document), &row, err);
    /* The team's own people and the operator see all; asking for them would need the model
     * and the project of every case for one known answer. */
    if (status == SGN_OK && rpc_query_is_client(job))
        status = lane_person_sight(lane, reader, job->team, query_caller(job), row, sight, err);
    else if (status == SGN_OK)
        *sight = CORE_SEES_ALL;
    /* One answer for absent and not yours: a different one would tell which keys exist. */
    if (status == SGN_NOT_FOUND || (status == SGN_OK && *sight == CORE_SEES_NOTHING)) {
        status = sgn_fail(err, SGN_NOT_FOUND, "there is no case %.40s", case_key);
        sgn_error_add(err, "pointer", json_string("/case"));
    }
    if (status == SGN_OK && document != NULL) {
        *document = row;
        row = NULL;
    }
    json_decref(row);
    store_case_row_deinit(&stored);
    return status;
}

/* A part that was redacted is not there, which is no error. */
static enum sgn_status
part_read(const char *bytes, size_t n, json_t **out, struct sgn_error *err)
{
    *out = NULL;
    return bytes != NULL ? sgn_json_parse(bytes, n, out, err) : SGN_OK;
}

/*
 * For the team's own people: pointers to what the client does not see of the members that
 * people wrote, "" when it is the whole entry.
 */
static void
hidden_put(json_t *view, const json_t *header, const json_t *shared, const json_t *internal)
{
    json_t *hidden = json_array();
    const char *name;
    json_t *value;

    if (sgn_json_str(header, "shared") == NULL)
        (void)json_array_append_new(hidden, json_string(""));
    else if (json_object_get(internal, "comment") != NULL)
        (void)json_array_append_new(hidden, json_string("/comment"));
    if (shared != NULL)
        json_object_foreach(json_object_get(internal, "fields"), name, value)
            (void)json_array_append_new(hidden, json_sprintf("/fields/%s", name));
    if (json_array_size(hidden) > 0)
        (void)json_object_set(view, "hidden", hidden);
    json_decref(hidden);
}

enum sgn_status
rpc_entry_view(const struct store_entry_row *entry, enum core_sight sight,
               const struct calendar_zone *zone, json_t **out, struct sgn_error *err)
{
    json_t *header = NULL, *shared = NULL, *internal = NULL;
    enum sgn_status status;

    *out = NULL;
    status = part_read(entry->header, entry->header_n, &header, err);
    if (status == SGN_OK)
        status = part_read(entry->shared, entry->shared_n, &shared, err);
    if (status == SGN_OK && sight == CORE_SEES_ALL)
        status = part_read(entry->internal, entry->internal_n, &internal, err);
    /* An entry without a shared part says nothing to a client, not even that it is there. */
    if (status == SGN_OK && (sight == CORE_SEES_ALL || sgn_json_str(header, "shared") != NULL)) {
        *out = core_entry_view(header, shared, internal, sight,
                               zone != NULL ? calendar_zone_offset(zone, entry->at) : 0);
        if (*out == NULL)
            status = sgn_nomem(err);
        else if (sight == CORE_SEES_ALL)
            hidden_put(*out, header, shared, internal);
    }
    json_decref(header);
    json_decref(shared);
    json_decref(internal);
    return status;
}

enum sgn_status
rpc_cursor_number(const json_t *params, int64_t *before, struct sgn_error *err)
{
    const char *cursor = sgn_json_str(params, "cursor");
    char *end;

    *before = 0;
    if (cursor == NULL)
        return SGN_OK;
    *before = strtoll(cursor, &end, 10);
    if (*before > 0 && *end == '\0')
        return SGN_OK;
    sgn_fail(err, SGN_PARAMS, "cursor must be the one that the page before gave");
    sgn_error_add(err, "pointer", json_string("/cursor"));
    return SGN_PARAMS;
}

/* A limit that is out of range is moved into it, not refused: "as many as you have" is a fair
 * wish. */
int
rpc_page_limit(const json_t *params)
{
    int64_t limit = sgn_json_int(params, "limit", RPC_PAGE);

    return limit < 1 ? 1 : limit > RPC_PAGE_MAX ? RPC_PAGE_MAX : (int)limit;
}

/* A page without more behind it has a cursor of null, never none at all: scripts look for it. */
enum sgn_status
rpc_page_give(struct lane_job *job, json_t *items_take, const char *cursor, struct sgn_error *err)
{
    if (items_take == NULL)
        return sgn_nomem(err);
    job->result =
        json_pack("{s:o, s:o}", "items", items_take, "cursor", sgn_json_string_or_null(cursor));
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

/* For lists that are short enough to be made whole: their cursor is a place, and what was added
 * in between may show twice. */
enum sgn_status
rpc_page_cut(struct lane_job *job, json_t *items_take, struct sgn_error *err)
{
    const char *cursor = sgn_json_str(job->params, "cursor");
    size_t first = cursor != NULL ? strtoul(cursor, NULL, 10) : 0;
    size_t limit = (size_t)rpc_page_limit(job->params);
    size_t n = json_array_size(items_take);
    json_t *page = json_array();
    char next[24];

    for (size_t i = first; i < n && i - first < limit; i++)
        (void)json_array_append(page, json_array_get(items_take, i));
    json_decref(items_take);
    snprintf(next, sizeof(next), "%zu", first + limit);
    return rpc_page_give(job, page, n > first && n - first > limit ? next : NULL, err);
}

enum sgn_status
rpc_page_end(enum sgn_status status, struct lane_job *job, json_t *items_take,
             struct sgn_error *err)
{
    if (status == SGN_OK)
        return rpc_page_cut(job, items_take, err);
    json_decref(items_take);
    return status;
}

/* Pages go by key: the cursor is the last one's, so rows that come or go move no page. */
enum sgn_status
rpc_query_rows(struct store_reader *reader, struct lane *lane, struct lane_job *job,
               enum store_table table, const json_t *match, struct sgn_error *err)
{
    const char *key_name = store_table(table)->columns[0].name;
    const char *cursor = sgn_json_str(job->params, "cursor");
    const struct calendar_zone *zone = rpc_zone(lane, job->team);
    int limit = rpc_page_limit(job->params);
    json_t *after = cursor != NULL ? json_pack("{s:s}", key_name, cursor) : NULL;
    json_t *rows = NULL, *items = json_array();
    enum sgn_status status;
    const json_t *row;
    size_t i;

    /* One more than asked for tells whether there is a next page. */
    status = store_row_list(reader, table, job->team, match, after, limit + 1, &rows, err);
    json_array_foreach(rows, i, row)
        if ((int)i < limit)
            (void)json_array_append_new(items, rpc_row_view(table, row, zone));
    if (status == SGN_OK) {
        bool more = json_array_size(rows) > (size_t)limit;
        row = json_array_get(rows, (size_t)limit - 1);
        status = rpc_page_give(job, items, more ? sgn_json_str(row, key_name) : NULL, err);
    } else {
        json_decref(items);
    }
    json_decref(rows);
    json_decref(after);
    return status;
}

enum sgn_status
rpc_query_matching(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                   enum store_table table, const char *column, struct sgn_error *err)
{
    json_t *value = json_object_get(job->params, column);
    json_t *match = value != NULL ? json_pack("{s:O}", column, value) : NULL;
    enum sgn_status status = rpc_query_rows(reader, lane, job, table, match, err);

    json_decref(match);
    return status;
}
