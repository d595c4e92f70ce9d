/* SPDX-License-Identifier: Apache-2.0 */
/* Requests and answers without a socket: what is answered, and that it does not depend on the
 * pieces in which a request comes. */
#include "http_fixture.h"

#define JSON  "Content-Type: application/json\r\n"
#define PING  "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server.ping\"}"
#define PONG  "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"pong\":true}}\n"
#define CALL  "POST /rpc HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: 47\r\n\r\n" PING
#define CHUNK "POST /rpc HTTP/1.1\r\nHost: a\r\n" JSON "Transfer-Encoding: chunked\r\n\r\n"

_Static_assert(sizeof PING - 1 == 47, "as CALL says");

static int
setup(void **state)
{
    static struct wire wire;

    wire_init(&wire, 4096);
    *state = &wire;
    return 0;
}

static int
teardown(void **state)
{
    wire_deinit(*state);
    return 0;
}

/* Status of each answer that was sent, in words: "200 204 400". */
static const char *
statuses(const struct wire *wire)
{
    static char words[256];
    const char *at = wire->out.bytes;
    size_t n = 0;

    words[0] = '\0';
    while (at != NULL && (at = strstr(at, "HTTP/1.1 ")) != NULL && n + 5 < sizeof words) {
        n += (size_t)snprintf(words + n, sizeof words - n, "%s%.3s", n > 0 ? " " : "", at + 9);
        at += 9;
    }
    return words;
}

/* On a connection of its own: the statuses, and whether it is closed. */
static void
answered(struct wire *wire, const char *text, const char *words, bool closed)
{
    wire_hang_up(wire);
    sgn_buf_reset(&wire->out);
    wire_dial(wire, true);
    wire_say(wire, text);
    if (strcmp(statuses(wire), words) != 0 || wire->closed != closed)
        fail_msg("%s: answered '%s', %s", text, statuses(wire), wire->closed ? "closed" : "open");
}

static bool
has(const struct wire *wire, const char *text)
{
    return strstr(wire->out.bytes, text) != NULL;
}

static void
test_http_answers_requests_in_their_order(void **state)
{
    struct wire *wire = *state;

    answered(wire, CALL, "200", false);
    assert_true(has(wire, "\r\n\r\n" PONG));
    assert_true(has(wire, "Content-Type: application/json\r\n"));
    answered(wire, CALL CALL "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" CALL, "200 200 200 200",
             false);
    answered(wire, CHUNK "2f\r\n" PING "\r\n0\r\n\r\n" CALL, "200 200", false);
    answered(wire, "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" CALL, "200",
             true);
    answered(wire, "GET /healthz HTTP/1.0\r\n\r\n", "200", true);
    assert_true(has(wire, "\r\nConnection: close\r\n"));
}

static void
test_http_tells_a_notification_by_silence(void **state)
{
    answered(*state,
             "POST /rpc HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: 40\r\n\r\n"
             "{\"jsonrpc\":\"2.0\",\"method\":\"server.ping\"}" CALL,
             "204 200", false);
    assert_false(has(*state, "204 No Content\r\nContent-Length"));
}

/* HTTP's own mistakes; JSON's are answered in JSON. */
static void
test_http_refuses_with_the_status_that_says_why(void **state)
{
    struct wire *wire = *state;

    answered(wire, "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n" CALL, "404 200", false);
    answered(wire, "HEAD /rpc HTTP/1.1\r\nHost: a\r\n\r\n" CALL, "405 200", false);
    assert_true(has(wire, "\r\nAllow: GET, POST\r\n"));
    answered(wire, "GET /rpc HTTP/1.1\r\nHost: a\r\n\r\n" CALL, "426 200", false);
    assert_true(has(wire, "\r\nUpgrade: websocket\r\n"));
    answered(wire, "DELETE /docs HTTP/1.1\r\nHost: a\r\n\r\n", "405", false);
    answered(wire, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", "501", true);
    answered(wire, "POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}" CALL, "415",
             true);
    answered(
        wire,
        "POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n",
        "415", false);
    answered(wire, "POST /rpc HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: 4097\r\n\r\n", "413",
             true);
    answered(wire, CHUNK "1001\r\n", "", false);
    answered(wire, "POST /rpc HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: 0\r\n\r\n" CALL,
             "200 200", false);
    assert_true(has(wire, "-32700"));
}

/* Each of these would leave the next reader in another place of the stream than us. */
static void
test_http_refuses_what_smuggles(void **state)
{
    struct wire *wire = *state;

    answered(wire,
             "POST /rpc HTTP/1.1\r\nHost: a\r\n" JSON
             "Content-Length: 47\r\nTransfer-Encoding: chunked\r\n\r\n" PING CALL,
             "400", true);
    answered(wire,
             "POST /rpc HTTP/1.1\r\nHost: a\r\n" JSON
             "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" CALL,
             "400", true);
    answered(wire, CHUNK "0\r\nX: trailer\r\n\r\n" CALL, "400", true);
    answered(wire, CHUNK "0\r\nContent-Length: 5\r\n\r\n" CALL, "400", true);
    answered(wire, CHUNK "2f\n" PING "\r\n0\r\n\r\n" CALL, "400", true);
    answered(wire, CHUNK "2f\r\n" PING "0\r\n\r\n" CALL, "400", true);
    answered(wire, CHUNK "0x2f\r\n" PING "\r\n0\r\n\r\n" CALL, "400", true);
    answered(wire, CHUNK "-1\r\n" PING "\r\n0\r\n\r\n" CALL, "400", true);
    answered(wire, CHUNK "ffffffffffffffffff\r\n" PING "\r\n0\r\n\r\n" CALL, "400", true);
}

static void
test_http_bounds_a_body_in_chunks(void **state)
{
    struct wire *wire = *state;
    char piece[1024];

    memset(piece, 'a', sizeof piece);
    answered(wire, CHUNK "1001\r\n", "", false);
    for (int i = 0; i < 5; i++)
        wire_receive(wire, piece, sizeof piece);
    assert_string_equal(statuses(wire), "413");
    assert_true(wire->closed);
    /* Extensions are no way round it. */
    answered(wire, CHUNK "1;", "", false);
    for (int i = 0; i < 100 && !wire->closed; i++)
        wire_receive(wire, piece, sizeof piece);
    assert_string_equal(statuses(wire), "413");
}

/* The dates of answers differ. */
static void
without_dates(char *text)
{
    for (char *at = text; (at = strstr(at, "\r\nDate: ")) != NULL; at += 8)
        memset(at + 8, '?', 29);
    for (char *at = text; (at = strstr(at, "\r\nX-Request-Id: ")) != NULL; at += 16)
        memset(at + 16, '-', strcspn(at + 16, "\r"));
}

static void
in_pieces(struct wire *wire, const char *text, size_t first, size_t then)
{
    size_t n = strlen(text);

    wire_hang_up(wire);
    sgn_buf_reset(&wire->out);
    wire_dial(wire, true);
    wire_receive(wire, text, first < n ? first : n);
    for (size_t at = first; at < n; at += then)
        wire_receive(wire, text + at, at + then < n ? then : n - at);
    wire->protocol->eof(wire->talk);
    without_dates(wire->out.bytes);
}

static void
test_http_answers_alike_however_the_bytes_come(void **state)
{
    static const char *const streams[] = {
        CALL CALL,
        CHUNK "6\r\n{\"json\r\n29;x=y\r\nrpc\":\"2.0\",\"id\":1,\"method\":\"server.ping\"}\r\n"
              "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
        "HEAD /readyz HTTP/1.1\r\nHost: a\r\n\r\n" CALL "GET /x HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /rpc HTTP/1.1\r\nHost: a\r\n" JSON "Expect: 100-continue\r\nContent-Length: 3\r\n"
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" CALL,
        CHUNK "0\r\nX: y\r\n\r\n" CALL,
        "GET /a\r\n\r\n" CALL,
    };
    struct wire *wire = *state;

    for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
        size_t n = strlen(streams[i]);
        char *whole;
        in_pieces(wire, streams[i], n, n);
        whole = strdup(wire->out.bytes);
        for (size_t cut = 1; cut < n; cut++) {
            in_pieces(wire, streams[i], cut, n);
            assert_string_equal(wire->out.bytes, whole);
        }
        in_pieces(wire, streams[i], 1, 1);
        assert_string_equal(wire->out.bytes, whole);
        free(whole);
    }
}

static void
test_http_asks_for_a_body_that_waits(void **state)
{
    struct wire *wire = *state;

    answered(wire,
             "POST /rpc HTTP/1.1\r\nHost: a\r\n" JSON
             "Content-Length: 47\r\nExpect: 100-continue\r\n\r\n",
             "100", false);
    wire_say(wire, PING);
    assert_string_equal(statuses(wire), "100 200");
    answered(wire,
             "POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Length: 47\r\nExpect: 100-continue\r\n\r\n",
             "415", true);
}

static void
test_http_head_and_etag_spare_the_bytes(void **state)
{
    struct wire *wire = *state;
    char request[256], etag[32];
    const char *at;

    answered(wire, "HEAD /docs HTTP/1.1\r\nHost: a\r\n\r\n", "200", false);
    assert_false(has(wire, "<html"));
    at = strstr(wire->out.bytes, "ETag: ");
    assert_non_null(at);
    snprintf(etag, sizeof etag, "%.18s", at + 6);
    assert_null(strstr(wire->out.bytes, "Content-Length: 0"));
    snprintf(request, sizeof request,
             "GET /docs HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"x\", W/%s\r\n\r\n", etag);
    answered(wire, request, "304", false);
    assert_false(has(wire, "Content-Length"));
    answered(wire, "GET /docs HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"x\"\r\n\r\n", "200", false);
    assert_true(has(wire, "<html"));
}

static void
test_http_serves_no_page_of_another_origin(void **state)
{
    static const char *const foreign[] = { "http://evil",   "null",       "http://a.evil",
                                           "http://evil/a", "http://a:1", "a" };
    struct wire *wire = *state;
    char request[512];

    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        snprintf(request, sizeof request,
                 "POST /rpc HTTP/1.1\r\nHost: a\r\nOrigin: %s\r\n" JSON
                 "Content-Length: 47\r\n\r\n" PING,
                 foreign[i]);
        answered(wire, request, "403", true);
        assert_false(has(wire, "Access-Control"));
    }
    answered(wire,
             "POST /rpc HTTP/1.1\r\nHost: a:7481\r\nOrigin: https://A:7481\r\n" JSON
             "Content-Length: 47\r\n\r\n" PING,
             "200", false);
    answered(wire, "OPTIONS /rpc HTTP/1.1\r\nHost: a\r\nOrigin: http://evil\r\n\r\n", "405", false);
}

static void
test_http_shows_figures_to_this_machine_only(void **state)
{
    static const char *const refused[] = {
        "Host: evil.example\r\n",
        "Host: localhost.evil\r\n",
        "Host: 127.0.0.1\r\nX-Forwarded-For: 1.2.3.4\r\n",
        "Host: 127.0.0.1\r\nVia: 1.1 proxy\r\n",
        "Host: 127.0.0.1\r\nAuthorization: Basic eDp5\r\n",
    };
    struct wire *wire = *state;
    char request[256];

    answered(wire, "GET /metrics HTTP/1.1\r\nHost: localhost:7481\r\n\r\n", "200", false);
    assert_true(has(wire, "\nsignoff_connections "));
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        snprintf(request, sizeof request, "GET /metrics HTTP/1.1\r\n%s\r\n", refused[i]);
        answered(wire, request, "401", strstr(request, "Basic") != NULL);
    }
    wire_hang_up(wire);
    sgn_buf_reset(&wire->out);
    wire_dial(wire, false);
    wire_say(wire, "GET /metrics HTTP/1.1\r\nHost: localhost:7481\r\n\r\n");
    assert_string_equal(statuses(wire), "401");
}

/* ---- tokens ---- */

static void
login_ends(struct wire *wire, enum sgn_status status)
{
    json_t *result = status == SGN_OK ? json_pack("{s:s, s:s, s:b, s:s}", "team", "demo", "person",
                                                  "li", "operator", 0, "language", "en")
                                      : NULL;

    assert_int_equal(wire->lane.n, 1);
    assert_string_equal(wire->lane.jobs[0]->method, "session.login");
    fake_finish(&wire->lane, 0, status, result);
    wire_turn(wire);
}

#define ASK(token)                                                                                 \
    "POST /rpc HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " token "\r\n" JSON                    \
    "Content-Length: 47\r\n\r\n" PING

static void
test_http_logs_in_by_the_token_of_each_request(void **state)
{
    struct wire *wire = *state;

    answered(wire, ASK("one"), "", false);
    login_ends(wire, SGN_OK);
    assert_string_equal(statuses(wire), "200");
    wire_say(wire, ASK("one")); /* the same: nothing is looked up again */
    assert_string_equal(statuses(wire), "200 200");
    wire_say(wire, ASK("two"));
    login_ends(wire, SGN_OK);
    assert_string_equal(statuses(wire), "200 200 200");
    wire_say(wire, CALL); /* nobody: the session before it is over */
    assert_string_equal(statuses(wire), "200 200 200 200");
    wire_say(wire, ASK("one"));
    login_ends(wire, SGN_UNAUTHENTICATED);
    assert_string_equal(statuses(wire), "200 200 200 200 401");
    assert_true(wire->closed);
}

static void
test_http_token_that_cannot_be_looked_up_is_not_called_wrong(void **state)
{
    struct wire *wire = *state;

    answered(wire, ASK("one"), "", false);
    login_ends(wire, SGN_UNAVAILABLE);
    assert_string_equal(statuses(wire), "503");
    assert_null(strstr(wire->out.bytes, "pong"));
}

static void
test_http_keeps_no_session(void **state)
{
    static const char *const lasting[] = { "session.login", "session.logout", "watch.start",
                                           "watch.stop" };
    struct wire *wire = *state;
    char request[512], body[256];

    for (size_t i = 0; i < sizeof lasting / sizeof lasting[0]; i++) {
        answered(wire, ASK("one"), "", false);
        login_ends(wire, SGN_OK);
        snprintf(body, sizeof body,
                 "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"%s\",\"params\":{\"token\":\"x\"}}",
                 lasting[i]);
        snprintf(request, sizeof request,
                 "POST /rpc HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer one\r\n" JSON
                 "Content-Length: %zu\r\n\r\n%s",
                 strlen(body), body);
        wire_say(wire, request);
        assert_true(has(wire, "\"forbidden\""));
        assert_int_equal(wire->lane.n, 0);
    }
}

/* ---- time ---- */

static void
test_http_gives_up_a_request_that_does_not_end(void **state)
{
    struct wire *wire = *state;
    uint32_t count, before;

    assert_int_equal(wire->protocol->owes(wire->talk, &before), NET_OWES_NEXT);
    wire_say(wire, "G");
    assert_int_equal(wire->protocol->owes(wire->talk, &count), NET_OWES_REST);
    wire_say(wire, "ET /healthz HTTP/1.1\r\nHost: a\r\nX: ");
    assert_int_equal(wire->protocol->owes(wire->talk, &count), NET_OWES_REST);
    assert_int_equal(count, before); /* a byte now and then buys no time */
    wire->protocol->give_up(wire->talk, NET_OWES_REST, "too slow");
    assert_string_equal(statuses(wire), "408");
    assert_true(wire->closed);
    answered(wire, CHUNK "2f\r\n{", "", false);
    assert_int_equal(wire->protocol->owes(wire->talk, &count), NET_OWES_REST);
    wire->protocol->give_up(wire->talk, NET_OWES_REST, "too slow");
    assert_string_equal(statuses(wire), "408");
    answered(wire, ASK("one"), "", false);
    assert_int_equal(wire->protocol->owes(wire->talk, &count), NET_OWES_NOTHING);
    answered(wire, CALL, "200", false);
    wire->protocol->give_up(wire->talk, NET_OWES_NEXT, "");
    assert_string_equal(statuses(wire), "200"); /* nothing is said to who says nothing */
    assert_true(wire->closed);
}

/* Whoever asks and does not read is not answered without end. */
static void
test_http_waits_for_its_reader(void **state)
{
    static const char get[] = "GET /docs HTTP/1.1\r\nHost: a\r\n\r\n";
    struct wire *wire = *state;
    size_t page, most;

    answered(wire, get, "200", false);
    page = wire->out.len;
    most = ((size_t)256 << 10) + 2 * page;
    for (int i = 0; i < 100 && !wire->paused; i++)
        wire->protocol->receive(wire->talk, get, sizeof get - 1);
    assert_true(wire->paused);
    assert_true(wire->out.len < most);
    while (wire->paused) {
        sgn_buf_reset(&wire->out);
        wire->protocol->queued(wire->talk, 0);
    }
    assert_false(wire->closed);
}

static void
test_http_ends_when_the_other_side_does(void **state)
{
    struct wire *wire = *state;

    answered(wire, ASK("one") CALL, "", false);
    wire->protocol->eof(wire->talk);
    assert_false(wire->closed); /* what it asked is still answered */
    login_ends(wire, SGN_OK);
    assert_string_equal(statuses(wire), "200 200");
    assert_true(wire->closed);
    answered(wire, "GET / HT", "", false);
    wire->protocol->eof(wire->talk);
    assert_true(wire->closed);
    assert_string_equal(statuses(wire), "");
}

static void
test_http_is_not_ready_while_it_stops(void **state)
{
    struct wire *wire = *state;

    answered(wire, "GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n", "200", false);
    wire->site.stopping = true;
    answered(wire, "GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n", "503", true);
    answered(wire, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", "200", true);
}

#define IT(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IT(test_http_answers_requests_in_their_order),
        IT(test_http_tells_a_notification_by_silence),
        IT(test_http_refuses_with_the_status_that_says_why),
        IT(test_http_refuses_what_smuggles),
        IT(test_http_bounds_a_body_in_chunks),
        IT(test_http_answers_alike_however_the_bytes_come),
        IT(test_http_asks_for_a_body_that_waits),
        IT(test_http_head_and_etag_spare_the_bytes),
        IT(test_http_serves_no_page_of_another_origin),
        IT(test_http_shows_figures_to_this_machine_only),
        IT(test_http_logs_in_by_the_token_of_each_request),
        IT(test_http_token_that_cannot_be_looked_up_is_not_called_wrong),
        IT(test_http_keeps_no_session),
        IT(test_http_gives_up_a_request_that_does_not_end),
        IT(test_http_waits_for_its_reader),
        IT(test_http_ends_when_the_other_side_does),
        IT(test_http_is_not_ready_while_it_stops),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
