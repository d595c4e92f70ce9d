/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case.list and case.history: reads of many rows, on query threads.
 *
 * Never shows more than case.get would: what a client may see is a condition of the query itself.
 */
#include "case_item.h"
#include "methods.h"
#include "names.h"
#include "rpc_internal.h"
#include "titles.h"
#include <stdio.h>
#include <string.h>

/* ---- case.list ---- */

/* What a client's person may not filter by: the answer would tell what they may not see. "Which
 * of my cases belong to li?" is an answer about li. */
static enum sgn_status
client_filters_check(const json_t *params, struct sgn_error *err)
{
    static const char *const hidden[] = { "owner", "group",  "priority", "text",
                                          "stuck", "fields", "overdue",  "waiting_for" };
    char pointer[32];

    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
        if (json_object_get(params, hidden[i]) == NULL)
            continue;
        snprintf(pointer, sizeof(pointer), "/%s", hidden[i]);
        sgn_fail(err, SGN_FORBIDDEN, "people of a client cannot filter by %s", hidden[i]);
        sgn_error_add(err, "pointer", json_string(pointer));
        return SGN_FORBIDDEN;
    }
    return SGN_OK;
}

/* Names of the workflows that show themselves to clients in this way. */
static json_t *
workflows_of(const struct lane_team *team, enum model_client client)
{
    json_t *names = json_array();

    for (int i = 0; names != NULL && team != NULL && i < team->n_workflows; i++)
        if (team->workflows[i]->client == client)
            (void)json_array_append_new(names, json_string(team->workflows[i]->name));
    return names;
}

/* 0 means "no bound" to the store, and no case is as old as 1970. */
static int64_t
time_param(const json_t *params, const char *name)
{
    const char *text = sgn_json_str(params, name);
    int64_t ms = 0;

    /* The shape check has parsed it once: it is a time. */
    if (text == NULL || sgn_time_parse(text, &ms, NULL) != SGN_OK)
        return 0;
    return ms;
}

/* Names of params and of columns are the same; a value of the wrong type has been refused by the
 * shape. */
static void
filter_fill(struct store_case_filter *filter, const struct lane_job *job, struct lane *lane)
{
    const json_t *params = job->params;

    filter->team = job->team;
    filter->state = sgn_json_str(params, "state");
    filter->project = sgn_json_str(params, "project");
    filter->client = sgn_json_str(params, "client");
    filter->group = sgn_json_str(params, "group");
    filter->owner = sgn_json_str(params, "owner");
    filter->priority = sgn_json_str(params, "priority");
    filter->text = sgn_json_str(params, "text");
    filter->waiting_for = sgn_json_str(params, "waiting_for");
    filter->opener = sgn_json_str(params, "opener");
    filter->outcome = sgn_json_str(params, "outcome");
    filter->open = sgn_json_true(params, "open");
    filter->ended = sgn_json_true(params, "ended");
    filter->stuck = sgn_json_true(params, "stuck");
    filter->version = sgn_json_int(params, "version", 0);
    filter->overdue_at = sgn_json_true(params, "overdue") ? sgn_clock_now(lane_clock(lane)) : 0;
    filter->opened_from = time_param(params, "opened_from");
    filter->opened_to = time_param(params, "opened_to");
    filter->closed_from = time_param(params, "closed_from");
    filter->closed_to = time_param(params, "closed_to");
    filter->sort = sgn_json_str(params, "sort");
    filter->descending = sgn_json_true(params, "descending");
    filter->cursor = sgn_json_str(params, "cursor");
    filter->limit = rpc_page_limit(params);
}

/* With where it came from among the fields, as the store has it. New reference, or NULL. */
static json_t *
fields_param(const json_t *params)
{
    json_t *fields = json_object_get(params, "fields");
    json_t *imported = json_object_get(params, "imported");

    if (imported == NULL)
        return json_incref(fields);
    fields = fields != NULL ? json_copy(fields) : json_object();
    (void)json_object_set(fields, LANE_IMPORTED, imported);
    return fields;
}

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

/* Is it a state of the workflow? The nearest is told. */
static enum sgn_status
state_check(const struct model *model, const char *state, struct sgn_error *err)
{
    json_t *names = json_array();
    const char *near;
    enum sgn_status status = SGN_OK;

    for (int i = 1; i < model->n_states; i++)
        (void)json_array_append_new(names, json_string(model->states[i].name));
    if (!sgn_json_has(names, state)) {
        near = sgn_nearest_json(state, names);
        status = sgn_fail(err, SGN_INVALID, "%s has no state '%.64s'%s%s%s", model->name, state,
                          near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                          near != NULL ? "'?" : "");
        sgn_error_add(err, "pointer", json_string("/state"));
        if (near != NULL)
            sgn_error_add(err, "nearest", json_string(near));
    }
    json_decref(names);
    return status;
}

/* An empty page may be a slip of the pen. Asked only then: cases of a workflow that is not in use
 * any more, or in a state that it had once, can be listed. */
static enum sgn_status
names_check(struct lane_job *job, const struct lane_team *team, const json_t *workflows,
            const char *state, struct sgn_error *err)
{
    const json_t *name;
    size_t i;

    if (team == NULL || json_object_get(job->params, "cursor") != NULL)
        return SGN_OK;
    json_array_foreach(workflows, i, name) {
        const struct model *model = lane_team_workflow(team, json_string_value(name));
        enum sgn_status status = SGN_OK;
        if (model == NULL || !core_knows_workflow(job->caller, model)) {
            (void)rpc_workflow_unknown(job, team, json_string_value(name), err);
            if (err != NULL)
                err->status = SGN_INVALID;
            status = SGN_INVALID;
        } else if (state != NULL && json_array_size(workflows) == 1 && !rpc_query_is_client(job)) {
            status = state_check(model, state, err);
        }
        if (status != SGN_OK) {
            json_decref(job->result);
            job->result = NULL;
            return status;
        }
    }
    return SGN_OK;
}

/* Of a client's person the store is told whose eyes it reads with: see put_visible_to() there. */
static enum sgn_status
case_list(struct store_reader *reader, struct lane *lane, struct lane_job *job,
          struct sgn_error *err)
{
    struct store_case_filter filter = { 0 };
    json_t *workflow = json_object_get(job->params, "workflow");
    json_t *workflows = NULL, *own = NULL, *project = NULL, *givers = NULL, *waited = NULL;
    json_t *fields = fields_param(job->params);
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, job->team) : NULL;
    enum sgn_status status = SGN_OK;

    filter_fill(&filter, job, lane);
    filter.fields = fields;
    if (workflow != NULL) {
        workflows = json_is_string(workflow) ? json_pack("[O]", workflow) : json_incref(workflow);
        filter.workflows = workflows;
    }
    if (rpc_query_is_client(job)) {
        status = client_filters_check(job->params, err);
        own = workflows_of(team, MODEL_CLIENT_OWN);
        project = workflows_of(team, MODEL_CLIENT_PROJECT);
        filter.visible_to = job->person;
        filter.own_workflows = own;
        filter.project_workflows = project;
        if (status == SGN_OK)
            status = rpc_givers(reader, lane, job, job->person, &givers, err);
        filter.visible_givers = givers;
    }
    if (status == SGN_OK && filter.waiting_for != NULL)
        status = rpc_givers(reader, lane, job, filter.waiting_for, &waited, err);
    filter.waiting_givers = waited;
    if (status == SGN_OK)
        status = list_give(reader, &filter, lane, job, err);
    if (status == SGN_OK && json_array_size(json_object_get(job->result, "items")) == 0)
        status = names_check(job, team, workflows, filter.state, err);
    lane_site_free(lane, site);
    json_decref(workflows);
    json_decref(own);
    json_decref(project);
    json_decref(givers);
    json_decref(waited);
    json_decref(fields);
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
    { "workflow", RPC_STRINGS, false, 0, "Name of a workflow, or several." },
    { "state", RPC_STRING, false, 64, "An active leaf state." },
    { "project", RPC_STRING, false, 32, "Key of the project." },
    { "client", RPC_STRING, false, 32, "Key of the project's client." },
    { "group", RPC_STRING, false, 32, "Key of the group that owns the workflow." },
    { "owner", RPC_STRING, false, 32, "Who owns it now." },
    { "opener", RPC_STRING, false, 32, "Who opened it." },
    { "waiting_for", RPC_STRING, false, 64, "A person or a role that it waits for, the person also as a stand-in." },
    { "priority", RPC_STRING, false, 16, "low, normal, high or urgent." },
    { "outcome", RPC_STRING, false, 64, "How it ended." },
    { "open", RPC_BOOLEAN, false, 0, "Only cases that have not ended." },
    { "ended", RPC_BOOLEAN, false, 0, "Only cases that have ended." },
    { "overdue", RPC_BOOLEAN, false, 0, "Only open cases that are past their due time." },
    { "stuck", RPC_BOOLEAN, false, 0, "Only cases that the engine could not move." },
    { "version", RPC_INTEGER, false, 0, "Only cases of this version of their workflow." },
    { "text", RPC_STRING, false, 256, "Text that occurs in the case." },
    { "fields", RPC_OBJECT, false, 0, "Values of indexed fields by name." },
    { "imported", RPC_STRING, false, 256, "The one that came from there: \"jira:ACME-12\"." },
    { "opened_from", RPC_TIME, false, 0, "Opened at or after." },
    { "opened_to", RPC_TIME, false, 0, "Opened before." },
    { "closed_from", RPC_TIME, false, 0, "Ended at or after." },
    { "closed_to", RPC_TIME, false, 0, "Ended before." },
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
