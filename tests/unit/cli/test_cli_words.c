/* SPDX-License-Identifier: Apache-2.0 */
/* The words in two languages: a translated format must take the arguments of the other. */
#include "words.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARGUMENTS_MAX 8

/*
 * The arguments a format takes, in order, one conversion each: "s", "lld". A place is said as
 * in "%2$s", or counted. Returns how many; fails for one that is named twice or left out.
 */
static int
arguments(const char *format, char out[ARGUMENTS_MAX][8])
{
    int n = 0, counted = 0;

    memset(out, 0, (size_t)ARGUMENTS_MAX * 8);
    for (const char *at = strchr(format, '%'); at != NULL; at = strchr(at, '%')) {
        char *end = NULL;
        long place = strtol(at + 1, &end, 10);
        size_t len;

        if (at[1] == '%') {
            at += 2;
            continue;
        }
        if (end > at + 1 && *end == '$')
            at = end + 1;
        else
            place = ++counted, at++;
        len = strspn(at, "l") + 1;
        if (place < 1 || place > ARGUMENTS_MAX || out[place - 1][0] != '\0')
            fail_msg("%s: argument %ld", format, place);
        memcpy(out[place - 1], at, len);
        at += len;
        n++;
    }
    return n;
}

static void
test_words_take_the_same_arguments_in_both_languages(void **state)
{
    const char *en, *zh;
    size_t i;

    (void)state;
    for (i = 0; cli_words_get(i, &en, &zh); i++) {
        char a[ARGUMENTS_MAX][8], b[ARGUMENTS_MAX][8];
        int n = arguments(en, a);
        if (n != arguments(zh, b) || memcmp(a, b, sizeof(a)) != 0)
            fail_msg("%s and %s take different arguments", en, zh);
    }
    assert_true(i > 50);
}

static void
test_words_stand_once(void **state)
{
    const char *en, *zh, *other, *unused;

    (void)state;
    for (size_t i = 0; cli_words_get(i, &en, &zh); i++) {
        for (size_t k = 0; k < i && cli_words_get(k, &other, &unused); k++)
            assert_string_not_equal(en, other);
    }
}

static void
test_words_are_said_in_the_language_asked_for(void **state)
{
    (void)state;
    assert_string_equal(cli_say("zh", "state"), "状态");
    assert_string_equal(cli_say("zh-CN", "state"), "状态");
    assert_string_equal(cli_say("en", "state"), "state");
    assert_string_equal(cli_say("", "state"), "state");
    assert_string_equal(cli_say(NULL, "state"), "state");
    assert_string_equal(cli_say("zh", "not translated"), "not translated");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_take_the_same_arguments_in_both_languages),
        cmocka_unit_test(test_words_stand_once),
        cmocka_unit_test(test_words_are_said_in_the_language_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
