/* SPDX-License-Identifier: Apache-2.0 */
/* Watches: told of what is committed, from their number on, no faster than they read. */
#include "fake_peer.h"

#define START                                                                                      \
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"watch.start\",\"params\":{\"kind\":\"fire\"}}"
#define STOP "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"watch.stop\"}"

/* A connection with one watch that stands at entry 5, the head. */
static int
setup(void **state)
{
    static struct fake fake;

    fake_open(&fake, NULL);
    fake_login(&fake, "li");
    fake_say(&fake, START);
    fake_finish(&fake.lane, 0, SGN_OK,
                json_pack("{s:i, s:i, s:s}", "head", 5, "from", 6, "team", "demo"));
    rpc_turn(fake.rpc);
    fake_expect(&fake, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"head\":5,\"from\":6,\"team\":"
                       "\"demo\",\"watch\":1}}");
    *state = &fake;
    return 0;
}

static int
teardown(void **state)
{
    fake_close(*state);
    return 0;
}

static void
commit(struct fake *fake, const char *team, int64_t head)
{
    rpc_committed(fake->rpc, team, head);
    rpc_turn(fake->rpc);
}

/* What a query of the watch answers: one entry, and how far it looked. */
static void
found(struct fake *fake, int seq, int seen)
{
    fake_finish(&fake->lane, 0, SGN_OK,
                json_pack("{s:[{s:i}], s:i}", "entries", "seq", seq, "seen", seen));
    rpc_turn(fake->rpc);
}

#define NOTE(seq)                                                                                  \
    "{\"jsonrpc\":\"2.0\",\"method\":\"watch.entry\",\"params\":{\"watch\":1,\"entry\":{"          \
    "\"seq\":" seq "}}}"

static void
test_watch_reads_on_from_its_number_after_a_commit(void **state)
{
    struct fake *fake = *state;
    const struct lane_job *job;

    assert_int_equal(fake->lane.n, 0); /* at the head: nothing to read */
    commit(fake, "demo", 7);
    assert_int_equal(fake->lane.n, 1);
    job = fake->lane.jobs[0];
    assert_true(fake->lane.is_query[0]);
    assert_int_equal(sgn_json_int(job->params, "from", 0), 6);
    assert_string_equal(sgn_json_str(job->params, "kind"), "fire");
    assert_string_equal(job->person, "li");
    assert_string_equal(job->team, "demo");
    assert_true(job->access != 0);
    found(fake, 6, 7);
    fake_expect(fake, NOTE("6"));
    assert_int_equal(fake->lane.n, 0);
}

static void
test_watch_goes_on_until_it_stands_at_the_head(void **state)
{
    struct fake *fake = *state;

    commit(fake, "demo", 9);
    commit(fake, "demo", 10);
    assert_int_equal(fake->lane.n, 1); /* one query at a time */
    found(fake, 6, 8);
    fake_expect(fake, NOTE("6"));
    assert_int_equal(fake->lane.n, 1);
    assert_int_equal(sgn_json_int(fake->lane.jobs[0]->params, "from", 0), 9);
    found(fake, 9, 10);
    fake_expect(fake, NOTE("9"));
    assert_int_equal(fake->lane.n, 0);
}

static void
test_watch_hears_nothing_of_other_teams(void **state)
{
    struct fake *fake = *state;

    commit(fake, "other", 100);
    assert_int_equal(fake->lane.n, 0);
}

static void
test_watch_that_is_read_slowly_waits_and_is_told(void **state)
{
    struct fake *fake = *state;

    rpc_connection_queued(fake->connection, RPC_WATCH_QUEUE + 1);
    commit(fake, "demo", 7);
    commit(fake, "demo", 8);
    assert_int_equal(fake->lane.n, 0);
    fake_expect(fake, "{\"jsonrpc\":\"2.0\",\"method\":\"watch.behind\",\"params\":{\"watch\":1,"
                      "\"seq\":5,\"head\":7}}");
    fake_expect_silence(fake);
    rpc_connection_queued(fake->connection, 0);
    assert_int_equal(fake->lane.n, 1);
    assert_int_equal(sgn_json_int(fake->lane.jobs[0]->params, "from", 0), 6);
    found(fake, 8, 8);
    fake_expect(fake, NOTE("8"));
}

static void
test_watch_misses_nothing_committed_while_it_starts(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, START); /* its query has looked, at entry 5, but is not back yet */
    commit(fake, "demo", 6);
    fake_finish(&fake->lane, 1, SGN_OK, json_pack("{s:[], s:i}", "entries", "seen", 6));
    rpc_turn(fake->rpc);
    assert_int_equal(fake->lane.n, 1);
    fake_finish(&fake->lane, 0, SGN_OK,
                json_pack("{s:i, s:i, s:s}", "head", 5, "from", 6, "team", "demo"));
    rpc_turn(fake->rpc);
    json_decref(fake_hear(fake));
    assert_int_equal(fake->lane.n, 1);
    assert_int_equal(sgn_json_int(fake->lane.jobs[0]->params, "from", 0), 6);
}

static void
test_watch_stops(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, STOP);
    fake_expect(fake, "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"watch\":1,\"seq\":5}}");
    commit(fake, "demo", 7);
    assert_int_equal(fake->lane.n, 0);
    fake_say(fake, STOP);
    fake_expect_error(fake, "2", 1002, "not_found", "/watch");
}

static void
test_watch_that_stops_while_it_reads_tells_nothing_more(void **state)
{
    struct fake *fake = *state;

    commit(fake, "demo", 7);
    fake_say(fake, STOP);
    json_decref(fake_hear(fake));
    found(fake, 6, 7);
    fake_expect_silence(fake);
    assert_int_equal(fake->lane.n, 0);
}

static void
test_watch_ends_with_its_session(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"session.logout\"}");
    fake_expect(fake, "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{}}");
    commit(fake, "demo", 7);
    assert_int_equal(fake->lane.n, 0);
}

static void
test_watch_of_a_token_that_was_revoked_ends(void **state)
{
    struct fake *fake = *state;
    json_t *heard;

    commit(fake, "demo", 7);
    fake_finish(&fake->lane, 0, SGN_UNAUTHENTICATED, NULL);
    rpc_turn(fake->rpc);
    heard = fake_hear(fake);
    assert_string_equal(sgn_json_str(heard, "method"), "watch.end");
    assert_string_equal(sgn_json_str(json_object_get(heard, "params"), "code"), "unauthenticated");
    assert_int_equal(sgn_json_int(json_object_get(heard, "params"), "seq", 0), 5);
    json_decref(heard);
    commit(fake, "demo", 8);
    assert_int_equal(fake->lane.n, 0);
}

static void
test_watch_outlived_by_its_query(void **state)
{
    struct rpc_peer peer = { .ctx = *state,
                             .send = peer_send,
                             .pause = peer_pause,
                             .close = peer_close,
                             .channel = "line" };
    struct fake *fake = *state;

    commit(fake, "demo", 7);
    rpc_connection_close(fake->connection);
    fake->connection = rpc_connection_new(fake->rpc, &peer);
    found(fake, 6, 7);
    fake_expect_silence(fake);
}

#define IT(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IT(test_watch_reads_on_from_its_number_after_a_commit),
        IT(test_watch_goes_on_until_it_stands_at_the_head),
        IT(test_watch_hears_nothing_of_other_teams),
        IT(test_watch_that_is_read_slowly_waits_and_is_told),
        IT(test_watch_misses_nothing_committed_while_it_starts),
        IT(test_watch_stops),
        IT(test_watch_that_stops_while_it_reads_tells_nothing_more),
        IT(test_watch_ends_with_its_session),
        IT(test_watch_of_a_token_that_was_revoked_ends),
        IT(test_watch_outlived_by_its_query),
    };

    return cmocka_run_group_tests_name("rpc/watch", tests, NULL, NULL);
}
