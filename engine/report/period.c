/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Weeks, months and years of a report's period, by the team's clock on the wall. Weeks begin on
 * Monday (ISO 8601), and are called by it.
 */
#include "clock.h"
#include "report_internal.h"
#include <stdio.h>
#include <string.h>

#define WEEKS_MS  (184 * SGN_DAY_MS)      /* up to so long it is divided by weeks */
#define MONTHS_MS (10 * 366 * SGN_DAY_MS) /* and up to so long by months */

enum step {
    WEEK,
    MONTH,
    YEAR
};

/* The wall clock's time as milliseconds since 1970 on it. */
static int64_t
wall_of(const struct report *report, int64_t at)
{
    return at + (int64_t)calendar_zone_offset(report->options.zone, at) * 1000;
}

void
report_day(const struct report *report, int64_t at, char out[12])
{
    char text[SGN_TIME_TEXT];

    sgn_text_copy(out, 11, sgn_time_format(wall_of(report, at), 0, text));
}

/* Midnight of the first date of the step in which the wall clock's time lies. Days are numbered
 * from 1970-01-01, a Thursday. */
static int64_t
begin_of(int64_t wall, enum step step)
{
    int64_t days = sgn_floor_div(wall, SGN_DAY_MS);
    int year, month, day;

    if (step == WEEK)
        return (days - (days + 3) % 7) * SGN_DAY_MS;
    sgn_civil_from_days(days, &year, &month, &day);
    return sgn_days_from_civil(year, step == YEAR ? 1 : month, 1) * SGN_DAY_MS;
}

/* Where the step behind this one begins, on the wall clock. */
static int64_t
next_of(int64_t begin, enum step step)
{
    /* Into the next one for certain, and back to its beginning. */
    return step == WEEK    ? begin + 7 * SGN_DAY_MS
           : step == MONTH ? begin_of(begin + 32 * SGN_DAY_MS, MONTH)
                           : begin_of(begin + 370 * SGN_DAY_MS, YEAR);
}

void
report_periods_make(struct report *report)
{
    int64_t span = report->limit - report->options.from;
    enum step step = span <= WEEKS_MS ? WEEK : span <= MONTHS_MS ? MONTH : YEAR;
    int64_t wall = begin_of(wall_of(report, report->options.from), step);
    char text[SGN_TIME_TEXT];

    report->n_periods = 0;
    while (report->n_periods < REPORT_PERIODS_MAX) {
        struct report_period *period = &report->periods[report->n_periods];
        period->from = calendar_zone_instant(report->options.zone, wall);
        if (period->from >= report->limit)
            break;
        (void)sgn_time_format(wall, 0, text);
        sgn_text_copy(period->key, step == WEEK ? 11 : step == MONTH ? 8 : 5, text);
        wall = next_of(wall, step);
        period->to = calendar_zone_instant(report->options.zone, wall);
        report->n_periods++;
    }
}

const struct report_period *
report_period_of(const struct report *report, int64_t at)
{
    int low = 0, high = report->n_periods;

    while (low < high) {
        int middle = low + (high - low) / 2;
        if (at >= report->periods[middle].to)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == report->n_periods || at < report->periods[low].from)
        return NULL;
    return &report->periods[low];
}
