/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schedules: plain words become a recurrence rule, and a rule is asked for its next time.
 */
#include "schedule.h"
#include "calendar_internal.h"
#include "json.h"
#include "recur.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define EVERY_BYTES  256
#define WORDS_MOST   24
#define AROUND_MS    (25 * SGN_HOUR_MS)               /* more than any zone ever put its clock by */
#define TIMES_MOST   (3 * 366 * CALENDAR_RECUR_A_DAY) /* between a year's start and the next */
#define EVERY_FORMS                                                                                \
    "\"friday 16:00\", \"monday to friday 09:00\", \"day 08:30\", \"2 weeks monday 10:00\", "      \
    "\"month 1 09:00\", \"month last friday 17:00\", \"quarter last 17:00\", \"year 03-01 "        \
    "09:00\" "                                                                                     \
    "or \"RRULE:FREQ=...\""

struct calendar_schedule {
    struct calendar_recur recur;
};

static const struct {
    const char *word, *code;
} weekdays[] = {
    { "monday", "MO" }, { "tuesday", "TU" },  { "wednesday", "WE" }, { "thursday", "TH" },
    { "friday", "FR" }, { "saturday", "SA" }, { "sunday", "SU" },
};

static const struct {
    const char *word;
    int number;
} ordinals[] = {
    { "first", 1 }, { "second", 2 }, { "third", 3 }, { "fourth", 4 }, { "last", -1 },
};

/* Plain words while they are read. */
struct words {
    const char *every;
    char copy[EVERY_BYTES];
    char *items[WORDS_MOST];
    int n, at; /* at: the next one */
    int interval;
    struct sgn_error *err;
};

/* ---- words ---- */

static enum sgn_status
wrong(struct words *words, const char *what)
{
    return sgn_fail(words->err, SGN_INVALID, "every \"%.80s\": %s; a schedule is written like %s",
                    words->every, what, EVERY_FORMS);
}

static const char *
peek(const struct words *words)
{
    return words->at < words->n ? words->items[words->at] : "";
}

static bool
accept(struct words *words, const char *word)
{
    bool same = strcmp(peek(words), word) == 0;

    words->at += same;
    return same;
}

/* A whole number of at most four digits; -1 when the next word is none. */
static int
accept_number(struct words *words)
{
    const char *word = peek(words);
    size_t n = strspn(word, "0123456789");

    if (n == 0 || n > 4 || word[n] != '\0')
        return -1;
    words->at++;
    return (int)strtol(word, NULL, 10);
}

/* 0 for monday; -1 when the next word is no weekday. */
static int
accept_weekday(struct words *words)
{
    for (size_t i = 0; i < COUNT(weekdays); i++)
        if (accept(words, weekdays[i].word))
            return (int)i;
    return -1;
}

/* "month", or "months" behind a number. */
static bool
accept_unit(struct words *words, const char *unit)
{
    const char *word = peek(words);
    size_t n = strlen(unit);

    if (strncmp(word, unit, n) != 0 || (word[n] != '\0' && strcmp(word + n, "s") != 0))
        return false;
    words->at++;
    return true;
}

static enum sgn_status
split(struct words *words)
{
    char *rest = words->copy, *word;

    if (strlen(words->every) >= sizeof(words->copy))
        return sgn_fail(words->err, SGN_INVALID, "a schedule of more than %d bytes",
                        EVERY_BYTES - 1);
    snprintf(words->copy, sizeof(words->copy), "%s", words->every);
    while ((word = strsep(&rest, " ,")) != NULL) {
        if (*word == '\0')
            continue;
        if (words->n >= WORDS_MOST)
            return wrong(words, "too many words");
        words->items[words->n++] = word;
    }
    return SGN_OK;
}

/* "16:00", as the end of the rule. */
static enum sgn_status
read_time(struct words *words, struct sgn_buf *rule)
{
    const char *word = peek(words);
    bool shape = strlen(word) == 5 && word[2] == ':';
    int hour, minute;

    for (int i = 0; shape && i < 5; i++)
        shape = i == 2 || (word[i] >= '0' && word[i] <= '9');
    hour = shape ? (int)strtol(word, NULL, 10) : 24;
    minute = shape ? (int)strtol(word + 3, NULL, 10) : 60;
    if (hour > 23 || minute > 59)
        return wrong(words, *word == '\0' ? "a time is missing at its end"
                                          : "expected a time from 00:00 to 23:59 at its end");
    words->at++;
    if (words->at < words->n)
        return wrong(words, "something follows its time");
    (void)sgn_buf_printf(rule, ";BYHOUR=%d;BYMINUTE=%d", hour, minute);
    return SGN_OK;
}

/* "monday", "monday to friday", "monday and thursday", any of them joined by and. */
static enum sgn_status
read_weekdays(struct words *words, struct sgn_buf *rule)
{
    bool on[7] = { false };
    bool some = false;

    do {
        int first = accept_weekday(words), last = first;

        if (first < 0)
            return wrong(words, "expected a weekday, monday to sunday");
        if (accept(words, "to"))
            last = accept_weekday(words);
        if (last < 0)
            return wrong(words, "expected a weekday after \"to\"");
        for (int day = first;; day = (day + 1) % 7) {
            on[day] = true;
            if (day == last)
                break;
        }
    } while (accept(words, "and") || strchr(peek(words), ':') == NULL);
    (void)sgn_buf_printf(rule, "FREQ=WEEKLY;INTERVAL=%d;BYDAY=", words->interval);
    for (size_t i = 0; i < COUNT(on); i++) {
        if (!on[i])
            continue;
        (void)sgn_buf_printf(rule, "%s%s", some ? "," : "", weekdays[i].code);
        some = true;
    }
    return read_time(words, rule);
}

/* "1", "last", "first monday", "last friday". */
static enum sgn_status
read_month(struct words *words, struct sgn_buf *rule)
{
    int day = accept_number(words), number = 0, weekday;

    (void)sgn_buf_printf(rule, "FREQ=MONTHLY;INTERVAL=%d;", words->interval);
    for (size_t i = 0; day < 0 && number == 0 && i < COUNT(ordinals); i++)
        if (accept(words, ordinals[i].word))
            number = ordinals[i].number;
    weekday = number != 0 ? accept_weekday(words) : -1;
    if (weekday >= 0)
        (void)sgn_buf_printf(rule, "BYDAY=%d%s", number, weekdays[weekday].code);
    else if (number == -1)
        (void)sgn_buf_puts(rule, "BYMONTHDAY=-1");
    else if (number != 0)
        return wrong(words, "expected a weekday, monday to sunday");
    else if (day < 1 || day > 31)
        return wrong(words, "expected a day of the month: 1 to 31, last, or \"first monday\"");
    else
        (void)sgn_buf_printf(rule, "BYMONTHDAY=%d", day);
    return read_time(words, rule);
}

static enum sgn_status
read_quarter(struct words *words, struct sgn_buf *rule)
{
    bool last = accept(words, "last");
    int day = last ? 0 : accept_number(words);

    if (words->interval != 1)
        return wrong(words, "quarters are not counted: write months");
    if (last)
        (void)sgn_buf_puts(rule, "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1");
    else if (day >= 1 && day <= 31)
        (void)sgn_buf_printf(rule, "FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=%d", day);
    else
        return wrong(words, "expected a day of the quarter: 1 to 31, or last");
    return read_time(words, rule);
}

static enum sgn_status
read_year(struct words *words, struct sgn_buf *rule)
{
    const char *word = peek(words);
    char date[16];
    int y, m, d;

    snprintf(date, sizeof(date), "2000-%.8s", word); /* a leap year */
    if (!sgn_date_parse(date, &y, &m, &d))
        return wrong(words, "expected a day of the year, like 03-01");
    words->at++;
    (void)sgn_buf_printf(rule, "FREQ=YEARLY;INTERVAL=%d;BYMONTH=%d;BYMONTHDAY=%d", words->interval,
                         m, d);
    return read_time(words, rule);
}

static enum sgn_status
read_words(struct words *words, struct sgn_buf *rule)
{
    enum sgn_status status = split(words);
    int number;

    if (status != SGN_OK)
        return status;
    number = accept_number(words);
    words->interval = number < 0 ? 1 : number;
    if (words->interval < 1 || words->interval > 1000)
        return wrong(words, "a number from 1 to 1000 is expected");
    if (accept_unit(words, "day")) {
        (void)sgn_buf_printf(rule, "FREQ=DAILY;INTERVAL=%d", words->interval);
        return read_time(words, rule);
    }
    if (accept_unit(words, "week") || number < 0)
        number = -1; /* weekdays may follow */
    if (accept_unit(words, "month"))
        return read_month(words, rule);
    if (accept_unit(words, "quarter"))
        return read_quarter(words, rule);
    if (accept_unit(words, "year"))
        return read_year(words, rule);
    if (number >= 0)
        return wrong(words, "a number is followed by days, weeks, months or years");
    return read_weekdays(words, rule);
}

/* ---- schedules ---- */

static enum sgn_status
read_rule(const char *every, struct calendar_recur *out, struct sgn_error *err)
{
    enum sgn_status status = calendar_recur_parse(every + strlen("RRULE:"), out, err);

    if (status == SGN_OK && out->count > 0)
        status = sgn_fail(err, SGN_INVALID,
                          "COUNT is refused: a schedule has no beginning from which to count");
    return status;
}

enum sgn_status
calendar_schedule_parse(const char *every, struct calendar_schedule **out, struct sgn_error *err)
{
    struct words words = { .every = every, .err = err };
    struct calendar_schedule *schedule = calloc(1, sizeof(*schedule));
    struct sgn_buf rule;
    enum sgn_status status;

    if (schedule == NULL)
        return sgn_nomem(err);
    sgn_buf_init(&rule, CALENDAR_RECUR_TEXT - 1);
    if (strncmp(every, "RRULE:", strlen("RRULE:")) == 0) {
        status = read_rule(every, &schedule->recur, err);
    } else {
        status = read_words(&words, &rule);
        if (status == SGN_OK)
            status = rule.failed ? sgn_nomem(err)
                                 : calendar_recur_parse(rule.bytes, &schedule->recur, err);
    }
    /* A rule that has ended may be written; one that was never possible is a mistake. */
    if (status == SGN_OK &&
        calendar_schedule_next(schedule, calendar_zone_get("UTC"), 0) == CALENDAR_NEVER)
        status = sgn_fail(err, SGN_INVALID, "every \"%.200s\" never happens", every);
    sgn_buf_deinit(&rule);
    if (status != SGN_OK)
        free(schedule);
    else
        *out = schedule;
    return status;
}

void
calendar_schedule_free(struct calendar_schedule *schedule)
{
    free(schedule);
}

const char *
calendar_schedule_rule(const struct calendar_schedule *schedule)
{
    return schedule->recur.text;
}

/* ---- the next time ---- */

struct search {
    const struct calendar_zone *zone;
    int64_t after, after_wall;
    int64_t best, best_wall;
};

/* In a gap or an overlap the order of wall-clock times is not that of instants, so the search
 * goes on until no later one can come earlier. */
static bool
look_at(void *ctx, int64_t wall_ms)
{
    struct search *search = ctx;
    int64_t at;

    if (wall_ms < search->after_wall - AROUND_MS)
        return true;
    if (search->best != CALENDAR_NEVER && wall_ms > search->best_wall + AROUND_MS)
        return false;
    at = calendar_zone_instant(search->zone, wall_ms);
    if (at > search->after && at < search->best) {
        if (search->best == CALENDAR_NEVER)
            search->best_wall = wall_ms;
        search->best = at;
    }
    return true;
}

int64_t
calendar_schedule_next(const struct calendar_schedule *schedule, const struct calendar_zone *zone,
                       int64_t after_ms)
{
    struct search search = { .zone = zone, .after = after_ms, .best = CALENDAR_NEVER };
    /* 1 January 1970, or Monday the 5th */
    int64_t start = schedule->recur.freq == CALENDAR_WEEKLY ? 4 * SGN_DAY_MS : 0;

    search.after_wall = after_ms + calendar_zone_offset(zone, after_ms) * SGN_SECOND_MS;
    calendar_recur_each(&schedule->recur, start, search.after_wall - AROUND_MS, look_at, &search);
    return search.best;
}
