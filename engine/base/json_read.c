/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The short way of reading JSON (RFC 8259).
 *
 * jansson's parser takes its text byte by byte through several buffers, and was a fifth of what a
 * transition cost. This one reads where the text lies. It decides nothing: whatever it does not
 * know it leaves to jansson, so that there is one set of refusals.
 */
#include "json_read.h"
#include "json.h"
#include "json_plain.h"
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 18 /* always within 64 bits */

struct reader {
    const char *at, *end;
    int depth;
    const char *const *but; /* see json_read_but; NULL: everything is read */
};

static json_t *read_value(struct reader *r);

static void
skip_space(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
        r->at++;
}

/* Is c next, spaces aside? Then it is passed over. */
static bool
takes(struct reader *r, char c)
{
    skip_space(r);
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static char
escaped(char c)
{
    switch (c) {
    case '"':
    case '\\':
    case '/':
        return c;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return '\0'; /* \u, or none at all */
    }
}

/* One with escapes; r stands behind its opening quote. */
static json_t *
read_escaped(struct reader *r)
{
    struct sgn_buf text;
    json_t *value = NULL;

    sgn_buf_init(&text, (size_t)(r->end - r->at));
    for (;;) {
        size_t plain = json_plain(r->at, (size_t)(r->end - r->at));
        char c;

        sgn_buf_append(&text, r->at, plain);
        r->at += plain;
        if (r->at == r->end || *r->at != '\\')
            break;
        if (r->end - r->at < 2 || (c = escaped(r->at[1])) == '\0')
            goto out;
        sgn_buf_append(&text, &c, 1);
        r->at += 2;
    }
    if (r->at < r->end && *r->at++ == '"' && !text.failed && text.bytes != NULL)
        value = json_stringn_nocheck(text.bytes, text.len);
out:
    sgn_buf_deinit(&text);
    return value;
}

static json_t *
read_string(struct reader *r)
{
    size_t plain = json_plain(r->at, (size_t)(r->end - r->at));
    const char *text = r->at;

    if (text + plain == r->end || text[plain] != '"')
        return read_escaped(r);
    r->at += plain + 1;
    return json_stringn_nocheck(text, plain);
}

static bool
is_digit(const struct reader *r)
{
    return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

static json_t *
read_integer(struct reader *r)
{
    bool negative = *r->at == '-';
    json_int_t value = 0;
    const char *first;

    r->at += negative;
    first = r->at;
    for (; is_digit(r) && r->at - first < DIGITS_MAX; r->at++)
        value = value * 10 + (*r->at - '0');
    if (r->at == first || is_digit(r) || (*first == '0' && r->at - first > 1))
        return NULL;
    if (r->at < r->end && (*r->at == '.' || *r->at == 'e' || *r->at == 'E'))
        return NULL;
    return json_integer(negative ? -value : value);
}

/* A member's name; r stands behind its opening quote. */
static bool
read_name(struct reader *r, const char **name, size_t *n)
{
    *name = r->at;
    *n = json_plain(r->at, (size_t)(r->end - r->at));
    r->at += *n;
    return r->at < r->end && *r->at++ == '"';
}

static bool
is_one_of(const char *const *names, const char *name, size_t n)
{
    for (; *names != NULL; names++) /* mostly the first byte says no */
        if (n > 0 && **names == *name && strncmp(*names, name, n) == 0 && (*names)[n] == '\0')
            return true;
    return false;
}

/* Past a text; r stands behind its opening quote. */
static bool
pass_string(struct reader *r)
{
    for (;;) {
        r->at += json_plain(r->at, (size_t)(r->end - r->at));
        if (r->end - r->at < 2 || (*r->at != '"' && *r->at != '\\'))
            return false;
        if (*r->at++ == '"')
            return true;
        r->at++; /* what is escaped */
    }
}

/* Past a member's value, up to the comma or bracket behind it. */
static bool
pass_value(struct reader *r)
{
    int open = 0;

    while (r->at < r->end) {
        char c = *r->at;

        if (open == 0 && (c == ',' || c == '}'))
            return true;
        r->at++;
        if (c == '"' && !pass_string(r))
            return false;
        open += (c == '{') + (c == '[') - (c == '}') - (c == ']');
    }
    return false;
}

static bool
read_member(struct reader *r, json_t *object)
{
    size_t before = json_object_size(object), n;
    const char *name;
    json_t *value;

    if (!takes(r, '"') || !read_name(r, &name, &n) || !takes(r, ':'))
        return false;
    if (r->but != NULL && r->depth == 1 && is_one_of(r->but, name, n))
        return pass_value(r);
    value = read_value(r);
    /* One of that name is in it already when it has not grown. */
    return value != NULL && json_object_setn_new_nocheck(object, name, n, value) == 0 &&
           json_object_size(object) == before + 1;
}

static bool
read_item(struct reader *r, json_t *array)
{
    json_t *value = read_value(r);

    return value != NULL && json_array_append_new(array, value) == 0;
}

/* An object or an array; r stands behind its opening bracket. */
static json_t *
read_nested(struct reader *r, json_t *into, bool (*read_one)(struct reader *, json_t *), char close)
{
    bool fine = into != NULL && ++r->depth <= SGN_JSON_DEPTH_MAX;

    if (fine && !takes(r, close)) {
        do
            fine = read_one(r, into);
        while (fine && takes(r, ','));
        fine = fine && takes(r, close);
    }
    r->depth--;
    if (fine)
        return into;
    json_decref(into);
    return NULL;
}

static json_t *
read_word(struct reader *r, const char *word, size_t n, json_t *value)
{
    if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
        return NULL;
    r->at += n;
    return value;
}

static json_t *
read_value(struct reader *r)
{
    skip_space(r);
    if (r->at == r->end)
        return NULL;
    switch (*r->at) {
    case '{':
        r->at++;
        return read_nested(r, json_object(), read_member, '}');
    case '[':
        r->at++;
        return read_nested(r, json_array(), read_item, ']');
    case '"':
        r->at++;
        return read_string(r);
    case 't':
        return read_word(r, "true", 4, json_true());
    case 'f':
        return read_word(r, "false", 5, json_false());
    case 'n':
        return read_word(r, "null", 4, json_null());
    default:
        return *r->at == '-' || is_digit(r) ? read_integer(r) : NULL;
    }
}

json_t *
json_read(const char *bytes, size_t n)
{
    return json_read_but(bytes, n, NULL);
}

json_t *
json_read_but(const char *bytes, size_t n, const char *const *names)
{
    struct reader reader = { .at = bytes, .end = bytes + n, .but = names };
    json_t *value = read_value(&reader);

    skip_space(&reader);
    if (reader.at == reader.end)
        return value;
    json_decref(value);
    return NULL;
}
