/* SPDX-License-Identifier: Apache-2.0 */
/*
 * admin.*: for the operator of the site.
 *
 * None of them shows what a team wrote: an operator keeps the site, not the cases.
 */
#include "methods.h"
#include "rpc_internal.h"

#define SWEEPS_MOST  1000
#define WAITING_MOST 1000

/* Figures only: nothing here names a case or a person. */
static enum sgn_status
admin_stats(struct store_reader *reader, struct lane *lane, struct lane_job *job,
            struct sgn_error *err)
{
    json_t *nodes = NULL;
    enum sgn_status status = lane_nodes(lane, reader, &nodes, err);

    if (status != SGN_OK)
        return status;
    job->result = json_pack("{s:o?, s:o?, s:i}", "engine", lane_stats(lane), "store",
                            store_stats(reader), "nodes", (int)json_array_size(nodes));
    json_decref(nodes);
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

/* What the loop alone knows joins what a query thread has found. */
static enum sgn_status
admin_stats_take(struct rpc_connection *connection, const json_t *params, json_t **result,
                 struct sgn_error *err)
{
    const struct rpc *rpc = connection->rpc;
    const struct rpc_traffic *t = &rpc->traffic;
    json_t *refused, *dropped, *connections;

    (void)params;
    refused = json_pack("{s:I, s:I, s:I, s:I}", "full", (json_int_t)t->refused_full, "address",
                        (json_int_t)t->refused_address, "failed", (json_int_t)t->refused_failed,
                        "memory", (json_int_t)t->refused_memory);
    dropped = json_pack("{s:I, s:I, s:I, s:I}", "login", (json_int_t)t->dropped_login, "line",
                        (json_int_t)t->dropped_line, "read", (json_int_t)t->dropped_read, "pong",
                        (json_int_t)t->dropped_pong);
    connections = json_pack("{s:i, s:i, s:I, s:o?, s:o?, s:I, s:i, s:I, s:I, s:I, s:I}", "now",
                            (int)t->open, "max", t->connections_max, "accepted",
                            (json_int_t)t->accepted, "refused", refused, "dropped", dropped,
                            "held_bytes", (json_int_t)t->held, "requests", rpc->jobs, "overloaded",
                            (json_int_t)t->overloaded, "bytes_in", (json_int_t)t->bytes_in,
                            "bytes_out", (json_int_t)t->bytes_out, "writes", (json_int_t)t->writes);
    return json_object_set_new(*result, "connections", connections) == 0 ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
admin_nodes(struct store_reader *reader, struct lane *lane, struct lane_job *job,
            struct sgn_error *err)
{
    static const char *const times[] = { "started", "seen" };
    const struct calendar_zone *zone = rpc_zone(lane, job->team);
    json_t *nodes = NULL, *node;
    size_t i;
    enum sgn_status status = lane_nodes(lane, reader, &nodes, err);

    json_array_foreach(nodes, i, node)
        for (size_t t = 0; t < sizeof times / sizeof times[0]; t++) {
            json_t *at = json_object_get(node, times[t]);
            if (json_is_integer(at))
                (void)json_object_set_new(node, times[t], rpc_time(zone, json_integer_value(at)));
        }
    return status == SGN_OK ? rpc_page_cut(job, nodes, err) : status;
}

/* How many of its deliveries wait, as far as they are counted; null when that cannot be read. */
static json_t *
waiting_json(struct store_reader *reader, const char *team)
{
    json_t *match = json_pack("{s:s}", "status", "waiting"), *rows = NULL, *count = json_null();

    if (store_row_list(reader, STORE_DELIVERY, team, match, NULL, WAITING_MOST, &rows, NULL) ==
        SGN_OK)
        count = json_integer((json_int_t)json_array_size(rows));
    json_decref(match);
    json_decref(rows);
    return count;
}

/* Also a team whose rules did not load: its mistakes are what the operator looks for. */
static json_t *
team_json(struct store_reader *reader, const struct lane_team *team, const json_t *cut_off)
{
    struct store_head head = { 0 };

    /* A team that has done nothing yet has no head. */
    if (store_head_get(reader, team->name, &head, NULL) != SGN_OK)
        head.seq = 0;
    return json_pack("{s:s, s:s, s:i, s:I, s:I, s:o, s:O?}", "team", team->name, "rules",
                     team->old      ? "old"
                     : team->stored ? "stored"
                                    : "current",
                     "workflows", team->n_workflows, "mistakes",
                     (json_int_t)json_array_size(team->mistakes), "entries", (json_int_t)head.seq,
                     "deliveries", waiting_json(reader, team->name), "cut_off",
                     json_object_get(cut_off, team->name));
}

/* Those that are served without any rules. */
static void
add_without(struct store_reader *reader, const struct lane_site *site, json_t *items)
{
    const char *name;
    json_t *mistakes;

    json_object_foreach(site->without, name, mistakes) {
        struct lane_team team = { .mistakes = mistakes };
        json_t *json;

        snprintf(team.name, sizeof team.name, "%s", name);
        json = team_json(reader, &team, NULL);
        if (json != NULL)
            (void)json_object_set_new(json, "rules", json_string("none"));
        (void)json_array_append_new(items, json);
    }
}

static enum sgn_status
admin_teams(struct store_reader *reader, struct lane *lane, struct lane_job *job,
            struct sgn_error *err)
{
    const struct lane_site *site = lane_site_ref(lane);
    json_t *items = json_array(), *rules = lane_rules_state(lane);

    for (int i = 0; site != NULL && i < site->n_teams; i++)
        (void)json_array_append_new(
            items, team_json(reader, site->teams[i], json_object_get(rules, "cut_off")));
    if (site != NULL)
        add_without(reader, site, items);
    json_decref(rules);
    lane_site_free(lane, site);
    return rpc_page_cut(job, items, err);
}

/* The sweeps of one team, newest last. */
static enum sgn_status
add_sweeps(struct store_reader *reader, struct lane *lane, const char *team, int64_t only,
           json_t *items, struct sgn_error *err)
{
    json_t *rows = NULL, *row;
    size_t i;
    enum sgn_status status =
        store_row_list(reader, STORE_SWEEP, team, NULL, NULL, SWEEPS_MOST, &rows, err);

    json_array_foreach(rows, i, row) {
        json_t *view;
        if (only != 0 && sgn_json_int(row, "id", 0) != only)
            continue;
        view = rpc_row_view(STORE_SWEEP, row, rpc_zone(lane, team));
        if (json_object_set_new(view, "team", json_string(team)) != 0 ||
            json_array_append_new(items, view) != 0)
            status = sgn_nomem(err);
    }
    json_decref(rows);
    return status;
}

static enum sgn_status
admin_sweeps(struct store_reader *reader, struct lane *lane, struct lane_job *job,
             struct sgn_error *err)
{
    json_t *teams = NULL, *items = json_array(), *team;
    size_t i;
    enum sgn_status status = store_teams(reader, &teams, err);

    json_array_foreach(teams, i, team)
        if (status == SGN_OK)
            status = add_sweeps(reader, lane, json_string_value(team),
                                sgn_json_int(job->params, "sweep", 0), items, err);
    json_decref(teams);
    return rpc_page_end(status, job, items, err);
}

/* clang-format off */
static const struct rpc_param no_params[] = { RPC_PARAM_END };
static const struct rpc_param list_params[] = { RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END };

static const struct rpc_param sweeps_params[] = {
    { "sweep", RPC_INTEGER, false, 0, "Only that of this number, of each team." },
    RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_admin_nodes = {
    .name = "admin.nodes",
    .summary = "Lists the servers that serve this site side by side.",
    .access = CORE_OPERATOR, .where = RPC_QUERY, .site = true, .params = list_params,
    .result = "items: id, host, address (where it listens), version, started, seen (its last sign of life; null "
              "where the store is this server's alone), here (true: the one that answers); the cursor of the next "
              "page or null.",
    .query = admin_nodes,
};

const struct rpc_method rpc_m_admin_stats = {
    .name = "admin.stats",
    .summary = "Figures of connections, of the engine and of the store.",
    .access = CORE_OPERATOR, .where = RPC_SESSION, .site = true, .params = no_params,
    .result = "engine; store (of SQLite also commits, log_pages, checkpoints and checkpoint_pages since the start); nodes (how many servers serve the site; admin.nodes lists them); connections, of this server since "
              "it started: now, max, accepted, refused (full: more than connections, address: more than connections_per_address, "
              "failed: the system had nothing to accept with, memory: a long request while buffers were full), dropped (login, "
              "line, read, pong: deadlines that passed, see limits of server.info), held_bytes (unfinished requests and answers that wait "
              "to be read), requests (under way), overloaded (answered so), bytes_in, bytes_out, writes (system calls).",
    .query = admin_stats, .local = admin_stats_take,
};

const struct rpc_method rpc_m_admin_sweeps = {
    .name = "admin.sweeps",
    .summary = "Lists the walks over open cases that follow a change of calendars, people or versions.",
    .access = CORE_OPERATOR, .where = RPC_QUERY, .site = true, .params = sweeps_params,
    .result = "items: team, id, kind, argument (of a migration with n_left and left: the cases that it left "
              "where they were, and why), cursor, started, ended (null while it goes on), touched; the cursor of the next page or null.",
    .query = admin_sweeps,
};

const struct rpc_method rpc_m_admin_teams = {
    .name = "admin.teams",
    .summary = "Lists the teams of the site.",
    .access = CORE_OPERATOR, .where = RPC_QUERY, .site = true, .params = list_params,
    .result = "items: team, rules (current; old: the folder has mistakes; stored: another node has put them in force, and this one's folder says others or was not looked at since; none), workflows, mistakes, entries, deliveries (that wait, counted to 1,000), cut_off (why its functions are not called, or null); "
              "the cursor of the next page or null.", .query = admin_teams,
};
/* clang-format on */
