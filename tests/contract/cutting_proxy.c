/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cutting proxy. One thread, poll(2), a handful of connections.
 */
#include "cutting_proxy.h"

#include "thread.h"
#include <arpa/inet.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PAIRS_MAX = 16,
    CHUNK = 65536
};

struct pair {
    int program, server; /* -1: free */
    int doomed;          /* its next answer is dropped, and it */
};

struct cutting_proxy {
    int listening, port, to_port;
    struct pair pairs[PAIRS_MAX];
    atomic_int cut, deaf, cuts, over;
    struct sgn_thread *thread;
};

static int
connect_to(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static void
drop(struct pair *pair)
{
    close(pair->program);
    close(pair->server);
    *pair = (struct pair){ .program = -1, .server = -1 };
}

static void
take(struct cutting_proxy *proxy)
{
    int program = accept(proxy->listening, NULL, NULL);

    if (program < 0)
        return;
    for (int i = 0; i < PAIRS_MAX && !atomic_load(&proxy->deaf); i++) {
        struct pair *pair = &proxy->pairs[i];

        if (pair->program >= 0)
            continue;
        *pair = (struct pair){ .program = program, .server = connect_to(proxy->to_port) };
        if (pair->server < 0)
            drop(pair);
        return;
    }
    close(program);
}

/* False when one side is gone. */
static int
pass(int from, int to)
{
    static _Thread_local char bytes[CHUNK];
    ssize_t n = recv(from, bytes, sizeof bytes, 0);

    for (ssize_t sent = 0, one; sent < n; sent += one) {
        one = send(to, bytes + sent, (size_t)(n - sent), MSG_NOSIGNAL);
        if (one <= 0)
            return 0;
    }
    return n > 0;
}

/* Counted first: who sees the connection end may ask for the count at once. */
static void
cut(struct cutting_proxy *proxy, struct pair *pair)
{
    atomic_fetch_add(&proxy->cuts, 1);
    drop(pair);
}

static void
serve(struct cutting_proxy *proxy, struct pair *pair, int from_program, int from_server)
{
    if (from_server && pair->doomed) {
        cut(proxy, pair);
        return;
    }
    if (from_program) {
        int how = atomic_exchange(&proxy->cut, CUT_NOTHING);

        if (how == CUT_BEFORE) {
            cut(proxy, pair);
            return;
        }
        pair->doomed = how == CUT_AFTER;
        if (!pass(pair->program, pair->server)) {
            drop(pair);
            return;
        }
    }
    if (from_server && !pass(pair->server, pair->program))
        drop(pair);
}

static void
run(void *arg)
{
    struct cutting_proxy *proxy = arg;

    while (!atomic_load(&proxy->over)) {
        struct pollfd fds[1 + 2 * PAIRS_MAX];

        fds[0] = (struct pollfd){ .fd = proxy->listening, .events = POLLIN };
        for (int i = 0; i < PAIRS_MAX; i++) {
            fds[1 + 2 * i] = (struct pollfd){ .fd = proxy->pairs[i].program, .events = POLLIN };
            fds[2 + 2 * i] = (struct pollfd){ .fd = proxy->pairs[i].server, .events = POLLIN };
        }
        if (poll(fds, 1 + 2 * PAIRS_MAX, 20) <= 0)
            continue;
        for (int i = 0; i < PAIRS_MAX; i++) {
            if (proxy->pairs[i].program >= 0)
                serve(proxy, &proxy->pairs[i], fds[1 + 2 * i].revents, fds[2 + 2 * i].revents);
        }
        if (fds[0].revents != 0)
            take(proxy);
    }
}

struct cutting_proxy *
cutting_proxy_start(int to_port)
{
    struct cutting_proxy *proxy = calloc(1, sizeof *proxy);
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t n = sizeof at;

    if (proxy == NULL)
        abort();
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    proxy->to_port = to_port;
    proxy->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    for (int i = 0; i < PAIRS_MAX; i++)
        proxy->pairs[i] = (struct pair){ .program = -1, .server = -1 };
    if (bind(proxy->listening, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(proxy->listening, 16) != 0 ||
        getsockname(proxy->listening, (struct sockaddr *)&at, &n) != 0)
        abort();
    proxy->port = ntohs(at.sin_port);
    proxy->thread = sgn_thread_start("proxy", run, proxy);
    if (proxy->thread == NULL)
        abort();
    return proxy;
}

int
cutting_proxy_port(const struct cutting_proxy *proxy)
{
    return proxy->port;
}

void
cutting_proxy_cut(struct cutting_proxy *proxy, enum cut how, int deaf)
{
    atomic_store(&proxy->deaf, deaf);
    atomic_store(&proxy->cut, how);
}

int
cutting_proxy_cuts(const struct cutting_proxy *proxy)
{
    return atomic_load(&proxy->cuts);
}

void
cutting_proxy_stop(struct cutting_proxy *proxy)
{
    atomic_store(&proxy->over, 1);
    sgn_thread_join(proxy->thread);
    for (int i = 0; i < PAIRS_MAX; i++) {
        if (proxy->pairs[i].program >= 0)
            drop(&proxy->pairs[i]);
    }
    close(proxy->listening);
    free(proxy);
}
