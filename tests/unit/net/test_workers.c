/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's side of the rules' processes, against one that is hostile (hostile_worker.c):
 * every call is answered exactly once, whatever the process does, and other teams notice nothing.
 */
#include "workers_fixture.h"

/* ---- a good one ---- */

static void
test_workers_answer_calls_of_many_teams_each_once_in_order(void **state)
{
    static const char *const teams[] = { "a", "b", "c" };
    struct fixture *f = fixture_new();

    (void)state;
    fixture_start(f);
    for (int i = 0; i < 60; i++)
        ask(f, teams[i % 3], DEEDS("echo", "echo", "echo"));
    settle(f);
    for (int i = 0; i < f->n; i++) {
        assert_int_equal(f->got[i].status, SGN_OK);
        assert_string_equal(sgn_json_str(f->got[i].value, "do"), "echo");
    }
    assert_int_equal(state_of(f, "started"), 3);
    assert_int_equal(state_of(f, "faults"), 0);
    fixture_free(f);
}

static void
test_workers_refuse_what_was_not_opened_and_take_none_of_it(void **state)
{
    struct fixture *f = fixture_new();
    struct rules_call calls[2] = { { .id = 1, .team = "a", .digest = "d" },
                                   { .id = 2, .team = "a", .digest = "other" } };

    (void)state;
    fixture_start(f);
    assert_int_equal(f->rules->ops->open(f->rules, "a", "d", a_version(), &f->err), SGN_OK);
    put_input(&calls[0].input, json_object());
    put_input(&calls[1].input, json_object());
    assert_int_equal(f->rules->ops->submit(f->rules, calls, 2, &f->err), SGN_UNAVAILABLE);
    assert_int_equal(f->rules->ops->pending(f->rules), 0);
    assert_int_equal(f->rules->ops->load(f->rules, 3, json_object(), &f->err), SGN_INVALID);
    fixture_free(f);
}

/* ---- one that ends ---- */

static void
test_workers_death_in_a_batch_loses_and_doubles_nothing(void **state)
{
    struct fixture *f = fixture_new();

    (void)state;
    fixture_start(f);
    ask(f, "a", DEEDS("echo", "echo", "die_once", "echo", "echo"));
    settle(f);
    for (int i = 0; i < f->n; i++)
        assert_int_equal(f->got[i].status, SGN_OK);
    assert_int_equal(state_of(f, "started"), 2);
    assert_int_equal(state_of(f, "faults"), 1);
    fixture_free(f);
}

static void
test_workers_call_that_ends_its_process_twice_is_a_rule_error_alone(void **state)
{
    static const char *const deeds[] = { "die", "answer_and_die", "slam" };

    (void)state;
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        struct fixture *f = fixture_new();

        fixture_start(f);
        ask(f, "a", DEEDS("echo", deeds[i], "echo"));
        settle(f);
        assert_int_equal(f->got[0].status, SGN_OK);
        assert_int_equal(f->got[1].status, SGN_RULE_ERROR);
        assert_non_null(strstr(f->got[1].message, "workflows/visit.lua:12: its process ended"));
        assert_int_equal(f->got[2].status, SGN_OK);
        assert_int_equal(state_of(f, "started"), 3);
        fixture_free(f);
    }
}

/* ---- one that does not end ---- */

static void
test_workers_endless_call_is_an_overrun_alone(void **state)
{
    struct fixture *f = fixture_new();

    (void)state;
    f->options.call_ms = SHORT_MS;
    fixture_start(f);
    ask(f, "a", DEEDS("echo", "echo", "hang", "echo"));
    ask(f, "b", DEEDS("echo"));
    settle(f);
    for (int i = 0; i < f->n; i++)
        assert_int_equal(f->got[i].status, i == 2 ? SGN_RULE_OVERRUN : SGN_OK);
    assert_non_null(strstr(f->got[2].message, "workflows/visit.lua:12: stopped after"));
    assert_true(f->last != 5); /* the other team did not wait for it */
    assert_int_equal(state_of(f, "overruns"), 1);
    fixture_free(f);
}

/* What is on the page is believed only as far as it can be true. */
static void
test_workers_lies_about_progress_buy_no_time(void **state)
{
    struct fixture *f = fixture_new();

    (void)state;
    f->options.call_ms = 3 * SHORT_MS; /* many looks at the page */
    fixture_start(f);
    ask(f, "liar", DEEDS("hang", "echo", "echo"));
    settle(f);
    assert_true(state_of(f, "overruns") >= 1);
    fixture_free(f);
}

static void
test_workers_half_an_answer_is_none(void **state)
{
    struct fixture *f = fixture_new();

    (void)state;
    f->options.call_ms = SHORT_MS;
    fixture_start(f);
    ask(f, "a", DEEDS("half", "echo"));
    settle(f);
    assert_int_equal(f->got[0].status, SGN_RULE_OVERRUN);
    assert_int_equal(f->got[1].status, SGN_OK);
    fixture_free(f);
}

/* ---- one that says what it must not ---- */

static void
test_workers_nonsense_ends_the_process_and_refuses_one_call(void **state)
{
    static const char *const deeds[] = {
        "garbage",       "zeros",       "unknown_id",    "next_id",      "no_value",
        "nothing",       "no_utf8",     "deep",          "bad_status",   "bad_message",
        "long_message",  "long_answer", "flood",         "hello_again",  "servers_word",
        "then_alone",    "then_three",  "then_uncalled", "then_unasked", "then_neither",
        "then_bad_code",
    };
    struct fixture *f = fixture_new();
    enum {
        N = sizeof deeds / sizeof deeds[0]
    };

    (void)state;
    fixture_start(f);
    for (size_t i = 0; i < N; i++) {
        char team[16];

        snprintf(team, sizeof team, "t%zu", i);
        ask(f, team, DEEDS("echo", deeds[i], "echo"));
    }
    settle(f);
    for (size_t i = 0; i < N; i++) {
        const struct got *got = &f->got[3 * i];

        if (got[0].status != SGN_OK || got[1].status != SGN_RULE_ERROR || got[2].status != SGN_OK)
            fail_msg("%s: %d, %d (%s), %d", deeds[i], got[0].status, got[1].status, got[1].message,
                     got[2].status);
        assert_string_not_equal(got[1].message, "");
    }
    /* each was tried once more, and the last of its team has a fresh process */
    assert_int_equal(state_of(f, "started"), 3 * N);
    fixture_free(f);
}

/* What the second function came to is told beside the guard's answer, also that it failed. */
static void
test_workers_two_functions_are_answered_as_one_call(void **state)
{
    struct fixture *f = fixture_new();

    (void)state;
    fixture_start(f);
    ask(f, "a", DEEDS("then_good", "echo", "then_failed"));
    settle(f);
    assert_true(json_is_true(json_array_get(f->got[0].value, 0)));
    assert_non_null(json_object_get(json_array_get(f->got[0].value, 1), "value"));
    assert_non_null(json_object_get(json_array_get(f->got[2].value, 1), "error"));
    assert_int_equal(state_of(f, "faults"), 0);
    fixture_free(f);
}

/* The first of two answers is taken for what it is; the process is not. */
static void
test_workers_second_answer_is_nobodys(void **state)
{
    struct fixture *f = fixture_new();

    (void)state;
    fixture_start(f);
    ask(f, "a", DEEDS("twice"));
    settle(f);
    assert_int_equal(f->got[0].status, SGN_OK);
    ask(f, "a", DEEDS("echo"));
    settle(f);
    assert_int_equal(f->got[1].status, SGN_OK);
    assert_int_equal(state_of(f, "faults"), 1);
    fixture_free(f);
}

/* ---- one that lies about what it loaded ---- */

/* Through the process: it is ended, and the load is refused when it does it again. */
static void
test_workers_load_with_a_false_answer_is_refused(void **state)
{
    struct fixture *f = fixture_new();

    (void)state;
    fixture_start(f);
    for (int i = 0; i < 2; i++)
        assert_int_equal(f->rules->ops->load(f->rules, (uint64_t)++f->n,
                                             json_pack("{s:s, s:s}", "team", i == 0 ? "a" : "b",
                                                       "do", i == 0 ? "echo" : "hello_again"),
                                             &f->err),
                         SGN_OK);
    settle(f);
    assert_int_equal(f->got[0].status, SGN_RULE_ERROR);
    assert_non_null(strstr(f->got[0].message, "loading the scripts: it loaded"));
    assert_int_equal(f->got[1].status, SGN_RULE_ERROR);
    assert_int_equal(state_of(f, "faults"), 4);
    fixture_free(f);
}

/* ---- one that does not begin well ---- */

static void
test_workers_that_begin_wrongly_are_ended(void **state)
{
    static const char *const teams[] = { "mute", "early", "modest", "rude" };

    (void)state;
    for (size_t i = 0; i < sizeof teams / sizeof teams[0]; i++) {
        struct fixture *f = fixture_new();

        f->options.load_ms = 100;
        fixture_start(f);
        ask(f, teams[i], DEEDS("echo"));
        settle(f);
        /* one that begins twice may have answered in between */
        if (strcmp(teams[i], "modest") != 0)
            assert_int_equal(f->got[0].status, SGN_UNAVAILABLE);
        assert_true(state_of(f, "faults") >= 1);
        fixture_free(f);
    }
}

static void
test_workers_unconfined_process_serves_only_where_that_is_allowed(void **state)
{
    (void)state;
    for (int allowed = 0; allowed < 2; allowed++) {
        struct fixture *f = fixture_new();

        f->options.unconfined = allowed == 1;
        fixture_start(f);
        ask(f, "free", DEEDS("echo"));
        load(f, "free");
        settle(f);
        for (int i = 0; i < f->n; i++)
            assert_int_equal(f->got[i].status, allowed ? SGN_OK : SGN_UNAVAILABLE);
        if (!allowed) {
            assert_non_null(strstr(f->got[0].message, "no seccomp"));
            assert_non_null(strstr(f->got[0].message, "unconfined = yes"));
        }
        fixture_free(f);
    }
}

static void
test_workers_program_that_is_not_there_is_overloaded(void **state)
{
    struct fixture *f = fixture_new();

    (void)state;
    f->options.program = "/nowhere/signoff";
    fixture_start(f);
    ask(f, "a", DEEDS("echo", "echo"));
    settle(f);
    assert_int_equal(f->got[0].status, SGN_OVERLOADED);
    assert_int_equal(f->got[1].status, SGN_OVERLOADED);
    assert_int_equal(state_of(f, "processes"), 0);
    fixture_free(f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_workers_answer_calls_of_many_teams_each_once_in_order),
        cmocka_unit_test(test_workers_refuse_what_was_not_opened_and_take_none_of_it),
        cmocka_unit_test(test_workers_death_in_a_batch_loses_and_doubles_nothing),
        cmocka_unit_test(test_workers_call_that_ends_its_process_twice_is_a_rule_error_alone),
        cmocka_unit_test(test_workers_endless_call_is_an_overrun_alone),
        cmocka_unit_test(test_workers_lies_about_progress_buy_no_time),
        cmocka_unit_test(test_workers_half_an_answer_is_none),
        cmocka_unit_test(test_workers_nonsense_ends_the_process_and_refuses_one_call),
        cmocka_unit_test(test_workers_two_functions_are_answered_as_one_call),
        cmocka_unit_test(test_workers_second_answer_is_nobodys),
        cmocka_unit_test(test_workers_load_with_a_false_answer_is_refused),
        cmocka_unit_test(test_workers_that_begin_wrongly_are_ended),
        cmocka_unit_test(test_workers_unconfined_process_serves_only_where_that_is_allowed),
        cmocka_unit_test(test_workers_program_that_is_not_there_is_overloaded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
