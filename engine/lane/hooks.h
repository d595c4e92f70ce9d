/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hooks: what other tools send in. A team's rules (model/team.h) say which there are, how their
 * senders sign, on whose behalf they act, and have a function that tells what is to be done. What
 * they sign with is a row of STORE_HOOK, which no script sees:
 *
 *     secret, old_secret, old_until   as an endpoint's: until then both are good
 *     person                          who set it; null: an operator
 */
#ifndef LANE_HOOKS_H
#define LANE_HOOKS_H

#include "lane.h"

/* The team's hooks as its rules in force have them: [{"name", "scheme", "by", ...}], a new
 * reference, empty where there is no such team; NULL: out of memory. Any thread. */
json_t *lane_hooks(struct lane *lane, const char *team);
/* The one of this name, a new reference, or NULL. */
json_t *lane_hook(struct lane *lane, const char *team, const char *name);

/*
 * On the lane: asks the function of this hook of the team what is to be done about what was sent
 * (borrowed: {"body", "headers"}). SGN_NEEDS: its answer is still to come, and the job is run again
 * then. *out is its answer as the rules gave it, DOES of rules.h: whoever uses it checks it.
 * SGN_NOT_FOUND: there is no such hook (any more).
 */
enum sgn_status lane_hook_ask(struct lane_run *run, const char *name, const json_t *sent,
                              json_t **out, struct sgn_error *err) SGN_MUST_CHECK;

#endif
