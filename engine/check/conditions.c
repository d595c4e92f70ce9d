/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When one condition follows from another.
 *
 * Limits cut a field's values into stretches; a condition is the same all over a stretch. So it is
 * enough to ask at the limits of both conditions and right beside them.
 */
#include "conditions.h"

#include <string.h>

/* Just beside a limit, and one away: whole numbers, and decimals of six places. */
static void
add_beside(json_t *points, const json_t *operand)
{
    const struct sgn_decimal steps[] = { { -1, 0 }, { 1, 0 }, { -1, 6 }, { 1, 6 } };
    struct sgn_decimal value, sum;
    char text[SGN_DECIMAL_TEXT];

    if (json_is_integer(operand)) {
        (void)json_array_append_new(points, json_integer(json_integer_value(operand) - 1));
        (void)json_array_append_new(points, json_integer(json_integer_value(operand) + 1));
        return;
    }
    if (!json_is_string(operand) || !sgn_decimal_parse(json_string_value(operand), &value))
        return;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (!sgn_decimal_add(value, steps[i], &sum))
            continue;
        sgn_decimal_format(sum, text);
        (void)json_array_append_new(points, json_string(text));
    }
}

void
cond_points(const struct model_cond *cond, json_t *points)
{
    const struct model_field *field = cond->field;
    const json_t *one;
    size_t i;

    if (field != NULL && field->type == MODEL_CHOICE) {
        json_array_extend(points, (json_t *)field->choices);
    } else if (field != NULL && field->type == MODEL_FLAG) {
        (void)json_array_append_new(points, json_true());
        (void)json_array_append_new(points, json_false());
    } else if (cond->op == MODEL_ONE_IN) {
        json_array_foreach(cond->value, i, one)
            (void)json_array_append(points, (json_t *)one);
    } else if (cond->op == MODEL_FILLED) {
        (void)json_array_append_new(points, json_string("1"));
    } else {
        (void)json_array_append(points, (json_t *)cond->value);
        add_beside(points, cond->value);
    }
}

/* At an empty value, and at every other one that matters. */
static bool
field_implies(const struct model_cond *a, const struct model_cond *b)
{
    json_t *points = json_array();
    const json_t *value;
    bool follows = points != NULL;
    size_t i;

    if (a->kind != b->kind || strcmp(a->name, b->name) != 0) {
        json_decref(points);
        return false;
    }
    cond_points(a, points);
    cond_points(b, points);
    (void)json_array_append_new(points, json_null());
    /* a value that neither names */
    (void)json_array_append_new(points, json_string("\x01"));
    json_array_foreach(points, i, value) {
        if (model_value_holds(a->field, value, a->op, a->value) &&
            !model_value_holds(b->field, value, b->op, b->value))
            follows = false;
    }
    json_decref(points);
    return follows;
}

/* Nested conditions can be compared in very many ways: after so many steps nothing is sure. */
#define STEPS_MAX 10000

static bool implies(const struct model_cond *a, const struct model_cond *b, int *left);

static bool
leaf_implies(const struct model_cond *a, const struct model_cond *b, int *left)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case MODEL_COND_FIELD:
    case MODEL_COND_EVENT:
        return field_implies(a, b);
    case MODEL_COND_CALL:
        return a->function == b->function;
    case MODEL_COND_IN:
    case MODEL_COND_NONE_OPEN:
        return json_equal((json_t *)a->value, (json_t *)b->value) == 1;
    case MODEL_COND_TASKS_DONE:
        return true;
    case MODEL_COND_NOT:
        return implies(&b->of[0], &a->of[0], left);
    default:
        return false;
    }
}

static bool
implies(const struct model_cond *a, const struct model_cond *b, int *left)
{
    if (--*left < 0)
        return false;
    if (b->kind == MODEL_COND_ALL) {
        for (int i = 0; i < b->n_of; i++)
            if (!implies(a, &b->of[i], left))
                return false;
        return true;
    }
    if (a->kind == MODEL_COND_ANY) {
        for (int i = 0; i < a->n_of; i++)
            if (!implies(&a->of[i], b, left))
                return false;
        return true;
    }
    for (int i = 0; a->kind == MODEL_COND_ALL && i < a->n_of; i++)
        if (implies(&a->of[i], b, left))
            return true;
    for (int i = 0; b->kind == MODEL_COND_ANY && i < b->n_of; i++)
        if (implies(a, &b->of[i], left))
            return true;
    return leaf_implies(a, b, left);
}

bool
cond_implies(const struct model_cond *a, const struct model_cond *b)
{
    int left = STEPS_MAX;

    return b == NULL || (a != NULL && implies(a, b, &left));
}

/* ---- actions ---- */

static void
each_of(const struct model_actions *actions, action_fn each, void *ctx)
{
    for (int i = 0; i < actions->n; i++)
        each(ctx, &actions->items[i]);
}

void
actions_each(const struct model *model, int state, action_fn each, void *ctx)
{
    const struct model_state *at = &model->states[state];

    each_of(&at->enter, each, ctx);
    each_of(&at->leave, each, ctx);
    for (int i = 0; i < at->n_transitions; i++)
        each_of(&at->transitions[i]->run, each, ctx);
    for (int i = 0; i < at->n_deadlines; i++) {
        const struct model_deadline *deadline = &model->deadlines[at->deadlines[i]];

        for (int k = 0; k < deadline->n_rungs; k++)
            each_of(&deadline->rungs[k].actions, each, ctx);
    }
}
