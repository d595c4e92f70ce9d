/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a token was used last: noted at most once an hour for each session, so that what is asked
 * all day costs one small write an hour. A token that was noted within the hour is not noted anew
 * by the next login with it: what the store says is read with the login.
 *
 * Never holds anybody up: what cannot be noted now is left to the next hour.
 */
#include "rpc_internal.h"
#include <stdlib.h>
#include <string.h>

#define USE_MS SGN_HOUR_MS

static void
use_finish(struct rpc_task *task, struct lane_job *job)
{
    if (job->status != SGN_OK)
        sgn_log(SGN_LOG_WARN, "a token's use was not noted", "why", job->error.message, NULL);
    lane_job_free(job);
    free(task);
}

/* Of the engine itself: no rights are needed for it, and no order with anybody's requests. */
static struct lane_job *
use_job(const struct rpc_connection *connection, int64_t at, struct rpc_task *task)
{
    struct lane_job *job = rpc_job_new(connection, task);

    if (job == NULL)
        return NULL;
    job->connection = 0;
    job->token[0] = '\0';
    job->channel = "engine";
    job->method = "token.used";
    job->run = lane_token_used;
    job->at = at;
    job->params = json_pack("{s:s, s:I}", "hash", connection->session.token, "at", (json_int_t)at);
    if (job->params == NULL) {
        lane_job_free(job);
        return NULL;
    }
    return job;
}

void
rpc_session_used(struct rpc_connection *connection, int64_t at)
{
    struct rpc_session *session = &connection->session;
    struct rpc *rpc = connection->rpc;
    struct sgn_error err = { 0 };
    struct rpc_task *task;
    struct lane_job *job;

    if (!session->known || at - session->used < USE_MS)
        return;
    session->used = at;
    task = calloc(1, sizeof(*task));
    if (task == NULL)
        return;
    task->finish = use_finish;
    job = use_job(connection, at, task);
    if (job != NULL && lane_put(rpc->options.lane, job, &err) == SGN_OK) {
        rpc->jobs++;
        return;
    }
    sgn_error_clear(&err);
    if (job != NULL)
        lane_job_free(job);
    free(task);
}
