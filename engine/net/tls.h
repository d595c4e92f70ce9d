/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS 1.2 and 1.3 between a socket and what is spoken on it, by OpenSSL over memory: no call here
 * reads or writes a socket.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include "buf.h"
#include "status.h"

struct net_tls;    /* a certificate with its key, and whom it trusts */
struct net_secret; /* one connection */

/* PEM files. */
struct net_tls_files {
    const char *certificate; /* with the chain behind it; NULL: no TLS */
    const char *key;         /* not for everybody to read, without a password */
    const char *client_ca;   /* who signs the certificates that clients must have; NULL: they need
                                none */
};

/* SGN_INVALID names the file and what is wrong with it. */
enum sgn_status net_tls_new(const struct net_tls_files *files, struct net_tls **out,
                            struct sgn_error *err) SGN_MUST_CHECK;
/* When its certificate ends, ms since 1970; 0: it cannot be told. */
int64_t net_tls_ends(const struct net_tls *tls);
/* Connections that have begun keep what they began with. */
void net_tls_free(struct net_tls *tls);

struct net_secret *net_secret_new(struct net_tls *tls);
void net_secret_free(struct net_secret *secret);

/* The side that connects: to the server that has this name, or this address, in its certificate. */
struct net_tls_trust {
    const char *ca; /* who signs servers' certificates; NULL: whom the system trusts */
    const char *certificate, *key; /* its own, for who asks; NULL: none */
};
/* SGN_INVALID names the file and what is wrong with it. */
enum sgn_status net_tls_trust_new(const struct net_tls_trust *trust, struct net_tls **out,
                                  struct sgn_error *err) SGN_MUST_CHECK;
struct net_secret *net_secret_to(struct net_tls *tls, const char *host);

/* Is the handshake done? */
bool net_secret_is_open(const struct net_secret *secret);
/* Why it is broken, in OpenSSL's words; "": it is not. */
const char *net_secret_why(const struct net_secret *secret);

enum net_secret_state {
    NET_SECRET_OPEN,
    NET_SECRET_EOF,   /* the other side has said that it sends no more */
    NET_SECRET_BROKEN /* what comes is not TLS, or not of whom we trust */
};
/* Takes what has come; appends to plain what it says. Whatever the state, there may be something to
 * send. */
enum net_secret_state net_secret_receive(struct net_secret *secret, const char *bytes, size_t n,
                                         struct sgn_buf *plain);
/*
 * Turns what is in out into what is to be sent for it, with whatever TLS has to say itself; before
 * the handshake is done nothing can be said, and out is dropped. last: and its end. False: out of
 * memory.
 */
bool net_secret_seal(struct net_secret *secret, struct sgn_buf *out, bool last);

#endif
