/* SPDX-License-Identifier: Apache-2.0 */
/* A node in whose team another one writes. */
#include "support/two_nodes.h"

static void
assert_count(const char *expected)
{
    json_t *row = world_case(here, "TK-1");

    assert_json(json_object_get(json_object_get(row, "fields"), "count"), expected);
    json_decref(row);
}

static void
count_there(void)
{
    assert_done(world_fire(there, "li", "TK-1", "count"));
}

static void
test_case_that_another_node_changed_is_decided_again(void **state)
{
    (void)state;
    for (int delayed = 0; delayed < 2; delayed++) {
        begin(delayed == 1);
        before = count_there;
        assert_done(world_fire(here, "li", "TK-1", "count"));
        assert_count("3");
        assert_int_equal(world_count(here, "TK-1", "fire"), 3);
        end();
    }
}

static void
open_there(void)
{
    struct reply *reply = world_open(there, "li", "{}");

    assert_done(reply);
    assert_json(json_object_get(reply->result, "case"), "'TK-2'");
    assert_done(world_open(there, "li", "{}")); /* further than this node's next one */
}

static void
test_case_that_another_node_opened_keeps_its_key(void **state)
{
    struct reply *reply;

    (void)state;
    begin(false);
    assert_done(world_open(here, "li", "{}")); /* so that its counter is remembered */
    assert_done(world_open(here, "li", "{}"));
    before = NULL;
    reply = world_open(there, "li", "{}");
    assert_json(json_object_get(reply->result, "case"), "'TK-4'");
    reply = world_open(here, "li", "{}");
    assert_done(reply);
    assert_json(json_object_get(reply->result, "case"), "'TK-5'");
    end();

    begin(false);
    before = open_there;
    reply = world_open(here, "li", "{}");
    assert_done(reply);
    assert_json(json_object_get(reply->result, "case"), "'TK-4'");
    end();
}

/* li leaves, as another node knows. */
static void
leave_there(void)
{
    assert_done(world_ask(
        there, &(struct ask){ .run = run_put,
                              .method = "person.update",
                              .params = "{'table': 'person', 'row': {'person': 'li', 'lead': "
                                        "true, 'active': false}}" }));
}

static void
test_right_that_another_node_took_is_gone(void **state)
{
    struct reply *reply;

    (void)state;
    begin(false);
    before = leave_there;
    reply = world_fire(here, "li", "TK-1", "count");
    assert_int_not_equal(reply->status, SGN_OK);
    assert_int_equal(reply->times, 1);
    assert_count("1");
    end();
}

static void
same_there(void)
{
    struct ask ask = ask_count();

    assert_done(world_ask(there, &ask));
}

static void
test_request_that_another_node_did_is_not_done_again(void **state)
{
    struct ask ask = ask_count();
    struct reply *reply;

    (void)state;
    begin(false);
    before = same_there;
    reply = world_ask(here, &ask);
    assert_done(reply);
    assert_json(json_object_get(reply->result, "rev"), "3");
    assert_count("2");
    end();
}

/* Two are looked for at once, before the other node does one of them. */
static void
test_requests_that_were_looked_for_together_are_not_done_twice(void **state)
{
    struct ask ask = ask_count(), other = ask_count();
    struct reply *first, *second;

    (void)state;
    begin(false);
    other.request = "r2";
    before = same_there;
    first = world_submit(here, &ask);
    second = world_submit(here, &other);
    world_turns(here, 1);
    assert_done(first);
    assert_done(second);
    assert_json(json_object_get(first->result, "rev"), "3");
    assert_json(json_object_get(second->result, "rev"), "4");
    assert_count("3");
    /* And once they are done. */
    first = world_submit(here, &ask);
    second = world_submit(here, &other);
    world_turns(here, 1);
    assert_json(json_object_get(first->result, "rev"), "3");
    assert_json(json_object_get(second->result, "rev"), "4");
    assert_count("3");
    end();
}

static void
test_effect_is_carried_out_once_although_overtaken(void **state)
{
    (void)state;
    for (int delayed = 0; delayed < 2; delayed++) {
        begin(delayed == 1);
        assert_done(world_open(here, "li", "{}"));
        before = count_there;
        assert_done(world_fire(here, "li", "TK-2", "poke_begin"));
        before = count_there;
        world_settle(here);
        assert_states(here, "TK-1", "['work']");
        assert_int_equal(world_count(here, "TK-2", "fire"), 1);
        end();
    }
}

static void
count_elsewhere(void)
{
    assert_done(world_fire(there, "li", "TK-3", "count"));
}

/* In a team that others write in all the time each commit is overtaken, once. What the effect was
 * told by the rules must not be lost with it: it would ask for ever. */
static void
test_effect_goes_on_although_each_commit_is_overtaken(void **state)
{
    (void)state;
    begin(true);
    assert_done(world_open(here, "li", "{}"));
    assert_done(world_open(here, "li", "{}"));
    assert_done(world_fire(here, "li", "TK-2", "poke_begin"));
    for (int i = 0; i < 10; i++) {
        before = count_elsewhere;
        world_turns(here, 1);
    }
    assert_states(here, "TK-1", "['work']");
    end();
}

static void
test_who_is_overtaken_again_and_again_hears_why(void **state)
{
    struct reply *reply;
    json_t *row;

    (void)state;
    begin(false);
    assert_done(world_open(here, "li", "{}"));
    always = true;
    before = count_there;
    reply = world_fire(here, "li", "TK-2", "count");
    assert_reply(reply, SGN_OVERLOADED);
    assert_non_null(strstr(reply->message, "other nodes wrote"));
    before = NULL;
    always = false;
    row = world_case(here, "TK-2");
    assert_json(json_object_get(row, "rev"), "1");
    json_decref(row);
    assert_done(world_fire(here, "li", "TK-2", "count"));
    end();
}

/* ---- what writes nothing ---- */

static struct reply *
view_here(const char *key)
{
    return world_ask(
        here,
        &(struct ask){ .person = "li", .run = lane_case_view, .method = "case.get", .key = key });
}

/* This node has the case, the person and the token in mind, and nobody told it of anything. */
static void
test_answer_rests_on_what_another_node_wrote(void **state)
{
    struct reply *reply;

    (void)state;
    begin(false);
    assert_done(view_here("TK-1"));
    count_there();
    reply = view_here("TK-1");
    assert_done(reply);
    assert_json(json_object_get(json_object_get(reply->result, "fields"), "count"), "2");
    assert_done(world_open(there, "li", "{}"));
    assert_done(view_here("TK-2"));
    leave_there();
    reply = view_here("TK-1");
    assert_int_not_equal(reply->status, SGN_OK);
    end();
}

static void
test_refusal_rests_on_what_another_node_wrote(void **state)
{
    (void)state;
    begin(false);
    assert_reply(world_fire(here, "li", "TK-1", "finish"), SGN_NOT_NOW);
    assert_done(world_fire(there, "li", "TK-1", "begin"));
    assert_done(world_fire(here, "li", "TK-1", "finish"));
    assert_states(here, "TK-1", "['done']");
    end();
}

static void
count_before_looking(void)
{
    before_look = count_before_looking;
    count_there();
}

/* Others write whenever it has looked: after some times nobody may until it has answered. */
static void
test_answer_that_others_make_old_again_and_again_is_given_all_the_same(void **state)
{
    struct reply *reply;
    json_t *row;

    (void)state;
    begin(false);
    assert_done(view_here("TK-1"));
    before_look = count_before_looking;
    reply = view_here("TK-1");
    before_look = NULL;
    assert_done(reply);
    row = world_case(here, "TK-1");
    assert_true(json_equal(json_object_get(json_object_get(reply->result, "fields"), "count"),
                           json_object_get(json_object_get(row, "fields"), "count")));
    json_decref(row);
    end();
}

/* A command that waits for its rules has its key already. */
static void
test_key_of_a_waiting_command_that_another_node_used_is_given_up(void **state)
{
    json_t *model = world_model();
    struct reply *waiting;

    (void)state;
    here = world_new(false, false);
    json_object_set_new(json_array_get(json_object_get(model, "states"), 0), "enter",
                        quoted("[{'call': 2}]"));
    world_set_answer(here, world_answer(model));
    assert_done(world_ask(here, &(struct ask){ .run = lane_reload, .method = "workflow.reload" }));
    assert_done(world_open(here, "li", "{}"));
    there = world_beside(here);
    here->fake->silent = true;
    waiting = world_submit(here, &(struct ask){ .person = "li",
                                                .run = lane_case_open,
                                                .method = "case.open",
                                                .params = "{'workflow': 'ticket', 'project': "
                                                          "'erp', 'fields': {}}" });
    world_turns(here, 2);
    assert_json(json_object_get(world_open(there, "li", "{}")->result, "case"), "'TK-2'");
    assert_done(view_here("TK-1")); /* so that the new head is known before the rules answer */
    here->fake->silent = false;
    world_settle(here);
    assert_done(waiting);
    assert_json(json_object_get(waiting->result, "case"), "'TK-3'");
    end();
}

/* ---- teams ---- */

static void
test_commit_that_fails_is_its_teams_only(void **state)
{
    struct reply *ours, *theirs, *fire;

    (void)state;
    begin(false);
    failing = "other";
    theirs = submit_person(here, "other");
    ours = submit_person(here, "demo");
    fire = submit_fire(here, "li", "TK-1", "count");
    world_turns(here, 1);
    assert_reply(theirs, SGN_UNAVAILABLE);
    assert_done(ours);
    assert_done(fire);
    assert_count("2");
    failing = NULL;
    theirs = submit_person(here, "other");
    world_turns(here, 1);
    assert_done(theirs);
    end();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_case_that_another_node_changed_is_decided_again),
        cmocka_unit_test(test_case_that_another_node_opened_keeps_its_key),
        cmocka_unit_test(test_right_that_another_node_took_is_gone),
        cmocka_unit_test(test_request_that_another_node_did_is_not_done_again),
        cmocka_unit_test(test_requests_that_were_looked_for_together_are_not_done_twice),
        cmocka_unit_test(test_effect_is_carried_out_once_although_overtaken),
        cmocka_unit_test(test_effect_goes_on_although_each_commit_is_overtaken),
        cmocka_unit_test(test_who_is_overtaken_again_and_again_hears_why),
        cmocka_unit_test(test_answer_rests_on_what_another_node_wrote),
        cmocka_unit_test(test_refusal_rests_on_what_another_node_wrote),
        cmocka_unit_test(test_answer_that_others_make_old_again_and_again_is_given_all_the_same),
        cmocka_unit_test(test_key_of_a_waiting_command_that_another_node_used_is_given_up),
        cmocka_unit_test(test_commit_that_fails_is_its_teams_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
