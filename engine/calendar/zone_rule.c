/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads and evaluates a POSIX TZ rule, by RFC 9636 section 3.3.1 and POSIX 1003.1 section 8.3.
 *
 * Stricter than POSIX in one thing: daylight time needs its two changes, since what is meant
 * without them is left to each implementation. Never reads the environment.
 */
#include "zone_rule.h"
#include "clock.h"

#define DAY_S         86400
#define OFFSET_HOURS  24
#define CHANGE_HOURS  24
#define EXTENDED      167
#define DEFAULT_S     7200 /* a change without a time is at two */
#define DAYLIGHT_MORE 3600 /* daylight time without an offset is one hour ahead */

struct text {
    const char *at, *end;
};

static bool
skip(struct text *text, char c)
{
    if (text->at == text->end || *text->at != c)
        return false;
    text->at++;
    return true;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "CET", or "<+0330>": three characters at least. What it says is of no use here. */
static bool
read_name(struct text *text)
{
    bool quoted = skip(text, '<');
    const char *from = text->at;

    while (text->at < text->end &&
           (is_letter(*text->at) ||
            (quoted && (is_digit(*text->at) || *text->at == '+' || *text->at == '-'))))
        text->at++;
    if (text->at - from < 3)
        return false;
    return !quoted || skip(text, '>');
}

/* A number of at most three digits. */
static bool
read_number(struct text *text, int low, int high, int *out)
{
    const char *from = text->at;
    int n = 0;

    /* Three digits at most, so that no file makes it overflow. */
    while (text->at < text->end && is_digit(*text->at) && text->at - from < 3)
        n = n * 10 + (*text->at++ - '0');
    *out = n;
    return text->at > from && n >= low && n <= high;
}

/* "[+-]hh[:mm[:ss]]" in seconds. */
static bool
read_time(struct text *text, int hours_max, int *out)
{
    int sign = skip(text, '-') ? -1 : 1;
    int hours, minutes = 0, seconds = 0;

    if (sign == 1)
        (void)skip(text, '+');
    if (!read_number(text, 0, hours_max, &hours))
        return false;
    if (skip(text, ':')) {
        if (!read_number(text, 0, 59, &minutes))
            return false;
        if (skip(text, ':') && !read_number(text, 0, 59, &seconds))
            return false;
    }
    *out = sign * (hours * 3600 + minutes * 60 + seconds);
    return true;
}

/* TZ counts offsets westwards from UTC; everybody else counts eastwards. */
static bool
read_offset(struct text *text, int *east)
{
    if (!read_time(text, OFFSET_HOURS, east))
        return false;
    *east = -*east;
    return true;
}

static bool
read_change(struct text *text, bool extended, struct calendar_zone_rule_change *out)
{
    bool fine;

    if (!skip(text, ','))
        return false;
    if (skip(text, 'M')) {
        out->kind = CALENDAR_ZONE_RULE_MONTH;
        fine = read_number(text, 1, 12, &out->month) && skip(text, '.') &&
               read_number(text, 1, 5, &out->week) && skip(text, '.') &&
               read_number(text, 0, 6, &out->day);
    } else if (skip(text, 'J')) {
        out->kind = CALENDAR_ZONE_RULE_NO_LEAP;
        fine = read_number(text, 1, 365, &out->day);
    } else {
        out->kind = CALENDAR_ZONE_RULE_FROM_ZERO;
        fine = read_number(text, 0, 365, &out->day);
    }
    out->second = DEFAULT_S;
    if (!fine || !skip(text, '/'))
        return fine;
    /* "/-1" and "/+2" belong to the extension as well. */
    if (!extended && text->at < text->end && !is_digit(*text->at))
        return false;
    return read_time(text, extended ? EXTENDED : CHANGE_HOURS, &out->second);
}

bool
calendar_zone_rule_parse(const char *bytes, size_t n, bool extended, struct calendar_zone_rule *out)
{
    struct text text = { bytes, bytes + n };

    *out = (struct calendar_zone_rule){ 0 };
    if (!read_name(&text) || !read_offset(&text, &out->standard))
        return false;
    if (text.at == text.end)
        return true;
    if (!read_name(&text))
        return false;
    out->has_daylight = true;
    out->daylight = out->standard + DAYLIGHT_MORE;
    if (text.at < text.end && *text.at != ',' && !read_offset(&text, &out->daylight))
        return false;
    return read_change(&text, extended, &out->begin) && read_change(&text, extended, &out->end) &&
           text.at == text.end;
}

static bool
is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days since 1970 of a change in a year. */
static int64_t
change_day(const struct calendar_zone_rule_change *change, int year)
{
    int64_t first, day, next;
    int weekday;

    if (change->kind == CALENDAR_ZONE_RULE_FROM_ZERO)
        return sgn_days_from_civil(year, 1, 1) + change->day;
    if (change->kind == CALENDAR_ZONE_RULE_NO_LEAP)
        return sgn_days_from_civil(year, 1, 1) + change->day - 1 +
               (is_leap(year) && change->day >= 60);
    first = sgn_days_from_civil(year, change->month, 1);
    weekday = (int)(first + 4 - 7 * sgn_floor_div(first + 4, 7)); /* 1970-01-01 was a Thursday */
    day = first + (change->day - weekday + 7) % 7 + 7 * (int64_t)(change->week - 1);
    next = change->month == 12 ? sgn_days_from_civil(year + 1, 1, 1)
                               : sgn_days_from_civil(year, change->month + 1, 1);
    return day < next ? day : day - 7; /* a month without a fifth: its last */
}

/* The second since 1970 of a change whose time is told by a clock of this offset. */
static int64_t
change_at(const struct calendar_zone_rule_change *change, int year, int offset)
{
    return change_day(change, year) * DAY_S + change->second - offset;
}

/*
 * The last change at or before at tells. Those of the years around are looked at too: a change of
 * January may lie in the old year by UTC, and a time of 167 hours may reach over as well.
 * Daylight time that ends in the second in which it begins again lasts all year, so a beginning
 * wins.
 */
int
calendar_zone_rule_offset(const struct calendar_zone_rule *rule, int64_t at)
{
    int64_t last = INT64_MIN;
    int offset = rule->standard;
    int year, month, day;

    if (!rule->has_daylight)
        return rule->standard;
    sgn_civil_from_days(sgn_floor_div(at, DAY_S), &year, &month, &day);
    for (int y = year - 1; y <= year + 1; y++) {
        int64_t begin = change_at(&rule->begin, y, rule->standard);
        int64_t end = change_at(&rule->end, y, rule->daylight);

        if (end <= at && end > last) {
            last = end;
            offset = rule->standard;
        }
        if (begin <= at && begin >= last) {
            last = begin;
            offset = rule->daylight;
        }
    }
    return offset;
}
