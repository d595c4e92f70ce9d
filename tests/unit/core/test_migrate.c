/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Migrations: what goes on, what ends and what begins when a case comes to another version, and
 * what leaves it where it is.
 */
#include "support/migrating.h"

#define HEAD(version)                                                                              \
    "{'name': 'change', 'key': 'CR', 'version': " version ", 'client': 'project',"                 \
    " 'roles': ['pm', 'engineer', 'ccb', 'client'], "
#define TO_2(more)         "'migrations': [{'from': [1]" more "}], "
#define ADVANCE(event, to) "'transitions': [{'on': ['" event "'], 'by': 'pm', 'to': ['" to "']}]"

static struct world *
opened(const char *model)
{
    struct world *w = world_new(model);

    assert_ok(w, world_open(w, "li", "{'fields': {}}"));
    return w;
}

static void
assert_stuck(struct world *w, enum sgn_status status, const char *reason, const char *about)
{
    const char *its = sgn_json_str(w->err.data, "reason");
    const char *of = sgn_json_str(w->err.data, "about");

    assert_int_equal(status, SGN_REFUSED);
    assert_string_equal(its != NULL ? its : "", reason);
    if (about != NULL)
        assert_string_equal(of != NULL ? of : "", about);
}

/* ---- states, owners, deadlines ---- */

#define LADDER(name)                                                                               \
    "'deadlines': [{'name': '" name "', 'duration': '10 days', 'rungs': ["                         \
    "  {'at': 50, 'actions': [{'remind': 'owner'}]},"                                              \
    "  {'late': '0', 'actions': [{'notify': 'pm'}]}]}]"

static const char *const screening =
    HEAD("1") "'states': [{'name': 'screening', 'kind': 'state', 'owner': 'pm', " LADDER(
        "screening") ","
                     "  " ADVANCE("accept", "done") "}, {'name': 'done', 'kind': 'final'}]}";

/* Renamed, with a rung put before those that have fired, one between, and half the time. */
static const char *const triage = HEAD("2") TO_2(
    ", 'states': {'screening': 'triage'}") "'states': [{'name': 'triage', 'kind': 'state', "
                                           "'owner': 'pm', "
                                           "  'deadlines': [{'name': 'triage', 'duration': '20 "
                                           "days', 'rungs': ["
                                           "    {'at': 25, 'actions': [{'remind': 'owner'}]},"
                                           "    {'at': 50, 'actions': [{'remind': 'owner'}]},"
                                           "    {'at': 75, 'actions': [{'remind': 'owner'}]},"
                                           "    {'late': '0', 'actions': [{'notify': 'pm'}]}]}],"
                                           "  " ADVANCE(
                                               "accept",
                                               "done") "}, {'name': 'done', 'kind': 'final'}]}";

static void
test_a_renamed_state_keeps_its_owner_and_its_clock(void **state)
{
    struct world *w = opened(screening);

    (void)state;
    assert_int_equal(world_advance(w, START + 6 * DAY), 1);
    assert_ok(w, migrate(w, triage));
    assert_string_equal(w->kind, "migrate");
    assert_states(w, "['triage']");
    assert_json(json_object_get(w->row, "owners"), "{'triage': 'li'}");
    assert_json(json_object_get(w->row, "visits"), "{'triage': 1}");
    assert_int_equal(sgn_json_int(w->row, "version", 0), 2);
    assert_string_equal(sgn_json_str(w->row, "rules"), w->model->digest);
    assert_true(sgn_json_int(world_deadline(w, "triage"), "due", 0) == START + 20 * DAY);
    assert_json(report_of(w, "was"), "['screening']");
    world_free(w);
}

/* 50 % has fired; 25 % would have come before it; 75 % and the end are still to come. */
static void
test_rungs_that_have_fired_do_not_fire_again(void **state)
{
    struct world *w = opened(screening);

    (void)state;
    assert_int_equal(world_advance(w, START + 6 * DAY), 1);
    assert_ok(w, migrate(w, triage));
    assert_int_equal(world_advance(w, START + 14 * DAY), 0);
    assert_int_equal(world_advance(w, START + 15 * DAY), 1);
    assert_json(json_object_get(json_object_get(w->internal, "event"), "rung"), "'75%'");
    assert_int_equal(world_advance(w, START + 100 * DAY), 1);
    world_free(w);
}

static void
test_a_deadline_that_is_short_now_says_what_fires_at_once(void **state)
{
    struct world *w = opened(screening);

    (void)state;
    assert_int_equal(world_advance(w, START + 6 * DAY), 1);
    assert_ok(
        w,
        migrate(w, HEAD("2") TO_2(
                       "") "'states': [{'name': 'screening', 'kind': 'state', 'owner': 'pm',"
                           "  'deadlines': [{'name': 'screening', 'duration': '2 days', 'rungs': ["
                           "    {'late': '0', 'actions': [{'notify': 'pm'}]}]}]}]}"));
    {
        json_t *item = json_array_get(report_of(w, "deadlines"), 0);

        assert_string_equal(sgn_json_str(item, "what"), "moved");
        assert_string_equal(sgn_json_str(item, "at_once"), "late 0");
        assert_true(sgn_json_int(item, "was", 0) == START + 10 * DAY);
        assert_true(sgn_json_int(item, "due", 0) == START + 2 * DAY);
    }
    assert_int_equal(world_advance(w, w->now), 1);
    world_free(w);
}

/* One goes, one stays with its timer, one is new and starts now. */
static void
test_deadlines_appear_and_vanish_by_their_names(void **state)
{
    struct world *w =
        opened(HEAD("1") "'states': [{'name': 's', 'kind': 'state', 'transitions': ["
                         "   {'kind': 'after', 'after': '8 days', 'to': ['done']}],"
                         "  'deadlines': [{'name': 'old', 'duration': '1 day', 'rungs': []},"
                         "                {'name': 'both', 'duration': '3 days', 'rungs': []}]},"
                         "  {'name': 'done', 'kind': 'final'}]}");

    (void)state;
    w->now += HOUR;
    assert_ok(
        w,
        migrate(w, HEAD("2") TO_2(
                       "") "'states': [{'name': 's', 'kind': 'state', 'transitions': ["
                           "   {'on': ['x'], 'by': 'pm', 'to': ['done']},"
                           "   {'kind': 'after', 'after': '9 days', 'to': ['done']}],"
                           "  'deadlines': [{'name': 'new', 'duration': '1 day', 'rungs': []},"
                           "                {'name': 'both', 'duration': '3 days', 'rungs': []}]},"
                           "  {'name': 'done', 'kind': 'final'}]}"));
    assert_null(world_deadline(w, "old"));
    assert_true(sgn_json_int(world_deadline(w, "both"), "due", 0) == START + 3 * DAY);
    assert_true(sgn_json_int(world_deadline(w, "new"), "due", 0) == START + HOUR + DAY);
    assert_true(sgn_json_int(world_deadline(w, "after.s.1"), "due", 0) == START + 9 * DAY);
    assert_int_equal(json_array_size(report_of(w, "deadlines")), 3);
    assert_int_equal(world_advance(w, START + 9 * DAY), 1);
    assert_states(w, "['done']");
    world_free(w);
}

#define SPENT(version, more)                                                                       \
    HEAD(version)                                                                                  \
    more "'fields': [{'name': 'go', 'type': 'flag', 'shared': true}],"                             \
         "'states': [{'name': 's', 'kind': 'state', 'transitions': ["                              \
         "   {'kind': 'after', 'after': '1 day', 'when': {'field': 'go', 'is': true}, 'to': "      \
         "['done']},"                                                                              \
         "   {'on': ['answer'], 'by': 'pm'}],"                                                     \
         "  'deadlines': [{'name': 'answer', 'duration': '5 days', 'until': 'answer', 'rungs': ["  \
         "     {'late': '0', 'actions': [{'remind': 'pm'}]}]}]},"                                  \
         "  {'name': 'done', 'kind': 'final'}]}"

static void
test_what_is_spent_or_over_is_not_armed_again(void **state)
{
    struct world *w = opened(SPENT("1", ""));

    (void)state;
    assert_ok(w, world_fire(w, "li", "answer"));
    assert_null(world_deadline(w, "answer"));
    assert_int_equal(world_advance(w, START + 2 * DAY), 1);
    assert_ok(w, migrate(w, SPENT("2", TO_2(""))));
    assert_null(world_deadline(w, "answer"));
    assert_int_equal(world_advance(w, START + 60 * DAY), 0);
    assert_states(w, "['s']");
    world_free(w);
}

/* A repeat that is new does not make up for the weeks before it. */
static void
test_new_repeats_begin_with_the_next(void **state)
{
    struct world *w = opened(screening);

    (void)state;
    assert_int_equal(world_advance(w, START + 15 * DAY + HOUR), 2);
    assert_ok(
        w,
        migrate(w,
                HEAD("2") TO_2(
                    "") "'states': [{'name': 'screening', 'kind': 'state', 'owner': 'pm',"
                        "  'deadlines': [{'name': 'screening', 'duration': '10 days', 'rungs': ["
                        "    {'late': '0', 'actions': [{'notify': 'pm'}]},"
                        "    {'again': '1 day', 'most': 7, 'actions': [{'remind': 'pm'}]}]}]}]}"));
    assert_int_equal(world_advance(w, START + 15 * DAY + 2 * HOUR), 0);
    assert_int_equal(world_advance(w, START + 16 * DAY), 1);
    assert_int_equal(world_advance(w, START + 60 * DAY), 1);
    world_free(w);
}

/* ---- rounds ---- */

#define ROUND(version, more, covers, n, who)                                                       \
    HEAD(version)                                                                                  \
    more "'fields': [{'name': 'cost', 'type': 'number', 'shared': true},"                          \
         "   {'name': 'days', 'type': 'number', 'shared': true}],"                                 \
         " 'states': [{'name': 'deciding', 'kind': 'state', 'edit': [{'who': 'pm', 'fields': "     \
         "'all'}],"                                                                                \
         "   'approval': {'covers': [" covers "], 'outcomes': ['approved', 'rejected'],"           \
         "     'rule': {'kind': 'at_least', 'n': " n ", 'who': " who ", 'nobody': 'reject'}},"     \
         "   'transitions': [{'kind': 'approval', 'outcome': 'approved', 'to': ['yes']},"          \
         "                   {'kind': 'approval', 'outcome': 'rejected', 'to': ['no']}]},"         \
         "  {'name': 'yes', 'kind': 'final'}, {'name': 'no', 'kind': 'final'}]}"

static json_t *
the_round(struct world *w)
{
    return json_object_get(json_object_get(w->row, "rounds"), "deciding");
}

static enum sgn_status
say(struct world *w, const char *who, const char *choice)
{
    char params[256];

    snprintf(params, sizeof(params), "{'choice': '%s', 'digest': '%s'}", choice,
             sgn_json_str(the_round(w), "digest"));
    return world_do(w, CORE_VOTE, who, params);
}

/* Two of three have voted. */
static struct world *
voted(void)
{
    struct world *w = world_new(ROUND("1", "", "'cost'", "3", "['pm', 'ccb']"));

    assert_ok(w, world_open(w, "li", "{'fields': {'cost': 5, 'days': 1}}"));
    assert_ok(w, say(w, "li", "approve"));
    w->now += HOUR;
    assert_ok(w, say(w, "wang", "approve"));
    w->now += HOUR;
    return w;
}

static void
test_ballots_stand_while_their_givers_are_asked_the_same(void **state)
{
    struct world *w = voted();
    char digest[65];

    (void)state;
    snprintf(digest, sizeof(digest), "%s",
             sgn_json_str(json_array_get(json_object_get(the_round(w), "ballots"), 0), "digest"));
    assert_ok(w, migrate(w, ROUND("2", TO_2(""), "'cost'", "3", "['pm', 'ccb']")));
    assert_json(report_of(w, "ballots"),
                "[{'approval': 'deciding', 'person': 'li', 'choice': 'approve', 'kept': true},"
                " {'approval': 'deciding', 'person': 'wang', 'choice': 'approve', 'kept': true}]");
    assert_int_equal(sgn_json_int(the_round(w), "number", 0), 2);
    /* What they signed is what it was, and says under which rules. */
    assert_string_equal(
        sgn_json_str(json_array_get(json_object_get(the_round(w), "ballots"), 0), "digest"),
        digest);
    assert_states(w, "['deciding']");
    assert_ok(w, say(w, "zhao", "approve"));
    assert_states(w, "['yes']");
    assert_int_equal(json_array_size(json_object_get(w->shared, "decided")), 3);
    world_free(w);
}

/* The old ballots are compared under their own rules ever after. */
static void
test_a_carried_ballot_is_still_bound_to_what_it_covers(void **state)
{
    struct world *w = voted();

    (void)state;
    assert_ok(w, migrate(w, ROUND("2", TO_2(""), "'cost'", "3", "['pm', 'ccb']")));
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'days': 9}}"));
    assert_int_equal(sgn_json_int(the_round(w), "number", 0), 2);
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'cost': 9}}"));
    assert_int_equal(sgn_json_int(the_round(w), "number", 0), 3);
    assert_false(
        sgn_json_true(json_array_get(json_object_get(the_round(w), "ballots"), 0), "standing"));
    world_free(w);
}

static void
test_ballots_are_void_when_more_is_asked_or_somebody_else(void **state)
{
    struct world *w = voted();

    (void)state;
    assert_ok(w, migrate(w, ROUND("2", TO_2(""), "'cost', 'days'", "3", "['pm', 'ccb']")));
    assert_json(report_of(w, "ballots"),
                "[{'approval': 'deciding', 'person': 'li', 'choice': 'approve', 'kept': false},"
                " {'approval': 'deciding', 'person': 'wang', 'choice': 'approve', 'kept': false}]");
    world_free(w);
    w = voted();
    assert_ok(w, migrate(w, ROUND("2", TO_2(""), "'cost'", "2", "'ccb'")));
    assert_json(report_of(w, "ballots"),
                "[{'approval': 'deciding', 'person': 'li', 'choice': 'approve', 'kept': false},"
                " {'approval': 'deciding', 'person': 'wang', 'choice': 'approve', 'kept': true}]");
    assert_ok(w, say(w, "zhao", "approve"));
    assert_states(w, "['yes']");
    world_free(w);
}

/* Fewer are needed now: the two decide it, in the same entry. */
static void
test_a_rule_that_the_ballots_fulfil_decides_at_once(void **state)
{
    struct world *w = voted();

    (void)state;
    assert_ok(w, migrate(w, ROUND("2", TO_2(""), "'cost'", "2", "['pm', 'ccb']")));
    assert_states(w, "['yes']");
    assert_json(json_object_get(w->row, "outcome"), "'yes'");
    world_free(w);
}

/* ---- fields ---- */

static json_t *
answer_fields(int function, const char *purpose, const json_t *input)
{
    assert_int_equal(function, 1);
    assert_string_equal(purpose, "fields");
    assert_json(input, "{'fields': {'weeks': 2, 'note': 'SECRET'}, 'types': ["
                       " {'name': 'weeks', 'type': 'number'},"
                       " {'name': 'note', 'type': 'text'}]}");
    return json("{'value': {'days': 10}}");
}

static const char *const weeks =
    HEAD("1") "'fields': [{'name': 'weeks', 'type': 'number', 'shared': true},"
              "           {'name': 'note', 'type': 'text', 'shared': false}],"
              "'states': [{'name': 's', 'kind': 'state', " ADVANCE(
                  "x", "t") "},"
                            "           {'name': 't', 'kind': 'state'}]}";

static void
test_fields_are_given_by_the_function_kept_or_defaulted(void **state)
{
    struct world *w = world_new(weeks);

    (void)state;
    assert_ok(w, world_open(w, "li", "{'fields': {'weeks': 2, 'note': 'SECRET'}}"));
    w->answer = answer_fields;
    assert_ok(
        w,
        migrate(
            w, HEAD("2") TO_2(
                   ", 'fields': 1") "'functions': {'1': {'line': 1}},"
                                    "'fields': [{'name': 'days', 'type': 'number', 'shared': true},"
                                    "           {'name': 'note', 'type': 'text', 'shared': false},"
                                    "           {'name': 'class', 'type': 'choice', 'choices': "
                                    "['a', 'b'], 'default': 'b',"
                                    "            'shared': true}],"
                                    "'states': [{'name': 's', 'kind': 'state'}]}"));
    assert_json(json_object_get(w->row, "fields"), "{'days': 10, 'note': 'SECRET', 'class': 'b'}");
    assert_json(report_of(w, "changed"), "['class', 'days']");
    assert_json(report_of(w, "dropped"), "['weeks']");
    assert_json(json_object_get(w->shared, "fields"), "{'days': 10, 'class': 'b'}");
    world_free(w);
}

static void
test_fields_that_do_not_fit_leave_the_case_where_it_is(void **state)
{
    struct world *w = world_new(weeks);

    (void)state;
    assert_ok(w, world_open(w, "li", "{'fields': {'weeks': 2, 'note': 'x'}}"));
    assert_ok(w, world_fire(w, "li", "x"));
    assert_stuck(
        w,
        migrate(
            w,
            HEAD("2") TO_2(
                "") "'fields': [{'name': 'note', 'type': 'number', 'shared': false}],"
                    "'states': [{'name': 's', 'kind': 'state'}, {'name': 't', 'kind': 'state'}]}"),
        "field", "note");
    assert_stuck(
        w,
        migrate(
            w,
            HEAD("2") TO_2(
                "") "'fields': [{'name': 'why', 'type': 'text', 'shared': true, 'required': true}],"
                    "'states': [{'name': 's', 'kind': 'state'}, {'name': 't', 'kind': 'state'}]}"),
        "required", "why");
    world_free(w);
}

/* ---- states that do not fit ---- */

#define REGIONS(version, more, a, b)                                                               \
    HEAD(version)                                                                                  \
    more "'states': [{'name': 'both', 'kind': 'parallel', 'transitions': ["                        \
         "    {'kind': 'done', 'to': ['after']}], 'states': ["                                     \
         "  {'name': 'one', 'kind': 'state', 'states': [" a "]},"                                  \
         "  {'name': 'two', 'kind': 'state', 'states': [" b "]}]},"                                \
         " {'name': 'after', 'kind': 'state'}]}"

static const char *const regions = REGIONS(
    "1", "",
    "{'name': 'a', 'kind': 'state', " ADVANCE("a", "a_done") "},"
                                                             "{'name': 'a_done', 'kind': 'final'}",
    "{'name': 'b', 'kind': 'state'}, {'name': 'b_done', 'kind': 'final'}");

static void
test_states_without_counterpart_or_that_do_not_fit_are_stuck(void **state)
{
    struct world *w = opened(regions);

    (void)state;
    assert_stuck(w, migrate(w, HEAD("2") TO_2("") "'states': [{'name': 'a', 'kind': 'state'}]}"),
                 "state", "b");
    assert_stuck(w,
                 migrate(w, HEAD("2") TO_2("") "'states': [{'name': 'a', 'kind': 'state'},"
                                               "           {'name': 'b', 'kind': 'state'}]}"),
                 "together", "b");
    assert_stuck(w, migrate(w, HEAD("2") "'states': [{'name': 'a', 'kind': 'state'}]}"),
                 "no_migration", NULL);
    assert_states(w, "['a', 'b']");
    world_free(w);
}

/* Two regions become one state; a state around names what its leaves become. */
static void
test_regions_may_become_one_state(void **state)
{
    struct world *w = opened(regions);

    (void)state;
    assert_ok(
        w, migrate(w, HEAD("2") TO_2(
                          ", 'states': {'both': 'together'}") "'states': [{'name': 'together', "
                                                              "'kind': 'state', 'owner': 'pm'}]}"));
    assert_states(w, "['together']");
    assert_json(json_object_get(w->row, "visits"), "{'together': 1}");
    world_free(w);
}

/* The region that was not done is gone: what is left is complete, and that is told. */
static void
test_completion_that_is_new_leads_on(void **state)
{
    struct world *w = opened(regions);

    (void)state;
    assert_ok(w, world_fire(w, "li", "a"));
    assert_states(w, "['a_done', 'b']");
    assert_ok(w, migrate(w, REGIONS("2", TO_2(", 'states': {'b': 'b_done'}"),
                                    "{'name': 'a_done', 'kind': 'final'}",
                                    "{'name': 'b_done', 'kind': 'final'}")));
    assert_states(w, "['after']");
    world_free(w);
}

/* A state that holds others now is entered as it begins. */
static void
test_a_state_that_has_become_larger_begins_inside(void **state)
{
    struct world *w = opened(screening);

    (void)state;
    assert_ok(
        w,
        migrate(
            w,
            HEAD("2") TO_2(
                "") "'states': [{'name': 'screening', 'kind': 'state', 'owner': 'pm', 'states': ["
                    "   {'name': 'first', 'kind': 'state', 'tasks': [{'name': 'look', 'by': "
                    "'pm'}]}]}]}"));
    assert_states(w, "['first']");
    assert_json(json_object_get(w->shared, "entered"), "['first']");
    assert_json(json_object_get(w->row, "visits"), "{'screening': 1, 'first': 1}");
    world_free(w);
}

static void
test_a_history_is_kept_or_forgotten(void **state)
{
    static const char *const held = HEAD(
        "1") "'states': [{'name': 'work', 'kind': 'state', 'states': ["
             "   {'name': 'x', 'kind': 'state', " ADVANCE(
                 "go", "y") "}, {'name': 'y', 'kind': 'state'},"
                            "   {'name': 'h', 'kind': 'history', 'start': ['x']}],"
                            "   'transitions': [{'on': ['hold'], 'by': 'pm', 'to': ['wait']}]},"
                            " {'name': 'wait', 'kind': 'state'}]}";
    struct world *w = opened(held);

    (void)state;
    assert_ok(w, world_fire(w, "li", "go"));
    assert_ok(w, world_fire(w, "li", "hold"));
    assert_json(json_object_get(w->row, "history"), "{'h': ['y']}");
    assert_ok(
        w,
        migrate(
            w,
            HEAD("2") TO_2(
                ", 'states': {'y': 'z'}") "'states': [{'name': 'work', 'kind': 'state', 'states': ["
                                          "   {'name': 'x', 'kind': 'state'}, {'name': 'z', "
                                          "'kind': 'state'},"
                                          "   {'name': 'h', 'kind': 'history', 'start': ['x']}]},"
                                          " {'name': 'wait', 'kind': 'state', " ADVANCE(
                                              "resume", "h") "}]}"));
    assert_ok(w, world_fire(w, "li", "resume"));
    assert_states(w, "['z']");
    world_free(w);
    w = opened(held);
    assert_ok(w, world_fire(w, "li", "hold"));
    assert_ok(w, migrate(w, HEAD("2") TO_2("") "'states': [{'name': 'wait', 'kind': 'state'}]}"));
    assert_json(report_of(w, "forgotten"), "['h']");
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_renamed_state_keeps_its_owner_and_its_clock),
        cmocka_unit_test(test_rungs_that_have_fired_do_not_fire_again),
        cmocka_unit_test(test_a_deadline_that_is_short_now_says_what_fires_at_once),
        cmocka_unit_test(test_deadlines_appear_and_vanish_by_their_names),
        cmocka_unit_test(test_what_is_spent_or_over_is_not_armed_again),
        cmocka_unit_test(test_new_repeats_begin_with_the_next),
        cmocka_unit_test(test_ballots_stand_while_their_givers_are_asked_the_same),
        cmocka_unit_test(test_a_carried_ballot_is_still_bound_to_what_it_covers),
        cmocka_unit_test(test_ballots_are_void_when_more_is_asked_or_somebody_else),
        cmocka_unit_test(test_a_rule_that_the_ballots_fulfil_decides_at_once),
        cmocka_unit_test(test_fields_are_given_by_the_function_kept_or_defaulted),
        cmocka_unit_test(test_fields_that_do_not_fit_leave_the_case_where_it_is),
        cmocka_unit_test(test_states_without_counterpart_or_that_do_not_fit_are_stuck),
        cmocka_unit_test(test_regions_may_become_one_state),
        cmocka_unit_test(test_completion_that_is_new_leads_on),
        cmocka_unit_test(test_a_state_that_has_become_larger_begins_inside),
        cmocka_unit_test(test_a_history_is_kept_or_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
