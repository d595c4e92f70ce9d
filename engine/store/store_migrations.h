/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What changing the schema is on every backend: numbered migrations that only go up, what is told
 * of them, and the words for whoever comes with a program that is too old.
 */
#ifndef STORE_MIGRATIONS_H
#define STORE_MIGRATIONS_H

#include "status.h"
#include <stddef.h>
#include <stdint.h>

#define STORE_MIGRATION_SAYS 256

/* The first sentence of a migration's text, which begins with "-- Schema N. What it brings."; what
 * stands in parentheses is left out. */
void store_migration_says(const char *sql, char out[STORE_MIGRATION_SAYS]);

/* Whoever starts a server on an older store reads in its log what becomes of it: that it begins,
 * each migration (schema is the one that it makes), and that all of it is there. */
void store_migration_begins(const char *where, int64_t from, int to);
void store_migration_tells(int64_t schema, const char *sql);
void store_migration_ends(const char *where, int to);

/* SGN_INVALID: what lies there is of a newer schema than this program knows. by: the version that
 * made it so, "" when that is not known. */
enum sgn_status store_newer(const char *where, int64_t schema, int known, const char *by,
                            struct sgn_error *err) SGN_MUST_CHECK;

#endif
