/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing values: by amount, by instant, by day, and never by spelling. What has no order
 * compares as false and not as a failure: conditions are checked when a model is read.
 */
#include "clock.h"
#include "model_internal.h"
#include <stdio.h>
#include <string.h>

/* Integers are decimals too: a user may write 3 for 3.00. */
bool
value_decimal(const json_t *value, struct sgn_decimal *out)
{
    char text[32];

    if (json_is_string(value))
        return sgn_decimal_parse(json_string_value(value), out);
    if (!json_is_integer(value))
        return false;
    (void)snprintf(text, sizeof(text), "%lld", (long long)json_integer_value(value));
    return sgn_decimal_parse(text, out);
}

bool
value_is_date(const json_t *value)
{
    int year, month, day;

    return json_is_string(value) && sgn_date_parse(json_string_value(value), &year, &month, &day);
}

/* The instant; its offset is kept in the value but does not count in comparisons. */
static bool
time_of(const json_t *value, int64_t *out)
{
    struct sgn_error ignored = { 0 };
    bool good =
        json_is_string(value) && sgn_time_parse(json_string_value(value), out, &ignored) == SGN_OK;

    sgn_error_clear(&ignored);
    return good;
}

/* Do both have an order that means something for this field? */
bool
value_compare(const struct model_field *field, const json_t *a, const json_t *b, int *out)
{
    struct sgn_decimal x, y;
    int64_t s, t;

    if (field != NULL && field->type == MODEL_TIME) {
        if (!time_of(a, &s) || !time_of(b, &t))
            return false;
        *out = (s > t) - (s < t);
        return true;
    }
    if (field != NULL && field->type == MODEL_DATE) {
        if (!value_is_date(a) || !value_is_date(b))
            return false;
        *out = strcmp(json_string_value(a), json_string_value(b));
        return true;
    }
    if (field != NULL && field->type != MODEL_NUMBER && field->type != MODEL_MONEY)
        return false;
    if (value_decimal(a, &x) && value_decimal(b, &y)) {
        *out = sgn_decimal_compare(x, y);
        return true;
    }
    if (field != NULL || !json_is_string(a) || !json_is_string(b))
        return false;
    *out = strcmp(json_string_value(a), json_string_value(b));
    return true;
}

/* "100" is "100.00", and 09:00+08:00 is 01:00Z. What is not declared has no type, so
 * text is compared as it is and never as a number. */
static bool
value_equal(const struct model_field *field, const json_t *a, const json_t *b)
{
    int order;

    if (json_equal(a, b))
        return true;
    /* "100" is "100.00", and 09:00+08:00 is 01:00Z. Undeclared text is compared as it is. */
    if (field == NULL && json_is_string(a) == json_is_string(b))
        return false;
    return value_compare(field, a, b, &order) && order == 0;
}

/* Text of no characters and a list of nothing are empty: nobody has filled anything in. */
static bool
is_filled(const json_t *value)
{
    if (value == NULL || json_is_null(value))
        return false;
    if (json_is_string(value))
        return json_string_length(value) > 0;
    return !json_is_array(value) || json_array_size(value) > 0;
}

/* A missing value satisfies no comparison: only filled = false. */
bool
model_value_holds(const struct model_field *field, const json_t *value, enum model_op op,
                  const json_t *operand)
{
    json_t *one;
    size_t i;
    int order;

    if (op == MODEL_FILLED)
        return is_filled(value) == json_is_true(operand);
    if (!is_filled(value))
        return false;
    switch (op) {
    case MODEL_IS:
        return value_equal(field, value, operand);
    case MODEL_ONE_IN:
        json_array_foreach(operand, i, one)
            if (value_equal(field, value, one))
                return true;
        return false;
    case MODEL_ABOVE:
        return value_compare(field, value, operand, &order) && order > 0;
    case MODEL_BELOW:
        return value_compare(field, value, operand, &order) && order < 0;
    case MODEL_MIN:
        return value_compare(field, value, operand, &order) && order >= 0;
    case MODEL_MAX:
        return value_compare(field, value, operand, &order) && order <= 0;
    case MODEL_FILLED:
        break;
    }
    return false;
}
