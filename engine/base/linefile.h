/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of lines that others read: one line after another, written by a thread of its own, so that
 * whoever has something to say never waits for the disk.
 *
 * Lines that the disk does not take in time are left out, and a later line {"lost":N} says how
 * many. The file is opened anew when sgn_linefile_reopen() is called, so that it may be renamed
 * before.
 */
#ifndef SGN_LINEFILE_H
#define SGN_LINEFILE_H

#include "status.h"
#include <stddef.h>

struct sgn_linefile;

/* Appends to the file at path, made with mode 0600 when it is missing. SGN_UNAVAILABLE names it. */
enum sgn_status sgn_linefile_open(const char *path, struct sgn_linefile **out,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* Writes what is left, and closes. NULL is fine. */
void sgn_linefile_free(struct sgn_linefile *file);
/* A line of n bytes, which ends with its line end. Any thread; copies it. */
void sgn_linefile_add(struct sgn_linefile *file, const char *bytes, size_t n);
/* The next line goes to the file that lies at the path then. Any thread; NULL is fine. */
void sgn_linefile_reopen(struct sgn_linefile *file);

#endif
