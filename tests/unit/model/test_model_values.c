/* SPDX-License-Identifier: Apache-2.0 */
/* Values of fields: what each type admits, its canonical form, and comparing. */
#include "model_fixture.h"

/* One field of every kind, by the name of what it tries. */
static struct model *
fields_of(void)
{
    return parsed("{'fields':["
                  "{'name':'text','type':'text','shared':true,'min':2,'max':3},"
                  "{'name':'number','type':'number','shared':true,'min':0,'max':10},"
                  "{'name':'decimal','type':'number','places':2,'shared':true,'min':'-1.50'},"
                  "{'name':'money','type':'money','shared':true,'max':1000},"
                  "{'name':'date','type':'date','shared':true,'min':'2026-01-02'},"
                  "{'name':'time','type':'time','shared':true},"
                  "{'name':'choice','type':'choice','choices':['low','high'],'shared':true},"
                  "{'name':'flag','type':'flag','shared':true},"
                  "{'name':'person','type':'person','shared':true},"
                  "{'name':'file','type':'file','shared':true},"
                  "{'name':'list','type':'list','max':2,'shared':true,'of':{'type':'number'}},"
                  "{'name':'record','type':'record','shared':true,'fields':["
                  "{'name':'what','type':'text','required':true},"
                  "{'name':'cost','type':'money','default':'1'}]}]}");
}

struct value_case {
    const char *field;
    const char *value;
    const char *expected; /* canonical, or NULL: refused */
};

/* clang-format off */
static const struct value_case cases[] = {
    { "text", "'abc'", "'abc'" },
    { "text", "'签核'", "'签核'" },          /* characters count, not bytes */
    { "text", "''", "null" },
    { "text", "null", "null" },
    { "text", "'a'", NULL },
    { "text", "'abcd'", NULL },
    { "text", "7", NULL },
    { "number", "0", "0" },
    { "number", "10", "10" },
    { "number", "11", NULL },
    { "number", "-1", NULL },
    { "number", "'5'", NULL },
    { "number", "5.0", NULL },
    { "number", "9007199254740993", NULL },
    { "decimal", "'2.5'", "'2.50'" },
    { "decimal", "3", "'3.00'" },
    { "decimal", "'2.555'", NULL },
    { "decimal", "'-1.50'", "'-1.50'" },
    { "decimal", "'-1.51'", NULL },
    { "decimal", "'1e3'", NULL },
    { "money", "'1000'", "'1000.00'" },
    { "money", "'1000.01'", NULL },
    { "money", "'0.001'", NULL },
    { "money", "12.5", NULL },
    { "money", "true", NULL },
    { "date", "'2026-02-28'", "'2026-02-28'" },
    { "date", "'2026-02-29'", NULL },
    { "date", "'2026-01-01'", NULL },        /* before min */
    { "date", "'28.2.2026'", NULL },
    { "time", "'2026-01-05T09:00:00+08:00'", "'2026-01-05T09:00:00+08:00'" },
    { "time", "'2026-01-05T09:00:00-03:30'", "'2026-01-05T09:00:00-03:30'" },
    { "time", "'2026-01-05 09:00:00Z'", "'2026-01-05T09:00:00Z'" },
    { "time", "'2026-01-05'", NULL },
    { "time", "1767574800", NULL },
    { "choice", "'low'", "'low'" },
    { "choice", "'lo'", NULL },
    { "choice", "1", NULL },
    { "flag", "false", "false" },
    { "flag", "'yes'", NULL },
    { "person", "'li'", "'li'" },
    { "person", "'Li Wei'", NULL },
    { "file", "'f-1'", "'f-1'" },
    { "file", "''", NULL },
    { "list", "[1,2]", "[1,2]" },
    { "list", "[]", "[]" },
    { "list", "[1,2,3]", NULL },
    { "list", "[1,'2']", NULL },
    { "list", "[null]", NULL },
    { "list", "{'a':1}", NULL },
    { "record", "{'what':'x'}", "{'what':'x','cost':'1.00'}" },
    { "record", "{'what':'x','cost':'2.5'}", "{'what':'x','cost':'2.50'}" },
    { "record", "{'cost':'2'}", NULL },
    { "record", "{'what':''}", NULL },
    { "record", "{'what':'x','why':'y'}", NULL },
    { "record", "[]", NULL },
};
/* clang-format on */

static void
test_value_is_given_in_its_canonical_form_or_refused(void **state)
{
    struct model *m = fields_of();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const struct model_field *field = model_field_find(m, cases[i].field);
        struct sgn_error err = { 0 };
        json_t *value = quoted(cases[i].value);
        json_t *out = NULL;
        enum sgn_status st = model_value_check(field, value, 2, &out, &err);

        if (cases[i].expected == NULL) {
            if (st != SGN_INVALID || out != NULL || *err.message == '\0')
                fail_msg("%s took %s", cases[i].field, cases[i].value);
        } else {
            json_t *expected = quoted(cases[i].expected);

            if (st != SGN_OK || !json_equal(out, expected))
                fail_msg("%s refused or changed %s: %s", cases[i].field, cases[i].value,
                         err.message);
            json_decref(expected);
        }
        json_decref(out);
        json_decref(value);
        sgn_error_clear(&err);
    }
    model_free(m);
}

static void
test_value_money_follows_its_currency(void **state)
{
    static const int digits[] = { 0, 2, 3 };
    static const char *const expected[] = { "100", "100.00", "100.000" };
    struct model *m = fields_of();
    json_t *value = json_string("100");

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct sgn_error err = { 0 };
        json_t *out = NULL;

        assert_int_equal(
            model_value_check(model_field_find(m, "money"), value, digits[i], &out, &err), SGN_OK);
        assert_string_equal(json_string_value(out), expected[i]);
        json_decref(out);
    }
    json_decref(value);
    model_free(m);
}

static void
test_value_list_is_bounded(void **state)
{
    struct model *m = parsed("{'fields':[{'name':'l','type':'list','shared':true,"
                             "'of':{'type':'flag'}}]}");
    json_t *list = json_array();

    (void)state;
    for (int n = 1; n <= 1001; n++) {
        struct sgn_error err = { 0 };
        json_t *out = NULL;

        json_array_append_new(list, json_true());
        if (n >= 1000)
            assert_int_equal(model_value_check(&m->fields[0], list, 2, &out, &err),
                             n == 1000 ? SGN_OK : SGN_INVALID);
        json_decref(out);
        sgn_error_clear(&err);
    }
    json_decref(list);
    model_free(m);
}

struct compare_case {
    const char *field; /* NULL: an undeclared member */
    const char *value; /* NULL: missing */
    enum model_op op;
    const char *operand;
    bool holds;
};

/* clang-format off */
static const struct compare_case compares[] = {
    { "money", "'50000.00'", MODEL_ABOVE, "50000", false },
    { "money", "'50000.01'", MODEL_ABOVE, "50000", true },
    { "money", "'50000.00'", MODEL_MIN, "'50000'", true },
    { "money", "'9.00'", MODEL_BELOW, "'10'", true },        /* by amount, not by letter */
    { "money", "'10.00'", MODEL_MAX, "10", true },
    { "money", "'10.00'", MODEL_IS, "'10'", true },
    { "money", NULL, MODEL_BELOW, "10", false },
    { "money", "null", MODEL_ABOVE, "-1", false },
    { "number", "3", MODEL_ABOVE, "'2.5'", true },
    { "number", "3", MODEL_IS, "3", true },
    { "number", "0", MODEL_FILLED, "true", true },
    { "date", "'2026-01-05'", MODEL_ABOVE, "'2025-12-31'", true },
    { "date", "'2026-01-05'", MODEL_MIN, "'2026-01-05'", true },
    { "time", "'2026-01-05T09:00:00+08:00'", MODEL_IS, "'2026-01-05T01:00:00Z'", true },
    { "time", "'2026-01-05T09:00:00+08:00'", MODEL_BELOW, "'2026-01-05T02:00:00Z'", true },
    { "choice", "'high'", MODEL_ONE_IN, "['low','high']", true },
    { "choice", "'high'", MODEL_ONE_IN, "['low']", false },
    { "choice", NULL, MODEL_ONE_IN, "['low']", false },
    { "flag", "false", MODEL_IS, "false", true },
    { "flag", "false", MODEL_FILLED, "true", true },
    { "flag", NULL, MODEL_IS, "false", false },
    { "text", "''", MODEL_FILLED, "true", false },
    { "text", NULL, MODEL_FILLED, "false", true },
    { "text", "'x'", MODEL_FILLED, "false", false },
    { "list", "[]", MODEL_FILLED, "true", false },
    { "list", "[1]", MODEL_FILLED, "true", true },
    { NULL, "5", MODEL_ABOVE, "4", true },
    { NULL, "'5.50'", MODEL_ABOVE, "5", true },
    { NULL, "'b'", MODEL_ABOVE, "'a'", true },
    { NULL, "'5'", MODEL_IS, "'5.0'", false },
    { NULL, "true", MODEL_ABOVE, "0", false },
    { NULL, "'x'", MODEL_ABOVE, "0", false },
};
/* clang-format on */

static void
test_value_comparisons_follow_the_type(void **state)
{
    struct model *m = fields_of();

    (void)state;
    for (size_t i = 0; i < sizeof(compares) / sizeof(*compares); i++) {
        const struct compare_case *c = &compares[i];
        json_t *value = c->value == NULL ? NULL : quoted(c->value);
        json_t *operand = quoted(c->operand);
        const struct model_field *field = c->field == NULL ? NULL : model_field_find(m, c->field);

        if (model_value_holds(field, value, c->op, operand) != c->holds)
            fail_msg("row %zu: %s %s %s", i, c->field, c->value, c->operand);
        json_decref(value);
        json_decref(operand);
    }
    model_free(m);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_value_is_given_in_its_canonical_form_or_refused),
        cmocka_unit_test(test_value_money_follows_its_currency),
        cmocka_unit_test(test_value_list_is_bounded),
        cmocka_unit_test(test_value_comparisons_follow_the_type),
    };

    return cmocka_run_group_tests_name("model/values", tests, NULL, NULL);
}
