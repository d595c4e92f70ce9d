/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deadlines on working time. Expected times are counted by hand on the calendar: 5 January 2026
 * is a Monday, and Berlin puts its clocks forward on Sunday 29 March 2026.
 */
#include "support/clocks.h"

struct expected {
    const char *duration, *clock, *from, *due;
};

static void
check(const struct expected *expected, size_t n)
{
    struct clocks clocks;

    clocks_init(&clocks, "{'2026-01-21': [], '2026-01-24': true}");
    for (size_t i = 0; i < n; i++) {
        char more[64];
        struct world *w;
        snprintf(more, sizeof(more), ", 'clock': '%s'", expected[i].clock);
        w = within_at(&clocks, expected[i].duration, more, expected[i].from);
        assert_when(due_of(w, "open"), expected[i].due);
        world_free(w);
    }
    clocks_deinit(&clocks);
}

static void
test_d01_hours_are_elapsed_time_and_sums_are_allowed(void **state)
{
    static const struct expected expected[] = {
        { "90 minutes", "team", "2026-01-09 17:30", "2026-01-09 19:00" },
        { "30 seconds 2 hours", "team", "2026-01-10 23:00", "2026-01-11 01:00" },
        { "1 day 4 hours", "team", "2026-01-09 15:00", "2026-01-10 19:00" },
    };
    struct clocks clocks;
    struct world *w;

    (void)state;
    check(expected, 1);
    check(&expected[2], 1);
    clocks_init(&clocks, "{}");
    w = within_at(&clocks, expected[1].duration, "", expected[1].from);
    assert_true(due_of(w, "open") == when(expected[1].due) + 30 * SGN_SECOND_MS);
    world_free(w);
    clocks_deinit(&clocks);
}

static void
test_d02_days_are_wall_clock_time_in_the_calendars_zone(void **state)
{
    static const struct expected expected[] = {
        /* 23 hours, and 6 days and 23 hours, over the change of the clock in Berlin */
        { "1 day", "berlin", "2026-03-28 09:00+01:00", "2026-03-29 09:00+02:00" },
        { "1 week", "berlin", "2026-03-28 09:00+01:00", "2026-04-04 09:00+02:00" },
        { "1 day", "team", "2026-03-28 09:00+01:00", "2026-03-29 09:00+01:00" },
    };

    (void)state;
    check(expected, sizeof(expected) / sizeof(expected[0]));
}

static void
test_d03_workhours_count_inside_working_hours_only(void **state)
{
    static const struct expected expected[] = {
        { "2 workhours", "team", "2026-01-05 11:00", "2026-01-05 14:30" }, /* over lunch */
        { "4 workhours", "team", "2026-01-09 15:00", "2026-01-12 10:00" }, /* over the weekend */
        { "1 workhour", "team", "2026-01-10 03:00", "2026-01-12 10:00" },
        { "1 workhour", "team", "2026-01-20 18:00", "2026-01-22 10:00" }, /* over a closed day */
        { "2 workhours", "berlin", "2026-01-05 09:00+08:00", "2026-01-05 10:00+01:00" },
    };

    (void)state;
    check(expected, sizeof(expected) / sizeof(expected[0]));
}

static void
test_d04_workdays_leave_out_the_day_of_the_start_and_end_at_the_close(void **state)
{
    static const struct expected expected[] = {
        { "1 workday", "team", "2026-01-05 09:00", "2026-01-06 18:00" },
        { "3 workdays", "team", "2026-01-05 17:59", "2026-01-08 18:00" },
        { "1 workday", "team", "2026-01-20 10:00", "2026-01-22 18:00" },  /* closed on the 21st */
        { "2 workdays", "team", "2026-01-22 10:00", "2026-01-24 18:00" }, /* a working Saturday */
        { "1 workday", "berlin", "2026-01-05 12:00+01:00", "2026-01-06 17:00+01:00" },
    };

    (void)state;
    check(expected, sizeof(expected) / sizeof(expected[0]));
}

static void
test_d05_one_workday_from_friday_afternoon_is_monday_at_close(void **state)
{
    static const struct expected expected = { "1 workday", "team", "2026-01-09 15:00",
                                              "2026-01-12 18:00" };

    (void)state;
    check(&expected, 1);
}

static void
test_d06_eight_hours_of_work_are_eight_workhours(void **state)
{
    /* Three on Friday, five on Monday: three before lunch and two after it. */
    static const struct expected expected = { "8 workhours", "team", "2026-01-09 15:00",
                                              "2026-01-12 15:30" };

    (void)state;
    check(&expected, 1);
}

/* Counted are 3 hours on Friday and 7.5 on each of Monday and Tuesday: 18. */
static void
test_d07_percentages_are_shares_of_the_counted_time(void **state)
{
    static const struct {
        int percent;
        const char *at;
    } expected[] = {
        { 10, "2026-01-09 16:48" },
        { 50, "2026-01-12 16:30" },
        { 80, "2026-01-13 14:24" },
        { 99, "2026-01-13 17:49" }, /* 17.82 hours: 10 minutes 48 seconds are left */
    };
    struct clocks clocks;

    (void)state;
    clocks_init(&clocks, "{}");
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        char model[1024];
        struct world *w;
        snprintf(model, sizeof(model),
                 "{'name': 'x', 'key': 'XX', 'version': 1, 'client': 'project',"
                 " 'roles': ['pm', 'client'], 'states': ["
                 "  {'name': 'open', 'kind': 'state', 'deadlines': ["
                 "    {'name': 'open', 'duration': '2 workdays', 'rungs': ["
                 "      {'at': %d, 'actions': [{'remind': 'pm'}]}]}]}]}",
                 expected[i].percent);
        w = opened_at(model, &clocks, "2026-01-09 15:00");
        assert_when(case_next_due(w->row) / MINUTE * MINUTE, expected[i].at);
        world_free(w);
    }
    clocks_deinit(&clocks);
}

/* Work that waits for the client stops the clock of the whole, not its own. */
static const char *const ticket =
    "{'name': 'ticket', 'key': 'TK', 'version': 1, 'client': 'project',"
    " 'roles': ['pm', 'engineer', 'client'],"
    " 'deadlines': [{'name': 'resolve', 'duration': '4 workhours', 'rungs': ["
    "    {'at': 75, 'actions': [{'remind': 'pm'}]},"
    "    {'late': '0', 'actions': [{'notify': 'pm'}]},"
    "    {'late': '3 workhours', 'actions': [{'priority': 'up'}]}]}],"
    " 'states': ["
    "  {'name': 'open', 'kind': 'state',"
    "   'deadlines': [{'name': 'visit', 'duration': '6 hours', 'pause': ['hold'], 'rungs': ["
    "     {'late': '0', 'actions': [{'remind': 'pm'}]}]}],"
    "   'states': ["
    "    {'name': 'working', 'kind': 'state', 'owner': 'engineer', 'transitions': ["
    "      {'on': ['ask'], 'by': 'engineer', 'to': ['asking']},"
    "      {'on': ['hold'], 'by': 'engineer', 'to': ['hold']}]},"
    "    {'name': 'hold', 'kind': 'state', 'transitions': ["
    "      {'on': ['go_on'], 'by': 'engineer', 'to': ['working']}]},"
    "    {'name': 'asking', 'kind': 'state', 'waiting_for': 'client',"
    "     'deadlines': [{'name': 'asking', 'duration': '1 workday', 'rungs': ["
    "       {'late': '0', 'actions': [{'remind': 'client'}]}]}],"
    "     'transitions': ["
    "      {'on': ['answer'], 'by': 'client', 'to': ['working']},"
    "      {'on': ['hold'], 'by': 'engineer', 'to': ['hold']},"
    "      {'kind': 'after', 'after': '5 workdays', 'to': ['finished']}]}]},"
    "  {'name': 'finished', 'kind': 'final'}]}";

/* Asks and answers at these times. */
static void
ask(struct world *w, const char *from, const char *to)
{
    w->now = when(from);
    assert_ok(w, world_fire(w, "wang", "ask"));
    w->now = when(to);
    assert_ok(w, world_fire(w, "mei", "answer"));
}

static void
test_d08_a_pause_keeps_what_is_left_and_adds_it_after_the_resume(void **state)
{
    struct clocks clocks;
    struct world *w;

    (void)state;
    clocks_init(&clocks, "{}");
    w = opened_at(ticket, &clocks, "2026-01-05 09:00");
    assert_when(due_of(w, "resolve"), "2026-01-05 14:30");
    w->now = when("2026-01-05 11:00"); /* two of four hours are counted */
    assert_ok(w, world_fire(w, "wang", "ask"));
    assert_true(sgn_json_int(world_deadline(w, "resolve"), "left", 0) == 2 * HOUR);
    assert_true(json_is_null(json_object_get(world_deadline(w, "resolve"), "next")));
    w->now = when("2026-01-06 17:00");
    assert_ok(w, world_fire(w, "mei", "answer"));
    assert_when(due_of(w, "resolve"), "2026-01-07 10:00"); /* one on Tuesday, one on Wednesday */
    assert_when(sgn_json_int(world_deadline(w, "resolve"), "next", 0), "2026-01-06 18:00");
    ask(w, "2026-01-06 17:30", "2026-01-06 17:45"); /* and again, for a quarter of an hour */
    assert_when(due_of(w, "resolve"), "2026-01-07 10:15");
    world_free(w);
    clocks_deinit(&clocks);
}

/* What was due before a pause stays due when it was; what is late is counted without the pause. */
static void
test_deadline_overdue_is_paused_too(void **state)
{
    struct clocks clocks;
    struct world *w;

    (void)state;
    clocks_init(&clocks, "{}");
    w = opened_at(ticket, &clocks, "2026-01-05 09:00");
    assert_int_equal(world_advance(w, when("2026-01-05 14:30")), 2);
    ask(w, "2026-01-05 16:30", "2026-01-07 09:00"); /* two hours late when it is paused */
    assert_when(due_of(w, "resolve"), "2026-01-05 14:30");
    assert_when(sgn_json_int(world_deadline(w, "resolve"), "next", 0), "2026-01-07 10:00");
    world_free(w);
    clocks_deinit(&clocks);
}

/* Pauses beyond those that are kept one by one change nothing of what is counted. */
static void
test_deadline_many_pauses_count_as_they_would_each(void **state)
{
    struct clocks clocks;
    struct world *w;
    int64_t visit;

    (void)state;
    clocks_init(&clocks, "{}");
    w = opened_at(ticket, &clocks, "2026-01-05 09:00");
    for (int i = 0; i < 100; i++) {
        w->now += MINUTE;
        assert_ok(w, world_fire(w, "wang", "hold"));
        w->now += MINUTE;
        assert_ok(w, world_fire(w, "wang", "go_on"));
    }
    visit = due_of(w, "visit"); /* of six hours 100 minutes are counted, at 12:20 */
    assert_when(visit, "2026-01-05 16:40");
    assert_true(json_array_size(json_object_get(world_deadline(w, "visit"), "pauses")) <= 32);
    assert_null(json_object_get(world_deadline(w, "resolve"), "pauses")); /* it names none */
    world_free(w);
    clocks_deinit(&clocks);
}

static void
test_d13_waiting_pauses_those_around_never_its_own(void **state)
{
    struct clocks clocks;
    struct world *w;

    (void)state;
    clocks_init(&clocks, "{}");
    w = opened_at(ticket, &clocks, "2026-01-05 09:00");
    w->now = when("2026-01-05 10:00");
    assert_ok(w, world_fire(w, "wang", "ask"));
    assert_true(sgn_json_int(world_deadline(w, "resolve"), "left", 0) == 3 * HOUR);
    assert_true(sgn_json_int(world_deadline(w, "visit"), "left", 0) == 5 * HOUR);
    assert_when(due_of(w, "asking"), "2026-01-06 18:00"); /* its own goes on */
    assert_when(due_of(w, "after.asking.1"), "2026-01-12 18:00");
    assert_int_equal(world_advance(w, when("2026-01-12 18:00")), 2);
    assert_states(w, "['finished']");
    world_free(w);
    clocks_deinit(&clocks);
}

static void
test_d14_pause_names_other_states(void **state)
{
    struct clocks clocks;
    struct world *w;

    (void)state;
    clocks_init(&clocks, "{}");
    w = opened_at(ticket, &clocks, "2026-01-05 09:00");
    w->now = when("2026-01-05 10:00");
    assert_ok(w, world_fire(w, "wang", "hold"));
    assert_true(sgn_json_int(world_deadline(w, "visit"), "left", 0) == 5 * HOUR);
    assert_when(due_of(w, "resolve"), "2026-01-05 14:30"); /* does not name it */
    w->now = when("2026-01-05 11:00");
    assert_ok(w, world_fire(w, "wang", "go_on"));
    assert_when(due_of(w, "visit"), "2026-01-05 16:00");
    world_free(w);
    clocks_deinit(&clocks);
}

/* ---- which clock ---- */

static const char *const three =
    "{'name': 'x', 'key': 'XX', 'version': 1, 'client': 'project', 'roles': ['pm', 'client'],"
    " 'states': [{'name': 'open', 'kind': 'state', 'deadlines': ["
    "  {'name': 'team', 'duration': '1 workday', 'rungs': ["
    "    {'late': '0', 'actions': [{'remind': 'pm'}]}]},"
    "  {'name': 'client', 'duration': '1 workday', 'clock': 'client', 'rungs': ["
    "    {'late': '0', 'actions': [{'remind': 'pm'}]}]},"
    "  {'name': 'berlin', 'duration': '1 workday', 'clock': 'berlin', 'rungs': ["
    "    {'late': '0', 'actions': [{'remind': 'pm'}]}]},"
    "  {'name': 'gone', 'duration': '1 workday', 'clock': 'gone', 'rungs': ["
    "    {'late': '0', 'actions': [{'remind': 'pm'}]}]}]}]}";

/* Tuesday at close, in Shanghai and in Berlin. */
#define OFFICE "2026-01-06 18:00"
#define BERLIN "2026-01-06 17:00+01:00"

static void
test_d15_clock_is_the_teams_the_clients_or_a_named_calendar(void **state)
{
    static const struct {
        const char *project, *client; /* their attributes */
        const char *team_due, *client_due;
    } expected[] = {
        { "null", "null", OFFICE, OFFICE },         /* the team's first */
        { "'berlin'", "null", BERLIN, BERLIN },     /* the project's; the client has none */
        { "null", "'berlin'", OFFICE, BERLIN },     /* the client's own */
        { "'berlin'", "'office'", BERLIN, OFFICE }, /* each its own */
        { "'lost'", "'lost'", OFFICE, OFFICE },     /* not declared any more */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        struct clocks clocks;
        struct world *w = world_new(three);
        json_t *project = json_object_get(w->facts, "project:acme");
        clocks_init(&clocks, "{}");
        w->calendars = &clocks.all;
        json_object_set_new(project, "calendar", json(expected[i].project));
        json_object_set_new(project, "client_calendar", json(expected[i].client));
        assert_ok(w, world_open(w, "mei", "{}"));
        assert_when(due_of(w, "team"), expected[i].team_due);
        assert_when(due_of(w, "client"), expected[i].client_due);
        assert_when(due_of(w, "berlin"), BERLIN);
        assert_when(due_of(w, "gone"), expected[i].team_due);
        world_free(w);
        clocks_deinit(&clocks);
    }
}

/* A team that declares no calendar works round the clock. */
static void
test_deadline_without_a_calendar_counts_every_hour(void **state)
{
    struct clocks clocks;
    struct world *w;

    (void)state;
    clocks_init(&clocks, "{}");
    clocks.all.n = 0;
    w = within_at(&clocks, "1 workday", "", "2026-01-09 15:00");
    assert_true(due_of(w, "open") == when("2026-01-11 00:00"));
    world_free(w);
    w = within_at(&clocks, "4 workhours", "", "2026-01-09 23:00");
    assert_when(due_of(w, "open"), "2026-01-10 03:00");
    world_free(w);
    clocks_deinit(&clocks);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_d01_hours_are_elapsed_time_and_sums_are_allowed),
        cmocka_unit_test(test_d02_days_are_wall_clock_time_in_the_calendars_zone),
        cmocka_unit_test(test_d03_workhours_count_inside_working_hours_only),
        cmocka_unit_test(test_d04_workdays_leave_out_the_day_of_the_start_and_end_at_the_close),
        cmocka_unit_test(test_d05_one_workday_from_friday_afternoon_is_monday_at_close),
        cmocka_unit_test(test_d06_eight_hours_of_work_are_eight_workhours),
        cmocka_unit_test(test_d07_percentages_are_shares_of_the_counted_time),
        cmocka_unit_test(test_d08_a_pause_keeps_what_is_left_and_adds_it_after_the_resume),
        cmocka_unit_test(test_deadline_overdue_is_paused_too),
        cmocka_unit_test(test_deadline_many_pauses_count_as_they_would_each),
        cmocka_unit_test(test_d13_waiting_pauses_those_around_never_its_own),
        cmocka_unit_test(test_d14_pause_names_other_states),
        cmocka_unit_test(test_d15_clock_is_the_teams_the_clients_or_a_named_calendar),
        cmocka_unit_test(test_deadline_without_a_calendar_counts_every_hour),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
