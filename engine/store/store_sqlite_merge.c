/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows on their way to their tables. A pass takes all rows that are not merged when it begins, by
 * teams and in the order of their numbers, so that neighbours share pages, and writes them a slice
 * at a time between commits. A row that changes meanwhile is written as it is then. When all are
 * written, the log up to the pass's beginning says nothing any more and is deleted, in slices too:
 * where it begins is the mark of what is merged, moved in the commit of a slice.
 *
 * A row that has changed more than once since the last pass will change again: it is not worth its
 * pages in the tables. Such rows are left where they are, up to a part of the room, and written to
 * the log as a whole, where many of them share a page. What they take counts as not there when it
 * is judged how full the room is.
 *
 * How fast: so that a pass ends before what comes meanwhile fills the other half of the room. At
 * the ceiling who wants to write waits for it. A row that is written to the log again and again is
 * merged once in a pass; hence as late as the room allows. In idle moments sooner: lists have to
 * copy what is not merged, so that the first one after much was written would take its time.
 *
 * Never writes what was not committed before: a slice begins while no unit is under way.
 */
#include "store_sqlite_writing.h"

#include "log.h"
#include <stdlib.h>

#define SLICE      128   /* rows in a slice */
#define SLICE_LAST 1024  /* the same while nobody waits */
#define ROW_OF_LOG 32768 /* bytes of the log that may be deleted in a slice instead of a row */
#define SLICES     4     /* before one commit, below the ceiling */
#define BEGIN      0.5   /* full so far, a pass begins ... */
#define ROOM       0.4   /* ... and ends when as much has come as would fill this part */
#define IDLE       0.125 /* full so far, idle moments are used */
#define IDLE_ROWS  1024  /* so many rows too: each thread that lists copies them first */
#define KEEP       0.6   /* of the room may be of rows that passes leave where they are */
#define KEEP_FROM  2     /* changes */

/* The order is that of numbers, which need no look at the rows. */
struct store_sqlite_pass_row {
    size_t team; /* which of the teams */
    int64_t id;
    struct store_unmerged_row *row;
    bool keep;
};

/* ---- how much there is ---- */

static double
share(size_t n, size_t max)
{
    return (double)n / (double)max;
}

static double
larger(double a, double b)
{
    return a > b ? a : b;
}

/* The same of what is not kept. */
static double
share_beside(size_t n, size_t kept, size_t max)
{
    return n <= kept || max <= kept ? 0 : share(n - kept, max - kept);
}

/* How full of its ceilings, 1: there is no more room. kept: what counts as not there. */
static double
fullness_beside(const struct store_sqlite *store, const struct store_sqlite_kept *kept)
{
    const struct store_sqlite_merge *merge = &store->merge;
    double rows = larger(share_beside(store->unmerged.n, kept->rows, merge->rows_max),
                         share_beside(store->unmerged.bytes, kept->bytes, merge->bytes_max));

    return larger(rows, share_beside(merge->before + merge->since, kept->log, merge->log_max));
}

static double
fullness(const struct store_sqlite *store)
{
    static const struct store_sqlite_kept none = { 0, 0, 0 };

    return fullness_beside(store, &none);
}

/* ---- a pass ---- */

static int
pass_order(const void *a, const void *b)
{
    const struct store_sqlite_pass_row *x = a, *y = b;

    if (x->team != y->team)
        return x->team < y->team ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static enum sgn_status
pass_begin(struct store_sqlite *store, bool keeps, struct sgn_error *err)
{
    struct store_sqlite_merge *merge = &store->merge;
    size_t n = 0, team = 0;

    merge->rows = malloc((store->unmerged.n + 1) * sizeof *merge->rows);
    if (merge->rows == NULL)
        return sgn_nomem(err);
    for (const struct store_unmerged_team *t = store->unmerged.teams; t != NULL; t = t->next) {
        for (struct store_unmerged_row *row = t->newest; row != NULL; row = row->older)
            merge->rows[n++] = (struct store_sqlite_pass_row){ team, row->id, row, false };
        team++;
    }
    qsort(merge->rows, n, sizeof *merge->rows, pass_order);
    merge->n = n;
    merge->next = 0;
    merge->added = 0;
    merge->until = store->log_last;
    merge->before += merge->since;
    merge->since = 0;
    merge->keeps = keeps;
    merge->now = (struct store_sqlite_kept){ 0, 0, 0 };
    merge->pass++;
    if (store->scrub == STORE_SQLITE_ERASED)
        store->scrub = STORE_SQLITE_PASSING;
    return SGN_OK;
}

static void
pass_end(struct store_sqlite *store)
{
    struct store_sqlite_merge *merge = &store->merge;

    free(merge->rows);
    merge->rows = NULL;
    merge->n = merge->next = 0;
    merge->before = 0;
    merge->kept = merge->now;
    if (store->scrub == STORE_SQLITE_PASSING)
        store->scrub = STORE_SQLITE_MERGED;
}

/* ---- a slice ---- */

static enum sgn_status
merge_row(struct store_sqlite_writing *w, const struct store_unmerged_row *row,
          struct sgn_error *err)
{
    struct store_image_row says;
    enum sgn_status st = store_image_read(row->image, &says, err);

    if (st == SGN_OK)
        st = store_image_parse(&says, err);
    if (st == SGN_OK)
        st = store_sqlite_write_case(w, &says.row, row->id, err);
    store_image_row_deinit(&says);
    return st;
}

/* Is it left where it is? now: what the pass has left so far. */
static bool
is_kept(const struct store_sqlite *store, const struct store_unmerged_row *row,
        const struct store_sqlite_kept *now)
{
    const struct store_sqlite_merge *merge = &store->merge;
    double rows = share(now->rows + 1, merge->rows_max);
    double bytes = share(now->bytes + store_unmerged_bytes(row), merge->bytes_max);

    return merge->keeps && row->changes >= KEEP_FROM && larger(rows, bytes) <= KEEP &&
           merge->before + merge->since + store->log.len + row->image->n <= merge->log_max;
}

/* One that has changed since the pass began stands in the log behind that already. */
static enum sgn_status
merge_rows(struct store_sqlite_writing *w, void *ctx, struct sgn_error *err)
{
    struct store_sqlite *store = w->store;
    struct store_sqlite_merge *merge = &store->merge;
    struct store_sqlite_kept now = merge->now;
    const size_t *end = ctx;
    enum sgn_status st = SGN_OK;

    for (size_t i = merge->next; st == SGN_OK && i < *end; i++) {
        const struct store_unmerged_row *row = merge->rows[i].row;

        merge->rows[i].keep = is_kept(store, row, &now);
        if (!merge->rows[i].keep) {
            st = merge_row(w, row, err);
            continue;
        }
        now.rows++;
        now.bytes += store_unmerged_bytes(row);
        if (row->whole != merge->pass)
            store_sqlite_log_keep(store, row);
    }
    return st == SGN_OK ? store_sqlite_log_write(w, err) : st;
}

static enum sgn_status
trim_log(struct store_sqlite_writing *w, void *ctx, struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    enum sgn_status st =
        store_sqlite_write_prepare(w, "DELETE FROM unmerged WHERE id <= ?", &bind.stmt, err);

    if (st != SGN_OK)
        return st;
    store_sqlite_bind_int(&bind, *(const int64_t *)ctx);
    st = store_sqlite_write_run(w, &bind, "deleting merged rows from the log", err);
    store_sqlite_done(w->conn, bind.stmt);
    return st;
}

static void
drop_merged(struct store_sqlite *store, size_t end)
{
    struct store_sqlite_merge *merge = &store->merge;
    size_t kept = 0;

    pthread_mutex_lock(&store->unmerged.lock);
    for (size_t i = merge->next; i < end; i++) {
        struct store_unmerged_row *row = merge->rows[i].row;

        if (!merge->rows[i].keep) {
            store_unmerged_remove(&store->unmerged, row);
            continue;
        }
        row->whole = merge->pass;
        row->changes = 0;
        merge->now.bytes += store_unmerged_bytes(row);
        kept++;
    }
    pthread_mutex_unlock(&store->unmerged.lock);
    merge->now.rows += kept;
    store->counts.merges++;
    store->counts.kept_cases += (int64_t)kept;
    store->counts.merged_cases += (int64_t)(end - merge->next - kept);
    merge->next = end;
}

/* A piece of the log of about this length, of records that are of any length. */
static enum sgn_status
trim(struct store_sqlite *store, const char *begin, size_t bytes, struct sgn_error *err)
{
    struct store_sqlite_merge *merge = &store->merge;
    int64_t records = merge->until - merge->gone, n = records;
    enum sgn_status st;

    if (merge->before > bytes)
        n = 1 + (int64_t)((double)records * share(bytes, merge->before));
    n = merge->gone + (n < records ? n : records);
    st = store_sqlite_transact(store, begin, trim_log, &n, err);
    if (st != SGN_OK)
        return st;
    merge->before -= merge->before > bytes ? bytes : merge->before;
    merge->gone = n;
    if (n == merge->until)
        pass_end(store);
    return SGN_OK;
}

/* So many rows of the pass; when all of them are in their tables, a piece of the log instead. */
static enum sgn_status
slice(struct store_sqlite *store, size_t n, struct sgn_error *err)
{
    static const char begin[] = "BEGIN IMMEDIATE /* merge */";
    struct store_sqlite_merge *merge = &store->merge;
    size_t end = merge->n - merge->next > n ? merge->next + n : merge->n;
    enum sgn_status st = SGN_OK;

    if (merge->next == merge->n)
        return trim(store, begin, n * ROW_OF_LOG, err);
    st = store_sqlite_transact(store, begin, merge_rows, &end, err);
    if (st == SGN_OK) {
        merge->now.log += store->log.len;
        drop_merged(store, end);
    }
    store_sqlite_log_settle(store, st == SGN_OK);
    return st;
}

/* ---- when ---- */

/* Is the pass under way behind what has come since it began? */
static bool
is_behind(const struct store_sqlite_merge *merge)
{
    size_t since = merge->since - (merge->now.log < merge->since ? merge->now.log : merge->since);
    double come =
        larger(share_beside(merge->kept.rows + merge->added, merge->kept.rows, merge->rows_max),
               share_beside(merge->kept.log + since, merge->kept.log, merge->log_max));

    return merge->next == merge->n || share(merge->next, merge->n) < come / ROOM;
}

static enum sgn_status
make_room(struct store_sqlite *store, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    while (st == SGN_OK && (fullness(store) >= 1 || store_sqlite_index_full(store))) {
        if (store_sqlite_index_full(store))
            st = store_sqlite_index_slice(store, STORE_SQLITE_AT_END, err);
        if (st == SGN_OK && fullness(store) >= 1 && store->merge.rows == NULL)
            st = pass_begin(store, true, err);
        if (st == SGN_OK && fullness(store) >= 1)
            st = slice(store, SLICE_LAST, err);
        if (st == SGN_OK && store_sqlite_checkpoint_due(store))
            store_sqlite_checkpoint(store);
        if (store->latched)
            st = store_sqlite_latched(store, err);
    }
    return st;
}

enum sgn_status
store_sqlite_upkeep(struct store_sqlite *store, struct sgn_error *err)
{
    struct sgn_error why = { 0 };
    enum sgn_status st = SGN_OK;

    if (fullness(store) >= 1 || store_sqlite_index_full(store))
        return make_room(store, err);
    if (!store_sqlite_slice(store)) {
        if (store->merge.rows == NULL && fullness_beside(store, &store->merge.kept) >= BEGIN)
            st = pass_begin(store, true, &why);
        for (int i = 0; st == SGN_OK && i < SLICES && store->merge.rows != NULL; i++) {
            /* One slice of the log's end with each commit is enough. */
            if (!is_behind(&store->merge) || (i > 0 && store->merge.next == store->merge.n))
                break;
            st = slice(store, SLICE, &why);
        }
        if (st == SGN_OK)
            st = store_sqlite_index_slice(store, STORE_SQLITE_BEFORE, &why);
    }
    if (st != SGN_OK)
        sgn_log(SGN_LOG_WARN, "rows not merged", "file", store->file, "why", why.message, NULL);
    sgn_error_clear(&why);
    return store->latched ? store_sqlite_latched(store, err) : SGN_OK;
}

bool
store_sqlite_merge_idle(struct store_sqlite *store)
{
    struct sgn_error why = { 0 };
    enum sgn_status st = SGN_OK;

    if (store->merge.rows == NULL && (fullness(store) >= IDLE || store->unmerged.n >= IDLE_ROWS ||
                                      store->scrub == STORE_SQLITE_ERASED))
        st = pass_begin(store, false, &why);
    if (st == SGN_OK && store->merge.rows != NULL)
        st = slice(store, SLICE, &why);
    else if (st == SGN_OK)
        st = store_sqlite_index_slice(store, STORE_SQLITE_IDLE, &why);
    sgn_error_clear(&why);
    return st == SGN_OK && (store->merge.rows != NULL || store_sqlite_index_more(store));
}

void
store_sqlite_merge_all(struct store_sqlite *store)
{
    struct sgn_error why = { 0 };
    enum sgn_status st = SGN_OK;

    while (st == SGN_OK && (store->merge.rows != NULL || store->merge.since > 0)) {
        if (store->merge.rows == NULL)
            st = pass_begin(store, false, &why);
        if (st == SGN_OK)
            st = slice(store, SLICE_LAST, &why);
    }
    while (st == SGN_OK && (store_sqlite_index_more(store) || store->unindexed.n > 0))
        st = store_sqlite_index_slice(store, STORE_SQLITE_AT_END, &why);
    if (st != SGN_OK)
        sgn_log(SGN_LOG_WARN, "rows not merged", "file", store->file, "why", why.message, NULL);
    sgn_error_clear(&why);
    pass_end(store);
    store_sqlite_index_end(store);
}
