/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notes what a process does to the files below a folder, and what it tells others: for finding out
 * what a power cut at any moment would leave (file_cuts.py).
 *
 * SIGNOFF_NOTES names the file of notes, SIGNOFF_NOTES_ROOT the folder (without a link in it). One
 * note after another, in the order in which things happened: each is made under one lock with what
 * it notes. What is said on a socket is noted before it is sent, what is done to a file after it
 * was. A note is a head (struct note) and the bytes of two texts behind it:
 *
 *   c  a file was made             path; number: its inode
 *   t  its size was set            inode; at: the size
 *   w  bytes were written          inode; at: where; bytes
 *   f  a file was synced           inode
 *   d  a folder was synced         path
 *   m  a folder was made           path
 *   r  a name was given to another path, path
 *   l  a second name was given     path, path
 *   u  a name was removed          path
 *   s  was said on a socket        number: the descriptor; bytes
 *
 * What goes past these calls is not noted: memory maps, and what the C library writes by itself
 * (stdio). The store's shared memory is such a map, and not durable; other files are none.
 */
#include "preload.h"
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

struct note {
    char what;
    char unused[3];
    uint32_t first, second; /* bytes of the two texts */
    uint32_t process;
    uint64_t number;
    int64_t at;
};

/* Global because the calls that are replaced have no place for it: the order of all of them. */
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
/* Global for the same reason: the file, -1 where nothing is noted. */
static int notes = -1;

/* ---- notes ---- */

/* At one go, so that notes of several processes do not mix. */
static void
note(char what, uint64_t number, int64_t at, const char *first, const void *second, size_t n)
{
    struct note head = { .what = what,
                         .first = first != NULL ? (uint32_t)strlen(first) : 0,
                         .second = (uint32_t)n,
                         .process = (uint32_t)getpid(),
                         .number = number,
                         .at = at };
    const struct iovec parts[] = { { &head, sizeof head },
                                   { (void *)(uintptr_t)first, head.first },
                                   { (void *)(uintptr_t)second, n } };

    if (PRELOAD_NEXT(writev)(notes, parts, 3) != (ssize_t)(sizeof head + head.first + n))
        abort(); /* a gap in the notes would be a cut that never was */
}

static void
hold(void)
{
    pthread_mutex_lock(&order);
}

static void
let_go(void)
{
    pthread_mutex_unlock(&order);
}

/* A child that is made while another thread is at work here must not wait for it. */
__attribute__((constructor)) static void
begin(void)
{
    const char *path = getenv("SIGNOFF_NOTES");

    (void)pthread_atfork(hold, let_go, let_go);
    if (path != NULL)
        notes = PRELOAD_NEXT(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* ---- where it is ---- */

static int
is_below(const char *path)
{
    const char *root = getenv("SIGNOFF_NOTES_ROOT");
    size_t n = root != NULL ? strlen(root) : 0;

    return notes >= 0 && n > 0 && strncmp(path, root, n) == 0 &&
           (path[n] == '/' || path[n] == '\0');
}

/* The path of a descriptor; 0: not below the folder. */
static int
path_of(int fd, char path[PATH_MAX])
{
    char name[64];
    ssize_t n;

    path[0] = '\0';
    if (notes < 0)
        return 0;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    n = readlink(name, path, PATH_MAX - 1);
    path[n > 0 ? n : 0] = '\0';
    return is_below(path);
}

/* The path of a name as the kernel knows it, whether there is such a file or not. */
static int
path_at(int at, const char *name, char path[PATH_MAX])
{
    char whole[2 * PATH_MAX], folder[PATH_MAX];
    const char *last = strrchr(name, '/');

    if (notes < 0)
        return 0;
    if (name[0] == '/' || at == AT_FDCWD)
        snprintf(whole, sizeof whole, "%.*s", last != NULL ? (int)(last - name) : 1,
                 last != NULL ? name : ".");
    else if (path_of(at, folder))
        snprintf(whole, sizeof whole, "%s/%.*s", folder, last != NULL ? (int)(last - name) : 0,
                 name);
    else
        return 0;
    if (realpath(whole[0] != '\0' ? whole : "/", folder) == NULL)
        return 0;
    snprintf(path, PATH_MAX, "%.2000s/%.255s", folder, last != NULL ? last + 1 : name);
    return is_below(path);
}

static uint64_t
inode_of(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 ? (uint64_t)st.st_ino : 0;
}

/* ---- opening ---- */

static int
open_noted(int at, const char *name, int flags, mode_t mode)
{
    struct stat st;
    char path[PATH_MAX];
    int there, fd;

    hold();
    there = fstatat(at, name, &st, 0) == 0;
    fd = PRELOAD_NEXT(openat)(at, name, flags, mode);
    if (fd >= 0 && (flags & (O_CREAT | O_TRUNC)) != 0 && path_of(fd, path)) {
        if (!there)
            note('c', inode_of(fd), 0, path, NULL, 0);
        else if ((flags & O_TRUNC) != 0)
            note('t', inode_of(fd), 0, NULL, NULL, 0);
    }
    let_go();
    return fd;
}

#define MODE_OF(flags)                                                                             \
    __extension__({                                                                                \
        mode_t mode_ = 0;                                                                          \
        if (((flags) & (O_CREAT | O_TMPFILE)) != 0) {                                              \
            va_list args_;                                                                         \
            va_start(args_, flags);                                                                \
            mode_ = va_arg(args_, mode_t);                                                         \
            va_end(args_);                                                                         \
        }                                                                                          \
        mode_;                                                                                     \
    })

int
open(const char *name, int flags, ...)
{
    return open_noted(AT_FDCWD, name, flags, MODE_OF(flags));
}

int
open64(const char *name, int flags, ...)
{
    return open_noted(AT_FDCWD, name, flags, MODE_OF(flags));
}

int
openat(int at, const char *name, int flags, ...)
{
    return open_noted(at, name, flags, MODE_OF(flags));
}

int
openat64(int at, const char *name, int flags, ...)
{
    return open_noted(at, name, flags, MODE_OF(flags));
}

/* ---- bytes ---- */

static ssize_t
pwrite_noted(int fd, const void *bytes, size_t n, off64_t at)
{
    char path[PATH_MAX];
    ssize_t done;

    hold();
    done = PRELOAD_NEXT(pwrite64)(fd, bytes, n, at);
    if (done > 0 && path_of(fd, path))
        note('w', inode_of(fd), at, NULL, bytes, (size_t)done);
    let_go();
    return done;
}

ssize_t
pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    return pwrite_noted(fd, bytes, n, at);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
    return pwrite_noted(fd, bytes, n, at);
}

static int
truncate_noted(int fd, off64_t size)
{
    char path[PATH_MAX];
    int result;

    hold();
    result = PRELOAD_NEXT(ftruncate64)(fd, size);
    if (result == 0 && path_of(fd, path))
        note('t', inode_of(fd), size, NULL, NULL, 0);
    let_go();
    return result;
}

int
ftruncate(int fd, off_t size)
{
    return truncate_noted(fd, size);
}

int
ftruncate64(int fd, off64_t size)
{
    return truncate_noted(fd, size);
}

/* ---- syncs: one that fails has made nothing durable ---- */

static void
note_sync(int fd)
{
    char path[PATH_MAX];
    struct stat st;

    if (!path_of(fd, path) || fstat(fd, &st) != 0)
        return;
    if (S_ISDIR(st.st_mode))
        note('d', 0, 0, path, NULL, 0);
    else
        note('f', (uint64_t)st.st_ino, 0, NULL, NULL, 0);
}

int
fsync(int fd)
{
    int result;

    hold();
    result = PRELOAD_NEXT(fsync)(fd);
    if (result == 0)
        note_sync(fd);
    let_go();
    return result;
}

int
fdatasync(int fd)
{
    int result;

    hold();
    result = PRELOAD_NEXT(fdatasync)(fd);
    if (result == 0)
        note_sync(fd);
    let_go();
    return result;
}

/* ---- names ---- */

/* The paths are taken before: afterwards one of them may be no more. */
int
renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags)
{
    char source[PATH_MAX], target[PATH_MAX];
    int here, there, result;

    hold();
    here = path_at(from_at, from, source);
    there = path_at(to_at, to, target);
    result = PRELOAD_NEXT(renameat2)(from_at, from, to_at, to, flags);
    if (result == 0 && here && there)
        note('r', 0, 0, source, target, strlen(target));
    let_go();
    return result;
}

int
renameat(int from_at, const char *from, int to_at, const char *to)
{
    return renameat2(from_at, from, to_at, to, 0);
}

int
rename(const char *from, const char *to)
{
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
linkat(int from_at, const char *from, int to_at, const char *to, int flags)
{
    char source[PATH_MAX], target[PATH_MAX];
    int here, there, result;

    hold();
    here = path_at(from_at, from, source);
    there = path_at(to_at, to, target);
    result = PRELOAD_NEXT(linkat)(from_at, from, to_at, to, flags);
    if (result == 0 && here && there)
        note('l', 0, 0, source, target, strlen(target));
    let_go();
    return result;
}

int
link(const char *from, const char *to)
{
    return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
unlinkat(int at, const char *name, int flags)
{
    char path[PATH_MAX];
    int here, result;

    hold();
    here = path_at(at, name, path);
    result = PRELOAD_NEXT(unlinkat)(at, name, flags);
    if (result == 0 && here)
        note('u', 0, 0, path, NULL, 0);
    let_go();
    return result;
}

int
unlink(const char *name)
{
    return unlinkat(AT_FDCWD, name, 0);
}

int
mkdirat(int at, const char *name, mode_t mode)
{
    char path[PATH_MAX];
    int here, result;

    hold();
    here = path_at(at, name, path);
    result = PRELOAD_NEXT(mkdirat)(at, name, mode);
    if (result == 0 && here)
        note('m', 0, 0, path, NULL, 0);
    let_go();
    return result;
}

int
mkdir(const char *name, mode_t mode)
{
    return mkdirat(AT_FDCWD, name, mode);
}

/* ---- what is said, and bytes at a file's own place ---- */

static void
say(int fd, const struct iovec *parts, size_t n)
{
    for (size_t i = 0; i < n && notes >= 0; i++)
        note('s', (uint64_t)fd, 0, NULL, parts[i].iov_base, parts[i].iov_len);
}

static void
note_write(int fd, const struct iovec *parts, size_t n, ssize_t done)
{
    off64_t at = lseek64(fd, 0, SEEK_CUR) - done;

    for (size_t i = 0; i < n && done > 0; i++) {
        size_t part = parts[i].iov_len < (size_t)done ? parts[i].iov_len : (size_t)done;

        note('w', inode_of(fd), at, NULL, parts[i].iov_base, part);
        at += (off64_t)part;
        done -= (ssize_t)part;
    }
}

/* Whatever part of it is sent, that part was said by then. What concerns nobody is passed on
 * without the lock: a signal's handler writes to a pipe, maybe in the midst of a note. */
static ssize_t
writev_noted(int fd, const struct iovec *parts, int n)
{
    char path[PATH_MAX];
    int is_socket = notes >= 0 && preload_kind(fd) == PRELOAD_SOCKET;
    ssize_t done;

    if (!is_socket && !path_of(fd, path))
        return PRELOAD_NEXT(writev)(fd, parts, n);
    hold();
    if (is_socket)
        say(fd, parts, (size_t)n);
    done = PRELOAD_NEXT(writev)(fd, parts, n);
    if (!is_socket && done > 0)
        note_write(fd, parts, (size_t)n, done);
    let_go();
    return done;
}

ssize_t
write(int fd, const void *bytes, size_t n)
{
    const struct iovec part = { .iov_base = (void *)(uintptr_t)bytes, .iov_len = n };

    return writev_noted(fd, &part, 1);
}

ssize_t
writev(int fd, const struct iovec *parts, int n)
{
    return writev_noted(fd, parts, n);
}

ssize_t
sendmsg(int fd, const struct msghdr *message, int flags)
{
    ssize_t done;

    hold();
    say(fd, message->msg_iov, message->msg_iovlen);
    done = PRELOAD_NEXT(sendmsg)(fd, message, flags);
    let_go();
    return done;
}
