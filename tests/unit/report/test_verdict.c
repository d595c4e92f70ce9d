/* SPDX-License-Identifier: Apache-2.0 */
/* Figures of a project against limits: which colour, for which reason, in which words. */
#include "health.h"
#include "json.h"
#include "verdict.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static json_t *
parsed(const char *text)
{
    json_t *json = text != NULL ? json_loads(text, 0, NULL) : NULL;

    assert_true(text == NULL || json != NULL);
    return json;
}

/* "colour|text|text" of figures against limits (NULL: the usual ones). */
static char *
verdict(const char *limits, const char *figures, const char *language)
{
    json_t *own = parsed(limits), *is = parsed(figures);
    json_t *given = report_health(own, is, language);
    const json_t *reason;
    char *text = strdup(sgn_json_str(given, "colour"));
    size_t i;

    json_array_foreach(json_object_get(given, "reasons"), i, reason) {
        char *more = sgn_format("%s|%s", text, sgn_json_str(reason, "text"));
        free(text);
        text = more;
    }
    json_decref(own);
    json_decref(is);
    json_decref(given);
    return text;
}

static void
is_verdict(const char *limits, const char *figures, const char *expected)
{
    char *text = verdict(limits, figures, "en");

    assert_string_equal(text, expected);
    free(text);
}

static void
test_usual_limits_ask_for_nothing(void **state)
{
    (void)state;
    is_verdict(NULL, "{}", "green");
    is_verdict(NULL, "{\"overdue\":\"0\",\"silence\":\"14\",\"budget_used\":\"80.0\"}", "green");
    is_verdict(NULL, "{\"overdue_issues\":\"3\"}", "red|Issues overdue: 3, allowed 2");
    is_verdict(NULL, "{\"silence\":\"15\"}",
               "yellow|Silence of the client: 15 days, allowed 14 days");
    is_verdict(NULL, "{\"budget_used\":\"80.1\"}", "yellow|Budget used: 80.1 %, allowed 80 %");
    is_verdict(NULL, "{\"satisfaction\":\"2.4\"}", "red|Satisfaction: 2.4, expected 2.5 or more");
}

static void
test_a_figure_is_told_once_and_red_comes_first(void **state)
{
    (void)state;
    is_verdict(NULL, "{\"overdue\":\"6\",\"complaints\":\"1\",\"stuck\":\"1\"}",
               "red|Cases overdue: 6, allowed 5|Open complaints: 1, allowed 0|Cases stuck: 1, "
               "allowed 0");
}

static void
test_a_colour_that_is_said_replaces_the_usual_one_of_that_colour_alone(void **state)
{
    const char *red = "{\"red\":[{\"figure\":\"overdue\",\"min\":\"2\"}]}";

    (void)state;
    is_verdict(red, "{\"overdue\":\"2\"}", "red|Cases overdue: 2, allowed less than 2");
    is_verdict(red, "{\"overdue\":\"1\"}", "yellow|Cases overdue: 1, allowed 0");
    is_verdict(red, "{\"overdue_issues\":\"9\"}", "green");
    is_verdict("{\"red\":[],\"yellow\":[]}", "{\"overdue\":\"99\",\"stuck\":\"9\"}", "green");
}

static void
test_each_bound_has_its_edge(void **state)
{
    static const struct {
        const char *bound, *at_edge, *inside;
    } rows[] = { { "above", "green", "red" },
                 { "below", "green", "green" },
                 { "min", "red", "red" },
                 { "max", "red", "green" } };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *limits =
            sgn_format("{\"red\":[{\"figure\":\"satisfaction\",\"%s\":\"3.50\"}],\"yellow\":[]}",
                       rows[i].bound);
        char *edge = verdict(limits, "{\"satisfaction\":\"3.5\"}", "en");
        char *over = verdict(limits, "{\"satisfaction\":\"3.6\"}", "en");

        assert_int_equal(strncmp(edge, rows[i].at_edge, strlen(rows[i].at_edge)), 0);
        assert_int_equal(strncmp(over, rows[i].inside, strlen(rows[i].inside)), 0);
        free(limits);
        free(edge);
        free(over);
    }
}

static void
test_reasons_are_said_in_the_readers_language(void **state)
{
    char *text = verdict(NULL, "{\"silence\":\"15\"}", "zh");

    (void)state;
    assert_string_equal(text, "yellow|客户沉默：15 天，允许 14 天");
    free(text);
}

/* What is not known is told as not known. */
static void
test_every_figure_is_told(void **state)
{
    json_t *figures = parsed("{\"overdue\":\"0\"}");
    json_t *given = report_health(NULL, figures, "en");
    const json_t *told = json_object_get(given, "figures"), *one;
    size_t n, i;
    const struct model_figure *known = model_figures(&n);

    (void)state;
    assert_int_equal(json_array_size(told), n);
    json_array_foreach(told, i, one) {
        assert_string_equal(sgn_json_str(one, "figure"), known[i].name);
        assert_int_equal(sgn_json_str(one, "value") != NULL, i == 0);
    }
    json_decref(figures);
    json_decref(given);
}

static void
test_a_share_is_rounded_up_to_a_tenth(void **state)
{
    static const char *const rows[][3] = { { "0", "1000", "0.0" },
                                           { "1000", "1000", "100.0" },
                                           { "1000.01", "1000", "100.1" },
                                           { "1", "3", "33.4" },
                                           { "0.01", "999999999999999.99", "0.1" },
                                           { "5", "0", NULL },
                                           { "-1", "5", NULL } };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sgn_decimal part, whole, percent;
        char text[SGN_DECIMAL_TEXT];
        bool is;

        assert_true(sgn_decimal_parse(rows[i][0], &part));
        assert_true(sgn_decimal_parse(rows[i][1], &whole));
        is = sgn_decimal_percent(part, whole, &percent);
        assert_int_equal(is, rows[i][2] != NULL);
        if (!is)
            continue;
        sgn_decimal_format(percent, text);
        assert_string_equal(text, rows[i][2]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_usual_limits_ask_for_nothing),
        cmocka_unit_test(test_a_figure_is_told_once_and_red_comes_first),
        cmocka_unit_test(test_a_colour_that_is_said_replaces_the_usual_one_of_that_colour_alone),
        cmocka_unit_test(test_each_bound_has_its_edge),
        cmocka_unit_test(test_reasons_are_said_in_the_readers_language),
        cmocka_unit_test(test_every_figure_is_told),
        cmocka_unit_test(test_a_share_is_rounded_up_to_a_tenth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
