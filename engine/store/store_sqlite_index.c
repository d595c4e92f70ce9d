/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries on their way to the indexes that they are found by. A commit of a hundred teams' entries
 * would touch a page of each index for nearly every team; so it only appends, and where the entries
 * lie is kept in memory (store_unindexed.h). A pass takes what there is when it begins, team by
 * team in the order of the indexes, and writes it a slice at a time between commits. Up to where
 * all is indexed stands in the file, moved in the commit of a pass's last slice: a start reads the
 * entries behind that, and a pass that was cut short finds some of its rows there, as they are.
 */
#include "store_sqlite_writing.h"

#include "log.h"
#include <stdlib.h>
#include <string.h>

#define SLICES     8     /* that a pass has at most, if they are not too long then */
#define SLICE_MOST 1024  /* entries */
#define BEGIN      0.5   /* full so far, a pass begins */
#define IDLE       0.125 /* full so far, idle moments are used */

/* ---- rows of both indexes ---- */

static enum sgn_status
index_number(struct store_sqlite_writing *w, sqlite3_stmt *stmt, const char *team, int64_t seq,
             int64_t id, bool effects, struct sgn_error *err)
{
    struct store_sqlite_bind bind = { .stmt = stmt };

    store_sqlite_bind_text(&bind, team);
    store_sqlite_bind_int(&bind, seq);
    store_sqlite_bind_int(&bind, id);
    store_sqlite_bind_int(&bind, effects ? 1 : 0);
    return store_sqlite_write_run(w, &bind, "indexing an entry", err);
}

static enum sgn_status
index_request(struct store_sqlite_writing *w, sqlite3_stmt *stmt, const char *team,
              const char *person, const char *request, int64_t id, struct sgn_error *err)
{
    struct store_sqlite_bind bind = { .stmt = stmt };

    store_sqlite_bind_text(&bind, team);
    store_sqlite_bind_text(&bind, person);
    store_sqlite_bind_text(&bind, request);
    store_sqlite_bind_int(&bind, id);
    return store_sqlite_write_run(w, &bind, "indexing a request", err);
}

/* What is there already was written by a pass that was cut short: it says the same. */
static enum sgn_status
prepare_both(struct store_sqlite_writing *w, sqlite3_stmt **numbers, sqlite3_stmt **requests,
             struct sgn_error *err)
{
    enum sgn_status st = store_sqlite_write_prepare(
        w, "INSERT OR IGNORE INTO entry_at(of_team, number, entry, asks) VALUES(?, ?, ?, ?)",
        numbers, err);

    if (st == SGN_OK)
        st = store_sqlite_write_prepare(
            w, "INSERT OR IGNORE INTO request(of_team, person, name, entry) VALUES(?, ?, ?, ?)",
            requests, err);
    return st;
}

static enum sgn_status
index_mark(struct store_sqlite_writing *w, int64_t upto, struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    enum sgn_status st =
        store_sqlite_write_prepare(w, "UPDATE indexed SET upto = ?", &bind.stmt, err);

    if (st != SGN_OK)
        return st;
    store_sqlite_bind_int(&bind, upto);
    st = store_sqlite_write_run(w, &bind, "writing how far entries are indexed", err);
    store_sqlite_done(w->conn, bind.stmt);
    return st;
}

/* ---- of a commit ---- */

enum sgn_status
store_sqlite_index_entry(struct store_sqlite_writing *w, const struct store_entry *entry,
                         struct sgn_error *err)
{
    struct store_sqlite *store = w->store;
    sqlite3_stmt *numbers = NULL, *requests = NULL;
    int64_t id = sqlite3_last_insert_rowid(w->conn->db);
    enum sgn_status st;

    store->indexing.staged = id;
    if (!store->at_once)
        return store_unindexed_stage(&store->unindexed, entry->team, entry->seq, id,
                                     entry->has_effects, entry->actor, entry->request, err);
    st = prepare_both(w, &numbers, &requests, err);
    if (st == SGN_OK)
        st = index_number(w, numbers, entry->team, entry->seq, id, entry->has_effects, err);
    if (st == SGN_OK && entry->request != NULL)
        st = index_request(w, requests, entry->team, entry->actor, entry->request, id, err);
    store_sqlite_done(w->conn, numbers);
    store_sqlite_done(w->conn, requests);
    return st;
}

enum sgn_status
store_sqlite_index_written(struct store_sqlite_writing *w, struct sgn_error *err)
{
    store_unindexed_show(&w->store->unindexed);
    return w->store->at_once && w->store->indexing.staged > 0
               ? index_mark(w, w->store->indexing.staged, err)
               : SGN_OK;
}

void
store_sqlite_index_settle(struct store_sqlite *store, bool committed)
{
    if (committed && store->indexing.staged > 0) {
        store->indexing.last = store->indexing.staged;
        store->indexing.added += store->unindexed.n_staged;
    }
    store->indexing.staged = 0;
    store_unindexed_settle(&store->unindexed, committed);
}

/* ---- a pass ---- */

static double
fullness(const struct store_sqlite *store)
{
    return (double)store->unindexed.bytes / (double)store->indexing.bytes_max;
}

static enum sgn_status
pass_begin(struct store_sqlite *store, struct sgn_error *err)
{
    struct store_sqlite_indexing *pass = &store->indexing;

    pass->n = store->unindexed.n_teams;
    pass->next = 0;
    pass->until = pass->last;
    pass->entries = store->unindexed.n;
    return store_unindexed_teams(&store->unindexed, &pass->teams, err);
}

static void
pass_end(struct store_sqlite *store)
{
    free(store->indexing.teams);
    store->indexing.teams = NULL;
}

/* ---- a slice ---- */

struct slice {
    struct store_unindexed_entry **entries; /* by teams and numbers, the first ones of each */
    size_t n;
    size_t next;  /* team of the pass that is the first one behind it */
    int64_t upto; /* it is the pass's last one, and this its mark; else 0 */
};

/* So many of the pass, or what is left of it. */
static enum sgn_status
slice_take(const struct store_sqlite_indexing *pass, size_t most, struct slice *out,
           struct sgn_error *err)
{
    *out =
        (struct slice){ .entries = malloc((most + 1) * sizeof *out->entries), .next = pass->next };
    if (out->entries == NULL)
        return sgn_nomem(err);
    for (; out->next < pass->n; out->next++) {
        const struct store_unindexed_team *team = pass->teams[out->next];
        size_t at = 0;

        while (at < team->n && out->n < most && team->entries[team->first + at]->id <= pass->until)
            out->entries[out->n++] = team->entries[team->first + at++];
        if (at < team->n && team->entries[team->first + at]->id <= pass->until)
            return SGN_OK;
    }
    out->upto = pass->until;
    return SGN_OK;
}

static int
request_order(const void *a, const void *b)
{
    const struct store_unindexed_entry *const *x = a, *const *y = b;
    int order = (*x)->team == (*y)->team ? 0 : strcmp((*x)->team->name, (*y)->team->name);

    if (order == 0)
        order = strcmp((*x)->text, (*y)->text);
    return order != 0 ? order : strcmp((*x)->text + (*x)->actor_n, (*y)->text + (*y)->actor_n);
}

/* Sorted as the index is, so that neighbours are written one after the other. */
static enum sgn_status
slice_requests(struct store_sqlite_writing *w, sqlite3_stmt *stmt, const struct slice *slice,
               struct sgn_error *err)
{
    struct store_unindexed_entry **sorted = malloc((slice->n + 1) * sizeof *sorted);
    size_t n = 0;
    enum sgn_status st = sorted == NULL ? sgn_nomem(err) : SGN_OK;

    for (size_t i = 0; st == SGN_OK && i < slice->n; i++)
        if (slice->entries[i]->actor_n > 0)
            sorted[n++] = slice->entries[i];
    if (n > 0)
        qsort(sorted, n, sizeof(struct store_unindexed_entry *), request_order);
    for (size_t i = 0; st == SGN_OK && i < n; i++)
        st = index_request(w, stmt, sorted[i]->team->name, sorted[i]->text,
                           sorted[i]->text + sorted[i]->actor_n, sorted[i]->id, err);
    free(sorted);
    return st;
}

static enum sgn_status
slice_write(struct store_sqlite_writing *w, void *ctx, struct sgn_error *err)
{
    const struct slice *slice = ctx;
    sqlite3_stmt *numbers = NULL, *requests = NULL;
    enum sgn_status st = prepare_both(w, &numbers, &requests, err);

    for (size_t i = 0; st == SGN_OK && i < slice->n; i++) {
        const struct store_unindexed_entry *entry = slice->entries[i];

        st =
            index_number(w, numbers, entry->team->name, entry->seq, entry->id, entry->effects, err);
    }
    if (st == SGN_OK)
        st = slice_requests(w, requests, slice, err);
    store_sqlite_done(w->conn, numbers);
    store_sqlite_done(w->conn, requests);
    return st == SGN_OK && slice->upto > 0 ? index_mark(w, slice->upto, err) : st;
}

/* What is in the indexes now is found there. */
static void
slice_drop(struct store_sqlite *store, const struct slice *slice)
{
    pthread_mutex_lock(&store->unindexed.lock);
    for (size_t i = 0, n; i < slice->n; i += n) {
        struct store_unindexed_team *team = slice->entries[i]->team;

        for (n = 1; i + n < slice->n && slice->entries[i + n]->team == team;)
            n++;
        store_unindexed_drop(&store->unindexed, team, n);
    }
    pthread_mutex_unlock(&store->unindexed.lock);
    store->counts.indexed_entries += (int64_t)slice->n;
}

static enum sgn_status
slice(struct store_sqlite *store, size_t most, struct sgn_error *err)
{
    struct store_sqlite_indexing *pass = &store->indexing;
    struct slice slice;
    enum sgn_status st = pass->teams == NULL ? pass_begin(store, err) : SGN_OK;

    if (st != SGN_OK)
        return st;
    st = slice_take(pass, most, &slice, err);
    if (st == SGN_OK)
        st = store_sqlite_transact(store, "BEGIN IMMEDIATE /* merge: index */", slice_write, &slice,
                                   err);
    if (st == SGN_OK) {
        slice_drop(store, &slice);
        pass->next = slice.next;
        pass->added = 0;
        if (slice.upto > 0)
            pass_end(store);
    }
    free(slice.entries);
    return st;
}

/* ---- when ---- */

bool
store_sqlite_index_full(const struct store_sqlite *store)
{
    return fullness(store) >= 1;
}

enum sgn_status
store_sqlite_index_slice(struct store_sqlite *store, enum store_sqlite_when when,
                         struct sgn_error *err)
{
    const struct store_sqlite_indexing *pass = &store->indexing;
    /* Twice what has come since: a pass ends before half as much as it takes has come. */
    size_t most = pass->entries / SLICES + 1, come = pass->added * 2;
    double least = when == STORE_SQLITE_AT_END ? 0 : when == STORE_SQLITE_IDLE ? IDLE : BEGIN;

    if (pass->teams == NULL && (store->unindexed.n == 0 || fullness(store) < least))
        return SGN_OK;
    if (come > most)
        most = come;
    return slice(store, when == STORE_SQLITE_AT_END || most > SLICE_MOST ? SLICE_MOST : most, err);
}

bool
store_sqlite_index_more(const struct store_sqlite *store)
{
    return store->indexing.teams != NULL;
}

void
store_sqlite_index_end(struct store_sqlite *store)
{
    pass_end(store);
}
