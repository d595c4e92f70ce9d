/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The doors: sockets that listen, and who is let in.
 *
 * Whoever is over a limit is told so, in one line or in an HTTP answer, before the connection is
 * closed. A door never spins: when the system has nothing left to accept with, the connection is
 * refused with a descriptor kept for that, or the door rests until the next tick.
 */
#include "log.h"
#include "net_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BACKLOG        4096 /* the system may take less: net.core.somaxconn */
#define ACCEPTS_A_TURN 64   /* of one door in one turn of the loop: others want theirs, too */
#define WORDS_MAX      320

/* ---- refusing ---- */

static void
words_for(char out[WORDS_MAX], const struct net_door *door, const char *message)
{
    if (door->is_http) {
        (void)net_http_refusal(out, WORDS_MAX, message, NET_RETRY_MS / 1000);
        return;
    }
    snprintf(out, WORDS_MAX,
             "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":%d,\"message\":\"%s\","
             "\"data\":{\"code\":\"%s\",\"retry_after_ms\":%d}}}\n",
             sgn_status_number(SGN_OVERLOADED), message, sgn_status_code(SGN_OVERLOADED),
             NET_RETRY_MS);
}

/* In the ordinary way it waits until the other side has heard; beyond a number of those there is
 * no time for manners. */
static void
refuse(struct net_door *door, int fd, const char *message)
{
    struct net *net = door->net;
    char words[WORDS_MAX];

    /* Words that were said in a handshake's stead would be read as a broken one. */
    if (net->tls != NULL && !door->is_unix) {
        close(fd);
        return;
    }
    words_for(words, door, message);
    if (net->n_refusing < NET_REFUSING_MAX &&
        net_stream_take(net, &(struct net_guest){ .door = door, .fd = fd, .words = words }))
        return;
    (void)send(fd, words, strlen(words), MSG_DONTWAIT | MSG_NOSIGNAL);
    close(fd);
}

static void
refuse_full(struct net_door *door, int fd)
{
    struct net *net = door->net;

    rpc_traffic(net->rpc)->refused_full++;
    if (net_says(net, NET_SAID_FULL))
        sgn_log(SGN_LOG_WARN, "connection limit reached", NULL);
    refuse(door, fd, "the server has as many connections as it takes; try again in 10 seconds");
}

static void
refuse_address(struct net_door *door, int fd)
{
    struct net *net = door->net;
    char message[96];

    rpc_traffic(net->rpc)->refused_address++;
    if (net_says(net, NET_SAID_ADDRESS))
        sgn_log(SGN_LOG_WARN, "connection limit of an address reached", NULL);
    snprintf(message, sizeof message,
             "your address has %d connections already, which is as many as it may",
             net->options.limits.per_address);
    refuse(door, fd, message);
}

/* ---- letting in ---- */

static void
let_in(struct net_door *door, int fd, const struct sockaddr_storage *from)
{
    struct net *net = door->net;
    const struct net_limits *limits = &net->options.limits;
    int reserved = door->is_unix ? NET_UNIX_RESERVED : 0;
    uint64_t address = door->is_unix ? 0 : net_address_key(from);
    const struct net_guest guest = { .door = door,
                                     .fd = fd,
                                     .address = address,
                                     .from = from,
                                     .local = door->is_unix || net_address_is_local(from) };

    if (net->n_served >= limits->connections + reserved) {
        refuse_full(door, fd);
    } else if (address != 0 &&
               net_addresses_count(&net->addresses, address) >= limits->per_address) {
        refuse_address(door, fd);
    } else if (address != 0 && !net_addresses_add(&net->addresses, address)) {
        close(fd);
    } else if (net_stream_take(net, &guest)) {
        rpc_traffic(net->rpc)->accepted++;
    } else {
        if (address != 0)
            net_addresses_remove(&net->addresses, address);
        close(fd);
    }
}

static void
door_rest(struct net_door *door)
{
    door->resting = true;
    (void)uv_poll_stop(&door->poll);
    net_tick(door->net);
}

static void
count_failed(struct net *net, int error)
{
    rpc_traffic(net->rpc)->refused_failed++;
    if (net_says(net, NET_SAID_FAILED))
        sgn_log(SGN_LOG_WARN, "a connection was not taken", "why", strerror(error), NULL);
}

/* No descriptors are left: one is, for this. 0, or why nobody was refused: EAGAIN, nobody waits,
 * which the system does not say before it has a descriptor for them. */
static int
refuse_with_the_spare(struct net_door *door, int why)
{
    struct net *net = door->net;
    char words[WORDS_MAX];
    int fd, error;

    if (net->spare_fd < 0)
        return why;
    close(net->spare_fd);
    fd = accept4(door->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    error = fd >= 0 ? 0 : errno;
    if (fd >= 0) {
        count_failed(net, why);
        words_for(words, door, "the server can open no more connections; try again in 10 seconds");
        if (net->tls == NULL || door->is_unix)
            (void)send(fd, words, strlen(words), MSG_DONTWAIT | MSG_NOSIGNAL);
        close(fd);
    }
    net->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return error;
}

/* One connection; false: there is none, or none can be taken now. */
static bool
accept_one(struct net_door *door)
{
    struct sockaddr_storage from = { 0 };
    socklen_t size = sizeof from;
    int fd = accept4(door->fd, (struct sockaddr *)&from, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    int error = errno;

    if (fd >= 0) {
        let_in(door, fd, &from);
        return true;
    }
    if (error == EMFILE || error == ENFILE)
        error = refuse_with_the_spare(door, error);
    if (error == EAGAIN)
        return false;
    /* Refused, or of this one connection: it was given up, or the network lost it. */
    if (error == 0 || error == EINTR || error == ECONNABORTED || error == EPROTO ||
        error == ENETDOWN || error == EHOSTDOWN || error == EHOSTUNREACH || error == ENETUNREACH)
        return true;
    count_failed(door->net, error);
    door_rest(door);
    return false;
}

static void
on_ready(uv_poll_t *poll, int status, int events)
{
    struct net_door *door = poll->data;

    (void)status;
    (void)events;
    net_enter(door->net);
    for (int i = 0; i < ACCEPTS_A_TURN && accept_one(door); i++)
        ;
    net_leave(door->net);
}

/* ---- opening and closing ---- */

int
net_door_open(struct net_door *door, struct net *net, const struct sockaddr_storage *address,
              size_t size)
{
    int yes = 1, error;

    door->net = net;
    door->is_unix = address->ss_family == AF_UNIX;
    door->fd = socket(address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (door->fd < 0)
        return -errno;
    /* A server that starts again takes its port over from its connections that are still ending. */
    if (!door->is_unix)
        (void)setsockopt(door->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(door->fd, (const struct sockaddr *)address, (socklen_t)size) != 0) {
        error = -errno;
        close(door->fd);
        door->fd = -1;
        return error;
    }
    return 0;
}

int
net_door_listen(struct net_door *door)
{
    int error;

    if (listen(door->fd, BACKLOG) != 0)
        return -errno;
    error = uv_poll_init(&door->net->loop, &door->poll, door->fd);
    if (error != 0)
        return error;
    door->poll.data = door;
    door->polled = true;
    return uv_poll_start(&door->poll, UV_READABLE, on_ready);
}

void
net_door_close(struct net_door *door)
{
    if (door->fd < 0)
        return;
    if (door->polled)
        net_handle_close((uv_handle_t *)&door->poll);
    close(door->fd);
    door->fd = -1;
    door->resting = false;
}

bool
net_doors_retry(struct net *net)
{
    struct net_door *doors[] = { &net->tcp, &net->http, &net->local };

    for (int i = 0; i < 3; i++)
        if (doors[i]->resting && uv_poll_start(&doors[i]->poll, UV_READABLE, on_ready) == 0)
            doors[i]->resting = false;
    return net->tcp.resting || net->http.resting || net->local.resting;
}
