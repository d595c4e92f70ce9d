/* SPDX-License-Identifier: Apache-2.0 */
/* Working time: due dates, counted time, percentages. 2026-01-05 is a Monday. */
#include "working.h"

#define SHANGHAI "{'timezone': 'Asia/Shanghai', 'hours': {" OFFICE "}}"
#define SPRING_2026                                                                                \
    "{'timezone': 'Asia/Shanghai', 'hours': {" OFFICE "}, 'days': {"                               \
    "'2026-02-14': true, '2026-02-15': [], '2026-02-16': [], '2026-02-17': [], '2026-02-18': [],"  \
    "'2026-02-19': [], '2026-02-20': [], '2026-02-21': [], '2026-02-22': [], '2026-02-23': [],"    \
    "'2026-02-28': true}}"
#define H SGN_HOUR_MS

struct row {
    const char *duration, *from, *due;
};

static void
check_rows(const char *json, const struct row *rows, size_t n)
{
    struct calendar *calendar = calendar_of(json);

    for (size_t i = 0; i < n; i++)
        check_time(calendar, rows[i].duration, due_of(calendar, rows[i].duration, rows[i].from),
                   rows[i].due);
    calendar_free(calendar);
}

/* "1 workday" from Friday 15:00 is Monday at close. */
static void
test_calendar_workday_leaves_out_the_day_of_the_start(void **state)
{
    static const struct row rows[] = {
        { "1 workday", "2026-01-09 15:00", "2026-01-12 18:00" },
        { "1 workday", "2026-01-05 09:00", "2026-01-06 18:00" },
        { "1 workday", "2026-01-05 00:00", "2026-01-06 18:00" },
        { "1 workday", "2026-01-05 23:59", "2026-01-06 18:00" },
        { "1 workday", "2026-01-10 12:00", "2026-01-12 18:00" },
        { "1 workday", "2026-01-11 23:59", "2026-01-12 18:00" },
        { "5 workdays", "2026-01-05 10:00", "2026-01-12 18:00" },
        { "10 workdays", "2026-01-07 10:00", "2026-01-21 18:00" },
        { "30 workdays", "2026-03-02 10:00", "2026-04-13 18:00" },
        { "0 workdays", "2026-01-10 03:00", "2026-01-10 03:00" },
    };

    (void)state;
    check_rows(SHANGHAI, rows, COUNT(rows));
}

/* Counted by hand on a calendar: Fri 13, Sat 14 (make-up), Tue 24 to Sat 28 (make-up), Mon 2. */
static void
test_calendar_ten_workdays_over_spring_festival_with_make_up_days(void **state)
{
    static const struct row rows[] = {
        { "1 workday", "2026-02-13 15:00", "2026-02-14 18:00" },
        { "2 workdays", "2026-02-13 15:00", "2026-02-24 18:00" },
        { "6 workdays", "2026-02-13 15:00", "2026-02-28 18:00" },
        { "10 workdays", "2026-02-12 10:00", "2026-03-04 18:00" },
        { "10 workdays", "2026-02-13 10:00", "2026-03-05 18:00" },
        { "1 workday", "2026-02-18 10:00", "2026-02-24 18:00" },
    };

    (void)state;
    check_rows(SPRING_2026, rows, COUNT(rows));
}

/* The three ways in which others went wrong. */
static void
test_calendar_start_before_opening_hours_waits_for_them(void **state)
{
    static const struct row rows[] = {
        { "1 workhour", "2026-01-05 07:00", "2026-01-05 10:00" },
        { "1 workhour", "2026-01-05 09:00", "2026-01-05 10:00" },
        { "1 workhour", "2026-01-05 12:30", "2026-01-05 14:30" },
        { "1 workday", "2026-01-05 07:00", "2026-01-06 18:00" },
    };

    (void)state;
    check_rows(SHANGHAI, rows, COUNT(rows));
}

static void
test_calendar_start_after_closing_waits_for_the_next_day(void **state)
{
    static const struct row rows[] = {
        { "1 workhour", "2026-01-05 18:00", "2026-01-06 10:00" },
        { "1 workhour", "2026-01-05 20:00", "2026-01-06 10:00" },
        { "1 workhour", "2026-01-09 20:00", "2026-01-12 10:00" },
        { "1 workhour", "2026-01-05 17:30", "2026-01-06 09:30" },
        { "1 workday", "2026-01-05 20:00", "2026-01-06 18:00" },
    };

    (void)state;
    check_rows(SHANGHAI, rows, COUNT(rows));
}

static void
test_calendar_holidays_do_not_count(void **state)
{
    static const struct row rows[] = {
        { "1 workhour", "2026-02-16 10:00", "2026-02-24 10:00" },
        { "8 workhours", "2026-02-14 16:00", "2026-02-24 16:30" },
        { "1 workday", "2026-02-17 10:00", "2026-02-24 18:00" },
    };

    (void)state;
    check_rows(SPRING_2026, rows, COUNT(rows));
}

/* A day has 7.5 hours here. */
static void
test_calendar_workhours_leave_out_the_break(void **state)
{
    static const struct row rows[] = {
        { "3 workhours", "2026-01-05 09:00", "2026-01-05 12:00" },
        { "4 workhours", "2026-01-05 09:00", "2026-01-05 14:30" },
        { "8 workhours", "2026-01-05 09:00", "2026-01-06 09:30" },
        { "15 workhours", "2026-01-05 09:00", "2026-01-06 18:00" },
        { "0 workhours", "2026-01-05 03:00", "2026-01-05 03:00" },
    };

    (void)state;
    check_rows(SHANGHAI, rows, COUNT(rows));
}

static void
test_calendar_sums_go_from_days_to_workdays_to_workhours_to_hours(void **state)
{
    static const struct row rows[] = {
        { "1 workday 4 workhours", "2026-01-09 15:00", "2026-01-13 14:30" },
        { "4 workhours 1 workday", "2026-01-09 15:00", "2026-01-13 14:30" },
        { "1 workday 2 hours", "2026-01-09 15:00", "2026-01-12 20:00" },
        { "1 week 1 workday", "2026-01-09 15:00", "2026-01-19 18:00" },
        { "2 days 1 workhour", "2026-01-09 15:00", "2026-01-12 10:00" },
        { "1 day 4 hours", "2026-01-09 15:00", "2026-01-10 19:00" },
        { "90 minutes", "2026-01-09 17:30", "2026-01-09 19:00" },
        { "2 weeks", "2026-01-09 15:00", "2026-01-23 15:00" },
    };

    (void)state;
    check_rows(SHANGHAI, rows, COUNT(rows));
}

static void
test_calendar_kind_says_how_a_duration_is_counted(void **state)
{
    static const struct {
        const char *duration;
        enum calendar_kind kind;
    } rows[] = {
        { "2 days 4 hours", CALENDAR_ELAPSED },   { "0", CALENDAR_ELAPSED },
        { "1 workday", CALENDAR_WORKING },        { "1 workhour", CALENDAR_WORKING },
        { "1 day 1 workhour", CALENDAR_WORKING },
    };
    struct calendar_duration duration;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(calendar_duration_parse(rows[i].duration, &duration, NULL), SGN_OK);
        assert_int_equal(calendar_kind_of(&duration), rows[i].kind);
    }
}

/* Berlin, 2026: on 29 March 02:00 becomes 03:00, on 25 October 03:00 becomes 02:00. */
static void
test_calendar_days_of_23_and_25_hours(void **state)
{
    struct calendar *calendar =
        calendar_of("{'timezone': 'Europe/Berlin', 'hours': {'every_day': ['00:00-24:00']}}");
    int64_t spring = time_in(calendar, "2026-03-29 00:00");
    int64_t autumn = time_in(calendar, "2026-10-25 00:00");

    (void)state;
    assert_int_equal(
        calendar_counted(calendar, spring, time_in(calendar, "2026-03-30 00:00"), CALENDAR_WORKING),
        23 * H);
    assert_int_equal(
        calendar_counted(calendar, autumn, time_in(calendar, "2026-10-26 00:00"), CALENDAR_WORKING),
        25 * H);
    check_time(calendar, "spring", calendar_add(calendar, spring, 24 * H, CALENDAR_WORKING),
               "2026-03-30 01:00");
    check_time(calendar, "autumn", calendar_add(calendar, autumn, 24 * H, CALENDAR_WORKING),
               "2026-10-25 23:00");
    check_time(calendar, "workday", due_of(calendar, "1 workday", "2026-03-28 12:00"),
               "2026-03-30 00:00");
    calendar_free(calendar);
}

/* Office hours stay on the wall clock: 09:00 is 08:00Z before the change, 07:00Z after it. */
static void
test_calendar_hours_are_wall_clock_across_the_change(void **state)
{
    struct calendar *calendar =
        calendar_of("{'timezone': 'Europe/Berlin', 'hours': {'monday_to_friday': "
                    "[['09:00', '17:00']]}}");

    (void)state;
    check_time(calendar, "before",
               calendar_next_open(calendar, time_in(calendar, "2026-03-27 03:00")),
               "2026-03-27T08:00:00Z");
    check_time(calendar, "after",
               calendar_next_open(calendar, time_in(calendar, "2026-03-29 03:00")),
               "2026-03-30T07:00:00Z");
    check_time(calendar, "over it", due_of(calendar, "1 workhour", "2026-03-27 16:30"),
               "2026-03-30T07:30:00Z");
    assert_int_equal(calendar_counted(calendar, time_in(calendar, "2026-03-27 00:00"),
                                      time_in(calendar, "2026-03-31 00:00"), CALENDAR_WORKING),
                     16 * H);
    calendar_free(calendar);
}

/* New York, 8 March 2026: from 02:00 to 03:00 there is nothing. */
static void
test_calendar_the_hour_left_out_is_not_open(void **state)
{
    struct calendar *calendar = calendar_of(
        "{'timezone': 'America/New_York', 'hours': {'sunday': ['01:00-02:15', '02:20-02:40', "
        "'02:50-04:00'], 'monday': ['09:00-10:00']}}");
    int64_t from = time_in(calendar, "2026-03-08 00:00"), opens;

    (void)state;
    assert_int_equal(calendar_counted(calendar, from, from + 12 * H, CALENDAR_WORKING), 2 * H);
    opens = calendar_next_open(calendar, time_in(calendar, "2026-03-08T07:00:00Z"));
    check_time(calendar, "opens at the change", opens, "2026-03-08T07:00:00Z");
    check_time(calendar, "add", calendar_add(calendar, from, 90 * SGN_MINUTE_MS, CALENDAR_WORKING),
               "2026-03-08T07:30:00Z");
    calendar_free(calendar);
    /* It closes at the moment of the change when its closing hour is left out. */
    calendar =
        calendar_of("{'timezone': 'America/New_York', 'hours': {'every_day': ['01:00-02:30']}}");
    check_time(calendar, "close", due_of(calendar, "1 workday", "2026-03-07 12:00"),
               "2026-03-08T07:00:00Z");
    calendar_free(calendar);
}

/* Samoa had no 30 December 2011, a Friday. */
static void
test_calendar_a_date_left_out_is_not_open(void **state)
{
    struct calendar *calendar = calendar_of("{'timezone': 'Pacific/Apia', 'hours': {" OFFICE "}}");

    (void)state;
    check_time(calendar, "opens",
               calendar_next_open(calendar, time_in(calendar, "2011-12-29 18:00")),
               "2012-01-02 09:00");
    calendar_free(calendar);
}

static void
test_calendar_leap_days_are_days(void **state)
{
    static const struct row rows[] = {
        { "1 workday", "2028-02-28 10:00", "2028-02-29 18:00" },
        { "2 workdays", "2028-02-28 10:00", "2028-03-01 18:00" },
        { "1 workday", "2100-02-26 10:00", "2100-03-01 18:00" }, /* no leap year; Fri to Mon */
    };

    (void)state;
    check_rows(SHANGHAI, rows, COUNT(rows));
}

/* 400 years are 146,097 days, 20,871 weeks: after them weekdays repeat. */
static void
test_calendar_far_dates(void **state)
{
    struct calendar *calendar = calendar_of(SHANGHAI);
    struct calendar_duration century = { .workdays = 20871 * 5 };
    int64_t late = time_in(calendar, "9999-12-30T00:00:00Z");

    (void)state;
    check_time(calendar, "far",
               calendar_due(calendar, &century, time_in(calendar, "2026-01-05 10:00")),
               "2426-01-05 18:00");
    assert_int_equal(calendar_due(calendar, &century, late), CALENDAR_NEVER);
    assert_int_equal(calendar_add(calendar, late, 100 * H, CALENDAR_WORKING), CALENDAR_NEVER);
    assert_int_equal(calendar_add(NULL, SGN_TIME_MAX, 1, CALENDAR_ELAPSED), CALENDAR_NEVER);
    assert_int_equal(calendar_next_open(calendar, SGN_TIME_MAX + 1), CALENDAR_NEVER);
    calendar_free(calendar);
}

static void
test_calendar_counted_is_what_add_adds(void **state)
{
    struct calendar *calendar = calendar_of(SPRING_2026);
    int64_t from = time_in(calendar, "2026-02-10 08:17");

    (void)state;
    for (int64_t ms = 1; ms < 100 * H; ms = ms * 3 + 7) {
        int64_t at = calendar_add(calendar, from, ms, CALENDAR_WORKING);
        assert_int_equal(calendar_counted(calendar, from, at, CALENDAR_WORKING), ms);
        /* and no earlier instant has as much */
        assert_int_equal(calendar_counted(calendar, from, at - 1, CALENDAR_WORKING), ms - 1);
    }
    assert_int_equal(calendar_counted(calendar, from, from, CALENDAR_WORKING), 0);
    assert_int_equal(calendar_counted(calendar, from, from - H, CALENDAR_WORKING), 0);
    assert_int_equal(calendar_counted(NULL, from, from + H, CALENDAR_ELAPSED), H);
    assert_int_equal(calendar_add(calendar, from, 0, CALENDAR_WORKING), from);
    calendar_free(calendar);
}

/* Ten workdays from Monday 10:00: 6.5 hours are left of that day, then ten of 7.5: 81.5. */
static void
test_calendar_percentages_are_shares_of_counted_time(void **state)
{
    struct calendar *calendar = calendar_of(SHANGHAI);
    int64_t from = time_in(calendar, "2026-01-05 10:00");
    int64_t due = due_of(calendar, "10 workdays", "2026-01-05 10:00");

    (void)state;
    check_time(calendar, "due", due, "2026-01-19 18:00");
    assert_int_equal(calendar_counted(calendar, from, due, CALENDAR_WORKING), 81 * H + H / 2);
    /* 50 % of 81.5 h are 40:45: Monday's 6.5, four days of 7.5, then 4:15 of the next Monday. */
    check_time(calendar, "50 %", calendar_percent(calendar, from, due, 50, CALENDAR_WORKING),
               "2026-01-12 14:45");
    assert_int_equal(calendar_percent(calendar, from, due, 0, CALENDAR_WORKING), from);
    assert_int_equal(calendar_percent(calendar, from, due, 100, CALENDAR_WORKING), due);
    check_time(calendar, "elapsed",
               calendar_percent(NULL, from, from + 10 * H, 80, CALENDAR_ELAPSED),
               "2026-01-05 18:00");
    calendar_free(calendar);
}

/* Pausing keeps the counted time that is left; resuming adds it. */
static void
test_calendar_pause_keeps_the_counted_time_that_is_left(void **state)
{
    struct calendar *calendar = calendar_of(SHANGHAI);
    int64_t due = due_of(calendar, "1 workday", "2026-01-09 15:00");
    int64_t left =
        calendar_counted(calendar, time_in(calendar, "2026-01-09 17:00"), due, CALENDAR_WORKING);

    (void)state;
    assert_int_equal(left, 8 * H + H / 2);
    check_time(
        calendar, "resumed",
        calendar_add(calendar, time_in(calendar, "2026-01-14 20:00"), left, CALENDAR_WORKING),
        "2026-01-16 10:00");
    calendar_free(calendar);
}

static void
test_calendar_next_open_is_now_while_open(void **state)
{
    static const struct row rows[] = {
        { "open", "2026-01-05 09:00", "2026-01-05 09:00" },
        { "open", "2026-01-05 11:59", "2026-01-05 11:59" },
        { "at the break", "2026-01-05 12:00", "2026-01-05 13:30" },
        { "closed", "2026-01-05 18:00", "2026-01-06 09:00" },
        { "weekend", "2026-01-09 18:00", "2026-01-12 09:00" },
    };
    struct calendar *calendar = calendar_of(SHANGHAI);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_time(calendar, rows[i].duration,
                   calendar_next_open(calendar, time_in(calendar, rows[i].from)), rows[i].due);
    assert_true(calendar_is_workday(calendar, time_in(calendar, "2026-01-05 00:00")));
    assert_false(calendar_is_workday(calendar, time_in(calendar, "2026-01-04 23:59")));
    calendar_free(calendar);
}

/* The same instant is Monday in Shanghai and still Sunday in New York. */
static void
test_calendar_the_day_of_the_start_is_that_of_the_calendars_zone(void **state)
{
    struct calendar *shanghai = calendar_of(SHANGHAI);
    struct calendar *york = calendar_of("{'timezone': 'America/New_York', 'hours': {" OFFICE "}}");

    (void)state;
    check_time(shanghai, "Shanghai", due_of(shanghai, "1 workday", "2026-01-05T01:00:00+08:00"),
               "2026-01-06 18:00");
    check_time(york, "New York", due_of(york, "1 workday", "2026-01-05T01:00:00+08:00"),
               "2026-01-05 18:00");
    calendar_free(shanghai);
    calendar_free(york);
}

static void
test_calendar_references_keep_it_alive(void **state)
{
    struct calendar *calendar = calendar_of(SHANGHAI);
    struct calendar *same = calendar_ref(calendar);

    (void)state;
    assert_ptr_equal(calendar, same);
    calendar_free(calendar);
    check_time(same, "still", due_of(same, "1 workday", "2026-01-09 15:00"), "2026-01-12 18:00");
    calendar_free(same);
    calendar_free(NULL);
    assert_null(calendar_ref(NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calendar_workday_leaves_out_the_day_of_the_start),
        cmocka_unit_test(test_calendar_ten_workdays_over_spring_festival_with_make_up_days),
        cmocka_unit_test(test_calendar_start_before_opening_hours_waits_for_them),
        cmocka_unit_test(test_calendar_start_after_closing_waits_for_the_next_day),
        cmocka_unit_test(test_calendar_holidays_do_not_count),
        cmocka_unit_test(test_calendar_workhours_leave_out_the_break),
        cmocka_unit_test(test_calendar_sums_go_from_days_to_workdays_to_workhours_to_hours),
        cmocka_unit_test(test_calendar_kind_says_how_a_duration_is_counted),
        cmocka_unit_test(test_calendar_days_of_23_and_25_hours),
        cmocka_unit_test(test_calendar_hours_are_wall_clock_across_the_change),
        cmocka_unit_test(test_calendar_the_hour_left_out_is_not_open),
        cmocka_unit_test(test_calendar_a_date_left_out_is_not_open),
        cmocka_unit_test(test_calendar_leap_days_are_days),
        cmocka_unit_test(test_calendar_far_dates),
        cmocka_unit_test(test_calendar_counted_is_what_add_adds),
        cmocka_unit_test(test_calendar_percentages_are_shares_of_counted_time),
        cmocka_unit_test(test_calendar_pause_keeps_the_counted_time_that_is_left),
        cmocka_unit_test(test_calendar_next_open_is_now_while_open),
        cmocka_unit_test(test_calendar_the_day_of_the_start_is_that_of_the_calendars_zone),
        cmocka_unit_test(test_calendar_references_keep_it_alive),
    };

    return cmocka_run_group_tests(tests, NULL, zones_teardown);
}
