/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which times a recurrence rule has.
 *
 * Every BY part is a question to a day: is it in such a month, on such a weekday? A day of the
 * rule is one that all parts say yes to; the parts that are missing are filled from the start.
 * So expanding and limiting parts (the table of section 3.3.10) are one thing, and a rule that
 * never happens is found out by looking at the days of a few centuries.
 */
#include "recur.h"
#include "calendar_internal.h"
#include "clock.h"
#include <stdlib.h>

#define YEAR_END 2500

/* A rule with what the start fills in, and where its walk is. */
struct expansion {
    struct calendar_recur rule;
    int64_t start;
    int told;                              /* for COUNT */
    int times;                             /* a day */
    int16_t minutes[CALENDAR_RECUR_A_DAY]; /* since midnight, in order */
    calendar_recur_fn each;
    void *ctx;
};

/* What the parts ask a day about. */
struct date {
    int64_t day;
    int y, m, d, weekday;
    int month_days, year_day, year_days;
};

/* ---- dates ---- */

static bool
is_leap(int y)
{
    return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
}

static struct date
date_of(int64_t day)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    struct date date = { .day = day, .weekday = calendar_weekday(day) };

    sgn_civil_from_days(day, &date.y, &date.m, &date.d);
    date.month_days = lengths[date.m - 1] + (date.m == 2 && is_leap(date.y));
    date.year_day = (int)(day - sgn_days_from_civil(date.y, 1, 1)) + 1;
    date.year_days = 365 + is_leap(date.y);
    return date;
}

/* The first day of week 1 of a year: the week that has four days in it, or more. */
static int64_t
first_week(const struct calendar_recur *rule, int y)
{
    int64_t january = sgn_days_from_civil(y, 1, 1);
    int before = (calendar_weekday(january) - rule->week_start + 7) % 7;

    return before <= 3 ? january - before : january - before + 7;
}

/* ---- what the parts say ---- */

static bool
has(const struct calendar_recur_list *list, int value)
{
    for (int i = 0; i < list->n; i++)
        if (list->values[i] == value)
            return true;
    return false;
}

/* Is the place-th of so many (from 1) in the list, also counted from the end? */
static bool
has_place(const struct calendar_recur_list *list, int place, int of)
{
    return list->n == 0 || has(list, place) || has(list, place - of - 1);
}

static bool
week_fits(const struct calendar_recur *rule, const struct date *date)
{
    int64_t first, next;
    int y = date->y;

    if (rule->weekno.n == 0)
        return true;
    if (date->day < first_week(rule, y))
        y--;
    else if (date->day >= first_week(rule, y + 1))
        y++;
    first = first_week(rule, y);
    next = first_week(rule, y + 1);
    return has_place(&rule->weekno, (int)((date->day - first) / 7) + 1, (int)((next - first) / 7));
}

/* A numbered weekday is counted in the month, in a yearly rule without BYMONTH in the year. */
static bool
weekday_fits(const struct calendar_recur *rule, const struct date *date)
{
    bool year = rule->freq == CALENDAR_YEARLY && rule->month.n == 0;
    int place = year ? date->year_day : date->d;
    int of = year ? date->year_days : date->month_days;
    int from_start = (place - 1) / 7 + 1, from_end = -((of - place) / 7 + 1);

    if (rule->day.n == 0)
        return true;
    for (int i = 0; i < rule->day.n; i++) {
        int weekday = rule->day.values[i] & 7, number = (rule->day.values[i] - weekday) / 8;
        if (weekday == date->weekday && (number == 0 || number == from_start || number == from_end))
            return true;
    }
    return false;
}

static bool
day_fits(const struct calendar_recur *rule, int64_t day)
{
    struct date date = date_of(day);

    return (rule->month.n == 0 || has(&rule->month, date.m)) && weekday_fits(rule, &date) &&
           has_place(&rule->monthday, date.d, date.month_days) &&
           has_place(&rule->yearday, date.year_day, date.year_days) && week_fits(rule, &date);
}

/* ---- what the start fills in ---- */

static void
fill(struct calendar_recur_list *list, int value)
{
    list->n = 1;
    list->values[0] = (int16_t)value;
}

static void
fill_from_start(struct calendar_recur *rule, int64_t start_ms)
{
    int64_t day = sgn_floor_div(start_ms, SGN_DAY_MS);
    int minute = (int)((start_ms - day * SGN_DAY_MS) / SGN_MINUTE_MS);
    struct date date = date_of(day);
    bool says_days = rule->monthday.n + rule->yearday.n + rule->weekno.n + rule->day.n > 0;

    if (rule->freq == CALENDAR_WEEKLY && rule->day.n == 0)
        fill(&rule->day, date.weekday);
    if (rule->freq == CALENDAR_YEARLY && !says_days && rule->month.n == 0)
        fill(&rule->month, date.m);
    if ((rule->freq == CALENDAR_YEARLY || rule->freq == CALENDAR_MONTHLY) && !says_days)
        fill(&rule->monthday, date.d);
    if (rule->hour.n == 0)
        fill(&rule->hour, minute / 60);
    if (rule->minute.n == 0)
        fill(&rule->minute, minute % 60);
}

static void
fill_minutes(struct expansion *expansion)
{
    const struct calendar_recur *rule = &expansion->rule;

    for (int minute = 0; minute < 1440; minute++)
        if (has(&rule->hour, minute / 60) && has(&rule->minute, minute % 60))
            expansion->minutes[expansion->times++] = (int16_t)minute;
}

/* ---- periods ---- */

static int64_t
period_of(const struct calendar_recur *rule, int64_t day)
{
    struct date date;

    if (rule->freq == CALENDAR_DAILY)
        return day;
    if (rule->freq == CALENDAR_WEEKLY)
        return sgn_floor_div(day + 3 - rule->week_start, 7);
    date = date_of(day);
    return rule->freq == CALENDAR_MONTHLY ? (int64_t)date.y * 12 + date.m - 1 : date.y;
}

static int64_t
period_start(const struct calendar_recur *rule, int64_t period)
{
    switch (rule->freq) {
    case CALENDAR_DAILY:
        return period;
    case CALENDAR_WEEKLY:
        return period * 7 - 3 + rule->week_start;
    case CALENDAR_MONTHLY:
        return sgn_days_from_civil((int)sgn_floor_div(period, 12),
                                   (int)(period - sgn_floor_div(period, 12) * 12) + 1, 1);
    case CALENDAR_YEARLY:
    default:
        return sgn_days_from_civil((int)period, 1, 1);
    }
}

/* One time; false when it was the last. */
static bool
tell(struct expansion *expansion, int64_t wall_ms)
{
    if (wall_ms < expansion->start)
        return true;
    if (wall_ms > expansion->rule.until || !expansion->each(expansion->ctx, wall_ms))
        return false;
    expansion->told++;
    return expansion->rule.count == 0 || expansion->told < expansion->rule.count;
}

/* All times of one period; false when the last was among them. */
static bool
tell_period(struct expansion *expansion, int64_t period)
{
    const struct calendar_recur *rule = &expansion->rule;
    int64_t first = period_start(rule, period), end = period_start(rule, period + 1);
    int place = 0, of = 0;

    for (int64_t day = first; rule->setpos.n > 0 && day < end; day++)
        of += day_fits(rule, day) ? expansion->times : 0;
    for (int64_t day = first; day < end; day++) {
        if (!day_fits(rule, day))
            continue;
        for (int i = 0; i < expansion->times; i++)
            if (has_place(&rule->setpos, ++place, of) &&
                !tell(expansion, day * SGN_DAY_MS + expansion->minutes[i] * SGN_MINUTE_MS))
                return false;
    }
    return true;
}

void
calendar_recur_each(const struct calendar_recur *recur, int64_t start_ms, int64_t from_ms,
                    calendar_recur_fn each, void *ctx)
{
    struct expansion expansion = { .rule = *recur, .start = start_ms, .each = each, .ctx = ctx };
    const struct calendar_recur *rule = &expansion.rule;
    int64_t end, period = period_of(recur, sgn_floor_div(start_ms, SGN_DAY_MS));
    int64_t wanted = period_of(recur, sgn_floor_div(from_ms, SGN_DAY_MS));

    fill_from_start(&expansion.rule, start_ms);
    fill_minutes(&expansion);
    if (rule->count == 0 && wanted > period)
        period += (wanted - period) / rule->interval * rule->interval;
    end = sgn_days_from_civil(YEAR_END, 1, 1);
    if (rule->until < end * SGN_DAY_MS)
        end = sgn_floor_div(rule->until, SGN_DAY_MS) + 1;
    while (period_start(rule, period) < end && tell_period(&expansion, period))
        period += rule->interval;
}
