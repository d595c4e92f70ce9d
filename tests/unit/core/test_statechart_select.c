/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which transitions are taken: SCXML 1.0 appendix D, selectTransitions,
 * selectEventlessTransitions and removeConflictingTransitions. Expected traces are worked out
 * by hand from the appendix.
 */
#include "statechart_fixture.h"

static void
test_select_first_in_document_order_wins(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on e to b as first\n"
                    "  on e to c as second\n"
                    "state b\n"
                    "state c\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a /first +b");
    assert_asked(&f, "first");
    chart_free(&f);
}

static void
test_select_goes_on_when_a_condition_fails(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on e to b if b as first\n"
                    "  on e to c as second\n"
                    "state b\n"
                    "state c\n");
    assert_true(chart_fire(&f, "e"));
    assert_leaves(&f, "c");
    chart_free(&f);
}

static void
test_select_inner_before_outer(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state s\n"
                    "  on e to b as outer\n"
                    "  state a\n"
                    "    on e to c as inner\n"
                    "  state c\n"
                    "state b\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a /inner +c");
    chart_free(&f);
}

static void
test_select_outer_when_no_inner_is_enabled(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state s\n"
                    "  on e to b as outer\n"
                    "  state a\n"
                    "    on e to c if c as inner\n"
                    "  state c\n"
                    "state b\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a -s /outer +b");
    assert_asked(&f, "inner outer");
    chart_free(&f);
}

static void
test_select_workflow_transition_after_those_of_all_states(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "on e to b as whole\n"
                    "state s\n"
                    "  state a\n"
                    "    on e to c if c as inner\n"
                    "  state c\n"
                    "state b\n"
                    "  on e to s as own\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a -s /whole +b");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-b /own +s +a");
    chart_free(&f);
}

static void
test_select_workflow_transition_to_the_active_state_reenters_it(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "on e to a\n"
                    "state a\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a /e +a");
    chart_free(&f);
}

static void
test_select_atomic_states_in_document_order(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  on e as pe\n"
                    "  state r1\n"
                    "    on e if p3 as r1e\n"
                    "    state p1\n"
                    "      on e if p3 as p1e\n"
                    "  state r2\n"
                    "    state p2\n"
                    "      on e as p2e\n"
                    "    state p3\n");
    assert_true(chart_fire(&f, "e"));
    assert_asked(&f, "p1e r1e pe p2e");
    assert_trace(&f, "/pe /p2e");
    chart_free(&f);
}

static void
test_select_common_ancestor_transition_runs_once(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  on e as both\n"
                    "  state r1\n"
                    "  state r2\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "/both");
    chart_free(&f);
}

static void
test_select_one_transition_per_region(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  state r1\n"
                    "    state a1\n"
                    "      on e to b1 as t1\n"
                    "    state b1\n"
                    "  state r2\n"
                    "    state a2\n"
                    "      on e to b2 as t2\n"
                    "    state b2\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a2 -a1 /t1 /t2 +b1 +b2");
    assert_leaves(&f, "b1 b2");
    chart_free(&f);
}

static void
test_preempt_first_region_wins_when_both_leave(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  state r1\n"
                    "    on e to x as t1\n"
                    "  state r2\n"
                    "    on e to y as t2\n"
                    "state x\n"
                    "state y\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-r2 -r1 -p /t1 +x");
    chart_free(&f);
}

static void
test_preempt_leaving_transition_beats_later_inner_one(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  state r1\n"
                    "    on e to x as leaves\n"
                    "  state r2\n"
                    "    state a2\n"
                    "      on e to b2 as stays\n"
                    "    state b2\n"
                    "state x\n");
    assert_true(chart_fire(&f, "e"));
    assert_leaves(&f, "x");
    assert_trace(&f, "-a2 -r2 -r1 -p /leaves +x");
    chart_free(&f);
}

static void
test_preempt_earlier_inner_transition_beats_leaving_one(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  state r1\n"
                    "    state a1\n"
                    "      on e to b1 as stays\n"
                    "    state b1\n"
                    "  state r2\n"
                    "    on e to x as leaves\n"
                    "state x\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a1 /stays +b1");
    assert_leaves(&f, "b1 r2");
    chart_free(&f);
}

static void
test_preempt_descendant_source_wins_over_selected_ancestor(void **state)
{
    struct fixture f;

    /* r1 selects p's transition first, r2 its own: their exit sets meet, and the source of the
     * later one stands inside the source of the earlier one, so the later one stays. */
    (void)state;
    chart_start(&f, "parallel p\n"
                    "  on e to x as outer\n"
                    "  state r1\n"
                    "  state r2\n"
                    "    state a2\n"
                    "      on e to b2 as inner\n"
                    "    state b2\n"
                    "state x\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a2 /inner +b2");
    assert_leaves(&f, "r1 b2");
    chart_free(&f);
}

static void
test_preempt_preempted_transition_preempts_nothing(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  state r1\n"
                    "    state a1\n"
                    "      on e to b1 as one\n"
                    "    state b1\n"
                    "  state r2\n"
                    "    on e to x as two\n"
                    "  state r3\n"
                    "    state a3\n"
                    "      on e to b3 as three\n"
                    "    state b3\n"
                    "state x\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a3 -a1 /one /three +b1 +b3");
    chart_free(&f);
}

static void
test_preempt_targetless_never_conflicts(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  state r1\n"
                    "    on e as quiet\n"
                    "  state r2\n"
                    "    on e to x as leaves\n"
                    "state x\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-r2 -r1 -p /quiet /leaves +x");
    chart_free(&f);
}

static void
test_event_names_match_by_words(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on claim,other\n");
    assert_true(chart_fire(&f, "claim"));
    assert_true(chart_fire(&f, "claim.late"));
    assert_true(chart_fire(&f, "other.x.y"));
    assert_false(chart_fire(&f, "claims"));
    assert_false(chart_fire(&f, "clai"));
    chart_free(&f);
}

static void
test_event_star_takes_all_but_the_engines(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on * as star\n");
    assert_true(chart_fire(&f, "anything.at.all"));
    assert_false(chart_fire(&f, "done.state.a"));
    assert_false(chart_fire(&f, "approval.a.approved"));
    assert_false(chart_fire(&f, "after.a.1"));
    chart_free(&f);
}

static void
test_event_engines_names_are_taken_by_their_own_kind_only(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state s\n"
                    "  on done to x as persons\n"
                    "  on done.state to y as engines\n"
                    "  state a\n"
                    "    on e to b\n"
                    "  final b\n"
                    "state x\n"
                    "state y\n");
    assert_true(chart_fire(&f, "e"));
    assert_leaves(&f, "y");
    chart_free(&f);
}

static void
test_event_only_is_taken_by_its_transition_alone(void **state)
{
    struct fixture f;
    bool taken;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on *\n"
                    "  after to b as first\n"
                    "  after to c as second\n"
                    "state b\n"
                    "state c\n");
    assert_string_equal(f.model->transitions[2].events[0], "after.a.2");
    assert_int_equal(chart_try(&f, "after.a.2", NULL, 2, &taken), SGN_OK);
    assert_true(taken);
    assert_trace(&f, "-a /second +c");
    assert_int_equal(chart_try(&f, "after.a.2", NULL, 2, &taken), SGN_OK);
    assert_false(taken);
    chart_free(&f);
}

static void
test_event_data_reaches_the_condition(void **state)
{
    struct fixture f;
    bool taken;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on e to b has amount\n"
                    "state b\n");
    assert_false(chart_fire(&f, "e"));
    assert_int_equal(chart_try(&f, "e", "amount", -1, &taken), SGN_OK);
    assert_true(taken);
    assert_leaves(&f, "b");
    chart_free(&f);
}

static void
test_would_asks_and_runs_nothing(void **state)
{
    struct statechart_event e = { .name = "e", .only = -1 }, x = { .name = "x", .only = -1 };
    struct fixture f;
    bool enabled;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on e to b\n"
                    "final b\n");
    f.trace[0] = '\0';
    assert_int_equal(statechart_would(&f.chart, &e, &fixture_ops, &f, &enabled), SGN_OK);
    assert_true(enabled);
    assert_int_equal(statechart_would(&f.chart, &x, &fixture_ops, &f, &enabled), SGN_OK);
    assert_false(enabled);
    assert_trace(&f, "");
    assert_leaves(&f, "a");
    assert_true(chart_fire(&f, "e"));
    assert_int_equal(statechart_would(&f.chart, &e, &fixture_ops, &f, &enabled), SGN_OK);
    assert_false(enabled);
    chart_free(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_select_first_in_document_order_wins),
        cmocka_unit_test(test_select_goes_on_when_a_condition_fails),
        cmocka_unit_test(test_select_inner_before_outer),
        cmocka_unit_test(test_select_outer_when_no_inner_is_enabled),
        cmocka_unit_test(test_select_workflow_transition_after_those_of_all_states),
        cmocka_unit_test(test_select_workflow_transition_to_the_active_state_reenters_it),
        cmocka_unit_test(test_select_atomic_states_in_document_order),
        cmocka_unit_test(test_select_common_ancestor_transition_runs_once),
        cmocka_unit_test(test_select_one_transition_per_region),
        cmocka_unit_test(test_preempt_first_region_wins_when_both_leave),
        cmocka_unit_test(test_preempt_leaving_transition_beats_later_inner_one),
        cmocka_unit_test(test_preempt_earlier_inner_transition_beats_leaving_one),
        cmocka_unit_test(test_preempt_descendant_source_wins_over_selected_ancestor),
        cmocka_unit_test(test_preempt_preempted_transition_preempts_nothing),
        cmocka_unit_test(test_preempt_targetless_never_conflicts),
        cmocka_unit_test(test_event_names_match_by_words),
        cmocka_unit_test(test_event_star_takes_all_but_the_engines),
        cmocka_unit_test(test_event_engines_names_are_taken_by_their_own_kind_only),
        cmocka_unit_test(test_event_only_is_taken_by_its_transition_alone),
        cmocka_unit_test(test_event_data_reaches_the_condition),
        cmocka_unit_test(test_would_asks_and_runs_nothing),
    };

    return cmocka_run_group_tests_name("core/statechart: selection", tests, NULL, NULL);
}
