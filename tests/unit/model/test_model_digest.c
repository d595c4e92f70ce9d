/* SPDX-License-Identifier: Apache-2.0 */
/* The identity of a version: what changes it, what does not; and teams. */
#include "hash.h"
#include "model_fixture.h"
#include "team.h"

static void
digest_of(const char *members, const char *functions, char out[65])
{
    json_t *model = model_with(members);
    json_t *source = quoted(functions);
    struct sgn_error err = { 0 };

    assert_int_equal(model_digest(model, source, out, &err), SGN_OK);
    json_decref(model);
    json_decref(source);
}

static void
test_digest_is_the_hash_of_the_canonical_form(void **state)
{
    /* Written out by hand by RFC 8785: keys in order, no titles, no lines, no spaces. */
    static const char canonical[] =
        "{\"functions\":{\"1\":{\"constants\":null,\"source\":\"return 1\"}},"
        "\"model\":{\"functions\":{\"1\":{\"uses\":[]}},\"key\":\"TT\",\"name\":\"t\","
        "\"states\":[{\"kind\":\"state\",\"name\":\"a\"}],\"version\":1}}";
    json_t *model = quoted("{'version':1,'name':'t','key':'TT','title':{'en':'T'},'states':["
                           "{'name':'a','kind':'state','title':'A','client_title':'B','line':3}],"
                           "'functions':{'1':{'line':9,'uses':[]}}}");
    json_t *source = quoted("{'1':{'source':'return 1','constants':null}}");
    struct sgn_error err = { 0 };
    char expected[65], got[65];

    (void)state;
    sgn_hash(SGN_HASH_RULES, NULL, canonical, strlen(canonical), expected);
    assert_int_equal(model_digest(model, source, got, &err), SGN_OK);
    assert_string_equal(got, expected);
    json_decref(model);
    json_decref(source);
}

#define DIGEST_STATE(members) "{'states':[{'name':'a','kind':'state'," members "}]}"

static void
test_digest_ignores_words_for_readers(void **state)
{
    static const char *const same[][2] = {
        { "{'title':'A','help':'x'}", "{'title':'B'}" },
        { DIGEST_STATE("'title':'A','line':3"), DIGEST_STATE("'client_title':'B','help':'c'") },
        { DIGEST_STATE("'transitions':[{'on':['e'],'title':'A','line':1}]"),
          DIGEST_STATE("'transitions':[{'on':['e'],'line':2}]") },
        { DIGEST_STATE("'tasks':[{'name':'k','by':'pm','title':'A'}]"),
          DIGEST_STATE("'tasks':[{'name':'k','by':'pm'}]") },
        { DIGEST_STATE("'states':[{'name':'b','kind':'state','title':'A'}]"),
          DIGEST_STATE("'states':[{'name':'b','kind':'state'}]") },
        { "{'functions':{'3':{'line':1}}}", "{'functions':{'3':{'line':2}}}" },
        { "{'outcomes':{'end':'The end'}}", "{}" },
        { "{'retention':[{'after':'1 year','erase':'all'}]}", "{}" },
        { "{'fields':[{'name':'f','type':'choice','choices':['a'],'titles':{'a':'A'}}]}",
          "{'fields':[{'name':'f','type':'choice','choices':['a']}]}" },
        { "{'fields':[{'name':'f','of':{'fields':[{'name':'g','titles':{'a':'A'}}]}}]}",
          "{'fields':[{'name':'f','of':{'fields':[{'name':'g'}]}}]}" },
        { DIGEST_STATE("'deadlines':[{'title':'A','line':1,'rungs':[{'line':2}]}],"
                       "'approval':{'line':3,'rule':{'line':4,'rules':[{'line':5}]}}"),
          DIGEST_STATE("'deadlines':[{'rungs':[{}]}],'approval':{'rule':{'rules':[{}]}}") },
    };
    char one[65], two[65];

    (void)state;
    for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
        digest_of(same[i][0], "{}", one);
        digest_of(same[i][1], "{}", two);
        assert_string_equal(one, two);
    }
}

static void
test_digest_changes_with_what_it_does(void **state)
{
    static const char *const different[][2] = {
        { "{'version':1}", "{'version':2}" },
        { DIGEST_STATE("'transitions':[{'on':['e']}]"),
          DIGEST_STATE("'transitions':[{'on':['f']}]") },
        { DIGEST_STATE("'approval':{'outcomes':['approved'],'rule':{}}"),
          DIGEST_STATE("'approval':{'outcomes':['approved','deferred'],'rule':{}}") },
        /* A field may be called "title": what an action does to it counts. */
        { DIGEST_STATE("'enter':[{'set':{'title':{'value':'A'}}}]"),
          DIGEST_STATE("'enter':[{'set':{'title':{'value':'B'}}}]") },
        { DIGEST_STATE("'enter':[{'emit':'x','data':{'line':1}}]"),
          DIGEST_STATE("'enter':[{'emit':'x','data':{'line':2}}]") },
        { "{'aliases':{'help':'opener'}}", "{'aliases':{'help':'owner'}}" },
    };
    char one[65], two[65];

    (void)state;
    for (size_t i = 0; i < sizeof(different) / sizeof(*different); i++) {
        digest_of(different[i][0], "{}", one);
        digest_of(different[i][1], "{}", two);
        assert_string_not_equal(one, two);
    }
    digest_of("{}", "{'3':{'source':'a'}}", one);
    digest_of("{}", "{'3':{'source':'b'}}", two);
    assert_string_not_equal(one, two);
}

static void
test_digest_stands_in_the_model(void **state)
{
    struct model *m = parsed("{}");
    char expected[65];

    (void)state;
    digest_of("{}", "{'3':{'source':'return true'}}", expected);
    assert_string_equal(m->digest, expected);
    model_free(m);
}

static void
test_team_is_parsed_with_its_defaults(void **state)
{
    json_t *json = quoted("{'name':'delivery'}");
    struct sgn_error err = { 0 };
    struct model_team *team = NULL;

    (void)state;
    assert_int_equal(model_team_parse(json, &team, &err), SGN_OK);
    json_decref(json);
    assert_string_equal(team->name, "delivery");
    assert_string_equal(team->language, "en");
    assert_string_equal(team->currency, "EUR");
    assert_string_equal(calendar_zone_name(team->zone), "UTC");
    assert_int_equal(json_object_size(team->calendars), 0);
    assert_int_equal(json_array_size(team->use), 0);
    model_team_free(team);
    model_team_free(NULL);
}

static void
test_team_takes_everything_of_its_form(void **state)
{
    json_t *json = quoted(
        "{'name':'delivery','title':'Delivery','timezone':'Asia/Shanghai','language':'zh',"
        "'currency':'CNY','calendars':{'office':{'hours':{},'holidays':['cn.ics']},"
        "'berlin':{'timezone':'Europe/Berlin','hours':{}}},'channels':{'wecom':{'kind':'wecom'}},"
        "'use':[{'workflow':'issue','group':'support'}],"
        "'schedules':[{'name':'weekly','every':'friday 16:00','missed':'all',"
        "'starts':[{'start':'progress_report','for_each':'open project'}]}]}");
    struct sgn_error err = { 0 };
    struct model_team *team = NULL;

    (void)state;
    assert_int_equal(model_team_parse(json, &team, &err), SGN_OK);
    assert_string_equal(calendar_zone_name(team->zone), "Asia/Shanghai");
    assert_int_equal(json_object_size(team->calendars), 2);
    model_team_free(team);
    json_decref(json);
}

static void
refused_at(const char *text, const char *pointer)
{
    json_t *json = quoted(text);
    struct sgn_error err = { 0 };
    struct model_team *team = NULL;

    assert_int_equal(model_team_parse(json, &team, &err), SGN_INVALID);
    assert_null(team);
    assert_string_equal(sgn_json_str(err.data, "pointer"), pointer);
    sgn_error_clear(&err);
    json_decref(json);
}

static void
test_team_refuses_limits_that_are_none(void **state)
{
    (void)state;
    refused_at("{'name':'d','health':{'green':[]}}", "/health/green");
    refused_at("{'name':'d','health':{'red':[{'figure':'overdue'}]}}", "/health/red/0");
    refused_at("{'name':'d','health':{'red':[{'figure':'overdu','above':'1'}]}}",
               "/health/red/0/figure");
    refused_at("{'name':'d','health':{'red':[{'figure':'overdue','above':'1,5'}]}}",
               "/health/red/0");
    refused_at("{'name':'d','health':{'yellow':[{'figure':'overdue','above':'1','below':'2'}]}}",
               "/health/yellow/0");
}

static void
test_team_refuses_each_mistake_at_its_place(void **state)
{
    static const char *const rows[][2] = {
        { "{}", "" },
        { "[]", "" },
        { "{'name':'De livery'}", "/name" },
        { "{'name':'d','timezon':'UTC'}", "/timezon" },
        { "{'name':'d','timezone':'Mars/Base'}", "/timezone" },
        { "{'name':'d','language':'english'}", "/language" },
        { "{'name':'d','currency':'eur'}", "/currency" },
        { "{'name':'d','calendars':{'x':{}}}", "/calendars/x" },
        { "{'name':'d','calendars':{'x':{'hours':{},'timezone':'No/Where'}}}",
          "/calendars/x/timezone" },
        { "{'name':'d','channels':{'x':{}}}", "/channels/x" },
        { "{'name':'d','use':['issue']}", "/use/0" },
        { "{'name':'d','use':[{'workflow':'a'},{'workflow':'a'}]}", "/use/1" },
        { "{'name':'d','use':[{'workflow':'a','group':'A'}]}", "/use/0/group" },
        { "{'name':'d','schedules':[{'every':'friday 16:00'}]}", "/schedules/0" },
        { "{'name':'d','schedules':[{'name':'x','every':'friday 4pm',"
          "'starts':[{'start':'a'}]}]}",
          "/schedules/0/every" },
        { "{'name':'d','schedules':[{'name':'x','every':'friday 16:00','starts':[]}]}",
          "/schedules/0/starts" },
        { "{'name':'d','schedules':[{'name':'x','every':'friday 16:00','missed':'some',"
          "'starts':[{'start':'a'}]}]}",
          "/schedules/0/missed" },
        { "{'name':'d','schedules':[{'name':'x','every':'friday 16:00',"
          "'starts':[{'start':'a','for_each':'project'}]}]}",
          "/schedules/0/starts/0/for_each" },
        { "{'name':'d','schedules':[{'name':'x','every':'friday 16:00','starts':[{'start':'a'}]},"
          "{'name':'x','every':'friday 17:00','starts':[{'start':'a'}]}]}",
          "/schedules/1" },
        { "{'name':'d','source':'s','hooks':[{'name':'x'}]}", "/hooks/0" },
        { "{'name':'d','hooks':[{'name':'x','scheme':'github','by':'li','does':1}]}", "/hooks" },
        { "{'name':'d','source':'s','hooks':[{'name':'X','scheme':'github','by':'li','does':1}]}",
          "/hooks/0" },
        { "{'name':'d','source':'s','hooks':[{'name':'x','scheme':'none','by':'li','does':1}]}",
          "/hooks/0/scheme" },
        { "{'name':'d','source':'s','hooks':[{'name':'x','scheme':'github','by':'Li','does':1}]}",
          "/hooks/0/by" },
        { "{'name':'d','source':'s','hooks':[{'name':'x','scheme':'github','by':'li','does':0}]}",
          "/hooks/0" },
        { "{'name':'d','source':'s','hooks':[{'name':'x','scheme':'github','by':'li','does':1},"
          "{'name':'x','scheme':'bearer','by':'li','does':2}]}",
          "/hooks/1" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        refused_at(rows[i][0], rows[i][1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digest_is_the_hash_of_the_canonical_form),
        cmocka_unit_test(test_digest_ignores_words_for_readers),
        cmocka_unit_test(test_digest_changes_with_what_it_does),
        cmocka_unit_test(test_digest_stands_in_the_model),
        cmocka_unit_test(test_team_is_parsed_with_its_defaults),
        cmocka_unit_test(test_team_takes_everything_of_its_form),
        cmocka_unit_test(test_team_refuses_limits_that_are_none),
        cmocka_unit_test(test_team_refuses_each_mistake_at_its_place),
    };

    return cmocka_run_group_tests_name("model/digest and team", tests, NULL, NULL);
}
