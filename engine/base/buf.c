/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Buffers that grow by doubling and never beyond their ceiling.
 *
 * Never asks for more than max, whatever a client sends: the sums that could wrap are
 * subtractions.
 */
#include "buf.h"

#include "memory.h"
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUF_FIRST 64

void
sgn_buf_init(struct sgn_buf *buf, size_t max)
{
    /* One byte below what malloc can give, so that the NUL always has a place. */
    if (max > (size_t)PTRDIFF_MAX - 1)
        max = (size_t)PTRDIFF_MAX - 1;
    *buf = (struct sgn_buf){ .max = max };
}

/* Keeps the ceiling, so that a buffer may be used again without being initialised. */
void
sgn_buf_deinit(struct sgn_buf *buf)
{
    if (buf == NULL)
        return;
    free(buf->bytes);
    *buf = (struct sgn_buf){ .max = buf->max };
}

void
sgn_buf_reset(struct sgn_buf *buf)
{
    buf->len = 0;
    buf->failed = false;
    if (buf->bytes != NULL)
        buf->bytes[0] = '\0';
}

/* The failure stays: appends in a row need one check, at their end. */
static enum sgn_status
buf_refuse(struct sgn_buf *buf, enum sgn_status status)
{
    buf->failed = true;
    return status;
}

/* Makes room for n more bytes and their NUL; cap counts bytes without the NUL. */
enum sgn_status
sgn_buf_reserve(struct sgn_buf *buf, size_t n)
{
    size_t cap = buf->cap;
    char *bytes;

    if (buf->failed || n > buf->max - buf->len)
        return buf_refuse(buf, SGN_TOO_LARGE);
    if (buf->bytes != NULL && n <= cap - buf->len)
        return SGN_OK;
    if (cap < BUF_FIRST)
        cap = BUF_FIRST;
    /* Doubling, so that a long text is not copied for each of its pieces; half of max is where
     * the product would pass it. */
    while (cap < buf->max && cap - buf->len < n)
        cap = cap > buf->max / 2 ? buf->max : cap * 2;
    if (cap > buf->max)
        cap = buf->max;
    bytes = realloc(buf->bytes, cap + 1);
    if (bytes == NULL) {
        sgn_memory_failed(); /* callers ask at the end, and then hear of a text that is too large */
        return buf_refuse(buf, SGN_NOMEM);
    }
    buf->bytes = bytes;
    buf->cap = cap;
    buf->bytes[buf->len] = '\0';
    return SGN_OK;
}

/* All or nothing: half an answer must never be sent. */
enum sgn_status
sgn_buf_append(struct sgn_buf *buf, const void *bytes, size_t n)
{
    enum sgn_status status = sgn_buf_reserve(buf, n);

    if (status != SGN_OK || n == 0)
        return status;
    memcpy(buf->bytes + buf->len, bytes, n);
    buf->len += n;
    buf->bytes[buf->len] = '\0';
    return SGN_OK;
}

enum sgn_status
sgn_buf_puts(struct sgn_buf *buf, const char *text)
{
    return sgn_buf_append(buf, text, strlen(text));
}

enum sgn_status
sgn_buf_integer(struct sgn_buf *buf, int64_t value)
{
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char text[20]; /* "-9223372036854775808" */
    size_t at = sizeof text;

    do
        text[--at] = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (value < 0)
        text[--at] = '-';
    return sgn_buf_append(buf, text + at, sizeof text - at);
}

enum sgn_status
sgn_buf_printf(struct sgn_buf *buf, const char *fmt, ...)
{
    enum sgn_status status;
    va_list args;
    int n;

    /* Measured first: the ceiling is checked before a byte is written. */
    va_start(args, fmt);
    n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0)
        return buf_refuse(buf, SGN_NOMEM);
    status = sgn_buf_reserve(buf, (size_t)n);
    if (status != SGN_OK)
        return status;
    va_start(args, fmt);
    vsnprintf(buf->bytes + buf->len, (size_t)n + 1, fmt, args);
    va_end(args);
    buf->len += (size_t)n;
    return SGN_OK;
}

void
sgn_buf_cut(struct sgn_buf *buf, size_t len)
{
    assert(len <= buf->len);
    buf->len = len;
    buf->failed = false;
    if (buf->bytes != NULL)
        buf->bytes[len] = '\0';
}

/* Moves what is left to the front: readers keep pointers into the bytes only until the next
 * call. */
void
sgn_buf_consume(struct sgn_buf *buf, size_t n)
{
    assert(n <= buf->len);
    if (n == 0)
        return;
    buf->len -= n;
    memmove(buf->bytes, buf->bytes + n, buf->len + 1);
}

/* The ceiling stays with the buffer. An empty one gives an empty string: NULL means out of
 * memory. */
char *
sgn_buf_take(struct sgn_buf *buf)
{
    char *bytes = buf->bytes;

    buf->bytes = NULL;
    buf->len = 0;
    buf->cap = 0;
    return bytes != NULL ? bytes : calloc(1, 1);
}
