/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages out of frames and back, by wslay: it knows no socket either, takes what has come and
 * gives what is to be sent.
 *
 * wslay itself keeps nothing of a message, since it would ask for all the memory that a frame's
 * head claims; here it grows with the bytes that come. What is to be sent is given out in the turn
 * only, when wslay is not on the stack.
 */
#include "websocket.h"
#include "buf.h"
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <wslay/wslay.h>

#define CODE_TRY_AGAIN 1013 /* as registered; wslay has no name for it */
#define UNSENT_MAX                                                                                 \
    ((size_t)256 << 10) /* above which nothing more is read: pongs are answers, too */

struct net_websocket {
    struct net_site *site;
    struct net_wire wire;
    wslay_event_context_ptr frames;
    struct rpc_connection *rpc;
    struct sgn_buf message; /* what has come of it */
    const char *piece;      /* what wslay reads now; borrowed */
    size_t piece_n;
    size_t unsent, held;
    uint32_t messages, heard; /* pieces of bytes */
    uint16_t code;            /* the close is for */
    bool begun;               /* a message is under way */
    bool in_control;          /* a control frame is, perhaps within one */
    bool broken;              /* wslay has given up on the frames */
    bool pinged;              /* and nothing was heard since */
    bool closing;             /* the close frame is to be sent, and nothing behind it */
    bool closed;              /* the wire was told */
    bool rpc_paused, paused;
};

/* RFC 6455, 4.2.2: base64 of SHA-1 of the key and a name that is always the same. */
bool
net_websocket_accept(struct net_text key, char out[NET_WEBSOCKET_ACCEPT])
{
    static const char name[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char bytes[24], hash[EVP_MAX_MD_SIZE];
    char both[24 + sizeof name];
    unsigned n = 0;

    /* 16 bytes are 22 characters and two signs of padding. */
    if (key.at == NULL || key.n != 24 || memcmp(key.at + 22, "==", 2) != 0 ||
        memchr(key.at, '=', 22) != NULL ||
        EVP_DecodeBlock(bytes, (const unsigned char *)key.at, 24) != 18)
        return false;
    memcpy(both, key.at, 24);
    memcpy(both + 24, name, sizeof name);
    if (EVP_Digest(both, strlen(name) + 24, hash, &n, EVP_sha1(), NULL) != 1)
        return false;
    (void)EVP_EncodeBlock((unsigned char *)out, hash, (int)n);
    return true;
}

/* ---- closing ---- */

/* The first reason counts. */
static void
close_soon(struct net_websocket *ws, uint16_t code)
{
    if (ws->closing)
        return;
    ws->closing = true;
    ws->code = code;
    ws->wire.again(ws->wire.ctx);
}

/* Of frames that it cannot read wslay says only that they end it. */
static void
send_close(struct net_websocket *ws)
{
    const unsigned char frame[] = { 0x88, 2, (unsigned char)(ws->code >> 8),
                                    (unsigned char)ws->code };

    ws->wire.send(ws->wire.ctx, frame, sizeof frame);
}

/* All that is to be sent, then the close frame. */
static void
flush(struct net_websocket *ws)
{
    if (ws->closed)
        return;
    if (!ws->broken && wslay_event_send(ws->frames) != 0)
        ws->broken = true;
    if (!ws->closing && !ws->broken)
        return;
    /* Only now: control frames overtake messages. */
    if (ws->broken)
        send_close(ws);
    else if (ws->code != 0 && wslay_event_queue_close(ws->frames, ws->code, NULL, 0) == 0)
        (void)wslay_event_send(ws->frames);
    ws->closed = true;
    ws->wire.close(ws->wire.ctx);
}

/* ---- what wslay calls ---- */

static ssize_t
on_recv(wslay_event_context_ptr frames, uint8_t *out, size_t n, int flags, void *ctx)
{
    struct net_websocket *ws = ctx;

    (void)flags;
    if (n > ws->piece_n)
        n = ws->piece_n;
    if (n == 0) {
        wslay_event_set_error(frames, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    memcpy(out, ws->piece, n);
    ws->piece += n;
    ws->piece_n -= n;
    return (ssize_t)n;
}

static ssize_t
on_send(wslay_event_context_ptr frames, const uint8_t *bytes, size_t n, int flags, void *ctx)
{
    struct net_websocket *ws = ctx;

    (void)frames;
    (void)flags;
    ws->wire.send(ws->wire.ctx, bytes, n);
    ws->unsent += n;
    return (ssize_t)n;
}

static void
on_frame(wslay_event_context_ptr frames, const struct wslay_event_on_frame_recv_start_arg *frame,
         void *ctx)
{
    struct net_websocket *ws = ctx;

    (void)frames;
    ws->in_control = wslay_is_ctrl_frame(frame->opcode);
    if (ws->in_control)
        return;
    ws->begun = true;
    if (frame->opcode == WSLAY_BINARY_FRAME)
        close_soon(ws, WSLAY_CODE_UNSUPPORTED_DATA);
    else if (frame->payload_length > ws->site->body_bytes - ws->message.len)
        close_soon(ws, WSLAY_CODE_MESSAGE_TOO_BIG);
}

/* Bytes of control frames come here, too, which may stand between those of a message. */
static void
on_chunk(wslay_event_context_ptr frames, const struct wslay_event_on_frame_recv_chunk_arg *chunk,
         void *ctx)
{
    struct net_websocket *ws = ctx;

    (void)frames;
    if (ws->in_control || ws->closing)
        return;
    if (sgn_buf_append(&ws->message, chunk->data, chunk->data_length) != SGN_OK)
        close_soon(ws, WSLAY_CODE_INTERNAL_SERVER_ERROR);
}

static void
on_message(wslay_event_context_ptr frames, const struct wslay_event_on_msg_recv_arg *message,
           void *ctx)
{
    struct net_websocket *ws = ctx;

    (void)frames;
    if (message->opcode == WSLAY_CONNECTION_CLOSE) {
        close_soon(ws, 0); /* wslay has the answer ready */
        return;
    }
    if (wslay_is_ctrl_frame(message->opcode) || ws->closing)
        return;
    ws->begun = false;
    ws->messages++;
    rpc_connection_text(ws->rpc, ws->message.bytes != NULL ? ws->message.bytes : "",
                        ws->message.len);
    sgn_buf_deinit(&ws->message);
}

/* ---- what rpc calls ---- */

/* Each line is a message. */
static void
peer_send(void *ctx, const void *bytes, size_t n)
{
    struct net_websocket *ws = ctx;
    const char *at = bytes, *end = at + n, *stop;

    for (; at < end; at = stop + 1) {
        struct wslay_event_msg message = { .opcode = WSLAY_TEXT_FRAME };
        stop = memchr(at, '\n', (size_t)(end - at));
        if (stop == NULL)
            stop = end;
        message.msg = (const uint8_t *)at;
        message.msg_length = (size_t)(stop - at);
        /* Behind a close nothing is sent: whoever has said it waits for no answer. */
        if (wslay_event_queue_msg(ws->frames, &message) == WSLAY_ERR_NOMEM)
            close_soon(ws, WSLAY_CODE_INTERNAL_SERVER_ERROR);
    }
    ws->wire.again(ws->wire.ctx);
}

static void
pause_or_resume(struct net_websocket *ws)
{
    bool pause = ws->rpc_paused || ws->unsent > UNSENT_MAX;

    if (pause == ws->paused || ws->closed)
        return;
    ws->paused = pause;
    ws->wire.pause(ws->wire.ctx, pause);
}

static void
peer_pause(void *ctx, bool paused)
{
    struct net_websocket *ws = ctx;

    ws->rpc_paused = paused;
    pause_or_resume(ws);
}

static void
peer_close(void *ctx)
{
    struct net_websocket *ws = ctx;

    close_soon(ws, ws->site->stopping ? WSLAY_CODE_GOING_AWAY : WSLAY_CODE_POLICY_VIOLATION);
}

/* ---- the protocol ---- */

/* Half messages count among what all connections may make us hold. */
static void
hold(struct net_websocket *ws)
{
    rpc_traffic(ws->site->rpc)->held += (int64_t)ws->message.cap - (int64_t)ws->held;
    ws->held = ws->message.cap;
    if (ws->held > RPC_PRESSED_BYTES && rpc_is_pressed(ws->site->rpc))
        close_soon(ws, CODE_TRY_AGAIN);
}

static void
receive(void *talk, const char *bytes, size_t n)
{
    struct net_websocket *ws = talk;
    int error;

    if (ws->closing)
        return;
    ws->heard++;
    ws->pinged = false;
    ws->piece = bytes;
    ws->piece_n = n;
    error = wslay_event_recv(ws->frames);
    ws->broken = error != 0;
    if (error != 0)
        close_soon(ws, error == WSLAY_ERR_NOMEM ? WSLAY_CODE_INTERNAL_SERVER_ERROR
                                                : WSLAY_CODE_PROTOCOL_ERROR);
    else if (!wslay_event_get_read_enabled(ws->frames))
        close_soon(ws, 0); /* what is wrong is said by the close frame that wslay has ready */
    ws->piece_n = 0;
    hold(ws);
    ws->wire.again(ws->wire.ctx); /* pongs */
}

static void
eof(void *talk)
{
    rpc_connection_eof(((struct net_websocket *)talk)->rpc);
}

static void
queued(void *talk, size_t bytes)
{
    struct net_websocket *ws = talk;

    ws->unsent = bytes;
    rpc_connection_queued(ws->rpc, bytes);
    pause_or_resume(ws);
}

static void
turn(void *talk)
{
    struct net_websocket *ws = talk;

    flush(ws);
    if (!ws->closed)
        pause_or_resume(ws);
}

static enum net_owes
owes(const void *talk, uint32_t *count)
{
    const struct net_websocket *ws = talk;
    enum rpc_owes owed = rpc_connection_owes(ws->rpc, count);

    *count = ws->messages;
    if (ws->closing || owed == RPC_OWES_LOGIN)
        return ws->closing ? NET_OWES_NOTHING : NET_OWES_LOGIN;
    if (ws->paused) /* nothing is read: it could not be heard */
        return NET_OWES_NOTHING;
    if (ws->begun)
        return NET_OWES_REST;
    *count = ws->heard;
    return ws->pinged ? NET_OWES_PONG : NET_OWES_BEAT;
}

static void
ping(struct net_websocket *ws)
{
    const struct wslay_event_msg message = { .opcode = WSLAY_PING };

    ws->pinged = true;
    if (wslay_event_queue_msg(ws->frames, &message) == WSLAY_ERR_NOMEM)
        close_soon(ws, WSLAY_CODE_INTERNAL_SERVER_ERROR);
    ws->wire.again(ws->wire.ctx);
}

static void
give_up(void *talk, enum net_owes owed, const char *why)
{
    struct net_websocket *ws = talk;

    if (owed == NET_OWES_BEAT)
        ping(ws);
    else if (owed == NET_OWES_PONG)
        close_soon(ws, WSLAY_CODE_POLICY_VIOLATION);
    else
        rpc_connection_give_up(ws->rpc, owed == NET_OWES_LOGIN ? SGN_UNAUTHENTICATED : SGN_REQUEST,
                               why);
}

static void
close_it(void *talk)
{
    struct net_websocket *ws = talk;

    rpc_traffic(ws->site->rpc)->held -= (int64_t)ws->held;
    rpc_connection_close(ws->rpc);
    if (ws->frames != NULL)
        wslay_event_context_free(ws->frames);
    sgn_buf_deinit(&ws->message);
    free(ws);
}

const struct net_protocol *
net_websocket(void)
{
    static const struct net_protocol websocket = { receive, eof,     queued,  turn,
                                                   owes,    give_up, close_it };

    return &websocket;
}

void *
net_websocket_new(struct net_site *site, const struct net_wire *wire, const char *token,
                  const char *or_language)
{
    const struct wslay_event_callbacks calls = {
        .recv_callback = on_recv,
        .send_callback = on_send,
        .on_frame_recv_start_callback = on_frame,
        .on_frame_recv_chunk_callback = on_chunk,
        .on_msg_recv_callback = on_message,
    };
    struct net_websocket *ws = calloc(1, sizeof *ws);
    struct rpc_peer peer = { .ctx = ws,
                             .send = peer_send,
                             .pause = peer_pause,
                             .close = peer_close,
                             .channel = "ws",
                             .from = wire->from,
                             .address = wire->address };

    if (ws == NULL)
        return NULL;
    ws->site = site;
    ws->wire = *wire;
    sgn_buf_init(&ws->message, site->body_bytes);
    if (wslay_event_context_server_init(&ws->frames, &calls, ws) != 0)
        ws->frames = NULL;
    ws->rpc = ws->frames != NULL ? rpc_connection_new(site->rpc, &peer) : NULL;
    if (ws->rpc == NULL) {
        close_it(ws);
        return NULL;
    }
    wslay_event_config_set_no_buffering(ws->frames, 1);
    wslay_event_config_set_max_recv_msg_length(ws->frames, site->body_bytes);
    if (token[0] != '\0')
        rpc_connection_login(ws->rpc, token, or_language);
    return ws;
}
