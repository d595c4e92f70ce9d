/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions as data, each operand checked against the type it will meet: a comparison
 * that could never hold, or would fail while a case is decided, is refused here.
 */
#include "model_internal.h"
#include <string.h>

/* In the order of enum model_op. */
static const char *const op_names[] = { "is", "above", "below", "min", "max", "one_in", "filled" };
static const char *const priorities[] = { "low", "normal", "high", "urgent" };

/* In the order of enum model_cond_kind. */
static const char *const cond_names[] = { "all", "any",       "not",        "field", "event",
                                          "in",  "none_open", "tasks_done", "call" };

static enum sgn_status read_cond(struct reader *r, const struct place *at, const json_t *json,
                                 struct model_cond *cond);

/* Of lists and records only "filled" can be asked. What an event carries need not be
 * declared: then the operand may be any plain value, and is compared as it is. */
static enum sgn_status
check_operand(struct reader *r, const struct place *at, const struct model_cond *cond,
              const json_t *value)
{
    const struct model_field *field = cond->field;
    bool ordered = cond->op == MODEL_ABOVE || cond->op == MODEL_BELOW || cond->op == MODEL_MIN ||
                   cond->op == MODEL_MAX;
    int unused;

    if (cond->kind == MODEL_COND_FIELD && field == NULL) {
        if (ordered)
            return reader_fail(r, at, "a priority has no order here: use is or one_in");
        if (!json_is_string(value))
            return reader_fail(r, at, "must be a priority");
        return reader_word(r, at, json_string_value(value), "priority", priorities,
                           COUNT(priorities), &unused);
    }
    if (field == NULL)
        return json_is_object(value) || json_is_array(value) || json_is_null(value)
                   ? reader_fail(r, at, "must be text, a number, true or false")
                   : SGN_OK;
    if (field->type == MODEL_LIST || field->type == MODEL_RECORD)
        return reader_fail(r, at, "of a %s only filled can be asked",
                           field->type == MODEL_LIST ? "list" : "record");
    if (ordered && field->type != MODEL_NUMBER && field->type != MODEL_MONEY &&
        field->type != MODEL_DATE && field->type != MODEL_TIME)
        return reader_fail(r, at, "\"%s\" has no order: it is no number, money, date or time",
                           field->name);
    return reader_failed_at(r, at, value_suits(field, value, r->err));
}

/* "filled" asks yes or no; "one_in" has a list, each value of it checked like one. */
static enum sgn_status
read_operand(struct reader *r, const struct place *at, const json_t *value, struct model_cond *cond)
{
    enum sgn_status st = SGN_OK;
    json_t *one;
    size_t i;

    cond->value = value;
    if (cond->op == MODEL_FILLED)
        return reader_shape(r, at, value, SHAPE_FLAG);
    if (cond->op != MODEL_ONE_IN)
        return check_operand(r, at, cond, value);
    if (json_array_size(value) == 0)
        return reader_fail(r, at, "must be a list of values that is not empty");
    json_array_foreach(value, i, one) {
        struct place here = place_element(at, i);

        st = check_operand(r, &here, cond, one);
        if (st != SGN_OK)
            return st;
    }
    return st;
}

/* An object of two members: what is looked at and how it is compared. Several
 * conditions are joined by "all", so that their order is said. */
static enum sgn_status
read_comparison(struct reader *r, const struct place *at, const json_t *json, const char *subject,
                struct model_cond *cond)
{
    struct place here = place_member(at, subject);
    const char *name;
    json_t *value;
    enum sgn_status st = SGN_OK;
    int op = -1;

    cond->name = sgn_json_str(json, subject);
    if (cond->name == NULL || json_object_size(json) != 2)
        return reader_fail(r, at,
                           "must be {\"%s\": name, and one of is above below min max "
                           "one_in filled}",
                           subject);
    cond->field = model_field_find(r->model, cond->name);
    if (cond->kind == MODEL_COND_FIELD && cond->field == NULL &&
        strcmp(cond->name, "priority") != 0)
        return reader_field(r, &here, cond->name, &cond->field);
    json_object_foreach((json_t *)json, name, value) {
        if (strcmp(name, subject) == 0)
            continue;
        here = place_member(at, name);
        st = reader_word(r, &here, name, "comparison", op_names, COUNT(op_names), &op);
        if (st != SGN_OK)
            return st;
        cond->op = (enum model_op)op;
        st = read_operand(r, &here, value, cond);
    }
    return st;
}

static enum sgn_status
read_several(struct reader *r, const struct place *at, const json_t *json, struct model_cond *cond)
{
    enum sgn_status st = reader_shape(r, at, json, SHAPE_ARRAY);
    json_t *one;
    size_t i;

    if (st != SGN_OK)
        return st;
    cond->of = model_alloc(r->box, json_array_size(json), sizeof(*cond->of));
    if (cond->of == NULL)
        return reader_nomem(r);
    json_array_foreach(json, i, one) {
        struct place here = place_element(at, i);

        st = read_cond(r, &here, one, &cond->of[i]);
        if (st != SGN_OK)
            return st;
        cond->n_of++;
    }
    return SGN_OK;
}

static enum sgn_status
read_negation(struct reader *r, const struct place *at, const json_t *json, struct model_cond *cond)
{
    cond->of = model_alloc(r->box, 1, sizeof(*cond->of));
    if (cond->of == NULL)
        return reader_nomem(r);
    cond->n_of = 1;
    return read_cond(r, at, json, cond->of);
}

/* Workflows are checked as names only: the team's others are not known to a model. */
static enum sgn_status
read_workflows(struct reader *r, const struct place *at, const json_t *names)
{
    enum sgn_status st = reader_shape(r, at, names, SHAPE_TEXTS);
    json_t *name;
    size_t i;

    if (st == SGN_OK && json_array_size(names) == 0)
        return reader_fail(r, at, "must name a workflow");
    json_array_foreach(names, i, name) {
        struct place here = place_element(at, i);

        if (st != SGN_OK)
            break;
        st = reader_name(r, &here, json_string_value(name), "a workflow");
    }
    return st;
}

/* A history is never active itself, so asking for it can only be a mistake. */
static enum sgn_status
read_in(struct reader *r, const struct place *at, const json_t *names)
{
    int *states = NULL;
    int n = 0;
    enum sgn_status st = reader_states(r, at, names, &states, &n);

    if (st == SGN_OK && n == 0)
        return reader_fail(r, at, "must name a state");
    for (int i = 0; st == SGN_OK && i < n; i++) {
        struct place here = place_element(at, (size_t)i);

        if (r->model->states[states[i]].kind == MODEL_HISTORY)
            return reader_fail(r, &here, "a history is never active");
    }
    return st;
}

/* One case for each kind; a comparison has been read before. */
static enum sgn_status
read_kind(struct reader *r, const struct place *at, const json_t *value, struct model_cond *cond)
{
    switch (cond->kind) {
    case MODEL_COND_ALL:
    case MODEL_COND_ANY:
        return read_several(r, at, value, cond);
    case MODEL_COND_NOT:
        return read_negation(r, at, value, cond);
    case MODEL_COND_IN:
        cond->value = value;
        return read_in(r, at, value);
    case MODEL_COND_NONE_OPEN:
        cond->value = value;
        return read_workflows(r, at, value);
    case MODEL_COND_TASKS_DONE:
        return json_is_true(value) ? SGN_OK : reader_fail(r, at, "must be true");
    case MODEL_COND_CALL:
        return reader_function(r, at, value, &cond->function);
    case MODEL_COND_FIELD:
    case MODEL_COND_EVENT:
        break;
    }
    return SGN_OK;
}

/* The one member says the kind. A comparison has two, and is known by "field" or
 * "event". */
static enum sgn_status
read_cond(struct reader *r, const struct place *at, const json_t *json, struct model_cond *cond)
{
    const char *name;
    struct place here;
    enum sgn_status st;
    int index;

    if (!json_is_object(json) || json_object_size(json) == 0)
        return reader_fail(r, at, "must be a condition: an object");
    for (int i = MODEL_COND_FIELD; i <= MODEL_COND_EVENT; i++)
        if (json_object_get(json, cond_names[i]) != NULL) {
            cond->kind = (enum model_cond_kind)i;
            return read_comparison(r, at, json, cond_names[i], cond);
        }
    name = json_object_iter_key(json_object_iter((json_t *)json));
    here = place_member(at, name);
    st = reader_word(r, &here, name, "condition", cond_names, COUNT(cond_names), &index);
    if (st != SGN_OK)
        return st;
    if (json_object_size(json) != 1)
        return reader_fail(r, at, "a condition says one thing: join several by \"all\"");
    cond->kind = (enum model_cond_kind)index;
    return read_kind(r, &here, json_object_get(json, name), cond);
}

enum sgn_status
parse_cond(struct reader *r, const struct place *at, const json_t *json, struct model_cond **out)
{
    if (json == NULL)
        return SGN_OK;
    *out = model_alloc(r->box, 1, sizeof(**out));
    if (*out == NULL)
        return reader_nomem(r);
    return read_cond(r, at, json, *out);
}
