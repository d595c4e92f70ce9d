/* SPDX-License-Identifier: Apache-2.0 */
/* Values in bytes: the same as JSON's whatever they are, one form for each, and wrong bytes. */
#include "json.h"
#include "rules_value.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MAX ((size_t)1 << 20)

static struct sgn_buf
bytes_of(const json_t *value)
{
    struct sgn_buf out;
    struct sgn_error err = { 0 };

    sgn_buf_init(&out, MAX);
    if (rules_put_json(&out, value, &err) != SGN_OK)
        fail_msg("put: %s", err.message);
    return out;
}

static json_t *
parsed(const char *json)
{
    return json_loads(json, JSON_DECODE_ANY, NULL);
}

/* ---- a generator of values; its state is the seed, so a failure can be repeated ---- */

static unsigned
draw(uint64_t *seed, unsigned below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*seed >> 33) % below;
}

static json_t *
random_text(uint64_t *seed)
{
    static const char *const pieces[] = {
        "a", "b", "z", "name", "\xe4\xb8\xad", "\xc3\xa9", " ", ""
    };
    char text[64] = "";

    for (unsigned n = draw(seed, 6); n > 0; n--)
        strcat(text, pieces[draw(seed, 8)]);
    return json_string(text);
}

static json_t *
random_value(uint64_t *seed, int depth)
{
    static const json_int_t numbers[] = { 0, 1, -1, INT64_MAX, INT64_MIN, 256, 1 << 30 };
    json_t *value;

    switch (draw(seed, depth < 4 ? 9 : 6)) {
    case 0:
        return json_null();
    case 1:
        return json_boolean(draw(seed, 2));
    case 2:
        return json_integer(numbers[draw(seed, 7)]);
    case 3:
        return json_real(draw(seed, 1000) / 7.0 - 50);
    case 4:
    case 5:
        return random_text(seed);
    case 6:
        value = json_array();
        for (unsigned n = draw(seed, 5); n > 0; n--)
            json_array_append_new(value, random_value(seed, depth + 1));
        return value;
    default:
        value = json_object();
        for (unsigned n = draw(seed, draw(seed, 10) == 0 ? 60 : 6); n > 0; n--) {
            json_t *name = random_text(seed);

            json_object_set_new(value, json_string_value(name), random_value(seed, depth + 1));
            json_decref(name);
        }
        return value;
    }
}

static void
test_value_comes_back_as_it_went_in(void **state)
{
    uint64_t seed = 1;

    (void)state;
    for (int i = 0; i < 3000; i++) {
        json_t *value = random_value(&seed, 0), *back = NULL;
        struct sgn_buf bytes = bytes_of(value);

        assert_int_equal(rules_value_parse(bytes.bytes, bytes.len, &back, NULL), SGN_OK);
        if (!json_equal(value, back))
            fail_msg("value %d came back as another", i);
        json_decref(back);
        json_decref(value);
        sgn_buf_deinit(&bytes);
    }
}

/* However its members were set, and whichever road it took. */
static void
test_value_has_one_form(void **state)
{
    json_t *a = parsed("{\"b\": 1, \"a\": [null, true], \"ab\": {\"y\": \"\", \"x\": 2}}");
    json_t *b = parsed("{\"ab\": {\"x\": 2, \"y\": \"\"}, \"a\": [null, true], \"b\": 1}");
    struct sgn_buf one = bytes_of(a), two = bytes_of(b), by_hand;
    size_t record, inner;

    (void)state;
    assert_int_equal(one.len, two.len);
    assert_memory_equal(one.bytes, two.bytes, one.len);
    sgn_buf_init(&by_hand, MAX);
    record = rules_put_open(&by_hand, RULES_VALUE_RECORD);
    RULES_PUT_NAME(&by_hand, "a");
    inner = rules_put_open(&by_hand, RULES_VALUE_LIST);
    rules_put_null(&by_hand);
    rules_put_bool(&by_hand, true);
    rules_put_close(&by_hand, inner);
    RULES_PUT_NAME(&by_hand, "ab");
    inner = rules_put_open(&by_hand, RULES_VALUE_RECORD);
    RULES_PUT_NAME(&by_hand, "x");
    rules_put_integer(&by_hand, 2);
    RULES_PUT_NAME(&by_hand, "y");
    rules_put_text(&by_hand, "", 0);
    rules_put_close(&by_hand, inner);
    RULES_PUT_NAME(&by_hand, "b");
    rules_put_integer(&by_hand, 1);
    rules_put_close(&by_hand, record);
    assert_false(by_hand.failed);
    assert_int_equal(by_hand.len, one.len);
    assert_memory_equal(by_hand.bytes, one.bytes, one.len);
    sgn_buf_deinit(&one);
    sgn_buf_deinit(&two);
    sgn_buf_deinit(&by_hand);
    json_decref(a);
    json_decref(b);
}

/* The bytes themselves, as the header says them. */
static void
test_value_is_laid_out_as_it_is_described(void **state)
{
    static const char expected[] = "r\x19\0\0\0"
                                   "\1\0\0\0n"
                                   "i\xfe\xff\xff\xff\xff\xff\xff\xff"
                                   "\1\0\0\0t"
                                   "s\1\0\0\0x";
    json_t *value = parsed("{\"t\": \"x\", \"n\": -2}");
    struct sgn_buf bytes = bytes_of(value);

    (void)state;
    assert_int_equal(bytes.len, sizeof expected - 1);
    assert_memory_equal(bytes.bytes, expected, bytes.len);
    sgn_buf_deinit(&bytes);
    json_decref(value);
}

static void
test_value_members_are_found_where_they_lie(void **state)
{
    json_t *value = parsed("{\"a\": {\"deep\": [1]}, \"n\": null, \"name\": \"x\", \"z\": 7}");
    struct sgn_buf bytes = bytes_of(value);
    struct rules_value record, member;

    (void)state;
    assert_ptr_equal(rules_value_read(bytes.bytes, &record), bytes.bytes + bytes.len);
    assert_true(rules_value_member(&record, "z", 1, &member));
    assert_int_equal(member.kind, RULES_VALUE_INTEGER);
    assert_int_equal(member.integer, 7);
    assert_true(rules_value_member(&record, "name", 4, &member));
    assert_int_equal(member.n, 1);
    assert_memory_equal(member.bytes, "x", 1);
    assert_true(rules_value_member(&record, "n", 1, &member));
    assert_int_equal(member.kind, RULES_VALUE_NULL);
    assert_false(rules_value_member(&record, "na", 2, &member));
    assert_false(rules_value_member(&record, "", 0, &member));
    rules_value_read(bytes.bytes, &member);
    member.kind = RULES_VALUE_TEXT;
    assert_false(rules_value_member(&member, "a", 1, &record));
    sgn_buf_deinit(&bytes);
    json_decref(value);
}

/* ---- wrong bytes ---- */

static enum sgn_status
judged(const void *bytes, size_t n)
{
    /* A copy of exactly this size: reading behind it is a fault that a sanitizer sees. */
    char *copy = malloc(n > 0 ? n : 1);
    struct sgn_error err = { 0 };
    enum sgn_status st;

    memcpy(copy, bytes, n);
    st = rules_value_check(copy, n, &err);
    assert_int_equal(st == SGN_INVALID, err.message[0] != '\0');
    sgn_error_clear(&err);
    free(copy);
    return st;
}

static void
test_value_of_wrong_bytes_is_none(void **state)
{
#define BYTES(text)                                                                                \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }
    static const struct {
        const char *bytes;
        size_t n;
    } wrong[] = {
        BYTES(""),
        BYTES("{}"),
        BYTES("nn"),                               /* two */
        BYTES("i\1\0\0\0\0\0\0"),                  /* too short */
        BYTES("s\2\0\0\0x"),                       /* beyond the end */
        BYTES("s\xff\xff\xff\xffx"),               /* far beyond */
        BYTES("s\1\0\0\0\0"),                      /* NUL */
        BYTES("s\2\0\0\0\xc3("),                   /* no UTF-8 */
        BYTES("d\0\0\0\0\0\0\xf0\x7f"),            /* infinite */
        BYTES("d\1\0\0\0\0\0\xf0\x7f"),            /* no number */
        BYTES("l\2\0\0\0n"),                       /* promises more */
        BYTES("l\1\0\0\0nn"),                      /* holds less */
        BYTES("l\3\0\0\0s\1\0x"),                  /* its item ends behind it */
        BYTES("r\1\0\0\0n"),                       /* no name */
        BYTES("r\5\0\0\0\1\0\0\0a"),               /* no value */
        BYTES("r\x0c\0\0\0\1\0\0\0bn\1\0\0\0an"),  /* out of order */
        BYTES("r\x0c\0\0\0\1\0\0\0an\1\0\0\0an"),  /* twice */
        BYTES("r\x0d\0\0\0\2\0\0\0abn\1\0\0\0an"), /* behind what it begins */
        BYTES("r\x06\0\0\0\1\0\0\0\0n"),           /* NUL in a name */
        BYTES("r\x06\0\0\0\1\0\0\0\xffn"),         /* no UTF-8 in a name */
        BYTES("l\0\0\0"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (judged(wrong[i].bytes, wrong[i].n) != SGN_INVALID)
            fail_msg("bytes %zu were taken", i);
    assert_int_equal(judged("r\x0c\0\0\0\1\0\0\0an\1\0\0\0bn", 17), SGN_OK);
}

static void
test_value_deeper_than_allowed_is_none(void **state)
{
    struct sgn_buf out;
    json_t *nested = json_array();

    (void)state;
    for (int depth = RULES_VALUE_DEPTH; depth <= RULES_VALUE_DEPTH + 1; depth++) {
        sgn_buf_init(&out, MAX);
        for (int i = 0; i < depth; i++)
            rules_put_open(&out, RULES_VALUE_LIST);
        for (int i = depth - 1; i >= 0; i--)
            rules_put_close(&out, 5 * (size_t)i);
        assert_int_equal(judged(out.bytes, out.len),
                         depth <= RULES_VALUE_DEPTH ? SGN_OK : SGN_INVALID);
        sgn_buf_deinit(&out);
    }
    for (int i = 0; i < RULES_VALUE_DEPTH; i++)
        nested = json_pack("[o]", nested);
    sgn_buf_init(&out, MAX);
    assert_int_equal(rules_put_json(&out, nested, NULL), SGN_INVALID);
    assert_true(out.failed);
    sgn_buf_deinit(&out);
    json_decref(nested);
}

/* Cut short it is never a value; with a bit turned it is none, or one that goes there and back. */
static void
test_value_cut_or_changed_is_judged_safely(void **state)
{
    uint64_t seed = 7;

    (void)state;
    for (int i = 0; i < 150; i++) {
        json_t *value = random_value(&seed, 0), *read = NULL;
        struct sgn_buf bytes = bytes_of(value), again;

        for (size_t n = 0; n < bytes.len; n++)
            assert_int_equal(judged(bytes.bytes, n), SGN_INVALID);
        for (int j = 0; j < 200; j++) {
            size_t at = draw(&seed, (unsigned)bytes.len);
            char was = bytes.bytes[at];

            bytes.bytes[at] = (char)(draw(&seed, 4) == 0 ? (unsigned)was ^ (1u << draw(&seed, 8))
                                                         : draw(&seed, 256));
            if (judged(bytes.bytes, bytes.len) == SGN_OK) {
                assert_int_equal(rules_value_parse(bytes.bytes, bytes.len, &read, NULL), SGN_OK);
                again = bytes_of(read);
                assert_int_equal(again.len, bytes.len);
                assert_memory_equal(again.bytes, bytes.bytes, again.len);
                sgn_buf_deinit(&again);
                json_decref(read);
            }
            bytes.bytes[at] = was;
        }
        sgn_buf_deinit(&bytes);
        json_decref(value);
    }
}

static void
test_value_without_room_is_not_put(void **state)
{
    json_t *value = parsed("{\"name\": \"a text\"}");
    struct sgn_buf out;

    (void)state;
    sgn_buf_init(&out, 12);
    assert_int_equal(rules_put_json(&out, value, NULL), SGN_TOO_LARGE);
    assert_true(out.failed);
    sgn_buf_deinit(&out);
    json_decref(value);
    value = json_stringn("a\0b", 3);
    sgn_buf_init(&out, MAX);
    assert_int_equal(rules_put_json(&out, value, NULL), SGN_INVALID);
    sgn_buf_deinit(&out);
    json_decref(value);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_value_comes_back_as_it_went_in),
        cmocka_unit_test(test_value_has_one_form),
        cmocka_unit_test(test_value_is_laid_out_as_it_is_described),
        cmocka_unit_test(test_value_members_are_found_where_they_lie),
        cmocka_unit_test(test_value_of_wrong_bytes_is_none),
        cmocka_unit_test(test_value_deeper_than_allowed_is_none),
        cmocka_unit_test(test_value_cut_or_changed_is_judged_safely),
        cmocka_unit_test(test_value_without_room_is_not_put),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
