/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading single things: heads, a case by its key, figures.
 *
 * None of these walks over entries or cases: all go by a key or by an index made for the question.
 */
#include "store_disk.h"
#include "store_sqlite.h"

#include "clock.h"
#include "json.h"
#include "text.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- teams and heads ---- */

enum sgn_status
store_sqlite_teams(struct store_reader *base, json_t **out, struct sgn_error *err)
{
    struct store_sqlite_conn *conn = store_sqlite_conn_of(base);
    struct store_sqlite_bind bind = { 0 };
    json_t *teams = json_array();
    bool row = false;
    enum sgn_status st = teams == NULL ? sgn_nomem(err) : SGN_OK;

    if (st == SGN_OK)
        st = store_sqlite_prepare(
            conn, "SELECT team FROM head UNION SELECT team FROM team_ ORDER BY team", &bind.stmt,
            err);
    while (st == SGN_OK) {
        st = store_sqlite_step(conn, &bind, &row, err);
        if (st != SGN_OK || !row)
            break;
        if (json_array_append_new(teams, store_sqlite_column(bind.stmt, 0)) != 0)
            st = sgn_nomem(err);
    }
    store_sqlite_done(conn, bind.stmt);
    if (st != SGN_OK) {
        json_decref(teams);
        return st;
    }
    *out = teams;
    return SGN_OK;
}

/* A team without a row has an empty head, as one that has just begun: no first entry is special. */
enum sgn_status
store_sqlite_head_read(struct store_sqlite_conn *conn, const char *team, struct store_head *out,
                       bool *exists, struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    enum sgn_status st = store_sqlite_prepare(
        conn, "SELECT seq, hash, at, data_seq, case_seq FROM head WHERE team = ?", &bind.stmt, err);

    *out = (struct store_head){ 0 };
    if (st != SGN_OK)
        return st;
    store_sqlite_bind_text(&bind, team);
    st = store_sqlite_step(conn, &bind, exists, err);
    if (st == SGN_OK && *exists) {
        const char *hash = (const char *)sqlite3_column_text(bind.stmt, 1);

        out->seq = sqlite3_column_int64(bind.stmt, 0);
        /* A hash of another length is left out rather than cut: a wrong chain must not look like
         * a right one. */
        if (hash != NULL && strlen(hash) < sizeof out->hash)
            memcpy(out->hash, hash, strlen(hash) + 1);
        out->at = sqlite3_column_int64(bind.stmt, 2);
        out->data_seq = sqlite3_column_int64(bind.stmt, 3);
        out->case_seq = sqlite3_column_int64(bind.stmt, 4);
    }
    store_sqlite_done(conn, bind.stmt);
    return st;
}

enum sgn_status
store_sqlite_head_get(struct store_reader *base, const char *team, struct store_head *out,
                      struct sgn_error *err)
{
    bool exists = false;

    return store_sqlite_head_read(store_sqlite_conn_of(base), team, out, &exists, err);
}

/* There is one node, so its clock is the database's. */
enum sgn_status
store_sqlite_clock(struct store_reader *base, int64_t *out, struct sgn_error *err)
{
    struct sgn_clock clock;

    (void)base;
    (void)err;
    sgn_clock_init_real(&clock);
    *out = sgn_clock_now(&clock);
    return SGN_OK;
}

struct changes {
    json_t *cases;
    size_t limit;
};

/* One more than the limit is enough to know that there are too many. */
static enum sgn_status
take_change(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct changes *changes = ctx;

    if (entry->case_key == NULL || json_object_size(changes->cases) > changes->limit)
        return SGN_OK;
    return json_object_set_new(changes->cases, entry->case_key, json_integer(entry->seq)) == 0
               ? SGN_OK
               : sgn_nomem(err);
}

/* Nobody but this server writes, so that it is asked for in tests alone. */
enum sgn_status
store_sqlite_changes(struct store_reader *base, const char *team, int64_t since, int limit,
                     json_t **out, struct sgn_error *err)
{
    struct changes changes = { json_object(), (size_t)limit };
    enum sgn_status st = changes.cases == NULL ? sgn_nomem(err) : SGN_OK;

    if (st == SGN_OK)
        st = store_sqlite_entries(base, team, since + 1, INT32_MAX, take_change, &changes, err);
    return store_changes_done(st, changes.cases, limit, out, err);
}

/* ---- cases ---- */

/* Of a row that is not merged. */
static enum sgn_status
unmerged_get(const struct store_image *image, struct store_case_row *out, struct sgn_error *err)
{
    struct store_image_row says;
    enum sgn_status st = store_image_read(image, &says, err);

    if (st != SGN_OK)
        return st;
    out->document = strdup(says.row.document);
    out->last_seq = says.row.last_seq;
    out->last_at = says.row.last_at;
    if (says.row.last_hash != NULL && strlen(says.row.last_hash) < sizeof out->last_hash)
        memcpy(out->last_hash, says.row.last_hash, strlen(says.row.last_hash) + 1);
    return out->document == NULL ? sgn_nomem(err) : SGN_OK;
}

/* Not merged comes first: what has been merged by the time that it is looked for here is in the
 * table. */
enum sgn_status
store_sqlite_case_get(struct store_reader *base, const char *team, const char *key,
                      struct store_case_row *out, struct sgn_error *err)
{
    struct store_image *image = store_unmerged_image(&store_sqlite_of(base)->unmerged, team, key);
    struct store_sqlite_conn *conn = store_sqlite_conn_of(base);
    struct store_sqlite_bind bind = { 0 };
    bool row = false;
    const char *hash = NULL;
    enum sgn_status st = SGN_OK;

    if (image != NULL) {
        st = unmerged_get(image, out, err);
        store_image_drop(image);
        return st;
    }
    st = store_sqlite_prepare(
        conn, "SELECT document, last_seq, last_at, last_hash FROM case_ WHERE team = ? AND key = ?",
        &bind.stmt, err);

    if (st != SGN_OK)
        return st;
    store_sqlite_bind_text(&bind, team);
    store_sqlite_bind_text(&bind, key);
    st = store_sqlite_step(conn, &bind, &row, err);
    if (st == SGN_OK && !row)
        st = sgn_fail(err, SGN_NOT_FOUND, "there is no case %.40s", key);
    if (st == SGN_OK)
        st = store_sqlite_column_copy(bind.stmt, 0, &out->document, NULL, err);
    if (st == SGN_OK) {
        out->last_seq = sqlite3_column_int64(bind.stmt, 1);
        out->last_at = sqlite3_column_int64(bind.stmt, 2);
        hash = (const char *)sqlite3_column_text(bind.stmt, 3);
        if (hash != NULL && strlen(hash) < sizeof out->last_hash)
            memcpy(out->last_hash, hash, strlen(hash) + 1);
    }
    store_sqlite_done(conn, bind.stmt);
    return st;
}

/* One behind the other, each with its end. */
static char *
two_texts(const char *first, const char *second)
{
    size_t n = strlen(first) + 1, m = strlen(second) + 1;
    char *both = malloc(n + m);

    if (both != NULL) {
        memcpy(both, first, n);
        memcpy(both + n, second, m);
    }
    return both;
}

enum sgn_status
store_sqlite_base(struct store_sqlite_conn *conn, const char *team, const char *key, int64_t *id,
                  char **base, struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    bool row = false;
    enum sgn_status st = store_sqlite_prepare(
        conn,
        "SELECT id, outcome IS NULL, ifnull(project, ''), workflow FROM case_ WHERE team = ? "
        "AND key = ?",
        &bind.stmt, err);

    *id = 0;
    *base = NULL;
    if (st != SGN_OK)
        return st;
    store_sqlite_bind_text(&bind, team);
    store_sqlite_bind_text(&bind, key);
    st = store_sqlite_step(conn, &bind, &row, err);
    if (st == SGN_OK && row) {
        *id = sqlite3_column_int64(bind.stmt, 0);
        if (sqlite3_column_int(bind.stmt, 1) != 0) {
            const char *project = (const char *)sqlite3_column_text(bind.stmt, 2);
            const char *workflow = (const char *)sqlite3_column_text(bind.stmt, 3);

            *base = two_texts(project, workflow);
            st = *base == NULL ? sgn_nomem(err) : SGN_OK;
        }
    }
    store_sqlite_done(conn, bind.stmt);
    return st;
}

/* ---- figures ---- */

/* What the writer counts; moments of single figures, not of one state. */
static void
add_counts(struct store_sqlite *store, json_t *stats)
{
    const struct store_sqlite_counts *counts = &store->counts;
    size_t rows, bytes;

    pthread_mutex_lock(&store->unmerged.lock);
    rows = store->unmerged.n;
    bytes = store->unmerged.bytes;
    pthread_mutex_unlock(&store->unmerged.lock);
    const struct {
        const char *name;
        int64_t n;
    } figures[] = {
        { "cases", __atomic_load_n(&store->last_id, __ATOMIC_RELAXED) },
        { "unmerged_cases", (int64_t)rows },
        { "unmerged_bytes", (int64_t)bytes },
        { "commits", counts->commits },
        { "merges", counts->merges },
        { "merged_cases", counts->merged_cases },
        { "kept_cases", counts->kept_cases },
        { "indexed_entries", counts->indexed_entries },
        { "recovered_rows", counts->recovered_rows },
        { "recovery_ms", counts->recovery_ms },
        { "log_pages", counts->log_pages },
        { "checkpoints", counts->checkpoints },
        { "checkpoint_pages", counts->checkpoint_pages },
    };

    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
        json_object_set_new(stats, figures[i].name, json_integer(figures[i].n));
}

/* Figures that fail are left out: somebody who looks at a server in trouble wants the others. */
json_t *
store_sqlite_stats(struct store_reader *base)
{
    struct store_sqlite_conn *conn = store_sqlite_conn_of(base);
    /* Entries are numbered without gaps and cases never removed: no table is counted. A commit that
     * failed may leave a gap in the numbers of cases. */
    static const struct {
        const char *name, *sql;
    } figures[] = {
        { "schema", "PRAGMA user_version" },
        { "teams", "SELECT count(*) FROM head" },
        { "entries", "SELECT sum(seq) FROM head" },
        { "bytes", "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size" },
    };
    json_t *stats = json_pack("{s:s}", "backend", "sqlite");
    char *wal = sgn_format("%s-wal", conn->path);
    int64_t n = 0;

    for (size_t i = 0; stats != NULL && i < sizeof figures / sizeof figures[0]; i++) {
        if (store_sqlite_int(conn, figures[i].sql, &n, NULL) == SGN_OK)
            json_object_set_new(stats, figures[i].name, json_integer(n));
    }
    if (stats != NULL)
        add_counts(store_sqlite_of(base), stats);
    if (stats != NULL && wal != NULL)
        json_object_set_new(stats, "wal_bytes", json_integer(store_disk_size(wal)));
    free(wal);
    return stats;
}
