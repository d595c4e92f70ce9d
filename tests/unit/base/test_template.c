/* SPDX-License-Identifier: Apache-2.0 */
/* Templates: places, sections, what is refused; the expected texts are mustache's (mustache(5)). */
#include "template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
assert_filled(const char *text, const char *values, bool html, const char *expected)
{
    json_t *json = json_loads(values, 0, NULL);
    struct sgn_buf out;

    assert_non_null(json);
    sgn_buf_init(&out, 65536);
    assert_int_equal(sgn_template_put(&out, text, json, html, NULL), SGN_OK);
    assert_string_equal(out.bytes != NULL ? out.bytes : "", expected);
    sgn_buf_deinit(&out);
    json_decref(json);
}

static void
test_places_are_filled(void **state)
{
    (void)state;
    assert_filled("Hi {{name}}, {{ count }}{{none}}.", "{\"name\":\"Li\",\"count\":3}", false,
                  "Hi Li, 3.");
    assert_filled("", "{}", false, "");
    assert_filled("a { b } c }}", "{}", false, "a { b } c }}");
}

static void
test_html_is_escaped_and_values_are_one_line(void **state)
{
    (void)state;
    assert_filled("<b>{{x}}</b>", "{\"x\":\"<i>&\\\"'\"}", true,
                  "<b>&lt;i&gt;&amp;&quot;&#39;</b>");
    assert_filled("{{x}}", "{\"x\":\"<i>\"}", false, "<i>");
    assert_filled("{{x}}", "{\"x\":\"a\\r\\nBcc: b\"}", false, "a  Bcc: b");
    /* What a value says is no template. */
    assert_filled("{{x}}", "{\"x\":\"{{y}}\",\"y\":\"z\"}", false, "{{y}}");
}

static void
test_sections_repeat_appear_or_do_not(void **state)
{
    (void)state;
    assert_filled("{{#l}}<{{a}}{{b}}>{{/l}}", "{\"l\":[{\"a\":1},{\"a\":2}],\"b\":\"x\"}", false,
                  "<1x><2x>");
    assert_filled("{{#v}}[{{v}}]{{/v}}{{^v}}none{{/v}}", "{\"v\":\"x\"}", false, "[x]");
    assert_filled("{{#v}}[{{v}}]{{/v}}{{^v}}none{{/v}}", "{\"v\":\"\"}", false, "none");
    assert_filled("{{#l}}x{{/l}}{{^l}}none{{/l}}", "{\"l\":[]}", false, "none");
    assert_filled("{{#a}}{{#b}}{{b}}{{/b}}{{/a}}", "{\"a\":[{\"b\":\"1\"},{}]}", false, "1");
}

static void
assert_refused(const char *text, const char *why)
{
    static const char *const known[] = { "text", "items", NULL };
    struct sgn_error err = { 0 };

    assert_int_equal(sgn_template_check(text, known, &err), SGN_INVALID);
    if (strstr(err.message, why) == NULL)
        fail_msg("%s: %s", text, err.message);
    sgn_error_clear(&err);
}

static void
test_what_is_wrong_is_named_with_its_line(void **state)
{
    static const char *const known[] = { "text", "items", NULL };

    (void)state;
    assert_int_equal(sgn_template_check("{{#items}}{{text}}{{/items}}", known, NULL), SGN_OK);
    assert_refused("a\nb {{texd}}", "line 2: there is nothing called texd");
    assert_refused("{{text", "not closed");
    assert_refused("{{text}", "not closed");
    assert_refused("{{}}", "expected a name");
    assert_refused("{{> file}}", "expected a name");
    assert_refused("{{{text}}}", "expected a name");
    assert_refused("{{#text}}", "has no {{/text}}");
    assert_refused("{{#text}}{{#items}}{{/text}}{{/items}}", "closes no section");
    assert_refused("{{/text}}", "closes no section");
    assert_refused("{{#text}}{{#text}}{{#text}}{{#text}}{{#text}}{{/text}}", "at most 4 deep");
    assert_refused("\xff", "not UTF-8");
}

/* A section that is not filled is looked at all the same. */
static void
test_a_wrong_template_is_refused_whatever_the_values(void **state)
{
    json_t *values = json_object();
    struct sgn_buf out;

    (void)state;
    sgn_buf_init(&out, 65536);
    assert_int_equal(sgn_template_put(&out, "{{#a}}{{/b}}{{/a}}", values, false, NULL),
                     SGN_INVALID);
    sgn_buf_deinit(&out);
    json_decref(values);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places_are_filled),
        cmocka_unit_test(test_html_is_escaped_and_values_are_one_line),
        cmocka_unit_test(test_sections_repeat_appear_or_do_not),
        cmocka_unit_test(test_what_is_wrong_is_named_with_its_line),
        cmocka_unit_test(test_a_wrong_template_is_refused_whatever_the_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
