/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules.h in process: submit and load put jobs into a queue, deliver works through those that
 * are there and answers them. So an answer never comes before the call that asked has returned.
 *
 * Never runs a script inside submit or load, and never answers a call twice.
 */
#include "dsl_internal.h"

#include "json.h"
#include <stdlib.h>
#include <string.h>

struct version {
    char *team, *digest;
    json_t *json;
    struct dsl_state *state; /* NULL after an overrun, until the next call */
    struct version *next;
};

struct job {
    uint64_t id;
    struct version *version; /* NULL: a load */
    int function;
    enum rules_purpose purpose;
    json_t *input;
    struct job *next;
};

struct dsl_rules {
    struct rules base;
    struct dsl_limits limits;
    struct version *versions;
    struct job *first, *last;
    int pending;
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
    json_decref(version->json);
    dsl_state_free(version->state);
    free(version);
}

static void
job_free(struct job *job)
{
    if (job == NULL)
        return;
    json_decref(job->input);
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
    job->input = input_take;
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
    version->json = version_take;
    version->team = strdup(team);
    version->digest = strdup(digest);
    if (version->team == NULL || version->digest == NULL)
        st = sgn_nomem(err);
    else
        st = dsl_version_open(&rules->limits, version->json, &version->state, err);
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

/* All or none: a call that could not be queued would leave its command parked for ever. */
static enum sgn_status
rules_submit(struct rules *base, const struct rules_call *calls, int n, struct sgn_error *err)
{
    struct dsl_rules *rules = self(base);
    struct job *made = NULL, *job;
    enum sgn_status st = SGN_OK;

    /* All or none: the jobs are made first, in reverse, and queued when nothing can fail. */
    for (int i = n - 1; i >= 0; i--) {
        const struct rules_call *call = &calls[i];
        struct version *version = find_version(rules, call->team, call->digest);

        job = st == SGN_OK && version != NULL ? calloc(1, sizeof *job) : NULL;
        if (job == NULL) {
            if (st == SGN_OK)
                st = version == NULL
                         ? sgn_fail(err, SGN_UNAVAILABLE, "version %s is not open", call->digest)
                         : sgn_nomem(err);
            json_decref(call->input);
            continue;
        }
        *job = (struct job){ call->id, version, call->function, call->purpose, call->input, made };
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

/* A state that was lost is made anew before the call and not when it was lost: the next call may
 * never come. */
static enum sgn_status
run_job(struct dsl_rules *rules, struct job *job, json_t **value, struct sgn_error *err)
{
    struct version *version = job->version;
    enum sgn_status st;

    if (version == NULL)
        return dsl_load(&rules->limits, job->input, value, err);
    if (version->state == NULL) {
        st = dsl_version_open(&rules->limits, version->json, &version->state, err);
        if (st != SGN_OK)
            return st;
    }
    st = dsl_version_call(version->state, sgn_json_str(version->json, "file"), job->function,
                          job->purpose, job->input, value, err);
    /* What overran starts afresh: a heap that was full would trip the next call as well. */
    if (st == SGN_RULE_OVERRUN) {
        dsl_state_free(version->state);
        version->state = NULL;
    }
    return st;
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
        json_t *value = NULL;
        enum sgn_status st;

        /* Taken out before it is run: answer may submit further calls to the same queue. */
        rules->first = job->next;
        if (rules->first == NULL)
            rules->last = NULL;
        rules->pending--;
        /* The only place in the engine's process where a team's script runs. */
        st = run_job(rules, job, &value, &err);
        answer(ctx, job->id, st, value, st == SGN_OK ? NULL : &err);
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
    if (limits != NULL)
        rules->limits = *limits;
    else
        dsl_limits_default(&rules->limits);
    *out = &rules->base;
    return SGN_OK;
}
