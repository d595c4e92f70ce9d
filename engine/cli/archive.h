/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files one behind the other in one file: a tar archive of plain members (POSIX.1-1988, "ustar",
 * as any tar reads it; a size of 8 GiB and more in base 256, as GNU tar and libarchive write it).
 *
 * Written without a name, so that whoever is killed leaves nothing (where the file system has no
 * such files, beside, as NAME.XXXXXXXX.new); whole and for good when archive_commit() has returned
 * SGN_OK, else there is nothing. What is read is a stranger's: every block is checked, and anything
 * but plain members, one end, and nothing behind it is SGN_INVALID with file and byte.
 *
 * One thread. Names have at most ARCHIVE_NAME bytes; where they lead to is the caller's to judge.
 */
#ifndef CLI_ARCHIVE_H
#define CLI_ARCHIVE_H

#include "status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARCHIVE_NAME 255

struct archive_out;
/* Nobody but its owner may read it. SGN_CONFLICT: there is a file of this name already. */
enum sgn_status archive_create(const char *path, struct archive_out **given,
                               struct sgn_error *err) SGN_MUST_CHECK;
/* The next member; the one before must have got all its bytes. SGN_INVALID: no such name fits. */
enum sgn_status archive_member(struct archive_out *out, const char *name, int64_t size,
                               unsigned mode, struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status archive_put(struct archive_out *out, const void *bytes, size_t n,
                            struct sgn_error *err) SGN_MUST_CHECK;
/* Ends and syncs it, and gives it its name. *bytes: how large it is. */
enum sgn_status archive_commit(struct archive_out *out, int64_t *bytes,
                               struct sgn_error *err) SGN_MUST_CHECK;
/* Without a commit nothing is left. NULL is fine. */
void archive_out_free(struct archive_out *out);

struct archive_in;
enum sgn_status archive_open(const char *path, struct archive_in **given,
                             struct sgn_error *err) SGN_MUST_CHECK;
/* The next member, behind what is left of the one before; false: the end. */
enum sgn_status archive_next(struct archive_in *in, char name[ARCHIVE_NAME + 1], int64_t *size,
                             unsigned *mode, bool *more, struct sgn_error *err) SGN_MUST_CHECK;
/* Up to max bytes of it: *n, 0 at its end. */
enum sgn_status archive_get(struct archive_in *in, void *bytes, size_t max, size_t *n,
                            struct sgn_error *err) SGN_MUST_CHECK;
/* How far it was read, and how large it is. */
void archive_at(const struct archive_in *in, int64_t *at, int64_t *size);
void archive_in_free(struct archive_in *in);

#endif
