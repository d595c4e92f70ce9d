/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The linker sends these calls of the server through here: what would make a run differ from the
 * next one of the same seed, and the faults that are planted into the server. What they go by lies
 * behind SQLite's list of layers, since a wrapped function has no other place to look.
 */
#include "cut_plan.h"
#include "cut_vfs.h"
#include "hash.h"
#include "log.h"
#include "store.h"
#include <string.h>

static struct cut_vfs *
here(void)
{
    return (struct cut_vfs *)sqlite3_vfs_find(CUT_VFS);
}

static enum cut_lie
lie(void)
{
    return here()->planted != NULL ? here()->planted->server : CUT_HONEST;
}

/* ---- the same each time ---- */

/* A server that dies ten thousand times has nothing to say about it. */
void __wrap_sgn_log(enum sgn_log_level level, const char *what, ...);
void
__wrap_sgn_log(enum sgn_log_level level, const char *what, ...)
{
    (void)level;
    (void)what;
}

void __wrap_sgn_random(void *out, size_t n);
void
__wrap_sgn_random(void *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((unsigned char *)out)[i] = (unsigned char)cut_random(&here()->random);
}

/* Files of the store lie on the disk in memory; and some sites believe their log to be very long,
 * so that it is cut at each checkpoint. */
int64_t __wrap_store_disk_size(const char *path);
int64_t
__wrap_store_disk_size(const char *path)
{
    int64_t size = cut_name_size(here()->disk, path);

    return here()->log_cut ? size << 12 : size;
}

/* ---- faults ---- */

int __real_sqlite3_exec(sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **),
                        void *ctx, char **why);
int __wrap_sqlite3_exec(sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **),
                        void *ctx, char **why);
int
__wrap_sqlite3_exec(sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **),
                    void *ctx, char **why)
{
    int rc;
    bool begins = strncmp(sql, "BEGIN IMMEDIATE", strlen("BEGIN IMMEDIATE")) == 0;

    if (begins)
        cut_disk_set_work(here()->disk, strstr(sql, "index") != NULL   ? CUT_INDEXES
                                        : strstr(sql, "merge") != NULL ? CUT_MERGES
                                                                       : CUT_COMMITS);

    if (lie() == CUT_NORMAL && begins)
        (void)__real_sqlite3_exec(db, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL);
    /* Each commit comes when the next one begins: until then nobody but the disk can tell. */
    if (lie() == CUT_EARLY && strcmp(sql, "COMMIT") == 0)
        return SQLITE_OK;
    if (lie() == CUT_EARLY && begins && !sqlite3_get_autocommit(db))
        (void)__real_sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    rc = __real_sqlite3_exec(db, sql, row, ctx, why);
    if (!begins && sqlite3_get_autocommit(db))
        cut_disk_set_work(here()->disk, CUT_COMMITS);
    return rc;
}

enum sgn_status __real_store_request_get(struct store_reader *reader, const char *team,
                                         const char *person, const char *request, int64_t since,
                                         struct store_entry_row *out, struct sgn_error *err);
enum sgn_status __wrap_store_request_get(struct store_reader *reader, const char *team,
                                         const char *person, const char *request, int64_t since,
                                         struct store_entry_row *out, struct sgn_error *err);
enum sgn_status
__wrap_store_request_get(struct store_reader *reader, const char *team, const char *person,
                         const char *request, int64_t since, struct store_entry_row *out,
                         struct sgn_error *err)
{
    if (lie() == CUT_FORGETS)
        return sgn_fail(err, SGN_NOT_FOUND, "forgotten");
    return __real_store_request_get(reader, team, person, request, since, out, err);
}

struct store_sqlite_writing;
enum sgn_status __real_store_sqlite_write_case(struct store_sqlite_writing *w,
                                               const struct store_case *row, int64_t id,
                                               struct sgn_error *err);
enum sgn_status __wrap_store_sqlite_write_case(struct store_sqlite_writing *w,
                                               const struct store_case *row, int64_t id,
                                               struct sgn_error *err);
enum sgn_status
__wrap_store_sqlite_write_case(struct store_sqlite_writing *w, const struct store_case *row,
                               int64_t id, struct sgn_error *err)
{
    if (lie() == CUT_UNMERGED)
        return SGN_OK;
    return __real_store_sqlite_write_case(w, row, id, err);
}

struct store_sqlite_bind;
enum sgn_status __real_store_sqlite_write_run(struct store_sqlite_writing *w,
                                              struct store_sqlite_bind *bind, const char *doing,
                                              struct sgn_error *err);
enum sgn_status __wrap_store_sqlite_write_run(struct store_sqlite_writing *w,
                                              struct store_sqlite_bind *bind, const char *doing,
                                              struct sgn_error *err);
enum sgn_status
__wrap_store_sqlite_write_run(struct store_sqlite_writing *w, struct store_sqlite_bind *bind,
                              const char *doing, struct sgn_error *err)
{
    if (lie() == CUT_UNINDEXED && strncmp(doing, "indexing", strlen("indexing")) == 0)
        return SGN_OK;
    return __real_store_sqlite_write_run(w, bind, doing, err);
}
