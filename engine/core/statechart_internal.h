/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the two files of the statechart algorithm share: selecting transitions, and the sets that
 * both selecting and taking them need. Names are those of the appendix.
 */
#ifndef CORE_STATECHART_INTERNAL_H
#define CORE_STATECHART_INTERNAL_H

#include "json.h"
#include "statechart.h"

/* The transitions of one microstep: at most one per atomic state. */
struct transition_list {
    const struct model_transition *items[MODEL_STATES_MAX];
    int n;
};

/* function isAtomicState(s): a final has no children either */
bool is_atomic_state(const struct model_state *state);
/* historyValue[h.id], or NULL */
const json_t *history_value(const struct statechart *chart, const struct model_state *history);
/* function getEffectiveTargetStates(transition), from a list of states; a history that nothing
 * is remembered for stands for its defaults. */
void get_effective_target_states(const struct statechart *chart, const int *targets, int n,
                                 struct statechart_set *out);
/* function getTransitionDomain(t); only for transitions with targets */
int get_transition_domain(const struct statechart *chart, const struct model_transition *t);
/* function computeExitSet(transitions), for one of them: adds to out */
void compute_exit_set(const struct statechart *chart, const struct model_transition *t,
                      struct statechart_set *out);
/* selectTransitions(event), or with NULL selectEventlessTransitions(). */
enum sgn_status select_transitions(const struct statechart *chart,
                                   const struct statechart_event *event,
                                   const struct statechart_ops *ops, void *ctx,
                                   struct transition_list *enabled) SGN_MUST_CHECK;

#endif
