/* SPDX-License-Identifier: Apache-2.0 */
/* Widths of text on a terminal, and tables that line up by them. */
#include "json.h"
#include "output.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
test_text_width_counts_columns_of_the_terminal(void **state)
{
    (void)state;
    assert_int_equal(cli_text_width(""), 0);
    assert_int_equal(cli_text_width("abc"), 3);
    assert_int_equal(cli_text_width("变更请求"), 8); /* four wide ones */
    assert_int_equal(cli_text_width("CR 变更"), 7);
    assert_int_equal(cli_text_width("ガ"), 2);
    assert_int_equal(cli_text_width("한국"), 4);
    assert_int_equal(cli_text_width("Müller"), 6);       /* two bytes, one column */
    assert_int_equal(cli_text_width("e\xCC\x81"), 1);    /* e and a combining acute */
    assert_int_equal(cli_text_width("（）"), 4);         /* fullwidth brackets */
    assert_int_equal(cli_text_width("\xE2\x80\x8B"), 0); /* zero width space */
}

static void
expect_put(const char *text, int max, const char *expected, int width)
{
    struct sgn_buf buf;

    sgn_buf_init(&buf, 1000);
    assert_int_equal(cli_text_put(&buf, text, max), width);
    assert_string_equal(buf.bytes != NULL ? buf.bytes : "", expected);
    sgn_buf_deinit(&buf);
}

static void
test_text_is_cut_with_an_ellipsis_and_never_within_a_character(void **state)
{
    (void)state;
    expect_put("abcdef", 0, "abcdef", 6);
    expect_put("abcdef", 6, "abcdef", 6);
    expect_put("abcdef", 4, "abc…", 4);
    expect_put("变更请求", 8, "变更请求", 8);
    expect_put("变更请求", 7, "变更请…", 7);
    /* The next wide one would stick out by one column, so it is left out. */
    expect_put("变更请求", 6, "变更…", 5);
}

static void
test_text_cannot_drive_the_terminal(void **state)
{
    (void)state;
    expect_put("a\033[2Jb", 0, "a?[2Jb", 6);
    expect_put("a\nb\tc", 0, "a b c", 5);
    expect_put("a\xC2\x9B"
               "b",
               0, "a?b", 3); /* CSI as one C1 character */
    expect_put("a\xE2\x80\xAE"
               "b",
               0, "a?b", 3); /* right-to-left override */
}

static json_t *
rows_of(const char *json)
{
    json_t *rows = NULL;

    assert_int_equal(sgn_json_parse(json, strlen(json), &rows, NULL), SGN_OK);
    return rows;
}

static void
expect_table(int width, const char *columns, const char *json, const char *expected)
{
    char *bytes = NULL;
    size_t n = 0;
    struct cli_output output = { .out = open_memstream(&bytes, &n), .width = width };
    json_t *rows = rows_of(json);

    assert_int_equal(cli_table_print(&output, columns, rows, NULL), SGN_OK);
    fclose(output.out);
    assert_string_equal(bytes, expected);
    free(bytes);
    json_decref(rows);
}

static const char *const two_rows = "[{\"key\":\"CR-1\",\"title\":{\"en\":\"变更\",\"zh\":\"变更\"}"
                                    ",\"due\":\"2026-01-05T09:00:00+08:00\"},"
                                    " {\"key\":\"CR-1042\",\"title\":\"Change\",\"due\":null}]";

static void
test_table_lines_up_on_a_terminal(void **state)
{
    (void)state;
    expect_table(80, "key=case title due:t owner", two_rows,
                 "case     title   due\n"
                 "CR-1     变更    2026-01-05 09:00\n"
                 "CR-1042  Change\n");
}

static void
test_table_fits_the_terminal(void **state)
{
    (void)state;
    expect_table(20, "a b", "[{\"a\":\"12345678901234567890\",\"b\":\"xyz\"}]",
                 "a                b\n"
                 "12345678901234…  xyz\n");
}

static void
test_table_is_never_cut_elsewhere(void **state)
{
    (void)state;
    expect_table(0, "a b",
                 "[{\"a\":\"12345678901234567890123456789012345678901234567890\",\"b\":1}]",
                 "a                                                   b\n"
                 "12345678901234567890123456789012345678901234567890  1\n");
}

static void
test_table_shows_members_of_members_and_lists(void **state)
{
    (void)state;
    expect_table(0, "a.b=inner states waiting_for",
                 "[{\"a\":{\"b\":1},\"states\":[\"x\",\"y\"],\"waiting_for\":true}]",
                 "inner  states  waiting for\n"
                 "1      x, y    yes\n");
}

static void
expect_span(int64_t ms, const char *expected)
{
    struct sgn_buf buf;

    sgn_buf_init(&buf, 100);
    cli_span_put(&buf, ms, "en");
    assert_string_equal(buf.bytes, expected);
    sgn_buf_deinit(&buf);
}

static void
test_span_says_the_two_largest_units(void **state)
{
    const int64_t minute = 60000, hour = 60 * minute, day = 24 * hour;

    (void)state;
    expect_span(0, "0 min");
    expect_span(59 * minute, "59 min");
    expect_span(hour, "1 h");
    expect_span(hour + minute, "1 h 1 min");
    expect_span(day + 3 * hour + 20 * minute, "1 d 3 h");
    expect_span(-2 * day, "2 d");
    expect_span(12 * day + hour, "12 d");
}

/* What cli_text_lines prints on a terminal of so many columns. */
static void
expect_lines(int width, const char *text, int indent, int first, const char *expected)
{
    char *printed = NULL;
    size_t n = 0;
    struct cli_output output = { .out = open_memstream(&printed, &n), .width = width };

    assert_non_null(output.out);
    cli_text_lines(&output, text, indent, first);
    fclose(output.out);
    assert_string_equal(printed, expected);
    free(printed);
}

static void
test_text_is_broken_into_lines_between_words(void **state)
{
    (void)state;
    expect_lines(20, "one two three four five", 0, 0, "one two three four\nfive\n");
    expect_lines(24, "one two three four five", 4, 8, "one two three\n    four five\n");
    /* No word is lost where it is longer than a line. */
    expect_lines(20, "abcdefghijklmnopqrstuvwxyz", 0, 0, "abcdefghijklmnopqrst\nuvwxyz\n");
    /* Wide characters are broken between any two. */
    expect_lines(20, "一二三四五六七八九十甲乙", 0, 0, "一二三四五六七八九十\n甲乙\n");
    expect_lines(0, "one two three four five", 4, 8, "one two three four five\n");
    expect_lines(80, "a\nb\033c", 2, 2, "a\n  b?c\n");
    expect_lines(80, "", 2, 2, "\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_width_counts_columns_of_the_terminal),
        cmocka_unit_test(test_text_is_cut_with_an_ellipsis_and_never_within_a_character),
        cmocka_unit_test(test_text_cannot_drive_the_terminal),
        cmocka_unit_test(test_table_lines_up_on_a_terminal),
        cmocka_unit_test(test_table_fits_the_terminal),
        cmocka_unit_test(test_table_is_never_cut_elsewhere),
        cmocka_unit_test(test_table_shows_members_of_members_and_lists),
        cmocka_unit_test(test_text_is_broken_into_lines_between_words),
        cmocka_unit_test(test_span_says_the_two_largest_units),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
