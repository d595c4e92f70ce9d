/* SPDX-License-Identifier: Apache-2.0 */
/* The side that connects: whom it trusts, and who it is. See tls.h. */
#include "tls_internal.h"
#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <unistd.h>

static enum sgn_status
refuse(const char *path, const char *what, struct sgn_error *err)
{
    ERR_clear_error();
    return sgn_fail(err, SGN_INVALID, "%s: %s", path, what);
}

/* OpenSSL does not tell a file that is missing from one that holds something else. */
static enum sgn_status
check_file(const char *path, struct sgn_error *err)
{
    return access(path, R_OK) == 0 ? SGN_OK : refuse(path, strerror(errno), err);
}

static enum sgn_status
load(SSL_CTX *context, const struct net_tls_trust *trust, struct sgn_error *err)
{
    enum sgn_status st = trust->ca != NULL ? check_file(trust->ca, err) : SGN_OK;

    if (st == SGN_OK && trust->certificate != NULL)
        st = check_file(trust->certificate, err);
    if (st == SGN_OK && trust->key != NULL)
        st = check_file(trust->key, err);
    if (st != SGN_OK)
        return st;
    if (trust->ca == NULL)
        (void)SSL_CTX_set_default_verify_paths(context);
    else if (SSL_CTX_load_verify_locations(context, trust->ca, NULL) != 1)
        return refuse(trust->ca, "holds no certificate as PEM", err);
    if (trust->certificate == NULL)
        return SGN_OK;
    if (SSL_CTX_use_certificate_chain_file(context, trust->certificate) != 1)
        return refuse(trust->certificate, "holds no certificate as PEM", err);
    if (SSL_CTX_use_PrivateKey_file(context, trust->key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1)
        return refuse(trust->key,
                      "holds no key without a password as PEM that fits to the certificate", err);
    return SGN_OK;
}

enum sgn_status
net_tls_trust_new(const struct net_tls_trust *trust, struct net_tls **out, struct sgn_error *err)
{
    struct net_tls *tls = net_tls_make(TLS_client_method());
    enum sgn_status st;

    *out = NULL;
    if (tls == NULL)
        return sgn_nomem(err);
    SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER, NULL);
    st = load(tls->context, trust, err);
    if (st != SGN_OK)
        net_tls_free(tls);
    else
        *out = tls;
    return st;
}

/* An address is looked for among addresses, a name among names, and only a name is said to the
 * other side beforehand (RFC 6066, 3). */
struct net_secret *
net_secret_to(struct net_tls *tls, const char *host)
{
    struct net_secret *secret = net_secret_new(tls);
    unsigned char bytes[sizeof(struct in6_addr)];
    bool fine;

    if (secret == NULL)
        return NULL;
    SSL_set_connect_state(secret->ssl);
    SSL_set_hostflags(secret->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1)
        fine = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(secret->ssl), host) == 1;
    else
        fine = SSL_set1_host(secret->ssl, host) == 1 &&
               SSL_set_tlsext_host_name(secret->ssl, host) == 1;
    (void)SSL_do_handshake(secret->ssl); /* the first words; what is missing comes */
    ERR_clear_error();
    if (fine)
        return secret;
    net_secret_free(secret);
    return NULL;
}
