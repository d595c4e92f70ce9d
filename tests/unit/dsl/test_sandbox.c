/* SPDX-License-Identifier: Apache-2.0 */
/* What a script can name, and that the bounded functions still do what Lua's own do. */
#include "dsl_support.h"

#define LIST SGN_SOURCE_DIR "/tests/unit/dsl/environment.txt"

static int
by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Adds what the metatable of the value on top can do, as "(metatable) __call __index": one name
 * for all values of a kind. None may be had by a script, nor hold a finalizer. */
static void
note_metatable(lua_State *lua, json_t *names)
{
    const char *keys[32];
    char name[512] = "(metatable)";
    size_t n = 0;

    if (!lua_getmetatable(lua, -1))
        return;
    lua_getfield(lua, -1, "__metatable");
    assert_true(lua_isboolean(lua, -1) && !lua_toboolean(lua, -1));
    lua_pop(lua, 1);
    lua_pushnil(lua);
    while (lua_next(lua, -2)) {
        assert_true(n < 32 && lua_type(lua, -2) == LUA_TSTRING);
        keys[n++] = lua_tostring(lua, -2);
        lua_pop(lua, 1);
    }
    lua_pop(lua, 1);
    qsort(keys, n, sizeof *keys, by_name);
    for (size_t i = 0; i < n; i++)
        snprintf(name + strlen(name), sizeof name - strlen(name), " %s", keys[i]);
    assert_int_equal(json_object_set_new(names, name, json_true()), 0);
}

/* Adds every name that can be reached from the table on top, as "string.rep", and the kinds of
 * metatables. */
static void
walk(lua_State *lua, const char *prefix, json_t *names, int depth)
{
    assert_true(depth < 6);
    /* what lies behind a read-only table counts as the table's */
    dsl_push_prelude(lua, "behind");
    lua_pushvalue(lua, -2);
    lua_call(lua, 1, 1);
    lua_pushnil(lua);
    while (lua_next(lua, -2)) {
        char name[128];

        assert_int_equal(lua_type(lua, -2), LUA_TSTRING);
        snprintf(name, sizeof name, "%s%s", prefix, lua_tostring(lua, -2));
        assert_int_equal(json_object_set_new(names, name, json_true()), 0);
        note_metatable(lua, names);
        if (lua_type(lua, -1) == LUA_TTABLE) {
            snprintf(name, sizeof name, "%s%s.", prefix, lua_tostring(lua, -2));
            walk(lua, name, names, depth + 1);
        }
        lua_pop(lua, 1);
    }
    lua_pop(lua, 1);
}

static int
walk_environment(lua_State *lua)
{
    json_t *names = lua_touserdata(lua, 1);

    dsl_push_prelude(lua, "globals");
    walk(lua, "", names, 0);
    /* the methods of strings */
    lua_pushliteral(lua, "");
    assert_true(luaL_getmetafield(lua, -1, "__index") == LUA_TTABLE);
    walk(lua, "(string):", names, 0);
    lua_pushliteral(lua, "");
    note_metatable(lua, names);
    dsl_push_prelude(lua, "env");
    note_metatable(lua, names);
    dsl_push_prelude(lua, "host");
    lua_getfield(lua, -1, "decimal");
    lua_pushinteger(lua, 1);
    lua_call(lua, 1, 1);
    note_metatable(lua, names);
    return 0;
}

/* Every reachable name stands in the checked-in list, and the other way round. */
static void
test_sandbox_environment_is_the_checked_in_list(void **state)
{
    struct dsl_limits limits;
    struct dsl_state *opened = NULL;
    struct sgn_error err = { 0 };
    json_t *names = json_object();
    FILE *list = fopen(LIST, "r");
    char line[512];
    const char *name;
    json_t *value;
    int count = 0, wrong = 0;

    (void)state;
    dsl_limits_default(&limits);
    assert_non_null(list);
    assert_int_equal(dsl_state_new(&limits, &opened, &err), SGN_OK);
    lua_pushcfunction(opened->lua, walk_environment);
    lua_pushlightuserdata(opened->lua, names);
    assert_int_equal(lua_pcall(opened->lua, 1, 0, 0), LUA_OK);
    while (fgets(line, sizeof line, list) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        count++;
        if (json_object_del(names, line) != 0) {
            print_error("%s stands in environment.txt and is not there\n", line);
            wrong++;
        }
    }
    fclose(list);
    json_object_foreach(names, name, value) {
        print_error("%s can be reached and does not stand in environment.txt\n", name);
        wrong++;
    }
    assert_true(count > 50);
    assert_int_equal(wrong, 0);
    json_decref(names);
    dsl_state_free(opened);
}

static void
test_sandbox_withholds_what_can_hurt(void **state)
{
    static const char *const withheld[] = {
        "load",
        "loadstring",
        "loadfile",
        "dofile",
        "require",
        "package",
        "io",
        "os",
        "debug",
        "collectgarbage",
        "warn",
        "print",
        "getmetatable",
        "rawget",
        "rawset",
        "next",
        "xpcall",
        "_G",
        "_VERSION",
        "string.dump",
        "string.pack",
        "math.random",
        "math.randomseed",
        "coroutine.close",
        "coroutine.running",
    };

    (void)state;
    for (size_t i = 0; i < sizeof withheld / sizeof withheld[0]; i++) {
        bool member = strchr(withheld[i], '.') != NULL;
        char *text =
            sgn_format("local f = %s\nreturn workflow \"t\" { key = \"TT\", state \"one\", "
                       "title = type(f) }",
                       withheld[i]);
        json_t *answer = load_source(NULL, "t", text);
        const json_t *version = json_object_get(json_object_get(answer, "workflows"), "t");

        if (member)
            assert_string_equal(sgn_json_str(json_object_get(version, "model"), "title"), "nil");
        else
            assert_int_equal(json_array_size(json_object_get(answer, "mistakes")), 1);
        json_decref(answer);
        free(text);
    }
}

/* Each of these is true of Lua 5.4 itself (checked with the lua5.4 program). */
static void
test_sandbox_functions_agree_with_lua(void **state)
{
    static const char *const same[] = {
        "('abc'):rep(3, '-') == 'abc-abc-abc'",
        "('x'):rep(0) == '' and ('x'):rep(-3) == '' and (''):rep(1 << 60) == ''",
        "select('#', ('abc'):byte(1, -1)) == 3 and ('abc'):byte(-1) == 99 and ('a'):byte(5) == nil",
        "('hello world'):find('o w') == 5 and ('a.b'):find('.', 2, true) == 2",
        "('key = value'):match('^(%w+)%s*=%s*(%w+)$') == 'key'",
        "select(2, ('key = value'):match('^(%w+)%s*=%s*(%w+)$')) == 'value'",
        "('THE (quick) fox'):find('%((%a+)%)') == 5",
        "('  trim  '):gsub('^%s+', '') == 'trim  '",
        "('abc'):gsub('', '-') == '-a-b-c-'",
        "('hello'):gsub('l+', function(s) return '<' .. s .. '>' end) == 'he<ll>o'",
        "('$name is $age'):gsub('%$(%w+)', { name = 'Li', age = 3 }) == 'Li is 3'",
        "('abc'):gsub('%w', '%0%0', 2) == 'aabbc'",
        "('abab'):match('(a)(b)%1%2') == 'a'",
        "('f(a(b)c)d'):match('%b()') == '(a(b)c)'",
        "('THE (quick) fox'):gsub('%f[%a]%a+', 'x') == 'x (x) x'",
        "('x'):match('()') == 1 and ('abc'):match('b()') == 3",
        "('a-b'):match('[%a-]+') == 'a-b' and (']'):match('[]]') == ']' and ('^'):match('[x^]') == "
        "'^'",
        "('aXb'):match('[^%l]') == 'X' and ('5'):match('[0-9]') == '5'",
        "('abc'):match('a.-c') == 'abc' and ('abc'):match('.-b') == 'ab' and ('ac'):match('ab?c') "
        "== 'ac'",
        "('%d'):format(3) == '3' and ('%5.2f|%s|%q'):format(1.5, true, 'x') == ' 1.50|true|\"x\"'",
        "('%s'):format({}) == 'table' and tostring(print_it) ~= nil",
        "table.concat({ 1, 2, 'x' }, ', ') == '1, 2, x' and table.concat({}) == ''",
        "table.concat({ 1, 2, 3 }, '', 2) == '23'",
        "select('#', table.unpack({ 1, 2, nil, 4 }, 1, 4)) == 4",
        "table.pack(1, nil, 3).n == 3",
        "tostring(1) == '1' and tostring(nil) == 'nil' and tostring(1.5) == '1.5'",
        "tostring({}) == 'table' and tostring(function() end) == 'function'",
        "tostring(setmetatable({}, { __tostring = function() return 'me' end })) == 'me'",
        "math.max(1, 3) == 3 and math.tointeger(3.0) == 3 and math.type(1) == 'integer'",
        "utf8.char(228) == 'ä' and utf8.len('变更') == 2 and utf8.codepoint('变') == 21464",
        "pcall(error, 'x') == false and select(2, pcall(error, 'x')) == 'x'",
        "select(2, pcall(error, { code = 7 })).code == 7",
        "select('#', pcall(function() return 1, 2 end)) == 3",
        "({ pcall(function() error() end) })[2] == nil",
    };

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        char *body = sgn_format("function(c) local print_it = 1 return (%s) end", same[i]);

        expect_call(RULES_GUARD, "", body, "true");
        free(body);
    }
}

static void
test_sandbox_tables_work_in_functions(void **state)
{
    (void)state;
    expect_call(
        RULES_GUARD, "",
        "function() local t = { 3, 1, 2 } table.sort(t) table.insert(t, 4) "
        "table.insert(t, 1, 0) local out = table.remove(t) local first = table.remove(t, 1) "
        "return table.concat(t) == '123' and out == 4 and first == 0 end",
        "true");
    expect_call(
        RULES_GUARD, "",
        "function() local t = {} for i = 1, 100 do t[i] = (i * 37) % 101 end "
        "table.sort(t, function(a, b) return a > b end) "
        "for i = 2, 100 do if t[i - 1] < t[i] then return false end end "
        "local m = table.move({ 1, 2, 3 }, 1, 3, 2) "
        "return table.concat(m) == '1123' and table.concat(table.move({ 1, 2, 3 }, 2, 3, 1)) "
        "== '233' end",
        "true");
    expect_call(
        RULES_GUARD, "",
        "function() local log = {} local gen = coroutine.wrap(function() for i = 1, 3 do "
        "coroutine.yield(i) end end) for v in gen do log[#log + 1] = v if v == 3 then break "
        "end end local co = coroutine.create(function(a) local b = coroutine.yield(a + 1) "
        "return b * 2 end) local _, x = coroutine.resume(co, 1) local _, y = "
        "coroutine.resume(co, 10) return table.concat(log) == '123' and x == 2 and y == 20 "
        "and coroutine.status(co) == 'dead' and coroutine.resume(co) == false end",
        "true");
}

static void
test_sandbox_pairs_go_in_order(void **state)
{
    (void)state;
    expect_call(
        RULES_GUARD, "",
        "function() local t = { b = 1, a = 2, [3] = 3, [1] = 4, [2.5] = 5, [true] = 6, "
        "['10'] = 7, [-1] = 8 } local s = {} for k in pairs(t) do s[#s + 1] = tostring(k) end "
        "return false, table.concat(s, ' ') end",
        "[false,\"-1 1 2.5 3 10 a b true\"]");
    /* what is removed on the way is not visited, what was there at first is */
    expect_call(
        RULES_GUARD, "",
        "function() local t = { a = 1, b = 2, c = 3 } local s = '' for k in pairs(t) do s = "
        "s .. k t.c = nil t.d = 4 end return s == 'ab' end",
        "true");
    expect_call_begins(RULES_GUARD, "", "function() for k in pairs({ [{}] = 1 }) do end end",
                       "rule_error: workflows/t.lua:4: a table whose keys are tables has no order");
}

static void
test_sandbox_metatables_are_copied_and_tame(void **state)
{
    static const char *const refused[] = { "__gc", "__mode", "__metatable", "__name", "__pairs" };

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        char *body =
            sgn_format("function()\nsetmetatable({}, { %s = 'k' }) return true end", refused[i]);
        char *expected = sgn_format("rule_error: workflows/t.lua:5: setmetatable: there is no %s "
                                    "here",
                                    refused[i]);

        expect_call(RULES_GUARD, "", body, expected);
        free(body);
        free(expected);
    }
    /* added afterwards it does nothing */
    expect_call(RULES_GUARD, "",
                "function() local m = {} local t = setmetatable({}, m) m.__gc = function() end "
                "m.__mode = 'k' m.__index = function() return 1 end return t.x == nil end",
                "true");
    expect_call_begins(RULES_GUARD, "", "function() setmetatable(string, {}) return true end",
                       "rule_error: workflows/t.lua:4: setmetatable: this table is read-only");
    expect_call_begins(RULES_GUARD, "", "function() ('x').y.z = 1 return true end",
                       "rule_error: workflows/t.lua:4: ");
    expect_call_begins(RULES_GUARD, "", "function(c) setmetatable(c, {}) return true end",
                       "rule_error: workflows/t.lua:4: setmetatable: this table is read-only");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sandbox_environment_is_the_checked_in_list),
        cmocka_unit_test(test_sandbox_withholds_what_can_hurt),
        cmocka_unit_test(test_sandbox_functions_agree_with_lua),
        cmocka_unit_test(test_sandbox_tables_work_in_functions),
        cmocka_unit_test(test_sandbox_pairs_go_in_order),
        cmocka_unit_test(test_sandbox_metatables_are_copied_and_tame),
    };
    return cmocka_run_group_tests_name("dsl/sandbox", tests, NULL, NULL);
}
