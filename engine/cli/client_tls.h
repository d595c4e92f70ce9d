/* SPDX-License-Identifier: Apache-2.0 */
/* TLS of the client: a blocking socket with net's TLS on it. */
#ifndef CLI_CLIENT_TLS_H
#define CLI_CLIENT_TLS_H

#include "buf.h"
#include "client.h"

struct net_secret;

/* Shakes hands over a connected socket with the server of this name. SGN_UNAVAILABLE says what is
 * wrong with whom. */
enum sgn_status client_tls_begin(int fd, const char *host, const struct client_tls *files,
                                 struct net_secret **out, struct sgn_error *err) SGN_MUST_CHECK;
void client_tls_end(struct net_secret *secret);
enum sgn_status client_tls_send(int fd, struct net_secret *secret, const char *bytes, size_t n,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* Takes n bytes that have come; appends to plain what they say. */
enum sgn_status client_tls_take(int fd, struct net_secret *secret, const char *bytes, size_t n,
                                struct sgn_buf *plain, struct sgn_error *err) SGN_MUST_CHECK;

#endif
