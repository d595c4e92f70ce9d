/* SPDX-License-Identifier: Apache-2.0 */
/* What a rules process answers to a load: what is taken, and what is not. */
#include "workers_internal.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LOADED "'team': null, 'mistakes': []"
#define GOOD   "'model': {}, 'source': 'x', 'file': 'workflows/v.lua'"

static json_t *
quoted(const char *text)
{
    char *copy = strdup(text);
    json_t *value;

    for (char *c = copy; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    value = json_loads(copy, JSON_DECODE_ANY, NULL);
    free(copy);
    assert_non_null(value);
    return value;
}

static const struct {
    const char *answer;
    bool good;
} cases[] = {
    { "{" LOADED ", 'workflows': {}}", true },
    { "{" LOADED ", 'workflows': {'v': {" GOOD "}}}", true },
    { "{" LOADED ", 'workflows': {'v': {" GOOD ", 'functions': {}, 'group': 'g'}}}", true },
    { "{" LOADED ", 'workflows': {'s': {'model': {}, 'source': 'y', 'file': "
      "'shipped/s.lua'}}}",
      true },
    { "{'team': null, 'workflows': {}, 'mistakes': [{'severity': 'warning', 'file': 'f', "
      "'line': 3, 'message': 'm', 'hint': 'h'}]}",
      true },
    { "null", false },
    { "[]", false },
    { "{'workflows': {}, 'mistakes': []}", false },
    { "{'team': 'demo', 'workflows': {}, 'mistakes': []}", false },
    { "{'team': null, 'workflows': [], 'mistakes': []}", false },
    { "{'team': null, 'workflows': {}}", false },
    { "{'team': null, 'workflows': {}, 'mistakes': {}}", false },
    { "{'team': null, 'workflows': {}, 'mistakes': [7]}", false },
    { "{'team': null, 'workflows': {}, 'mistakes': [{'severity': 'fatal', 'file': 'f', "
      "'line': 3, 'message': 'm'}]}",
      false },
    { "{'team': null, 'workflows': {}, 'mistakes': [{'severity': 'error', 'file': 'f', "
      "'line': '3', 'message': 'm'}]}",
      false },
    { "{'team': null, 'workflows': {}, 'mistakes': [{'severity': 'error', 'file': 'f', "
      "'line': 3, 'message': 'm', 'hint': 1}]}",
      false },
    { "{" LOADED ", 'workflows': {'v': 7}}", false },
    { "{" LOADED ", 'workflows': {'v': {'model': [], 'source': 'x', 'file': "
      "'workflows/v.lua'}}}",
      false },
    { "{" LOADED ", 'workflows': {'v': {'model': {}, 'source': 'other', 'file': "
      "'workflows/v.lua'}}}",
      false },
    { "{" LOADED ", 'workflows': {'v': {'model': {}, 'source': 'x', 'file': "
      "'workflows/w.lua'}}}",
      false },
    { "{" LOADED ", 'workflows': {'v': {'model': {}, 'source': 'y', 'file': "
      "'shipped/sx.lua'}}}",
      false },
    { "{" LOADED ", 'workflows': {'v': {" GOOD ", 'functions': [1]}}}", false },
    { "{" LOADED ", 'workflows': {'v': {" GOOD ", 'group': 1}}}", false },
};

static void
test_workers_load_that_lies_is_not_taken(void **state)
{
    json_t *input = quoted("{'team': 'a', 'files': {'workflows/v.lua': 'x'}, 'shipped': {'s': "
                           "'y'}}");

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *answer = quoted(cases[i].answer);
        const char *wrong = workers_load_wrong(input, answer);

        if ((wrong == NULL) != cases[i].good)
            fail_msg("%s: %s", cases[i].answer, wrong != NULL ? wrong : "taken");
        json_decref(answer);
    }
    json_decref(input);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_workers_load_that_lies_is_not_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
