/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every call is passed on to the real file, which lies behind ours in the same memory;
 * write, sync, truncate and read are counted first.
 */
#include "fault_vfs.h"

#include <stddef.h>
#include <string.h>

struct fault_file {
    sqlite3_file base;
    struct fault_vfs *fault;
    sqlite3_file real; /* SQLite gave room for more behind it */
};

#define REAL(file)            (&((struct fault_file *)(file))->real)
#define PASS(file, call, ...) (REAL(file)->pMethods->call(REAL(file), __VA_ARGS__))

/* Counts a call; true when it has to fail. */
static bool
fails(sqlite3_file *file, unsigned call)
{
    struct fault_vfs *fault = ((struct fault_file *)file)->fault;

    if ((fault->calls & call) == 0 || fault->countdown == 0)
        return false;
    if (fault->countdown > 1) {
        fault->countdown--;
        return false;
    }
    fault->fired = true;
    if (!fault->forever)
        fault->countdown = 0;
    return true;
}

static int
code_of(sqlite3_file *file)
{
    return ((struct fault_file *)file)->fault->code;
}

static int
on_close(sqlite3_file *file)
{
    return REAL(file)->pMethods->xClose(REAL(file));
}

static int
on_read(sqlite3_file *file, void *bytes, int n, sqlite3_int64 at)
{
    return fails(file, FAULT_READ) ? code_of(file) : PASS(file, xRead, bytes, n, at);
}

static int
on_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
    if (!fails(file, FAULT_WRITE))
        return PASS(file, xWrite, bytes, n, at);
    if (((struct fault_file *)file)->fault->torn && n > 1)
        (void)PASS(file, xWrite, bytes, n / 2, at);
    return code_of(file);
}

static int
on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return fails(file, FAULT_TRUNCATE) ? code_of(file) : PASS(file, xTruncate, size);
}

static int
on_sync(sqlite3_file *file, int flags)
{
    return fails(file, FAULT_SYNC) ? code_of(file) : PASS(file, xSync, flags);
}

static int
on_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return PASS(file, xFileSize, size);
}

static int
on_lock(sqlite3_file *file, int level)
{
    return PASS(file, xLock, level);
}

static int
on_unlock(sqlite3_file *file, int level)
{
    return PASS(file, xUnlock, level);
}

static int
on_check_lock(sqlite3_file *file, int *out)
{
    return PASS(file, xCheckReservedLock, out);
}

static int
on_control(sqlite3_file *file, int op, void *arg)
{
    return PASS(file, xFileControl, op, arg);
}

static int
on_sector(sqlite3_file *file)
{
    return REAL(file)->pMethods->xSectorSize(REAL(file));
}

static int
on_device(sqlite3_file *file)
{
    return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}

static int
on_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return PASS(file, xShmMap, page, size, extend, out);
}

static int
on_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return PASS(file, xShmLock, offset, n, flags);
}

static void
on_shm_barrier(sqlite3_file *file)
{
    REAL(file)->pMethods->xShmBarrier(REAL(file));
}

static int
on_shm_unmap(sqlite3_file *file, int remove)
{
    return PASS(file, xShmUnmap, remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2, /* no memory mapping, which would go round us */
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

static int
on_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out_flags)
{
    struct fault_vfs *fault = vfs->pAppData;
    struct fault_file *ours = (struct fault_file *)file;
    int rc;

    memset(ours, 0, sizeof *ours);
    ours->fault = fault;
    rc = fault->real->xOpen(fault->real, name, &ours->real, flags, out_flags);
    ours->base.pMethods = ours->real.pMethods == NULL ? NULL : &methods;
    return rc;
}

/* The real layer looks into its own struct, so these are called with it. */
static int
on_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    sqlite3_vfs *real = ((struct fault_vfs *)vfs->pAppData)->real;

    return real->xDelete(real, name, sync);
}

static int
on_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    sqlite3_vfs *real = ((struct fault_vfs *)vfs->pAppData)->real;

    return real->xAccess(real, name, flags, out);
}

static int
on_full_path(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
    sqlite3_vfs *real = ((struct fault_vfs *)vfs->pAppData)->real;

    return real->xFullPathname(real, name, n, out);
}

void
fault_vfs_register(struct fault_vfs *fault)
{
    sqlite3_vfs *real = sqlite3_vfs_find(NULL);

    *fault = (struct fault_vfs){ .vfs = *real, .real = real };
    fault->vfs.zName = "fault";
    fault->vfs.pNext = NULL;
    fault->vfs.pAppData = fault;
    fault->vfs.szOsFile = (int)offsetof(struct fault_file, real) + real->szOsFile;
    fault->vfs.xOpen = on_open;
    fault->vfs.xDelete = on_delete;
    fault->vfs.xAccess = on_access;
    fault->vfs.xFullPathname = on_full_path;
    sqlite3_vfs_register(&fault->vfs, 1);
}

void
fault_vfs_unregister(struct fault_vfs *fault)
{
    sqlite3_vfs_unregister(&fault->vfs);
    sqlite3_vfs_register(fault->real, 1);
}

void
fault_vfs_arm(struct fault_vfs *fault, unsigned calls, int nth, int code, bool forever)
{
    fault->calls = calls;
    fault->countdown = nth;
    fault->code = code;
    fault->forever = forever;
    fault->torn = false;
    fault->fired = false;
}

void
fault_vfs_disarm(struct fault_vfs *fault)
{
    fault->countdown = 0;
}
