/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recurrence rules from text, strictly: a part that is not understood is never left out.
 */
#include "calendar_internal.h"
#include "clock.h"
#include "recur.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))
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

/* Numbers from least to most; where they go below zero they count from the end, and zero is
 * none of them. */
static const struct {
    const char *name;
    int least, most;
} parts[] = {
    [PART_FREQ] = { "FREQ", 0, 0 },
    [PART_INTERVAL] = { "INTERVAL", 1, 1000 },
    [PART_COUNT] = { "COUNT", 1, 10000 },
    [PART_UNTIL] = { "UNTIL", 0, 0 },
    [PART_BYMONTH] = { "BYMONTH", 1, 12 },
    [PART_BYMONTHDAY] = { "BYMONTHDAY", -31, 31 },
    [PART_BYYEARDAY] = { "BYYEARDAY", -366, 366 },
    [PART_BYWEEKNO] = { "BYWEEKNO", -53, 53 },
    [PART_BYDAY] = { "BYDAY", -53, 53 },
    [PART_BYHOUR] = { "BYHOUR", 0, 23 },
    [PART_BYMINUTE] = { "BYMINUTE", 0, 59 },
    [PART_BYSETPOS] = { "BYSETPOS", -366, 366 },
    [PART_WKST] = { "WKST", 0, 0 },
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
read_int(const char *text, size_t n, int *out)
{
    bool negative = n > 0 && *text == '-';
    size_t i = n > 0 && (*text == '-' || *text == '+');

    if (i == n || n - i > 5)
        return false;
    *out = 0;
    for (; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    if (negative)
        *out = -*out;
    return true;
}

/* 0 for "MO"; -1 when it is no weekday. */
static int
weekday_of(const char *code)
{
    static const char codes[][3] = { "MO", "TU", "WE", "TH", "FR", "SA", "SU" };

    for (int i = 0; i < 7; i++)
        if (strcmp(codes[i], code) == 0)
            return i;
    return -1;
}

/* "MO", or "-1FR" in rules that have a month or a year to count in. */
static bool
read_day(const struct rule *rule, const char *text, int *out)
{
    size_t n = strlen(text);
    int weekday = n >= 2 ? weekday_of(text + n - 2) : -1, number = 0;
    int most = rule->out->freq == CALENDAR_MONTHLY  ? 5
               : rule->out->freq == CALENDAR_YEARLY ? 53
                                                    : 0;

    if (weekday < 0)
        return false;
    if (n > 2 && (!read_int(text, n - 2, &number) || number == 0 || abs(number) > most))
        return false;
    *out = number * 8 + weekday;
    return true;
}

static enum sgn_status
value_fail(const struct rule *rule, enum part part, const char *text)
{
    if (part == PART_BYDAY)
        return sgn_fail(rule->err, SGN_INVALID,
                        "\"%.20s\" is no day for BYDAY: MO TU WE TH FR SA SU; with a number "
                        "(-1FR) in monthly and yearly rules only",
                        text);
    return sgn_fail(rule->err, SGN_INVALID, "\"%.20s\" is no value for %s: %d to %d%s", text,
                    parts[part].name, parts[part].least, parts[part].most,
                    parts[part].least < 0 ? " without 0" : "");
}

static enum sgn_status
read_list(const struct rule *rule, enum part part, struct calendar_recur_list *out)
{
    char text[CALENDAR_RECUR_TEXT];
    char *rest = text, *item;

    out->n = 0;
    if (rule->values[part] == NULL)
        return SGN_OK;
    snprintf(text, sizeof(text), "%s", rule->values[part]);
    while ((item = strsep(&rest, ",")) != NULL) {
        int value = 0;
        bool good = part == PART_BYDAY
                        ? read_day(rule, item, &value)
                        : read_int(item, strlen(item), &value) && value >= parts[part].least &&
                              value <= parts[part].most && (value != 0 || parts[part].least == 0);

        if (!good)
            return value_fail(rule, part, item);
        if (out->n >= CALENDAR_RECUR_VALUES)
            return sgn_fail(rule->err, SGN_INVALID, "%s takes at most %d values", parts[part].name,
                            CALENDAR_RECUR_VALUES);
        out->values[out->n++] = (int16_t)value;
    }
    return SGN_OK;
}

/* A part that takes one number. */
static enum sgn_status
read_one(const struct rule *rule, enum part part, int or_else, int *out)
{
    struct calendar_recur_list list;
    enum sgn_status status = read_list(rule, part, &list);

    *out = list.n > 0 ? list.values[0] : or_else;
    if (status == SGN_OK && list.n > 1)
        return sgn_fail(rule->err, SGN_INVALID, "%s takes one value", parts[part].name);
    return status;
}

/* "20271231" or "20271231T235959". */
static enum sgn_status
read_until(const struct rule *rule)
{
    const char *text = rule->values[PART_UNTIL];
    size_t n = text != NULL ? strlen(text) : 0;
    char date[16];
    int y, m, d, time = 235959;

    rule->out->until = INT64_MAX;
    if (text == NULL)
        return SGN_OK;
    snprintf(date, sizeof(date), "%.4s-%.2s-%.2s", text, n > 4 ? text + 4 : "",
             n > 6 ? text + 6 : "");
    if (n == 15 && text[8] == 'T' && strspn(text + 9, "0123456789") == 6)
        time = (int)strtol(text + 9, NULL, 10);
    else if (n != 8)
        n = 0;
    if (n == 0 || !sgn_date_parse(date, &y, &m, &d) || time / 10000 > 23 || time / 100 % 100 > 59 ||
        time % 100 > 59)
        return sgn_fail(rule->err, SGN_INVALID,
                        "\"%.24s\" is no value for UNTIL: a date or a time of the wall clock, "
                        "without \"Z\", like 20271231T235959",
                        text);
    rule->out->until = sgn_days_from_civil(y, m, d) * SGN_DAY_MS + time / 10000 * SGN_HOUR_MS +
                       time / 100 % 100 * SGN_MINUTE_MS + time % 100 * SGN_SECOND_MS;
    return SGN_OK;
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
read_parts(struct rule *rule)
{
    struct calendar_recur *out = rule->out;
    const struct {
        enum part part;
        struct calendar_recur_list *list;
    } lists[] = {
        { PART_BYMONTH, &out->month },     { PART_BYMONTHDAY, &out->monthday },
        { PART_BYYEARDAY, &out->yearday }, { PART_BYWEEKNO, &out->weekno },
        { PART_BYDAY, &out->day },         { PART_BYHOUR, &out->hour },
        { PART_BYMINUTE, &out->minute },   { PART_BYSETPOS, &out->setpos },
    };
    const char *wkst = rule->values[PART_WKST];
    enum sgn_status status = read_until(rule);

    for (size_t i = 0; status == SGN_OK && i < COUNT(lists); i++)
        status = read_list(rule, lists[i].part, lists[i].list);
    if (status == SGN_OK)
        status = read_one(rule, PART_INTERVAL, 1, &out->interval);
    if (status == SGN_OK)
        status = read_one(rule, PART_COUNT, 0, &out->count);
    out->week_start = wkst != NULL ? weekday_of(wkst) : 0;
    if (status == SGN_OK && out->week_start < 0)
        return sgn_fail(rule->err, SGN_INVALID, "\"%.20s\" is no value for WKST: MO to SU", wkst);
    return status;
}

static bool
has_numbers(const struct calendar_recur_list *days)
{
    for (int i = 0; i < days->n; i++)
        if (days->values[i] < 0 || days->values[i] > 6)
            return true;
    return false;
}

/* Parts that do not go together, by section 3.3.10. */
static enum sgn_status
check_parts(const struct rule *rule)
{
    const struct calendar_recur *out = rule->out;
    const char *what = NULL;

    if (out->count > 0 && out->until != INT64_MAX)
        what = "a rule has COUNT or UNTIL, not both";
    else if (out->weekno.n > 0 && out->freq != CALENDAR_YEARLY)
        what = "BYWEEKNO is for yearly rules";
    else if (out->weekno.n > 0 && (out->day.n == 0 || has_numbers(&out->day)))
        what = "BYWEEKNO needs BYDAY, with weekdays that have no number";
    else if (out->monthday.n > 0 && out->freq == CALENDAR_WEEKLY)
        what = "BYMONTHDAY is not for weekly rules";
    else if (out->yearday.n > 0 && out->freq != CALENDAR_YEARLY)
        what = "BYYEARDAY is for yearly rules";
    else if (out->setpos.n > 0 && rule->hourly)
        what = "BYSETPOS is not for hourly rules";
    return what == NULL ? SGN_OK : sgn_fail(rule->err, SGN_INVALID, "%s", what);
}

/* An hourly rule is a daily one with hours. */
static enum sgn_status
read_hourly(const struct rule *rule)
{
    struct calendar_recur *out = rule->out;
    struct calendar_recur_list given = out->hour;

    if (24 % out->interval != 0)
        return sgn_fail(rule->err, SGN_INVALID,
                        "FREQ=HOURLY with INTERVAL=%d: hours must divide the day: 1, 2, 3, 4, 6, "
                        "8, 12 or 24",
                        out->interval);
    out->hour.n = 0;
    for (int hour = 0; hour < 24; hour += out->interval) {
        bool wanted = given.n == 0;

        for (int i = 0; i < given.n; i++)
            wanted = wanted || given.values[i] == hour;
        if (wanted)
            out->hour.values[out->hour.n++] = (int16_t)hour;
    }
    out->interval = 1;
    if (out->hour.n == 0)
        return sgn_fail(rule->err, SGN_INVALID,
                        "the rule never happens: BYHOUR=%s is none of its hours",
                        rule->values[PART_BYHOUR]);
    return SGN_OK;
}

static enum sgn_status
check_often(const struct rule *rule)
{
    const struct calendar_recur *out = rule->out;
    int hours = out->hour.n > 0 ? out->hour.n : 1, minutes = out->minute.n > 0 ? out->minute.n : 1;

    if (hours * minutes <= CALENDAR_RECUR_A_DAY)
        return SGN_OK;
    return sgn_fail(rule->err, SGN_INVALID, "the rule happens more than %d times a day",
                    CALENDAR_RECUR_A_DAY);
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
    snprintf(out->text, sizeof(out->text), "%s", text);
    while (status == SGN_OK && (item = strsep(&rest, ";")) != NULL)
        status = take_part(&rule, item);
    if (status == SGN_OK)
        status = read_freq(&rule);
    if (status == SGN_OK)
        status = read_parts(&rule);
    if (status == SGN_OK)
        status = check_parts(&rule);
    if (status == SGN_OK && rule.hourly)
        status = read_hourly(&rule);
    return status == SGN_OK ? check_often(&rule) : status;
}
