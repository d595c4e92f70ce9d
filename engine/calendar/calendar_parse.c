/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A calendar from its JSON form. Everything is checked here, so that the arithmetic can
 * trust what it walks over.
 */
#include "calendar.h"
#include "calendar_internal.h"
#include "json.h"
#include "memory.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))
#define POINTER_BYTES 96
#define HOURS_WANTED  "[\"09:00-12:00\", \"13:30-18:00\"]"

/* From wide to narrow: what comes later wins. Monday is 0. */
static const struct {
    const char *name;
    int first, last;
} weekdays[] = {
    { "every_day", 0, 6 },        { "monday_to_saturday", 0, 5 },
    { "monday_to_friday", 0, 4 }, { "weekend", 5, 6 },
    { "monday", 0, 0 },           { "tuesday", 1, 1 },
    { "wednesday", 2, 2 },        { "thursday", 3, 3 },
    { "friday", 4, 4 },           { "saturday", 5, 5 },
    { "sunday", 6, 6 },
};

static enum sgn_status bad(struct sgn_error *err, const char *pointer, const char *fmt, ...)
    SGN_PRINTF(3, 4);

static enum sgn_status
bad(struct sgn_error *err, const char *pointer, const char *fmt, ...)
{
    char text[512];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    (void)sgn_fail(err, SGN_INVALID, "%s: %s", *pointer != '\0' ? pointer : "calendar", text);
    sgn_error_add(err, "pointer", json_string(pointer));
    return SGN_INVALID;
}

/* ---- hours ---- */

/* "09:00" as minutes; -1 when it is none. */
static int32_t
read_minute(const char *text)
{
    int32_t minute;

    for (int i = 0; i < 5; i++)
        if (i == 2 ? text[i] != ':' : text[i] < '0' || text[i] > '9')
            return -1;
    minute = ((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] - '0';
    return text[3] <= '5' && minute <= 1440 ? minute : -1;
}

/* "09:00-12:00" or ["09:00", "12:00"]. */
static bool
read_span(const json_t *json, struct calendar_span *out)
{
    const char *text = json_string_value(json);
    const char *from = json_string_value(json_array_get(json, 0));
    const char *to = json_string_value(json_array_get(json, 1));

    if (text != NULL && strlen(text) == 11 && text[5] == '-') {
        from = text;
        to = text + 6;
    } else if (json_array_size(json) != 2 || from == NULL || to == NULL || strlen(from) != 5 ||
               strlen(to) != 5) {
        return false;
    }
    out->from = read_minute(from);
    out->to = read_minute(to);
    return out->from >= 0 && out->to >= 0;
}

static enum sgn_status
read_hours(const json_t *json, const char *at, struct calendar_hours *out, struct sgn_error *err)
{
    char here[POINTER_BYTES + 24];
    const json_t *item;
    size_t i;

    out->n = 0;
    if (!json_is_array(json))
        return bad(err, at, "hours are a list like %s", HOURS_WANTED);
    if (json_array_size(json) > CALENDAR_SPANS_MOST)
        return bad(err, at, "a day has at most %d intervals", CALENDAR_SPANS_MOST);
    json_array_foreach(json, i, item) {
        struct calendar_span *span = &out->spans[i];

        snprintf(here, sizeof(here), "%s/%zu", at, i);
        if (!read_span(item, span))
            return bad(err, here,
                       "an interval is written like \"09:00-12:00\", from 00:00 to 24:00");
        if (span->from == span->to)
            return bad(err, here, "the interval has no length");
        if (span->from > span->to)
            return bad(err, here,
                       "the interval ends before it begins; one past midnight is two: until "
                       "24:00, and from 00:00 on the next day");
        if (i > 0 && span->from < out->spans[i - 1].to)
            return bad(err, here, "the interval begins before the one before it has ended");
        out->n++;
    }
    return SGN_OK;
}

static bool
weekday_known(const char *name)
{
    for (size_t i = 0; i < COUNT(weekdays); i++)
        if (strcmp(weekdays[i].name, name) == 0)
            return true;
    return false;
}

static enum sgn_status
check_weekdays(const json_t *hours, struct sgn_error *err)
{
    const char *names[COUNT(weekdays)];
    const char *name, *nearest;
    json_t *ignored;

    for (size_t i = 0; i < COUNT(weekdays); i++)
        names[i] = weekdays[i].name;
    json_object_foreach((json_t *)hours, name, ignored) {
        if (weekday_known(name))
            continue;
        nearest = sgn_nearest(name, names, COUNT(names));
        return bad(err, "/hours", "\"%.40s\" is no weekday%s%s%s", name,
                   nearest != NULL ? "; did you mean \""
                                   : ": there are monday to sunday, "
                                     "every_day, monday_to_saturday, monday_to_friday and weekend",
                   nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
    }
    return SGN_OK;
}

static enum sgn_status
read_week(const json_t *hours, struct calendar *calendar, struct sgn_error *err)
{
    enum sgn_status status;

    if (!json_is_object(hours))
        return bad(err, "/hours", "must say the hours of the week, like {\"monday_to_friday\": %s}",
                   HOURS_WANTED);
    status = check_weekdays(hours, err);
    for (size_t i = 0; status == SGN_OK && i < COUNT(weekdays); i++) {
        const json_t *day = json_object_get(hours, weekdays[i].name);
        char at[POINTER_BYTES];
        struct calendar_hours read;

        if (day == NULL)
            continue;
        snprintf(at, sizeof(at), "/hours/%s", weekdays[i].name);
        status = read_hours(day, at, &read, err);
        for (int k = weekdays[i].first; status == SGN_OK && k <= weekdays[i].last; k++)
            calendar->week[k] = read;
    }
    if (status != SGN_OK)
        return status;
    for (int k = 0; k < 7; k++)
        calendar->week_days += calendar->week[k].n > 0;
    if (calendar->week_days == 0)
        return bad(err, "/hours", "the calendar never opens: some weekday must have hours");
    return SGN_OK;
}

/* ---- dates ---- */

/* The weekday a make-up day is like: the one named, or the first with hours. */
static const struct calendar_hours *
like_weekday(const struct calendar *calendar, const char *name)
{
    if (name == NULL) {
        int k = 0;
        while (calendar->week[k].n == 0)
            k++;
        return &calendar->week[k];
    }
    for (size_t i = 0; i < COUNT(weekdays); i++)
        if (weekdays[i].first == weekdays[i].last && strcmp(weekdays[i].name, name) == 0)
            return &calendar->week[weekdays[i].first];
    return NULL;
}

static enum sgn_status
read_own_hours(const json_t *json, const char *at, struct calendar_dated *out,
               struct sgn_error *err)
{
    struct calendar_hours hours;
    enum sgn_status status = read_hours(json, at, &hours, err);

    if (status != SGN_OK)
        return status;
    out->own = malloc(sizeof(hours));
    if (out->own == NULL)
        return sgn_nomem(err);
    *out->own = hours;
    out->hours = out->own;
    return SGN_OK;
}

static enum sgn_status
read_day_hours(const struct calendar *calendar, const json_t *json, const char *at,
               struct calendar_dated *out, struct sgn_error *err)
{
    const char *name = json_string_value(json);

    if (json_is_array(json) && json_array_size(json) == 0) {
        out->hours = &calendar->closed;
        return SGN_OK;
    }
    if (json_is_array(json))
        return read_own_hours(json, at, out, err);
    if (!json_is_true(json) && name == NULL)
        return bad(err, at,
                   "a date is [] (closed), hours like %s, true (with Monday's hours), a weekday "
                   "whose hours it has, or {\"hours\", \"why\"}",
                   HOURS_WANTED);
    out->hours = like_weekday(calendar, name);
    if (out->hours == NULL)
        return bad(err, at, "\"%.40s\" is no weekday: a date has the hours of monday to sunday",
                   name);
    if (out->hours->n == 0)
        return bad(err, at, "%s has no hours: say which ones this date has", name);
    return SGN_OK;
}

/* {"hours", "why"?}. */
static enum sgn_status
read_day_object(const struct calendar *calendar, const json_t *json, const char *at,
                struct calendar_dated *out, struct sgn_error *err)
{
    const json_t *why = json_object_get(json, "why");
    char here[POINTER_BYTES + 24];
    const char *name;
    json_t *ignored;
    size_t n;

    json_object_foreach((json_t *)json, name, ignored)
        if (strcmp(name, "hours") != 0 && strcmp(name, "why") != 0)
            return bad(err, at, "\"%.40s\" is unknown: there are hours and why", name);
    if (why != NULL) {
        n = json_string_length(why);
        snprintf(here, sizeof(here), "%s/why", at);
        if (n == 0 || n > CALENDAR_WHY_MOST || strlen(json_string_value(why)) != n)
            return bad(err, here, "a reason is a text of 1 to %d bytes", CALENDAR_WHY_MOST);
        out->why = sgn_strdup(json_string_value(why));
        if (out->why == NULL)
            return sgn_nomem(err);
    }
    snprintf(here, sizeof(here), "%s/hours", at);
    return read_day_hours(calendar, json_object_get(json, "hours"), here, out, err);
}

static enum sgn_status
read_dates(const json_t *json, const char *member, struct calendar *calendar, struct sgn_error *err)
{
    const json_t *dates = json_object_get(json, member);
    char at[POINTER_BYTES];
    const char *date;
    json_t *day;
    enum sgn_status status = SGN_OK;

    snprintf(at, sizeof(at), "/%s", member);
    if (dates != NULL && !json_is_object(dates))
        return bad(err, at, "must be an object of dates");
    if (json_object_size(dates) > CALENDAR_DATES_MOST)
        return bad(err, at, "at most %d dates", CALENDAR_DATES_MOST);
    json_object_foreach((json_t *)dates, date, day) {
        struct calendar_dated *out = &calendar->dated[calendar->n_dated];
        int y, m, d;

        snprintf(at, sizeof(at), "/%s", member);
        if (!sgn_date_parse(date, &y, &m, &d) || y < 1970 || y > 9999)
            return bad(err, at, "\"%.40s\" is no date like \"2026-02-17\", from 1970 to 9999",
                       date);
        snprintf(at, sizeof(at), "/%s/%s", member, date);
        *out = (struct calendar_dated){ .day = sgn_days_from_civil(y, m, d),
                                        .exception = strcmp(member, "exceptions") == 0 };
        calendar->n_dated++;
        status = json_is_object(day) ? read_day_object(calendar, day, at, out, err)
                                     : read_day_hours(calendar, day, at, out, err);
        if (status != SGN_OK)
            return status;
    }
    return SGN_OK;
}

/* By day, an exception after what is published for that day. */
static int
by_day(const void *left, const void *right)
{
    const struct calendar_dated *a = left, *b = right;

    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return (int)a->exception - (int)b->exception;
}

/* One entry for each day: of two, the exception. */
static void
settle_dates(struct calendar *calendar)
{
    size_t n = 0;

    if (calendar->n_dated > 0)
        qsort(calendar->dated, calendar->n_dated, sizeof(calendar->dated[0]), by_day);
    for (size_t i = 0; i < calendar->n_dated; i++) {
        if (n > 0 && calendar->dated[n - 1].day == calendar->dated[i].day) {
            free(calendar->dated[n - 1].own);
            free(calendar->dated[n - 1].why);
            n--;
        }
        calendar->dated[n++] = calendar->dated[i];
    }
    calendar->n_dated = n;
}

/* Weekdays with hours there are, so only a run of closed dates can keep it shut for long. */
static enum sgn_status
check_opens(const struct calendar *calendar, struct sgn_error *err)
{
    int64_t opens = INT64_MIN;

    for (size_t i = 0; i < calendar->n_dated; i++) {
        const struct calendar_dated *dated = &calendar->dated[i];
        char at[POINTER_BYTES];
        int y, m, d;

        if (dated->day < opens || dated->hours->n > 0)
            continue;
        opens = calendar_workday_after(calendar, dated->day, 1);
        if (opens - dated->day <= CALENDAR_CLOSED_MOST || opens > CALENDAR_DAY_LAST)
            continue;
        sgn_civil_from_days(dated->day, &y, &m, &d);
        snprintf(at, sizeof(at), "/%s/%04d-%02d-%02d", dated->exception ? "exceptions" : "days", y,
                 m, d);
        return bad(err, at,
                   "from this date on the calendar does not open for %lld days; at most "
                   "%d are allowed",
                   (long long)(opens - dated->day), CALENDAR_CLOSED_MOST);
    }
    return SGN_OK;
}

/* ---- the whole ---- */

static enum sgn_status
check_members(const json_t *json, struct sgn_error *err)
{
    static const char *const known[] = { "timezone", "title", "hours", "days", "exceptions" };
    const char *name, *nearest;
    json_t *ignored;

    if (!json_is_object(json))
        return bad(err, "", "must be an object");
    json_object_foreach((json_t *)json, name, ignored) {
        bool found = false;

        for (size_t i = 0; i < COUNT(known); i++)
            found = found || strcmp(known[i], name) == 0;
        if (found)
            continue;
        nearest = sgn_nearest(name, known, COUNT(known));
        return bad(err, "",
                   "\"%.40s\" is unknown: there are timezone, title, hours, days and "
                   "exceptions%s%s%s",
                   name, nearest != NULL ? "; did you mean \"" : "", nearest != NULL ? nearest : "",
                   nearest != NULL ? "\"?" : "");
    }
    return SGN_OK;
}

static enum sgn_status
read_zone(const json_t *json, const struct calendar_zone *zone, struct calendar *calendar,
          struct sgn_error *err)
{
    const json_t *name = json_object_get(json, "timezone");

    if (name == NULL && zone == NULL)
        return bad(err, "", "a timezone is missing, such as \"Asia/Shanghai\"");
    calendar->zone = name == NULL           ? zone
                     : json_is_string(name) ? calendar_zone_get(json_string_value(name))
                                            : NULL;
    if (calendar->zone == NULL)
        return bad(err, "/timezone", "must be the name of a time zone, such as \"Asia/Shanghai\"");
    return SGN_OK;
}

enum sgn_status
calendar_parse(const json_t *json, const struct calendar_zone *zone, struct calendar **out,
               struct sgn_error *err)
{
    size_t dates = json_object_size(json_object_get(json, "days")) +
                   json_object_size(json_object_get(json, "exceptions"));
    struct calendar *calendar = calloc(1, sizeof(*calendar));
    enum sgn_status status;

    if (calendar == NULL)
        return sgn_nomem(err);
    atomic_init(&calendar->refs, 1);
    calendar->dated = calloc(dates + 1, sizeof(calendar->dated[0]));
    if (calendar->dated == NULL) {
        status = sgn_nomem(err);
        goto out;
    }
    status = check_members(json, err);
    if (status == SGN_OK)
        status = read_zone(json, zone, calendar, err);
    if (status == SGN_OK)
        status = read_week(json_object_get(json, "hours"), calendar, err);
    if (status == SGN_OK)
        status = read_dates(json, "days", calendar, err);
    if (status == SGN_OK)
        status = read_dates(json, "exceptions", calendar, err);
    if (status == SGN_OK) {
        settle_dates(calendar);
        status = check_opens(calendar, err);
    }
    if (status == SGN_OK) {
        *out = calendar;
        calendar = NULL;
    }
out:
    calendar_free(calendar);
    return status;
}
