/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers questions about working time, one JSON object per line, for comparing with another
 * program. A question that is refused is answered with {"error": MESSAGE, "pointer"?, "line"?}.
 *
 *   {"calendar": {...}}                                        -> {"ok": true}; for what follows
 *   {"op": "due", "duration": TEXT, "from": MS}                -> {"at": MS}
 *   {"op": "late", "duration": TEXT, "from": MS}               -> {"at": MS}
 *   {"op": "counted", "from": MS, "to": MS, "kind": KIND}      -> {"ms": MS}
 *   {"op": "add", "from": MS, "ms": MS, "kind": KIND}          -> {"at": MS}
 *   {"op": "percent", "from", "to", "percent": N, "kind"}      -> {"at": MS}
 *   {"op": "open", "from": MS}                                 -> {"at": MS}
 *   {"op": "workday", "from": MS}                              -> {"workday": true|false}
 *   {"op": "explain", "from": MS, "to": MS, "kind": KIND}      -> {"stretches": [...]}
 *   {"op": "every", "every": TEXT, "timezone": NAME, "from": MS, "n": N} -> {"times": [...],
 * "rule"}
 *   {"op": "holidays", "name": TEXT, "text": TEXT}             -> {"days": {...}}
 *
 * KIND is "working" or "elapsed"; CALENDAR_NEVER is null. With --bench nothing is read, and
 * the time that common questions take is printed.
 */
#include "calendar.h"
#include "clock.h"
#include "holidays.h"
#include "json.h"
#include "schedule.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static json_t *
instant(int64_t at)
{
    return at == CALENDAR_NEVER ? json_null() : json_integer(at);
}

static json_t *
answer_every(const json_t *q, struct sgn_error *err)
{
    const char *name = sgn_json_str(q, "timezone");
    const struct calendar_zone *zone = calendar_zone_get(name != NULL ? name : "UTC");
    struct calendar_schedule *schedule = NULL;
    int64_t at = sgn_json_int(q, "from", 0);
    json_t *times = json_array(), *answer = NULL;

    if (calendar_schedule_parse(sgn_json_str(q, "every"), &schedule, err) == SGN_OK) {
        for (int64_t n = sgn_json_int(q, "n", 1); n > 0 && at != CALENDAR_NEVER; n--) {
            at = calendar_schedule_next(schedule, zone, at);
            (void)json_array_append_new(times, instant(at));
        }
        answer = json_pack("{s:O, s:s}", "times", times, "rule", calendar_schedule_rule(schedule));
    }
    calendar_schedule_free(schedule);
    json_decref(times);
    return answer;
}

static json_t *
answer_due(const struct calendar *calendar, const json_t *q, struct sgn_error *err)
{
    struct calendar_duration duration;
    int64_t from = sgn_json_int(q, "from", 0);
    bool late = strcmp(sgn_json_str(q, "op"), "late") == 0;

    if (calendar_duration_parse(sgn_json_str(q, "duration"), &duration, err) != SGN_OK)
        return NULL;
    return json_pack("{s:o}", "at",
                     instant(late ? calendar_late(calendar, &duration, from)
                                  : calendar_due(calendar, &duration, from)));
}

static json_t *
answer_working(const struct calendar *calendar, const char *op, const json_t *q,
               struct sgn_error *err)
{
    const char *word = sgn_json_str(q, "kind");
    enum calendar_kind kind =
        word != NULL && strcmp(word, "elapsed") == 0 ? CALENDAR_ELAPSED : CALENDAR_WORKING;
    int64_t from = sgn_json_int(q, "from", 0), to = sgn_json_int(q, "to", 0);
    json_t *stretches = NULL;

    if (strcmp(op, "counted") == 0)
        return json_pack("{s:I}", "ms", (json_int_t)calendar_counted(calendar, from, to, kind));
    if (strcmp(op, "add") == 0)
        return json_pack("{s:o}", "at",
                         instant(calendar_add(calendar, from, sgn_json_int(q, "ms", 0), kind)));
    if (strcmp(op, "percent") == 0)
        return json_pack("{s:o}", "at",
                         instant(calendar_percent(calendar, from, to,
                                                  (int)sgn_json_int(q, "percent", 0), kind)));
    if (strcmp(op, "open") == 0)
        return json_pack("{s:o}", "at", instant(calendar_next_open(calendar, from)));
    if (strcmp(op, "workday") == 0)
        return json_pack("{s:b}", "workday", calendar_is_workday(calendar, from));
    if (strcmp(op, "explain") == 0 &&
        calendar_explain(calendar, from, to, kind, &stretches, err) == SGN_OK)
        return json_pack("{s:o}", "stretches", stretches);
    return NULL;
}

static json_t *
answer(struct calendar **calendar, const json_t *q, struct sgn_error *err)
{
    const char *op = sgn_json_str(q, "op");
    json_t *days = NULL;

    if (op == NULL) {
        calendar_free(*calendar);
        *calendar = NULL;
        if (calendar_parse(json_object_get(q, "calendar"), NULL, calendar, err) != SGN_OK)
            return NULL;
        return json_pack("{s:b}", "ok", 1);
    }
    if (strcmp(op, "every") == 0)
        return answer_every(q, err);
    if (strcmp(op, "holidays") == 0) {
        const json_t *text = json_object_get(q, "text");
        if (calendar_holidays_read(sgn_json_str(q, "name"), json_string_value(text),
                                   json_string_length(text), &days, err) != SGN_OK)
            return NULL;
        return json_pack("{s:o}", "days", days);
    }
    if (*calendar == NULL) {
        (void)sgn_fail(err, SGN_INVALID, "no calendar yet");
        return NULL;
    }
    return strcmp(op, "due") == 0 || strcmp(op, "late") == 0
               ? answer_due(*calendar, q, err)
               : answer_working(*calendar, op, q, err);
}

static json_t *
refusal(const struct sgn_error *err)
{
    json_t *out = json_pack("{s:s}", "error", err->message);

    if (err->data != NULL)
        (void)json_object_update_missing(out, err->data);
    return out;
}

static void
serve(void)
{
    struct calendar *calendar = NULL;
    char *line = NULL;
    size_t size = 0;
    ssize_t n;

    while ((n = getline(&line, &size, stdin)) > 0) {
        struct sgn_error err = { 0 };
        json_t *q = NULL, *a = NULL;

        if (sgn_json_parse(line, (size_t)n, &q, &err) == SGN_OK)
            a = answer(&calendar, q, &err);
        if (a == NULL)
            a = refusal(&err);
        (void)json_dumpf(a, stdout, JSON_COMPACT);
        (void)putchar('\n');
        json_decref(a);
        json_decref(q);
        sgn_error_clear(&err);
    }
    free(line);
    calendar_free(calendar);
}

/* ---- how long it takes ---- */

#define BENCH_CALENDAR                                                                             \
    "{\"timezone\": \"%s\", \"hours\": {\"monday_to_friday\": [\"09:00-12:00\","                   \
    "\"13:30-18:00\"]}}"
#define ROUNDS 200000

static double
seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
time_due(const struct calendar *calendar, const char *zone, const char *text)
{
    struct calendar_duration duration = { 0 };
    int64_t from = INT64_C(1767574800000), sum = 0;
    double begun = seconds(), each;

    if (calendar_duration_parse(text, &duration, NULL) != SGN_OK)
        return;
    for (int i = 0; i < ROUNDS; i++)
        sum += calendar_due(calendar, &duration, from + i * SGN_MINUTE_MS) & 1;
    each = (seconds() - begun) / ROUNDS * 1e6;
    printf("%-16s due %-14s %8.3f us%s\n", zone, text, each, sum > 0 ? "!" : "");
}

static void
time_percent(const struct calendar *calendar, const char *zone)
{
    int64_t from = INT64_C(1767574800000), sum = 0;
    double begun = seconds(), each;

    for (int i = 0; i < ROUNDS; i++)
        sum +=
            calendar_percent(calendar, from, from + 42 * SGN_DAY_MS, i % 99 + 1, CALENDAR_WORKING) &
            1;
    each = (seconds() - begun) / ROUNDS * 1e6;
    printf("%-16s percent of 42 days %8.3f us%s\n", zone, each, sum > 0 ? "!" : "");
}

static void
bench(void)
{
    static const char *const zones[] = { "Asia/Shanghai", "Europe/Berlin" };
    static const char *const texts[] = { "1 workday", "30 workdays", "240 workhours",
                                         "36000 workdays" };

    for (size_t z = 0; z < sizeof(zones) / sizeof(zones[0]); z++) {
        json_t *json = NULL;
        struct calendar *calendar = NULL;
        char text[256];
        int n = snprintf(text, sizeof(text), BENCH_CALENDAR, zones[z]);

        if (sgn_json_parse(text, (size_t)n, &json, NULL) != SGN_OK)
            exit(1);
        (void)json_object_set_new(json, "days", json_object());
        /* Every tenth day of 30 years is a date of its own. */
        for (int64_t day = 20454; day < 20454 + 30 * 365; day += 10) {
            char date[32];
            int y, m, d;

            sgn_civil_from_days(day, &y, &m, &d);
            snprintf(date, sizeof(date), "%04d-%02d-%02d", y, m, d);
            (void)json_object_set_new(json_object_get(json, "days"), date, json_array());
        }
        if (calendar_parse(json, NULL, &calendar, NULL) != SGN_OK)
            exit(1);
        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
            time_due(calendar, zones[z], texts[i]);
        time_percent(calendar, zones[z]);
        calendar_free(calendar);
        json_decref(json);
    }
}

int
main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--bench") == 0)
        bench();
    else
        serve();
    calendar_zones_free();
    return 0;
}
