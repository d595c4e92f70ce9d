/* SPDX-License-Identifier: Apache-2.0 */
/* One JSON text a line: rpc frames the lines itself, so nothing stands between it and the stream.
 */
#include "net_internal.h"

static void
receive(void *talk, const char *bytes, size_t n)
{
    rpc_connection_receive(talk, bytes, n);
}

static void
eof(void *talk)
{
    rpc_connection_eof(talk);
}

static void
queued(void *talk, size_t bytes)
{
    rpc_connection_queued(talk, bytes);
}

static void
turn(void *talk)
{
    (void)talk;
}

static enum net_owes
owes(const void *talk, uint32_t *count)
{
    return net_owes_of(rpc_connection_owes(talk, count));
}

static void
give_up(void *talk, enum net_owes owed, const char *why)
{
    rpc_connection_give_up(talk, owed == NET_OWES_LOGIN ? SGN_UNAUTHENTICATED : SGN_REQUEST, why);
}

static void
close_it(void *talk)
{
    rpc_connection_close(talk);
}

enum net_owes
net_owes_of(enum rpc_owes owed)
{
    return owed == RPC_OWES_LOGIN  ? NET_OWES_LOGIN
           : owed == RPC_OWES_LINE ? NET_OWES_REST
                                   : NET_OWES_NOTHING;
}

const struct net_protocol *
net_lines(void)
{
    static const struct net_protocol lines = {
        receive, eof, queued, turn, owes, give_up, close_it
    };

    return &lines;
}

void *
net_lines_new(struct rpc *rpc, const struct net_wire *wire, bool is_unix)
{
    struct rpc_peer peer = { .ctx = wire->ctx,
                             .send = wire->send,
                             .pause = wire->pause,
                             .close = wire->close,
                             .from = wire->from,
                             .address = wire->address,
                             .channel = is_unix ? "unix" : "line" };

    return rpc_connection_new(rpc, &peer);
}
