/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of the layer, and what comes back to the loop from other threads.
 *
 * Other threads reach the layer by its two queues only; everything else here runs on the loop.
 */
#include "attempts.h"
#include "rpc_internal.h"
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A commit that watchers are to be told of. */
struct rpc_commit {
    struct sgn_node node;
    char team[SGN_KEY_MAX + 1];
    int64_t head;
};

/* What server.info says. All of them are ceilings on what connections may make us hold. */
void
rpc_limits_default(struct rpc_limits *limits)
{
    *limits = (struct rpc_limits){
        .frame_bytes = (size_t)1 << 20,
        .in_flight = 256,
        .batch_requests = 256,
        .write_bytes = (size_t)4 << 20,
        .buffer_bytes = (size_t)256 << 20,
        .login_failures = 5,
        .address_failures = 20,
        .query_ms = 2000,
    };
}

enum sgn_status
rpc_new(const struct rpc_options *options, struct rpc **out, struct sgn_error *err)
{
    struct rpc *rpc = calloc(1, sizeof(*rpc));

    *out = NULL;
    if (rpc == NULL)
        return sgn_nomem(err);
    rpc->options = *options;
    sgn_buf_init(&rpc->text, RPC_ANSWER_MAX);
    /* Both queues take answers, which must never be lost: they have no ceiling. */
    rpc->finished = sgn_queue_new();
    rpc->commits = sgn_queue_new();
    rpc->heads = json_object();
    rpc->attempts = rpc_attempts_new(options->limits.address_failures);
    if (rpc->attempts == NULL || rpc->finished == NULL || rpc->commits == NULL ||
        rpc->heads == NULL) {
        rpc_free(rpc);
        return sgn_nomem(err);
    }
    *out = rpc;
    return SGN_OK;
}

struct rpc_traffic *
rpc_traffic(struct rpc *rpc)
{
    return &rpc->traffic;
}

size_t
rpc_frame_bytes(const struct rpc *rpc)
{
    return rpc->options.limits.frame_bytes;
}

/* Answers what has come back from lane and query threads, in the order in which it was finished;
 * each connection then sorts out its own order. */
static void
finished_take(struct rpc *rpc)
{
    struct sgn_node *node, *next;

    for (node = sgn_queue_take_all(rpc->finished, 0); node != NULL; node = next) {
        struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);
        struct rpc_task *task = job->ctx;
        next = node->next;
        rpc->jobs--;
        task->finish(task, job);
    }
}

/* Heads are remembered beside telling the watches of them: a watch that starts now must know
 * what was committed before it was there. */
static void
commits_take(struct rpc *rpc)
{
    struct sgn_node *node, *next;

    for (node = sgn_queue_take_all(rpc->commits, 0); node != NULL; node = next) {
        struct rpc_commit *commit = SGN_CONTAINER(node, struct rpc_commit, node);
        next = node->next;
        if (json_object_set_new(rpc->heads, commit->team, json_integer(commit->head)) != 0)
            atomic_store(&rpc->untold, true);
        rpc_watches_committed(rpc, commit->team, commit->head);
        free(commit);
    }
}

void
rpc_turn(struct rpc *rpc)
{
    /* Answers first: who watches its own team hears of a change after its own answer. */
    bool untold = atomic_exchange(&rpc->untold, false), put_off = rpc->put_off;

    rpc->put_off = false;
    finished_take(rpc);
    commits_take(rpc);
    if (untold || put_off)
        rpc_watches_look(rpc, untold);
}

void
rpc_flush(struct rpc *rpc)
{
    lane_wake(rpc->options.lane);
}

/* What is still in the queues belongs to connections that are gone: it is freed the ordinary
 * way. */
void
rpc_free(struct rpc *rpc)
{
    if (rpc == NULL)
        return;
    assert(rpc->connections == NULL);
    if (rpc->finished != NULL)
        finished_take(rpc);
    if (rpc->commits != NULL)
        commits_take(rpc);
    sgn_queue_free(rpc->finished);
    sgn_queue_free(rpc->commits);
    json_decref(rpc->heads);
    rpc_attempts_free(rpc->attempts);
    sgn_buf_deinit(&rpc->text);
    free(rpc);
}

/* From the lane's thread, so it only notes and wakes. Without memory for the note all watches look
 * whether there is more. */
void
rpc_committed(void *ctx, const char *team, int64_t head)
{
    struct rpc *rpc = ctx;
    struct rpc_commit *commit = calloc(1, sizeof(*commit));

    if (commit != NULL) {
        snprintf(commit->team, sizeof(commit->team), "%s", team);
        commit->head = head;
        sgn_queue_push(rpc->commits, &commit->node);
    } else {
        atomic_store(&rpc->untold, true);
    }
    if (rpc->watches > 0) /* else whoever starts one looks */
        rpc->options.wake(rpc->options.ctx);
}
