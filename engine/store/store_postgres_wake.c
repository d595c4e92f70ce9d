/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telling other nodes, and hearing them, by NOTIFY and LISTEN on a connection of its own.
 *
 * Commits that notify wait for each other in the whole server, so no commit of entries does: the
 * teams of many commits are told in one transaction that writes nothing, and does not wait for the
 * disk either. What is lost with a connection is lost: readers ask by number anyway.
 */
#include "store_postgres.h"

#include "clock.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAYLOAD_MAX  7000 /* bytes; the server takes 7999 */
#define RECONNECT_MS 500  /* between two tries */

/* Listens, outside of the pipeline; it writes nothing that could be lost. */
static enum sgn_status
listen_there(struct store_postgres_waker *waker, struct sgn_error *err)
{
    PGresult *res = PQexec(waker->conn.pg, "SET synchronous_commit = off; "
                                           "SET signoff.team = '*'; LISTEN signoff; "
                                           "SELECT pg_backend_pid()");
    ExecStatusType status = PQresultStatus(res);
    enum sgn_status st = SGN_OK;

    if (status != PGRES_TUPLES_OK)
        st = store_postgres_fail(&waker->conn, res, "listening", err);
    else
        waker->pid = (int)strtol(PQgetvalue(res, 0, 0), NULL, 10);
    PQclear(res);
    return st;
}

static enum sgn_status
connect_waker(struct store_postgres_waker *waker, struct sgn_error *err)
{
    enum sgn_status st;

    store_postgres_disconnect(&waker->conn);
    waker->tried = sgn_monotonic_ms();
    waker->missed = true;
    st = store_postgres_connect(&waker->conn, err);
    if (st == SGN_OK && PQexitPipelineMode(waker->conn.pg) != 1)
        st = store_postgres_gone(&waker->conn, "listening", err);
    if (st == SGN_OK)
        st = listen_there(waker, err);
    if (st != SGN_OK)
        store_postgres_disconnect(&waker->conn);
    return st;
}

enum sgn_status
store_postgres_waker_open(struct store *base, struct store_waker **out, struct sgn_error *err)
{
    struct store_postgres *store = (struct store_postgres *)base;
    struct store_postgres_waker *waker = calloc(1, sizeof *waker);
    enum sgn_status st;

    if (waker == NULL)
        return sgn_nomem(err);
    waker->base.ops = base->ops;
    waker->conn.url = store->url;
    waker->conn.writer = true;
    st = connect_waker(waker, err);
    if (st != SGN_OK) {
        store_postgres_waker_close(&waker->base);
        return st;
    }
    waker->missed = false;
    *out = &waker->base;
    return SGN_OK;
}

void
store_postgres_waker_close(struct store_waker *base)
{
    struct store_postgres_waker *waker = (struct store_postgres_waker *)base;

    store_postgres_disconnect(&waker->conn);
    free(waker);
}

int
store_postgres_waker_fd(struct store_waker *base)
{
    struct store_postgres_waker *waker = (struct store_postgres_waker *)base;

    return store_postgres_alive(&waker->conn) ? PQsocket(waker->conn.pg) : -1;
}

/* Adds the names of a notification to an object, as keys. */
static void
add_names(json_t *names, const char *payload)
{
    while (*payload != '\0') {
        size_t n = strcspn(payload, " ");
        char name[64];

        if (n > 0 && n < sizeof name) {
            snprintf(name, sizeof name, "%.*s", (int)n, payload);
            json_object_set_new(names, name, json_true());
        }
        payload += n + (payload[n] == ' ' ? 1 : 0);
    }
}

/* Its own are left out. */
static enum sgn_status
take_names(struct store_postgres_waker *waker, json_t **out, struct sgn_error *err)
{
    json_t *names = json_object(), *teams = json_array(), *unused = NULL;
    const char *name = NULL;
    PGnotify *one = NULL;

    if (names == NULL || teams == NULL) {
        json_decref(names);
        json_decref(teams);
        return sgn_nomem(err);
    }
    while ((one = PQnotifies(waker->conn.pg)) != NULL) {
        if (one->be_pid != waker->pid)
            add_names(names, one->extra);
        PQfreemem(one);
    }
    json_object_foreach(names, name, unused)
        json_array_append_new(teams, json_string(name));
    json_decref(names);
    *out = teams;
    return SGN_OK;
}

enum sgn_status
store_postgres_waker_take(struct store_waker *base, json_t **out, struct sgn_error *err)
{
    struct store_postgres_waker *waker = (struct store_postgres_waker *)base;
    enum sgn_status st = SGN_OK;

    if (!store_postgres_listen(&waker->conn)) {
        if (sgn_monotonic_ms() - waker->tried < RECONNECT_MS)
            return sgn_fail(err, SGN_UNAVAILABLE, "%s: listening: the connection is gone",
                            waker->conn.where);
        st = connect_waker(waker, err);
    }
    if (st == SGN_OK && waker->missed) {
        waker->missed = false;
        *out = json_null();
        return SGN_OK;
    }
    return st == SGN_OK ? take_names(waker, out, err) : st;
}

PGresult *
store_postgres_waker_ask(struct store_postgres_waker *waker, const char *sql, int n,
                         const char *const *values, const char *doing, struct sgn_error *err)
{
    PGresult *res = NULL;

    if (!store_postgres_alive(&waker->conn)) {
        (void)store_postgres_gone(&waker->conn, doing, err);
        return NULL;
    }
    res = PQexecParams(waker->conn.pg, sql, n, NULL, values, NULL, NULL, 0);
    if (PQresultStatus(res) == PGRES_TUPLES_OK)
        return res;
    (void)store_postgres_fail(&waker->conn, res, doing, err);
    PQclear(res);
    return NULL;
}

static enum sgn_status
notify(struct store_postgres_waker *waker, const struct sgn_buf *names, struct sgn_error *err)
{
    const char *values[] = { names->bytes };
    PGresult *res = store_postgres_waker_ask(waker, "SELECT pg_notify('signoff', $1)", 1, values,
                                             "telling other nodes", err);

    PQclear(res);
    return res != NULL ? SGN_OK : SGN_UNAVAILABLE;
}

enum sgn_status
store_postgres_wake(struct store_waker *base, const json_t *teams, struct sgn_error *err)
{
    struct store_postgres_waker *waker = (struct store_postgres_waker *)base;
    struct sgn_buf names;
    enum sgn_status st = SGN_OK;
    size_t i = 0;
    json_t *team = NULL;

    sgn_buf_init(&names, PAYLOAD_MAX + 128);
    json_array_foreach(teams, i, team) {
        if (st != SGN_OK)
            break;
        (void)sgn_buf_printf(&names, "%s%s", names.len == 0 ? "" : " ", json_string_value(team));
        if (names.failed)
            st = sgn_nomem(err);
        else if (names.len > PAYLOAD_MAX || i + 1 == json_array_size(teams)) {
            st = notify(waker, &names, err);
            sgn_buf_reset(&names);
        }
    }
    sgn_buf_deinit(&names);
    return st;
}
