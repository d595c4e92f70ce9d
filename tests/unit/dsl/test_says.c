/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the loader says of functions: every fact is certain, and what may be something else is not
 * said. Facts are written as "fields.a" (reading), "fields.a=" (assigning) and "set('a',3)", an
 * unknown argument as "?", more of them as "...".
 */
#include "dsl_support.h"

#include "text.h"

static void
put_arg(char *out, size_t n, const json_t *arg)
{
    json_t *is = json_object_get(arg, "is");
    size_t at = strlen(out), i;
    json_t *one;
    const char *key;

    if (json_is_string(is)) {
        snprintf(out + at, n - at, "'%s'", json_string_value(is));
    } else if (is != NULL) {
        char *text = json_dumps(is, JSON_ENCODE_ANY);
        snprintf(out + at, n - at, "%s", text);
        free(text);
    } else if (json_object_get(arg, "word") != NULL) {
        snprintf(out + at, n - at, "%s:%s", sgn_json_str(arg, "word"), sgn_json_str(arg, "name"));
    } else if (json_is_object(arg)) {
        snprintf(out + at, n - at, "{");
        json_array_foreach(json_object_get(arg, "items"), i, one) {
            put_arg(out, n, one);
            snprintf(out + strlen(out), n - strlen(out), ";");
        }
        json_object_foreach(json_object_get(arg, "keys"), key, one) {
            snprintf(out + strlen(out), n - strlen(out), "%s=", key);
            put_arg(out, n, one);
            snprintf(out + strlen(out), n - strlen(out), ";");
        }
        snprintf(out + strlen(out), n - strlen(out), sgn_json_true(arg, "open") ? "...}" : "}");
    } else {
        snprintf(out + at, n - at, "?");
    }
}

/* Reading c.fields, c.people and e.data themselves is left out. */
static void
put_fact(char *out, size_t n, const json_t *fact)
{
    const char *of = sgn_json_str(fact, "of"), *name = sgn_json_str(fact, "name");
    const char *method = sgn_json_str(fact, "call");
    const json_t *arg;
    size_t i;

    if (name != NULL &&
        (strcmp(name, "fields") == 0 || strcmp(name, "people") == 0 || strcmp(name, "data") == 0))
        return;
    if (out[0] != '\0')
        snprintf(out + strlen(out), n - strlen(out), " ");
    if (name != NULL)
        snprintf(out + strlen(out), n - strlen(out), "%s.%s%s", of, name,
                 sgn_json_true(fact, "write") ? "=" : "");
    if (method == NULL)
        return;
    snprintf(out + strlen(out), n - strlen(out), "%s(", method);
    json_array_foreach(json_object_get(fact, "args"), i, arg) {
        snprintf(out + strlen(out), n - strlen(out), "%s", i > 0 ? "," : "");
        put_arg(out, n, arg);
    }
    snprintf(out + strlen(out), n - strlen(out), sgn_json_true(fact, "more") ? "...)" : ")");
}

/* What a function with this body says, outside standing before the workflow. */
static void
expect_says(const char *outside, const char *body, const char *expected)
{
    char *source =
        sgn_format("%s\nreturn workflow 'w' { key = 'WW', fields = { a = text {} },\n"
                   "state 's' { on 'go' { by = 'pm', run = function(c, e)\n%s\nend, to = 'd' } },\n"
                   "final 'd' }\n",
                   outside, body);
    json_t *input = json_pack("{s:s, s:{s:s, s:s}, s:{}}", "team", "t", "files", "team.lua",
                              "return team 't' { use 'w' }", "workflows/w.lua", source, "shipped");
    json_t *answer = NULL, *says;
    const json_t *fact;
    char got[1024] = "";
    struct sgn_error err = { 0 };
    size_t i;

    assert_int_equal(dsl_load(NULL, input, &answer, &err), SGN_OK);
    if (json_array_size(json_object_get(answer, "mistakes")) > 0)
        fail_msg("%s",
                 sgn_json_str(json_array_get(json_object_get(answer, "mistakes"), 0), "message"));
    says = json_object_get(
        json_object_get(json_object_get(json_object_get(answer, "workflows"), "w"), "says"),
        "functions");
    json_array_foreach(json_object_get(json_object_get(says, "1"), "facts"), i, fact)
        put_fact(got, sizeof got, fact);
    if (strcmp(got, expected) != 0)
        fail_msg("%s\nsays: %s\nexpected: %s", body, got, expected);
    json_decref(answer);
    json_decref(input);
    free(source);
}

static void
test_says_what_is_read_and_asked_for(void **state)
{
    (void)state;
    expect_says("", "return c.fields.x == c.owner and c.people.boss[1] == e.by",
                "fields.x case.owner people.boss event.by");
    expect_says("", "c.fields.x = e.data.y", "data.y fields.x=");
    expect_says("", "c:set('a', 3) c:set('a') c:set('a', nil) c:set('a', true)",
                "set('a',3) set('a') set('a',null) set('a',true)");
    expect_says("", "c:set('a', c.fields.b)", "fields.b set('a',?)");
    expect_says("", "c:notify({ 'pm', group 'ops', c.opener }, 't')",
                "case.opener notify({'pm';group:ops;?;},'t')");
    expect_says("", "c:notify(channel 'wecom')", "notify(channel:wecom)");
    expect_says("", "c:send('x', { after = '1 day', id = 'i' })",
                "send('x',{after='1 day';id='i';})");
    expect_says("", "c.set('a', 1) c.set(c, 'a', 2)", "case.set set('a',1) set('a',2)");
}

static void
test_says_follows_what_cannot_be_something_else(void **state)
{
    (void)state;
    expect_says("", "local f = c.fields for i = 1, 3 do if f.x == i then return f.y end end",
                "fields.x fields.y");
    expect_says("", "local f = c.fields local g = function() return f.x end return g", "fields.x");
    expect_says("", "local k = 'x' while e do return c.fields[k] end", "fields.x");
    expect_says("local K = 'x'", "return c.fields[K]", "fields.x");
    expect_says("local function h(v, w) if w then v:emit('p') end v:emit('q') end", "h(c)",
                "emit('q')");
    expect_says("local function h(v, w) if w then v:emit('p') end end", "h(c, true)", "emit('p')");
    expect_says("local function h(v, n) if n > 0 then n = 0 end return v.fields.x end", "h(c, 1)",
                "fields.x");
}

static void
test_says_nothing_of_what_may_be_something_else(void **state)
{
    (void)state;
    expect_says("", "local f = c.fields f = e.data return f.x", "data.x");
    expect_says("", "local f = c.fields if e.by then f = e.data end return f.x", "event.by");
    expect_says("", "local f = e.by and c.fields or e.data return f.x", "event.by");
    expect_says("", "for i = 1, 2 do local f = c.fields if i > 1 then f = {} end local n = f.x end",
                "");
    expect_says("", "local f = {} repeat local n = f.x f = c.fields until n", "");
    expect_says("", "local f = {} local g = function() return f.x end f = c.fields return g", "");
    expect_says("", "local f = c.fields local g = function() f = {} end g() return f.x", "");
    expect_says("", "c = {} return c.x", "");
    expect_says("", "local k = e.by and 'x' or 'y' c:emit(k)", "event.by emit(?)");
    expect_says("", "local o = { after = '1 day' } ;(e.data.f or tostring)(o) c:send('x', o)",
                "data.f send('x',{after='1 day';...})");
    expect_says("", "local o = {} o[e.by] = 1 c:send('x', o)", "event.by send('x',{...})");
    expect_says("", "local function f(...) c:emit(...) end return f", "emit(...)");
    expect_says("", "goto over do c:emit('never') end ::over:: return c.owner", "case.owner");
    expect_says("", "local function deep(v) return v end return deep(c)", "");
}

/* What stands in a table outside is written once, when the file is run. */
static void
test_says_follows_tables_of_functions(void **state)
{
    static const char *const table =
        "local H = { one = function(v, e) v:emit('p') end, word = 'x', n = { deep = 'y' } }\n"
        "function H.two(v, e) return v.fields.x end";
    static const char *const handlers =
        "local H = { b = function(v, e) v:emit('q') end, a = function(v, e) v:emit('p') end }";

    (void)state;
    expect_says(table, "H.one(c, e)", "emit('p')");
    expect_says(table, "local f = H.two return f(c)", "fields.x");
    expect_says(table, "local h = H return h.one(c)", "emit('p')");
    expect_says(table, "return c.fields[H.word] or c.fields[H.n.deep]", "fields.x fields.y");
    expect_says(table, "if H.three then c:emit 'never' end return c.owner", "case.owner");
    /* by what nobody knows: each of them, where they are alike */
    expect_says(handlers, "return H[e.name](c, e)", "event.name emit('p') emit('q')");
    expect_says(handlers, "local f = H[e.name] if f then f(c, e) end",
                "event.name emit('p') emit('q')");
    expect_says(table, "return H[e.name](c, e)", "event.name");
    expect_says("local H = { a = function(v) v:emit('p') end, b = function(v, w) v:emit('q') end }",
                "return H[e.name](c)", "event.name");
}

/* However a file is made, the work is bounded. */
static void
test_says_ends_on_helpers_that_call_one_another(void **state)
{
    (void)state;
    expect_says("local a, b\n"
                "function a(v, n) b(v, n) b(v, n + 1) a(v, n) return v.fields.x end\n"
                "function b(v, n) a(v, n) a(v, 'y') b(v, n) end",
                "a(c, 1) b(c, 2)", "fields.x");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_says_what_is_read_and_asked_for),
        cmocka_unit_test(test_says_follows_what_cannot_be_something_else),
        cmocka_unit_test(test_says_nothing_of_what_may_be_something_else),
        cmocka_unit_test(test_says_follows_tables_of_functions),
        cmocka_unit_test(test_says_ends_on_helpers_that_call_one_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
