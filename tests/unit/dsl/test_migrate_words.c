/* SPDX-License-Identifier: Apache-2.0 */
/* Migrations: what the words give, and what a migration's function gets and may answer. */
#include "dsl_support.h"

/* The workflow "t" with a function of the old fields. */
static json_t *
version_with(const char *function)
{
    char *text =
        sgn_format("return workflow \"t\" { key = \"TT\", version = 4, roles = { \"pm\" },\n"
                   "fields = { days = number {}, cost = money {}, name = text {} },\n"
                   "state \"one\" { on \"x\" { by = \"pm\", to = \"two\" } }, final \"two\",\n"
                   "migrate { from = { 2, 3 }, states = { zero = \"one\" }, fields = %s } }\n",
                   function);
    json_t *version = version_of("t", text);

    free(text);
    return version;
}

static void
test_a_migration_says_from_where_and_what_becomes_of_states(void **state)
{
    json_t *version = version_with("function(f) return {} end");
    json_t *wanted = json_loads("[{\"line\": 4, \"from\": [2, 3], \"states\": {\"zero\": \"one\"},"
                                "  \"fields\": 1}]",
                                0, NULL);
    struct model *model = NULL;
    struct sgn_error err = { 0 };

    (void)state;
    assert_true(
        json_equal(json_object_get(json_object_get(version, "model"), "migrations"), wanted));
    assert_int_equal(model_parse(json_object_get(version, "model"),
                                 json_object_get(version, "functions"), &model, &err),
                     SGN_OK);
    assert_int_equal(model_migration_from(model, 3)->function, 1);
    assert_null(model_migration_from(model, 4));
    assert_null(model_migration_from(model, 1));
    model_free(model);
    json_decref(wanted);
    json_decref(version);
}

static void
expect_fields(const char *function, const char *expected)
{
    struct dsl_limits limits;
    json_t *version = version_with(function), *answer = NULL;
    json_t *input = json_loads("{\"fields\": {\"weeks\": 2, \"cost\": \"10.50\", \"note\": \"n\"},"
                               " \"types\": [{\"name\": \"weeks\", \"type\": \"number\"},"
                               "  {\"name\": \"cost\", \"type\": \"money\"},"
                               "  {\"name\": \"note\", \"type\": \"text\"},"
                               "  {\"name\": \"gone\", \"type\": \"text\"}]}",
                               0, NULL);
    struct dsl_state *lua = NULL;
    struct sgn_error err = { 0 };
    enum sgn_status st;
    char *text;

    dsl_limits_default(&limits);
    if (dsl_version_open(&limits, version, &lua, &err) != SGN_OK)
        fail_msg("open: %s", err.message);
    st = dsl_call_json(lua, "workflows/t.lua", 1, RULES_FIELDS, input, &answer, &err);
    text = st == SGN_OK ? json_dumps(answer, JSON_COMPACT | JSON_SORT_KEYS)
                        : sgn_format("%s: %s", sgn_status_code(st), err.message);
    if (strncmp(text, expected, strlen(expected)) != 0)
        fail_msg("got \"%s\", expected it to begin \"%s\"", text, expected);
    free(text);
    json_decref(answer);
    json_decref(input);
    json_decref(version);
    dsl_state_free(lua);
    sgn_error_clear(&err);
}

static void
test_a_migration_gets_the_old_fields_and_gives_new_ones(void **state)
{
    (void)state;
    expect_fields("function(f) return { days = f.weeks * 5, name = f.note } end",
                  "{\"days\":10,\"name\":\"n\"}");
    expect_fields("function(f) return { cost = f.cost + f.cost } end", "{\"cost\":\"21.00\"}");
    expect_fields("function(f) return { name = empty } end", "{\"name\":null}");
    expect_fields("function(f) if f.gone then return { days = 1 } end end", "{}");
}

static void
test_a_migration_that_errs_is_told_where(void **state)
{
    (void)state;
    expect_fields("function(f) return { days = f.month } end",
                  "rule_error: workflows/t.lua:4: unknown field \"month\"");
    expect_fields("function(f) return { dys = 1 } end", "rule_error: workflows/t.lua:4: unknown "
                                                        "field \"dys\" (did you mean \"days\"?)");
    expect_fields("function(f) return 5 end", "rule_error: workflows/t.lua:4: a migration must");
    expect_fields("function(f) return { 1 } end",
                  "rule_error: workflows/t.lua:4: a migration must");
    /* It gets no c: what it says of writing names what it can do. */
    expect_fields(
        "function(f) f.weeks = 1 return {} end",
        "rule_error: workflows/t.lua:4: the old fields are read-only: return the new ones");
    expect_fields("function(f) while true do end end", "rule_overrun: ");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_migration_says_from_where_and_what_becomes_of_states),
        cmocka_unit_test(test_a_migration_gets_the_old_fields_and_gives_new_ones),
        cmocka_unit_test(test_a_migration_that_errs_is_told_where),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
