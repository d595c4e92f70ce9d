/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token.*: the secrets people log in with. A secret is shown once and never kept: the row
 * holds its SHA-256, and neither stands in the history.
 */
#include "data.h"
#include "methods.h"
#include "rpc_internal.h"
#include <string.h>

#define TOKEN_ID_BYTES 6

/* The id is for people, to name a token without showing it; it opens nothing. */
static json_t *
token_row(const struct lane_run *run, const struct lane_job *job, const char *secret)
{
    unsigned char bytes[TOKEN_ID_BYTES];
    char id[2 * TOKEN_ID_BYTES + 1], hash[SGN_HASH_HEX];
    const char *expires = sgn_json_str(job->params, "expires");
    int64_t ends = 0;

    sgn_random(bytes, sizeof(bytes));
    sgn_hex(bytes, sizeof(bytes), id);
    sgn_sha256(secret, strlen(secret), hash);
    if (expires != NULL && expires[0] != '\0' && sgn_time_parse(expires, &ends, NULL) != SGN_OK)
        return NULL; /* the shape check has parsed it: out of memory at worst */
    return json_pack("{s:s, s:s, s:s, s:O, s:b, s:O?, s:I, s:o}", "hash", hash, "id", id, "team",
                     job->team, "person", json_object_get(job->params, "person"), "operator", 0,
                     "name", json_object_get(job->params, "name"), "created",
                     (json_int_t)lane_now(run), "expires",
                     ends > 0 ? json_integer(ends) : json_null());
}

/* Without the hash: nobody needs it, and what is not shown cannot be collected. */
static json_t *
token_view(struct lane_run *run, const struct lane_job *job, const json_t *row)
{
    json_t *view = rpc_row_view(STORE_TOKEN, row, rpc_zone(lane_of(run), job->team));

    (void)json_object_del(view, "hash");
    (void)json_object_del(view, "operator");
    (void)json_object_del(view, "scope");
    return view;
}

/* The secret leaves here once. A repeated request_id therefore answers without it: the entry
 * does not hold it, so there is no way to ask for it a second time. */
static enum sgn_status
token_create(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    char secret[SGN_TOKEN_TEXT];
    json_t *person = NULL, *row = NULL, *said = NULL;
    enum sgn_status status = rpc_data_row(run, STORE_PERSON, sgn_json_str(job->params, "person"),
                                          "/person", SGN_INVALID, &person, err);

    if (status == SGN_OK && !rpc_row_true(person, "active"))
        status = rpc_data_invalid(err, "/person", "%s has left", sgn_json_str(person, "person"));
    if (status == SGN_OK) {
        sgn_token_new(secret);
        row = token_row(run, job, secret);
        said = row != NULL ? token_view(run, job, row) : NULL;
        status = said != NULL ? lane_row_put(run, STORE_TOKEN, row, err) : sgn_nomem(err);
    }
    if (status == SGN_OK) {
        /* The answer holds the secret, the entry does not. */
        job->result = json_copy(said);
        (void)json_object_set_new(job->result, "token", json_string(secret));
        status = rpc_data_give(run, job, said, err);
        said = NULL;
    }
    json_decref(person);
    json_decref(row);
    json_decref(said);
    return status;
}

/* The row stays, so that the history's actor remains known; it counts from the next request on. */
static enum sgn_status
token_revoke(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *id = sgn_json_str(job->params, "id");
    /* With the team: a lead ends tokens of the own team only. */
    json_t *match = json_pack("{s:s, s:s}", "id", id, "team", job->team);
    json_t *rows = NULL, *row, *said = NULL;
    enum sgn_status status = lane_row_list(run, STORE_TOKEN, match, &rows, err);

    json_decref(match);
    row = json_array_get(rows, 0);
    if (status == SGN_OK && row == NULL) {
        status = sgn_fail(err, SGN_NOT_FOUND, "there is no token '%.40s'", id);
        sgn_error_add(err, "pointer", json_string("/id"));
    }
    if (status == SGN_OK) {
        (void)json_object_set_new(row, "revoked", json_integer(lane_now(run)));
        status = lane_row_put(run, STORE_TOKEN, row, err);
    }
    if (status == SGN_OK) {
        said = token_view(run, job, row);
        status = rpc_data_give(run, job, said, err);
    }
    json_decref(rows);
    return status;
}

static enum sgn_status
token_list(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *person = json_object_get(job->params, "person");
    json_t *match = json_pack("{s:s}", "team", job->team);
    json_t *rows = NULL, *items = json_array();
    enum sgn_status status;
    const json_t *row;
    size_t i;

    if (person != NULL)
        (void)json_object_set(match, "person", person);
    status = lane_row_list(run, STORE_TOKEN, match, &rows, err);
    json_decref(match);
    json_array_foreach(rows, i, row)
        (void)json_array_append_new(items, token_view(run, job, row));
    json_decref(rows);
    if (status != SGN_OK) {
        json_decref(items);
        return status;
    }
    return rpc_page_cut(job, items, err);
}

/* clang-format off */
#define TOKEN_RESULT "id, team, person, name, created, expires, last_use, revoked"

static const struct rpc_param create_params[] = {
    { "person", RPC_STRING, true, SGN_KEY_MAX, "Whom it speaks for." },
    { "name", RPC_STRING, false, 100, "What it is for, to tell it from others." },
    { "expires", RPC_TIME, false, 0, "When it ends; never when not said." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_token_create = {
    .name = "token.create",
    .summary = "Makes a token for a person; the secret is shown in this answer only.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = create_params,
    .result = TOKEN_RESULT ", and once: token, the secret.", .run = token_create,
};

static const struct rpc_param revoke_params[] = {
    { "id", RPC_STRING, true, 32, "The token's id, as token.list shows it." }, RPC_PARAM_END
};

const struct rpc_method rpc_m_token_revoke = {
    .name = "token.revoke",
    .summary = "Ends a token; sessions that logged in with it end with it.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = revoke_params,
    .result = TOKEN_RESULT ".", .run = token_revoke,
};

static const struct rpc_param list_params[] = {
    { "person", RPC_STRING, false, SGN_KEY_MAX, "Only this person's." },
    RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_token_list = {
    .name = "token.list",
    .summary = "Lists the team's tokens, without their secrets.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_READ, .params = list_params,
    .result = "items: " TOKEN_RESULT "; the cursor of the next page or null.", .run = token_list,
};
/* clang-format on */
