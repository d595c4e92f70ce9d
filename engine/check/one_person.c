/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Approvals that ask for several people and that one person could give alone.
 *
 * Across rules one ballot counts wherever its giver is eligible, so all_of { one_of "pm", one_of
 * "sponsor" } is decided by one person who is both. Exactly this is looked for:
 *
 *   one person    of the team or of the client, who holds every role of that side, is in every
 *                 group (the team's), opened the case where that side may, and is none of those
 *                 whom any exclusion of this approval names; or the same as somebody named by key
 *   decides       the root is yes by this person's approval, and every conditional rule counts as
 *                 its condition says for some values of the fields (below)
 *   alone         although the rules that count ask for two or more approvals when nobody sits
 *                 on two of them: at_least(n) n, one_of and percent one, weighted one where one
 *                 weight suffices and else two, veto none; all_of and its like the sum, any_of
 *                 the least of its rules
 *
 * So an approval by one_of "client" alone is none of these: one was asked for. Substitutes
 * ("nobody") are left out: the author has said who steps in when people lack. With distinct = true
 * seats are different persons, and nothing is looked for.
 *
 * Values: the fields that the approval's conditions name get one value each, then one field after
 * the other takes all its values at which a condition changes (a limit, one below, one above; every
 * choice; yes and no), the others staying. So every finding has a case that shows it, and the work
 * grows with the number of conditions, not with their combinations. Conditions about anything but
 * fields are taken for true where that helps and for false where that does. After WORK_MAX nothing
 * more is tried: a model may be a stranger's.
 */
#include "approvals.h"
#include "conditions.h"

#include <stdio.h>
#include <string.h>

/* Words compared; an approval that people wrote takes some thousand. */
#define WORK_MAX 4000000

enum truth {
    TRUTH_NO,
    TRUTH_YES,
    TRUTH_MAYBE
};

/* What a rule comes to for the one person. */
struct verdict {
    enum {
        ALONE_NO,
        ALONE_YES,
        ALONE_OUT /* its condition takes it out */
    } alone;
    int seats;
};

struct trying {
    const struct approval_at *at;
    json_t *values;                   /* {field: value} */
    int side;                         /* of the person */
    const char *person;               /* by key, or NULL */
    const struct model_who *words[4]; /* by which it sits on the rules, for the message */
    int n_words;
    const struct model_who **excluded; /* by any rule of the approval */
    int n_excluded;
    int64_t left; /* of WORK_MAX */
};

/* ---- conditions for given values ---- */

static enum truth
negate(enum truth truth)
{
    return truth == TRUTH_MAYBE ? TRUTH_MAYBE : truth == TRUTH_YES ? TRUTH_NO : TRUTH_YES;
}

static enum truth
holds(const struct trying *t, const struct model_cond *cond)
{
    bool any = cond->kind == MODEL_COND_ANY;
    enum truth whole = any ? TRUTH_NO : TRUTH_YES;

    switch (cond->kind) {
    case MODEL_COND_FIELD:
        return model_value_holds(cond->field, json_object_get(t->values, cond->name), cond->op,
                                 cond->value)
                   ? TRUTH_YES
                   : TRUTH_NO;
    case MODEL_COND_NOT:
        return negate(holds(t, &cond->of[0]));
    case MODEL_COND_ALL:
    case MODEL_COND_ANY:
        for (int i = 0; i < cond->n_of; i++) {
            enum truth one = holds(t, &cond->of[i]);

            if (one == (any ? TRUTH_YES : TRUTH_NO))
                return one;
            if (one == TRUTH_MAYBE)
                whole = TRUTH_MAYBE;
        }
        return whole;
    default:
        return TRUTH_MAYBE;
    }
}

/* ---- is the person one of them ---- */

struct sitting {
    struct trying *t;
    const struct model_rule *rule;
    const struct model_who *by;
};

/* By whichever rule it is excluded: then the person is none of these. */
static bool
excluded_anywhere(struct trying *t, const struct model_who *who)
{
    t->left -= t->n_excluded + 1;
    for (int i = 0; i < t->n_excluded; i++)
        if (people_within(who, t->excluded[i]))
            return true;
    return false;
}

static bool
sits_by(void *ctx, const struct model_who *who)
{
    struct sitting *s = ctx;
    struct trying *t = s->t;
    bool known = who->kind != MODEL_WHO_CALL && who->kind != MODEL_WHO_DECIDED_BY &&
                 who->kind != MODEL_WHO_PERSON;
    bool named =
        who->kind == MODEL_WHO_PERSON && t->person != NULL && strcmp(who->name, t->person) == 0;

    if ((known || named) && (people_sides(t->at->check, who, t->at->state) & t->side) != 0 &&
        !excluded_anywhere(t, who))
        s->by = who;
    return s->by == NULL;
}

static bool
sits(struct trying *t, const struct model_rule *rule, const struct model_who *who)
{
    struct sitting s = { t, rule, NULL };

    (void)people_each(who, sits_by, &s);
    if (s.by == NULL)
        return false;
    for (int i = 0; i < t->n_words; i++)
        if (people_within(s.by, t->words[i]))
            return true;
    if (t->n_words < (int)(sizeof t->words / sizeof t->words[0]))
        t->words[t->n_words++] = s.by;
    return true;
}

/* ---- rules ---- */

static struct verdict
leaf_alone(struct trying *t, const struct model_rule *rule)
{
    int largest = 0, mine = 0;

    switch (rule->kind) {
    case MODEL_AT_LEAST:
        return (struct verdict){ rule->n == 1 && sits(t, rule, rule->who), rule->n };
    case MODEL_VETO:
        return (struct verdict){ ALONE_YES, 0 };
    case MODEL_WEIGHTED:
        for (int i = 0; i < rule->n_weights; i++) {
            if (rule->weights[i] > largest)
                largest = rule->weights[i];
            if (rule->weights[i] > mine && sits(t, rule, &rule->weight_who[i]))
                mine = rule->weights[i];
        }
        return (struct verdict){ mine >= rule->n, largest >= rule->n ? 1 : 2 };
    default:
        return (struct verdict){ sits(t, rule, rule->who), 1 };
    }
}

static struct verdict rule_alone(struct trying *t, const struct model_rule *rule);

static struct verdict
all_alone(struct trying *t, const struct model_rule *rule)
{
    struct verdict whole = { ALONE_OUT, 0 };

    for (int i = 0; i < rule->n_rules; i++) {
        struct verdict one = rule_alone(t, &rule->rules[i]);

        if (one.alone == ALONE_OUT)
            continue;
        whole.seats += one.seats;
        if (one.alone == ALONE_NO || whole.alone == ALONE_NO)
            whole.alone = ALONE_NO;
        else
            whole.alone = ALONE_YES;
    }
    return whole;
}

static struct verdict
any_alone(struct trying *t, const struct model_rule *rule)
{
    struct verdict whole = { ALONE_OUT, 0 };

    for (int i = 0; i < rule->n_rules; i++) {
        struct verdict one = rule_alone(t, &rule->rules[i]);

        if (one.alone == ALONE_OUT)
            continue;
        if (whole.alone == ALONE_OUT || one.seats < whole.seats)
            whole.seats = one.seats;
        if (one.alone == ALONE_YES || whole.alone == ALONE_OUT)
            whole.alone = one.alone;
    }
    return whole;
}

/* What may or may not count is left out where the person could not satisfy it. */
static struct verdict
rule_alone(struct trying *t, const struct model_rule *rule)
{
    enum truth counts = rule->when != NULL ? holds(t, rule->when) : TRUTH_YES;
    struct verdict verdict = { ALONE_OUT, 0 };

    if (counts == TRUTH_NO)
        return verdict;
    if (rule->n_rules == 0)
        verdict = leaf_alone(t, rule);
    else
        verdict = rule->kind == MODEL_ANY_OF ? any_alone(t, rule) : all_alone(t, rule);
    if (counts == TRUTH_MAYBE && verdict.alone == ALONE_NO)
        verdict = (struct verdict){ ALONE_OUT, 0 };
    return verdict;
}

/* ---- who and with which values ---- */

static bool
note(struct trying *t)
{
    char who[512] = "", label[128];

    for (int i = 0; i < t->n_words; i++) {
        size_t n = strlen(who);

        snprintf(who + n, sizeof who - n, "%s%s", i == 0 ? "" : " and ",
                 people_label(t->words[i], label, sizeof label));
    }
    check_note(t->at->check, CHECK_APPROVAL_ONE_PERSON, t->at->pointer,
               "say distinct = true in the approval, or exclude whoever must not decide twice",
               t->n_words > 1 ? "one person who is %s could decide this alone"
                              : "one person of %s could decide this alone",
               who);
    return true;
}

/* Does one of the side decide with these values? Says so once. */
static bool
try_values(struct trying *t)
{
    for (t->side = SIDE_TEAM; t->side <= SIDE_CLIENT && t->left > 0; t->side++) {
        struct verdict verdict;

        t->n_words = 0;
        verdict = rule_alone(t, &t->at->approval->rule);
        if (verdict.alone == ALONE_YES && verdict.seats >= 2 && t->n_words > 0)
            return note(t);
    }
    return false;
}

/* {field: [value]} of all conditions in the rule. */
static void
gather_cond(const struct model_cond *cond, json_t *points)
{
    json_t *list;

    if (cond == NULL)
        return;
    for (int i = 0; i < cond->n_of; i++)
        gather_cond(&cond->of[i], points);
    if (cond->kind != MODEL_COND_FIELD)
        return;
    list = json_object_get(points, cond->name);
    if (list == NULL) {
        list = json_array();
        (void)json_object_set_new(points, cond->name, list);
    }
    if (cond->op == MODEL_FILLED)
        (void)json_array_append_new(list, json_null());
    cond_points(cond, list);
}

static void
gather_rule(const struct model_rule *rule, json_t *points)
{
    gather_cond(rule->when, points);
    for (int i = 0; i < rule->n_rules; i++)
        gather_rule(&rule->rules[i], points);
}

/* First the values of the beginning, then each field through its own, the others staying. */
static bool
try_points(struct trying *t, json_t *points)
{
    const char *field;
    json_t *list, *value;
    size_t i;

    json_object_foreach(points, field, list) {
        value = json_array_get(list, 0);
        (void)json_object_set(t->values, field, value != NULL ? value : json_null());
    }
    if (try_values(t))
        return true;
    json_object_foreach(points, field, list) {
        json_array_foreach(list, i, value) {
            (void)json_object_set(t->values, field, value);
            if (try_values(t))
                return true;
        }
        (void)json_object_set(t->values, field, json_array_get(list, 0));
    }
    return false;
}

/* Every person who is named by key is tried as well. */
static bool
try_named(struct trying *t, json_t *points, const struct model_who *who)
{
    for (int i = 0; who != NULL && i < who->n_of; i++)
        if (try_named(t, points, &who->of[i]))
            return true;
    if (who == NULL || who->kind != MODEL_WHO_PERSON)
        return false;
    t->person = who->name;
    return try_points(t, points);
}

static bool
try_rule(struct trying *t, json_t *points, const struct model_rule *rule)
{
    if (try_named(t, points, rule->who))
        return true;
    for (int i = 0; i < rule->n_weights; i++)
        if (try_named(t, points, &rule->weight_who[i]))
            return true;
    for (int i = 0; i < rule->n_rules; i++)
        if (try_rule(t, points, &rule->rules[i]))
            return true;
    return false;
}

static bool
add_excluded(void *ctx, const struct model_who *who)
{
    struct trying *t = ctx;

    if (t->excluded != NULL)
        t->excluded[t->n_excluded] = who;
    t->n_excluded++;
    return true;
}

static void
each_excluded(struct trying *t, const struct model_who *list, int n)
{
    for (int i = 0; i < n; i++)
        (void)people_each(&list[i], add_excluded, t);
}

/* Counts them, or with room for them puts them there. */
static void
gather_excluded(struct trying *t, const struct model_rule *rule)
{
    each_excluded(t, rule->exclude, rule->n_exclude);
    for (int i = 0; i < rule->n_rules; i++)
        gather_excluded(t, &rule->rules[i]);
}

static void
find_excluded(struct trying *t)
{
    const struct model_approval *approval = t->at->approval;

    for (int pass = 0; pass < 2; pass++) {
        t->n_excluded = 0;
        each_excluded(t, approval->exclude, approval->n_exclude);
        gather_excluded(t, &approval->rule);
        if (pass == 0)
            t->excluded = calloc((size_t)t->n_excluded + 1, sizeof *t->excluded);
        if (t->excluded == NULL)
            return;
    }
}

void
check_one_person(const struct approval_at *at)
{
    struct trying t = { .at = at, .values = json_object(), .left = WORK_MAX };
    json_t *points = json_object();

    find_excluded(&t);
    if (t.values == NULL || points == NULL || t.excluded == NULL) {
        at->check->failed = true;
    } else if (!at->approval->distinct) {
        gather_rule(&at->approval->rule, points);
        if (!try_points(&t, points))
            (void)try_rule(&t, points, &at->approval->rule);
    }
    json_decref(points);
    json_decref(t.values);
    free((void *)t.excluded);
}
