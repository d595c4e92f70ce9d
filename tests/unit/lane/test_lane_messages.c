/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What messages say: in the reader's language, of the rules' own words, and to a client
 * nothing that is internal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "json.h"
#include "messages.h"
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static const char model_json[] =
    "{'name':'issue','key':'IS','version':1,'client':'project','roles':['pm','client'],"
    "'title':{'en':'Issue','zh':'问题'},'functions':{},'start':['open'],"
    "'fields':[{'name':'summary','type':'text','shared':true},"
    "{'name':'kind','type':'choice','shared':true,'choices':['bug','wish'],'titles':{"
    "'bug':{'en':'Defect','zh':'缺陷'}}},"
    "{'name':'margin','type':'text','shared':false}],"
    "'states':[{'name':'open','kind':'state','title':{'en':'Under way','zh':'处理中'},"
    "'client_title':{'en':'With us','zh':'我方处理'},'owner':'pm',"
    "'transitions':[{'on':['end'],'by':'pm','to':['closed']}]},"
    "{'name':'closed','kind':'final'}]}";

static json_t *
quoted(const char *text)
{
    char *copy = strdup(text);
    struct sgn_error err = { 0 };
    json_t *value = NULL;

    for (char *c = copy; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    if (sgn_json_parse(copy, strlen(copy), &value, &err) != SGN_OK)
        fail_msg("the test's JSON: %s in %s", err.message, copy);
    free(copy);
    return value;
}

static void
assert_text(const char *kind, const char *said, bool for_client, const char *language,
            const char *expected)
{
    json_t *parsed = quoted(said), *json = quoted(model_json);
    json_t *document = quoted("{'key':'IS-7','project':'erp','states':['open'],"
                              "'fields':{'summary':'Export','kind':'bug','margin':'12 %'}}");
    struct model *model = NULL;
    struct sgn_error err = { 0 };
    struct lane_message_scene scene = {
        .language = language,
        .kind = kind,
        .said = parsed,
        .document = document,
        .title = "Export",
        .for_client = for_client,
    };
    char *text;

    if (model_parse(json, NULL, &model, &err) != SGN_OK)
        fail_msg("%s", err.message);
    scene.model = model;
    text = lane_message_text(&scene);
    assert_string_equal(text, expected);
    free(text);
    model_free(model);
    json_decref(json);
    json_decref(document);
    json_decref(parsed);
}

static void
test_messages_say_what_the_rung_says(void **state)
{
    static const char *const rows[][3] = {
        { "50%", "50% of the time for Under way has passed", "“处理中”的时限已过 50%" },
        { "late 0", "the time for Under way is up", "“处理中”的时限已到" },
        { "late 1 workday", "Under way is late by 1 workday", "“处理中”已超时 1 个工作日" },
        { "again 1 day", "Under way is still late, repeated every 1 day",
          "“处理中”仍未完成，每隔 1 天提醒一次" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char said[128];

        snprintf(said, sizeof said, "{'deadline':'open','rung':'%s'}", rows[i][0]);
        assert_text("remind", said, false, "en", rows[i][1]);
        assert_text("remind", said, false, "zh", rows[i][2]);
    }
    assert_text("remind", "{'deadline':'answer','rung':'late 0'}", false, "en",
                "the time for answer is up"); /* a name of its own has no title */
}

static void
test_messages_fill_the_places_of_a_template(void **state)
{
    (void)state;
    assert_text("notify",
                "{'template':'{title} ({case}, {project}) of {workflow}: {days} days, {state}',"
                "'values':{'days':3}}",
                false, "en", "Export (IS-7, erp) of Issue: 3 days, Under way");
    assert_text("notify", "{'template':'{margin} {nothing} {Not a place} {'}", false, "en",
                "12 % {nothing} {Not a place} {");
    assert_text("notify", "{'template':'late_change','values':{'days':3,'sure':true}}", false, "en",
                "late_change (days: 3, sure: yes)"); /* values that no place takes are not lost */
    assert_text("notify", "{'template':'{case}','deadline':'open','rung':'late 0'}", false, "zh",
                "“处理中”的时限已到；IS-7");
    assert_text("notify", "{'template':{'en':'Hello','zh':'你好'}}", false, "zh", "你好");
    assert_text("notify", "{'template':'{kind}'}", true, "zh", "缺陷"); /* a choice by its title */
    /* What was filled in is not filled again. */
    assert_text("notify", "{'template':'{a}','values':{'a':'{margin}'}}", true, "en", "{margin}");
}

static void
test_messages_without_words_of_the_rules_have_ours(void **state)
{
    (void)state;
    assert_text("remind", "{}", false, "en", "this waits for you");
    assert_text("notify", "{}", false, "zh", "此事项有新进展");
    /* Where the case was when it was said. */
    assert_text("notify", "{'states':['open']}", false, "en", "there is news: Under way");
    assert_text("notify", "{'states':['open']}", true, "en", "there is news: With us");
    assert_text("remind", "{'states':['open']}", true, "zh", "此事项正在等待您处理：我方处理");
    assert_text("offered", "{'state':'open'}", false, "en", "Under way is offered to you");
    assert_text("offered", "{'state':'open'}", true, "zh", "“我方处理”可由您认领");
    assert_text("decided", "{'state':'open','outcome':'approved'}", false, "en",
                "Under way has been decided: approved");
    assert_text("decided", "{'state':'open','outcome':'approved','manner':'deemed'}", true, "zh",
                "“我方处理”已作出决定：通过 (视为通过)");
    assert_text("decided", "{'state':'open','outcome':'changes'}", false, "en",
                "Under way has been decided: changes are asked for");
    assert_text("stuck", "{'message':'issue.lua:4: no'}", false, "en",
                "the case is stuck: issue.lua:4: no");
    assert_text("unopened", "{'workflow':'report','project':'shop','message':'no day'}", false,
                "en", "no case of report could be opened in the project shop: no day");
    assert_text("failed", "{'schedule':'weekly','workflow':'report','message':'no project'}", false,
                "en", "the schedule weekly could not open a case of report: no project");
    assert_text("something_new", "{}", false, "en", "there is news");
}

static void
test_messages_to_a_client_hold_nothing_internal(void **state)
{
    (void)state;
    assert_text("remind", "{'deadline':'open','rung':'80%'}", true, "en", "this waits for you");
    assert_text("stuck", "{'message':'margin','states':['open']}", true, "en",
                "there is news: With us");
    assert_text("notify", "{'deadline':'open','rung':'late 0','template':'{summary}: {state}'}",
                true, "en", "Export: With us");
    assert_text("notify", "{'template':'{margin}!'}", true, "en", "–!");
    assert_text("notify", "{'template':'hello','values':{'margin':'12 %'}}", true, "en", "hello");
    assert_text("stuck", "{'message':'issue.lua:4: margin'}", true, "en", "there is news");
    assert_text("failed", "{'message':'margin'}", true, "zh", "此事项有新进展");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages_say_what_the_rung_says),
        cmocka_unit_test(test_messages_fill_the_places_of_a_template),
        cmocka_unit_test(test_messages_without_words_of_the_rules_have_ours),
        cmocka_unit_test(test_messages_to_a_client_hold_nothing_internal),
    };

    return cmocka_run_group_tests_name("rpc/messages", tests, NULL, NULL);
}
