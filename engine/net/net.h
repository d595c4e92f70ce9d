/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop: listeners, streams, signals; bytes between sockets and rpc.
 *
 * One libuv loop on one thread. A callback moves bytes and returns; nobody re-enters the loop
 * (a depth counter aborts on it). Writes of a turn are gathered into one per connection.
 * The loop ends after SIGTERM or SIGINT, or net_stop(): listeners close first, connections get
 * what is in flight, then everything is closed.
 */
#ifndef NET_H
#define NET_H

#include "asset.h"
#include "rpc.h"
#include "tls.h"

struct net;

/* Bytes of an HTTP head, and fields in it. */
#define NET_HEAD_BYTES  (16 << 10)
#define NET_HEAD_FIELDS 100

/*
 * What connections may cost. Over the first two a connection is refused with a line that says so;
 * when a deadline passes it is told why and closed.
 */
struct net_limits {
    int connections;  /* at a time, 16,384; fewer where the system allows fewer files. The Unix
                         socket has 16 places beyond them */
    int per_address;  /* of one IPv4 address or IPv6 network of 64 bits, 1,024 */
    int64_t login_ms; /* without a login and without a request, 30 s */
    int64_t line_ms;  /* from the first byte of a line, or of an HTTP request, to its end, 60 s */
    int64_t idle_ms;  /* of HTTP without a request, 75 s */
    int64_t beat_ms;  /* of silence, until a stream of events gets a sign of life, or a WebSocket a
                         ping, 15 s */
    int64_t pong_ms;  /* until a WebSocket has answered that ping, or said anything, 30 s */
    int64_t read_ms;  /* until answers that wait to be taken are taken, 60 s */
};
void net_limits_default(struct net_limits *limits);

/* Texts are borrowed until net_new returns. */
struct net_options {
    const char *listen;       /* "127.0.0.1:7480", "[::1]:0"; NULL: no TCP */
    const char *http;         /* the same for HTTP; NULL: none */
    struct net_tls_files tls; /* of both; read again at SIGHUP */
    int lines_fd, http_fd;    /* sockets that listen already, at what the two above say, and are
                                 taken over; 0: none */
    const char *socket_path;  /* Unix socket, mode 0600; NULL: none */
    struct net_limits limits;
    int head_bytes, head_fields; /* 0: as above */
    /* What the program has under a path below /console/ or /portal/; any thread. NULL: nothing. */
    const struct net_asset *(*asset)(const char *path, size_t n);
    void (*reload)(void *ctx);          /* SIGHUP */
    void (*stopping)(void *ctx);        /* a stop has begun; NULL: nobody asks */
    int64_t watchdog_ms;                /* the service manager is told so often; 0: never */
    bool (*alive)(void *ctx);           /* that we live: asked every half of it, when this agrees */
    int64_t (*monotonic_ms)(void *ctx); /* NULL: the system's */
    void *ctx;
};

/* Binds and listens; nothing is read before net_run. SGN_UNAVAILABLE: the address is in
 * use or not ours; the message names it. */
enum sgn_status net_new(const struct net_options *options, struct net **out,
                        struct sgn_error *err) SGN_MUST_CHECK;
/* Signals count from here on: one that comes before net_run is handled by it. Until then they end
 * the process, which a start stands as well as any other end. */
enum sgn_status net_attend(struct net *net, struct sgn_error *err) SGN_MUST_CHECK;
/* The port that was bound (for ":0"). */
int net_port(const struct net *net);
int net_http_port(const struct net *net);
/* That this process may have in all. */
int net_descriptors(const struct net *net);
/* Wakes the loop so that it calls rpc_turn; any thread. ctx is the struct net. */
void net_wake(void *ctx);
/* Asks the loop to end as SIGTERM does; any thread. ctx is the struct net. */
void net_stop(void *ctx);
/* Runs until stopped. SGN_OK after a graceful stop. */
enum sgn_status net_run(struct net *net, struct rpc *rpc, struct sgn_error *err) SGN_MUST_CHECK;
void net_free(struct net *net);

#endif
