/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deadlines due on the day that a field says. Expected times are counted by hand: 5 January 2026 is
 * a Monday, so 9 January is a Friday and 10 January a Saturday.
 */
#include "support/clocks.h"

/* due: "day" or "moment"; rungs: more of them behind the reminders. */
static const char model[] =
    "{'name': 'promise', 'key': 'PR', 'version': 1, 'client': 'project', 'roles': ['pm', 'client'],"
    " 'fields': [{'name': 'day', 'type': 'date', 'shared': true},"
    "            {'name': 'moment', 'type': 'time', 'shared': true}],"
    " 'states': ["
    "  {'name': 'open', 'kind': 'state', 'owner': 'pm', 'edit': [{'who': 'pm', 'fields': 'all'}],"
    "   'deadlines': ["
    "    {'name': 'promise', 'due': 'day', 'clock': '%s', 'rungs': ["
    "      {'at': 80, 'actions': [{'remind': 'pm'}]}, {'late': '0', 'actions': [%s]},"
    "      {'late': '1 workday', 'actions': [{'remind': 'pm'}]}]},"
    "    {'name': 'call', 'due': 'moment', 'rungs': ["
    "      {'late': '0', 'actions': [{'remind': 'pm'}]}]}],"
    "   'states': [{'name': 'at_work', 'kind': 'state',"
    "      'transitions': [{'on': ['ask'], 'by': 'pm', 'to': ['asked']}]},"
    "     {'name': 'asked', 'kind': 'state', 'waiting_for': 'client'}],"
    "   'transitions': [%s]},"
    "  {'name': 'missed', 'kind': 'state'}]}";

#define REMIND "{'remind': 'pm'}"
#define GO     "{'go': true}"
#define LEAVE  "{'kind': 'go', 'deadline': 'promise', 'rung': 2, 'to': ['missed']}"

static struct world *
promised(struct clocks *clocks, const char *clock, const char *late, const char *transition)
{
    char text[4096];

    snprintf(text, sizeof(text), model, clock, late, transition);
    return opened_at(text, clocks, "2026-01-05 09:00");
}

static enum sgn_status
set_day(struct world *w, const char *day)
{
    char params[128];

    snprintf(params, sizeof(params), "{'fields': {'day': '%s'}}", day);
    return world_do(w, CORE_EDIT, "li", params);
}

static void
test_due_is_the_close_of_the_day_or_of_the_next_on_which_anybody_works(void **state)
{
    static const struct {
        const char *clock, *day, *due;
    } expected[] = {
        { "team", "2026-01-09", "2026-01-09 18:00" },
        { "team", "2026-01-10", "2026-01-12 18:00" }, /* a Saturday */
        { "team", "2026-01-17", "2026-01-17 18:00" }, /* a Saturday that is worked */
        { "team", "2026-01-21", "2026-01-22 18:00" }, /* a holiday */
        { "berlin", "2026-01-09", "2026-01-09 17:00+01:00" },
        { "berlin", "2026-03-28", "2026-03-30 17:00+02:00" }, /* over the change of the clock */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        struct clocks clocks;
        struct world *w;
        clocks_init(&clocks, "{'2026-01-21': [], '2026-01-17': true}");
        w = promised(&clocks, expected[i].clock, REMIND, "");
        assert_ok(w, set_day(w, expected[i].day));
        assert_when(due_of(w, "promise"), expected[i].due);
        world_free(w);
        clocks_deinit(&clocks);
    }
}

static void
test_due_without_a_calendar_is_the_end_of_the_day(void **state)
{
    struct clocks clocks;
    struct world *w;

    (void)state;
    clocks_init(&clocks, "{}");
    clocks.all.n = 0;
    w = promised(&clocks, "team", REMIND, "");
    assert_ok(w, set_day(w, "2026-01-10"));
    assert_true(due_of(w, "promise") == when("2026-01-11 00:00"));
    world_free(w);
    clocks_deinit(&clocks);
}

static void
test_due_at_a_moment_is_that_moment(void **state)
{
    struct clocks clocks;
    struct world *w;

    (void)state;
    clocks_init(&clocks, "{}");
    w = promised(&clocks, "team", REMIND, "");
    assert_ok(w,
              world_do(w, CORE_EDIT, "li", "{'fields': {'moment': '2026-01-10T20:15:00+08:00'}}"));
    assert_when(due_of(w, "call"), "2026-01-10 20:15");
    world_free(w);
    clocks_deinit(&clocks);
}

static void
test_due_follows_the_field_and_rests_while_it_is_empty(void **state)
{
    struct clocks clocks;
    struct world *w;

    (void)state;
    clocks_init(&clocks, "{}");
    w = promised(&clocks, "team", REMIND, "");
    assert_int_equal(due_of(w, "promise"), 0);
    assert_json(json_object_get(json_array_get(json_object_get(w->row, "waiting"), 0), "why"),
                "'the clock of \\\"promise\\\" has not started: day is empty'");
    assert_ok(w, set_day(w, "2026-01-09"));
    assert_true(sgn_json_int(world_deadline(w, "promise"), "next", 0) == when("2026-01-08 18:00"));
    assert_ok(w, set_day(w, "2026-01-16"));
    assert_when(due_of(w, "promise"), "2026-01-16 18:00");
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'day': null}}"));
    assert_int_equal(due_of(w, "promise"), 0);
    world_free(w);
    clocks_deinit(&clocks);
}

/* A day is a promise: waiting for somebody moves it no further. */
static void
test_due_is_paused_by_nothing(void **state)
{
    struct clocks clocks;
    struct world *w;

    (void)state;
    clocks_init(&clocks, "{}");
    w = promised(&clocks, "team", REMIND, "");
    assert_ok(w, set_day(w, "2026-01-09"));
    assert_ok(w, world_fire(w, "li", "ask"));
    assert_when(due_of(w, "promise"), "2026-01-09 18:00");
    assert_null(json_object_get(world_deadline(w, "promise"), "left"));
    assert_int_equal(world_advance(w, when("2026-01-12 18:00")),
                     3); /* 80%, late 0, late 1 workday */
    world_free(w);
    clocks_deinit(&clocks);
}

/* The fifth is a Monday: the fourth has passed when the case is opened. */
static void
test_due_on_a_day_that_has_passed_is_due_at_once(void **state)
{
    struct clocks clocks;
    struct world *w;

    (void)state;
    clocks_init(&clocks, "{}");
    w = promised(&clocks, "team", GO, LEAVE);
    assert_ok(w, set_day(w, "2026-01-01"));
    assert_when(due_of(w, "promise"), "2026-01-05 09:00");
    (void)world_advance(w, when("2026-01-05 09:01"));
    assert_json(json_object_get(w->row, "states"), "['missed']");
    world_free(w);
    clocks_deinit(&clocks);
}

static const char decided[] =
    "{'name': 'offer', 'key': 'OF', 'version': 1, 'client': 'project', 'roles': ['pm', 'client'],"
    " 'fields': [{'name': 'day', 'type': 'date', 'shared': true}],"
    " 'states': [{'name': 'new', 'kind': 'state',"
    "    'transitions': [{'on': ['ask'], 'by': 'pm', 'takes': ['day'], 'to': ['open']}]},"
    "  {'name': 'open', 'kind': 'state',"
    "   'approval': {'outcomes': ['approved', 'rejected'],"
    "     'rule': {'kind': 'at_least', 'n': 1, 'who': 'client', 'nobody': 'reject'}},"
    "   'deadlines': [{'name': 'offer', 'due': 'day', 'rungs': ["
    "      {'late': '0', 'actions': [{'decide': 'approved', 'as': 'deemed'}]}]}],"
    "   'transitions': [{'kind': 'approval', 'outcome': 'approved', 'to': ['yes']},"
    "     {'kind': 'approval', 'outcome': 'rejected', 'to': ['no']}]},"
    "  {'name': 'yes', 'kind': 'final'}, {'name': 'no', 'kind': 'final'}]}";

/* Nobody's silence is an answer to what they had not been asked. */
static void
test_due_on_a_day_that_has_passed_decides_nothing(void **state)
{
    struct clocks clocks;
    struct world *w;

    (void)state;
    clocks_init(&clocks, "{}");
    w = opened_at(decided, &clocks, "2026-01-05 09:00");
    assert_refused(w, SGN_INVALID,
                   world_do(w, CORE_FIRE, "li", "{'event': 'ask', 'data': {'day': '2026-01-01'}}"));
    assert_string_equal(sgn_json_str(w->err.data, "pointer"), "/data/day");
    assert_ok(w, world_do(w, CORE_FIRE, "li", "{'event': 'ask', 'data': {'day': '2026-01-06'}}"));
    assert_when(due_of(w, "offer"), "2026-01-06 18:00");
    (void)world_advance(w, when("2026-01-06 18:00"));
    assert_json(json_object_get(w->row, "states"), "['yes']");
    world_free(w);
    clocks_deinit(&clocks);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_due_is_the_close_of_the_day_or_of_the_next_on_which_anybody_works),
        cmocka_unit_test(test_due_without_a_calendar_is_the_end_of_the_day),
        cmocka_unit_test(test_due_at_a_moment_is_that_moment),
        cmocka_unit_test(test_due_follows_the_field_and_rests_while_it_is_empty),
        cmocka_unit_test(test_due_is_paused_by_nothing),
        cmocka_unit_test(test_due_on_a_day_that_has_passed_is_due_at_once),
        cmocka_unit_test(test_due_on_a_day_that_has_passed_decides_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
