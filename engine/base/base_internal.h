/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder share and nobody else needs.
 */
#ifndef SGN_BASE_INTERNAL_H
#define SGN_BASE_INTERNAL_H

#include <stddef.h>

/* Bytes of the well-formed UTF-8 sequence that text begins with: 1 to 4, or 0 when it
 * begins with none. A NUL byte counts as well-formed here. */
size_t sgn_utf8_step(const unsigned char *text, size_t n);

#endif
