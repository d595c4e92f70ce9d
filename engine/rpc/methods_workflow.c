/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workflow.*: the rules in force, and taking changed ones.
 *
 * None of them changes a file: rules are written in the team's folder, and read again by
 * workflow.reload.
 */
#include "methods.h"
#include "rpc_internal.h"
#include <string.h>

#define MISTAKES_SHOWN 3 /* in the message; all are in data.mistakes */
#define MISTAKES_BYTES 1000

/* The team's own: {NAME: title} of the deadlines. */
static json_t *
deadlines_json(const struct lane_job *job, const struct model *model)
{
    json_t *titles = json_object();

    for (int i = 0; i < model->n_deadlines; i++)
        (void)json_object_set_new(
            titles, model->deadlines[i].name,
            json_string(model_deadline_title(model, &model->deadlines[i], job->language)));
    return titles;
}

static json_t *
workflow_json(const struct lane_job *job, const struct lane_team *team, int i)
{
    const struct model *model = team->workflows[i];

    static const char *const clients[] = { "none", "own", "project" };

    return json_pack("{s:s, s:s, s:s, s:I, s:s, s:s, s:s?}", "name", model->name, "key", model->key,
                     "title", model_title(model->title, job->language, model->name), "version",
                     (json_int_t)model->version, "digest", model->digest, "client",
                     clients[model->client], "group", team->groups[i]);
}

static enum sgn_status
workflow_list(struct store_reader *reader, struct lane *lane, struct lane_job *job,
              struct sgn_error *err)
{
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, job->team) : NULL;
    json_t *items = json_array();
    enum sgn_status status;

    (void)reader;
    for (int i = 0; team != NULL && i < team->n_workflows; i++)
        if (core_knows_workflow(job->caller, team->workflows[i]))
            (void)json_array_append_new(items, workflow_json(job, team, i));
    lane_site_free(lane, site);
    status = rpc_page_cut(job, items, err);
    /* Why functions are refused is the team's own affair. */
    if (status == SGN_OK && !rpc_query_is_client(job)) {
        json_t *rules = lane_rules_state(lane);
        const char *why = sgn_json_str(json_object_get(rules, "cut_off"), job->team);

        (void)json_object_set_new(job->result, "cut_off", sgn_json_string_or_null(why));
        json_decref(rules);
    }
    return status;
}

/* Suggests only what the caller may see. */
enum sgn_status
rpc_workflow_unknown(const struct lane_job *job, const struct lane_team *team, const char *name,
                     struct sgn_error *err)
{
    json_t *names = json_array();
    const char *near;

    for (int i = 0; team != NULL && i < team->n_workflows; i++)
        if (core_knows_workflow(job->caller, team->workflows[i]))
            (void)json_array_append_new(names, json_string(team->workflows[i]->name));
    near = sgn_nearest_json(name, names);
    sgn_fail(err, SGN_NOT_FOUND, "there is no workflow '%.64s'%s%s%s", name,
             near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
             near != NULL ? "'?" : "");
    sgn_error_add(err, "pointer", json_string("/workflow"));
    if (near != NULL)
        sgn_error_add(err, "nearest", json_string(near));
    json_decref(names);
    return SGN_NOT_FOUND;
}

/* What a form needs that a client's person fills in: the shared fields as the model has them, and
 * of them what is said to people. */
static json_t *
shared_fields(const struct model *model)
{
    static const char *const members[] = { "name",     "type",   "title",   "help",
                                           "choices",  "titles", "min",     "max",
                                           "currency", "places", "required" };
    json_t *fields = json_array(), *field;
    size_t i;

    json_array_foreach(json_object_get(model->json, "fields"), i, field) {
        const struct model_field *its = model_field_find(model, sgn_json_str(field, "name"));
        json_t *shown = json_object();
        for (size_t k = 0; k < sizeof members / sizeof members[0]; k++) {
            json_t *value = json_object_get(field, members[k]);
            if (value != NULL)
                (void)json_object_set_new(shown, members[k], json_deep_copy(value));
        }
        if (its != NULL && its->shared)
            (void)json_array_append(fields, shown);
        json_decref(shown);
    }
    return json_pack("{s:o}", "fields", fields);
}

static enum sgn_status
workflow_get(struct store_reader *reader, struct lane *lane, struct lane_job *job,
             struct sgn_error *err)
{
    const char *name = sgn_json_str(job->params, "workflow");
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, job->team) : NULL;
    enum sgn_status status = SGN_OK;
    int found = -1;

    (void)reader;
    for (int i = 0; team != NULL && i < team->n_workflows; i++)
        if (strcmp(team->workflows[i]->name, name) == 0 &&
            core_knows_workflow(job->caller, team->workflows[i]))
            found = i;
    if (found < 0) {
        status = rpc_workflow_unknown(job, team, name, err);
    } else {
        job->result = workflow_json(job, team, found);
        /* The rules themselves are the team's own affair; a copy, because models are shared
         * between threads. */
        if (job->result != NULL && !rpc_query_is_client(job))
            (void)json_object_set_new(job->result, "deadlines",
                                      deadlines_json(job, team->workflows[found]));
        if (job->result != NULL)
            (void)json_object_set_new(job->result, "model",
                                      rpc_query_is_client(job)
                                          ? shared_fields(team->workflows[found])
                                          : json_deep_copy(team->workflows[found]->json));
        if (job->result == NULL)
            status = sgn_nomem(err);
    }
    lane_site_free(lane, site);
    return status;
}

/* "workflows/visit.lua:6: ...", for the first few. */
static void
mistakes_put(struct sgn_buf *text, const json_t *mistakes)
{
    const json_t *mistake;
    size_t i;
    int shown = 0;

    json_array_foreach(mistakes, i, mistake) {
        const char *severity = sgn_json_str(mistake, "severity");
        const char *file = sgn_json_str(mistake, "file");
        const char *message = sgn_json_str(mistake, "message");
        if ((severity != NULL && strcmp(severity, "error") != 0) || ++shown > MISTAKES_SHOWN)
            continue;
        sgn_buf_printf(text, "; %.100s:%lld: %.200s", file != NULL ? file : "?",
                       (long long)sgn_json_int(mistake, "line", 0),
                       message != NULL ? message : "?");
    }
}

/* Scripts that were not taken are an error, so that nobody takes them for being in force. */
static enum sgn_status
workflow_reload(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    enum sgn_status status = lane_reload(run, job, err);
    json_t *mistakes = json_object_get(job->result, "mistakes");
    struct sgn_buf text;

    if (status != SGN_OK || sgn_json_true(job->result, "in_force"))
        return status;
    sgn_buf_init(&text, MISTAKES_BYTES);
    mistakes_put(&text, mistakes);
    status = sgn_fail(err, SGN_INVALID, "the scripts of team %s were not taken%s", job->team,
                      text.bytes != NULL ? text.bytes : "");
    sgn_error_add(err, "mistakes", json_incref(mistakes));
    sgn_error_add(err, "team", json_string(job->team));
    sgn_buf_deinit(&text);
    json_decref(job->result);
    job->result = NULL;
    return status;
}

/* clang-format off */
#define WORKFLOW_RESULT "name, key, title, version, digest, client, group"

static const struct rpc_param no_params[] = { RPC_PARAM_END };
static const struct rpc_param list_params[] = { RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END };
static const struct rpc_param get_params[] = {
    { "workflow", RPC_STRING, true, 64, "Name of the workflow." }, RPC_PARAM_END
};

const struct rpc_method rpc_m_workflow_list = {
    .name = "workflow.list",
    .summary = "Lists the workflows in force.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_QUERY, .params = list_params,
    .result = "items: " WORKFLOW_RESULT "; the cursor of the next page or null; to the team's own people cut_off: why "
              "its functions are not called until a reload, or null.", .query = workflow_list,
};

const struct rpc_method rpc_m_workflow_get = {
    .name = "workflow.get",
    .summary = "Shows a workflow in force with its model; to a client's people of that the fields they may see.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_QUERY, .params = get_params,
    .result = WORKFLOW_RESULT ", deadlines: their titles by name, model.", .query = workflow_get,
};

const struct rpc_method rpc_m_workflow_check = {
    .name = "workflow.check",
    .summary = "Checks the team's scripts as they lie in its folder now; changes nothing.",
    .access = CORE_MEMBER | CORE_OPERATOR, .where = RPC_READ, .params = no_params,
    .result = "team, taken: would a reload take them, rules: which are in force now (current, as the folder had them at the "
              "last load; old: it had mistakes; none), workflows (how many), mistakes (severity, id, file, line, column, message, hint).", .run = lane_check,
};

const struct rpc_method rpc_m_workflow_reload = {
    .name = "workflow.reload",
    .summary = "Reads the team's scripts again; a mistake is an error and leaves the old ones in force.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_READ, .needs = CORE_ADMINISTERS, .params = no_params,
    .result = "team, in_force, workflows (how many), mistakes: warnings. An error holds all mistakes.", .run = workflow_reload,
};
/* clang-format on */
