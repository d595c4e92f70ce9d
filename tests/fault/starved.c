/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linked into a server of its own: allocations fail when they are told to, see fail_at.h. The
 * linker sends the engine's here (--wrap) and jansson's with them, SQLite and libuv are told so.
 */
#include "fail_shared.h"
#include "wrap_memory.h"

#include <uv.h>

void *
__wrap_malloc(size_t n)
{
    return fails(FAIL_AT_MEMORY, "malloc") ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
    return fails(FAIL_AT_MEMORY, "calloc") ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *old, size_t n)
{
    return fails(FAIL_AT_MEMORY, "realloc") ? NULL : __real_realloc(old, n);
}

/* ---- SQLite, libuv ---- */

static void *
sqlite_malloc(int n)
{
    return fails(FAIL_AT_MEMORY, "SQLite's malloc") ? NULL : __real_malloc((size_t)n);
}

static void *
sqlite_realloc(void *old, int n)
{
    return fails(FAIL_AT_MEMORY, "SQLite's realloc") ? NULL : __real_realloc(old, (size_t)n);
}

static void *
uv_own_malloc(size_t n)
{
    return fails(FAIL_AT_MEMORY, "libuv's malloc") ? NULL : __real_malloc(n);
}

static void *
uv_own_calloc(size_t n, size_t size)
{
    return fails(FAIL_AT_MEMORY, "libuv's calloc") ? NULL : __real_calloc(n, size);
}

static void *
uv_own_realloc(void *old, size_t n)
{
    return fails(FAIL_AT_MEMORY, "libuv's realloc") ? NULL : __real_realloc(old, n);
}

__attribute__((constructor)) static void
tell_libraries(void)
{
    wrap_sqlite_memory(sqlite_malloc, sqlite_realloc, free);
    if (uv_replace_allocator(uv_own_malloc, uv_own_realloc, uv_own_calloc, free) != 0)
        abort();
}
