/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules' processes over time and in numbers: teams whose rules fail again and again, and no
 * more processes than are allowed.
 */
#include "workers_fixture.h"

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
        cmocka_unit_test(test_workers_team_that_goes_on_is_cut_off_until_its_scripts_are_others),
        cmocka_unit_test(test_workers_strikes_of_long_ago_do_not_count),
        cmocka_unit_test(test_workers_are_never_more_than_allowed_and_nobody_waits_for_ever),
        cmocka_unit_test(test_workers_stop_in_the_middle_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
