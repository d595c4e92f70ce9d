/* SPDX-License-Identifier: Apache-2.0 */
/* Periods of whole days: words to numbers, and where they end. */
#include "period.h"
#include "clock.h"
#include <inttypes.h>
#include <string.h>

#define YEAR_MONTHS 12
#define WEEK_DAYS   7
#define MONTH_DAYS  31
#define MONTHS_MOST 1200
#define DAYS_MOST   INT64_C(36525)

struct unit {
    const char *word; /* singular; the plural has an s */
    int64_t months, days;
};

static const struct unit units[] = {
    { "year", YEAR_MONTHS, 0 },
    { "month", 1, 0 },
    { "week", 0, WEEK_DAYS },
    { "day", 0, 1 },
};

static const struct unit *
find_unit(const char *word, size_t n)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t length = strlen(units[i].word);

        if (n >= length && n <= length + 1 && strncmp(units[i].word, word, length) == 0 &&
            (n == length || word[length] == 's'))
            return &units[i];
    }
    return NULL;
}

static const char *
next_word(const char *text, size_t *n)
{
    text += strspn(text, " ");
    *n = strcspn(text, " ");
    return text;
}

/* -1: no whole number. Too large ones stop where they are too large. */
static int64_t
read_number(const char *word, size_t n)
{
    int64_t number = 0;

    for (size_t i = 0; i < n; i++) {
        if (word[i] < '0' || word[i] > '9')
            return -1;
        if (number <= DAYS_MOST)
            number = number * 10 + (word[i] - '0');
    }
    return n > 0 ? number : -1;
}

static enum sgn_status
read_part(const char **text, struct calendar_period *period, struct sgn_error *err)
{
    size_t n;
    const char *word = next_word(*text, &n);
    int64_t number = read_number(word, n);
    const struct unit *unit;

    if (number < 0)
        return sgn_fail(err, SGN_INVALID,
                        "\"%.*s\" is not a whole number: how long something is kept is written "
                        "like \"3 years\" or \"1 year 6 months\"",
                        n > 40 ? 40 : (int)n, word);
    word = next_word(word + n, &n);
    unit = find_unit(word, n);
    if (unit == NULL)
        return sgn_fail(
            err, SGN_INVALID,
            "\"%.*s\" is not a unit of whole days: there are years, months, weeks and days",
            n > 40 ? 40 : (int)n, word);
    period->months += number * unit->months;
    period->days += number * unit->days;
    if (period->months > MONTHS_MOST || period->days > DAYS_MOST ||
        period->months * (DAYS_MOST / MONTHS_MOST) + period->days > DAYS_MOST)
        return sgn_fail(err, SGN_INVALID, "nothing is kept for more than 100 years");
    *text = word + n;
    return SGN_OK;
}

enum sgn_status
calendar_period_parse(const char *text, struct calendar_period *out, struct sgn_error *err)
{
    struct calendar_period period = { 0 };
    enum sgn_status st = SGN_OK;
    size_t n;

    while (st == SGN_OK && text != NULL && *next_word(text, &n) != '\0')
        st = read_part(&text, &period, err);
    if (st == SGN_OK && period.months == 0 && period.days == 0)
        st = sgn_fail(
            err, SGN_INVALID,
            "at least one day must be said: it is written like \"3 years\" or \"1 year 6 months\"");
    if (st == SGN_OK)
        *out = period;
    return st;
}

/* The day of the same number so many months later, or the last of its month. */
static int64_t
months_later(int64_t day, int64_t months)
{
    int year, month, of_month, past;
    int64_t first, next;

    sgn_civil_from_days(day, &year, &month, &of_month);
    past = year * YEAR_MONTHS + month - 1 + (int)months;
    first = sgn_days_from_civil(past / YEAR_MONTHS, past % YEAR_MONTHS + 1, 1);
    past++;
    next = sgn_days_from_civil(past / YEAR_MONTHS, past % YEAR_MONTHS + 1, 1);
    return first + of_month <= next ? first + of_month - 1 : next - 1;
}

int64_t
calendar_period_end(const struct calendar_period *period, const struct calendar_zone *zone,
                    int64_t from_ms)
{
    int64_t wall = from_ms + calendar_zone_offset(zone, from_ms) * SGN_SECOND_MS;
    int64_t day = sgn_floor_div(wall, SGN_DAY_MS);

    day = months_later(day, period->months) + period->days;
    return calendar_zone_instant(zone, (day + 1) * SGN_DAY_MS);
}

static void
put_part(struct sgn_buf *buf, bool *began, int64_t n, const char *english, const char *chinese)
{
    if (n == 0)
        return;
    (void)sgn_buf_printf(buf, "%s%lld ", *began ? " " : "", (long long)n);
    (void)sgn_buf_puts(buf, chinese != NULL ? chinese : english);
    if (chinese == NULL && n != 1)
        (void)sgn_buf_puts(buf, "s");
    *began = true;
}

void
calendar_period_put(struct sgn_buf *buf, const struct calendar_period *period, const char *language)
{
    bool zh = language != NULL && strncmp(language, "zh", 2) == 0, began = false;

    put_part(buf, &began, period->months / YEAR_MONTHS, "year", zh ? "年" : NULL);
    put_part(buf, &began, period->months % YEAR_MONTHS, "month", zh ? "个月" : NULL);
    put_part(buf, &began, period->days, "day", zh ? "天" : NULL);
}

int
calendar_period_compare(const struct calendar_period *a, const struct calendar_period *b)
{
    int64_t x = a->months * MONTH_DAYS + a->days, y = b->months * MONTH_DAYS + b->days;

    return (x > y) - (x < y);
}
