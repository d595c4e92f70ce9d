/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions compared, and the actions of a model gone through.
 */
#ifndef CHECK_CONDITIONS_H
#define CHECK_CONDITIONS_H

#include "check_internal.h"

/*
 * Does b hold whenever a does? NULL always holds. True only when that is sure: conditions of one
 * field are compared at all values at which one of them changes, functions by their number, and
 * all, any, no by their parts.
 */
bool cond_implies(const struct model_cond *a, const struct model_cond *b);

/* Appends the values of a condition's field at which it changes: a limit with what lies just
 * below and above, every choice, yes and no, null where filled is asked. */
void cond_points(const struct model_cond *cond, json_t *points);

/* Calls back for all actions of a state's enter and leave, its transitions' run and its rungs. */
typedef void (*action_fn)(void *ctx, const struct model_action *action);
void actions_each(const struct model *model, int state, action_fn each, void *ctx);

#endif
