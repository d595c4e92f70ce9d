/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The contract of threads: readers of their own beside the writer see whole commits only,
 * and everything that was committed before they asked.
 */
#include "contract.h"

#include "thread.h"
#include <stdatomic.h>

enum {
    COMMITS = 300,
    TOGETHER = 4 /* entries of a commit */
};

struct shared {
    _Atomic int64_t committed; /* told after the commit returned */
    atomic_bool done;
};

struct watcher {
    struct shared *shared;
    struct store_reader *reader;
    int64_t rounds;
    char failed[256]; /* what was wrong; cmocka's asserts belong to the main thread */
};

struct numbers {
    int64_t n, last;
    bool gap;
};

static enum sgn_status
follow(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct numbers *numbers = ctx;

    (void)err;
    if (numbers->n > 0 && entry->seq != numbers->last + 1)
        numbers->gap = true;
    numbers->last = entry->seq;
    numbers->n++;
    return SGN_OK;
}

/* Reads the counter that every commit sets to its own number; 0: none yet. */
static enum sgn_status
read_counter(struct store_reader *reader, int64_t *out, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "name", "n"), *row = NULL;
    enum sgn_status st = store_row_get(reader, STORE_COUNTER, "delivery", key, &row, err);

    *out = st == SGN_OK ? json_integer_value(json_object_get(row, "value")) : 0;
    json_decref(key);
    json_decref(row);
    return st == SGN_NOT_FOUND ? SGN_OK : st;
}

/* One look: told <= head <= counter <= head afterwards, and no gap below the head. */
static bool
look(struct watcher *w, struct sgn_error *err)
{
    struct store_head before, after;
    struct numbers numbers = { 0 };
    int64_t told = atomic_load(&w->shared->committed), counter = 0;

    if (store_head_get(w->reader, "delivery", &before, err) != SGN_OK ||
        read_counter(w->reader, &counter, err) != SGN_OK ||
        store_head_get(w->reader, "delivery", &after, err) != SGN_OK ||
        store_entries(w->reader, "delivery", told - 5, 2 * COMMITS * TOGETHER, follow, &numbers,
                      err) != SGN_OK) {
        snprintf(w->failed, sizeof w->failed, "%.200s", err->message);
        return false;
    }
    if (told <= before.seq && before.seq <= counter && counter <= after.seq && !numbers.gap &&
        numbers.last >= after.seq)
        return true;
    snprintf(w->failed, sizeof w->failed,
             "told %lld, head %lld, counter %lld, head %lld, last %lld", (long long)told,
             (long long)before.seq, (long long)counter, (long long)after.seq,
             (long long)numbers.last);
    return false;
}

static void
watch(void *arg)
{
    struct watcher *w = arg;
    struct sgn_error err = { 0 };

    while (!atomic_load(&w->shared->done) && look(w, &err))
        w->rounds++;
    sgn_error_clear(&err);
}

/* Entries up to this number in one commit: a reader may come between any two of them. */
static void
write_numbers(struct contract *c, int64_t n)
{
    json_t *counter = json_pack("{s:s, s:I}", "name", "n", "value", (json_int_t)n);
    struct store_row row = { .table = STORE_COUNTER, .team = "delivery", .row = counter };
    struct store_case one = sample_case("delivery", "CR-1", n);
    struct sample samples[TOGETHER];
    struct store_entry entries[TOGETHER];
    struct store_unit unit = { .entries = entries,
                               .n_entries = TOGETHER,
                               .cases = &one,
                               .n_cases = 1,
                               .rows = &row,
                               .n_rows = 1 };
    struct store_head head;

    for (int i = 0; i < TOGETHER; i++) {
        int64_t seq = n - TOGETHER + 1 + i;

        sample_init(&samples[i], "delivery", seq, "CR-1", seq, seq - 1);
        entries[i] = samples[i].entry;
    }
    assert_ok(c, store_begin(c->store, "delivery", &head, &c->err));
    assert_ok(c, store_commit(c->store, &unit, &c->err));
    json_decref(counter);
}

static void
test_store_readers_beside_the_writer_see_whole_commits(void **state)
{
    struct contract *c = *state;
    struct shared shared = { 0 };
    struct watcher watchers[2];
    struct sgn_thread *threads[2];

    for (int i = 0; i < 2; i++) {
        watchers[i] = (struct watcher){ .shared = &shared };
        assert_ok(c, store_reader_open(c->store, &watchers[i].reader, &c->err));
        threads[i] = sgn_thread_start("watch", watch, &watchers[i]);
        assert_non_null(threads[i]);
    }
    for (int64_t n = TOGETHER; n <= COMMITS * TOGETHER; n += TOGETHER) {
        write_numbers(c, n);
        atomic_store(&shared.committed, n);
        if (n % (50 * TOGETHER) == 0)
            (void)store_idle(c->store);
    }
    /* Both have looked at least once, however slow the machine is. */
    atomic_store(&shared.done, true);
    for (int i = 0; i < 2; i++) {
        struct sgn_error err = { 0 };

        sgn_thread_join(threads[i]);
        assert_string_equal(watchers[i].failed, "");
        assert_true(look(&watchers[i], &err));
        store_reader_close(watchers[i].reader);
    }
}

/* Where nobody else writes there is no waker, and all that takes one is fine with that. */
static void
test_store_waker_may_be_none(void **state)
{
    struct contract *c = *state;
    struct store_waker *waker = NULL;
    json_t *teams = json_pack("[s]", "delivery"), *told = NULL;

    assert_ok(c, store_waker_open(c->store, &waker, &c->err));
    assert_true((waker != NULL) == (store_waker_fd(waker) >= 0));
    assert_ok(c, store_wake(waker, teams, &c->err));
    assert_ok(c, store_waker_take(waker, &told, &c->err));
    assert_int_equal(json_array_size(told), 0); /* nobody hears oneself */
    store_waker_close(waker);
    json_decref(told);
    json_decref(teams);
}

static const struct CMUnitTest tests[] = {
    CONTRACT(test_store_waker_may_be_none),
    CONTRACT(test_store_readers_beside_the_writer_see_whole_commits),
};
CONTRACT_TESTS(contract_thread_tests, tests);
