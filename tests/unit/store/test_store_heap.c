/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ordered index of due times against an array that is searched from end to end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store_heap.h"
#include <stdlib.h>
#include <string.h>

#define CASES 300
#define MOST  40

/* Numerical Recipes' 64-bit generator (Knuth's MMIX constants). */
static uint64_t
random_next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static int
order(const void *a, const void *b)
{
    const struct store_heap_item *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* Those due by until, by looking at all. */
static size_t
want_first(const int64_t *at, int64_t until, struct store_heap_item *out, size_t max)
{
    struct store_heap_item all[CASES];
    size_t n = 0;

    for (int64_t id = 1; id < CASES; id++)
        if (at[id] != 0 && at[id] <= until)
            all[n++] = (struct store_heap_item){ at[id], id };
    qsort(all, n, sizeof all[0], order);
    n = n < max ? n : max;
    memcpy(out, all, n * sizeof all[0]);
    return n;
}

static void
test_heap_gives_what_is_due_in_order_whatever_was_put(void **state)
{
    struct store_heap heap = { 0 };
    struct store_heap_item got[MOST], want[MOST];
    int64_t at[CASES] = { 0 };
    uint64_t seed = 20260109;

    (void)state;
    assert_int_equal(store_heap_first(&heap, INT64_MAX, got, MOST), 0);
    for (int i = 0; i < 40000; i++) {
        int64_t id = 1 + (int64_t)(random_next(&seed) % (CASES - 1)), until;
        size_t max = random_next(&seed) % (MOST + 1), n;

        /* Few times, so that many are the same; every third disarms. */
        at[id] = random_next(&seed) % 3 == 0 ? 0 : 1 + (int64_t)(random_next(&seed) % 60);
        assert_int_equal(store_heap_reserve(&heap, 1, NULL), SGN_OK);
        store_heap_put(&heap, id, at[id]);
        until = (int64_t)(random_next(&seed) % 70);
        n = want_first(at, until, want, max);
        assert_int_equal(store_heap_first(&heap, until, got, max), n);
        assert_memory_equal(got, want, n * sizeof got[0]);
    }
    store_heap_deinit(&heap);
}

/* In any order, some twice; and then one by one as ever. */
static void
test_heap_that_gets_very_many_at_once_is_as_if_they_had_come_alone(void **state)
{
    struct store_heap_item got[MOST], want[MOST];
    uint64_t seed = 20260110;

    (void)state;
    for (int n = 0; n < CASES; n = n * 3 / 2 + 1) {
        struct store_heap heap = { 0 };
        int64_t at[CASES] = { 0 }, first = 0;

        for (int i = 0; i < n; i++) {
            int64_t id = 1 + (i * 7919) % (CASES - 1);

            at[id] = 1 + (int64_t)(random_next(&seed) % 60);
            assert_int_equal(store_heap_add(&heap, id, at[id], NULL), SGN_OK);
            first = id;
        }
        if (n % 2 == 1 && n > 0)
            assert_int_equal(store_heap_add(&heap, first, at[first], NULL), SGN_OK);
        assert_int_equal(store_heap_order(&heap, NULL), SGN_OK);
        assert_int_equal(heap.n, n);
        for (int i = 0; i < 500; i++) {
            int64_t id = 1 + (int64_t)(random_next(&seed) % (CASES - 1));
            size_t n_want = want_first(at, 70, want, MOST);

            assert_int_equal(store_heap_first(&heap, 70, got, MOST), n_want);
            assert_memory_equal(got, want, n_want * sizeof got[0]);
            at[id] = random_next(&seed) % 3 == 0 ? 0 : 1 + (int64_t)(random_next(&seed) % 60);
            assert_int_equal(store_heap_reserve(&heap, 1, NULL), SGN_OK);
            store_heap_put(&heap, id, at[id]);
        }
        store_heap_deinit(&heap);
    }
}

static void
test_heap_takes_less_than_32_bytes_for_each(void **state)
{
    struct store_heap heap = { 0 };

    (void)state;
    for (int64_t id = 1; id <= 300000; id++) {
        assert_int_equal(store_heap_reserve(&heap, 1, NULL), SGN_OK);
        store_heap_put(&heap, id, 1 + (id * 7919) % 1000003);
        if (id > 1000)
            assert_true(heap.cap * sizeof *heap.heap + heap.n_slots * sizeof *heap.slots <
                        32 * (size_t)id);
    }
    store_heap_deinit(&heap);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heap_gives_what_is_due_in_order_whatever_was_put),
        cmocka_unit_test(test_heap_that_gets_very_many_at_once_is_as_if_they_had_come_alone),
        cmocka_unit_test(test_heap_takes_less_than_32_bytes_for_each),
    };

    return cmocka_run_group_tests_name("due times in memory", tests, NULL, NULL);
}
