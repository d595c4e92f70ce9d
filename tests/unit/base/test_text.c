/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, names, case keys, UTF-8. */
#include "text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
test_key_is_a_letter_then_letters_digits_dashes(void **state)
{
    static const char *const good[] = { "a", "li", "demo-2", "a23456789012345678901234567890-z" };
    static const char *const bad[] = {
        "",    "2a",       "-a",
        "Li",  "a_b",      "a.b",
        "a b", "\xc3\xa4", "a23456789012345678901234567890-zz",
        "a\n", NULL,
    };

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(sgn_key_valid(good[i]));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(sgn_key_valid(bad[i]));
}

static void
test_name_also_has_dots_and_underscores(void **state)
{
    static const char *const good[] = { "a", "change_request", "review.client", "a1" };
    static const char *const bad[] = { "", "_a", "1a", "a-b", "A", "a B", NULL };
    char longest[66];

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(sgn_name_valid(good[i]));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(sgn_name_valid(bad[i]));
    memset(longest, 'a', sizeof(longest));
    longest[65] = '\0';
    assert_false(sgn_name_valid(longest));
    longest[64] = '\0';
    assert_true(sgn_name_valid(longest));
}

static void
test_case_key_is_a_prefix_and_a_number(void **state)
{
    static const char *const good[] = { "CR-1", "AB-42", "A2-10", "ABCDEFGH-999999999999999" };
    static const char *const bad[] = {
        "",     "CR",   "CR-",   "CR-0",  "CR-01", "C-1",  "ABCDEFGHI-1",
        "2C-1", "cr-1", "CR-1x", "CR--1", "CR-1 ", "CR 1", "CR-1234567890123456",
        "CR_1", NULL,
    };

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(sgn_case_key_valid(good[i]));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(sgn_case_key_valid(bad[i]));
}

/* The table of well-formed sequences, Unicode 15 section 3.9, at its edges. */
static void
test_utf8_takes_well_formed_sequences_only(void **state)
{
    static const char *const good[] = {
        "",
        "a",
        "\x7f",
        "\xc2\x80",
        "\xdf\xbf",
        "\xe0\xa0\x80",
        "\xed\x9f\xbf",
        "\xee\x80\x80",
        "\xef\xbf\xbf",
        "\xf0\x90\x80\x80",
        "\xf4\x8f\xbf\xbf",
    };
    static const char *const bad[] = {
        "\x80",
        "\xbf",
        "\xc0\x80",
        "\xc1\xbf",
        "\xc2",
        "\xc2z",
        "\xe0\x9f\xbf",
        "\xed\xa0\x80",
        "\xe4\xb8",
        "\xe4\xb8z",
        "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xf0\x90\x80",
        "\xff",
        "\xfe",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(sgn_utf8_valid(good[i], strlen(good[i])));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(sgn_utf8_valid(bad[i], strlen(bad[i])));
    assert_false(sgn_utf8_valid("a\0b", 3));
    /* wherever in a longer text the byte is */
    for (size_t at = 0; at < 24; at++) {
        static const unsigned char odd[] = { 0, 0x80, 0xc3, 0xff, 0x01, 0x7f };

        for (size_t i = 0; i < sizeof odd; i++) {
            char text[24];

            memset(text, 'x', sizeof text);
            text[at] = (char)odd[i];
            assert_int_equal(sgn_utf8_valid(text, sizeof text), odd[i] == 0x01 || odd[i] == 0x7f);
        }
        for (size_t n = at + 2; n <= 24; n++) {
            char text[24];

            memset(text, 'x', sizeof text);
            memcpy(text + at, "\xc3\xa9", 2);
            assert_true(sgn_utf8_valid(text, n));
            assert_false(sgn_utf8_valid(text, at + 1));
        }
    }
}

static void
test_utf8_length_counts_code_points(void **state)
{
    (void)state;
    assert_int_equal(sgn_utf8_length(""), 0);
    assert_int_equal(sgn_utf8_length("abc"), 3);
    assert_int_equal(sgn_utf8_length("\xe4\xb8\xad\xc3\xa4z\xf0\x9f\x98\x80"), 4);
}

static void
test_format_makes_a_string(void **state)
{
    char *text = sgn_format("%s/%d", "demo", 7);

    (void)state;
    assert_string_equal(text, "demo/7");
    free(text);
}

/* ISO 4217's list of minor units. */
static void
test_currency_digits_know_the_exceptions(void **state)
{
    (void)state;
    assert_int_equal(sgn_currency_digits("CNY"), 2);
    assert_int_equal(sgn_currency_digits("EUR"), 2);
    assert_int_equal(sgn_currency_digits("JPY"), 0);
    assert_int_equal(sgn_currency_digits("KRW"), 0);
    assert_int_equal(sgn_currency_digits("KWD"), 3);
    assert_int_equal(sgn_currency_digits("CLF"), 4);
}

/* The bytes of 变更 in each encoding are from iconv(1). */
static void
test_text_fault_names_what_the_file_is_and_where(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *part;
        int line, column;
    } rows[] = {
        { "a\r\nb\n", 5, NULL, 1, 1 },
        { "-- \xe5\x8f\x98\xe6\x9b\xb4\n", 10, NULL, 1, 1 },
        { "a\n\xe5\x8f\x98 \xb1\xe4\n", 9, "is not UTF-8 text", 2, 3 },
        { "a\n- \xb1\xe4\xb8\xfc\n", 9, "most likely GBK", 2, 3 },
        { "caf\xe9 \n", 6, "is not UTF-8 text", 1, 4 },
        { "\xff\xfe\xd8\x53", 4, "UTF-16", 1, 1 },
        { "\xef\xbb\xbf"
          "a",
          4, "BOM", 1, 1 },
        { "a\0b", 3, "NUL", 1, 2 },
        { "a\nb\rc\n", 6, "carriage return", 2, 2 },
        { "a\r", 2, "carriage return", 1, 2 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int line = 0, column = 0;
        const char *said = sgn_text_fault(rows[i].bytes, rows[i].n, &line, &column);

        assert_int_equal(said == NULL, rows[i].part == NULL);
        if (said == NULL)
            continue;
        assert_non_null(strstr(said, rows[i].part));
        assert_int_equal(line, rows[i].line);
        assert_int_equal(column, rows[i].column);
    }
}

static void
test_copy_cuts_to_what_fits_and_ends_with_nul(void **state)
{
    char out[6];

    (void)state;
    sgn_text_copy(out, sizeof out, "abc");
    assert_string_equal(out, "abc");
    sgn_text_copy(out, sizeof out, "abcde");
    assert_string_equal(out, "abcde");
    sgn_text_copy(out, sizeof out, "abcdef");
    assert_string_equal(out, "abcde");
    sgn_text_copy(out, sizeof out, NULL);
    assert_string_equal(out, "");
    sgn_text_copy(out, 1, "a");
    assert_string_equal(out, "");
    sgn_text_join(out, sizeof out, "ab:", "c");
    assert_string_equal(out, "ab:c");
    sgn_text_join(out, sizeof out, "ab:", "cdef");
    assert_string_equal(out, "ab:cd");
    sgn_text_join(out, sizeof out, "abcdef", "g");
    assert_string_equal(out, "abcde");
    sgn_text_join(out, sizeof out, "a", NULL);
    assert_string_equal(out, "a");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copy_cuts_to_what_fits_and_ends_with_nul),
        cmocka_unit_test(test_key_is_a_letter_then_letters_digits_dashes),
        cmocka_unit_test(test_name_also_has_dots_and_underscores),
        cmocka_unit_test(test_case_key_is_a_prefix_and_a_number),
        cmocka_unit_test(test_utf8_takes_well_formed_sequences_only),
        cmocka_unit_test(test_utf8_length_counts_code_points),
        cmocka_unit_test(test_text_fault_names_what_the_file_is_and_where),
        cmocka_unit_test(test_format_makes_a_string),
        cmocka_unit_test(test_currency_digits_know_the_exceptions),
    };
    return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
