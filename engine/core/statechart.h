/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The statechart algorithm: W3C SCXML 1.0, appendix D, over the plain model.
 *
 * It keeps the appendix's procedure names (in C spelling) so that it can be read beside it.
 * It knows nothing of cases, rights, Lua or the store: conditions are asked and content is
 * run through struct statechart_ops, whose functions may fail; any failure (SGN_NEEDS too)
 * ends the macrostep at once and is handed on, and the caller throws the configuration away.
 *
 * What the appendix has and this has not: invoke, the datamodel, donedata, error events.
 */
#ifndef CORE_STATECHART_H
#define CORE_STATECHART_H

#include "model.h"

#define STATECHART_WORDS (MODEL_STATES_MAX / 64)

/* A set of states, walked in document order (upwards) or in exit order (downwards). */
struct statechart_set {
    uint64_t bits[STATECHART_WORDS];
};

bool statechart_set_has(const struct statechart_set *set, int state);
void statechart_set_add(struct statechart_set *set, int state);
void statechart_set_remove(struct statechart_set *set, int state);
/* The first member at or after from / the last one at or before from; -1: none. */
int statechart_set_next(const struct statechart_set *set, int from);
int statechart_set_previous(const struct statechart_set *set, int from);

struct statechart {
    const struct model *model;
    struct statechart_set configuration; /* all active states, ancestors and the root included */
    json_t *history;                     /* {history name: [names of remembered states]}; owned */
    bool running;                        /* false once a top-level final has been entered */
};

/*
 * Makes it from the active leaves and remembered states of a case (arrays and objects of
 * names; history may be NULL). SGN_INVALID when a name is unknown or the leaves do not make a
 * legal configuration (appendix D and section 3.11). With leaves NULL it is not started yet.
 */
enum sgn_status statechart_init(struct statechart *chart, const struct model *model,
                                const json_t *leaves, const json_t *history,
                                struct sgn_error *err) SGN_MUST_CHECK;
void statechart_deinit(struct statechart *chart);
/* Names of the active leaf states in document order; new reference. */
json_t *statechart_leaves(const struct statechart *chart);

struct statechart_event {
    const char *name;
    const json_t *data; /* object or NULL */
    int only;           /* index of the one transition that takes it (after, go), or -1 */
};

/*
 * What the caller does when something happens to the chart; NULL where it does nothing. Whoever
 * only takes transitions (statechart_take) is never asked holds and next_internal.
 */
struct statechart_ops {
    /* Does the transition's condition (by and when) hold for event? event is NULL in an
     * eventless transition. */
    enum sgn_status (*holds)(void *ctx, const struct model_transition *transition,
                             const struct statechart_event *event, bool *out);
    /* The transitions of the microstep, in document order, before anything runs. May refuse. */
    enum sgn_status (*selected)(void *ctx, const struct model_transition *const *transitions, int n,
                                const struct statechart_event *event);
    /* onexit content: before the state leaves the configuration. */
    enum sgn_status (*leave)(void *ctx, const struct model_state *state,
                             const struct statechart_event *event);
    /* Executable content of a transition. */
    enum sgn_status (*run)(void *ctx, const struct model_transition *transition,
                           const struct statechart_event *event);
    /* onentry content: the state is in the configuration already. */
    enum sgn_status (*enter)(void *ctx, const struct model_state *state,
                             const struct statechart_event *event);
    /* The next internal event, oldest first: name and data stay valid until the next call;
     * false when there is none. The queue is the caller's, so that content can raise into it. */
    bool (*next_internal)(void *ctx, struct statechart_event *out);
    /* Raises done.state.<name> into that queue. */
    enum sgn_status (*raise_done)(void *ctx, const char *name);
};

#define STATECHART_MICROSTEPS_MAX 1000

/* Enters the initial states and runs to completion. */
enum sgn_status statechart_start(struct statechart *chart, const struct statechart_ops *ops,
                                 void *ctx, struct sgn_error *err) SGN_MUST_CHECK;
/*
 * One macrostep: eventless transitions and what is in the internal queue first, then the
 * event (NULL: none, only what is pending), then to completion. *taken says whether
 * the event itself enabled a transition. More than STATECHART_MICROSTEPS_MAX microsteps are
 * SGN_RULE_OVERRUN.
 */
enum sgn_status statechart_step(struct statechart *chart, const struct statechart_event *event,
                                const struct statechart_ops *ops, void *ctx, bool *taken,
                                struct sgn_error *err) SGN_MUST_CHECK;
/*
 * Takes a transition that need not be the model's, whatever its condition, as one microstep; a
 * chart that has ended runs again. What follows from it comes with the next statechart_step.
 */
enum sgn_status statechart_take(struct statechart *chart, const struct model_transition *transition,
                                const struct statechart_ops *ops, void *ctx,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* Of how many transitions would the condition be asked for this event, if each denied? */
int statechart_listening(const struct statechart *chart, const struct statechart_event *event);
/* Would the event enable a transition? Asks conditions, runs nothing. */
enum sgn_status statechart_would(const struct statechart *chart,
                                 const struct statechart_event *event,
                                 const struct statechart_ops *ops, void *ctx, bool *enabled);

#endif
