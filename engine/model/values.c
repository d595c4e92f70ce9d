/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values of fields: what a type admits, its one canonical form, and comparing.
 *
 * A value has one spelling in a row, since digests and comparisons are made over bytes:
 * "12.5" of a field with two places is "12.50". Nothing here is a binary float; money
 * and decimals are text with exact arithmetic.
 */
#include "clock.h"
#include "model_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_MAX    1000
#define FILE_MAX    128
#define INTEGER_MAX ((INT64_C(1) << 53) - 1)

static enum sgn_status
give(json_t *value, json_t **out, struct sgn_error *err)
{
    *out = value;
    return value == NULL ? sgn_nomem(err) : SGN_OK;
}

/* A copy, so that the caller may put it where it likes. */
static enum sgn_status
give_same(const json_t *value, json_t **out, struct sgn_error *err)
{
    /* A copy, so that the caller may put it where it likes. */
    return give(sgn_json_copy(value), out, err);
}

/* Of the type's own order; lengths are checked apart. */
static enum sgn_status
check_bounds(const struct model_field *field, const json_t *value, struct sgn_error *err)
{
    int order;

    if (field->min != NULL && value_compare(field, value, field->min, &order) && order < 0) {
        char *text = json_dumps(field->min, JSON_ENCODE_ANY);
        enum sgn_status st = sgn_fail(err, SGN_INVALID, "must be at least %s", text ? text : "?");

        free(text);
        return st;
    }
    if (field->max != NULL && value_compare(field, value, field->max, &order) && order > 0) {
        char *text = json_dumps(field->max, JSON_ENCODE_ANY);
        enum sgn_status st = sgn_fail(err, SGN_INVALID, "must be at most %s", text ? text : "?");

        free(text);
        return st;
    }
    return SGN_OK;
}

/* Characters, not bytes: what a user counts. */
static enum sgn_status
check_length(const struct model_field *field, size_t n, const char *unit, struct sgn_error *err)
{
    if (field->min != NULL && (json_int_t)n < json_integer_value(field->min))
        return sgn_fail(err, SGN_INVALID, "needs at least %lld %s, has %zu",
                        (long long)json_integer_value(field->min), unit, n);
    if (field->max != NULL && (json_int_t)n > json_integer_value(field->max))
        return sgn_fail(err, SGN_INVALID, "holds at most %lld %s, has %zu",
                        (long long)json_integer_value(field->max), unit, n);
    return SGN_OK;
}

static enum sgn_status
check_text(const struct model_field *field, const json_t *value, json_t **out,
           struct sgn_error *err)
{
    enum sgn_status st;

    if (!json_is_string(value))
        return sgn_fail(err, SGN_INVALID, "must be text");
    /* Text of no characters is no text: a required field is not filled by it. */
    if (json_string_length(value) == 0)
        return give(json_null(), out, err);
    if (!sgn_utf8_valid(json_string_value(value), json_string_length(value)))
        return sgn_fail(err, SGN_INVALID, "must be well-formed UTF-8");
    st = check_length(field, sgn_utf8_length(json_string_value(value)), "characters", err);
    return st == SGN_OK ? give_same(value, out, err) : st;
}

/* More places than the field has are refused, not rounded: the user shall know. */
static enum sgn_status
check_decimal(const struct model_field *field, const json_t *value, int places, json_t **out,
              struct sgn_error *err)
{
    char text[SGN_DECIMAL_TEXT];
    struct sgn_decimal decimal;
    enum sgn_status st;

    if (!value_decimal(value, &decimal))
        return sgn_fail(err, SGN_INVALID,
                        "must be a decimal, written as text: \"12.50\", at most 18 digits");
    if (!sgn_decimal_rescale(decimal, places, &decimal))
        return sgn_fail(err, SGN_INVALID,
                        "has at most %d digits after the point here, 18 in all: write text like "
                        "\"12%s%.*s\"",
                        places, places > 0 ? "." : "", places, "3456789");
    st = check_bounds(field, value, err);
    if (st != SGN_OK)
        return st;
    sgn_decimal_format(decimal, text);
    return give(json_string(text), out, err);
}

/* Within 2^53, where every reader of JSON agrees on integers. */
static enum sgn_status
check_number(const struct model_field *field, const json_t *value, json_t **out,
             struct sgn_error *err)
{
    enum sgn_status st;

    if (field->places > 0)
        return check_decimal(field, value, field->places, out, err);
    if (!json_is_integer(value))
        return sgn_fail(err, SGN_INVALID, "must be a whole number, such as 3");
    if (json_integer_value(value) > INTEGER_MAX || json_integer_value(value) < -INTEGER_MAX)
        return sgn_fail(err, SGN_INVALID, "must lie within 2^53 - 1 of zero");
    st = check_bounds(field, value, err);
    return st == SGN_OK ? give_same(value, out, err) : st;
}

/* The offset is kept: it says where the person was who wrote the time. */
static enum sgn_status
check_time(const struct model_field *field, const json_t *value, json_t **out,
           struct sgn_error *err)
{
    char text[SGN_TIME_TEXT];
    const char *given = json_string_value(value);
    long hours = 0, minutes = 0;
    const char *sign;
    int offset = 0;
    enum sgn_status st;
    int64_t ms;

    if (given == NULL)
        return sgn_fail(err, SGN_INVALID, "must be a time: \"2026-01-05T09:00:00+08:00\"");
    st = sgn_time_parse(given, &ms, err);
    if (st != SGN_OK)
        return st;
    st = check_bounds(field, value, err);
    if (st != SGN_OK)
        return st;
    /* The date is 10 characters long; a sign behind it belongs to the offset. */
    sign = strpbrk(given + 10, "+-");
    if (sign != NULL) {
        hours = strtol(sign + 1, NULL, 10); /* HH:MM: the time was read already */
        minutes = strtol(sign + 4, NULL, 10);
        offset = (*sign == '-' ? -1 : 1) * (int)(hours * 3600 + minutes * 60);
    }
    return give(json_string(sgn_time_format(ms, offset, text)), out, err);
}

/* A slip is answered with the nearest choice, a stranger with all of them. */
static enum sgn_status
check_choice(const struct model_field *field, const json_t *value, json_t **out,
             struct sgn_error *err)
{
    const char *text = json_string_value(value);
    const char *nearest;
    char *list;
    enum sgn_status st;

    if (text != NULL && sgn_json_has(field->choices, text))
        return give_same(value, out, err);
    nearest = text == NULL ? NULL : sgn_nearest_json(text, field->choices);
    if (nearest != NULL) {
        st = sgn_fail(err, SGN_INVALID, "\"%.100s\" is no choice; did you mean \"%s\"?", text,
                      nearest);
        sgn_error_add(err, "nearest", json_string(nearest));
        return st;
    }
    list = json_dumps(field->choices, JSON_COMPACT);
    st = sgn_fail(err, SGN_INVALID, "must be one of %.600s", list == NULL ? "the choices" : list);
    free(list);
    return st;
}

/* Values of a list are checked as fields of their own; none may be empty. */
static enum sgn_status
check_list(const struct model_field *field, const json_t *value, int money_digits, json_t **out,
           struct sgn_error *err)
{
    json_t *list = NULL, *item = NULL;
    enum sgn_status st;
    json_t *element;
    size_t i;

    if (!json_is_array(value))
        return sgn_fail(err, SGN_INVALID, "must be a list");
    if (json_array_size(value) > LIST_MAX)
        return sgn_fail(err, SGN_INVALID, "a list holds at most %d values", LIST_MAX);
    st = check_length(field, json_array_size(value), "values", err);
    if (st != SGN_OK)
        return st;
    list = json_array();
    if (list == NULL)
        return sgn_nomem(err);
    json_array_foreach(value, i, element) {
        st = model_value_check(&field->fields[0], element, money_digits, &item, err);
        if (st == SGN_OK && json_is_null(item)) {
            json_decref(item);
            st = sgn_fail(err, SGN_INVALID, "must not be empty");
        }
        if (st != SGN_OK) {
            sgn_error_prefix(err, "value %zu: ", i + 1);
            goto out;
        }
        if (json_array_append_new(list, item) != 0) {
            st = sgn_nomem(err);
            goto out;
        }
    }
    *out = json_incref(list);
out:
    json_decref(list);
    return st;
}

/* A part that is missing has its default; one that is required must be there then. */
static enum sgn_status
check_member(const struct model_field *part, const json_t *value, int money_digits, json_t *record,
             struct sgn_error *err)
{
    json_t *item = NULL;
    enum sgn_status st;

    if (value == NULL)
        value = part->or_else == NULL ? json_null() : part->or_else;
    st = model_value_check(part, value, money_digits, &item, err);
    if (st == SGN_OK && part->required && json_is_null(item))
        st = sgn_fail(err, SGN_INVALID, "must not be empty");
    if (st != SGN_OK)
        sgn_error_prefix(err, "%s: ", part->name);
    else if (!json_is_null(item) && json_object_set(record, part->name, item) != 0)
        st = sgn_nomem(err);
    json_decref(item);
    return st;
}

/* Unknown members first: a slip in a name would otherwise look like a missing part. */
static enum sgn_status
check_record(const struct model_field *field, const json_t *value, int money_digits, json_t **out,
             struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    json_t *record = NULL;
    const char *name;
    json_t *member;

    if (!json_is_object(value))
        return sgn_fail(err, SGN_INVALID, "must be an object");
    json_object_foreach((json_t *)value, name, member) {
        int i = 0;

        while (i < field->n_fields && strcmp(field->fields[i].name, name) != 0)
            i++;
        if (i == field->n_fields)
            return sgn_fail(err, SGN_INVALID, "has no member \"%.100s\"", name);
    }
    record = json_object();
    if (record == NULL)
        return sgn_nomem(err);
    for (int i = 0; st == SGN_OK && i < field->n_fields; i++) {
        const struct model_field *part = &field->fields[i];

        st = check_member(part, json_object_get(value, part->name), money_digits, record, err);
    }
    if (st == SGN_OK)
        *out = json_incref(record);
    json_decref(record);
    return st;
}

/* Persons, clients and files are checked for shape only: whether there is one is a
 * fact, which core looks up where it matters. */
static enum sgn_status
check_plain(const struct model_field *field, const json_t *value, json_t **out,
            struct sgn_error *err)
{
    const char *text = json_string_value(value);
    enum sgn_status st = SGN_OK;

    if (field->type == MODEL_DATE && !value_is_date(value))
        st = sgn_fail(err, SGN_INVALID, "must be a date that exists: \"2026-01-05\"");
    else if (field->type == MODEL_DATE)
        st = check_bounds(field, value, err);
    else if (field->type == MODEL_FLAG && !json_is_boolean(value))
        st = sgn_fail(err, SGN_INVALID, "must be true or false");
    else if (field->type == MODEL_PERSON && (text == NULL || !sgn_key_valid(text)))
        st = sgn_fail(err, SGN_INVALID, "must be a person's key, such as \"li\"");
    else if (field->type == MODEL_FILE &&
             (text == NULL || *text == '\0' || strlen(text) > FILE_MAX))
        st = sgn_fail(err, SGN_INVALID, "must be the id of a file");
    return st == SGN_OK ? give_same(value, out, err) : st;
}

/* null empties a field of any type; whether it may be empty is core's to say. */
enum sgn_status
model_value_check(const struct model_field *field, const json_t *value, int money_digits,
                  json_t **out, struct sgn_error *err)
{
    *out = NULL;
    if (json_is_null(value))
        return give(json_null(), out, err);
    if (json_is_real(value))
        return sgn_fail(err, SGN_INVALID,
                        "a number with a fraction is not exact: write it as text, \"12.50\"");
    switch (field->type) {
    case MODEL_TEXT:
        return check_text(field, value, out, err);
    case MODEL_NUMBER:
        return check_number(field, value, out, err);
    case MODEL_MONEY:
        return check_decimal(field, value, money_digits, out, err);
    case MODEL_TIME:
        return check_time(field, value, out, err);
    case MODEL_CHOICE:
        return check_choice(field, value, out, err);
    case MODEL_LIST:
        return check_list(field, value, money_digits, out, err);
    case MODEL_RECORD:
        return check_record(field, value, money_digits, out, err);
    case MODEL_DATE:
    case MODEL_FLAG:
    case MODEL_PERSON:
    case MODEL_FILE:
        break;
    }
    return check_plain(field, value, out, err);
}

enum sgn_status
value_suits(const struct model_field *field, const json_t *value, struct sgn_error *err)
{
    /* Of the right type, but bounds and lengths are no part of it: a condition may look for
     * what the field will never hold. */
    struct model_field loose = *field;
    json_t *canonical = NULL;
    struct sgn_decimal decimal;
    enum sgn_status st;

    loose.min = loose.max = NULL;
    if (json_is_null(value))
        return sgn_fail(err, SGN_INVALID, "null is no value: ask for filled");
    if (field->type == MODEL_NUMBER && value_decimal(value, &decimal))
        return SGN_OK;
    st = model_value_check(&loose, value, 6, &canonical, err);
    json_decref(canonical);
    return st;
}
