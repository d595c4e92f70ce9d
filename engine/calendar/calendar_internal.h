/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a compiled calendar looks inside, and walking over its days.
 */
#ifndef CALENDAR_INTERNAL_H
#define CALENDAR_INTERNAL_H

#include "calendar.h"
#include "clock.h"
#include <stdatomic.h>

#define CALENDAR_SPANS_MOST 12
#define CALENDAR_DAY_LAST   INT64_C(2932896) /* 9999-12-31, in days since 1970-01-01 */
#define CALENDAR_WHY_MOST   200

/* Minutes since midnight on the wall clock, from < to <= 1440. */
struct calendar_span {
    int32_t from, to;
};

struct calendar_hours {
    int n; /* 0: closed */
    struct calendar_span spans[CALENDAR_SPANS_MOST];
};

/* A date that differs from its weekday. */
struct calendar_dated {
    int64_t day;
    bool exception;
    const struct calendar_hours *hours; /* a weekday's, own, or the closed ones */
    struct calendar_hours *own;         /* or NULL */
    char *why;                          /* or NULL */
};

struct calendar {
    _Atomic int refs;
    const struct calendar_zone *zone;
    struct calendar_hours week[7]; /* Monday first */
    struct calendar_hours closed;
    int week_days; /* weekdays with hours; at least one */
    size_t n_dated;
    struct calendar_dated *dated; /* by day, each day once */
};

/* 0 is Monday; 1970-01-01 was a Thursday. */
static inline int
calendar_weekday(int64_t day)
{
    int64_t since = day + 3;

    return (int)(since - sgn_floor_div(since, 7) * 7);
}

/* The date of an instant in a zone, in days since 1970-01-01. */
int64_t calendar_day_of(const struct calendar_zone *zone, int64_t at_ms);

/* The instant of a wall-clock time as hours mean it: one that is left out by a change of the
 * clock is the moment of the change. So later times are never earlier instants. */
int64_t calendar_wall_instant(const struct calendar_zone *zone, int64_t wall_ms);

/* The first dated day that is not before day; n_dated when there is none. */
size_t calendar_dated_from(const struct calendar *calendar, int64_t day);

/* The n-th (at least first) working day after day; beyond CALENDAR_DAY_LAST when none. */
int64_t calendar_workday_after(const struct calendar *calendar, int64_t day, int64_t n);

/*
 * A walk from day to day. The zone is asked once per day: where the offsets at noon of the
 * day before and of the day after are the same, all of the day has this offset, because no
 * zone changes twice in so short a time.
 */
struct calendar_walk {
    const struct calendar *calendar;
    int64_t day;
    size_t dated;           /* the first dated day that is not before day */
    int64_t noon_offset[3]; /* of the day before, this one, the next; in milliseconds */
    int span;               /* the next one of this day to give out */
};

void calendar_walk_begin(struct calendar_walk *walk, const struct calendar *calendar, int64_t day);
/* To the next day; false after the last day there is. */
bool calendar_walk_day(struct calendar_walk *walk);
/* What this day says of itself, or NULL when it is like its weekday. */
const struct calendar_dated *calendar_walk_dated(const struct calendar_walk *walk);
const struct calendar_hours *calendar_walk_hours(const struct calendar_walk *walk);
/* The instant of a minute (0 to 1440) of this day. */
int64_t calendar_walk_instant(const struct calendar_walk *walk, int32_t minute);
/* The next open span, on this day or a later one; spans come in order and never overlap.
 * False after the last day there is. */
bool calendar_walk_open(struct calendar_walk *walk, int64_t *from, int64_t *to);

#endif
