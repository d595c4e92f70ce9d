/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clocks, civil dates, and RFC 3339 text.
 *
 * Never asks the system for a zone or a locale: the same number gives the same text everywhere.
 */
#include "clock.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void
sgn_clock_init_real(struct sgn_clock *clock)
{
    *clock = (struct sgn_clock){ .is_virtual = false };
}

/* Stands still from here on: only the lane moves it, in clock.advance. */
void
sgn_clock_init_virtual(struct sgn_clock *clock, int64_t now_ms)
{
    *clock = (struct sgn_clock){ .is_virtual = true, .virtual_ms = now_ms };
}

static int64_t
system_ms(clockid_t id)
{
    struct timespec ts;

    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * SGN_SECOND_MS + ts.tv_nsec / 1000000;
}

/* Of what several threads tell the latest counts: whoever has read a time reads no earlier one. */
static int64_t
never_back(struct sgn_clock *clock, int64_t now)
{
    int64_t told = atomic_load(&clock->told_ms);

    while (now > told)
        if (atomic_compare_exchange_weak(&clock->told_ms, &told, now))
            return now;
    return told;
}

/* Any thread: a virtual clock is one atomic number. */
int64_t
sgn_clock_now(struct sgn_clock *clock)
{
    if (clock->is_virtual)
        return atomic_load(&clock->virtual_ms);
    if (atomic_load(&clock->follows))
        return never_back(clock, sgn_monotonic_ms() + atomic_load(&clock->offset_ms));
    return system_ms(CLOCK_REALTIME);
}

/* It told its time at some moment between before and after, so the offset lies between told - after
 * and told - before. What was known is kept within these bounds; the first time it is their
 * middle. */
void
sgn_clock_follow(struct sgn_clock *clock, int64_t told_ms, int64_t before_ms, int64_t after_ms)
{
    int64_t least = told_ms - after_ms, most = told_ms - before_ms;
    int64_t offset = atomic_load(&clock->offset_ms);

    assert(!clock->is_virtual && before_ms <= after_ms);
    if (!atomic_load(&clock->follows))
        offset = least + (most - least) / 2;
    else if (offset < least)
        offset = least;
    else if (offset > most)
        offset = most;
    atomic_store(&clock->offset_ms, offset);
    atomic_store(&clock->follows, true);
}

/* Never backwards: deadlines that have fired would be due again, and entries would go back in
 * time. */
void
sgn_clock_set(struct sgn_clock *clock, int64_t now_ms)
{
    assert(clock->is_virtual);
    assert(now_ms >= atomic_load(&clock->virtual_ms));
    atomic_store(&clock->virtual_ms, now_ms);
}

/* For limits and leases: setting the machine's clock must neither end nor lengthen one. */
int64_t
sgn_monotonic_ms(void)
{
    return system_ms(CLOCK_MONOTONIC);
}

int64_t
sgn_monotonic_ns(void)
{
    struct timespec now = { 0 };

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/*
 * Both conversions count in years that begin on the first of March, so that the leap day
 * is the last of its year, and in eras of 400 years, after which the calendar repeats.
 */
#define ERA_DAYS 146097
/* 0000-03-01 is this many days before 1970-01-01. */
#define ERA_EPOCH 719468

int64_t
sgn_days_from_civil(int year, int month, int day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = sgn_floor_div(y, 400);
    int64_t of_era = y - era * 400;
    int64_t from_march = (month + 9) % 12;
    /* Months from March on have 31 30 31 30 31 days, again and again: 153 in five. */
    int64_t of_year = (153 * from_march + 2) / 5 + day - 1;

    return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - ERA_EPOCH;
}

void
sgn_civil_from_days(int64_t days, int *year, int *month, int *day)
{
    int64_t shifted = days + ERA_EPOCH;
    int64_t era = sgn_floor_div(shifted, ERA_DAYS);
    int64_t of_era = shifted - era * ERA_DAYS;
    /* Without the leap days an era would be a plain run of years of 365 days. */
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (y * 365 + y / 4 - y / 100);
    int64_t from_march = (5 * of_year + 2) / 153;

    *day = (int)(of_year - (153 * from_march + 2) / 5 + 1);
    *month = (int)(from_march < 10 ? from_march + 3 : from_march - 9);
    *year = (int)(era * 400 + y + (*month <= 2));
}

/* Reads exactly width digits; -1 when they are not there. */
static int
digits(const char **text, int width)
{
    int value = 0;

    for (int i = 0; i < width; i++) {
        char c = **text;
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
        (*text)++;
    }
    return value;
}

/* Moves on only when the character is there: every reader below is a row of these. */
static bool
accept(const char **text, char c)
{
    if (**text != c)
        return false;
    (*text)++;
    return true;
}

static int
month_days(int year, int month)
{
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    if (month == 2)
        return leap ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* Exactly four digits of year: RFC 3339 has no others, and "26-1-5" must not be the year 26. */
static bool
read_date(const char **text, int *year, int *month, int *day)
{
    return (*year = digits(text, 4)) >= 0 && accept(text, '-') && (*month = digits(text, 2)) >= 1 &&
           *month <= 12 && accept(text, '-') && (*day = digits(text, 2)) >= 1 &&
           *day <= month_days(*year, *month);
}

/* Only dates that exist: 30 February would otherwise become 2 March without a word. */
bool
sgn_date_parse(const char *text, int *year, int *month, int *day)
{
    int y;
    int m;
    int d;

    if (text == NULL || !read_date(&text, &y, &m, &d) || *text != '\0')
        return false;
    *year = y;
    *month = m;
    *day = d;
    return true;
}

static bool
read_hour_minute(const char **text, int *hour, int *minute)
{
    return (*hour = digits(text, 2)) >= 0 && *hour <= 23 && accept(text, ':') &&
           (*minute = digits(text, 2)) >= 0 && *minute <= 59;
}

/* ".5", ".50", ".500", or nothing. More digits are refused, not cut: what was sent is what is
 * kept. */
static bool
read_fraction(const char **text, int *ms)
{
    int unit = 100;

    *ms = 0;
    if (!accept(text, '.'))
        return true;
    if (**text < '0' || **text > '9')
        return false;
    for (; **text >= '0' && **text <= '9'; (*text)++, unit /= 10) {
        if (unit == 0)
            return false;
        *ms += unit * (**text - '0');
    }
    return true;
}

/* An offset is required: a time without one is another instant in every country. */
static bool
read_offset(const char **text, int *offset_s)
{
    int sign = **text == '-' ? -1 : 1;
    int hour;
    int minute;

    *offset_s = 0;
    if (accept(text, 'Z'))
        return true;
    if (!accept(text, '+') && !accept(text, '-'))
        return false;
    if (!read_hour_minute(text, &hour, &minute))
        return false;
    *offset_s = sign * (hour * 3600 + minute * 60);
    return true;
}

static bool
read_time(const char *text, int64_t *out_ms)
{
    int year;
    int month;
    int day;
    int hour;
    int minute;
    int second;
    int ms;
    int offset_s;

    if (!read_date(&text, &year, &month, &day) || (!accept(&text, 'T') && !accept(&text, ' ')))
        return false;
    if (!read_hour_minute(&text, &hour, &minute) || !accept(&text, ':'))
        return false;
    /* No leap seconds: business time has none. */
    second = digits(&text, 2);
    if (second < 0 || second > 59 || !read_fraction(&text, &ms))
        return false;
    if (!read_offset(&text, &offset_s) || *text != '\0')
        return false;
    *out_ms = sgn_days_from_civil(year, month, day) * SGN_DAY_MS + hour * SGN_HOUR_MS +
              minute * SGN_MINUTE_MS + (second - offset_s) * SGN_SECOND_MS + ms;
    return true;
}

/* The message shows an example of what is right, because people type these by hand. */
enum sgn_status
sgn_time_parse(const char *text, int64_t *out_ms, struct sgn_error *err)
{
    int64_t ms;

    if (text == NULL || !read_time(text, &ms))
        return sgn_fail(err, SGN_INVALID,
                        "\"%.64s\" is not a time: expected RFC 3339 with an offset, like "
                        "2026-01-05T09:00:00+08:00 or 2026-01-05T01:00:00Z",
                        text != NULL ? text : "");
    if (ms < 0 || ms > SGN_TIME_MAX)
        return sgn_fail(err, SGN_INVALID, "%s is out of range: expected a year from 1970 to 9999",
                        text);
    *out_ms = ms;
    return SGN_OK;
}

/* A number of so many digits, and what stands behind it; returns where it goes on. By hand: each
 * entry has several times, and formats that are read anew each time cost more than all else. */
static char *
put_digits(char *at, int digits, int value, char behind)
{
    for (int i = digits - 1; i >= 0; i--, value /= 10)
        at[i] = (char)('0' + value % 10);
    at[digits] = behind;
    return at + digits + 1;
}

/* With the offset it was asked for: a person reads the time of the team's wall clock, and a
 * program the same instant. */
const char *
sgn_time_format(int64_t ms, int offset_s, char out[SGN_TIME_TEXT])
{
    int64_t wall = ms + offset_s * SGN_SECOND_MS;
    int64_t days = sgn_floor_div(wall, SGN_DAY_MS);
    int64_t of_day = wall - days * SGN_DAY_MS;
    int second = (int)(of_day / SGN_SECOND_MS);
    int fraction = (int)(of_day % SGN_SECOND_MS);
    int minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;
    int year, month, day;
    char *at = out;

    sgn_civil_from_days(days, &year, &month, &day);
    at = put_digits(at, 4, year, '-');
    at = put_digits(at, 2, month, '-');
    at = put_digits(at, 2, day, 'T');
    at = put_digits(at, 2, second / 3600, ':');
    at = put_digits(at, 2, second / 60 % 60, ':');
    at = put_digits(at, 2, second % 60, '.');
    at = fraction != 0 ? put_digits(at, 3, fraction, '.') : at;
    at[-1] = offset_s == 0 ? 'Z' : offset_s < 0 ? '-' : '+';
    if (offset_s != 0) {
        at = put_digits(at, 2, minutes / 60, ':');
        at = put_digits(at, 2, minutes % 60, '\0');
    }
    *at = '\0';
    return out;
}
