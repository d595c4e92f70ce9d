/* SPDX-License-Identifier: Apache-2.0 */
/* The table of statuses, and errors. */
#include "status.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define X(name, number, code) SGN_##name,
static const enum sgn_status all[] = { SGN_STATUS_MAP(X) };
#undef X
#define COUNT (sizeof(all) / sizeof(all[0]))

/* Written out once more on purpose: clients depend on these numbers and words. */
static void
test_status_numbers_and_words_are_those_of_the_protocol(void **state)
{
    static const struct {
        enum sgn_status status;
        int number;
        const char *code;
    } rows[] = {
        { SGN_OK, 0, "ok" },
        { SGN_UNAUTHENTICATED, 1000, "unauthenticated" },
        { SGN_FORBIDDEN, 1001, "forbidden" },
        { SGN_NOT_FOUND, 1002, "not_found" },
        { SGN_CONFLICT, 1003, "conflict" },
        { SGN_INVALID, 1004, "invalid" },
        { SGN_NOT_NOW, 1005, "not_now" },
        { SGN_REFUSED, 1006, "refused" },
        { SGN_NEEDS_FIELDS, 1007, "needs_fields" },
        { SGN_RULE_ERROR, 1008, "rule_error" },
        { SGN_RULE_OVERRUN, 1009, "rule_overrun" },
        { SGN_TOO_LARGE, 1010, "too_large" },
        { SGN_OVERLOADED, 1011, "overloaded" },
        { SGN_UNAVAILABLE, 1012, "unavailable" },
        { SGN_UNKNOWN_OUTCOME, 1013, "unknown_outcome" },
        { SGN_PARSE, -32700, "parse" },
        { SGN_REQUEST, -32600, "request" },
        { SGN_METHOD, -32601, "method" },
        { SGN_PARAMS, -32602, "invalid" },
        { SGN_INTERNAL, -32603, "internal" },
        { SGN_NOMEM, -32603, "internal" },
        { SGN_NEEDS, -32603, "internal" },
    };

    (void)state;
    assert_int_equal(sizeof(rows) / sizeof(rows[0]), COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(all[i], rows[i].status);
        assert_int_equal(sgn_status_number(rows[i].status), rows[i].number);
        assert_string_equal(sgn_status_code(rows[i].status), rows[i].code);
    }
}

static void
test_status_numbers_are_unique_but_for_internal(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        for (size_t j = 0; j < i; j++)
            if (sgn_status_number(all[i]) != -32603)
                assert_int_not_equal(sgn_status_number(all[i]), sgn_status_number(all[j]));
}

static void
test_status_is_found_by_its_word(void **state)
{
    (void)state;
    assert_int_equal(sgn_status_of_code("refused"), SGN_REFUSED);
    assert_int_equal(sgn_status_of_code("invalid"), SGN_INVALID);
    assert_int_equal(sgn_status_of_code("no such word"), SGN_INTERNAL);
    assert_int_equal(sgn_status_of_code(NULL), SGN_INTERNAL);
    for (size_t i = 0; i < COUNT; i++)
        assert_string_equal(sgn_status_code(sgn_status_of_code(sgn_status_code(all[i]))),
                            sgn_status_code(all[i]));
}

static void
test_status_out_of_the_table_is_internal(void **state)
{
    (void)state;
    assert_int_equal(sgn_status_number((enum sgn_status)9999), -32603);
    assert_string_equal(sgn_status_code((enum sgn_status)9999), "internal");
}

static void
test_error_fail_replaces_what_was_there(void **state)
{
    struct sgn_error err = { 0 };

    (void)state;
    assert_int_equal(sgn_fail(&err, SGN_INVALID, "bad %s", "date"), SGN_INVALID);
    sgn_error_add(&err, "pointer", json_string("/params/due"));
    assert_string_equal(err.message, "bad date");
    assert_string_equal(json_string_value(json_object_get(err.data, "pointer")), "/params/due");
    /* An argument may be the old message. */
    assert_int_equal(sgn_fail(&err, SGN_REFUSED, "no: %s", err.message), SGN_REFUSED);
    assert_string_equal(err.message, "no: bad date");
    assert_int_equal(err.status, SGN_REFUSED);
    assert_null(err.data);
    sgn_error_clear(&err);
    assert_int_equal(err.status, SGN_OK);
    assert_string_equal(err.message, "");
}

static void
test_error_may_be_null_everywhere(void **state)
{
    (void)state;
    assert_int_equal(sgn_fail(NULL, SGN_CONFLICT, "x"), SGN_CONFLICT);
    assert_int_equal(sgn_nomem(NULL), SGN_NOMEM);
    sgn_error_add(NULL, "x", json_integer(1)); /* freed, says the leak checker */
    sgn_error_prefix(NULL, "x");
    sgn_error_clear(NULL);
    sgn_error_move(NULL, NULL);
}

static void
test_error_prefix_goes_first(void **state)
{
    struct sgn_error err = { 0 };

    (void)state;
    sgn_nomem(&err);
    sgn_error_prefix(&err, "teams/%s: ", "demo");
    assert_string_equal(err.message, "teams/demo: out of memory");
    assert_int_equal(err.status, SGN_NOMEM);
}

static void
test_error_messages_are_cut_and_stay_utf8(void **state)
{
    struct sgn_error err = { 0 };
    char text[3001];

    (void)state;
    for (size_t i = 0; i + 3 < sizeof(text); i += 3)
        memcpy(text + i, "\xe4\xb8\xad", 4);
    sgn_fail(&err, SGN_INVALID, "%s", text);
    /* 1023 bytes are 341 whole characters. */
    assert_int_equal(strlen(err.message), 1023);
    sgn_error_prefix(&err, "%s", "ab");
    assert_int_equal(strlen(err.message), 1023);
    /* Moved by two bytes, the last character lost its end. */
    assert_string_equal(err.message + 1019, "\xe4\xb8\xad?");
    sgn_fail(&err, SGN_INVALID, "bad \xff\xc3;");
    assert_string_equal(err.message, "bad ??;");
}

static void
test_error_move_empties_its_source(void **state)
{
    struct sgn_error from = { 0 };
    struct sgn_error to = { 0 };

    (void)state;
    sgn_fail(&to, SGN_INVALID, "old");
    sgn_error_add(&to, "a", json_integer(1));
    sgn_fail(&from, SGN_NOT_FOUND, "no such case");
    sgn_error_add(&from, "b", json_integer(2));
    sgn_error_move(&to, &from);
    assert_string_equal(to.message, "no such case");
    assert_int_equal(json_integer_value(json_object_get(to.data, "b")), 2);
    assert_null(json_object_get(to.data, "a"));
    assert_int_equal(from.status, SGN_OK);
    assert_null(from.data);
    sgn_error_move(NULL, &to);
    assert_null(to.data);
}

static void
test_missing_is_no_error_where_it_may_be(void **state)
{
    struct sgn_error err = { 0 };

    (void)state;
    sgn_fail(&err, SGN_NOT_FOUND, "no such case");
    sgn_error_add(&err, "b", json_integer(2));
    assert_int_equal(sgn_if_any(SGN_NOT_FOUND, &err), SGN_OK);
    assert_string_equal(err.message, "");
    assert_null(err.data);
    sgn_fail(&err, SGN_CONFLICT, "changed");
    assert_int_equal(sgn_if_any(SGN_CONFLICT, &err), SGN_CONFLICT);
    assert_string_equal(err.message, "changed");
    assert_int_equal(sgn_if_any(SGN_OK, &err), SGN_OK);
    assert_int_equal(sgn_if_any(SGN_NOT_FOUND, NULL), SGN_OK);
    sgn_error_clear(&err);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status_numbers_and_words_are_those_of_the_protocol),
        cmocka_unit_test(test_status_numbers_are_unique_but_for_internal),
        cmocka_unit_test(test_status_is_found_by_its_word),
        cmocka_unit_test(test_status_out_of_the_table_is_internal),
        cmocka_unit_test(test_error_fail_replaces_what_was_there),
        cmocka_unit_test(test_error_may_be_null_everywhere),
        cmocka_unit_test(test_error_prefix_goes_first),
        cmocka_unit_test(test_error_messages_are_cut_and_stay_utf8),
        cmocka_unit_test(test_error_move_empties_its_source),
        cmocka_unit_test(test_missing_is_no_error_where_it_may_be),
    };
    return cmocka_run_group_tests_name("base/status", tests, NULL, NULL);
}
