/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking the rules ahead: a window of requests is asked in one go, and nothing else is other than
 * it would be without.
 */
#include "support/world.h"

static struct reply *
submit(struct world *w, lane_run_fn run, const char *method, const char *params, const char *key,
       uint64_t connection)
{
    return world_submit(w, &(struct ask){ .person = "li",
                                          .run = run,
                                          .method = method,
                                          .params = params,
                                          .key = key,
                                          .connection = connection });
}

static struct reply *
begin(struct world *w, const char *key, uint64_t connection)
{
    return submit(w, lane_case_fire, "case.fire", "{'event': 'begin'}", key, connection);
}

static struct reply *
edit(struct world *w, const char *key, uint64_t connection)
{
    return submit(w, run_edit, "case.edit", "{'fields': {'summary': 'edited'}}", key, connection);
}

static void
open_cases(struct world *w, int n)
{
    for (int i = 0; i < n; i++)
        assert_done(world_open(w, "li", "{}"));
}

/* ---- a window ---- */

static void
window(struct world *w)
{
    struct reply *replies[5];
    int submits, calls;

    open_cases(w, 5);
    submits = w->fake->n_submits;
    calls = w->fake->n_calls;
    for (int i = 0; i < 5; i++) {
        char key[16];

        snprintf(key, sizeof key, "TK-%d", i + 1);
        replies[i] = i == 3 ? edit(w, key, 7) : begin(w, key, 7);
    }
    world_turns(w, 1);
    assert_int_equal(w->fake->n_submits, submits + 1);
    assert_int_equal(w->fake->n_calls, calls + 4);
    world_settle(w);
    for (int i = 0; i < 5; i++) {
        assert_done(replies[i]);
        assert_true(i == 0 || replies[i - 1]->order < replies[i]->order);
    }
    /* Each was decided with what it had been answered. */
    assert_int_equal(w->fake->n_submits, submits + 1);
    assert_int_equal(w->fake->n_calls, calls + 4);
}

static void
test_foresee_window_is_asked_in_one_submit_and_keeps_its_order(void **state)
{
    (void)state;
    twice(window);
}

/* All answers of a turn are one commit. */
static void
test_foresee_window_is_one_batch(void **state)
{
    (void)state;
    for (int delayed = 0; delayed < 2; delayed++) {
        struct world *w = world_new(false, delayed == 1);
        json_t *before, *after;

        open_cases(w, 3);
        before = lane_stats(w->lane);
        (void)begin(w, "TK-1", 7);
        (void)begin(w, "TK-2", 7);
        (void)begin(w, "TK-3", 8);
        world_settle(w);
        after = lane_stats(w->lane);
        assert_int_equal(sgn_json_int(after, "jobs", 0) - sgn_json_int(before, "jobs", 0), 3);
        assert_int_equal(sgn_json_int(after, "batches", 0) - sgn_json_int(before, "batches", 0), 1);
        json_decref(before);
        json_decref(after);
        world_free(w);
    }
}

/* What stands behind another command of its case is asked about the case as that one leaves it. */
static void
behind_its_case(struct world *w)
{
    struct reply *first, *edited, *second;
    int calls;

    open_cases(w, 2);
    calls = w->fake->n_calls;
    first = begin(w, "TK-1", 7);
    edited = edit(w, "TK-2", 7);
    second = begin(w, "TK-2", 7);
    world_turns(w, 1);
    if (w->delayed) /* at once the edit is done in the same turn, and then it is asked */
        assert_int_equal(w->fake->n_calls, calls + 1);
    world_settle(w);
    assert_done(first);
    assert_done(edited);
    assert_done(second);
    assert_int_equal(w->fake->n_calls, calls + 2); /* once, and of the edited case */
    assert_string_equal(
        sgn_json_str(json_object_get(json_object_get(w->last_input, "c"), "fields"), "summary"),
        "edited");
}

static void
test_foresee_waits_for_its_case(void **state)
{
    (void)state;
    twice(behind_its_case);
}

/* ---- wrong ---- */

/* Its guard looks at who holds the roles, and somebody joins before its turn comes. */
static void
changed(struct world *w)
{
    json_t *model = world_model();
    struct reply *reply;
    int calls;

    json_object_set_new(json_object_get(json_object_get(model, "functions"), "1"), "uses",
                        quoted("['people']"));
    world_set_answer(w, world_answer(model));
    world_restart(w);
    open_cases(w, 1);
    calls = w->fake->n_calls;
    w->fake->silent = true;
    reply = begin(w, "TK-1", 7);
    world_turns(w, 2);
    assert_done(world_ask(w, &(struct ask){ .person = "li",
                                            .run = run_put,
                                            .method = "project.member.add",
                                            .params = "{'table': 'membership', 'row': "
                                                      "{'project': 'erp', 'person': 'wang',"
                                                      " 'role': 'pm'}}",
                                            .access = CORE_LEAD }));
    w->fake->silent = false;
    world_settle(w);
    assert_done(reply);
    assert_states(w, "TK-1", "['work']");
    /* The guard once more, of the case as it is now; what runs sees no people, and was asked. */
    assert_int_equal(w->fake->n_calls, calls + 2);
    assert_json(
        json_object_get(json_object_get(json_object_get(w->last_input, "c"), "people"), "pm"),
        "['li', 'wang']");
}

static void
test_foresee_of_what_has_changed_is_asked_again(void **state)
{
    (void)state;
    twice_on_disk(changed);
}

/* A request that comes twice is one: the second is answered as the first was. */
static void
repeated(struct world *w)
{
    struct reply *replies[2];

    open_cases(w, 1);
    for (int i = 0; i < 2; i++)
        replies[i] = world_submit(w, &(struct ask){ .person = "li",
                                                    .run = lane_case_fire,
                                                    .method = "case.fire",
                                                    .params = "{'event': 'begin'}",
                                                    .key = "TK-1",
                                                    .request = "r-1",
                                                    .connection = 7 });
    world_settle(w);
    assert_done(replies[0]);
    assert_done(replies[1]);
    assert_true(json_equal(replies[0]->result, replies[1]->result));
    assert_int_equal(world_count(w, "TK-1", "fire"), 1);
}

static void
test_foresee_request_that_comes_twice_is_one(void **state)
{
    (void)state;
    twice(repeated);
}

/* ---- limits, and ends ---- */

/* Asking ahead takes nobody's place: of one connection only the first waits for the rules, and
 * what finds no room to be asked ahead is asked when its turn comes. */
static void
limited(struct world *w)
{
    struct reply *replies[8];
    int calls;

    w->limits.parked_per_team = 2;
    world_restart(w);
    open_cases(w, 8);
    calls = w->fake->n_calls;
    w->fake->silent = true;
    for (int i = 0; i < 8; i++) {
        char key[16];

        snprintf(key, sizeof key, "TK-%d", i + 1);
        replies[i] = begin(w, key, 7);
    }
    world_turns(w, 3);
    assert_int_equal(w->fake->n_calls, calls + 1 + 2);
    w->fake->silent = false;
    world_settle(w);
    for (int i = 0; i < 8; i++)
        assert_done(replies[i]);
    assert_int_equal(w->fake->n_calls, calls + 8);
}

static void
test_foresee_has_its_limit_and_refuses_nobody(void **state)
{
    (void)state;
    twice_on_disk(limited);
}

/* Nothing is asked for somebody whom the answer would not be for. */
static void
not_asked(struct world *w)
{
    int calls;

    open_cases(w, 1);
    calls = w->fake->n_calls;
    assert_reply(world_fire(w, "kim", "TK-1", "begin"), SGN_NOT_FOUND);
    assert_reply(world_fire(w, "li", "TK-9", "begin"), SGN_NOT_FOUND);
    assert_done(world_ask(w, &(struct ask){ .person = "li",
                                            .run = run_put,
                                            .method = "token.revoke",
                                            .params = "{'table': 'token', 'row': {'hash': 'aaaa',"
                                                      " 'id': 't1', 'team': 'demo', 'person': 'li',"
                                                      " 'operator': false, 'revoked': 1}}",
                                            .access = CORE_LEAD }));
    assert_reply(world_ask(w, &(struct ask){ .person = "li",
                                             .run = lane_case_fire,
                                             .method = "case.fire",
                                             .params = "{'event': 'begin'}",
                                             .key = "TK-1",
                                             .token = "aaaa" }),
                 SGN_UNAUTHENTICATED);
    assert_int_equal(w->fake->n_calls, calls);
}

static void
test_foresee_asks_nothing_for_who_may_not(void **state)
{
    (void)state;
    twice(not_asked);
}

/* The lane ends while a window is asked: all are refused, and answers that come are nobody's. */
static void
test_foresee_window_ends_with_the_lane(void **state)
{
    (void)state;
    for (int delayed = 0; delayed < 2; delayed++) {
        struct world *w = world_new(false, delayed == 1);
        struct reply *replies[3];

        open_cases(w, 3);
        w->fake->silent = true;
        for (int i = 0; i < 3; i++) {
            char key[16];

            snprintf(key, sizeof key, "TK-%d", i + 1);
            replies[i] = begin(w, key, 7);
        }
        world_turns(w, 2);
        w->fake->silent = false;
        lane_stop(w->lane);
        for (int i = 0; i < 3; i++)
            assert_reply(replies[i], SGN_UNAVAILABLE);
        assert_int_equal(world_count(w, "TK-1", "fire"), 0);
        world_free(w);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_foresee_window_is_asked_in_one_submit_and_keeps_its_order),
        cmocka_unit_test(test_foresee_window_is_one_batch),
        cmocka_unit_test(test_foresee_waits_for_its_case),
        cmocka_unit_test(test_foresee_of_what_has_changed_is_asked_again),
        cmocka_unit_test(test_foresee_request_that_comes_twice_is_one),
        cmocka_unit_test(test_foresee_has_its_limit_and_refuses_nobody),
        cmocka_unit_test(test_foresee_asks_nothing_for_who_may_not),
        cmocka_unit_test(test_foresee_window_ends_with_the_lane),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
