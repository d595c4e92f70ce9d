/* SPDX-License-Identifier: Apache-2.0 */
/* Options by their tables: every form of writing one, and every mistake. */
#include "json.h"
#include "options.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* clang-format off */
static const struct cli_option options[] = {
    { "json", 'j', CLI_FLAG, NULL, NULL, "h" },
    { "limit", 'n', CLI_TEXT, "N", NULL, "h" },
    { "expect", 0, CLI_INTEGER, "REV", "expect", "h" },
    { "data", 'd', CLI_JSON, "JSON", "data", "h" },
    { "field", 'f', CLI_FIELD, "NAME=VALUE", "data", "h" },
    { "with", 0, CLI_MANY, "WHO", "with", "h" },
    { "lead", 0, CLI_FLAG, NULL, "lead", "h" },
    { "no-lead", 0, CLI_NO, NULL, "lead", "h" },
    { 0 },
};
/* clang-format on */

struct run {
    struct cli_args args;
    json_t *params;
    struct sgn_error err;
    int used;
};

static enum sgn_status
read_them(struct run *run, const char *const *words, bool leading)
{
    static const struct cli_option *const tables[] = { options, NULL };
    int n = 0;

    *run = (struct run){ 0 };
    assert_int_equal(cli_args_init(&run->args, &run->err), SGN_OK);
    while (words[n] != NULL)
        n++;
    return cli_args_read(&run->args, n, (char *const *)words, tables, leading, &run->used,
                         &run->err);
}

static void
done(struct run *run)
{
    cli_args_deinit(&run->args);
    json_decref(run->params);
    sgn_error_clear(&run->err);
}

/* Reads, makes parameters, and compares them with JSON text. */
static void
expect_params(const char *const *words, const char *json)
{
    struct run run;
    json_t *expected = NULL;

    assert_int_equal(read_them(&run, words, false), SGN_OK);
    run.params = json_object();
    assert_int_equal(cli_args_params(&run.args, options, run.params, &run.err), SGN_OK);
    assert_int_equal(sgn_json_parse(json, strlen(json), &expected, NULL), SGN_OK);
    assert_true(json_equal(run.params, expected));
    json_decref(expected);
    done(&run);
}

static void
expect_refusal(const char *const *words, const char *message)
{
    struct run run;
    enum sgn_status st = read_them(&run, words, false);

    if (st == SGN_OK) {
        run.params = json_object();
        st = cli_args_params(&run.args, options, run.params, &run.err);
    }
    assert_int_equal(st, SGN_INVALID);
    assert_string_equal(run.err.message, message);
    done(&run);
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
test_options_are_read_in_every_form(void **state)
{
    static const char *const forms[][3] = {
        { "--limit", "5", NULL }, { "--limit=5", NULL }, { "-n", "5", NULL }, { "-n5", NULL }
    };
    struct run run;

    (void)state;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        assert_int_equal(read_them(&run, forms[i], false), SGN_OK);
        assert_string_equal(cli_option(&run.args, "limit"), "5");
        assert_int_equal(json_array_size(run.args.words), 0);
        done(&run);
    }
}

static void
test_options_and_words_may_be_mixed(void **state)
{
    struct run run;

    (void)state;
    assert_int_equal(read_them(&run, WORDS("CR-1", "--json", "submit", "-"), false), SGN_OK);
    assert_true(cli_given(&run.args, "json"));
    assert_string_equal(cli_word(&run.args, 0), "CR-1");
    assert_string_equal(cli_word(&run.args, 1), "submit");
    assert_string_equal(cli_word(&run.args, 2), "-");
    assert_null(cli_word(&run.args, 3));
    done(&run);
}

static void
test_options_end_at_two_dashes(void **state)
{
    struct run run;

    (void)state;
    assert_int_equal(read_them(&run, WORDS("--", "--json", "-n"), false), SGN_OK);
    assert_false(cli_given(&run.args, "json"));
    assert_string_equal(cli_word(&run.args, 0), "--json");
    assert_string_equal(cli_word(&run.args, 1), "-n");
    done(&run);
}

static void
test_options_before_a_command_stop_at_its_first_word(void **state)
{
    struct run run;

    (void)state;
    assert_int_equal(read_them(&run, WORDS("-n", "5", "case", "--json"), true), SGN_OK);
    assert_int_equal(run.used, 2);
    assert_false(cli_given(&run.args, "json"));
    done(&run);
}

static void
test_options_refuse_what_they_do_not_know(void **state)
{
    (void)state;
    expect_refusal(WORDS("--limt", "5"), "unknown option --limt; did you mean --limit?");
    expect_refusal(WORDS("--zzzzzz"), "unknown option --zzzzzz");
    expect_refusal(WORDS("-x"), "unknown option -x");
    expect_refusal(WORDS("--json=1"), "--json takes no value");
    expect_refusal(WORDS("-j1"), "-j takes no value");
    expect_refusal(WORDS("--limit"), "--limit needs a value: --limit N");
    expect_refusal(WORDS("-n"), "-n needs a value: N");
    expect_refusal(WORDS("--limit", "1", "--limit", "2"), "--limit is given twice");
    expect_refusal(WORDS("--limit", "\xff"), "the value of --limit is not UTF-8");
}

static void
test_options_fill_parameters_by_their_kind(void **state)
{
    (void)state;
    expect_params(WORDS("--expect", "12", "--limit", "3", "--json"), "{\"expect\":12}");
    expect_params(WORDS("--lead"), "{\"lead\":true}");
    expect_params(WORDS("--no-lead"), "{\"lead\":false}");
    expect_params(WORDS("--with", "li", "--with=mei"), "{\"with\":[\"li\",\"mei\"]}");
    expect_refusal(WORDS("--expect", "1x"), "--expect 1x: expected a whole number");
}

static void
test_options_gather_fields(void **state)
{
    (void)state;
    expect_params(WORDS("--field", "cost=50000", "-f", "note=a=b", "-f", "empty="),
                  "{\"data\":{\"cost\":\"50000\",\"note\":\"a=b\",\"empty\":\"\"}}");
    expect_params(WORDS("-f", "days:=5", "-f", "ok:=true"), "{\"data\":{\"days\":5,\"ok\":true}}");
    /* Single fields are laid over the object, wherever they stand. */
    expect_params(WORDS("-f", "days:=5", "--data", "{\"days\":1,\"x\":2}"),
                  "{\"data\":{\"days\":5,\"x\":2}}");
    expect_refusal(WORDS("-f", "cost"),
                   "--field cost: expected NAME=VALUE (or NAME:=JSON for another type than text)");
    expect_refusal(WORDS("-f", "=5"),
                   "--field =5: expected NAME=VALUE (or NAME:=JSON for another type than text)");
    expect_refusal(WORDS("--data", "[1]", "-f", "a=b"),
                   "--field needs an object to put fields into");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options_are_read_in_every_form),
        cmocka_unit_test(test_options_and_words_may_be_mixed),
        cmocka_unit_test(test_options_end_at_two_dashes),
        cmocka_unit_test(test_options_before_a_command_stop_at_its_first_word),
        cmocka_unit_test(test_options_refuse_what_they_do_not_know),
        cmocka_unit_test(test_options_fill_parameters_by_their_kind),
        cmocka_unit_test(test_options_gather_fields),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
