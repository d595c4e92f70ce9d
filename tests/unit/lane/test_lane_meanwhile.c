/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What comes while commits are under way, where each carries one team. The linker lets it come
 * when a head is taken.
 */
#include "support/world.h"

/* A test of its own runs in a process of its own. */
static struct world *w;
static struct reply *came[3];
static bool comes, fails;

enum sgn_status __real_store_begin(struct store *store, const char *team, struct store_head *head,
                                   struct sgn_error *err);
enum sgn_status __wrap_store_begin(struct store *store, const char *team, struct store_head *head,
                                   struct sgn_error *err);
enum sgn_status __real_store_commit_wait(struct store *store, const struct store_unit *unit,
                                         struct sgn_error *err);
enum sgn_status __wrap_store_commit_wait(struct store *store, const struct store_unit *unit,
                                         struct sgn_error *err);
int __wrap_store_teams_per_commit(const struct store *store);

int
__wrap_store_teams_per_commit(const struct store *store)
{
    (void)store;
    return 1;
}

enum sgn_status
__wrap_store_begin(struct store *store, const char *team, struct store_head *head,
                   struct sgn_error *err)
{
    if (comes) {
        comes = false;
        came[0] = submit_person(w, "other");
        came[1] = submit_fire(w, "li", "TK-1", "count");
        came[2] = submit_fire(w, "li", "TK-1", "count");
    }
    return __real_store_begin(store, team, head, err);
}

enum sgn_status
__wrap_store_commit_wait(struct store *store, const struct store_unit *unit, struct sgn_error *err)
{
    if (!fails)
        return __real_store_commit_wait(store, unit, err);
    fails = false;
    store_rollback(store, NULL);
    return sgn_fail(err, SGN_UNAVAILABLE, "it was rolled back");
}

/* A case that was counted once, on real time from now on; and once more while others come. */
static struct reply *
begin(bool failing)
{
    struct reply *fire;

    w = world_new(false, false);
    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-1", "count"));
    sgn_clock_init_real(&w->clock);
    comes = true;
    fails = failing;
    fire = submit_fire(w, "li", "TK-1", "count");
    world_turns(w, 1);
    return fire;
}

static void
end(int64_t fires)
{
    assert_int_equal(world_count(w, "TK-1", "fire"), fires);
    world_settle(w);
    world_verify(w);
    world_free(w);
}

/* Another team's need not wait for it; the same team's are decided on what it has left. */
static void
test_what_comes_while_a_team_commits_is_decided_in_the_same_turn(void **state)
{
    struct reply *fire = begin(false);

    (void)state;
    assert_done(fire);
    for (int i = 0; i < 3; i++)
        assert_done(came[i]);
    assert_json(json_object_get(fire->result, "rev"), "3");
    assert_json(json_object_get(came[1]->result, "rev"), "4");
    assert_json(json_object_get(came[2]->result, "rev"), "5");
    end(4);
}

/* Nothing is decided on what may never have happened. */
static void
test_what_comes_while_a_commit_fails_is_decided_afterwards(void **state)
{
    struct reply *fire = begin(true);

    (void)state;
    assert_reply(fire, SGN_UNAVAILABLE);
    world_turns(w, 2);
    for (int i = 0; i < 3; i++)
        assert_done(came[i]);
    assert_json(json_object_get(came[1]->result, "rev"), "3");
    assert_json(json_object_get(came[2]->result, "rev"), "4");
    end(3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_comes_while_a_team_commits_is_decided_in_the_same_turn),
        cmocka_unit_test(test_what_comes_while_a_commit_fails_is_decided_afterwards),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
