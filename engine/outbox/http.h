/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests that leave: any number at a time on one thread, by curl's multi interface.
 *
 * Each connection is judged at the moment it is made, by the number of the address that the name
 * resolved to then (sgn_address_kind): what is not of the public internet and not allowed by
 * name is not connected to. Redirects are not followed, proxies of the environment not used,
 * nothing but http and https spoken, certificates checked, and of an answer little is read.
 *
 * All on one thread, but for outbox_http_wake.
 */
#ifndef OUTBOX_HTTP_H
#define OUTBOX_HTTP_H

#include "address.h"
#include "formats.h"

#define OUTBOX_ANSWER_KEPT 4096               /* bytes of an answer that are looked at */
#define OUTBOX_ANSWER_MAX  ((size_t)64 << 10) /* after which no more of it is read */

struct outbox_http;
struct outbox_request;

struct outbox_http_options {
    const struct sgn_outward *outward; /* borrowed */
    int64_t connect_ms, attempt_ms;
    /* A request has ended: answered, or not. Called by outbox_http_turn alone. */
    void (*done)(void *ctx, struct outbox_request *request);
    void *ctx;
};

/* What became of it; whoever is told frees it. */
struct outbox_request {
    void *ctx;              /* the sender's */
    int status;             /* of HTTP; 0: there was no answer */
    int64_t retry_after_ms; /* as the answer asks; 0: it does not */
    char why[256];          /* there was none: why, for people */
    char body[OUTBOX_ANSWER_KEPT + 1];
    size_t body_n; /* kept of it */
};
void outbox_request_free(struct outbox_http *http, struct outbox_request *request);

enum sgn_status outbox_http_new(const struct outbox_http_options *options, struct outbox_http **out,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* All requests must be freed. */
void outbox_http_free(struct outbox_http *http);
/* Sends the post (taken, emptied). It may end only in a later turn. SGN_INVALID: its URL is not one
 * to be sent to. */
enum sgn_status outbox_http_send(struct outbox_http *http, struct outbox_post *post_take, void *ctx,
                                 struct outbox_request **out, struct sgn_error *err) SGN_MUST_CHECK;
/* Goes on with all of them; waits so long for something to happen. */
void outbox_http_turn(struct outbox_http *http, int64_t timeout_ms);
/* A turn that waits returns. Any thread. */
void outbox_http_wake(struct outbox_http *http);

#endif
