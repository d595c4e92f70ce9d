/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lane on threads of its own: several that submit, queries beside, a stop in the middle.
 * Every job that was taken is answered once, and what was answered is in the store.
 */
#include "hash.h"
#include "support/world.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define SUBMITTERS 4
#define JOBS       120 /* of each submitter */

struct slot {
    struct submitter *of;
    _Atomic int taken, times;
    enum sgn_status status; /* written before times, by whom answers */
    int64_t entry;
};

struct submitter {
    pthread_t thread;
    struct world *world;
    int number;
    _Atomic int *answered; /* of all submitters */
    struct slot slots[JOBS];
};

struct crowd {
    struct world *world;
    struct submitter submitters[SUBMITTERS];
    _Atomic int answered;
    _Atomic bool over; /* for the queries */
    _Atomic int n_queries, n_query_answers;
    pthread_t querier;
};

static void
on_done(struct lane_job *job)
{
    struct slot *slot = job->ctx;

    slot->status = job->status;
    slot->entry = sgn_json_int(job->result, "entry", 0);
    slot->times++;
    (*slot->of->answered)++;
    lane_job_free(job);
}

/* Comments on a case that all share, commands that ask the rules on one of its own. */
static struct lane_job *
make_job(struct submitter *self, int i)
{
    struct lane_job *job = lane_job_new();
    char text[16];

    snprintf(job->team, sizeof job->team, "demo");
    snprintf(job->person, sizeof job->person, "li");
    job->connection = (uint64_t)self->number + 1;
    job->access = CORE_PERSON;
    job->channel = "line";
    job->at = START;
    job->done = on_done;
    job->ctx = &self->slots[i];
    snprintf(text, sizeof text, "c%d", i);
    if (i == 0) {
        job->run = lane_case_open;
        job->method = "case.open";
        job->params = quoted("{'workflow': 'ticket', 'project': 'erp'}");
    } else {
        job->run = i % 3 == 0 ? lane_case_fire : run_comment;
        job->method = i % 3 == 0 ? "case.fire" : "case.comment";
        job->params = i % 3 == 0 ? quoted("{'event': 'refuse'}") : json_pack("{s:s}", "text", text);
        snprintf(job->case_key, sizeof job->case_key, "TK-1");
    }
    return job;
}

static void *
submit_all(void *arg)
{
    struct submitter *self = arg;

    for (int i = 0; i < JOBS; i++) {
        struct lane_job *job = make_job(self, i);
        struct sgn_error err = { 0 };
        enum sgn_status st;

        self->slots[i].of = self;
        st = lane_submit(self->world->lane, job, &err);
        sgn_error_clear(&err);
        if (st != SGN_OK) { /* the lane is stopping; so are we */
            lane_job_free(job);
            break;
        }
        self->slots[i].taken = 1;
    }
    return NULL;
}

/* What a query thread reads: never fewer entries than were told before. */
static enum sgn_status
look(struct store_reader *reader, struct lane *lane, struct lane_job *job, struct sgn_error *err)
{
    const struct lane_site *site = lane_site_ref(lane);
    struct store_head head;
    struct store_page page;
    struct store_case_filter filter = { .team = "demo", .open = true, .limit = 50 };
    enum sgn_status st = store_head_get(reader, "demo", &head, err);
    json_t *stats = lane_stats(lane), *fact = NULL;

    (void)job;
    json_decref(stats);
    if (st == SGN_OK)
        st = store_case_query(reader, &filter, &page, err);
    if (st == SGN_OK)
        store_page_deinit(&page);
    if (st == SGN_OK)
        st = lane_fact_read(lane, reader, "demo", "project:erp", &fact, err);
    json_decref(fact);
    if (lane_team_workflow(lane_site_team(site, "demo"), "ticket") == NULL)
        st = sgn_fail(err, SGN_INTERNAL, "the site has lost its workflow");
    lane_site_free(lane, site);
    return st;
}

static void
query_done(struct lane_job *job)
{
    struct crowd *crowd = job->ctx;

    if (job->status == SGN_OK)
        crowd->n_query_answers++;
    lane_job_free(job);
}

static void *
query_all(void *arg)
{
    struct crowd *crowd = arg;

    while (!crowd->over) {
        struct lane_job *job = lane_job_new();
        struct sgn_error err = { 0 };

        snprintf(job->team, sizeof job->team, "demo");
        snprintf(job->person, sizeof job->person, "li");
        job->access = CORE_PERSON;
        job->method = "case.list";
        job->query = look;
        job->done = query_done;
        job->ctx = crowd;
        if (lane_query(crowd->world->lane, job, &err) == SGN_OK)
            crowd->n_queries++;
        else
            lane_job_free(job);
        sgn_error_clear(&err);
        while (crowd->n_queries - crowd->n_query_answers > 4 && !crowd->over)
            sched_yield();
    }
    return NULL;
}

static struct crowd *
crowd_new(bool delayed)
{
    struct crowd *crowd = calloc(1, sizeof *crowd);

    crowd->world = world_new(true, delayed);
    assert_done(world_open(crowd->world, "li", "{}"));
    assert_int_equal(lane_start(crowd->world->lane, &crowd->world->err), SGN_OK);
    for (int i = 0; i < SUBMITTERS; i++) {
        struct submitter *one = &crowd->submitters[i];

        one->world = crowd->world;
        one->number = i;
        one->answered = &crowd->answered;
        assert_int_equal(pthread_create(&one->thread, NULL, submit_all, one), 0);
    }
    assert_int_equal(pthread_create(&crowd->querier, NULL, query_all, crowd), 0);
    return crowd;
}

/* After the stop: each taken job was answered once; what was answered well is an entry of its
 * own, and there are no others. */
static void
crowd_check(struct crowd *crowd, bool all)
{
    struct world *w = crowd->world;
    int64_t head = world_head(w);
    bool *seen = calloc((size_t)head + 1, sizeof *seen);
    int n = 0;

    for (int i = 0; i < SUBMITTERS * JOBS; i++) {
        struct slot *slot = &crowd->submitters[i / JOBS].slots[i % JOBS];

        assert_int_equal(slot->times, slot->taken);
        if (all)
            assert_int_equal(slot->taken, 1);
        if (slot->taken == 0 || slot->status != SGN_OK) {
            if (slot->taken == 1)
                assert_true(slot->status == SGN_REFUSED ||
                            (!all && slot->status == SGN_UNAVAILABLE));
            continue;
        }
        assert_true(slot->entry > 2 && slot->entry <= head && !seen[slot->entry]);
        seen[slot->entry] = true;
        n++;
    }
    assert_int_equal(n, head - 2); /* the first rows and the first case were there before */
    free(seen);
    world_verify(w);
}

static void
crowd_free(struct crowd *crowd)
{
    world_free(crowd->world);
    free(crowd);
}

static void
join(struct crowd *crowd)
{
    for (int i = 0; i < SUBMITTERS; i++)
        pthread_join(crowd->submitters[i].thread, NULL);
}

/* Held by a test while the lane is to hang. */
struct gate {
    pthread_mutex_t lock;
    _Atomic bool entered;
};

static enum sgn_status
run_gate(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    struct gate *gate = job->item;

    (void)run;
    (void)err;
    gate->entered = true;
    pthread_mutex_lock(&gate->lock);
    pthread_mutex_unlock(&gate->lock);
    job->result = json_object();
    return SGN_OK;
}

/* Whoever asks for a sign of life gets it from a lane that is idle, and none from one that hangs.
 */
static void
test_threads_a_lane_lives_while_it_ends_turns(void **state)
{
    struct world *w = world_new(true, false);
    struct gate gate = { .lock = PTHREAD_MUTEX_INITIALIZER };
    struct lane_job *job = lane_job_new();

    (void)state;
    assert_int_equal(lane_start(w->lane, &w->err), SGN_OK);
    for (int i = 0; i < 3; i++)
        while (!lane_alive(w->lane))
            sched_yield();
    snprintf(job->team, sizeof job->team, "demo");
    snprintf(job->person, sizeof job->person, "li");
    job->access = CORE_PERSON;
    job->channel = "line";
    job->method = "case.comment";
    job->params = json_object();
    job->at = START;
    job->run = run_gate;
    job->item = &gate;
    job->done = lane_job_free;
    pthread_mutex_lock(&gate.lock);
    assert_int_equal(lane_submit(w->lane, job, &w->err), SGN_OK);
    while (!gate.entered)
        sched_yield();
    (void)lane_alive(w->lane); /* of the turns before */
    for (int i = 0; i < 100; i++)
        assert_false(lane_alive(w->lane));
    pthread_mutex_unlock(&gate.lock);
    while (!lane_alive(w->lane))
        sched_yield();
    lane_stop(w->lane);
    world_free(w);
}

/* The order of one connection, and the lane's answers to queries beside. */
static void
test_threads_answer_everything_once(void **state)
{
    (void)state;
    for (int delayed = 0; delayed < 2; delayed++) {
        struct crowd *crowd = crowd_new(delayed == 1);

        join(crowd);
        while (crowd->answered < SUBMITTERS * JOBS)
            sched_yield();
        crowd->over = true;
        pthread_join(crowd->querier, NULL);
        lane_stop(crowd->world->lane);
        assert_int_equal(crowd->n_query_answers, crowd->n_queries);
        assert_true(crowd->n_queries > 0);
        crowd_check(crowd, true);
        for (int i = 0; i < SUBMITTERS; i++) { /* in the order they were sent */
            int64_t last = 0;

            for (int k = 0; k < JOBS; k++) {
                struct slot *slot = &crowd->submitters[i].slots[k];

                if (slot->status != SGN_OK)
                    continue;
                assert_true(slot->entry > last);
                last = slot->entry;
            }
        }
        crowd_free(crowd);
    }
}

static void
test_threads_stop_while_busy_loses_nothing(void **state)
{
    (void)state;
    for (int delayed = 0; delayed < 2; delayed++) {
        struct crowd *crowd = crowd_new(delayed == 1);

        while (crowd->answered < JOBS / 4)
            sched_yield();
        lane_stop(crowd->world->lane);
        join(crowd);
        crowd->over = true;
        pthread_join(crowd->querier, NULL);
        assert_int_equal(crowd->n_query_answers, crowd->n_queries);
        crowd_check(crowd, false);
        crowd_free(crowd);
    }
}

/* Reloads while others read the snapshot, and an advance of the clock among the commands. */
static void
test_threads_reload_under_readers(void **state)
{
    struct crowd *crowd = crowd_new(false);
    struct reply *replies[20];

    (void)state;
    for (int i = 0; i < 20; i++)
        replies[i] = world_submit(
            crowd->world, &(struct ask){ .person = "li",
                                         .run = i % 2 == 0 ? lane_reload : lane_clock_advance,
                                         .method = "workflow.reload",
                                         .params = "{'by': '1 minute'}",
                                         .access = CORE_LEAD });
    join(crowd);
    while (crowd->answered < SUBMITTERS * JOBS || crowd->world->n_answers < 21)
        sched_yield();
    crowd->over = true;
    pthread_join(crowd->querier, NULL);
    lane_stop(crowd->world->lane);
    for (int i = 0; i < 20; i++)
        assert_done(replies[i]);
    crowd_check(crowd, true);
    crowd_free(crowd);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_answer_everything_once),
        cmocka_unit_test(test_threads_a_lane_lives_while_it_ends_turns),
        cmocka_unit_test(test_threads_stop_while_busy_loses_nothing),
        cmocka_unit_test(test_threads_reload_under_readers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
