/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections to PostgreSQL that are lost in the middle of a commit: what the store says must be
 * what became of it. Run with the file that holds the server's address.
 */
#include "contract.h"
#include "cutting_proxy.h"

#include "hash.h"

struct cuts {
    struct contract *c; /* goes straight to the server */
    struct cutting_proxy *proxy;
    struct store *store; /* goes through the proxy */
    struct sample sample;
    struct store_unit unit;
};

static int
setup(void **state)
{
    struct cuts *cuts = calloc(1, sizeof *cuts);
    const char *at, *colon;
    char url[512];
    struct store_options options = { .url = url };

    assert_non_null(cuts);
    assert_int_equal(contract_setup(state), 0);
    cuts->c = *state;
    at = strchr(cuts->c->url, '@');
    colon = strchr(at, ':');
    cuts->proxy = cutting_proxy_start(atoi(colon + 1), NULL);
    snprintf(url, sizeof url, "%.*s:%d%s", (int)(colon - cuts->c->url), cuts->c->url,
             cutting_proxy_port(cuts->proxy), strchr(colon, '/'));
    assert_ok(cuts->c, store_open(&options, &cuts->store, &cuts->c->err));
    sample_init(&cuts->sample, "delivery", 1, "CR-1", 1, 0);
    cuts->unit = (struct store_unit){ .entries = &cuts->sample.entry, .n_entries = 1 };
    *state = cuts;
    return 0;
}

static int
teardown(void **state)
{
    struct cuts *cuts = *state;
    void *contract = cuts->c;

    store_close(cuts->store);
    cutting_proxy_stop(cuts->proxy);
    free(cuts);
    return contract_teardown(&contract);
}

static int64_t
entries(struct cuts *cuts)
{
    struct store_head head;

    assert_ok(cuts->c, store_head_get(cuts->c->reader, "delivery", &head, &cuts->c->err));
    return head.seq;
}

/* Begins, then commits what the proxy cuts. */
static enum sgn_status
commit_cut(struct cuts *cuts, enum cut how, int deaf)
{
    struct store_head head;
    enum sgn_status st;

    assert_ok(cuts->c, store_begin(cuts->store, "delivery", &head, &cuts->c->err));
    cutting_proxy_cut(cuts->proxy, how, deaf);
    st = store_commit(cuts->store, &cuts->unit, &cuts->c->err);
    assert_int_equal(cutting_proxy_cuts(cuts->proxy), 1);
    return st;
}

static void
test_store_commit_that_did_not_arrive_did_not_happen(void **state)
{
    struct cuts *cuts = *state;
    struct store_head head;

    assert_status(cuts->c, SGN_UNAVAILABLE, commit_cut(cuts, CUT_BEFORE, 0));
    assert_int_equal(entries(cuts), 0);
    /* The store goes on. */
    assert_ok(cuts->c, store_begin(cuts->store, "delivery", &head, &cuts->c->err));
    assert_ok(cuts->c, store_commit(cuts->store, &cuts->unit, &cuts->c->err));
    assert_int_equal(entries(cuts), 1);
}

static void
test_store_commit_whose_answer_is_lost_is_found(void **state)
{
    struct cuts *cuts = *state;

    assert_ok(cuts->c, commit_cut(cuts, CUT_AFTER, 0));
    assert_int_equal(entries(cuts), 1);
}

static void
test_store_commit_that_cannot_be_found_out_is_unknown_until_reopened(void **state)
{
    struct cuts *cuts = *state;
    struct store_head head;

    assert_status(cuts->c, SGN_UNKNOWN_OUTCOME, commit_cut(cuts, CUT_AFTER, 1));
    cutting_proxy_cut(cuts->proxy, CUT_NOTHING, 0);
    assert_status(cuts->c, SGN_UNKNOWN_OUTCOME,
                  store_begin(cuts->store, "delivery", &head, &cuts->c->err));
    assert_status(cuts->c, SGN_UNKNOWN_OUTCOME,
                  store_commit(cuts->store, &cuts->unit, &cuts->c->err));
    assert_int_equal(entries(cuts), 1); /* it did happen, once */
}

/* Without entries nothing tells whether it happened. */
static void
test_store_commit_of_rows_alone_is_unknown(void **state)
{
    struct cuts *cuts = *state;
    json_t *row = json_pack("{s:s, s:i}", "name", "n", "value", 1);
    struct store_row put = { .table = STORE_COUNTER, .team = "delivery", .row = row };

    cuts->unit = (struct store_unit){ .rows = &put, .n_rows = 1 };
    assert_status(cuts->c, SGN_UNKNOWN_OUTCOME, commit_cut(cuts, CUT_AFTER, 0));
    json_decref(row);
}

/* A node that stands still while it holds a head loses it, and is told so. */
static void
test_store_head_of_a_node_that_stands_still_is_let_go(void **state)
{
    struct cuts *cuts = *state;
    struct sample sample;
    struct store_head head;

    assert_ok(cuts->c, store_begin(cuts->store, "delivery", &head, &cuts->c->err));
    /* Waits until the server has ended the other's transaction. */
    sample_init(&sample, "delivery", 1, "CR-2", 1, 0);
    commit_one(cuts->c, &sample, NULL);
    assert_status(cuts->c, SGN_UNAVAILABLE, store_commit(cuts->store, &cuts->unit, &cuts->c->err));
    assert_int_equal(entries(cuts), 1);
    assert_ok(cuts->c, store_begin(cuts->store, "delivery", &head, &cuts->c->err));
    assert_int_equal(head.seq, 1);
    store_rollback(cuts->store, NULL);
}

/* ---- one of several ---- */

struct several {
    struct sample samples[3];
    struct store_unit units[3];
};

/* Three teams begin; the first one's commit is cut, then the others send theirs. */
static void
send_three(struct cuts *cuts, struct several *out, enum cut how, int deaf)
{
    static const char *const teams[] = { "delivery", "beta", "gamma" };
    struct store_head head;

    assert_int_equal(store_ways(cuts->store, 3), 3);
    for (int i = 0; i < 3; i++) {
        sample_init(&out->samples[i], teams[i], 1, NULL, 0, 0);
        out->units[i] = (struct store_unit){ .entries = &out->samples[i].entry, .n_entries = 1 };
        assert_ok(cuts->c, store_begin(cuts->store, teams[i], &head, &cuts->c->err));
    }
    cutting_proxy_cut(cuts->proxy, how, deaf);
    store_commit_send(cuts->store, &out->units[0]);
    while (cutting_proxy_cuts(cuts->proxy) == 0)
        ;
    for (int i = 1; i < 3; i++)
        store_commit_send(cuts->store, &out->units[i]);
}

/* The others are told first, and that they are committed. */
static void
others_go_on(struct cuts *cuts, struct several *several)
{
    for (int i = 0; i < 2; i++) {
        const char *team = store_answered(cuts->store, true);
        int at = team != NULL && strcmp(team, "beta") == 0 ? 1 : 2;

        assert_string_equal(team, at == 1 ? "beta" : "gamma");
        assert_ok(cuts->c, store_commit_wait(cuts->store, &several->units[at], &cuts->c->err));
    }
    assert_string_equal(store_answered(cuts->store, true), "delivery");
}

static void
test_store_others_go_on_when_one_commit_is_cut(void **state)
{
    struct cuts *cuts = *state;
    struct several several;

    send_three(cuts, &several, CUT_AFTER, 0);
    others_go_on(cuts, &several);
    assert_ok(cuts->c, store_commit_wait(cuts->store, &several.units[0], &cuts->c->err));
    assert_int_equal(entries(cuts), 1);
}

static void
test_store_others_go_on_when_one_commit_does_not_arrive(void **state)
{
    struct cuts *cuts = *state;
    struct several several;
    struct store_head head;

    send_three(cuts, &several, CUT_BEFORE, 0);
    others_go_on(cuts, &several);
    assert_status(cuts->c, SGN_UNAVAILABLE,
                  store_commit_wait(cuts->store, &several.units[0], &cuts->c->err));
    assert_int_equal(entries(cuts), 0);
    assert_ok(cuts->c, store_begin(cuts->store, "delivery", &head, &cuts->c->err));
    assert_ok(cuts->c, store_commit(cuts->store, &several.units[0], &cuts->c->err));
    assert_int_equal(entries(cuts), 1);
}

/* What was sent before the store was latched has an outcome of its own. */
static void
test_store_others_are_told_when_one_commit_stays_unknown(void **state)
{
    struct cuts *cuts = *state;
    struct several several;
    struct store_head head;

    send_three(cuts, &several, CUT_AFTER, 1);
    assert_status(cuts->c, SGN_UNKNOWN_OUTCOME,
                  store_commit_wait(cuts->store, &several.units[0], &cuts->c->err));
    for (int i = 1; i < 3; i++)
        assert_ok(cuts->c, store_commit_wait(cuts->store, &several.units[i], &cuts->c->err));
    assert_status(cuts->c, SGN_UNKNOWN_OUTCOME,
                  store_begin(cuts->store, "beta", &head, &cuts->c->err));
}

/* A head that was asked for on a connection that is cut is asked for again on a new one. */
static void
test_store_head_whose_asking_was_cut_is_got(void **state)
{
    struct cuts *cuts = *state;
    struct store_head head;

    assert_int_equal(store_ways(cuts->store, 2), 2);
    cutting_proxy_cut(cuts->proxy, CUT_AFTER, 0);
    store_begin_send(cuts->store, "delivery");
    while (cutting_proxy_cuts(cuts->proxy) == 0)
        ;
    store_begin_send(cuts->store, "beta");
    assert_string_equal(store_answered(cuts->store, true), "beta");
    assert_ok(cuts->c, store_begin(cuts->store, "beta", &head, &cuts->c->err));
    assert_string_equal(store_answered(cuts->store, true), "delivery");
    assert_ok(cuts->c, store_begin(cuts->store, "delivery", &head, &cuts->c->err));
    store_rollback(cuts->store, "beta");
    assert_ok(cuts->c, store_commit(cuts->store, &cuts->unit, &cuts->c->err));
    assert_int_equal(entries(cuts), 1);
}

#define CUTS(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        CUTS(test_store_commit_that_did_not_arrive_did_not_happen),
        CUTS(test_store_commit_whose_answer_is_lost_is_found),
        CUTS(test_store_commit_that_cannot_be_found_out_is_unknown_until_reopened),
        CUTS(test_store_commit_of_rows_alone_is_unknown),
        CUTS(test_store_head_of_a_node_that_stands_still_is_let_go),
        CUTS(test_store_others_go_on_when_one_commit_is_cut),
        CUTS(test_store_others_go_on_when_one_commit_does_not_arrive),
        CUTS(test_store_others_are_told_when_one_commit_stays_unknown),
        CUTS(test_store_head_whose_asking_was_cut_is_got),
    };
    CONTRACT_TESTS(all, tests);
    const struct contract_tests *const parts[] = { &all };

    if (argc != 2 || sgn_hash_init(NULL) != SGN_OK)
        return 1;
    return contract_run_postgres("store on PostgreSQL, cut off", parts, 1, argv[1]);
}
