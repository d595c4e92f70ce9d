/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates: every byte of one is accounted for, and what it proves stands in its entries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "certificate.h"
#include "entry.h"
#include "json.h"
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define DIGEST_OF_NOTHING "0000000000000000000000000000000000000000000000000000000000000000"

struct world {
    unsigned char secret[SGN_SIGN_SECRET], pub[SGN_SIGN_PUBLIC];
    json_t *body;
    char hash[SGN_HASH_HEX]; /* of the last entry */
};

/* An entry of case C-1 behind the last one. */
static void
add_entry(struct world *w, const char *kind, json_t *shared_take)
{
    json_t *entries = json_object_get(w->body, "entries");
    int64_t number = (int64_t)json_array_size(entries) + 1;
    json_t *internal = json_pack("{s:s}", "comment", "INTERNAL");
    char salt[2 * SGN_SALT_BYTES + 1];
    struct entry entry;
    struct sgn_error err = { 0 };
    struct entry_seal seal = { .team = "t",
                               .case_key = "C-1",
                               .actor = "mei",
                               .channel = "line",
                               .kind = kind,
                               .rules = DIGEST_OF_NOTHING,
                               .prev = number > 1 ? DIGEST_OF_NOTHING : NULL,
                               .case_prev = number > 1 ? w->hash : NULL,
                               .seq = 10 + number,
                               .case_seq = number,
                               .at = 1000 * number };

    assert_int_equal(entry_make(&seal, shared_take, internal, &entry, &err), SGN_OK);
    sgn_hex(entry.shared_salt, SGN_SALT_BYTES, salt);
    json_array_append_new(entries,
                          json_pack("{s:s, s:s?, s:s?}", "header", entry.header, "shared",
                                    entry.shared, "salt", entry.shared != NULL ? salt : NULL));
    memcpy(w->hash, entry.hash, sizeof w->hash);
    entry_deinit(&entry);
    json_decref(internal);
    json_decref(shared_take);
}

/* Opened, talked about inside, agreed to. */
static int
set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    json_t *content =
        json_pack("{s:s, s:s, s:s, s:{s:s}, s:{}}", "case", "C-1", "workflow", "w", "rules",
                  DIGEST_OF_NOTHING, "fields", "body", "Ten “seats”", "files");
    char digest[SGN_HASH_HEX];
    struct sgn_error err = { 0 };

    assert_non_null(w);
    assert_int_equal(sgn_hash_init(&err), SGN_OK);
    sgn_sign_keypair(w->pub, w->secret);
    w->body = json_pack("{s:[], s:[O], s:{s:s}}", "entries", "contents", content, "said",
                        "language", "en");
    assert_int_equal(sgn_hash_json(SGN_HASH_BALLOT, content, digest, &err), SGN_OK);
    add_entry(w, "open", json_pack("{s:{s:s}}", "fields", "body", "Ten “seats”"));
    add_entry(w, "comment", NULL);
    add_entry(w, "vote",
              json_pack("{s:[{s:s, s:s, s:s, s:i, s:s}], s:[{s:s, s:i, s:{s:s}}], s:s}", "decided",
                        "approval", "asked", "person", "mei", "choice", "approve", "at", 3000,
                        "digest", digest, "round", "approval", "asked", "number", 1, "ended",
                        "outcome", "approved", "outcome", "agreed"));
    json_decref(content);
    *state = w;
    return 0;
}

static int
tear_down(void **state)
{
    struct world *w = *state;

    json_decref(w->body);
    free(w);
    return 0;
}

static void
seal_it(const struct world *w, bool page, struct sgn_buf *out)
{
    struct sgn_error err = { 0 };

    sgn_buf_init(out, CERTIFICATE_MAX);
    if (!page) {
        struct certificate_seal seal = { .secret = w->secret, .at = 5000 };
        assert_int_equal(certificate_seal(w->body, &seal, out, &err), SGN_OK);
        return;
    }
    assert_int_equal(sgn_buf_puts(out, "<!DOCTYPE html>\n<p>Ten “seats”</p>\n"), SGN_OK);
    assert_int_equal(certificate_seal_page(w->body, w->secret, 5000, out, &err), SGN_OK);
}

static enum sgn_status
check(const char *bytes, size_t n, const unsigned char *key, json_t **found)
{
    struct sgn_error err = { 0 };
    enum sgn_status status = certificate_verify(bytes, n, key, found, &err);

    sgn_error_clear(&err);
    return status;
}

static void
test_certificate_says_what_was_decided(void **state)
{
    const struct world *w = *state;
    struct sgn_buf out;
    json_t *found = NULL, *ballot;

    for (int page = 0; page < 2; page++) {
        seal_it(w, page, &out);
        assert_int_equal(check(out.bytes, out.len, w->pub, &found), SGN_OK);
        assert_string_equal(sgn_json_str(found, "case"), "C-1");
        assert_string_equal(sgn_json_str(found, "hash"), w->hash);
        assert_string_equal(sgn_json_str(found, "outcome"), "agreed");
        assert_int_equal(sgn_json_int(found, "decided_at", 0), 3000);
        assert_int_equal(sgn_json_int(found, "at", 0), 5000);
        assert_int_equal(sgn_json_int(found, "entries", 0), 3);
        assert_int_equal(sgn_json_true(found, "page"), page);
        ballot = json_array_get(json_object_get(found, "ballots"), 0);
        assert_string_equal(sgn_json_str(ballot, "person"), "mei");
        assert_string_equal(
            sgn_json_str(json_object_get(json_object_get(ballot, "content"), "fields"), "body"),
            "Ten “seats”");
        assert_null(strstr(out.bytes, "INTERNAL"));
        json_decref(found);
        sgn_buf_deinit(&out);
    }
}

/* In the JSON and in the page: a bit of every byte, each byte left out, and one put in. */
static void
test_certificate_finds_every_changed_byte(void **state)
{
    const struct world *w = *state;
    struct sgn_buf out;

    for (int page = 0; page < 2; page++) {
        char *other;
        seal_it(w, page, &out);
        other = malloc(out.len + 1);
        assert_non_null(other);
        for (size_t i = 0; i < out.len; i++) {
            json_t *found = NULL;
            memcpy(other, out.bytes, out.len);
            other[i] = (char)(other[i] ^ 1 << i % 8);
            assert_int_not_equal(check(other, out.len, NULL, &found), SGN_OK);
            memmove(other + i, out.bytes + i + 1, out.len - i - 1);
            assert_int_not_equal(check(other, out.len - 1, NULL, &found), SGN_OK);
        }
        for (size_t i = 0; i <= out.len; i++) {
            json_t *found = NULL;
            memcpy(other, out.bytes, i);
            other[i] = i % 2 == 0 ? ' ' : '\n';
            memcpy(other + i + 1, out.bytes + i, out.len - i);
            assert_int_not_equal(check(other, out.len + 1, NULL, &found), SGN_OK);
        }
        free(other);
        sgn_buf_deinit(&out);
    }
}

/* Sealed anew by whoever has the key: the chain alone tells what cannot be. */
static void
refused_when(const struct world *w, const char *what, json_t *body_take)
{
    struct world other = *w;
    struct sgn_buf out;
    json_t *found = NULL;

    other.body = body_take;
    seal_it(&other, false, &out);
    if (check(out.bytes, out.len, w->pub, &found) == SGN_OK)
        fail_msg("%s was not found", what);
    sgn_buf_deinit(&out);
    json_decref(body_take);
}

static void
test_certificate_follows_the_chain_whoever_signed(void **state)
{
    const struct world *w = *state;
    json_t *body = json_deep_copy(w->body), *entry;

    json_array_remove(json_object_get(body, "entries"), 1);
    refused_when(w, "an entry left out", body);
    body = json_deep_copy(w->body);
    json_array_remove(json_object_get(body, "entries"), 0);
    refused_when(w, "the first entry left out", body);
    body = json_deep_copy(w->body);
    entry = json_array_get(json_object_get(body, "entries"), 0);
    json_object_set_new(entry, "shared", json_string("{\"fields\":{\"body\":\"Nine\"}}"));
    refused_when(w, "another shared part", body);
    body = json_deep_copy(w->body);
    entry = json_array_get(json_object_get(body, "contents"), 0);
    json_object_set_new(json_object_get(entry, "fields"), "body", json_string("Nine"));
    refused_when(w, "a content that nobody agreed to", body);
    body = json_deep_copy(w->body);
    entry = json_array_get(json_object_get(body, "entries"), 2);
    json_object_set_new(entry, "shared", json_null());
    json_object_set_new(entry, "salt", json_null());
    refused_when(w, "a decision without its part", body);
}

static void
test_certificate_tells_what_was_redacted(void **state)
{
    const struct world *w = *state;
    struct world other = *w;
    struct sgn_buf out;
    json_t *found = NULL, *entry;

    other.body = json_deep_copy(w->body);
    entry = json_array_get(json_object_get(other.body, "entries"), 0);
    json_object_set_new(entry, "shared", json_null());
    json_object_set_new(entry, "salt", json_null());
    seal_it(&other, false, &out);
    assert_int_equal(check(out.bytes, out.len, w->pub, &found), SGN_OK);
    assert_int_equal(sgn_json_int(found, "redacted", 0), 1);
    json_decref(found);
    json_decref(other.body);
    sgn_buf_deinit(&out);
}

static void
test_certificate_of_another_key_is_told_apart(void **state)
{
    const struct world *w = *state;
    unsigned char pub[SGN_SIGN_PUBLIC], secret[SGN_SIGN_SECRET];
    struct sgn_buf out;
    json_t *found = NULL;

    sgn_sign_keypair(pub, secret);
    seal_it(w, false, &out);
    assert_int_equal(check(out.bytes, out.len, pub, &found), SGN_INVALID);
    assert_int_equal(check(out.bytes, out.len, NULL, &found), SGN_OK);
    json_decref(found);
    sgn_buf_deinit(&out);
}

static void
test_certificate_refuses_what_is_none(void **state)
{
    static const char *const texts[] = {
        "",
        "\n",
        "{}\n",
        "[]\n",
        "null\n",
        "{\"contents\":[]}\n",
        CERTIFICATE_BEGIN,
        CERTIFICATE_BEGIN CERTIFICATE_END,
        "<p>" CERTIFICATE_BEGIN "e30K" CERTIFICATE_END,
        "{\"contents\":[],\"entries\":[],\"key\":null,\"said\":{},\"signature\":null,\"statement\":"
        "{}}\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_t *found = NULL;
        assert_int_equal(check(texts[i], strlen(texts[i]), NULL, &found), SGN_INVALID);
        assert_null(found);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_certificate_says_what_was_decided, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_certificate_finds_every_changed_byte, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_certificate_follows_the_chain_whoever_signed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_certificate_tells_what_was_redacted, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_certificate_of_another_key_is_told_apart, set_up,
                                        tear_down),
        cmocka_unit_test(test_certificate_refuses_what_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
