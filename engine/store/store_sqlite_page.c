/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every paged list of cases is made of: a case's columns as JSON, and cursors.
 *
 * Knows no filter and no order: those are the query's, which hands in how its rows are read.
 */
#include "store_sqlite.h"

#include "hash.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

/* ---- cursors ---- */

/* JSON in hex: opaque, and safe in any URL. */
static enum sgn_status
cursor_make(json_t *value_take, char **out, struct sgn_error *err)
{
    char *text = value_take == NULL ? NULL : sgn_json_text(value_take);
    size_t n = text == NULL ? 0 : strlen(text);

    json_decref(value_take);
    *out = text == NULL ? NULL : malloc(2 * n + 1);
    if (*out != NULL)
        sgn_hex(text, n, *out);
    free(text);
    return *out == NULL ? sgn_nomem(err) : SGN_OK;
}

/* A cursor comes from a client. Its values are only ever bound, so a forged one can show another
 * place of the same list and nothing else; the name keeps one list's from being used on another. */
enum sgn_status
store_sqlite_cursor_read(const char *cursor, const char *name, size_t n, json_t **out,
                         struct sgn_error *err)
{
    size_t length = strlen(cursor);
    /* Longer than any of ours: what does not fit was not made here. */
    char bytes[1024];
    json_t *value = NULL;

    if (length % 2 == 0 && length / 2 <= sizeof bytes && sgn_unhex(cursor, bytes, length / 2) &&
        sgn_json_parse(bytes, length / 2, &value, NULL) == SGN_OK && json_is_array(value) &&
        json_array_size(value) == n && json_is_string(json_array_get(value, 0)) &&
        strcmp(json_string_value(json_array_get(value, 0)), name) == 0) {
        *out = value;
        return SGN_OK;
    }
    json_decref(value);
    (void)sgn_fail(err, SGN_INVALID,
                   "cursor: not one of this list; take the cursor of the page before, with the "
                   "same sort, or none for the first page");
    sgn_error_add(err, "pointer", json_string("/cursor"));
    return SGN_INVALID;
}

/* ---- cases ---- */

/* Columns by their position in STORE_SQLITE_CASE_SELECT: the two lists change together. */
enum sgn_status
store_sqlite_case_item(sqlite3_stmt *stmt, json_t **out, struct sgn_error *err)
{
    static const char *const names[STORE_SQLITE_CASE_COLUMNS] = {
        "key",       "workflow",  "rules",   "project", "client",   "opener",  "owner",
        "group",     "priority",  "outcome", "states",  "version",  "rev",     "case_seq",
        "opened_at", "closed_at", "due_at",  "stuck",   "last_seq", "last_at",
    };
    json_t *item = json_object(), *fields = NULL;
    const char *text = (const char *)sqlite3_column_text(stmt, STORE_SQLITE_CASE_COLUMNS);
    enum sgn_status st = item == NULL ? sgn_nomem(err) : SGN_OK;

    for (int i = 0; st == SGN_OK && i < STORE_SQLITE_CASE_COLUMNS; i++) {
        json_t *value = strcmp(names[i], "stuck") == 0
                            ? json_boolean(sqlite3_column_int(stmt, i) != 0)
                            : store_sqlite_column(stmt, i);

        if (json_object_set_new(item, names[i], value) != 0)
            st = sgn_nomem(err);
    }
    /* Made by SQLite itself from our rows, and parsed by the one parser all the same. */
    if (st == SGN_OK && text != NULL)
        st = sgn_json_parse(text, strlen(text), &fields, err);
    if (st == SGN_OK &&
        json_object_set_new(item, "fields", fields == NULL ? json_object() : fields) != 0)
        st = sgn_nomem(err);
    if (st != SGN_OK) {
        json_decref(item);
        return st;
    }
    *out = item;
    return SGN_OK;
}

/* ---- pages ---- */

static enum sgn_status
read_rows(struct store_sqlite_conn *conn, struct store_sqlite_bind *bind,
          const struct store_sqlite_list *list, struct store_page *out, struct sgn_error *err)
{
    json_t *end = NULL; /* cursor behind the item read last */
    enum sgn_status st = SGN_OK;

    out->items = json_array();
    if (out->items == NULL)
        return sgn_nomem(err);
    while (st == SGN_OK) {
        int rc = bind->rc == SQLITE_OK ? sqlite3_step(bind->stmt) : bind->rc;
        json_t *item = NULL;

        if (rc == SQLITE_DONE)
            break;
        if (rc != SQLITE_ROW) {
            st = store_sqlite_fail(conn, list->doing, err);
            break;
        }
        /* The row too many is only looked at for being there; its cursor is that of the row
         * before. */
        if (json_array_size(out->items) == (size_t)list->limit) {
            st = cursor_make(end, &out->cursor, err);
            end = NULL;
            break;
        }
        st = list->item(bind->stmt, &item, err);
        if (st == SGN_OK && json_array_append_new(out->items, item) != 0)
            st = sgn_nomem(err);
        json_decref(end);
        end = list->end(list->ctx, bind->stmt);
    }
    json_decref(end);
    return st;
}

enum sgn_status
store_sqlite_page_read(struct store_sqlite_conn *conn, struct store_sqlite_bind *bind,
                       const struct store_sqlite_list *list, struct store_page *out,
                       struct sgn_error *err)
{
    enum sgn_status st;

    store_sqlite_read_begin(conn);
    st = read_rows(conn, bind, list, out, err);
    store_sqlite_read_end(conn);
    store_sqlite_done(conn, bind->stmt);
    bind->stmt = NULL;
    if (st != SGN_OK)
        store_page_deinit(out);
    return st;
}
