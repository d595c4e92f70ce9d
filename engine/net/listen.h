/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses to listen on: text to socket address, and Unix socket files. */
#ifndef NET_LISTEN_H
#define NET_LISTEN_H

#include "status.h"
#include <sys/socket.h>

/* "127.0.0.1:7480", "[::1]:0", "localhost:7480", "*:7480". SGN_INVALID, SGN_UNAVAILABLE. */
enum sgn_status net_address(const char *text, struct sockaddr_storage *out,
                            struct sgn_error *err) SGN_MUST_CHECK;
int net_address_port(const struct sockaddr_storage *address);

/* Makes way for a socket at path: removes one that nobody listens on. SGN_UNAVAILABLE when
 * somebody does, or when something else lies there. */
enum sgn_status net_socket_path_free(const char *path, struct sgn_error *err) SGN_MUST_CHECK;
/* Mode 0600. 0, or a negative error number as libuv's. */
int net_socket_private(const char *path);

#endif
