/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Canonical JSON (RFC 8785), the bytes that are hashed and signed.
 *
 * Only what we hash is written: no reals, and no integer that another language's reader
 * might round. So the hard part of the RFC, the text of floating-point numbers, is absent.
 */
#include "json.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SAFE_INTEGER ((INT64_C(1) << 53) - 1)

/* Values from the parser are at most SGN_JSON_DEPTH_MAX deep; ours wrap them a few times. */
#define CANONICAL_DEPTH (4 * SGN_JSON_DEPTH_MAX)

struct key {
    const char *text;
    size_t n;
    const json_t *value;
};

/*
 * Orders UTF-8 by its UTF-16 code units. Bytes order code points, and so do code units but
 * for one thing: characters beyond U+FFFF (lead bytes F0 to F4) are pairs of surrogates
 * D800 to DFFF and come before U+E000 to U+FFFF (lead bytes EE and EF).
 */
static int
key_compare(const void *left, const void *right)
{
    const struct key *a = left;
    const struct key *b = right;
    size_t shorter = a->n < b->n ? a->n : b->n;

    for (size_t i = 0; i < shorter; i++) {
        unsigned char x = (unsigned char)a->text[i];
        unsigned char y = (unsigned char)b->text[i];
        if (x == y)
            continue;
        if (x >= 0xee && y >= 0xee && (x >= 0xf0) != (y >= 0xf0))
            return x >= 0xf0 ? -1 : 1;
        return x < y ? -1 : 1;
    }
    return (a->n > b->n) - (a->n < b->n);
}

/* RFC 8785, section 3.2.2.2: the short escapes where there are any, else \u00xx. */
static void
write_escape(struct sgn_buf *buf, unsigned char c)
{
    switch (c) {
    case '\b':
        sgn_buf_puts(buf, "\\b");
        break;
    case '\t':
        sgn_buf_puts(buf, "\\t");
        break;
    case '\n':
        sgn_buf_puts(buf, "\\n");
        break;
    case '\f':
        sgn_buf_puts(buf, "\\f");
        break;
    case '\r':
        sgn_buf_puts(buf, "\\r");
        break;
    case '"':
        sgn_buf_puts(buf, "\\\"");
        break;
    case '\\':
        sgn_buf_puts(buf, "\\\\");
        break;
    default:
        sgn_buf_printf(buf, "\\u%04x", c);
    }
}

/* Bytes above 0x7F stay as they are: RFC 8785 escapes what JSON must, and nothing else. */
static void
write_string(struct sgn_buf *buf, const char *text, size_t n)
{
    size_t plain = 0; /* start of the run that needs no escape */

    sgn_buf_append(buf, "\"", 1);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        sgn_buf_append(buf, text + plain, i - plain);
        write_escape(buf, c);
        plain = i + 1;
    }
    sgn_buf_append(buf, text + plain, n - plain);
    sgn_buf_append(buf, "\"", 1);
}

static enum sgn_status write_value(struct sgn_buf *buf, const json_t *value, int depth,
                                   struct sgn_error *err);

/* An integer that another language reads as a double must come back as itself: two readers of
 * one history must get the same hash. */
static enum sgn_status
write_integer(struct sgn_buf *buf, json_int_t value, struct sgn_error *err)
{
    if (value < -SAFE_INTEGER || value > SAFE_INTEGER)
        return sgn_fail(err, SGN_INVALID, "the integer %" JSON_INTEGER_FORMAT " is beyond 2^53-1",
                        value);
    sgn_buf_printf(buf, "%" JSON_INTEGER_FORMAT, value);
    return SGN_OK;
}

static enum sgn_status
write_array(struct sgn_buf *buf, const json_t *array, int depth, struct sgn_error *err)
{
    const json_t *item;
    size_t i;

    sgn_buf_append(buf, "[", 1);
    json_array_foreach(array, i, item) {
        enum sgn_status status;
        if (i > 0)
            sgn_buf_append(buf, ",", 1);
        status = write_value(buf, item, depth, err);
        if (status != SGN_OK)
            return status;
    }
    sgn_buf_append(buf, "]", 1);
    return SGN_OK;
}

static enum sgn_status
write_object(struct sgn_buf *buf, const json_t *object, int depth, struct sgn_error *err)
{
    enum sgn_status status = SGN_OK;
    size_t n = json_object_size(object);
    /* From the heap: the number of members is a client's, and the stack is not. */
    struct key *keys = calloc(n + 1, sizeof(*keys));
    json_t *shared = (json_t *)object; /* iterating needs it mutable and changes nothing */
    size_t i = 0;

    if (keys == NULL)
        return sgn_nomem(err);
    for (void *at = json_object_iter(shared); at != NULL; at = json_object_iter_next(shared, at))
        keys[i++] = (struct key){ json_object_iter_key(at), json_object_iter_key_len(at),
                                  json_object_iter_value(at) };
    qsort(keys, n, sizeof(*keys), key_compare);
    sgn_buf_append(buf, "{", 1);
    for (i = 0; i < n && status == SGN_OK; i++) {
        if (i > 0)
            sgn_buf_append(buf, ",", 1);
        write_string(buf, keys[i].text, keys[i].n);
        sgn_buf_append(buf, ":", 1);
        status = write_value(buf, keys[i].value, depth, err);
    }
    sgn_buf_append(buf, "}", 1);
    free(keys);
    return status;
}

static enum sgn_status
write_value(struct sgn_buf *buf, const json_t *value, int depth, struct sgn_error *err)
{
    if (value == NULL)
        return sgn_nomem(err); /* a constructor failed on the way here */
    if (depth > CANONICAL_DEPTH)
        return sgn_fail(err, SGN_TOO_LARGE, "a value nested deeper than %d levels",
                        CANONICAL_DEPTH);
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return write_object(buf, value, depth + 1, err);
    case JSON_ARRAY:
        return write_array(buf, value, depth + 1, err);
    case JSON_STRING:
        write_string(buf, json_string_value(value), json_string_length(value));
        return SGN_OK;
    case JSON_INTEGER:
        return write_integer(buf, json_integer_value(value), err);
    /* Refused, not rounded: see the head of this file. */
    case JSON_REAL:
        return sgn_fail(err, SGN_INVALID,
                        "the number %g has a fraction: what is hashed holds integers only",
                        json_real_value(value));
    case JSON_TRUE:
        sgn_buf_puts(buf, "true");
        return SGN_OK;
    case JSON_FALSE:
        sgn_buf_puts(buf, "false");
        return SGN_OK;
    case JSON_NULL:
    default:
        sgn_buf_puts(buf, "null");
        return SGN_OK;
    }
}

enum sgn_status
sgn_json_canonical(struct sgn_buf *buf, const json_t *value, struct sgn_error *err)
{
    enum sgn_status status = write_value(buf, value, 0, err);

    if (status == SGN_OK && buf->failed)
        return sgn_fail(err, SGN_TOO_LARGE, "the value is larger than %zu bytes", buf->max);
    return status;
}
