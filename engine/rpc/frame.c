/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines out of a stream. Nothing is looked at twice, and the bytes that were taken are moved
 * away only when the next piece needs their room.
 *
 * Never looks at what a line says, and never holds more than one line and one piece.
 */
#include "frame.h"
#include "rpc.h"
#include <string.h>

void
rpc_frame_init(struct rpc_frame *frame, size_t max)
{
    *frame = (struct rpc_frame){ .max = max };
    /* A part of a line, and the piece that ends it: more is never held, because nothing is
     * read while whole lines wait. */
    sgn_buf_init(&frame->bytes, max + 2 * (size_t)RPC_PIECE_MAX);
}

void
rpc_frame_deinit(struct rpc_frame *frame)
{
    sgn_buf_deinit(&frame->bytes);
}

void
rpc_frame_clear(struct rpc_frame *frame)
{
    sgn_buf_reset(&frame->bytes);
    frame->start = frame->scanned = 0;
}

/* Here and not in rpc_frame_next(): a line that was given out stays where it is until more
 * comes. */
enum sgn_status
rpc_frame_push(struct rpc_frame *frame, const void *bytes, size_t n)
{
    if (frame->start > 0) {
        sgn_buf_consume(&frame->bytes, frame->start);
        frame->scanned -= frame->start;
        frame->start = 0;
    }
    return sgn_buf_append(&frame->bytes, bytes, n);
}

enum rpc_line
rpc_frame_next(struct rpc_frame *frame, bool at_end, const char **line, size_t *n)
{
    const char *from = frame->bytes.bytes + frame->scanned;
    size_t left = frame->bytes.len - frame->scanned;
    const char *end = left > 0 ? memchr(from, '\n', left) : NULL;

    /* No line yet. Where the search ended is remembered: a long line in a thousand pieces would
     * be searched half a million times over otherwise. */
    if (end == NULL) {
        frame->scanned = frame->bytes.len;
        if (frame->bytes.len - frame->start > frame->max)
            return RPC_LINE_TOO_LONG;
        if (!at_end || frame->bytes.len == frame->start)
            return RPC_LINE_NONE;
        end = frame->bytes.bytes + frame->bytes.len;
    }
    *line = frame->bytes.bytes + frame->start;
    *n = (size_t)(end - *line);
    /* A line may be whole and too long: the piece that ended it was larger than what was left. */
    if (*n > frame->max)
        return RPC_LINE_TOO_LONG;
    frame->start += *n;
    if (frame->start < frame->bytes.len)
        frame->start++; /* the line end itself */
    frame->scanned = frame->start;
    return RPC_LINE_READY;
}
