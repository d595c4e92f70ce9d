/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What both forms of holiday files share: lines with their numbers, and the dates found.
 */
#include "holidays_internal.h"
#include "json.h"
#include "memory.h"
#include "text.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum sgn_status
holidays_fail(struct holidays *holidays, const char *fmt, ...)
{
    char text[512];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    (void)sgn_fail(holidays->err, SGN_INVALID, "%s:%d: %s", holidays->name, holidays->line, text);
    sgn_error_add(holidays->err, "line", json_integer(holidays->line));
    return SGN_INVALID;
}

bool
holidays_line(struct holidays *holidays, char line[HOLIDAYS_LINE_BYTES], enum sgn_status *status)
{
    size_t left = (size_t)(holidays->end - holidays->at), n;
    const char *stop;

    *status = SGN_OK;
    if (left == 0)
        return false;
    stop = memchr(holidays->at, '\n', left);
    n = stop != NULL ? (size_t)(stop - holidays->at) : left;
    holidays->line++;
    if (n >= HOLIDAYS_LINE_BYTES) {
        *status = holidays_fail(holidays, "a line of more than %d bytes", HOLIDAYS_LINE_BYTES - 1);
        return false;
    }
    memcpy(line, holidays->at, n);
    holidays->at += n + (stop != NULL);
    if (n > 0 && line[n - 1] == '\r')
        n--;
    line[n] = '\0';
    return true;
}

/* Both reasons of a date that is a holiday twice; the first alone when they do not fit. */
static enum sgn_status
join_reasons(json_t *old, const char *why, struct sgn_error *err)
{
    const char *first = sgn_json_str(old, "why");
    char *both;
    int failed;

    if (*why == '\0' || (first != NULL && strstr(first, why) != NULL))
        return SGN_OK;
    if (first != NULL && strlen(first) + strlen(why) + 2 > CALENDAR_WHY_MOST)
        return SGN_OK;
    both = first == NULL ? sgn_strdup(why) : sgn_format("%s, %s", first, why);
    failed = json_object_set_new(old, "why", sgn_json_string_or_null(both));
    failed |= both == NULL;
    free(both);
    return failed == 0 ? SGN_OK : sgn_nomem(err);
}

enum sgn_status
holidays_add(struct holidays *holidays, int64_t day, json_t *hours, const char *why, bool join)
{
    char date[32];
    json_t *old, *entry;
    int y, m, d;

    sgn_civil_from_days(day, &y, &m, &d);
    snprintf(date, sizeof(date), "%04d-%02d-%02d", y, m, d);
    old = json_object_get(holidays->days, date);
    if (old != NULL) {
        if (join && json_equal(json_object_get(old, "hours"), hours))
            return join_reasons(old, why, holidays->err);
        return holidays_fail(holidays,
                             json_array_size(json_object_get(old, "hours")) == 0 &&
                                     json_is_array(json_object_get(old, "hours"))
                                 ? "%s is said already, as closed"
                                 : "%s is said already, as a working day",
                             date);
    }
    if (strlen(why) > CALENDAR_WHY_MOST)
        return holidays_fail(holidays, "a reason of more than %d bytes", CALENDAR_WHY_MOST);
    if (json_object_size(holidays->days) >= CALENDAR_DATES_MOST)
        return holidays_fail(holidays, "more than %d dates", CALENDAR_DATES_MOST);
    entry = json_pack("{s:O, s:s*}", "hours", hours, "why", *why != '\0' ? why : NULL);
    if (json_object_set_new(holidays->days, date, entry) != 0)
        return sgn_nomem(holidays->err);
    return SGN_OK;
}
