/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Taking parts out of an entry that is committed. What is left of it is written into its own
 * columns, not packed: so few entries are ever erased that their room does not count, and a packed
 * one finds the hash of a part from its bytes.
 *
 * SQLite overwrites what is deleted (secure_delete, see store_sqlite_conn.c); when the log is free
 * of it, too, is told by enum store_sqlite_scrub.
 */
#include "store_sqlite_writing.h"

#include <assert.h>

struct erasing {
    struct store_sqlite_writing *w;
    const struct store_erasure *erasure;
    bool done;
};

static void
bind_part(struct store_sqlite_bind *bind, const char *part, size_t n, bool erased)
{
    store_sqlite_bind_blob(bind, erased ? NULL : part, n);
}

static void
bind_salt(struct store_sqlite_bind *bind, const char *part, const unsigned char *salt, bool erased)
{
    store_sqlite_bind_blob(bind, part == NULL || erased ? NULL : salt, 16);
}

static enum sgn_status
write_rest(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct erasing *e = ctx;
    const struct store_erasure *erasure = e->erasure;
    struct store_sqlite_bind bind = { 0 };
    int64_t place = store_unindexed_find(&e->w->store->unindexed, erasure->team, erasure->seq);
    enum sgn_status st = store_sqlite_write_prepare(
        e->w,
        "UPDATE entry SET hash = ?, request_digest = ?, shared_salt = ?, internal_salt = ?,"
        " header = ?, shared = ?, internal = ? WHERE team = ? AND seq = ? AND id = ifnull("
        "nullif(?, 0), (SELECT entry FROM entry_at WHERE of_team = ? AND number = ?))",
        &bind.stmt, err);

    if (st != SGN_OK)
        return st;
    store_sqlite_bind_text(&bind, entry->hash);
    store_sqlite_bind_text(&bind, entry->request_digest);
    bind_salt(&bind, entry->shared, entry->shared_salt, erasure->shared);
    bind_salt(&bind, entry->internal, entry->internal_salt, erasure->internal);
    store_sqlite_bind_blob(&bind, entry->header, entry->header_n);
    bind_part(&bind, entry->shared, entry->shared_n, erasure->shared);
    bind_part(&bind, entry->internal, entry->internal_n, erasure->internal);
    store_sqlite_bind_text(&bind, erasure->team);
    store_sqlite_bind_int(&bind, erasure->seq);
    store_sqlite_bind_int(&bind, place);
    store_sqlite_bind_text(&bind, erasure->team);
    store_sqlite_bind_int(&bind, erasure->seq);
    st = store_sqlite_write_run(e->w, &bind, "erasing parts of an entry", err);
    store_sqlite_done(e->w->conn, bind.stmt);
    e->done = st == SGN_OK && sqlite3_changes(e->w->conn->db) == 1;
    return st;
}

enum sgn_status
store_sqlite_erase(struct store_sqlite_writing *w, const struct store_erasure *erasure,
                   struct sgn_error *err)
{
    struct erasing e = { .w = w, .erasure = erasure };
    enum sgn_status st;

    assert(w->store != NULL);
    st = store_sqlite_entries(&w->store->own.base, erasure->team, erasure->seq, 1, write_rest, &e,
                              err);
    if (st == SGN_OK && !e.done)
        st = sgn_fail(err, SGN_INTERNAL, "team %s: there is no entry %lld to erase parts of",
                      erasure->team, (long long)erasure->seq);
    return st;
}
