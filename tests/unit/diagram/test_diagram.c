/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drawings of small models: each state, transition, approval and deadline once; the way of a
 * case; what a client is shown; texts that would break out of their place.
 */
#include "../model/model_fixture.h"

#include "diagram.h"

static const char office[] =
    "{'title':{'en':'Visit','zh':'来访'},'outcomes':{'seen':{'en':'Was here','zh':'已来访'}},"
    "'start':['work'],'states':["
    "{'name':'work','kind':'state','title':{'en':'At "
    "work','zh':'进行中'},'start':['ask'],'states':["
    "{'name':'ask','kind':'state','owner':'pm','title':{'en':'Asking','zh':'询问'},"
    "'client_title':{'en':'We ask','zh':'我方询问'},"
    "'transitions':[{'on':['go'],'by':'pm','to':['judge'],'title':{'en':'Go ahead','zh':'继续'},"
    "'when':{'field':'cost','above':'10'}},{'on':['note'],'by':'pm'}]},"
    "{'name':'judge','kind':'state','approval':{'outcomes':['approved','rejected'],'rule':{"
    "'kind':'all_of','rules':[{'kind':'at_least','n':1,'who':'pm','nobody':'reject'},"
    "{'kind':'at_least','n':2,'who':'client','nobody':'reject'}]}},"
    "'deadlines':[{'name':'answer','duration':'2 "
    "days','rungs':[{'at':50,'actions':[{'remind':'pending'"
    "}]},{'late':'0','actions':[{'decide':'approved'}]}]}],"
    "'transitions':[{'kind':'approval','outcome':'approved','to':['end']},"
    "{'kind':'approval','outcome':'rejected','to':['work']}]},"
    "{'name':'was','kind':'history','start':['ask']}],"
    "'transitions':[{'kind':'after','after':'30 days','to':['gone']},"
    "{'on':['again'],'by':'pm','to':['judge']}]},"
    "{'name':'hold','kind':'state','transitions':[{'on':['back'],'by':'pm','to':['was']}]},"
    "{'name':'end','kind':'final','outcome':'seen'},{'name':'gone','kind':'final'}],"
    "'transitions':[{'on':['stop'],'by':'pm','to':['hold']}]}";

static int
count(const char *text, const char *what)
{
    int n = 0;

    for (; (text = strstr(text, what)) != NULL; text += strlen(what))
        n++;
    return n;
}

static char *
drawn(const struct model *model, enum diagram_format format, const char *language,
      const struct diagram_trace *trace, bool for_client)
{
    struct diagram_options options = { format, language, trace, for_client };
    struct sgn_error err = { 0 };
    char *text = NULL;

    if (diagram_draw(model, &options, &text, &err) != SGN_OK)
        fail_msg("%s", err.message);
    return text;
}

#define ONCE(text, what)                                                                           \
    do {                                                                                           \
        if (count(text, what) != 1)                                                                \
            fail_msg("%d times %s in\n%s", count(text, what), what, text);                         \
    } while (0)

/* States are numbered in document order: work 1, ask 2, judge 3, was 4, hold 5, end 6, gone 7. */
static void
test_diagram_draws_everything_once_in_mermaid(void **state)
{
    struct model *model = parsed(office);
    char *text = drawn(model, DIAGRAM_MERMAID, "en", NULL, false);

    (void)state;
    ONCE(text, "title: \"Visit (TT), version 1\"");
    ONCE(text, "  d0 --> s1\n");
    ONCE(text, "  d1 --> s2\n");
    ONCE(text, "  subgraph s1[\"At work\"]");
    ONCE(text, "    s2(\"<b>Asking</b><br/>owner: pm<br/>↺ note: pm\"):::state");
    ONCE(text, "<br/>must agree: all of these<br/>· one of pm<br/>· at least 2 of client<br/>");
    ONCE(text,
         "answer: within 2 days<br/>· 50#37;: remind those still asked<br/>· when due: decide: "
         "approved");
    ONCE(text, "    s4((\"H\")):::dot");
    ONCE(text, "  s4 --> s2\n");
    ONCE(text, "  s6([\"<b>end</b><br/>ends the case: Was here\"]):::final");
    ONCE(text, "  s2 -->|\"Go ahead<br/>pm [cost #62; 10]\"| s3\n");
    ONCE(text, "  s3 -->|\"approved\"| s6\n");
    ONCE(text, "  s3 -->|\"rejected\"| d1\n"); /* from inside: to where it begins */
    ONCE(text, "  s1 -.->|\"after 30 days\"| s7\n");
    ONCE(text, "  n1 -->|\"again<br/>pm\"| s3\n"); /* from anywhere inside */
    ONCE(text, "  s5 -->|\"back<br/>pm\"| s4\n");
    ONCE(text, "  n0 -->|\"stop<br/>pm\"| s5\n");
    assert_int_equal(count(text, "--> ") + count(text, "-->|") + count(text, "-.->"), 10);
    free(text);
    model_free(model);
}

static void
test_diagram_draws_the_same_in_dot(void **state)
{
    struct model *model = parsed(office);
    char *text = drawn(model, DIAGRAM_DOT, "zh", NULL, false);

    (void)state;
    ONCE(text, "<B>来访 (TT), 第 1 版</B>");
    ONCE(text, "subgraph cluster_s1 {");
    for (const char *const *name = (const char *const[]){ "  s2 [", "  s3 [", "  s4 [", "  s5 [",
                                                          "  s6 [", "  s7 [", "  d1 [", NULL };
         *name != NULL; name++)
        ONCE(text, *name);
    ONCE(text, "须同意：以下全部");
    ONCE(text, "client 至少 2 人");
    ONCE(text, "限 2 天");
    ONCE(text, "到期：裁定：通过");
    ONCE(text, "事项结束：已来访");
    ONCE(text, "30 天后");
    ONCE(text, "ltail=cluster_s1"); /* the whole frame is left after 30 days */
    ONCE(text, "lhead=cluster_s1"); /* and entered at the beginning */
    assert_int_equal(count(text, " -> "), 10);
    free(text);
    model_free(model);
}

static void
note(struct diagram_trace *trace, const char *entry)
{
    json_t *json = quoted(entry);

    diagram_trace_entry(trace, json);
    json_decref(json);
}

static void
walk(struct diagram_trace *trace)
{
    json_t *states = quoted("['hold']");

    note(trace, "{'kind':'open','entered':['work','ask']}");
    note(trace, "{'kind':'fire','event':'go','left':['ask'],'entered':['judge']}");
    note(trace, "{'kind':'deadline','rung':{'deadline':'answer','rung':'50%'}}");
    note(trace,
         "{'kind':'vote','left':['judge','work'],'entered':['work','ask'],'round':[{'approval':"
         "'judge','ended':{'outcome':'rejected'}}]}");
    note(trace, "{'kind':'correct','left':['ask','work'],'entered':['gone']}");
    note(trace,
         "{'kind':'fire','event':'stop','left':['ask','work'],'entered':['hold','nowhere']}");
    diagram_trace_active(trace, states);
    json_decref(states);
}

static void
test_diagram_marks_where_a_case_is_and_the_way_it_came(void **state)
{
    struct model *model = parsed(office);
    struct diagram_trace *trace = diagram_trace_new(model);
    char *text;

    (void)state;
    walk(trace);
    text = drawn(model, DIAGRAM_MERMAID, "en", trace, false);
    ONCE(text, "  s2 ==>|\"Go ahead");
    ONCE(text, "  s3 ==>|\"rejected\"| d1");
    ONCE(text, "  n0 ==>|\"stop");
    ONCE(text, "  s3 -->|\"approved\"| s6");       /* not taken */
    ONCE(text, "  s1 -.->|\"after 30 days\"| s7"); /* a correction is no transition */
    assert_int_equal(count(text, "==>"), 3);
    ONCE(text, "s5(\"<b>hold</b>\"):::active");
    ONCE(text, "ends the case: Was here\"]):::unseen");
    assert_int_equal(count(text, ":::active"), 1);
    free(text);
    diagram_trace_free(trace);
    model_free(model);
}

/* The ends alone would fit a transition; what happened does not. */
static void
test_diagram_takes_no_transition_for_what_did_not_happen(void **state)
{
    struct model *model = parsed(office);
    struct diagram_trace *trace = diagram_trace_new(model);
    char *text;

    (void)state;
    note(trace, "{'kind':'correct','event':'stop','left':['ask','work'],'entered':['hold']}");
    note(trace, "{'kind':'fire','event':'x','left':['ask','work'],'entered':['gone']}");
    note(trace, "{'kind':'vote','left':['judge','work'],'entered':['end'],'round':[{'approval':"
                "'judge','ended':{'outcome':'rejected'}}]}");
    text = drawn(model, DIAGRAM_MERMAID, "en", trace, false);
    assert_int_equal(count(text, "==>"), 0);
    free(text);
    note(trace, "{'kind':'deadline','left':['ask','work'],'entered':['gone']}");
    text = drawn(model, DIAGRAM_MERMAID, "en", trace, false);
    ONCE(text, "  s1 ==>|\"after 30 days\"| s7");
    assert_int_equal(count(text, "==>"), 1);
    free(text);
    diagram_trace_free(trace);
    model_free(model);
}

static void
test_diagram_shows_a_client_the_way_and_no_rules(void **state)
{
    struct model *model = parsed(office);
    struct diagram_trace *trace = diagram_trace_new(model);
    char *text;

    (void)state;
    walk(trace);
    for (int format = 0; format < 2; format++) {
        static const char *const hidden[] = { "owner",  "pm",       "must agree", "within", "50",
                                              "cost",   "Was",      "after",      "again",  "back",
                                              "Asking", "approved", "end" };
        text = drawn(model, (enum diagram_format)format, "en", trace, true);
        assert_non_null(strstr(text, "We ask"));
        assert_non_null(strstr(text, "Go ahead"));
        assert_non_null(strstr(text, "rejected"));
        for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
            const char *found = strstr(text, hidden[i]);
            /* Mermaid says "end" behind a subgraph, in a line of its own. */
            if (found != NULL && strcmp(hidden[i], "end") == 0)
                found = strstr(text, ">end<");
            if (found != NULL)
                fail_msg("a client reads %s in\n%s", hidden[i], text);
        }
        free(text);
    }
    diagram_trace_free(trace);
    model_free(model);
}

static void
test_diagram_keeps_texts_in_their_places(void **state)
{
    struct model *model =
        parsed("{'states':[{'name':'a','kind':'state','title':"
               "'x`]; --> <i onload=q>&amp; %%{init}%% \\\\N \\n|\\u0007#35; \xef\xbf\xbe'}]}");
    char *text = drawn(model, DIAGRAM_MERMAID, "en", NULL, false);

    (void)state;
    ONCE(text, "<b>x#96;]#59; --#62; #60;i onload=q#62;#38;amp#59; #37;#37;#123;init");
    ONCE(text, "#92;N<br/> #124; #35;35#59;");
    assert_int_equal(count(text, "\n  s1("), 1);
    free(text);
    text = drawn(model, DIAGRAM_DOT, "en", NULL, false);
    ONCE(text, "x`]; --&#62; &#60;i onload=q&#62;&#38;amp; %%{init}");
    ONCE(text, "&#92;&#92;N<BR/> | #35; ?");
    free(text);
    model_free(model);
}

/* Two targets in two regions: one arrow that splits. */
/* A note is a stranger's text too: states of another version by their titles. */
static void
test_diagram_keeps_a_note_beside_the_drawing(void **state)
{
    struct model *model = parsed(office);
    struct diagram_trace *trace = diagram_trace_new(model);
    char *mermaid, *dot;

    (void)state;
    diagram_trace_note(trace, "Before: \"a\"]:::x <b>");
    mermaid = drawn(model, DIAGRAM_MERMAID, "en", trace, false);
    dot = drawn(model, DIAGRAM_DOT, "en", trace, true);
    assert_non_null(strstr(mermaid, "w0[\"Before: #34;a#34;]:::x #60;b#62;\"]:::note\n"));
    assert_int_equal(count(dot, "w0 [shape=note"), 1);
    assert_null(strstr(dot, "<b>"));
    free(dot);
    free(mermaid);
    diagram_trace_free(trace);
    model_free(model);
}

static void
test_diagram_splits_an_arrow_to_several_states(void **state)
{
    struct model *model =
        parsed("{'states':[{'name':'a','kind':'state','transitions':[{'on':['e'],'to':['l','r']}]},"
               "{'name':'p','kind':'parallel','states':["
               "{'name':'pl','kind':'state','states':[{'name':'l','kind':'state'}]},"
               "{'name':'pr','kind':'state','states':[{'name':'r','kind':'state'}]}]}]}");
    char *text = drawn(model, DIAGRAM_MERMAID, "en", NULL, false);

    (void)state;
    ONCE(text, "  f0((\" \")):::start\n");
    ONCE(text, "  s1 -->|\"e\"| f0\n");
    ONCE(text, "  f0 --> s4\n");
    ONCE(text, "  f0 --> s6\n");
    free(text);
    model_free(model);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_diagram_draws_everything_once_in_mermaid),
        cmocka_unit_test(test_diagram_draws_the_same_in_dot),
        cmocka_unit_test(test_diagram_marks_where_a_case_is_and_the_way_it_came),
        cmocka_unit_test(test_diagram_takes_no_transition_for_what_did_not_happen),
        cmocka_unit_test(test_diagram_shows_a_client_the_way_and_no_rules),
        cmocka_unit_test(test_diagram_keeps_texts_in_their_places),
        cmocka_unit_test(test_diagram_keeps_a_note_beside_the_drawing),
        cmocka_unit_test(test_diagram_splits_an_arrow_to_several_states),
    };

    return cmocka_run_group_tests_name("diagram", tests, NULL, NULL);
}
