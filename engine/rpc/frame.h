/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines out of a stream of bytes, with a limit.
 *
 *      start          scanned            len          at              n
 *   [taken|  whole lines  ...|a part of one  ]  [taken|  lines ...  |  ]
 *    kept: bytes of earlier pieces               the piece that came last
 *
 * A line that lies whole within one piece is given out where it lies, so that a connection that
 * waits between two lines keeps no bytes at all.
 */
#ifndef RPC_FRAME_H
#define RPC_FRAME_H

#include "buf.h"

struct rpc_frame {
    struct sgn_buf bytes; /* kept */
    size_t start;         /* where the next line begins */
    size_t scanned;       /* up to here there is no line end that was not seen */
    size_t max;           /* bytes of a line, without its end */
    const char *piece;    /* borrowed, behind what is kept; NULL: none */
    size_t at, n;         /* of it */
};

enum rpc_line {
    RPC_LINE_NONE,
    RPC_LINE_READY,
    RPC_LINE_TOO_LONG
};

void rpc_frame_init(struct rpc_frame *frame, size_t max);
void rpc_frame_deinit(struct rpc_frame *frame);
/* Takes a piece of the stream, which is read where it lies until rpc_frame_keep. SGN_TOO_LARGE when
 * the other side ignored its pause. */
enum sgn_status rpc_frame_push(struct rpc_frame *frame, const void *bytes, size_t n) SGN_MUST_CHECK;
/* Keeps what is left of the piece, whose bytes are going; gives memory back that holds nothing. */
enum sgn_status rpc_frame_keep(struct rpc_frame *frame) SGN_MUST_CHECK;
/* The next whole line, without "\n"; borrowed until the next call. at_end: what is left
 * without a line end is a line too. */
enum rpc_line rpc_frame_next(struct rpc_frame *frame, bool at_end, const char **line, size_t *n);
/* How many bytes it has of lines that were not given out. */
size_t rpc_frame_left(const struct rpc_frame *frame);
/* Drops all that is there. */
void rpc_frame_clear(struct rpc_frame *frame);

#endif
