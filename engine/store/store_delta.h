/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one run of bytes has that another one has not: copies of pieces of the older one, and what
 * stands between them. A case's row that changed a little is told in a quarter of its bytes.
 */
#ifndef STORE_DELTA_H
#define STORE_DELTA_H

#include "buf.h"

/* Appends the difference of next from base. Failures are the buffer's. */
void store_delta_make(const char *base, size_t base_n, const char *next, size_t next_n,
                      struct sgn_buf *out);
/* Puts it on base; false unless exactly n bytes come of it. Reads bytes of a disk. */
bool store_delta_apply(const char *base, size_t base_n, const char *delta, size_t delta_n,
                       char *out, size_t n);

#endif
