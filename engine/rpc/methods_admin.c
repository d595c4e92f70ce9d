/* SPDX-License-Identifier: Apache-2.0 */
/*
 * admin.*: for the operator of the site.
 *
 * None of them shows what a team wrote: an operator keeps the site, not the cases.
 */
#include "methods.h"
#include "rpc_internal.h"

/* Figures only: nothing here names a case or a person. */
static enum sgn_status
admin_stats(struct store_reader *reader, struct lane *lane, struct lane_job *job,
            struct sgn_error *err)
{
    json_t *store = store_stats(reader);
    json_t *engine = lane_stats(lane);

    job->result = json_pack("{s:o?, s:o?}", "engine", engine, "store", store);
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

/* Also a team whose rules did not load: its mistakes are what the operator looks for. */
static json_t *
team_json(struct store_reader *reader, const struct lane_team *team)
{
    struct store_head head = { 0 };

    /* A team that has done nothing yet has no head. */
    if (store_head_get(reader, team->name, &head, NULL) != SGN_OK)
        head.seq = 0;
    return json_pack("{s:s, s:i, s:I, s:I}", "team", team->name, "workflows", team->n_workflows,
                     "mistakes", (json_int_t)json_array_size(team->mistakes), "entries",
                     (json_int_t)head.seq);
}

static enum sgn_status
admin_teams(struct store_reader *reader, struct lane *lane, struct lane_job *job,
            struct sgn_error *err)
{
    const struct lane_site *site = lane_site_ref(lane);
    json_t *items = json_array();

    for (int i = 0; site != NULL && i < site->n_teams; i++)
        (void)json_array_append_new(items, team_json(reader, site->teams[i]));
    lane_site_free(lane, site);
    return rpc_page_cut(job, items, err);
}

/* clang-format off */
static const struct rpc_param no_params[] = { RPC_PARAM_END };
static const struct rpc_param list_params[] = { RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END };

const struct rpc_method rpc_m_admin_stats = {
    .name = "admin.stats",
    .summary = "Figures of the engine and of the store.",
    .access = CORE_OPERATOR, .where = RPC_QUERY, .site = true, .params = no_params,
    .result = "engine, store.", .query = admin_stats,
};

const struct rpc_method rpc_m_admin_teams = {
    .name = "admin.teams",
    .summary = "Lists the teams of the site.",
    .access = CORE_OPERATOR, .where = RPC_QUERY, .site = true, .params = list_params,
    .result = "items: team, workflows, mistakes, entries; the cursor of the next page or null.", .query = admin_teams,
};
/* clang-format on */
