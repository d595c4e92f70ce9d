/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests that are none of JSON-RPC's: what is opened by its address instead of a login. Of HTTP's
 * words only the status is known here.
 *
 *   /s/TOKEN              a sign-off link: looked at, or answered by a form
 *   /s/TOKEN?file=ID      a file that its page names
 *   /calendar/TOKEN.ics   what waits for a person, for calendar programs
 *   /hooks/TEAM/NAME      what another tool sends in, see hook.h
 *
 * Thread: the loop.
 */
#ifndef RPC_VISIT_H
#define RPC_VISIT_H

#include "rpc.h"

enum rpc_visit_kind {
    RPC_VISIT_LINK,
    RPC_VISIT_FEED,
    RPC_VISIT_HOOK,
};

/* All is borrowed for the call. */
struct rpc_visit_ask {
    enum rpc_visit_kind kind;
    bool posts;       /* it is a POST: may change something */
    bool tasks;       /* of a calendar: tasks instead of events */
    const char *name; /* of the path, what stands behind the kind's prefix */
    size_t name_n;
    const char *body;
    size_t body_n;
    const char *file;      /* of a link, whose bytes are asked for; "": the page is */
    const json_t *headers; /* of a hook: {name in small letters: value}; else NULL */
    const char *address;   /* whose it is, as text; never NULL */
    const char *agent;     /* the program it says it is; "" when it says nothing */
    const char *language;  /* "en", "zh", or NULL */
};

enum rpc_visit_type {
    RPC_VISIT_TEXT, /* UTF-8, as all of them */
    RPC_VISIT_HTML,
    RPC_VISIT_CALENDAR,
    RPC_VISIT_FILE,
    RPC_VISIT_JSON,
};

struct rpc_visit_answer {
    int status;
    enum rpc_visit_type type;
    const char *body;
    size_t n;
    const char *name;   /* of a file; else NULL */
    const char *policy; /* of the field Content-Security-Policy; NULL: the strictest */
    int retry_s;        /* of the field Retry-After; 0: none */
};

struct rpc_visit;
typedef void (*rpc_visit_fn)(void *ctx, const struct rpc_visit_answer *answer);

/* Begins one. answer is called once, on a later turn, unless it is dropped before; the answer is
 * borrowed for the call. NULL: out of memory or too busy, and answer is never called. */
struct rpc_visit *rpc_visit_begin(struct rpc *rpc, const struct rpc_visit_ask *ask,
                                  rpc_visit_fn answer, void *ctx);
/* Seconds for which this address is put off, since it has asked for too much that there is not; 0:
 * it is welcome, or asks for what was there lately (of a hook: has sent there lately what was
 * signed well). */
int rpc_visit_wait_s(struct rpc *rpc, enum rpc_visit_kind kind, const char *address,
                     const char *name, size_t name_n);
/* Whoever asked is gone; what is under way goes on without it. May be NULL. */
void rpc_visit_drop(struct rpc_visit *visit);

#endif
