/* SPDX-License-Identifier: Apache-2.0 */
/*
 * communication.list: the record of what passed between the team and a client. What people noted
 * (methods_communication.c), and beside it what the engine told the client's people, each as they
 * read it, with what became of the mail.
 */
#include "case_item.h"
#include "contacts.h"
#include "data.h"
#include "methods.h"
#include "names.h"
#include "rpc_internal.h"
#include "told.h"
#include <stdlib.h>
#include <string.h>

#define PEOPLE_MOST 500

struct record {
    struct store_reader *reader;
    struct lane *lane;
    struct lane_job *job;
    const struct calendar_zone *zone;
    const char *project, *client, *about; /* NULL: any */
    int64_t from, before;                 /* of the moment it was noted or told; 0: any */
    json_t *items; /* with "ms", by which they are sorted; of what was told its row and person */
    int64_t last;  /* of what was given */
    bool more;     /* there are older ones */
};

static enum sgn_status
add_item(struct record *r, int64_t at, json_t *item_take, struct sgn_error *err)
{
    if (item_take == NULL || json_object_set_new(item_take, "ms", json_integer(at)) != 0 ||
        json_object_set_new(item_take, "at", rpc_time(r->zone, at)) != 0) {
        json_decref(item_take);
        return sgn_nomem(err);
    }
    return json_array_append_new(r->items, item_take) == 0 ? SGN_OK : sgn_nomem(err);
}

/* One that was noted, as a list shows cases, with all fields. */
static enum sgn_status
add_case(struct record *r, const json_t *row, struct sgn_error *err)
{
    struct store_case_row stored = { 0 };
    json_t *document = NULL, *item;
    enum sgn_status status =
        store_case_get(r->reader, r->job->team, sgn_json_str(row, "key"), &stored, err);

    if (status == SGN_OK)
        status = sgn_json_parse(stored.document, strlen(stored.document), &document, err);
    store_case_row_deinit(&stored);
    if (status != SGN_OK)
        return status;
    item = rpc_case_item(row, false, r->zone);
    if (json_object_set_new(item, "how", json_string("noted")) != 0 ||
        json_object_set(item, "fields", json_object_get(document, "fields")) != 0)
        status = sgn_nomem(err);
    json_decref(document);
    if (status == SGN_OK)
        return add_item(r, sgn_json_int(row, "opened_at", 0), item, err);
    json_decref(item);
    return status;
}

static enum sgn_status
add_cases(struct record *r, const json_t *rows, struct sgn_error *err)
{
    const json_t *row;
    size_t i;
    enum sgn_status status = SGN_OK;

    json_array_foreach(rows, i, row)
        if (status == SGN_OK)
            status = add_case(r, row, err);
    return status;
}

/* As many as a page has, and those of the same moment as its last one. */
static enum sgn_status
add_noted(struct record *r, int limit, struct sgn_error *err)
{
    json_t *workflows = json_pack("[s]", LANE_COMMUNICATION);
    json_t *fields = r->about != NULL ? json_pack("{s:s}", "about", r->about) : NULL;
    struct store_case_filter filter = { .team = r->job->team,
                                        .project = r->project,
                                        .client = r->client,
                                        .workflows = workflows,
                                        .fields = fields,
                                        .opened_from = r->from,
                                        .opened_to = r->before,
                                        .sort = "opened",
                                        .descending = true,
                                        .limit = limit };
    struct store_page page = { 0 };
    char *cursor = NULL;
    int64_t tie = 0, last;
    enum sgn_status status = workflows != NULL ? SGN_OK : sgn_nomem(err);

    do {
        filter.cursor = cursor;
        if (status == SGN_OK)
            status = store_case_query(r->reader, &filter, &page, err);
        if (status == SGN_OK)
            status = add_cases(r, page.items, err);
        last = sgn_json_int(json_array_get(page.items, json_array_size(page.items) - 1),
                            "opened_at", 0);
        tie = tie == 0 ? last : tie;
        free(cursor);
        cursor = page.cursor;
        page.cursor = NULL;
        store_page_deinit(&page);
    } while (status == SGN_OK && cursor != NULL && last == tie);
    r->more = cursor != NULL;
    free(cursor);
    json_decref(workflows);
    json_decref(fields);
    return status;
}

/* Is what was told about the project, or the case, that is asked for? */
static enum sgn_status
is_asked(const struct record *r, const json_t *row, bool *out, struct sgn_error *err)
{
    const char *key = sgn_json_str(row, "case");

    *out = r->about != NULL ? key != NULL && strcmp(key, r->about) == 0 : r->project == NULL;
    return r->about != NULL || r->project == NULL
               ? SGN_OK
               : lane_told_within(r->reader, r->job->team, row, r->project, out, err);
}

/* As its person reads it: what they may not see any more has no text. */
static enum sgn_status
tell(const struct record *r, const json_t *kept, json_t **out, struct sgn_error *err)
{
    const json_t *person = json_object_get(kept, "of"), *row = json_object_get(kept, "row");
    struct lane_told told = { 0 };
    enum sgn_status status =
        lane_told_read(r->lane, r->reader, r->job->team, person, row, r->job->language, &told, err);

    status = sgn_if_any(status, err);
    if (status == SGN_OK)
        *out =
            json_pack("{s:s, s:O, s:O, s:s?, s:s?, s:O, s:o}", "how", "told", "person",
                      json_object_get(person, "person"), "case", json_object_get(row, "case"),
                      "title", told.title, "text", told.text, "sent", json_object_get(row, "sent"),
                      "at", rpc_time(r->zone, sgn_json_int(row, "at", 0)));
    if (status == SGN_OK && *out == NULL)
        status = sgn_nomem(err);
    lane_told_deinit(&told);
    return status;
}

/* Kept as they are: only what stands on the page is put into words. */
static enum sgn_status
add_told_to(struct record *r, json_t *person, struct sgn_error *err)
{
    json_t *rows = NULL, *row;
    size_t i;
    enum sgn_status status =
        lane_told_rows(r->reader, r->job->team, person, (struct lane_told_span){ 0 }, &rows, err);

    json_array_foreach(rows, i, row) {
        int64_t at = sgn_json_int(row, "at", 0);
        const char *kind = sgn_json_str(row, "kind");
        bool inside = at >= r->from && (r->before == 0 || at < r->before);

        /* Who asks for a link to sign in by has not been spoken to. */
        if (status == SGN_OK && inside && kind != NULL && strcmp(kind, "login") != 0 &&
            json_array_append_new(r->items, json_pack("{s:s, s:I, s:O, s:O}", "how", "told", "ms",
                                                      (json_int_t)at, "row", row, "of", person)) !=
                0)
            status = sgn_nomem(err);
    }
    json_decref(rows);
    return status;
}

/* The people of the client that is asked for, or of the project's or the case's. */
static enum sgn_status
add_told(struct record *r, const char *client, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s}", "client", client), *people = NULL;
    json_t *person;
    size_t i;
    enum sgn_status status = match != NULL ? store_row_list(r->reader, STORE_PERSON, r->job->team,
                                                            match, NULL, PEOPLE_MOST, &people, err)
                                           : sgn_nomem(err);

    json_array_foreach(people, i, person)
        if (status == SGN_OK)
            status = add_told_to(r, person, err);
    json_decref(match);
    json_decref(people);
    return status;
}

/* Newest first; of the same moment what was noted before what was told. */
static int
by_time(const void *a, const void *b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    int64_t at = sgn_json_int(x, "ms", 0), other = sgn_json_int(y, "ms", 0);

    return at != other ? (at < other) - (at > other)
                       : strcmp(sgn_json_str(x, "how"), sgn_json_str(y, "how"));
}

/* One of the page: as it is given, or *out NULL where it is not of what is asked for. */
static enum sgn_status
show(const struct record *r, json_t *kept, bool past, json_t **out, struct sgn_error *err)
{
    bool asked = true, told = strcmp(sgn_json_str(kept, "how"), "told") == 0;
    enum sgn_status status = told ? is_asked(r, json_object_get(kept, "row"), &asked, err) : SGN_OK;

    *out = NULL;
    if (status != SGN_OK || !asked)
        return status;
    if (told && !past)
        return tell(r, kept, out, err);
    *out = json_incref(kept); /* of what is past the page nothing is given but that it is there */
    return SGN_OK;
}

/* Of those that are sorted the newest up to limit, as they are given. What is of the same moment as
 * the last stays with it, so that a page that begins before that moment misses nothing. */
static enum sgn_status
cut(struct record *r, json_t **sorted, int limit, json_t *items, struct sgn_error *err)
{
    size_t n = json_array_size(r->items);
    enum sgn_status status = SGN_OK;

    for (size_t i = 0; status == SGN_OK && i < n; i++) {
        int64_t at = sgn_json_int(sorted[i], "ms", 0);
        bool past = json_array_size(items) >= (size_t)limit && at != r->last;
        json_t *one = NULL;

        status = show(r, sorted[i], past, &one, err);
        if (one == NULL)
            continue;
        if (past) {
            r->more = true;
            json_decref(one);
            break;
        }
        r->last = at;
        (void)json_object_del(one, "ms");
        if (json_array_append_new(items, one) != 0)
            status = sgn_nomem(err);
    }
    return status;
}

static enum sgn_status
give(struct record *r, int limit, struct sgn_error *err)
{
    size_t n = json_array_size(r->items);
    json_t **sorted = calloc(n + 1, sizeof(json_t *)), *items = json_array();
    enum sgn_status status = sorted != NULL && items != NULL ? SGN_OK : sgn_nomem(err);
    char cursor[24];

    if (status == SGN_OK) {
        for (size_t i = 0; i < n; i++)
            sorted[i] = json_array_get(r->items, i);
        qsort((void *)sorted, n, sizeof(json_t *), by_time);
        status = cut(r, sorted, limit, items, err);
    }
    free((void *)sorted);
    if (status != SGN_OK) {
        json_decref(items);
        return status;
    }
    snprintf(cursor, sizeof(cursor), "%lld", (long long)r->last);
    return rpc_page_give(r->job, items, r->more ? cursor : NULL, err);
}

/* A row of the team's that was named; SGN_NOT_FOUND says which is not there. */
static enum sgn_status
named_row(const struct record *r, enum store_table table, const char *noun, const char *key,
          json_t **out, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s}", noun, key);
    enum sgn_status status = match != NULL
                                 ? store_row_get(r->reader, table, r->job->team, match, out, err)
                                 : sgn_nomem(err);

    json_decref(match);
    if (status != SGN_NOT_FOUND)
        return status;
    sgn_error_clear(err);
    sgn_fail(err, SGN_NOT_FOUND, "there is no %s '%.40s'", noun, key);
    sgn_error_add(err, "pointer", json_sprintf("/%s", noun));
    return SGN_NOT_FOUND;
}

/* The client that is named, else that of the project or of the case. */
static enum sgn_status
find_client(struct record *r, json_t **out, struct sgn_error *err)
{
    json_t *document = NULL, *row = NULL;
    const char *project = r->project;
    enum core_sight sight;
    enum sgn_status status = SGN_OK;

    if (r->about != NULL) {
        status = rpc_case_sight(r->reader, r->lane, r->job, r->about, &sight, &document, err);
        project = sgn_json_str(document, "project");
    }
    if (status == SGN_OK && r->client != NULL)
        status = named_row(r, STORE_CLIENT, "client", r->client, &row, err);
    else if (status == SGN_OK && project != NULL)
        status = named_row(r, STORE_PROJECT, "project", project, &row, err);
    if (status == SGN_OK)
        *out = json_incref(json_object_get(row, "client"));
    json_decref(document);
    json_decref(row);
    return status;
}

static enum sgn_status
communication_list(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                   struct sgn_error *err)
{
    const json_t *params = job->params;
    int limit = rpc_page_limit(params);
    const struct rpc_names_from from = { .reader = reader,
                                         .team = job->team,
                                         .language = job->language };
    struct record r = { .reader = reader,
                        .lane = lane,
                        .job = job,
                        .zone = rpc_zone(lane, job->team),
                        .project = sgn_json_str(params, "project"),
                        .client = sgn_json_str(params, "client"),
                        .about = sgn_json_str(params, "about"),
                        .items = json_array() };
    json_t *client = NULL;
    enum sgn_status status =
        r.items != NULL ? rpc_cursor_number(params, &r.before, err) : sgn_nomem(err);

    if (status == SGN_OK && r.project == NULL && r.client == NULL && r.about == NULL)
        status = rpc_data_invalid(err, "/client", "whose record? name a client, project or about");
    if (sgn_json_str(params, "from") != NULL)
        (void)!sgn_time_parse(sgn_json_str(params, "from"), &r.from, NULL);
    if (status == SGN_OK)
        status = find_client(&r, &client, err);
    if (status == SGN_OK)
        status = add_noted(&r, limit, err);
    if (status == SGN_OK && json_is_string(client))
        status = add_told(&r, json_string_value(client), err);
    if (status == SGN_OK)
        status = give(&r, limit, err);
    if (status == SGN_OK)
        status = rpc_names_add(&from, job, err);
    json_decref(client);
    json_decref(r.items);
    return status;
}

/* clang-format off */
static const struct rpc_param list_params[] = {
    { "client", RPC_STRING, false, SGN_KEY_MAX, "With this client." },
    { "project", RPC_STRING, false, SGN_KEY_MAX, "In this project." },
    { "about", RPC_STRING, false, 32, "About this case." },
    { "from", RPC_TIME, false, 0, "Noted or told at or after." },
    RPC_PARAM_NAMES, RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_communication_list = {
    .name = "communication.list",
    .summary = "Lists what passed between the team and a client: what was noted, and what its people were told.",
    .access = CORE_MEMBER | CORE_OPERATOR, .where = RPC_QUERY, .params = list_params,
    .result = "items, newest first: how noted (as case.list shows a case, with fields) or told "
              "(person, case, title, text as they read it, sent: mail, portal, waiting or failed), each with at; "
              "the cursor of the next page or null.",
    .query = communication_list,
};
/* clang-format on */
