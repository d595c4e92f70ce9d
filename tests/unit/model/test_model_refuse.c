/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a stranger's model may not say: each mistake is refused at its place, with what would
 * be right. A row is a change to a model that is good without it.
 */
#include "model_fixture.h"

struct refusal {
    const char *members;
    const char *pointer;
    const char *words; /* somewhere in the message */
};

/* A state "a" with these members, a state "b", and what stands behind it. */
#define STATE(members)                                                                             \
    "{'states':[{'name':'a','kind':'state'," members "},{'name':'b','kind':'state'}]}"
#define ON(members)    STATE("'transitions':[{'on':['e']," members "}]")
#define WHEN(cond)     ON("'when':" cond)
#define RUN(action)    ON("'run':[" action "]")
#define RULE(members)  STATE("'approval':{'outcomes':['approved'],'rule':{" members "}}")
#define RUNG(members)  STATE("'deadlines':[{'name':'d','duration':'1 day','rungs':[{" members "}]}]")
#define FIELD(members) "{'fields':[{'name':'f','shared':true," members "}]}"
#define PARALLEL(members, behind)                                                                  \
    "{'states':[{'name':'p','kind':'parallel','states':[{'name':'r1','kind':'state','states':["    \
    "{'name':'a1','kind':'state'},{'name':'b1','kind':'state'}]},"                                 \
    "{'name':'r2','kind':'state','states':[{'name':'a2','kind':'state'}]}]},"                      \
    "{'name':'x','kind':'state'," members "}" behind "]}"

/* clang-format off */
static const struct refusal refusals[] = {
    /* the top */
    { "{'nmae':'t'}", "/nmae", "did you mean \"name\"" },
    { "{'name':'T'}", "/name", "small letter" },
    { "{'key':'t1'}", "/key", "capitals" },
    { "{'key':'T'}", "/key", "two to eight" },
    { "{'version':0}", "/version", "from 1" },
    { "{'version':'1'}", "/version", "whole number" },
    { "{'client':'all'}", "/client", "none own project" },
    { "{'title':{'en':1}}", "/title/en", "text" },
    { "{'states':{}}", "/states", "array" },
    { "{'states':[]}", "", "needs a state" },
    { "{'outcomes':{'end':'The end'}}", "/outcomes/end", "unknown outcome" },
    { "{'outcomes':{'approved':'Yes'}}", "/outcomes/approved", "unknown outcome" },
    { "{'outcomes':['end']}", "/outcomes", "object" },
    { "{'states':[{'name':'end','kind':'final'}],'outcomes':{'end':3}}", "/outcomes/end", "text" },
    { "{'functions':{'x':{}}}", "/functions/x", "numbered" },
    { "{'functions':{'4':{}}}", "/functions/4", "source of function 4" },
    { "{'open':{'by':'boss'}}", "/open/by", "unknown role" },
    { "{'open':{'takes':['cots']}}", "/open/takes/0", "did you mean \"cost\"" },
    { "{'roles':['pm','pm']}", "/roles/1", "twice" },
    { "{'roles':['owner']}", "/roles/0", "built in" },
    { "{'aliases':{'pm':'opener'}}", "/aliases/pm", "role already" },
    { "{'aliases':{'boss':'pm'}}", "/aliases/boss", "unknown built-in role" },
    /* fields */
    { FIELD("'type':'tex'"), "/fields/0/type", "did you mean \"text\"" },
    { FIELD("'type':'text','choices':['a']"), "/fields/0/choices", "has no \"choices\"" },
    { FIELD("'type':'text','titles':{}"), "/fields/0/titles", "has no \"titles\"" },
    { FIELD("'type':'choice','choices':['low'],'titles':{'lwo':'x'}"), "/fields/0/titles/lwo",
      "did you mean \"low\"" },
    { FIELD("'type':'choice','choices':['low'],'titles':{'low':{'en':1}}"), "/fields/0/titles/low/en",
      "text" },
    { FIELD("'type':'choice','choices':['low'],'titles':'low'"), "/fields/0/titles", "object" },
    { FIELD("'type':'choice'"), "/fields/0", "needs \"choices\"" },
    { FIELD("'type':'number','places':7"), "/fields/0/places", "places" },
    { FIELD("'type':'number','min':5,'max':4"), "/fields/0", "above" },
    { FIELD("'type':'number','min':1.5"), "/fields/0/min", "fraction" },
    { FIELD("'type':'number','default':'x'"), "/fields/0/default", "whole number" },
    { FIELD("'type':'choice','choices':['a'],'default':'b'"), "/fields/0/default", "one of" },
    { FIELD("'type':'money','currency':'eur'"), "/fields/0/currency", "three capitals" },
    { FIELD("'type':'list'"), "/fields/0", "needs \"of\"" },
    { FIELD("'type':'record','fields':[]"), "/fields/0", "needs \"fields\"" },
    { FIELD("'type':'list','indexed':true,'of':{'type':'text'}"), "/fields/0/indexed", "has no" },
    { FIELD("'type':'list','of':{'type':'text','shared':false}"), "/fields/0/of", "shared as" },
    { "{'fields':[{'name':'f','type':'text'}]}", "/fields/0", "needs \"shared\"" },
    { "{'fields':[{'name':'owner','type':'text','shared':true}]}", "/fields/0/name", "every case" },
    { "{'fields':[{'name':'a.b','type':'text','shared':true}]}", "/fields/0/name", "no name" },
    { "{'fields':[{'name':'f','type':'flag','shared':true},{'name':'f','type':'flag','shared':true}]}",
      "/fields/1/name", "twice" },
    /* states */
    { STATE("'colour':1"), "/states/0/colour", "unknown member of a state" },
    { "{'states':[{'name':'a','kind':'stat'}]}", "/states/0/kind", "did you mean \"state\"" },
    { "{'states':[{'kind':'state'}]}", "/states/0", "needs \"name\"" },
    { "{'states':[{'name':'a','kind':'state'},{'name':'a','kind':'state'}]}", "/states/1/name", "already" },
    { STATE("'start':['b']"), "/states/0/start", "no states" },
    { STATE("'start':['b'],'states':[{'name':'c','kind':'state'}]"), "/states/0/start/0", "inside" },
    { STATE("'start':['c','d'],'states':[{'name':'c','kind':'state'},{'name':'d','kind':'state'}]"),
      "/states/0/start/1", "together" },
    { STATE("'start':[],'states':[{'name':'c','kind':'state'}]"), "/states/0/start", "must name" },
    { "{'start':['zz']}", "/start/0", "unknown state" },
    { STATE("'states':[{'name':'h','kind':'history','start':['a']}]"), "/states/0", "needs a state inside" },
    { STATE("'states':[{'name':'c','kind':'state'},{'name':'h','kind':'history'}]"),
      "/states/0/states/1", "needs \"start\"" },
    { STATE("'states':[{'name':'c','kind':'state'},{'name':'h','kind':'history','start':['b']}]"),
      "/states/0/states/1/start/0", "inside" },
    { STATE("'states':[{'name':'c','kind':'state'},{'name':'h','kind':'history','start':['i']},"
            "{'name':'i','kind':'history','start':['h']}]"), "/states/0/states/1/start/0", "history" },
    { "{'states':[{'name':'a','kind':'state'},{'name':'h','kind':'history','start':['a']}]}",
      "/states/1", "never left" },
    { STATE("'deep':true"), "/states/0/deep", "has no \"deep\"" },
    { STATE("'outcome':'x'"), "/states/0/outcome", "has no \"outcome\"" },
    { STATE("'states':[{'name':'f','kind':'final','outcome':'x'}]"), "/states/0/states/0", "at the top" },
    { "{'states':[{'name':'f','kind':'final','owner':'pm'}]}", "/states/0/owner", "a final has no" },
    { "{'states':[{'name':'f','kind':'final','transitions':[]}]}", "/states/0/transitions", "a final has no" },
    { "{'states':[{'name':'p','kind':'parallel'}]}", "/states/0", "needs a state" },
    { "{'states':[{'name':'p','kind':'parallel','states':[{'name':'f','kind':'final'}]}]}",
      "/states/0/states/0", "region" },
    { "{'states':[{'name':'p','kind':'parallel','start':['r'],'states':[{'name':'r','kind':'state'}]}]}",
      "/states/0/start", "has no \"start\"" },
    { STATE("'edit':[{'who':'pm','fields':['zz']}]"), "/states/0/edit/0/fields/0", "unknown field" },
    { STATE("'edit':[{'who':'pm','fields':'some'}]"), "/states/0/edit/0/fields", "\"all\"" },
    { STATE("'waiting_for':'boss'"), "/states/0/waiting_for", "unknown role" },
    { STATE("'owner':{'group':'CCB'}"), "/states/0/owner/group", "no key" },
    { STATE("'owner':{'decided_by':'b'}"), "/states/0/owner/decided_by", "no approval" },
    { STATE("'owner':{'call':4}"), "/states/0/owner/call", "no function 4" },
    { STATE("'owner':[]"), "/states/0/owner", "not empty" },
    { STATE("'owner':{}"), "/states/0/owner", "one member" },
    { STATE("'owner':'requestor'"), "/states/0/owner", "unknown role" },
    /* transitions */
    { ON("'too':['b']"), "/states/0/transitions/0/too", "did you mean \"to\"" },
    { ON("'to':['bb']"), "/states/0/transitions/0/to/0", "unknown state" },
    { ON("'to':[]"), "/states/0/transitions/0/to", "stay" },
    { ON("'to':['a','b']"), "/states/0/transitions/0/to/1", "together" },
    { ON("'internal':true"), "/states/0/transitions/0/internal", "without \"to\"" },
    { ON("'kind':'alway'"), "/states/0/transitions/0/kind", "did you mean \"always\"" },
    { ON("'kind':'always'"), "/states/0/transitions/0/on", "has no \"on\"" },
    { ON("'needs':['zz']"), "/states/0/transitions/0/needs/0", "unknown field" },
    { ON("'takes':['cost','cost']"), "/states/0/transitions/0/takes/1", "twice" },
    { STATE("'transitions':[{'on':[]}]"), "/states/0/transitions/0/on", "event" },
    { STATE("'transitions':[{'on':['a b']}]"), "/states/0/transitions/0/on/0", "no event" },
    { STATE("'transitions':[{'on':['a..b']}]"), "/states/0/transitions/0/on/0", "no event" },
    { STATE("'transitions':[{'on':['after.a.1']}]"), "/states/0/transitions/0/on/0", "only" },
    { STATE("'transitions':[{'to':['b']}]"), "/states/0/transitions/0", "needs \"on\"" },
    { STATE("'transitions':[{'kind':'after'}]"), "/states/0/transitions/0", "needs \"after\"" },
    { STATE("'transitions':[{'kind':'after','after':'3 moons'}]"), "/states/0/transitions/0/after", "" },
    { STATE("'transitions':[{'kind':'always','by':'pm'}]"), "/states/0/transitions/0/by", "has no \"by\"" },
    { STATE("'transitions':[{'kind':'done'}]"), "/states/0/transitions/0", "cannot be done" },
    { STATE("'transitions':[{'kind':'tasks'}]"), "/states/0/transitions/0", "no tasks" },
    { STATE("'transitions':[{'kind':'approval','outcome':'approved'}]"), "/states/0/transitions/0", "no approval" },
    { STATE("'approval':{'outcomes':['approved'],'rule':{'kind':'veto','who':'pm'}},"
            "'transitions':[{'kind':'approval','outcome':'deferred'}]"),
      "/states/0/transitions/0/outcome", "no outcome" },
    { STATE("'transitions':[{'kind':'go','deadline':'d','rung':1}]"), "/states/0/transitions/0/deadline", "no deadline" },
    { PARALLEL("'transitions':[{'on':['e'],'to':['a1','b1']}]", ""), "/states/1/transitions/0/to/1", "together" },
    { PARALLEL("'transitions':[{'on':['e'],'to':['r1','a1']}]", ""), "/states/1/transitions/0/to/1", "together" },
    { PARALLEL("'transitions':[{'on':['e'],'to':['a1','x']}]", ""), "/states/1/transitions/0/to/1", "together" },
    { PARALLEL("'transitions':[{'on':['e'],'to':['p','a2']}]", ""), "/states/1/transitions/0/to/1", "together" },
    /* conditions */
    { WHEN("{'al':[]}"), "/states/0/transitions/0/when/al", "unknown condition" },
    { WHEN("{}"), "/states/0/transitions/0/when", "object" },
    { WHEN("{'in':['b'],'call':3}"), "/states/0/transitions/0/when", "one thing" },
    { WHEN("{'in':[]}"), "/states/0/transitions/0/when/in", "name a state" },
    { WHEN("{'field':'cots','above':1}"), "/states/0/transitions/0/when/field", "did you mean \"cost\"" },
    { WHEN("{'field':'cost'}"), "/states/0/transitions/0/when", "one of" },
    { WHEN("{'field':'cost','over':1}"), "/states/0/transitions/0/when/over", "unknown comparison" },
    { WHEN("{'field':'cost','above':'much'}"), "/states/0/transitions/0/when/above", "decimal" },
    { WHEN("{'field':'class','above':'urgent'}"), "/states/0/transitions/0/when/above", "no order" },
    { WHEN("{'field':'class','is':'urgnt'}"), "/states/0/transitions/0/when/is", "did you mean \"urgent\"" },
    { WHEN("{'field':'class','one_in':['standard','x']}"), "/states/0/transitions/0/when/one_in/1", "one of" },
    { WHEN("{'field':'files','is':'x'}"), "/states/0/transitions/0/when/is", "filled" },
    { WHEN("{'field':'cost','filled':1}"), "/states/0/transitions/0/when/filled", "true or false" },
    { WHEN("{'field':'priority','is':'hot'}"), "/states/0/transitions/0/when/is", "unknown priority" },
    { WHEN("{'field':'priority','above':'low'}"), "/states/0/transitions/0/when/above", "no order" },
    { WHEN("{'tasks_done':false}"), "/states/0/transitions/0/when/tasks_done", "true" },
    /* actions */
    { RUN("{'emti':'x'}"), "/states/0/transitions/0/run/0", "did you mean \"emit\"" },
    { RUN("{}"), "/states/0/transitions/0/run/0", "what to do" },
    { RUN("{'emit':'done.state.a'}"), "/states/0/transitions/0/run/0/emit", "only the engine" },
    { RUN("{'emit':'x','when':1}"), "/states/0/transitions/0/run/0/when", "unknown member" },
    { RUN("{'send':'x','after':'1 day'}"), "/states/0/transitions/0/run/0", "only a function" },
    { RUN("{'go':true}"), "/states/0/transitions/0/run/0", "in rungs only" },
    { RUN("{'set':{'zz':{'now':true}}}"), "/states/0/transitions/0/run/0/set/zz", "unknown field" },
    { RUN("{'set':{'note':{'plus':1}}}"), "/states/0/transitions/0/run/0/set/note/plus", "no number" },
    { RUN("{'set':{'note':{'now':true}}}"), "/states/0/transitions/0/run/0/set/note/now", "no date" },
    { RUN("{'set':{'note':{'value':1}}}"), "/states/0/transitions/0/run/0/set/note/value", "text" },
    { RUN("{'set':{'note':{'valeu':'x'}}}"), "/states/0/transitions/0/run/0/set/note/valeu", "did you mean \"value\"" },
    { RUN("{'priority':'hihg'}"), "/states/0/transitions/0/run/0/priority", "did you mean \"high\"" },
    { RUN("{'remind':'boss'}"), "/states/0/transitions/0/run/0/remind", "unknown role" },
    /* approvals and tasks */
    { RULE("'kind':'one_of','who':'pm'"), "/states/0/approval/rule/kind", "unknown kind of rule" },
    { RULE("'kind':'at_least','who':'pm'"), "/states/0/approval/rule", "needs \"n\"" },
    { RULE("'kind':'at_least','n':0,'who':'pm'"), "/states/0/approval/rule/n", "from 1" },
    { RULE("'kind':'percent','p':101,'who':'pm'"), "/states/0/approval/rule/p", "100" },
    { RULE("'kind':'veto','n':1,'who':'pm'"), "/states/0/approval/rule/n", "has no \"n\"" },
    { RULE("'kind':'all_of','rules':[]"), "/states/0/approval/rule/rules", "hold a rule" },
    { RULE("'kind':'all_of','rules':[{'kind':'veto'}]"), "/states/0/approval/rule/rules/0", "needs \"who\"" },
    { RULE("'kind':'veto','who':'pm','nobody':'boss'"), "/states/0/approval/rule/nobody", "unknown role" },
    { RULE("'kind':'weighted','n':2,'weights':[{'who':'pm','weight':0}]"),
      "/states/0/approval/rule/weights/0/weight", "from 1" },
    { STATE("'approval':{'outcomes':['aproved'],'rule':{'kind':'veto','who':'pm'}}"),
      "/states/0/approval/outcomes/0", "did you mean \"approved\"" },
    { STATE("'approval':{'outcomes':['approved'],'may_defer':'pm','rule':{'kind':'veto','who':'pm'}}"),
      "/states/0/approval/may_defer", "no outcome" },
    { RULE("'kind':'all_of','rules':[{'kind':'veto','who':['pm','pending']}]"), "/states/0/approval/rule", "pending" },
    { STATE("'approval':{'outcomes':['approved'],'exclude':['pending'],'rule':{'kind':'veto','who':'pm'}}"),
      "/states/0/approval/exclude", "pending" },
    { STATE("'approval':{'outcomes':['approved'],'distinct':true,'rule':{'kind':'any_of','rules':["
            "{'kind':'weighted','n':2,'weights':[{'who':'pm','weight':2}]},"
            "{'kind':'weighted','n':2,'weights':[{'who':'pm','weight':2}]}]}}"),
      "/states/0/approval/rule", "one rule may be weighted" },
    { STATE("'tasks':[{'name':'x','by':'pm','when':{'any':[{'tasks_done':true}]}}]"), "/states/0/tasks/0/when", "depend" },
    { STATE("'tasks':[{'name':'x','by':'pm'},{'name':'x','by':'pm'}]"), "/states/0/tasks/1", "twice" },
    { STATE("'transitions':[{'on':['e'],'by':'pm','note':{'secret':true}}]"),
      "/states/0/transitions/0/note/secret", "secret" },
    { STATE("'transitions':[{'on':['e'],'by':'pm','note':'required'}]"),
      "/states/0/transitions/0/note", "object" },
    { STATE("'tasks':[{'name':'x','by':'pm','proof':'word'}]"), "/states/0/tasks/0/proof", "file" },
    /* deadlines */
    { "{'fields':[{'name':'f','shared':true,'type':'text'}],'states':[{'name':'a','kind':'state',"
      "'enter':[{'set':{'f':{'open_cases':['issue']}}}]}]}",
      "/states/0/enter/0/set/f/open_cases", "no whole number" },
    { "{'fields':[{'name':'f','shared':true,'type':'text'}],'states':[{'name':'a','kind':'state',"
      "'enter':[{'set':{'f':{'last_contact':'f'}}}]}]}",
      "/states/0/enter/0/set/f/last_contact", "no time" },
    { "{'fields':[{'name':'f','shared':true,'type':'time'}],'states':[{'name':'a','kind':'state',"
      "'enter':[{'set':{'f':{'last_contact':'f'}}}]}]}",
      "/states/0/enter/0/set/f/last_contact", "no channel" },
    { STATE("'deadlines':[{'name':'d','rungs':[]}]"), "/states/0/deadlines/0/duration", "or due" },
    { "{'fields':[{'name':'f','shared':true,'type':'text'}],'states':[{'name':'a','kind':'state',"
      "'deadlines':[{'name':'d','due':'f','rungs':[]}]}]}",
      "/states/0/deadlines/0/due", "date or time" },
    { "{'fields':[{'name':'f','shared':true,'type':'date'}],'states':[{'name':'a','kind':'state',"
      "'deadlines':[{'name':'d','due':'f','pause':['a'],'rungs':[]}]}]}",
      "/states/0/deadlines/0/due", "no place" },
    { RUNG("'at':0,'actions':[]"), "/states/0/deadlines/0/rungs/0/at", "1 to 99" },
    { RUNG("'at':100,'actions':[]"), "/states/0/deadlines/0/rungs/0/at", "late" },
    { RUNG("'at':5,'late':'0','actions':[]"), "/states/0/deadlines/0/rungs/0", "one of" },
    { RUNG("'at':5,'most':2,'actions':[]"), "/states/0/deadlines/0/rungs/0/most", "again" },
    { RUNG("'again':'0','actions':[]"), "/states/0/deadlines/0/rungs/0/again", "pause" },
    { RUNG("'late':'0','actions':[{'emit':'x'}]"), "/states/0/deadlines/0/rungs/0/actions/0", "run, enter" },
    { RUNG("'late':'0','actions':[{'decide':'approved'}]"),
      "/states/0/deadlines/0/rungs/0/actions/0/decide", "no approval" },
    { RUNG("'late':'0','actions':[{'go':true}]"), "/states/0", "says where to" },
    { STATE("'deadlines':[{'name':'d','duration':'1 day','from':'note','rungs':[]}]"),
      "/states/0/deadlines/0/from", "type time" },
    { STATE("'deadlines':[{'name':'d','duration':'1 day','pause':['zz'],'rungs':[]}]"),
      "/states/0/deadlines/0/pause/0", "unknown state" },
    { STATE("'deadlines':[{'name':'d','duration':{'per':'class','values':{'x':'1 day'}},'rungs':[]}]"),
      "/states/0/deadlines/0/duration/values/x", "no choice" },
    { STATE("'deadlines':[{'name':'d','duration':'1 day','rungs':[]},{'name':'d','duration':'1 day','rungs':[]}]"),
      "/states/0/deadlines/1/name", "already" },
    /* retention */
    { "{'retention':[{'after':'3 hours','erase':'all'}]}", "/retention/0/after", "whole days" },
    { "{'retention':[{'after':'1 year'}]}", "/retention/0", "erase" },
    { "{'retention':[{'after':'1 year','erase':[]}]}", "/retention/0/erase", "nothing" },
    { "{'retention':[{'after':'1 year','erase':'internl'}]}", "/retention/0/erase", "did you mean \"internal\"" },
    { "{'retention':[{'after':'1 year','erase':['nope']}]}", "/retention/0/erase/0", "unknown field" },
    { "{'retention':[{'after':'1 year','erase':'all','keep':1}]}", "/retention/0/keep", "unknown member" },
    { "{'retention':[{'after':'1 year','erase':'all'},{'after':'12 months','erase':'internal'}]}",
      "/retention/1/after", "another rule" },
};
/* clang-format on */

static void
test_model_refuses_each_mistake_at_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
        const struct refusal *row = &refusals[i];
        struct sgn_error err = { 0 };
        struct model *model = NULL;
        const char *pointer;

        if (parse_with(row->members, &model, &err) != SGN_INVALID)
            fail_msg("row %zu was not refused: %s", i, row->members);
        assert_null(model);
        pointer = sgn_json_str(err.data, "pointer");
        if (pointer == NULL || strcmp(pointer, row->pointer) != 0)
            fail_msg("row %zu: %s stands at %s, not at %s", i, err.message, pointer, row->pointer);
        if (strstr(err.message, row->words) == NULL)
            fail_msg("row %zu: \"%s\" does not say %s", i, err.message, row->words);
        sgn_error_clear(&err);
    }
}

static void
test_model_refuses_without_an_error_to_fill(void **state)
{
    struct model *model = NULL;

    (void)state;
    assert_int_equal(parse_with("{'key':'x'}", &model, NULL), SGN_INVALID);
    assert_null(model);
}

static void
test_model_pointer_escapes_names(void **state)
{
    struct sgn_error err = { 0 };
    struct model *model = NULL;

    (void)state;
    assert_int_equal(parse_with("{'a/b~c':1}", &model, &err), SGN_INVALID);
    assert_string_equal(sgn_json_str(err.data, "pointer"), "/a~1b~0c");
    sgn_error_clear(&err);
}

static void
test_model_refuses_what_is_no_object(void **state)
{
    static const char *const texts[] = { "[]", "null", "7", "'x'" };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        json_t *json = quoted(texts[i]);
        struct sgn_error err = { 0 };
        struct model *model = NULL;

        assert_int_equal(model_parse(json, NULL, &model, &err), SGN_INVALID);
        assert_string_equal(sgn_json_str(err.data, "pointer"), "");
        sgn_error_clear(&err);
        json_decref(json);
    }
}

static void
test_model_refuses_what_is_nested_without_end(void **state)
{
    json_t *inner = json_pack("{s:[s]}", "in", "a");
    struct sgn_error err = { 0 };
    struct model *model = NULL;
    json_t *json;

    (void)state;
    for (int i = 0; i < 10000; i++)
        inner = json_pack("{s:o}", "not", inner);
    json = model_with("{}");
    json_object_set_new(json, "transitions", json_pack("[{s:[s], s:o}]", "on", "e", "when", inner));
    assert_int_equal(model_parse(json, NULL, &model, &err), SGN_INVALID);
    assert_non_null(strstr(err.message, "64"));
    sgn_error_clear(&err);
    json_decref(json);
}

static void
test_model_refuses_more_states_than_a_configuration_holds(void **state)
{
    struct sgn_error err = { 0 };
    struct model *model = NULL;

    (void)state;
    for (int n = MODEL_STATES_MAX - 1; n <= MODEL_STATES_MAX; n++) {
        json_t *json = json_pack("{s:s, s:s, s:i}", "name", "t", "key", "TT", "version", 1);
        json_t *states = json_array();
        char name[16];

        for (int i = 0; i < n; i++) {
            (void)snprintf(name, sizeof(name), "s%d", i);
            json_array_append_new(states, json_pack("{s:s, s:s}", "name", name, "kind", "state"));
        }
        json_object_set_new(json, "states", states);
        if (n == MODEL_STATES_MAX) {
            assert_int_equal(model_parse(json, NULL, &model, &err), SGN_INVALID);
            assert_string_equal(sgn_json_str(err.data, "pointer"), "/states/1023");
            sgn_error_clear(&err);
        } else {
            assert_int_equal(model_parse(json, NULL, &model, &err), SGN_OK);
            model_free(model);
        }
        json_decref(json);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_model_refuses_each_mistake_at_its_place),
        cmocka_unit_test(test_model_refuses_without_an_error_to_fill),
        cmocka_unit_test(test_model_pointer_escapes_names),
        cmocka_unit_test(test_model_refuses_what_is_no_object),
        cmocka_unit_test(test_model_refuses_what_is_nested_without_end),
        cmocka_unit_test(test_model_refuses_more_states_than_a_configuration_holds),
    };

    return cmocka_run_group_tests_name("model/refusals", tests, NULL, NULL);
}
