/* SPDX-License-Identifier: Apache-2.0 */
/* How deadlines are written: their names, where go may stand, and the clocks of a whole team. */
#include "dsl_support.h"

static json_t *
load(const char *body, const char *team)
{
    char *source =
        sgn_format("return workflow \"t\" { key = \"TT\", roles = { \"pm\" },\n%s }", body);
    json_t *input = json_pack("{s:s, s:{s:s, s:s}, s:{}}", "team", "t", "files", "team.lua", team,
                              "workflows/t.lua", source, "shipped");
    json_t *answer = NULL;
    struct sgn_error err = { 0 };

    assert_non_null(input);
    if (dsl_load(NULL, input, &answer, &err) != SGN_OK)
        fail_msg("load: %s", err.message);
    json_decref(input);
    free(source);
    return answer;
}

#define TEAM "return team \"t\" { use \"t\" }"
#define OFFICE                                                                                     \
    "return team \"t\" { calendar \"office\" { monday_to_friday = { \"09:00-17:00\" } }, use "     \
    "\"t\" }"

/* Exactly this mistake, in that line of the workflow. */
static void
assert_mistake(const char *body, const char *team, const char *severity, int line,
               const char *words)
{
    json_t *answer = load(body, team), *mistakes = json_object_get(answer, "mistakes");
    const json_t *first = json_array_get(mistakes, 0);

    print_mistakes(answer);
    assert_int_equal(json_array_size(mistakes), 1);
    assert_string_equal(sgn_json_str(first, "severity"), severity);
    assert_string_equal(sgn_json_str(first, "file"), "workflows/t.lua");
    assert_int_equal(sgn_json_int(first, "line", 0), line);
    if (strstr(sgn_json_str(first, "message"), words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", sgn_json_str(first, "message"), words);
    json_decref(answer);
}

static const char *
name_in(const json_t *holder)
{
    return sgn_json_str(json_array_get(json_object_get(holder, "deadlines"), 0), "name");
}

static void
test_d10_a_deadline_without_a_name_has_that_of_what_it_stands_in(void **state)
{
    json_t *answer = load("within { \"3 days\", late \"0\" { remind \"pm\" } },\n"
                          "state \"one\" { within { \"1 day\", late \"0\" { remind \"pm\" } } }",
                          TEAM);
    const json_t *model =
        json_object_get(json_object_get(json_object_get(answer, "workflows"), "t"), "model");

    (void)state;
    assert_int_equal(json_array_size(json_object_get(answer, "mistakes")), 0);
    assert_string_equal(name_in(model), "t");
    assert_string_equal(name_in(json_array_get(json_object_get(model, "states"), 0)), "one");
    json_decref(answer);
}

static void
test_d11_names_are_unique_and_two_without_one_in_a_state_are_a_mistake(void **state)
{
    (void)state;
    assert_mistake("state \"one\" { within { \"1 day\", late \"0\" { remind \"pm\" } },\n"
                   "  within { \"2 days\", late \"0\" { remind \"pm\" } } }",
                   TEAM, "error", 3, "a second deadline \"one\"");
    assert_mistake("state \"one\" { within \"x\" { \"1 day\", late \"0\" { remind \"pm\" } } },\n"
                   "state \"two\" { within \"x\" { \"1 day\", late \"0\" { remind \"pm\" } } }",
                   TEAM, "error", 3, "a second deadline \"x\"");
}

static void
test_d24_go_is_for_states_without_approval(void **state)
{
    (void)state;
    assert_mistake("state \"one\" { approval { rule = one_of \"pm\" { nobody = \"reject\" }, "
                   "approved = \"two\", rejected = \"two\" },\n"
                   "  within { \"1 day\", late \"0\" { go \"two\" } } }, final \"two\"",
                   TEAM, "error", 3, "go is for states without an approval");
}

static void
test_clocks_name_a_calendar_of_the_team(void **state)
{
    json_t *answer;

    (void)state;
    assert_mistake("state \"one\" {\n  within { \"1 workday\", clock = \"offise\", late \"0\" { "
                   "remind \"pm\" } } }",
                   OFFICE, "error", 3, "did you mean \"office\"");
    answer = load("state \"one\" { within { \"1 workday\", clock = \"office\", late \"0\" { remind "
                  "\"pm\" } } }",
                  OFFICE);
    assert_int_equal(json_array_size(json_object_get(answer, "mistakes")), 0);
    assert_string_equal(sgn_json_str(json_object_get(answer, "team"), "calendar"), "office");
    json_decref(answer);
}

static void
test_clocks_working_time_without_a_calendar_is_a_warning(void **state)
{
    (void)state;
    assert_mistake("state \"one\" {\n  after \"2 workdays\" { to = \"two\" } }, final \"two\"",
                   TEAM, "warning", 3, "round the clock");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_d10_a_deadline_without_a_name_has_that_of_what_it_stands_in),
        cmocka_unit_test(test_d11_names_are_unique_and_two_without_one_in_a_state_are_a_mistake),
        cmocka_unit_test(test_d24_go_is_for_states_without_approval),
        cmocka_unit_test(test_clocks_name_a_calendar_of_the_team),
        cmocka_unit_test(test_clocks_working_time_without_a_calendar_is_a_warning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
