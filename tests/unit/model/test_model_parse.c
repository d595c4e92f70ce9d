/* SPDX-License-Identifier: Apache-2.0 */
/* What a parsed model holds. */
#include "model_fixture.h"

#define TREE                                                                                       \
    "'transitions':[{'on':['w']},{'kind':'after','after':'1 day','to':['a']}],"                    \
    "'states':["                                                                                   \
    "{'name':'a','kind':'state','transitions':[{'kind':'always','when':{'in':['p']},'to':['p']}]}" \
    ","                                                                                            \
    "{'name':'p','kind':'parallel','transitions':[{'kind':'done','to':['end']}],'states':["        \
    "{'name':'r1','kind':'state','start':['h'],'states':["                                         \
    "{'name':'h','kind':'history','deep':true,'start':['b']},"                                     \
    "{'name':'b','kind':'state','transitions':["                                                   \
    "{'kind':'after','after':'2 days'},{'on':['x','y.z'],'by':'pm','to':['c'],'note':true},"       \
    "{'kind':'after','after':'3 days'}]},"                                                         \
    "{'name':'c','kind':'final'}]},"                                                               \
    "{'name':'r2','kind':'state'}]},"                                                              \
    "{'name':'end','kind':'final'},{'name':'bad','kind':'final','outcome':'rejected'}]"

static void
test_model_states_are_in_document_order(void **state)
{
    static const char *const names[] = { "", "a", "p", "r1", "h", "b", "c", "r2", "end", "bad" };
    static const int parents[] = { -1, 0, 0, 2, 3, 3, 3, 2, 0, 0 };
    static const int depths[] = { 0, 1, 1, 2, 3, 3, 3, 2, 1, 1 };
    static const int lasts[] = { 9, 1, 7, 6, 4, 5, 6, 7, 8, 9 };
    static const enum model_state_kind kinds[] = { MODEL_COMPOUND, MODEL_ATOMIC,  MODEL_PARALLEL,
                                                   MODEL_COMPOUND, MODEL_HISTORY, MODEL_ATOMIC,
                                                   MODEL_FINAL,    MODEL_ATOMIC,  MODEL_FINAL,
                                                   MODEL_FINAL };
    struct model *m = parsed("{" TREE "}");

    (void)state;
    assert_int_equal(m->n_states, 10);
    for (int i = 0; i < 10; i++) {
        assert_string_equal(m->states[i].name, names[i]);
        assert_int_equal(m->states[i].index, i);
        assert_int_equal(m->states[i].parent, parents[i]);
        assert_int_equal(m->states[i].depth, depths[i]);
        assert_int_equal(m->states[i].last, lasts[i]);
        assert_int_equal(m->states[i].kind, kinds[i]);
        if (i > 0)
            assert_int_equal(model_state_find(m, names[i]), i);
    }
    assert_int_equal(m->states[0].n_children, 4);
    assert_int_equal(m->states[2].children[1], 7);
    assert_true(m->states[4].deep);
    assert_int_equal(model_state_find(m, "nowhere"), -1);
    assert_int_equal(model_state_find(m, ""), -1);
    assert_true(model_descends(m, 5, 2));
    assert_false(model_descends(m, 2, 2));
    assert_false(model_descends(m, 8, 2));
    model_free(m);
}

static void
test_model_start_is_given_or_the_first_child(void **state)
{
    struct model *m = parsed("{" TREE "}");

    (void)state;
    assert_int_equal(m->states[0].n_start, 1);
    assert_int_equal(m->states[0].start[0], 1);
    assert_int_equal(m->states[3].start[0], 4);
    assert_int_equal(m->states[4].start[0], 5);
    assert_int_equal(m->states[2].n_start, 0);
    model_free(m);
}

static void
test_model_outcome_of_a_final_is_given_or_its_name(void **state)
{
    struct model *m = parsed("{" TREE "}");

    (void)state;
    assert_string_equal(m->states[8].outcome, "end");
    assert_string_equal(m->states[9].outcome, "rejected");
    assert_null(m->states[6].outcome);
    model_free(m);
}

static void
test_model_transitions_are_in_document_order(void **state)
{
    static const int sources[] = { 0, 0, 1, 2, 5, 5, 5 };
    struct model *m = parsed("{" TREE "}");

    (void)state;
    assert_int_equal(m->n_transitions, 7);
    for (int i = 0; i < 7; i++) {
        assert_int_equal(m->transitions[i].index, i);
        assert_int_equal(m->transitions[i].source, sources[i]);
    }
    assert_ptr_equal(m->states[5].transitions[1], &m->transitions[5]);
    assert_int_equal(m->states[5].n_transitions, 3);
    assert_int_equal(m->transitions[5].n_events, 2);
    assert_true(m->transitions[5].note_required);
    assert_int_equal(m->transitions[5].by->kind, MODEL_WHO_ROLE);
    assert_int_equal(m->transitions[5].targets[0], 6);
    assert_int_equal(json_array_size(m->transitions[5].needs), 0);
    assert_null(m->transitions[0].by);
    model_free(m);
}

static void
test_model_engine_events_are_named_by_their_construct(void **state)
{
    struct model *m = parsed(
        "{'transitions':[{'kind':'after','after':'1 day'}],'states':[{'name':'a','kind':'state',"
        "'approval':{'rule':{'kind':'at_least','n':1,'who':'pm'},'outcomes':['approved']},"
        "'tasks':[{'name':'k','by':'pm'}],"
        "'transitions':[{'kind':'after','after':'1 day'},{'on':['e']},"
        "{'kind':'after','after':'0'},{'kind':'approval','outcome':'approved','to':['b']},"
        "{'kind':'tasks','to':['b']}]},"
        "{'name':'b','kind':'state','deadlines':[{'name':'d','duration':'1 day','rungs':["
        "{'late':'2 days','actions':[{'go':true}]},{'at':50,'actions':[{'remind':'pm'}]}]}],"
        "'states':[{'name':'f','kind':'final'}],"
        "'transitions':[{'kind':'go','deadline':'d','rung':1,'to':['a']},"
        "{'kind':'done','to':['a']}]}]}");
    static const char *const events[] = { "after.t.1", "after.a.1",           "e",
                                          "after.a.2", "approval.a.approved", "tasks.a",
                                          "go.d.1",    "done.state.b" };

    (void)state;
    for (int i = 0; i < 8; i++) {
        assert_int_equal(m->transitions[i].n_events, 1);
        assert_string_equal(m->transitions[i].events[0], events[i]);
    }
    /* Sorted, the rung written first comes last and knows its transition. */
    assert_int_equal(m->deadlines[0].rungs[1].go_transition, 6);
    assert_int_equal(m->deadlines[0].rungs[1].number, 1);
    assert_int_equal(m->deadlines[0].rungs[0].go_transition, -1);
    model_free(m);
}

static void
test_model_rungs_are_sorted_at_late_again(void **state)
{
    struct model *m =
        parsed("{'deadlines':[{'name':'t','duration':'3 days','from':'served','until':'answer',"
               "'pause':['a'],'rungs':["
               "{'again':'1 day','actions':[]},{'late':'2 days','actions':[]},"
               "{'at':80,'actions':[]},{'late':'1 hour','actions':[],'even_if_down':true},"
               "{'late':'0','actions':[]},{'at':50,'actions':[]}]}]}");
    const struct model_deadline *d = &m->deadlines[0];
    static const int numbers[] = { 6, 3, 5, 4, 2, 1 };

    (void)state;
    assert_int_equal(d->n_rungs, 6);
    for (int i = 0; i < 6; i++)
        assert_int_equal(d->rungs[i].number, numbers[i]);
    assert_int_equal(d->rungs[0].percent, 50);
    assert_true(d->rungs[3].even_if_down);
    assert_int_equal(d->rungs[5].most, 10);
    assert_int_equal(d->state, 0);
    assert_int_equal(m->states[0].deadlines[0], 0);
    assert_string_equal(d->clock, "team");
    assert_string_equal(d->from, "served");
    model_free(m);
}

static void
test_model_who_knows_roles_aliases_and_built_ins(void **state)
{
    struct model *m = parsed(
        "{'states':[{'name':'a','kind':'state','approval':{'rule':{'kind':'veto','who':'pm'},"
        "'outcomes':['approved','rejected']},'transitions':[{'on':['e'],'by':['requester','pm',"
        "'anyone',{'group':'ccb'},{'person':'li'},{'decided_by':'a'},{'call':3},['owner']]}]}]}");
    const struct model_who *by = m->transitions[0].by;
    static const enum model_who_kind kinds[] = { MODEL_WHO_OPENER, MODEL_WHO_ROLE,
                                                 MODEL_WHO_ANYONE, MODEL_WHO_GROUP,
                                                 MODEL_WHO_PERSON, MODEL_WHO_DECIDED_BY,
                                                 MODEL_WHO_CALL,   MODEL_WHO_ANY_OF };

    (void)state;
    assert_int_equal(by->kind, MODEL_WHO_ANY_OF);
    assert_int_equal(by->n_of, 8);
    for (int i = 0; i < 8; i++)
        assert_int_equal(by->of[i].kind, kinds[i]);
    assert_string_equal(by->of[0].name, "requester");
    assert_string_equal(by->of[3].name, "ccb");
    assert_int_equal(by->of[6].function, 3);
    model_free(m);
}

static void
test_model_without_roles_has_those_it_names(void **state)
{
    json_t *json = quoted("{'name':'t','key':'TT','version':1,'states':[{'name':'a',"
                          "'kind':'state','owner':'clerk','waiting_for':'client'}]}");
    struct sgn_error err = { 0 };
    struct model *m = NULL;

    (void)state;
    assert_int_equal(model_parse(json, NULL, &m, &err), SGN_OK);
    json_decref(json);
    assert_int_equal(json_array_size(m->roles), 2);
    assert_true(sgn_json_has(m->roles, "clerk"));
    assert_true(sgn_json_has(m->roles, "client"));
    model_free(m);
}

static void
test_model_conditions_are_compiled(void **state)
{
    struct model *m =
        parsed("{'states':[{'name':'a','kind':'state','transitions':[{'on':['e'],'when':{'all':["
               "{'field':'cost','above':50000},{'not':{'event':'amount','filled':true}},"
               "{'any':[{'in':['a']},{'none_open':['issue']},{'tasks_done':true},{'call':3}]},"
               "{'field':'priority','one_in':['high','urgent']}]}}]}]}");
    const struct model_cond *when = m->transitions[0].when;

    (void)state;
    assert_int_equal(when->kind, MODEL_COND_ALL);
    assert_int_equal(when->n_of, 4);
    assert_int_equal(when->of[0].kind, MODEL_COND_FIELD);
    assert_ptr_equal(when->of[0].field, &m->fields[0]);
    assert_int_equal(when->of[0].op, MODEL_ABOVE);
    assert_int_equal(when->of[1].kind, MODEL_COND_NOT);
    assert_int_equal(when->of[1].of->kind, MODEL_COND_EVENT);
    assert_null(when->of[1].of->field);
    assert_int_equal(when->of[2].of[0].kind, MODEL_COND_IN);
    assert_int_equal(when->of[2].of[3].function, 3);
    assert_int_equal(when->of[3].op, MODEL_ONE_IN);
    assert_null(when->of[3].field);
    model_free(m);
}

static void
test_model_approval_is_compiled(void **state)
{
    struct model *m = parsed(
        "{'states':[{'name':'a','kind':'state','approval':{'covers':['cost'],'distinct':true,"
        "'outcomes':['approved','rejected','changes'],'may_return':'client','exclude':['requester']"
        ","
        "'rule':{'kind':'all_of','rules':["
        "{'kind':'at_least','n':2,'who':'pm','nobody':'client','when':{'field':'cost','above':1}},"
        "{'kind':'weighted','n':5,'weights':[{'who':'pm','weight':2},{'who':'client','weight':3}]},"
        "{'kind':'percent','p':50,'who':'anyone','nobody':'skip'}]}}}]}");
    const struct model_approval *a = m->states[1].approval;

    (void)state;
    assert_true(a->outcome_changes);
    assert_false(a->outcome_deferred);
    assert_true(a->distinct);
    assert_int_equal(a->n_exclude, 1);
    assert_int_equal(a->rule.n_rules, 3);
    assert_int_equal(a->rule.rules[0].n, 2);
    assert_string_equal(a->rule.rules[0].nobody, "client");
    assert_int_equal(a->rule.rules[1].n_weights, 2);
    assert_int_equal(a->rule.rules[1].weights[1], 3);
    assert_int_equal(a->rule.rules[1].weight_who[1].kind, MODEL_WHO_ROLE);
    assert_int_equal(a->rule.rules[2].n, 50);
    model_free(m);
}

static void
test_model_actions_are_compiled(void **state)
{
    struct model *m =
        parsed("{'states':[{'name':'a','kind':'state','enter':["
               "{'set':{'cost':{'plus':1},'served':{'now':true},'note':{'empty':true}}},"
               "{'emit':'x','data':{'n':1}},{'priority':'up'},{'remind':'owner'},"
               "{'notify':{'channel':'wecom'},'template':'hi'},{'open':'issue','fields':{}},"
               "{'fire':'e','case':'CR-1'},{'call':3},{'assign':'pm'}]}]}");
    const struct model_actions *enter = &m->states[1].enter;
    static const enum model_action_kind kinds[] = { MODEL_SET,    MODEL_EMIT,   MODEL_PRIORITY,
                                                    MODEL_REMIND, MODEL_NOTIFY, MODEL_OPEN,
                                                    MODEL_FIRE,   MODEL_CALL,   MODEL_ASSIGN };

    (void)state;
    assert_int_equal(enter->n, 9);
    for (int i = 0; i < 9; i++)
        assert_int_equal(enter->items[i].kind, kinds[i]);
    assert_string_equal(enter->items[1].name, "x");
    assert_string_equal(enter->items[4].name, "wecom");
    assert_null(enter->items[4].who);
    assert_int_equal(enter->items[3].who->kind, MODEL_WHO_OWNER);
    assert_null(enter->items[3].name);
    model_free(m);
}

static void
test_model_keeps_nothing_of_the_callers(void **state)
{
    json_t *json = model_with("{}");
    json_t *functions = quoted("{'3':{'source':'x'}}");
    struct sgn_error err = { 0 };
    struct model *m = NULL, *same;

    (void)state;
    assert_int_equal(model_parse(json, functions, &m, &err), SGN_OK);
    json_object_clear(json);
    json_decref(json);
    json_decref(functions);
    same = model_ref(m);
    model_free(m);
    assert_string_equal(same->name, "t");
    assert_string_equal(same->fields[1].name, "class");
    model_free(same);
    model_free(NULL);
}

static void
test_model_events_lists_what_can_be_fired(void **state)
{
    struct model *m = parsed("{'states':[{'name':'a','kind':'state','transitions':["
                             "{'on':['x','y']},{'on':['*']},{'on':['y','done.state.a']},"
                             "{'kind':'after','after':'1 day'}]}]}");
    json_t *events = model_events(m), *expected = quoted("['x','y']");

    (void)state;
    assert_true(json_equal(events, expected));
    json_decref(events);
    json_decref(expected);
    model_free(m);
}

static void
test_model_event_names_match_by_words(void **state)
{
    (void)state;
    assert_true(model_event_matches("claim", "claim"));
    assert_true(model_event_matches("claim", "claim.late"));
    assert_false(model_event_matches("claim", "claims"));
    assert_false(model_event_matches("claim.late", "claim"));
    assert_true(model_event_matches("*", "claim"));
    assert_false(model_event_matches("*", "done.state.a"));
    assert_false(model_event_matches("done", "done.state.a"));
    assert_true(model_event_matches("done.state", "done.state.a"));
    assert_true(model_event_matches("done", "done"));
    assert_true(model_event_is_engines("after.a.1"));
    assert_false(model_event_is_engines("after"));
    assert_false(model_event_is_engines("afternoon.tea"));
}

static void
test_model_title_falls_back(void **state)
{
    json_t *both = quoted("{'en':'Draft','zh':'草稿'}"), *one = quoted("{'zh':'草稿'}");
    json_t *plain = quoted("'Plain'");

    (void)state;
    assert_string_equal(model_title(both, "zh", "x"), "草稿");
    assert_string_equal(model_title(both, "de", "x"), "Draft");
    assert_string_equal(model_title(one, "en", "x"), "草稿");
    assert_string_equal(model_title(plain, "zh", "x"), "Plain");
    assert_string_equal(model_title(NULL, "en", "x"), "x");
    json_decref(both);
    json_decref(one);
    json_decref(plain);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_model_states_are_in_document_order),
        cmocka_unit_test(test_model_start_is_given_or_the_first_child),
        cmocka_unit_test(test_model_outcome_of_a_final_is_given_or_its_name),
        cmocka_unit_test(test_model_transitions_are_in_document_order),
        cmocka_unit_test(test_model_engine_events_are_named_by_their_construct),
        cmocka_unit_test(test_model_rungs_are_sorted_at_late_again),
        cmocka_unit_test(test_model_who_knows_roles_aliases_and_built_ins),
        cmocka_unit_test(test_model_without_roles_has_those_it_names),
        cmocka_unit_test(test_model_conditions_are_compiled),
        cmocka_unit_test(test_model_approval_is_compiled),
        cmocka_unit_test(test_model_actions_are_compiled),
        cmocka_unit_test(test_model_keeps_nothing_of_the_callers),
        cmocka_unit_test(test_model_events_lists_what_can_be_fired),
        cmocka_unit_test(test_model_event_names_match_by_words),
        cmocka_unit_test(test_model_title_falls_back),
    };

    return cmocka_run_group_tests_name("model/parse", tests, NULL, NULL);
}
