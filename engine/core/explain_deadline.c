/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A clock accounts for itself: from its start to its due time, every stretch is counted or not,
 * and says why; a pause is a stretch of its own.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

/* The timer's transition, by the engine's event that it waits for. */
static const struct model_transition *
timer_of(const struct model *model, int state, const char *event)
{
    for (int i = 0; state >= 0 && i < model->states[state].n_transitions; i++) {
        const struct model_transition *t = model->states[state].transitions[i];
        if (t->kind == MODEL_AFTER && t->n_events > 0 && strcmp(t->events[0], event) == 0)
            return t;
    }
    return NULL;
}

json_t *
deadline_title(struct stage *stage, const json_t *deadline, const char *language)
{
    const struct model *model = stage->model;
    const struct model_deadline *within = deadline_of(model, deadline);
    const char *kind = sgn_json_str(deadline, "kind"), *name = sgn_json_str(deadline, "name");
    int state = model_state_find(model, sgn_json_str(deadline, "state"));
    const struct model_transition *timer;
    bool leads;
    json_t *title;
    char *text;

    if (within != NULL)
        return json_string(model_deadline_title(model, within, language));
    if (kind == NULL || name == NULL || strcmp(kind, "after") != 0 || state < 0)
        return NULL;
    timer = timer_of(model, state, name);
    leads = timer != NULL && timer->n_targets > 0;
    text = sgn_format(message_text(leads ? MESSAGE_THEN : MESSAGE_TIMER, language),
                      stage_state_title(stage, leads ? timer->targets[0] : state, language));
    title = stage_text(stage, text);
    free(text);
    return title;
}

static json_t *
seconds(int64_t ms)
{
    return json_integer(ms / SGN_SECOND_MS);
}

/* In the calendar's own zone, where working hours are what people know them as. */
static json_t *
local_time(const struct stage *stage, const struct deadline_clock *clock, int64_t ms)
{
    const struct calendar_zone *zone =
        clock->calendar != NULL ? calendar_zone_of(clock->calendar) : stage->zone;
    char text[SGN_TIME_TEXT];

    return json_string(sgn_time_format(ms, calendar_zone_offset(zone, ms), text));
}

/* The stretches between two instants in which the clock was not paused. */
static enum sgn_status
add_running(struct stage *stage, const struct deadline_clock *clock, int64_t from, int64_t to,
            json_t *list)
{
    json_t *stretches = NULL;
    json_t *item;
    size_t i;
    enum sgn_status status;

    if (from >= to)
        return SGN_OK;
    status = calendar_explain(clock->calendar, from, to, clock->kind, &stretches, stage->err);
    if (status != SGN_OK)
        return status;
    json_array_foreach(stretches, i, item) {
        stage_put(stage, item, "from", local_time(stage, clock, sgn_json_int(item, "from", 0)));
        stage_put(stage, item, "to", local_time(stage, clock, sgn_json_int(item, "to", 0)));
        stage_append(stage, list, json_incref(item));
    }
    json_decref(stretches);
    return SGN_OK;
}

/* "waiting for the client since 2026-01-05T09:00:00+08:00" */
static void
add_pause(struct stage *stage, const struct deadline_clock *clock, const json_t *pause,
          int64_t from, int64_t to, json_t *list)
{
    const char *who = sgn_json_str(pause, "for");
    json_t *since = local_time(stage, clock, sgn_json_int(pause, "from", 0));
    json_t *item = json_pack("{s:o, s:o, s:b, s:s, s:O}", "from", local_time(stage, clock, from),
                             "to", local_time(stage, clock, to), "counted", 0, "kind", "pause",
                             "state", json_object_get(pause, "state"));

    stage_put(stage, item, "why",
              who != NULL
                  ? json_sprintf("waiting for the %s since %s", who, json_string_value(since))
                  : json_sprintf("paused by %s since %s", sgn_json_str(pause, "state"),
                                 json_string_value(since)));
    if (json_object_get(pause, "merged") != NULL) /* several old pauses, told as one */
        stage_put(stage, item, "pauses", json_incref(json_object_get(pause, "merged")));
    stage_append(stage, list, item);
    json_decref(since);
}

/* From the start to end, through the pauses that lie between. */
static enum sgn_status
add_stretches(struct stage *stage, const struct deadline_clock *clock, const json_t *deadline,
              int64_t end, json_t *list)
{
    int64_t at = sgn_json_int(deadline, "from", 0);
    const json_t *pause;
    size_t i;
    enum sgn_status status = SGN_OK;

    json_array_foreach(json_object_get(deadline, "pauses"), i, pause) {
        int64_t from = sgn_json_int(pause, "from", 0);
        int64_t to = sgn_json_int(pause, "to", end);
        if (to <= at || from >= end)
            continue;
        from = from > at ? from : at;
        to = to < end ? to : end;
        status = add_running(stage, clock, at, from, list);
        if (status != SGN_OK)
            return status;
        add_pause(stage, clock, pause, from, to, list);
        at = to;
    }
    return add_running(stage, clock, at, end, list);
}

static int64_t
paused_for(const struct stage *stage, const json_t *deadline)
{
    const json_t *pause;
    int64_t sum = 0, start = sgn_json_int(deadline, "from", 0);
    size_t i;

    json_array_foreach(json_object_get(deadline, "pauses"), i, pause) {
        int64_t from = sgn_json_int(pause, "from", 0);
        int64_t to = sgn_json_int(pause, "to", stage->now);
        from = from > start ? from : start;
        sum += to > from ? to - from : 0;
    }
    return sum;
}

static void
put_next(struct stage *stage, const struct deadline_clock *clock, const json_t *deadline,
         json_t *out)
{
    const struct model_deadline *within = deadline_of(stage->model, deadline);
    char label[CALENDAR_DURATION_TEXT];
    int rung;
    int64_t at;

    if (strcmp(sgn_json_str(deadline, "kind"), "within") != 0 || within == NULL ||
        !deadline_next(stage, within, deadline, &rung, &at))
        return;
    stage_put(stage, out, "next_rung", json_string(rung_label(&within->rungs[rung], label)));
    stage_put(stage, out, "next", local_time(stage, clock, at));
}

static void
put_not_started(struct stage *stage, const json_t *deadline, json_t *out)
{
    const struct model_deadline *within = deadline_of(stage->model, deadline);

    stage_put(stage, out, "clock", json_string("not started"));
    if (within != NULL && within->from != NULL)
        stage_put(stage, out, "waits_for_field", json_string(within->from));
    else if (within != NULL && within->due != NULL)
        stage_put(stage, out, "waits_for_field", json_string(within->due));
    else if (within != NULL && within->per != NULL)
        stage_put(stage, out, "waits_for_field", json_string(within->per));
}

enum sgn_status
explain_deadline(struct stage *stage, const json_t *deadline, json_t **out)
{
    const json_t *from = json_object_get(deadline, "from");
    bool paused = json_object_get(deadline, "left") != NULL;
    json_t *list = json_array();
    struct deadline_clock clock;
    int64_t left = 0, end;
    enum sgn_status status;

    deadline_clock_of(stage, deadline, &clock);
    *out = json_pack("{s:O, s:O, s:O, s:s?}", "name", json_object_get(deadline, "name"), "kind",
                     json_object_get(deadline, "kind"), "state", json_object_get(deadline, "state"),
                     "calendar", clock.name);
    if (!deadline_left(stage, deadline, &left)) {
        put_not_started(stage, deadline, *out);
        json_decref(list);
        return stage_check(stage);
    }
    end = paused ? stage->now : sgn_json_int(deadline, "due", 0);
    stage_put(stage, *out, "from", local_time(stage, &clock, json_integer_value(from)));
    stage_put(stage, *out, "counts",
              json_string(clock.kind == CALENDAR_WORKING ? "working time" : "elapsed time"));
    stage_put(stage, *out, "total_seconds", seconds(sgn_json_int(deadline, "total", 0)));
    stage_put(stage, *out, "clock", json_string(paused ? "paused" : "running"));
    if (!paused)
        stage_put(stage, *out, "due", local_time(stage, &clock, end));
    stage_put(stage, *out, "left_seconds", seconds(left));
    stage_put(stage, *out, "paused_seconds", seconds(paused_for(stage, deadline)));
    put_next(stage, &clock, deadline, *out);
    status = add_stretches(stage, &clock, deadline, end, list);
    stage_put(stage, *out, "stretches", list);
    if (status == SGN_TOO_LARGE) { /* years of working days: the sums stand above */
        sgn_error_clear(stage->err);
        status = SGN_OK;
    }
    return status == SGN_OK ? stage_check(stage) : status;
}
