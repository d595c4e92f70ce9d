/* SPDX-License-Identifier: Apache-2.0 */
/* Buffers: ceilings, failure that stays, and giving the bytes away. */
#include "buf.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
test_buf_holds_exactly_its_ceiling(void **state)
{
    struct sgn_buf buf;

    (void)state;
    sgn_buf_init(&buf, 5);
    assert_int_equal(sgn_buf_append(&buf, "abc", 3), SGN_OK);
    assert_int_equal(sgn_buf_append(&buf, "de", 2), SGN_OK);
    assert_string_equal(buf.bytes, "abcde");
    assert_int_equal(buf.len, 5);
    assert_false(buf.failed);
    sgn_buf_deinit(&buf);
}

static void
test_buf_refuses_more_and_keeps_what_it_had(void **state)
{
    struct sgn_buf buf;

    (void)state;
    sgn_buf_init(&buf, 5);
    assert_int_equal(sgn_buf_puts(&buf, "abc"), SGN_OK);
    assert_int_equal(sgn_buf_puts(&buf, "def"), SGN_TOO_LARGE);
    assert_string_equal(buf.bytes, "abc");
    assert_true(buf.failed);
    /* "x" would fit, but a hole in the text would be worse than none. */
    assert_int_not_equal(sgn_buf_puts(&buf, "x"), SGN_OK);
    assert_string_equal(buf.bytes, "abc");
    sgn_buf_reset(&buf);
    assert_int_equal(buf.len, 0);
    assert_int_equal(sgn_buf_puts(&buf, "x"), SGN_OK);
    assert_string_equal(buf.bytes, "x");
    sgn_buf_deinit(&buf);
}

static void
test_buf_lengths_cannot_wrap(void **state)
{
    struct sgn_buf buf;

    (void)state;
    sgn_buf_init(&buf, 8);
    assert_int_equal(sgn_buf_puts(&buf, "1234"), SGN_OK);
    /* 4 + SIZE_MAX would wrap to 3. */
    assert_int_equal(sgn_buf_append(&buf, "x", SIZE_MAX), SGN_TOO_LARGE);
    assert_string_equal(buf.bytes, "1234");
    sgn_buf_deinit(&buf);
}

static void
test_buf_without_ceiling_grows(void **state)
{
    struct sgn_buf buf;

    (void)state;
    sgn_buf_init(&buf, SIZE_MAX);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(sgn_buf_append(&buf, "0123456789", 10), SGN_OK);
    assert_int_equal(buf.len, 1000000);
    assert_int_equal(strlen(buf.bytes), 1000000);
    assert_memory_equal(buf.bytes + 999990, "0123456789", 10);
    sgn_buf_deinit(&buf);
}

static void
test_buf_printf_counts_against_the_ceiling(void **state)
{
    struct sgn_buf buf;

    (void)state;
    sgn_buf_init(&buf, 7);
    assert_int_equal(sgn_buf_printf(&buf, "%d-%s", 42, "abcd"), SGN_OK);
    assert_string_equal(buf.bytes, "42-abcd");
    sgn_buf_reset(&buf);
    assert_int_equal(sgn_buf_printf(&buf, "%d-%s", 42, "abcde"), SGN_TOO_LARGE);
    assert_int_equal(buf.len, 0);
    sgn_buf_deinit(&buf);
}

static void
test_buf_consume_drops_the_front(void **state)
{
    struct sgn_buf buf;

    (void)state;
    sgn_buf_init(&buf, 100);
    sgn_buf_consume(&buf, 0);
    assert_int_equal(sgn_buf_puts(&buf, "line\nrest"), SGN_OK);
    sgn_buf_consume(&buf, 5);
    assert_string_equal(buf.bytes, "rest");
    sgn_buf_consume(&buf, 4);
    assert_string_equal(buf.bytes, "");
    assert_int_equal(buf.len, 0);
    sgn_buf_deinit(&buf);
}

static void
test_buf_take_gives_the_bytes_and_starts_anew(void **state)
{
    struct sgn_buf buf;
    char *bytes;

    (void)state;
    sgn_buf_init(&buf, 100);
    bytes = sgn_buf_take(&buf);
    assert_string_equal(bytes, "");
    free(bytes);
    assert_int_equal(sgn_buf_puts(&buf, "one"), SGN_OK);
    bytes = sgn_buf_take(&buf);
    assert_int_equal(buf.len, 0);
    assert_int_equal(sgn_buf_puts(&buf, "two"), SGN_OK);
    assert_string_equal(bytes, "one");
    assert_string_equal(buf.bytes, "two");
    free(bytes);
    sgn_buf_deinit(&buf);
}

static void
test_buf_keeps_nul_bytes(void **state)
{
    struct sgn_buf buf;

    (void)state;
    sgn_buf_init(&buf, 100);
    assert_int_equal(sgn_buf_append(&buf, "a\0b", 3), SGN_OK);
    assert_int_equal(buf.len, 3);
    assert_memory_equal(buf.bytes, "a\0b", 4);
    sgn_buf_deinit(&buf);
    sgn_buf_deinit(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buf_holds_exactly_its_ceiling),
        cmocka_unit_test(test_buf_refuses_more_and_keeps_what_it_had),
        cmocka_unit_test(test_buf_lengths_cannot_wrap),
        cmocka_unit_test(test_buf_without_ceiling_grows),
        cmocka_unit_test(test_buf_printf_counts_against_the_ceiling),
        cmocka_unit_test(test_buf_consume_drops_the_front),
        cmocka_unit_test(test_buf_take_gives_the_bytes_and_starts_anew),
        cmocka_unit_test(test_buf_keeps_nul_bytes),
    };
    return cmocka_run_group_tests_name("base/buf", tests, NULL, NULL);
}
