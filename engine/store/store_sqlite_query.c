/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of cases: what of their SQL is SQLite's own (the rest stands in store_query.c), and how
 * their rows are read.
 */
#include "store_query.h"
#include "store_sqlite.h"

/* LIKE looks at ASCII letters in either case of its own accord. */
static const struct store_dialect dialect = {
    .select = STORE_SQLITE_CASE_SELECT,
    .in_array = " IN (SELECT value FROM json_each(?))",
    .in_projects = " IN (SELECT value FROM json_each(d.projects))",
    .in_workflows = " IN (SELECT value FROM json_each(d.workflows))",
    .givers = "(SELECT json_extract(value, '$.person') AS giver, "
              "json_extract(value, '$.projects') AS projects, "
              "json_extract(value, '$.workflows') AS workflows FROM json_each(?)) d",
    .has_state = "instr(c.states, ' ' || ? || ' ') > 0",
    .text = "c.text",
    .shared_text = "substr(c.text, 1, instr(c.text || char(31), char(31)) - 1)",
    .hand = "json_extract(c.document, '$.hand')",
    .field_text = "f.value",
    .field_int = "f.value",
};

/* ---- rows of any list ---- */

static enum sgn_status
next_row(void *rows, bool *row, struct sgn_error *err)
{
    struct store_sqlite_rows *of = rows;

    return store_sqlite_step(of->conn, of->bind, row, err);
}

static json_t *
row_column(void *rows, int column)
{
    return store_sqlite_column(((struct store_sqlite_rows *)rows)->bind->stmt, column);
}

enum sgn_status
store_sqlite_page_read(struct store_sqlite_conn *conn, struct store_sqlite_bind *bind,
                       struct store_list *list, struct store_page *out, struct sgn_error *err)
{
    struct store_sqlite_rows rows = { conn, bind };
    enum sgn_status st;

    list->rows = &rows;
    list->next = next_row;
    list->column = row_column;
    store_sqlite_read_begin(conn);
    st = store_page_read(list, out, err);
    store_sqlite_read_end(conn);
    store_sqlite_done(conn, bind->stmt);
    bind->stmt = NULL;
    return st;
}

enum sgn_status
store_sqlite_case_query(struct store_reader *base, const struct store_case_filter *filter,
                        struct store_page *out, struct sgn_error *err)
{
    struct store_list list = {
        .limit = filter->limit, .item = store_case_item, .end = store_case_end, .ctx = filter
    };
    struct store_sqlite_conn *conn = store_sqlite_conn_of(base);
    struct store_query query;
    struct store_sqlite_bind bind = { 0 };
    enum sgn_status st = store_query_build(&query, &dialect, filter, err);

    if (st == SGN_OK)
        st = store_sqlite_prepare(conn, query.sql.bytes, &bind.stmt, err);
    if (st == SGN_OK) {
        for (int i = 0; i < query.n_values; i++) {
            if (query.values[i].text != NULL)
                store_sqlite_bind_text(&bind, query.values[i].text);
            else
                store_sqlite_bind_int(&bind, query.values[i].n);
        }
        st = store_sqlite_page_read(conn, &bind, &list, out, err);
    }
    store_query_deinit(&query);
    return st;
}
