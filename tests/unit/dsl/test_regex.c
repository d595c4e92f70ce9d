/* SPDX-License-Identifier: Apache-2.0 */
/* matches(text, pattern): what it answers, what it refuses, and that it is paid for. */
#include "dsl_support.h"

struct row {
    const char *text, *pattern;
    bool matches;
};

/* By the definition of regular expressions; "$" is the end of the text and nothing else. */
static void
test_regex_answers_as_regular_expressions_do(void **state)
{
    static const struct row rows[] = {
        { "CN-4711", "^[A-Z]{2}-\\\\d+$", true },
        { "cn-4711", "^[A-Z]{2}-\\\\d+$", false },
        { "cn-4711", "(?i)^[A-Z]{2}-\\\\d+$", true },
        { "CN-4711\\n", "^[A-Z]{2}-\\\\d+$", false },
        { "see CN-4711 there", "[A-Z]{2}-\\\\d+", true },
        { "see CN-4711 there", "^[A-Z]{2}-\\\\d+", false },
        { "", "^$", true },
        { "", ".", false },
        { "abcabc", "^(abc)\\\\1$", true },
        { "abcabd", "^(abc)\\\\1$", false },
        { "colour", "^colou?r$", true },
        { "color", "^colou?r$", true },
        { "colouur", "^colou?r$", false },
        { "变更", "^..$", true },
        { "变更", "^\\\\p{Han}+$", true },
        { "change", "^\\\\p{Han}+$", false },
        { "2026-01-05", "^\\\\d{4}-(0[1-9]|1[0-2])-\\\\d\\\\d$", true },
        { "2026-13-05", "^\\\\d{4}-(0[1-9]|1[0-2])-\\\\d\\\\d$", false },
        { "a\\nb", "^a.b$", false },
        { "a\\nb", "(?s)^a.b$", true },
        { "foobar", "foo(?=bar)", true },
        { "foobaz", "foo(?=bar)", false },
        { "(a(b)c)", "^(\\\\((?:[^()]|(?1))*\\\\))$", true },
        { "(a(b c)", "^(\\\\((?:[^()]|(?1))*\\\\))$", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *body = sgn_format("function() return matches(\"%s\", \"%s\") end", rows[i].text,
                                rows[i].pattern);

        expect_call(RULES_GUARD, "", body, rows[i].matches ? "true" : "[false,null]");
        free(body);
    }
}

static void
test_regex_refusals_have_their_line(void **state)
{
    static const struct {
        const char *call, *says;
    } rows[] = {
        { "matches(nil, 'x')", "matches: expected text, got nil" },
        { "matches('x', 7)", "matches: expected a pattern, got number" },
        { "matches('x', '(')", "matches: the pattern is wrong at byte 2: " },
        { "matches('x', '[a')", "matches: the pattern is wrong at byte 3: " },
        { "matches('x', '\\\\C')", "matches: the pattern is wrong at byte 3: " },
        { "matches('\\xff', 'x')", "matches: the text is not UTF-8" },
        { "matches('x', '\\xff')", "matches: the pattern is wrong at byte 1: " },
        { "matches('x', ('x'):rep(1001))", "matches: a pattern is at most 1000 bytes long" },
        { "matches(('ab'):rep(20000), '^(?:a|b|ab)*$')", "matches: this text has too many ways" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *body = sgn_format("function()\nreturn %s end", rows[i].call);
        char *expected = sgn_format("rule_error: workflows/t.lua:5: %s", rows[i].says);

        expect_call_begins(RULES_GUARD, "", body, expected);
        free(body);
        free(expected);
    }
}

/* A hundred patterns go through sixteen places: none is taken for another. */
static void
test_regex_kept_patterns_are_not_mixed_up(void **state)
{
    (void)state;
    expect_call(
        RULES_GUARD, "",
        "function() for turn = 1, 3 do for i = 1, 100 do if not matches('n' .. i, '^n' .. i "
        ".. '$') or matches('n' .. i, '^n' .. i + 1 .. '$') then return false end end end "
        "return true end",
        "true");
}

static int64_t
cost_of(const char *call)
{
    char *body = sgn_format("function() local x = %s return true end", call);
    struct dsl_state *opened = open_text(NULL, "", body, NULL);
    char *text = call_text(opened, 1, RULES_GUARD);
    int64_t cost = opened->limits.instructions - opened->steps;

    assert_string_equal(text, "true");
    /* Kept or not, it costs the same: what a call costs is no matter of the calls before. */
    free(text);
    text = call_text(opened, 1, RULES_GUARD);
    assert_int_equal(opened->limits.instructions - opened->steps, cost);
    free(text);
    free(body);
    dsl_state_free(opened);
    return cost;
}

static void
test_regex_tries_are_paid_for(void **state)
{
    int64_t few = cost_of("matches(('a'):rep(10) .. '!', '^(a+)+$')");
    int64_t more = cost_of("matches(('a'):rep(14) .. '!', '^(a+)+$')");

    (void)state;
    /* Four letters more are sixteen times the tries. */
    assert_true(more > 8 * few);
    expect_call_begins(RULES_GUARD, "",
                       "function() return matches(('a'):rep(60) .. '!', '^(a+)+$') end",
                       "rule_overrun: ");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_regex_answers_as_regular_expressions_do),
        cmocka_unit_test(test_regex_refusals_have_their_line),
        cmocka_unit_test(test_regex_kept_patterns_are_not_mixed_up),
        cmocka_unit_test(test_regex_tries_are_paid_for),
    };
    return cmocka_run_group_tests_name("dsl/regex", tests, NULL, NULL);
}
