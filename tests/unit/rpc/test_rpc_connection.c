/* SPDX-License-Identifier: Apache-2.0 */
/* The order of requests, answers in order, pausing, the end of a connection. */
#include "fake_peer.h"
#include <stdio.h>

#define GET(id)                                                                                    \
    "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"case.get\",\"params\":{\"case\":\"CR-1\"}}"
#define LIST(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"case.list\"}"
#define PING(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"server.ping\"}"
#define LOGIN(id)                                                                                  \
    "{\"jsonrpc\":\"2.0\",\"id\":" id                                                              \
    ",\"method\":\"session.login\",\"params\":{\"token\":\"sgn_x\"}}"
#define OK(id, n) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"result\":" n "}"
#define PONG(id)  OK(id, "{\"pong\":true}")

static int
setup(void **state)
{
    static struct fake fake;

    fake_open(&fake, NULL);
    fake_login(&fake, "li");
    *state = &fake;
    return 0;
}

static int
teardown(void **state)
{
    fake_close(*state);
    return 0;
}

/* Finishes job i with the integer as its result and lets the loop turn. */
static void
finish(struct fake *fake, int i, int n)
{
    fake_finish(&fake->lane, i, SGN_OK, json_integer(n));
    rpc_turn(fake->rpc);
}

static void
test_lane_jobs_run_together_and_are_answered_in_order(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, GET("1"));
    fake_say(fake, GET("2"));
    fake_say(fake, GET("3"));
    assert_int_equal(fake->lane.n, 3);
    finish(fake, 2, 30);
    finish(fake, 1, 20);
    fake_expect_silence(fake);
    finish(fake, 0, 10);
    fake_expect(fake, OK("1", "10"));
    fake_expect(fake, OK("2", "20"));
    fake_expect(fake, OK("3", "30"));
}

static void
test_jobs_carry_who_asks(void **state)
{
    struct fake *fake = *state;
    const struct lane_job *job;

    fake_say(fake, GET("1"));
    job = fake->lane.jobs[0];
    assert_string_equal(job->team, "demo");
    assert_string_equal(job->person, "li");
    assert_string_equal(job->case_key, "CR-1");
    assert_string_equal(job->method, "case.get");
    assert_string_equal(job->channel, "line");
    assert_string_equal(job->language, "en");
    assert_true(job->at == 1000);
    assert_true(job->access != 0);
    assert_true(job->connection == fake->connection->id);
}

static void
test_query_waits_for_lane_jobs_and_they_wait_for_it(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, GET("1"));
    fake_say(fake, LIST("2"));
    fake_say(fake, GET("3"));
    assert_int_equal(fake->lane.n, 1);
    finish(fake, 0, 1);
    fake_expect(fake, OK("1", "1"));
    assert_int_equal(fake->lane.n, 1);
    assert_true(fake->lane.is_query[0]);
    finish(fake, 0, 2);
    fake_expect(fake, OK("2", "2"));
    assert_int_equal(fake->lane.n, 1);
    assert_false(fake->lane.is_query[0]);
    finish(fake, 0, 3);
    fake_expect(fake, OK("3", "3"));
}

static void
test_queries_run_together(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, LIST("1"));
    fake_say(fake, LIST("2"));
    assert_int_equal(fake->lane.n, 2);
    finish(fake, 1, 2);
    fake_expect_silence(fake);
    finish(fake, 0, 1);
    fake_expect(fake, OK("1", "1"));
    fake_expect(fake, OK("2", "2"));
}

static void
test_what_is_answered_at_once_keeps_its_place(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, GET("1"));
    fake_say(fake, PING("2"));
    fake_expect_silence(fake);
    finish(fake, 0, 1);
    fake_expect(fake, OK("1", "1"));
    fake_expect(fake, PONG("2"));
}

static json_t *
found(const char *person)
{
    return json_pack("{s:s, s:s, s:b, s:s}", "team", "demo", "person", person, "operator", 0,
                     "language", "zh");
}

static void
test_login_is_a_barrier(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, GET("1"));
    fake_say(fake, LOGIN("2"));
    fake_say(fake, GET("3"));
    fake_say(fake, PING("4"));
    assert_int_equal(fake->lane.n, 1);
    finish(fake, 0, 1);
    fake_expect(fake, OK("1", "1"));
    assert_int_equal(fake->lane.n, 1);
    assert_string_equal(fake->lane.jobs[0]->method, "session.login");
    fake_finish(&fake->lane, 0, SGN_OK, found("wang"));
    rpc_turn(fake->rpc);
    json_decref(fake_hear(fake));
    assert_int_equal(fake->lane.n, 1);
    assert_string_equal(fake->lane.jobs[0]->person, "wang");
    assert_string_equal(fake->lane.jobs[0]->language, "zh");
    fake_expect_silence(fake);
    finish(fake, 0, 3);
    fake_expect(fake, OK("3", "3"));
    fake_expect(fake, PONG("4"));
}

static void
test_nobody_is_unauthenticated_but_for_open_methods(void **state)
{
    struct fake *fake = *state;

    memset(&fake->connection->session, 0, sizeof(fake->connection->session));
    fake_say(fake, GET("1"));
    fake_expect_error(fake, "1", 1000, "unauthenticated", NULL);
    fake_say(fake, PING("2"));
    fake_expect(fake, PONG("2"));
}

static void
test_failed_logins_close_the_connection(void **state)
{
    struct fake *fake = *state;

    for (int i = 0; i < 5; i++) {
        assert_false(fake->closed);
        fake_say(fake, LOGIN("1"));
        fake_finish(&fake->lane, 0, SGN_UNAUTHENTICATED, NULL);
        rpc_turn(fake->rpc);
        fake_expect_error(fake, "1", 1000, "unauthenticated", NULL);
    }
    assert_true(fake->closed);
    fake_say(fake, PING("2"));
    fake_expect_silence(fake);
}

static void
test_guesses_sent_ahead_are_not_tried_over_the_limit(void **state)
{
    struct fake *fake = *state;
    int tried = 0;

    for (int i = 0; i < 20; i++)
        fake_say(fake, LOGIN("1"));
    while (fake->lane.n > 0) {
        fake_finish(&fake->lane, 0, SGN_UNAUTHENTICATED, NULL);
        rpc_turn(fake->rpc);
        tried++;
    }
    assert_int_equal(tried, 5);
    assert_true(fake->closed);
}

static void
test_lane_that_refuses_is_answered(void **state)
{
    struct fake *fake = *state;

    fake->lane.refuse = SGN_OVERLOADED;
    fake_say(fake, GET("1"));
    fake_expect_error(fake, "1", 1011, "overloaded", NULL);
}

static void
test_operator_names_a_team_and_may_not_fire(void **state)
{
    struct fake *fake = *state;

    memset(&fake->connection->session, 0, sizeof(fake->connection->session));
    fake_login(fake, NULL);
    fake_say(fake, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"case.fire\",\"params\":{\"team\":"
                   "\"demo\",\"case\":\"CR-1\",\"event\":\"submit\"}}");
    fake_expect_error(fake, "1", 1001, "forbidden", NULL);
    fake_say(fake, LIST("2"));
    fake_expect_error(fake, "2", -32602, "invalid", "/team");
    fake_say(fake, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"case.list\",\"params\":{\"team\":"
                   "\"demo\"}}");
    assert_int_equal(fake->lane.n, 1);
    assert_string_equal(fake->lane.jobs[0]->team, "demo");
    assert_true(fake->lane.jobs[0]->is_operator);
    assert_null(json_object_get(fake->lane.jobs[0]->params, "team"));
}

static void
test_request_id_is_kept_with_a_digest_of_the_rest(void **state)
{
    static const char *const lines[] = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"case.fire\",\"params\":{\"case\":\"CR-1\","
        "\"event\":\"submit\",\"request_id\":\"r\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"case.fire\",\"params\":{\"request_id\":\"r\","
        "\"event\":\"submit\",\"case\":\"CR-1\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"case.fire\",\"params\":{\"case\":\"CR-1\","
        "\"event\":\"accept\",\"request_id\":\"r\"}}",
    };
    struct fake *fake = *state;
    struct lane_job *const *jobs = fake->lane.jobs;

    for (int i = 0; i < 3; i++)
        fake_say(fake, lines[i]);
    assert_int_equal(fake->lane.n, 3);
    assert_string_equal(jobs[0]->request, "r");
    assert_int_equal(strlen(jobs[0]->request_digest), 64);
    assert_null(json_object_get(jobs[0]->params, "request_id"));
    assert_string_equal(jobs[0]->request_digest, jobs[1]->request_digest);
    assert_string_not_equal(jobs[0]->request_digest, jobs[2]->request_digest);
}

/* ---- pausing ---- */

static void
test_too_many_in_flight_pause_reading_and_refuse_nothing(void **state)
{
    struct rpc_limits limits;
    struct fake fake;

    (void)state;
    rpc_limits_default(&limits);
    limits.in_flight = 4;
    fake_open(&fake, &limits);
    fake_login(&fake, "li");
    for (int i = 0; i < 10; i++)
        fake_say(&fake, GET("1"));
    assert_int_equal(fake.lane.n, 4);
    assert_true(fake.paused);
    for (int i = 0; i < 10; i++) {
        assert_true(fake.lane.n > 0);
        fake_finish(&fake.lane, 0, SGN_OK, json_integer(i));
        rpc_turn(fake.rpc);
    }
    assert_false(fake.paused);
    for (int i = 0; i < 10; i++) {
        char text[80];
        snprintf(text, sizeof(text), OK("1", "%d"), i);
        fake_expect(&fake, text);
    }
    fake_close(&fake);
}

static void
test_long_write_queue_pauses_until_half_is_gone(void **state)
{
    struct fake *fake = *state;
    size_t limit = fake->rpc->options.limits.write_bytes;

    rpc_connection_queued(fake->connection, limit + 1);
    assert_true(fake->paused);
    fake_say(fake, PING("1"));
    fake_expect_silence(fake); /* nothing is started either */
    rpc_connection_queued(fake->connection, limit / 2 + 1);
    assert_true(fake->paused);
    rpc_connection_queued(fake->connection, limit / 2);
    assert_false(fake->paused);
    fake_expect(fake, PONG("1"));
}

/* ---- the end ---- */

/* A query may take long, and be done in slices. */
static void
test_who_has_gone_is_counted_nothing_for(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, LIST("1"));
    rpc_connection_eof(fake->connection); /* "nc" ends its input, and waits */
    assert_false(fake->lane.jobs[0]->unwanted);
    rpc_connection_gone(fake->connection);
    assert_true(fake->lane.jobs[0]->unwanted);
    finish(fake, 0, 1);
    fake_expect(fake, OK("1", "1"));
}

static void
test_end_of_stream_is_answered_first(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, GET("1"));
    rpc_connection_receive(fake->connection, PING("2"), strlen(PING("2")));
    rpc_connection_eof(fake->connection);
    assert_false(fake->closed);
    finish(fake, 0, 1);
    fake_expect(fake, OK("1", "1"));
    fake_expect(fake, PONG("2"));
    assert_true(fake->closed);
}

static void
test_end_of_an_idle_stream_closes(void **state)
{
    struct fake *fake = *state;

    rpc_connection_eof(fake->connection);
    assert_true(fake->closed);
    fake_expect_silence(fake);
}

static void
test_jobs_outlive_their_connection(void **state)
{
    struct rpc_peer peer = { .ctx = *state,
                             .send = peer_send,
                             .pause = peer_pause,
                             .close = peer_close,
                             .channel = "line" };
    struct fake *fake = *state;

    fake_say(fake, "[" GET("1") "," GET("2") "]");
    fake_say(fake, LIST("3"));
    rpc_connection_close(fake->connection);
    fake->connection = rpc_connection_new(fake->rpc, &peer);
    finish(fake, 1, 1);
    finish(fake, 0, 1);
    assert_int_equal(fake->lane.n, 0);
    fake_expect_silence(fake);
}

static void
test_batch_over_threads_is_one_array_in_order(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, "[" GET("1") "," LIST("2") "," PING("3") "," GET("4") "]");
    finish(fake, 0, 1);
    finish(fake, 0, 2);
    fake_expect_silence(fake);
    finish(fake, 0, 4);
    fake_expect(fake, "[" OK("1", "1") "," OK("2", "2") "," PONG("3") "," OK("4", "4") "]");
}

/* It is what a repeated request is compared by, and stands in the history: so its form is for good.
 */
static void
test_connection_a_request_has_the_digest_of_its_canonical_form(void **state)
{
    static const char line[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"case.comment\","
                               "\"params\":{\"text\":\"b\\u0001\","
                               "\"request_id\":\"r\",\"case\":\"CR-1\"}}";
    static const char canonical[] =
        "{\"method\":\"case.comment\",\"params\":{\"case\":\"CR-1\",\"text\":\"b\\u0001\"}}";
    struct fake *fake = *state;
    char digest[SGN_HASH_HEX];

    fake_say(fake, line);
    assert_int_equal(fake->lane.n, 1);
    sgn_hash(SGN_HASH_REQUEST, NULL, canonical, strlen(canonical), digest);
    assert_string_equal(fake->lane.jobs[0]->request_digest, digest);
    assert_string_equal(fake->lane.jobs[0]->request, "r");
}

/* What all connections hold is bounded: then half a line may not grow on, and answers are queued
 * for a part of what they were. */
static void
test_connection_has_no_room_for_long_lines_when_buffers_are_full(void **state)
{
    struct rpc_limits limits;
    struct fake fake;
    char piece[1024];

    (void)state;
    memset(piece, ' ', sizeof piece);
    rpc_limits_default(&limits);
    limits.buffer_bytes = (size_t)200 << 10;
    fake_open(&fake, &limits);
    fake_login(&fake, "li");
    for (int i = 0; i < 100; i++) /* its room grows by doubling */
        rpc_connection_receive(fake.connection, piece, sizeof piece);
    fake_expect_silence(&fake);
    assert_in_range(rpc_traffic(fake.rpc)->held, (size_t)100 << 10, (size_t)200 << 10);
    for (int i = 0; i < 190 && !fake.closed; i++)
        rpc_connection_receive(fake.connection, piece, sizeof piece);
    fake_expect_error(&fake, "null", 1011, "overloaded", NULL);
    assert_true(fake.closed);
    assert_int_equal(rpc_traffic(fake.rpc)->refused_memory, 1);
    fake_close(&fake);
    /* Alone it may have all that the limit of a line grants. */
    rpc_limits_default(&limits);
    fake_open(&fake, &limits);
    fake_login(&fake, "li");
    for (int i = 0; i < 1000; i++)
        rpc_connection_receive(fake.connection, piece, sizeof piece);
    assert_false(fake.closed);
    rpc_connection_receive(fake.connection, "\n", 1);
    assert_int_equal(rpc_traffic(fake.rpc)->held, 0);
    fake_close(&fake);
}

/* Many requests are one piece of news to the lane, and many answers of it one to the loop. */
static void
test_connection_lane_and_loop_wake_each_other_once(void **state)
{
    struct fake *fake = *state;

    for (int i = 0; i < 50; i++)
        fake_say(fake, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"case.get\",\"params\":"
                       "{\"case\":\"CR-1\"}}");
    assert_int_equal(fake->lane.n, 50);
    assert_int_equal(fake->lane.wakes, 0);
    rpc_flush(fake->rpc);
    assert_int_equal(fake->lane.wakes, 1);
    fake->wakes = 0;
    while (fake->lane.n > 0)
        fake_finish(&fake->lane, 0, SGN_OK, json_object());
    assert_int_equal(fake->wakes, 0); /* the lane says it when the batch is answered */
    rpc_turn(fake->rpc);
    for (int i = 0; i < 50; i++)
        fake_expect(fake, OK("1", "{}"));
}

#define IT(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IT(test_connection_a_request_has_the_digest_of_its_canonical_form),
        cmocka_unit_test(test_connection_has_no_room_for_long_lines_when_buffers_are_full),
        IT(test_connection_lane_and_loop_wake_each_other_once),
        IT(test_lane_jobs_run_together_and_are_answered_in_order),
        IT(test_jobs_carry_who_asks),
        IT(test_query_waits_for_lane_jobs_and_they_wait_for_it),
        IT(test_queries_run_together),
        IT(test_what_is_answered_at_once_keeps_its_place),
        IT(test_login_is_a_barrier),
        IT(test_nobody_is_unauthenticated_but_for_open_methods),
        IT(test_failed_logins_close_the_connection),
        IT(test_guesses_sent_ahead_are_not_tried_over_the_limit),
        IT(test_lane_that_refuses_is_answered),
        IT(test_operator_names_a_team_and_may_not_fire),
        IT(test_request_id_is_kept_with_a_digest_of_the_rest),
        cmocka_unit_test(test_too_many_in_flight_pause_reading_and_refuse_nothing),
        IT(test_long_write_queue_pauses_until_half_is_gone),
        IT(test_who_has_gone_is_counted_nothing_for),
        IT(test_end_of_stream_is_answered_first),
        IT(test_end_of_an_idle_stream_closes),
        IT(test_jobs_outlive_their_connection),
        IT(test_batch_over_threads_is_one_array_in_order),
    };

    return cmocka_run_group_tests_name("rpc/connection", tests, NULL, NULL);
}
