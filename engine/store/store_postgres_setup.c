/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connecting, and what a server must be like. Looked at whenever a connection is made, not only
 * at the start: after a failover the same address may be another server.
 *
 * Never sets what durability hangs on: what the administrator decided is read, and refused when
 * it would break a promise.
 */
#include "store_postgres.h"

#include "clock.h"
#include "log.h"
#include "text.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- where ---- */

/* What the URL does not say. A server that vanished without a word is given up within seconds. */
static const struct {
    const char *keyword, *value, *variable;
} defaults[] = {
    { "fallback_application_name", "signoff", NULL },
    { "connect_timeout", "5", "PGCONNECT_TIMEOUT" },
    { "keepalives_idle", "10", NULL },
    { "keepalives_interval", "5", NULL },
    { "keepalives_count", "3", NULL },
    { "tcp_user_timeout", "15000", NULL },
};
#define N_DEFAULTS   (sizeof defaults / sizeof defaults[0])
#define KEYWORDS_MAX 64

/* Opens it with the defaults, then what the URL says, then what we need. */
static enum sgn_status
open_connection(struct store_postgres_conn *conn, struct sgn_error *err)
{
    const char *keywords[KEYWORDS_MAX + 1] = { 0 }, *values[KEYWORDS_MAX + 1] = { 0 };
    PQconninfoOption *options = PQconninfoParse(conn->url, NULL);
    size_t n = 0;

    /* libpq's own words would quote the URL with its password. */
    if (options == NULL)
        return sgn_fail(err, SGN_INVALID,
                        "store: expected postgres://USER@HOST:PORT/DATABASE, what is not letters "
                        "or digits in the user, the password and the database as %%XX");
    for (size_t i = 0; i < N_DEFAULTS; i++) {
        if (defaults[i].variable != NULL && getenv(defaults[i].variable) != NULL)
            continue;
        keywords[n] = defaults[i].keyword;
        values[n++] = defaults[i].value;
    }
    for (const PQconninfoOption *one = options; one->keyword != NULL && n < KEYWORDS_MAX; one++) {
        if (one->val == NULL || strcmp(one->keyword, "client_encoding") == 0)
            continue;
        keywords[n] = one->keyword;
        values[n++] = one->val;
    }
    keywords[n] = "client_encoding";
    values[n++] = "UTF8";
    /* The one given last counts. */
    conn->pg = PQconnectdbParams(keywords, values, 0);
    PQconninfoFree(options);
    if (conn->pg == NULL)
        return sgn_nomem(err);
    snprintf(conn->where, sizeof conn->where, "postgres://%s:%s/%s",
             PQhost(conn->pg) == NULL ? "" : PQhost(conn->pg),
             PQport(conn->pg) == NULL ? "" : PQport(conn->pg),
             PQdb(conn->pg) == NULL ? "" : PQdb(conn->pg));
    if (PQstatus(conn->pg) != CONNECTION_OK)
        return store_postgres_gone(conn, "connecting", err);
    return SGN_OK;
}

/* The server's warnings go where ours go. */
static void
notice(void *ctx, const PGresult *res)
{
    const char *severity = PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char *said = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);

    (void)ctx;
    if (severity != NULL && said != NULL && strcmp(severity, "NOTICE") != 0)
        sgn_log(SGN_LOG_WARN, "postgres says", "severity", severity, "message", said, NULL);
}

/* ---- what it is like ---- */

/* Asks before the pipeline begins. */
static enum sgn_status
simple(struct store_postgres_conn *conn, const char *sql, const char *doing, PGresult **out,
       struct sgn_error *err)
{
    PGresult *res = PQexec(conn->pg, sql);
    ExecStatusType status = PQresultStatus(res);
    enum sgn_status st = SGN_OK;

    *out = res;
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return SGN_OK;
    st = store_postgres_fail(conn, res, doing, err);
    PQclear(res);
    *out = NULL;
    return st;
}

static enum sgn_status
check_version(struct store_postgres_conn *conn, struct sgn_error *err)
{
    int version = PQserverVersion(conn->pg);

    if (version >= STORE_POSTGRES_SERVER)
        return SGN_OK;
    return sgn_fail(err, SGN_INVALID,
                    "%s: PostgreSQL %d.%d is too old; Signoff needs %d or later: upgrade it with "
                    "pg_upgrade",
                    conn->where, version / 10000, version % 10000, STORE_POSTGRES_SERVER / 10000);
}

/* Refusals, in the order of what must be put right first. */
static enum sgn_status
check_facts(struct store_postgres_conn *conn, struct sgn_error *err)
{
    PGresult *res = NULL;
    enum sgn_status st = simple(conn,
                                "SELECT current_setting('server_encoding'), "
                                "pg_is_in_recovery()::int, current_setting('synchronous_commit'), "
                                "current_setting('transaction_read_only')",
                                "looking at the server", &res, err);

    if (st != SGN_OK)
        return st;
    if (strcmp(PQgetvalue(res, 0, 0), "UTF8") != 0)
        st = sgn_fail(err, SGN_INVALID,
                      "%s: its encoding is %s, Signoff needs UTF8; make one with CREATE DATABASE "
                      "name ENCODING 'UTF8' TEMPLATE template0",
                      conn->where, PQgetvalue(res, 0, 0));
    else if (strcmp(PQgetvalue(res, 0, 1), "0") != 0)
        st = sgn_fail(err, SGN_UNAVAILABLE,
                      "%s: the server is a standby (in recovery); give the primary's address, or "
                      "several with target_session_attrs=primary",
                      conn->where);
    else if (strcmp(PQgetvalue(res, 0, 2), "off") == 0)
        st = sgn_fail(err, SGN_UNAVAILABLE,
                      "%s: synchronous_commit is off, so that what was acknowledged could be lost; "
                      "set it to on (ALTER ROLE or ALTER DATABASE ... SET synchronous_commit = on, "
                      "or postgresql.conf)",
                      conn->where);
    else if (conn->writer && strcmp(PQgetvalue(res, 0, 3), "on") == 0)
        st = sgn_fail(err, SGN_UNAVAILABLE,
                      "%s: transactions are read only there (default_transaction_read_only); set "
                      "it to off for Signoff's role",
                      conn->where);
    PQclear(res);
    return st;
}

/* ---- the session ---- */

/* The writer's statements are few and known, all of them go by indexes: their plans are made once
 * and must not depend on how full a table was that day. */
static char *
session_sql(const struct store_postgres_conn *conn)
{
    static const char common[] =
        "SET search_path = signoff, pg_temp; SET timezone = 'UTC'; SET jit = off; "
        "SET standard_conforming_strings = on; SET default_transaction_isolation = "
        "'read committed'; ";

    if (conn->writer)
        return sgn_format("SET statement_timeout = 0; SET lock_timeout = %d; "
                          "SET idle_in_transaction_session_timeout = %d; "
                          "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; "
                          "SET enable_hashjoin = off; SET enable_mergejoin = off; "
                          "SET enable_material = off; SET enable_bitmapscan = off; %s",
                          STORE_POSTGRES_LOCK_MS, STORE_POSTGRES_IDLE_MS, common);
    return sgn_format("SET statement_timeout = %lld; SET default_transaction_read_only = on; %s",
                      (long long)conn->read_ms, common);
}

#define OTHERS_MS  2000 /* to wait for what is left of a server that has ended */
#define OTHERS_GAP 50

/* A session that was cut off must not keep its lock: the server is to look soon whether somebody is
 * still there. */
#define LOOK_SOON                                                                                  \
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = "   \
    "3; "
#define UNLOCK_ALL "SELECT pg_advisory_unlock_all(); "

/* Locks of the session, which the server lets go with it: nodes share one, whoever is alone has it
 * alone. */
enum sgn_status
store_postgres_keep_out(struct store_postgres_conn *conn, struct sgn_error *err)
{
    static const char *const sql[] = {
        [STORE_PG_KEEPS_SHARED] =
            LOOK_SOON UNLOCK_ALL "SELECT pg_try_advisory_lock_shared(hashtext('signoff'), 1)::int",
        [STORE_PG_KEEPS_ALONE] =
            LOOK_SOON UNLOCK_ALL "SELECT pg_try_advisory_lock(hashtext('signoff'), 1)::int",
    };
    int64_t until = sgn_monotonic_ms() + OTHERS_MS;

    if (conn->keeps == STORE_PG_KEEPS_NOBODY)
        return SGN_OK;
    do {
        PGresult *res = NULL;
        enum sgn_status st = simple(conn, sql[conn->keeps], "keeping other servers out", &res, err);
        bool ours = st == SGN_OK && strcmp(PQgetvalue(res, 0, 0), "1") == 0;

        PQclear(res);
        if (st != SGN_OK || ours)
            return st;
        (void)poll(NULL, 0, OTHERS_GAP);
    } while (sgn_monotonic_ms() < until);
    if (conn->keeps == STORE_PG_KEEPS_SHARED)
        return sgn_fail(err, conn->lived ? SGN_UNAVAILABLE : SGN_CONFLICT,
                        "%s: in use by another server that keeps it for itself: a site on virtual "
                        "time is one server's, or a command is at work on it",
                        conn->where);
    return sgn_fail(err, conn->lived ? SGN_UNAVAILABLE : SGN_CONFLICT,
                    "%s: in use by another server", conn->where);
}

enum sgn_status
store_postgres_connect(struct store_postgres_conn *conn, struct sgn_error *err)
{
    enum sgn_status st = open_connection(conn, err);
    char *sql = NULL;
    PGresult *res = NULL;

    if (st != SGN_OK)
        goto out;
    PQsetNoticeReceiver(conn->pg, notice, NULL);
    st = check_version(conn, err);
    if (st == SGN_OK)
        st = check_facts(conn, err);
    if (st != SGN_OK)
        goto out;
    sql = session_sql(conn);
    if (sql == NULL) {
        st = sgn_nomem(err);
        goto out;
    }
    st = simple(conn, sql, "setting the session up", &res, err);
    if (st == SGN_OK)
        st = store_postgres_keep_out(conn, err);
    if (st == SGN_OK && conn->settled)
        st = store_postgres_expect_schema(conn, err);
    conn->lived = conn->lived || st == SGN_OK;
    if (st == SGN_OK && PQenterPipelineMode(conn->pg) != 1)
        st = store_postgres_gone(conn, "setting the session up", err);
    /* Sending to one must not keep the others waiting. */
    if (st == SGN_OK && conn->writer && PQsetnonblocking(conn->pg, 1) != 0)
        st = store_postgres_gone(conn, "setting the session up", err);
out:
    PQclear(res);
    free(sql);
    if (st != SGN_OK) {
        PQfinish(conn->pg);
        conn->pg = NULL;
    }
    return st;
}

/* ---- at the start ---- */

/* The process that serves a connection, as the server says. */
static enum sgn_status
backend_pid(struct store_postgres_conn *conn, int64_t *out, struct sgn_error *err)
{
    PGresult *res = NULL;
    enum sgn_status st = store_postgres_ask(conn, NULL, "SELECT pg_backend_pid()", NULL, true,
                                            "looking at the server", &res, err);

    if (st == SGN_OK)
        *out = store_postgres_value(res, 0, 0);
    PQclear(res);
    return st;
}

/*
 * A pooler gives out numbers of its own for processes. One that shares connections between
 * transactions answers two idle clients, or one client twice, with whatever process is free: then
 * nothing that a session keeps is kept, neither prepared statements nor settings.
 */
static enum sgn_status
check_pooler(struct store_postgres *store, struct sgn_error *err)
{
    struct store_postgres_conn *two = &store->own->conn;
    int64_t writer = 0, reader = 0, again = 0;
    enum sgn_status st = backend_pid(&store->writers[0].conn, &writer, err);

    if (st != SGN_OK || writer == PQbackendPID(store->writers[0].conn.pg))
        return st;
    st = backend_pid(two, &reader, err);
    if (st == SGN_OK)
        st = backend_pid(&store->writers[0].conn, &again, err);
    if (st == SGN_OK && (writer == reader || writer != again))
        st = sgn_fail(err, SGN_INVALID,
                      "%s: a pooler there shares connections between transactions; Signoff needs "
                      "PgBouncer in session mode (pool_mode = session), or the server's own port",
                      store->writers[0].conn.where);
    return st;
}

/* Does what is said there go over a network that others may hear? */
static bool
unprotected(const PGconn *pg)
{
    const char *to = PQhostaddr(pg);

    return !PQsslInUse((PGconn *)(uintptr_t)pg) && to != NULL && to[0] != '\0' && to[0] != '/' &&
           strncmp(to, "127.", 4) != 0 && strcmp(to, "::1") != 0;
}

/* What is allowed but should be known. */
static enum sgn_status
tell(struct store_postgres *store, struct sgn_error *err)
{
    PGresult *res = NULL;
    enum sgn_status st = store_postgres_ask(
        &store->writers[0].conn, NULL,
        "SELECT current_setting('synchronous_commit'), current_setting('fsync'), "
        "coalesce((SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user), "
        "false), current_user::text",
        NULL, true, "looking at the server", &res, err);

    if (st != SGN_OK)
        return st;
    sgn_log(SGN_LOG_INFO, "store on postgres", "where", store->writers[0].conn.where,
            "synchronous_commit", PQgetvalue(res, 0, 0), NULL);
    if (strcmp(PQgetvalue(res, 0, 1), "off") == 0)
        sgn_log(SGN_LOG_WARN, "fsync is off: a power cut loses what was acknowledged", "where",
                store->writers[0].conn.where, NULL);
    if (unprotected(store->writers[0].conn.pg))
        sgn_log(SGN_LOG_WARN,
                "the database is asked without TLS: add sslmode=verify-full and sslrootcert=FILE",
                "where", store->writers[0].conn.where, NULL);
    if (store_postgres_value(res, 0, 2) != 0)
        sgn_log(SGN_LOG_WARN, "the role bypasses row-level security: use one that does not",
                "where", store->writers[0].conn.where, "role", PQgetvalue(res, 0, 3), NULL);
    PQclear(res);
    return SGN_OK;
}

enum sgn_status
store_postgres_inspect(struct store_postgres *store, struct sgn_error *err)
{
    enum sgn_status st = store_postgres_connect(&store->writers[0].conn, err);

    if (st == SGN_OK)
        st = store_postgres_connect(&store->own->conn, err);
    if (st == SGN_OK)
        st = check_pooler(store, err);
    if (st == SGN_OK)
        st = tell(store, err);
    return st;
}
