/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A failing write leaves half of its bytes, as a disk may; it says that the disk is full or broken
 * in turn. What is not written here lies as it was.
 */
#include "fork_vfs.h"

#include "points.h"
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

#define NAME_MAX_BYTES 256
#define FILES          8
#define REGIONS        64

struct bytes {
    char name[NAME_MAX_BYTES]; /* "": no file */
    unsigned char *bytes;
    size_t n, room;
    void *shared[REGIONS]; /* of the log's index */
    int handles;
};

struct handle {
    sqlite3_file base;
    struct bytes *file;
};

/* Global because SQLite finds a file system by its name alone. */
static struct bytes files[FILES];
static sqlite3_vfs vfs;

static struct bytes *
file_of(sqlite3_file *file)
{
    return ((struct handle *)file)->file;
}

static struct bytes *
find(const char *name)
{
    for (int i = 0; i < FILES; i++)
        if (files[i].name[0] != '\0' && strcmp(files[i].name, name) == 0)
            return &files[i];
    return NULL;
}

/* Full and broken take turns, so that both are met; a write for good is always the same. */
static int
write_error(void)
{
    static const int codes[] = { SQLITE_FULL, SQLITE_IOERR_WRITE };

    return codes[points_how() == POINT_ONCE];
}

/* ---- a file ---- */

static int
on_close(sqlite3_file *file)
{
    file_of(file)->handles--;
    return SQLITE_OK;
}

static int
on_read(sqlite3_file *file, void *out, int n, sqlite3_int64 at)
{
    const struct bytes *f = file_of(file);
    size_t there = (size_t)at >= f->n ? 0 : f->n - (size_t)at;

    if (points_fails(POINT_READ))
        return SQLITE_IOERR_READ;
    if (there > (size_t)n)
        there = (size_t)n;
    if (there > 0)
        memcpy(out, f->bytes + at, there);
    memset((char *)out + there, 0, (size_t)n - there);
    return there == (size_t)n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static void
put(struct bytes *f, const void *from, size_t n, size_t at)
{
    if (at + n > f->room) {
        f->room = (at + n) * 2;
        f->bytes = points_realloc(f->bytes, f->room);
    }
    if (at > f->n)
        memset(f->bytes + f->n, 0, at - f->n);
    memcpy(f->bytes + at, from, n);
    if (at + n > f->n)
        f->n = at + n;
}

static int
on_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
    bool fails = points_fails(POINT_WRITE);

    put(file_of(file), from, fails ? (size_t)n / 2 : (size_t)n, (size_t)at);
    return fails ? write_error() : SQLITE_OK;
}

static int
on_truncate(sqlite3_file *file, sqlite3_int64 n)
{
    if (points_fails(POINT_OTHER))
        return SQLITE_IOERR_TRUNCATE;
    if ((size_t)n < file_of(file)->n)
        file_of(file)->n = (size_t)n;
    return SQLITE_OK;
}

static int
on_sync(sqlite3_file *file, int flags)
{
    (void)file;
    (void)flags;
    return points_fails(POINT_SYNC) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int
on_size(sqlite3_file *file, sqlite3_int64 *n)
{
    *n = (sqlite3_int64)file_of(file)->n;
    return SQLITE_OK;
}

/* The last handle is alone with its file: only it may copy the log back and remove it. */
static int
on_lock(sqlite3_file *file, int level)
{
    return level == SQLITE_LOCK_EXCLUSIVE && file_of(file)->handles > 1 ? SQLITE_BUSY : SQLITE_OK;
}

static int
on_unlock(sqlite3_file *file, int level)
{
    (void)file;
    (void)level;
    return SQLITE_OK;
}

static int
on_check_lock(sqlite3_file *file, int *out)
{
    (void)file;
    *out = 0;
    return SQLITE_OK;
}

static int
on_control(sqlite3_file *file, int op, void *arg)
{
    (void)file;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int
on_sector(sqlite3_file *file)
{
    (void)file;
    return 4096;
}

static int
on_device(sqlite3_file *file)
{
    (void)file;
    return 0;
}

static int
on_shm_map(sqlite3_file *file, int region, int n, int extend, void volatile **out)
{
    struct bytes *f = file_of(file);

    *out = NULL;
    if (region >= REGIONS || points_fails(POINT_OTHER))
        return SQLITE_IOERR_SHMMAP;
    if (f->shared[region] == NULL && extend) {
        f->shared[region] = points_realloc(NULL, (size_t)n);
        memset(f->shared[region], 0, (size_t)n);
    }
    *out = f->shared[region];
    return SQLITE_OK;
}

static int
on_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    (void)file;
    (void)offset;
    (void)n;
    (void)flags;
    return SQLITE_OK;
}

static void
on_shm_barrier(sqlite3_file *file)
{
    (void)file;
}

static int
on_shm_unmap(sqlite3_file *file, int remove)
{
    struct bytes *f = file_of(file);

    (void)remove; /* it goes with the last handle, as it does with the last process */
    for (int i = 0; f->handles == 1 && i < REGIONS; i++) {
        points_free(f->shared[i]);
        f->shared[i] = NULL;
    }
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_size,
    .xLock = on_lock,
    .xUnlock = on_unlock,
    .xCheckReservedLock = on_check_lock,
    .xFileControl = on_control,
    .xSectorSize = on_sector,
    .xDeviceCharacteristics = on_device,
    .xShmMap = on_shm_map,
    .xShmLock = on_shm_lock,
    .xShmBarrier = on_shm_barrier,
    .xShmUnmap = on_shm_unmap,
};

/* ---- the file system ---- */

static int
on_open(sqlite3_vfs *self, sqlite3_filename name, sqlite3_file *file, int flags, int *out_flags)
{
    struct bytes *f = find(name);

    (void)self;
    file->pMethods = NULL;
    if (points_fails(POINT_OTHER))
        return SQLITE_CANTOPEN;
    for (int i = 0; f == NULL && i < FILES; i++)
        if (files[i].name[0] == '\0') {
            f = &files[i];
            strncpy(f->name, name, sizeof f->name - 1);
        }
    if (f == NULL)
        return SQLITE_CANTOPEN;
    f->handles++;
    ((struct handle *)file)->file = f;
    file->pMethods = &methods;
    if (out_flags != NULL)
        *out_flags = flags;
    return SQLITE_OK;
}

static void
clear(struct bytes *f)
{
    points_free(f->bytes);
    for (int i = 0; i < REGIONS; i++)
        points_free(f->shared[i]);
    memset(f, 0, sizeof *f);
}

static int
on_delete(sqlite3_vfs *self, const char *name, int sync)
{
    struct bytes *f = find(name);

    (void)self;
    (void)sync;
    if (points_fails(POINT_OTHER))
        return SQLITE_IOERR_DELETE;
    if (f == NULL)
        return SQLITE_IOERR_DELETE_NOENT;
    clear(f);
    return SQLITE_OK;
}

static int
on_access(sqlite3_vfs *self, const char *name, int flags, int *out)
{
    (void)self;
    (void)flags;
    *out = find(name) != NULL;
    return points_fails(POINT_OTHER) ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

/* A fork and its parent share the lock of the store's folder, and the fork could not take it anew.
 */
int __wrap_flock(int fd, int operation);

int
__wrap_flock(int fd, int operation)
{
    (void)fd;
    (void)operation;
    return 0;
}

void
fork_vfs_register(void)
{
    sqlite3_vfs *real = sqlite3_vfs_find(NULL);

    vfs = *real;
    vfs.zName = "fork";
    vfs.pNext = NULL;
    vfs.szOsFile = (int)sizeof(struct handle);
    vfs.xOpen = on_open;
    vfs.xDelete = on_delete;
    vfs.xAccess = on_access;
    sqlite3_vfs_register(&vfs, 1);
}

void
fork_vfs_clear(void)
{
    for (int i = 0; i < FILES; i++)
        clear(&files[i]);
}
