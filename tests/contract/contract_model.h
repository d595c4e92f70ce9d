/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A model of lists of cases: random cases in an array, filters as plain comparisons, sorting
 * by comparing. Shares nothing with any backend but the filter's struct.
 */
#ifndef CONTRACT_MODEL_H
#define CONTRACT_MODEL_H

#include "contract.h"

struct random {
    uint64_t state; /* the seed */
};
int random_below(struct random *random, int n);
/* One of the words, or NULL where the word is "-". */
const char *random_of(struct random *random, const char *const *words);

/* The words that cases are made of; each list ends with NULL. */
struct model_words {
    const char *workflows[4], *projects[5], *clients[4], *persons[5], *groups[4], *priorities[5],
        *outcomes[5], *states[5], *texts[7], *roles[3];
};
extern const struct model_words model_words;

struct model_case {
    struct store_case row;
    char key[16];
    json_t *indexed, *waiting;
    const char *wait_person, *wait_role, *wait_group;
    int64_t wait_due;
};
/* Case number n, random but for its key. */
void model_init(struct model_case *one, struct random *random, int n);
void model_deinit(struct model_case *one);

/* Whom kim stands in for in every test of that: li in erp, wang in issues. New reference. */
json_t *model_givers(void);
/* Does the filter let the case through? visible_to must be NULL or kim, who is a member of
 * erp (sponsor) and crm (engineer) and the only one in group ccb. */
bool model_matches(const struct model_case *one, const struct store_case_filter *filter);
/* The order of two cases in a list: below, at or above zero. */
int model_compare(const struct model_case *a, const struct model_case *b,
                  const struct store_case_filter *filter);

/* What cases are counted by. */
extern const char *const model_counted[12];
/* How many of the cases there are of each combination of values in these columns: {the values as
 * JSON text, {NAME: VALUE} with sorted names: number}. New reference. */
json_t *model_groups(const struct model_case *const *cases, int n, const struct store_count *count);

#endif
