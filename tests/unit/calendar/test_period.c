/* SPDX-License-Identifier: Apache-2.0 */
/* Periods of whole days: their words, their refusals, their last days. */
#include "clock.h"
#include "period.h"
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

static struct calendar_period
period(const char *text)
{
    struct calendar_period out = { 0 };

    assert_int_equal(calendar_period_parse(text, &out, NULL), SGN_OK);
    return out;
}

static void
test_period_parse_knows_every_unit(void **state)
{
    static const struct {
        const char *text;
        int64_t months, days;
    } rows[] = {
        { "3 years", 36, 0 },       { "1 year 6 months", 18, 0 }, { "1 month", 1, 0 },
        { "2 weeks 1 day", 0, 15 }, { "90 days", 0, 90 },         { " 1  week ", 0, 7 },
        { "1 year 1 week", 12, 7 }, { "100 years", 1200, 0 },     { "36500 days", 0, 36500 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct calendar_period got = period(rows[i].text);

        assert_int_equal(got.months, rows[i].months);
        assert_int_equal(got.days, rows[i].days);
    }
}

static void
test_period_parse_says_what_is_wrong(void **state)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        { "", "at least one day" },
        { "0 days", "at least one day" },
        { "3", "is not a unit" },
        { "3 hours", "years, months, weeks and days" },
        { "3 workdays", "not a unit" },
        { "three years", "\"three\" is not a whole number" },
        { "-1 year", "not a whole number" },
        { "1.5 years", "not a whole number" },
        { "101 years", "100 years" },
        { "100 years 1 month", "100 years" },
        { "99999999999999999999 days", "100 years" },
        { "3 yearss", "not a unit" },
        { "forever", "not a whole number" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct calendar_period out = { .months = -1 };
        struct sgn_error err = { 0 };

        assert_int_equal(calendar_period_parse(rows[i].text, &out, &err), SGN_INVALID);
        if (strstr(err.message, rows[i].says) == NULL)
            fail_msg("\"%s\": %s", rows[i].text, err.message);
        assert_int_equal(out.months, -1);
        sgn_error_clear(&err);
    }
}

static int64_t
at(const char *text)
{
    int64_t out = 0;

    assert_int_equal(sgn_time_parse(text, &out, NULL), SGN_OK);
    return out;
}

/* Days as calendars on paper have them. */
static void
test_period_ends_behind_its_last_day(void **state)
{
    static const struct {
        const char *zone, *from, *period, *end;
    } rows[] = {
        { "Asia/Shanghai", "2026-01-05T00:00:00+08:00", "3 years", "2029-01-06T00:00:00+08:00" },
        { "Asia/Shanghai", "2026-01-05T23:59:59+08:00", "3 years", "2029-01-06T00:00:00+08:00" },
        { "Asia/Shanghai", "2026-01-05T17:00:00Z", "3 years", "2029-01-07T00:00:00+08:00" },
        { "UTC", "2024-02-29T12:00:00Z", "1 year", "2025-03-01T00:00:00Z" },
        { "UTC", "2024-02-29T12:00:00Z", "4 years", "2028-03-01T00:00:00Z" },
        { "UTC", "2026-01-31T12:00:00Z", "1 month", "2026-03-01T00:00:00Z" },
        { "UTC", "2026-12-31T12:00:00Z", "2 months", "2027-03-01T00:00:00Z" },
        { "UTC", "2026-11-30T12:00:00Z", "1 month", "2026-12-31T00:00:00Z" },
        { "UTC", "2026-01-31T12:00:00Z", "1 month 1 day", "2026-03-02T00:00:00Z" },
        { "UTC", "2026-03-05T12:00:00Z", "1 day", "2026-03-07T00:00:00Z" },
        { "UTC", "2026-03-05T12:00:00Z", "2 weeks", "2026-03-20T00:00:00Z" },
        /* The night of 29 March 2026 has 23 hours there. */
        { "Europe/Berlin", "2026-03-27T12:00:00+01:00", "2 days", "2026-03-30T00:00:00+02:00" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct calendar_period p = period(rows[i].period);
        int64_t got = calendar_period_end(&p, calendar_zone_get(rows[i].zone), at(rows[i].from));

        if (got != at(rows[i].end))
            fail_msg("%s from %s: %lld ms apart", rows[i].period, rows[i].from,
                     (long long)(got - at(rows[i].end)));
    }
}

/* A walk over moments in their order relies on it. */
static void
test_what_begins_later_never_ends_earlier(void **state)
{
    static const char *const texts[] = { "1 month", "1 year", "13 months", "1 month 1 day",
                                         "1 day" };
    const struct calendar_zone *zone = calendar_zone_get("Europe/Berlin");
    int64_t from = at("2023-12-30T00:00:00Z");

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct calendar_period p = period(texts[i]);
        int64_t before = 0;

        for (int64_t hour = 0; hour < INT64_C(24) * 800; hour += 5) {
            int64_t end = calendar_period_end(&p, zone, from + hour * SGN_HOUR_MS);

            assert_true(end >= before && end > from + hour * SGN_HOUR_MS);
            before = end;
        }
    }
}

static void
test_periods_are_told_in_both_languages(void **state)
{
    static const struct {
        const char *text, *en, *zh;
    } rows[] = {
        { "18 months", "1 year 6 months", "1 年 6 个月" },
        { "1 week 1 month", "1 month 7 days", "1 个月 7 天" },
        { "2 years", "2 years", "2 年" },
        { "1 day", "1 day", "1 天" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct calendar_period p = period(rows[i].text);
        struct sgn_buf buf;

        sgn_buf_init(&buf, 100);
        calendar_period_put(&buf, &p, "en");
        assert_string_equal(buf.bytes, rows[i].en);
        sgn_buf_deinit(&buf);
        sgn_buf_init(&buf, 100);
        calendar_period_put(&buf, &p, "zh");
        assert_string_equal(buf.bytes, rows[i].zh);
        sgn_buf_deinit(&buf);
    }
}

static void
test_periods_are_compared_by_their_length(void **state)
{
    struct calendar_period year = period("1 year"), months = period("12 months"),
                           days = period("30 days"), month = period("1 month");

    (void)state;
    assert_true(calendar_period_compare(&year, &months) == 0);
    assert_true(calendar_period_compare(&days, &month) < 0);
    assert_true(calendar_period_compare(&year, &month) > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_period_parse_knows_every_unit),
        cmocka_unit_test(test_period_parse_says_what_is_wrong),
        cmocka_unit_test(test_period_ends_behind_its_last_day),
        cmocka_unit_test(test_what_begins_later_never_ends_earlier),
        cmocka_unit_test(test_periods_are_told_in_both_languages),
        cmocka_unit_test(test_periods_are_compared_by_their_length),
    };

    return cmocka_run_group_tests(tests, NULL, teardown);
}
