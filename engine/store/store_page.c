/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every paged list of cases is made of, whatever the rows came from.
 *
 * Knows no filter and no SQL: those are the query's, which hands in how its rows are read.
 */
#include "store_page.h"

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

static enum sgn_status
not_a_cursor(struct sgn_error *err)
{
    (void)sgn_fail(err, SGN_INVALID,
                   "cursor: not one of this list; take the cursor of the page before, with the "
                   "same sort, or none for the first page");
    sgn_error_add(err, "pointer", json_string("/cursor"));
    return SGN_INVALID;
}

/* A cursor comes from a client. Its values are only ever bound, so a forged one can show another
 * place of the same list and nothing else; the name keeps one list's from being used on another. */
enum sgn_status
store_cursor_read(const char *cursor, const char *name, size_t n, json_t **out,
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
    return not_a_cursor(err);
}

/* The types are looked at too: a backend whose columns have types refuses to compare others. */
enum sgn_status
store_inbox_cursor(const char *cursor, json_t **out, struct sgn_error *err)
{
    json_t *value = NULL;
    enum sgn_status st = SGN_OK;
    bool good = true;

    if (cursor == NULL) {
        *out = json_pack("[I, I, I, s, I]", (json_int_t)INT64_MIN, (json_int_t)INT64_MIN,
                         (json_int_t)INT64_MIN, "", (json_int_t)INT64_MIN);
        return *out == NULL ? sgn_nomem(err) : SGN_OK;
    }
    st = store_cursor_read(cursor, "inbox", STORE_INBOX_ORDER + 1, &value, err);
    if (st != SGN_OK)
        return st;
    for (size_t i = 1; i <= STORE_INBOX_ORDER; i++) {
        const json_t *part = json_array_get(value, i);

        good = good && (i == 4 ? json_is_string(part) : json_is_integer(part));
    }
    if (!good) {
        json_decref(value);
        return not_a_cursor(err);
    }
    json_array_remove(value, 0);
    *out = value;
    return SGN_OK;
}

/* ---- items ---- */

/* Columns by their position: each backend's SELECT and this list change together. */
enum sgn_status
store_case_item(const struct store_list *list, json_t **out, struct sgn_error *err)
{
    static const char *const names[STORE_CASE_COLUMNS] = {
        "key",       "workflow",  "rules",   "project", "client",   "opener",  "owner",
        "group",     "priority",  "outcome", "states",  "version",  "rev",     "case_seq",
        "opened_at", "closed_at", "due_at",  "stuck",   "last_seq", "last_at",
    };
    json_t *item = json_object(), *fields = NULL;
    json_t *text = list->column(list->rows, STORE_CASE_COLUMNS);
    enum sgn_status st = item == NULL || text == NULL ? sgn_nomem(err) : SGN_OK;

    for (int i = 0; st == SGN_OK && i < STORE_CASE_COLUMNS; i++) {
        json_t *value = list->column(list->rows, i);

        if (strcmp(names[i], "stuck") == 0) {
            json_t *flag = json_boolean(json_integer_value(value) != 0);

            json_decref(value);
            value = flag;
        }
        if (json_object_set_new(item, names[i], value) != 0)
            st = sgn_nomem(err);
    }
    /* Made by the database itself from our rows, and parsed by the one parser all the same. */
    if (st == SGN_OK && json_is_string(text))
        st = sgn_json_parse(json_string_value(text), json_string_length(text), &fields, err);
    if (st == SGN_OK &&
        json_object_set_new(item, "fields", fields == NULL ? json_object() : fields) != 0)
        st = sgn_nomem(err);
    json_decref(text);
    if (st != SGN_OK) {
        json_decref(item);
        return st;
    }
    *out = item;
    return SGN_OK;
}

/* Where the columns of waiting begin, and after them those of the order. */
#define WAITING_AT (STORE_CASE_COLUMNS + 1)
static const char *const waiting_names[] = { "kind",  "person", "role",  "group",    "state",
                                             "since", "due",    "clock", "working",  "left",
                                             "why",   "n",      "case",  "on_behalf" };
#define N_WAITING (sizeof waiting_names / sizeof waiting_names[0])

/* The case's columns with those of waiting; both have a group, the case's is case_group. */
enum sgn_status
store_inbox_item(const struct store_list *list, json_t **out, struct sgn_error *err)
{
    json_t *item = NULL;
    enum sgn_status st = store_case_item(list, &item, err);

    if (st != SGN_OK)
        return st;
    if (json_object_set(item, "case_group", json_object_get(item, "group")) != 0)
        st = sgn_nomem(err);
    for (size_t i = 0; st == SGN_OK && i < N_WAITING; i++) {
        if (json_object_set_new(item, waiting_names[i],
                                list->column(list->rows, WAITING_AT + (int)i)) != 0)
            st = sgn_nomem(err);
    }
    if (st != SGN_OK) {
        json_decref(item);
        return st;
    }
    *out = item;
    return SGN_OK;
}

json_t *
store_inbox_end(const struct store_list *list)
{
    json_t *end = json_pack("[s]", "inbox");

    for (int i = 0; end != NULL && i < STORE_INBOX_ORDER; i++)
        json_array_append_new(end, list->column(list->rows, WAITING_AT + (int)N_WAITING + i));
    return end;
}

/* ---- pages ---- */

static enum sgn_status
read_rows(const struct store_list *list, struct store_page *out, struct sgn_error *err)
{
    json_t *end = NULL; /* cursor behind the item read last */
    enum sgn_status st = SGN_OK;

    out->items = json_array();
    if (out->items == NULL)
        return sgn_nomem(err);
    while (st == SGN_OK) {
        json_t *item = NULL;
        bool row = false;

        st = list->next(list->rows, &row, err);
        if (st != SGN_OK || !row)
            break;
        /* The row too many is only looked at for being there; its cursor is that of the row
         * before. */
        if (json_array_size(out->items) == (size_t)list->limit) {
            st = cursor_make(end, &out->cursor, err);
            end = NULL;
            break;
        }
        st = list->item(list, &item, err);
        if (st == SGN_OK && json_array_append_new(out->items, item) != 0)
            st = sgn_nomem(err);
        json_decref(end);
        end = list->end(list);
    }
    json_decref(end);
    return st;
}

enum sgn_status
store_page_read(const struct store_list *list, struct store_page *out, struct sgn_error *err)
{
    enum sgn_status st = read_rows(list, out, err);

    if (st != SGN_OK)
        store_page_deinit(out);
    return st;
}
