/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.*: who a connection speaks for.
 *
 * Never keeps a token: a session holds its hash, by which it is looked at again at every request.
 */
#include "data.h"
#include "methods.h"
#include "rpc_internal.h"
#include <stdio.h>
#include <string.h>

/* Members of what the query hands on, for login_take alone, which takes them out again. */
#define LAST_USE "last_use"
#define TOKEN_ID "token_id"

/* ---- login: a query finds the token and its person, the loop takes the session ---- */

static enum sgn_status
unknown_token(struct sgn_error *err)
{
    /* One answer for unknown, revoked, expired, and somebody who left. */
    return sgn_fail(err, SGN_UNAUTHENTICATED, "this token is not valid here");
}

static json_t *
session_json(const json_t *token, const json_t *person, const char *language)
{
    bool is_operator = rpc_row_true(token, "operator");

    return json_pack("{s:s?, s:s?, s:b, s:O?, s:O?, s:b, s:O?, s:s}", "team",
                     is_operator ? NULL : sgn_json_str(token, "team"), "person",
                     is_operator ? NULL : sgn_json_str(token, "person"), "operator", is_operator,
                     "title", json_object_get(person, "title"), "client",
                     json_object_get(person, "client"), "lead", rpc_row_true(person, "lead"),
                     "scope", json_object_get(token, "scope"), "language", language);
}

/* The person's language, or what the client has where they have none, or the team's. */
static void
language_of(struct lane *lane, const char *team, const json_t *person, const char *or_else,
            char out[8])
{
    const char *own = sgn_json_str(person, "language");
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *found =
        site != NULL && team != NULL ? lane_site_team(site, team) : NULL;

    if (own == NULL)
        own = or_else;
    if (own == NULL && found != NULL && found->team != NULL)
        own = found->team->language;
    snprintf(out, 8, "%s", own != NULL ? own : "en");
    lane_site_free(lane, site);
}

/* The session of a token's row: {team, person, operator, ...}. The person's row decides, not the
 * token's: who has left has no session, whatever tokens there are. */
static enum sgn_status
session_find(struct store_reader *reader, struct lane *lane, const json_t *token,
             const char *or_else, json_t **out, struct sgn_error *err)
{
    const char *team = sgn_json_str(token, "team");
    const char *name = sgn_json_str(token, "person");
    json_t *person = NULL;
    char language[8];
    enum sgn_status status = SGN_OK;

    if (!rpc_row_true(token, "operator")) {
        if (team == NULL || name == NULL)
            return unknown_token(err);
        status = lane_person_read(reader, team, name, &person, err);
        if (status == SGN_NOT_FOUND || (status == SGN_OK && !rpc_row_true(person, "active")))
            status = unknown_token(err);
        else if (status == SGN_OK)
            status = core_person_check(person, name, err);
    }
    if (status == SGN_OK) {
        language_of(lane, team, person, or_else, language);
        *out = session_json(token, person, language);
        if (*out == NULL)
            status = sgn_nomem(err);
    }
    json_decref(person);
    return status;
}

/* Looked up by the hash of what was sent: no comparison of secrets takes place that could be
 * timed, and what the store holds lets nobody in. */
static enum sgn_status
session_of_hash(struct store_reader *reader, struct lane *lane, const char *hash,
                const char *or_else, bool hand_on, json_t **out, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "hash", hash);
    json_t *token = NULL;
    enum sgn_status status = store_row_get(reader, STORE_TOKEN, "", key, &token, err);

    json_decref(key);
    if (status == SGN_OK)
        status = core_token_check(token, sgn_clock_now(lane_clock(lane)), err);
    if (status == SGN_NOT_FOUND || status == SGN_UNAUTHENTICATED)
        status = unknown_token(err); /* one answer: nobody learns which tokens there were */
    if (status == SGN_OK)
        status = session_find(reader, lane, token, or_else, out, err);
    if (status == SGN_OK && hand_on) {
        (void)json_object_set(*out, TOKEN_ID, json_object_get(token, "id"));
        (void)json_object_set_new(*out, LAST_USE, json_integer(sgn_json_int(token, "last_use", 0)));
    }
    json_decref(token);
    return status;
}

static enum sgn_status
login_query(struct store_reader *reader, struct lane *lane, struct lane_job *job,
            struct sgn_error *err)
{
    const char *token = sgn_json_str(job->params, "token");
    const char *language = sgn_json_str(job->params, "language");
    const char *or_else = sgn_json_str(job->params, "or_language");
    char hash[SGN_HASH_HEX];
    enum sgn_status status = rpc_data_language(language, "/language", err);

    if (status == SGN_OK)
        status = rpc_data_language(or_else, "/or_language", err);
    if (status != SGN_OK)
        return status;
    sgn_sha256(token, strlen(token), hash);
    status = session_of_hash(reader, lane, hash, or_else, true, &job->result, err);
    if (status == SGN_OK && language != NULL)
        (void)json_object_set(job->result, "language", json_object_get(job->params, "language"));
    return status;
}

/* On the loop, after the query. Requests behind it have waited: none of them runs with the old
 * session. */
static enum sgn_status
login_take(struct rpc_connection *connection, const json_t *params, json_t **result,
           struct sgn_error *err)
{
    struct rpc_session *session = &connection->session;
    const char *token = sgn_json_str(params, "token");
    const char *team = sgn_json_str(*result, "team");
    const char *person = sgn_json_str(*result, "person");

    int64_t now = sgn_clock_now(lane_clock(connection->rpc->options.lane));

    (void)err;
    /* They watch with the rights of who started them. */
    rpc_watches_stop(connection);
    *session = (struct rpc_session){ .known = true };
    session->is_operator = sgn_json_true(*result, "operator");
    if (!session->is_operator) {
        snprintf(session->team, sizeof(session->team), "%s", team);
        snprintf(session->person, sizeof(session->person), "%s", person);
    }
    snprintf(session->language, sizeof(session->language), "%s", sgn_json_str(*result, "language"));
    sgn_sha256(token, strlen(token), session->token);
    session->used = sgn_json_int(*result, LAST_USE, now);
    sgn_text_copy(session->token_id, sizeof session->token_id, sgn_json_str(*result, TOKEN_ID));
    (void)json_object_del(*result, LAST_USE);
    (void)json_object_del(*result, TOKEN_ID);
    rpc_session_used(connection, now);
    return SGN_OK;
}

/* Read anew: it is how a client finds out that its token has been revoked. */
static enum sgn_status
whoami_query(struct store_reader *reader, struct lane *lane, struct lane_job *job,
             struct sgn_error *err)
{
    return session_of_hash(reader, lane, job->token, NULL, false, &job->result, err);
}

/* The connection stays, with nobody in it. */
static enum sgn_status
logout_take(struct rpc_connection *connection, const json_t *params, json_t **result,
            struct sgn_error *err)
{
    (void)params;
    (void)err;
    (void)result;
    rpc_watches_stop(connection);
    connection->session = (struct rpc_session){ 0 };
    return SGN_OK;
}

/* clang-format off */
static const struct rpc_param login_params[] = {
    { "token", RPC_STRING, true, 128, "The secret that token.create showed once." },
    { "language", RPC_STRING, false, 8, "en or zh, for this connection; without: the person's." },
    { "or_language", RPC_STRING, false, 8,
      "en or zh, where the person has no language of their own; without: the team's." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_session_login = {
    .name = "session.login",
    .summary = "Logs the connection in; requests sent before it are finished first.",
    .access = CORE_ANYONE, .where = RPC_SESSION, .lasting = true, .site = true, .credential = "token",
    .params = login_params,
    .result = "Who you are: team, person, operator, title, client, lead, scope (of the token; null: all that "
              "you may), language.",
    .query = login_query, .local = login_take,
};

const struct rpc_method rpc_m_session_whoami = {
    .name = "session.whoami",
    .summary = "Says who the connection is logged in as, as of now.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_QUERY, .site = true,
    .result = "As session.login.",
    .query = whoami_query,
};

const struct rpc_method rpc_m_session_logout = {
    .name = "session.logout",
    .summary = "Forgets who the connection is logged in as and ends its watches.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_SESSION, .lasting = true, .site = true,
    .result = "An empty object.",
    .local = logout_take,
};
/* clang-format on */
