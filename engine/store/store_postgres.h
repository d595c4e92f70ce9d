/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the PostgreSQL backend share; the only place that includes libpq-fe.h.
 *
 *   store_postgres_params.c   parameters and results in libpq's binary form
 *   store_postgres_error.c    what PostgreSQL's errors mean to us
 *   store_postgres_conn.c     a connection: pipeline, prepared statements, asking again
 *   store_postgres_rows.c     data tables, generated from store_tables.h
 *   store_postgres_entries.c  reading entries
 *   store_postgres_read.c     heads, single cases, what is due, clock, figures
 *   store_postgres_query.c    lists of cases, inboxes
 *   store_postgres_cases.c    a unit's cases as arrays
 *   store_postgres_unit.c     the whole unit
 *   store_postgres_head.c     beginning: a team's head on one connection
 *   store_postgres_ways.c     the connections that write
 *   store_postgres_write.c    begin, commit, rollback
 *   store_postgres_setup.c    connecting; what the server must be like
 *   store_postgres_schema.c   whose schema it is, migrations, checks
 *   store_postgres_wake.c     telling other nodes
 *   store_postgres_node.c     who they are, and how far their teams
 *   store_postgres_lease.c    who does which team's work
 *   store_postgres_open.c     opening and closing; the row of functions
 *
 * Statements go out in pipeline mode: as many as a call needs, with their parameters in binary
 * form, in one write and one read. A connection that writes plans its statements once, by
 * indexes; readers' lists are planned for their values.
 *
 * Row-level security. The policies of schema/ let a connection see the rows of the team that
 * signoff.team names. The writer sets it for its transaction, beside the lock of the head; a
 * reader sets it with the query when the one before was for another team; both ride in the same
 * pipeline, so the second line costs no round trip. Lists over all teams (teams, what is due) read
 * nothing but the heads, under the name '*'. A role that bypasses the policies (a superuser) works
 * and is warned of at the start.
 */
#ifndef STORE_POSTGRES_H
#define STORE_POSTGRES_H

#include "buf.h"
#include "store_internal.h"
#include "store_page.h"
#include <libpq-fe.h>

#define STORE_POSTGRES_SERVER     140000 /* the oldest, as PQserverVersion counts */
#define STORE_POSTGRES_KNOWN      16384  /* cases remembered by the writer */
#define STORE_POSTGRES_STATEMENTS 96     /* kept prepared per connection */
#define STORE_POSTGRES_READ_MS    2000   /* a reading call may take this long */
#define STORE_POSTGRES_LOCK_MS    10000  /* waiting for a team's head */
#define STORE_POSTGRES_IDLE_MS    1500   /* a head is let go when its node says nothing */
#define STORE_POSTGRES_SPARE_MS   60000  /* a connection that writes is kept without work */
#define STORE_POSTGRES_FULL_MS    10000  /* until one that the server refused is tried again */
#define STORE_POSTGRES_TRIES      8      /* of a transaction that others were in the way of */
#define STORE_POSTGRES_PENDING    96     /* statements of one pipeline */
#define STORE_POSTGRES_PARAMS     176    /* of one statement: the values of a list and some */
#define STORE_POSTGRES_ARRAYS     32     /* of these, arrays */
#define STORE_POSTGRES_UNIT       (INT64_C(1) << 30) /* bytes of a parameter */

/* Types as pg_type numbers them; these have never changed. */
enum store_postgres_type {
    STORE_PG_BOOL = 16,
    STORE_PG_BYTEA = 17,
    STORE_PG_INT8 = 20,
    STORE_PG_INT2 = 21,
    STORE_PG_INT4 = 23,
    STORE_PG_TEXT = 25,
    STORE_PG_BYTEA_ARRAY = 1001,
    STORE_PG_TEXT_ARRAY = 1009,
    STORE_PG_INT8_ARRAY = 1016
};

/* ---- parameters and results ---- */

/* Parameters of one statement, in their order. Texts and bytes are borrowed until it is sent. */
struct store_postgres_params {
    int n, n_arrays;
    Oid types[STORE_POSTGRES_PARAMS];
    const char *values[STORE_POSTGRES_PARAMS];
    int lengths[STORE_POSTGRES_PARAMS];
    int formats[STORE_POSTGRES_PARAMS];
    unsigned char ints[STORE_POSTGRES_PARAMS][8];
    struct sgn_buf arrays[STORE_POSTGRES_ARRAYS];
    bool failed; /* no memory, or more than fits */
};
void store_postgres_params_init(struct store_postgres_params *params);
void store_postgres_params_deinit(struct store_postgres_params *params);
void store_postgres_text(struct store_postgres_params *params, const char *text); /* NULL: null */
void store_postgres_int(struct store_postgres_params *params, int64_t n);

/* An array of n elements, each put into it afterwards; ended by the next array or the sending. */
struct sgn_buf *store_postgres_array(struct store_postgres_params *params,
                                     enum store_postgres_type element, int n);
void store_postgres_put_text(struct sgn_buf *array, const char *text); /* NULL: null */
void store_postgres_put_int(struct sgn_buf *array, int64_t n);
void store_postgres_put_bytes(struct sgn_buf *array, const void *bytes, size_t n); /* likewise */
void store_postgres_put_null(struct sgn_buf *array);

/* How a member of a struct becomes an element of an array. */
enum store_postgres_kind {
    STORE_PG_AS_TEXT,
    STORE_PG_AS_TEXT_OR_EMPTY, /* NULL is "" */
    STORE_PG_AS_INT,
    STORE_PG_AS_FLAG,  /* 1 or 0 */
    STORE_PG_AS_BYTES, /* struct store_bytes */
    STORE_PG_AS_SALT   /* 16 bytes, or NULL */
};

struct store_postgres_member {
    enum store_postgres_kind kind;
    size_t offset;
};
/* A parameter per member: an array of the things' members. */
void store_postgres_members(struct store_postgres_params *params,
                            const struct store_postgres_member *members, size_t n_members,
                            const void *const *things, int n);

/* A value of a result: of bigint, integer, smallint or boolean; 0 where it is null. */
int64_t store_postgres_value(const PGresult *res, int row, int column);
/* A column as JSON: string, integer or null. NULL: out of memory. */
json_t *store_postgres_json(const PGresult *res, int row, int column);
/* A column's bytes copied with a NUL behind them; *out NULL where it is null. */
enum sgn_status store_postgres_copy(const PGresult *res, int row, int column, char **out, size_t *n,
                                    struct sgn_error *err) SGN_MUST_CHECK;

/* ---- connections ---- */

struct store_postgres_statement {
    uint64_t hash; /* of the text */
    char *sql;
    char name[24];
    uint64_t used; /* when it was last sent, counted in sendings */
};

/* Whom it keeps out, see struct store_options. */
enum store_postgres_keeps {
    STORE_PG_KEEPS_NOBODY,
    STORE_PG_KEEPS_SHARED,
    STORE_PG_KEEPS_ALONE
};

struct store_postgres_conn {
    PGconn *pg;      /* NULL or bad: opened anew by the next call that may */
    const char *url; /* the store's */
    char where[192]; /* database, host and port, for messages; never a password */
    bool writer;
    enum store_postgres_keeps keeps;
    bool lived;      /* it was connected before */
    bool settled;    /* the store was opened: whoever connects from then on finds a schema that we
                        know, or that says that we may go on */
    int64_t read_ms; /* that a statement may take; 0: as long as it needs */
    char team[64];   /* what signoff.team is set to; "" when that is not known */
    struct store_postgres_statement statements[STORE_POSTGRES_STATEMENTS];
    int n_statements;
    uint64_t sendings;
    uint32_t mark; /* of this connection, in the names of its statements */
    int names;
    /* What was sent and not read yet: of each, the statement that it prepares, or NULL. */
    struct store_postgres_statement *preparing[STORE_POSTGRES_PENDING];
    int n_pending;
    bool pushed; /* they are on their way, and their results are to be read */
    PGresult *results[STORE_POSTGRES_PENDING]; /* of the last flush, without preparations */
    int n_results;
    int n_asked;   /* statements of the last flush, without preparations */
    char state[6]; /* SQLSTATE of the last error; "" for none, or none of the server's */
};

/* Connects and sets the session up; see store_postgres_setup.c. */
enum sgn_status store_postgres_connect(struct store_postgres_conn *conn,
                                       struct sgn_error *err) SGN_MUST_CHECK;
/* Connects when there is no usable connection. */
enum sgn_status store_postgres_ensure(struct store_postgres_conn *conn,
                                      struct sgn_error *err) SGN_MUST_CHECK;
void store_postgres_disconnect(struct store_postgres_conn *conn);
bool store_postgres_alive(struct store_postgres_conn *conn);
/* Is there anything the server said unasked, like its end? Reads it; false when it is gone. */
bool store_postgres_listen(struct store_postgres_conn *conn);

/* Puts a statement into the pipeline; params may be NULL. once: planned for its values and not
 * kept. */
enum sgn_status store_postgres_send(struct store_postgres_conn *conn, const char *sql,
                                    const struct store_postgres_params *params, bool once,
                                    struct sgn_error *err) SGN_MUST_CHECK;
/* Sends signoff.team for what follows, if it is another one. */
enum sgn_status store_postgres_send_team(struct store_postgres_conn *conn, const char *team,
                                         struct sgn_error *err) SGN_MUST_CHECK;
/* Sends all, and reads all: results[] holds those of the statements in their order, of the failed
 * one and those behind it none. The first error is returned. A push that failed may have sent some
 * of it. */
enum sgn_status store_postgres_push(struct store_postgres_conn *conn, const char *doing,
                                    struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status store_postgres_gather(struct store_postgres_conn *conn, const char *doing,
                                      struct sgn_error *err);
/* Both. */
enum sgn_status store_postgres_flush(struct store_postgres_conn *conn, const char *doing,
                                     struct sgn_error *err) SGN_MUST_CHECK;
/* Takes a result out; the rest is cleared by the next sending. */
PGresult *store_postgres_take(struct store_postgres_conn *conn, int at);

/* One reading statement for a team ("*": the heads of all), asked again once on a new connection
 * when this one was cut. */
enum sgn_status store_postgres_ask(struct store_postgres_conn *conn, const char *team,
                                   const char *sql, const struct store_postgres_params *params,
                                   bool once, const char *doing, PGresult **out,
                                   struct sgn_error *err) SGN_MUST_CHECK;

/* ---- errors ---- */

/* Puts what the server answered into err: which database, what was being done, what to do. */
enum sgn_status store_postgres_fail(struct store_postgres_conn *conn, const PGresult *res,
                                    const char *doing, struct sgn_error *err);
/* The same of a connection that is gone or could not be made. */
enum sgn_status store_postgres_gone(struct store_postgres_conn *conn, const char *doing,
                                    struct sgn_error *err);
/* Is the error one of those that a repeated transaction gets over? */
bool store_postgres_transient(const struct store_postgres_conn *conn);

/* ---- stores and readers ---- */

struct store_postgres_reader {
    struct store_reader base;
    struct store_postgres_conn conn;
};

static inline struct store_postgres_conn *
store_postgres_conn_of(struct store_reader *base)
{
    return &((struct store_postgres_reader *)base)->conn;
}

/* The head that is held. */
struct store_postgres_held {
    char team[64];          /* "": for site-wide rows alone */
    struct store_head head; /* as it was read */
    int64_t next_due, cases;
};

/* What was written of a case last, as hashes, so that what did not change is left alone. */
struct store_postgres_known {
    uint64_t name; /* of team and key */
    int64_t last_seq, next_at;
    uint64_t fields, waiting;
    int n_waiting;
};

enum store_postgres_stage {
    STORE_PG_FREE,  /* no transaction */
    STORE_PG_ASKED, /* its place is taken, and the head was asked for if there is a connection */
    STORE_PG_HELD,  /* the head was got */
    STORE_PG_SENT   /* the unit was sent; what became of it is to be waited for */
};

/* A connection that writes, and the transaction that is under way on it. */
struct store_postgres_writer {
    struct store_postgres_conn conn;
    enum store_postgres_stage stage;
    struct store_postgres_held held;
    bool committing;        /* COMMIT may have reached the server */
    enum sgn_status status; /* SENT: of the sending */
    struct sgn_error why;
    int64_t rested; /* monotonic, ms: since when it has no work */
};

struct store_postgres {
    struct store base;
    struct store_postgres_writer writers[STORE_CONNECTIONS_MAX]; /* the first is always there */
    int n_writers;
    struct store_postgres_reader *own;
    char *url;
    int64_t read_ms, spare_ms;
    bool full;       /* the server had no room for one more */
    int64_t full_at; /* monotonic, ms */
    bool look;       /* see store_options */
    bool settled;    /* its schema was looked at, and changed where it was older */
    struct store_postgres_known known[STORE_POSTGRES_KNOWN];
    bool latched; /* an outcome is unknown: no more writing */
    char latch_why[256];
};

struct store_postgres_waker {
    struct store_waker base;
    struct store_postgres_conn conn; /* not in pipeline mode, and sees the heads of all teams */
    int pid;                         /* of the server's process; a pooler tells libpq another one */
    int64_t tried;                   /* when it was connected or failed to, monotonic */
    bool missed; /* something may have been told while there was no connection */
};
/* One statement on it; what it answers, NULL when it failed. */
PGresult *store_postgres_waker_ask(struct store_postgres_waker *waker, const char *sql, int n,
                                   const char *const *values, const char *doing,
                                   struct sgn_error *err);

/* ---- what the server must be like, schema ---- */

/* Takes the lock that conn->keeps says, which the session holds from then on. SGN_CONFLICT,
 * SGN_UNAVAILABLE when it was held before: another has it. Not in pipeline mode. */
enum sgn_status store_postgres_keep_out(struct store_postgres_conn *conn,
                                        struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status store_postgres_keep_alone(struct store *base, struct sgn_error *err);

/* Looks at what a connection of the server is like and refuses what would break a promise;
 * connects for the first time. */
enum sgn_status store_postgres_inspect(struct store_postgres *store,
                                       struct sgn_error *err) SGN_MUST_CHECK;
/* Whose schema it is; migrates. */
enum sgn_status store_postgres_migrate(struct store_postgres *store,
                                       struct sgn_error *err) SGN_MUST_CHECK;
/* Of a connection that is made later: SGN_UNAVAILABLE when a newer Signoff has changed the schema
 * meanwhile to one beside which this program may not go on. */
enum sgn_status store_postgres_expect_schema(struct store_postgres_conn *conn,
                                             struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status store_postgres_check(struct store *base, struct sgn_error *err);

/* The server's clock, ms. */
#define STORE_POSTGRES_CLOCK "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"

/* Fills a head from a result that begins with seq, hash, at, data_seq, case_seq. */
void store_postgres_head_read(const PGresult *res, struct store_head *out);

/* ---- writing ---- */

/* The connection on which something is under way for the team; one that is free. NULL: none. */
struct store_postgres_writer *store_postgres_writer_of(struct store_postgres *store,
                                                       const char *team);
struct store_postgres_writer *store_postgres_writer_free(struct store_postgres *store);
/* Closes those that had no work for long, but for the first. */
void store_postgres_close_spare(struct store_postgres *store);

/* Begins a transaction with the lock of the team's head; lock_once waits for what lock_send has
 * asked for. store_postgres_lock tries again what is worth it, and lets go when it fails. */
enum sgn_status store_postgres_lock_send(struct store_postgres_writer *writer, const char *team,
                                         struct sgn_error *err);
enum sgn_status store_postgres_lock_once(struct store_postgres_writer *writer, const char *team,
                                         struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status store_postgres_lock(struct store_postgres_writer *writer, const char *team,
                                    struct sgn_error *err) SGN_MUST_CHECK;
/* Ends the transaction, if there is one, without a commit. */
void store_postgres_let_go(struct store_postgres_writer *writer);
/* The same of one that has ended. */
void store_postgres_writer_clear(struct store_postgres_writer *writer);

/* Puts a unit's statements into the pipeline of a transaction whose head is held (team "" for a
 * unit of site-wide rows). SGN_INTERNAL for a row that is no row; nothing was sent then. */
enum sgn_status store_postgres_unit_send(struct store_postgres *store,
                                         struct store_postgres_writer *writer,
                                         const struct store_unit *unit,
                                         struct sgn_error *err) SGN_MUST_CHECK;
/* Makes the transaction fail (SGN_CONFLICT) where the fence does not stand. */
enum sgn_status store_postgres_fence_send(struct store_postgres_conn *conn, const char *team,
                                          const struct store_fence *fence,
                                          struct sgn_error *err) SGN_MUST_CHECK;
/* The part of it that is cases: collected first, each of them once. */
struct store_postgres_cases {
    struct store_postgres_case_out *items;
    int n;
    int64_t first; /* when the first of them fires; 0: none does */
};
enum sgn_status store_postgres_cases_collect(struct store_postgres *store,
                                             const struct store_unit *unit,
                                             struct store_postgres_cases *out,
                                             struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status store_postgres_cases_send(struct store_postgres_conn *conn, const char *team,
                                          const struct store_postgres_cases *cases,
                                          struct sgn_error *err) SGN_MUST_CHECK;
/* Remembers what was sent, and frees. */
void store_postgres_cases_done(struct store_postgres *store, struct store_postgres_cases *cases);

/* The part of it that is data rows. */
enum sgn_status store_postgres_rows_check(const struct store_unit *unit,
                                          struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status store_postgres_rows_send(struct store_postgres_conn *conn,
                                         const struct store_unit *unit,
                                         struct sgn_error *err) SGN_MUST_CHECK;

/* ---- the functions of store.h, by file ---- */

int store_postgres_ways(struct store *base, int n);
void store_postgres_begin_send(struct store *base, const char *team);
enum sgn_status store_postgres_begin(struct store *base, const char *team, struct store_head *head,
                                     struct sgn_error *err);
void store_postgres_commit_send(struct store *base, const struct store_unit *unit);
enum sgn_status store_postgres_commit_wait(struct store *base, const struct store_unit *unit,
                                           struct sgn_error *err);
const char *store_postgres_answered(struct store *base, bool wait);
void store_postgres_rollback(struct store *base, const char *team);

enum sgn_status store_postgres_changes(struct store_reader *base, const char *team, int64_t since,
                                       int limit, json_t **out, struct sgn_error *err);
enum sgn_status store_postgres_clock(struct store_reader *base, int64_t *out,
                                     struct sgn_error *err);
enum sgn_status store_postgres_waker_open(struct store *base, struct store_waker **out,
                                          struct sgn_error *err);
void store_postgres_waker_close(struct store_waker *base);
int store_postgres_waker_fd(struct store_waker *base);
enum sgn_status store_postgres_waker_take(struct store_waker *base, json_t **out,
                                          struct sgn_error *err);
enum sgn_status store_postgres_wake(struct store_waker *base, const json_t *teams,
                                    struct sgn_error *err);
enum sgn_status store_postgres_node_sign(struct store_waker *base, const struct store_node *node,
                                         int64_t *now, struct sgn_error *err);
void store_postgres_node_leave(struct store_waker *base, const char *id);
enum sgn_status store_postgres_nodes(struct store_reader *base, json_t **out,
                                     struct sgn_error *err);
enum sgn_status store_postgres_lease_take(struct store_waker *base, const struct store_fence *fence,
                                          bool all, json_t **out, struct sgn_error *err);
enum sgn_status store_postgres_heads(struct store_waker *base, const json_t *teams, json_t **out,
                                     struct sgn_error *err);

enum sgn_status store_postgres_teams(struct store_reader *base, json_t **out,
                                     struct sgn_error *err);
enum sgn_status store_postgres_head_get(struct store_reader *base, const char *team,
                                        struct store_head *out, struct sgn_error *err);
enum sgn_status store_postgres_entries(struct store_reader *base, const char *team, int64_t first,
                                       int limit, store_entry_fn fn, void *ctx,
                                       struct sgn_error *err);
enum sgn_status store_postgres_case_entries(struct store_reader *base, const char *team,
                                            const char *case_key, int64_t before, int limit,
                                            store_entry_fn fn, void *ctx, struct sgn_error *err);
enum sgn_status store_postgres_effect_entries(struct store_reader *base, const char *team,
                                              int64_t first, int limit, store_entry_fn fn,
                                              void *ctx, struct sgn_error *err);
enum sgn_status store_postgres_requests_find(struct store_reader *base, const char *team,
                                             struct store_request *requests, int n,
                                             struct sgn_error *err);
enum sgn_status store_postgres_request_get(struct store_reader *base, const char *team,
                                           const char *person, const char *request, int64_t since,
                                           struct store_entry_row *out, struct sgn_error *err);
enum sgn_status store_postgres_case_get(struct store_reader *base, const char *team,
                                        const char *key, struct store_case_row *out,
                                        struct sgn_error *err);
enum sgn_status store_postgres_open_count(struct store_reader *base, const char *team,
                                          const char *project, const char *workflow, int64_t *out,
                                          struct sgn_error *err);
enum sgn_status store_postgres_due_next(struct store_reader *base, int64_t now, int limit,
                                        json_t **out, struct sgn_error *err);
enum sgn_status store_postgres_due_first(struct store_reader *base, int64_t *out,
                                         struct sgn_error *err);
json_t *store_postgres_stats(struct store_reader *base);
enum sgn_status store_postgres_case_query(struct store_reader *base,
                                          const struct store_case_filter *filter,
                                          struct store_page *out, struct sgn_error *err);
enum sgn_status store_postgres_case_count(struct store_reader *base,
                                          const struct store_case_filter *filter,
                                          const struct store_count *count, json_t **out,
                                          struct sgn_error *err);
enum sgn_status store_postgres_inbox(struct store_reader *base,
                                     const struct store_inbox_filter *filter, const char *cursor,
                                     int limit, struct store_page *out, struct sgn_error *err);
enum sgn_status store_postgres_row_get(struct store_reader *base, enum store_table which,
                                       const char *team, const json_t *key, json_t **out,
                                       struct sgn_error *err);
enum sgn_status store_postgres_row_list(struct store_reader *base, enum store_table which,
                                        const char *team, const json_t *match, const json_t *after,
                                        int limit, json_t **out, struct sgn_error *err);

#endif
