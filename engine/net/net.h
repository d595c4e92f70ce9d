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

#include "rpc.h"

struct net;

struct net_options {
    const char *listen;        /* "127.0.0.1:7480", "[::1]:0"; NULL: no TCP */
    const char *socket_path;   /* Unix socket, mode 0600; NULL: none */
    int connections_max;       /* 16,384 */
    void (*reload)(void *ctx); /* SIGHUP */
    void *ctx;
};

/* Binds and listens; nothing is read before net_run. SGN_UNAVAILABLE: the address is in
 * use or not ours; the message names it. */
enum sgn_status net_new(const struct net_options *options, struct net **out,
                        struct sgn_error *err) SGN_MUST_CHECK;
/* The port that was bound (for ":0"). */
int net_port(const struct net *net);
/* Wakes the loop so that it calls rpc_turn; any thread. ctx is the struct net. */
void net_wake(void *ctx);
/* Asks the loop to end as SIGTERM does; any thread. ctx is the struct net. */
void net_stop(void *ctx);
/* Runs until stopped. SGN_OK after a graceful stop. */
enum sgn_status net_run(struct net *net, struct rpc *rpc, struct sgn_error *err) SGN_MUST_CHECK;
void net_free(struct net *net);

#endif
