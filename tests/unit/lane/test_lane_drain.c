/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Very many deadlines due in one second. By construction nobody starves, however many there are:
 * what has come is decided first in every turn, and a turn fires a bounded number. So the test is
 * the same for any number of them; SIGNOFF_DRAIN says how many (5,000 when it does not).
 */
#include "support/world.h"
#include <sys/resource.h>

#define USUAL  5000
#define GROUPS 100 /* of cases whose timers are due in the same millisecond */

static int
how_many(void)
{
    const char *said = getenv("SIGNOFF_DRAIN");
    long n = said != NULL ? strtol(said, NULL, 10) : USUAL;

    return n >= GROUPS && n <= 10000000 ? (int)n : USUAL;
}

/* And one more, of which nothing is due: the one that is asked about. */
static void
open_all(struct world *w, int n)
{
    for (int i = 1; i <= n + 1; i++) {
        (void)world_submit(w,
                           &(struct ask){ .person = "li",
                                          .run = lane_case_open,
                                          .method = "case.open",
                                          .params = "{'workflow': 'ticket', 'project': 'erp'}" });
        if (i % 1000 == 0 || i > n)
            world_settle(w);
    }
}

/* Each case's timer is due an hour after it is planned: all within one second, in an order that is
 * neither that of their keys nor that in which they were opened. */
static void
plan_all(struct world *w, int n)
{
    for (int i = 0; i < n; i++) {
        int group = (int)((int64_t)i * GROUPS / n);
        char key[16];

        snprintf(key, sizeof key, "TK-%d", (int)((int64_t)i * 7919 % n) + 1); /* a prime */
        if (sgn_clock_now(&w->clock) < START + group * (1000 / GROUPS)) {
            world_settle(w);
            sgn_clock_set(&w->clock, START + group * (1000 / GROUPS));
        }
        (void)submit_fire(w, "li", key, "plan");
        if (i % 1000 == 0)
            world_settle(w);
    }
    world_settle(w);
}

static int64_t
fired_so_far(const struct world *w)
{
    json_t *stats = lane_stats(w->lane);
    int64_t fired = sgn_json_int(stats, "fired", 0);

    json_decref(stats);
    return fired;
}

/* Turns until nothing fires any more, with a request in between each two. */
static int
drain(struct world *w, int n, int64_t *longest_ms)
{
    char key[16];
    int64_t before = fired_so_far(w), now;

    snprintf(key, sizeof key, "TK-%d", n + 1);
    for (int turns = 1;; turns++) {
        struct reply *reply = world_submit(w, &(struct ask){ .person = "li",
                                                             .run = run_comment,
                                                             .method = "case.comment",
                                                             .params = "{'text': 'still there?'}",
                                                             .key = key });
        int64_t began = sgn_monotonic_ms(), took;

        world_turns(w, 1);
        took = sgn_monotonic_ms() - began;
        *longest_ms = took > *longest_ms ? took : *longest_ms;
        assert_done(reply); /* in the very turn in which it came */
        now = fired_so_far(w);
        assert_true(now - before <= w->limits.due_per_turn);
        if (now == before)
            return turns;
        before = now;
    }
}

/* ---- what the history says ---- */

struct fired {
    unsigned char *times; /* by number of the case */
    int n, of;
    int64_t due, last_seq, n_read;
};

static enum sgn_status
note_fired(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct fired *fired = ctx;
    json_t *internal = NULL;
    int64_t due;
    long number;

    fired->last_seq = entry->seq;
    fired->n_read++;
    if (strcmp(entry->kind, "deadline") != 0)
        return SGN_OK;
    assert_int_equal(sgn_json_parse(entry->internal, entry->internal_n, &internal, err), SGN_OK);
    due = sgn_json_int(internal, "due", 0);
    json_decref(internal);
    number = strtol(entry->case_key + 3, NULL, 10);
    assert_in_range(number, 1, fired->of);
    assert_int_equal(fired->times[number]++, 0); /* each once */
    assert_true(due >= fired->due);              /* in the order of their due times */
    assert_in_range(due, START + HOUR, START + HOUR + SGN_SECOND_MS);
    fired->due = due;
    fired->n++;
    return SGN_OK;
}

static void
assert_each_once_in_order(struct world *w, int n)
{
    struct fired fired = { .times = calloc((size_t)n + 1, 1), .of = n };

    assert_non_null(fired.times);
    do {
        fired.n_read = 0;
        assert_int_equal(store_entries(store_own_reader(w->store), "demo", fired.last_seq + 1,
                                       10000, note_fired, &fired, &w->err),
                         SGN_OK);
    } while (fired.n_read > 0);
    assert_int_equal(fired.n, n);
    free(fired.times);
}

static void
test_due_very_many_in_one_second_drain_without_starving_requests(void **state)
{
    struct world *w = world_new(false, false);
    int n = how_many(), turns;
    int64_t longest = 0, began, took;
    struct rusage usage;

    (void)state;
    open_all(w, n);
    plan_all(w, n);
    sgn_clock_set(&w->clock, START + HOUR + SGN_SECOND_MS); /* all are due at once */
    began = sgn_monotonic_ms();
    turns = drain(w, n, &longest);
    took = sgn_monotonic_ms() - began;
    assert_in_range(turns, n / w->limits.due_per_turn, n / w->limits.due_per_turn + 2);
    assert_each_once_in_order(w, n);
    getrusage(RUSAGE_SELF, &usage);
    print_message("%d timers in %d turns, %lld ms: %lld a second, the longest turn %lld ms; "
                  "%ld MiB at most\n",
                  n, turns, (long long)took, (long long)n * 1000 / (took > 0 ? took : 1),
                  (long long)longest, usage.ru_maxrss / 1024);
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_due_very_many_in_one_second_drain_without_starving_requests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
