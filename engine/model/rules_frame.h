/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages between the server and the process that runs a team's rules.
 *
 * A frame is a head of fixed size and a body: a value (rules_value.h) where a function is called
 * and where it answers, else JSON, or text where an answer says what went wrong. Both ends are the
 * same program on the same machine, so numbers lie as the machine has them; but each end reads the
 * other's like a stranger's: kind, size and unused members are judged before a byte of the body is
 * waited for.
 *
 *   server to worker   START  limits          {"memory", "instructions", "file", "team", "confine"}
 *                      LOAD   id              a load's input (rules.h)
 *                      OPEN   version         a version, under a number of the server's choice
 *                      CALL   id, version, function, detail = purpose, then    a call's input;
 *                                             with then a list of both inputs
 *   worker to server   HELLO  detail = 1 when confined, else the body says why not
 *                      ANSWER id, detail = status    value (of a load: JSON), else a message;
 *                                             cost = what the call took, see rules.h
 *
 * START comes first and is answered by HELLO; then every LOAD and CALL is answered once, in the
 * order in which they came. Nothing else is ever said.
 */
#ifndef MODEL_RULES_FRAME_H
#define MODEL_RULES_FRAME_H

#include "buf.h"
#include "rules.h"
#include "status.h"
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum rules_frame_kind {
    RULES_FRAME_NONE, /* a head of zeros is no frame */
    RULES_FRAME_START,
    RULES_FRAME_LOAD,
    RULES_FRAME_OPEN,
    RULES_FRAME_CALL,
    RULES_FRAME_HELLO,
    RULES_FRAME_ANSWER,
    RULES_FRAME_KINDS
};

/* Bytes of the largest body of all. */
#define RULES_FRAME_MAX (8u << 20)
/* Bytes of the value that a call may answer. */
#define RULES_ANSWER_MAX (1u << 20)

/* 56 bytes without holes: what is sent is the struct. */
struct rules_frame {
    uint32_t size; /* of the body */
    uint8_t kind;
    uint8_t detail;
    uint16_t then;
    uint32_t version;
    int32_t function;
    uint64_t id;
    struct rules_cost cost[2];
};

/*
 * A page that both ends see: the id of what the worker is doing. So the server knows which call
 * does not end although the answers before it are not written yet. It believes it only where it
 * fits what it knows itself.
 */
struct rules_progress {
    _Atomic uint64_t id;
};

/* What a body of this kind may have at most; 0 for kinds that do not exist. */
uint32_t rules_frame_limit(unsigned kind);

/* Appends a frame; size is set from n. Failures show in out->failed. */
void rules_frame_put(struct sgn_buf *out, struct rules_frame head, const void *body, size_t n);
/* The same with the compact text of a JSON value for a body. */
void rules_frame_put_json(struct sgn_buf *out, struct rules_frame head, const json_t *value);
/* The same for a body that is written in its place: what is appended between the two. The second
 * gets what the first returned, and fails (out->failed) where the body is too large. */
size_t rules_frame_open(struct sgn_buf *out, struct rules_frame head);
void rules_frame_close(struct sgn_buf *out, size_t place);
/* What it took, into the frame that begins there, whole or not. */
void rules_frame_cost(struct sgn_buf *out, size_t place, const struct rules_cost cost[2]);

/*
 * The frame at the beginning of n bytes: head and *body (borrowed), which together are
 * sizeof(struct rules_frame) + head->size bytes long. SGN_NEEDS: more bytes must come first.
 * SGN_INVALID: this is no frame, and never will be.
 */
enum sgn_status rules_frame_get(const char *bytes, size_t n, struct rules_frame *head,
                                const char **body, struct sgn_error *err) SGN_MUST_CHECK;

#endif
