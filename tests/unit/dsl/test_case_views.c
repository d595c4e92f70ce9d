/* SPDX-License-Identifier: Apache-2.0 */
/*
 * c and e, which are made once and read the input of each call: one object for one value, nothing
 * of the call before, and actions that are whole or none.
 */
#include "dsl_support.h"

#define GUARD(body) "function(c, e) " body " end"

static void
expect_true(const char *body)
{
    char *function = sgn_format("function(c, e) return %s end", body);

    expect_call(RULES_GUARD, "", function, "true");
    free(function);
}

static void
test_views_give_one_object_for_one_value(void **state)
{
    (void)state;
    expect_true("c.fields.parts == c.fields.parts and c.fields == c.fields and e.data == e.data");
    expect_true("c.people.pm == c.people.pm and c.is_in == c.is_in and c.set == c.set");
    expect_true("c.fields.cost == e.data.cost * 4000 and c.fields.cost == c.fields.cost");
    /* what was set anew is another one */
    expect_call(RULES_RUN, "",
                GUARD("local old = c.fields.parts c:set('parts', { 5 }) local new = c.fields.parts "
                      "c:set('a', (old ~= new and new == c.fields.parts and old[1] == 3 and "
                      "new[1] == 5 and #new == 1) and 1 or 0)"),
                "[{\"set\":{\"parts\":{\"value\":[5]}}},{\"set\":{\"a\":{\"value\":1}}}]");
}

static void
test_views_are_gone_through_in_the_order_of_names(void **state)
{
    static const char walk[] = "local s = '' for k, v in pairs(%s) do s = s .. k .. '=' .. "
                               "tostring(v) .. ' ' end return false, s";
    static const char *const expected[][2] = {
        { "c", "[false,\"\"]" },
        { "c.fields", "[false,\"a=7 cost=50000.00 name=n parts=table rate=1.50 \"]" },
        { "e", "[false,\"at=2026-01-05T09:00:00+08:00 by=li comment=now data=table name=x \"]" },
        { "e.data", "[false,\"cost=12.50 \"]" },
        { "c.people", "[false,\"pm=table \"]" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        char *body = sgn_format(walk, expected[i][0]);
        char *function = sgn_format("function(c, e) local _ = c.people %s end", body);

        expect_call(RULES_GUARD, "", function, expected[i][1]);
        free(function);
        free(body);
    }
}

static void
test_views_can_be_data_of_an_effect(void **state)
{
    (void)state;
    expect_call(RULES_RUN, "", GUARD("c:emit('y', c.fields) c:emit('z', { e.data, c.people.pm })"),
                "[{\"data\":{\"a\":7,\"cost\":\"50000.00\",\"name\":\"n\",\"parts\":[3,1,2],"
                "\"rate\":\"1.50\"},\"emit\":\"y\"},"
                "{\"data\":[{\"cost\":\"12.50\"},[\"li\",\"wang\"]],\"emit\":\"z\"}]");
}

static void
test_views_refuse_to_be_written_and_to_be_misspelt(void **state)
{
    static const char *const wrong[][2] = {
        { "c.fields.parts[1] = 4", "this table is read-only" },
        { "table.insert(c.people.pm, 'x')", "this table is read-only" },
        { "e.data.cost = 1", "this table is read-only" },
        { "e.by = 'x'", "the case is read-only here" },
        { "c.people.pm = {}", "the case is read-only here" },
        { "setmetatable(c, {})", "setmetatable: this table is read-only" },
        { "local _ = c['c:priority']", "unknown member of the case \"c:priority\"" },
        { "local _ = c.feilds",
          "unknown member of the case \"feilds\" (did you mean \"fields\"?)" },
        { "local _ = c.fields.cots", "unknown field \"cots\" (did you mean \"cost\"?)" },
        { "local _ = c.tasks", "unknown member of the case \"tasks\"" },
        { "local _ = c:is_in 'inmer'", "unknown state \"inmer\" (did you mean \"inner\"?)" },
        { "local _ = e.bye", "unknown member of the event \"bye\" (did you mean \"by\"?)" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char *function = sgn_format("function(c, e)\n%s return true end", wrong[i][0]);
        char *expected = sgn_format("rule_error: workflows/t.lua:5: %s", wrong[i][1]);

        expect_call_begins(RULES_GUARD, "", function, expected);
        free(function);
        free(expected);
    }
}

static void
test_views_see_what_this_call_has_said(void **state)
{
    (void)state;
    expect_call(RULES_RUN, "",
                GUARD("c:priority 'low' c:set('name', c.fields.priority) c:priority 'up' "
                      "c:set('name', c.fields.priority) c:set('name', nil) "
                      "c:set('a', c.fields.name == nil and 1 or 0)"),
                "[{\"priority\":\"low\"},{\"set\":{\"name\":{\"value\":\"low\"}}},"
                "{\"priority\":\"up\"},{\"set\":{\"name\":{\"value\":\"low\"}}},"
                "{\"set\":{\"name\":{\"value\":null}}},{\"set\":{\"a\":{\"value\":1}}}]");
}

static void
test_views_know_nothing_of_the_call_before(void **state)
{
    struct dsl_state *opened = open_text(
        NULL, "", "{ a = above(0) }",
        GUARD("c:set('a', c.fields.a + 1) c:set('parts', { #c.fields.parts }) c:priority 'urgent' "
              "c:set('name', c.fields.priority)"));
    char *first, *next;

    (void)state;
    first = call_text(opened, 1, RULES_RUN);
    assert_string_equal(first,
                        "[{\"set\":{\"a\":{\"value\":8}}},{\"set\":{\"parts\":{\"value\":[3]}}},"
                        "{\"priority\":\"urgent\"},{\"set\":{\"name\":{\"value\":\"urgent\"}}}]");
    for (int i = 0; i < 3; i++) {
        next = call_text(opened, 1, RULES_RUN);
        assert_string_equal(next, first);
        free(next);
        /* also where the call in between failed in its middle */
        next = call_text(opened, 1, RULES_GUARD);
        assert_memory_equal(next, "rule_error", 10);
        free(next);
    }
    free(first);
    dsl_state_free(opened);
}

/* Another input in the same places: nothing that was made of the one before is taken for it. */
static void
test_views_read_the_input_of_their_own_call(void **state)
{
    static const char *const expected[] = { "high3li", "high4li", "high3li" };
    struct dsl_state *opened = open_text(
        NULL, "", "{ a = above(0) }",
        GUARD("local first = c.fields.priority .. c.fields.parts[1] .. c.people.pm[1] "
              "c:set('a', c.fields.a) c:set('a', 100) c:priority 'low' c:set('name', first)"));

    (void)state;
    for (int i = 0; i < 3; i++) {
        json_t *input = example_input(), *answer = NULL, *c = json_object_get(input, "c");
        json_t *fields = json_object_get(c, "fields");
        struct sgn_error err = { 0 };

        json_array_set_new(json_object_get(fields, "parts"), 0, json_integer(3 + i % 2));
        json_object_set_new(fields, "a", json_integer(7 + i));
        assert_int_equal(
            dsl_call_json(opened, "workflows/t.lua", 1, RULES_RUN, input, &answer, &err), SGN_OK);
#define SET(at, name)                                                                              \
    json_object_get(json_object_get(json_object_get(json_array_get(answer, at), "set"), name),     \
                    "value")
        assert_int_equal(json_integer_value(SET(0, "a")), 7 + i);
        assert_string_equal(json_string_value(SET(3, "name")), expected[i]);
#undef SET
        json_decref(answer);
        json_decref(input);
    }
    dsl_state_free(opened);
}

static void
test_action_that_raises_on_the_way_is_none(void **state)
{
    (void)state;
    expect_call(RULES_RUN, "",
                GUARD("c:emit 'a' pcall(c.emit, c, 'b', { 1, { x = pairs } }) "
                      "pcall(c.set, c, 'a', 'seven') pcall(c.notify, c, { 'pm', 7 }) c:emit 'z'"),
                "[{\"emit\":\"a\"},{\"emit\":\"z\"}]");
    expect_call(RULES_RUN, "", GUARD("pcall(c.set, c, 'a', 'seven') c:set('cost', c.fields.a)"),
                "[{\"set\":{\"cost\":{\"value\":\"7\"}}}]");
}

static void
test_action_arguments_are_checked_with_their_line(void **state)
{
    static const char *const wrong[][2] = {
        { "c:emit()", "expected an event's name, got nothing" },
        { "c:emit('y', { 1, a = 2 })", "data is either a list or names with values, not both" },
        { "c:emit('y', { [1] = 1, [3] = 3 })", "a list with an empty place" },
        { "c:emit('y', { f = pairs })", "a function is no plain data" },
        { "c:emit('y', 1.5)", "1.5 is no plain data" },
        { "c:emit('y', person 'x')", "person is no plain data" },
        { "local t = {} t.t = t c:emit('y', t)", "data nested too deeply" },
        { "c:send('y', { after = '3 days', at = 1 })", "unknown key \"at\" in c:send" },
        { "c:send('y')", "c:send needs { after = \"3 days\" }" },
        { "c:remind(7)", "expected a role, a person or a list of them, got 7" },
        { "c:priority 'higher'", "expected low, normal, high, urgent, up or down, got \"higher\"" },
        { "c:fire('CR-1', 7)", "expected an event's name, got 7" },
        { "c:set('cost', 1.5)", "1.5 is no plain data" },
        { "for i = 1, 1001 do c:emit 'y' end", "more than 1000 changes and effects" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char *function = sgn_format("function(c)\n%s end", wrong[i][0]);
        char *expected = sgn_format("rule_error: workflows/t.lua:5: %s", wrong[i][1]);

        expect_call_begins(RULES_RUN, "", function, expected);
        free(function);
        free(expected);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_views_give_one_object_for_one_value),
        cmocka_unit_test(test_views_are_gone_through_in_the_order_of_names),
        cmocka_unit_test(test_views_can_be_data_of_an_effect),
        cmocka_unit_test(test_views_refuse_to_be_written_and_to_be_misspelt),
        cmocka_unit_test(test_views_see_what_this_call_has_said),
        cmocka_unit_test(test_views_know_nothing_of_the_call_before),
        cmocka_unit_test(test_views_read_the_input_of_their_own_call),
        cmocka_unit_test(test_action_that_raises_on_the_way_is_none),
        cmocka_unit_test(test_action_arguments_are_checked_with_their_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
