/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON-RPC 2.0 over any stream of bytes: lines in, lines out.
 *
 * A connection frames lines, parses them, keeps the session, checks each request against
 * its method's row (access class, shape of params), and hands it to the lane or to a query
 * thread. Requests of a connection take effect in the order they were sent and are
 * answered in that order; session.login is a barrier. Nothing here knows sockets: bytes leave
 * through struct rpc_peer.
 *
 * Thread: all functions on the loop thread. Finished jobs come back through a queue; wake
 * (any thread) asks the loop to call rpc_turn().
 */
#ifndef RPC_H
#define RPC_H

#include "lane.h"

struct rpc;
struct rpc_connection;

struct rpc_limits {
    size_t frame_bytes;   /* 1 MiB */
    int in_flight;        /* requests of one connection that are not answered yet, 256:
                             over it reading pauses, nothing is refused */
    int batch_requests;   /* in one JSON-RPC batch, 256 */
    size_t write_bytes;   /* queued answers above which reading pauses, 4 MiB */
    size_t buffer_bytes;  /* half lines and queued answers of all connections together, 256 MiB:
                             over it one connection is granted 64 KiB of each */
    int login_failures;   /* before a connection is closed, 5 */
    int address_failures; /* of one address at once, 20; then one in RPC_ATTEMPT_MS */
    int64_t query_ms;     /* what a list may take; only told: the store sees to it */
};
void rpc_limits_default(struct rpc_limits *limits);

/* Beyond which server.health has an alarm; 0: never. */
struct rpc_alarm_bounds {
    int64_t disk_bytes;       /* room left on the disk of the data, at least */
    int64_t log_bytes;        /* of the database's log, at most */
    int64_t certificate_days; /* until the certificate of TLS ends, at least */
    int64_t backup_days;      /* since the last backup, at most */
};

struct sgn_linefile;
struct rpc_deprecation;

struct rpc_options {
    struct lane *lane;
    struct sgn_linefile *access, *admin; /* see journal.h; NULL: not kept. Borrowed */
    int64_t slow_request_ms;             /* likewise; 0: none is slow */
    struct rpc_limits limits;
    struct rpc_alarm_bounds alarms;
    const unsigned char *site_public;           /* SGN_SIGN_PUBLIC bytes, or NULL; in server.info */
    const struct rpc_deprecation *deprecations; /* NULL: the program's, see deprecated.h */
    void (*wake)(void *ctx); /* any thread; lane_options.answered must come to the same */
    void *ctx;
};

enum sgn_status rpc_new(const struct rpc_options *options, struct rpc **out,
                        struct sgn_error *err) SGN_MUST_CHECK;
void rpc_free(struct rpc *rpc); /* all connections must be closed */

/* What happens at the doors, for server.info, server.health and admin.stats. Written on the
 * loop, by transports what they know; any thread may read. Counted since the start. */
struct rpc_traffic {
    int connections_max; /* taken at a time, after what the system allows */
    int per_address_max;
    int64_t login_ms, line_ms, read_ms, idle_ms, beat_ms,
        pong_ms;                      /* deadlines, see struct net_limits */
    int64_t head_bytes, head_fields;  /* of HTTP */
    _Atomic int64_t certificate_ends; /* of TLS, ms since 1970; 0: there is none */
    _Atomic int64_t open;             /* connections that are served, now */
    _Atomic int64_t accepted;
    _Atomic int64_t refused_full, refused_address, refused_failed; /* the last: accepting failed */
    _Atomic int64_t refused_memory; /* half a long line, buffers full */
    _Atomic int64_t dropped_login, dropped_line, dropped_read, dropped_pong; /* deadlines that
                                                                              passed */
    _Atomic int64_t tls_failed; /* connections that ended before TLS had shaken hands */
    _Atomic int64_t held;       /* bytes of half lines and of answers that wait to be taken, now */
    _Atomic int64_t logins_failed, logins_refused; /* the latter not looked at */
    _Atomic int64_t overloaded;                    /* requests answered so */
    _Atomic int64_t bytes_in, bytes_out, writes;   /* writes: system calls */
};
struct rpc_traffic *rpc_traffic(struct rpc *rpc);
/* Do all connections together hold more than they may? Then one may hold so many. */
#define RPC_PRESSED_BYTES ((size_t)64 << 10)
bool rpc_is_pressed(const struct rpc *rpc);
/* Bytes that one text may have. */
size_t rpc_frame_bytes(const struct rpc *rpc);

/* Answers what has finished since the last turn; tells watchers of new entries. */
void rpc_turn(struct rpc *rpc);
/* Before the loop waits: the lane hears of what was read in its turn, once. */
void rpc_flush(struct rpc *rpc);
/* For lane_options.committed: any thread. ctx is the struct rpc. */
void rpc_committed(void *ctx, const char *team, int64_t head);

/* The other side of a connection. */
struct rpc_peer {
    void *ctx;
    /* Sends bytes (borrowed). Gathers in the peer until the loop's turn ends. */
    void (*send)(void *ctx, const void *bytes, size_t n);
    /* No more reads until resume; and back. */
    void (*pause)(void *ctx, bool paused);
    /* Close when all sent bytes are gone. */
    void (*close)(void *ctx);
    const char *channel; /* static: "line", "unix", "http", "ws" */
    /* Everything that was asked is answered; may be said again. NULL: nobody wants to know. */
    void (*idle)(void *ctx);
    const char *from; /* the other end's address as text, borrowed; NULL or "": none */
    uint64_t address; /* whose failed logins are counted together; 0: nobody's */
    bool brief;       /* every text stands for itself: what lasts is refused, see rpc_method */
    bool events;      /* notifications are Server-sent events (WHATWG HTML, 9.2), and when a watch
                       * ends by itself, so does the connection */
};

/* Pieces given to rpc_connection_receive are best no larger than this. */
#define RPC_PIECE_MAX (64 * 1024)

/* The functions of a peer only queue: none of them calls back into rpc before it returns. */
struct rpc_connection *rpc_connection_new(struct rpc *rpc, const struct rpc_peer *peer);
#define RPC_TRACE_MAX 64
/* The requests that come from now on are called so in the logs, until it is said anew. */
void rpc_connection_trace(struct rpc_connection *connection, const char *id);
/* Bytes of the stream, in whatever pieces. */
void rpc_connection_receive(struct rpc_connection *connection, const void *bytes, size_t n);
/* One whole JSON text, on a transport that has messages of its own instead of lines. It may be the
 * frame's limit long; whoever feeds several minds the pause between them. */
void rpc_connection_text(struct rpc_connection *connection, const char *text, size_t n);
/* Logs in by a credential that came beside the texts, as session.login does. Nothing is answered:
 * when it fails the texts behind it are refused with its error, and the peer closes. or_language
 * may be NULL. */
void rpc_connection_login(struct rpc_connection *connection, const char *token,
                          const char *or_language);
/* How the last such login ended; SGN_OK without one. */
enum sgn_status rpc_connection_login_status(const struct rpc_connection *connection);
/* When it may be tried again, of one that was not looked at because too many of its address have
 * failed (SGN_OVERLOADED); else 0. */
int64_t rpc_connection_login_retry(const struct rpc_connection *connection);
/*
 * Credentials that are not tokens, such as links, are limited with them, see attempts.h for the
 * parameters: may it be looked at; it was no good; it was good.
 */
bool rpc_attempt_may(const struct rpc *rpc, uint64_t address, const char *hash, int64_t *retry_ms);
void rpc_attempt_failed(struct rpc *rpc, uint64_t address, const char *hash);
void rpc_attempt_good(struct rpc *rpc, const char *hash);
/* Is nothing asked that is not answered? */
bool rpc_connection_is_idle(const struct rpc_connection *connection);
/* The peer sends end of stream: what is in flight is still answered. */
void rpc_connection_eof(struct rpc_connection *connection);
/* Most likely nobody is there any more, where ends of streams tell that: reports end before their
 * next slice, all else goes on. */
void rpc_connection_gone(struct rpc_connection *connection);
/* How many bytes wait in the peer to be written: pauses and resumes reading. */
void rpc_connection_queued(struct rpc_connection *connection, size_t bytes);
/* What the other side is waited for, and how many lines it has sent: a deadline holds until one
 * of them changes. */
enum rpc_owes {
    RPC_OWES_NOTHING,
    RPC_OWES_LOGIN, /* nobody is logged in, and no request is under way */
    RPC_OWES_LINE,  /* the rest of a line that it has begun */
};
enum rpc_owes rpc_connection_owes(const struct rpc_connection *connection, uint32_t *lines);
/* A last error, after which the peer closes; what was asked before is still answered. */
void rpc_connection_give_up(struct rpc_connection *connection, enum sgn_status status,
                            const char *message);
/* The stream is gone; nothing is sent any more. Jobs in flight go on without it. */
void rpc_connection_close(struct rpc_connection *connection);

/* ---- the method table ---- */

enum rpc_where {
    RPC_AT_ONCE, /* on the loop: ping, info, discover */
    RPC_READ,    /* lane: reads staged state */
    RPC_WRITE,   /* lane: may stage; takes request_id */
    RPC_QUERY,   /* a query thread */
    RPC_DISK,    /* a query thread, writing files or finding out who asks: nothing of its connection
                    beside it; then, when the row has run, the lane; takes request_id */
    RPC_SESSION, /* changes the connection: login, logout, watch */
};

enum rpc_type {
    RPC_STRING,
    RPC_INTEGER, /* not negative */
    RPC_BOOLEAN,
    RPC_OBJECT,
    RPC_ARRAY,
    RPC_ANY,
    RPC_KEY,     /* a string as sgn_key_valid() wants it: a key that is being given */
    RPC_TIME,    /* an RFC 3339 string */
    RPC_STRINGS, /* a string, or an array of strings */
    RPC_TITLE,   /* a string, or {"en": .., "zh": ..} */
};

/*
 * On the loop. params is checked. *result holds what the row's query found (RPC_SESSION), or
 * NULL; the function replaces it by the answer.
 */
typedef enum sgn_status (*rpc_local_fn)(struct rpc_connection *connection, const json_t *params,
                                        json_t **result, struct sgn_error *err);

struct rpc_param {
    const char *name; /* NULL ends the list */
    enum rpc_type type;
    bool required;
    int max;          /* string: bytes; array: items; integer: value; 0: no bound but the frame */
    const char *help; /* one sentence */
};

#define RPC_PARAMS_MAX 28

struct rpc_method {
    const char *name;
    const char *summary; /* one sentence; the reference page is printed from these rows */
    unsigned access;     /* set of enum core_access; 0 serves nobody */
    enum rpc_where where;
    const struct rpc_param *params;
    const char *result;     /* what it answers, in words */
    lane_run_fn run;        /* RPC_READ, RPC_WRITE; RPC_DISK may have one, which runs after query */
    lane_query_fn query;    /* RPC_QUERY, RPC_DISK; RPC_SESSION may have one, which runs first */
    rpc_local_fn local;     /* RPC_AT_ONCE, RPC_SESSION */
    enum core_scope needs;  /* of a token's scope; 0: as rpc_method_needs() finds */
    bool lasting;           /* leaves its connection other than it was */
    bool site;              /* of the whole site: an operator names no team */
    bool whose;             /* but may: the one whose calendar and zone are meant */
    const char *credential; /* the parameter that lets somebody in: who has shown too many that were
                               no good is put off, see attempts.h */
    bool spends;            /* each call counts as one, whatever comes of it */
};

/* All methods, sorted by name. */
const struct rpc_method *const *rpc_methods(int *n);
const struct rpc_method *rpc_method_find(const char *name);
/* Does it take a request_id? */
bool rpc_method_writes(const struct rpc_method *method);
/* What a token must be for, at least: what the row says, or by what it does and whom it serves. */
enum core_scope rpc_method_needs(const struct rpc_method *method);
/* Does an operator name a team, or may? */
bool rpc_method_of_team(const struct rpc_method *method);
/* The OpenRPC document of the table; new reference. */
json_t *rpc_discover(void);

#endif
