/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A library to be preloaded into the server: calls to files below the folder that
 * SIGNOFF_FAIL_UNDER names fail when they are told to, see fail_at.h; the engine's own as well as
 * SQLite's. The product has no part in it.
 */
#include "fail_shared.h"

#include "preload.h"
#include <errno.h>
#include <stdarg.h>

/* Is it a file of the site's? Its name is left in out. */
static bool
is_ours(int fd, char out[FAIL_AT_NAME])
{
    const char *under = getenv("SIGNOFF_FAIL_UNDER");
    char link[64];
    ssize_t n;

    if (shared == NULL || under == NULL)
        return false;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    n = readlink(link, out, FAIL_AT_NAME - 1);
    out[n > 0 ? n : 0] = '\0';
    return strncmp(out, under, strlen(under)) == 0;
}

static bool
fd_fails(enum fail_at_kind kind, int fd)
{
    char name[FAIL_AT_NAME];
    int before = errno;
    bool yes = is_ours(fd, name) && fails(kind, name);

    errno = before;
    if (yes)
        errno = shared[FAIL_AT_ERROR] != 0 ? (int)shared[FAIL_AT_ERROR] : EIO;
    return yes;
}

/* A name as it is given: below the folder, or of a folder that is. */
static bool
name_fails(enum fail_at_kind kind, int dir, const char *name)
{
    const char *under = getenv("SIGNOFF_FAIL_UNDER");
    char folder[FAIL_AT_NAME];
    bool ours;
    int before = errno;

    if (shared == NULL || under == NULL)
        return false;
    ours = name[0] == '/' ? strncmp(name, under, strlen(under)) == 0
                          : dir != AT_FDCWD && is_ours(dir, folder);
    if (!ours || !fails(kind, name)) {
        errno = before;
        return false;
    }
    errno = shared[FAIL_AT_ERROR] != 0 ? (int)shared[FAIL_AT_ERROR] : EIO;
    return true;
}

/* ---- writing ---- */

/* Of a failing write: half of it, and what it answers. */
static ssize_t
half(ssize_t done)
{
    return shared[FAIL_AT_ERROR] == 0 ? done : -1;
}

ssize_t
pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
    if (!fd_fails(FAIL_AT_WRITE, fd))
        return PRELOAD_NEXT(pwrite64)(fd, bytes, n, at);
    return half(PRELOAD_NEXT(pwrite64)(fd, bytes, n / 2, at));
}

ssize_t
pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    return pwrite64(fd, bytes, n, at);
}

ssize_t
write(int fd, const void *bytes, size_t n)
{
    if (!fd_fails(FAIL_AT_WRITE, fd))
        return PRELOAD_NEXT(write)(fd, bytes, n);
    return half(PRELOAD_NEXT(write)(fd, bytes, n / 2));
}

int
fsync(int fd)
{
    return fd_fails(FAIL_AT_SYNC, fd) ? -1 : PRELOAD_NEXT(fsync)(fd);
}

int
fdatasync(int fd)
{
    return fd_fails(FAIL_AT_SYNC, fd) ? -1 : PRELOAD_NEXT(fdatasync)(fd);
}

int
ftruncate64(int fd, off64_t n)
{
    return fd_fails(FAIL_AT_TRUNCATE, fd) ? -1 : PRELOAD_NEXT(ftruncate64)(fd, n);
}

int
ftruncate(int fd, off_t n)
{
    return ftruncate64(fd, n);
}

/* ---- reading ---- */

ssize_t
pread64(int fd, void *bytes, size_t n, off64_t at)
{
    return fd_fails(FAIL_AT_READ, fd) ? -1 : PRELOAD_NEXT(pread64)(fd, bytes, n, at);
}

void *
mmap64(void *at, size_t n, int protection, int flags, int fd, off64_t offset)
{
    if (fd >= 0 && fd_fails(FAIL_AT_MAP, fd))
        return MAP_FAILED;
    return PRELOAD_NEXT(mmap64)(at, n, protection, flags, fd, offset);
}

void *
mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
    return mmap64(at, n, protection, flags, fd, offset);
}

/* ---- names ---- */

/* mode is there where a file may be made; where it is not, it is not looked at. */
static mode_t
mode_of(int flags, va_list args)
{
    return flags & (O_CREAT | __O_TMPFILE) ? (mode_t)va_arg(args, int) : 0;
}

int
open64(const char *name, int flags, ...)
{
    va_list args;
    mode_t mode;

    va_start(args, flags);
    mode = mode_of(flags, args);
    va_end(args);
    return name_fails(FAIL_AT_OPEN, AT_FDCWD, name) ? -1 : PRELOAD_NEXT(open64)(name, flags, mode);
}

int
open(const char *name, int flags, ...)
{
    va_list args;
    mode_t mode;

    va_start(args, flags);
    mode = mode_of(flags, args);
    va_end(args);
    return name_fails(FAIL_AT_OPEN, AT_FDCWD, name) ? -1 : PRELOAD_NEXT(open)(name, flags, mode);
}

int
openat(int dir, const char *name, int flags, ...)
{
    va_list args;
    mode_t mode;

    va_start(args, flags);
    mode = mode_of(flags, args);
    va_end(args);
    return name_fails(FAIL_AT_OPEN, dir, name) ? -1 : PRELOAD_NEXT(openat)(dir, name, flags, mode);
}

int
renameat(int from_dir, const char *from, int to_dir, const char *to)
{
    return name_fails(FAIL_AT_RENAME, from_dir, from)
               ? -1
               : PRELOAD_NEXT(renameat)(from_dir, from, to_dir, to);
}

int
rename(const char *from, const char *to)
{
    return name_fails(FAIL_AT_RENAME, AT_FDCWD, from) ? -1 : PRELOAD_NEXT(rename)(from, to);
}

int
unlink(const char *name)
{
    return name_fails(FAIL_AT_UNLINK, AT_FDCWD, name) ? -1 : PRELOAD_NEXT(unlink)(name);
}

int
unlinkat(int dir, const char *name, int flags)
{
    return name_fails(FAIL_AT_UNLINK, dir, name) ? -1 : PRELOAD_NEXT(unlinkat)(dir, name, flags);
}
