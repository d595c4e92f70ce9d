/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Squeezed bytes: what goes in comes out, and bytes that a disk has changed are refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store_squeeze.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows that are much alike, n bytes of them. */
static char *
rows_of(size_t n)
{
    char *bytes = malloc(n + 100);
    size_t at = 0;

    assert_non_null(bytes);
    for (int i = 0; at < n; i++)
        at += (size_t)snprintf(bytes + at, 100, "{\"key\":\"CR-%d\",\"amount\":%d}", i, i * i);
    return bytes;
}

static void
test_squeezed_rows_come_out_as_they_were_in_fewer_bytes(void **state)
{
    struct store_squeeze *squeeze = store_squeeze_new();
    static const size_t sizes[] = { 300, 5000, 300000 };

    (void)state;
    assert_non_null(squeeze);
    for (size_t i = 0; i < 3; i++) {
        char *bytes = rows_of(sizes[i]), *back = malloc(sizes[i]);
        struct sgn_buf out;

        sgn_buf_init(&out, 1 << 20);
        assert_int_equal(sgn_buf_puts(&out, "before"), SGN_OK);
        assert_true(store_squeeze(squeeze, bytes, sizes[i], &out));
        assert_true(out.len < sizes[i] / 2);
        assert_memory_equal(out.bytes, "before", 6);
        assert_int_equal(store_unsqueeze(out.bytes + 6, out.len - 6, back, sizes[i]), SGN_OK);
        assert_memory_equal(back, bytes, sizes[i]);
        sgn_buf_deinit(&out);
        free(back);
        free(bytes);
    }
    store_squeeze_free(squeeze);
}

static void
test_squeezed_what_gets_no_shorter_is_left_alone(void **state)
{
    struct store_squeeze *squeeze = store_squeeze_new();
    struct sgn_buf out;
    char bytes[1000];
    uint64_t random = 1;

    (void)state;
    assert_non_null(squeeze);
    for (size_t i = 0; i < sizeof bytes; i++) {
        random = random * UINT64_C(6364136223846793005) + 1;
        bytes[i] = (char)(random >> 56);
    }
    sgn_buf_init(&out, 1100);
    assert_int_equal(sgn_buf_puts(&out, "before"), SGN_OK);
    assert_false(store_squeeze(squeeze, bytes, sizeof bytes, &out));
    assert_int_equal(out.len, 6);
    /* Nor where there is no room for it. */
    memset(bytes, 'a', sizeof bytes);
    assert_int_equal(sgn_buf_append(&out, bytes, 500), SGN_OK);
    assert_false(store_squeeze(squeeze, bytes, sizeof bytes, &out));
    assert_int_equal(out.len, 506);
    assert_false(out.failed);
    sgn_buf_deinit(&out);
    store_squeeze_free(squeeze);
}

static void
test_squeezed_bytes_that_changed_are_refused(void **state)
{
    struct store_squeeze *squeeze = store_squeeze_new();
    char *bytes = rows_of(3000), back[3001];
    struct sgn_buf out;
    size_t refused = 0;

    (void)state;
    assert_non_null(squeeze);
    sgn_buf_init(&out, 1 << 20);
    assert_true(store_squeeze(squeeze, bytes, 3000, &out));
    for (size_t i = 0; i < out.len; i++)
        for (int bit = 0; bit < 8; bit++) {
            out.bytes[i] = (char)(out.bytes[i] ^ (1 << bit));
            if (store_unsqueeze(out.bytes, out.len, back, 3000) == SGN_INVALID)
                refused++;
            else /* a bit that says nothing: never other bytes */
                assert_memory_equal(back, bytes, 3000);
            out.bytes[i] = (char)(out.bytes[i] ^ (1 << bit));
        }
    assert_true(refused > out.len * 8 / 100 * 99);
    assert_int_equal(store_unsqueeze(out.bytes, out.len - 1, back, 3000), SGN_INVALID);
    assert_int_equal(store_unsqueeze(out.bytes, out.len, back, 2999), SGN_INVALID);
    assert_int_equal(store_unsqueeze(out.bytes, out.len, back, 3001), SGN_INVALID);
    assert_int_equal(store_unsqueeze(out.bytes, 0, back, 3000), SGN_INVALID);
    sgn_buf_deinit(&out);
    free(bytes);
    store_squeeze_free(squeeze);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_squeezed_rows_come_out_as_they_were_in_fewer_bytes),
        cmocka_unit_test(test_squeezed_what_gets_no_shorter_is_left_alone),
        cmocka_unit_test(test_squeezed_bytes_that_changed_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
