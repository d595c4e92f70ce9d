/* SPDX-License-Identifier: Apache-2.0 */
/* See wrap_memory.h. */
#include "wrap_memory.h"

#include <malloc.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- SQLite ---- */

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

void
wrap_sqlite_memory(void *(*get)(int n), void *(*again)(void *old, int n), void (*back)(void *old))
{
    const struct sqlite3_mem_methods methods = {
        .xMalloc = get,
        .xFree = back,
        .xRealloc = again,
        .xSize = sqlite_size,
        .xRoundup = sqlite_roundup,
        .xInit = sqlite_begin,
        .xShutdown = sqlite_end,
    };

    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK)
        abort();
}
