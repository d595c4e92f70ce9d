/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Approvals before anybody votes: who is missing, who decides alone, who agrees unseen.
 */
#include "check_support.h"

/* ---- A33: what happens when people lack must be said, unless they cannot lack ---- */

static void
test_a33_a_rule_says_what_happens_when_nobody_is_there(void **state)
{
    (void)state;
    expect_rule("", "one_of \"pm\"", "nobody-missing 3:1");
    expect_rule("", "one_of \"pm\" { nobody = \"reject\" }", "");
    expect_rule("", "one_of \"pm\" { nobody = \"skip\" }", "");
    expect_rule("", "one_of \"pm\" { nobody = \"sponsor\" }", "");
    expect_rule("", "at_least(2) \"ccb\" {}", "nobody-missing 3:1");
    expect_rule("", "percent(60) \"ccb\" {}", "nobody-missing 3:1");
    expect_rule("", "veto \"ccb\" {}", "nobody-missing 3:1");
    expect_rule("", "weighted(5) { ccb = 2, sponsor = 3 }", "nobody-missing 3:1");
    expect_rule("", "one_of (group \"board\") {}", "nobody-missing 3:1");
    /* somebody named by key may have left */
    expect_rule("", "one_of (person \"li\") {}", "nobody-missing 3:1");
    expect_rule("", "one_of \"anyone\"", "nobody-missing 3:1");
    expect_rule("", "one_of (function(c) return { \"li\" } end) {}", "nobody-missing 3:1");
}

static void
test_a33_rules_of_rules_ask_nobody_themselves(void **state)
{
    (void)state;
    expect_rule("distinct = true,",
                "all_of { one_of \"pm\" { nobody = \"reject\" },\n"
                "one_of \"sponsor\" }",
                "nobody-missing 4:1");
    expect_rule("distinct = true,",
                "in_order { one_of \"pm\" { nobody = \"reject\" },\n"
                "one_of \"sponsor\" { nobody = \"skip\" } }",
                "");
}

/* The opener is there: a person opened the case, unless something of the team opens it too. */
static void
test_a33_an_opener_is_somebody_unless_rules_open_the_case(void **state)
{
    char *source = with_rule("", "one_of \"requester\"");

    (void)state;
    expect_found(source, "");
    expect_found_in(source, ", every \"friday 16:00\" { start \"w\" }", "nobody-missing 3:1");
    free(source);
    expect_rule("", "at_least(2) { \"requester\", \"pm\" } {}", "nobody-missing 3:1");
    expect_rule("exclude = { \"pm\" },", "one_of \"requester\"", "nobody-missing 3:1");
    expect_rule("", "one_of \"requester\" { exclude = { \"pm\" } }", "nobody-missing 3:1");
}

static void
test_a33_a_rule_that_opens_the_same_workflow_counts(void **state)
{
    (void)state;
    expect_found("return workflow \"w\" { key = \"WW\", state \"a\" { on \"x\" { by = \"pm\", to = "
                 "\"b\", run = start \"w\" } },\n"
                 "state \"b\" { after \"1 day\" { to = \"c\" }, approval { rule =\n"
                 "one_of \"opener\", approved = \"c\", rejected = \"c\" } }, final \"c\" }",
                 "nobody-missing 3:1");
}

static void
test_a_stand_in_that_is_nobody_too_is_found(void **state)
{
    (void)state;
    expect_rule("", "one_of \"pm\" { nobody = \"pm\" }", "nobody-useless 3:1");
    expect_rule("", "one_of \"requester\" { nobody = \"opener\" }", "nobody-useless 3:1");
    /* one of them instead of two: that means something */
    expect_rule("", "at_least(2) \"ccb\" { nobody = \"ccb\" }", "");
    expect_rule("exclude = { \"sponsor\" },", "one_of \"pm\" { nobody = \"sponsor\" }",
                "nobody-useless 3:1");
}

/* ---- A38: one person alone ---- */

static void
test_a38_two_roles_in_one_hand_decide_alone(void **state)
{
    const char *two = "all_of { one_of \"pm\" { nobody = \"reject\" }, one_of \"sponsor\" { nobody "
                      "= \"reject\" } }";

    (void)state;
    expect_rule("", two, "approval-one-person 3:1");
    expect_rule("distinct = true,", two, "");
    expect_rule("",
                "in_order { one_of \"pm\" { nobody = \"reject\" }, one_of \"ccb\" { nobody = "
                "\"reject\" } }",
                "approval-one-person 3:1");
    expect_rule("",
                "all_of { one_of \"pm\" { nobody = \"reject\" }, any_of { at_least(2) \"ccb\" { "
                "nobody = \"reject\" }, one_of \"sponsor\" { nobody = \"reject\" } } }",
                "approval-one-person 3:1");
}

/* Who asks for one gets one. */
static void
test_a38_a_rule_that_asks_for_one_is_no_finding(void **state)
{
    (void)state;
    expect_rule("", "one_of \"client\" { nobody = \"reject\" }", "");
    expect_rule("",
                "any_of { one_of \"pm\" { nobody = \"reject\" }, one_of \"sponsor\" { nobody = "
                "\"reject\" } }",
                "");
    expect_rule("",
                "all_of { one_of \"pm\" { nobody = \"reject\" }, veto \"sponsor\" { nobody = "
                "\"skip\" } }",
                "");
}

static void
test_a38_the_two_sides_are_never_one_person(void **state)
{
    (void)state;
    expect_rule("",
                "all_of { one_of \"pm\" { nobody = \"reject\" }, one_of \"client\" { nobody = "
                "\"reject\" } }",
                "");
    expect_rule("",
                "all_of { at_least(2) \"ccb\" { nobody = \"reject\" }, one_of \"pm\" { nobody = "
                "\"reject\" } }",
                "");
    /* the opener may be of the client */
    expect_rule("",
                "all_of { one_of \"requester\" { nobody = \"reject\" }, one_of \"client\" { "
                "nobody = \"reject\" } }",
                "approval-one-person 3:1");
    expect_rule("exclude = { \"requester\" },",
                "all_of { one_of { \"requester\", \"pm\" } { nobody = \"reject\" }, one_of "
                "\"client\" { nobody = \"reject\" } }",
                "");
}

static void
test_a38_persons_by_key_are_themselves_only(void **state)
{
    (void)state;
    expect_rule("",
                "all_of { one_of (person \"li\") { nobody = \"reject\" }, one_of (person "
                "\"wang\") { nobody = \"reject\" } }",
                "");
    expect_rule("",
                "all_of { one_of (person \"li\") { nobody = \"reject\" }, one_of \"pm\" { "
                "nobody = \"reject\" } }",
                "approval-one-person 3:1");
}

/* cost <= 10000 asks one of the board, above it two: no value lets both fall away. */
static void
test_a38_conditions_count_as_some_value_makes_them(void **state)
{
    (void)state;
    expect_rule(
        "",
        "all_of { one_of \"pm\" { nobody = \"reject\" }, one_of \"sponsor\" { when = { cost "
        "= above(50000) }, nobody = \"reject\" } }",
        "approval-one-person 3:1");
    expect_rule(
        "",
        "all_of { one_of \"pm\" { nobody = \"reject\" }, one_of \"sponsor\" { nobody = "
        "\"reject\" }, at_least(2) \"ccb\" { when = { cost = max(10) }, nobody = \"reject\" "
        "}, at_least(3) \"ccb\" { when = { cost = above(10) }, nobody = \"reject\" } }",
        "");
    expect_rule("",
                "all_of { one_of \"pm\" { nobody = \"reject\" }, one_of \"sponsor\" { nobody = "
                "\"reject\" }, at_least(2) \"ccb\" { when = { cost = above(10) }, nobody = "
                "\"reject\" } }",
                "approval-one-person 3:1");
}

static void
test_a38_a_weight_that_suffices_is_one_voice(void **state)
{
    (void)state;
    expect_rule("", "weighted(5) { ccb = 2, sponsor = 3 } { nobody = \"reject\" }", "");
    expect_rule("",
                "all_of { weighted(3) { ccb = 2, sponsor = 3 } { nobody = \"reject\" }, one_of "
                "\"pm\" { nobody = \"reject\" } }",
                "approval-one-person 3:1");
}

/* ---- A43: nobody agrees to what they do not see ---- */

static void
test_a43_the_client_covers_shared_fields_only(void **state)
{
    (void)state;
    expect_rule("covers = { \"what\", \"margin\" },", "one_of \"client\" { nobody = \"reject\" }",
                "covers-unseen 2:31");
    expect_rule("covers = { \"what\" },", "one_of \"client\" { nobody = \"reject\" }", "");
    expect_rule("covers = { \"what\", \"margin\" },", "one_of \"pm\" { nobody = \"reject\" }", "");
    expect_rule("covers = { \"what\" },",
                "one_of \"client\" { covers = { \"margin\" }, nobody = \"reject\" }",
                "covers-unseen 3:30");
    /* the client's rule has covers of its own */
    expect_rule("covers = { \"what\", \"margin\" },",
                "all_of { one_of \"pm\" { nobody = \"reject\" }, one_of \"client\" { covers = { "
                "\"what\" }, nobody = \"reject\" } }",
                "");
}

static void
test_a43_whoever_may_be_of_the_client_counts(void **state)
{
    (void)state;
    expect_rule("covers = { \"margin\" },", "one_of \"requester\"", "covers-unseen 2:23");
    expect_rule("covers = { \"margin\" },", "one_of \"anyone\" { nobody = \"reject\" }",
                "covers-unseen 2:23");
    expect_rule("covers = { \"margin\" },", "one_of \"pm\" { nobody = \"client\" }",
                "covers-unseen 2:23");
    expect_rule("covers = { \"margin\" }, exclude = { \"requester\" },",
                "one_of { \"requester\", \"pm\" } { nobody = \"reject\" }", "");
}

/* ---- nobody, too few ---- */

static void
test_people_who_cannot_be_are_found(void **state)
{
    (void)state;
    expect_rule("", "one_of \"system\" { nobody = \"reject\" }", "approval-nobody 3:1");
    expect_rule("", "at_least(2) \"requester\" { nobody = \"reject\" }", "approval-too-few 3:1");
    expect_rule(
        "", "at_least(3) { person \"li\", person \"li\", \"requester\" } { nobody = \"reject\" }",
        "approval-too-few 3:1");
    expect_rule("", "at_least(2) { person \"li\", person \"wang\" } { nobody = \"reject\" }", "");
    expect_rule("", "weighted(5) { requester = 4 } { nobody = \"reject\" }",
                "approval-too-few 3:1");
    expect_rule("", "weighted(5) { requester = 4, pm = 1 } { nobody = \"reject\" }", "");
}

static void
test_exclusions_that_leave_nobody_are_found(void **state)
{
    (void)state;
    expect_rule("", "one_of \"pm\" { exclude = { \"pm\" }, nobody = \"reject\" }",
                "excludes-everybody 3:1");
    expect_rule("exclude = { \"opener\" },", "one_of \"requester\" { nobody = \"reject\" }",
                "excludes-everybody 3:1");
    expect_rule("", "one_of { \"pm\", \"ccb\" } { exclude = { \"anyone\" }, nobody = \"reject\" }",
                "excludes-everybody 3:1");
    expect_rule("", "one_of { \"pm\", \"ccb\" } { exclude = { \"ccb\" }, nobody = \"reject\" }",
                "");
    expect_rule("distinct = true,",
                "all_of { exclude = { \"ccb\" }, one_of \"pm\" { nobody = \"reject\" },\n"
                "one_of \"ccb\" { nobody = \"reject\" } }",
                "excludes-everybody 4:1");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a33_a_rule_says_what_happens_when_nobody_is_there),
        cmocka_unit_test(test_a33_rules_of_rules_ask_nobody_themselves),
        cmocka_unit_test(test_a33_an_opener_is_somebody_unless_rules_open_the_case),
        cmocka_unit_test(test_a33_a_rule_that_opens_the_same_workflow_counts),
        cmocka_unit_test(test_a_stand_in_that_is_nobody_too_is_found),
        cmocka_unit_test(test_a38_two_roles_in_one_hand_decide_alone),
        cmocka_unit_test(test_a38_a_rule_that_asks_for_one_is_no_finding),
        cmocka_unit_test(test_a38_the_two_sides_are_never_one_person),
        cmocka_unit_test(test_a38_persons_by_key_are_themselves_only),
        cmocka_unit_test(test_a38_conditions_count_as_some_value_makes_them),
        cmocka_unit_test(test_a38_a_weight_that_suffices_is_one_voice),
        cmocka_unit_test(test_a43_the_client_covers_shared_fields_only),
        cmocka_unit_test(test_a43_whoever_may_be_of_the_client_counts),
        cmocka_unit_test(test_people_who_cannot_be_are_found),
        cmocka_unit_test(test_exclusions_that_leave_nobody_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
