/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deadlines: their order, their pauses, their rungs, against plain arithmetic.
 */
#include "support/world.h"

/* A ticket: answered within 10 hours of work for it; waiting for the client stops the clock. */
static const char *const ticket =
    "{'name': 'ticket', 'key': 'TK', 'version': 1, 'client': 'project',"
    " 'roles': ['pm', 'engineer', 'client'],"
    " 'fields': [{'name': 'level', 'type': 'choice', 'shared': true,"
    "             'choices': ['high', 'low'], 'default': 'low'},"
    "            {'name': 'served', 'type': 'time', 'shared': true}],"
    " 'start': ['open'],"
    " 'deadlines': [{'name': 'resolve', 'duration': '10 hours', 'rungs': ["
    "    {'at': 50, 'actions': [{'remind': 'owner'}]},"
    "    {'late': '0', 'actions': [{'notify': 'pm'}, {'priority': 'up'}]},"
    "    {'late': '2 hours', 'actions': [{'reassign': 'pm'}]},"
    "    {'again': '1 hour', 'most': 3, 'actions': [{'remind': 'pm'}]}]}],"
    " 'states': ["
    "  {'name': 'open', 'kind': 'state', 'states': ["
    "    {'name': 'working', 'kind': 'state', 'owner': 'engineer', 'transitions': ["
    "      {'on': ['ask'], 'by': 'engineer', 'to': ['asking']},"
    "      {'on': ['done'], 'by': 'engineer', 'to': ['finished']}]},"
    "    {'name': 'asking', 'kind': 'state', 'waiting_for': 'client', 'transitions': ["
    "      {'on': ['answer'], 'by': 'client', 'to': ['working']},"
    "      {'kind': 'after', 'after': '3 days', 'to': ['finished']}]}]},"
    "  {'name': 'finished', 'kind': 'final'}]}";

static struct world *
opened(const char *model)
{
    struct world *w = world_new(model);

    assert_ok(w, world_open(w, "mei", "{}"));
    return w;
}

static void
test_deadline_rungs_fire_in_order_once(void **state)
{
    struct world *w = opened(ticket);

    (void)state;
    assert_true(case_next_due(w->row) == START + 5 * HOUR);
    w->now = START + 5 * HOUR - 1;
    assert_null(world_due(w));
    w->now = START + 5 * HOUR;
    assert_ok(w, world_fire_due(w));
    assert_json(world_effects(w), "[{'kind': 'remind', 'to': ['wang', 'zhao'],"
                                  "  'deadline': 'resolve', 'rung': '50%'}]");
    assert_true(sgn_json_int(w->internal, "due", 0) == START + 5 * HOUR);
    assert_null(w->shared);
    assert_null(world_due(w)); /* never twice */
    assert_refused(w, SGN_NOT_NOW, world_do(w, CORE_DEADLINE, "system", "{'deadline': 'd1'}"));

    assert_true(case_next_due(w->row) == START + 10 * HOUR);
    assert_int_equal(world_advance(w, START + 10 * HOUR), 1);
    assert_string_equal(sgn_json_str(w->row, "priority"), "high");
    /* The repeat comes between late 0 and late 2 hours; at one time the ladder goes first. */
    assert_int_equal(world_advance(w, START + 11 * HOUR), 1);
    assert_json(world_effects(w), "[{'kind': 'remind', 'to': ['li'],"
                                  "  'deadline': 'resolve', 'rung': 'again 1 hour'}]");
    w->now = START + 12 * HOUR;
    assert_ok(w, world_fire_due(w));
    assert_json(json_object_get(w->row, "owners"), "{'working': 'li'}");
    assert_ok(w, world_fire_due(w));
    assert_null(world_due(w));
    assert_int_equal(world_advance(w, START + 30 * DAY), 1); /* the third repeat is the last */
    assert_int_equal(case_next_due(w->row), 0);
    world_free(w);
}

static void
test_deadline_pause_keeps_what_is_left(void **state)
{
    struct world *w = opened(ticket);

    (void)state;
    w->now = START + 4 * HOUR;
    assert_ok(w, world_fire(w, "wang", "ask"));
    /* Only the state's own timer runs: 3 days from now. */
    assert_true(case_next_due(w->row) == START + 4 * HOUR + 3 * DAY);
    assert_true(sgn_json_int(world_deadline(w, "resolve"), "left", 0) == 6 * HOUR);
    w->now = START + 30 * HOUR;
    assert_ok(w, world_fire(w, "mei", "answer"));
    assert_true(sgn_json_int(world_deadline(w, "resolve"), "due", 0) == START + 36 * HOUR);
    /* 5 of 10 hours are counted one hour after the resume. */
    assert_true(case_next_due(w->row) == START + 31 * HOUR);
    assert_int_equal(world_advance(w, START + 36 * HOUR), 2);
    /* Overdue, paused for a day, and late 2 hours comes 2 counted hours after the due time. */
    w->now = START + 36 * HOUR + 30 * MINUTE;
    assert_ok(w, world_fire(w, "wang", "ask"));
    assert_true(sgn_json_int(world_deadline(w, "resolve"), "left", 0) == -30 * MINUTE);
    w->now += DAY;
    assert_ok(w, world_fire(w, "jun", "answer"));
    assert_true(case_next_due(w->row) == START + 37 * HOUR + DAY);
    assert_int_equal(world_advance(w, START + 38 * HOUR + DAY - 1), 1);
    assert_int_equal(world_advance(w, START + 38 * HOUR + DAY), 2);
    world_free(w);
}

static void
test_deadline_after_takes_its_own_transition(void **state)
{
    struct world *w = opened(ticket);

    (void)state;
    assert_ok(w, world_fire(w, "wang", "ask"));
    assert_int_equal(world_advance(w, START + 3 * DAY), 1);
    assert_states(w, "['finished']");
    assert_string_equal(w->kind, "deadline");
    assert_json(json_object_get(w->row, "deadlines"), "[]"); /* all timers end with the case */
    assert_json(json_object_get(w->shared, "event"), "{'name': 'after.asking.1'}");
    world_free(w);
}

static void
test_deadline_disarmed_on_leaving_and_armed_anew(void **state)
{
    struct world *w = opened(ticket);

    (void)state;
    assert_ok(w, world_fire(w, "wang", "ask"));
    w->now += DAY;
    assert_ok(w, world_fire(w, "mei", "answer"));
    assert_null(world_deadline(w, "after.asking.1"));
    assert_ok(w, world_fire(w, "wang", "ask"));
    assert_true(sgn_json_int(world_deadline(w, "after.asking.1"), "due", 0) == START + 4 * DAY);
    assert_string_equal(sgn_json_str(world_deadline(w, "after.asking.1"), "id"), "d3");
    world_free(w);
}

static void
test_d30_of_missed_reminders_only_the_latest_is_sent(void **state)
{
    struct world *w = opened(ticket);
    int effects = 0;

    (void)state;
    w->now = START + 20 * DAY; /* everything was missed */
    for (int i = 0; world_due(w) != NULL; i++) {
        assert_true(i < 10);
        assert_ok(w, world_fire_due(w));
        effects += (int)json_array_size(world_effects(w));
        if (i == 0)
            assert_true(sgn_json_true(json_object_get(w->internal, "event"), "silent"));
    }
    assert_int_equal(effects, 1);
    assert_string_equal(sgn_json_str(w->row, "priority"), "high"); /* what is no reminder counts */
    assert_json(json_object_get(w->row, "owners"), "{'working': 'li'}");
    world_free(w);
}

static const char *const answer =
    "{'name': 'answer', 'key': 'AN', 'version': 1,"
    " 'roles': ['pm'],"
    " 'fields': [{'name': 'level', 'type': 'choice', 'shared': true, 'choices': ['high', 'low']},"
    "            {'name': 'served', 'type': 'time', 'shared': true}],"
    " 'states': ["
    "  {'name': 'open', 'kind': 'state', 'edit': [{'who': 'pm', 'fields': 'all'}],"
    "   'deadlines': ["
    "    {'name': 'level', 'duration': {'per': 'level',"
    "       'values': {'high': '4 hours', 'low': '2 days'}},"
    "     'rungs': [{'late': '0', 'actions': [{'remind': 'pm'}]}]},"
    "    {'name': 'proof', 'duration': '10 days', 'from': 'served', 'until': 'reply',"
    "     'rungs': [{'at': 50, 'actions': [{'remind': 'pm'}]},"
    "               {'late': '0', 'actions': [{'go': true}]}]}],"
    "   'transitions': ["
    "    {'kind': 'go', 'deadline': 'proof', 'rung': 2, 'to': ['deemed']},"
    "    {'on': ['reply'], 'by': 'pm', 'run': [{'priority': 'low'}]}]},"
    "  {'name': 'deemed', 'kind': 'final', 'outcome': 'deemed'}]}";

static void
test_deadline_by_field_is_recomputed_from_the_same_start(void **state)
{
    struct world *w = world_new(answer);

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    assert_int_equal(case_next_due(w->row), 0);
    assert_true(json_is_null(json_object_get(world_deadline(w, "level"), "from")));
    w->now = START + HOUR;
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'level': 'low'}}"));
    assert_true(case_next_due(w->row) == START + 2 * DAY); /* from when it was armed */
    w->now = START + 2 * HOUR;
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'level': 'high'}}"));
    assert_true(case_next_due(w->row) == START + 4 * HOUR);
    world_free(w);
}

static void
test_deadline_from_starts_when_the_field_is_filled(void **state)
{
    struct world *w = world_new(answer);

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    w->now = START + DAY;
    assert_ok(w,
              world_do(w, CORE_EDIT, "li", "{'fields': {'served': '2026-01-05T12:00:00+08:00'}}"));
    assert_true(sgn_json_int(world_deadline(w, "proof"), "due", 0) == START + 3 * HOUR + 10 * DAY);
    assert_true(case_next_due(w->row) == START + 3 * HOUR + 5 * DAY);
    assert_ok(w, world_fire(w, "li", "reply")); /* until */
    assert_null(world_deadline(w, "proof"));
    world_free(w);
}

static void
test_deadline_go_and_outage(void **state)
{
    struct world *w = world_new(answer);

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    assert_ok(w,
              world_do(w, CORE_EDIT, "li", "{'fields': {'served': '2026-01-05T09:00:00+08:00'}}"));
    assert_int_equal(world_advance(w, START + 6 * DAY), 1);
    /* Down from two hours before the due time to one hour after it: put off by three hours. */
    w->down_ms = 3 * HOUR;
    w->now = START + 10 * DAY + HOUR;
    assert_ok(w, world_fire_due(w));
    assert_states(w, "['open']");
    assert_true(case_next_due(w->row) == START + 10 * DAY + 3 * HOUR);
    assert_int_equal(sgn_json_int(json_object_get(w->internal, "event"), "put_off", 0), 3 * HOUR);
    w->now = START + 10 * DAY + 3 * HOUR;
    assert_ok(w, world_fire_due(w)); /* once only */
    assert_states(w, "['deemed']");
    assert_json(json_object_get(w->row, "outcome"), "'deemed'");
    world_free(w);
}

static void
test_deadline_that_fails_is_stuck_once_and_tried_again(void **state)
{
    struct world *w = opened(ticket);
    struct core_known known = { .facts = w->facts };
    json_t *params = json("{'deadline': 'd1'}");
    struct core_command command = { .kind = CORE_DEADLINE,
                                    .params = params,
                                    .actor = "system",
                                    .channel = "engine",
                                    .at = START + 5 * HOUR,
                                    .case_key = "CR-1" };
    struct core_question question = { w->model, w->row, &command, &known, NULL };
    struct core_decision decision;
    struct sgn_error why = { 0 };

    (void)state;
    sgn_fail(&why, SGN_RULE_ERROR, "x.lua:3: no");
    w->now = command.at;
    assert_ok(w, core_decide_failed(&question, &why, &decision, &w->err));
    world_accept(w, &command, &decision);
    core_decision_deinit(&decision);
    assert_string_equal(w->kind, "deadline");
    assert_json(json_object_get(w->internal, "failed"),
                "{'code': 'rule_error', 'message': 'x.lua:3: no'}");
    assert_json(world_effects(w), "[{'kind': 'stuck', 'to': ['li'], 'code': 'rule_error',"
                                  " 'message': 'x.lua:3: no'}]");
    assert_string_equal(sgn_json_str(json_object_get(w->row, "stuck"), "deadline"), "d1");
    assert_true(case_next_due(w->row) == START + 10 * HOUR); /* the rung is spent */
    assert_refused(w, SGN_FORBIDDEN, world_do(w, CORE_RETRY, "wang", "{}"));
    w->now += HOUR;
    assert_ok(w, world_do(w, CORE_RETRY, "li", "{}"));
    assert_true(json_is_null(json_object_get(w->row, "stuck")));
    assert_ok(w, world_fire_due(w));
    assert_json(json_object_get(json_object_get(w->internal, "event"), "rung"), "'50%'");
    assert_true(case_next_due(w->row) == START + 10 * HOUR);
    json_decref(params);
    sgn_error_clear(&why);
    world_free(w);
}

/* Two timers of equal due time fire in the order they were armed. */
static void
test_deadline_equal_times_in_the_order_of_arming(void **state)
{
    struct world *w = world_new(
        "{'name': 'x', 'key': 'XX', 'version': 1, 'roles': ['pm'], 'states': ["
        " {'name': 'p', 'kind': 'parallel', 'states': ["
        "  {'name': 'a', 'kind': 'state', 'transitions': ["
        "    {'kind': 'after', 'after': '1 hour', 'run': [{'priority': 'high'}]}]},"
        "  {'name': 'b', 'kind': 'state', 'transitions': ["
        "    {'kind': 'after', 'after': '60 minutes', 'run': [{'priority': 'urgent'}]}]}]}]}");

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    w->now += HOUR;
    assert_ok(w, world_fire_due(w));
    assert_string_equal(sgn_json_str(w->row, "priority"), "high");
    assert_ok(w, world_fire_due(w));
    assert_string_equal(sgn_json_str(w->row, "priority"), "urgent");
    assert_null(world_due(w));
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deadline_rungs_fire_in_order_once),
        cmocka_unit_test(test_deadline_pause_keeps_what_is_left),
        cmocka_unit_test(test_deadline_after_takes_its_own_transition),
        cmocka_unit_test(test_deadline_disarmed_on_leaving_and_armed_anew),
        cmocka_unit_test(test_d30_of_missed_reminders_only_the_latest_is_sent),
        cmocka_unit_test(test_deadline_by_field_is_recomputed_from_the_same_start),
        cmocka_unit_test(test_deadline_from_starts_when_the_field_is_filled),
        cmocka_unit_test(test_deadline_go_and_outage),
        cmocka_unit_test(test_deadline_that_fails_is_stuck_once_and_tried_again),
        cmocka_unit_test(test_deadline_equal_times_in_the_order_of_arming),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
