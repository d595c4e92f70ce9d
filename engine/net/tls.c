/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two BIOs of memory: what has come is put into the one, what is to be sent lies in the other after
 * every call. Reading goes on until nothing comes out: a record that is left inside would wait for
 * a byte that never comes.
 */
#include "tls_internal.h"
#include <errno.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORD_BYTES 16384

/* ---- certificates ---- */

/* Nobody is at the terminal of a server. */
static int
no_password(char *out, int n, int writing, void *ctx)
{
    (void)out;
    (void)n;
    (void)writing;
    (void)ctx;
    return -1;
}

struct net_tls *
net_tls_make(const SSL_METHOD *method)
{
    struct net_tls *tls = calloc(1, sizeof *tls);

    if (tls == NULL)
        return NULL;
    tls->context = SSL_CTX_new(method);
    if (tls->context == NULL) {
        free(tls);
        return NULL;
    }
    SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION);
    SSL_CTX_set_options(tls->context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_default_passwd_cb(tls->context, no_password);
    return tls;
}

/* HTTP/1.1 is all that is spoken to whoever asks by that name. */
static int
choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_n, const unsigned char *in,
                unsigned n, void *ctx)
{
    static const unsigned char ours[] = "\x08http/1.1";

    (void)ssl;
    (void)ctx;
    return SSL_select_next_proto((unsigned char **)out, out_n, ours, sizeof ours - 1, in, n) ==
                   OPENSSL_NPN_NEGOTIATED
               ? SSL_TLSEXT_ERR_OK
               : SSL_TLSEXT_ERR_NOACK;
}

/* OpenSSL's own words say least of what a person can do: which file, and what kind, says more. */
static enum sgn_status
refuse(const char *name, const char *path, const char *what, struct sgn_error *err)
{
    ERR_clear_error();
    return sgn_fail(err, SGN_INVALID, "%s = %s: %s", name, path, what);
}

static enum sgn_status
check_file(const char *name, const char *path, bool secret, struct sgn_error *err)
{
    struct stat st;
    FILE *file = fopen(path, "re");

    if (file == NULL && errno == EACCES)
        return sgn_fail(err, SGN_INVALID,
                        "%s = %s: user %ld, as whom the server runs, may not read it: give it to "
                        "that user by chown, and keep the way to it open",
                        name, path, (long)geteuid());
    if (file == NULL)
        return refuse(name, path, strerror(errno), err);
    (void)fclose(file);
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return refuse(name, path, "is no file", err);
    if (secret && (st.st_mode & S_IRWXO) != 0)
        return refuse(name, path,
                      "everybody may read or write this key; take that away by chmod o=", err);
    return SGN_OK;
}

static enum sgn_status
load(SSL_CTX *context, const struct net_tls_files *files, struct sgn_error *err)
{
    enum sgn_status st = check_file("tls_certificate", files->certificate, false, err);

    if (st == SGN_OK)
        st = check_file("tls_key", files->key, true, err);
    if (st == SGN_OK && files->client_ca != NULL)
        st = check_file("tls_client_ca", files->client_ca, false, err);
    if (st != SGN_OK)
        return st;
    if (SSL_CTX_use_certificate_chain_file(context, files->certificate) != 1)
        return refuse("tls_certificate", files->certificate, "holds no certificate as PEM", err);
    if (SSL_CTX_use_PrivateKey_file(context, files->key, SSL_FILETYPE_PEM) != 1)
        return refuse("tls_key", files->key,
                      "holds no key without a password as PEM that fits to tls_certificate", err);
    if (SSL_CTX_check_private_key(context) != 1)
        return refuse("tls_key", files->key, "is not the key of tls_certificate", err);
    if (files->client_ca == NULL)
        return SGN_OK;
    if (SSL_CTX_load_verify_locations(context, files->client_ca, NULL) != 1)
        return refuse("tls_client_ca", files->client_ca, "holds no certificate as PEM", err);
    SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(files->client_ca));
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return SGN_OK;
}

enum sgn_status
net_tls_new(const struct net_tls_files *files, struct net_tls **out, struct sgn_error *err)
{
    struct net_tls *tls = net_tls_make(TLS_server_method());
    enum sgn_status st;

    *out = NULL;
    if (tls == NULL)
        return sgn_nomem(err);
    SSL_CTX_set_options(tls->context,
                        SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(tls->context, SSL_MODE_RELEASE_BUFFERS);
    /* Of TLS 1.2 only what keeps what was said secret when a key is lost later. */
    (void)SSL_CTX_set_cipher_list(tls->context, "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_alpn_select_cb(tls->context, choose_protocol, NULL);
    (void)SSL_CTX_set_session_id_context(tls->context, (const unsigned char *)"signoff", 7);
    st = load(tls->context, files, err);
    if (st != SGN_OK) {
        net_tls_free(tls);
        return st;
    }
    *out = tls;
    return SGN_OK;
}

int64_t
net_tls_ends(const struct net_tls *tls)
{
    const X509 *certificate = SSL_CTX_get0_certificate(tls->context);
    struct tm when;

    if (certificate == NULL || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &when) != 1)
        return 0;
    return (int64_t)timegm(&when) * 1000;
}

void
net_tls_free(struct net_tls *tls)
{
    if (tls == NULL)
        return;
    SSL_CTX_free(tls->context);
    free(tls);
}

/* ---- connections ---- */

struct net_secret *
net_secret_new(struct net_tls *tls)
{
    struct net_secret *secret = calloc(1, sizeof *secret);

    if (secret == NULL)
        return NULL;
    secret->ssl = SSL_new(tls->context);
    secret->in = BIO_new(BIO_s_mem());
    secret->out = BIO_new(BIO_s_mem());
    if (secret->ssl == NULL || secret->in == NULL || secret->out == NULL) {
        ERR_clear_error();
        SSL_free(secret->ssl);
        BIO_free(secret->in);
        BIO_free(secret->out);
        free(secret);
        return NULL;
    }
    SSL_set_bio(secret->ssl, secret->in, secret->out);
    SSL_set_accept_state(secret->ssl);
    return secret;
}

void
net_secret_free(struct net_secret *secret)
{
    if (secret == NULL)
        return;
    SSL_free(secret->ssl);
    free(secret);
}

bool
net_secret_is_open(const struct net_secret *secret)
{
    return SSL_is_init_finished(secret->ssl) != 0;
}

const char *
net_secret_why(const struct net_secret *secret)
{
    return secret->why;
}

/* A certificate that was refused is told best by who refused it; of the rest OpenSSL's latest
 * reason. */
static void
note_why(struct net_secret *secret)
{
    unsigned long error = ERR_peek_last_error();
    const char *reason = ERR_reason_error_string(error);
    long verified = SSL_get_verify_result(secret->ssl);

    if (verified != X509_V_OK)
        reason = X509_verify_cert_error_string(verified);
    snprintf(secret->why, sizeof secret->why, "%s", reason != NULL ? reason : "unknown");
}

enum net_secret_state
net_secret_receive(struct net_secret *secret, const char *bytes, size_t n, struct sgn_buf *plain)
{
    char piece[RECORD_BYTES];
    int got, why;

    if (BIO_write(secret->in, bytes, (int)n) != (int)n)
        return NET_SECRET_BROKEN;
    while ((got = SSL_read(secret->ssl, piece, sizeof piece)) > 0)
        if (sgn_buf_append(plain, piece, (size_t)got) != SGN_OK)
            return NET_SECRET_BROKEN;
    why = SSL_get_error(secret->ssl, got);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_ZERO_RETURN)
        note_why(secret);
    ERR_clear_error();
    return why == SSL_ERROR_WANT_READ     ? NET_SECRET_OPEN
           : why == SSL_ERROR_ZERO_RETURN ? NET_SECRET_EOF
                                          : NET_SECRET_BROKEN;
}

/* Memory takes all that is written to it, at once. */
bool
net_secret_seal(struct net_secret *secret, struct sgn_buf *out, bool last)
{
    bool fine = true;
    char *bytes;
    long n;

    if (SSL_is_init_finished(secret->ssl) && out->len > 0)
        fine = SSL_write(secret->ssl, out->bytes, (int)out->len) == (int)out->len;
    if (last && !secret->ended && SSL_is_init_finished(secret->ssl)) {
        secret->ended = true;
        (void)SSL_shutdown(secret->ssl);
    }
    ERR_clear_error();
    sgn_buf_reset(out);
    n = BIO_get_mem_data(secret->out, &bytes);
    if (n > 0)
        fine = sgn_buf_append(out, bytes, (size_t)n) == SGN_OK && fine;
    (void)BIO_reset(secret->out);
    return fine;
}
