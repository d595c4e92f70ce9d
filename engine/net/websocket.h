/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WebSocket (RFC 6455): each text message is a JSON text, each answer and each notification of a
 * watch is one. Binary messages are refused with 1003, broken frames with 1002, what is not UTF-8
 * with 1007, what is too large with 1009; who is closed for what rpc says, with 1008; when the
 * server stops, with 1001.
 *
 * Who has been silent for struct net_limits' beat_ms is sent a ping, and closed with 1008 when
 * nothing comes for pong_ms: the other side of a broken network never says that it is gone, and all
 * that is told to it would be kept until then.
 */
#ifndef NET_WEBSOCKET_H
#define NET_WEBSOCKET_H

#include "http.h"
#include "http_head.h"

#define NET_WEBSOCKET_ACCEPT 29 /* bytes of the answer to a key, with its NUL */

/* The answer to Sec-WebSocket-Key; false: that is not 16 bytes in base64. */
bool net_websocket_accept(struct net_text key, char out[NET_WEBSOCKET_ACCEPT]);

const struct net_protocol *net_websocket(void);
/* A connection behind its handshake; logs in when token is not "". NULL: out of memory. */
void *net_websocket_new(struct net_site *site, const struct net_wire *wire, const char *token,
                        const char *or_language);

#endif
