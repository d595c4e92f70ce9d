/* SPDX-License-Identifier: Apache-2.0 */
/* What comes in by a hook, as values. Signatures are those that others have published. */
#include "hook.h"
#include "json.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Made by npm's standardwebhooks 1.1.1. */
#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define BODY   "{\"test\": 2432232314}"
#define AT     1614265330
#define SIGNED "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
/* "Validating webhook deliveries", GitHub's documentation. */
#define GITHUB_SECRET "It's a Secret to Everybody"
#define GITHUB_MAC    "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

static enum rpc_hook_verdict
verdict(const char *scheme, const char *secret, const char *body, int64_t now_s,
        const char *headers)
{
    json_t *json = json_loads(headers, 0, NULL);
    struct rpc_hook_sent sent = { body, strlen(body), json, now_s * 1000 };
    enum rpc_hook_verdict found;

    assert_non_null(json);
    found = rpc_hook_verify(scheme, secret, &sent);
    json_decref(json);
    return found;
}

#define STANDARD(id, at, signature)                                                                \
    "{\"webhook-id\": \"" id "\", \"webhook-timestamp\": \"" at                                    \
    "\", \"webhook-signature\": \"" signature "\"}"
#define MSG "msg_p5jXN8AQM9LWM0D4loKWxJek"

static void
test_hook_published_signatures_are_good(void **state)
{
    (void)state;
    assert_int_equal(verdict("standard", SECRET, BODY, AT, STANDARD(MSG, "1614265330", SIGNED)),
                     RPC_HOOK_GOOD);
    assert_int_equal(verdict("standard", SECRET, BODY, AT,
                             STANDARD(MSG, "1614265330", "v1a,AAAA v1,AAAA  " SIGNED)),
                     RPC_HOOK_GOOD);
    assert_int_equal(verdict("github", GITHUB_SECRET, "Hello, World!", 0,
                             "{\"x-hub-signature-256\": \"sha256=" GITHUB_MAC "\"}"),
                     RPC_HOOK_GOOD);
    assert_int_equal(verdict("bearer", "0123456789abcdef", "", 0,
                             "{\"authorization\": \"Bearer 0123456789abcdef\"}"),
                     RPC_HOOK_GOOD);
}

static void
test_hook_time_is_five_minutes_either_way(void **state)
{
    const char *headers = STANDARD(MSG, "1614265330", SIGNED);

    (void)state;
    assert_int_equal(verdict("standard", SECRET, BODY, AT + 300, headers), RPC_HOOK_GOOD);
    assert_int_equal(verdict("standard", SECRET, BODY, AT - 300, headers), RPC_HOOK_GOOD);
    assert_int_equal(verdict("standard", SECRET, BODY, AT + 301, headers), RPC_HOOK_STALE);
    assert_int_equal(verdict("standard", SECRET, BODY, AT - 301, headers), RPC_HOOK_STALE);
}

static void
test_hook_forged_is_whatever_is_not_signed_so(void **state)
{
    static const char *const standard[] = {
        "{}",
        STANDARD(MSG, "1614265330", ""),
        STANDARD(MSG, "1614265330", "v1"),
        STANDARD(MSG, "1614265330", "v1,"),
        STANDARD(MSG, "1614265330", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        STANDARD(MSG, "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF="),
        STANDARD(MSG, "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE"),
        STANDARD(MSG, "1614265331", SIGNED),
        STANDARD(MSG, "01614265330", SIGNED),
        STANDARD(MSG, "1614265330 ", SIGNED),
        STANDARD(MSG, "-1", SIGNED),
        STANDARD(MSG, "", SIGNED),
        STANDARD(MSG, "99999999999999999999", SIGNED),
        STANDARD("", "1614265330", SIGNED),
        STANDARD("msg_x", "1614265330", SIGNED),
        STANDARD(MSG ".1614265330", "1614265330", SIGNED),
        "{\"webhook-id\": 7, \"webhook-timestamp\": 1614265330, \"webhook-signature\": []}",
    };
    static const char *const github[] = {
        "{}",
        "{\"x-hub-signature-256\": \"" GITHUB_MAC "\"}",
        "{\"x-hub-signature-256\": \"sha1=" GITHUB_MAC "\"}",
        "{\"x-hub-signature-256\": \"sha256=757107ea\"}",
        "{\"x-hub-signature-256\": \"sha256=" GITHUB_MAC "0\"}",
        "{\"x-hub-signature-256\": \"sha256=" GITHUB_MAC ", sha256=" GITHUB_MAC "\"}",
        "{\"x-hub-signature\": \"sha256=" GITHUB_MAC "\"}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
        assert_int_equal(verdict("standard", SECRET, BODY, AT, standard[i]), RPC_HOOK_FORGED);
    for (size_t i = 0; i < sizeof github / sizeof *github; i++)
        assert_int_equal(verdict("github", GITHUB_SECRET, "Hello, World!", 0, github[i]),
                         RPC_HOOK_FORGED);
    assert_int_equal(verdict("standard", SECRET, BODY " ", AT, STANDARD(MSG, "1614265330", SIGNED)),
                     RPC_HOOK_FORGED);
    assert_int_equal(verdict("standard", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", BODY, AT,
                             STANDARD(MSG, "1614265330", SIGNED)),
                     RPC_HOOK_FORGED);
    /* A secret that is none lets nobody in, also not who signs with nothing. */
    assert_int_equal(verdict("standard", "whsec_", BODY, AT, STANDARD(MSG, "1614265330", SIGNED)),
                     RPC_HOOK_FORGED);
    assert_int_equal(verdict("bearer", "0123456789abcdef", "", 0, "{}"), RPC_HOOK_FORGED);
    assert_int_equal(
        verdict("bearer", "0123456789abcdef", "", 0, "{\"authorization\": \"0123456789abcdef\"}"),
        RPC_HOOK_FORGED);
    assert_int_equal(verdict("bearer", "0123456789abcdef", "", 0,
                             "{\"authorization\": \"Bearer 0123456789abcde\"}"),
                     RPC_HOOK_FORGED);
}

static void
expect_request(const char *scheme, const char *one, const char *body, const char *other,
               const char *other_body, bool same)
{
    json_t *a = json_loads(one, 0, NULL), *b = json_loads(other, 0, NULL);
    char first[SGN_HASH_HEX], second[SGN_HASH_HEX];

    rpc_hook_request("x", scheme, &(struct rpc_hook_sent){ body, strlen(body), a, 0 }, first);
    rpc_hook_request("x", scheme, &(struct rpc_hook_sent){ other_body, strlen(other_body), b, 0 },
                     second);
    assert_int_equal(strcmp(first, second) == 0, same);
    assert_int_equal(strlen(first), 64);
    json_decref(a);
    json_decref(b);
}

static void
test_hook_request_is_of_what_is_signed(void **state)
{
    char none[SGN_HASH_HEX];
    json_t *empty = json_object();

    (void)state;
    expect_request("standard", "{\"webhook-id\": \"a\"}", "1", "{\"webhook-id\": \"a\"}", "2",
                   true);
    expect_request("standard", "{\"webhook-id\": \"a\"}", "1", "{\"webhook-id\": \"b\"}", "1",
                   false);
    expect_request("github", "{\"x-github-delivery\": \"a\"}", "1", "{}", "1", true);
    expect_request("github", "{}", "1", "{}", "2", false);
    expect_request("bearer", "{\"idempotency-key\": \"a\"}", "1", "{\"webhook-id\": \"a\"}", "2",
                   true);
    rpc_hook_request("x", "bearer", &(struct rpc_hook_sent){ "1", 1, empty, 0 }, none);
    assert_string_equal(none, "");
    json_decref(empty);
}

static void
test_hook_secrets_must_be_hard_to_guess(void **state)
{
    (void)state;
    assert_null(rpc_hook_secret_wrong("standard", SECRET));
    assert_null(rpc_hook_secret_wrong("github", GITHUB_SECRET));
    assert_null(rpc_hook_secret_wrong("bearer", "0123456789abcdef"));
    assert_non_null(rpc_hook_secret_wrong("standard", GITHUB_SECRET));
    assert_non_null(rpc_hook_secret_wrong("standard", "whsec_AAAA"));
    assert_non_null(
        rpc_hook_secret_wrong("standard", "whsk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    assert_non_null(rpc_hook_secret_wrong("github", "0123456789abcde"));
    assert_non_null(rpc_hook_secret_wrong("bearer", GITHUB_SECRET));
    assert_non_null(rpc_hook_secret_wrong("github", "0123456789abcdef\n"));
}

static void
test_hook_functions_see_no_secret(void **state)
{
    json_t *headers = json_loads(
        "{\"x-github-event\": \"push\", \"ce-type\": \"t\", \"webhook-id\": \"i\", "
        "\"webhook-signature\": \"v1,\", \"x-hub-signature-256\": \"s\", \"x-gitlab-token\": "
        "\"t\", "
        "\"x-api-key\": \"k\", \"authorization\": \"Bearer x\", \"x-forwarded-for\": \"1.2.3.4\"}",
        0, NULL);
    json_t *shown = rpc_hook_shown(headers);
    char *text = json_dumps(shown, JSON_COMPACT | JSON_SORT_KEYS);

    (void)state;
    assert_string_equal(text,
                        "{\"ce-type\":\"t\",\"webhook-id\":\"i\",\"x-github-event\":\"push\"}");
    free(text);
    json_decref(headers);
    json_decref(shown);
}

static void
test_hook_fractions_are_text(void **state)
{
    const char *body = "{\"a\": [1, 12.5, 0.1, 1e2, -3.25e-3], \"b\": {\"c\": 1.10}, \"d\": 7}";
    struct sgn_error err = { 0 };
    json_t *value = NULL;
    char *text;

    (void)state;
    assert_int_equal(rpc_hook_body(body, strlen(body), &value, &err), SGN_OK);
    text = json_dumps(value, JSON_COMPACT);
    assert_string_equal(text, "{\"a\":[1,\"12.5\",\"0.1\",\"100\",\"-0.00325\"],"
                              "\"b\":{\"c\":\"1.1\"},\"d\":7}");
    free(text);
    json_decref(value);
}

/* The plan as text, or what is refused. */
static void
expect_plan(const char *does, const char *expected)
{
    json_t *json = json_loads(does, JSON_DECODE_ANY, NULL), *plan = NULL;
    struct sgn_error err = { 0 };
    enum sgn_status st = rpc_hook_plan(json, &plan, &err);
    char *text = st == SGN_OK ? json_dumps(plan, JSON_COMPACT | JSON_SORT_KEYS) : NULL;

    if (expected == NULL) {
        if (st != SGN_RULE_ERROR)
            fail_msg("%s is taken", does);
        assert_null(plan);
    } else {
        assert_int_equal(st, SGN_OK);
        assert_string_equal(text, expected);
    }
    free(text);
    sgn_error_clear(&err);
    json_decref(plan);
    json_decref(json);
}

static void
test_hook_plan_is_a_call(void **state)
{
    (void)state;
    expect_plan("{\"ignore\":\"why\"}", "{\"ignored\":\"why\"}");
    expect_plan(
        "{\"open\":\"issue\",\"fields\":[],\"project\":\"p\",\"comment\":\"c\",\"shared\":true}",
        "{\"method\":\"case.open\",\"params\":{\"comment\":\"c\",\"fields\":{},\"project\":"
        "\"p\",\"shared\":true,\"workflow\":\"issue\"}}");
    expect_plan(
        "{\"fire\":\"go\",\"case\":\"A-1\",\"data\":{\"n\":1},\"comment\":\"c\"}",
        "{\"method\":\"case.fire\",\"params\":{\"case\":\"A-1\",\"comment\":\"c\",\"data\":{"
        "\"n\":1},\"event\":\"go\"}}");
    expect_plan(
        "{\"comment\":\"c\",\"case\":{\"workflow\":\"w\",\"t\":1},\"otherwise\":{\"open\":\"w\"}}",
        "{\"find\":{\"fields\":{\"t\":1},\"workflow\":\"w\"},\"method\":\"case.comment\","
        "\"otherwise\":{\"method\":\"case.open\",\"params\":{\"workflow\":\"w\"}},"
        "\"params\":{\"text\":\"c\"}}");
}

static void
test_hook_plan_takes_nothing_else(void **state)
{
    static const char *const rows[] = {
        "{}",
        "[]",
        "null",
        "7",
        "\"ignore\"",
        "{\"ignore\":1}",
        "{\"ignore\":\"x\",\"case\":\"A-1\"}",
        "{\"open\":7}",
        "{\"open\":\"w\",\"case\":\"A-1\"}",
        "{\"open\":\"w\",\"fields\":[1]}",
        "{\"open\":\"w\",\"fields\":\"x\"}",
        "{\"open\":\"w\",\"on_behalf\":\"li\"}",
        "{\"open\":\"w\",\"request_id\":\"x\"}",
        "{\"open\":\"w\",\"shared\":1}",
        "{\"open\":\"w\",\"otherwise\":{\"ignore\":\"x\"}}",
        "{\"fire\":\"e\"}",
        "{\"fire\":\"e\",\"case\":7}",
        "{\"fire\":\"e\",\"case\":{}}",
        "{\"fire\":\"e\",\"case\":{\"workflow\":\"w\"}}",
        "{\"fire\":\"e\",\"case\":{\"t\":1,\"u\":2}}",
        "{\"fire\":\"e\",\"case\":\"A-1\",\"fields\":{}}",
        "{\"fire\":\"e\",\"case\":\"A-1\",\"otherwise\":{}}",
        "{\"fire\":\"e\",\"case\":\"A-1\",\"otherwise\":{\"fire\":\"e\",\"case\":\"A-1\","
        "\"otherwise\":{"
        "\"ignore\":\"x\"}}}",
        "{\"comment\":\"c\"}",
        "{\"comment\":\"c\",\"case\":\"A-1\",\"data\":{}}",
        "{\"method\":\"person.create\",\"params\":{}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_plan(rows[i], NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hook_published_signatures_are_good),
        cmocka_unit_test(test_hook_time_is_five_minutes_either_way),
        cmocka_unit_test(test_hook_forged_is_whatever_is_not_signed_so),
        cmocka_unit_test(test_hook_request_is_of_what_is_signed),
        cmocka_unit_test(test_hook_secrets_must_be_hard_to_guess),
        cmocka_unit_test(test_hook_functions_see_no_secret),
        cmocka_unit_test(test_hook_fractions_are_text),
        cmocka_unit_test(test_hook_plan_is_a_call),
        cmocka_unit_test(test_hook_plan_takes_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
