/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libcurl's multi interface behind http.h.
 *
 * The address is judged in curl's callback that opens the socket: there it is known as the number
 * that is going to be connected to, whatever the name says a moment later, and each address that
 * curl tries in turn comes by. A connection that is kept was judged when it was made.
 */
#include "http.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct outbox_http {
    struct outbox_http_options options;
    CURLM *multi;
};

/* What curl needs as long as the request lasts. */
struct sent {
    struct outbox_request request; /* first: casts go both ways */
    struct outbox_http *http;
    CURL *easy;
    struct curl_slist *headers;
    struct sgn_buf body;
    size_t received;
    char error[CURL_ERROR_SIZE];
};

/* Once in a process, before others run. */
static enum sgn_status
library_start(struct sgn_error *err)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK
               ? SGN_OK
               : sgn_fail(err, SGN_INTERNAL, "libcurl cannot start");
}

enum sgn_status
outbox_http_new(const struct outbox_http_options *options, struct outbox_http **out,
                struct sgn_error *err)
{
    struct outbox_http *http = calloc(1, sizeof *http);
    enum sgn_status st = http != NULL ? library_start(err) : sgn_nomem(err);

    *out = NULL;
    if (st == SGN_OK) {
        http->options = *options;
        http->multi = curl_multi_init();
        st = http->multi != NULL ? SGN_OK : sgn_nomem(err);
    }
    if (st == SGN_OK)
        *out = http;
    else
        outbox_http_free(http);
    return st;
}

void
outbox_http_free(struct outbox_http *http)
{
    if (http == NULL)
        return;
    if (http->multi != NULL) {
        curl_multi_cleanup(http->multi);
        curl_global_cleanup();
    }
    free(http);
}

void
outbox_request_free(struct outbox_http *http, struct outbox_request *request)
{
    struct sent *sent = (struct sent *)request;

    if (sent == NULL)
        return;
    if (sent->easy != NULL) {
        curl_multi_remove_handle(http->multi, sent->easy);
        curl_easy_cleanup(sent->easy);
    }
    curl_slist_free_all(sent->headers);
    sgn_buf_deinit(&sent->body);
    free(sent);
}

/* ---- what curl asks ---- */

static curl_socket_t
open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct sent *sent = ctx;
    const struct sockaddr *to = &address->addr;
    const char *kind = sgn_address_kind(to);
    char text[SGN_ADDRESS_TEXT];

    (void)purpose;
    if (kind != NULL && !sgn_networks_have(&sent->http->options.outward->allowed, to)) {
        snprintf(sent->request.why, sizeof sent->request.why,
                 "the address %s is %s: the operator's setting allow of [outbox] names what may be "
                 "reached",
                 sgn_address_text(to, text), kind);
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t
take_body(char *bytes, size_t size, size_t n, void *ctx)
{
    struct sent *sent = ctx;
    struct outbox_request *request = &sent->request;
    size_t room = OUTBOX_ANSWER_KEPT - request->body_n, keep = n < room ? n : room;

    (void)size; /* always 1 */
    memcpy(request->body + request->body_n, bytes, keep);
    request->body_n += keep;
    sent->received += n;
    return sent->received > OUTBOX_ANSWER_MAX ? 0 : n; /* 0: no more of it */
}

/* ---- sending ---- */

static bool
set_limits(const struct sent *sent)
{
    const struct outbox_http_options *options = &sent->http->options;
    CURL *easy = sent->easy;

    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR,
                            options->outward->insecure ? "http,https" : "https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_ms) ==
               CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)options->attempt_ms) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, sent) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, sent) == CURLE_OK;
}

static bool
set_request(struct sent *sent, const struct outbox_post *post)
{
    CURL *easy = sent->easy;
    struct curl_slist *more;

    for (int i = 0; i < post->n_headers; i++) {
        more = curl_slist_append(sent->headers, post->headers[i]);
        if (more == NULL)
            return false;
        sent->headers = more;
    }
    more = curl_slist_append(sent->headers, "Expect:"); /* no waiting for "100 Continue" */
    if (more == NULL)
        return false;
    sent->headers = more;
    return curl_easy_setopt(easy, CURLOPT_URL, post->url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPHEADER, sent->headers) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USERAGENT, "Signoff/" SGN_VERSION) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDS, sent->body.bytes) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)sent->body.len) ==
               CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, sent->error) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PRIVATE, sent) == CURLE_OK;
}

enum sgn_status
outbox_http_send(struct outbox_http *http, struct outbox_post *post_take, void *ctx,
                 struct outbox_request **out, struct sgn_error *err)
{
    /* Rows may be older than the operator's settings: judged again, whoever let it in. */
    enum sgn_status st = sgn_url_check(post_take->url, http->options.outward, NULL, err);
    struct sent *sent = st == SGN_OK ? calloc(1, sizeof *sent) : NULL;

    if (sent == NULL) {
        outbox_post_deinit(post_take);
        return st == SGN_OK ? sgn_nomem(err) : st;
    }
    sent->http = http;
    sent->request.ctx = ctx;
    sent->body = post_take->body;
    sgn_buf_init(&post_take->body, OUTBOX_BODY_MAX);
    sent->easy = curl_easy_init();
    if (sent->easy == NULL || !set_limits(sent) || !set_request(sent, post_take) ||
        curl_multi_add_handle(http->multi, sent->easy) != CURLM_OK) {
        outbox_request_free(http, &sent->request);
        return sgn_nomem(err);
    }
    *out = &sent->request;
    return SGN_OK;
}

/* ---- the end ---- */

static void
ended(struct outbox_http *http, struct sent *sent, CURLcode code)
{
    struct outbox_request *request = &sent->request;
    curl_off_t wait_s = 0;
    long status = 0;

    (void)curl_easy_getinfo(sent->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(sent->easy, CURLINFO_RETRY_AFTER, &wait_s);
    /* An answer that is too long to be read is an answer all the same. */
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && sent->received > OUTBOX_ANSWER_MAX))
        request->status = (int)status;
    else if (request->why[0] == '\0')
        snprintf(request->why, sizeof request->why, "%s",
                 sent->error[0] != '\0' ? sent->error : curl_easy_strerror(code));
    request->retry_after_ms = wait_s > 0 && wait_s < 7 * 86400 ? wait_s * SGN_SECOND_MS : 0;
    request->body[request->body_n] = '\0';
    http->options.done(http->options.ctx, request);
}

void
outbox_http_turn(struct outbox_http *http, int64_t timeout_ms)
{
    CURLMsg *message;
    int running, left;

    (void)curl_multi_poll(http->multi, NULL, 0, (int)timeout_ms, NULL);
    (void)curl_multi_perform(http->multi, &running);
    while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
        struct sent *sent = NULL;

        if (message->msg == CURLMSG_DONE &&
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&sent) == CURLE_OK)
            ended(http, sent, message->data.result);
    }
}

void
outbox_http_wake(struct outbox_http *http)
{
    (void)curl_multi_wakeup(http->multi);
}
