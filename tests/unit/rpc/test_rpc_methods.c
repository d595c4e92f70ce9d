/* SPDX-License-Identifier: Apache-2.0 */
/* The method table: complete, sorted, documented; who a row serves; the OpenRPC document. */
#include "fake_peer.h"

static void
test_methods_are_sorted_and_found(void **state)
{
    int n;
    const struct rpc_method *const *methods = rpc_methods(&n);

    (void)state;
    assert_true(n > 40);
    for (int i = 0; i < n; i++) {
        if (i > 0)
            assert_true(strcmp(methods[i - 1]->name, methods[i]->name) < 0);
        assert_ptr_equal(rpc_method_find(methods[i]->name), methods[i]);
    }
    assert_null(rpc_method_find("case.opne"));
    assert_null(rpc_method_find(""));
}

static bool
is_sentence(const char *text)
{
    size_t n = text != NULL ? strlen(text) : 0;

    return n > 5 && (text[n - 1] == '.' || text[n - 1] == '?');
}

static void
test_methods_say_what_they_are(void **state)
{
    int n;
    const struct rpc_method *const *methods = rpc_methods(&n);

    (void)state;
    for (int i = 0; i < n; i++) {
        const struct rpc_method *m = methods[i];
        int params = 0;
        if (!is_sentence(m->summary) || m->result == NULL || m->access == 0)
            fail_msg("%s lacks a summary, a result or its access", m->name);
        for (const struct rpc_param *p = m->params; p != NULL && p->name != NULL; p++) {
            if (!is_sentence(p->help))
                fail_msg("%s, parameter %s: no help", m->name, p->name);
            params++;
        }
        assert_true(params <= RPC_PARAMS_MAX);
    }
}

static void
test_methods_have_what_their_place_needs(void **state)
{
    int n;
    const struct rpc_method *const *methods = rpc_methods(&n);

    (void)state;
    for (int i = 0; i < n; i++) {
        const struct rpc_method *m = methods[i];
        bool lane = m->where == RPC_READ || m->where == RPC_WRITE;
        if ((m->run != NULL) != lane && m->where != RPC_DISK)
            fail_msg("%s: run", m->name);
        if ((m->where == RPC_QUERY || m->where == RPC_DISK) && m->query == NULL)
            fail_msg("%s: query", m->name);
        if ((m->local != NULL) != (m->where == RPC_AT_ONCE || m->where == RPC_SESSION))
            fail_msg("%s: local", m->name);
        if ((m->access &
             ~(unsigned)(CORE_ANYONE | CORE_PERSON | CORE_MEMBER | CORE_LEAD | CORE_OPERATOR)) != 0)
            fail_msg("%s: access", m->name);
        /* An operator gives the team as team: no row may use the name for itself. */
        for (const struct rpc_param *p = m->params; p != NULL && p->name != NULL; p++)
            if (strcmp(p->name, "team") == 0 || strcmp(p->name, "request_id") == 0)
                fail_msg("%s: parameter %s", m->name, p->name);
    }
}

/* What an import does these do: it must serve nobody whom they do not. */
static void
test_import_serves_whom_its_methods_serve(void **state)
{
    static const char *const names[] = { "client.create",     "client.update",  "person.create",
                                         "person.update",     "project.create", "project.update",
                                         "project.member.add" };
    const struct rpc_method *import = rpc_method_find("data.import");

    (void)state;
    assert_non_null(import);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct rpc_method *m = rpc_method_find(names[i]);
        assert_non_null(m);
        assert_int_equal(m->access, import->access);
        assert_int_equal(rpc_method_needs(m), rpc_method_needs(import));
    }
}

/* The team's own people look at whom they work for, and change nothing of it. */
static bool
is_read_by_members(const char *name)
{
    static const char *const names[] = { "client.file", "client.get",   "client.list",
                                         "project.get", "project.list", "project.templates",
                                         "person.load" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* The list in protocol.md of who may call what, but for those. */
static void
test_methods_of_leads_and_operators_are_theirs(void **state)
{
    static const char *const both[] = { "person.",      "client.",      "project.",
                                        "group.",       "token.",       "clock.advance",
                                        "audit.verify", "audit.export", "workflow.reload" };
    static const char *const operators[] = { "admin.", "audit.heads" };
    int n;
    const struct rpc_method *const *methods = rpc_methods(&n);

    (void)state;
    for (int i = 0; i < n; i++) {
        for (size_t k = 0; k < sizeof(both) / sizeof(both[0]); k++)
            if (strncmp(methods[i]->name, both[k], strlen(both[k])) == 0 &&
                strcmp(methods[i]->name, "project.mine") != 0 &&   /* their own, of anybody */
                strcmp(methods[i]->name, "project.overview") != 0) /* what each may see of it */
                assert_int_equal(methods[i]->access, is_read_by_members(methods[i]->name)
                                                         ? CORE_MEMBER | CORE_OPERATOR
                                                         : CORE_LEAD | CORE_OPERATOR);
        for (size_t k = 0; k < sizeof(operators) / sizeof(operators[0]); k++)
            if (strncmp(methods[i]->name, operators[k], strlen(operators[k])) == 0)
                assert_int_equal(methods[i]->access, CORE_OPERATOR);
    }
}

/* protocol.md: an operator may not vote or fire. */
static void
test_methods_that_move_cases_are_not_the_operators(void **state)
{
    int n;
    const struct rpc_method *const *methods = rpc_methods(&n);

    (void)state;
    for (int i = 0; i < n; i++) {
        bool of_cases = strncmp(methods[i]->name, "case.", 5) == 0 ||
                        strncmp(methods[i]->name, "approval.", 9) == 0 ||
                        strncmp(methods[i]->name, "task.", 5) == 0;
        if (of_cases && methods[i]->where == RPC_WRITE)
            assert_int_equal(methods[i]->access & (CORE_OPERATOR | CORE_ANYONE), 0);
    }
}

static void
test_method_whose_access_is_unset_serves_nobody(void **state)
{
    static const struct rpc_method unset = { .name = "forgotten.row" };
    struct rpc_session sessions[3] = { { .known = false },
                                       { .known = true, .team = "demo", .person = "li" },
                                       { .known = true, .is_operator = true } };
    struct sgn_error error = { 0 };

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_not_equal(rpc_admit(&unset, &sessions[i], &error), SGN_OK);
        assert_int_equal(error.status, SGN_FORBIDDEN);
        sgn_error_clear(&error);
    }
}

static void
test_admit_keeps_classes_apart(void **state)
{
    static const struct rpc_method person = { .name = "a.b", .access = CORE_PERSON };
    static const struct rpc_method operators = { .name = "a.c", .access = CORE_OPERATOR };
    static const struct rpc_method anyone = { .name = "a.d", .access = CORE_ANYONE };
    struct rpc_session nobody = { .known = false };
    struct rpc_session li = { .known = true, .team = "demo", .person = "li" };
    struct rpc_session boss = { .known = true, .is_operator = true };

    (void)state;
    assert_int_equal(rpc_admit(&person, &nobody, NULL), SGN_UNAUTHENTICATED);
    assert_int_equal(rpc_admit(&person, &li, NULL), SGN_OK);
    assert_int_equal(rpc_admit(&person, &boss, NULL), SGN_FORBIDDEN);
    assert_int_equal(rpc_admit(&operators, &nobody, NULL), SGN_UNAUTHENTICATED);
    assert_int_equal(rpc_admit(&operators, &li, NULL), SGN_FORBIDDEN);
    assert_int_equal(rpc_admit(&operators, &boss, NULL), SGN_OK);
    assert_int_equal(rpc_admit(&anyone, &nobody, NULL), SGN_OK);
    assert_int_equal(rpc_admit(&anyone, &li, NULL), SGN_OK);
    assert_int_equal(rpc_admit(&anyone, &boss, NULL), SGN_OK);
}

/* What the OpenRPC 1.3 meta schema requires of a document, a method and a parameter. */
static void
test_discover_is_an_openrpc_document(void **state)
{
    json_t *document = rpc_discover();
    const json_t *method, *param;
    size_t i, k;
    int n;

    (void)state;
    (void)rpc_methods(&n);
    assert_non_null(document);
    assert_int_equal(strncmp(sgn_json_str(document, "openrpc"), "1.3.", 4), 0);
    assert_non_null(sgn_json_str(json_object_get(document, "info"), "title"));
    assert_non_null(sgn_json_str(json_object_get(document, "info"), "version"));
    assert_int_equal(json_array_size(json_object_get(document, "methods")), n);
    json_array_foreach(json_object_get(document, "methods"), i, method) {
        bool optional_seen = false;
        assert_non_null(sgn_json_str(method, "name"));
        assert_non_null(sgn_json_str(json_object_get(method, "result"), "name"));
        assert_non_null(json_object_get(json_object_get(method, "result"), "schema"));
        json_array_foreach(json_object_get(method, "params"), k, param) {
            assert_non_null(sgn_json_str(param, "name"));
            assert_true(json_is_object(json_object_get(param, "schema")));
            /* "if a param is required, it may not follow one that is not" */
            if (!sgn_json_true(param, "required"))
                optional_seen = true;
            else if (optional_seen)
                fail_msg("%s: %s is required behind an optional one", sgn_json_str(method, "name"),
                         sgn_json_str(param, "name"));
        }
    }
    json_decref(document);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_methods_are_sorted_and_found),
        cmocka_unit_test(test_methods_say_what_they_are),
        cmocka_unit_test(test_methods_have_what_their_place_needs),
        cmocka_unit_test(test_import_serves_whom_its_methods_serve),
        cmocka_unit_test(test_methods_of_leads_and_operators_are_theirs),
        cmocka_unit_test(test_methods_that_move_cases_are_not_the_operators),
        cmocka_unit_test(test_method_whose_access_is_unset_serves_nobody),
        cmocka_unit_test(test_admit_keeps_classes_apart),
        cmocka_unit_test(test_discover_is_an_openrpc_document),
    };

    return cmocka_run_group_tests_name("rpc/methods", tests, NULL, NULL);
}
