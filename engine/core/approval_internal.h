/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files about approvals share with each other on a stage.
 */
#ifndef CORE_APPROVAL_INTERNAL_H
#define CORE_APPROVAL_INTERNAL_H

#include "approval.h"
#include "core_internal.h"

/* Looks up the people of the state's approval, exclusions and substitutes applied. */
enum sgn_status seats_find(struct stage *stage, int state, struct seats *out) SGN_MUST_CHECK;
/* The fields that a person's ballot covers; person NULL: all that any ballot does. */
enum sgn_status round_covers(struct stage *stage, int state, const char *person,
                             json_t **out) SGN_MUST_CHECK;
json_t *round_choices(struct stage *stage, const json_t *round);

#endif
