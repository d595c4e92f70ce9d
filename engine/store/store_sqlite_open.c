/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening a store on SQLite: the folder, the lock, the settings that durability hangs on (read
 * back, not believed), and the row of functions.
 */
#include "log.h"
#include "store_disk.h"
#include "store_sqlite_migrate.h"
#include "store_sqlite_overlay.h"
#include "store_sqlite_writing.h"
#include "store_squeeze.h"

#include "text.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXAMINE_MOST ((int64_t)64 * 1024 * 1024) /* bytes: some tenths of a second */

/* ---- settings ---- */

/* The journal: a write-ahead log on disk; in memory there is nothing to recover. Asked back: on
 * some file systems SQLite answers with another mode than the one it was told to use. */
static enum sgn_status
set_journal(struct store_sqlite *store, struct sgn_error *err)
{
    const char *want = store->memory ? "memory" : "wal";
    enum sgn_status st = SGN_OK;
    sqlite3_stmt *stmt = NULL;
    const char *got = NULL;

    st = store_sqlite_prepare(
        &store->conn, store->memory ? "PRAGMA journal_mode = MEMORY" : "PRAGMA journal_mode = WAL",
        &stmt, err);
    if (st != SGN_OK)
        return store_sqlite_fail_open(store, "choosing its journal", err);
    if (sqlite3_step(stmt) != SQLITE_ROW)
        st = store_sqlite_fail_open(store, "choosing its journal", err);
    else
        got = (const char *)sqlite3_column_text(stmt, 0);
    if (st == SGN_OK && (got == NULL || strcmp(got, want) != 0))
        st = sgn_fail(err, SGN_UNAVAILABLE,
                      "%s: SQLite keeps its journal as \"%s\" where \"%s\" is needed", store->file,
                      got == NULL ? "" : got, want);
    store_sqlite_done(&store->conn, stmt);
    return st;
}

/* NORMAL would be faster and would lose what was acknowledged: it syncs the log only at
 * checkpoints. Automatic checkpoints are off because they would run inside somebody's commit. */
static enum sgn_status
set_durable(struct store_sqlite *store, struct sgn_error *err)
{
    int64_t synchronous = 0, foreign_keys = 0;
    enum sgn_status st = set_journal(store, err);

    if (st != SGN_OK)
        return st;
    if (store_sqlite_exec(&store->conn, "PRAGMA synchronous = FULL;"
                                        "PRAGMA foreign_keys = 0;"
                                        "PRAGMA wal_autocheckpoint = 0;"
                                        "PRAGMA journal_size_limit = 67108864;"
                                        "PRAGMA temp_store = MEMORY;"
                                        "PRAGMA cache_size = -16384") != SQLITE_OK)
        return store_sqlite_fail_open(store, "setting it up", err);
    st = store_sqlite_pragma(store, "PRAGMA synchronous", &synchronous, err);
    if (st == SGN_OK)
        st = store_sqlite_pragma(store, "PRAGMA foreign_keys", &foreign_keys, err);
    if (st == SGN_OK && (synchronous != 2 || foreign_keys != 0))
        st = sgn_fail(err, SGN_UNAVAILABLE, "%s: SQLite did not take the setting synchronous=FULL",
                      store->file);
    return st;
}

/* ---- checking ---- */

/* Runs one of SQLite's own checks, which answers rows of complaints or one row "ok". */
static enum sgn_status
examine(struct store_sqlite *store, const char *sql, struct sgn_error *err)
{
    sqlite3_stmt *stmt = NULL;
    enum sgn_status st = store_sqlite_prepare(&store->conn, sql, &stmt, err);
    const char *said = NULL;

    if (st != SGN_OK)
        return store_sqlite_fail_open(store, "checking it", err);
    if (sqlite3_step(stmt) != SQLITE_ROW)
        st = store_sqlite_fail_open(store, "checking it", err);
    else
        said = (const char *)sqlite3_column_text(stmt, 0);
    if (st == SGN_OK && (said == NULL || strcmp(said, "ok") != 0))
        st = sgn_fail(err, SGN_INVALID, "%s: the file is damaged (%s); restore the last backup",
                      store->file, said == NULL ? "no answer" : said);
    store_sqlite_done(&store->conn, stmt);
    return st;
}

/* The quick form at each start, the whole one on demand: a damaged page is better found now than in
 * the middle of a commit. But it reads all of the file: a million cases would keep the server from
 * its users for half a minute, and for ten behind a cold disk. */
static enum sgn_status
examine_at_start(struct store_sqlite *store, int64_t most, struct sgn_error *err)
{
    int64_t size = store->memory ? 0 : store_disk_size(store->file);

    if (size <= (most != 0 ? most : EXAMINE_MOST))
        return examine(store, "PRAGMA quick_check(1)", err);
    sgn_log(SGN_LOG_INFO, "a large file is not looked through at the start: signoff verify does it",
            "file", store->file, NULL);
    return SGN_OK;
}

static enum sgn_status
check(struct store *base, struct sgn_error *err)
{
    return examine((struct store_sqlite *)base, "PRAGMA integrity_check(1)", err);
}

/* ---- opening and closing ---- */

/* Called inside the commit, so it only notes: checkpointing here would keep the caller waiting. */
static int
on_log_grown(void *ctx, sqlite3 *db, const char *schema, int pages)
{
    struct store_sqlite *store = ctx;

    (void)db;
    (void)schema;
    store->wal_pages = pages;
    return SQLITE_OK;
}

/* Made by us, so that nobody else may read it whatever the umask is. */
static enum sgn_status
make_file(const char *path, struct sgn_error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", path, strerror(errno));
    (void)close(fd);
    return SGN_OK;
}

/* Folder, lock, file, in this order: two servers must not both get as far as the file. */
static enum sgn_status
take_place(struct store_sqlite *store, const char *place, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    if (store->memory) {
        /* The address is this store's as long as it lives, and so is the name. */
        store->file = sgn_format("file:/signoff-%p?vfs=memdb", (void *)store);
        return store->file == NULL ? sgn_nomem(err) : SGN_OK;
    }
    store->dir = sgn_format("%s", place);
    store->file = sgn_format("%s/signoff.db", place);
    store->wal = sgn_format("%s/signoff.db-wal", place);
    if (store->dir == NULL || store->file == NULL || store->wal == NULL)
        return sgn_nomem(err);
    st = store_disk_prepare(place, err);
    if (st == SGN_OK)
        st = store_disk_lock(place, &store->lock_fd, err);
    return st == SGN_OK ? make_file(store->file, err) : st;
}

static void
reader_close(struct store_reader *base)
{
    struct store_sqlite_reader *reader = (struct store_sqlite_reader *)base;

    store_sqlite_overlay_free(reader->overlay);
    store_sqlite_conn_close(reader->conn);
    free(reader->conn);
    free(reader);
}

/* A connection of its own that cannot write, so that no query ever holds up the writer, nor
 * changes anything by a fault of ours. */
static enum sgn_status
reader_open(struct store *base, struct store_reader **out, struct sgn_error *err)
{
    struct store_sqlite_reader *reader = calloc(1, sizeof *reader);
    enum sgn_status st;

    if (reader == NULL || (reader->conn = calloc(1, sizeof *reader->conn)) == NULL) {
        free(reader);
        return sgn_nomem(err);
    }
    reader->base.ops = &store_sqlite_ops;
    reader->store = (struct store_sqlite *)base;
    st = store_sqlite_conn_open(reader->conn, reader->store, STORE_SQLITE_READS, err);
    if (st == SGN_OK)
        *out = &reader->base;
    else
        reader_close(&reader->base);
    return st;
}

static void
close_store(struct store *base)
{
    struct store_sqlite *store = (struct store_sqlite *)base;

    /* Closing is allowed at any moment, also in the middle of a unit: that one never happened. */
    store_sqlite_rollback(base, NULL);
    store_sqlite_overlay_free(store->own.overlay);
    if (store->recovered && !store->look && !store->latched)
        store_sqlite_merge_all(store);
    /* After an unknown outcome the log is left as it lies, for recovery to judge. */
    if (store->conn.db != NULL && store->latched)
        sqlite3_db_config(store->conn.db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    store_sqlite_slices_end(store);
    store_sqlite_conn_close(&store->conn);
    store_sqlite_slices_free(store);
    /* Last: until here the file is ours alone. */
    if (store->lock_fd >= 0)
        (void)close(store->lock_fd);
    store_unmerged_deinit(&store->unmerged);
    store_sqlite_index_end(store);
    store_unindexed_deinit(&store->unindexed);
    free(store->merge.rows); /* a pass that an unknown outcome has ended */
    sgn_buf_deinit(&store->log);
    sgn_buf_deinit(&store->squeezed);
    sgn_buf_deinit(&store->packed);
    store_squeeze_free(store->squeeze);
    free(store->held);
    free(store->dir);
    free(store->file);
    free(store->wal);
    free(store);
}

/* A row that is not merged stands in the log again for each of its changes, so that the log is
 * given more room than the rows have in memory. */
static void
set_ceilings(struct store_sqlite *store, const struct store_options *options)
{
    struct store_sqlite_merge *merge = &store->merge;

    merge->pass = 1;
    merge->bytes_max =
        (size_t)(options->unmerged_bytes == 0 ? STORE_SQLITE_UNMERGED : options->unmerged_bytes);
    merge->rows_max = merge->bytes_max / STORE_SQLITE_ROW + 1;
    merge->log_max = merge->bytes_max * STORE_SQLITE_LOG;
    store->indexing.bytes_max = merge->bytes_max / STORE_SQLITE_UNINDEXED;
    store->look = options->look;
    store->at_once = store->memory || options->unfinished;
    sgn_buf_init(&store->log, STORE_SQLITE_LOG_RECORD);
    sgn_buf_init(&store->squeezed, STORE_SQLITE_LOG_RECORD);
    sgn_buf_init(&store->packed, STORE_SQLITE_PACKED);
    store_packer_init(&store->packer);
}

/* Whose file it is comes first, and before anything is set: a journal mode is a write too. */
static enum sgn_status
open_store(const struct store_options *options, const char *place, struct store **out,
           struct sgn_error *err)
{
    struct store_sqlite *store = calloc(1, sizeof *store);
    enum sgn_status st = SGN_OK;
    int64_t schema = 0;

    if (store == NULL)
        return sgn_nomem(err);
    /* Nobody asks how much memory SQLite has taken, and to count it takes a lock for each piece.
     * Refused, and of no matter, once it is in use. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    store->base.ops = &store_sqlite_ops;
    store->own = (struct store_sqlite_reader){ { &store_sqlite_ops }, store, &store->conn, NULL };
    store->lock_fd = -1;
    store->memory = strcmp(place, ":memory:") == 0;
    store->reserve = options->reserve_bytes == 0 ? STORE_SQLITE_RESERVE : options->reserve_bytes;
    set_ceilings(store, options);
    store->read_ms = options->read_ms == 0 ? STORE_SQLITE_READ_MS : options->read_ms;
    st = store_unmerged_init(&store->unmerged, err);
    if (st == SGN_OK)
        st = store_unindexed_init(&store->unindexed, err);
    if (st == SGN_OK)
        st = take_place(store, place, err);
    if (st == SGN_OK)
        st = store_taken(options, err);
    if (st == SGN_OK)
        st = store_sqlite_conn_open(&store->conn, store, STORE_SQLITE_WRITES, err);
    /* Where opening for writing fails, for a moment as well, SQLite opens for reading and says so
     * to whoever writes first: a server would start, and refuse all. */
    if (st == SGN_OK && !options->look && sqlite3_db_readonly(store->conn.db, "main") == 1)
        st = sgn_fail(err, SGN_UNAVAILABLE,
                      "%s: it cannot be opened for writing; this user needs the right to read and "
                      "write it and its folder",
                      store->file);
    if (st == SGN_OK)
        st = store_sqlite_identify(store, &schema, err);
    if (st == SGN_OK && options->look)
        st = store_look(store->file, schema, STORE_SCHEMA, err);
    if (st == SGN_OK)
        st = set_durable(store, err);
    if (st == SGN_OK && schema > 0 && !options->look)
        st = examine_at_start(store, options->examine_bytes, err);
    if (st == SGN_OK)
        st = store_sqlite_migrate(store, schema, options->no_upgrade_copy, err);
    if (st == SGN_OK)
        st = store_sqlite_recover(store, err);
    store->recovered = st == SGN_OK;
    if (st != SGN_OK) {
        close_store(&store->base);
        return st;
    }
    /* After migrating: how much the log has grown by then is of no interest. */
    sqlite3_wal_hook(store->conn.db, on_log_grown, store);
    *out = &store->base;
    return SGN_OK;
}

static struct store_reader *
own_reader(struct store *base)
{
    return &((struct store_sqlite *)base)->own.base;
}

/* A transaction of nothing but reads: without one each statement takes and gives up its lock on
 * the log, with three calls to the kernel. Should one of the two fail, statements do that again. */
static void
reads(struct store *base, bool begin)
{
    struct store_sqlite *store = (struct store_sqlite *)base;

    if ((sqlite3_get_autocommit(store->conn.db) != 0) == begin)
        (void)store_sqlite_exec(&store->conn, begin ? "BEGIN" : "COMMIT");
}

static json_t *
describe(struct store *base)
{
    return json_pack("{s:s, s:s, s:I}", "backend", "sqlite", "version", sqlite3_libversion(),
                     "unmerged_bytes", (json_int_t)((struct store_sqlite *)base)->merge.bytes_max);
}

const struct store_ops store_sqlite_ops = {
    .open = open_store,
    .close = close_store,
    .own_reader = own_reader,
    .reads = reads,
    .reader_open = reader_open,
    .reader_close = reader_close,
    .teams_per_commit = INT32_MAX,
    .begin = store_sqlite_begin,
    .commit_wait = store_sqlite_commit,
    .rollback = store_sqlite_rollback,
    .idle = store_sqlite_idle,
    .check = check,
    .clock = store_sqlite_clock,
    .changes = store_sqlite_changes,
    .teams = store_sqlite_teams,
    .head_get = store_sqlite_head_get,
    .entries = store_sqlite_entries,
    .case_entries = store_sqlite_case_entries,
    .effect_entries = store_sqlite_effect_entries,
    .requests_find = store_sqlite_requests_find,
    .request_get = store_sqlite_request_get,
    .case_get = store_sqlite_case_get,
    .case_query = store_sqlite_case_query,
    .case_count = store_sqlite_case_count,
    .open_count = store_sqlite_open_count,
    .stuck_count = store_sqlite_stuck_count,
    .due_next = store_sqlite_due_next,
    .due_first = store_sqlite_due_first,
    .inbox = store_sqlite_inbox,
    .row_get = store_sqlite_row_get,
    .row_list = store_sqlite_row_list,
    .describe = describe,
    .stats = store_sqlite_stats,
    .room = store_sqlite_room,
    .copy_begin = store_sqlite_copy_begin,
    .copy_step = store_sqlite_copy_step,
    .copy_take = store_sqlite_copy_take,
    .copy_free = store_sqlite_copy_free,
};
