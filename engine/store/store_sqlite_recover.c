/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recovery: the rows that the log holds become those that are not merged yet, as they were when the
 * server ended. Nothing is written, so it may be done as often as one likes, also only to look.
 *
 * A row that was merged after its last record is found here again and is the same as in its table:
 * records go from the beginning, so the newest image of a case is the last one to be deleted.
 */
#include "store_sqlite_writing.h"

#include "clock.h"
#include "store_delta.h"
#include "store_squeeze.h"
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#define IMAGE_MAX ((uint32_t)64 << 20) /* no row is longer */

static enum sgn_status
damaged(const struct store_sqlite *store, int64_t record, struct sgn_error *err)
{
    return sgn_fail(err, SGN_INVALID,
                    "%s: the file is damaged (record %lld of the rows that are to be merged); "
                    "restore the last backup",
                    store->file, (long long)record);
}

/* The image that a piece of a record stands for; NULL with st SGN_OK: it stands for none. */
static struct store_image *
image_of(const struct store_sqlite *store, const struct store_sqlite_logged *head,
         const char *bytes, enum sgn_status *st, struct sgn_error *err)
{
    const struct store_unmerged_row *row = store_unmerged_find_id(&store->unmerged, head->id);
    const struct store_image *base = NULL;
    struct store_image *image = NULL;
    bool whole = head->kind == STORE_SQLITE_WHOLE;

    *st = SGN_OK;
    if (row != NULL)
        base = row->staged != NULL ? row->staged : row->image;
    if ((whole && head->whole != head->n) || (!whole && base == NULL) || head->whole > IMAGE_MAX)
        return NULL;
    image = store_image_room(head->whole);
    if (image == NULL) {
        *st = sgn_nomem(err);
        return NULL;
    }
    if (whole) {
        memcpy(image->bytes, bytes, head->n);
    } else if (!store_delta_apply(base->bytes, base->n, bytes, head->n, image->bytes, image->n)) {
        store_image_drop(image);
        image = NULL;
    }
    return image;
}

/* Takes it up as the newest of its case. */
static enum sgn_status
take_image(struct store_sqlite *store, struct store_image *image_take, struct sgn_error *err)
{
    struct store_unmerged *map = &store->unmerged;
    struct store_image_row says;
    struct store_unmerged_row *row = NULL;
    char *base = NULL;
    int64_t id = 0;
    enum sgn_status st = store_image_read(image_take, &says, err);

    if (st == SGN_OK)
        row = store_unmerged_find(map, says.row.team, says.row.key);
    if (st == SGN_OK && row == NULL) {
        st = store_sqlite_base(&store->conn, says.row.team, says.row.key, &id, &base, err);
        if (st == SGN_OK)
            st = store_unmerged_add(map, says.row.team, says.row.key, says.id, base, &row, err);
    }
    if (st != SGN_OK) {
        store_image_drop(image_take);
        return st;
    }
    if (says.id > store->last_id)
        store->last_id = says.id;
    store_unmerged_stage(map, row, image_take, says.row.outcome == NULL ? says.row.next_at : 0,
                         store->merge.pass);
    return SGN_OK;
}

static enum sgn_status
take_record(struct store_sqlite *store, int64_t record, const char *at, size_t n,
            struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    while (st == SGN_OK && n > 0) {
        struct store_sqlite_logged head;
        struct store_image *image = NULL;

        if (n < sizeof head)
            return damaged(store, record, err);
        memcpy(&head, at, sizeof head);
        head.n = le32toh(head.n);
        head.whole = le32toh(head.whole);
        head.id = (int64_t)le64toh((uint64_t)head.id);
        at += sizeof head;
        n -= sizeof head;
        if (head.n > n || head.kind > STORE_SQLITE_DELTA)
            return damaged(store, record, err);
        image = image_of(store, &head, at, &st, err);
        if (st == SGN_OK && image == NULL)
            return damaged(store, record, err);
        if (st == SGN_OK)
            st = take_image(store, image, err);
        if (st == SGN_INVALID)
            return damaged(store, record, err);
        store->counts.recovered_rows++;
        at += head.n;
        n -= head.n;
    }
    return st;
}

/* A record of the log as it stands in the file: squeezed, or not. What it holds is counted. */
static enum sgn_status
take_logged(struct store_sqlite *store, int64_t record, const char *bytes, size_t n,
            struct sgn_error *err)
{
    struct store_sqlite_logged head;
    char *room = NULL;
    enum sgn_status st = SGN_OK;

    if (n >= sizeof head && bytes[0] == STORE_SQLITE_SQUEEZED) {
        memcpy(&head, bytes, sizeof head);
        head.whole = le32toh(head.whole);
        if (le32toh(head.n) != n - sizeof head || head.whole > STORE_SQLITE_LOG_RECORD)
            return damaged(store, record, err);
        room = malloc((size_t)head.whole + 1);
        st = room == NULL ? SGN_NOMEM
                          : store_unsqueeze(bytes + sizeof head, n - sizeof head, room, head.whole);
        if (st != SGN_OK)
            st = st == SGN_NOMEM ? sgn_nomem(err) : damaged(store, record, err);
        bytes = room;
        n = head.whole;
    }
    if (st == SGN_OK)
        st = take_record(store, record, bytes, n, err);
    if (st == SGN_OK)
        store->merge.since += n;
    free(room);
    return st;
}

/* ---- entries ---- */

/* Where it lies, of one that no index has. */
static enum sgn_status
take_entry(struct store_sqlite *store, sqlite3_stmt *stmt, struct sgn_error *err)
{
    int64_t id = sqlite3_column_int64(stmt, 0);
    const char *team = (const char *)sqlite3_column_text(stmt, 1);
    const char *actor = (const char *)sqlite3_column_text(stmt, 3);
    enum sgn_status st = SGN_INVALID;

    if (team != NULL && actor != NULL)
        st = store_unindexed_stage(&store->unindexed, team, sqlite3_column_int64(stmt, 2), id,
                                   sqlite3_column_int(stmt, 5) != 0, actor,
                                   (const char *)sqlite3_column_text(stmt, 4), err);
    if (st == SGN_INVALID)
        return sgn_fail(err, SGN_INVALID,
                        "%s: the file is damaged (entry in row %lld); restore the last backup",
                        store->file, (long long)id);
    if (st != SGN_OK)
        return st;
    store_unindexed_settle(&store->unindexed, true);
    store->indexing.last = id;
    return SGN_OK;
}

static enum sgn_status
recover_entries(struct store_sqlite *store, struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    int64_t upto = -1;
    bool row = true;
    enum sgn_status st =
        store_sqlite_int(&store->conn, "SELECT ifnull((SELECT upto FROM indexed), -1)", &upto, err);

    if (st == SGN_OK && upto < 0)
        return sgn_fail(err, SGN_INVALID,
                        "%s: the file is damaged (how far entries are indexed); restore the last "
                        "backup",
                        store->file);
    if (st == SGN_OK)
        st = store_sqlite_prepare(&store->conn,
                                  "SELECT id, team, seq, actor, request, effects FROM entry "
                                  "WHERE id > ? ORDER BY id",
                                  &bind.stmt, err);
    if (st != SGN_OK)
        return st;
    store->indexing.last = upto;
    store_sqlite_bind_int(&bind, upto);
    while (st == SGN_OK) {
        st = store_sqlite_step(&store->conn, &bind, &row, err);
        if (st != SGN_OK || !row)
            break;
        st = take_entry(store, bind.stmt, err);
    }
    store_sqlite_done(&store->conn, bind.stmt);
    return st;
}

/* ---- all ---- */

static enum sgn_status
recover_rows(struct store_sqlite *store, struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    bool row = true;
    enum sgn_status st =
        store_sqlite_int(&store->conn, "SELECT max(id) FROM case_", &store->last_id, err);

    if (st == SGN_OK)
        st = store_sqlite_prepare(&store->conn, "SELECT id, images FROM unmerged ORDER BY id",
                                  &bind.stmt, err);
    while (st == SGN_OK) {
        st = store_sqlite_step(&store->conn, &bind, &row, err);
        if (st != SGN_OK || !row)
            break;
        const char *bytes = sqlite3_column_blob(bind.stmt, 1);
        size_t n = (size_t)sqlite3_column_bytes(bind.stmt, 1);

        if (store->log_last == 0)
            store->merge.gone = sqlite3_column_int64(bind.stmt, 0) - 1;
        store->log_last = sqlite3_column_int64(bind.stmt, 0);
        st = take_logged(store, store->log_last, bytes, n, err);
        store_unmerged_settle(&store->unmerged, st == SGN_OK);
    }
    store_sqlite_done(&store->conn, bind.stmt);
    return st;
}

enum sgn_status
store_sqlite_recover(struct store_sqlite *store, struct sgn_error *err)
{
    int64_t begun = sgn_monotonic_ms();
    enum sgn_status st = recover_rows(store, err);

    if (st == SGN_OK)
        st = recover_entries(store, err);
    store->counts.recovery_ms = sgn_monotonic_ms() - begun;
    return st;
}
