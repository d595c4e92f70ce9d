/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A list as it is read from the file and from memory at once: two sorted runs of rows that become
 * one. Where nothing of the team stands in memory it is the file's alone.
 */
#include "store_sqlite_overlay.h"

#include <string.h>

enum sgn_status
store_sqlite_arms_begin(struct store_sqlite_arms *arms, struct store_reader *base, const char *team,
                        const char *sql, struct sgn_error *err)
{
    struct store_sqlite_reader *reader = (struct store_sqlite_reader *)base;
    enum sgn_status st;

    *arms = (struct store_sqlite_arms){ .reader = reader, .now = -1 };
    st = team == NULL ? SGN_OK : store_sqlite_overlay_bring(reader, team, &arms->team, err);
    arms->arm[0].conn = reader->conn;
    if (arms->team != NULL)
        arms->arm[1].conn = store_sqlite_overlay_conn(reader->overlay);
    for (int i = 0; st == SGN_OK && i < 2 && arms->arm[i].conn != NULL; i++) {
        st = store_sqlite_prepare(arms->arm[i].conn, sql, &arms->arm[i].bind.stmt, err);
        arms->n = i + 1;
    }
    return st;
}

void
store_sqlite_arms_end(struct store_sqlite_arms *arms)
{
    for (int i = 0; i < arms->n; i++) {
        store_sqlite_done(arms->arm[i].conn, arms->arm[i].bind.stmt);
        arms->arm[i].bind.stmt = NULL;
    }
}

int64_t
store_sqlite_arms_limit(const struct store_sqlite_arms *arms, int arm, int64_t limit)
{
    return arm == 0 && arms->team != NULL ? limit + (int64_t)store_sqlite_overlay_rows(arms->team)
                                          : limit;
}

sqlite3_stmt *
store_sqlite_arms_stmt(const struct store_sqlite_arms *arms)
{
    return arms->arm[arms->now].bind.stmt;
}

/* To the next row of one of them that the list shows. */
static enum sgn_status
step(struct store_sqlite_arms *arms, int i, struct sgn_error *err)
{
    struct store_sqlite_arm *arm = &arms->arm[i];
    enum sgn_status st;

    do {
        st = store_sqlite_step(arm->conn, &arm->bind, &arm->row, err);
    } while (
        st == SGN_OK && arm->row && i == 0 && arms->team != NULL &&
        store_sqlite_overlay_has(arms->reader->overlay, arms->team,
                                 (const char *)sqlite3_column_text(arm->bind.stmt, arms->key)));
    return st;
}

/* As SQLite compares them: numbers come before texts, texts by their bytes. */
static int
compare_column(sqlite3_stmt *a, sqlite3_stmt *b, int column)
{
    int type_a = sqlite3_column_type(a, column), type_b = sqlite3_column_type(b, column);
    int n_a, n_b, order;

    if (type_a == SQLITE_INTEGER && type_b == SQLITE_INTEGER) {
        int64_t x = sqlite3_column_int64(a, column), y = sqlite3_column_int64(b, column);

        return x < y ? -1 : x > y;
    }
    if (type_a != type_b)
        return type_a < type_b ? -1 : 1;
    n_a = sqlite3_column_bytes(a, column);
    n_b = sqlite3_column_bytes(b, column);
    order = memcmp(sqlite3_column_blob(a, column), sqlite3_column_blob(b, column),
                   (size_t)(n_a < n_b ? n_a : n_b));
    return order != 0 ? order : n_a < n_b ? -1 : n_a > n_b;
}

/* Whose row comes first, where both have one. */
static int
first_of_both(const struct store_sqlite_arms *arms)
{
    for (int i = 0; i < arms->n_order; i++) {
        int order = compare_column(arms->arm[0].bind.stmt, arms->arm[1].bind.stmt, arms->order[i]);

        if (order != 0)
            return (order < 0) != arms->descending ? 0 : 1;
    }
    return 0;
}

enum sgn_status
store_sqlite_arms_next(struct store_sqlite_arms *arms, bool *row, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    *row = false;
    for (int i = 0; st == SGN_OK && i < arms->n; i++)
        if (arms->now == -1 || arms->now == i)
            st = step(arms, i, err);
    if (st != SGN_OK)
        return st;
    if (arms->n == 2 && arms->arm[0].row && arms->arm[1].row)
        arms->now = first_of_both(arms);
    else
        arms->now = arms->n == 2 && arms->arm[1].row ? 1 : 0;
    *row = arms->arm[arms->now].row;
    return SGN_OK;
}

/* ---- pages ---- */

static enum sgn_status
next_row(void *rows, bool *row, struct sgn_error *err)
{
    return store_sqlite_arms_next(rows, row, err);
}

static json_t *
row_column(void *rows, int column)
{
    return store_sqlite_column(store_sqlite_arms_stmt(rows), column);
}

enum sgn_status
store_sqlite_page_read(struct store_sqlite_arms *arms, struct store_list *list,
                       struct store_page *out, struct sgn_error *err)
{
    enum sgn_status st;

    list->rows = arms;
    list->next = next_row;
    list->column = row_column;
    for (int i = 0; i < arms->n; i++)
        store_sqlite_read_begin(arms->arm[i].conn);
    st = store_page_read(list, out, err);
    for (int i = 0; i < arms->n; i++)
        store_sqlite_read_end(arms->arm[i].conn);
    return st;
}
