/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client.*: the organisations that the team works for.
 *
 * Never removed: cases refer to them for as long as the history does. Of one that is inactive the
 * people may neither sign in nor decide, by whatever way (core_person_check): sessions, tokens and
 * streams end with their next request, sign-off links say why, calendars and mails are silent. They
 * stay in their roles and among those who are asked: that a client is gone approves nothing.
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

/* Those of the client's people who could act until now, by key. */
static enum sgn_status
active_people(struct lane_run *run, const char *client, json_t **out, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s}", "client", client), *rows = NULL, *row;
    size_t i;
    enum sgn_status status = lane_row_list(run, STORE_PERSON, match, &rows, err);

    *out = json_array();
    json_array_foreach(rows, i, row)
        if (rpc_row_true(row, "active"))
            (void)json_array_append(*out, json_object_get(row, "person"));
    json_decref(match);
    json_decref(rows);
    return status;
}

/* Those who lead the team are told whom it concerns: what these were asked for goes on waiting, and
 * its deadlines run, until somebody does something about it. An import is told by its entry alone.
 */
static enum sgn_status
tell_ended(struct lane_run *run, const struct lane_job *job, struct sgn_error *err)
{
    const char *client = sgn_json_str(job->params, "client");
    const json_t *team = NULL;
    json_t *people = NULL;
    enum sgn_status status = active_people(run, client, &people, err);

    if (status == SGN_OK)
        status = lane_fact(run, "team", &team, err);
    if (status == SGN_OK)
        status = lane_data_tell(run,
                                json_pack("{s:s, s:O, s:s, s:O}", "kind", "client_ended", "to",
                                          json_object_get(team, "leads"), "client", client,
                                          "people", people),
                                err);
    json_decref(people);
    return status;
}

static enum sgn_status
client_update(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *before = NULL;
    bool was_active;
    enum sgn_status status = rpc_data_row(run, STORE_CLIENT, sgn_json_str(job->params, "client"),
                                          "/client", SGN_NOT_FOUND, &before, err);

    if (status != SGN_OK)
        return status;
    was_active = rpc_row_true(before, "active");
    json_decref(before);
    status = rpc_data_update(run, job, STORE_CLIENT, client_check, err);
    if (status == SGN_OK && was_active && json_is_false(json_object_get(job->params, "active")) &&
        job->item != &rpc_m_data_import)
        status = tell_ended(run, job, err);
    return status;
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
    { "active", RPC_BOOLEAN, false, 0, "false: the team works for it no more; its people may neither sign in nor "
      "decide, what they are asked for goes on waiting, and the leads are told." },
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
    .access = CORE_MEMBER | CORE_OPERATOR, .where = RPC_READ, .params = get_params,
    .result = CLIENT_RESULT, .run = client_get,
};

static const struct rpc_param list_params[] = { RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END };

const struct rpc_method rpc_m_client_list = {
    .name = "client.list",
    .summary = "Lists clients by key.",
    .access = CORE_MEMBER | CORE_OPERATOR, .where = RPC_QUERY, .params = list_params,
    .result = "items, and the cursor of the next page or null.", .query = client_list,
};
/* clang-format on */
