/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two servers on one PostgreSQL, turned by hand: one does the team's work, and another one takes it
 * over. Run with the file that holds the database server's address.
 */
#include "support/world.h"

#include "clock.h"
#include "contract.h"
#include "hash.h"

#define WAIT_MS 20000

static struct world *first, *second;

/* It looks for work once in a while only. */
static void
take_work(const struct contract *c)
{
    int64_t give_up = sgn_monotonic_ms() + WAIT_MS;
    bool has = false;

    while (!has && sgn_monotonic_ms() < give_up) {
        char *n = contract_postgres_ask(
            c->url, "SET signoff.team = 'demo'; SELECT count(*) FROM signoff.lease");

        has = strcmp(n, "1") == 0;
        free(n);
        world_turns(first, 1);
    }
    assert_true(has);
}

static void
begin(const struct contract *c)
{
    first = world_new(false, false);
    world_stop(first);
    first->real = true;
    first->told = 0;
    snprintf(first->url, sizeof first->url, "%s", c->url);
    contract_postgres_sql(c->url, "DROP SCHEMA signoff CASCADE");
    world_start(first);
    assert_done(world_open(first, "li", "{}"));
    assert_done(world_open(first, "li", "{}"));
    take_work(c);
    second = world_apart(first);
    assert_done(world_open(second, "li", "{}"));
    world_turns(first, 3); /* it has heard of it */
}

static void
end(void)
{
    world_verify(first);
    world_free(second);
    world_free(first);
}

static bool
is_in(struct world *w, const char *key, const char *leaf)
{
    json_t *row = world_case(w, key);
    const char *state = json_string_value(json_array_get(json_object_get(row, "states"), 0));
    bool is = state != NULL && strcmp(state, leaf) == 0;

    json_decref(row);
    return is;
}

/* Turns one of them alone until the case is there. */
static void
turn_until(struct world *w, const char *key, const char *leaf)
{
    int64_t give_up = sgn_monotonic_ms() + WAIT_MS;

    while (!is_in(w, key, leaf) && sgn_monotonic_ms() < give_up)
        world_turns(w, 1);
    assert_true(is_in(w, key, leaf));
}

/* Nobody has heard of it for longer than one may be silent. */
static void
silence(const struct contract *c, const char *whose)
{
    char sql[256];

    snprintf(sql, sizeof sql, "UPDATE signoff.node SET seen = seen - %d WHERE %s",
             STORE_NODE_MS + 1, whose);
    contract_postgres_sql(c->url, sql);
}

#define THE_FIRST "started = (SELECT min(started) FROM signoff.node)"

/* The first one came first, and has the team's work; what the second one's people ask for waits. */
static void
test_effect_is_carried_out_by_the_node_that_has_the_work(void **state)
{
    int64_t since;

    begin(*state);
    world_turns(first, 1);
    since = sgn_monotonic_ms();
    assert_done(world_fire(second, "li", "TK-2", "poke_begin"));
    world_turns(second, 5);
    /* On a machine that is so busy the second one may have taken over by now. */
    assert_true(is_in(second, "TK-1", "new") || sgn_monotonic_ms() - since > STORE_NODE_MS / 2);
    turn_until(first, "TK-1", "work");
    world_turns(second, 3);
    assert_int_equal(world_count(second, "TK-1", "fire"), 1);
    end();
}

/* It stands still, and asks nothing of anybody. */
static void
test_work_of_a_silent_node_is_done_by_another(void **state)
{
    struct contract *c = *state;

    begin(c);
    assert_done(world_fire(second, "li", "TK-2", "poke_begin"));
    silence(c, THE_FIRST);
    turn_until(second, "TK-1", "work");
    world_turns(first, 20); /* it goes on, and finds all done */
    assert_int_equal(world_count(first, "TK-1", "fire"), 1);
    assert_done(world_fire(first, "li", "TK-3", "count"));
    end();
}

/* An effect waits for its rules while the node stands still. Then it goes on where it was. */
static void
test_node_that_went_on_too_late_does_nothing_twice(void **state)
{
    struct contract *c = *state;

    begin(c);
    first->fake->silent = true;
    assert_done(world_fire(first, "li", "TK-2", "poke_begin"));
    world_turns(first, 5);
    assert_true(is_in(first, "TK-1", "new"));
    silence(c, THE_FIRST);
    turn_until(second, "TK-1", "work");
    first->fake->silent = false;
    world_settle(first);
    world_turns(second, 5);
    assert_int_equal(world_count(second, "TK-1", "fire"), 1);
    end();
}

/* A third one has taken the work, which the first does not know, and did nothing yet: no head tells
 * that anything has changed. */
static void
test_work_that_another_node_has_taken_is_not_written(void **state)
{
    struct contract *c = *state;
    struct store_fence fence = { .name = "engine", .node = "third" };
    struct store_node third = { .id = "third", .host = "h", .address = "", .version = "1" };
    struct store_waker *waker = NULL;
    json_t *taken = NULL;
    int64_t now, until;

    begin(c);
    first->fake->silent = true;
    assert_done(world_fire(first, "li", "TK-2", "poke_begin"));
    world_turns(first, 5);
    assert_ok(c, store_waker_open(first->store, &waker, &c->err));
    assert_ok(c, store_node_sign(waker, &third, &now, &c->err));
    silence(c, "id <> 'third'");
    assert_ok(c, store_lease_take(waker, &fence, false, &taken, &c->err));
    assert_int_equal(json_integer_value(json_object_get(taken, "demo")), 2);
    json_decref(taken);
    first->fake->silent = false;
    until = sgn_monotonic_ms() + STORE_NODE_MS / 2;
    while (sgn_monotonic_ms() < until) {
        assert_ok(c, store_node_sign(waker, &third, &now, &c->err));
        world_turns(first, 1);
        assert_true(is_in(first, "TK-1", "new"));
        assert_done(world_fire(first, "li", "TK-3", "count")); /* its people's are written */
    }
    store_node_leave(waker, "third");
    store_waker_close(waker);
    turn_until(first, "TK-1", "work");
    assert_int_equal(world_count(first, "TK-1", "fire"), 1);
    end();
}

/* A watcher is told of each head once, and of none before one that is smaller. */
static void
test_heads_of_the_other_node_are_told_once_and_in_order(void **state)
{
    int64_t give_up = sgn_monotonic_ms() + WAIT_MS, head;

    begin(*state);
    for (int i = 0; i < 10; i++) {
        assert_done(world_fire(first, "li", "TK-1", "count"));
        assert_done(world_fire(second, "li", "TK-3", "count"));
    }
    head = world_head(first);
    while ((first->told < head || second->told < head) && sgn_monotonic_ms() < give_up) {
        world_turns(first, 1); /* that heads go up, the world itself asserts */
        world_turns(second, 1);
    }
    assert_int_equal(first->told, head);
    assert_int_equal(second->told, head);
    end();
}

static void
test_person_who_left_by_one_node_is_refused_by_the_other(void **state)
{
    struct ask leave = { .run = run_put,
                         .method = "person.update",
                         .params = "{'table': 'person', 'row': {'person': 'li', 'lead': true, "
                                   "'active': false}}" };
    struct reply *reply;

    begin(*state);
    assert_done(world_fire(second, "li", "TK-1", "count"));
    assert_done(world_ask(first, &leave));
    reply = world_fire(second, "li", "TK-1", "count");
    assert_int_not_equal(reply->status, SGN_OK);
    assert_int_equal(world_count(second, "TK-1", "fire"), 1);
    end();
}

#define POSTGRES(test) cmocka_unit_test_setup_teardown(test, contract_setup, contract_teardown)

int
main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        POSTGRES(test_effect_is_carried_out_by_the_node_that_has_the_work),
        POSTGRES(test_work_of_a_silent_node_is_done_by_another),
        POSTGRES(test_node_that_went_on_too_late_does_nothing_twice),
        POSTGRES(test_work_that_another_node_has_taken_is_not_written),
        POSTGRES(test_heads_of_the_other_node_are_told_once_and_in_order),
        POSTGRES(test_person_who_left_by_one_node_is_refused_by_the_other),
    };
    CONTRACT_TESTS(all, tests);
    const struct contract_tests *const parts[] = { &all };

    if (argc != 2 || sgn_hash_init(NULL) != SGN_OK)
        return 1;
    return contract_run_postgres("two servers on PostgreSQL", parts, 1, argv[1]);
}
