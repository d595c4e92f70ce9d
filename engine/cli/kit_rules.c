/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of a team as every test's engine gets them: the files are run once, and each engine's
 * load is answered with what came of it. Functions are called by the real thing, each engine's
 * own, so that no test sees another one's state.
 */
#include "kit.h"

#include "dsl.h"
#include <stdlib.h>

struct kit_rules {
    struct rules base;
    struct rules *real;
    const json_t *answer;
    uint64_t load; /* a load that is to be answered, or 0 */
};

static struct kit_rules *
self(struct rules *rules)
{
    return (struct kit_rules *)rules;
}

/* The lane loads one team, once. */
static enum sgn_status
op_load(struct rules *rules, uint64_t id, json_t *input_take, struct sgn_error *err)
{
    json_decref(input_take);
    if (self(rules)->load != 0)
        return sgn_fail(err, SGN_INTERNAL, "a second load");
    self(rules)->load = id;
    return SGN_OK;
}

static enum sgn_status
op_open(struct rules *rules, const char *team, const char *digest, json_t *version_take,
        struct sgn_error *err)
{
    struct rules *real = self(rules)->real;

    return real->ops->open(real, team, digest, version_take, err);
}

static int
op_is_open(struct rules *rules, const char *team, const char *digest)
{
    struct rules *real = self(rules)->real;

    return real->ops->is_open(real, team, digest);
}

static enum sgn_status
op_submit(struct rules *rules, const struct rules_call *calls, int n, struct sgn_error *err)
{
    struct rules *real = self(rules)->real;

    return real->ops->submit(real, calls, n, err);
}

static int
op_deliver(struct rules *rules, rules_answer_fn answer, void *ctx)
{
    struct kit_rules *kit = self(rules);
    static const struct rules_cost no_cost[2];
    uint64_t load = kit->load;

    if (load == 0)
        return kit->real->ops->deliver(kit->real, answer, ctx);
    kit->load = 0;
    answer(ctx, load, SGN_OK, kit->answer, NULL, no_cost);
    return 1;
}

static int
op_pending(struct rules *rules)
{
    struct kit_rules *kit = self(rules);

    return kit->real->ops->pending(kit->real) + (kit->load != 0);
}

static void
op_free(struct rules *rules)
{
    struct kit_rules *kit = self(rules);

    if (kit->real != NULL)
        kit->real->ops->free(kit->real);
    free(kit);
}

static const struct rules_ops kit_ops = {
    .load = op_load,
    .open = op_open,
    .is_open = op_is_open,
    .submit = op_submit,
    .deliver = op_deliver,
    .pending = op_pending,
    .free = op_free,
};

enum sgn_status
kit_rules_new(const json_t *answer, struct rules **out, struct sgn_error *err)
{
    struct kit_rules *kit = calloc(1, sizeof(*kit));
    enum sgn_status st;

    if (kit == NULL)
        return sgn_nomem(err);
    kit->base.ops = &kit_ops;
    kit->answer = answer;
    st = dsl_rules_new(NULL, &kit->real, err);
    if (st != SGN_OK) {
        op_free(&kit->base);
        return st;
    }
    *out = &kit->base;
    return SGN_OK;
}
