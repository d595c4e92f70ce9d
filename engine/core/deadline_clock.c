/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock of a deadline: which calendar it goes by, and how it goes through pauses.
 *
 * A time is never moved by a pause: it is found anew, from where the clock started, through
 * all pauses there were. So a calendar that changes, a field that changes the duration or a
 * start that is corrected need no arithmetic of their own.
 */
#include "core_internal.h"
#include <string.h>

/* A calendar by its name; false when the team declares none of this name. */
static bool
find_named(const struct core_calendars *all, const char *name, struct deadline_clock *out)
{
    for (int i = 0; name != NULL && i < all->n; i++)
        if (strcmp(all->items[i].name, name) == 0) {
            out->calendar = all->items[i].calendar;
            out->name = all->items[i].name;
            return true;
        }
    return false;
}

void
clock_find(const struct stage *stage, const char *clock, struct deadline_clock *out)
{
    const struct core_known *known = stage->question->known;
    const struct core_calendars *all = known != NULL ? known->calendars : NULL;

    *out = (struct deadline_clock){ .kind = CALENDAR_ELAPSED };
    if (all == NULL)
        return;
    if (clock != NULL && strcmp(clock, "client") == 0 &&
        find_named(all, sgn_json_str(stage->project, "client_calendar"), out))
        return;
    if (find_named(all, clock, out)) /* "team" and "client" are nobody's names */
        return;
    if (find_named(all, sgn_json_str(stage->project, "calendar"), out))
        return;
    out->calendar = all->n > 0 ? all->items[0].calendar : all->round;
    out->name = all->n > 0 ? all->items[0].name : NULL;
}

typedef int64_t (*due_fn)(const struct calendar *calendar, const struct calendar_duration *duration,
                          int64_t from);

static enum sgn_status
due_by(struct stage *stage, due_fn fn, const struct deadline_clock *clock,
       const struct calendar_duration *duration, int64_t from, int64_t *out)
{
    if (clock->calendar != NULL)
        *out = fn(clock->calendar, duration, from);
    else if (calendar_duration_is_working(duration))
        return sgn_fail(stage->err, SGN_RULE_ERROR,
                        "a duration in working time needs a working calendar");
    else
        *out = calendar_duration_due(duration, stage->zone, from);
    if (*out > SGN_TIME_MAX)
        return sgn_fail(stage->err, SGN_RULE_ERROR, "a deadline after the year 9999");
    return SGN_OK;
}

enum sgn_status
clock_due(struct stage *stage, const struct deadline_clock *clock,
          const struct calendar_duration *duration, int64_t from, int64_t *out)
{
    return due_by(stage, calendar_due, clock, duration, from, out);
}

enum sgn_status
clock_late(struct stage *stage, const struct deadline_clock *clock,
           const struct calendar_duration *duration, int64_t due, int64_t *out)
{
    return due_by(stage, calendar_late, clock, duration, due, out);
}

static int64_t
close_of(const struct stage *stage, const struct deadline_clock *clock, int64_t day)
{
    static const struct calendar_duration next = { .workdays = 1 };
    const struct calendar_zone *zone = stage->zone;

    if (clock->calendar == NULL)
        return calendar_zone_instant(zone, (day + 1) * SGN_DAY_MS);
    zone = calendar_zone_of(clock->calendar);
    /* from the last moment of the day before: that day does not count */
    return calendar_due(clock->calendar, &next, calendar_zone_instant(zone, day * SGN_DAY_MS) - 1);
}

bool
clock_moment(const struct stage *stage, const struct deadline_clock *clock, const char *text,
             int64_t *out)
{
    int year, month, day;

    if (text == NULL)
        return false;
    if (!sgn_date_parse(text, &year, &month, &day))
        return sgn_time_parse(text, out, NULL) == SGN_OK;
    *out = close_of(stage, clock, sgn_days_from_civil(year, month, day));
    return *out <= SGN_TIME_MAX;
}

int64_t
clock_counted(const struct deadline_clock *clock, int64_t from, int64_t to)
{
    return to >= from ? calendar_counted(clock->calendar, from, to, clock->kind)
                      : -calendar_counted(clock->calendar, to, from, clock->kind);
}

int64_t
clock_add(const struct deadline_clock *clock, int64_t from, int64_t counted)
{
    return calendar_add(clock->calendar, from, counted, clock->kind);
}

bool
clock_reach(const struct deadline_clock *clock, const json_t *pauses, int64_t from, int64_t end,
            int64_t *at)
{
    const json_t *pause;
    size_t i;

    json_array_foreach(pauses, i, pause) {
        int64_t begins = sgn_json_int(pause, "from", 0);
        int64_t ends = sgn_json_int(pause, "to", -1);
        int64_t left;

        if (ends >= 0 && ends <= from)
            continue;
        begins = begins > from ? begins : from;
        if (begins >= end)
            break;
        left = clock_counted(clock, begins, end);
        if (ends < 0) {
            *at = left;
            return false;
        }
        end = clock_add(clock, ends, left);
    }
    *at = end;
    return true;
}

/* ---- pauses ---- */

#define PAUSES_MOST 32 /* kept one by one */

/*
 * Makes the two oldest pauses one: it begins when as much had been counted as before the second
 * of them, and ends with that. What is counted in all stays the same.
 */
static void
merge_oldest(struct stage *stage, const struct deadline_clock *clock, json_t *pauses)
{
    json_t *first = json_array_get(pauses, 0), *second = json_array_get(pauses, 1);
    int64_t between =
        clock_counted(clock, sgn_json_int(first, "to", 0), sgn_json_int(second, "from", 0));
    int64_t begins = clock_add(clock, sgn_json_int(first, "from", 0), between);

    stage_put(stage, second, "from", json_integer(begins));
    stage_put(stage, second, "merged",
              json_integer(sgn_json_int(first, "merged", 1) + sgn_json_int(second, "merged", 1)));
    json_array_remove(pauses, 0);
}

void
clock_pause(struct stage *stage, const struct deadline_clock *clock, json_t *deadline, int state)
{
    const struct model_state *by = state >= 0 ? &stage->model->states[state] : NULL;
    json_t *pauses = json_object_get(deadline, "pauses");
    json_t *last = json_array_get(pauses, json_array_size(pauses) - 1);
    bool open = last != NULL && json_object_get(last, "to") == NULL;

    if (open && by != NULL && strcmp(sgn_json_str(last, "state"), by->name) == 0)
        return;
    if (open && sgn_json_int(last, "from", 0) == stage->now)
        json_array_remove(pauses, json_array_size(pauses) - 1);
    else if (open)
        stage_put(stage, last, "to", json_integer(stage->now));
    if (by == NULL)
        return;
    if (pauses == NULL) {
        pauses = json_array();
        stage_put(stage, deadline, "pauses", pauses);
    }
    if (json_array_size(pauses) >= PAUSES_MOST)
        merge_oldest(stage, clock, pauses);
    stage_append(stage, pauses,
                 json_pack("{s:I, s:s, s:s*}", "from", (json_int_t)stage->now, "state", by->name,
                           "for", by->waiting_for));
}
