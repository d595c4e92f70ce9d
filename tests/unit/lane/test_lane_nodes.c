/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two nodes on one store. The other one writes just before this one takes the team's head: what
 * this one has decided rests on what is no more.
 */
#include "support/world.h"

/* What happens before a head is taken; a test of its own runs in a process of its own. */
static void (*before)(void);
static bool always;         /* each time, not once */
static const char *failing; /* the team whose commits fail */
static struct world *here, *there;

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
    void (*now)(void) = before;

    before = NULL; /* not within itself */
    if (now != NULL)
        now();
    if (always)
        before = now;
    return __real_store_begin(store, team, head, err);
}

enum sgn_status
__wrap_store_commit_wait(struct store *store, const struct store_unit *unit, struct sgn_error *err)
{
    if (failing == NULL || unit->n_entries == 0 || strcmp(unit->entries[0].team, failing) != 0)
        return __real_store_commit_wait(store, unit, err);
    store_rollback(store, NULL);
    return sgn_fail(err, SGN_UNAVAILABLE, "it was rolled back");
}

static void
begin(bool delayed)
{
    here = world_new(false, delayed);
    assert_done(world_open(here, "li", "{}"));
    assert_done(world_fire(here, "li", "TK-1", "count"));
    there = world_beside(here);
}

static void
end(void)
{
    before = NULL;
    always = false;
    world_settle(here);
    world_verify(here);
    world_free(there);
    world_free(here);
}

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

static struct ask
count_once(void)
{
    return (struct ask){ .person = "li",
                         .run = lane_case_fire,
                         .method = "case.fire",
                         .params = "{'event': 'count'}",
                         .key = "TK-1",
                         .request = "r1" };
}

static void
same_there(void)
{
    struct ask ask = count_once();

    assert_done(world_ask(there, &ask));
}

static void
test_request_that_another_node_did_is_not_done_again(void **state)
{
    struct ask ask = count_once();
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
    struct ask ask = count_once(), other = count_once();
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

/* ---- teams ---- */

static struct reply *
put_in(const char *team)
{
    return world_submit(
        here, &(struct ask){ .run = run_put,
                             .method = "person.update",
                             .team = team,
                             .params = "{'table': 'person', 'row': {'person': 'new', 'lead': "
                                       "true, 'active': true}}" });
}

static void
test_commit_that_fails_is_its_teams_only(void **state)
{
    struct reply *ours, *theirs, *fire;

    (void)state;
    begin(false);
    failing = "other";
    theirs = put_in("other");
    ours = put_in("demo");
    fire = submit_fire(here, "li", "TK-1", "count");
    world_turns(here, 1);
    assert_reply(theirs, SGN_UNAVAILABLE);
    assert_done(ours);
    assert_done(fire);
    assert_count("2");
    failing = NULL;
    theirs = put_in("other");
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
        cmocka_unit_test(test_who_is_overtaken_again_and_again_hears_why),
        cmocka_unit_test(test_commit_that_fails_is_its_teams_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
