/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is spoken on a stream, and what it is spoken through.
 *
 *     socket ─▶ stream ─▶ (TLS) ─▶ protocol ─▶ rpc
 *
 * A protocol makes texts for rpc out of bytes: lines, HTTP, WebSocket. It knows no socket: its
 * bytes leave through a wire, so that a test can be one. All of it runs on the loop thread.
 */
#ifndef NET_PROTOCOL_H
#define NET_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The way out. These functions only queue; none of them calls back before it returns. */
struct net_protocol;
struct net_wire {
    void *ctx;
    void (*send)(void *ctx, const void *bytes, size_t n);
    /* No more bytes are received until the other call. */
    void (*pause)(void *ctx, bool paused);
    /* Closes when all sent bytes are gone; nothing is received any more. */
    void (*close)(void *ctx);
    /* Asks to be called by its protocol's turn before the loop waits. */
    void (*again)(void *ctx);
    /* From now on this is spoken; who spoke so far frees itself. */
    void (*become)(void *ctx, const struct net_protocol *protocol, void *talk);
    uint64_t address; /* of the other end, see net_address_key; 0: none */
    const char *from; /* the same as text; "": none. Lives as long as the stream */
};

/* What the other side is waited for. */
enum net_owes {
    NET_OWES_NOTHING,
    NET_OWES_LOGIN, /* nobody is logged in, and no request is under way */
    NET_OWES_REST,  /* the rest of a line, of a request, of a message */
    NET_OWES_NEXT,  /* a request, on a connection that is worth nothing without one */
    NET_OWES_BEAT,  /* nothing: we owe it a sign of life */
    NET_OWES_PONG,  /* an answer to such a sign */
};

struct net_protocol {
    /* At most RPC_PIECE_MAX bytes at a time, but for what is left of TLS records. */
    void (*receive)(void *talk, const char *bytes, size_t n);
    /* The other side sends no more: what is in flight is still answered, then it closes. */
    void (*eof)(void *talk);
    /* How many bytes wait to be taken. */
    void (*queued)(void *talk, size_t bytes);
    void (*turn)(void *talk);
    /* *count: of what it has got so far; a deadline holds until one of them changes. */
    enum net_owes (*owes)(const void *talk, uint32_t *count);
    /* A deadline has passed: it says so, if it can, and closes. Of NET_OWES_BEAT: it gives that
     * sign, and its count changes. */
    void (*give_up)(void *talk, enum net_owes owed, const char *why);
    /* The stream is gone; frees it. */
    void (*close)(void *talk);
};

#endif
