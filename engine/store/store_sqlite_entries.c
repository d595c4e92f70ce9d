/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading entries: a team's from a number on, a case's walking back, the one of a request.
 *
 * Entries are given as the bytes they were written as: nothing here parses one, since a hash is
 * over bytes.
 */
#include "store_sqlite.h"

#include "store_entry.h"

static void
salt(sqlite3_stmt *stmt, int column, unsigned char out[16])
{
    const void *bytes = sqlite3_column_blob(stmt, column); /* before their number is asked for */

    store_entry_salt(out, bytes, (size_t)sqlite3_column_bytes(stmt, column));
}

/* Fills an empty row from a statement that selects STORE_ENTRY_COLUMNS. */
static enum sgn_status
entry_row(sqlite3_stmt *stmt, struct store_entry_row *out, struct sgn_error *err)
{
    struct store_entry_text texts[STORE_ENTRY_TEXTS];
    enum sgn_status st = SGN_OK;

    out->seq = sqlite3_column_int64(stmt, STORE_ENTRY_SEQ);
    out->case_seq = sqlite3_column_int64(stmt, STORE_ENTRY_CASE_SEQ);
    out->previous = sqlite3_column_int64(stmt, STORE_ENTRY_PREVIOUS);
    out->at = sqlite3_column_int64(stmt, STORE_ENTRY_AT);
    salt(stmt, STORE_ENTRY_SHARED_SALT, out->shared_salt);
    salt(stmt, STORE_ENTRY_INTERNAL_SALT, out->internal_salt);
    store_entry_texts(out, texts);
    for (size_t i = 0; st == SGN_OK && i < STORE_ENTRY_TEXTS; i++)
        st = store_sqlite_column_copy(stmt, texts[i].column, texts[i].text, texts[i].n, err);
    if (st != SGN_OK)
        store_entry_row_deinit(out);
    return st;
}

/* Gives the rows of a bound statement to fn, one by one: a history is never in memory as a
 * whole. */
static enum sgn_status
walk(struct store_sqlite_conn *conn, struct store_sqlite_bind *bind, store_entry_fn fn, void *ctx,
     struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    bool row = false;

    while (st == SGN_OK) {
        struct store_entry_row entry = { 0 };

        st = store_sqlite_step(conn, bind, &row, err);
        if (st != SGN_OK || !row)
            break;
        st = entry_row(bind->stmt, &entry, err);
        if (st == SGN_OK)
            st = fn(ctx, &entry, err);
        store_entry_row_deinit(&entry);
    }
    return st;
}

/* Entries never change and are numbered without gaps, so pages by number need neither a cursor
 * nor a transaction around them. */
static enum sgn_status
entries_from(struct store_reader *base, const char *sql, const char *team, int64_t first, int limit,
             store_entry_fn fn, void *ctx, struct sgn_error *err)
{
    struct store_sqlite_conn *conn = store_sqlite_conn_of(base);
    struct store_sqlite_bind bind = { 0 };
    enum sgn_status st = store_sqlite_prepare(conn, sql, &bind.stmt, err);

    if (st != SGN_OK)
        return st;
    store_sqlite_bind_text(&bind, team);
    store_sqlite_bind_int(&bind, first);
    store_sqlite_bind_int(&bind, limit);
    st = walk(conn, &bind, fn, ctx, err);
    store_sqlite_done(conn, bind.stmt);
    return st;
}

enum sgn_status
store_sqlite_entries(struct store_reader *base, const char *team, int64_t first, int limit,
                     store_entry_fn fn, void *ctx, struct sgn_error *err)
{
    return entries_from(base,
                        "SELECT " STORE_ENTRY_COLUMNS "FROM entry WHERE team = ? AND seq >= ? "
                        "ORDER BY seq LIMIT ?",
                        team, first, limit, fn, ctx, err);
}

enum sgn_status
store_sqlite_effect_entries(struct store_reader *base, const char *team, int64_t first, int limit,
                            store_entry_fn fn, void *ctx, struct sgn_error *err)
{
    return entries_from(base,
                        /* INDEXED BY is an assertion: should the index ever not fit the query,
                         * preparing fails, and in a test, instead of scanning a team's whole
                         * history in production. */
                        "SELECT " STORE_ENTRY_COLUMNS "FROM entry INDEXED BY entry_effects "
                        "WHERE team = ? AND seq >= ? AND effects = 1 ORDER BY seq LIMIT ?",
                        team, first, limit, fn, ctx, err);
}

/* The number of a case's last entry; 0 when there is no such case. */
static enum sgn_status
last_of_case(struct store_reader *base, const char *team, const char *key, int64_t *out,
             struct sgn_error *err)
{
    struct store_case_row row = { 0 };
    struct sgn_error why = { 0 };
    enum sgn_status st = store_sqlite_case_get(base, team, key, &row, &why);

    *out = row.last_seq;
    store_case_row_deinit(&row);
    if (st == SGN_NOT_FOUND)
        st = SGN_OK;
    if (st != SGN_OK)
        sgn_error_move(err, &why);
    sgn_error_clear(&why);
    return st;
}

/* Walks back from a case's last entry; entries do not change, so it needs no transaction. */
enum sgn_status
store_sqlite_case_entries(struct store_reader *base, const char *team, const char *case_key,
                          int64_t before, int limit, store_entry_fn fn, void *ctx,
                          struct sgn_error *err)
{
    struct store_sqlite_conn *conn = store_sqlite_conn_of(base);
    struct store_sqlite_bind bind = { 0 };
    int64_t seq = 0;
    bool row = false;
    enum sgn_status st = last_of_case(base, team, case_key, &seq, err);

    if (st == SGN_OK)
        st = store_sqlite_prepare(
            conn, "SELECT " STORE_ENTRY_COLUMNS "FROM entry WHERE team = ? AND seq = ?", &bind.stmt,
            err);
    while (st == SGN_OK && seq > 0 && limit > 0) {
        struct store_entry_row entry = { 0 };

        bind.n = 0;
        store_sqlite_bind_text(&bind, team);
        store_sqlite_bind_int(&bind, seq);
        st = store_sqlite_step(conn, &bind, &row, err);
        if (st != SGN_OK || !row)
            break;
        seq = sqlite3_column_int64(bind.stmt, STORE_ENTRY_PREVIOUS);
        if (before == 0 || sqlite3_column_int64(bind.stmt, STORE_ENTRY_CASE_SEQ) < before) {
            st = entry_row(bind.stmt, &entry, err);
            if (st == SGN_OK)
                st = fn(ctx, &entry, err);
            store_entry_row_deinit(&entry);
            limit--;
        }
        sqlite3_reset(bind.stmt);
    }
    store_sqlite_done(conn, bind.stmt);
    return st;
}

enum sgn_status
store_sqlite_request_get(struct store_reader *base, const char *team, const char *person,
                         const char *request, int64_t since, struct store_entry_row *out,
                         struct sgn_error *err)
{
    struct store_sqlite_conn *conn = store_sqlite_conn_of(base);
    struct store_sqlite_bind bind = { 0 };
    bool row = false;
    enum sgn_status st = store_sqlite_prepare(
        conn,
        "SELECT " STORE_ENTRY_COLUMNS "FROM entry INDEXED BY entry_request "
        "WHERE team = ? AND actor = ? AND request = ? AND request IS NOT NULL AND at >= ? "
        "ORDER BY id DESC LIMIT 1",
        &bind.stmt, err);

    if (st != SGN_OK)
        return st;
    store_sqlite_bind_text(&bind, team);
    store_sqlite_bind_text(&bind, person);
    store_sqlite_bind_text(&bind, request);
    store_sqlite_bind_int(&bind, since);
    st = store_sqlite_step(conn, &bind, &row, err);
    if (st == SGN_OK)
        st = row ? entry_row(bind.stmt, out, err)
                 : sgn_fail(err, SGN_NOT_FOUND, "no entry of request %s", request);
    store_sqlite_done(conn, bind.stmt);
    return st;
}

/* In this process: asking for each costs no more than asking for all. */
enum sgn_status
store_sqlite_requests_find(struct store_reader *base, const char *team,
                           struct store_request *requests, int n, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int i = 0; st == SGN_OK && i < n; i++) {
        struct store_entry_row row = { 0 };

        st = store_sqlite_request_get(base, team, requests[i].person, requests[i].request, 0, &row,
                                      err);
        requests[i].found = st == SGN_OK;
        store_entry_row_deinit(&row);
        if (st != SGN_NOT_FOUND)
            continue;
        sgn_error_clear(err);
        st = SGN_OK;
    }
    return st;
}
