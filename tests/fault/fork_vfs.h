/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files for SQLite that lie in this process's memory, so that a fork has its own copy of them, and
 * each call to which is a point (points.h).
 *
 * For one thread. A lock is only what tells the last handle of a file from others.
 */
#ifndef FAULT_FORK_VFS_H
#define FAULT_FORK_VFS_H

/* Makes it SQLite's default. */
void fork_vfs_register(void);
/* Removes all files; none is open. */
void fork_vfs_clear(void);

#endif
