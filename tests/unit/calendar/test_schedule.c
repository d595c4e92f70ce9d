/* SPDX-License-Identifier: Apache-2.0 */
/* Schedules: plain words, rules, and the next time. 2026-01-05 is a Monday. */
#include "recur.h"
#include "schedule.h"
#include "working.h"

static struct calendar_schedule *
schedule_of(const char *every)
{
    struct calendar_schedule *schedule = NULL;
    struct sgn_error err = { 0 };

    if (calendar_schedule_parse(every, &schedule, &err) != SGN_OK)
        fail_msg("%s", err.message);
    return schedule;
}

/* Wall-clock times in a zone, "2026-01-05 09:00"; RFC 3339 as it stands. */
static int64_t
wall(const struct calendar_zone *zone, const char *text)
{
    char utc[64];
    int64_t at = 0;

    snprintf(utc, sizeof(utc), strlen(text) > 16 ? "%s" : "%s:00Z", text);
    assert_int_equal(sgn_time_parse(utc, &at, NULL), SGN_OK);
    return strlen(text) > 16 ? at : calendar_zone_instant(zone, at);
}

/* From the time before it, each of these is next. */
static void
check_times(const char *zone_name, const char *every, const char *from, const char *const *times,
            size_t n)
{
    const struct calendar_zone *zone = calendar_zone_get(zone_name);
    struct calendar_schedule *schedule = schedule_of(every);
    int64_t at = wall(zone, from);
    char text[SGN_TIME_TEXT];

    for (size_t i = 0; i < n && times[i] != NULL; i++) {
        at = calendar_schedule_next(schedule, zone, at);
        if (at != wall(zone, times[i]))
            fail_msg("%s: expected %s, got %s", every, times[i],
                     sgn_time_format(at, calendar_zone_offset(zone, at), text));
    }
    calendar_schedule_free(schedule);
}

static void
test_schedule_plain_words(void **state)
{
    static const struct {
        const char *every, *from, *times[3];
    } rows[] = {
        { "friday 16:00", "2026-01-05 09:00", { "2026-01-09 16:00", "2026-01-16 16:00" } },
        { "friday 16:00", "2026-01-09 16:00", { "2026-01-16 16:00" } },
        { "monday to friday 09:00",
          "2026-01-09 08:00",
          { "2026-01-09 09:00", "2026-01-12 09:00" } },
        { "friday to monday 09:00",
          "2026-01-05 12:00",
          { "2026-01-09 09:00", "2026-01-10 09:00", "2026-01-11 09:00" } },
        { "monday and thursday 09:00",
          "2026-01-05 12:00",
          { "2026-01-08 09:00", "2026-01-12 09:00" } },
        { "monday, thursday 09:00",
          "2026-01-05 12:00",
          { "2026-01-08 09:00", "2026-01-12 09:00" } },
        { "week tuesday 09:00", "2026-01-05 12:00", { "2026-01-06 09:00" } },
        { "day 08:30", "2026-01-05 12:00", { "2026-01-06 08:30", "2026-01-07 08:30" } },
        { "day 00:00", "2026-01-05 12:00", { "2026-01-06 00:00", "2026-01-07 00:00" } },
        { "month 1 09:00", "2026-01-05 12:00", { "2026-02-01 09:00", "2026-03-01 09:00" } },
        { "month 31 09:00", "2026-01-31 09:00", { "2026-03-31 09:00", "2026-05-31 09:00" } },
        { "month last 17:00", "2026-01-05 12:00", { "2026-01-31 17:00", "2026-02-28 17:00" } },
        { "month first monday 09:00", "2026-01-05 12:00", { "2026-02-02 09:00" } },
        { "month last friday 17:00",
          "2026-01-05 12:00",
          { "2026-01-30 17:00", "2026-02-27 17:00" } },
        { "3 months 15 09:00", "2026-01-05 12:00", { "2026-01-15 09:00", "2026-04-15 09:00" } },
        { "quarter 1 09:00", "2026-01-05 12:00", { "2026-04-01 09:00", "2026-07-01 09:00" } },
        { "quarter last 17:00", "2026-01-05 12:00", { "2026-03-31 17:00", "2026-06-30 17:00" } },
        { "year 03-01 09:00", "2026-01-05 12:00", { "2026-03-01 09:00", "2027-03-01 09:00" } },
        { "year 02-29 09:00", "2026-01-05 12:00", { "2028-02-29 09:00", "2032-02-29 09:00" } },
        { "year 02-29 09:00", "2096-03-01 12:00", { "2104-02-29 09:00" } },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_times("Asia/Shanghai", rows[i].every, rows[i].from, rows[i].times, 3);
}

/* Whole intervals from 5 January 1970, a Monday: 2026-01-05 is 2,922 weeks and 14,610... later. */
static void
test_schedule_intervals_are_counted_from_1970(void **state)
{
    static const char *const weeks[] = { "2026-01-05 10:00", "2026-01-19 10:00" };
    static const char *const sundays[] = { "2026-01-11 10:00", "2026-01-25 10:00" };
    static const char *const days[] = { "2026-01-05 08:30", "2026-01-07 08:30" };
    static const char *const years[] = { "2026-03-01 09:00", "2028-03-01 09:00" };

    (void)state;
    /* (20458 - 4) / 7 = 2922, even; 20458 days are even too, 56 years as well */
    check_times("UTC", "2 weeks monday 10:00", "2026-01-02 00:00", weeks, 2);
    check_times("UTC", "2 weeks sunday 10:00", "2026-01-05 00:00", sundays, 2);
    check_times("UTC", "2 days 08:30", "2026-01-03 09:00", days, 2);
    check_times("UTC", "2 years 03-01 09:00", "2025-01-01 00:00", years, 2);
}

static void
test_schedule_words_become_a_rule(void **state)
{
    struct calendar_schedule *schedule = schedule_of("2 weeks monday to wednesday 10:05");

    (void)state;
    assert_string_equal(calendar_schedule_rule(schedule),
                        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE;BYHOUR=10;BYMINUTE=5");
    calendar_schedule_free(schedule);
    calendar_schedule_free(NULL);
}

static void
test_schedule_rules(void **state)
{
    static const struct {
        const char *every, *from, *times[3];
    } rows[] = {
        { "RRULE:FREQ=WEEKLY;BYDAY=FR;BYHOUR=16",
          "2026-01-05 09:00",
          { "2026-01-09 16:00", "2026-01-16 16:00" } },
        { "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=17",
          "2026-01-05 09:00",
          { "2026-01-30 17:00", "2026-02-27 17:00" } },
        { "RRULE:FREQ=HOURLY;INTERVAL=6;BYMINUTE=30",
          "2026-01-05 09:00",
          { "2026-01-05 12:30", "2026-01-05 18:30", "2026-01-06 00:30" } },
        { "RRULE:FREQ=HOURLY;BYHOUR=9,10;BYDAY=MO",
          "2026-01-05 09:00",
          { "2026-01-05 10:00", "2026-01-12 09:00" } },
        { "RRULE:FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO;BYHOUR=9",
          "2026-06-01 00:00",
          { "2027-01-04 09:00", "2028-01-03 09:00", "2029-01-01 09:00" } },
        { "RRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR",
          "2026-12-31 00:00",
          { "2027-01-01 00:00", "2032-12-31 00:00" } },
        { "RRULE:FREQ=YEARLY;BYYEARDAY=-1", "2026-06-01 00:00", { "2026-12-31 00:00" } },
        { "RRULE:FREQ=YEARLY", "2026-06-01 00:00", { "2027-01-01 00:00", "2028-01-01 00:00" } },
        { "RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU",
          "2026-01-05 00:00",
          { "2026-01-18 00:00", "2026-02-01 00:00" } },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_times("Europe/Berlin", rows[i].every, rows[i].from, rows[i].times, 3);
}

static void
test_schedule_ends_with_until(void **state)
{
    static const char *const times[] = { "2026-01-31 00:00", "2026-02-28 00:00" };
    const struct calendar_zone *zone = calendar_zone_get("UTC");
    const char *every = "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20260301";
    struct calendar_schedule *schedule = schedule_of(every);

    (void)state;
    check_times("UTC", every, "2026-01-05 00:00", times, 2);
    assert_int_equal(calendar_schedule_next(schedule, zone, wall(zone, times[1])), CALENDAR_NEVER);
    assert_int_equal(calendar_schedule_next(schedule, zone, SGN_TIME_MAX), CALENDAR_NEVER);
    calendar_schedule_free(schedule);
}

/* New York: 02:30 is left out on 8 March 2026 and taken with the offset before, 07:30Z; 01:30
 * happens twice on 1 November, and the first counts, 05:30Z. */
static void
test_schedule_gaps_and_overlaps_of_the_clock(void **state)
{
    static const char *const gap[] = { "2026-03-07T07:30:00Z", "2026-03-08T07:30:00Z",
                                       "2026-03-09T06:30:00Z" };
    static const char *const overlap[] = { "2026-10-31T05:30:00Z", "2026-11-01T05:30:00Z",
                                           "2026-11-02T06:30:00Z" };
    static const char *const hourly[] = { "2026-03-08T06:00:00Z", "2026-03-08T07:00:00Z",
                                          "2026-03-08T08:00:00Z" };
    static const char *const quarters[] = { "2026-03-08T07:15:00Z", "2026-03-08T07:30:00Z" };
    static const char *const halves[] = { "2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z",
                                          "2026-03-08T07:30:00Z" };

    (void)state;
    check_times("America/New_York", "day 02:30", "2026-03-07T00:00:00Z", gap, 3);
    check_times("America/New_York", "day 01:30", "2026-10-31T00:00:00Z", overlap, 3);
    /* 02:00 and 03:00 are one instant, and come once. */
    check_times("America/New_York", "RRULE:FREQ=HOURLY", "2026-03-08T05:00:00Z", hourly, 3);
    check_times("America/New_York", "RRULE:FREQ=HOURLY;BYMINUTE=0,30", "2026-03-08T06:00:00Z",
                halves, 3);
    /* What is left out is still to come when the clock shows 03:00. */
    check_times("America/New_York", "day 02:30", "2026-03-08T07:00:00Z", gap + 1, 2);
    /* 02:30 comes after 03:15: at 03:30. */
    check_times("America/New_York", "RRULE:FREQ=DAILY;BYHOUR=2,3;BYMINUTE=15,30;BYSETPOS=2,3",
                "2026-03-08T07:00:00Z", quarters, 2);
    /* From within the hour that comes again, its first pass is over. */
    check_times("America/New_York", "day 01:30", "2026-11-01T06:10:00Z", overlap + 2, 1);
}

static const struct {
    const char *every, *message;
} refusals[] = {
    { "", "expected a weekday" },
    { "friday", "expected a weekday" },
    { "friday 25:00", "from 00:00 to 23:59" },
    { "friday 24:00", "from 00:00 to 23:59" },
    { "friday 9:00", "from 00:00 to 23:59" },
    { "friday 16:00 17:00", "something follows" },
    { "fridays 16:00", "expected a weekday" },
    { "Friday 16:00", "expected a weekday" },
    { "monday to 09:00", "after \"to\"" },
    { "day", "a time is missing" },
    { "2 09:00", "followed by days" },
    { "0 weeks monday 09:00", "1 to 1000" },
    { "1001 days 09:00", "1 to 1000" },
    { "month 32 09:00", "day of the month" },
    { "month 0 09:00", "day of the month" },
    { "month first 09:00", "expected a weekday" },
    { "month 09:00", "day of the month" },
    { "2 quarters 1 09:00", "write months" },
    { "quarter first 09:00", "day of the quarter" },
    { "year 02-30 09:00", "day of the year" },
    { "year 3-1 09:00", "day of the year" },
    { "workday 09:00", "expected a weekday" },
    { "a a a a a a a a a a a a a a a a a a a a a a a a a 09:00", "too many words" },
    { "RRULE:", "no part of a rule" },
    { "RRULE:INTERVAL=2", "needs FREQ" },
    { "RRULE:FREQ=SECONDLY", "refused" },
    { "RRULE:FREQ=MINUTELY", "refused" },
    { "RRULE:FREQ=SOMETIMES", "no value for FREQ" },
    { "RRULE:FREQ=DAILY;FREQ=DAILY", "stands twice" },
    { "RRULE:FREQ=DAILY;BYSECOND=1", "not understood" },
    { "RRULE:RSCALE=CHINESE;FREQ=YEARLY", "not understood" },
    { "RRULE:FREQ=DAILY;COUNT=3", "COUNT is refused" },
    { "RRULE:FREQ=DAILY;UNTIL=20260101T000000Z", "without \"Z\"" },
    { "RRULE:FREQ=DAILY;UNTIL=20260230", "no value for UNTIL" },
    { "RRULE:FREQ=DAILY;UNTIL=20260201T240000", "no value for UNTIL" },
    { "RRULE:FREQ=DAILY;INTERVAL=0", "no value for INTERVAL" },
    { "RRULE:FREQ=DAILY;INTERVAL=1,2", "takes one value" },
    { "RRULE:FREQ=DAILY;BYHOUR=24", "no value for BYHOUR" },
    { "RRULE:FREQ=DAILY;BYHOUR=", "no part of a rule" },
    { "RRULE:FREQ=DAILY;BYHOUR=1,,2", "no value for BYHOUR" },
    { "RRULE:FREQ=WEEKLY;BYDAY=1MO", "monthly and yearly rules only" },
    { "RRULE:FREQ=MONTHLY;BYDAY=6MO", "no day for BYDAY" },
    { "RRULE:FREQ=MONTHLY;BYDAY=O,", "no day for BYDAY" },
    { "RRULE:FREQ=MONTHLY;BYMONTHDAY=0", "without 0" },
    { "RRULE:FREQ=MONTHLY;BYWEEKNO=3", "yearly rules" },
    { "RRULE:FREQ=HOURLY;INTERVAL=5", "divide the day" },
    { "RRULE:FREQ=HOURLY;INTERVAL=6;BYHOUR=5", "never happens" },
    { "RRULE:FREQ=HOURLY;BYMINUTE=0,10,20,30,40,50", "more than 96 times a day" },
    { "RRULE:FREQ=DAILY;WKST=XX", "WKST" },
};

static void
test_schedule_refuses_and_says_what_would_be_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct calendar_schedule *schedule = NULL;
        struct sgn_error err = { 0 };

        if (calendar_schedule_parse(refusals[i].every, &schedule, &err) != SGN_INVALID)
            fail_msg("\"%s\" was taken as %s", refusals[i].every, calendar_schedule_rule(schedule));
        if (strstr(err.message, refusals[i].message) == NULL)
            fail_msg("\"%s\": %s", refusals[i].every, err.message);
        sgn_error_clear(&err);
    }
}

static void
test_schedule_rules_that_never_happen_are_answered(void **state)
{
    static const char *const rules[] = {
        "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",   "RRULE:FREQ=DAILY;BYMONTH=2,4;BYMONTHDAY=31",
        "RRULE:FREQ=MONTHLY;BYMONTH=6;BYMONTHDAY=-31", "RRULE:FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=2",
        "RRULE:FREQ=YEARLY;BYMONTH=1;BYYEARDAY=200",   "RRULE:FREQ=DAILY;UNTIL=19690101",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rules); i++) {
        struct calendar_schedule *schedule = NULL;
        struct sgn_error err = { 0 };

        if (calendar_schedule_parse(rules[i], &schedule, &err) != SGN_INVALID)
            fail_msg("%s was taken", rules[i]);
        assert_non_null(strstr(err.message, "never happens"));
        sgn_error_clear(&err);
    }
}

/* Whatever comes is answered; the sanitizers look on. */
static void
test_schedule_any_text_is_answered(void **state)
{
    static const char *const good[] = {
        "RRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR,MO;BYHOUR=16;BYMINUTE=0,30;WKST=SU",
        "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYYEARDAY=60;BYSETPOS=1",
        "2 weeks monday to friday and sunday 10:00",
        "month last friday 17:00",
    };
    unsigned seed = 5;

    (void)state;
    for (int i = 0; i < 2000; i++) {
        char text[96];
        size_t n;
        struct calendar_schedule *schedule = NULL;

        snprintf(text, sizeof(text), "%s", good[i % 4]);
        n = strlen(text);
        for (int k = 0; k < 1 + i % 3; k++) {
            seed = seed * 1103515245 + 12345;
            text[(seed >> 8) % n] = text[(seed >> 16) % n];
        }
        if (calendar_schedule_parse(text, &schedule, NULL) == SGN_OK)
            calendar_schedule_free(schedule);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schedule_plain_words),
        cmocka_unit_test(test_schedule_intervals_are_counted_from_1970),
        cmocka_unit_test(test_schedule_words_become_a_rule),
        cmocka_unit_test(test_schedule_rules),
        cmocka_unit_test(test_schedule_ends_with_until),
        cmocka_unit_test(test_schedule_gaps_and_overlaps_of_the_clock),
        cmocka_unit_test(test_schedule_refuses_and_says_what_would_be_right),
        cmocka_unit_test(test_schedule_rules_that_never_happen_are_answered),
        cmocka_unit_test(test_schedule_any_text_is_answered),
    };

    return cmocka_run_group_tests(tests, NULL, zones_teardown);
}
