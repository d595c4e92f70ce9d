/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A WebSocket behind its handshake. The first byte chooses the pieces. What is said back is made of
 * whole frames that are not masked, control frames are short, nothing follows a close; and it is
 * the same in pieces as at once; but for a broken frame, which may be seen before it is whole,
 * and for what is still owed then.
 */
#include "websocket.h"
#include "../unit/net/http_fixture.h"
#include "fuzz.h"
#include <wslay/wslay.h>

#define HANDSHAKE                                                                                  \
    "GET /rpc HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"                \
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

static struct wire wire;

static void
answer(const char *text, size_t n)
{
    json_t *value = NULL;

    FUZZ_CHECK(sgn_json_parse(text, n, &value, NULL) == SGN_OK);
    json_decref(value);
}

static void
frames(const unsigned char *at, size_t n)
{
    bool closed = false;

    while (n > 0) {
        size_t head = 2, length;

        FUZZ_CHECK(n >= 2 && !closed);
        FUZZ_CHECK((at[0] & 0x70) == 0 && (at[1] & 0x80) == 0);
        length = at[1];
        if (length == 126) {
            FUZZ_CHECK(n >= 4);
            length = (size_t)at[2] << 8 | at[3];
            head = 4;
        }
        FUZZ_CHECK(at[1] != 127); /* nothing here is that long */
        FUZZ_CHECK((at[0] & 8) == 0 || (length < 126 && (at[0] & 0x80) != 0));
        FUZZ_CHECK(n >= head + length);
        if ((at[0] & 15) == 1)
            answer((const char *)at + head, length);
        closed = (at[0] & 15) == 8;
        at += head + length;
        n -= head + length;
    }
}

/* Was it closed? */
static bool
talk(const char *bytes, size_t n, unsigned choice)
{
    bool closed;

    wire_dial(&wire, true);
    wire_receive(&wire, HANDSHAKE, sizeof HANDSHAKE - 1);
    sgn_buf_reset(&wire.out);
    for (size_t at = 0; at < n && !wire.closed;) {
        size_t piece = fuzz_piece(choice, n - at);

        wire_receive(&wire, bytes + at, piece);
        at += piece;
        while (wire.lane.n > 0) {
            fake_finish(&wire.lane, 0, SGN_UNAVAILABLE, NULL);
            wire_turn(&wire);
        }
    }
    closed = wire.closed;
    wire_hang_up(&wire);
    frames((const unsigned char *)wire.out.bytes, wire.out.len);
    return closed;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sgn_buf once;
    bool closed;

    if (size < 1)
        return 0;
    if (wire.rpc == NULL) {
        wire_init(&wire, 4096);
        wire_hang_up(&wire);
    }
    closed = talk((const char *)data + 1, size - 1, 0);
    sgn_buf_init(&once, (size_t)1 << 24);
    FUZZ_CHECK(sgn_buf_append(&once, wire.out.bytes, wire.out.len) == SGN_OK);
    closed |= talk((const char *)data + 1, size - 1, data[0]);
    FUZZ_CHECK(closed || once.len == wire.out.len);
    FUZZ_CHECK(closed || once.len == 0 || memcmp(once.bytes, wire.out.bytes, once.len) == 0);
    sgn_buf_deinit(&once);
    return 0;
}

#ifdef FUZZ_FAULT
/* A long answer lacks its last byte. */
int __real_wslay_event_queue_msg(wslay_event_context_ptr ctx, const struct wslay_event_msg *msg);
int __wrap_wslay_event_queue_msg(wslay_event_context_ptr ctx, const struct wslay_event_msg *msg);
int
__wrap_wslay_event_queue_msg(wslay_event_context_ptr ctx, const struct wslay_event_msg *msg)
{
    struct wslay_event_msg cut = *msg;

    cut.msg_length -= cut.msg_length > 125;
    return __real_wslay_event_queue_msg(ctx, &cut);
}
#endif
