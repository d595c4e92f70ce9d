/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection: reads lines while there is room, starts what may start, answers what is
 * first and done.
 *
 * Reading pauses for two reasons: too many requests are not answered yet, or the peer does
 * not take its answers. Neither refuses anything: the other side's own stream fills up.
 *
 * Never blocks, never runs a method itself, and never answers out of order.
 */
#include "rpc_internal.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No session: until session.login a connection may call what anyone may, and nothing else. */
struct rpc_connection *
rpc_connection_new(struct rpc *rpc, const struct rpc_peer *peer)
{
    struct rpc_connection *connection = calloc(1, sizeof(*connection));

    if (connection == NULL)
        return NULL;
    connection->rpc = rpc;
    connection->peer = *peer;
    connection->id = ++rpc->last_connection;
    rpc_frame_init(&connection->frame, rpc->options.limits.frame_bytes);
    connection->link = rpc->connections;
    if (connection->link != NULL)
        connection->link->back = connection;
    rpc->connections = connection;
    return connection;
}

void
rpc_connection_gone(struct rpc_connection *connection)
{
    for (struct rpc_request *request = connection->first; request != NULL; request = request->next)
        if (request->query != NULL)
            atomic_store(&request->query->unwanted, true);
}

/* What was sent and is running goes on, and is committed: closing a connection takes nothing
 * back. Its requests only lose whom to answer. */
void
rpc_connection_close(struct rpc_connection *connection)
{
    struct rpc_request *request, *next;

    if (connection == NULL)
        return;
    rpc_watches_stop(connection);
    rpc_connection_gone(connection);
    for (request = connection->first; request != NULL; request = next) {
        next = request->next;
        request->next = NULL;
        if (request->phase == RPC_RUNNING) {
            request->connection = NULL; /* freed when its job is done */
            continue;
        }
        if (request->phase == RPC_DONE)
            rpc_journal_end(connection->rpc, request);
        rpc_request_free(request);
    }
    if (connection->back != NULL)
        connection->back->link = connection->link;
    else
        connection->rpc->connections = connection->link;
    if (connection->link != NULL)
        connection->link->back = connection->back;
    connection->rpc->traffic.held -= (int64_t)connection->held;
    rpc_frame_deinit(&connection->frame);
    free(connection);
}

static void connection_run(struct rpc_connection *connection);

/* ---- out ---- */

/* What became of it is not to be told any more. What has been committed stays, and must not be
 * called refused. */
static void
answer_lost(struct rpc_request *request)
{
    bool written =
        request->status == SGN_OK && request->method != NULL && rpc_method_writes(request->method);

    json_decref(request->result);
    request->result = NULL;
    if (written)
        request->status = sgn_fail(&request->error, SGN_UNKNOWN_OUTCOME,
                                   "the answer could not be written; repeat the request with the "
                                   "same request_id");
    else
        request->status =
            sgn_fail(&request->error, SGN_INTERNAL, "the answer could not be written");
}

/* The answer into text; a value that cannot be written becomes an error. */
static void
answer_append(struct sgn_buf *text, struct rpc_request *request)
{
    size_t before = text->len;
    uint64_t failures = sgn_memory_failures();
    bool session;

    if (rpc_envelope_answer(text, request) == SGN_OK && sgn_memory_failures() == failures)
        return;
    sgn_buf_cut(text, before);
    /* What has changed the connection itself, and cannot be said to have, ends it. */
    session = request->status == SGN_OK && request->method != NULL &&
              request->method->where == RPC_SESSION;
    answer_lost(request);
    failures = sgn_memory_failures();
    if (session || rpc_envelope_answer(text, request) != SGN_OK ||
        sgn_memory_failures() != failures)
        text->failed = true;
}

static void
answer_in_batch(struct rpc_connection *connection, struct rpc_request *request)
{
    /* Answers of a batch are gathered in its own text, and sent by the last of them. */
    struct rpc_batch *batch = request->batch;

    if (request->id != NULL) {
        sgn_buf_puts(&batch->text, batch->text.len == 0 ? "[" : ",");
        answer_append(&batch->text, request);
    }
    if (batch->left > 1 || batch->text.len == 0)
        return; /* more to come, or nothing but notifications */
    sgn_buf_puts(&batch->text, "]\n");
    rpc_connection_send(connection, &batch->text);
}

/* A notification is not answered, not even when it failed: JSON-RPC has no way to say so. */
static void
answer_alone(struct rpc_connection *connection, struct rpc_request *request)
{
    struct sgn_buf *text = rpc_text(connection->rpc);

    if (request->id == NULL)
        return;
    answer_append(text, request);
    sgn_buf_puts(text, "\n");
    rpc_connection_send(connection, text);
}

/* Strictly from the front: a request that is done waits for those before it. So a client may
 * send ten commands in a row and read their answers in that order. */
static void
answer_what_is_done(struct rpc_connection *connection)
{
    struct rpc_request *request;

    while ((request = connection->first) != NULL && request->phase == RPC_DONE &&
           request != connection->waiting) {
        rpc_login_count(connection, request);
        rpc_journal_end(connection->rpc, request);
        connection->rpc->traffic.overloaded += request->status == SGN_OVERLOADED;
        if (request->batch != NULL)
            answer_in_batch(connection, request);
        else
            answer_alone(connection, request);
        connection->first = request->next;
        if (connection->first == NULL)
            connection->last = NULL;
        connection->requests--;
        rpc_request_free(request);
    }
}

void
rpc_connection_trace(struct rpc_connection *connection, const char *id)
{
    sgn_text_copy(connection->trace, sizeof connection->trace, id);
}

/* ---- in ---- */

/* Two ceilings, neither of which refuses: see the head of this file. */
static bool
has_room(const struct rpc_connection *connection)
{
    return !connection->write_full &&
           connection->requests < connection->rpc->options.limits.in_flight;
}

/* A last error, after which the connection closes. Where the stream has lost its frame nothing
 * behind it can be trusted to be a request. */
static void
refuse_last(struct rpc_connection *connection, enum sgn_status status, const char *message)
{
    struct sgn_error error = { 0 };

    sgn_fail(&error, status, "%s", message);
    if (rpc_envelope_refuse(connection, &error) != SGN_OK)
        sgn_log(SGN_LOG_WARN, "closing without a last error", "why", "out of memory", NULL);
    rpc_connection_end(connection);
}

/* Empty lines are keep-alives of people with a terminal. */
static bool
is_blank(const char *line, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r')
            return false;
    return true;
}

/* UTF-8 but for NULs, which are well-formed and refused by the parser. */
static bool
is_utf8(const char *line, size_t n)
{
    while (n > 0) {
        const char *nul = memchr(line, '\0', n);
        size_t part = nul != NULL ? (size_t)(nul - line) : n;
        if (!sgn_utf8_valid(line, part))
            return false;
        if (nul == NULL)
            return true;
        line += part + 1;
        n -= part + 1;
    }
    return true;
}

/* Reads lines into requests; true when it read one. */
static bool
read_lines(struct rpc_connection *connection)
{
    bool any = false;
    enum rpc_line found;
    const char *line;
    char why[96];
    size_t n;

    while (has_room(connection) && !connection->ended) {
        found = rpc_frame_next(&connection->frame, connection->eof, &line, &n);
        if (found == RPC_LINE_NONE) {
            if (connection->eof)
                rpc_connection_end(connection);
            break;
        }
        /* Also when it was refused: the caller turns once more, and finds the end. */
        any = true;
        connection->lines++;
        if (found == RPC_LINE_TOO_LONG) {
            snprintf(why, sizeof(why), "a line longer than %zu bytes", connection->frame.max);
            refuse_last(connection, SGN_TOO_LARGE, why);
        } else if (!is_utf8(line, n)) {
            refuse_last(connection, SGN_PARSE, "not JSON: the line is not UTF-8");
        } else if (!is_blank(line, n) &&
                   rpc_envelope_read(connection, line, n,
                                     sgn_clock_now(lane_clock(connection->rpc->options.lane))) !=
                       SGN_OK) {
            refuse_last(connection, SGN_NOMEM, "out of memory");
        }
    }
    return any;
}

static void
start_what_may(struct rpc_connection *connection)
{
    struct rpc_request *request;

    /* In the order they were sent, up to the first that must wait: none overtakes another. */
    while ((request = connection->waiting) != NULL && !connection->write_full &&
           rpc_may_start(connection, request)) {
        connection->waiting = request->next;
        if (request->phase == RPC_WAITING) {
            request->settled = connection_run;
            rpc_request_start(request);
        }
        if (request->method != NULL && request->method->where == RPC_AT_ONCE)
            answer_what_is_done(connection); /* may fill the queue: look before the next */
    }
}

/* Tells the peer only what has changed. */
static void
pause_or_resume(struct rpc_connection *connection)
{
    bool pause = !has_room(connection) || connection->ended;

    if (pause == connection->paused || connection->close_said)
        return;
    connection->paused = pause;
    connection->peer.pause(connection->peer.ctx, pause);
}

/* Keeps the part of a line that the other side has sent so far. Without room for it that is said,
 * and the answer is true: there is something to be done. */
static bool
keep_has_failed(struct rpc_connection *connection)
{
    struct rpc *rpc = connection->rpc;

    if (connection->ended)
        return false;
    if (rpc_frame_keep(&connection->frame) == SGN_OK &&
        (connection->frame.bytes.cap <= RPC_PRESSED_BYTES || !rpc_is_pressed(rpc)))
        return false;
    rpc->traffic.refused_memory++;
    refuse_last(connection, SGN_OVERLOADED,
                "the server has no room for long requests now; try again in 10 seconds");
    return true;
}

/* Reads, starts and answers until nothing moves. It may be called at any time, and everything
 * that changes a connection ends with it. */
static void
connection_run(struct rpc_connection *connection)
{
    bool more;

    do {
        more = read_lines(connection);
        answer_what_is_done(connection); /* first: a failed login may end it all */
        start_what_may(connection);
        answer_what_is_done(connection);
    } while (more || keep_has_failed(connection));
    if (connection->ended && connection->first == NULL && !connection->close_said) {
        connection->close_said = true;
        rpc_watches_stop(connection);
        connection->peer.close(connection->peer.ctx);
    }
    rpc_connection_hold(connection);
    pause_or_resume(connection);
    if (connection->first == NULL && connection->peer.idle != NULL)
        connection->peer.idle(connection->peer.ctx);
}

/* In pieces, so that lines that are there already are taken out before more is put in: what is
 * held is then bounded, however much arrives in one read. */
void
rpc_connection_receive(struct rpc_connection *connection, const void *bytes, size_t n)
{
    const char *from = bytes;
    size_t part;

    connection->rpc->traffic.bytes_in += (int64_t)n;
    while (n > 0 && !connection->ended) {
        part = n < RPC_PIECE_MAX ? n : RPC_PIECE_MAX;
        if (rpc_frame_push(&connection->frame, from, part) != SGN_OK)
            refuse_last(connection, SGN_TOO_LARGE, "more was sent than is read ahead");
        connection_run(connection);
        from += part;
        n -= part;
    }
}

/* What is no text at all is answered, and ends nothing: the transport knows where the next one
 * begins. */
static enum sgn_status
text_read(struct rpc_connection *connection, const char *text, size_t n)
{
    int64_t now = sgn_clock_now(lane_clock(connection->rpc->options.lane));
    struct sgn_error error = { 0 };

    if (n > connection->frame.max)
        sgn_fail(&error, SGN_TOO_LARGE, "a text longer than %zu bytes", connection->frame.max);
    else if (!is_utf8(text, n))
        sgn_fail(&error, SGN_PARSE, "not JSON: the text is not UTF-8");
    else
        return rpc_envelope_read(connection, text, n, now);
    return rpc_envelope_refuse(connection, &error);
}

void
rpc_connection_text(struct rpc_connection *connection, const char *text, size_t n)
{
    if (connection->ended)
        return;
    connection->rpc->traffic.bytes_in += (int64_t)n;
    connection->lines++;
    if (text_read(connection, text, n) != SGN_OK)
        refuse_last(connection, SGN_NOMEM, "out of memory");
    connection_run(connection);
}

void
rpc_connection_login(struct rpc_connection *connection, const char *token, const char *or_language)
{
    int64_t now = sgn_clock_now(lane_clock(connection->rpc->options.lane));

    if (connection->ended)
        return;
    if (rpc_envelope_login(connection, token, or_language, now) != SGN_OK)
        refuse_last(connection, SGN_NOMEM, "out of memory");
    connection_run(connection);
}

enum sgn_status
rpc_connection_login_status(const struct rpc_connection *connection)
{
    return connection->login_status;
}

int64_t
rpc_connection_login_retry(const struct rpc_connection *connection)
{
    return connection->login_retry_ms;
}

bool
rpc_connection_is_idle(const struct rpc_connection *connection)
{
    return connection->first == NULL;
}

void
rpc_connection_eof(struct rpc_connection *connection)
{
    /* "printf ... | nc" sends no line end behind its last request: from now on what is left
     * without one is a line too. */
    connection->eof = true;
    connection_run(connection);
}

void
rpc_connection_give_up(struct rpc_connection *connection, enum sgn_status status,
                       const char *message)
{
    if (connection->ended)
        return;
    refuse_last(connection, status, message);
    connection_run(connection);
}

/* A stranger owes a login, or at least a request, also while a line has begun: otherwise half a
 * line would buy more time than nothing. */
enum rpc_owes
rpc_connection_owes(const struct rpc_connection *connection, uint32_t *lines)
{
    *lines = connection->lines;
    if (connection->ended || connection->eof)
        return RPC_OWES_NOTHING;
    if (!connection->session.known)
        return connection->first == NULL ? RPC_OWES_LOGIN : RPC_OWES_NOTHING;
    return !connection->paused && rpc_frame_left(&connection->frame) > 0 ? RPC_OWES_LINE
                                                                         : RPC_OWES_NOTHING;
}

/* Two marks, one half of the other: with a single one reading would stop and start at each
 * answer. */
void
rpc_connection_queued(struct rpc_connection *connection, size_t bytes)
{
    size_t limit = rpc_write_limit(connection->rpc);
    bool was_full = connection->write_full;

    connection->queued = bytes;
    rpc_connection_hold(connection);
    if (bytes > limit)
        connection->write_full = true;
    else if (bytes <= limit / 2)
        connection->write_full = false;
    if (was_full != connection->write_full)
        connection_run(connection);
    if (bytes <= RPC_WATCH_QUEUE / 2)
        rpc_watches_resume(connection);
}
