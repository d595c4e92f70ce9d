/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When something of a case fires next, of all cases at once: an ordered index in memory. Asked what
 * is due first it walks over no case that is not due, and a change costs no page of a database.
 *
 * A heap of four children each, which holds (time, case) in 16 bytes, and a table that finds a case
 * in it by its number in 4 bytes, at most three quarters full: less than 32 bytes for each case
 * that has something armed. Belongs to one thread at a time.
 */
#ifndef STORE_HEAP_H
#define STORE_HEAP_H

#include "status.h"
#include <stddef.h>
#include <stdint.h>

struct store_heap_item {
    int64_t at; /* ms */
    int64_t id; /* of the case; positive */
};

struct store_heap {
    struct store_heap_item *heap;
    uint32_t *slots; /* place in the heap + 1; 0: free */
    size_t n, cap, n_slots;
};

void store_heap_deinit(struct store_heap *due);
/* Makes room for so many cases more, so that putting them cannot fail. */
enum sgn_status store_heap_reserve(struct store_heap *due, size_t more,
                                   struct sgn_error *err) SGN_MUST_CHECK;
/* From now on the case fires at this time; 0: not at all. Room was reserved. */
void store_heap_put(struct store_heap *due, int64_t id, int64_t at);
/* Very many at once, into one that was empty: each with store_heap_add(), in any order; nothing
 * else is asked of it until store_heap_order(). at is not 0; of two for one case one counts. */
enum sgn_status store_heap_add(struct store_heap *due, int64_t id, int64_t at,
                               struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status store_heap_order(struct store_heap *due, struct sgn_error *err) SGN_MUST_CHECK;
/* Those at or before until, earliest first, then by their numbers; at most max. Returns how many.
 * Their cost grows with how many are given, not with how many there are. */
size_t store_heap_first(const struct store_heap *due, int64_t until, struct store_heap_item *out,
                        size_t max);

#endif
