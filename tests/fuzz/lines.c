/* SPDX-License-Identifier: Apache-2.0 */
/* Lines out of a stream: the same whatever the pieces, and those that memchr would find. The first
 * byte chooses the pieces and the longest line. */
#include "frame.h"
#include "fuzz.h"
#include <string.h>

/* The stream as whoever has all of it sees it. */
struct stream {
    const char *bytes;
    size_t n, at, max;
};

/* The next line that must be given out, if it has come within the first n bytes. */
static void
expect(struct stream *stream, enum rpc_line got, const char *line, size_t length, size_t come)
{
    const char *from = stream->bytes + stream->at;
    const char *end = memchr(from, '\n', come - stream->at);

    if (got == RPC_LINE_READY) {
        FUZZ_CHECK(end != NULL && (size_t)(end - from) == length);
        FUZZ_CHECK(length <= stream->max && memcmp(from, line, length) == 0);
        stream->at += length + 1;
    } else if (got == RPC_LINE_TOO_LONG) {
        FUZZ_CHECK((end != NULL ? (size_t)(end - from) : come - stream->at) > stream->max);
    } else {
        FUZZ_CHECK(end == NULL);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rpc_frame frame;
    struct stream stream;
    enum rpc_line got = RPC_LINE_NONE;
    const char *line = NULL;
    size_t length = 0;

    if (size < 1)
        return 0;
    stream = (struct stream){ (const char *)data + 1, size - 1, 0, data[0] & 128 ? 24 : 4096 };
    rpc_frame_init(&frame, stream.max);
    for (size_t at = 0; at < stream.n && got != RPC_LINE_TOO_LONG;) {
        size_t piece = fuzz_piece(data[0], stream.n - at);
        char *bytes = malloc(piece);

        FUZZ_CHECK(bytes != NULL);
        memcpy(bytes, stream.bytes + at, piece); /* so that reading beside it is seen */
        at += piece;
        if (rpc_frame_push(&frame, bytes, piece) != SGN_OK) {
            free(bytes);
            break;
        }
        do {
            got = rpc_frame_next(&frame, false, &line, &length);
            expect(&stream, got, line, length, at);
        } while (got == RPC_LINE_READY);
        FUZZ_CHECK(got == RPC_LINE_TOO_LONG || rpc_frame_left(&frame) == at - stream.at);
        FUZZ_CHECK(rpc_frame_keep(&frame) == SGN_OK);
        free(bytes);
    }
    rpc_frame_deinit(&frame);
    return 0;
}

#ifdef FUZZ_FAULT
/* A line of seven bytes that begins with a brace lacks its last one. */
enum rpc_line __real_rpc_frame_next(struct rpc_frame *frame, bool at_end, const char **line,
                                    size_t *n);
enum rpc_line __wrap_rpc_frame_next(struct rpc_frame *frame, bool at_end, const char **line,
                                    size_t *n);
enum rpc_line
__wrap_rpc_frame_next(struct rpc_frame *frame, bool at_end, const char **line, size_t *n)
{
    enum rpc_line got = __real_rpc_frame_next(frame, at_end, line, n);

    if (got == RPC_LINE_READY && *n == 7 && **line == '{')
        *n -= 1;
    return got;
}
#endif
