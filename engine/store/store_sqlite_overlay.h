/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists over cases that are in their tables and cases that are not yet.
 *
 * Each reader has, beside its connection to the file, one to a database in memory with the same
 * tables of cases and, attached, the file, for what else a list looks at. Into these tables go the
 * rows that are not merged, of teams that are asked for. A list is the same SQL twice: by the file,
 * without cases that stand in memory, and by the memory; both are sorted, and become one as they
 * are read. So each filter stands once, and a list shows all that was committed before it was asked
 * for.
 */
#ifndef STORE_SQLITE_OVERLAY_H
#define STORE_SQLITE_OVERLAY_H

#include "store_sqlite.h"

/* ---- the memory ---- */

struct overlay_team;
/* Brings the team's rows up to date; *out NULL: none of it stands in memory. The pointer is good
 * until the next call. */
enum sgn_status store_sqlite_overlay_bring(struct store_sqlite_reader *reader, const char *name,
                                           struct overlay_team **out,
                                           struct sgn_error *err) SGN_MUST_CHECK;
bool store_sqlite_overlay_has(const struct store_sqlite_overlay *overlay,
                              const struct overlay_team *team, const char *key);
size_t store_sqlite_overlay_rows(const struct overlay_team *team);
/* The keys of its cases, a JSON array, for SQL that leaves them out; the caller's to free. NULL:
 * out of memory. */
char *store_sqlite_overlay_keys(const struct overlay_team *team);
struct store_sqlite_conn *store_sqlite_overlay_conn(struct store_sqlite_overlay *overlay);
void store_sqlite_overlay_free(struct store_sqlite_overlay *overlay);

/* ---- store_sqlite_arms.c: lists over both ---- */

/* A list while it is read: one or two statements of the same SQL. */
struct store_sqlite_arms {
    struct store_sqlite_reader *reader;
    struct overlay_team *team; /* NULL: none of it stands in memory */
    struct store_sqlite_arm {
        struct store_sqlite_conn *conn;
        struct store_sqlite_bind bind;
        bool row; /* stands at a row that was not given yet */
    } arm[2];     /* the file's, the memory's */
    int n;
    int now; /* whose row it is; -1: none yet */
    /* To be set before the first row: the column with the case's key, and those that the list is
     * sorted by, in this order. */
    int key;
    const int *order;
    int n_order;
    bool descending;
};

/* Brings what stands in memory of the team (NULL: the list shows no cases) up to date, and prepares
 * the SQL for it and for the file; the same is to be bound to both, but for a limit. To be ended by
 * store_sqlite_arms_end(), on failure too. */
enum sgn_status store_sqlite_arms_begin(struct store_sqlite_arms *arms, struct store_reader *base,
                                        const char *team, const char *sql,
                                        struct sgn_error *err) SGN_MUST_CHECK;
/* The next row of both, of which store_sqlite_arms_stmt() tells. */
enum sgn_status store_sqlite_arms_next(struct store_sqlite_arms *arms, bool *row,
                                       struct sgn_error *err) SGN_MUST_CHECK;
sqlite3_stmt *store_sqlite_arms_stmt(const struct store_sqlite_arms *arms);
void store_sqlite_arms_end(struct store_sqlite_arms *arms);
/* What is bound as a limit, so that so many rows are left when those that stand in memory are
 * passed over; the list has each case once. */
int64_t store_sqlite_arms_limit(const struct store_sqlite_arms *arms, int arm, int64_t limit);

/* Reads a page, within the time a list may take; list says what its rows show. On failure out is
 * empty. */
enum sgn_status store_sqlite_page_read(struct store_sqlite_arms *arms, struct store_list *list,
                                       struct store_page *out,
                                       struct sgn_error *err) SGN_MUST_CHECK;

#endif
