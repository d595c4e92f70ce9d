/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of a Lua state: blocks that do not touch, a ceiling that holds, addresses that agree.
 */
#include "dsl_support.h"

#include "arena.h"

#define MOST (8u << 20)

/* A generator of its own, so that a failure can be repeated. */
static size_t
next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(*seed >> 33);
}

struct block {
    unsigned char *bytes;
    size_t n;
};

/* Every block holds a letter of its own, so that one that reached into another would show. */
static void
check(const struct block *block, int letter)
{
    for (size_t i = 0; i < block->n; i++)
        assert_int_equal(block->bytes[i], letter);
}

static void
test_arena_blocks_keep_what_they_hold(void **state)
{
    struct dsl_arena arena = { .base = NULL };
    struct block blocks[200] = { { NULL, 0 } };
    uint64_t seed = 7;

    (void)state;
    for (int turn = 0; turn < 20000; turn++) {
        size_t i = next(&seed) % 200, n = next(&seed) % 10 == 0 ? 0 : 1 + next(&seed) % 5000;
        size_t kept = blocks[i].n < n ? blocks[i].n : n;

        check(&blocks[i], (int)i);
        if (n == 0) {
            dsl_arena_give(&arena, blocks[i].bytes, blocks[i].n);
            blocks[i] = (struct block){ NULL, 0 };
            continue;
        }
        blocks[i].bytes = dsl_arena_resize(&arena, blocks[i].bytes, blocks[i].n, n, MOST);
        assert_non_null(blocks[i].bytes);
        assert_int_equal((uintptr_t)blocks[i].bytes % 16, 0);
        check(&(struct block){ blocks[i].bytes, kept }, (int)i);
        memset(blocks[i].bytes, (int)i, n);
        blocks[i].n = n;
    }
    dsl_arena_deinit(&arena);
}

/* The same calls give the same lower halves of addresses: Lua places keys by them. */
static void
test_arena_addresses_agree_between_arenas(void **state)
{
    struct dsl_arena a = { .base = NULL }, b = { .base = NULL };
    uint64_t seed = 11;

    (void)state;
    for (int turn = 0; turn < 2000; turn++) {
        size_t n = 1 + next(&seed) % 40000;
        void *in_a = dsl_arena_resize(&a, NULL, 0, n, UINT32_MAX);
        void *in_b = dsl_arena_resize(&b, NULL, 0, n, UINT32_MAX);

        assert_ptr_not_equal(in_a, in_b);
        assert_int_equal((uint32_t)(uintptr_t)in_a, (uint32_t)(uintptr_t)in_b);
        if (turn % 3 == 0) {
            dsl_arena_give(&a, in_a, n);
            dsl_arena_give(&b, in_b, n);
        }
    }
    dsl_arena_deinit(&a);
    dsl_arena_deinit(&b);
}

static void
test_arena_ceiling_is_one_of_what_was_ever_given_out(void **state)
{
    struct dsl_arena arena = { .base = NULL };
    void *block = dsl_arena_resize(&arena, NULL, 0, 6u << 20, MOST);

    (void)state;
    assert_non_null(block);
    assert_null(dsl_arena_resize(&arena, NULL, 0, 6u << 20, MOST));
    /* Taken back it is there again, for its own size. */
    dsl_arena_give(&arena, block, 6u << 20);
    assert_ptr_equal(dsl_arena_resize(&arena, NULL, 0, 6u << 20, MOST), block);
    /* Never beyond the ceiling, and smaller is always possible. */
    assert_null(dsl_arena_resize(&arena, NULL, 0, SIZE_MAX / 2, UINT32_MAX));
    assert_non_null(dsl_arena_resize(&arena, block, 6u << 20, 5u << 20, 0));
    assert_true(arena.top <= MOST);
    dsl_arena_deinit(&arena);
    assert_null(arena.base);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_blocks_keep_what_they_hold),
        cmocka_unit_test(test_arena_addresses_agree_between_arenas),
        cmocka_unit_test(test_arena_ceiling_is_one_of_what_was_ever_given_out),
    };
    return cmocka_run_group_tests_name("dsl/arena", tests, NULL, NULL);
}
