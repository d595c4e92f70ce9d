/* SPDX-License-Identifier: Apache-2.0 */
/* Lines out of a stream of bytes. */
#include "frame.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
push(struct rpc_frame *frame, const char *text)
{
    assert_int_equal(rpc_frame_push(frame, text, strlen(text)), SGN_OK);
}

static void
expect_line(struct rpc_frame *frame, bool at_end, const char *text)
{
    const char *line = NULL;
    size_t n = 0;

    assert_int_equal(rpc_frame_next(frame, at_end, &line, &n), RPC_LINE_READY);
    assert_int_equal(n, strlen(text));
    assert_memory_equal(line, text, n);
}

static void
expect(struct rpc_frame *frame, bool at_end, enum rpc_line wanted)
{
    const char *line;
    size_t n;

    assert_int_equal(rpc_frame_next(frame, at_end, &line, &n), wanted);
}

static void
test_frame_gives_lines_from_any_pieces(void **state)
{
    static const char text[] = "one\ntwo\n\nthree\n";
    struct rpc_frame frame;

    (void)state;
    for (size_t piece = 1; piece <= sizeof(text) - 1; piece++) {
        static const char *const lines[] = { "one", "two", "", "three" };
        size_t next = 0;
        rpc_frame_init(&frame, 100);
        for (size_t i = 0; i < sizeof(text) - 1; i += piece) {
            size_t n = sizeof(text) - 1 - i < piece ? sizeof(text) - 1 - i : piece;
            const char *line;
            size_t length;
            assert_int_equal(rpc_frame_push(&frame, text + i, n), SGN_OK);
            while (rpc_frame_next(&frame, false, &line, &length) == RPC_LINE_READY) {
                assert_true(next < 4);
                assert_int_equal(length, strlen(lines[next]));
                assert_memory_equal(line, lines[next], length);
                next++;
            }
        }
        assert_int_equal(next, 4);
        rpc_frame_deinit(&frame);
    }
}

static void
test_frame_takes_a_line_of_exactly_the_limit(void **state)
{
    struct rpc_frame frame;

    (void)state;
    rpc_frame_init(&frame, 5);
    push(&frame, "12345\nabc\n");
    expect_line(&frame, false, "12345");
    expect_line(&frame, false, "abc");
    expect(&frame, false, RPC_LINE_NONE);
    rpc_frame_deinit(&frame);
}

static void
test_frame_refuses_a_line_over_the_limit(void **state)
{
    struct rpc_frame frame;

    (void)state;
    rpc_frame_init(&frame, 5);
    push(&frame, "123456\n");
    expect(&frame, false, RPC_LINE_TOO_LONG);
    rpc_frame_deinit(&frame);
}

static void
test_frame_refuses_a_long_line_before_its_end(void **state)
{
    struct rpc_frame frame;

    (void)state;
    rpc_frame_init(&frame, 5);
    push(&frame, "12345");
    expect(&frame, false, RPC_LINE_NONE);
    push(&frame, "6");
    expect(&frame, false, RPC_LINE_TOO_LONG);
    rpc_frame_deinit(&frame);
}

static void
test_frame_gives_the_rest_at_the_end_only(void **state)
{
    struct rpc_frame frame;

    (void)state;
    rpc_frame_init(&frame, 100);
    push(&frame, "one\nrest");
    expect_line(&frame, false, "one");
    expect(&frame, false, RPC_LINE_NONE);
    expect_line(&frame, true, "rest");
    expect(&frame, true, RPC_LINE_NONE);
    rpc_frame_deinit(&frame);
}

/* The piece's bytes are somebody else's after keep: they are written over here. */
static void
test_frame_keeps_what_is_left_of_any_piece(void **state)
{
    static const char text[] = "first\n\nthe second line\nx\nlast, without end";
    static const char *const lines[] = { "first", "", "the second line", "x" };
    unsigned seed = 7;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        struct rpc_frame frame;
        size_t next = 0, at = 0, n;
        const char *line;
        rpc_frame_init(&frame, 100);
        while (at < sizeof(text) - 1) {
            char piece[sizeof(text)];
            size_t size = 1 + (size_t)rand_r(&seed) % (sizeof(text) - 1 - at);
            int wanted = rand_r(&seed) % 4; /* as many lines are read before it pauses */
            memcpy(piece, text + at, size);
            at += size;
            assert_int_equal(rpc_frame_push(&frame, piece, size), SGN_OK);
            while (wanted-- > 0 && rpc_frame_next(&frame, false, &line, &n) == RPC_LINE_READY) {
                assert_int_equal(n, strlen(lines[next]));
                assert_memory_equal(line, lines[next++], n);
            }
            assert_int_equal(rpc_frame_keep(&frame), SGN_OK);
            memset(piece, '\n', sizeof(piece));
        }
        while (next < 4)
            expect_line(&frame, false, lines[next++]);
        expect(&frame, false, RPC_LINE_NONE);
        expect_line(&frame, true, "last, without end");
        rpc_frame_deinit(&frame);
    }
}

static void
test_frame_between_lines_holds_no_memory(void **state)
{
    struct rpc_frame frame;

    (void)state;
    rpc_frame_init(&frame, 100);
    push(&frame, "one\ntw");
    expect_line(&frame, false, "one");
    assert_int_equal(rpc_frame_keep(&frame), SGN_OK);
    assert_int_equal(rpc_frame_left(&frame), 2);
    assert_true(frame.bytes.cap > 0);
    push(&frame, "o\nthree\n");
    expect_line(&frame, false, "two");
    expect_line(&frame, false, "three");
    assert_int_equal(rpc_frame_keep(&frame), SGN_OK);
    assert_int_equal(frame.bytes.cap, 0);
    rpc_frame_deinit(&frame);
}

static void
test_frame_of_nothing_has_no_line(void **state)
{
    struct rpc_frame frame;

    (void)state;
    rpc_frame_init(&frame, 100);
    expect(&frame, false, RPC_LINE_NONE);
    expect(&frame, true, RPC_LINE_NONE);
    rpc_frame_deinit(&frame);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frame_gives_lines_from_any_pieces),
        cmocka_unit_test(test_frame_takes_a_line_of_exactly_the_limit),
        cmocka_unit_test(test_frame_refuses_a_line_over_the_limit),
        cmocka_unit_test(test_frame_refuses_a_long_line_before_its_end),
        cmocka_unit_test(test_frame_gives_the_rest_at_the_end_only),
        cmocka_unit_test(test_frame_keeps_what_is_left_of_any_piece),
        cmocka_unit_test(test_frame_between_lines_holds_no_memory),
        cmocka_unit_test(test_frame_of_nothing_has_no_line),
    };

    return cmocka_run_group_tests_name("rpc/frame", tests, NULL, NULL);
}
