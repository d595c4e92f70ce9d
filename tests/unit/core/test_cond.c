/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions as data: each as the guard of one event, against what it must say.
 */
#include "support/world.h"

static const char *const frame =
    "{'name': 'x', 'key': 'XX', 'version': 1, 'client': 'project', 'roles': ['pm', 'client'],"
    " 'open': {'takes': ['cost', 'class']},"
    " 'fields': [{'name': 'cost', 'type': 'money', 'shared': true, 'title': {'zh': '费用'}},"
    "            {'name': 'days', 'type': 'number', 'shared': true},"
    "            {'name': 'margin', 'type': 'text', 'shared': false},"
    "            {'name': 'class', 'type': 'choice', 'shared': true, 'choices': ['a', 'b']}],"
    " 'states': [{'name': 'p', 'kind': 'parallel', 'states': ["
    "   {'name': 's', 'kind': 'state', 'tasks': [{'name': 't', 'by': 'pm', 'when':"
    "      {'field': 'class', 'is': 'a'}}], 'transitions': ["
    "     {'on': ['go'], 'by': ['pm', 'client'], 'when': %s}]},"
    "   {'name': 'q', 'kind': 'state'}]}, {'name': 'r', 'kind': 'state'}]}";

static bool
holds(const char *when, const char *params)
{
    char model[2048];
    struct world *w;
    enum sgn_status status;

    snprintf(model, sizeof(model), frame, when);
    w = world_new(model);
    assert_ok(w, world_open(w, "li", "{'fields': {'cost': '50.00', 'class': 'a'}}"));
    status = world_do(w, CORE_FIRE, "li", params);
    if (status != SGN_OK)
        assert_int_equal(status, SGN_NOT_NOW);
    world_free(w);
    return status == SGN_OK;
}

/* The reason that core_allowed gives a person for the event "go". */
static void
assert_reason(struct world *w, const char *who, const char *language, const char *expected)
{
    struct core_known known = { .facts = w->facts };
    struct core_command command = {
        .kind = CORE_FIRE, .actor = who, .channel = "line", .at = w->now, .case_key = "CR-1"
    };
    struct core_question question = { w->model, w->row, &command, &known, NULL };
    struct core_decision needs = { 0 };
    json_t *list = NULL;

    assert_ok(w, core_allowed(&question, language, &list, &needs, &w->err));
    no_secret(list);
    assert_string_equal(sgn_json_str(json_array_get(list, 0), "reason"), expected);
    json_decref(list);
    core_decision_deinit(&needs);
}

static void
test_cond_data_conditions(void **state)
{
    static const struct {
        const char *when;
        bool holds;
    } rows[] = {
        { "{'field': 'cost', 'above': '49.99'}", true },
        { "{'field': 'cost', 'above': '50.00'}", false },
        { "{'field': 'cost', 'min': '50.00'}", true },
        { "{'field': 'cost', 'below': '50.01'}", true },
        { "{'field': 'cost', 'max': '49.99'}", false },
        { "{'field': 'class', 'is': 'a'}", true },
        { "{'field': 'class', 'is': 'b'}", false },
        { "{'field': 'class', 'one_in': ['b', 'a']}", true },
        { "{'field': 'days', 'above': -5}", false }, /* a missing value satisfies none */
        { "{'field': 'days', 'filled': true}", false },
        { "{'field': 'days', 'filled': false}", true },
        { "{'not': {'field': 'cost', 'above': '1.00'}}", false },
        { "{'not': {'field': 'days', 'is': 3}}", true },
        { "{'all': [{'field': 'class', 'is': 'a'}, {'field': 'cost', 'above': '1.00'}]}", true },
        { "{'all': [{'field': 'class', 'is': 'a'}, {'field': 'cost', 'above': '99.00'}]}", false },
        { "{'any': [{'field': 'class', 'is': 'b'}, {'field': 'cost', 'above': '1.00'}]}", true },
        { "{'any': [{'field': 'class', 'is': 'b'}, {'field': 'cost', 'above': '99.00'}]}", false },
        { "{'in': ['q']}", true },
        { "{'in': ['r', 'p']}", true },
        { "{'in': ['r']}", false },
        { "{'none_open': ['issue']}", true },
        { "{'none_open': ['issue', 'task']}", false },
        { "{'tasks_done': true}", false },
        { "{'not': {'tasks_done': true}}", true },
        { "{'field': 'priority', 'is': 'normal'}", true },
        { "{'event': 'amount', 'above': 3}", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char model[2048];
        struct world *w;
        enum sgn_status status;
        snprintf(model, sizeof(model), frame, rows[i].when);
        w = world_new(model);
        world_fact(w, "open:acme:task", "2");
        assert_ok(w, world_open(w, "li", "{'fields': {'cost': '50.00', 'class': 'a'}}"));
        status = world_fire(w, "li", "go");
        if ((status == SGN_OK) != rows[i].holds)
            fail_msg("%s: %s", rows[i].when, w->err.message);
        if (status != SGN_OK)
            assert_int_equal(status, SGN_NOT_NOW);
        world_free(w);
    }
}

/* The sentence of each failed condition, as a message and in Chinese. */
static void
test_cond_says_what_would_be_right(void **state)
{
    static const struct {
        const char *when, *message, *chinese;
    } rows[] = {
        { "{'field': 'cost', 'above': '50.00'}", "cost must be above 50.00",
          "“费用”必须大于 50.00" },
        { "{'field': 'cost', 'max': '49.99'}", "cost must be at most 49.99",
          "“费用”不得大于 49.99" },
        { "{'not': {'field': 'cost', 'min': '5.00'}}", "cost must be below 5.00",
          "“费用”必须小于 5.00" },
        { "{'field': 'class', 'one_in': ['b']}", "class must be one of b",
          "“class”必须为以下之一：b" },
        { "{'field': 'days', 'filled': true}", "days must be filled", "“days”必须填写" },
        { "{'field': 'cost', 'filled': false}", "cost must be empty", "“费用”必须为空" },
        { "{'all': [{'field': 'class', 'is': 'a'}, {'field': 'days', 'above': 3}]}",
          "days must be above 3", "“days”必须大于 3" },
        { "{'any': [{'field': 'class', 'is': 'b'}, {'field': 'days', 'above': 3}]}",
          "class must be b, or days must be above 3", "“class”必须为 b，或“days”必须大于 3" },
        { "{'not': {'any': [{'field': 'class', 'is': 'b'}, {'in': ['s']}]}}",
          "the case must not be in s", "事项不得处于“s”" },
        { "{'none_open': ['issue', 'task']}", "the project must have no open task",
          "项目中不得有未结束的 task" }, /* there is no open issue */
        { "{'tasks_done': true}", "all tasks must be done; open: t",
          "所有任务必须完成；未完成：t" },
        { "{'field': 'priority', 'is': 'high'}", "priority must be high", "“优先级”必须为 高" },
        { "{'event': 'days', 'above': 3}", "days must be above 3", NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char model[2048], message[256];
        struct world *w;
        snprintf(model, sizeof(model), frame, rows[i].when);
        w = world_new(model);
        world_fact(w, "open:acme:task", "2");
        assert_ok(w, world_open(w, "li", "{'fields': {'cost': '50.00', 'class': 'a'}}"));
        assert_refused(w, SGN_NOT_NOW, world_fire(w, "li", "go"));
        snprintf(message, sizeof(message), "the event \"go\" is not possible in s, q: %s",
                 rows[i].message);
        assert_string_equal(w->err.message, message);
        assert_string_equal(sgn_json_str(w->err.data, "reason"), rows[i].message);
        if (rows[i].chinese != NULL)
            assert_reason(w, "li", "zh", rows[i].chinese);
        world_free(w);
    }
}

/* A person of the client is told of shared fields only, and otherwise that there is a condition. */
static void
test_cond_says_nothing_internal_to_the_client(void **state)
{
    static const struct {
        const char *when, *reason;
    } rows[] = {
        { "{'field': 'margin', 'filled': true}", "the condition of go is not met" },
        { "{'any': [{'field': 'margin', 'filled': true}, {'field': 'days', 'above': 3}]}",
          "days must be above 3" },
        { "{'none_open': ['task']}", "the condition of go is not met" },
        { "{'tasks_done': true}", "the condition of go is not met" },
        { "{'event': 'SECRET', 'is': 'SECRET'}", NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char model[2048];
        struct world *w;
        snprintf(model, sizeof(model), frame, rows[i].when);
        w = world_new(model);
        world_fact(w, "open:acme:task", "2");
        assert_ok(w, world_open(w, "li", "{'fields': {'cost': '50.00', 'class': 'a'}}"));
        assert_refused(w, SGN_NOT_NOW, world_fire(w, "mei", "go"));
        assert_null(strstr(w->err.message, "SECRET"));
        assert_null(strstr(w->err.message, "margin"));
        no_secret(w->err.data);
        if (rows[i].reason != NULL)
            assert_reason(w, "mei", "en", rows[i].reason);
        world_free(w);
    }
}

static void
test_cond_sees_what_the_event_carries(void **state)
{
    (void)state;
    assert_false(holds("{'event': 'days', 'above': 3}", "{'event': 'go'}"));
    /* Data that no transition takes are refused only when the event is taken. */
    assert_false(holds("{'event': 'days', 'above': 3}", "{'event': 'go', 'data': {'days': 2}}"));
}

static void
test_cond_open_takes_only_what_it_says(void **state)
{
    char model[2048];
    struct world *w;

    (void)state;
    snprintf(model, sizeof(model), frame, "{'field': 'cost', 'above': '1.00'}");
    w = world_new(model);
    assert_refused(w, SGN_INVALID, world_open(w, "li", "{'fields': {'days': 3}}"));
    assert_string_equal(sgn_json_str(w->err.data, "pointer"), "/fields/days");
    world_free(w);
}

/* Roles of the client are the client's persons', all others the team's own. */
static void
test_cond_roles_have_their_side(void **state)
{
    char model[2048];
    struct world *w;

    (void)state;
    snprintf(model, sizeof(model), frame, "{'field': 'cost', 'above': '1.00'}");
    w = world_new(model);
    world_fact(w, "project:acme",
               "{'key': 'acme', 'client': 'acme', 'members': {"
               " 'li': {'roles': ['pm', 'client'], 'client': null},"
               " 'mei': {'roles': ['pm'], 'client': 'acme'}}}");
    assert_ok(w, world_open(w, "li", "{'fields': {'cost': '50.00', 'class': 'a'}}"));
    assert_refused(w, SGN_FORBIDDEN, world_fire(w, "mei", "go"));
    assert_json(json_object_get(json_object_get(w->err.data, "holders"), "pm"), "['li']");
    assert_json(json_object_get(json_object_get(w->err.data, "holders"), "client"), "[]");
    world_free(w);
}

/* A reason that stops somebody who may is told before a right that somebody lacks. */
static json_t *
no(int function, const char *purpose, const json_t *input)
{
    (void)function;
    (void)purpose;
    (void)input;
    return json("{'value': [false, 'not on Mondays']}");
}

static void
test_cond_refused_before_forbidden(void **state)
{
    struct world *w =
        world_new("{'name': 'x', 'key': 'XX', 'version': 1, 'roles': ['pm', 'engineer'],"
                  " 'functions': {'1': {'line': 1, 'uses': []}}, 'states': ["
                  " {'name': 's', 'kind': 'state', 'transitions': ["
                  "  {'on': ['go'], 'by': 'pm', 'when': {'call': 1}},"
                  "  {'on': ['go'], 'by': 'engineer'}]}]}");

    (void)state;
    w->answer = no;
    assert_ok(w, world_open(w, "li", "{}"));
    assert_refused(w, SGN_REFUSED, world_fire(w, "li", "go"));
    assert_string_equal(w->err.message, "not on Mondays");
    assert_ok(w, world_fire(w, "wang", "go"));
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cond_data_conditions),
        cmocka_unit_test(test_cond_says_what_would_be_right),
        cmocka_unit_test(test_cond_says_nothing_internal_to_the_client),
        cmocka_unit_test(test_cond_sees_what_the_event_carries),
        cmocka_unit_test(test_cond_open_takes_only_what_it_says),
        cmocka_unit_test(test_cond_roles_have_their_side),
        cmocka_unit_test(test_cond_refused_before_forbidden),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
