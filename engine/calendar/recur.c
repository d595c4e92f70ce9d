/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only file that knows libical. Its parser forgives much and its search for a next time
 * may run through centuries, so a rule is read strictly here first, and what can be seen to
 * be impossible is refused before the search.
 */
#include "recur.h"
#include "calendar_internal.h"
#include "clock.h"
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))
#define YEAR_LAST     2500
#define ITEMS_MOST    64
#define RECUR_EXAMPLE "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=17;BYMINUTE=0"

enum part {
    PART_FREQ,
    PART_INTERVAL,
    PART_COUNT,
    PART_UNTIL,
    PART_BYMONTH,
    PART_BYMONTHDAY,
    PART_BYYEARDAY,
    PART_BYWEEKNO,
    PART_BYDAY,
    PART_BYHOUR,
    PART_BYMINUTE,
    PART_BYSETPOS,
    PART_WKST,
    PART_KINDS
};

/* Numbers from least to most; those below zero count from the end, zero is none of them. */
static const struct {
    const char *name;
    int least, most;
    bool list;
} parts[] = {
    [PART_FREQ] = { "FREQ", 0, 0, false },
    [PART_INTERVAL] = { "INTERVAL", 1, 1000, false },
    [PART_COUNT] = { "COUNT", 1, 10000, false },
    [PART_UNTIL] = { "UNTIL", 0, 0, false },
    [PART_BYMONTH] = { "BYMONTH", 1, 12, true },
    [PART_BYMONTHDAY] = { "BYMONTHDAY", -31, 31, true },
    [PART_BYYEARDAY] = { "BYYEARDAY", -366, 366, true },
    [PART_BYWEEKNO] = { "BYWEEKNO", -53, 53, true },
    [PART_BYDAY] = { "BYDAY", 0, 0, true },
    [PART_BYHOUR] = { "BYHOUR", 0, 23, true },
    [PART_BYMINUTE] = { "BYMINUTE", 0, 59, true },
    [PART_BYSETPOS] = { "BYSETPOS", -366, 366, true },
    [PART_WKST] = { "WKST", 0, 0, false },
};

/* A rule while it is read: the value of each part, borrowed from copy. */
struct rule {
    char copy[CALENDAR_RECUR_TEXT];
    char *values[PART_KINDS];
    bool hourly;
    struct calendar_recur *out;
    struct sgn_error *err;
};

/* ---- values ---- */

static bool
read_int(const char *text, int *out)
{
    bool negative = *text == '-';
    const char *digits = text + (negative || *text == '+');
    size_t n = strspn(digits, "0123456789");

    if (n == 0 || n > 5 || digits[n] != '\0')
        return false;
    *out = (int)strtol(digits, NULL, 10);
    if (negative)
        *out = -*out;
    return true;
}

/* "MO", or "-1FR" with its number; 0 without one. */
static bool
read_day(const char *text, int *number)
{
    size_t n = strlen(text);
    char digits[8];

    *number = 0;
    if (n < 2 || n > 6 || strstr("MO,TU,WE,TH,FR,SA,SU", text + n - 2) == NULL ||
        strchr(text + n - 2, ',') != NULL)
        return false;
    if (n == 2)
        return true;
    snprintf(digits, sizeof(digits), "%.*s", (int)(n - 2), text);
    return read_int(digits, number) && *number != 0 && *number >= -53 && *number <= 53;
}

static bool
read_item(const struct rule *rule, enum part part, const char *text)
{
    int number;

    if (part == PART_BYDAY) {
        if (!read_day(text, &number))
            return false;
        /* Only months and years have a third Monday; libical takes it for any. */
        return number == 0 || rule->out->freq == CALENDAR_YEARLY ||
               (rule->out->freq == CALENDAR_MONTHLY && number >= -5 && number <= 5);
    }
    return read_int(text, &number) && number >= parts[part].least && number <= parts[part].most &&
           (number != 0 || parts[part].least == 0);
}

static enum sgn_status
check_list(const struct rule *rule, enum part part)
{
    char text[CALENDAR_RECUR_TEXT];
    char *rest = text, *item;
    int n = 0;

    snprintf(text, sizeof(text), "%s", rule->values[part]);
    while ((item = strsep(&rest, ",")) != NULL) {
        if (!parts[part].list && n > 0)
            return sgn_fail(rule->err, SGN_INVALID, "%s takes one value", parts[part].name);
        if (++n > ITEMS_MOST)
            return sgn_fail(rule->err, SGN_INVALID, "%s takes at most %d values", parts[part].name,
                            ITEMS_MOST);
        if (read_item(rule, part, item))
            continue;
        if (part == PART_BYDAY)
            return sgn_fail(rule->err, SGN_INVALID,
                            "\"%.20s\" is no day for BYDAY: MO TU WE TH FR SA SU; with a number "
                            "(-1FR) in monthly and yearly rules only",
                            item);
        return sgn_fail(rule->err, SGN_INVALID, "\"%.20s\" is no value for %s: %d to %d%s", item,
                        parts[part].name, parts[part].least, parts[part].most,
                        parts[part].least < 0 ? " without 0" : "");
    }
    return SGN_OK;
}

/* "20271231" or "20271231T235959". */
static enum sgn_status
check_until(const struct rule *rule)
{
    const char *text = rule->values[PART_UNTIL];
    size_t n = text != NULL ? strlen(text) : 0;
    char date[16];
    int y, m, d;

    if (text == NULL)
        return SGN_OK;
    snprintf(date, sizeof(date), "%.4s-%.2s-%.2s", text, n > 4 ? text + 4 : "",
             n > 6 ? text + 6 : "");
    if ((n == 8 || (n == 15 && text[8] == 'T' && strspn(text + 9, "0123456789") == 6 &&
                    strncmp(text + 9, "240000", 6) < 0 && text[11] < '6' && text[13] < '6')) &&
        sgn_date_parse(date, &y, &m, &d))
        return SGN_OK;
    return sgn_fail(rule->err, SGN_INVALID,
                    "\"%.24s\" is no value for UNTIL: a date or a time of the wall clock, without "
                    "\"Z\", like 20271231T235959",
                    text);
}

static enum sgn_status
read_freq(struct rule *rule)
{
    static const char *const names[] = { [CALENDAR_DAILY] = "DAILY",
                                         [CALENDAR_WEEKLY] = "WEEKLY",
                                         [CALENDAR_MONTHLY] = "MONTHLY",
                                         [CALENDAR_YEARLY] = "YEARLY" };
    const char *name = rule->values[PART_FREQ];

    if (name == NULL)
        return sgn_fail(rule->err, SGN_INVALID, "a rule needs FREQ, like %s", RECUR_EXAMPLE);
    rule->hourly = strcmp(name, "HOURLY") == 0;
    rule->out->freq = CALENDAR_DAILY;
    if (rule->hourly)
        return SGN_OK;
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(names[i], name) == 0) {
            rule->out->freq = (enum calendar_freq)i;
            return SGN_OK;
        }
    }
    if (strcmp(name, "SECONDLY") == 0 || strcmp(name, "MINUTELY") == 0)
        return sgn_fail(rule->err, SGN_INVALID, "FREQ=%s is refused: at most HOURLY", name);
    return sgn_fail(rule->err, SGN_INVALID,
                    "\"%.20s\" is no value for FREQ: HOURLY, DAILY, WEEKLY, MONTHLY, YEARLY", name);
}

/* ---- parts ---- */

static enum sgn_status
take_part(struct rule *rule, char *item)
{
    char *value = strchr(item, '=');

    if (value == NULL || value[1] == '\0')
        return sgn_fail(rule->err, SGN_INVALID, "\"%.40s\" is no part of a rule like %s", item,
                        RECUR_EXAMPLE);
    *value++ = '\0';
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (strcmp(parts[i].name, item) != 0)
            continue;
        if (rule->values[i] != NULL)
            return sgn_fail(rule->err, SGN_INVALID, "%s stands twice in the rule", item);
        rule->values[i] = value;
        return SGN_OK;
    }
    return sgn_fail(rule->err, SGN_INVALID,
                    "\"%.20s\" is not understood: there are FREQ INTERVAL COUNT UNTIL BYMONTH "
                    "BYMONTHDAY BYYEARDAY BYWEEKNO BYDAY BYHOUR BYMINUTE BYSETPOS WKST",
                    item);
}

static enum sgn_status
check_parts(struct rule *rule)
{
    const char *wkst = rule->values[PART_WKST];
    enum sgn_status status = check_until(rule);
    int number;

    for (int i = 0; status == SGN_OK && i < PART_KINDS; i++)
        if (rule->values[i] != NULL && i != PART_FREQ && i != PART_UNTIL && i != PART_WKST)
            status = check_list(rule, (enum part)i);
    if (status != SGN_OK)
        return status;
    if (wkst != NULL && (strlen(wkst) != 2 || !read_day(wkst, &number)))
        return sgn_fail(rule->err, SGN_INVALID, "\"%.20s\" is no value for WKST: MO to SU", wkst);
    if (rule->values[PART_COUNT] != NULL && rule->values[PART_UNTIL] != NULL)
        return sgn_fail(rule->err, SGN_INVALID, "a rule has COUNT or UNTIL, not both");
    if (rule->values[PART_BYWEEKNO] != NULL && rule->out->freq != CALENDAR_YEARLY)
        return sgn_fail(rule->err, SGN_INVALID, "BYWEEKNO is for yearly rules");
    if (rule->values[PART_BYMONTHDAY] != NULL && rule->out->freq == CALENDAR_WEEKLY)
        return sgn_fail(rule->err, SGN_INVALID, "BYMONTHDAY is not for weekly rules");
    if (rule->values[PART_BYYEARDAY] != NULL && rule->out->freq != CALENDAR_YEARLY)
        return sgn_fail(rule->err, SGN_INVALID, "BYYEARDAY is for yearly rules");
    if (rule->values[PART_BYSETPOS] != NULL && rule->hourly)
        return sgn_fail(rule->err, SGN_INVALID, "BYSETPOS is not for hourly rules");
    return SGN_OK;
}

/* Is there such a day in one of these months, in some year? */
static enum sgn_status
check_days_exist(const struct rule *rule)
{
    static const int longest[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const char *months = rule->values[PART_BYMONTH], *days = rule->values[PART_BYMONTHDAY];

    if (months == NULL || days == NULL)
        return SGN_OK;
    for (const char *month = months; month != NULL; month = strchr(month, ',')) {
        month += *month == ',';
        for (const char *day = days; day != NULL; day = strchr(day, ',')) {
            day += *day == ',';
            if (abs(atoi(day)) <= longest[atoi(month) - 1])
                return SGN_OK;
        }
    }
    return sgn_fail(rule->err, SGN_INVALID, "the rule never happens: no month %s has a day %s",
                    months, days);
}

static int
values_of(const char *list)
{
    int n = 1;

    for (; list != NULL && *list != '\0'; list++)
        n += *list == ',';
    return n;
}

/* Not more often than every quarter of an hour: years of it are searched through. */
static enum sgn_status
check_often(const struct rule *rule)
{
    int hours = rule->hourly ? 24 / rule->out->interval : values_of(rule->values[PART_BYHOUR]);

    if (hours * values_of(rule->values[PART_BYMINUTE]) <= CALENDAR_RECUR_A_DAY)
        return SGN_OK;
    return sgn_fail(rule->err, SGN_INVALID, "the rule happens more than %d times a day",
                    CALENDAR_RECUR_A_DAY);
}

/* The hours of an hourly rule, as BYHOUR of a daily one. */
static enum sgn_status
write_hours(const struct rule *rule, char *text, size_t size)
{
    const char *given = rule->values[PART_BYHOUR];
    size_t n = strlen(text);
    bool some = false;

    if (24 % rule->out->interval != 0)
        return sgn_fail(rule->err, SGN_INVALID,
                        "FREQ=HOURLY with INTERVAL=%d: hours must divide the day: 1, 2, 3, 4, 6, "
                        "8, 12 or 24",
                        rule->out->interval);
    for (int hour = 0; hour < 24; hour += rule->out->interval) {
        bool wanted = given == NULL;

        for (const char *item = given; item != NULL; item = strchr(item, ',')) {
            item += *item == ',';
            wanted = wanted || atoi(item) == hour;
        }
        if (wanted)
            n += (size_t)snprintf(text + n, size - n, "%s%d", some ? "," : ";BYHOUR=", hour);
        some = some || wanted;
    }
    rule->out->interval = 1;
    if (!some)
        return sgn_fail(rule->err, SGN_INVALID,
                        "the rule never happens: BYHOUR=%s is none of its "
                        "hours",
                        given);
    return SGN_OK;
}

/* The rule again, as it was understood. */
static enum sgn_status
write_rule(const struct rule *rule, char *text, size_t size)
{
    size_t n =
        (size_t)snprintf(text, size, "FREQ=%s", rule->hourly ? "DAILY" : rule->values[PART_FREQ]);
    enum sgn_status status = SGN_OK;

    if (rule->hourly)
        status = write_hours(rule, text, size);
    n = strlen(text);
    for (int i = PART_INTERVAL; status == SGN_OK && i < PART_KINDS; i++) {
        bool done = rule->hourly && (i == PART_INTERVAL || i == PART_BYHOUR);

        if (rule->values[i] == NULL || done)
            continue;
        if (n + strlen(parts[i].name) + strlen(rule->values[i]) + 2 >= size)
            return sgn_fail(rule->err, SGN_INVALID, "the rule is too long");
        n += (size_t)snprintf(text + n, size - n, ";%s=%s", parts[i].name, rule->values[i]);
    }
    return status;
}

enum sgn_status
calendar_recur_parse(const char *text, struct calendar_recur *out, struct sgn_error *err)
{
    struct rule rule = { .out = out, .err = err };
    char *rest = rule.copy, *item;
    enum sgn_status status = SGN_OK;

    *out = (struct calendar_recur){ .interval = 1 };
    if (strlen(text) >= sizeof(rule.copy))
        return sgn_fail(err, SGN_INVALID, "a rule has at most %zu bytes", sizeof(rule.copy) - 1);
    snprintf(rule.copy, sizeof(rule.copy), "%s", text);
    while (status == SGN_OK && (item = strsep(&rest, ";")) != NULL)
        status = take_part(&rule, item);
    if (status == SGN_OK)
        status = read_freq(&rule);
    if (status == SGN_OK)
        status = check_parts(&rule);
    if (status == SGN_OK)
        status = check_days_exist(&rule);
    if (status != SGN_OK)
        return status;
    out->counted = rule.values[PART_COUNT] != NULL;
    if (rule.values[PART_INTERVAL] != NULL)
        (void)read_int(rule.values[PART_INTERVAL], &out->interval);
    status = check_often(&rule);
    return status != SGN_OK ? status : write_rule(&rule, out->text, sizeof(out->text));
}

/* ---- expansion ---- */

static struct icaltimetype
ical_time(int64_t wall_ms)
{
    int64_t days = sgn_floor_div(wall_ms, SGN_DAY_MS);
    int second = (int)((wall_ms - days * SGN_DAY_MS) / SGN_SECOND_MS);
    struct icaltimetype time = icaltime_null_time();

    sgn_civil_from_days(days, &time.year, &time.month, &time.day);
    time.hour = second / 3600;
    time.minute = second / 60 % 60;
    time.second = second % 60;
    return time;
}

static int64_t
wall_of(struct icaltimetype time)
{
    return sgn_days_from_civil(time.year, time.month, time.day) * SGN_DAY_MS +
           time.hour * SGN_HOUR_MS + time.minute * SGN_MINUTE_MS + time.second * SGN_SECOND_MS;
}

enum sgn_status
calendar_recur_each(const struct calendar_recur *recur, int64_t start_ms, int most,
                    calendar_recur_fn each, void *ctx, struct sgn_error *err)
{
    struct icalrecurrencetype rule = icalrecurrencetype_from_string(recur->text);
    icalrecur_iterator *times = NULL;

    if (rule.freq != ICAL_NO_RECURRENCE)
        times = icalrecur_iterator_new(rule, ical_time(start_ms));
    if (times == NULL)
        return sgn_fail(err, SGN_INVALID, "the rule \"%s\" contradicts itself", recur->text);
    for (int i = 0; i < most; i++) {
        struct icaltimetype time = icalrecur_iterator_next(times);
        if (icaltime_is_null_time(time) || time.year > YEAR_LAST || !each(ctx, wall_of(time)))
            break;
    }
    icalrecur_iterator_free(times);
    return SGN_OK;
}
