/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of an inbox: by what is left that counts, in pages that neither overlap nor leave out,
 * over a store that gives items by due time alone. Times are of Friday 2026-01-09 in Shanghai,
 * where the office is open on weekdays from 09:00 to 17:00.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "calendar.h"
#include "urgency.h"
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR      SGN_HOUR_MS
#define AT(h)     (INT64_C(1767888000000) + (h)*HOUR) /* Friday 00:00 +08:00 and so many hours */
#define ITEMS_MAX 2600

/* ---- what stands around it ---- */

struct around {
    struct sgn_clock clock;
    json_t *items; /* as the store has them, by due time */
    int n_calendars;
};

static struct around *
around_of(struct lane *lane)
{
    return (struct around *)lane;
}

struct sgn_clock *
lane_clock(struct lane *lane)
{
    return &around_of(lane)->clock;
}

enum sgn_status
lane_calendar_read(struct lane *lane, struct store_reader *reader, const char *team,
                   const char *name, struct calendar **out, struct sgn_error *err)
{
    json_t *json;
    enum sgn_status status;

    (void)reader;
    (void)team;
    if (strcmp(name, "office") != 0)
        return sgn_fail(err, SGN_NOT_FOUND, "no such calendar");
    around_of(lane)->n_calendars++;
    json = json_pack("{s:s, s:{s:[s]}}", "timezone", "Asia/Shanghai", "hours", "monday_to_friday",
                     "09:00-17:00");
    status = calendar_parse(json, NULL, out, err);
    json_decref(json);
    return status;
}

/* The reader is the list itself; a cursor is a place in it. */
enum sgn_status __wrap_store_inbox_for(struct store_reader *reader,
                                       const struct store_inbox_filter *filter, const char *cursor,
                                       int limit, struct store_page *out, struct sgn_error *err);
enum sgn_status
__wrap_store_inbox_for(struct store_reader *reader, const struct store_inbox_filter *filter,
                       const char *cursor, int limit, struct store_page *out, struct sgn_error *err)
{
    const json_t *all = (const json_t *)reader;
    size_t at = cursor != NULL ? strtoul(cursor, NULL, 10) : 0, n = json_array_size(all);
    char next[24];

    (void)filter;
    (void)err;
    out->items = json_array();
    for (int i = 0; i < limit && at < n; i++)
        json_array_append_new(out->items, json_deep_copy(json_array_get(all, at++)));
    snprintf(next, sizeof(next), "%zu", at);
    out->cursor = at < n ? strdup(next) : NULL;
    return SGN_OK;
}

static void
put(struct around *a, const char *key, json_t *more_take)
{
    json_t *item = json_pack("{s:s, s:i, s:s, s:i}", "case", key, "n", 0, "priority", "normal",
                             "opened_at", 1);

    json_object_update(item, more_take);
    json_decref(more_take);
    json_array_append_new(a->items, item);
}

/* Due so many hours after Friday 00:00, counted in the office's time or in every hour. */
static void
put_due(struct around *a, const char *key, int64_t due, bool working)
{
    put(a, key,
        json_pack("{s:I, s:s, s:i}", "due", (json_int_t)AT(due), "clock", "office", "working",
                  (int)working));
}

/* The keys of the whole inbox, read in pages of limit, with spaces between. step: so much time
 * passes between two pages. */
static void
read_all(struct around *a, int limit, int64_t step, char *out, size_t max)
{
    struct lane_job job = { .team = "demo", .person = "li" };
    struct sgn_error err = { 0 };
    char *cursor = NULL;
    size_t n = 0;

    out[0] = '\0';
    do {
        struct rpc_urgent_page page;
        const json_t *item;
        size_t i;

        assert_int_equal(rpc_urgent_page((struct store_reader *)a->items, (struct lane *)a, &job,
                                         NULL, cursor, limit, &page, &err),
                         SGN_OK);
        assert_in_range(json_array_size(page.items), 1, limit);
        json_array_foreach(page.items, i, item)
            n += (size_t)snprintf(out + n, max - n, "%s%s", n == 0 ? "" : " ",
                                  json_string_value(json_object_get(item, "case")));
        free(cursor);
        cursor = page.cursor;
        page.cursor = NULL;
        rpc_urgent_page_deinit(&page);
        sgn_clock_set(&a->clock, sgn_clock_now(&a->clock) + step);
    } while (cursor != NULL);
}

static int
setup(void **state)
{
    struct around *a = calloc(1, sizeof(*a));

    if (a == NULL)
        return 1;
    sgn_clock_init_virtual(&a->clock, AT(16));
    a->items = json_array();
    *state = a;
    return 0;
}

static int
teardown(void **state)
{
    struct around *a = *state;

    json_decref(a->items);
    free(a);
    return 0;
}

/* ---- tests ---- */

/* At Friday 16:00, in the order of the store: by due time. */
static void
fill(struct around *a)
{
    put_due(a, "E-1", 13, false);         /* over by 3 h of every hour */
    put_due(a, "C-1", 14, true);          /* over by 2 h of work */
    put_due(a, "L-1", 22, false);         /* in 6 h */
    put_due(a, "M-1", 3 * 24 + 10, true); /* Monday 10:00: in 2 h of work */
    put_due(a, "M-2", 3 * 24 + 13, true); /* in 5 h of work */
    put_due(a, "S-1", 24, false);         /* in 8 h */
    put(a, "P-2", json_pack("{s:i, s:i}", "left", 7200, "working", 1));
    put(a, "P-1", json_pack("{s:i, s:i}", "left", -5, "working", 1));
    put(a, "W-1", json_pack("{s:i}", "working", 0));
    put(a, "N-1", json_object());
}

#define IN_ORDER "E-1 C-1 M-1 M-2 L-1 S-1 P-1 P-2 W-1 N-1"

static void
test_inbox_is_most_urgent_first_by_the_time_that_counts(void **state)
{
    char got[256];

    fill(*state);
    read_all(*state, 50, 0, got, sizeof(got));
    assert_string_equal(got, IN_ORDER);
    assert_int_equal(((struct around *)*state)->n_calendars, 1); /* compiled once for all */
}

/* A page later it is Saturday: the hours' order would be another one, the pages' is the first's. */
static void
test_inbox_pages_keep_the_order_of_the_first_one_while_time_passes(void **state)
{
    fill(*state);
    for (int limit = 1; limit <= 11; limit++) {
        struct around *a = *state;
        char got[256];

        sgn_clock_init_virtual(&a->clock, AT(16));
        read_all(a, limit, 5 * HOUR, got, sizeof(got));
        assert_string_equal(got, IN_ORDER);
    }
}

/* After work of the day nothing counts: then the due time tells. */
static void
test_inbox_of_the_same_time_left_goes_by_due_time_priority_and_age(void **state)
{
    struct around *a = *state;
    char got[256];

    sgn_clock_init_virtual(&a->clock, AT(20));
    put_due(a, "D-1", 18, true); /* over by no working time */
    put_due(a, "D-2", 19, true);
    put(a, "N-3", json_pack("{s:i}", "opened_at", 2));
    put(a, "N-2", json_object());
    put(a, "N-1", json_pack("{s:s, s:i}", "priority", "high", "opened_at", 9));
    read_all(a, 2, 0, got, sizeof(got));
    assert_string_equal(got, "D-1 D-2 N-1 N-2 N-3");
}

/* More than a stretch: each item once, and within a stretch exactly sorted. */
static void
test_inbox_longer_than_a_stretch_loses_and_doubles_nothing(void **state)
{
    struct around *a = *state;
    char *got = malloc(ITEMS_MAX * 8), *seen = calloc(ITEMS_MAX, 1), *word, *rest;
    int n = 0;

    assert_true(got != NULL && seen != NULL);
    for (int i = 0; i < 2500; i++) {
        char key[16];

        snprintf(key, sizeof(key), "K-%d", i);
        put_due(a, key, 100 + i, i % 2 == 0);
    }
    read_all(a, 130, HOUR, got, ITEMS_MAX * 8);
    for (word = strtok_r(got, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest), n++) {
        int i = atoi(word + 2);

        assert_int_equal(seen[i]++, 0);
        /* A working clock counts a quarter of the hours: those of a stretch come before. */
        assert_int_equal(i / RPC_URGENT_MOST, n / RPC_URGENT_MOST);
    }
    assert_int_equal(n, 2500);
    free(got);
    free(seen);
}

static void
test_inbox_refuses_cursors_that_are_none(void **state)
{
    static const char *const bad[] = { "x",
                                       "[]",
                                       "[\"inbox\",1,null,[],null]",
                                       "[\"urgent\",1,7,[],null]",
                                       "[\"urgent\",\"1\",null,[],null]",
                                       "[\"urgent\",-1,null,[],null]",
                                       "[\"urgent\",1,null,[1,2,3],\"CR-1\"]" };
    struct lane_job job = { .team = "demo", .person = "li" };
    struct around *a = *state;

    fill(a);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct rpc_urgent_page page;
        struct sgn_error err = { 0 };

        assert_int_equal(rpc_urgent_page((struct store_reader *)a->items, (struct lane *)a, &job,
                                         NULL, bad[i], 5, &page, &err),
                         SGN_INVALID);
        assert_string_equal(json_string_value(json_object_get(err.data, "pointer")), "/cursor");
        sgn_error_clear(&err);
    }
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_inbox_is_most_urgent_first_by_the_time_that_counts,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_inbox_pages_keep_the_order_of_the_first_one_while_time_passes, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_inbox_of_the_same_time_left_goes_by_due_time_priority_and_age, setup, teardown),
        cmocka_unit_test_setup_teardown(test_inbox_longer_than_a_stretch_loses_and_doubles_nothing,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_inbox_refuses_cursors_that_are_none, setup, teardown),
    };

    return cmocka_run_group_tests_name("rpc urgency", tests, NULL, NULL);
}
