/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commits that fail. The linker puts a fault between the lane and the store: a commit is refused
 * before or after it was begun, or nobody knows what became of it. All is tried with a store whose
 * commits carry all teams and with one whose commits carry one.
 */
#include "support/world.h"
#include <limits.h>

enum how {
    WORKS,
    FULL,   /* store_begin: the disk is nearly full */
    FAILS,  /* store_commit: nothing happened */
    LOST,   /* store_commit: unknown; nothing happened */
    HAPPENS /* store_commit: unknown; it did happen */
};

/* What the wrapped functions do; a test of its own runs in a process of its own. */
static enum how fault;
static bool by_team;

enum sgn_status __real_store_begin(struct store *store, const char *team, struct store_head *head,
                                   struct sgn_error *err);
enum sgn_status __real_store_commit_wait(struct store *store, const struct store_unit *unit,
                                         struct sgn_error *err);
enum sgn_status __wrap_store_begin(struct store *store, const char *team, struct store_head *head,
                                   struct sgn_error *err);
enum sgn_status __wrap_store_commit_wait(struct store *store, const struct store_unit *unit,
                                         struct sgn_error *err);

int __wrap_store_teams_per_commit(const struct store *store);

int
__wrap_store_teams_per_commit(const struct store *store)
{
    (void)store;
    return by_team ? 1 : INT_MAX;
}

enum sgn_status
__wrap_store_begin(struct store *store, const char *team, struct store_head *head,
                   struct sgn_error *err)
{
    if (fault == FULL)
        return sgn_fail(err, SGN_UNAVAILABLE, "the disk is nearly full");
    return __real_store_begin(store, team, head, err);
}

enum sgn_status
__wrap_store_commit_wait(struct store *store, const struct store_unit *unit, struct sgn_error *err)
{
    if (fault == HAPPENS && __real_store_commit_wait(store, unit, err) == SGN_OK)
        return sgn_fail(err, SGN_UNKNOWN_OUTCOME, "nobody knows");
    if (fault == WORKS || fault == FULL)
        return __real_store_commit_wait(store, unit, err);
    store_rollback(store, NULL);
    if (fault == LOST)
        return sgn_fail(err, SGN_UNKNOWN_OUTCOME, "nobody knows");
    return sgn_fail(err, SGN_UNAVAILABLE, "it was rolled back");
}

static struct reply *
submit_open(struct world *w)
{
    return world_submit(w, &(struct ask){ .person = "li",
                                          .run = lane_case_open,
                                          .method = "case.open",
                                          .params = "{'workflow': 'ticket', 'project': 'erp'}" });
}

/* ---- nothing happened ---- */

static void
clean(struct world *w)
{
    struct reply *replies[4];
    int64_t head, told;
    json_t *row;

    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-1", "count"));
    head = world_head(w);
    told = w->told;
    for (fault = FULL; fault <= FAILS; fault++) {
        replies[0] = submit_fire(w, "li", "TK-1", "count");
        replies[1] = submit_open(w);
        replies[2] = submit_fire(w, "li", "TK-1", "nonsense");
        replies[3] = submit_fire(w, "li", "TK-1", "tell");
        world_turns(w, 2);
        for (int i = 0; i < 4; i++) /* refusals too: they were decided on what is not so */
            assert_reply(replies[i], SGN_UNAVAILABLE);
        assert_int_equal(world_head(w), head);
        assert_int_equal(w->told, told);
    }
    fault = WORKS;
    assert_int_equal(w->n_failed, 0);
    assert_done(world_fire(w, "li", "TK-1", "count"));
    row = world_case(w, "TK-1");
    assert_json(json_object_get(json_object_get(row, "fields"), "count"), "2");
    assert_json(json_object_get(row, "rev"), "3");
    json_decref(row);
    assert_int_equal(world_head(w), head + 1);
    assert_done(world_open(w, "li", "{}"));
}

static void
test_commit_failed_cleanly_leaves_all_as_it_was(void **state)
{
    (void)state;
    twice(clean);
}

/* A case that waits for its rules has its key already; a failed batch must not give it again. */
static void
parked_open(struct world *w)
{
    json_t *model = world_model();
    struct reply *parked, *failing, *next;

    json_object_set_new(json_array_get(json_object_get(model, "states"), 0), "enter",
                        quoted("[{'call': 2}]"));
    world_set_answer(w, world_answer(model));
    world_restart(w);
    assert_done(world_open(w, "li", "{}"));
    w->fake->silent = true;
    parked = submit_open(w);
    world_turns(w, 2);
    fault = FAILS;
    failing = submit_fire(w, "li", "TK-1", "count");
    world_turns(w, 1);
    fault = WORKS;
    assert_reply(failing, SGN_UNAVAILABLE);
    next = submit_open(w);
    w->fake->silent = false;
    world_settle(w);
    assert_done(parked); /* it went on waiting, and is answered */
    assert_done(next);
    assert_json(json_object_get(parked->result, "case"), "'TK-2'");
    assert_json(json_object_get(next->result, "case"), "'TK-3'");
}

static void
test_commit_failed_cleanly_gives_no_key_twice(void **state)
{
    (void)state;
    twice_on_disk(parked_open);
}

/* A version is stored with the first case that is really there. */
static void
version_of_nothing(struct world *w)
{
    struct reply *failing, *open;
    json_t *other = world_model();

    fault = FAILS;
    failing = submit_open(w);
    world_turns(w, 1);
    fault = WORKS;
    assert_reply(failing, SGN_UNAVAILABLE);
    open = world_open(w, "li", "{}");
    assert_done(open);
    json_object_set_new(other, "version", json_integer(2));
    world_set_answer(w, world_answer(other));
    world_restart(w); /* now the version is nowhere but in the store */
    assert_done(world_fire(w, "li", sgn_json_str(open->result, "case"), "begin"));
}

static void
test_commit_failed_cleanly_stores_the_version_later(void **state)
{
    (void)state;
    twice_on_disk(version_of_nothing);
}

/* The cause is gone with its batch: so is its effect, also one that waits for the rules. */
static void
effect_of_nothing(struct world *w)
{
    struct reply *cause;

    assert_done(world_open(w, "li", "{}"));
    assert_done(world_open(w, "li", "{}"));
    fault = FAILS;
    cause = submit_fire(w, "li", "TK-2", "poke_begin");
    world_turns(w, 1);
    fault = WORKS;
    assert_reply(cause, SGN_UNAVAILABLE);
    world_settle(w);
    assert_states(w, "TK-1", "['new']");
    /* The cause is there, and what fails is the batch that carries its effect out. */
    cause = world_fire(w, "li", "TK-2", "poke_begin");
    assert_done(cause);
    fault = FAILS;
    world_turns(w, 6);
    assert_states(w, "TK-1", "['new']");
    fault = WORKS;
    world_settle(w);
    assert_states(w, "TK-1", "['work']");
    assert_int_equal(world_count(w, "TK-1", "fire"), 1);
}

static void
test_commit_failed_cleanly_carries_no_effect_out(void **state)
{
    (void)state;
    twice(effect_of_nothing);
}

static void
advance_fails(struct world *w)
{
    struct reply *advance;

    w->limits.due_per_turn = 1;
    world_restart(w);
    for (int i = 1; i <= 2; i++) {
        char key[16];

        snprintf(key, sizeof key, "TK-%d", i);
        assert_done(world_open(w, "li", "{}"));
        assert_done(world_fire(w, "li", key, "plan"));
    }
    fault = FAILS;
    advance = world_advance(w, "1 hour");
    assert_reply(advance, SGN_UNAVAILABLE);
    fault = WORKS;
    assert_int_equal(world_count(w, "TK-1", "deadline") + world_count(w, "TK-2", "deadline"), 0);
    /* The clock went on in memory; what was due fires now, once, and the clock is kept. */
    world_settle(w);
    assert_states(w, "TK-1", "['work']");
    assert_states(w, "TK-2", "['work']");
    assert_int_equal(world_count(w, "TK-1", "deadline"), 1);
    world_restart(w);
    assert_true(sgn_clock_now(&w->clock) - START >= HOUR);
    world_settle(w);
    assert_int_equal(world_count(w, "TK-1", "deadline"), 1);
}

static void
test_commit_failed_in_an_advance_is_its_answer(void **state)
{
    (void)state;
    twice_on_disk(advance_fails);
}

/* ---- nobody knows ---- */

static void
unknown(struct world *w, enum how how, int64_t entries)
{
    struct ask ask = ask_count();
    struct reply *failing, *parked, *later, *first;
    int64_t head;
    json_t *row;

    assert_done(world_open(w, "li", "{}"));
    assert_done(world_open(w, "li", "{}"));
    head = world_head(w);
    w->fake->silent = true;
    parked = submit_fire(w, "li", "TK-2", "begin");
    world_turns(w, 1);
    fault = how;
    failing = world_submit(w, &ask);
    world_turns(w, 1);
    assert_reply(failing, SGN_UNKNOWN_OUTCOME);
    assert_int_equal(w->n_failed, 1);
    fault = WORKS; /* but the lane has had enough */
    later = submit_fire(w, "li", "TK-2", "count");
    assert_reply(later, SGN_UNKNOWN_OUTCOME);
    world_turns(w, 3);
    assert_reply(parked, SGN_UNKNOWN_OUTCOME);
    assert_int_equal(w->n_failed, 1);
    assert_int_equal(world_head(w), head + entries);

    world_restart(w);
    first = world_ask(w, &ask); /* repeated with the same request_id: done once */
    assert_done(first);
    assert_int_equal(world_head(w), head + 1);
    row = world_case(w, "TK-1");
    assert_json(json_object_get(json_object_get(row, "fields"), "count"), "1");
    json_decref(row);
}

static void
lost(struct world *w)
{
    unknown(w, LOST, 0);
}

static void
happened(struct world *w)
{
    unknown(w, HAPPENS, 1);
}

static void
test_commit_unknown_and_lost_is_done_by_the_repeat(void **state)
{
    (void)state;
    twice_on_disk(lost);
}

static void
test_commit_unknown_and_done_is_not_done_again(void **state)
{
    (void)state;
    twice_on_disk(happened);
}

/* An advance under way when the store fails is answered, too. */
static void
test_commit_unknown_answers_the_advance(void **state)
{
    (void)state;
    for (int delayed = 0; delayed < 2; delayed++) {
        struct world *w = world_new(false, delayed == 1);
        struct reply *advance;

        assert_done(world_open(w, "li", "{}"));
        assert_done(world_fire(w, "li", "TK-1", "plan"));
        fault = LOST;
        advance = world_advance(w, "1 hour");
        fault = WORKS;
        assert_reply(advance, SGN_UNKNOWN_OUTCOME);
        assert_int_equal(w->n_failed, 1);
        world_free(w);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commit_failed_cleanly_leaves_all_as_it_was),
        cmocka_unit_test(test_commit_failed_cleanly_gives_no_key_twice),
        cmocka_unit_test(test_commit_failed_cleanly_stores_the_version_later),
        cmocka_unit_test(test_commit_failed_cleanly_carries_no_effect_out),
        cmocka_unit_test(test_commit_failed_in_an_advance_is_its_answer),
        cmocka_unit_test(test_commit_unknown_and_lost_is_done_by_the_repeat),
        cmocka_unit_test(test_commit_unknown_and_done_is_not_done_again),
        cmocka_unit_test(test_commit_unknown_answers_the_advance),
    };

    int failed = cmocka_run_group_tests_name("all teams in a commit", tests, NULL, NULL);

    by_team = true;
    return failed + cmocka_run_group_tests_name("one team in a commit", tests, NULL, NULL);
}
