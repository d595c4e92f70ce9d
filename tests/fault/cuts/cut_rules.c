/* SPDX-License-Identifier: Apache-2.0 */
/* See cut_rules.h. One team, whose files do not change. */
#include "cut_rules.h"

#include "dsl.h"
#include <stdlib.h>

struct kept {
    struct rules base;
    struct rules *real;
    json_t *answer; /* of the first load */
    uint64_t load;  /* a load that is to be answered with it, or 0 */
    rules_answer_fn then;
    void *ctx;
};

static struct kept *
self(struct rules *rules)
{
    return (struct kept *)rules;
}

static enum sgn_status
op_load(struct rules *rules, uint64_t id, json_t *input_take, struct sgn_error *err)
{
    struct kept *kept = self(rules);

    kept->load = id;
    if (kept->answer == NULL)
        return kept->real->ops->load(kept->real, id, input_take, err);
    json_decref(input_take);
    return SGN_OK;
}

static enum sgn_status
op_open(struct rules *rules, const char *team, const char *digest, json_t *version_take,
        struct sgn_error *err)
{
    return self(rules)->real->ops->open(self(rules)->real, team, digest, version_take, err);
}

static int
op_is_open(struct rules *rules, const char *team, const char *digest)
{
    return self(rules)->real->ops->is_open(self(rules)->real, team, digest);
}

static enum sgn_status
op_submit(struct rules *rules, const struct rules_call *calls, int n, struct sgn_error *err)
{
    return self(rules)->real->ops->submit(self(rules)->real, calls, n, err);
}

static void
pass_on(void *ctx, uint64_t id, enum sgn_status status, const json_t *value,
        const struct sgn_error *err, const struct rules_cost cost[2])
{
    struct kept *kept = ctx;

    if (id == kept->load && status == SGN_OK && kept->answer == NULL) {
        kept->answer = json_incref((json_t *)value);
        kept->load = 0;
    }
    kept->then(kept->ctx, id, status, value, err, cost);
}

static int
op_deliver(struct rules *rules, rules_answer_fn answer, void *ctx)
{
    struct kept *kept = self(rules);
    static const struct rules_cost no_cost[2];
    uint64_t load = kept->load;

    if (load != 0 && kept->answer != NULL) {
        kept->load = 0;
        answer(ctx, load, SGN_OK, kept->answer, NULL, no_cost);
        return 1;
    }
    kept->then = answer;
    kept->ctx = ctx;
    return kept->real->ops->deliver(kept->real, pass_on, kept);
}

static int
op_pending(struct rules *rules)
{
    struct kept *kept = self(rules);

    return kept->real->ops->pending(kept->real) + (kept->load != 0 && kept->answer != NULL);
}

static void
forget(void *ctx, uint64_t id, enum sgn_status status, const json_t *value,
       const struct sgn_error *err, const struct rules_cost cost[2])
{
    (void)ctx;
    (void)cost;
    (void)id;
    (void)status;
    (void)value;
    (void)err;
}

/* Answers to a server that is gone are nobody's. */
static void
op_free(struct rules *rules)
{
    struct kept *kept = self(rules);

    kept->load = 0;
    while (kept->real->ops->pending(kept->real) > 0)
        (void)kept->real->ops->deliver(kept->real, forget, NULL);
}

static const struct rules_ops kept_ops = {
    .load = op_load,
    .open = op_open,
    .is_open = op_is_open,
    .submit = op_submit,
    .deliver = op_deliver,
    .pending = op_pending,
    .free = op_free,
};

enum sgn_status
cut_rules_new(struct rules **out, struct sgn_error *err)
{
    struct kept *kept = calloc(1, sizeof *kept);
    enum sgn_status st;

    if (kept == NULL)
        return sgn_nomem(err);
    kept->base.ops = &kept_ops;
    st = dsl_rules_new(NULL, &kept->real, err);
    if (st != SGN_OK) {
        free(kept);
        return st;
    }
    *out = &kept->base;
    return SGN_OK;
}

void
cut_rules_free(struct rules *rules)
{
    if (rules == NULL)
        return;
    self(rules)->real->ops->free(self(rules)->real);
    json_decref(self(rules)->answer);
    free(rules);
}
