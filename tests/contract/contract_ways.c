/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The contract of several commits at the same time: what is sent for one team and waited for later
 * is what it would have been by itself. Where a store has one commit at a time, the same calls do
 * the same one after the other.
 */
#include "contract.h"

enum {
    TEAMS = 7,
    ROUNDS = 9,
    WANTED = 4
};

/* A team on its way through its rounds. */
struct lap {
    char team[16];
    struct sample sample;
    struct store_unit unit;
    int64_t done;
    bool begun, sent;
};

static void
next_round(struct lap *lap)
{
    sample_init(&lap->sample, lap->team, lap->done + 1, NULL, 0, 0);
    lap->unit = (struct store_unit){ .entries = &lap->sample.entry, .n_entries = 1 };
    lap->begun = lap->sent = false;
}

/* Whoever is answered goes one step on; nobody can tell: the first that is under way. */
static struct lap *
answered(struct contract *c, struct lap laps[TEAMS])
{
    const char *team = store_answered(c->store, true);

    for (int i = 0; i < TEAMS; i++)
        if (laps[i].begun && (team == NULL || strcmp(team, laps[i].team) == 0))
            return &laps[i];
    fail_msg("%s is answered and nobody has asked", team == NULL ? "nobody" : team);
    return NULL;
}

static void
step(struct contract *c, struct lap *lap, int *under_way)
{
    struct store_head head;

    if (!lap->sent) {
        assert_ok(c, store_begin(c->store, lap->team, &head, &c->err));
        assert_int_equal(head.seq, lap->done);
        store_commit_send(c->store, &lap->unit);
        lap->sent = true;
        return;
    }
    assert_ok(c, store_commit_wait(c->store, &lap->unit, &c->err));
    assert_ok(c, store_head_get(c->reader, lap->team, &head, &c->err));
    assert_int_equal(head.seq, ++lap->done);
    next_round(lap);
    --*under_way;
}

static void
test_store_many_teams_are_committed_side_by_side(void **state)
{
    struct contract *c = *state;
    struct lap laps[TEAMS] = { 0 };
    int ways = store_ways(c->store, WANTED), under_way = 0, left = TEAMS * ROUNDS;

    assert_in_range(ways, 1, WANTED);
    for (int i = 0; i < TEAMS; i++) {
        snprintf(laps[i].team, sizeof laps[i].team, "team-%d", i);
        next_round(&laps[i]);
    }
    while (left > 0) {
        for (int i = 0; i < TEAMS && under_way < ways; i++) {
            if (laps[i].begun || laps[i].done == ROUNDS)
                continue;
            store_begin_send(c->store, laps[i].team);
            laps[i].begun = true;
            under_way++;
        }
        int before = under_way;

        step(c, answered(c, laps), &under_way);
        left -= before - under_way;
    }
    for (int i = 0; i < TEAMS; i++)
        assert_int_equal(laps[i].done, ROUNDS);
    assert_null(store_answered(c->store, true));
    assert_ok(c, store_check(c->store, &c->err));
}

static void
test_store_failed_unit_is_one_teams(void **state)
{
    struct contract *c = *state;
    struct store_row bad = { .table = STORE_PERSON, .team = "alpha", .row = json_object() };
    struct sample samples[2];
    struct store_unit units[2] = { { .n_entries = 1, .rows = &bad, .n_rows = 1 },
                                   { .n_entries = 1 } };
    static const char *const teams[] = { "alpha", "beta" };
    enum sgn_status got[2];
    struct store_head head;
    int ways = store_ways(c->store, 2);

    for (int i = 0; i < 2; i++) {
        sample_init(&samples[i], teams[i], 1, NULL, 0, 0);
        units[i].entries = &samples[i].entry;
    }
    for (int first = 0; first < 2; first += ways) { /* all that fit at once */
        for (int i = first; i < 2 && i < first + ways; i++)
            assert_ok(c, store_begin(c->store, teams[i], &head, &c->err));
        for (int i = first; i < 2 && i < first + ways; i++)
            store_commit_send(c->store, &units[i]);
        for (int i = first; i < 2 && i < first + ways; i++)
            got[i] = store_commit_wait(c->store, &units[i], &c->err);
    }
    assert_int_equal(got[0], SGN_INTERNAL);
    assert_int_equal(got[1], SGN_OK);
    assert_ok(c, store_head_get(c->reader, "alpha", &head, &c->err));
    assert_int_equal(head.seq, 0);
    assert_ok(c, store_head_get(c->reader, "beta", &head, &c->err));
    assert_int_equal(head.seq, 1);
    commit_one(c, &samples[0], NULL); /* and the team goes on */
    json_decref((json_t *)(uintptr_t)bad.row);
}

static void
test_store_head_that_was_asked_for_is_let_go(void **state)
{
    struct contract *c = *state;
    struct sample sample;
    struct store *other = c->store;
    struct store_options options = { .url = c->url };
    struct store_head head;

    (void)store_ways(c->store, 2);
    store_begin_send(c->store, "alpha");
    if (store_teams_per_commit(c->store) == 1)
        store_begin_send(c->store, "beta");
    store_rollback(c->store, "alpha");
    assert_ok(c, store_begin(c->store, "beta", &head, &c->err));
    if (store_teams_per_commit(c->store) == 1)
        assert_ok(c, store_open(&options, &other, &c->err));
    /* Another node would wait in vain for what is still held. */
    sample_init(&sample, "alpha", 1, NULL, 0, 0);
    assert_ok(c, store_begin(other, "alpha", &head, &c->err));
    assert_ok(c,
              store_commit(other, &(struct store_unit){ .entries = &sample.entry, .n_entries = 1 },
                           &c->err));
    store_rollback(c->store, NULL);
    if (other != c->store)
        store_close(other);
}

static const struct CMUnitTest tests[] = {
    CONTRACT(test_store_many_teams_are_committed_side_by_side),
    CONTRACT(test_store_failed_unit_is_one_teams),
    CONTRACT(test_store_head_that_was_asked_for_is_let_go),
};
CONTRACT_TESTS(contract_ways_tests, tests);
