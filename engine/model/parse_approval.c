/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Approvals and their rules. What a rule needs to be decided at all is checked here, so
 * that core can judge without asking whether a number is there.
 */
#include "model_internal.h"
#include <string.h>

#define WEIGHT_MAX 1000000
#define WAYS_MAX   1000 /* choices in the any_ofs of a rule with distinct */

static const struct member approval_members[] = {
    { "covers", SHAPE_TEXTS, false },   { "rule", SHAPE_OBJECT, true },
    { "outcomes", SHAPE_TEXTS, true },  { "may_defer", SHAPE_ANY, false },
    { "may_return", SHAPE_ANY, false }, { "exclude", SHAPE_ARRAY, false },
    { "distinct", SHAPE_FLAG, false },  { "fixed", SHAPE_FLAG, false },
    { "line", SHAPE_INTEGER, false },
};

static const struct member rule_members[] = {
    { "kind", SHAPE_TEXT, true },      { "n", SHAPE_INTEGER, false },
    { "p", SHAPE_INTEGER, false },     { "who", SHAPE_ANY, false },
    { "weights", SHAPE_ARRAY, false }, { "rules", SHAPE_ARRAY, false },
    { "nobody", SHAPE_TEXT, false },   { "when", SHAPE_ANY, false },
    { "covers", SHAPE_TEXTS, false },  { "exclude", SHAPE_ARRAY, false },
    { "line", SHAPE_INTEGER, false },
};

static const struct member weight_members[] = {
    { "who", SHAPE_ANY, true },
    { "weight", SHAPE_INTEGER, true },
};

static const char *const outcomes[] = { "approved", "rejected", "deferred", "changes" };

/* In the order of enum model_rule_kind. */
static const char *const rule_names[] = { "at_least", "percent", "weighted", "veto",
                                          "all_of",   "any_of",  "in_order", "everyone_answers" };

static enum sgn_status read_rule(struct reader *r, const struct place *at, const json_t *json,
                                 struct model_rule *rule);

bool
approval_has_outcome(const json_t *approval, const char *outcome)
{
    return sgn_json_has(json_object_get(approval, "outcomes"), outcome);
}

/* Which members a kind of rule must have; the others of these it must not have: one
 * that is not looked at would look as if it counted. */
static enum sgn_status
check_rule_members(struct reader *r, const struct place *at, const json_t *json,
                   enum model_rule_kind kind)
{
    const struct {
        const char *name;
        bool needed;
    } parts[] = {
        { "n", kind == MODEL_AT_LEAST || kind == MODEL_WEIGHTED },
        { "p", kind == MODEL_PERCENT },
        { "who", kind == MODEL_AT_LEAST || kind == MODEL_PERCENT || kind == MODEL_VETO },
        { "weights", kind == MODEL_WEIGHTED },
        { "rules", kind >= MODEL_ALL_OF },
    };

    for (size_t i = 0; i < COUNT(parts); i++) {
        struct place here = place_member(at, parts[i].name);
        bool there = json_object_get(json, parts[i].name) != NULL;

        if (parts[i].needed && !there)
            return reader_fail(r, at, "a rule \"%s\" needs \"%s\"", rule_names[kind],
                               parts[i].name);
        if (!parts[i].needed && there)
            return reader_fail(r, &here, "a rule \"%s\" has no \"%s\"", rule_names[kind],
                               parts[i].name);
    }
    return SGN_OK;
}

/* A number that nobody could reach is found by who knows the people, not here. */
static enum sgn_status
read_number(struct reader *r, const struct place *at, const json_t *json, struct model_rule *rule)
{
    bool percent = rule->kind == MODEL_PERCENT;
    struct place here = place_member(at, percent ? "p" : "n");
    int64_t n = sgn_json_int(json, percent ? "p" : "n", 0);

    if (!percent && rule->kind != MODEL_AT_LEAST && rule->kind != MODEL_WEIGHTED)
        return SGN_OK;
    if (n < 1 || n > (percent ? 100 : WEIGHT_MAX))
        return reader_fail(r, &here, "must be a whole number from 1 to %d",
                           percent ? 100 : WEIGHT_MAX);
    rule->n = (int)n;
    return SGN_OK;
}

/* The people of each weight are read as a list of WHO, side by side with the weights. */
static enum sgn_status
read_weights(struct reader *r, const struct place *at, const json_t *json, struct model_rule *rule)
{
    enum sgn_status st = SGN_OK;
    json_t *whos = NULL;
    json_t *one;
    size_t i;

    if (json == NULL)
        return SGN_OK;
    if (json_array_size(json) == 0)
        return reader_fail(r, at, "must say who has which weight");
    whos = json_array();
    rule->weights = model_alloc(r->box, json_array_size(json), sizeof(*rule->weights));
    if (whos == NULL || rule->weights == NULL) {
        st = reader_nomem(r);
        goto out;
    }
    json_array_foreach(json, i, one) {
        struct place here = place_element(at, i);
        struct place weight = place_member(&here, "weight");
        int64_t n = sgn_json_int(one, "weight", 0);

        st = reader_object(r, &here, one, "a weight", weight_members, COUNT(weight_members));
        if (st == SGN_OK && (n < 1 || n > WEIGHT_MAX))
            st = reader_fail(r, &weight, "must be a whole number from 1 to %d", WEIGHT_MAX);
        if (st == SGN_OK && json_array_append(whos, json_object_get(one, "who")) != 0)
            st = reader_nomem(r);
        if (st != SGN_OK)
            goto out;
        rule->weights[i] = (int)n;
    }
    st = parse_whos(r, at, whos, &rule->weight_who, &rule->n_weights);
out:
    json_decref(whos);
    return st;
}

/* A rule of no rules would be taken out, and the approval rejected, without anybody
 * asked. */
static enum sgn_status
read_rules(struct reader *r, const struct place *at, const json_t *json, struct model_rule *rule)
{
    enum sgn_status st = SGN_OK;
    json_t *one;
    size_t i;

    if (json == NULL)
        return SGN_OK;
    if (json_array_size(json) == 0)
        return reader_fail(r, at, "must hold a rule");
    rule->rules = model_alloc(r->box, json_array_size(json), sizeof(*rule->rules));
    if (rule->rules == NULL)
        return reader_nomem(r);
    json_array_foreach(json, i, one) {
        struct place here = place_element(at, i);

        st = read_rule(r, &here, one, &rule->rules[i]);
        if (st != SGN_OK)
            return st;
        rule->n_rules++;
    }
    return st;
}

/* A rule of rules asks nobody itself, so no role can stand in for its people; to leave
 * it out or to make it no means something. */
static enum sgn_status
read_nobody(struct reader *r, const struct place *at, const json_t *json, struct model_rule *rule)
{
    struct place here = place_member(at, "nobody");
    enum model_who_kind kind;

    rule->nobody = sgn_json_str(json, "nobody");
    if (rule->nobody == NULL || strcmp(rule->nobody, "skip") == 0 ||
        strcmp(rule->nobody, "reject") == 0)
        return SGN_OK;
    if (rule->kind >= MODEL_ALL_OF)
        return reader_fail(r, &here, "a rule of rules asks nobody itself: skip or reject");
    return reader_role(r, &here, rule->nobody, &kind);
}

/* covers, exclude and when may stand at every level; what a rule lacks it has from
 * around it. */
static enum sgn_status
read_rule(struct reader *r, const struct place *at, const json_t *json, struct model_rule *rule)
{
    struct place here = place_member(at, "kind");
    enum sgn_status st;
    int kind;

    st = reader_object(r, at, json, "a rule", rule_members, COUNT(rule_members));
    if (st == SGN_OK)
        st = reader_word(r, &here, sgn_json_str(json, "kind"), "kind of rule", rule_names,
                         COUNT(rule_names), &kind);
    if (st != SGN_OK)
        return st;
    rule->kind = (enum model_rule_kind)kind;
    rule->line = (int)sgn_json_int(json, "line", 0);
    rule->covers = json_object_get(json, "covers");
    st = check_rule_members(r, at, json, rule->kind);
    if (st == SGN_OK)
        st = read_number(r, at, json, rule);
    here = place_member(at, "who");
    if (st == SGN_OK)
        st = parse_who(r, &here, json_object_get(json, "who"), &rule->who);
    here = place_member(at, "weights");
    if (st == SGN_OK)
        st = read_weights(r, &here, json_object_get(json, "weights"), rule);
    here = place_member(at, "rules");
    if (st == SGN_OK)
        st = read_rules(r, &here, json_object_get(json, "rules"), rule);
    if (st == SGN_OK)
        st = read_nobody(r, at, json, rule);
    here = place_member(at, "when");
    if (st == SGN_OK)
        st = parse_cond(r, &here, json_object_get(json, "when"), &rule->when);
    here = place_member(at, "covers");
    if (st == SGN_OK)
        st = reader_fields(r, &here, rule->covers);
    here = place_member(at, "exclude");
    if (st == SGN_OK)
        st = parse_whos(r, &here, json_object_get(json, "exclude"), &rule->exclude,
                        &rule->n_exclude);
    return st;
}

/* approved and rejected are what a rule says; deferred and changes are said by a
 * person. */
static enum sgn_status
read_outcomes(struct reader *r, const struct place *at, const json_t *names,
              struct model_approval *approval)
{
    enum sgn_status st = SGN_OK;
    json_t *name;
    size_t i;
    int unused;

    if (json_array_size(names) == 0)
        return reader_fail(r, at, "an approval has an outcome");
    json_array_foreach(names, i, name) {
        struct place here = place_element(at, i);

        st = reader_word(r, &here, json_string_value(name), "outcome", outcomes, COUNT(outcomes),
                         &unused);
        if (st != SGN_OK)
            return st;
    }
    approval->outcome_deferred = sgn_json_has(names, "deferred");
    approval->outcome_changes = sgn_json_has(names, "changes");
    return st;
}

/* Rights to an outcome that does not exist are a slip in the outcomes. */
static enum sgn_status
read_may(struct reader *r, const struct place *at, const json_t *json,
         struct model_approval *approval)
{
    struct place defer = place_member(at, "may_defer");
    struct place back = place_member(at, "may_return");
    enum sgn_status st;

    if (!approval->outcome_deferred && json_object_get(json, "may_defer") != NULL)
        return reader_fail(r, &defer, "\"deferred\" is no outcome of this approval");
    if (!approval->outcome_changes && json_object_get(json, "may_return") != NULL)
        return reader_fail(r, &back, "\"changes\" is no outcome of this approval");
    st = parse_who(r, &defer, json_object_get(json, "may_defer"), &approval->may_defer);
    if (st == SGN_OK)
        st = parse_who(r, &back, json_object_get(json, "may_return"), &approval->may_return);
    return st;
}

/* ---- what the engine could not run ---- */

/* Those who have not answered are found through the rule: they cannot be its people. */
static bool
means_pending(const struct model_who *who, int n)
{
    for (int i = 0; i < n; i++)
        if (who[i].kind == MODEL_WHO_PENDING || means_pending(who[i].of, who[i].n_of))
            return true;
    return false;
}

static enum sgn_status
check_people(struct reader *r, const struct place *at, const struct model_rule *rule)
{
    enum sgn_status st = SGN_OK;

    if (means_pending(rule->who, rule->who != NULL) ||
        means_pending(rule->weight_who, rule->n_weights) ||
        means_pending(rule->exclude, rule->n_exclude))
        return reader_fail(r, at,
                           "\"pending\" means those whom this approval asks and cannot "
                           "say who they are");
    for (int i = 0; st == SGN_OK && i < rule->n_rules; i++)
        st = check_people(r, at, &rule->rules[i]);
    return st;
}

static int
count_weighted(const struct model_rule *rule)
{
    int n = rule->kind == MODEL_WEIGHTED;

    for (int i = 0; i < rule->n_rules; i++)
        n += count_weighted(&rule->rules[i]);
    return n;
}

/* One choice in every any_of is a way to yes; WAYS_MAX + 1 stands for more. */
static int
count_ways(const struct model_rule *rule)
{
    bool any = rule->kind == MODEL_ANY_OF;
    int64_t ways = any ? 0 : 1;

    for (int i = 0; i < rule->n_rules && ways <= WAYS_MAX; i++)
        ways = any ? ways + count_ways(&rule->rules[i]) : ways * count_ways(&rule->rules[i]);
    return ways > WAYS_MAX ? WAYS_MAX + 1 : (int)ways;
}

/* Each way is tried for a seating of its own, and one rule's weights are summed up. */
static enum sgn_status
check_distinct(struct reader *r, const struct place *at, const struct model_rule *rule)
{
    if (count_weighted(rule) > 1)
        return reader_fail(r, at, "with \"distinct\" only one rule may be weighted");
    if (count_ways(rule) > WAYS_MAX)
        return reader_fail(r, at, "with \"distinct\" at most %d combinations of any_of are tried",
                           WAYS_MAX);
    return SGN_OK;
}

/* The rule is read before "exclude": messages then come in the order of the file. */
enum sgn_status
parse_approval(struct reader *r, const struct place *at, const json_t *json,
               struct model_approval **out)
{
    struct place here = place_member(at, "outcomes");
    struct model_approval *approval;
    enum sgn_status st;

    if (json == NULL)
        return SGN_OK;
    st = reader_object(r, at, json, "an approval", approval_members, COUNT(approval_members));
    if (st != SGN_OK)
        return st;
    *out = approval = model_alloc(r->box, 1, sizeof(*approval));
    if (approval == NULL)
        return reader_nomem(r);
    approval->line = (int)sgn_json_int(json, "line", 0);
    approval->distinct = sgn_json_true(json, "distinct");
    approval->fixed = sgn_json_true(json, "fixed");
    approval->covers = json_object_get(json, "covers");
    if (approval->covers == NULL)
        approval->covers = r->box->empty;
    st = read_outcomes(r, &here, json_object_get(json, "outcomes"), approval);
    here = place_member(at, "covers");
    if (st == SGN_OK)
        st = reader_fields(r, &here, approval->covers);
    here = place_member(at, "rule");
    if (st == SGN_OK)
        st = read_rule(r, &here, json_object_get(json, "rule"), &approval->rule);
    if (st == SGN_OK)
        st = read_may(r, at, json, approval);
    here = place_member(at, "exclude");
    if (st == SGN_OK)
        st = parse_whos(r, &here, json_object_get(json, "exclude"), &approval->exclude,
                        &approval->n_exclude);
    if (st == SGN_OK && means_pending(approval->exclude, approval->n_exclude))
        st = reader_fail(r, &here, "\"pending\" cannot be excluded");
    here = place_member(at, "rule");
    if (st == SGN_OK)
        st = check_people(r, &here, &approval->rule);
    if (st == SGN_OK && approval->distinct)
        st = check_distinct(r, &here, &approval->rule);
    return st;
}
