/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the language says of ballots, rounds and decisions, each sentence with its number.
 */
#include "support/rounds.h"

#define TWO  "{'kind': 'at_least', 'n': 2, 'who': 'ccb', 'nobody': 'reject'}"
#define BOTH "{'kind': 'all_of', 'rules': [" ONE("pm") ", " TWO "]}"

static const json_t *
ballot_at(struct world *w, size_t i)
{
    return json_array_get(round_ballots(w), i);
}

static void
test_a01_a_ballot_is_a_record(void **state)
{
    struct world *w = asking(TWO, "");
    char expected[512];

    (void)state;
    w->now += MINUTE;
    snprintf(expected, sizeof(expected),
             "{'person': 'wang', 'at': %lld, 'channel': 'line', 'choice': 'approve',"
             " 'digest': '%s', 'standing': true, 'comment': 'well done'}",
             (long long)w->now, sgn_json_str(round_now(w), "digest"));
    assert_ok(w, say_why(w, "wang", "approve", "well done"));
    assert_json(ballot_at(w, 0), expected);
    assert_ok(w, say_why(w, "wang", "approve", NULL)); /* one ballot, however often given */
    assert_int_equal(json_array_size(round_ballots(w)), 1);
    assert_states(w, "['s']");
    world_free(w);
}

static void
upload(struct world *w, const char *sha256)
{
    char fact[512];

    snprintf(fact, sizeof(fact),
             "{'file': 'f1', 'sha256': '%s', 'name': 'a.pdf', 'type': 'application/pdf',"
             " 'size': 12, 'person': 'li', 'at': 1, 'case': null, 'shared': false}",
             sha256);
    world_fact(w, "file:f1", fact);
}

/* SHA-256(0x02, canonical JSON), written out by hand: keys in order, no spaces. */
static void
test_a02_the_digest_is_of_the_covered_fields_and_files(void **state)
{
    static const char bytes_of_file[] =
        "0000000000000000000000000000000000000000000000000000000000000001";
    struct world *w = asking(ONE("ccb"), "'covers': ['cost', 'plan'],");
    char bytes[1024], digest[SGN_HASH_HEX];

    (void)state;
    upload(w, bytes_of_file);
    assert_ok(w, world_do(w, CORE_ATTACH, "li", "{'file': 'f1', 'field': 'plan'}"));
    bytes[0] = 0x02;
    snprintf(
        bytes + 1, sizeof(bytes) - 1,
        "{\"case\":\"CR-1\",\"fields\":{\"cost\":50,\"plan\":\"f1\"},\"files\":{\"f1\":\"%s\"},"
        "\"rules\":\"%s\",\"workflow\":\"x\"}",
        bytes_of_file, w->model->digest);
    sgn_sha256(bytes, 1 + strlen(bytes + 1), digest);
    assert_string_equal(sgn_json_str(round_now(w), "digest"), digest);
    assert_ok(w, say(w, "wang", "approve"));
    assert_states(w, "['yes']");
    world_free(w);
}

static void
test_a03_choices_are_approve_reject_and_abstain(void **state)
{
    static const char *const choices[] = { "approve", "reject", "abstain" };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct world *w = asking("{'kind': 'everyone_answers', 'rules': [" TWO "]}", "");
        assert_ok(w, say(w, "wang", choices[i]));
        assert_string_equal(sgn_json_str(ballot_at(w, 0), "choice"), choices[i]);
        assert_refused(w, SGN_INVALID, say(w, "zhao", "yes"));
        world_free(w);
    }
}

static void
test_a04_defer_and_changes_end_the_round_with_their_outcome(void **state)
{
    struct world *w = asking(BOTH, "");

    (void)state;
    assert_ok(w, say_why(w, "wang", "defer", "next month"));
    assert_states(w, "['later']");
    assert_string_equal(sgn_json_str(json_object_get(round_now(w), "ended"), "outcome"),
                        "deferred");
    world_free(w);
    w = asking(BOTH, "");
    assert_ok(w, say_why(w, "zhao", "changes", "too dear"));
    assert_states(w, "['back']");
    assert_string_equal(sgn_json_str(json_object_get(round_now(w), "ended"), "outcome"), "changes");
    world_free(w);
}

/* may_return widens nothing either: whoever is named must be asked. */
static void
test_a05_may_defer_and_may_return_name_who_of_those_asked(void **state)
{
    struct world *w = asking(BOTH, "'may_defer': 'pm', 'may_return': ['boss', 'client'],");

    (void)state;
    assert_refused(w, SGN_FORBIDDEN, say_why(w, "wang", "defer", "x"));
    assert_refused(w, SGN_FORBIDDEN, say_why(w, "wang", "changes", "x"));
    assert_refused(w, SGN_FORBIDDEN, say_why(w, "mei", "changes", "x"));
    assert_ok(w, say_why(w, "zhao", "changes", "x"));
    assert_states(w, "['back']");
    world_free(w);
}

static void
test_a06_defer_and_changes_need_a_comment(void **state)
{
    struct world *w = asking(BOTH, "");

    (void)state;
    assert_refused(w, SGN_NEEDS_FIELDS, say(w, "li", "defer"));
    assert_refused(w, SGN_NEEDS_FIELDS, say(w, "li", "changes"));
    assert_ok(w, say_why(w, "li", "changes", "why"));
    world_free(w);
}

static void
test_a20_unanswered_ballots_become_not_needed(void **state)
{
    struct world *w = asking(ONE("ccb"), "");

    (void)state;
    assert_int_equal(json_array_size(json_object_get(w->row, "waiting")), 2);
    assert_ok(w, say(w, "wang", "approve"));
    /* zhao was asked, has no ballot, and nothing waits for him any more. */
    assert_json(json_object_get(round_now(w), "eligible"), "['wang', 'zhao']");
    assert_json(json_object_get(round_now(w), "not_needed"), "['zhao']");
    assert_int_equal(json_array_size(round_ballots(w)), 1);
    assert_json(json_object_get(w->row, "waiting"),
                "[{'kind': 'owner', 'person': 'li', 'state': 'yes', 'since': 1767574800000,"
                "  'due': null}]");
    world_free(w);
}

static void
member(struct world *w, const char *person, const char *roles)
{
    json_t *members = json_object_get(json_object_get(w->facts, "project:acme"), "members");

    json_object_set_new(members, person, json_pack("{s:o, s:n}", "roles", json(roles), "client"));
}

/* His approval stands there and does not count: with it the two would be reached. */
static void
test_a25_who_left_is_marked_and_counts_no_more(void **state)
{
    struct world *w = asking("{'kind': 'at_least', 'n': 2, 'who': ['ccb', 'pm'],"
                             " 'nobody': 'reject'}",
                             "");

    (void)state;
    assert_ok(w, say(w, "wang", "approve"));
    member(w, "wang", "['engineer']");
    assert_ok(
        w, world_do(w, CORE_SWEEP, "system", "{'kind': 'people', 'argument': {'person': 'wang'}}"));
    assert_json(json_object_get(json_object_get(w->internal, "sweep"), "left"), "['wang']");
    assert_json(json_object_get(round_now(w), "eligible"), "['li', 'zhao']");
    assert_ok(w, say(w, "zhao", "approve"));
    assert_states(w, "['s']");
    assert_ok(w, say(w, "li", "approve"));
    assert_states(w, "['yes']");
    world_free(w);
}

/* Three of the board now: two approvals are enough as before. */
static void
test_a26_who_joined_is_asked_and_n_stays(void **state)
{
    struct world *w = asking(TWO, "");

    (void)state;
    assert_ok(w, say(w, "wang", "reject"));
    assert_states(w, "['no']"); /* of two, two cannot be reached */
    world_free(w);
    w = asking(TWO, "");
    member(w, "li", "['pm', 'ccb']");
    assert_ok(w, say(w, "wang", "reject"));
    assert_states(w, "['s']");
    assert_json(json_object_get(round_now(w), "eligible"), "['li', 'wang', 'zhao']");
    assert_ok(w, say(w, "li", "approve"));
    assert_states(w, "['s']");
    assert_ok(w, say(w, "zhao", "approve"));
    assert_states(w, "['yes']");
    world_free(w);
}

/* The pm agrees to what and cost, the ccb to what alone. */
static void
test_a39_covers_stand_on_the_approval_or_on_a_rule(void **state)
{
    struct world *w =
        asking("{'kind': 'all_of', 'rules': [" ONE(
                   "pm") ", {'kind': 'at_least', 'n': 2, 'who': 'ccb', 'nobody': 'reject',"
                         " 'covers': ['what']}]}",
               "'covers': ['cost', 'what'],");

    (void)state;
    assert_ok(w, say(w, "li", "approve"));
    assert_refused(w, SGN_CONFLICT, say(w, "wang", "approve"));
    json_object_set(round_now(w), "digest", json_object_get(w->err.data, "digest"));
    assert_ok(w, say(w, "wang", "approve"));
    world_free(w);
}

static void
test_a40_a_change_to_what_is_covered_opens_the_next_round(void **state)
{
    struct world *w = asking(BOTH, "");

    (void)state;
    assert_ok(w, say(w, "li", "approve"));
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'what': 'x'}}"));
    assert_int_equal(sgn_json_int(round_now(w), "number", 0), 1);
    assert_true(sgn_json_true(ballot_at(w, 0), "standing"));
    assert_ok(w, set_cost(w, "51"));
    assert_int_equal(sgn_json_int(round_now(w), "number", 0), 2);
    assert_false(sgn_json_true(ballot_at(w, 0), "standing"));
    world_free(w);
}

static void
test_a42_leaving_ends_the_approval_and_coming_back_starts_with_no_ballots(void **state)
{
    struct world *w = asking(BOTH, "");

    (void)state;
    assert_ok(w, say(w, "wang", "approve"));
    assert_ok(w, world_fire(w, "li", "leave"));
    assert_string_equal(sgn_json_str(json_object_get(round_now(w), "ended"), "outcome"), "left");
    assert_refused(w, SGN_NOT_NOW, say(w, "li", "approve"));
    assert_ok(w, world_fire(w, "li", "again"));
    assert_int_equal(sgn_json_int(round_now(w), "number", 0), 2);
    assert_json(round_ballots(w), "[]");
    assert_json(json_object_get(round_now(w), "eligible"), "['li', 'wang', 'zhao']");
    world_free(w);
}

static void
test_a44_excluded_are_roles_and_earlier_deciders(void **state)
{
    struct world *w = asking(ONE("ccb"), "'exclude': ['boss'],");

    (void)state;
    assert_json(json_object_get(round_now(w), "eligible"), "['wang']");
    assert_refused(w, SGN_FORBIDDEN, say(w, "zhao", "approve"));
    assert_ok(w, say(w, "wang", "approve"));
    assert_ok(w, world_fire(w, "li", "look")); /* the second approval excludes who decided here */
    assert_json(
        json_object_get(json_object_get(json_object_get(w->row, "rounds"), "second"), "eligible"),
        "['zhao']");
    world_free(w);
}

static int
decisions(struct world *w)
{
    const json_t *entry;
    int n = 0;
    size_t i;

    json_array_foreach(w->history, i, entry)
        n += json_object_get(
                 json_object_get(json_array_get(entry, 1), "round") != NULL
                     ? json_array_get(json_object_get(json_array_get(entry, 1), "round"), 0)
                     : NULL,
                 "ended") != NULL;
    return n;
}

/* Two who race: whoever comes second finds a decision. */
static void
test_a50_racing_ballots_make_exactly_one_decision(void **state)
{
    struct world *w = asking(ONE("ccb"), "");
    char digest[SGN_HASH_HEX], params[256];

    (void)state;
    snprintf(digest, sizeof(digest), "%s", sgn_json_str(round_now(w), "digest"));
    assert_ok(w, say(w, "zhao", "approve"));
    snprintf(params, sizeof(params), "{'choice': 'reject', 'digest': '%s'}", digest);
    assert_refused(w, SGN_NOT_NOW, world_do(w, CORE_VOTE, "wang", params));
    assert_refused(w, SGN_NOT_NOW, world_do(w, CORE_WITHDRAW, "zhao", "{}"));
    assert_int_equal(decisions(w), 1);
    world_free(w);
}

static void
test_a51_a_ballot_after_the_decision_is_told_of_it(void **state)
{
    struct world *w = asking(ONE("ccb"), "");

    (void)state;
    assert_ok(w, say(w, "zhao", "approve"));
    w->now += HOUR;
    assert_refused(w, SGN_NOT_NOW, say(w, "wang", "reject"));
    assert_string_equal(w->err.message, "\"s\" was decided already on 2026-01-05 09:00: approved");
    assert_json(json_object_get(w->err.data, "decision"),
                "{'outcome': 'approved', 'at': '2026-01-05T09:00:00+08:00'}");
    world_free(w);
}

static void
test_a52_a_late_ballot_is_not_in_the_history(void **state)
{
    struct world *w = asking(ONE("ccb"), "");
    size_t entries;

    (void)state;
    assert_ok(w, say(w, "zhao", "approve"));
    entries = json_array_size(w->history);
    assert_refused(w, SGN_NOT_NOW, say(w, "wang", "approve"));
    assert_int_equal(json_array_size(w->history), entries);
    assert_int_equal(json_array_size(round_ballots(w)), 1);
    world_free(w);
}

static json_t *
told(int function, const char *purpose, const json_t *input)
{
    (void)function;
    (void)purpose;
    assert_string_equal(sgn_json_str(json_object_get(input, "e"), "name"), "approval.s.rejected");
    return json_pack("{s:[{s:{s:{s:s}}}]}", "value", "set", "what", "value", "told");
}

/* What is entered by it is told the event's name. */
static void
test_a54_the_last_ballot_starts_a_macrostep_with_the_rounds_event(void **state)
{
    struct world *w = world_new(
        "{'name': 'x', 'key': 'CR', 'version': 1, 'client': 'project', 'roles': ['pm'],"
        " 'functions': {'1': {'line': 1, 'uses': []}},"
        " 'fields': [{'name': 'what', 'type': 'text', 'shared': true}],"
        " 'states': [{'name': 's', 'kind': 'state', 'approval': {'covers': [],"
        "   'outcomes': ['approved', 'rejected'], 'rule': " ONE(
            "pm") "},"
                  "   'transitions': [{'kind': 'approval', 'outcome': 'approved', 'to': ['y']},"
                  "     {'kind': 'approval', 'outcome': 'rejected', 'to': ['n']}]},"
                  "  {'name': 'y', 'kind': 'final'},"
                  "  {'name': 'n', 'kind': 'state', 'enter': [{'call': 1}]}]}");

    (void)state;
    w->answer = told;
    assert_ok(w, world_open(w, "li", "{}"));
    assert_ok(w, say(w, "li", "reject"));
    assert_states(w, "['n']");
    assert_json(json_object_get(w->row, "fields"), "{'what': 'told'}");
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a01_a_ballot_is_a_record),
        cmocka_unit_test(test_a02_the_digest_is_of_the_covered_fields_and_files),
        cmocka_unit_test(test_a03_choices_are_approve_reject_and_abstain),
        cmocka_unit_test(test_a04_defer_and_changes_end_the_round_with_their_outcome),
        cmocka_unit_test(test_a05_may_defer_and_may_return_name_who_of_those_asked),
        cmocka_unit_test(test_a06_defer_and_changes_need_a_comment),
        cmocka_unit_test(test_a20_unanswered_ballots_become_not_needed),
        cmocka_unit_test(test_a25_who_left_is_marked_and_counts_no_more),
        cmocka_unit_test(test_a26_who_joined_is_asked_and_n_stays),
        cmocka_unit_test(test_a39_covers_stand_on_the_approval_or_on_a_rule),
        cmocka_unit_test(test_a40_a_change_to_what_is_covered_opens_the_next_round),
        cmocka_unit_test(test_a42_leaving_ends_the_approval_and_coming_back_starts_with_no_ballots),
        cmocka_unit_test(test_a44_excluded_are_roles_and_earlier_deciders),
        cmocka_unit_test(test_a50_racing_ballots_make_exactly_one_decision),
        cmocka_unit_test(test_a51_a_ballot_after_the_decision_is_told_of_it),
        cmocka_unit_test(test_a52_a_late_ballot_is_not_in_the_history),
        cmocka_unit_test(test_a54_the_last_ballot_starts_a_macrostep_with_the_rounds_event),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
