/* SPDX-License-Identifier: Apache-2.0 */
/* Queues alone and between threads. */
#include "clock.h"
#include "thread.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

struct item {
    int number;
    struct sgn_node node;
};

static int
number_of(struct sgn_node *node)
{
    return SGN_CONTAINER(node, struct item, node)->number;
}

static void
test_queue_keeps_the_order_of_pushes(void **state)
{
    struct sgn_queue *queue = sgn_queue_new();
    struct item items[3] = { { .number = 1 }, { .number = 2 }, { .number = 3 } };
    struct sgn_node *nodes;

    (void)state;
    for (int i = 0; i < 3; i++)
        sgn_queue_push(queue, &items[i].node);
    assert_int_equal(sgn_queue_length(queue), 3);
    nodes = sgn_queue_take_all(queue, 0);
    assert_int_equal(number_of(nodes), 1);
    assert_int_equal(number_of(nodes->next), 2);
    assert_int_equal(number_of(nodes->next->next), 3);
    assert_null(nodes->next->next->next);
    assert_int_equal(sgn_queue_length(queue), 0);
    assert_null(sgn_queue_take_all(queue, 0));
    sgn_queue_free(queue);
    sgn_queue_free(NULL);
}

static void
test_queue_wake_ends_one_wait(void **state)
{
    struct sgn_queue *queue = sgn_queue_new();
    struct item item = { .number = 1 };

    (void)state;
    /* Before anybody waits: the next wait does not happen. */
    sgn_queue_wake(queue);
    assert_null(sgn_queue_take_all(queue, -1));
    /* Nodes come first, and the wake is kept for the wait after them. */
    sgn_queue_wake(queue);
    sgn_queue_push(queue, &item.node);
    assert_non_null(sgn_queue_take_all(queue, -1));
    assert_null(sgn_queue_take_all(queue, -1));
    sgn_queue_free(queue);
}

static void
test_queue_wait_ends_with_its_time(void **state)
{
    struct sgn_queue *queue = sgn_queue_new();
    int64_t before = sgn_monotonic_ms();

    (void)state;
    assert_null(sgn_queue_take_all(queue, 5));
    assert_true(sgn_monotonic_ms() - before >= 4);
    sgn_queue_free(queue);
}

#define PUSHERS 3
#define EACH    5000

struct pusher {
    struct sgn_queue *queue;
    struct item *items;
    int first;
};

static void
push_many(void *arg)
{
    struct pusher *pusher = arg;

    for (int i = 0; i < EACH; i++) {
        pusher->items[i].number = pusher->first + i;
        sgn_queue_push(pusher->queue, &pusher->items[i].node);
    }
}

/* Three threads push, this one takes: nothing is lost, and each one's order is kept. */
static void
test_queue_between_threads_loses_nothing(void **state)
{
    struct sgn_queue *queue = sgn_queue_new();
    struct pusher pushers[PUSHERS];
    struct sgn_thread *threads[PUSHERS];
    int next[PUSHERS] = { 0 };
    int total = 0;

    (void)state;
    for (int i = 0; i < PUSHERS; i++) {
        pushers[i] = (struct pusher){ queue, calloc(EACH, sizeof(struct item)), i * EACH };
        assert_non_null(pushers[i].items);
        threads[i] = sgn_thread_start("pusher", push_many, &pushers[i]);
        assert_non_null(threads[i]);
    }
    while (total < PUSHERS * EACH) {
        struct sgn_node *node = sgn_queue_take_all(queue, -1);
        for (; node != NULL; node = node->next, total++) {
            int from = number_of(node) / EACH;
            assert_int_equal(number_of(node) % EACH, next[from]++);
        }
    }
    for (int i = 0; i < PUSHERS; i++) {
        sgn_thread_join(threads[i]);
        free(pushers[i].items);
    }
    sgn_queue_free(queue);
}

struct look {
    size_t stack;
    char name[16];
};

static void
look_at_myself(void *arg)
{
    struct look *look = arg;
    pthread_attr_t attr;

    pthread_getname_np(pthread_self(), look->name, sizeof(look->name));
    if (pthread_getattr_np(pthread_self(), &attr) != 0)
        return;
    pthread_attr_getstacksize(&attr, &look->stack);
    pthread_attr_destroy(&attr);
}

static void
test_thread_has_its_stack_and_name(void **state)
{
    struct look look = { 0 };
    struct rlimit usual;
    struct rlimit small;

    (void)state;
    /* Whatever the shell says about stacks. */
    assert_int_equal(getrlimit(RLIMIT_STACK, &usual), 0);
    small = (struct rlimit){ .rlim_cur = (rlim_t)2 << 20, .rlim_max = usual.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_STACK, &small), 0);
    sgn_thread_join(sgn_thread_start("a-name-longer-than-kept", look_at_myself, &look));
    assert_int_equal(setrlimit(RLIMIT_STACK, &usual), 0);
    assert_true(look.stack >= (size_t)8 << 20);
    assert_string_equal(look.name, "a-name-longer-t");
    sgn_thread_join(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        /* First, for later threads inherit the stacks of finished ones. */
        cmocka_unit_test(test_thread_has_its_stack_and_name),
        cmocka_unit_test(test_queue_keeps_the_order_of_pushes),
        cmocka_unit_test(test_queue_wake_ends_one_wait),
        cmocka_unit_test(test_queue_wait_ends_with_its_time),
        cmocka_unit_test(test_queue_between_threads_loses_nothing),
    };
    return cmocka_run_group_tests_name("base/thread", tests, NULL, NULL);
}
