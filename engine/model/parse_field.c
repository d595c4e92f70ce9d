/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields: their types, and the bounds, choices and defaults that fit the type. A field
 * says whether it is shared; what it holds inside is shared as the whole is, so that
 * half of a value can never leave the team.
 */
#include "model_internal.h"
#include <stdlib.h>
#include <string.h>

/* In the order of enum model_field_type. */
static const char *const type_names[] = { "text", "number", "money", "date", "time",  "choice",
                                          "flag", "person", "file",  "list", "record" };

const char *
model_field_type_name(enum model_field_type type)
{
    return type_names[type];
}

/* Words that conditions and lists use for what every case has. */
static const char *const reserved[] = { "priority", "owner", "key", "outcome", "state" };

static const struct member field_members[] = {
    { "name", SHAPE_TEXT, false },     { "type", SHAPE_TEXT, true },
    { "shared", SHAPE_FLAG, false },   { "required", SHAPE_FLAG, false },
    { "indexed", SHAPE_FLAG, false },  { "max", SHAPE_ANY, false },
    { "min", SHAPE_ANY, false },       { "default", SHAPE_ANY, false },
    { "choices", SHAPE_TEXTS, false }, { "places", SHAPE_INTEGER, false },
    { "of", SHAPE_OBJECT, false },     { "fields", SHAPE_ARRAY, false },
    { "title", SHAPE_TITLE, false },   { "help", SHAPE_TITLE, false },
    { "currency", SHAPE_TEXT, false }, { "titles", SHAPE_OBJECT, false },
};

/* A member that belongs to some types only; on others it would look as if it did
 * something. */
static enum sgn_status
only_for(struct reader *r, const struct place *at, const json_t *json, const char *name, bool fits)
{
    struct place here = place_member(at, name);

    if (fits || json_object_get(json, name) == NULL)
        return SGN_OK;
    return reader_fail(r, &here, "a field of type %s has no \"%s\"", sgn_json_str(json, "type"),
                       name);
}

/* Which member fits which type: the table of the form, in code. */
static enum sgn_status
check_members(struct reader *r, const struct place *at, const json_t *json,
              enum model_field_type type)
{
    bool bounded = type == MODEL_TEXT || type == MODEL_NUMBER || type == MODEL_MONEY ||
                   type == MODEL_DATE || type == MODEL_TIME || type == MODEL_LIST;
    bool nested = type == MODEL_LIST || type == MODEL_RECORD;
    enum sgn_status st = only_for(r, at, json, "max", bounded);

    if (st == SGN_OK)
        st = only_for(r, at, json, "min", bounded);
    if (st == SGN_OK)
        st = only_for(r, at, json, "choices", type == MODEL_CHOICE);
    if (st == SGN_OK)
        st = only_for(r, at, json, "titles", type == MODEL_CHOICE);
    if (st == SGN_OK)
        st = only_for(r, at, json, "places", type == MODEL_NUMBER);
    if (st == SGN_OK)
        st = only_for(r, at, json, "currency", type == MODEL_MONEY);
    if (st == SGN_OK)
        st = only_for(r, at, json, "of", type == MODEL_LIST);
    if (st == SGN_OK)
        st = only_for(r, at, json, "fields", type == MODEL_RECORD);
    if (st == SGN_OK)
        st = only_for(r, at, json, "indexed", !nested);
    return st;
}

/* Of text and lists a bound is a length; of the rest it is a value of the type itself. */
static enum sgn_status
check_bound(struct reader *r, const struct place *at, const struct model_field *field,
            const char *name, const json_t *bound)
{
    struct place here = place_member(at, name);

    if (bound == NULL)
        return SGN_OK;
    if (field->type == MODEL_TEXT || field->type == MODEL_LIST)
        return json_is_integer(bound) && json_integer_value(bound) >= 0
                   ? SGN_OK
                   : reader_fail(r, &here, "must be a length: a whole number from 0");
    return reader_failed_at(r, &here, value_suits(field, bound, r->err));
}

/* A default must be one that a user could give. Money is checked with the most digits
 * any currency has: which one it is depends on the project. */
static enum sgn_status
parse_bounds(struct reader *r, const struct place *at, const json_t *json,
             struct model_field *field)
{
    const json_t *or_else = json_object_get(json, "default");
    struct place here = place_member(at, "default");
    json_t *canonical = NULL;
    enum sgn_status st;
    int order;

    field->min = json_object_get(json, "min");
    field->max = json_object_get(json, "max");
    st = check_bound(r, at, field, "min", field->min);
    if (st == SGN_OK)
        st = check_bound(r, at, field, "max", field->max);
    if (st != SGN_OK)
        return st;
    if (field->min != NULL && field->max != NULL &&
        ((json_is_integer(field->min) && json_is_integer(field->max) &&
          json_integer_value(field->min) > json_integer_value(field->max)) ||
         (value_compare(field, field->min, field->max, &order) && order > 0)))
        return reader_fail(r, at, "\"min\" is above \"max\"");
    if (or_else == NULL)
        return SGN_OK;
    if (json_is_null(or_else))
        return reader_fail(r, &here, "null is no default: leave it out");
    st = reader_failed_at(r, &here, model_value_check(field, or_else, 6, &canonical, r->err));
    json_decref(canonical);
    field->or_else = or_else;
    return st;
}

/* A title of a choice that is not there is a slip in one of both. */
static enum sgn_status
parse_choice_titles(struct reader *r, const struct place *at, const json_t *json,
                    struct model_field *field)
{
    struct place titles = place_member(at, "titles");

    field->titles = json_object_get(json, "titles");
    return reader_titles(r, &titles, field->titles, "choice", field->choices);
}

/* Whether choices are unique was checked by their shape. */
static enum sgn_status
parse_details(struct reader *r, const struct place *at, const json_t *json,
              struct model_field *field)
{
    struct place here = place_member(at, "choices");
    enum sgn_status st;
    int64_t places = sgn_json_int(json, "places", 0);

    field->required = sgn_json_true(json, "required");
    field->indexed = sgn_json_true(json, "indexed");
    field->title = json_object_get(json, "title");
    field->help = json_object_get(json, "help");
    field->choices = json_object_get(json, "choices");
    if (field->type == MODEL_CHOICE && json_array_size(field->choices) == 0)
        return reader_fail(r, at, "a choice needs \"choices\"");
    for (size_t i = 0; i < json_array_size(field->choices); i++) {
        struct place choice = place_element(&here, i);

        if (*json_string_value(json_array_get(field->choices, i)) == '\0')
            return reader_fail(r, &choice, "a choice must not be empty");
    }
    st = parse_choice_titles(r, at, json, field);
    if (st != SGN_OK)
        return st;
    here = place_member(at, "places");
    if (places < 0 || places > 6)
        return reader_fail(r, &here, "a decimal has 1 to 6 places, a whole number 0");
    field->places = (int)places;
    here = place_member(at, "currency");
    field->currency = sgn_json_str(json, "currency");
    if (field->currency != NULL && (strlen(field->currency) != 3 ||
                                    strspn(field->currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3))
        return reader_fail(r, &here, "a currency is three capitals, such as \"EUR\"");
    return SGN_OK;
}

static enum sgn_status parse_field(struct reader *r, const struct place *at, const json_t *json,
                                   const struct model_field *inside, struct model_field *field);

/* The parts of a list have no name, those of a record must have different ones. They
 * are read by parse_field again: depth is bounded by that of the JSON. */
static enum sgn_status
parse_nested(struct reader *r, const struct place *at, const json_t *json,
             struct model_field *field)
{
    struct place of = place_member(at, "of");
    struct place fields = place_member(at, "fields");
    const json_t *members = json_object_get(json, "fields");
    enum sgn_status st = SGN_OK;

    if (field->type == MODEL_LIST) {
        if (json_object_get(json, "of") == NULL)
            return reader_fail(r, at, "a list needs \"of\": what it holds");
        field->n_fields = 1;
        field->fields = model_alloc(r->box, 1, sizeof(*field));
        if (field->fields == NULL)
            return reader_nomem(r);
        return parse_field(r, &of, json_object_get(json, "of"), field, field->fields);
    }
    if (field->type != MODEL_RECORD)
        return SGN_OK;
    if (json_array_size(members) == 0)
        return reader_fail(r, at, "a record needs \"fields\"");
    field->fields = model_alloc(r->box, json_array_size(members), sizeof(*field));
    if (field->fields == NULL)
        return reader_nomem(r);
    for (size_t i = 0; st == SGN_OK && i < json_array_size(members); i++) {
        struct place here = place_element(&fields, i);

        st = parse_field(r, &here, json_array_get(members, i), field, &field->fields[i]);
        for (int k = 0; st == SGN_OK && k < field->n_fields; k++)
            if (strcmp(field->fields[k].name, field->fields[i].name) == 0)
                return reader_fail(r, &here, "\"%.100s\" stands here twice", field->fields[i].name);
        field->n_fields++;
    }
    return st;
}

/* inside: the list or record it is part of, or NULL. A part is shared as its whole is. */
static enum sgn_status
parse_field(struct reader *r, const struct place *at, const json_t *json,
            const struct model_field *inside, struct model_field *field)
{
    struct place here = place_member(at, "type");
    const json_t *shared = json_object_get(json, "shared");
    bool named = inside == NULL || inside->type != MODEL_LIST;
    enum sgn_status st;
    int type;

    st = reader_object(r, at, json, "a field", field_members, COUNT(field_members));
    if (st != SGN_OK)
        return st;
    field->name = sgn_json_str(json, "name");
    if (named && field->name == NULL)
        return reader_fail(r, at, "a field needs \"name\"");
    if (inside == NULL && shared == NULL)
        return reader_fail(r, at, "a field needs \"shared\"");
    field->shared = inside == NULL ? json_is_true(shared) : inside->shared;
    if (shared != NULL && json_is_true(shared) != field->shared)
        return reader_fail(r, at, "a part of a field is shared as the whole is");
    st = reader_word(r, &here, sgn_json_str(json, "type"), "type", type_names, COUNT(type_names),
                     &type);
    if (st != SGN_OK)
        return st;
    field->type = (enum model_field_type)type;
    here = place_member(at, "name");
    if (field->name != NULL && (!sgn_name_valid(field->name) || strchr(field->name, '.') != NULL))
        return reader_fail(r, &here,
                           "\"%.100s\" is no name for a field: a small letter, then small "
                           "letters, digits and \"_\"",
                           field->name);
    st = check_members(r, at, json, field->type);
    if (st == SGN_OK)
        st = parse_details(r, at, json, field);
    if (st == SGN_OK)
        st = parse_nested(r, at, json, field);
    if (st == SGN_OK)
        st = parse_bounds(r, at, json, field);
    return st;
}

/* Names that every case has already (priority, owner, ...) are refused: a condition
 * that says "priority" could mean either. */
enum sgn_status
parse_fields(struct reader *r, const struct place *at, const json_t *json, struct model_field **out,
             int *n)
{
    enum sgn_status st;
    json_t *field;
    size_t i;

    *out = model_alloc(r->box, json_array_size(json), sizeof(**out));
    if (*out == NULL)
        return reader_nomem(r);
    json_array_foreach(json, i, field) {
        struct place here = place_element(at, i);
        struct place name = place_member(&here, "name");
        struct model_field *this = &(*out)[i];

        st = parse_field(r, &here, field, NULL, this);
        if (st != SGN_OK)
            return st;
        for (size_t k = 0; k < COUNT(reserved); k++)
            if (strcmp(this->name, reserved[k]) == 0)
                return reader_fail(r, &name, "every case has its \"%s\": choose another name",
                                   this->name);
        for (int k = 0; k < *n; k++)
            if (strcmp((*out)[k].name, this->name) == 0)
                return reader_fail(r, &name, "the field \"%s\" is declared twice", this->name);
        (*n)++;
    }
    return SGN_OK;
}

/* A model of nothing but this field. */
static enum sgn_status
alone(struct reader *r, const json_t *json, struct model_field *field)
{
    struct place top = { 0 };
    enum sgn_status st = reader_values(r, &top, json);

    r->box = st == SGN_OK ? calloc(1, sizeof(*r->box)) : NULL;
    if (st == SGN_OK && r->box == NULL)
        st = reader_nomem(r);
    if (st != SGN_OK)
        return st;
    r->model = &r->box->model;
    return parse_field(r, &top, json, NULL, field);
}

enum sgn_status
model_field_suits(const json_t *json, const json_t *value, bool operand, struct sgn_error *err)
{
    struct sgn_error wrong = { 0 };
    struct reader r = { .err = &wrong };
    struct model_field field = { 0 };
    json_t *canonical = NULL;
    enum sgn_status st = alone(&r, json, &field);

    if (st == SGN_OK)
        st = operand ? value_suits(&field, value, err)
                     : model_value_check(&field, value, 6, &canonical, err);
    else if (st == SGN_INVALID)
        st = SGN_OK; /* a mistake of the field's own */
    else
        sgn_error_move(err, &wrong);
    sgn_error_clear(&wrong);
    json_decref(canonical);
    model_box_free(r.box);
    return st;
}
