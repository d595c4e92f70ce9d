/* SPDX-License-Identifier: Apache-2.0 */
/* Frames without a socket: what is answered does not depend on the pieces in which they come. */
#include "http_fixture.h"
#include "websocket.h"

#define HANDSHAKE                                                                                  \
    "GET /rpc HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"                \
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
#define MASK    "\0\0\0\0" /* leaves the bytes as they are */
#define PING    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server.ping\"}"
#define PONG    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"pong\":true}}"
#define MESSAGE "\x81\xaf" MASK PING
/* The same in three frames, of which one is empty. */
#define PARTS                                                                                      \
    "\x01\x89" MASK "{\"jsonrpc"                                                                   \
    "\x00\x80" MASK "\x80\xa6" MASK "\":\"2.0\",\"id\":1,\"method\":\"server.ping\"}"

_Static_assert(sizeof PING - 1 == 0x2f, "as MESSAGE says");
_Static_assert(sizeof PONG - 1 == 0x2f, "as the answers say");

static const struct {
    const char *bytes;
    size_t n;
    const char *answer; /* behind the handshake */
    size_t answer_n;
    bool closed;
} streams[] = {
#define STREAM(sent, answer, closed)                                                               \
    {                                                                                              \
        HANDSHAKE sent, sizeof HANDSHAKE sent - 1, answer, sizeof answer - 1, closed               \
    }
    STREAM(MESSAGE MESSAGE, "\x81\x2f" PONG "\x81\x2f" PONG, false),
    STREAM(PARTS, "\x81\x2f" PONG, false),
    STREAM("\x89\x82" MASK "hi", "\x8a\x02hi", false),
    /* A ping within a message is none of its bytes. */
    STREAM("\x01\x89" MASK "{\"jsonrpc\x89\x82" MASK "hi\x80\xa6" MASK
           "\":\"2.0\",\"id\":1,\"method\":\"server.ping\"}",
           "\x8a\x02hi\x81\x2f" PONG, false),
    STREAM("\x82\x81" MASK "x", "\x88\x02\x03\xeb", true),
    STREAM("\x81\x02{}", "\x88\x02\x03\xea", true),
    STREAM("\x80\x82" MASK "{}", "\x88\x02\x03\xea", true),
    STREAM("\xc1\x82" MASK "{}", "\x88\x02\x03\xea", true),
    STREAM("\x81\x81" MASK "\xff", "\x88\x02\x03\xef", true),
    STREAM("\x81\xff\0\0\0\0\0\x10\0\0" MASK "x", "\x88\x02\x03\xf1", true),
    STREAM("\x88\x82" MASK "\x03\xe8", "\x88\x02\x03\xe8", true),
};

/* Cut in two at first, the second half in pieces of then bytes. */
static void
expect(struct wire *wire, size_t i, size_t first, size_t then)
{
    const char *behind;

    wire_hang_up(wire);
    sgn_buf_reset(&wire->out);
    wire_dial(wire, false);
    wire_receive(wire, streams[i].bytes, first);
    for (size_t at = first; at < streams[i].n; at += then)
        wire_receive(wire, streams[i].bytes + at,
                     at + then < streams[i].n ? then : streams[i].n - at);
    behind = memmem(wire->out.bytes, wire->out.len, "\r\n\r\n", 4);
    assert_non_null(behind);
    behind += 4;
    if ((size_t)(wire->out.bytes + wire->out.len - behind) != streams[i].answer_n ||
        memcmp(behind, streams[i].answer, streams[i].answer_n) != 0 ||
        wire->closed != streams[i].closed)
        fail_msg("stream %zu, cut at %zu, then by %zu", i, first, then);
}

static void
test_websocket_answers_alike_however_the_bytes_come(void **state)
{
    struct wire wire;

    (void)state;
    wire_init(&wire, 4096);
    for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
        for (size_t cut = 1; cut <= streams[i].n; cut++)
            expect(&wire, i, cut, streams[i].n);
        expect(&wire, i, 1, 1);
    }
    wire_deinit(&wire);
}

static void
test_websocket_key_is_sixteen_bytes(void **state)
{
    static const char *const wrong[] = { "",
                                         "dGhlIHNhbXBsZSBub25jZQ=",
                                         "dGhlIHNhbXBsZSBub25jZQAA",
                                         "dGhl*HNhbXBsZSBub25jZQ==",
                                         "=GhlIHNhbXBsZSBub25jZQ==",
                                         "dGhlIHNhbXBsZSBub25jZQ==dGhlIHNhbXBsZSBub25jZQ==" };
    const char *right = "dGhlIHNhbXBsZSBub25jZQ==";
    char out[NET_WEBSOCKET_ACCEPT];

    (void)state;
    /* RFC 6455, 1.3. */
    assert_true(net_websocket_accept((struct net_text){ right, strlen(right) }, out));
    assert_string_equal(out, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(net_websocket_accept((struct net_text){ wrong[i], strlen(wrong[i]) }, out));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_websocket_answers_alike_however_the_bytes_come),
        cmocka_unit_test(test_websocket_key_is_sixteen_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
