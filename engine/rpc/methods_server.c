/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server.*, rpc.discover: what the server is and whether it is well.
 */
#include "alarms.h"
#include "deprecated.h"
#include "methods.h"
#include "rpc_internal.h"

/* Answered on the loop, without the lane: it says that the process lives, health says how it is. */
static enum sgn_status
ping(struct rpc_connection *connection, const json_t *params, json_t **result,
     struct sgn_error *err)
{
    (void)connection;
    (void)params;
    *result = json_pack("{s:b}", "pong", 1);
    return *result != NULL ? SGN_OK : sgn_nomem(err);
}

/* Sizes and counts that are refused over, by the names architecture gives them; times are in
 * milliseconds. */
static json_t *
limits_json(const struct rpc *rpc, const struct lane_limits *lane)
{
    const struct rpc_limits *rpc_limits = &rpc->options.limits;
    const struct {
        const char *name;
        int64_t value;
    } limits[] = {
        { "connections", rpc->traffic.connections_max },
        { "connections_per_address", rpc->traffic.per_address_max },
        { "login_ms", rpc->traffic.login_ms },
        { "line_ms", rpc->traffic.line_ms },
        { "read_ms", rpc->traffic.read_ms },
        { "idle_ms", rpc->traffic.idle_ms },
        { "beat_ms", rpc->traffic.beat_ms },
        { "pong_ms", rpc->traffic.pong_ms },
        { "head_bytes", rpc->traffic.head_bytes },
        { "head_fields", rpc->traffic.head_fields },
        { "frame_bytes", (int64_t)rpc_limits->frame_bytes },
        { "json_depth", SGN_JSON_DEPTH_MAX },
        { "requests_in_flight", rpc_limits->in_flight },
        { "batch_requests", rpc_limits->batch_requests },
        { "write_queue_bytes", (int64_t)rpc_limits->write_bytes },
        { "buffer_bytes", (int64_t)rpc_limits->buffer_bytes },
        { "login_failures", rpc_limits->login_failures },
        { "address_login_failures", rpc_limits->address_failures },
        { "queue_requests", lane->queue_jobs },
        { "team_queue_requests", lane->team_queue_jobs },
        { "queries", lane->queries },
        { "team_queries", lane->team_queries },
        { "report_entries", lane->report_entries },
        { "report_ms", lane->report_ms },
        { "commit_requests", lane->batch_jobs },
        { "commit_ms", lane->batch_ms },
        { "parked_requests", lane->parked_per_team },
        { "query_ms", rpc_limits->query_ms },
        { "watches", RPC_WATCHES_MAX },
        { "page_items", RPC_PAGE_MAX },
        { "case_document_bytes", CORE_DOCUMENT_MAX },
        { "comment_bytes", CORE_COMMENT_MAX },
        { "case_entries", CORE_HISTORY_MAX },
        { "request_id_bytes", RPC_REQUEST_ID_MAX },
        { "file_bytes", lane->file_bytes },
        { "file_piece_bytes", LANE_FILE_PIECE },
        { "team_file_bytes", lane->team_file_bytes },
    };
    json_t *json = json_object();

    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        (void)json_object_set_new(json, limits[i].name, json_integer(limits[i].value));
    return json;
}

/* Open to anyone: a client wants to know all of this before it logs in. */
static enum sgn_status
info(struct rpc_connection *connection, const json_t *params, json_t **result,
     struct sgn_error *err)
{
    const struct rpc_options *options = &connection->rpc->options;
    char key[2 * SGN_SIGN_PUBLIC + 1];
    const struct lane_limits *lane = lane_limits(options->lane);
    bool virtual = lane_clock(options->lane)->is_virtual;
    int n;

    (void)params;
    (void)rpc_methods(&n);
    if (options->site_public != NULL)
        sgn_hex(options->site_public, SGN_SIGN_PUBLIC, key);
    *result =
        json_pack("{s:s, s:s, s:i, s:i, s:s, s:o?, s:s?, s:o, s:I, s:o, s:o}", "server", "signoff",
                  "version", SGN_VERSION, "protocol", 1, "methods", n, "clock",
                  virtual ? "virtual" : "real", "store", lane_store(options->lane), "public_key",
                  options->site_public != NULL ? key : NULL, "request_window_seconds",
                  virtual ? json_null() : json_integer(lane->request_window_ms / SGN_SECOND_MS),
                  "request_window_commands", (json_int_t)lane->request_count, "limits",
                  limits_json(connection->rpc, lane), "deprecated",
                  rpc_deprecations_json(options->deprecations != NULL ? options->deprecations
                                                                      : rpc_deprecations()));
    return *result != NULL ? SGN_OK : sgn_nomem(err);
}

/* Open to anyone too, for monitors without a token: numbers, no names. */
static enum sgn_status
health(struct rpc_connection *connection, const json_t *params, json_t **result,
       struct sgn_error *err)
{
    const struct rpc *rpc = connection->rpc;
    json_t *stats = lane_stats(rpc->options.lane);
    const json_t *teams = json_object_get(stats, "teams");
    json_t *figures = rpc_alarm_figures(rpc), *alarms = rpc_alarms(figures);
    bool well = sgn_json_int(teams, "old", 0) == 0 && sgn_json_int(teams, "none", 0) == 0 &&
                json_array_size(alarms) == 0;

    (void)params;
    *result = stats != NULL && figures != NULL && alarms != NULL
                  ? json_pack("{s:s, s:O, s:i, s:i, s:i, s:o?, s:O, s:O}", "status",
                              well ? "ok" : "degraded", "alarms", alarms, "connections",
                              (int)rpc->traffic.open, "connections_max",
                              rpc->traffic.connections_max, "requests", rpc->jobs, "store",
                              lane_store(rpc->options.lane), "keeping", figures, "engine", stats)
                  : NULL;
    json_decref(stats);
    json_decref(figures);
    json_decref(alarms);
    return *result != NULL ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
discover(struct rpc_connection *connection, const json_t *params, json_t **result,
         struct sgn_error *err)
{
    (void)connection;
    (void)params;
    *result = rpc_discover();
    return *result != NULL ? SGN_OK : sgn_nomem(err);
}

/* clang-format off */
const struct rpc_method rpc_m_server_ping = {
    .name = "server.ping",
    .summary = "Answers at once.",
    .access = CORE_ANYONE, .where = RPC_AT_ONCE, .site = true,
    .result = "pong: true.",
    .local = ping,
};

const struct rpc_method rpc_m_server_info = {
    .name = "server.info",
    .summary = "Says which server this is, its limits, its clock and its public key.",
    .access = CORE_ANYONE, .where = RPC_AT_ONCE, .site = true,
    .result = "server, version, protocol, methods (how many), clock (real or virtual), store (backend: sqlite or postgres, version of the database; of SQLite, unmerged_bytes: how many of "
              "changed cases may wait in memory for their tables), public_key "
              "(ed25519, hex), limits; how long request ids are remembered: request_window_commands of a "
              "team, and on real time request_window_seconds if that is less (virtual: null); deprecated: what is going to be removed (what: a method, or a method "
              "and one of its parameters; since, removed: versions; instead). Whoever uses it is named in the server's log.",
    .local = info,
};

const struct rpc_method rpc_m_server_health = {
    .name = "server.health",
    .summary = "Says whether the server is well and what it has to do.",
    .access = CORE_ANYONE, .where = RPC_AT_ONCE, .site = true,
    .result = "status (ok, or degraded while the folder of a team has mistakes, or there are alarms), alarms (alarm: disk, log, queue, "
              "certificate, backup; text), connections, connections_max, requests under way, store (backend, version), "
              "keeping: what alarms go by, with their bounds, null where there is none: disk_free, log_bytes (of the database), queue, "
              "certificate_ends (in seconds), backup_age (seconds since the last one that was kept); "
              "engine: figures of the lane; in it teams: how many are served with the current rules of their folder, "
              "with old ones because the folder has mistakes, with none.",
    .local = health,
};

const struct rpc_method rpc_m_rpc_discover = {
    .name = "rpc.discover",
    .summary = "Describes all methods as an OpenRPC document.",
    .access = CORE_ANYONE, .where = RPC_AT_ONCE, .site = true,
    .result = "An OpenRPC 1.3 document.",
    .local = discover,
};
/* clang-format on */
