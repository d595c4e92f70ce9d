/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Macrosteps: SCXML 1.0 appendix D, mainEventLoop and microstep: the order of eventless
 * transitions, internal and external events, completion, the end, bounds and failures; and
 * charts made from stored names.
 */
#include "statechart_fixture.h"

static void
test_step_internal_events_before_the_external_one(void **state)
{
    struct fixture f;
    bool taken;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on inner to b\n"
                    "  on e to x\n"
                    "state b\n"
                    "  on e to c\n"
                    "state c\n"
                    "state x\n");
    json_array_append_new(f.queue, json_string("inner"));
    assert_int_equal(chart_try(&f, "e", NULL, -1, &taken), SGN_OK);
    assert_true(taken);
    assert_trace(&f, "-a /inner +b -b /e +c");
    chart_free(&f);
}

static void
test_step_internal_events_in_the_order_raised(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on e emit one as e1\n"
                    "  on one emit three\n"
                    "  on two\n"
                    "  on three\n"
                    "  on f to b emit one\n"
                    "state b\n"
                    "  enter emit two\n"
                    "  on one\n"
                    "  on two\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "/e1 /one /three");
    assert_true(chart_fire(&f, "f"));
    assert_trace(&f, "-a /f +b /one /two");
    chart_free(&f);
}

static void
test_step_eventless_before_internal_events(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on e to b emit inner\n"
                    "state b\n"
                    "  on inner to wrong\n"
                    "  always to c\n"
                    "state c\n"
                    "  on inner to d\n"
                    "state d\n"
                    "state wrong\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a /e +b -b /always +c -c /inner +d");
    chart_free(&f);
}

static void
test_step_eventless_again_after_each_internal_event(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  enter emit one\n"
                    "  enter emit two\n"
                    "  on one to b\n"
                    "state b\n"
                    "  always to c\n"
                    "  on two to wrong\n"
                    "state c\n"
                    "  on two to d\n"
                    "state d\n"
                    "state wrong\n");
    assert_leaves(&f, "d");
    chart_free(&f);
}

static void
test_step_eventless_chain_runs_to_completion(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  always to b\n"
                    "state b\n"
                    "  always to c\n"
                    "state c\n");
    assert_trace(&f, "+a -a /always +b -b /always +c");
    chart_free(&f);
}

static void
test_step_eventless_waits_for_its_condition(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  state r1\n"
                    "    state a1\n"
                    "      always to b1 if b2\n"
                    "    state b1\n"
                    "  state r2\n"
                    "    state a2\n"
                    "      on e to b2\n"
                    "    state b2\n");
    assert_leaves(&f, "a1 a2");
    assert_true(chart_fire(&f, "e"));
    assert_leaves(&f, "b1 b2");
    chart_free(&f);
}

static void
test_step_eventless_listens_to_no_event(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  always to b if b\n"
                    "state b\n");
    assert_false(chart_fire(&f, "always"));
    chart_free(&f);
}

static void
test_step_untaken_event_changes_nothing(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on e to b\n"
                    "state b\n");
    assert_false(chart_fire(&f, "other"));
    assert_trace(&f, "");
    assert_leaves(&f, "a");
    chart_free(&f);
}

static void
test_step_untaken_internal_event_is_dropped(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on e to b emit nobody\n"
                    "state b\n"
                    "  on f to c\n"
                    "state c\n"
                    "  on nobody to a\n");
    assert_true(chart_fire(&f, "e"));
    assert_true(chart_fire(&f, "f"));
    assert_leaves(&f, "c");
    chart_free(&f);
}

static void
test_step_without_event_runs_what_is_pending(void **state)
{
    struct fixture f;
    bool taken;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on done.state.a to b\n"
                    "state b\n");
    json_array_append_new(f.queue, json_string("done.state.a"));
    assert_int_equal(chart_try(&f, NULL, NULL, -1, &taken), SGN_OK);
    assert_false(taken);
    assert_leaves(&f, "b");
    chart_free(&f);
}

static void
test_done_of_a_compound_state(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state s\n"
                    "  done to x\n"
                    "  state a\n"
                    "    on e to end\n"
                    "  final end\n"
                    "state x\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a /e +end !s -end -s /done +x");
    chart_free(&f);
}

static void
test_done_of_a_parallel_when_all_regions_are_final(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  done to x\n"
                    "  state r1\n"
                    "    state a1\n"
                    "      on one to f1\n"
                    "    final f1\n"
                    "  state r2\n"
                    "    state a2\n"
                    "      on two to f2\n"
                    "    final f2\n"
                    "state x\n");
    assert_true(chart_fire(&f, "two"));
    assert_trace(&f, "-a2 /two +f2 !r2");
    assert_true(chart_fire(&f, "one"));
    assert_trace(&f, "-a1 /one +f1 !r1 !p -f2 -r2 -f1 -r1 -p /done +x");
    chart_free(&f);
}

static void
test_done_of_a_parallel_in_a_parallel(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  state r1\n"
                    "    final f1\n"
                    "  parallel q\n"
                    "    state r2\n"
                    "      final f2\n"
                    "    state r3\n"
                    "      state a3\n"
                    "        on e to f3\n"
                    "      final f3\n");
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a3 /e +f3 !r3 !q !p");
    chart_free(&f);
}

static void
test_done_region_completes_before_its_parallel(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  state r1\n"
                    "    on done.state.r1 as region\n"
                    "    on done.state.p as whole\n"
                    "    final f1\n");
    assert_trace(&f, "+p +r1 +f1 !r1 !p /region /whole");
    chart_free(&f);
}

static void
test_done_is_not_raised_for_an_atomic_region(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "parallel p\n"
                    "  state r1\n"
                    "    final f1\n"
                    "  state r2\n");
    assert_trace(&f, "+p +r1 +f1 !r1 +r2");
    chart_free(&f);
}

static void
test_end_top_level_final_stays_shown(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on e to end\n"
                    "final end\n"
                    "  leave emit never\n");
    assert_true(f.chart.running);
    assert_true(chart_fire(&f, "e"));
    assert_trace(&f, "-a /e +end");
    assert_leaves(&f, "end");
    assert_false(f.chart.running);
    chart_free(&f);
}

static void
test_end_nothing_is_taken_afterwards(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "on e to a\n"
                    "on inner to a\n"
                    "always to a if end\n"
                    "state a\n"
                    "  on stop to end emit inner\n"
                    "final end\n");
    assert_true(chart_fire(&f, "stop"));
    assert_trace(&f, "-a /stop +end");
    assert_false(chart_fire(&f, "e"));
    assert_leaves(&f, "end");
    chart_free(&f);
}

static void
test_bound_endless_eventless_chain_is_an_overrun(void **state)
{
    struct fixture f;
    bool taken;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on e to b\n"
                    "state b\n"
                    "  always to c\n"
                    "state c\n"
                    "  always to b\n");
    assert_int_equal(chart_try(&f, "e", NULL, -1, &taken), SGN_RULE_OVERRUN);
    assert_non_null(strstr(f.err.message, "1000"));
    assert_non_null(strstr(f.err.message, ": \"c\" → \"b\" → \"c\""));
    chart_free(&f);
}

static void
test_bound_endless_emitting_is_an_overrun(void **state)
{
    struct fixture f;

    (void)state;
    chart_load(&f, "state a\n"
                   "  enter emit e\n"
                   "  on e emit e\n");
    f.trace[0] = '\0';
    assert_int_equal(statechart_start(&f.chart, &fixture_ops, &f, &f.err), SGN_RULE_OVERRUN);
    assert_non_null(strstr(f.err.message, ": \"a\" → \"a\""));
    chart_free(&f);
}

/* Names of the greatest length, and more states than are remembered: the text ends where it must.
 */
static void
test_bound_names_as_many_of_a_long_circle_as_there_is_room_for(void **state)
{
    char source[16384] = "state a\n  on e to long_0\n";
    struct fixture f;
    bool taken;

    (void)state;
    for (int i = 0; i < 60; i++) {
        size_t n = strlen(source);

        snprintf(source + n, sizeof source - n, "state long_%d\n  always to long_%d\n", i,
                 (i + 1) % 60);
    }
    chart_start(&f, source);
    assert_int_equal(chart_try(&f, "e", NULL, -1, &taken), SGN_RULE_OVERRUN);
    assert_non_null(strstr(f.err.message, "\"long_10\" → \"long_11\" → "));
    assert_true(strlen(f.err.message) < 600);
    chart_free(&f);
}

static void
test_bound_counts_each_macrostep_anew(void **state)
{
    struct fixture f;

    (void)state;
    chart_start(&f, "state a\n"
                    "  on e to a\n");
    for (int i = 0; i < 2 * STATECHART_MICROSTEPS_MAX; i++)
        assert_true(chart_fire(&f, "e"));
    chart_free(&f);
}

static void
test_failure_of_content_ends_the_macrostep(void **state)
{
    static const char *const labels[] = { "a", "e", "b" };
    static const char *const traces[] = { "-a", "-a /e", "-a /e +b" };
    struct fixture f;
    bool taken;

    (void)state;
    for (int i = 0; i < 3; i++) {
        chart_start(&f, "state a\n"
                        "  on e to b\n"
                        "state b\n"
                        "  always to c\n"
                        "state c\n");
        f.fail_label = labels[i];
        f.fail_with = SGN_NEEDS;
        assert_int_equal(chart_try(&f, "e", NULL, -1, &taken), SGN_NEEDS);
        assert_trace(&f, traces[i]);
        chart_free(&f);
    }
}

/* ---- charts from stored names ---- */

#define STORED                                                                                     \
    "state s\n"                                                                                    \
    "  history h a\n"                                                                              \
    "  state a\n"                                                                                  \
    "  state b\n"                                                                                  \
    "parallel p\n"                                                                                 \
    "  deep d r1,r2\n"                                                                             \
    "  state r1\n"                                                                                 \
    "  state r2\n"                                                                                 \
    "    state c\n"                                                                                \
    "final end\n"

static enum sgn_status
init_with(struct fixture *f, const char *leaves, const char *history)
{
    json_t *leaf_names = json_loads(leaves, 0, NULL);
    json_t *remembered = history == NULL ? NULL : json_loads(history, 0, NULL);
    enum sgn_status st;

    chart_load(f, STORED);
    statechart_deinit(&f->chart);
    st = statechart_init(&f->chart, f->model, leaf_names, remembered, &f->err);
    json_decref(leaf_names);
    json_decref(remembered);
    return st;
}

static void
test_init_takes_legal_leaves(void **state)
{
    static const char *const legal[] = { "[\"a\"]", "[\"r1\",\"c\"]", "[\"end\"]" };
    struct fixture f;

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(init_with(&f, legal[i], NULL), SGN_OK);
        assert_int_equal(f.chart.running, i != 2);
        assert_true(statechart_set_has(&f.chart.configuration, 0));
        chart_free(&f);
    }
}

static void
test_init_refuses_illegal_leaves(void **state)
{
    static const char *const illegal[] = {
        "[]",      "[\"a\",\"b\"]", "[\"a\",\"end\"]", "[\"r1\"]", "[\"s\"]", "[\"nowhere\"]",
        "[\"h\"]", "[7]",           "[\"r1\",\"r2\"]",
    };
    struct fixture f;

    (void)state;
    for (size_t i = 0; i < sizeof(illegal) / sizeof(*illegal); i++) {
        assert_int_equal(init_with(&f, illegal[i], NULL), SGN_INVALID);
        chart_free(&f);
    }
}

static void
test_init_refuses_illegal_history(void **state)
{
    static const char *const illegal[] = {
        "{\"nowhere\":[\"a\"]}",   "{\"a\":[\"a\"]}", "{\"h\":[]}",       "{\"h\":[\"c\"]}",
        "{\"h\":[\"a\",\"b\"]}",   "{\"h\":\"a\"}",   "{\"d\":[\"r1\"]}", "{\"d\":[\"a\"]}",
        "{\"d\":[\"r1\",\"r2\"]}", "{\"h\":[\"h\"]}",
    };
    struct fixture f;

    (void)state;
    assert_int_equal(init_with(&f, "[\"end\"]", "{\"h\":[\"b\"],\"d\":[\"r1\",\"c\"]}"), SGN_OK);
    chart_free(&f);
    for (size_t i = 0; i < sizeof(illegal) / sizeof(*illegal); i++) {
        assert_int_equal(init_with(&f, "[\"end\"]", illegal[i]), SGN_INVALID);
        chart_free(&f);
    }
}

static void
test_set_walks_both_ways_over_word_borders(void **state)
{
    static const int members[] = { 0, 1, 63, 64, 127, 128, 700, 1023 };
    struct statechart_set set = { 0 };
    int n = sizeof(members) / sizeof(*members), at = -1;

    (void)state;
    assert_int_equal(statechart_set_next(&set, 0), -1);
    assert_int_equal(statechart_set_previous(&set, 1023), -1);
    for (int i = 0; i < n; i++)
        statechart_set_add(&set, members[i]);
    for (int i = 0; i < n; i++) {
        at = statechart_set_next(&set, at + 1);
        assert_int_equal(at, members[i]);
    }
    assert_int_equal(statechart_set_next(&set, at + 1), -1);
    for (int i = n - 1; i >= 0; i--) {
        assert_int_equal(statechart_set_previous(&set, at), members[i]);
        at = members[i] - 1;
    }
    statechart_set_remove(&set, 64);
    assert_false(statechart_set_has(&set, 64));
    assert_int_equal(statechart_set_next(&set, 64), 127);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_step_internal_events_before_the_external_one),
        cmocka_unit_test(test_step_internal_events_in_the_order_raised),
        cmocka_unit_test(test_step_eventless_before_internal_events),
        cmocka_unit_test(test_step_eventless_again_after_each_internal_event),
        cmocka_unit_test(test_step_eventless_chain_runs_to_completion),
        cmocka_unit_test(test_step_eventless_waits_for_its_condition),
        cmocka_unit_test(test_step_eventless_listens_to_no_event),
        cmocka_unit_test(test_step_untaken_event_changes_nothing),
        cmocka_unit_test(test_step_untaken_internal_event_is_dropped),
        cmocka_unit_test(test_step_without_event_runs_what_is_pending),
        cmocka_unit_test(test_done_of_a_compound_state),
        cmocka_unit_test(test_done_of_a_parallel_when_all_regions_are_final),
        cmocka_unit_test(test_done_of_a_parallel_in_a_parallel),
        cmocka_unit_test(test_done_region_completes_before_its_parallel),
        cmocka_unit_test(test_done_is_not_raised_for_an_atomic_region),
        cmocka_unit_test(test_end_top_level_final_stays_shown),
        cmocka_unit_test(test_end_nothing_is_taken_afterwards),
        cmocka_unit_test(test_bound_endless_eventless_chain_is_an_overrun),
        cmocka_unit_test(test_bound_endless_emitting_is_an_overrun),
        cmocka_unit_test(test_bound_names_as_many_of_a_long_circle_as_there_is_room_for),
        cmocka_unit_test(test_bound_counts_each_macrostep_anew),
        cmocka_unit_test(test_failure_of_content_ends_the_macrostep),
        cmocka_unit_test(test_init_takes_legal_leaves),
        cmocka_unit_test(test_init_refuses_illegal_leaves),
        cmocka_unit_test(test_init_refuses_illegal_history),
        cmocka_unit_test(test_set_walks_both_ways_over_word_borders),
    };

    return cmocka_run_group_tests_name("core/statechart: steps", tests, NULL, NULL);
}
