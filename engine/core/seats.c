/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging a rule: yes, no or open from its people and their standing ballots.
 */
#include "approval.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

void
seats_deinit(struct seats *seats)
{
    for (int i = 0; i < seats->n_rules; i++)
        seats_deinit(&seats->rules[i]);
    free(seats->rules);
    json_decref(seats->people);
    *seats = (struct seats){ 0 };
}

/* Ballots of one rule, each counted with its weight. */
struct count {
    int64_t people, approve, reject, abstain;
};

static struct count
count_ballots(const struct seats *seats, const json_t *choices)
{
    struct count count = { 0 };
    const char *person;
    json_t *weight;

    json_object_foreach(seats->people, person, weight) {
        const char *choice = sgn_json_str(choices, person);
        int64_t w = seats->kind == MODEL_WEIGHTED ? json_integer_value(weight) : 1;
        count.people += w;
        if (choice == NULL)
            continue;
        if (strcmp(choice, "approve") == 0)
            count.approve += w;
        else if (strcmp(choice, "reject") == 0)
            count.reject += w;
        else
            count.abstain += w; /* defer and changes end the round where they are cast */
    }
    return count;
}

static enum verdict
judge_number(struct count count, int64_t needed)
{
    int64_t unanswered = count.people - count.approve - count.reject - count.abstain;

    if (count.approve >= needed)
        return VERDICT_YES;
    return count.approve + unanswered < needed ? VERDICT_NO : VERDICT_OPEN;
}

/*
 * Percent of those who did not abstain. Yes is certain when it holds though everybody else
 * rejects; no when it fails though everybody else approves. Who abstains later only shrinks
 * the base, and lies between the two.
 */
static enum verdict
judge_percent(struct count count, int64_t percent)
{
    int64_t base = count.people - count.abstain;
    int64_t unanswered = base - count.approve - count.reject;

    if (base > 0 && count.approve > 0 && count.approve * 100 >= percent * base)
        return VERDICT_YES;
    if (unanswered == 0 || (count.approve + unanswered) * 100 < percent * base)
        return VERDICT_NO;
    return VERDICT_OPEN;
}

static enum verdict
judge_leaf(const struct seats *seats, const json_t *choices)
{
    struct count count = count_ballots(seats, choices);

    switch (seats->kind) {
    case MODEL_PERCENT:
        return judge_percent(count, seats->n);
    case MODEL_VETO:
        return count.reject > 0 ? VERDICT_NO : VERDICT_YES;
    case MODEL_WEIGHTED:
    case MODEL_AT_LEAST:
    default:
        return judge_number(count, seats->n);
    }
}

static bool
all_answered(const struct seats *seats, const json_t *choices)
{
    const char *person;
    json_t *weight;

    if (seats->fixed != VERDICT_OPEN)
        return true;
    json_object_foreach(seats->people, person, weight)
        if (json_object_get(choices, person) == NULL)
            return false;
    for (int i = 0; i < seats->n_rules; i++)
        if (!all_answered(&seats->rules[i], choices))
            return false;
    return true;
}

static enum verdict
judge_rules(const struct seats *seats, const json_t *choices)
{
    int yes = 0, no = 0, open = 0;

    for (int i = 0; i < seats->n_rules; i++) {
        enum verdict verdict = seats_judge(&seats->rules[i], choices);
        yes += verdict == VERDICT_YES;
        no += verdict == VERDICT_NO;
        open += verdict == VERDICT_OPEN;
    }
    if (yes + no + open == 0)
        return VERDICT_OUT;
    if (seats->kind == MODEL_EVERYONE_ANSWERS && !all_answered(seats, choices))
        return VERDICT_OPEN;
    if (seats->kind == MODEL_ANY_OF) {
        if (yes > 0)
            return VERDICT_YES;
        return open > 0 ? VERDICT_OPEN : VERDICT_NO;
    }
    if (no > 0)
        return VERDICT_NO;
    return open > 0 ? VERDICT_OPEN : VERDICT_YES;
}

enum verdict
seats_judge(const struct seats *seats, const json_t *choices)
{
    if (seats->fixed != VERDICT_OPEN)
        return seats->fixed;
    return seats->people != NULL ? judge_leaf(seats, choices) : judge_rules(seats, choices);
}

static void
add_people(const struct seats *seats, const json_t *choices, bool pending, json_t *into)
{
    const char *person;
    json_t *weight;

    json_object_foreach(seats->people, person, weight)
        if (!(pending && json_object_get(choices, person) != NULL) && !sgn_json_has(into, person))
            (void)json_array_append_new(into, json_string(person));
}

static void
walk(const struct seats *seats, const json_t *choices, bool pending, json_t *into)
{
    enum verdict verdict = seats_judge(seats, choices);

    if (seats->fixed != VERDICT_OPEN || verdict == VERDICT_OUT)
        return;
    if (seats->people != NULL) {
        add_people(seats, choices, pending, into);
        return;
    }
    for (int i = 0; i < seats->n_rules; i++) {
        enum verdict one = seats_judge(&seats->rules[i], choices);
        bool everyone = seats->kind == MODEL_EVERYONE_ANSWERS;
        /* A veto is yes while nobody speaks, and its people are asked all the same. */
        bool matters = one == VERDICT_OPEN || everyone || seats->rules[i].kind == MODEL_VETO;
        if (!pending || matters)
            walk(&seats->rules[i], choices, pending, into);
        if (seats->kind == MODEL_IN_ORDER && one == VERDICT_OPEN)
            return;
    }
}

void
seats_asked(const struct seats *seats, const json_t *choices, json_t *into)
{
    walk(seats, choices, false, into);
}

void
seats_pending(const struct seats *seats, const json_t *choices, json_t *into)
{
    if (seats_judge(seats, choices) == VERDICT_OPEN)
        walk(seats, choices, true, into);
}
