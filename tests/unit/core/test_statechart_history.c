/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shallow and deep history: SCXML 1.0 section 3.10 and appendix D. Expected traces are worked
 * out by hand from the appendix.
 */
#include "statechart_fixture.h"

#define WORK                                                                                       \
    "state work\n"                                                                                 \
    "  on pause to hold\n"                                                                         \
    "  history shallow a\n"                                                                        \
    "  deep deepest a2\n"                                                                          \
    "  state a\n"                                                                                  \
    "    on next to b\n"                                                                           \
    "    state a1\n"                                                                               \
    "    state a2\n"                                                                               \
    "  state b\n"                                                                                  \
    "    on step to b2\n"                                                                          \
    "    state b1\n"                                                                               \
    "    state b2\n"                                                                               \
    "state hold\n"                                                                                 \
    "  on resume to shallow\n"                                                                     \
    "  on exact to deepest\n"

static void
test_history_shallow_remembers_the_child(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, WORK);
    (void)chart_fire(&f, "next");
    (void)chart_fire(&f, "step");
    (void)chart_fire(&f, "pause");
    assert_true(chart_fire(&f, "resume"));
    assert_trace(&f, "-hold /resume +work +b +b1");
    chart_free(&f);
}

static void
test_history_deep_remembers_the_leaves(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, WORK);
    (void)chart_fire(&f, "next");
    (void)chart_fire(&f, "step");
    (void)chart_fire(&f, "pause");
    assert_true(chart_fire(&f, "exact"));
    assert_trace(&f, "-hold /exact +work +b +b2");
    chart_free(&f);
}

static void
test_history_default_when_never_left(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "start hold\n" WORK);
    assert_true(chart_fire(&f, "exact"));
    assert_trace(&f, "-hold /exact +work +a +a2");
    chart_free(&f);
    chart_start(&f, "start hold\n" WORK);
    assert_true(chart_fire(&f, "resume"));
    assert_trace(&f, "-hold /resume +work +a +a1");
    chart_free(&f);
}

static void
test_history_is_overwritten_at_each_leaving(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, WORK);
    (void)chart_fire(&f, "pause");
    assert_string_equal(
        json_string_value(json_array_get(json_object_get(f.chart.history, "shallow"), 0)), "a");
    (void)chart_fire(&f, "resume");
    (void)chart_fire(&f, "next");
    (void)chart_fire(&f, "pause");
    assert_true(chart_fire(&f, "resume"));
    assert_leaves(&f, "b1");
    chart_free(&f);
}

static void
test_history_remembers_before_anything_has_left(void **state)
{
    struct fixture f;

    /* b leaves before s, whose history is filled by then. */
    (void)state;
    chart_start(&f, "state s\n"
                    "  on e to h\n"
                    "  history h a\n"
                    "  state a\n"
                    "    on n to b\n"
                    "  state b\n");
    (void)chart_fire(&f, "n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-b -s /e +s +b");
    chart_free(&f);
}

#define REGIONS                                                                                    \
    "parallel p\n"                                                                                 \
    "  on pause to hold\n"                                                                         \
    "  history shallow r1,b2\n"                                                                    \
    "  deep deepest b1,b2\n"                                                                       \
    "  state r1\n"                                                                                 \
    "    state a1\n"                                                                               \
    "      on one to b1\n"                                                                         \
    "    state b1\n"                                                                               \
    "  state r2\n"                                                                                 \
    "    state a2\n"                                                                               \
    "      on two to b2\n"                                                                         \
    "    state b2\n"                                                                               \
    "state hold\n"                                                                                 \
    "  on resume to shallow\n"                                                                     \
    "  on exact to deepest\n"

static void
test_history_deep_in_a_parallel_restores_every_region(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, REGIONS);
    (void)chart_fire(&f, "two");
    (void)chart_fire(&f, "pause");
    assert_true(chart_fire(&f, "exact"));
    assert_trace(&f, "-hold /exact +p +r1 +a1 +r2 +b2");
    chart_free(&f);
}

static void
test_history_shallow_in_a_parallel_enters_regions_by_default(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, REGIONS);
    (void)chart_fire(&f, "two");
    (void)chart_fire(&f, "pause");
    assert_true(chart_fire(&f, "resume"));
    assert_trace(&f, "-hold /resume +p +r1 +a1 +r2 +a2");
    chart_free(&f);
}

static void
test_history_default_in_a_parallel_names_several(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "start hold\n" REGIONS);
    assert_true(chart_fire(&f, "exact"));
    assert_leaves(&f, "b1 b2");
    chart_free(&f);
    chart_start(&f, "start hold\n" REGIONS);
    assert_true(chart_fire(&f, "resume"));
    assert_leaves(&f, "a1 b2");
    chart_free(&f);
}

static void
test_history_inside_a_region_enters_the_other_regions(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  on pause to hold\n"
                    "  state r1\n"
                    "    history h a1\n"
                    "    state a1\n"
                    "      on one to b1\n"
                    "    state b1\n"
                    "  state r2\n"
                    "    state a2\n"
                    "state hold\n"
                    "  on resume to h\n");
    (void)chart_fire(&f, "one");
    (void)chart_fire(&f, "pause");
    assert_true(chart_fire(&f, "resume"));
    assert_trace(&f, "-hold /resume +p +r1 +b1 +r2 +a2");
    chart_free(&f);
}

static void
test_history_as_start_of_its_state(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "start s\n"
                    "state s\n"
                    "  start h\n"
                    "  on away to x\n"
                    "  history h b\n"
                    "  state a\n"
                    "  state b\n"
                    "    on n to a\n"
                    "state x\n"
                    "  on back to s\n");
    assert_trace(&f, "+s +b");
    (void)chart_fire(&f, "n");
    (void)chart_fire(&f, "away");
    assert_true(chart_fire(&f, "back"));
    assert_trace(&f, "-x /back +s +a");
    chart_free(&f);
}

static void
test_history_as_start_of_the_workflow(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "start h\n"
                    "state x\n"
                    "state s\n"
                    "  history h b\n"
                    "  state a\n"
                    "  state b\n");
    assert_trace(&f, "+s +b");
    chart_free(&f);
}

static void
test_history_default_leads_to_a_deeper_history(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state x\n"
                    "  on e to h\n"
                    "state s\n"
                    "  history h inner\n"
                    "  state a\n"
                    "  state t\n"
                    "    history inner c\n"
                    "    state b\n"
                    "    state c\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-x /e +s +t +c");
    chart_free(&f);
}

static void
test_history_deep_remembers_a_final(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state s\n"
                    "  on away to x\n"
                    "  deep h a\n"
                    "  state a\n"
                    "    on n to end\n"
                    "  final end\n"
                    "state x\n"
                    "  on back to h\n");
    (void)chart_fire(&f, "n");
    (void)chart_fire(&f, "away");
    assert_true(chart_fire(&f, "back"));
    assert_trace(&f, "-x /back +s +end !s");
    chart_free(&f);
}

static void
test_history_survives_storing(void **state)
{
    struct statechart again;
    struct fixture f;
    json_t *leaves;

    (void)state;
    chart_start(&f, WORK);
    (void)chart_fire(&f, "next");
    (void)chart_fire(&f, "step");
    (void)chart_fire(&f, "pause");
    leaves = statechart_leaves(&f.chart);
    assert_int_equal(statechart_init(&again, f.model, leaves, f.chart.history, &f.err), SGN_OK);
    json_decref(leaves);
    statechart_deinit(&f.chart);
    f.chart = again;
    assert_true(chart_fire(&f, "exact"));
    assert_leaves(&f, "b2");
    chart_free(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_history_shallow_remembers_the_child),
        cmocka_unit_test(test_history_deep_remembers_the_leaves),
        cmocka_unit_test(test_history_default_when_never_left),
        cmocka_unit_test(test_history_is_overwritten_at_each_leaving),
        cmocka_unit_test(test_history_remembers_before_anything_has_left),
        cmocka_unit_test(test_history_deep_in_a_parallel_restores_every_region),
        cmocka_unit_test(test_history_shallow_in_a_parallel_enters_regions_by_default),
        cmocka_unit_test(test_history_default_in_a_parallel_names_several),
        cmocka_unit_test(test_history_inside_a_region_enters_the_other_regions),
        cmocka_unit_test(test_history_as_start_of_its_state),
        cmocka_unit_test(test_history_as_start_of_the_workflow),
        cmocka_unit_test(test_history_default_leads_to_a_deeper_history),
        cmocka_unit_test(test_history_deep_remembers_a_final),
        cmocka_unit_test(test_history_survives_storing),
    };

    return cmocka_run_group_tests_name("core/statechart: history", tests, NULL, NULL);
}
