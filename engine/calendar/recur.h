/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recurrence rules of RFC 5545, in wall-clock time without a zone; libical expands them.
 *
 * Rules are checked here before libical sees them: only the parts below, each once, with
 * values in their ranges. SECONDLY, MINUTELY, BYSECOND, RSCALE and what else there is are
 * refused. HOURLY stands for hours that divide the day ("FREQ=HOURLY;INTERVAL=6") and is
 * turned into a daily rule, so that a rule that never happens is found out soon.
 *
 *   FREQ=HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY  INTERVAL (1 to 1000)  COUNT (1 to 10000)  UNTIL
 *   BYMONTH  BYMONTHDAY  BYYEARDAY  BYWEEKNO  BYDAY  BYHOUR  BYMINUTE  BYSETPOS  WKST
 *
 * At most CALENDAR_RECUR_A_DAY times a day. UNTIL is a date or a wall-clock time
 * ("20271231T235959"); its "Z" is refused. Any thread; nothing is shared.
 */
#ifndef CALENDAR_RECUR_H
#define CALENDAR_RECUR_H

#include "status.h"
#include <stdbool.h>
#include <stdint.h>

#define CALENDAR_RECUR_TEXT  512
#define CALENDAR_RECUR_A_DAY 96

enum calendar_freq {
    CALENDAR_DAILY,
    CALENDAR_WEEKLY,
    CALENDAR_MONTHLY,
    CALENDAR_YEARLY
};

struct calendar_recur {
    char text[CALENDAR_RECUR_TEXT]; /* as libical is given it */
    enum calendar_freq freq;
    int interval;
    bool counted; /* has COUNT */
};

/* text without "RRULE:". SGN_INVALID saying which part is wrong and what would be right. */
enum sgn_status calendar_recur_parse(const char *text, struct calendar_recur *out,
                                     struct sgn_error *err) SGN_MUST_CHECK;

/* Wall-clock milliseconds since 1970-01-01T00:00:00; false ends the walk. */
typedef bool (*calendar_recur_fn)(void *ctx, int64_t wall_ms);

/*
 * Tells the times of a rule that begins at start, in order, at most so many, before the
 * year 2500. What the rule leaves open is taken from start, which is itself a time of the
 * rule only if it fits. SGN_INVALID when the parts contradict each other.
 */
enum sgn_status calendar_recur_each(const struct calendar_recur *recur, int64_t start_ms, int most,
                                    calendar_recur_fn each, void *ctx,
                                    struct sgn_error *err) SGN_MUST_CHECK;

#endif
