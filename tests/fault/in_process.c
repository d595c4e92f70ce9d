/* SPDX-License-Identifier: Apache-2.0 */
/* See in_process.h. */
#include "in_process.h"

#include "hash.h"
#include "json.h"
#include <stdio.h>
#include <string.h>

static void
on_committed(void *ctx, const char *team, int64_t head)
{
    struct in_process *server = ctx;

    server->commits++;
    if (server->rpc != NULL)
        rpc_committed(server->rpc, team, head);
}

static void
on_failed(void *ctx, const struct sgn_error *err)
{
    (void)err;
    ((struct in_process *)ctx)->failed = true;
}

static void
on_wake(void *ctx)
{
    (void)ctx;
}

static enum sgn_status
lane_begin(struct in_process *server, const struct in_process_options *from, const json_t *rows,
           struct sgn_error *err)
{
    struct lane_options options = {
        .store = server->store,
        .rules = server->rules,
        .clock = &server->clock,
        .site = from->site,
        .shipped = from->shipped,
        .holidays = from->holidays,
        .outward = from->outward,
        .committed = on_committed,
        .failed = on_failed,
        .ctx = server,
    };
    enum sgn_status st;

    lane_limits_default(&options.limits);
    options.limits.retry_ms = 0;
    st = lane_new(&options, &server->lane, err);
    return st == SGN_OK ? lane_bootstrap(server->lane, rows, err) : st;
}

enum sgn_status
in_process_start(struct in_process *server, const struct in_process_options *options,
                 json_t *rows_take, struct sgn_error *err)
{
    struct rpc_options rpc = { .wake = on_wake };
    json_t *rows = json_pack("{s:o}", "rows", rows_take);
    enum sgn_status st;
    bool ignored;

    *server = (struct in_process){ .rules = options->rules };
    st = store_open(&options->store, &server->store, err);
    if (st == SGN_OK)
        st = lane_clock_open(server->store, options->start, &server->clock, &ignored, err);
    if (st == SGN_OK)
        st = lane_begin(server, options, rows, err);
    rpc_limits_default(&rpc.limits);
    rpc.lane = server->lane;
    if (st == SGN_OK)
        st = rpc_new(&rpc, &server->rpc, err);
    json_decref(rows);
    if (st != SGN_OK)
        in_process_stop(server);
    return st;
}

void
in_process_stop(struct in_process *server)
{
    if (server->lane != NULL)
        lane_stop(server->lane);
    rpc_free(server->rpc);
    lane_free(server->lane);
    if (server->rules != NULL)
        server->rules->ops->free(server->rules);
    store_close(server->store);
    server->rpc = NULL;
    server->lane = NULL;
    server->rules = NULL;
    server->store = NULL;
}

bool
in_process_turn(struct in_process *server)
{
    int64_t before = server->commits;

    (void)lane_turn(server->lane);
    rpc_turn(server->rpc);
    return server->commits == before && server->rules->ops->pending(server->rules) == 0;
}

void
in_process_login(struct rpc_connection *connection, const char *person)
{
    char line[160];

    snprintf(line, sizeof line,
             "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"session.login\",\"params\":{\"token\":"
             "\"sgn_%s\"}}\n",
             person);
    rpc_connection_receive(connection, line, strlen(line));
}

/* ---- rows ---- */

void
in_process_row(json_t *rows, const char *table, const char *team, json_t *row_take)
{
    (void)json_array_append_new(
        rows, json_pack("{s:s, s:s, s:o}", "table", table, "team", team, "row", row_take));
}

void
in_process_token(json_t *rows, const char *team, const char *person)
{
    bool is_operator = team[0] == '\0';
    char token[64], hash[SGN_HASH_HEX];

    snprintf(token, sizeof token, "sgn_%s", person);
    sgn_sha256(token, strlen(token), hash);
    in_process_row(rows, "token", "",
                   json_pack("{s:s, s:s, s:s, s:s*, s:b}", "hash", hash, "id", person, "team", team,
                             "person", is_operator ? NULL : person, "operator", is_operator));
}
