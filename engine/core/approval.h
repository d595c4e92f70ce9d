/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Approvals inside core: a rule with its people looked up, and what it says of the ballots.
 *
 * Looking people up needs facts; judging does not: seats_judge() is a pure function of the
 * tree and the choices, so that all small cases can be enumerated against it.
 */
#ifndef CORE_APPROVAL_H
#define CORE_APPROVAL_H

#include "model.h"

enum verdict {
    VERDICT_OPEN,
    VERDICT_YES,
    VERDICT_NO,
    VERDICT_OUT, /* taken out: by its condition, or because nobody holds it */
};

struct seats {
    enum model_rule_kind kind;
    bool distinct;      /* of the whole: all seats are different persons, across its rules */
    enum verdict fixed; /* OUT or NO when looking up has decided it; else OPEN */
    int n;
    json_t *people;                /* {person: weight}; owned; NULL for a rule of rules */
    const struct model_rule *rule; /* NULL in tests */
    struct seats *rules;
    int n_rules;
};

void seats_deinit(struct seats *seats);
/* choices: {person: "approve"|"reject"|"abstain"|...} of the standing ballots. */
enum verdict seats_judge(const struct seats *seats, const json_t *choices);
/* Adds the persons who are asked: of an in_order only up to the rule whose turn it is. */
void seats_asked(const struct seats *seats, const json_t *choices, json_t *into);
/* Adds those asked who have not answered and whose answer can still matter. */
void seats_pending(const struct seats *seats, const json_t *choices, json_t *into);

/* ---- parts of these, for each other ---- */

/* One rule by itself: a ballot counts wherever its giver is eligible. */
enum verdict seats_judge_each(const struct seats *seats, const json_t *choices);
bool seats_all_answered(const struct seats *seats, const json_t *choices);
/* With distinct: every ballot counts in one rule only. */
enum verdict seats_judge_distinct(const struct seats *seats, const json_t *choices);
/* Would this person's approval fill a seat that is still free? */
bool seats_distinct_helps(const struct seats *seats, const json_t *choices, const char *person);

#endif
