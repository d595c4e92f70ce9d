/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sweeps: what a changed calendar, a changed membership or a person who left does to a case; and
 * how a deadline accounts for its time.
 */
#include "support/clocks.h"

static const char *const ticket =
    "{'name': 'ticket', 'key': 'TK', 'version': 1, 'client': 'project',"
    " 'roles': ['pm', 'engineer', 'client'],"
    " 'deadlines': [{'name': 'resolve', 'duration': '2 workdays', 'rungs': ["
    "    {'at': 50, 'actions': [{'remind': 'pm'}]},"
    "    {'late': '0', 'actions': [{'notify': 'pm'}]}]}],"
    " 'states': ["
    "  {'name': 'working', 'kind': 'state', 'owner': 'pm', 'transitions': ["
    "    {'on': ['ask'], 'by': 'pm', 'to': ['asking']}]},"
    "  {'name': 'asking', 'kind': 'state', 'waiting_for': 'client', 'transitions': ["
    "    {'on': ['answer'], 'by': 'client', 'to': ['working']},"
    "    {'kind': 'after', 'after': '3 workdays', 'to': ['closed']}]},"
    "  {'name': 'closed', 'kind': 'final'}]}";

static enum sgn_status
sweep(struct world *w, const char *params)
{
    return world_do(w, CORE_SWEEP, "system", params);
}

/* ---- calendars ---- */

#define CALENDAR "{'kind': 'calendar', 'argument': {'calendar': 'office', 'date': '2026-01-06'}}"

/* The office's calendar before a change and after it. */
struct change {
    struct clocks before, after;
};

/* A ticket of Monday, 09:00, by the calendar before. */
static struct world *
change_begin(struct change *change, const char *exceptions)
{
    clocks_init(&change->before, "{}");
    clocks_init(&change->after, exceptions);
    return opened_at(ticket, &change->before, "2026-01-05 09:00");
}

static void
change_end(struct change *change, struct world *w)
{
    world_free(w);
    clocks_deinit(&change->before);
    clocks_deinit(&change->after);
}

static void
test_d37_a_changed_calendar_moves_pending_deadlines_and_says_so(void **state)
{
    struct change change;
    struct world *w;
    char expected[512];

    (void)state;
    w = change_begin(&change, "{'2026-01-06': {'hours': [], 'why': 'typhoon'}}");
    assert_when(due_of(w, "resolve"), "2026-01-07 18:00");
    assert_refused(w, SGN_NOT_NOW, sweep(w, CALENDAR)); /* nothing has changed: no entry */
    w->calendars = &change.after.all;
    w->now = when("2026-01-05 10:00");
    assert_ok(w, sweep(w, CALENDAR));
    assert_string_equal(w->kind, "sweep");
    assert_when(due_of(w, "resolve"), "2026-01-08 18:00");
    snprintf(expected, sizeof(expected),
             "{'kind': 'calendar', 'argument': {'calendar': 'office', 'date': '2026-01-06'},"
             " 'moved': [{'deadline': 'resolve', 'id': 'd1', 'was': %lld, 'due': %lld}]}",
             (long long)when("2026-01-07 18:00"), (long long)when("2026-01-08 18:00"));
    assert_json(json_object_get(w->internal, "sweep"), expected);
    assert_null(w->shared);
    assert_refused(w, SGN_NOT_NOW, sweep(w, CALENDAR)); /* nor a second time */
    change_end(&change, w);
}

/* Timers, and what is left in a pause. */
static void
test_sweep_moves_timers_and_keeps_a_pause(void **state)
{
    struct change change;
    struct world *w;

    (void)state;
    w = change_begin(&change, "{'2026-01-05': ['09:00-12:00'], '2026-01-07': []}");
    w->now = when("2026-01-06 09:00");
    assert_ok(w, world_fire(w, "li", "ask"));
    assert_when(due_of(w, "after.asking.1"), "2026-01-09 18:00");
    assert_true(sgn_json_int(world_deadline(w, "resolve"), "left", 0) == 15 * HOUR);
    w->calendars = &change.after.all;
    assert_ok(w, sweep(w, CALENDAR));
    assert_when(due_of(w, "after.asking.1"), "2026-01-12 18:00");
    /* Monday was three hours; due two working days after it, on Tuesday and Thursday. */
    assert_true(sgn_json_int(world_deadline(w, "resolve"), "left", 0) == 15 * HOUR);
    assert_true(sgn_json_int(world_deadline(w, "resolve"), "total", 0) == 18 * HOUR);
    change_end(&change, w);
}

/* The sweep has not come here yet when the old due time comes: nothing fires, and it says why. */
static void
test_sweep_that_is_late_lets_no_deadline_fire_too_early(void **state)
{
    struct change change;
    struct world *w;

    (void)state;
    w = change_begin(&change, "{'2026-01-06': []}");
    w->calendars = &change.after.all;
    w->now = case_next_due(w->row); /* half of it, by the old calendar */
    assert_ok(w, world_fire_due(w));
    assert_string_equal(w->kind, "sweep");
    assert_null(world_effects(w));
    assert_when(due_of(w, "resolve"), "2026-01-08 18:00");
    assert_int_equal(world_advance(w, when("2026-01-08 18:00")), 2);
    change_end(&change, w);
}

/* ---- explaining ---- */

static json_t *
explained(struct world *w)
{
    struct core_known known = { .facts = w->facts, .calendars = w->calendars };
    struct core_command command = {
        .kind = CORE_FIRE, .actor = "li", .channel = "line", .at = w->now, .case_key = "CR-1"
    };
    struct core_question question = { w->model, w->row, &command, &known, NULL };
    struct core_decision needs = { 0 };
    json_t *out = NULL;

    assert_ok(w, core_explain(&question, "en", &out, &needs, &w->err));
    core_decision_deinit(&needs);
    return out;
}

static void
test_d36_every_stretch_of_a_deadline_is_accounted_for(void **state)
{
    static const char *const stretches[][3] = {
        { "2026-01-05T15:00:00+08:00", "working", "working hours" },
        { "2026-01-05T17:00:00+08:00", "pause",
          "waiting for the client since 2026-01-05T17:00:00+08:00" },
        { "2026-01-06T10:00:00+08:00", "working", "working hours" },
        { "2026-01-06T12:00:00+08:00", "break", "lunch break" },
        { "2026-01-06T13:30:00+08:00", "working", "working hours" },
        { "2026-01-06T18:00:00+08:00", "closed", "closed: typhoon" },
        { "2026-01-08T09:00:00+08:00", "working", "working hours" },
    };
    const size_t n = sizeof(stretches) / sizeof(stretches[0]);
    struct clocks clocks;
    struct world *w;
    json_t *out, *clock, *list;

    (void)state;
    clocks_init(&clocks, "{'2026-01-07': {'hours': [], 'why': 'typhoon'}}");
    w = opened_at(ticket, &clocks, "2026-01-05 15:00");
    w->now = when("2026-01-05 17:00");
    assert_ok(w, world_fire(w, "li", "ask"));
    w->now = when("2026-01-06 10:00");
    assert_ok(w, world_fire(w, "mei", "answer"));
    out = explained(w);
    clock = json_array_get(json_object_get(out, "deadlines"), 0);
    list = json_object_get(clock, "stretches");
    assert_true(json_array_size(list) >= n);
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(list, i);
        assert_string_equal(sgn_json_str(item, "from"), stretches[i][0]);
        assert_string_equal(sgn_json_str(item, "kind"), stretches[i][1]);
        assert_string_equal(sgn_json_str(item, "why"), stretches[i][2]);
        assert_true(sgn_json_true(item, "counted") == (strcmp(stretches[i][1], "working") == 0));
        if (i > 0) /* without a gap */
            assert_string_equal(sgn_json_str(json_array_get(list, i - 1), "to"), stretches[i][0]);
    }
    assert_string_equal(sgn_json_str(json_array_get(list, json_array_size(list) - 1), "to"),
                        sgn_json_str(clock, "due"));
    assert_string_equal(sgn_json_str(clock, "calendar"), "office");
    assert_string_equal(sgn_json_str(clock, "counts"), "working time");
    assert_string_equal(sgn_json_str(clock, "clock"), "running");
    /* 3 + 7.5 + 7.5 hours from Monday to Thursday, of which two are counted. */
    assert_int_equal(sgn_json_int(clock, "total_seconds", 0), 18 * 3600);
    assert_int_equal(sgn_json_int(clock, "left_seconds", 0), 16 * 3600);
    assert_int_equal(sgn_json_int(clock, "paused_seconds", 0), 17 * 3600);
    json_decref(out);
    world_free(w);
    clocks_deinit(&clocks);
}

/* ---- people ---- */

static void
member(struct world *w, const char *person, const char *value)
{
    json_t *members = json_object_get(json_object_get(w->facts, "project:acme"), "members");

    if (value == NULL)
        json_object_del(members, person);
    else
        json_object_set_new(members, person, json(value));
}

/* One state, owned by these. */
static struct world *
owned_by(const char *who)
{
    char model[256];

    snprintf(model, sizeof model,
             "{'name': 'x', 'key': 'XX', 'version': 1, 'roles': ['pm', 'engineer', 'ccb'],"
             " 'states': [{'name': 'open', 'kind': 'state', 'owner': '%s'}]}",
             who);
    return world_new(model);
}

static void
test_sweep_who_left_a_role_no_longer_owns(void **state)
{
    struct world *w = owned_by("engineer");

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    assert_ok(w, world_do(w, CORE_ASSIGN, "li", "{'to': 'wang'}"));
    member(w, "wang", "{'roles': ['ccb'], 'client': null}");
    assert_ok(w, sweep(w, "{'kind': 'people', 'argument': {'project': 'acme',"
                          " 'person': 'wang', 'role': 'engineer'}}"));
    assert_json(json_object_get(w->row, "owners"), "{'open': 'zhao'}"); /* the one who is left */
    assert_json(json_object_get(json_object_get(w->internal, "sweep"), "owners"),
                "[{'state': 'open', 'was': 'wang', 'owner': 'zhao'}]");
    member(w, "zhao", NULL);
    assert_ok(w, sweep(w, "{'kind': 'people', 'argument': {'person': 'zhao'}}"));
    assert_json(json_object_get(json_object_get(w->row, "owners"), "open"),
                "{'offer': [{'person': 'li'}], 'why': 'nobody is engineer'}");
    member(w, "wang", "{'roles': ['engineer'], 'client': null}");
    assert_ok(w, sweep(w, "{'kind': 'people', 'argument': {'person': 'wang'}}"));
    assert_json(json_object_get(w->row, "owners"), "{'open': 'wang'}"); /* at last somebody */
    world_free(w);
}

/* Whoever was made the owner by hand stays it when somebody else's role changes. */
static void
test_sweep_leaves_an_owner_who_was_assigned(void **state)
{
    struct world *w = owned_by("pm");

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    assert_ok(w, world_do(w, CORE_ASSIGN, "li", "{'to': 'wang'}"));
    member(w, "zhao", NULL);
    assert_refused(w, SGN_NOT_NOW, sweep(w, "{'kind': 'people', 'argument': {'person': 'zhao'}}"));
    member(w, "wang", NULL);
    assert_ok(w, sweep(w, "{'kind': 'people', 'argument': {'person': 'wang'}}"));
    assert_json(json_object_get(w->row, "owners"), "{'open': 'li'}");
    world_free(w);
}

#define OF_WANG "{'kind': 'people', 'argument': {'person': 'wang', 'stand_in': 'zhao'}}"
#define ROLE_OF_WANG(role)                                                                         \
    "{'kind': 'people', 'argument': {'project': 'acme', 'person': 'wang', 'role': '" role "'}}"

/* Only leaving, or losing the very role that the state is owned by, takes a case from its owner. */
static void
test_sweep_about_an_assigned_owner_leaves_them_the_case(void **state)
{
    struct world *w = owned_by("pm");

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    assert_ok(w, world_do(w, CORE_ASSIGN, "li", "{'to': 'wang'}"));
    assert_refused(w, SGN_NOT_NOW, sweep(w, OF_WANG));
    member(w, "wang", "{'roles': ['engineer', 'ccb'], 'client': null}");
    assert_refused(w, SGN_NOT_NOW, sweep(w, ROLE_OF_WANG("ccb"))); /* gained */
    member(w, "wang", "{'roles': ['ccb'], 'client': null}");
    assert_refused(w, SGN_NOT_NOW, sweep(w, ROLE_OF_WANG("engineer"))); /* not the state's */
    assert_refused(w, SGN_NOT_NOW, sweep(w, "{'kind': 'people', 'argument': {'person': 'wang'}}"));
    assert_refused(w, SGN_NOT_NOW, sweep(w, CALENDAR));
    member(w, "wang", "{'roles': ['pm'], 'client': null}");
    assert_refused(w, SGN_NOT_NOW, sweep(w, ROLE_OF_WANG("pm"))); /* gained as well */
    member(w, "wang", "{'roles': ['ccb'], 'client': null}");
    assert_refused(w, SGN_NOT_NOW, sweep(w, OF_WANG));
    assert_ok(w, sweep(w, ROLE_OF_WANG("pm")));
    assert_json(json_object_get(w->row, "owners"), "{'open': 'li'}");
    world_free(w);
}

/* A rung found nobody, so the leads have it: who holds the state's role does not get it back. */
static void
test_sweep_leaves_with_the_leads_what_a_rung_gave_them(void **state)
{
    struct world *w = owned_by("pm");

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    json_object_set_new(json_object_get(w->row, "owners"), "open",
                        json("{'offer': [{'person': 'li'}], 'why': 'nobody is ccb'}"));
    assert_ok(w, sweep(w, CALENDAR)); /* who is waited for follows what was put in by hand */
    assert_json(json_object_get(w->row, "owners"),
                "{'open': {'offer': [{'person': 'li'}], 'why': 'nobody is ccb'}}");
    assert_refused(w, SGN_NOT_NOW, sweep(w, OF_WANG));
    json_object_set_new(json_object_get(w->row, "owners"), "open",
                        json("{'offer': [{'person': 'wang'}], 'why': 'nobody is ccb'}"));
    assert_ok(w, sweep(w, OF_WANG)); /* who leads has changed */
    assert_json(json_object_get(w->row, "owners"),
                "{'open': {'offer': [{'person': 'li'}], 'why': 'nobody is ccb'}}");
    world_free(w);
}

/* An opener who has left cannot own what they opened. */
static void
test_sweep_gives_what_nobody_owns_to_the_leads(void **state)
{
    struct world *w = owned_by("opener");

    (void)state;
    assert_ok(w, world_open(w, "wang", "{}"));
    assert_json(json_object_get(w->row, "owners"), "{'open': 'wang'}");
    member(w, "wang", NULL);
    world_fact(w, "person:wang", "{'person': 'wang', 'client': null, 'active': false}");
    assert_ok(w, sweep(w, "{'kind': 'people', 'argument': {'person': 'wang'}}"));
    assert_json(
        json_object_get(json_object_get(json_object_get(w->row, "owners"), "open"), "offer"),
        "[{'person': 'li'}]");
    assert_refused(w, SGN_NOT_NOW, sweep(w, "{'kind': 'people', 'argument': {'person': 'wang'}}"));
    world_free(w);
}

static const char *const board =
    "{'name': 'x', 'key': 'XX', 'version': 1, 'client': 'project',"
    " 'roles': ['pm', 'ccb', 'client'],"
    " 'fields': [{'name': 'what', 'type': 'text', 'shared': true}],"
    " 'states': ["
    "  {'name': 'deciding', 'kind': 'state',"
    "   'approval': {'covers': ['what'], 'outcomes': ['approved', 'rejected'],"
    "     'rule': {'kind': 'everyone_answers', 'rules': ["
    "       {'kind': 'at_least', 'n': 1, 'who': 'ccb', 'nobody': 'reject'}]}},"
    "   'transitions': ["
    "    {'kind': 'approval', 'outcome': 'approved', 'to': ['yes']},"
    "    {'kind': 'approval', 'outcome': 'rejected', 'to': ['no']}]},"
    "  {'name': 'yes', 'kind': 'final'}, {'name': 'no', 'kind': 'final'}]}";

static void
test_sweep_asks_who_joined_and_ends_a_round_that_is_decided(void **state)
{
    struct world *w = world_new(board);
    char vote[256];
    const json_t *round;

    (void)state;
    assert_ok(w, world_open(w, "mei", "{}"));
    member(w, "gao", "{'roles': ['ccb'], 'client': null}");
    world_fact(w, "person:gao", "{'person': 'gao', 'client': null, 'active': true}");
    assert_ok(w, sweep(w, "{'kind': 'people', 'argument': {'person': 'gao'}}"));
    assert_json(json_object_get(json_object_get(w->internal, "sweep"), "asked"), "['gao']");
    assert_json(json_array_get(json_object_get(w->row, "waiting"), 0),
                "{'kind': 'approval', 'person': 'gao', 'state': 'deciding',"
                " 'since': 1767574800000, 'due': null}");
    round = json_object_get(json_object_get(w->row, "rounds"), "deciding");
    snprintf(vote, sizeof(vote), "{'choice': 'approve', 'digest': '%s'}",
             sgn_json_str(round, "digest"));
    assert_ok(w, world_do(w, CORE_VOTE, "zhao", vote));
    member(w, "gao", NULL);
    assert_ok(w, sweep(w, "{'kind': 'people', 'argument': {'person': 'gao'}}"));
    assert_json(json_object_get(json_object_get(w->internal, "sweep"), "left"), "['gao']");
    assert_states(w, "['deciding']");
    member(w, "wang", NULL); /* all who are left have answered */
    assert_ok(w, sweep(w, "{'kind': 'people', 'argument': {'person': 'wang'}}"));
    assert_string_equal(w->kind, "sweep");
    assert_states(w, "['yes']");
    assert_refused(w, SGN_NOT_NOW, sweep(w, "{'kind': 'people', 'argument': {}}")); /* ended */
    world_free(w);
}

static void
test_sweep_is_the_engines_own(void **state)
{
    struct world *w = world_new(board);

    (void)state;
    assert_ok(w, world_open(w, "mei", "{}"));
    assert_refused(w, SGN_FORBIDDEN, world_do(w, CORE_SWEEP, "li", "{'kind': 'people'}"));
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_d37_a_changed_calendar_moves_pending_deadlines_and_says_so),
        cmocka_unit_test(test_sweep_moves_timers_and_keeps_a_pause),
        cmocka_unit_test(test_sweep_that_is_late_lets_no_deadline_fire_too_early),
        cmocka_unit_test(test_d36_every_stretch_of_a_deadline_is_accounted_for),
        cmocka_unit_test(test_sweep_who_left_a_role_no_longer_owns),
        cmocka_unit_test(test_sweep_leaves_an_owner_who_was_assigned),
        cmocka_unit_test(test_sweep_about_an_assigned_owner_leaves_them_the_case),
        cmocka_unit_test(test_sweep_leaves_with_the_leads_what_a_rung_gave_them),
        cmocka_unit_test(test_sweep_gives_what_nobody_owns_to_the_leads),
        cmocka_unit_test(test_sweep_asks_who_joined_and_ends_a_round_that_is_decided),
        cmocka_unit_test(test_sweep_is_the_engines_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
