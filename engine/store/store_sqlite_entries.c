/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading entries: a team's from a number on, a case's walking back, the one of a request.
 *
 * Entries are given as the bytes that they were made of, since a hash is over bytes: as they stand
 * in their columns, or unpacked.
 */
#include "store_sqlite.h"

#include "store_entry.h"
#include "store_entry_pack.h"
#include <stdlib.h>

static void
salt(sqlite3_stmt *stmt, int column, unsigned char out[16])
{
    const void *bytes = sqlite3_column_blob(stmt, column); /* before their number is asked for */

    store_entry_salt(out, bytes, (size_t)sqlite3_column_bytes(stmt, column));
}

/* Are the bytes packed, in the place of the header? */
static bool
is_packed(sqlite3_stmt *stmt)
{
    const unsigned char *bytes = sqlite3_column_blob(stmt, STORE_ENTRY_HEADER);

    return sqlite3_column_bytes(stmt, STORE_ENTRY_HEADER) > 0 && bytes[0] == STORE_ENTRY_PACKED;
}

/* Of a packed entry, whose own columns must be empty: so they were written. */
static enum sgn_status
unpack(sqlite3_stmt *stmt, struct store_entry_row *out, struct sgn_error *err)
{
    const void *bytes = sqlite3_column_blob(stmt, STORE_ENTRY_HEADER);
    size_t n = (size_t)sqlite3_column_bytes(stmt, STORE_ENTRY_HEADER);

    if (out->hash == NULL || out->hash[0] != '\0' || out->request_digest != NULL ||
        out->shared != NULL || out->internal != NULL ||
        sqlite3_column_type(stmt, STORE_ENTRY_SHARED_SALT) != SQLITE_NULL ||
        sqlite3_column_type(stmt, STORE_ENTRY_INTERNAL_SALT) != SQLITE_NULL)
        n = 0;
    free(out->hash);
    out->hash = NULL;
    return store_entry_unpack(bytes, n, out, err);
}

/* Fills an empty row from a statement that selects STORE_ENTRY_COLUMNS. */
static enum sgn_status
entry_row(sqlite3_stmt *stmt, struct store_entry_row *out, struct sgn_error *err)
{
    struct store_entry_text texts[STORE_ENTRY_TEXTS];
    bool packed = is_packed(stmt);
    enum sgn_status st = SGN_OK;

    out->seq = sqlite3_column_int64(stmt, STORE_ENTRY_SEQ);
    out->case_seq = sqlite3_column_int64(stmt, STORE_ENTRY_CASE_SEQ);
    out->previous = sqlite3_column_int64(stmt, STORE_ENTRY_PREVIOUS);
    out->at = sqlite3_column_int64(stmt, STORE_ENTRY_AT);
    salt(stmt, STORE_ENTRY_SHARED_SALT, out->shared_salt);
    salt(stmt, STORE_ENTRY_INTERNAL_SALT, out->internal_salt);
    store_entry_texts(out, texts);
    for (size_t i = 0; st == SGN_OK && i < STORE_ENTRY_TEXTS; i++)
        if (!packed || texts[i].column != STORE_ENTRY_HEADER)
            st = store_sqlite_column_copy(stmt, texts[i].column, texts[i].text, texts[i].n, err);
    if (st == SGN_OK && packed)
        st = unpack(stmt, out, err);
    if (st != SGN_OK)
        store_entry_row_deinit(out);
    return st;
}

/* Gives the rows of a bound statement to fn, one by one: a history is never in memory as a
 * whole. n counts them. */
static enum sgn_status
walk(struct store_sqlite_conn *conn, struct store_sqlite_bind *bind, store_entry_fn fn, void *ctx,
     int *n, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    bool row = false;

    while (st == SGN_OK) {
        struct store_entry_row entry = { 0 };

        st = store_sqlite_step(conn, bind, &row, err);
        if (st != SGN_OK || !row)
            break;
        st = entry_row(bind->stmt, &entry, err);
        if (st == SGN_OK)
            st = fn(ctx, &entry, err);
        store_entry_row_deinit(&entry);
        ++*n;
    }
    return st;
}

/* Those that no index has yet, one by one: where they lie is known. The first one that is not there
 * ends it: its commit is under way, and may have ended by the time that the next one is read. */
static enum sgn_status
walk_ids(struct store_sqlite_conn *conn, const struct store_unindexed_range *range,
         const char *team, int64_t first, int limit, store_entry_fn fn, void *ctx,
         struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    enum sgn_status st = SGN_OK;
    int found = 0;

    if (range->n == 0 || limit <= 0)
        return SGN_OK;
    /* Of a commit that failed the place may be another entry's by now. */
    st = store_sqlite_prepare(conn,
                              "SELECT " STORE_ENTRY_COLUMNS "FROM entry WHERE id = ? AND team = ? "
                              "AND seq >= ?",
                              &bind.stmt, err);
    for (int i = 0; st == SGN_OK && i < limit && (size_t)i < range->n && found == i; i++) {
        bind.n = 0;
        store_sqlite_bind_int(&bind, range->ids[i]);
        store_sqlite_bind_text(&bind, team);
        store_sqlite_bind_int(&bind, first);
        st = walk(conn, &bind, fn, ctx, &found, err);
        sqlite3_reset(bind.stmt);
    }
    store_sqlite_done(conn, bind.stmt);
    return st;
}

/* CROSS JOIN keeps the order: the index first, then the entries it names. INDEXED BY is an
 * assertion: should the index ever not fit the query, preparing fails, and in a test, instead of
 * scanning a team's whole history in production. */
#define NUMBERED                                                                                   \
    "SELECT " STORE_ENTRY_COLUMNS "FROM entry_at CROSS JOIN entry ON id = entry_at.entry "         \
    "WHERE of_team = ? AND number >= ? AND number < ? ORDER BY number LIMIT ?"
#define ASKING                                                                                     \
    "SELECT " STORE_ENTRY_COLUMNS "FROM entry_at INDEXED BY entry_at_asks CROSS JOIN entry "       \
    "ON id = entry_at.entry WHERE of_team = ? AND number >= ? AND number < ? AND asks = 1 "        \
    "ORDER BY number LIMIT ?"

/* Entries never change and are numbered without gaps, so pages by number need neither a cursor
 * nor a transaction around them. What is in no index is asked for first, and what is before it
 * then: all of that is indexed. */
static enum sgn_status
entries_from(struct store_reader *base, const char *team, int64_t first, int limit, bool effects,
             store_entry_fn fn, void *ctx, struct sgn_error *err)
{
    struct store_sqlite_conn *conn = store_sqlite_conn_of(base);
    struct store_unindexed_range range;
    struct store_sqlite_bind bind = { 0 };
    int n = 0;
    enum sgn_status st = store_unindexed_range(&store_sqlite_of(base)->unindexed, team, first,
                                               limit, effects, &range, err);

    if (st == SGN_OK && first < range.from) {
        st = store_sqlite_prepare(conn, effects ? ASKING : NUMBERED, &bind.stmt, err);
        if (st == SGN_OK) {
            store_sqlite_bind_text(&bind, team);
            store_sqlite_bind_int(&bind, first);
            store_sqlite_bind_int(&bind, range.from);
            store_sqlite_bind_int(&bind, limit);
            st = walk(conn, &bind, fn, ctx, &n, err);
        }
        store_sqlite_done(conn, bind.stmt);
    }
    if (st == SGN_OK)
        st = walk_ids(conn, &range, team, first, limit - n, fn, ctx, err);
    free(range.ids);
    return st;
}

enum sgn_status
store_sqlite_entries(struct store_reader *base, const char *team, int64_t first, int limit,
                     store_entry_fn fn, void *ctx, struct sgn_error *err)
{
    return entries_from(base, team, first, limit, false, fn, ctx, err);
}

enum sgn_status
store_sqlite_effect_entries(struct store_reader *base, const char *team, int64_t first, int limit,
                            store_entry_fn fn, void *ctx, struct sgn_error *err)
{
    return entries_from(base, team, first, limit, true, fn, ctx, err);
}

/* The number of a case's last entry; 0 when there is no such case. Not merged comes first, as for
 * its row. */
static enum sgn_status
last_of_case(struct store_reader *base, const char *team, const char *key, int64_t *out,
             struct sgn_error *err)
{
    struct store_image *image = store_unmerged_image(&store_sqlite_of(base)->unmerged, team, key);
    struct store_sqlite_conn *conn = store_sqlite_conn_of(base);
    struct store_sqlite_bind bind = { 0 };
    struct store_image_row says;
    bool row = false;
    enum sgn_status st;

    *out = 0;
    if (image != NULL) {
        st = store_image_read(image, &says, err);
        if (st == SGN_OK)
            *out = says.row.last_seq;
        store_image_drop(image);
        return st;
    }
    st = store_sqlite_prepare(conn, "SELECT last_seq FROM case_ WHERE team = ? AND key = ?",
                              &bind.stmt, err);
    if (st != SGN_OK)
        return st;
    store_sqlite_bind_text(&bind, team);
    store_sqlite_bind_text(&bind, key);
    st = store_sqlite_step(conn, &bind, &row, err);
    if (st == SGN_OK && row)
        *out = sqlite3_column_int64(bind.stmt, 0);
    store_sqlite_done(conn, bind.stmt);
    return st;
}

/* The place of one that is in no index is known; else the index tells it. ?1: the place or null. */
#define BY_NUMBER                                                                                  \
    "SELECT " STORE_ENTRY_COLUMNS "FROM entry WHERE id = ifnull(?1, "                              \
    "(SELECT entry FROM entry_at WHERE of_team = ?2 AND number = ?3)) AND team = ?2 AND seq = ?3"
#define BY_REQUEST                                                                                 \
    "SELECT " STORE_ENTRY_COLUMNS "FROM entry WHERE id = ifnull(?1, "                              \
    "(SELECT max(entry) FROM request WHERE of_team = ?2 AND person = ?3 AND name = ?4)) "          \
    "AND team = ?2 AND actor = ?3 AND request = ?4 AND at >= ?5"

static void
bind_place(struct store_sqlite_bind *bind, int64_t id)
{
    if (id == 0)
        store_sqlite_bind_text(bind, NULL);
    else
        store_sqlite_bind_int(bind, id);
}

/* Walks back from a case's last entry; entries do not change, so it needs no transaction. */
enum sgn_status
store_sqlite_case_entries(struct store_reader *base, const char *team, const char *case_key,
                          int64_t before, int limit, store_entry_fn fn, void *ctx,
                          struct sgn_error *err)
{
    struct store_sqlite_conn *conn = store_sqlite_conn_of(base);
    struct store_sqlite_bind bind = { 0 };
    int64_t seq = 0;
    bool row = false;
    enum sgn_status st = last_of_case(base, team, case_key, &seq, err);

    if (st == SGN_OK)
        st = store_sqlite_prepare(conn, BY_NUMBER, &bind.stmt, err);
    while (st == SGN_OK && seq > 0 && limit > 0) {
        struct store_entry_row entry = { 0 };

        bind.n = 0;
        bind_place(&bind, store_unindexed_find(&store_sqlite_of(base)->unindexed, team, seq));
        store_sqlite_bind_text(&bind, team);
        store_sqlite_bind_int(&bind, seq);
        st = store_sqlite_step(conn, &bind, &row, err);
        if (st != SGN_OK || !row)
            break;
        seq = sqlite3_column_int64(bind.stmt, STORE_ENTRY_PREVIOUS);
        if (before == 0 || sqlite3_column_int64(bind.stmt, STORE_ENTRY_CASE_SEQ) < before) {
            st = entry_row(bind.stmt, &entry, err);
            if (st == SGN_OK)
                st = fn(ctx, &entry, err);
            store_entry_row_deinit(&entry);
            limit--;
        }
        sqlite3_reset(bind.stmt);
    }
    store_sqlite_done(conn, bind.stmt);
    return st;
}

enum sgn_status
store_sqlite_request_get(struct store_reader *base, const char *team, const char *person,
                         const char *request, int64_t since, struct store_entry_row *out,
                         struct sgn_error *err)
{
    struct store_sqlite_conn *conn = store_sqlite_conn_of(base);
    struct store_sqlite_bind bind = { 0 };
    bool row = false;
    enum sgn_status st = store_sqlite_prepare(conn, BY_REQUEST, &bind.stmt, err);

    if (st != SGN_OK)
        return st;
    /* The newest of a name is the one: an older one is not younger than what is asked for either.
     */
    bind_place(&bind,
               store_unindexed_request(&store_sqlite_of(base)->unindexed, team, person, request));
    store_sqlite_bind_text(&bind, team);
    store_sqlite_bind_text(&bind, person);
    store_sqlite_bind_text(&bind, request);
    store_sqlite_bind_int(&bind, since);
    st = store_sqlite_step(conn, &bind, &row, err);
    if (st == SGN_OK)
        st = row ? entry_row(bind.stmt, out, err)
                 : sgn_fail(err, SGN_NOT_FOUND, "no entry of request %s", request);
    store_sqlite_done(conn, bind.stmt);
    return st;
}

/* In this process: asking for each costs no more than asking for all. */
enum sgn_status
store_sqlite_requests_find(struct store_reader *base, const char *team,
                           struct store_request *requests, int n, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int i = 0; st == SGN_OK && i < n; i++) {
        struct store_entry_row row = { 0 };

        st = store_sqlite_request_get(base, team, requests[i].person, requests[i].request, 0, &row,
                                      err);
        requests[i].found = st == SGN_OK;
        store_entry_row_deinit(&row);
        if (st != SGN_NOT_FOUND)
            continue;
        sgn_error_clear(err);
        st = SGN_OK;
    }
    return st;
}
