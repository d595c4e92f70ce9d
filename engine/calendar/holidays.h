/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holiday files: text to the "days" of a calendar (see calendar.h).
 *
 * Two forms. A name that ends in ".ics" is iCalendar; any other is a plain list:
 *
 *     # China, State Council notice ...             a comment; empty lines are allowed
 *     2026-02-15..2026-02-23 closed Spring Festival
 *     2026-02-14 open Spring Festival               a make-up working day: Monday's hours
 *     2026-02-28 open as friday Spring Festival     with that weekday's hours
 *     2026-12-24 open 09:00-12:00,13:00-15:00 Christmas Eve
 *
 * The reason may be left out. A range has at most 366 dates. A date stands in a file once.
 *
 * In iCalendar every VEVENT is an all-day event: DTSTART (a date), DTEND (the date after the
 * last; when missing, or the same, one day) or DURATION in days or weeks, SUMMARY as the
 * reason, RRULE of yearly rules, EXDATE. Years before 2000 and after 2100 are left out.
 * It is a make-up working day when one of its CATEGORIES is WORKDAY, or its SUMMARY holds
 * "workday" (capitals or not) or 班; then the day has Monday's hours. An event with STATUS
 * CANCELLED is left out, other components are skipped. Refused, because they would be
 * misread: events with a time of day, RDATE, RECURRENCE-ID, EXRULE. Two holidays on one date
 * are both named; one that is a working day too is refused.
 *
 * Errors are SGN_INVALID and begin with NAME:LINE, and data.line is the line. A file has at
 * most 1 MiB (SGN_TOO_LARGE), a line 4 KiB (in iCalendar when put together), all of it
 * CALENDAR_DATES_MOST dates. Bytes that are not UTF-8 are refused. Input may be anything.
 */
#ifndef CALENDAR_HOLIDAYS_H
#define CALENDAR_HOLIDAYS_H

#include "status.h"
#include <stddef.h>

#define CALENDAR_HOLIDAYS_BYTES (1024 * 1024)

/* *out: {DATE: {"hours": [] | true | WEEKDAY | [...], "why"?: TEXT}}, a new reference. */
enum sgn_status calendar_holidays_read(const char *name, const char *text, size_t n, json_t **out,
                                       struct sgn_error *err) SGN_MUST_CHECK;

#endif
