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
workflow_json(const struct lane_job *job, const struct model *model, const char *group)
{
    static const char *const clients[] = { "none", "own", "project" };

    return json_pack("{s:s, s:s, s:s, s:I, s:s, s:s, s:s?}", "name", model->name, "key", model->key,
                     "title", model_title(model->title, job->language, model->name), "version",
                     (json_int_t)model->version, "digest", model->digest, "client",
                     clients[model->client], "group", group);
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
            (void)json_array_append_new(items,
                                        workflow_json(job, team->workflows[i], team->groups[i]));
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
    static const char *const members[] = { "name",     "type", "title", "help",     "choices",
                                           "titles",   "min",  "max",   "currency", "places",
                                           "required", "of",   "fields" };
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

/* ---- versions ---- */

#define VERSIONS_MOST 1000 /* that cases were opened with; their texts are read */

/* The stored versions of a workflow, of this number or (0) all. */
static enum sgn_status
versions_read(struct store_reader *reader, const struct lane_job *job, const char *name,
              int64_t number, json_t **out, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s}", "name", name);
    enum sgn_status status;

    if (match != NULL && number > 0)
        (void)json_object_set_new(match, "version", json_integer(number));
    status = match != NULL ? store_row_list(reader, STORE_WORKFLOW, job->team, match, NULL,
                                            VERSIONS_MOST, out, err)
                           : sgn_nomem(err);
    json_decref(match);
    return status;
}

/* Which versions cases were opened with, the latest first: [{version, digest, since}]. */
static enum sgn_status
versions_json(struct store_reader *reader, const struct lane_job *job,
              const struct calendar_zone *zone, const char *name, json_t **out,
              struct sgn_error *err)
{
    json_t *rows = NULL;
    const json_t *row;
    size_t i;
    enum sgn_status status = versions_read(reader, job, name, 0, &rows, err);

    *out = json_array();
    json_array_foreach(rows, i, row) {
        int64_t version = sgn_json_int(row, "version", 0);
        size_t at = 0;
        while (at < json_array_size(*out) &&
               sgn_json_int(json_array_get(*out, at), "version", 0) > version)
            at++;
        (void)json_array_insert_new(*out, at,
                                    json_pack("{s:I, s:O, s:o}", "version", (json_int_t)version,
                                              "digest", json_object_get(row, "digest"), "since",
                                              rpc_time(zone, sgn_json_int(row, "since", 0))));
    }
    json_decref(rows);
    return status;
}

/* A version that is not in force: the one of this number that was opened with last, since rules
 * under work may have been changed without a new number. */
static enum sgn_status
version_model(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
              const char *name, int64_t number, struct model **out, struct sgn_error *err)
{
    json_t *rows = NULL;
    const json_t *row, *last = NULL;
    size_t i;
    enum sgn_status status = versions_read(reader, job, name, number, &rows, err);

    json_array_foreach(rows, i, row)
        if (last == NULL || sgn_json_int(row, "since", 0) > sgn_json_int(last, "since", 0))
            last = row;
    if (status == SGN_OK && last == NULL) {
        status = sgn_fail(err, SGN_NOT_FOUND, "no case was opened with version %lld of %s",
                          (long long)number, name);
        sgn_error_add(err, "pointer", json_string("/version"));
    }
    if (status == SGN_OK)
        status = lane_model(lane, reader, job->team, sgn_json_str(last, "digest"), out, err);
    json_decref(rows);
    return status;
}

/* The rules themselves are the team's own affair; a copy, because models are shared between
 * threads. */
static json_t *
workflow_whole(const struct lane_job *job, const struct model *model, const char *group)
{
    bool for_client = rpc_query_is_client(job);
    json_t *out = workflow_json(job, model, group);

    if (out != NULL && !for_client)
        (void)json_object_set_new(out, "deadlines", deadlines_json(job, model));
    if (out != NULL)
        (void)json_object_set_new(out, "model",
                                  for_client ? shared_fields(model) : json_deep_copy(model->json));
    return out;
}

static int
workflow_find(const struct lane_job *job, const struct lane_team *team, const char *name)
{
    for (int i = 0; team != NULL && i < team->n_workflows; i++)
        if (strcmp(team->workflows[i]->name, name) == 0 &&
            core_knows_workflow(job->caller, team->workflows[i]))
            return i;
    return -1;
}

static enum sgn_status
workflow_get(struct store_reader *reader, struct lane *lane, struct lane_job *job,
             struct sgn_error *err)
{
    const char *name = sgn_json_str(job->params, "workflow");
    int64_t number = sgn_json_int(job->params, "version", 0);
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, job->team) : NULL;
    int found = workflow_find(job, team, name);
    const struct model *model = found >= 0 ? team->workflows[found] : NULL;
    struct model *older = NULL;
    json_t *versions = NULL;
    enum sgn_status status = SGN_OK;

    if (model == NULL)
        status = rpc_workflow_unknown(job, team, name, err);
    else if (number != 0 && number != model->version)
        status = version_model(reader, lane, job, name, number, &older, err);
    if (status == SGN_OK && sgn_json_true(job->params, "versions") && !rpc_query_is_client(job))
        status = versions_json(reader, job, rpc_zone(lane, job->team), name, &versions, err);
    if (status == SGN_OK && model != NULL) {
        job->result = workflow_whole(job, older != NULL ? older : model, team->groups[found]);
        if (job->result == NULL)
            status = sgn_nomem(err);
        else if (versions != NULL)
            (void)json_object_set(job->result, "versions", versions);
    }
    json_decref(versions);
    model_free(older);
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
    { "workflow", RPC_STRING, true, 64, "Name of the workflow." },
    { "version", RPC_INTEGER, false, 0, "An earlier one that cases were opened with; that in force when not said." },
    { "versions", RPC_BOOLEAN, false, 0, "Which versions there are, too; for the team's own people." },
    RPC_PARAM_END
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
    .summary = "Shows a workflow with its model; to a client's people of that the fields they may see.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_QUERY, .params = get_params,
    .result = WORKFLOW_RESULT ", deadlines: their titles by name, model; where asked for versions that cases were opened "
              "with, the latest first: version, digest, since.", .query = workflow_get,
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
