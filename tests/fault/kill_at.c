/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A library to be preloaded into the server: counts what SQLite does to its files and kills the
 * process, by SIGKILL, at a chosen moment of a commit. The product knows nothing of it. See
 * kill_at.h for how it is told.
 *
 * Phases are kept by the one thread that writes; the socket writes of others may end "untold"
 * a little early. They serve to count kills by kind, not to judge anything.
 */
#include "kill_at.h"

#include "preload.h"
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* Global because a replaced function is called without a context. */
static int64_t *shared;

__attribute__((constructor)) static void
map_shared(void)
{
    const char *path = getenv("SIGNOFF_KILL_AT");
    int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *map = MAP_FAILED;

    if (fd >= 0) {
        map = mmap(NULL, KILL_AT_CELLS * sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        close(fd);
    }
    /* To run on without would be to test nothing and to say that all is well. */
    if (map == MAP_FAILED) {
        fprintf(stderr, "kill_at: SIGNOFF_KILL_AT must name a file of %zu bytes\n",
                KILL_AT_CELLS * sizeof *shared);
        abort();
    }
    shared = map;
}

static int64_t
get(enum kill_at_cell cell)
{
    return __atomic_load_n(&shared[cell], __ATOMIC_SEQ_CST);
}

static void
set(enum kill_at_cell cell, int64_t value)
{
    __atomic_store_n(&shared[cell], value, __ATOMIC_SEQ_CST);
}

static void
count(enum kill_at_cell cell)
{
    __atomic_add_fetch(&shared[cell], 1, __ATOMIC_SEQ_CST);
}

/* Is this moment the one? */
static bool
is_the_moment(enum kill_at_where where)
{
    return get(KILL_AT_WHERE) == (int64_t)where && get(KILL_AT_LEFT) > 0 &&
           __atomic_sub_fetch(&shared[KILL_AT_LEFT], 1, __ATOMIC_SEQ_CST) == 0;
}

static _Noreturn void
die(enum kill_at_where where)
{
    set(KILL_AT_STRUCK, where);
    kill(getpid(), SIGKILL);
    for (;;) /* the signal is on its way */
        pause();
}

static void
die_if(enum kill_at_where where)
{
    if (is_the_moment(where))
        die(where);
}

/* So many bytes of a fatal write are done: any number from none to all. */
static size_t
part_of(size_t n)
{
    return n * (size_t)get(KILL_AT_HOW) / 1000;
}

/* ---- what SQLite does ---- */

static ssize_t
watched_pwrite(int fd, const void *bytes, size_t n, off64_t at)
{
    enum preload_kind kind = preload_kind(fd);
    bool merging = get(KILL_AT_PHASE) == KILL_AT_MERGING;
    enum kill_at_where where = kind != PRELOAD_LOG ? KILL_AT_CHECKPOINT
                               : merging           ? KILL_AT_MERGE
                                                   : KILL_AT_WRITE;

    if (kind == PRELOAD_LOG && merging) {
        count(KILL_AT_MERGES);
    } else if (kind == PRELOAD_LOG) {
        if (get(KILL_AT_PHASE) != KILL_AT_COMMITTING) {
            die_if(KILL_AT_BEGIN);
            set(KILL_AT_PHASE, KILL_AT_COMMITTING);
        }
        count(KILL_AT_WRITES);
    } else if (kind == PRELOAD_DATABASE) {
        set(KILL_AT_PHASE, KILL_AT_CHECKPOINTING);
        count(KILL_AT_CHECKPOINTS);
    } else {
        return PRELOAD_NEXT(pwrite64)(fd, bytes, n, at);
    }
    if (is_the_moment(where)) {
        if (PRELOAD_NEXT(pwrite64)(fd, bytes, part_of(n), at) < 0)
            perror("kill_at");
        die(where);
    }
    return PRELOAD_NEXT(pwrite64)(fd, bytes, n, at);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
    return watched_pwrite(fd, bytes, n, at);
}

ssize_t
pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    return watched_pwrite(fd, bytes, n, at);
}

ssize_t
pread64(int fd, void *bytes, size_t n, off64_t at)
{
    if (preload_kind(fd) == PRELOAD_LOG) {
        count(KILL_AT_READS);
        die_if(KILL_AT_READ);
    }
    return PRELOAD_NEXT(pread64)(fd, bytes, n, at);
}

int
fdatasync(int fd)
{
    enum preload_kind kind = preload_kind(fd);
    int result;

    bool merging = kind == PRELOAD_LOG && get(KILL_AT_PHASE) == KILL_AT_MERGING;

    if (kind == PRELOAD_LOG)
        die_if(merging ? KILL_AT_MERGE : KILL_AT_SYNC);
    result = PRELOAD_NEXT(fdatasync)(fd);
    if (merging)
        die_if(KILL_AT_MERGE);
    if (kind == PRELOAD_LOG) {
        count(KILL_AT_SYNCS);
        /* A checkpoint syncs the log as well, with nothing written to it before. */
        if (get(KILL_AT_PHASE) == KILL_AT_COMMITTING) {
            set(KILL_AT_PHASE, KILL_AT_UNTOLD);
            die_if(KILL_AT_SYNCED);
        }
    } else if (kind == PRELOAD_DATABASE) {
        set(KILL_AT_PHASE, KILL_AT_IDLE);
    }
    return result;
}

/* Merges are transactions like any other to the files; what they begin with tells them. */
int
sqlite3_exec(sqlite3 *db, const char *sql, int (*fn)(void *, int, char **, char **), void *ctx,
             char **error)
{
    bool begins = strstr(sql, "/* merge") != NULL;
    int rc;

    if (begins)
        set(KILL_AT_PHASE, KILL_AT_MERGING);
    rc = PRELOAD_NEXT(sqlite3_exec)(db, sql, fn, ctx, error);
    if (!begins && get(KILL_AT_PHASE) == KILL_AT_MERGING)
        set(KILL_AT_PHASE, KILL_AT_IDLE);
    return rc;
}

/* ---- what tells clients ---- */

static void
told(int fd)
{
    if (get(KILL_AT_PHASE) == KILL_AT_UNTOLD && preload_kind(fd) == PRELOAD_SOCKET)
        set(KILL_AT_PHASE, KILL_AT_IDLE);
}

ssize_t
write(int fd, const void *bytes, size_t n)
{
    ssize_t done = PRELOAD_NEXT(write)(fd, bytes, n);

    told(fd);
    return done;
}

ssize_t
writev(int fd, const struct iovec *parts, int n)
{
    ssize_t done = PRELOAD_NEXT(writev)(fd, parts, n);

    told(fd);
    return done;
}

ssize_t
sendmsg(int fd, const struct msghdr *message, int flags)
{
    ssize_t done = PRELOAD_NEXT(sendmsg)(fd, message, flags);

    told(fd);
    return done;
}
