/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that ran out, counted.
 *
 * A value of JSON is made in dozens of steps, each of which may lack memory, and what is then made
 * lacks a member and says nothing. So whoever is about to make something durable, or to answer,
 * asks once: has any allocation of this thread failed since it began? If so, nothing of it counts.
 */
#ifndef SGN_MEMORY_H
#define SGN_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* From here on jansson's failures count as well. Once per process, before the first value. */
void sgn_memory_watch(void);

/* An allocation has failed, on this thread. sgn_nomem(), buffers and sgn_format() note it. */
void sgn_memory_failed(void);

/* calloc() and its like that note it, for places that go on without. */
void *sgn_calloc(size_t n, size_t size);
void *sgn_realloc(void *old, size_t n);
char *sgn_strdup(const char *text);
char *sgn_strndup(const char *text, size_t n);

/* How many there were on this thread; only grows. */
uint64_t sgn_memory_failures(void);

#endif
