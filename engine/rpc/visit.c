/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Visits: from an address to its answer, over jobs of the lane and of query threads. See visit.h.
 *
 * Who has asked for too much that there is not is put off, as who has tried too many tokens.
 */
#include "say.h"
#include "visit_internal.h"
#include <stdlib.h>
#include <string.h>

/* ---- misses ---- */

/* As a number, of which attempts.h keeps count; never 0. */
static uint64_t
address_key(const char *address)
{
    char hex[SGN_HASH_HEX];

    sgn_sha256(address, strlen(address), hex);
    hex[16] = '\0';
    return strtoull(hex, NULL, 16) | 1;
}

void
visit_missed(struct rpc_visit *visit, bool is_secret_wrong)
{
    rpc_attempt_failed(visit->rpc, address_key(visit->address),
                       is_secret_wrong ? visit->secret : NULL);
}

void
visit_met(struct rpc_visit *visit)
{
    rpc_attempt_good(visit->rpc, visit->secret);
}

/* What lets in who knows it. The name of a hook is no secret: what it stands for is that this
 * address has sent there what was signed well. */
static void
secret_of(enum rpc_visit_kind kind, const char *address, const char *name, size_t name_n,
          char out[SGN_HASH_HEX])
{
    struct sgn_sha256 hash;

    sgn_sha256_init(&hash);
    if (kind == RPC_VISIT_HOOK)
        sgn_sha256_add(&hash, address, strlen(address) + 1);
    sgn_sha256_add(&hash, name, name_n);
    sgn_sha256_end(&hash, out);
}

int
rpc_visit_wait_s(struct rpc *rpc, enum rpc_visit_kind kind, const char *address, const char *name,
                 size_t name_n)
{
    char secret[SGN_HASH_HEX];
    int64_t retry_ms = 0;

    secret_of(kind, address, name, name_n, secret);
    if (rpc_attempt_may(rpc, address_key(address), secret, &retry_ms))
        return 0;
    return (int)((retry_ms + SGN_SECOND_MS - 1) / SGN_SECOND_MS);
}

/* ---- answering ---- */

static void
visit_free(struct rpc_visit *visit)
{
    json_decref(visit->typed);
    json_decref(visit->visitor);
    json_decref(visit->found);
    json_decref(visit->plan);
    free(visit->address);
    free(visit->message);
    free(visit);
}

void
visit_answer(struct rpc_visit *visit, const struct rpc_visit_answer *answer)
{
    if (visit->answer != NULL)
        visit->answer(visit->ctx, answer);
    visit_free(visit);
}

void
visit_fail(struct rpc_visit *visit, int status, const char *why)
{
    struct sgn_buf text;

    sgn_buf_init(&text, VISIT_PAGE_MAX);
    (void)sgn_buf_puts(&text, sgn_say(visit->language, why));
    (void)sgn_buf_puts(&text, "\n");
    visit_answer(visit, &(struct rpc_visit_answer){ .status = status,
                                                    .type = RPC_VISIT_TEXT,
                                                    .body = text.bytes,
                                                    .n = text.len,
                                                    .retry_s = status == 503 ? 10 : 0 });
    sgn_buf_deinit(&text);
}

void
visit_broken(struct rpc_visit *visit, enum sgn_status st, void (*unknown)(struct rpc_visit *visit),
             const char *why)
{
    if (st == SGN_NOT_FOUND || st == SGN_UNAUTHENTICATED)
        unknown(visit);
    else
        visit_fail(visit, st == SGN_OVERLOADED || st == SGN_UNAVAILABLE ? 503 : 500, why);
}

/* ---- jobs ---- */

static void
job_finish(struct rpc_task *task, struct lane_job *job)
{
    struct rpc_visit *visit = (struct rpc_visit *)task;

    visit->next(visit, job);
    lane_job_free(job);
}

struct lane_job *
visit_job(struct rpc_visit *visit, const char *method,
          void (*next)(struct rpc_visit *visit, struct lane_job *job))
{
    struct lane_job *job = rpc_job_bare(visit->rpc, &visit->task);

    if (job == NULL)
        return NULL;
    visit->task.finish = job_finish;
    visit->next = next;
    job->method = method;
    job->at = sgn_clock_now(lane_clock(visit->rpc->options.lane));
    memcpy(job->language, visit->language, sizeof job->language);
    job->params = json_object();
    return job;
}

bool
visit_submit(struct rpc_visit *visit, struct lane_job *job)
{
    struct lane *lane = visit->rpc->options.lane;
    struct sgn_error err = { 0 };
    enum sgn_status st = SGN_NOMEM;

    if (job != NULL && job->params != NULL)
        st = job->query != NULL ? lane_query(lane, job, &err) : lane_put(lane, job, &err);
    if (st == SGN_OK) {
        visit->rpc->jobs++;
        return true;
    }
    sgn_error_clear(&err);
    lane_job_free(job);
    return false;
}

/* ---- beginning ---- */

struct rpc_visit *
rpc_visit_begin(struct rpc *rpc, const struct rpc_visit_ask *ask, rpc_visit_fn answer, void *ctx)
{
    static bool (*const begins[])(struct rpc_visit * visit, const struct rpc_visit_ask *ask) = {
        [RPC_VISIT_LINK] = visit_link_begin,
        [RPC_VISIT_FEED] = visit_feed_begin,
        [RPC_VISIT_HOOK] = visit_hook_begin,
    };
    struct rpc_visit *visit = calloc(1, sizeof *visit);

    if (visit == NULL)
        return NULL;
    visit->rpc = rpc;
    visit->kind = ask->kind;
    visit->posts = ask->posts;
    visit->address = strdup(ask->address);
    secret_of(ask->kind, ask->address, ask->name, ask->name_n, visit->secret);
    sgn_text_copy(visit->language, sizeof visit->language,
                  ask->language != NULL ? ask->language : "en");
    visit->tasks = ask->tasks;
    sgn_text_copy(visit->file, sizeof visit->file, ask->file != NULL ? ask->file : "");
    if (visit->address == NULL || !begins[ask->kind](visit, ask)) {
        visit_free(visit);
        return NULL;
    }
    visit->answer = answer;
    visit->ctx = ctx;
    return visit;
}

void
rpc_visit_drop(struct rpc_visit *visit)
{
    if (visit != NULL)
        visit->answer = NULL;
}
