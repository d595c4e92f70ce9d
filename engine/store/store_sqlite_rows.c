/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Data tables, all alike: SQL is made of the names in store_tables.c and of nothing that
 * anybody sent; values are bound.
 *
 * Never checks meaning: which rows belong together is the lane's business, above.
 */
#include "store_sqlite_overlay.h"

#include "json.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SQL_MAX 4096

/* ---- values ---- */

/* Values that are bound, with the texts of JSON columns, which live until the end. */
struct values {
    struct store_sqlite_bind bind;
    char *texts[STORE_COLUMNS_MAX * 2];
    int n_texts;
};

/* After the statement was given back: until then SQLite holds pointers into the texts. */
static void
values_deinit(struct values *values)
{
    for (int i = 0; i < values->n_texts; i++)
        free(values->texts[i]);
}

/* As text that lives until the statement is done. Not canonical: what is hashed is the entry,
 * not the row. */
static enum sgn_status
bind_json(struct values *values, const json_t *value, struct sgn_error *err)
{
    char *text = sgn_json_text(value);

    if (text == NULL)
        return sgn_nomem(err);
    assert(values->n_texts < STORE_COLUMNS_MAX * 2);
    values->texts[values->n_texts++] = text;
    store_sqlite_bind_text(&values->bind, text);
    return SGN_OK;
}

/* Binds a column's value; a value of another type than the column's is our own fault. */
static enum sgn_status
bind_value(struct values *values, const struct store_table_row *table,
           const struct store_column *column, const json_t *value, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    if (value == NULL || json_is_null(value)) {
        store_sqlite_bind_text(&values->bind, NULL);
        return SGN_OK;
    }
    st = store_column_check(table, column, value, err);
    if (st != SGN_OK)
        return st;
    if (column->type == STORE_JSON)
        return bind_json(values, value, err);
    if (column->type == STORE_TEXT)
        store_sqlite_bind_text(&values->bind, json_string_value(value));
    else if (column->type == STORE_INT)
        store_sqlite_bind_int(&values->bind, json_integer_value(value));
    else
        store_sqlite_bind_int(&values->bind, json_is_true(value) ? 1 : 0);
    return SGN_OK;
}

/* The first n columns, in their order; missing ones are null, but for the key's. */
static enum sgn_status
bind_columns(struct values *values, const struct store_table_row *table, int n, const json_t *row,
             struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int i = 0; st == SGN_OK && i < n; i++) {
        const json_t *value = json_object_get(row, table->columns[i].name);

        st = i < table->n_key ? store_key_check(table, row, i, err) : SGN_OK;
        if (st == SGN_OK)
            st = bind_value(values, table, &table->columns[i], value, err);
    }
    return st;
}

static void
bind_team(struct values *values, const struct store_table_row *table, const char *team)
{
    if (!table->site)
        store_sqlite_bind_text(&values->bind, team);
}

/* A row that was read, as JSON: all columns, from the statement's first one on. */
static enum sgn_status
row_read(sqlite3_stmt *stmt, const struct store_table_row *table, json_t **out,
         struct sgn_error *err)
{
    json_t *row = json_object();
    enum sgn_status st = row == NULL ? sgn_nomem(err) : SGN_OK;

    for (int i = 0; st == SGN_OK && i < store_table_columns(table); i++) {
        bool is_null = sqlite3_column_type(stmt, i) == SQLITE_NULL;
        json_t *value = NULL;

        if (table->columns[i].type == STORE_JSON && !is_null)
            st = sgn_json_parse((const char *)sqlite3_column_text(stmt, i),
                                (size_t)sqlite3_column_bytes(stmt, i), &value, err);
        else if (table->columns[i].type == STORE_BOOL && !is_null)
            value = json_boolean(sqlite3_column_int(stmt, i) != 0);
        else
            value = store_sqlite_column(stmt, i);
        if (st == SGN_OK && json_object_set_new(row, table->columns[i].name, value) != 0)
            st = sgn_nomem(err);
    }
    if (st != SGN_OK) {
        json_decref(row);
        return st;
    }
    *out = row;
    return SGN_OK;
}

/* ---- SQL ---- */

/* "a", "b", "c" of the first n columns, each with text behind it. */
static void
/* Quoted, since some columns are words of SQL ("group", "case", "text"). */
put_columns(struct sgn_buf *sql, const struct store_table_row *table, int n, const char *behind)
{
    for (int i = 0; i < n; i++)
        sgn_buf_printf(sql, "%s\"%s\"%s", i == 0 ? "" : ", ", table->columns[i].name, behind);
}

static void
put_marks(struct sgn_buf *sql, int n)
{
    for (int i = 0; i < n; i++)
        sgn_buf_puts(sql, i == 0 ? "?" : ", ?");
}

/* ... WHERE team = ? AND "key" = ? ... */
static void
put_key(struct sgn_buf *sql, const struct store_table_row *table)
{
    sgn_buf_puts(sql, table->site ? " WHERE 1" : " WHERE team = ?");
    for (int i = 0; i < table->n_key; i++)
        sgn_buf_printf(sql, " AND \"%s\" = ?", table->columns[i].name);
}

/* Prepares what was built and leaves the buffer empty. */
static enum sgn_status
prepare(struct store_sqlite_conn *conn, struct sgn_buf *sql, sqlite3_stmt **out,
        struct sgn_error *err)
{
    enum sgn_status st =
        sql->failed ? sgn_nomem(err) : store_sqlite_prepare(conn, sql->bytes, out, err);

    sgn_buf_deinit(sql);
    return st;
}

/* ---- writing ---- */

/* Writes or removes one row inside the commit's transaction. OR REPLACE makes writing the same
 * row twice harmless: a batch that is decided again writes it again. */
enum sgn_status
store_sqlite_row_put(struct store_sqlite_conn *conn, const struct store_row *row, int *rc,
                     struct sgn_error *err)
{
    const struct store_table_row *table = store_table(row->table);
    int n = store_table_columns(table);
    struct values values = { 0 };
    struct sgn_buf sql;
    enum sgn_status st = store_table_check(table, row->row, err);

    *rc = SQLITE_OK;
    if (st != SGN_OK)
        return st;
    sgn_buf_init(&sql, SQL_MAX);
    if (row->remove) {
        sgn_buf_printf(&sql, "DELETE FROM %s", table->name);
        put_key(&sql, table);
    } else {
        sgn_buf_printf(&sql, "INSERT OR REPLACE INTO %s(%s", table->name,
                       table->site ? "" : "team, ");
        put_columns(&sql, table, n, "");
        sgn_buf_puts(&sql, ") VALUES(");
        put_marks(&sql, table->site ? n : n + 1);
        sgn_buf_puts(&sql, ")");
    }
    /* The text of the SQL depends on the table only, so the cache of statements holds a handful
     * of them. */
    st = prepare(conn, &sql, &values.bind.stmt, err);
    if (st != SGN_OK) {
        *rc = sqlite3_extended_errcode(conn->db);
        return st;
    }
    bind_team(&values, table, row->team);
    st = bind_columns(&values, table, row->remove ? table->n_key : n, row->row, err);
    if (st == SGN_OK) {
        *rc = values.bind.rc == SQLITE_OK ? sqlite3_step(values.bind.stmt) : values.bind.rc;
        if (*rc == SQLITE_DONE)
            *rc = SQLITE_OK;
        else
            st = store_sqlite_fail(conn, "writing a row", err);
    }
    store_sqlite_done(conn, values.bind.stmt);
    values_deinit(&values);
    return st;
}

/* ---- reading ---- */

/* By the whole key: an index lookup, which needs no limit of time. */
enum sgn_status
store_sqlite_row_get(struct store_reader *base, enum store_table table, const char *team,
                     const json_t *key, json_t **out, struct sgn_error *err)
{
    struct store_sqlite_conn *conn = store_sqlite_conn_of(base);
    const struct store_table_row *spec = store_table(table);
    struct values values = { 0 };
    struct sgn_buf sql;
    enum sgn_status st = SGN_OK;
    int rc = SQLITE_OK;

    sgn_buf_init(&sql, SQL_MAX);
    sgn_buf_puts(&sql, "SELECT ");
    put_columns(&sql, spec, store_table_columns(spec), "");
    sgn_buf_printf(&sql, " FROM %s", spec->name);
    put_key(&sql, spec);
    st = prepare(conn, &sql, &values.bind.stmt, err);
    if (st != SGN_OK)
        return st;
    bind_team(&values, spec, team);
    st = bind_columns(&values, spec, spec->n_key, key, err);
    if (st == SGN_OK) {
        rc = values.bind.rc == SQLITE_OK ? sqlite3_step(values.bind.stmt) : values.bind.rc;
        if (rc == SQLITE_ROW)
            st = row_read(values.bind.stmt, spec, out, err);
        else if (rc == SQLITE_DONE)
            st = sgn_fail(err, SGN_NOT_FOUND, "no such %s", spec->name);
        else
            st = store_sqlite_fail(conn, "reading a row", err);
    }
    store_sqlite_done(conn, values.bind.stmt);
    values_deinit(&values);
    return st;
}

/* The columns of the key, the last first. */
static void
put_falling(struct sgn_buf *sql, const struct store_table_row *table)
{
    for (int i = 0; i < table->n_key; i++)
        sgn_buf_printf(sql, "%s\"%s\" DESC", i > 0 ? ", " : "", table->columns[i].name);
}

/* SELECT ... WHERE team AND matches AND after the key, in key order, or before it, falling. "IS"
 * finds null as well: a filter for "no client" is one. */
static void
put_list(struct sgn_buf *sql, const struct store_table_row *table, const json_t *match, bool after,
         bool back)
{
    sgn_buf_puts(sql, "SELECT ");
    put_columns(sql, table, store_table_columns(table), "");
    sgn_buf_printf(sql, " FROM %s%s", table->name, table->site ? " WHERE 1" : " WHERE team = ?");
    /* In the order of the columns, so that one statement serves every order of members. */
    for (int i = 0; i < store_table_columns(table); i++) {
        if (json_object_get(match, table->columns[i].name) != NULL)
            sgn_buf_printf(sql, " AND \"%s\" IS ?", table->columns[i].name);
    }
    if (after) {
        sgn_buf_puts(sql, " AND (");
        put_columns(sql, table, table->n_key, "");
        sgn_buf_puts(sql, back ? ") < (" : ") > (");
        put_marks(sql, table->n_key);
        sgn_buf_puts(sql, ")");
    }
    sgn_buf_puts(sql, " ORDER BY ");
    if (back)
        put_falling(sql, table);
    else
        put_columns(sql, table, table->n_key, "");
    sgn_buf_puts(sql, " LIMIT ?");
}

/* In the order in which put_list() wrote the marks. */
static enum sgn_status
bind_list(struct values *values, const struct store_table_row *table, const char *team,
          const json_t *match, const json_t *after, int limit, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    bind_team(values, table, team);
    for (int i = 0; st == SGN_OK && i < store_table_columns(table); i++) {
        const json_t *value = json_object_get(match, table->columns[i].name);

        if (value != NULL)
            st = bind_value(values, table, &table->columns[i], value, err);
    }
    if (st == SGN_OK && after != NULL)
        st = bind_columns(values, table, table->n_key, after, err);
    store_sqlite_bind_int(&values->bind, limit);
    return st;
}

/* Rows come in key order, so that a caller can go on behind the last one without a cursor. */
static enum sgn_status
read_list(struct store_sqlite_arms *arms, const struct store_table_row *table, int limit,
          json_t *rows, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int i = 0; st == SGN_OK && i < limit; i++) {
        json_t *value = NULL;
        bool row = false;

        st = store_sqlite_arms_next(arms, &row, err);
        if (st != SGN_OK || !row)
            break;
        st = row_read(store_sqlite_arms_stmt(arms), table, &value, err);
        if (st == SGN_OK && json_array_append_new(rows, value) != 0)
            st = sgn_nomem(err);
    }
    return st;
}

/* What cases wait for changes with them, and is not in its table before they are. */
enum sgn_status
store_sqlite_row_list(struct store_reader *base, enum store_table table, const char *team,
                      const json_t *match, const json_t *after, int limit, json_t **out,
                      struct sgn_error *err)
{
    static const int by_case[] = { 0, 1 }; /* the case, the number */
    const struct store_table_row *spec = store_table(table);
    struct store_sqlite_arms arms = { 0 };
    struct values values[2] = { 0 };
    struct sgn_buf sql;
    bool back = limit < 0;
    json_t *rows = json_array();
    enum sgn_status st = rows == NULL ? sgn_nomem(err) : store_table_check(spec, match, err);

    limit = back ? -limit : limit;
    sgn_buf_init(&sql, SQL_MAX);
    put_list(&sql, spec, match, after != NULL, back);
    if (st == SGN_OK && sql.failed)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = store_sqlite_arms_begin(&arms, base, table == STORE_WAITING ? team : NULL, sql.bytes,
                                     err);
    arms.order = by_case;
    arms.n_order = 2;
    for (int a = 0; st == SGN_OK && a < arms.n; a++) {
        values[a].bind = arms.arm[a].bind;
        st = bind_list(&values[a], spec, team, match, after,
                       a == 0 && arms.team != NULL ? -1 : limit, err);
        arms.arm[a].bind = values[a].bind;
        store_sqlite_read_begin(arms.arm[a].conn);
    }
    if (st == SGN_OK)
        st = read_list(&arms, spec, limit, rows, err);
    for (int a = 0; a < arms.n; a++)
        store_sqlite_read_end(arms.arm[a].conn);
    store_sqlite_arms_end(&arms);
    values_deinit(&values[0]);
    values_deinit(&values[1]);
    sgn_buf_deinit(&sql);
    if (st != SGN_OK) {
        json_decref(rows);
        return st;
    }
    *out = rows;
    return SGN_OK;
}
