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

/* For OpenSSL: nobody is at the terminal. */
int net_tls_no_password(char *out, int n, int writing, void *ctx);

#endif
