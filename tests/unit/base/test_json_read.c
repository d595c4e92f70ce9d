/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The short way of reading and writing JSON against jansson's: whatever is read is what jansson
 * reads, what jansson refuses is not read, and what is written reads back as the same value.
 */
#include "json.h"
#include "json_read.h"
#include "text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 60000

/* xorshift64*, the same in every run. */
static uint64_t
pick(uint64_t *state, uint64_t n)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (*state * UINT64_C(2685821657736338717) >> 16) % n;
}

static void
write_some(uint64_t *random, struct sgn_buf *out, int depth)
{
    static const char *const words[] = { "true",
                                         "false",
                                         "null",
                                         "0",
                                         "-0",
                                         "-1",
                                         "01",
                                         "7",
                                         "123456789012345678",
                                         "1234567890123456789",
                                         "-9223372036854775808",
                                         "9223372036854775808",
                                         "1.5",
                                         "1e3",
                                         "-",
                                         "\"\"",
                                         "\"a\"",
                                         "\"eight by\"",
                                         "\"a text that is longer than two words\"",
                                         "\"\xe4\xb8\xad\xe6\x96\x87 text\"",
                                         "\"line\\nbreak \\\"quoted\\\" \\\\ \\/\"",
                                         "\"\\u4e2d\"",
                                         "\"\\u0000\"",
                                         "\"\\x\"",
                                         "\"a\tb\"",
                                         "\"open",
                                         "nul",
                                         "[",
                                         "}",
                                         "// no\n1" };
    static const char *const names[] = { "\"a\"",   "\"b\"", "\"key\"", "\"another name\"",
                                         "\"\\n\"", "\"\"",  "a" };
    uint64_t kind = pick(random, depth > 4 ? 1 : 3);
    uint64_t n = pick(random, 5);

    if (kind == 0) {
        /* Mostly those that are right, which stand in the middle. */
        uint64_t all = sizeof words / sizeof words[0];
        uint64_t which = pick(random, 8) == 0 ? pick(random, all) : pick(random, 6);
        sgn_buf_puts(out, words[which]);
        return;
    }
    sgn_buf_puts(out, kind == 1 ? "[" : "{");
    for (uint64_t i = 0; i < n; i++) {
        if (i > 0)
            sgn_buf_puts(out, pick(random, 60) == 0 ? ";" : ", ");
        if (kind == 2)
            sgn_buf_printf(out, "%s:", names[pick(random, pick(random, 9) == 0 ? 7 : 4)]);
        write_some(random, out, depth + 1);
    }
    sgn_buf_puts(out, kind == 1 ? "]" : "}");
}

/* A byte here and there is another one, gone, or doubled. */
static void
spoil(uint64_t *random, struct sgn_buf *text)
{
    size_t at = (size_t)pick(random, text->len);

    switch (pick(random, 3)) {
    case 0:
        text->bytes[at] = "{}[]\",:0-x \\\n\x01\x7f"[pick(random, 15)];
        break;
    case 1:
        memmove(text->bytes + at, text->bytes + at + 1, text->len - at);
        text->len--;
        break;
    default:
        sgn_buf_append(text, "", 1);
        memmove(text->bytes + at + 1, text->bytes + at, text->len - at - 1);
    }
}

static void
check_one(const char *text, size_t n, int *both)
{
    json_t *mine = json_read(text, n);
    json_t *theirs = json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
    char *a, *b;

    if (mine == NULL) {
        json_decref(theirs);
        return;
    }
    if (theirs == NULL)
        fail_msg("read, but jansson refuses it: %.*s", (int)n, text);
    a = json_dumps(mine, JSON_COMPACT | JSON_ENCODE_ANY);
    b = json_dumps(theirs, JSON_COMPACT | JSON_ENCODE_ANY);
    assert_string_equal(a, b);
    *both += 1;
    free(a);
    free(b);
    json_decref(mine);
    json_decref(theirs);
}

static void
test_json_read_reads_what_jansson_reads_and_refuses_what_it_refuses(void **state)
{
    uint64_t random = 20261;
    int both = 0;

    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        struct sgn_buf text;

        sgn_buf_init(&text, 1 << 20);
        write_some(&random, &text, 0);
        check_one(text.bytes, text.len, &both);
        if (text.len > 0) {
            spoil(&random, &text);
            if (sgn_utf8_valid(text.bytes, text.len)) /* as sgn_json_parse asks first */
                check_one(text.bytes, text.len, &both);
        }
        sgn_buf_deinit(&text);
    }
    assert_in_range(both, ROUNDS / 3, 2 * ROUNDS); /* it was asked something */
}

/* Every length around the eight bytes that are looked at in one go, and every byte in each place.
 */
static void
test_json_read_stops_at_each_byte_that_needs_it(void **state)
{
    int both = 0;

    (void)state;
    for (size_t n = 1; n <= 19; n++) {
        for (size_t at = 0; at < n; at++) {
            for (int c = 1; c < 256; c++) {
                char text[32];

                memset(text, 'a', sizeof text);
                text[0] = text[n + 1] = '"';
                text[at + 1] = (char)c;
                if (sgn_utf8_valid(text, n + 2))
                    check_one(text, n + 2, &both);
            }
        }
    }
    assert_in_range(both, 190 * 90, 190 * 127);
}

/* Some of the names that write_some gives, each at the outermost object alone. */
static void
check_but(const char *text, size_t n, int *left_out)
{
    static const char *const names[] = { "b", "key", "none", NULL };
    json_t *all = json_read(text, n), *some = json_read_but(text, n, names);

    if (all != NULL) {
        size_t before = json_object_size(all);

        for (int i = 0; names[i] != NULL; i++)
            json_object_del(all, names[i]);
        *left_out += json_object_size(all) < before;
        assert_non_null(some);
        assert_true(json_equal(all, some));
    }
    json_decref(all);
    json_decref(some);
}

static void
test_json_read_but_is_all_but_these_members(void **state)
{
    static const char text[] =
        "{\"key\":{\"a\":[1,\"}\\\"]\",{}]} ,\"a\":{\"key\":1},\"b\" : \"\\\\\"}";
    uint64_t random = 4711;
    int left_out = 0;

    (void)state;
    check_but(text, strlen(text), &left_out);
    assert_int_equal(left_out, 1);
    for (int i = 0; i < ROUNDS; i++) {
        struct sgn_buf some;

        sgn_buf_init(&some, 1 << 20);
        write_some(&random, &some, 0);
        check_but(some.bytes, some.len, &left_out);
        if (some.len > 0) {
            spoil(&random, &some);
            if (sgn_utf8_valid(some.bytes, some.len))
                check_but(some.bytes, some.len, &left_out);
        }
        sgn_buf_deinit(&some);
    }
    assert_in_range(left_out, ROUNDS / 40, 2 * ROUNDS);
}

/* A text that ends in the middle ends what is passed over, too. */
static void
test_json_read_but_stops_where_the_text_does(void **state)
{
    static const char text[] = "{\"b\":{\"a\":[1,\"}\\\"]\",{}]},\"a\":1}";
    static const char *const names[] = { "b", NULL };

    (void)state;
    for (size_t n = 0; n < strlen(text); n++) {
        char *copy = malloc(n > 0 ? n : 1); /* a sanitizer sees who reads on */

        memcpy(copy, text, n);
        assert_null(json_read_but(copy, n, names));
        free(copy);
    }
}

static void
test_json_read_takes_the_plain_kinds_itself(void **state)
{
    static const char *const texts[] = {
        "{}",        "[]",    " [ 1 , -2 ] ",      "{\"a\":{\"b\":[true,null]}}",
        "\"a\\nb\"", "false", "999999999999999999"
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_t *value = json_read(texts[i], strlen(texts[i]));

        assert_non_null(value);
        json_decref(value);
    }
}

static void
test_json_read_leaves_deep_nesting_alone(void **state)
{
    char text[2 * SGN_JSON_DEPTH_MAX + 3];
    json_t *value;

    (void)state;
    memset(text, '[', SGN_JSON_DEPTH_MAX + 1);
    memset(text + SGN_JSON_DEPTH_MAX + 1, ']', SGN_JSON_DEPTH_MAX + 1);
    assert_null(json_read(text, 2 * SGN_JSON_DEPTH_MAX + 2));
    value = json_read(text + 1, 2 * SGN_JSON_DEPTH_MAX);
    assert_non_null(value);
    json_decref(value);
}

/* Not by its bytes: jansson's escapes have large letters. */
static void
test_json_text_reads_back_as_the_same_value(void **state)
{
    uint64_t random = 77;
    json_t *list = json_array();
    char *text;
    json_t *back;

    (void)state;
    for (int i = 0; i < 4000; i++) {
        char some[24];
        size_t n = (size_t)pick(&random, sizeof some);

        for (size_t at = 0; at < n; at++)
            some[at] = (char)(pick(&random, 4) == 0 ? 1 + pick(&random, 127) : 'a');
        json_array_append_new(list, json_stringn(some, n));
        json_array_append_new(list, json_integer((json_int_t)(pick(&random, UINT64_MAX) - 5)));
        json_array_append_new(list, json_real((double)pick(&random, 1000) / 8));
        json_array_append_new(list, json_pack("{s:i, s:b}", "n", i, "odd", i % 2));
    }
    json_array_append_new(list, json_integer(INT64_MIN));
    json_array_append_new(list, json_integer(INT64_MAX));
    text = sgn_json_text(list);
    assert_non_null(text);
    back = json_loads(text, 0, NULL);
    assert_true(json_equal(list, back));
    free(text);
    json_decref(back);
    json_decref(list);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_read_reads_what_jansson_reads_and_refuses_what_it_refuses),
        cmocka_unit_test(test_json_read_stops_at_each_byte_that_needs_it),
        cmocka_unit_test(test_json_read_takes_the_plain_kinds_itself),
        cmocka_unit_test(test_json_read_but_is_all_but_these_members),
        cmocka_unit_test(test_json_read_but_stops_where_the_text_does),
        cmocka_unit_test(test_json_read_leaves_deep_nesting_alone),
        cmocka_unit_test(test_json_text_reads_back_as_the_same_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
