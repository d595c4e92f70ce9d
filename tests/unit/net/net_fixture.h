/* SPDX-License-Identifier: Apache-2.0 */
/* A real loop on a thread of its own, spoken to over real sockets; the lane is a fake, and so is
 * the monotonic clock. Included by one .c file of a test program. */
#ifndef NET_FIXTURE_H
#define NET_FIXTURE_H

#include "../rpc/fake_lane.h"
#include "json.h"
#include "net_internal.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define PING(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"server.ping\"}\n"
#define PONG(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"result\":{\"pong\":true}}\n"
#define LOGIN                                                                                      \
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.login\",\"params\":{\"token\":\"x\"}}\n"

struct server {
    struct net *net;
    struct rpc *rpc;
    struct lane lane;
    struct sgn_thread *thread;
    enum sgn_status ended;
    char folder[64], path[96];
    _Atomic int reloads;
    _Atomic int64_t now; /* monotonic, in ms */
};

static inline void
reload(void *ctx)
{
    ((struct server *)ctx)->reloads++;
}

/* Stands still but for what a test adds to it. */
static inline int64_t
monotonic_ms(void *ctx)
{
    return ((struct server *)ctx)->now;
}

static inline void
server_run(void *arg)
{
    struct server *server = arg;

    server->ended = net_run(server->net, server->rpc, NULL);
}

static inline void
server_start(struct server *server, const struct net_limits *limits)
{
    struct net_options options = { .listen = "127.0.0.1:0",
                                   .socket_path = server->path,
                                   .reload = reload,
                                   .monotonic_ms = monotonic_ms,
                                   .ctx = server };
    struct rpc_options rpc = { .lane = &server->lane, .wake = net_wake };
    struct sgn_error error = { 0 };

    memset(server, 0, sizeof(*server));
    strcpy(server->folder, "/tmp/sgn-net-XXXXXX");
    assert_non_null(mkdtemp(server->folder));
    snprintf(server->path, sizeof(server->path), "%s/s", server->folder);
    sgn_clock_init_virtual(&server->lane.clock, 1000);
    server->now = 1000000;
    net_limits_default(&options.limits);
    if (limits != NULL)
        options.limits = *limits;
    if (net_new(&options, &server->net, &error) != SGN_OK ||
        net_attend(server->net, &error) != SGN_OK)
        fail_msg("%s", error.message);
    rpc_limits_default(&rpc.limits);
    rpc.ctx = server->net;
    assert_int_equal(rpc_new(&rpc, &server->rpc, NULL), SGN_OK);
    server->ended = SGN_INTERNAL;
    server->thread = sgn_thread_start("loop", server_run, server);
    assert_non_null(server->thread);
}

/* Waits for the loop to end, and frees everything: net_free asserts that no handle is left. */
static inline void
server_end(struct server *server)
{
    sgn_thread_join(server->thread);
    assert_int_equal(server->ended, SGN_OK);
    while (server->lane.n > 0)
        fake_finish(&server->lane, 0, SGN_UNAVAILABLE, NULL);
    rpc_free(server->rpc);
    net_free(server->net);
    assert_int_not_equal(access(server->path, F_OK), 0);
    assert_int_equal(rmdir(server->folder), 0);
}

static inline int
setup(void **state)
{
    static struct server server;

    server_start(&server, NULL);
    *state = &server;
    return 0;
}

static inline int
teardown(void **state)
{
    struct server *server = *state;

    net_stop(server->net);
    server_end(server);
    return 0;
}

/* ---- a client ---- */

static inline int
dial(const struct server *server)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)net_port(server->net)),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static inline int
dial_unix(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    strcpy(address.sun_path, path);
    assert_true(fd >= 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

static inline void
say(int fd, const char *text)
{
    size_t n = strlen(text);

    assert_int_equal(send(fd, text, n, MSG_NOSIGNAL), (ssize_t)n);
}

/* Reads exactly this text. */
static inline void
hear(int fd, const char *text)
{
    char got[4096];
    size_t n = 0;

    while (n < strlen(text)) {
        ssize_t more = recv(fd, got + n, strlen(text) - n, 0);
        if (more <= 0)
            fail_msg("the stream ended; expected %s", text);
        n += (size_t)more;
    }
    got[n] = '\0';
    assert_string_equal(got, text);
}

/* Reads to the end of the stream; the text is the caller's to free. */
static inline char *
hear_all(int fd)
{
    char *got = calloc(1, 65536);
    size_t n = 0;
    ssize_t more;

    while ((more = recv(fd, got + n, 65535 - n, 0)) > 0)
        n += (size_t)more;
    assert_int_equal(more, 0); /* an end, not a reset */
    return got;
}

/* How many jobs the fake lane has, asked through the server itself. */
static inline int64_t
jobs_of(const struct server *server)
{
    int fd = dial(server);
    char *text;
    json_t *answer = NULL;
    int64_t n;

    say(fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server.health\"}\n");
    shutdown(fd, SHUT_WR);
    text = hear_all(fd);
    assert_int_equal(sgn_json_parse(text, strlen(text), &answer, NULL), SGN_OK);
    n = sgn_json_int(json_object_get(json_object_get(answer, "result"), "engine"), "jobs", -1);
    json_decref(answer);
    free(text);
    close(fd);
    return n;
}

#define IT(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

#endif
