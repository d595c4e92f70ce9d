/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What attacks leave behind: the state answers the next call, resuming is paid for, a low ceiling
 * holds. The attacks themselves are files, in tests/attack.
 */
#include "dsl_support.h"

/* Smaller than a server's, so that an overrun takes no second. */
static struct dsl_limits
small_limits(void)
{
    struct dsl_limits limits;

    dsl_limits_default(&limits);
    limits.instructions = 2000000;
    limits.memory_bytes = 32u << 20;
    return limits;
}

/* The same state answers again after it was stopped, with its full budget. */
static void
test_attacks_leave_the_next_call_alone(void **state)
{
    struct dsl_state *opened = open_text(
        NULL, "", "function(c) if c.fields.a == 7 then while true do end end return true end",
        "function(c) c:emit 'ok' end");
    char *text = call_text(opened, 1, RULES_GUARD);

    (void)state;
    assert_string_equal(text, "rule_overrun: workflows/t.lua:4: stopped: more than 10000000 "
                              "instructions in one run");
    free(text);
    text = call_text(opened, 2, RULES_RUN);
    assert_string_equal(text, "[{\"emit\":\"ok\"}]");
    free(text);
    dsl_state_free(opened);
}

/* A coroutine begins its own count of instructions, so resuming one pays for a full interval. */
static void
test_attacks_resuming_is_paid_for(void **state)
{
    struct dsl_limits limits = small_limits();
    struct dsl_state *opened;
    char *text;

    (void)state;
    limits.instructions = 500000;
    opened = open_text(&limits, "",
                       "function() for i = 1, 900 do coroutine.wrap(function() end)() end return "
                       "true end",
                       NULL);
    text = call_text(opened, 1, RULES_GUARD);
    assert_memory_equal(text, "rule_overrun", 12);
    free(text);
    dsl_state_free(opened);
}

/* A ceiling below what a state needs for itself leaves a file nothing, not everything. */
static void
test_attacks_a_low_ceiling_is_a_ceiling(void **state)
{
    struct dsl_limits limits = small_limits();
    json_t *input = json_pack("{s:s, s:{s:s}, s:{}}", "team", "t", "files", "team.lua",
                              "local t = {} for i = 1, 100000 do t[i] = i end", "shipped");
    json_t *answer = NULL;

    (void)state;
    limits.memory_bytes = 1024;
    assert_int_equal(dsl_load(&limits, input, &answer, NULL), SGN_OK);
    assert_string_equal(
        sgn_json_str(json_array_get(json_object_get(answer, "mistakes"), 0), "message"),
        "stopped: more memory than one run may have (1024 bytes)");
    json_decref(answer);
    json_decref(input);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attacks_leave_the_next_call_alone),
        cmocka_unit_test(test_attacks_resuming_is_paid_for),
        cmocka_unit_test(test_attacks_a_low_ceiling_is_a_ceiling),
    };
    return cmocka_run_group_tests_name("dsl/attacks", tests, NULL, NULL);
}
