/* SPDX-License-Identifier: Apache-2.0 */
/* One HTTP connection without a socket: the test is its wire, and the lane is a fake. Included by
 * one .c file of a test program. */
#ifndef HTTP_FIXTURE_H
#define HTTP_FIXTURE_H

#include "../rpc/fake_lane.h"
#include "buf.h"
#include "http.h"
#include "json.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct wire {
    struct lane lane;
    struct rpc *rpc;
    struct net_site site;
    const struct net_protocol *protocol;
    void *talk;
    struct sgn_buf out; /* what was sent, but for its dates */
    bool paused, closed, again;
};

static inline void
wire_send(void *ctx, const void *bytes, size_t n)
{
    struct wire *wire = ctx;

    assert_int_equal(sgn_buf_append(&wire->out, bytes, n), SGN_OK);
}

static inline void
wire_pause(void *ctx, bool paused)
{
    ((struct wire *)ctx)->paused = paused;
}

static inline void
wire_close(void *ctx)
{
    ((struct wire *)ctx)->closed = true;
}

static inline void
wire_again(void *ctx)
{
    ((struct wire *)ctx)->again = true;
}

static inline void
wire_become(void *ctx, const struct net_protocol *protocol, void *talk)
{
    struct wire *wire = ctx;

    wire->protocol = protocol;
    wire->talk = talk;
}

static inline void
nothing(void *ctx)
{
    (void)ctx;
}

/* A connection of its own; wire->out goes on. */
static inline void
wire_dial(struct wire *wire, bool local)
{
    struct net_wire calls = { wire,       wire_send,   wire_pause, wire_close,
                              wire_again, wire_become, 0,          "192.0.2.7" };

    wire->paused = wire->closed = wire->again = false;
    wire->protocol = net_http();
    wire->talk = net_http_new(&wire->site, &calls, local);
    assert_non_null(wire->talk);
}

static inline void
wire_hang_up(struct wire *wire)
{
    wire->protocol->close(wire->talk);
    while (wire->lane.n > 0)
        fake_finish(&wire->lane, 0, SGN_UNAVAILABLE, NULL);
    rpc_turn(wire->rpc);
}

static inline void
wire_init(struct wire *wire, size_t frame_bytes)
{
    struct rpc_options options = { .lane = &wire->lane, .wake = nothing };

    memset(wire, 0, sizeof *wire);
    sgn_clock_init_virtual(&wire->lane.clock, 1000);
    rpc_limits_default(&options.limits);
    options.limits.frame_bytes = frame_bytes;
    assert_int_equal(rpc_new(&options, &wire->rpc, NULL), SGN_OK);
    wire->site = (struct net_site){ wire->rpc, 16384, 100, frame_bytes, false, { 0 }, { 0 }, NULL };
    wire->protocol = net_http();
    sgn_buf_init(&wire->out, (size_t)64 << 20);
    wire_dial(wire, true);
}

static inline void
wire_deinit(struct wire *wire)
{
    wire_hang_up(wire);
    net_site_deinit(&wire->site);
    rpc_free(wire->rpc);
    sgn_buf_deinit(&wire->out);
}

/* What the loop does before it waits. */
static inline void
wire_turn(struct wire *wire)
{
    rpc_turn(wire->rpc);
    do {
        wire->again = false;
        wire->protocol->turn(wire->talk);
    } while (wire->again);
    wire->protocol->queued(wire->talk, 0); /* all was written */
}

static inline void
wire_receive(struct wire *wire, const void *bytes, size_t n)
{
    if (!wire->closed)
        wire->protocol->receive(wire->talk, bytes, n);
    wire_turn(wire);
}

static inline void
wire_say(struct wire *wire, const char *text)
{
    wire_receive(wire, text, strlen(text));
}

#endif
