/* SPDX-License-Identifier: Apache-2.0 */
/* How approvals are written: one in a state, and weights with their options behind them. */
#include "dsl_support.h"

static const char *const frame =
    "return workflow 't' { key = 'TT', roles = { 'pm', 'qa' },\n"
    "state 'one' { approval { rule = %s, approved = 'two', rejected = 'two' }%s },\n"
    "final 'two' }";

static json_t *
load(const char *rule, const char *more)
{
    char *source = sgn_format(frame, rule, more);
    json_t *answer = load_source(NULL, "t", source);

    free(source);
    return answer;
}

static void
test_a53_a_state_has_at_most_one_approval(void **state)
{
    json_t *answer = load("one_of 'pm' { nobody = 'reject' }",
                          ",\napproval { rule = one_of 'qa' { nobody = 'reject' },"
                          " approved = 'two', rejected = 'two' }");
    const json_t *mistakes = json_object_get(answer, "mistakes");

    (void)state;
    assert_int_equal(json_array_size(mistakes), 1);
    assert_int_equal(sgn_json_int(json_array_get(mistakes, 0), "line", 0), 3);
    assert_string_equal(sgn_json_str(json_array_get(mistakes, 0), "message"),
                        "a second approval in state \"one\"");
    json_decref(answer);
}

static void
test_a56_weighted_has_its_options_in_a_second_table(void **state)
{
    json_t *answer =
        load("weighted(5) { qa = 2, pm = 3 } { nobody = 'reject', exclude = 'opener' }", "");
    const json_t *model =
        json_object_get(json_object_get(json_object_get(answer, "workflows"), "t"), "model");
    const json_t *approval =
        json_object_get(json_array_get(json_object_get(model, "states"), 0), "approval");
    const json_t *rule = json_object_get(approval, "rule"), *one;
    int64_t sum = 0;
    size_t i;

    (void)state;
    print_mistakes(answer);
    assert_int_equal(json_array_size(json_object_get(answer, "mistakes")), 0);
    assert_string_equal(sgn_json_str(rule, "kind"), "weighted");
    assert_int_equal(sgn_json_int(rule, "n", 0), 5);
    json_array_foreach(json_object_get(rule, "weights"), i, one) {
        bool pm = strcmp(sgn_json_str(one, "who"), "pm") == 0;
        assert_int_equal(sgn_json_int(one, "weight", 0), pm ? 3 : 2);
        sum += sgn_json_int(one, "weight", 0);
    }
    assert_int_equal(sum, 5);
    assert_string_equal(sgn_json_str(rule, "nobody"), "reject");
    assert_int_equal(json_array_size(json_object_get(rule, "exclude")), 1);
    json_decref(answer);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a53_a_state_has_at_most_one_approval),
        cmocka_unit_test(test_a56_weighted_has_its_options_in_a_second_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
