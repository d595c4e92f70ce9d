/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands: what they answer, who may, what is remembered of them, what they leave behind.
 */
#include "support/world.h"

static void
open_and_fire(struct world *w)
{
    struct reply *opened = world_open(w, "mei", "{'summary': 'It does not print'}");
    struct reply *fired;

    assert_done(opened);
    assert_json(opened->result, "{'case': 'TK-1', 'rev': 1, 'states': ['new'], 'outcome': null,"
                                " 'entry': 2}"); /* entry 1 made the team's rows */
    fired = world_fire(w, "li", "TK-1", "begin");
    assert_done(fired);
    assert_json(fired->result, "{'case': 'TK-1', 'rev': 2, 'states': ['work'], 'outcome': null,"
                               " 'entry': 3}");
    fired = world_fire(w, "wang", "TK-1", "finish");
    assert_done(fired);
    assert_json(fired->result, "{'case': 'TK-1', 'rev': 3, 'states': ['done'], 'outcome': 'done',"
                               " 'entry': 4}");
    assert_int_equal(w->told, 4);
}

static void
test_commands_open_and_fire(void **state)
{
    (void)state;
    twice(open_and_fire);
}

static void
other_kinds(struct world *w)
{
    json_t *row;

    assert_done(world_open(w, "li", "{'summary': 'a'}"));
    assert_done(world_ask(w, &(struct ask){ .person = "li",
                                            .run = run_edit,
                                            .method = "case.edit",
                                            .params = "{'fields': {'summary': 'b', 'log': 'x'}}",
                                            .key = "TK-1" }));
    assert_done(world_ask(w, &(struct ask){ .person = "mei",
                                            .run = run_comment,
                                            .method = "case.comment",
                                            .params = "{'text': 'Please hurry'}",
                                            .key = "TK-1" }));
    assert_done(world_ask(w, &(struct ask){ .person = "li",
                                            .run = run_assign,
                                            .method = "case.assign",
                                            .params = "{'to': 'li'}",
                                            .key = "TK-1" }));
    row = world_case(w, "TK-1");
    assert_json(json_object_get(row, "fields"), "{'summary': 'b', 'log': 'x'}");
    assert_json(json_object_get(row, "case_seq"), "4");
    json_decref(row);
    assert_int_equal(world_count(w, "TK-1", "comment"), 1);
    assert_int_equal(world_count(w, "TK-1", "assign"), 1);
}

static void
test_commands_edit_comment_assign(void **state)
{
    (void)state;
    twice(other_kinds);
}

static void
refusals(struct world *w)
{
    struct reply *reply;
    int64_t head;

    assert_done(world_open(w, "li", "{}"));
    head = world_head(w);
    assert_reply(world_fire(w, "wang", "TK-1", "drop"), SGN_FORBIDDEN);
    reply = world_fire(w, "li", "TK-1", "refuse");
    assert_reply(reply, SGN_REFUSED);
    assert_non_null(strstr(reply->message, "not on a Monday"));
    assert_reply(world_fire(w, "li", "TK-1", "finish"), SGN_NOT_NOW);
    assert_reply(world_fire(w, "li", "TK-9", "begin"), SGN_NOT_FOUND);
    assert_reply(world_fire(w, "li", "nonsense", "begin"), SGN_NOT_FOUND);
    reply = world_fire(w, "li", "TK-1", "break");
    assert_reply(reply, SGN_RULE_ERROR);
    assert_non_null(strstr(reply->message, "ticket.lua:4"));
    assert_reply(world_fire(w, "li", "TK-1", "overrun"), SGN_RULE_OVERRUN);
    assert_reply(world_ask(w, &(struct ask){ .person = "li",
                                             .run = lane_case_fire,
                                             .method = "case.fire",
                                             .params = "{'event': 'drop', 'expect': 7}",
                                             .key = "TK-1" }),
                 SGN_CONFLICT);
    assert_int_equal(world_head(w), head); /* nothing of it was staged */
    assert_states(w, "TK-1", "['new']");
}

static void
test_commands_refused_leave_nothing(void **state)
{
    (void)state;
    twice(refusals);
}

static void
never_reused(struct world *w)
{
    assert_json(json_object_get(world_open(w, "li", "{}")->result, "case"), "'TK-1'");
    /* Refused after its key was taken: nobody has it, and the next one gets it. */
    assert_reply(world_open(w, "li", "{'summary': 7}"), SGN_INVALID);
    assert_json(json_object_get(world_open(w, "li", "{}")->result, "case"), "'TK-2'");
    assert_done(world_fire(w, "li", "TK-2", "drop"));
    assert_reply(world_open(w, "li", "{'summary': 7}"), SGN_INVALID);
    world_restart(w);
    assert_json(json_object_get(world_open(w, "li", "{}")->result, "case"), "'TK-3'");
}

static void
test_commands_keys_are_never_given_twice(void **state)
{
    (void)state;
    twice_on_disk(never_reused);
}

static struct reply *
fire_as(struct world *w, const char *event, const char *request)
{
    char params[64];

    snprintf(params, sizeof params, "{'event': '%s'}", event);
    return world_submit(w, &(struct ask){ .person = "li",
                                          .run = lane_case_fire,
                                          .method = "case.fire",
                                          .params = params,
                                          .key = "TK-1",
                                          .request = request });
}

static void
repeats(struct world *w)
{
    struct reply *first, *again, *other, *same_batch[3];
    int64_t head;

    assert_done(world_open(w, "li", "{}"));
    first = fire_as(w, "count", "r1");
    world_turns(w, 6);
    assert_done(first);
    head = world_head(w);
    again = fire_as(w, "count", "r1");
    other = fire_as(w, "drop", "r1");
    world_turns(w, 6);
    assert_done(again);
    assert_true(json_equal(first->result, again->result));
    assert_reply(other, SGN_CONFLICT);
    assert_int_equal(world_head(w), head);

    /* All within one batch; begin asks the rules, so it is also repeated while it waits. */
    same_batch[0] = fire_as(w, "begin", "r2");
    same_batch[1] = fire_as(w, "begin", "r2");
    same_batch[2] = fire_as(w, "finish", "r2");
    world_turns(w, 8);
    assert_done(same_batch[0]);
    assert_done(same_batch[1]);
    assert_true(json_equal(same_batch[0]->result, same_batch[1]->result));
    assert_reply(same_batch[2], SGN_CONFLICT);
    assert_int_equal(world_head(w), head + 1);

    world_restart(w);
    again = fire_as(w, "count", "r1");
    world_turns(w, 6);
    assert_done(again);
    assert_true(json_equal(first->result, again->result));
    assert_int_equal(world_head(w), head + 1);
}

static void
test_commands_repeated_request_gets_the_first_answer(void **state)
{
    (void)state;
    twice_on_disk(repeats);
}

/* Refused commands are not remembered, another person's id is another, and on virtual time, which
 * jumps days in a moment of its users' own, it is the number of entries that ends them. */
static void
not_repeats(struct world *w)
{
    struct reply *reply;

    assert_done(world_open(w, "li", "{}"));
    reply = fire_as(w, "finish", "r1");
    world_turns(w, 6);
    assert_reply(reply, SGN_NOT_NOW);
    reply = fire_as(w, "count", "r1");
    world_turns(w, 6);
    assert_done(reply);
    assert_reply(world_ask(w, &(struct ask){ .person = "wang",
                                             .run = run_comment,
                                             .method = "case.comment",
                                             .params = "{'text': 'mine'}",
                                             .key = "TK-1",
                                             .request = "r1" }),
                 SGN_OK);
    assert_done(world_advance(w, "25 hours"));
    reply = fire_as(w, "count", "r1");
    world_turns(w, 6);
    assert_done(reply);
    assert_int_equal(world_count(w, "TK-1", "fire"), 1);
}

/* With three to remember, the third entry behind it is the one that ends it. */
static void
remembered_by_count(struct world *w)
{
    struct reply *reply;

    w->limits.request_count = 3;
    world_restart(w);
    assert_done(world_open(w, "li", "{}"));
    for (int behind = 0; behind < 3; behind++) {
        reply = fire_as(w, "count", "r1");
        world_turns(w, 6);
        assert_done(reply);
        assert_int_equal(world_count(w, "TK-1", "fire"), 1);
        assert_done(world_ask(w, &(struct ask){ .person = "wang",
                                                .run = run_comment,
                                                .method = "case.comment",
                                                .params = "{'text': 'more'}",
                                                .key = "TK-1" }));
    }
    reply = fire_as(w, "count", "r1");
    world_turns(w, 6);
    assert_done(reply);
    assert_int_equal(world_count(w, "TK-1", "fire"), 2);
}

static void
test_commands_on_virtual_time_are_remembered_by_their_number(void **state)
{
    (void)state;
    twice_on_disk(remembered_by_count);
}

/* The window lies behind all entries that there are, which stands for one that has passed. */
static void
test_commands_on_real_time_are_remembered_for_the_window_only(void **state)
{
    struct world *w = world_new(true, false);
    struct reply *reply;

    (void)state;
    w->limits.request_window_ms = -HOUR;
    world_restart(w);
    assert_done(world_open(w, "li", "{}"));
    sgn_clock_init_real(&w->clock);
    for (int i = 1; i <= 2; i++) {
        reply = fire_as(w, "count", "r1");
        world_turns(w, 6);
        assert_done(reply);
        assert_int_equal(world_count(w, "TK-1", "fire"), i);
    }
    sgn_clock_init_virtual(&w->clock, sgn_clock_now(&w->clock));
    world_free(w);
}

static void
test_commands_only_accepted_ones_are_remembered(void **state)
{
    (void)state;
    twice(not_repeats);
}

static void
sight(struct world *w)
{
    assert_done(world_open(w, "li", "{}"));
    assert_reply(world_fire(w, "kim", "TK-1", "begin"), SGN_NOT_FOUND); /* of another client */
    assert_reply(world_open(w, "kim", "{}"), SGN_NOT_FOUND);
    assert_reply(world_fire(w, "nobody", "TK-1", "begin"), SGN_UNAUTHENTICATED);
    assert_reply(world_fire(w, "out", "TK-1", "begin"), SGN_FORBIDDEN); /* sees it, has no role */
}

static void
test_commands_what_is_not_yours_is_not_found(void **state)
{
    (void)state;
    twice(sight);
}

static void
access(struct world *w)
{
    struct ask ask = { .person = "wang",
                       .run = run_put,
                       .method = "person.update",
                       .params = "{'table': 'person', 'row': {'person': 'zhao', 'active': false}}",
                       .access = CORE_LEAD | CORE_OPERATOR };

    assert_reply(world_ask(w, &ask), SGN_FORBIDDEN);
    ask.person = "mei";
    assert_reply(world_ask(w, &ask), SGN_FORBIDDEN);
    ask.person = "li";
    assert_done(world_ask(w, &ask));
    ask.person = NULL; /* the operator */
    assert_done(world_ask(w, &ask));
    ask.access = CORE_LEAD;
    assert_reply(world_ask(w, &ask), SGN_FORBIDDEN);
    assert_reply(world_fire(w, "zhao", "TK-1", "begin"), SGN_UNAUTHENTICATED);
}

static void
test_commands_classes_are_asked_at_each_job(void **state)
{
    (void)state;
    twice(access);
}

static void
tokens(struct world *w)
{
    struct ask comment = { .person = "li",
                           .run = run_comment,
                           .method = "case.comment",
                           .params = "{'text': 'x'}",
                           .key = "TK-1",
                           .token = "aaaa" };
    struct ask revoke = { .person = "li",
                          .run = run_put,
                          .method = "token.revoke",
                          .params = "{'table': 'token', 'row': {'hash': 'aaaa', 'id': 't1',"
                                    " 'team': 'demo', 'person': 'li', 'revoked': 1767574800001}}",
                          .access = CORE_LEAD };
    struct reply *before, *after;

    assert_done(world_open(w, "li", "{}"));
    assert_done(world_ask(w, &comment));
    before = world_submit(w, &comment);
    (void)world_submit(w, &revoke);
    after = world_submit(w, &comment); /* of the same batch */
    world_turns(w, 3);
    assert_done(before);
    assert_reply(after, SGN_UNAUTHENTICATED);
    assert_reply(world_ask(w, &comment), SGN_UNAUTHENTICATED);
    comment.token = "cccc";
    assert_reply(world_ask(w, &comment), SGN_UNAUTHENTICATED);
    comment.person = "wang";
    comment.token = "bbbb"; /* for an hour */
    assert_done(world_ask(w, &comment));
    assert_done(world_advance(w, "1 hour"));
    assert_reply(world_ask(w, &comment), SGN_UNAUTHENTICATED);
}

static void
test_commands_token_is_read_at_each_job(void **state)
{
    (void)state;
    twice(tokens);
}

static void
data(struct world *w)
{
    struct ask ask = { .person = "li",
                       .run = run_put,
                       .method = "membership.add",
                       .params = "{'table': 'membership', 'row': {'project': 'erp',"
                                 " 'person': 'out', 'role': 'pm'}}",
                       .access = CORE_LEAD,
                       .request = "m1" };
    struct reply *first, *again, *used;
    json_t *history;

    assert_done(world_open(w, "li", "{}"));
    first = world_submit(w, &ask);
    used = submit_fire(w, "out", "TK-1", "drop"); /* sees the row that is staged before it */
    again = world_submit(w, &ask);
    world_turns(w, 4);
    assert_done(first);
    assert_done(used);
    assert_done(again);
    assert_true(json_equal(first->result, again->result));
    assert_json(json_object_get(first->result, "entry"), "3");
    history = world_history(w);
    assert_int_equal(json_array_size(json_object_get(history, "-")), 2); /* the first rows, this */
    assert_json(json_object_get(json_array_get(json_object_get(history, "-"), 1), "internal"),
                "{'method': 'membership.add', 'params': {'table': 'membership',"
                " 'row': {'project': 'erp', 'person': 'out', 'role': 'pm'}}}");
    json_decref(history);
}

static void
test_commands_data_rows_make_one_entry(void **state)
{
    (void)state;
    twice(data);
}

static void
batch(struct world *w)
{
    struct reply *replies[4];

    assert_done(world_open(w, "li", "{}"));
    replies[0] = submit_fire(w, "li", "TK-1", "count");
    replies[1] = submit_fire(w, "li", "TK-1", "count");
    replies[2] = submit_fire(w, "li", "TK-1", "nonsense");
    replies[3] = submit_fire(w, "li", "TK-1", "drop");
    assert_int_equal(replies[0]->times, 0);
    assert_int_equal(world_turns(w, 1), 4); /* one batch, one commit */
    assert_done(replies[0]);
    assert_done(replies[1]);
    assert_reply(replies[2], SGN_NOT_NOW);
    assert_done(replies[3]);
    assert_json(json_object_get(replies[1]->result, "rev"), "3");
    for (int i = 1; i < 4; i++)
        assert_int_equal(replies[i]->order, replies[i - 1]->order + 1);
}

static void
test_commands_of_a_batch_see_what_earlier_ones_staged(void **state)
{
    (void)state;
    twice(batch);
}

static void
open_count(struct world *w)
{
    struct reply *last;

    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-1", "last")); /* its own case does not count */
    assert_done(world_open(w, "li", "{}"));
    assert_done(world_open(w, "li", "{}"));
    assert_reply(world_fire(w, "li", "TK-2", "last"), SGN_NOT_NOW);
    (void)submit_fire(w, "li", "TK-3", "drop");
    last = submit_fire(w, "li", "TK-2", "last"); /* in the batch that ends the other */
    world_turns(w, 3);
    assert_done(last);
}

static void
test_commands_open_cases_are_counted_through_the_batch(void **state)
{
    (void)state;
    twice(open_count);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands_open_and_fire),
        cmocka_unit_test(test_commands_edit_comment_assign),
        cmocka_unit_test(test_commands_refused_leave_nothing),
        cmocka_unit_test(test_commands_keys_are_never_given_twice),
        cmocka_unit_test(test_commands_repeated_request_gets_the_first_answer),
        cmocka_unit_test(test_commands_only_accepted_ones_are_remembered),
        cmocka_unit_test(test_commands_on_virtual_time_are_remembered_by_their_number),
        cmocka_unit_test(test_commands_on_real_time_are_remembered_for_the_window_only),
        cmocka_unit_test(test_commands_what_is_not_yours_is_not_found),
        cmocka_unit_test(test_commands_classes_are_asked_at_each_job),
        cmocka_unit_test(test_commands_token_is_read_at_each_job),
        cmocka_unit_test(test_commands_data_rows_make_one_entry),
        cmocka_unit_test(test_commands_of_a_batch_see_what_earlier_ones_staged),
        cmocka_unit_test(test_commands_open_cases_are_counted_through_the_batch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
