/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A load generator for the line protocol: many connections, each with up to depth requests
 * in flight, on a few threads with epoll and plain sockets. It shares no code with the server.
 *
 * Closed loop (no --rate): a connection sends as soon as an answer comes. Open loop
 * (--rate R): requests are due at even intervals whatever the server does, and a latency
 * counts from the moment a request was due, so that a stall is not hidden by the requests
 * it kept from being sent.
 *
 * Cases KEY-1 to KEY-n are dealt to the connections, so that no two connections fire the same.
 * With --set the requests fall on a working set of them, of which a part is replaced by other
 * cases as time goes on. The set lies scattered over the keys, and is the same for every number
 * of connections.
 */
#include "load.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024
#define OUT_BYTES      (256 * 1024)
#define IN_BYTES       (64 * 1024)
#define SCATTER        1000003u /* a prime */

struct connection {
    int fd;
    int number; /* of all */
    int place;  /* among those of its team */
    const struct load_options *options;
    struct load_result *result;
    uint64_t rng, sent, answered;
    uint64_t due;      /* open loop: when the next request is due */
    uint64_t *started; /* ring of depth: when each request in flight was sent or due */
    char *out;
    size_t out_n, out_at;
    char line[LINE_MAX_BYTES]; /* the head of an answer that came in pieces */
    size_t line_n;
    bool writable_wanted;
};

uint64_t
load_now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

/* xorshift64*: which case is fired must cost nothing and be the same for a seed. */
static uint64_t
next_random(struct connection *c)
{
    c->rng ^= c->rng >> 12;
    c->rng ^= c->rng << 25;
    c->rng ^= c->rng >> 27;
    return c->rng * 2685821657736338717u;
}

static void
write_open(struct connection *c, uint64_t id)
{
    c->out_n += (size_t)snprintf(
        c->out + c->out_n, LINE_MAX_BYTES,
        "{\"jsonrpc\":\"2.0\",\"id\":%llu,\"method\":\"case.open\",\"params\":{\"workflow\":\"%s\","
        "\"project\":\"bench\",\"fields\":{\"amount\":1,\"memo\":\"opened for the load\"},"
        "\"request_id\":\"o%s-%d-%llu\"}}\n",
        (unsigned long long)id, c->options->workflow, c->options->run, c->number,
        (unsigned long long)id);
}

/* Which case of its team is fired next: 1 to cases. The team's set is so many places, dealt to its
 * connections; a place has one case until its turn to be replaced comes, then the next one that
 * was in no place yet. Multiplying by a prime that does not divide cases scatters them. */
static uint64_t
choose(struct connection *c, uint64_t now)
{
    const struct load_options *o = c->options;
    uint64_t connections = (uint64_t)(o->connections / o->teams), cases = (uint64_t)o->cases;
    uint64_t places = o->set > 0 ? (uint64_t)(o->set / o->teams) : cases;
    uint64_t mine = (places - (uint64_t)c->place - 1) / connections + 1;
    uint64_t place = next_random(c) % mine * connections + (uint64_t)c->place;
    uint64_t gone = 0;

    if (o->set == 0)
        return place + 1;
    if (o->replaced > 0 && now > c->result->begin_at)
        gone = places * ((now - c->result->begin_at) / 1000u) * (uint64_t)o->replaced / 600000000u;
    /* Places are replaced in turn: the first ones have been once more than the last. */
    place += places * ((gone + places - 1 - place) / places);
    return place % cases * (SCATTER % cases) % cases + 1;
}

/* About 260 bytes, as the reference load says. */
static void
write_flip(struct connection *c, uint64_t id, uint64_t now)
{
    static const char memo[] = "a line of forty letters, more or less, of text";
    uint64_t key = choose(c, now);

    c->out_n += (size_t)snprintf(
        c->out + c->out_n, LINE_MAX_BYTES,
        "{\"jsonrpc\":\"2.0\",\"id\":%llu,\"method\":\"case.fire\",\"params\":"
        "{\"case\":\"%s-%llu\",\"event\":\"flip\",\"data\":{\"amount\":%llu,\"memo\":\"%s\"},"
        "\"request_id\":\"f%s-%d-%llu\"}}\n",
        (unsigned long long)id, c->options->key, (unsigned long long)key,
        (unsigned long long)(id % 1000), memo, c->options->run, c->number, (unsigned long long)id);
}

/* Puts what may be sent now into the buffer. */
static void
fill(struct connection *c, uint64_t now)
{
    const struct load_options *o = c->options;
    uint64_t quota =
        o->open ? (uint64_t)(o->cases - c->place - 1) / (uint64_t)(o->connections / o->teams) + 1
                : UINT64_MAX;

    if (c->place >= o->cases)
        return;
    while (now < c->result->stop_at && c->sent < quota &&
           c->sent - c->answered < (uint64_t)o->depth && OUT_BYTES - c->out_n >= LINE_MAX_BYTES &&
           (c->due == 0 || c->due <= now)) {
        c->started[c->sent % (uint64_t)o->depth] = c->due != 0 ? c->due : now;
        c->sent++;
        if (o->open)
            write_open(c, c->sent);
        else
            write_flip(c, c->sent, now);
        if (c->due != 0)
            c->due += (uint64_t)(1e6 * o->connections / o->rate);
    }
}

static bool
flush(struct connection *c, int epoll)
{
    struct epoll_event event = { .data.ptr = c };
    bool wanted;

    while (c->out_at < c->out_n) {
        ssize_t n =
            send(c->fd, c->out + c->out_at, c->out_n - c->out_at, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (n < 0)
            return false;
        c->out_at += (size_t)n;
    }
    if (c->out_at == c->out_n)
        c->out_at = c->out_n = 0;
    wanted = c->out_n != 0;
    if (wanted != c->writable_wanted) {
        event.events = wanted ? EPOLLIN | EPOLLOUT : EPOLLIN;
        epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &event);
        c->writable_wanted = wanted;
    }
    return true;
}

/* One whole answer; line is its head, as far as it was kept. */
static void
answered(struct connection *c, uint64_t now)
{
    struct load_result *r = c->result;
    uint64_t started = c->started[c->answered % (uint64_t)c->options->depth];

    c->line[c->line_n] = '\0';
    c->answered++;
    if (strstr(c->line, "\"error\":{") != NULL) {
        if (r->errors++ == 0)
            snprintf(r->first_error, sizeof r->first_error, "%.*s", (int)sizeof r->first_error - 1,
                     c->line);
    } else if (now >= r->measure_at && now < r->stop_at) {
        r->counted++;
        if (started >= r->measure_at)
            histogram_add(&r->latency, now - started);
    }
    r->answers++;
    c->line_n = 0;
}

static bool
receive(struct connection *c)
{
    char bytes[IN_BYTES];
    ssize_t n = recv(c->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    uint64_t now = load_now_us();

    if (n <= 0)
        return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    for (const char *at = bytes, *all = bytes + n; at < all;) {
        const char *end = memchr(at, '\n', (size_t)(all - at));
        size_t room = sizeof c->line - 1 - c->line_n;
        size_t some = (size_t)((end != NULL ? end : all) - at);

        memcpy(c->line + c->line_n, at, some < room ? some : room);
        c->line_n += some < room ? some : room;
        if (end != NULL)
            answered(c, now);
        at += some + (end != NULL ? 1 : 0);
    }
    return true;
}

/* Connects and logs in, blocking: this is before the clock runs. */
static bool
connect_one(struct connection *c, int epoll)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)c->options->port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
    const char *token = c->options->tokens;
    char login[512];
    int one = 1, n;

    for (int i = c->number % c->options->teams; i > 0; i--)
        token = strchr(token, ' ') + 1;

    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof to) != 0)
        return false;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    n = snprintf(login, sizeof login,
                 "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"session.login\",\"params\":"
                 "{\"token\":\"%.*s\"}}\n",
                 (int)strcspn(token, " "), token);
    if (n <= 0 || (size_t)n >= sizeof login || send(c->fd, login, (size_t)n, MSG_NOSIGNAL) != n)
        return false;
    do {
        if (recv(c->fd, c->line + c->line_n, 1, 0) != 1)
            return false;
    } while (c->line[c->line_n] != '\n' && ++c->line_n + 1 < sizeof c->line);
    c->line[c->line_n] = '\0';
    c->line_n = 0;
    if (strstr(c->line, "\"error\":{") != NULL) {
        snprintf(c->result->first_error, sizeof c->result->first_error, "%.*s",
                 (int)sizeof c->result->first_error - 1, c->line);
        return false;
    }
    return epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event) == 0;
}

static bool
all_done(const struct connection *connections, int n, bool opening)
{
    for (int i = 0; i < n; i++) {
        const struct connection *c = &connections[i];
        if (c->sent != c->answered)
            return false;
        if (opening && c->sent == 0 && c->place < c->options->cases)
            return false;
    }
    return true;
}

/* Until the next request of an open loop is due, and at most a millisecond. */
static struct timespec
rest(const struct connection *connections, int n)
{
    uint64_t now = load_now_us(), us = 1000;

    for (int i = 0; i < n; i++)
        if (connections[i].due > now && connections[i].due - now < us)
            us = connections[i].due - now;
    return (struct timespec){ .tv_nsec = (long)us * 1000 };
}

static bool
send_due(struct connection *c, int epoll)
{
    fill(c, load_now_us());
    return flush(c, epoll);
}

static bool
send_all(struct connection *connections, int n, int epoll)
{
    for (int i = 0; i < n; i++)
        if (!send_due(&connections[i], epoll))
            return false;
    return true;
}

/* Sends and receives until the time is over (or all cases are open) and all is answered. */
static bool
run_loop(struct connection *connections, int n, int epoll, struct load_result *result)
{
    bool opening = connections[0].options->open, timed = connections[0].options->rate > 0;
    struct timespec pause = { .tv_nsec = 1000000 };

    if (!send_all(connections, n, epoll))
        return false;
    while ((!opening && load_now_us() < result->stop_at) || !all_done(connections, n, opening)) {
        struct epoll_event events[256];
        int ready;

        if (timed) {
            if (!send_all(connections, n, epoll))
                return false;
            pause = rest(connections, n);
        }
        ready = epoll_pwait2(epoll, events, 256, &pause, NULL);
        for (int i = 0; i < ready; i++) {
            struct connection *c = events[i].data.ptr;
            if ((events[i].events & ~(uint32_t)EPOLLOUT) != 0 && !receive(c))
                return false;
            if (!send_due(c, epoll))
                return false;
        }
    }
    return true;
}

void *
load_thread(void *arg)
{
    struct load_worker *thread = arg;
    const struct load_options *o = thread->options;
    int n = 0, epoll = epoll_create1(EPOLL_CLOEXEC);
    struct connection *connections = calloc((size_t)o->connections, sizeof *connections);

    thread->ok = epoll >= 0 && connections != NULL;
    for (int i = thread->number; thread->ok && i < o->connections; i += o->threads) {
        struct connection *c = &connections[n++];
        c->number = i;
        c->place = i / o->teams;
        c->options = o;
        c->result = &thread->result;
        c->rng = 88172645463325252u + (uint64_t)i * 2654435761u;
        c->started = calloc((size_t)o->depth, sizeof *c->started);
        c->out = malloc(OUT_BYTES);
        thread->ok = c->started != NULL && c->out != NULL && connect_one(c, epoll);
    }
    pthread_barrier_wait(thread->barrier); /* all are connected */
    pthread_barrier_wait(thread->barrier); /* the times are set */
    for (int i = 0; i < n && o->rate > 0 && !o->open; i++)
        connections[i].due =
            thread->result.begin_at + (uint64_t)(1e6 * connections[i].number / o->rate);
    if (thread->ok && n > 0)
        thread->ok = run_loop(connections, n, epoll, &thread->result);
    for (int i = 0; i < n; i++) {
        close(connections[i].fd);
        free(connections[i].started);
        free(connections[i].out);
    }
    free(connections);
    close(epoll);
    return NULL;
}
