/* SPDX-License-Identifier: Apache-2.0 */
/* Which time counted and why. 2026-01-05 is a Monday. */
#include "working.h"

struct expected {
    const char *from, *to;
    bool counted;
    const char *kind, *why;
};

static void
check_stretches(const char *json, const char *from, const char *to, const struct expected *rows,
                size_t n)
{
    struct calendar *calendar = calendar_of(json);
    json_t *stretches = NULL, *one;
    size_t i;

    assert_int_equal(calendar_explain(calendar, time_in(calendar, from), time_in(calendar, to),
                                      CALENDAR_WORKING, &stretches, NULL),
                     SGN_OK);
    assert_int_equal(json_array_size(stretches), n);
    json_array_foreach(stretches, i, one) {
        check_time(calendar, "from", sgn_json_int(one, "from", 0), rows[i].from);
        check_time(calendar, "to", sgn_json_int(one, "to", 0), rows[i].to);
        assert_int_equal(sgn_json_true(one, "counted"), rows[i].counted);
        assert_string_equal(sgn_json_str(one, "kind"), rows[i].kind);
        assert_string_equal(sgn_json_str(one, "why"), rows[i].why);
    }
    json_decref(stretches);
    calendar_free(calendar);
}

static void
test_calendar_explain_names_hours_breaks_nights_and_weekends(void **state)
{
    static const struct expected rows[] = {
        { "2026-01-08 16:00", "2026-01-08 18:00", true, "working", "working hours" },
        { "2026-01-08 18:00", "2026-01-09 09:00", false, "night", "night" },
        { "2026-01-09 09:00", "2026-01-09 12:00", true, "working", "working hours" },
        { "2026-01-09 12:00", "2026-01-09 13:30", false, "break", "lunch break" },
        { "2026-01-09 13:30", "2026-01-09 18:00", true, "working", "working hours" },
        { "2026-01-09 18:00", "2026-01-12 09:00", false, "weekend", "weekend" },
        { "2026-01-12 09:00", "2026-01-12 10:00", true, "working", "working hours" },
    };

    (void)state;
    check_stretches("{'timezone': 'Asia/Shanghai', 'hours': {" OFFICE "}}", "2026-01-08 16:00",
                    "2026-01-12 10:00", rows, COUNT(rows));
}

static void
test_calendar_explain_names_the_holiday_and_the_make_up_day(void **state)
{
    static const struct expected rows[] = {
        { "2026-02-13 17:00", "2026-02-13 18:00", true, "working", "working hours" },
        { "2026-02-13 18:00", "2026-02-14 09:00", false, "night", "night" },
        { "2026-02-14 09:00", "2026-02-14 12:00", true, "makeup",
          "make-up working day: Spring Festival" },
        { "2026-02-14 12:00", "2026-02-17 00:00", false, "holiday", "holiday: Spring Festival" },
        { "2026-02-17 00:00", "2026-02-18 10:00", false, "closed", "closed: inventory" },
        { "2026-02-18 10:00", "2026-02-18 11:00", true, "special", "special hours: inventory" },
    };

    (void)state;
    check_stretches(
        "{'timezone': 'Asia/Shanghai', 'hours': {'monday_to_friday': ['09:00-18:00']}, 'days': {"
        "'2026-02-14': {'hours': ['09:00-12:00'], 'why': 'Spring Festival'},"
        "'2026-02-15': {'hours': [], 'why': 'Spring Festival'},"
        "'2026-02-16': {'hours': [], 'why': 'Spring Festival'},"
        "'2026-02-17': {'hours': [], 'why': 'Spring Festival'}}, 'exceptions': {"
        "'2026-02-17': {'hours': [], 'why': 'inventory'},"
        "'2026-02-18': {'hours': ['10:00-11:00'], 'why': 'inventory'}}}",
        "2026-02-13 17:00", "2026-02-18 11:00", rows, COUNT(rows));
}

/* Cut at both ends; the night is still known to be a weekend's. */
static void
test_calendar_explain_cuts_at_both_ends(void **state)
{
    static const struct expected evening[] = {
        { "2026-01-09 20:00", "2026-01-09 22:00", false, "weekend", "weekend" },
    };
    static const struct expected morning[] = {
        { "2026-01-12 03:00", "2026-01-12 04:00", false, "weekend", "weekend" },
    };

    (void)state;
    check_stretches("{'timezone': 'UTC', 'hours': {" OFFICE "}}", "2026-01-09 20:00",
                    "2026-01-09 22:00", evening, COUNT(evening));
    check_stretches("{'timezone': 'UTC', 'hours': {" OFFICE "}}", "2026-01-12 03:00",
                    "2026-01-12 04:00", morning, COUNT(morning));
    check_stretches("{'timezone': 'UTC', 'hours': {" OFFICE "}}", "2026-01-12 03:00",
                    "2026-01-12 03:00", NULL, 0);
}

static void
test_calendar_explain_never_closed_is_one_stretch(void **state)
{
    static const struct expected rows[] = {
        { "2026-03-20 20:00", "2026-04-20 20:00", true, "working", "working hours" },
    };

    (void)state;
    check_stretches("{'timezone': 'Europe/Berlin', 'hours': {'every_day': ['00:00-24:00']}}",
                    "2026-03-20 20:00", "2026-04-20 20:00", rows, COUNT(rows));
}

static void
test_calendar_explain_days_off_and_breaks(void **state)
{
    static const struct expected rows[] = {
        { "2026-01-06 09:00", "2026-01-06 10:00", true, "working", "working hours" },
        { "2026-01-06 10:00", "2026-01-06 10:30", false, "break", "break" },
        { "2026-01-06 10:30", "2026-01-06 12:00", true, "working", "working hours" },
        { "2026-01-06 12:00", "2026-01-08 09:00", false, "day_off", "day off" },
    };

    (void)state;
    check_stretches("{'timezone': 'UTC', 'hours': {'every_day': ['09:00-10:00', '10:30-12:00'], "
                    "'wednesday': []}}",
                    "2026-01-06 09:00", "2026-01-08 09:00", rows, COUNT(rows));
}

static void
test_calendar_explain_elapsed_is_one_stretch(void **state)
{
    json_t *stretches = NULL;

    (void)state;
    assert_int_equal(calendar_explain(NULL, 5, 50, CALENDAR_ELAPSED, &stretches, NULL), SGN_OK);
    assert_int_equal(json_array_size(stretches), 1);
    assert_string_equal(sgn_json_str(json_array_get(stretches, 0), "kind"), "elapsed");
    assert_int_equal(sgn_json_int(json_array_get(stretches, 0), "to", 0), 50);
    json_decref(stretches);
}

static void
test_calendar_explain_refuses_what_is_too_long_to_tell(void **state)
{
    struct calendar *calendar = calendar_of("{'timezone': 'UTC', 'hours': {" OFFICE "}}");
    json_t *stretches = NULL;
    struct sgn_error err = { 0 };

    (void)state;
    assert_int_equal(
        calendar_explain(calendar, 0, SGN_TIME_MAX, CALENDAR_WORKING, &stretches, &err),
        SGN_TOO_LARGE);
    assert_null(stretches);
    sgn_error_clear(&err);
    calendar_free(calendar);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calendar_explain_names_hours_breaks_nights_and_weekends),
        cmocka_unit_test(test_calendar_explain_names_the_holiday_and_the_make_up_day),
        cmocka_unit_test(test_calendar_explain_cuts_at_both_ends),
        cmocka_unit_test(test_calendar_explain_never_closed_is_one_stretch),
        cmocka_unit_test(test_calendar_explain_days_off_and_breaks),
        cmocka_unit_test(test_calendar_explain_elapsed_is_one_stretch),
        cmocka_unit_test(test_calendar_explain_refuses_what_is_too_long_to_tell),
    };

    return cmocka_run_group_tests(tests, NULL, zones_teardown);
}
