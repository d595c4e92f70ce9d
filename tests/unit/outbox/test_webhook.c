/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bodies, signatures and the schedule of retries, against what Standard Webhooks has published:
 * the vectors of its reference libraries (standard-webhooks/standard-webhooks, libraries/), which
 * sign a body of their own. So the body is put where the format would put its own.
 */
#include "formats.h"
#include "hash.h"
#include "json.h"
#include "outbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ID   "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define AT   INT64_C(1614265330)
#define BODY "{\"test\": 2432232314}"

/* The value of a header that the format made. */
static const char *
header(const struct outbox_post *post, const char *name)
{
    size_t n = strlen(name);

    for (int i = 0; i < post->n_headers; i++)
        if (strncmp(post->headers[i], name, n) == 0 && strncmp(post->headers[i] + n, ": ", 2) == 0)
            return post->headers[i] + n + 2;
    return "";
}

static struct outbox_message
message(json_t *view_take)
{
    return (struct outbox_message){ .team = "delivery",
                                    .seq = 7,
                                    .id = ID,
                                    .kind = "fire",
                                    .subject = "CR-1",
                                    .at = "2026-01-05T09:00:00+08:00",
                                    .view = view_take };
}

static enum sgn_status
make(const struct outbox_message *m, const json_t *endpoint, int64_t now, struct outbox_post *post)
{
    struct outbox_making making = {
        .messages = m, .most = 1, .endpoint = endpoint, .now = now, .wall_s = AT
    };

    return outbox_format_webhook.make(&making, post, NULL);
}

/* The right signature of this body, by the published key; made here by the specification alone. */
static void
signed_by(const char *key, const struct outbox_post *post, char out[64])
{
    unsigned char bytes[64], mac[SGN_HASH_BYTES];
    struct sgn_buf text;
    size_t n;

    assert_true(sgn_unbase64(key, strlen(key), bytes, sizeof bytes, &n));
    sgn_buf_init(&text, 65536);
    sgn_buf_printf(&text, ID ".%lld.", (long long)AT);
    sgn_buf_append(&text, post->body.bytes, post->body.len);
    sgn_hmac_sha256(bytes, n, text.bytes, text.len, mac);
    sgn_buf_deinit(&text);
    strcpy(out, "v1,");
    sgn_base64(mac, sizeof mac, out + 3);
}

static void
test_hmac_gives_the_published_signature(void **state)
{
    static const char text[] = ID ".1614265330." BODY;
    unsigned char key[LANE_SECRET_MAX], mac[SGN_HASH_BYTES];
    char encoded[SGN_BASE64_TEXT(SGN_HASH_BYTES)];
    bool asymmetric;
    size_t n;

    (void)state;
    assert_true(lane_secret_bytes("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", key, &n, &asymmetric));
    assert_false(asymmetric);
    assert_int_equal(n, 24);
    sgn_hmac_sha256(key, n, text, strlen(text), mac);
    sgn_base64(mac, sizeof mac, encoded);
    assert_string_equal(encoded, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

static void
test_ed25519_gives_the_published_signature(void **state)
{
    static const char text[] = ID ".1614265330." BODY;
    unsigned char seed[LANE_SECRET_MAX], pub[SGN_SIGN_PUBLIC], pair[SGN_SIGN_SECRET];
    unsigned char signature[SGN_SIGN_BYTES];
    char encoded[SGN_BASE64_TEXT(SGN_SIGN_BYTES)];
    bool asymmetric;
    size_t n;

    (void)state;
    assert_true(lane_secret_bytes("whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=", seed, &n,
                                  &asymmetric));
    assert_true(asymmetric);
    sgn_sign_seed(seed, pub, pair);
    sgn_sign_plain(pair, text, strlen(text), signature);
    sgn_base64(signature, sizeof signature, encoded);
    assert_string_equal(encoded, "tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHe"
                                 "YGb7KaaBRdM5WqyeFiL8Ag==");
}

static void
test_a_request_is_a_signed_cloudevent(void **state)
{
    json_t *endpoint = json_pack("{s:s, s:s}", "url", "https://ci.example.com/in", "secret",
                                 "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    struct outbox_message m = message(json_pack("{s:i, s:s}", "seq", 7, "kind", "fire"));
    struct outbox_post post;
    char right[64];

    (void)state;
    outbox_post_init(&post);
    assert_int_equal(make(&m, endpoint, 0, &post), SGN_OK);
    assert_int_equal(post.told, 1);
    assert_string_equal(post.url, "https://ci.example.com/in");
    assert_string_equal(post.body.bytes,
                        "{\"specversion\":\"1.0\",\"id\":\"" ID "\",\"source\":\"/teams/delivery\","
                        "\"type\":\"signoff.fire\",\"subject\":\"CR-1\",\"time\":"
                        "\"2026-01-05T09:00:00+08:00\",\"datacontenttype\":\"application/json\","
                        "\"data\":{\"seq\":7,\"kind\":\"fire\"}}");
    assert_string_equal(header(&post, "Content-Type"), "application/cloudevents+json");
    assert_string_equal(header(&post, "webhook-id"), ID);
    assert_string_equal(header(&post, "webhook-timestamp"), "1614265330");
    signed_by("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &post, right);
    assert_string_equal(header(&post, "webhook-signature"), right);
    outbox_post_deinit(&post);
    json_decref(m.view);
    json_decref(endpoint);
}

/* Both keys sign until the old one's time is over, the new one first. */
static void
test_a_rotated_key_signs_for_its_time(void **state)
{
    json_t *endpoint =
        json_pack("{s:s, s:s, s:s, s:I}", "url", "https://h/", "secret",
                  "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "old_secret",
                  "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "old_until", (json_int_t)1000);
    struct outbox_message m = message(json_object());
    char first[64], second[64], both[160];
    struct outbox_post post;

    (void)state;
    outbox_post_init(&post);
    assert_int_equal(make(&m, endpoint, 999, &post), SGN_OK);
    signed_by("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &post, first);
    signed_by("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &post, second);
    snprintf(both, sizeof both, "%s %s", first, second);
    assert_string_equal(header(&post, "webhook-signature"), both);
    outbox_post_deinit(&post);
    outbox_post_init(&post);
    assert_int_equal(make(&m, endpoint, 1000, &post), SGN_OK);
    assert_string_equal(header(&post, "webhook-signature"), first);
    outbox_post_deinit(&post);
    json_decref(m.view);
    json_decref(endpoint);
}

/* spec/standard-webhooks.md: 24 to 64 bytes. */
static void
test_secrets_of_other_lengths_are_refused(void **state)
{
    unsigned char out[LANE_SECRET_MAX];
    char text[200] = "whsec_", made[LANE_SECRET_TEXT], pub[LANE_SECRET_TEXT];
    unsigned char bytes[66] = { 0 };
    bool asymmetric;
    size_t n;

    (void)state;
    for (size_t length = 0; length <= 66; length++) {
        sgn_base64(bytes, length, text + 6);
        assert_int_equal(lane_secret_bytes(text, out, &n, &asymmetric),
                         length >= 24 && length <= 64);
    }
    assert_false(lane_secret_bytes("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", out, &n, &asymmetric));
    assert_false(lane_secret_bytes("whsk_AAAA", out, &n, &asymmetric));
    lane_secret_new("hmac", made);
    assert_true(lane_secret_bytes(made, out, &n, &asymmetric) && n == 32 && !asymmetric);
    assert_false(lane_secret_public(made, pub));
    lane_secret_new("ed25519", made);
    assert_true(lane_secret_bytes(made, out, &n, &asymmetric) && n == 32 && asymmetric);
    assert_true(lane_secret_public(made, pub) && strncmp(pub, "whpk_", 5) == 0);
}

/* spec/standard-webhooks.md, "Retry schedule". */
static void
test_the_schedule_is_the_published_one(void **state)
{
    static const int64_t minutes[] = { 0, 5, 30, 120, 300, 600, 840, 1200, 1440 };

    (void)state;
    assert_int_equal(outbox_retry_ms(1), 5000);
    for (int n = 2; n <= 9; n++)
        assert_int_equal(outbox_retry_ms(n), minutes[n - 1] * 60000);
    assert_int_equal(outbox_retry_ms(10), 0);
    assert_int_equal(outbox_retry_ms(0), 0);
}

static void
test_answers_mean_what_the_standard_says(void **state)
{
    struct outbox_verdict verdict = { 0 };

    (void)state;
    for (int status = 100; status < 600; status++) {
        enum outbox_outcome outcome = outbox_judge(status, &verdict);

        assert_int_equal(outcome, status / 100 == 2 ? OUTBOX_DELIVERED
                                  : status == 410   ? OUTBOX_GONE
                                                    : OUTBOX_AGAIN);
    }
}

/* Whatever is written into a header, it stays one header. */
static void
test_a_header_never_becomes_two(void **state)
{
    struct outbox_post post;

    (void)state;
    outbox_post_init(&post);
    assert_int_equal(outbox_post_header(&post, NULL, "x", "%s", "a\r\ny: b"), SGN_INVALID);
    assert_int_equal(outbox_post_header(&post, NULL, "x", "%s", "a\nb"), SGN_INVALID);
    assert_int_equal(post.n_headers, 0);
    assert_int_equal(outbox_post_header(&post, NULL, "x", "%s", "a"), SGN_OK);
    assert_string_equal(post.headers[0], "x: a");
    outbox_post_deinit(&post);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hmac_gives_the_published_signature),
        cmocka_unit_test(test_ed25519_gives_the_published_signature),
        cmocka_unit_test(test_a_request_is_a_signed_cloudevent),
        cmocka_unit_test(test_a_rotated_key_signs_for_its_time),
        cmocka_unit_test(test_secrets_of_other_lengths_are_refused),
        cmocka_unit_test(test_the_schedule_is_the_published_one),
        cmocka_unit_test(test_answers_mean_what_the_standard_says),
        cmocka_unit_test(test_a_header_never_becomes_two),
    };

    if (sgn_hash_init(NULL) != SGN_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
