/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A unit while it is being written, or a case's row by itself.
 */
#ifndef SGN_STORE_SQLITE_WRITING_H
#define SGN_STORE_SQLITE_WRITING_H

#include "store_sqlite.h"

/* Why a part could not be written: SQLite's code, or SQLITE_OK when it was something else. */
struct store_sqlite_writing {
    struct store_sqlite_conn *conn;
    struct store_sqlite *store; /* NULL: not into the store's own file */
    int rc;
    bool fresh; /* nothing stands yet of the case that is written: none of it is looked for */
};

/* The statement of this text, from the connection's own; store_sqlite_done gives it back. */
enum sgn_status store_sqlite_write_prepare(struct store_sqlite_writing *w, const char *sql,
                                           sqlite3_stmt **out, struct sgn_error *err);
/* Runs it once with what is bound; doing is said when it fails. */
enum sgn_status store_sqlite_write_run(struct store_sqlite_writing *w,
                                       struct store_sqlite_bind *bind, const char *doing,
                                       struct sgn_error *err);

/* ---- store_sqlite_transact.c ---- */

/* What every later begin and commit of a latched store answers. */
enum sgn_status store_sqlite_latched(const struct store_sqlite *store, struct sgn_error *err);

typedef enum sgn_status (*store_sqlite_write_fn)(struct store_sqlite_writing *w, void *ctx,
                                                 struct sgn_error *err);
/* Runs fn in a transaction that this SQL begins. On failure nothing of it happened, unless the
 * store is latched afterwards. */
enum sgn_status store_sqlite_transact(struct store_sqlite *store, const char *begin,
                                      store_sqlite_write_fn fn, void *ctx,
                                      struct sgn_error *err) SGN_MUST_CHECK;

/* ---- store_sqlite_unit.c ---- */

enum sgn_status store_sqlite_unit_write(struct store_sqlite_writing *w,
                                        const struct store_unit *unit,
                                        struct sgn_error *err) SGN_MUST_CHECK;

/* ---- store_sqlite_erase.c ---- */

enum sgn_status store_sqlite_erase(struct store_sqlite_writing *w,
                                   const struct store_erasure *erasure,
                                   struct sgn_error *err) SGN_MUST_CHECK;

/* ---- store_sqlite_cases.c ---- */

/* A case's row, its indexed fields and what it waits for. id: the number of its row, if there is
 * none yet. */
enum sgn_status store_sqlite_write_case(struct store_sqlite_writing *w,
                                        const struct store_case *row, int64_t id,
                                        struct sgn_error *err) SGN_MUST_CHECK;

/* ---- store_sqlite_index.c ---- */

/* The entry that was written last gets into the indexes later, or at once where rows do. */
enum sgn_status store_sqlite_index_entry(struct store_sqlite_writing *w,
                                         const struct store_entry *entry,
                                         struct sgn_error *err) SGN_MUST_CHECK;
/* All entries of the unit are written; who sees it committed finds them. */
enum sgn_status store_sqlite_index_written(struct store_sqlite_writing *w,
                                           struct sgn_error *err) SGN_MUST_CHECK;
/* The commit has succeeded, or failed. */
void store_sqlite_index_settle(struct store_sqlite *store, bool committed);

enum store_sqlite_when {
    STORE_SQLITE_BEFORE /* a commit */,
    STORE_SQLITE_IDLE,
    STORE_SQLITE_AT_END
};
/* Is there no more room? */
bool store_sqlite_index_full(const struct store_sqlite *store);
/* A slice, of the pass under way or of a new one, if there is so much that it is time for one. */
enum sgn_status store_sqlite_index_slice(struct store_sqlite *store, enum store_sqlite_when when,
                                         struct sgn_error *err) SGN_MUST_CHECK;
/* Is a pass under way? */
bool store_sqlite_index_more(const struct store_sqlite *store);
/* Ends the pass under way as it is. */
void store_sqlite_index_end(struct store_sqlite *store);

/* ---- store_sqlite_log.c ---- */

/* A record of the log is a row of these, each before its bytes. Numbers: least byte first. */
#define STORE_SQLITE_WHOLE    0
#define STORE_SQLITE_DELTA    1
#define STORE_SQLITE_SQUEEZED 2
struct store_sqlite_logged {
    uint8_t kind;    /* whole: an image. delta: what it has that the case's image before has not.
                        squeezed: a row of these, and nothing behind it (store_squeeze.h) */
    uint8_t zero[3]; /* none */
    uint32_t n;      /* how many bytes follow */
    uint32_t whole;  /* bytes of the image, or of the row */
    uint32_t zero_too;
    int64_t id; /* of the case's row; 0 for a row of these */
};

/* The case's row as it is going to be once the commit under way has succeeded. Where rows go to
 * their table at once, it is written there. */
enum sgn_status store_sqlite_log_case(struct store_sqlite_writing *w, const struct store_case *row,
                                      struct sgn_error *err) SGN_MUST_CHECK;
/* The row as it is, whole, of a pass that leaves it where it is. */
void store_sqlite_log_keep(struct store_sqlite *store, const struct store_unmerged_row *row);
/* Writes what was logged of this commit; once, at its end. */
enum sgn_status store_sqlite_log_write(struct store_sqlite_writing *w,
                                       struct sgn_error *err) SGN_MUST_CHECK;
/* The commit has succeeded, or failed. */
void store_sqlite_log_settle(struct store_sqlite *store, bool committed);

#endif
