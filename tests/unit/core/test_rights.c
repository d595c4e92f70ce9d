/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rights: classes of callers, sight of a case, and that nothing internal is ever seen.
 */
#include "support/world.h"

static struct core_caller
caller_of(const char *person, const json_t *row, bool is_operator)
{
    return (struct core_caller){
        .team = "t", .person = person, .row = row, .is_operator = is_operator
    };
}

/* Each row: a class, and who of (nobody, client, member, lead, inactive, operator) may. */
static void
test_rights_access_classes(void **state)
{
    static const struct {
        unsigned access;
        const char *may;
    } rows[] = {
        { 0, "......" },
        { CORE_ANYONE, "yyyyyy" },
        { CORE_PERSON, ".yyy.." },
        { CORE_MEMBER, "..yy.." },
        { CORE_LEAD, "...y.." },
        { CORE_OPERATOR, ".....y" },
        { CORE_LEAD | CORE_OPERATOR, "...y.y" },
    };
    json_t *client = json("{'person': 'mei', 'client': 'acme', 'lead': true, 'active': true}");
    json_t *member = json("{'person': 'wang', 'client': null, 'lead': 0, 'active': 1}");
    json_t *lead = json("{'person': 'li', 'client': null, 'lead': 1, 'active': 1}");
    json_t *gone = json("{'person': 'li', 'client': null, 'lead': 1, 'active': 0}");
    struct core_caller callers[] = {
        caller_of(NULL, NULL, false),     caller_of("mei", client, false),
        caller_of("wang", member, false), caller_of("li", lead, false),
        caller_of("li", gone, false),     caller_of(NULL, NULL, true),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (size_t k = 0; k < 6; k++) {
            struct sgn_error err = { 0 };
            enum sgn_status status = core_access_check(rows[i].access, &callers[k], "x.y", &err);
            assert_int_equal(status == SGN_OK, rows[i].may[k] == 'y');
            if (status != SGN_OK && rows[i].access != 0 && (k == 0 || k == 4))
                assert_int_equal(status, SGN_UNAUTHENTICATED);
            else if (status != SGN_OK)
                assert_int_equal(status, SGN_FORBIDDEN);
            sgn_error_clear(&err);
        }
    json_decref(client);
    json_decref(member);
    json_decref(lead);
    json_decref(gone);
}

/* A word holds those before it; a name holds that method alone; what says no need has every one. */
static void
test_rights_scope_of_a_token(void **state)
{
    static const struct {
        const char *scope;
        const char *may; /* read, decide, write, admin, unsaid of the method "a.b" */
    } rows[] = {
        { "null", "yyyyy" },
        { "['read']", "y...." },
        { "['decide']", "yy..." },
        { "['write']", "yyy.." },
        { "['admin']", "yyyyy" },
        { "['read', 'write']", "yyy.." },
        { "['a.b']", "yyyyy" },
        { "['a.bc', 'a.', 'READ', '']", "....." },
        { "[]", "....." },
        { "[1, true, null]", "....." },
        { "{'read': true}", "....." },
        { "'admin'", "....." },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        json_t *token = json_pack("{s:o}", "scope", json(rows[i].scope));
        for (int k = 0; k < 5; k++) {
            struct sgn_error err = { 0 };
            enum core_scope needs = k < 4 ? (enum core_scope)(k + 1) : 0;
            enum sgn_status status = core_scope_check(token, needs, "a.b", &err);
            if ((status == SGN_OK) != (rows[i].may[k] == 'y'))
                fail_msg("%s, %d", rows[i].scope, k);
            assert_true(status == SGN_OK || status == SGN_FORBIDDEN);
            sgn_error_clear(&err);
        }
        json_decref(token);
    }
    assert_int_equal(core_scope_check(NULL, CORE_READS, "a.b", NULL), SGN_OK);
}

/* Each row: who (operator, member, lead, ann of acme, eve of globex), and what each may. */
static void
test_rights_of_delegations_and_files(void **state)
{
    static const char *const persons[] = {
        "null",
        "{'person': 'wang', 'client': null, 'lead': 0}",
        "{'person': 'li', 'client': null, 'lead': 1}",
        "{'person': 'ann', 'client': 'acme', 'lead': 1}",
        "{'person': 'eve', 'client': 'globex', 'lead': null}",
    };
    json_t *delegation = json("{'person': 'ann', 'stand_in': 'amy'}");
    json_t *shared = json("{'person': 'wang', 'shared': 1}");
    json_t *kept = json("{'person': 'eve', 'shared': 0}");

    (void)state;
    for (int i = 0; i < 5; i++) {
        json_t *row = json(persons[i]);
        const json_t *who = json_is_null(row) ? NULL : row;
        assert_int_equal(core_knows_delegation(who, delegation), "yyyy."[i] == 'y');
        assert_int_equal(core_ends_delegation(who, delegation), "..yy."[i] == 'y');
        assert_int_equal(core_delegates_for(who, "ann"), "..yy."[i] == 'y');
        assert_int_equal(core_delegates_for(who, "wang"), ".yy.."[i] == 'y');
        assert_int_equal(core_sees_file(who, shared, CORE_SEES_NOTHING), ".y..."[i] == 'y');
        assert_int_equal(core_sees_file(who, kept, CORE_SEES_NOTHING), "....y"[i] == 'y');
        assert_true(core_sees_file(who, shared, CORE_SEES_SHARED));
        assert_int_equal(core_sees_file(who, kept, CORE_SEES_SHARED), "....y"[i] == 'y');
        assert_true(core_sees_file(who, kept, CORE_SEES_ALL));
        assert_int_equal(core_knows_person(who, delegation), "yyy.."[i] == 'y');
        json_decref(row);
    }
    json_decref(delegation);
    json_decref(shared);
    json_decref(kept);
}

/* Opened by the client or the team, with fields whose names and values begin with SECRET. */
static const char *const secretive =
    "{'name': 'x', 'key': 'XX', 'version': 1, 'client': '%s', 'roles': ['pm', 'client'],"
    " 'fields': [{'name': 'summary', 'type': 'text', 'shared': true},"
    "            {'name': 'a_secret', 'type': 'text', 'shared': false},"
    "            {'name': 'b_secret', 'type': 'list', 'shared': false,"
    "             'of': {'name': 'of', 'type': 'text', 'shared': false}},"
    "            {'name': 'c_secret', 'type': 'choice', 'shared': false,"
    "             'choices': ['SECRET', 'SECRET2'], 'default': 'SECRET'},"
    "            {'name': 'd_secret', 'type': 'time', 'shared': false}],"
    " 'states': [{'name': 's', 'kind': 'state', 'owner': 'pm',"
    "   'client_title': 'Being looked at', 'title': 'SECRET title',"
    "   'edit': [{'who': ['pm', 'client'], 'fields': 'all'}],"
    "   'deadlines': [{'name': 'd', 'duration': '1 day',"
    "      'rungs': [{'late': '0', 'actions': [{'remind': 'pm'}]}]},"
    "     {'name': 'd2', 'duration': '1 day', 'from': 'd_secret', 'rungs': []},"
    "     {'name': 'd3', 'duration': {'per': 'c_secret', 'values': {'SECRET': '2 days'}},"
    "      'rungs': [{'late': '0', 'actions': [{'notify': {'channel': 'SECRET'}}]}]}],"
    "   'approval': {'covers': ['summary', 'a_secret'], 'outcomes': ['approved', 'rejected'],"
    "     'rule': {'kind': 'all_of', 'rules': ["
    "        {'kind': 'at_least', 'n': 1, 'who': 'pm', 'nobody': 'reject'},"
    "        {'kind': 'at_least', 'n': 2, 'who': 'client', 'nobody': 'reject',"
    "         'covers': ['summary']}]}},"
    "   'transitions': ["
    "     {'on': ['tell'], 'by': ['pm', 'client'], 'takes': ['summary', 'a_secret'],"
    "      'needs': ['b_secret']},"
    "     {'on': ['ask'], 'by': ['pm', 'client'], 'when': {'field': 'c_secret', 'is': 'SECRET2'}},"
    "     {'kind': 'approval', 'outcome': 'approved', 'to': ['yes']},"
    "     {'kind': 'approval', 'outcome': 'rejected', 'to': ['no']}]},"
    "  {'name': 'yes', 'kind': 'final'}, {'name': 'no', 'kind': 'final'}]}";

static struct world *
secret_world(const char *client)
{
    char model[4096];

    snprintf(model, sizeof(model), secretive, client);
    return world_new(model);
}

static enum core_sight
sight_of(struct world *w, const char *person, const json_t *row)
{
    char key[64], lent[64];

    snprintf(key, sizeof(key), "person:%s", person);
    snprintf(lent, sizeof(lent), "delegation:%s", person);
    return core_sight(w->model, json_object_get(w->facts, key),
                      json_object_get(w->facts, "project:acme"), row,
                      json_object_get(w->facts, lent), w->now);
}

static void
test_rights_sight_by_the_workflow(void **state)
{
    struct world *none = secret_world("none"), *own = secret_world("own"),
                 *project = secret_world("project");
    json_t *mine = json("{'opener': 'mei', 'rounds': {}, 'owners': {}, 'waiting': []}");
    json_t *asked = json("{'opener': 'li', 'rounds': {'s': {'eligible': ['mei']}}, 'owners': {},"
                         " 'waiting': []}");
    json_t *other = json("{'opener': 'li', 'rounds': {}, 'owners': {}, 'waiting': []}");

    (void)state;
    assert_int_equal(sight_of(none, "mei", mine), CORE_SEES_NOTHING);
    assert_int_equal(sight_of(none, "li", mine), CORE_SEES_ALL);
    assert_int_equal(sight_of(none, "out", mine), CORE_SEES_ALL); /* the team sees all */
    assert_int_equal(sight_of(own, "mei", mine), CORE_SEES_SHARED);
    assert_int_equal(sight_of(own, "jun", mine), CORE_SEES_NOTHING);
    assert_int_equal(sight_of(own, "mei", asked), CORE_SEES_SHARED);
    assert_int_equal(sight_of(own, "mei", other), CORE_SEES_NOTHING);
    assert_int_equal(sight_of(own, "mei", NULL), CORE_SEES_SHARED);
    assert_int_equal(sight_of(project, "jun", other), CORE_SEES_SHARED);
    world_fact(project, "person:eve", "{'person': 'eve', 'client': 'umbrella', 'active': true}");
    assert_int_equal(sight_of(project, "eve", other), CORE_SEES_NOTHING);
    json_decref(mine);
    json_decref(asked);
    json_decref(other);
    world_free(none);
    world_free(own);
    world_free(project);
}

/* Lends from an hour ago for two hours, from mei to jun. */
static void
lend(struct world *w, const char *scope, const char *ended)
{
    char value[512];

    snprintf(value, sizeof(value),
             "[{'person': 'mei', 'scope': %s, 'starts': %lld, 'ends': %lld, 'ended': %s}]", scope,
             (long long)(START - HOUR), (long long)(START + HOUR), ended);
    world_fact(w, "delegation:jun", value);
}

static void
assert_jun_sees(struct world *w, const char *row, bool sees)
{
    json_t *value = json(row);

    if (sight_of(w, "jun", value) != (sees ? CORE_SEES_SHARED : CORE_SEES_NOTHING))
        fail_msg("jun %s %s", sees ? "does not see" : "sees", row);
    json_decref(value);
}

/* What waits for the giver is lent; what they opened, or once were asked, is theirs. */
static void
test_rights_sight_of_a_stand_in_is_what_waits_for_the_giver(void **state)
{
    struct world *w = secret_world("own");

    (void)state;
    lend(w, "null", "null");
    assert_jun_sees(w, "{'rounds': {'s': {'eligible': ['mei']}}}", true);
    assert_jun_sees(w, "{'rounds': {'s': {'eligible': ['mei'], 'ended': {}}}}", false);
    assert_jun_sees(w, "{'rounds': {'s': {'eligible': ['li']}}}", false);
    assert_jun_sees(w, "{'waiting': [{'kind': 'task', 'person': 'mei'}]}", true);
    assert_jun_sees(w, "{'waiting': [{'kind': 'task', 'role': 'pm'}]}", false);
    assert_jun_sees(w, "{'owners': {'s': 'mei'}}", true);
    assert_jun_sees(w, "{'owners': {'s': 'li'}}", false);
    assert_jun_sees(w, "{'opener': 'mei'}", false);
    assert_jun_sees(w, "{'opener': 'mei', 'hand': 'jun'}", true);
    assert_jun_sees(w, "{'opener': 'mei', 'hand': 'eve'}", false);
    assert_jun_sees(w, "{'opener': 'li', 'hand': 'jun'}", false);
    world_free(w);
}

static void
test_rights_sight_of_a_stand_in_ends_with_period_scope_and_membership(void **state)
{
    static const char *const row = "{'owners': {'s': 'mei'}}";
    struct world *w = secret_world("own"), *none = secret_world("none");

    (void)state;
    assert_jun_sees(w, row, false); /* lent nothing */
    lend(none, "null", "null");
    assert_jun_sees(none, row, false);
    lend(w, "{'workflows': ['y']}", "null");
    assert_jun_sees(w, row, false);
    lend(w, "{'workflows': ['x'], 'projects': ['globex']}", "null");
    assert_jun_sees(w, row, false);
    lend(w, "{'workflows': ['x'], 'projects': ['acme']}", "null");
    assert_jun_sees(w, row, true);
    w->now = START - HOUR - 1;
    assert_jun_sees(w, row, false);
    w->now = START - HOUR;
    assert_jun_sees(w, row, true);
    w->now = START + HOUR - 1;
    assert_jun_sees(w, row, true);
    w->now = START + HOUR; /* the end is not part of it */
    assert_jun_sees(w, row, false);
    w->now = START;
    lend(w, "null", "1767574799999"); /* ended by hand just before */
    assert_jun_sees(w, row, false);
    lend(w, "null", "null");
    /* No member by itself, it sees through the giver, who must be one of its own client. */
    json_object_del(json_object_get(json_object_get(w->facts, "project:acme"), "members"), "jun");
    assert_jun_sees(w, row, true);
    assert_int_equal(sight_of(w, "jun", NULL), CORE_SEES_SHARED);
    json_object_del(json_object_get(json_object_get(w->facts, "project:acme"), "members"), "mei");
    assert_jun_sees(w, row, false);
    assert_int_equal(sight_of(w, "jun", NULL), CORE_SEES_NOTHING);
    world_free(w);
    world_free(none);
}

static void
test_rights_what_is_not_yours_is_not_found(void **state)
{
    struct world *w = secret_world("own");

    (void)state;
    assert_ok(w, world_open(w, "mei", "{}"));
    world_fact(w, "person:eve", "{'person': 'eve', 'client': 'umbrella', 'active': true}");
    assert_refused(w, SGN_NOT_FOUND, world_do(w, CORE_COMMENT, "eve", "{'text': 'x'}"));
    assert_refused(w, SGN_NOT_FOUND, world_open(w, "eve", "{}"));
    world_free(w);
}

/* Everything a client's person can be shown of a case. */
static void
see_as_client(struct world *w, const char *who)
{
    struct core_known known = { .facts = w->facts };
    struct core_command command = {
        .kind = CORE_COMMENT, .actor = who, .channel = "line", .at = w->now, .case_key = "CR-1"
    };
    struct core_question question = { w->model, w->row, &command, &known, NULL };
    struct core_decision needs;
    struct sgn_error err = { 0 };
    json_t *view = NULL;
    char *text;
    const json_t *entry;
    size_t i;

    assert_int_equal(core_view(&question, CORE_SEES_SHARED, "en", &view, &needs, &err), SGN_OK);
    no_secret(view);
    text = sgn_json_text(view);
    assert_null(strstr(text, "_secret")); /* the names are internal too */
    free(text);
    json_decref(view);
    core_decision_deinit(&needs);

    assert_int_equal(core_allowed(&question, "zh", &view, &needs, &err), SGN_OK);
    text = sgn_json_text(view);
    assert_null(strstr(text, "_secret"));
    no_secret(view);
    free(text);
    json_decref(view);
    core_decision_deinit(&needs);

    assert_int_equal(core_explain(&question, "zh", &view, &needs, &err), SGN_OK);
    assert_int_equal(json_array_size(json_object_get(view, "approvals")),
                     case_is_open(w->row) ? 1 : 0);
    text = sgn_json_text(view);
    assert_null(strstr(text, "_secret"));
    no_secret(view);
    free(text);
    json_decref(view);
    core_decision_deinit(&needs);

    json_array_foreach(w->history, i, entry) {
        json_t *shown = core_entry_view(json_array_get(entry, 0), json_array_get(entry, 1),
                                        json_array_get(entry, 2), CORE_SEES_SHARED, 28800);
        no_secret(shown);
        text = sgn_json_text(shown);
        assert_null(strstr(text, "_secret"));
        free(text);
        json_decref(shown);
    }
}

static void
test_rights_nothing_internal_is_ever_shown(void **state)
{
    struct world *w = secret_world("project");
    struct core_known known = { .facts = w->facts };
    struct core_command command = {
        .actor = "li", .channel = "line", .at = START, .case_key = "CR-1"
    };
    struct core_question question = { w->model, NULL, &command, &known, NULL };
    struct core_decision needs;
    json_t *view = NULL;
    char vote[256];

    (void)state;
    assert_ok(w, world_open(w, "li", "{'fields': {'summary': 'x', 'a_secret': 'SECRET'}}"));
    see_as_client(w, "mei");
    assert_ok(w,
              world_do(w, CORE_EDIT, "li", "{'fields': {'b_secret': ['SECRET'], 'summary': 'y'}}"));
    assert_ok(w, world_do(w, CORE_FIRE, "li",
                          "{'event': 'tell', 'data': {'a_secret': 'SECRET3', 'summary': 'z'}}"));
    assert_ok(w, world_do(w, CORE_COMMENT, "li", "{'text': 'SECRET'}"));
    see_as_client(w, "mei");

    /* Names of internal fields are unknown to the client, whatever it tries. */
    assert_refused(w, SGN_INVALID, world_do(w, CORE_EDIT, "mei", "{'fields': {'a_secret': 'x'}}"));
    assert_string_equal(w->err.message, "there is no field \"a_secret\"");
    assert_refused(w, SGN_INVALID,
                   world_do(w, CORE_FIRE, "mei", "{'event': 'tell', 'data': {'a_secret': 'x'}}"));
    assert_string_equal(w->err.message, "there is no field \"a_secret\"");

    /* The pm's ballot with its comment stays inside. */
    question.row = w->row;
    assert_ok(w, core_view(&question, CORE_SEES_ALL, "en", &view, &needs, &w->err));
    snprintf(vote, sizeof(vote), "{'choice': 'approve', 'comment': 'SECRET', 'digest': '%s'}",
             sgn_json_str(json_array_get(json_object_get(view, "approvals"), 0), "digest"));
    json_decref(view);
    core_decision_deinit(&needs);
    assert_ok(w, world_do(w, CORE_VOTE, "li", vote));
    see_as_client(w, "jun");
    world_free(w);
}

static void
test_rights_needs_of_internal_fields_keep_their_names(void **state)
{
    struct world *w = secret_world("project");

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    assert_refused(w, SGN_NEEDS_FIELDS, world_fire(w, "mei", "tell"));
    assert_json(json_object_get(w->err.data, "fields"), "[]");
    assert_null(strstr(w->err.message, "_secret"));
    assert_refused(w, SGN_NEEDS_FIELDS, world_fire(w, "li", "tell"));
    assert_json(json_object_get(w->err.data, "fields"), "['b_secret']");
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rights_access_classes),
        cmocka_unit_test(test_rights_scope_of_a_token),
        cmocka_unit_test(test_rights_of_delegations_and_files),
        cmocka_unit_test(test_rights_sight_by_the_workflow),
        cmocka_unit_test(test_rights_sight_of_a_stand_in_is_what_waits_for_the_giver),
        cmocka_unit_test(test_rights_sight_of_a_stand_in_ends_with_period_scope_and_membership),
        cmocka_unit_test(test_rights_what_is_not_yours_is_not_found),
        cmocka_unit_test(test_rights_nothing_internal_is_ever_shown),
        cmocka_unit_test(test_rights_needs_of_internal_fields_keep_their_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
