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
    frame->piece = NULL;
}

void
rpc_frame_clear(struct rpc_frame *frame)
{
    sgn_buf_deinit(&frame->bytes);
    frame->start = frame->scanned = 0;
    frame->piece = NULL;
}

size_t
rpc_frame_left(const struct rpc_frame *frame)
{
    return frame->bytes.len - frame->start + (frame->piece != NULL ? frame->n - frame->at : 0);
}

/* Up to this many bytes of the piece go behind what is kept. */
static enum sgn_status
take_in(struct rpc_frame *frame, size_t n)
{
    enum sgn_status status;

    if (frame->start > 0) {
        sgn_buf_consume(&frame->bytes, frame->start);
        frame->scanned -= frame->start;
        frame->start = 0;
    }
    status = sgn_buf_append(&frame->bytes, frame->piece + frame->at, n);
    if (status == SGN_OK)
        frame->at += n;
    if (frame->at == frame->n)
        frame->piece = NULL;
    return status;
}

/* Of a piece that ends a line no more is copied than that line's end. */
enum sgn_status
rpc_frame_push(struct rpc_frame *frame, const void *bytes, size_t n)
{
    enum sgn_status status = rpc_frame_keep(frame);
    const char *end;

    if (status != SGN_OK || n == 0)
        return status;
    frame->piece = bytes;
    frame->at = 0;
    frame->n = n;
    if (frame->bytes.len == 0)
        return SGN_OK;
    end = frame->scanned == frame->bytes.len ? memchr(bytes, '\n', n) : NULL;
    return take_in(frame, end != NULL ? (size_t)(end - frame->piece) + 1 : n);
}

enum sgn_status
rpc_frame_keep(struct rpc_frame *frame)
{
    enum sgn_status status = SGN_OK;

    if (frame->piece != NULL) {
        const char *rest = frame->piece + frame->at;
        size_t n = frame->n - frame->at;
        bool seen = frame->scanned == frame->bytes.len && memchr(rest, '\n', n) == NULL;

        status = take_in(frame, n);
        if (seen)
            frame->scanned = frame->bytes.len;
    }
    frame->piece = NULL;
    if (frame->start == frame->bytes.len)
        rpc_frame_clear(frame);
    return status;
}

/* The next line of bytes from *start on, none of whose ends lies before *scanned. Where the search
 * ended is remembered: a long line in a thousand pieces would be searched half a million times
 * over otherwise. */
static bool
line_in(const char *bytes, size_t len, size_t *start, size_t *scanned, const char **line, size_t *n)
{
    const char *end = *scanned < len ? memchr(bytes + *scanned, '\n', len - *scanned) : NULL;

    *line = bytes + *start;
    *scanned = len;
    if (end == NULL)
        return false;
    *n = (size_t)(end - *line);
    *start += *n + 1;
    *scanned = *start;
    return true;
}

/* What is left, as a last line. */
static bool
last_line(struct rpc_frame *frame, const char **line, size_t *n)
{
    if (frame->piece != NULL) {
        *line = frame->piece + frame->at;
        *n = frame->n - frame->at;
        frame->piece = NULL;
        return *n > 0;
    }
    *line = frame->bytes.bytes + frame->start;
    *n = frame->bytes.len - frame->start;
    frame->start = frame->bytes.len;
    return *n > 0;
}

enum rpc_line
rpc_frame_next(struct rpc_frame *frame, bool at_end, const char **line, size_t *n)
{
    size_t scanned;
    bool found = false;

    if (frame->start < frame->bytes.len)
        found =
            line_in(frame->bytes.bytes, frame->bytes.len, &frame->start, &frame->scanned, line, n);
    /* What is kept ends where the piece begins; a part of a line never lies in both. */
    if (!found && frame->start == frame->bytes.len && frame->piece != NULL) {
        scanned = frame->at;
        found = line_in(frame->piece, frame->n, &frame->at, &scanned, line, n);
    }
    if (!found && rpc_frame_left(frame) > frame->max)
        return RPC_LINE_TOO_LONG;
    if (!found && (!at_end || !last_line(frame, line, n)))
        return RPC_LINE_NONE;
    /* A line may be whole and too long: the piece that ended it was larger than what was left. */
    return *n > frame->max ? RPC_LINE_TOO_LONG : RPC_LINE_READY;
}
