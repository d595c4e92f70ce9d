/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A copy of the whole file while others write it, by SQLite's backup API (sqlite3_backup_step).
 *
 * The connection that is copied from begins to read and does not end before the last page: so the
 * copy is one state, that of its beginning, and never begins anew because somebody wrote. What is
 * written meanwhile stays in the log, which is not cut as long as that lasts: cutting would have
 * the writer wait for us.
 *
 * Rows and entries that are not merged or indexed yet lie in the file, too (store_sqlite_log.c), so
 * that whoever opens the copy finds them, as after a kill.
 */
#include "clock.h"
#include "store_disk.h"
#include "store_sqlite.h"
#include "text.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGES   64 /* copied between two looks at the clock: a quarter of a MiB */
#define STEP_MS 20

struct store_sqlite_copy {
    struct store_copy base;
    struct store_sqlite *store;
    struct store_sqlite_conn from; /* reads, from the beginning to the end */
    sqlite3 *to;
    sqlite3_backup *backup;
    char *path; /* NULL: it has no name (any more) */
    int fd;     /* of the copy */
};

static enum sgn_status
fail_at(const struct store_sqlite_copy *copy, const char *why, struct sgn_error *err)
{
    return sgn_fail(err, SGN_UNAVAILABLE, "%s: the copy cannot be written: %s", copy->path, why);
}

/* So much room is left to those who write. */
static enum sgn_status
expect_room(const struct store_sqlite_copy *copy, int64_t bytes, struct sgn_error *err)
{
    int64_t room = store_disk_free(copy->store->dir) - copy->store->reserve;

    if (room >= bytes)
        return SGN_OK;
    return sgn_fail(err, SGN_UNAVAILABLE,
                    "%s: the disk has no room for a copy of the database (%lld MiB are wanting)",
                    copy->store->dir, (long long)((bytes - room) >> 20) + 1);
}

static enum sgn_status
file_open(struct store_sqlite_copy *copy, struct sgn_error *err)
{
    copy->path = sgn_format("%s/" STORE_SQLITE_COPY, copy->store->dir);
    if (copy->path == NULL)
        return sgn_nomem(err);
    (void)unlink(copy->path); /* what a server that was killed has left */
    copy->fd = open(copy->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (copy->fd < 0)
        return fail_at(copy, strerror(errno), err);
    return SGN_OK;
}

/* The state that is copied is settled here. */
static enum sgn_status
source_open(struct store_sqlite_copy *copy, struct sgn_error *err)
{
    int64_t pages = 0, size = 0;
    enum sgn_status st = store_sqlite_conn_open(&copy->from, copy->store, STORE_SQLITE_READS, err);

    if (st == SGN_OK &&
        store_sqlite_exec(&copy->from, "BEGIN; SELECT upto FROM indexed") != SQLITE_OK)
        st = store_sqlite_fail(&copy->from, "beginning to copy it", err);
    if (st == SGN_OK)
        st = store_sqlite_int(&copy->from, "PRAGMA page_count", &pages, err);
    if (st == SGN_OK)
        st = store_sqlite_int(&copy->from, "PRAGMA page_size", &size, err);
    return st == SGN_OK ? expect_room(copy, pages * size, err) : st;
}

/* Nobody needs it before it is whole: it is synced once, at the end. */
static enum sgn_status
target_open(struct store_sqlite_copy *copy, struct sgn_error *err)
{
    if (sqlite3_open_v2(copy->path, &copy->to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
            SQLITE_OK ||
        sqlite3_exec(copy->to, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL, NULL,
                     NULL) != SQLITE_OK)
        return fail_at(copy, copy->to != NULL ? sqlite3_errmsg(copy->to) : "out of memory", err);
    copy->backup = sqlite3_backup_init(copy->to, "main", copy->from.db, "main");
    return copy->backup != NULL ? SGN_OK : fail_at(copy, sqlite3_errmsg(copy->to), err);
}

/* The source is let go: the log may be cut again. */
static void
end_reading(struct store_sqlite_copy *copy)
{
    if (copy->backup != NULL)
        (void)sqlite3_backup_finish(copy->backup);
    copy->backup = NULL;
    if (copy->from.path != NULL) {
        store_sqlite_conn_close(&copy->from);
        copy->store->copies--;
    }
}

void
store_sqlite_copy_free(struct store_copy *base)
{
    struct store_sqlite_copy *copy = (struct store_sqlite_copy *)base;

    end_reading(copy);
    (void)sqlite3_close(copy->to);
    if (copy->fd >= 0 && copy->path != NULL)
        (void)unlink(copy->path);
    if (copy->fd >= 0)
        (void)close(copy->fd);
    free(copy->path);
    free(copy);
}

enum sgn_status
store_sqlite_copy_begin(struct store_reader *base, struct store_copy **out, struct sgn_error *err)
{
    struct store_sqlite_copy *copy;
    struct store_sqlite *store = store_sqlite_of(base);
    enum sgn_status st;

    if (store->memory)
        return sgn_fail(err, SGN_NOT_NOW, "a database in memory is not kept, nor copied");
    copy = calloc(1, sizeof *copy);
    if (copy == NULL)
        return sgn_nomem(err);
    copy->base.ops = &store_sqlite_ops;
    copy->store = store;
    copy->fd = -1;
    store->copies++; /* before it reads: from then on nobody may wait for it */
    st = file_open(copy, err);
    if (st == SGN_OK)
        st = source_open(copy, err);
    if (st == SGN_OK)
        st = target_open(copy, err);
    if (st == SGN_OK) {
        *out = &copy->base;
        return SGN_OK;
    }
    if (copy->from.path == NULL)
        store->copies--;
    store_sqlite_copy_free(&copy->base);
    return st;
}

/* ---- the end ---- */

static int
take_complaint(void *ctx, int n, char **values, char **names)
{
    char *said = ctx;

    (void)n;
    (void)names;
    snprintf(said, 256, "%s", values[0] != NULL ? values[0] : "");
    return 0;
}

/* Pages were copied as they were: a damaged one is better found while the store is still there. */
static enum sgn_status
check(const struct store_sqlite_copy *copy, struct sgn_error *err)
{
    char place[64], said[256] = "";
    sqlite3 *db = NULL;
    enum sgn_status st = SGN_OK;

    /* By its descriptor: a path may hold what means something in a URI. */
    snprintf(place, sizeof place, "file:/proc/self/fd/%d?immutable=1", copy->fd);
    if (sqlite3_open_v2(place, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK ||
        sqlite3_exec(db, "PRAGMA integrity_check(1)", take_complaint, said, NULL) != SQLITE_OK)
        snprintf(said, sizeof said, "%s", db != NULL ? sqlite3_errmsg(db) : "out of memory");
    if (strcmp(said, "ok") != 0)
        st = sgn_fail(err, SGN_INVALID,
                      "%s: the file is damaged (%s): what is copied from it would be, too",
                      copy->store->file, said);
    (void)sqlite3_close(db);
    return st;
}

static enum sgn_status
finish(struct store_sqlite_copy *copy, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    int rc;

    end_reading(copy);
    rc = sqlite3_close(copy->to);
    copy->to = NULL;
    if (rc != SQLITE_OK || fsync(copy->fd) != 0)
        st = fail_at(copy, strerror(errno), err);
    if (st == SGN_OK)
        st = check(copy, err);
    if (st != SGN_OK)
        return st;
    (void)unlink(copy->path);
    free(copy->path);
    copy->path = NULL;
    return SGN_OK;
}

enum sgn_status
store_sqlite_copy_step(struct store_copy *base, struct sgn_error *err)
{
    struct store_sqlite_copy *copy = (struct store_sqlite_copy *)base;
    int64_t began = sgn_monotonic_ms();
    int rc;
    enum sgn_status st = expect_room(copy, 0, err);

    if (st != SGN_OK)
        return st;
    do
        rc = sqlite3_backup_step(copy->backup, PAGES);
    while (rc == SQLITE_OK && sgn_monotonic_ms() - began < STEP_MS);
    if (rc == SQLITE_DONE)
        return finish(copy, err);
    return rc == SQLITE_OK ? SGN_NEEDS : fail_at(copy, sqlite3_errstr(rc), err);
}

int
store_sqlite_copy_take(struct store_copy *base)
{
    struct store_sqlite_copy *copy = (struct store_sqlite_copy *)base;
    int fd = copy->fd;

    copy->fd = -1;
    return fd;
}

bool
store_sqlite_room(const struct store *base, struct store_room *out)
{
    const struct store_sqlite *store = (const struct store_sqlite *)base;

    if (store->memory)
        return false;
    out->disk_free = store_disk_free(store->dir);
    out->log_bytes = store_disk_size(store->wal);
    return true;
}
