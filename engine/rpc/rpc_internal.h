/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder share: requests, connections, watches, and the helpers of
 * methods. All of it belongs to the loop thread, but for what says "query thread" or "lane".
 *
 *   bytes -> frame -> envelope -> requests of a connection, in a queue:
 *
 *       first                    next                    last
 *       [done][running][running] [waiting][waiting] ...
 *         |                        `- dispatched as soon as the ordering rules let it
 *         `- answered and freed as soon as it is the first
 */
#ifndef RPC_INTERNAL_H
#define RPC_INTERNAL_H

#include "buf.h"
#include "clock.h"
#include "frame.h"
#include "hash.h"
#include "json.h"
#include "log.h"
#include "memory.h"
#include "rpc.h"
#include "text.h"
#include "zone.h"
#include <stdatomic.h>

#define RPC_ANSWER_MAX     ((size_t)64 << 20)  /* bytes of one answer, or of a batch of them */
#define RPC_WATCHES_MAX    16                  /* of one connection */
#define RPC_WATCH_ENTRIES  64                  /* read by one query of a watch */
#define RPC_WATCH_QUEUE    ((size_t)256 << 10) /* bytes a watcher may leave unread */
#define RPC_PAGE           50                  /* items of a page when no limit is given */
#define RPC_PAGE_MAX       500
#define RPC_REQUEST_ID_MAX 64
#define RPC_TOKEN_ID       20                 /* bytes of a token's id, with its NUL */
#define RPC_FROM_MAX       46                 /* of an address as text, likewise */
#define RPC_TEXT_KEPT      ((size_t)64 << 10) /* of the buffer that answers are written in */

/* What a job's ctx points to; finish is called on the loop when the job is done. */
struct rpc_task {
    struct rpc *rpc;
    void (*finish)(struct rpc_task *task, struct lane_job *job);
};

struct rpc {
    struct rpc_options options;
    struct sgn_queue *finished;         /* jobs that are done, from any thread */
    struct sgn_queue *commits;          /* struct rpc_commit, from the lane thread */
    json_t *heads;                      /* {team: number of its last entry}, as commits said */
    struct rpc_connection *connections; /* list by ->link */
    uint64_t last_connection;
    struct rpc_traffic traffic;
    struct rpc_attempts *attempts;
    struct sgn_buf text; /* see rpc_text */
    atomic_bool untold;  /* a commit could not be noted for want of memory */
    bool put_off;        /* a watch could not read on */
    int64_t told_from;   /* the minute of its lines about slow requests, monotonic */
    int told, left_out;
    int jobs;            /* in the lane or on a query thread */
    _Atomic int watches; /* of all of them */
};

/* ---- requests ---- */

/* The requests of one JSON-RPC batch share this; the last one answered sends it. */
struct rpc_batch {
    struct sgn_buf text; /* "[a,b": answers so far */
    int left;            /* requests not freed yet */
};

enum rpc_phase {
    RPC_WAITING,
    RPC_RUNNING,
    RPC_DONE
};

/* Who asks, for the logs: see journal.c. */
struct rpc_caller {
    char team[SGN_KEY_MAX + 1], person[SGN_KEY_MAX + 1];
    char token_id[RPC_TOKEN_ID];
    char request_id[RPC_REQUEST_ID_MAX + 1];
    char from[RPC_FROM_MAX];
    char request[RPC_TRACE_MAX + 1]; /* by which all logs call it */
    uint64_t connection;
    const char *channel; /* NULL: not noted */
    bool is_operator;
};

struct rpc_request {
    struct rpc_task task; /* first: tasks are cast to requests */
    struct rpc_request *next;
    struct rpc_connection *connection; /* NULL: the connection went away while it ran */
    struct rpc_batch *batch;           /* NULL: it came alone */
    json_t *id;                        /* NULL: a notification, which is not answered */
    json_t *params;                    /* an object */
    const struct rpc_method *method;
    void (*settled)(struct rpc_connection *connection); /* called when a running one is done */
    enum rpc_phase phase;
    struct lane_job *query; /* under way on a query thread, or NULL; borrowed */
    bool vouches;           /* for those behind it: a login by rpc_connection_login */
    bool put_off;           /* a login that was not looked at: its address has failed too often */
    uint32_t number;        /* the how-manieth of its connection; wraps */
    int64_t at;             /* when its line was complete */
    int64_t began;          /* monotonic */
    struct rpc_caller caller;
    enum sgn_status status;
    json_t *result;
    struct sgn_error error; /* last, see request_new */
};

void rpc_request_free(struct rpc_request *request);

/* ---- connections ---- */

struct rpc_session {
    bool known; /* somebody is logged in */
    bool is_operator;
    char team[SGN_KEY_MAX + 1];   /* "" for operators */
    char person[SGN_KEY_MAX + 1]; /* likewise */
    char token[SGN_HASH_HEX];     /* its hash */
    char token_id[RPC_TOKEN_ID];  /* by which people name it */
    int64_t used;                 /* when its use was noted, see uses.c */
    char language[8];
};

struct rpc_watch;

struct rpc_connection {
    struct rpc *rpc;
    struct rpc_connection *link, *back;
    struct rpc_peer peer;
    uint64_t id;
    struct rpc_frame frame;
    struct rpc_session session;
    bool told_deprecated; /* the log has told that something deprecated is used */
    struct rpc_request *first, *last;
    struct rpc_request *waiting; /* the first that is not dispatched yet */
    int requests;                /* in the queue */
    int running;                 /* of them, handed to lane or query threads */
    enum rpc_where running_where;
    int login_failures;
    enum sgn_status login_status;  /* of the last rpc_connection_login */
    int64_t login_retry_ms;        /* when that was put off, else 0 */
    uint32_t lines;                /* that were read so far; wraps */
    uint32_t asked;                /* requests so far; wraps */
    char trace[RPC_TRACE_MAX + 1]; /* what those that come now are called; "": by their number */
    size_t queued;                 /* bytes the peer has not written yet */
    size_t held;                   /* its part of rpc_traffic.held */
    bool paused;                   /* as the peer was told */
    bool write_full;           /* queued went over the limit and is not down to half of it yet */
    bool eof;                  /* the stream ended; its lines are still being read */
    bool ended;                /* no more input is taken: all was read, or a last error */
    bool close_said;           /* peer.close was called */
    struct rpc_watch *watches; /* list */
    int n_watches;
    int last_watch;
};

/* ---- journal.c ---- */

/* Notes who asks; before the request may change that. */
void rpc_journal_begin(struct rpc_request *request);
/* It is done, whether or not anybody is there to be answered. */
void rpc_journal_end(struct rpc *rpc, struct rpc_request *request);

/* ---- out.c ---- */

/* Takes no more input; what is there is answered, then the peer closes. */
void rpc_connection_end(struct rpc_connection *connection);
/* The same at once: what is there is not answered any more, unless it is running. */
void rpc_connection_break_off(struct rpc_connection *connection);
/* Sends a line's worth of text as it stands. A text that has failed, for want of memory, is not
 * sent, and the connection ends: whoever waits for it sees that none will come. */
void rpc_connection_send(struct rpc_connection *connection, const struct sgn_buf *text);
/* An empty buffer, for one text at a time: whoever asks next has it. */
struct sgn_buf *rpc_text(struct rpc *rpc);
/* Counts what it holds now as its part of rpc_traffic.held. */
void rpc_connection_hold(struct rpc_connection *connection);
/* Queued answers above which reading pauses, now. */
size_t rpc_write_limit(const struct rpc *rpc);
/* A job of nobody's; finish is called with it when it is done. */
struct lane_job *rpc_job_bare(struct rpc *rpc, struct rpc_task *task);
/* A job for somebody's session: team, person, rights, channel, language are set. */
struct lane_job *rpc_job_new(const struct rpc_connection *connection, struct rpc_task *task);

/* ---- envelope.c ---- */

/* Reads one line (n bytes) and queues its requests; a line that cannot be read becomes a
 * request that is done, with the error. SGN_NOMEM is the only failure. */
enum sgn_status rpc_envelope_read(struct rpc_connection *connection, const char *line, size_t n,
                                  int64_t at) SGN_MUST_CHECK;
/* Queues a request that is done with this error and has the id null. Takes error. */
enum sgn_status rpc_envelope_refuse(struct rpc_connection *connection,
                                    struct sgn_error *error_take) SGN_MUST_CHECK;
/* Queues a login that is not answered. */
enum sgn_status rpc_envelope_login(struct rpc_connection *connection, const char *token,
                                   const char *or_language, int64_t at) SGN_MUST_CHECK;
/* Appends the answer object of a request that is done, without line end. */
enum sgn_status rpc_envelope_answer(struct sgn_buf *text, const struct rpc_request *request);
/* Appends a notification with its line end. */
enum sgn_status rpc_envelope_notify(struct sgn_buf *text, const char *method, const json_t *params);
/* The same as a Server-sent event. */
enum sgn_status rpc_envelope_event(struct sgn_buf *text, const char *method, const json_t *params);

/* ---- dispatch.c ---- */

/* May this session call the method at all, as far as the loop knows? */
enum sgn_status rpc_admit(const struct rpc_method *method, const struct rpc_session *session,
                          struct sgn_error *err) SGN_MUST_CHECK;
/* May request be started now, beside what its connection has running? */
bool rpc_may_start(const struct rpc_connection *connection, const struct rpc_request *request);
/* Starts it: afterwards it is running or done. */
void rpc_request_start(struct rpc_request *request);

/* ---- shape.c ---- */

/* Checks params (an object) against the method's rows and drops members that are null. SGN_PARAMS
 * with data.pointer into params. */
enum sgn_status rpc_shape_check(const struct rpc_method *method, bool is_operator, json_t *params,
                                struct sgn_error *err) SGN_MUST_CHECK;

/* ---- logins.c ---- */

/* A new token for a person of a team ("": the operator's): its row, a new reference, or NULL; its
 * secret is nowhere else. */
struct rpc_token {
    const char *team, *person, *name;
    json_t *scope;   /* NULL: it is not bound */
    int64_t expires; /* ms; 0: never */
};
json_t *rpc_token_make(const struct lane_run *run, const struct rpc_token *about,
                       char secret[SGN_TOKEN_TEXT]);
/* A token's row as it is shown: without its hash. New reference. */
json_t *rpc_token_view(struct lane_run *run, const struct lane_job *job, const json_t *row);
/* Stages its end. The row (changed) stays, so that the history's actor remains known; it counts
 * from the next request on. */
enum sgn_status rpc_token_end(struct lane_run *run, json_t *row,
                              struct sgn_error *err) SGN_MUST_CHECK;

bool rpc_is_login(const struct rpc_method *method);
/* SGN_OVERLOADED, with retry_after_ms: a login that is not looked at now. Any request. */
enum sgn_status rpc_login_may(struct rpc_request *request, struct sgn_error *err) SGN_MUST_CHECK;
/* A request is done: if it was a login, counts how it went and ends what has failed too often. */
void rpc_login_count(struct rpc_connection *connection, const struct rpc_request *request);

/* ---- uses.c ---- */

/* The session's token is used now: noted, unless it was within the hour. */
void rpc_session_used(struct rpc_connection *connection, int64_t at);

/* ---- watch.c ---- */

/* Tells the watches of a team that it has entries up to head. */
void rpc_watches_committed(struct rpc *rpc, const char *team, int64_t head);
/* Goes on with all that were put off; unknown: there may be entries that nobody told of. */
void rpc_watches_look(struct rpc *rpc, bool unknown);
/* Goes on with watches that paused for a full queue. */
void rpc_watches_resume(struct rpc_connection *connection);
/* Ends all: the session changed, or the connection is going. */
void rpc_watches_stop(struct rpc_connection *connection);
enum sgn_status rpc_watch_start(struct rpc_connection *connection, const json_t *params,
                                json_t **result, struct sgn_error *err);
enum sgn_status rpc_watch_stop(struct rpc_connection *connection, const json_t *params,
                               json_t **result, struct sgn_error *err);

/* ---- query.c: helpers of queries, on query threads ---- */

/* The query of every row: the row's own function. Whether it may run the lane has checked. */
enum sgn_status rpc_query_run(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                              struct sgn_error *err);
/* Is the caller a person of a client? */
bool rpc_query_is_client(const struct lane_job *job);
/* SGN_NOT_FOUND for a workflow that the team (NULL: none) does not have, with the nearest name that
 * the caller may see. */
enum sgn_status rpc_workflow_unknown(const struct lane_job *job, const struct lane_team *team,
                                     const char *name, struct sgn_error *err);
/* What the caller may see of a case; SGN_NOT_FOUND when nothing. document: the case's row,
 * a new reference, or NULL when it is not wanted. */
enum sgn_status rpc_case_sight(struct store_reader *reader, struct lane *lane,
                               const struct lane_job *job, const char *case_key,
                               enum core_sight *sight, json_t **document,
                               struct sgn_error *err) SGN_MUST_CHECK;
/* Whom the person stands in for now, as the store's lists take it: [{person, projects?,
 * workflows?}], the lists missing where the scope has none. New reference, also on failure. */
enum sgn_status rpc_givers(struct store_reader *reader, struct lane *lane,
                           const struct lane_job *job, const char *person, json_t **out,
                           struct sgn_error *err) SGN_MUST_CHECK;
/* An entry as the caller may see it; *out NULL when they may not. */
enum sgn_status rpc_entry_view(const struct store_entry_row *entry, enum core_sight sight,
                               const struct calendar_zone *zone, json_t **out,
                               struct sgn_error *err) SGN_MUST_CHECK;
/* The cursor of params where it is the number to read below; 0: there is none. */
enum sgn_status rpc_cursor_number(const json_t *params, int64_t *before,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* limit of params, or RPC_PAGE. */
int rpc_page_limit(const json_t *params);
/* {items, cursor}. Takes both; either may be NULL (out of memory, no further page). */
enum sgn_status rpc_page_give(struct lane_job *job, json_t *items_take, const char *cursor,
                              struct sgn_error *err) SGN_MUST_CHECK;
/* A page out of all items (taken), for lists that are short: cursors are places in it. */
enum sgn_status rpc_page_cut(struct lane_job *job, json_t *items_take,
                             struct sgn_error *err) SGN_MUST_CHECK;
/* The same when the items could be made; with another status than SGN_OK they are let go. */
enum sgn_status rpc_page_end(enum sgn_status status, struct lane_job *job, json_t *items_take,
                             struct sgn_error *err) SGN_MUST_CHECK;
/* The list method of a data table with one key column: params limit, cursor; match (borrowed)
 * as store_row_list takes it. */
enum sgn_status rpc_query_rows(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                               enum store_table table, const json_t *match,
                               struct sgn_error *err) SGN_MUST_CHECK;
/* The same, filtered by one optional parameter that is named as its column. */
enum sgn_status rpc_query_matching(struct store_reader *reader, struct lane *lane,
                                   struct lane_job *job, enum store_table table, const char *column,
                                   struct sgn_error *err) SGN_MUST_CHECK;

/* ---- times.c: any thread ---- */

/* A team's zone; UTC when there is no such team. */
const struct calendar_zone *rpc_zone(struct lane *lane, const char *team);
/* RFC 3339 with the zone's offset; null for 0. New reference. */
json_t *rpc_time(const struct calendar_zone *zone, int64_t ms);
/* A table's row as it is answered: times as text, flags as booleans. New reference. */
json_t *rpc_row_view(enum store_table table, const json_t *row, const struct calendar_zone *zone);
/* A flag of a row, however the store gives it. */
bool rpc_row_true(const json_t *row, const char *name);

#endif
