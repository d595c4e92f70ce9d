/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Business time and its text.
 *
 * All business time is integer milliseconds since 1970-01-01T00:00:00Z and comes from
 * one struct sgn_clock, real or virtual. Limits and leases use sgn_monotonic_ms().
 * A clock may be read from any thread; a virtual one is moved by the engine lane only.
 */
#ifndef SGN_CLOCK_H
#define SGN_CLOCK_H

#include "status.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define SGN_SECOND_MS INT64_C(1000)
#define SGN_MINUTE_MS (60 * SGN_SECOND_MS)
#define SGN_HOUR_MS   (60 * SGN_MINUTE_MS)
#define SGN_DAY_MS    (24 * SGN_HOUR_MS)

/* The times we accept: years 1970 to 9999. */
#define SGN_TIME_MAX INT64_C(253402300799999)

struct sgn_clock {
    bool is_virtual;
    _Atomic int64_t virtual_ms; /* stands still except for sgn_clock_set */
    _Atomic bool follows;       /* real, and goes by another clock than this machine's */
    _Atomic int64_t offset_ms;  /* of that one to the monotonic clock */
    _Atomic int64_t told_ms;    /* the latest that it told */
};

void sgn_clock_init_real(struct sgn_clock *clock);
void sgn_clock_init_virtual(struct sgn_clock *clock, int64_t now_ms);
int64_t sgn_clock_now(struct sgn_clock *clock);
/*
 * Real only: from now on it goes by another clock, which told told_ms between two readings of the
 * monotonic clock, before and after asking it. Each telling corrects what is known of the other:
 * no more than is sure, so that a slow answer does not spoil what a quick one has found. It never
 * goes backwards: when the other one does, it stands until it is caught up with. Any thread.
 */
void sgn_clock_follow(struct sgn_clock *clock, int64_t told_ms, int64_t before_ms,
                      int64_t after_ms);
/* Virtual only; never backwards (asserted). */
void sgn_clock_set(struct sgn_clock *clock, int64_t now_ms);

int64_t sgn_monotonic_ms(void);
/* The same clock, for what takes less than that: some 25 ns a call. */
int64_t sgn_monotonic_ns(void);

#define SGN_TIME_TEXT 40 /* bytes sgn_time_format needs at most */
/* RFC 3339 with the given offset (seconds east of UTC): "2026-01-05T09:00:00+08:00";
 * milliseconds are printed only when they are not zero. Offset 0 prints "Z". */
const char *sgn_time_format(int64_t ms, int offset_s, char out[SGN_TIME_TEXT]);
/* Parses RFC 3339 ("T" or a space; "Z" or +hh:mm required; up to 3 fraction digits).
 * SGN_INVALID with what was expected. */
enum sgn_status sgn_time_parse(const char *text, int64_t *out_ms,
                               struct sgn_error *err) SGN_MUST_CHECK;

/* a / b rounded down, b > 0: times before 1970 lie in the day, hour, era they lie in. */
static inline int64_t
sgn_floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Days since 1970-01-01 of a civil date, proleptic Gregorian, and back. */
int64_t sgn_days_from_civil(int year, int month, int day);
void sgn_civil_from_days(int64_t days, int *year, int *month, int *day);
/* "2026-01-05"; false unless it is a date that exists. */
bool sgn_date_parse(const char *text, int *year, int *month, int *day);

#endif
