/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scripts that try to run on for ever, to eat memory, or to crash the process. Each must end as
 * an overrun or as an ordinary error, soon, and leave the state able to answer the next call.
 *
 * Each attack is the body of a function. "overrun": the budget must stop it, whatever it catches;
 * "error": it must fail with an error of its own; "either": one of the two.
 */
#include "dsl_support.h"

#include "clock.h"

/* Generous: sanitizers, two cores shared. Unstopped, each of these runs for minutes or years. */
#define SOON_MS 20000

struct attack {
    const char *name, *end, *body;
};

/* clang-format off */
static const struct attack attacks[] = {
    { "endless loop", "overrun", "while true do end" },
    { "endless loop in pcall", "overrun", "while true do pcall(function() while true do end end) end" },
    { "pcall of pcall", "overrun", "local function f() pcall(f) while true do end end f()" },
    { "error in pcall for ever", "overrun", "while true do pcall(error, 'x') end" },
    { "rep of nothing", "either", "for i = 1, 1e9 do (''):rep(1 << 50) end" },
    { "rep of much", "error", "local s = ('x'):rep(1 << 40)" },
    { "rep with a separator", "error", "local s = (''):rep(1 << 40, 'xx')" },
    { "rep below the cap, for ever", "overrun", "while true do local s = ('x'):rep(200000) end" },
    { "doubling", "overrun", "local s = 'x' while true do s = s .. s end" },
    { "doubling in pcall", "overrun", "local s = 'x' while true do pcall(function() s = s .. s end) end" },
    { "pattern: nested minus", "overrun", "(('a'):rep(200)):find(('a-'):rep(20) .. 'b')" },
    { "pattern: three minus", "overrun", "(('a'):rep(20000)):find('.-.-.-b')" },
    { "pattern: gsub", "overrun", "(('a'):rep(20000)):gsub('.-.-.-b', '')" },
    { "pattern: gmatch", "overrun", "for x in (('a'):rep(20000)):gmatch('.-.-.-b') do end" },
    { "pattern: match in pcall", "overrun", "while true do pcall(string.match, ('a'):rep(20000), '.-.-.-b') end" },
    { "pattern: deep", "error", "('x'):rep(10000):match(('(x'):rep(200))" },
    { "pattern: balanced", "overrun", "while true do (('('):rep(100000)):find('%b()') end" },
    { "pattern: long set", "overrun", "while true do (('a'):rep(1000)):find('[' .. ('b'):rep(10000) .. ']') end" },
    { "pattern: back reference", "overrun", "while true do (('ab'):rep(10000)):find('(.+)%1%1%1c') end" },
    { "table.move of much", "error", "table.move({}, 1, 1 << 50, 2)" },
    { "table.move for long", "overrun", "while true do table.move({}, 1, 1000000, 2) end" },
    { "table.insert with a lying length", "either", "table.insert(setmetatable({}, { __len = function() return 1 << 50 end }), 1, 1) while true do end" },
    { "table.remove with a lying length", "either", "table.remove(setmetatable({}, { __len = function() return 1 << 50 end }), 1) while true do end" },
    { "table.concat of much", "error", "local t = {} for i = 1, 1000 do t[i] = ('x'):rep(1000) end table.concat(t)" },
    { "table.concat with bounds", "error", "table.concat({}, '', 1, 1 << 50)" },
    { "table.concat for ever", "overrun", "local t = {} for i = 1, 1000 do t[i] = 'xxxxxxxx' end while true do table.concat(t) end" },
    { "table.unpack of much", "error", "table.unpack({}, 1, 1e7)" },
    { "table.unpack round the edge", "error", "table.unpack({}, math.mininteger, math.maxinteger)" },
    { "table.sort with a wrong order", "overrun", "local t = {} for i = 1, 10000 do t[i] = i end while true do table.sort(t, function() return true end) end" },
    { "table.sort that never ends", "overrun", "table.sort({ 1, 2 }, function() while true do end end)" },
    { "string.byte of much", "error", "local s = ('x'):rep(100000) s:byte(1, -1)" },
    { "utf8.codepoint of much", "error", "local s = ('x'):rep(100000) utf8.codepoint(s, 1, -1)" },
    { "utf8.len for ever", "overrun", "local s = ('x'):rep(200000) while true do utf8.len(s) end" },
    { "comparing long strings", "overrun", "local a, b = ('x'):rep(200000) .. 'a', ('x'):rep(200000) .. 'b' while true do local c = a < b end" },
    { "equality of long strings", "overrun", "local a, b = ('x'):rep(200000) .. 'a', ('x'):rep(200000) .. 'a' while true do local c = a == b end" },
    { "upper for ever", "overrun", "local a = ('x'):rep(200000) while true do a:upper() end" },
    { "plain find for ever", "overrun", "local a = ('x'):rep(200000) while true do a:find('y', 1, true) end" },
    { "format width", "error", "('%99999s'):format('x')" },
    { "format of long texts", "error", "local a = ('x'):rep(200000) local s = ('%s'):rep(200):format(table.unpack({ a, a, a, a, a, a, a, a }))" },
    { "format shows addresses", "error", "('%p'):format({})" },
    { "growing varargs", "either", "local function g(...) return g(nil, nil, nil, nil, nil, nil, nil, nil, ...) end g()" },
    { "varargs over and over", "either", "local function loop(...) while true do select('#', ...) end end local function g(n, ...) if n == 0 then return loop(...) end return g(n - 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...) end g(1000)" },
    { "table that grows", "overrun", "local t = {} for i = 1, math.maxinteger do t[i] = i end" },
    { "tables that stay", "overrun", "local t = {} while true do t = { t } end" },
    { "tables that stay, in pcall", "overrun", "local t = {} while true do pcall(function() while true do t = { t, {} } end end) end" },
    { "strings that stay, in pcall", "overrun", "local t = {} while true do pcall(function() for i = 1, 1e9 do t[#t + 1] = ('x'):rep(1000) .. i end end) end" },
    { "rehash for ever", "overrun", "local t = {} for i = 1, 1 << 17 do t['k' .. i] = 1 end while true do for i = 1, 1000000 do t['a' .. i] = 1 t['a' .. i] = nil end end" },
    { "coroutines under the interval", "either", "local function work() for i = 1, 400 do end end while true do local co = coroutine.wrap(work) co() end" },
    { "coroutines two deep", "either", "local function inner() for i = 1, 400 do end end local function outer() for i = 1, 20 do coroutine.wrap(inner)() end end while true do coroutine.wrap(outer)() end" },
    { "one coroutine, resumed for ever", "overrun", "local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end" },
    { "loop in a coroutine in pcall", "overrun", "while true do pcall(function() coroutine.wrap(function() while true do end end)() end) end" },
    { "many coroutines", "error", "for i = 1, 100000 do coroutine.create(function() end) end" },
    { "coroutines nested deep", "error", "local function f(n) return coroutine.wrap(function() return f(n + 1) end)() end f(1)" },
    { "closing chains", "either", "local last for i = 1, 20000 do local before = last last = coroutine.create(function() local x <close> = setmetatable({}, { __close = function() if before then coroutine.resume(before) end end }) coroutine.yield() end) coroutine.resume(last) end" },
    { "loop in __close", "overrun", "local x <close> = setmetatable({}, { __close = function() while true do end end }) error 'x'" },
    { "loop in __close after the end", "overrun", "local x <close> = setmetatable({}, { __close = function() while true do pcall(function() while true do end end) end end }) while true do end" },
    { "recursion", "either", "local function f() return 1 + f() end f()" },
    { "tail recursion", "overrun", "local function f() return f() end f()" },
    { "recursion through metamethods", "error", "local t = setmetatable({}, {}) local m = { __index = function(t, k) return t[k .. 'x'] end } return setmetatable({}, m).x" },
    { "__index loops", "error", "local a, b = {}, {} setmetatable(a, { __index = function(_, k) return b[k] end }) setmetatable(b, { __index = function(_, k) return a[k] end }) return a.x" },
    { "__tostring calls itself", "error", "local t t = setmetatable({}, { __tostring = function() return tostring(t) end }) tostring(t)" },
    { "__tostring of no text", "error", "tostring(setmetatable({}, { __tostring = function() return 7 .. '' and {} end }))" },
    { "error object with __tostring", "error", "error(setmetatable({}, { __tostring = function() error 'again' end }))" },
    { "error object that loops", "error", "error(setmetatable({}, { __tostring = function() while true do end end }))" },
    { "error object: a long text", "error", "error(('x'):rep(100000))" },
    { "error object: not UTF-8", "error", "error('\\xff\\xfe')" },
    { "error object: nil", "error", "error(nil)" },
    { "error in an error", "error", "pcall(error, setmetatable({}, { __index = function() error 'x' end })) error {}" },
    { "gsub's function errs", "error", "('abc'):gsub('.', function() error 'x' end)" },
    { "gsub that grows", "error", "local s = ('x'):rep(100000) s:gsub('x', ('y'):rep(1000))" },
    { "string methods poisoned", "error", "('').rep = function() end" },
    { "library poisoned", "error", "string.rep = nil" },
    { "reaching the environment", "error", "local env = _ENV env.string = nil" },
    { "answer: a function", "error", "c:emit('x', function() end)" },
    { "answer: too many actions", "either", "for i = 1, 1e6 do c:emit 'x' end" },
    { "answer: cyclic data", "error", "local t = {} t.t = t c:emit('x', t)" },
    { "answer: wide data", "either", "local t = {} for i = 1, 1e7 do t[i] = i end c:emit('x', t)" },
    { "answer: lying data", "either", "c:emit('x', setmetatable({}, { __index = function() return 1 end, __len = function() return 1e9 end }))  while true do end" },
    { "division by zero", "error", "return 1 // 0" },
    { "integer loop to the edge", "overrun", "for i = math.mininteger, math.maxinteger do end" },
    { "sorted pairs of much", "overrun", "local t = {} for i = 1, 50000 do t[i] = i end while true do for k in pairs(t) do end end" },
};
/* clang-format on */

/* Smaller than a server's, so that the many attacks take seconds together. */
static struct dsl_limits
small_limits(void)
{
    struct dsl_limits limits;

    dsl_limits_default(&limits);
    limits.instructions = 2000000;
    limits.memory_bytes = 32u << 20;
    return limits;
}

static bool
ended_as(enum sgn_status st, const char *end)
{
    if (strcmp(end, "overrun") == 0)
        return st == SGN_RULE_OVERRUN;
    if (strcmp(end, "error") == 0)
        return st == SGN_RULE_ERROR;
    return st == SGN_RULE_ERROR || st == SGN_RULE_OVERRUN;
}

/* Runs one attack with a condition's rights, or, when it says actions, with a run's. */
static int
run_attack(const struct attack *attack)
{
    char *function = sgn_format("function(c, e) %s end", attack->body);
    struct dsl_limits limits = small_limits();
    struct dsl_state *state = open_text(&limits, "", "{ a = above(0) }", function);
    json_t *input = example_input(), *answer = NULL;
    struct sgn_error err = { 0 };
    int64_t began = sgn_monotonic_ms(), took;
    enum sgn_status st;
    int wrong = 0;

    st = dsl_version_call(state, "t.lua", 1, RULES_RUN, input, &answer, &err);
    took = sgn_monotonic_ms() - began;
    if (!ended_as(st, attack->end)) {
        print_error("%s: %s %s\n", attack->name, sgn_status_code(st), err.message);
        wrong++;
    }
    if (took > SOON_MS) {
        print_error("%s: took %lld ms\n", attack->name, (long long)took);
        wrong++;
    }
    if (getenv("SGN_TEST_TIMES") != NULL)
        print_message("%6lld ms  %s: %s\n", (long long)took, attack->name, err.message);
    if (!sgn_utf8_valid(err.message, strlen(err.message)) || strlen(err.message) > 700) {
        print_error("%s: a message that is no message\n", attack->name);
        wrong++;
    }
    json_decref(answer);
    json_decref(input);
    sgn_error_clear(&err);
    dsl_state_free(state);
    free(function);
    return wrong;
}

static void
test_attacks_end_as_they_must(void **state)
{
    int wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++)
        wrong += run_attack(&attacks[i]);
    assert_int_equal(wrong, 0);
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
    assert_int_equal(dsl_load(&limits, input, &answer, NULL), SGN_RULE_OVERRUN);
    assert_null(answer);
    json_decref(input);
}

/* Files that attack while they are loaded. */
static const char *const files[] = {
    "while true do end",
    "pcall(function() while true do end end) while true do end",
    "local s = 'x' while true do s = s .. s end",
    "local t = {} while true do t = { t } end",
    "coroutine.wrap(function() while true do end end)()",
    "return workflow(setmetatable({}, { __index = function() while true do end end }))",
    "return workflow 't' (setmetatable({}, { __index = function() while true do end end }))",
    "return workflow 't' { key = setmetatable({}, { __tostring = function() while true do end "
    "end }) }",
    "local t = {} t.t = t return workflow 't' { key = 'TT', fields = t, state 'one' }",
    "local t = {} t[1] = t return workflow 't' { key = 'TT', open = { by = t }, state 'one' }",
    "local c = {} c[1] = c return workflow 't' { key = 'TT', always { when = c, to = 'one' }, "
    "state 'one' }",
    "local s = state 'one' local t = { s } t[2] = state 'two' (t) return workflow 't' (t)",
    "local t = {} t[1] = all_of(t) return workflow 't' { key = 'TT', state 'one' { approval { "
    "rule = t[1], approved = 'one', rejected = 'one' } } }",
    "local t = {} t[1] = any(t) return workflow 't' { key = 'TT', always { when = t[1], to = "
    "'one' }, state 'one' }",
    "local t = {} local l = list(t) t.of = l return workflow 't' { key = 'TT', fields = { a = "
    "l }, state 'one' }",
    "local t = {} t[1] = start('x', t) return workflow 't' { key = 'TT', state 'one' { enter = "
    "t } }",
    "local t = {} t.en = t return workflow 't' { key = 'TT', title = t, state 'one' }",
    "local t = {} local w = workflow 't' (t) t[1] = w return w",
    "error(setmetatable({}, { __tostring = function() while true do end end }))",
    "error(nil)",
    "error {}",
    "return workflow 't' { key = 'TT', [1e15] = state 'one' }",
    "return workflow 't' { key = 'TT', state 'one', [{}] = 1, [function() end] = 2, [1.5] = 3 "
    "}",
    "return workflow 't' { key = 'TT', state 'one' { on (setmetatable({}, { __len = function() "
    "return 1e9 end })) {} } }",
    "return 7",
    "return nil, nil",
    "return workflow",
    "return workflow 't'",
    "return team 't' {}",
    "\x1bLuaT",
    "return (",
    "goto nowhere",
    "::a:: goto a",
    "local x <const> = 1 x = 2",
};

static void
test_attacks_at_load_are_mistakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct dsl_limits limits = small_limits();
        int64_t began = sgn_monotonic_ms();
        json_t *answer = load_source(&limits, "t", files[i]);

        if (json_array_size(json_object_get(answer, "mistakes")) == 0)
            fail_msg("no mistake in: %s", files[i]);
        if (getenv("SGN_TEST_TIMES") != NULL)
            print_message("%6lld ms  %.100s\n", (long long)(sgn_monotonic_ms() - began), files[i]);
        if (sgn_monotonic_ms() - began > SOON_MS)
            fail_msg("took %lld ms: %s", (long long)(sgn_monotonic_ms() - began), files[i]);
        json_decref(answer);
    }
}

/* A text of 60,000 characters that Lua's own error reporting once crashed on, and deep nesting. */
static void
test_attacks_on_the_parser_are_mistakes(void **state)
{
    static const struct {
        const char *head, *part, *tail;
        int times;
    } texts[] = {
        { "local a = {} local b = a", ".x", " + 1", 32000 },
        { "local a = ", "{", "", 60000 },
        { "return ", "(", "1", 60000 },
        { "local x = ", "-", "1", 60000 },
        { "", "do ", "", 20000 },
        { "local x = 'a' ", "..'a'", "", 12000 },
        { "return ", "not ", "x", 15000 },
        { "f", "{}", "", 30000 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct sgn_buf buf;
        json_t *answer;

        sgn_buf_init(&buf, 1 << 20);
        sgn_buf_puts(&buf, texts[i].head);
        for (int n = 0; n < texts[i].times; n++)
            sgn_buf_puts(&buf, texts[i].part);
        assert_int_equal(sgn_buf_puts(&buf, texts[i].tail), SGN_OK);
        answer = load_source(NULL, "t", buf.bytes);
        assert_true(json_array_size(json_object_get(answer, "mistakes")) > 0);
        json_decref(answer);
        sgn_buf_deinit(&buf);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attacks_end_as_they_must),
        cmocka_unit_test(test_attacks_leave_the_next_call_alone),
        cmocka_unit_test(test_attacks_resuming_is_paid_for),
        cmocka_unit_test(test_attacks_a_low_ceiling_is_a_ceiling),
        cmocka_unit_test(test_attacks_at_load_are_mistakes),
        cmocka_unit_test(test_attacks_on_the_parser_are_mistakes),
    };
    return cmocka_run_group_tests_name("dsl/attacks", tests, NULL, NULL);
}
