/* SPDX-License-Identifier: Apache-2.0 */
/* What tls.c (who is connected to) and tls_dial.c (who connects) share. */
#ifndef NET_TLS_INTERNAL_H
#define NET_TLS_INTERNAL_H

#include "tls.h"
#include <openssl/ssl.h>

struct net_tls {
    SSL_CTX *context;
};

struct net_secret {
    SSL *ssl;      /* owns both */
    BIO *in, *out; /* what has come, what is to be sent */
    bool ended;    /* our end was said */
    char why[120]; /* it broke; "": it has not */
};

/* A context of either side, with what holds for both: TLS 1.2 and later, nothing renegotiated or
 * compressed, and no password asked for. NULL: out of memory. */
struct net_tls *net_tls_make(const SSL_METHOD *method);

#endif
