/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packed JSON and packed entries: every text comes out byte for byte or is not packed at all, and
 * bytes that a disk has changed do no harm.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hash.h"
#include "store_entry_pack.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BASE INT64_C(1795357407227)

static uint64_t
random_next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* ---- texts ---- */

/* Packs and unpacks; the packed length, 0: it was not packed. */
static size_t
round_trip(const char *text, size_t n)
{
    struct store_packer packer;
    struct store_packing packing;
    struct store_unpacking unpacking;
    struct sgn_buf packed, out;
    size_t length = 0;

    store_packer_init(&packer);
    sgn_buf_init(&packed, 1 << 20);
    sgn_buf_init(&out, 1 << 20);
    store_pack_begin(&packing, &packer, &packed, BASE);
    store_pack_know(&packing, "known");
    store_pack_know(&packing, NULL);
    if (store_pack_value(&packing, text, n)) {
        length = packed.len;
        store_unpack_begin(&unpacking, packed.bytes, packed.len, &out, BASE);
        store_unpack_know(&unpacking, "known");
        store_unpack_know(&unpacking, NULL);
        assert_true(store_unpack_value(&unpacking));
        assert_ptr_equal(unpacking.at, unpacking.end);
        assert_int_equal(out.len, n);
        assert_memory_equal(out.bytes, text, n);
    }
    sgn_buf_deinit(&packed);
    sgn_buf_deinit(&out);
    return length;
}

static void
test_pack_gives_back_every_kind_of_value(void **state)
{
    static const char *const texts[] = {
        "null",
        "true",
        "false",
        "{}",
        "[]",
        "\"\"",
        "\"a\"",
        "\"known\"",
        "[\"known\",\"known\"]",
        "0",
        "63",
        "64",
        "-1",
        "-64",
        "8191",
        "8192",
        "-8192",
        "-8193",
        "1795357407227",
        "1000000000000",
        "9999999999999",
        "10000000000000",
        "999999999999999999",
        "-999999999999999999",
        "9223372036854775807",
        "123456789012345678901234567890",
        "-0",
        "0.5",
        "-1.25e10",
        "1E-7",
        "00",
        "-",
        "1.",
        "[-,-]",
        "[2592000000,2592000000,1795357407228,1795357407228,1795357407227]",
        "{\"kind\":\"within\",\"within\":\"kind\",\"unheard\":\"unheard\",\"x\":{\"unheard\":1}}",
        "\"0123456789abcdef\"",
        "\"0123456789abcdeF\"",
        "\"0123456789abcde\"",
        "\"000000000000000000000000000000000000000000000000000000000000000f\"",
        "{\"d\":\"00112233445566778899aabbccddeeff00\",\"e\":"
        "\"00112233445566778899aabbccddeeff00\"}",
        "\"quote \\\" and backslash \\\\ and \\u0007\"",
        "{\"na\\\"me\":\"\\\\\"}",
        "\"text of thirty-one characters ...\"",
        "\"text of thirty-two characters ....\"",
        "[[[[[[[[[[{\"a\":[{\"b\":[]}]}]]]]]]]]]]",
        "\"会签\"",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (round_trip(texts[i], strlen(texts[i])) == 0)
            fail_msg("not packed: %s", texts[i]);
    }
}

static void
test_pack_leaves_alone_what_is_not_json_without_spaces(void **state)
{
    static const char *const texts[] = { "",         " 1",       "1 ",    "{ }",        "[1, 2]",
                                         "nul",      "nulll",    "\"a",   "\"a\\",      "{\"a\"}",
                                         "{\"a\":}", "{\"a\":1", "{1:1}", "[1",         "[1,",
                                         "[,]",      "]",        "x",     "{\"a\":1}}", "{,}" };
    char deep[200];

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(round_trip(texts[i], strlen(texts[i])), 0);
    memset(deep, '[', 100);
    memset(deep + 100, ']', 100);
    assert_int_equal(round_trip(deep, 200), 0);
    assert_true(round_trip(deep + 40, 120) > 0);
}

/* More texts than there are places for, first told and then named. */
static void
test_pack_of_more_texts_than_places_comes_out(void **state)
{
    char text[20000];
    size_t n = 0;

    (void)state;
    text[n++] = '[';
    for (int i = 0; i < 800; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s{\"n%d\":\"v%d\"}", i > 0 ? "," : "",
                              i % 200, i % 200);
    text[n++] = ']';
    assert_in_range(round_trip(text, n), 1, n * 3 / 4);
}

/* Any text at all, made of pieces that mean something. */
static void
test_pack_of_random_texts_comes_out_or_is_refused(void **state)
{
    static const char *const pieces[] = { "{",
                                          "}",
                                          "[",
                                          "]",
                                          ",",
                                          ":",
                                          "\"",
                                          "\\",
                                          "1",
                                          "-",
                                          "0",
                                          "null",
                                          "true",
                                          "kind",
                                          "team",
                                          "999",
                                          "abcd",
                                          "\"kind\"",
                                          "\"x\":",
                                          "{}",
                                          " ",
                                          "1795357407300",
                                          "e",
                                          ".",
                                          "\"00112233445566778899aabb\"" };
    uint64_t random = 7;
    int packed = 0;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        char text[200] = "";
        int n = 1 + (int)(random_next(&random) % 9);

        for (int i = 0; i < n; i++)
            strcat(text, pieces[random_next(&random) % (sizeof pieces / sizeof pieces[0])]);
        packed += round_trip(text, strlen(text)) > 0;
    }
    assert_true(packed > 1000);
}

static void
test_unpack_of_random_bytes_does_no_harm(void **state)
{
    uint64_t random = 11;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        unsigned char bytes[40];
        size_t n = random_next(&random) % sizeof bytes;
        struct store_unpacking unpacking;
        struct sgn_buf out;

        for (size_t i = 0; i < n; i++)
            bytes[i] = (unsigned char)(random_next(&random) >> 3);
        sgn_buf_init(&out, 500);
        store_unpack_begin(&unpacking, bytes, n, &out, INT64_MAX);
        store_unpack_know(&unpacking, "known");
        (void)store_unpack_value(&unpacking);
        assert_true(out.len <= 500 && unpacking.at <= unpacking.end);
        sgn_buf_deinit(&out);
    }
}

/* Names that say themselves again and again: as much as the buffer's ceiling, and no more. */
static void
test_unpack_of_few_bytes_that_say_much_stops_at_the_ceiling(void **state)
{
    unsigned char bytes[4000] = { PACK_ARRAY, PACK_TEXT, 100 };
    struct store_unpacking unpacking;
    struct sgn_buf out;

    (void)state;
    memset(bytes + 3, 'x', 100);
    memset(bytes + 103, PACK_SEEN, sizeof bytes - 104);
    bytes[sizeof bytes - 1] = PACK_END;
    sgn_buf_init(&out, 10000);
    store_unpack_begin(&unpacking, bytes, sizeof bytes, &out, 0);
    assert_false(store_unpack_value(&unpacking));
    assert_true(out.failed && out.len <= 10000);
    sgn_buf_deinit(&out);
}

static void
test_pack_words_are_what_they_always_were(void **state)
{
    char all[4096] = "", digest[SGN_HASH_HEX];

    (void)state;
    for (int i = 0; i < STORE_PACK_WORDS; i++) {
        strcat(all, store_pack_words[i]);
        strcat(all, "\n");
    }
    sgn_sha256(all, strlen(all), digest);
    assert_string_equal(digest, "abb536e761a801449ac067bd9ef61d91fc9aeacc4284a92130e0595ea5758bb9");
}

/* ---- entries ---- */

#define PREV "7a841416ecf0fa405e042ddaaf01022da3bf804f77ecab3e031b4008f3583e43"

/* As one is sealed: its parts' digests in its header, its hash over that. */
struct sealed {
    struct store_entry entry;
    char header[1024], hash[SGN_HASH_HEX];
    unsigned char salts[2][SGN_SALT_BYTES];
};

static void
digest_of(char out[70], const char *part, const unsigned char *salt)
{
    char hex[SGN_HASH_HEX];

    if (part == NULL) {
        strcpy(out, "null");
        return;
    }
    sgn_hash(SGN_HASH_PART, salt, part, strlen(part), hex);
    snprintf(out, 70, "\"%s\"", hex);
}

static void
seal(struct sealed *s, const char *shared, const char *internal, const char *request)
{
    char digests[2][70];

    *s = (struct sealed){ .entry = { .team = "demo",
                                     .seq = 12345,
                                     .case_key = "BN-91",
                                     .case_seq = 77,
                                     .previous = 12300,
                                     .at = BASE,
                                     .kind = "fire",
                                     .actor = "desk",
                                     .hash = s->hash,
                                     .request = request,
                                     .request_digest = request == NULL ? NULL : PREV } };
    sgn_random(s->salts, sizeof s->salts);
    digest_of(digests[0], shared, s->salts[0]);
    digest_of(digests[1], internal, s->salts[1]);
    snprintf(s->header, sizeof s->header,
             "{\"actor\":\"desk\",\"at\":1795357407227,\"case\":\"BN-91\",\"case_prev\":null,"
             "\"case_seq\":77,\"channel\":\"line\",\"internal\":%s,\"kind\":\"fire\","
             "\"on_behalf\":null,\"prev\":\"" PREV "\",\"rules\":\"" PREV "\",\"seq\":12345,"
             "\"shared\":%s,\"team\":\"demo\",\"v\":1}",
             digests[1], digests[0]);
    sgn_hash(SGN_HASH_HEADER, NULL, s->header, strlen(s->header), s->hash);
    s->entry.header = (struct store_bytes){ s->header, strlen(s->header) };
    if (shared != NULL) {
        s->entry.shared = (struct store_bytes){ shared, strlen(shared) };
        s->entry.shared_salt = s->salts[0];
    }
    if (internal != NULL) {
        s->entry.internal = (struct store_bytes){ internal, strlen(internal) };
        s->entry.internal_salt = s->salts[1];
    }
}

/* What a row of the table says beside the packed bytes. */
static enum sgn_status
unpacked(const struct store_entry *entry, const struct sgn_buf *bytes, struct store_entry_row *row,
         struct sgn_error *err)
{
    *row =
        (struct store_entry_row){ .team = strdup(entry->team),
                                  .case_key = strdup(entry->case_key),
                                  .kind = strdup(entry->kind),
                                  .actor = strdup(entry->actor),
                                  .request = entry->request == NULL ? NULL : strdup(entry->request),
                                  .seq = entry->seq,
                                  .case_seq = entry->case_seq,
                                  .previous = entry->previous,
                                  .at = entry->at };
    return store_entry_unpack(bytes->bytes, bytes->len, row, err);
}

static void
assert_bytes(const char *got, size_t got_n, const struct store_bytes *want)
{
    if (want->bytes == NULL) {
        assert_null(got);
        return;
    }
    assert_non_null(got);
    assert_int_equal(got_n, want->n);
    assert_memory_equal(got, want->bytes, want->n);
}

static const char internal_part[] =
    "{\"deadlines\":[{\"gone\":true,\"id\":\"d1\"},{\"armed_at\":1795357407227,\"due\":"
    "1797949407227,\"from\":1795357407227,\"id\":\"d2\",\"kind\":\"within\",\"name\":\"right\","
    "\"next\":1797949407227,\"order\":2,\"repeats\":0,\"rung\":0,\"state\":\"right\",\"total\":"
    "2592000000}],\"entered\":[\"right\"],\"event\":{\"data\":{\"amount\":50},\"name\":\"flip\"},"
    "\"left\":[\"left\"],\"rev\":2,\"states\":[\"right\"]}";

static void
test_pack_entry_gives_back_every_byte(void **state)
{
    static const char *const parts[] = { NULL, "{\"comment\":\"as agreed\"}", internal_part };
    struct store_packer packer;
    struct sgn_error err = { 0 };
    struct sgn_buf out;

    (void)state;
    store_packer_init(&packer);
    sgn_buf_init(&out, 1 << 20);
    for (int i = 0; i < 18; i++) {
        struct store_entry_row row;
        struct sealed s;

        seal(&s, parts[i % 3], parts[i / 3 % 3], i >= 9 ? "a request" : NULL);
        assert_true(store_entry_pack(&packer, &s.entry, &out));
        assert_int_equal(unpacked(&s.entry, &out, &row, &err), SGN_OK);
        assert_string_equal(row.hash, s.hash);
        assert_bytes(row.header, row.header_n, &s.entry.header);
        assert_bytes(row.shared, row.shared_n, &s.entry.shared);
        assert_bytes(row.internal, row.internal_n, &s.entry.internal);
        if (s.entry.request == NULL)
            assert_null(row.request_digest);
        else
            assert_string_equal(row.request_digest, PREV);
        if (row.shared != NULL)
            assert_memory_equal(row.shared_salt, s.salts[0], SGN_SALT_BYTES);
        if (row.internal != NULL)
            assert_memory_equal(row.internal_salt, s.salts[1], SGN_SALT_BYTES);
        store_entry_row_deinit(&row);
    }
    sgn_buf_deinit(&out);
}

/* Hash, salt, previous hash, rules and the request's digest are 144 bytes that nothing can shorten;
 * the rest, of 950, has to become a sixth. */
static void
test_pack_entry_is_a_third_as_long(void **state)
{
    struct store_packer packer;
    struct sgn_buf out;
    struct sealed s;

    (void)state;
    store_packer_init(&packer);
    sgn_buf_init(&out, 1 << 20);
    seal(&s, NULL, internal_part, "a request");
    assert_true(store_entry_pack(&packer, &s.entry, &out));
    assert_in_range(out.len, 144, 144 + (s.entry.header.n + s.entry.internal.n) / 6);
    sgn_buf_deinit(&out);
}

/* A part that was taken out since, whose digest nothing tells any more, and digests of other
 * bytes than are there: both come out as they went in. */
static void
test_pack_entry_keeps_digests_of_parts_that_are_not_there(void **state)
{
    struct store_packer packer;
    struct sgn_error err = { 0 };
    struct sgn_buf out;

    (void)state;
    store_packer_init(&packer);
    sgn_buf_init(&out, 1 << 20);
    for (int i = 0; i < 2; i++) {
        struct store_entry_row row;
        struct sealed s;

        seal(&s, "{\"comment\":\"a name\"}", internal_part, NULL);
        if (i == 0)
            s.entry.shared.bytes = s.entry.shared_salt = NULL;
        else
            s.salts[0][5] ^= 1;
        assert_true(store_entry_pack(&packer, &s.entry, &out));
        assert_int_equal(unpacked(&s.entry, &out, &row, &err), SGN_OK);
        assert_bytes(row.header, row.header_n, &s.entry.header);
        assert_bytes(row.shared, row.shared_n, &s.entry.shared);
        store_entry_row_deinit(&row);
    }
    sgn_buf_deinit(&out);
}

static void
test_pack_entry_of_another_form_is_left_alone(void **state)
{
    struct store_packer packer;
    struct sgn_buf out;
    struct sealed s;

    (void)state;
    store_packer_init(&packer);
    sgn_buf_init(&out, 1 << 20);
    seal(&s, NULL, internal_part, NULL);
    s.entry.header.n--;
    assert_false(store_entry_pack(&packer, &s.entry, &out));
    seal(&s, NULL, internal_part, NULL);
    memcpy(s.header, "{\"actor\": ", 10);
    assert_false(store_entry_pack(&packer, &s.entry, &out));
    seal(&s, NULL, internal_part, NULL);
    s.hash[0] = 'x';
    assert_false(store_entry_pack(&packer, &s.entry, &out));
    seal(&s, NULL, internal_part, "a request");
    s.entry.request_digest = "digest";
    assert_false(store_entry_pack(&packer, &s.entry, &out));
    seal(&s, NULL, internal_part, NULL);
    s.entry.internal.n--;
    assert_false(store_entry_pack(&packer, &s.entry, &out));
    seal(&s, NULL, internal_part, NULL);
    assert_true(store_entry_pack(&packer, &s.entry, &out));
    sgn_buf_deinit(&out);
}

/* Whatever bit changes: it is refused, or what comes out is not what was sealed. */
static void
test_unpack_entry_shows_every_bit_that_changed(void **state)
{
    struct store_packer packer;
    struct sgn_error err = { 0 };
    struct sgn_buf out;
    struct sealed s;
    int refused = 0;

    (void)state;
    store_packer_init(&packer);
    sgn_buf_init(&out, 1 << 20);
    seal(&s, "{\"comment\":\"as agreed\"}", internal_part, "a request");
    assert_true(store_entry_pack(&packer, &s.entry, &out));
    for (size_t i = 0; i < out.len * 8; i++) {
        struct store_entry_row row;
        char hash[SGN_HASH_HEX];

        out.bytes[i / 8] = (char)(out.bytes[i / 8] ^ (1 << i % 8));
        if (unpacked(&s.entry, &out, &row, &err) == SGN_INVALID) {
            assert_non_null(strstr(err.message, "team demo, entry 12345"));
            refused++;
        } else {
            sgn_hash(SGN_HASH_HEADER, NULL, row.header, row.header_n, hash);
            assert_true(strcmp(hash, row.hash) != 0 || strcmp(row.request_digest, PREV) != 0);
        }
        store_entry_row_deinit(&row);
        sgn_error_clear(&err);
        out.bytes[i / 8] = (char)(out.bytes[i / 8] ^ (1 << i % 8));
    }
    assert_true(refused > 100);
    sgn_buf_deinit(&out);
}

static void
test_unpack_entry_of_any_shorter_bytes_is_refused(void **state)
{
    struct store_packer packer;
    struct sgn_error err = { 0 };
    struct sgn_buf out;
    struct sealed s;

    (void)state;
    store_packer_init(&packer);
    sgn_buf_init(&out, 1 << 20);
    seal(&s, "{\"comment\":\"as agreed\"}", internal_part, "a request");
    assert_true(store_entry_pack(&packer, &s.entry, &out));
    while (out.len-- > 0) {
        struct store_entry_row row;

        assert_int_equal(unpacked(&s.entry, &out, &row, &err), SGN_INVALID);
        store_entry_row_deinit(&row);
        sgn_error_clear(&err);
    }
    out.len = 0;
    sgn_buf_deinit(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pack_gives_back_every_kind_of_value),
        cmocka_unit_test(test_pack_leaves_alone_what_is_not_json_without_spaces),
        cmocka_unit_test(test_pack_of_more_texts_than_places_comes_out),
        cmocka_unit_test(test_pack_of_random_texts_comes_out_or_is_refused),
        cmocka_unit_test(test_unpack_of_random_bytes_does_no_harm),
        cmocka_unit_test(test_unpack_of_few_bytes_that_say_much_stops_at_the_ceiling),
        cmocka_unit_test(test_pack_words_are_what_they_always_were),
        cmocka_unit_test(test_pack_entry_gives_back_every_byte),
        cmocka_unit_test(test_pack_entry_is_a_third_as_long),
        cmocka_unit_test(test_pack_entry_keeps_digests_of_parts_that_are_not_there),
        cmocka_unit_test(test_pack_entry_of_another_form_is_left_alone),
        cmocka_unit_test(test_unpack_entry_shows_every_bit_that_changed),
        cmocka_unit_test(test_unpack_entry_of_any_shorter_bytes_is_refused),
    };

    if (sgn_hash_init(NULL) != SGN_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
