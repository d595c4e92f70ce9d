/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program links whose allocations the linker sends elsewhere (--wrap): it says what becomes
 * of malloc, calloc and realloc; what the C library makes with them inside itself comes by them,
 * too, and so does SQLite once it is told.
 */
#ifndef FAULT_WRAP_MEMORY_H
#define FAULT_WRAP_MEMORY_H

#include <stdarg.h>
#include <stddef.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t n);

/* The program's own. */
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t n);

/* wrap_memory.c */
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t n);
int __wrap_vasprintf(char **out, const char *fmt, va_list args);
int __wrap___vasprintf_chk(char **out, int flag, const char *fmt, va_list args);

/* SQLite's memory from now on, before it is first used. Ends the process when it is too late. */
void wrap_sqlite_memory(void *(*get)(int n), void *(*again)(void *old, int n),
                        void (*back)(void *old));

#endif
