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
#include "thread.h"
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#define IMAGE_MAX ((uint32_t)64 << 20) /* no row is longer */
#define TOGETHER  1024                 /* entries that are taken up under one lock */
#define MANY      4096                 /* entries that are worth a thread */

static enum sgn_status
damaged(const struct store_sqlite *store, int64_t record, struct sgn_error *err)
{
    return sgn_fail(err, SGN_INVALID,
                    "%s: the file is damaged (record %lld of the rows that are to be merged); "
                    "restore the last backup",
                    store->file, (long long)record);
}

/* ---- rows ---- */

#define SLOTS_MIN 1024

/* The newest image of each case that the log has so far. */
struct newest {
    struct store_image *image;
    int64_t id;     /* of the case's row */
    int64_t record; /* that it is from */
    uint32_t changes;
};

/* All of them, in the order in which the log tells of them first, and a table that finds them by
 * their numbers: slots have places + 1, 0: free; at most half of them are taken. */
struct gathered {
    struct newest *rows;
    uint32_t *slots;
    size_t n, cap, n_slots;
};

static void
gathered_deinit(struct gathered *all)
{
    for (size_t i = 0; i < all->n; i++)
        store_image_drop(all->rows[i].image);
    free(all->rows);
    free(all->slots);
    *all = (struct gathered){ 0 };
}

static uint32_t *
slot_of(const struct gathered *all, int64_t id)
{
    size_t at = (size_t)(((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (all->n_slots - 1);

    while (all->slots[at] != 0 && all->rows[all->slots[at] - 1].id != id)
        at = (at + 1) & (all->n_slots - 1);
    return &all->slots[at];
}

static enum sgn_status
grow(struct gathered *all, struct sgn_error *err)
{
    size_t cap = all->cap == 0 ? SLOTS_MIN / 2 : all->cap * 2;
    struct newest *rows = realloc(all->rows, cap * sizeof *rows);
    uint32_t *slots = rows != NULL ? calloc(cap * 2, sizeof *slots) : NULL;

    if (rows != NULL)
        all->rows = rows;
    if (slots == NULL)
        return sgn_nomem(err);
    free(all->slots);
    all->slots = slots;
    all->n_slots = cap * 2;
    all->cap = cap;
    for (size_t i = 0; i < all->n; i++)
        *slot_of(all, all->rows[i].id) = (uint32_t)i + 1;
    return SGN_OK;
}

static enum sgn_status
newest_of(struct gathered *all, int64_t id, struct newest **out, struct sgn_error *err)
{
    enum sgn_status st = all->n == all->cap ? grow(all, err) : SGN_OK;
    uint32_t *slot;

    if (st != SGN_OK)
        return st;
    slot = slot_of(all, id);
    if (*slot == 0) {
        all->rows[all->n++] = (struct newest){ .id = id };
        *slot = (uint32_t)all->n;
    }
    *out = &all->rows[*slot - 1];
    return SGN_OK;
}

/* The image that a piece of a record stands for becomes its case's newest. SGN_INVALID: it stands
 * for none. */
static enum sgn_status
take_piece(struct newest *of, const struct store_sqlite_logged *head, const char *bytes,
           struct sgn_error *err)
{
    const struct store_image *base = of->image;
    bool whole = head->kind == STORE_SQLITE_WHOLE;
    struct store_image *image = NULL;

    if ((whole && head->whole != head->n) || (!whole && base == NULL) || head->whole > IMAGE_MAX)
        return SGN_INVALID;
    image = store_image_room(head->whole);
    if (image == NULL)
        return sgn_nomem(err);
    if (whole) {
        memcpy(image->bytes, bytes, head->n);
    } else if (!store_delta_apply(base->bytes, base->n, bytes, head->n, image->bytes, image->n)) {
        store_image_drop(image);
        return SGN_INVALID;
    }
    store_image_drop(of->image);
    of->image = image;
    of->changes++;
    return SGN_OK;
}

static enum sgn_status
take_record(struct gathered *all, int64_t record, const char *at, size_t n, int64_t *pieces,
            struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    while (st == SGN_OK && n > 0) {
        struct store_sqlite_logged head;
        struct newest *of = NULL;

        if (n < sizeof head)
            return SGN_INVALID;
        memcpy(&head, at, sizeof head);
        head.n = le32toh(head.n);
        head.whole = le32toh(head.whole);
        head.id = (int64_t)le64toh((uint64_t)head.id);
        at += sizeof head;
        n -= sizeof head;
        if (head.n > n || head.kind > STORE_SQLITE_DELTA || head.id <= 0)
            return SGN_INVALID;
        st = newest_of(all, head.id, &of, err);
        if (st == SGN_OK)
            st = take_piece(of, &head, at, err);
        if (st == SGN_OK)
            of->record = record;
        ++*pieces;
        at += head.n;
        n -= head.n;
    }
    return st;
}

/* A record of the log as it stands in the file: squeezed, or not. *n: bytes, then those of what it
 * holds. */
static enum sgn_status
take_logged(struct gathered *all, int64_t record, const char *bytes, size_t *n, int64_t *pieces,
            struct sgn_error *err)
{
    struct store_sqlite_logged head;
    char *room = NULL;
    enum sgn_status st = SGN_OK;

    if (*n >= sizeof head && bytes[0] == STORE_SQLITE_SQUEEZED) {
        memcpy(&head, bytes, sizeof head);
        head.whole = le32toh(head.whole);
        if (le32toh(head.n) != *n - sizeof head || head.whole > STORE_SQLITE_LOG_RECORD)
            return SGN_INVALID;
        room = malloc((size_t)head.whole + 1);
        if (room == NULL)
            return sgn_nomem(err);
        st = store_unsqueeze(bytes + sizeof head, *n - sizeof head, room, head.whole);
        bytes = room;
        *n = head.whole;
    }
    if (st == SGN_OK)
        st = take_record(all, record, bytes, *n, pieces, err);
    else if (st == SGN_NOMEM)
        st = sgn_nomem(err);
    free(room);
    return st;
}

/* Becomes the case's row that is not merged yet. What its table says of it is asked when it is
 * needed. Only the newest images are judged: of those before, nothing is left. */
static enum sgn_status
take_newest(struct store_sqlite *store, struct newest *of, struct sgn_error *err)
{
    struct store_unmerged *map = &store->unmerged;
    struct store_unmerged_row *row = NULL;
    struct store_image_row says;
    enum sgn_status st = store_image_read(of->image, &says, err);

    if (st == SGN_OK &&
        (says.id != of->id || store_unmerged_find(map, says.row.team, says.row.key) != NULL))
        st = SGN_INVALID;
    if (st == SGN_OK)
        st = store_unmerged_add(map, says.row.team, says.row.key, of->id, NULL, &row, err);
    if (st != SGN_OK)
        return st == SGN_INVALID ? damaged(store, of->record, err) : st;
    if (of->id > store->last_id)
        store->last_id = of->id;
    store_unmerged_base_unknown(row);
    row->changes = of->changes - 1; /* one comes with the next step */
    store_unmerged_stage(map, row, of->image, says.row.outcome == NULL ? says.row.next_at : 0,
                         store->merge.pass);
    of->image = NULL;
    return SGN_OK;
}

/* All records of the log, from its beginning. */
static enum sgn_status
gather(struct store_sqlite *store, struct gathered *all, struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    int64_t pieces = 0;
    bool row = true;
    enum sgn_status st = store_sqlite_prepare(
        &store->conn, "SELECT id, images FROM unmerged ORDER BY id", &bind.stmt, err);

    while (st == SGN_OK) {
        st = store_sqlite_step(&store->conn, &bind, &row, err);
        if (st != SGN_OK || !row)
            break;
        const char *bytes = sqlite3_column_blob(bind.stmt, 1);
        size_t n = (size_t)sqlite3_column_bytes(bind.stmt, 1);

        if (store->log_last == 0)
            store->merge.gone = sqlite3_column_int64(bind.stmt, 0) - 1;
        store->log_last = sqlite3_column_int64(bind.stmt, 0);
        st = take_logged(all, store->log_last, bytes, &n, &pieces, err);
        if (st == SGN_INVALID)
            st = damaged(store, store->log_last, err);
        store->merge.since += n;
    }
    store_sqlite_done(&store->conn, bind.stmt);
    store->counts.recovered_rows = pieces;
    return st;
}

static enum sgn_status
recover_rows(struct store_sqlite *store, struct sgn_error *err)
{
    struct gathered all = { 0 };
    enum sgn_status st =
        store_sqlite_int(&store->conn, "SELECT max(id) FROM case_", &store->last_id, err);

    if (st == SGN_OK)
        st = gather(store, &all, err);
    for (size_t i = 0; st == SGN_OK && i < all.n; i++)
        st = take_newest(store, &all.rows[i], err);
    store_unmerged_settle(&store->unmerged, st == SGN_OK);
    gathered_deinit(&all);
    return st;
}

/* ---- entries ---- */

/* What is read of them, by one of two threads. */
struct entries {
    struct store_sqlite *store;
    struct store_sqlite_conn *conn;
    int64_t upto; /* those behind it are in no index */
    enum sgn_status st;
    struct sgn_error *err;
};

/* Where it lies, of one that no index has. */
static enum sgn_status
take_entry(const struct entries *of, sqlite3_stmt *stmt, struct sgn_error *err)
{
    struct store_sqlite *store = of->store;
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
    if (st == SGN_OK)
        store->indexing.last = id;
    return st;
}

static void
take_entries(void *ctx)
{
    struct entries *of = ctx;
    struct store_unindexed *map = &of->store->unindexed;
    struct store_sqlite_bind bind = { 0 };
    bool row = true;
    enum sgn_status st = store_sqlite_prepare(of->conn,
                                              "SELECT id, team, seq, actor, request, effects FROM "
                                              "entry WHERE id > ? ORDER BY id",
                                              &bind.stmt, of->err);

    if (st == SGN_OK)
        store_sqlite_bind_int(&bind, of->upto);
    while (st == SGN_OK) {
        st = store_sqlite_step(of->conn, &bind, &row, of->err);
        if (st != SGN_OK || !row)
            break;
        st = take_entry(of, bind.stmt, of->err);
        if (map->n_staged >= TOGETHER)
            store_unindexed_settle(map, st == SGN_OK);
    }
    store_unindexed_settle(map, st == SGN_OK);
    store_sqlite_done(of->conn, bind.stmt);
    of->st = st;
}

/* Where they begin, and about how many there are. */
static enum sgn_status
find_entries(struct store_sqlite *store, struct entries *of, int64_t *n, struct sgn_error *err)
{
    enum sgn_status st = store_sqlite_int(
        &store->conn, "SELECT ifnull((SELECT upto FROM indexed), -1)", &of->upto, err);
    int64_t last = 0;

    if (st == SGN_OK && of->upto < 0)
        return sgn_fail(err, SGN_INVALID,
                        "%s: the file is damaged (how far entries are indexed); restore the last "
                        "backup",
                        store->file);
    if (st == SGN_OK)
        st = store_sqlite_int(&store->conn, "SELECT max(id) FROM entry", &last, err);
    store->indexing.last = of->upto;
    *n = last > of->upto ? last - of->upto : 0;
    store_unindexed_expect(&store->unindexed, (size_t)*n);
    return st;
}

/* ---- both ---- */

/* Two threads, where there is much to read: rows and entries have nothing to do with each other,
 * and each thread its own connection. */
static enum sgn_status
recover_both(struct store_sqlite *store, struct entries *of, struct sgn_error *err)
{
    struct store_sqlite_conn beside = { 0 };
    struct sgn_error why = { 0 };
    struct sgn_thread *thread = NULL;
    enum sgn_status st = store_sqlite_conn_open(&beside, store, STORE_SQLITE_READS, err);

    if (st != SGN_OK)
        goto out;
    beside.read_ms = 0;
    of->conn = &beside;
    of->err = &why;
    thread = sgn_thread_start("recovery", take_entries, of);
    if (thread == NULL) {
        st = sgn_nomem(err);
        goto out;
    }
    st = recover_rows(store, err);
    sgn_thread_join(thread);
    if (st == SGN_OK && of->st != SGN_OK) {
        st = of->st;
        sgn_error_move(err, &why);
    }
    sgn_error_clear(&why);
out:
    store_sqlite_conn_close(&beside);
    return st;
}

enum sgn_status
store_sqlite_recover(struct store_sqlite *store, struct sgn_error *err)
{
    int64_t begun = sgn_monotonic_ms(), n = 0;
    struct entries of = { .store = store, .conn = &store->conn, .err = err };
    enum sgn_status st = find_entries(store, &of, &n, err);

    if (st == SGN_OK && n > MANY) {
        st = recover_both(store, &of, err);
    } else if (st == SGN_OK) {
        st = recover_rows(store, err);
        if (st == SGN_OK)
            take_entries(&of);
        st = st == SGN_OK ? of.st : st;
    }
    store->counts.recovery_ms = sgn_monotonic_ms() - begun;
    return st;
}
