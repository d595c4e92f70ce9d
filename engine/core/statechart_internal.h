/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the statechart algorithm share: selecting transitions, the sets that both
 * selecting and taking them need, and what goes round where it does not end. Names are those of the
 * appendix.
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

/* The transitions of the last microsteps, the first of each. */
#define STATECHART_CIRCLE 32
struct statechart_circle {
    const struct model_transition *taken[STATECHART_CIRCLE];
    int n; /* of all microsteps */
};
void statechart_circle_add(struct statechart_circle *circle,
                           const struct model_transition *transition);
/* Those that go round, as "planned":5 → "done":9 → "planned":5; cut to n bytes. */
void statechart_circle_text(const struct statechart_circle *circle, const struct model *model,
                            char *out, size_t n);

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
