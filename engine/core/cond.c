/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions: data is compared here, functions are asked. A condition never changes
 * anything, so it may be asked as often as one likes, and in core_allowed as well as in
 * a macrostep.
 *
 * Whether tasks are done is a condition, and a task may have one: the two ask each
 * other and stand together. The model refuses a task that asks whether tasks are done.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

/* An empty field satisfies no comparison, not even "below": only filled = false. */
static bool
compare(const struct model_cond *cond, const json_t *value)
{
    if (value == NULL || json_is_null(value))
        return cond->op == MODEL_FILLED && json_is_false(cond->value);
    return model_value_holds(cond->field, value, cond->op, cond->value);
}

/* "in_state" of a compound state holds while any of its descendants is active. */
static bool
in_any(const struct stage *stage, const json_t *names)
{
    const json_t *name;
    size_t i;

    json_array_foreach(names, i, name) {
        int state = model_state_find(stage->model, json_string_value(name));
        if (state >= 0 && stage_active(stage, state))
            return true;
    }
    return false;
}

/* No open case of these workflows in the project; this case itself does not count. All
 * counts are asked for, even behind one that is not known, so that they come in one
 * round. */
static enum sgn_status
none_open(struct stage *stage, const json_t *workflows, bool *out)
{
    enum sgn_status status = SGN_OK;
    const json_t *name;
    size_t i;

    *out = true;
    json_array_foreach(workflows, i, name) {
        int64_t count;
        enum sgn_status one = known_open(stage, json_string_value(name), &count);
        status = status != SGN_OK ? status : one;
        if (count > 0)
            *out = false;
    }
    return status;
}

/* Foresight: nobody has answered yet. What a guard is asked is the same each time while the event
 * is: written once. */
static enum sgn_status
suppose(struct stage *stage, int function, bool *out)
{
    const struct core_calls *calls = &stage->out->calls;
    const json_t *answer;
    int place = stage->asked_from;
    enum sgn_status status = SGN_NEEDS;

    while (place < calls->n &&
           (calls->items[place].function != function || calls->items[place].purpose != RULES_GUARD))
        place++;
    if (place == calls->n) {
        status = known_call(stage, function, RULES_GUARD, &answer);
        place = stage->asked;
    }
    *out = place >= stage->agree_from;
    return status == SGN_NEEDS ? SGN_OK : status;
}

/* true, or false and a reason: [false, "why"]. Anything else is a mistake and not "no":
 * a guard that returns nothing by accident would otherwise close a transition without a
 * word. */
static enum sgn_status
ask(struct stage *stage, int function, bool *out)
{
    const json_t *answer;
    enum sgn_status status;

    if (stage->foresees)
        return suppose(stage, function, out);
    status = known_call(stage, function, RULES_GUARD, &answer);
    if (status != SGN_OK)
        return status;
    if (json_is_boolean(answer)) {
        *out = json_is_true(answer);
        return SGN_OK;
    }
    if (!json_is_array(answer) || !json_is_false(json_array_get(answer, 0)))
        return sgn_fail(stage->err, SGN_RULE_ERROR,
                        "a guard must return true, or false and a reason");
    *out = false;
    if (json_is_string(json_array_get(answer, 1))) {
        json_decref(stage->reason);
        stage->reason = json_incref(json_array_get(answer, 1));
    }
    return SGN_OK;
}

/* Of several: the first that decides ends it. Behind one that is not known yet the
 * others are still asked, only to learn what they lack; what they say does not count,
 * and their mistakes are not told: in the next round the first may decide without them. */
static enum sgn_status
several(struct stage *stage, const struct model_cond *cond, int at, bool *out)
{
    bool ends_at = cond->kind == MODEL_COND_ANY;
    struct sgn_error *err = stage->err;
    enum sgn_status status = SGN_OK;

    *out = !ends_at;
    for (int i = 0; i < cond->n_of; i++) {
        bool holds = false;
        enum sgn_status one = cond_holds(stage, &cond->of[i], at, &holds);
        if (status == SGN_NEEDS)
            continue;
        if (one == SGN_NEEDS) {
            status = one;
            stage->err = NULL;
            continue;
        }
        if (one != SGN_OK)
            return one;
        if (holds == ends_at) {
            *out = ends_at;
            return SGN_OK;
        }
    }
    stage->err = err;
    return status;
}

/* Optional ones and those whose "when" says no do not count; a state without tasks is
 * done. Names of those that are open are put into names, unless that is NULL. */
static enum sgn_status
tasks_look(struct stage *stage, int state, bool *out, json_t *names)
{
    const struct model_state *s = &stage->model->states[state];

    *out = true;
    for (int i = 0; i < s->n_tasks; i++) {
        const struct model_task *task = &s->tasks[i];
        bool counts;
        enum sgn_status status;
        if (task->optional || task_is_done(stage, state, task))
            continue;
        status = cond_holds(stage, task->when, state, &counts);
        if (status != SGN_OK)
            return status;
        if (!counts)
            continue;
        *out = false;
        if (names != NULL)
            names_add(stage, names,
                      stage->language != NULL
                          ? model_title(task->title, stage->language, task->name)
                          : task->name);
    }
    return SGN_OK;
}

enum sgn_status
tasks_done(struct stage *stage, int state, bool *out)
{
    return tasks_look(stage, state, out, NULL);
}

static enum sgn_status
tasks_look_all(struct stage *stage, bool *out, json_t *names)
{
    *out = true;
    for (int i = 1; i < stage->model->n_states; i++) {
        bool done = true;
        enum sgn_status status = SGN_OK;
        if (stage_active(stage, i) && stage->model->states[i].n_tasks > 0)
            status = tasks_look(stage, i, &done, names);
        if (status != SGN_OK)
            return status;
        *out = *out && done;
    }
    return SGN_OK;
}

enum sgn_status
tasks_open(struct stage *stage, json_t *names)
{
    bool done;

    return tasks_look_all(stage, &done, names);
}

enum sgn_status
cond_holds(struct stage *stage, const struct model_cond *cond, int at, bool *out)
{
    enum sgn_status status;

    *out = true;
    if (cond == NULL)
        return SGN_OK;
    switch (cond->kind) {
    case MODEL_COND_ALL:
    case MODEL_COND_ANY:
        return several(stage, cond, at, out);
    case MODEL_COND_NOT: {
        /* What may be met may also be not met, so inside "no" a condition on the event
         * is not taken as met: the event stays possible either way. */
        bool maybe = stage->maybe;
        /* What may be met may also be not met. */
        stage->maybe = false;
        status = cond_holds(stage, &cond->of[0], at, out);
        stage->maybe = maybe;
        *out = !*out;
        return status;
    }
    case MODEL_COND_FIELD:
        *out = compare(cond, stage_field(stage, cond->name));
        return SGN_OK;
    case MODEL_COND_EVENT:
        *out = stage->maybe || compare(cond, json_object_get(stage->event_data, cond->name));
        return SGN_OK;
    case MODEL_COND_IN:
        *out = in_any(stage, cond->value);
        return SGN_OK;
    case MODEL_COND_NONE_OPEN:
        return none_open(stage, cond->value, out);
    case MODEL_COND_TASKS_DONE:
        return tasks_look_all(stage, out, NULL);
    case MODEL_COND_CALL:
    default:
        return ask(stage, cond->function, out);
    }
}
