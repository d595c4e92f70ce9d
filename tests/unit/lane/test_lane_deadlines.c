/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deadlines on the lane, sentence by sentence: order, late answers, what fails.
 */
#include "support/world.h"

/* ---- once, in order ---- */

static void
once(struct world *w)
{
    for (int i = 0; i < 3; i++) {
        char key[16];

        snprintf(key, sizeof key, "TK-%d", i + 1);
        assert_done(world_open(w, "li", "{}"));
        assert_done(world_fire(w, "li", key, "begin"));
        assert_done(world_advance(w, "10 minutes"));
    }
    assert_json(fired(world_advance(w, "100 minutes")), "2"); /* half of TK-1 and TK-2 */
    world_restart(w);
    assert_json(fired(world_advance(w, "1 day")), "7");
    world_restart(w);
    assert_json(fired(world_advance(w, "30 days")), "0");
    assert_order(w, 9);
    assert_minutes(w, "TK-1", "deadline", "[120, 240, 300]");
    assert_minutes(w, "TK-3", "deadline", "[140, 260, 320]");
}

static void
test_d25_exactly_once_in_order_across_restarts(void **state)
{
    (void)state;
    twice_on_disk(once);
}

/* ---- before a command ---- */

static struct reply *
fire_at(struct world *w, const char *key, const char *event, int64_t at)
{
    char params[64];

    snprintf(params, sizeof params, "{'event': '%s'}", event);
    return world_submit(w, &(struct ask){ .person = "li",
                                          .run = lane_case_fire,
                                          .method = "case.fire",
                                          .params = params,
                                          .key = key,
                                          .at = at });
}

/* A case that is planned at the start, on real time from then on: its timer is due in an hour. */
static struct world *
planned(bool delayed, const char *event)
{
    struct world *w = world_new(false, delayed);

    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-1", event));
    w->clock.is_virtual = false;
    return w;
}

static void
test_d26_what_is_due_by_a_commands_time_fires_first_as_entries_of_its_own(void **state)
{
    (void)state;
    for (int delayed = 0; delayed < 2; delayed++) {
        struct world *w = planned(delayed == 1, "plan");
        struct reply *reply = fire_at(w, "TK-1", "finish", START + 90 * MINUTE);
        json_t *history, *entry;

        world_turns(w, 12);
        assert_done(reply); /* in work by then, so it can be finished */
        history = world_history(w);
        entry = json_array_get(json_object_get(history, "TK-1"), 2);
        assert_string_equal(sgn_json_str(entry, "kind"), "deadline");
        assert_true(sgn_json_int(json_object_get(entry, "internal"), "due", 0) == START + HOUR);
        assert_true(sgn_json_int(entry, "at", 0) == START + 90 * MINUTE); /* when it fired */
        json_decref(history);
        world_free(w);
    }
}

static void
test_d27_nothing_fires_that_is_due_after_a_waiting_commands_arrival(void **state)
{
    struct world *w = planned(true, "plan");
    struct reply *reply;

    (void)state;
    w->fake->silent = true; /* its guard is asked, and nobody answers yet */
    reply = fire_at(w, "TK-1", "pause", START + 59 * MINUTE);
    world_turns(w, 5);
    assert_int_equal(reply->times, 0);
    assert_int_equal(world_count(w, "TK-1", "deadline"), 0); /* though it is long due by now */
    w->fake->silent = false;
    world_turns(w, 5);
    assert_int_equal(world_count(w, "TK-1", "deadline"), 0);
    world_free(w);
}

static void
test_d28_a_late_answer_overtakes_no_deadline_and_a_timely_one_loses_to_none(void **state)
{
    (void)state;
    for (int delayed = 0; delayed < 2; delayed++) {
        struct world *w = planned(delayed == 1, "guard");
        struct reply *late = fire_at(w, "TK-1", "halt", START + HOUR);

        world_turns(w, 12);
        assert_reply(late, SGN_NOT_NOW); /* due at its very moment: it is in work */
        world_free(w);
        w = planned(delayed == 1, "guard");
        late = fire_at(w, "TK-1", "halt", START + HOUR - 1);
        world_turns(w, 12);
        assert_done(late);
        assert_states(w, "TK-1", "['new']");
        assert_int_equal(world_count(w, "TK-1", "deadline"), 0);
        world_free(w);
    }
}

/* ---- what fails ---- */

/* A timer whose rule fails, and beside it a deadline that is in order. */
static struct world *
trapped(void)
{
    struct world *w = world_new(true, false);
    json_t *model = world_model(), *state;
    size_t i;

    json_array_foreach(json_object_get(model, "states"), i, state)
        if (strcmp(sgn_json_str(state, "name"), "broken") == 0)
            json_object_set_new(state, "deadlines",
                                quoted("[{'name': 'beside', 'duration': '2 hours', 'rungs': ["
                                       " {'late': '0', 'actions': [{'priority': 'up'}]}]}]"));
    world_set_answer(w, world_answer(model));
    world_restart(w);
    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-1", "trap"));
    return w;
}

static json_t *
failures(struct world *w)
{
    json_t *history = world_history(w), *list = json_array(), *entry;
    size_t i;

    json_array_foreach(json_object_get(history, "TK-1"), i, entry) {
        json_t *failed = json_object_get(json_object_get(entry, "internal"), "failed");
        if (failed != NULL)
            json_array_append(list, failed);
    }
    json_decref(history);
    return list;
}

static void
assert_failures(struct world *w, size_t n)
{
    json_t *list = failures(w);

    assert_int_equal(json_array_size(list), n);
    json_decref(list);
}

static void
test_d31_what_ends_in_an_error_is_recorded_once_as_failed(void **state)
{
    struct world *w = trapped();
    json_t *list;

    (void)state;
    assert_done(world_advance(w, "90 minutes"));
    list = failures(w);
    assert_json(list, "[{'code': 'rule_error', 'message': 'ticket.lua:4: on purpose'}]");
    json_decref(list);
    assert_states(w, "TK-1", "['broken']"); /* it did not happen */
    world_verify(w);
    world_free(w);
}

static void
test_d32_the_case_is_marked_stuck_in_lists_inbox_and_metrics(void **state)
{
    struct world *w = trapped();
    struct store_case_filter filter = { .team = "demo", .stuck = true, .sort = "key", .limit = 10 };
    struct store_page page = { 0 };
    json_t *row, *rows, *stats;
    int told = 0;
    size_t i;

    (void)state;
    assert_done(world_advance(w, "90 minutes"));
    row = world_case(w, "TK-1");
    assert_json(json_object_get(json_object_get(row, "stuck"), "code"), "'rule_error'");
    json_decref(row);
    assert_int_equal(store_case_query(store_own_reader(w->store), &filter, &page, &w->err), SGN_OK);
    assert_int_equal(json_array_size(page.items), 1);
    store_page_deinit(&page);
    assert_int_equal(
        store_inbox(store_own_reader(w->store), "demo", "li", NULL, 10, &page, &w->err), SGN_OK);
    assert_json(json_object_get(json_array_get(page.items, 0), "kind"), "'stuck'");
    store_page_deinit(&page);
    rows = world_rows(w, STORE_MESSAGE); /* and the lead is told, once */
    json_array_foreach(rows, i, row)
        told += strcmp(sgn_json_str(row, "kind"), "stuck") == 0 &&
                strcmp(sgn_json_str(row, "person"), "li") == 0;
    assert_int_equal(told, 1);
    json_decref(rows);
    stats = lane_stats(w->lane);
    assert_int_equal(sgn_json_int(stats, "stuck", 0), 1);
    json_decref(stats);
    world_free(w);
}

static void
test_d33_its_other_deadlines_go_on(void **state)
{
    struct world *w = trapped();
    json_t *row;

    (void)state;
    assert_done(world_advance(w, "3 hours"));
    row = world_case(w, "TK-1");
    assert_json(json_object_get(row, "priority"), "'high'");
    assert_true(json_is_object(json_object_get(row, "stuck")));
    json_decref(row);
    world_free(w);
}

static void
test_d34_it_is_tried_again_at_a_reload_or_by_retry(void **state)
{
    struct world *w = trapped();

    (void)state;
    assert_done(world_advance(w, "90 minutes"));
    assert_done(world_ask(
        w,
        &(struct ask){ .person = "li", .run = run_retry, .method = "case.retry", .key = "TK-1" }));
    world_settle(w);
    assert_failures(w, 2);
    assert_done(world_ask(w, &(struct ask){ .person = "li",
                                            .run = lane_reload,
                                            .method = "workflow.reload",
                                            .access = CORE_LEAD }));
    world_settle(w);
    assert_failures(w, 3);
    world_free(w);
}

static void
test_d35_never_in_a_loop(void **state)
{
    struct world *w = trapped();

    (void)state;
    assert_done(world_advance(w, "90 minutes"));
    for (int i = 0; i < 3; i++) {
        assert_done(world_advance(w, "10 days"));
        world_restart(w);
        world_turns(w, 10);
    }
    assert_failures(w, 1);
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_d25_exactly_once_in_order_across_restarts),
        cmocka_unit_test(test_d26_what_is_due_by_a_commands_time_fires_first_as_entries_of_its_own),
        cmocka_unit_test(test_d27_nothing_fires_that_is_due_after_a_waiting_commands_arrival),
        cmocka_unit_test(
            test_d28_a_late_answer_overtakes_no_deadline_and_a_timely_one_loses_to_none),
        cmocka_unit_test(test_d31_what_ends_in_an_error_is_recorded_once_as_failed),
        cmocka_unit_test(test_d32_the_case_is_marked_stuck_in_lists_inbox_and_metrics),
        cmocka_unit_test(test_d33_its_other_deadlines_go_on),
        cmocka_unit_test(test_d34_it_is_tried_again_at_a_reload_or_by_retry),
        cmocka_unit_test(test_d35_never_in_a_loop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
