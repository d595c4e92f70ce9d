/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Foresight: what it names for each kind of chart, that it names nothing that the decision could
 * not ask for, and that being wrong costs a call and nothing else.
 *
 * [FUNCTION, PURPOSE, THEN] is a call: THEN is asked when the guard agrees, 0 for nothing.
 */
#include "support/world.h"

/* Functions 1 to 3 are guards, 4 to 6 run, 7 names zhao. What each says is the test's. */
#define HEAD                                                                                       \
    "{'name': 'seen', 'key': 'SN', 'version': 1, 'client': 'project',"                             \
    " 'roles': ['pm', 'engineer'],"                                                                \
    " 'fields': [{'name': 'cost', 'type': 'money', 'shared': true},"                               \
    "            {'name': 'count', 'type': 'number', 'shared': false},"                            \
    "            {'name': 'paper', 'type': 'file', 'shared': true}],"                              \
    " 'functions': {'1': {'line': 1, 'uses': []}, '2': {'line': 2, 'uses': ['people']},"           \
    "   '3': {'line': 3, 'uses': ['tasks', 'project']}, '4': {'line': 4, 'uses': []},"             \
    "   '5': {'line': 5, 'uses': ['ballots']}, '6': {'line': 6, 'uses': ['people']},"              \
    "   '7': {'line': 7, 'uses': []},"                                                             \
    "   '8': {'line': 8, 'uses': [], 'reads': ['c.fields.count']},"                                \
    "   '9': {'line': 9, 'uses': [], 'reads': ['e.data.cost']},"                                   \
    "   '10': {'line': 10, 'uses': [], 'reads': ['c.owner']}},"

static json_t *
value(const char *text)
{
    return json_pack("{s:o}", "value", json(text));
}

static json_t *
agree(int function, const char *purpose, const json_t *input)
{
    assert_non_null(json_object_get(json_object_get(input, "c"), "states"));
    if (strcmp(purpose, "guard") == 0)
        return value("true");
    if (strcmp(purpose, "who") == 0)
        return value("['zhao']");
    return value(function == 4 ? "[{'set': {'count': {'plus': 1}}}]" : "[{'priority': 'up'}]");
}

static json_t *
deny(int function, const char *purpose, const json_t *input)
{
    return strcmp(purpose, "guard") == 0 ? value("[false, 'no']") : agree(function, purpose, input);
}

/* The first denies, the second agrees. */
static json_t *
second(int function, const char *purpose, const json_t *input)
{
    return function == 1 ? deny(function, purpose, input) : agree(function, purpose, input);
}

static struct world *
opened(const char *states, world_answer answer)
{
    char text[8192];
    struct world *w;

    snprintf(text, sizeof text, "%s %s}", HEAD, states);
    w = world_new(text);
    w->answer = answer;
    assert_ok(w, world_open(w, "li", "{}"));
    return w;
}

/* One more of the same, decided without foresight: must come to the same row. */
static void
assert_same(const struct world *w, const json_t *before, const char *actor, const char *params,
            enum sgn_status status)
{
    struct world *other = world_new(HEAD " 'states': [{'name': 'x', 'kind': 'final'}]}");
    struct model *own = other->model;

    other->model = w->model;
    other->answer = w->answer;
    other->row = json_deep_copy(before);
    other->now = w->now;
    other->seq = w->seq;
    other->blind = true;
    assert_int_equal(world_do(other, CORE_FIRE, actor, params), status);
    assert_true(json_equal(other->row, w->row));
    other->model = own;
    world_free(other);
}

/* Fires; what was foreseen is as told, the decision had to wait for answers so often, and comes to
 * the same without foresight. */
static void
fires(struct world *w, const char *actor, const char *params, const char *foreseen, int waits,
      enum sgn_status status)
{
    json_t *before = json_deep_copy(w->row);

    assert_int_equal(world_do(w, CORE_FIRE, actor, params), status);
    assert_json(w->foreseen, foreseen);
    assert_int_equal(w->waits, waits);
    assert_same(w, before, actor, params, status);
    json_decref(before);
}

/* The same in a world of its own. */
static void
fires_once(const char *states, world_answer answer, const char *actor, const char *params,
           const char *foreseen, int waits, enum sgn_status status)
{
    struct world *w = opened(states, answer);

    fires(w, actor, params, foreseen, waits, status);
    world_free(w);
}

static const char *const plain =
    "'states': ["
    "  {'name': 'a', 'kind': 'state', 'transitions': ["
    "    {'on': ['next'], 'by': 'engineer', 'takes': ['cost', 'paper'], 'when': {'call': 1},"
    "     'run': [{'call': 4}], 'to': ['b']},"
    "    {'on': ['just'], 'by': 'engineer', 'run': [{'notify': 'pm'}, {'call': 4}], 'to': ['b']},"
    "    {'on': ['after'], 'by': 'engineer', 'run': [{'priority': 'up'}, {'call': 4}],"
    "     'to': ['b']},"
    "    {'on': ['plain'], 'by': 'engineer', 'when': {'field': 'count', 'min': 1},"
    "     'to': ['b']}]},"
    "  {'name': 'b', 'kind': 'final'}]";

static void
test_foresee_guard_and_what_runs_behind_it(void **state)
{
    struct world *w = opened(plain, agree);

    (void)state;
    fires(w, "zhao", "{'event': 'next'}", "[[1, 'guard', 4]]", 0, SGN_OK);
    assert_states(w, "['b']");
    assert_json(json_object_get(w->row, "fields"), "{'count': 1}");
    world_free(w);
    fires_once(plain, deny, "zhao", "{'event': 'next'}", "[[1, 'guard', 4]]", 0, SGN_REFUSED);
}

/* What the event carries is in the fields, in their form, before the function runs. */
static void
test_foresee_run_sees_what_the_event_carries(void **state)
{
    struct world *w = opened(plain, agree);

    (void)state;
    fires(w, "zhao", "{'event': 'next', 'data': {'cost': '7'}, 'comment': 'so'}",
          "[[1, 'guard', 4]]", 0, SGN_OK);
    assert_json(json_object_get(w->row, "fields"), "{'cost': '7.00', 'count': 1}");
    world_free(w);
    /* A value that is refused: the guard is asked before it is looked at. */
    fires_once(plain, agree, "zhao", "{'event': 'next', 'data': {'cost': 'x'}}",
               "[[1, 'guard', 0]]", 0, SGN_INVALID);
}

static void
test_foresee_run_without_a_guard(void **state)
{
    struct world *w = opened(plain, agree);

    (void)state;
    fires(w, "zhao", "{'event': 'just'}", "[[4, 'run', 0]]", 0, SGN_OK);
    world_free(w);
    /* Behind a change that it would see it is not named; the decision asks. */
    w = opened(plain, agree);
    fires(w, "zhao", "{'event': 'after'}", "[]", 1, SGN_OK);
    assert_json(json_object_get(w->row, "priority"), "'high'");
    world_free(w);
}

static void
test_foresee_nothing_for_what_is_refused_anyway(void **state)
{
    struct world *w = opened(plain, agree);

    (void)state;
    /* The refusal asks for the reason. */
    fires(w, "li", "{'event': 'next'}", "[]", 1, SGN_FORBIDDEN);
    fires(w, "out", "{'event': 'next'}", "[]", 1, SGN_FORBIDDEN);
    fires(w, "zhao", "{'event': 'none'}", "[]", 0, SGN_NOT_NOW);
    fires(w, "zhao", "{'event': 'done.state.a'}", "[]", 0, SGN_INVALID);
    fires(w, "zhao", "{'event': 'next', 'expect': 77}", "[]", 0, SGN_CONFLICT);
    fires(w, "zhao", "{'event': 'plain'}", "[]", 0, SGN_NOT_NOW);
    assert_ok(w, world_fire(w, "zhao", "next"));
    fires(w, "zhao", "{'event': 'next'}", "[]", 0, SGN_NOT_NOW); /* it has ended */
    world_free(w);
}

/* Each with what it runs, and only as far as a guard could lead. */
static void
test_foresee_next_transition_when_a_guard_denies(void **state)
{
    static const char *const states =
        "'states': ["
        "  {'name': 'a', 'kind': 'state', 'transitions': ["
        "    {'on': ['next'], 'by': 'pm', 'when': {'call': 3}, 'to': ['b']},"
        "    {'on': ['next'], 'by': 'engineer', 'when': {'call': 1}, 'run': [{'call': 4}],"
        "     'to': ['b']},"
        "    {'on': ['next'], 'by': 'engineer', 'when': {'call': 2}, 'run': [{'call': 6}],"
        "     'to': ['c']},"
        "    {'on': ['next'], 'by': 'engineer', 'to': ['b'], 'run': [{'call': 5}]},"
        "    {'on': ['next'], 'by': 'engineer', 'when': {'call': 3}, 'to': ['c']}]},"
        "  {'name': 'b', 'kind': 'final'}, {'name': 'c', 'kind': 'final'}]";
    struct world *w = opened(states, agree);

    (void)state;
    fires(w, "zhao", "{'event': 'next'}", "[[1, 'guard', 4], [2, 'guard', 6]]", 0, SGN_OK);
    assert_states(w, "['b']");
    world_free(w);
    w = opened(states, second);
    fires(w, "zhao", "{'event': 'next'}", "[[1, 'guard', 4], [2, 'guard', 6]]", 0, SGN_OK);
    assert_states(w, "['c']");
    world_free(w);
    /* Both deny: the third, which asks nobody, runs what was not foreseen. */
    w = opened(states, deny);
    fires(w, "zhao", "{'event': 'next'}", "[[1, 'guard', 4], [2, 'guard', 6]]", 1, SGN_OK);
    assert_states(w, "['b']");
    world_free(w);
}

static void
test_foresee_conditions_around_a_guard(void **state)
{
    static const char *const states =
        "'states': ["
        "  {'name': 'a', 'kind': 'state', 'transitions': ["
        "    {'on': ['all'], 'by': 'pm', 'when': {'all': [{'field': 'count', 'min': 1},"
        "     {'call': 1}]}, 'run': [{'call': 4}], 'to': ['b']},"
        "    {'on': ['any'], 'by': 'pm', 'when': {'any': [{'field': 'count', 'filled': true},"
        "     {'call': 1}]}, 'run': [{'call': 4}], 'to': ['b']},"
        "    {'on': ['no'], 'by': 'pm', 'when': {'not': {'call': 1}}, 'run': [{'call': 4}],"
        "     'to': ['b']},"
        "    {'on': ['two'], 'by': 'pm', 'when': {'all': [{'call': 1}, {'call': 2}]},"
        "     'run': [{'call': 4}], 'to': ['b']},"
        "    {'on': ['set'], 'by': 'pm', 'takes': ['count']}]},"
        "  {'name': 'b', 'kind': 'final'}]";
    struct world *w = opened(states, agree);

    (void)state;
    fires(w, "li", "{'event': 'all'}", "[]", 0, SGN_NOT_NOW); /* denied without asking */
    fires(w, "li", "{'event': 'no'}", "[[1, 'guard', 0]]", 0, SGN_NOT_NOW);
    fires(w, "li", "{'event': 'any'}", "[[1, 'guard', 4]]", 0, SGN_OK);
    world_free(w);
    fires_once(states, agree, "li", "{'event': 'two'}",
               "[[1, 'guard', 0], [2, 'guard', 0], [4, 'run', 0]]", 0, SGN_OK);
    w = opened(states, deny);
    assert_ok(w, world_do(w, CORE_FIRE, "li", "{'event': 'set', 'data': {'count': 1}}"));
    fires(w, "li", "{'event': 'all'}", "[[1, 'guard', 4]]", 0, SGN_REFUSED);
    fires(w, "li", "{'event': 'any'}", "[[4, 'run', 0]]", 0, SGN_OK); /* the field is enough */
    world_free(w);
    w = opened(states, deny);
    /* It denies, so "no" holds; what runs then is asked by the decision. */
    fires(w, "li", "{'event': 'no'}", "[[1, 'guard', 0]]", 1, SGN_OK);
    world_free(w);
}

/* Who may is said by a function: it is asked together with the guard. */
static void
test_foresee_who_may(void **state)
{
    static const char *const states =
        "'states': ["
        "  {'name': 'a', 'kind': 'state', 'transitions': ["
        "    {'on': ['next'], 'by': {'call': 7}, 'when': {'call': 1}, 'run': [{'call': 4}],"
        "     'to': ['b']}]},"
        "  {'name': 'b', 'kind': 'final'}]";
    (void)state;
    fires_once(states, agree, "zhao", "{'event': 'next'}", "[[7, 'who', 0], [1, 'guard', 0]]", 1,
               SGN_OK);
}

/* Two regions listen: what the second runs sees what the first did, so that only the guards are
 * told. One region: the other's state is still active when it runs. */
static void
test_foresee_parallel_regions(void **state)
{
    static const char *const states =
        "'states': [{'name': 'p', 'kind': 'parallel', 'states': ["
        "  {'name': 'r1', 'kind': 'state', 'states': [{'name': 'a1', 'kind': 'state',"
        "    'transitions': [{'on': ['both'], 'by': 'pm', 'when': {'call': 1},"
        "      'run': [{'call': 4}], 'to': ['b1']},"
        "     {'on': ['one'], 'by': 'pm', 'when': {'call': 2}, 'run': [{'call': 6}],"
        "      'to': ['b1']}]}, {'name': 'b1', 'kind': 'state'}]},"
        "  {'name': 'r2', 'kind': 'state', 'states': [{'name': 'a2', 'kind': 'state',"
        "    'transitions': [{'on': ['both'], 'by': 'pm', 'when': {'call': 3},"
        "      'run': [{'call': 5}], 'to': ['b2']}]}, {'name': 'b2', 'kind': 'state'}]}]}]";
    struct world *w = opened(states, agree);

    (void)state;
    fires(w, "li", "{'event': 'one'}", "[[2, 'guard', 6]]", 0, SGN_OK);
    assert_states(w, "['b1', 'a2']");
    world_free(w);
    w = opened(states, agree);
    fires(w, "li", "{'event': 'both'}", "[[1, 'guard', 0], [3, 'guard', 0]]", 2, SGN_OK);
    assert_states(w, "['b1', 'b2']");
    world_free(w);
}

/* What is left before it runs: owners go with their states; content that changes nothing that a
 * function sees is passed over, any other ends it. */
static void
test_foresee_states_that_are_left(void **state)
{
    static const char *const states =
        "'states': ["
        "  {'name': 'a', 'kind': 'state', 'owner': 'pm', 'leave': [{'notify': 'pm'}],"
        "   'transitions': ["
        "    {'on': ['next'], 'by': 'pm', 'when': {'call': 2}, 'run': [{'call': 6}], 'to': ['b']},"
        "    {'on': ['stay'], 'by': 'pm', 'when': {'call': 2}, 'run': [{'call': 6}]}]},"
        "  {'name': 'b', 'kind': 'state', 'leave': [{'set': {'count': {'plus': 1}}}],"
        "   'transitions': ["
        "    {'on': ['next'], 'by': 'pm', 'when': {'call': 1}, 'run': [{'call': 4}],"
        "     'to': ['c']}]},"
        "  {'name': 'c', 'kind': 'final'}]";
    struct world *w = opened(states, agree);

    (void)state;
    fires(w, "li", "{'event': 'stay'}", "[[2, 'guard', 6]]", 0, SGN_OK);
    fires(w, "li", "{'event': 'next'}", "[[2, 'guard', 6]]", 0, SGN_OK);
    fires(w, "li", "{'event': 'next'}", "[[1, 'guard', 0]]", 1, SGN_OK);
    assert_json(json_object_get(w->row, "fields"), "{'count': 2}");
    world_free(w);
}

static json_t *
lean(int function, const char *purpose, const json_t *input)
{
    assert_null(json_object_get(json_object_get(input, "c"), "states"));
    if (strcmp(purpose, "guard") == 0)
        return value("true");
    if (function == 10)
        assert_json(json_object_get(json_object_get(input, "c"), "owner"), "'zhao'");
    return value("[{'set': {'count': {'plus': 1}}}]");
}

/* A function that reads little is given it before its transition is gone through, unless what goes
 * before it could be seen. */
static void
test_foresee_function_that_reads_little(void **state)
{
    static const char *const states =
        "'states': ["
        "  {'name': 'a', 'kind': 'state', 'owner': 'engineer', 'transitions': ["
        "    {'on': ['next'], 'by': 'engineer', 'takes': ['cost', 'count'], 'when': {'call': 9},"
        "     'run': [{'call': 8}], 'to': ['b']},"
        "    {'on': ['stay'], 'by': 'engineer', 'when': {'call': 9}, 'run': [{'call': 10}]}]},"
        "  {'name': 'b', 'kind': 'state', 'leave': [{'set': {'count': {'plus': 1}}}],"
        "   'transitions': ["
        "    {'on': ['next'], 'by': 'engineer', 'when': {'call': 9}, 'run': [{'call': 8}],"
        "     'to': ['c']}]},"
        "  {'name': 'c', 'kind': 'final'}]";
    struct world *w = opened(states, lean);

    (void)state;
    fires(w, "zhao", "{'event': 'stay'}", "[[9, 'guard', 10]]", 0, SGN_OK);
    fires(w, "zhao", "{'event': 'next', 'data': {'cost': '7'}}", "[[9, 'guard', 8]]", 0, SGN_OK);
    fires(w, "zhao", "{'event': 'next'}", "[[9, 'guard', 0]]", 1, SGN_OK);
    assert_json(json_object_get(w->row, "fields"), "{'cost': '7.00', 'count': 4}");
    world_free(w);
    fires_once(states, lean, "zhao", "{'event': 'next', 'data': {'count': 5}}", "[[9, 'guard', 8]]",
               0, SGN_OK);
}

/* Whoever acts takes what is offered, and the function sees them as its owner. */
static void
test_foresee_an_offer_that_is_taken(void **state)
{
    static const char *const states =
        "'states': ["
        "  {'name': 'a', 'kind': 'state', 'owner': 'engineer', 'transitions': ["
        "    {'on': ['stay'], 'by': 'engineer', 'when': {'call': 2}, 'run': [{'call': 6}]}]}]";
    struct world *w = opened(states, agree);

    (void)state;
    assert_true(json_is_object(json_object_get(json_object_get(w->row, "owners"), "a")));
    fires(w, "zhao", "{'event': 'stay'}", "[[2, 'guard', 6]]", 0, SGN_OK);
    assert_json(json_object_get(w->row, "owners"), "{'a': 'zhao'}");
    world_free(w);
}

/* Transitions without an event are looked at before it, by the decision as well. */
static void
test_foresee_guards_that_wait_for_no_event(void **state)
{
    static const char *const states =
        "'states': ["
        "  {'name': 'a', 'kind': 'state', 'transitions': ["
        "    {'kind': 'always', 'when': {'call': 3}, 'to': ['b']},"
        "    {'on': ['next'], 'by': 'pm', 'when': {'call': 1}, 'run': [{'call': 4}],"
        "     'to': ['b']}]},"
        "  {'name': 'b', 'kind': 'final'}]";
    (void)state;
    fires_once(states, deny, "li", "{'event': 'next'}", "[[3, 'guard', 0], [1, 'guard', 4]]", 0,
               SGN_REFUSED);
}

/* A file becomes the case's before the function runs: that is the decision's to do. */
static void
test_foresee_nothing_behind_a_file(void **state)
{
    struct world *w = opened(plain, agree);

    (void)state;
    world_fact(w, "file:f1",
               "{'sha256': '00', 'name': 'x', 'size': 1, 'type': 'text/plain',"
               " 'person': 'zhao', 'case': null}");
    assert_ok(w, world_do(w, CORE_FIRE, "zhao", "{'event': 'next', 'data': {'paper': 'f1'}}"));
    assert_json(w->foreseen, "[[1, 'guard', 0]]");
    world_free(w);
}

/* What the first transition would make the chart remember is forgotten when the second is looked
 * at: from "s" it leads to "t", and "sub" with its owner is not left. */
static void
test_foresee_leaves_what_is_remembered(void **state)
{
    static const char *const states =
        "'states': ["
        "  {'name': 'p', 'kind': 'state', 'states': ["
        "    {'name': 'sub', 'kind': 'state', 'owner': 'pm', 'states': ["
        "      {'name': 's', 'kind': 'state', 'transitions': ["
        "        {'on': ['off'], 'by': 'pm', 'when': {'call': 1}, 'run': [{'call': 4}],"
        "         'to': ['idle']},"
        "        {'on': ['off'], 'by': 'pm', 'when': {'call': 2}, 'run': [{'call': 6}],"
        "         'to': ['h']}]},"
        "      {'name': 't', 'kind': 'state'}]},"
        "    {'name': 'h', 'kind': 'history', 'start': ['t']}]},"
        "  {'name': 'idle', 'kind': 'state', 'transitions': ["
        "    {'on': ['back'], 'by': 'pm', 'when': {'call': 3}, 'run': [{'call': 4}],"
        "     'to': ['h']}]}]";
    struct world *w = opened(states, second);

    (void)state;
    fires(w, "li", "{'event': 'off'}", "[[1, 'guard', 4], [2, 'guard', 6]]", 0, SGN_OK);
    assert_states(w, "['t']");
    world_free(w);
    w = opened(states, agree);
    fires(w, "li", "{'event': 'off'}", "[[1, 'guard', 4], [2, 'guard', 6]]", 0, SGN_OK);
    fires(w, "li", "{'event': 'back'}", "[[3, 'guard', 4]]", 0, SGN_OK);
    assert_states(w, "['s']");
    world_free(w);
}

/* ---- wrong ---- */

static int n_asked;

static json_t *
counted(int function, const char *purpose, const json_t *input)
{
    n_asked++;
    return agree(function, purpose, input);
}

/* Foreseen of one row, decided of another: everything is asked anew, and nothing of the first
 * is used. */
static void
test_foresee_of_another_row_costs_only(void **state)
{
    struct world *w = opened(plain, counted);
    struct core_answers stale = { 0 };
    json_t *params = json("{'event': 'next'}"), *first;
    struct core_command command = { .kind = CORE_FIRE,
                                    .params = params,
                                    .actor = "zhao",
                                    .channel = "line",
                                    .at = START,
                                    .case_key = "CR-1" };
    struct core_known known = { .facts = w->facts, .answers = &stale };
    struct core_question question = { w->model, w->row, &command, &known, NULL };
    struct core_decision decision = { 0 };

    (void)state;
    n_asked = 0;
    world_foresee(w, &question, &stale);
    assert_int_equal(n_asked, 2);
    first = json_deep_copy(w->row);
    json_object_set_new(json_object_get(first, "fields"), "count", json_integer(5));
    question.row = first;
    assert_int_equal(core_decide(&question, &decision, &w->err), SGN_NEEDS);
    assert_int_equal(decision.calls.n, 1);
    assert_int_equal(decision.calls.items[0].function, 1);
    core_decision_deinit(&decision);
    /* Of the same row they are all it needs. */
    question.row = w->row;
    sgn_error_clear(&w->err);
    assert_int_equal(core_decide(&question, &decision, &w->err), SGN_OK);
    core_decision_deinit(&decision);
    core_answers_clear(&stale);
    json_decref(first);
    json_decref(params);
    world_free(w);
}

/* Asked and not answered is not known. */
static void
test_foresee_answers_that_are_still_to_come(void **state)
{
    struct core_answers answers = { 0 };
    struct sgn_buf input;
    int place;

    (void)state;
    sgn_buf_init(&input, 100);
    rules_put_null(&input);
    place = core_answers_expect(&answers, 1, &input);
    assert_int_equal(place, 0);
    assert_false(answers.items[0].given);
    assert_int_equal(core_answers_expect(&answers, 2, &input), 1);
    core_answers_give(&answers, place, SGN_OK, json_true(), NULL);
    assert_true(answers.items[0].given && !answers.items[1].given);
    core_answers_clear(&answers);
    assert_int_equal(answers.n, 0);
    sgn_buf_deinit(&input);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_foresee_guard_and_what_runs_behind_it),
        cmocka_unit_test(test_foresee_run_sees_what_the_event_carries),
        cmocka_unit_test(test_foresee_run_without_a_guard),
        cmocka_unit_test(test_foresee_nothing_for_what_is_refused_anyway),
        cmocka_unit_test(test_foresee_next_transition_when_a_guard_denies),
        cmocka_unit_test(test_foresee_conditions_around_a_guard),
        cmocka_unit_test(test_foresee_who_may),
        cmocka_unit_test(test_foresee_parallel_regions),
        cmocka_unit_test(test_foresee_states_that_are_left),
        cmocka_unit_test(test_foresee_function_that_reads_little),
        cmocka_unit_test(test_foresee_an_offer_that_is_taken),
        cmocka_unit_test(test_foresee_guards_that_wait_for_no_event),
        cmocka_unit_test(test_foresee_nothing_behind_a_file),
        cmocka_unit_test(test_foresee_leaves_what_is_remembered),
        cmocka_unit_test(test_foresee_of_another_row_costs_only),
        cmocka_unit_test(test_foresee_answers_that_are_still_to_come),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
