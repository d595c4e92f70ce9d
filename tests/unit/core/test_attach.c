/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of a case: who may attach what, what of it the client sees, and files in fields.
 */
#include "support/world.h"

static const char *const request =
    "{'name': 'acceptance', 'key': 'AC', 'version': 1, 'client': 'project',"
    " 'roles': ['pm', 'engineer', 'client'], 'open': {'by': ['client', 'pm']},"
    " 'fields': ["
    "  {'name': 'report', 'type': 'file', 'shared': true},"
    "  {'name': 'costs', 'type': 'file', 'shared': false},"
    "  {'name': 'photos', 'type': 'list', 'of': {'type': 'file'}, 'shared': true},"
    "  {'name': 'summary', 'type': 'text', 'shared': true}],"
    " 'start': ['draft'],"
    " 'states': ["
    "  {'name': 'draft', 'kind': 'state', 'owner': 'pm',"
    "   'edit': [{'who': 'pm', 'fields': 'all'}, {'who': 'client', 'fields': ['photos']}],"
    "   'transitions': ["
    "    {'on': ['hand_over'], 'by': 'pm', 'takes': ['report'], 'to': ['handed']},"
    "    {'on': ['end'], 'by': 'pm', 'to': ['ended']}]},"
    "  {'name': 'handed', 'kind': 'state'},"
    "  {'name': 'ended', 'kind': 'final'}]}";

#define BYTES "'0000000000000000000000000000000000000000000000000000000000000001'"

/* A file that a person uploaded, attached to a case or (null) to none. */
static void
uploaded(struct world *w, const char *id, const char *person, const char *to)
{
    char key[64], fact[512];

    snprintf(key, sizeof key, "file:%s", id);
    snprintf(fact, sizeof fact,
             "{'file': '%s', 'sha256': " BYTES ", 'name': 'a.pdf', 'type': 'application/pdf',"
             " 'size': 12, 'person': '%s', 'at': 1, 'case': %s, 'shared': false}",
             id, person, to);
    world_fact(w, key, fact);
}

static struct world *
opened(void)
{
    struct world *w = world_new(request);

    assert_ok(w, world_open(w, "li", "{}"));
    uploaded(w, "f1", "li", "null");
    uploaded(w, "f2", "mei", "null");
    return w;
}

#define ITEM(id, shared)                                                                           \
    "[{'id': '" id "', 'name': 'a.pdf', 'sha256': " BYTES ", 'size': 12,"                          \
    "  'type': 'application/pdf', 'shared': " shared "}]"

static void
test_attach_is_internal_unless_shared(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_do(w, CORE_ATTACH, "li", "{'file': 'f1'}"));
    assert_string_equal(w->kind, "attach");
    assert_null(w->shared);
    assert_json(json_object_get(w->internal, "files"), ITEM("f1", "false"));
    assert_json(json_object_get(w->row, "files"), ITEM("f1", "false"));
    assert_int_equal(sgn_json_int(w->row, "rev", 0), 1); /* as a comment: no revision */

    uploaded(w, "f3", "li", "null");
    assert_ok(w, world_do(w, CORE_ATTACH, "li", "{'file': 'f3', 'shared': true}"));
    assert_json(json_object_get(w->shared, "files"), ITEM("f3", "true"));
    assert_null(json_object_get(w->internal, "files"));
    world_free(w);
}

static void
test_attach_by_the_client_is_always_shared(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_do(w, CORE_ATTACH, "mei", "{'file': 'f2', 'shared': false}"));
    assert_json(json_object_get(w->shared, "files"), ITEM("f2", "true"));
    world_free(w);
}

static void
test_attach_can_share_later_and_never_takes_back(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_do(w, CORE_ATTACH, "li", "{'file': 'f1'}"));
    assert_ok(w, world_do(w, CORE_ATTACH, "wang", "{'file': 'f1', 'shared': true}"));
    assert_json(json_object_get(w->shared, "files"), ITEM("f1", "true"));
    assert_ok(w, world_do(w, CORE_ATTACH, "li", "{'file': 'f1', 'shared': false}"));
    assert_null(w->shared);
    assert_json(json_object_get(w->row, "files"), ITEM("f1", "true"));
    world_free(w);
}

static void
test_attach_takes_only_ones_own(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_refused(w, SGN_NOT_FOUND, world_do(w, CORE_ATTACH, "li", "{'file': 'f2'}"));
    assert_string_equal(sgn_json_str(w->err.data, "pointer"), "/file");
    assert_refused(w, SGN_NOT_FOUND, world_do(w, CORE_ATTACH, "mei", "{'file': 'f1'}"));
    assert_refused(w, SGN_NOT_FOUND, world_do(w, CORE_ATTACH, "li", "{'file': 'f9'}"));
    assert_refused(w, SGN_PARAMS, world_do(w, CORE_ATTACH, "li", "{}"));
    uploaded(w, "f4", "li", "'AC-9'");
    assert_refused(w, SGN_CONFLICT, world_do(w, CORE_ATTACH, "li", "{'file': 'f4'}"));
    /* An internal file of this very case is unknown to the client, who might guess its id. */
    assert_ok(w, world_do(w, CORE_ATTACH, "li", "{'file': 'f1'}"));
    assert_refused(w, SGN_NOT_FOUND, world_do(w, CORE_ATTACH, "mei", "{'file': 'f1'}"));
    world_free(w);
}

static void
test_attach_stays_inside_where_nothing_is_shared(void **state)
{
    json_t *model = json(request);
    struct world *w;
    char *text;

    (void)state;
    json_object_set_new(model, "client", json_string("none"));
    text = sgn_json_text(model);
    w = world_new(text);
    assert_ok(w, world_open(w, "li", "{}"));
    uploaded(w, "f1", "li", "null");
    assert_ok(w, world_do(w, CORE_ATTACH, "li", "{'file': 'f1', 'shared': true}"));
    assert_json(json_object_get(w->internal, "files"), ITEM("f1", "false"));
    free(text);
    json_decref(model);
    world_free(w);
}

static void
test_attach_sets_a_field_as_an_edit_does(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_do(w, CORE_ATTACH, "li", "{'file': 'f1', 'field': 'report'}"));
    /* The field is shared, so the file is. */
    assert_json(json_object_get(w->shared, "files"), ITEM("f1", "true"));
    assert_json(json_object_get(w->shared, "fields"), "{'report': 'f1'}");
    assert_int_equal(sgn_json_int(w->row, "rev", 0), 2);

    assert_refused(w, SGN_INVALID,
                   world_do(w, CORE_ATTACH, "li", "{'file': 'f1', 'field': 'summary'}"));
    assert_string_equal(sgn_json_str(w->err.data, "pointer"), "/field");
    assert_refused(w, SGN_FORBIDDEN,
                   world_do(w, CORE_ATTACH, "wang", "{'file': 'f1', 'field': 'costs'}"));
    assert_refused(w, SGN_INVALID,
                   world_do(w, CORE_ATTACH, "mei", "{'file': 'f2', 'field': 'costs'}"));
    world_free(w);
}

static void
test_attach_adds_to_a_list_of_files(void **state)
{
    struct world *w = opened();

    (void)state;
    uploaded(w, "f3", "mei", "null");
    assert_ok(w, world_do(w, CORE_ATTACH, "mei", "{'file': 'f2', 'field': 'photos'}"));
    assert_ok(w, world_do(w, CORE_ATTACH, "mei", "{'file': 'f3', 'field': 'photos'}"));
    assert_ok(w, world_do(w, CORE_ATTACH, "mei", "{'file': 'f2', 'field': 'photos'}"));
    assert_json(json_object_get(w->row, "fields"), "{'photos': ['f2', 'f3']}");
    assert_int_equal(json_array_size(json_object_get(w->row, "files")), 2);
    world_free(w);
}

static void
test_attach_comes_with_the_value_of_a_field(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_refused(
        w, SGN_INVALID,
        world_do(w, CORE_FIRE, "li", "{'event': 'hand_over', 'data': {'report': 'f2'}}"));
    assert_string_equal(sgn_json_str(w->err.data, "pointer"), "/data/report");
    assert_refused(w, SGN_INVALID,
                   world_do(w, CORE_EDIT, "li", "{'fields': {'photos': ['f1', 'f9']}}"));
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'costs': 'f1'}}"));
    assert_json(json_object_get(w->internal, "files"), ITEM("f1", "false"));
    assert_null(w->shared);
    assert_ok(w, world_do(w, CORE_FIRE, "li", "{'event': 'hand_over', 'data': {'report': 'f1'}}"));
    assert_json(json_object_get(w->shared, "files"), ITEM("f1", "true"));
    assert_states(w, "['handed']");
    world_free(w);
}

/* world_do compares the row with the fold, whose parts come shared first. */
static void
test_attach_of_several_at_once_folds(void **state)
{
    struct world *w = opened();

    (void)state;
    uploaded(w, "f3", "li", "null");
    uploaded(w, "f4", "li", "null");
    assert_ok(w, world_do(w, CORE_EDIT, "li",
                          "{'fields': {'costs': 'f1', 'report': 'f3', 'photos': ['f4']}}"));
    assert_json(json_object_get(w->internal, "files"), ITEM("f1", "false"));
    assert_int_equal(json_array_size(json_object_get(w->shared, "files")), 2);
    world_free(w);
}

static void
test_attach_is_open_to_an_ended_case_but_its_fields_are_not(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_fire(w, "li", "end"));
    assert_refused(w, SGN_NOT_NOW,
                   world_do(w, CORE_ATTACH, "li", "{'file': 'f1', 'field': 'report'}"));
    assert_ok(w, world_do(w, CORE_ATTACH, "li", "{'file': 'f1'}"));
    world_free(w);
}

/* What a view shows of files, by their ids. */
static void
assert_files_seen(struct world *w, const char *actor, enum core_sight sight, const char *expected)
{
    struct core_command command = {
        .kind = CORE_FIRE, .actor = actor, .at = w->now, .channel = "line", .case_key = "CR-1"
    };
    struct core_known known = { .facts = w->facts };
    struct core_question question = { w->model, w->row, &command, &known, NULL };
    struct core_decision needs = { 0 };
    json_t *view = NULL, *ids = json_array(), *file;
    size_t i;

    assert_int_equal(core_view(&question, sight, "en", &view, &needs, &w->err), SGN_OK);
    json_array_foreach(json_object_get(view, "files"), i, file)
        json_array_append(ids, json_object_get(file, "id"));
    assert_json(ids, expected);
    json_decref(ids);
    json_decref(view);
    core_decision_deinit(&needs);
}

static void
test_attach_shows_the_client_what_is_shared(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_do(w, CORE_ATTACH, "li", "{'file': 'f1'}"));
    assert_ok(w, world_do(w, CORE_ATTACH, "mei", "{'file': 'f2'}"));
    assert_files_seen(w, "li", CORE_SEES_ALL, "['f1', 'f2']");
    assert_files_seen(w, "mei", CORE_SEES_SHARED, "['f2']");
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attach_is_internal_unless_shared),
        cmocka_unit_test(test_attach_by_the_client_is_always_shared),
        cmocka_unit_test(test_attach_can_share_later_and_never_takes_back),
        cmocka_unit_test(test_attach_takes_only_ones_own),
        cmocka_unit_test(test_attach_stays_inside_where_nothing_is_shared),
        cmocka_unit_test(test_attach_sets_a_field_as_an_edit_does),
        cmocka_unit_test(test_attach_adds_to_a_list_of_files),
        cmocka_unit_test(test_attach_comes_with_the_value_of_a_field),
        cmocka_unit_test(test_attach_of_several_at_once_folds),
        cmocka_unit_test(test_attach_is_open_to_an_ended_case_but_its_fields_are_not),
        cmocka_unit_test(test_attach_shows_the_client_what_is_shared),
    };
    return cmocka_run_group_tests_name("core/attach", tests, NULL, NULL);
}
