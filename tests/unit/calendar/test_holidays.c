/* SPDX-License-Identifier: Apache-2.0 */
/* Holiday files: the plain list, iCalendar, and China's published days. */
#include "buf.h"
#include "holidays.h"
#include "working.h"

#define ICS(lines)   "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" lines "END:VCALENDAR\r\n"
#define EVENT(lines) "BEGIN:VEVENT\r\n" lines "END:VEVENT\r\n"
#define DAY(date)    "DTSTART;VALUE=DATE:" date "\r\n"

static json_t *
days_of(const char *name, const char *text)
{
    struct sgn_error err = { 0 };
    json_t *days = NULL;

    if (calendar_holidays_read(name, text, strlen(text), &days, &err) != SGN_OK)
        fail_msg("%s", err.message);
    return days;
}

static void
check_days(const char *name, const char *text, const char *expected)
{
    json_t *days = days_of(name, text), *wanted = json_of(expected);

    if (!json_equal(days, wanted))
        fail_msg("expected %s, got %s", expected, json_dumps(days, JSON_COMPACT | JSON_SORT_KEYS));
    json_decref(days);
    json_decref(wanted);
}

struct refusal {
    const char *text, *place, *message;
};

static void
check_refused(const char *name, const struct refusal *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct sgn_error err = { 0 };
        json_t *days = NULL;

        assert_int_equal(
            calendar_holidays_read(name, rows[i].text, strlen(rows[i].text), &days, &err),
            SGN_INVALID);
        assert_null(days);
        if (strncmp(err.message, rows[i].place, strlen(rows[i].place)) != 0 ||
            strstr(err.message, rows[i].message) == NULL)
            fail_msg("%s: %s", rows[i].text, err.message);
        sgn_error_clear(&err);
    }
}

/* ---- the plain list ---- */

static void
test_holidays_list_reads_every_form(void **state)
{
    (void)state;
    check_days("cn.txt",
               "\xef\xbb\xbf# a comment\r\n\r\n"
               "2026-02-16..2026-02-17 closed Spring Festival\r\n"
               "  2026-02-14\topen  make-up  \n"
               "2026-02-28 open as friday Spring Festival\n"
               "2026-12-24 open 09:00-12:00,13:00-15:00 Christmas Eve\n"
               "2026-12-25 closed\n"
               "2026-12-31 open 2026 ends",
               "{'2026-02-16': {'hours': [], 'why': 'Spring Festival'},"
               "'2026-02-17': {'hours': [], 'why': 'Spring Festival'},"
               "'2026-02-14': {'hours': true, 'why': 'make-up'},"
               "'2026-02-28': {'hours': 'friday', 'why': 'Spring Festival'},"
               "'2026-12-24': {'hours': ['09:00-12:00', '13:00-15:00'], 'why': 'Christmas Eve'},"
               "'2026-12-25': {'hours': []}, '2026-12-31': {'hours': true, 'why': '2026 ends'}}");
    check_days("empty.txt", "", "{}");
}

static void
test_holidays_list_refuses_with_file_and_line(void **state)
{
    static const struct refusal rows[] = {
        { "# x\n\n2026-02-17", "cn.txt:3: ", "neither closed nor open" },
        { "2026-02-17 shut x", "cn.txt:1: ", "neither closed nor open" },
        { "2026-02-30 closed", "cn.txt:1: ", "no date" },
        { "17.02.2026 closed", "cn.txt:1: ", "no date" },
        { "2026-02-17..x closed", "cn.txt:1: ", "no date" },
        { "2026-02-17.. closed", "cn.txt:1: ", "no date" },
        { "2026-02-17..2026-02-16 closed", "cn.txt:1: ", "ends before it begins" },
        { "2026-01-01..2027-01-02 closed", "cn.txt:1: ", "more than 366 dates" },
        { "2026-01-01..2026-01-03 closed\n2026-01-03 open",
          "cn.txt:2: ", "said already, as closed" },
        { "2026-01-03 open\n2026-01-03 open", "cn.txt:2: ", "said already, as a working day" },
        { "2026-01-03 open as funday", "cn.txt:1: ", "no weekday" },
        { "2026-01-03 open 09:00-08:00", "cn.txt:1: ", "no interval" },
        { "2026-01-03 open 09:00-12:00,11:00-13:00", "cn.txt:1: ", "no interval" },
        { "2026-01-03 open 9:00-12:00", "cn.txt:1: ", "no interval" },
    };

    (void)state;
    check_refused("cn.txt", rows, COUNT(rows));
}

static void
test_holidays_refuses_what_is_too_large_or_no_text(void **state)
{
    struct sgn_error err = { 0 };
    struct sgn_buf buf;
    json_t *days = NULL;
    char *big = calloc(1, CALENDAR_HOLIDAYS_BYTES + 2);

    (void)state;
    memset(big, '\n', CALENDAR_HOLIDAYS_BYTES + 1);
    assert_int_equal(calendar_holidays_read("x.txt", big, CALENDAR_HOLIDAYS_BYTES + 1, &days, &err),
                     SGN_TOO_LARGE);
    assert_int_equal(calendar_holidays_read("x.txt", big, CALENDAR_HOLIDAYS_BYTES, &days, &err),
                     SGN_OK);
    json_decref(days);
    days = NULL;
    memset(big, '#', 5000);
    assert_int_equal(calendar_holidays_read("x.txt", big, 5000, &days, &err), SGN_INVALID);
    assert_non_null(strstr(err.message, "x.txt:1: a line of more than"));
    assert_int_equal(calendar_holidays_read("x.txt", "\xff\xfe", 2, &days, &err), SGN_INVALID);
    assert_int_equal(calendar_holidays_read("x.txt", "a\0b", 3, &days, &err), SGN_INVALID);
    /* 56 years of closed days are more than 20,000 dates. */
    sgn_buf_init(&buf, CALENDAR_HOLIDAYS_BYTES);
    for (int year = 2000; year < 2056; year++)
        (void)sgn_buf_printf(&buf, "%d-01-01..%d-12-31 closed\n", year, year);
    assert_int_equal(calendar_holidays_read("x.txt", buf.bytes, buf.len, &days, &err), SGN_INVALID);
    assert_non_null(strstr(err.message, "x.txt:55: more than 20000 dates"));
    sgn_buf_deinit(&buf);
    sgn_error_clear(&err);
    free(big);
}

/* ---- iCalendar ---- */

static void
test_holidays_ics_reads_all_day_events(void **state)
{
    (void)state;
    check_days(
        "cn.ics",
        ICS("BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
            "END:STANDARD\r\nEND:VTIMEZONE\r\n"
            /* the end is the day after the last */
            EVENT(DAY("20260216") "DTEND;VALUE=DATE:20260218\r\nSUMMARY:Spring\r\n  Festival\r\n")
                EVENT("DTSTART:20260501\r\nSUMMARY;LANGUAGE=\"en:x\":A\\, B\\; C\\\\\\nD\r\n")
                    EVENT(DAY("20260601") "DURATION:P2D\r\n")
                        EVENT("DURATION:P1W\r\n" DAY("20260701"))
                            EVENT(DAY("20261225") "DTEND;VALUE=DATE:20261225\r\n"
                                                  "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nDTSTART:"
                                                  "19990101T000000\r\nEND:VALARM\r\n")
                                EVENT(DAY("20261226") "STATUS:CANCELLED\r\n")),
        "{'2026-02-16': {'hours': [], 'why': 'Spring Festival'},"
        "'2026-02-17': {'hours': [], 'why': 'Spring Festival'},"
        "'2026-05-01': {'hours': [], 'why': 'A, B; C\\\\ D'},"
        "'2026-06-01': {'hours': []}, '2026-06-02': {'hours': []},"
        "'2026-07-01': {'hours': []}, '2026-07-02': {'hours': []}, '2026-07-03': {'hours': []},"
        "'2026-07-04': {'hours': []}, '2026-07-05': {'hours': []}, '2026-07-06': {'hours': []},"
        "'2026-07-07': {'hours': []}, '2026-12-25': {'hours': []}}");
}

static void
test_holidays_ics_knows_make_up_days(void **state)
{
    (void)state;
    check_days(
        "cn.ics",
        ICS(EVENT(DAY("20260214") "SUMMARY:春节(班)\r\n") EVENT(DAY("20260228") "SUMMARY:补班\r\n")
                EVENT(DAY("20260509") "SUMMARY:Labour Day\r\nCATEGORIES:CN,Workday\r\n")
                    EVENT(DAY("20260920") "SUMMARY:Make-up WorkDay\r\n")
                        EVENT(DAY("20260216") "SUMMARY:春节(休)\r\nCATEGORIES:HOLIDAY\r\n")),
        "{'2026-02-14': {'hours': true, 'why': '春节(班)'},"
        "'2026-02-28': {'hours': true, 'why': '补班'},"
        "'2026-05-09': {'hours': true, 'why': 'Labour Day'},"
        "'2026-09-20': {'hours': true, 'why': 'Make-up WorkDay'},"
        "'2026-02-16': {'hours': [], 'why': '春节(休)'}}");
}

/* Thanksgiving is the fourth Thursday of November, Christmas Day 25 December. */
static void
test_holidays_ics_expands_yearly_rules_from_2000_to_2100(void **state)
{
    json_t *days = days_of(
        "us.ics", ICS(EVENT(DAY("16011225") "SUMMARY:Christmas\r\nRRULE:FREQ=YEARLY\r\n") EVENT(
                      DAY("19701126") "SUMMARY:Thanksgiving\r\nRRULE:FREQ=YEARLY;BYMONTH=11;"
                                      "BYDAY=4TH\r\nEXDATE;VALUE=DATE:20241128\r\n")
                          EVENT(DAY("20260704") "SUMMARY:Two\r\nRRULE:FREQ=YEARLY;COUNT=2\r\n")
                              EVENT(DAY("20240229") "RRULE:FREQ=YEARLY;UNTIL=20320301\r\n")));

    (void)state;
    assert_int_equal(json_object_size(days), 101 + 100 + 2 + 3);
    assert_non_null(json_object_get(days, "2000-12-25"));
    assert_non_null(json_object_get(days, "2100-12-25"));
    assert_non_null(json_object_get(days, "2025-11-27"));
    assert_non_null(json_object_get(days, "2026-11-26"));
    assert_null(json_object_get(days, "2024-11-28"));
    assert_non_null(json_object_get(days, "2027-07-04"));
    assert_null(json_object_get(days, "2028-07-04"));
    assert_non_null(json_object_get(days, "2032-02-29"));
    assert_null(json_object_get(days, "2025-03-01"));
    json_decref(days);
}

static void
test_holidays_ics_two_holidays_on_one_date_are_both_named(void **state)
{
    (void)state;
    check_days("cn.ics",
               ICS(EVENT(DAY("20251006") "SUMMARY:Mid-Autumn\r\n")
                       EVENT(DAY("20251006") "SUMMARY:National Day\r\n") EVENT(
                           DAY("20251006") "SUMMARY:National Day\r\n") EVENT(DAY("20251006"))),
               "{'2025-10-06': {'hours': [], 'why': 'Mid-Autumn, National Day'}}");
}

static void
test_holidays_ics_refuses_with_file_and_line(void **state)
{
    static const struct refusal rows[] = {
        { "", "x.ics:0: ", "without END:VCALENDAR" },
        { "hello", "x.ics:1: ", "NAME:VALUE" },
        { "VERSION:2.0\n", "x.ics:1: ", "not inside BEGIN:VCALENDAR" },
        { "BEGIN:VEVENT\n", "x.ics:1: ", "one VCALENDAR" },
        { "BEGIN:VCALENDAR\nBEGIN:VCALENDAR\n", "x.ics:2: ", "one VCALENDAR" },
        { "BEGIN:VCALENDAR\nEND:VEVENT\n", "x.ics:2: ", "without its BEGIN" },
        { "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "x.ics:3: ", "without its BEGIN" },
        { "BEGIN:VCALENDAR\nA B:c\n", "x.ics:2: ", "no name of a property" },
        { "BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VCALENDAR\n", "x.ics:3: ", "one VCALENDAR" },
        { ICS(EVENT("SUMMARY:x\r\n")), "x.ics:3: ", "no DTSTART" },
        { ICS(EVENT("DTSTART:20260101T090000Z\r\n")), "x.ics:4: ", "time of day" },
        { ICS(EVENT("DTSTART;VALUE=DATE:2026-01-01\r\n")), "x.ics:4: ", "no date for DTSTART" },
        { ICS(EVENT(DAY("20260230"))), "x.ics:4: ", "no date for DTSTART" },
        { ICS(EVENT(DAY("20260101") DAY("20260102"))), "x.ics:5: ", "second DTSTART" },
        { ICS(EVENT(DAY("20260102") "DTEND:20260101\r\n")), "x.ics:3: ", "ends before" },
        { ICS(EVENT(DAY("20260102") "DURATION:PT1H\r\n")), "x.ics:5: ", "no duration" },
        { ICS(EVENT(DAY("20260102") "DTEND:20260103\r\nDURATION:P1D\r\n")),
          "x.ics:6: ", "one DTEND" },
        { ICS(EVENT(DAY("20260102") "DTEND:20270110\r\n")), "x.ics:3: ", "more than 366 days" },
        { ICS(EVENT(DAY("20260102") "RRULE:FREQ=DAILY\r\n")), "x.ics:3: ", "only yearly" },
        { ICS(EVENT(DAY("20260102") "RRULE:FREQ=SECONDLY\r\n")), "x.ics:3: ", "refused" },
        { ICS(EVENT(DAY("20260102") "RRULE:FREQ=YEARLY\r\nRRULE:FREQ=YEARLY\r\n")),
          "x.ics:6: ", "second RRULE" },
        { ICS(EVENT(DAY("20260102") "RDATE:20260103\r\n")),
          "x.ics:5: ", "RDATE is not understood" },
        { ICS(EVENT(DAY("20260102") "EXDATE:20260103T000000\r\n")), "x.ics:5: ", "time of day" },
        { ICS(EVENT(DAY("20260102")) EVENT(DAY("20260102") "SUMMARY:workday\r\n")),
          "x.ics:6: ", "said already, as closed" },
    };

    (void)state;
    check_refused("x.ics", rows, COUNT(rows));
}

/* Whatever bytes come, an answer comes; the sanitizers look on. */
static void
test_holidays_any_bytes_are_answered(void **state)
{
    static const char good[] =
        ICS(EVENT(DAY("20260216") "DTEND:20260218\r\nSUMMARY:Spring\r\n  "
                                  "Festival\\\r\nRRULE:FREQ=YEARLY;BYMONTH=2,3;BYDAY=-1MO\r\n"));
    static const char list[] = "2026-02-15..2026-02-23 closed A\n2026-02-14 open 09:00-12:00 B\n";
    unsigned seed = 7;

    (void)state;
    for (int i = 0; i < 4000; i++) {
        const char *from = i % 2 == 0 ? good : list;
        size_t n = strlen(from);
        char *text = malloc(n);
        json_t *days = NULL;
        struct sgn_error err = { 0 };

        memcpy(text, from, n);
        for (int k = 0; k < 1 + i % 5; k++) {
            seed = seed * 1103515245 + 12345;
            text[(seed >> 8) % n] = from[(seed >> 3) % n];
        }
        n -= (seed >> 16) % 9 == 0 ? (seed >> 20) % n : 0;
        if (calendar_holidays_read(i % 2 == 0 ? "x.ics" : "x.txt", text, n, &days, &err) == SGN_OK)
            json_decref(days);
        else
            assert_non_null(strstr(err.message, "x."));
        sgn_error_clear(&err);
        free(text);
    }
}

/* ---- China ---- */

static json_t *
shipped(int year)
{
    char path[256], text[8192];
    FILE *file;
    size_t n;

    snprintf(path, sizeof(path), "%s/workflows/calendars/cn-%d.txt", SGN_SOURCE_DIR, year);
    file = fopen(path, "rb");
    assert_non_null(file);
    n = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[n] = '\0';
    return days_of(path, text);
}

/* The notices number the days: closed dates, and make-up days, all on Saturday or Sunday. */
static void
test_holidays_of_china_are_as_the_notices_count_them(void **state)
{
    static const struct {
        int year, closed, open;
    } rows[] = {
        { 2024, 1 + 8 + 3 + 5 + 1 + 3 + 7, 2 + 1 + 2 + 1 + 2 },
        { 2025, 1 + 8 + 3 + 5 + 3 + 8, 2 + 1 + 2 },
        { 2026, 3 + 9 + 3 + 5 + 3 + 3 + 7, 1 + 2 + 1 + 2 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        json_t *days = shipped(rows[i].year), *day;
        const char *date;
        int closed = 0, open = 0, y, m, d;

        json_object_foreach(days, date, day) {
            assert_true(sgn_date_parse(date, &y, &m, &d));
            assert_int_equal(y, rows[i].year);
            assert_non_null(sgn_json_str(day, "why"));
            if (json_is_true(json_object_get(day, "hours"))) {
                open++;
                assert_true((sgn_days_from_civil(y, m, d) + 3) % 7 >= 5);
            } else {
                closed++;
            }
        }
        assert_int_equal(closed, rows[i].closed);
        assert_int_equal(open, rows[i].open);
        json_decref(days);
    }
}

/* 2026 has 261 weekdays. Closed among them, counted on a calendar: 2 of New Year, 6 of Spring
 * Festival, 1 of Qingming, 3 in May, 1 in June, 1 in September, 5 in October. 6 are made up. */
static void
test_holidays_of_china_in_a_calendar(void **state)
{
    json_t *json = json_of("{'timezone': 'Asia/Shanghai', 'hours': {" OFFICE "}}");
    struct calendar *calendar = NULL;
    int workdays = 0;

    (void)state;
    assert_int_equal(json_object_set_new(json, "days", shipped(2026)), 0);
    assert_int_equal(calendar_parse(json, NULL, &calendar, NULL), SGN_OK);
    for (int64_t day = 20454; day < 20454 + 365; day++)
        workdays += calendar_is_workday(calendar, day * SGN_DAY_MS);
    assert_int_equal(workdays, 261 - (2 + 6 + 1 + 3 + 1 + 1 + 5) + 6);
    /* From the notice: 14 February is worked, 15 to 23 February are off. */
    check_time(calendar, "Spring Festival", due_of(calendar, "2 workdays", "2026-02-13 10:00"),
               "2026-02-24 18:00");
    check_time(calendar, "National Day", due_of(calendar, "3 workdays", "2026-09-30 10:00"),
               "2026-10-10 18:00");
    calendar_free(calendar);
    json_decref(json);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_holidays_list_reads_every_form),
        cmocka_unit_test(test_holidays_list_refuses_with_file_and_line),
        cmocka_unit_test(test_holidays_refuses_what_is_too_large_or_no_text),
        cmocka_unit_test(test_holidays_ics_reads_all_day_events),
        cmocka_unit_test(test_holidays_ics_knows_make_up_days),
        cmocka_unit_test(test_holidays_ics_expands_yearly_rules_from_2000_to_2100),
        cmocka_unit_test(test_holidays_ics_two_holidays_on_one_date_are_both_named),
        cmocka_unit_test(test_holidays_ics_refuses_with_file_and_line),
        cmocka_unit_test(test_holidays_any_bytes_are_answered),
        cmocka_unit_test(test_holidays_of_china_are_as_the_notices_count_them),
        cmocka_unit_test(test_holidays_of_china_in_a_calendar),
    };

    return cmocka_run_group_tests(tests, NULL, zones_teardown);
}
