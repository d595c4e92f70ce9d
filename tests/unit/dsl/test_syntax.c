/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What keeps a file from being compiled: the place in characters, and what would be right. What is
 * said of which line stands in mistakes/full_width*.lua and mistakes/syntax.lua.
 */
#include "dsl_support.h"

struct row {
    const char *line; /* the second one of the file */
    const char *message, *hint;
    int column;
};

static void
expect(const struct row *row)
{
    char source[512];
    json_t *answer;
    const json_t *mistake;

    snprintf(source, sizeof source, "return workflow \"one\" { key = \"ON\",\n%s\n}\n", row->line);
    answer = load_source(NULL, "one", source);
    mistake = json_array_get(json_object_get(answer, "mistakes"), 0);
    assert_non_null(mistake);
    if (strstr(sgn_json_str(mistake, "message"), row->message) == NULL)
        print_mistakes(answer);
    assert_non_null(strstr(sgn_json_str(mistake, "message"), row->message));
    assert_int_equal(sgn_json_int(mistake, "line", 0), 2);
    assert_int_equal(sgn_json_int(mistake, "column", 0), row->column);
    assert_string_equal(sgn_json_str(mistake, "hint") != NULL ? sgn_json_str(mistake, "hint") : "",
                        row->hint);
    json_decref(answer);
}

static void
test_signs_of_an_input_method_are_named_with_what_to_write(void **state)
{
    static const struct row rows[] = {
        { "title = \"变\"，", "full-width comma", "write ,", 12 },
        { "title ＝ 1", "full-width equals", "write =", 7 },
        { "run = f（1）,", "\"（\" is a full-width parenthesis", "write (", 8 },
        { "title = “变更，单”,", "no quotation marks", "write \"变更，单\"", 9 },
        { "title = ‘x,", "typographic apostrophe", "write '", 9 },
        { "a = b\u3000+ 1,", "ideographic space (U+3000)", "write a plain space", 6 },
        { "a = \u200bb,", "zero-width space (U+200B)", "take it out", 5 },
        { "a = b ≥ 3,", "mathematical sign", "write >=", 7 },
        { "金额_a = text {},", "\"金额_a\" cannot stand here",
          "other letters belong between quotes: name = text { title = { zh = \"...\" } }", 1 },
        { "été = text {},", "\"été\" cannot stand here",
          "other letters belong between quotes: name = text { title = { zh = \"...\" } }", 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect(&rows[i]);
}

static void
test_habits_of_other_languages_are_met_with_a_hint(void **state)
{
    static const struct row rows[] = {
        { "on \"x\" { by: \"pm\" },", "<name> expected",
          "a key has its value behind =: by = \"pm\"", 1 },
        { "run = function(c) if c != 1 then end end,", "near '!'",
          "\"is not\" is written ~=, \"not\" is written not", 24 },
        { "title = \"x\" key = 1,", "near 'key'", "is a comma missing before it?", 13 },
        { "title = \"x”,", "unfinished string", "\"”\" ends no text here: write \"", 1 },
        { "run = function(c) if c && c then end end,", "near '&'", "\"and\" is written and", 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect(&rows[i]);
}

/* A file in another script does not fill the page. */
static void
test_strays_are_told_up_to_a_number(void **state)
{
    char source[2000] = "return workflow \"many\" { key = \"MA\",\n";
    json_t *answer;

    (void)state;
    for (int i = 0; i < 100; i++)
        strcat(source, "a ＝ 1\n");
    answer = load_source(NULL, "many", source);
    assert_int_equal(json_array_size(json_object_get(answer, "mistakes")), 20);
    json_decref(answer);
}

/* In texts and comments every sign is welcome, also in a file that Lua refuses for another
 * reason. */
static void
test_texts_and_comments_are_left_alone(void **state)
{
    json_t *answer = load_source(NULL, "one",
                                 "-- （注释）\nreturn workflow \"one\" { key = \"ON\",\n"
                                 "  title = \"“变更”，单\", help = [[，]] --[[ ； ]]\n");
    const json_t *mistakes = json_object_get(answer, "mistakes");

    (void)state;
    assert_int_equal(json_array_size(mistakes), 1);
    assert_non_null(strstr(sgn_json_str(json_array_get(mistakes, 0), "message"), "near <eof>"));
    json_decref(answer);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signs_of_an_input_method_are_named_with_what_to_write),
        cmocka_unit_test(test_habits_of_other_languages_are_met_with_a_hint),
        cmocka_unit_test(test_strays_are_told_up_to_a_number),
        cmocka_unit_test(test_texts_and_comments_are_left_alone),
    };
    return cmocka_run_group_tests_name("dsl/syntax", tests, NULL, NULL);
}
