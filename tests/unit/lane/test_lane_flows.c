/* SPDX-License-Identifier: Apache-2.0 */
/* Teams take turns, nobody's order is lost, and what is over a bound is refused. */
#include "flows.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PUSHERS 4
#define EACH    20000

static struct lane_job *
job_of(const char *team, int number)
{
    struct lane_job *job = calloc(1, sizeof *job);

    snprintf(job->team, sizeof job->team, "%s", team);
    job->at = number;
    return job;
}

static struct lane_flows *
flows_of(int all, int each, int window)
{
    struct lane_flows_options options = { .all = all, .each = each, .window = window };
    struct lane_flows *flows = lane_flows_new(&options);

    assert_non_null(flows);
    return flows;
}

static void
push(struct lane_flows *flows, const char *team, int number)
{
    assert_int_equal(lane_flows_push(flows, job_of(team, number)), LANE_PUSHED);
}

/* Frees what was taken; gives how many of this team it held, all in their order from *next on. */
static int
count(struct lane_flows *flows, struct sgn_node *node, const char *team, int *next)
{
    int n = 0;

    while (node != NULL) {
        struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);
        node = node->next;
        if (strcmp(job->team, team) == 0) {
            assert_int_equal(job->at, (*next)++);
            n++;
        }
        lane_flows_done(flows, job);
        free(job);
    }
    return n;
}

static void
test_flows_one_of_another_team_waits_for_one_turn(void **state)
{
    struct lane_flows *flows = flows_of(20000, 20000, 0);
    int next_a = 0, next_b = 0;

    (void)state;
    for (int i = 0; i < 10000; i++)
        push(flows, "a", i);
    push(flows, "b", 0);
    /* In the first batch, though ten thousand came before it. */
    assert_int_equal(count(flows, lane_flows_take(flows, 64, 0), "b", &next_b), 1);
    assert_int_equal(lane_flows_length(flows, NULL), 10000 - 63);
    next_a = 63;
    for (int i = 0; i < 3; i++)
        push(flows, "b", i);
    next_b = 0;
    /* The others lose no more than that. */
    assert_int_equal(count(flows, lane_flows_take(flows, 64, 0), "a", &next_a), 61);
    while (lane_flows_length(flows, NULL) > 0)
        (void)count(flows, lane_flows_take(flows, 64, 0), "a", &next_a);
    assert_int_equal(next_a, 10000);
    lane_flows_free(flows);
}

static void
test_flows_share_a_batch_alike(void **state)
{
    static const char *const teams[] = { "a", "b", "c", "d" };
    struct lane_flows *flows = flows_of(10000, 10000, 0);
    int of[4] = { 0 };

    (void)state;
    for (int t = 0; t < 4; t++)
        for (int i = 0; i < 1000; i++)
            push(flows, teams[t], i);
    for (struct sgn_node *node = lane_flows_take(flows, 256, 0), *next; node != NULL; node = next) {
        struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);
        next = node->next;
        of[job->team[0] - 'a']++;
        free(job);
    }
    for (int t = 0; t < 4; t++)
        assert_int_equal(of[t], 64);
    (void)count(flows, lane_flows_take_all(flows), "x", &of[0]);
    lane_flows_free(flows);
}

/* What a connection of an operator's asks of two teams keeps its order. */
static void
test_flows_an_operator_is_one_flow(void **state)
{
    struct lane_flows *flows = flows_of(100, 100, 0);
    struct sgn_node *node;

    (void)state;
    for (int i = 0; i < 40; i++) {
        struct lane_job *job = job_of(i % 2 == 0 ? "a" : "b", i);
        job->is_operator = true;
        assert_int_equal(lane_flows_push(flows, job), LANE_PUSHED);
    }
    node = lane_flows_take(flows, 100, 0);
    for (int i = 0; i < 40; i++) {
        struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);
        node = node->next;
        assert_int_equal(job->at, i);
        free(job);
    }
    assert_null(node);
    lane_flows_free(flows);
}

static void
test_flows_of_one_keep_the_order_of_all(void **state)
{
    struct lane_flows_options options = { .all = 1000, .each = 1, .window = 1, .single = true };
    struct lane_flows *flows = lane_flows_new(&options);
    struct sgn_node *node;

    (void)state;
    for (int i = 0; i < 1000; i++)
        push(flows, i % 3 == 0 ? "a" : "b", i);
    node = lane_flows_take(flows, 1000, 0);
    for (int i = 0; i < 1000; i++) {
        struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);
        node = node->next;
        assert_int_equal(job->at, i);
        free(job);
    }
    lane_flows_free(flows);
}

static void
test_flows_are_bounded_in_all_and_for_each(void **state)
{
    struct lane_flows *flows = flows_of(30, 20, 0);
    struct lane_job *more = job_of("a", 20), *other = job_of("b", 10);
    int next = 0;

    (void)state;
    for (int i = 0; i < 20; i++)
        push(flows, "a", i);
    assert_int_equal(lane_flows_push(flows, more), LANE_TEAM_FULL);
    for (int i = 0; i < 10; i++)
        push(flows, "b", i);
    assert_int_equal(lane_flows_push(flows, other), LANE_ALL_FULL);
    assert_int_equal(lane_flows_length(flows, more), 20);
    /* What was refused is still the caller's, and there is room again. */
    assert_int_equal(count(flows, lane_flows_take(flows, 30, 0), "a", &next), 20);
    assert_int_equal(lane_flows_push(flows, more), LANE_PUSHED);
    assert_int_equal(lane_flows_push(flows, other), LANE_PUSHED);
    assert_int_equal(count(flows, lane_flows_take(flows, 30, 0), "a", &next), 1);
    lane_flows_free(flows);
}

/* A team whose jobs do not end leaves the others all the room there is. */
static void
test_flows_a_window_holds_one_team_and_no_other(void **state)
{
    struct lane_flows *flows = flows_of(1000, 1000, 8);
    struct sgn_node *inside;
    int next_a = 8, next_b = 0;

    (void)state;
    for (int i = 0; i < 100; i++)
        push(flows, "a", i);
    inside = lane_flows_take(flows, 50, 0);
    assert_null(lane_flows_take(flows, 50, 0));
    for (int i = 0; i < 20; i++)
        push(flows, "b", i);
    assert_int_equal(count(flows, lane_flows_take(flows, 50, 0), "b", &next_b), 8);
    assert_int_equal(count(flows, lane_flows_take(flows, 50, 0), "b", &next_b), 8);
    next_a = 0;
    assert_int_equal(count(flows, inside, "a", &next_a), 8);
    assert_int_equal(count(flows, lane_flows_take(flows, 50, 0), "a", &next_a), 8);
    (void)count(flows, lane_flows_take_all(flows), "a", &next_a);
    assert_int_equal(next_a, 100);
    lane_flows_free(flows);
}

/* Of two threads one is left to others, but only where there are others. */
static void
test_flows_share_a_window_only_with_others(void **state)
{
    struct lane_flows_options options = { .all = 100, .each = 100, .window = 1, .shared = true };
    struct lane_flows *flows = lane_flows_new(&options);
    struct sgn_node *first, *second;
    int next = 0, login = 0;

    (void)state;
    for (int i = 0; i < 3; i++)
        push(flows, "a", i);
    first = lane_flows_take(flows, 1, 0);
    push(flows, "", 0); /* who logs in is no other team */
    second = lane_flows_take(flows, 1, 0);
    assert_int_equal(count(flows, lane_flows_take(flows, 1, 0), "", &login), 1);
    assert_true(first != NULL && second != NULL);
    push(flows, "b", 0);
    assert_int_equal(count(flows, lane_flows_take(flows, 1, 0), "b", &next), 1);
    assert_null(lane_flows_take(flows, 1, 0)); /* the third of a: it has more than its share */
    next = 0;
    assert_int_equal(count(flows, first, "a", &next), 1);
    assert_int_equal(count(flows, second, "a", &next), 1);
    assert_int_equal(count(flows, lane_flows_take(flows, 1, 0), "a", &next), 1);
    lane_flows_free(flows);
}

/* ---- threads ---- */

struct pusher {
    struct lane_flows *flows;
    struct sgn_thread *thread;
    char team[8];
};

static void
push_all(void *arg)
{
    struct pusher *self = arg;

    for (int i = 0; i < EACH; i++)
        push(self->flows, self->team, i);
    lane_flows_tell(self->flows);
}

static void
test_flows_lose_nothing_between_threads(void **state)
{
    struct lane_flows *flows = flows_of(PUSHERS * EACH, EACH, 300);
    struct pusher pushers[PUSHERS];
    int next[PUSHERS] = { 0 }, n = 0;

    (void)state;
    for (int i = 0; i < PUSHERS; i++) {
        pushers[i].flows = flows;
        snprintf(pushers[i].team, sizeof pushers[i].team, "t%d", i);
        pushers[i].thread = sgn_thread_start("pusher", push_all, &pushers[i]);
        assert_non_null(pushers[i].thread);
    }
    while (n < PUSHERS * EACH) {
        struct sgn_node *node = lane_flows_take(flows, 500, -1);
        assert_non_null(node);
        while (node != NULL) {
            struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);
            node = node->next;
            assert_int_equal(job->at, next[job->team[1] - '0']++);
            lane_flows_done(flows, job);
            free(job);
            n++;
        }
    }
    for (int i = 0; i < PUSHERS; i++)
        sgn_thread_join(pushers[i].thread);
    assert_int_equal(lane_flows_length(flows, NULL), 0);
    lane_flows_free(flows);
}

static void
wait_for_end(void *arg)
{
    struct sgn_node *node = lane_flows_take(arg, 1, -1);

    assert_null(node);
}

static void
test_flows_closed_let_all_go_home(void **state)
{
    struct lane_flows *flows = flows_of(10, 10, 0);
    struct sgn_thread *threads[3];

    (void)state;
    for (int i = 0; i < 3; i++)
        threads[i] = sgn_thread_start("taker", wait_for_end, flows);
    lane_flows_close(flows);
    for (int i = 0; i < 3; i++)
        sgn_thread_join(threads[i]);
    lane_flows_free(flows);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flows_one_of_another_team_waits_for_one_turn),
        cmocka_unit_test(test_flows_share_a_batch_alike),
        cmocka_unit_test(test_flows_an_operator_is_one_flow),
        cmocka_unit_test(test_flows_of_one_keep_the_order_of_all),
        cmocka_unit_test(test_flows_are_bounded_in_all_and_for_each),
        cmocka_unit_test(test_flows_a_window_holds_one_team_and_no_other),
        cmocka_unit_test(test_flows_share_a_window_only_with_others),
        cmocka_unit_test(test_flows_lose_nothing_between_threads),
        cmocka_unit_test(test_flows_closed_let_all_go_home),
    };

    return cmocka_run_group_tests_name("lane/flows", tests, NULL, NULL);
}
