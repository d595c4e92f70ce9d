/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inbox.messages and inbox.read: what the rules had the caller told.
 *
 * Numbers of messages grow with the entries that asked for them, so their order is that of time.
 */
#include "data.h"
#include "methods.h"
#include "rpc_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_MAX 500 /* messages marked by one request */

/* Whose they are comes from the session: there is no parameter that could name somebody else. */
static enum sgn_status
messages_query(struct store_reader *reader, struct lane *lane, struct lane_job *job,
               struct sgn_error *err)
{
    const struct calendar_zone *zone = rpc_zone(lane, job->team);
    const char *cursor = sgn_json_str(job->params, "cursor");
    json_t *match = json_pack("{s:s}", "person", job->person);
    json_t *after =
        cursor != NULL ? json_pack("{s:I}", "id", (json_int_t)strtoll(cursor, NULL, 10)) : NULL;
    json_t *rows = NULL, *items = json_array();
    int limit = rpc_page_limit(job->params);
    char next[24] = "";
    const json_t *row;
    size_t i;
    enum sgn_status status;

    if (sgn_json_true(job->params, "unread"))
        (void)json_object_set_new(match, "read", json_false());
    /* One more than asked for tells whether there is a next page. */
    status = store_row_list(reader, STORE_MESSAGE, job->team, match, after, limit + 1, &rows, err);
    json_array_foreach(rows, i, row) {
        if ((int)i == limit)
            break;
        (void)json_array_append_new(items, rpc_row_view(STORE_MESSAGE, row, zone));
        if ((int)json_array_size(rows) > limit)
            snprintf(next, sizeof(next), "%lld", (long long)sgn_json_int(row, "id", 0));
    }
    json_decref(rows);
    json_decref(match);
    json_decref(after);
    if (status != SGN_OK) {
        json_decref(items);
        return status;
    }
    return rpc_page_give(job, items, next[0] != '\0' ? next : NULL, err);
}

/* Marks one; somebody else's message is not there. */
static enum sgn_status
message_mark(struct lane_run *run, const struct lane_job *job, const json_t *id, size_t i,
             struct sgn_error *err)
{
    json_t *key = json_pack("{s:O}", "id", (json_t *)id);
    json_t *row = NULL;
    const char *person;
    char pointer[32];
    enum sgn_status status = SGN_NOT_FOUND;

    if (json_is_integer(id))
        status = lane_row_get(run, STORE_MESSAGE, key, &row, err);
    json_decref(key);
    person = sgn_json_str(row, "person");
    if (status == SGN_NOT_FOUND ||
        (status == SGN_OK && (person == NULL || strcmp(person, job->person) != 0))) {
        status = sgn_fail(err, SGN_NOT_FOUND, "you have no such message");
        snprintf(pointer, sizeof(pointer), "/ids/%zu", i);
        sgn_error_add(err, "pointer", json_string(pointer));
    }
    if (status == SGN_OK) {
        (void)json_object_set_new(row, "read", json_true());
        status = lane_row_put(run, STORE_MESSAGE, row, err);
    }
    json_decref(row);
    return status;
}

/* All or none of them, in one entry. */
static enum sgn_status
messages_read(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *ids = json_object_get(job->params, "ids");
    enum sgn_status status = SGN_OK;
    const json_t *id;
    size_t i;

    json_array_foreach(ids, i, id)
        if (status == SGN_OK)
            status = message_mark(run, job, id, i, err);
    if (status != SGN_OK)
        return status;
    return rpc_data_give(run, job, json_pack("{s:O}", "ids", ids), err);
}

/* clang-format off */
static const struct rpc_param messages_params[] = {
    { "unread", RPC_BOOLEAN, false, 0, "Only what you have not marked as read." },
    RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_inbox_messages = {
    .name = "inbox.messages",
    .summary = "Lists what the rules had you told, oldest first.",
    .access = CORE_PERSON, .where = RPC_QUERY, .params = messages_params,
    .result = "items: id, person, at, case, kind, text, read; the cursor of the next page or null.",
    .query = messages_query,
};

static const struct rpc_param read_params[] = {
    { "ids", RPC_ARRAY, true, READ_MAX, "Numbers of messages, as inbox.messages gives them." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_inbox_read = {
    .name = "inbox.read",
    .summary = "Marks messages of yours as read.",
    .access = CORE_PERSON, .where = RPC_WRITE, .params = read_params,
    .result = "ids.", .run = messages_read,
};
/* clang-format on */
