/* SPDX-License-Identifier: Apache-2.0 */
/* What case.list and case.count filter by, see case_filter.h. */
#include "case_filter.h"
#include "rpc_internal.h"
#include <stdio.h>
#include <string.h>

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

enum sgn_status
rpc_case_filter_read(struct rpc_case_filter *out, struct store_reader *reader, struct lane *lane,
                     const struct lane_job *job, struct sgn_error *err)
{
    json_t *workflow = json_object_get(job->params, "workflow");
    enum sgn_status status = SGN_OK;

    *out = (struct rpc_case_filter){ .lane = lane, .site = lane_site_ref(lane) };
    out->team = out->site != NULL ? lane_site_team(out->site, job->team) : NULL;
    filter_fill(&out->filter, job, lane);
    out->fields = fields_param(job->params);
    out->filter.fields = out->fields;
    if (workflow != NULL)
        out->workflows =
            json_is_string(workflow) ? json_pack("[O]", workflow) : json_incref(workflow);
    out->filter.workflows = out->workflows;
    if (rpc_query_is_client(job))
        status = client_filters_check(job->params, err);
    if (status == SGN_OK)
        status = rpc_case_seen(reader, lane, job, &out->seen, err);
    rpc_case_seen_put(&out->seen, job, &out->filter);
    if (status == SGN_OK && out->filter.waiting_for != NULL)
        status = rpc_givers(reader, lane, job, out->filter.waiting_for, &out->waited, err);
    out->filter.waiting_givers = out->waited;
    return status;
}

void
rpc_case_filter_deinit(struct rpc_case_filter *filter)
{
    lane_site_free(filter->lane, filter->site);
    json_decref(filter->workflows);
    rpc_case_seen_deinit(&filter->seen);
    json_decref(filter->waited);
    json_decref(filter->fields);
}

/* ---- names ---- */

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

enum sgn_status
rpc_case_filter_check(const struct rpc_case_filter *filter, const struct lane_job *job,
                      struct sgn_error *err)
{
    const char *state = filter->filter.state;
    const json_t *name;
    size_t i;

    if (filter->team == NULL)
        return SGN_OK;
    json_array_foreach(filter->workflows, i, name) {
        const struct model *model = lane_team_workflow(filter->team, json_string_value(name));
        enum sgn_status status = SGN_OK;
        if (model == NULL || !core_knows_workflow(job->caller, model)) {
            (void)rpc_workflow_unknown(job, filter->team, json_string_value(name), err);
            if (err != NULL)
                err->status = SGN_INVALID;
            status = SGN_INVALID;
        } else if (state != NULL && json_array_size(filter->workflows) == 1 &&
                   !rpc_query_is_client(job)) {
            status = state_check(model, state, err);
        }
        if (status != SGN_OK)
            return status;
    }
    return SGN_OK;
}
