/* SPDX-License-Identifier: Apache-2.0 */
/* Times as exports write them, in English and Chinese. See import_text.h. */
#include "calendar.h"
#include "clock.h"
#include "import_text.h"
#include "text.h"
#include "zone.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define EPOCH_S_DIGITS  10 /* seconds since 1970 have so many, from 2001 to 2286 */
#define EPOCH_MS_DIGITS 13

/* A date's three parts, in the order in which they stand. */
struct part {
    int value, digits;
    bool is_month; /* by its name */
};

struct scan {
    const char *at;
    int year, month, day, hour, minute, second, milli;
    bool afternoon, morning, has_clock, has_offset;
    int offset_s;
};

static void
skip(struct scan *scan, const char *any)
{
    while (*scan->at != '\0' && strchr(any, *scan->at) != NULL)
        scan->at++;
}

static bool
word(struct scan *scan, const char *text)
{
    size_t n = strlen(text);

    if (strncasecmp(scan->at, text, n) != 0)
        return false;
    scan->at += n;
    return true;
}

static bool
number(struct scan *scan, int most, struct part *out)
{
    *out = (struct part){ 0 };
    while (isdigit((unsigned char)*scan->at) && out->digits < most) {
        out->value = out->value * 10 + (*scan->at++ - '0');
        out->digits++;
    }
    return out->digits > 0;
}

/* The longer ones first: "March" before "Mar", 十二月 before 二月. */
static bool
month(struct scan *scan, struct part *out)
{
    static const struct {
        const char *name;
        int month;
    } months[] = {
        { "January", 1 },  { "February", 2 },  { "March", 3 },     { "April", 4 },
        { "June", 6 },     { "July", 7 },      { "August", 8 },    { "September", 9 },
        { "October", 10 }, { "November", 11 }, { "December", 12 }, { "Jan", 1 },
        { "Feb", 2 },      { "Mar", 3 },       { "Apr", 4 },       { "May", 5 },
        { "Jun", 6 },      { "Jul", 7 },       { "Aug", 8 },       { "Sept", 9 },
        { "Sep", 9 },      { "Oct", 10 },      { "Nov", 11 },      { "Dec", 12 },
        { "十二月", 12 },  { "十一月", 11 },   { "十月", 10 },     { "九月", 9 },
        { "八月", 8 },     { "七月", 7 },      { "六月", 6 },      { "五月", 5 },
        { "四月", 4 },     { "三月", 3 },      { "二月", 2 },      { "一月", 1 },
    };

    for (size_t i = 0; i < sizeof(months) / sizeof(months[0]); i++)
        if (word(scan, months[i].name)) {
            *out = (struct part){ .value = months[i].month, .is_month = true };
            return true;
        }
    return false;
}

static bool
divider(struct scan *scan)
{
    const char *before = scan->at;

    skip(scan, "/-., ");
    if (!word(scan, "年") && !word(scan, "月"))
        return scan->at != before;
    skip(scan, " ");
    return true;
}

static int
full_year(struct part part)
{
    return part.digits <= 2 ? 2000 + part.value : part.value;
}

/* Which part is what. NULL, or why that cannot be told. */
static const char *
order(struct scan *scan, const struct part p[3], const struct import_clock *clock)
{
    bool day_first = clock->day_first || (!clock->month_first && p[0].value > 12);
    bool month_first = clock->month_first || (!clock->day_first && p[1].value > 12);

    if (p[0].digits == 4) {
        scan->year = p[0].value, scan->month = p[1].value, scan->day = p[2].value;
    } else if (p[0].is_month) {
        scan->month = p[0].value, scan->day = p[1].value, scan->year = full_year(p[2]);
    } else if (p[1].is_month) {
        scan->day = p[0].value, scan->month = p[1].value, scan->year = full_year(p[2]);
    } else if (p[2].digits != 4 || p[2].is_month) {
        return "the year must have four digits, or the month its name";
    } else if (!day_first && !month_first) {
        return "day or month first? Say \"dates\": \"dmy\" or \"mdy\" in the map";
    } else {
        scan->day = p[day_first ? 0 : 1].value;
        scan->month = p[day_first ? 1 : 0].value;
        scan->year = p[2].value;
    }
    return NULL;
}

static const char *
read_date(struct scan *scan, const struct import_clock *clock)
{
    struct part parts[3];
    char said[SGN_TIME_TEXT];
    int year, month_, day;
    const char *why;

    for (int i = 0; i < 3; i++) {
        if (i > 0 && !divider(scan))
            return "expected a date such as 2025-03-04";
        if (!number(scan, 4, &parts[i]) && !month(scan, &parts[i]))
            return "expected a date such as 2025-03-04";
    }
    (void)word(scan, "日");
    why = order(scan, parts, clock);
    if (why != NULL)
        return why;
    snprintf(said, sizeof(said), "%04d-%02d-%02d", scan->year, scan->month, scan->day);
    if (scan->year < 1970 || scan->year > 2999 || !sgn_date_parse(said, &year, &month_, &day))
        return "there is no such day";
    return NULL;
}

static void
half(struct scan *scan)
{
    skip(scan, " ");
    if (word(scan, "PM") || word(scan, "下午"))
        scan->afternoon = true;
    else if (word(scan, "AM") || word(scan, "上午"))
        scan->morning = true;
    skip(scan, " ");
}

/* "Z", "+0000", "+08:00", "UTC" */
static bool
read_offset(struct scan *scan)
{
    int sign = *scan->at == '-' ? -1 : 1;
    struct part hours, minutes = { 0 };

    if (word(scan, "Z") || word(scan, "UTC") || word(scan, "GMT")) {
        scan->has_offset = true;
        return true;
    }
    if (*scan->at != '+' && *scan->at != '-')
        return false;
    scan->at++;
    if (!number(scan, 2, &hours))
        return false;
    skip(scan, ":");
    (void)number(scan, 2, &minutes);
    scan->offset_s = sign * (hours.value * 3600 + minutes.value * 60);
    scan->has_offset = true;
    return hours.value <= 14 && minutes.value < 60;
}

static const char *
read_clock(struct scan *scan)
{
    struct part hour, minute, second = { 0 }, milli = { 0 };

    skip(scan, " ,T\t");
    half(scan);
    if (*scan->at == '\0')
        return NULL;
    if (!number(scan, 2, &hour) || *scan->at != ':' || (scan->at++, !number(scan, 2, &minute)))
        return "expected a time of day such as 10:15";
    if (*scan->at == ':' && (scan->at++, !number(scan, 2, &second)))
        return "expected a time of day such as 10:15:30";
    if (*scan->at == '.' && (scan->at++, number(scan, 3, &milli)))
        while (isdigit((unsigned char)*scan->at))
            scan->at++;
    half(scan);
    if (*scan->at != '\0' && !read_offset(scan))
        return "expected nothing behind the time, or an offset such as +08:00";
    if (scan->afternoon && hour.value < 12)
        hour.value += 12;
    if (scan->morning && hour.value == 12)
        hour.value = 0;
    if (hour.value > 23 || minute.value > 59 || second.value > 59)
        return "there is no such time of day";
    scan->has_clock = true;
    scan->hour = hour.value, scan->minute = minute.value, scan->second = second.value;
    for (int i = milli.digits; milli.digits > 0 && i < 3; i++)
        milli.value *= 10;
    scan->milli = milli.value;
    return *scan->at == '\0' ? NULL : "expected nothing behind the time";
}

static bool
offset_parse(const char *zone, int *out)
{
    struct scan scan = { .at = zone };

    if (zone[0] != '+' && zone[0] != '-')
        return false;
    if (!read_offset(&scan) || *scan.at != '\0')
        return false;
    *out = scan.offset_s;
    return true;
}

bool
import_zone_valid(const char *zone)
{
    int offset;

    return offset_parse(zone, &offset) || calendar_zone_get(zone) != NULL;
}

/* The map's zone, or NULL and its offset in *offset_s: nothing said is UTC. */
static const struct calendar_zone *
zone_of(const struct import_clock *clock, int *offset_s)
{
    *offset_s = 0;
    if (clock->zone == NULL || offset_parse(clock->zone, offset_s))
        return NULL;
    return calendar_zone_get(clock->zone);
}

/* An instant as text, with the offset that the map's zone has then. */
static const char *
in_zone(int64_t at, const struct import_clock *clock, char text[SGN_TIME_TEXT])
{
    int offset;
    const struct calendar_zone *zone = zone_of(clock, &offset);

    return sgn_time_format(at, zone != NULL ? calendar_zone_offset(zone, at) : offset, text);
}

static json_t *
give(const struct scan *scan, const struct import_clock *clock, enum import_as as)
{
    int64_t wall = sgn_days_from_civil(scan->year, scan->month, scan->day) * SGN_DAY_MS +
                   scan->hour * SGN_HOUR_MS + scan->minute * SGN_MINUTE_MS +
                   scan->second * SGN_SECOND_MS + scan->milli;
    const struct calendar_zone *zone;
    char text[SGN_TIME_TEXT];
    int offset;

    if (as == IMPORT_DATE || (as == IMPORT_DUE && !scan->has_clock))
        return json_sprintf("%04d-%02d-%02d", scan->year, scan->month, scan->day);
    if (scan->has_offset) {
        offset = scan->offset_s;
        return json_string(sgn_time_format(wall - offset * SGN_SECOND_MS, offset, text));
    }
    zone = zone_of(clock, &offset);
    return json_string(
        in_zone(zone != NULL ? calendar_zone_instant(zone, wall) : wall - offset * SGN_SECOND_MS,
                clock, text));
}

/* Seconds or milliseconds since 1970, by how many digits there are. */
static bool
is_epoch(const char *text, int64_t *ms)
{
    size_t n = strlen(text);

    if (strspn(text, "0123456789") != n || (n != EPOCH_S_DIGITS && n != EPOCH_MS_DIGITS))
        return false;
    *ms = strtoll(text, NULL, 10) * (n == EPOCH_S_DIGITS ? SGN_SECOND_MS : 1);
    return true;
}

enum sgn_status
import_time(const char *text, const struct import_clock *clock, enum import_as as, json_t **out,
            struct sgn_error *err)
{
    struct scan scan = { .at = text };
    char said[SGN_TIME_TEXT];
    const char *why = NULL;
    int64_t ms;

    skip(&scan, " \t");
    if (is_epoch(scan.at, &ms)) {
        (void)in_zone(ms, clock, said);
        if (as == IMPORT_DATE)
            said[10] = '\0';
        *out = json_string(said);
        return *out != NULL ? SGN_OK : sgn_nomem(err);
    }
    why = read_date(&scan, clock);
    if (why == NULL)
        why = read_clock(&scan);
    if (why != NULL)
        return sgn_fail(err, SGN_INVALID, "'%.40s' is no time: %s", text, why);
    *out = give(&scan, clock, as);
    return *out != NULL ? SGN_OK : sgn_nomem(err);
}
