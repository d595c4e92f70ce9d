/* SPDX-License-Identifier: Apache-2.0 */
/* Times, keys and texts of other tools' exports. Expected instants are reckoned by hand. */
#include "import_map.h"
#include "json.h"
#include "text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct import_clock utc = { 0 };
static const struct import_clock shanghai = { .zone = "Asia/Shanghai" };
static const struct import_clock day_first = { .day_first = true };
static const struct import_clock month_first = { .month_first = true };

static void
assert_time(const struct import_clock *clock, const char *text, const char *expected)
{
    struct sgn_error err = { 0 };
    json_t *value = NULL;

    if (import_time(text, clock, IMPORT_TIME, &value, &err) != SGN_OK)
        fail_msg("%s: %s", text, err.message);
    assert_string_equal(json_string_value(value), expected);
    json_decref(value);
}

static void
assert_day(enum import_as as, const char *text, const char *expected)
{
    json_t *value = NULL;

    assert_int_equal(import_time(text, &shanghai, as, &value, NULL), SGN_OK);
    assert_string_equal(json_string_value(value), expected);
    json_decref(value);
}

static void
assert_no_time(const struct import_clock *clock, const char *text)
{
    struct sgn_error err = { 0 };
    json_t *value = NULL;

    if (import_time(text, clock, IMPORT_TIME, &value, &err) != SGN_INVALID)
        fail_msg("taken for a time: %s", text);
    assert_null(value);
    assert_non_null(strstr(err.message, "is no time"));
    sgn_error_clear(&err);
}

static void
test_time_reads_what_exports_write(void **state)
{
    (void)state;
    assert_time(&utc, "2025-03-04T10:15:00.000+0000", "2025-03-04T10:15:00Z");
    assert_time(&utc, "2025-03-04T10:15:00.250+0800", "2025-03-04T10:15:00.250+08:00");
    assert_time(&utc, "2025-03-04T10:15:00-05:30", "2025-03-04T10:15:00-05:30");
    assert_time(&utc, "2025-03-04T10:15:00.123456Z", "2025-03-04T10:15:00.123Z");
    assert_time(&utc, "2025-03-04", "2025-03-04T00:00:00Z");
    assert_time(&utc, "04/Mar/25 10:15 AM", "2025-03-04T10:15:00Z");
    assert_time(&utc, "04/Mar/25 12:05 AM", "2025-03-04T00:05:00Z");
    assert_time(&utc, "04/Mar/25 12:05 PM", "2025-03-04T12:05:00Z");
    assert_time(&utc, "4 September 2025 9:05", "2025-09-04T09:05:00Z");
    assert_time(&utc, "Mar 4, 2025, 10:15 PM", "2025-03-04T22:15:00Z");
    assert_time(&utc, "1741083300", "2025-03-04T10:15:00Z");
    assert_time(&utc, "1741083300000", "2025-03-04T10:15:00Z");
    assert_time(&shanghai, "1741083300", "2025-03-04T18:15:00+08:00");
    /* 16:30 of the 3rd in UTC: half past midnight of the 4th where the map is */
    assert_day(IMPORT_DATE, "1741019400", "2025-03-04");
    assert_day(IMPORT_DATE, "2025-03-04 18:00", "2025-03-04");
    assert_day(IMPORT_DUE, "2025-03-04", "2025-03-04");
    assert_day(IMPORT_DUE, "2025年3月4日", "2025-03-04");
    assert_day(IMPORT_DUE, "2025-03-04 18:00", "2025-03-04T18:00:00+08:00");
    assert_time(&shanghai, "2025/3/4 10:15", "2025-03-04T10:15:00+08:00");
    assert_time(&shanghai, "2025年3月4日 10:15", "2025-03-04T10:15:00+08:00");
    assert_time(&shanghai, "2025年3月4日 下午3:15", "2025-03-04T15:15:00+08:00");
    assert_time(&shanghai, "04/三月/25 10:15 上午", "2025-03-04T10:15:00+08:00");
    assert_time(&shanghai, "04/十二月/25 10:15 下午", "2025-12-04T22:15:00+08:00");
    assert_time(&shanghai, "2025-03-04T10:15:00Z", "2025-03-04T10:15:00Z");
    assert_time(&utc, "2024-02-29", "2024-02-29T00:00:00Z");
}

static void
test_time_does_not_guess_which_is_the_day(void **state)
{
    (void)state;
    assert_no_time(&utc, "03/04/2025");
    assert_time(&day_first, "03/04/2025", "2025-04-03T00:00:00Z");
    assert_time(&month_first, "03/04/2025", "2025-03-04T00:00:00Z");
    assert_time(&utc, "13/04/2025", "2025-04-13T00:00:00Z");
    assert_time(&utc, "04/13/2025", "2025-04-13T00:00:00Z");
    assert_no_time(&day_first, "04/13/2025");
    assert_no_time(&utc, "03/04/25");
}

static void
test_time_refuses_what_is_none(void **state)
{
    static const char *const none[] = {
        "",
        "yesterday",
        "2025",
        "2025-13-01",
        "2025-00-10",
        "2025-04-31",
        "2025-02-29",
        "2025-03-04 25",
        "2025-03-04 24:00",
        "2025-03-04 10:60",
        "2025-03-",
        "2025-03-04 10:15x",
        "1234-01-01",
        "2025-03-04T10:15:00+99:00",
        "45720.5",
        "99999999999999999999",
        "2025-03-04 10:15 +",
        "Mar",
        "04/Mar",
        "2025-03-04 10:15:",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_no_time(&day_first, none[i]);
}

static void
assert_key(const char *name, const char *expected)
{
    char key[IMPORT_KEY_TEXT];

    import_key(name, key);
    assert_string_equal(key, expected);
}

static void
test_key_is_what_a_person_would_type(void **state)
{
    (void)state;
    assert_key("ACME Ltd.", "acme-ltd");
    assert_key("  Globex -- Corp", "globex-corp");
    assert_key("3M", "n-3m");
    assert_key("jane.doe@mail.acme.com", "jane-doe-mail");
    assert_key("ERP", "erp");
}

/* Names that differ only where a key cannot. */
static void
test_key_differs_where_the_name_does(void **state)
{
    static const char *const names[] = { "华夏",
                                         "华泰",
                                         "北京 ABC",
                                         "上海 ABC",
                                         "ABC",
                                         "Café",
                                         "Caf",
                                         "",
                                         "!!!",
                                         "é",
                                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1",
                                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2",
                                         "张三@acme.com",
                                         "李四@acme.com" };
    enum {
        N = sizeof(names) / sizeof(names[0])
    };
    char keys[N][IMPORT_KEY_TEXT], again[IMPORT_KEY_TEXT];

    (void)state;
    for (size_t i = 0; i < N; i++) {
        import_key(names[i], keys[i]);
        if (!sgn_key_valid(keys[i]))
            fail_msg("%s is no key", keys[i]);
        import_key(names[i], again);
        assert_string_equal(keys[i], again);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(keys[i], keys[k]);
    }
}

static void
assert_plain(const char *json, const char *expected)
{
    json_t *value = json_loads(json, JSON_DECODE_ANY, NULL), *text = import_plain(value);

    assert_non_null(value);
    if (expected == NULL)
        assert_null(text);
    else
        assert_string_equal(json_string_value(text), expected);
    json_decref(value);
    json_decref(text);
}

static void
test_plain_says_what_people_would_read(void **state)
{
    (void)state;
    assert_plain("\"  a\\r\\nb\\u0007\\u000bc \"", "a\nbc");
    assert_plain("\"a\\rb\"", "a\nb");
    assert_plain("null", NULL);
    assert_plain("\"  \"", NULL);
    assert_plain("[]", NULL);
    assert_plain("12", "12");
    assert_plain("{\"displayName\": \"Jane\", \"name\": \"j\"}", "Jane");
    assert_plain("{\"x\": 1}", NULL);
    assert_plain("[{\"name\": \"a\"}, \"b\"]", "a, b");
    assert_plain(
        "{\"type\": \"doc\", \"content\": [{\"type\": \"bulletList\", \"content\": [{\"type\": "
        "\"listItem\", \"content\": [{\"type\": \"paragraph\", \"content\": [{\"type\": \"text\", "
        "\"text\": \"one\"}, {\"type\": \"hardBreak\"}, {\"type\": \"text\", \"text\": \"1\"}]}]}, "
        "{\"type\": \"listItem\", \"content\": [{\"type\": \"paragraph\", \"content\": [{\"type\": "
        "\"text\", \"text\": \"two\"}]}]}]}]}",
        "one\n1\ntwo");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_reads_what_exports_write),
        cmocka_unit_test(test_time_does_not_guess_which_is_the_day),
        cmocka_unit_test(test_time_refuses_what_is_none),
        cmocka_unit_test(test_key_is_what_a_person_would_type),
        cmocka_unit_test(test_key_differs_where_the_name_does),
        cmocka_unit_test(test_plain_says_what_people_would_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
