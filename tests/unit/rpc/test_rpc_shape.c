/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of params: every type, every refusal with its place. */
#include "fake_peer.h"

static const struct rpc_param params[] = {
    { "name", RPC_STRING, true, 4, "A string." },
    { "count", RPC_INTEGER, false, 10, "An integer." },
    { "flag", RPC_BOOLEAN, false, 0, "A flag." },
    { "object", RPC_OBJECT, false, 0, "An object." },
    { "array", RPC_ARRAY, false, 2, "An array." },
    { "any", RPC_ANY, false, 0, "Anything." },
    { "key", RPC_KEY, false, 32, "A key." },
    { "at", RPC_TIME, false, 0, "A time." },
    { "words", RPC_STRINGS, false, 0, "Words." },
    { "title", RPC_TITLE, false, 0, "A title." },
    { .name = NULL },
};
static const struct rpc_method writing = {
    .name = "a.b", .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_WRITE, .params = params
};
static const struct rpc_method reading = {
    .name = "a.c", .access = CORE_PERSON, .where = RPC_READ, .params = params
};
static const struct rpc_method of_site = {
    .name = "a.d", .access = CORE_OPERATOR, .where = RPC_READ, .site = true
};

/* pointer NULL: the text must be accepted. */
static void
check(const struct rpc_method *method, bool is_operator, const char *text, const char *pointer)
{
    struct sgn_error error = { 0 };
    json_t *value = NULL;
    enum sgn_status status;

    assert_int_equal(sgn_json_parse(text, strlen(text), &value, NULL), SGN_OK);
    status = rpc_shape_check(method, is_operator, value, &error);
    if (pointer == NULL && status != SGN_OK)
        fail_msg("%s: refused: %s", text, error.message);
    if (pointer != NULL) {
        if (status != SGN_PARAMS)
            fail_msg("%s: accepted", text);
        assert_string_equal(sgn_json_str(error.data, "pointer"), pointer);
    }
    sgn_error_clear(&error);
    json_decref(value);
}

static void
test_shape_takes_values_of_the_right_type(void **state)
{
    (void)state;
    check(&reading, false, "{\"name\":\"abcd\"}", NULL);
    check(&reading, false,
          "{\"name\":\"a\",\"count\":10,\"flag\":false,\"object\":{},\"array\":[1,2]}", NULL);
    check(&reading, false, "{\"name\":\"a\",\"any\":[{}],\"key\":\"li-2\"}", NULL);
    check(&reading, false, "{\"name\":\"a\",\"at\":\"2026-01-05T09:00:00+08:00\"}", NULL);
    check(&reading, false, "{\"name\":\"a\",\"words\":\"x\"}", NULL);
    check(&reading, false, "{\"name\":\"a\",\"words\":[\"x\",\"y\"]}", NULL);
    check(&reading, false, "{\"name\":\"a\",\"title\":{\"en\":\"x\",\"zh\":\"y\"}}", NULL);
}

static void
test_shape_refuses_values_of_another_type(void **state)
{
    static const struct {
        const char *text, *pointer;
    } bad[] = {
        { "{}", "/name" },
        { "{\"name\":1}", "/name" },
        { "{\"name\":\"\"}", "/name" },
        { "{\"name\":\"abcde\"}", "/name" },
        { "{\"name\":\"a\",\"count\":\"1\"}", "/count" },
        { "{\"name\":\"a\",\"count\":1.5}", "/count" },
        { "{\"name\":\"a\",\"count\":-1}", "/count" },
        { "{\"name\":\"a\",\"count\":11}", "/count" },
        { "{\"name\":\"a\",\"flag\":1}", "/flag" },
        { "{\"name\":\"a\",\"object\":[]}", "/object" },
        { "{\"name\":\"a\",\"array\":{}}", "/array" },
        { "{\"name\":\"a\",\"array\":[1,2,3]}", "/array" },
        { "{\"name\":\"a\",\"key\":\"Li\"}", "/key" },
        { "{\"name\":\"a\",\"key\":\"2\"}", "/key" },
        { "{\"name\":\"a\",\"at\":\"2026-01-05\"}", "/at" },
        { "{\"name\":\"a\",\"at\":\"2026-01-05T09:00:00\"}", "/at" },
        { "{\"name\":\"a\",\"words\":[1]}", "/words" },
        { "{\"name\":\"a\",\"title\":{\"de\":\"x\"}}", "/title" },
        { "{\"name\":\"a\",\"title\":7}", "/title" },
        { "{\"name\":\"a\",\"nmae\":1}", "/nmae" },
        { "{\"name\":\"a\",\"a/b~c\":1}", "/a~1b~0c" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        check(&reading, false, bad[i].text, bad[i].pointer);
}

static void
test_shape_names_the_nearest_parameter(void **state)
{
    json_t *value = json_pack("{s:s, s:i}", "name", "a", "cuont", 1);
    struct sgn_error error = { 0 };

    (void)state;
    assert_int_equal(rpc_shape_check(&reading, false, value, &error), SGN_PARAMS);
    assert_string_equal(sgn_json_str(error.data, "nearest"), "count");
    assert_non_null(strstr(error.message, "cuont"));
    sgn_error_clear(&error);
    json_decref(value);
}

static void
test_shape_takes_null_as_missing(void **state)
{
    json_t *value = json_pack("{s:s, s:n}", "name", "a", "count");

    (void)state;
    assert_int_equal(rpc_shape_check(&reading, false, value, NULL), SGN_OK);
    assert_null(json_object_get(value, "count"));
    json_decref(value);
    check(&reading, false, "{\"name\":null}", "/name");
}

static void
test_shape_takes_a_request_id_where_a_method_writes(void **state)
{
    char text[200];

    (void)state;
    check(&writing, false, "{\"name\":\"a\",\"request_id\":\"r\"}", NULL);
    check(&writing, false, "{\"name\":\"a\",\"request_id\":\"\"}", "/request_id");
    check(&writing, false, "{\"name\":\"a\",\"request_id\":7}", "/request_id");
    check(&reading, false, "{\"name\":\"a\",\"request_id\":\"r\"}", "/request_id");
    strcpy(text, "{\"name\":\"a\",\"request_id\":\"");
    for (int i = 0; i < 64; i++)
        strcat(text, "x");
    strcat(text, "\"}");
    check(&writing, false, text, NULL);
    text[strlen(text) - 2] = '\0';
    strcat(text, "x\"}");
    check(&writing, false, text, "/request_id");
}

static void
test_shape_takes_a_team_from_an_operator_only(void **state)
{
    (void)state;
    check(&writing, true, "{\"name\":\"a\",\"team\":\"demo\"}", NULL);
    check(&writing, true, "{\"name\":\"a\"}", "/team");
    check(&writing, true, "{\"name\":\"a\",\"team\":\"Demo\"}", "/team");
    check(&writing, false, "{\"name\":\"a\",\"team\":\"demo\"}", "/team");
    check(&of_site, true, "{}", NULL);
    check(&of_site, true, "{\"team\":\"demo\"}", "/team");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shape_takes_values_of_the_right_type),
        cmocka_unit_test(test_shape_refuses_values_of_another_type),
        cmocka_unit_test(test_shape_names_the_nearest_parameter),
        cmocka_unit_test(test_shape_takes_null_as_missing),
        cmocka_unit_test(test_shape_takes_a_request_id_where_a_method_writes),
        cmocka_unit_test(test_shape_takes_a_team_from_an_operator_only),
    };

    return cmocka_run_group_tests_name("rpc/shape", tests, NULL, NULL);
}
