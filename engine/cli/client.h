/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small blocking client of the line protocol: one request at a time, its answer, and the
 * notifications that come between.
 */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include "status.h"
#include <jansson.h>

struct client;

/* Files (PEM) of TLS; NULL: whom the system trusts, no certificate of one's own. malloc'ed. */
struct client_tls {
    char *ca, *cert, *key;
};
void client_tls_deinit(struct client_tls *tls);
#define CLIENT_TLS "tls://"

/* server: "HOST:PORT", "[::1]:7480", the same behind "tls://", or the path of a Unix socket (it
 * holds a slash). tls may be NULL. SGN_UNAVAILABLE when nobody listens there, or TLS fails. */
enum sgn_status client_connect(const char *server, const struct client_tls *tls,
                               struct client **out, struct sgn_error *err) SGN_MUST_CHECK;
void client_free(struct client *client);

/*
 * Sends a request and waits for its answer. An error of the server comes back as the status
 * of its data.code with message and data; a connection that breaks before the answer, as
 * SGN_UNKNOWN_OUTCOME. params (borrowed) may be NULL. *result is a new reference.
 */
enum sgn_status client_call(struct client *client, const char *method, const json_t *params,
                            json_t **result, struct sgn_error *err) SGN_MUST_CHECK;

/*
 * Sends requests, [{"method", "params"}], as one batch and waits for their answers, in the same
 * order: *answers is [{"result"} or {"error"}], a new reference. client_error() reads such an
 * error.
 */
enum sgn_status client_batch(struct client *client, const json_t *requests, json_t **answers,
                             struct sgn_error *err) SGN_MUST_CHECK;
/* An error of the server as ours: its status, with message and data. */
enum sgn_status client_error(const json_t *error, struct sgn_error *err);

/* Waits for the next notification: {"method", "params"}, a new reference. SGN_UNAVAILABLE when the
 * server has closed the connection. */
enum sgn_status client_next(struct client *client, json_t **out,
                            struct sgn_error *err) SGN_MUST_CHECK;

#endif
