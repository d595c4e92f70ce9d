/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows that a commit changes: their images go into the commit as one record of the log, and,
 * when it has succeeded, into the map of rows that are not merged yet.
 *
 * A case that was in a record since the pass under way began (or the last one, if none is) is told
 * by what changed; so nothing that a pass leaves in the log leans on something that it deletes.
 *
 * A record of more than a few rows is squeezed: rows of one commit are much alike. What is counted
 * of the log is what it holds, since that is what a start has to read.
 */
#include "store_sqlite_writing.h"

#include "store_delta.h"
#include "store_squeeze.h"
#include <endian.h>
#include <string.h>

#define LOG_KEPT     ((size_t)4 << 20) /* room that is kept from one commit to the next */
#define SQUEEZE_FROM 256               /* bytes of a record that is worth it */

/* Its first change since it was merged, or ever. */
static enum sgn_status
add_row(struct store_sqlite_writing *w, const struct store_case *row,
        struct store_unmerged_row **out, struct sgn_error *err)
{
    struct store_sqlite *store = w->store;
    char *base = NULL;
    int64_t id = 0;
    enum sgn_status st = store_sqlite_base(w->conn, row->team, row->key, &id, &base, err);

    if (st != SGN_OK) {
        w->rc = sqlite3_extended_errcode(w->conn->db);
        return st;
    }
    /* A number that a failed commit leaves behind is a gap, which does no harm. */
    if (id == 0)
        id = __atomic_add_fetch(&store->last_id, 1, __ATOMIC_RELAXED);
    st = store_unmerged_add(&store->unmerged, row->team, row->key, id, base, out, err);
    if (st == SGN_OK)
        store->merge.added++;
    return st;
}

/* Puts the image into the record in the making; as a difference, where it may be one and is much
 * shorter. Failures stay in the buffer. */
static bool
put_image(struct sgn_buf *log, const struct store_image *base, const struct store_image *image,
          int64_t id)
{
    struct store_sqlite_logged head = { .whole = htole32(image->n),
                                        .id = (int64_t)htole64((uint64_t)id) };
    size_t at = log->len, n;
    bool whole = base == NULL;

    (void)sgn_buf_append(log, &head, sizeof head);
    if (!whole) {
        store_delta_make(base->bytes, base->n, image->bytes, image->n, log);
        whole = log->failed || log->len - at - sizeof head > image->n / 4 * 3;
    }
    if (whole && !log->failed) {
        sgn_buf_cut(log, at + sizeof head);
        (void)sgn_buf_append(log, image->bytes, image->n);
    }
    if (log->failed)
        return whole;
    n = log->len - at - sizeof head;
    head.kind = whole ? STORE_SQLITE_WHOLE : STORE_SQLITE_DELTA;
    head.n = htole32((uint32_t)n);
    memcpy(log->bytes + at, &head, sizeof head);
    return whole;
}

enum sgn_status
store_sqlite_log_case(struct store_sqlite_writing *w, const struct store_case *row,
                      struct sgn_error *err)
{
    struct store_sqlite *store = w->store;
    struct store_unmerged_row *at = store_unmerged_find(&store->unmerged, row->team, row->key);
    struct store_image *image = NULL;
    uint64_t pass = store->merge.pass;
    bool alone = true;
    enum sgn_status st = at == NULL ? add_row(w, row, &at, err) : SGN_OK;

    if (st != SGN_OK)
        return st;
    image = store_image_new(row, at->id);
    if (image == NULL) {
        store_unmerged_forget(&store->unmerged, at);
        return sgn_nomem(err);
    }
    if (!store->at_once)
        alone = put_image(&store->log, at->staged == NULL && at->whole == pass ? at->image : NULL,
                          image, at->id);
    if (store->log.failed)
        st = sgn_nomem(err);
    store_unmerged_stage(&store->unmerged, at, image, row->outcome == NULL ? row->next_at : 0,
                         alone ? pass : at->whole);
    if (st == SGN_OK && store->at_once)
        st = store_sqlite_write_case(w, row, at->id, err);
    return st;
}

void
store_sqlite_log_keep(struct store_sqlite *store, const struct store_unmerged_row *row)
{
    (void)put_image(&store->log, NULL, row->image, row->id);
}

/* The record in fewer bytes, which are the store's; as it is where that cannot be done. */
static const struct sgn_buf *
squeezed(struct store_sqlite *store)
{
    const struct sgn_buf *log = &store->log;
    struct store_sqlite_logged head = { .kind = STORE_SQLITE_SQUEEZED,
                                        .whole = htole32((uint32_t)log->len) };

    if (log->len < SQUEEZE_FROM)
        return log;
    if (store->squeeze == NULL)
        store->squeeze = store_squeeze_new();
    sgn_buf_reset(&store->squeezed);
    (void)sgn_buf_append(&store->squeezed, &head, sizeof head);
    if (store->squeeze == NULL || store->squeezed.failed ||
        !store_squeeze(store->squeeze, log->bytes, log->len, &store->squeezed) ||
        store->squeezed.len >= log->len)
        return log;
    head.n = htole32((uint32_t)(store->squeezed.len - sizeof head));
    memcpy(store->squeezed.bytes, &head, sizeof head);
    return &store->squeezed;
}

enum sgn_status
store_sqlite_log_write(struct store_sqlite_writing *w, struct sgn_error *err)
{
    const struct sgn_buf *record;
    struct store_sqlite *store = w->store;
    struct store_sqlite_bind bind = { 0 };
    enum sgn_status st;

    if (store->log.failed)
        return sgn_nomem(err);
    if (store->log.len == 0)
        return SGN_OK;
    st = store_sqlite_write_prepare(w, "INSERT INTO unmerged(id, images) VALUES(?, ?)", &bind.stmt,
                                    err);
    if (st != SGN_OK)
        return st;
    store_sqlite_bind_int(&bind, store->log_last + 1);
    record = squeezed(store);
    store_sqlite_bind_blob(&bind, record->bytes, record->len);
    st = store_sqlite_write_run(w, &bind, "writing the rows of cases", err);
    store_sqlite_done(w->conn, bind.stmt);
    return st;
}

void
store_sqlite_log_settle(struct store_sqlite *store, bool committed)
{
    if (committed && store->log.len > 0) {
        store->log_last++;
        store->merge.since += store->log.len;
    }
    if (store->log.cap > LOG_KEPT) {
        sgn_buf_deinit(&store->log);
        sgn_buf_deinit(&store->squeezed);
    }
    sgn_buf_reset(&store->log);
    store_unmerged_settle(&store->unmerged, committed);
    if (store->at_once)
        store_unmerged_clear(&store->unmerged);
}
