/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arming and disarming: what stands in a state runs from its entry to its exit.
 *
 * Ids are given once and never again in a case; their number is the order of arming,
 * which decides between equal due times. So a history can be read without asking which
 * "d3" is meant.
 */
#include "core_internal.h"
#include <stdio.h>
#include <string.h>

/* A new armed thing at the end of the list; borrowed from it. */
static json_t *
add(struct stage *stage, const char *kind, const char *name, const char *state)
{
    json_int_t order = json_integer_value(stage_member(stage, "armed")) + 1;
    char id[24];
    json_t *deadline;

    snprintf(id, sizeof(id), "d%lld", (long long)order);
    deadline = json_object();
    stage_put(stage, deadline, "id", stage_text(stage, id));
    stage_put(stage, deadline, "kind", stage_text(stage, kind));
    stage_put(stage, deadline, "name", stage_text(stage, name));
    stage_put(stage, deadline, "state", stage_text(stage, state));
    stage_put(stage, deadline, "order", json_integer(order));
    stage_put(stage, stage->row, "armed", json_integer(order));
    stage_append(stage, stage_member(stage, "deadlines"), deadline);
    return deadline;
}

/* Timers have one due time, and no ladder. They go by the team's clock. */
static enum sgn_status
due_of(struct stage *stage, const struct calendar_duration *duration, int64_t *due,
       struct deadline_clock *clock)
{
    clock_find(stage, NULL, clock);
    clock->kind = calendar_kind_of(duration);
    return clock_due(stage, clock, duration, stage->now, due);
}

static void
add_due(struct stage *stage, json_t *deadline, const struct deadline_clock *clock, int64_t due)
{
    stage_put(stage, deadline, "from", json_integer(stage->now));
    stage_put(stage, deadline, "due", json_integer(due));
    stage_put(stage, deadline, "total", json_integer(clock_counted(clock, stage->now, due)));
    stage_put(stage, deadline, "rung", json_integer(0));
    stage_put(stage, deadline, "repeats", json_integer(0));
    stage_put(stage, deadline, "next", json_integer(due));
    if (clock->kind == CALENDAR_WORKING)
        stage_put(stage, deadline, "working", json_true());
}

/* Armed on entry; a self-transition leaves and enters, and so arms it anew. */
enum sgn_status
deadline_arm_after(struct stage *stage, const struct model_transition *transition,
                   const char *state)
{
    struct deadline_clock clock;
    json_t *deadline;
    int64_t due = 0;
    enum sgn_status status = due_of(stage, &transition->after, &due, &clock);

    if (status != SGN_OK)
        return status;
    deadline =
        add(stage, "after", transition->n_events > 0 ? transition->events[0] : "after", state);
    add_due(stage, deadline, &clock, due);
    stage_put(stage, deadline, "transition", json_integer(transition->index));
    return SGN_OK;
}

/* A rung whose offset cannot be computed is a mistake now, not when it is due. */
enum sgn_status
deadline_arm_within(struct stage *stage, const struct model_deadline *within, const char *state)
{
    struct deadline_clock clock;
    json_t *deadline;
    int64_t ignored;

    clock_find(stage, within->clock, &clock);
    for (int i = 0; i < within->n_rungs; i++) {
        enum sgn_status status = SGN_OK;
        if (within->rungs[i].kind != MODEL_RUNG_AT)
            status = clock_due(stage, &clock, &within->rungs[i].offset, stage->now, &ignored);
        if (status != SGN_OK)
            return status;
    }
    deadline = add(stage, "within", within->name, state);
    stage_put(stage, deadline, "armed_at", json_integer(stage->now));
    stage_put(stage, deadline, "from", json_null());
    stage_put(stage, deadline, "total", json_integer(0));
    stage_put(stage, deadline, "rung", json_integer(0));
    stage_put(stage, deadline, "repeats", json_integer(0));
    stage_put(stage, deadline, "next", json_null());
    return SGN_OK; /* deadline_settle starts its clock */
}

/* Timers before withins, each in document order: that is the order of their ids. */
enum sgn_status
deadline_arm(struct stage *stage, int state)
{
    const struct model_state *s = &stage->model->states[state];
    enum sgn_status status = SGN_OK;

    for (int i = 0; status == SGN_OK && i < s->n_transitions; i++)
        if (s->transitions[i]->kind == MODEL_AFTER)
            status = deadline_arm_after(stage, s->transitions[i], s->name);
    for (int i = 0; status == SGN_OK && i < s->n_deadlines; i++)
        status = deadline_arm_within(stage, &stage->model->deadlines[s->deadlines[i]], s->name);
    return status;
}

json_t *
deadline_find(const struct stage *stage, const char *id)
{
    json_t *deadline;
    size_t i;

    json_array_foreach(stage_member(stage, "deadlines"), i, deadline) {
        const char *its = sgn_json_str(deadline, "id");
        if (its != NULL && id != NULL && strcmp(its, id) == 0)
            return deadline;
    }
    return NULL;
}

void
deadline_remove(struct stage *stage, const char *id)
{
    json_t *deadlines = stage_member(stage, "deadlines");
    const json_t *deadline;
    size_t i;

    json_array_foreach(deadlines, i, deadline) {
        if (strcmp(sgn_json_str(deadline, "id"), id) == 0) {
            json_array_remove(deadlines, i);
            return;
        }
    }
}

/* A send belongs to the case, whatever state it is in. */
void
deadline_disarm(struct stage *stage, const char *state)
{
    json_t *deadlines = stage_member(stage, "deadlines");

    for (size_t i = json_array_size(deadlines); i > 0; i--) {
        const json_t *deadline = json_array_get(deadlines, i - 1);
        if (strcmp(sgn_json_str(deadline, "kind"), "send") != 0 &&
            strcmp(sgn_json_str(deadline, "state"), state) == 0)
            json_array_remove(deadlines, i - 1);
    }
}

/* An event that is taken ends the withins that wait for it, whoever fired it. */
void
deadline_until(struct stage *stage, const char *event)
{
    json_t *deadlines = stage_member(stage, "deadlines");

    for (size_t i = json_array_size(deadlines); i > 0; i--) {
        const json_t *deadline = json_array_get(deadlines, i - 1);
        const struct model_deadline *within = strcmp(sgn_json_str(deadline, "kind"), "within") == 0
                                                  ? deadline_of(stage->model, deadline)
                                                  : NULL;
        if (within != NULL && within->until != NULL && model_event_matches(within->until, event))
            json_array_remove(deadlines, i - 1);
    }
}

enum sgn_status
deadline_send(struct stage *stage, const json_t *action)
{
    const char *event = sgn_json_str(action, "send");
    const char *after = sgn_json_str(action, "after");
    const char *id = sgn_json_str(action, "id");
    json_t *data = json_object_get(action, "data");
    struct calendar_duration duration = { 0 };
    struct deadline_clock clock;
    json_t *deadline;
    int64_t due = 0;
    enum sgn_status status =
        after != NULL ? calendar_duration_parse(after, &duration, stage->err) : SGN_OK;

    if (status == SGN_INVALID)
        return sgn_fail(stage->err, SGN_RULE_ERROR, "send: \"%s\" is not a duration", after);
    if (status == SGN_OK)
        status = due_of(stage, &duration, &due, &clock);
    if (status != SGN_OK)
        return status;
    deadline = add(stage, "send", event, "");
    add_due(stage, deadline, &clock, due);
    stage_put(stage, deadline, "event", json_string(event));
    if (after != NULL)
        stage_put(stage, deadline, "after", json_string(after));
    if (json_is_object(data))
        stage_put(stage, deadline, "data", json_incref(data));
    if (id != NULL)
        stage_put(stage, deadline, "send", json_string(id));
    return SGN_OK;
}

/* All of this id: a function that sends twice under one id means one timer. */
void
deadline_cancel(struct stage *stage, const char *id)
{
    json_t *deadlines = stage_member(stage, "deadlines");

    for (size_t i = json_array_size(deadlines); i > 0; i--) {
        const char *its = sgn_json_str(json_array_get(deadlines, i - 1), "send");
        if (its != NULL && strcmp(its, id) == 0)
            json_array_remove(deadlines, i - 1);
    }
}
