/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An approval while it is looked at: shared by approvals.c and one_person.c.
 */
#ifndef CHECK_APPROVALS_H
#define CHECK_APPROVALS_H

#include "check_internal.h"
#include <stdlib.h>

/* The rules of rules around the one that is looked at, innermost first. */
struct rule_around {
    const struct model_rule *rule;
    const struct rule_around *outer;
};

struct approval_at {
    struct check *check;
    const struct model_approval *approval;
    int state;
    const struct rule_around *around;
    const char *pointer;        /* of the rule */
    const json_t *covers;       /* in force: the rule's own or those around it */
    const char *covers_pointer; /* where they stand */
};

/* So many approvals, or weights, must be reached by people. */
int rule_needs(const struct model_rule *rule);
/* Are the people of this word excluded from the rule, by it or by what is around it? */
bool rule_excludes(const struct approval_at *at, const struct model_rule *rule,
                   const struct model_who *who);
/* one_person.c: notes an approval for several that one person could give alone. */
void check_one_person(const struct approval_at *at);

#endif
