/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What loop.c (the turn, its timer, its end), stream.c (one connection) and net.c (listeners,
 * signals, beginning and stopping) share, from the lowest up.
 *
 * Every libuv callback stands between net_enter() and net_leave(): nobody re-enters the loop.
 */
#ifndef NET_INTERNAL_H
#define NET_INTERNAL_H

#include "buf.h"
#include "net.h"
#include <stdatomic.h>
#include <uv.h>

#define NET_READ_BYTES ((size_t)RPC_PIECE_MAX)
#define NET_OUT_MAX    ((size_t)1 << 30)  /* bytes gathered for one connection: never reached */
#define NET_KEEP_BYTES ((size_t)64 << 10) /* a gathering buffer larger than this is given back */
#define NET_LINGER_MS  2000
#define NET_STOP_MS    10000 /* how long a stop waits for what is in flight */
#define NET_TICK_MS    250

struct net {
    struct net_options options;
    uv_loop_t loop;
    uv_tcp_t tcp;
    uv_pipe_t pipe;
    uv_async_t async;
    uv_prepare_t prepare; /* before the loop waits: what was gathered is written */
    uv_timer_t timer;     /* runs while streams linger, or while stopping */
    uv_signal_t signals[3];
    struct rpc *rpc;
    struct net_stream *streams; /* list */
    struct net_stream *dirty;   /* streams with something to do before the loop waits */
    int n_streams;
    int n_lingering;
    int depth; /* callbacks on the stack: one at most */
    int port;
    bool has_tcp, has_pipe;
    bool stopping, finished;
    bool starved; /* a connection could not be accepted for want of memory */
    bool full;    /* it was logged that no more connections are taken */
    int64_t stop_by;
    _Atomic bool stop_asked;
    char read_bytes[RPC_PIECE_MAX]; /* one for all: what is read is passed on at once */
};

/* ---- loop.c ---- */

void net_enter(struct net *net);
void net_leave(struct net *net);
/* Starts the timer if it is not running. */
void net_tick(struct net *net);
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
    struct rpc_connection *connection;
    struct sgn_buf out; /* gathered in this turn */
    uv_shutdown_t shutdown;
    enum net_phase phase;
    bool is_dirty;
    bool broken; /* to be closed before the loop waits */
    bool eof;
    int64_t linger_by;
};

/* May a stream move from one phase to another? The table of the drawing above. */
bool net_phase_follows(enum net_phase from, enum net_phase to);
/* Takes a connection that waits at a listener. */
void net_accept(struct net *net, uv_stream_t *listener);
/* Writes what was gathered in all streams. */
void net_flush(struct net *net);
/* Closes the streams whose patience is over; all when now is past stop_by. */
void net_streams_expire(struct net *net, int64_t now);

#endif
