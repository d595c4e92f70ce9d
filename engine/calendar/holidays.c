/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holiday files: which form it is, and the plain list.
 */
#include "holidays.h"
#include "holidays_internal.h"
#include "json.h"
#include "text.h"
#include <string.h>

#define LINE_WANTED "\"2026-02-17 closed Spring Festival\""

/* The next word, cut off; *rest is after the blanks behind it. */
static char *
next_word(char **rest)
{
    char *word = *rest + strspn(*rest, " \t");
    size_t n = strcspn(word, " \t");

    *rest = word + n;
    if (**rest != '\0')
        *(*rest)++ = '\0';
    *rest += strspn(*rest, " \t");
    return word;
}

static bool
read_date(const char *text, int64_t *out)
{
    int y, m, d;

    if (!sgn_date_parse(text, &y, &m, &d) || y < 1970 || y > 9999)
        return false;
    *out = sgn_days_from_civil(y, m, d);
    return true;
}

/* "2026-02-17" or "2026-02-15..2026-02-23". */
static enum sgn_status
read_range(struct holidays *holidays, char *word, int64_t *first, int64_t *last)
{
    char *dots = strstr(word, "..");

    if (dots != NULL)
        *dots = '\0';
    if (!read_date(word, first))
        return holidays_fail(holidays, "\"%.40s\" is no date: a line is written like %s", word,
                             LINE_WANTED);
    *last = *first;
    if (dots != NULL && !read_date(dots + 2, last))
        return holidays_fail(holidays, "\"%.40s\" is no date", dots + 2);
    if (*last < *first)
        return holidays_fail(holidays, "the range ends before it begins");
    if (*last - *first >= HOLIDAYS_RANGE_MOST)
        return holidays_fail(holidays, "a range of more than %d dates", HOLIDAYS_RANGE_MOST);
    return SGN_OK;
}

static bool
is_weekday(const char *word)
{
    static const char *const names[] = { "monday", "tuesday",  "wednesday", "thursday",
                                         "friday", "saturday", "sunday" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i], word) == 0)
            return true;
    return false;
}

/* Minutes of "09:00"; -1 when it is none. */
static int
minute_of(const char *text)
{
    int hour = (text[0] - '0') * 10 + text[1] - '0', minute = (text[3] - '0') * 10 + text[4] - '0';

    return minute < 60 && hour * 60 + minute <= 1440 ? hour * 60 + minute : -1;
}

/* "09:00-12:00,13:30-18:00" as a list; one that the calendar would refuse is refused here,
 * where the line is known. */
static enum sgn_status
read_intervals(struct holidays *holidays, char *word, json_t **out)
{
    json_t *list = json_array();
    char *item;
    int closed = 0;

    while ((item = strsep(&word, ",")) != NULL) {
        bool shape = strlen(item) == 11 && item[2] == ':' && item[5] == '-' && item[8] == ':';
        int from, to;

        for (int i = 0; shape && i < 11; i++)
            shape = i == 2 || i == 5 || i == 8 || (item[i] >= '0' && item[i] <= '9');
        from = shape ? minute_of(item) : -1;
        to = shape ? minute_of(item + 6) : -1;
        if (from < closed || to <= from || json_array_size(list) >= CALENDAR_SPANS_MOST) {
            json_decref(list);
            return holidays_fail(holidays,
                                 "\"%.40s\" is no interval like 09:00-12:00 after the one before "
                                 "it; at most %d of them, joined by commas",
                                 item, CALENDAR_SPANS_MOST);
        }
        closed = to;
        if (json_array_append_new(list, json_string(item)) != 0) {
            json_decref(list);
            return sgn_nomem(holidays->err);
        }
    }
    *out = list;
    return SGN_OK;
}

/* What follows "open": nothing, "as friday", intervals; then the reason. */
static enum sgn_status
read_open(struct holidays *holidays, char **rest, json_t **hours)
{
    char *word;

    if (strncmp(*rest, "as ", 3) == 0) {
        (void)next_word(rest);
        word = next_word(rest);
        if (!is_weekday(word))
            return holidays_fail(holidays, "\"%.40s\" is no weekday", word);
        *hours = json_string(word);
    } else if (**rest >= '0' && **rest <= '9' && strspn(*rest, "0123456789:-,") >= 6) {
        return read_intervals(holidays, next_word(rest), hours);
    } else {
        *hours = json_true();
    }
    return *hours != NULL ? SGN_OK : sgn_nomem(holidays->err);
}

static enum sgn_status
read_entry(struct holidays *holidays, char *rest)
{
    json_t *hours = NULL;
    int64_t first = 0, last = 0;
    enum sgn_status status = read_range(holidays, next_word(&rest), &first, &last);
    const char *word = next_word(&rest);

    if (status != SGN_OK)
        return status;
    if (strcmp(word, "open") == 0)
        status = read_open(holidays, &rest, &hours);
    else if (strcmp(word, "closed") == 0)
        hours = json_array();
    else
        status = holidays_fail(holidays,
                               "\"%.40s\" is neither closed nor open: a line is written "
                               "like %s",
                               word, LINE_WANTED);
    for (size_t n = strlen(rest); n > 0 && strchr(" \t", rest[n - 1]) != NULL; n--)
        rest[n - 1] = '\0';
    for (int64_t day = first; status == SGN_OK && day <= last; day++)
        status = holidays_add(holidays, day, hours, rest, false);
    json_decref(hours);
    return status;
}

static enum sgn_status
read_list(struct holidays *holidays)
{
    char line[HOLIDAYS_LINE_BYTES];
    enum sgn_status status;

    while (holidays_line(holidays, line, &status)) {
        char *text = line + strspn(line, " \t");

        if (*text != '\0' && *text != '#')
            status = read_entry(holidays, text);
        if (status != SGN_OK)
            return status;
    }
    return status;
}

/* ---- either form ---- */

enum sgn_status
calendar_holidays_read(const char *name, const char *text, size_t n, json_t **out,
                       struct sgn_error *err)
{
    struct holidays holidays = { .name = name, .at = text, .end = text + n, .err = err };
    size_t length = strlen(name);
    enum sgn_status status;

    if (n > CALENDAR_HOLIDAYS_BYTES)
        return sgn_fail(err, SGN_TOO_LARGE, "%s: a holiday file has at most %d bytes", name,
                        CALENDAR_HOLIDAYS_BYTES);
    if (!sgn_utf8_valid(text, n))
        return sgn_fail(err, SGN_INVALID, "%s: the text is not UTF-8", name);
    if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        holidays.at += 3; /* some editors leave this mark */
    holidays.days = json_object();
    if (holidays.days == NULL)
        return sgn_nomem(err);
    status = length > 4 && strcmp(name + length - 4, ".ics") == 0 ? holidays_read_ics(&holidays)
                                                                  : read_list(&holidays);
    if (status != SGN_OK) {
        json_decref(holidays.days);
        return status;
    }
    *out = holidays.days;
    return SGN_OK;
}
