/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writing side: heads, and one transaction per unit.
 *
 * Between begin and commit no transaction is open: this process alone writes the file and
 * the store belongs to one thread, so holding a head is remembering it. The transaction
 * itself lasts as long as the commit.
 *
 * What has to be done from time to time, merging rows and copying the log back, is done in slices
 * when a batch begins: those who waited for the one before have been answered by then.
 */
#include "store_disk.h"
#include "store_sqlite_writing.h"

#include <assert.h>
#include <stdlib.h>

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
        return store_sqlite_latched(store, err);
    /* Once a batch: between two teams of it the disk does not fill up. */
    if (store->n_held == 0 && !store->memory)
        room = store_disk_free(store->dir);
    if (room < store->reserve)
        return sgn_fail(err, SGN_UNAVAILABLE,
                        "%s: the disk is nearly full (%lld MiB left, %lld MiB are kept free); "
                        "writing goes on when there is room, reading is not affected",
                        store->dir, (long long)(room >> 20), (long long)(store->reserve >> 20));
    if (store->n_held == 0)
        st = store_sqlite_upkeep(store, err);
    if (st == SGN_OK)
        st = store_sqlite_hold(store, team, &held, err);
    if (st == SGN_OK)
        *head = held->head;
    return st;
}

/* ---- commit ---- */

static enum sgn_status
write_unit(struct store_sqlite_writing *w, void *ctx, struct sgn_error *err)
{
    return store_sqlite_unit_write(w, ctx, err);
}

enum sgn_status
store_sqlite_commit(struct store *base, const struct store_unit *unit, struct sgn_error *err)
{
    struct store_sqlite *store = (struct store_sqlite *)base;
    struct store_unit mine = *unit;
    /* An empty unit lets heads go and costs no sync. */
    bool writes =
        unit->n_entries > 0 || unit->n_cases > 0 || unit->n_rows > 0 || unit->n_erasures > 0;
    enum sgn_status st = SGN_OK;

    if (store->latched)
        st = store_sqlite_latched(store, err);
    /* IMMEDIATE takes the right to write at the beginning: a transaction that reads first and
     * writes later can fail in its middle. */
    else if (writes)
        st = store_sqlite_transact(store, "BEGIN IMMEDIATE", write_unit, &mine, err);
    if (st == SGN_OK && writes)
        store->counts.commits++;
    if (st == SGN_OK && unit->n_erasures > 0)
        store->scrub = STORE_SQLITE_ERASED;
    store_sqlite_log_settle(store, st == SGN_OK);
    store_sqlite_index_settle(store, st == SGN_OK);
    store_sqlite_rollback(base, NULL); /* lets the heads go */
    return st;
}

/* Work for idle moments: the log is copied back while nobody waits for it. Only this connection
 * does that: a second one that checkpoints is what the WAL-reset fault of SQLite before 3.51.3
 * needs. */
bool
store_sqlite_idle(struct store *base)
{
    struct store_sqlite *store = (struct store_sqlite *)base;
    bool more = false;

    if (!store->latched)
        more = store_sqlite_merge_idle(store);
    if (!more && !store->memory && !store->latched &&
        (store->wal_pages != store->wal_mark || store_sqlite_slices_more(store) ||
         store->scrub == STORE_SQLITE_MERGED))
        store_sqlite_checkpoint(store);
    return more;
}
