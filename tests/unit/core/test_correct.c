/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Corrections: what moves with the case, what does not, and who may not make one.
 */
#include "support/world.h"

/* li leads and is pm, wang and zhao are the ccb. Whatever would run the rules fails: function 1
 * is answered by nobody. */
static const char *const change =
    "{'name': 'change', 'key': 'CR', 'version': 1, 'client': 'project',"
    " 'roles': ['pm', 'ccb', 'engineer', 'client'],"
    " 'functions': {'1': {'line': 1, 'uses': []}},"
    " 'fields': [{'name': 'what', 'type': 'text', 'shared': true, 'required': true},"
    "            {'name': 'cost', 'type': 'number', 'shared': true},"
    "            {'name': 'risk', 'type': 'text', 'shared': false}],"
    " 'deadlines': [{'name': 'change', 'duration': '10 days', 'rungs': ["
    "   {'late': '0', 'actions': [{'remind': 'pm'}]}]}],"
    " 'states': ["
    "  {'name': 'draft', 'kind': 'state', 'edit': [{'who': 'opener', 'fields': ['what']}],"
    "   'transitions': [{'on': ['submit'], 'by': 'opener', 'to': ['impact']}]},"
    "  {'name': 'impact', 'kind': 'parallel',"
    "   'transitions': [{'kind': 'done', 'to': ['deciding']}],"
    "   'states': ["
    "    {'name': 'technical', 'kind': 'state', 'start': ['estimating'], 'states': ["
    "      {'name': 'estimating', 'kind': 'state', 'owner': 'pm', 'deadlines': ["
    "        {'name': 'estimating', 'duration': '1 day', 'rungs': ["
    "          {'late': '0', 'actions': [{'remind': 'owner'}]}]}],"
    "       'transitions': [{'on': ['assess'], 'by': 'pm', 'to': ['estimated']}]},"
    "      {'name': 'estimated', 'kind': 'final'}]},"
    "    {'name': 'commercial', 'kind': 'state', 'start': ['pricing'], 'states': ["
    "      {'name': 'pricing', 'kind': 'state', 'owner': 'pm',"
    "       'transitions': [{'on': ['price'], 'by': 'pm', 'to': ['priced']}]},"
    "      {'name': 'priced', 'kind': 'final'}]}]},"
    "  {'name': 'deciding', 'kind': 'state', 'leave': [{'call': 1}],"
    "   'approval': {'covers': ['cost'], 'outcomes': ['approved', 'rejected'],"
    "     'rule': {'kind': 'in_order', 'rules': ["
    "       {'kind': 'at_least', 'n': 1, 'who': 'engineer', 'nobody': 'reject'},"
    "       {'kind': 'at_least', 'n': 1, 'who': 'ccb', 'nobody': 'reject'}]}},"
    "   'transitions': [{'kind': 'approval', 'outcome': 'approved', 'to': ['closed']},"
    "                   {'kind': 'approval', 'outcome': 'rejected', 'to': ['dead']}]},"
    "  {'name': 'haunted', 'kind': 'state', 'enter': [{'call': 1}], 'leave': [{'call': 1}],"
    "   'tasks': [{'name': 'papers', 'by': 'pm'}],"
    "   'transitions': [{'kind': 'after', 'after': '2 days', 'to': ['dead']}]},"
    "  {'name': 'closed', 'kind': 'final', 'outcome': 'done'},"
    "  {'name': 'dead', 'kind': 'final'}]}";

static enum sgn_status
correct(struct world *w, const char *params)
{
    return world_do(w, CORE_CORRECT, "li", params);
}

static struct world *
opened(void)
{
    struct world *w = world_new(change);

    assert_ok(w, world_open(w, "mei", "{'fields': {'what': 'Export'}}"));
    return w;
}

static void
assert_message(struct world *w, const char *text)
{
    if (strstr(w->err.message, text) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", w->err.message, text);
}

static const json_t *
member(struct world *w, const char *name)
{
    return json_object_get(w->row, name);
}

/* ---- what moves ---- */

static void
test_a_correction_is_an_entry_of_its_own_kind_with_its_reason(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, correct(w, "{'to': 'haunted', 'reason': 'agreed by phone'}"));
    assert_string_equal(w->kind, "correct");
    assert_states(w, "['haunted']");
    assert_json(json_object_get(w->internal, "comment"), "'agreed by phone'");
    assert_null(json_object_get(w->shared, "comment"));
    assert_json(json_object_get(w->shared, "left"), "['draft']");
    assert_json(json_object_get(w->shared, "entered"), "['haunted']");
    assert_int_equal(sgn_json_int(w->row, "rev", 0), 2);
    world_free(w);
}

static void
test_a_correction_runs_nothing_of_the_rules(void **state)
{
    struct world *w = opened();

    (void)state; /* there is no answer for function 1: asking for it would end the test */
    assert_ok(w, correct(w, "{'to': 'haunted', 'reason': 'r'}"));
    assert_non_null(world_deadline(w, "after.haunted.1"));
    assert_json(member(w, "waiting"),
                "[{'kind': 'task', 'role': 'pm', 'state': 'haunted',"
                " 'since': 1767574800000, 'due': 1768438800000, 'working': false}]");
    w->now += HOUR;
    assert_ok(w, correct(w, "{'to': 'deciding', 'reason': 'r'}"));
    assert_null(world_deadline(w, "after.haunted.1"));
    assert_ok(w, correct(w, "{'to': 'dead', 'reason': 'r'}"));
    assert_json(member(w, "outcome"), "'dead'");
    world_free(w);
}

static void
test_a_correction_ends_and_begins_what_hangs_on_states(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_fire(w, "mei", "submit"));
    assert_json(member(w, "owners"), "{'estimating': 'li', 'pricing': 'li'}");
    assert_non_null(world_deadline(w, "estimating"));
    w->now += HOUR;
    assert_ok(w, correct(w, "{'to': 'deciding', 'reason': 'r'}"));
    assert_json(member(w, "owners"), "{}");
    assert_null(world_deadline(w, "estimating"));
    assert_non_null(world_deadline(w, "change")); /* the workflow's own goes on */
    assert_json(json_object_get(json_object_get(member(w, "rounds"), "deciding"), "eligible"),
                "['wang', 'zhao']");
    w->now += HOUR;
    assert_ok(w, correct(w, "{'to': 'estimating', 'reason': 'r'}"));
    assert_json(
        json_object_get(json_object_get(json_object_get(member(w, "rounds"), "deciding"), "ended"),
                        "outcome"),
        "'left'");
    assert_states(w, "['estimating', 'pricing']");
    assert_true(sgn_json_int(world_deadline(w, "estimating"), "due", 0) == w->now + DAY);
    world_free(w);
}

static void
test_a_correction_leaves_other_regions_alone(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_fire(w, "mei", "submit"));
    assert_ok(w, world_fire(w, "li", "price"));
    w->now += HOUR;
    assert_ok(w, correct(w, "{'to': 'pricing', 'reason': 'wrong price'}"));
    assert_states(w, "['estimating', 'pricing']");
    assert_json(json_object_get(w->shared, "left"), "['priced']");
    assert_true(sgn_json_int(world_deadline(w, "estimating"), "due", 0) == START + DAY);
    world_free(w);
}

/* What follows from where the case stands then is the rules' again. */
static void
test_a_correction_that_completes_goes_on_by_the_rules(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_fire(w, "mei", "submit"));
    assert_ok(w, correct(w, "{'to': ['estimated', 'priced'], 'reason': 'done elsewhere'}"));
    assert_states(w, "['deciding']");
    assert_json(json_object_get(w->shared, "entered"), "['estimated', 'priced', 'deciding']");
    assert_ok(w, correct(w, "{'to': ['priced', 'estimating'], 'reason': 'not done after all'}"));
    assert_json(json_object_get(w->shared, "entered"),
                "['impact', 'technical', 'estimating', 'commercial', 'priced']");
    assert_ok(w, correct(w, "{'to': ['technical', 'pricing'], 'reason': 'a region itself'}"));
    assert_states(w, "['estimating', 'pricing']");
    world_free(w);
}

static void
test_an_ended_case_goes_on_when_it_is_corrected(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, correct(w, "{'to': 'closed', 'reason': 'r'}"));
    assert_json(member(w, "outcome"), "'done'");
    assert_null(world_deadline(w, "change"));
    assert_refused(w, SGN_NOT_NOW, correct(w, "{'fields': {'cost': 5}, 'reason': 'r'}"));
    w->now += HOUR;
    assert_ok(w, correct(w, "{'to': 'estimating', 'reason': 'closed by mistake'}"));
    assert_json(member(w, "outcome"), "null");
    assert_json(member(w, "closed_at"), "null");
    assert_json(json_object_get(w->shared, "outcome"), "null");
    assert_true(sgn_json_int(world_deadline(w, "change"), "due", 0) == w->now + 10 * DAY);
    w->now += DAY;
    assert_ok(w, world_fire(w, "li", "assess"));
    world_free(w);
}

/* ---- fields ---- */

static void
test_a_correction_sets_any_field_as_its_type_wants_it(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, correct(w, "{'fields': {'cost': 7, 'risk': 'SECRET'}, 'reason': 'r'}"));
    assert_json(member(w, "fields"), "{'what': 'Export', 'cost': 7, 'risk': 'SECRET'}");
    assert_states(w, "['draft']");
    assert_null(json_object_get(w->internal, "left"));
    assert_refused(w, SGN_INVALID, correct(w, "{'fields': {'cost': 'x'}, 'reason': 'r'}"));
    assert_refused(w, SGN_INVALID, correct(w, "{'fields': {'costs': 1}, 'reason': 'r'}"));
    assert_message(w, "cost");
    /* What the start state wants filled it still wants. */
    assert_ok(w, correct(w, "{'fields': {'what': null}, 'reason': 'r'}"));
    assert_refused(w, SGN_NEEDS_FIELDS, correct(w, "{'to': 'pricing', 'reason': 'r'}"));
    assert_ok(w, correct(w, "{'to': 'pricing', 'fields': {'what': 'x'}, 'reason': 'r'}"));
    assert_refused(w, SGN_INVALID, correct(w, "{'fields': {'what': null}, 'reason': 'r'}"));
    world_free(w);
}

/* ---- refusals ---- */

static void
test_a_correction_says_what_is_wrong(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_refused(w, SGN_PARAMS, correct(w, "{'to': 'pricing'}"));
    assert_message(w, "reason");
    assert_refused(w, SGN_PARAMS, correct(w, "{'to': 'pricing', 'reason': ''}"));
    assert_refused(w, SGN_PARAMS, correct(w, "{'reason': 'r'}"));
    assert_refused(w, SGN_PARAMS, correct(w, "{'to': [], 'reason': 'r'}"));
    assert_refused(w, SGN_INVALID, correct(w, "{'to': 'nowhere', 'reason': 'r'}"));
    assert_message(w, "nowhere");
    assert_refused(w, SGN_INVALID, correct(w, "{'to': ['pricing', 'priced'], 'reason': 'r'}"));
    assert_refused(w, SGN_INVALID, correct(w, "{'to': ['pricing', 'pricing'], 'reason': 'r'}"));
    assert_refused(w, SGN_CONFLICT, correct(w, "{'to': 'pricing', 'reason': 'r', 'expect': 9}"));
    assert_refused(w, SGN_FORBIDDEN,
                   world_do(w, CORE_CORRECT, "wang", "{'to': 'pricing', 'reason': 'r'}"));
    assert_refused(w, SGN_FORBIDDEN,
                   world_do(w, CORE_CORRECT, "system", "{'to': 'pricing', 'reason': 'r'}"));
    assert_states(w, "['draft']");
    world_free(w);
}

#define TEAM(leads)                                                                                \
    "{'leads': [" leads "], 'timezone': 'Asia/Shanghai', 'language': 'en', 'currency': 'CNY'}"

/* wang leads too, and sits on both rules; zhao sits there and lends li what he may. */
static void
test_an_approver_never_corrects_inside_the_round(void **state)
{
    struct world *w = opened();
    char delegation[256];

    (void)state;
    world_fact(w, "team", TEAM("'li', 'wang'"));
    assert_ok(w, correct(w, "{'to': 'deciding', 'reason': 'r'}"));
    assert_refused(w, SGN_FORBIDDEN,
                   world_do(w, CORE_CORRECT, "wang", "{'to': 'closed', 'reason': 'r'}"));
    assert_message(w, "you are an approver in deciding");
    assert_refused(w, SGN_FORBIDDEN,
                   world_do(w, CORE_CORRECT, "wang", "{'fields': {'cost': 1}, 'reason': 'r'}"));
    snprintf(delegation, sizeof(delegation),
             "[{'id': 1, 'person': 'zhao', 'stand_in': 'li', 'scope': {}, 'starts': %lld,"
             " 'ends': %lld, 'ended': null}]",
             (long long)START, (long long)(START + HOUR));
    world_fact(w, "delegation:li", delegation);
    assert_refused(w, SGN_FORBIDDEN, correct(w, "{'to': 'closed', 'reason': 'r'}"));
    w->now += HOUR; /* li stands in for nobody any more */
    assert_ok(w, correct(w, "{'to': 'pricing', 'reason': 'r'}"));
    assert_ok(w, world_do(w, CORE_CORRECT, "wang", "{'to': 'deciding', 'reason': 'r'}"));
    world_free(w);
}

/* Whose ballot lies there has taken part, also when the role is gone since. */
static void
test_whoever_has_voted_corrects_no_more(void **state)
{
    struct world *w = opened();
    char vote[256];

    (void)state;
    world_fact(w, "team", TEAM("'li', 'wang'"));
    assert_ok(w, correct(w, "{'to': 'deciding', 'reason': 'r'}"));
    snprintf(vote, sizeof(vote), "{'choice': 'abstain', 'digest': '%s'}",
             sgn_json_str(json_object_get(member(w, "rounds"), "deciding") != NULL
                              ? json_object_get(member(w, "rounds"), "deciding")
                              : NULL,
                          "digest"));
    assert_ok(w, world_do(w, CORE_VOTE, "wang", vote));
    json_object_set_new(
        json_object_get(json_object_get(json_object_get(w->facts, "project:acme"), "members"),
                        "wang"),
        "roles", json_array());
    assert_refused(w, SGN_FORBIDDEN,
                   world_do(w, CORE_CORRECT, "wang", "{'to': 'closed', 'reason': 'r'}"));
    world_free(w);
}

/* A rung that failed left it stuck: whoever moves it has taken it in hand. */
static void
test_a_correction_gets_a_stuck_case_going(void **state)
{
    struct world *w = opened();

    (void)state;
    json_object_set_new(w->row, "stuck", json("{'at': 5, 'code': 'rule_error', 'message': 'm'}"));
    assert_ok(w, correct(w, "{'fields': {'cost': 1}, 'reason': 'r'}"));
    assert_true(json_is_object(member(w, "stuck")));
    assert_ok(w, correct(w, "{'to': 'pricing', 'reason': 'r'}"));
    assert_json(member(w, "stuck"), "null");
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_correction_is_an_entry_of_its_own_kind_with_its_reason),
        cmocka_unit_test(test_a_correction_runs_nothing_of_the_rules),
        cmocka_unit_test(test_a_correction_ends_and_begins_what_hangs_on_states),
        cmocka_unit_test(test_a_correction_leaves_other_regions_alone),
        cmocka_unit_test(test_a_correction_that_completes_goes_on_by_the_rules),
        cmocka_unit_test(test_an_ended_case_goes_on_when_it_is_corrected),
        cmocka_unit_test(test_a_correction_sets_any_field_as_its_type_wants_it),
        cmocka_unit_test(test_a_correction_says_what_is_wrong),
        cmocka_unit_test(test_an_approver_never_corrects_inside_the_round),
        cmocka_unit_test(test_whoever_has_voted_corrects_no_more),
        cmocka_unit_test(test_a_correction_gets_a_stuck_case_going),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
