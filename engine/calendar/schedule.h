/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schedules: "every friday 16:00", and when that is next.
 *
 *   friday 16:00                   also "monday and thursday 09:00"
 *   monday to friday 09:00         "friday to monday": over the weekend
 *   day 08:30                      2 days 08:30
 *   week monday 10:00              2 weeks monday 10:00
 *   month 1 09:00                  3 months 15 09:00; the 31st: months that have one
 *   month last 17:00               the last day of the month
 *   month first monday 09:00       first to fourth, and last
 *   quarter 1 09:00                a day of the quarter's first month
 *   quarter last 17:00             the last day of the quarter
 *   year 03-01 09:00               02-29: leap years
 *   RRULE:FREQ=...                 what recur.h allows, without COUNT
 *
 * Words are written small, times from 00:00 to 23:59, numbers up to 1000. All of it is
 * wall-clock time in a zone: a time that happens twice is the first of the two, one that
 * does not exist is taken with the offset before the gap (see zone.h), and two that fall on
 * one instant are one.
 *
 * Schedules have no memory and no beginning, so "2 weeks" is counted from 1970: days from
 * 1 January, weeks from that of Monday the 5th, months and years from January 1970. The
 * same holds for INTERVAL in a rule; what a rule leaves open is the first: 1 January, the
 * first of the month, Monday, 00:00.
 *
 * Schedules are immutable: any thread may use one.
 */
#ifndef CALENDAR_SCHEDULE_H
#define CALENDAR_SCHEDULE_H

#include "calendar.h"

struct calendar_schedule;

/* SGN_INVALID with what was not understood and what would be right; also for a rule that
 * never happens. */
enum sgn_status calendar_schedule_parse(const char *every, struct calendar_schedule **out,
                                        struct sgn_error *err) SGN_MUST_CHECK;
void calendar_schedule_free(struct calendar_schedule *schedule);
/* The schedule as a recurrence rule, "FREQ=WEEKLY;BYDAY=FR;BYHOUR=16;BYMINUTE=0". */
const char *calendar_schedule_rule(const struct calendar_schedule *schedule);

/* The first time after that instant (never the instant itself); CALENDAR_NEVER when the
 * rule has ended, and from the year 2500 on. */
int64_t calendar_schedule_next(const struct calendar_schedule *schedule,
                               const struct calendar_zone *zone, int64_t after_ms);

#endif
