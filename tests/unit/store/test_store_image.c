/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case's row as bytes, and the difference between two of them: what goes in comes out, and bytes
 * that a disk has changed are refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store_delta.h"
#include "store_image.h"
#include <stdlib.h>
#include <string.h>

static uint64_t
random_next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static struct store_case
sample(json_t *indexed, json_t *waiting)
{
    return (struct store_case){
        .team = "t",
        .key = "CR-7",
        .workflow = "w",
        .rules = "r",
        .project = "p",
        .client = "c",
        .opener = "o",
        .owner = "ow",
        .group = "g",
        .priority = "high",
        .outcome = "done",
        .states = " a b ",
        .version = 2,
        .rev = 3,
        .case_seq = 4,
        .opened_at = 5,
        .closed_at = 6,
        .due_at = 7,
        .next_at = 8,
        .stuck = true,
        .last_seq = 9,
        .last_hash = "h",
        .last_at = 10,
        .text = "text\x1f more",
        .indexed = indexed,
        .document = "{\"a\":1}",
        .waiting = waiting,
    };
}

static void
test_image_gives_back_every_column(void **state)
{
    json_t *indexed = json_pack("{s:i, s:s, s:n}", "n", 1, "s", "x", "none");
    json_t *waiting = json_pack("[{s:s, s:i}]", "kind", "owner", "due", 5);
    struct store_case row = sample(indexed, waiting);
    struct store_image *image = store_image_new(&row, 77);
    struct store_image_row got;

    (void)state;
    assert_non_null(image);
    assert_int_equal(store_image_read(image, &got, NULL), SGN_OK);
    assert_int_equal(store_image_parse(&got, NULL), SGN_OK);
    assert_int_equal(got.id, 77);
    assert_true(json_equal(got.row.indexed, indexed) && json_equal(got.row.waiting, waiting));
#define TEXT(name) assert_string_equal(got.row.name, row.name)
    TEXT(team), TEXT(key), TEXT(workflow), TEXT(rules), TEXT(project), TEXT(client), TEXT(opener);
    TEXT(owner), TEXT(group), TEXT(priority), TEXT(outcome), TEXT(states), TEXT(last_hash);
    TEXT(text), TEXT(document);
#define NUMBER(name) assert_int_equal(got.row.name, row.name)
    NUMBER(version), NUMBER(rev), NUMBER(case_seq), NUMBER(opened_at), NUMBER(closed_at);
    NUMBER(due_at), NUMBER(next_at), NUMBER(stuck), NUMBER(last_seq), NUMBER(last_at);
    store_image_row_deinit(&got);
    store_image_drop(image);
    json_decref(indexed);
    json_decref(waiting);
}

static void
test_image_keeps_what_is_null(void **state)
{
    struct store_case row = {
        .team = "t", .key = "k", .workflow = "w", .states = "", .document = "{}"
    };
    struct store_image *image = store_image_new(&row, 1);
    struct store_image_row got;

    (void)state;
    assert_int_equal(store_image_read(image, &got, NULL), SGN_OK);
    assert_null(got.row.project);
    assert_null(got.row.outcome);
    assert_null(got.indexed_text);
    assert_string_equal(got.row.states, "");
    store_image_drop(image);
}

/* Each beginning of the bytes, and each length in them made another one. */
static void
test_image_that_is_cut_or_bent_is_refused(void **state)
{
    struct store_case row = sample(NULL, NULL);
    struct store_image *image = store_image_new(&row, 1), *cut;
    struct store_image_row got;
    uint32_t n = image->n;

    (void)state;
    for (uint32_t i = 0; i < n; i++) {
        cut = store_image_room(i);
        memcpy(cut->bytes, image->bytes, i);
        assert_int_equal(store_image_read(cut, &got, NULL), SGN_INVALID);
        store_image_drop(cut);
    }
    for (uint32_t i = 89; i < n; i++) { /* behind the numbers */
        cut = store_image_room(n);
        memcpy(cut->bytes, image->bytes, n);
        cut->bytes[i] = (char)~cut->bytes[i];
        if (store_image_read(cut, &got, NULL) == SGN_OK)
            assert_true(strlen(got.row.document) < n); /* a text of other letters */
        store_image_drop(cut);
    }
    store_image_drop(image);
}

/* Bytes in which pieces of the base stand, moved, repeated and changed. */
static size_t
change(const char *base, size_t base_n, char *out, size_t max, uint64_t *seed)
{
    size_t n = 0;

    while (n < max - 64 && random_next(seed) % 12 != 0) {
        size_t from = base_n == 0 ? 0 : random_next(seed) % base_n, length;

        length = random_next(seed) % (base_n - from + 1);
        length = length < max - 64 - n ? length : max - 64 - n;
        memcpy(out + n, base + from, length);
        n += length;
        for (uint64_t i = random_next(seed) % 30; i > 0; i--)
            out[n++] = (char)random_next(seed);
    }
    return n;
}

static void
test_delta_makes_the_new_bytes_of_the_old(void **state)
{
    static char base[40000], next[60000], got[60000];
    uint64_t seed = 5;

    (void)state;
    for (int i = 0; i < 2000; i++) {
        size_t base_n = random_next(&seed) % (i % 10 == 0 ? sizeof base : 1500), n;
        struct sgn_buf delta;

        for (size_t b = 0; b < base_n; b++)
            base[b] = (char)('a' + random_next(&seed) % (i % 3 == 0 ? 2 : 20));
        n = change(base, base_n, next, sizeof next, &seed);
        sgn_buf_init(&delta, 1 << 20);
        store_delta_make(base, base_n, next, n, &delta);
        assert_false(delta.failed);
        memset(got, 0, n);
        assert_true(store_delta_apply(base, base_n, delta.bytes, delta.len, got, n));
        assert_memory_equal(got, next, n);
        /* Of another length, or bent: refused, or other bytes, and nothing beyond its room. */
        assert_false(store_delta_apply(base, base_n, delta.bytes, delta.len, got, n + 1));
        if (delta.len > 0) {
            delta.bytes[random_next(&seed) % delta.len] ^= (char)(1 + random_next(&seed) % 255);
            (void)store_delta_apply(base, base_n, delta.bytes, delta.len, got, n);
        }
        sgn_buf_deinit(&delta);
    }
}

static void
test_delta_of_a_small_change_is_small(void **state)
{
    char base[1000], next[1000];
    uint64_t seed = 9;
    struct sgn_buf delta;

    (void)state;
    for (size_t i = 0; i < sizeof base; i++)
        base[i] = (char)random_next(&seed);
    memcpy(next, base, sizeof base);
    next[500] = (char)~next[500];
    sgn_buf_init(&delta, 1 << 20);
    store_delta_make(base, sizeof base, next, sizeof next, &delta);
    assert_true(delta.len < 16);
    sgn_buf_deinit(&delta);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_image_gives_back_every_column),
        cmocka_unit_test(test_image_keeps_what_is_null),
        cmocka_unit_test(test_image_that_is_cut_or_bent_is_refused),
        cmocka_unit_test(test_delta_makes_the_new_bytes_of_the_old),
        cmocka_unit_test(test_delta_of_a_small_change_is_small),
    };

    return cmocka_run_group_tests_name("images of rows", tests, NULL, NULL);
}
