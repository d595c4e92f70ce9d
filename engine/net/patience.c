/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deadlines of connections: who owes us something, and since when.
 *
 * Five things are waited for: a login, a request (of HTTP), the rest of what has begun, that
 * answers are taken, that pings are answered. A sixth is our own: who only listens is shown now and
 * then that we live. A deadline is not put off by a byte now and then: it holds until the whole of
 * what was owed when it was set has come, or gone. Only streams that owe something stand in the
 * list that the timer looks at, so that ten thousand idle lines cost nothing.
 */
#include "log.h"
#include "net_internal.h"
#include <stdio.h>

static int64_t
owed_ms(const struct net_limits *limits, enum net_owes owes)
{
    return owes == NET_OWES_LOGIN  ? limits->login_ms
           : owes == NET_OWES_NEXT ? limits->idle_ms
           : owes == NET_OWES_BEAT ? limits->beat_ms
           : owes == NET_OWES_PONG ? limits->pong_ms
                                   : limits->line_ms;
}

static void
list_enter(struct net_stream *stream)
{
    struct net *net = stream->net;

    if (stream->is_timed)
        return;
    stream->is_timed = true;
    stream->back_timed = NULL;
    stream->next_timed = net->timed;
    if (net->timed != NULL)
        net->timed->back_timed = stream;
    net->timed = stream;
    net_tick(net);
}

void
net_patience_end(struct net_stream *stream)
{
    if (!stream->is_timed)
        return;
    stream->is_timed = false;
    if (stream->back_timed != NULL)
        stream->back_timed->next_timed = stream->next_timed;
    else
        stream->net->timed = stream->next_timed;
    if (stream->next_timed != NULL)
        stream->next_timed->back_timed = stream->back_timed;
}

/* What it owes to its protocol. */
static void
note_owed(struct net_stream *stream)
{
    enum net_owes owes = NET_OWES_NOTHING;
    uint32_t count = 0;

    if (stream->phase == NET_OPEN)
        owes = stream->protocol->owes(stream->talk, &count);
    if (stream->phase == NET_LINGERING ||
        (owes == stream->owes && (owes == NET_OWES_NOTHING || count == stream->count)))
        return;
    stream->owes = (uint8_t)owes;
    stream->count = count;
    if (owes != NET_OWES_NOTHING)
        stream->owed_by = net_now(stream->net) + owed_ms(&stream->net->options.limits, owes);
}

/* What waits to be taken now has to be gone by the deadline; then what waits at that time. */
static void
note_unread(struct net_stream *stream)
{
    size_t waiting = net_stream_waiting(stream);

    if (waiting == 0) {
        stream->read_by = 0;
    } else if (stream->read_by == 0 || stream->sent - waiting >= stream->mark) {
        stream->mark = stream->sent;
        stream->read_by = net_now(stream->net) + stream->net->options.limits.read_ms;
    }
}

void
net_patience(struct net_stream *stream)
{
    if (stream->phase == NET_CLOSING)
        return;
    note_owed(stream);
    note_unread(stream);
    if (stream->owes != NET_OWES_NOTHING || stream->read_by != 0 || stream->phase == NET_LINGERING)
        list_enter(stream);
    else
        net_patience_end(stream);
}

/* ---- the end of it ---- */

static void
say_dropped(struct net *net, const char *why)
{
    if (net_says(net, NET_SAID_DROPPED))
        sgn_log(SGN_LOG_WARN, "a connection was dropped", "why", why, NULL);
}

/* It is told why, and closed like any other whose last error was said. An HTTP connection without
 * a request is of no use to anybody, and nothing of it is worth a word. */
static void
drop_silent(struct net_stream *stream)
{
    struct net *net = stream->net;
    struct rpc_traffic *traffic = rpc_traffic(net->rpc);
    enum net_owes owed = stream->owes;
    long long seconds = (long long)(owed_ms(&net->options.limits, owed) + 999) / 1000;
    char why[96] = "";

    if (owed == NET_OWES_LOGIN) {
        traffic->dropped_login++;
        snprintf(why, sizeof why, "nobody has logged in for %lld seconds", seconds);
    } else if (owed == NET_OWES_REST) {
        traffic->dropped_line++;
        snprintf(why, sizeof why,
                 stream->protocol == net_lines()
                     ? "a line that began %lld seconds ago has no end yet"
                     : "a request that began %lld seconds ago has no end yet",
                 seconds);
    } else if (owed == NET_OWES_PONG) {
        traffic->dropped_pong++;
        snprintf(why, sizeof why, "a ping was not answered for %lld seconds", seconds);
    }
    if (why[0] != '\0')
        say_dropped(net, why);
    stream->protocol->give_up(stream->talk, owed, why);
    net_patience(stream);
}

static void
look_at(struct net_stream *stream, int64_t now)
{
    net_patience(stream);
    if (!stream->is_timed)
        return;
    if (stream->phase == NET_LINGERING) {
        if (now >= stream->owed_by)
            net_stream_close(stream);
    } else if (stream->read_by != 0 && now >= stream->read_by) {
        /* It can be told nothing: what it was told before lies in the way. */
        rpc_traffic(stream->net->rpc)->dropped_read++;
        say_dropped(stream->net, "it does not read its answers");
        net_stream_close(stream);
    } else if (stream->owes != NET_OWES_NOTHING && now >= stream->owed_by) {
        drop_silent(stream);
    }
}

/* Who does not close its end in time, or does not read what it asked for, is closed by us:
 * otherwise a stop would wait for the slowest stranger. */
void
net_patience_look(struct net *net)
{
    struct net_stream *stream, *next;
    int64_t now = net_now(net);

    for (stream = net->timed; stream != NULL; stream = next) {
        next = stream->next_timed;
        look_at(stream, now);
    }
    if (!net->stopping || now < net->stop_by)
        return;
    for (stream = net->streams; stream != NULL; stream = next) {
        next = stream->next;
        net_stream_close(stream);
    }
}
