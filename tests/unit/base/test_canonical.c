/* SPDX-License-Identifier: Apache-2.0 */
/* Canonical JSON against the text and examples of RFC 8785. */
#include "json.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
assert_canonical(const char *input, const char *expected)
{
    struct sgn_error err = { 0 };
    struct sgn_buf buf;
    json_t *value;

    sgn_buf_init(&buf, SIZE_MAX);
    assert_int_equal(sgn_json_parse(input, strlen(input), &value, &err), SGN_OK);
    assert_int_equal(sgn_json_canonical(&buf, value, &err), SGN_OK);
    assert_string_equal(buf.bytes, expected);
    assert_int_equal(buf.len, strlen(expected));
    json_decref(value);
    sgn_buf_deinit(&buf);
    sgn_error_clear(&err);
}

static void
assert_refused(const char *input, enum sgn_status status)
{
    struct sgn_error err = { 0 };
    struct sgn_buf buf;
    json_t *value;

    sgn_buf_init(&buf, SIZE_MAX);
    assert_int_equal(sgn_json_parse(input, strlen(input), &value, &err), SGN_OK);
    assert_int_equal(sgn_json_canonical(&buf, value, &err), status);
    assert_int_equal(err.status, status);
    json_decref(value);
    sgn_buf_deinit(&buf);
    sgn_error_clear(&err);
}

/* Section 3.2.2: the strings and literals of the sample. */
static void
test_canonical_writes_strings_and_literals(void **state)
{
    (void)state;
    assert_canonical("{\"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
                     " \"literals\": [null, true, false]}",
                     "{\"literals\":[null,true,false],"
                     "\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

/* Section 3.2.2.2: short escapes where there are, \u00xx in lower case, all else as it is. */
static void
test_canonical_escapes_only_what_it_must(void **state)
{
    (void)state;
    assert_canonical("\"\\u0008\\u0009\\u000a\\u000c\\u000d\"", "\"\\b\\t\\n\\f\\r\"");
    assert_canonical("\"\\u0001\\u001F\\u000B\"", "\"\\u0001\\u001f\\u000b\"");
    assert_canonical("\"\\u007f\\u2028/<\"", "\"\x7f\xe2\x80\xa8/<\"");
}

/* Section 3.2.3: keys in the order of their UTF-16 code units. */
static void
test_canonical_sorts_keys_by_utf16(void **state)
{
    (void)state;
    assert_canonical("{\"\\u20ac\": \"Euro Sign\",\n"
                     " \"\\r\": \"Carriage Return\",\n"
                     " \"\\ufb33\": \"Hebrew Letter Dalet With Dagesh\",\n"
                     " \"1\": \"One\",\n"
                     " \"\\ud83d\\ude00\": \"Emoji: Grinning Face\",\n"
                     " \"\\u0080\": \"Control\",\n"
                     " \"\\u00f6\": \"Latin Small Letter O With Diaeresis\"}",
                     "{\"\\r\":\"Carriage Return\","
                     "\"1\":\"One\","
                     "\"\xc2\x80\":\"Control\","
                     "\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\","
                     "\"\xe2\x82\xac\":\"Euro Sign\","
                     "\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\","
                     "\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

static void
test_canonical_sorts_prefixes_and_levels(void **state)
{
    (void)state;
    assert_canonical("{\"b\":{\"z\":1,\"a\":2},\"ab\":[{\"y\":1,\"x\":2}],\"a\":0,\"\":9,\"A\":1}",
                     "{\"\":9,\"A\":1,\"a\":0,\"ab\":[{\"x\":2,\"y\":1}],\"b\":{\"a\":2,\"z\":1}}");
    assert_canonical("[ ]", "[]");
    assert_canonical("{ }", "{}");
    assert_canonical("[[],{},\"\"]", "[[],{},\"\"]");
}

static void
test_canonical_writes_integers_within_2_53(void **state)
{
    (void)state;
    assert_canonical("[0,-0,-1,9007199254740991,-9007199254740991]",
                     "[0,0,-1,9007199254740991,-9007199254740991]");
    assert_refused("9007199254740992", SGN_INVALID);
    assert_refused("{\"a\":[-9007199254740992]}", SGN_INVALID);
}

static void
test_canonical_refuses_reals(void **state)
{
    (void)state;
    assert_refused("1.5", SGN_INVALID);
    assert_refused("[1.0]", SGN_INVALID);
    assert_refused("{\"a\":{\"b\":1e3}}", SGN_INVALID);
}

static void
test_canonical_stops_at_the_ceiling(void **state)
{
    struct sgn_error err = { 0 };
    struct sgn_buf buf;
    json_t *value = json_pack("{s:s}", "key", "a long value");

    (void)state;
    sgn_buf_init(&buf, 10);
    assert_int_equal(sgn_json_canonical(&buf, value, &err), SGN_TOO_LARGE);
    sgn_buf_deinit(&buf);
    sgn_error_clear(&err);
    json_decref(value);
}

static void
test_canonical_refuses_endless_depth(void **state)
{
    struct sgn_error err = { 0 };
    struct sgn_buf buf;
    json_t *value = json_array();

    (void)state;
    for (int i = 0; i < 1000; i++)
        value = json_pack("[o]", value);
    sgn_buf_init(&buf, SIZE_MAX);
    assert_int_equal(sgn_json_canonical(&buf, value, &err), SGN_TOO_LARGE);
    sgn_buf_deinit(&buf);
    sgn_error_clear(&err);
    json_decref(value);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_canonical_writes_strings_and_literals),
        cmocka_unit_test(test_canonical_escapes_only_what_it_must),
        cmocka_unit_test(test_canonical_sorts_keys_by_utf16),
        cmocka_unit_test(test_canonical_sorts_prefixes_and_levels),
        cmocka_unit_test(test_canonical_writes_integers_within_2_53),
        cmocka_unit_test(test_canonical_refuses_reals),
        cmocka_unit_test(test_canonical_stops_at_the_ceiling),
        cmocka_unit_test(test_canonical_refuses_endless_depth),
    };
    return cmocka_run_group_tests_name("base/canonical", tests, NULL, NULL);
}
