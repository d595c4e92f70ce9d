/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an overview learns from histories: the baselines of the charter, and when the client was
 * last heard from. Both look at a bounded number of entries, the newest.
 */
#include "clock.h"
#include "contacts.h"
#include "overview_internal.h"
#include <limits.h>
#include <string.h>

#define CHARTER_ENTRIES 1000
#define SILENCE_CASES   100 /* those that changed last */
#define SILENCE_ENTRIES 100 /* of each */

/* A part that was redacted is not there, which is no error. */
static enum sgn_status
part_read(const char *bytes, size_t n, json_t **out, struct sgn_error *err)
{
    *out = NULL;
    return bytes != NULL && n > 0 ? sgn_json_parse(bytes, n, out, err) : SGN_OK;
}

/* ---- baselines ---- */

/* Fields of the entries that set any, the newest first: [{"at", "fields"}]. */
static enum sgn_status
take_fields(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    json_t *list = ctx, *shared = NULL, *fields;
    enum sgn_status status = part_read(entry->shared, entry->shared_n, &shared, err);

    fields = json_object_get(shared, "fields");
    if (status == SGN_OK && fields != NULL &&
        json_array_append_new(
            list, json_pack("{s:I, s:O}", "at", (json_int_t)entry->at, "fields", fields)) != 0)
        status = sgn_nomem(err);
    json_decref(shared);
    return status;
}

/* What the charter said when each baseline came in force: budget, and the change that it rests on.
 */
static json_t *
baselines_of(const json_t *list, const struct calendar_zone *zone)
{
    json_t *out = json_array(), *budget = NULL, *change = NULL;

    for (size_t i = json_array_size(list); i > 0; i--) {
        const json_t *entry = json_array_get(list, i - 1);
        const json_t *fields = json_object_get(entry, "fields");
        json_t *number = json_object_get(fields, "baseline");

        if (json_object_get(fields, "budget") != NULL)
            budget = json_object_get(fields, "budget");
        if (json_object_get(fields, "change") != NULL)
            change = json_object_get(fields, "change");
        if (json_is_integer(number) && json_integer_value(number) > 0)
            (void)json_array_append_new(
                out, json_pack("{s:O, s:o, s:O, s:O}", "number", number, "signed_on",
                               rpc_time(zone, sgn_json_int(entry, "at", 0)), "budget",
                               budget != NULL ? budget : json_null(), "change",
                               change != NULL ? change : json_null()));
    }
    return out;
}

enum sgn_status
overview_baselines(struct rpc_overview *o, struct store_reader *reader, const struct lane_job *job,
                   struct sgn_error *err)
{
    json_t *list, *baseline;
    enum sgn_status status;
    size_t i;

    if (o->charter == NULL)
        return SGN_OK;
    list = json_array();
    status = store_case_entries(reader, job->team, sgn_json_str(o->charter, "case"), 0,
                                CHARTER_ENTRIES, take_fields, list, err);
    if (status == SGN_OK &&
        json_object_set_new(o->charter, "baselines", baselines_of(list, o->zone)) != 0)
        status = sgn_nomem(err);
    json_array_foreach(json_object_get(o->charter, "baselines"), i, baseline)
        if (sgn_json_str(baseline, "change") != NULL)
            overview_settle_change(o, sgn_json_str(baseline, "change"),
                                   json_object_get(baseline, "number"));
    json_decref(list);
    return status;
}

/* ---- silence ---- */

struct listening {
    const json_t *people; /* {PERSON: true} of the client */
    int64_t heard;        /* newest so far */
    int64_t last;         /* of the entry read last */
    int n;
    bool found;
};

/* An act of the client's people, or of somebody on their behalf. */
static enum sgn_status
listen(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct listening *l = ctx;

    (void)err;
    l->n++;
    l->last = entry->at;
    if (l->found || entry->actor == NULL || json_object_get(l->people, entry->actor) == NULL)
        return SGN_OK;
    l->found = true;
    if (entry->at > l->heard)
        l->heard = entry->at;
    return SGN_OK;
}

static enum sgn_status
people_read(struct rpc_overview *o, struct store_reader *reader, const struct lane_job *job,
            json_t **out, struct sgn_error *err)
{
    json_t *match = json_pack("{s:O}", "client", json_object_get(o->row, "client"));
    json_t *rows = NULL, *row;
    size_t i;
    enum sgn_status status =
        store_row_list(reader, STORE_PERSON, job->team, match, NULL, INT_MAX, &rows, err);

    *out = json_object();
    json_array_foreach(rows, i, row)
        (void)json_object_set_new(*out, sgn_json_str(row, "person"), json_true());
    json_decref(match);
    json_decref(rows);
    return status;
}

/* Cases that changed last come first: behind one that changed before the client was heard there is
 * no later word of theirs. What is not looked at any more counts as if they had spoken there last,
 * so that silence is never told longer than it is. */
static enum sgn_status
listen_to_cases(struct rpc_overview *o, struct store_reader *reader, const struct lane_job *job,
                struct listening *l, struct sgn_error *err)
{
    struct store_case_filter filter = { .team = job->team,
                                        .project = o->project,
                                        .sort = "updated",
                                        .descending = true,
                                        .limit = SILENCE_CASES };
    struct store_page page = { 0 };
    const json_t *item;
    size_t i;
    enum sgn_status status = store_case_query(reader, &filter, &page, err);

    json_array_foreach(page.items, i, item) {
        int64_t changed = sgn_json_int(item, "last_at", 0);
        if (status != SGN_OK || changed <= l->heard)
            break;
        l->found = false;
        l->n = 0;
        status = store_case_entries(reader, job->team, sgn_json_str(item, "key"), 0,
                                    SILENCE_ENTRIES, listen, l, err);
        if (!l->found && l->n == SILENCE_ENTRIES && l->last > l->heard)
            l->heard = l->last;
    }
    item = json_array_get(page.items, json_array_size(page.items) - 1);
    if (page.cursor != NULL && sgn_json_int(item, "last_at", 0) > l->heard)
        l->heard = sgn_json_int(item, "last_at", 0);
    store_page_deinit(&page);
    return status;
}

/* Noted communications in which the client spoke; what is to happen later has not. */
static enum sgn_status
listen_to_notes(struct rpc_overview *o, struct store_reader *reader, const struct lane_job *job,
                struct listening *l, struct sgn_error *err)
{
    json_t *workflows = json_pack("[s]", LANE_COMMUNICATION);
    struct store_case_filter filter = { .team = job->team,
                                        .project = o->project,
                                        .workflows = workflows,
                                        .descending = true,
                                        .limit = SILENCE_CASES };
    struct store_page page = { 0 };
    const json_t *item;
    size_t i;
    enum sgn_status status = store_case_query(reader, &filter, &page, err);

    json_array_foreach(page.items, i, item) {
        const json_t *fields = json_object_get(item, "fields");
        const char *direction = sgn_json_str(fields, "direction");
        const char *happened = sgn_json_str(fields, "happened");
        int64_t at;

        if (happened != NULL && (direction == NULL || strcmp(direction, "out") != 0) &&
            sgn_time_parse(happened, &at, NULL) == SGN_OK && at <= o->now && at > l->heard)
            l->heard = at;
    }
    store_page_deinit(&page);
    json_decref(workflows);
    return status;
}

/* When the project's first case was opened: of one that was there before the site began. */
static enum sgn_status
first_case(struct rpc_overview *o, struct store_reader *reader, const struct lane_job *job,
           int64_t *out, struct sgn_error *err)
{
    struct store_case_filter filter = { .team = job->team, .project = o->project, .limit = 1 };
    struct store_page page = { 0 };
    enum sgn_status status = store_case_query(reader, &filter, &page, err);

    *out = sgn_json_int(json_array_get(page.items, 0), "opened_at", 0);
    store_page_deinit(&page);
    return status;
}

/* Of a client that was never heard from it counts since the project is there. */
enum sgn_status
overview_silence(struct rpc_overview *o, struct store_reader *reader, const struct lane_job *job,
                 struct sgn_error *err)
{
    struct listening l = { .heard = sgn_json_int(o->row, "since", 0) };
    json_t *people = NULL;
    enum sgn_status status;

    o->silence_known = true;
    if (sgn_json_str(o->row, "client") == NULL)
        return SGN_OK;
    status = people_read(o, reader, job, &people, err);
    l.people = people;
    if (status == SGN_OK && l.heard == 0)
        status = first_case(o, reader, job, &l.heard, err);
    if (status == SGN_OK && overview_has(o, LANE_COMMUNICATION))
        status = listen_to_notes(o, reader, job, &l, err);
    if (status == SGN_OK)
        status = listen_to_cases(o, reader, job, &l, err);
    o->heard = l.heard;
    json_decref(people);
    return status;
}
