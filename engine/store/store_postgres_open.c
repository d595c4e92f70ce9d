/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening and closing a store on PostgreSQL, its readers, and the row of functions.
 *
 * A store has two connections from the start, one that writes and its own reader; each other reader
 * has one, and so has each further team that is written at the same time.
 */
#include "store_postgres.h"

#include "text.h"
#include <stdlib.h>
#include <string.h>

/* read_ms 0: it may take its time. */
static struct store_postgres_reader *
reader_new(const struct store_postgres *store, int64_t read_ms)
{
    struct store_postgres_reader *reader = calloc(1, sizeof *reader);

    if (reader == NULL)
        return NULL;
    reader->base.ops = store->base.ops;
    reader->conn.url = store->url;
    reader->conn.read_ms = read_ms;
    reader->conn.settled = store->settled;
    return reader;
}

static void
reader_close(struct store_reader *base)
{
    struct store_postgres_reader *reader = (struct store_postgres_reader *)base;

    store_postgres_disconnect(&reader->conn);
    free(reader);
}

/* Connected here, so that a server that is full says so to whoever opens it. */
static enum sgn_status
reader_open(struct store *base, struct store_reader **out, struct sgn_error *err)
{
    struct store_postgres *store = (struct store_postgres *)base;
    struct store_postgres_reader *reader = reader_new(store, store->read_ms);
    enum sgn_status st = SGN_OK;

    if (reader == NULL)
        return sgn_nomem(err);
    st = store_postgres_connect(&reader->conn, err);
    if (st != SGN_OK) {
        reader_close(&reader->base);
        return st;
    }
    *out = &reader->base;
    return SGN_OK;
}

static void
close_store(struct store *base)
{
    struct store_postgres *store = (struct store_postgres *)base;

    /* A transaction that is open ends with its connection. */
    for (int i = 0; i < store->n_writers; i++) {
        store_postgres_disconnect(&store->writers[i].conn);
        sgn_error_clear(&store->writers[i].why);
    }
    if (store->own != NULL)
        reader_close(&store->own->base);
    free(store->url);
    free(store);
}

/* place is what stands behind "postgres:"; libpq wants the whole URL. */
static enum sgn_status
open_store(const struct store_options *options, const char *place, struct store **out,
           struct sgn_error *err)
{
    struct store_postgres *store = calloc(1, sizeof *store);
    enum sgn_status st = SGN_OK;

    if (store == NULL)
        return sgn_nomem(err);
    store->base.ops = &store_postgres_ops;
    store->read_ms = options->read_ms == 0 ? STORE_POSTGRES_READ_MS : options->read_ms;
    store->url = sgn_format("postgresql:%s", place);
    store->own = store->url == NULL ? NULL : reader_new(store, 0);
    store->spare_ms = options->spare_ms == 0 ? STORE_POSTGRES_SPARE_MS : options->spare_ms;
    store->n_writers = options->connections == 0 ? STORE_CONNECTIONS : options->connections;
    for (int i = 0; i < store->n_writers; i++) {
        store->writers[i].conn.url = store->url;
        store->writers[i].conn.writer = true;
    }
    store->writers[0].conn.keeps = options->alone    ? STORE_PG_KEEPS_ALONE
                                   : options->shared ? STORE_PG_KEEPS_SHARED
                                                     : STORE_PG_KEEPS_NOBODY;
    store->look = options->look;
    if (store->own == NULL)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = store_postgres_inspect(store, err);
    if (st == SGN_OK)
        st = store_taken(options, err);
    if (st == SGN_OK)
        st = store_postgres_migrate(store, err);
    if (st != SGN_OK) {
        close_store(&store->base);
        return st;
    }
    *out = &store->base;
    return SGN_OK;
}

/* Others share the lock until now, or do not. */
enum sgn_status
store_postgres_keep_alone(struct store *base, struct sgn_error *err)
{
    struct store_postgres_conn *conn = &((struct store_postgres *)base)->writers[0].conn;
    enum sgn_status st = store_postgres_ensure(conn, err);

    if (st != SGN_OK || conn->keeps != STORE_PG_KEEPS_SHARED)
        return st;
    if (PQexitPipelineMode(conn->pg) != 1)
        return store_postgres_gone(conn, "keeping other servers out", err);
    conn->keeps = STORE_PG_KEEPS_ALONE;
    conn->lived = false; /* who has it is no passing trouble */
    st = store_postgres_keep_out(conn, err);
    conn->lived = true;
    if (st == SGN_OK && PQenterPipelineMode(conn->pg) != 1)
        st = store_postgres_gone(conn, "keeping other servers out", err);
    if (st != SGN_OK)
        store_postgres_disconnect(conn);
    return st;
}

static struct store_reader *
own_reader(struct store *base)
{
    return &((struct store_postgres *)base)->own->base;
}

/* The server that the writer speaks to. */
static json_t *
describe(struct store *base)
{
    const struct store_postgres *store = (struct store_postgres *)base;
    int version =
        store->writers[0].conn.pg != NULL ? PQserverVersion(store->writers[0].conn.pg) : 0;

    return json_pack("{s:s, s:o}", "backend", "postgres", "version",
                     json_sprintf("%d.%d", version / 10000, version % 10000));
}

/* Nothing is merged or copied back here: the server does that by itself. */
static bool
idle(struct store *base)
{
    store_postgres_close_spare((struct store_postgres *)base);
    return false;
}

const struct store_ops store_postgres_ops = {
    .open = open_store,
    .close = close_store,
    .keep_alone = store_postgres_keep_alone,
    .own_reader = own_reader,
    .reader_open = reader_open,
    .reader_close = reader_close,
    .teams_per_commit = 1,
    .ways = store_postgres_ways,
    .begin_send = store_postgres_begin_send,
    .begin = store_postgres_begin,
    .commit_send = store_postgres_commit_send,
    .commit_wait = store_postgres_commit_wait,
    .answered = store_postgres_answered,
    .rollback = store_postgres_rollback,
    .idle = idle,
    .check = store_postgres_check,
    .waker_open = store_postgres_waker_open,
    .waker_close = store_postgres_waker_close,
    .waker_fd = store_postgres_waker_fd,
    .waker_take = store_postgres_waker_take,
    .wake = store_postgres_wake,
    .node_sign = store_postgres_node_sign,
    .node_leave = store_postgres_node_leave,
    .nodes = store_postgres_nodes,
    .lease_take = store_postgres_lease_take,
    .heads = store_postgres_heads,
    .clock = store_postgres_clock,
    .changes = store_postgres_changes,
    .teams = store_postgres_teams,
    .head_get = store_postgres_head_get,
    .entries = store_postgres_entries,
    .case_entries = store_postgres_case_entries,
    .effect_entries = store_postgres_effect_entries,
    .requests_find = store_postgres_requests_find,
    .request_get = store_postgres_request_get,
    .case_get = store_postgres_case_get,
    .case_query = store_postgres_case_query,
    .case_count = store_postgres_case_count,
    .open_count = store_postgres_open_count,
    .due_next = store_postgres_due_next,
    .due_first = store_postgres_due_first,
    .inbox = store_postgres_inbox,
    .row_get = store_postgres_row_get,
    .row_list = store_postgres_row_list,
    .describe = describe,
    .stats = store_postgres_stats,
};
