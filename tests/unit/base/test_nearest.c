/* SPDX-License-Identifier: Apache-2.0 */
/* Did you mean: the nearest of the known words. */
#include "json.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const words[] = { "approve", "reject", "withdraw", "reopen", "within" };

static const char *
nearest(const char *text)
{
    return sgn_nearest(text, words, sizeof(words) / sizeof(words[0]));
}

static void
test_nearest_finds_one_slip(void **state)
{
    static const char *const four[] = { "open" };

    (void)state;
    assert_string_equal(nearest("aprove"), "approve");    /* left out */
    assert_string_equal(nearest("approovee"), "approve"); /* two put in */
    assert_string_equal(nearest("rejact"), "reject");     /* replaced */
    assert_string_equal(nearest("rejcet"), "reject");     /* swapped */
    assert_string_equal(nearest("reopen"), "reopen");
    assert_string_equal(nearest("witdhraw"), "withdraw");
    assert_string_equal(sgn_nearest("opne", four, 1),
                        "open"); /* a swap is one edit, four bytes admit one */
}

/* Five bytes admit one edit, six two. */
static void
test_nearest_keeps_to_a_third_of_the_length(void **state)
{
    static const char *const known[] = { "abcdef" };

    (void)state;
    assert_string_equal(sgn_nearest("abcdxy", known, 1), "abcdef");
    assert_null(sgn_nearest("abcxyz", known, 1));
    assert_string_equal(sgn_nearest("abcde", known, 1), "abcdef");
    assert_null(sgn_nearest("abcd", known, 1)); /* two edits, one allowed */
    assert_null(nearest("zzz"));
    assert_null(nearest(""));
    assert_null(nearest(NULL));
    assert_null(sgn_nearest("abcdef", NULL, 0));
}

static void
test_nearest_of_equals_is_the_first(void **state)
{
    static const char *const known[] = { "cat-b", "cat-c" };

    (void)state;
    assert_string_equal(sgn_nearest("cat-a", known, 2), "cat-b");
    assert_string_equal(sgn_nearest("cat-c", known, 2), "cat-c");
}

static void
test_nearest_survives_long_words(void **state)
{
    char text[1000];

    (void)state;
    memset(text, 'a', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    assert_null(nearest(text));
    text[64] = '\0';
    assert_null(nearest(text));
}

static void
test_nearest_reads_json_arrays(void **state)
{
    json_t *known = json_pack("[s,i,s]", "owner", 5, "opener");

    (void)state;
    assert_string_equal(sgn_nearest_json("openr", known), "opener");
    assert_null(sgn_nearest_json("x", known));
    assert_null(sgn_nearest_json("x", NULL));
    json_decref(known);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nearest_finds_one_slip),
        cmocka_unit_test(test_nearest_keeps_to_a_third_of_the_length),
        cmocka_unit_test(test_nearest_of_equals_is_the_first),
        cmocka_unit_test(test_nearest_survives_long_words),
        cmocka_unit_test(test_nearest_reads_json_arrays),
    };
    return cmocka_run_group_tests_name("base/nearest", tests, NULL, NULL);
}
