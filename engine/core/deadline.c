/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arithmetic of deadlines: when a rung is due, what comes next, what a pause, a field
 * or a start that is filled later change.
 *
 * All of it is recomputed from three numbers: where the clock started (from), the counted
 * time to the due time (total), and either the due time itself or, while paused, the
 * counted time that is left of it. Percentages are shares of total, measured back from due,
 * so a pause moves them with it.
 */
#include "core_internal.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum sgn_status
deadline_due(struct stage *stage, const struct calendar_duration *duration, int64_t from,
             int64_t *out)
{
    if (calendar_duration_is_working(duration))
        return sgn_fail(stage->err, SGN_RULE_ERROR,
                        "a duration in working time needs a working calendar");
    *out = calendar_duration_due(duration, stage->zone, from);
    if (*out > SGN_TIME_MAX)
        return sgn_fail(stage->err, SGN_RULE_ERROR, "a deadline after the year 9999");
    return SGN_OK;
}

const struct model_deadline *
deadline_of(const struct model *model, const json_t *deadline)
{
    const char *name = sgn_json_str(deadline, "name");

    for (int i = 0; name != NULL && i < model->n_deadlines; i++)
        if (strcmp(model->deadlines[i].name, name) == 0)
            return &model->deadlines[i];
    return NULL;
}

const char *
rung_label(const struct model_rung *rung, char out[CALENDAR_DURATION_TEXT])
{
    char offset[CALENDAR_DURATION_TEXT];

    if (rung->kind == MODEL_RUNG_AT) {
        snprintf(out, CALENDAR_DURATION_TEXT, "%d%%", rung->percent);
        return out;
    }
    calendar_duration_format(&rung->offset, offset);
    snprintf(out, CALENDAR_DURATION_TEXT, "%s %.80s",
             rung->kind == MODEL_RUNG_LATE ? "late" : "again", offset);
    return out;
}

/* ---- rungs ---- */

/* How often the again-rung has fired; one counter each, a number when there is one. */
static int64_t
repeats_get(const struct model_deadline *within, const json_t *deadline, int rung)
{
    const json_t *repeats = json_object_get(deadline, "repeats");
    int which = 0;

    for (int i = 0; i < rung; i++)
        which += within->rungs[i].kind == MODEL_RUNG_AGAIN;
    if (json_is_array(repeats))
        return json_integer_value(json_array_get(repeats, (size_t)which));
    return which == 0 ? json_integer_value(repeats) : 0;
}

static void
repeats_add(struct stage *stage, const struct model_deadline *within, json_t *deadline, int rung)
{
    json_t *counts = json_array();

    for (int i = 0; i < within->n_rungs; i++)
        if (within->rungs[i].kind == MODEL_RUNG_AGAIN)
            stage_append(stage, counts,
                         json_integer(repeats_get(within, deadline, i) + (i == rung)));
    if (json_array_size(counts) == 1) {
        stage_put(stage, deadline, "repeats", json_incref(json_array_get(counts, 0)));
        json_decref(counts);
    } else {
        stage_put(stage, deadline, "repeats", counts);
    }
}

/* When a rung is due (repeat: how many-th time of again); -1 when it cannot be said. */
static int64_t
rung_time(struct stage *stage, const struct model_deadline *within, const json_t *deadline,
          int rung, int64_t repeat)
{
    const struct model_rung *r = &within->rungs[rung];
    int64_t due = sgn_json_int(deadline, "due", 0);
    int64_t total = sgn_json_int(deadline, "total", 0);
    struct sgn_error *err = stage->err;

    if (r->kind == MODEL_RUNG_AT)
        return due - (total - total * r->percent / 100);
    stage->err = NULL; /* what cannot be said was refused when the deadline was armed */
    for (int64_t i = 0; i < (r->kind == MODEL_RUNG_LATE ? 1 : repeat) && due >= 0; i++)
        if (deadline_due(stage, &r->offset, due, &due) != SGN_OK)
            due = -1;
    stage->err = err;
    return due;
}

static int
count_plain(const struct model_deadline *within)
{
    int n = 0;

    while (n < within->n_rungs && within->rungs[n].kind != MODEL_RUNG_AGAIN)
        n++;
    return n;
}

/* The next rung that is not spent, ladder and repeats side by side; at one time the
 * ladder goes first. */
static bool
next_unspent(struct stage *stage, const struct model_deadline *within, const json_t *deadline,
             int *rung, int64_t *at)
{
    int plain = count_plain(within);
    int64_t next = sgn_json_int(deadline, "rung", 0);
    bool found = false;

    if (next < plain) {
        *rung = (int)next;
        *at = rung_time(stage, within, deadline, *rung, 0);
        found = *at >= 0;
    }
    for (int i = plain; i < within->n_rungs; i++) {
        int64_t repeat = repeats_get(within, deadline, i) + 1;
        int64_t time;
        if (repeat > within->rungs[i].most ||
            sgn_json_int(stage->row, "case_seq", 0) >= CORE_HISTORY_MAX)
            continue;
        time = rung_time(stage, within, deadline, i, repeat);
        if (time >= 0 && (!found || time < *at)) {
            *rung = i;
            *at = time;
            found = true;
        }
    }
    return found;
}

bool
deadline_next(struct stage *stage, const struct model_deadline *within, const json_t *deadline,
              int *rung, int64_t *at)
{
    const json_t *retry = json_array_get(json_object_get(deadline, "retry"), 0);

    if (retry != NULL) { /* what failed is tried first, at the time it was asked for */
        *rung = (int)json_integer_value(retry);
        *at = sgn_json_int(deadline, "retry_at", 0);
        return *rung >= 0 && *rung < within->n_rungs;
    }
    if (!json_is_integer(json_object_get(deadline, "due")) ||
        !next_unspent(stage, within, deadline, rung, at))
        return false;
    *at += sgn_json_int(deadline, "put_off", 0);
    return true;
}

void
deadline_plan(struct stage *stage, const struct model_deadline *within, json_t *deadline)
{
    int rung;
    int64_t at;

    stage_put(stage, deadline, "next",
              deadline_next(stage, within, deadline, &rung, &at) ? json_integer(at) : json_null());
}

void
deadline_spend(struct stage *stage, const struct model_deadline *within, json_t *deadline, int rung)
{
    json_t *retry = json_object_get(deadline, "retry");

    if (json_array_size(retry) > 0) {
        json_array_remove(retry, 0);
        if (json_array_size(retry) == 0) {
            json_object_del(deadline, "retry");
            json_object_del(deadline, "retry_at");
        }
    } else if (within->rungs[rung].kind == MODEL_RUNG_AGAIN) {
        repeats_add(stage, within, deadline, rung);
    } else {
        stage_put(stage, deadline, "rung", json_integer(rung + 1));
    }
    json_object_del(deadline, "put_off");
    deadline_plan(stage, within, deadline);
}

/* ---- settling ---- */

/* Paused by a state below that waits for somebody, or by one that it names. */
static bool
is_paused(const struct stage *stage, const struct model_deadline *within)
{
    const struct model *model = stage->model;
    const json_t *name;
    size_t i;

    for (int s = 1; s < model->n_states; s++)
        if (model->states[s].waiting_for != NULL && stage_active(stage, s) &&
            model_descends(model, s, within->state))
            return true;
    json_array_foreach(within->pause, i, name) {
        int state = model_state_find(model, json_string_value(name));
        if (state >= 0 && stage_active(stage, state))
            return true;
    }
    return false;
}

/* Where the clock starts; false while nobody knows. */
static bool
start_of(const struct stage *stage, const struct model_deadline *within, const json_t *deadline,
         int64_t *out)
{
    const json_t *value;

    if (within->from == NULL) {
        *out = sgn_json_int(deadline, "armed_at", stage->now);
        return true;
    }
    value = stage_field(stage, within->from);
    return json_is_string(value) && sgn_time_parse(json_string_value(value), out, NULL) == SGN_OK;
}

/* By field: the duration of its present value; false while it has none. */
static enum sgn_status
duration_of(struct stage *stage, const struct model_deadline *within, struct calendar_duration *out,
            bool *known)
{
    const json_t *value, *text;
    char *key = NULL;
    enum sgn_status status = SGN_OK;

    *known = true;
    *out = within->duration;
    if (within->per == NULL)
        return SGN_OK;
    value = stage_field(stage, within->per);
    if (json_is_string(value))
        key = strdup(json_string_value(value));
    else if (value != NULL)
        key = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    text = key != NULL ? json_object_get(within->per_values, key) : NULL;
    *known = json_is_string(text);
    if (*known && calendar_duration_parse(json_string_value(text), out, stage->err) != SGN_OK)
        status = SGN_RULE_ERROR;
    free(key);
    return status;
}

/* The clock has not started, or stops again because what it needs was emptied. */
static void
not_started(struct stage *stage, json_t *deadline)
{
    stage_put(stage, deadline, "from", json_null());
    stage_put(stage, deadline, "total", json_integer(0));
    stage_put(stage, deadline, "next", json_null());
    json_object_del(deadline, "due");
    json_object_del(deadline, "left");
}

/* Moves due, or what is left of it, by as much as start and total have changed. */
static void
move(struct stage *stage, json_t *deadline, int64_t start, int64_t total)
{
    bool started = json_is_integer(json_object_get(deadline, "from"));
    int64_t end = sgn_json_int(deadline, "from", 0) + sgn_json_int(deadline, "total", 0);
    int64_t delta = start + total - end;

    if (!started)
        stage_put(stage, deadline, "due", json_integer(start + total));
    else if (delta != 0 && json_object_get(deadline, "left") != NULL)
        stage_put(stage, deadline, "left", json_integer(sgn_json_int(deadline, "left", 0) + delta));
    else if (delta != 0)
        stage_put(stage, deadline, "due", json_integer(sgn_json_int(deadline, "due", 0) + delta));
    stage_put(stage, deadline, "from", json_integer(start));
    stage_put(stage, deadline, "total", json_integer(total));
}

/* A pause keeps the counted time that is left; the resume adds it again. */
static void
pause_or_resume(struct stage *stage, json_t *deadline, bool paused)
{
    bool was = json_object_get(deadline, "left") != NULL;

    if (paused && !was) {
        int64_t left = sgn_json_int(deadline, "due", 0) - stage->now;
        stage_put(stage, deadline, "left", json_integer(left));
        json_object_del(deadline, "due");
    } else if (!paused && was) {
        int64_t due = stage->now + sgn_json_int(deadline, "left", 0);
        stage_put(stage, deadline, "due", json_integer(due));
        json_object_del(deadline, "left");
    }
}

static enum sgn_status
settle_one(struct stage *stage, const struct model_deadline *within, json_t *deadline)
{
    struct calendar_duration duration;
    int64_t start = 0, due = 0;
    bool known;
    enum sgn_status status = duration_of(stage, within, &duration, &known);

    if (status != SGN_OK)
        return status;
    if (!known || !start_of(stage, within, deadline, &start)) {
        not_started(stage, deadline);
        return SGN_OK;
    }
    status = deadline_due(stage, &duration, start, &due);
    if (status != SGN_OK)
        return status;
    move(stage, deadline, start, due - start);
    pause_or_resume(stage, deadline, is_paused(stage, within));
    deadline_plan(stage, within, deadline);
    return SGN_OK;
}

enum sgn_status
deadline_settle(struct stage *stage)
{
    json_t *deadline;
    size_t i;

    json_array_foreach(stage_member(stage, "deadlines"), i, deadline) {
        const struct model_deadline *within;
        enum sgn_status status;
        if (strcmp(sgn_json_str(deadline, "kind"), "within") != 0)
            continue;
        within = deadline_of(stage->model, deadline);
        if (within == NULL)
            continue;
        status = settle_one(stage, within, deadline);
        if (status != SGN_OK)
            return status;
    }
    return stage_check(stage);
}
