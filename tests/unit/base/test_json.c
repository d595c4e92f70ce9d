/* SPDX-License-Identifier: Apache-2.0 */
/* What the parser refuses, text, and reading with defaults. */
#include "json.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
assert_refused(const char *bytes, size_t n, enum sgn_status status)
{
    struct sgn_error err = { 0 };
    json_t *value = json_true();

    assert_int_equal(sgn_json_parse(bytes, n, &value, &err), status);
    assert_null(value);
    assert_int_equal(err.status, status);
    assert_int_not_equal(strlen(err.message), 0);
    sgn_error_clear(&err);
}

#define ASSERT_REFUSED(text, status) assert_refused(text, sizeof(text) - 1, status)

static void
assert_same(const char *text, const char *expected)
{
    json_t *value;
    char *back;

    assert_int_equal(sgn_json_parse(text, strlen(text), &value, NULL), SGN_OK);
    back = sgn_json_text(value);
    assert_string_equal(back, expected);
    free(back);
    json_decref(value);
}

static void
test_json_parse_takes_every_kind_of_value(void **state)
{
    (void)state;
    assert_same(" {\"z\":1,\"a\":[true,false,null,-5,\"x\"]} ",
                "{\"z\":1,\"a\":[true,false,null,-5,\"x\"]}");
    assert_same("7", "7");
    assert_same("\"\xe4\xb8\xad\\u6587\"", "\"\xe4\xb8\xad\xe6\x96\x87\"");
    assert_same("null", "null");
    assert_same("9223372036854775807", "9223372036854775807");
    assert_same("-9223372036854775808", "-9223372036854775808");
}

static void
test_json_parse_refuses_what_is_not_json(void **state)
{
    (void)state;
    ASSERT_REFUSED("", SGN_PARSE);
    ASSERT_REFUSED("  ", SGN_PARSE);
    ASSERT_REFUSED("{", SGN_PARSE);
    ASSERT_REFUSED("{\"a\":1,}", SGN_PARSE);
    ASSERT_REFUSED("{'a':1}", SGN_PARSE);
    ASSERT_REFUSED("[1 2]", SGN_PARSE);
    ASSERT_REFUSED("01", SGN_PARSE);
    ASSERT_REFUSED("nul", SGN_PARSE);
    ASSERT_REFUSED("NaN", SGN_PARSE);
    ASSERT_REFUSED("\"a\nb\"", SGN_PARSE);
    ASSERT_REFUSED("// a comment\n1", SGN_PARSE);
    ASSERT_REFUSED("\xef\xbb\xbf{}", SGN_PARSE); /* a byte order mark */
}

static void
test_json_parse_refuses_anything_after_the_value(void **state)
{
    (void)state;
    ASSERT_REFUSED("{} {}", SGN_PARSE);
    ASSERT_REFUSED("1,", SGN_PARSE);
    ASSERT_REFUSED("[]]", SGN_PARSE);
}

static void
test_json_parse_refuses_duplicate_keys(void **state)
{
    (void)state;
    ASSERT_REFUSED("{\"a\":1,\"a\":1}", SGN_PARSE);
    ASSERT_REFUSED("[{\"b\":{\"a\":1,\"\\u0061\":2}}]", SGN_PARSE);
}

static void
test_json_parse_refuses_nul(void **state)
{
    (void)state;
    ASSERT_REFUSED("\"a\0b\"", SGN_PARSE);
    ASSERT_REFUSED("{}\0", SGN_PARSE);
    ASSERT_REFUSED("\"a\\u0000b\"", SGN_PARSE);
    ASSERT_REFUSED("{\"a\\u0000b\":1}", SGN_PARSE);
}

static void
test_json_parse_refuses_bad_utf8(void **state)
{
    (void)state;
    ASSERT_REFUSED("\"\xff\"", SGN_PARSE);
    ASSERT_REFUSED("\"\xc0\xaf\"", SGN_PARSE);         /* overlong */
    ASSERT_REFUSED("\"\xed\xa0\x80\"", SGN_PARSE);     /* a surrogate */
    ASSERT_REFUSED("\"\xf4\x90\x80\x80\"", SGN_PARSE); /* beyond U+10FFFF */
    ASSERT_REFUSED("\"\xe4\xb8\"", SGN_PARSE);         /* cut short */
    ASSERT_REFUSED("\"\\ud800\"", SGN_PARSE);          /* half of a pair */
    ASSERT_REFUSED("\"\\udc00\\ud800\"", SGN_PARSE);   /* the wrong way round */
    ASSERT_REFUSED("{\"\xe4\xb8\":1}", SGN_PARSE);
}

static void
test_json_parse_refuses_integers_beyond_64_bits(void **state)
{
    (void)state;
    ASSERT_REFUSED("9223372036854775808", SGN_PARSE);
    ASSERT_REFUSED("[-9223372036854775809]", SGN_PARSE);
    ASSERT_REFUSED("1e999", SGN_PARSE);
}

static char *
nested(int levels, const char *open, const char *core, const char *close)
{
    struct sgn_buf buf;

    sgn_buf_init(&buf, SIZE_MAX);
    for (int i = 0; i < levels; i++)
        sgn_buf_puts(&buf, open);
    sgn_buf_puts(&buf, core);
    for (int i = 0; i < levels; i++)
        sgn_buf_puts(&buf, close);
    return sgn_buf_take(&buf);
}

static void
test_json_parse_refuses_depth_before_the_parser_runs(void **state)
{
    static const struct {
        int levels;
        const char *open;
        const char *core;
        const char *close;
        enum sgn_status status;
    } rows[] = {
        { 64, "[", "1", "]", SGN_OK },
        { 65, "[", "1", "]", SGN_TOO_LARGE },
        { 64, "{\"a\":", "1", "}", SGN_OK },
        { 65, "{\"a\":", "1", "}", SGN_TOO_LARGE },
        { 32, "[{\"[{\\\"\":", "\"[[[\"", "}]", SGN_OK },
        { 33, "[{\"a\":", "1", "}]", SGN_TOO_LARGE },
        { 1000000, "[", "", "", SGN_TOO_LARGE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *text = nested(rows[i].levels, rows[i].open, rows[i].core, rows[i].close);
        json_t *value;
        assert_non_null(text);
        assert_int_equal(sgn_json_parse(text, strlen(text), &value, NULL), rows[i].status);
        json_decref(value);
        free(text);
    }
    /* Breadth is not depth. */
    assert_same("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
                "[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
                "[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]",
                "[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
                "[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
                "[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]");
}

static void
test_json_append_is_all_or_nothing(void **state)
{
    struct sgn_buf buf;
    json_t *value = json_pack("{s:[i,i]}", "a", 1, 2);

    (void)state;
    sgn_buf_init(&buf, 20);
    assert_int_equal(sgn_buf_puts(&buf, "x"), SGN_OK);
    assert_int_equal(sgn_json_append(&buf, value), SGN_OK);
    assert_string_equal(buf.bytes, "x{\"a\":[1,2]}");
    assert_int_equal(sgn_json_append(&buf, value), SGN_TOO_LARGE);
    assert_string_equal(buf.bytes, "x{\"a\":[1,2]}");
    assert_true(buf.failed);
    assert_int_not_equal(sgn_json_append(&buf, value), SGN_OK);
    sgn_buf_deinit(&buf);
    json_decref(value);
}

static void
test_json_reading_has_defaults(void **state)
{
    json_t *value = json_pack("{s:s, s:i, s:b, s:n, s:[s,s,i]}", "s", "text", "i", 5, "b", 1, "n",
                              "list", "one", "two", 3);
    const json_t *list = json_object_get(value, "list");

    (void)state;
    assert_string_equal(sgn_json_str(value, "s"), "text");
    assert_null(sgn_json_str(value, "i"));
    assert_null(sgn_json_str(value, "n"));
    assert_null(sgn_json_str(NULL, "s"));
    assert_int_equal(sgn_json_int(value, "i", -1), 5);
    assert_int_equal(sgn_json_int(value, "s", -1), -1);
    assert_int_equal(sgn_json_int(NULL, "i", -1), -1);
    assert_true(sgn_json_true(value, "b"));
    assert_false(sgn_json_true(value, "i"));
    assert_false(sgn_json_true(value, "none"));
    assert_true(sgn_json_has(list, "two"));
    assert_false(sgn_json_has(list, "three"));
    assert_false(sgn_json_has(list, NULL));
    assert_false(sgn_json_has(NULL, "two"));
    json_decref(value);
}

static void
test_json_within_makes_what_is_not_there(void **state)
{
    json_t *value = json_object();
    json_t *made = sgn_json_within(value, "a"), *list = sgn_json_list_within(made, "b");

    (void)state;
    assert_int_equal(json_array_append_new(list, json_integer(1)), 0);
    assert_ptr_equal(sgn_json_within(value, "a"), made);
    assert_ptr_equal(sgn_json_list_within(made, "b"), list);
    assert_true(json_is_object(sgn_json_within(made, "b"))); /* what is another thing gives way */
    assert_int_equal(json_object_size(json_object_get(made, "b")), 0);
    assert_null(sgn_json_within(NULL, "a"));
    assert_null(sgn_json_list_within(NULL, "a"));
    json_decref(value);
}

static void
test_json_string_or_null(void **state)
{
    json_t *text = sgn_json_string_or_null("a");
    json_t *none = sgn_json_string_or_null(NULL);

    (void)state;
    assert_string_equal(json_string_value(text), "a");
    assert_true(json_is_null(none));
    json_decref(text);
    json_decref(none);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_parse_takes_every_kind_of_value),
        cmocka_unit_test(test_json_parse_refuses_what_is_not_json),
        cmocka_unit_test(test_json_parse_refuses_anything_after_the_value),
        cmocka_unit_test(test_json_parse_refuses_duplicate_keys),
        cmocka_unit_test(test_json_parse_refuses_nul),
        cmocka_unit_test(test_json_parse_refuses_bad_utf8),
        cmocka_unit_test(test_json_parse_refuses_integers_beyond_64_bits),
        cmocka_unit_test(test_json_parse_refuses_depth_before_the_parser_runs),
        cmocka_unit_test(test_json_append_is_all_or_nothing),
        cmocka_unit_test(test_json_reading_has_defaults),
        cmocka_unit_test(test_json_within_makes_what_is_not_there),
        cmocka_unit_test(test_json_string_or_null),
    };
    return cmocka_run_group_tests_name("base/json", tests, NULL, NULL);
}
