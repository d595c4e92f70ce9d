/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many bytes that say much the same, in fewer: by zstd (RFC 8878), with its checksum, so that what
 * the disk has changed is found.
 */
#ifndef STORE_SQUEEZE_H
#define STORE_SQUEEZE_H

#include "buf.h"

/* What squeezing works with; belongs to one thread at a time. */
struct store_squeeze;
struct store_squeeze *store_squeeze_new(void); /* NULL: out of memory */
void store_squeeze_free(struct store_squeeze *squeeze);

/* Appends the squeezed bytes. False, and nothing of it there: they would not be fewer, or there is
 * no memory; they can always be kept as they are. */
bool store_squeeze(struct store_squeeze *squeeze, const char *bytes, size_t n, struct sgn_buf *out);
/* Exactly out_n bytes come of them; else SGN_INVALID, or SGN_NOMEM: the caller says what it is that
 * is damaged. Reads bytes of a disk. */
enum sgn_status store_unsqueeze(const char *bytes, size_t n, char *out,
                                size_t out_n) SGN_MUST_CHECK;

#endif
