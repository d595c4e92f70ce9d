/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts which pages of the store's file a server writes: preloaded into it, it looks at what
 * SQLite gives to the log (a frame's header names its page) and to the database (its place does).
 * The counters lie in the file that COUNT_PAGES names, so that pages.py can read them at any
 * moment: for each page number two of four bytes, frames in the log and copies to the database.
 */
#include <dlfcn.h>
#include <endian.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE         4096
#define PAGES        ((size_t)1 << 24) /* 64 GiB; the counters' file is sparse */
#define FRAME_HEADER 24

/* Global because a replaced function is called without a context. */
static uint32_t (*counters)[2];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
map(void)
{
    const char *path = getenv("COUNT_PAGES");
    int fd = path == NULL ? -1 : open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    void *at = MAP_FAILED;

    if (fd >= 0 && ftruncate(fd, (off_t)(PAGES * sizeof *counters)) == 0)
        at = mmap(NULL, PAGES * sizeof *counters, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at != MAP_FAILED)
        counters = at;
    if (fd >= 0)
        (void)close(fd);
}

static bool
ends_in(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

/* Of a b-tree, and so of a table or an index; the first page begins with the file's own header. */
static bool
is_of_tree(uint32_t page, const void *bytes)
{
    unsigned char kind = *(const unsigned char *)bytes;

    return page == 1 || kind == 2 || kind == 5 || kind == 10 || kind == 13;
}

static void
count(int fd, const void *bytes, size_t n, off_t at)
{
    static _Thread_local uint32_t framed; /* the page whose frame has begun */
    char name[64], path[4096];
    uint32_t page = 0;
    ssize_t length;
    bool log;

    (void)pthread_once(&once, map);
    if (counters == NULL)
        return;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    length = readlink(name, path, sizeof path - 1);
    path[length < 0 ? 0 : length] = '\0';
    log = ends_in(path, "/signoff.db-wal");
    if (log && n == FRAME_HEADER) {
        memcpy(&page, bytes, sizeof page);
        framed = be32toh(page);
    }
    if (n != PAGE || (!log && !ends_in(path, "/signoff.db")))
        return;
    page = log ? framed : (uint32_t)(at / PAGE) + 1;
    if (!is_of_tree(page, bytes))
        page = 0;
    if (page < PAGES)
        __atomic_add_fetch(&counters[page][log ? 0 : 1], 1, __ATOMIC_RELAXED);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
    __typeof__(&pwrite64) next = (__typeof__(&pwrite64))dlsym(RTLD_NEXT, "pwrite64");

    count(fd, bytes, n, at);
    return next(fd, bytes, n, at);
}

ssize_t
pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    return pwrite64(fd, bytes, n, at);
}
