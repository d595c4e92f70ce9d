/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is on a schedule: started at its times, once, in order with what else is due.
 *
 * Times are minutes after Monday 2026-01-05 09:00 in Shanghai, where the team is; so Friday 16:00
 * is four days and seven hours later, 6180 minutes, and a week is 10080.
 */
#include "support/schedules.h"

#define FRIDAY 6180
#define WEEK   10080

#define WEEKLY                                                                                     \
    "[{'name': 'weekly', 'every': 'friday 16:00', 'starts': [{'start': 'ticket', 'fields': "       \
    "{'summary': 'report'}}]}]"

/* ---- at its time, and once ---- */

static void
weekly(struct world *w)
{
    json_t *row, *part;

    declare(w, WEEKLY, NULL);
    reload(w);
    assert_json(fired(world_advance(w, "103 hours")), "1"); /* Friday 16:00 */
    assert_minutes(w, "-", "schedule", "[6180]");
    assert_minutes(w, "TK-1", "open", "[6180]");
    row = world_case(w, "TK-1");
    assert_json(json_object_get(row, "opener"), "'system'");
    assert_json(json_object_get(row, "project"), "'erp'"); /* the only one */
    assert_json(json_object_get(row, "fields"), "{'summary': 'report'}");
    json_decref(row);
    part = entry_part(w, 0);
    assert_json(json_object_get(part, "schedule"), "'weekly'");
    assert_int_equal(sgn_json_int(part, "due", 0), START + FRIDAY * MINUTE);
    assert_int_equal(json_array_size(json_object_get(part, "effects")), 1);
    assert_null(json_object_get(part, "missed"));
    json_decref(part);
    assert_next(w, "weekly", FRIDAY + WEEK);
    assert_json(fired(world_advance(w, "3 weeks")), "3");
    assert_minutes(w, "-", "schedule", "[6180, 16260, 26340, 36420]");
    assert_minutes(w, "TK-4", "open", "[36420]");
}

static void
test_schedules_are_started_at_their_times(void **state)
{
    (void)state;
    twice(weekly);
}

/* The case that was opened names the entry as its cause, by which it is found done. */
static void
caused(struct world *w)
{
    json_t *history, *entry;
    size_t i;
    bool found = false;

    declare(w, WEEKLY, NULL);
    reload(w);
    assert_done(world_advance(w, "1 week"));
    history = world_history(w);
    entry = json_array_get(json_object_get(history, "TK-1"), 0);
    assert_json(json_object_get(json_object_get(json_object_get(entry, "internal"), "cause"), "n"),
                "0");
    json_decref(history);
    assert_done(world_open(w, "li", "{}")); /* its number is the next, nothing was left over */
    history = world_history(w);
    json_array_foreach(json_object_get(history, "-"), i, entry)
        found |= strcmp(sgn_json_str(entry, "kind"), "schedule") == 0 &&
                 strcmp(sgn_json_str(entry, "actor"), "system") == 0;
    json_decref(history);
    assert_true(found);
    assert_int_equal(world_count(w, "TK-2", "open"), 1);
}

static void
test_schedules_open_in_the_name_of_their_entry(void **state)
{
    (void)state;
    twice(caused);
}

/* Restarted between firing and opening, behind both, and before the next. */
static void
restarted(struct world *w)
{
    declare(w, WEEKLY, NULL);
    world_restart(w);
    world_turns(w, 3);
    assert_next(w, "weekly", FRIDAY);
    assert_done(world_advance(w, "2 days"));
    world_restart(w);
    world_turns(w, 3);
    assert_next(w, "weekly", FRIDAY); /* it goes on, and does not begin anew */
    assert_done(world_advance(w, "3 days"));
    world_restart(w);
    world_settle(w);
    assert_minutes(w, "-", "schedule", "[6180]");
    assert_int_equal(world_count(w, "TK-1", "open"), 1);
    assert_null(world_case(w, "TK-2"));
    assert_next(w, "weekly", FRIDAY + WEEK);
}

static void
test_schedules_fire_once_across_restarts(void **state)
{
    (void)state;
    twice_on_disk(restarted);
}

/* The entry is committed and the server is gone before the case was opened. */
static void
crash_between(struct world *w)
{
    struct reply *advance;
    int64_t head;

    w->limits.due_per_turn = 1;
    declare(w, WEEKLY, NULL);
    world_restart(w);
    world_turns(w, 3);
    head = world_head(w);
    advance = world_submit(w, &(struct ask){ .person = "li",
                                             .run = lane_clock_advance,
                                             .method = "clock.advance",
                                             .params = "{'by': '1 week'}",
                                             .access = CORE_LEAD });
    while (world_head(w) == head)
        world_turns(w, 1);
    assert_int_equal(world_count(w, "-", "schedule"), 1);
    assert_null(world_case(w, "TK-1"));
    world_restart(w);
    assert_reply(advance, SGN_UNAVAILABLE);
    world_settle(w);
    assert_int_equal(world_count(w, "TK-1", "open"), 1);
    assert_int_equal(world_count(w, "-", "schedule"), 1);
    assert_null(world_case(w, "TK-2"));
}

static void
test_schedules_open_once_after_a_crash(void **state)
{
    (void)state;
    twice_on_disk(crash_between);
}

/* ---- for each ---- */

static void
for_each_project(struct world *w)
{
    json_t *row;

    put(w, "project", "{'project': 'crm', 'client': 'acme', 'state': 'open'}");
    put(w, "project", "{'project': 'old', 'client': 'acme', 'state': 'closed'}");
    declare(w,
            "[{'name': 'p', 'every': 'day 10:00', 'starts': [{'start': 'ticket',"
            "  'for_each': 'open project'}]}]",
            NULL);
    reload(w);
    assert_json(fired(world_advance(w, "1 hour")), "1");
    row = world_case(w, "TK-1");
    assert_json(json_object_get(row, "project"), "'crm'");
    json_decref(row);
    row = world_case(w, "TK-2");
    assert_json(json_object_get(row, "project"), "'erp'");
    json_decref(row);
    assert_null(world_case(w, "TK-3"));
    put(w, "project", "{'project': 'crm', 'client': 'acme', 'state': 'closed'}");
    assert_done(world_advance(w, "1 day"));
    assert_null(world_case(w, "TK-4")); /* looked up at each firing */
    row = schedule_row(w, "p");
    assert_json(json_object_get(json_object_get(json_object_get(row, "spec"), "result"), "cases"),
                "['TK-3']");
    json_decref(row);
}

static void
test_schedules_start_for_each_open_project(void **state)
{
    (void)state;
    twice(for_each_project);
}

static void
for_each_client(struct world *w)
{
    json_t *row, *part;

    put(w, "project", "{'project': 'aaa', 'client': 'acme', 'state': 'open', 'since': 9}");
    put(w, "client", "{'client': 'bare', 'active': true}");
    put(w, "client", "{'client': 'gone', 'active': false}");
    put(w, "project", "{'project': 'ggg', 'client': 'gone', 'state': 'open'}");
    declare(w,
            "[{'name': 'c', 'every': 'day 10:00', 'starts': [{'start': 'ticket',"
            "  'for_each': 'client'}]}]",
            NULL);
    reload(w);
    assert_done(world_advance(w, "1 hour"));
    row = world_case(w, "TK-1");
    assert_json(json_object_get(row, "project"), "'erp'"); /* acme's oldest */
    json_decref(row);
    assert_null(world_case(w, "TK-2"));
    part = entry_part(w, 0);
    assert_json(json_object_get(part, "without_project"), "['bare']");
    json_decref(part);
}

static void
test_schedules_start_for_each_client_in_its_oldest_project(void **state)
{
    (void)state;
    twice(for_each_client);
}

/* What fails is told to the leads and in the row; the others are opened. */
static void
failing(struct world *w)
{
    json_t *row, *result, *rows;

    declare(w,
            "[{'name': 'f', 'every': 'day 10:00', 'starts': [{'start': 'nothing'},"
            "  {'start': 'ticket'}]}]",
            NULL);
    reload(w);
    assert_done(world_advance(w, "1 hour"));
    assert_int_equal(world_count(w, "TK-1", "open"), 1);
    assert_int_equal(world_count(w, "-", "schedule"), 2); /* fired, and the failure */
    row = schedule_row(w, "f");
    result = json_object_get(json_object_get(row, "spec"), "result");
    assert_json(json_object_get(result, "asked"), "2");
    assert_json(json_object_get(result, "opened"), "1");
    assert_json(json_object_get(result, "failed"), "1");
    json_decref(row);
    rows = world_rows(w, STORE_MESSAGE);
    assert_int_equal(json_array_size(rows), 1);
    assert_json(json_object_get(json_array_get(rows, 0), "person"), "'li'");
    assert_json(json_object_get(json_array_get(rows, 0), "kind"), "'failed'");
    json_decref(rows);
    assert_done(world_advance(w, "1 hour")); /* once, not again and again */
    assert_int_equal(world_count(w, "-", "schedule"), 2);
}

static void
test_schedules_record_a_failure_once_and_tell_the_leads(void **state)
{
    (void)state;
    twice(failing);
}

/* A rule that starts a case gives it fields in the same words. */
static void
started_by_a_rule(struct world *w)
{
    json_t *model = world_model(), *row;
    json_t *transition = quoted("{'on': ['report'], 'by': 'pm', 'run': [{'start': 'ticket',"
                                " 'options': {'fields': {'summary': 'of a rule'}}}]}");

    json_array_append_new(
        json_object_get(json_array_get(json_object_get(model, "states"), 0), "transitions"),
        transition);
    world_set_answer(w, world_answer(model));
    reload(w);
    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-1", "report"));
    world_settle(w);
    row = world_case(w, "TK-2");
    assert_json(json_object_get(row, "fields"), "{'summary': 'of a rule'}");
    json_decref(row);
}

static void
test_schedules_and_rules_give_fields_alike(void **state)
{
    (void)state;
    twice(started_by_a_rule);
}

/* ---- in order ---- */

/* A deadline before, at and behind the schedule's time. */
static void
ordered(struct world *w)
{
    json_t *history;

    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-1", "plan")); /* its timer: an hour later */
    declare(w,
            "[{'name': 'a', 'every': 'day 09:30', 'starts': [{'start': 'ticket'}]},"
            " {'name': 'b', 'every': 'day 10:00', 'starts': [{'start': 'ticket'}]}]",
            NULL);
    reload(w);
    assert_json(fired(world_advance(w, "61 minutes")), "3");
    assert_minutes(w, "-", "schedule", "[30, 60]");
    assert_minutes(w, "TK-1", "deadline", "[60]");
    history = world_history(w);
    assert_json(json_object_get(json_object_get(json_array_get(json_object_get(history, "TK-3"), 0),
                                                "internal"),
                                "cause"),
                "{'seq': 7, 'n': 0, 'depth': 1}"); /* 6 was the timer's */
    json_decref(history);
}

static void
test_schedules_fire_in_order_with_deadlines(void **state)
{
    (void)state;
    twice(ordered);
}

/* In Berlin 02:30 does not exist on 29 March 2026, and is taken as 03:30 summer time, 01:30 UTC;
 * on 25 October it happens twice, and the first is meant, 00:30 UTC. */
static void
across_a_gap(struct world *w)
{
    static const char *const due[] = { "2026-03-28T02:30:00+01:00", "2026-03-29T03:30:00+02:00",
                                       "2026-03-30T02:30:00+02:00", "2026-10-25T02:30:00+02:00",
                                       "2026-10-26T02:30:00+01:00" };
    int64_t at;

    declare(w, "[{'name': 'n', 'every': 'day 02:30', 'starts': [{'start': 'ticket'}]}]",
            "Europe/Berlin");
    assert_done(world_ask(w, &(struct ask){ .person = "li",
                                            .run = lane_clock_advance,
                                            .method = "clock.advance",
                                            .params = "{'to': '2026-03-27T12:00:00+01:00'}",
                                            .access = CORE_LEAD }));
    reload(w);
    for (int i = 0; i < 5; i++) {
        char params[128];
        json_t *row = schedule_row(w, "n");

        assert_int_equal(sgn_time_parse(due[i], &at, &w->err), SGN_OK);
        assert_int_equal(sgn_json_int(row, "next", 0), at);
        json_decref(row);
        snprintf(params, sizeof params, "{'to': '%s'}",
                 i == 2 ? "2026-10-24T12:00:00+02:00" : due[i]);
        assert_done(world_ask(w, &(struct ask){ .person = "li",
                                                .run = lane_clock_advance,
                                                .method = "clock.advance",
                                                .params = params,
                                                .access = CORE_LEAD }));
    }
}

static void
test_schedules_keep_the_wall_clock_over_a_gap(void **state)
{
    struct world *w = world_new(false, false);

    (void)state;
    across_a_gap(w);
    world_verify(w);
    world_free(w);
}

/* ---- in step with what is declared ---- */

static void
redeclared(struct world *w)
{
    json_t *row;

    declare(w, WEEKLY, NULL);
    reload(w);
    assert_done(world_advance(w, "1 week"));
    assert_next(w, "weekly", FRIDAY + WEEK);
    declare(w,
            "[{'name': 'weekly', 'every': 'friday 16:00', 'starts': [{'start': 'ticket'}]},"
            " {'name': 'daily', 'every': 'day 10:00', 'starts': [{'start': 'ticket'}]}]",
            NULL);
    reload(w);
    world_turns(w, 2);
    assert_next(w, "weekly", FRIDAY + WEEK);
    assert_next(w, "daily", 60 + WEEK);
    row = schedule_row(w, "weekly"); /* what it did last is still known */
    assert_int_equal(sgn_json_int(row, "last", 0), START + FRIDAY * MINUTE);
    json_decref(row);
    declare(w, "[{'name': 'weekly', 'every': 'friday 17:00', 'starts': [{'start': 'ticket'}]}]",
            NULL);
    reload(w);
    world_turns(w, 2);
    assert_next(w, "weekly", FRIDAY + 60 + WEEK);
    assert_null(schedule_row(w, "daily"));
    declare(w, "[]", NULL);
    reload(w);
    assert_json(fired(world_advance(w, "4 weeks")), "0");
    assert_null(schedule_row(w, "weekly"));
}

static void
test_schedules_follow_what_is_declared(void **state)
{
    (void)state;
    twice(redeclared);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schedules_are_started_at_their_times),
        cmocka_unit_test(test_schedules_open_in_the_name_of_their_entry),
        cmocka_unit_test(test_schedules_fire_once_across_restarts),
        cmocka_unit_test(test_schedules_open_once_after_a_crash),
        cmocka_unit_test(test_schedules_start_for_each_open_project),
        cmocka_unit_test(test_schedules_start_for_each_client_in_its_oldest_project),
        cmocka_unit_test(test_schedules_record_a_failure_once_and_tell_the_leads),
        cmocka_unit_test(test_schedules_and_rules_give_fields_alike),
        cmocka_unit_test(test_schedules_fire_in_order_with_deadlines),
        cmocka_unit_test(test_schedules_keep_the_wall_clock_over_a_gap),
        cmocka_unit_test(test_schedules_follow_what_is_declared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
