/* SPDX-License-Identifier: Apache-2.0 */
/* Zones: offsets, and the wall-clock times that happen twice or never. */
#include "clock.h"
#include "zone.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int
teardown(void **state)
{
    (void)state;
    calendar_zones_free();
    return 0;
}

static int64_t
instant(const char *text)
{
    int64_t ms = 0;

    assert_int_equal(sgn_time_parse(text, &ms, NULL), SGN_OK);
    return ms;
}

/* Rows from the zones' own rules (tzdata), checked with Python's zoneinfo. wall is written
 * with a Z and means the wall clock. */
static void
test_zone_instant_follows_rfc_5545(void **state)
{
    static const struct {
        const char *zone;
        const char *wall;
        const char *expected;
    } rows[] = {
        { "America/New_York", "2026-01-15T12:00:00Z", "2026-01-15T17:00:00Z" },
        { "America/New_York", "2026-07-15T12:00:00Z", "2026-07-15T16:00:00Z" },
        /* The gap from two to three: taken with the offset before it. */
        { "America/New_York", "2026-03-08T01:59:59Z", "2026-03-08T06:59:59Z" },
        { "America/New_York", "2026-03-08T02:00:00Z", "2026-03-08T07:00:00Z" },
        { "America/New_York", "2026-03-08T02:30:00Z", "2026-03-08T07:30:00Z" },
        { "America/New_York", "2026-03-08T03:00:00Z", "2026-03-08T07:00:00Z" },
        /* One to two happens twice: the first. */
        { "America/New_York", "2026-11-01T00:59:59Z", "2026-11-01T04:59:59Z" },
        { "America/New_York", "2026-11-01T01:00:00Z", "2026-11-01T05:00:00Z" },
        { "America/New_York", "2026-11-01T01:30:00Z", "2026-11-01T05:30:00Z" },
        { "America/New_York", "2026-11-01T02:00:00Z", "2026-11-01T07:00:00Z" },
        /* Half an hour, and in the south: back on 5 April, forward on 4 October. */
        { "Australia/Lord_Howe", "2026-04-05T01:29:00Z", "2026-04-04T14:29:00Z" },
        { "Australia/Lord_Howe", "2026-04-05T01:45:00Z", "2026-04-04T14:45:00Z" },
        { "Australia/Lord_Howe", "2026-04-05T02:00:00Z", "2026-04-04T15:30:00Z" },
        { "Australia/Lord_Howe", "2026-10-04T02:15:00Z", "2026-10-03T15:45:00Z" },
        { "Australia/Lord_Howe", "2026-10-04T02:30:00Z", "2026-10-03T15:30:00Z" },
        { "Asia/Shanghai", "2026-01-05T09:00:00Z", "2026-01-05T01:00:00Z" },
        { "Asia/Shanghai", "2026-07-05T09:00:00Z", "2026-07-05T01:00:00Z" },
        { "Asia/Kathmandu", "2026-07-05T09:00:00Z", "2026-07-05T03:15:00Z" },
        { "Europe/Rome", "2012-03-25T02:30:00Z", "2012-03-25T01:30:00Z" },
        { "UTC", "2026-07-05T09:00:00Z", "2026-07-05T09:00:00Z" },
        /* Years that a law has changed since, and years beyond what files list. */
        { "Asia/Jerusalem", "2013-10-15T12:00:00Z", "2013-10-15T09:00:00Z" },
        { "Asia/Shanghai", "1988-07-01T12:00:00Z", "1988-07-01T03:00:00Z" },
        { "America/St_Johns", "2040-07-01T12:00:00Z", "2040-07-01T14:30:00Z" },
        { "Europe/Rome", "2399-07-01T12:00:00Z", "2399-07-01T10:00:00Z" },
        /* Samoa left out a whole day. */
        { "Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T22:00:00Z" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct calendar_zone *zone = calendar_zone_get(rows[i].zone);
        assert_non_null(zone);
        assert_int_equal(calendar_zone_instant(zone, instant(rows[i].wall)),
                         instant(rows[i].expected));
    }
}

static void
test_zone_offset_changes_at_the_instant(void **state)
{
    const struct calendar_zone *york = calendar_zone_get("America/New_York");
    const struct calendar_zone *howe = calendar_zone_get("Australia/Lord_Howe");
    int64_t spring = instant("2026-03-08T07:00:00Z");
    int64_t autumn = instant("2026-11-01T06:00:00Z");

    (void)state;
    assert_int_equal(calendar_zone_offset(york, spring - 1), -5 * 3600);
    assert_int_equal(calendar_zone_offset(york, spring), -4 * 3600);
    assert_int_equal(calendar_zone_offset(york, autumn - 1), -4 * 3600);
    assert_int_equal(calendar_zone_offset(york, autumn), -5 * 3600);
    assert_int_equal(calendar_zone_offset(howe, instant("2026-04-04T14:59:59Z")), 11 * 3600);
    assert_int_equal(calendar_zone_offset(howe, instant("2026-04-04T15:00:00Z")), 37800);
}

static void
test_zone_get_knows_names_only(void **state)
{
    static const char *const bad[] = {
        "",
        "Nowhere/City",
        "../../etc/passwd",
        "/etc/localtime",
        "Asia",
        "Asia/",
        "Asia/../Asia/Shanghai",
        "zone.tab",
        "America/New York",
        "GMT+8; rm",
        NULL,
        "Asia//Shanghai",
        "asia/shanghai",
        "leapseconds",
        /* What differs from machine to machine, and copies. */
        "localtime",
        "posixrules",
        "Factory",
        "posix/Asia/Shanghai",
        "right/Asia/Shanghai",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_null(calendar_zone_get(bad[i]));
    assert_string_equal(calendar_zone_name(calendar_zone_get("Asia/Shanghai")), "Asia/Shanghai");
    assert_string_equal(calendar_zone_name(calendar_zone_get("UTC")), "UTC");
    assert_ptr_equal(calendar_zone_get("Europe/Rome"), calendar_zone_get("Europe/Rome"));
}

/* Every half hour of a year: what has a wall-clock time comes back from it, except in the
 * second of two equal hours. */
static void
test_zone_wall_clock_comes_back(void **state)
{
    static const char *const names[] = { "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai",
                                         "UTC" };
    static const int repeated[] = { 2, 1, 0, 0 }; /* half hours that happen twice */

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        const struct calendar_zone *zone = calendar_zone_get(names[i]);
        int64_t end = instant("2027-01-01T00:00:00Z");
        int lost = 0;

        for (int64_t at = instant("2026-01-01T00:00:00Z"); at < end; at += 30 * SGN_MINUTE_MS) {
            int64_t wall = at + calendar_zone_offset(zone, at) * SGN_SECOND_MS;
            int64_t back = calendar_zone_instant(zone, wall);
            assert_true(back <= at);
            lost += back != at;
        }
        assert_int_equal(lost, repeated[i]);
    }
}

#define THREADS 4

static const char *const asked_names[] = { "Europe/Rome",       "Europe/Paris",   "Asia/Tokyo",
                                           "America/Chicago",   "Africa/Cairo",   "UTC",
                                           "Pacific/Auckland",  "Nowhere/City",   "Asia/Kolkata",
                                           "Australia/Sydney",  "Europe/Berlin",  "Asia/Dubai",
                                           "America/Sao_Paulo", "Asia/Singapore", "Europe/Oslo" };

struct asked {
    const struct calendar_zone *zones[COUNT(asked_names)];
    int offsets[COUNT(asked_names)];
};

static void *
ask_all(void *ctx)
{
    struct asked *asked = ctx;

    for (size_t i = 0; i < COUNT(asked_names); i++) {
        asked->zones[i] = calendar_zone_get(asked_names[i]);
        if (asked->zones[i] != NULL)
            asked->offsets[i] = calendar_zone_offset(asked->zones[i], INT64_C(1767574800000));
    }
    return NULL;
}

/* Who asks first reads the file, and all are given the same zone; the thread sanitizer looks. */
static void
test_zone_get_gives_threads_the_same(void **state)
{
    struct asked asked[THREADS] = { 0 };
    pthread_t threads[THREADS];

    (void)state;
    calendar_zones_free();
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_all, &asked[i]), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (int i = 1; i < THREADS; i++)
        assert_memory_equal(asked[i].zones, asked[0].zones, sizeof(asked[0].zones));
    assert_int_equal(asked[0].offsets[0], 3600);
    assert_int_equal(asked[0].offsets[2], 9 * 3600);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zone_instant_follows_rfc_5545),
        cmocka_unit_test(test_zone_offset_changes_at_the_instant),
        cmocka_unit_test(test_zone_get_knows_names_only),
        cmocka_unit_test(test_zone_wall_clock_comes_back),
        cmocka_unit_test(test_zone_get_gives_threads_the_same),
    };
    return cmocka_run_group_tests_name("calendar/zone", tests, NULL, teardown);
}
