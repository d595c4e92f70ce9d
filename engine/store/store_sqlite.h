/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the SQLite backend share; the only place that includes sqlite3.h.
 *
 *   store_sqlite_conn.c      a connection: statements, values, errors
 *   store_sqlite_open.c      opening, migrating, closing, checking; the row of functions
 *   store_sqlite_write.c     begin, commit, rollback
 *   store_sqlite_unit.c      the parts of a unit: entries, cases, rows, heads
 *   store_sqlite_transact.c  transactions, what a failure means, checkpoints
 *   store_sqlite_slices.c    checkpoints in slices
 *   store_sqlite_log.c       the rows that a commit changed, until they are merged
 *   store_sqlite_recover.c   the same, read again at the start
 *   store_sqlite_merge.c     rows on their way to their tables, a slice at a time
 *   store_sqlite_index.c     entries on their way to their indexes, the same way
 *   store_sqlite_overlay.c   tables in memory for lists of what is not merged
 *   store_sqlite_arms.c      lists over the file and those at once
 *   store_sqlite_read.c      heads, single cases, figures
 *   store_sqlite_due.c       what is due, how many cases are open
 *   store_sqlite_entries.c   entries
 *   store_sqlite_query.c     lists of cases: SQL that is SQLite's own (store_query.c has the rest)
 *   store_sqlite_inbox.c     what waits for a person
 *   store_sqlite_rows.c      data tables, generated from store_tables.h
 *   store_sqlite_copy.c      a copy of the file while it is written
 *
 * One connection writes and checkpoints; each reader has its own read-only one, so readers
 * never wait for the writer and never see an open unit.
 */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "buf.h"
#include "store_internal.h"
#include "store_pack.h"
#include "store_page.h"
#include "store_unindexed.h"
#include "store_unmerged.h"
#include <sqlite3.h>

#define STORE_SQLITE_ID         0x53474E46  /* application_id: "SGNF" */
#define STORE_SQLITE_COPY       "backup.db" /* beside the file, as long as it is being made */
#define STORE_SQLITE_STATEMENTS 96          /* kept prepared per connection */
#define STORE_SQLITE_READ_MS    2000        /* a reading call may take this long */
#define STORE_SQLITE_RESERVE    (INT64_C(16) << 20)
#define STORE_SQLITE_WAL_PAGES  1000 /* new pages of log after which they are copied back */
#define STORE_SQLITE_PINS       2    /* it is copied in one slice more */
#define STORE_SQLITE_WAL_MAX    (INT64_C(64) << 20)
#define STORE_SQLITE_UNMERGED   (INT64_C(128) << 20) /* bytes of rows that are not merged yet */
#define STORE_SQLITE_LOG_RECORD ((size_t)512 << 20)  /* bytes that one commit may add to its log */
#define STORE_SQLITE_PACKED     ((size_t)64 << 20)   /* bytes that an entry may have */
#define STORE_SQLITE_ROW        1024 /* so many bytes of it for each row: how many there may be */
#define STORE_SQLITE_LOG        2    /* times that size on the disk: a row may stand there often */
#define STORE_SQLITE_UNINDEXED  4    /* entries that are in no index yet may take a quarter more */

struct store_sqlite_cached {
    char *sql;
    const char *asked; /* where the text lay that it was last taken by; never read */
    sqlite3_stmt *stmt;
    uint64_t used; /* when it was last taken, counted in takings */
    bool taken;
};

/* What the writing side has done since it was opened. Readers of other threads look at it. */
struct store_sqlite_counts {
    _Atomic int64_t commits;
    _Atomic int64_t log_pages;                     /* written to the log of the file */
    _Atomic int64_t checkpoints, checkpoint_pages; /* that copied something, and how much */
    _Atomic int64_t merges, merged_cases;          /* slices, and the rows in them */
    _Atomic int64_t kept_cases;                    /* rows that a pass left where they were */
    _Atomic int64_t indexed_entries;
    _Atomic int64_t recovered_rows, recovery_ms; /* read again from the log when it was opened */
};

struct store_disk_syncer;

struct store_sqlite_conn {
    sqlite3 *db;
    char *path; /* for messages */
    struct store_sqlite_cached cache[STORE_SQLITE_STATEMENTS];
    int n_cache;
    uint64_t takings;
    int64_t read_ms;  /* that a list may take; 0: as long as it needs */
    int64_t deadline; /* monotonic; 0: the running statement may take its time */
};

struct store_sqlite;
struct store_sqlite_overlay;

struct store_sqlite_reader {
    struct store_reader base;
    struct store_sqlite *store;
    struct store_sqlite_conn *conn;
    struct store_sqlite_overlay *overlay; /* NULL until a list needs it */
};

static inline struct store_sqlite_conn *
store_sqlite_conn_of(struct store_reader *base)
{
    return ((struct store_sqlite_reader *)base)->conn;
}

static inline struct store_sqlite *
store_sqlite_of(struct store_reader *base)
{
    return ((struct store_sqlite_reader *)base)->store;
}

/* A team whose head is held. */
struct store_sqlite_held {
    char *team;
    struct store_head head; /* moves on while a unit is written */
    bool exists;            /* has a row in table head */
    bool changed;
};

/* What a pass has left where it was, since it changes again and again: rows, bytes of them, and of
 * the log. */
struct store_sqlite_kept {
    size_t rows, bytes, log;
};

/* How far rows are merged. A pass takes the rows that there are when it begins, in key order, a
 * slice at a time; what the log has of them is deleted when all are in their tables, or have been
 * written to the log anew. */
struct store_sqlite_merge {
    struct store_sqlite_pass_row *rows; /* of the pass under way; NULL: none is */
    size_t n, next;
    uint64_t pass;                       /* counted from 1 */
    int64_t until;                       /* the log's last record when it began */
    int64_t gone;                        /* records up to here are deleted */
    size_t before, since;                /* bytes of the log: up to that record, and behind it */
    size_t added;                        /* rows that have come since it began */
    size_t rows_max, bytes_max, log_max; /* ceilings */
    bool keeps;                          /* the pass under way leaves rows where they are */
    struct store_sqlite_kept kept, now;  /* by the last pass; by the one under way */
};

/* The log of the file is copied back in slices. SQLite copies as far as no reader still needs what
 * the file has; so readers of ours take hold as the log grows, and let go one after the other. */
struct store_sqlite_slices {
    struct store_sqlite_conn pins[STORE_SQLITE_PINS]; /* opened when they are needed first */
    int first, n;                     /* a ring of those that hold, the oldest first */
    int last;                         /* pages of the log when the newest took hold */
    bool draining;                    /* it is long enough, and not all is copied */
    struct store_disk_syncer *syncer; /* NULL until the first slice */
};

/* How far entries are indexed: the same way, team by team. */
struct store_sqlite_indexing {
    struct store_unindexed_team **teams; /* of the pass under way, by name; NULL: none is */
    size_t n, next;                      /* of the teams */
    int64_t until;                       /* the last entry when it began */
    int64_t last, staged;                /* the last entry; the same of the commit under way */
    size_t entries;                      /* that there were when it began */
    size_t added;                        /* entries that have come since the last slice */
    size_t bytes_max;                    /* ceiling */
};

/* What was erased still stands in what is not merged and in the log of the file, until a pass that
 * began afterwards has ended and the log has been cut. */
enum store_sqlite_scrub {
    STORE_SQLITE_CLEAN,
    STORE_SQLITE_ERASED,
    STORE_SQLITE_PASSING,
    STORE_SQLITE_MERGED
};

struct store_sqlite {
    struct store base;
    struct store_sqlite_conn conn; /* writes and checkpoints */
    /* Reads by the same connection: the pages it knows stay known over its commits, where another
     * connection would read each of them anew. */
    struct store_sqlite_reader own;
    char *dir;  /* NULL in memory */
    char *file; /* what sqlite3_open_v2 is given */
    char *wal;  /* the log's path; NULL in memory */
    bool memory;
    int lock_fd;
    int64_t reserve;
    int64_t read_ms;
    struct store_sqlite_held *held;
    int n_held, cap_held, last_held;
    bool latched;        /* an outcome is unknown: no more writing */
    char latch_why[256]; /* what SQLite said then */
    struct store_sqlite_counts counts;
    int wal_pages; /* in the log, as the last commit told */
    int wal_mark;  /* of these, how many the last checkpoint looked at */
    int wal_done;  /* of these, how many have been copied back */
    enum store_sqlite_scrub scrub;
    bool look;      /* nothing is to be changed that need not be */
    bool at_once;   /* rows reach their tables with their entries: in memory, in a new copy */
    bool recovered; /* what the log held is known */
    struct store_unmerged unmerged;
    struct sgn_buf log; /* what the commit under way adds to the log */
    struct sgn_buf squeezed;
    struct sgn_buf packed; /* the entry that is being written */
    struct store_packer packer;
    struct store_squeeze *squeeze; /* NULL until the first record that is worth it */
    int64_t log_last;              /* number of its last record */
    _Atomic int copies;            /* under way: the log is not cut meanwhile */
    int64_t last_id;               /* of a case's row, merged or not; read by other threads */
    struct store_sqlite_merge merge;
    struct store_sqlite_slices slices;
    struct store_unindexed unindexed;
    struct store_sqlite_indexing indexing;
};

/* ---- connections ---- */

enum store_sqlite_kind {
    STORE_SQLITE_WRITES,
    STORE_SQLITE_READS,
    STORE_SQLITE_MEMORY /* its own database in memory, for an overlay */
};
enum sgn_status store_sqlite_conn_open(struct store_sqlite_conn *conn,
                                       const struct store_sqlite *store,
                                       enum store_sqlite_kind kind,
                                       struct sgn_error *err) SGN_MUST_CHECK;
void store_sqlite_conn_close(struct store_sqlite_conn *conn);

/* A statement, prepared now or earlier; give it back with store_sqlite_done. */
enum sgn_status store_sqlite_prepare(struct store_sqlite_conn *conn, const char *sql,
                                     sqlite3_stmt **out, struct sgn_error *err) SGN_MUST_CHECK;
void store_sqlite_done(struct store_sqlite_conn *conn, sqlite3_stmt *stmt);

/* Runs SQL that answers nothing. Returns SQLite's code. */
int store_sqlite_exec(struct store_sqlite_conn *conn, const char *sql);
/* First column of the first row as an integer. */
enum sgn_status store_sqlite_int(struct store_sqlite_conn *conn, const char *sql, int64_t *out,
                                 struct sgn_error *err) SGN_MUST_CHECK;

struct store_sqlite_bind;
/* Steps to the next row of a bound statement: SGN_OK with *row set, or false at the end. */
enum sgn_status store_sqlite_step(struct store_sqlite_conn *conn, struct store_sqlite_bind *bind,
                                  bool *row, struct sgn_error *err) SGN_MUST_CHECK;

/* Puts SQLite's last error into err: which file, what was being done, what to do. */
enum sgn_status store_sqlite_fail(struct store_sqlite_conn *conn, const char *doing,
                                  struct sgn_error *err);

/* From here to store_sqlite_read_end statements end with SGN_OVERLOADED after read_ms. */
void store_sqlite_read_begin(struct store_sqlite_conn *conn);
void store_sqlite_read_end(struct store_sqlite_conn *conn);

/* ---- values ---- */

/* Binds one parameter after another; rc keeps the first error. Values are borrowed until
 * the statement is done. */
struct store_sqlite_bind {
    sqlite3_stmt *stmt;
    int n;
    int rc;
};
void store_sqlite_bind_text(struct store_sqlite_bind *bind, const char *text); /* NULL: null */
void store_sqlite_bind_int(struct store_sqlite_bind *bind, int64_t n);
void store_sqlite_bind_blob(struct store_sqlite_bind *bind, const void *bytes, size_t n);

/* A column as JSON: string, integer or null (never fails but out of memory: NULL). */
json_t *store_sqlite_column(sqlite3_stmt *stmt, int column);
/* A column's text copied; *out NULL where it is null. */
enum sgn_status store_sqlite_column_copy(sqlite3_stmt *stmt, int column, char **out, size_t *n,
                                         struct sgn_error *err) SGN_MUST_CHECK;

/* ---- cases in lists ---- */

/* Their SQL, for a case_ that goes by the name c (store_page.h). */
#define STORE_SQLITE_CASE_SELECT                                                                   \
    "c.key, c.workflow, c.rules, c.project, c.client, c.opener, c.owner, c.\"group\", "            \
    "c.priority, c.outcome, c.states, c.version, c.rev, c.case_seq, c.opened_at, c.closed_at, "    \
    "c.due_at, c.stuck, c.last_seq, c.last_at, "                                                   \
    "(SELECT json_group_object(f.field, f.value) FROM case_field f"                                \
    " WHERE f.team = c.team AND f.\"case\" = c.key) "

/* ---- writing ---- */

/* A held head, or NULL. */
struct store_sqlite_held *store_sqlite_held(struct store_sqlite *store, const char *team);
/* Holds a head, reading it if that was not done yet. */
enum sgn_status store_sqlite_hold(struct store_sqlite *store, const char *team,
                                  struct store_sqlite_held **out,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* Copies the log of the file back into it, as far as readers let it; cut: makes it short, if it is
 * very long. */
void store_sqlite_copy_log(struct store_sqlite *store, bool cut);
/* Has it grown so much that this should be done? */
bool store_sqlite_checkpoint_due(struct store_sqlite *store);
/* All of it at once. */
void store_sqlite_checkpoint(struct store_sqlite *store);
/* A slice of it, when it is time for one, before a batch. Returns whether there was. */
bool store_sqlite_slice(struct store_sqlite *store);
/* Is a part copied, and the rest not? */
bool store_sqlite_slices_more(const struct store_sqlite *store);
/* Before the writing connection is closed, and after. */
void store_sqlite_slices_end(struct store_sqlite *store);
void store_sqlite_slices_free(struct store_sqlite *store);

/* ---- rows on their way to their tables ---- */

/* The row of a case in its table: its number, 0 when there is none, and, if it is open, its project
 * and workflow as store_unmerged_row.base has them. */
enum sgn_status store_sqlite_base(struct store_sqlite_conn *conn, const char *team, const char *key,
                                  int64_t *id, char **base, struct sgn_error *err) SGN_MUST_CHECK;
/* Reads the log at the start: what the server before had not merged. SGN_INVALID: damaged. */
enum sgn_status store_sqlite_recover(struct store_sqlite *store,
                                     struct sgn_error *err) SGN_MUST_CHECK;
/* What is better done now than later, before a batch begins: a slice of merging, or of copying the
 * log back. At the ceiling as much as makes room; only then does a failure count. */
enum sgn_status store_sqlite_upkeep(struct store_sqlite *store,
                                    struct sgn_error *err) SGN_MUST_CHECK;
/* A slice, when there is much. Returns whether there is more. */
bool store_sqlite_merge_idle(struct store_sqlite *store);
/* All of it, at the end. A failure costs nothing: the log has what is not merged. */
void store_sqlite_merge_all(struct store_sqlite *store);

/* ---- the functions of store.h, by file ---- */

enum sgn_status store_sqlite_begin(struct store *base, const char *team, struct store_head *head,
                                   struct sgn_error *err);
enum sgn_status store_sqlite_commit(struct store *base, const struct store_unit *unit,
                                    struct sgn_error *err);
void store_sqlite_rollback(struct store *base, const char *team);
bool store_sqlite_idle(struct store *base);

enum sgn_status store_sqlite_clock(struct store_reader *base, int64_t *out, struct sgn_error *err);
enum sgn_status store_sqlite_changes(struct store_reader *base, const char *team, int64_t since,
                                     int limit, json_t **out, struct sgn_error *err);
enum sgn_status store_sqlite_teams(struct store_reader *base, json_t **out, struct sgn_error *err);
enum sgn_status store_sqlite_head_get(struct store_reader *base, const char *team,
                                      struct store_head *out, struct sgn_error *err);
/* The same on any connection; *exists tells whether there is a row. */
enum sgn_status store_sqlite_head_read(struct store_sqlite_conn *conn, const char *team,
                                       struct store_head *out, bool *exists,
                                       struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status store_sqlite_entries(struct store_reader *base, const char *team, int64_t first,
                                     int limit, store_entry_fn fn, void *ctx,
                                     struct sgn_error *err);
enum sgn_status store_sqlite_case_entries(struct store_reader *base, const char *team,
                                          const char *case_key, int64_t before, int limit,
                                          store_entry_fn fn, void *ctx, struct sgn_error *err);
enum sgn_status store_sqlite_effect_entries(struct store_reader *base, const char *team,
                                            int64_t first, int limit, store_entry_fn fn, void *ctx,
                                            struct sgn_error *err);
enum sgn_status store_sqlite_requests_find(struct store_reader *base, const char *team,
                                           struct store_request *requests, int n,
                                           struct sgn_error *err);
enum sgn_status store_sqlite_request_get(struct store_reader *base, const char *team,
                                         const char *person, const char *request, int64_t since,
                                         struct store_entry_row *out, struct sgn_error *err);
enum sgn_status store_sqlite_case_get(struct store_reader *base, const char *team, const char *key,
                                      struct store_case_row *out, struct sgn_error *err);
enum sgn_status store_sqlite_open_count(struct store_reader *base, const char *team,
                                        const char *project, const char *workflow, int64_t *out,
                                        struct sgn_error *err);
enum sgn_status store_sqlite_stuck_count(struct store_reader *base, const char *team, int64_t *out,
                                         struct sgn_error *err);
enum sgn_status store_sqlite_due_next(struct store_reader *base, int64_t now, int limit,
                                      json_t **out, struct sgn_error *err);
enum sgn_status store_sqlite_due_first(struct store_reader *base, int64_t *out,
                                       struct sgn_error *err);
json_t *store_sqlite_stats(struct store_reader *base);

enum sgn_status store_sqlite_case_query(struct store_reader *base,
                                        const struct store_case_filter *filter,
                                        struct store_page *out, struct sgn_error *err);
enum sgn_status store_sqlite_case_count(struct store_reader *base,
                                        const struct store_case_filter *filter,
                                        const struct store_count *count, json_t **out,
                                        struct sgn_error *err);
enum sgn_status store_sqlite_inbox(struct store_reader *base,
                                   const struct store_inbox_filter *filter, const char *cursor,
                                   int limit, struct store_page *out, struct sgn_error *err);

enum sgn_status store_sqlite_row_get(struct store_reader *base, enum store_table table,
                                     const char *team, const json_t *key, json_t **out,
                                     struct sgn_error *err);
enum sgn_status store_sqlite_row_list(struct store_reader *base, enum store_table table,
                                      const char *team, const json_t *match, const json_t *after,
                                      int limit, json_t **out, struct sgn_error *err);
bool store_sqlite_room(const struct store *base, struct store_room *out);
enum sgn_status store_sqlite_copy_begin(struct store_reader *base, struct store_copy **out,
                                        struct sgn_error *err);
enum sgn_status store_sqlite_copy_step(struct store_copy *base, struct sgn_error *err);
int store_sqlite_copy_take(struct store_copy *base);
void store_sqlite_copy_free(struct store_copy *base);

/* Writes or removes a row inside a commit; *rc is SQLite's code (SQLITE_OK when the fault is
 * the row's). */
enum sgn_status store_sqlite_row_put(struct store_sqlite_conn *conn, const struct store_row *row,
                                     int *rc, struct sgn_error *err) SGN_MUST_CHECK;

#endif
