/* SPDX-License-Identifier: Apache-2.0 */
/* The percentiles that the benchmark prints are those of the values that went in. */
#include "histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* Of 1..n every share is known: share * n, told at most two per cent too high. */
static void
test_histogram_tells_percentiles_within_two_per_cent(void **state)
{
    struct histogram *h = calloc(1, sizeof *h);
    static const uint64_t ends[] = { 50, 1000, 123456 };
    static const double shares[] = { 0.5, 0.9, 0.99, 0.999 };

    (void)state;
    assert_non_null(h);
    for (size_t e = 0; e < 3; e++) {
        *h = (struct histogram){ 0 };
        for (uint64_t us = 1; us <= ends[e]; us++)
            histogram_add(h, us);
        for (size_t s = 0; s < 4; s++) {
            double exact = shares[s] * (double)ends[e];
            uint64_t told = histogram_at(h, shares[s]);
            assert_true((double)told >= exact);
            assert_true((double)told <= exact * 1.02 + 1);
        }
        assert_int_equal(histogram_at(h, 1.0), ends[e]);
        assert_int_equal(h->max, ends[e]);
    }
    free(h);
}

static void
test_histogram_merge_is_as_if_added_to_one(void **state)
{
    struct histogram *both = calloc(3, sizeof *both);

    (void)state;
    assert_non_null(both);
    for (uint64_t us = 0; us < 5000; us++) {
        histogram_add(&both[us % 2], us * us);
        histogram_add(&both[2], us * us);
    }
    histogram_merge(&both[0], &both[1]);
    assert_memory_equal(&both[0], &both[2], sizeof *both);
    free(both);
}

static void
test_histogram_takes_any_value_and_no_value(void **state)
{
    struct histogram *h = calloc(1, sizeof *h);

    (void)state;
    assert_non_null(h);
    assert_int_equal(histogram_at(h, 0.5), 0);
    histogram_add(h, UINT64_MAX);
    histogram_add(h, 0);
    assert_int_equal(histogram_at(h, 0.0), 0);
    assert_int_equal(h->max, UINT64_MAX);
    free(h);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_histogram_tells_percentiles_within_two_per_cent),
        cmocka_unit_test(test_histogram_merge_is_as_if_added_to_one),
        cmocka_unit_test(test_histogram_takes_any_value_and_no_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
