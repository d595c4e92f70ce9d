/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes against FIPS 180 vectors, domains, hex, tokens, signatures. */
#include "hash.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int
setup(void **state)
{
    (void)state;
    return sgn_hash_init(NULL) == SGN_OK ? 0 : -1;
}

/* The vectors of FIPS 180-4's examples: empty, one block, two blocks, a million bytes. */
static void
test_sha256_agrees_with_fips_vectors(void **state)
{
    char out[SGN_HASH_HEX];
    char *million = malloc(1000000);

    (void)state;
    assert_non_null(million);
    sgn_sha256("", 0, out);
    assert_string_equal(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sgn_sha256("abc", 3, out);
    assert_string_equal(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sgn_sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, out);
    assert_string_equal(out, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    memset(million, 'a', 1000000);
    sgn_sha256(million, 1000000, out);
    assert_string_equal(out, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}

/* Expected values made with Python's hashlib over the domain byte, the salt and the bytes. */
static void
test_hash_begins_with_its_domain(void **state)
{
    unsigned char salt[SGN_SALT_BYTES];
    char out[SGN_HASH_HEX];

    (void)state;
    for (size_t i = 0; i < sizeof(salt); i++)
        salt[i] = (unsigned char)i;
    sgn_hash(SGN_HASH_HEADER, NULL, "", 0, out);
    assert_string_equal(out, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    sgn_hash(SGN_HASH_PART, salt, "part", 4, out);
    assert_string_equal(out, "d942b3b2c5a544e803a22fa589703b2298af1dfa68cd467c1fe390f6e4e03a3e");
}

static void
test_hash_json_hashes_the_canonical_form(void **state)
{
    struct sgn_error err = { 0 };
    char out[SGN_HASH_HEX];
    json_t *value = json_pack("{s:[], s:i}", "b", "a", 1);
    json_t *real = json_pack("[f]", 0.5);

    (void)state;
    assert_int_equal(sgn_hash_json(SGN_HASH_RULES, value, out, &err), SGN_OK);
    assert_string_equal(out, "6499cf344fc1379fd7e1c32f2067ba7829b6285da2edcb2e802953fc71a0a631");
    assert_int_equal(sgn_hash_json(SGN_HASH_RULES, real, out, &err), SGN_INVALID);
    sgn_error_clear(&err);
    json_decref(value);
    json_decref(real);
}

static void
test_hex_goes_there_and_back(void **state)
{
    const unsigned char bytes[] = { 0x00, 0x7f, 0x80, 0xff, 0x0a };
    unsigned char back[sizeof(bytes)];
    char text[2 * sizeof(bytes) + 1];

    (void)state;
    sgn_hex(bytes, sizeof(bytes), text);
    assert_string_equal(text, "007f80ff0a");
    assert_true(sgn_unhex(text, back, sizeof(back)));
    assert_memory_equal(back, bytes, sizeof(bytes));
    assert_false(sgn_unhex("007F80ff0a", back, sizeof(back)));
    assert_false(sgn_unhex("007f80ff0", back, sizeof(back)));
    assert_false(sgn_unhex("007f80ff0a0", back, sizeof(back)));
    assert_false(sgn_unhex("007f80ff0g", back, sizeof(back)));
    assert_true(sgn_unhex_front("007f80ff0ag", back, sizeof(back)));
    assert_false(sgn_unhex_front("007f80ff0g", back, sizeof(back)));
    assert_false(sgn_unhex(NULL, back, sizeof(back)));
}

/* FIPS 180-2 appendix B.2, cut at every place. */
static void
test_sha256_in_pieces_is_that_of_the_whole(void **state)
{
    static const char text[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    const size_t n = sizeof(text) - 1;

    (void)state;
    for (size_t cut = 0; cut <= n; cut++) {
        struct sgn_sha256 hash;
        char out[SGN_HASH_HEX];

        sgn_sha256_init(&hash);
        sgn_sha256_add(&hash, text, cut);
        sgn_sha256_add(&hash, text + cut, n - cut);
        sgn_sha256_end(&hash, out);
        assert_string_equal(out,
                            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    }
}

/* The vectors of RFC 4648 section 10. */
static void
test_base64_goes_there_and_back(void **state)
{
    static const char *const vectors[][2] = {
        { "", "" },
        { "f", "Zg==" },
        { "fo", "Zm8=" },
        { "foo", "Zm9v" },
        { "foob", "Zm9vYg==" },
        { "fooba", "Zm9vYmE=" },
        { "foobar", "Zm9vYmFy" },
    };
    char text[16], bytes[8];
    size_t n;

    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        const char *plain = vectors[i][0], *coded = vectors[i][1];

        assert_int_equal(SGN_BASE64_TEXT(strlen(plain)), strlen(coded) + 1);
        sgn_base64(plain, strlen(plain), text);
        assert_string_equal(text, coded);
        assert_true(sgn_unbase64(coded, strlen(coded), bytes, strlen(plain), &n));
        assert_int_equal(n, strlen(plain));
        assert_memory_equal(bytes, plain, n);
    }
}

static void
test_base64_refuses_what_it_would_not_write(void **state)
{
    static const char *const bad[] = { "Zg",     "Zg=",   "Zg===",    "Zh==", "Z",
                                       "Zm9v\n", "Zm 9v", "Zm9v====", "Zm-_", "Zg==Zg==" };
    char bytes[16];
    size_t n;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(sgn_unbase64(bad[i], strlen(bad[i]), bytes, sizeof(bytes), &n));
    assert_false(sgn_unbase64("Zm9v", 4, bytes, 2, &n)); /* no room */
}

static void
test_token_is_256_bits_of_base64url(void **state)
{
    char one[SGN_TOKEN_TEXT];
    char two[SGN_TOKEN_TEXT];

    (void)state;
    sgn_token_new(one);
    sgn_token_new(two);
    assert_memory_equal(one, "sgn_", 4);
    assert_int_equal(strlen(one), 4 + 43);
    assert_int_equal(strspn(one + 4, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                     "0123456789-_"),
                     43);
    assert_string_not_equal(one, two);
}

static void
test_sign_verifies_only_what_was_signed(void **state)
{
    unsigned char pub[SGN_SIGN_PUBLIC];
    unsigned char other[SGN_SIGN_PUBLIC];
    unsigned char secret[SGN_SIGN_SECRET];
    unsigned char unused[SGN_SIGN_SECRET];
    unsigned char sig[SGN_SIGN_BYTES];

    (void)state;
    sgn_sign_keypair(pub, secret);
    sgn_sign_keypair(other, unused);
    sgn_sign(secret, "head", 4, sig);
    assert_true(sgn_sign_verify(pub, "head", 4, sig));
    assert_false(sgn_sign_verify(pub, "Head", 4, sig));
    assert_false(sgn_sign_verify(pub, "hea", 3, sig));
    assert_false(sgn_sign_verify(other, "head", 4, sig));
    sig[0] ^= 1;
    assert_false(sgn_sign_verify(pub, "head", 4, sig));
    sgn_sign(secret, NULL, 0, sig);
    assert_true(sgn_sign_verify(pub, NULL, 0, sig));
}

/* Value made with OpenSSL over the bytes 04 68 65 61 64; the seed is 00 01 ... 1f. */
static void
test_sign_puts_its_domain_before_the_bytes(void **state)
{
    unsigned char secret[SGN_SIGN_SECRET];
    unsigned char sig[SGN_SIGN_BYTES];
    char text[2 * SGN_SIGN_BYTES + 1];

    (void)state;
    assert_true(sgn_unhex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                          "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
                          secret, sizeof(secret)));
    sgn_sign(secret, "head", 4, sig);
    sgn_hex(sig, sizeof(sig), text);
    assert_string_equal(text, "e7a9239486b5b03a213be28bde5f88548e7b84c915315355cda1b1ac45aea0ed"
                              "8d69efb4087df4c97cf2776110e0ff42358cb3d0df738bfe934c5442977d720b");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256_agrees_with_fips_vectors),
        cmocka_unit_test(test_hash_begins_with_its_domain),
        cmocka_unit_test(test_hash_json_hashes_the_canonical_form),
        cmocka_unit_test(test_hex_goes_there_and_back),
        cmocka_unit_test(test_sha256_in_pieces_is_that_of_the_whole),
        cmocka_unit_test(test_base64_goes_there_and_back),
        cmocka_unit_test(test_base64_refuses_what_it_would_not_write),
        cmocka_unit_test(test_token_is_256_bits_of_base64url),
        cmocka_unit_test(test_sign_verifies_only_what_was_signed),
        cmocka_unit_test(test_sign_puts_its_domain_before_the_bytes),
    };
    return cmocka_run_group_tests_name("base/hash", tests, setup, NULL);
}
