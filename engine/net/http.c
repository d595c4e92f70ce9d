/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests out of a stream of bytes.
 *
 * A head is found and judged by http_head.c before llhttp sees a byte of it; llhttp then reads the
 * same head, and the body by its framing. Where the two read a head differently it is refused:
 * whatever stands between us and a client may read it as either.
 */
#include "clock.h"
#include "http_internal.h"
#include "journal.h"
#include "websocket.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of chunks: what their sizes and extensions may add to the content. */
#define FRAMING_BYTES ((size_t)64 << 10)
/* What has come and waits: a head, and pieces of what was sent ahead. */
#define AHEAD_BYTES (4 * (size_t)RPC_PIECE_MAX)
/* Of an upload: each has a deadline of its own, so that a large file may take its time. */
#define BODY_STEP ((size_t)64 << 10)

/* ---- llhttp's side ---- */

static int
on_body(llhttp_t *parser, const char *bytes, size_t n)
{
    struct net_http *http = parser->data;

    return sgn_buf_append(&http->body, bytes, n) == SGN_OK ? 0 : HPE_USER;
}

/* Fields behind the last chunk mean nothing here, and could only be taken for those of the head. */
static int
on_field(llhttp_t *parser, const char *bytes, size_t n)
{
    struct net_http *http = parser->data;

    (void)bytes;
    (void)n;
    return http->phase == NET_HTTP_BODY ? HPE_USER : 0;
}

/* Stops there: what follows is the next request. */
static int
on_whole(llhttp_t *parser)
{
    struct net_http *http = parser->data;

    http->whole = true;
    return HPE_PAUSED;
}

static const llhttp_settings_t *
parser_settings(void)
{
    static const llhttp_settings_t settings = {
        .on_header_field = on_field,
        .on_body = on_body,
        .on_message_complete = on_whole,
    };

    return &settings;
}

/* Feeds bytes to llhttp; *used is how many of them belong to this request. False: it finds fault
 * with them. */
static bool
parse(struct net_http *http, const char *bytes, size_t n, size_t *used)
{
    enum llhttp_errno error = llhttp_execute(&http->parser, bytes, n);

    *used = n;
    if (error == HPE_PAUSED) {
        *used = (size_t)(llhttp_get_error_pos(&http->parser) - bytes);
        return true;
    }
    return error == HPE_OK;
}

/* ---- reading ---- */

/* What is asked of /rpc is told by its calls. */
static void
journal(struct net_http *http)
{
    struct net_text method = http->head.method, path = http->head.path;
    char name[20], target[80];

    if (http->status == 0 || (net_text_is(path, "/rpc") && http->status < 300))
        return;
    snprintf(name, sizeof name, "%.*s", method.at != NULL ? (int)method.n : 1,
             method.at != NULL ? method.at : "-");
    snprintf(target, sizeof target, "%.*s", (int)path.n, path.at != NULL ? path.at : "");
    rpc_journal_http(http->site->rpc,
                     &(struct rpc_journal_line){ .from = http->wire.from,
                                                 .method = name,
                                                 .target = target,
                                                 .request = net_http_request_id(http),
                                                 .status = http->status,
                                                 .ms = sgn_monotonic_ms() - http->asked_ms });
    http->status = 0;
}

static void
http_end(struct net_http *http)
{
    if (http->phase == NET_HTTP_ENDED)
        return;
    journal(http);
    http->phase = NET_HTTP_ENDED;
    sgn_buf_deinit(&http->in);
    http->wire.close(http->wire.ctx);
}

static void
request_begin(struct net_http *http)
{
    journal(http);
    http->phase = NET_HTTP_READING;
    http->scanned = http->body_read = 0;
    http->whole = http->begun = http->answered = false;
    http->wants = true;
    http->take = NULL;
    net_http_file_free(http);
    sgn_buf_deinit(&http->body);
    sgn_buf_deinit(&http->text);
    http->head = (struct net_head){ 0 };
    http->request_id[0] = '\0';
    if (http->in.len == 0)
        sgn_buf_deinit(&http->in);
}

/* Does llhttp read in the head what we do? Its lengths are set by the head alone. */
static bool
agree(const struct net_http *http)
{
    const llhttp_t *parser = &http->parser;
    bool chunked = (parser->flags & F_CHUNKED) != 0;
    bool length = (parser->flags & F_CONTENT_LENGTH) != 0;

    return strlen(llhttp_method_name(parser->method)) == http->head.method.n &&
           strncmp(llhttp_method_name(parser->method), http->head.method.at, http->head.method.n) ==
               0 &&
           parser->http_major == 1 && (parser->http_minor == 0) == http->head.is_old &&
           chunked == http->head.chunked && length == (http->head.length >= 0) &&
           http->whole == (!chunked && http->head.length <= 0);
}

/* A later 1.x is read as 1.1, which llhttp does of none: it is told that this is one. */
static void
mend_version(struct net_http *http)
{
    char *minor = http->text.bytes + (http->head.version.at + 7 - http->text.bytes);

    if (*minor > '1')
        *minor = '1';
}

/* The head lies in text. True: a body is to come, or the request is whole. */
static bool
head_take(struct net_http *http)
{
    const char *why = NULL;
    size_t used;
    int status =
        net_head_read(http->text.bytes, http->text.len, http->site->head_fields, &http->head, &why);

    http->requests++;
    http->asked_ms = sgn_monotonic_ms();
    http->keep = http->head.keep && !http->site->stopping;
    if (status != 0) {
        http->head.method = (struct net_text){ 0 };
        net_http_refuse(http, status, why);
        return false;
    }
    if (!net_http_admit(http))
        return false;
    if (http->file == NULL && http->head.length > (int64_t)http->site->body_bytes) {
        net_http_refuse(http, 413, "the body is larger than it may be");
        return false;
    }
    llhttp_init(&http->parser, HTTP_REQUEST, parser_settings());
    http->parser.data = http;
    mend_version(http);
    if (!parse(http, http->text.bytes, http->text.len, &used) || used != http->text.len ||
        !agree(http)) {
        net_http_refuse(http, 400, "the head can be read in more than one way");
        return false;
    }
    return true;
}

/* The head's bytes leave the stream for a place of their own, where the head may borrow them. */
static bool
head_cut(struct net_http *http, size_t end)
{
    sgn_buf_init(&http->text, http->site->head_bytes);
    if (sgn_buf_append(&http->text, http->in.bytes, end) != SGN_OK) {
        net_http_refuse(http, 503, "out of memory");
        return false;
    }
    sgn_buf_consume(&http->in, end);
    return true;
}

/* True: it has moved on. */
static bool
read_head(struct net_http *http)
{
    const char *why = NULL;
    size_t end = 0;
    int status = net_head_find(http->in.bytes, http->in.len, http->site->head_bytes, &http->scanned,
                               &end, &why);

    if (status == 0 && end == 0)
        return false;
    if (status != 0)
        net_http_refuse(http, status, why);
    if (status != 0 || !head_cut(http, end) || !head_take(http))
        return true;
    if (!http->whole && http->head.waits && http->in.len == 0 && http->file == NULL)
        http->wire.send(http->wire.ctx, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    http->phase = NET_HTTP_BODY;
    http->wants = http->file == NULL;
    sgn_buf_init(&http->body, http->file != NULL ? http->file->piece : http->site->body_bytes);
    return true;
}

static bool
read_body(struct net_http *http)
{
    size_t used = 0, n = http->in.len;

    if (http->file != NULL && !http->wants)
        return http->file->step(http);
    if (!http->whole && n == 0)
        return false;
    if (http->file != NULL && n > http->body.max - http->body.len)
        n = http->body.max - http->body.len;
    if (!http->whole) {
        bool fine = parse(http, http->in.bytes, n, &used);
        http->body_read += used;
        if (http->body.failed ||
            (http->file == NULL && http->body_read > http->site->body_bytes + FRAMING_BYTES))
            net_http_refuse(http, 413, "the body is larger than it may be");
        else if (!fine)
            net_http_refuse(http, 400, "the body is not framed as RFC 9112 wants it");
        else
            sgn_buf_consume(&http->in, used);
    }
    if (http->file != NULL && !http->answered)
        return http->file->step(http) || used > 0;
    if (http->answered || !http->whole)
        return http->answered;
    http->phase = NET_HTTP_ANSWERING;
    net_http_run(http);
    return http->websocket == NULL;
}

/* Reads and answers until nothing moves. */
static void
http_go_on(struct net_http *http)
{
    bool more = true;

    while (more && http->phase != NET_HTTP_ENDED && http->unsent <= NET_HTTP_UNSENT) {
        if (http->answered && !http->keep)
            http_end(http);
        else if (http->answered)
            request_begin(http);
        else if (http->phase == NET_HTTP_READING)
            more = http->in.len > 0 && read_head(http);
        else if (http->phase == NET_HTTP_BODY)
            more = read_body(http);
        else
            more = http->file != NULL && http->file->step(http);
    }
}

/* Whoever sends ahead waits; who does not is never told to. */
static void
pause_or_resume(struct net_http *http)
{
    bool pause = http->in.len > 0 && (http->phase == NET_HTTP_ANSWERING || !http->wants ||
                                      http->unsent > NET_HTTP_UNSENT);

    if (pause == http->paused || http->phase == NET_HTTP_ENDED)
        return;
    http->paused = pause;
    http->wire.pause(http->wire.ctx, pause);
}

static void
http_free(struct net_http *http)
{
    journal(http); /* the other side went away in its middle */
    rpc_traffic(http->site->rpc)->held -= (int64_t)http->held;
    rpc_connection_close(http->rpc);
    net_http_file_free(http);
    rpc_visit_drop(http->visit);
    sgn_buf_deinit(&http->in);
    sgn_buf_deinit(&http->text);
    sgn_buf_deinit(&http->body);
    free(http);
}

/* What came behind the handshake is the WebSocket's. */
static void
hand_over(struct net_http *http)
{
    void *websocket = http->websocket;

    http->wire.become(http->wire.ctx, net_websocket(), websocket);
    if (http->paused)
        http->wire.pause(http->wire.ctx, false);
    if (http->in.len > 0)
        net_websocket()->receive(websocket, http->in.bytes, http->in.len);
    if (http->over)
        net_websocket()->eof(websocket);
    http_free(http);
}

/* Half requests count among what all connections may make us hold. */
static void
hold(struct net_http *http)
{
    size_t now = http->in.cap + http->body.cap;

    rpc_traffic(http->site->rpc)->held += (int64_t)now - (int64_t)http->held;
    http->held = now;
    if (http->phase == NET_HTTP_BODY && !http->answered && now > 2 * RPC_PRESSED_BYTES &&
        rpc_is_pressed(http->site->rpc)) {
        rpc_traffic(http->site->rpc)->refused_memory++;
        net_http_refuse(http, 503, "the server has no room for long requests now");
        http_go_on(http);
    }
}

/* Whoever calls it looks at http no more: it may have become something else. */
static void
http_move(struct net_http *http)
{
    http_go_on(http);
    if (http->websocket != NULL) {
        hand_over(http);
        return;
    }
    hold(http);
    if (http->over && http->phase != NET_HTTP_ANSWERING && http->unsent <= NET_HTTP_UNSENT)
        http_end(http);
    pause_or_resume(http);
}

/* ---- the protocol ---- */

static void
receive(void *talk, const char *bytes, size_t n)
{
    struct net_http *http = talk;

    if (http->phase >= NET_HTTP_STREAMING) /* nothing is answered behind a stream */
        return;
    if (sgn_buf_append(&http->in, bytes, n) != SGN_OK) {
        http->keep = false;
        http_end(http);
        return;
    }
    http_move(http);
}

static void
eof(void *talk)
{
    struct net_http *http = talk;

    http->over = true;
    if (http->rpc != NULL) /* browsers say so when somebody has left the page */
        rpc_connection_gone(http->rpc);
    http_move(http);
}

static void
queued(void *talk, size_t bytes)
{
    struct net_http *http = talk;

    http->unsent = bytes;
    if (http->rpc != NULL)
        rpc_connection_queued(http->rpc, bytes);
    if (bytes <= NET_HTTP_UNSENT / 2)
        http_move(http);
}

static void
turn(void *talk)
{
    struct net_http *http = talk;

    if (http->phase == NET_HTTP_ANSWERING && !http->answered && http->file == NULL &&
        http->visit == NULL &&
        (http->rpc_closed || (http->rpc != NULL && rpc_connection_is_idle(http->rpc))))
        net_http_settle(http);
    if (http->phase == NET_HTTP_STREAMING && http->rpc_closed)
        http_end(http);
    http_move(http);
}

static enum net_owes
owes(const void *talk, uint32_t *count)
{
    const struct net_http *http = talk;

    *count = http->requests + http->beats;
    if (http->file != NULL)
        *count += (uint32_t)(http->body_read / BODY_STEP);
    if (http->phase == NET_HTTP_STREAMING)
        return NET_OWES_BEAT;
    if (http->phase >= NET_HTTP_ANSWERING || http->unsent > NET_HTTP_UNSENT || !http->wants)
        return NET_OWES_NOTHING;
    return http->phase == NET_HTTP_BODY || http->in.len > 0 ? NET_OWES_REST : NET_OWES_NEXT;
}

static void
give_up(void *talk, enum net_owes owed, const char *why)
{
    struct net_http *http = talk;

    if (owed == NET_OWES_BEAT) {
        net_http_events_beat(http);
        return;
    }
    if (owed == NET_OWES_REST)
        net_http_refuse(http, 408, why);
    http->keep = false;
    http_end(http);
}

static void
close_it(void *talk)
{
    http_free(talk);
}

const struct net_protocol *
net_http(void)
{
    static const struct net_protocol http = { receive, eof, queued, turn, owes, give_up, close_it };

    return &http;
}

void *
net_http_new(struct net_site *site, const struct net_wire *wire, bool local)
{
    struct net_http *http = calloc(1, sizeof *http);

    if (http == NULL)
        return NULL;
    http->site = site;
    http->wire = *wire;
    http->local = local;
    http->wants = true;
    sgn_buf_init(&http->in, AHEAD_BYTES + site->head_bytes);
    return http;
}
