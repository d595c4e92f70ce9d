/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who sits on a rule: roles to people, exclusions, what holds when too few are left.
 *
 * E is looked up at each evaluation, with the facts of that moment: who left no longer
 * counts, who joined is asked, n stays. Exclusions are judged on persons, not on roles,
 * so that nobody gets round one by a second role.
 */
#include "approval_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The rules of rules around the one that is looked at, innermost first. */
struct around {
    const struct model_rule *rule;
    const struct around *outer;
};

struct finder {
    struct stage *stage;
    int state;
    const struct model_approval *approval;
    const struct around *around;
};

/* A person of several roles has the larger weight, not the sum: one person, one seat. */
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
        status = who_barred(f->stage, &list[i], f->state, &persons);
        json_array_foreach(persons, k, name)
            json_object_del(people, json_string_value(name));
        json_decref(persons);
    }
    return status;
}

/* The approval's exclusions, those of the rules around, and the rule's own; all apply to
 * the stand-in of "nobody" too. */
static enum sgn_status
exclude_all(struct finder *f, json_t *people, const struct model_rule *rule)
{
    enum sgn_status status = exclude(f, people, f->approval->exclude, f->approval->n_exclude);

    for (const struct around *a = f->around; status == SGN_OK && a != NULL; a = a->outer)
        status = exclude(f, people, a->rule->exclude, a->rule->n_exclude);
    return status == SGN_OK ? exclude(f, people, rule->exclude, rule->n_exclude) : status;
}

/* "nobody" applies when E, after exclusions, has fewer people than the rule needs. */
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

/* One person of the other role decides instead of the whole rule. */
static void
be_one(struct seats *seats)
{
    seats->kind = MODEL_AT_LEAST;
    seats->n = 1;
}

/* Too few people: skip it, make it no, or let one person of another role decide; and if
 * nobody holds that either, the rule is no. Without "nobody" the rule stays what it is:
 * numbers that cannot be reached say no by themselves. */
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
    be_one(out);
    if (json_object_size(out->people) == 0)
        out->fixed = VERDICT_NO;
    return status;
}

/* ---- fixed = true: who sits on a rule is found once in a round and kept there ---- */

/* In the order of the words in seat_words. */
enum seat_kind {
    SEATS_BY_RULE,
    SEATS_BY_NOBODY, /* one of the role that "nobody" names */
    SEATS_OUT,
    SEATS_NO
};

static const char *const seat_words[] = { "rule", "nobody", "skip", "reject" };

/* Rules are numbered as they are written: the model is the case's for good. */
static int
count_rules(const struct model_rule *rule)
{
    int n = 1;

    for (int i = 0; i < rule->n_rules; i++)
        n += count_rules(&rule->rules[i]);
    return n;
}

/* In the round, and so in the history: whoever folds it sees with whom the round was
 * held. A rule whose "when" becomes true later is looked up then, for the rest of the
 * round. */
static void
remember(struct finder *f, int number, const struct model_rule *rule, const struct seats *found)
{
    struct stage *stage = f->stage;
    json_t *round = round_of(stage, stage->model->states[f->state].name);
    json_t *seats = json_object_get(round, "seats");
    enum seat_kind as = SEATS_BY_RULE;
    char key[16];

    if (round == NULL)
        return;
    if (seats == NULL) {
        seats = json_object();
        stage_put(stage, round, "seats", seats);
    }
    if (found->fixed != VERDICT_OPEN)
        as = found->fixed == VERDICT_OUT ? SEATS_OUT : SEATS_NO;
    else if (found->kind != rule->kind || found->n != rule->n)
        as = SEATS_BY_NOBODY;
    snprintf(key, sizeof(key), "%d", number);
    stage_put(stage, seats, key,
              json_pack("{s:O, s:s}", "people", found->people, "as", seat_words[as]));
}

static bool
recall(struct finder *f, int number, struct seats *out)
{
    const json_t *round = round_of(f->stage, f->stage->model->states[f->state].name);
    const json_t *kept;
    const char *as;
    char key[16];

    snprintf(key, sizeof(key), "%d", number);
    kept = json_object_get(json_object_get(round, "seats"), key);
    as = sgn_json_str(kept, "as");
    if (as == NULL)
        return false;
    out->people = json_incref(json_object_get(kept, "people"));
    if (strcmp(as, seat_words[SEATS_OUT]) == 0)
        out->fixed = VERDICT_OUT;
    else if (strcmp(as, seat_words[SEATS_NO]) == 0)
        out->fixed = VERDICT_NO;
    else if (strcmp(as, seat_words[SEATS_BY_NOBODY]) == 0)
        be_one(out);
    return true;
}

/* People first, then exclusions, then "nobody": whether too few are left is asked of
 * those who may really sit there. */
static enum sgn_status
find_leaf(struct finder *f, const struct model_rule *rule, int number, struct seats *out)
{
    enum sgn_status status = SGN_OK;

    if (f->approval->fixed && recall(f, number, out))
        return SGN_OK;
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
    if (status == SGN_OK && f->approval->fixed)
        remember(f, number, rule, out);
    return status;
}

static bool
anybody(const struct seats *seats)
{
    if (json_object_size(seats->people) > 0)
        return true;
    for (int i = 0; i < seats->n_rules; i++)
        if (anybody(&seats->rules[i]))
            return true;
    return false;
}

/* A rule of rules has too few people when none of its rules has anybody. Where all of
 * them are taken out it is taken out itself, which is not for want of people. */
static void
nobody_within(const struct model_rule *rule, struct seats *out)
{
    bool counts = false;

    for (int i = 0; i < out->n_rules; i++)
        counts = counts || seats_judge_each(&out->rules[i], NULL) != VERDICT_OUT;
    if (rule->nobody != NULL && counts && !anybody(out))
        out->fixed = rule->nobody[0] == 's' ? VERDICT_OUT : VERDICT_NO;
}

static enum sgn_status find(struct finder *f, const struct model_rule *rule, int number,
                            struct seats *out);

static enum sgn_status
find_rules(struct finder *f, const struct model_rule *rule, int number, struct seats *out)
{
    struct around around = { rule, f->around };
    enum sgn_status status = SGN_OK;

    out->rules = calloc((size_t)rule->n_rules, sizeof(*out->rules));
    if (out->rules == NULL)
        return sgn_nomem(f->stage->err);
    f->around = &around;
    number++;
    for (int i = 0; i < rule->n_rules && (status == SGN_OK || status == SGN_NEEDS); i++) {
        enum sgn_status one = find(f, &rule->rules[i], number, &out->rules[i]);
        out->n_rules = i + 1;
        number += count_rules(&rule->rules[i]);
        if (status == SGN_OK || (one != SGN_OK && one != SGN_NEEDS))
            status = one;
    }
    f->around = around.outer;
    if (status == SGN_OK)
        nobody_within(rule, out);
    return status;
}

/* A rule whose "when" is false is taken out; its people are not even looked up. What
 * several lack is found at once, so that a decision needs few rounds of asking. */
static enum sgn_status
find(struct finder *f, const struct model_rule *rule, int number, struct seats *out)
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
        return find_leaf(f, rule, number, out);
    return find_rules(f, rule, number, out);
}

enum sgn_status
seats_find(struct stage *stage, int state, struct seats *out)
{
    struct finder f = { .stage = stage,
                        .state = state,
                        .approval = stage->model->states[state].approval };
    enum sgn_status status = find(&f, &f.approval->rule, 0, out);

    out->distinct = f.approval->distinct;
    if (status == SGN_OK)
        status = stage_check(stage);
    if (status != SGN_OK)
        seats_deinit(out);
    return status;
}
