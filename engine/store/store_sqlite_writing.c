/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements that write, and SQLite's own word for why one could not.
 */
#include "store_sqlite_writing.h"

enum sgn_status
store_sqlite_write_run(struct store_sqlite_writing *w, struct store_sqlite_bind *bind,
                       const char *doing, struct sgn_error *err)
{
    struct store_sqlite_conn *conn = w->conn;
    enum sgn_status st = SGN_OK;

    /* SQLite's code is kept beside the status: only it tells a refused row from a disk that
     * fails. */
    w->rc = bind->rc;
    if (w->rc == SQLITE_OK) {
        w->rc = sqlite3_step(bind->stmt);
        if (w->rc == SQLITE_DONE)
            w->rc = SQLITE_OK;
    }
    if (w->rc != SQLITE_OK)
        st = store_sqlite_fail(conn, doing, err);
    sqlite3_reset(bind->stmt);
    return st;
}

enum sgn_status
store_sqlite_write_prepare(struct store_sqlite_writing *w, const char *sql, sqlite3_stmt **out,
                           struct sgn_error *err)
{
    enum sgn_status st = store_sqlite_prepare(w->conn, sql, out, err);

    if (st != SGN_OK)
        w->rc = sqlite3_extended_errcode(w->conn->db);
    return st;
}
