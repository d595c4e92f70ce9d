/* SPDX-License-Identifier: Apache-2.0 */
/* Calendars from JSON: what is understood, and what is refused where. */
#include "working.h"

#define WITH(rest)   "{'timezone': 'UTC', 'hours': {" OFFICE "}, " rest "}"
#define HOURS(hours) "{'timezone': 'UTC', 'hours': {'monday': " hours "}}"

static const struct {
    const char *json, *pointer, *message;
} refusals[] = {
    { "[]", "", "must be an object" },
    { "{'hours': {}}", "", "timezone is missing" },
    { "{'timezone': 'Mars/Olympus', 'hours': {}}", "/timezone", "name of a time zone" },
    { "{'timezone': 7, 'hours': {}}", "/timezone", "name of a time zone" },
    { "{'timezone': 'UTC'}", "/hours", "hours of the week" },
    { "{'timezone': 'UTC', 'hours': {}}", "/hours", "never opens" },
    { HOURS("[]"), "/hours", "never opens" },
    { "{'timezone': 'UTC', 'hours': {'mondy': []}}", "/hours", "did you mean \"monday\"" },
    { "{'timezone': 'UTC', 'hours': {'monday': ['09:00-17:00']}, 'day': {}}", "",
      "did you mean \"days\"" },
    { HOURS("'09:00-12:00'"), "/hours/monday", "hours are a list" },
    { HOURS("['9-12']"), "/hours/monday/0", "written like" },
    { HOURS("['09:00-12:60']"), "/hours/monday/0", "written like" },
    { HOURS("['09:00-24:01']"), "/hours/monday/0", "written like" },
    { HOURS("[['09:00']]"), "/hours/monday/0", "written like" },
    { HOURS("[['09:00', '12:00', '13:00']]"), "/hours/monday/0", "written like" },
    { HOURS("[['09:00', '12']]"), "/hours/monday/0", "written like" },
    { HOURS("['12:00-09:00']"), "/hours/monday/0", "ends before it begins" },
    { HOURS("['22:00-06:00']"), "/hours/monday/0", "past midnight is two" },
    { HOURS("['09:00-09:00']"), "/hours/monday/0", "no length" },
    { HOURS("['09:00-12:00', '11:59-13:00']"), "/hours/monday/1", "before the one before" },
    { HOURS("['13:00-14:00', '09:00-12:00']"), "/hours/monday/1", "before the one before" },
    { HOURS("['00:00-00:01', '00:02-00:03', '00:04-00:05', '00:06-00:07', '00:08-00:09', "
            "'00:10-00:11', '00:12-00:13', '00:14-00:15', '00:16-00:17', '00:18-00:19', "
            "'00:20-00:21', '00:22-00:23', '00:24-00:25']"),
      "/hours/monday", "at most 12" },
    { WITH("'days': []"), "/days", "object of dates" },
    { WITH("'days': {'2026-02-29': []}"), "/days", "no date" },
    { WITH("'days': {'17.2.2026': []}"), "/days", "no date" },
    { WITH("'days': {'1969-12-31': []}"), "/days", "no date" },
    { WITH("'days': {'2026-02-17': false}"), "/days/2026-02-17", "a date is" },
    { WITH("'days': {'2026-02-17': 'funday'}"), "/days/2026-02-17", "no weekday" },
    { WITH("'days': {'2026-02-17': 'sunday'}"), "/days/2026-02-17", "has no hours" },
    { WITH("'days': {'2026-02-17': ['9-5']}"), "/days/2026-02-17/0", "written like" },
    { WITH("'days': {'2026-02-17': {'why': 'x'}}"), "/days/2026-02-17/hours", "a date is" },
    { WITH("'days': {'2026-02-17': {'hours': [], 'reason': 'x'}}"), "/days/2026-02-17", "unknown" },
    { WITH("'days': {'2026-02-17': {'hours': [], 'why': ''}}"), "/days/2026-02-17/why",
      "1 to 200" },
    { WITH("'exceptions': {'2026-02-17': {'hours': ['12:00-11:00']}}"),
      "/exceptions/2026-02-17/hours/0", "ends before" },
};

static void
test_calendar_parse_refuses_with_a_pointer(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        json_t *json = json_of(refusals[i].json);
        struct calendar *calendar = NULL;
        struct sgn_error err = { 0 };

        assert_int_equal(calendar_parse(json, NULL, &calendar, &err), SGN_INVALID);
        assert_null(calendar);
        if (strstr(err.message, refusals[i].message) == NULL)
            fail_msg("%s: %s", refusals[i].json, err.message);
        assert_string_equal(sgn_json_str(err.data, "pointer"), refusals[i].pointer);
        sgn_error_clear(&err);
        json_decref(json);
    }
}

/* days closed dates from 2026-01-01 on. */
static json_t *
closed_for(int days)
{
    json_t *json =
        json_of("{'timezone': 'UTC', 'hours': {'every_day': ['09:00-17:00']}, 'days': {}}");

    for (int i = 0; i < days; i++) {
        char date[32];
        int y, m, d;

        sgn_civil_from_days(20454 + i, &y, &m, &d);
        snprintf(date, sizeof(date), "%04d-%02d-%02d", y, m, d);
        assert_int_equal(json_object_set_new(json_object_get(json, "days"), date, json_array()), 0);
    }
    return json;
}

static void
test_calendar_parse_refuses_one_that_stays_closed_for_more_than_400_days(void **state)
{
    json_t *json = closed_for(400);
    struct calendar *calendar = NULL;
    struct sgn_error err = { 0 };

    (void)state;
    assert_int_equal(calendar_parse(json, NULL, &calendar, &err), SGN_OK);
    check_time(calendar, "opens",
               calendar_next_open(calendar, time_in(calendar, "2026-01-01 00:00")),
               "2027-02-05 09:00");
    calendar_free(calendar);
    json_decref(json);

    json = closed_for(401);
    assert_int_equal(calendar_parse(json, NULL, &calendar, &err), SGN_INVALID);
    assert_string_equal(sgn_json_str(err.data, "pointer"), "/days/2026-01-01");
    assert_non_null(strstr(err.message, "401 days"));
    sgn_error_clear(&err);
    json_decref(json);
}

/* Narrow names win over wide ones, whatever their order. */
static void
test_calendar_parse_the_narrower_weekday_wins(void **state)
{
    struct calendar *calendar =
        calendar_of("{'timezone': 'UTC', 'hours': {'wednesday': ['10:00-11:00'], 'weekend': [], "
                    "'monday_to_friday': ['09:00-17:00'], 'every_day': ['00:00-24:00'], 'sunday': "
                    "['20:00-24:00']}}");

    (void)state;
    check_time(calendar, "Monday", due_of(calendar, "1 workday", "2026-01-04 12:00"),
               "2026-01-05 17:00");
    check_time(calendar, "Wednesday", due_of(calendar, "1 workday", "2026-01-06 12:00"),
               "2026-01-07 11:00");
    check_time(calendar, "Sunday", due_of(calendar, "1 workday", "2026-01-09 12:00"),
               "2026-01-12 00:00");
    calendar_free(calendar);
}

static void
test_calendar_parse_reads_every_form_of_a_date(void **state)
{
    static const struct {
        const char *date, *close;
    } rows[] = {
        { "2026-01-10 09:00", "2026-01-10 18:00" }, /* true: Monday's */
        { "2026-01-11 09:00", "2026-01-11 15:00" }, /* friday */
        { "2026-01-17 09:00", "2026-01-17 13:00" }, /* its own */
        { "2026-01-18 09:00", "2026-01-18 18:00" }, /* with a reason */
        { "2026-01-24 09:00", "2026-01-24 12:00" }, /* an exception wins */
    };
    struct calendar *calendar = calendar_of(
        "{'timezone': 'UTC', 'title': 'Office', 'hours': {'monday_to_friday': ['09:00-18:00'], "
        "'friday': "
        "['09:00-15:00']}, 'days': {'2026-01-10': true, '2026-01-11': 'friday', '2026-01-17': "
        "[['09:00', '13:00']], '2026-01-18': {'hours': true, 'why': 'fair'}, '2026-01-24': [], "
        "'2026-01-05': []}, 'exceptions': {'2026-01-24': ['09:00-12:00'], '2026-01-05': "
        "'monday'}}");

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_time(calendar, rows[i].date,
                   calendar_add(calendar, time_in(calendar, rows[i].date),
                                time_in(calendar, rows[i].close) - time_in(calendar, rows[i].date),
                                CALENDAR_WORKING),
                   rows[i].close);
    assert_true(calendar_is_workday(calendar, time_in(calendar, "2026-01-05 12:00")));
    calendar_free(calendar);
}

static void
test_calendar_parse_true_is_the_first_weekday_with_hours(void **state)
{
    struct calendar *calendar = calendar_of("{'timezone': 'UTC', 'hours': {'thursday': "
                                            "['10:00-12:00']}, 'days': {'2026-01-10': true}}");

    (void)state;
    check_time(calendar, "make-up", due_of(calendar, "1 workday", "2026-01-09 12:00"),
               "2026-01-10 12:00");
    calendar_free(calendar);
}

static void
test_calendar_parse_takes_the_given_zone_when_none_is_named(void **state)
{
    json_t *json = json_of("{'hours': {" OFFICE "}}");
    struct calendar *calendar = NULL;

    (void)state;
    assert_int_equal(calendar_parse(json, calendar_zone_get("Asia/Shanghai"), &calendar, NULL),
                     SGN_OK);
    assert_string_equal(calendar_zone_name(calendar_zone_of(calendar)), "Asia/Shanghai");
    calendar_free(calendar);
    json_decref(json);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calendar_parse_refuses_with_a_pointer),
        cmocka_unit_test(test_calendar_parse_refuses_one_that_stays_closed_for_more_than_400_days),
        cmocka_unit_test(test_calendar_parse_the_narrower_weekday_wins),
        cmocka_unit_test(test_calendar_parse_reads_every_form_of_a_date),
        cmocka_unit_test(test_calendar_parse_true_is_the_first_weekday_with_hours),
        cmocka_unit_test(test_calendar_parse_takes_the_given_zone_when_none_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, zones_teardown);
}
