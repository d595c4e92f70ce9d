/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes and reads the bytes of rules_value.h.
 *
 * Bytes of a stranger are judged in one walk (check_value), which compares every length with what
 * is left before it is used. The readers behind it trust what passed.
 */
#include "rules_value.h"

#include "text.h"
#include <endian.h>
#include <math.h>
#include <string.h>

#define HEAD 5 /* bytes before the content of a text, list or record */

/* ---- writing ---- */

/* Room for so many bytes at the end; NULL: there is none, which shows in out->failed. */
static inline char *
room(struct sgn_buf *out, size_t n)
{
    char *at;

    if (sgn_buf_reserve(out, n) != SGN_OK)
        return NULL;
    at = out->bytes + out->len;
    out->len += n;
    at[n] = '\0';
    return at;
}

static inline void
set_size(char *at, size_t n)
{
    uint32_t size = htole32((uint32_t)n);

    memcpy(at, &size, sizeof size);
}

static void
put_sized(struct sgn_buf *out, char kind, const char *bytes, size_t n)
{
    char *at = n <= UINT32_MAX ? room(out, HEAD + n) : NULL;

    if (at == NULL) {
        out->failed = true;
        return;
    }
    at[0] = kind;
    set_size(at + 1, n);
    if (n > 0)
        memcpy(at + HEAD, bytes, n);
}

static void
put_number(struct sgn_buf *out, char kind, uint64_t bits)
{
    char *at = room(out, 1 + sizeof bits);

    bits = htole64(bits);
    if (at == NULL)
        return;
    at[0] = kind;
    memcpy(at + 1, &bits, sizeof bits);
}

static void
put_kind(struct sgn_buf *out, char kind)
{
    char *at = room(out, 1);

    if (at != NULL)
        at[0] = kind;
}

void
rules_put_null(struct sgn_buf *out)
{
    put_kind(out, RULES_VALUE_NULL);
}

void
rules_put_bool(struct sgn_buf *out, bool value)
{
    put_kind(out, value ? RULES_VALUE_TRUE : RULES_VALUE_FALSE);
}

void
rules_put_integer(struct sgn_buf *out, int64_t value)
{
    put_number(out, RULES_VALUE_INTEGER, (uint64_t)value);
}

void
rules_put_real(struct sgn_buf *out, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    put_number(out, RULES_VALUE_REAL, bits);
}

void
rules_put_text(struct sgn_buf *out, const char *text, size_t n)
{
    put_sized(out, RULES_VALUE_TEXT, text, n);
}

void
rules_put_text_or_null(struct sgn_buf *out, const char *text)
{
    if (text == NULL)
        rules_put_null(out);
    else
        rules_put_text(out, text, strlen(text));
}

size_t
rules_put_open(struct sgn_buf *out, enum rules_value_kind kind)
{
    size_t place = out->len;

    put_sized(out, (char)kind, NULL, 0);
    return place;
}

/* The length is written when it is known, into the room that was left for it. */
void
rules_put_close(struct sgn_buf *out, size_t place)
{
    uint32_t size;

    if (out->failed)
        return;
    if (out->len - place - HEAD > UINT32_MAX) {
        out->failed = true;
        return;
    }
    size = htole32((uint32_t)(out->len - place - HEAD));
    memcpy(out->bytes + place + 1, &size, sizeof size);
}

void
rules_put_name(struct sgn_buf *out, const char *name, size_t n)
{
    char *at = n <= UINT32_MAX ? room(out, sizeof(uint32_t) + n) : NULL;

    if (at == NULL) {
        out->failed = true;
        return;
    }
    set_size(at, n);
    memcpy(at + sizeof(uint32_t), name, n);
}

/* ---- checking ---- */

static uint32_t
size_at(const char *at)
{
    uint32_t size;

    memcpy(&size, at, sizeof size);
    return le32toh(size);
}

/* Each of these returns where what begins at at ends, or NULL when it is not what it should be. */
static const char *check_value(const char *at, const char *end, int depth);

static inline const char *
check_text(const char *at, const char *end)
{
    uint32_t n;

    if ((size_t)(end - at) < sizeof n)
        return NULL;
    n = size_at(at);
    at += sizeof n;
    return n <= (size_t)(end - at) && sgn_utf8_valid(at, n) ? at + n : NULL;
}

/* Behind what came before, in the order of bytes. */
static inline bool
is_behind(const char *before, size_t n_before, const char *name, size_t n)
{
    int order;

    /* Mostly the first byte says it. */
    if (n_before > 0 && n > 0 && *before != *name)
        return (unsigned char)*before < (unsigned char)*name;
    order = memcmp(before, name, n_before < n ? n_before : n);
    return order < 0 || (order == 0 && n_before < n);
}

static const char *
check_members(const char *at, const char *end, int depth)
{
    const char *before = NULL;
    size_t n_before = 0;

    while (at < end) {
        const char *name = at + sizeof(uint32_t);

        at = check_text(at, end);
        if (at == NULL ||
            (before != NULL && !is_behind(before, n_before, name, (size_t)(at - name))))
            return NULL;
        before = name;
        n_before = (size_t)(at - name);
        at = check_value(at, end, depth);
        if (at == NULL)
            return NULL;
    }
    return at;
}

static const char *
check_nested(const char *at, const char *end, int depth, bool record)
{
    uint32_t n;

    if (depth == RULES_VALUE_DEPTH || (size_t)(end - at) < sizeof n)
        return NULL;
    n = size_at(at);
    at += sizeof n;
    if (n > (size_t)(end - at))
        return NULL;
    end = at + n;
    if (record)
        return check_members(at, end, depth + 1);
    while (at != NULL && at < end)
        at = check_value(at, end, depth + 1);
    return at;
}

static const char *
check_number(const char *at, const char *end, bool real)
{
    uint64_t bits;
    double value;

    if ((size_t)(end - at) < sizeof bits)
        return NULL;
    memcpy(&bits, at, sizeof bits);
    bits = le64toh(bits);
    memcpy(&value, &bits, sizeof value);
    return !real || isfinite(value) ? at + sizeof bits : NULL;
}

static const char *
check_value(const char *at, const char *end, int depth)
{
    if (at == end)
        return NULL;
    switch (*at++) {
    case RULES_VALUE_NULL:
    case RULES_VALUE_FALSE:
    case RULES_VALUE_TRUE:
        return at;
    case RULES_VALUE_INTEGER:
        return check_number(at, end, false);
    case RULES_VALUE_REAL:
        return check_number(at, end, true);
    case RULES_VALUE_TEXT:
        return check_text(at, end);
    case RULES_VALUE_LIST:
        return check_nested(at, end, depth, false);
    case RULES_VALUE_RECORD:
        return check_nested(at, end, depth, true);
    default:
        return NULL;
    }
}

enum sgn_status
rules_value_check(const char *bytes, size_t n, struct sgn_error *err)
{
    if (n > 0 && check_value(bytes, bytes + n, 0) == bytes + n)
        return SGN_OK;
    return sgn_fail(err, SGN_INVALID, "bytes that are no value");
}

/* ---- reading ---- */

const char *
rules_value_read(const char *at, struct rules_value *out)
{
    uint64_t bits;

    *out = (struct rules_value){ .kind = (enum rules_value_kind)(unsigned char)*at };
    switch (out->kind) {
    case RULES_VALUE_INTEGER:
    case RULES_VALUE_REAL:
        memcpy(&bits, at + 1, sizeof bits);
        bits = le64toh(bits);
        out->integer = (int64_t)bits;
        memcpy(&out->real, &bits, sizeof bits);
        return at + 1 + sizeof bits;
    case RULES_VALUE_TEXT:
    case RULES_VALUE_LIST:
    case RULES_VALUE_RECORD:
        out->n = size_at(at + 1);
        out->bytes = at + HEAD;
        return out->bytes + out->n;
    default:
        return at + 1;
    }
}

const char *
rules_value_name(const char *at, const char **name, size_t *n)
{
    *n = size_at(at);
    *name = at + sizeof(uint32_t);
    return *name + *n;
}

/* Past a value, without looking at what it is worth. */
static const char *
skip(const char *at)
{
    switch (*at) {
    case RULES_VALUE_INTEGER:
    case RULES_VALUE_REAL:
        return at + 1 + sizeof(uint64_t);
    case RULES_VALUE_TEXT:
    case RULES_VALUE_LIST:
    case RULES_VALUE_RECORD:
        return at + HEAD + size_at(at + 1);
    default:
        return at + 1;
    }
}

/* A case has some twenty members: going along them is cheaper than an index would be to make. */
bool
rules_value_member(const struct rules_value *record, const char *name, size_t n,
                   struct rules_value *out)
{
    const char *at = record->bytes, *end = at + record->n;

    if (record->kind != RULES_VALUE_RECORD)
        return false;
    while (at < end) {
        const char *here;
        size_t n_here;

        at = rules_value_name(at, &here, &n_here);
        if (n_here == n && (n == 0 || *here == *name) && memcmp(here, name, n) == 0) {
            rules_value_read(at, out);
            return true;
        }
        at = skip(at);
    }
    return false;
}
