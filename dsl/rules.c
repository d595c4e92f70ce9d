/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules.h in process: submit and load put jobs into a queue, deliver works through those that
 * are there and answers them. So an answer never comes before the call that asked has returned.
 *
 * Never runs a script inside submit or load, and never answers a call twice.
 */
#include "dsl_internal.h"

#include "rules_frame.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct version {
    char *team, *digest;
    struct dsl_version version;
    struct version *next;
};

struct job {
    uint64_t id;
    struct version *version; /* NULL: a load */
    json_t *load;            /* its input */
    struct rules_call call;
    struct job *next;
};

struct dsl_rules {
    struct rules base;
    struct dsl_limits limits;
    struct version *versions;
    struct job *first, *last;
    int pending;
    struct sgn_buf answer; /* of the call under way */
};

/* The interface is the first member, as with the store's backends. */
static struct dsl_rules *
self(struct rules *rules)
{
    return (struct dsl_rules *)rules;
}

/* A list is enough: a team has some twenty versions open. */
static struct version *
find_version(struct dsl_rules *rules, const char *team, const char *digest)
{
    struct version *version = rules->versions;

    while (version != NULL &&
           (strcmp(version->digest, digest) != 0 || strcmp(version->team, team) != 0))
        version = version->next;
    return version;
}

static void
version_free(struct version *version)
{
    if (version == NULL)
        return;
    free(version->team);
    free(version->digest);
    dsl_version_deinit(&version->version);
    free(version);
}

static void
job_free(struct job *job)
{
    if (job == NULL)
        return;
    json_decref(job->load);
    rules_call_deinit(&job->call);
    free(job);
}

/* At the end: answers come in the order in which the calls were made. */
static void
push_job(struct dsl_rules *rules, struct job *job)
{
    if (rules->last != NULL)
        rules->last->next = job;
    else
        rules->first = job;
    rules->last = job;
    rules->pending++;
}

/* Only queued. An answer from within submit or load would find the lane in the middle of its
 * turn. */
static enum sgn_status
rules_load(struct rules *base, uint64_t id, json_t *input_take, struct sgn_error *err)
{
    struct job *job = calloc(1, sizeof *job);

    if (job == NULL) {
        json_decref(input_take);
        return sgn_nomem(err);
    }
    job->id = id;
    job->load = input_take;
    push_job(self(base), job);
    return SGN_OK;
}

/* Opening again what is open is no error: after a restart of a worker the lane opens everything. */
static enum sgn_status
rules_open(struct rules *base, const char *team, const char *digest, json_t *version_take,
           struct sgn_error *err)
{
    struct dsl_rules *rules = self(base);
    struct version *version = NULL;
    enum sgn_status st = SGN_OK;

    if (find_version(rules, team, digest) != NULL) {
        json_decref(version_take);
        return SGN_OK;
    }
    version = calloc(1, sizeof *version);
    if (version == NULL) {
        json_decref(version_take);
        return sgn_nomem(err);
    }
    /* From here on version_free() owns it, whatever fails. */
    version->version.json = version_take;
    version->team = strdup(team);
    version->digest = strdup(digest);
    if (version->team == NULL || version->digest == NULL)
        st = sgn_nomem(err);
    else
        st = dsl_version_open(&rules->limits, version->version.json, &version->version.state, err);
    if (st != SGN_OK) {
        version_free(version);
        return st;
    }
    version->next = rules->versions;
    rules->versions = version;
    return SGN_OK;
}

static int
rules_is_open(struct rules *base, const char *team, const char *digest)
{
    return find_version(self(base), team, digest) != NULL;
}

/* A job that owns the call's inputs. */
static enum sgn_status
job_new(struct dsl_rules *rules, const struct rules_call *call, struct job **out,
        struct sgn_error *err)
{
    struct version *version = find_version(rules, call->team, call->digest);

    if (version == NULL)
        return sgn_fail(err, SGN_UNAVAILABLE, "version %s is not open", call->digest);
    if (!rules_call_is_whole(call))
        return sgn_fail(err, SGN_TOO_LARGE, "a call without its input");
    assert(rules_value_check(call->input.bytes, call->input.len, NULL) == SGN_OK);
    assert(call->then == 0 ||
           rules_value_check(call->then_input.bytes, call->then_input.len, NULL) == SGN_OK);
    *out = calloc(1, sizeof **out);
    if (*out == NULL)
        return sgn_nomem(err);
    **out = (struct job){ .id = call->id, .version = version, .call = *call };
    return SGN_OK;
}

/* All or none: a call that could not be queued would leave its command parked for ever. So the jobs
 * are made first, in reverse, and queued when nothing can fail. */
static enum sgn_status
rules_submit(struct rules *base, const struct rules_call *calls, int n, struct sgn_error *err)
{
    struct dsl_rules *rules = self(base);
    struct job *made = NULL, *job = NULL;
    enum sgn_status st = SGN_OK;

    for (int i = n - 1; i >= 0; i--) {
        struct rules_call call = calls[i];

        if (st == SGN_OK)
            st = job_new(rules, &call, &job, err);
        if (st != SGN_OK) {
            rules_call_deinit(&call);
            continue;
        }
        job->next = made;
        made = job;
    }
    while ((job = made) != NULL) {
        made = job->next;
        job->next = NULL;
        if (st == SGN_OK)
            push_job(rules, job);
        else
            job_free(job);
    }
    return st;
}

static enum sgn_status
run_job(struct dsl_rules *rules, struct job *job, json_t **value, struct sgn_error *err)
{
    const struct rules_call *call = &job->call;
    const struct dsl_question question = { .function = call->function,
                                           .purpose = call->purpose,
                                           .input = call->input.bytes,
                                           .then = call->then,
                                           .then_input = call->then_input.bytes };
    struct rules_value answer;
    enum sgn_status st;

    if (job->version == NULL)
        return dsl_load(&rules->limits, job->load, value, err);
    sgn_buf_reset(&rules->answer);
    st = dsl_version_answer(&rules->limits, &job->version->version, &question, &rules->answer, err);
    if (st != SGN_OK)
        return st;
    rules_value_read(rules->answer.bytes, &answer);
    *value = rules_value_json(&answer);
    return *value != NULL ? SGN_OK : sgn_nomem(err);
}

/* Those that were there when it began: what an answer submits is for the next turn, so that no
 * chain of calls keeps the lane. */
static int
rules_deliver(struct rules *base, rules_answer_fn answer, void *ctx)
{
    struct dsl_rules *rules = self(base);
    int n = rules->pending;

    for (int i = 0; i < n; i++) {
        struct job *job = rules->first;
        struct sgn_error err = { 0 };
        struct rules_cost cost[2] = { 0 };
        json_t *value = NULL;
        enum sgn_status st;

        /* Taken out before it is run: answer may submit further calls to the same queue. */
        rules->first = job->next;
        if (rules->first == NULL)
            rules->last = NULL;
        rules->pending--;
        /* The only place in the engine's process where a team's script runs. */
        st = run_job(rules, job, &value, &err);
        if (job->version != NULL)
            memcpy(cost, job->version->version.cost, sizeof cost);
        answer(ctx, job->id, st, value, st == SGN_OK ? NULL : &err, cost);
        json_decref(value);
        sgn_error_clear(&err);
        job_free(job);
    }
    return n;
}

static int
rules_pending(struct rules *base)
{
    return self(base)->pending;
}

/* Jobs first: they point to versions. */
static void
rules_free(struct rules *base)
{
    struct dsl_rules *rules = self(base);

    if (rules == NULL)
        return;
    while (rules->first != NULL) {
        struct job *job = rules->first;

        rules->first = job->next;
        job_free(job);
    }
    while (rules->versions != NULL) {
        struct version *version = rules->versions;

        rules->versions = version->next;
        version_free(version);
    }
    sgn_buf_deinit(&rules->answer);
    free(rules);
}

enum sgn_status
dsl_rules_new(const struct dsl_limits *limits, struct rules **out, struct sgn_error *err)
{
    static const struct rules_ops ops = {
        .load = rules_load,
        .open = rules_open,
        .is_open = rules_is_open,
        .submit = rules_submit,
        .deliver = rules_deliver,
        .pending = rules_pending,
        .free = rules_free,
    };
    struct dsl_rules *rules = calloc(1, sizeof *rules);

    if (rules == NULL)
        return sgn_nomem(err);
    rules->base.ops = &ops;
    sgn_buf_init(&rules->answer, 2 * (size_t)RULES_FRAME_MAX);
    if (limits != NULL)
        rules->limits = *limits;
    else
        dsl_limits_default(&rules->limits);
    *out = &rules->base;
    return SGN_OK;
}
