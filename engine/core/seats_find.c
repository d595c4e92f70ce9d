/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who sits on a rule: roles to people, exclusions, what holds when too few are left.
 */
#include "approval_internal.h"
#include <stdlib.h>
#include <string.h>

struct finder {
    struct stage *stage;
    int state;
    const struct model_approval *approval;
};

/* A person of several roles has the larger weight. */
static void
add_weighted(struct finder *f, json_t *people, const json_t *persons, int weight)
{
    const json_t *name;
    size_t i;

    json_array_foreach(persons, i, name) {
        const char *person = json_string_value(name);
        if (sgn_json_int(people, person, 0) < weight)
            stage_put(f->stage, people, person, json_integer(weight));
    }
}

static enum sgn_status
add_who(struct finder *f, json_t *people, const struct model_who *who, int weight)
{
    json_t *persons = NULL;
    enum sgn_status status = who_persons(f->stage, who, f->state, &persons);

    add_weighted(f, people, persons, weight);
    json_decref(persons);
    return status;
}

static enum sgn_status
exclude(struct finder *f, json_t *people, const struct model_who *list, int n)
{
    enum sgn_status status = SGN_OK;

    for (int i = 0; status == SGN_OK && i < n; i++) {
        json_t *persons = NULL;
        const json_t *name;
        size_t k;
        status = who_persons(f->stage, &list[i], f->state, &persons);
        json_array_foreach(persons, k, name)
            json_object_del(people, json_string_value(name));
        json_decref(persons);
    }
    return status;
}

static enum sgn_status
exclude_all(struct finder *f, json_t *people, const struct model_rule *rule)
{
    enum sgn_status status = exclude(f, people, f->approval->exclude, f->approval->n_exclude);

    return status == SGN_OK ? exclude(f, people, rule->exclude, rule->n_exclude) : status;
}

static bool
enough(const struct model_rule *rule, json_t *people)
{
    const char *person;
    json_t *weight;
    int64_t sum = 0;

    json_object_foreach(people, person, weight)
        sum += rule->kind == MODEL_WEIGHTED ? json_integer_value(weight) : 1;
    if (rule->kind == MODEL_AT_LEAST || rule->kind == MODEL_WEIGHTED)
        return sum >= rule->n;
    return sum >= 1;
}

/* Too few people: skip it, make it no, or let one person of another role decide. */
static enum sgn_status
nobody(struct finder *f, const struct model_rule *rule, struct seats *out)
{
    json_t *holders;
    enum sgn_status status;

    if (rule->nobody == NULL)
        return SGN_OK; /* it stays what it is: numbers that cannot be reached say no */
    if (strcmp(rule->nobody, "skip") == 0 || strcmp(rule->nobody, "reject") == 0) {
        out->fixed = rule->nobody[0] == 's' ? VERDICT_OUT : VERDICT_NO;
        return SGN_OK;
    }
    holders = who_holders(f->stage, rule->nobody);
    json_object_clear(out->people);
    add_weighted(f, out->people, holders, 1);
    json_decref(holders);
    status = exclude_all(f, out->people, rule);
    out->kind = MODEL_AT_LEAST;
    out->n = 1;
    if (json_object_size(out->people) == 0)
        out->fixed = VERDICT_NO;
    return status;
}

static enum sgn_status
find_leaf(struct finder *f, const struct model_rule *rule, struct seats *out)
{
    enum sgn_status status = SGN_OK;

    out->people = json_object();
    if (out->people == NULL)
        return sgn_nomem(f->stage->err);
    if (rule->who != NULL)
        status = add_who(f, out->people, rule->who, 1);
    for (int i = 0; status == SGN_OK && i < rule->n_weights; i++)
        status = add_who(f, out->people, &rule->weight_who[i], rule->weights[i]);
    if (status == SGN_OK)
        status = exclude_all(f, out->people, rule);
    if (status == SGN_OK && !enough(rule, out->people))
        status = nobody(f, rule, out);
    return status;
}

static enum sgn_status
find(struct finder *f, const struct model_rule *rule, struct seats *out)
{
    bool counts;
    enum sgn_status status = cond_holds(f->stage, rule->when, f->state, &counts);

    *out = (struct seats){ .kind = rule->kind, .n = rule->n, .rule = rule };
    if (status != SGN_OK)
        return status;
    if (!counts) {
        out->fixed = VERDICT_OUT;
        return SGN_OK;
    }
    if (rule->n_rules == 0)
        return find_leaf(f, rule, out);
    out->rules = calloc((size_t)rule->n_rules, sizeof(*out->rules));
    if (out->rules == NULL)
        return sgn_nomem(f->stage->err);
    for (int i = 0; i < rule->n_rules; i++) {
        enum sgn_status one = find(f, &rule->rules[i], &out->rules[i]);
        out->n_rules = i + 1;
        if (one != SGN_OK && one != SGN_NEEDS)
            return status != SGN_OK ? status : one;
        status = status != SGN_OK ? status : one; /* what several lack is found at once */
    }
    return status;
}

enum sgn_status
seats_find(struct stage *stage, int state, struct seats *out)
{
    struct finder f = { stage, state, stage->model->states[state].approval };
    enum sgn_status status = find(&f, &f.approval->rule, out);

    if (status == SGN_OK)
        status = stage_check(stage);
    if (status != SGN_OK)
        seats_deinit(out);
    return status;
}
