/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What functions are found to read: the words for them, that a function answers the same when it is
 * given these members alone, and that one that is given too little says so.
 */
#include "dsl_support.h"

#include <dirent.h>

#define GUARD(body) "function(c, e) " body " end"

/* ---- words ---- */

static char *
reads_text(const char *before, const char *when)
{
    char *source = workflow_text(before, when, NULL);
    json_t *version = version_of("t", source);
    const json_t *functions = json_object_get(json_object_get(version, "model"), "functions");
    char *text =
        json_dumps(json_object_get(json_object_get(functions, "1"), "reads"), JSON_COMPACT);

    json_decref(version);
    free(source);
    assert_non_null(text);
    return text;
}

static void
expect_reads(const char *before, const char *when, const char *expected)
{
    char *text = reads_text(before, when);

    if (strcmp(text, expected) != 0)
        fail_msg("%s reads %s, expected %s", when, text, expected);
    free(text);
}

static void
test_reads_are_the_members_that_are_named(void **state)
{
    static const char *const expected[][2] = {
        { GUARD("return true"), "[]" },
        { GUARD("return c.fields.a > 3"), "[\"c.fields.a\"]" },
        { GUARD("local f = c.fields return f.a > 3 and f.name ~= nil"),
          "[\"c.fields.a\",\"c.fields.name\"]" },
        { GUARD("return c.now == e.at and c.owner == e.by"),
          "[\"c.now\",\"c.owner\",\"e.at\",\"e.by\"]" },
        { GUARD("return e.data.memo == e.comment"), "[\"e.comment\",\"e.data.memo\"]" },
        { GUARD("return c:is_in 'one' and c:visits 'inner' > 1"), "[\"c.states\",\"c.visits\"]" },
        { GUARD("return c.fields.priority == 'high'"), "[\"c.priority\"]" },
        { GUARD("return #c.people.pm > 1 and c.project.key == 'x'"),
          "[\"c.people\",\"c.project\"]" },
        { GUARD("local d = e.data or {} while d.x do d = e.data end return c.fields.a == d.y"),
          "[\"c.fields.a\",\"e.data.x\",\"e.data.y\"]" },
        { GUARD("for i = 1, 3 do if c.fields.a == i then return true end end return c.rev > 1"),
          "[\"c.fields.a\",\"c.rev\"]" },
        /* within, called whenever */
        { GUARD("local n = 0 for _, p in ipairs(c.fields.parts) do n = n + p end "
                "return pcall(function() return c.fields.a > n end)"),
          "[\"c.fields.a\",\"c.fields.parts\"]" },
        /* what there is not is a mistake of the function's own */
        { GUARD("return c.fields.b == c.bogus and e.bogus"), "[]" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        expect_reads("", expected[i][0], expected[i][1]);
}

static void
test_reads_follow_helpers_of_the_file(void **state)
{
    const char *before = "local function big(c, n) return c.fields.a > n end\n"
                         "local function late(e, c) return big(c, 3) and e.data.late end\n"
                         "local function again(c, n) if n > 0 then return again and c.rev end end\n"
                         "local tool = { big = function(c) return c.fields.a end }";

    (void)state;
    expect_reads(before, GUARD("return late(e, c)"), "[\"c.fields.a\",\"e.data.late\"]");
    expect_reads(before, "big", "[\"c.fields.a\",\"e\"]");
    expect_reads(before, GUARD("return tool.big(c)"), "[\"c\"]");
}

/* Where it goes out of sight everything in it is taken as read. */
static void
test_reads_are_everything_of_what_escapes(void **state)
{
    static const char *const expected[][2] = {
        { GUARD("local k = 'a' .. e.name return c.fields[k]"), "[\"c.fields\",\"e.name\"]" },
        { GUARD("for k in pairs(e.data) do return k end"), "[\"e.data\"]" },
        { GUARD("local t = { c.fields } return t[1].a == e"), "[\"c.fields\",\"e\"]" },
        { GUARD("return tostring(c) == c.key"), "[\"c\"]" },
        { GUARD("local x = c x = { x = x } return x.x.rev"), "[\"c\"]" },
        { GUARD("local x local f = function() return x.rev end x = c return f()"), "[\"c.rev\"]" },
        { GUARD("local x local f = function(y) x = y end f(c) return x.rev"), "[\"c\"]" },
        { GUARD("return (function(...) return (...).rev end)(c)"), "[\"c\"]" },
        { GUARD("return c.fields"), "[\"c.fields\"]" },
        { GUARD("return false, c.fields"), "[\"c.fields\"]" },
        { GUARD("local f = c.is_in f = tostring return f(c)"), "[\"c\"]" },
        { GUARD("local t = setmetatable({}, { __index = function(_, k) return k.key end }) "
                "return t[c]"),
          "[\"c\"]" },
        { GUARD("local t = setmetatable({}, { __concat = function(a, b) return b.name end }) "
                "return t .. e"),
          "[\"e\"]" },
        { "function(...) local c = ... return c.rev end", "[\"c\",\"e\"]" },
        { GUARD("local a, b = c, e a, b = b, a return a.name == b.rev"), "[\"c.rev\",\"e.name\"]" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        expect_reads("", expected[i][0], expected[i][1]);
}

/* ---- the same answer ---- */

/* What of input the words name; new reference. Written apart from the engine's. */
static json_t *
reduced(const json_t *input, const json_t *reads)
{
    json_t *out = json_pack("{s:{}, s:{}}", "c", "e"), *word;
    size_t i;

    json_array_foreach(reads, i, word) {
        char text[128], *name, *part;
        const json_t *from;
        json_t *to;

        snprintf(text, sizeof text, "%s", json_string_value(word));
        name = strchr(text, '.');
        if (name != NULL)
            *name++ = '\0';
        from = json_object_get(input, text);
        to = json_object_get(out, text);
        if (name == NULL) {
            json_object_update_missing(to, (json_t *)from);
            continue;
        }
        part = strchr(name, '.');
        if (part != NULL) {
            *part++ = '\0';
            from = json_object_get(from, name);
            if (json_object_get(to, name) == NULL)
                json_object_set_new(to, name, json_object());
            to = json_object_get(to, name);
            name = part;
        }
        if (json_object_get(from, name) != NULL)
            json_object_set(to, name, json_object_get(from, name));
    }
    return out;
}

static char *
answer_text(struct dsl_state *state, int function, enum rules_purpose purpose, const json_t *input)
{
    struct sgn_error err = { 0 };
    json_t *answer = NULL;
    char *text;

    if (dsl_call_json(state, "x.lua", function, purpose, input, &answer, &err) == SGN_OK)
        text = json_dumps(answer, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
    else
        text = strdup(err.message);
    json_decref(answer);
    sgn_error_clear(&err);
    assert_non_null(text);
    return text;
}

static void
compare(struct dsl_state *opened, const json_t *version, const char *number,
        enum rules_purpose purpose, const json_t *input)
{
    const json_t *functions = json_object_get(json_object_get(version, "model"), "functions");
    const json_t *reads = json_object_get(json_object_get(functions, number), "reads");
    json_t *small = reduced(input, reads);
    char *full = answer_text(opened, atoi(number), purpose, input);
    char *same = answer_text(opened, atoi(number), purpose, small);

    if (strcmp(full, same) != 0)
        fail_msg("function %s: %s, but %s when given what it reads", number, full, same);
    free(full);
    free(same);
    json_decref(small);
}

static json_t *
value_of(const struct model_field *field, int seed)
{
    static const char *const texts[] = { "x", "overdue", "" };

    switch (field->type) {
    case MODEL_NUMBER:
        return field->places > 0 ? json_string("12.5") : json_integer(seed * 37 % 100);
    case MODEL_MONEY:
        return json_string(seed % 2 == 0 ? "12.50" : "990000.00");
    case MODEL_FLAG:
        return json_boolean(seed % 2);
    case MODEL_DATE:
        return json_string("2026-01-05");
    case MODEL_TIME:
        return json_string("2026-01-05T09:00:00+08:00");
    case MODEL_CHOICE:
        return json_incref(
            json_array_get(field->choices, (size_t)seed % json_array_size(field->choices)));
    case MODEL_PERSON:
        return json_string("li");
    case MODEL_LIST:
        return json_array();
    default:
        return json_string(texts[seed % 3]);
    }
}

/* A case with these fields; some are empty. */
static json_t *
input_of(const struct model *model, int seed)
{
    json_t *input = example_input(), *c = json_object_get(input, "c"), *fields = json_object();
    json_t *people = json_object(), *role;
    size_t k;

    for (int i = 0; i < model->n_fields; i++)
        if ((seed + i) % 4 != 0)
            json_object_set_new(fields, model->fields[i].name,
                                value_of(&model->fields[i], seed + i));
    json_array_foreach(model->roles, k, role)
        json_object_set_new(people, json_string_value(role), json_pack("[ss]", "li", "wang"));
    json_object_set_new(json_object_get(input, "e"), "data", json_deep_copy(fields));
    json_object_set_new(c, "fields", fields);
    json_object_set_new(c, "people", people);
    json_object_set_new(c, "states", json_pack("[s]", model->states[model->n_states - 1].name));
    json_object_set_new(c, "project", json_pack("{s:s, s:{}}", "key", "erp", "attributes"));
    json_object_set_new(c, "ballots", json_object());
    json_object_set_new(c, "tasks", json_object());
    return input;
}

static int
compare_version(const json_t *version)
{
    static const char *const purposes[] = { "guard", "who", "run" };
    const json_t *said = json_object_get(json_object_get(version, "says"), "functions"), *one;
    struct dsl_state *opened = NULL;
    struct sgn_error err = { 0 };
    struct dsl_limits limits;
    const char *number;
    int n = 0;

    dsl_limits_default(&limits);
    if (dsl_version_open(&limits, version, &opened, &err) != SGN_OK)
        fail_msg("%s", err.message);
    json_object_foreach((json_t *)said, number, one) {
        for (int p = 0; p < 3; p++) {
            if (strcmp(sgn_json_str(one, "for"), purposes[p]) != 0)
                continue;
            for (int seed = 0; seed < 12; seed++) {
                json_t *input = input_of(opened->model, seed);

                compare(opened, version, number, (enum rules_purpose)p, input);
                json_decref(input);
            }
            n++;
        }
    }
    dsl_state_free(opened);
    return n;
}

static void
add_file(json_t *files, const char *folder, const char *name, const char *as)
{
    char path[512], *text;
    FILE *file;
    long n;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    n = ftell(file);
    rewind(file);
    text = calloc(1, (size_t)n + 1);
    assert_int_equal(fread(text, 1, (size_t)n, file), (size_t)n);
    (void)fclose(file);
    json_object_set_new(files, as, json_string(text));
    free(text);
}

static int
compare_team(const char *team, json_t *files_take)
{
    json_t *answer = NULL, *input, *version;
    struct sgn_error err = { 0 };
    const char *name;
    int n = 0;

    input = json_pack("{s:s, s:o, s:o}", "team", team, "files", files_take, "shipped",
                      dsl_shipped_all());
    if (dsl_load(NULL, input, &answer, &err) != SGN_OK)
        fail_msg("%s", err.message);
    json_decref(input);
    print_mistakes(answer);
    assert_int_equal(json_array_size(json_object_get(answer, "mistakes")), 0);
    json_object_foreach(json_object_get(answer, "workflows"), name, version)
        n += compare_version(version);
    json_decref(answer);
    return n;
}

static void
test_reads_are_enough_for_the_same_answer(void **state)
{
    const char *folder = SIGNOFF_SOURCE "/examples/patterns";
    json_t *files = json_pack(
        "{s:s}", "team.lua",
        "return team \"demo\" { timezone = \"Asia/Shanghai\", calendar \"office\" { "
        "monday_to_friday = { \"09:00-18:00\" } }, use \"change_request\", use \"acceptance\", "
        "use \"feedback\", use \"closeout\", use \"issue\" { group = \"support\" } }");
    struct dirent *entry;
    DIR *dir;
    int n = compare_team("demo", files);

    (void)state;
    files = json_object();
    add_file(files, folder, "team.lua", "team.lua");
    dir = opendir(SIGNOFF_SOURCE "/examples/patterns/workflows");
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        char as[300];

        if (strstr(entry->d_name, ".lua") == NULL || strstr(entry->d_name, "_test.lua") != NULL)
            continue;
        snprintf(as, sizeof as, "workflows/%s", entry->d_name);
        add_file(files, folder, as, as);
    }
    (void)closedir(dir);
    n += compare_team("patterns", files);
    assert_true(n >= 10);
}

static void
compare_guard(const char *before, const char *function)
{
    char *source = workflow_text(before, function, NULL);
    json_t *version = version_of("t", source), *input = example_input();
    struct dsl_state *opened = NULL;
    struct sgn_error err = { 0 };
    struct dsl_limits limits;

    dsl_limits_default(&limits);
    assert_int_equal(dsl_version_open(&limits, version, &opened, &err), SGN_OK);
    compare(opened, version, "1", RULES_GUARD, input);
    json_decref(input);
    dsl_state_free(opened);
    json_decref(version);
    free(source);
}

/* Made of pieces, each of which does something with the case or the event. */
static void
test_reads_are_enough_for_generated_functions(void **state)
{
    static const char *const pieces[] = {
        "x = c",
        "x = e",
        "x = c.fields",
        "x = e.data",
        "y = x",
        "x, y = y, x",
        "r = r .. tostring(pcall(function() return x.a end))",
        "r = r .. tostring(x.name)",
        "if x then y = c.fields else y = e end",
        "r = r .. tostring(y.cost)",
        "for k in pairs(c.fields) do r = r .. k end",
        "y = { x = x } r = r .. tostring(y.x.rev)",
        "r = r .. tostring(helper(x))",
        "r = r .. tostring(c:is_in 'inner')",
        "for i = 1, 2 do r = r .. tostring(x.a) x = y end",
        "function get() return x.at end",
        "r = r .. tostring(get and get())",
        "r = r .. tostring((x or y).owner)",
        "r = r .. tostring(c.visits(c, 'one'))",
        "while y ~= x do y = x end",
        "y = select(1, x)",
        "y = (function(...) return ... end)(x)",
    };
    const char *before = "local function inner(c) return c.rate end\n"
                         "local function helper(c, d) if d then return inner(d) end "
                         "return c.name or inner(c) end";
    unsigned seed = 20260105;

    (void)state;
    for (int i = 0; i < 120; i++) {
        char body[1200] = "", *function;

        for (int k = 0; k < 7; k++) {
            seed = seed * 1103515245u + 12345u;
            snprintf(
                body + strlen(body), sizeof body - strlen(body), "pcall(function() %s end) %s ",
                seed >> 30 == 0 ? pieces[(seed >> 16) % (sizeof pieces / sizeof pieces[0])] : "",
                seed >> 30 != 0 ? pieces[(seed >> 16) % (sizeof pieces / sizeof pieces[0])] : "");
        }
        function = sgn_format("function(c, e) local r, x, y, get = '', c.fields, e.data %s "
                              "return false, r end",
                              body);
        compare_guard(before, function);
        free(function);
    }
}

/* ---- given too little ---- */

/* A version whose model says that the function reads nothing. */
static void
test_reads_that_are_wrong_are_told(void **state)
{
    static const char *const wrong[][2] = {
        { "c.now", "c.now" },
        { "c.owner", "c.owner" },
        { "c.fields.a", "c.fields.a" },
        { "c.fields.priority", "c.priority" },
        { "c.priority", "c.priority" },
        { "c.people.pm", "c.people" },
        { "c.tasks", "c.tasks" },
        { "c:is_in 'one'", "c.states" },
        { "c:visits 'one'", "c.visits" },
        { "e.by", "e.by" },
        { "e.data.memo", "e.data.memo" },
        { "pairs(c.fields)", "c.fields" },
        { "pairs(e.data)", "e.data" },
        { "pairs(e)", "e" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char *function = sgn_format("function(c, e) return %s == nil end", wrong[i][0]);
        char *source = workflow_text("", function, NULL), *text, *expected;
        json_t *version = version_of("t", source), *input = json_pack("{s:{}, s:{}}", "c", "e");
        struct dsl_state *opened = NULL;
        struct sgn_error err = { 0 };
        struct dsl_limits limits;

        json_object_set_new(
            json_object_get(json_object_get(json_object_get(version, "model"), "functions"), "1"),
            "reads", json_array());
        dsl_limits_default(&limits);
        assert_int_equal(dsl_version_open(&limits, version, &opened, &err), SGN_OK);
        text = answer_text(opened, 1, RULES_GUARD, input);
        expected =
            sgn_format("x.lua:6: internal mistake: this function reads %s, which", wrong[i][1]);
        if (strncmp(strchr(text, ' '), strchr(expected, ' '), strlen(strchr(expected, ' '))) != 0)
            fail_msg("%s: %s", wrong[i][0], text);
        free(expected);
        free(text);
        json_decref(input);
        dsl_state_free(opened);
        json_decref(version);
        free(source);
        free(function);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_are_the_members_that_are_named),
        cmocka_unit_test(test_reads_follow_helpers_of_the_file),
        cmocka_unit_test(test_reads_are_everything_of_what_escapes),
        cmocka_unit_test(test_reads_are_enough_for_the_same_answer),
        cmocka_unit_test(test_reads_are_enough_for_generated_functions),
        cmocka_unit_test(test_reads_that_are_wrong_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
