/* SPDX-License-Identifier: Apache-2.0 */
/*
 * group.*: people of the team named together.
 *
 * A group gives nobody a right; it is whom a rule may ask.
 */
#include "data.h"
#include "methods.h"
#include "rpc_internal.h"

static enum sgn_status
group_create(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    enum sgn_status status =
        rpc_data_absent(run, STORE_GROUP, sgn_json_str(job->params, "group"), err);

    if (status != SGN_OK)
        return status;
    return rpc_data_put(run, job, STORE_GROUP, rpc_data_new(STORE_GROUP, run, job->params), err);
}

static enum sgn_status
group_update(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return rpc_data_update(run, job, STORE_GROUP, NULL, err);
}

static enum sgn_status
group_get(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *members = NULL;
    enum sgn_status status = rpc_data_show(run, job, STORE_GROUP, err);

    if (status == SGN_OK)
        status = rpc_data_rows(run, job, STORE_GROUP_MEMBER, "group",
                               sgn_json_str(job->params, "group"), &members, err);
    if (status == SGN_OK)
        (void)json_object_set_new(job->result, "members", members);
    return status;
}

static enum sgn_status
group_list(struct store_reader *reader, struct lane *lane, struct lane_job *job,
           struct sgn_error *err)
{
    return rpc_query_rows(reader, lane, job, STORE_GROUP, NULL, err);
}

/* Groups are of the team's own people: a person of a client in one would be asked by "anyone of
 * support". */
static enum sgn_status
member_add(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *name = sgn_json_str(job->params, "person");
    json_t *person = NULL;
    enum sgn_status status = rpc_data_row(run, STORE_GROUP, sgn_json_str(job->params, "group"),
                                          "/group", SGN_NOT_FOUND, NULL, err);

    if (status == SGN_OK)
        status = rpc_data_row(run, STORE_PERSON, name, "/person", SGN_INVALID, &person, err);
    if (status == SGN_OK && sgn_json_str(person, "client") != NULL)
        status = rpc_data_invalid(err, "/person",
                                  "%s belongs to a client; groups are of the team's "
                                  "own people",
                                  name);
    else if (status == SGN_OK && !rpc_row_true(person, "active"))
        status = rpc_data_invalid(err, "/person", "%s has left", name);
    json_decref(person);
    if (status != SGN_OK)
        return status;
    return rpc_data_put(run, job, STORE_GROUP_MEMBER,
                        rpc_data_new(STORE_GROUP_MEMBER, run, job->params), err);
}

/* The row goes; that it was there stays in the history. */
static enum sgn_status
member_remove(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    enum sgn_status status = rpc_data_remove(run, job, STORE_GROUP_MEMBER, err);

    if (status == SGN_NOT_FOUND)
        return sgn_fail(err, SGN_NOT_FOUND, "%s is not in group %s",
                        sgn_json_str(job->params, "person"), sgn_json_str(job->params, "group"));
    return status;
}

/* clang-format off */
#define PARAM_GROUP { "group", RPC_STRING, true, SGN_KEY_MAX, "Key of the group." }
#define PARAM_PERSON { "person", RPC_STRING, true, SGN_KEY_MAX, "Key of the person." }
#define PARAM_TITLE { "title", RPC_TITLE, false, 0, "Its name as people read it." }

static const struct rpc_param create_params[] = {
    { "group", RPC_KEY, true, SGN_KEY_MAX, "Key of the new group; it never changes." },
    PARAM_TITLE, RPC_PARAM_END
};

const struct rpc_method rpc_m_group_create = {
    .name = "group.create",
    .summary = "Adds a group.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = create_params,
    .result = "group, title, since.", .run = group_create,
};

static const struct rpc_param update_params[] = { PARAM_GROUP, PARAM_TITLE, RPC_PARAM_END };

const struct rpc_method rpc_m_group_update = {
    .name = "group.update",
    .summary = "Changes what is kept of a group.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = update_params,
    .result = "group, title, since.", .run = group_update,
};

static const struct rpc_param get_params[] = { PARAM_GROUP, RPC_PARAM_END };

const struct rpc_method rpc_m_group_get = {
    .name = "group.get",
    .summary = "Shows a group and its members.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_READ, .params = get_params,
    .result = "The group, and members: group, person, lead of each.", .run = group_get,
};

static const struct rpc_param list_params[] = { RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END };

const struct rpc_method rpc_m_group_list = {
    .name = "group.list",
    .summary = "Lists groups by key.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_QUERY, .params = list_params,
    .result = "items, and the cursor of the next page or null.", .query = group_list,
};

static const struct rpc_param member_params[] = {
    PARAM_GROUP, PARAM_PERSON,
    { "lead", RPC_BOOLEAN, false, 0, "Do they lead the group?" },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_group_member_add = {
    .name = "group.member.add",
    .summary = "Takes a person into a group, or says whether they lead it.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = member_params,
    .result = "group, person, lead.", .run = member_add,
};

static const struct rpc_param removed_params[] = { PARAM_GROUP, PARAM_PERSON, RPC_PARAM_END };

const struct rpc_method rpc_m_group_member_remove = {
    .name = "group.member.remove",
    .summary = "Takes a person out of a group.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = removed_params,
    .result = "group, person.", .run = member_remove,
};
/* clang-format on */
