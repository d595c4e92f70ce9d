/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection: bytes between a socket and what is spoken on it.
 *
 * A protocol's calls (send, pause, close) only mark; the writing and closing is done in
 * net_flush(), when no function of rpc is on the stack. Freed in the last close callback.
 */
#include "clock.h"
#include "log.h"
#include "net_internal.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define TO(phase)         (1u << NET_##phase)
#define KEEPALIVE_SECONDS 60

bool
net_phase_follows(enum net_phase from, enum net_phase to)
{
    static const unsigned follows[NET_PHASES] = {
        [NET_OPEN] = TO(DRAINING) | TO(CLOSING),
        [NET_DRAINING] = TO(LINGERING) | TO(CLOSING),
        [NET_LINGERING] = TO(CLOSING),
        [NET_CLOSING] = 0,
    };

    return (follows[from] & (1u << to)) != 0;
}

/* The one place where a phase changes: asserted against the table, which the tests walk. */
static void
stream_move(struct net_stream *stream, enum net_phase to)
{
    assert(net_phase_follows(stream->phase, to));
    stream->phase = (uint8_t)to;
}

/* ---- closing ---- */

/* The last callback of a stream, and the only place that frees one: libuv may still hold
 * requests of it until here. */
static void
on_closed(uv_handle_t *handle)
{
    struct net_stream *stream = handle->data;
    struct net *net = stream->net;

    net_enter(net);
    assert(!stream->is_dirty);
    if (stream->back != NULL)
        stream->back->next = stream->next;
    else
        net->streams = stream->next;
    if (stream->next != NULL)
        stream->next->back = stream->back;
    net->n_streams--;
    *(stream->is_served ? &net->n_served : &net->n_refusing) -= 1;
    if (stream->address != 0)
        net_addresses_remove(&net->addresses, stream->address);
    sgn_buf_deinit(&stream->out);
    net_secret_free(stream->secret);
    free(stream);
    net_check_finished(net);
    net_leave(net);
}

/* A stream that is closed while others are being flushed must not be found in the list any more. */
static void
dirty_remove(struct net_stream *stream)
{
    struct net_stream **at = &stream->net->dirty;

    if (!stream->is_dirty)
        return;
    while (*at != stream)
        at = &(*at)->next_dirty;
    *at = stream->next_dirty;
    stream->is_dirty = false;
}

void
net_stream_close(struct net_stream *stream)
{
    if (stream->phase == NET_CLOSING)
        return;
    stream_move(stream, NET_CLOSING);
    if (stream->is_served)
        rpc_traffic(stream->net->rpc)->open--;
    if (stream->secret != NULL && !net_secret_is_open(stream->secret))
        rpc_traffic(stream->net->rpc)->tls_failed++;
    net_patience_end(stream);
    dirty_remove(stream);
    if (stream->protocol != NULL)
        stream->protocol->close(stream->talk);
    stream->protocol = NULL;
    uv_close(&stream->uv.handle, on_closed);
}

static void
mark_dirty(struct net_stream *stream)
{
    if (stream->is_dirty || stream->phase == NET_CLOSING)
        return;
    stream->is_dirty = true;
    stream->next_dirty = stream->net->dirty;
    stream->net->dirty = stream;
}

/* ---- reading ---- */

/* One buffer for all: libuv reads and calls on_read in one go, so no two streams hold it at
 * once. */
static void
on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct net_stream *stream = handle->data;

    (void)suggested;
    *buf = uv_buf_init(stream->net->read_bytes, NET_READ_BYTES);
}

/* Half closed: the other side has sent all, and still waits for its answers. */
static void
stream_eof(struct net_stream *stream)
{
    if (stream->eof)
        return;
    stream->eof = true;
    uv_read_stop(&stream->uv.stream);
    if (stream->phase == NET_LINGERING)
        net_stream_close(stream);
    else if (stream->phase == NET_OPEN)
        stream->protocol->eof(stream->talk);
}

/* TLS may have something to say to whatever comes. */
static void
take_secret(struct net_stream *stream, const char *bytes, size_t n)
{
    struct sgn_buf *plain = &stream->net->plain;
    enum net_secret_state state = net_secret_receive(stream->secret, bytes, n, plain);

    mark_dirty(stream);
    if (plain->len > 0)
        stream->protocol->receive(stream->talk, plain->bytes, plain->len);
    sgn_buf_reset(plain);
    if (state == NET_SECRET_EOF)
        stream_eof(stream);
    if (state == NET_SECRET_BROKEN && !net_secret_is_open(stream->secret) &&
        net_says(stream->net, NET_SAID_TLS))
        sgn_log(SGN_LOG_WARN, "a TLS handshake failed", "from", stream->from, "why",
                net_secret_why(stream->secret), NULL);
    if (state == NET_SECRET_BROKEN && stream->phase == NET_OPEN)
        stream_move(stream, NET_DRAINING);
}

static void
on_read(uv_stream_t *handle, ssize_t n, const uv_buf_t *buf)
{
    struct net_stream *stream = handle->data;

    net_enter(stream->net);
    /* In any later phase what comes is thrown away: nobody has any use for it. */
    if (n > 0 && stream->phase == NET_OPEN && stream->secret != NULL) {
        take_secret(stream, buf->base, (size_t)n);
    } else if (n > 0 && stream->phase == NET_OPEN) {
        stream->protocol->receive(stream->talk, buf->base, (size_t)n);
    } else if (n == UV_EOF) {
        stream_eof(stream);
    } else if (n < 0) {
        /* Reset or broken: there is nobody left to linger for. */
        net_stream_close(stream);
    }
    net_patience(stream);
    net_leave(stream->net);
}

/* A failure is only noted: rpc may be on the stack, and closing would free its connection. */
static void
read_on(struct net_stream *stream)
{
    if (!stream->eof && uv_read_start(&stream->uv.stream, on_alloc, on_read) != 0) {
        stream->broken = true;
        mark_dirty(stream);
    }
}

/* ---- the wire, as its protocol sees it ---- */

/* Buffers go round: who has nothing to write holds none. */
static void
out_borrow(struct net_stream *stream)
{
    struct net *net = stream->net;

    if (stream->out.bytes == NULL && net->n_spares > 0)
        stream->out = net->spares[--net->n_spares];
}

static void
out_give_back(struct net_stream *stream)
{
    struct net *net = stream->net;

    if (stream->out.cap > NET_KEEP_BYTES || net->n_spares == NET_SPARES) {
        sgn_buf_deinit(&stream->out);
    } else if (stream->out.bytes != NULL) {
        net->spares[net->n_spares++] = stream->out;
        sgn_buf_init(&stream->out, NET_OUT_MAX);
    }
}

/* Gathered, and written in one piece when the loop's turn ends: a hundred answers are one system
 * call. */
static void
wire_send(void *ctx, const void *bytes, size_t n)
{
    struct net_stream *stream = ctx;

    out_borrow(stream);
    stream->sent += n;
    if (sgn_buf_append(&stream->out, bytes, n) != SGN_OK)
        stream->broken = true; /* half an answer must not go out */
    mark_dirty(stream);
}

/* Stopping to read is the whole of the backpressure: the kernel's buffer fills, then the other
 * side's, and it waits. Nothing is dropped and nothing refused. */
static void
wire_pause(void *ctx, bool paused)
{
    struct net_stream *stream = ctx;

    if (stream->phase != NET_OPEN)
        return;
    if (paused)
        uv_read_stop(&stream->uv.stream);
    else
        read_on(stream);
}

/* Only the phase changes; net_flush() does the rest when no function of rpc is on the stack. */
static void
wire_close(void *ctx)
{
    struct net_stream *stream = ctx;

    if (stream->phase == NET_OPEN)
        stream_move(stream, NET_DRAINING);
    mark_dirty(stream);
}

static void
wire_again(void *ctx)
{
    mark_dirty(ctx);
}

static void
wire_become(void *ctx, const struct net_protocol *protocol, void *talk)
{
    struct net_stream *stream = ctx;

    stream->protocol = protocol;
    stream->talk = talk;
}

/* ---- writing ---- */

struct write {
    uv_write_t uv;
    struct net_stream *stream;
    char *bytes;
};

size_t
net_stream_waiting(const struct net_stream *stream)
{
    return stream->out.len + uv_stream_get_write_queue_size(&stream->uv.stream);
}

/* Tells its protocol what waits, which may make it go on, and so gather again. */
static void
tell_waiting(struct net_stream *stream)
{
    if (stream->protocol != NULL)
        stream->protocol->queued(stream->talk, net_stream_waiting(stream));
}

/* Our end is shut. Data that was never read would make the kernel send a reset at close, which
 * discards our last answer at the other side: so it is read to its end. */
static void
on_shut(uv_shutdown_t *request, int error)
{
    struct net_stream *stream = request->handle->data;

    net_enter(stream->net);
    free(request);
    if (stream->phase == NET_LINGERING) {
        if (error != 0 || stream->eof)
            net_stream_close(stream);
        else
            read_on(stream); /* to throw away: see enum net_phase */
    }
    net_leave(stream->net);
}

/* All is written: our end is shut. */
static void
stream_linger(struct net_stream *stream)
{
    uv_shutdown_t *request = malloc(sizeof *request);

    stream_move(stream, NET_LINGERING);
    stream->owed_by = net_now(stream->net) + NET_LINGER_MS;
    if (request == NULL || uv_shutdown(request, &stream->uv.stream, on_shut) != 0) {
        free(request);
        net_stream_close(stream);
    }
}

/* The stream may be closing by now; its memory is there until on_closed(). */
static void
on_written(uv_write_t *request, int error)
{
    struct write *write = SGN_CONTAINER(request, struct write, uv);
    struct net_stream *stream = write->stream;
    struct net *net = stream->net;

    net_enter(net);
    free(write->bytes);
    free(write);
    if (stream->phase != NET_CLOSING) {
        if (error != 0)
            stream->broken = true;
        tell_waiting(stream);
        mark_dirty(stream);
    }
    net_leave(net);
}

/* What the socket does not take at once is handed over to libuv. The bytes go with the request:
 * the buffer starts empty, and may grow again in the same turn. */
static int
write_rest(struct net_stream *stream)
{
    struct write *write = calloc(1, sizeof(*write));
    size_t n = stream->out.len;
    uv_buf_t buf;
    int error;

    if (write == NULL)
        return UV_ENOMEM;
    write->stream = stream;
    write->bytes = sgn_buf_take(&stream->out);
    if (write->bytes == NULL) {
        free(write);
        return UV_ENOMEM;
    }
    buf = uv_buf_init(write->bytes, (unsigned)n);
    error = uv_write(&write->uv, &stream->uv.stream, &buf, 1, on_written);
    if (error != 0) {
        free(write->bytes);
        free(write);
    }
    return error;
}

/* What is gathered becomes what goes over the line, and is counted so. */
static bool
stream_seal(struct net_stream *stream)
{
    size_t before = stream->out.len;
    bool fine;

    out_borrow(stream);
    fine = net_secret_seal(stream->secret, &stream->out, stream->phase == NET_DRAINING);
    stream->sent += stream->out.len - before;
    return fine;
}

/* Tried directly first: most answers fit the socket's buffer, and need no request of libuv's at
 * all. */
static int
write_out(struct net_stream *stream)
{
    uv_buf_t buf;
    int done;

    if (stream->secret != NULL && !stream_seal(stream))
        return UV_ENOMEM;
    if (stream->out.len == 0) {
        out_give_back(stream);
        return 0;
    }
    rpc_traffic(stream->net->rpc)->writes++;
    rpc_traffic(stream->net->rpc)->bytes_out += (int64_t)stream->out.len;
    if (uv_stream_get_write_queue_size(&stream->uv.stream) == 0) {
        buf = uv_buf_init(stream->out.bytes, (unsigned)stream->out.len);
        done = uv_try_write(&stream->uv.stream, &buf, 1);
        if (done < 0 && done != UV_EAGAIN)
            return done;
        if (done > 0)
            sgn_buf_consume(&stream->out, (size_t)done);
    }
    if (stream->out.len > 0)
        return write_rest(stream);
    out_give_back(stream);
    return 0;
}

static void
stream_flush(struct net_stream *stream)
{
    if (stream->protocol != NULL)
        stream->protocol->turn(stream->talk);
    if (stream->broken || write_out(stream) != 0) {
        net_stream_close(stream);
        return;
    }
    tell_waiting(stream);
    if (stream->phase == NET_DRAINING && net_stream_waiting(stream) == 0)
        stream_linger(stream);
    net_patience(stream);
}

/* Until nothing is dirty: flushing may let rpc go on, which gathers again. */
void
net_flush(struct net *net)
{
    struct net_stream *stream;

    while ((stream = net->dirty) != NULL) {
        net->dirty = stream->next_dirty;
        stream->is_dirty = false;
        stream_flush(stream);
    }
}

/* ---- beginning ---- */

/* A TCP stream and a Unix one differ in nothing else here. A peer that vanished without a word is
 * found by probes, after some minutes. */
static int
handle_open(struct net *net, struct net_stream *stream, int fd, bool is_unix)
{
    int error;

    stream->uv.handle.data = stream; /* uv_..._init leaves it alone */
    if (is_unix) {
        error = uv_pipe_init(&net->loop, &stream->uv.pipe, 0);
        return error == 0 ? uv_pipe_open(&stream->uv.pipe, fd) : error;
    }
    error = uv_tcp_init(&net->loop, &stream->uv.tcp);
    if (error == 0)
        error = uv_tcp_open(&stream->uv.tcp, fd);
    (void)uv_tcp_nodelay(&stream->uv.tcp, 1); /* slower without it, not wrong */
    (void)uv_tcp_keepalive(&stream->uv.tcp, 1, KEEPALIVE_SECONDS);
    return error;
}

static void
stream_enlist(struct net *net, struct net_stream *stream)
{
    stream->next = net->streams;
    if (stream->next != NULL)
        stream->next->back = stream;
    net->streams = stream;
    net->n_streams++;
    *(stream->is_served ? &net->n_served : &net->n_refusing) += 1;
    if (stream->is_served)
        rpc_traffic(net->rpc)->open++;
}

static bool
talk_begin(struct net_stream *stream, const struct net_guest *guest)
{
    struct net *net = stream->net;
    struct net_wire wire = { stream,     wire_send,   wire_pause,     wire_close,
                             wire_again, wire_become, guest->address, stream->from };

    if (net->tls != NULL && !guest->door->is_unix) {
        stream->secret = net_secret_new(net->tls);
        if (stream->secret == NULL)
            return false;
    }
    stream->protocol = guest->door->is_http ? net_http() : net_lines();
    stream->talk = guest->door->is_http ? net_http_new(&net->site, &wire, guest->local)
                                        : net_lines_new(net->rpc, &wire, guest->door->is_unix);
    if (stream->talk == NULL)
        stream->protocol = NULL;
    return stream->talk != NULL;
}

bool
net_stream_take(struct net *net, const struct net_guest *guest)
{
    struct net_stream *stream = calloc(1, sizeof(*stream));

    if (stream == NULL)
        return false;
    stream->net = net;
    stream->address = guest->address;
    net_address_text(guest->from, stream->from);
    stream->is_served = guest->words == NULL;
    sgn_buf_init(&stream->out, NET_OUT_MAX);
    if (guest->words == NULL && !talk_begin(stream, guest)) {
        net_secret_free(stream->secret);
        free(stream);
        return false;
    }
    stream_enlist(net, stream);
    if (handle_open(net, stream, guest->fd, guest->door->is_unix) != 0) {
        stream->address = 0; /* the caller's, as the socket is */
        net_stream_close(stream);
        return false;
    }
    if (guest->words != NULL) {
        stream_move(stream, NET_DRAINING);
        wire_send(stream, guest->words, strlen(guest->words));
    } else {
        read_on(stream);
    }
    net_patience(stream);
    return true;
}
