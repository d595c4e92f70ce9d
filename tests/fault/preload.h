/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the preloaded libraries of this folder share: the C library's own function behind one
 * that is replaced, and what a descriptor is.
 *
 * A library named in LD_PRELOAD comes before libc and SQLite, so that SQLite's calls arrive
 * here first. Nothing is remembered about descriptors: the kernel is asked at each call.
 */
#ifndef FAULT_PRELOAD_H
#define FAULT_PRELOAD_H

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum preload_kind {
    PRELOAD_OTHER,
    PRELOAD_LOG,      /* the store's write-ahead log */
    PRELOAD_DATABASE, /* the file that checkpoints write to */
    PRELOAD_SOCKET
};

static inline enum preload_kind
preload_kind(int fd)
{
    static const char log[] = "/signoff.db-wal", database[] = "/signoff.db";
    char name[64], path[4096];
    ssize_t n;

    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    n = readlink(name, path, sizeof path - 1);
    if (n < 0)
        return PRELOAD_OTHER;
    path[n] = '\0';
    if (strncmp(path, "socket:", strlen("socket:")) == 0)
        return PRELOAD_SOCKET;
    if ((size_t)n >= strlen(log) && strcmp(path + n - strlen(log), log) == 0)
        return PRELOAD_LOG;
    if ((size_t)n >= strlen(database) && strcmp(path + n - strlen(database), database) == 0)
        return PRELOAD_DATABASE;
    return PRELOAD_OTHER;
}

/* The next definition of a function, by its name: PRELOAD_NEXT(write)(fd, bytes, n). */
#define PRELOAD_NEXT(function) ((__typeof__(&function))dlsym(RTLD_NEXT, #function))

#endif
