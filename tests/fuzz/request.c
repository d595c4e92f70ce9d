/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection that speaks lines, with a lane that takes what is asked and answers nothing good.
 * The first byte chooses the pieces and who is logged in. Whatever comes, every line that is said
 * back is an answer of JSON-RPC 2.0, and the same in pieces as at once.
 */
#include "../unit/rpc/fake_peer.h"
#include "fuzz.h"

static struct fake fake;

static void
answers(const struct sgn_buf *sent)
{
    const char *at = sent->bytes, *end = sent->bytes + sent->len;

    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        json_t *value = NULL;
        const json_t *one;

        FUZZ_CHECK(stop != NULL);
        FUZZ_CHECK(sgn_json_parse(at, (size_t)(stop - at), &value, NULL) == SGN_OK);
        one = json_is_array(value) ? json_array_get(value, 0) : value;
        FUZZ_CHECK(sgn_json_str(one, "jsonrpc") != NULL);
        FUZZ_CHECK((json_object_get(one, "result") != NULL) !=
                   (json_object_get(one, "error") != NULL));
        json_decref(value);
        at = stop + 1;
    }
}

/* A connection of its own hears these bytes; what it said is in fake.sent. */
static void
talk(unsigned choice, const uint8_t *data, size_t n, size_t piece_of)
{
    struct rpc_peer peer = {
        .ctx = &fake, .send = peer_send, .pause = peer_pause, .close = peer_close, .channel = "line"
    };

    sgn_buf_reset(&fake.sent);
    fake.paused = fake.closed = false;
    fake.connection = rpc_connection_new(fake.rpc, &peer);
    FUZZ_CHECK(fake.connection != NULL);
    if (choice & 16)
        fake_login(&fake, choice & 32 ? "li" : NULL);
    for (size_t at = 0; at < n && !fake.closed;) {
        size_t piece = fuzz_piece((unsigned)piece_of, n - at);

        rpc_connection_receive(fake.connection, data + at, piece);
        at += piece;
        while (fake.lane.n > 0)
            fake_finish(&fake.lane, 0, SGN_UNAVAILABLE, NULL);
        rpc_turn(fake.rpc);
    }
    rpc_connection_close(fake.connection);
    rpc_turn(fake.rpc);
    answers(&fake.sent);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    if (fake.rpc == NULL) {
        fake_open(&fake, NULL);
        rpc_connection_close(fake.connection);
    }
    talk(data[0], data + 1, size - 1, data[0]);
    return 0;
}

#ifdef FUZZ_FAULT
/* A text that is said back is not escaped. */
enum sgn_status __real_sgn_json_append(struct sgn_buf *buf, const json_t *value);
enum sgn_status __wrap_sgn_json_append(struct sgn_buf *buf, const json_t *value);
enum sgn_status
__wrap_sgn_json_append(struct sgn_buf *buf, const json_t *value)
{
    if (!json_is_string(value))
        return __real_sgn_json_append(buf, value);
    sgn_buf_puts(buf, "\"");
    sgn_buf_puts(buf, json_string_value(value));
    return sgn_buf_puts(buf, "\"");
}
#endif
