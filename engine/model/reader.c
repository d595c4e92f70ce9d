/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walking a stranger's JSON: places, shapes, and what is wrong with them.
 *
 * Every mistake has a place: a chain on the stack from the member up to the whole,
 * which costs nothing while all is well and becomes a JSON pointer when something is
 * not.
 */
#include "buf.h"
#include "model_internal.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define INTEGER_MAX ((INT64_C(1) << 53) - 1)

struct place
place_member(const struct place *up, const char *key)
{
    return (struct place){ .up = up, .key = key, .depth = up->depth + 1 };
}

struct place
place_element(const struct place *up, size_t index)
{
    return (struct place){ .up = up, .index = index, .depth = up->depth + 1 };
}

/* RFC 6901: "~" and "/" inside a member's name are escaped. */
static void
pointer_append(struct sgn_buf *buf, const struct place *at)
{
    if (at->up == NULL)
        return;
    pointer_append(buf, at->up);
    (void)sgn_buf_puts(buf, "/");
    if (at->key == NULL) {
        (void)sgn_buf_printf(buf, "%zu", at->index);
        return;
    }
    for (const char *c = at->key; *c != '\0'; c++) {
        if (*c == '~')
            (void)sgn_buf_puts(buf, "~0");
        else if (*c == '/')
            (void)sgn_buf_puts(buf, "~1");
        else
            (void)sgn_buf_append(buf, c, 1);
    }
}

/* The failure of a helper that knew no place. Its pointer is for programs, its message
 * for people; both say where. */
enum sgn_status
reader_failed_at(struct reader *r, const struct place *at, enum sgn_status status)
{
    struct sgn_buf pointer;

    if (status != SGN_INVALID || r->err == NULL)
        return status;
    /* A member's name is the stranger's: as long as it likes, so the pointer has a ceiling. */
    sgn_buf_init(&pointer, 4096);
    pointer_append(&pointer, at);
    if (pointer.bytes != NULL) {
        sgn_error_prefix(r->err, "%.200s: ", pointer.bytes);
        sgn_error_add(r->err, "pointer", json_string(pointer.bytes));
    } else {
        sgn_error_add(r->err, "pointer", json_string(""));
    }
    sgn_buf_deinit(&pointer);
    return status;
}

/* Long names of a stranger are cut: the message is shown and logged. */
enum sgn_status
reader_fail(struct reader *r, const struct place *at, const char *fmt, ...)
{
    char text[700];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    return reader_failed_at(r, at, sgn_fail(r->err, SGN_INVALID, "%s", text));
}

enum sgn_status
reader_nomem(struct reader *r)
{
    return sgn_nomem(r->err);
}

/* "; did you mean ...?", or what there is to choose from, as far as it fits. */
static enum sgn_status
fail_unknown(struct reader *r, const struct place *at, const char *what, const char *text,
             const char *const *known, size_t n)
{
    const char *nearest = sgn_nearest(text, known, n);
    struct sgn_buf list;
    enum sgn_status st;

    if (nearest != NULL) {
        st = reader_fail(r, at, "unknown %s \"%.100s\"; did you mean \"%s\"?", what, text, nearest);
        sgn_error_add(r->err, "nearest", json_string(nearest));
        return st;
    }
    sgn_buf_init(&list, 400);
    for (size_t i = 0; i < n && !list.failed; i++)
        (void)sgn_buf_printf(&list, "%s%s", i == 0 ? "" : " ", known[i]);
    if (n == 0)
        st = reader_fail(r, at, "unknown %s \"%.100s\"; there is none", what, text);
    else
        st = reader_fail(r, at, "unknown %s \"%.100s\"; there are: %s%s", what, text,
                         list.bytes == NULL ? "" : list.bytes, list.failed ? " ..." : "");
    sgn_buf_deinit(&list);
    return st;
}

static enum sgn_status
title_shape(struct reader *r, const struct place *at, const json_t *json)
{
    const char *language;
    json_t *text;

    if (json_is_string(json))
        return SGN_OK;
    if (!json_is_object(json))
        return reader_fail(r, at, "must be text, or an object of texts by language");
    json_object_foreach((json_t *)json, language, text) {
        struct place here = place_member(at, language);

        if (!json_is_string(text))
            return reader_fail(r, &here, "must be text");
    }
    return SGN_OK;
}

/* Texts stand in lists as names; one that stands twice is a slip. */
static enum sgn_status
texts_shape(struct reader *r, const struct place *at, const json_t *json)
{
    size_t i;
    json_t *text;

    if (!json_is_array(json))
        return reader_fail(r, at, "must be an array of texts");
    json_array_foreach(json, i, text) {
        struct place here = place_element(at, i);

        if (!json_is_string(text))
            return reader_fail(r, &here, "must be text");
        for (size_t k = 0; k < i; k++)
            if (json_equal(text, json_array_get(json, k)))
                return reader_fail(r, &here, "\"%.100s\" stands here twice",
                                   json_string_value(text));
    }
    return SGN_OK;
}

enum sgn_status
reader_shape(struct reader *r, const struct place *at, const json_t *json, enum shape shape)
{
    switch (shape) {
    case SHAPE_ANY:
        return SGN_OK;
    case SHAPE_TEXT:
        return json_is_string(json) ? SGN_OK : reader_fail(r, at, "must be text");
    case SHAPE_FLAG:
        return json_is_boolean(json) ? SGN_OK : reader_fail(r, at, "must be true or false");
    case SHAPE_INTEGER:
        return json_is_integer(json) ? SGN_OK : reader_fail(r, at, "must be a whole number");
    case SHAPE_ARRAY:
        return json_is_array(json) ? SGN_OK : reader_fail(r, at, "must be an array");
    case SHAPE_OBJECT:
        return json_is_object(json) ? SGN_OK : reader_fail(r, at, "must be an object");
    case SHAPE_TITLE:
        return title_shape(r, at, json);
    case SHAPE_TEXTS:
        return texts_shape(r, at, json);
    }
    return SGN_OK;
}

static enum sgn_status
fail_member(struct reader *r, const struct place *at, const char *what, const char *name,
            const struct member *members, size_t n)
{
    const char *names[64];
    size_t count = n < COUNT(names) ? n : COUNT(names);
    char label[80];

    for (size_t i = 0; i < count; i++)
        names[i] = members[i].name;
    (void)snprintf(label, sizeof(label), "member of %s:", what);
    return fail_unknown(r, at, label, name, names, count);
}

/* Unknown members are refused, with the nearest known one: a slip in a word must not
 * pass as if nothing had been said. */
enum sgn_status
reader_object(struct reader *r, const struct place *at, const json_t *json, const char *what,
              const struct member *members, size_t n)
{
    const char *name;
    json_t *value;
    enum sgn_status st;

    if (!json_is_object(json))
        return reader_fail(r, at, "must be %s: an object", what);
    json_object_foreach((json_t *)json, name, value) {
        struct place here = place_member(at, name);
        size_t i = 0;

        while (i < n && strcmp(members[i].name, name) != 0)
            i++;
        if (i == n)
            return fail_member(r, &here, what, name, members, n);
        st = reader_shape(r, &here, value, members[i].shape);
        if (st != SGN_OK)
            return st;
    }
    for (size_t i = 0; i < n; i++)
        if (members[i].required && json_object_get(json, members[i].name) == NULL)
            return reader_fail(r, at, "%s needs \"%s\"", what, members[i].name);
    return SGN_OK;
}

/* Over the whole value, before anything else looks at it: later steps may recurse, and
 * may rely on numbers that canonical JSON can hold. Reals are refused because they are
 * not exact. */
enum sgn_status
reader_values(struct reader *r, const struct place *at, const json_t *json)
{
    enum sgn_status st = SGN_OK;
    const char *name;
    json_t *value;
    size_t i;

    if (at->depth > SGN_JSON_DEPTH_MAX)
        return reader_fail(r, at, "nested deeper than %d levels", SGN_JSON_DEPTH_MAX);
    if (json_is_real(json))
        return reader_fail(r, at, "a number with a fraction: write decimals as text, \"12.50\"");
    if (json_is_integer(json) &&
        (json_integer_value(json) > INTEGER_MAX || json_integer_value(json) < -INTEGER_MAX))
        return reader_fail(r, at, "integers lie within 2^53 - 1 of zero");
    if (json_is_string(json) && strlen(json_string_value(json)) != json_string_length(json))
        return reader_fail(r, at, "text must not hold the character U+0000");
    json_array_foreach(json, i, value) {
        struct place here = place_element(at, i);

        st = reader_values(r, &here, value);
        if (st != SGN_OK)
            return st;
    }
    json_object_foreach((json_t *)json, name, value) {
        struct place here = place_member(at, name);

        st = reader_values(r, &here, value);
        if (st != SGN_OK)
            return st;
    }
    return st;
}

enum sgn_status
reader_word(struct reader *r, const struct place *at, const char *text, const char *what,
            const char *const *known, size_t n, int *out)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(known[i], text) == 0) {
            *out = (int)i;
            return SGN_OK;
        }
    return fail_unknown(r, at, what, text, known, n);
}

/* Titles by name: each of a name there is. */
enum sgn_status
reader_titles(struct reader *r, const struct place *at, const json_t *titles, const char *what,
              const json_t *names)
{
    const char *known[64];
    enum sgn_status st = SGN_OK;
    const char *name;
    const json_t *one;
    json_t *title;
    size_t i, n = 0;
    int unused;

    json_array_foreach(names, i, one)
        if (n < COUNT(known))
            known[n++] = json_string_value(one);
    json_object_foreach((json_t *)titles, name, title) {
        struct place here = place_member(at, name);

        if (!sgn_json_has(names, name))
            return reader_word(r, &here, name, what, known, n, &unused);
        st = title_shape(r, &here, title);
        if (st != SGN_OK)
            return st;
    }
    return st;
}
