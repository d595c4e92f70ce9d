/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See world.h: what is seen of a world's cases, rows and histories.
 */
#include "hash.h"
#include "world.h"

int64_t
world_head(struct world *w)
{
    struct store_head head;

    assert_int_equal(store_head_get(store_own_reader(w->store), "demo", &head, &w->err), SGN_OK);
    return head.seq;
}

json_t *
world_case(struct world *w, const char *key)
{
    struct store_case_row row;
    json_t *document = NULL;
    enum sgn_status st = store_case_get(store_own_reader(w->store), "demo", key, &row, &w->err);

    if (st == SGN_NOT_FOUND)
        return NULL;
    assert_int_equal(st, SGN_OK);
    assert_int_equal(sgn_json_parse(row.document, strlen(row.document), &document, &w->err),
                     SGN_OK);
    store_case_row_deinit(&row);
    return document;
}

void
assert_states(struct world *w, const char *key, const char *states)
{
    json_t *document = world_case(w, key);

    assert_json(json_object_get(document, "states"), states);
    json_decref(document);
}

static json_t *
parsed(const char *text, size_t n)
{
    json_t *value = NULL;

    if (text == NULL)
        return json_null();
    assert_int_equal(sgn_json_parse(text, n, &value, NULL), SGN_OK);
    return value;
}

static enum sgn_status
note_entry(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    json_t *history = ctx, *list;
    const char *key = entry->case_key != NULL ? entry->case_key : "-";

    (void)err;
    list = json_object_get(history, key);
    if (list == NULL) {
        list = json_array();
        json_object_set_new(history, key, list);
    }
    json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:o, s:o}", "kind", entry->kind, "actor",
                                          entry->actor, "at", (json_int_t)entry->at, "shared",
                                          parsed(entry->shared, entry->shared_n), "internal",
                                          parsed(entry->internal, entry->internal_n)));
    return SGN_OK;
}

json_t *
world_history(struct world *w)
{
    json_t *history = json_object();

    assert_int_equal(
        store_entries(store_own_reader(w->store), "demo", 1, 100000, note_entry, history, &w->err),
        SGN_OK);
    return history;
}

int
world_count(struct world *w, const char *key, const char *kind)
{
    json_t *history = world_history(w), *entry;
    int n = 0;
    size_t i;

    json_array_foreach(json_object_get(history, key), i, entry)
        n += strcmp(sgn_json_str(entry, "kind"), kind) == 0;
    json_decref(history);
    return n;
}

json_t *
world_rows(struct world *w, enum store_table table)
{
    json_t *rows = NULL;

    assert_int_equal(store_row_list(store_own_reader(w->store), table,
                                    store_table(table)->site ? "" : "demo", NULL, NULL, 1000, &rows,
                                    &w->err),
                     SGN_OK);
    return rows;
}

void
world_verify(struct world *w)
{
    json_t *report = NULL;
    enum sgn_status st =
        lane_verify(store_own_reader(w->store), lane_files(w->lane), "demo", &report, &w->err);

    if (st != SGN_OK)
        fail_msg("verify: %s", w->err.message);
    json_decref(report);
}

/* ---- times ---- */

static json_t *
minutes_of(struct world *w, const char *key, const char *kind)
{
    json_t *history = world_history(w), *minutes = json_array(), *entry;
    size_t i;

    json_array_foreach(json_object_get(history, key), i, entry)
        if (strcmp(sgn_json_str(entry, "kind"), kind) == 0)
            json_array_append_new(minutes,
                                  json_integer((sgn_json_int(entry, "at", 0) - START) / MINUTE));
    json_decref(history);
    return minutes;
}

void
assert_minutes_at(struct world *w, const char *key, const char *kind, const char *expected,
                  const char *file, int line)
{
    json_t *minutes = minutes_of(w, key, kind);

    assert_json_at(minutes, expected, file, line);
    json_decref(minutes);
}

struct order {
    int64_t due;
    int n;
};

static enum sgn_status
check_order(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct order *order = ctx;
    json_t *internal = NULL;
    int64_t due;

    if (strcmp(entry->kind, "deadline") != 0)
        return SGN_OK;
    assert_int_equal(sgn_json_parse(entry->internal, entry->internal_n, &internal, err), SGN_OK);
    due = sgn_json_int(internal, "due", 0);
    assert_true(due >= order->due);
    assert_int_equal(entry->at, due); /* each at its own time */
    order->due = due;
    order->n++;
    json_decref(internal);
    return SGN_OK;
}

void
assert_order(struct world *w, int n)
{
    struct order order = { 0 };

    assert_int_equal(
        store_entries(store_own_reader(w->store), "demo", 1, 10000, check_order, &order, &w->err),
        SGN_OK);
    assert_int_equal(order.n, n);
}
