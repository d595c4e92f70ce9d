/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of free blocks by size over one growing stretch of memory. Owners know how long their
 * blocks are, so a block has no head.
 */
#include "arena.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, n)   ((void)(at), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(at, n) ((void)(at), (void)(n))
#endif

/* Far from where the system puts programs, heaps and stacks. The thread sanitizer allows few
 * places. */
#ifdef __SANITIZE_THREAD__
#define FIRST_BASE 0x7e8000000000
#else
#define FIRST_BASE 0x200000000000
#endif
#define BASE_STEP (1ull << 32)
#define BASES     (256 * 1024)
#define GROWTH    (1u << 20) /* asked of the system at once */
#define UNIT      16         /* small blocks are multiples of it */
#define SMALL_MAX 1024

/* The list that holds blocks for n bytes, and how long those are: steps of 16 bytes up to 1 KiB,
 * then four to each doubling, so that a quarter is wasted at most. */
static int
list_of(size_t n, size_t *room)
{
    int power = 10;
    size_t step;

    if (n <= SMALL_MAX) {
        *room = (n + UNIT - 1) / UNIT * UNIT;
        return (int)(*room / UNIT) - 1;
    }
    while (n > (size_t)2 << power)
        power++;
    step = (size_t)1 << (power - 2);
    *room = (n + step - 1) / step * step;
    return SMALL_MAX / UNIT + (power - 10) * 4 + (int)((*room - ((size_t)1 << power)) / step) - 1;
}

/* A state's first page: the first multiple of 4 GiB where nobody is yet. */
static bool
settle(struct dsl_arena *arena)
{
    for (uint64_t i = 0; i < BASES; i++) {
        void *wanted = (void *)(uintptr_t)(FIRST_BASE + i * BASE_STEP);
        void *got = mmap(wanted, GROWTH, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

        if (got == wanted) {
            arena->base = got;
            arena->mapped = GROWTH;
            ASAN_POISON_MEMORY_REGION(got, GROWTH);
            return true;
        }
        /* A kernel that does not know the flag takes the address for a wish. */
        if (got != MAP_FAILED)
            munmap(got, GROWTH);
    }
    return false;
}

/* Makes sure that the first n bytes are there. */
static bool
grow(struct dsl_arena *arena, size_t n)
{
    size_t more;
    void *wanted, *got;

    if (arena->base == NULL && !settle(arena))
        return false;
    if (n <= arena->mapped)
        return true;
    more = (n - arena->mapped + GROWTH - 1) / GROWTH * GROWTH;
    wanted = arena->base + arena->mapped;
    got = mmap(wanted, more, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (got != wanted) {
        if (got != MAP_FAILED)
            munmap(got, more);
        return false;
    }
    ASAN_POISON_MEMORY_REGION(got, more);
    arena->mapped += more;
    return true;
}

static void *
take(struct dsl_arena *arena, size_t n, size_t most)
{
    size_t room;
    int list = list_of(n, &room);
    void *block = list < DSL_ARENA_SIZES ? arena->unused[list] : NULL;

    if (list >= DSL_ARENA_SIZES)
        return NULL;
    if (block != NULL) {
        ASAN_UNPOISON_MEMORY_REGION(block, n > sizeof(void *) ? n : sizeof(void *));
        memcpy(&arena->unused[list], block, sizeof(void *));
        return block;
    }
    if (room > most || arena->top > most - room || !grow(arena, arena->top + room))
        return NULL;
    block = arena->base + arena->top;
    arena->top += room;
    ASAN_UNPOISON_MEMORY_REGION(block, n);
    return block;
}

void
dsl_arena_give(struct dsl_arena *arena, void *block, size_t n)
{
    size_t room;
    int list;

    if (block == NULL)
        return;
    list = list_of(n, &room);
    ASAN_UNPOISON_MEMORY_REGION(block, sizeof(void *));
    memcpy(block, &arena->unused[list], sizeof(void *));
    arena->unused[list] = block;
    ASAN_POISON_MEMORY_REGION(block, room);
}

void *
dsl_arena_resize(struct dsl_arena *arena, void *block, size_t old, size_t wanted, size_t most)
{
    size_t room_old, room_new;
    void *fresh;

    if (block == NULL)
        return take(arena, wanted, most);
    if (list_of(old, &room_old) == list_of(wanted, &room_new)) {
        ASAN_POISON_MEMORY_REGION(block, room_old);
        ASAN_UNPOISON_MEMORY_REGION(block, wanted);
        return block;
    }
    fresh = take(arena, wanted, most);
    /* Lua relies on it that a block can always be made smaller. */
    if (fresh == NULL && wanted < old)
        return block;
    if (fresh != NULL) {
        memcpy(fresh, block, old < wanted ? old : wanted);
        dsl_arena_give(arena, block, old);
    }
    return fresh;
}

void
dsl_arena_deinit(struct dsl_arena *arena)
{
    if (arena->base != NULL) {
        ASAN_UNPOISON_MEMORY_REGION(arena->base, arena->mapped);
        munmap(arena->base, arena->mapped);
    }
    *arena = (struct dsl_arena){ .base = NULL };
}
