/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every file in mistakes/ is loaded; "--> text" at the end of a line says which mistake must be
 * reported for that line ("a | b": both), "--~ part" that one must hold this part. Nothing else
 * may be reported.
 */
#include "dsl_support.h"

#include "team.h"
#include <dirent.h>

#define FOLDER SGN_SOURCE_DIR "/tests/unit/dsl/mistakes"

static char *
read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 1 << 16);

    assert_non_null(file);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
    fclose(file);
    return text;
}

/* Takes the mistake of this line and text (or part) out of the list. */
static bool
take(json_t *mistakes, int line, const char *text, bool part)
{
    for (size_t i = 0; i < json_array_size(mistakes); i++) {
        const json_t *mistake = json_array_get(mistakes, i);
        const char *message = sgn_json_str(mistake, "message");

        if (sgn_json_int(mistake, "line", 0) == line &&
            (part ? strstr(message, text) != NULL : strcmp(message, text) == 0))
            return json_array_remove(mistakes, i) == 0;
    }
    return false;
}

/* Looks for what the comment at the end of a line expects; returns how many were missing. */
static int
check_line(json_t *mistakes, const char *name, int line, char *text)
{
    char *exact = strstr(text, "--> "), *part = strstr(text, "--~ "), *rest = NULL;
    char *expected = exact != NULL ? exact : part;
    int missing = 0;

    if (expected == NULL)
        return 0;
    for (char *one = strtok_r(expected + 4, "|", &rest); one != NULL;
         one = strtok_r(NULL, "|", &rest)) {
        one += strspn(one, " ");
        while (strlen(one) > 0 && one[strlen(one) - 1] == ' ')
            one[strlen(one) - 1] = '\0';
        if (!take(mistakes, line, one, exact == NULL)) {
            print_error("%s:%d: missing: %s\n", name, line, one);
            missing++;
        }
    }
    return missing;
}

static int
check_file(const char *file)
{
    char path[512], name[256], *text, *rest, *line;
    json_t *answer, *mistakes, *left;
    int wrong = 0, number = 0;
    size_t i;

    snprintf(path, sizeof path, "%s/%s", FOLDER, file);
    snprintf(name, sizeof name, "%.*s", (int)(strlen(file) - 4), file);
    text = read_file(path);
    answer = load_source(NULL, name, text);
    mistakes = json_object_get(answer, "mistakes");
    assert_true(json_array_size(mistakes) > 0);
    rest = text;
    while ((line = strsep(&rest, "\n")) != NULL)
        wrong += check_line(mistakes, name, ++number, line);
    json_array_foreach(mistakes, i, left) {
        print_error("%s:%d: not expected: %s\n", name, (int)sgn_json_int(left, "line", 0),
                    sgn_json_str(left, "message"));
        wrong++;
    }
    json_decref(answer);
    free(text);
    return wrong;
}

static void
test_mistakes_are_all_reported_at_their_lines(void **state)
{
    DIR *folder = opendir(FOLDER);
    const struct dirent *entry;
    int files = 0, wrong = 0;

    (void)state;
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        if (strstr(entry->d_name, ".lua") == NULL)
            continue;
        wrong += check_file(entry->d_name);
        files++;
    }
    closedir(folder);
    assert_true(files >= 25);
    assert_int_equal(wrong, 0);
}

static void
expect_team_mistake(const char *team, int line, const char *message)
{
    json_t *shipped = dsl_shipped_all(), *answer = NULL, *input;
    struct sgn_error err = { 0 };

    input = json_pack("{s:s, s:{s:s, s:s}, s:o}", "team", "t", "files", "team.lua", team,
                      "workflows/mine.lua",
                      "return workflow \"mine\" { key = \"MI\", state \"a\" }", "shipped", shipped);
    assert_int_equal(dsl_load(NULL, input, &answer, &err), SGN_OK);
    if (!take(json_object_get(answer, "mistakes"), line, message, false)) {
        print_mistakes(answer);
        fail_msg("missing: %d: %s", line, message);
    }
    json_decref(answer);
    json_decref(input);
}

static void
test_mistakes_of_a_team_are_reported_too(void **state)
{
    (void)state;
    expect_team_mistake("return team \"t\" {\n use \"isue\" }", 2,
                        "unknown workflow \"isue\" (did you mean \"issue\"?)");
    expect_team_mistake("return team \"t\" {\n use \"issue\",\n use \"issue\" }", 3,
                        "a second use \"issue\"; the first is in line 2");
    expect_team_mistake("return team \"t\" {\n timezon = \"UTC\" }", 2,
                        "unknown key \"timezon\" in team \"t\" (did you mean \"timezone\"?)");
    expect_team_mistake("return team \"other\" { use \"mine\" }", 1,
                        "team \"other\" stands in the folder \"t\": name both alike");
    expect_team_mistake("return team \"t\" {\n calendar \"c\" { monday = { \"9-17\" } } }", 2,
                        "expected hours like \"09:00-12:00\", got \"9-17\"");
    expect_team_mistake("return team \"t\" {}", 1,
                        "team.lua does not use this file: add use \"mine\"");
    expect_team_mistake("return workflow \"t\" {}", 1, "team.lua holds a team");
}

static void
test_mistakes_of_health_are_reported_at_their_lines(void **state)
{
    (void)state;
    expect_team_mistake("return team \"t\" { health {\n red = { overdu = above(1) } } }", 2,
                        "unknown figure \"overdu\" (did you mean \"overdue\"?)");
    expect_team_mistake("return team \"t\" { health {\n yellow = {\n complaints = 3 } } }", 3,
                        "expected a limit like above(2), got 3");
    expect_team_mistake("return team \"t\" { health { red = {\n stuck = is(1) } } }", 2,
                        "expected a limit like above(2), got is");
    expect_team_mistake("return team \"t\" { health { red = {\n silence = above \"long\" } } }", 2,
                        "expected a number, got \"long\"");
    expect_team_mistake("return team \"t\" { health {\n yelow = {} } }", 2,
                        "unknown key \"yelow\" in health (did you mean \"yellow\"?)");
    expect_team_mistake("return team \"t\" { health { red = 5 } }", 1,
                        "expected limits like { overdue = above(2) }, got 5");
    expect_team_mistake("return team \"t\" { health {},\n health {} }", 2,
                        "a second health; the first is in line 1");
}

/* Every figure that the language knows the model knows, too, and in its form. */
static void
test_limits_of_health_come_to_the_model(void **state)
{
    static const char team[] =
        "return team \"t\" { health {\n red = { overdue = above(2), overdue_issues = min(1),"
        " late_milestones = above(0), slipped_milestones = above(0), budget_used = above(99.5),"
        " silence = above(14), complaints = above(0), satisfaction = below(3.25), stuck = max(9) },"
        "\n yellow = {} } }";
    json_t *shipped = dsl_shipped_all(), *answer = NULL, *input, *health;
    struct sgn_error err = { 0 };
    struct model_team *model = NULL;

    (void)state;
    input = json_pack("{s:s, s:{s:s}, s:o}", "team", "t", "files", "team.lua", team, "shipped",
                      shipped);
    assert_int_equal(dsl_load(NULL, input, &answer, &err), SGN_OK);
    assert_int_equal(json_array_size(json_object_get(answer, "mistakes")), 0);
    assert_int_equal(model_team_parse(json_object_get(answer, "team"), &model, &err), SGN_OK);
    health = json_object_get(json_object_get(answer, "team"), "health");
    assert_int_equal(json_array_size(json_object_get(health, "red")), 9);
    assert_int_equal(json_array_size(json_object_get(health, "yellow")), 0);
    assert_string_equal(sgn_json_str(json_array_get(json_object_get(health, "red"), 7), "below"),
                        "3.25");
    assert_int_equal(sgn_json_int(json_array_get(json_object_get(health, "red"), 0), "line", 0), 2);
    model_team_free(model);
    json_decref(answer);
    json_decref(input);
}

static void
test_mistakes_of_schedules_are_reported_at_their_lines(void **state)
{
    (void)state;
    expect_team_mistake(
        "return team \"t\" { use \"mine\",\n every \"friday 4pm\" { start \"mine\" } }", 2,
        "every \"friday 4pm\": expected a weekday, monday to sunday; a schedule is written like "
        "\"friday 16:00\", \"monday to friday 09:00\", \"day 08:30\", \"2 weeks monday 10:00\", "
        "\"month 1 09:00\", \"month last friday 17:00\", \"quarter last 17:00\", \"year 03-01 "
        "09:00\" or \"RRULE:FREQ=...\"");
    expect_team_mistake(
        "return team \"t\" { use \"mine\",\n every \"friday 16:00\" {\n start \"mime\" } }", 3,
        "start \"mime\": the team uses no such workflow (did you mean \"mine\"?)");
    expect_team_mistake("return team \"t\" { use \"mine\",\n every \"friday 16:00\" {\n"
                        " start \"mine\" { fields = { sum = 1 } } } }",
                        3, "start \"mine\": it has no field \"sum\"");
    expect_team_mistake("return team \"t\" { use \"mine\",\n every \"friday 16:00\" {\n"
                        " start \"mine\" { for_each = \"open projects\" } } }",
                        3,
                        "unknown word \"open projects\": expected \"open project\" or \"client\" "
                        "(did you mean \"open project\"?)");
    expect_team_mistake("return team \"t\" { use \"mine\",\n every \"friday 16:00\" {\n"
                        " start \"mine\" { foreach = \"client\" } } }",
                        3, "unknown key \"foreach\" in start (did you mean \"for_each\"?)");
    expect_team_mistake("return team \"t\" { use \"mine\",\n every \"friday 16:00\" {\n"
                        " missed = \"lates\", start \"mine\" } }",
                        3,
                        "unknown word \"lates\": expected \"latest\", \"all\" or \"skip\" (did "
                        "you mean \"latest\"?)");
    expect_team_mistake("return team \"t\" { use \"mine\",\n every \"friday 16:00\" {\n"
                        " start \"mine\" },\n every \"friday 16:00\" { start \"mine\" } }",
                        4,
                        "a second schedule \"friday 16:00\"; the first is in line 2: give one a "
                        "name = \"...\"");
    expect_team_mistake("return team \"t\" { use \"mine\",\n every \"friday 16:00\" {} }", 2,
                        "every \"friday 16:00\": expected start \"workflow\"");
}

static void
test_mistakes_of_size_and_encoding(void **state)
{
    struct dsl_limits limits;
    json_t *answer;
    char *big = calloc(1, 70000);

    (void)state;
    assert_non_null(big);
    memset(big, ' ', 69999);
    answer = load_source(NULL, "big", big);
    assert_true(take(json_object_get(answer, "mistakes"), 1, "larger than a file may be", true));
    json_decref(answer);
    free(big);
    /* a compiled chunk is no text */
    answer = load_source(NULL, "bin", "\x1bLua");
    assert_true(take(json_object_get(answer, "mistakes"), 1, "binary", true));
    json_decref(answer);
    dsl_limits_default(&limits);
    limits.team_bytes = 100;
    answer = load_source(&limits, "sum",
                         "return workflow \"sum\" { key = \"SU\", state \"one\", state \"two\", "
                         "state \"three\", state \"four\" }");
    assert_true(take(json_object_get(answer, "mistakes"), 1, "together", true));
    json_decref(answer);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistakes_are_all_reported_at_their_lines),
        cmocka_unit_test(test_mistakes_of_a_team_are_reported_too),
        cmocka_unit_test(test_mistakes_of_health_are_reported_at_their_lines),
        cmocka_unit_test(test_limits_of_health_come_to_the_model),
        cmocka_unit_test(test_mistakes_of_schedules_are_reported_at_their_lines),
        cmocka_unit_test(test_mistakes_of_size_and_encoding),
    };
    return cmocka_run_group_tests_name("dsl/mistakes", tests, NULL, NULL);
}
