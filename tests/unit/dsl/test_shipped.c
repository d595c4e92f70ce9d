/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped workflows load without a mistake, and their models are what the engine takes. */
#include "dsl_support.h"

static const char *const names[] = { "acceptance", "change_request", "closeout", "feedback",
                                     "issue" };

static json_t *
load_shipped(void)
{
    json_t *answer = NULL, *input;
    struct sgn_error err = { 0 };

    input = json_pack("{s:s, s:{s:s}, s:o}", "team", "demo", "files", "team.lua",
                      "return team \"demo\" { timezone = \"Asia/Shanghai\", language = \"zh\",\n"
                      "use \"change_request\", use \"acceptance\", use \"feedback\",\n"
                      "use \"closeout\", use \"issue\" { group = \"support\" } }",
                      "shipped", dsl_shipped_all());
    assert_non_null(input);
    if (dsl_load(NULL, input, &answer, &err) != SGN_OK)
        fail_msg("%s", err.message);
    json_decref(input);
    return answer;
}

static void
test_shipped_are_embedded_in_order(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        assert_string_equal(dsl_shipped_name(i), names[i]);
        assert_non_null(dsl_shipped(names[i]));
    }
    assert_null(dsl_shipped_name(5));
    assert_null(dsl_shipped("nothing"));
}

static void
test_shipped_load_without_mistakes_and_parse(void **state)
{
    json_t *answer = load_shipped();

    (void)state;
    print_mistakes(answer);
    assert_int_equal(json_array_size(json_object_get(answer, "mistakes")), 0);
    for (int i = 0; i < 5; i++) {
        const json_t *version = json_object_get(json_object_get(answer, "workflows"), names[i]);
        struct sgn_error err = { 0 };
        struct model *model = NULL;

        assert_non_null(version);
        if (model_parse(json_object_get(version, "model"), json_object_get(version, "functions"),
                        &model, &err) != SGN_OK)
            fail_msg("%s: %s", names[i], err.message);
        assert_string_equal(model->name, names[i]);
        model_free(model);
    }
    json_decref(answer);
}

static void
test_shipped_have_titles_in_both_languages(void **state)
{
    json_t *answer = load_shipped();

    (void)state;
    for (int i = 0; i < 5; i++) {
        const json_t *version = json_object_get(json_object_get(answer, "workflows"), names[i]);
        struct sgn_error err = { 0 };
        struct model *model = NULL;

        assert_int_equal(model_parse(json_object_get(version, "model"),
                                     json_object_get(version, "functions"), &model, &err),
                         SGN_OK);
        assert_non_null(sgn_json_str(model->title, "zh"));
        for (int s = 1; s < model->n_states; s++) {
            if (model->states[s].kind == MODEL_HISTORY)
                continue;
            if (sgn_json_str(model->states[s].title, "en") == NULL ||
                sgn_json_str(model->states[s].title, "zh") == NULL)
                fail_msg("%s: state %s lacks a title", names[i], model->states[s].name);
        }
        for (int f = 0; f < model->n_fields; f++) {
            if (sgn_json_str(model->fields[f].title, "en") == NULL ||
                sgn_json_str(model->fields[f].title, "zh") == NULL)
                fail_msg("%s: field %s lacks a title", names[i], model->fields[f].name);
        }
        for (int t = 0; t < model->n_transitions; t++) {
            const struct model_transition *transition = &model->transitions[t];

            if (transition->kind == MODEL_ON_EVENT && sgn_json_str(transition->title, "zh") == NULL)
                fail_msg("%s:%d: an event without a title", names[i], transition->line);
        }
        model_free(model);
    }
    json_decref(answer);
}

/* Line by line what dsl.md says the change request is. */
static void
test_shipped_change_request_says_what_it_says(void **state)
{
    json_t *answer = load_shipped();
    const json_t *model = json_object_get(
        json_object_get(json_object_get(answer, "workflows"), "change_request"), "model");
    const json_t *states = json_object_get(model, "states"), *deciding = json_array_get(states, 3);
    const json_t *rule = json_object_get(json_object_get(deciding, "approval"), "rule");
    const json_t *sponsor = json_array_get(json_object_get(rule, "rules"), 2);

    (void)state;
    assert_string_equal(sgn_json_str(model, "key"), "CR");
    assert_string_equal(sgn_json_str(json_object_get(model, "aliases"), "requester"), "opener");
    assert_int_equal(json_array_size(json_object_get(model, "fields")), 8);
    /* fields keep the order in which they are written, shared before internal */
    assert_string_equal(sgn_json_str(json_array_get(json_object_get(model, "fields"), 0), "name"),
                        "summary");
    assert_string_equal(sgn_json_str(json_array_get(json_object_get(model, "fields"), 7), "name"),
                        "margin");
    assert_true(json_is_false(
        json_object_get(json_array_get(json_object_get(model, "fields"), 7), "shared")));
    assert_string_equal(sgn_json_str(deciding, "name"), "deciding");
    assert_string_equal(sgn_json_str(rule, "kind"), "all_of");
    assert_string_equal(sgn_json_str(json_object_get(sponsor, "when"), "field"), "cost");
    assert_string_equal(sgn_json_str(json_object_get(sponsor, "when"), "above"), "50000");
    assert_string_equal(sgn_json_str(sponsor, "nobody"), "reject");
    json_decref(answer);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_are_embedded_in_order),
        cmocka_unit_test(test_shipped_load_without_mistakes_and_parse),
        cmocka_unit_test(test_shipped_have_titles_in_both_languages),
        cmocka_unit_test(test_shipped_change_request_says_what_it_says),
    };
    return cmocka_run_group_tests_name("dsl/shipped", tests, NULL, NULL);
}
