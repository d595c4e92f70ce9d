/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between a request and rpc: who speaks, what is asked for them, and what becomes of the answer.
 *
 * Who speaks is known from the Authorization of each request: HTTP keeps no session. All that is
 * answered for a person, also what is no JSON-RPC in the end, is asked of rpc by a method: so there
 * is one place that decides who may see what.
 */
#include "http_internal.h"
#include "json.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
deny_address(struct net_http *http, int64_t retry_ms)
{
    char field[48];

    snprintf(field, sizeof field, "Retry-After: %lld\r\n", (long long)(retry_ms + 999) / 1000);
    http->keep = false;
    net_http_deny(http, 429, "too many logins from your address have failed", field);
}

/* Has the token let nobody in? Then that is the answer. */
static bool
is_refused(struct net_http *http)
{
    enum sgn_status login = rpc_connection_login_status(http->rpc);

    if (login == SGN_UNAUTHENTICATED)
        net_http_deny_token(http);
    else if (rpc_connection_login_retry(http->rpc) > 0)
        deny_address(http, rpc_connection_login_retry(http->rpc));
    else if (login != SGN_OK)
        net_http_refuse(http, 503, "the token could not be looked up; try again");
    return login != SGN_OK;
}

/* One text is one answer; the line end that rpc puts behind it stays. */
static void
peer_send(void *ctx, const void *bytes, size_t n)
{
    struct net_http *http = ctx;

    if (http->phase == NET_HTTP_STREAMING)
        net_http_send(http, bytes, n);
    else if (http->answered || is_refused(http))
        ;
    else if (http->take != NULL)
        http->take(http, bytes, n);
    else
        net_http_answer(http, &(struct net_answer){ 200, "application/json", bytes, n, NULL });
    http->wire.again(http->wire.ctx);
}

/* One request at a time: rpc is never ahead of its reader. */
static void
peer_pause(void *ctx, bool paused)
{
    (void)ctx;
    (void)paused;
}

static void
peer_close(void *ctx)
{
    struct net_http *http = ctx;

    http->rpc_closed = true;
    http->wire.again(http->wire.ctx);
}

static void
peer_idle(void *ctx)
{
    struct net_http *http = ctx;

    if (http->phase == NET_HTTP_ANSWERING)
        http->wire.again(http->wire.ctx);
}

/* The connection of rpc's that speaks for this token: the one that is there, or a new one. One that
 * brings events serves nothing else. */
static bool
rpc_for(struct net_http *http, const char *token, bool events)
{
    struct rpc_peer peer = { .ctx = http,
                             .send = peer_send,
                             .pause = peer_pause,
                             .close = peer_close,
                             .channel = "http",
                             .idle = peer_idle,
                             .from = http->wire.from,
                             .address = http->wire.address,
                             .brief = !events,
                             .events = events };
    char credential[SGN_HASH_HEX] = "";

    if (token[0] != '\0')
        sgn_sha256(token, strlen(token), credential);
    if (http->rpc != NULL && !http->rpc_closed && !events &&
        strcmp(credential, http->credential) == 0) {
        rpc_connection_trace(http->rpc, net_http_request_id(http));
        return true;
    }
    rpc_connection_close(http->rpc);
    http->rpc_closed = false;
    http->rpc = rpc_connection_new(http->site->rpc, &peer);
    if (http->rpc == NULL)
        return false;
    rpc_connection_trace(http->rpc, net_http_request_id(http));
    memcpy(http->credential, credential, sizeof credential);
    if (token[0] != '\0')
        rpc_connection_login(http->rpc, token, net_http_language(http->head.language));
    return true;
}

static void
ask(struct net_http *http, const char *text, size_t n, bool events)
{
    char token[NET_TOKEN_MAX + 1];

    if (!net_http_bearer(&http->head, token))
        net_http_deny_token(http);
    else if (!rpc_for(http, token, events))
        net_http_refuse(http, 503, "out of memory");
    else
        rpc_connection_text(http->rpc, text, n);
}

void
net_http_ask(struct net_http *http, const char *method, json_t *params_take, bool events)
{
    struct sgn_buf text;

    sgn_buf_init(&text, http->site->body_bytes);
    sgn_buf_printf(&text, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":", method);
    sgn_json_append(&text, params_take);
    sgn_buf_puts(&text, "}");
    if (params_take == NULL || text.failed)
        net_http_refuse(http, 503, "out of memory");
    else
        ask(http, text.bytes, text.len, events);
    sgn_buf_deinit(&text);
    json_decref(params_take);
}

void
net_http_rpc(struct net_http *http)
{
    if (net_text_is(http->head.method, "GET")) {
        net_http_upgrade(http);
        return;
    }
    ask(http, http->body.bytes != NULL ? http->body.bytes : "", http->body.len, false);
}

/* Nothing was said: all were notifications. Or rpc gave up. */
void
net_http_settle(struct net_http *http)
{
    if (is_refused(http))
        return;
    if (http->rpc_closed)
        net_http_refuse(http, 500, "the answer could not be written");
    else
        net_http_answer(http, &(struct net_answer){ .status = 204 });
}
