/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection at work: statements are put into its pipeline, sent together, and their results
 * read together. Each text is prepared the first time it is sent, in the same pipeline.
 *
 * Never waits for the server between two statements of one call. Both sides write into buffers
 * that hold what a call sends back, which is little, so they cannot wait for each other.
 */
#include "hash.h"
#include "memory.h"
#include "store_postgres.h"
#include "text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- its life ---- */

static void
clear_results(struct store_postgres_conn *conn)
{
    for (int i = 0; i < conn->n_results; i++)
        PQclear(conn->results[i]);
    conn->n_results = 0;
}

void
store_postgres_disconnect(struct store_postgres_conn *conn)
{
    clear_results(conn);
    for (int i = 0; i < conn->n_statements; i++)
        free(conn->statements[i].sql);
    conn->n_statements = 0;
    conn->n_pending = 0;
    conn->pushed = false;
    conn->team[0] = '\0';
    PQfinish(conn->pg);
    conn->pg = NULL;
}

bool
store_postgres_alive(struct store_postgres_conn *conn)
{
    return conn->pg != NULL && PQstatus(conn->pg) == CONNECTION_OK;
}

/* Twice: the first reading takes the server's last words, the second its end. */
bool
store_postgres_listen(struct store_postgres_conn *conn)
{
    return store_postgres_alive(conn) && PQconsumeInput(conn->pg) == 1 &&
           PQconsumeInput(conn->pg) == 1 && PQstatus(conn->pg) == CONNECTION_OK;
}

enum sgn_status
store_postgres_ensure(struct store_postgres_conn *conn, struct sgn_error *err)
{
    if (store_postgres_alive(conn))
        return SGN_OK;
    store_postgres_disconnect(conn);
    return store_postgres_connect(conn, err);
}

/* ---- statements ---- */

/* Failing to send is failing to reach the server: libpq keeps the reason. */
static enum sgn_status
sent(struct store_postgres_conn *conn, int ok, struct store_postgres_statement *preparing,
     struct sgn_error *err)
{
    if (ok != 1)
        return store_postgres_gone(conn, "sending", err);
    conn->preparing[conn->n_pending++] = preparing;
    return SGN_OK;
}

/* A free place, or that of the statement that was not sent for longest. */
static enum sgn_status
place(struct store_postgres_conn *conn, struct store_postgres_statement **out,
      struct sgn_error *err)
{
    struct store_postgres_statement *oldest = NULL;
    char sql[48];

    if (conn->n_statements < STORE_POSTGRES_STATEMENTS) {
        *out = &conn->statements[conn->n_statements++];
        **out = (struct store_postgres_statement){ 0 };
        return SGN_OK;
    }
    for (int i = 0; i < conn->n_statements; i++) {
        struct store_postgres_statement *one = &conn->statements[i];

        if (oldest == NULL || one->sql == NULL || one->used < oldest->used)
            oldest = one;
        if (one->sql == NULL)
            break;
    }
    *out = oldest;
    if (oldest->sql == NULL)
        return SGN_OK;
    snprintf(sql, sizeof sql, "DEALLOCATE %s", oldest->name);
    free(oldest->sql);
    *oldest = (struct store_postgres_statement){ 0 };
    /* Counted among the preparations, whose results nobody asks for. */
    return sent(conn, PQsendQueryParams(conn->pg, sql, 0, NULL, NULL, NULL, NULL, 1), oldest, err);
}

/* The prepared statement of a text; prepares it in the pipeline when there is none. */
static enum sgn_status
prepared(struct store_postgres_conn *conn, const char *sql,
         const struct store_postgres_params *params, struct store_postgres_statement **out,
         struct sgn_error *err)
{
    uint64_t hash = sgn_text_hash(SGN_TEXT_HASH, sql);
    enum sgn_status st = SGN_OK;

    for (int i = 0; i < conn->n_statements; i++) {
        struct store_postgres_statement *one = &conn->statements[i];

        if (one->sql != NULL && one->hash == hash && strcmp(one->sql, sql) == 0) {
            *out = one;
            return SGN_OK;
        }
    }
    st = place(conn, out, err);
    if (st != SGN_OK)
        return st;
    (*out)->sql = sgn_strdup(sql);
    (*out)->hash = hash;
    if ((*out)->sql == NULL)
        return sgn_nomem(err);
    /* Behind a pool another's statements may still be there, under the names that we would give. */
    if (conn->names == 0)
        sgn_random(&conn->mark, sizeof conn->mark);
    snprintf((*out)->name, sizeof(*out)->name, "s%08x_%d", (unsigned)conn->mark, ++conn->names);
    return sent(conn, PQsendPrepare(conn->pg, (*out)->name, sql, params->n, params->types), *out,
                err);
}

enum sgn_status
store_postgres_send(struct store_postgres_conn *conn, const char *sql,
                    const struct store_postgres_params *params, bool once, struct sgn_error *err)
{
    static const struct store_postgres_params none = { .n = 0 };
    struct store_postgres_statement *statement = NULL;
    enum sgn_status st = SGN_OK;
    int ok;

    if (conn->n_pending == 0)
        clear_results(conn);
    params = params == NULL ? &none : params;
    for (int i = 0, a = 0; i < params->n; i++) {
        if (params->types[i] >= 1000) {
            ((struct store_postgres_params *)(uintptr_t)params)->values[i] =
                params->arrays[a].bytes;
            ((struct store_postgres_params *)(uintptr_t)params)->lengths[i] =
                (int)params->arrays[a].len;
            st = params->arrays[a++].failed ? sgn_nomem(err) : st;
        }
    }
    if (st != SGN_OK || params->failed)
        return sgn_nomem(err);
    assert(conn->n_pending < STORE_POSTGRES_PENDING - 2);
    if (!store_postgres_alive(conn))
        return store_postgres_gone(conn, "sending", err);
    if (once) {
        ok = PQsendQueryParams(conn->pg, sql, params->n, params->types, params->values,
                               params->lengths, params->formats, 1);
        return sent(conn, ok, NULL, err);
    }
    st = prepared(conn, sql, params, &statement, err);
    if (st != SGN_OK)
        return st;
    statement->used = ++conn->sendings;
    ok = PQsendQueryPrepared(conn->pg, statement->name, params->n, params->values, params->lengths,
                             params->formats, 1);
    return sent(conn, ok, NULL, err);
}

enum sgn_status
store_postgres_send_team(struct store_postgres_conn *conn, const char *team, struct sgn_error *err)
{
    struct store_postgres_params params;
    enum sgn_status st = SGN_OK;

    if (!conn->writer && strcmp(conn->team, team) == 0 && team[0] != '\0')
        return SGN_OK;
    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    /* A reader's stays for its next query, a writer's ends with its transaction. */
    st = store_postgres_send(conn,
                             conn->writer ? "SELECT set_config('signoff.team', $1, true)"
                                          : "SELECT set_config('signoff.team', $1, false)",
                             &params, false, err);
    snprintf(conn->team, sizeof conn->team, "%s", team);
    return st;
}

/* ---- results ---- */

static void
forget(struct store_postgres_statement *statement)
{
    free(statement->sql);
    *statement = (struct store_postgres_statement){ 0 };
}

/* The result of one statement that was sent; NULL when the connection is gone. */
static PGresult *
read_one(struct store_postgres_conn *conn)
{
    PGresult *res = PQgetResult(conn->pg), *more = NULL;

    if (res == NULL)
        return NULL;
    while (PQstatus(conn->pg) == CONNECTION_OK && (more = PQgetResult(conn->pg)) != NULL)
        PQclear(more);
    return res;
}

/* Reads up to the mark that ends the pipeline. */
static void
read_sync(struct store_postgres_conn *conn)
{
    while (PQstatus(conn->pg) == CONNECTION_OK) {
        PGresult *res = PQgetResult(conn->pg);
        bool synced = res == NULL || PQresultStatus(res) == PGRES_PIPELINE_SYNC;

        PQclear(res);
        if (synced)
            return;
    }
}

/* A writer's socket never blocks: what the server does not take yet goes out while others are
 * waited for, and at the latest while this one is. */
enum sgn_status
store_postgres_push(struct store_postgres_conn *conn, const char *doing, struct sgn_error *err)
{
    clear_results(conn);
    conn->state[0] = '\0';
    conn->n_asked = 0;
    for (int i = 0; i < conn->n_pending; i++)
        conn->n_asked += conn->preparing[i] == NULL ? 1 : 0;
    if (!store_postgres_alive(conn) || PQpipelineSync(conn->pg) != 1 || PQflush(conn->pg) < 0)
        return store_postgres_gone(conn, doing, err);
    conn->pushed = true;
    return SGN_OK;
}

enum sgn_status
store_postgres_gather(struct store_postgres_conn *conn, const char *doing, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    int n = conn->n_pending;

    conn->n_pending = 0;
    conn->pushed = false;
    for (int i = 0; i < n; i++) {
        PGresult *res = read_one(conn);
        ExecStatusType status = res == NULL ? PGRES_FATAL_ERROR : PQresultStatus(res);
        bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

        if (!good && st == SGN_OK)
            st = res == NULL ? store_postgres_gone(conn, doing, err)
                             : store_postgres_fail(conn, res, doing, err);
        if (conn->preparing[i] != NULL && !good)
            forget(conn->preparing[i]);
        if (good && conn->preparing[i] == NULL)
            conn->results[conn->n_results++] = res;
        else
            PQclear(res);
    }
    read_sync(conn);
    /* What a failed pipeline has set is undone with it. */
    if (st != SGN_OK)
        conn->team[0] = '\0';
    return st;
}

enum sgn_status
store_postgres_flush(struct store_postgres_conn *conn, const char *doing, struct sgn_error *err)
{
    enum sgn_status st = store_postgres_push(conn, doing, err);

    if (st == SGN_OK)
        return store_postgres_gather(conn, doing, err);
    conn->n_pending = 0;
    return st;
}

PGresult *
store_postgres_take(struct store_postgres_conn *conn, int at)
{
    PGresult *res = at < conn->n_results ? conn->results[at] : NULL;

    if (res != NULL)
        conn->results[at] = NULL;
    return res;
}

/* ---- asking ---- */

static enum sgn_status
ask(struct store_postgres_conn *conn, const char *team, const char *sql,
    const struct store_postgres_params *params, bool once, const char *doing, struct sgn_error *err)
{
    enum sgn_status st = store_postgres_ensure(conn, err);

    if (st == SGN_OK && team != NULL)
        st = store_postgres_send_team(conn, team, err);
    if (st == SGN_OK)
        st = store_postgres_send(conn, sql, params, once, err);
    if (st == SGN_OK)
        st = store_postgres_flush(conn, doing, err);
    /* A statement that was put into a pipeline that is gone was not sent. */
    conn->n_pending = 0;
    return st;
}

enum sgn_status
store_postgres_ask(struct store_postgres_conn *conn, const char *team, const char *sql,
                   const struct store_postgres_params *params, bool once, const char *doing,
                   PGresult **out, struct sgn_error *err)
{
    bool fresh = !store_postgres_alive(conn);
    enum sgn_status st = ask(conn, team, sql, params, once, doing, err);

    *out = NULL;
    /* Reading twice is harmless, and a restarted server is nobody's concern. */
    if (st == SGN_UNAVAILABLE && !fresh && !store_postgres_alive(conn))
        st = ask(conn, team, sql, params, once, doing, err);
    if (st == SGN_OK)
        *out = store_postgres_take(conn, conn->n_results - 1);
    return st;
}
