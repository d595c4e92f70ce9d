/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Large and spiteful models: the work grows with the model, not with its combinations.
 *
 * Times are of a build with sanitizers, several times slower than what is shipped, and generous: a
 * minute of work would be noticed, a busy machine not.
 */
#include "check_support.h"

#include <time.h>

#define SECONDS_MOST 5.0

static double
seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Parses a model and looks at it; the time of the look alone. Gives how much was found. */
static size_t
look_at(json_t *json_take, double *took)
{
    struct model *model = NULL;
    struct sgn_error err = { 0 };
    json_t *findings = json_array();
    size_t n;

    if (model_parse(json_take, NULL, &model, &err) != SGN_OK)
        fail_msg("model: %s", err.message);
    *took = seconds();
    assert_int_equal(check_model(model, NULL, NULL, NULL, findings, &err), SGN_OK);
    *took = seconds() - *took;
    print_message("  %zu findings in %.2f s\n", json_array_size(findings), *took);
    n = json_array_size(findings);
    json_decref(findings);
    model_free(model);
    json_decref(json_take);
    return n;
}

static json_t *
model_of(json_t *states_take, json_t *fields_take)
{
    return json_pack("{s:s, s:s, s:i, s:[s, s, s], s:o, s:o}", "name", "big", "key", "BG",
                     "version", 1, "roles", "pm", "sponsor", "client", "fields", fields_take,
                     "states", states_take);
}

/* A chain whose document order is against it, so that nothing is found in one pass. */
static void
test_a_thousand_states_take_no_time(void **state)
{
    json_t *states = json_array(), *fields = json_array();
    double took;
    char name[16], to[16], field[16];

    (void)state;
    json_array_append_new(states, json_pack("{s:s, s:s, s:[{s:s, s:[s], s:s, s:[s]}]}", "name", "s",
                                            "kind", "state", "transitions", "kind", "event", "on",
                                            "go", "by", "pm", "to", "s1000"));
    for (int i = 1; i <= 1000; i++) {
        snprintf(name, sizeof name, "s%d", i);
        snprintf(to, sizeof to, i == 1 ? "done" : "s%d", i - 1);
        snprintf(field, sizeof field, "f%d", i);
        json_array_append_new(
            fields, json_pack("{s:s, s:s, s:b}", "name", field, "type", "text", "shared", 1));
        json_array_append_new(
            states, json_pack("{s:s, s:s, s:s, s:[{s:s, s:[s], s:s, s:[s], s:[s], s:[s]}, {s:s, "
                              "s:[s], s:s, s:[s]}]}",
                              "name", name, "kind", "state", "owner", "pm", "transitions", "kind",
                              "event", "on", "go", "by", "pm", "takes", field, "needs", field, "to",
                              to, "kind", "event", "on", "back", "by", "sponsor", "to", "s"));
    }
    json_array_append_new(states, json_pack("{s:s, s:s}", "name", "done", "kind", "final"));
    assert_int_equal(look_at(model_of(states, fields), &took), 0);
    assert_true(took < SECONDS_MOST);
}

/* Every transition with every other one: the same event, under conditions on one field. */
static void
test_many_conditions_on_one_event_end(void **state)
{
    json_t *states = json_array(), *list = json_array();
    double took;

    (void)state;
    for (int i = 0; i < 2000; i++)
        json_array_append_new(list, json_pack("{s:s, s:[s], s:s, s:{s:s, s:i}, s:[s]}", "kind",
                                              "event", "on", "go", "by", "pm", "when", "field", "n",
                                              "above", 4000 - i, "to", "done"));
    json_array_append_new(
        states, json_pack("{s:s, s:s, s:o}", "name", "s", "kind", "state", "transitions", list));
    json_array_append_new(states, json_pack("{s:s, s:s}", "name", "done", "kind", "final"));
    (void)look_at(model_of(states, json_pack("[{s:s, s:s, s:b}]", "name", "n", "type", "number",
                                             "shared", 1)),
                  &took);
    assert_true(took < SECONDS_MOST);
}

/* A rule of two thousand rules, each with its condition, its exclusion and a person of its own. */
static void
test_an_approval_of_thousands_ends(void **state)
{
    json_t *states = json_array(), *rules = json_array();
    double took;
    char key[16];

    (void)state;
    for (int i = 0; i < 2000; i++) {
        snprintf(key, sizeof key, "p%d", i);
        json_array_append_new(
            rules, json_pack("{s:s, s:i, s:[{s:s}, s], s:{s:s, s:i}, s:[{s:s}], s:s}", "kind",
                             "at_least", "n", 1, "who", "person", key, "pm", "when", "field", "n",
                             "above", i, "exclude", "group", key, "nobody", "reject"));
    }
    json_array_append_new(
        states, json_pack("{s:s, s:s, s:{s:{s:s, s:o}, s:[s, s]}, s:[{s:s, s:s, s:[s]}, {s:s, s:s, "
                          "s:[s]}]}",
                          "name", "s", "kind", "state", "approval", "rule", "kind", "all_of",
                          "rules", rules, "outcomes", "approved", "rejected", "transitions", "kind",
                          "approval", "outcome", "approved", "to", "done", "kind", "approval",
                          "outcome", "rejected", "to", "done"));
    json_array_append_new(states, json_pack("{s:s, s:s}", "name", "done", "kind", "final"));
    (void)look_at(model_of(states, json_pack("[{s:s, s:s, s:b}]", "name", "n", "type", "number",
                                             "shared", 1)),
                  &took);
    assert_true(took < SECONDS_MOST);
}

/* Conditions nested as deeply as a model may be, compared with each other. */
static json_t *
nested(int depth, int which)
{
    json_t *inner = json_pack("{s:s, s:i}", "field", "n", "above", which);

    for (int i = 0; i < depth; i++) {
        json_t *beside = json_pack("{s:s, s:i}", "field", "n", "is", i);

        inner = json_pack("{s:[o, o]}", (i + which) % 2 ? "all" : "any", beside, inner);
    }
    return inner;
}

static void
test_deep_conditions_end(void **state)
{
    json_t *states = json_array(), *list = json_array();
    double took;

    (void)state;
    for (int i = 0; i < 40; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:[s], s:s, s:o, s:[s]}", "kind", "event", "on",
                                        "go", "by", "pm", "when", nested(25, i % 2), "to", "done"));
    json_array_append_new(
        states, json_pack("{s:s, s:s, s:o}", "name", "s", "kind", "state", "transitions", list));
    json_array_append_new(states, json_pack("{s:s, s:s}", "name", "done", "kind", "final"));
    (void)look_at(model_of(states, json_pack("[{s:s, s:s, s:b}]", "name", "n", "type", "number",
                                             "shared", 1)),
                  &took);
    assert_true(took < SECONDS_MOST);
}

/* An answer comes from another process: whatever it holds, it is looked at and nothing breaks; what
 * is no mistake counts as an error. */
static void
test_answers_of_a_stranger_break_nothing(void **state)
{
    static const char *const answers[] = {
        "{}",
        "[]",
        "{\"mistakes\": 5, \"workflows\": [], \"remarks\": \"x\"}",
        "{\"mistakes\": [5, {}, null], \"workflows\": {\"w\": 5, \"v\": {\"file\": 7}}}",
        "{\"workflows\": {\"w\": {\"file\": \"f\", \"model\": {}, \"functions\": [[\"go\"]]}},"
        " \"remarks\": {\"f\": [5, {\"line\": 1, \"alone\": true}, {\"text\": \"allow :\"}]}}",
        "{\"workflows\": {\"w\": {\"file\": \"f\", \"places\": {\"/states/1\": [\"a\", {}]}, "
        "\"functions\": {\"1\": {\"source\": \"go\"}}, \"model\": {\"name\": \"w\", \"key\": "
        "\"WW\", "
        "\"version\": 1, \"functions\": {\"1\": {\"line\": 1}}, \"states\": [{\"name\": \"a\", "
        "\"kind\": \"state\", \"transitions\": [{\"kind\": \"event\", \"on\": [\"go\"]}]}, "
        "{\"name\": \"b\", \"kind\": \"state\"}]}}}}",
    };
    static const size_t found[] = { 0, 0, 0, 1, 2, 3 };

    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        json_t *answer = json_loads(answers[i], 0, NULL), *mistakes = NULL;
        struct sgn_error err = { 0 };

        assert_non_null(answer);
        assert_int_equal(check_load(answer, &mistakes, &err), SGN_OK);
        print_message("  %zu: %zu\n", i, json_array_size(mistakes));
        assert_int_equal(json_array_size(mistakes), found[i]);
        json_decref(mistakes);
        json_decref(answer);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_thousand_states_take_no_time),
        cmocka_unit_test(test_many_conditions_on_one_event_end),
        cmocka_unit_test(test_an_approval_of_thousands_ends),
        cmocka_unit_test(test_deep_conditions_end),
        cmocka_unit_test(test_answers_of_a_stranger_break_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
