/* SPDX-License-Identifier: Apache-2.0 */
/* Who is let in, who is refused, and who is dropped: with words, and by a clock that is the test's.
 */
#include "addresses.h"
#include "net_fixture.h"
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/resource.h>

#define HALF "{\"jsonrpc\":\"2.0\",\"id\":9,"

/* Accepting fails with this while it is not 0. */
static _Atomic int accept_error;
static _Atomic int accepts;

int __real_accept4(int fd, struct sockaddr *address, socklen_t *size, int flags);
int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *size, int flags);

int
__wrap_accept4(int fd, struct sockaddr *address, socklen_t *size, int flags)
{
    accepts++;
    if (accept_error == 0)
        return __real_accept4(fd, address, size, flags);
    errno = accept_error;
    return -1;
}

static struct net_limits
limits_of(int connections, int per_address)
{
    struct net_limits limits;

    net_limits_default(&limits);
    limits.connections = connections;
    limits.per_address = per_address;
    return limits;
}

/* From an address of the loopback's network. */
static int
dial_from(const struct server *server, const char *from)
{
    struct sockaddr_in own = { .sin_family = AF_INET };
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)net_port(server->net)),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(inet_pton(AF_INET, from, &own.sin_addr), 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof own), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* It is served. */
static void
served(int fd)
{
    say(fd, PING("1"));
    hear(fd, PONG("1"));
}

/* Its stream ends with a line that has these words. */
static void
ended_with(int fd, const char *code, const char *words)
{
    char *text = hear_all(fd);

    if (strstr(text, code) == NULL || strstr(text, words) == NULL)
        fail_msg("ended with '%s'; expected %s, %s", text, code, words);
    free(text);
    close(fd);
}

static void
login(struct server *server, int fd)
{
    char answer[512] = "";

    say(fd, LOGIN);
    while (jobs_of(server) == 0)
        ;
    fake_finish(&server->lane, 0, SGN_OK,
                json_pack("{s:s, s:s, s:b, s:s}", "team", "demo", "person", "li", "operator", 0,
                          "language", "en"));
    assert_true(recv(fd, answer, sizeof answer - 1, 0) > 0);
    assert_non_null(strstr(answer, "\"result\""));
}

/* After a round through the loop: what it did before is seen here. */
#define COUNTED(server, member)                                                                    \
    ((void)jobs_of(server), (int64_t)atomic_load(&rpc_traffic((server)->rpc)->member))

static void
stop(struct server *server)
{
    net_stop(server->net);
    server_end(server);
}

/* ---- who is let in ---- */

static void
test_net_over_the_limit_is_told_and_closed(void **state)
{
    struct net_limits limits = limits_of(2, 100);
    struct server server;
    int first, second, local;

    (void)state;
    server_start(&server, &limits);
    first = dial(&server);
    second = dial(&server);
    served(first);
    served(second);
    ended_with(dial(&server), "\"overloaded\"", "\"retry_after_ms\":10000");
    local = dial_unix(server.path);
    served(local); /* an operator gets in */
    ended_with(dial(&server), "1011", "as many connections as it takes");
    served(first);
    close(first);
    close(second);
    close(local);
    stop(&server);
}

static void
test_net_over_the_limit_of_an_address_is_told_and_closed(void **state)
{
    struct net_limits limits = limits_of(100, 2);
    struct server server;
    int first, second, other;

    (void)state;
    server_start(&server, &limits);
    first = dial(&server);
    second = dial(&server);
    served(first);
    served(second);
    ended_with(dial(&server), "\"overloaded\"", "your address has 2 connections already");
    other = dial_from(&server, "127.0.0.2");
    served(other);
    /* A place that was left is free. */
    shutdown(first, SHUT_WR);
    free(hear_all(first));
    close(first);
    while (jobs_of(&server) < 0)
        ;
    stop(&server);
    close(second);
    close(other);
}

/* More are refused at a time than are waited for: each is closed all the same, and nobody else is
 * hurt. */
static void
test_net_refuses_a_crowd(void **state)
{
    struct net_limits limits = limits_of(1, 1000);
    struct server server;
    int first, crowd[3 * NET_REFUSING_MAX];

    (void)state;
    server_start(&server, &limits);
    first = dial(&server);
    served(first);
    for (size_t i = 0; i < sizeof crowd / sizeof crowd[0]; i++)
        crowd[i] = dial(&server);
    for (size_t i = 0; i < sizeof crowd / sizeof crowd[0]; i++)
        ended_with(crowd[i], "overloaded", "try again in 10 seconds");
    served(first);
    close(first);
    stop(&server);
}

static void
test_net_addresses_are_counted_as_a_plain_list_counts(void **state)
{
    struct net_addresses table;
    int64_t plain[400] = { 0 };
    unsigned seed = 20260105;

    (void)state;
    net_addresses_init(&table);
    for (int i = 0; i < 200000; i++) {
        unsigned at = (unsigned)rand_r(&seed) % 400;
        bool more = plain[at] == 0 || rand_r(&seed) % 2 == 0;
        if (more)
            assert_true(net_addresses_add(&table, at + 1));
        else
            net_addresses_remove(&table, at + 1);
        plain[at] += more ? 1 : -1;
        at = (unsigned)rand_r(&seed) % 400;
        assert_int_equal(net_addresses_count(&table, at + 1), plain[at]);
    }
    net_addresses_deinit(&table);
}

static uint64_t
key_of(int family, const char *text)
{
    struct sockaddr_storage address = { .ss_family = (sa_family_t)family };
    void *at = family == AF_INET ? (void *)&((struct sockaddr_in *)&address)->sin_addr
                                 : (void *)&((struct sockaddr_in6 *)&address)->sin6_addr;

    assert_int_equal(inet_pton(family, text, at), 1);
    return net_address_key(&address);
}

static void
test_net_an_address_is_a_host_or_a_network(void **state)
{
    (void)state;
    assert_int_equal(key_of(AF_INET, "192.0.2.1"), key_of(AF_INET6, "::ffff:192.0.2.1"));
    assert_int_not_equal(key_of(AF_INET, "192.0.2.1"), key_of(AF_INET, "192.0.2.2"));
    assert_int_equal(key_of(AF_INET6, "2001:db8:0:1::1"), key_of(AF_INET6, "2001:db8:0:1:ffff::9"));
    assert_int_not_equal(key_of(AF_INET6, "2001:db8:0:1::1"), key_of(AF_INET6, "2001:db8:0:2::1"));
    assert_int_not_equal(key_of(AF_INET6, "::1"), 0);
    assert_int_not_equal(key_of(AF_INET, "0.0.0.0"), 0);
}

/* ---- accepting fails ---- */

/* The system has no memory for it: no turn of the loop is lost over it, and it is tried again. */
static void
test_net_rests_when_nothing_can_be_accepted(void **state)
{
    struct server *server = *state;
    int fd = dial(server), late, local;

    served(fd);
    local = dial_unix(server->path);
    served(local);
    accept_error = ENOMEM;
    late = dial(server);
    say(late, PING("7"));
    accepts = 0;
    while (accepts == 0)
        served(fd);
    for (int i = 0; i < 2000; i++)
        served(fd);
    /* Two doors, and a try each per tick of 250 ms; spinning would be a try for each turn. */
    assert_in_range(accepts, 1, 200);
    accept_error = 0;
    hear(late, PONG("7"));
    assert_true(COUNTED(server, refused_failed) > 0);
    close(late);
    close(local);
    close(fd);
}

/* No descriptors are left. Who comes is told so, by the one that was kept for it. */
static void
test_net_out_of_descriptors_says_so(void **state)
{
    struct server *server = *state;
    struct rlimit limit, less;
    int fd = dial(server), dialled[8], n;

    served(fd);
    for (int i = 0; i < 8; i++)
        dialled[i] = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    less = limit;
    less.rlim_cur = (rlim_t)dialled[7] + 1;
    /* The lowest descriptors are taken first: all below the limit are in use. */
    for (n = dup(0); n >= 0 && n < dialled[7]; n = dup(0))
        ;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &less), 0);
    for (int i = 0; i < 8; i++) {
        struct sockaddr_in address = { .sin_family = AF_INET,
                                       .sin_port = htons((uint16_t)net_port(server->net)),
                                       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        assert_int_equal(connect(dialled[i], (struct sockaddr *)&address, sizeof address), 0);
        ended_with(dialled[i], "overloaded", "can open no more connections");
        assert_true(dup2(0, dialled[i]) >= 0); /* taken again, by us */
    }
    served(fd);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_true(COUNTED(server, refused_failed) >= 8);
    close(fd);
}

/* ---- deadlines ---- */

static void
test_net_who_does_not_log_in_is_dropped(void **state)
{
    struct server *server = *state;
    int silent = dial(server), half = dial(server), busy = dial(server);

    served(busy);
    say(half, HALF);
    (void)COUNTED(server, accepted);
    server->now += 29999;
    served(busy); /* a request puts it off */
    server->now += 2;
    ended_with(silent, "\"unauthenticated\"", "nobody has logged in for 30 seconds");
    ended_with(half, "\"unauthenticated\"", "nobody has logged in for 30 seconds");
    served(busy);
    assert_int_equal(COUNTED(server, dropped_login), 2);
    close(busy);
}

/* A byte now and then does not put it off. */
static void
test_net_a_line_without_end_is_dropped(void **state)
{
    struct server *server = *state;
    int slow = dial(server), other = dial(server);

    login(server, slow);
    login(server, other);
    say(slow, "{");
    served(other);
    for (int i = 0; i < 59; i++) {
        server->now += 1000;
        say(slow, " ");
        served(other);
    }
    assert_int_equal(COUNTED(server, dropped_line), 0);
    server->now += 1001;
    ended_with(slow, "\"request\"", "a line that began 60 seconds ago has no end yet");
    assert_int_equal(COUNTED(server, dropped_line), 1);
    server->now += 3600000; /* who owes nothing may stay */
    served(other);
    close(other);
}

/* It asks and asks, and never reads: what it makes the server keep is bounded, and so is the
 * time. */
static void
test_net_who_does_not_read_is_dropped(void **state)
{
    static const char ask[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.discover\"}\n";
    struct server *server = *state;
    int fd = dial(server), other = dial(server), small = 4096;
    int64_t before, after;
    ssize_t n;

    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    while ((n = send(fd, ask, sizeof ask - 1, MSG_DONTWAIT | MSG_NOSIGNAL)) > 0)
        ;
    assert_true(n < 0 && errno == EAGAIN);
    (void)COUNTED(server, writes);
    before = COUNTED(server, held);
    assert_in_range(before, 1, 16 << 20);
    for (int i = 0; i < 100; i++)
        served(other);
    after = COUNTED(server, held);
    assert_int_equal(after, before);
    server->now += 60001;
    while (COUNTED(server, dropped_read) == 0)
        ;
    close(fd);
    assert_in_range(COUNTED(server, held), 0, 64 << 10);
    close(other);
}

/* Who reads slowly, but reads, stays. */
static void
test_net_who_reads_slowly_stays(void **state)
{
    static const char ask[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.discover\"}\n";
    struct server *server = *state;
    int fd = dial(server), other = dial(server), small = 4096;
    char *got = malloc(1 << 20);

    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    while (send(fd, ask, sizeof ask - 1, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
        ;
    for (int i = 0; i < 20; i++) {
        /* As much as one deadline asks for: its queue at that time, and what the kernel holds. */
        for (size_t left = (size_t)12 << 20; left > 0;) {
            ssize_t n = recv(fd, got, left < 1 << 20 ? left : 1 << 20, MSG_DONTWAIT);
            if (n <= 0)
                break;
            left -= (size_t)n;
        }
        served(other);
        server->now += 20000;
        while (send(fd, ask, sizeof ask - 1, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
            ;
    }
    assert_int_equal(COUNTED(server, dropped_read), 0);
    free(got);
    close(fd);
    close(other);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_net_over_the_limit_is_told_and_closed),
        cmocka_unit_test(test_net_over_the_limit_of_an_address_is_told_and_closed),
        cmocka_unit_test(test_net_refuses_a_crowd),
        cmocka_unit_test(test_net_addresses_are_counted_as_a_plain_list_counts),
        cmocka_unit_test(test_net_an_address_is_a_host_or_a_network),
        IT(test_net_rests_when_nothing_can_be_accepted),
        IT(test_net_out_of_descriptors_says_so),
        IT(test_net_who_does_not_log_in_is_dropped),
        IT(test_net_a_line_without_end_is_dropped),
        IT(test_net_who_does_not_read_is_dropped),
        IT(test_net_who_reads_slowly_stays),
    };

    return cmocka_run_group_tests_name("net/limits", tests, NULL, NULL);
}
