/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Data tables, all alike: SQL is made of the names in store_tables.c and of nothing that anybody
 * sent; values are parameters.
 *
 * A unit's rows are written table by table, each by one statement that removes and one that puts,
 * with a column an array. The order within the unit stays what it means: of the rows of one key
 * the last one counts, and the others are left out.
 */
#include "store_postgres.h"

#include "json.h"
#include <stdlib.h>
#include <string.h>

#define SQL_MAX 8192

/* ---- SQL ---- */

/* Quoted, since some columns are words of SQL ("group", "case", "left"). */
static void
put_columns(struct sgn_buf *sql, const struct store_table_row *table, const char *before, int n)
{
    for (int i = 0; i < n; i++)
        (void)sgn_buf_printf(sql, "%s%s\"%s\"", i == 0 ? "" : ", ", before, table->columns[i].name);
}

/* Texts that live until the statement was sent. */
struct texts {
    char *texts[STORE_COLUMNS_MAX * 2];
    int n;
};

static void
texts_deinit(struct texts *texts)
{
    for (int i = 0; i < texts->n; i++)
        free(texts->texts[i]);
}

/* A column's value as a parameter; a value of another type than the column's is our own fault. */
static enum sgn_status
put_value(struct store_postgres_params *params, struct texts *texts,
          const struct store_table_row *table, const struct store_column *column,
          const json_t *value, struct sgn_error *err)
{
    enum sgn_status st = store_column_check(table, column, value, err);

    if (st != SGN_OK)
        return st;
    if (column->type == STORE_INT)
        store_postgres_int(params, json_integer_value(value));
    else if (column->type == STORE_BOOL)
        store_postgres_int(params, json_is_true(value) ? 1 : 0);
    else if (column->type == STORE_TEXT)
        store_postgres_text(params, json_string_value(value));
    else {
        char *text = sgn_json_text(value);

        if (text == NULL)
            return sgn_nomem(err);
        texts->texts[texts->n++] = text;
        store_postgres_text(params, text);
    }
    return SGN_OK;
}

/* ---- reading ---- */

/* A row that was read, as JSON: all columns, from the result's first one on. */
static enum sgn_status
row_read(const PGresult *res, int at, const struct store_table_row *table, json_t **out,
         struct sgn_error *err)
{
    json_t *row = json_object();
    enum sgn_status st = row == NULL ? sgn_nomem(err) : SGN_OK;

    for (int i = 0; st == SGN_OK && i < store_table_columns(table); i++) {
        bool is_null = PQgetisnull(res, at, i);
        json_t *value = NULL;

        if (table->columns[i].type == STORE_JSON && !is_null)
            st = sgn_json_parse(PQgetvalue(res, at, i), (size_t)PQgetlength(res, at, i), &value,
                                err);
        else if (table->columns[i].type == STORE_BOOL && !is_null)
            value = json_boolean(store_postgres_value(res, at, i) != 0);
        else
            value = store_postgres_json(res, at, i);
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

/* Site-wide tables are read under no team's name. */
static const char *
team_of(const struct store_table_row *table, const char *team)
{
    return table->site ? NULL : team;
}

/* By the whole key. */
enum sgn_status
store_postgres_row_get(struct store_reader *base, enum store_table which, const char *team,
                       const json_t *key, json_t **out, struct sgn_error *err)
{
    const struct store_table_row *table = store_table(which);
    struct store_postgres_params params;
    struct texts texts = { .n = 0 };
    struct sgn_buf sql;
    PGresult *res = NULL;
    enum sgn_status st = SGN_OK;

    store_postgres_params_init(&params);
    sgn_buf_init(&sql, SQL_MAX);
    (void)sgn_buf_puts(&sql, "SELECT ");
    put_columns(&sql, table, "", store_table_columns(table));
    (void)sgn_buf_printf(&sql, " FROM %s WHERE %s", table->name,
                         table->site ? "true" : "team = $1");
    if (!table->site)
        store_postgres_text(&params, team);
    for (int i = 0; st == SGN_OK && i < table->n_key; i++) {
        st = store_key_check(table, key, i, err);
        if (st == SGN_OK)
            st = put_value(&params, &texts, table, &table->columns[i],
                           json_object_get(key, table->columns[i].name), err);
        (void)sgn_buf_printf(&sql, " AND \"%s\" = $%d", table->columns[i].name, params.n);
    }
    if (st == SGN_OK && sql.failed)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = store_postgres_ask(store_postgres_conn_of(base), team_of(table, team), sql.bytes,
                                &params, false, "reading a row", &res, err);
    if (st == SGN_OK)
        st = PQntuples(res) > 0 ? row_read(res, 0, table, out, err)
                                : sgn_fail(err, SGN_NOT_FOUND, "no such %s", table->name);
    PQclear(res);
    sgn_buf_deinit(&sql);
    texts_deinit(&texts);
    return st;
}

/* ... AND columns that match AND after the key, in key order. */
static enum sgn_status
build_list(struct sgn_buf *sql, struct store_postgres_params *params, struct texts *texts,
           const struct store_table_row *table, const json_t *match, const json_t *after, bool back,
           struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    /* In the order of the columns, so that one statement serves every order of members. */
    for (int i = 0; st == SGN_OK && i < store_table_columns(table); i++) {
        const char *name = table->columns[i].name;
        const json_t *value = json_object_get(match, name);

        if (value == NULL)
            continue;
        if (json_is_null(value)) {
            (void)sgn_buf_printf(sql, " AND \"%s\" IS NULL", name);
            continue;
        }
        st = put_value(params, texts, table, &table->columns[i], value, err);
        (void)sgn_buf_printf(sql, " AND \"%s\" = $%d", name, params->n);
    }
    for (int i = 0; st == SGN_OK && after != NULL && i < table->n_key; i++) {
        st = store_key_check(table, after, i, err);
        if (st == SGN_OK)
            st = put_value(params, texts, table, &table->columns[i],
                           json_object_get(after, table->columns[i].name), err);
    }
    if (st == SGN_OK && after != NULL) {
        (void)sgn_buf_puts(sql, " AND (");
        put_columns(sql, table, "", table->n_key);
        (void)sgn_buf_puts(sql, back ? ") < (" : ") > (");
        for (int i = 0; i < table->n_key; i++)
            (void)sgn_buf_printf(sql, "%s$%d", i == 0 ? "" : ", ",
                                 params->n - table->n_key + i + 1);
        (void)sgn_buf_puts(sql, ")");
    }
    for (int i = 0; i < table->n_key; i++)
        (void)sgn_buf_printf(sql, "%s\"%s\"%s", i == 0 ? " ORDER BY " : ", ",
                             table->columns[i].name, back ? " DESC" : "");
    return st;
}

static enum sgn_status
rows_read(const PGresult *res, const struct store_table_row *table, json_t **out,
          struct sgn_error *err)
{
    json_t *rows = json_array();
    enum sgn_status st = rows == NULL ? sgn_nomem(err) : SGN_OK;

    for (int i = 0; st == SGN_OK && i < PQntuples(res); i++) {
        json_t *row = NULL;

        st = row_read(res, i, table, &row, err);
        if (st == SGN_OK && json_array_append_new(rows, row) != 0)
            st = sgn_nomem(err);
    }
    if (st != SGN_OK) {
        json_decref(rows);
        return st;
    }
    *out = rows;
    return SGN_OK;
}

enum sgn_status
store_postgres_row_list(struct store_reader *base, enum store_table which, const char *team,
                        const json_t *match, const json_t *after, int limit, json_t **out,
                        struct sgn_error *err)
{
    const struct store_table_row *table = store_table(which);
    struct store_postgres_params params;
    struct texts texts = { .n = 0 };
    struct sgn_buf sql;
    PGresult *res = NULL;
    enum sgn_status st = store_table_check(table, match, err);

    if (st != SGN_OK)
        return st;
    store_postgres_params_init(&params);
    sgn_buf_init(&sql, SQL_MAX);
    (void)sgn_buf_puts(&sql, "SELECT ");
    put_columns(&sql, table, "", store_table_columns(table));
    (void)sgn_buf_printf(&sql, " FROM %s WHERE %s", table->name,
                         table->site ? "true" : "team = $1");
    if (!table->site)
        store_postgres_text(&params, team);
    st = build_list(&sql, &params, &texts, table, match, after, limit < 0, err);
    store_postgres_int(&params, limit < 0 ? -limit : limit);
    (void)sgn_buf_printf(&sql, " LIMIT $%d", params.n);
    if (st == SGN_OK && sql.failed)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = store_postgres_ask(store_postgres_conn_of(base), team_of(table, team), sql.bytes,
                                &params, false, "reading rows", &res, err);
    if (st == SGN_OK)
        st = rows_read(res, table, out, err);
    PQclear(res);
    sgn_buf_deinit(&sql);
    texts_deinit(&texts);
    return st;
}

/* ---- writing ---- */

/* Everything that could be wrong with a row, before anything is sent. */
enum sgn_status
store_postgres_rows_check(const struct store_unit *unit, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int r = 0; st == SGN_OK && r < unit->n_rows; r++) {
        const struct store_row *row = &unit->rows[r];
        const struct store_table_row *table = store_table(row->table);

        st = store_table_check(table, row->row, err);
        for (int i = 0; st == SGN_OK && i < table->n_key; i++)
            st = store_key_check(table, row->row, i, err);
        for (int i = 0; st == SGN_OK && i < store_table_columns(table); i++)
            st = store_column_check(table, &table->columns[i],
                                    json_object_get(row->row, table->columns[i].name), err);
    }
    return st;
}

static void
put_element(struct sgn_buf *array, const struct store_column *column, const json_t *value)
{
    if (value == NULL || json_is_null(value)) {
        store_postgres_put_null(array);
    } else if (column->type == STORE_INT) {
        store_postgres_put_int(array, json_integer_value(value));
    } else if (column->type == STORE_BOOL) {
        store_postgres_put_int(array, json_is_true(value) ? 1 : 0);
    } else if (column->type == STORE_TEXT) {
        store_postgres_put_bytes(array, json_string_value(value), json_string_length(value));
    } else {
        char *text = sgn_json_text(value);

        if (text == NULL)
            array->failed = true;
        store_postgres_put_text(array, text);
        free(text);
    }
}

/* One array for each of the first n columns, of the rows that count. */
static void
put_arrays(struct store_postgres_params *params, const struct store_table_row *table, int n_columns,
           const struct store_row *const *rows, int n)
{
    for (int i = 0; i < n_columns; i++) {
        const struct store_column *column = &table->columns[i];
        bool number = column->type == STORE_INT || column->type == STORE_BOOL;
        struct sgn_buf *array =
            store_postgres_array(params, number ? STORE_PG_INT8 : STORE_PG_TEXT, n);

        for (int r = 0; r < n; r++)
            put_element(array, column, json_object_get(rows[r]->row, column->name));
    }
}

/* unnest($2::text[], $3::bigint[]) AS t("a", "b") of the first n columns. */
static void
put_unnest(struct sgn_buf *sql, const struct store_table_row *table, int n, int first)
{
    (void)sgn_buf_puts(sql, "unnest(");
    for (int i = 0; i < n; i++) {
        enum store_column_type type = table->columns[i].type;

        (void)sgn_buf_printf(sql, "%s$%d::%s", i == 0 ? "" : ", ", first + i,
                             type == STORE_INT || type == STORE_BOOL ? "bigint[]" : "text[]");
    }
    (void)sgn_buf_puts(sql, ") AS t(");
    put_columns(sql, table, "", n);
    (void)sgn_buf_puts(sql, ")");
}

static void
put_remove(struct sgn_buf *sql, const struct store_table_row *table)
{
    (void)sgn_buf_printf(sql, "DELETE FROM %s r USING ", table->name);
    put_unnest(sql, table, table->n_key, table->site ? 1 : 2);
    (void)sgn_buf_puts(sql, table->site ? " WHERE true" : " WHERE r.team = $1");
    for (int i = 0; i < table->n_key; i++)
        (void)sgn_buf_printf(sql, " AND r.\"%s\" = t.\"%s\"", table->columns[i].name,
                             table->columns[i].name);
}

static void
put_put(struct sgn_buf *sql, const struct store_table_row *table)
{
    int n = store_table_columns(table);

    (void)sgn_buf_printf(sql, "INSERT INTO %s(%s", table->name, table->site ? "" : "team, ");
    put_columns(sql, table, "", n);
    (void)sgn_buf_printf(sql, ") SELECT %s", table->site ? "" : "$1, ");
    put_columns(sql, table, "t.", n);
    (void)sgn_buf_puts(sql, " FROM ");
    put_unnest(sql, table, n, table->site ? 1 : 2);
    (void)sgn_buf_printf(sql, " ON CONFLICT(%s", table->site ? "" : "team, ");
    put_columns(sql, table, "", table->n_key);
    /* Every table has a column besides its key. */
    (void)sgn_buf_puts(sql, ") DO UPDATE SET ");
    for (int i = table->n_key; i < n; i++)
        (void)sgn_buf_printf(sql, "%s\"%s\" = excluded.\"%s\"", i == table->n_key ? "" : ", ",
                             table->columns[i].name, table->columns[i].name);
}

/* Removes, or puts, the rows of one table. */
static enum sgn_status
send_rows(struct store_postgres_conn *conn, const struct store_table_row *table, const char *team,
          const struct store_row *const *rows, int n, bool remove, struct sgn_error *err)
{
    struct store_postgres_params params;
    struct sgn_buf sql;
    enum sgn_status st = SGN_OK;

    if (n == 0)
        return SGN_OK;
    store_postgres_params_init(&params);
    sgn_buf_init(&sql, SQL_MAX);
    if (!table->site)
        store_postgres_text(&params, team);
    put_arrays(&params, table, remove ? table->n_key : store_table_columns(table), rows, n);
    if (remove)
        put_remove(&sql, table);
    else
        put_put(&sql, table);
    st = sql.failed ? sgn_nomem(err) : store_postgres_send(conn, sql.bytes, &params, false, err);
    sgn_buf_deinit(&sql);
    store_postgres_params_deinit(&params);
    return st;
}

/* The text of a row's key, which tells two rows apart. */
static char *
key_text(const struct store_table_row *table, const struct store_row *row)
{
    json_t *key = json_array();
    char *text = NULL;

    for (int i = 0; key != NULL && i < table->n_key; i++)
        json_array_append(key, json_object_get(row->row, table->columns[i].name));
    text = key == NULL ? NULL : sgn_json_text(key);
    json_decref(key);
    return text;
}

/* The rows of one table that count, from the last to the first. */
static enum sgn_status
send_table(struct store_postgres_conn *conn, const struct store_unit *unit, enum store_table which,
           const struct store_row **rows, struct sgn_error *err)
{
    const struct store_table_row *table = store_table(which);
    const char *team = "";
    json_t *seen = json_object();
    int puts = 0, removes = 0;
    enum sgn_status st = seen == NULL ? sgn_nomem(err) : SGN_OK;

    for (int r = unit->n_rows - 1; st == SGN_OK && r >= 0; r--) {
        const struct store_row *row = &unit->rows[r];
        char *key = NULL;

        if (row->table != which)
            continue;
        key = key_text(table, row);
        if (key == NULL)
            st = sgn_nomem(err);
        else if (json_object_get(seen, key) == NULL) {
            json_object_set_new(seen, key, json_true());
            team = row->team;
            /* Puts from the front, removals from the end of one array. */
            rows[row->remove ? unit->n_rows - ++removes : puts++] = row;
        }
        free(key);
    }
    json_decref(seen);
    if (st == SGN_OK)
        st = send_rows(conn, table, team, rows + unit->n_rows - removes, removes, true, err);
    return st == SGN_OK ? send_rows(conn, table, team, rows, puts, false, err) : st;
}

enum sgn_status
store_postgres_rows_send(struct store_postgres_conn *conn, const struct store_unit *unit,
                         struct sgn_error *err)
{
    const struct store_row **rows = calloc((size_t)unit->n_rows + 1, sizeof(struct store_row *));
    bool there[STORE_TABLES] = { false };
    enum sgn_status st = SGN_OK;

    if (rows == NULL)
        return sgn_nomem(err);
    for (int r = 0; r < unit->n_rows; r++)
        there[unit->rows[r].table] = true;
    for (int i = 0; st == SGN_OK && i < STORE_TABLES; i++) {
        if (there[i])
            st = send_table(conn, unit, (enum store_table)i, rows, err);
    }
    free(rows);
    return st;
}
