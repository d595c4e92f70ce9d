/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory of one Lua state, at addresses whose lower halves are the same in every process.
 *
 * Lua places tables and functions that are keys by the lower 32 bits of their addresses, so where
 * malloc happens to put them decides when a table is laid out anew, and what that costs. An arena
 * begins at a multiple of 4 GiB and gives out blocks in an order that the calls alone decide: the
 * same script does the same work on every machine.
 *
 * Blocks are kept in lists by size; what is given back is used again for the same size only. The
 * footprint therefore never shrinks, and is what a ceiling is put on.
 *
 * Thread: one at a time. Memory goes back to the system with dsl_arena_deinit() only.
 */
#ifndef DSL_ARENA_H
#define DSL_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#define DSL_ARENA_SIZES 160

struct dsl_arena {
    char *base;    /* NULL before the first block */
    size_t mapped; /* bytes the system has given */
    size_t top;    /* bytes given out at least once: the footprint */
    void *unused[DSL_ARENA_SIZES];
};

/*
 * As realloc, without zeros: block is NULL or one of this arena's with room for old bytes; wanted
 * is not 0. NULL when the footprint would go beyond most bytes or the system gives none; block is
 * untouched then. Making a block smaller never fails.
 */
void *dsl_arena_resize(struct dsl_arena *arena, void *block, size_t old, size_t wanted,
                       size_t most);
/* Takes a block of n bytes back; NULL is none. */
void dsl_arena_give(struct dsl_arena *arena, void *block, size_t n);
/* An arena that holds nothing is all zeros; so it is again after this. */
void dsl_arena_deinit(struct dsl_arena *arena);

#endif
