/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A unit while it is being written.
 */
#ifndef SGN_STORE_SQLITE_WRITING_H
#define SGN_STORE_SQLITE_WRITING_H

#include "store_sqlite.h"

/* Why a part could not be written: SQLite's code, or SQLITE_OK when it was something else. */
struct store_sqlite_writing {
    struct store_sqlite *store;
    int rc;
};

/* The statement of this text, from the connection's own; store_sqlite_done gives it back. */
enum sgn_status store_sqlite_write_prepare(struct store_sqlite_writing *w, const char *sql,
                                           sqlite3_stmt **out, struct sgn_error *err);
/* Runs it once with what is bound; doing is said when it fails. */
enum sgn_status store_sqlite_write_run(struct store_sqlite_writing *w,
                                       struct store_sqlite_bind *bind, const char *doing,
                                       struct sgn_error *err);

/* ---- store_sqlite_cases.c ---- */

/* A case's row, its indexed fields and what it waits for. */
enum sgn_status store_sqlite_write_case(struct store_sqlite_writing *w,
                                        const struct store_case *row, struct sgn_error *err);

#endif
