/* SPDX-License-Identifier: Apache-2.0 */
/* The table of commands: every row is whole, and a command is found by its words. */
#include "commands.h"

#include "say.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* argv has no const in C. */
#define WORDS(words) ((char *const *)(words))

static int
count_words(const char *text)
{
    int n = 0;

    while (*text != '\0') {
        text += strcspn(text, " ");
        text += strspn(text, " ");
        n++;
    }
    return n;
}

static void
check_row(const struct cli_command *c)
{
    int least, most, used;
    size_t n = strlen(c->summary);
    char copy[64];
    char *words[8];
    int argc = 0;

    assert_non_null(c->run);
    assert_non_null(c->words);
    assert_true(n > 0 && c->summary[n - 1] != '.');
    cli_word_bounds(c, &least, &most);
    assert_true(least <= most || most == -1);
    if (c->method != NULL && most >= 0)
        assert_int_equal(count_words(c->params != NULL ? c->params : ""), most);
    /* Its own name finds it, and not a longer or shorter one. */
    snprintf(copy, sizeof(copy), "%s", c->name);
    for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " "))
        words[argc++] = word;
    assert_ptr_equal(cli_find(argc, words, &used), c);
    assert_int_equal(used, argc);
}

static void
test_commands_are_whole(void **state)
{
    int n = 0;

    (void)state;
    for (const struct cli_group *g = cli_groups(); g->title != NULL; g++) {
        for (const struct cli_command *c = g->commands; c->name != NULL; c++, n++)
            check_row(c);
    }
    assert_true(n > 40);
}

static void
check_options(const struct cli_option *options)
{
    for (const struct cli_option *o = options; o->name != NULL; o++) {
        assert_non_null(o->help);
        assert_true((o->value == NULL) == (o->kind == CLI_FLAG || o->kind == CLI_NO));
        for (const struct cli_option *p = o + 1; p->name != NULL; p++) {
            assert_string_not_equal(o->name, p->name);
            assert_true(o->letter == 0 || o->letter != p->letter);
        }
    }
}

static void
test_commands_options_are_whole(void **state)
{
    (void)state;
    check_options(cli_common_options());
    check_options(cli_remote_options());
    for (const struct cli_group *g = cli_groups(); g->title != NULL; g++) {
        for (const struct cli_command *c = g->commands; c->name != NULL; c++) {
            if (c->options != NULL)
                check_options(c->options);
        }
    }
}

/* Said on --help and in the manual, so that there is Chinese of each. */
static void
check_said(const char *text)
{
    if (strcmp(sgn_say("zh", text), text) == 0)
        fail_msg("there is no Chinese of \"%s\"", text);
}

static void
test_commands_and_their_headings_are_said_in_chinese(void **state)
{
    (void)state;
    for (const struct cli_group *g = cli_groups(); g->title != NULL; g++) {
        check_said(g->title);
        for (const struct cli_command *c = g->commands; c->name != NULL; c++) {
            check_said(c->summary);
            if (c->columns != NULL)
                check_said(c->columns);
            for (const struct cli_option *o = c->options; o != NULL && o->name != NULL; o++)
                check_said(o->help);
        }
    }
}

static void
test_commands_are_found_by_the_longest_name(void **state)
{
    static const char *const member[] = { "project", "member", "add", "acme-erp", NULL };
    static const char *const unknown[] = { "project", "zap", NULL };
    int used;

    (void)state;
    assert_string_equal(cli_find(4, WORDS(member), &used)->name, "project member add");
    assert_int_equal(used, 3);
    assert_null(cli_find(2, WORDS(unknown), &used));
    assert_true(cli_is_family("project"));
    assert_true(cli_is_family("project member"));
    assert_false(cli_is_family("proj"));
    assert_false(cli_is_family("watch"));
}

static void
test_commands_are_found_by_the_words_of_their_method(void **state)
{
    static const char *const preview[] = { "approval", "preview", "CR-1", NULL };
    static const char *const member[] = { "project", "member", "add", "x", NULL };
    static const char *const half[] = { "approval", NULL };
    int used;

    (void)state;
    assert_string_equal(cli_find(3, WORDS(preview), &used)->name, "case approval");
    assert_int_equal(used, 2);
    assert_string_equal(cli_find(4, WORDS(member), &used)->name, "project member add");
    assert_null(cli_find(1, WORDS(half), &used));
}

static void
test_commands_suggest_the_nearest(void **state)
{
    static const char *const opne[] = { "case", "opne", NULL };
    static const char *const inbx[] = { "inbx", NULL };
    static const char *const far[] = { "abracadabra", NULL };

    (void)state;
    assert_string_equal(cli_suggest(2, WORDS(opne)), "case open");
    assert_string_equal(cli_suggest(1, WORDS(inbx)), "inbox");
    assert_null(cli_suggest(1, WORDS(far)));
}

static void
test_commands_know_how_many_words_they_take(void **state)
{
    static const struct {
        const char *words;
        int least, most;
    } cases[] = {
        { "", 0, 0 },    { "A", 1, 1 },         { "A [B]", 1, 2 },
        { "[A]", 0, 1 }, { "A [B...]", 1, -1 }, { "A...", 1, -1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct cli_command command = { .words = cases[i].words };
        int least, most;
        cli_word_bounds(&command, &least, &most);
        assert_int_equal(least, cases[i].least);
        assert_int_equal(most, cases[i].most);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands_are_whole),
        cmocka_unit_test(test_commands_options_are_whole),
        cmocka_unit_test(test_commands_and_their_headings_are_said_in_chinese),
        cmocka_unit_test(test_commands_are_found_by_the_longest_name),
        cmocka_unit_test(test_commands_are_found_by_the_words_of_their_method),
        cmocka_unit_test(test_commands_suggest_the_nearest),
        cmocka_unit_test(test_commands_know_how_many_words_they_take),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
