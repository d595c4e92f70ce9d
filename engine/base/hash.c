/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hashes, random bytes, tokens and signatures. The only file that knows libsodium.
 *
 * SHA-256 is libcrypto's, which uses the processor's own instructions for it where there are some:
 * an entry is hashed three times. Its calls of old are used, which OpenSSL 3 would rather have
 * replaced by those that look a method up by name: that alone costs as much as hashing a header.
 *
 * Never compares secrets itself: callers look up by hash.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "hash.h"
#include "json.h"
#include <openssl/sha.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(SGN_HASH_BYTES == SHA256_DIGEST_LENGTH, "SHA-256");
_Static_assert(sizeof(struct sgn_sha256) >= sizeof(SHA256_CTX), "SHA-256");
_Static_assert(_Alignof(struct sgn_sha256) >= _Alignof(SHA256_CTX), "SHA-256");
_Static_assert(SGN_SIGN_PUBLIC == crypto_sign_PUBLICKEYBYTES, "ed25519 public key");
_Static_assert(SGN_SIGN_SECRET == crypto_sign_SECRETKEYBYTES, "ed25519 secret key");
_Static_assert(SGN_SIGN_BYTES == crypto_sign_BYTES, "ed25519 signature");

#define TOKEN_BYTES  32
#define TOKEN_PREFIX "sgn_"

/* Once at start: libsodium falls back to slow code, or to none, when it was never initialised. */
enum sgn_status
sgn_hash_init(struct sgn_error *err)
{
    /* 1 means that it was initialised before, which is fine. */
    if (sodium_init() < 0)
        return sgn_fail(err, SGN_INTERNAL, "libsodium cannot start: no source of randomness");
    return SGN_OK;
}

static void
hash_finish(SHA256_CTX *state, char out[SGN_HASH_HEX])
{
    unsigned char digest[SGN_HASH_BYTES];

    SHA256_Final(digest, state);
    sgn_hex(digest, sizeof(digest), out);
}

/* The domain's byte comes first, as in RFC 6962: what was hashed as one kind of thing can never
 * be shown as another. The salt keeps a part that has been erased from being guessed by its
 * hash. */
void
sgn_hash(enum sgn_hash_domain domain, const unsigned char salt[SGN_SALT_BYTES], const void *bytes,
         size_t n, char out[SGN_HASH_HEX])
{
    SHA256_CTX state;
    unsigned char first = (unsigned char)domain;

    SHA256_Init(&state);
    SHA256_Update(&state, &first, 1);
    if (salt != NULL)
        SHA256_Update(&state, salt, SGN_SALT_BYTES);
    SHA256_Update(&state, bytes, n);
    hash_finish(&state, out);
}

/* Over the canonical form: jansson's own text depends on how a value was made. */
enum sgn_status
sgn_hash_json(enum sgn_hash_domain domain, const json_t *value, char out[SGN_HASH_HEX],
              struct sgn_error *err)
{
    struct sgn_buf buf;
    enum sgn_status status;

    sgn_buf_init(&buf, SIZE_MAX);
    status = sgn_json_canonical(&buf, value, err);
    if (status == SGN_OK)
        sgn_hash(domain, NULL, buf.bytes, buf.len, out);
    sgn_buf_deinit(&buf);
    return status;
}

/* Without domain and salt: for tokens, which have 256 random bits, and for files, whose digest
 * other programs compute too. */
void
sgn_sha256(const void *bytes, size_t n, char out[SGN_HASH_HEX])
{
    SHA256_CTX state;

    SHA256_Init(&state);
    SHA256_Update(&state, bytes, n);
    hash_finish(&state, out);
}

void
sgn_sha256_init(struct sgn_sha256 *hash)
{
    SHA256_Init((SHA256_CTX *)(void *)hash->state);
}

void
sgn_sha256_add(struct sgn_sha256 *hash, const void *bytes, size_t n)
{
    SHA256_Update((SHA256_CTX *)(void *)hash->state, bytes, n);
}

void
sgn_sha256_end(struct sgn_sha256 *hash, char out[SGN_HASH_HEX])
{
    hash_finish((SHA256_CTX *)(void *)hash->state, out);
}

bool
sgn_sha256_file(const char *path, char out[SGN_HASH_HEX])
{
    FILE *file = fopen(path, "rb");
    char bytes[65536];
    struct sgn_sha256 hash;
    bool whole;
    size_t n;

    if (file == NULL)
        return false;
    sgn_sha256_init(&hash);
    while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
        sgn_sha256_add(&hash, bytes, n);
    whole = !ferror(file);
    if (whole)
        sgn_sha256_end(&hash, out);
    (void)fclose(file);
    return whole;
}

void
sgn_random(void *out, size_t n)
{
    randombytes_buf(out, n);
}

void
sgn_hex(const void *bytes, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = bytes;

    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[from[i] >> 4];
        out[2 * i + 1] = digits[from[i] & 15];
    }
    out[2 * n] = '\0';
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Small letters only, as sgn_hex() writes them: one value, one text. */
bool
sgn_unhex(const char *text, void *out, size_t n)
{
    return text != NULL && strlen(text) == 2 * n && sgn_unhex_front(text, out, n);
}

bool
sgn_unhex_front(const char *text, void *out, size_t n)
{
    unsigned char *to = out;

    for (size_t i = 0; i < n; i++) {
        int high = hex_digit(text[2 * i]);
        int low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        to[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

void
sgn_base64(const void *bytes, size_t n, char *out)
{
    sodium_bin2base64(out, SGN_BASE64_TEXT(n), bytes, n, sodium_base64_VARIANT_ORIGINAL);
}

/* Everything is consumed or it is refused: a tail that nobody looked at is where trouble hides. */
bool
sgn_unbase64(const char *text, size_t text_n, void *out, size_t max, size_t *n)
{
    const char *end = NULL;

    *n = 0;
    return sodium_base642bin(out, max, text, text_n, NULL, n, &end,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           end == text + text_n;
}

/* Random bits and nothing else: no time, no number, nothing to guess by. The prefix lets people
 * and secret scanners recognise one. */
void
sgn_token_new(char out[SGN_TOKEN_TEXT])
{
    const size_t prefix = sizeof(TOKEN_PREFIX) - 1;
    unsigned char bits[TOKEN_BYTES];

    sgn_random(bits, sizeof(bits));
    memcpy(out, TOKEN_PREFIX, prefix);
    sodium_bin2base64(out + prefix, SGN_TOKEN_TEXT - prefix, bits, sizeof(bits),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    /* The compiler may not leave this one out, as it may memset. */
    sodium_memzero(bits, sizeof(bits));
}

void
sgn_derive(const unsigned char key[64], const char *purpose, const char *id,
           char out[SGN_DERIVED_TEXT])
{
    unsigned char bits[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, key, SGN_SIGN_SECRET);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)purpose, strlen(purpose));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)"/", 1);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)id, strlen(id));
    crypto_auth_hmacsha256_final(&state, bits);
    sodium_bin2base64(out, SGN_DERIVED_TEXT, bits, sizeof(bits),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bits, sizeof(bits));
}

void
sgn_sign_keypair(unsigned char pub[SGN_SIGN_PUBLIC], unsigned char secret[SGN_SIGN_SECRET])
{
    crypto_sign_keypair(pub, secret);
}

/*
 * The bytes behind their domain byte. Ed25519 reads its message twice, so it has to lie in
 * one piece. Neither caller could say "no memory" in its answer, and a signature that was
 * not made must not look like one: the process ends.
 */
static unsigned char *
signed_bytes(const void *bytes, size_t n)
{
    unsigned char *message = n < SIZE_MAX ? malloc(n + 1) : NULL;

    if (message == NULL)
        abort();
    message[0] = SGN_HASH_SIGNED;
    if (n > 0)
        memcpy(message + 1, bytes, n);
    return message;
}

void
sgn_sign(const unsigned char secret[SGN_SIGN_SECRET], const void *bytes, size_t n,
         unsigned char out[SGN_SIGN_BYTES])
{
    unsigned char *message = signed_bytes(bytes, n);

    crypto_sign_detached(out, NULL, message, n + 1, secret);
    free(message);
}

bool
sgn_sign_verify(const unsigned char pub[SGN_SIGN_PUBLIC], const void *bytes, size_t n,
                const unsigned char sig[SGN_SIGN_BYTES])
{
    unsigned char *message = signed_bytes(bytes, n);
    bool good = crypto_sign_verify_detached(sig, message, n + 1, pub) == 0;

    free(message);
    return good;
}

void
sgn_sign_seed(const unsigned char seed[SGN_SIGN_SEED], unsigned char pub[SGN_SIGN_PUBLIC],
              unsigned char secret[SGN_SIGN_SECRET])
{
    crypto_sign_seed_keypair(pub, secret, seed);
}

void
sgn_sign_plain(const unsigned char secret[SGN_SIGN_SECRET], const void *bytes, size_t n,
               unsigned char out[SGN_SIGN_BYTES])
{
    crypto_sign_detached(out, NULL, bytes, n, secret);
}

/* In pieces: that form takes keys of any length. */
void
sgn_hmac_sha256(const void *key, size_t key_n, const void *bytes, size_t n,
                unsigned char out[SGN_HASH_BYTES])
{
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, key, key_n);
    crypto_auth_hmacsha256_update(&state, bytes, n);
    crypto_auth_hmacsha256_final(&state, out);
}

bool
sgn_same_secret(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}
