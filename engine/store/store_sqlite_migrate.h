/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema of a SQLite store: which the file has, and how an older one becomes the newest.
 *
 * All migrations and the mark of the schema are one transaction: a server that is killed in it
 * finds the old schema whole. Before it the file is copied, as it is, to signoff.schema-N.db beside
 * it, which a Signoff of that schema opens under the name signoff.db; the copy appears whole or not
 * at all and is never deleted by us. Never downwards.
 */
#ifndef STORE_SQLITE_MIGRATE_H
#define STORE_SQLITE_MIGRATE_H

#include "store_sqlite.h"

/* Reads the marks of the file and writes nothing: it may be somebody else's, or a newer Signoff's
 * (SGN_INVALID). schema 0: there is nothing yet. */
enum sgn_status store_sqlite_identify(struct store_sqlite *store, int64_t *schema,
                                      struct sgn_error *err) SGN_MUST_CHECK;
/* From that schema to STORE_SCHEMA. SGN_UNAVAILABLE: no room for the copy, unless no_copy. */
enum sgn_status store_sqlite_migrate(struct store_sqlite *store, int64_t schema, bool no_copy,
                                     struct sgn_error *err) SGN_MUST_CHECK;
/* Like store_sqlite_fail, but a file that cannot be read as a database is a wrong place
 * (SGN_INVALID), not a passing trouble. */
enum sgn_status store_sqlite_fail_open(struct store_sqlite *store, const char *doing,
                                       struct sgn_error *err);

/* An integer of the file or the connection. */
enum sgn_status store_sqlite_pragma(struct store_sqlite *store, const char *sql, int64_t *out,
                                    struct sgn_error *err) SGN_MUST_CHECK;

#endif
