/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is counted: numbers, measured times and texts under names, in rows of tables; and what
 * becomes of them when they are given.
 *
 * Percentiles are by nearest rank: the smallest measured time that at least so many percent of all
 * do not exceed. It is one of those that were measured, whatever their number.
 */
#include "report_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
report_in_period(const struct report *report, int64_t at)
{
    return at >= report->options.from && at < report->limit;
}

int64_t
report_working(const struct report *report, int64_t from, int64_t to)
{
    const struct calendar *calendar = report->options.calendar;

    return calendar_counted(calendar, from, to,
                            calendar != NULL ? CALENDAR_WORKING : CALENDAR_ELAPSED);
}

static json_t *
within(struct report *report, json_t *object, const char *name)
{
    json_t *member = sgn_json_within(object, name);

    report->nomem |= member == NULL;
    return member;
}

static json_t *
row_of(struct report_count *count, const char *table, const char *key)
{
    json_t *rows = within(count->report, count->box, table);

    return rows != NULL ? within(count->report, rows, key) : NULL;
}

static void
put(struct report_count *count, json_t *row, const char *field, json_t *value_take)
{
    if (row == NULL || json_object_set_new(row, field, value_take) != 0) {
        if (row == NULL)
            json_decref(value_take);
        count->report->nomem = true;
    }
}

void
report_add(struct report_count *count, const char *table, const char *key, const char *field,
           int64_t n)
{
    json_t *row = row_of(count, table, key);

    put(count, row, field, json_integer(sgn_json_int(row, field, 0) + n));
}

void
report_time(struct report_count *count, const char *table, const char *key, const char *field,
            int64_t ms)
{
    json_t *row = row_of(count, table, key);

    if (count->report->times++ >= REPORT_TIMES_MAX) {
        count->report->full = true;
        return;
    }
    if (json_array_append_new(sgn_json_list_within(row, field), json_integer(ms)) != 0)
        count->report->nomem = true;
}

void
report_money(struct report_count *count, const char *table, const char *key, const char *field,
             const char *amount)
{
    json_t *row = row_of(count, table, key);
    const char *before = sgn_json_str(row, field);
    struct sgn_decimal sum = { 0, 0 }, one;
    char text[SGN_DECIMAL_TEXT];

    if (amount == NULL || !sgn_decimal_parse(amount, &one))
        return;
    if (before != NULL && !sgn_decimal_parse(before, &sum))
        return;
    if (!sgn_decimal_add(sum, one, &sum)) {
        count->report->full = true;
        return;
    }
    sgn_decimal_format(sum, text);
    put(count, row, field, json_string(text));
}

void
report_say(struct report_count *count, const char *table, const char *key, const char *field,
           const char *text)
{
    json_t *row = row_of(count, table, key);

    if (text != NULL)
        put(count, row, field, json_string(text));
}

/* The row's key in a table that goes by something every case has; NULL: it has none. */
static const char *
key_of(const struct report *report, enum report_by by, const struct report_walk *walk, int64_t at)
{
    const struct report_period *period;

    switch (by) {
    case REPORT_BY_PERIOD:
        period = report_period_of(report, at);
        return period != NULL ? period->key : NULL;
    case REPORT_BY_WORKFLOW:
        return walk->workflow;
    case REPORT_BY_PROJECT:
        return walk->project;
    case REPORT_BY_CLIENT:
        return walk->client;
    default:
        return NULL;
    }
}

void
report_note(struct report_count *count, const struct report_walk *walk, int64_t at,
            const char *field, int64_t n)
{
    report_add(count, "all", "", field, n);
    for (const struct report_table *t = count->section->tables; t->name != NULL; t++) {
        const char *key = key_of(count->report, t->by, walk, at);
        if (key != NULL)
            report_add(count, t->name, key, field, n);
    }
}

void
report_note_time(struct report_count *count, const struct report_walk *walk, int64_t at,
                 const char *field, int64_t ms)
{
    report_time(count, "all", "", field, ms);
    for (const struct report_table *t = count->section->tables; t->name != NULL; t++) {
        const char *key = key_of(count->report, t->by, walk, at);
        if (key != NULL)
            report_time(count, t->name, key, field, ms);
    }
}

json_t *
report_memory(struct report_count *count, struct report_walk *walk)
{
    return within(count->report, walk->memory, count->section->name);
}

const char *
report_giver(const struct report_entry *entry)
{
    const char *behalf = sgn_json_str(entry->header, "on_behalf");

    return behalf != NULL ? behalf : sgn_json_str(entry->header, "actor");
}

/* ---- giving ---- */

const json_t *
report_counted(const struct report_count *count, const char *table, const char *key,
               const char *field)
{
    const json_t *row = json_object_get(json_object_get(count->box, table), key);

    return json_object_get(row, field);
}

int64_t
report_number(const json_t *row, const char *field)
{
    const json_t *value = json_object_get(row, field);

    return json_is_array(value) ? (int64_t)json_array_size(value) : json_integer_value(value);
}

/* a / b with one place, rounded half away from zero; null without b. */
static json_t *
tenths(int64_t a, int64_t b)
{
    int64_t n;

    if (b <= 0)
        return json_null();
    n = (20 * (a < 0 ? -a : a) + b) / (2 * b);
    return json_sprintf("%s%lld.%lld", a < 0 && n > 0 ? "-" : "", (long long)(n / 10),
                        (long long)(n % 10));
}

static int
compare_times(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* In order, and so only the first column of a field that asks for it sorts. */
static int64_t *
sort_times(struct report *report, json_t *times)
{
    size_t n = json_array_size(times);
    int64_t *sorted = malloc((n + 1) * sizeof *sorted);
    bool in_order = true;

    if (sorted == NULL) {
        report->nomem = true;
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        sorted[i] = json_integer_value(json_array_get(times, i));
        in_order = in_order && (i == 0 || sorted[i - 1] <= sorted[i]);
    }
    if (in_order)
        return sorted;
    qsort(sorted, n, sizeof *sorted, compare_times);
    for (size_t i = 0; i < n; i++) /* each is the array's own, see report_time() */
        (void)json_integer_set(json_array_get(times, i), sorted[i]);
    return sorted;
}

/* Of an array of times: their mean, or the one at a percentile. */
static json_t *
spread(struct report *report, json_t *times, enum report_how how)
{
    size_t n = json_array_size(times), rank;
    int64_t *sorted = n > 0 ? sort_times(report, times) : NULL, sum = 0, found;
    int percent = how == REPORT_MEDIAN ? 50 : how == REPORT_P85 ? 85 : 95;

    if (sorted == NULL)
        return json_null();
    for (size_t i = 0; i < n; i++)
        sum += sorted[i];
    rank = (n * (size_t)percent + 99) / 100;
    found = how == REPORT_MEAN ? (sum + (int64_t)n / 2) / (int64_t)n : sorted[rank - 1];
    free(sorted);
    return json_integer(found);
}

json_t *
report_value(const struct report_count *count, const char *table, const char *key,
             const struct report_column *column)
{
    const json_t *row = json_object_get(json_object_get(count->box, table), key);
    const json_t *all = json_object_get(json_object_get(count->box, "all"), "");
    const char *field = column->field != NULL ? column->field : column->figure;
    json_t *value = json_object_get(row, field);

    switch (column->how) {
    case REPORT_SUM:
        return json_integer(report_number(row, field));
    case REPORT_SHARE:
        return tenths(100 * report_number(row, field), report_number(row, column->of));
    case REPORT_PART:
        return tenths(100 * report_number(row, field), report_number(all, column->of));
    case REPORT_LESS:
        return tenths(100 * (report_number(row, field) - report_number(row, column->minus)),
                      report_number(row, column->of));
    case REPORT_RATIO:
        return tenths(report_number(row, field), report_number(row, column->of));
    case REPORT_SAID:
        return value != NULL ? json_incref(value) : json_null();
    default:
        return spread(count->report, value, column->how);
    }
}
