/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workflow.rehearse and workflow.migrate: what a new version would do to the cases there are, and
 * doing it; workflow.migrations: what became of it.
 */
#include "methods.h"
#include "rpc_internal.h"
#include <string.h>

#define SWEEPS_MOST 1000

/* ---- migrations under way and ended ---- */

/* A sweep's row as a migration: what its argument holds stands at the top. */
static json_t *
migration_view(const json_t *row, const struct calendar_zone *zone)
{
    static const char *const members[] = { "workflow", "version", "to", "from", "by", "reason" };
    const json_t *argument = json_object_get(row, "argument");
    json_t *left = json_object_get(argument, "left");
    json_t *view = json_pack("{s:O, s:o, s:o, s:O, s:I, s:o}", "sweep", json_object_get(row, "id"),
                             "started", rpc_time(zone, sgn_json_int(row, "started", 0)), "ended",
                             rpc_time(zone, sgn_json_int(row, "ended", 0)), "moved",
                             json_object_get(row, "touched"), "n_left",
                             (json_int_t)sgn_json_int(argument, "n_left", 0), "left",
                             left != NULL ? json_incref(left) : json_array());

    for (size_t i = 0; view != NULL && i < sizeof members / sizeof members[0]; i++) {
        json_t *value = json_object_get(argument, members[i]);
        if (value != NULL && json_object_set(view, members[i], value) != 0) {
            json_decref(view);
            return NULL;
        }
    }
    return view;
}

static bool
is_migration(const json_t *row, int64_t sweep)
{
    const char *kind = sgn_json_str(row, "kind");

    return kind != NULL && strcmp(kind, "migrate") == 0 &&
           (sweep == 0 || sgn_json_int(row, "id", 0) == sweep);
}

static enum sgn_status
workflow_migrations(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                    struct sgn_error *err)
{
    const struct calendar_zone *zone = rpc_zone(lane, job->team);
    int64_t sweep = sgn_json_int(job->params, "sweep", 0);
    json_t *rows = NULL, *items = json_array(), *row;
    size_t i;
    enum sgn_status status =
        store_row_list(reader, STORE_SWEEP, job->team, NULL, NULL, SWEEPS_MOST, &rows, err);

    json_array_foreach(rows, i, row)
        if (status == SGN_OK && is_migration(row, sweep) &&
            json_array_append_new(items, migration_view(row, zone)) != 0)
            status = sgn_nomem(err);
    if (status == SGN_OK && sweep != 0 && json_array_size(items) == 0)
        status = sgn_fail(err, SGN_NOT_FOUND, "there is no migration with the number %lld",
                          (long long)sweep);
    json_decref(rows);
    return rpc_page_end(status, job, items, err);
}

/* clang-format off */
static const struct rpc_param migrations_params[] = {
    { "sweep", RPC_INTEGER, false, 0, "Only this one: the number that workflow.migrate gave." },
    RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_workflow_migrations = {
    .name = "workflow.migrations",
    .summary = "Lists the team's migrations, how far each has come and what it left.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_QUERY, .params = migrations_params,
    .result = "items: sweep, workflow, version, to (digest), from, by, reason, started, ended (null while "
              "it goes on), moved (cases), n_left, left: of the first hundred of these case, reason, "
              "about, message; the cursor of the next page or null.",
    .query = workflow_migrations,
};

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
              "deadline dropped owner task forgotten states ends), about, title of that, reason (of stuck), "
              "what (of deadline: moved new gone), count, cases: the first ones, with the titles of a ballot's choice and of where a case stood; mistakes: warnings of the load.",
    .run = lane_rehearse,
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
    .result = "workflow, version, to (digest), from, cases, sweep: its number, by which workflow.migrations "
              "says how far it has come and what it left; entry. case.list with version lists what is still of another one.",
    .run = lane_migrate,
};
/* clang-format on */
