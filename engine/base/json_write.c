/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON as text: compact, members in their order; and canonical (RFC 8785), the bytes that are
 * hashed and signed.
 *
 * Canonical is only what we hash: no reals, and no integer that another language's reader might
 * round. So the hard part of the RFC, the text of floating-point numbers, is absent.
 *
 * jansson's own writer looks for cycles by the printed addresses of what it is in, and prints
 * integers by a format: it took four times as long.
 */
#include "json.h"
#include "json_plain.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SAFE_INTEGER ((INT64_C(1) << 53) - 1)

/* Values from the parser are at most SGN_JSON_DEPTH_MAX deep; ours wrap them a few times. */
#define WRITE_DEPTH (4 * SGN_JSON_DEPTH_MAX)

#define TEXT_USUAL 256 /* bytes; from there on it grows by doubling */

#define KEYS_AT_HAND 24 /* members of an object that are sorted without a place on the heap */

struct writer {
    struct sgn_buf *buf;
    bool canonical;
    int depth;
    struct sgn_error *err;
};

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

/* By insertion where they are few. */
static void
sort_keys(struct key *keys, size_t n)
{
    if (n > KEYS_AT_HAND) {
        qsort(keys, n, sizeof(*keys), key_compare);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        struct key key = keys[i];
        size_t at = i;

        for (; at > 0 && key_compare(&keys[at - 1], &key) > 0; at--)
            keys[at] = keys[at - 1];
        keys[at] = key;
    }
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

/* What has to be escaped on the way; the quotes are the caller's. */
static void
write_escaped(struct sgn_buf *buf, const char *text, size_t n)
{
    while (n > 0) {
        size_t plain = json_plain(text, n);

        sgn_buf_append(buf, text, plain);
        if (plain < n)
            write_escape(buf, (unsigned char)text[plain++]);
        text += plain;
        n -= plain;
    }
}

/* Between these two bytes, which stand beside its quotes; '\0': none. Bytes above 0x7F stay as they
 * are: only what JSON must escape is escaped. Most texts have nothing of that kind and are written
 * in one go. */
static void
write_string(struct sgn_buf *buf, char before, const char *text, size_t n, char after)
{
    size_t plain = json_plain(text, n);
    char *to;

    if (n > SIZE_MAX - 4 || sgn_buf_reserve(buf, n + 4) != SGN_OK)
        return;
    to = buf->bytes + buf->len;
    if (before != '\0')
        *to++ = before;
    *to++ = '"';
    memcpy(to, text, plain);
    to += plain;
    if (plain < n) {
        buf->len = (size_t)(to - buf->bytes);
        write_escaped(buf, text + plain, n - plain);
        if (sgn_buf_reserve(buf, 2) != SGN_OK)
            return;
        to = buf->bytes + buf->len;
    }
    *to++ = '"';
    if (after != '\0')
        *to++ = after;
    *to = '\0';
    buf->len = (size_t)(to - buf->bytes);
}

static enum sgn_status write_value(struct writer *writer, const json_t *value);

/* Where it is hashed, an integer that another language reads as a double must come back as itself:
 * two readers of one history must get the same hash. */
static enum sgn_status
write_integer(const struct writer *writer, json_int_t value)
{
    if (writer->canonical && (value < -SAFE_INTEGER || value > SAFE_INTEGER))
        return sgn_fail(writer->err, SGN_INVALID,
                        "the integer %" JSON_INTEGER_FORMAT " is beyond 2^53-1", value);
    sgn_buf_integer(writer->buf, value);
    return SGN_OK;
}

/* Refused where it is hashed, not rounded: see the head of this file. Seventeen digits, as
 * jansson writes them: they tell every double from every other. */
static enum sgn_status
write_real(const struct writer *writer, const json_t *value)
{
    char text[64];
    size_t n;

    if (writer->canonical)
        return sgn_fail(writer->err, SGN_INVALID,
                        "the number %g has a fraction: what is hashed holds integers only",
                        json_real_value(value));
    n = json_dumpb(value, text, sizeof text, JSON_ENCODE_ANY);
    if (n == 0 || n > sizeof text)
        return sgn_nomem(writer->err); /* a double takes at most 25 letters */
    sgn_buf_append(writer->buf, text, n);
    return SGN_OK;
}

static enum sgn_status
write_array(struct writer *writer, const json_t *array)
{
    const json_t *item;
    size_t i;

    sgn_buf_append(writer->buf, "[", 1);
    json_array_foreach(array, i, item) {
        enum sgn_status status;
        if (i > 0)
            sgn_buf_append(writer->buf, ",", 1);
        status = write_value(writer, item);
        if (status != SGN_OK)
            return status;
    }
    sgn_buf_append(writer->buf, "]", 1);
    return SGN_OK;
}

static enum sgn_status
write_member(struct writer *writer, bool first, const struct key *key)
{
    write_string(writer->buf, first ? '\0' : ',', key->text, key->n, ':');
    return write_value(writer, key->value);
}

static struct key
key_at(void *at)
{
    return (struct key){ json_object_iter_key(at), json_object_iter_key_len(at),
                         json_object_iter_value(at) };
}

static enum sgn_status
write_sorted(struct writer *writer, json_t *object)
{
    enum sgn_status status = SGN_OK;
    size_t n = json_object_size(object), i = 0;
    struct key at_hand[KEYS_AT_HAND], *keys = at_hand;

    /* From the heap where they are many: their number is a client's, and the stack is not. */
    if (n > KEYS_AT_HAND && (keys = calloc(n, sizeof(*keys))) == NULL)
        return sgn_nomem(writer->err);
    for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at))
        keys[i++] = key_at(at);
    sort_keys(keys, n);
    for (i = 0; i < n && status == SGN_OK; i++)
        status = write_member(writer, i == 0, &keys[i]);
    if (keys != at_hand)
        free(keys);
    return status;
}

static enum sgn_status
write_object(struct writer *writer, const json_t *object)
{
    json_t *shared = (json_t *)object; /* iterating needs it mutable and changes nothing */
    enum sgn_status status = SGN_OK;
    bool first = true;

    sgn_buf_append(writer->buf, "{", 1);
    if (writer->canonical)
        status = write_sorted(writer, shared);
    for (void *at = writer->canonical ? NULL : json_object_iter(shared);
         at != NULL && status == SGN_OK; at = json_object_iter_next(shared, at)) {
        struct key key = key_at(at);

        status = write_member(writer, first, &key);
        first = false;
    }
    sgn_buf_append(writer->buf, "}", 1);
    return status;
}

static enum sgn_status
write_nested(struct writer *writer, const json_t *value)
{
    enum sgn_status status;

    if (writer->depth >= WRITE_DEPTH)
        return sgn_fail(writer->err, SGN_TOO_LARGE, "a value nested deeper than %d levels",
                        WRITE_DEPTH);
    writer->depth++;
    status = json_is_object(value) ? write_object(writer, value) : write_array(writer, value);
    writer->depth--;
    return status;
}

static enum sgn_status
write_value(struct writer *writer, const json_t *value)
{
    if (value == NULL)
        return sgn_nomem(writer->err); /* a constructor failed on the way here */
    switch (json_typeof(value)) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        return write_nested(writer, value);
    case JSON_STRING:
        write_string(writer->buf, '\0', json_string_value(value), json_string_length(value), '\0');
        return SGN_OK;
    case JSON_INTEGER:
        return write_integer(writer, json_integer_value(value));
    case JSON_REAL:
        return write_real(writer, value);
    case JSON_TRUE:
        sgn_buf_puts(writer->buf, "true");
        return SGN_OK;
    case JSON_FALSE:
        sgn_buf_puts(writer->buf, "false");
        return SGN_OK;
    case JSON_NULL:
    default:
        sgn_buf_puts(writer->buf, "null");
        return SGN_OK;
    }
}

enum sgn_status
sgn_json_canonical(struct sgn_buf *buf, const json_t *value, struct sgn_error *err)
{
    struct writer writer = { .buf = buf, .canonical = true, .err = err };
    enum sgn_status status = write_value(&writer, value);

    if (status == SGN_OK && buf->failed)
        return sgn_fail(err, SGN_TOO_LARGE, "the value is larger than %zu bytes", buf->max);
    return status;
}

char *
sgn_json_text(const json_t *value)
{
    struct sgn_buf buf;

    sgn_buf_init(&buf, SIZE_MAX);
    (void)sgn_buf_reserve(&buf, TEXT_USUAL);
    if (sgn_json_append(&buf, value) == SGN_OK)
        return sgn_buf_take(&buf);
    sgn_buf_deinit(&buf);
    return NULL;
}

/* Straight into the buffer: an answer of many megabytes is not held twice. */
enum sgn_status
sgn_json_append(struct sgn_buf *buf, const json_t *value)
{
    struct writer writer = { .buf = buf };
    size_t before = buf->len, room = buf->max - before;
    enum sgn_status status;

    if (buf->failed)
        return SGN_TOO_LARGE;
    status = write_value(&writer, value);
    if (status == SGN_OK && !buf->failed)
        return SGN_OK;
    /* All or nothing, as every append: what was already written is taken back. */
    sgn_buf_cut(buf, before);
    buf->failed = true;
    if (status != SGN_OK)
        return status;
    return json_dumpb(value, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY) > room ? SGN_TOO_LARGE
                                                                             : SGN_NOMEM;
}

enum sgn_status
sgn_json_append_text(struct sgn_buf *buf, const char *text)
{
    if (text == NULL)
        return sgn_buf_puts(buf, "null");
    write_string(buf, '\0', text, strlen(text), '\0');
    return buf->failed ? SGN_TOO_LARGE : SGN_OK;
}
