/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checkpoints in slices. SQLite's own call copies all that no reader needs to find in the log, and
 * knows no number of pages. So while the log grows, connections of ours begin to read, a third of
 * its length apart: what was written after one began is not copied before that one has ended. When
 * the log is long enough it is copied up to the first, the first is ended, up to the second, and so
 * on, a slice before each commit; the last slice is all the rest, after which the log begins anew.
 *
 * SQLite syncs the file only when all is copied (walCheckpoint of 3.40), which would wait for all
 * of it then. Another thread syncs it after each slice; what reaches the disk sooner than it must
 * does no harm, since the log has it as well.
 *
 * Only the writing connection copies: two that do are what the WAL-reset fault of SQLite before
 * 3.51.3 needs.
 */
#include "store_disk.h"
#include "store_sqlite.h"

#define SLICE (STORE_SQLITE_WAL_PAGES / (STORE_SQLITE_PINS + 1)) /* pages */

/* Begins to read: what comes from now on stays in the log. Without it the slice is longer. */
static void
hold(struct store_sqlite *store)
{
    struct store_sqlite_slices *slices = &store->slices;
    struct store_sqlite_conn *pin = &slices->pins[(slices->first + slices->n) % STORE_SQLITE_PINS];

    slices->last = store->wal_pages;
    if ((pin->db != NULL ||
         store_sqlite_conn_open(pin, store, STORE_SQLITE_READS, NULL) == SGN_OK) &&
        store_sqlite_exec(pin, "BEGIN; SELECT upto FROM indexed") == SQLITE_OK)
        slices->n++;
    else
        store_sqlite_conn_close(pin);
}

/* Closed where it cannot be ended, since it would keep the log for good. */
static void
let_go(struct store_sqlite_slices *slices)
{
    struct store_sqlite_conn *pin = &slices->pins[slices->first];

    if (store_sqlite_exec(pin, "COMMIT") != SQLITE_OK)
        store_sqlite_conn_close(pin);
    slices->first = (slices->first + 1) % STORE_SQLITE_PINS;
    slices->n--;
}

void
store_sqlite_checkpoint(struct store_sqlite *store)
{
    while (store->slices.n > 0)
        let_go(&store->slices);
    store->slices.draining = false;
    store_sqlite_copy_log(store, true);
}

/* Once it is long enough all of it is copied, whatever comes meanwhile: nobody takes hold then. */
bool
store_sqlite_slice(struct store_sqlite *store)
{
    struct store_sqlite_slices *slices = &store->slices;
    int from;

    if (store->memory)
        return false;
    slices->draining = store_sqlite_checkpoint_due(store) || slices->draining;
    if (slices->last > store->wal_pages)
        slices->last = 0; /* it began anew */
    from = slices->last > store->wal_mark ? slices->last : store->wal_mark;
    if (!slices->draining) {
        if (slices->n < STORE_SQLITE_PINS && store->wal_pages - from >= SLICE)
            hold(store);
        return false;
    }
    if (slices->n == 0) {
        store_sqlite_checkpoint(store);
        return true;
    }
    store_sqlite_copy_log(store, false);
    let_go(slices);
    if (slices->syncer == NULL)
        slices->syncer = store_disk_syncer_new(store->file);
    store_disk_syncer_ask(slices->syncer);
    return true;
}

bool
store_sqlite_slices_more(const struct store_sqlite *store)
{
    return store->slices.draining || store->slices.n > 0;
}

void
store_sqlite_slices_end(struct store_sqlite *store)
{
    for (int i = 0; i < STORE_SQLITE_PINS; i++)
        if (store->slices.pins[i].db != NULL)
            store_sqlite_conn_close(&store->slices.pins[i]);
    store->slices.n = 0;
}

void
store_sqlite_slices_free(struct store_sqlite *store)
{
    store_disk_syncer_free(store->slices.syncer);
}
