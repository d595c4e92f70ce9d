/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of the checker share: a workflow's text is loaded as a team's would be, and what
 * is found is compared as "ID LINE:COLUMN", in the order of the text. Header-only: each test is one
 * program.
 */
#ifndef CHECK_SUPPORT_H
#define CHECK_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "check.h"
#include "dsl.h"
#include "json.h"
#include "text.h"
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNUSED __attribute__((unused))

/* The name that a text gives to its workflow, or "x". */
static UNUSED void
workflow_name(const char *source, char out[64])
{
    const char *at = strstr(source, "workflow \"");

    if (at == NULL || sscanf(at, "workflow \"%63[a-z0-9_]\"", out) != 1)
        snprintf(out, 64, "x");
}

/* What a team with this one workflow (and what team.lua holds besides) loads as. */
static UNUSED json_t *
loaded_in(const char *source, const char *more)
{
    char name[64], path[96], team[512];
    json_t *input, *answer = NULL;
    struct sgn_error err = { 0 };

    workflow_name(source, name);
    snprintf(path, sizeof path, "workflows/%s.lua", name);
    snprintf(team, sizeof team,
             "return team \"t\" { use \"%s\", calendar \"office\" { monday_to_friday = "
             "{ \"09:00-17:00\" } } %s }",
             name, more);
    input = json_pack("{s:s, s:{s:s, s:s}, s:{}}", "team", "t", "files", "team.lua", team, path,
                      source, "shipped");
    assert_non_null(input);
    if (dsl_load(NULL, input, &answer, &err) != SGN_OK)
        fail_msg("load: %s", err.message);
    json_decref(input);
    return answer;
}

/* All that is said of it; before: the text of the version in force until now, or NULL. */
static UNUSED json_t *
checked_after(const char *before, const char *source, const char *more)
{
    json_t *answer = loaded_in(source, more), *mistakes = NULL, *old;
    struct sgn_error err = { 0 };

    if (before != NULL) {
        old = loaded_in(before, more);
        json_object_set(answer, "previous", json_object_get(old, "workflows"));
        json_decref(old);
    }
    if (check_load(answer, &mistakes, &err) != SGN_OK)
        fail_msg("check: %s", err.message);
    json_decref(answer);
    return mistakes;
}

static UNUSED json_t *
checked_in(const char *source, const char *more)
{
    return checked_after(NULL, source, more);
}

static UNUSED json_t *
checked(const char *source)
{
    return checked_in(source, "");
}

/* "ID LINE:COLUMN" of one; an error has no id. Caller frees. */
static UNUSED char *
found_text(const json_t *mistake)
{
    const char *id = sgn_json_str(mistake, "id");

    return sgn_format("%s %d:%d", id != NULL ? id : "error", (int)sgn_json_int(mistake, "line", 0),
                      (int)sgn_json_int(mistake, "column", 0));
}

/* expected: the findings, "; " between them; "" for none. */
static UNUSED void
expect_found_in(const char *source, const char *more, const char *expected)
{
    json_t *mistakes = checked_in(source, more);
    char text[4096] = "";
    size_t i;
    const json_t *one;

    json_array_foreach(mistakes, i, one) {
        char *found = found_text(one);
        size_t n = strlen(text);

        snprintf(text + n, sizeof text - n, "%s%s", i > 0 ? "; " : "", found);
        print_message("  %s: %s\n", found, sgn_json_str(one, "message"));
        free(found);
    }
    assert_string_equal(text, expected);
    json_decref(mistakes);
}

static UNUSED void
expect_found(const char *source, const char *expected)
{
    expect_found_in(source, "", expected);
}

/*
 * A workflow around one approval: roles pm, sponsor, ccb, client and requester for the opener;
 * fields what and cost (shared), margin (internal). The approval stands in line 2 and begins in
 * column 1, the rule in line 3, column 1.
 */
static UNUSED char *
with_rule(const char *approval, const char *rule)
{
    return sgn_format(
        "return workflow \"w\" { key = \"WW\", client = \"project\", open = { by = { \"pm\", "
        "\"client\" } }, roles = { \"pm\", \"sponsor\", \"ccb\", \"client\", requester = "
        "\"opener\" }, fields = { what = text { required = true }, cost = money {} }, internal = { "
        "margin = money {} }, start = \"draft\", state \"draft\" { edit = { pm = \"all\" }, on "
        "\"go\" { by = \"pm\", to = \"deciding\" } }, state \"deciding\" {\n"
        "approval { %s rule =\n"
        "%s\n"
        ", approved = \"done\", rejected = \"done\" }, after \"3 days\" { to = \"done\" } }, final "
        "\"done\" }\n",
        approval, rule);
}

static UNUSED void
expect_rule(const char *approval, const char *rule, const char *expected)
{
    char *source = with_rule(approval, rule);

    assert_non_null(source);
    expect_found(source, expected);
    free(source);
}

#endif
