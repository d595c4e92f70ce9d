/* SPDX-License-Identifier: Apache-2.0 */
/* What an erasure leaves of a case's row: what came from the part is empty, all else as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "case.h"
#include "json.h"
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* JSON with ' for ". */
static json_t *
check_json(const char *text)
{
    char *copy = strdup(text);
    json_t *value;

    assert_non_null(copy);
    for (char *at = copy; *at != '\0'; at++)
        *at = *at == '\'' ? '"' : *at;
    value = json_loads(copy, JSON_DECODE_ANY, NULL);
    free(copy);
    assert_non_null(value);
    return value;
}

/* A row with an approval that is open and covers "cost", and one that has ended. */
static const char row_text[] =
    "{'key': 'CR-1', 'rev': 4, 'case_seq': 7, 'states': ['deciding'],"
    " 'fields': {'summary': 'Export', 'cost': '10.00', 'plan': 'f1'},"
    " 'tasks': {'deciding/check': {'done': true, 'by': 'li', 'file': 'f1', 'file_name': 'a.pdf'}},"
    " 'files': [{'id': 'f1', 'name': 'a.pdf'}, {'id': 'f2', 'name': 'b.pdf'}],"
    " 'imported': {'source': 'jira', 'key': 'A-1', 'by': 'Tom', 'url': 'https://x', 'n': 2},"
    " 'rounds': {"
    "   'deciding': {'number': 2, 'shown': {'cost': {'hash': 'h', 'since': 2}},"
    "     'ballots': [{'person': 'li', 'at': 70, 'choice': 'approve', 'comment': 'fine'}]},"
    "   'screening': {'number': 1, 'ended': {'outcome': 'approved', 'at': 50},"
    "     'shown': {'summary': {'hash': 'h', 'since': 1}},"
    "     'ballots': [{'person': 'li', 'at': 40, 'choice': 'approve', 'comment': 'by Mei'},"
    "                 {'person': 'sun', 'on_behalf': 'wang', 'at': 41, 'choice': 'approve', "
    "'comment': 'ok'}]}},"
    " 'stuck': {'at': 60, 'code': 'rule', 'message': 'no such person: Mei Lin'}}";

struct erased {
    json_t *row, *gone;
    struct sgn_error err;
};

static enum sgn_status
erase(struct erased *e, const char *part, const char *since)
{
    json_t *row = check_json(row_text), *taken = check_json(part), *later = check_json(since);
    const json_t *const parts[2] = { NULL, taken };
    enum sgn_status st;

    memset(e, 0, sizeof *e);
    st = case_redact(row, parts, later, &e->row, &e->gone, &e->err);
    if (st == SGN_OK) {
        assert_int_equal(sgn_json_int(e->row, "rev", 0), 5);
        assert_int_equal(sgn_json_int(e->row, "case_seq", 0), 8);
        json_object_set_new(e->row, "rev", json_integer(4));
        json_object_set_new(e->row, "case_seq", json_integer(7));
    }
    json_decref(row);
    json_decref(taken);
    json_decref(later);
    return st;
}

static void
erased_deinit(struct erased *e)
{
    json_decref(e->row);
    json_decref(e->gone);
    sgn_error_clear(&e->err);
}

/* The row, but for what these changes say ({"a/b": value}, null: not there), and nothing else. */
static void
assert_row(const struct erased *e, const char *changes)
{
    json_t *want = check_json(row_text), *list = check_json(changes), *value;
    const char *name;

    json_object_foreach(list, name, value) {
        const char *path = name; /* the walk goes on from name */
        json_t *at = want;
        char step[64];
        size_t n;

        for (; (n = strcspn(path, "|")) < strlen(path); path += n + 1) {
            snprintf(step, sizeof step, "%.*s", (int)n, path);
            at = json_is_array(at) ? json_array_get(at, (size_t)strtol(step, NULL, 10))
                                   : json_object_get(at, step);
        }
        if (json_is_array(at))
            json_array_remove(at, (size_t)strtol(path, NULL, 10));
        else if (json_is_null(value))
            json_object_del(at, path);
        else
            json_object_set(at, path, value);
    }
    if (!json_equal(e->row, want)) {
        char *text = json_dumps(e->row, 0);

        print_error("%s\n", text);
        free(text);
        fail();
    }
    json_decref(want);
    json_decref(list);
}

static void
assert_erased(const char *part, const char *since, const char *changes, const char *gone)
{
    struct erased e;
    json_t *want = check_json(gone);

    assert_int_equal(erase(&e, part, since), SGN_OK);
    assert_row(&e, changes);
    assert_true(json_equal(e.gone, want));
    json_decref(want);
    erased_deinit(&e);
}

static void
assert_refused(const char *part, const char *approval)
{
    struct erased e;

    assert_int_equal(erase(&e, part, "{}"), SGN_NOT_NOW);
    assert_string_equal(sgn_json_str(e.err.data, "approval"), approval);
    assert_null(e.row);
    erased_deinit(&e);
}

#define NOTHING "{'fields': [], 'files': []}"

static void
test_redact_empties_values_that_nothing_has_replaced(void **state)
{
    (void)state;
    /* With the hash by which an approval that has ended showed it. */
    assert_erased("{'fields': {'summary': 'Export'}}", "{}",
                  "{'fields|summary': null, 'rounds|screening|shown|summary': null}",
                  "{'fields': ['summary'], 'files': []}");
    assert_erased("{'fields': {'summary': 'Old'}}", "{'fields': {'summary': true}}", "{}", NOTHING);
    /* Emptied since, or never filled. */
    assert_erased("{'fields': {'risk': 'low'}}", "{}", "{}", NOTHING);
}

static void
test_redact_takes_a_file_wherever_it_shows(void **state)
{
    (void)state;
    assert_erased("{'files': [{'id': 'f1', 'name': 'a.pdf'}]}", "{}",
                  "{'files|0': null, 'fields|plan': null, 'tasks|deciding/check|file': null,"
                  " 'tasks|deciding/check|file_name': null}",
                  "{'fields': ['plan'], 'files': ['f1']}");
    /* An entry that removed it never brought it. */
    assert_erased("{'files': [{'id': 'f1', 'gone': true}]}", "{}", "{}", NOTHING);
    assert_erased("{'files': [{'id': 'f2'}]}", "{'files': {'f2': true}}", "{}", NOTHING);
    assert_erased("{'tasks': {'deciding/check': {'done': true, 'file': 'f1'}}}", "{}",
                  "{'tasks|deciding/check|file': null, 'tasks|deciding/check|file_name': null}",
                  NOTHING);
}

static void
test_redact_leaves_a_ballot_its_choice(void **state)
{
    (void)state;
    assert_erased("{'ballots': [{'approval': 'screening', 'person': 'li', 'at': 40}]}", "{}",
                  "{'rounds|screening|ballots|0|comment': null}", NOTHING);
    /* A stand-in's is his whom he stands in for; another one at another time is another one. */
    assert_erased("{'ballots': [{'approval': 'screening', 'person': 'wang', 'at': 41},"
                  "             {'approval': 'screening', 'person': 'li', 'at': 39}]}",
                  "{}", "{'rounds|screening|ballots|1|comment': null}", NOTHING);
}

static void
test_redact_empties_what_errors_and_other_tools_said(void **state)
{
    (void)state;
    assert_erased("{'stuck': {'at': 60, 'code': 'rule', 'message': 'no such person: Mei Lin'}}",
                  "{}", "{'stuck|message': ''}", NOTHING);
    assert_erased("{'stuck': {'at': 20, 'code': 'rule', 'message': 'another'}}", "{}", "{}",
                  NOTHING);
    assert_erased("{'imported': {'source': 'jira', 'key': 'A-1', 'by': 'Tom'}}", "{}",
                  "{'imported|by': null, 'imported|url': null}", NOTHING);
}

static void
test_redact_refuses_what_is_being_decided_on(void **state)
{
    (void)state;
    assert_refused("{'fields': {'cost': '10.00'}}", "deciding");
    assert_refused("{'ballots': [{'approval': 'deciding', 'person': 'li', 'at': 70}]}", "deciding");
    /* One of an earlier round of the same approval is none of it. */
    assert_erased("{'ballots': [{'approval': 'deciding', 'person': 'li', 'at': 30}]}", "{}", "{}",
                  NOTHING);
}

static void
test_redact_hears_what_has_been_set_since(void **state)
{
    json_t *since = json_object(), *want;
    json_t *part =
        check_json("{'fields': {'a': 1, 'b': null}, 'tasks': {'s/t': {}}, 'states': ['x'],"
                   " 'files': [{'id': 'f'}]}");

    (void)state;
    assert_int_equal(case_redact_since(since, part, NULL), SGN_OK);
    assert_int_equal(case_redact_since(since, NULL, NULL), SGN_OK);
    want = check_json(
        "{'fields': {'a': true, 'b': true}, 'tasks': {'s/t': true}, 'files': {'f': true}}");
    assert_true(json_equal(since, want));
    json_decref(since);
    json_decref(part);
    json_decref(want);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_redact_empties_values_that_nothing_has_replaced),
        cmocka_unit_test(test_redact_takes_a_file_wherever_it_shows),
        cmocka_unit_test(test_redact_leaves_a_ballot_its_choice),
        cmocka_unit_test(test_redact_empties_what_errors_and_other_tools_said),
        cmocka_unit_test(test_redact_refuses_what_is_being_decided_on),
        cmocka_unit_test(test_redact_hears_what_has_been_set_since),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
