/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages of lists, the same for every backend: a case's columns as JSON, what waits as JSON, and
 * cursors. A backend hands in how its rows are stepped through and how a column is read.
 */
#ifndef STORE_PAGE_H
#define STORE_PAGE_H

#include "store.h"

/* A list's statement selects these columns first, in this order; then the indexed fields as the
 * text of a JSON object, or null. */
#define STORE_CASE_COLUMNS 20

/* A list that is being read. */
struct store_list {
    int limit;  /* the statement gives one row more, which tells that a page follows */
    void *rows; /* the backend's */
    /* Goes to the next row; *row is false behind the last. */
    enum sgn_status (*next)(void *rows, bool *row, struct sgn_error *err);
    /* A column of this row as JSON: string, integer or null. NULL: out of memory. */
    json_t *(*column)(void *rows, int column);
    /* What the page shows of this row, and the cursor's value behind it (NULL: out of memory). */
    enum sgn_status (*item)(const struct store_list *list, json_t **out, struct sgn_error *err);
    json_t *(*end)(const struct store_list *list);
    const void *ctx; /* for item and end */
};
/* Reads a page; on failure out is empty. */
enum sgn_status store_page_read(const struct store_list *list, struct store_page *out,
                                struct sgn_error *err) SGN_MUST_CHECK;

/* The item of a list of cases. */
enum sgn_status store_case_item(const struct store_list *list, json_t **out, struct sgn_error *err);

/* Item and end of an inbox, where the columns of waiting follow (kind person role group state
 * since due clock working left why n case on_behalf), then the parts of its order. */
#define STORE_INBOX_ORDER 5
enum sgn_status store_inbox_item(const struct store_list *list, json_t **out,
                                 struct sgn_error *err);
json_t *store_inbox_end(const struct store_list *list);

/* A cursor's value: an array of n elements whose first is the string name; else SGN_INVALID. */
enum sgn_status store_cursor_read(const char *cursor, const char *name, size_t n, json_t **out,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* The parts of the place an inbox's page begins after: due, priority, opened, case, number. A
 * NULL cursor gives a place that every row is behind. Array; new reference. */
enum sgn_status store_inbox_cursor(const char *cursor, json_t **out,
                                   struct sgn_error *err) SGN_MUST_CHECK;

#endif
