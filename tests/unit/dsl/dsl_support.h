/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of the rule language share: loading a text as a team's only workflow, opening
 * it, and calling one of its functions. Header-only: each test is one program.
 */
#ifndef DSL_SUPPORT_H
#define DSL_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "dsl_call.h"
#include "dsl_internal.h"
#include "json.h"
#include "shipped.h"
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNUSED __attribute__((unused))

/* The answer to loading one workflow file for a team that uses it; limits NULL: the defaults. */
static UNUSED json_t *
load_source(const struct dsl_limits *limits, const char *name, const char *source)
{
    char path[128], team[128];
    json_t *input, *answer = NULL;
    struct sgn_error err = { 0 };

    snprintf(path, sizeof path, "workflows/%s.lua", name);
    snprintf(team, sizeof team, "return team \"t\" { use \"%s\" }", name);
    input = json_pack("{s:s, s:{s:s, s:s}, s:{}}", "team", "t", "files", "team.lua", team, path,
                      source, "shipped");
    assert_non_null(input);
    if (dsl_load(limits, input, &answer, &err) != SGN_OK)
        fail_msg("load: %s", err.message);
    json_decref(input);
    return answer;
}

static UNUSED void
print_mistakes(const json_t *answer)
{
    json_t *mistake;
    size_t i;

    json_array_foreach(json_object_get(answer, "mistakes"), i, mistake)
        print_message("%s:%d: %s\n", sgn_json_str(mistake, "file"),
                      (int)sgn_json_int(mistake, "line", 0), sgn_json_str(mistake, "message"));
}

/* A version of a workflow that must be without mistakes. New reference. */
static UNUSED json_t *
version_of(const char *name, const char *source)
{
    json_t *answer = load_source(NULL, name, source), *version;

    if (json_array_size(json_object_get(answer, "mistakes")) > 0)
        print_mistakes(answer);
    version = json_incref(json_object_get(json_object_get(answer, "workflows"), name));
    assert_non_null(version);
    assert_int_equal(json_array_size(json_object_get(answer, "mistakes")), 0);
    json_decref(answer);
    return version;
}

/*
 * A workflow "t" whose event "x" has this condition (a Lua expression, usually a function) and
 * this run; before stands at the top of the file. NULL run: none.
 */
static UNUSED char *
workflow_text(const char *before, const char *when, const char *run)
{
    return sgn_format("%s\nreturn workflow \"t\" { key = \"TT\", roles = { \"pm\", \"qa\" },\n"
                      "fields = { a = number {}, cost = money {}, name = text {}, "
                      "rate = number { places = 2 }, parts = list { of = number {} }, "
                      "class = choice { \"small\", \"large\" } },\n"
                      "state \"one\" { state \"inner\" { on \"x\" { by = \"pm\", to = \"two\", "
                      "when = %s, run = %s } } },\n"
                      "final \"two\" }\n",
                      before, when, run != NULL ? run : "{}");
}

static UNUSED struct dsl_state *
open_text(const struct dsl_limits *limits, const char *before, const char *when, const char *run)
{
    struct dsl_limits defaults;
    char *text = workflow_text(before, when, run);
    json_t *version = version_of("t", text);
    struct dsl_state *state = NULL;
    struct sgn_error err = { 0 };

    dsl_limits_default(&defaults);
    if (dsl_version_open(limits != NULL ? limits : &defaults, version, &state, &err) != SGN_OK)
        fail_msg("open: %s", err.message);
    json_decref(version);
    free(text);
    return state;
}

static UNUSED json_t *
example_input(void)
{
    return json_loads(
        "{\"c\": {\"key\": \"TT-1\", \"workflow\": \"t\", \"version\": 1, \"now\": "
        "\"2026-01-05T09:00:00+08:00\", \"owner\": \"li\", \"opener\": \"mei\", \"rev\": 3, "
        "\"priority\": \"high\", \"fields\": {\"a\": 7, \"cost\": \"50000.00\", \"name\": \"n\", "
        "\"rate\": \"1.50\", \"parts\": [3, 1, 2], \"class\": null}, "
        "\"states\": [\"inner\"], \"visits\": {\"inner\": 2}, "
        "\"people\": {\"pm\": [\"li\", \"wang\"]}}, "
        "\"e\": {\"name\": \"x\", \"by\": \"li\", \"data\": {\"cost\": \"12.50\"}, "
        "\"comment\": \"now\", \"at\": \"2026-01-05T09:00:00+08:00\"}}",
        0, NULL);
}

/* The answer as compact JSON text, or "STATUS: message". Caller frees. */
static UNUSED char *
call_text(struct dsl_state *state, int function, enum rules_purpose purpose)
{
    json_t *input = example_input(), *answer = NULL;
    struct sgn_error err = { 0 };
    enum sgn_status st;
    char *text;

    assert_non_null(input);
    st = dsl_call_json(state, "workflows/t.lua", function, purpose, input, &answer, &err);
    if (st == SGN_OK)
        text = json_dumps(answer, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
    else
        text = sgn_format("%s: %s", sgn_status_code(st), err.message);
    json_decref(answer);
    json_decref(input);
    sgn_error_clear(&err);
    assert_non_null(text);
    return text;
}

/* Opens a workflow whose only function is this one, calls it, and compares. */
static UNUSED void
expect_call(enum rules_purpose purpose, const char *before, const char *function,
            const char *expected)
{
    bool run = purpose == RULES_RUN;
    struct dsl_state *state =
        open_text(NULL, before, run ? "{ a = above(0) }" : function, run ? function : NULL);
    char *text = call_text(state, 1, purpose);

    assert_string_equal(text, expected);
    free(text);
    dsl_state_free(state);
}

/* The same for the start of the text. */
static UNUSED void
expect_call_begins(enum rules_purpose purpose, const char *before, const char *function,
                   const char *expected)
{
    bool run = purpose == RULES_RUN;
    struct dsl_state *state =
        open_text(NULL, before, run ? "{ a = above(0) }" : function, run ? function : NULL);
    char *text = call_text(state, 1, purpose);

    if (strncmp(text, expected, strlen(expected)) != 0)
        fail_msg("got \"%s\", expected it to begin \"%s\"", text, expected);
    free(text);
    dsl_state_free(state);
}

#endif
