/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Approvals: ballots, rounds, digests, and the end of each.
 */
#include "support/world.h"

static const char *const board =
    "{'name': 'change', 'key': 'CR', 'version': 1, 'client': 'project',"
    " 'roles': ['pm', 'ccb', 'sponsor', 'client'],"
    " 'fields': [{'name': 'cost', 'type': 'number', 'shared': true},"
    "            {'name': 'risk', 'type': 'text', 'shared': false},"
    "            {'name': 'other', 'type': 'text', 'shared': true}],"
    " 'states': ["
    "  {'name': 'deciding', 'kind': 'state', 'edit': [{'who': 'pm', 'fields': 'all'}],"
    "   'approval': {'covers': ['cost'], 'outcomes': ['approved', 'rejected', 'deferred'],"
    "    'may_defer': 'pm',"
    "    'rule': {'kind': 'all_of', 'rules': ["
    "      {'kind': 'at_least', 'n': 1, 'who': 'pm', 'nobody': 'reject'},"
    "      {'kind': 'at_least', 'n': 2, 'who': 'ccb', 'nobody': 'reject',"
    "       'covers': ['cost', 'risk']},"
    "      {'kind': 'at_least', 'n': 1, 'who': 'sponsor', 'nobody': 'client',"
    "       'when': {'field': 'cost', 'above': 1000}}]}},"
    "   'deadlines': [{'name': 'decide', 'duration': '5 days',"
    "     'rungs': [{'at': 50, 'actions': [{'remind': 'pending'}]},"
    "               {'late': '0', 'actions': [{'decide': 'approved', 'as': 'deemed'}]}]}],"
    "   'transitions': ["
    "    {'kind': 'approval', 'outcome': 'approved', 'to': ['done']},"
    "    {'kind': 'approval', 'outcome': 'rejected', 'to': ['dead']},"
    "    {'kind': 'approval', 'outcome': 'deferred', 'to': ['parked']}]},"
    "  {'name': 'parked', 'kind': 'state', 'transitions': ["
    "    {'on': ['resume'], 'by': 'pm', 'to': ['deciding']}]},"
    "  {'name': 'done', 'kind': 'final', 'outcome': 'approved'},"
    "  {'name': 'dead', 'kind': 'final', 'outcome': 'rejected'}]}";

static json_t *
round_now(struct world *w)
{
    return json_object_get(json_object_get(w->row, "rounds"), "deciding");
}

/* SHA-256(0x02, canonical JSON), written out by hand: keys in order, no spaces. */
static void
digest_of(struct world *w, const char *fields, char out[SGN_HASH_HEX])
{
    char bytes[1024];

    bytes[0] = 0x02;
    snprintf(bytes + 1, sizeof(bytes) - 1,
             "{\"case\":\"CR-1\",\"fields\":%s,\"files\":{},\"rules\":\"%s\","
             "\"workflow\":\"change\"}",
             fields, w->model->digest);
    sgn_sha256(bytes, 1 + strlen(bytes + 1), out);
}

static enum sgn_status
vote(struct world *w, const char *who, const char *choice, const char *fields, const char *comment)
{
    char digest[SGN_HASH_HEX], params[256];

    digest_of(w, fields, digest);
    snprintf(params, sizeof(params), "{'choice': '%s', 'digest': '%s'%s%s%s}", choice, digest,
             comment != NULL ? ", 'comment': '" : "", comment != NULL ? comment : "",
             comment != NULL ? "'" : "");
    return world_do(w, CORE_VOTE, who, params);
}

static struct world *
opened(const char *fields)
{
    struct world *w = world_new(board);
    char params[128];

    snprintf(params, sizeof(params), "{'fields': %s}", fields);
    assert_ok(w, world_open(w, "li", params));
    return w;
}

#define FIFTY "{\"cost\":50}"
#define RISKY "{\"cost\":50,\"risk\":\"SECRET\"}"

static void
test_a19_an_approval_ends_in_the_entry_that_decides(void **state)
{
    struct world *w = opened("{'cost': 50, 'risk': 'SECRET'}");

    (void)state;
    assert_json(json_object_get(round_now(w), "eligible"), "['li', 'wang', 'zhao']");
    assert_ok(w, vote(w, "wang", "approve", RISKY, NULL));
    assert_null(json_object_get(w->shared, "ballots")); /* the team's ballots stay inside */
    assert_ok(w, vote(w, "li", "approve", FIFTY, NULL));
    assert_states(w, "['deciding']");
    assert_ok(w, vote(w, "zhao", "approve", RISKY, NULL));
    assert_states(w, "['done']");
    assert_json(json_object_get(w->shared, "round"),
                "[{'approval': 'deciding', 'number': 1, 'ended': {'outcome': 'approved'}}]");
    assert_int_equal(json_array_size(json_object_get(w->shared, "decided")), 3);
    /* A digest that covers an internal field is not the client's. */
    for (size_t i = 0; i < 3; i++) {
        const json_t *one = json_array_get(json_object_get(w->shared, "decided"), i);
        bool pm = strcmp(sgn_json_str(one, "person"), "li") == 0;
        assert_true(pm == (json_object_get(one, "digest") != NULL));
        assert_null(json_object_get(one, "comment"));
    }
    world_free(w);
}

static void
test_approval_no_is_early_when_two_cannot_be_reached(void **state)
{
    struct world *w = opened("{'cost': 50, 'risk': 'SECRET'}");

    (void)state;
    assert_ok(w, vote(w, "wang", "abstain", RISKY, NULL));
    assert_states(w, "['dead']");
    assert_refused(w, SGN_NOT_NOW, vote(w, "zhao", "approve", RISKY, NULL));
    assert_json(json_object_get(json_object_get(w->err.data, "decision"), "outcome"), "'rejected'");
    world_free(w);
}

static void
test_approval_digest_must_be_what_is_asked(void **state)
{
    struct world *w = opened("{'cost': 50}");

    (void)state;
    assert_refused(w, SGN_CONFLICT, vote(w, "li", "approve", "{\"cost\":51}", NULL));
    assert_json(json_object_get(w->err.data, "fields"), "['cost']");
    assert_refused(w, SGN_FORBIDDEN, vote(w, "mei", "approve", FIFTY, NULL));
    assert_refused(w, SGN_INVALID, vote(w, "li", "changes", FIFTY, NULL));
    world_free(w);
}

/* What a stale ballot is told: the fields that are not what its giver saw, and no others. */
static void
test_approval_conflict_names_the_changed_fields_only(void **state)
{
    struct world *w = opened("{'cost': 50, 'risk': 'SECRET'}");

    (void)state;
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'cost': 60}}"));
    assert_refused(w, SGN_CONFLICT, vote(w, "wang", "approve", RISKY, NULL));
    assert_json(json_object_get(w->err.data, "fields"), "['cost']");
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'risk': 'SECRET 2'}}"));
    assert_refused(w, SGN_CONFLICT, vote(w, "wang", "approve", RISKY, NULL));
    assert_json(json_object_get(w->err.data, "fields"), "['cost', 'risk']");
    assert_refused(w, SGN_CONFLICT,
                   vote(w, "wang", "approve", "{\"cost\":60,\"risk\":\"SECRET\"}", NULL));
    assert_json(json_object_get(w->err.data, "fields"), "['risk']"); /* seen in round 2 */
    assert_refused(w, SGN_CONFLICT, vote(w, "li", "approve", FIFTY, NULL));
    assert_json(json_object_get(w->err.data, "fields"), "['cost']");
    /* What comes back is right again, and what was shown between is not. */
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'cost': 50, 'risk': 'SECRET'}}"));
    assert_refused(w, SGN_CONFLICT,
                   vote(w, "wang", "approve", "{\"cost\":60,\"risk\":\"SECRET\"}", NULL));
    assert_json(json_object_get(w->err.data, "fields"), "['cost', 'risk']");
    assert_ok(w, vote(w, "wang", "approve", RISKY, NULL));
    world_free(w);
}

/* The earlier ballot stands in the entry that brought it, the changed one in its own. */
static void
test_a22_earlier_ballots_stay_in_the_history(void **state)
{
    struct world *w = opened("{'cost': 50, 'risk': 'SECRET'}");
    json_t *ballot;

    (void)state;
    assert_ok(w, vote(w, "wang", "approve", RISKY, "hm"));
    assert_ok(w, world_do(w, CORE_WITHDRAW, "wang", "{}"));
    assert_ok(w, vote(w, "wang", "approve", RISKY, "after all"));
    assert_int_equal(json_array_size(json_object_get(round_now(w), "ballots")), 1);
    ballot = json_object_get(json_array_get(json_array_get(w->history, 1), 2), "ballots");
    assert_string_equal(sgn_json_str(json_array_get(ballot, 0), "comment"), "hm");
    ballot = json_object_get(round_now(w), "ballots");
    assert_string_equal(sgn_json_str(json_array_get(ballot, 0), "comment"), "after all");
    world_free(w);
}

static const char *const seated =
    "{'name': 'x', 'key': 'XX', 'version': 1, 'roles': ['pm', 'ccb', 'engineer'],"
    " 'fields': [{'name': 'cost', 'type': 'number', 'shared': true}],"
    " 'states': [{'name': 'deciding', 'kind': 'state',"
    "   'edit': [{'who': 'pm', 'fields': 'all'}],"
    "   'approval': {'covers': ['cost'], 'outcomes': ['approved', 'rejected'], %s"
    "     'rule': {'kind': 'all_of', 'rules': ["
    "       {'kind': 'at_least', 'n': 1, 'who': 'ccb', 'nobody': 'reject'},"
    "       {'kind': 'at_least', 'n': 1, 'who': ['engineer', 'pm'], 'nobody': 'reject'}]}},"
    "   'transitions': [{'kind': 'approval', 'outcome': 'approved', 'to': ['y']},"
    "     {'kind': 'approval', 'outcome': 'rejected', 'to': ['n']}]},"
    "  {'name': 'y', 'kind': 'final'}, {'name': 'n', 'kind': 'final'}]}";

static struct world *
opened_with(const char *option)
{
    char model[2048];
    struct world *w;

    snprintf(model, sizeof(model), seated, option);
    w = world_new(model);
    assert_ok(w, world_open(w, "li", "{}"));
    return w;
}

/* The digest of the round, as an independent reader would take it from case.get. */
static enum sgn_status
vote_as_shown(struct world *w, const char *who, const char *choice)
{
    char params[256];

    snprintf(params, sizeof(params), "{'choice': '%s', 'digest': '%s'}", choice,
             sgn_json_str(round_now(w), "digest"));
    return world_do(w, CORE_VOTE, who, params);
}

/* wang sits on both rules: alone he decides, unless all seats are different persons. */
static void
test_a37_distinct_seats_are_different_persons(void **state)
{
    struct world *w = opened_with("");

    (void)state;
    assert_ok(w, vote_as_shown(w, "wang", "approve"));
    assert_states(w, "['y']");
    world_free(w);

    w = opened_with("'distinct': true,");
    assert_ok(w, vote_as_shown(w, "wang", "approve"));
    assert_states(w, "['deciding']");
    assert_ok(w, vote_as_shown(w, "li", "reject"));
    assert_states(w, "['deciding']"); /* zhao may sit where wang does not */
    assert_ok(w, vote_as_shown(w, "zhao", "reject"));
    assert_states(w, "['n']");
    world_free(w);
}

#define BOARD_WITHOUT_ZHAO                                                                         \
    "{'key': 'acme', 'client': 'acme', 'title': 'A', 'attributes': {}, 'members': {"               \
    " 'li': {'roles': ['pm'], 'client': null},"                                                    \
    " 'wang': {'roles': ['ccb'], 'client': null}}}"

static void
test_a24_fixed_people_are_looked_up_once_in_a_round(void **state)
{
    struct world *w = opened_with("'fixed': true,");

    (void)state;
    assert_json(json_object_get(round_now(w), "eligible"), "['li', 'wang', 'zhao']");
    world_fact(w, "project:acme", BOARD_WITHOUT_ZHAO);
    assert_ok(w, vote_as_shown(w, "zhao", "abstain")); /* he is asked in this round still */
    assert_json(json_object_get(round_now(w), "eligible"), "['li', 'wang', 'zhao']");
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'cost': 7}}"));
    assert_int_equal(sgn_json_int(round_now(w), "number", 0), 2);
    assert_json(json_object_get(round_now(w), "eligible"), "['li', 'wang']");
    assert_refused(w, SGN_FORBIDDEN, vote_as_shown(w, "zhao", "approve"));
    world_free(w);

    w = opened_with(""); /* and without it at each evaluation */
    world_fact(w, "project:acme", BOARD_WITHOUT_ZHAO);
    assert_refused(w, SGN_FORBIDDEN, vote_as_shown(w, "zhao", "abstain"));
    world_free(w);
}

static void
test_a41_a_change_voids_and_carries(void **state)
{
    struct world *w = opened("{'cost': 50}");

    (void)state;
    assert_ok(w, vote(w, "wang", "approve", FIFTY, NULL));
    assert_ok(w, vote(w, "li", "approve", FIFTY, NULL));
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'other': 'x'}}"));
    assert_int_equal(sgn_json_int(round_now(w), "number", 0), 1); /* not covered */
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'risk': 'SECRET'}}"));
    assert_int_equal(sgn_json_int(round_now(w), "number", 0), 2);
    for (size_t i = 0; i < 2; i++) {
        const json_t *ballot = json_array_get(json_object_get(round_now(w), "ballots"), i);
        bool pm = strcmp(sgn_json_str(ballot, "person"), "li") == 0;
        assert_int_equal(sgn_json_true(ballot, "standing"), pm); /* his digest is unchanged */
        assert_int_equal(sgn_json_int(ballot, "carried", 0), pm ? 1 : 0);
    }
    assert_ok(w, vote(w, "wang", "approve", RISKY, NULL));
    assert_ok(w, vote(w, "zhao", "approve", RISKY, NULL));
    assert_states(w, "['done']");
    world_free(w);
}

static void
test_approval_substitute_of_a_role_nobody_holds(void **state)
{
    struct world *w = opened("{'cost': 2000}");

    (void)state;
    /* Nobody is sponsor: one of the client decides instead. */
    assert_json(json_object_get(round_now(w), "eligible"), "['jun', 'li', 'mei', 'wang', 'zhao']");
    assert_ok(w, vote(w, "jun", "reject", "{\"cost\":2000}", "no"));
    assert_states(w, "['deciding']"); /* mei may still approve */
    assert_json(json_object_get(json_array_get(json_object_get(w->shared, "ballots"), 0), "choice"),
                "'reject'");
    assert_ok(w, vote(w, "mei", "reject", "{\"cost\":2000}", NULL));
    assert_states(w, "['dead']");
    world_free(w);
}

static void
test_a21_ballots_change_and_are_withdrawn(void **state)
{
    struct world *w = opened("{'cost': 50}");

    (void)state;
    assert_ok(w, vote(w, "wang", "approve", FIFTY, NULL));
    assert_ok(w, world_do(w, CORE_WITHDRAW, "wang", "{}"));
    assert_refused(w, SGN_NOT_NOW, world_do(w, CORE_WITHDRAW, "wang", "{}"));
    assert_ok(w, vote(w, "wang", "approve", FIFTY, NULL));
    assert_ok(w, vote(w, "wang", "reject", FIFTY, NULL));
    assert_states(w, "['dead']");
    world_free(w);
}

static void
test_approval_defer_needs_right_and_comment(void **state)
{
    struct world *w = opened("{'cost': 50}");

    (void)state;
    assert_refused(w, SGN_FORBIDDEN, vote(w, "wang", "defer", FIFTY, "later"));
    assert_refused(w, SGN_NEEDS_FIELDS, vote(w, "li", "defer", FIFTY, NULL));
    assert_ok(w, vote(w, "li", "defer", FIFTY, "later"));
    assert_states(w, "['parked']");
    assert_ok(w, world_fire(w, "li", "resume"));
    assert_int_equal(sgn_json_int(round_now(w), "number", 0), 2);
    assert_json(json_object_get(round_now(w), "ballots"), "[]"); /* coming back starts anew */
    world_free(w);
}

static void
test_approval_silence_is_deemed(void **state)
{
    struct world *w = opened("{'cost': 50}");

    (void)state;
    assert_ok(w, vote(w, "wang", "approve", FIFTY, NULL));
    assert_int_equal(world_advance(w, START + 60 * HOUR), 1);
    assert_json(json_object_get(json_array_get(world_effects(w), 0), "to"), "['li', 'zhao']");
    assert_int_equal(world_advance(w, START + 5 * DAY), 1);
    assert_states(w, "['done']");
    assert_json(json_object_get(w->row, "outcome"), "'deemed'");
    assert_json(json_object_get(w->shared, "round"),
                "[{'approval': 'deciding', 'number': 1,"
                "  'ended': {'outcome': 'approved', 'manner': 'deemed'}}]");
    world_free(w);
}

static void
test_a23_people_are_looked_up_each_time(void **state)
{
    struct world *w = opened("{'cost': 50}");

    (void)state;
    assert_ok(w, vote(w, "wang", "approve", FIFTY, NULL));
    assert_ok(w, vote(w, "li", "approve", FIFTY, NULL));
    /* zhao leaves the board: one is fewer than two, and nobody says reject. */
    world_fact(w, "project:acme",
               "{'key': 'acme', 'client': 'acme', 'title': 'A', 'attributes': {}, 'members': {"
               " 'li': {'roles': ['pm'], 'client': null},"
               " 'wang': {'roles': ['ccb'], 'client': null}}}");
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'other': 'x'}}"));
    assert_states(w, "['dead']");
    world_free(w);
}

/* at_least(2) of one person: skipped, not waited for. */
static void
test_approval_nobody_counts_seats_not_heads(void **state)
{
    struct world *w =
        world_new("{'name': 'x', 'key': 'XX', 'version': 1, 'roles': ['pm', 'ccb'],"
                  " 'states': [{'name': 's', 'kind': 'state',"
                  "   'approval': {'covers': [], 'outcomes': ['approved', 'rejected'],"
                  "     'exclude': [{'person': 'zhao'}], 'rule': {'kind': 'all_of', 'rules': ["
                  "       {'kind': 'at_least', 'n': 2, 'who': 'ccb', 'nobody': 'skip'},"
                  "       {'kind': 'at_least', 'n': 1, 'who': 'pm', 'nobody': 'reject'}]}},"
                  "   'transitions': [{'kind': 'approval', 'outcome': 'approved', 'to': ['y']},"
                  "     {'kind': 'approval', 'outcome': 'rejected', 'to': ['n']}]},"
                  "  {'name': 'y', 'kind': 'final'}, {'name': 'n', 'kind': 'final'}]}");

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    assert_states(w, "['s']");
    assert_json(
        json_object_get(json_object_get(json_object_get(w->row, "rounds"), "s"), "eligible"),
        "['li']");
    world_free(w);
}

/* It has waited since the round opened, and anew when it opens again. */
static void
test_approval_waiting_since(void **state)
{
    struct world *w = opened("{'cost': 50}");
    const json_t *waiting;

    (void)state;
    w->now += HOUR;
    assert_ok(w, vote(w, "wang", "approve", FIFTY, NULL));
    waiting = json_array_get(json_object_get(w->row, "waiting"), 0);
    assert_string_equal(sgn_json_str(waiting, "person"), "li");
    assert_true(sgn_json_int(waiting, "since", 0) == START);
    assert_true(sgn_json_int(waiting, "due", 0) == START + 5 * DAY);
    assert_ok(w, vote(w, "li", "defer", FIFTY, "later"));
    w->now += HOUR;
    assert_ok(w, world_fire(w, "li", "resume"));
    waiting = json_array_get(json_object_get(w->row, "waiting"), 0);
    assert_true(sgn_json_int(waiting, "since", 0) == START + 2 * HOUR);
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a19_an_approval_ends_in_the_entry_that_decides),
        cmocka_unit_test(test_approval_no_is_early_when_two_cannot_be_reached),
        cmocka_unit_test(test_approval_digest_must_be_what_is_asked),
        cmocka_unit_test(test_approval_conflict_names_the_changed_fields_only),
        cmocka_unit_test(test_a22_earlier_ballots_stay_in_the_history),
        cmocka_unit_test(test_a37_distinct_seats_are_different_persons),
        cmocka_unit_test(test_a24_fixed_people_are_looked_up_once_in_a_round),
        cmocka_unit_test(test_a41_a_change_voids_and_carries),
        cmocka_unit_test(test_approval_substitute_of_a_role_nobody_holds),
        cmocka_unit_test(test_a21_ballots_change_and_are_withdrawn),
        cmocka_unit_test(test_approval_defer_needs_right_and_comment),
        cmocka_unit_test(test_approval_silence_is_deemed),
        cmocka_unit_test(test_a23_people_are_looked_up_each_time),
        cmocka_unit_test(test_approval_nobody_counts_seats_not_heads),
        cmocka_unit_test(test_approval_waiting_since),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
