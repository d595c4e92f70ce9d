/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holidays from iCalendar text (RFC 5545): all-day events.
 *
 * Strict: a line that would change which days are meant is understood or refused.
 */
#include "holidays_internal.h"
#include "json.h"
#include "recur.h"
#include "text.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_YEAR  2000
#define LAST_YEAR   2100
#define DEPTH_MOST  8
#define EXDATE_MOST 400

/* One VEVENT while it is read. */
struct event {
    int line;           /* of its BEGIN */
    int64_t start, end; /* dates; end is the one after the last */
    int64_t days;       /* in place of end */
    bool has_start, has_end, workday, cancelled;
    char summary[CALENDAR_WHY_MOST + 1];
    char rule[CALENDAR_RECUR_TEXT];
    int n_except;
    int64_t except[EXDATE_MOST];
};

/* A content line taken apart: NAME;PARAMS:VALUE. */
struct content {
    char *name, *params, *value;
};

struct ics {
    struct holidays *holidays;
    char next[HOLIDAYS_LINE_BYTES]; /* read ahead, to see whether it goes on */
    bool has_next;
    int next_line;
    char open[DEPTH_MOST][32]; /* components begun and not ended */
    int depth;
    bool ended; /* END:VCALENDAR was seen */
    struct event event;
    json_t *closed;
};

/* ---- lines ---- */

/* A logical line: physical ones that begin with a blank go on with the one before. */
static bool
unfolded(struct ics *ics, char line[HOLIDAYS_LINE_BYTES], enum sgn_status *status)
{
    struct holidays *holidays = ics->holidays;
    size_t n;

    *status = SGN_OK;
    if (!ics->has_next && !holidays_line(holidays, ics->next, status))
        return false;
    snprintf(line, HOLIDAYS_LINE_BYTES, "%s", ics->next);
    ics->next_line = holidays->line;
    n = strlen(line);
    while ((ics->has_next = holidays_line(holidays, ics->next, status)) &&
           (ics->next[0] == ' ' || ics->next[0] == '\t')) {
        size_t more = strlen(ics->next + 1);

        if (more >= HOLIDAYS_LINE_BYTES - n) {
            *status =
                holidays_fail(holidays, "a line of more than %d bytes", HOLIDAYS_LINE_BYTES - 1);
            return false;
        }
        memcpy(line + n, ics->next + 1, more + 1);
        n += more;
    }
    return *status == SGN_OK;
}

/* Names become capitals; a colon inside quotes belongs to a parameter. */
static enum sgn_status
take_apart(struct holidays *holidays, char *line, struct content *out)
{
    bool quoted = false;
    char *at = line;

    *out = (struct content){ .name = line, .params = line + strlen(line) };
    for (; *at != '\0' && (quoted || *at != ':'); at++) {
        if (*at == '"')
            quoted = !quoted;
        if (*at == ';' && *out->params == '\0' && !quoted) {
            *at = '\0';
            out->params = at + 1;
        }
    }
    if (*at != ':' || *line == '\0')
        return holidays_fail(holidays, "\"%.40s\" is no line of iCalendar, NAME:VALUE", line);
    *at = '\0';
    out->value = at + 1;
    for (char *c = out->name; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c) && *c != '-')
            return holidays_fail(holidays, "\"%.40s\" is no name of a property", out->name);
        *c = (char)toupper((unsigned char)*c);
    }
    return SGN_OK;
}

/* ---- values ---- */

/* "20260217"; whatever comes behind is at *rest. */
static bool
read_ics_date(const char *text, int64_t *out)
{
    char date[16];
    int y, m, d;

    if (strspn(text, "0123456789") != 8)
        return false;
    snprintf(date, sizeof(date), "%.4s-%.2s-%.2s", text, text + 4, text + 6);
    if (!sgn_date_parse(date, &y, &m, &d))
        return false;
    *out = sgn_days_from_civil(y, m, d);
    return true;
}

static enum sgn_status
take_date(struct holidays *holidays, const struct content *line, int64_t *out)
{
    if (read_ics_date(line->value, out) && line->value[8] == '\0')
        return SGN_OK;
    if (read_ics_date(line->value, out) && line->value[8] == 'T')
        return holidays_fail(holidays,
                             "%s has a time of day: a holiday is an all-day event, like "
                             "%s;VALUE=DATE:%.8s",
                             line->name, line->name, line->value);
    return holidays_fail(holidays, "\"%.40s\" is no date for %s, like 20260217", line->value,
                         line->name);
}

/* "P3D", "P1W". */
static enum sgn_status
take_duration(struct holidays *holidays, const struct content *line, int64_t *days)
{
    const char *digits = line->value + 1;
    size_t n = *line->value == 'P' ? strspn(digits, "0123456789") : 0;

    if (n == 0 || n > 3 || (digits[n] != 'D' && digits[n] != 'W') || digits[n + 1] != '\0')
        return holidays_fail(holidays, "\"%.40s\" is no duration in days or weeks, like P3D",
                             line->value);
    *days = (int)strtol(digits, NULL, 10) * (digits[n] == 'W' ? 7 : 1);
    return SGN_OK;
}

/* Does text hold the word, capitals or not? */
static bool
says_workday(const char *text)
{
    return strcasestr(text, "workday") != NULL || strstr(text, "班") != NULL;
}

/* TEXT of RFC 5545: backslashes guard commas, semicolons and themselves; \n is a blank here. */
static enum sgn_status
take_summary(struct holidays *holidays, struct event *event, const char *value)
{
    size_t n = 0;

    for (const char *c = value; *c != '\0'; c++) {
        char plain = *c;

        if (plain == '\\' && c[1] != '\0') {
            c++;
            plain = *c == 'n' || *c == 'N' ? ' ' : *c;
        }
        if (n >= CALENDAR_WHY_MOST)
            return holidays_fail(holidays, "a SUMMARY of more than %d bytes", CALENDAR_WHY_MOST);
        event->summary[n++] = (unsigned char)plain < ' ' ? ' ' : plain;
    }
    event->summary[n] = '\0';
    event->workday = event->workday || says_workday(event->summary);
    return SGN_OK;
}

static void
take_categories(struct event *event, char *value)
{
    char *item;

    while ((item = strsep(&value, ",")) != NULL)
        event->workday = event->workday || strcasecmp(item, "WORKDAY") == 0;
}

static enum sgn_status
take_excepts(struct holidays *holidays, struct event *event, const struct content *line)
{
    char *rest = line->value, *item;

    while ((item = strsep(&rest, ",")) != NULL) {
        struct content one = { .name = line->name, .value = item };
        enum sgn_status status;

        if (event->n_except >= EXDATE_MOST)
            return holidays_fail(holidays, "more than %d dates in EXDATE", EXDATE_MOST);
        status = take_date(holidays, &one, &event->except[event->n_except]);
        if (status != SGN_OK)
            return status;
        event->n_except++;
    }
    return SGN_OK;
}

static enum sgn_status
take_rule(struct holidays *holidays, struct event *event, const char *value)
{
    if (event->rule[0] != '\0')
        return holidays_fail(holidays, "a second RRULE in one event");
    if (strlen(value) >= sizeof(event->rule) || *value == '\0')
        return holidays_fail(holidays, "an RRULE has 1 to %zu bytes", sizeof(event->rule) - 1);
    snprintf(event->rule, sizeof(event->rule), "%s", value);
    return SGN_OK;
}

static enum sgn_status
take_property(struct ics *ics, const struct content *line)
{
    struct holidays *holidays = ics->holidays;
    struct event *event = &ics->event;
    const char *name = line->name;

    if (strcmp(name, "DTSTART") == 0) {
        if (event->has_start)
            return holidays_fail(holidays, "a second DTSTART in one event");
        event->has_start = true;
        return take_date(holidays, line, &event->start);
    }
    if (strcmp(name, "DTEND") == 0 || strcmp(name, "DURATION") == 0) {
        if (event->has_end)
            return holidays_fail(holidays, "an event has one DTEND or one DURATION");
        event->has_end = true;
        event->days = -1;
        return name[1] == 'T' ? take_date(holidays, line, &event->end)
                              : take_duration(holidays, line, &event->days);
    }
    if (strcmp(name, "SUMMARY") == 0)
        return take_summary(holidays, event, line->value);
    if (strcmp(name, "CATEGORIES") == 0)
        take_categories(event, line->value);
    else if (strcmp(name, "STATUS") == 0)
        event->cancelled = strcasecmp(line->value, "CANCELLED") == 0;
    else if (strcmp(name, "EXDATE") == 0)
        return take_excepts(holidays, event, line);
    else if (strcmp(name, "RRULE") == 0)
        return take_rule(holidays, event, line->value);
    else if (strcmp(name, "RDATE") == 0 || strcmp(name, "EXRULE") == 0 ||
             strcmp(name, "RECURRENCE-ID") == 0)
        return holidays_fail(holidays,
                             "%s is not understood: write such dates as events of "
                             "their own",
                             name);
    return SGN_OK;
}

/* ---- events ---- */

struct spread {
    struct ics *ics;
    int64_t days;
    enum sgn_status status;
};

static bool
is_except(const struct event *event, int64_t day)
{
    for (int i = 0; i < event->n_except; i++)
        if (event->except[i] == day)
            return true;
    return false;
}

/* One time of the event: all its dates. */
static bool
spread_at(void *ctx, int64_t wall_ms)
{
    struct spread *spread = ctx;
    struct ics *ics = spread->ics;
    const struct event *event = &ics->event;
    int64_t start = sgn_floor_div(wall_ms, SGN_DAY_MS);

    if (is_except(event, start))
        return true;
    for (int64_t day = start; spread->status == SGN_OK && day < start + spread->days; day++)
        if (day >= sgn_days_from_civil(FIRST_YEAR, 1, 1) &&
            day <= sgn_days_from_civil(LAST_YEAR, 12, 31))
            spread->status =
                holidays_add(ics->holidays, day, event->workday ? json_true() : ics->closed,
                             event->summary, true);
    return spread->status == SGN_OK && start <= sgn_days_from_civil(LAST_YEAR, 12, 31);
}

static enum sgn_status
spread_rule(struct ics *ics, struct spread *spread)
{
    struct holidays *holidays = ics->holidays;
    struct calendar_recur recur;
    struct sgn_error why = { 0 };
    enum sgn_status status = calendar_recur_parse(ics->event.rule, &recur, &why);

    if (status == SGN_OK && recur.freq != CALENDAR_YEARLY)
        status = sgn_fail(&why, SGN_INVALID, "only yearly rules are for holidays");
    if (status == SGN_OK)
        calendar_recur_each(&recur, ics->event.start * SGN_DAY_MS,
                            sgn_days_from_civil(FIRST_YEAR - 1, 1, 1) * SGN_DAY_MS, spread_at,
                            spread);
    if (status == SGN_INVALID)
        status = holidays_fail(holidays, "RRULE: %s", why.message);
    sgn_error_clear(&why);
    return status == SGN_OK ? spread->status : status;
}

static enum sgn_status
end_event(struct ics *ics)
{
    struct holidays *holidays = ics->holidays;
    struct event *event = &ics->event;
    struct spread spread = { .ics = ics, .days = 1, .status = SGN_OK };

    holidays->line = event->line; /* what is wrong now is wrong with all of it */
    if (!event->has_start)
        return holidays_fail(holidays, "the event has no DTSTART");
    if (event->has_end)
        spread.days = event->days >= 0 ? event->days : event->end - event->start;
    if (spread.days < 0)
        return holidays_fail(holidays, "the event ends before it begins");
    if (spread.days == 0)
        spread.days = 1;
    if (spread.days > HOLIDAYS_RANGE_MOST)
        return holidays_fail(holidays, "an event of more than %d days", HOLIDAYS_RANGE_MOST);
    if (event->cancelled)
        return SGN_OK;
    if (event->rule[0] != '\0')
        return spread_rule(ics, &spread);
    (void)spread_at(&spread, event->start * SGN_DAY_MS);
    return spread.status;
}

/* ---- components ---- */

static bool
inside(const struct ics *ics, const char *component)
{
    return ics->depth > 0 && strcmp(ics->open[ics->depth - 1], component) == 0;
}

static enum sgn_status
begin(struct ics *ics, const char *component)
{
    struct holidays *holidays = ics->holidays;

    if (ics->ended || (ics->depth == 0) != (strcmp(component, "VCALENDAR") == 0))
        return holidays_fail(holidays, "BEGIN:%.30s here: the text is one VCALENDAR", component);
    if (ics->depth >= DEPTH_MOST || strlen(component) >= sizeof(ics->open[0]))
        return holidays_fail(holidays, "BEGIN:%.30s is nested too deep or too long", component);
    snprintf(ics->open[ics->depth++], sizeof(ics->open[0]), "%s", component);
    if (ics->depth == 2 && inside(ics, "VEVENT"))
        ics->event = (struct event){ .line = holidays->line };
    return SGN_OK;
}

static enum sgn_status
end(struct ics *ics, const char *component)
{
    int line = ics->holidays->line;
    enum sgn_status status = SGN_OK;

    if (!inside(ics, component))
        return holidays_fail(ics->holidays, "END:%.30s without its BEGIN", component);
    if (ics->depth == 2 && inside(ics, "VEVENT"))
        status = end_event(ics);
    if (status == SGN_OK)
        ics->holidays->line = line;
    ics->depth--;
    ics->ended = ics->depth == 0;
    return status;
}

static enum sgn_status
read_content(struct ics *ics, char *line)
{
    struct content content;
    enum sgn_status status = take_apart(ics->holidays, line, &content);

    if (status != SGN_OK)
        return status;
    if (strcmp(content.name, "BEGIN") == 0)
        return begin(ics, content.value);
    if (strcmp(content.name, "END") == 0)
        return end(ics, content.value);
    if (ics->depth == 0)
        return holidays_fail(ics->holidays, "the text is not inside BEGIN:VCALENDAR");
    return ics->depth == 2 && inside(ics, "VEVENT") ? take_property(ics, &content) : SGN_OK;
}

static enum sgn_status
read_lines(struct ics *ics)
{
    struct holidays *holidays = ics->holidays;
    char line[HOLIDAYS_LINE_BYTES];
    enum sgn_status status;

    while (unfolded(ics, line, &status)) {
        int ahead = holidays->line;

        /* The line that was begun, not the one read ahead. */
        holidays->line = ics->next_line;
        if (*line != '\0')
            status = read_content(ics, line);
        if (status != SGN_OK)
            return status;
        holidays->line = ahead;
    }
    if (status == SGN_OK && !ics->ended)
        status = holidays_fail(holidays, "the text ends without END:VCALENDAR");
    return status;
}

enum sgn_status
holidays_read_ics(struct holidays *holidays)
{
    struct ics *ics = calloc(1, sizeof(*ics));
    enum sgn_status status;

    if (ics == NULL)
        return sgn_nomem(holidays->err);
    ics->holidays = holidays;
    ics->closed = json_array();
    status = ics->closed != NULL ? read_lines(ics) : sgn_nomem(holidays->err);
    json_decref(ics->closed);
    free(ics);
    return status;
}
