/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's side of the rules' processes, against one that is hostile (hostile_worker.c):
 * every call is answered exactly once, whatever the process does, and other teams notice nothing.
 */
#include "clock.h"
#include "json.h"
#include "thread.h"
#include "workers.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define CALLS_MAX 512
#define WAIT_MS   60000
#define SHORT_MS  200 /* of a call that does not end; of one that sleeps ten times as long */

struct got {
    int times;
    enum sgn_status status;
    json_t *value;
    char message[1024];
};

struct fixture {
    struct workers_options options;
    struct rules *rules;
    struct sgn_queue *woken; /* empty for ever: woken when answers come */
    struct sgn_error err;
    struct got got[CALLS_MAX]; /* by id - 1 */
    int n, answered;
    uint64_t last; /* id that was answered last */
    char mark[64];
};

static void
wake(void *ctx)
{
    struct fixture *f = ctx;

    sgn_queue_wake(f->woken);
}

static struct fixture *
fixture_new(void)
{
    struct fixture *f = calloc(1, sizeof *f);

    workers_options_default(&f->options);
    f->options.program = HOSTILE_WORKER;
    f->options.patience = 1;
    f->options.call_ms = 20000;
    f->options.load_ms = 20000;
    f->woken = sgn_queue_new(0);
    snprintf(f->mark, sizeof f->mark, "/tmp/sgn-hostile-%d", (int)getpid());
    unlink(f->mark);
    return f;
}

static void
fixture_start(struct fixture *f)
{
    assert_int_equal(workers_new(&f->options, &f->rules, &f->err), SGN_OK);
    f->rules->ops->listen(f->rules, wake, f);
}

static void
fixture_free(struct fixture *f)
{
    f->rules->ops->free(f->rules);
    for (int i = 0; i < f->n; i++)
        json_decref(f->got[i].value);
    sgn_queue_free(f->woken);
    sgn_error_clear(&f->err);
    unlink(f->mark);
    free(f);
}

static void
on_answer(void *ctx, uint64_t id, enum sgn_status status, const json_t *value,
          const struct sgn_error *err)
{
    struct fixture *f = ctx;
    struct got *got = &f->got[id - 1];

    assert_true(id >= 1 && id <= (uint64_t)f->n);
    got->times++;
    got->status = status;
    got->value = json_incref((json_t *)value);
    if (err != NULL)
        snprintf(got->message, sizeof got->message, "%s", err->message);
    f->answered++;
    f->last = id;
}

/* Until all that was asked is answered. */
static void
settle(struct fixture *f)
{
    int64_t give_up = sgn_monotonic_ms() + WAIT_MS;

    while (f->answered < f->n) {
        if (f->rules->ops->deliver(f->rules, on_answer, f) > 0)
            continue;
        assert_true(sgn_monotonic_ms() < give_up);
        (void)sgn_queue_take_all(f->woken, WAIT_MS);
    }
    assert_int_equal(f->rules->ops->pending(f->rules), 0);
    for (int i = 0; i < f->n; i++)
        assert_int_equal(f->got[i].times, 1);
}

static json_t *
a_version(void)
{
    return json_pack("{s:{s:{s:{s:i}}}, s:s}", "model", "functions", "2", "line", 12, "file",
                     "workflows/visit.lua");
}

static void
put_input(struct sgn_buf *out, json_t *input_take)
{
    sgn_buf_init(out, RULES_INPUT_MAX);
    assert_int_equal(rules_put_json(out, input_take, NULL), SGN_OK);
    json_decref(input_take);
}

/* A turn: all these deeds of one team in one submit. Returns the first's place in got. */
static int
ask(struct fixture *f, const char *team, const char *const *deeds)
{
    struct rules_call calls[CALLS_MAX];
    int first = f->n, n = 0;

    if (!f->rules->ops->is_open(f->rules, team, "d"))
        assert_int_equal(f->rules->ops->open(f->rules, team, "d", a_version(), &f->err), SGN_OK);
    for (; deeds[n] != NULL; n++) {
        /* Deeds that are done in answer to two functions at once say so in their names. */
        int then = strncmp(deeds[n], "then", 4) == 0 ? 3 : 0;

        calls[n] = (struct rules_call){ (uint64_t)++f->n, team, "d", 2, RULES_GUARD, .then = then };
        put_input(&calls[n].input, json_pack("{s:s, s:s}", "do", deeds[n], "mark", f->mark));
        if (then != 0)
            put_input(&calls[n].then_input, json_null());
    }
    assert_int_equal(f->rules->ops->submit(f->rules, calls, n, &f->err), SGN_OK);
    return first;
}

static void
load(struct fixture *f, const char *team)
{
    assert_int_equal(
        f->rules->ops->load(f->rules, (uint64_t)++f->n, json_pack("{s:s}", "team", team), &f->err),
        SGN_OK);
}

#define DEEDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static int64_t
state_of(struct fixture *f, const char *name)
{
    json_t *state = f->rules->ops->state(f->rules);
    int64_t value = sgn_json_int(state, name, -1);

    json_decref(state);
    return value;
}

static void
assert_cut_off(struct fixture *f, const char *team, bool expected)
{
    json_t *state = f->rules->ops->state(f->rules);

    assert_int_equal(json_object_get(json_object_get(state, "cut_off"), team) != NULL, expected);
    json_decref(state);
}

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

/* ---- again and again ---- */

static void
test_workers_team_that_goes_on_is_cut_off_until_its_scripts_are_others(void **state)
{
    struct fixture *f = fixture_new();

    (void)state;
    f->options.strikes = 3;
    fixture_start(f);
    ask(f, "a", DEEDS("die", "echo", "answer_and_die", "echo", "echo"));
    settle(f);
    assert_int_equal(f->got[0].status, SGN_RULE_ERROR);
    assert_int_equal(f->got[1].status, SGN_OK);
    for (int i = 2; i < 5; i++)
        assert_int_equal(f->got[i].status, SGN_UNAVAILABLE);
    assert_non_null(strstr(f->got[2].message, "rules of team a are cut off"));
    assert_non_null(strstr(f->got[2].message, "workflows/visit.lua:12"));
    assert_non_null(strstr(f->got[2].message, "signoff workflow reload"));
    assert_cut_off(f, "a", true);
    ask(f, "b", DEEDS("echo")); /* others go on */
    ask(f, "a", DEEDS("echo"));
    settle(f);
    assert_int_equal(f->got[5].status, SGN_OK);
    assert_int_equal(f->got[6].status, SGN_UNAVAILABLE);
    assert_int_equal(state_of(f, "started"), 4); /* none for what is refused */
    load(f, "a");                                /* scripts are looked at, but not taken */
    settle(f);
    ask(f, "a", DEEDS("echo"));
    settle(f);
    assert_int_equal(f->got[7].status, SGN_OK);
    assert_int_equal(f->got[8].status, SGN_UNAVAILABLE);
    f->rules->ops->accepted(f->rules, "a");
    ask(f, "a", DEEDS("echo"));
    settle(f);
    assert_int_equal(f->got[9].status, SGN_OK);
    assert_cut_off(f, "a", false);
    fixture_free(f);
}

static void
test_workers_strikes_of_long_ago_do_not_count(void **state)
{
    struct fixture *f = fixture_new();

    (void)state;
    f->options.strikes = 3;
    f->options.strikes_ms = 0;
    fixture_start(f);
    ask(f, "a", DEEDS("die", "die", "die", "echo"));
    settle(f);
    for (int i = 0; i < 3; i++)
        assert_int_equal(f->got[i].status, SGN_RULE_ERROR);
    assert_int_equal(f->got[3].status, SGN_OK);
    assert_cut_off(f, "a", false);
    fixture_free(f);
}

/* ---- how many ---- */

static void
test_workers_are_never_more_than_allowed_and_nobody_waits_for_ever(void **state)
{
    struct fixture *f = fixture_new();
    char team[16];

    (void)state;
    f->options.live_max = 2;
    f->options.call_ms = SHORT_MS;
    fixture_start(f);
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < 7; i++) {
            snprintf(team, sizeof team, "t%d", i);
            ask(f, team, DEEDS("echo", i == 3 ? "hang" : "echo"));
            assert_true(state_of(f, "processes") <= 2);
        }
    settle(f);
    for (int i = 0; i < f->n; i++)
        assert_true(f->got[i].status == SGN_OK || i % 14 == 7);
    assert_true(state_of(f, "processes") <= 2);
    assert_int_equal(state_of(f, "faults"), 0); /* to make way is no fault */
    fixture_free(f);
}

static void
test_workers_stop_in_the_middle_leaves_nothing(void **state)
{
    struct fixture *f = fixture_new();

    (void)state;
    f->options.call_ms = 60000;
    fixture_start(f);
    ask(f, "a", DEEDS("echo", "hang", "echo"));
    ask(f, "b", DEEDS("echo"));
    while (f->answered < 1) {
        if (f->rules->ops->deliver(f->rules, on_answer, f) == 0)
            (void)sgn_queue_take_all(f->woken, WAIT_MS);
    }
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
        cmocka_unit_test(test_workers_team_that_goes_on_is_cut_off_until_its_scripts_are_others),
        cmocka_unit_test(test_workers_strikes_of_long_ago_do_not_count),
        cmocka_unit_test(test_workers_are_never_more_than_allowed_and_nobody_waits_for_ever),
        cmocka_unit_test(test_workers_stop_in_the_middle_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
