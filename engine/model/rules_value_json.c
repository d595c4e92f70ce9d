/* SPDX-License-Identifier: Apache-2.0 */
/* Values of rules_value.h from JSON and back: whatever JSON may hold, nothing is lost on the way.
 */
#include "rules_value.h"

#include <stdlib.h>
#include <string.h>

/* ---- from JSON ---- */

static enum sgn_status put_any(struct sgn_buf *out, const json_t *value, int depth,
                               struct sgn_error *err);

struct member {
    const char *name;
    const json_t *value;
};

static int
by_name(const void *a, const void *b)
{
    return strcmp(((const struct member *)a)->name, ((const struct member *)b)->name);
}

/* Names have no NUL, so strcmp's order is that of their bytes. Few are put in order as they come,
 * for which most have the order already. */
static void
sort(struct member *members, size_t n)
{
    if (n > 16) {
        qsort(members, n, sizeof *members, by_name);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        struct member member = members[i];
        size_t k = i;

        for (; k > 0 && strcmp(members[k - 1].name, member.name) > 0; k--)
            members[k] = members[k - 1];
        members[k] = member;
    }
}

static enum sgn_status
put_members(struct sgn_buf *out, const json_t *object, int depth, struct sgn_error *err)
{
    enum {
        FEW = 32
    };
    size_t n = json_object_size(object), i = 0;
    struct member few[FEW], *members = few;
    enum sgn_status st = SGN_OK;

    if (n > FEW)
        members = malloc(n * sizeof *members);
    if (members == NULL)
        return sgn_nomem(err);
    for (void *at = json_object_iter((json_t *)object); at != NULL;
         at = json_object_iter_next((json_t *)object, at))
        members[i++] = (struct member){ json_object_iter_key(at), json_object_iter_value(at) };
    sort(members, n);
    for (i = 0; st == SGN_OK && i < n; i++) {
        rules_put_name(out, members[i].name, strlen(members[i].name));
        st = put_any(out, members[i].value, depth, err);
    }
    if (members != few)
        free(members);
    return st;
}

static enum sgn_status
put_nested(struct sgn_buf *out, const json_t *value, int depth, struct sgn_error *err)
{
    bool list = json_is_array(value);
    size_t place = rules_put_open(out, list ? RULES_VALUE_LIST : RULES_VALUE_RECORD), i;
    enum sgn_status st = SGN_OK;
    const json_t *item;

    if (depth == RULES_VALUE_DEPTH)
        return sgn_fail(err, SGN_INVALID, "a value nested more than %d deep", RULES_VALUE_DEPTH);
    if (list)
        json_array_foreach(value, i, item)
            st = st == SGN_OK ? put_any(out, item, depth + 1, err) : st;
    else
        st = put_members(out, value, depth + 1, err);
    rules_put_close(out, place);
    return st;
}

static enum sgn_status
put_any(struct sgn_buf *out, const json_t *value, int depth, struct sgn_error *err)
{
    switch (value == NULL ? JSON_NULL : json_typeof(value)) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        return put_nested(out, value, depth, err);
    case JSON_STRING:
        if (memchr(json_string_value(value), '\0', json_string_length(value)) != NULL)
            return sgn_fail(err, SGN_INVALID, "a text with a NUL byte");
        rules_put_text(out, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        rules_put_integer(out, json_integer_value(value));
        break;
    case JSON_REAL:
        rules_put_real(out, json_real_value(value)); /* jansson holds finite ones only */
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        rules_put_bool(out, json_is_true(value));
        break;
    default:
        rules_put_null(out);
    }
    return SGN_OK;
}

enum sgn_status
rules_put_json(struct sgn_buf *out, const json_t *value, struct sgn_error *err)
{
    enum sgn_status st = put_any(out, value, 0, err);

    if (st == SGN_OK && out->failed)
        return sgn_fail(err, SGN_TOO_LARGE, "a value larger than there is room for");
    out->failed = out->failed || st != SGN_OK;
    return st;
}

/* ---- to JSON ---- */

static json_t *
json_nested(const struct rules_value *value)
{
    bool list = value->kind == RULES_VALUE_LIST;
    json_t *out = list ? json_array() : json_object(), *item;
    const char *at = value->bytes, *end = at + value->n, *name = NULL;
    size_t n_name = 0;
    int failed = out == NULL;

    while (!failed && at < end) {
        struct rules_value member;

        if (!list)
            at = rules_value_name(at, &name, &n_name);
        at = rules_value_read(at, &member);
        item = rules_value_json(&member);
        failed = list ? json_array_append_new(out, item)
                      : json_object_setn_new_nocheck(out, name, n_name, item);
    }
    if (!failed)
        return out;
    json_decref(out);
    return NULL;
}

json_t *
rules_value_json(const struct rules_value *value)
{
    switch (value->kind) {
    case RULES_VALUE_FALSE:
        return json_false();
    case RULES_VALUE_TRUE:
        return json_true();
    case RULES_VALUE_INTEGER:
        return json_integer(value->integer);
    case RULES_VALUE_REAL:
        return json_real(value->real);
    case RULES_VALUE_TEXT:
        return json_stringn_nocheck(value->bytes, value->n);
    case RULES_VALUE_LIST:
    case RULES_VALUE_RECORD:
        return json_nested(value);
    default:
        return json_null();
    }
}

enum sgn_status
rules_value_parse(const char *bytes, size_t n, json_t **out, struct sgn_error *err)
{
    enum sgn_status st = rules_value_check(bytes, n, err);
    struct rules_value value;

    if (st != SGN_OK)
        return st;
    rules_value_read(bytes, &value);
    *out = rules_value_json(&value);
    return *out != NULL ? SGN_OK : sgn_nomem(err);
}
