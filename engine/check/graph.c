/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which states can be active: from the start, every transition of an active state is followed once.
 */
#include "graph.h"

#include <stdlib.h>

bool
graph_is_leaf(const struct graph *graph, int state)
{
    enum model_state_kind kind = graph->model->states[state].kind;

    return kind == MODEL_ATOMIC || kind == MODEL_FINAL;
}

bool
graph_within(const struct graph *graph, int state, int around)
{
    return state == around || model_descends(graph->model, state, around);
}

bool
graph_leaves(const struct graph *graph, const struct model_transition *transition, int state)
{
    for (int i = 0; i < transition->n_targets; i++)
        if (!graph_within(graph, transition->targets[i], state))
            return true;
    return false;
}

int
graph_cell(const struct graph *graph, int state)
{
    int cell = state;

    for (int at = state; at >= 0; at = graph->model->states[at].parent)
        if (graph->model->states[at].kind == MODEL_PARALLEL)
            cell = at;
    return cell;
}

bool
graph_can_finish(const struct graph *graph, int state)
{
    const struct model_state *at = &graph->model->states[state];
    bool all = at->kind == MODEL_PARALLEL;

    if (at->kind == MODEL_FINAL)
        return graph->active[state];
    for (int i = 0; i < at->n_children; i++) {
        const struct model_state *child = &graph->model->states[at->children[i]];

        if (child->kind == MODEL_HISTORY)
            continue;
        if (all && !graph_can_finish(graph, child->index))
            return false;
        if (!all && child->kind == MODEL_FINAL && graph->active[child->index])
            return true;
    }
    return all;
}

void
graph_entry(const struct graph *graph, int target, graph_leaf_fn each, void *ctx)
{
    const struct model_state *at = &graph->model->states[target];

    if (graph_is_leaf(graph, target))
        each(ctx, target);
    for (int i = 0; i < (at->kind == MODEL_PARALLEL ? at->n_children : 0); i++)
        if (graph->model->states[at->children[i]].kind != MODEL_HISTORY)
            graph_entry(graph, at->children[i], each, ctx);
    for (int i = 0; i < (at->kind == MODEL_PARALLEL ? 0 : at->n_start); i++)
        graph_entry(graph, at->start[i], each, ctx);
}

/* ---- what can be active ---- */

static void enter(struct graph *graph, int state);

/* With its ancestors; the other regions of a parallel are entered by default. */
static void
activate(struct graph *graph, int state)
{
    const struct model_state *at = &graph->model->states[state];
    const struct model_state *parent;

    if (graph->active[state])
        return;
    graph->active[state] = true;
    if (at->parent < 0)
        return;
    activate(graph, at->parent);
    parent = &graph->model->states[at->parent];
    for (int i = 0; i < (parent->kind == MODEL_PARALLEL ? parent->n_children : 0); i++)
        if (parent->children[i] != state &&
            graph->model->states[parent->children[i]].kind != MODEL_HISTORY)
            enter(graph, parent->children[i]);
}

static void
enter(struct graph *graph, int state)
{
    const struct model_state *at = &graph->model->states[state];

    if (graph->entered[state])
        return;
    graph->entered[state] = true;
    activate(graph, state);
    for (int i = 0; i < (at->kind == MODEL_PARALLEL ? at->n_children : 0); i++)
        if (graph->model->states[at->children[i]].kind != MODEL_HISTORY)
            enter(graph, at->children[i]);
    for (int i = 0; i < (at->kind == MODEL_PARALLEL ? 0 : at->n_start); i++)
        enter(graph, at->start[i]);
}

static bool
can_be_taken(const struct graph *graph, const struct model_transition *transition)
{
    return graph->active[transition->source] &&
           (transition->kind != MODEL_ON_DONE || graph_can_finish(graph, transition->source));
}

/* Forth and back until nothing new comes: each pass that goes on has taken a transition. */
static void
follow(struct graph *graph, bool *taken)
{
    const struct model *model = graph->model;
    int n = model->n_transitions;
    bool more = true;

    while (more) {
        more = false;
        for (int i = 0; i < 2 * n; i++) {
            const struct model_transition *transition =
                &model->transitions[i < n ? i : 2 * n - 1 - i];

            if (taken[transition->index] || !can_be_taken(graph, transition))
                continue;
            taken[transition->index] = more = true;
            for (int k = 0; k < transition->n_targets; k++)
                enter(graph, transition->targets[k]);
        }
    }
}

enum sgn_status
graph_init(struct graph *graph, struct check *check, struct sgn_error *err)
{
    const struct model *model = check->model;
    bool *taken = calloc((size_t)model->n_transitions + 1, sizeof *taken);

    *graph = (struct graph){ .check = check, .model = model };
    graph->active = calloc((size_t)model->n_states, sizeof *graph->active);
    graph->entered = calloc((size_t)model->n_states, sizeof *graph->entered);
    if (taken == NULL || graph->active == NULL || graph->entered == NULL) {
        free(taken);
        graph_deinit(graph);
        return sgn_nomem(err);
    }
    enter(graph, 0);
    follow(graph, taken);
    free(taken);
    return SGN_OK;
}

void
graph_deinit(struct graph *graph)
{
    free(graph->active);
    free(graph->entered);
    *graph = (struct graph){ 0 };
}
