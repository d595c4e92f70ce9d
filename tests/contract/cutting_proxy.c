/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cutting proxy. One thread, poll(2), a handful of connections.
 */
#include "cutting_proxy.h"

#include "thread.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PAIRS_MAX = 32,
    CHUNK = 65536,
    STATEMENT_MAX = 16,
    POLL_MS = 20
};

struct pair {
    int program, server;      /* -1: free */
    int doomed;               /* its next answer is dropped, and it */
    char name[STATEMENT_MAX]; /* of the prepared statement that is the text, with a 0 before and
                             after; as PostgreSQL's Bind has it behind an empty portal */
    size_t name_length;       /* 0: none was prepared */
};

struct cutting_proxy {
    int listening, port, to_port;
    const char *text; /* NULL: anything is cut */
    struct pair pairs[PAIRS_MAX];
    atomic_int cut, deaf, cuts, hold, over;
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

static int
send_all(int to, const char *bytes, size_t n)
{
    for (size_t sent = 0; sent < n;) {
        ssize_t one = send(to, bytes + sent, n - sent, MSG_NOSIGNAL);

        if (one <= 0)
            return 0;
        sent += (size_t)one;
    }
    return 1;
}

/* Counted first: who sees the connection end may ask for the count at once. */
static void
cut(struct cutting_proxy *proxy, struct pair *pair)
{
    atomic_fetch_add(&proxy->cuts, 1);
    drop(pair);
}

/* PostgreSQL's Parse is "P", a length, the statement's name and a 0, the text and a 0: from then on
 * the name stands for the text. at: the text. */
static void
learn(struct pair *pair, const char *bytes, const char *at)
{
    const char *name = at - 1;
    size_t n;

    while (name > bytes && isalnum((unsigned char)name[-1]))
        name--;
    n = (size_t)(at - name); /* with the 0 behind it */
    if (name - bytes < 5 || name[-5] != 'P' || at[-1] != '\0' || n >= sizeof pair->name)
        return;
    pair->name[0] = '\0';
    memcpy(pair->name + 1, name, n);
    pair->name_length = n + 1;
}

/* Where the text stands in it, or what stands for it; NULL: nowhere. */
static const char *
find(struct cutting_proxy *proxy, struct pair *pair, const char *bytes, size_t n, size_t *length)
{
    const char *found;

    *length = n;
    if (proxy->text == NULL)
        return bytes;
    *length = strlen(proxy->text);
    found = memmem(bytes, n, proxy->text, *length);
    if (found != NULL)
        learn(pair, bytes, found);
    if (found == NULL && pair->name_length > 0) {
        *length = pair->name_length;
        found = memmem(bytes, n, pair->name, *length);
    }
    return found;
}

/* How it is to be cut, and after how many of its bytes. */
static int
cut_of(struct cutting_proxy *proxy, struct pair *pair, const char *bytes, size_t n, size_t *half)
{
    size_t length = 0;
    const char *found = find(proxy, pair, bytes, n, &length);

    if (found == NULL)
        return CUT_NOTHING;
    *half = (size_t)(found - bytes) + length / 2;
    return atomic_exchange(&proxy->cut, CUT_NOTHING);
}

static void
from_program(struct cutting_proxy *proxy, struct pair *pair)
{
    static _Thread_local char bytes[CHUNK];
    ssize_t n = recv(pair->program, bytes, sizeof bytes, 0);
    size_t half = 0;
    int how = n > 0 ? cut_of(proxy, pair, bytes, (size_t)n, &half) : CUT_NOTHING;

    if (how == CUT_WITHIN)
        (void)send_all(pair->server, bytes, half);
    if (how == CUT_BEFORE || how == CUT_WITHIN) {
        cut(proxy, pair);
        return;
    }
    pair->doomed = how == CUT_AFTER;
    if (n <= 0 || !send_all(pair->server, bytes, (size_t)n))
        drop(pair);
}

static void
from_server(struct cutting_proxy *proxy, struct pair *pair)
{
    static _Thread_local char bytes[CHUNK];
    ssize_t n;

    if (pair->doomed) {
        cut(proxy, pair);
        return;
    }
    n = recv(pair->server, bytes, sizeof bytes, 0);
    if (n <= 0 || !send_all(pair->program, bytes, (size_t)n))
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
        if (atomic_load(&proxy->hold)) {
            (void)poll(NULL, 0, POLL_MS);
            continue;
        }
        if (poll(fds, 1 + 2 * PAIRS_MAX, POLL_MS) <= 0)
            continue;
        for (int i = 0; i < PAIRS_MAX; i++) {
            struct pair *pair = &proxy->pairs[i];

            if (pair->program >= 0 && fds[2 + 2 * i].revents != 0)
                from_server(proxy, pair);
            if (pair->program >= 0 && fds[1 + 2 * i].revents != 0)
                from_program(proxy, pair);
        }
        if (fds[0].revents != 0)
            take(proxy);
    }
}

struct cutting_proxy *
cutting_proxy_start(int to_port, const char *text)
{
    struct cutting_proxy *proxy = calloc(1, sizeof *proxy);
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t n = sizeof at;

    if (proxy == NULL)
        abort();
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    proxy->to_port = to_port;
    proxy->text = text;
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

void
cutting_proxy_hold(struct cutting_proxy *proxy, int hold)
{
    atomic_store(&proxy->hold, hold);
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
