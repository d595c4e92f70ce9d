/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/1.1 on one stream: requests one after another, each answered before the next is read.
 *
 *   POST /rpc           one JSON-RPC text, or a batch of them; "Authorization: Bearer TOKEN"
 *   GET  /rpc           WebSocket
 *   GET  /events        a watch as Server-sent events, see http_events.c
 *   PUT  /files         a file, see http_upload.c; GET /files/ID, see http_files.c
 *   GET  /healthz       the process lives
 *   GET  /readyz        it takes requests; 503 while it stops
 *   GET  /metrics       figures for Prometheus: to the operator's token, or on this machine
 *   GET  /docs          the reference of all methods; /openrpc.json the same for programs
 *   GET  /console/...   the console; /portal/... that of clients: parts of the program
 *   GET  /              leads to the console
 *   GET  /s/TOKEN       a sign-off link; POST answers it
 *   GET  /calendar/TOKEN.ics   what waits for a person, for calendar programs
 *
 * A browser on another site's page reaches nothing: a request with a foreign Origin is refused, a
 * body must be application/json, and no answer allows another origin to read it.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "asset.h"
#include "protocol.h"
#include "rpc.h"

/* A page that does not change while the server runs; made when it is first asked for. */
struct net_page {
    char *bytes; /* NULL: not made yet */
    size_t n;
    char etag[24]; /* with its quotes */
};

/* What all connections of a server share. Times are net's. */
struct net_site {
    struct rpc *rpc;
    size_t head_bytes; /* of a head, 16 KiB */
    int head_fields;   /* in it, 100 */
    size_t body_bytes; /* of a request or a message: the frame's limit */
    bool stopping;
    struct net_page docs, openrpc;
    const struct net_asset *(*asset)(const char *path, size_t n); /* see net.h; or NULL */
};
void net_site_deinit(struct net_site *site);

const struct net_protocol *net_http(void);
/* A connection; site is borrowed. local: the other side is on this machine. NULL: out of memory. */
void *net_http_new(struct net_site *site, const struct net_wire *wire, bool local);

/* The whole answer to somebody who is not served, into out; returns out. */
const char *net_http_refusal(char *out, size_t size, const char *message, int retry_after_s);

#endif
