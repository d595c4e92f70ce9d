/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What entries ask for: effects on cases, carried out once whatever happens; messages.
 */
#include "support/world.h"

static void
spawned(struct world *w)
{
    struct reply *reply;
    json_t *child, *history;

    assert_done(world_open(w, "li", "{}"));
    reply = world_fire(w, "li", "TK-1", "spawn");
    assert_done(reply);
    assert_json(json_object_get(reply->result, "entry"), "3");
    world_settle(w);
    child = world_case(w, "TK-2");
    assert_non_null(child);
    assert_json(json_object_get(child, "opener"), "'system'");
    assert_json(json_object_get(child, "project"), "'erp'");
    assert_json(json_object_get(child, "links"), "[{'case': 'TK-1', 'kind': 'opened_by'}]");
    assert_json(json_object_get(child, "fields"), "{'summary': 'child'}");
    json_decref(child);
    history = world_history(w);
    assert_json(json_object_get(json_object_get(json_array_get(json_object_get(history, "TK-2"), 0),
                                                "internal"),
                                "cause"),
                "{'seq': 3, 'n': 0, 'depth': 1}");
    json_decref(history);
    world_restart(w);
    world_settle(w);
    assert_null(world_case(w, "TK-3"));               /* carried out once */
    assert_done(world_fire(w, "li", "TK-2", "poke")); /* two fires, in their order */
    world_settle(w);
    assert_int_equal(world_count(w, "TK-1", "fire"), 3);
    world_restart(w);
    world_settle(w);
    assert_int_equal(world_count(w, "TK-1", "fire"), 3);
}

static void
test_effects_are_carried_out_once(void **state)
{
    (void)state;
    twice_on_disk(spawned);
}

/* The command is committed and the server is gone before its effect was: it is found again. */
static void
crash_before_effect(struct world *w)
{
    struct reply *reply;

    assert_done(world_open(w, "li", "{}"));
    assert_done(world_open(w, "li", "{}"));
    w->fake->silent = true; /* the effect's decision waits for the rules */
    reply = world_fire(w, "li", "TK-2", "poke_begin");
    assert_done(reply);
    world_turns(w, 3);
    assert_states(w, "TK-1", "['new']");
    world_restart(w);
    world_settle(w);
    assert_states(w, "TK-1", "['work']");
    world_restart(w);
    world_settle(w);
    assert_int_equal(world_count(w, "TK-1", "fire"), 1);
}

static void
test_effects_one_survives_a_crash(void **state)
{
    (void)state;
    twice_on_disk(crash_before_effect);
}

/* The second effect waits behind the first, which waits for the rules: the reader's cursor
 * would pass over it otherwise, and a crash would lose it. */
static void
second_behind_first(struct world *w)
{
    for (int i = 0; i < 3; i++)
        assert_done(world_open(w, "li", "{}"));
    w->fake->silent = true;
    assert_done(world_fire(w, "li", "TK-2", "poke_two"));
    world_turns(w, 3);
    assert_int_equal(world_count(w, "TK-3", "fire"), 0);
    world_restart(w);
    world_settle(w);
    assert_states(w, "TK-1", "['work']");
    assert_int_equal(world_count(w, "TK-3", "fire"), 1);
}

static void
test_effects_keep_their_order(void **state)
{
    (void)state;
    twice_on_disk(second_behind_first);
}

static void
chain(struct world *w)
{
    json_t *row;

    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-1", "chain"));
    world_settle(w);
    row = world_case(w, "TK-1");
    /* The first by li, then twenty links. */
    assert_json(json_object_get(json_object_get(row, "fields"), "count"), "21");
    assert_json(json_object_get(json_object_get(row, "stuck"), "code"), "'rule_overrun'");
    json_decref(row);
    assert_int_equal(world_count(w, "TK-1", "effect"), 1);
    world_restart(w);
    world_settle(w);
    assert_int_equal(world_count(w, "TK-1", "effect"), 1);
    /* Tried again it is the same link of the chain, and is cut again. */
    assert_done(world_ask(
        w,
        &(struct ask){ .person = "li", .run = run_retry, .method = "case.retry", .key = "TK-1" }));
    world_settle(w);
    row = world_case(w, "TK-1");
    assert_json(json_object_get(json_object_get(row, "fields"), "count"), "21");
    assert_true(json_is_object(json_object_get(row, "stuck")));
    json_decref(row);
    assert_int_equal(world_count(w, "TK-1", "effect"), 2);
}

static void
test_effects_chain_of_effects_is_cut(void **state)
{
    (void)state;
    twice_on_disk(chain);
}

static void
failed_effect(struct world *w)
{
    json_t *row;

    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-1", "spawn_unknown"));
    world_settle(w);
    row = world_case(w, "TK-1");
    assert_json(json_object_get(json_object_get(row, "stuck"), "code"), "'not_found'");
    json_decref(row);
    assert_int_equal(world_count(w, "TK-1", "effect"), 1);
    /* Tried again, it fails again, once. */
    assert_done(world_ask(
        w,
        &(struct ask){ .person = "li", .run = run_retry, .method = "case.retry", .key = "TK-1" }));
    world_settle(w);
    assert_int_equal(world_count(w, "TK-1", "effect"), 2);
    row = world_case(w, "TK-1");
    assert_true(json_is_object(json_object_get(row, "stuck")));
    json_decref(row);
}

static void
test_effects_failed_effect_leaves_the_case_stuck(void **state)
{
    (void)state;
    twice(failed_effect);
}

/* An advance lives through what it starts: an effect at its cause's time, a timer armed by it. */
static void
effect_in_advance(struct world *w)
{
    assert_done(world_open(w, "li", "{}"));
    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-2", "call_later"));
    assert_json(fired(world_advance(w, "2 hours")), "2");
    assert_minutes(w, "TK-2", "deadline", "[30]");
    assert_minutes(w, "TK-1", "fire", "[30]");
    assert_minutes(w, "TK-1", "deadline", "[90]");
    assert_order(w, 2);
}

static void
test_effects_of_an_advance_have_their_own_time(void **state)
{
    (void)state;
    twice(effect_in_advance);
}

/* ---- messages ---- */

static void
messages(struct world *w)
{
    json_t *rows;

    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-1", "tell"));
    rows = world_rows(w, STORE_MESSAGE);
    assert_int_equal(json_array_size(rows), 2); /* wang and zhao */
    assert_json(json_object_get(json_array_get(rows, 0), "person"), "'wang'");
    assert_json(json_object_get(json_array_get(rows, 1), "person"), "'zhao'");
    assert_json(json_object_get(json_array_get(rows, 0), "kind"), "'notify'");
    assert_json(json_object_get(json_array_get(rows, 0), "case"), "'TK-1'");
    assert_json(json_object_get(json_array_get(rows, 0), "read"), "false");
    assert_non_null(strstr(sgn_json_str(json_array_get(rows, 0), "text"), "hello"));
    json_decref(rows);
    assert_done(world_fire(w, "li", "TK-1", "begin"));
    assert_done(world_advance(w, "2 hours"));
    rows = world_rows(w, STORE_MESSAGE);
    assert_int_equal(json_array_size(rows), 6); /* the offered owner: both engineers */
    assert_json(json_object_get(json_array_get(rows, 2), "kind"), "'offered'");
    assert_json(json_object_get(json_array_get(rows, 3), "person"), "'zhao'");
    assert_json(json_object_get(json_array_get(rows, 4), "kind"), "'remind'");
    assert_non_null(strstr(sgn_json_str(json_array_get(rows, 4), "text"), "50%"));
    json_decref(rows);
}

static void
test_effects_messages_are_rows_of_the_same_commit(void **state)
{
    (void)state;
    twice(messages);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_effects_are_carried_out_once),
        cmocka_unit_test(test_effects_of_an_advance_have_their_own_time),
        cmocka_unit_test(test_effects_one_survives_a_crash),
        cmocka_unit_test(test_effects_keep_their_order),
        cmocka_unit_test(test_effects_chain_of_effects_is_cut),
        cmocka_unit_test(test_effects_failed_effect_leaves_the_case_stuck),
        cmocka_unit_test(test_effects_messages_are_rows_of_the_same_commit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
