/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of cases: what of their SQL is SQLite's own (the rest stands in store_query.c).
 */
#include "store_query.h"
#include "store_sqlite_overlay.h"

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
    .field = "json_extract(c.document, '$.fields.' || ?) || ''",
    .late = true,
};

/* The first n values. */
static void
bind_values(struct store_sqlite_bind *bind, const struct store_query *query, int n)
{
    for (int i = 0; i < n; i++) {
        if (query->values[i].text != NULL)
            store_sqlite_bind_text(bind, query->values[i].text);
        else
            store_sqlite_bind_int(bind, query->values[i].n);
    }
}

enum sgn_status
store_sqlite_case_query(struct store_reader *base, const struct store_case_filter *filter,
                        struct store_page *out, struct sgn_error *err)
{
    static const int order[] = { STORE_CASE_COLUMNS + 1, 0 }; /* the sort's value, the key */
    struct store_list list = {
        .limit = filter->limit, .item = store_case_item, .end = store_case_end, .ctx = filter
    };
    struct store_sqlite_arms arms = { 0 };
    struct store_query query;
    enum sgn_status st = store_query_build(&query, &dialect, filter, err);

    if (st == SGN_OK)
        st = store_sqlite_arms_begin(&arms, base, filter->team, query.sql.bytes, err);
    arms.key = 0;
    arms.order = order;
    arms.n_order = 2;
    arms.descending = filter->descending;
    for (int a = 0; st == SGN_OK && a < arms.n; a++) {
        struct store_sqlite_bind *bind = &arms.arm[a].bind;

        bind_values(bind, &query, query.n_values - 1);
        /* The limit stands last. */
        store_sqlite_bind_int(
            bind, store_sqlite_arms_limit(&arms, a, query.values[query.n_values - 1].n));
    }
    if (st == SGN_OK)
        st = store_sqlite_page_read(&arms, &list, out, err);
    store_sqlite_arms_end(&arms);
    store_query_deinit(&query);
    return st;
}

/* ---- counts ---- */

/* The rows of both, each case once: their last column is its key. */
static enum sgn_status
count_rows(struct store_sqlite_arms *arms, struct store_counting *counting, struct sgn_error *err)
{
    const char *values[STORE_COUNT_VALUES];
    enum sgn_status st = SGN_OK;
    bool row = true;

    while (st == SGN_OK && row) {
        st = store_sqlite_arms_next(arms, &row, err);
        for (int i = 0; st == SGN_OK && row && i < counting->n_values; i++)
            values[i] = (const char *)sqlite3_column_text(store_sqlite_arms_stmt(arms), i);
        if (st == SGN_OK && row)
            st = store_counting_add(counting, values, 1, err);
    }
    return st;
}

/* Not by GROUP BY: what stands in memory has to be passed over in the file, case by case. */
enum sgn_status
store_sqlite_case_count(struct store_reader *base, const struct store_case_filter *filter,
                        const struct store_count *count, json_t **out, struct sgn_error *err)
{
    struct store_sqlite_arms arms = { 0 };
    struct store_counting counting;
    struct store_query query;
    enum sgn_status st = store_query_count(&query, &dialect, filter, count, err);
    enum sgn_status begun = store_counting_init(&counting, count, err);

    if (st == SGN_OK)
        st = begun;
    if (st == SGN_OK)
        st = store_sqlite_arms_begin(&arms, base, filter->team, query.sql.bytes, err);
    arms.key = counting.n_values;
    for (int a = 0; st == SGN_OK && a < arms.n; a++)
        bind_values(&arms.arm[a].bind, &query, query.n_values);
    for (int a = 0; a < arms.n; a++)
        store_sqlite_read_begin(arms.arm[a].conn);
    if (st == SGN_OK)
        st = count_rows(&arms, &counting, err);
    for (int a = 0; a < arms.n; a++)
        store_sqlite_read_end(arms.arm[a].conn);
    store_sqlite_arms_end(&arms);
    store_query_deinit(&query);
    return store_counting_end(st, &counting, out);
}
