/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What persons are shown: what they may do and why not, the case, its clocks and rounds.
 */
#include "support/world.h"

static const char *const shown =
    "{'name': 'x', 'key': 'XX', 'version': 1, 'client': 'project', 'title': {'zh': '变更'},"
    " 'roles': ['pm', 'engineer', 'client'],"
    " 'fields': [{'name': 'cost', 'type': 'number', 'shared': true, 'title': {'zh': '费用'}}],"
    " 'states': [{'name': 's', 'kind': 'state', 'owner': 'pm', 'title': {'zh': '审查'},"
    "   'edit': [{'who': 'pm', 'fields': 'all'}],"
    "   'deadlines': [{'name': 'review', 'duration': '10 hours',"
    "      'rungs': [{'at': 50, 'actions': [{'remind': 'owner'}]}]}],"
    "   'transitions': ["
    "    {'on': ['accept'], 'by': 'pm', 'to': ['v'], 'title': {'en': 'Accept', 'zh': '受理'},"
    "     'takes': ['cost'], 'needs': ['cost'], 'note': true},"
    "    {'on': ['early'], 'by': 'pm', 'when': {'event': 'cost', 'above': 5}},"
    "    {'on': ['tick'], 'to': ['f']}]},"
    "  {'name': 'v', 'kind': 'state',"
    "   'approval': {'covers': ['cost'], 'outcomes': ['approved', 'rejected'],"
    "     'rule': {'kind': 'at_least', 'n': 2, 'who': ['pm', 'client'], 'nobody': 'reject'}},"
    "   'transitions': [{'kind': 'approval', 'outcome': 'approved', 'to': ['f']},"
    "     {'kind': 'approval', 'outcome': 'rejected', 'to': ['f']},"
    "     {'on': ['pull'], 'by': 'pm', 'to': ['f']}]},"
    "  {'name': 'f', 'kind': 'final'}]}";

struct show {
    struct world *w;
    struct core_known known;
    struct core_command command;
    struct core_question question;
    struct core_decision needs;
    json_t *out;
};

static void
ask(struct show *show, struct world *w, const char *who)
{
    *show = (struct show){ .w = w, .known = { .facts = w->facts } };
    show->command = (struct core_command){
        .kind = CORE_FIRE, .actor = who, .channel = "line", .at = w->now, .case_key = "CR-1"
    };
    show->question = (struct core_question){ w->model, w->row, &show->command, &show->known, NULL };
}

static void
done(struct show *show)
{
    json_decref(show->out);
    core_decision_deinit(&show->needs);
}

static const json_t *
of_event(const json_t *list, const char *event)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item) {
        const char *name = sgn_json_str(item, "event");
        if (name != NULL && strcmp(name, event) == 0)
            return item;
    }
    return NULL;
}

static void
test_shown_allowed_for_each_person(void **state)
{
    struct world *w = world_new(shown);
    struct show show;

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    ask(&show, w, "li");
    assert_ok(w, core_allowed(&show.question, "zh", &show.out, &show.needs, &w->err));
    assert_json(of_event(show.out, "accept"),
                "{'event': 'accept', 'title': '受理', 'allowed': true, 'needs': ['cost'],"
                " 'takes': ['cost'], 'note': true}");
    /* What it will carry is not known yet: it may be fired. */
    assert_true(sgn_json_true(of_event(show.out, "early"), "allowed"));
    assert_string_equal(sgn_json_str(of_event(show.out, "tick"), "code"), "forbidden");
    assert_string_equal(sgn_json_str(of_event(show.out, "tick"), "reason"), "由系统自动执行");
    assert_string_equal(sgn_json_str(of_event(show.out, "pull"), "code"), "not_now");
    assert_string_equal(sgn_json_str(of_event(show.out, "pull"), "reason"), "在“审查”状态下不可用");
    done(&show);

    ask(&show, w, "wang");
    assert_ok(w, core_allowed(&show.question, "en", &show.out, &show.needs, &w->err));
    assert_string_equal(sgn_json_str(of_event(show.out, "accept"), "code"), "forbidden");
    assert_json(json_object_get(of_event(show.out, "accept"), "roles"), "['pm']");
    assert_json(json_object_get(of_event(show.out, "accept"), "holders"), "{'pm': ['li']}");
    done(&show);

    /* Whatever it says may be done can be done, and nothing else. */
    assert_refused(w, SGN_FORBIDDEN, world_fire(w, "wang", "accept"));
    assert_ok(w, world_do(w, CORE_FIRE, "li",
                          "{'event': 'accept', 'comment': 'x', 'data': {'cost': 3}}"));
    world_free(w);
}

static void
test_shown_allowed_needs_its_facts(void **state)
{
    struct world *w = world_new(shown);
    struct show show;

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    ask(&show, w, "li");
    show.question.known = NULL;
    assert_int_equal(core_allowed(&show.question, "en", &show.out, &show.needs, &w->err),
                     SGN_NEEDS);
    assert_int_equal(show.needs.verdict, CORE_NEEDS);
    assert_json(show.needs.facts, "['team', 'project:acme', 'person:li']");
    done(&show);
    world_free(w);
}

static void
test_shown_view_with_round_and_digest(void **state)
{
    struct world *w = world_new(shown);
    struct show show;
    const json_t *round;
    char vote[256];

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    assert_ok(w, world_do(w, CORE_FIRE, "li",
                          "{'event': 'accept', 'comment': 'x', 'data': {'cost': 3}}"));
    ask(&show, w, "mei");
    assert_ok(w,
              core_view(&show.question, CORE_SEES_SHARED, "zh", &show.out, &show.needs, &w->err));
    assert_string_equal(sgn_json_str(show.out, "title"), "变更");
    assert_string_equal(sgn_json_str(show.out, "opened_at"), "2026-01-05T09:00:00+08:00");
    assert_json(json_object_get(show.out, "field_titles"), "{'cost': '费用'}");
    assert_null(json_object_get(show.out, "waiting"));
    round = json_array_get(json_object_get(show.out, "approvals"), 0);
    assert_json(json_object_get(round, "pending"), "['jun', 'mei']"); /* its own people only */
    snprintf(vote, sizeof(vote), "{'choice': 'approve', 'digest': '%s'}",
             sgn_json_str(round, "digest"));
    done(&show);
    assert_ok(w, world_do(w, CORE_VOTE, "mei", vote)); /* the digest shown is the one to carry */

    ask(&show, w, "wang");
    assert_ok(w, core_view(&show.question, CORE_SEES_ALL, "en", &show.out, &show.needs, &w->err));
    round = json_array_get(json_object_get(show.out, "approvals"), 0);
    assert_json(json_object_get(round, "pending"), "['jun', 'li']");
    assert_true(json_is_false(json_object_get(round, "asked")));
    done(&show);
    world_free(w);
}

/* Approves with the digest that a view of the case shows. */
static void
vote_as(struct world *w, const char *who, const json_t *view)
{
    const json_t *round = json_array_get(json_object_get(view, "approvals"), 0);
    char vote[256];

    snprintf(vote, sizeof(vote), "{'choice': 'approve', 'digest': '%s'}",
             sgn_json_str(round, "digest"));
    assert_ok(w, world_do(w, CORE_VOTE, who, vote));
}

static void
test_shown_explain_accounts_for_the_clock(void **state)
{
    struct world *w = world_new(shown);
    struct show show;
    const json_t *clock;

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    w->now = START + HOUR;
    ask(&show, w, "li");
    assert_ok(w, core_explain(&show.question, "en", &show.out, &show.needs, &w->err));
    clock = json_array_get(json_object_get(show.out, "deadlines"), 0);
    assert_string_equal(sgn_json_str(clock, "clock"), "running");
    assert_string_equal(sgn_json_str(clock, "due"), "2026-01-05T19:00:00+08:00");
    assert_int_equal(sgn_json_int(clock, "left_seconds", 0), 9 * 3600);
    assert_int_equal(sgn_json_int(clock, "paused_seconds", -1), 0);
    assert_string_equal(sgn_json_str(clock, "next_rung"), "50%");
    done(&show);
    world_free(w);
}

/* The client is told its terms and its own side of the round, and nothing of the team's. */
static void
test_shown_explain_for_the_client_is_what_is_shared(void **state)
{
    struct world *w = world_new(shown);
    struct show show;
    const json_t *round;

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    ask(&show, w, "mei");
    assert_ok(w, core_explain(&show.question, "en", &show.out, &show.needs, &w->err));
    assert_json(show.out, "{'deadlines': [{'name': 'review', 'kind': 'within', 'state': 's',"
                          "   'clock': 'running', 'due': '2026-01-05T19:00:00+08:00'}],"
                          " 'approvals': []}");
    done(&show);

    assert_ok(w, world_do(w, CORE_FIRE, "li",
                          "{'event': 'accept', 'comment': 'x', 'data': {'cost': 3}}"));
    ask(&show, w, "li");
    assert_ok(w, core_view(&show.question, CORE_SEES_ALL, "en", &show.out, &show.needs, &w->err));
    vote_as(w, "li", show.out);
    done(&show);
    ask(&show, w, "mei");
    assert_ok(w, core_explain(&show.question, "en", &show.out, &show.needs, &w->err));
    round = json_array_get(json_object_get(show.out, "approvals"), 0);
    assert_json(json_object_get(round, "ballots"), "[]"); /* li's stays with the team */
    assert_json(json_object_get(round, "pending"), "['jun', 'mei']");
    assert_true(sgn_json_true(round, "asked"));
    assert_null(json_object_get(round, "rule"));
    done(&show);
    world_free(w);
}

static void
test_shown_entry_merges_its_parts(void **state)
{
    struct world *w = world_new(shown);
    json_t *view;

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    assert_ok(w, world_do(w, CORE_FIRE, "li",
                          "{'event': 'accept', 'comment': 'among us', 'data': {'cost': 3}}"));
    view = core_entry_view(w->header, w->shared, w->internal, CORE_SEES_ALL, 8 * 3600);
    assert_string_equal(sgn_json_str(view, "event"), "accept");
    assert_json(json_object_get(view, "data"), "{'cost': 3}");
    assert_string_equal(sgn_json_str(view, "at"), "2026-01-05T09:00:00+08:00");
    assert_string_equal(sgn_json_str(view, "comment"), "among us");
    json_decref(view);
    view = core_entry_view(w->header, w->shared, w->internal, CORE_SEES_SHARED, 0);
    assert_string_equal(sgn_json_str(view, "at"), "2026-01-05T01:00:00Z");
    assert_null(json_object_get(view, "comment"));
    assert_json(json_object_get(view, "left"), "['s']");
    json_decref(view);
    world_free(w);
}

static const char *const busy =
    "{'name': 'x', 'key': 'XX', 'version': 1, 'client': 'project',"
    " 'roles': ['pm', 'engineer', 'client'], 'aliases': {'requester': 'opener'},"
    " 'fields': [{'name': 'fee', 'type': 'number', 'shared': true}],"
    " 'states': [{'name': 'both', 'kind': 'parallel', 'owner': 'pm', 'title': {'en': 'Both sides'},"
    "   'deadlines': [{'name': 'all', 'duration': '10 hours', 'title': {'en': 'Everything',"
    "      'zh': '全部'}, 'rungs': [{'at': 50, 'actions': [{'remind': 'owner'}]}]}],"
    "   'states': ["
    "    {'name': 'l', 'kind': 'state', 'tasks': ["
    "      {'name': 'papers', 'by': 'pm', 'title': {'en': 'The papers'}, 'proof': 'file'},"
    "      {'name': 'class', 'by': 'engineer', 'optional': true},"
    "      {'name': 'bill', 'by': 'pm', 'when': {'field': 'fee', 'above': 0}}]},"
    "    {'name': 'r', 'kind': 'state',"
    "     'transitions': [{'on': ['drop'], 'by': 'requester', 'to': ['f']},"
    "       {'on': ['end'], 'by': ['owner', 'engineer'], 'to': ['f']}]}]},"
    "  {'name': 'other', 'kind': 'state', 'transitions': [{'on': ['away'], 'by': 'pm',"
    "     'to': ['f']}]},"
    "  {'name': 'f', 'kind': 'final'}]}";

static void
test_t06_tasks_are_shown_with_title_and_whom_they_are_for(void **state)
{
    struct world *w = world_new(busy);
    struct show show;
    const json_t *item;
    size_t i;
    json_t *todo = json_array();

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    assert_ok(w, world_do(w, CORE_TASK, "zhao", "{'task': 'class'}"));
    ask(&show, w, "li");
    assert_ok(w, core_view(&show.question, CORE_SEES_ALL, "en", &show.out, &show.needs, &w->err));
    assert_json(json_object_get(show.out, "tasks"),
                "[{'state': 'l', 'task': 'papers', 'title': 'The papers', 'for': 'pm',"
                "  'optional': false, 'proof': true, 'done': false},"
                " {'state': 'l', 'task': 'class', 'title': 'class', 'for': 'engineer',"
                "  'optional': true, 'proof': false, 'done': true, 'by': 'zhao',"
                "  'at': '2026-01-05T09:00:00+08:00'}]");
    done(&show);
    ask(&show, w, "li");
    assert_ok(w, core_allowed(&show.question, "en", &show.out, &show.needs, &w->err));
    json_array_foreach(show.out, i, item)
        if (sgn_json_str(item, "task") != NULL)
            json_array_append(todo, (json_t *)item);
    assert_json(todo, "[{'do': 'task', 'task': 'papers', 'state': 'l', 'title': 'The papers',"
                      "  'optional': false, 'proof': true, 'allowed': true}]");
    json_decref(todo);
    done(&show);
    world_free(w);
}

static void
test_shown_titles_of_states_around_and_of_deadlines(void **state)
{
    struct world *w = world_new(busy);
    struct show show;

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    ask(&show, w, "li");
    assert_ok(w, core_view(&show.question, CORE_SEES_ALL, "zh", &show.out, &show.needs, &w->err));
    assert_json(json_object_get(show.out, "state_titles"),
                "{'l': 'l', 'both': 'Both sides', 'r': 'r'}");
    assert_string_equal(
        sgn_json_str(json_array_get(json_object_get(show.out, "deadlines"), 0), "title"), "全部");
    done(&show);
    world_free(w);
}

static void
test_shown_refusals_name_all_leaves_and_whom_to_ask(void **state)
{
    struct world *w = world_new(busy);

    (void)state;
    assert_ok(w, world_open(w, "wang", "{}"));
    assert_refused(w, SGN_NOT_NOW, world_fire(w, "li", "away"));
    assert_string_equal(w->err.message, "the event \"away\" is not possible in l, r");
    assert_refused(w, SGN_FORBIDDEN, world_fire(w, "zhao", "drop"));
    assert_string_equal(w->err.message, "the event \"drop\" is for requester");
    assert_json(json_object_get(w->err.data, "holders"), "{'requester': ['wang']}");
    assert_refused(w, SGN_FORBIDDEN, world_fire(w, "mei", "end"));
    assert_json(json_object_get(w->err.data, "holders"),
                "{'owner': ['li'], 'engineer': ['wang', 'zhao']}");
    assert_refused(w, SGN_FORBIDDEN, world_do(w, CORE_TASK, "li", "{'task': 'class'}"));
    assert_string_equal(w->err.message, "the task \"class\" is for engineer");
    world_free(w);
}

static void
test_shown_entry_has_no_raw_time(void **state)
{
    struct world *w = world_new(shown);
    struct show show;
    json_t *view, *item;

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    view = core_entry_view(w->header, w->shared, w->internal, CORE_SEES_ALL, 8 * 3600);
    item = json_array_get(json_object_get(view, "deadlines"), 0);
    assert_string_equal(sgn_json_str(item, "from"), "2026-01-05T09:00:00+08:00");
    assert_string_equal(sgn_json_str(item, "due"), "2026-01-05T19:00:00+08:00");
    assert_string_equal(sgn_json_str(item, "next"), "2026-01-05T14:00:00+08:00");
    assert_json(json_object_get(view, "waiting"),
                "[{'kind': 'owner', 'person': 'li', 'state': 's',"
                "  'since': '2026-01-05T09:00:00+08:00', 'due': '2026-01-05T19:00:00+08:00', "
                "'working': false}]");
    json_decref(view);
    assert_ok(w, world_do(w, CORE_FIRE, "li",
                          "{'event': 'accept', 'comment': 'x', 'data': {'cost': 3}}"));
    ask(&show, w, "li");
    assert_ok(w, core_view(&show.question, CORE_SEES_ALL, "en", &show.out, &show.needs, &w->err));
    vote_as(w, "li", show.out);
    done(&show);
    view = core_entry_view(w->header, w->shared, w->internal, CORE_SEES_ALL, 8 * 3600);
    item = json_array_get(json_object_get(view, "ballots"), 0);
    assert_string_equal(sgn_json_str(item, "at"), "2026-01-05T09:00:00+08:00");
    json_decref(view);
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shown_allowed_for_each_person),
        cmocka_unit_test(test_shown_allowed_needs_its_facts),
        cmocka_unit_test(test_shown_view_with_round_and_digest),
        cmocka_unit_test(test_shown_explain_accounts_for_the_clock),
        cmocka_unit_test(test_shown_explain_for_the_client_is_what_is_shared),
        cmocka_unit_test(test_shown_entry_merges_its_parts),
        cmocka_unit_test(test_shown_entry_has_no_raw_time),
        cmocka_unit_test(test_t06_tasks_are_shown_with_title_and_whom_they_are_for),
        cmocka_unit_test(test_shown_titles_of_states_around_and_of_deadlines),
        cmocka_unit_test(test_shown_refusals_name_all_leaves_and_whom_to_ask),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
