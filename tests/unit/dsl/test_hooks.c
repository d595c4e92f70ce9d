/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of a team's file: what is wrong with one is told with its line, what its function returns
 * is looked at, and its source goes with the team. */
#include "dsl_support.h"

static json_t *
load_team(const char *team)
{
    json_t *answer = NULL;
    json_t *input = json_pack("{s:s, s:{s:s}, s:o}", "team", "t", "files", "team.lua", team,
                              "shipped", dsl_shipped_all());
    struct sgn_error err = { 0 };

    assert_int_equal(dsl_load(NULL, input, &answer, &err), SGN_OK);
    json_decref(input);
    return answer;
}

/* The first mistake of a team with this hook, as "LINE: MESSAGE". */
static void
expect_mistake(const char *hook, const char *expected)
{
    char *text = sgn_format("return team \"t\" {\n%s }", hook), *said;
    json_t *answer = load_team(text);
    const json_t *first = json_array_get(json_object_get(answer, "mistakes"), 0);

    if (first == NULL)
        fail_msg("no mistake in %s", hook);
    said =
        sgn_format("%d: %s", (int)sgn_json_int(first, "line", 0), sgn_json_str(first, "message"));
    assert_string_equal(said, expected);
    free(said);
    free(text);
    json_decref(answer);
}

#define DOES(text)                                                                                 \
    "calendar \"c\" { monday = \"09:00-17:00\" }, use \"issue\", hook \"x\" { scheme = "           \
    "\"github\", "                                                                                 \
    "by = \"li\", does = function(h)\n" text " end }"

static void
expect_no_mistake(const char *hook)
{
    char *text = sgn_format("return team \"t\" {\n%s }", hook);
    json_t *answer = load_team(text);

    print_mistakes(answer);
    assert_int_equal(json_array_size(json_object_get(answer, "mistakes")), 0);
    free(text);
    json_decref(answer);
}

static void
test_hooks_mistakes_are_told_with_their_line(void **state)
{
    (void)state;
    expect_mistake("hook \"x\" { scheme = \"githb\", by = \"li\", does = function(h) end }",
                   "2: expected one of \"standard\", \"github\", \"bearer\", got \"githb\" (did "
                   "you mean \"github\"?)");
    expect_mistake("hook \"x\" { by = \"li\", does = function(h) end }",
                   "2: hook \"x\" lacks the key \"scheme\"");
    expect_mistake("hook \"x\" { scheme = \"github\", does = function(h) end }",
                   "2: hook \"x\" lacks the key \"by\"");
    expect_mistake("hook \"x\" { scheme = \"github\", by = \"li\" }",
                   "2: hook \"x\" lacks the key \"does\"");
    expect_mistake("hook \"x\" { scheme = \"github\", by = \"Li\", does = function(h) end }",
                   "2: expected a person's key, got \"Li\"");
    expect_mistake("hook \"x\" { scheme = \"github\", by = \"li\",\n does = \"open\" }",
                   "3: expected a function of h, got \"open\"");
    expect_mistake("hook \"x\" { scheme = \"github\", by = \"li\",\n secret = \"a\", "
                   "does = function(h) end }",
                   "3: unknown key \"secret\" in hook \"x\"");
    expect_mistake("hook \"X y\" { scheme = \"github\", by = \"li\", does = function(h) end }",
                   "2: \"X y\" is no name for a hook: a small letter, then small letters, digits "
                   "and -, 32 at most");
    expect_mistake("hook \"x\" { scheme = \"github\", by = \"li\", does = function(h) end },\n"
                   "hook \"x\" { scheme = \"github\", by = \"li\", does = function(h) end }",
                   "3: a second hook \"x\"; the first is in line 2");
    expect_mistake("hook \"x\" { scheme = \"github\", by = \"li\", does = function(h)\n"
                   " count = 1 end }",
                   "3: \"count\" is not local: write \"local count = ...\"");
    expect_mistake("state \"x\" {}", "2: state \"x\" cannot stand in team \"t\"");
}

static void
test_hooks_go_with_the_team_and_its_source(void **state)
{
    const char *text = "return team \"t\" { hook \"x\" { scheme = \"github\", by = \"li\",\n"
                       "does = function(h) return { ignore = 'no' } end } }";
    json_t *answer = load_team(text), *team = json_object_get(answer, "team"), *hook;

    (void)state;
    assert_int_equal(json_array_size(json_object_get(answer, "mistakes")), 0);
    hook = json_array_get(json_object_get(team, "hooks"), 0);
    assert_string_equal(sgn_json_str(hook, "name"), "x");
    assert_string_equal(sgn_json_str(hook, "scheme"), "github");
    assert_string_equal(sgn_json_str(hook, "by"), "li");
    assert_int_equal(sgn_json_int(hook, "does", 0), 1);
    assert_string_equal(sgn_json_str(team, "source"), text);
    json_decref(answer);
    answer = load_team("return team \"t\" {}"); /* nothing of it where there are none */
    assert_null(json_object_get(json_object_get(answer, "team"), "source"));
    json_decref(answer);
}

/* Calls the hook whose function this is; "STATUS: message", or the answer. */
static void
expect_does(const char *function, const char *expected)
{
    struct dsl_limits limits;
    char *source = sgn_format("return team \"t\" { hook \"x\" { scheme = \"github\", by = \"li\", "
                              "does = %s } }",
                              function);
    json_t *version =
        json_pack("{s:b, s:s, s:s}", "hooks", 1, "file", "team.lua", "source", source);
    json_t *input = json_loads("{\"body\": {\"n\": 7, \"who\": {\"name\": \"mei\"}, \"gone\": null,"
                               " \"list\": [1, 2]}, \"headers\": {\"x-event\": \"push\"}}",
                               0, NULL);
    json_t *answer = NULL;
    struct dsl_state *opened = NULL;
    struct sgn_error err = { 0 };
    enum sgn_status st;
    char *text;

    dsl_limits_default(&limits);
    limits.instructions = 1000000;
    if (dsl_version_open(&limits, version, &opened, &err) != SGN_OK)
        fail_msg("open: %s", err.message);
    st = dsl_call_json(opened, "team.lua", 1, RULES_HOOK, input, &answer, &err);
    text = st == SGN_OK ? json_dumps(answer, JSON_COMPACT | JSON_SORT_KEYS)
                        : sgn_format("%s: %s", sgn_status_code(st), err.message);
    assert_string_equal(text, expected);
    free(text);
    free(source);
    json_decref(version);
    json_decref(input);
    json_decref(answer);
    sgn_error_clear(&err);
    dsl_state_free(opened);
}

static void
test_hooks_say_what_is_to_be_done(void **state)
{
    (void)state;
    expect_does("function(h) return { ignore = h.headers['x-event'] } end",
                "{\"ignore\":\"push\"}");
    expect_does("function(h) return { fire = 'close', case = 'IS-' .. h.body.n, data = { sum = "
                "decimal '1.50', list = h.body.list }, comment = h.body.who.name, shared = true } "
                "end",
                "{\"case\":\"IS-7\",\"comment\":\"mei\",\"data\":{\"list\":[1,2],\"sum\":\"1.50\"},"
                "\"fire\":\"close\",\"shared\":true}");
    expect_does(
        "function(h) return { comment = 'x', case = { workflow = 'issue', ticket = h.body.n "
        "}, otherwise = { open = 'issue', fields = {} } } end",
        "{\"case\":{\"ticket\":7,\"workflow\":\"issue\"},\"comment\":\"x\",\"otherwise\":{"
        "\"fields\":{},\"open\":\"issue\"}}");
}

static void
test_hooks_that_say_nothing_sensible_are_refused(void **state)
{
    (void)state;
    /* select() hides from who reads the file what is returned. */
    expect_does("function(h) end",
                "rule_error: team.lua:1: a hook returns a table with fire, open, "
                "comment or ignore; it returned nothing");
    expect_does(
        "function(h) return select(1, { fyre = 'x' }) end",
        "rule_error: team.lua:1: a hook returns a table with fire, open, comment or ignore; "
        "it returned a table");
    expect_does("function(h) return select(1, { fire = 'x' }) end",
                "rule_error: team.lua:1: fire: which case? give case = \"CR-1\"");
    expect_does("function(h) return select(1, { fire = 'x', case = 'A-1', dat = {} }) end",
                "rule_error: team.lua:1: unknown key \"dat\" beside fire (did you mean \"data\"?)");
    expect_does("function(h) return select(1, { open = 'x', case = 'A-1' }) end",
                "rule_error: team.lua:1: unknown key \"case\" beside open");
    expect_does("function(h) return { open = 7 } end",
                "rule_error: team.lua:1: open: expected text, got 7");
    expect_does("function(h) return { comment = 'a', case = { workflow = 'issue' } } end",
                "rule_error: team.lua:1: case: expected a case's key, or { workflow = \"issue\", "
                "ticket = \"PROJ-12\" }, got a table");
    expect_does(
        "function(h) return select(1, { fire = 'x', case = 'A-1', otherwise = { fire = 'x', "
        "case = 'A-2', otherwise = { ignore = 'x' } } }) end",
        "rule_error: team.lua:1: otherwise cannot stand in otherwise");
    expect_does("function(h) return h[('BDOY'):lower()] end",
                "rule_error: team.lua:1: unknown member of the hook \"bdoy\" (did you mean "
                "\"body\"?)");
    expect_does("function(h) rawequal(h, h) h[('BODY'):lower()] = 1 end",
                "rule_error: team.lua:1: h is read-only: return what is to be done");
    expect_does("function(h) return { open = 'x', fields = { f = function() end } } end",
                "rule_error: team.lua:1: a function is no plain value");
    expect_does(
        "(function() local t = { n = 0 } return function(h) t.n = t.n + 1 return { ignore = "
        "'x' } end end)()",
        "rule_error: team.lua:1: this table is read-only: nothing is kept between calls");
    expect_does("function(h) return { ignore = ('x'):rep(70000000) } end",
                "rule_error: team.lua:1: a string longer than 262144 bytes");
    expect_does("function(h) while true do end end",
                "rule_overrun: team.lua:1: stopped: more than 1000000 instructions in one run");
}

/* What stands in a function and would be refused each time is found before. */
static void
test_hooks_are_read_before_anything_is_sent(void **state)
{
    (void)state;
    expect_mistake(DOES("return h.bdoy.x"),
                   "3: unknown member of the hook \"bdoy\" (did you mean \"body\"?)");
    expect_mistake(DOES("h.body = 1"), "3: h is read-only: return what is to be done");
    expect_mistake(DOES("h:open('issue')"),
                   "3: h has no method \"open\": a hook returns what is to be done");
    expect_mistake(DOES("return { fyre = 'x' }"),
                   "3: a hook returns a table with fire, open, comment or ignore");
    expect_mistake(DOES("return { fire = 'x' }"), "3: fire: which case? give case = \"CR-1\"");
    expect_mistake(DOES("return { fire = 'x', case = h.body.key, dat = {} }"),
                   "3: unknown key \"dat\" beside fire (did you mean \"data\"?)");
    expect_mistake(DOES("return { open = h.body.x, case = 'A-1' }"),
                   "3: unknown key \"case\" beside open");
    expect_mistake(DOES("return { open = 'isue' }"),
                   "3: a hook names the workflow \"isue\", which the team has not (did you mean "
                   "\"issue\"?)");
    expect_mistake(DOES("return { open = 'issue', fields = { sumary = h.body.x } }"),
                   "3: a hook names the field \"sumary\", which issue has not (did you mean "
                   "\"summary\"?)");
    expect_mistake(DOES("return { comment = 'x', case = { workflow = 'issue', tiket = 1 } }"),
                   "3: a hook names the field \"tiket\", which issue has not (did you mean "
                   "\"ticket\"?)");
    expect_mistake(
        DOES("return { fire = 'tak', case = { workflow = 'issue', ticket = h.body.t } }"),
        "3: a hook names the event \"tak\", which issue has not (did you mean "
        "\"take\"?)");
    expect_mistake(DOES("return { comment = 'x', case = { workflow = 'issue', ticket = 1 }, "
                        "otherwise = { open = 'isue' } }"),
                   "3: a hook names the workflow \"isue\", which the team has not (did you mean "
                   "\"issue\"?)");
    expect_mistake(DOES("return { ignore = 'x', case = 'A-1' }"),
                   "3: unknown key \"case\" beside ignore");
    /* One that is made elsewhere, or that others may be in, is not judged. */
    expect_no_mistake(DOES("local t = {} t[h.body.x] = 1 return t"));
    expect_no_mistake(DOES("local function f(x) return { isue = x } end return f(h.body)"));
    expect_no_mistake(DOES("return { open = h.body.workflow, fields = h.body.fields }"));
    expect_no_mistake(
        DOES("return { fire = 'take', case = { workflow = 'issue', ticket = 'x' } }"));
    expect_no_mistake(DOES("if h.body.n then return { ignore = 'x' } end return { open = 'issue', "
                           "fields = { summary = h.headers['x-a'], priority = 'high' } }"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hooks_mistakes_are_told_with_their_line),
        cmocka_unit_test(test_hooks_go_with_the_team_and_its_source),
        cmocka_unit_test(test_hooks_say_what_is_to_be_done),
        cmocka_unit_test(test_hooks_that_say_nothing_sensible_are_refused),
        cmocka_unit_test(test_hooks_are_read_before_anything_is_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
