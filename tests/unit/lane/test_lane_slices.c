/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queries that are done in slices: between two of them others have their turn, and one whose asker
 * has gone, or whose server stops, ends before its next.
 */
#include "support/world.h"
#include <sched.h>
#include <stdatomic.h>

#define LONG_ONES 5 /* more than there are threads */

struct asked {
    _Atomic int slices, freed, answered;
    _Atomic bool may_end;
    enum sgn_status status;
};

static void
work_free(void *work)
{
    ((struct asked *)work)->freed++;
}

/* Without an end of its own. */
static enum sgn_status
slice(struct store_reader *reader, struct lane *lane, struct lane_job *job, struct sgn_error *err)
{
    struct asked *asked = job->ctx;

    (void)reader;
    (void)lane;
    (void)err;
    if (job->work == NULL) {
        job->work = asked;
        job->work_free = work_free;
    }
    asked->slices++;
    return asked->may_end ? SGN_OK : SGN_NEEDS;
}

static enum sgn_status
at_once(struct store_reader *reader, struct lane *lane, struct lane_job *job, struct sgn_error *err)
{
    (void)reader;
    (void)lane;
    (void)job;
    (void)err;
    return SGN_OK;
}

static void
on_done(struct lane_job *job)
{
    struct asked *asked = job->ctx;

    asked->status = job->status;
    lane_job_free(job);
    asked->answered++;
}

static struct lane_job *
ask(struct world *w, struct asked *asked, lane_query_fn query)
{
    struct lane_job *job = lane_job_new();

    snprintf(job->team, sizeof job->team, "demo");
    snprintf(job->person, sizeof job->person, "li");
    job->access = CORE_PERSON;
    job->method = "report.get";
    job->query = query;
    job->done = on_done;
    job->ctx = asked;
    assert_int_equal(lane_query(w->lane, job, &w->err), SGN_OK);
    return job;
}

static void
wait_for(_Atomic int *count, int n)
{
    while (*count < n)
        sched_yield();
}

static void
test_lists_have_their_turn_between_slices(void **state)
{
    struct world *w = world_new(true, false);
    struct asked longs[LONG_ONES] = { 0 }, brief = { 0 };
    struct lane_job *first = NULL;

    (void)state;
    assert_int_equal(lane_start(w->lane, &w->err), SGN_OK);
    for (int i = 0; i < LONG_ONES; i++) {
        struct lane_job *job = ask(w, &longs[i], slice);
        first = i == 0 ? job : first;
    }
    for (int i = 0; i < LONG_ONES; i++) /* each of them goes on */
        wait_for(&longs[i].slices, 3);
    (void)ask(w, &brief, at_once);
    wait_for(&brief.answered, 1);
    assert_int_equal(brief.status, SGN_OK);
    for (int i = 0; i < LONG_ONES; i++)
        assert_int_equal(longs[i].answered, 0);

    atomic_store(&first->unwanted, true);
    wait_for(&longs[0].answered, 1);
    assert_int_equal(longs[0].status, SGN_UNAVAILABLE);
    longs[1].may_end = true;
    wait_for(&longs[1].answered, 1);
    assert_int_equal(longs[1].status, SGN_OK);

    lane_stop(w->lane); /* the rest */
    for (int i = 0; i < LONG_ONES; i++) {
        assert_int_equal(longs[i].answered, 1);
        assert_int_equal(longs[i].freed, 1);
        if (i > 1)
            assert_int_equal(longs[i].status, SGN_UNAVAILABLE);
    }
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_have_their_turn_between_slices),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
