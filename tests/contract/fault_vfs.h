/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A layer between SQLite and the operating system that makes chosen calls fail. Register it
 * before a store is opened; all files of SQLite go through it from then on.
 */
#ifndef FAULT_VFS_H
#define FAULT_VFS_H

#include <sqlite3.h>
#include <stdbool.h>

enum fault_call {
    FAULT_WRITE = 1, /* xWrite */
    FAULT_SYNC = 2,  /* xSync */
    FAULT_TRUNCATE = 4,
    FAULT_READ = 8,
};

struct fault_vfs {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    unsigned calls; /* set of enum fault_call: which are counted */
    int countdown;  /* the call that fails: 1 is the next; 0: none */
    int code;       /* what it answers */
    bool forever;   /* and all after it */
    bool torn;      /* a failing write leaves half of its bytes */
    bool fired;
};

void fault_vfs_register(struct fault_vfs *fault);
void fault_vfs_unregister(struct fault_vfs *fault);
/* Makes the nth counted call from now on fail with code. */
void fault_vfs_arm(struct fault_vfs *fault, unsigned calls, int nth, int code, bool forever);
void fault_vfs_disarm(struct fault_vfs *fault);

#endif
