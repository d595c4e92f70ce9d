/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Working calendars: which time counts, and when something is due.
 *
 * A calendar is hours per weekday in a zone, with dates that differ: holidays, make-up
 * working days, exceptions. It is compiled once from JSON and never changes afterwards;
 * who has another opinion about a date compiles another calendar. Nothing here reads a
 * clock or a file.
 *
 * JSON form; a pointer in an error ("/hours/monday/1") is relative to it:
 *
 *   { "timezone"?: "Asia/Shanghai",            when missing: the zone given to the parser
 *     "title"?: "Office",                      or {"en": ..., "zh": ...}; not used here
 *     "hours": { "monday_to_friday": ["09:00-12:00", "13:30-18:00"],
 *                "saturday": [["09:00", "12:00"]] },
 *     "days"?: { DATE: DAY, ... },             published holidays and make-up working days
 *     "exceptions"?: { DATE: DAY, ... } }      of this calendar's own; win over "days"
 *
 *   DAY is []                                  closed
 *       or ["09:00-12:00", ...]                these hours
 *       or true                                a make-up working day with Monday's hours
 *                                              (without any: those of the first weekday
 *                                              that has some)
 *       or "friday"                            with that weekday's hours
 *       or {"hours": one of these, "why"?: "Spring Festival"}     at most 200 bytes
 *
 * - Weekdays: monday to sunday, and every_day, monday_to_saturday, monday_to_friday,
 *   weekend; the narrower one wins. A weekday that is not named is closed.
 * - An interval is "09:00-12:00" or ["09:00", "12:00"], hours and minutes of the wall clock,
 *   up to 12 a day, in order and not overlapping; it may end at 24:00. None goes past
 *   midnight: a night shift is "22:00-24:00" on one day and "00:00-06:00" on the next.
 * - A calendar that would not open for more than 400 days is refused: so every question
 *   below has an answer.
 *
 * Rules:
 * - Hours are wall clock. An interval lasts from the instant of its beginning to that of its
 *   end, so one around a change of the clock is an hour shorter or longer. Of a time that
 *   happens twice the first counts; one that is left out is the moment of the change, so an
 *   interval inside the hour that does not exist is not open. An instant at which an interval
 *   ends is closed.
 * - Working time is elapsed time inside these intervals.
 * - Answers beyond the year 9999 are CALENDAR_NEVER.
 * - A date that a zone left out altogether (Samoa, 30 December 2011) is never open, but
 *   counted where working days are.
 *
 * Threads: a calendar is immutable; any number of threads may use one. References are
 * counted atomically.
 */
#ifndef CALENDAR_CALENDAR_H
#define CALENDAR_CALENDAR_H

#include "duration.h"

struct calendar;

#define CALENDAR_NEVER        INT64_MAX
#define CALENDAR_CLOSED_MOST  400   /* days that a calendar may stay closed */
#define CALENDAR_DATES_MOST   20000 /* dates in "days", and in "exceptions" */
#define CALENDAR_STRETCH_MOST 10000 /* stretches of one explanation */

/* What counts between two instants. */
enum calendar_kind {
    CALENDAR_ELAPSED, /* every millisecond */
    CALENDAR_WORKING  /* inside working hours */
};

/* zone: for a calendar that names none; may be NULL. SGN_INVALID with data.pointer. */
enum sgn_status calendar_parse(const json_t *json, const struct calendar_zone *zone,
                               struct calendar **out, struct sgn_error *err) SGN_MUST_CHECK;
struct calendar *calendar_ref(const struct calendar *calendar);
/* Gives one reference back. */
void calendar_free(struct calendar *calendar);
const struct calendar_zone *calendar_zone_of(const struct calendar *calendar);

/* How the time of a duration is counted: WORKING when it has workdays or workhours. */
enum calendar_kind calendar_kind_of(const struct calendar_duration *duration);

/*
 * When a duration that starts at from is due. Its parts are added in this order:
 *
 *   weeks, days     the same wall-clock time that many dates later
 *   workdays        the date then reached does not count; due at the close of the last
 *                   interval of the n-th working day after it. A working day is a date with
 *                   hours, make-up days too, however short.
 *   workhours       inside working hours only; at the close, not at the next opening, when
 *                   they end with an interval
 *   hours ...       elapsed time
 *
 * So "1 workday 4 workhours" from Friday 15:00 is four working hours after Monday's close.
 * A part that is zero moves nothing: "0 workdays" is due at once, also at night.
 */
int64_t calendar_due(const struct calendar *calendar, const struct calendar_duration *duration,
                     int64_t from);
/*
 * The same, from a time at which something was due: midnight, at which a date with hours until
 * 24:00 closes, is of that date and not of the next one. So what was due at Tuesday's close is
 * late by a working day at Wednesday's close, whenever that is.
 */
int64_t calendar_late(const struct calendar *calendar, const struct calendar_duration *duration,
                      int64_t due);

/* With CALENDAR_ELAPSED the calendar of the next three may be NULL. */

/* The counted time between two instants, in milliseconds; 0 when to is not after from. */
int64_t calendar_counted(const struct calendar *calendar, int64_t from, int64_t to,
                         enum calendar_kind kind);
/* The first instant at which counted (>= 0) has passed since from; from itself for 0. */
int64_t calendar_add(const struct calendar *calendar, int64_t from, int64_t counted,
                     enum calendar_kind kind);
/* The instant at which so many percent (0 to 100) of the time counted from from to due have
 * passed; a share of a millisecond is dropped. */
int64_t calendar_percent(const struct calendar *calendar, int64_t from, int64_t due, int percent,
                         enum calendar_kind kind);

/* The first instant from at on that is inside working hours; at itself when it is. */
int64_t calendar_next_open(const struct calendar *calendar, int64_t at);
/* Is the date of that instant, in the calendar's zone, a working day? */
bool calendar_is_workday(const struct calendar *calendar, int64_t at);

/*
 * What counted between two instants and why: stretches without a gap between them, from the
 * first to the last millisecond, the counted ones of which sum up to calendar_counted().
 * [{"from": MS, "to": MS, "counted": true|false, "kind": WORD, "why": TEXT, "reason"?: TEXT}]
 * kind is for programs, why for readers of English; reason is the "why" of the date.
 *
 *   kind        why                            counted
 *   elapsed     elapsed time                   yes    the only one of CALENDAR_ELAPSED
 *   working     working hours                  yes
 *   makeup      make-up working day: REASON    yes    a date with hours on a closed weekday
 *   special     special hours: REASON          yes    a date with hours on any other
 *   night       night                          no     before opening, after closing
 *   break       lunch break, or break          no     between two intervals of a date
 *   weekend     weekend                        no     Saturday or Sunday without hours
 *   day_off     day off                        no     another weekday without hours
 *   holiday     holiday: REASON                no     closed by "days"
 *   closed      closed: REASON                 no     closed by "exceptions"
 *
 * Neighbours of the same kind and reason are one stretch; a night beside a closed date
 * belongs to it, so a weekend lasts from Friday's close to Monday's opening.
 * SGN_TOO_LARGE for more than CALENDAR_STRETCH_MOST.
 */
enum sgn_status calendar_explain(const struct calendar *calendar, int64_t from, int64_t to,
                                 enum calendar_kind kind, json_t **out,
                                 struct sgn_error *err) SGN_MUST_CHECK;

#endif
