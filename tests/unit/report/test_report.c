/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counting without a server: percentiles against their definition, periods at the edges of clocks
 * and years, histories that end, are cut, and are erased. The figures themselves are compared with
 * an independent model in tests/e2e/test_reports.py.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "clock.h"
#include "json.h"
#include "report.h"
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define HOUR INT64_C(3600000)

static int64_t
at(const char *text)
{
    int64_t ms = 0;

    assert_int_equal(sgn_time_parse(text, &ms, NULL), SGN_OK);
    return ms;
}

/* Of a team without a calendar, so that all time counts. */
static struct report *
begin(const char *name, const char *zone, const char *from, const char *to, const char *now)
{
    struct report_options options = { .report = name,
                                      .from = at(from),
                                      .to = at(to),
                                      .now = at(now),
                                      .zone = calendar_zone_get(zone),
                                      .language = "en",
                                      .currency = "CNY" };
    struct report *report = NULL;
    struct sgn_error err = { 0 };

    if (report_new(&options, &report, &err) != SGN_OK)
        fail_msg("%s", err.message);
    return report;
}

static json_t *
json_of(const char *text)
{
    char *copy = strdup(text);
    json_t *value;

    for (char *c = copy; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    value = json_loads(copy, 0, NULL);
    if (value == NULL)
        fail_msg("no JSON: %s", copy);
    free(copy);
    return value;
}

static void
entry(struct report *report, const char *kind, int64_t when, const char *shared,
      const char *internal)
{
    json_t *header = json_pack("{s:s, s:s, s:I}", "kind", kind, "actor", "li", "at", when);
    json_t *parts[] = { json_of(shared), json_of(internal) };

    assert_int_equal(report_entry(report,
                                  &(struct report_entry){
                                      .header = header, .shared = parts[0], .internal = parts[1] },
                                  NULL),
                     SGN_OK);
    json_decref(header);
    json_decref(parts[0]);
    json_decref(parts[1]);
}

/* Opened then, and ended so many ms later (negative: not). */
static void
lived(struct report *report, const char *opened, int64_t ms)
{
    json_t *item = json_of("{'key':'CR-1','workflow':'change','project':'erp'}");

    assert_int_equal(report_case(report, item, NULL), SGN_OK);
    entry(report, "open", at(opened), "{'states':['a']}",
          "{'waiting':[{'kind':'owner','person':'li','state':'a','since':1}]}");
    if (ms >= 0)
        entry(report, "fire", at(opened) + ms, "{'states':['z'],'outcome':'done'}",
              "{'waiting':[]}");
    assert_int_equal(report_case_end(report, NULL), SGN_OK);
    json_decref(item);
}

static json_t *
give(struct report *report)
{
    json_t *out = NULL;
    struct sgn_error err = { 0 };

    if (report_give(report, &out, &err) != SGN_OK)
        fail_msg("%s", err.message);
    report_free(report);
    return out;
}

static const json_t *
named(const json_t *list, const char *name)
{
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
        if (strcmp(sgn_json_str(one, "name"), name) == 0)
            return one;
    fail_msg("there is no %s", name);
    return NULL;
}

static const json_t *
figure(const json_t *report, const char *section, const char *name)
{
    const json_t *its = named(json_object_get(report, "sections"), section);

    return json_object_get(named(json_object_get(its, "figures"), name), "value");
}

static const json_t *
rows(const json_t *report, const char *section, const char *table)
{
    const json_t *its = named(json_object_get(report, "sections"), section);

    return json_object_get(named(json_object_get(its, "tables"), table), "rows");
}

/* The smallest value that is not exceeded by so many percent of all, as its definition says. */
static int64_t
by_definition(const int64_t *values, int n, int percent)
{
    int64_t found = INT64_MAX;

    for (int i = 0; i < n; i++) {
        int below = 0;
        for (int k = 0; k < n; k++)
            below += values[k] <= values[i];
        if (100 * below >= percent * n && values[i] < found)
            found = values[i];
    }
    return found;
}

static void
test_percentiles_are_by_nearest_rank(void **state)
{
    (void)state;
    for (int n = 1; n <= 41; n++) {
        struct report *report = begin("cycle_time", "UTC", "2026-01-01T00:00:00Z",
                                      "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z");
        int64_t values[41];
        json_t *given;

        for (int i = 0; i < n; i++) {
            values[i] = (i * 7919 % 97 + 1) * HOUR;
            lived(report, "2026-01-05T09:00:00Z", values[i]);
        }
        given = give(report);
        assert_int_equal(json_integer_value(figure(given, "cycle_time", "median")),
                         by_definition(values, n, 50));
        assert_int_equal(json_integer_value(figure(given, "cycle_time", "p85")),
                         by_definition(values, n, 85));
        assert_int_equal(json_integer_value(figure(given, "cycle_time", "p95")),
                         by_definition(values, n, 95));
        json_decref(given);
    }
}

static void
test_weeks_begin_on_monday_by_the_clock_on_the_wall(void **state)
{
    /* In Berlin the clock goes forward in the night to Sunday, 29 March 2026. */
    struct report *report = begin("throughput", "Europe/Berlin", "2026-03-23T00:00:00+01:00",
                                  "2026-04-06T00:00:00+02:00", "2026-05-01T00:00:00Z");
    const json_t *weeks;
    json_t *given;

    (void)state;
    lived(report, "2026-03-29T23:59:59+02:00", -1); /* the last second of that week */
    lived(report, "2026-03-30T00:00:00+02:00", -1); /* the first one of the next */
    lived(report, "2026-04-06T00:00:00+02:00", -1); /* behind the period */
    lived(report, "2026-03-22T23:59:59+01:00", -1); /* before it */
    given = give(report);
    weeks = rows(given, "throughput", "by_period");
    assert_int_equal(json_array_size(weeks), 2);
    assert_string_equal(sgn_json_str(json_array_get(weeks, 0), "key"), "2026-03-23");
    assert_int_equal(sgn_json_int(json_array_get(weeks, 0), "opened", -1), 1);
    assert_int_equal(sgn_json_int(json_array_get(weeks, 0), "open", -1), 2);
    assert_string_equal(sgn_json_str(json_array_get(weeks, 1), "key"), "2026-03-30");
    assert_int_equal(sgn_json_int(json_array_get(weeks, 1), "opened", -1), 1);
    assert_int_equal(json_integer_value(figure(given, "throughput", "open")), 3);
    json_decref(given);
}

static void
test_long_periods_are_divided_by_months_and_by_years(void **state)
{
    json_t *given = give(begin("throughput", "Asia/Shanghai", "2023-11-30T00:00:00+08:00",
                               "2024-12-01T00:00:00+08:00", "2026-01-01T00:00:00Z"));
    const json_t *months = rows(given, "throughput", "by_period"), *years;

    (void)state;
    assert_int_equal(json_array_size(months), 13);
    assert_string_equal(sgn_json_str(json_array_get(months, 0), "key"), "2023-11");
    assert_string_equal(sgn_json_str(json_array_get(months, 3), "key"), "2024-02");
    assert_string_equal(sgn_json_str(json_array_get(months, 12), "key"), "2024-11");
    json_decref(given);
    given = give(begin("throughput", "UTC", "1990-06-01T00:00:00Z", "2026-01-01T00:00:00Z",
                       "2026-01-01T00:00:00Z"));
    years = rows(given, "throughput", "by_period");
    assert_int_equal(json_array_size(years), 36);
    assert_string_equal(sgn_json_str(json_array_get(years, 35), "key"), "2025");
    json_decref(given);
}

static void
test_what_has_not_happened_yet_is_not_counted(void **state)
{
    struct report *report = begin("waiting", "UTC", "2026-01-05T00:00:00Z", "2026-02-01T00:00:00Z",
                                  "2026-01-06T00:00:00Z");
    json_t *given;

    (void)state;
    lived(report, "2026-01-05T20:00:00Z", 10 * HOUR);
    given = give(report);
    assert_int_equal(json_integer_value(figure(given, "waiting", "waiting_team")), 4 * HOUR);
    json_decref(given);
}

/* An erasure says the whole row after it: who is waited for then, and no field that it does not
 * name. */
static void
test_a_row_of_an_erasure_goes_before_what_was(void **state)
{
    struct report *report = begin("project_end", "UTC", "2026-01-01T00:00:00Z",
                                  "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
    json_t *item = json_of("{'key':'LL-1','workflow':'lesson','project':'erp'}"), *given;
    const json_t *lessons;

    (void)state;
    assert_int_equal(report_case(report, item, NULL), SGN_OK);
    entry(report, "open", at("2026-01-05T00:00:00Z"),
          "{'states':['a'],'fields':{'summary':'Mei said','recommendation':'Ask'}}", "{}");
    entry(report, "redact", at("2026-01-06T00:00:00Z"), "{}",
          "{'row':{'states':['a'],'waiting':[],'deadlines':[],'fields':{'recommendation':'Ask'}}}");
    assert_int_equal(report_case_end(report, NULL), SGN_OK);
    given = give(report);
    lessons = rows(given, "course", "lessons");
    assert_int_equal(json_array_size(lessons), 1);
    assert_true(json_is_null(json_object_get(json_array_get(lessons, 0), "what")));
    assert_string_equal(sgn_json_str(json_array_get(lessons, 0), "recommendation"), "Ask");
    json_decref(given);
    json_decref(item);
}

/* Every report is given, and each of its figures is told the meaning of, also of no case at all. */
static void
test_every_figure_of_every_report_is_defined(void **state)
{
    json_t *reports = report_list("zh"), *one;
    size_t i, k, m, n;

    (void)state;
    assert_true(json_array_size(reports) >= 12);
    json_array_foreach(reports, i, one) {
        json_t *given = give(begin(sgn_json_str(one, "name"), "UTC", "2026-01-01T00:00:00Z",
                                   "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"));
        const json_t *defined = json_object_get(given, "defined"), *section, *table, *column;
        json_array_foreach(json_object_get(given, "sections"), k, section) {
            json_array_foreach(json_object_get(section, "figures"), m, column)
                assert_true(
                    strlen(sgn_json_str(named(defined, sgn_json_str(column, "name")), "text")) > 5);
            json_array_foreach(json_object_get(section, "tables"), m, table)
                json_array_foreach(json_object_get(table, "columns"), n, column)
                    assert_non_null(named(defined, sgn_json_str(column, "name")));
        }
        json_decref(given);
    }
    json_decref(reports);
}

static void
test_periods_that_are_none_are_refused(void **state)
{
    struct report_options options = {
        .report = "waiting", .from = 2000, .to = 2000, .now = 9000, .zone = calendar_zone_get("UTC")
    };
    struct report *report = NULL;
    struct sgn_error err = { 0 };

    (void)state;
    assert_int_equal(report_new(&options, &report, &err), SGN_INVALID);
    options.to = 20000;
    options.from = 10000;
    assert_int_equal(report_new(&options, &report, &err), SGN_INVALID);
    options.report = "wating";
    assert_int_equal(report_new(&options, &report, &err), SGN_NOT_FOUND);
    assert_non_null(strstr(err.message, "did you mean 'waiting'"));
    sgn_error_clear(&err);
}

static int
end(void **state)
{
    (void)state;
    calendar_zones_free();
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_percentiles_are_by_nearest_rank),
        cmocka_unit_test(test_weeks_begin_on_monday_by_the_clock_on_the_wall),
        cmocka_unit_test(test_long_periods_are_divided_by_months_and_by_years),
        cmocka_unit_test(test_what_has_not_happened_yet_is_not_counted),
        cmocka_unit_test(test_a_row_of_an_erasure_goes_before_what_was),
        cmocka_unit_test(test_every_figure_of_every_report_is_defined),
        cmocka_unit_test(test_periods_that_are_none_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, end);
}
