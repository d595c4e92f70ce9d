/* SPDX-License-Identifier: Apache-2.0 */
/* See cut_vfs.h. */
#include "cut_vfs.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS   SQLITE_SHM_NLOCK
#define REGIONS 64 /* of 32 KiB: an index of a log of a million pages */

/* What all who have a file open share. */
struct shared {
    int readers; /* who have at least SQLITE_LOCK_SHARED */
    const struct handle *reserved, *exclusive;
    void *regions[REGIONS];
    int slot_readers[SLOTS];
    const struct handle *slot_writer[SLOTS];
};

struct handle {
    sqlite3_file base;
    struct cut_vfs *cut;
    struct cut_file *file;
    bool folder; /* to be synced with the next sync of the file */
    int lock;
    unsigned slots_shared, slots_exclusive;
};

static struct handle *
of(sqlite3_file *file)
{
    return (struct handle *)file;
}

static void
shared_free(void *attached)
{
    struct shared *shared = attached;

    for (int i = 0; i < REGIONS; i++)
        free(shared->regions[i]);
    free(shared);
}

static struct shared *
shared_of(struct handle *h)
{
    void **place = cut_file_attached(h->file, shared_free);

    if (*place == NULL)
        *place = calloc(1, sizeof(struct shared));
    return *place;
}

/* ---- bytes ---- */

static int
on_read(sqlite3_file *file, void *out, int n, sqlite3_int64 at)
{
    size_t got = 0;

    if (!cut_file_read(of(file)->file, out, (size_t)n, at, &got))
        return SQLITE_IOERR_READ;
    if (got == (size_t)n)
        return SQLITE_OK;
    memset((char *)out + got, 0, (size_t)n - got);
    return SQLITE_IOERR_SHORT_READ;
}

static int
on_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
    if (cut_file_write(of(file)->file, bytes, (size_t)n, at))
        return SQLITE_OK;
    return cut_disk_is_dead(of(file)->cut->disk) ? SQLITE_IOERR_WRITE : SQLITE_FULL;
}

static int
on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return cut_file_resize(of(file)->file, size) ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

static int
on_sync(sqlite3_file *file, int flags)
{
    struct handle *h = of(file);

    (void)flags;
    if (!cut_file_sync(h->file))
        return SQLITE_IOERR_FSYNC;
    if (h->folder && !cut_folder_sync(h->cut->disk))
        return SQLITE_IOERR_DIR_FSYNC;
    h->folder = false;
    return SQLITE_OK;
}

static int
on_size(sqlite3_file *file, sqlite3_int64 *size)
{
    *size = cut_file_size(of(file)->file);
    return SQLITE_OK;
}

/* ---- locks of the file ---- */

static int
on_unlock(sqlite3_file *file, int lock)
{
    struct handle *h = of(file);
    struct shared *shared = shared_of(h);

    if (h->lock <= lock)
        return SQLITE_OK;
    if (shared->exclusive == h)
        shared->exclusive = NULL;
    if (shared->reserved == h)
        shared->reserved = NULL;
    if (lock == SQLITE_LOCK_NONE && h->lock >= SQLITE_LOCK_SHARED)
        shared->readers--;
    h->lock = lock;
    return SQLITE_OK;
}

/* A pending lock is an exclusive one that waits: here nobody waits, since all is one thread. */
static int
on_lock(sqlite3_file *file, int lock)
{
    struct handle *h = of(file);
    struct shared *shared = shared_of(h);

    if (shared == NULL)
        return SQLITE_NOMEM;
    if (h->lock >= lock)
        return SQLITE_OK;
    if (shared->exclusive != NULL && shared->exclusive != h)
        return SQLITE_BUSY;
    if (h->lock == SQLITE_LOCK_NONE)
        shared->readers++, h->lock = SQLITE_LOCK_SHARED;
    if (lock >= SQLITE_LOCK_RESERVED) {
        if (shared->reserved != NULL && shared->reserved != h)
            return SQLITE_BUSY;
        shared->reserved = h;
    }
    if (lock >= SQLITE_LOCK_EXCLUSIVE) {
        if (shared->readers > 1)
            return SQLITE_BUSY;
        shared->exclusive = h;
    }
    h->lock = lock;
    return SQLITE_OK;
}

static int
on_check_reserved(sqlite3_file *file, int *out)
{
    *out = shared_of(of(file))->reserved != NULL;
    return SQLITE_OK;
}

/* ---- shared memory ---- */

static int
on_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
    struct shared *shared = shared_of(of(file));

    *out = NULL;
    if (shared == NULL || region >= REGIONS)
        return SQLITE_NOMEM;
    if (shared->regions[region] == NULL && extend)
        shared->regions[region] = calloc(1, (size_t)size);
    *out = shared->regions[region];
    return SQLITE_OK;
}

static void
shm_unlock(struct handle *h, struct shared *shared, int slot)
{
    unsigned bit = 1u << slot;

    if ((h->slots_shared & bit) != 0)
        shared->slot_readers[slot]--;
    if (shared->slot_writer[slot] == h)
        shared->slot_writer[slot] = NULL;
    h->slots_shared &= ~bit;
    h->slots_exclusive &= ~bit;
}

static bool
shm_may(const struct handle *h, const struct shared *shared, int slot, bool exclusive)
{
    bool mine = (h->slots_shared & 1u << slot) != 0;

    if (shared->slot_writer[slot] != NULL && shared->slot_writer[slot] != h)
        return false;
    return !exclusive || shared->slot_readers[slot] == mine;
}

static void
shm_lock(struct handle *h, struct shared *shared, int slot, bool exclusive)
{
    unsigned bit = 1u << slot;

    if (exclusive) {
        shared->slot_writer[slot] = h;
        h->slots_exclusive |= bit;
    } else if ((h->slots_shared & bit) == 0) {
        shared->slot_readers[slot]++;
        h->slots_shared |= bit;
    }
}

/* All the slots, or none. */
static int
on_shm_lock(sqlite3_file *file, int first, int n, int flags)
{
    struct handle *h = of(file);
    struct shared *shared = shared_of(h);
    bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;

    for (int i = first; i < first + n; i++)
        if ((flags & SQLITE_SHM_LOCK) != 0 && !shm_may(h, shared, i, exclusive))
            return SQLITE_BUSY;
    for (int i = first; i < first + n; i++) {
        if ((flags & SQLITE_SHM_UNLOCK) != 0)
            shm_unlock(h, shared, i);
        else
            shm_lock(h, shared, i, exclusive);
    }
    return SQLITE_OK;
}

static void
on_shm_barrier(sqlite3_file *file)
{
    (void)file;
}

static int
on_shm_unmap(sqlite3_file *file, int gone)
{
    struct handle *h = of(file);

    (void)gone;
    for (int i = 0; i < SLOTS; i++)
        shm_unlock(h, shared_of(h), i);
    return SQLITE_OK;
}

/* ---- the rest of a file ---- */

static int
on_close(sqlite3_file *file)
{
    struct handle *h = of(file);

    (void)on_shm_unmap(file, 0);
    (void)on_unlock(file, SQLITE_LOCK_NONE);
    cut_file_close(h->file);
    return SQLITE_OK;
}

static int
on_control(sqlite3_file *file, int what, void *arg)
{
    (void)file;
    (void)what;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int
on_sector_size(sqlite3_file *file)
{
    (void)file;
    return 4096;
}

static int
on_characteristics(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
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
    .xCheckReservedLock = on_check_reserved,
    .xFileControl = on_control,
    .xSectorSize = on_sector_size,
    .xDeviceCharacteristics = on_characteristics,
    .xShmMap = on_shm_map,
    .xShmLock = on_shm_lock,
    .xShmBarrier = on_shm_barrier,
    .xShmUnmap = on_shm_unmap,
};

/* ---- the layer ---- */

static int
on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    struct cut_vfs *cut = (struct cut_vfs *)vfs;
    struct handle *h = of(file);
    bool journal = (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    enum cut_kind kind = (flags & SQLITE_OPEN_WAL) != 0       ? CUT_LOG
                         : (flags & SQLITE_OPEN_MAIN_DB) != 0 ? CUT_DATABASE
                                                              : CUT_JOURNAL;

    *h = (struct handle){ .cut = cut };
    if (name == NULL) /* a temporary one: the store keeps those in memory */
        return SQLITE_CANTOPEN;
    h->file = cut_file_open(cut->disk, name, kind, (flags & SQLITE_OPEN_CREATE) != 0);
    if (h->file == NULL)
        return SQLITE_CANTOPEN;
    h->folder = journal && (flags & SQLITE_OPEN_CREATE) != 0;
    h->base.pMethods = &methods;
    if (out_flags != NULL)
        *out_flags = flags;
    return SQLITE_OK;
}

static int
on_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    struct cut_disk *disk = ((struct cut_vfs *)vfs)->disk;

    if (!cut_disk_is_dead(disk) && !cut_name_there(disk, name))
        return SQLITE_IOERR_DELETE_NOENT;
    if (!cut_name_remove(disk, name))
        return SQLITE_IOERR_DELETE;
    return !sync || cut_folder_sync(disk) ? SQLITE_OK : SQLITE_IOERR_DIR_FSYNC;
}

/* As os_unix.c: an empty file does not exist. */
static int
on_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    struct cut_disk *disk = ((struct cut_vfs *)vfs)->disk;

    *out = cut_name_there(disk, name) &&
           (flags != SQLITE_ACCESS_EXISTS || cut_name_size(disk, name) > 0);
    return SQLITE_OK;
}

static int
on_full_path(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
    (void)vfs;
    sqlite3_snprintf(n, out, "%s", name);
    return SQLITE_OK;
}

static int
on_randomness(sqlite3_vfs *vfs, int n, char *out)
{
    for (int i = 0; i < n; i++)
        out[i] = (char)cut_random(&((struct cut_vfs *)vfs)->random);
    return n;
}

static int
on_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds; /* nobody else is there who could go on meanwhile */
}

static int
on_time(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
    sqlite3_vfs *real = ((struct cut_vfs *)vfs)->real;

    return real->xCurrentTimeInt64(real, out);
}

static int
on_last_error(sqlite3_vfs *vfs, int n, char *out)
{
    (void)vfs;
    (void)n;
    (void)out;
    return 0;
}

void
cut_vfs_register(struct cut_vfs *cut)
{
    cut->real = sqlite3_vfs_find(NULL);
    cut->vfs = (sqlite3_vfs){
        .iVersion = 2,
        .szOsFile = sizeof(struct handle),
        .mxPathname = 512,
        .zName = CUT_VFS,
        .xOpen = on_open,
        .xDelete = on_delete,
        .xAccess = on_access,
        .xFullPathname = on_full_path,
        .xRandomness = on_randomness,
        .xSleep = on_sleep,
        .xGetLastError = on_last_error,
        .xCurrentTimeInt64 = on_time,
    };
    (void)sqlite3_vfs_register(&cut->vfs, 1);
}

void
cut_vfs_unregister(struct cut_vfs *cut)
{
    (void)sqlite3_vfs_unregister(&cut->vfs);
}
