/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Saying which time counted and why, as stretches that leave no gap.
 */
#include "calendar.h"
#include "calendar_internal.h"
#include "memory.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

/* A gap that touches this part of the day is for lunch. */
#define LUNCH_FROM (11 * 60)
#define LUNCH_TO   (14 * 60)

enum cause {
    CAUSE_ELAPSED,
    CAUSE_WORKING,
    CAUSE_MAKEUP,
    CAUSE_SPECIAL,
    CAUSE_NIGHT,
    CAUSE_LUNCH,
    CAUSE_BREAK,
    CAUSE_WEEKEND,
    CAUSE_DAY_OFF,
    CAUSE_HOLIDAY,
    CAUSE_CLOSED
};

static const struct {
    const char *kind, *why;
    bool counted;
    bool all_day; /* takes the nights beside it */
} causes[] = {
    [CAUSE_ELAPSED] = { "elapsed", "elapsed time", true, false },
    [CAUSE_WORKING] = { "working", "working hours", true, false },
    [CAUSE_MAKEUP] = { "makeup", "make-up working day", true, false },
    [CAUSE_SPECIAL] = { "special", "special hours", true, false },
    [CAUSE_NIGHT] = { "night", "night", false, false },
    [CAUSE_LUNCH] = { "break", "lunch break", false, false },
    [CAUSE_BREAK] = { "break", "break", false, false },
    [CAUSE_WEEKEND] = { "weekend", "weekend", false, true },
    [CAUSE_DAY_OFF] = { "day_off", "day off", false, true },
    [CAUSE_HOLIDAY] = { "holiday", "holiday", false, true },
    [CAUSE_CLOSED] = { "closed", "closed", false, true },
};

struct stretch {
    int64_t from, to;
    enum cause cause;
    const char *reason; /* of the date, or NULL */
};

/* Stretches are held back one behind, until it is known what follows. */
struct story {
    int64_t from, to; /* what is asked for */
    struct stretch last;
    bool has_last;
    json_t *out;
    enum sgn_status status;
    struct sgn_error *err;
};

static void
give_out(struct story *story, const struct stretch *stretch)
{
    int64_t from = stretch->from > story->from ? stretch->from : story->from;
    int64_t to = stretch->to < story->to ? stretch->to : story->to;
    const char *why = causes[stretch->cause].why;
    char *text;
    json_t *item;

    if (from >= to || story->status != SGN_OK)
        return;
    if (json_array_size(story->out) >= CALENDAR_STRETCH_MOST) {
        story->status =
            sgn_fail(story->err, SGN_TOO_LARGE, "more than %d stretches: ask for a shorter time",
                     CALENDAR_STRETCH_MOST);
        return;
    }
    text = stretch->reason != NULL ? sgn_format("%s: %s", why, stretch->reason) : sgn_strdup(why);
    item = json_pack("{s:I, s:I, s:b, s:s, s:s, s:s*}", "from", (json_int_t)from, "to",
                     (json_int_t)to, "counted", causes[stretch->cause].counted, "kind",
                     causes[stretch->cause].kind, "why", text, "reason", stretch->reason);
    free(text);
    if (json_array_append_new(story->out, item) != 0)
        story->status = sgn_nomem(story->err);
}

static bool
same_reason(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The next stretch; it begins where the last one ended, or is empty. */
static void
tell(struct story *story, struct stretch next)
{
    struct stretch *last = &story->last;

    if (next.from >= next.to)
        return;
    if (!story->has_last) {
        *last = next;
        story->has_last = true;
    } else if ((last->cause == next.cause && same_reason(last->reason, next.reason)) ||
               (causes[last->cause].all_day && next.cause == CAUSE_NIGHT)) {
        last->to = next.to;
    } else if (last->cause == CAUSE_NIGHT && causes[next.cause].all_day) {
        next.from = last->from;
        *last = next;
    } else {
        give_out(story, last);
        *last = next;
    }
}

static enum cause
cause_closed(const struct calendar_walk *walk, const struct calendar_dated *dated)
{
    if (dated != NULL)
        return dated->exception ? CAUSE_CLOSED : CAUSE_HOLIDAY;
    return calendar_weekday(walk->day) >= 5 ? CAUSE_WEEKEND : CAUSE_DAY_OFF;
}

static enum cause
cause_open(const struct calendar_walk *walk, const struct calendar_dated *dated)
{
    if (dated == NULL)
        return CAUSE_WORKING;
    return walk->calendar->week[calendar_weekday(walk->day)].n > 0 ? CAUSE_SPECIAL : CAUSE_MAKEUP;
}

/* Before the i-th interval of a date. */
static enum cause
cause_before(const struct calendar_hours *hours, int i)
{
    if (i == 0)
        return CAUSE_NIGHT;
    return hours->spans[i - 1].to < LUNCH_TO && hours->spans[i].from > LUNCH_FROM ? CAUSE_LUNCH
                                                                                  : CAUSE_BREAK;
}

static void
tell_day(struct story *story, const struct calendar_walk *walk)
{
    const struct calendar_hours *hours = calendar_walk_hours(walk);
    const struct calendar_dated *dated = calendar_walk_dated(walk);
    const char *reason = dated != NULL ? dated->why : NULL;
    int64_t at = calendar_walk_instant(walk, 0), ends = calendar_walk_instant(walk, 1440);

    if (hours->n == 0) {
        tell(story, (struct stretch){ at, ends, cause_closed(walk, dated), reason });
        return;
    }
    for (int i = 0; i < hours->n; i++) {
        int64_t opens = calendar_walk_instant(walk, hours->spans[i].from);
        int64_t closes = calendar_walk_instant(walk, hours->spans[i].to);

        tell(story, (struct stretch){ at, opens, cause_before(hours, i), NULL });
        tell(story, (struct stretch){ opens, closes, cause_open(walk, dated), reason });
        at = closes;
    }
    tell(story, (struct stretch){ at, ends, CAUSE_NIGHT, NULL });
}

enum sgn_status
calendar_explain(const struct calendar *calendar, int64_t from, int64_t to, enum calendar_kind kind,
                 json_t **out, struct sgn_error *err)
{
    struct story story = { .from = from, .to = to, .err = err };
    struct calendar_walk walk;

    story.out = json_array();
    if (story.out == NULL)
        return sgn_nomem(err);
    if (kind == CALENDAR_ELAPSED) {
        tell(&story, (struct stretch){ from, to, CAUSE_ELAPSED, NULL });
    } else if (from < to) {
        /* A day more on either side: a night is named by what lies beside it. */
        calendar_walk_begin(&walk, calendar, calendar_day_of(calendar->zone, from) - 1);
        do
            tell_day(&story, &walk);
        while (story.status == SGN_OK && calendar_walk_instant(&walk, 0) <= to &&
               calendar_walk_day(&walk));
    }
    if (story.has_last)
        give_out(&story, &story.last);
    if (story.status != SGN_OK) {
        json_decref(story.out);
        return story.status;
    }
    *out = story.out;
    return SGN_OK;
}
