/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The allocator of the points: what the linker sends here for malloc and its like, and SQLite by
 * its own settings. Each may fail; what it gave is remembered until it is freed, with where it
 * came from, so that what is left at the end is a leak with a name.
 *
 * What a library allocates inside itself (libc's own scandir, say) does not come this way; to free
 * it does, and is passed on.
 */
#include "points_internal.h"
#include "wrap_memory.h"

#include <execinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PLACES  ((size_t)1 << 17)
#define CALLERS 16
#define TRACED  ((size_t)1 << 17) /* blocks whose callers are remembered */
#define TOLD    3

/* Small, since a child writes to the pages of its own copy. */
struct block {
    const void *at; /* NULL: a free place */
    int64_t serial;
};

/* Global because what the linker wraps is called without a context. */
static struct {
    struct block *blocks; /* by open addressing */
    size_t n;
    int64_t serial, mark;
    void *(*callers)[CALLERS]; /* of blocks from serial first on; NULL: not remembered */
    int64_t first;
} memory;

void __real_free(void *old);
void __wrap_free(void *old);

/* ---- what is there ---- */

static size_t
place_of(const void *at)
{
    return (size_t)(((uintptr_t)at >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 47) & (PLACES - 1);
}

static void
add(const void *at)
{
    size_t i = place_of(at);

    if (at == NULL || memory.blocks == NULL)
        return;
    if (++memory.n > PLACES / 2)
        points_bad("more than %zu blocks", PLACES / 2);
    while (memory.blocks[i].at != NULL)
        i = (i + 1) & (PLACES - 1);
    memory.blocks[i].at = at;
    memory.blocks[i].serial = ++memory.serial;
    if (memory.callers != NULL && memory.serial - memory.first < (int64_t)TRACED)
        (void)backtrace(memory.callers[memory.serial - memory.first], CALLERS);
}

/* Moves those behind it up, so that no search ends at a hole. */
static void
close_gap(size_t hole)
{
    size_t i = hole;

    for (;;) {
        size_t home;

        i = (i + 1) & (PLACES - 1);
        if (memory.blocks[i].at == NULL)
            break;
        home = place_of(memory.blocks[i].at);
        if (((i - home) & (PLACES - 1)) >= ((i - hole) & (PLACES - 1))) {
            memory.blocks[hole] = memory.blocks[i];
            hole = i;
        }
    }
    memory.blocks[hole].at = NULL;
}

static void
drop(const void *at)
{
    size_t i = place_of(at);

    if (at == NULL || memory.blocks == NULL)
        return;
    while (memory.blocks[i].at != NULL && memory.blocks[i].at != at)
        i = (i + 1) & (PLACES - 1);
    if (memory.blocks[i].at == NULL)
        return; /* not from here */
    memory.n--;
    close_gap(i);
}

void
points_mark(void)
{
    memory.mark = memory.serial;
}

int64_t
points_live(void)
{
    int64_t n = 0;

    for (size_t i = 0; i < PLACES; i++)
        n += memory.blocks[i].at != NULL && memory.blocks[i].serial > memory.mark;
    return n;
}

static void *
reserve(size_t n)
{
    void *at =
        mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (at == MAP_FAILED)
        abort();
    return at;
}

void
points_trace(void)
{
    memory.callers = reserve(TRACED * sizeof *memory.callers);
    memory.first = memory.serial + 1;
}

void
points_tell_live(void)
{
    int told = 0;

    for (size_t i = 0; i < PLACES && told < TOLD; i++) {
        const struct block *block = &memory.blocks[i];
        int64_t place = block->serial - memory.first;
        int n = 0;

        if (block->at == NULL || block->serial <= memory.mark)
            continue;
        while (place >= 0 && place < (int64_t)TRACED && n < CALLERS &&
               memory.callers[place][n] != NULL)
            n++;
        fprintf(stderr, "  never freed, from:%s\n", n > 0 ? "" : " before the call failed");
        if (n > 0)
            points_tell_place(memory.callers[place], n);
        told++;
    }
}

/* ---- what the linker sends here ---- */

void *
__wrap_malloc(size_t n)
{
    void *at = points_fails(POINT_MEMORY) ? NULL : __real_malloc(n);

    add(at);
    return at;
}

void *
__wrap_calloc(size_t n, size_t size)
{
    void *at = points_fails(POINT_MEMORY) ? NULL : __real_calloc(n, size);

    add(at);
    return at;
}

void *
__wrap_realloc(void *old, size_t n)
{
    void *at;

    if (points_fails(POINT_MEMORY))
        return NULL;
    drop(old);
    at = __real_realloc(old, n);
    add(at);
    return at;
}

void
__wrap_free(void *old)
{
    drop(old);
    __real_free(old);
}

/* ---- what SQLite and we ourselves are given ---- */

static void *
sqlite_malloc(int n)
{
    return __wrap_malloc((size_t)n);
}

static void *
sqlite_realloc(void *old, int n)
{
    return __wrap_realloc(old, (size_t)n);
}

void
points_memory_init(void)
{
    memory.blocks = reserve(PLACES * sizeof *memory.blocks);
    wrap_sqlite_memory(sqlite_malloc, sqlite_realloc, __wrap_free);
}

void *
points_realloc(void *old, size_t n)
{
    void *at = __real_realloc(old, n);

    if (at == NULL)
        abort();
    return at;
}

void
points_free(void *old)
{
    __real_free(old);
}

char *
points_strdup(const char *text)
{
    size_t n = strlen(text) + 1;

    return memcpy(points_realloc(NULL, n), text, n);
}
