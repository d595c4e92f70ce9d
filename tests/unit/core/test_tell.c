/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the engine tells persons by itself: exactly once, never of their own doing, and nobody of
 * the client of a case that they may not see.
 */
#include "support/rounds.h"

static const char *const offered =
    "{'name': 'x', 'key': 'CR', 'version': 1, 'client': '%s',"
    " 'roles': ['pm', 'ccb', 'client', 'empty'],"
    " 'states': [{'name': 'a', 'kind': 'state', 'owner': '%s', 'transitions': ["
    "    {'on': ['again'], 'by': ['pm', 'ccb'], 'to': ['a']},"
    "    {'on': ['touch'], 'by': 'pm'}]},"
    "  {'name': 'f', 'kind': 'final'}]}";

static struct world *
offering(const char *client, const char *owner, const char *opener)
{
    char model[1024];
    struct world *w;

    snprintf(model, sizeof(model), offered, client, owner);
    w = world_new(model);
    assert_ok(w, world_open(w, opener, "{}"));
    return w;
}

/* The effect of a kind in the last entry; NULL. */
static const json_t *
effect(struct world *w, const char *kind)
{
    const json_t *item, *found = NULL;
    size_t i;

    json_array_foreach(world_effects(w), i, item)
        if (strcmp(sgn_json_str(item, "kind"), kind) == 0) {
            assert_null(found); /* one of a kind */
            found = item;
        }
    return found;
}

static void
test_tell_offered_to_whoever_could_take_it(void **state)
{
    struct world *w = offering("project", "ccb", "li");

    (void)state;
    assert_json(effect(w, "offered"), "{'kind': 'offered', 'state': 'a', 'to': ['wang', 'zhao']}");
    assert_ok(w, world_fire(w, "li", "touch"));
    assert_null(effect(w, "offered")); /* it is the same offer */
    assert_ok(w, world_fire(w, "wang", "again"));
    assert_json(json_object_get(effect(w, "offered"), "to"), "['zhao']"); /* his own doing */
    assert_ok(w, world_do(w, CORE_ASSIGN, "zhao", "{'to': 'zhao'}"));
    assert_null(effect(w, "offered"));
    world_free(w);
    w = offering("project", "pm", "li"); /* one holder owns it: nothing is offered */
    assert_null(effect(w, "offered"));
    world_free(w);
}

/* The leads, and why: nobody else could take it. */
static void
test_tell_offered_to_the_leads_when_nobody_holds_the_role(void **state)
{
    struct world *w = offering("project", "empty", "wang");

    (void)state;
    assert_json(effect(w, "offered"), "{'kind': 'offered', 'state': 'a', 'to': ['li'],"
                                      " 'why': 'nobody is empty'}");
    world_free(w);
}

/* Another lead can take it now: the first knows of it already. */
static void
test_tell_offered_once_while_people_come_and_go(void **state)
{
    struct world *w = offering("project", "empty", "wang");

    (void)state;
    json_object_set_new(json_object_get(w->facts, "team"), "leads", json("['li', 'zhao']"));
    assert_ok(w, world_do(w, CORE_SWEEP, "system", "{'kind': 'people'}"));
    assert_json(json_object_get(effect(w, "offered"), "to"), "['zhao']");
    world_free(w);
}

static void
test_tell_nobody_of_the_client_of_what_they_may_not_see(void **state)
{
    struct world *w = offering("project", "client", "li");

    (void)state;
    assert_json(json_object_get(effect(w, "offered"), "to"), "['jun', 'mei']");
    world_free(w);
    w = offering("none", "client", "li");
    assert_null(effect(w, "offered"));
    world_free(w);
}

#define CCB "{'kind': 'at_least', 'n': 2, 'who': ['ccb', 'client'], 'nobody': 'reject'}"

static void
test_tell_decided_to_opener_and_voters_but_the_actor(void **state)
{
    struct world *w = asking(CCB, "");

    (void)state;
    assert_ok(w, say(w, "wang", "approve"));
    assert_null(effect(w, "decided"));
    assert_ok(w, say(w, "mei", "approve"));
    assert_json(effect(w, "decided"), "{'kind': 'decided', 'state': 's', 'outcome': 'approved',"
                                      " 'to': ['li', 'wang']}");
    assert_ok(w, world_fire(w, "li", "look"));
    assert_null(effect(w, "decided"));
    world_free(w);
    w = asking(CCB, "");
    assert_ok(w, say(w, "mei", "abstain"));
    assert_ok(w, say_why(w, "zhao", "defer", "later"));
    assert_json(effect(w, "decided"), "{'kind': 'decided', 'state': 's', 'outcome': 'deferred',"
                                      " 'to': ['li', 'mei']}");
    world_free(w);
    w = asking(CCB, ""); /* leaving the state decides nothing */
    assert_ok(w, say(w, "mei", "abstain"));
    assert_ok(w, world_fire(w, "li", "leave"));
    assert_null(effect(w, "decided"));
    world_free(w);
}

/* She voted and is gone from the project: the case is not hers to see any more. */
static void
test_tell_decided_to_nobody_of_the_client_who_has_left(void **state)
{
    struct world *w = asking("{'kind': 'at_least', 'n': 2, 'who': ['ccb', 'client'],"
                             " 'nobody': 'reject'}",
                             "");

    (void)state;
    assert_ok(w, say(w, "mei", "approve"));
    json_object_del(json_object_get(json_object_get(w->facts, "project:acme"), "members"), "mei");
    assert_ok(w, say(w, "wang", "approve"));
    assert_ok(w, say(w, "zhao", "approve"));
    assert_states(w, "['yes']");
    assert_json(json_object_get(effect(w, "decided"), "to"), "['li', 'wang']");
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tell_offered_to_whoever_could_take_it),
        cmocka_unit_test(test_tell_offered_to_the_leads_when_nobody_holds_the_role),
        cmocka_unit_test(test_tell_offered_once_while_people_come_and_go),
        cmocka_unit_test(test_tell_nobody_of_the_client_of_what_they_may_not_see),
        cmocka_unit_test(test_tell_decided_to_opener_and_voters_but_the_actor),
        cmocka_unit_test(test_tell_decided_to_nobody_of_the_client_who_has_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
