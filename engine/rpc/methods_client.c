/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client.*: the organisations that the team works for.
 *
 * Never removed: cases refer to them for as long as the history does.
 */
#include "data.h"
#include "methods.h"
#include "rpc_internal.h"

/* The same at creating and at changing. */
static enum sgn_status
client_check(struct lane_run *run, const struct lane_job *job, const json_t *row,
             struct sgn_error *err)
{
    (void)row;
    return rpc_data_calendar(run, job, err);
}

static enum sgn_status
client_create(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *key = sgn_json_str(job->params, "client");
    enum sgn_status status = rpc_data_absent(run, STORE_CLIENT, key, err);
    json_t *row;

    if (status == SGN_OK)
        status = rpc_data_calendar(run, job, err);
    if (status != SGN_OK)
        return status;
    row = rpc_data_new(STORE_CLIENT, run, job->params);
    (void)json_object_set_new(row, "active", json_true());
    return rpc_data_put(run, job, STORE_CLIENT, row, err);
}

static enum sgn_status
client_update(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return rpc_data_update(run, job, STORE_CLIENT, client_check, err);
}

static enum sgn_status
client_get(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return rpc_data_show(run, job, STORE_CLIENT, err);
}

static enum sgn_status
client_list(struct store_reader *reader, struct lane *lane, struct lane_job *job,
            struct sgn_error *err)
{
    return rpc_query_rows(reader, lane, job, STORE_CLIENT, NULL, err);
}

/* clang-format off */
#define CLIENT_RESULT "client, title, calendar, attributes, active, since."
#define PARAM_CLIENT { "client", RPC_STRING, true, SGN_KEY_MAX, "Key of the client." }
#define CLIENT_FIELDS \
    { "title", RPC_TITLE, false, 0, "Its name as people read it." }, \
    { "calendar", RPC_STRING, false, 64, "Which of the team's calendars its deadlines run by." }, \
    { "attributes", RPC_OBJECT, false, 0, "What else is kept, replaced as a whole." }

static const struct rpc_param create_params[] = {
    { "client", RPC_KEY, true, SGN_KEY_MAX, "Key of the new client; it never changes." },
    CLIENT_FIELDS, RPC_PARAM_END
};

const struct rpc_method rpc_m_client_create = {
    .name = "client.create",
    .summary = "Adds a client.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = create_params,
    .result = CLIENT_RESULT, .run = client_create,
};

static const struct rpc_param update_params[] = {
    PARAM_CLIENT, CLIENT_FIELDS,
    { "active", RPC_BOOLEAN, false, 0, "false: the team works for it no more." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_client_update = {
    .name = "client.update",
    .summary = "Changes what is kept of a client; an empty text empties.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = update_params,
    .result = CLIENT_RESULT, .run = client_update,
};

static const struct rpc_param get_params[] = { PARAM_CLIENT, RPC_PARAM_END };

const struct rpc_method rpc_m_client_get = {
    .name = "client.get",
    .summary = "Shows a client.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_READ, .params = get_params,
    .result = CLIENT_RESULT, .run = client_get,
};

static const struct rpc_param list_params[] = { RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END };

const struct rpc_method rpc_m_client_list = {
    .name = "client.list",
    .summary = "Lists clients by key.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_QUERY, .params = list_params,
    .result = "items, and the cursor of the next page or null.", .query = client_list,
};
/* clang-format on */
