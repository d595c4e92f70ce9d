/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workflow.rehearse and workflow.migrate: what a new version would do to the cases there are, and
 * doing it.
 */
#include "methods.h"
#include "rpc_internal.h"

/* Times in the cases of the groups, which the engine gives in milliseconds. */
static void
times_put(const struct calendar_zone *zone, json_t *item)
{
    static const char *const names[] = { "was", "due" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const json_t *ms = json_object_get(item, names[i]);
        if (json_is_integer(ms))
            (void)json_object_set_new(item, names[i], rpc_time(zone, json_integer_value(ms)));
    }
}

static enum sgn_status
workflow_rehearse(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    enum sgn_status status = lane_rehearse(run, job, err);
    const struct calendar_zone *zone;
    const json_t *report, *group;
    json_t *item;
    size_t i, k, n;

    if (status != SGN_OK)
        return status;
    zone = rpc_zone(lane_of(run), job->team);
    json_array_foreach(json_object_get(job->result, "workflows"), i, report)
        json_array_foreach(json_object_get(report, "groups"), k, group)
            json_array_foreach(json_object_get(group, "cases"), n, item)
                times_put(zone, item);
    return SGN_OK;
}

/* clang-format off */
static const struct rpc_param rehearse_params[] = {
    { "workflow", RPC_STRING, false, 64, "Only this one; else each that has a migration." },
    { "files", RPC_OBJECT, false, 0,
      "The team's scripts by their paths (team.lua, workflows/visit.lua); without it, those that lie in its folder." },
    { "limit", RPC_INTEGER, false, 10000, "Cases that each group names; 10 when not said." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_workflow_rehearse = {
    .name = "workflow.rehearse",
    .summary = "Says what a version of a workflow would do to every open case, and does nothing of it.",
    .access = CORE_LEAD, .where = RPC_READ, .params = rehearse_params,
    .result = "workflows: of each workflow, version, digest, cases, versions (where they are now), "
              "unchanged, changed, stuck, ballots (kept, void), groups: kind (stuck at_once void "
              "deadline dropped owner task forgotten states ends), about, what (of deadline: moved "
              "new gone), count, cases: the first ones; mistakes: warnings of the load.",
    .run = workflow_rehearse,
};

static const struct rpc_param migrate_params[] = {
    { "workflow", RPC_STRING, true, 64, "Name of the workflow; its cases come to the version in force." },
    { "from", RPC_INTEGER, false, 0, "Only cases of this version." },
    { "cases", RPC_STRINGS, false, 0, "Only these." },
    { "reason", RPC_STRING, false, 1000, "Why; kept in each case's history." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_workflow_migrate = {
    .name = "workflow.migrate",
    .summary = "Begins to bring the open cases of a workflow to the version in force, each wholly or "
               "not at all; what workflow.rehearse said happens, on each case as it then is.",
    .access = CORE_LEAD, .where = RPC_WRITE, .params = migrate_params,
    .result = "workflow, version, to (digest), from, cases, sweep: its number, as admin.sweeps lists "
              "it with what it left; entry. case.list with version lists what is still of another one.",
    .run = lane_migrate,
};
/* clang-format on */
