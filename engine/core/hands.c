/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose hand gave a ballot. A ballot is its giver's, whoever's hand wrote it; but a hand that is
 * excluded from a rule may not write there for somebody who is not, and one hand fills one seat
 * of a rule (with distinct: of the whole approval).
 *
 * A stand-in's ballot counts only where its hand may write in every rule that its giver sits on.
 * It is looked at whenever people are: a hand may become excluded after it wrote.
 */
#include "approval_internal.h"
#include <string.h>

/* The first of the list that bars the hand; *out stays NULL when none does. */
static enum sgn_status
bars(struct stage *stage, int state, const struct model_who *list, int n, const char *hand,
     const struct model_who **out)
{
    enum sgn_status status = SGN_OK;

    for (int i = 0; i < n && *out == NULL; i++) {
        json_t *barred = NULL;
        enum sgn_status one = who_barred(stage, &list[i], state, &barred);
        if (sgn_json_has(barred, hand))
            *out = &list[i];
        json_decref(barred);
        status = status != SGN_OK ? status : one;
    }
    return status;
}

static enum sgn_status
is_excluded(struct stage *stage, int state, const struct model_who *list, int n, const char *hand,
            bool *out)
{
    const struct model_who *by = NULL;
    enum sgn_status status = *out ? SGN_OK : bars(stage, state, list, n, hand, &by);

    *out = *out || by != NULL;
    return status;
}

/* Would the person sit there if nobody were excluded? */
static enum sgn_status
would_sit(struct stage *stage, int state, const struct model_rule *rule, const char *person,
          bool *out)
{
    enum sgn_status status = SGN_OK;

    *out = false;
    if (rule->who != NULL)
        status = who_has(stage, rule->who, state, person, out);
    for (int i = 0; status == SGN_OK && !*out && i < rule->n_weights; i++)
        status = who_has(stage, &rule->weight_who[i], state, person, out);
    for (int i = 0; status == SGN_OK && !*out && i < rule->n_rules; i++)
        status = would_sit(stage, state, &rule->rules[i], person, out);
    return status;
}

static enum sgn_status
rule_bars(struct stage *stage, int state, const struct model_rule *rule, const char *person,
          const struct model_who **out)
{
    bool sits_there;
    enum sgn_status status = would_sit(stage, state, rule, person, &sits_there);

    if (status == SGN_OK && sits_there)
        status = bars(stage, state, rule->exclude, rule->n_exclude, person, out);
    for (int i = 0; status == SGN_OK && *out == NULL && i < rule->n_rules; i++)
        status = rule_bars(stage, state, &rule->rules[i], person, out);
    return status;
}

/* Who would not be asked anyway is not excluded. */
enum sgn_status
excluded_by(struct stage *stage, int state, const char *person, const struct model_who **out)
{
    const struct model_approval *approval = stage->model->states[state].approval;
    bool sits_there;
    enum sgn_status status = would_sit(stage, state, &approval->rule, person, &sits_there);

    *out = NULL;
    if (status == SGN_OK && sits_there)
        status = bars(stage, state, approval->exclude, approval->n_exclude, person, out);
    return status == SGN_OK && *out == NULL ? rule_bars(stage, state, &approval->rule, person, out)
                                            : status;
}

/* On this rule, or on one within it. */
static bool
sits(const struct seats *seats, const char *person)
{
    if (json_object_get(seats->people, person) != NULL)
        return true;
    for (int i = 0; i < seats->n_rules; i++)
        if (sits(&seats->rules[i], person))
            return true;
    return false;
}

/* From one of the rules that the giver sits on, or from what is around it? */
static enum sgn_status
excluded_from(struct stage *stage, int state, const struct seats *seats, const char *giver,
              const char *hand, bool *out)
{
    const struct model_rule *rule = seats->rule;
    enum sgn_status status = SGN_OK;

    if (rule != NULL && sits(seats, giver))
        status = is_excluded(stage, state, rule->exclude, rule->n_exclude, hand, out);
    for (int i = 0; i < seats->n_rules; i++) {
        enum sgn_status one = excluded_from(stage, state, &seats->rules[i], giver, hand, out);
        status = status != SGN_OK ? status : one;
    }
    return status;
}

enum sgn_status
hand_excluded(struct stage *stage, int state, const struct seats *seats, const char *giver,
              const char *hand, bool *out)
{
    const struct model_approval *approval = stage->model->states[state].approval;
    enum sgn_status status, other;

    *out = false;
    status = is_excluded(stage, state, approval->exclude, approval->n_exclude, hand, out);
    other = excluded_from(stage, state, seats, giver, hand, out);
    return status != SGN_OK ? status : other;
}

/* A veto takes no seat: there one hand may object for many. */
static bool
sit_together(const struct seats *seats, const char *a, const char *b)
{
    if (seats->kind != MODEL_VETO && json_object_get(seats->people, a) != NULL &&
        json_object_get(seats->people, b) != NULL)
        return true;
    for (int i = 0; i < seats->n_rules; i++)
        if (sit_together(&seats->rules[i], a, b))
            return true;
    return false;
}

const char *
hand_used(const struct seats *seats, const json_t *ballots, const char *giver, const char *hand,
          const json_t *before)
{
    const json_t *other;
    bool earlier = true;
    size_t i;

    json_array_foreach(ballots, i, other) {
        const char *its = case_ballot_giver(other);
        earlier = earlier && other != before;
        if (other == before || !sgn_json_true(other, "standing") || strcmp(its, giver) == 0 ||
            strcmp(sgn_json_str(other, "person"), hand) != 0)
            continue;
        /* Their own comes first, then what was written first. */
        if (before != NULL && !earlier && strcmp(its, hand) != 0)
            continue;
        if (seats->distinct || sit_together(seats, its, giver))
            return its;
    }
    return NULL;
}

enum sgn_status
round_heard(struct stage *stage, int state, const struct seats *seats, json_t **out)
{
    const json_t *round = round_of(stage, stage->model->states[state].name);
    const json_t *ballots = json_object_get(round, "ballots");
    const json_t *ballot;
    json_t *choices = round_choices(stage, round);
    size_t i;
    enum sgn_status status = SGN_OK;

    *out = choices;
    json_array_foreach(ballots, i, ballot) {
        const char *giver = sgn_json_str(ballot, "on_behalf");
        const char *hand = sgn_json_str(ballot, "person");
        bool excluded = false;
        enum sgn_status one;
        if (giver == NULL || !sgn_json_true(ballot, "standing"))
            continue;
        one = hand_excluded(stage, state, seats, giver, hand, &excluded);
        if (excluded || hand_used(seats, ballots, giver, hand, ballot) != NULL)
            json_object_del(choices, giver);
        status = status != SGN_OK ? status : one;
    }
    if (status != SGN_OK) {
        json_decref(choices);
        *out = NULL;
    }
    return status;
}
