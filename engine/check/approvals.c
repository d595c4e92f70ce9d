/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Approvals: rules that nobody, or too few, can satisfy, exclusions that leave nobody, what happens
 * when nobody is there, and what a ballot of the client would cover unseen.
 *
 * A rule needs people: at_least(n) n, weighted(n) weights of n in all, every other rule one. Rules
 * of rules ask nobody themselves. "nobody" may be missing only where so many people are there in
 * every case: of all words only the opener is one person for certain, and only where nothing but
 * people open such a case and nothing is excluded. Roles, groups and persons by their keys may be
 * nobody on the day; then a rule without "nobody" waits for ever or says no without a word.
 */
#include "approvals.h"

#include <stdio.h>
#include <string.h>

/* Above this many people in a rule every further one is the same: there are enough. */
static int
plus(int a, int b)
{
    return a > PEOPLE_MANY - b ? PEOPLE_MANY : a + b;
}

int
rule_needs(const struct model_rule *rule)
{
    return rule->kind == MODEL_AT_LEAST || rule->kind == MODEL_WEIGHTED ? rule->n : 1;
}

/* ---- exclusions ---- */

struct word {
    const struct model_who *who;
    bool found;
};

static bool
is_within(void *ctx, const struct model_who *other)
{
    struct word *word = ctx;

    word->found = people_within(word->who, other);
    return !word->found;
}

static bool
listed(const struct model_who *who, const struct model_who *list, int n)
{
    struct word word = { who, false };

    for (int i = 0; i < n && !word.found; i++)
        (void)people_each(&list[i], is_within, &word);
    return word.found;
}

bool
rule_excludes(const struct approval_at *at, const struct model_rule *rule,
              const struct model_who *who)
{
    if (listed(who, rule->exclude, rule->n_exclude) ||
        listed(who, at->approval->exclude, at->approval->n_exclude))
        return true;
    for (const struct rule_around *a = at->around; a != NULL; a = a->outer)
        if (listed(who, a->rule->exclude, a->rule->n_exclude))
            return true;
    return false;
}

static bool
excludes_anything(const struct approval_at *at, const struct model_rule *rule)
{
    bool any = rule->n_exclude > 0 || at->approval->n_exclude > 0;

    for (const struct rule_around *a = at->around; a != NULL; a = a->outer)
        any = any || a->rule->n_exclude > 0;
    return any;
}

/* ---- how many there can be ---- */

struct count {
    const struct approval_at *at;
    const struct model_rule *rule;
    int weight, words, most, excluded;
    bool opener;
    const struct model_who *first_excluded;
    const struct model_who *once[16]; /* those who are one person: counted once */
    int n_once;
};

/* The same person named twice is one person. */
static bool
counted(struct count *c, const struct model_who *who)
{
    for (int i = 0; i < c->n_once; i++)
        if (people_within(who, c->once[i]))
            return true;
    if (c->n_once < (int)(sizeof c->once / sizeof c->once[0]))
        c->once[c->n_once++] = who;
    return false;
}

static bool
add_word(void *ctx, const struct model_who *who)
{
    struct count *c = ctx;
    int most = people_most(c->at->check, who, c->at->state);

    c->words++;
    if (rule_excludes(c->at, c->rule, who)) {
        c->excluded++;
        if (c->first_excluded == NULL)
            c->first_excluded = who;
        return true;
    }
    c->opener = c->opener || who->kind == MODEL_WHO_OPENER;
    if (most == 1 && counted(c, who))
        return true;
    c->most = plus(c->most, most >= PEOPLE_MANY / c->weight ? PEOPLE_MANY : most * c->weight);
    return true;
}

static void
count_people(const struct approval_at *at, const struct model_rule *rule, struct count *c)
{
    *c = (struct count){ .at = at, .rule = rule, .weight = 1 };
    (void)people_each(rule->who, add_word, c);
    for (int i = 0; i < rule->n_weights; i++) {
        c->weight = rule->weights[i];
        (void)people_each(&rule->weight_who[i], add_word, c);
    }
}

/* Did a person open the case, whatever case it is? */
static bool
opened_by_people(const struct check *check)
{
    return check->team->opened != NULL && !sgn_json_has(check->team->opened, check->model->name);
}

/* ---- what is found of one rule ---- */

static void
check_people(const struct approval_at *at, const struct model_rule *rule, const struct count *c)
{
    struct check *check = at->check;
    char label[128];

    if (c->words > 0 && c->words == c->excluded) {
        check_note(check, CHECK_EXCLUDES_ALL, at->pointer,
                   "take the exclusion out, or ask somebody else",
                   "the exclusions leave nobody: %s is excluded",
                   people_label(c->first_excluded, label, sizeof label));
    } else if (c->most == 0) {
        check_note(
            check, CHECK_APPROVAL_NOBODY, at->pointer,
            check->model->client == MODEL_CLIENT_NONE
                ? "nobody of the client sees these cases: say client = \"own\" or \"project\""
                : "ask a role, a group or a person",
            "nobody can ever give this approval");
    } else if (c->most < rule_needs(rule)) {
        check_note(check, CHECK_APPROVAL_TOO_FEW, at->pointer,
                   "lower the number, or ask more people", "needs %d, and there are at most %d",
                   rule_needs(rule), c->most);
    }
}

static bool
names_role(const struct check *check, const struct model_rule *rule, const char *role)
{
    const char *alias = sgn_json_str(check->model->aliases, role);
    const struct model_who *who = rule->who;

    for (int i = 0; who != NULL && i < (who->kind == MODEL_WHO_ANY_OF ? who->n_of : 1); i++) {
        const struct model_who *one = who->kind == MODEL_WHO_ANY_OF ? &who->of[i] : who;
        const char *of = one->name != NULL ? sgn_json_str(check->model->aliases, one->name) : NULL;

        if (one->name == NULL || one->kind > MODEL_WHO_SYSTEM)
            continue;
        if (strcmp(of != NULL ? of : one->name, alias != NULL ? alias : role) == 0)
            return true;
    }
    return false;
}

/* The stand-in of "nobody" is bound by the same exclusions, and is one person. */
static void
check_stand_in(const struct approval_at *at, const struct model_rule *rule)
{
    struct model_who who = { .kind = MODEL_WHO_ROLE, .name = rule->nobody };
    const char *alias = sgn_json_str(at->check->model->aliases, rule->nobody);

    if (strcmp(alias != NULL ? alias : rule->nobody, "opener") == 0)
        who.kind = MODEL_WHO_OPENER;
    if (rule_excludes(at, rule, &who))
        check_note(at->check, CHECK_NOBODY_USELESS, at->pointer, "name a role that is not excluded",
                   "nobody = \"%s\" is excluded itself: the rule is no then", rule->nobody);
    else if (rule_needs(rule) == 1 && names_role(at->check, rule, rule->nobody))
        check_note(at->check, CHECK_NOBODY_USELESS, at->pointer,
                   "name another role, \"skip\" or \"reject\"",
                   "nobody = \"%s\" is asked already: when it is nobody, so is its stand-in",
                   rule->nobody);
}

static void
check_nobody(const struct approval_at *at, const struct model_rule *rule, const struct count *c)
{
    bool proven = rule_needs(rule) == 1 && rule->kind != MODEL_WEIGHTED && c->opener &&
                  !excludes_anything(at, rule) && opened_by_people(at->check);
    char when[64];

    if (rule->nobody != NULL && strcmp(rule->nobody, "skip") != 0 &&
        strcmp(rule->nobody, "reject") != 0)
        check_stand_in(at, rule);
    if (rule->nobody != NULL || proven)
        return;
    if (rule_needs(rule) == 1)
        snprintf(when, sizeof when, "nobody");
    else
        snprintf(when, sizeof when,
                 rule->kind == MODEL_WEIGHTED ? "a weight of less than %d" : "fewer than %d",
                 rule_needs(rule));
    check_note(at->check, CHECK_NOBODY_MISSING, at->pointer,
               "add nobody = \"reject\", \"skip\" or a role that decides instead",
               "what happens when %s can be asked is not said", when);
}

/* ---- what is covered ---- */

struct seeing {
    const struct approval_at *at;
    const struct model_rule *rule;
    bool client;
};

/* Persons by name, and those of a function or of an earlier decision, may be of either side:
 * nothing is said of them. */
static bool
may_be_client(void *ctx, const struct model_who *who)
{
    struct seeing *s = ctx;
    bool known = who->kind == MODEL_WHO_ROLE || who->kind == MODEL_WHO_OPENER ||
                 who->kind == MODEL_WHO_ANYONE;

    if (known && !rule_excludes(s->at, s->rule, who) &&
        (people_sides(s->at->check, who, s->at->state) & SIDE_CLIENT) != 0)
        s->client = true;
    return !s->client;
}

static void
check_covers(const struct approval_at *at, const struct model_rule *rule)
{
    const struct check *check = at->check;
    struct seeing s = { at, rule, false };
    const json_t *name;
    size_t i;
    char pointer[CHECK_POINTER_MAX];

    (void)people_each(rule->who, may_be_client, &s);
    for (int k = 0; k < rule->n_weights; k++)
        (void)people_each(&rule->weight_who[k], may_be_client, &s);
    if (rule->nobody != NULL && strcmp(rule->nobody, "client") == 0)
        s.client = true;
    /* the approval's own list is looked through once, for whichever rule comes first */
    if (!s.client || at->covers == check->covered)
        return;
    if (at->covers == at->approval->covers)
        at->check->covered = at->covers;
    json_array_foreach(at->covers, i, name) {
        const struct model_field *field = model_field_find(check->model, json_string_value(name));

        if (field == NULL || field->shared)
            continue;
        snprintf(pointer, sizeof pointer, "%s/%zu", at->covers_pointer, i);
        check_note(at->check, CHECK_COVERS_UNSEEN, pointer,
                   "give the client's rule a covers of its own, with shared fields only",
                   "the client is asked to agree to \"%s\", an internal field that it cannot see",
                   field->name);
    }
}

/* ---- the walk ---- */

static void
check_leaf(const struct approval_at *at, const struct model_rule *rule)
{
    struct count c;

    count_people(at, rule, &c);
    check_people(at, rule, &c);
    check_nobody(at, rule, &c);
    check_covers(at, rule);
}

static void
check_rule(const struct approval_at *outer, const struct model_rule *rule, const char *pointer)
{
    struct rule_around around = { rule, outer->around };
    struct approval_at at = *outer;
    char *own = rule->covers != NULL ? sgn_format("%s/covers", pointer) : NULL;

    at.pointer = pointer;
    if (own != NULL) {
        at.covers = rule->covers;
        at.covers_pointer = own;
    }
    if (rule->n_rules == 0)
        check_leaf(&at, rule);
    at.around = &around;
    for (int i = 0; i < rule->n_rules; i++) {
        char *inner = sgn_format("%s/rules/%d", pointer, i);

        if (inner != NULL)
            check_rule(&at, &rule->rules[i], inner);
        else
            at.check->failed = true;
        free(inner);
    }
    free(own);
}

void
check_approvals(struct check *check)
{
    for (int i = 0; i < check->model->n_states; i++) {
        const struct model_approval *approval = check->model->states[i].approval;
        char pointer[CHECK_POINTER_MAX], covers[CHECK_POINTER_MAX];
        struct approval_at at = { .check = check, .approval = approval, .state = i };

        if (approval == NULL)
            continue;
        at.covers = approval->covers;
        at.covers_pointer = check_at(check, covers, i, "/approval/covers");
        at.pointer = check_at(check, pointer, i, "/approval/rule");
        check_rule(&at, &approval->rule, at.pointer);
        check_one_person(&at);
    }
}
