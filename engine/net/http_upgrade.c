/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who asks, and from HTTP to WebSocket: RFC 6455, 4.2. The origin has been looked at before, like
 * that of any request; a browser sends it always.
 */
#include "http_internal.h"
#include "websocket.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool
net_http_bearer(const struct net_head *head, char out[NET_TOKEN_MAX + 1])
{
    struct net_text text = head->authorization;

    out[0] = '\0';
    if (text.at == NULL)
        return true;
    if (text.n <= 7 || text.n - 7 > NET_TOKEN_MAX || strncasecmp(text.at, "Bearer ", 7) != 0 ||
        memchr(text.at + 7, ' ', text.n - 7) != NULL)
        return false;
    memcpy(out, text.at + 7, text.n - 7);
    out[text.n - 7] = '\0';
    return true;
}

const char *
net_http_language(struct net_text text)
{
    for (size_t i = 0; text.at != NULL && i + 2 <= text.n; i++) {
        if (i > 0 && text.at[i - 1] != ' ' && text.at[i - 1] != ',')
            continue;
        if (strncasecmp(text.at + i, "zh", 2) == 0)
            return "zh";
        if (strncasecmp(text.at + i, "en", 2) == 0)
            return "en";
    }
    return NULL;
}

/* Is the page that sends this one of ours? A scheme is not compared: a proxy in front may end TLS.
 * "null", which hidden pages send, is never ours. */
bool
net_http_is_own_origin(const struct net_head *head)
{
    const char *host;
    size_t n;

    if (head->origin.at == NULL)
        return true;
    host = memmem(head->origin.at, head->origin.n, "://", 3);
    if (host == NULL)
        return false;
    host += 3;
    n = (size_t)(head->origin.at + head->origin.n - host);
    return n == head->host.n && strncasecmp(host, head->host.at, n) == 0;
}

void
net_http_deny_token(struct net_http *http)
{
    http->keep = false; /* whoever tries tokens connects for each of them */
    net_http_deny(http, 401, "this token is not valid here",
                  "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n");
}

bool
net_http_upgrade_admit(struct net_http *http)
{
    const struct net_head *head = &http->head;
    char accept[NET_WEBSOCKET_ACCEPT];

    if (head->is_old || !head->upgrades || !net_text_lists(head->upgrade, "websocket"))
        net_http_deny(http, 426, "a WebSocket, or POST",
                      "Upgrade: websocket\r\nConnection: Upgrade\r\n");
    else if (!net_text_is(head->websocket_version, "13"))
        net_http_deny(http, 426, "version 13 is spoken here", "Sec-WebSocket-Version: 13\r\n");
    else if (!net_websocket_accept(head->websocket_key, accept))
        net_http_deny(http, 400, "Sec-WebSocket-Key is not 16 bytes in base64", NULL);
    else if (head->chunked || head->length > 0)
        net_http_refuse(http, 400, "a handshake has no body");
    else
        return true;
    return false;
}

void
net_http_upgrade(struct net_http *http)
{
    char token[NET_TOKEN_MAX + 1], accept[NET_WEBSOCKET_ACCEPT], answer[192];
    int n;

    if (!net_http_bearer(&http->head, token)) {
        net_http_deny_token(http);
        return;
    }
    (void)net_websocket_accept(http->head.websocket_key, accept);
    http->websocket =
        net_websocket_new(http->site, &http->wire, token, net_http_language(http->head.language));
    if (http->websocket == NULL) {
        net_http_refuse(http, 503, "out of memory");
        return;
    }
    n = snprintf(answer, sizeof answer,
                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                 "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                 accept);
    http->status = 101;
    http->wire.send(http->wire.ctx, answer, (size_t)n);
}
