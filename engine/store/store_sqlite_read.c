/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading single things: heads, entries, a case by its key, what is due next, figures.
 */
#include "store_disk.h"
#include "store_sqlite.h"

#include "json.h"
#include "text.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct store_sqlite_conn *
conn_of(struct store_reader *base)
{
    return &((struct store_sqlite_reader *)base)->conn;
}

/* Steps to the next row: SGN_OK with *row set, or false at the end. */
static enum sgn_status
step(struct store_sqlite_conn *conn, struct store_sqlite_bind *bind, bool *row,
     struct sgn_error *err)
{
    int rc = bind->rc == SQLITE_OK ? sqlite3_step(bind->stmt) : bind->rc;

    *row = rc == SQLITE_ROW;
    if (rc == SQLITE_ROW || rc == SQLITE_DONE)
        return SGN_OK;
    return store_sqlite_fail(conn, "reading", err);
}

/* ---- teams and heads ---- */

enum sgn_status
store_sqlite_teams(struct store_reader *base, json_t **out, struct sgn_error *err)
{
    struct store_sqlite_conn *conn = conn_of(base);
    struct store_sqlite_bind bind = { 0 };
    json_t *teams = json_array();
    bool row = false;
    enum sgn_status st = teams == NULL ? sgn_nomem(err) : SGN_OK;

    if (st == SGN_OK)
        st = store_sqlite_prepare(
            conn, "SELECT team FROM head UNION SELECT team FROM team_ ORDER BY team", &bind.stmt,
            err);
    while (st == SGN_OK) {
        st = step(conn, &bind, &row, err);
        if (st != SGN_OK || !row)
            break;
        if (json_array_append_new(teams, store_sqlite_column(bind.stmt, 0)) != 0)
            st = sgn_nomem(err);
    }
    store_sqlite_done(conn, bind.stmt);
    if (st != SGN_OK) {
        json_decref(teams);
        return st;
    }
    *out = teams;
    return SGN_OK;
}

enum sgn_status
store_sqlite_head_read(struct store_sqlite_conn *conn, const char *team, struct store_head *out,
                       bool *exists, struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    enum sgn_status st = store_sqlite_prepare(
        conn, "SELECT seq, hash, at, data_seq, case_seq FROM head WHERE team = ?", &bind.stmt, err);

    *out = (struct store_head){ 0 };
    if (st != SGN_OK)
        return st;
    store_sqlite_bind_text(&bind, team);
    st = step(conn, &bind, exists, err);
    if (st == SGN_OK && *exists) {
        const char *hash = (const char *)sqlite3_column_text(bind.stmt, 1);

        out->seq = sqlite3_column_int64(bind.stmt, 0);
        if (hash != NULL && strlen(hash) < sizeof out->hash)
            memcpy(out->hash, hash, strlen(hash) + 1);
        out->at = sqlite3_column_int64(bind.stmt, 2);
        out->data_seq = sqlite3_column_int64(bind.stmt, 3);
        out->case_seq = sqlite3_column_int64(bind.stmt, 4);
    }
    store_sqlite_done(conn, bind.stmt);
    return st;
}

enum sgn_status
store_sqlite_head_get(struct store_reader *base, const char *team, struct store_head *out,
                      struct sgn_error *err)
{
    bool exists = false;

    return store_sqlite_head_read(conn_of(base), team, out, &exists, err);
}

/* ---- entries ---- */

#define ENTRY_COLUMNS                                                                              \
    "team, seq, case_key, case_seq, previous, at, kind, actor, hash, request, request_digest, "    \
    "shared_salt, internal_salt, header, shared, internal "

static void
copy_salt(sqlite3_stmt *stmt, int column, unsigned char out[16])
{
    if (sqlite3_column_bytes(stmt, column) == 16)
        memcpy(out, sqlite3_column_blob(stmt, column), 16);
}

/* Fills an empty row from a statement that selects ENTRY_COLUMNS. */
static enum sgn_status
entry_row(sqlite3_stmt *stmt, struct store_entry_row *out, struct sgn_error *err)
{
    const struct {
        int column;
        char **text;
        size_t *n;
    } texts[] = {
        { 0, &out->team, NULL },
        { 2, &out->case_key, NULL },
        { 6, &out->kind, NULL },
        { 7, &out->actor, NULL },
        { 8, &out->hash, NULL },
        { 9, &out->request, NULL },
        { 10, &out->request_digest, NULL },
        { 13, &out->header, &out->header_n },
        { 14, &out->shared, &out->shared_n },
        { 15, &out->internal, &out->internal_n },
    };
    enum sgn_status st = SGN_OK;

    out->seq = sqlite3_column_int64(stmt, 1);
    out->case_seq = sqlite3_column_int64(stmt, 3);
    out->previous = sqlite3_column_int64(stmt, 4);
    out->at = sqlite3_column_int64(stmt, 5);
    copy_salt(stmt, 11, out->shared_salt);
    copy_salt(stmt, 12, out->internal_salt);
    for (size_t i = 0; st == SGN_OK && i < sizeof texts / sizeof texts[0]; i++)
        st = store_sqlite_column_copy(stmt, texts[i].column, texts[i].text, texts[i].n, err);
    if (st != SGN_OK)
        store_entry_row_deinit(out);
    return st;
}

/* Gives the rows of a bound statement to fn, one by one. */
static enum sgn_status
walk(struct store_sqlite_conn *conn, struct store_sqlite_bind *bind, store_entry_fn fn, void *ctx,
     struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    bool row = false;

    while (st == SGN_OK) {
        struct store_entry_row entry = { 0 };

        st = step(conn, bind, &row, err);
        if (st != SGN_OK || !row)
            break;
        st = entry_row(bind->stmt, &entry, err);
        if (st == SGN_OK)
            st = fn(ctx, &entry, err);
        store_entry_row_deinit(&entry);
    }
    return st;
}

static enum sgn_status
entries_from(struct store_reader *base, const char *sql, const char *team, int64_t first, int limit,
             store_entry_fn fn, void *ctx, struct sgn_error *err)
{
    struct store_sqlite_conn *conn = conn_of(base);
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
                        "SELECT " ENTRY_COLUMNS "FROM entry WHERE team = ? AND seq >= ? "
                        "ORDER BY seq LIMIT ?",
                        team, first, limit, fn, ctx, err);
}

enum sgn_status
store_sqlite_effect_entries(struct store_reader *base, const char *team, int64_t first, int limit,
                            store_entry_fn fn, void *ctx, struct sgn_error *err)
{
    return entries_from(base,
                        "SELECT " ENTRY_COLUMNS "FROM entry INDEXED BY entry_effects "
                        "WHERE team = ? AND seq >= ? AND effects = 1 ORDER BY seq LIMIT ?",
                        team, first, limit, fn, ctx, err);
}

/* The number of a case's last entry; 0 when there is no such case. */
static enum sgn_status
last_of_case(struct store_sqlite_conn *conn, const char *team, const char *key, int64_t *out,
             struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    bool row = false;
    enum sgn_status st = store_sqlite_prepare(
        conn, "SELECT last_seq FROM case_ WHERE team = ? AND key = ?", &bind.stmt, err);

    *out = 0;
    if (st != SGN_OK)
        return st;
    store_sqlite_bind_text(&bind, team);
    store_sqlite_bind_text(&bind, key);
    st = step(conn, &bind, &row, err);
    if (st == SGN_OK && row)
        *out = sqlite3_column_int64(bind.stmt, 0);
    store_sqlite_done(conn, bind.stmt);
    return st;
}

/* Walks back from a case's last entry; entries do not change, so it needs no transaction. */
enum sgn_status
store_sqlite_case_entries(struct store_reader *base, const char *team, const char *case_key,
                          int64_t before, int limit, store_entry_fn fn, void *ctx,
                          struct sgn_error *err)
{
    struct store_sqlite_conn *conn = conn_of(base);
    struct store_sqlite_bind bind = { 0 };
    int64_t seq = 0;
    bool row = false;
    enum sgn_status st = last_of_case(conn, team, case_key, &seq, err);

    if (st == SGN_OK)
        st = store_sqlite_prepare(
            conn, "SELECT " ENTRY_COLUMNS "FROM entry WHERE team = ? AND seq = ?", &bind.stmt, err);
    while (st == SGN_OK && seq > 0 && limit > 0) {
        struct store_entry_row entry = { 0 };

        bind.n = 0;
        store_sqlite_bind_text(&bind, team);
        store_sqlite_bind_int(&bind, seq);
        st = step(conn, &bind, &row, err);
        if (st != SGN_OK || !row)
            break;
        seq = sqlite3_column_int64(bind.stmt, 4);
        if (before == 0 || sqlite3_column_int64(bind.stmt, 3) < before) {
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
    struct store_sqlite_conn *conn = conn_of(base);
    struct store_sqlite_bind bind = { 0 };
    bool row = false;
    enum sgn_status st = store_sqlite_prepare(
        conn,
        "SELECT " ENTRY_COLUMNS "FROM entry INDEXED BY entry_request "
        "WHERE team = ? AND actor = ? AND request = ? AND request IS NOT NULL AND at >= ? "
        "ORDER BY seq DESC LIMIT 1",
        &bind.stmt, err);

    if (st != SGN_OK)
        return st;
    store_sqlite_bind_text(&bind, team);
    store_sqlite_bind_text(&bind, person);
    store_sqlite_bind_text(&bind, request);
    store_sqlite_bind_int(&bind, since);
    st = step(conn, &bind, &row, err);
    if (st == SGN_OK)
        st = row ? entry_row(bind.stmt, out, err)
                 : sgn_fail(err, SGN_NOT_FOUND, "no entry of request %s", request);
    store_sqlite_done(conn, bind.stmt);
    return st;
}

/* ---- cases ---- */

enum sgn_status
store_sqlite_case_get(struct store_reader *base, const char *team, const char *key,
                      struct store_case_row *out, struct sgn_error *err)
{
    struct store_sqlite_conn *conn = conn_of(base);
    struct store_sqlite_bind bind = { 0 };
    bool row = false;
    const char *hash = NULL;
    enum sgn_status st = store_sqlite_prepare(
        conn, "SELECT document, last_seq, last_at, last_hash FROM case_ WHERE team = ? AND key = ?",
        &bind.stmt, err);

    if (st != SGN_OK)
        return st;
    store_sqlite_bind_text(&bind, team);
    store_sqlite_bind_text(&bind, key);
    st = step(conn, &bind, &row, err);
    if (st == SGN_OK && !row)
        st = sgn_fail(err, SGN_NOT_FOUND, "no case %s", key);
    if (st == SGN_OK)
        st = store_sqlite_column_copy(bind.stmt, 0, &out->document, NULL, err);
    if (st == SGN_OK) {
        out->last_seq = sqlite3_column_int64(bind.stmt, 1);
        out->last_at = sqlite3_column_int64(bind.stmt, 2);
        hash = (const char *)sqlite3_column_text(bind.stmt, 3);
        if (hash != NULL && strlen(hash) < sizeof out->last_hash)
            memcpy(out->last_hash, hash, strlen(hash) + 1);
    }
    store_sqlite_done(conn, bind.stmt);
    return st;
}

enum sgn_status
store_sqlite_open_count(struct store_reader *base, const char *team, const char *project,
                        const char *workflow, int64_t *out, struct sgn_error *err)
{
    struct store_sqlite_conn *conn = conn_of(base);
    struct store_sqlite_bind bind = { 0 };
    bool row = false;
    enum sgn_status st = store_sqlite_prepare(conn,
                                              "SELECT count(*) FROM case_ WHERE team = ? AND "
                                              "project IS ? AND workflow = ? AND outcome IS NULL",
                                              &bind.stmt, err);

    if (st != SGN_OK)
        return st;
    store_sqlite_bind_text(&bind, team);
    store_sqlite_bind_text(&bind, project);
    store_sqlite_bind_text(&bind, workflow);
    store_sqlite_read_begin(conn);
    st = step(conn, &bind, &row, err);
    if (st == SGN_OK)
        *out = sqlite3_column_int64(bind.stmt, 0);
    store_sqlite_read_end(conn);
    store_sqlite_done(conn, bind.stmt);
    return st;
}

/* ---- what is due ---- */

enum sgn_status
store_sqlite_due_next(struct store_reader *base, int64_t now, int limit, json_t **out,
                      struct sgn_error *err)
{
    struct store_sqlite_conn *conn = conn_of(base);
    struct store_sqlite_bind bind = { 0 };
    json_t *due = json_array();
    bool row = false;
    enum sgn_status st = due == NULL ? sgn_nomem(err) : SGN_OK;

    if (st == SGN_OK)
        st = store_sqlite_prepare(conn,
                                  "SELECT team, key, due_at FROM case_ INDEXED BY case_due "
                                  "WHERE due_at > 0 AND outcome IS NULL AND due_at <= ? "
                                  "ORDER BY due_at, team, key LIMIT ?",
                                  &bind.stmt, err);
    if (st == SGN_OK) {
        store_sqlite_bind_int(&bind, now);
        store_sqlite_bind_int(&bind, limit);
    }
    while (st == SGN_OK) {
        st = step(conn, &bind, &row, err);
        if (st != SGN_OK || !row)
            break;
        if (json_array_append_new(due, json_pack("{s:o, s:o, s:o}", "team",
                                                 store_sqlite_column(bind.stmt, 0), "case",
                                                 store_sqlite_column(bind.stmt, 1), "due",
                                                 store_sqlite_column(bind.stmt, 2))) != 0)
            st = sgn_nomem(err);
    }
    store_sqlite_done(conn, bind.stmt);
    if (st != SGN_OK) {
        json_decref(due);
        return st;
    }
    *out = due;
    return SGN_OK;
}

enum sgn_status
store_sqlite_due_first(struct store_reader *base, int64_t *out, struct sgn_error *err)
{
    return store_sqlite_int(conn_of(base),
                            "SELECT due_at FROM case_ INDEXED BY case_due "
                            "WHERE due_at > 0 AND outcome IS NULL ORDER BY due_at LIMIT 1",
                            out, err);
}

/* ---- figures ---- */

json_t *
store_sqlite_stats(struct store_reader *base)
{
    struct store_sqlite_conn *conn = conn_of(base);
    /* Entries are numbered without gaps and cases never removed: no table is counted. */
    static const struct {
        const char *name, *sql;
    } figures[] = {
        { "schema", "PRAGMA user_version" },
        { "teams", "SELECT count(*) FROM head" },
        { "entries", "SELECT sum(seq) FROM head" },
        { "cases", "SELECT max(id) FROM case_" },
        { "bytes", "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size" },
    };
    json_t *stats = json_pack("{s:s}", "backend", "sqlite");
    char *wal = sgn_format("%s-wal", conn->path);
    int64_t n = 0;

    for (size_t i = 0; stats != NULL && i < sizeof figures / sizeof figures[0]; i++) {
        if (store_sqlite_int(conn, figures[i].sql, &n, NULL) == SGN_OK)
            json_object_set_new(stats, figures[i].name, json_integer(n));
    }
    if (stats != NULL && wal != NULL)
        json_object_set_new(stats, "wal_bytes", json_integer(store_disk_size(wal)));
    free(wal);
    return stats;
}
