/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entry, format 1, against bytes that were put together and hashed by other means
 * (python3: hashlib and json with sorted keys).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "entry.h"
#include "json.h"
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define SHARED   "{\"entered\":[\"draft\"],\"opener\":\"mei\",\"states\":[\"draft\"]}"
#define INTERNAL "{\"fields\":{\"margin\":\"10.00\"},\"rev\":1}"
#define RULES    "abababababababababababababababababababababababababababababababab"
#define HASH     "ac6db65f12eaa8f123c1ebe3e3c56934e73882eb4c1c41029f2dc1e37d87adfc"
#define HEADER                                                                                     \
    "{\"actor\":\"mei\",\"at\":1767574800000,\"case\":\"CR-1\",\"case_prev\":null,\"case_seq\":1," \
    "\"channel\":\"line\",\"internal\":"                                                           \
    "\"3f1693b29dfbea9d066854fc63521f31166bdc5a805d60317805b3151f3dda8a\",\"kind\":\"open\","      \
    "\"on_behalf\":null,\"prev\":null,\"rules\":\"" RULES "\",\"seq\":1,\"shared\":"               \
    "\"eb879eabc30d4da70a317ff527f3ddc4091f53ae5b307b49899d8f39935e4b78\","                        \
    "\"team\":\"delivery\",\"v\":1}"

struct vector {
    unsigned char salts[2][SGN_SALT_BYTES];
    struct entry_check check;
};

static void
vector_init(struct vector *v)
{
    for (int i = 0; i < 2 * SGN_SALT_BYTES; i++)
        v->salts[i / SGN_SALT_BYTES][i % SGN_SALT_BYTES] = (unsigned char)i;
    v->check = (struct entry_check){ .header = HEADER,
                                     .header_n = strlen(HEADER),
                                     .shared = SHARED,
                                     .shared_n = strlen(SHARED),
                                     .internal = INTERNAL,
                                     .internal_n = strlen(INTERNAL),
                                     .hash = HASH,
                                     .shared_salt = v->salts[0],
                                     .internal_salt = v->salts[1],
                                     .team = "delivery",
                                     .prev_hash = "",
                                     .seq = 1 };
}

static enum sgn_status
verify(const struct vector *v, int *redacted)
{
    struct sgn_error err = { 0 };
    enum sgn_status status = entry_verify(&v->check, redacted, NULL, &err);

    assert_true(status == SGN_OK || err.message[0] != '\0');
    sgn_error_clear(&err);
    return status;
}

static void
test_entry_vector_is_accepted(void **state)
{
    struct vector v;
    int redacted = -1;

    (void)state;
    vector_init(&v);
    assert_int_equal(verify(&v, &redacted), SGN_OK);
    assert_int_equal(redacted, 0);
}

static void
test_entry_every_change_is_found(void **state)
{
    struct vector v;
    char *bytes;

    (void)state;
    vector_init(&v);
    bytes = strdup(HEADER);
    v.check.header = bytes;
    for (size_t i = 0; i < v.check.header_n; i++) {
        bytes[i] ^= 1;
        assert_int_equal(verify(&v, NULL), SGN_INVALID);
        bytes[i] ^= 1;
    }
    assert_int_equal(verify(&v, NULL), SGN_OK);
    free(bytes);
    vector_init(&v);
    v.check.internal = "{\"fields\":{\"margin\":\"10.01\"},\"rev\":1}";
    assert_int_equal(verify(&v, NULL), SGN_INVALID);
    vector_init(&v);
    v.salts[0][3] ^= 1;
    assert_int_equal(verify(&v, NULL), SGN_INVALID);
}

static void
test_entry_place_in_the_chain(void **state)
{
    struct vector v;

    (void)state;
    vector_init(&v);
    v.check.seq = 2;
    assert_int_equal(verify(&v, NULL), SGN_INVALID);
    vector_init(&v);
    v.check.prev_hash = HASH;
    assert_int_equal(verify(&v, NULL), SGN_INVALID);
    vector_init(&v);
    v.check.team = "other";
    assert_int_equal(verify(&v, NULL), SGN_INVALID);
    vector_init(&v);
    v.check.hash = RULES;
    assert_int_equal(verify(&v, NULL), SGN_INVALID);
}

static void
test_entry_redacted_part_is_told_apart(void **state)
{
    struct vector v;
    int redacted = 0;

    (void)state;
    vector_init(&v);
    v.check.shared = NULL;
    v.check.shared_salt = NULL;
    assert_int_equal(verify(&v, &redacted), SGN_OK);
    assert_int_equal(redacted, 1);
}

/* Headers that hash well and are still none of format 1. */
static void
test_entry_header_has_exactly_its_keys(void **state)
{
    static const char *const bad[] = {
        "{\"v\":1}",
        "[1]",
        "nothing",
        "{\"actor\":\"mei\" ,\"v\":1}",
        /* canonical, every key of the format, and one more */
        "{\"actor\":\"a\",\"at\":1,\"case\":null,\"case_prev\":null,\"case_seq\":null,"
        "\"channel\":\"line\",\"internal\":null,\"kind\":\"data\",\"more\":1,"
        "\"on_behalf\":null,\"prev\":null,\"rules\":null,\"seq\":1,\"shared\":null,"
        "\"team\":\"delivery\",\"v\":1}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct vector v;
        char hash[SGN_HASH_HEX];
        vector_init(&v);
        sgn_hash(SGN_HASH_HEADER, NULL, bad[i], strlen(bad[i]), hash);
        v.check.header = bad[i];
        v.check.header_n = strlen(bad[i]);
        v.check.hash = hash;
        v.check.shared = v.check.internal = NULL;
        assert_int_equal(verify(&v, NULL), SGN_INVALID);
    }
}

static void
test_entry_made_entries_verify_and_chain(void **state)
{
    struct entry_seal seal = { .team = "delivery",
                               .case_key = "CR-1",
                               .actor = "mei",
                               .channel = "line",
                               .kind = "open",
                               .rules = RULES,
                               .seq = 1,
                               .case_seq = 1,
                               .at = INT64_C(1767574800000) };
    json_t *shared = json_loads(SHARED, 0, NULL);
    json_t *nothing = json_object();
    struct entry first, second;
    struct sgn_error err = { 0 };
    struct entry_check check = { .team = "delivery", .prev_hash = "", .seq = 1 };
    json_t *header = NULL;

    (void)state;
    assert_int_equal(entry_make(&seal, shared, nothing, &first, &err), SGN_OK);
    assert_null(first.internal); /* a part with no item is null */
    assert_string_equal(first.shared, SHARED);
    check.header = first.header;
    check.header_n = strlen(first.header);
    check.shared = first.shared;
    check.shared_n = strlen(first.shared);
    check.shared_salt = first.shared_salt;
    check.hash = first.hash;
    assert_int_equal(entry_verify(&check, NULL, &header, &err), SGN_OK);
    assert_true(json_is_null(json_object_get(header, "internal")));
    json_decref(header);

    /* One that belongs to no case. */
    seal = (struct entry_seal){ .team = "delivery",
                                .actor = "system",
                                .channel = "engine",
                                .kind = "data",
                                .seq = 2,
                                .at = INT64_C(1767574800001),
                                .prev = first.hash };
    assert_int_equal(entry_make(&seal, NULL, shared, &second, &err), SGN_OK);
    check = (struct entry_check){ .header = second.header,
                                  .header_n = strlen(second.header),
                                  .internal = second.internal,
                                  .internal_n = strlen(second.internal),
                                  .internal_salt = second.internal_salt,
                                  .hash = second.hash,
                                  .team = "delivery",
                                  .prev_hash = first.hash,
                                  .seq = 2 };
    assert_int_equal(entry_verify(&check, NULL, &header, &err), SGN_OK);
    assert_true(json_is_null(json_object_get(header, "case_seq")));
    json_decref(header);
    entry_deinit(&first);
    entry_deinit(&second);
    json_decref(shared);
    json_decref(nothing);
}

static void
test_entry_refuses_what_cannot_be_hashed(void **state)
{
    struct entry_seal seal = { .team = "t", .actor = "a", .channel = "line", .kind = "data" };
    json_t *part = json_pack("{s:f}", "x", 1.5);
    struct entry entry;
    struct sgn_error err = { 0 };

    (void)state;
    assert_int_equal(entry_make(&seal, NULL, part, &entry, &err), SGN_INVALID);
    sgn_error_clear(&err);
    json_decref(part);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entry_vector_is_accepted),
        cmocka_unit_test(test_entry_every_change_is_found),
        cmocka_unit_test(test_entry_place_in_the_chain),
        cmocka_unit_test(test_entry_redacted_part_is_told_apart),
        cmocka_unit_test(test_entry_header_has_exactly_its_keys),
        cmocka_unit_test(test_entry_made_entries_verify_and_chain),
        cmocka_unit_test(test_entry_refuses_what_cannot_be_hashed),
    };

    if (sgn_hash_init(NULL) != SGN_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
