/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands that wait for the rules: who waits behind them and who goes on, and how it ends.
 */
#include "support/world.h"

static struct reply *
submit_comment(struct world *w, const char *key, uint64_t connection)
{
    return world_submit(w, &(struct ask){ .person = "li",
                                          .run = run_comment,
                                          .method = "case.comment",
                                          .params = "{'text': 'here'}",
                                          .key = key,
                                          .connection = connection });
}

static struct reply *
submit_begin(struct world *w, const char *key, uint64_t connection)
{
    return world_submit(w, &(struct ask){ .person = "li",
                                          .run = lane_case_fire,
                                          .method = "case.fire",
                                          .params = "{'event': 'begin'}",
                                          .key = key,
                                          .connection = connection });
}

static void
open_three(struct world *w)
{
    for (int i = 0; i < 3; i++)
        assert_done(world_open(w, "li", "{}"));
}

/* ---- who waits ---- */

static void
waiting(struct world *w)
{
    struct reply *parked, *same_case, *same_connection, *behind_that, *other;

    open_three(w);
    w->fake->silent = true;
    parked = submit_begin(w, "TK-1", 7);
    same_case = submit_comment(w, "TK-1", 8);
    same_connection = submit_comment(w, "TK-2", 7);
    behind_that = submit_comment(w, "TK-2", 9);
    other = submit_comment(w, "TK-3", 10);
    world_turns(w, 5);
    assert_done(other); /* the rest goes on */
    assert_int_equal(parked->times, 0);
    assert_int_equal(same_case->times, 0);
    assert_int_equal(same_connection->times, 0);
    assert_int_equal(behind_that->times, 0);
    w->fake->silent = false;
    world_turns(w, 12);
    assert_done(parked);
    assert_done(same_case);
    assert_done(same_connection);
    assert_done(behind_that);
    assert_true(parked->order < same_case->order);
    assert_true(parked->order < same_connection->order);
    assert_true(same_connection->order < behind_that->order);
    assert_int_equal(world_count(w, "TK-1", "comment"), 1);
}

static void
test_park_case_and_connection_wait_the_rest_goes_on(void **state)
{
    (void)state;
    twice(waiting);
}

/* A command that waits keeps the time at which it came. */
static void
test_park_keeps_the_time_of_arrival(void **state)
{
    (void)state;
    for (int delayed = 0; delayed < 2; delayed++) {
        struct world *w = world_new(false, delayed == 1);
        struct reply *parked;
        json_t *history, *first, *second;

        open_three(w);
        w->clock.is_virtual = false;
        w->fake->silent = true;
        parked = world_submit(w, &(struct ask){ .person = "li",
                                                .run = lane_case_fire,
                                                .method = "case.fire",
                                                .params = "{'event': 'begin'}",
                                                .key = "TK-1",
                                                .at = START + MINUTE });
        world_turns(w, 2);
        /* Another case's entry overtakes it in the team's order. */
        assert_done(world_ask(w, &(struct ask){ .person = "li",
                                                .run = run_comment,
                                                .method = "case.comment",
                                                .params = "{'text': 'x'}",
                                                .key = "TK-2",
                                                .at = START + 5 * MINUTE }));
        w->fake->silent = false;
        for (int i = 0; i < 10 && parked->times == 0; i++)
            world_turns(w, 1);
        assert_done(parked);
        history = world_history(w);
        first = json_array_get(json_object_get(history, "TK-2"), 1);
        second = json_array_get(json_object_get(history, "TK-1"), 1);
        assert_int_equal(sgn_json_int(first, "at", 0), START + 5 * MINUTE);
        /* Time never goes back within the team; the entry tells when it came. */
        assert_int_equal(sgn_json_int(second, "at", 0), START + 5 * MINUTE);
        assert_int_equal(sgn_json_int(json_object_get(second, "internal"), "arrived", 0),
                         START + MINUTE);
        json_decref(history);
        world_verify(w);
        world_free(w);
    }
}

/* Calls of one turn go out in one submit; a new case keeps the key it took. */
static void
together(struct world *w)
{
    struct reply *replies[3];
    int submits;

    open_three(w);
    submits = w->fake->n_submits;
    for (int i = 0; i < 3; i++) {
        char key[16];

        snprintf(key, sizeof key, "TK-%d", i + 1);
        replies[i] = submit_begin(w, key, 0);
    }
    world_turns(w, 1);
    assert_int_equal(w->fake->n_submits, submits + 1);
    assert_int_equal(w->fake->n_calls, 3);
    world_settle(w);
    for (int i = 0; i < 3; i++)
        assert_done(replies[i]);
    /* A guard and the run behind it for each, in one call. */
    assert_int_equal(w->fake->n_calls, 3);
}

static void
test_park_calls_of_a_turn_go_out_together(void **state)
{
    (void)state;
    twice(together);
}

/* An effect on a case waits for the command that came before it, as any command would. */
static void
effect_behind(struct world *w)
{
    struct reply *parked, *cause;
    json_t *history, *entries;

    open_three(w);
    w->fake->silent = true;
    parked = submit_begin(w, "TK-1", 0);
    world_turns(w, 1);
    cause = world_fire(w, "li", "TK-2", "poke"); /* twice at TK-1 */
    assert_done(cause);
    world_turns(w, 3);
    assert_int_equal(world_count(w, "TK-1", "fire"), 0);
    w->fake->silent = false;
    world_settle(w);
    assert_done(parked);
    history = world_history(w);
    entries = json_object_get(history, "TK-1");
    assert_int_equal(json_array_size(entries), 4);
    for (size_t i = 1; i < 4; i++)
        assert_string_equal(sgn_json_str(json_array_get(entries, i), "actor"),
                            i == 1 ? "li" : "system");
    json_decref(history);
}

static void
test_park_effects_wait_for_their_case(void **state)
{
    (void)state;
    twice(effect_behind);
}

/* ---- facts are looked up afresh ---- */

static void
role_taken_away(struct world *w)
{
    struct reply *parked, *taken;

    open_three(w);
    w->fake->silent = true;
    parked = world_submit(w, &(struct ask){ .person = "wang",
                                            .run = lane_case_fire,
                                            .method = "case.fire",
                                            .params = "{'event': 'begin'}",
                                            .key = "TK-1" });
    world_turns(w, 2);
    taken = world_ask(w, &(struct ask){ .person = "li",
                                        .run = run_put,
                                        .method = "person.update",
                                        .params = "{'table': 'person', 'row': {'person': 'wang',"
                                                  " 'active': false}}",
                                        .access = CORE_LEAD });
    assert_done(taken);
    w->fake->silent = false;
    world_turns(w, 10);
    assert_reply(parked, SGN_UNAUTHENTICATED);
    assert_states(w, "TK-1", "['new']");
}

static void
test_park_rights_are_those_of_the_decision(void **state)
{
    (void)state;
    twice(role_taken_away);
}

/* ---- how it ends ---- */

static void
errors(struct world *w)
{
    struct reply *reply;

    open_three(w);
    reply = world_fire(w, "li", "TK-1", "break");
    assert_reply(reply, SGN_RULE_ERROR);
    assert_string_equal(reply->message, "ticket.lua:4: on purpose");
    assert_reply(world_fire(w, "li", "TK-1", "overrun"), SGN_RULE_OVERRUN);
    /* Rounds: each call's input holds what the one before it set. */
    reply = world_fire(w, "li", "TK-1", "endless");
    assert_reply(reply, SGN_RULE_OVERRUN);
    assert_int_equal(world_count(w, "TK-1", "fire"), 0);
    w->fake->refuse_submit = SGN_OVERLOADED;
    assert_reply(world_fire(w, "li", "TK-1", "begin"), SGN_OVERLOADED);
    w->fake->refuse_submit = SGN_OK;
    assert_done(world_fire(w, "li", "TK-1", "begin"));
}

static void
test_park_errors_of_rules_refuse_the_command(void **state)
{
    (void)state;
    twice(errors);
}

static void
overloaded(struct world *w)
{
    struct reply *replies[3];

    w->limits.parked_per_team = 2;
    world_restart(w);
    open_three(w);
    w->fake->silent = true;
    for (int i = 0; i < 3; i++) {
        char key[16];

        snprintf(key, sizeof key, "TK-%d", i + 1);
        replies[i] = submit_begin(w, key, 0);
    }
    world_turns(w, 2);
    assert_reply(replies[2], SGN_OVERLOADED);
    w->fake->silent = false;
    world_turns(w, 10);
    assert_done(replies[0]);
    assert_done(replies[1]);
}

static void
test_park_too_many_are_refused(void **state)
{
    (void)state;
    twice_on_disk(overloaded);
}

/* ---- stuck, and tried again ---- */

static void
stuck(struct world *w)
{
    json_t *row;
    struct reply *advance;

    open_three(w);
    assert_done(world_fire(w, "li", "TK-1", "trap"));
    advance = world_advance(w, "2 hours");
    assert_json(json_object_get(advance->result, "fired"), "1");
    assert_states(w, "TK-1", "['broken']");
    row = world_case(w, "TK-1");
    assert_json(json_object_get(json_object_get(row, "stuck"), "code"), "'rule_error'");
    json_decref(row);
    assert_int_equal(world_count(w, "TK-1", "deadline"), 1); /* recorded once, never in a loop */
    assert_done(world_advance(w, "2 hours"));
    assert_int_equal(world_count(w, "TK-1", "deadline"), 1);

    assert_reply(world_ask(w, &(struct ask){ .person = "wang",
                                             .run = run_retry,
                                             .method = "case.retry",
                                             .key = "TK-1" }),
                 SGN_FORBIDDEN);
    assert_done(world_ask(
        w,
        &(struct ask){ .person = "li", .run = run_retry, .method = "case.retry", .key = "TK-1" }));
    world_settle(w);
    assert_int_equal(world_count(w, "TK-1", "deadline"), 2); /* failed again, once */
    row = world_case(w, "TK-1");
    assert_true(json_is_object(json_object_get(row, "stuck")));
    json_decref(row);
    assert_done(world_fire(w, "li", "TK-1", "halt")); /* others go on */
}

static void
test_park_failed_timer_is_recorded_once_and_retried(void **state)
{
    (void)state;
    twice(stuck);
}

/* ---- reading ---- */

static void
views(struct world *w)
{
    struct reply *reply;

    open_three(w);
    reply = world_ask(
        w, &(struct ask){
               .person = "li", .run = lane_case_view, .method = "case.get", .key = "TK-1" });
    assert_done(reply);
    assert_json(json_object_get(reply->result, "states"), "['new']");
    reply = world_ask(
        w, &(struct ask){
               .person = "li", .run = lane_case_allowed, .method = "case.allowed", .key = "TK-1" });
    assert_done(reply);
    reply = world_ask(
        w, &(struct ask){
               .person = "kim", .run = lane_case_view, .method = "case.get", .key = "TK-1" });
    assert_reply(reply, SGN_NOT_FOUND);
    /* A read sees what an earlier command of its batch staged. */
    (void)submit_begin(w, "TK-2", 0);
    reply = world_ask(
        w, &(struct ask){
               .person = "li", .run = lane_case_view, .method = "case.get", .key = "TK-2" });
    assert_json(json_object_get(reply->result, "states"), "['work']");
}

static void
test_park_reads_ask_the_rules_too(void **state)
{
    (void)state;
    twice(views);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_park_case_and_connection_wait_the_rest_goes_on),
        cmocka_unit_test(test_park_keeps_the_time_of_arrival),
        cmocka_unit_test(test_park_calls_of_a_turn_go_out_together),
        cmocka_unit_test(test_park_effects_wait_for_their_case),
        cmocka_unit_test(test_park_rights_are_those_of_the_decision),
        cmocka_unit_test(test_park_errors_of_rules_refuse_the_command),
        cmocka_unit_test(test_park_too_many_are_refused),
        cmocka_unit_test(test_park_failed_timer_is_recorded_once_and_retried),
        cmocka_unit_test(test_park_reads_ask_the_rules_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
