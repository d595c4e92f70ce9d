/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands on a case: what is done, what is refused, and in which words.
 */
#include "support/world.h"

static const char *const request =
    "{'name': 'change_request', 'key': 'CR', 'version': 3, 'client': 'project',"
    " 'roles': ['pm', 'engineer', 'client'], 'aliases': {'requester': 'opener'},"
    " 'open': {'by': ['client', 'pm']},"
    " 'fields': ["
    "  {'name': 'summary', 'type': 'text', 'shared': true, 'required': true, 'max': 20},"
    "  {'name': 'cost', 'type': 'money', 'shared': true, 'min': '0.00'},"
    "  {'name': 'class', 'type': 'choice', 'shared': true, 'choices': ['standard', 'emergency'],"
    "   'default': 'standard'},"
    "  {'name': 'margin', 'type': 'text', 'shared': false}],"
    " 'start': ['draft'],"
    " 'states': ["
    "  {'name': 'draft', 'kind': 'state', 'owner': 'opener',"
    "   'edit': [{'who': 'opener', 'fields': ['summary', 'class']}],"
    "   'transitions': ["
    "    {'on': ['submit'], 'by': 'opener', 'to': ['screening']},"
    "    {'on': ['withdraw'], 'by': 'opener', 'to': ['withdrawn']}]},"
    "  {'name': 'screening', 'kind': 'state', 'owner': 'pm', 'transitions': ["
    "    {'on': ['price'], 'by': 'pm', 'takes': ['cost', 'margin'], 'needs': ['cost'],"
    "     'to': ['deciding']},"
    "    {'on': ['return'], 'by': 'pm', 'to': ['draft'], 'note': true},"
    "    {'on': ['tick'], 'to': ['deciding']}]},"
    "  {'name': 'deciding', 'kind': 'state', 'transitions': ["
    "    {'on': ['go'], 'by': ['pm', 'client'],"
    "     'when': {'field': 'cost', 'above': '100.00'}, 'to': ['closed']},"
    "    {'on': ['go'], 'by': 'engineer', 'to': ['withdrawn']}]},"
    "  {'name': 'closed', 'kind': 'final', 'outcome': 'implemented'},"
    "  {'name': 'withdrawn', 'kind': 'final'}]}";

static struct world *
opened(void)
{
    struct world *w = world_new(request);

    assert_ok(w, world_open(w, "mei", "{'fields': {'summary': 'Export'}}"));
    return w;
}

static void
test_decide_open_makes_a_whole_row(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_json(json_object_get(w->row, "key"), "'CR-1'");
    assert_string_equal(sgn_json_str(w->row, "opener"), "mei");
    assert_int_equal(sgn_json_int(w->row, "version", 0), 3);
    assert_int_equal(sgn_json_int(w->row, "rev", 0), 1);
    assert_int_equal(sgn_json_int(w->row, "case_seq", 0), 1);
    assert_true(sgn_json_int(w->row, "opened_at", 0) == START);
    assert_json(json_object_get(w->row, "fields"), "{'summary': 'Export', 'class': 'standard'}");
    assert_json(json_object_get(w->row, "owners"), "{'draft': 'mei'}");
    assert_json(json_object_get(w->shared, "entered"), "['draft']");
    assert_json(json_object_get(w->shared, "opener"), "'mei'");
    assert_json(json_object_get(w->internal, "project"), "'acme'");
    assert_string_equal(w->kind, "open");
    world_free(w);
}

/* What another case opens is linked to it, and is whose the rule says; nobody else may say so. */
static void
test_decide_open_for_another_case_names_its_opener(void **state)
{
    static const char said[] = "{'fields': {'summary': 'x'}, 'opener': '%s', 'from': 'TK-7'}";
    struct world *w = world_new(request);
    json_t *params =
        json_pack("{s:{s:s}, s:s, s:s}", "fields", "summary", "x", "opener", "mei", "from", "TK-7");
    json_t *cause = json_pack("{s:i, s:i, s:i}", "seq", 3, "n", 0, "depth", 1);
    struct core_command command = { .kind = CORE_OPEN,
                                    .params = params,
                                    .actor = "system",
                                    .channel = "engine",
                                    .at = START,
                                    .case_key = "CR-1",
                                    .project = "acme",
                                    .cause = cause };
    char text[128];

    (void)state;
    json_object_set_new(params, "opener", json_string("nobody-here"));
    assert_refused(w, SGN_RULE_ERROR, world_command(w, &command));
    json_object_set_new(params, "opener", json_string("mei"));
    assert_ok(w, world_command(w, &command));
    assert_json(json_object_get(w->row, "opener"), "'mei'");
    assert_json(json_object_get(w->row, "owners"), "{'draft': 'mei'}");
    assert_json(json_object_get(w->row, "links"), "[{'case': 'TK-7', 'kind': 'opened_by'}]");
    world_free(w);

    w = world_new(request);
    snprintf(text, sizeof(text), said, "li");
    assert_ok(w, world_open(w, "mei", text));
    assert_json(json_object_get(w->row, "opener"), "'mei'");
    assert_json(json_object_get(w->row, "links"), "[]");
    json_decref(params);
    json_decref(cause);
    world_free(w);
}

static void
test_decide_open_asks_by_and_membership(void **state)
{
    struct world *w = world_new(request);

    (void)state;
    assert_refused(w, SGN_FORBIDDEN, world_open(w, "wang", "{'fields': {'summary': 'x'}}"));
    assert_json(json_object_get(w->err.data, "roles"), "['client', 'pm']");
    assert_json(json_object_get(json_object_get(w->err.data, "holders"), "pm"), "['li']");
    assert_refused(w, SGN_FORBIDDEN, world_open(w, "out", "{}"));
    world_free(w);
}

static void
test_decide_open_gives_only_what_the_start_state_edits(void **state)
{
    struct world *w = world_new(request);

    (void)state;
    assert_refused(w, SGN_INVALID,
                   world_open(w, "mei", "{'fields': {'summary': 'x', 'cost': '5.00'}}"));
    assert_string_equal(sgn_json_str(w->err.data, "pointer"), "/fields/cost");
    assert_refused(w, SGN_INVALID, world_open(w, "mei", "{'fields': {'sumary': 'x'}}"));
    assert_string_equal(sgn_json_str(w->err.data, "nearest"), "summary");
    assert_refused(w, SGN_INVALID, world_open(w, "mei", "{'fields': {'margin': 'x'}}"));
    assert_string_equal(w->err.message, "there is no field \"margin\"");
    assert_refused(w, SGN_PARAMS, world_open(w, "mei", "{'fields': 3}"));
    world_free(w);
}

static void
test_decide_required_waits_for_leaving_an_editable_start(void **state)
{
    struct world *w = world_new(request);

    (void)state;
    assert_ok(w, world_open(w, "mei", "{}"));
    assert_refused(w, SGN_NEEDS_FIELDS, world_fire(w, "mei", "submit"));
    assert_json(json_object_get(w->err.data, "fields"), "['summary']");
    assert_ok(w, world_do(w, CORE_EDIT, "mei", "{'fields': {'summary': 'Export'}}"));
    assert_ok(w, world_do(w, CORE_EDIT, "mei", "{'fields': {'summary': null}}"));
    assert_ok(w, world_fire(w, "mei", "withdraw")); /* into a final nothing is required */
    assert_states(w, "['withdrawn']");
    world_free(w);
}

static void
test_decide_fire_forbidden_names_roles_and_holders(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_fire(w, "mei", "submit"));
    assert_refused(w, SGN_FORBIDDEN, world_fire(w, "wang", "price"));
    assert_json(json_object_get(w->err.data, "roles"), "['pm']");
    assert_json(json_object_get(w->err.data, "holders"), "{'pm': ['li']}");
    assert_refused(w, SGN_FORBIDDEN, world_fire(w, "li", "tick")); /* without by: system only */
    assert_ok(w, world_fire(w, "system", "tick"));
    world_free(w);
}

static void
test_decide_fire_not_now_says_what_is_possible(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_refused(w, SGN_NOT_NOW, world_fire(w, "mei", "go"));
    assert_json(json_object_get(w->err.data, "events"), "['submit', 'withdraw']");
    assert_refused(w, SGN_NOT_NOW, world_fire(w, "mei", "sumbit"));
    assert_string_equal(sgn_json_str(w->err.data, "nearest"), "submit");
    assert_refused(w, SGN_INVALID, world_fire(w, "mei", "done.state.draft"));
    world_free(w);
}

static void
test_decide_fire_takes_data_and_needs_it(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_fire(w, "mei", "submit"));
    assert_refused(w, SGN_NEEDS_FIELDS, world_fire(w, "li", "price"));
    assert_json(json_object_get(w->err.data, "fields"), "['cost']");
    assert_refused(
        w, SGN_INVALID,
        world_do(w, CORE_FIRE, "li", "{'event': 'price', 'data': {'class': 'standard'}}"));
    assert_string_equal(sgn_json_str(w->err.data, "pointer"), "/data/class");
    assert_refused(w, SGN_INVALID,
                   world_do(w, CORE_FIRE, "li", "{'event': 'price', 'data': {'cost': 'much'}}"));
    assert_string_equal(sgn_json_str(w->err.data, "pointer"), "/data/cost");
    assert_ok(w, world_do(w, CORE_FIRE, "li",
                          "{'event': 'price', 'data': {'cost': '50', 'margin': 'SECRET'}}"));
    assert_json(json_object_get(json_object_get(w->row, "fields"), "cost"), "'50.00'");
    assert_json(json_object_get(w->shared, "event"), "{'name': 'price', 'data': {'cost': '50'}}");
    assert_json(json_object_get(w->internal, "fields"), "{'margin': 'SECRET'}");
    world_free(w);
}

static void
test_decide_fire_by_and_when_are_one_condition(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_fire(w, "mei", "submit"));
    assert_ok(w, world_do(w, CORE_FIRE, "li", "{'event': 'price', 'data': {'cost': '50.00'}}"));
    /* The first is not for engineers, the second is: roles lead to different targets. */
    assert_refused(w, SGN_FORBIDDEN, world_fire(w, "li", "go"));
    assert_ok(w, world_fire(w, "wang", "go"));
    assert_states(w, "['withdrawn']");
    assert_string_equal(sgn_json_str(w->row, "outcome"), "withdrawn");
    world_free(w);
}

static void
test_decide_note_is_asked_for_and_kept_as_comment(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_fire(w, "mei", "submit"));
    assert_refused(w, SGN_NEEDS_FIELDS, world_fire(w, "li", "return"));
    assert_true(sgn_json_true(w->err.data, "note"));
    assert_ok(w, world_do(w, CORE_FIRE, "li", "{'event': 'return', 'comment': 'SECRET why'}"));
    assert_json(json_object_get(w->internal, "comment"), "'SECRET why'");
    assert_ok(w, world_fire(w, "mei", "submit"));
    assert_ok(w, world_do(w, CORE_FIRE, "li",
                          "{'event': 'return', 'comment': 'please', 'shared': true}"));
    assert_json(json_object_get(w->shared, "comment"), "'please'");
    world_free(w);
}

static void
test_decide_expect_is_the_revision(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_refused(w, SGN_CONFLICT,
                   world_do(w, CORE_FIRE, "mei", "{'event': 'submit', 'expect': 0}"));
    assert_int_equal(sgn_json_int(w->err.data, "rev", 0), 1);
    assert_ok(w, world_do(w, CORE_FIRE, "mei", "{'event': 'submit', 'expect': 1}"));
    assert_int_equal(sgn_json_int(w->row, "rev", 0), 2);
    world_free(w);
}

static void
test_decide_comment_raises_no_revision_and_works_after_the_end(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_do(w, CORE_COMMENT, "li", "{'text': 'SECRET among us'}"));
    assert_null(w->shared); /* no trace of it for the client */
    assert_int_equal(sgn_json_int(w->row, "rev", 0), 1);
    assert_int_equal(sgn_json_int(w->row, "case_seq", 0), 2);
    assert_ok(w, world_do(w, CORE_COMMENT, "mei", "{'text': 'hello'}"));
    assert_json(json_object_get(w->shared, "comment"), "'hello'"); /* the client's always are */
    assert_refused(w, SGN_PARAMS, world_do(w, CORE_COMMENT, "mei", "{'text': ''}"));
    assert_ok(w, world_fire(w, "mei", "withdraw"));
    assert_ok(w, world_do(w, CORE_COMMENT, "li", "{'text': 'late', 'shared': true}"));
    assert_json(json_object_get(w->shared, "states"), "['withdrawn']");
    assert_json(json_object_get(w->shared, "outcome"), "'withdrawn'");
    assert_refused(w, SGN_NOT_NOW, world_fire(w, "mei", "submit"));
    assert_refused(w, SGN_NOT_NOW, world_do(w, CORE_EDIT, "mei", "{'fields': {'summary': 'y'}}"));
    world_free(w);
}

static void
test_decide_edit_only_where_the_state_says_so(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_do(w, CORE_EDIT, "mei", "{'fields': {'class': 'emergency'}}"));
    assert_int_equal(sgn_json_int(w->row, "rev", 0), 2);
    assert_refused(w, SGN_FORBIDDEN,
                   world_do(w, CORE_EDIT, "li", "{'fields': {'class': 'standard'}}"));
    assert_refused(w, SGN_NOT_NOW, world_do(w, CORE_EDIT, "li", "{'fields': {'margin': 'x'}}"));
    assert_refused(w, SGN_INVALID, world_do(w, CORE_EDIT, "mei", "{'fields': {'class': 'odd'}}"));
    assert_string_equal(sgn_json_str(w->err.data, "pointer"), "/fields/class");
    assert_ok(w, world_fire(w, "mei", "submit"));
    assert_refused(w, SGN_NOT_NOW,
                   world_do(w, CORE_EDIT, "mei", "{'fields': {'class': 'standard'}}"));
    world_free(w);
}

static void
test_decide_required_cannot_be_emptied_later(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_fire(w, "mei", "submit"));
    assert_ok(w, world_do(w, CORE_FIRE, "li", "{'event': 'return', 'comment': 'x'}"));
    assert_refused(w, SGN_INVALID, world_do(w, CORE_EDIT, "mei", "{'fields': {'summary': null}}"));
    world_free(w);
}

static void
test_decide_end_closes_the_case(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_fire(w, "mei", "submit"));
    w->now += HOUR;
    assert_ok(w, world_do(w, CORE_FIRE, "li", "{'event': 'price', 'data': {'cost': '500.00'}}"));
    assert_ok(w, world_fire(w, "mei", "go"));
    assert_string_equal(sgn_json_str(w->row, "outcome"), "implemented");
    assert_true(sgn_json_int(w->row, "closed_at", 0) == START + HOUR);
    assert_json(json_object_get(w->row, "waiting"), "[]");
    assert_json(json_object_get(w->row, "owners"), "{}");
    world_free(w);
}

static void
test_decide_link_to_a_case_that_exists(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_refused(w, SGN_FORBIDDEN, world_do(w, CORE_LINK, "mei", "{'other': 'IS-9'}"));
    world_fact(w, "case:IS-8", "false");
    assert_refused(w, SGN_NOT_FOUND, world_do(w, CORE_LINK, "li", "{'other': 'IS-8'}"));
    assert_ok(w, world_do(w, CORE_LINK, "li", "{'other': 'IS-9', 'kind': 'caused'}"));
    assert_json(json_object_get(w->row, "links"), "[{'case': 'IS-9', 'kind': 'caused'}]");
    assert_ok(w,
              world_do(w, CORE_LINK, "li", "{'other': 'IS-9', 'kind': 'caused', 'remove': true}"));
    assert_json(json_object_get(w->row, "links"), "[]");
    world_free(w);
}

static void
test_decide_system_event_that_nothing_takes_is_recorded(void **state)
{
    struct world *w = opened();

    (void)state;
    assert_ok(w, world_fire(w, "system", "tick"));
    assert_json(json_object_get(w->shared, "event"), "{'name': 'tick', 'taken': false}");
    assert_states(w, "['draft']");
    world_free(w);
}

/* A case holds 256 KiB and not more. */
static void
test_decide_document_has_a_ceiling(void **state)
{
    struct world *w = world_new("{'name': 'x', 'key': 'XX', 'version': 1, 'fields': ["
                                " {'name': 'a', 'type': 'text', 'shared': true},"
                                " {'name': 'b', 'type': 'text', 'shared': true}],"
                                " 'states': [{'name': 's', 'kind': 'state'}]}");
    json_t *params = json("{'fields': {}}");
    char *text = calloc(1, CORE_DOCUMENT_MAX);
    struct core_command command = { .kind = CORE_OPEN,
                                    .params = params,
                                    .actor = "li",
                                    .channel = "line",
                                    .at = START,
                                    .case_key = "XX-1",
                                    .project = "acme" };

    (void)state;
    memset(text, 'x', CORE_DOCUMENT_MAX - 1);
    json_object_set_new(json_object_get(params, "fields"), "a", json_string(text));
    assert_refused(w, SGN_TOO_LARGE, world_command(w, &command));
    text[CORE_DOCUMENT_MAX - 2000] = '\0';
    json_object_set_new(json_object_get(params, "fields"), "a", json_string(text));
    assert_ok(w, world_command(w, &command));
    free(text);
    json_decref(params);
    world_free(w);
}

static void
test_decide_result_is_made_of_the_entry(void **state)
{
    struct world *w = opened();
    json_t *result;

    (void)state;
    assert_ok(w, world_do(w, CORE_COMMENT, "li", "{'text': 'x'}"));
    result = core_result(w->header, w->shared, w->internal);
    assert_json(result, "{'case': 'CR-1', 'rev': 1, 'states': ['draft'], 'outcome': null,"
                        " 'entry': 2}");
    json_decref(result);
    world_free(w);
}

static const char *const ordered =
    "{'name': 'ordered', 'key': 'OR', 'version': 1, 'roles': ['pm', 'engineer'],"
    " 'fields': [{'name': 'cost', 'type': 'number', 'shared': true},"
    "            {'name': 'seen', 'type': 'number', 'shared': true, 'default': 0}],"
    " 'states': [{'name': 'a', 'kind': 'state', 'edit': [{'who': 'pm', 'fields': ['cost']}],"
    "   'leave': [{'set': {'seen': {'plus': 1}}}],"
    "   'deadlines': [{'name': 'slow', 'duration': '1 hour', 'rungs': ["
    "      {'late': '0', 'actions': [{'priority': 'urgent'}]}]}],"
    "   'transitions': ["
    "    {'on': ['price'], 'by': 'pm', 'takes': ['cost'], 'needs': ['cost'], 'to': ['b'],"
    "     'run': [{'set': {'seen': {'from_event': 'cost'}}}, {'set': {'cost': {'plus': 1}}}]},"
    "    {'kind': 'always', 'when': {'field': 'cost', 'above': 100}, 'to': ['c']},"
    "    {'kind': 'always', 'when': {'field': 'priority', 'is': 'urgent'}, 'to': ['d']}]},"
    "  {'name': 'b', 'kind': 'state'}, {'name': 'c', 'kind': 'state'},"
    "  {'name': 'd', 'kind': 'state'}]}";

/* needs looks at what the event brings; run finds it in the field already. */
static void
test_decide_takes_are_set_before_run_and_count_for_needs(void **state)
{
    struct world *w = world_new(ordered);

    (void)state;
    assert_ok(w, world_open(w, "li", "{'fields': {}}"));
    assert_refused(w, SGN_NEEDS_FIELDS, world_fire(w, "li", "price"));
    assert_json(json_object_get(w->err.data, "fields"), "['cost']");
    assert_refused(w, SGN_NEEDS_FIELDS,
                   world_do(w, CORE_FIRE, "li", "{'event': 'price', 'data': {'cost': null}}"));
    assert_ok(w, world_do(w, CORE_FIRE, "li", "{'event': 'price', 'data': {'cost': 7}}"));
    assert_json(json_object_get(w->row, "fields"), "{'cost': 8, 'seen': 7}");
    assert_states(w, "['b']");
    world_free(w);
}

/* An edit and a rung change the case as much as an event does. */
static void
test_decide_always_is_looked_at_after_an_edit_and_a_rung(void **state)
{
    struct world *w = world_new(ordered);

    (void)state;
    assert_ok(w, world_open(w, "li", "{'fields': {}}"));
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'cost': 100}}"));
    assert_states(w, "['a']");
    assert_ok(w, world_do(w, CORE_EDIT, "li", "{'fields': {'cost': 101}}"));
    assert_states(w, "['c']");
    world_free(w);

    w = world_new(ordered);
    assert_ok(w, world_open(w, "li", "{'fields': {}}"));
    assert_int_equal(world_advance(w, START + HOUR), 1);
    assert_states(w, "['d']");
    world_free(w);
}

/* The rules say to whom a comment speaks; whoever gives it has the last word. */
static void
test_decide_comment_is_shared_where_the_rules_say_so(void **state)
{
    static const struct {
        const char *client, *params;
        bool shared;
    } rows[] = {
        { "project", "{'event': 'ask', 'comment': 'Which?'}", true },
        { "project", "{'event': 'ask', 'comment': 'SECRET', 'shared': false}", false },
        { "project", "{'event': 'think', 'comment': 'SECRET'}", false },
        { "project", "{'event': 'think', 'comment': 'Well', 'shared': true}", true },
        { "project", "{'event': 'both', 'comment': 'SECRET'}", false },
        { "none", "{'event': 'ask', 'comment': 'SECRET'}", false },
    };
    static const char model[] =
        "{'name': 'x', 'key': 'CR', 'version': 1, 'client': '%s', 'roles': ['pm', 'client'],"
        " 'states': [{'name': 'p', 'kind': 'parallel', 'states': ["
        "   {'name': 'a', 'kind': 'state', 'transitions': ["
        "     {'on': ['ask'], 'by': 'pm', 'note': {'required': true, 'shared': true}},"
        "     {'on': ['think'], 'by': 'pm', 'note': true},"
        "     {'on': ['both'], 'by': 'pm', 'note': {'shared': true}}]},"
        "   {'name': 'b', 'kind': 'state', 'transitions': [{'on': ['both'], 'by': 'pm'}]}]},"
        "  {'name': 'f', 'kind': 'final'}]}";

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[1024];
        struct world *w;
        snprintf(text, sizeof(text), model, rows[i].client);
        w = world_new(text);
        assert_ok(w, world_open(w, "li", "{}"));
        assert_refused(w, SGN_NEEDS_FIELDS, world_fire(w, "li", "ask"));
        assert_ok(w, world_do(w, CORE_FIRE, "li", rows[i].params));
        assert_int_equal(json_object_get(w->shared, "comment") != NULL, rows[i].shared);
        assert_int_equal(json_object_get(w->internal, "comment") != NULL, !rows[i].shared);
        world_free(w);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decide_open_makes_a_whole_row),
        cmocka_unit_test(test_decide_open_for_another_case_names_its_opener),
        cmocka_unit_test(test_decide_open_asks_by_and_membership),
        cmocka_unit_test(test_decide_open_gives_only_what_the_start_state_edits),
        cmocka_unit_test(test_decide_required_waits_for_leaving_an_editable_start),
        cmocka_unit_test(test_decide_fire_forbidden_names_roles_and_holders),
        cmocka_unit_test(test_decide_fire_not_now_says_what_is_possible),
        cmocka_unit_test(test_decide_fire_takes_data_and_needs_it),
        cmocka_unit_test(test_decide_takes_are_set_before_run_and_count_for_needs),
        cmocka_unit_test(test_decide_always_is_looked_at_after_an_edit_and_a_rung),
        cmocka_unit_test(test_decide_fire_by_and_when_are_one_condition),
        cmocka_unit_test(test_decide_note_is_asked_for_and_kept_as_comment),
        cmocka_unit_test(test_decide_expect_is_the_revision),
        cmocka_unit_test(test_decide_comment_raises_no_revision_and_works_after_the_end),
        cmocka_unit_test(test_decide_edit_only_where_the_state_says_so),
        cmocka_unit_test(test_decide_required_cannot_be_emptied_later),
        cmocka_unit_test(test_decide_end_closes_the_case),
        cmocka_unit_test(test_decide_link_to_a_case_that_exists),
        cmocka_unit_test(test_decide_system_event_that_nothing_takes_is_recorded),
        cmocka_unit_test(test_decide_document_has_a_ceiling),
        cmocka_unit_test(test_decide_result_is_made_of_the_entry),
        cmocka_unit_test(test_decide_comment_is_shared_where_the_rules_say_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
