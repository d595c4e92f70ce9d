/* SPDX-License-Identifier: Apache-2.0 */
/* Project templates: what is read of them, and that each mistake is told with its line. */
#include "model_fixture.h"
#include "project_template.h"

static json_t *
read_text(const char *text, json_t **mistakes)
{
    json_t *read = NULL;

    *mistakes = json_array();
    assert_int_equal(model_template_read("templates/t.ini", text, *mistakes, &read, NULL), SGN_OK);
    return read;
}

/* "LINE MESSAGE" of the only mistake there is. */
static void
assert_mistake(const char *text, const char *expected)
{
    json_t *mistakes, *read = read_text(text, &mistakes), *one = json_array_get(mistakes, 0);
    char got[400];

    assert_int_equal(json_array_size(mistakes), 1);
    snprintf(got, sizeof got, "%lld %s", (long long)sgn_json_int(one, "line", 0),
             sgn_json_str(one, "message"));
    assert_string_equal(got, expected);
    assert_string_equal(sgn_json_str(one, "file"), "templates/t.ini");
    json_decref(mistakes);
    json_decref(read);
}

static void
test_project_templates_are_read_with_languages_and_lines(void **state)
{
    json_t *mistakes;
    json_t *read =
        read_text("; a note\n[template]\ntitle = Small\ntitle.zh = 小\nroles = pm, pm ops\n"
                  "\n[milestone  last ]\n# here, too\nsummary.zh = 交付\n",
                  &mistakes);
    const json_t *one = json_array_get(json_object_get(read, "cases"), 0);
    const json_t *said = json_object_get(json_object_get(one, "fields"), "summary");

    (void)state;
    assert_int_equal(json_array_size(mistakes), 0);
    assert_string_equal(sgn_json_str(json_object_get(read, "title"), "zh"), "小");
    assert_int_equal(json_array_size(json_object_get(read, "roles")), 2);
    assert_string_equal(sgn_json_str(one, "workflow"), "milestone");
    assert_string_equal(sgn_json_str(one, "word"), "last");
    assert_int_equal(sgn_json_int(said, "line", 0), 9);
    assert_string_equal(model_template_text(said, "en"), "交付"); /* what there is */
    json_decref(mistakes);
    json_decref(read);
}

static void
test_project_templates_mistakes_have_their_line(void **state)
{
    (void)state;
    assert_mistake("title = x\n", "1 expected [template] first");
    assert_mistake("[template]\nroles = pm Client\n",
                   "2 \"Client\" is no role that the team's people hold");
    assert_mistake("[template]\nroles = client\n",
                   "2 \"client\" is no role that the team's people hold");
    assert_mistake("[template]\nsummary = x\n",
                   "2 unknown \"summary\" in [template]: expected title, says or roles");
    assert_mistake("[template]\n[issue]\n[issue]\n",
                   "3 a second case of issue: tell it from the first by a word, [issue second]");
    assert_mistake("[template]\n[issue\n", "2 expected [SECTION] and nothing else on the line");
    assert_mistake("[template]\n[issue]\nsummary\n", "3 expected NAME = VALUE");
    assert_mistake("[template]\n[issue]\nsummary = a\nsummary = b\n", "4 a second summary");
    assert_mistake("[issue]\nsummary = a\n", "1 there is no [template] with a title and roles");
    assert_mistake("[template]\ntitle = \xff\n", "2 the file is not UTF-8 text: save it as UTF-8");
}

static void
test_project_templates_are_looked_at_against_the_workflows(void **state)
{
    json_t *mistakes;
    json_t *read =
        read_text("[template]\n[visit]\nsumary = x\n[visit two]\nseats = many\n"
                  "[visit three]\nday = 3 weeks at 10:00\n[visit four]\nwhen = 3 days at 10:00\n"
                  "day = 3 weeks\nseats = 4\nsummary = {{project}} {{other}}\n[gone]\na = b\n",
                  &mistakes);
    json_t *workflows = quoted(
        "{'visit':{'fields':[{'name':'summary','type':'text','shared':true},"
        "{'name':'seats','type':'number','shared':true},{'name':'day','type':'date','shared':true},"
        "{'name':'when','type':'time','shared':true}]}}");
    static const struct {
        int line;
        const char *says;
    } expected[] = { { 3, "visit has no field \"sumary\" (did you mean \"summary\"?)" },
                     { 5, "visit.seats: \"many\" is no value of a number" },
                     { 7, "visit.day: " },
                     { 12, "visit.summary: " },
                     { 13, "the team uses no workflow \"gone\": add use \"gone\" to team.lua" } };

    (void)state;
    assert_int_equal(json_array_size(mistakes), 0);
    assert_int_equal(
        model_template_check(read, workflows, false, "templates/t.ini", mistakes, NULL), SGN_OK);
    assert_int_equal(json_array_size(mistakes), 5);
    for (size_t i = 0; i < 5; i++) {
        const json_t *one = json_array_get(mistakes, i);
        assert_int_equal(sgn_json_int(one, "line", 0), expected[i].line);
        assert_memory_equal(sgn_json_str(one, "message"), expected[i].says,
                            strlen(expected[i].says));
    }
    json_array_clear(mistakes);
    assert_int_equal(model_template_check(read, workflows, true, "x", mistakes, NULL), SGN_OK);
    assert_int_equal(json_array_size(mistakes), 4); /* a shipped one may name what is not in use */
    json_decref(workflows);
    json_decref(mistakes);
    json_decref(read);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_project_templates_are_read_with_languages_and_lines),
        cmocka_unit_test(test_project_templates_mistakes_have_their_line),
        cmocka_unit_test(test_project_templates_are_looked_at_against_the_workflows),
    };

    return cmocka_run_group_tests_name("model/project_template", tests, NULL, NULL);
}
