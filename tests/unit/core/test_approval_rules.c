/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the language says of a rule's kinds, its people and their "nobody", each
 * sentence with its number.
 */
#include "support/rounds.h"

static void
test_a08_one_of_is_one_approval(void **state)
{
    struct world *w = asking("{'kind': 'at_least', 'n': 1, 'who': 'ccb', 'nobody': 'reject'}", "");

    (void)state;
    assert_ok(w, say(w, "zhao", "approve"));
    assert_states(w, "['yes']");
    world_free(w);
}

static void
test_a12_all_of_is_no_if_one_is_and_yes_if_all_are(void **state)
{
    static const char rule[] = "{'kind': 'all_of', 'rules': [" ONE("pm") ", " ONE("ccb") "]}";
    struct world *w = asking(rule, "");

    (void)state;
    assert_ok(w, say(w, "li", "reject"));
    assert_states(w, "['no']");
    world_free(w);
    w = asking(rule, "");
    assert_ok(w, say(w, "li", "approve"));
    assert_states(w, "['s']");
    assert_ok(w, say(w, "wang", "approve"));
    assert_states(w, "['yes']");
    world_free(w);
}

static void
test_a13_any_of_is_yes_if_one_is_and_no_if_all_are(void **state)
{
    static const char rule[] = "{'kind': 'any_of', 'rules': [" ONE("pm") ", " ONE("boss") "]}";
    struct world *w = asking(rule, "");

    (void)state;
    assert_ok(w, say(w, "li", "reject"));
    assert_states(w, "['s']");
    assert_ok(w, say(w, "zhao", "approve"));
    assert_states(w, "['yes']");
    world_free(w);
    w = asking(rule, "");
    assert_ok(w, say(w, "li", "reject"));
    assert_ok(w, say(w, "zhao", "reject"));
    assert_states(w, "['no']");
    world_free(w);
}

static void
test_a14_in_order_asks_one_rule_at_a_time(void **state)
{
    struct world *w = asking("{'kind': 'in_order', 'rules': [" ONE("pm") ", " ONE("boss") "]}", "");

    (void)state;
    assert_json(json_object_get(round_now(w), "eligible"), "['li']");
    assert_refused(w, SGN_FORBIDDEN, say(w, "zhao", "approve"));
    assert_ok(w, say(w, "li", "approve"));
    assert_json(json_object_get(round_now(w), "eligible"), "['li', 'zhao']");
    assert_ok(w, say(w, "zhao", "reject"));
    assert_states(w, "['no']");
    world_free(w);
}

static void
test_a15_veto_is_no_if_one_of_them_rejects(void **state)
{
    static const char rule[] = "{'kind': 'all_of', 'rules': [" ONE(
        "pm") ", {'kind': 'veto', 'who': 'client', 'nobody': 'skip'}]}";
    struct world *w = asking(rule, "");

    (void)state;
    assert_ok(w, say(w, "mei", "approve"));
    assert_ok(w, say(w, "jun", "reject"));
    assert_states(w, "['no']");
    world_free(w);
    w = asking(rule, "");
    assert_ok(w, say(w, "mei", "abstain"));
    assert_ok(w, say(w, "li", "approve")); /* jun has said nothing */
    assert_states(w, "['yes']");
    world_free(w);
}

static void
test_a16_everyone_answers_is_open_until_all_have(void **state)
{
    struct world *w = asking("{'kind': 'everyone_answers', 'rules': [" ONE("ccb") "]}", "");

    (void)state;
    assert_ok(w, say(w, "wang", "approve"));
    assert_states(w, "['s']");
    assert_ok(w, say(w, "zhao", "reject"));
    assert_states(w, "['yes']");
    world_free(w);
}

/* One of the ccb and the pm, or else the client. */
static void
test_a17_rules_nest(void **state)
{
    static const char rule[] = "{'kind': 'any_of', 'rules': [{'kind': 'all_of', 'rules': [" ONE(
        "pm") ", " ONE("ccb") "]}, " ONE("client") "]}";
    struct world *w = asking(rule, "");

    (void)state;
    assert_ok(w, say(w, "wang", "approve"));
    assert_states(w, "['s']");
    assert_ok(w, say(w, "li", "approve"));
    assert_states(w, "['yes']");
    world_free(w);
    w = asking(rule, "");
    assert_ok(w, say(w, "li", "reject"));
    assert_states(w, "['s']");
    assert_ok(w, say(w, "jun", "approve"));
    assert_states(w, "['yes']");
    world_free(w);
}

static void
test_a18_a_rule_whose_when_is_false_is_taken_out(void **state)
{
    static const char rule[] =
        "{'kind': 'all_of', 'rules': [" ONE("pm") ", {'kind': 'all_of', 'when': {'field': 'cost',"
                                                  " 'above': 100}, 'rules': [" ONE("boss") "]}]}";
    struct world *w = asking(rule, "");

    (void)state;
    assert_json(json_object_get(round_now(w), "eligible"), "['li']");
    assert_ok(w, set_cost(w, "200"));
    assert_json(json_object_get(round_now(w), "eligible"), "['li', 'zhao']");
    assert_ok(w, say(w, "li", "approve"));
    assert_states(w, "['s']");
    assert_ok(w, say(w, "zhao", "approve"));
    assert_states(w, "['yes']");
    world_free(w);
}

static json_t *
li_and_zhao(int function, const char *purpose, const json_t *input)
{
    (void)input;
    assert_int_equal(function, 1);
    assert_string_equal(purpose, "who");
    return json_pack("{s:[s, s]}", "value", "li", "zhao");
}

/* A role, a list, a group, a person and a function. */
static void
test_a55_a_rule_is_of_whoever_can_be_named(void **state)
{
    static const struct {
        const char *who, *eligible;
    } rows[] = {
        { "'boss'", "['zhao']" },
        { "['boss', 'pm']", "['li', 'zhao']" },
        { "{'group': 'board'}", "['wang', 'zhao']" },
        { "{'person': 'wang'}", "['wang']" },
        { "{'call': 1}", "['li', 'zhao']" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char rule[256];
        struct world *w;
        snprintf(rule, sizeof(rule), "{'kind': 'at_least', 'n': 1, 'who': %s, 'nobody': 'reject'}",
                 rows[i].who);
        w = asked_by(rule, "", li_and_zhao);
        assert_json(json_object_get(round_now(w), "eligible"), rows[i].eligible);
        assert_ok(w, say(w, i == 3 ? "wang" : "zhao", "approve"));
        assert_states(w, "['yes']");
        world_free(w);
    }
}

/* ---- nobody ---- */

static const char few[] =
    "{'kind': 'all_of', 'rules': [" ONE("pm") ", {'kind': 'at_least', 'n': %d, 'who': '%s',"
                                              " 'nobody': '%s', 'exclude': [{'person': 'jun'}]}]}";

static struct world *
asking_few(int n, const char *who, const char *nobody)
{
    char rule[512];

    snprintf(rule, sizeof(rule), few, n, who, nobody);
    return asking(rule, "");
}

static void
test_a29_nobody_skip_takes_the_rule_out(void **state)
{
    struct world *w = asking_few(2, "boss", "skip"); /* one person is fewer than two */

    (void)state;
    assert_json(json_object_get(round_now(w), "eligible"), "['li']");
    assert_ok(w, say(w, "li", "approve"));
    assert_states(w, "['yes']");
    world_free(w);
    w = asking_few(1, "boss", "skip"); /* one is not */
    assert_ok(w, say(w, "li", "approve"));
    assert_states(w, "['s']");
    world_free(w);
}

static void
test_a30_nobody_reject_makes_it_no(void **state)
{
    struct world *w = asking_few(2, "boss", "reject");

    (void)state;
    assert_states(w, "['no']");
    world_free(w);
}

/* Instead of two of one person, one of the client decides: who is not excluded.
 */
static void
test_a31_nobody_role_lets_one_person_of_it_decide(void **state)
{
    struct world *w = asking_few(2, "boss", "client");

    (void)state;
    assert_json(json_object_get(round_now(w), "eligible"), "['li', 'mei']");
    assert_ok(w, say(w, "mei", "approve"));
    assert_ok(w, say(w, "li", "approve"));
    assert_states(w, "['yes']");
    world_free(w);
}

/* The rule covers less than the approval, and so does whoever decides instead: what else is
 * changed leaves that ballot as it is. */
static void
test_a31_nobody_role_has_the_same_exclude_and_covers(void **state)
{
    struct world *w =
        asking("{'kind': 'all_of', 'rules': [" ONE(
                   "pm") ", "
                         "{'kind': 'at_least', 'n': 2, 'who': 'boss', 'nobody': 'client',"
                         " 'covers': ['what'], 'exclude': [{'person': 'jun'}]}]}",
               "");
    char vote[256];

    (void)state;
    assert_json(json_object_get(round_now(w), "eligible"), "['li', 'mei']");
    assert_refused(w, SGN_CONFLICT, say(w, "mei", "approve"));
    assert_json(json_object_get(w->err.data, "fields"), "['what']");
    snprintf(vote, sizeof(vote), "{'choice': 'approve', 'digest': '%s'}",
             sgn_json_str(w->err.data, "digest"));
    assert_ok(w, world_do(w, CORE_VOTE, "mei", vote));
    assert_ok(w, set_cost(w, "51"));
    assert_int_equal(sgn_json_int(json_array_get(round_ballots(w), 0), "carried", 0), 1);
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'what': 'more'}}"));
    assert_false(sgn_json_true(json_array_get(round_ballots(w), 0), "standing"));
    world_free(w);
}

static void
test_a32_nobody_role_that_nobody_holds_is_no(void **state)
{
    struct world *w = asking_few(2, "boss", "empty");

    (void)state;
    assert_states(w, "['no']");
    world_free(w);
}

static void
test_a34_every_rule_taken_out_is_a_rejection(void **state)
{
    struct world *w = asking("{'kind': 'any_of', 'rules': ["
                             " {'kind': 'at_least', 'n': 1, 'who': 'empty', 'nobody': 'skip'},"
                             " {'kind': 'at_least', 'n': 1, 'who': 'pm', 'nobody': 'reject',"
                             "  'when': {'field': 'cost', 'above': 100}}]}",
                             "");

    (void)state;
    assert_states(w, "['no']");
    world_free(w);
}

/* Weights 2 and 3: zhao has both and weighs 3; five needs both of them, six
 * nobody reaches. */
static void
test_a28_weights_of_a_person_in_two_roles_are_the_larger(void **state)
{
    static const char rule[] = "{'kind': 'weighted', 'n': %d, 'nobody': 'reject',"
                               " 'weights': [{'who': 'ccb', 'weight': 2}, "
                               "{'who': 'boss', 'weight': 3}]}";
    char text[256];
    struct world *w;

    (void)state;
    snprintf(text, sizeof(text), rule, 5);
    w = asking(text, "");
    assert_ok(w, say(w, "zhao", "approve"));
    assert_states(w, "['s']");
    assert_ok(w, say(w, "wang", "approve"));
    assert_states(w, "['yes']");
    world_free(w);
    snprintf(text, sizeof(text), rule, 6);
    w = asking(text, "");
    assert_states(w, "['no']");
    world_free(w);
}

/* Percent, veto and rules of rules need one person. */
static void
test_a27_nobody_is_asked_of_what_the_rule_needs(void **state)
{
    static const struct {
        const char *rule, *states;
    } rows[] = {
        { "{'kind': 'percent', 'p': 100, 'who': 'boss', 'nobody': 'reject'}", "['s']" },
        { "{'kind': 'percent', 'p': 1, 'who': 'empty', 'nobody': 'reject'}", "['no']" },
        { "{'kind': 'veto', 'who': 'empty', 'nobody': 'reject'}", "['no']" },
        { "{'kind': 'at_least', 'n': 2, 'who': 'ccb', 'nobody': 'reject'}", "['s']" },
        { "{'kind': 'at_least', 'n': 3, 'who': 'ccb', 'nobody': 'reject'}", "['no']" },
        { "{'kind': 'at_least', 'n': 2, 'who': 'ccb', 'nobody': 'reject',"
          " 'exclude': [{'person': 'zhao'}]}",
          "['no']" },
        { "{'kind': 'all_of', 'rules': [" ONE(
              "boss") ", {'kind': 'any_of', 'nobody': 'skip', 'rules': ["
                      " {'kind': 'percent', 'p': 1, 'who': 'empty'}]}]}",
          "['s']" },
        { "{'kind': 'all_of', 'rules': [" ONE(
              "boss") ", {'kind': 'any_of', 'nobody': 'reject', 'rules': ["
                      " {'kind': 'veto', 'who': 'empty'}]}]}",
          "['no']" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct world *w = asking(rows[i].rule, "");
        assert_states(w, rows[i].states);
        world_free(w);
    }
}

/* Options of a rule of rules stand among its rules and hold for all of them. */
static void
test_a57_rules_of_rules_have_their_options_among_their_rules(void **state)
{
    struct world *w = asking("{'kind': 'all_of', 'exclude': [{'person': 'wang'}],"
                             " 'rules': [{'kind': 'any_of', 'rules': [" ONE("ccb") "]}]}",
                             "");

    (void)state;
    assert_json(json_object_get(round_now(w), "eligible"), "['zhao']");
    world_free(w);
    w = asking("{'kind': 'any_of', 'when': {'field': 'cost', 'above': 0}, "
               "'covers': ['what'],"
               " 'rules': [" ONE("pm") "]}",
               "'covers': ['cost'],");
    assert_refused(w, SGN_CONFLICT, say(w, "li", "approve")); /* he covers what, not the cost */
    json_object_set(round_now(w), "digest", json_object_get(w->err.data, "digest"));
    assert_ok(w, say(w, "li", "approve"));
    assert_states(w, "['yes']");
    world_free(w);
}

static void
test_a36_one_ballot_counts_wherever_its_giver_is_eligible(void **state)
{
    struct world *w = asking("{'kind': 'all_of', 'rules': [" ONE("boss") ", " ONE("ccb") "]}", "");

    (void)state;
    assert_ok(w, say(w, "zhao", "approve"));
    assert_states(w, "['yes']");
    world_free(w);
}

static void
test_a35_within_a_rule_seats_are_different_persons(void **state)
{
    struct world *w = asking("{'kind': 'at_least', 'n': 2, 'who': ['ccb', 'boss', 'pm'],"
                             " 'nobody': 'reject'}",
                             "");

    (void)state;
    assert_ok(w, say(w, "zhao", "approve")); /* of two roles, and for the second time */
    assert_ok(w, say(w, "zhao", "approve"));
    assert_states(w, "['s']");
    assert_ok(w, say(w, "li", "approve"));
    assert_states(w, "['yes']");
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a08_one_of_is_one_approval),
        cmocka_unit_test(test_a12_all_of_is_no_if_one_is_and_yes_if_all_are),
        cmocka_unit_test(test_a13_any_of_is_yes_if_one_is_and_no_if_all_are),
        cmocka_unit_test(test_a14_in_order_asks_one_rule_at_a_time),
        cmocka_unit_test(test_a15_veto_is_no_if_one_of_them_rejects),
        cmocka_unit_test(test_a16_everyone_answers_is_open_until_all_have),
        cmocka_unit_test(test_a17_rules_nest),
        cmocka_unit_test(test_a18_a_rule_whose_when_is_false_is_taken_out),
        cmocka_unit_test(test_a55_a_rule_is_of_whoever_can_be_named),
        cmocka_unit_test(test_a29_nobody_skip_takes_the_rule_out),
        cmocka_unit_test(test_a30_nobody_reject_makes_it_no),
        cmocka_unit_test(test_a31_nobody_role_lets_one_person_of_it_decide),
        cmocka_unit_test(test_a31_nobody_role_has_the_same_exclude_and_covers),
        cmocka_unit_test(test_a32_nobody_role_that_nobody_holds_is_no),
        cmocka_unit_test(test_a34_every_rule_taken_out_is_a_rejection),
        cmocka_unit_test(test_a28_weights_of_a_person_in_two_roles_are_the_larger),
        cmocka_unit_test(test_a27_nobody_is_asked_of_what_the_rule_needs),
        cmocka_unit_test(test_a57_rules_of_rules_have_their_options_among_their_rules),
        cmocka_unit_test(test_a36_one_ballot_counts_wherever_its_giver_is_eligible),
        cmocka_unit_test(test_a35_within_a_rule_seats_are_different_persons),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
