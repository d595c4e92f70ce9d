/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped workflows load without a mistake, and their models are what the engine takes. */
#include "dsl_support.h"

static const char *const names[] = {
    "acceptance",  "action",          "budget",        "change_request",
    "charter",     "closeout",        "communication", "communication_plan",
    "complaint",   "document",        "expense",       "feedback",
    "improvement", "issue",           "lesson",        "meeting",
    "milestone",   "progress_report", "requirement",   "risk",
    "support",     "survey",          "training",      "vendor_item"
};
#define N_NAMES ((int)(sizeof(names) / sizeof(names[0])))

static json_t *
load_shipped(void)
{
    json_t *answer = NULL, *input;
    struct sgn_error err = { 0 };
    struct sgn_buf team;

    sgn_buf_init(&team, 4096);
    sgn_buf_puts(&team, "return team \"demo\" { timezone = \"Asia/Shanghai\", language = \"zh\",\n"
                        "calendar \"office\" { monday_to_friday = { \"09:00-18:00\" } }");
    for (int i = 0; i < N_NAMES; i++)
        sgn_buf_printf(&team, ",\nuse \"%s\"", names[i]);
    sgn_buf_puts(&team, " }");
    input = json_pack("{s:s, s:{s:s}, s:o}", "team", "demo", "files", "team.lua", team.bytes,
                      "shipped", dsl_shipped_all());
    sgn_buf_deinit(&team);
    assert_non_null(input);
    if (dsl_load(NULL, input, &answer, &err) != SGN_OK)
        fail_msg("%s", err.message);
    json_decref(input);
    return answer;
}

static void
test_shipped_are_embedded_in_order(void **state)
{
    (void)state;
    for (int i = 0; i < N_NAMES; i++) {
        assert_string_equal(dsl_shipped_name(i), names[i]);
        assert_non_null(dsl_shipped(names[i]));
    }
    assert_null(dsl_shipped_name(N_NAMES));
    assert_null(dsl_shipped("nothing"));
}

static void
test_shipped_load_without_mistakes_and_parse(void **state)
{
    json_t *answer = load_shipped();

    (void)state;
    print_mistakes(answer);
    assert_int_equal(json_array_size(json_object_get(answer, "mistakes")), 0);
    for (int i = 0; i < N_NAMES; i++) {
        const json_t *version = json_object_get(json_object_get(answer, "workflows"), names[i]);
        struct sgn_error err = { 0 };
        struct model *model = NULL;

        assert_non_null(version);
        if (model_parse(json_object_get(version, "model"), json_object_get(version, "functions"),
                        &model, &err) != SGN_OK)
            fail_msg("%s: %s", names[i], err.message);
        assert_string_equal(model->name, names[i]);
        model_free(model);
    }
    json_decref(answer);
}

static void
test_shipped_have_titles_in_both_languages(void **state)
{
    json_t *answer = load_shipped();

    (void)state;
    for (int i = 0; i < N_NAMES; i++) {
        const json_t *version = json_object_get(json_object_get(answer, "workflows"), names[i]);
        struct sgn_error err = { 0 };
        struct model *model = NULL;

        assert_int_equal(model_parse(json_object_get(version, "model"),
                                     json_object_get(version, "functions"), &model, &err),
                         SGN_OK);
        assert_non_null(sgn_json_str(model->title, "zh"));
        for (int s = 1; s < model->n_states; s++) {
            if (model->states[s].kind == MODEL_HISTORY)
                continue;
            if (sgn_json_str(model->states[s].title, "en") == NULL ||
                sgn_json_str(model->states[s].title, "zh") == NULL)
                fail_msg("%s: state %s lacks a title", names[i], model->states[s].name);
        }
        for (int f = 0; f < model->n_fields; f++) {
            if (sgn_json_str(model->fields[f].title, "en") == NULL ||
                sgn_json_str(model->fields[f].title, "zh") == NULL)
                fail_msg("%s: field %s lacks a title", names[i], model->fields[f].name);
        }
        for (int t = 0; t < model->n_transitions; t++) {
            const struct model_transition *transition = &model->transitions[t];

            if (transition->kind == MODEL_ON_EVENT && sgn_json_str(transition->title, "zh") == NULL)
                fail_msg("%s:%d: an event without a title", names[i], transition->line);
        }
        model_free(model);
    }
    json_decref(answer);
}

/* Line by line what dsl.md says the change request is. */
static void
test_shipped_change_request_says_what_it_says(void **state)
{
    json_t *answer = load_shipped();
    const json_t *model = json_object_get(
        json_object_get(json_object_get(answer, "workflows"), "change_request"), "model");
    const json_t *states = json_object_get(model, "states"), *deciding = json_array_get(states, 3);
    const json_t *rule = json_object_get(json_object_get(deciding, "approval"), "rule");
    const json_t *sponsor = json_array_get(json_object_get(rule, "rules"), 3);

    (void)state;
    assert_string_equal(sgn_json_str(model, "key"), "CR");
    assert_string_equal(sgn_json_str(json_object_get(model, "aliases"), "requester"), "opener");
    assert_int_equal(json_array_size(json_object_get(model, "fields")), 12);
    /* fields keep the order in which they are written, shared before internal */
    assert_string_equal(sgn_json_str(json_array_get(json_object_get(model, "fields"), 0), "name"),
                        "summary");
    assert_string_equal(sgn_json_str(json_array_get(json_object_get(model, "fields"), 11), "name"),
                        "margin");
    assert_true(json_is_false(
        json_object_get(json_array_get(json_object_get(model, "fields"), 11), "shared")));
    assert_string_equal(sgn_json_str(deciding, "name"), "deciding");
    assert_string_equal(sgn_json_str(rule, "kind"), "all_of");
    assert_string_equal(sgn_json_str(json_object_get(sponsor, "when"), "field"), "cost");
    assert_string_equal(sgn_json_str(json_object_get(sponsor, "when"), "above"), "50000");
    assert_string_equal(sgn_json_str(sponsor, "nobody"), "reject");
    json_decref(answer);
}

static const char every_word[] =
    "local function asked(name, to) return on(name) { by = 'pm', to = to } end\n"
    "return workflow 't' { key = 'TT', client = 'own', open = { by = 'anyone', takes = { 'a' } },\n"
    "help = 'h', roles = { 'pm', 'qa', boss = 'opener' },\n"
    "fields = { a = number { min = 0, max = 9.0 // 1 | 0, default = 3 }, rate = number { places = "
    "2, "
    "min = 0.5 }, m = money {}, d = date, s = time, c = choice { 'x', 'y' }, f = flag, p = person, "
    "doc = file, l = list { of = number {}, max = 5 }, r = record { fields = { city = text {} } } "
    "},\n"
    "start = 'first',\n"
    "on { 'cancel', 'drop.all' } { by = { 'pm', group 'leads', person 'li' }, to = 'gone', note = "
    "'required' },\n"
    "always { when = { a = above(100) }, to = 'gone' }, after '40 days' { to = 'gone' },\n"
    "within { '30 days', title = 'All', late '0' { remind 'pm' } },\n"
    "state 'first' { owner = 'pm', edit = { pm = 'all', qa = { 'a' } }, help = { en = 'x' },\n"
    "  enter = { set { a = plus(1), s = now, d = empty, c = 'x', m = 5, rate = 1.25 }, emit "
    "'ready' },\n"
    "  leave = function(c) end,\n"
    "  on 'ready' { internal = true, to = 'first', when = any { { a = min(1), f = is(true) }, no { "
    "c = "
    "one_in { 'x' } }, { event = { amount = below(3) } }, in_state 'first', none_open { 'issue' }, "
    "{ rate = max(2.5) }, { doc = filled }, { l = filled(false) }, { priority = 'high' } } },\n"
    "  on 'go_on' { by = 'boss', takes = { 'a', 'm' }, needs = 'a', when = function(c) return true "
    "end, "
    "to = 'work', run = { set { m = from_event 'm' }, function(c) end, notify('pm', 'tpl', { n = 1 "
    "}), "
    "notify(channel 'wecom'), reassign 'qa', priority 'up', fire('x', { case = 'TT-1' }), start "
    "'issue' } },\n"
    "  within { per 'c' { x = '1 hour', y = '2 days 3 hours' }, clock = 'team', ['until'] = "
    "'ready', "
    "pause = 'work', again '1 hour' { remind 'owner', most = 3 }, late '1 hour' { go { 'gone' }, "
    "even_if_down = true }, at '50%' { remind 'pending' }, late '0' { remind 'qa' } } },\n"
    "parallel 'work' { state 'left' { state 'l1' { asked('l', 'l2') }, final 'l2', done = 'r1' },\n"
    "  state 'right' { state 'r1', history 'h' { deep = true, start = 'r1' } },\n"
    "  done = 'asked' },\n"
    "state 'asked' { waiting_for = 'qa', approval { covers = { 'a' }, distinct = true, fixed = "
    "true, "
    "exclude = { 'boss', decided_by 'again' }, may_defer = 'pm', may_return = 'qa',\n"
    "  rule = in_order { percent(50) 'pm' { nobody = 'skip' }, weighted(3) { pm = 1, qa = 2 } { "
    "nobody = "
    "'reject' }, veto 'qa' { nobody = 'skip' }, any_of { one_of 'pm' { nobody = 'qa' }, "
    "at_least(2) { "
    "'pm', 'qa' } { nobody = 'skip', when = { a = 1 } } }, everyone_answers { one_of(group 'ccb') "
    "{ "
    "nobody = 'skip' } } },\n"
    "  approved = 'todo', rejected = { 'gone' }, deferred = 'first', changes = 'work' } },\n"
    "state 'again' { approval { rule = one_of 'pm' { nobody = 'reject' }, approved = 'gone', "
    "rejected = "
    "'gone' }, within { '1 day', from = 's', late '0' { decide 'approved' { as = 'deemed' } } } "
    "},\n"
    "state 'todo' { tasks { task 'one' { by = 'pm', proof = 'file', title = 'One' }, task 'two' { "
    "by = "
    "'qa', optional = true, when = { f = true } }, done = 'gone' }, on 'x' { by = 'pm', when = "
    "tasks_done, to = 'gone' } },\n"
    "final 'gone' { outcome = 'gone' } }\n";

/* Every construct there is, in one workflow that the engine's model must take. */
static void
test_shipped_words_all_reach_the_model(void **state)
{
    json_t *version = version_of("t", every_word);
    struct sgn_error err = { 0 };
    struct model *model = NULL;
    const struct model_deadline *deadline;

    (void)state;
    if (model_parse(json_object_get(version, "model"), json_object_get(version, "functions"),
                    &model, &err) != SGN_OK)
        fail_msg("%s", err.message);
    /* the rung that leads to another state knows its transition, whatever its place in the text */
    deadline = &model->deadlines[1];
    assert_string_equal(deadline->name, "first");
    assert_int_equal(deadline->n_rungs, 4);
    assert_int_equal(deadline->rungs[2].kind, MODEL_RUNG_LATE);
    assert_int_equal(deadline->rungs[2].offset.elapsed_ms, 3600000);
    assert_int_equal(model->transitions[deadline->rungs[2].go_transition].kind, MODEL_ON_GO);
    assert_true(deadline->rungs[2].even_if_down);
    assert_string_equal(model_deadline_title(model, &model->deadlines[0], "en"), "All");
    assert_string_equal(model_deadline_title(model, deadline, "en"), "first");
    model_free(model);
    json_decref(version);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_are_embedded_in_order),
        cmocka_unit_test(test_shipped_load_without_mistakes_and_parse),
        cmocka_unit_test(test_shipped_have_titles_in_both_languages),
        cmocka_unit_test(test_shipped_change_request_says_what_it_says),
        cmocka_unit_test(test_shipped_words_all_reach_the_model),
    };
    return cmocka_run_group_tests_name("dsl/shipped", tests, NULL, NULL);
}
