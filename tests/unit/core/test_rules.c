/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions of the rules: what they are given, what their answers do, and that the order in
 * which answers come never matters.
 */
#include "support/world.h"

/*
 *   1 guard: the cost is even     2 guard: has a reason     3 who: zhao
 *   4 run: sets and emits         5 run: effects and timers  6 run: nonsense
 */
static const char *const ruled =
    "{'name': 'ruled', 'key': 'RU', 'version': 1, 'client': 'project',"
    " 'roles': ['pm', 'engineer'],"
    " 'fields': [{'name': 'cost', 'type': 'number', 'shared': true, 'default': 2},"
    "            {'name': 'count', 'type': 'number', 'shared': false}],"
    " 'functions': {'1': {'line': 1, 'uses': []}, '2': {'line': 2, 'uses': ['people']},"
    "   '3': {'line': 3, 'uses': ['project']}, '4': {'line': 4, 'uses': []},"
    "   '5': {'line': 5, 'uses': []}, '6': {'line': 6, 'uses': []}},"
    " 'states': ["
    "  {'name': 'a', 'kind': 'state', 'leave': [{'set': {'count': {'plus': 1}}}], 'transitions': ["
    "    {'on': ['next'], 'by': {'call': 3}, 'when': {'all': [{'call': 1}, {'call': 2}]},"
    "     'run': [{'call': 4}], 'to': ['b']},"
    "    {'on': ['bad'], 'by': 'pm', 'run': [{'call': 6}], 'to': ['b']}]},"
    "  {'name': 'b', 'kind': 'state', 'enter': [{'call': 5}], 'transitions': ["
    "    {'on': ['said'], 'when': {'event': 'loud', 'is': true}, 'to': ['c']},"
    "    {'on': ['later'], 'to': ['d']}]},"
    "  {'name': 'c', 'kind': 'state', 'enter': [{'call': 5}], 'transitions': ["
    "    {'on': ['later'], 'to': ['d']}]},"
    "  {'name': 'd', 'kind': 'final'}]}";

static json_t *
value(const char *text)
{
    return json_pack("{s:o}", "value", json(text));
}

static json_t *
answer(int function, const char *purpose, const json_t *input)
{
    const json_t *fields = json_object_get(json_object_get(input, "c"), "fields");
    const json_t *e = json_object_get(input, "e");

    switch (function) {
    case 1:
        assert_string_equal(purpose, "guard");
        assert_string_equal(sgn_json_str(e, "name"), "next");
        assert_null(json_object_get(json_object_get(input, "c"), "people")); /* does not use it */
        return value(sgn_json_int(fields, "cost", 1) % 2 == 0 ? "true" : "[false, 'it is odd']");
    case 2:
        assert_json(json_object_get(json_object_get(json_object_get(input, "c"), "people"), "pm"),
                    "['li']");
        return value("true");
    case 3:
        assert_string_equal(purpose, "who");
        return value("['zhao']");
    case 4:
        assert_string_equal(purpose, "run");
        /* Leave content has run before, and is seen. */
        assert_int_equal(sgn_json_int(fields, "count", 0), 1);
        return value("[{'set': {'cost': {'value': 8}}}, {'emit': 'said', 'data': {'loud': true}}]");
    case 5:
        return value("[{'send': 'later', 'after': '2 hours', 'id': 'x', 'data': {'n': 1}},"
                     " {'remind': 'pm'}, {'fire': 'ping', 'case': 'IS-9'},"
                     " {'open': 'issue', 'fields': {'summary': 's'}}, {'assign': 'zhao'}]");
    default:
        return value("[{'set': {'cost': {'value': 'SECRET nonsense'}}}]");
    }
}

static struct world *
opened(void)
{
    struct world *w = world_new(ruled);

    w->answer = answer;
    assert_ok(w, world_open(w, "li", "{}"));
    return w;
}

static void
test_rules_run_change_the_staged_case_in_order(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_fire(w, "zhao", "next"));
    assert_states(w, "['c']");
    assert_json(json_object_get(w->row, "fields"), "{'cost': 8, 'count': 1}");
    /* Entered b and c: both armed a send, both had effects; b's owner left with b. */
    assert_json(json_object_get(w->row, "owners"), "{'c': 'zhao'}");
    assert_int_equal(json_array_size(world_effects(w)), 6);
    assert_json(json_array_get(world_effects(w), 1),
                "{'kind': 'fire', 'event': 'ping', 'case': 'IS-9'}");
    assert_json(json_array_get(world_effects(w), 2),
                "{'kind': 'open', 'workflow': 'issue', 'project': 'acme',"
                " 'fields': {'summary': 's'}}");
    assert_int_equal(world_advance(w, START + 2 * HOUR), 1);
    assert_string_equal(w->kind, "send");
    assert_states(w, "['d']");
    world_free(w);
}

static void
test_rules_guard_gives_its_reason(void **state)
{
    struct world *w = opened();

    (void)state;
    json_object_set_new(json_object_get(w->row, "fields"), "cost", json_integer(3));
    assert_refused(w, SGN_REFUSED, world_fire(w, "zhao", "next"));
    assert_string_equal(w->err.message, "it is odd");
    /* Whom the function does not name is forbidden; the guard's reason is told all the same. */
    assert_refused(w, SGN_REFUSED, world_fire(w, "li", "next"));
    json_object_set_new(json_object_get(w->row, "fields"), "cost", json_integer(4));
    assert_refused(w, SGN_FORBIDDEN, world_fire(w, "li", "next"));
    world_free(w);
}

static json_t *
failing(int function, const char *purpose, const json_t *input)
{
    if (function == 4)
        return json("{'error': {'code': 'rule_error', 'message': 'ruled.lua:7: oops'}}");
    if (function == 1)
        return json("{'error': {'code': 'rule_overrun', 'message': 'too long'}}");
    return answer(function, purpose, input);
}

static void
test_rules_failures_undo_the_whole_macrostep(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_refused(w, SGN_RULE_ERROR, world_fire(w, "li", "bad"));
    w->answer = failing;
    assert_refused(w, SGN_RULE_OVERRUN, world_fire(w, "zhao", "next"));
    assert_string_equal(w->err.message, "too long");
    world_free(w);
}

/* Answers of a hostile worker: refused, never believed. */
static json_t *
hostile(int function, const char *purpose, const json_t *input)
{
    static const char *const bad[] = {
        "null",
        "3",
        "{}",
        "[3]",
        "[{'set': 3}]",
        "[{'set': {'nope': {'value': 1}}}]",
        "[{'emit': 'done.state.a'}]",
        "[{'emit': 7}]",
        "[{'assign': {'odd': 1}}]",
        "[{'assign': [['li']]}]",
        "[{'priority': 'huge'}]",
        "[{'send': 'x', 'after': 'soon'}]",
        "[{'call': 4}]",
        "[{'remind': 'nobody at all'}]",
        "[{'open': 'No Name'}]",
        "[{'fire': 'x', 'data': 3}]",
        "[{'cancel': 1}]",
        "[{'emit': 'said', 'data': {'x': 1.5}}]",
    };
    int64_t which = sgn_json_int(json_object_get(json_object_get(input, "c"), "fields"), "cost", 0);

    if (function != 6)
        return answer(function, purpose, input);
    if (which >= (int64_t)(sizeof(bad) / sizeof(bad[0])))
        return value("[]");
    return value(bad[which]);
}

static void
test_rules_answers_are_a_strangers_input(void **state)
{
    struct world *w = opened();
    int64_t which = 0;

    (void)state;
    w->answer = hostile;
    for (;; which++) {
        enum sgn_status status;
        json_object_set_new(json_object_get(w->row, "fields"), "cost", json_integer(which));
        status = world_fire(w, "li", "bad");
        if (status == SGN_OK)
            break;
        assert_int_equal(status, SGN_RULE_ERROR);
    }
    assert_int_equal(which, 18);
    world_free(w);
}

static void
test_rules_one_by_one_gives_the_same_history(void **state)
{
    struct world *fast = opened(), *slow = opened();

    (void)state;
    slow->slow = true;
    assert_ok(fast, world_fire(fast, "zhao", "next"));
    assert_ok(slow, world_fire(slow, "zhao", "next"));
    assert_true(slow->rounds > fast->rounds);
    fast->now = slow->now = START + 3 * HOUR;
    assert_ok(fast, world_fire_due(fast));
    assert_ok(slow, world_fire_due(slow));
    assert_true(json_equal(fast->history, slow->history));
    assert_true(json_equal(fast->row, slow->row));
    world_free(fast);
    world_free(slow);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules_run_change_the_staged_case_in_order),
        cmocka_unit_test(test_rules_guard_gives_its_reason),
        cmocka_unit_test(test_rules_failures_undo_the_whole_macrostep),
        cmocka_unit_test(test_rules_answers_are_a_strangers_input),
        cmocka_unit_test(test_rules_one_by_one_gives_the_same_history),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
