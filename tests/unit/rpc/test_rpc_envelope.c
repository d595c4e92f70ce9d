/* SPDX-License-Identifier: Apache-2.0 */
/* JSON-RPC 2.0 by the letter; the examples of its section 7, on our methods, among them. */
#include "fake_peer.h"

#define PONG(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"result\":{\"pong\":true}}"
#define PING(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"server.ping\"}"

static int
setup(void **state)
{
    static struct fake fake;

    fake_open(&fake, NULL);
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
test_id_comes_back_as_it_was(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, PING("1"));
    fake_expect(fake, PONG("1"));
    fake_say(fake, PING("\"one\""));
    fake_expect(fake, PONG("\"one\""));
    fake_say(fake, PING("null"));
    fake_expect(fake, PONG("null"));
    fake_say(fake, PING("1.5"));
    fake_expect(fake, PONG("1.5"));
}

static void
test_notification_is_never_answered(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, "{\"jsonrpc\":\"2.0\",\"method\":\"server.ping\"}");
    fake_say(fake, "{\"jsonrpc\":\"2.0\",\"method\":\"no.such.method\"}");
    fake_say(fake, "{\"jsonrpc\":\"2.0\",\"method\":\"server.ping\",\"params\":{\"x\":1}}");
    fake_expect_silence(fake);
}

static void
test_broken_json_is_a_parse_error_and_the_connection_goes_on(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, "{\"jsonrpc\": \"2.0\", \"method\": \"foobar, \"params\": \"bar\", \"baz]");
    fake_expect_error(fake, "null", -32700, "parse", NULL);
    fake_say(fake, "[{\"jsonrpc\":\"2.0\",\"method\":\"server.ping\",\"id\":1},{\"jsonrpc\"]");
    fake_expect_error(fake, "null", -32700, "parse", NULL);
    assert_false(fake->closed);
    fake_say(fake, PING("2"));
    fake_expect(fake, PONG("2"));
}

static void
test_nul_is_a_parse_error_and_the_connection_goes_on(void **state)
{
    struct fake *fake = *state;

    rpc_connection_receive(fake->connection, "{\"a\":\0}\n", 8);
    fake_expect_error(fake, "null", -32700, "parse", NULL);
    fake_say(fake, PING("2"));
    fake_expect(fake, PONG("2"));
}

static void
test_what_is_no_request_is_refused_as_one(void **state)
{
    static const char *const lines[] = {
        "17",
        "\"server.ping\"",
        "{}",
        "{\"jsonrpc\":\"2.0\",\"method\":1,\"params\":\"bar\"}",
        "{\"jsonrpc\":\"1.0\",\"method\":\"server.ping\"}",
        "{\"method\":\"server.ping\"}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"server.ping\",\"params\":7}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"server.ping\",\"id\":{}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"server.ping\",\"id\":true}",
        "[]",
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        fake_say(fake, lines[i]);
        fake_expect_error(fake, "null", -32600, "request", NULL);
    }
    fake_say(fake, "{\"jsonrpc\":\"2.0\",\"id\":4}");
    fake_expect_error(fake, "4", -32600, "request", NULL);
}

static void
test_unknown_method_names_the_nearest(void **state)
{
    struct fake *fake = *state;
    json_t *heard;

    fake_say(fake, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"case.opne\"}");
    heard = fake_hear(fake);
    assert_int_equal(sgn_json_int(json_object_get(heard, "error"), "code", 0), -32601);
    assert_string_equal(
        sgn_json_str(json_object_get(json_object_get(heard, "error"), "data"), "nearest"),
        "case.open");
    json_decref(heard);
}

static void
test_params_by_position_are_refused(void **state)
{
    struct fake *fake = *state;

    fake_say(fake,
             "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.login\",\"params\":[\"sgn\"]}");
    fake_expect_error(fake, "1", -32602, "invalid", "");
    fake_say(fake, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"server.ping\",\"params\":[]}");
    fake_expect(fake, PONG("2"));
}

static void
test_batch_is_answered_by_one_array_in_order(void **state)
{
    struct fake *fake = *state;

    fake_say(fake,
             "[" PING("1") ",{\"jsonrpc\":\"2.0\",\"method\":\"server.ping\"}," PING("\"2\"") "]");
    fake_expect(fake, "[" PONG("1") "," PONG("\"2\"") "]");
    fake_expect_silence(fake);
}

static void
test_batch_of_notifications_is_not_answered(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, "[{\"jsonrpc\":\"2.0\",\"method\":\"server.ping\"},"
                   "{\"jsonrpc\":\"2.0\",\"method\":\"server.ping\"}]");
    fake_expect_silence(fake);
    fake_say(fake, PING("1"));
    fake_expect(fake, PONG("1"));
}

static void
test_bad_members_of_a_batch_are_refused_one_by_one(void **state)
{
    struct fake *fake = *state;
    json_t *heard;

    fake_say(fake, "[1,2,3]");
    heard = fake_hear(fake);
    assert_int_equal(json_array_size(heard), 3);
    for (size_t i = 0; i < 3; i++) {
        const json_t *one = json_array_get(heard, i);
        assert_int_equal(sgn_json_int(json_object_get(one, "error"), "code", 0), -32600);
        assert_true(json_is_null(json_object_get(one, "id")));
    }
    json_decref(heard);
}

static void
test_batch_over_the_limit_is_refused_whole(void **state)
{
    struct fake *fake = *state;
    struct sgn_buf line;

    sgn_buf_init(&line, 100000);
    sgn_buf_puts(&line, "[" PING("1"));
    for (int i = 0; i < 256; i++)
        sgn_buf_puts(&line, "," PING("1"));
    sgn_buf_puts(&line, "]");
    fake_say(fake, line.bytes);
    fake_expect_error(fake, "null", 1010, "too_large", NULL);
    fake_expect_silence(fake);
    sgn_buf_deinit(&line);
}

static void
test_blank_lines_are_nothing(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, "");
    fake_say(fake, "  \t\r");
    fake_expect_silence(fake);
    fake_say(fake, PING("1") "\r");
    fake_expect(fake, PONG("1"));
}

static void
test_line_that_is_not_utf8_closes_with_a_last_error(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, PING("1"));
    fake_say(fake, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"\xc3\x28\"}");
    fake_say(fake, PING("3"));
    fake_expect(fake, PONG("1"));
    fake_expect_error(fake, "null", -32700, "parse", NULL);
    fake_expect_silence(fake);
    assert_true(fake->closed);
}

static void
test_line_over_the_limit_closes_with_a_last_error(void **state)
{
    struct fake *fake = *state;
    size_t n = ((size_t)1 << 20) + 1;
    char *line = malloc(n);

    memset(line, ' ', n);
    rpc_connection_receive(fake->connection, line, n - 1);
    fake_expect_silence(fake); /* exactly the limit, and not at its end yet */
    rpc_connection_receive(fake->connection, line, 1);
    fake_expect_error(fake, "null", 1010, "too_large", NULL);
    assert_true(fake->closed);
    free(line);
}

static void
test_nesting_over_the_limit_is_refused_and_the_connection_goes_on(void **state)
{
    struct fake *fake = *state;
    char line[160];

    memset(line, '[', 65);
    memset(line + 65, ']', 65);
    line[130] = '\0';
    fake_say(fake, line);
    fake_expect_error(fake, "null", 1010, "too_large", NULL);
    assert_false(fake->closed);
}

#define IT(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IT(test_id_comes_back_as_it_was),
        IT(test_notification_is_never_answered),
        IT(test_broken_json_is_a_parse_error_and_the_connection_goes_on),
        IT(test_nul_is_a_parse_error_and_the_connection_goes_on),
        IT(test_what_is_no_request_is_refused_as_one),
        IT(test_unknown_method_names_the_nearest),
        IT(test_params_by_position_are_refused),
        IT(test_batch_is_answered_by_one_array_in_order),
        IT(test_batch_of_notifications_is_not_answered),
        IT(test_bad_members_of_a_batch_are_refused_one_by_one),
        IT(test_batch_over_the_limit_is_refused_whole),
        IT(test_blank_lines_are_nothing),
        IT(test_line_that_is_not_utf8_closes_with_a_last_error),
        IT(test_line_over_the_limit_closes_with_a_last_error),
        IT(test_nesting_over_the_limit_is_refused_and_the_connection_goes_on),
    };

    return cmocka_run_group_tests_name("rpc/envelope", tests, NULL, NULL);
}
