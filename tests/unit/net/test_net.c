/* SPDX-License-Identifier: Apache-2.0 */
/* The loop, spoken to over real sockets: how connections begin and end. */
#include "net_fixture.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>

/* ---- the tests ---- */

static void
test_net_answers_over_tcp(void **state)
{
    int fd = dial(*state);

    say(fd, PING("1"));
    hear(fd, PONG("1"));
    say(fd, PING("2") PING("3"));
    hear(fd, PONG("2") PONG("3"));
    close(fd);
}

static void
test_net_answers_over_a_private_unix_socket(void **state)
{
    struct server *server = *state;
    struct stat st;
    int fd = dial_unix(server->path);

    assert_true(fd >= 0);
    say(fd, PING("1"));
    hear(fd, PONG("1"));
    close(fd);
    assert_int_equal(stat(server->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void
test_net_answers_the_last_line_after_the_end_of_stream(void **state)
{
    int fd = dial(*state);
    char *text;

    say(fd, PING("1") "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"server.ping\"}");
    shutdown(fd, SHUT_WR);
    text = hear_all(fd);
    assert_string_equal(text, PONG("1") PONG("2"));
    free(text);
    close(fd);
}

/* The other side goes on sending while we refuse: our last words must not be lost in a reset. */
static void
test_net_last_error_arrives_while_the_client_sends(void **state)
{
    int fd = dial(*state);
    /* Over the limit, and little enough that all of it is sent before the refusal comes. */
    size_t n = ((size_t)1 << 20) + ((size_t)200 << 10);
    char *line = malloc(n), *text;

    memset(line, 'x', n);
    for (size_t sent = 0; sent < n;) {
        ssize_t more = send(fd, line + sent, n - sent, MSG_NOSIGNAL);
        if (more <= 0)
            break;
        sent += (size_t)more;
    }
    shutdown(fd, SHUT_WR);
    text = hear_all(fd);
    assert_non_null(strstr(text, "too_large"));
    free(text);
    free(line);
    close(fd);
}

static void
set_nonblocking(int fd)
{
    assert_int_equal(fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK), 0);
}

/* Sends n pings as fast as they are taken and counts the answers' lines; reads only when nothing
 * more can be sent, so that both directions fill up. */
static void
test_net_pauses_for_a_slow_reader_and_loses_nothing(void **state)
{
    static const char ping[] = PING("1");
    const size_t n = 200000, size = sizeof(ping) - 1;
    int fd = dial(*state);
    size_t sent = 0, lines = 0;
    char got[65536];

    set_nonblocking(fd);
    while (lines < n) {
        size_t at = sent % size;
        ssize_t more = sent < n * size ? send(fd, ping + at, size - at, MSG_NOSIGNAL) : -1;
        struct pollfd wait = { fd, (short)(POLLIN | (sent < n * size ? POLLOUT : 0)), 0 };
        if (more > 0) {
            sent += (size_t)more;
            continue;
        }
        assert_true(poll(&wait, 1, 30000) > 0);
        more = recv(fd, got, sizeof(got), 0);
        for (ssize_t i = 0; i < more; i++)
            lines += got[i] == '\n';
    }
    assert_int_equal(lines, n);
    close(fd);
}

static void
test_net_client_that_goes_away_hurts_nobody(void **state)
{
    struct linger reset = { 1, 0 };
    int fd = dial(*state), other = dial(*state);

    for (int i = 0; i < 100; i++)
        say(fd, PING("1"));
    /* closes with a reset */
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)), 0);
    close(fd);
    say(other, PING("2"));
    hear(other, PONG("2"));
    close(other);
}

static void
test_net_hang_up_calls_reload(void **state)
{
    struct server *server = *state;
    int fd = dial(server);

    assert_int_equal(kill(getpid(), SIGHUP), 0);
    while (server->reloads == 0) {
        say(fd, PING("1"));
        hear(fd, PONG("1"));
    }
    close(fd);
}

static void
test_net_stop_answers_what_is_in_flight(void **state)
{
    struct server server;
    int fd;
    char *text;

    (void)state;
    server_start(&server, NULL);
    fd = dial(&server);
    say(fd, LOGIN);
    while (jobs_of(&server) == 0)
        ;
    net_stop(server.net);
    /* The listeners close at once; then what was asked is answered. */
    while (access(server.path, F_OK) == 0)
        ;
    fake_finish(&server.lane, 0, SGN_UNAUTHENTICATED, NULL);
    text = hear_all(fd);
    assert_non_null(strstr(text, "unauthenticated"));
    free(text);
    close(fd);
    server_end(&server);
}

static void
test_net_signal_ends_the_loop(void **state)
{
    static const int numbers[] = { SIGTERM, SIGINT };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct server server;
        int fd;
        server_start(&server, NULL);
        fd = dial(&server);
        say(fd, PING("1"));
        hear(fd, PONG("1"));
        assert_int_equal(kill(getpid(), numbers[i]), 0);
        free(hear_all(fd));
        close(fd);
        server_end(&server);
    }
}

static enum sgn_status
try_listen(const char *listen, const char *path, struct sgn_error *error)
{
    struct net_options options = { .listen = listen, .socket_path = path };
    struct net *net = NULL;
    enum sgn_status status = net_new(&options, &net, error);

    net_free(net);
    return status;
}

static void
test_net_address_in_use_is_named(void **state)
{
    struct server *server = *state;
    struct sgn_error error = { 0 };
    char address[32];

    snprintf(address, sizeof(address), "127.0.0.1:%d", net_port(server->net));
    assert_int_equal(try_listen(address, NULL, &error), SGN_UNAVAILABLE);
    assert_non_null(strstr(error.message, address));
    assert_int_equal(try_listen(NULL, server->path, &error), SGN_UNAVAILABLE);
    assert_non_null(strstr(error.message, server->path));
    sgn_error_clear(&error);
}

static void
test_net_refuses_what_is_no_address(void **state)
{
    static const char *const bad[] = { "",
                                       "7480",
                                       "localhost",
                                       "127.0.0.1:",
                                       "127.0.0.1:x",
                                       "::1:7480",
                                       "127.0.0.1:65536",
                                       "[::1:80",
                                       "[::1]80" };
    struct sgn_error error = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (try_listen(bad[i], NULL, &error) != SGN_INVALID)
            fail_msg("'%s' was taken", bad[i]);
    sgn_error_clear(&error);
}

static void
test_net_takes_over_a_socket_that_nobody_listens_on(void **state)
{
    char folder[] = "/tmp/sgn-net-XXXXXX", path[64];
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct sgn_error error = { 0 };
    FILE *file;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/s", folder);
    strcpy(address.sun_path, path);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    close(fd); /* as a killed server leaves it */
    assert_int_equal(try_listen(NULL, path, &error), SGN_OK);
    /* A file that is no socket is somebody's. */
    file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    assert_int_equal(try_listen(NULL, path, &error), SGN_UNAVAILABLE);
    assert_int_equal(access(path, F_OK), 0);
    unlink(path);
    rmdir(folder);
    sgn_error_clear(&error);
}

/* The drawing in net_internal.h. */
static void
test_net_phases_follow_their_table(void **state)
{
    static const bool follows[NET_PHASES][NET_PHASES] = {
        [NET_OPEN] = { [NET_DRAINING] = true, [NET_CLOSING] = true },
        [NET_DRAINING] = { [NET_LINGERING] = true, [NET_CLOSING] = true },
        [NET_LINGERING] = { [NET_CLOSING] = true },
    };

    (void)state;
    for (int from = 0; from < NET_PHASES; from++)
        for (int to = 0; to < NET_PHASES; to++)
            assert_int_equal(net_phase_follows((enum net_phase)from, (enum net_phase)to),
                             follows[from][to]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IT(test_net_answers_over_tcp),
        IT(test_net_answers_over_a_private_unix_socket),
        IT(test_net_answers_the_last_line_after_the_end_of_stream),
        IT(test_net_last_error_arrives_while_the_client_sends),
        IT(test_net_pauses_for_a_slow_reader_and_loses_nothing),
        IT(test_net_client_that_goes_away_hurts_nobody),
        IT(test_net_hang_up_calls_reload),
        cmocka_unit_test(test_net_stop_answers_what_is_in_flight),
        cmocka_unit_test(test_net_signal_ends_the_loop),
        IT(test_net_address_in_use_is_named),
        cmocka_unit_test(test_net_refuses_what_is_no_address),
        cmocka_unit_test(test_net_takes_over_a_socket_that_nobody_listens_on),
        cmocka_unit_test(test_net_phases_follow_their_table),
    };

    return cmocka_run_group_tests_name("net", tests, NULL, NULL);
}
