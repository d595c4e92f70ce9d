/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Standing in: when it holds, what it lends, and that it leads round no exclusion.
 */
#include "support/world.h"

#define RULES(exclude, more)                                                                       \
    "{'name': 'change', 'key': 'CR', 'version': 1, 'client': 'project',"                           \
    " 'roles': ['pm', 'ccb', 'engineer', 'auditor', 'client'],"                                    \
    " 'fields': [{'name': 'cost', 'type': 'number', 'shared': true}],"                             \
    " 'states': ["                                                                                 \
    "  {'name': 'work', 'kind': 'state', 'owner': 'pm',"                                           \
    "   'tasks': [{'name': 'papers', 'by': 'pm'}],"                                                \
    "   'transitions': [{'on': ['send'], 'by': 'pm', 'to': ['deciding']}, {'on': ['look'], 'by': " \
    "'pm'}]},"                                                                                     \
    "  {'name': 'deciding', 'kind': 'state',"                                                      \
    "   'approval': {'covers': ['cost'], 'outcomes': ['approved', 'rejected'], " more              \
    "    'rule': {'kind': 'all_of', 'rules': ["                                                    \
    "      {'kind': 'at_least', 'n': 1, 'who': 'pm', 'nobody': 'reject'" exclude "},"              \
    "      {'kind': 'at_least', 'n': 2, 'who': 'ccb', 'nobody': 'reject'}]}},"                     \
    "   'transitions': ["                                                                          \
    "    {'kind': 'approval', 'outcome': 'approved', 'to': ['done']},"                             \
    "    {'kind': 'approval', 'outcome': 'rejected', 'to': ['dead']}]},"                           \
    "  {'name': 'done', 'kind': 'final'}, {'name': 'dead', 'kind': 'final'}]}"

/* 'out' is of the team and of no project; li is pm, wang and zhao are the ccb. */
static struct world *
opened_by(const char *model, const char *opener)
{
    struct world *w = world_new(model);

    assert_ok(w, world_open(w, opener, "{'fields': {'cost': 5}}"));
    return w;
}

/* From an hour ago for two hours. */
static void
lend(struct world *w, const char *from, const char *to, const char *scope)
{
    char key[64], value[512];

    snprintf(key, sizeof(key), "delegation:%s", to);
    snprintf(value, sizeof(value),
             "[{'id': 1, 'person': '%s', 'stand_in': '%s', 'scope': %s, 'starts': %lld,"
             "  'ends': %lld, 'ended': null}]",
             from, to, scope, (long long)(START - HOUR), (long long)(START + HOUR));
    world_fact(w, key, value);
}

static enum sgn_status
vote(struct world *w, const char *who, const char *on_behalf, const char *choice)
{
    char bytes[512], digest[SGN_HASH_HEX], params[256];

    bytes[0] = 0x02;
    snprintf(bytes + 1, sizeof(bytes) - 1,
             "{\"case\":\"CR-1\",\"fields\":{\"cost\":5},\"files\":{},\"rules\":\"%s\","
             "\"workflow\":\"change\"}",
             w->model->digest);
    sgn_sha256(bytes, 1 + strlen(bytes + 1), digest);
    snprintf(params, sizeof(params), "{'choice': '%s', 'digest': '%s'%s%s%s}", choice, digest,
             on_behalf != NULL ? ", 'on_behalf': '" : "", on_behalf != NULL ? on_behalf : "",
             on_behalf != NULL ? "'" : "");
    return world_do(w, CORE_VOTE, who, params);
}

static const json_t *
ballots(struct world *w)
{
    return json_object_get(json_object_get(json_object_get(w->row, "rounds"), "deciding"),
                           "ballots");
}

static void
assert_message(struct world *w, const char *text)
{
    if (strstr(w->err.message, text) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", w->err.message, text);
}

static void
test_a49_both_names_are_recorded(void **state)
{
    struct world *w = opened_by(RULES("", ""), "li");
    const json_t *one;

    (void)state;
    assert_ok(w, world_fire(w, "li", "send"));
    lend(w, "li", "out", "null");
    assert_ok(w, vote(w, "out", "li", "approve"));
    one = json_array_get(ballots(w), 0);
    assert_string_equal(sgn_json_str(one, "person"), "out");
    assert_string_equal(sgn_json_str(one, "on_behalf"), "li");
    assert_ok(w, vote(w, "wang", NULL, "approve"));
    assert_ok(w, vote(w, "zhao", NULL, "approve"));
    assert_states(w, "['done']");
    one = json_array_get(json_object_get(w->shared, "decided"), 0);
    assert_string_equal(sgn_json_str(one, "person"), "out");
    assert_string_equal(sgn_json_str(one, "on_behalf"), "li");
    world_free(w);
}

static void
test_a46_standing_in_holds_for_its_period_and_scope_only(void **state)
{
    struct world *w = opened_by(RULES("", ""), "li");

    (void)state;
    assert_ok(w, world_fire(w, "li", "send"));
    assert_refused(w, SGN_FORBIDDEN, vote(w, "out", "li", "approve"));
    assert_message(w, "you do not stand in for li");
    lend(w, "li", "out", "null");
    w->now = START - HOUR - 1;
    assert_refused(w, SGN_FORBIDDEN, vote(w, "out", "li", "approve"));
    assert_message(w, "you stand in for li from 2026-01-05T08:00:00+08:00 only");
    w->now = START + HOUR; /* the end is not part of it */
    assert_refused(w, SGN_FORBIDDEN, vote(w, "out", "li", "approve"));
    assert_message(w, "you stood in for li until 2026-01-05T10:00:00+08:00");
    w->now = START;
    json_object_set_new(json_array_get(json_object_get(w->facts, "delegation:out"), 0), "ended",
                        json_integer(START - MINUTE));
    assert_refused(w, SGN_FORBIDDEN, vote(w, "out", "li", "approve"));
    assert_message(w, "until 2026-01-05T08:59:00+08:00");
    lend(w, "li", "out", "{'workflows': ['issue'], 'projects': []}");
    assert_refused(w, SGN_FORBIDDEN, vote(w, "out", "li", "approve"));
    assert_message(w, "not in change of acme");
    lend(w, "li", "out", "{'projects': ['globex']}");
    assert_refused(w, SGN_FORBIDDEN, vote(w, "out", "li", "approve"));
    lend(w, "li", "out", "{'workflows': ['change'], 'projects': ['acme']}");
    w->now = START + HOUR - 1;
    assert_ok(w, vote(w, "out", "li", "approve"));
    world_free(w);
}

static void
test_delegation_of_who_left_or_of_the_other_side_lends_nothing(void **state)
{
    struct world *w = opened_by(RULES("", ""), "li");

    (void)state;
    assert_ok(w, world_fire(w, "li", "send"));
    lend(w, "li", "mei", "null");
    assert_refused(w, SGN_FORBIDDEN, vote(w, "mei", "li", "approve"));
    lend(w, "li", "out", "null");
    world_fact(w, "person:li", "{'person': 'li', 'client': null, 'lead': true, 'active': false}");
    assert_refused(w, SGN_FORBIDDEN, vote(w, "out", "li", "approve"));
    assert_message(w, "li has left");
    world_free(w);
}

static void
test_delegation_does_not_chain(void **state)
{
    struct world *w = opened_by(RULES("", ""), "li");

    (void)state;
    assert_ok(w, world_fire(w, "li", "send"));
    lend(w, "li", "wang", "null");
    lend(w, "wang", "out", "null");
    assert_ok(w, vote(w, "out", "wang", "approve"));
    assert_refused(w, SGN_FORBIDDEN, vote(w, "out", "li", "approve"));
    assert_message(w, "you do not stand in for li");
    world_free(w);
}

static void
test_a48_standing_in_leads_never_round_an_exclusion(void **state)
{
    struct world *w = opened_by(RULES(", 'exclude': ['opener']", ""), "wang");

    (void)state;
    assert_ok(w, world_fire(w, "li", "send"));
    lend(w, "li", "wang", "null"); /* the stand-in is excluded */
    assert_refused(w, SGN_FORBIDDEN, vote(w, "wang", "li", "approve"));
    assert_message(w, "you are excluded from this decision: you cannot answer for li");
    assert_ok(w, vote(w, "wang", NULL, "approve")); /* in the other rule nobody is */
    lend(w, "li", "out", "null");
    assert_ok(w, vote(w, "out", "li", "approve"));
    world_free(w);

    w = opened_by(RULES(", 'exclude': ['opener']", ""),
                  "li"); /* whom they stand in for is excluded */
    json_object_set_new(
        json_object_get(json_object_get(json_object_get(w->facts, "project:acme"), "members"),
                        "zhao"),
        "roles", json_pack("[s, s]", "ccb", "pm"));
    assert_ok(w, world_fire(w, "li", "send"));
    lend(w, "li", "out", "null");
    assert_refused(w, SGN_FORBIDDEN, vote(w, "out", "li", "approve"));
    assert_message(w, "li is not asked");
    world_free(w);
}

/* An exclusion around the giver's rule is the giver's rule's too. */
static void
test_delegation_never_round_an_exclusion_of_a_rule_around(void **state)
{
    struct world *w =
        opened_by("{'name': 'change', 'key': 'CR', 'version': 1, 'client': 'project',"
                  " 'roles': ['pm', 'ccb', 'client'],"
                  " 'fields': [{'name': 'cost', 'type': 'number', 'shared': true}],"
                  " 'states': [{'name': 'deciding', 'kind': 'state',"
                  "   'approval': {'covers': ['cost'], 'outcomes': ['approved', 'rejected'],"
                  "     'rule': {'kind': 'any_of', 'exclude': ['opener'], 'rules': ["
                  "       {'kind': 'at_least', 'n': 1, 'who': 'pm', 'nobody': 'reject'}]}},"
                  "   'transitions': [{'kind': 'approval', 'outcome': 'approved', 'to': ['done']},"
                  "     {'kind': 'approval', 'outcome': 'rejected', 'to': ['done']}]},"
                  "  {'name': 'done', 'kind': 'final'}]}",
                  "wang");

    (void)state;
    lend(w, "li", "wang", "null");
    assert_refused(w, SGN_FORBIDDEN, vote(w, "wang", "li", "approve"));
    assert_message(w, "you are excluded from this decision");
    lend(w, "li", "zhao", "null");
    assert_ok(w, vote(w, "zhao", "li", "approve"));
    assert_states(w, "['done']");
    world_free(w);
}

/* Who is excluded after the ballot was given: it counts no more, though it stands. */
static void
test_a45_a_ballot_of_a_hand_excluded_later_counts_no_more(void **state)
{
    struct world *w = opened_by(RULES(", 'exclude': ['auditor']", ""), "li");

    (void)state;
    assert_ok(w, world_fire(w, "li", "send"));
    lend(w, "li", "out", "null");
    assert_ok(w, vote(w, "out", "li", "approve"));
    json_object_set_new(json_object_get(json_object_get(w->facts, "project:acme"), "members"),
                        "out", json_pack("{s:[s], s:n}", "roles", "auditor", "client"));
    assert_ok(w, vote(w, "wang", NULL, "approve"));
    assert_ok(w, vote(w, "zhao", NULL, "approve"));
    assert_states(w, "['deciding']");
    assert_json(json_object_get(json_array_get(json_object_get(w->row, "waiting"), 0), "person"),
                "'li'");
    assert_ok(w, vote(w, "li", NULL, "approve"));
    assert_states(w, "['done']");
    world_free(w);
}

static void
test_delegation_one_hand_fills_one_seat_of_a_rule(void **state)
{
    struct world *w = opened_by(RULES("", ""), "li");

    (void)state;
    assert_ok(w, world_fire(w, "li", "send"));
    lend(w, "wang", "zhao", "null");
    assert_ok(w, vote(w, "zhao", NULL, "approve"));
    assert_refused(w, SGN_FORBIDDEN, vote(w, "zhao", "wang", "approve"));
    assert_message(w, "you have answered for yourself");
    assert_ok(w, world_do(w, CORE_WITHDRAW, "zhao", "{}"));
    assert_ok(w, vote(w, "zhao", "wang", "approve"));
    assert_refused(w, SGN_FORBIDDEN, vote(w, "zhao", NULL, "approve"));
    assert_message(w, "you have answered for wang");
    lend(w, "li", "zhao", "null"); /* another rule */
    assert_ok(w, vote(w, "zhao", "li", "approve"));
    assert_states(w, "['deciding']");
    world_free(w);

    w = opened_by(RULES("", "'distinct': true,"), "li"); /* of all rules */
    assert_ok(w, world_fire(w, "li", "send"));
    lend(w, "li", "zhao", "null");
    assert_ok(w, vote(w, "zhao", NULL, "approve"));
    assert_refused(w, SGN_FORBIDDEN, vote(w, "zhao", "li", "approve"));
    world_free(w);
}

static void
test_delegation_a_persons_own_word_stands_above_the_stand_ins(void **state)
{
    struct world *w = opened_by(RULES("", ""), "li");
    const json_t *one;

    (void)state;
    assert_ok(w, world_fire(w, "li", "send"));
    lend(w, "wang", "out", "null");
    assert_ok(w, vote(w, "out", "wang", "approve"));
    assert_ok(w, vote(w, "wang", NULL, "abstain")); /* with one of two left the rule would fail: */
    assert_states(w, "['dead']");                   /* the stand-in's ballot is gone */
    world_free(w);

    w = opened_by(RULES("", ""), "li");
    assert_ok(w, world_fire(w, "li", "send"));
    lend(w, "wang", "out", "null");
    assert_ok(w, vote(w, "wang", NULL, "approve"));
    assert_refused(w, SGN_NOT_NOW, vote(w, "out", "wang", "reject"));
    assert_message(w, "wang has answered already");
    assert_refused(w, SGN_FORBIDDEN, world_do(w, CORE_WITHDRAW, "out", "{'on_behalf': 'wang'}"));
    assert_ok(w, world_do(w, CORE_WITHDRAW, "wang", "{}"));
    assert_ok(w, vote(w, "out", "wang", "approve"));
    assert_int_equal(json_array_size(ballots(w)), 1);
    assert_ok(w, world_do(w, CORE_WITHDRAW, "wang", "{}")); /* takes the stand-in's back */
    one = json_array_get(ballots(w), 0);
    assert_false(sgn_json_true(one, "standing"));
    world_free(w);
}

static void
test_delegation_lends_events_tasks_and_ownership(void **state)
{
    struct world *w = opened_by(RULES("", ""), "wang");

    (void)state;
    lend(w, "li", "out", "null");
    assert_refused(w, SGN_FORBIDDEN, world_fire(w, "out", "send"));
    assert_refused(w, SGN_FORBIDDEN, world_do(w, CORE_TASK, "out", "{'task': 'papers'}"));
    assert_ok(w, world_do(w, CORE_TASK, "out", "{'task': 'papers', 'on_behalf': 'li'}"));
    assert_json(json_object_get(json_object_get(w->row, "tasks"), "work/papers"),
                "{'done': true, 'by': 'out', 'on_behalf': 'li', 'at': 1767574800000}");
    assert_refused(w, SGN_FORBIDDEN, world_do(w, CORE_ASSIGN, "out", "{'to': 'zhao'}"));
    assert_ok(w, world_do(w, CORE_ASSIGN, "out", "{'to': 'zhao', 'on_behalf': 'li'}"));
    assert_json(json_object_get(w->row, "owners"), "{'work': 'zhao'}");
    assert_ok(w, world_do(w, CORE_FIRE, "out", "{'event': 'send', 'on_behalf': 'li'}"));
    assert_states(w, "['deciding']");
    world_free(w);
}

/* What is offered to several is taken for whom the stand-in acts. */
static void
test_delegation_takes_an_offered_case_for_the_person(void **state)
{
    struct world *w = world_new(RULES("", ""));

    (void)state;
    json_object_set_new(
        json_object_get(json_object_get(json_object_get(w->facts, "project:acme"), "members"),
                        "zhao"),
        "roles", json_pack("[s, s]", "ccb", "pm"));
    assert_ok(w, world_open(w, "wang", "{'fields': {'cost': 5}}"));
    lend(w, "li", "out", "null");
    assert_refused(w, SGN_FORBIDDEN, world_do(w, CORE_ASSIGN, "out", "{'to': 'li'}"));
    assert_ok(w, world_do(w, CORE_ASSIGN, "out", "{'to': 'li', 'on_behalf': 'li'}"));
    assert_json(json_object_get(w->row, "owners"), "{'work': 'li'}");
    world_free(w);

    w = world_new(RULES("", "")); /* and by acting first */
    json_object_set_new(
        json_object_get(json_object_get(json_object_get(w->facts, "project:acme"), "members"),
                        "zhao"),
        "roles", json_pack("[s, s]", "ccb", "pm"));
    assert_ok(w, world_open(w, "wang", "{'fields': {'cost': 5}}"));
    lend(w, "li", "zhao", "null");
    assert_ok(w, world_do(w, CORE_FIRE, "zhao", "{'event': 'look', 'on_behalf': 'li'}"));
    assert_json(json_object_get(w->row, "owners"), "{'work': 'li'}");
    world_free(w);
}

/* The case is the giver's; whose hand it was stands beside them, in the row and in its entry. */
static void
test_delegation_opens_a_case_as_the_givers(void **state)
{
    struct world *w = world_new(RULES("", ""));

    (void)state;
    assert_refused(w, SGN_FORBIDDEN, world_open(w, "out", "{'on_behalf': 'li'}"));
    assert_message(w, "you do not stand in for li");
    lend(w, "li", "out", "{'workflows': ['issue']}");
    assert_refused(w, SGN_FORBIDDEN, world_open(w, "out", "{'on_behalf': 'li'}"));
    lend(w, "li", "out", "{'projects': ['acme']}");
    assert_refused(w, SGN_FORBIDDEN, world_open(w, "out", "{}")); /* not by their own rights */
    assert_ok(w, world_open(w, "out", "{'on_behalf': 'li', 'fields': {'cost': 5}}"));
    assert_json(json_object_get(w->row, "opener"), "'li'");
    assert_json(json_object_get(w->row, "hand"), "'out'");
    assert_ok(w, world_fire(w, "li", "look")); /* the hand stays */
    assert_json(json_object_get(w->row, "hand"), "'out'");
    world_free(w);
    w = opened_by(RULES("", ""), "li");
    assert_null(json_object_get(w->row, "hand"));
    world_free(w);
}

static void
make_pm(struct world *w, const char *person)
{
    json_t *members = json_object_get(json_object_get(w->facts, "project:acme"), "members");

    json_object_set_new(json_object_get(members, person), "roles",
                        json_pack("[s, s]", "ccb", "pm"));
}

/* Who opened it for somebody may no more decide on it than they. */
static void
test_delegation_an_exclusion_of_the_opener_binds_the_hand(void **state)
{
    struct world *w = world_new(RULES(", 'exclude': ['opener']", ""));

    (void)state;
    make_pm(w, "wang");
    lend(w, "li", "wang", "null");
    assert_ok(w, world_open(w, "wang", "{'on_behalf': 'li', 'fields': {'cost': 5}}"));
    assert_ok(w, world_fire(w, "li", "send"));
    assert_states(w, "['dead']"); /* nobody is left for the rule of the pm */
    world_free(w);

    w = world_new(RULES(", 'exclude': ['opener']", ""));
    make_pm(w, "wang");
    lend(w, "li", "out", "null");
    assert_ok(w, world_open(w, "out", "{'on_behalf': 'li', 'fields': {'cost': 5}}"));
    assert_ok(w, world_fire(w, "li", "send"));
    assert_states(w, "['deciding']");
    lend(w, "wang", "out", "null"); /* nor for somebody else */
    assert_refused(w, SGN_FORBIDDEN, vote(w, "out", "wang", "approve"));
    assert_message(w, "you are excluded from this decision: you cannot answer for wang");
    assert_ok(w, vote(w, "wang", NULL, "approve"));
    assert_ok(w, vote(w, "zhao", NULL, "approve"));
    assert_states(w, "['done']");
    world_free(w);
}

static void
test_delegation_is_shown_to_the_stand_in(void **state)
{
    struct world *w = opened_by(RULES("", ""), "wang");
    struct core_known known = { .facts = w->facts };
    struct core_command command = {
        .kind = CORE_FIRE, .actor = "out", .channel = "line", .at = START, .case_key = "CR-1"
    };
    struct core_question question = { w->model, w->row, &command, &known, NULL };
    struct core_decision needs = { 0 };
    json_t *out = NULL;
    const json_t *round, *item;
    size_t i;
    int n = 0;

    (void)state;
    lend(w, "li", "out", "null");
    world_fact(w, "stand_ins:li",
               "[{'person': 'li', 'stand_in': 'out', 'scope': null,"
               " 'starts': 1767574800000, 'ends': 1767578400000}]");
    world_fact(w, "stand_ins:wang",
               "[{'person': 'wang', 'stand_in': 'out', 'scope': null,"
               " 'starts': 1767578400000, 'ends': 1767585600000}]");
    world_fact(w, "stand_ins:zhao", "[]");
    assert_ok(w, core_allowed(&question, "en", &out, &needs, &w->err));
    assert_json(json_array_get(out, 0),
                "{'event': 'send', 'title': 'send', 'allowed': true, 'on_behalf': 'li',"
                " 'needs': [], 'takes': [], 'note': false}");
    assert_json(json_array_get(out, 2), "{'do': 'task', 'task': 'papers', 'state': 'work',"
                                        " 'title': 'papers', 'on_behalf': 'li', 'optional': false,"
                                        " 'proof': false, 'allowed': true}");
    json_decref(out);
    core_decision_deinit(&needs);
    assert_ok(w, world_fire(w, "li", "send"));
    question.row = w->row;
    assert_ok(w, core_allowed(&question, "en", &out, &needs, &w->err));
    assert_json(json_array_get(out, 2), "{'do': 'vote', 'approval': 'deciding', 'on_behalf': 'li',"
                                        " 'title': 'deciding', 'choices': {'approve': 'approve',"
                                        " 'reject': 'reject', 'abstain': 'abstain'},"
                                        " 'allowed': true}");
    json_decref(out);
    core_decision_deinit(&needs);
    assert_ok(w, core_view(&question, CORE_SEES_ALL, "en", &out, &needs, &w->err));
    json_array_foreach(json_object_get(out, "waiting"), i, item) {
        bool li = strcmp(sgn_json_str(item, "person"), "li") == 0;
        assert_json(json_object_get(item, "stand_in") != NULL ? json_object_get(item, "stand_in")
                                                              : json_null(),
                    li ? "'out'" : "null");
        n += li;
    }
    assert_int_equal(n, 1);
    round = json_array_get(json_object_get(out, "approvals"), 0);
    assert_false(sgn_json_true(round, "asked"));
    assert_json(json_object_get(json_array_get(json_object_get(round, "on_behalf"), 0), "person"),
                "'li'");
    json_decref(out);
    core_decision_deinit(&needs);
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a49_both_names_are_recorded),
        cmocka_unit_test(test_a46_standing_in_holds_for_its_period_and_scope_only),
        cmocka_unit_test(test_delegation_of_who_left_or_of_the_other_side_lends_nothing),
        cmocka_unit_test(test_delegation_does_not_chain),
        cmocka_unit_test(test_a48_standing_in_leads_never_round_an_exclusion),
        cmocka_unit_test(test_delegation_never_round_an_exclusion_of_a_rule_around),
        cmocka_unit_test(test_a45_a_ballot_of_a_hand_excluded_later_counts_no_more),
        cmocka_unit_test(test_delegation_one_hand_fills_one_seat_of_a_rule),
        cmocka_unit_test(test_delegation_a_persons_own_word_stands_above_the_stand_ins),
        cmocka_unit_test(test_delegation_lends_events_tasks_and_ownership),
        cmocka_unit_test(test_delegation_takes_an_offered_case_for_the_person),
        cmocka_unit_test(test_delegation_opens_a_case_as_the_givers),
        cmocka_unit_test(test_delegation_an_exclusion_of_the_opener_binds_the_hand),
        cmocka_unit_test(test_delegation_is_shown_to_the_stand_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
