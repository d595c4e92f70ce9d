/* SPDX-License-Identifier: Apache-2.0 */
/* What net's TLS wants sent is sent, what comes is given to it, until it has something to say. */
#include "client_tls.h"
#include "tls.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define READ_BYTES 65536
#define OUT_MAX    ((size_t)128 * 1024 * 1024)

void
client_tls_deinit(struct client_tls *tls)
{
    free(tls->ca);
    free(tls->cert);
    free(tls->key);
    *tls = (struct client_tls){ 0 };
}

static enum sgn_status
broken(struct net_secret *secret, struct sgn_error *err)
{
    const char *why = net_secret_why(secret);

    if (strstr(why, "certificate required") != NULL || strstr(why, "handshake failure") != NULL)
        return sgn_fail(err, SGN_UNAVAILABLE,
                        "TLS failed: %s; if the server wants a certificate of yours, give it with "
                        "--cert and --key",
                        why);
    if (strstr(why, "verify") != NULL || strstr(why, "certificate") != NULL ||
        strstr(why, "mismatch") != NULL)
        return sgn_fail(err, SGN_UNAVAILABLE,
                        "the server's certificate is not to be trusted: %s; who has signed it can "
                        "be given with --ca FILE",
                        why);
    if (strstr(why, "wrong version number") != NULL)
        return sgn_fail(err, SGN_UNAVAILABLE,
                        "the server does not speak TLS: say --server HOST:PORT");
    return sgn_fail(err, SGN_UNAVAILABLE, "TLS failed: %s", why);
}

static enum sgn_status
send_plain(int fd, const char *bytes, size_t n, struct sgn_error *err)
{
    while (n > 0) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return sgn_fail(err, SGN_UNAVAILABLE, "the connection broke: %s", strerror(errno));
        bytes += sent;
        n -= (size_t)sent;
    }
    return SGN_OK;
}

enum sgn_status
client_tls_send(int fd, struct net_secret *secret, const char *bytes, size_t n,
                struct sgn_error *err)
{
    struct sgn_buf out;
    enum sgn_status st = SGN_OK;

    sgn_buf_init(&out, OUT_MAX);
    if ((n > 0 && sgn_buf_append(&out, bytes, n) != SGN_OK) ||
        !net_secret_seal(secret, &out, false))
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = send_plain(fd, out.bytes, out.len, err);
    sgn_buf_deinit(&out);
    return st;
}

enum sgn_status
client_tls_take(int fd, struct net_secret *secret, const char *bytes, size_t n,
                struct sgn_buf *plain, struct sgn_error *err)
{
    enum net_secret_state state = net_secret_receive(secret, bytes, n, plain);
    enum sgn_status st = client_tls_send(fd, secret, NULL, 0, err); /* alerts as well */

    if (state == NET_SECRET_BROKEN) {
        if (st != SGN_OK)
            sgn_error_clear(err);
        return broken(secret, err);
    }
    return st;
}

static enum sgn_status
shake_hands(int fd, struct net_secret *secret, struct sgn_error *err)
{
    char bytes[READ_BYTES];
    struct sgn_buf plain;
    enum sgn_status st = client_tls_send(fd, secret, NULL, 0, err);
    ssize_t n;

    sgn_buf_init(&plain, sizeof bytes);
    while (st == SGN_OK && !net_secret_is_open(secret)) {
        do {
            n = recv(fd, bytes, sizeof bytes, 0);
        } while (n < 0 && errno == EINTR);
        if (n <= 0)
            st = sgn_fail(err, SGN_UNAVAILABLE,
                          "TLS failed: the server closed the connection; does it speak TLS?");
        else
            st = client_tls_take(fd, secret, bytes, (size_t)n, &plain, err);
    }
    sgn_buf_deinit(&plain); /* a server says nothing before it is asked */
    return st;
}

enum sgn_status
client_tls_begin(int fd, const char *host, const struct client_tls *files, struct net_secret **out,
                 struct sgn_error *err)
{
    const struct net_tls_trust trust = { files->ca, files->cert, files->key };
    struct net_tls *tls = NULL;
    enum sgn_status st;

    *out = NULL;
    if ((files->cert != NULL) != (files->key != NULL))
        return sgn_fail(err, SGN_INVALID, "--cert and --key are given together or not at all");
    st = net_tls_trust_new(&trust, &tls, err);
    if (st != SGN_OK)
        return st;
    *out = net_secret_to(tls, host);
    net_tls_free(tls); /* the connection keeps what it needs of it */
    st = *out != NULL ? shake_hands(fd, *out, err) : sgn_nomem(err);
    if (st != SGN_OK) {
        net_secret_free(*out);
        *out = NULL;
    }
    return st;
}

void
client_tls_end(struct net_secret *secret)
{
    net_secret_free(secret);
}
