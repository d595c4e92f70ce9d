/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arithmetic of deadlines: when a rung is due, what comes next, what a pause, a field,
 * a start that is filled later or another calendar change.
 *
 * All of it is computed anew, each time, from where the clock started (from), the duration as
 * it is now and the pauses there were (see deadline_clock.c). total is the counted time from
 * start to due; a percentage is a share of it, counted from the start.
 */
#include "core_internal.h"
#include "memory.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* By name: names are unique in a workflow, and a new version keeps them. */
const struct model_deadline *
deadline_of(const struct model *model, const json_t *deadline)
{
    const char *name = sgn_json_str(deadline, "name");

    for (int i = 0; name != NULL && i < model->n_deadlines; i++)
        if (strcmp(model->deadlines[i].name, name) == 0)
            return &model->deadlines[i];
    return NULL;
}

/* As it is called in histories and explanations: "50%", "late 1 day". */
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
int64_t
deadline_repeats(const struct model_deadline *within, const json_t *deadline, int rung)
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
                         json_integer(deadline_repeats(within, deadline, i) + (i == rung)));
    if (json_array_size(counts) == 1) {
        stage_put(stage, deadline, "repeats", json_incref(json_array_get(counts, 0)));
        json_decref(counts);
    } else {
        stage_put(stage, deadline, "repeats", counts);
    }
}

void
deadline_clock_of(const struct stage *stage, const json_t *deadline, struct deadline_clock *out)
{
    const struct model_deadline *within = deadline_of(stage->model, deadline);

    if (within != NULL && strcmp(sgn_json_str(deadline, "kind"), "within") != 0)
        within = NULL; /* a timer that is called like it */
    clock_find(stage, within != NULL ? within->clock : NULL, out);
    if (sgn_json_true(deadline, "working") && out->calendar != NULL)
        out->kind = CALENDAR_WORKING;
}

/* An offset from when it was due, through the pauses, in the deadline's own calendar. */
static int64_t
offset_time(struct stage *stage, struct deadline_clock clock, const json_t *deadline,
            const struct calendar_duration *offset, int64_t from)
{
    struct sgn_error *err = stage->err;
    int64_t at = -1;

    stage->err = NULL; /* what cannot be said was refused when the deadline was armed */
    clock.kind = calendar_kind_of(offset);
    if (clock_late(stage, &clock, offset, from, &at) != SGN_OK ||
        !clock_reach(&clock, json_object_get(deadline, "pauses"), from, at, &at))
        at = -1;
    stage->err = err;
    return at;
}

/* When a rung is due (repeat: how many-th time of again); -1 when it cannot be said. */
int64_t
deadline_rung_time(struct stage *stage, const struct model_deadline *within, const json_t *deadline,
                   int rung, int64_t repeat)
{
    const struct model_rung *r = &within->rungs[rung];
    int64_t at = sgn_json_int(deadline, "due", 0);
    int64_t from = sgn_json_int(deadline, "from", 0);
    int64_t total = sgn_json_int(deadline, "total", 0);
    struct deadline_clock clock;

    deadline_clock_of(stage, deadline, &clock);
    if (r->kind == MODEL_RUNG_AT) { /* in two parts: a hundred times the whole might not fit */
        int64_t share = total / 100 * r->percent + total % 100 * r->percent / 100;
        return clock_reach(&clock, json_object_get(deadline, "pauses"), from,
                           clock_add(&clock, from, share), &at)
                   ? at
                   : -1;
    }
    for (int64_t i = 0; i < (r->kind == MODEL_RUNG_LATE ? 1 : repeat) && at >= 0; i++)
        at = offset_time(stage, clock, deadline, &r->offset, at);
    return at;
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
 * ladder goes first. Repeats stop when the history is full: they could go on for ever. */
static bool
next_unspent(struct stage *stage, const struct model_deadline *within, const json_t *deadline,
             int *rung, int64_t *at)
{
    int plain = count_plain(within);
    int64_t next = sgn_json_int(deadline, "rung", 0);
    bool found = false;

    if (next < plain) {
        *rung = (int)next;
        *at = deadline_rung_time(stage, within, deadline, *rung, 0);
        found = *at >= 0;
    }
    for (int i = plain; i < within->n_rungs; i++) {
        int64_t repeat = deadline_repeats(within, deadline, i) + 1;
        int64_t time;
        if (repeat > within->rungs[i].most ||
            sgn_json_int(stage->row, "case_seq", 0) >= CORE_HISTORY_MAX)
            continue;
        time = deadline_rung_time(stage, within, deadline, i, repeat);
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
    struct deadline_clock clock;

    if (retry != NULL) { /* what failed is tried first, at the time it was asked for */
        *rung = (int)json_integer_value(retry);
        *at = sgn_json_int(deadline, "retry_at", 0);
        return *rung >= 0 && *rung < within->n_rungs;
    }
    if (!json_is_integer(json_object_get(deadline, "due")) ||
        !next_unspent(stage, within, deadline, rung, at))
        return false;
    deadline_clock_of(stage, deadline, &clock);
    *at = clock_add(&clock, *at, sgn_json_int(deadline, "put_off", 0));
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

/* Before the rung runs: what it does may end its own deadline, which must not fire
 * again. */
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

/* The state that pauses it: one below that waits for somebody, or one that it names; -1. */
static int
pausing_state(const struct stage *stage, const struct model_deadline *within)
{
    const struct model *model = stage->model;
    const json_t *name;
    size_t i;

    for (int s = 1; s < model->n_states; s++)
        if (model->states[s].waiting_for != NULL && stage_active(stage, s) &&
            model_descends(model, s, within->state))
            return s;
    json_array_foreach(within->pause, i, name) {
        int state = model_state_find(model, json_string_value(name));
        if (state >= 0 && stage_active(stage, state))
            return state;
    }
    return -1;
}

/* "from" is a field: until it is filled the clock has not started. */
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
        key = sgn_strdup(json_string_value(value));
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

/* Due, or in a pause what is left: below zero when the pause began after it was due. */
static void
put_due(struct stage *stage, const struct deadline_clock *clock, json_t *deadline, int64_t end)
{
    const json_t *pauses = json_object_get(deadline, "pauses");
    const json_t *last = json_array_get(pauses, json_array_size(pauses) - 1);
    bool paused = last != NULL && json_object_get(last, "to") == NULL;
    int64_t at;
    bool reached = clock_reach(clock, pauses, sgn_json_int(deadline, "from", 0), end, &at);

    if (reached && paused)
        at = clock_counted(clock, sgn_json_int(last, "from", 0), at);
    stage_put(stage, deadline, paused ? "left" : "due", json_integer(at));
    json_object_del(deadline, paused ? "due" : "left");
}

bool
deadline_speaks(const struct model_rung *rung)
{
    for (int i = 0; i < rung->actions.n; i++) {
        enum model_action_kind kind = rung->actions.items[i].kind;
        if (kind == MODEL_DECIDE || kind == MODEL_GO || kind == MODEL_FIRE)
            return true;
    }
    return false;
}

static bool
decides(const struct model_rung *rung)
{
    for (int i = 0; i < rung->actions.n; i++)
        if (rung->actions.items[i].kind == MODEL_DECIDE)
            return true;
    return false;
}

/* Service may be proved for an earlier day. But nobody's silence is an answer to what they had not
 * been asked: a time by which all would be over at once is refused. A day that a field names may
 * have passed, when a case comes back to it, and leads on at once where nobody is asked. said: the
 * time that the field named says; before: the one that it said when this was looked at last. */
static enum sgn_status
check_said(struct stage *stage, const struct model_deadline *within, const char *field,
           int64_t said, int64_t before, int64_t end)
{
    char from[SGN_TIME_TEXT];
    bool speaks = false;

    if (field == NULL || end > stage->now || before == said)
        return SGN_OK;
    for (int i = 0; i < within->n_rungs; i++)
        speaks = speaks || (within->due != NULL ? decides(&within->rungs[i])
                                                : deadline_speaks(&within->rungs[i]));
    if (!speaks)
        return SGN_OK;
    sgn_time_format(said, calendar_zone_offset(stage->zone, said), from);
    (void)sgn_fail(
        stage->err, SGN_INVALID,
        "with \"%s\" at %s the time for %s would have been over before anybody was asked; "
        "give a later time",
        field, from, within->name);
    sgn_error_add(stage->err, "pointer", json_sprintf("/data/%s", field));
    return SGN_INVALID;
}

/* Its clock runs, from start to end. */
static void
put_running(struct stage *stage, const struct model_deadline *within,
            const struct deadline_clock *clock, json_t *deadline, int64_t start, int64_t end)
{
    if (clock->kind == CALENDAR_WORKING)
        stage_put(stage, deadline, "working", json_true());
    else
        json_object_del(deadline, "working");
    stage_put(stage, deadline, "from", json_integer(start));
    stage_put(stage, deadline, "total", json_integer(clock_counted(clock, start, end)));
    put_due(stage, clock, deadline, end);
    deadline_plan(stage, within, deadline);
}

/* Due when a field says; what was over before it began is due at once. Nothing pauses it. */
static enum sgn_status
settle_due(struct stage *stage, const struct model_deadline *within, json_t *deadline)
{
    int64_t start = sgn_json_int(deadline, "armed_at", stage->now), end = 0;
    struct deadline_clock clock;
    enum sgn_status status;

    clock_find(stage, within->clock, &clock);
    clock.kind = clock.calendar != NULL ? CALENDAR_WORKING : CALENDAR_ELAPSED;
    if (!clock_moment(stage, &clock, json_string_value(stage_field(stage, within->due)), &end)) {
        not_started(stage, deadline);
        return SGN_OK;
    }
    end = end > start ? end : start;
    status = check_said(stage, within, within->due, end, sgn_json_int(deadline, "due", -1), end);
    if (status == SGN_OK)
        put_running(stage, within, &clock, deadline, start, end);
    return status;
}

/* When the other tool says that the case is due, by this deadline's clock. */
static bool
imported_due(const struct stage *stage, const struct model_deadline *within,
             struct deadline_clock *clock, int64_t *out)
{
    clock_find(stage, within->clock, clock);
    clock->kind = clock->calendar != NULL ? CALENDAR_WORKING : CALENDAR_ELAPSED;
    return clock_moment(stage, clock, sgn_json_str(stage_member(stage, "imported"), "due"), out);
}

void
deadline_import(struct stage *stage)
{
    json_t *deadline;
    size_t i;

    json_array_foreach(stage_member(stage, "deadlines"), i, deadline) {
        const struct model_deadline *within = deadline_of(stage->model, deadline);
        struct deadline_clock clock;
        int64_t due;
        if (within == NULL || within->due != NULL || within->from != NULL)
            continue;
        if (imported_due(stage, within, &clock, &due) && due > stage->now)
            stage_put(stage, deadline, "imported", json_true());
        return;
    }
}

static enum sgn_status
settle_within(struct stage *stage, const struct model_deadline *within, json_t *deadline)
{
    struct calendar_duration duration;
    struct deadline_clock clock;
    int64_t start = 0, end = 0;
    bool known;
    enum sgn_status status = duration_of(stage, within, &duration, &known);

    if (status != SGN_OK)
        return status;
    clock_find(stage, within->clock, &clock);
    clock.kind = calendar_kind_of(&duration);
    clock_pause(stage, &clock, deadline, pausing_state(stage, within));
    if (sgn_json_true(deadline, "imported") && start_of(stage, within, deadline, &start) &&
        imported_due(stage, within, &clock, &end)) {
        put_running(stage, within, &clock, deadline, start, end);
        return SGN_OK;
    }
    if (!known || !start_of(stage, within, deadline, &start)) {
        not_started(stage, deadline);
        return SGN_OK;
    }
    status = clock_due(stage, &clock, &duration, start, &end);
    if (status == SGN_OK)
        status =
            check_said(stage, within, within->from, start, sgn_json_int(deadline, "from", -1), end);
    if (status == SGN_OK)
        put_running(stage, within, &clock, deadline, start, end);
    return status;
}

/* How long an after or a send waits; false: it is spent, or nobody knows any more. */
static bool
timer_duration(const struct stage *stage, const json_t *deadline, struct calendar_duration *out)
{
    int64_t transition = sgn_json_int(deadline, "transition", -1);
    const char *after = sgn_json_str(deadline, "after");

    if (!json_is_integer(json_object_get(deadline, "next")))
        return false;
    if (after != NULL)
        return calendar_duration_parse(after, out, NULL) == SGN_OK;
    if (transition < 0 || transition >= stage->model->n_transitions)
        return false;
    *out = stage->model->transitions[transition].after;
    return true;
}

/* Nothing pauses a timer; only its calendar moves it. */
static enum sgn_status
settle_timer(struct stage *stage, json_t *deadline)
{
    struct calendar_duration duration;
    struct deadline_clock clock;
    int64_t from = sgn_json_int(deadline, "from", 0), due = 0;
    enum sgn_status status;

    if (!timer_duration(stage, deadline, &duration))
        return SGN_OK;
    clock_find(stage, NULL, &clock);
    clock.kind = calendar_kind_of(&duration);
    status = clock_due(stage, &clock, &duration, from, &due);
    if (status != SGN_OK || due == sgn_json_int(deadline, "due", 0))
        return status;
    stage_put(stage, deadline, "due", json_integer(due));
    stage_put(stage, deadline, "total", json_integer(clock_counted(&clock, from, due)));
    stage_put(stage, deadline, "next", json_integer(due));
    return SGN_OK;
}

bool
deadline_left(const struct stage *stage, const json_t *deadline, int64_t *out)
{
    const json_t *left = json_object_get(deadline, "left");
    struct deadline_clock clock;

    if (!json_is_integer(json_object_get(deadline, "from")))
        return false;
    deadline_clock_of(stage, deadline, &clock);
    *out = left != NULL ? json_integer_value(left)
                        : clock_counted(&clock, stage->now, sgn_json_int(deadline, "due", 0));
    return true;
}

enum sgn_status
deadline_settle(struct stage *stage)
{
    json_t *deadline;
    size_t i;

    json_array_foreach(stage_member(stage, "deadlines"), i, deadline) {
        const struct model_deadline *within = deadline_of(stage->model, deadline);
        enum sgn_status status = SGN_OK;
        if (strcmp(sgn_json_str(deadline, "kind"), "within") != 0)
            status = settle_timer(stage, deadline);
        else if (within != NULL && within->due != NULL)
            status = settle_due(stage, within, deadline);
        else if (within != NULL)
            status = settle_within(stage, within, deadline);
        if (status != SGN_OK)
            return status;
    }
    return stage_check(stage);
}
