/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging a rule by itself: yes, no or open from its people and their standing ballots.
 *
 * A pure function without facts, so that the tests can enumerate every small case
 * against a second judge that plays all ends. "Yes" and "no" are said only when no
 * answer still to come could change them (everyone_answers says them later); otherwise
 * a round could end twice.
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

/* Numbers count seats. Nobody's silence is a no: it is no when even all who have not
 * answered could not reach the number. */
static enum verdict
judge_number(struct count count, int64_t needed)
{
    int64_t unanswered = count.people - count.approve - count.reject - count.abstain;

    if (count.approve >= needed)
        return VERDICT_YES;
    return count.approve + unanswered < needed ? VERDICT_NO : VERDICT_OPEN;
}

/*
 * Percent of those who did not abstain. Yes is certain when it holds though everybody
 * else rejects; no when it fails though everybody else approves. Who abstains later
 * only shrinks the base, and lies between the two. If all abstain nobody has agreed:
 * no.
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

/* A veto is yes while nobody rejects: it is not an approval of its own. */
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

/* Whoever was taken out has nothing to answer. */
bool
seats_all_answered(const struct seats *seats, const json_t *choices)
{
    const char *person;
    json_t *weight;

    if (seats->fixed != VERDICT_OPEN)
        return true;
    json_object_foreach(seats->people, person, weight)
        if (json_object_get(choices, person) == NULL)
            return false;
    for (int i = 0; i < seats->n_rules; i++)
        if (!seats_all_answered(&seats->rules[i], choices))
            return false;
    return true;
}

/* all_of and in_order differ only in whom they ask. A rule whose parts are all taken
 * out is taken out itself; if that is the whole, the approval is rejected (approval.c). */
static enum verdict
judge_rules(const struct seats *seats, const json_t *choices)
{
    int yes = 0, no = 0, open = 0;

    for (int i = 0; i < seats->n_rules; i++) {
        enum verdict verdict = seats_judge_each(&seats->rules[i], choices);
        yes += verdict == VERDICT_YES;
        no += verdict == VERDICT_NO;
        open += verdict == VERDICT_OPEN;
    }
    if (yes + no + open == 0)
        return VERDICT_OUT;
    if (seats->kind == MODEL_EVERYONE_ANSWERS && !seats_all_answered(seats, choices))
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
seats_judge_each(const struct seats *seats, const json_t *choices)
{
    if (seats->fixed != VERDICT_OPEN)
        return seats->fixed;
    return seats->people != NULL ? judge_leaf(seats, choices) : judge_rules(seats, choices);
}
