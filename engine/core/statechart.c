/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The statechart algorithm, to be read beside W3C SCXML 1.0, appendix D ("Algorithm for SCXML
 * Interpretation"): a procedure there has its name here, in C spelling, and its order of steps.
 *
 * What a reader of the appendix should know beforehand:
 *   - The root is the <scxml> element: state 0, compound, always active, without content.
 *     It may have transitions, which the appendix does not foresee; their domain is the root.
 *   - OrderedSets of states are bit sets: walked upwards they are in document (entry) order,
 *     downwards in exit order. OrderedSets of transitions are arrays.
 *   - statesToInvoke, defaultHistoryContent and the datamodel have no counterpart; content of
 *     initial transitions does not exist, so statesForDefaultEntry is not needed.
 *   - Selecting transitions stands in statechart_select.c.
 *   - exitInterpreter() is not run: after a top-level final the case keeps showing that state.
 */
#include "statechart_internal.h"
#include <assert.h>
#include <string.h>

/* One macrostep under way. */
struct step {
    struct statechart *chart;
    const struct model *model;
    const struct statechart_ops *ops;
    void *ctx;
    struct sgn_error *err;
    struct statechart_circle circle;
};

/* ---- sets of states, predicates ---- */

/* statesToEnter.some(lambda s: isDescendant(s, ancestor)) */
static bool
some_descendant(const struct statechart_set *set, const struct model_state *ancestor)
{
    int s = statechart_set_next(set, ancestor->index + 1);

    return s >= 0 && s <= ancestor->last;
}

/* function isInFinalState(s) */
static bool
is_in_final_state(const struct statechart *chart, const struct model_state *state)
{
    const struct model_state *states = chart->model->states;

    for (int i = 0; i < state->n_children; i++) {
        const struct model_state *child = &states[state->children[i]];

        if (state->kind == MODEL_COMPOUND && child->kind == MODEL_FINAL &&
            statechart_set_has(&chart->configuration, child->index))
            return true;
        if (state->kind == MODEL_PARALLEL && child->kind != MODEL_HISTORY &&
            !is_in_final_state(chart, child))
            return false;
    }
    return state->kind == MODEL_PARALLEL;
}

/* ---- leaving ---- */

/* The part of exitStates() that fills historyValue, before anything has left */
static enum sgn_status
record_history(struct step *step, const struct model_state *state)
{
    const struct statechart_set *active = &step->chart->configuration;

    for (int i = 0; i < state->n_children; i++) {
        const struct model_state *h = &step->model->states[state->children[i]];
        json_t *names;

        if (h->kind != MODEL_HISTORY)
            continue;
        names = json_array();
        for (int s = statechart_set_next(active, state->index + 1); s >= 0 && s <= state->last;
             s = statechart_set_next(active, s + 1)) {
            const struct model_state *s0 = &step->model->states[s];

            if (h->deep ? is_atomic_state(s0) : s0->parent == state->index)
                if (json_array_append_new(names, json_string(s0->name)) != 0) {
                    json_decref(names);
                    return sgn_nomem(step->err);
                }
        }
        if (json_object_set_new(step->chart->history, h->name, names) != 0)
            return sgn_nomem(step->err);
    }
    return SGN_OK;
}

/* procedure exitStates(enabledTransitions) */
static enum sgn_status
exit_states(struct step *step, const struct transition_list *enabled,
            const struct statechart_event *event)
{
    struct statechart_set states_to_exit = { 0 };
    enum sgn_status st = SGN_OK;

    for (int i = 0; i < enabled->n; i++)
        compute_exit_set(step->chart, enabled->items[i], &states_to_exit);
    for (int s = statechart_set_previous(&states_to_exit, MODEL_STATES_MAX - 1);
         st == SGN_OK && s >= 0; s = statechart_set_previous(&states_to_exit, s - 1))
        st = record_history(step, &step->model->states[s]);
    for (int s = statechart_set_previous(&states_to_exit, MODEL_STATES_MAX - 1);
         st == SGN_OK && s >= 0; s = statechart_set_previous(&states_to_exit, s - 1)) {
        if (step->ops->leave != NULL)
            st = step->ops->leave(step->ctx, &step->model->states[s], event);
        statechart_set_remove(&step->chart->configuration, s);
    }
    return st;
}

/* ---- entering ---- */

static void add_descendant_states_to_enter(const struct statechart *chart, int state,
                                           struct statechart_set *states_to_enter);

/* The regions of a parallel in which nothing is entered yet are entered by default. */
static void
add_other_regions(const struct statechart *chart, const struct model_state *parallel,
                  struct statechart_set *states_to_enter)
{
    for (int i = 0; i < parallel->n_children; i++) {
        const struct model_state *child = &chart->model->states[parallel->children[i]];

        if (child->kind != MODEL_HISTORY && !some_descendant(states_to_enter, child))
            add_descendant_states_to_enter(chart, child->index, states_to_enter);
    }
}

/* procedure addAncestorStatesToEnter(state, ancestor, statesToEnter, ...) */
static void
add_ancestor_states_to_enter(const struct statechart *chart, int state, int ancestor,
                             struct statechart_set *states_to_enter)
{
    const struct model_state *states = chart->model->states;

    for (int anc = states[state].parent; anc > ancestor; anc = states[anc].parent) {
        statechart_set_add(states_to_enter, anc);
        if (states[anc].kind == MODEL_PARALLEL)
            add_other_regions(chart, &states[anc], states_to_enter);
    }
}

/* What both branches for histories and the one for compound states do with a list of states:
 * first all descendants, then the ancestors up to the state around. */
static void
add_states_below(const struct statechart *chart, const struct statechart_set *below, int around,
                 struct statechart_set *states_to_enter)
{
    for (int s = statechart_set_next(below, 0); s >= 0; s = statechart_set_next(below, s + 1))
        add_descendant_states_to_enter(chart, s, states_to_enter);
    for (int s = statechart_set_next(below, 0); s >= 0; s = statechart_set_next(below, s + 1))
        add_ancestor_states_to_enter(chart, s, around, states_to_enter);
}

/* procedure addDescendantStatesToEnter(state, statesToEnter, ...) */
static void
add_descendant_states_to_enter(const struct statechart *chart, int state,
                               struct statechart_set *states_to_enter)
{
    const struct model_state *s = &chart->model->states[state];
    struct statechart_set below = { 0 };

    if (s->kind == MODEL_HISTORY) {
        const json_t *remembered = history_value(chart, s);
        json_t *name;
        size_t i;

        json_array_foreach(remembered, i, name)
            statechart_set_add(&below, model_state_find(chart->model, json_string_value(name)));
        for (int k = 0; remembered == NULL && k < s->n_start; k++)
            statechart_set_add(&below, s->start[k]);
        add_states_below(chart, &below, s->parent, states_to_enter);
        return;
    }
    statechart_set_add(states_to_enter, state);
    if (s->kind == MODEL_COMPOUND) {
        for (int k = 0; k < s->n_start; k++)
            statechart_set_add(&below, s->start[k]);
        add_states_below(chart, &below, state, states_to_enter);
    } else if (s->kind == MODEL_PARALLEL) {
        add_other_regions(chart, s, states_to_enter);
    }
}

/* procedure computeEntrySet(transitions, statesToEnter, ...), for one of them */
static void
compute_entry_set(const struct statechart *chart, const struct model_transition *t,
                  struct statechart_set *states_to_enter)
{
    struct statechart_set effective = { 0 };
    int ancestor;

    if (t->n_targets == 0)
        return;
    for (int i = 0; i < t->n_targets; i++)
        add_descendant_states_to_enter(chart, t->targets[i], states_to_enter);
    ancestor = get_transition_domain(chart, t);
    get_effective_target_states(chart, t->targets, t->n_targets, &effective);
    for (int s = statechart_set_next(&effective, 0); s >= 0;
         s = statechart_set_next(&effective, s + 1))
        add_ancestor_states_to_enter(chart, s, ancestor, states_to_enter);
}

/*
 * The part of enterStates() for a final. The appendix looks at the grandparent only; a parallel
 * that is itself a region of a parallel completes that one too (section 3.4: it is then in a
 * final state), so we look on upwards.
 */
static enum sgn_status
final_entered(struct step *step, const struct model_state *final)
{
    const struct model_state *states = step->model->states;
    enum sgn_status st;

    if (final->parent == 0)
        step->chart->running = false;
    if (final->parent == 0 || step->ops->raise_done == NULL)
        return SGN_OK;
    st = step->ops->raise_done(step->ctx, states[final->parent].name);
    for (int p = states[final->parent].parent; st == SGN_OK && p >= 0; p = states[p].parent) {
        if (states[p].kind != MODEL_PARALLEL || !is_in_final_state(step->chart, &states[p]))
            break;
        st = step->ops->raise_done(step->ctx, states[p].name);
    }
    return st;
}

/* procedure enterStates(enabledTransitions), from the entry set on */
static enum sgn_status
enter_states(struct step *step, const struct statechart_set *states_to_enter,
             const struct statechart_event *event)
{
    enum sgn_status st = SGN_OK;

    for (int s = statechart_set_next(states_to_enter, 0); st == SGN_OK && s >= 0;
         s = statechart_set_next(states_to_enter, s + 1)) {
        const struct model_state *state = &step->model->states[s];

        statechart_set_add(&step->chart->configuration, s);
        if (step->ops->enter != NULL)
            st = step->ops->enter(step->ctx, state, event);
        if (st == SGN_OK && state->kind == MODEL_FINAL)
            st = final_entered(step, state);
    }
    return st;
}

/* ---- steps ---- */

/* procedure microstep(enabledTransitions) */
static enum sgn_status
microstep(struct step *step, const struct transition_list *enabled,
          const struct statechart_event *event)
{
    struct statechart_set states_to_enter = { 0 };
    enum sgn_status st = SGN_OK;

    statechart_circle_add(&step->circle, enabled->items[0]);
    if (step->circle.n > STATECHART_MICROSTEPS_MAX) {
        char round[400];

        statechart_circle_text(&step->circle, step->model, round, sizeof round);
        return sgn_fail(step->err, SGN_RULE_OVERRUN,
                        "more than %d microsteps in one macrostep: transitions that follow each "
                        "other without end: %s",
                        STATECHART_MICROSTEPS_MAX, round);
    }
    if (step->ops->selected != NULL)
        st = step->ops->selected(step->ctx, enabled->items, enabled->n, event);
    if (st == SGN_OK)
        st = exit_states(step, enabled, event);
    for (int i = 0; step->ops->run != NULL && st == SGN_OK && i < enabled->n; i++)
        st = step->ops->run(step->ctx, enabled->items[i], event);
    if (st != SGN_OK)
        return st;
    for (int i = 0; i < enabled->n; i++)
        compute_entry_set(step->chart, enabled->items[i], &states_to_enter);
    return enter_states(step, &states_to_enter, event);
}

/* procedure mainEventLoop(), its inner loop: eventless transitions before internal events, until
 * neither is left */
static enum sgn_status
run_to_completion(struct step *step)
{
    struct transition_list enabled;
    enum sgn_status st;

    while (step->chart->running) {
        struct statechart_event internal = { .only = -1 };
        const struct statechart_event *event = NULL;

        st = select_transitions(step->chart, NULL, step->ops, step->ctx, &enabled);
        if (st == SGN_OK && enabled.n == 0) {
            if (!step->ops->next_internal(step->ctx, &internal))
                return SGN_OK;
            event = &internal;
            st = select_transitions(step->chart, event, step->ops, step->ctx, &enabled);
        }
        if (st == SGN_OK && enabled.n > 0)
            st = microstep(step, &enabled, event);
        if (st != SGN_OK)
            return st;
    }
    return SGN_OK;
}

/* procedure interpret(doc), from "enterStates([doc.initial.transition])" on: the root
 * has no content, so entering begins below it. */
enum sgn_status
statechart_start(struct statechart *chart, const struct statechart_ops *ops, void *ctx,
                 struct sgn_error *err)
{
    struct step step = { chart, chart->model, ops, ctx, err, { .n = 0 } };
    const struct model_state *root = &chart->model->states[0];
    struct statechart_set states_to_enter = { 0 };
    enum sgn_status st;

    assert(statechart_set_next(&chart->configuration, 0) < 0);
    statechart_set_add(&chart->configuration, 0);
    chart->running = true;
    /* enterStates([doc.initial.transition]) */
    for (int i = 0; i < root->n_start; i++)
        add_descendant_states_to_enter(chart, root->start[i], &states_to_enter);
    for (int i = 0; i < root->n_start; i++)
        add_ancestor_states_to_enter(chart, root->start[i], 0, &states_to_enter);
    st = enter_states(&step, &states_to_enter, NULL);
    return st == SGN_OK ? run_to_completion(&step) : st;
}

/* procedure mainEventLoop(), one turn of its outer loop. Eventless transitions and
 * internal events are looked at first: what was changed from outside (an edit, a
 * ballot) may have enabled them, and they come before the event. */
enum sgn_status
statechart_step(struct statechart *chart, const struct statechart_event *event,
                const struct statechart_ops *ops, void *ctx, bool *taken, struct sgn_error *err)
{
    struct step step = { chart, chart->model, ops, ctx, err, { .n = 0 } };
    struct transition_list enabled;
    enum sgn_status st;

    *taken = false;
    st = run_to_completion(&step);
    if (st != SGN_OK || event == NULL || !chart->running)
        return st;
    st = select_transitions(chart, event, ops, ctx, &enabled);
    if (st != SGN_OK || enabled.n == 0)
        return st;
    *taken = true;
    st = microstep(&step, &enabled, event);
    return st == SGN_OK ? run_to_completion(&step) : st;
}

/* A microstep of one transition that nobody selected. */
enum sgn_status
statechart_take(struct statechart *chart, const struct model_transition *transition,
                const struct statechart_ops *ops, void *ctx, struct sgn_error *err)
{
    struct step step = { chart, chart->model, ops, ctx, err, { .n = 0 } };
    struct transition_list one = { .items = { transition }, .n = 1 };

    chart->running = true;
    return microstep(&step, &one, NULL);
}

/* The selection alone. It may ask guards, so it fails as they do; nothing is entered or
 * left. */
enum sgn_status
statechart_would(const struct statechart *chart, const struct statechart_event *event,
                 const struct statechart_ops *ops, void *ctx, bool *enabled)
{
    struct transition_list list;
    enum sgn_status st = SGN_OK;

    list.n = 0;
    if (chart->running)
        st = select_transitions(chart, event, ops, ctx, &list);
    *enabled = list.n > 0;
    return st;
}
