/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite on a disk whose power can be cut.
 *
 * Behaves as SQLite's own layer for Unix does (os_unix.c): a log or journal that was made is synced
 * together with the folder the first time, the folder of the database alone never; what is removed
 * is removed durably only where SQLite asks for it. Shared memory and locks are of one process, and
 * gone with it. One thread.
 */
#ifndef CUT_VFS_H
#define CUT_VFS_H

#include "cut_disk.h"
#include <sqlite3.h>

struct cut_planted;

#define CUT_VFS "cut"

struct cut_vfs {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;     /* time, and chance, which is that of the disk's seed below */
    struct cut_disk *disk; /* whose files are opened from now on; borrowed */
    struct cut_random random;
    bool log_cut; /* the store believes its log to be so long that it must be cut */
    const struct cut_planted *planted; /* see cut_plan.h; NULL: nothing */
};

/* Makes it SQLite's default. */
void cut_vfs_register(struct cut_vfs *cut);
void cut_vfs_unregister(struct cut_vfs *cut);

#endif
