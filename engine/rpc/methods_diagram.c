/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workflow.graph and case.diagram: drawings, as texts that others make pictures of.
 *
 * The rules are the team's own: a client's person is shown the way of its case, which its
 * history tells it too, and nothing of where the case might have gone.
 */
#include "diagram.h"
#include "methods.h"
#include "rpc_internal.h"
#include "way.h"
#include <stdlib.h>
#include <string.h>

static enum sgn_status
format_param(const json_t *params, enum diagram_format *out, struct sgn_error *err)
{
    const char *word = sgn_json_str(params, "format");

    if (diagram_format_of(word != NULL ? word : "mermaid", out))
        return SGN_OK;
    sgn_fail(err, SGN_PARAMS, "format must be mermaid or dot");
    sgn_error_add(err, "pointer", json_string("/format"));
    return SGN_PARAMS;
}

static enum sgn_status
draw(struct lane_job *job, const struct model *model, const struct diagram_options *options,
     struct sgn_error *err)
{
    char *text = NULL;
    enum sgn_status status = diagram_draw(model, options, &text, err);

    if (status == SGN_OK) {
        job->result = json_pack("{s:s, s:s, s:I, s:s}", "workflow", model->name, "format",
                                options->format == DIAGRAM_DOT ? "dot" : "mermaid", "version",
                                (json_int_t)model->version, "text", text);
        status = job->result != NULL ? SGN_OK : sgn_nomem(err);
    }
    free(text);
    return status;
}

static enum sgn_status
workflow_graph(struct store_reader *reader, struct lane *lane, struct lane_job *job,
               struct sgn_error *err)
{
    struct diagram_options options = { .language = job->language };
    const char *name = sgn_json_str(job->params, "workflow");
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, job->team) : NULL;
    const struct model *found = NULL;
    enum sgn_status status = format_param(job->params, &options.format, err);

    (void)reader;
    for (int i = 0; team != NULL && i < team->n_workflows; i++)
        if (strcmp(team->workflows[i]->name, name) == 0)
            found = team->workflows[i];
    if (status == SGN_OK && found != NULL)
        status = draw(job, found, &options, err);
    else if (status == SGN_OK)
        status = rpc_workflow_unknown(job, team, name, err);
    lane_site_free(lane, site);
    return status;
}

/* ---- the way of a case ---- */

static enum sgn_status
case_diagram(struct store_reader *reader, struct lane *lane, struct lane_job *job,
             struct sgn_error *err)
{
    struct diagram_options options = { .language = job->language,
                                       .for_client = rpc_query_is_client(job) };
    const char *key = sgn_json_str(job->params, "case");
    struct diagram_trace *trace = NULL;
    enum core_sight sight;
    struct model *model = NULL;
    json_t *document = NULL;
    enum sgn_status status = format_param(job->params, &options.format, err);

    if (status == SGN_OK)
        status = rpc_case_sight(reader, lane, job, key, &sight, &document, err);
    if (status == SGN_OK)
        status = lane_model(lane, reader, job->team, sgn_json_str(document, "rules"), &model, err);
    if (status == SGN_OK) {
        trace = diagram_trace_new(model);
        status = trace != NULL ? rpc_way(reader, lane, job, key, sight, model, trace, err)
                               : sgn_nomem(err);
    }
    if (status == SGN_OK) {
        diagram_trace_active(trace, json_object_get(document, "states"));
        options.trace = trace;
        status = draw(job, model, &options, err);
    }
    diagram_trace_free(trace);
    model_free(model);
    json_decref(document);
    return status;
}

/* clang-format off */
#define FORMAT_PARAM { "format", RPC_STRING, false, 16, "mermaid (when not said) or dot." }

static const struct rpc_param graph_params[] = {
    { "workflow", RPC_STRING, true, 64, "Name of the workflow." }, FORMAT_PARAM, RPC_PARAM_END
};

const struct rpc_method rpc_m_workflow_graph = {
    .name = "workflow.graph",
    .summary = "Draws a workflow in force: its states with approvals and deadlines, and what leads where.",
    .access = CORE_MEMBER | CORE_OPERATOR, .where = RPC_QUERY, .params = graph_params,
    .result = "workflow, version, format, and text: the drawing in that format.", .query = workflow_graph,
};

static const struct rpc_param diagram_params[] = { RPC_PARAM_CASE, FORMAT_PARAM, RPC_PARAM_END };

const struct rpc_method rpc_m_case_diagram = {
    .name = "case.diagram",
    .summary = "Draws where a case is and the way it came; for a client no more than its history tells.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_QUERY, .params = diagram_params,
    .result = "workflow, version, format, and text: the drawing in that format, by the version that the case "
              "is of now. The way through earlier ones is drawn as far as their states have a counterpart, and "
              "told in words beside it.", .query = case_diagram,
};
/* clang-format on */
