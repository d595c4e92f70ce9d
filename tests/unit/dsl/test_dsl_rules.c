/* SPDX-License-Identifier: Apache-2.0 */
/* The table of functions of rules.h, in process: loading, opening, calling, answering. */
#include "dsl_support.h"

struct answers {
    uint64_t ids[16];
    enum sgn_status statuses[16];
    char texts[16][1100];
    struct rules_cost costs[16][2];
    int n;
};

static void
collect(void *ctx, uint64_t id, enum sgn_status status, const json_t *value,
        const struct sgn_error *err, const struct rules_cost cost[2])
{
    struct answers *answers = ctx;
    char *text = value != NULL ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

    assert_true(answers->n < 16);
    answers->ids[answers->n] = id;
    answers->statuses[answers->n] = status;
    memcpy(answers->costs[answers->n], cost, sizeof answers->costs[0]);
    snprintf(answers->texts[answers->n], sizeof answers->texts[0], "%s",
             text != NULL ? text : err->message);
    answers->n++;
    free(text);
}

static struct rules *
new_rules(void)
{
    struct rules *rules = NULL;
    struct sgn_error err = { 0 };

    assert_int_equal(dsl_rules_new(NULL, &rules, &err), SGN_OK);
    return rules;
}

static json_t *
example_version(void)
{
    char *text = workflow_text(
        "", "function(c) if c.fields.a == 7 then return true end while true do end end",
        "function(c) c:emit 'y' end");
    json_t *version = version_of("t", text);

    free(text);
    return version;
}

static struct rules_call
a_call(uint64_t id, const char *digest, int function, enum rules_purpose purpose,
       json_t *input_take)
{
    struct rules_call call = {
        .id = id, .team = "t", .digest = digest, .function = function, .purpose = purpose
    };

    sgn_buf_init(&call.input, RULES_INPUT_MAX);
    assert_int_equal(rules_put_json(&call.input, input_take, NULL), SGN_OK);
    json_decref(input_take);
    return call;
}

static void
test_rules_load_answers_later_and_once(void **state)
{
    struct rules *rules = new_rules();
    struct answers answers = { 0 };
    struct sgn_error err = { 0 };
    json_t *input = json_pack("{s:s, s:{s:s}}", "team", "t", "files", "team.lua",
                              "return team \"t\" { use \"none\" }");

    (void)state;
    assert_int_equal(rules->ops->load(rules, 9, input, &err), SGN_OK);
    assert_int_equal(rules->ops->pending(rules), 1);
    assert_int_equal(rules->ops->deliver(rules, collect, &answers), 1);
    assert_int_equal(rules->ops->deliver(rules, collect, &answers), 0);
    assert_int_equal(answers.n, 1);
    assert_int_equal(answers.ids[0], 9);
    assert_int_equal(answers.statuses[0], SGN_OK);
    assert_non_null(strstr(answers.texts[0], "unknown workflow"));
    rules->ops->free(rules);
}

static void
test_rules_calls_are_answered_in_order(void **state)
{
    struct rules *rules = new_rules();
    struct answers answers = { 0 };
    struct sgn_error err = { 0 };
    struct rules_call calls[3] = {
        a_call(1, "d", 1, RULES_GUARD, example_input()),
        a_call(2, "d", 2, RULES_RUN, example_input()),
        a_call(3, "d", 99, RULES_RUN, example_input()),
    };

    (void)state;
    assert_false(rules->ops->is_open(rules, "t", "d"));
    assert_int_equal(rules->ops->open(rules, "t", "d", example_version(), &err), SGN_OK);
    assert_int_equal(rules->ops->open(rules, "t", "d", example_version(), &err), SGN_OK);
    assert_true(rules->ops->is_open(rules, "t", "d"));
    assert_false(rules->ops->is_open(rules, "u", "d"));
    assert_int_equal(rules->ops->submit(rules, calls, 3, &err), SGN_OK);
    assert_int_equal(answers.n, 0);
    assert_int_equal(rules->ops->deliver(rules, collect, &answers), 3);
    assert_int_equal(answers.ids[0], 1);
    assert_string_equal(answers.texts[0], "true");
    assert_string_equal(answers.texts[1], "[{\"emit\":\"y\"}]");
    assert_int_equal(answers.statuses[2], SGN_RULE_ERROR);
    rules->ops->free(rules);
}

static void
test_rules_submit_takes_all_or_none(void **state)
{
    struct rules *rules = new_rules();
    struct sgn_error err = { 0 };
    struct rules_call calls[2] = {
        a_call(1, "d", 1, RULES_GUARD, example_input()),
        a_call(2, "unknown", 1, RULES_GUARD, example_input()),
    };

    (void)state;
    assert_int_equal(rules->ops->open(rules, "t", "d", example_version(), &err), SGN_OK);
    assert_int_equal(rules->ops->submit(rules, calls, 2, &err), SGN_UNAVAILABLE);
    assert_int_equal(rules->ops->pending(rules), 0);
    rules->ops->free(rules);
}

static void
test_rules_an_overrun_does_not_hurt_the_next_call(void **state)
{
    struct rules *rules = new_rules();
    struct answers answers = { 0 };
    struct sgn_error err = { 0 };
    json_t *endless = example_input();
    struct rules_call calls[2];

    (void)state;
    json_object_set_new(json_object_get(json_object_get(endless, "c"), "fields"), "a",
                        json_integer(8));
    calls[0] = a_call(1, "d", 1, RULES_GUARD, endless);
    calls[1] = a_call(2, "d", 1, RULES_GUARD, example_input());
    assert_int_equal(rules->ops->open(rules, "t", "d", example_version(), &err), SGN_OK);
    assert_int_equal(rules->ops->submit(rules, calls, 2, &err), SGN_OK);
    rules->ops->deliver(rules, collect, &answers);
    assert_int_equal(answers.statuses[0], SGN_RULE_OVERRUN);
    assert_true(answers.costs[0][0].steps >= 10000000); /* the budget, and with it its end */
    assert_true(answers.costs[1][0].steps < 2000 && answers.costs[1][0].ns > 0);
    assert_int_equal(answers.costs[0][1].ns, 0);
    assert_string_equal(answers.texts[1], "true");
    rules->ops->free(rules);
}

static void
test_rules_open_refuses_what_has_mistakes(void **state)
{
    struct rules *rules = new_rules();
    struct sgn_error err = { 0 };
    json_t *version = example_version();

    (void)state;
    json_object_set_new(version, "source", json_string("return 7"));
    assert_int_equal(rules->ops->open(rules, "t", "d", version, &err), SGN_RULE_ERROR);
    assert_non_null(strstr(err.message, "workflows/t.lua:1: "));
    assert_false(rules->ops->is_open(rules, "t", "d"));
    sgn_error_clear(&err);
    assert_int_equal(rules->ops->open(rules, "t", "d", json_object(), &err), SGN_INVALID);
    sgn_error_clear(&err);
    rules->ops->free(rules);
}

/* What is still queued at the end is freed with the rest. */
static void
test_rules_free_with_calls_pending(void **state)
{
    struct rules *rules = new_rules();
    struct sgn_error err = { 0 };
    struct rules_call call = a_call(1, "d", 1, RULES_GUARD, example_input());

    (void)state;
    assert_int_equal(rules->ops->open(rules, "t", "d", example_version(), &err), SGN_OK);
    assert_int_equal(rules->ops->submit(rules, &call, 1, &err), SGN_OK);
    assert_int_equal(rules->ops->load(rules, 2, json_object(), &err), SGN_OK);
    rules->ops->free(rules);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules_load_answers_later_and_once),
        cmocka_unit_test(test_rules_calls_are_answered_in_order),
        cmocka_unit_test(test_rules_submit_takes_all_or_none),
        cmocka_unit_test(test_rules_an_overrun_does_not_hurt_the_next_call),
        cmocka_unit_test(test_rules_open_refuses_what_has_mistakes),
        cmocka_unit_test(test_rules_free_with_calls_pending),
    };
    return cmocka_run_group_tests_name("dsl/rules", tests, NULL, NULL);
}
