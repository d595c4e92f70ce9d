/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a transition leaves and enters, and in which order: SCXML 1.0 appendix D, exitStates,
 * enterStates, computeExitSet, computeEntrySet, getTransitionDomain and findLCCA. Expected
 * traces are worked out by hand from the appendix.
 */
#include "statechart_fixture.h"

static void
test_start_enters_the_first_state(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "state b\n");
    assert_trace(&f, "+a");
    assert_leaves(&f, "a");
    chart_free(&f);
}

static void
test_start_first_child_is_no_history(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state s\n"
                    "  history h b\n"
                    "  state a\n"
                    "  state b\n");
    assert_leaves(&f, "a");
    chart_free(&f);
}

static void
test_start_names_a_deep_descendant(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "start c\n"
                    "state a\n"
                    "state s\n"
                    "  state b\n"
                    "  state t\n"
                    "    state d\n"
                    "    state c\n");
    assert_trace(&f, "+s +t +c");
    chart_free(&f);
}

static void
test_start_names_states_in_several_regions(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "start b2,b1\n"
                    "parallel p\n"
                    "  state r1\n"
                    "    state a1\n"
                    "    state b1\n"
                    "  state r2\n"
                    "    state a2\n"
                    "    state b2\n"
                    "  state r3\n"
                    "    state a3\n");
    assert_trace(&f, "+p +r1 +b1 +r2 +b2 +r3 +a3");
    chart_free(&f);
}

static void
test_start_nested_lists_apply_level_by_level(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "start s\n"
                    "state s\n"
                    "  start u\n"
                    "  state a\n"
                    "  state t\n"
                    "    state b\n"
                    "    state u\n"
                    "      start d\n"
                    "      state c\n"
                    "      state d\n");
    assert_trace(&f, "+s +t +u +d");
    chart_free(&f);
}

static void
test_entry_compound_target_enters_its_default(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on e to s\n"
                    "state s\n"
                    "  start c\n"
                    "  state b\n"
                    "  state c\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a /e +s +c");
    chart_free(&f);
}

static void
test_entry_deep_target_enters_ancestors_without_their_defaults(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on e to d\n"
                    "state s\n"
                    "  state b\n"
                    "  state t\n"
                    "    state c\n"
                    "    state d\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a /e +s +t +d");
    chart_free(&f);
}

static void
test_entry_parallel_target_enters_all_regions(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on e to p\n"
                    "parallel p\n"
                    "  history h r1,r2\n"
                    "  state r1\n"
                    "    state a1\n"
                    "  state r2\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a /e +p +r1 +a1 +r2");
    chart_free(&f);
}

static void
test_entry_into_one_region_enters_the_others_by_default(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on e to b2\n"
                    "parallel p\n"
                    "  state r1\n"
                    "    state a1\n"
                    "  state r2\n"
                    "    state a2\n"
                    "    state b2\n"
                    "  parallel r3\n"
                    "    state a3\n"
                    "    state b3\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a /e +p +r1 +a1 +r2 +b2 +r3 +a3 +b3");
    chart_free(&f);
}

static void
test_entry_several_targets_in_different_regions(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on e to b3,b1\n"
                    "parallel p\n"
                    "  state r1\n"
                    "    state a1\n"
                    "    state b1\n"
                    "  state r2\n"
                    "    state a2\n"
                    "  state r3\n"
                    "    state a3\n"
                    "    state b3\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a /e +p +r1 +b1 +r2 +a2 +r3 +b3");
    chart_free(&f);
}

static void
test_exit_children_before_parents_and_last_first(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  on e to x\n"
                    "  state r1\n"
                    "    state a1\n"
                    "  state r2\n"
                    "    state a2\n"
                    "state x\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a2 -r2 -a1 -r1 -p /e +x");
    chart_free(&f);
}

static void
test_content_runs_between_leaving_and_entering(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  state r1\n"
                    "    state a1\n"
                    "      leave emit one\n"
                    "      on e to b1 emit two as t1\n"
                    "    state b1\n"
                    "      enter emit three\n"
                    "    on one as got1\n"
                    "    on two as got2\n"
                    "    on three as got3\n"
                    "  state r2\n"
                    "    state a2\n"
                    "      on e to b2 as t2\n"
                    "    state b2\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a2 -a1 /t1 /t2 +b1 +b2 /got1 /got2 /got3");
    chart_free(&f);
}

static void
test_domain_external_transition_leaves_its_source(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state s\n"
                    "  on e to b\n"
                    "  state a\n"
                    "  state b\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a -s /e +s +b");
    chart_free(&f);
}

static void
test_domain_internal_transition_keeps_its_source(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state s\n"
                    "  on e to b internal\n"
                    "  state a\n"
                    "  state b\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a /e +b");
    chart_free(&f);
}

static void
test_domain_internal_to_an_outside_target_is_external(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state s\n"
                    "  on e to x internal\n"
                    "  on f to s internal\n"
                    "  state a\n"
                    "state x\n");
    assert_true(chart_fire(&f, "f"));
    assert_trace(&f, "-a -s /f +s +a");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a -s /e +x");
    chart_free(&f);
}

static void
test_domain_internal_of_a_parallel_is_external(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  on e to b1 internal\n"
                    "  state r1\n"
                    "    state a1\n"
                    "    state b1\n"
                    "  state r2\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-r2 -a1 -r1 -p /e +p +r1 +b1 +r2");
    chart_free(&f);
}

static void
test_domain_internal_of_an_atomic_state_is_external(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on e to a internal\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a /e +a");
    chart_free(&f);
}

static void
test_domain_internal_with_one_target_outside_is_external(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  state r1\n"
                    "    on e to b1,b2 internal\n"
                    "    state a1\n"
                    "    state b1\n"
                    "  state r2\n"
                    "    state a2\n"
                    "    state b2\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a2 -r2 -a1 -r1 -p /e +p +r1 +b1 +r2 +b2");
    chart_free(&f);
}

static void
test_domain_self_transition_leaves_and_enters(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state s\n"
                    "  on e to s\n"
                    "  state a\n"
                    "    on n to b\n"
                    "  state b\n");
    assert_true(chart_fire(&f, "n"));
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-b -s /e +s +a");
    chart_free(&f);
}

static void
test_domain_target_is_an_ancestor(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state s\n"
                    "  state a\n"
                    "    on e to s\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a -s /e +s +a");
    chart_free(&f);
}

static void
test_domain_siblings_stay_inside_their_parent(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state s\n"
                    "  state a\n"
                    "    on e to b\n"
                    "  state b\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a /e +b");
    chart_free(&f);
}

static void
test_domain_is_never_a_parallel(void **state)
{
    struct fixture f;

    /* The least common ancestor of a1 and b2 is p, but the domain must be compound: w. */
    (void)state;
    chart_start(&f, "state w\n"
                    "  parallel p\n"
                    "    state r1\n"
                    "      state a1\n"
                    "        on e to b2\n"
                    "    state r2\n"
                    "      state a2\n"
                    "      state b2\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a2 -r2 -a1 -r1 -p /e +p +r1 +a1 +r2 +b2");
    chart_free(&f);
}

static void
test_domain_region_to_itself_leaves_the_parallel(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  state r1\n"
                    "    on e to r1\n"
                    "    state a1\n"
                    "  state r2\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-r2 -a1 -r1 -p /e +p +r1 +a1 +r2");
    chart_free(&f);
}

static void
test_targetless_leaves_and_enters_nothing(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state s\n"
                    "  on e\n"
                    "  state a\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "/e");
    assert_leaves(&f, "a");
    chart_free(&f);
}

static void
test_two_transitions_enter_what_both_need(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  state r1\n"
                    "    state a1\n"
                    "      on e to q as t1\n"
                    "    parallel q\n"
                    "      state q1\n"
                    "      state q2\n"
                    "  state r2\n"
                    "    state a2\n"
                    "      on e to s as t2\n"
                    "    state s\n"
                    "      state b\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a2 -a1 /t1 /t2 +q +q1 +q2 +s +b");
    chart_free(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start_enters_the_first_state),
        cmocka_unit_test(test_start_first_child_is_no_history),
        cmocka_unit_test(test_start_names_a_deep_descendant),
        cmocka_unit_test(test_start_names_states_in_several_regions),
        cmocka_unit_test(test_start_nested_lists_apply_level_by_level),
        cmocka_unit_test(test_entry_compound_target_enters_its_default),
        cmocka_unit_test(test_entry_deep_target_enters_ancestors_without_their_defaults),
        cmocka_unit_test(test_entry_parallel_target_enters_all_regions),
        cmocka_unit_test(test_entry_into_one_region_enters_the_others_by_default),
        cmocka_unit_test(test_entry_several_targets_in_different_regions),
        cmocka_unit_test(test_exit_children_before_parents_and_last_first),
        cmocka_unit_test(test_content_runs_between_leaving_and_entering),
        cmocka_unit_test(test_domain_external_transition_leaves_its_source),
        cmocka_unit_test(test_domain_internal_transition_keeps_its_source),
        cmocka_unit_test(test_domain_internal_to_an_outside_target_is_external),
        cmocka_unit_test(test_domain_internal_of_a_parallel_is_external),
        cmocka_unit_test(test_domain_internal_of_an_atomic_state_is_external),
        cmocka_unit_test(test_domain_internal_with_one_target_outside_is_external),
        cmocka_unit_test(test_domain_self_transition_leaves_and_enters),
        cmocka_unit_test(test_domain_target_is_an_ancestor),
        cmocka_unit_test(test_domain_siblings_stay_inside_their_parent),
        cmocka_unit_test(test_domain_is_never_a_parallel),
        cmocka_unit_test(test_domain_region_to_itself_leaves_the_parallel),
        cmocka_unit_test(test_targetless_leaves_and_enters_nothing),
        cmocka_unit_test(test_two_transitions_enter_what_both_need),
    };

    return cmocka_run_group_tests_name("core/statechart: leaving and entering", tests, NULL, NULL);
}
