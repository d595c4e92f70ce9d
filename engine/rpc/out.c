/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two ways out of a connection: bytes to its peer, and jobs to the lane and the query
 * threads. Below everything that decides what to send or to run.
 */
#include "rpc_internal.h"
#include <string.h>

/* What connections make us keep is counted, so that ten thousand of them, each below its own
 * ceiling, do not take all the memory there is. */
void
rpc_connection_hold(struct rpc_connection *connection)
{
    size_t held = connection->frame.bytes.cap + connection->queued;

    connection->rpc->traffic.held += (int64_t)held - (int64_t)connection->held;
    connection->held = held;
}

bool
rpc_is_pressed(const struct rpc *rpc)
{
    return rpc->traffic.held > (int64_t)rpc->options.limits.buffer_bytes;
}

size_t
rpc_write_limit(const struct rpc *rpc)
{
    size_t limit = rpc->options.limits.write_bytes;

    return rpc_is_pressed(rpc) && limit > RPC_PRESSED_BYTES ? RPC_PRESSED_BYTES : limit;
}

void
rpc_connection_end(struct rpc_connection *connection)
{
    connection->ended = true;
    rpc_frame_clear(&connection->frame);
}

/* Nothing may be under way that would close it otherwise. */
void
rpc_connection_break_off(struct rpc_connection *connection)
{
    rpc_connection_end(connection);
    if (connection->first != NULL || connection->close_said)
        return;
    connection->close_said = true;
    connection->peer.close(connection->peer.ctx);
}

/* One that once held a large answer would keep its memory for good. */
struct sgn_buf *
rpc_text(struct rpc *rpc)
{
    if (rpc->text.cap > RPC_TEXT_KEPT)
        sgn_buf_deinit(&rpc->text);
    sgn_buf_reset(&rpc->text);
    return &rpc->text;
}

/* Counts at once: the peer tells of its queue only when its turn ends, and by then a hundred
 * answers may have been gathered. */
void
rpc_connection_send(struct rpc_connection *connection, const struct sgn_buf *text)
{
    if (text->failed) {
        rpc_connection_break_off(connection);
        return;
    }
    connection->queued += text->len;
    rpc_connection_hold(connection);
    if (connection->queued > rpc_write_limit(connection->rpc))
        connection->write_full = true;
    connection->peer.send(connection->peer.ctx, text->bytes, text->len);
}

/* Brings a job back to the loop, from whatever thread it ran on. The lane says by itself when it
 * has answered all of a batch, so that the loop is woken once and writes once. */
static void
job_done(struct lane_job *job)
{
    struct rpc *rpc = ((struct rpc_task *)job->ctx)->rpc;

    bool by_lane = job->query == NULL; /* it is the loop's once it is pushed */

    sgn_queue_push(rpc->finished, &job->node);
    if (!by_lane)
        rpc->options.wake(rpc->options.ctx);
}

struct lane_job *
rpc_job_bare(struct rpc *rpc, struct rpc_task *task)
{
    struct lane_job *job = lane_job_new();

    if (job == NULL)
        return NULL;
    task->rpc = rpc;
    job->ctx = task;
    job->done = job_done;
    return job;
}

struct lane_job *
rpc_job_new(const struct rpc_connection *connection, struct rpc_task *task)
{
    const struct rpc_session *session = &connection->session;
    struct lane_job *job = rpc_job_bare(connection->rpc, task);

    if (job == NULL)
        return NULL;
    /* The job holds no pointer to the connection, which may be gone when it is done: only the
     * task, which is told of that. */
    job->connection = connection->id;
    job->channel = connection->peer.channel;
    job->is_operator = session->is_operator;
    memcpy(job->team, session->team, sizeof(job->team));
    memcpy(job->person, session->person, sizeof(job->person));
    memcpy(job->token, session->token, sizeof(job->token));
    memcpy(job->language, session->language, sizeof(job->language));
    return job;
}
