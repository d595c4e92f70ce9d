/* SPDX-License-Identifier: Apache-2.0 */
/* Every text that is made with a format of the catalogue is found again, with its arguments. */
#include "say.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXT_MAX 8192

/* What stands for an argument: names and keys, and what a person may have written. */
enum sample {
    NAMES,
    SENTENCES,
    SAMPLES,
    NOTHING
};

/* Where only a blank stands before the next argument, this one is a word: an option, a key. */
static bool
is_word(const char *behind)
{
    return behind[0] == ' ' && behind[1] == '%';
}

/* A text of a format, argument by argument; args: what was put in. Written without the code that
 * is tested: a '%' up to its letter, arguments in their order. Returns how many. */
static int
make(const char *format, enum sample sample, char *out, char args[SGN_SAY_ARGUMENTS][64])
{
    int n = 0;
    size_t len = 0;
    bool touching = false;

    memset(args, 0, (size_t)SGN_SAY_ARGUMENTS * 64);
    for (; *format != '\0'; format++) {
        char arg[64] = "";
        if (*format != '%' || format[1] == '%') {
            format += *format == '%';
            out[len++] = *format;
            touching = false;
            continue;
        }
        for (format++; !isalpha((unsigned char)*format) || strchr("hlzjt", *format); format++)
            n += *format == '*';
        /* Where two touch, the second is a text that may be missing: here it is. */
        if (*format != 's' && *format != 'c')
            snprintf(arg, sizeof(arg), "%d", 41 + n);
        else if (*format == 'c' && sample != NOTHING)
            snprintf(arg, sizeof(arg), "%c", 'P' + n);
        else if (!touching && (sample == NAMES || (sample == SENTENCES && is_word(format + 1))))
            snprintf(arg, sizeof(arg), "Q%dq", n);
        else if (sample == SENTENCES && !touching)
            snprintf(arg, sizeof(arg), "审批 Q%d zx", n);
        touching = *format == 's';
        memcpy(args[n++], arg, sizeof(arg));
        len += (size_t)sprintf(out + len, "%s", arg);
    }
    out[len] = '\0';
    return n;
}

static int
letters_of(const char *format)
{
    char text[TEXT_MAX], args[SGN_SAY_ARGUMENTS][64];
    int n = 0;

    (void)make(format, NOTHING, text, args);
    for (const char *at = text; *at != '\0'; at++)
        n += isalpha((unsigned char)*at) != 0;
    return n;
}

/* Prints what is wrong, so that one run shows all of it. */
static bool
is_found(size_t row, const char *format, enum sample sample)
{
    struct sgn_say_argument found[SGN_SAY_ARGUMENTS];
    char text[TEXT_MAX], args[SGN_SAY_ARGUMENTS][64];
    const char *en = "none", *zh;
    int n = make(format, sample, text, args);
    long i = sgn_say_find(text, found);

    if (i >= 0)
        (void)sgn_say_row((size_t)i, &en, &zh);
    if (i != (long)row) {
        print_error("\"%s\", made with \"%s\", is found as \"%s\"\n", text, format, en);
        return false;
    }
    for (int k = 0; k < n; k++)
        if (args[k][0] != '\0' && (found[k].start < 0 || found[k].n != strlen(args[k]) ||
                                   strncmp(text + found[k].start, args[k], found[k].n) != 0)) {
            print_error("\"%s\", made with \"%s\": argument %d is \"%.*s\"\n", text, format, k + 1,
                        (int)found[k].n, found[k].start >= 0 ? text + found[k].start : "missing");
            return false;
        }
    return true;
}

static void
test_say_finds_every_row_and_its_arguments(void **state)
{
    const char *en, *zh;
    size_t i, looked = 0, missed = 0;

    (void)state;
    for (i = 0; sgn_say_row(i, &en, &zh); i++) {
        if (letters_of(en) < SGN_SAY_LETTERS)
            continue;
        for (int sample = 0; sample < SAMPLES; sample++)
            missed += !is_found(i, en, sample);
        looked++;
    }
    assert_true(looked > 100);
    assert_int_equal(missed, 0);
}

/* ---- single texts ---- */

static void
assert_said(const char *english, const char *chinese)
{
    char *said = sgn_say_text("zh_CN.UTF-8", english);

    assert_string_equal(said, chinese);
    free(said);
}

static void
test_say_looks_sources_up_in_the_language_asked_for(void **state)
{
    (void)state;
    assert_string_equal(sgn_say("zh", "state"), "状态");
    assert_string_equal(sgn_say("zh-CN", "state"), "状态");
    assert_string_equal(sgn_say("zh_CN.UTF-8", "state"), "状态");
    assert_string_equal(sgn_say("en", "state"), "state");
    assert_string_equal(sgn_say("", "state"), "state");
    assert_string_equal(sgn_say(NULL, "state"), "state");
    assert_string_equal(sgn_say("zh", "not translated"), "not translated");
}

static void
test_say_takes_arguments_in_their_chinese_order(void **state)
{
    (void)state;
    assert_said("round 3 of ccb begins", "“ccb”第 3 轮开始");
    assert_said("25% of the time for answer has passed", "“answer”的时限已用去 25%");
}

static void
test_say_says_what_stands_behind_a_place(void **state)
{
    (void)state;
    assert_said("/fields/price: must not be empty", "/fields/price：不能为空");
    assert_said("team.lua: unknown word \"stat\" (did you mean \"state\"?)",
                "team.lua：未知的词“stat”（是否想写“state”？）");
    assert_said("Budget: ours alone", "Budget: ours alone");
}

static void
test_say_says_texts_within_texts(void **state)
{
    (void)state;
    assert_said("the event \"accept\" is for pm or li", "事件“accept”仅限pm或li触发");
    assert_said("one_of: expected a number, got nothing", "one_of：应为数字，实际为空");
    assert_said("unknown key \"timzone\" in team \"demo\" (did you mean \"timezone\"?)",
                "team \"demo\" 中有未知的键“timzone”（是否想写“timezone”？）");
    assert_said("there is no field \"sumary\"; did you mean \"summary\"?",
                "没有字段“sumary”；是否想写“summary”？");
    assert_said("you are not asked in this approval: its rules exclude who opened the case",
                "您不在此审批的征询之列：其规则排除了提出事项的人");
}

static void
test_say_leaves_what_is_not_ours(void **state)
{
    (void)state;
    assert_said("Budget: ask the sponsor first", "Budget: ask the sponsor first");
    assert_said("", "");
    assert_said("预算：先问发起人", "预算：先问发起人");
}

static void
test_say_is_done_with_hostile_texts_in_bounded_time(void **state)
{
    static char text[60000];

    (void)state;
    memset(text, ':', sizeof(text) - 1);
    for (size_t i = 1; i < sizeof(text) - 1; i += 2)
        text[i] = ' ';
    free(sgn_say_text("zh", text));
    memset(text, '%', sizeof(text) - 1);
    assert_said(text, text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_say_finds_every_row_and_its_arguments),
        cmocka_unit_test(test_say_looks_sources_up_in_the_language_asked_for),
        cmocka_unit_test(test_say_takes_arguments_in_their_chinese_order),
        cmocka_unit_test(test_say_says_what_stands_behind_a_place),
        cmocka_unit_test(test_say_says_texts_within_texts),
        cmocka_unit_test(test_say_leaves_what_is_not_ours),
        cmocka_unit_test(test_say_is_done_with_hostile_texts_in_bounded_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
