/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ways through a workflow: which states can be active at all, and from where to where.
 *
 * Conditions and people are taken for possible; only what the tree of states itself forbids is
 * left out. A leaf is a state without states in it, a final too, a history not. Regions of a
 * parallel are not followed in combination: what one of them reaches counts for itself.
 */
#ifndef CHECK_GRAPH_H
#define CHECK_GRAPH_H

#include "check_internal.h"

struct graph {
    struct check *check;
    const struct model *model;
    bool *active;  /* by state: can it be, or for a history, is it ever asked for? */
    bool *entered; /* by state: were its defaults entered? */
};

enum sgn_status graph_init(struct graph *graph, struct check *check,
                           struct sgn_error *err) SGN_MUST_CHECK;
void graph_deinit(struct graph *graph);

bool graph_is_leaf(const struct graph *graph, int state);
/* Within a state, or the state itself? */
bool graph_within(const struct graph *graph, int state, int around);
/* Can this compound state or parallel come to its done? */
bool graph_can_finish(const struct graph *graph, int state);
/* Does taking it leave the state (and what is in it)? */
bool graph_leaves(const struct graph *graph, const struct model_transition *transition, int state);
/* Calls back for the leaves that entering a target leads to by default. */
typedef void (*graph_leaf_fn)(void *ctx, int leaf);
void graph_entry(const struct graph *graph, int target, graph_leaf_fn each, void *ctx);
/* The outermost parallel around a state, or the state itself. */
int graph_cell(const struct graph *graph, int state);

/* One file each, told in its comment. */
void check_states(struct graph *graph);
void check_cycles(struct graph *graph);
void check_transitions(struct graph *graph);
void check_rungs(struct graph *graph);
void check_fields(struct graph *graph);

#endif
