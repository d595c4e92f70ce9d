/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store keeps teams' histories, their cases and their data. One contract, several
 * backends; tests/contract/ runs one suite over each.
 *
 * What it promises
 *   - store_commit() is atomic and durable: when it returns SGN_OK, everything of the unit
 *     survives a power cut; when it returns SGN_UNAVAILABLE, SGN_CONFLICT or SGN_OVERLOADED
 *     nothing of it happened; SGN_UNKNOWN_OUTCOME means what it says, and is latched: every later
 *     begin and commit of this store answers the same, until it is opened anew.
 *   - Entries of a team are numbered 1, 2, 3 ... in the order of their commits. While a
 *     team's head is held (store_begin to store_commit or store_rollback) nobody else
 *     writes in that team, from whatever node.
 *   - A case is given as its complete new row. How and when rows reach their table is the
 *     store's business: it may keep them and merge later, and then answers every read of
 *     this file from both places. A reader sees all that was committed before the call.
 *   - Keys begin with the team; nothing joins over teams. Site-wide rows have team "".
 *
 * Threads. A struct store belongs to one thread, which alone writes and checkpoints. A
 * struct store_reader belongs to one thread; readers of different threads work side by
 * side with the writer. Calls block.
 *
 * Ownership. Strings, bytes and JSON passed in are borrowed for the call. What comes back
 * through ** is given to the caller.
 *
 * JSON rows. Data tables are rows of JSON objects whose members are the table's columns (see
 * store_tables.h): the same objects that core takes as facts and methods answer.
 */
#ifndef STORE_H
#define STORE_H

#include "status.h"
#include "store_tables.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct store;
struct store_reader;

/* The newest migrations this program knows; each backend counts its own. */
#define STORE_SCHEMA          12
#define STORE_SCHEMA_POSTGRES 7

#define STORE_CONNECTIONS     4
#define STORE_CONNECTIONS_MAX 16

struct store_options {
    const char *url;        /* "sqlite:DIR" (a folder, made when missing), "sqlite::memory:",
                               "postgres://USER@HOST:PORT/DATABASE" (libpq's URL and variables) */
    int64_t reserve_bytes;  /* SQLite: refuse to begin when the disk has less room; 0: 16 MiB */
    int64_t examine_bytes;  /* SQLite: a larger file is not looked through when it is opened, but by
                               store_check alone; 0: 64 MiB */
    bool alone;             /* no other may use the store meanwhile that says alone or shared:
                               SGN_CONFLICT; a folder of SQLite never is for two */
    bool shared;            /* other nodes may, which say so, too, and nobody who is alone */
    bool look;              /* for looking at what is there: of no older schema (SGN_NOT_NOW, since
                               opening would change it), and not examined first */
    int64_t unmerged_bytes; /* SQLite: so many bytes of cases that changed may wait in memory for
                               their tables; 0: 128 MiB. Entries for their
                               indexes: a quarter of it more */
    int64_t read_ms;  /* a list of a reader that was opened (not the store's own, whose reads the
                         engine needs) that takes longer is SGN_OVERLOADED; 0: 2000 */
    int connections;  /* PostgreSQL: so many commits at the same time, 1 to
                         STORE_CONNECTIONS_MAX; 0: STORE_CONNECTIONS */
    int64_t spare_ms; /* PostgreSQL: a connection that writes, but for the first, is closed when
                         it had no work for so long; 0: a minute */
    bool unfinished;  /* also one that is marked as an unfinished copy */
    bool no_upgrade_copy; /* SQLite: an older schema is changed without a copy of the file */
    /* Called once when the place is known to be ours, or shared, and before what may take long; its
     * failure ends the opening. NULL: nothing is. */
    enum sgn_status (*taken)(void *ctx, struct sgn_error *err);
    void *ctx;
};

/* The setting that marks a store which is being filled from another one, and holds half a site
 * until that has ended. */
#define STORE_UNFINISHED "unfinished_copy"

/*
 * Opens and migrates. SGN_CONFLICT: in use by another server. SGN_INVALID: not a store of
 * ours, of a newer schema, damaged, an unfinished copy, or on a network file system; the
 * message says which and what to do. SGN_UNAVAILABLE: no rights, no room.
 *
 * An older schema is brought up to the newest in one transaction, which is told in the log; who is
 * killed in it has changed nothing. There is no way down: on SQLite a copy of the file is kept
 * before, see store_sqlite_migrate.h.
 *
 * PostgreSQL, where nodes may be exchanged one by one: each migration says beside which older
 * schema it can be made (store_postgres_schema.c). Where all of them can, the newer node makes them
 * while older ones are at work, and these go on: what was added has defaults, and nobody writes
 * columns that he does not know. A program that is older than the schema opens it as long as the
 * row of signoff.version says that it may (oldest). Else the newer node refuses with SGN_CONFLICT,
 * names those at work and changes nothing; once none is left it changes the schema, and an older
 * one that connects again is refused.
 */
enum sgn_status store_open(const struct store_options *options, struct store **out,
                           struct sgn_error *err) SGN_MUST_CHECK;
/* Is it marked so? */
enum sgn_status store_unfinished(struct store_reader *reader, bool *out,
                                 struct sgn_error *err) SGN_MUST_CHECK;
void store_close(struct store *store);
/* A store that was opened as shared is for this one alone from now on. SGN_CONFLICT: others use
 * it. */
enum sgn_status store_keep_alone(struct store *store, struct sgn_error *err) SGN_MUST_CHECK;
/* The writer's own reader: it also sees nothing of an open unit. Borrowed. */
struct store_reader *store_own_reader(struct store *store);
/* Between these two what that reader reads is of one state, which makes many small reads cheaper.
 * The caller commits nothing in between. May do nothing; never fails. */
void store_reads_begin(struct store *store);
void store_reads_end(struct store *store);
/* A reader for another thread; opened on the thread that opened the store, used on its own. */
enum sgn_status store_reader_open(struct store *store, struct store_reader **out,
                                  struct sgn_error *err) SGN_MUST_CHECK;
void store_reader_close(struct store_reader *reader);

/* ---- writing ---- */

struct store_head {
    int64_t seq;      /* number of the team's last entry; 0: none yet */
    char hash[65];    /* its hash; "" when there is none */
    int64_t at;       /* its time */
    int64_t data_seq; /* number of the last entry of kind data */
    int64_t case_seq; /* number of the last entry that opened or ended a case */
    int64_t now;      /* store_begin: the database's clock, ms, when the head was got; else 0 */
};

struct store_bytes {
    const void *bytes; /* NULL: the part is null */
    size_t n;
};

/* An entry as it is stored; entries of a unit stand in the order of their numbers. */
struct store_entry {
    const char *team;
    int64_t seq;
    const char *case_key; /* NULL: belongs to no case */
    int64_t case_seq;     /* 0 then */
    int64_t previous;     /* number of the case's previous entry; 0: none */
    int64_t at;
    const char *kind;
    const char *actor;
    const char *hash; /* 64 hex digits */
    struct store_bytes header, shared, internal;
    const unsigned char *shared_salt, *internal_salt; /* 16 bytes, or NULL with the part */
    const char *request;                              /* request_id, or NULL */
    const char *request_digest;                       /* NULL with it */
    bool has_effects; /* its internal part asks for effects on cases */
    bool opens_or_ends;
};

/* A case's complete row: document is what core keeps (see core/case.h), the columns repeat
 * what lists filter by. waiting: what the case waits for, rows of STORE_WAITING without
 * their team, case, project; replaces all of the case's earlier ones. */
struct store_case {
    const char *team, *key, *workflow, *rules, *project, *client, *opener, *owner, *group;
    const char *priority, *outcome; /* outcome NULL: open */
    const char *states;             /* leaf names with a space before and after each */
    int64_t version, rev, case_seq, opened_at, closed_at; /* closed_at 0: open */
    int64_t due_at;  /* when the first of its deadlines is due; 0: none */
    int64_t next_at; /* when something of it fires next (store_due_next); 0: nothing is armed */
    bool stuck;
    int64_t last_seq; /* its last entry */
    const char *last_hash;
    int64_t last_at;
    const char *text;      /* what a text search looks in: shared text, then after a unit separator
                              (0x1F) what a search with visible_to never reaches */
    const json_t *indexed; /* {field: string or integer} of indexed fields */
    const char *document;  /* JSON */
    const json_t *waiting;
};

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): as it is read */
struct store_row {
    enum store_table table;
    const char *team;  /* "" for site-wide tables */
    const json_t *row; /* all columns (missing ones are null); for remove only the key ones */
    bool remove;
};

/*
 * The right to do a team's work of some name, which one node has at a time. Its number is counted
 * up whenever another one takes it.
 */
struct store_fence {
    const char *name; /* of the work */
    const char *node; /* whose right it is */
    int64_t number;
};

/* Parts of an entry that are taken out of it for good, with the 16 bytes that would let them be
 * guessed from their hashes. Its header stays, and its place in the chain. */
struct store_erasure {
    const char *team;
    int64_t seq; /* it is committed already */
    bool shared, internal;
};

struct store_unit {
    const struct store_fence *fence; /* what is written needs this right; NULL: none */
    const struct store_entry *entries;
    int n_entries;
    const struct store_case *cases;
    int n_cases;
    const struct store_row *rows; /* in order: a later one of the same key wins */
    int n_rows;
    /* Behind the entries, rows and cases that the same unit brings. An entry that is not there is
     * SGN_INTERNAL. On SQLite the bytes leave the file and its log in the next idle moments, or
     * when the store is closed; on PostgreSQL with the next VACUUM. */
    const struct store_erasure *erasures;
    int n_erasures;
};

/* How many teams one commit may carry: INT_MAX for SQLite, 1 for PostgreSQL. */
int store_teams_per_commit(const struct store *store);

/*
 * Takes the head of a team for writing and reads it: as it is now, also where another node moved it
 * since it was looked at last (store_changes tells how). May be called for several teams before a
 * commit (see above); a team's hold lapses when it is not committed within a second or so.
 * SGN_UNAVAILABLE when the disk is nearly full or the database is gone, SGN_OVERLOADED when
 * another node keeps the head: nothing has begun then.
 */
enum sgn_status store_begin(struct store *store, const char *team, struct store_head *head,
                            struct sgn_error *err) SGN_MUST_CHECK;
/* Commits the unit and lets the heads go that it is for, whatever the status. Entry numbers must
 * follow on the heads that were read (asserted: the caller counted them). A unit without entries is
 * fine (cursors, settings); one without anything lets all heads go. SGN_CONFLICT: another node
 * wrote in between, decide again. */
enum sgn_status store_commit(struct store *store, const struct store_unit *unit,
                             struct sgn_error *err) SGN_MUST_CHECK;
/* Lets go of the team's head, whether it was got or only asked for; NULL: of all. Where one commit
 * carries many teams, always of all. Not of what was sent: that is waited for. */
void store_rollback(struct store *store, const char *team);

/*
 * Several commits at the same time, where each carries one team: of both calls above one part sends
 * and another one waits. A team has one transaction at a time.
 *
 *     n = store_ways(store, teams)                  how many may be under way
 *     store_begin_send(store, A), (B) ...           for up to n teams
 *     store_begin(store, A, ...)                    waits for A's head alone
 *     store_commit_send(store, unit of A)           the unit stays as it is until
 *     store_commit_wait(store, unit of A)           tells what became of it
 *
 * store_answered says which one to wait for next. All of it may be called for every store: where
 * there is one commit at a time, sending does nothing and waiting does all.
 */
/* Makes so many ready as there is need and room for, and tells how many may be under way: 1 or
 * more, which may be more than n. Blocks while it connects: to be asked while no head is held. */
int store_ways(struct store *store, int n);
/* Whatever goes wrong in sending is told by the call that waits. */
void store_begin_send(struct store *store, const char *team);
void store_commit_send(struct store *store, const struct store_unit *unit);
enum sgn_status store_commit_wait(struct store *store, const struct store_unit *unit,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* A team whose head or commit was sent for and is answered; with wait, as soon as there is one. One
 * whose connection was lost comes last, since finding out takes time. NULL: none (yet), or nobody
 * can tell: wait for any of them. Borrowed until the team's transaction has ended. */
const char *store_answered(struct store *store, bool wait);
/* Work for idle moments: merges, checkpoints. Returns true while there is more to do. */
bool store_idle(struct store *store);

/* ---- several nodes ---- */

/*
 * Tells other nodes that something was written, and hears them: a wake-up and never more. It may
 * be lost; what is asked for by number, at intervals, is the truth. It is told outside of commits,
 * for many commits at once.
 *
 * A struct store_waker belongs to one thread. A store that nobody else writes has none: open gives
 * NULL, which all of these take.
 */
struct store_waker;
enum sgn_status store_waker_open(struct store *store, struct store_waker **out,
                                 struct sgn_error *err) SGN_MUST_CHECK;
void store_waker_close(struct store_waker *waker);
/* Readable when there is something to take; -1: none, ask again after a while. Another one after
 * each taking, it may be. */
int store_waker_fd(struct store_waker *waker);
/* The teams that other nodes have told of since the last time: an array of names, without waiting
 * for any; JSON null when some may have been missed (the connection was made anew): look at all.
 * SGN_UNAVAILABLE when there is no connection. */
enum sgn_status store_waker_take(struct store_waker *waker, json_t **out,
                                 struct sgn_error *err) SGN_MUST_CHECK;
/* Tells other nodes of teams, an array of names. */
enum sgn_status store_wake(struct store_waker *waker, const json_t *teams,
                           struct sgn_error *err) SGN_MUST_CHECK;

/* The database's clock, ms: what all nodes go by. SQLite: this machine's. */
enum sgn_status store_clock(struct store_reader *reader, int64_t *out,
                            struct sgn_error *err) SGN_MUST_CHECK;
/*
 * Which cases have entries after number since: {case: number of its last entry}. For who decided on
 * what was read up to since, and finds the head further on: the head's data_seq and case_seq tell
 * of the rest. SGN_TOO_LARGE: more than limit of them, take all as changed.
 */
enum sgn_status store_changes(struct store_reader *reader, const char *team, int64_t since,
                              int limit, json_t **out, struct sgn_error *err) SGN_MUST_CHECK;

/* A server that uses the store, as the others see it. */
struct store_node {
    const char *id;      /* of this life of it; hex */
    const char *host;    /* the machine */
    const char *address; /* where it listens; "" for nowhere but its socket */
    const char *version;
};
#define STORE_NODE_MS 1500 /* without a sign of life for so long it is gone */

/* This node lives: *now is the database's time, 0 where nobody else could ask (SQLite). */
enum sgn_status store_node_sign(struct store_waker *waker, const struct store_node *node,
                                int64_t *now, struct sgn_error *err) SGN_MUST_CHECK;
/* It ends, and is gone at once. */
void store_node_leave(struct store_waker *waker, const char *id);
/* Those that live: [{id, host, address, version, started, seen}], times by the database's clock,
 * in the order in which they came. SQLite: none. */
enum sgn_status store_nodes(struct store_reader *reader, json_t **out,
                            struct sgn_error *err) SGN_MUST_CHECK;
/* Takes the right to this work (fence->name) in all teams where nobody has it who lives, for
 * fence->node: {team: its number} of those newly taken; all: of all that the node has. SQLite,
 * where nobody else could: none. */
enum sgn_status store_lease_take(struct store_waker *waker, const struct store_fence *fence,
                                 bool all, json_t **out, struct sgn_error *err) SGN_MUST_CHECK;
/* The heads of these teams, an array of names, or (NULL) of all: {team: number of its last entry}.
 * SQLite: none. */
enum sgn_status store_heads(struct store_waker *waker, const json_t *teams, json_t **out,
                            struct sgn_error *err) SGN_MUST_CHECK;

/* ---- reading: heads and entries ---- */

/* Teams that have entries or rows; array of names. */
enum sgn_status store_teams(struct store_reader *reader, json_t **out,
                            struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status store_head_get(struct store_reader *reader, const char *team,
                               struct store_head *out, struct sgn_error *err) SGN_MUST_CHECK;

/* An entry that was read; the bytes are its own. */
struct store_entry_row {
    char *team, *case_key, *kind, *actor, *hash, *header, *shared, *internal, *request,
        *request_digest; /* NULL where null */
    size_t header_n, shared_n, internal_n;
    unsigned char shared_salt[16], internal_salt[16];
    int64_t seq, case_seq, previous, at;
};
void store_entry_row_deinit(struct store_entry_row *row);

typedef enum sgn_status (*store_entry_fn)(void *ctx, const struct store_entry_row *entry,
                                          struct sgn_error *err);

/* Entries of a team from number first on, at most limit, oldest first. A status other than
 * SGN_OK from fn ends the walk and is returned. */
enum sgn_status store_entries(struct store_reader *reader, const char *team, int64_t first,
                              int limit, store_entry_fn fn, void *ctx,
                              struct sgn_error *err) SGN_MUST_CHECK;
/* Entries of a case whose case_seq is below before (0: no bound), newest first. */
enum sgn_status store_case_entries(struct store_reader *reader, const char *team,
                                   const char *case_key, int64_t before, int limit,
                                   store_entry_fn fn, void *ctx,
                                   struct sgn_error *err) SGN_MUST_CHECK;
/* Entries with effects from number first on, oldest first. */
enum sgn_status store_effect_entries(struct store_reader *reader, const char *team, int64_t first,
                                     int limit, store_entry_fn fn, void *ctx,
                                     struct sgn_error *err) SGN_MUST_CHECK;
/* The entry of a person's request; SGN_NOT_FOUND when there is none at or after time since. */
enum sgn_status store_request_get(struct store_reader *reader, const char *team, const char *person,
                                  const char *request, int64_t since, struct store_entry_row *out,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* Which of these requests have an entry, however old; found is set. */
struct store_request {
    const char *person, *request;
    bool found;
};
enum sgn_status store_requests_find(struct store_reader *reader, const char *team,
                                    struct store_request *requests, int n,
                                    struct sgn_error *err) SGN_MUST_CHECK;

/* ---- reading: cases ---- */

/* A case's document (malloc'ed JSON text) and the numbers beside it. SGN_NOT_FOUND. */
struct store_case_row {
    char *document;
    int64_t last_seq, last_at;
    char last_hash[65];
};
void store_case_row_deinit(struct store_case_row *row);
enum sgn_status store_case_get(struct store_reader *reader, const char *team, const char *key,
                               struct store_case_row *out, struct sgn_error *err) SGN_MUST_CHECK;

/* Filters of a list; NULL, 0 and false mean "any". Times are from (inclusive) to (exclusive).
 * visible_to: a client's person, who sees cases of own_workflows only where opener or asked
 * (waited for: by name, by a role in the case's project, by a group), and of
 * project_workflows in projects the person is a member of; of visible_givers, whom the person
 * stands in for ([{person, projects?, workflows?}]), what waits for them within that scope and
 * what the person opened for them. waiting_givers: those for whom waiting_for stands in, by name,
 * in the same form. overdue_at: open cases that have
 * something due, or wait for something due, before this time. text: part of the case's text,
 * ASCII letters in either case. A case with nothing due is last when sorted by due; priority
 * goes from low to urgent; keys go by their numbers. A bad sort, cursor or field value is
 * SGN_INVALID. */
struct store_case_filter {
    const char *team;
    const json_t *workflows; /* arrays of strings */
    const char *state, *project, *client, *group, *owner, *priority, *text;
    const char *waiting_for; /* person or role */
    const json_t *waiting_givers;
    const char *opener;
    const char *outcome;
    bool open, ended, stuck;
    int64_t version;    /* of the workflow; 0: any */
    int64_t overdue_at; /* due before this time */
    int64_t opened_from, opened_to, closed_from, closed_to;
    const json_t *fields; /* {indexed field: value} */
    const char *filled;   /* only where this field, indexed or not, has a value; a constant name of
                             letters, digits and _ */
    const char *visible_to;
    const json_t *visible_givers;
    const json_t *own_workflows, *project_workflows;
    const char *sort; /* "opened" (default), "due", "updated", "priority", "key" */
    bool descending;
    const char *cursor; /* from the page before */
    int limit;          /* at most 500 */
};
struct store_page {
    /* Objects of the case columns (without document and text): key workflow rules project
     * client opener owner group priority outcome states version rev case_seq opened_at
     * closed_at due_at stuck last_seq last_at, and fields: {indexed field: value}. */
    json_t *items;
    char *cursor; /* of the next page; NULL: this was the last */
};
void store_page_deinit(struct store_page *page);
enum sgn_status store_case_query(struct store_reader *reader,
                                 const struct store_case_filter *filter, struct store_page *out,
                                 struct sgn_error *err) SGN_MUST_CHECK;
/* What cases are counted by: names of columns (key workflow rules project client opener owner group
 * outcome priority states version), and the value of a field as its document has it, as text; a
 * name made of letters, digits and _ alone. */
#define STORE_COUNT_BY     6
#define STORE_COUNT_GROUPS 100000
struct store_count {
    const char *by[STORE_COUNT_BY];
    int n_by;
    const char *field; /* NULL: none */
};
/*
 * How many cases a filter lets through, whose sort, cursor and limit say nothing here: an array of
 * {"n", a member of each column's name, "field"}, one for each combination of values that occurs,
 * in no order; without columns and field one group of all, or none where there is no case. All
 * cases count, also those that are not merged. SGN_TOO_LARGE: more groups than STORE_COUNT_GROUPS;
 * SGN_OVERLOADED: it took longer than a list may.
 *
 * Every case that an index leaves over is looked at once: one to four microseconds each, the longer
 * where a field is read too or the row is not in memory. So 10 to 40 ms for 10,000 cases; 1,000,000
 * take some seconds, and are not counted at once within what a list is given (read_ms).
 */
enum sgn_status store_case_count(struct store_reader *reader,
                                 const struct store_case_filter *filter,
                                 const struct store_count *count, json_t **out,
                                 struct sgn_error *err) SGN_MUST_CHECK;
/* Open cases of one workflow in one project. */
enum sgn_status store_open_count(struct store_reader *reader, const char *team, const char *project,
                                 const char *workflow, int64_t *out,
                                 struct sgn_error *err) SGN_MUST_CHECK;

/* Open cases of a team that are stuck. */
enum sgn_status store_stuck_count(struct store_reader *reader, const char *team, int64_t *out,
                                  struct sgn_error *err) SGN_MUST_CHECK;

/* Open cases whose next_at is at or before now, earliest first: array of {team, case, due}. */
enum sgn_status store_due_next(struct store_reader *reader, int64_t now, int limit, json_t **out,
                               struct sgn_error *err) SGN_MUST_CHECK;
/* The earliest next_at of all; 0: nothing is armed anywhere. */
enum sgn_status store_due_first(struct store_reader *reader, int64_t *out,
                                struct sgn_error *err) SGN_MUST_CHECK;

/* Items of a page of an inbox, at most: each page sorts all that waits for the person. */
#define STORE_INBOX_MAX 1000
/* What waits for a person: rows of STORE_WAITING (case n kind person role group state since
 * due clock working left why) with the case's columns as in a list, whose own group is case_group
 * here; found by name, by the person's memberships (role and project) and groups, each row once;
 * most urgent first (due, then priority, then opened). */
enum sgn_status store_inbox(struct store_reader *reader, const char *team, const char *person,
                            const char *cursor, int limit, struct store_page *out,
                            struct sgn_error *err) SGN_MUST_CHECK;
/* What of it: all borrowed. */
struct store_inbox_filter {
    const char *team, *person;
    /* Also what waits for those whom the person stands in for: [{"person", "projects":
     * [KEY]|null, "workflows": [NAME]|null}]; on_behalf of an item is whose it is, null: the
     * person's own. NULL or none: as above. */
    const json_t *others;
    const char *case_key; /* only what this case waits for; NULL: of all cases */
};
enum sgn_status store_inbox_for(struct store_reader *reader,
                                const struct store_inbox_filter *filter, const char *cursor,
                                int limit, struct store_page *out,
                                struct sgn_error *err) SGN_MUST_CHECK;

/* ---- reading: data rows ---- */

/* One row by its key columns (object). SGN_NOT_FOUND. New reference. */
enum sgn_status store_row_get(struct store_reader *reader, enum store_table table, const char *team,
                              const json_t *key, json_t **out,
                              struct sgn_error *err) SGN_MUST_CHECK;
/* Rows whose columns equal those in match (object of any columns, or NULL), in key order,
 * after the row of key after (NULL: from the start), at most limit. Array; new reference. */
enum sgn_status store_row_list(struct store_reader *reader, enum store_table table,
                               const char *team, const json_t *match, const json_t *after,
                               int limit, json_t **out, struct sgn_error *err) SGN_MUST_CHECK;
/* The same from the end: in falling order, before the row of key before (NULL: from the last). Not
 * of STORE_WAITING. */
enum sgn_status store_row_list_back(struct store_reader *reader, enum store_table table,
                                    const char *team, const json_t *match, const json_t *before,
                                    int limit, json_t **out, struct sgn_error *err) SGN_MUST_CHECK;

/* ---- keeping ---- */

/* The backend's own integrity check; SGN_INVALID with what it found. */
enum sgn_status store_check(struct store *store, struct sgn_error *err) SGN_MUST_CHECK;
/* What it is, for those who ask a server: {backend, version}, the version of the database it runs
 * on, and its ceilings: unmerged_bytes of SQLite. No address. */
json_t *store_describe(struct store *store);
/*
 * A copy of all that is committed when it is begun, as one file that a store is opened of: in
 * DIR/signoff.db of a folder. Others write meanwhile, and nobody waits; but what is written stays
 * in the log until all is copied, so that the log grows by it. Belongs to one thread at a time, and
 * is freed before the store is closed. One at a time.
 *
 * begin: SGN_NOT_NOW where another program makes the copies (PostgreSQL: pg_dump); SGN_UNAVAILABLE
 * when the disk has no room for it. step: some 20 ms of copying; SGN_NEEDS while there is more,
 * SGN_OK when it is whole, checked by the backend's integrity check (which is not in slices) and
 * synced; SGN_INVALID: the store is damaged; after a failure it is to be freed. take: then, a
 * descriptor of the file, which has no name any more and goes when it is closed.
 */
struct store_copy;
enum sgn_status store_copy_begin(struct store_reader *reader, struct store_copy **out,
                                 struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status store_copy_step(struct store_copy *copy, struct sgn_error *err) SGN_MUST_CHECK;
int store_copy_take(struct store_copy *copy);
void store_copy_free(struct store_copy *copy); /* NULL is fine */

/* Room on the disk of the database and the bytes of its log, as they are now. Any thread; never
 * waits. false: another program keeps them. */
struct store_room {
    int64_t disk_free, log_bytes;
};
bool store_room(const struct store *store, struct store_room *out);

/* Figures for admin.stats: {schema, entries, cases, bytes, wal_bytes, ...}; SQLite also what is not
 * merged (unmerged_cases, unmerged_bytes), and since it was opened: commits, log_pages (written to
 * the log of the file), checkpoints and checkpoint_pages (copied back by them), merges (slices) and
 * merged_cases; recovered_rows and recovery_ms, what was read again and for how long, after it had
 * not been closed well. */
json_t *store_stats(struct store_reader *reader);

#endif
