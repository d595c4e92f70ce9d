/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walking over the days of a calendar: the one place where dates become instants.
 */
#include "calendar_internal.h"

#define NOON_MS (12 * SGN_HOUR_MS)

int64_t
calendar_day_of(const struct calendar_zone *zone, int64_t at_ms)
{
    int64_t wall = at_ms + calendar_zone_offset(zone, at_ms) * SGN_SECOND_MS;

    return sgn_floor_div(wall, SGN_DAY_MS);
}

size_t
calendar_dated_from(const struct calendar *calendar, int64_t day)
{
    size_t low = 0, high = calendar->n_dated;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (calendar->dated[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Weeks without a date of their own are jumped over, so a far day costs no more than the
 * dates on the way to it. */
int64_t
calendar_workday_after(const struct calendar *calendar, int64_t day, int64_t n)
{
    size_t next = calendar_dated_from(calendar, day + 1);

    while (n > 0 && day <= CALENDAR_DAY_LAST) {
        int64_t until =
            next < calendar->n_dated ? calendar->dated[next].day : CALENDAR_DAY_LAST + 1;
        int64_t weeks = (until - day - 1) / 7;
        const struct calendar_hours *hours;

        if (weeks > (n - 1) / calendar->week_days)
            weeks = (n - 1) / calendar->week_days;
        if (weeks > 0) {
            day += weeks * 7;
            n -= weeks * calendar->week_days;
        }
        day++;
        hours = &calendar->week[calendar_weekday(day)];
        if (next < calendar->n_dated && calendar->dated[next].day == day)
            hours = calendar->dated[next++].hours;
        n -= hours->n > 0;
    }
    return day;
}

/* Near noon of a day: which offset is used to find it does not matter. */
static int64_t
noon_offset(const struct calendar *calendar, int64_t day, int64_t offset_near)
{
    int64_t noon = day * SGN_DAY_MS + NOON_MS - offset_near;

    return calendar_zone_offset(calendar->zone, noon) * SGN_SECOND_MS;
}

void
calendar_walk_begin(struct calendar_walk *walk, const struct calendar *calendar, int64_t day)
{
    int64_t near = noon_offset(calendar, day - 1, 0);

    *walk = (struct calendar_walk){ .calendar = calendar, .day = day };
    walk->dated = calendar_dated_from(calendar, day);
    walk->noon_offset[0] = noon_offset(calendar, day - 1, near);
    walk->noon_offset[1] = noon_offset(calendar, day, walk->noon_offset[0]);
    walk->noon_offset[2] = noon_offset(calendar, day + 1, walk->noon_offset[1]);
}

bool
calendar_walk_day(struct calendar_walk *walk)
{
    if (walk->day >= CALENDAR_DAY_LAST)
        return false;
    if (calendar_walk_dated(walk) != NULL)
        walk->dated++;
    walk->day++;
    walk->span = 0;
    walk->noon_offset[0] = walk->noon_offset[1];
    walk->noon_offset[1] = walk->noon_offset[2];
    walk->noon_offset[2] = noon_offset(walk->calendar, walk->day + 1, walk->noon_offset[1]);
    return true;
}

const struct calendar_dated *
calendar_walk_dated(const struct calendar_walk *walk)
{
    const struct calendar *calendar = walk->calendar;

    if (walk->dated < calendar->n_dated && calendar->dated[walk->dated].day == walk->day)
        return &calendar->dated[walk->dated];
    return NULL;
}

/* The first instant of the offset that holds at after, given that another one holds at before. */
static int64_t
change_between(const struct calendar_zone *zone, int64_t before, int64_t after)
{
    int offset = calendar_zone_offset(zone, after);

    while (after - before > 1) {
        int64_t middle = before + (after - before) / 2;
        if (calendar_zone_offset(zone, middle) == offset)
            after = middle;
        else
            before = middle;
    }
    return after;
}

int64_t
calendar_wall_instant(const struct calendar_zone *zone, int64_t wall_ms)
{
    int64_t at = calendar_zone_instant(zone, wall_ms);
    int64_t left_out = at + calendar_zone_offset(zone, at) * SGN_SECOND_MS - wall_ms;

    return left_out == 0 ? at : change_between(zone, at - left_out, at);
}

int64_t
calendar_walk_instant(const struct calendar_walk *walk, int32_t minute)
{
    int64_t wall = walk->day * SGN_DAY_MS + minute * SGN_MINUTE_MS;

    if (walk->noon_offset[0] == walk->noon_offset[2])
        return wall - walk->noon_offset[0];
    return calendar_wall_instant(walk->calendar->zone, wall);
}

const struct calendar_hours *
calendar_walk_hours(const struct calendar_walk *walk)
{
    const struct calendar_dated *dated = calendar_walk_dated(walk);

    return dated != NULL ? dated->hours : &walk->calendar->week[calendar_weekday(walk->day)];
}

/* A span that lies in an hour left out has no length. */
bool
calendar_walk_open(struct calendar_walk *walk, int64_t *from, int64_t *to)
{
    do {
        const struct calendar_hours *hours = calendar_walk_hours(walk);

        while (walk->span < hours->n) {
            const struct calendar_span *span = &hours->spans[walk->span++];

            *from = calendar_walk_instant(walk, span->from);
            *to = calendar_walk_instant(walk, span->to);
            if (*from < *to)
                return true;
        }
    } while (calendar_walk_day(walk));
    return false;
}
