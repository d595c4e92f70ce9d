/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection to the database file: its prepared statements, values in and out, and what
 * SQLite's errors mean to us.
 *
 * Never lets SQLite's words out alone: each error says which file, what was being done, and what
 * to do about it.
 */
#include "store_sqlite.h"

#include "clock.h"
#include "memory.h"
#include "text.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Instructions of SQLite's machine between two looks at the clock: some 20 microseconds. */
#define PROGRESS_STEPS 2000
#define BUSY_MS        2500 /* longer than any read may take */

/* ---- opening ---- */

/* Called by SQLite from time to time; anything but 0 interrupts the statement. This is the only
 * thing that ends a query that a client made too wide. */
static int
over_time(void *ctx)
{
    const struct store_sqlite_conn *conn = ctx;

    return conn->deadline != 0 && sgn_monotonic_ms() > conn->deadline;
}

enum sgn_status
store_sqlite_conn_open(struct store_sqlite_conn *conn, const struct store_sqlite *store,
                       enum store_sqlite_kind kind, struct sgn_error *err)
{
    int flags = SQLITE_OPEN_NOMUTEX;
    bool writer = kind != STORE_SQLITE_READS;

    /* A database in memory cannot be opened read-only; query_only below does it then. */
    flags |=
        writer || store->memory ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    if (store->memory || kind == STORE_SQLITE_MEMORY)
        flags |= SQLITE_OPEN_URI;
    conn->read_ms = kind == STORE_SQLITE_WRITES ? 0 : store->read_ms;
    /* First of all, because every message names the file. */
    conn->path = sgn_format("%s", store->file);
    if (conn->path == NULL)
        return sgn_nomem(err);
    if (sqlite3_open_v2(kind == STORE_SQLITE_MEMORY ? ":memory:" : store->file, &conn->db, flags,
                        NULL) != SQLITE_OK)
        return store_sqlite_fail(conn, "opening it", err);
    /* An error that means "unknown outcome" is told from others by its extended code. */
    sqlite3_extended_result_codes(conn->db, 1);
    sqlite3_busy_timeout(conn->db, BUSY_MS);
    /* A quoted name that is no column must be an error, never a string. */
    sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(conn->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_progress_handler(conn->db, PROGRESS_STEPS, over_time, conn);
    /* What is deleted is overwritten: erased parts of entries, addresses of people who have left.
     */
    if (writer && store_sqlite_exec(conn, "PRAGMA secure_delete = 1") != SQLITE_OK)
        return store_sqlite_fail(conn, "opening it", err);
    /* As much of the file as lists of some ten thousand cases go over, one after the other. */
    if (!writer &&
        store_sqlite_exec(conn, "PRAGMA query_only = 1; PRAGMA cache_size = -32768") != SQLITE_OK)
        return store_sqlite_fail(conn, "opening it for reading", err);
    return SGN_OK;
}

void
store_sqlite_conn_close(struct store_sqlite_conn *conn)
{
    for (int i = 0; i < conn->n_cache; i++) {
        assert(!conn->cache[i].taken);
        sqlite3_finalize(conn->cache[i].stmt);
        free(conn->cache[i].sql);
    }
    sqlite3_close(conn->db);
    free(conn->path);
    *conn = (struct store_sqlite_conn){ 0 };
}

/* ---- statements ---- */

/* The cached statement of this text that nobody holds, or NULL. Nearly all texts are literals, so
 * that the address which asked last finds it at once. */
static struct store_sqlite_cached *
cache_find(struct store_sqlite_conn *conn, const char *sql)
{
    for (int i = 0; i < conn->n_cache; i++) {
        struct store_sqlite_cached *cached = &conn->cache[i];

        if (cached->asked == sql && !cached->taken && strcmp(cached->sql, sql) == 0)
            return cached;
    }
    for (int i = 0; i < conn->n_cache; i++) {
        struct store_sqlite_cached *cached = &conn->cache[i];

        if (!cached->taken && strcmp(cached->sql, sql) == 0)
            return cached;
    }
    return NULL;
}

/* A free place: an unused one, or the one that was not used for longest. NULL: all taken. */
static struct store_sqlite_cached *
cache_place(struct store_sqlite_conn *conn)
{
    struct store_sqlite_cached *oldest = NULL;

    if (conn->n_cache < STORE_SQLITE_STATEMENTS) {
        oldest = &conn->cache[conn->n_cache++];
        *oldest = (struct store_sqlite_cached){ 0 };
        return oldest;
    }
    for (int i = 0; i < conn->n_cache; i++) {
        if (!conn->cache[i].taken && (oldest == NULL || conn->cache[i].used < oldest->used))
            oldest = &conn->cache[i];
    }
    if (oldest != NULL) {
        sqlite3_finalize(oldest->stmt);
        free(oldest->sql);
        *oldest = (struct store_sqlite_cached){ 0 };
    }
    return oldest;
}

enum sgn_status
store_sqlite_prepare(struct store_sqlite_conn *conn, const char *sql, sqlite3_stmt **out,
                     struct sgn_error *err)
{
    struct store_sqlite_cached *cached = cache_find(conn, sql);
    sqlite3_stmt *stmt = NULL;
    char *copy = NULL;

    *out = NULL;
    if (cached == NULL) {
        if (sqlite3_prepare_v3(conn->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) !=
            SQLITE_OK)
            return store_sqlite_fail(conn, "preparing a statement", err);
        copy = sgn_strdup(sql);
        cached = copy == NULL ? NULL : cache_place(conn);
        if (cached == NULL) { /* used once then; store_sqlite_done finalizes it */
            free(copy);
            *out = stmt;
            return SGN_OK;
        }
        cached->sql = copy;
        cached->stmt = stmt;
    }
    cached->asked = sql;
    cached->taken = true;
    cached->used = ++conn->takings;
    *out = cached->stmt;
    return SGN_OK;
}

/* Gives a statement back. Reset, or its read transaction would keep the log from being copied
 * back; cleared, since bound texts are the caller's and may be gone. */
void
store_sqlite_done(struct store_sqlite_conn *conn, sqlite3_stmt *stmt)
{
    if (stmt == NULL)
        return;
    for (int i = 0; i < conn->n_cache; i++) {
        if (conn->cache[i].stmt == stmt) {
            sqlite3_reset(stmt);
            sqlite3_clear_bindings(stmt);
            conn->cache[i].taken = false;
            return;
        }
    }
    sqlite3_finalize(stmt);
}

int
store_sqlite_exec(struct store_sqlite_conn *conn, const char *sql)
{
    return sqlite3_exec(conn->db, sql, NULL, NULL, NULL);
}

/* Never prepared for a stranger's SQL: all callers pass constants. */
enum sgn_status
store_sqlite_int(struct store_sqlite_conn *conn, const char *sql, int64_t *out,
                 struct sgn_error *err)
{
    sqlite3_stmt *stmt = NULL;
    enum sgn_status st = store_sqlite_prepare(conn, sql, &stmt, err);
    int rc = SQLITE_OK;

    if (st != SGN_OK)
        return st;
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        *out = sqlite3_column_int64(stmt, 0);
    else if (rc == SQLITE_DONE)
        *out = 0;
    else
        st = store_sqlite_fail(conn, "reading", err);
    store_sqlite_done(conn, stmt);
    return st;
}

enum sgn_status
store_sqlite_step(struct store_sqlite_conn *conn, struct store_sqlite_bind *bind, bool *row,
                  struct sgn_error *err)
{
    int rc = bind->rc == SQLITE_OK ? sqlite3_step(bind->stmt) : bind->rc;

    *row = rc == SQLITE_ROW;
    if (rc == SQLITE_ROW || rc == SQLITE_DONE)
        return SGN_OK;
    return store_sqlite_fail(conn, "reading", err);
}

/* The clock starts with the statement: what waited in a queue before has not cost the disk
 * anything. */
void
store_sqlite_read_begin(struct store_sqlite_conn *conn)
{
    conn->deadline = conn->read_ms != 0 ? sgn_monotonic_ms() + conn->read_ms : 0;
}

void
store_sqlite_read_end(struct store_sqlite_conn *conn)
{
    conn->deadline = 0;
}

/* ---- errors ---- */

enum sgn_status
store_sqlite_fail(struct store_sqlite_conn *conn, const char *doing, struct sgn_error *err)
{
    int code = conn->db == NULL ? SQLITE_NOMEM : sqlite3_errcode(conn->db) & 0xff;
    const char *said = conn->db == NULL ? "out of memory" : sqlite3_errmsg(conn->db);
    enum sgn_status st = SGN_INTERNAL;
    const char *advice = "";

    switch (code) {
    case SQLITE_NOMEM:
        return sgn_nomem(err);
    /* Only over_time() interrupts, so it is always this. */
    case SQLITE_INTERRUPT:
        return sgn_fail(err, SGN_OVERLOADED,
                        "the list took longer than %lld ms; narrow it: by project, workflow, "
                        "client or a shorter time",
                        (long long)conn->read_ms);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        st = SGN_OVERLOADED;
        advice = "; another program holds the database file: close it";
        break;
    case SQLITE_FULL:
        st = SGN_UNAVAILABLE;
        advice = "; make room on that disk";
        break;
    case SQLITE_NOTADB:
        st = SGN_UNAVAILABLE;
        advice = "; it is not a Signoff store, move it away or choose another folder with --data";
        break;
    case SQLITE_CORRUPT:
        st = SGN_UNAVAILABLE;
        advice = "; the file is damaged, restore the last backup";
        break;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        st = SGN_UNAVAILABLE;
        advice = "; this user needs the right to read and write it and its folder";
        break;
    case SQLITE_IOERR:
    case SQLITE_NOLFS:
        st = SGN_UNAVAILABLE;
        advice = "; look at the disk and the system's log";
        break;
    default:
        break;
    }
    return sgn_fail(err, st, "%s: %s: %s%s", conn->path, doing, said, advice);
}

/* ---- values ---- */

/* Keeps the first error, so that binding needs no check after each value. */
static void
bound(struct store_sqlite_bind *bind, int rc)
{
    if (bind->rc == SQLITE_OK)
        bind->rc = rc;
}

void
store_sqlite_bind_text(struct store_sqlite_bind *bind, const char *text)
{
    bind->n++;
    bound(bind, text == NULL ? sqlite3_bind_null(bind->stmt, bind->n)
                             : sqlite3_bind_text(bind->stmt, bind->n, text, -1, SQLITE_STATIC));
}

void
store_sqlite_bind_int(struct store_sqlite_bind *bind, int64_t n)
{
    bind->n++;
    bound(bind, sqlite3_bind_int64(bind->stmt, bind->n, n));
}

void
store_sqlite_bind_blob(struct store_sqlite_bind *bind, const void *bytes, size_t n)
{
    bind->n++;
    bound(bind, bytes == NULL ? sqlite3_bind_null(bind->stmt, bind->n)
                              : sqlite3_bind_blob64(bind->stmt, bind->n, bytes, n, SQLITE_STATIC));
}

/* Types come from the file, not from the schema: SQLite stores what it is given. Anything but
 * whole numbers reads as text, and json_stringn refuses what is not UTF-8. */
json_t *
store_sqlite_column(sqlite3_stmt *stmt, int column)
{
    switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_NULL:
        return json_null();
    case SQLITE_INTEGER:
        return json_integer(sqlite3_column_int64(stmt, column));
    default:
        return json_stringn((const char *)sqlite3_column_text(stmt, column),
                            (size_t)sqlite3_column_bytes(stmt, column));
    }
}

/* Asked for as blob first and then for its length: the other way round SQLite may convert in
 * between and the length would be of something else. */
enum sgn_status
store_sqlite_column_copy(sqlite3_stmt *stmt, int column, char **out, size_t *n,
                         struct sgn_error *err)
{
    const void *bytes = sqlite3_column_blob(stmt, column);
    size_t length = (size_t)sqlite3_column_bytes(stmt, column);

    *out = NULL;
    if (n != NULL)
        *n = length;
    if (sqlite3_column_type(stmt, column) == SQLITE_NULL)
        return SGN_OK;
    *out = malloc(length + 1);
    if (*out == NULL)
        return sgn_nomem(err);
    if (length > 0)
        memcpy(*out, bytes, length);
    (*out)[length] = '\0';
    return SGN_OK;
}
