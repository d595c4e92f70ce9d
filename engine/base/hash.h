/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256, hex, base64, random bytes, keys and signatures, on libsodium and libcrypto.
 *
 * Every hash of ours begins with a byte that says what is hashed, so that no value of
 * one kind can be passed off as another (as RFC 6962 section 2.1 separates its nodes).
 */
#ifndef SGN_HASH_H
#define SGN_HASH_H

#include "status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sgn_hash_domain {
    SGN_HASH_HEADER = 0x00,  /* an entry's header */
    SGN_HASH_PART = 0x01,    /* 16 random bytes, then a part of an entry */
    SGN_HASH_BALLOT = 0x02,  /* what a ballot agrees to */
    SGN_HASH_RULES = 0x03,   /* a workflow version */
    SGN_HASH_SIGNED = 0x04,  /* what the site key signs (a prefix, not hashed) */
    SGN_HASH_REQUEST = 0x05, /* method and params of a remembered request */
    SGN_HASH_WHOLE = 0x06,   /* what a certificate holds */
    SGN_HASH_PAGE = 0x07,    /* the page of a certificate */
};

#define SGN_SALT_BYTES 16
#define SGN_HASH_BYTES 32
#define SGN_HASH_HEX   65 /* with its NUL */

/* Once per process, before any other call of this file. */
enum sgn_status sgn_hash_init(struct sgn_error *err) SGN_MUST_CHECK;

/* Lower-case hex of SHA-256(domain, salt, bytes); salt may be NULL. */
void sgn_hash(enum sgn_hash_domain domain, const unsigned char salt[SGN_SALT_BYTES],
              const void *bytes, size_t n, char out[SGN_HASH_HEX]);
/* Canonical JSON of value, hashed; fails as sgn_json_canonical does. */
enum sgn_status sgn_hash_json(enum sgn_hash_domain domain, const json_t *value,
                              char out[SGN_HASH_HEX], struct sgn_error *err) SGN_MUST_CHECK;
/* Plain SHA-256 of bytes, no domain: tokens and files. */
void sgn_sha256(const void *bytes, size_t n, char out[SGN_HASH_HEX]);

/* The same in pieces, for what does not fit into memory: init, any number of adds, one end. */
struct sgn_sha256 {
    uint64_t state[16]; /* as libcrypto keeps it */
};
void sgn_sha256_init(struct sgn_sha256 *hash);
void sgn_sha256_add(struct sgn_sha256 *hash, const void *bytes, size_t n);
void sgn_sha256_end(struct sgn_sha256 *hash, char out[SGN_HASH_HEX]);
/* Of a whole file; false, and out unchanged, when it cannot be read. */
bool sgn_sha256_file(const char *path, char out[SGN_HASH_HEX]);

void sgn_random(void *out, size_t n);
/* out needs 2n+1 bytes. */
void sgn_hex(const void *bytes, size_t n, char *out);
/* false unless text is exactly 2n lower-case hex digits. */
bool sgn_unhex(const char *text, void *out, size_t n);
/* The same of the first 2n bytes of a text, whatever stands behind them. */
bool sgn_unhex_front(const char *text, void *out, size_t n);

/* Bytes of the base64 text of n bytes (RFC 4648 section 4, padded), with its NUL. */
#define SGN_BASE64_TEXT(n) (((n) + 2) / 3 * 4 + 1)
void sgn_base64(const void *bytes, size_t n, char *out);
/* *n bytes into out, which has room for max; false unless it is exactly such a text (no white
 * space, its padding there, no stray bits) of at most max bytes. */
bool sgn_unbase64(const char *text, size_t text_n, void *out, size_t max, size_t *n);

/* A fresh token: "sgn_" and 256 random bits in base64url (no padding). */
#define SGN_TOKEN_TEXT 48
void sgn_token_new(char out[SGN_TOKEN_TEXT]);

/*
 * A secret that can be made again instead of being kept: HMAC-SHA-256 under the site's key of
 * "purpose/id", in base64url (no padding). Of another purpose or id it is another one, and it tells
 * nothing of the key.
 */
#define SGN_DERIVED_TEXT 44
void sgn_derive(const unsigned char key[64], const char *purpose, const char *id,
                char out[SGN_DERIVED_TEXT]);

/* ed25519. The secret file holds 64 bytes as hex and a newline. */
#define SGN_SIGN_PUBLIC 32
#define SGN_SIGN_SECRET 64
#define SGN_SIGN_BYTES  64
void sgn_sign_keypair(unsigned char pub[SGN_SIGN_PUBLIC], unsigned char secret[SGN_SIGN_SECRET]);
/* Signs SGN_HASH_SIGNED followed by the bytes. */
void sgn_sign(const unsigned char secret[SGN_SIGN_SECRET], const void *bytes, size_t n,
              unsigned char out[SGN_SIGN_BYTES]);
/* The same keys from 32 bytes that are kept instead of them, and a signature of these bytes alone:
 * for the forms that others have laid down. */
#define SGN_SIGN_SEED 32
void sgn_sign_seed(const unsigned char seed[SGN_SIGN_SEED], unsigned char pub[SGN_SIGN_PUBLIC],
                   unsigned char secret[SGN_SIGN_SECRET]);
void sgn_sign_plain(const unsigned char secret[SGN_SIGN_SECRET], const void *bytes, size_t n,
                    unsigned char out[SGN_SIGN_BYTES]);
/* HMAC-SHA256, RFC 2104. */
void sgn_hmac_sha256(const void *key, size_t key_n, const void *bytes, size_t n,
                     unsigned char out[SGN_HASH_BYTES]);
/* Are the n bytes the same? How long it takes does not tell where they differ. */
bool sgn_same_secret(const void *a, const void *b, size_t n);
bool sgn_sign_verify(const unsigned char pub[SGN_SIGN_PUBLIC], const void *bytes, size_t n,
                     const unsigned char sig[SGN_SIGN_BYTES]);

#endif
