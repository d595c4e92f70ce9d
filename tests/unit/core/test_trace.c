/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a decision says it went through: what entries cannot tell apart.
 */
#include "support/world.h"

/* Two ways by events, one by a guard, one by a rung and one by a timer lead to "back". */
static const char *const ways =
    "{'name': 'ways', 'key': 'WA', 'version': 1, 'roles': ['pm', 'engineer'],"
    " 'fields': [{'name': 'tries', 'type': 'number', 'shared': true, 'default': 0}],"
    " 'functions': {'1': {'line': 1, 'uses': []}},"
    " 'start': ['asked'],"
    " 'states': ["
    "  {'name': 'asked', 'kind': 'state', 'transitions': ["
    "    {'on': ['no'], 'by': 'engineer', 'to': ['back']},"
    "    {'on': ['no'], 'by': 'pm', 'to': ['back'], 'run': [{'set': {'tries': {'plus': 1}}}]},"
    "    {'on': ['yes'], 'by': 'pm', 'when': {'call': 1}, 'to': ['deciding']},"
    "    {'kind': 'after', 'after': '2 hours', 'to': ['back']}],"
    "   'deadlines': [{'name': 'asked', 'duration': '4 hours', 'rungs': ["
    "     {'at': 25, 'actions': [{'remind': 'pm'}]}]}]},"
    "  {'name': 'deciding', 'kind': 'state', 'transitions': ["
    "    {'kind': 'approval', 'outcome': 'approved',"
    "     'to': ['done']},"
    "    {'kind': 'approval', 'outcome': 'rejected',"
    "     'to': ['back']}],"
    "   'approval': {'covers': [], 'outcomes': ['approved', 'rejected'],"
    "     'rule': {'kind': 'at_least', 'n': 1, 'who': 'pm', 'nobody': 'reject'}}},"
    "  {'name': 'back', 'kind': 'state', 'transitions': ["
    "    {'kind': 'always', 'when': {'field': 'tries', 'above': 0}, 'to': ['done']}]},"
    "  {'name': 'done', 'kind': 'final'}]}";

static json_t *
agree(int function, const char *purpose, const json_t *input)
{
    (void)function;
    (void)purpose;
    (void)input;
    return json("{'value': true}");
}

static struct world *
opened(void)
{
    struct world *w = world_new(ways);

    w->trace = json_array();
    w->answer = agree;
    w->slow = true;
    assert_ok(w, world_open(w, "li", "{}"));
    return w;
}

static void
assert_trace(struct world *w, const char *expected)
{
    assert_json(w->trace, expected);
    json_array_clear(w->trace);
}

static void
test_trace_names_the_transition_where_two_lead_the_same_way(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_trace(w, "[{'state': 'asked'}]");
    assert_ok(w, world_fire(w, "wang", "no"));
    assert_trace(w, "[{'transition': 0}, {'state': 'back'}]");
    world_free(w);
    w = opened();
    json_array_clear(w->trace);
    assert_ok(w, world_fire(w, "li", "no")); /* and the eventless one after it */
    assert_trace(w, "[{'transition': 1}, {'state': 'back'}, {'transition': 6}, {'state': 'done'}]");
    world_free(w);
}

static void
test_trace_names_rungs_and_timers(void **state)
{
    struct world *w = opened();
    char params[64];

    (void)state;
    json_array_clear(w->trace);
    w->now = START + HOUR;
    snprintf(params, sizeof(params), "{'deadline': '%s'}", world_due(w));
    assert_ok(w, world_do(w, CORE_DEADLINE, "system", params));
    assert_trace(w, "[{'deadline': 'asked', 'rung': 1}]");
    w->now = START + 2 * HOUR;
    snprintf(params, sizeof(params), "{'deadline': '%s'}", world_due(w));
    assert_ok(w, world_do(w, CORE_DEADLINE, "system", params));
    assert_trace(w, "[{'transition': 3}, {'state': 'back'}]");
    world_free(w);
}

static void
test_trace_names_the_outcome_of_an_approval(void **state)
{
    struct world *w = opened();
    const json_t *round;
    char params[200];

    (void)state;
    json_array_clear(w->trace);
    assert_ok(w, world_fire(w, "li", "yes")); /* decided in several rounds: told once */
    assert_true(w->rounds > 0);
    assert_trace(w, "[{'transition': 2}, {'state': 'deciding'}]");
    round = json_object_get(json_object_get(w->row, "rounds"), "deciding");
    snprintf(params, sizeof(params), "{'choice': 'approve', 'digest': '%s'}",
             sgn_json_str(round, "digest"));
    assert_ok(w, world_do(w, CORE_VOTE, "li", params));
    assert_trace(w, "[{'approval': 'deciding', 'outcome': 'approved'}, {'transition': 4},"
                    " {'state': 'done'}]");
    world_free(w);
}

static void
test_trace_changes_nothing_of_the_decision(void **state)
{
    struct world *with = opened(), *without = world_new(ways);

    (void)state;
    without->answer = agree;
    assert_ok(without, world_open(without, "li", "{}"));
    assert_ok(with, world_fire(with, "li", "no"));
    assert_ok(without, world_fire(without, "li", "no"));
    assert_true(json_equal(with->row, without->row));
    assert_true(json_equal(with->history, without->history));
    world_free(with);
    world_free(without);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trace_names_the_transition_where_two_lead_the_same_way),
        cmocka_unit_test(test_trace_names_rungs_and_timers),
        cmocka_unit_test(test_trace_names_the_outcome_of_an_approval),
        cmocka_unit_test(test_trace_changes_nothing_of_the_decision),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
