/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of a unit, written inside its transaction: entries, cases, rows, heads. Begins
 * and ends nothing; what a failure means is store_sqlite_write.c's business.
 */
#include "store_sqlite_writing.h"

#include "json.h"
#include "store_entry_pack.h"
#include <assert.h>
#include <string.h>

/* Its bytes: packed, in the place of the header, or each in its own column. */
static void
bind_bytes(struct store_sqlite *store, struct store_sqlite_bind *bind,
           const struct store_entry *entry)
{
    bool packed = store_entry_pack(&store->packer, entry, &store->packed);

    store_sqlite_bind_text(bind, packed ? "" : entry->hash);
    store_sqlite_bind_text(bind, packed ? NULL : entry->request_digest);
    store_sqlite_bind_blob(bind, packed ? NULL : entry->shared_salt, 16);
    store_sqlite_bind_blob(bind, packed ? NULL : entry->internal_salt, 16);
    if (packed)
        store_sqlite_bind_blob(bind, store->packed.bytes, store->packed.len);
    else
        store_sqlite_bind_blob(bind, entry->header.bytes, entry->header.n);
    store_sqlite_bind_blob(bind, packed ? NULL : entry->shared.bytes, entry->shared.n);
    store_sqlite_bind_blob(bind, packed ? NULL : entry->internal.bytes, entry->internal.n);
}

static enum sgn_status
write_entry(struct store_sqlite_writing *w, sqlite3_stmt *stmt, const struct store_entry *entry,
            struct sgn_error *err)
{
    struct store_sqlite_bind bind = { .stmt = stmt };
    struct store_sqlite_held *held = store_sqlite_held(w->store, entry->team);
    enum sgn_status st;

    /* A gap or a double in the numbers would break the chain for good: the process ends before
     * it. */
    assert(held != NULL && entry->seq == held->head.seq + 1);
    store_sqlite_bind_text(&bind, entry->team);
    store_sqlite_bind_int(&bind, entry->seq);
    store_sqlite_bind_text(&bind, entry->case_key);
    store_sqlite_bind_int(&bind, entry->case_seq);
    store_sqlite_bind_int(&bind, entry->previous);
    store_sqlite_bind_int(&bind, entry->at);
    store_sqlite_bind_text(&bind, entry->kind);
    store_sqlite_bind_text(&bind, entry->actor);
    store_sqlite_bind_int(&bind, entry->has_effects ? 1 : 0);
    store_sqlite_bind_text(&bind, entry->request);
    bind_bytes(w->store, &bind, entry);

    /* Moved on before the row is written: if writing fails the heads are let go, whatever they
     * say. */
    held->head.seq = entry->seq;
    held->head.at = entry->at;
    memcpy(held->head.hash, entry->hash, sizeof held->head.hash);
    if (strcmp(entry->kind, "data") == 0)
        held->head.data_seq = entry->seq;
    if (entry->opens_or_ends)
        held->head.case_seq = entry->seq;
    held->changed = true;
    st = store_sqlite_write_run(w, &bind, "writing an entry", err);
    return st == SGN_OK ? store_sqlite_index_entry(w, entry, err) : st;
}

/* Entries first: cases and heads refer to them, and their order is the order of the history. */
static enum sgn_status
write_entries(struct store_sqlite_writing *w, const struct store_unit *unit, struct sgn_error *err)
{
    sqlite3_stmt *stmt = NULL;
    enum sgn_status st = SGN_OK;

    if (unit->n_entries == 0)
        return SGN_OK;
    st = store_sqlite_write_prepare(
        w,
        "INSERT INTO entry(team, seq, case_key, case_seq, previous, at, kind, actor, effects,"
        " request, hash, request_digest, shared_salt, internal_salt, header, shared, internal)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        &stmt, err);
    for (int i = 0; st == SGN_OK && i < unit->n_entries; i++)
        st = write_entry(w, stmt, &unit->entries[i], err);
    store_sqlite_done(w->conn, stmt);
    return st == SGN_OK ? store_sqlite_index_written(w, err) : st;
}

static enum sgn_status
write_cases(struct store_sqlite_writing *w, const struct store_unit *unit, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int i = 0; st == SGN_OK && i < unit->n_cases; i++)
        st = store_sqlite_log_case(w, &unit->cases[i], err);
    return st == SGN_OK ? store_sqlite_log_write(w, err) : st;
}

/* In the order given: a row that is written and then removed in one batch is gone. */
static enum sgn_status
write_rows(struct store_sqlite_writing *w, const struct store_unit *unit, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int i = 0; st == SGN_OK && i < unit->n_rows; i++) {
        const struct store_row *row = &unit->rows[i];
        struct store_sqlite_held *held = NULL;

        st = store_sqlite_row_put(w->conn, row, &w->rc, err);
        if (st != SGN_OK || row->team[0] == '\0')
            continue;
        /* A team with rows is listed among the teams, also before its first entry. */
        st = store_sqlite_hold(w->store, row->team, &held, err);
        if (st == SGN_OK && !held->exists)
            held->changed = true;
    }
    return st;
}

/* Last, with the numbers that writing the entries has counted. */
static enum sgn_status
write_heads(struct store_sqlite_writing *w, struct sgn_error *err)
{
    struct store_sqlite *store = w->store;
    sqlite3_stmt *stmt = NULL;
    enum sgn_status st =
        store_sqlite_write_prepare(w,
                                   "INSERT OR REPLACE INTO head(team, seq, hash, at, data_seq,"
                                   " case_seq) VALUES(?, ?, ?, ?, ?, ?)",
                                   &stmt, err);

    for (int i = 0; st == SGN_OK && i < store->n_held; i++) {
        const struct store_sqlite_held *held = &store->held[i];
        struct store_sqlite_bind bind = { .stmt = stmt };

        if (!held->changed)
            continue;
        store_sqlite_bind_text(&bind, held->team);
        store_sqlite_bind_int(&bind, held->head.seq);
        store_sqlite_bind_text(&bind, held->head.hash);
        store_sqlite_bind_int(&bind, held->head.at);
        store_sqlite_bind_int(&bind, held->head.data_seq);
        store_sqlite_bind_int(&bind, held->head.case_seq);
        st = store_sqlite_write_run(w, &bind, "writing a team's head", err);
    }
    store_sqlite_done(&store->conn, stmt);
    return st;
}

/* Stops at the first failure: the transaction is rolled back as a whole, so nothing behind it
 * counts. */
enum sgn_status
store_sqlite_unit_write(struct store_sqlite_writing *w, const struct store_unit *unit,
                        struct sgn_error *err)
{
    enum sgn_status st = write_entries(w, unit, err);

    if (st == SGN_OK)
        st = write_cases(w, unit, err);
    if (st == SGN_OK)
        st = write_rows(w, unit, err);
    for (int i = 0; st == SGN_OK && i < unit->n_erasures; i++)
        st = store_sqlite_erase(w, &unit->erasures[i], err);
    return st == SGN_OK ? write_heads(w, err) : st;
}
