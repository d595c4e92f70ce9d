/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deadlines: where they stand, what starts, ends and moves them, and what their rungs do.
 */
#include "support/clocks.h"

/* ---- where they stand, and how long ---- */

static const char *const nested =
    "{'name': 'visit', 'key': 'VI', 'version': 1, 'client': 'project',"
    " 'roles': ['pm', 'client'],"
    " 'deadlines': [{'name': 'visit', 'duration': '9 hours', 'rungs': ["
    "    {'late': '0', 'actions': [{'remind': 'pm'}]}]}],"
    " 'states': ["
    "  {'name': 'open', 'kind': 'state', 'deadlines': ["
    "    {'name': 'open', 'duration': '6 hours', 'until': 'stop', 'rungs': ["
    "      {'late': '0', 'actions': [{'remind': 'pm'}]}]}],"
    "   'states': ["
    "    {'name': 'first', 'kind': 'state', 'deadlines': ["
    "      {'name': 'first', 'duration': '1 hour', 'rungs': ["
    "        {'late': '0', 'actions': [{'remind': 'pm'}]}]},"
    "      {'name': 'other', 'duration': '2 hours', 'rungs': ["
    "        {'late': '0', 'actions': [{'remind': 'pm'}]}]}],"
    "     'transitions': [{'on': ['next'], 'by': 'pm', 'to': ['second']}]},"
    "    {'name': 'second', 'kind': 'state', 'transitions': ["
    "      {'on': ['back'], 'by': 'pm', 'to': ['first']},"
    "      {'on': ['stop'], 'by': 'pm', 'run': [{'priority': 'low'}]},"
    "      {'on': ['end'], 'by': 'pm', 'to': ['closed']}]}]},"
    "  {'name': 'closed', 'kind': 'final'}]}";

static struct world *
nested_world(struct clocks *clocks)
{
    clocks_init(clocks, "{}");
    return opened_at(nested, clocks, "2026-01-05 09:00");
}

static void
test_d09_within_stands_in_a_state_around_it_and_in_the_workflow(void **state)
{
    struct clocks clocks;
    struct world *w = nested_world(&clocks);

    (void)state;
    assert_when(due_of(w, "first"), "2026-01-05 10:00");
    assert_when(due_of(w, "other"), "2026-01-05 11:00");
    assert_when(due_of(w, "open"), "2026-01-05 15:00");
    assert_when(due_of(w, "visit"), "2026-01-05 18:00");
    assert_int_equal(world_advance(w, when("2026-01-06 00:00")), 4);
    world_free(w);
    clocks_deinit(&clocks);
}

static void
test_d10_its_name_stands_in_the_history_and_in_explanations(void **state)
{
    struct clocks clocks;
    struct world *w = nested_world(&clocks);

    (void)state;
    assert_int_equal(world_advance(w, when("2026-01-05 11:00")), 2);
    assert_json(json_object_get(json_object_get(w->internal, "event"), "deadline"), "'other'");
    assert_json(json_object_get(json_array_get(world_effects(w), 0), "deadline"), "'other'");
    world_free(w);
    clocks_deinit(&clocks);
}

static void
test_d12_it_ends_with_what_it_stands_in_or_at_an_event(void **state)
{
    struct clocks clocks;
    struct world *w = nested_world(&clocks);

    (void)state;
    assert_ok(w, world_fire(w, "li", "next"));
    assert_null(world_deadline(w, "first"));
    assert_null(world_deadline(w, "other"));
    assert_non_null(world_deadline(w, "open"));
    assert_ok(w, world_fire(w, "li", "stop"));
    assert_null(world_deadline(w, "open"));
    w->now = when("2026-01-05 09:30");
    assert_ok(w, world_fire(w, "li", "back")); /* armed anew, from now */
    assert_when(due_of(w, "first"), "2026-01-05 10:30");
    assert_null(world_deadline(w, "open")); /* its state was not left */
    assert_ok(w, world_fire(w, "li", "next"));
    assert_non_null(world_deadline(w, "visit"));
    assert_ok(w, world_fire(w, "li", "end"));
    assert_json(json_object_get(w->row, "deadlines"), "[]");
    world_free(w);
    clocks_deinit(&clocks);
}

static const char *const served =
    "{'name': 'answer', 'key': 'AN', 'version': 1, 'client': 'project',"
    " 'roles': ['pm', 'client'],"
    " 'fields': [{'name': 'served', 'type': 'time', 'shared': true}],"
    " 'states': ["
    "  {'name': 'open', 'kind': 'state', 'owner': 'pm',"
    "   'edit': [{'who': 'pm', 'fields': 'all'}],"
    "   'deadlines': ["
    "    {'name': 'answer', 'duration': '2 workdays', 'from': 'served',"
    "     'rungs': [{'late': '0', 'actions': [{'remind': 'pm'}]}]},"
    "    {'name': 'level', 'duration': {'per': 'priority', 'values': {"
    "       'high': '4 workhours', 'normal': '2 workdays'}},"
    "     'rungs': [{'late': '0', 'actions': [{'remind': 'pm'}]}]}],"
    "   'transitions': [{'on': ['serve'], 'by': 'pm', 'takes': ['served']},"
    "     {'on': ['raise'], 'by': 'pm', 'run': [{'priority': 'high'}]},"
    "     {'on': ['lower'], 'by': 'pm', 'run': [{'priority': 'low'}]},"
    "     {'on': ['usual'], 'by': 'pm', 'run': [{'priority': 'normal'}]}]}]}";

static void
test_d16_a_clock_with_from_starts_when_the_field_is_filled(void **state)
{
    struct clocks clocks;
    struct world *w;

    (void)state;
    clocks_init(&clocks, "{}");
    w = opened_at(served, &clocks, "2026-01-05 09:00");
    assert_true(json_is_null(json_object_get(world_deadline(w, "answer"), "from")));
    assert_json(json_object_get(json_array_get(json_object_get(w->row, "waiting"), 0), "why"),
                "'the clock of \\\"answer\\\" has not started: served is empty'");
    w->now = when("2026-01-08 17:00");
    assert_ok(w, world_do(w, CORE_FIRE, "li",
                          "{'event': 'serve', 'data': {'served': '2026-01-06T10:00:00+08:00'}}"));
    assert_when(due_of(w, "answer"), "2026-01-08 18:00"); /* from when it was served */
    assert_null(json_object_get(json_array_get(json_object_get(w->row, "waiting"), 0), "why"));
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'served': null}}"));
    assert_int_equal(due_of(w, "answer"), 0); /* and stops again with it */
    world_free(w);
    clocks_deinit(&clocks);
}

static void
test_d17_duration_by_field(void **state)
{
    struct clocks clocks;
    struct world *w;

    (void)state;
    clocks_init(&clocks, "{}");
    w = opened_at(served, &clocks, "2026-01-05 10:00");
    assert_when(due_of(w, "level"), "2026-01-07 18:00"); /* normal */
    assert_ok(w, world_fire(w, "li", "lower"));          /* has no duration */
    assert_int_equal(due_of(w, "level"), 0);
    world_free(w);
    clocks_deinit(&clocks);
}

static void
test_d18_a_changed_field_recomputes_from_the_same_start(void **state)
{
    struct clocks clocks;
    struct world *w;

    (void)state;
    clocks_init(&clocks, "{}");
    w = opened_at(served, &clocks, "2026-01-05 10:00");
    w->now = when("2026-01-05 11:30");
    assert_ok(w, world_fire(w, "li", "raise"));
    assert_when(due_of(w, "level"), "2026-01-05 15:30"); /* two before lunch, two after it */
    w->now = when("2026-01-05 14:00");
    assert_ok(w, world_fire(w, "li", "usual"));
    assert_when(due_of(w, "level"), "2026-01-07 18:00");
    world_free(w);
    clocks_deinit(&clocks);
}

/* ---- rungs ---- */

static const char *const ladder =
    "{'name': 'x', 'key': 'XX', 'version': 1, 'client': 'project',"
    " 'roles': ['pm', 'engineer', 'client'],"
    " 'fields': [{'name': 'fired', 'type': 'number', 'shared': true}],"
    " 'states': ["
    "  {'name': 'open', 'kind': 'state', 'owner': 'pm', 'deadlines': ["
    "    {'name': 'open', 'duration': '2 workdays', 'clock': 'berlin', 'rungs': ["
    "      {'at': 1, 'actions': [{'remind': 'owner'}, {'notify': 'client'}]},"
    "      {'at': 99, 'actions': [{'reassign': {'person': 'wang'}}, {'priority': 'urgent'}]},"
    "      {'late': '0', 'actions': [{'start': 'issue'}]},"
    "      {'late': '4 workhours', 'actions': [{'fire': 'late'}]},"
    "      {'late': '3 workdays', 'actions': [{'go': true}]},"
    "      {'again': '1 workday', 'actions': [{'remind': 'pm'}]}]}],"
    "   'transitions': [{'on': ['late'], 'run': [{'set': {'fired': {'value': 1}}}]},"
    "     {'kind': 'go', 'deadline': 'open', 'rung': 5, 'to': ['after']}]},"
    "  {'name': 'after', 'kind': 'state'}]}";

/* From Monday 09:00 in Shanghai, 02:00 in Berlin: counted are three days of nine hours. */
static const struct {
    const char *at, *rung, *does;
} steps[] = {
    { "2026-01-05 08:16+01:00", "1%", "remind" },
    { "2026-01-07 16:43+01:00", "99%", NULL },
    { "2026-01-07 17:00+01:00", "late 0", "start" },
    { "2026-01-08 12:00+01:00", "late 4 workhours", NULL },
    { "2026-01-08 17:00+01:00", "again 1 workday", "remind" },
    { "2026-01-09 17:00+01:00", "again 1 workday", "remind" },
    { "2026-01-12 17:00+01:00", "late 3 workdays", NULL },
};

static struct world *
ladder_world(struct clocks *clocks)
{
    clocks_init(clocks, "{}");
    return opened_at(ladder, clocks, "2026-01-05 09:00");
}

static void
live_through_steps(struct world *w)
{
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        const json_t *event;
        assert_when(case_next_due(w->row) / MINUTE * MINUTE, steps[i].at);
        w->now = case_next_due(w->row);
        assert_ok(w, world_fire_due(w));
        event = json_object_get(w->internal, "event");
        assert_string_equal(sgn_json_str(event, "rung"), steps[i].rung);
        if (steps[i].does != NULL)
            assert_string_equal(sgn_json_str(json_array_get(world_effects(w), 0), "kind"),
                                steps[i].does);
    }
}

static void
test_d19_rungs_remind_notify_reassign_priority_go_fire_and_start(void **state)
{
    struct clocks clocks;
    struct world *w = ladder_world(&clocks);

    (void)state;
    live_through_steps(w);
    assert_json(json_object_get(w->row, "priority"), "'urgent'");
    assert_json(json_object_get(json_object_get(w->row, "fields"), "fired"), "1");
    assert_states(w, "['after']"); /* go */
    world_free(w);
    clocks_deinit(&clocks);
}

static void
test_d20_percentages_come_before_the_due_time_and_offsets_after_it(void **state)
{
    struct clocks clocks;
    struct world *w = ladder_world(&clocks);

    (void)state;
    assert_when(due_of(w, "open"), "2026-01-07 17:00+01:00");
    assert_int_equal(world_advance(w, when("2026-01-07 16:59+01:00")), 2);
    assert_int_equal(world_advance(w, when("2026-01-07 17:00+01:00")), 1); /* late 0 */
    assert_int_equal(world_advance(w, when("2026-01-08 11:59+01:00")), 0);
    assert_int_equal(world_advance(w, when("2026-01-08 12:00+01:00")), 1);
    world_free(w);
    clocks_deinit(&clocks);
}

/* Round the clock a working day closes at 24:00, which is still that day. */
static void
test_d20_late_by_a_workday_counts_from_the_day_that_closes_at_midnight(void **state)
{
    struct clocks clocks;
    struct world *w;

    (void)state;
    clocks_init(&clocks, "{}");
    clocks.all.n = 0; /* a team that declares no calendar */
    w = opened_at("{'name': 'x', 'key': 'XX', 'version': 1, 'client': 'project',"
                  " 'roles': ['pm', 'client'], 'states': [{'name': 'open', 'kind': 'state',"
                  "  'deadlines': [{'name': 'open', 'duration': '1 workday', 'rungs': ["
                  "    {'late': '1 workday', 'actions': [{'remind': 'pm'}]},"
                  "    {'again': '1 workday', 'actions': [{'remind': 'pm'}]}]}]}]}",
                  &clocks, "2026-01-05 09:00");
    assert_when(due_of(w, "open"), "2026-01-07 00:00"); /* Tuesday, 24:00 */
    assert_int_equal(world_advance(w, when("2026-01-07 23:59")), 0);
    assert_int_equal(world_advance(w, when("2026-01-08 00:00")), 2);
    assert_int_equal(world_advance(w, when("2026-01-08 23:59")), 0);
    assert_int_equal(world_advance(w, when("2026-01-09 00:00")), 1);
    world_free(w);
    clocks_deinit(&clocks);
}

/* The tenth working day of Berlin after Wednesday 7 January 2026 is Wednesday the 21st. */
static void
test_d21_again_repeats_in_the_deadlines_own_clock_ten_times(void **state)
{
    static const char *const model =
        "{'name': 'x', 'key': 'XX', 'version': 1, 'client': 'project',"
        " 'roles': ['pm', 'client'], 'states': [{'name': 'open', 'kind': 'state', 'deadlines': ["
        "  {'name': 'open', 'duration': '2 workdays', 'clock': 'berlin', 'rungs': ["
        "    {'again': '1 workday', 'actions': [{'remind': 'pm'}]}]}]}]}";
    struct clocks clocks;
    struct world *w;

    (void)state;
    clocks_init(&clocks, "{}");
    w = opened_at(model, &clocks, "2026-01-05 09:00");
    assert_int_equal(world_advance(w, when("2026-01-07 17:00+01:00")), 0);
    assert_int_equal(world_advance(w, when("2026-01-08 17:00+01:00")), 1);
    assert_int_equal(world_advance(w, when("2026-01-12 16:59+01:00")), 1); /* none on a weekend */
    assert_int_equal(world_advance(w, when("2026-01-21 17:00+01:00")), 8);
    assert_int_equal(world_advance(w, when("2026-12-31 17:00+01:00")), 0);
    world_free(w);
    clocks_deinit(&clocks);
}

static const char *const test_of_client =
    "{'name': 'acceptance', 'key': 'AC', 'version': 1, 'client': 'project',"
    " 'roles': ['pm', 'client'],"
    " 'fields': [{'name': 'what', 'type': 'text', 'shared': true}],"
    " 'states': ["
    "  {'name': 'test', 'kind': 'state',"
    "   'approval': {'covers': ['what'], 'outcomes': ['approved', 'rejected'],"
    "     'rule': {'kind': 'at_least', 'n': 1, 'who': 'client', 'nobody': 'reject'}},"
    "   'deadlines': [{'name': 'answer', 'duration': '10 workdays', 'rungs': ["
    "     {'at': 50, 'actions': [{'remind': 'pending'}]},"
    "     {'late': '0', 'actions': [{'decide': 'approved', 'as': 'deemed'}]}]}],"
    "   'transitions': ["
    "    {'kind': 'approval', 'outcome': 'approved', 'to': ['accepted']},"
    "    {'kind': 'approval', 'outcome': 'rejected', 'to': ['rework']}]},"
    "  {'name': 'rework', 'kind': 'final'},"
    "  {'name': 'accepted', 'kind': 'final', 'outcome': 'accepted'}]}";

static void
test_d22_decide_ends_the_open_round_with_an_outcome(void **state)
{
    struct clocks clocks;
    struct world *w;
    const json_t *ended;

    (void)state;
    clocks_init(&clocks, "{}");
    w = opened_at(test_of_client, &clocks, "2026-01-05 09:00");
    assert_when(due_of(w, "answer"), "2026-01-19 18:00");
    assert_int_equal(world_advance(w, when("2026-01-19 17:59")), 1);
    assert_json(json_object_get(json_array_get(world_effects(w), 0), "to"), "['jun', 'mei']");
    assert_int_equal(world_advance(w, when("2026-01-19 18:00")), 1);
    assert_states(w, "['accepted']");
    ended = json_object_get(json_object_get(json_object_get(w->row, "rounds"), "test"), "ended");
    assert_json(json_object_get(ended, "outcome"), "'approved'");
    world_free(w);
    clocks_deinit(&clocks);
}

static void
test_d23_as_is_the_manner_and_the_outcome_of_the_final(void **state)
{
    struct clocks clocks;
    struct world *w;
    const json_t *ended;

    (void)state;
    clocks_init(&clocks, "{}");
    w = opened_at(test_of_client, &clocks, "2026-01-05 09:00");
    assert_int_equal(world_advance(w, when("2026-01-19 18:00")), 2);
    ended = json_object_get(json_object_get(json_object_get(w->row, "rounds"), "test"), "ended");
    assert_json(json_object_get(ended, "manner"), "'deemed'");
    assert_json(json_object_get(w->row, "outcome"), "'deemed'");
    world_free(w);
    clocks_deinit(&clocks);
}

/* ---- outages ---- */

/* One that speaks for somebody, or with even_if_down, at that time and after that outage. */
static struct world *
after_outage(struct clocks *clocks, const char *even, const char *from, const char *to)
{
    char model[1024];
    struct world *w;

    snprintf(model, sizeof(model),
             "{'name': 'x', 'key': 'XX', 'version': 1, 'client': 'project',"
             " 'roles': ['pm', 'client'], 'states': ["
             "  {'name': 'open', 'kind': 'state', 'deadlines': ["
             "    {'name': 'open', 'duration': '4 workdays', 'rungs': ["
             "      {'late': '0', 'actions': [{'go': true}]%s}]}],"
             "   'transitions': [{'kind': 'go', 'deadline': 'open', 'rung': 1, 'to': ['gone']}]},"
             "  {'name': 'gone', 'kind': 'state'}]}",
             even);
    w = opened_at(model, clocks, "2026-01-05 09:00"); /* due on Friday at 18:00 */
    w->down_from = when(from);
    w->down_ms = when(to) - w->down_from;
    w->now = when(to);
    assert_ok(w, world_fire_due(w));
    return w;
}

static void
test_d29_what_speaks_for_somebody_is_put_off_by_the_counted_time_of_an_outage(void **state)
{
    struct clocks clocks;
    struct world *w;

    (void)state;
    clocks_init(&clocks, "{}");
    /* Two counted hours were lost, one on Friday and one on Monday: again two, from its close. */
    w = after_outage(&clocks, "", "2026-01-09 17:00", "2026-01-12 10:00");
    assert_states(w, "['open']");
    assert_int_equal(sgn_json_int(json_object_get(w->internal, "event"), "put_off", 0), 2 * HOUR);
    assert_when(case_next_due(w->row), "2026-01-12 11:00");
    w->now = when("2026-01-12 11:00");
    assert_ok(w, world_fire_due(w)); /* once only */
    assert_states(w, "['gone']");
    world_free(w);
    w = after_outage(&clocks, ", 'even_if_down': true", "2026-01-09 17:00", "2026-01-12 10:00");
    assert_states(w, "['gone']");
    world_free(w);
    w = after_outage(&clocks, "", "2026-01-09 17:58", "2026-01-09 18:03"); /* five minutes */
    assert_states(w, "['gone']");
    world_free(w);
    clocks_deinit(&clocks);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_d09_within_stands_in_a_state_around_it_and_in_the_workflow),
        cmocka_unit_test(test_d10_its_name_stands_in_the_history_and_in_explanations),
        cmocka_unit_test(test_d12_it_ends_with_what_it_stands_in_or_at_an_event),
        cmocka_unit_test(test_d16_a_clock_with_from_starts_when_the_field_is_filled),
        cmocka_unit_test(test_d17_duration_by_field),
        cmocka_unit_test(test_d18_a_changed_field_recomputes_from_the_same_start),
        cmocka_unit_test(test_d19_rungs_remind_notify_reassign_priority_go_fire_and_start),
        cmocka_unit_test(test_d20_percentages_come_before_the_due_time_and_offsets_after_it),
        cmocka_unit_test(test_d20_late_by_a_workday_counts_from_the_day_that_closes_at_midnight),
        cmocka_unit_test(test_d21_again_repeats_in_the_deadlines_own_clock_ten_times),
        cmocka_unit_test(test_d22_decide_ends_the_open_round_with_an_outcome),
        cmocka_unit_test(test_d23_as_is_the_manner_and_the_outcome_of_the_final),
        cmocka_unit_test(
            test_d29_what_speaks_for_somebody_is_put_off_by_the_counted_time_of_an_outage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
