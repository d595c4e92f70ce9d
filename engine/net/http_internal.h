/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What http.c (reading), http_routes.c (what is where), http_rpc.c (asking), http_events.c,
 * http_files.c, http_upload.c, http_visit.c, http_hook.c, http_assets.c and http_answer.c (writing)
 * share.
 *
 *   reading ──▶ body ──▶ answering ──▶ reading ...
 *      │          │          │ └────▶ streaming
 *      └──────────┴──────────┴───────────┴──▶ ended
 */
#ifndef NET_HTTP_INTERNAL_H
#define NET_HTTP_INTERNAL_H

#include "addresses.h"
#include "buf.h"
#include "hash.h"
#include "http.h"
#include "http_head.h"
#include "visit.h"
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

#define NET_FILE_ID_MAX 64

struct net_http;

/* A file on its way, by several questions to rpc. */
struct net_http_file {
    bool (*step)(struct net_http *http); /* goes on; true: something has changed */
    json_t *params;                      /* of all of them */
    json_t *said;                        /* rpc's answer that was not looked at yet */
    bool waits;                          /* one is still to come */
    bool is_whole;                       /* all of it: is asked for; has come and is being ended */
    char id[NET_FILE_ID_MAX + 1];        /* of an upload; "": not begun */
    size_t piece;                        /* bytes of an upload that rpc takes at a time */
    int64_t at, end;                     /* the next byte, and where it stops */
    char sha256[SGN_HASH_HEX];
    struct sgn_sha256 hash; /* of what was sent */
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
    struct net_http_file *file;         /* NULL: the request is about none */
    char request_id[RPC_TRACE_MAX + 1]; /* "": not looked for yet, see net_http_request_id() */
    int64_t asked_ms;                   /* monotonic: when its head had come */
    int status;                         /* of its answer; 0: none yet */
    size_t unsent, held;
    void *websocket;         /* what it becomes */
    struct rpc_visit *visit; /* whose answer is waited for, or NULL */
    uint32_t requests, beats;
    bool local;
    bool whole;      /* the request has been read */
    bool wants;      /* more of its body may be read */
    bool begun;      /* the head of its answer is written */
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
/* By what the request is called in the logs and in its answer: X-Request-Id, when that is 1 to 64
 * letters, digits, dots, hyphens and underscores; else one that is made here. */
const char *net_http_request_id(struct net_http *http);
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
/* Is the page that sends this one of ours, or is it sent by no page? */
bool net_http_is_own_origin(const struct net_head *head);
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

/* ---- http_files.c ---- */

/* /files/ID */
void net_http_file(struct net_http *http);
/* For a request that goes in steps; NULL: it has been answered. Freed with the request. */
struct net_http_file *net_http_file_new(struct net_http *http, bool (*step)(struct net_http *http));
void net_http_file_free(struct net_http *http);
/* Asks rpc; the next step has the answer. */
void net_http_file_ask(struct net_http *http, const char *method, json_t *params_take);
/* The result that has come, a new reference, or NULL; an error has become the answer. True:
 * either. */
bool net_http_file_answer(struct net_http *http, json_t **out);

/* ---- http_upload.c ---- */

/* PUT /files: looks at the head. False: it has been answered. */
bool net_http_upload_admit(struct net_http *http);

/* ---- http_visit.c ---- */

/* Is there something that is opened by such an address, and may it be asked for so? False: it has
 * been answered. */
bool net_http_visit_admit(struct net_http *http);
/* A calendar: "/calendar/TOKEN.ics". */
void net_http_feed(struct net_http *http);
/* A sign-off link: "/s/TOKEN". */
void net_http_link(struct net_http *http);

/* The address that a request comes from: of whom a proxy on this machine names, else of the other
 * side. */
void net_http_address(const struct net_http *http, char out[NET_ADDRESS_TEXT]);
/* Begins it; its answer becomes that of the request. */
void net_http_visit(struct net_http *http, const struct rpc_visit_ask *ask);

/* ---- http_hook.c ---- */

/* May such a thing be sent to "/hooks/TEAM/NAME"? False: it has been answered. */
bool net_http_hook_admit(struct net_http *http);
void net_http_hook(struct net_http *http);

/* ---- http_assets.c ---- */

/* A part of the program, such as a page of the console. */
void net_http_asset(struct net_http *http);
/* Sends a browser on to where the console is. */
void net_http_console(struct net_http *http);
void net_http_portal(struct net_http *http);

/* ---- http_routes.c ---- */

/* Looks at a head before its body is read. False: it has been answered. */
bool net_http_admit(struct net_http *http);
/* Answers, or asks rpc: then the answer comes later. */
void net_http_run(struct net_http *http);

#endif
