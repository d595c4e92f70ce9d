/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logins that fail: on one connection, which ends after some of them, and from one address, whose
 * further ones are not looked at for a while, see attempts.h. One answer for a token that is
 * unknown, revoked, expired, or of somebody who left; and one for all that have to wait.
 */
#include "attempts.h"
#include "rpc_internal.h"
#include <string.h>

bool
rpc_is_login(const struct rpc_method *method)
{
    return method != NULL && method->where == RPC_SESSION &&
           strcmp(method->name, "session.login") == 0;
}

/* ---- of an address ---- */

bool
rpc_attempt_may(const struct rpc *rpc, uint64_t address, const char *hash, int64_t *retry_ms)
{
    return rpc_attempts_may(rpc->attempts, address, hash, sgn_monotonic_ms(), retry_ms);
}

void
rpc_attempt_failed(struct rpc *rpc, uint64_t address, const char *hash)
{
    rpc->traffic.logins_failed++;
    rpc_attempts_failed(rpc->attempts, address, hash, sgn_monotonic_ms());
}

void
rpc_attempt_good(struct rpc *rpc, const char *hash)
{
    rpc_attempts_good(rpc->attempts, hash);
}

/* False: it has none, which its shape will say. */
static bool
hash_of(const struct rpc_request *request, char out[SGN_HASH_HEX])
{
    const char *token = sgn_json_str(request->params, request->method->credential);

    if (token != NULL)
        sgn_sha256(token, strlen(token), out);
    return token != NULL;
}

enum sgn_status
rpc_login_may(struct rpc_request *request, struct sgn_error *err)
{
    struct rpc_connection *connection = request->connection;
    struct rpc *rpc = connection->rpc;
    char hash[SGN_HASH_HEX];
    int64_t retry_ms;

    if (request->method->credential == NULL || !hash_of(request, hash) ||
        rpc_attempt_may(rpc, connection->peer.address, hash, &retry_ms))
        return SGN_OK;
    rpc->traffic.logins_refused++;
    request->put_off = true;
    connection->login_retry_ms = retry_ms;
    sgn_fail(err, SGN_OVERLOADED,
             "too many logins from your address have failed; try again in %lld seconds",
             (long long)(retry_ms + 999) / 1000);
    sgn_error_add(err, "retry_after_ms", json_integer(retry_ms));
    return SGN_OVERLOADED;
}

/* ---- of a connection ---- */

/* Those that have not begun end as the login before them did: it is a barrier, so that all behind
 * it are among them. */
static void
refuse_waiting(struct rpc_connection *connection, enum sgn_status status, const char *message)
{
    for (struct rpc_request *r = connection->waiting; r != NULL; r = r->next) {
        if (r->phase != RPC_WAITING)
            continue;
        r->phase = RPC_DONE;
        r->status = sgn_fail(&r->error, status, "%s", message);
    }
}

static void
end_with(struct rpc_connection *connection, enum sgn_status status, const char *message)
{
    rpc_connection_end(connection);
    refuse_waiting(connection, status, message);
}

/* What comes beside the texts lets in all of them, or none. */
static void
vouch(struct rpc_connection *connection, const struct rpc_request *request)
{
    connection->login_status = request->status;
    if (!request->put_off)
        connection->login_retry_ms = 0;
    if (request->status != SGN_OK)
        end_with(connection, request->status, request->error.message);
}

static void
address_count(struct rpc_connection *connection, const struct rpc_request *request)
{
    char hash[SGN_HASH_HEX];

    if (request->status == SGN_OK && rpc_is_login(request->method))
        rpc_attempt_good(connection->rpc, connection->session.token);
    else if ((request->status == SGN_UNAUTHENTICATED || request->method->spends) &&
             hash_of(request, hash))
        rpc_attempt_failed(connection->rpc, connection->peer.address, hash);
}

void
rpc_login_count(struct rpc_connection *connection, const struct rpc_request *request)
{
    if (request->method == NULL || request->method->credential == NULL)
        return;
    address_count(connection, request);
    if (request->vouches)
        vouch(connection, request);
    if (request->status == SGN_OK) {
        connection->login_failures = 0;
    } else if ((request->status == SGN_UNAUTHENTICATED || request->put_off) &&
               ++connection->login_failures == connection->rpc->options.limits.login_failures) {
        sgn_log(SGN_LOG_WARN, "too many failed logins", "channel", connection->peer.channel, NULL);
        end_with(connection, SGN_UNAUTHENTICATED, "too many failed logins");
    }
}
