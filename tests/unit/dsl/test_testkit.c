/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The test kit without an engine: what it reads of a file, what it asks of its host, and how a
 * test ends.
 */
#include "dsl_support.h"

#include "testkit.h"

/* A host that notes what it is asked, and answers the same to everything. */
struct host {
    json_t *asked; /* [[who, method, params]] */
    json_t *answer;
    enum sgn_status status; /* of the calls of one method */
    const char *method;
};

static enum sgn_status
host_call(void *ctx, const char *who, const char *method, const json_t *params, json_t **result,
          struct sgn_error *err)
{
    struct host *host = ctx;

    json_array_append_new(host->asked, json_pack("[s?, s, O]", who, method, params));
    if (host->method != NULL && strcmp(host->method, method) == 0) {
        sgn_fail(err, host->status, "not so");
        sgn_error_add(err, "pointer", json_string("/x"));
        return host->status;
    }
    *result = json_incref(host->answer);
    return SGN_OK;
}

static struct host
new_host(void)
{
    return (struct host){ .asked = json_array(),
                          .answer = json_pack("{s:s, s:s}", "case", "X-1", "time", "t") };
}

static void
free_host(struct host *host)
{
    json_decref(host->asked);
    json_decref(host->answer);
}

/* Runs the nth test; NULL: it passed. New reference. */
static json_t *
run(struct host *host, const char *source, int nth)
{
    const struct dsl_test_host calls = { .call = host_call, .ctx = host };
    struct sgn_error err = { 0 };
    json_t *failure = NULL;

    if (dsl_test_run(NULL, "x_test.lua", source, nth, &calls, &failure, &err) != SGN_OK)
        fail_msg("%s", err.message);
    return failure;
}

static json_t *
parse(const char *text)
{
    char *copy = strdup(text);
    json_t *value;

    for (char *c = copy; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    value = json_loads(copy, JSON_DECODE_ANY, NULL);
    if (value == NULL)
        fail_msg("the test's JSON: %s", copy);
    free(copy);
    return value;
}

static void
assert_value(const json_t *got, const char *expected)
{
    json_t *want = parse(expected);

    if (!json_equal((json_t *)got, want)) {
        char *text = got != NULL ? json_dumps(got, JSON_ENCODE_ANY) : strdup("nothing");
        fail_msg("got %s, expected %s", text, expected);
    }
    json_decref(want);
}

static void
test_testkit_reads_people_and_tests_without_running_any(void **state)
{
    static const char source[] =
        "people { li = \"pm\", mei = { \"client\", \"signer\", of = \"acme\" },\n"
        "  wang = { lead = true, groups = { \"ccb\" } } }\n"
        "project { currency = \"EUR\" }\n"
        "test \"a\" (function(t) error(\"never run\") end)\n"
        "test \"b\" (function(t) end)\n";
    json_t *mistakes = json_array(), *read = NULL;
    struct sgn_error err = { 0 };

    (void)state;
    assert_int_equal(dsl_test_read(NULL, "x_test.lua", source, mistakes, &read, &err), SGN_OK);
    assert_int_equal(json_array_size(mistakes), 0);
    assert_value(json_object_get(read, "people"),
                 "{'li': {'roles': ['pm']}, 'mei': {'roles': ['client', 'signer'], 'of': 'acme'},"
                 " 'wang': {'roles': [], 'lead': true, 'groups': ['ccb']}}");
    assert_value(json_object_get(read, "project"), "{'currency': 'EUR'}");
    assert_value(json_object_get(read, "tests"),
                 "[{'name': 'a', 'line': 4}, {'name': 'b', 'line': 5}]");
    json_decref(read);
    json_decref(mistakes);
}

static void
test_testkit_speaks_to_its_host_in_calls_of_the_protocol(void **state)
{
    static const char source[] = "people { li = \"pm\" }\n"
                                 "test \"a\" (function(t)\n"
                                 "  local c = t:open(\"x\", { by = \"li\" })\n"
                                 "  c:fire(\"go\", { by = \"li\", data = {}, comment = \"so\" })\n"
                                 "  c:edit({ note = empty }, { by = \"li\" })\n"
                                 "end)\n";
    struct host host = new_host();

    (void)state;
    assert_null(run(&host, source, 0));
    assert_value(
        host.asked,
        "[[null, 'test.begin', {}],"
        " ['li', 'case.open', {'workflow': 'x', 'project': 'project'}],"
        " ['li', 'case.fire', {'case': 'X-1', 'event': 'go', 'data': {}, 'comment': 'so'}],"
        " ['li', 'case.edit', {'case': 'X-1', 'fields': {'note': null}}]]");
    free_host(&host);
}

static void
test_testkit_tells_a_refusal_with_its_lines_and_code(void **state)
{
    static const char source[] = "people { li = \"pm\" }\n"
                                 "local function open(t)\n"
                                 "  return t:open(\"x\", { by = \"li\" })\n"
                                 "end\n"
                                 "test \"a\" (function(t)\n"
                                 "  local c = open(t)\n"
                                 "end)\n";
    struct host host = new_host();
    json_t *failure;

    (void)state;
    host.method = "case.open";
    host.status = SGN_FORBIDDEN;
    failure = run(&host, source, 0);
    assert_value(failure, "{'kind': 'refusal', 'code': 'forbidden', 'line': 3, 'lines': [3, 6],"
                          " 'message': 'opening x was refused: not so'}");
    json_decref(failure);
    free_host(&host);
}

static void
test_testkit_does_not_let_a_test_swallow_its_failure(void **state)
{
    static const char source[] = "people { li = \"pm\" }\n"
                                 "test \"a\" (function(t)\n"
                                 "  pcall(function() t:open(\"x\", { by = \"li\" }) end)\n"
                                 "end)\n";
    struct host host = new_host();
    json_t *failure;

    (void)state;
    host.method = "case.open";
    host.status = SGN_FORBIDDEN;
    failure = run(&host, source, 0);
    assert_value(json_object_get(failure, "line"), "3");
    json_decref(failure);
    free_host(&host);
}

static void
test_testkit_ends_with_a_fault_of_the_host(void **state)
{
    static const char source[] = "people { li = \"pm\" }\n"
                                 "test \"a\" (function(t)\n"
                                 "  while true do pcall(t.now, t) end\n"
                                 "end)\n";
    struct host host = new_host();
    const struct dsl_test_host calls = { .call = host_call, .ctx = &host };
    struct sgn_error err = { 0 };
    json_t *failure = NULL;

    (void)state;
    host.method = "test.time";
    host.status = SGN_INTERNAL;
    assert_int_equal(dsl_test_run(NULL, "x_test.lua", source, 0, &calls, &failure, &err),
                     SGN_INTERNAL);
    assert_string_equal(err.message, "not so");
    assert_null(failure);
    sgn_error_clear(&err);
    free_host(&host);
}

static void
test_testkit_bounds_what_a_test_may_ask(void **state)
{
    static const char source[] = "test \"a\" (function(t)\n"
                                 "  while true do t:now() end\n"
                                 "end)\n";
    struct host host = new_host();
    json_t *failure = run(&host, source, 0);

    (void)state;
    assert_value(json_object_get(failure, "kind"), "'overrun'");
    assert_value(json_object_get(failure, "line"), "2");
    assert_in_range(json_array_size(host.asked), 1000, 3000);
    json_decref(failure);
    free_host(&host);
}

static void
test_testkit_hands_out_nothing_but_its_words(void **state)
{
    static const char *const withheld[] = {
        "os",       "io",   "load",         "require", "debug",
        "workflow", "next", "getmetatable", "rawset",  "collectgarbage"
    };
    struct host host = new_host();

    (void)state;
    for (size_t i = 0; i < sizeof withheld / sizeof withheld[0]; i++) {
        char source[128];
        json_t *failure;

        snprintf(source, sizeof source, "test \"a\" (function(t)\n  local x = %s\nend)\n",
                 withheld[i]);
        failure = run(&host, source, 0);
        assert_value(json_object_get(failure, "kind"), "'mistake'");
        assert_non_null(strstr(sgn_json_str(failure, "message"), "unknown word"));
        json_decref(failure);
    }
    free_host(&host);
}

/* The mistakes that reading gives, as "LINE:COLUMN MESSAGE|..." */
static void
assert_mistakes(const char *body, const char *expected)
{
    char *source =
        sgn_format("people { li = 'pm' }\n"
                   "local function again(x, y) x:nww() y:fyre 'b' end\n"
                   "test 'a' (function(t) local c = t:open('x', { by = 'li' })\n%s\nend)\n",
                   body);
    json_t *mistakes = json_array(), *declared = NULL, *one;
    struct sgn_error err = { 0 };
    char got[1024] = "";
    size_t i;

    assert_int_equal(dsl_test_read(NULL, "x_test.lua", source, mistakes, &declared, &err), SGN_OK);
    json_array_foreach(mistakes, i, one) {
        size_t n = strlen(got);
        snprintf(got + n, sizeof got - n, "%s%d:%d %s", n > 0 ? "|" : "",
                 (int)sgn_json_int(one, "line", 0), (int)sgn_json_int(one, "column", 0),
                 sgn_json_str(one, "message"));
    }
    assert_string_equal(got, expected);
    assert_true((declared == NULL) == (expected[0] != '\0'));
    json_decref(declared);
    json_decref(mistakes);
    free(source);
}

static void
test_testkit_finds_words_that_there_are_not_before_a_test_runs(void **state)
{
    (void)state;
    assert_mistakes("c:fire('go', { by = 'li', data = {} }) t:advance '1 day' local k = c.key", "");
    assert_mistakes("t:advanse '1 day'", "4:3 unknown word t:advanse (did you mean \"advance\"?)");
    assert_mistakes("if t:now() == 'x' then c:expct {} end",
                    "4:26 unknown word c:expct (did you mean \"expect\"?)");
    assert_mistakes("t:case('X-1'):fyre('go', {}) local x = c.q",
                    "4:15 unknown word c:fyre (did you mean \"fire\"?)|4:42 unknown word c:q");
    assert_mistakes("again(t, c)", "2:30 unknown word t:nww (did you mean \"now\"?)"
                                   "|2:38 unknown word c:fyre (did you mean \"fire\"?)");
    assert_mistakes("c:fire('go') c:withdraw {} c:retry()",
                    "4:3 c:fire: by = is missing: who does it?"
                    "|4:16 c:withdraw: by = is missing: who does it?"
                    "|4:30 c:retry: by = is missing: who does it?");
    assert_mistakes("c:fire('go', { by = 'li', dta = {} }) c:expect { stat = 'x' }",
                    "4:3 c:fire: unknown key \"dta\" (did you mean \"data\"?)"
                    "|4:41 c:expect: unknown key \"stat\" (did you mean \"state\"?)");
}

/* What may be something else is left to the run. */
static void
test_testkit_says_nothing_beforehand_of_what_it_does_not_know(void **state)
{
    (void)state;
    assert_mistakes("local x = { t } x[1]:advanse() local y = li and t or c y:nww()", "");
    assert_mistakes("for _, d in ipairs(t:cases 'x') do d:fyre() end", "");
    assert_mistakes("local o = { by = 'li' } o[t:now()] = 1 c:retry(o)", "");
    assert_mistakes("local who = t:now() c:retry { by = who } c:fire(who, { by = who })", "");
    assert_mistakes("local x = t:now() c:retry { by = 'li', bye = x }",
                    "4:21 c:retry: unknown key \"bye\" (did you mean \"by\"?)");
    assert_mistakes("local o = {} o[t:now()] = 1 c:retry(o) c:retry(t:now())", "");
    assert_mistakes("local function all(...) c:retry(...) c:fire('go', ...) end return all", "");
    assert_mistakes("c = t c:advanse()", "4:9 unknown word t:advanse (did you mean \"advance\"?)");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_testkit_reads_people_and_tests_without_running_any),
        cmocka_unit_test(test_testkit_speaks_to_its_host_in_calls_of_the_protocol),
        cmocka_unit_test(test_testkit_tells_a_refusal_with_its_lines_and_code),
        cmocka_unit_test(test_testkit_does_not_let_a_test_swallow_its_failure),
        cmocka_unit_test(test_testkit_ends_with_a_fault_of_the_host),
        cmocka_unit_test(test_testkit_bounds_what_a_test_may_ask),
        cmocka_unit_test(test_testkit_hands_out_nothing_but_its_words),
        cmocka_unit_test(test_testkit_finds_words_that_there_are_not_before_a_test_runs),
        cmocka_unit_test(test_testkit_says_nothing_beforehand_of_what_it_does_not_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
