/* SPDX-License-Identifier: Apache-2.0 */
/*
 * States that no case reaches, that no case leaves, from which no case ends; and states that are
 * left before anything can happen in them, or in which nothing happens when nobody answers.
 *
 * A state is stuck when nothing leaves it: no transition of its own or of what is around it, and
 * none in another region of a parallel around it. Only what cannot end for another reason than a
 * stuck state is said to have no end, once for all states that lead to each other.
 */
#include "graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Is any state above it found unreachable already? */
static bool
above_active(const struct graph *graph, int state)
{
    int parent = graph->model->states[state].parent;

    return parent < 0 || graph->active[parent];
}

static void
check_reached(struct graph *graph)
{
    for (int i = 1; i < graph->model->n_states; i++) {
        const struct model_state *state = &graph->model->states[i];
        char pointer[CHECK_POINTER_MAX];

        if (graph->active[i] || !above_active(graph, i))
            continue;
        check_note(graph->check, CHECK_UNREACHABLE_STATE,
                   check_at(graph->check, pointer, i, "%s", ""),
                   "lead a transition there, or take it out", "no way leads to %s \"%s\"",
                   state->kind == MODEL_FINAL      ? "the final"
                   : state->kind == MODEL_HISTORY  ? "the history"
                   : state->kind == MODEL_PARALLEL ? "the parallel"
                                                   : "the state",
                   state->name);
    }
}

/* ---- stuck ---- */

/* A done counts only where everything that it waits for can be final. */
static bool
left_from(const struct graph *graph, int around, int state)
{
    const struct model_state *at = &graph->model->states[around];

    for (int i = 0; i < at->n_transitions; i++)
        if (graph_leaves(graph, at->transitions[i], state) &&
            (at->transitions[i]->kind != MODEL_ON_DONE || graph_can_finish(graph, around)))
            return true;
    return false;
}

/* Something in another region may take the whole parallel down. */
static bool
left_by_region(const struct graph *graph, int parallel)
{
    const struct model_state *at = &graph->model->states[parallel];

    for (int i = parallel + 1; i <= at->last; i++)
        if (left_from(graph, i, parallel))
            return true;
    return false;
}

/* regions: by parallel, whether a region leaves it; made out once. */
static bool
is_stuck(const struct graph *graph, const bool *regions, int leaf)
{
    for (int at = leaf; at >= 0; at = graph->model->states[at].parent)
        if (left_from(graph, at, leaf) || regions[at])
            return false;
    return true;
}

/* A region that is complete waits for the others: not it is stuck, but one of them. */
static bool
waits_for_regions(const struct graph *graph, int state)
{
    return graph->model->states[state].kind == MODEL_FINAL &&
           graph->model->states[graph_cell(graph, state)].kind == MODEL_PARALLEL;
}

/* Whatever leads to a stuck state is no finding of its own; nor is what stands beside it. */
static void
excuse(const struct graph *graph, bool *endable, int state)
{
    int cell = graph_cell(graph, state);

    for (int i = cell; i <= graph->model->states[cell].last; i++)
        endable[i] = true;
}

static bool
ends_case(const struct graph *graph, int state)
{
    return graph->model->states[state].kind == MODEL_FINAL &&
           graph->model->states[state].parent == 0;
}

static void
check_stuck(struct graph *graph, const bool *regions, bool *endable)
{
    for (int i = 1; i < graph->model->n_states; i++) {
        char pointer[CHECK_POINTER_MAX];
        const struct model_state *state = &graph->model->states[i];

        if (!graph->active[i] || !graph_is_leaf(graph, i))
            continue;
        endable[i] = endable[i] || ends_case(graph, i);
        if (ends_case(graph, i) || waits_for_regions(graph, i) || !is_stuck(graph, regions, i))
            continue;
        excuse(graph, endable, i);
        check_note(graph->check, CHECK_STUCK_STATE, check_at(graph->check, pointer, i, "%s", ""),
                   state->kind == MODEL_FINAL
                       ? "say where the state around it leads: done = \"...\""
                       : "add a transition, or make it a final",
                   "nothing leaves the %s \"%s\"", state->kind == MODEL_FINAL ? "final" : "state",
                   state->name);
    }
}

/* ---- no end ---- */

struct ending {
    const struct graph *graph;
    bool *endable, any;
};

static void
is_endable(void *ctx, int leaf)
{
    struct ending *e = ctx;

    e->any = e->any || e->endable[leaf];
}

/* All leaves from which the transition can be taken: those of its source, or of the parallel
 * that it leaves. */
static void
mark_sources(struct ending *e, const struct model_transition *transition)
{
    const struct model *model = e->graph->model;
    int from = transition->source;

    for (int at = from; at >= 0; at = model->states[at].parent)
        if (model->states[at].kind == MODEL_PARALLEL && graph_leaves(e->graph, transition, at))
            from = at;
    for (int i = from; i <= model->states[from].last; i++)
        if (graph_is_leaf(e->graph, i))
            e->endable[i] = true;
}

/* Does it lead to where a case can end? Then so does all that it can be taken from. */
static bool
leads_to_end(struct ending *e, const struct model_transition *transition)
{
    if (!e->graph->active[transition->source] ||
        (transition->kind == MODEL_ON_DONE && !graph_can_finish(e->graph, transition->source)))
        return false;
    e->any = false;
    for (int k = 0; k < transition->n_targets; k++)
        graph_entry(e->graph, transition->targets[k], is_endable, e);
    if (e->any)
        mark_sources(e, transition);
    return e->any;
}

/* Forth and back until nothing new comes: most workflows lead one way or the other. */
static void
find_endable(struct ending *e, bool *done)
{
    const struct model *model = e->graph->model;
    int n = model->n_transitions;
    bool more = true;

    while (more) {
        more = false;
        for (int i = 0; i < 2 * n; i++) {
            int at = i < n ? n - 1 - i : i - n;

            if (done[at] || !leads_to_end(e, &model->transitions[at]))
                continue;
            done[at] = more = true;
        }
    }
}

/* Said at the first of them, in document order: the rest leads there, or comes from there. */
static void
check_ends(struct graph *graph, const bool *endable)
{
    char pointer[CHECK_POINTER_MAX], names[256] = "";
    int first = 0, n = 0;

    for (int i = 1; i < graph->model->n_states; i++) {
        size_t len = strlen(names);

        if (!graph->active[i] || !graph_is_leaf(graph, i) || endable[i])
            continue;
        first = first > 0 ? first : i;
        if (++n <= 4)
            snprintf(names + len, sizeof names - len, "%s\"%s\"", n > 1 ? ", " : "",
                     graph->model->states[i].name);
    }
    if (n > 0)
        check_note(graph->check, CHECK_NO_END, check_at(graph->check, pointer, first, "%s", ""),
                   "lead one of them to a final of the workflow", "no way to an end from %s%s",
                   names, n > 4 ? " and others" : "");
}

/* ---- left at once ---- */

static bool
holds_work(const struct graph *graph, const struct model_state *state)
{
    for (int i = 0; i < state->n_transitions; i++)
        if (state->transitions[i]->kind == MODEL_ON_EVENT ||
            state->transitions[i]->kind == MODEL_AFTER)
            return true;
    (void)graph;
    return state->owner != NULL || state->approval != NULL || state->n_deadlines > 0 ||
           state->n_tasks > 0 || state->n_edit > 0 || state->waiting_for != NULL;
}

static void
check_left_at_once(struct graph *graph, int i)
{
    const struct model_state *state = &graph->model->states[i];
    char pointer[CHECK_POINTER_MAX];

    for (int k = 0; i > 0 && k < state->n_transitions; k++) {
        const struct model_transition *transition = state->transitions[k];

        if (transition->kind != MODEL_ALWAYS || transition->when != NULL ||
            !graph_leaves(graph, transition, i) || !holds_work(graph, state))
            continue;
        check_note(graph->check, CHECK_LEFT_AT_ONCE,
                   check_at_transition(graph->check, pointer, transition),
                   "give it a condition: when = ...",
                   "the state \"%s\" is left as soon as it is entered: nothing else in it happens",
                   state->name);
        return;
    }
}

/* ---- waiting ---- */

static bool
has_after(const struct model_state *state)
{
    for (int i = 0; i < state->n_transitions; i++)
        if (state->transitions[i]->kind == MODEL_AFTER)
            return true;
    return false;
}

static bool
has_deadline(const struct model *model, const struct model_state *state)
{
    for (int i = 0; i < state->n_deadlines; i++)
        if (model->deadlines[state->deadlines[i]].n_rungs > 0)
            return true;
    return false;
}

/* waiting_for pauses the deadlines around it, never an after. */
static void
check_waiting(struct graph *graph, int i)
{
    const struct model *model = graph->model;
    const struct model_state *state = &model->states[i];
    char pointer[CHECK_POINTER_MAX];
    bool paused = state->waiting_for != NULL;

    if (!graph->active[i] || (!paused && state->approval == NULL))
        return;
    for (int at = i; at >= 0; at = model->states[at].parent)
        if (has_after(&model->states[at]) ||
            ((at == i || !paused) && has_deadline(model, &model->states[at])))
            return;
    check_note(graph->check, CHECK_WAITS_FOR_EVER, check_at(graph->check, pointer, i, "%s", ""),
               "add within { \"5 days\", late \"0\" { ... } } or after \"30 days\" { ... }",
               "the state \"%s\" waits for %s and has no deadline", state->name,
               paused ? state->waiting_for : "an approval");
}

void
check_states(struct graph *graph)
{
    size_t n = (size_t)graph->model->n_states;
    bool *regions = calloc(n, sizeof *regions), *endable = calloc(n, sizeof *endable);
    bool *done = calloc((size_t)graph->model->n_transitions + 1, sizeof *done);
    struct ending ending = { graph, endable, false };

    if (regions == NULL || endable == NULL || done == NULL) {
        graph->check->failed = true;
    } else {
        check_reached(graph);
        for (int i = 1; i < graph->model->n_states; i++)
            regions[i] = graph->model->states[i].kind == MODEL_PARALLEL && left_by_region(graph, i);
        check_stuck(graph, regions, endable);
        find_endable(&ending, done);
        check_ends(graph, endable);
        for (int i = 0; i < graph->model->n_states; i++) {
            check_left_at_once(graph, i);
            check_waiting(graph, i);
        }
    }
    free(regions);
    free(endable);
    free(done);
}
