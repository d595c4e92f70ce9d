/* SPDX-License-Identifier: Apache-2.0 */
#include "store_sqlite_migrate.h"

#include "log.h"
#include "store.h"
#include "store_disk.h"
#include "store_migrations.h"
#include "text.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Written by the build from schema/; see CMakeLists.txt. */
extern const char store_schema_sqlite_001[];
extern const char store_schema_sqlite_002[];
extern const char store_schema_sqlite_003[];
extern const char store_schema_sqlite_004[];
extern const char store_schema_sqlite_005[];
extern const char store_schema_sqlite_006[];
extern const char store_schema_sqlite_007[];
extern const char store_schema_sqlite_008[];
extern const char store_schema_sqlite_009[];
extern const char store_schema_sqlite_010[];
extern const char store_schema_sqlite_011[];
extern const char store_schema_sqlite_012[];

/* The n-th migration makes schema n of schema n-1. */
static const char *const migrations[STORE_SCHEMA] = {
    store_schema_sqlite_001, store_schema_sqlite_002, store_schema_sqlite_003,
    store_schema_sqlite_004, store_schema_sqlite_005, store_schema_sqlite_006,
    store_schema_sqlite_007, store_schema_sqlite_008, store_schema_sqlite_009,
    store_schema_sqlite_010, store_schema_sqlite_011, store_schema_sqlite_012
};

/* ---- whose file is it ---- */

enum sgn_status
store_sqlite_fail_open(struct store_sqlite *store, const char *doing, struct sgn_error *err)
{
    /* Asked before store_sqlite_fail(), whose own calls may change it. */
    int code = sqlite3_errcode(store->conn.db) & 0xff;
    enum sgn_status st = store_sqlite_fail(&store->conn, doing, err);

    if (code != SQLITE_NOTADB && code != SQLITE_CORRUPT)
        return st;
    if (err != NULL)
        err->status = SGN_INVALID;
    return SGN_INVALID;
}

enum sgn_status
store_sqlite_pragma(struct store_sqlite *store, const char *sql, int64_t *out,
                    struct sgn_error *err)
{
    struct sgn_error ignored = { 0 };
    enum sgn_status st = store_sqlite_int(&store->conn, sql, out, &ignored);

    sgn_error_clear(&ignored);
    return st == SGN_OK ? SGN_OK : store_sqlite_fail_open(store, "reading it", err);
}

/* Of a newer schema little is known: who wrote it, if it still says so there. */
static enum sgn_status
refuse_newer(struct store_sqlite *store, int64_t schema, struct sgn_error *err)
{
    sqlite3_stmt *stmt = NULL;
    const char *by = NULL;
    enum sgn_status st = SGN_OK;

    if (sqlite3_prepare_v2(store->conn.db, "SELECT signoff FROM written", -1, &stmt, NULL) ==
            SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        by = (const char *)sqlite3_column_text(stmt, 0);
    st = store_newer(store->file, schema, STORE_SCHEMA, by == NULL ? "" : by, err);
    (void)sqlite3_finalize(stmt);
    return st;
}

enum sgn_status
store_sqlite_identify(struct store_sqlite *store, int64_t *schema, struct sgn_error *err)
{
    int64_t id = 0, tables = 0;
    enum sgn_status st = store_sqlite_pragma(store, "PRAGMA application_id", &id, err);

    if (st == SGN_OK)
        st = store_sqlite_pragma(store, "PRAGMA user_version", schema, err);
    if (st == SGN_OK)
        st = store_sqlite_pragma(store, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (st != SGN_OK)
        return st;
    if (id != STORE_SQLITE_ID && (id != 0 || tables != 0 || *schema != 0))
        return sgn_fail(err, SGN_INVALID,
                        "%s: a database of another program; move it away, or choose another "
                        "folder with --data",
                        store->file);
    return *schema > STORE_SCHEMA ? refuse_newer(store, *schema, err) : SGN_OK;
}

/* ---- the copy ---- */

static enum sgn_status
expect_room(struct store_sqlite *store, struct sgn_error *err)
{
    int64_t pages = 0, size = 0, room = store_disk_free(store->dir) - store->reserve;
    enum sgn_status st = store_sqlite_pragma(store, "PRAGMA page_count", &pages, err);

    if (st == SGN_OK)
        st = store_sqlite_pragma(store, "PRAGMA page_size", &size, err);
    if (st != SGN_OK || room >= pages * size)
        return st;
    return sgn_fail(
        err, SGN_UNAVAILABLE,
        "%s: the disk has no room for a copy of the database as it was before the "
        "upgrade (%lld MiB are wanting): make room, or make a backup with the Signoff of "
        "before and set upgrade_copy = no in [store]",
        store->dir, (long long)((pages * size - room) >> 20) + 1);
}

/* Every page, of the log, too, in one step: nobody else is there yet. */
static enum sgn_status
copy_pages(struct store_sqlite *store, const char *path, struct sgn_error *err)
{
    sqlite3_backup *backup = NULL;
    sqlite3 *to = NULL;
    enum sgn_status st = SGN_OK;
    int rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

    if (rc == SQLITE_OK)
        rc = sqlite3_exec(to, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL, NULL,
                          NULL);
    if (rc == SQLITE_OK &&
        (backup = sqlite3_backup_init(to, "main", store->conn.db, "main")) == NULL)
        rc = sqlite3_errcode(to);
    if (rc == SQLITE_OK)
        (void)sqlite3_backup_step(backup, -1);
    if (backup != NULL)
        rc = sqlite3_backup_finish(backup);
    if (rc != SQLITE_OK)
        st = sgn_fail(err, SGN_UNAVAILABLE, "%s: the copy before the upgrade cannot be written: %s",
                      path, to != NULL ? sqlite3_errmsg(to) : sqlite3_errstr(rc));
    (void)sqlite3_close(to);
    return st;
}

static bool
sync_folder(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        (void)close(fd);
    return ok;
}

/* Under its name it is whole and on the disk. */
static enum sgn_status
keep_copy(struct store_sqlite *store, int64_t schema, struct sgn_error *err)
{
    char *path = sgn_format("%s/signoff.schema-%lld.db", store->dir, (long long)schema);
    char *part = sgn_format("%s/signoff.schema.part", store->dir);
    enum sgn_status st = path == NULL || part == NULL ? sgn_nomem(err) : expect_room(store, err);
    int fd = -1;

    if (st == SGN_OK) {
        (void)unlink(part); /* what a server that was killed has left */
        fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        st = fd >= 0 ? copy_pages(store, part, err)
                     : sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", part, strerror(errno));
    }
    if (st == SGN_OK && (fsync(fd) != 0 || rename(part, path) != 0 || !sync_folder(store->dir)))
        st = sgn_fail(err, SGN_UNAVAILABLE, "%s: the copy before the upgrade cannot be kept: %s",
                      path, strerror(errno));
    if (fd >= 0)
        (void)close(fd);
    if (st == SGN_OK)
        sgn_log(SGN_LOG_INFO, "kept the database as it was: the way back", "file", path, NULL);
    else if (part != NULL)
        (void)unlink(part);
    free(path);
    free(part);
    return st;
}

/* ---- upwards ---- */

static enum sgn_status
apply(struct store_sqlite *store, int64_t schema, struct sgn_error *err)
{
    char *mark = sgn_format("DELETE FROM written; INSERT INTO written VALUES('%s'); "
                            "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
                            SGN_VERSION, STORE_SQLITE_ID, STORE_SCHEMA);
    bool good = mark != NULL && store_sqlite_exec(&store->conn, "BEGIN IMMEDIATE") == SQLITE_OK;
    enum sgn_status st = SGN_OK;

    for (int64_t n = schema; good && n < STORE_SCHEMA; n++) {
        if (schema > 0)
            store_migration_tells(n + 1, migrations[n]);
        good = store_sqlite_exec(&store->conn, migrations[n]) == SQLITE_OK;
    }
    good = good && store_sqlite_exec(&store->conn, mark) == SQLITE_OK;
    if (!good)
        st = mark == NULL ? sgn_nomem(err)
                          : store_sqlite_fail_open(store, "changing its schema", err);
    /* Left open by whatever failed. */
    if (!sqlite3_get_autocommit(store->conn.db))
        (void)store_sqlite_exec(&store->conn, "ROLLBACK");
    free(mark);
    return st;
}

enum sgn_status
store_sqlite_migrate(struct store_sqlite *store, int64_t schema, bool no_copy,
                     struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    if (schema == STORE_SCHEMA)
        return SGN_OK;
    if (schema > 0) {
        store_migration_begins(store->file, schema, STORE_SCHEMA);
        if (!no_copy && !store->memory)
            st = keep_copy(store, schema, err);
    }
    if (st == SGN_OK)
        st = apply(store, schema, err);
    if (st == SGN_OK && schema > 0)
        store_migration_ends(store->file, STORE_SCHEMA);
    return st;
}
