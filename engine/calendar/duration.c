/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Durations: words to numbers and back, and the due time of plain ones.
 */
#include "duration.h"
#include "clock.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WEEK_DAYS      7
#define CENTURY_DAYS   INT64_C(36525)
#define DURATION_WORDS "seconds, minutes, hours, days, weeks, workhours and workdays"

enum unit_kind {
    UNIT_ELAPSED,
    UNIT_DAYS,
    UNIT_WORK,
    UNIT_WORKDAYS
};

struct unit {
    const char *word; /* singular; the plural has an s */
    enum unit_kind kind;
    int64_t size; /* in the field's own measure */
    int64_t most; /* how many make 100 years */
};

/* Largest first within a kind, which is the order in which they are printed. */
static const struct unit units[] = {
    { "week", UNIT_DAYS, WEEK_DAYS, CENTURY_DAYS / WEEK_DAYS },
    { "day", UNIT_DAYS, 1, CENTURY_DAYS },
    { "hour", UNIT_ELAPSED, SGN_HOUR_MS, CENTURY_DAYS * 24 },
    { "minute", UNIT_ELAPSED, SGN_MINUTE_MS, CENTURY_DAYS * 24 * 60 },
    { "second", UNIT_ELAPSED, SGN_SECOND_MS, CENTURY_DAYS * 24 * 3600 },
    { "workday", UNIT_WORKDAYS, 1, CENTURY_DAYS },
    { "workhour", UNIT_WORK, SGN_HOUR_MS, CENTURY_DAYS * 24 },
};

#define UNIT_COUNT (sizeof(units) / sizeof(units[0]))

/* Four sums that do not turn into one another: a day is not 24 hours where clocks change, and a
 * workday is whatever the calendar says. */
static int64_t *
field_of(struct calendar_duration *duration, enum unit_kind kind)
{
    switch (kind) {
    case UNIT_ELAPSED:
        return &duration->elapsed_ms;
    case UNIT_DAYS:
        return &duration->days;
    case UNIT_WORK:
        return &duration->work_ms;
    case UNIT_WORKDAYS:
    default:
        return &duration->workdays;
    }
}

/* Singular and plural only, in small letters: "m" would be minutes to one reader and months to
 * another. */
static const struct unit *
find_unit(const char *word, size_t n)
{
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        size_t length = strlen(units[i].word);
        if (strncmp(units[i].word, word, length < n ? length : n) != 0)
            continue;
        if (n == length || (n == length + 1 && word[length] == 's'))
            return &units[i];
    }
    return NULL;
}

/* A duration is a century at most, all its parts together. */
static bool
too_long(const struct calendar_duration *duration)
{
    int64_t days = duration->days + duration->workdays +
                   (duration->elapsed_ms + duration->work_ms) / SGN_DAY_MS;

    return days > CENTURY_DAYS;
}

/* Where the next word begins, with its length in *n. */
static const char *
next_word(const char *text, size_t *n)
{
    text += strspn(text, " ");
    *n = strcspn(text, " ");
    return text;
}

/* Reads a whole number; false when the word is none. Too many digits stop at the most. */
static bool
read_number(const char *word, size_t n, int64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (word[i] < '0' || word[i] > '9')
            return false;
        if (*out < INT64_C(100000000000))
            *out = *out * 10 + (word[i] - '0');
    }
    return n > 0;
}

/* One number and its unit. The message quotes the word and lists what there is, since authors of
 * rules read it. */
static enum sgn_status
read_part(const char **text, struct calendar_duration *duration, struct sgn_error *err)
{
    size_t n;
    const char *word = next_word(*text, &n);
    const struct unit *unit;
    int64_t count;

    if (!read_number(word, n, &count))
        return sgn_fail(err, SGN_INVALID,
                        "\"%.*s\" is not a whole number: a duration is written like \"90 minutes\" "
                        "or \"1 day 4 hours\"",
                        n > 40 ? 40 : (int)n, word);
    word = next_word(word + n, &n);
    unit = find_unit(word, n);
    if (unit == NULL && n == 0)
        return sgn_fail(err, SGN_INVALID, "the number %" PRId64 " has no unit: there are %s", count,
                        DURATION_WORDS);
    if (unit == NULL)
        return sgn_fail(err, SGN_INVALID, "\"%.*s\" is not a unit of time: there are %s",
                        n > 40 ? 40 : (int)n, word, DURATION_WORDS);
    /* Looked at before it is multiplied: the product of a larger one could wrap. */
    if (count <= unit->most)
        *field_of(duration, unit->kind) += count * unit->size;
    if (count > unit->most || too_long(duration))
        return sgn_fail(err, SGN_INVALID, "a duration is at most 100 years");
    *text = word + n;
    return SGN_OK;
}

enum sgn_status
calendar_duration_parse(const char *text, struct calendar_duration *out, struct sgn_error *err)
{
    struct calendar_duration duration = { 0 };
    size_t n;
    enum sgn_status status;

    if (text == NULL || *next_word(text, &n) == '\0')
        return sgn_fail(
            err, SGN_INVALID,
            "an empty duration: it is written like \"90 minutes\" or \"1 day 4 hours\"");
    if (strcmp(text, "0") != 0) {
        while (*next_word(text, &n) != '\0') {
            status = read_part(&text, &duration, err);
            if (status != SGN_OK)
                return status;
        }
    }
    *out = duration;
    return SGN_OK;
}

/* Callers without a working calendar must ask: the due time below leaves those parts out. */
bool
calendar_duration_is_working(const struct calendar_duration *duration)
{
    return duration->work_ms != 0 || duration->workdays != 0;
}

/* Days first, on the wall clock: "1 day" from nine o'clock is nine o'clock, also in a night of
 * 23 hours. Hours are added to that instant as time that passes. */
int64_t
calendar_duration_due(const struct calendar_duration *duration, const struct calendar_zone *zone,
                      int64_t from_ms)
{
    int64_t at = from_ms;

    if (duration->days != 0) {
        int64_t wall = from_ms + calendar_zone_offset(zone, from_ms) * SGN_SECOND_MS;
        at = calendar_zone_instant(zone, wall + duration->days * SGN_DAY_MS);
    }
    return at + duration->elapsed_ms;
}

/* The same duration always has the same text: it stands in what is hashed. */
const char *
calendar_duration_format(const struct calendar_duration *duration, char out[CALENDAR_DURATION_TEXT])
{
    struct calendar_duration left = *duration;
    size_t n = 0;

    out[0] = '\0';
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        int64_t *field = field_of(&left, units[i].kind);
        int64_t count = *field / units[i].size;
        /* Ten days stay ten days: weeks are said only when they are whole. */
        bool uneven = units[i].size == WEEK_DAYS && *field % WEEK_DAYS != 0;
        if (count == 0 || uneven || n >= CALENDAR_DURATION_TEXT)
            continue;
        *field -= count * units[i].size;
        n += (size_t)snprintf(out + n, CALENDAR_DURATION_TEXT - n, "%s%" PRId64 " %s%s",
                              n > 0 ? " " : "", count, units[i].word, count == 1 ? "" : "s");
    }
    if (n == 0)
        snprintf(out, CALENDAR_DURATION_TEXT, "0");
    return out;
}
