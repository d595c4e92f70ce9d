/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The contract of data rows, for every table, with rows made from the table of tables.
 */
#include "contract.h"

/* A value of a column's type that tells from which row and column it is. */
static json_t *
sample_value(const struct store_column *column, int row, int place)
{
    char text[64];

    snprintf(text, sizeof text, "%s-%02d", column->name, row);
    switch (column->type) {
    case STORE_TEXT:
        return json_string(text);
    case STORE_INT:
        return json_integer(INT64_C(4000000000) + row * 100 + place);
    case STORE_BOOL:
        return json_boolean(row % 2);
    case STORE_JSON:
        return json_pack("{s:[s, i, n], s:b}", "any", text, row, "flag", row % 2);
    }
    return NULL;
}

/* Row number n of a table; only its key when the table's key alone is wanted. */
static json_t *
sample_row(const struct store_table_row *table, int n, bool key_only)
{
    json_t *row = json_object();

    for (int i = 0; i < STORE_COLUMNS_MAX && table->columns[i].name != NULL; i++) {
        if (!key_only || i < table->n_key)
            json_object_set_new(row, table->columns[i].name,
                                sample_value(&table->columns[i], n, i));
    }
    return row;
}

static void
put(struct contract *c, enum store_table which, const char *team, const json_t *row, bool remove)
{
    struct store_row one = { .table = which, .team = team, .row = row, .remove = remove };
    struct store_unit unit = { .rows = &one, .n_rows = 1 };
    struct store_head head;

    assert_ok(c, store_begin(c->store, team, &head, &c->err));
    assert_ok(c, store_commit(c->store, &unit, &c->err));
}

/* Runs fn for every table that rows may be put into. */
static void
each_table(struct contract *c,
           void (*fn)(struct contract *c, enum store_table which, const char *team))
{
    for (int i = 0; i < STORE_TABLES; i++) {
        if (i != STORE_WAITING)
            fn(c, (enum store_table)i, store_table((enum store_table)i)->site ? "" : "delivery");
    }
}

static void
assert_row(struct contract *c, enum store_table which, const char *team, const json_t *key,
           const json_t *want)
{
    json_t *got = NULL;

    assert_ok(c, store_row_get(c->reader, which, team, key, &got, &c->err));
    assert_true(json_equal(got, want));
    json_decref(got);
}

static void
try_put_get_remove(struct contract *c, enum store_table which, const char *team)
{
    const struct store_table_row *table = store_table(which);
    json_t *row = sample_row(table, 1, false), *other = sample_row(table, 2, false);
    json_t *key = sample_row(table, 1, true), *got = NULL;

    put(c, which, team, row, false);
    put(c, which, team, other, false);
    assert_row(c, which, team, key, row);
    if (!table->site)
        assert_status(c, SGN_NOT_FOUND,
                      store_row_get(c->reader, which, "others", key, &got, &c->err));

    /* The key alone: every other column becomes null. */
    put(c, which, team, key, false);
    assert_ok(c, store_row_get(c->reader, which, team, key, &got, &c->err));
    for (int i = 0; i < STORE_COLUMNS_MAX && table->columns[i].name != NULL; i++)
        assert_int_equal(json_is_null(json_object_get(got, table->columns[i].name)),
                         i >= table->n_key);
    json_decref(got);

    put(c, which, team, key, true);
    assert_status(c, SGN_NOT_FOUND, store_row_get(c->reader, which, team, key, &got, &c->err));
    assert_row(c, which, team, other, other);
    put(c, which, team, key, true); /* removing what is not there is fine */
    json_decref(row);
    json_decref(other);
    json_decref(key);
}

static void
test_store_rows_are_put_read_replaced_removed(void **state)
{
    each_table(*state, try_put_get_remove);
}

static void
try_list(struct contract *c, enum store_table which, const char *team)
{
    const struct store_table_row *table = store_table(which);
    json_t *after = NULL, *rows = NULL;
    int seen = 0;

    for (int n = 9; n >= 1; n--) {
        json_t *row = sample_row(table, n, false);

        put(c, which, team, row, false);
        json_decref(row);
    }
    /* Pages of four, in the order of the keys. */
    do {
        json_t *row = NULL;
        size_t i = 0;

        assert_ok(c, store_row_list(c->reader, which, team, NULL, after, 4, &rows, &c->err));
        json_decref(after);
        after = NULL;
        json_array_foreach(rows, i, row) {
            json_t *want = sample_row(table, ++seen, false);

            assert_true(json_equal(row, want));
            json_decref(want);
        }
        if (json_array_size(rows) > 0)
            after = json_incref(json_array_get(rows, json_array_size(rows) - 1));
        json_decref(rows);
    } while (after != NULL);
    assert_int_equal(seen, 9);
}

/* Pages of four of nine rows, from the end. */
static void
try_list_back(struct contract *c, enum store_table which, const char *team)
{
    const struct store_table_row *table = store_table(which);
    json_t *before = NULL, *rows = NULL;
    int left = 9;

    for (int n = 1; n <= 9 && which != STORE_WAITING; n++) {
        json_t *row = sample_row(table, n, false);

        put(c, which, team, row, false);
        json_decref(row);
    }
    while (left > 0 && which != STORE_WAITING) {
        json_t *row = NULL;
        size_t i = 0;

        assert_ok(c, store_row_list_back(c->reader, which, team, NULL, before, 4, &rows, &c->err));
        assert_int_equal(json_array_size(rows), left < 4 ? left : 4);
        json_array_foreach(rows, i, row) {
            json_t *want = sample_row(table, left--, false);

            assert_true(json_equal(row, want));
            json_decref(want);
        }
        json_decref(before);
        before = json_incref(json_array_get(rows, json_array_size(rows) - 1));
        json_decref(rows);
    }
    json_decref(before);
}

static void
test_store_rows_are_listed_from_the_end(void **state)
{
    each_table(*state, try_list_back);
}

static void
test_store_rows_are_listed_in_key_order_page_by_page(void **state)
{
    each_table(*state, try_list);
}

static void
try_match(struct contract *c, enum store_table which, const char *team)
{
    const struct store_table_row *table = store_table(which);

    for (int n = 1; n <= 3; n++) {
        json_t *row = sample_row(table, n, false);

        put(c, which, team, row, false);
        json_decref(row);
    }
    for (int i = 0; i < STORE_COLUMNS_MAX && table->columns[i].name != NULL; i++) {
        json_t *match = json_object(), *rows = NULL, *want = sample_row(table, 2, false);

        if (table->columns[i].type != STORE_BOOL) {
            json_object_set_new(match, table->columns[i].name,
                                sample_value(&table->columns[i], 2, i));
            assert_ok(c, store_row_list(c->reader, which, team, match, NULL, 9, &rows, &c->err));
            assert_int_equal(json_array_size(rows), 1);
            assert_true(json_equal(json_array_get(rows, 0), want));
        }
        json_decref(match);
        json_decref(rows);
        json_decref(want);
    }
}

static void
test_store_rows_are_matched_by_any_column(void **state)
{
    each_table(*state, try_match);
}

static void
test_store_rows_match_null_and_several_columns(void **state)
{
    struct contract *c = *state;
    json_t *rows = NULL, *match = json_pack("{s:n, s:b}", "client", "lead", 1);

    commit_row(c, STORE_PERSON, "delivery", json_pack("{s:s, s:b}", "person", "a", "lead", 1));
    commit_row(c, STORE_PERSON, "delivery",
               json_pack("{s:s, s:b, s:s}", "person", "b", "lead", 1, "client", "acme"));
    commit_row(c, STORE_PERSON, "delivery", json_pack("{s:s, s:b}", "person", "c", "lead", 0));
    assert_ok(c,
              store_row_list(c->reader, STORE_PERSON, "delivery", match, NULL, 9, &rows, &c->err));
    assert_int_equal(json_array_size(rows), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 0), "person")), "a");
    json_decref(rows);
    json_decref(match);
}

static void
test_store_rows_of_a_unit_take_effect_in_order(void **state)
{
    struct contract *c = *state;
    json_t *one = json_pack("{s:s, s:i}", "name", "CR", "value", 1);
    json_t *two = json_pack("{s:s, s:i}", "name", "CR", "value", 2);
    json_t *key = json_pack("{s:s}", "name", "CR");
    struct store_row rows[] = {
        { .table = STORE_COUNTER, .team = "delivery", .row = two },
        { .table = STORE_COUNTER, .team = "delivery", .row = key, .remove = true },
        { .table = STORE_COUNTER, .team = "delivery", .row = two },
        { .table = STORE_COUNTER, .team = "delivery", .row = one },
    };
    struct store_unit unit = { .rows = rows, .n_rows = 4 };
    struct store_head head;

    assert_ok(c, store_begin(c->store, "delivery", &head, &c->err));
    assert_ok(c, store_commit(c->store, &unit, &c->err));
    assert_row(c, STORE_COUNTER, "delivery", key, one);
    json_decref(one);
    json_decref(two);
    json_decref(key);
}

/* Values are data, whatever they look like. */
static void
test_store_rows_keep_any_text(void **state)
{
    struct contract *c = *state;
    static const char *const texts[] = { "'; DROP TABLE person; --", "\"quoted\"", "%_\\", "签核",
                                         "" };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_t *key = json_pack("{s:s}", "person", texts[i]), *got = NULL;

        commit_row(c, STORE_PERSON, "delivery",
                   json_pack("{s:s, s:s}", "person", texts[i], "title", texts[i]));
        assert_ok(c, store_row_get(c->reader, STORE_PERSON, "delivery", key, &got, &c->err));
        assert_string_equal(json_string_value(json_object_get(got, "title")), texts[i]);
        json_decref(got);
        json_decref(key);
    }
}

static void
test_store_rows_refuse_what_is_no_column(void **state)
{
    struct contract *c = *state;
    json_t *bad[] = {
        json_pack("{s:s, s:s}", "person", "li", "colour", "red"),
        json_pack("{s:s}", "title", "no key"),
        json_pack("{s:i}", "person", 5),
        json_pack("{s:s, s:s}", "person", "li", "since", "yesterday"),
    };
    json_t *rows = NULL;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct store_row row = { .table = STORE_PERSON, .team = "delivery", .row = bad[i] };
        struct store_unit unit = { .rows = &row, .n_rows = 1 };
        struct store_head head;

        assert_ok(c, store_begin(c->store, "delivery", &head, &c->err));
        assert_status(c, SGN_INTERNAL, store_commit(c->store, &unit, &c->err));
        json_decref(bad[i]);
    }
    assert_ok(c,
              store_row_list(c->reader, STORE_PERSON, "delivery", NULL, NULL, 9, &rows, &c->err));
    assert_int_equal(json_array_size(rows), 0);
    json_decref(rows);
}

static const struct CMUnitTest tests[] = {
    CONTRACT(test_store_rows_are_put_read_replaced_removed),
    CONTRACT(test_store_rows_are_listed_in_key_order_page_by_page),
    CONTRACT(test_store_rows_are_listed_from_the_end),
    CONTRACT(test_store_rows_are_matched_by_any_column),
    CONTRACT(test_store_rows_match_null_and_several_columns),
    CONTRACT(test_store_rows_of_a_unit_take_effect_in_order),
    CONTRACT(test_store_rows_keep_any_text),
    CONTRACT(test_store_rows_refuse_what_is_no_column),
};
CONTRACT_TESTS(contract_row_tests, tests);
