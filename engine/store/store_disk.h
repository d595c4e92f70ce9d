/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The folder that a store on disk lives in: made, tried, locked, measured.
 */
#ifndef STORE_DISK_H
#define STORE_DISK_H

#include "status.h"
#include <stdint.h>

/*
 * Makes the folder when it is missing (0700) and refuses one on a network file system,
 * whose locks and shared memory cannot be trusted (SGN_INVALID).
 */
enum sgn_status store_disk_prepare(const char *dir, struct sgn_error *err) SGN_MUST_CHECK;

/* "NFS", "SMB", ... for the f_type of statfs(2), or NULL for a local file system. */
const char *store_disk_network(unsigned long type);

/* Takes DIR/lock for this process; SGN_CONFLICT when another store holds it. Gives the
 * descriptor; closing it lets the folder go. */
enum sgn_status store_disk_lock(const char *dir, int *out_fd, struct sgn_error *err) SGN_MUST_CHECK;

/* Bytes that an ordinary process may still write there; INT64_MAX when it cannot be told. */
int64_t store_disk_free(const char *dir);

/* A thread that has a file's bytes written to the disk when it is asked to, so that who syncs the
 * file itself finds little left to wait for. What it cannot write, that sync will say. */
struct store_disk_syncer;
struct store_disk_syncer *store_disk_syncer_new(const char *path); /* NULL: there is none */
void store_disk_syncer_ask(struct store_disk_syncer *syncer);      /* NULL is fine */
/* Closes the file, by which the process loses its locks on it: after all who have some. */
void store_disk_syncer_free(struct store_disk_syncer *syncer);

/* Bytes of a file; 0 when there is none. */
int64_t store_disk_size(const char *path);

#endif
