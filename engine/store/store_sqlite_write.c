/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writing side: heads, one transaction per unit, checkpoints, and what a failure means.
 *
 * Between begin and commit no transaction is open: this process alone writes the file and
 * the store belongs to one thread, so holding a head is remembering it. The transaction
 * itself lasts as long as the commit.
 *
 * Failures. Before COMMIT an error is followed by a rollback and nothing happened. Of an
 * input or output error nobody knows what reached the disk, nor of a COMMIT that failed:
 * the store is latched then and answers SGN_UNKNOWN_OUTCOME until it is opened anew.
 */
#include "store_disk.h"
#include "store_sqlite.h"

#include "log.h"
#include "text.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the latch ---- */

/* What every later begin and commit answers. */
static enum sgn_status
latched(const struct store_sqlite *store, struct sgn_error *err)
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
    return latched(store, err);
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

/* ---- heads ---- */

/* Refuses while there is still room, because recovery, the log and the message itself need some. */
enum sgn_status
store_sqlite_begin(struct store *base, const char *team, struct store_head *head,
                   struct sgn_error *err)
{
    struct store_sqlite *store = (struct store_sqlite *)base;
    struct store_sqlite_held *held = NULL;
    enum sgn_status st = SGN_OK;
    int64_t room = INT64_MAX;

    if (store->latched)
        return latched(store, err);
    /* Once a batch: between two teams of it the disk does not fill up. */
    if (store->n_held == 0 && !store->memory)
        room = store_disk_free(store->dir);
    if (room < store->reserve)
        return sgn_fail(err, SGN_UNAVAILABLE,
                        "%s: the disk is nearly full (%lld MiB left, %lld MiB are kept free); "
                        "writing goes on when there is room, reading is not affected",
                        store->dir, (long long)(room >> 20), (long long)(store->reserve >> 20));
    st = store_sqlite_hold(store, team, &held, err);
    if (st == SGN_OK)
        *head = held->head;
    return st;
}

/* ---- commit ---- */

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

/* So many pages of the log have been copied back by now. */
static void
count_checkpoint(struct store_sqlite *store, int done)
{
    /* A log that is shorter than what was copied of it began anew meanwhile. */
    int before = store->wal_pages < store->wal_done ? 0 : store->wal_done;

    if (done > before) {
        store->counts.checkpoints++;
        store->counts.checkpoint_pages += done - before;
    }
    store->wal_done = done;
}

/* Copies the log back into the file; one that readers kept from being reused until it is
 * very long is cut, waiting for them as long as a read may take. A failure costs nothing that
 * was committed: it stays in the log. But a disk that fails is not written to any more. */
static void
checkpoint(struct store_sqlite *store)
{
    bool cut = store_disk_size(store->wal) > STORE_SQLITE_WAL_MAX;
    int pages = -1, done = -1;
    int rc = sqlite3_wal_checkpoint_v2(store->conn.db, NULL,
                                       cut ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
                                       &pages, &done);

    if (rc == SQLITE_OK)
        count_checkpoint(store, cut ? store->wal_pages : done);
    /* When readers were in the way it is tried again as many pages later, not at once. */
    store->wal_mark = store->wal_pages;
    if (cut && rc == SQLITE_OK)
        store->wal_pages = store->wal_mark = store->wal_done = 0;
    if (is_fatal(rc))
        (void)latch(store, NULL);
}

static void
checkpoint_if_due(struct store_sqlite *store)
{
    if (store->wal_pages < store->wal_mark)
        store->wal_mark = 0; /* the log began anew */
    if (!store->memory && store->wal_pages - store->wal_mark >= STORE_SQLITE_WAL_PAGES)
        checkpoint(store);
}

/* Work for idle moments: the log is copied back while nobody waits for it. Only this connection
 * does that: a second one that checkpoints is what the WAL-reset fault of SQLite before 3.51.3
 * needs. */
bool
store_sqlite_idle(struct store *base)
{
    struct store_sqlite *store = (struct store_sqlite *)base;

    if (!store->memory && !store->latched && store->wal_pages != store->wal_mark)
        checkpoint(store);
    return false;
}

/* IMMEDIATE takes the right to write at the beginning: a transaction that reads first and writes
 * later can fail in its middle. */
static enum sgn_status
write_unit(struct store_sqlite *store, const struct store_unit *unit, struct sgn_error *err)
{
    int rc = store_sqlite_exec(&store->conn, "BEGIN IMMEDIATE");
    enum sgn_status st = SGN_OK;

    if (rc != SQLITE_OK)
        return abandon(store, rc, store_sqlite_fail(&store->conn, "beginning to write", err), err);
    st = store_sqlite_unit_write(store, unit, &rc, err);
    st = st == SGN_OK ? finish(store, err) : abandon(store, rc, st, err);
    if (st == SGN_OK)
        store->counts.commits++;
    return st;
}

enum sgn_status
store_sqlite_commit(struct store *base, const struct store_unit *unit, struct sgn_error *err)
{
    struct store_sqlite *store = (struct store_sqlite *)base;
    enum sgn_status st = SGN_OK;

    if (store->latched)
        st = latched(store, err);
    /* An empty unit lets heads go and costs no sync. */
    else if (unit->n_entries > 0 || unit->n_cases > 0 || unit->n_rows > 0)
        st = write_unit(store, unit, err);
    store_sqlite_rollback(base, NULL); /* lets the heads go */
    if (st == SGN_OK)
        checkpoint_if_due(store);
    return st;
}
