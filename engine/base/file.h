/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files and folders that a power cut leaves whole, or as they were.
 *
 * What a file holds is durable when the file was synced, its name when the folder was that it lies
 * in (fsync(2)): so bytes are written beside, synced, given their name, and the folder is synced.
 * Blocks; any thread.
 */
#ifndef SGN_FILE_H
#define SGN_FILE_H

#include "status.h"
#include <stdbool.h>
#include <stddef.h>

/*
 * These n bytes are the file's of this path from now on, for good when it returns SGN_OK. A file
 * that is there is replaced; without replace it is SGN_CONFLICT, and left alone. The mode is right
 * from the first byte (less the umask). SGN_UNAVAILABLE says why it cannot be written.
 */
enum sgn_status sgn_file_put(const char *path, const void *bytes, size_t n, unsigned mode,
                             bool replace, struct sgn_error *err) SGN_MUST_CHECK;
/* Makes a folder; one that is there is fine. Both are there for good then. SGN_NOT_FOUND: there is
 * no folder to make it in. */
enum sgn_status sgn_folder_make(const char *path, unsigned mode,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* Gives a file that was written beside its name, whose folder is still to be synced. 0, or -1 and
 * errno: EEXIST without replace, where there is one. */
int sgn_file_name(const char *beside, const char *path, bool replace) SGN_MUST_CHECK;
/* Syncs the folder that this name lies in. 0, or -1 and errno. */
int sgn_sync_above(const char *path) SGN_MUST_CHECK;

#endif
