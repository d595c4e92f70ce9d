/* SPDX-License-Identifier: Apache-2.0 */
/* A loop that was given room looks at descriptors of high numbers when there is no memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "loop_room.h"
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Global because libuv's allocator has no context. */
static bool starved;

static void *
own_malloc(size_t n)
{
    return starved ? NULL : malloc(n);
}

static void *
own_realloc(void *old, size_t n)
{
    return starved ? NULL : realloc(old, n);
}

static void *
own_calloc(size_t n, size_t size)
{
    return starved ? NULL : calloc(n, size);
}

static void
on_ready(uv_poll_t *poll, int status, int events)
{
    assert_int_equal(status, 0);
    assert_true((events & UV_READABLE) != 0);
    uv_close((uv_handle_t *)poll, NULL);
}

/* In a process of its own: how that ends is what is looked at. */
static int
look_at_high_one(int room)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        struct rlimit none = { 0, 0 };
        uv_loop_t loop;
        uv_poll_t poll;
        int ends[2], high;

        setrlimit(RLIMIT_CORE, &none);
        if (uv_replace_allocator(own_malloc, own_realloc, own_calloc, free) != 0 ||
            uv_loop_init(&loop) != 0)
            _exit(2);
        if (room > 0)
            net_loop_room(&loop, room);
        if (pipe(ends) != 0 || (high = fcntl(ends[0], F_DUPFD_CLOEXEC, 900)) < 900 ||
            write(ends[1], "x", 1) != 1)
            _exit(3);
        starved = true;
        if (uv_poll_init(&loop, &poll, high) != 0 ||
            uv_poll_start(&poll, UV_READABLE, on_ready) != 0)
            _exit(4);
        _exit(uv_run(&loop, UV_RUN_DEFAULT) == 0 ? 0 : 5);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void
test_loop_with_room_needs_no_memory_for_descriptors(void **state)
{
    (void)state;
    assert_int_equal(look_at_high_one(1000), 0);
    assert_int_equal(look_at_high_one(100000000), 0); /* more than the system allows */
}

/* Or there would be nothing to make room for. */
static void
test_loop_without_room_ends_the_process(void **state)
{
    (void)state;
    assert_true(WIFSIGNALED(look_at_high_one(0)));
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loop_with_room_needs_no_memory_for_descriptors),
        cmocka_unit_test(test_loop_without_room_ends_the_process),
    };

    return cmocka_run_group_tests_name("room in a loop", tests, NULL, NULL);
}
