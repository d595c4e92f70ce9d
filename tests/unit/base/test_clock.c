/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks, civil dates, and the text of times. */
#include "clock.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static int64_t
parsed(const char *text)
{
    int64_t ms = -1;

    assert_int_equal(sgn_time_parse(text, &ms, NULL), SGN_OK);
    return ms;
}

static void
test_clock_virtual_stands_still(void **state)
{
    struct sgn_clock clock;

    (void)state;
    sgn_clock_init_virtual(&clock, 5000);
    assert_int_equal(sgn_clock_now(&clock), 5000);
    assert_int_equal(sgn_clock_now(&clock), 5000);
    sgn_clock_set(&clock, 5000);
    sgn_clock_set(&clock, 7001);
    assert_int_equal(sgn_clock_now(&clock), 7001);
}

static void
test_clock_real_is_the_worlds(void **state)
{
    struct sgn_clock clock;
    int64_t now;

    (void)state;
    sgn_clock_init_real(&clock);
    now = sgn_clock_now(&clock);
    /* Between 2023 and 2100: milliseconds, not seconds or nanoseconds. */
    assert_true(now > parsed("2023-01-01T00:00:00Z"));
    assert_true(now < parsed("2100-01-01T00:00:00Z"));
    assert_true(sgn_monotonic_ms() <= sgn_monotonic_ms());
}

/* What it goes by is an hour ahead of this machine, or a year behind: it makes no difference. */
static void
test_clock_follows_another_one(void **state)
{
    static const int64_t others[] = { 3600000, -INT64_C(31536000000), 0 };

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct sgn_clock clock;
        int64_t told, now;

        sgn_clock_init_real(&clock);
        told = sgn_clock_now(&clock) + others[i];
        sgn_clock_follow(&clock, told, sgn_monotonic_ms(), sgn_monotonic_ms());
        now = sgn_clock_now(&clock);
        assert_true(now >= told && now < told + 10000);
    }
}

/* A slow answer says little: what is known already is kept as far as it fits. */
static void
test_clock_is_not_spoiled_by_a_slow_answer(void **state)
{
    struct sgn_clock clock;
    int64_t mono = sgn_monotonic_ms(), first;

    (void)state;
    sgn_clock_init_real(&clock);
    sgn_clock_follow(&clock, 5000000, mono, mono);
    first = atomic_load(&clock.offset_ms);
    sgn_clock_follow(&clock, 5000000 + 100, mono, mono + 4000);
    assert_int_equal(atomic_load(&clock.offset_ms), first);
    /* It went on 50 ms more than our own in 1000: at least 50 it must have moved. */
    sgn_clock_follow(&clock, 5000000 + 1050, mono + 900, mono + 1000);
    assert_int_equal(atomic_load(&clock.offset_ms), first + 50);
}

static void
test_clock_that_follows_stands_rather_than_going_back(void **state)
{
    struct sgn_clock clock;
    int64_t mono = sgn_monotonic_ms(), before;

    (void)state;
    sgn_clock_init_real(&clock);
    sgn_clock_follow(&clock, 5000000, mono, mono);
    before = sgn_clock_now(&clock);
    sgn_clock_follow(&clock, 1000000, mono, mono);
    assert_true(sgn_clock_now(&clock) >= before);
    assert_int_equal(sgn_clock_now(&clock), sgn_clock_now(&clock));
    sgn_clock_follow(&clock, 9000000, mono, mono);
    assert_true(sgn_clock_now(&clock) >= 9000000);
}

/* timegm is the independent source; every day of 1970 to 2400, and the last years. */
static void
test_civil_dates_agree_with_the_c_library(void **state)
{
    (void)state;
    for (int64_t day = 0; day <= 2932896; day = day == 157000 ? 2930000 : day + 1) {
        time_t at = (time_t)(day * 86400);
        struct tm tm;
        int y;
        int m;
        int d;

        assert_non_null(gmtime_r(&at, &tm));
        sgn_civil_from_days(day, &y, &m, &d);
        assert_int_equal(y, tm.tm_year + 1900);
        assert_int_equal(m, tm.tm_mon + 1);
        assert_int_equal(d, tm.tm_mday);
        assert_int_equal(sgn_days_from_civil(y, m, d), day);
    }
}

static void
test_civil_dates_before_1970(void **state)
{
    int y;
    int m;
    int d;

    (void)state;
    assert_int_equal(sgn_days_from_civil(1969, 12, 31), -1);
    assert_int_equal(sgn_days_from_civil(1900, 3, 1), -25508);
    assert_int_equal(sgn_days_from_civil(0, 3, 1), -719468);
    sgn_civil_from_days(-25509, &y, &m, &d);
    assert_int_equal(y * 10000 + m * 100 + d, 19000228); /* 1900 was no leap year */
}

static void
test_date_parse_takes_dates_that_exist(void **state)
{
    static const char *const bad[] = {
        "2026-02-29",  "2026-13-01", "2026-00-10",  "2026-04-31", "2026-1-05",   "26-01-05",
        "2026-01-05 ", "",           "2026-01-05T", "2100-02-29", "2026/01/05",  "-026-01-05",
        " 2026-01-05", "2026-01-00", "2026-01-32",  "2026-01",    "12026-01-05", NULL,
    };
    int y;
    int m;
    int d;

    (void)state;
    assert_true(sgn_date_parse("2024-02-29", &y, &m, &d));
    assert_int_equal(y * 10000 + m * 100 + d, 20240229);
    assert_true(sgn_date_parse("2000-02-29", &y, &m, &d));
    assert_true(sgn_date_parse("9999-12-31", &y, &m, &d));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(sgn_date_parse(bad[i], &y, &m, &d));
}

static void
test_time_parse_knows_offsets_and_fractions(void **state)
{
    (void)state;
    /* Seconds by date(1) -u. */
    assert_int_equal(parsed("1970-01-01T00:00:00Z"), 0);
    assert_int_equal(parsed("2026-01-05T01:00:00Z"), INT64_C(1767574800000));
    assert_int_equal(parsed("2026-01-05T09:00:00+08:00"), INT64_C(1767574800000));
    assert_int_equal(parsed("2026-01-04 20:00:00-05:00"), INT64_C(1767574800000));
    assert_int_equal(parsed("2026-01-05T06:45:00+05:45"), INT64_C(1767574800000));
    assert_int_equal(parsed("2026-01-05T01:00:00.5Z"), INT64_C(1767574800500));
    assert_int_equal(parsed("2026-01-05T01:00:00.05Z"), INT64_C(1767574800050));
    assert_int_equal(parsed("2026-01-05T01:00:00.123Z"), INT64_C(1767574800123));
    assert_int_equal(parsed("9999-12-31T23:59:59.999Z"), SGN_TIME_MAX);
    assert_int_equal(parsed("1970-01-01T00:30:00+00:30"), 0);
}

static void
test_time_parse_refuses_the_rest_and_says_what_it_wants(void **state)
{
    static const char *const bad[] = {
        "",
        "now",
        "2026-01-05",
        "2026-01-05T09:00:00",
        "2026-01-05T09:00+08:00",
        "2026-01-05T24:00:00Z",
        "2026-01-05T09:60:00Z",
        "2026-01-05T09:00:60Z",
        "2026-01-05T09:00:00.Z",
        "2026-01-05T09:00:00.1234Z",
        "2026-01-05T09:00:00+0800",
        "2026-01-05T09:00:00+24:00",
        "2026-01-05T09:00:00+08:60",
        "2026-01-05T09:00:00Z ",
        "2026-02-30T09:00:00Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "2026-01-05T09:00:00 +08:00",
        NULL,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct sgn_error err = { 0 };
        int64_t ms = 77;
        assert_int_equal(sgn_time_parse(bad[i], &ms, &err), SGN_INVALID);
        assert_non_null(strstr(err.message, "expected"));
        assert_int_equal(ms, 77);
        sgn_error_clear(&err);
    }
}

static void
test_time_format_writes_rfc3339(void **state)
{
    char text[SGN_TIME_TEXT];

    (void)state;
    assert_string_equal(sgn_time_format(0, 0, text), "1970-01-01T00:00:00Z");
    assert_string_equal(sgn_time_format(INT64_C(1767574800000), 8 * 3600, text),
                        "2026-01-05T09:00:00+08:00");
    assert_string_equal(sgn_time_format(INT64_C(1767574800050), -(3 * 3600 + 1800), text),
                        "2026-01-04T21:30:00.050-03:30");
    assert_string_equal(sgn_time_format(SGN_TIME_MAX, 0, text), "9999-12-31T23:59:59.999Z");
    assert_string_equal(sgn_time_format(0, -3600, text), "1969-12-31T23:00:00-01:00");
}

static void
test_time_text_comes_back(void **state)
{
    static const int offsets[] = { 0, 3600, -3600, 20700, 34200, -34200, 50400 };
    uint64_t random = 1;
    char text[SGN_TIME_TEXT];

    (void)state;
    for (int i = 0; i < 20000; i++) {
        int64_t ms;
        /* Knuth's MMIX generator: the same numbers in every run. */
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        ms = (int64_t)(random >> 16) % (SGN_TIME_MAX - 2 * SGN_DAY_MS) + SGN_DAY_MS;
        assert_int_equal(parsed(sgn_time_format(ms, offsets[i % 7], text)), ms);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clock_virtual_stands_still),
        cmocka_unit_test(test_clock_real_is_the_worlds),
        cmocka_unit_test(test_clock_follows_another_one),
        cmocka_unit_test(test_clock_is_not_spoiled_by_a_slow_answer),
        cmocka_unit_test(test_clock_that_follows_stands_rather_than_going_back),
        cmocka_unit_test(test_civil_dates_agree_with_the_c_library),
        cmocka_unit_test(test_civil_dates_before_1970),
        cmocka_unit_test(test_date_parse_takes_dates_that_exist),
        cmocka_unit_test(test_time_parse_knows_offsets_and_fractions),
        cmocka_unit_test(test_time_parse_refuses_the_rest_and_says_what_it_wants),
        cmocka_unit_test(test_time_format_writes_rfc3339),
        cmocka_unit_test(test_time_text_comes_back),
    };
    return cmocka_run_group_tests_name("base/clock", tests, NULL, NULL);
}
