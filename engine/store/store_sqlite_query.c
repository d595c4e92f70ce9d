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
};

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

        for (int i = 0; i < query.n_values - 1; i++) {
            if (query.values[i].text != NULL)
                store_sqlite_bind_text(bind, query.values[i].text);
            else
                store_sqlite_bind_int(bind, query.values[i].n);
        }
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
