/* SPDX-License-Identifier: Apache-2.0 */
/* The reader of words finds keys, items and strings where they stand. */
#include "dsl_support.h"

static const char text[] = "-- state \"x\" {\n"                   /* 1 */
                           "local a = [[ state { ]] --[==[\n"     /* 2 */
                           "]] state ]==]\n"                      /* 3 */
                           "state \"x\" { owner = \"pm\",\n"      /* 4 */
                           "  when = function(c)\n"               /* 5 */
                           "    local to, x = 1, { to = 3 }\n"    /* 6 */
                           "    if c.y then return to == 2 end\n" /* 7 */
                           "  end,\n"                             /* 8 */
                           "  [\"to\"] = { \"a\",\n"              /* 9 */
                           "    'b' },\n"                         /* 10 */
                           "  on \"e\" {\n"                       /* 11 */
                           "    to = \"z\" }, on \"e\" { }\n"     /* 12 */
                           "}\n"
                           "weighted(5) { ccb = 2 } {\n" /* 14 */
                           "  nobody = 3 }\n";

static int
line_of(const struct dsl_tokens *tokens, int at)
{
    return dsl_tokens_line(tokens, at);
}

static void
test_tokens_find_places(void **unused)
{
    struct dsl_tokens *tokens = dsl_tokens_new(text, strlen(text));
    int word, body, to;

    (void)unused;
    assert_non_null(tokens);
    /* comments and long strings hold no words */
    assert_int_equal(dsl_tokens_word(tokens, 1, "state", NULL, 0), -1);
    assert_int_equal(dsl_tokens_word(tokens, 2, "state", NULL, 0), -1);
    assert_int_equal(dsl_tokens_word(tokens, 3, "state", NULL, 0), -1);
    word = dsl_tokens_word(tokens, 4, "state", "x", 0);
    assert_true(word >= 0);
    assert_int_equal(dsl_tokens_word(tokens, 4, "state", "y", 0), -1);
    body = dsl_tokens_body(tokens, word, 0);
    assert_true(dsl_tokens_is_brace(tokens, body));
    assert_int_equal(line_of(tokens, dsl_tokens_key(tokens, body, "owner")), 4);
    assert_int_equal(line_of(tokens, dsl_tokens_key(tokens, body, "when")), 5);
    /* not the assignments inside the function, not the key of the inner table */
    to = dsl_tokens_key(tokens, body, "to");
    assert_int_equal(line_of(tokens, to), 9);
    assert_int_equal(dsl_tokens_key(tokens, body, "x"), -1);
    assert_int_equal(line_of(tokens, dsl_tokens_string(tokens, to, "b")), 10);
    assert_int_equal(dsl_tokens_string(tokens, to, "z"), -1);
    assert_int_equal(line_of(tokens, dsl_tokens_item(tokens, to, 2)), 10);
    assert_int_equal(line_of(tokens, dsl_tokens_item(tokens, body, 1)), 11);
    assert_int_equal(line_of(tokens, dsl_tokens_item(tokens, body, 2)), 12);
    assert_int_equal(dsl_tokens_item(tokens, body, 3), -1);
    dsl_tokens_free(tokens);
}

static void
test_tokens_find_the_nth_table_of_a_call(void **unused)
{
    struct dsl_tokens *tokens = dsl_tokens_new(text, strlen(text));
    int word = dsl_tokens_word(tokens, 14, "weighted", NULL, 0);

    (void)unused;
    assert_true(dsl_tokens_key(tokens, dsl_tokens_body(tokens, word, 0), "ccb") >= 0);
    assert_int_equal(
        line_of(tokens, dsl_tokens_key(tokens, dsl_tokens_body(tokens, word, 1), "nobody")), 15);
    assert_int_equal(dsl_tokens_body(tokens, word, 2), -1);
    dsl_tokens_free(tokens);
}

static void
test_tokens_mentions_names_not_strings(void **unused)
{
    static const char source[] = "f(c.people)\n-- project\ng('tasks', [[ballots]])\n";
    struct dsl_tokens *tokens = dsl_tokens_new(source, strlen(source));

    (void)unused;
    assert_true(dsl_tokens_mentions(tokens, 1, 3, "people"));
    assert_false(dsl_tokens_mentions(tokens, 2, 3, "people"));
    assert_false(dsl_tokens_mentions(tokens, 1, 3, "project"));
    assert_false(dsl_tokens_mentions(tokens, 1, 3, "tasks"));
    assert_false(dsl_tokens_mentions(tokens, 1, 3, "ballots"));
    dsl_tokens_free(tokens);
}

/* Every text, cut anywhere, is read to its end without reading past it. */
static void
test_tokens_read_broken_texts(void **unused)
{
    (void)unused;
    for (size_t n = 0; n <= strlen(text); n++) {
        char *cut = strndup(text, n);
        struct dsl_tokens *tokens = dsl_tokens_new(cut, n);

        assert_non_null(tokens);
        for (int i = 0; i < 80; i++) {
            dsl_tokens_body(tokens, i, 0);
            dsl_tokens_key(tokens, i, "to");
            dsl_tokens_item(tokens, i, 2);
            dsl_tokens_string(tokens, i, "b");
        }
        dsl_tokens_free(tokens);
        free(cut);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens_find_places),
        cmocka_unit_test(test_tokens_find_the_nth_table_of_a_call),
        cmocka_unit_test(test_tokens_mentions_names_not_strings),
        cmocka_unit_test(test_tokens_read_broken_texts),
    };
    return cmocka_run_group_tests_name("dsl/tokens", tests, NULL, NULL);
}
