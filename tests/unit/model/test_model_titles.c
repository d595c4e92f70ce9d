/* SPDX-License-Identifier: Apache-2.0 */
/* What names are called: the workflow's own words, the engine's, and the order they go in. */
#include "model_fixture.h"

static const char with_titles[] =
    "{'fields':[{'name':'risk','type':'choice','shared':false,'choices':['low','top'],"
    "'titles':{'low':{'en':'Small','zh':'小'},'top':'Top'}},"
    "{'name':'defects','type':'list','shared':true,'of':{'type':'record','fields':["
    "{'name':'grade','type':'choice','choices':['bad','good'],'title':{'zh':'等级'},"
    "'titles':{'bad':{'zh':'差'}}},{'name':'what','type':'text'}]}}],"
    "'outcomes':{'built':{'en':'Built','zh':'已建成'},'deemed':{'en':'Taken as agreed'},"
    "'silent':{'zh':'默认'}},"
    "'states':[{'name':'a','kind':'state','approval':{'outcomes':['approved'],'rule':{"
    "'kind':'at_least','n':1,'who':'pm','nobody':'reject'}},"
    "'transitions':[{'kind':'approval','outcome':'approved','to':['done']}],"
    "'deadlines':[{'name':'d','duration':'1 day','rungs':[{'late':'0','actions':["
    "{'decide':'approved','as':'deemed'}]},{'late':'1 day','actions':["
    "{'decide':'approved','as':'silent'}]}]}]},"
    "{'name':'done','kind':'final','outcome':'built','title':'The end'},"
    "{'name':'gone','kind':'final','outcome':'away','title':{'en':'Gone','zh':'已离开'}},"
    "{'name':'bare','kind':'final'}]}";

static void
assert_text(const char *got, const char *expected)
{
    assert_non_null(got);
    assert_string_equal(got, expected);
}

static void
test_titles_of_choices_are_the_fields_own(void **state)
{
    struct model *model = parsed(with_titles);
    const struct model_field *risk = model_field_find(model, "risk");

    (void)state;
    assert_text(model_choice_title(risk, "low", "en"), "Small");
    assert_text(model_choice_title(risk, "low", "zh"), "小"); /* not the word for a priority */
    assert_text(model_choice_title(risk, "top", "zh"), "Top");
    assert_text(model_choice_title(risk, "none", "zh"), "none");
    model_free(model);
}

static void
test_titles_of_outcomes_go_from_the_workflow_to_the_final(void **state)
{
    struct model *model = parsed(with_titles);

    (void)state;
    assert_text(model_outcome_title(model, "built", "zh"), "已建成");
    assert_text(model_outcome_title(model, "deemed", "zh"), "Taken as agreed");
    assert_text(model_outcome_title(model, "silent", "en"), "默认");
    assert_text(model_outcome_title(model, "approved", "zh"), "通过");
    assert_text(model_outcome_title(model, "approved", "en"), "approved");
    assert_text(model_outcome_title(model, "away", "zh"), "已离开"); /* nothing but its final's */
    assert_text(model_outcome_title(model, "bare", "zh"), "bare");
    model_free(model);
}

static void
assert_titles(json_t *got, const char *expected)
{
    json_t *wanted = quoted(expected);
    char *text = json_dumps(got, JSON_COMPACT);

    if (!json_equal(got, wanted))
        fail_msg("%s is not %s", text, expected);
    free(text);
    json_decref(wanted);
    json_decref(got);
}

static void
test_titles_all_at_once_hide_internal_fields_from_a_client(void **state)
{
    struct model *model = parsed(with_titles);

    (void)state;
    assert_titles(model_value_titles(model, "zh", true),
                  "{'defects.grade':{'bad':'差','good':'good'}}");
    assert_titles(model_value_titles(model, "zh", false),
                  "{'risk':{'low':'小','top':'Top'},'defects.grade':{'bad':'差','good':'good'},"
                  "'priority':{'low':'低','normal':'普通','high':'高','urgent':'紧急'}}");
    assert_titles(model_part_titles(model, "zh", true),
                  "{'defects.grade':'等级','defects.what':'what'}");
    assert_titles(model_outcome_titles(model, "zh"),
                  "{'approved':'通过','rejected':'否决','deferred':'悬置','changes':'要求修改',"
                  "'left':'未决而止','deemed':'Taken as agreed','built':'已建成','silent':'默认',"
                  "'away':'已离开','bare':'bare'}");
    model_free(model);
}

static void
test_titles_of_votes_are_those_the_approval_takes(void **state)
{
    struct model *model = parsed(with_titles);
    int a = model_state_find(model, "a");

    (void)state;
    assert_titles(model_vote_titles(model->states[a].approval, "zh"),
                  "{'approve':'同意','reject':'不同意','abstain':'弃权'}");
    assert_titles(model_vote_titles(NULL, "en"),
                  "{'approve':'approve','reject':'reject','abstain':'abstain','defer':'defer',"
                  "'changes':'changes'}");
    model_free(model);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_titles_of_choices_are_the_fields_own),
        cmocka_unit_test(test_titles_of_outcomes_go_from_the_workflow_to_the_final),
        cmocka_unit_test(test_titles_all_at_once_hide_internal_fields_from_a_client),
        cmocka_unit_test(test_titles_of_votes_are_those_the_approval_takes),
    };

    return cmocka_run_group_tests_name("model/titles", tests, NULL, NULL);
}
