/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What loop.c (the turn, its timer, its end), patience.c (deadlines), stream.c (one connection),
 * lines.c (the first of the protocols), door.c (listeners, who is let in) and net.c (signals,
 * beginning and stopping) share, from the lowest up.
 *
 * Every libuv callback stands between net_enter() and net_leave(): nobody re-enters the loop.
 */
#ifndef NET_INTERNAL_H
#define NET_INTERNAL_H

#include "addresses.h"
#include "buf.h"
#include "http.h"
#include "net.h"
#include "protocol.h"
#include "tls.h"
#include <stdatomic.h>
#include <sys/un.h>
#include <uv.h>

#define NET_READ_BYTES    ((size_t)RPC_PIECE_MAX)
#define NET_OUT_MAX       ((size_t)1 << 30)  /* bytes gathered for one connection: never reached */
#define NET_KEEP_BYTES    ((size_t)64 << 10) /* a gathering buffer larger than this is given back */
#define NET_SPARES        32                 /* such buffers kept for whoever writes next */
#define NET_LINGER_MS     2000
#define NET_STOP_MS       10000 /* how long a stop waits for what is in flight */
#define NET_TICK_MS       250
#define NET_UNIX_RESERVED 16    /* on the Unix socket beyond all limits: an operator gets in */
#define NET_REFUSING_MAX  128   /* refused at a time with patience; further ones without */
#define NET_SIGNALS       3     /* that are attended to */
#define NET_SAY_MS        60000 /* between two log lines of one kind */
#define NET_RETRY_MS      10000 /* after which somebody refused may come again */

/* What is logged seldom, however often it happens. */
enum net_said {
    NET_SAID_FULL,
    NET_SAID_ADDRESS,
    NET_SAID_FAILED,
    NET_SAID_DROPPED,
    NET_SAID_TLS,
    NET_SAID_HANGS,
    NET_SAIDS
};

/* A listener. */
struct net_door {
    uv_poll_t poll;
    struct net *net;
    int fd; /* -1: none */
    bool is_unix;
    bool is_http;
    bool polled;  /* poll is the loop's */
    bool resting; /* accepting failed: the timer tries again */
};

struct net {
    struct net_options options;
    uv_loop_t loop;
    struct net_door tcp, http, local;
    struct net_site site;
    struct net_tls *tls; /* of tcp and http; NULL: nothing is encrypted */
    char *tls_certificate, *tls_key, *tls_client_ca;
    struct sgn_buf plain; /* what TLS has just taken off; empty between two reads */
    char local_path[sizeof(((struct sockaddr_un *)0)->sun_path)]; /* removed when it closes */
    uv_async_t async;
    uv_prepare_t prepare; /* before the loop waits: what was gathered is written */
    uv_timer_t timer;     /* runs while somebody is waited for, or while stopping */
    uv_timer_t watchdog;  /* runs where a service manager waits for a sign of life */
    uv_signal_t signals[NET_SIGNALS];
    struct rpc *rpc;
    struct net_stream *streams; /* list */
    struct net_stream *dirty;   /* streams with something to do before the loop waits */
    struct net_stream *timed;   /* streams that have a deadline */
    struct net_addresses addresses;
    struct sgn_buf spares[NET_SPARES]; /* empty buffers for gathering */
    int n_spares;
    int n_streams;  /* all of them */
    int n_served;   /* without those that are being refused */
    int n_refusing; /* those */
    int depth;      /* callbacks on the stack: one at most */
    int port, http_port;
    int spare_fd; /* given up to refuse somebody when there are no more */
    bool stopping, finished;
    int64_t said[NET_SAIDS]; /* when it was logged, 0: never */
    int64_t stop_by;
    _Atomic bool stop_asked;
    char read_bytes[RPC_PIECE_MAX]; /* one for all: what is read is passed on at once */
};

/* ---- loop.c ---- */

void net_enter(struct net *net);
void net_leave(struct net *net);
/* Monotonic, in ms. */
int64_t net_now(const struct net *net);
/* Starts the timer if it is not running. */
void net_tick(struct net *net);
/* May this be logged now? Once in NET_SAY_MS. */
bool net_says(struct net *net, enum net_said what);
/* Closes a handle unless that has begun. */
void net_handle_close(uv_handle_t *handle);
/* The last stream may have gone while stopping. */
void net_check_finished(struct net *net);

/* ---- stream.c ---- */

/*
 *   open ──▶ draining ──▶ lingering ──▶ closing ──▶ (freed)
 *     │          │                         ▲
 *     └──────────┴─────────────────────────┘   the other side is gone, or patience is
 *
 * draining: rpc is done, bytes are still to be written. lingering: all is written and our end
 * is shut; what still comes is thrown away, because closing on unread bytes would
 * reset the connection and take our last words with it.
 */
enum net_phase {
    NET_OPEN,
    NET_DRAINING,
    NET_LINGERING,
    NET_CLOSING,
    NET_PHASES
};

struct net_stream {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } uv;
    struct net *net;
    struct net_stream *next, *back;
    struct net_stream *next_dirty;
    struct net_stream *next_timed, *back_timed;
    const struct net_protocol *protocol; /* NULL: it is being refused */
    void *talk;                          /* its connection */
    struct net_secret *secret;           /* NULL: plain */
    struct sgn_buf out;                  /* gathered in this turn */
    uint64_t address;                    /* as counted, 0: it is not */
    char from[NET_ADDRESS_TEXT];
    uint64_t sent;   /* bytes gathered so far */
    uint64_t mark;   /* of them, what the other side has to have taken by read_by */
    int64_t read_by; /* 0: nothing waits to be taken */
    int64_t owed_by; /* when it must have sent what it owes, or be gone when lingering */
    uint32_t count;  /* of what it had sent when owed_by was set */
    uint8_t owes;    /* enum net_owes */
    uint8_t phase;   /* enum net_phase */
    bool is_dirty : 1;
    bool is_timed : 1;
    bool is_served : 1; /* not refused */
    bool broken : 1;    /* to be closed before the loop waits */
    bool eof : 1;
};

/* May a stream move from one phase to another? The table of the drawing above. */
bool net_phase_follows(enum net_phase from, enum net_phase to);
/* A socket that was accepted. */
struct net_guest {
    const struct net_door *door;
    int fd;
    uint64_t address; /* 0, or its place is taken in net->addresses */
    const struct sockaddr_storage *from;
    bool local;        /* from this machine */
    const char *words; /* refused with these, NULL: served */
};
/* Takes the guest's socket, which it closes in the end. False: out of memory, and the socket is the
 * caller's. */
bool net_stream_take(struct net *net, const struct net_guest *guest);
/* Ends it at once. */
void net_stream_close(struct net_stream *stream);
/* What is gathered and what libuv holds: together they are what a slow reader costs us. */
size_t net_stream_waiting(const struct net_stream *stream);
/* Writes what was gathered in all streams. */
void net_flush(struct net *net);

/* ---- lines.c ---- */

const struct net_protocol *net_lines(void);
void *net_lines_new(struct rpc *rpc, const struct net_wire *wire, bool is_unix);
enum net_owes net_owes_of(enum rpc_owes owed);

/* ---- patience.c ---- */

/* Notes what the other side is waited for now: after bytes have come or gone. */
void net_patience(struct net_stream *stream);
/* It is waited for no more. */
void net_patience_end(struct net_stream *stream);
/* Drops the streams whose patience is over; all when stopping takes too long. */
void net_patience_look(struct net *net);

/* ---- door.c ---- */

/* Binds and listens. 0 or a negative error number. */
int net_door_open(struct net_door *door, struct net *net, const struct sockaddr_storage *address,
                  size_t size);
/* Waits for connections; callbacks come from here on. */
int net_door_listen(struct net_door *door);
void net_door_close(struct net_door *door);
/* Those that rest try again; does one still rest? */
bool net_doors_retry(struct net *net);

#endif
