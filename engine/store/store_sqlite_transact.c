/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transactions of the writing connection, what a failure of one means, and checkpoints.
 *
 * Before COMMIT an error is followed by a rollback and nothing happened. Of an input or output
 * error nobody knows what reached the disk, nor of a COMMIT that failed: the store is latched then
 * and answers SGN_UNKNOWN_OUTCOME until it is opened anew.
 */
#include "store_disk.h"
#include "store_sqlite_writing.h"

#include "log.h"
#include <stdio.h>

/* ---- the latch ---- */

/* What every later begin and commit answers. */
enum sgn_status
store_sqlite_latched(const struct store_sqlite *store, struct sgn_error *err)
{
    return sgn_fail(err, SGN_UNKNOWN_OUTCOME,
                    "%s: whether the last commit happened is unknown (%s); the server must be "
                    "started anew, and requests repeated with the same request_id",
                    store->file, store->latch_why);
}

/* From here on nothing is acknowledged. Measured: with one EIO in the commit's fdatasync the row
 * was invisible, the next INSERT worked, and after a restart the row was back. So neither "it
 * failed" nor "go on" would be true. */
static enum sgn_status
latch(struct store_sqlite *store, struct sgn_error *err)
{
    store->latched = true;
    snprintf(store->latch_why, sizeof store->latch_why, "%s, code %d",
             sqlite3_errmsg(store->conn.db), sqlite3_extended_errcode(store->conn.db));
    sgn_log(SGN_LOG_ERROR, "store latched", "file", store->file, "why", store->latch_why, NULL);
    return store_sqlite_latched(store, err);
}

/* Is it an error after which the disk's contents are not known? A full disk is not one: SQLite
 * says it before anything is torn. */
static bool
is_fatal(int rc)
{
    int code = rc & 0xff;

    return code == SQLITE_IOERR || code == SQLITE_CORRUPT || code == SQLITE_NOTADB ||
           code == SQLITE_CANTOPEN;
}

/* ---- transactions ---- */

/* Ends a transaction that failed before its COMMIT. st and err already say why. */
static enum sgn_status
abandon(struct store_sqlite *store, int rc, enum sgn_status st, struct sgn_error *err)
{
    sqlite3 *db = store->conn.db;

    if (is_fatal(rc)) {
        st = latch(store, err);
        (void)store_sqlite_exec(&store->conn, "ROLLBACK");
        return st;
    }
    /* Some errors roll back on their own; a ROLLBACK that fails leaves us with no word. */
    if (!sqlite3_get_autocommit(db) &&
        (store_sqlite_exec(&store->conn, "ROLLBACK") != SQLITE_OK || !sqlite3_get_autocommit(db)))
        return latch(store, err);
    return st;
}

/* A COMMIT that fails is never repeated: nobody could say what the second one has committed. */
static enum sgn_status
finish(struct store_sqlite *store, struct sgn_error *err)
{
    struct store_sqlite_conn *conn = &store->conn;
    int rc = store_sqlite_exec(conn, "COMMIT");
    enum sgn_status st = SGN_OK;

    if (rc == SQLITE_OK)
        return SGN_OK;
    /* Busy is said before anything is written and leaves the transaction open. */
    if ((rc & 0xff) == SQLITE_BUSY && !sqlite3_get_autocommit(conn->db)) {
        st = store_sqlite_fail(conn, "committing", err);
        return abandon(store, rc, st, err);
    }
    st = latch(store, err);
    if (!sqlite3_get_autocommit(conn->db))
        (void)store_sqlite_exec(conn, "ROLLBACK");
    return st;
}

/* SQLite counts them for the connection, and may be asked by its own thread alone. */
static void
count_log(struct store_sqlite *store)
{
    int pages = 0, most = 0;

    if (sqlite3_db_status(store->conn.db, SQLITE_DBSTATUS_CACHE_WRITE, &pages, &most, 1) ==
        SQLITE_OK)
        store->counts.log_pages += pages;
}

enum sgn_status
store_sqlite_transact(struct store_sqlite *store, const char *begin, store_sqlite_write_fn fn,
                      void *ctx, struct sgn_error *err)
{
    struct store_sqlite_writing w = { .conn = &store->conn, .store = store };
    int rc = store_sqlite_exec(&store->conn, begin);
    enum sgn_status st = SGN_OK;

    if (rc != SQLITE_OK)
        return abandon(store, rc, store_sqlite_fail(&store->conn, "beginning to write", err), err);
    st = fn(&w, ctx, err);
    st = st == SGN_OK ? finish(store, err) : abandon(store, w.rc, st, err);
    count_log(store);
    return st;
}

/* ---- checkpoints ---- */

/* So many pages of the log have been copied back by now. */
static void
count_checkpoint(struct store_sqlite *store, int done)
{
    if (done > store->wal_done) {
        store->counts.checkpoints++;
        store->counts.checkpoint_pages += done - store->wal_done;
    }
    store->wal_done = done;
}

/* Copies the log back into the file; one that readers kept from being reused until it is
 * very long, or that holds what was erased, is cut, waiting for them as long as a read may take,
 * but not while all of the file is copied (store_sqlite_copy.c). A failure costs nothing that was
 * committed: it stays in the log. But a disk that fails is not written to any more. */
void
store_sqlite_copy_log(struct store_sqlite *store, bool cut)
{
    int pages = -1, done = -1;
    int rc;

    cut =
        cut && store->copies == 0 &&
        (store->scrub == STORE_SQLITE_MERGED || store_disk_size(store->wal) > STORE_SQLITE_WAL_MAX);
    rc = sqlite3_wal_checkpoint_v2(store->conn.db, NULL,
                                   cut ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
                                   &pages, &done);

    if (rc == SQLITE_OK)
        count_checkpoint(store, cut ? store->wal_pages : done);
    /* When readers were in the way it is tried again as many pages later, not at once. */
    store->wal_mark = store->wal_pages;
    if (cut && rc == SQLITE_OK) {
        store->wal_pages = store->wal_mark = store->wal_done = 0;
        store->scrub = store->scrub == STORE_SQLITE_MERGED ? STORE_SQLITE_CLEAN : store->scrub;
    }
    if (is_fatal(rc))
        (void)latch(store, NULL);
}

/* To be asked before each commit, or a log that began anew and is as long again goes unnoticed. */
bool
store_sqlite_checkpoint_due(struct store_sqlite *store)
{
    if (store->wal_pages < store->wal_mark)
        store->wal_mark = store->wal_done = 0; /* the log began anew */
    return !store->memory && store->wal_pages - store->wal_mark >= STORE_SQLITE_WAL_PAGES;
}
