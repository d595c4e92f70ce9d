/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owners, offers, tasks, and who a case waits for.
 */
#include "support/world.h"

static const char *const owned =
    "{'name': 'owned', 'key': 'OW', 'version': 1, 'roles': ['pm', 'engineer', 'nobody'],"
    " 'fields': [{'name': 'fee', 'type': 'number', 'shared': true}],"
    " 'states': ["
    "  {'name': 'work', 'kind': 'parallel', 'states': ["
    "   {'name': 'tech', 'kind': 'state', 'owner': 'engineer', 'transitions': ["
    "     {'on': ['look'], 'by': 'owner'},"
    "     {'on': ['give'], 'by': 'owner', 'run': [{'assign': 'pm'}]}]},"
    "   {'name': 'lost', 'kind': 'state', 'owner': 'nobody', 'transitions': ["
    "     {'on': ['find'], 'by': 'owner'}]}],"
    "   'transitions': [{'on': ['pack'], 'by': 'pm', 'to': ['packing']}]},"
    "  {'name': 'packing', 'kind': 'state', 'tasks': ["
    "    {'name': 'papers', 'by': 'pm'},"
    "    {'name': 'training', 'by': 'engineer', 'optional': true},"
    "    {'name': 'invoice', 'by': 'engineer', 'when': {'field': 'fee', 'above': 0}}],"
    "   'transitions': ["
    "     {'on': ['fee'], 'by': 'pm', 'takes': ['fee']},"
    "     {'kind': 'tasks', 'to': ['done']}]},"
    "  {'name': 'done', 'kind': 'final'}]}";

static struct world *
opened(void)
{
    struct world *w = world_new(owned);

    assert_ok(w, world_open(w, "li", "{}"));
    return w;
}

static json_t *
owner_of(struct world *w, const char *state)
{
    return json_object_get(json_object_get(w->row, "owners"), state);
}

static void
test_owner_several_are_offered_and_the_first_takes_it(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_json(owner_of(w, "tech"), "{'offer': [{'role': 'engineer'}]}");
    assert_json(json_array_get(json_object_get(w->row, "waiting"), 0),
                "{'kind': 'offer', 'role': 'engineer', 'state': 'tech', 'since': 1767574800000,"
                " 'due': null}");
    assert_refused(w, SGN_FORBIDDEN, world_fire(w, "li", "look"));
    assert_ok(w, world_fire(w, "zhao", "look"));
    assert_json(owner_of(w, "tech"), "'zhao'");
    assert_refused(w, SGN_FORBIDDEN, world_fire(w, "wang", "look")); /* taken */
    assert_ok(w, world_fire(w, "zhao", "give"));
    assert_json(owner_of(w, "tech"), "'li'");
    world_free(w);
}

static void
test_owner_nobody_goes_to_the_leads_and_says_why(void **state)
{
    struct world *w = opened();
    const json_t *waiting;

    (void)state;
    assert_json(owner_of(w, "lost"), "{'offer': [{'person': 'li'}], 'why': 'nobody is nobody'}");
    waiting = json_array_get(json_object_get(w->row, "waiting"), 1);
    assert_string_equal(sgn_json_str(waiting, "why"), "nobody is nobody");
    assert_ok(w, world_fire(w, "li", "find"));
    assert_json(owner_of(w, "lost"), "'li'");
    world_free(w);
}

static void
test_owner_assign_needs_state_right_and_target(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_refused(w, SGN_INVALID, world_do(w, CORE_ASSIGN, "wang", "{'to': 'wang'}"));
    assert_json(json_object_get(w->err.data, "states"), "['tech', 'lost']");
    assert_refused(w, SGN_FORBIDDEN,
                   world_do(w, CORE_ASSIGN, "wang", "{'to': 'wang', 'state': 'lost'}"));
    assert_refused(w, SGN_INVALID,
                   world_do(w, CORE_ASSIGN, "li", "{'to': 'mei', 'state': 'tech'}"));
    assert_refused(w, SGN_INVALID,
                   world_do(w, CORE_ASSIGN, "li", "{'to': 'ghost', 'state': 'tech'}"));
    assert_ok(w, world_do(w, CORE_ASSIGN, "wang", "{'to': 'wang', 'state': 'tech'}"));
    assert_json(owner_of(w, "tech"), "'wang'");
    assert_int_equal(sgn_json_int(w->row, "rev", 0), 1);
    assert_refused(w, SGN_NOT_FOUND,
                   world_do(w, CORE_ASSIGN, "mei", "{'to': 'mei', 'state': 'tech'}"));
    world_free(w);
}

static void
test_t05_done_is_taken_when_all_that_count_are(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_fire(w, "li", "pack"));
    assert_ok(w, world_do(w, CORE_FIRE, "li", "{'event': 'fee', 'data': {'fee': 5}}"));
    assert_refused(w, SGN_FORBIDDEN,
                   world_do(w, CORE_TASK, "wang", "{'task': 'papers', 'done': true}"));
    assert_refused(w, SGN_NOT_NOW, world_do(w, CORE_TASK, "li", "{'task': 'paper', 'done': true}"));
    assert_ok(w, world_do(w, CORE_TASK, "li", "{'task': 'papers', 'done': true}"));
    assert_json(json_object_get(json_object_get(w->row, "tasks"), "packing/papers"),
                "{'done': true, 'by': 'li', 'at': 1767574800000}");
    assert_ok(w, world_do(w, CORE_TASK, "li", "{'task': 'papers', 'done': false}"));
    assert_ok(w, world_do(w, CORE_TASK, "wang", "{'task': 'invoice', 'done': true}"));
    assert_states(w, "['packing']");
    assert_json(json_object_get(w->row, "waiting"),
                "[{'kind': 'task', 'role': 'pm', 'state': 'packing', 'since': 1767574800000,"
                "  'due': null}]");
    assert_ok(w, world_do(w, CORE_TASK, "li", "{'task': 'papers', 'done': true}"));
    assert_states(w, "['done']");
    world_free(w);
}

static void
test_t04_a_task_counts_only_while_its_when_holds(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_fire(w, "li", "pack"));
    assert_ok(w, world_do(w, CORE_FIRE, "li", "{'event': 'fee', 'data': {'fee': 5}}"));
    assert_ok(w, world_do(w, CORE_TASK, "li", "{'task': 'papers', 'done': true}"));
    assert_ok(w, world_do(w, CORE_FIRE, "li", "{'event': 'fee', 'data': {'fee': 0}}"));
    assert_states(w, "['done']");
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_owner_several_are_offered_and_the_first_takes_it),
        cmocka_unit_test(test_owner_nobody_goes_to_the_leads_and_says_why),
        cmocka_unit_test(test_owner_assign_needs_state_right_and_target),
        cmocka_unit_test(test_t05_done_is_taken_when_all_that_count_are),
        cmocka_unit_test(test_t04_a_task_counts_only_while_its_when_holds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
