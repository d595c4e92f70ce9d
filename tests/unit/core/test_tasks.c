/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the language says of tasks, each sentence with its number.
 */
#include "support/world.h"

static const char *const closing =
    "{'name': 'x', 'key': 'CR', 'version': 1, 'roles': ['pm', 'engineer'],"
    " 'states': ["
    "  {'name': 'closing', 'kind': 'state', 'tasks': ["
    "    {'name': 'papers', 'by': 'pm', 'proof': 'file'},"
    "    {'name': 'training', 'by': 'engineer', 'optional': true}],"
    "   'transitions': ["
    "    {'on': ['hurry'], 'by': 'pm', 'when': {'tasks_done': true}, 'to': ['hurried']},"
    "    {'on': ['leave'], 'by': 'pm', 'to': ['away']}%s]},"
    "  {'name': 'away', 'kind': 'state', 'transitions': ["
    "    {'on': ['back'], 'by': 'pm', 'to': ['closing']}]},"
    "  {'name': 'archiving', 'kind': 'state'},"
    "  {'name': 'hurried', 'kind': 'final'}]}";

static struct world *
opened(const char *done)
{
    char model[2048];
    struct world *w;

    snprintf(model, sizeof(model), closing, done);
    w = world_new(model);
    assert_ok(w, world_open(w, "li", "{}"));
    world_fact(w, "file:f1",
               "{'file': 'f1', 'name': 'a.pdf', 'type': 'application/pdf', 'size': 12,"
               " 'sha256': '0000000000000000000000000000000000000000000000000000000000000001',"
               " 'person': 'li', 'at': 1, 'case': null, 'shared': false}");
    return w;
}

#define DONE ", {'kind': 'tasks', 'to': ['archiving']}"

static enum sgn_status
tick(struct world *w, const char *who, const char *task)
{
    char params[64];

    snprintf(params, sizeof(params), "{'task': '%s'}", task);
    return world_do(w, CORE_TASK, who, params);
}

static void
test_t01_a_task_is_ticked_off_by_whom_it_is_for(void **state)
{
    struct world *w = opened(DONE);

    (void)state;
    assert_refused(w, SGN_FORBIDDEN, tick(w, "li", "training"));
    assert_ok(w, tick(w, "wang", "training"));
    assert_json(json_object_get(json_object_get(w->row, "tasks"), "closing/training"),
                "{'done': true, 'by': 'wang', 'at': 1767574800000}");
    /* Coming back to the state means doing it again. */
    assert_ok(w, world_fire(w, "li", "leave"));
    assert_refused(w, SGN_NOT_NOW, tick(w, "wang", "training"));
    assert_ok(w, world_fire(w, "li", "back"));
    assert_null(json_object_get(json_object_get(w->row, "tasks"), "closing/training"));
    world_free(w);
}

static void
upload(struct world *w, const char *id, const char *by)
{
    char key[32], fact[512];

    snprintf(key, sizeof(key), "file:%s", id);
    snprintf(fact, sizeof(fact),
             "{'file': '%s', 'name': '%s.pdf', 'type': 'application/pdf', 'size': 12,"
             " 'sha256': '0000000000000000000000000000000000000000000000000000000000000001',"
             " 'person': '%s', 'at': 1, 'case': null, 'shared': false}",
             id, id, by);
    world_fact(w, key, fact);
}

static const json_t *
papers(struct world *w)
{
    return json_object_get(json_object_get(w->row, "tasks"), "closing/papers");
}

static void
test_t02_proof_is_a_file_attached_since_the_task_became_open(void **state)
{
    struct world *w = opened(DONE);

    (void)state;
    upload(w, "f2", "li");
    assert_refused(w, SGN_REFUSED, tick(w, "li", "papers"));
    assert_ok(w, world_do(w, CORE_ATTACH, "li", "{'file': 'f1'}"));
    /* What was there before the state was entered is for something else. */
    assert_ok(w, world_fire(w, "li", "leave"));
    assert_ok(w, world_fire(w, "li", "back"));
    assert_refused(w, SGN_REFUSED, tick(w, "li", "papers"));
    assert_json(json_object_get(w->err.data, "pointer"), "'/file'");
    assert_ok(w, world_do(w, CORE_ATTACH, "li", "{'file': 'f2'}"));
    assert_ok(w, tick(w, "li", "papers"));
    assert_json(papers(w), "{'done': true, 'by': 'li', 'at': 1767574800000, 'file': 'f2',"
                           " 'file_name': 'f2.pdf', 'had': ['f1']}");
    assert_states(w, "['archiving']");
    world_free(w);
}

/* It becomes the case's with the tick; somebody else's upload is none. */
static void
test_t02_proof_is_a_file_that_is_named(void **state)
{
    struct world *w = opened("");

    (void)state;
    upload(w, "f3", "wang");
    assert_refused(w, SGN_NOT_FOUND,
                   world_do(w, CORE_TASK, "li", "{'task': 'papers', 'file': 'f3'}"));
    assert_ok(w, world_do(w, CORE_TASK, "li", "{'task': 'papers', 'file': 'f1'}"));
    assert_json(papers(w), "{'done': true, 'by': 'li', 'at': 1767574800000, 'file': 'f1',"
                           " 'file_name': 'a.pdf'}");
    assert_json(json_object_get(json_array_get(json_object_get(w->row, "files"), 0), "id"), "'f1'");
    assert_ok(w, world_do(w, CORE_TASK, "li", "{'task': 'papers', 'done': false}"));
    assert_json(papers(w), "{'done': false, 'by': 'li', 'at': 1767574800000}");
    /* It was attached while the task was open, and proves nothing else now. */
    assert_ok(w, tick(w, "li", "papers"));
    assert_string_equal(sgn_json_str(papers(w), "file"), "f1");
    world_free(w);
}

/* Two tasks, one file: for which of them it was given has to be said. */
static void
test_t02_proof_of_one_task_is_none_of_another(void **state)
{
    struct world *w = world_new(
        "{'name': 'x', 'key': 'CR', 'version': 1, 'roles': ['pm'], 'states': ["
        " {'name': 's', 'kind': 'state', 'tasks': [{'name': 'a', 'by': 'pm', 'proof': 'file'},"
        "   {'name': 'b', 'by': 'pm', 'proof': 'file'}]}, {'name': 'f', 'kind': 'final'}]}");

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    upload(w, "f1", "li");
    assert_ok(w, world_do(w, CORE_ATTACH, "li", "{'file': 'f1'}"));
    assert_ok(w, tick(w, "li", "a"));
    assert_refused(w, SGN_REFUSED, tick(w, "li", "b"));
    assert_ok(w, world_do(w, CORE_TASK, "li", "{'task': 'b', 'file': 'f1'}"));
    world_free(w);
}

static void
test_t03_an_optional_task_holds_nothing_up(void **state)
{
    struct world *w = opened(DONE);

    (void)state;
    assert_ok(w, world_do(w, CORE_ATTACH, "li", "{'file': 'f1'}"));
    assert_ok(w, tick(w, "li", "papers"));
    assert_states(w, "['archiving']");
    world_free(w);
}

/* Without done = the state stays, and the guard lets go. */
static void
test_t07_tasks_done_is_a_condition(void **state)
{
    struct world *w = opened("");

    (void)state;
    assert_refused(w, SGN_NOT_NOW, world_fire(w, "li", "hurry"));
    assert_ok(w, world_do(w, CORE_ATTACH, "li", "{'file': 'f1'}"));
    assert_ok(w, tick(w, "li", "papers"));
    assert_states(w, "['closing']");
    assert_ok(w, world_fire(w, "li", "hurry"));
    assert_states(w, "['hurried']");
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_t01_a_task_is_ticked_off_by_whom_it_is_for),
        cmocka_unit_test(test_t02_proof_is_a_file_attached_since_the_task_became_open),
        cmocka_unit_test(test_t02_proof_is_a_file_that_is_named),
        cmocka_unit_test(test_t02_proof_of_one_task_is_none_of_another),
        cmocka_unit_test(test_t03_an_optional_task_holds_nothing_up),
        cmocka_unit_test(test_t07_tasks_done_is_a_condition),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
