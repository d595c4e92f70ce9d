/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Circles that no person ends.
 *
 * A step counts when it needs nobody and no condition: an always or an after without "when", and
 * a done. A state that leads to itself alone is stuck, and said so elsewhere. A state does not
 * count where something else may end the circle: an event that a person may fire and that leaves
 * it, an approval, tasks, a deadline with a rung that leaves, or an always with a condition; in it
 * or around it. What is left is a circle that goes round by itself.
 */
#include "graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct search {
    const struct graph *graph;
    int *order, *low; /* of Tarjan's algorithm, by state; order 0: not visited */
    bool *on_stack;
    int *stack;
    int n_stack, next;
    int from; /* of the edge that is followed */
};

static bool
gives_way_out(const struct graph *graph, const struct model_transition *transition, int leaf)
{
    if (!graph_leaves(graph, transition, leaf))
        return false;
    switch (transition->kind) {
    case MODEL_ON_EVENT:
    case MODEL_ON_APPROVAL:
    case MODEL_ON_GO:
    case MODEL_ON_TASKS:
        return true;
    default:
        return transition->when != NULL;
    }
}

static bool
counts(const struct graph *graph, int leaf)
{
    if (!graph->active[leaf] || !graph_is_leaf(graph, leaf))
        return false;
    for (int at = leaf; at >= 0; at = graph->model->states[at].parent) {
        const struct model_state *state = &graph->model->states[at];

        for (int i = 0; i < state->n_transitions; i++)
            if (gives_way_out(graph, state->transitions[i], leaf))
                return false;
    }
    return true;
}

static bool
is_step(const struct graph *graph, const struct model_transition *transition, int leaf)
{
    const struct model_state *state = &graph->model->states[leaf];

    if (transition->when != NULL || transition->n_targets == 0)
        return false;
    if (transition->kind == MODEL_ON_DONE)
        return state->kind == MODEL_FINAL && graph_can_finish(graph, transition->source);
    return (transition->kind == MODEL_ALWAYS || transition->kind == MODEL_AFTER) &&
           state->kind != MODEL_FINAL;
}

static void visit(struct search *s, int leaf);

static void
follow(void *ctx, int to)
{
    struct search *s = ctx;
    int from = s->from;

    if (!counts(s->graph, to))
        return;
    if (s->order[to] == 0) {
        visit(s, to);
        if (s->low[to] < s->low[from])
            s->low[from] = s->low[to];
    } else if (s->on_stack[to] && s->order[to] < s->low[from]) {
        s->low[from] = s->order[to];
    }
    s->from = from;
}

static int
by_index(const void *a, const void *b)
{
    int one = *(const int *)a, two = *(const int *)b;

    return (one > two) - (one < two);
}

static void
note(const struct search *s, int *members, int n)
{
    char names[256] = "", pointer[CHECK_POINTER_MAX];

    qsort(members, (size_t)n, sizeof *members, by_index);
    for (int i = 0; i < n && i < 4; i++) {
        size_t len = strlen(names);

        snprintf(names + len, sizeof names - len, "%s\"%s\"", i > 0 ? ", " : "",
                 s->graph->model->states[members[i]].name);
    }
    check_note(
        s->graph->check, CHECK_CYCLE, check_at(s->graph->check, pointer, members[0], "%s", ""),
        "let a person, or a condition, end it", "%s%s lead to each other without anybody's doing",
        names, n > 4 ? " and others" : "");
}

static void
walk(struct search *s, const struct model_transition *transition, int leaf)
{
    if (!is_step(s->graph, transition, leaf))
        return;
    for (int k = 0; k < transition->n_targets; k++) {
        s->from = leaf;
        graph_entry(s->graph, transition->targets[k], follow, s);
    }
}

/* Depth at most the number of leaves, which MODEL_STATES_MAX bounds. */
static void
visit(struct search *s, int leaf)
{
    const struct model *model = s->graph->model;
    int bottom = s->n_stack;

    s->order[leaf] = s->low[leaf] = ++s->next;
    s->stack[s->n_stack++] = leaf;
    s->on_stack[leaf] = true;
    for (int at = leaf; at >= 0; at = model->states[at].parent)
        for (int i = 0; i < model->states[at].n_transitions; i++)
            walk(s, model->states[at].transitions[i], leaf);
    if (s->low[leaf] != s->order[leaf])
        return;
    for (int i = bottom; i < s->n_stack; i++)
        s->on_stack[s->stack[i]] = false;
    if (s->n_stack - bottom > 1)
        note(s, s->stack + bottom, s->n_stack - bottom);
    s->n_stack = bottom;
}

void
check_cycles(struct graph *graph)
{
    size_t n = (size_t)graph->model->n_states + 1;
    struct search s = { .graph = graph,
                        .order = calloc(n, sizeof *s.order),
                        .low = calloc(n, sizeof *s.low),
                        .on_stack = calloc(n, sizeof *s.on_stack),
                        .stack = calloc(n, sizeof *s.stack) };

    if (s.order == NULL || s.low == NULL || s.on_stack == NULL || s.stack == NULL)
        graph->check->failed = true;
    for (int i = 1; !graph->check->failed && i < graph->model->n_states; i++)
        if (s.order[i] == 0 && counts(graph, i))
            visit(&s, i);
    free(s.order);
    free(s.low);
    free(s.on_stack);
    free(s.stack);
}
