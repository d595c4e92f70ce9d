/* SPDX-License-Identifier: Apache-2.0 */
/*
 * person.*: people of the team and of its clients. Keys are given once and never change.
 *
 * Who leaves is not removed: the history names them.
 */
#include "address.h"
#include "data.h"
#include "methods.h"
#include "rpc_internal.h"
#include <string.h>

/* What must hold of a person's row, whoever wrote which part of it. */
static enum sgn_status
person_check(struct lane_run *run, const struct lane_job *job, const json_t *row,
             struct sgn_error *err)
{
    const char *mail = sgn_json_str(row, "mail");

    (void)run;
    (void)job;
    if (rpc_row_true(row, "lead") && sgn_json_str(row, "client") != NULL)
        return rpc_data_invalid(err, "/lead", "a person of a client cannot be a lead of the team");
    if (mail != NULL && !sgn_mail_valid(mail))
        return rpc_data_invalid(err, "/mail", "'%.80s' is no mail address", mail);
    return rpc_data_reached(row, err);
}

/* The keys system and operator are what entries call the engine and the operator. */
static enum sgn_status
person_create(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *key = sgn_json_str(job->params, "person");
    enum sgn_status status = rpc_data_absent(run, STORE_PERSON, key, err);
    json_t *row = NULL;

    if (status == SGN_OK && (strcmp(key, "system") == 0 || strcmp(key, "operator") == 0))
        status = rpc_data_invalid(err, "/person", "'%s' is the engine's own name", key);
    if (status == SGN_OK)
        status = rpc_data_reference(run, job, STORE_CLIENT, "client", err);
    if (status == SGN_OK) {
        row = rpc_data_new(STORE_PERSON, run, job->params);
        (void)json_object_set_new(row, "active", json_true());
        status = person_check(run, job, row, err);
    }
    if (status != SGN_OK) {
        json_decref(row);
        return status;
    }
    return rpc_data_put(run, job, STORE_PERSON, row, err);
}

static enum sgn_status
person_update(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return rpc_data_update(run, job, STORE_PERSON, person_check, err);
}

static enum sgn_status
person_get(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return rpc_data_show(run, job, STORE_PERSON, err);
}

static enum sgn_status
person_list(struct store_reader *reader, struct lane *lane, struct lane_job *job,
            struct sgn_error *err)
{
    return rpc_query_matching(reader, lane, job, STORE_PERSON, "client", err);
}

/* clang-format off */
#define CHANNELS "mail, call, message, meeting, visit, letter or portal"
#define PERSON_RESULT "person, title, client, lead, language, mail, active, since, channel (null: nobody has said), notices (how they have set what comes by mail; null: as usual)."
#define PARAM_PERSON { "person", RPC_STRING, true, SGN_KEY_MAX, "Key of the person." }
#define PERSON_FIELDS \
    { "title", RPC_STRING, false, 200, "Their name as people read it." }, \
    { "lead", RPC_BOOLEAN, false, 0, "May they keep the team's people, projects and rules?" }, \
    { "language", RPC_STRING, false, 7, "en or zh; the team's when empty." }, \
    { "mail", RPC_STRING, false, 254, "Mail address." }, \
    { "channel", RPC_STRING, false, 16, "By which channel they would rather be spoken to: " CHANNELS ". What is noted with them is by it when nothing else is said; what is mailed to them stays the same." }

static const struct rpc_param create_params[] = {
    { "person", RPC_KEY, true, SGN_KEY_MAX, "Key of the new person; it never changes." },
    { "client", RPC_STRING, false, SGN_KEY_MAX, "The client they belong to; none: the team's own." },
    PERSON_FIELDS, RPC_PARAM_END
};

const struct rpc_method rpc_m_person_create = {
    .name = "person.create",
    .summary = "Adds a person of the team or of one of its clients.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = create_params,
    .result = PERSON_RESULT, .run = person_create,
};

static const struct rpc_param update_params[] = {
    PARAM_PERSON, PERSON_FIELDS,
    { "active", RPC_BOOLEAN, false, 0, "false: they have left and may do nothing more." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_person_update = {
    .name = "person.update",
    .summary = "Changes what is kept of a person; an empty text empties.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = update_params,
    .result = PERSON_RESULT, .run = person_update,
};

static const struct rpc_param get_params[] = { PARAM_PERSON, RPC_PARAM_END };

const struct rpc_method rpc_m_person_get = {
    .name = "person.get",
    .summary = "Shows a person.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_READ, .params = get_params,
    .result = PERSON_RESULT, .run = person_get,
};

static const struct rpc_param list_params[] = {
    { "client", RPC_STRING, false, SGN_KEY_MAX, "Only people of this client." },
    RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_person_list = {
    .name = "person.list",
    .summary = "Lists people by key.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_QUERY, .params = list_params,
    .result = "items, and the cursor of the next page or null.", .query = person_list,
};
/* clang-format on */
