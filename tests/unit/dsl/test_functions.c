/* SPDX-License-Identifier: Apache-2.0 */
/* What functions of the rules are given, what they may say, and what they may not keep. */
#include "dsl_support.h"

#define GUARD(body) "function(c, e) " body " end"

static void
test_functions_guard_answers_true_or_a_reason(void **state)
{
    (void)state;
    expect_call(RULES_GUARD, "", GUARD("return c.fields.a == 7"), "true");
    expect_call(RULES_GUARD, "", GUARD("return false"), "[false,null]");
    expect_call(RULES_GUARD, "", GUARD("return c.fields.a > 9, 'too small'"),
                "[false,\"too small\"]");
    expect_call(RULES_GUARD, "", GUARD("return 1"),
                "rule_error: workflows/t.lua:4: a condition must return true, or false and a "
                "reason; it returned 1");
}

static void
test_functions_see_the_case_and_the_event(void **state)
{
    (void)state;
    expect_call(RULES_GUARD, "",
                GUARD("return c.key == 'TT-1' and c.workflow == 't' and c.version == 1 and "
                      "c.owner == 'li' and c.opener == 'mei' and c.outcome == nil and c.rev == 3 "
                      "and c.now == '2026-01-05T09:00:00+08:00'"),
                "true");
    expect_call(RULES_GUARD, "",
                GUARD("return c:is_in 'inner' and c:is_in 'one' and not c:is_in 'two'"), "true");
    expect_call(RULES_GUARD, "", GUARD("return c:visits 'inner' == 2 and c:visits 'two' == 0"),
                "true");
    expect_call(
        RULES_GUARD, "",
        GUARD("return #c.people.pm == 2 and c.people.pm[2] == 'wang' and #c.people.qa == 0"),
        "true");
    expect_call(RULES_GUARD, "",
                GUARD("return e.name == 'x' and e.by == 'li' and e.on_behalf == nil and e.comment "
                      "== 'now' and e.data.cost == decimal '12.5'"),
                "true");
    expect_call(RULES_GUARD, "",
                GUARD("return c.fields.class == nil and c.fields.priority == 'high'"), "true");
    expect_call(RULES_GUARD, "",
                GUARD("local s = 0 for _, v in ipairs(c.fields.parts) do s = s * 10 + v end "
                      "return s == 312 and #c.fields.parts == 3"),
                "true");
}

static void
test_functions_unknown_names_are_mistakes_with_their_line(void **state)
{
    (void)state;
    expect_call(RULES_GUARD, "", "function(c)\nreturn c.fields.nam == 1 end",
                "rule_error: workflows/t.lua:5: unknown field \"nam\" (did you mean \"name\"?)");
    expect_call(RULES_GUARD, "", "function(c)\nreturn c:is_in 'inne' end",
                "rule_error: workflows/t.lua:5: unknown state \"inne\" (did you mean \"inner\"?)");
    expect_call(RULES_GUARD, "", "function(c)\nreturn c.ownr == 1 end",
                "rule_error: workflows/t.lua:5: unknown member of the case \"ownr\" (did you mean "
                "\"owner\"?)");
    expect_call(RULES_GUARD, "", "function(c)\nreturn #c.people.boss == 1 end",
                "rule_error: workflows/t.lua:5: unknown role \"boss\"");
    expect_call_begins(RULES_GUARD, "", "function(c, e)\nreturn e.nme == 1 end",
                       "rule_error: workflows/t.lua:5: unknown member of the event \"nme\"");
    expect_call_begins(RULES_GUARD, "", "function(c, e)\n\nlocal x = nil; return x.y end",
                       "rule_error: workflows/t.lua:6: attempt to index a nil value");
}

static void
test_functions_say_actions_in_order(void **state)
{
    (void)state;
    expect_call(RULES_RUN, "",
                GUARD("c:set('a', 9) c:set('name', nil) c:emit('priced', { n = 1 })"),
                "[{\"set\":{\"a\":{\"value\":9}}},{\"set\":{\"name\":{\"value\":null}}},"
                "{\"data\":{\"n\":1},\"emit\":\"priced\"}]");
    expect_call(
        RULES_RUN, "",
        GUARD("c:send('chase', { after = '3 days', id = 'x' }) c:cancel 'x' c:assign 'pm' "
              "c:assign(c.people.pm[1]) c:priority 'high'"),
        "[{\"after\":\"3 days\",\"id\":\"x\",\"send\":\"chase\"},{\"cancel\":\"x\"},"
        "{\"assign\":\"pm\"},{\"assign\":{\"line\":4,\"person\":\"li\"}},{\"priority\":\"high\"}]");
    expect_call(
        RULES_RUN, "",
        GUARD("c:remind { 'owner', group 'ccb' } c:notify(channel 'wecom', 'late', { n = 3 })"
              " c:open('issue', { summary = 's' }) c:open('issue', nil, e.by) c:fire('CR-1', 'go', "
              "{ ok = true })"),
        "[{\"remind\":[\"owner\",{\"group\":\"ccb\"}]},{\"notify\":{\"channel\":\"wecom\"},"
        "\"template\":\"late\",\"values\":{\"n\":3}},{\"fields\":{\"summary\":\"s\"},"
        "\"open\":\"issue\"},{\"open\":\"issue\",\"opener\":\"li\"},{\"case\":\"CR-1\",\"data\":{"
        "\"ok\":true},\"fire\":\"go\"}]");
}

static void
test_functions_later_reads_see_what_was_set(void **state)
{
    (void)state;
    expect_call(RULES_RUN, "",
                GUARD("c:set('a', c.fields.a + 1) c:set('a', c.fields.a * 2) "
                      "c:set('cost', c.fields.cost + decimal '0.50') c:set('name', "
                      "tostring(c.fields.cost))"),
                "[{\"set\":{\"a\":{\"value\":8}}},{\"set\":{\"a\":{\"value\":16}}},"
                "{\"set\":{\"cost\":{\"value\":\"50000.50\"}}},"
                "{\"set\":{\"name\":{\"value\":\"50000.50\"}}}]");
}

static void
test_functions_set_checks_the_type(void **state)
{
    (void)state;
    expect_call_begins(RULES_RUN, "", "function(c)\nc:set('a', 'seven') end",
                       "rule_error: workflows/t.lua:5: field \"a\":");
    expect_call_begins(RULES_RUN, "", "function(c)\nc:set('class', 'huge') end",
                       "rule_error: workflows/t.lua:5: field \"class\":");
    expect_call(RULES_RUN, "", "function(c)\nc:set('b', 1) end",
                "rule_error: workflows/t.lua:5: unknown field \"b\"");
    expect_call_begins(RULES_RUN, "", "function(c)\nc:set('a', 1.5) end",
                       "rule_error: workflows/t.lua:5: ");
    expect_call_begins(RULES_RUN, "", "function(c)\nc:send('x', { after = 'soon' }) end",
                       "rule_error: workflows/t.lua:5: ");
}

static void
test_functions_guards_and_who_change_nothing(void **state)
{
    (void)state;
    expect_call(RULES_GUARD, "", "function(c)\nc:set('a', 1) return true end",
                "rule_error: workflows/t.lua:5: c:set: a condition decides and changes nothing");
    expect_call(RULES_GUARD, "", "function(c)\nc:remind 'pm' return true end",
                "rule_error: workflows/t.lua:5: c:remind: a condition decides and changes nothing");
    expect_call(RULES_GUARD, "", "function(c)\nc.fields.a = 3 return true end",
                "rule_error: workflows/t.lua:5: the case is read-only here: use c:set, c:emit and "
                "their like");
    expect_call(RULES_GUARD, "", "function(c)\nc.key = 3 return true end",
                "rule_error: workflows/t.lua:5: the case is read-only here: use c:set, c:emit and "
                "their like");
    expect_call_begins(RULES_GUARD, "", "function(c, e)\ne.data.x = 3 return true end",
                       "rule_error: workflows/t.lua:5: this table is read-only");
}

static void
test_functions_who_answers_people(void **state)
{
    struct dsl_state *opened =
        open_text(NULL, "", GUARD("return { c.people.pm, 'mei', person 'li' }"), NULL);
    char *text = call_text(opened, 1, RULES_WHO);

    (void)state;
    assert_string_equal(text, "[\"li\",\"wang\",\"mei\"]");
    free(text);
    dsl_state_free(opened);
    opened = open_text(NULL, "", GUARD("return 7"), NULL);
    text = call_text(opened, 1, RULES_WHO);
    assert_string_equal(text, "rule_error: workflows/t.lua:4: a function that names people must "
                              "return their keys; it returned 7");
    free(text);
    dsl_state_free(opened);
}

static void
test_functions_tables_they_reach_are_frozen_deep(void **state)
{
    const char *before = "local memory = { deep = { n = 0 }, list = { 3, 1, 2 } }";

    (void)state;
    expect_call(RULES_GUARD, before, "function(c)\nmemory.deep.n = 1 return true end",
                "rule_error: workflows/t.lua:5: this table is read-only: nothing is kept between "
                "calls");
    expect_call_begins(RULES_GUARD, before,
                       "function(c)\ntable.insert(memory.list, 4) return true end",
                       "rule_error: workflows/t.lua:5: ");
    expect_call_begins(RULES_GUARD, before, "function(c)\ntable.sort(memory.list) return true end",
                       "rule_error: workflows/t.lua:5: ");
    expect_call_begins(RULES_GUARD, before, "function(c)\nsetmetatable(memory, {}) return true end",
                       "rule_error: workflows/t.lua:5: ");
    /* and can still be read in every way */
    expect_call(RULES_GUARD, before,
                GUARD("local s = 0 for _, v in ipairs(memory.list) do s = s * 10 + v end "
                      "for k, v in pairs(memory.list) do s = s * 10 + k end "
                      "return s == 312123 and #memory.list == 3 and memory.deep.n == 0 and "
                      "table.concat(memory.list, '-') == '3-1-2' and "
                      "select('#', table.unpack(memory.list)) == 3"),
                "true");
}

static void
test_functions_frozen_objects_keep_their_methods(void **state)
{
    (void)state;
    expect_call(
        RULES_GUARD,
        "local P = {} P.__index = P function P.new(n) return setmetatable({ n = n }, P) end "
        "function P:twice() return self.n * 2 end local p = P.new(4)",
        GUARD("return p:twice() == 8 and P.new(5):twice() == 10"), "true");
}

static void
test_functions_the_same_call_gives_the_same_answer(void **state)
{
    struct dsl_state *opened =
        open_text(NULL, "local cache = {}",
                  GUARD("local t = {} for i = 1, 50 do t['k' .. i] = i end local s = '' "
                        "for k, v in pairs(t) do s = s .. k end return false, s"),
                  NULL);
    char *first = call_text(opened, 1, RULES_GUARD), *second;

    (void)state;
    second = call_text(opened, 1, RULES_GUARD);
    assert_string_equal(first, second);
    /* texts in their order: k1 k10 k11 ... */
    assert_memory_equal(first, "[false,\"k1k10k11k12", 19);
    free(first);
    free(second);
    dsl_state_free(opened);
}

static void
test_functions_decimals_are_exact(void **state)
{
    static const char *const holds[] = {
        "return decimal '0.1' + decimal '0.2' == decimal '0.3'",
        "return decimal '12.50' - 1 == decimal '11.5'",
        "return 3 * decimal '1.10' == decimal '3.30'",
        "return c.fields.cost > 49999 and c.fields.cost <= 50000 and 50001 > c.fields.cost",
        "return tostring(decimal '1.50' * decimal '2.00') == '3.0000'",
        "return tostring((c.fields.cost * decimal '0.19'):round(2)) == '9500.00'",
        "return tostring(decimal '2.345':round(2)) == '2.35' and tostring(-decimal "
        "'2.345':round(2)) "
        "== '-2.35'",
        "return c.fields.rate + 1 == decimal '2.5'",
        "return decimal '-1' < 0",
    };

    (void)state;
    for (size_t i = 0; i < sizeof holds / sizeof holds[0]; i++) {
        char *function = sgn_format("function(c, e) %s end", holds[i]);

        expect_call(RULES_GUARD, "", function, "true");
        free(function);
    }
    expect_call_begins(RULES_GUARD, "", GUARD("return decimal '1' + 0.5 == 1"),
                       "rule_error: workflows/t.lua:4: a binary fraction is not exact");
    expect_call_begins(RULES_GUARD, "", GUARD("return decimal '1' / 3 == 1"),
                       "rule_error: workflows/t.lua:4: decimals do not divide");
    expect_call_begins(RULES_GUARD, "", GUARD("return decimal '999999999999999999' * 10 == 1"),
                       "rule_error: workflows/t.lua:4: the result has more than 18 digits");
    expect_call_begins(RULES_GUARD, "", GUARD("return decimal 'x' == 1"),
                       "rule_error: workflows/t.lua:4: decimal \"x\"");
}

/* Numbers, sources, constants and uses of a version's functions. */
static void
test_functions_are_numbered_and_described(void **state)
{
    const char *source = "local limit = { low = 3, list = { 1, 2 } }\n"
                         "local function helper(c)\n"
                         "  return #c.people.pm > limit.low\n"
                         "end\n"
                         "return workflow \"t\" { key = \"TT\", roles = { \"pm\" },\n"
                         "  state \"one\" {\n"
                         "    on \"x\" { by = \"pm\", to = \"two\",\n"
                         "      when = function(c) return helper(c) end,\n"
                         "      run = { function(c)\n"
                         "        c:emit \"y\"\n"
                         "      end } },\n"
                         "    enter = function(c) return c.project end },\n"
                         "  final \"two\" }\n";
    json_t *version = version_of("t", source);
    const json_t *functions = json_object_get(version, "functions");
    const json_t *described = json_object_get(json_object_get(version, "model"), "functions");
    const json_t *helper;

    (void)state;
    assert_int_equal(json_object_size(functions), 3);
    /* keys are read before what stands without one: enter is the first */
    assert_string_equal(sgn_json_str(json_object_get(functions, "1"), "source"),
                        "    enter = function(c) return c.project end },");
    assert_string_equal(sgn_json_str(json_object_get(functions, "2"), "source"),
                        "      when = function(c) return helper(c) end,");
    assert_string_equal(sgn_json_str(json_object_get(functions, "3"), "source"),
                        "      run = { function(c)\n        c:emit \"y\"\n      end } },");
    helper =
        json_object_get(json_object_get(json_object_get(functions, "2"), "constants"), "helper");
    assert_string_equal(sgn_json_str(helper, "source"),
                        "local function helper(c)\n  return #c.people.pm > limit.low\nend");
    assert_int_equal(json_integer_value(json_object_get(
                         json_object_get(json_object_get(helper, "constants"), "limit"), ".low")),
                     3);
    assert_int_equal(sgn_json_int(json_object_get(described, "2"), "line", 0), 8);
    assert_true(sgn_json_has(json_object_get(json_object_get(described, "2"), "uses"), "people"));
    assert_true(sgn_json_has(json_object_get(json_object_get(described, "1"), "uses"), "project"));
    assert_int_equal(json_array_size(json_object_get(json_object_get(described, "3"), "uses")), 0);
    json_decref(version);
}

static void
test_functions_digest_follows_constants(void **state)
{
    char *one = workflow_text("local limit = 3", GUARD("return c.fields.a > limit"), NULL);
    char *two = workflow_text("local limit = 4", GUARD("return c.fields.a > limit"), NULL);
    json_t *a = version_of("t", one), *b = version_of("t", two), *c = version_of("t", one);
    char digest_a[65], digest_b[65], digest_c[65];
    struct sgn_error err = { 0 };

    (void)state;
#define DIGEST(version, out)                                                                       \
    assert_int_equal(model_digest(json_object_get(version, "model"),                               \
                                  json_object_get(version, "functions"), out, &err),               \
                     SGN_OK)
    DIGEST(a, digest_a);
    DIGEST(b, digest_b);
    DIGEST(c, digest_c);
    assert_string_not_equal(digest_a, digest_b);
    assert_string_equal(digest_a, digest_c);
    json_decref(a);
    json_decref(b);
    json_decref(c);
    free(one);
    free(two);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_functions_guard_answers_true_or_a_reason),
        cmocka_unit_test(test_functions_see_the_case_and_the_event),
        cmocka_unit_test(test_functions_unknown_names_are_mistakes_with_their_line),
        cmocka_unit_test(test_functions_say_actions_in_order),
        cmocka_unit_test(test_functions_later_reads_see_what_was_set),
        cmocka_unit_test(test_functions_set_checks_the_type),
        cmocka_unit_test(test_functions_guards_and_who_change_nothing),
        cmocka_unit_test(test_functions_who_answers_people),
        cmocka_unit_test(test_functions_tables_they_reach_are_frozen_deep),
        cmocka_unit_test(test_functions_frozen_objects_keep_their_methods),
        cmocka_unit_test(test_functions_the_same_call_gives_the_same_answer),
        cmocka_unit_test(test_functions_decimals_are_exact),
        cmocka_unit_test(test_functions_are_numbered_and_described),
        cmocka_unit_test(test_functions_digest_follows_constants),
    };
    return cmocka_run_group_tests_name("dsl/functions", tests, NULL, NULL);
}
