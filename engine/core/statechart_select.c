/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which transitions a microstep takes: the part of appendix D that only reads the chart. See
 * statechart.c, which is the rest of it, for what a reader of the appendix should know.
 */
#include "statechart_internal.h"
#include <string.h>

/* ---- sets of states, predicates ---- */

/* transition1.exitSet.hasIntersection(transition2.exitSet) */
static bool
has_intersection(const struct statechart_set *a, const struct statechart_set *b)
{
    for (int i = 0; i < STATECHART_WORDS; i++)
        if ((a->bits[i] & b->bits[i]) != 0)
            return true;
    return false;
}

/* function isAtomicState(s): a final has no children either */
bool
is_atomic_state(const struct model_state *state)
{
    return state->kind == MODEL_ATOMIC || state->kind == MODEL_FINAL;
}

/* function isDescendant(state1, state2) */
static bool
is_descendant(const struct model *model, int state, int ancestor)
{
    return model_descends(model, state, ancestor);
}

/* historyValue[h.id], or NULL */
const json_t *
history_value(const struct statechart *chart, const struct model_state *history)
{
    return json_object_get(chart->history, history->name);
}

/* ---- the domain of a transition ---- */

/* function getEffectiveTargetStates(transition), from a list of states; a history that nothing
 * is remembered for stands for its defaults. */
void
get_effective_target_states(const struct statechart *chart, const int *targets, int n,
                            struct statechart_set *out)
{
    for (int i = 0; i < n; i++) {
        const struct model_state *s = &chart->model->states[targets[i]];
        const json_t *remembered = history_value(chart, s);
        json_t *name;
        size_t k;

        if (s->kind != MODEL_HISTORY)
            statechart_set_add(out, s->index);
        else if (remembered == NULL)
            get_effective_target_states(chart, s->start, s->n_start, out);
        else
            json_array_foreach(remembered, k, name)
                statechart_set_add(out, model_state_find(chart->model, json_string_value(name)));
    }
}

/* stateList.every(lambda s: isDescendant(s, ancestor)) */
static bool
every_descends(const struct model *model, const struct statechart_set *set, int ancestor)
{
    for (int s = statechart_set_next(set, 0); s >= 0; s = statechart_set_next(set, s + 1))
        if (!is_descendant(model, s, ancestor))
            return false;
    return true;
}

/* function findLCCA(stateList): the head's ancestors that are compound, or the root */
static int
find_lcca(const struct model *model, int head, const struct statechart_set *tail)
{
    for (int anc = model->states[head].parent; anc >= 0; anc = model->states[anc].parent)
        if (model->states[anc].kind == MODEL_COMPOUND && every_descends(model, tail, anc))
            return anc;
    return 0; /* head is the root itself: a transition of the workflow */
}

/* function getTransitionDomain(t); only for transitions with targets */
int
get_transition_domain(const struct statechart *chart, const struct model_transition *t)
{
    struct statechart_set tstates = { 0 };

    get_effective_target_states(chart, t->targets, t->n_targets, &tstates);
    if (t->internal && chart->model->states[t->source].kind == MODEL_COMPOUND &&
        every_descends(chart->model, &tstates, t->source))
        return t->source;
    return find_lcca(chart->model, t->source, &tstates);
}

/* function computeExitSet(transitions), for one of them: adds to out */
void
compute_exit_set(const struct statechart *chart, const struct model_transition *t,
                 struct statechart_set *out)
{
    int domain, last;

    if (t->n_targets == 0)
        return;
    domain = get_transition_domain(chart, t);
    last = chart->model->states[domain].last;
    for (int s = statechart_set_next(&chart->configuration, domain + 1); s >= 0 && s <= last;
         s = statechart_set_next(&chart->configuration, s + 1))
        statechart_set_add(out, s);
}

/* ---- selecting transitions ---- */

/* nameMatch(t.event, event.name), and who may take what: see "only" in the header */
static bool
name_match(const struct model_transition *t, const struct statechart_event *event)
{
    if (event == NULL)
        return t->kind == MODEL_ALWAYS;
    if (event->only >= 0)
        return t->index == event->only;
    if (t->kind == MODEL_ALWAYS || t->kind == MODEL_AFTER || t->kind == MODEL_ON_GO)
        return false;
    for (int i = 0; i < t->n_events; i++)
        if (model_event_matches(t->events[i], event->name))
            return true;
    return false;
}

/* One of a common ancestor counts for each atomic state below it. */
int
statechart_listening(const struct statechart *chart, const struct statechart_event *event)
{
    const struct statechart_set *active = &chart->configuration;
    int n = 0;

    for (int s = statechart_set_next(active, 0); s >= 0; s = statechart_set_next(active, s + 1))
        for (int at = s; is_atomic_state(&chart->model->states[s]) && at >= 0;
             at = chart->model->states[at].parent)
            for (int i = 0; i < chart->model->states[at].n_transitions; i++)
                n += name_match(chart->model->states[at].transitions[i], event);
    return n;
}

/* The body of the loop over atomic states: the first transition of the state, else of its
 * ancestors, innermost first, that listens and whose condition holds. */
static enum sgn_status
first_enabled(const struct statechart *chart, int atomic, const struct statechart_event *event,
              const struct statechart_ops *ops, void *ctx, const struct model_transition **out)
{
    *out = NULL;
    for (int s = atomic; s >= 0; s = chart->model->states[s].parent) {
        const struct model_state *state = &chart->model->states[s];

        for (int i = 0; i < state->n_transitions; i++) {
            const struct model_transition *t = state->transitions[i];
            enum sgn_status st;
            bool holds = false;

            if (!name_match(t, event))
                continue;
            st = ops->holds(ctx, t, event, &holds);
            if (st != SGN_OK)
                return st;
            if (holds) {
                *out = t;
                return SGN_OK;
            }
        }
    }
    return SGN_OK;
}

/* function removeConflictingTransitions(enabledTransitions): of two whose exit sets meet, the
 * one whose source is the descendant wins, else the one selected first */
static void
remove_conflicting_transitions(const struct statechart *chart, struct transition_list *enabled)
{
    int n_filtered = 0; /* the filtered ones gather at the front of the same array */

    for (int i = 0; i < enabled->n; i++) {
        const struct model_transition *t1 = enabled->items[i];
        struct statechart_set exits1 = { 0 };
        uint64_t remove[STATECHART_WORDS] = { 0 };
        bool preempted = false;
        int kept = 0;

        compute_exit_set(chart, t1, &exits1);
        for (int k = 0; k < n_filtered && !preempted; k++) {
            const struct model_transition *t2 = enabled->items[k];
            struct statechart_set exits2 = { 0 };

            compute_exit_set(chart, t2, &exits2);
            if (!has_intersection(&exits1, &exits2))
                continue;
            if (is_descendant(chart->model, t1->source, t2->source))
                remove[k / 64] |= UINT64_C(1) << (k % 64);
            else
                preempted = true;
        }
        if (preempted)
            continue;
        for (int k = 0; k < n_filtered; k++)
            if ((remove[k / 64] >> (k % 64) & 1) == 0)
                enabled->items[kept++] = enabled->items[k];
        enabled->items[kept++] = t1;
        n_filtered = kept;
    }
    enabled->n = n_filtered;
}

/* function selectTransitions(event), and with event NULL selectEventlessTransitions() */
enum sgn_status
select_transitions(const struct statechart *chart, const struct statechart_event *event,
                   const struct statechart_ops *ops, void *ctx, struct transition_list *enabled)
{
    const struct statechart_set *active = &chart->configuration;

    enabled->n = 0;
    for (int s = statechart_set_next(active, 0); s >= 0; s = statechart_set_next(active, s + 1)) {
        const struct model_transition *t;
        enum sgn_status st;
        int i = 0;

        if (!is_atomic_state(&chart->model->states[s]))
            continue;
        st = first_enabled(chart, s, event, ops, ctx, &t);
        if (st != SGN_OK)
            return st;
        /* Two atomic states may select one transition of a common ancestor. */
        while (i < enabled->n && enabled->items[i] != t)
            i++;
        if (t != NULL && i == enabled->n)
            enabled->items[enabled->n++] = t;
    }
    remove_conflicting_transitions(chart, enabled);
    return SGN_OK;
}
