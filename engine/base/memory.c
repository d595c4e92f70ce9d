/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One counter for each thread, touched only when something has failed.
 */
#include "memory.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Global because jansson calls its allocator without a context; each thread has its own. */
static _Thread_local uint64_t failures;

void
sgn_memory_failed(void)
{
    failures++;
}

uint64_t
sgn_memory_failures(void)
{
    return failures;
}

void *
sgn_calloc(size_t n, size_t size)
{
    void *bytes = calloc(n, size);

    if (bytes == NULL)
        sgn_memory_failed();
    return bytes;
}

void *
sgn_realloc(void *old, size_t n)
{
    void *bytes = realloc(old, n);

    if (bytes == NULL)
        sgn_memory_failed();
    return bytes;
}

char *
sgn_strdup(const char *text)
{
    char *copy = strdup(text);

    if (copy == NULL)
        sgn_memory_failed();
    return copy;
}

char *
sgn_strndup(const char *text, size_t n)
{
    char *copy = strndup(text, n);

    if (copy == NULL)
        sgn_memory_failed();
    return copy;
}

static void *
counted_malloc(size_t n)
{
    void *bytes = malloc(n);

    if (bytes == NULL)
        sgn_memory_failed();
    return bytes;
}

static void
counted_free(void *bytes)
{
    free(bytes);
}

void
sgn_memory_watch(void)
{
    json_set_alloc_funcs(counted_malloc, counted_free);
}
