/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statuses and errors of every layer.
 *
 * One table says for each status its JSON-RPC number and the stable word that
 * clients see as data.code; nobody invents a number elsewhere. The numbers and
 * words are part of the protocol and never change; new ones are added at the end
 * of their group.
 */
#ifndef SGN_STATUS_H
#define SGN_STATUS_H

#include <jansson.h>

#define SGN_MUST_CHECK        __attribute__((warn_unused_result))
#define SGN_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* clang-format off */
/*    name              number   data.code          when */
#define SGN_STATUS_MAP(X) \
    X(OK,                    0, "ok")              /* it is done, and durable where it wrote */ \
    X(UNAUTHENTICATED,    1000, "unauthenticated") /* no session, or an unknown token */ \
    X(FORBIDDEN,          1001, "forbidden")       /* the person lacks the role or class */ \
    X(NOT_FOUND,          1002, "not_found")       /* absent, or not yours: the same answer */ \
    X(CONFLICT,           1003, "conflict")        /* changed meanwhile: revision, digest, request_id */ \
    X(INVALID,            1004, "invalid")         /* a value the workflow or the state does not admit */ \
    X(NOT_NOW,            1005, "not_now")         /* no such event in these states */ \
    X(REFUSED,            1006, "refused")         /* a guard said no and gave its reason */ \
    X(NEEDS_FIELDS,       1007, "needs_fields")    /* required fields or a note are missing */ \
    X(RULE_ERROR,         1008, "rule_error")      /* a function of the team's rules failed */ \
    X(RULE_OVERRUN,       1009, "rule_overrun")    /* a function went over its budget */ \
    X(TOO_LARGE,          1010, "too_large")       /* a limit listed by server.info */ \
    X(OVERLOADED,         1011, "overloaded")      /* try again later; nothing was done */ \
    X(UNAVAILABLE,        1012, "unavailable")     /* store closed, disk full, shutting down */ \
    X(UNKNOWN_OUTCOME,    1013, "unknown_outcome") /* a commit failed: repeat with the same request_id */ \
    X(PARSE,            -32700, "parse")           /* not JSON */ \
    X(REQUEST,          -32600, "request")         /* JSON, but not a request */ \
    X(METHOD,           -32601, "method")          /* unknown method */ \
    X(PARAMS,           -32602, "invalid")         /* shape of params; data.pointer says where */ \
    X(INTERNAL,         -32603, "internal")        /* a fault of ours */ \
    X(NOMEM,            -32603, "internal")        /* out of memory */ \
    X(NEEDS,            -32603, "internal")        /* never leaves the engine: facts or answers are
                                                      missing, see core.h */
/* clang-format on */

enum sgn_status {
#define X(name, number, code) SGN_##name,
    SGN_STATUS_MAP(X)
#undef X
};

/*
 * What went wrong, for a person and for a program. An error starts as {0} and may be
 * NULL wherever it is a parameter. data holds further members of JSON-RPC's error.data
 * (an object or NULL): pointer, fields, nearest, ... It is owned by the error.
 */
struct sgn_error {
    enum sgn_status status;
    char message[1024];
    json_t *data;
};

/* Records the failure in err, if there is one, replacing what it held, and returns
 * status, so that "return sgn_fail(err, SGN_INVALID, ...)" is one line. */
enum sgn_status sgn_fail(struct sgn_error *err, enum sgn_status status, const char *fmt, ...)
    SGN_PRINTF(3, 4);

/* The same for out of memory. */
enum sgn_status sgn_nomem(struct sgn_error *err);

/* Adds a member to err->data. Takes value, also when err is NULL. */
void sgn_error_add(struct sgn_error *err, const char *name, json_t *value_take);

/* Puts text before the message: "teams/demo: ...". */
void sgn_error_prefix(struct sgn_error *err, const char *fmt, ...) SGN_PRINTF(2, 3);

/* Frees data; err is {0} afterwards. */
void sgn_error_clear(struct sgn_error *err);

/* Where what is looked for may be missing: SGN_NOT_FOUND becomes SGN_OK and err is {0} again; any
 * other status stays as it is. */
enum sgn_status sgn_if_any(enum sgn_status status, struct sgn_error *err);

/* Moves from to to (which is cleared first); from is {0} afterwards. Both may be NULL. */
void sgn_error_move(struct sgn_error *to, struct sgn_error *from);

int sgn_status_number(enum sgn_status status);       /* 1001, -32602, ... */
const char *sgn_status_code(enum sgn_status status); /* "forbidden", ... */
/* The status whose data.code is this word; SGN_INTERNAL when there is none. */
enum sgn_status sgn_status_of_code(const char *code);

#endif
