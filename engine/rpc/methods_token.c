/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token.*: the secrets people log in with. A secret is shown once and never kept: the row
 * holds its SHA-256, and neither stands in the history.
 */
#include "data.h"
#include "methods.h"
#include "rpc_internal.h"
#include <stdio.h>
#include <string.h>

#define TOKEN_ID_BYTES 6
#define SCOPE_MAX      32 /* words of one */

/* ---- scope ---- */

/* What a scope names must be such that no token gives itself more: whoever makes people or tokens,
 * or changes what they may, has to have the word "admin". */
static enum sgn_status
scope_item_check(const char *word, size_t i, struct sgn_error *err)
{
    char pointer[32];
    const struct rpc_method *method = rpc_method_find(word);
    const char *names[] = { "read", "decide", "write", "admin" };
    const char *near = sgn_nearest(word, names, sizeof(names) / sizeof(names[0]));

    snprintf(pointer, sizeof(pointer), "/scope/%zu", i);
    if (core_scope_word(word) != 0)
        return SGN_OK;
    if (method == NULL)
        return rpc_data_invalid(err, pointer,
                                "'%.40s' is neither read, decide, write, admin nor a method%s%s%s",
                                word, near != NULL ? "; did you mean '" : "",
                                near != NULL ? near : "", near != NULL ? "'?" : "");
    if (rpc_method_needs(method) == CORE_ADMINISTERS)
        return rpc_data_invalid(err, pointer, "%s is given with the scope admin only", word);
    return SGN_OK;
}

/* An array, or NULL for a token that is not bound. New reference. */
static enum sgn_status
scope_read(const json_t *params, json_t **out, struct sgn_error *err)
{
    json_t *given = json_object_get(params, "scope");
    const json_t *item;
    size_t i;
    enum sgn_status status = SGN_OK;

    *out = NULL;
    if (given == NULL)
        return SGN_OK;
    if (json_array_size(given) > SCOPE_MAX || (json_is_array(given) && json_array_size(given) == 0))
        return rpc_data_invalid(err, "/scope", "a scope has 1 to %d words", SCOPE_MAX);
    *out = json_is_array(given) ? json_incref(given) : json_pack("[O]", given);
    if (*out == NULL)
        return sgn_nomem(err);
    json_array_foreach(*out, i, item)
        if (status == SGN_OK)
            status = scope_item_check(json_string_value(item), i, err);
    return status;
}

/* ---- rows ---- */

/* 0: never. What has passed would make a token that is no good from the start. */
static enum sgn_status
expiry_read(const struct lane_run *run, const json_t *params, int64_t *out, struct sgn_error *err)
{
    const char *expires = sgn_json_str(params, "expires");
    enum sgn_status status = SGN_OK;

    *out = 0;
    if (expires != NULL && expires[0] != '\0')
        status = sgn_time_parse(expires, out, err);
    if (status == SGN_OK && *out != 0 && *out <= lane_now(run))
        return rpc_data_invalid(err, "/expires", "%s has passed", expires);
    return status;
}

/* The id is for people, to name a token without showing it; it opens nothing. */
json_t *
rpc_token_make(const struct lane_run *run, const struct rpc_token *about,
               char secret[SGN_TOKEN_TEXT])
{
    unsigned char bytes[TOKEN_ID_BYTES];
    char id[2 * TOKEN_ID_BYTES + 1], hash[SGN_HASH_HEX];

    sgn_token_new(secret);
    sgn_random(bytes, sizeof(bytes));
    sgn_hex(bytes, sizeof(bytes), id);
    sgn_sha256(secret, strlen(secret), hash);
    return json_pack("{s:s, s:s, s:s, s:s?, s:b, s:s?, s:O?, s:I, s:o}", "hash", hash, "id", id,
                     "team", about->team, "person", about->person, "operator",
                     about->team[0] == '\0', "name", about->name, "scope", about->scope, "created",
                     (json_int_t)lane_now(run), "expires",
                     about->expires > 0 ? json_integer(about->expires) : json_null());
}

static enum sgn_status
token_row(const struct lane_run *run, const struct lane_job *job, char secret[SGN_TOKEN_TEXT],
          json_t **out, struct sgn_error *err)
{
    struct rpc_token about = { .team = job->team,
                               .person = sgn_json_str(job->params, "person"),
                               .name = sgn_json_str(job->params, "name") };
    json_t *scope = NULL;
    enum sgn_status status = expiry_read(run, job->params, &about.expires, err);

    if (status == SGN_OK)
        status = scope_read(job->params, &scope, err);
    about.scope = scope;
    if (status == SGN_OK) {
        *out = rpc_token_make(run, &about, secret);
        if (*out == NULL)
            status = sgn_nomem(err);
    }
    json_decref(scope);
    return status;
}

/* Without the hash: nobody needs it, and what is not shown cannot be collected. */
json_t *
rpc_token_view(struct lane_run *run, const struct lane_job *job, const json_t *row)
{
    json_t *view = rpc_row_view(STORE_TOKEN, row, rpc_zone(lane_of(run), job->team));

    (void)json_object_del(view, "hash");
    (void)json_object_del(view, "operator");
    return view;
}

/* What is of a team is written down in its history; what is of the site is in the administrators'
 * log alone. */
static enum sgn_status
token_give(struct lane_run *run, struct lane_job *job, json_t *said_take, struct sgn_error *err)
{
    if (job->team[0] != '\0')
        return rpc_data_give(run, job, said_take, err);
    if (job->result == NULL)
        job->result = json_incref(said_take);
    json_decref(said_take);
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

/* ---- methods ---- */

/* Who it is to speak for: an active person of the team, or the operator where there is no team. */
static enum sgn_status
holder_check(struct lane_run *run, const struct lane_job *job, struct sgn_error *err)
{
    const char *name = sgn_json_str(job->params, "person");
    json_t *person = NULL;
    enum sgn_status status;

    if (job->team[0] == '\0')
        return name == NULL ? SGN_OK
                            : rpc_data_invalid(err, "/person",
                                               "a person is of a team: name it as team; without "
                                               "both the token is an operator's");
    if (name == NULL)
        return rpc_data_invalid(err, "/person", "say whom the token is to speak for");
    status = rpc_data_row(run, STORE_PERSON, name, "/person", SGN_INVALID, &person, err);
    if (status == SGN_OK && !rpc_row_true(person, "active"))
        status = rpc_data_invalid(err, "/person", "%s has left", sgn_json_str(person, "person"));
    json_decref(person);
    return status;
}

/* The secret leaves here once. A repeated request_id therefore answers without it: the entry
 * does not hold it, so there is no way to ask for it a second time. */
static enum sgn_status
token_create(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    char secret[SGN_TOKEN_TEXT];
    json_t *row = NULL, *said = NULL;
    enum sgn_status status = holder_check(run, job, err);

    if (status == SGN_OK)
        status = token_row(run, job, secret, &row, err);
    if (status == SGN_OK) {
        said = rpc_token_view(run, job, row);
        status = said != NULL ? lane_row_put(run, STORE_TOKEN, row, err) : sgn_nomem(err);
    }
    if (status == SGN_OK) {
        /* The answer holds the secret, the entry does not. */
        job->result = json_copy(said);
        (void)json_object_set_new(job->result, "token", json_string(secret));
        status = token_give(run, job, said, err);
        said = NULL;
    }
    json_decref(row);
    json_decref(said);
    return status;
}

/* Would nobody be left who may do all that an operator may? No method could mend that. */
static enum sgn_status
last_operator_check(struct lane_run *run, const char *id, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s}", "team", ""), *rows = NULL;
    struct sgn_error why = { 0 };
    const json_t *row;
    size_t i;
    bool other = false;
    enum sgn_status status = lane_row_list(run, STORE_TOKEN, match, &rows, err);

    json_array_foreach(rows, i, row) {
        const char *its = sgn_json_str(row, "id");
        other = other || (its != NULL && strcmp(its, id) != 0 &&
                          core_token_check(row, lane_now(run), &why) == SGN_OK &&
                          core_scope_check(row, CORE_ADMINISTERS, "token.create", &why) == SGN_OK);
        sgn_error_clear(&why);
    }
    json_decref(match);
    json_decref(rows);
    if (status == SGN_OK && !other)
        return rpc_data_invalid(err, "/id",
                                "this is the operator's last token: make another one first");
    return status;
}

enum sgn_status
rpc_token_end(struct lane_run *run, json_t *row, struct sgn_error *err)
{
    if (sgn_json_int(row, "revoked", 0) == 0) /* when it ended stays as it was */
        (void)json_object_set_new(row, "revoked", json_integer(lane_now(run)));
    return lane_row_put(run, STORE_TOKEN, row, err);
}

static enum sgn_status
token_revoke(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *id = sgn_json_str(job->params, "id");
    /* With the team: a lead ends tokens of the own team only. */
    json_t *match = json_pack("{s:s, s:s}", "id", id, "team", job->team);
    json_t *rows = NULL, *row;
    enum sgn_status status = lane_row_list(run, STORE_TOKEN, match, &rows, err);

    json_decref(match);
    row = json_array_get(rows, 0);
    if (status == SGN_OK && row == NULL) {
        status = sgn_fail(err, SGN_NOT_FOUND, "there is no token '%.40s'", id);
        sgn_error_add(err, "pointer", json_string("/id"));
    }
    if (status == SGN_OK && job->team[0] == '\0')
        status = last_operator_check(run, id, err);
    if (status == SGN_OK)
        status = rpc_token_end(run, row, err);
    if (status == SGN_OK)
        status = token_give(run, job, rpc_token_view(run, job, row), err);
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
        (void)json_array_append_new(items, rpc_token_view(run, job, row));
    json_decref(rows);
    return rpc_page_end(status, job, items, err);
}

/* clang-format off */
#define TOKEN_RESULT "id, team, person, name, scope, created, expires, last_use (to the hour), revoked"

static const struct rpc_param create_params[] = {
    { "person", RPC_STRING, false, SGN_KEY_MAX,
      "Whom it speaks for; only an operator who names no team leaves it out: the token is an operator's." },
    { "name", RPC_STRING, false, 100, "What it is for, to tell it from others." },
    { "expires", RPC_TIME, false, 0, "When it ends; never when not said." },
    { "scope", RPC_STRINGS, false, 0,
      "What it is for: read, decide (read, and answer what waits), write (and change cases), admin, "
      "or names of methods; without: all that the person may." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_token_create = {
    .name = "token.create",
    .summary = "Makes a token for a person; the secret is shown in this answer only.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .site = true, .whose = true,
    .params = create_params,
    .result = TOKEN_RESULT ", and once: token, the secret.", .run = token_create,
};

static const struct rpc_param revoke_params[] = {
    { "id", RPC_STRING, true, 32, "The token's id, as token.list shows it." }, RPC_PARAM_END
};

const struct rpc_method rpc_m_token_revoke = {
    .name = "token.revoke",
    .summary = "Ends a token; sessions that logged in with it end with it.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .site = true, .whose = true,
    .params = revoke_params,
    .result = TOKEN_RESULT ".", .run = token_revoke,
};

static const struct rpc_param list_params[] = {
    { "person", RPC_STRING, false, SGN_KEY_MAX, "Only this person's." },
    RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_token_list = {
    .name = "token.list",
    .summary = "Lists the team's tokens (the operators' where no team is named), without their secrets.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_READ, .site = true, .whose = true,
    .params = list_params,
    .result = "items: " TOKEN_RESULT "; the cursor of the next page or null.", .run = token_list,
};
/* clang-format on */
