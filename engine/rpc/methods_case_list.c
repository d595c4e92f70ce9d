/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case.list and case.history: reads of many rows, on query threads.
 *
 * Never shows more than case.get would: what a client may see is a condition of the query itself.
 */
#include "case_filter.h"
#include "case_item.h"
#include "methods.h"
#include "names.h"
#include "rpc_internal.h"
#include "titles.h"
#include <stdio.h>
#include <string.h>

/* ---- case.list ---- */

/* An item with what its case is about. A case that the caller does not see (any more) is left out:
 * the page may be shorter than its limit. */
static enum sgn_status
item_give(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
          const json_t *item, json_t *items, struct sgn_error *err)
{
    json_t *view = rpc_case_item(item, rpc_query_is_client(job), rpc_zone(lane, job->team));
    json_t *document = NULL;
    enum core_sight sight;
    enum sgn_status status =
        rpc_case_sight(reader, lane, job, sgn_json_str(item, "key"), &sight, &document, err);

    if (status == SGN_OK)
        status = rpc_case_titles(reader, lane, job, document, view, err);
    if (status == SGN_OK && sgn_json_true(job->params, "whole"))
        status = rpc_case_fields(reader, lane, job, document, view, err);
    if (status == SGN_OK)
        (void)json_array_append(items, view);
    status = sgn_if_any(status, err);
    json_decref(view);
    json_decref(document);
    return status;
}

/* A page of rows that the store has filtered; each gets the title its case has now. */
static enum sgn_status
list_give(struct store_reader *reader, const struct store_case_filter *filter, struct lane *lane,
          struct lane_job *job, struct sgn_error *err)
{
    const struct rpc_names_from from = { .reader = reader,
                                         .team = job->team,
                                         .language = job->language };
    struct store_page page = { 0 };
    enum sgn_status status = store_case_query(reader, filter, &page, err);
    json_t *items = status == SGN_OK ? json_array() : NULL;
    const json_t *item;
    size_t i;

    json_array_foreach(page.items, i, item)
        if (status == SGN_OK)
            status = item_give(reader, lane, job, item, items, err);
    if (status == SGN_OK)
        status = rpc_page_give(job, items, page.cursor, err);
    else
        json_decref(items);
    if (status == SGN_OK)
        status = rpc_names_add(&from, job, err);
    store_page_deinit(&page);
    return status;
}

static enum sgn_status
case_list(struct store_reader *reader, struct lane *lane, struct lane_job *job,
          struct sgn_error *err)
{
    struct rpc_case_filter its;
    enum sgn_status status = rpc_case_filter_read(&its, reader, lane, job, err);

    its.filter.sort = sgn_json_str(job->params, "sort");
    its.filter.descending = sgn_json_true(job->params, "descending");
    its.filter.cursor = sgn_json_str(job->params, "cursor");
    its.filter.limit = rpc_page_limit(job->params);
    if (status == SGN_OK)
        status = list_give(reader, &its.filter, lane, job, err);
    if (status == SGN_OK && its.filter.cursor == NULL &&
        json_array_size(json_object_get(job->result, "items")) == 0)
        status = rpc_case_filter_check(&its, job, err);
    if (status != SGN_OK) {
        json_decref(job->result);
        job->result = NULL;
    }
    rpc_case_filter_deinit(&its);
    return status;
}

/* ---- case.history ---- */

struct history {
    const struct calendar_zone *zone;
    enum core_sight sight;
    json_t *items;
    int64_t oldest; /* case_seq of the last entry read */
    int n;
};

/* Entries the caller may not see are counted all the same: the page goes on behind them. */
static enum sgn_status
history_take(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct history *history = ctx;
    json_t *view = NULL;
    enum sgn_status status = rpc_entry_view(entry, history->sight, history->zone, &view, err);

    history->oldest = entry->case_seq;
    history->n++;
    if (view != NULL && json_array_append_new(history->items, view) != 0)
        status = sgn_nomem(err);
    return status;
}

/* {items, cursor, titles}. Takes items. Titles stand once beside the items, not in each of them: a
 * page names the same few states again and again. */
static enum sgn_status
history_give(struct store_reader *reader, struct lane *lane, struct lane_job *job,
             const json_t *document, json_t *items_take, const char *cursor, struct sgn_error *err)
{
    json_t *titles = NULL;
    enum sgn_status status = rpc_titles(reader, lane, job, document, items_take, &titles, err);

    if (status == SGN_OK)
        status = rpc_page_give(job, items_take, cursor, err);
    else
        json_decref(items_take);
    if (status == SGN_OK && json_object_set(job->result, "titles", titles) != 0)
        status = sgn_nomem(err);
    json_decref(titles);
    return status;
}

static enum sgn_status
case_history(struct store_reader *reader, struct lane *lane, struct lane_job *job,
             struct sgn_error *err)
{
    const char *key = sgn_json_str(job->params, "case");
    struct history history = { .zone = rpc_zone(lane, job->team) };
    int limit = rpc_page_limit(job->params);
    json_t *document = NULL;
    char cursor[24];
    int64_t before;
    enum sgn_status status = rpc_cursor_number(job->params, &before, err);

    if (status == SGN_OK)
        status = rpc_case_sight(reader, lane, job, key, &history.sight, &document, err);
    if (status != SGN_OK)
        return status;
    history.items = json_array();
    status = store_case_entries(reader, job->team, key, before, limit, history_take, &history, err);
    snprintf(cursor, sizeof(cursor), "%lld", (long long)history.oldest);
    if (status == SGN_OK)
        status = history_give(reader, lane, job, document, history.items,
                              history.n == limit && history.oldest > 1 ? cursor : NULL, err);
    else
        json_decref(history.items);
    json_decref(document);
    return status;
}

/* clang-format off */
static const struct rpc_param list_params[] = {
    RPC_CASE_FILTERS,
    { "sort", RPC_STRING, false, 16, "opened (when not said), due, updated, priority or key." },
    { "descending", RPC_BOOLEAN, false, 0, "The other way round." },
    { "whole", RPC_BOOLEAN, false, 0, "With all fields that you may see, not the indexed ones alone." },
    RPC_PARAM_NAMES, RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_case_list = {
    .name = "case.list",
    .summary = "Lists cases that you may see, filtered and sorted, in pages.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_QUERY, .params = list_params,
    .result = "items, each with a title, its first text field, and state_titles, outcome_title, "
              "priority_title; the cursor of the next page or null.",
    .query = case_list,
};

static const struct rpc_param history_params[] = {
    RPC_PARAM_CASE, RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_case_history = {
    .name = "case.history",
    .summary = "Shows a case's entries, newest first, in pages.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_QUERY, .params = history_params,
    .result = "items, the cursor of the next page or null, and titles of the workflow, states, events, "
              "fields, parts, values, outcomes, choices, tasks and people that the items name: those of the "
              "version that the case is of now, and under versions, by its digest, those of each other one "
              "that an item was decided by (its rules). An item's hidden lists pointers to those of "
              "its members that the client does not see; \"\" is all of it.",
    .query = case_history,
};
/* clang-format on */
