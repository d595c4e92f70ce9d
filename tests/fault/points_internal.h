/* SPDX-License-Identifier: Apache-2.0 */
/* What points.c and points_memory.c share. */
#ifndef FAULT_POINTS_INTERNAL_H
#define FAULT_POINTS_INTERNAL_H

#include "points.h"

void points_memory_init(void);
/* From here on it is remembered where blocks come from, which costs more than all else. */
void points_trace(void);
/* How many blocks there are that were allocated since points_mark(). */
int64_t points_live(void);
/* Where the first of them came from, on stderr. */
void points_tell_live(void);
/* Names the places of these return addresses, on stderr. */
void points_tell_place(void *const *frames, int n);

#endif
