/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing run of bytes that is born with its ceiling.
 *
 * A buffer that faces a client can never outgrow what was allowed at its birth; lengths
 * are compared by subtraction, so no sum can wrap. The bytes are always followed by a
 * NUL that is not counted, so bytes may be read as a C string.
 */
#ifndef SGN_BUF_H
#define SGN_BUF_H

#include "status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sgn_buf {
    char *bytes; /* NULL until the first byte */
    size_t len;
    size_t cap;
    size_t max;  /* bytes it may hold */
    bool failed; /* an append was refused; stays set until sgn_buf_reset */
};

void sgn_buf_init(struct sgn_buf *buf, size_t max);
void sgn_buf_deinit(struct sgn_buf *buf);
/* Empties it, keeps its memory, clears failed. */
void sgn_buf_reset(struct sgn_buf *buf);

/* Makes room for n more bytes, which are then appended without growing. Fails as appending would.
 */
enum sgn_status sgn_buf_reserve(struct sgn_buf *buf, size_t n);
/* Appends. SGN_TOO_LARGE over the ceiling, SGN_NOMEM; either sets failed, leaves the
 * bytes as they were, and makes every later append fail too: build all, check once. */
enum sgn_status sgn_buf_append(struct sgn_buf *buf, const void *bytes, size_t n);
enum sgn_status sgn_buf_puts(struct sgn_buf *buf, const char *text);
/* In plain decimal. */
enum sgn_status sgn_buf_integer(struct sgn_buf *buf, int64_t value);
enum sgn_status sgn_buf_printf(struct sgn_buf *buf, const char *fmt, ...) SGN_PRINTF(2, 3);
/* Takes back what was appended beyond len bytes (len <= buf->len); clears failed. */
void sgn_buf_cut(struct sgn_buf *buf, size_t len);
/* Drops the first n bytes (n <= len). */
void sgn_buf_consume(struct sgn_buf *buf, size_t n);
/* Gives the bytes (malloc'ed, NUL-terminated, never NULL but out of memory) and
 * leaves the buffer empty. */
char *sgn_buf_take(struct sgn_buf *buf);

#endif
