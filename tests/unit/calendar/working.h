/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of working time share: calendars and times from text. */
#ifndef TESTS_CALENDAR_WORKING_H
#define TESTS_CALENDAR_WORKING_H

#include "calendar.h"
#include "clock.h"
#include "json.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define OFFICE "'monday_to_friday': ['09:00-12:00', '13:30-18:00']"

/* JSON with single quotes for double ones. */
static inline json_t *
json_of(const char *text)
{
    char *copy = strdup(text);
    json_t *json = NULL;
    struct sgn_error err = { 0 };

    for (char *c = copy; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    if (sgn_json_parse(copy, strlen(copy), &json, &err) != SGN_OK)
        fail_msg("%s: %s", copy, err.message);
    free(copy);
    return json;
}

static inline struct calendar *
calendar_of(const char *text)
{
    json_t *json = json_of(text);
    struct calendar *calendar = NULL;
    struct sgn_error err = { 0 };

    if (calendar_parse(json, NULL, &calendar, &err) != SGN_OK)
        fail_msg("%s: %s", text, err.message);
    json_decref(json);
    return calendar;
}

/* "2026-02-13 15:00" in the calendar's zone; RFC 3339 with an offset as it stands. */
static inline int64_t
time_in(const struct calendar *calendar, const char *text)
{
    char utc[64];
    int64_t at = 0;

    if (strlen(text) > 16) {
        assert_int_equal(sgn_time_parse(text, &at, NULL), SGN_OK);
        return at;
    }
    snprintf(utc, sizeof(utc), "%s:00Z", text);
    assert_int_equal(sgn_time_parse(utc, &at, NULL), SGN_OK);
    return calendar_zone_instant(calendar_zone_of(calendar), at);
}

/* Fails with both times readable. */
static inline void
check_time(const struct calendar *calendar, const char *what, int64_t got, const char *expected)
{
    char text[SGN_TIME_TEXT];

    if (got != time_in(calendar, expected))
        fail_msg("%s: expected %s, got %s", what, expected,
                 got == CALENDAR_NEVER
                     ? "never"
                     : sgn_time_format(got, calendar_zone_offset(calendar_zone_of(calendar), got),
                                       text));
}

static inline int64_t
due_of(const struct calendar *calendar, const char *duration, const char *from)
{
    struct calendar_duration parsed;

    assert_int_equal(calendar_duration_parse(duration, &parsed, NULL), SGN_OK);
    return calendar_due(calendar, &parsed, time_in(calendar, from));
}

static inline int
zones_teardown(void **state)
{
    (void)state;
    calendar_zones_free();
    return 0;
}

#endif
