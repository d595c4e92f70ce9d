/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recurrence rules of RFC 5545, in wall-clock time without a zone.
 *
 * The expansion is our own: libical 3.0.16 goes wrong on one in seven random rules that are
 * legal (every second Sunday, the last day but one of a month, BYSETPOS in a week).
 *
 *   FREQ=HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY  INTERVAL (1 to 1000)  COUNT (1 to 10000)  UNTIL
 *   BYMONTH  BYMONTHDAY  BYYEARDAY  BYWEEKNO  BYDAY  BYHOUR  BYMINUTE  BYSETPOS  WKST
 *
 * Each part stands once, with at most 64 values in their ranges; what else there is (SECONDLY,
 * MINUTELY, BYSECOND, RSCALE) is refused. HOURLY stands for hours that divide the day
 * ("FREQ=HOURLY;INTERVAL=6"). At most CALENDAR_RECUR_A_DAY times a day. UNTIL is a date, all of
 * it included, or a wall-clock time ("20271231T235959"); its "Z" is refused. BYWEEKNO needs a
 * BYDAY. A day of week 53 or 1 belongs to the year of its date.
 *
 * Any thread; nothing is shared.
 */
#ifndef CALENDAR_RECUR_H
#define CALENDAR_RECUR_H

#include "status.h"
#include <stdbool.h>
#include <stdint.h>

#define CALENDAR_RECUR_TEXT   512
#define CALENDAR_RECUR_A_DAY  96
#define CALENDAR_RECUR_VALUES 64

enum calendar_freq {
    CALENDAR_DAILY,
    CALENDAR_WEEKLY,
    CALENDAR_MONTHLY,
    CALENDAR_YEARLY
};

struct calendar_recur_list {
    int n; /* 0: the part is not there */
    int16_t values[CALENDAR_RECUR_VALUES];
};

/* What a rule says. Filled by calendar_recur_parse(). */
struct calendar_recur {
    char text[CALENDAR_RECUR_TEXT]; /* as it was given */
    enum calendar_freq freq;        /* hourly rules are daily ones with hours */
    int interval, count;            /* count 0: without end */
    int64_t until;                  /* wall-clock milliseconds, included; INT64_MAX: none */
    int week_start;                 /* 0 is Monday */
    /* Days are number * 8 + weekday, the number 0 when there is none. */
    struct calendar_recur_list month, monthday, yearday, weekno, day, hour, minute, setpos;
};

/* text without "RRULE:". SGN_INVALID saying which part is wrong and what would be right. */
enum sgn_status calendar_recur_parse(const char *text, struct calendar_recur *out,
                                     struct sgn_error *err) SGN_MUST_CHECK;

/* Wall-clock milliseconds since 1970-01-01T00:00:00; false ends the walk. */
typedef bool (*calendar_recur_fn)(void *ctx, int64_t wall_ms);

/*
 * Tells the times of a rule that begins at start, in order, from the period (day, week, month,
 * year) that holds from_ms on and before the year 2500. With COUNT, from the start on. What the
 * rule leaves open is taken from start, which is itself a time of the rule only if it fits.
 */
void calendar_recur_each(const struct calendar_recur *recur, int64_t start_ms, int64_t from_ms,
                         calendar_recur_fn each, void *ctx);

#endif
