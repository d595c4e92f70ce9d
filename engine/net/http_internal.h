/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What http.c (reading), http_routes.c (what is where), http_rpc.c (asking), http_events.c and
 * http_answer.c (writing) share.
 *
 *   reading ──▶ body ──▶ answering ──▶ reading ...
 *      │          │          │ └────▶ streaming
 *      └──────────┴──────────┴───────────┴──▶ ended
 */
#ifndef NET_HTTP_INTERNAL_H
#define NET_HTTP_INTERNAL_H

#include "buf.h"
#include "hash.h"
#include "http.h"
#include "http_head.h"
#include <jansson.h>
#include <llhttp.h>

#define NET_HTTP_UNSENT                                                                            \
    ((size_t)256 << 10) /* answers waiting to be taken, above which none is added */

enum net_http_phase {
    NET_HTTP_READING, /* a head, or waiting for one */
    NET_HTTP_BODY,
    NET_HTTP_ANSWERING,
    NET_HTTP_STREAMING, /* what rpc says goes out as it is, until the connection ends */
    NET_HTTP_ENDED
};

struct net_http {
    struct net_site *site;
    struct net_wire wire;
    enum net_http_phase phase;
    llhttp_t parser;     /* of this request: framing is its business, see http_head.h */
    struct sgn_buf in;   /* what has come and was not read yet */
    size_t scanned;      /* of it, for the end of a head */
    struct sgn_buf text; /* the head that is being answered; head borrows from it */
    struct net_head head;
    struct sgn_buf body;
    size_t body_read; /* bytes of the body's framing and content */
    struct rpc_connection *rpc;
    char credential[SGN_HASH_HEX]; /* whom rpc speaks for: the token's hash, "" for nobody */
    /* What becomes of rpc's answer, one text; may not ask again. NULL: it is the body. */
    void (*take)(struct net_http *http, const char *bytes, size_t n);
    size_t unsent, held;
    void *websocket; /* what it becomes */
    uint32_t requests, beats;
    bool local;
    bool whole;      /* the request has been read */
    bool answered;   /* its answer is written */
    bool keep;       /* the connection stays */
    bool over;       /* the other side sends no more */
    bool paused;     /* as the wire was told */
    bool rpc_closed; /* rpc takes no more */
};

/* ---- http_answer.c ---- */

struct net_answer {
    int status;
    const char *type; /* NULL: no body */
    const char *body;
    size_t n;
    const char *more; /* further fields, each with its line end; or NULL */
};
void net_http_answer(struct net_http *http, const struct net_answer *answer);
/* A short text that says what was wrong; the connection ends behind it. */
void net_http_refuse(struct net_http *http, int status, const char *why);
/* The same, where the request was read whole and the connection may stay. */
void net_http_deny(struct net_http *http, int status, const char *why, const char *more);
void net_http_page(struct net_http *http, const struct net_page *page, const char *type);
/* What a JSON-RPC answer (NULL: there is none) refuses, by the status for its data.code; the body
 * is {"error": as it stands}. */
void net_http_fail(struct net_http *http, const json_t *answer);
/* The head of an answer whose body comes by net_http_send(). length -1: it ends with the
 * connection. */
void net_http_begin(struct net_http *http, int status, const char *type, int64_t length,
                    const char *more);
void net_http_send(struct net_http *http, const char *bytes, size_t n);

/* ---- http_upgrade.c ---- */

/* Is a GET of /rpc what a WebSocket begins with? False: it has been answered. */
bool net_http_upgrade_admit(struct net_http *http);
void net_http_upgrade(struct net_http *http);
/* 401, and the connection ends. */
void net_http_deny_token(struct net_http *http);
#define NET_TOKEN_MAX 128 /* bytes, as session.login takes them */
/* The token of "Bearer TOKEN" into out. False: there is something else; out is "" when there is
 * nothing. */
bool net_http_bearer(const struct net_head *head, char out[NET_TOKEN_MAX + 1]);
/* The first language that we have, as its reader lists them; NULL: the person's own. */
const char *net_http_language(struct net_text text);

/* ---- http_rpc.c ---- */

/* Asks rpc for the person of this request; http->take has the answer. events: and what comes behind
 * it. */
void net_http_ask(struct net_http *http, const char *method, json_t *params_take, bool events);
/* /rpc: the body is asked as it stands, or it becomes a WebSocket. */
void net_http_rpc(struct net_http *http);
/* rpc has nothing more to say. */
void net_http_settle(struct net_http *http);

/* ---- http_events.c ---- */

void net_http_events(struct net_http *http);
/* The stream has been silent for long. */
void net_http_events_beat(struct net_http *http);

/* ---- http_routes.c ---- */

/* Looks at a head before its body is read. False: it has been answered. */
bool net_http_admit(struct net_http *http);
/* Answers, or asks rpc: then the answer comes later. */
void net_http_run(struct net_http *http);

#endif
