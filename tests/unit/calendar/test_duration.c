/* SPDX-License-Identifier: Apache-2.0 */
/* Durations: their words, their refusals, their due times. */
#include "clock.h"
#include "duration.h"
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

static struct calendar_duration
duration(const char *text)
{
    struct calendar_duration out = { 0 };

    assert_int_equal(calendar_duration_parse(text, &out, NULL), SGN_OK);
    return out;
}

static void
test_duration_parse_knows_every_unit(void **state)
{
    static const struct {
        const char *text;
        struct calendar_duration expected;
    } rows[] = {
        { "0", { 0 } },
        { "1 second", { .elapsed_ms = 1000 } },
        { "90 minutes", { .elapsed_ms = 5400000 } },
        { "1 hours", { .elapsed_ms = 3600000 } },
        { "1 day 4 hours", { .elapsed_ms = 14400000, .days = 1 } },
        { "2 weeks 1 day", { .days = 15 } },
        { "4 hours 1 day 30 minutes", { .elapsed_ms = 16200000, .days = 1 } },
        { "3 workdays", { .workdays = 3 } },
        { "1 workday", { .workdays = 1 } },
        { "8 workhours", { .work_ms = 28800000 } },
        { "  5   minutes ", { .elapsed_ms = 300000 } },
        { "36525 days", { .days = 36525 } },
        { "0 days", { 0 } },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct calendar_duration got = duration(rows[i].text);
        assert_int_equal(got.elapsed_ms, rows[i].expected.elapsed_ms);
        assert_int_equal(got.days, rows[i].expected.days);
        assert_int_equal(got.work_ms, rows[i].expected.work_ms);
        assert_int_equal(got.workdays, rows[i].expected.workdays);
    }
}

static void
test_duration_parse_refuses_and_names_the_word(void **state)
{
    static const struct {
        const char *text;
        const char *said;
    } rows[] = {
        { "", "empty" },
        { "   ", "empty" },
        { NULL, "empty" },
        { "5", "no unit" },
        { "5 ", "no unit" },
        { "1 day 5", "no unit" },
        { "3 fortnights", "\"fortnights\" is not a unit of time: there are seconds, minutes" },
        { "1 month", "\"month\"" },
        { "1 dayss", "\"dayss\"" },
        { "1 da", "\"da\"" },
        { "1 Day", "\"Day\"" },
        { "-1 day", "\"-1\" is not a whole number" },
        { "1.5 days", "\"1.5\"" },
        { "days", "\"days\" is not a whole number" },
        { "1day", "\"1day\"" },
        { "one day", "\"one\"" },
        { "36526 days", "100 years" },
        { "36525 days 24 hours", "100 years" },
        { "99999999999999999999999 seconds", "100 years" },
        { "9223372036854775807 weeks", "100 years" },
        { "20000 workdays 20000 days", "100 years" },
        { "1\tday", "\"1\tday\"" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct calendar_duration out = { .days = 77 };
        struct sgn_error err = { 0 };
        assert_int_equal(calendar_duration_parse(rows[i].text, &out, &err), SGN_INVALID);
        assert_non_null(strstr(err.message, rows[i].said));
        assert_int_equal(out.days, 77);
        sgn_error_clear(&err);
    }
}

static void
test_duration_knows_whether_it_needs_a_calendar(void **state)
{
    struct calendar_duration plain = duration("2 weeks 1 hour");
    struct calendar_duration days = duration("1 day 1 workday");
    struct calendar_duration hours = duration("1 workhour");

    (void)state;
    assert_false(calendar_duration_is_working(&plain));
    assert_true(calendar_duration_is_working(&days));
    assert_true(calendar_duration_is_working(&hours));
}

static void
test_duration_format_is_canonical(void **state)
{
    static const struct {
        const char *text;
        const char *expected;
    } rows[] = {
        { "0", "0" },
        { "0 hours", "0" },
        { "90 minutes", "1 hour 30 minutes" },
        { "4 hours 1 days", "1 day 4 hours" },
        { "10 days", "10 days" },
        { "7 days", "1 week" },
        { "2 weeks", "2 weeks" },
        { "36 hours", "36 hours" },
        { "3661 seconds", "1 hour 1 minute 1 second" },
        { "1 workdays", "1 workday" },
        { "8 workhours 2 workdays", "2 workdays 8 workhours" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct calendar_duration value = duration(rows[i].text);
        char text[CALENDAR_DURATION_TEXT];
        assert_string_equal(calendar_duration_format(&value, text), rows[i].expected);
        value = duration(text);
        assert_string_equal(calendar_duration_format(&value, text), rows[i].expected);
    }
}

static void
assert_due(const char *zone_name, const char *from, const char *text, const char *expected)
{
    const struct calendar_zone *zone = calendar_zone_get(zone_name);
    struct calendar_duration value = duration(text);
    int64_t from_ms;
    int64_t due;
    char due_text[SGN_TIME_TEXT];

    assert_non_null(zone);
    assert_int_equal(sgn_time_parse(from, &from_ms, NULL), SGN_OK);
    due = calendar_duration_due(&value, zone, from_ms);
    sgn_time_format(due, calendar_zone_offset(zone, due), due_text);
    assert_string_equal(due_text, expected);
}

/* New York changes on 2026-03-08 and 2026-11-01, at two in the night. */
static void
test_duration_days_keep_the_wall_clock(void **state)
{
    (void)state;
    assert_due("America/New_York", "2026-03-07T09:00:00-05:00", "1 day",
               "2026-03-08T09:00:00-04:00");
    assert_due("America/New_York", "2026-03-07T09:00:00-05:00", "24 hours",
               "2026-03-08T10:00:00-04:00");
    assert_due("America/New_York", "2026-10-25T09:00:00-04:00", "1 week",
               "2026-11-01T09:00:00-05:00");
    assert_due("America/New_York", "2026-10-31T09:00:00-04:00", "24 hours",
               "2026-11-01T08:00:00-05:00");
    /* Days first, then hours: 02:00 does not exist that day, 09:00 + 1 h is at 10:00. */
    assert_due("America/New_York", "2026-03-07T09:00:00-05:00", "1 hour 1 day",
               "2026-03-08T10:00:00-04:00");
    /* Into the gap: with the offset before it, that is an hour later on the clock. */
    assert_due("America/New_York", "2026-03-07T02:30:00-05:00", "1 day",
               "2026-03-08T03:30:00-04:00");
    /* Into the hour that happens twice: the first of the two. */
    assert_due("America/New_York", "2026-10-31T01:30:00-04:00", "1 day",
               "2026-11-01T01:30:00-04:00");
}

static void
test_duration_hours_are_elapsed_time(void **state)
{
    (void)state;
    assert_due("Asia/Shanghai", "2026-01-05T09:00:00+08:00", "90 minutes",
               "2026-01-05T10:30:00+08:00");
    assert_due("Asia/Shanghai", "2026-02-28T23:59:59+08:00", "1 second",
               "2026-03-01T00:00:00+08:00");
    assert_due("UTC", "2026-01-05T09:00:00Z", "0", "2026-01-05T09:00:00Z");
}

static void
test_duration_is_told_to_people_in_their_language(void **state)
{
    static const struct {
        const char *text, *en, *zh;
    } rows[] = {
        { "1 workday", "1 workday", "1 个工作日" },
        { "2 workdays 4 workhours", "2 workdays 4 workhours", "2 个工作日 4 个工作小时" },
        { "1 day 90 minutes", "1 day 1 hour 30 minutes", "1 天 1 小时 30 分钟" },
        { "45 seconds", "45 seconds", "45 秒" },
        { "0", "0", "0" },
        { "soon", "soon", "soon" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sgn_buf en, zh;

        sgn_buf_init(&en, 1024);
        sgn_buf_init(&zh, 1024);
        calendar_duration_text_put(&en, rows[i].text, "en");
        calendar_duration_text_put(&zh, rows[i].text, "zh");
        assert_string_equal(en.bytes, rows[i].en);
        assert_string_equal(zh.bytes, rows[i].zh);
        sgn_buf_deinit(&en);
        sgn_buf_deinit(&zh);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_duration_parse_knows_every_unit),
        cmocka_unit_test(test_duration_parse_refuses_and_names_the_word),
        cmocka_unit_test(test_duration_knows_whether_it_needs_a_calendar),
        cmocka_unit_test(test_duration_format_is_canonical),
        cmocka_unit_test(test_duration_is_told_to_people_in_their_language),
        cmocka_unit_test(test_duration_days_keep_the_wall_clock),
        cmocka_unit_test(test_duration_hours_are_elapsed_time),
    };
    return cmocka_run_group_tests_name("calendar/duration", tests, NULL, teardown);
}
