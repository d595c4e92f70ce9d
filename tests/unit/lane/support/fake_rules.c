/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See fake_rules.h.
 */
#include "fake_rules.h"
#include "json.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fake_job {
    struct fake_job *next;
    uint64_t id;
    int function; /* -1: a load */
    enum rules_purpose purpose;
    char team[64];
    json_t *input;
    int then;
    json_t *then_input;
};

static struct fake_rules *
self(struct rules *base)
{
    return (struct fake_rules *)base;
}

static void
push(struct fake_rules *fake, const struct fake_job *job)
{
    struct fake_job *copy = malloc(sizeof *copy);

    *copy = *job;
    copy->next = NULL;
    *fake->end = copy;
    fake->end = &copy->next;
    fake->n_pending++;
}

static enum sgn_status
fake_load(struct rules *base, uint64_t id, json_t *input_take, struct sgn_error *err)
{
    struct fake_job job = { .id = id, .function = -1, .input = input_take };

    (void)err;
    snprintf(job.team, sizeof job.team, "%s", sgn_json_str(input_take, "team"));
    self(base)->n_loads++;
    json_decref(self(base)->last_load);
    self(base)->last_load = json_incref(input_take);
    push(self(base), &job);
    return SGN_OK;
}

static enum sgn_status
fake_open(struct rules *base, const char *team, const char *digest, json_t *version_take,
          struct sgn_error *err)
{
    char key[256];

    (void)err;
    snprintf(key, sizeof key, "%s/%s", team, digest);
    json_object_set_new(self(base)->open, key, version_take);
    self(base)->n_opens++;
    return SGN_OK;
}

static int
fake_is_open(struct rules *base, const char *team, const char *digest)
{
    char key[256];

    snprintf(key, sizeof key, "%s/%s", team, digest);
    return json_object_get(self(base)->open, key) != NULL;
}

/* NULL: there is none. What is no value never comes here. */
static json_t *
json_of(const struct sgn_buf *bytes)
{
    struct sgn_error err = { 0 };
    json_t *value = NULL;

    if (bytes->len > 0 && rules_value_parse(bytes->bytes, bytes->len, &value, &err) != SGN_OK) {
        fprintf(stderr, "fake rules: %s\n", err.message);
        abort();
    }
    return value;
}

static enum sgn_status
fake_submit(struct rules *base, const struct rules_call *calls, int n, struct sgn_error *err)
{
    struct fake_rules *fake = self(base);

    fake->n_submits++;
    for (int i = 0; i < n; i++) {
        struct rules_call call = calls[i];
        struct fake_job job = { .id = call.id,
                                .function = call.function,
                                .purpose = call.purpose,
                                .input = json_of(&call.input),
                                .then = call.then,
                                .then_input = json_of(&call.then_input) };

        rules_call_deinit(&call);
        if (fake->refuse_submit != SGN_OK || !fake_is_open(base, call.team, call.digest)) {
            json_decref(job.input);
            json_decref(job.then_input);
            continue;
        }
        fake->n_calls++;
        push(fake, &job);
    }
    return fake->refuse_submit != SGN_OK
               ? sgn_fail(err, fake->refuse_submit, "the fake takes nothing")
               : SGN_OK;
}

/* The answer of a guard with the one of the function behind it, see rules.h. */
static json_t *
with_then(struct fake_rules *fake, const struct fake_job *job, json_t *guard_take)
{
    struct sgn_error err = { 0 };
    json_t *value = NULL, *then = NULL;
    enum sgn_status st;

    if (!json_is_true(guard_take))
        return json_pack("[o, n]", guard_take);
    st = fake->call(fake->ctx, job->then, RULES_RUN, job->then_input, &value, &err);
    if (st == SGN_OK)
        then = json_pack("{s:o}", "value", value);
    else
        then = json_pack("{s:{s:s, s:s}}", "error", "code", sgn_status_code(st), "message",
                         err.message);
    sgn_error_clear(&err);
    return json_pack("[o, o]", guard_take, then);
}

static int
fake_deliver(struct rules *base, rules_answer_fn answer, void *ctx)
{
    struct fake_rules *fake = self(base);
    struct fake_job *job = fake->first;
    int n = 0;

    if (fake->silent)
        return 0;
    fake->first = NULL;
    fake->end = &fake->first;
    while (job != NULL) {
        struct fake_job *next = job->next;
        struct sgn_error err = { 0 };
        json_t *value = NULL;
        enum sgn_status st = SGN_OK;

        if (job->function < 0)
            value = json_incref(json_object_get(fake->answers, job->team));
        else
            st = fake->call(fake->ctx, job->function, job->purpose, job->input, &value, &err);
        if (st == SGN_OK && job->then != 0)
            value = with_then(fake, job, value);
        fake->n_pending--;
        answer(ctx, job->id, st, value, &err, fake->cost);
        json_decref(value);
        sgn_error_clear(&err);
        json_decref(job->input);
        json_decref(job->then_input);
        free(job);
        job = next;
        n++;
    }
    return n;
}

static int
fake_pending(struct rules *base)
{
    return self(base)->n_pending;
}

static void
fake_free(struct rules *base)
{
    struct fake_rules *fake = self(base);

    while (fake->first != NULL) {
        struct fake_job *next = fake->first->next;

        json_decref(fake->first->input);
        json_decref(fake->first->then_input);
        free(fake->first);
        fake->first = next;
    }
    json_decref(fake->answers);
    json_decref(fake->last_load);
    json_decref(fake->open);
    free(fake);
}

struct fake_rules *
fake_rules_new(fake_call call, void *ctx)
{
    static const struct rules_ops ops = {
        .load = fake_load,
        .open = fake_open,
        .is_open = fake_is_open,
        .submit = fake_submit,
        .deliver = fake_deliver,
        .pending = fake_pending,
        .free = fake_free,
    };
    struct fake_rules *fake = calloc(1, sizeof *fake);

    fake->base.ops = &ops;
    fake->answers = json_object();
    fake->open = json_object();
    fake->call = call;
    fake->ctx = ctx;
    fake->end = &fake->first;
    return fake;
}

/* ---- a turn later ---- */

struct late_answer {
    struct late_answer *next;
    uint64_t id;
    enum sgn_status status;
    json_t *value;
    struct sgn_error err;
    struct rules_cost cost[2];
};

struct delayed_rules {
    struct rules base;
    struct rules *inner;
    struct late_answer *first, **end;
    int n;
};

static struct delayed_rules *
late(struct rules *base)
{
    return (struct delayed_rules *)base;
}

static enum sgn_status
late_load(struct rules *base, uint64_t id, json_t *input_take, struct sgn_error *err)
{
    return late(base)->inner->ops->load(late(base)->inner, id, input_take, err);
}

static enum sgn_status
late_open(struct rules *base, const char *team, const char *digest, json_t *version_take,
          struct sgn_error *err)
{
    return late(base)->inner->ops->open(late(base)->inner, team, digest, version_take, err);
}

static int
late_is_open(struct rules *base, const char *team, const char *digest)
{
    return late(base)->inner->ops->is_open(late(base)->inner, team, digest);
}

static enum sgn_status
late_submit(struct rules *base, const struct rules_call *calls, int n, struct sgn_error *err)
{
    return late(base)->inner->ops->submit(late(base)->inner, calls, n, err);
}

static void
keep(void *ctx, uint64_t id, enum sgn_status status, const json_t *value,
     const struct sgn_error *err, const struct rules_cost cost[2])
{
    struct delayed_rules *rules = ctx;
    struct late_answer *answer = calloc(1, sizeof *answer);

    answer->id = id;
    answer->status = status;
    memcpy(answer->cost, cost, sizeof answer->cost);
    answer->value = json_incref((json_t *)value);
    if (err != NULL && err->status != SGN_OK)
        (void)sgn_fail(&answer->err, err->status, "%s", err->message);
    *rules->end = answer;
    rules->end = &answer->next;
    rules->n++;
}

static int
late_deliver(struct rules *base, rules_answer_fn answer, void *ctx)
{
    struct delayed_rules *rules = late(base);
    struct late_answer *at = rules->first;
    int n = rules->n;

    rules->first = NULL;
    rules->end = &rules->first;
    rules->n = 0;
    (void)rules->inner->ops->deliver(rules->inner, keep, rules);
    while (at != NULL) {
        struct late_answer *next = at->next;

        answer(ctx, at->id, at->status, at->value, &at->err, at->cost);
        json_decref(at->value);
        sgn_error_clear(&at->err);
        free(at);
        at = next;
    }
    return n;
}

static int
late_pending(struct rules *base)
{
    return late(base)->n + late(base)->inner->ops->pending(late(base)->inner);
}

static void
drop(void *ctx, uint64_t id, enum sgn_status status, const json_t *value,
     const struct sgn_error *err, const struct rules_cost cost[2])
{
    (void)ctx;
    (void)id;
    (void)status;
    (void)value;
    (void)err;
    (void)cost;
}

static void
late_free(struct rules *base)
{
    while (late(base)->n > 0)
        (void)late_deliver(base, drop, NULL);
    late(base)->inner->ops->free(late(base)->inner);
    free(base);
}

struct rules *
delayed_rules(struct rules *inner_take)
{
    static const struct rules_ops ops = {
        .load = late_load,
        .open = late_open,
        .is_open = late_is_open,
        .submit = late_submit,
        .deliver = late_deliver,
        .pending = late_pending,
        .free = late_free,
    };
    struct delayed_rules *rules = calloc(1, sizeof *rules);

    rules->base.ops = &ops;
    rules->inner = inner_take;
    rules->end = &rules->first;
    return &rules->base;
}
