/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linked into a server of its own: allocations fail when they are told to, see fail_at.h. The
 * linker sends the engine's here (--wrap) and jansson's with them, SQLite and libuv are told so.
 */
#include "fail_shared.h"

#include <malloc.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <uv.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t n);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t n);
int __wrap_vasprintf(char **out, const char *fmt, va_list args);
int __wrap___vasprintf_chk(char **out, int flag, const char *fmt, va_list args);

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

char *
__wrap_strndup(const char *text, size_t n)
{
    size_t length = strnlen(text, n);
    char *copy = __wrap_malloc(length + 1);

    if (copy == NULL)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *
__wrap_strdup(const char *text)
{
    return __wrap_strndup(text, strlen(text));
}

int
__wrap_vasprintf(char **out, const char *fmt, va_list args)
{
    va_list again;
    int n;

    va_copy(again, args);
    n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    *out = n < 0 ? NULL : __wrap_malloc((size_t)n + 1);
    return *out == NULL ? -1 : vsnprintf(*out, (size_t)n + 1, fmt, args);
}

int
__wrap___vasprintf_chk(char **out, int flag, const char *fmt, va_list args)
{
    (void)flag;
    return __wrap_vasprintf(out, fmt, args);
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

static int
sqlite_size(void *at)
{
    return at == NULL ? 0 : (int)malloc_usable_size(at);
}

static int
sqlite_roundup(int n)
{
    return (n + 7) & ~7;
}

static int
sqlite_begin(void *ctx)
{
    (void)ctx;
    return SQLITE_OK;
}

static void
sqlite_end(void *ctx)
{
    (void)ctx;
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
    const struct sqlite3_mem_methods methods = {
        .xMalloc = sqlite_malloc,
        .xFree = free,
        .xRealloc = sqlite_realloc,
        .xSize = sqlite_size,
        .xRoundup = sqlite_roundup,
        .xInit = sqlite_begin,
        .xShutdown = sqlite_end,
    };

    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK ||
        uv_replace_allocator(uv_own_malloc, uv_own_realloc, uv_own_calloc, free) != 0)
        abort();
}
