/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arithmetic of working time: what is due when, and what counted.
 */
#include "calendar.h"
#include "calendar_internal.h"
#include <assert.h>
#include <stdlib.h>

struct calendar *
calendar_ref(const struct calendar *calendar)
{
    struct calendar *same = (struct calendar *)calendar; /* only the count changes */

    if (same != NULL)
        atomic_fetch_add(&same->refs, 1);
    return same;
}

void
calendar_free(struct calendar *calendar)
{
    if (calendar == NULL || atomic_fetch_sub(&calendar->refs, 1) > 1)
        return;
    for (size_t i = 0; i < calendar->n_dated; i++) {
        free(calendar->dated[i].own);
        free(calendar->dated[i].why);
    }
    free(calendar->dated);
    free(calendar);
}

const struct calendar_zone *
calendar_zone_of(const struct calendar *calendar)
{
    return calendar->zone;
}

enum calendar_kind
calendar_kind_of(const struct calendar_duration *duration)
{
    return calendar_duration_is_working(duration) ? CALENDAR_WORKING : CALENDAR_ELAPSED;
}

static void
walk_from(struct calendar_walk *walk, const struct calendar *calendar, int64_t at)
{
    calendar_walk_begin(walk, calendar, calendar_day_of(calendar->zone, at));
}

static int64_t
working_between(const struct calendar *calendar, int64_t from, int64_t to)
{
    struct calendar_walk walk;
    int64_t opens, closes, sum = 0;

    walk_from(&walk, calendar, from);
    while (calendar_walk_open(&walk, &opens, &closes) && opens < to) {
        if (opens < from)
            opens = from;
        if (closes > to)
            closes = to;
        if (opens < closes)
            sum += closes - opens;
    }
    return sum;
}

static int64_t
working_after(const struct calendar *calendar, int64_t from, int64_t left)
{
    struct calendar_walk walk;
    int64_t opens, closes;

    if (left == 0)
        return from;
    walk_from(&walk, calendar, from);
    while (calendar_walk_open(&walk, &opens, &closes)) {
        if (opens < from)
            opens = from;
        if (opens >= closes)
            continue;
        if (left <= closes - opens)
            return opens + left;
        left -= closes - opens;
    }
    return CALENDAR_NEVER;
}

int64_t
calendar_counted(const struct calendar *calendar, int64_t from, int64_t to, enum calendar_kind kind)
{
    assert(calendar != NULL || kind == CALENDAR_ELAPSED);
    if (to <= from)
        return 0;
    return kind == CALENDAR_ELAPSED ? to - from : working_between(calendar, from, to);
}

int64_t
calendar_add(const struct calendar *calendar, int64_t from, int64_t counted,
             enum calendar_kind kind)
{
    assert(calendar != NULL || kind == CALENDAR_ELAPSED);
    assert(counted >= 0);
    if (from > SGN_TIME_MAX || counted > SGN_TIME_MAX - from)
        return CALENDAR_NEVER;
    return kind == CALENDAR_ELAPSED ? from + counted : working_after(calendar, from, counted);
}

int64_t
calendar_percent(const struct calendar *calendar, int64_t from, int64_t due, int percent,
                 enum calendar_kind kind)
{
    int64_t total = calendar_counted(calendar, from, due, kind);

    assert(percent >= 0 && percent <= 100);
    /* In two parts: a hundred times the whole might not fit. */
    return calendar_add(calendar, from, total / 100 * percent + total % 100 * percent / 100, kind);
}

static const struct calendar_hours *
hours_of(const struct calendar *calendar, int64_t day)
{
    size_t dated = calendar_dated_from(calendar, day);

    if (dated < calendar->n_dated && calendar->dated[dated].day == day)
        return calendar->dated[dated].hours;
    return &calendar->week[calendar_weekday(day)];
}

/* The close of the n-th working day after the date. */
static int64_t
workdays_after(const struct calendar *calendar, int64_t date, int64_t n)
{
    int64_t day = calendar_workday_after(calendar, date, n);
    const struct calendar_hours *hours;

    if (day > CALENDAR_DAY_LAST)
        return CALENDAR_NEVER;
    hours = hours_of(calendar, day);
    return calendar_wall_instant(calendar->zone,
                                 day * SGN_DAY_MS + hours->spans[hours->n - 1].to * SGN_MINUTE_MS);
}

/* The date to which a closing belongs: 24:00 is the end of the date before, though the same
 * instant is the beginning of the next one. */
static int64_t
closing_day(const struct calendar *calendar, int64_t at)
{
    int64_t day = calendar_day_of(calendar->zone, at);
    const struct calendar_hours *before = hours_of(calendar, day - 1);
    bool to_midnight =
        before->n > 0 && before->spans[before->n - 1].to * SGN_MINUTE_MS == SGN_DAY_MS;

    return to_midnight && at == calendar_wall_instant(calendar->zone, day * SGN_DAY_MS) ? day - 1
                                                                                        : day;
}

static int64_t
due_after(const struct calendar *calendar, const struct calendar_duration *duration, int64_t from,
          bool closing)
{
    struct calendar_duration days = { .days = duration->days };
    int64_t at = calendar_duration_due(&days, calendar->zone, from);

    if (at <= SGN_TIME_MAX && duration->workdays > 0)
        at = workdays_after(
            calendar, closing ? closing_day(calendar, at) : calendar_day_of(calendar->zone, at),
            duration->workdays);
    if (at <= SGN_TIME_MAX && duration->work_ms > 0)
        at = calendar_add(calendar, at, duration->work_ms, CALENDAR_WORKING);
    return calendar_add(calendar, at, duration->elapsed_ms, CALENDAR_ELAPSED);
}

int64_t
calendar_due(const struct calendar *calendar, const struct calendar_duration *duration,
             int64_t from)
{
    return due_after(calendar, duration, from, false);
}

int64_t
calendar_late(const struct calendar *calendar, const struct calendar_duration *duration,
              int64_t due)
{
    return due_after(calendar, duration, due, true);
}

int64_t
calendar_next_open(const struct calendar *calendar, int64_t at)
{
    struct calendar_walk walk;
    int64_t opens, closes;

    walk_from(&walk, calendar, at);
    while (calendar_walk_open(&walk, &opens, &closes))
        if (closes > at)
            return opens > at ? opens : at;
    return CALENDAR_NEVER;
}

bool
calendar_is_workday(const struct calendar *calendar, int64_t at)
{
    return hours_of(calendar, calendar_day_of(calendar->zone, at))->n > 0;
}
