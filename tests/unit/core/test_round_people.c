/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Those of a round whose answer does not count any more: who left while it was open, and who was
 * not needed when it was decided. What of that is told, and to whom.
 */
#include "support/rounds.h"

#define EVERYBODY "{'kind': 'at_least', 'n': 2, 'who': ['ccb', 'client'], 'nobody': 'reject'}"

/* The item of the round in one part of the last entry that has the member; NULL. */
static const json_t *
told_in(const json_t *part, const char *member)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(part, "round"), i, item)
        if (json_object_get(item, member) != NULL)
            return json_object_get(item, member);
    return NULL;
}

typedef enum sgn_status (*question_fn)(struct world *w, const struct core_question *question,
                                       json_t **out, struct core_decision *needs);

static enum sgn_status
view_all(struct world *w, const struct core_question *question, json_t **out,
         struct core_decision *needs)
{
    return core_view(question, CORE_SEES_ALL, "en", out, needs, &w->err);
}

static enum sgn_status
view_shared(struct world *w, const struct core_question *question, json_t **out,
            struct core_decision *needs)
{
    return core_view(question, CORE_SEES_SHARED, "en", out, needs, &w->err);
}

static enum sgn_status
explained(struct world *w, const struct core_question *question, json_t **out,
          struct core_decision *needs)
{
    return core_explain(question, "en", out, needs, &w->err);
}

/* The rounds as somebody is shown them; the n-th of them. New reference. */
static json_t *
shown(struct world *w, const char *who, question_fn fn, size_t n)
{
    struct core_known known = { .facts = w->facts };
    struct core_command command = {
        .kind = CORE_FIRE, .actor = who, .channel = "line", .at = w->now, .case_key = "CR-1"
    };
    struct core_question question = { w->model, w->row, &command, &known, NULL };
    struct core_decision needs = { 0 };
    json_t *out = NULL, *round;

    assert_ok(w, fn(w, &question, &out, &needs));
    round = json_incref(json_array_get(json_object_get(out, "approvals"), n));
    json_decref(out);
    core_decision_deinit(&needs);
    return round;
}

static void
assert_shown(struct world *w, const char *who, question_fn fn, const char *member,
             const char *expected)
{
    json_t *round = shown(w, who, fn, 0);

    assert_json(json_object_get(round, member), expected);
    json_decref(round);
}

static void
test_a20_not_needed_are_named_in_the_entry_that_ends_the_round(void **state)
{
    struct world *w = asking(EVERYBODY, "");

    (void)state;
    assert_ok(w, say(w, "wang", "approve"));
    assert_null(json_object_get(round_now(w), "not_needed"));
    assert_ok(w, say(w, "mei", "approve"));
    assert_states(w, "['yes']");
    assert_json(json_object_get(round_now(w), "not_needed"), "['jun', 'zhao']");
    /* To the client its own persons are named, to the team all. */
    assert_json(told_in(w->shared, "not_needed"), "['jun']");
    assert_json(told_in(w->internal, "not_needed"), "['jun', 'zhao']");
    world_free(w);
}

static void
test_a20_not_needed_are_shown_to_whoever_may_see_them(void **state)
{
    struct world *w = asking(EVERYBODY, "");
    json_t *round;

    (void)state;
    assert_ok(w, say(w, "wang", "approve"));
    assert_ok(w, say(w, "zhao", "approve"));
    assert_shown(w, "li", view_all, "not_needed", "['jun', 'mei']");
    assert_shown(
        w, "li", view_all, "ended",
        "{'outcome': 'approved', 'at': '2026-01-05T09:00:00+08:00', 'outcome_title': 'approved'}");
    assert_shown(w, "li", explained, "not_needed", "['jun', 'mei']");
    assert_shown(w, "mei", view_shared, "not_needed", "['jun', 'mei']");
    assert_shown(w, "mei", view_shared, "ballots", "[]");
    world_free(w);
    w = asking("{'kind': 'at_least', 'n': 1, 'who': ['ccb', 'client'], 'nobody': 'reject'}", "");
    assert_ok(w, say(w, "mei", "approve"));
    assert_shown(w, "li", explained, "not_needed", "['jun', 'wang', 'zhao']");
    assert_shown(w, "mei", view_shared, "not_needed", "['jun']");
    assert_shown(w, "mei", explained, "not_needed", "['jun']");
    round = shown(w, "li", explained, 0);
    assert_string_equal(
        sgn_json_str(json_array_get(json_object_get(round, "ballots"), 0), "person"), "mei");
    json_decref(round);
    world_free(w);
}

/* Whoever defers ends it for all others; whose turn has not come was never asked. */
static void
test_a20_not_needed_is_only_who_was_asked(void **state)
{
    static const char rule[] = "{'kind': 'in_order', 'rules': [" ONE("ccb") ", " ONE("pm") "]}";
    struct world *w = asking(rule, "");

    (void)state;
    assert_ok(w, say_why(w, "zhao", "defer", "later"));
    assert_json(json_object_get(round_now(w), "not_needed"), "['wang']");
    world_free(w);
    w = asking(rule, "");
    assert_ok(w, say(w, "zhao", "reject"));
    assert_ok(w, say(w, "wang", "reject"));
    assert_states(w, "['no']");
    assert_json(json_object_get(round_now(w), "eligible"), "['wang', 'zhao']");
    assert_null(json_object_get(round_now(w), "not_needed"));
    world_free(w);
    w = asking(ONE("ccb"), ""); /* leaving the state is no decision */
    assert_ok(w, world_fire(w, "li", "leave"));
    assert_null(json_object_get(round_now(w), "not_needed"));
    world_free(w);
}

static void
test_a14_in_order_whose_turn_has_come_is_told_by_name(void **state)
{
    struct world *w = asking("{'kind': 'in_order', 'rules': [" ONE("pm") ", " ONE("boss") "]}", "");

    (void)state;
    assert_null(told_in(w->internal, "asked")); /* the round begins: all of them are */
    assert_ok(w, say(w, "li", "approve"));
    assert_json(told_in(w->internal, "asked"), "['zhao']");
    assert_null(json_object_get(round_now(w), "left"));
    world_free(w);
}

static void
of_roles(struct world *w, const char *person, const char *roles)
{
    json_t *members = json_object_get(json_object_get(w->facts, "project:acme"), "members");

    json_object_set_new(json_object_get(members, person), "roles", json(roles));
}

/* Seen by the next command, whatever it is; a return is seen as well. */
static void
test_a25_who_left_is_marked_until_they_are_back(void **state)
{
    struct world *w = asking("{'kind': 'at_least', 'n': 2, 'who': ['ccb', 'client'],"
                             " 'nobody': 'reject'}",
                             "");
    json_t *round;

    (void)state;
    assert_ok(w, say(w, "wang", "approve"));
    of_roles(w, "wang", "['engineer']");
    assert_ok(w, world_do(w, CORE_COMMENT, "li", "{'text': 'hm'}"));
    assert_ok(w, set_cost(w, "50"));
    assert_json(json_object_get(round_now(w), "left"), "['wang']");
    assert_json(told_in(w->internal, "left"), "['wang']");
    assert_null(told_in(w->shared, "left"));
    assert_shown(w, "li", explained, "left", "['wang']");
    assert_shown(w, "mei", view_shared, "left", "[]");
    round = shown(w, "li", view_all, 0);
    assert_json(json_object_get(round, "left"), "['wang']");
    assert_true(sgn_json_true(json_array_get(json_object_get(round, "ballots"), 0), "left"));
    json_decref(round);
    of_roles(w, "wang", "['ccb']");
    assert_ok(w, set_cost(w, "50"));
    assert_json(json_object_get(round_now(w), "left"), "[]");
    assert_ok(w, say(w, "mei", "approve"));
    assert_states(w, "['yes']"); /* his approval counts again */
    world_free(w);
}

/* With the digest that the refusal names: that of what this very person covers. */
static void
say_own(struct world *w, const char *who, const char *choice)
{
    char params[256];

    assert_refused(w, SGN_CONFLICT, say(w, who, choice));
    snprintf(params, sizeof(params), "{'choice': '%s', 'digest': '%s'}", choice,
             sgn_json_str(w->err.data, "digest"));
    assert_ok(w, world_do(w, CORE_VOTE, who, params));
}

/* Carried over into the next round, from somebody who is not asked in it. */
static void
test_a25_a_carried_ballot_of_who_left_is_marked(void **state)
{
    struct world *w = asking("{'kind': 'all_of', 'rules': [" EVERYBODY ", "
                             "{'kind': 'at_least', 'n': 1, 'who': 'pm', 'nobody': 'reject',"
                             " 'covers': ['what']}]}",
                             "");

    (void)state;
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'what': 'some'}}"));
    say_own(w, "wang", "approve");
    of_roles(w, "wang", "['engineer']");
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'what': 'more'}}"));
    assert_int_equal(sgn_json_int(round_now(w), "number", 0), 3);
    assert_int_equal(sgn_json_int(json_array_get(round_ballots(w), 0), "carried", 0), 2);
    assert_json(json_object_get(round_now(w), "left"), "['wang']");
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a20_not_needed_are_named_in_the_entry_that_ends_the_round),
        cmocka_unit_test(test_a20_not_needed_are_shown_to_whoever_may_see_them),
        cmocka_unit_test(test_a20_not_needed_is_only_who_was_asked),
        cmocka_unit_test(test_a14_in_order_whose_turn_has_come_is_told_by_name),
        cmocka_unit_test(test_a25_who_left_is_marked_until_they_are_back),
        cmocka_unit_test(test_a25_a_carried_ballot_of_who_left_is_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
