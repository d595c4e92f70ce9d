/* SPDX-License-Identifier: Apache-2.0 */
/*
 * endpoint.*: what is done to one: switched off and on, tried, sent back, removed.
 *
 * All of it is rows; the thread that delivers finds them when the team's data have changed.
 */
#include "data.h"
#include "endpoint.h"
#include "methods.h"
#include <string.h>

/* paused: NULL switches it on. */
static enum sgn_status
pause_set(struct lane_run *run, struct lane_job *job, const char *paused, struct sgn_error *err)
{
    json_t *row = NULL;
    enum sgn_status status = rpc_endpoint_row(run, job, &row, err);

    if (status == SGN_OK)
        status = json_object_set_new(row, "paused",
                                     paused != NULL ? json_string(paused) : json_null()) == 0
                     ? rpc_endpoint_put(run, job, row, NULL, err)
                     : sgn_nomem(err);
    json_decref(row);
    return status;
}

static enum sgn_status
endpoint_disable(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return pause_set(run, job, "off", err);
}

static enum sgn_status
endpoint_enable(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return pause_set(run, job, NULL, err);
}

static enum sgn_status
endpoint_test(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *key = sgn_json_str(job->params, "endpoint");
    json_t *row = NULL;
    enum sgn_status status = rpc_endpoint_row(run, job, &row, err);

    if (status == SGN_OK && sgn_json_str(row, "paused") != NULL)
        status = sgn_fail(err, SGN_NOT_NOW, "%s is switched off: switch it on first", key);
    json_decref(row);
    if (status == SGN_OK)
        status = rpc_delivery_ask(run, job, key, 0, NULL, err);
    if (status != SGN_OK)
        return status;
    return rpc_data_give(run, job, json_pack("{s:s, s:s}", "endpoint", key, "status", "waiting"),
                         err);
}

/* Its rows of deliveries go: what is sent again begins at its first attempt. */
static enum sgn_status
deliveries_remove(struct lane_run *run, const char *key, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s}", "endpoint", key), *rows = NULL, *row;
    size_t i;
    enum sgn_status status = lane_row_list(run, STORE_DELIVERY, match, &rows, err);

    json_array_foreach(rows, i, row) {
        if (status == SGN_OK)
            status = lane_row_remove(run, STORE_DELIVERY, row, err);
    }
    json_decref(rows);
    json_decref(match);
    return status;
}

static enum sgn_status
endpoint_rewind(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *key = sgn_json_str(job->params, "endpoint");
    int64_t from = sgn_json_int(job->params, "from", 0), head = 0;
    json_t *row = NULL;
    enum sgn_status status = rpc_endpoint_row(run, job, &row, err);

    json_decref(row);
    if (status == SGN_OK)
        status = lane_team_head(run, &head, err);
    if (status == SGN_OK && (from < 1 || from > head + 1))
        status = rpc_data_invalid(err, "/from", "from is an entry's number, from 1 to %lld",
                                  (long long)head + 1);
    if (status == SGN_OK)
        status = deliveries_remove(run, key, err);
    if (status == SGN_OK)
        status = lane_cursor_set(run, key, from - 1, err);
    if (status != SGN_OK)
        return status;
    return rpc_data_give(run, job,
                         json_pack("{s:s, s:I}", "endpoint", key, "from", (json_int_t)from), err);
}

static enum sgn_status
endpoint_remove(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *key = sgn_json_str(job->params, "endpoint");
    json_t *row = NULL, *cursor = NULL;
    enum sgn_status status = rpc_endpoint_row(run, job, &row, err);

    json_decref(row);
    if (status == SGN_OK)
        status = deliveries_remove(run, key, err);
    if (status == SGN_OK)
        status = lane_cursor_get(run, key, &cursor, err);
    if (status == SGN_OK)
        status = lane_row_remove(run, STORE_READER, cursor, err);
    json_decref(cursor);
    return status == SGN_OK ? rpc_data_remove(run, job, STORE_ENDPOINT, err) : status;
}

/* clang-format off */
static const struct rpc_param one_params[] = { RPC_PARAM_ENDPOINT, RPC_PARAM_END };

const struct rpc_method rpc_m_endpoint_disable = {
    .name = "endpoint.disable",
    .summary = "Stops deliveries to an endpoint; what comes meanwhile waits for it.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = one_params,
    .result = "As endpoint.get, without deliveries.", .run = endpoint_disable,
};

const struct rpc_method rpc_m_endpoint_enable = {
    .name = "endpoint.enable",
    .summary = "Goes on with deliveries to an endpoint from where they stopped, at once.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = one_params,
    .result = "As endpoint.get, without deliveries.", .run = endpoint_enable,
};

const struct rpc_method rpc_m_endpoint_test = {
    .name = "endpoint.test",
    .summary = "Sends an endpoint something to try it; delivery.list tells what became of it, as entry 0.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = one_params,
    .result = "endpoint, status.", .run = endpoint_test,
};

static const struct rpc_param rewind_params[] = {
    RPC_PARAM_ENDPOINT,
    { "from", RPC_INTEGER, true, 0, "Number of the first entry that is to be sent again." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_endpoint_rewind = {
    .name = "endpoint.rewind",
    .summary = "Sends all entries from a number on once more, in their order; or passes over those before it.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = rewind_params,
    .result = "endpoint, from.", .run = endpoint_rewind,
};

const struct rpc_method rpc_m_endpoint_remove = {
    .name = "endpoint.remove",
    .summary = "Ends deliveries to an endpoint and forgets it.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = one_params,
    .result = "endpoint.", .run = endpoint_remove,
};
/* clang-format on */
