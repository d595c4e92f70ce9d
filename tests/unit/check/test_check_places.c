/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the parts of a model stand in their file: beside the model, so that moving text about makes
 * no new version.
 */
#include "check_support.h"

static json_t *
version_of(const char *source)
{
    json_t *input =
        json_pack("{s:s, s:{s:s, s:s}, s:{}}", "team", "t", "files", "team.lua",
                  "return team \"t\" { use \"w\" }", "workflows/w.lua", source, "shipped");
    json_t *answer = NULL, *version;
    struct sgn_error err = { 0 };

    assert_int_equal(dsl_load(NULL, input, &answer, &err), SGN_OK);
    assert_int_equal(json_array_size(json_object_get(answer, "mistakes")), 0);
    version = json_incref(json_object_get(json_object_get(answer, "workflows"), "w"));
    assert_non_null(version);
    json_decref(answer);
    json_decref(input);
    return version;
}

static void
expect_place(const json_t *version, const char *pointer, int line, int column)
{
    const json_t *place = json_object_get(json_object_get(version, "places"), pointer);

    if (json_array_size(place) != 2)
        fail_msg("%s has no place", pointer);
    print_message("  %s\n", pointer);
    assert_int_equal(json_integer_value(json_array_get(place, 0)), line);
    assert_int_equal(json_integer_value(json_array_get(place, 1)), column);
}

static const char source[] =
    "local function back() return on \"back\" { by = \"pm\", to = \"a\" } end\n"
    "return workflow \"w\" { key = \"WW\", title = \"变更\", roles = { \"pm\", \"qa\" },\n"
    "  fields = { what = text {}, [\"why\"] = text {} },\n"
    "  state \"a\" { edit = { pm = { \"what\", \"why\" } }, owner = \"pm\",\n"
    "    on \"go\" { by = \"pm\", to = { \"b\" } }, on \"stay\" { by = \"qa\" },\n"
    "    within { \"2 days\", late \"0\" { remind \"owner\" }, at \"50%\" { notify \"qa\" } } },\n"
    "  state \"b\" { back(), approval { covers = { \"what\" }, rule = all_of {\n"
    "      one_of \"pm\" { nobody = \"reject\" }, one_of \"qa\" { nobody = \"skip\" } },\n"
    "    approved = \"c\", rejected = \"a\" } },\n"
    "  final \"c\",\n"
    "}\n";

static void
test_every_part_of_a_model_has_its_place(void **state)
{
    json_t *version = version_of(source);

    (void)state;
    expect_place(version, "", 2, 8);
    expect_place(version, "/roles/1", 2, 65);
    expect_place(version, "/fields/0", 3, 14);
    expect_place(version, "/states/0", 4, 3);
    expect_place(version, "/states/0/edit/0/fields/1", 4, 39);
    expect_place(version, "/states/0/owner", 4, 58);
    expect_place(version, "/states/0/transitions/0", 5, 5);
    expect_place(version, "/states/0/transitions/0/to/0", 5, 33);
    expect_place(version, "/states/0/transitions/1/by", 5, 59);
    expect_place(version, "/states/0/deadlines/0", 6, 5);
    /* in the model at stands before late */
    expect_place(version, "/states/0/deadlines/0/rungs/0", 6, 53);
    expect_place(version, "/states/0/deadlines/0/rungs/1/actions/0", 6, 35);
    /* what a helper makes stands in the helper */
    expect_place(version, "/states/1/transitions/0", 1, 30);
    expect_place(version, "/states/1/approval", 7, 23);
    expect_place(version, "/states/1/approval/covers/0", 7, 45);
    expect_place(version, "/states/1/approval/rule", 7, 62);
    expect_place(version, "/states/1/approval/rule/rules/1", 8, 42);
    expect_place(version, "/states/1/approval/rule/rules/1/who", 8, 49);
    expect_place(version, "/states/2", 10, 3);
    json_decref(version);
}

static void
test_places_make_no_new_version(void **state)
{
    char *moved = sgn_format("-- moved down\n\n%s", source), one[65], two[65];
    json_t *a = version_of(source), *b = version_of(moved);
    struct sgn_error err = { 0 };

    (void)state;
    assert_false(json_equal(json_object_get(a, "places"), json_object_get(b, "places")));
    assert_int_equal(
        model_digest(json_object_get(a, "model"), json_object_get(a, "functions"), one, &err),
        SGN_OK);
    assert_int_equal(
        model_digest(json_object_get(b, "model"), json_object_get(b, "functions"), two, &err),
        SGN_OK);
    assert_string_equal(one, two);
    json_decref(a);
    json_decref(b);
    free(moved);
}

/* A remark in a text is none, and so is one in a comment of several lines. */
static void
test_only_comments_of_one_line_speak_to_the_checker(void **state)
{
    json_t *mistakes =
        checked("return workflow \"w\" { key = \"WW\", help = \"-- signoff: allow x: y\",\n"
                "--[[ -- signoff: allow x: y\n"
                "signoff: allow x: y ]]\n"
                "title = [==[ -- signoff: allow x: y ]==],\n"
                "state \"a\" { on \"go\" { by = \"pm\", to = \"b\" } }, -- signoff: allow x: y\n"
                "final \"b\" }");

    (void)state;
    assert_int_equal(json_array_size(mistakes), 1);
    assert_int_equal(sgn_json_int(json_array_get(mistakes, 0), "line", 0), 5);
    assert_int_equal(sgn_json_int(json_array_get(mistakes, 0), "column", 0), 48);
    json_decref(mistakes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_part_of_a_model_has_its_place),
        cmocka_unit_test(test_places_make_no_new_version),
        cmocka_unit_test(test_only_comments_of_one_line_speak_to_the_checker),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
