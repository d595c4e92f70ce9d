/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The planted fault: a library to be preloaded that makes the server answer before the commit.
 * What SQLite writes to its log is kept in memory and reaches the file only after a while, and
 * a sync does nothing, so that a SIGKILL takes work with it that was acknowledged. The kill
 * rounds must find that.
 *
 * A lie about the sync alone would not do: what was written to a file outlives the process.
 * Reads see what is held back, so that the server itself notices nothing; before a checkpoint
 * or a truncation all is written, so that nothing but the end of the log is ever missing.
 */
#include "preload.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#define HOLD_MS 40

struct held {
    struct held *next;
    int64_t since; /* ms */
    off64_t at;
    size_t n;
    unsigned char bytes[];
};

/* Global because a replaced function is called without a context. */
static struct {
    pthread_mutex_t lock;
    struct held *first, **end; /* end: where the next one goes, when there is a first */
    int fd;                    /* the log, while something is held */
} log_held = { .lock = PTHREAD_MUTEX_INITIALIZER, .fd = -1 };

static int64_t
now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Writes what has been held long enough, or all. With the lock held. */
static void
let_go(bool all)
{
    int64_t until = now_ms() - HOLD_MS;

    while (log_held.first != NULL && (all || log_held.first->since <= until)) {
        struct held *held = log_held.first;

        if (PRELOAD_NEXT(pwrite64)(log_held.fd, held->bytes, held->n, held->at) != (ssize_t)held->n)
            abort();
        log_held.first = held->next;
        free(held);
    }
    if (log_held.first == NULL && log_held.fd >= 0) {
        close(log_held.fd);
        log_held.fd = -1;
    }
}

__attribute__((destructor)) static void
let_all_go(void)
{
    pthread_mutex_lock(&log_held.lock);
    let_go(true);
    pthread_mutex_unlock(&log_held.lock);
}

static ssize_t
hold(int fd, const void *bytes, size_t n, off64_t at)
{
    struct held *held = malloc(sizeof *held + n);

    if (held == NULL) {
        errno = ENOMEM;
        return -1;
    }
    *held = (struct held){ .since = now_ms(), .at = at, .n = n };
    memcpy(held->bytes, bytes, n);
    pthread_mutex_lock(&log_held.lock);
    let_go(false);
    if (log_held.first == NULL) {
        log_held.end = &log_held.first;
        log_held.fd = dup(fd);
    }
    *log_held.end = held;
    log_held.end = &held->next;
    pthread_mutex_unlock(&log_held.lock);
    return (ssize_t)n;
}

ssize_t
pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
    enum preload_kind kind = preload_kind(fd);

    if (kind == PRELOAD_LOG)
        return hold(fd, bytes, n, at);
    if (kind == PRELOAD_DATABASE)
        let_all_go();
    return PRELOAD_NEXT(pwrite64)(fd, bytes, n, at);
}

/* Lays what is held over what was read; gives how many bytes there are now. */
static ssize_t
overlay(unsigned char *bytes, size_t n, off64_t at, ssize_t done)
{
    for (const struct held *held = log_held.first; held != NULL; held = held->next) {
        off64_t from = held->at > at ? held->at : at;
        off64_t to = held->at + (off64_t)held->n;

        if (to > at + (off64_t)n)
            to = at + (off64_t)n;
        if (from >= to)
            continue;
        if (from - at > done) /* past the file's end: a hole */
            memset(bytes + done, 0, (size_t)(from - at - done));
        memcpy(bytes + (from - at), held->bytes + (from - held->at), (size_t)(to - from));
        if (to - at > done)
            done = to - at;
    }
    return done;
}

ssize_t
pread64(int fd, void *bytes, size_t n, off64_t at)
{
    ssize_t done;

    if (preload_kind(fd) != PRELOAD_LOG)
        return PRELOAD_NEXT(pread64)(fd, bytes, n, at);
    pthread_mutex_lock(&log_held.lock);
    done = PRELOAD_NEXT(pread64)(fd, bytes, n, at);
    if (done >= 0)
        done = overlay(bytes, n, at, done);
    pthread_mutex_unlock(&log_held.lock);
    return done;
}

int
ftruncate64(int fd, off64_t n)
{
    if (preload_kind(fd) == PRELOAD_LOG)
        let_all_go();
    return PRELOAD_NEXT(ftruncate64)(fd, n);
}

/* A commit's sync does nothing: that is the lie. */
int
fdatasync(int fd)
{
    if (preload_kind(fd) == PRELOAD_LOG)
        return 0;
    return PRELOAD_NEXT(fdatasync)(fd);
}
