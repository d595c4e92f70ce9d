/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at one model: what is looked for, one file after the other. */
#include "graph.h"

#include <stdlib.h>
#include <string.h>

/* ---- the pointers of the states ---- */

static bool
point(struct check *check, int state, const char *pointer)
{
    const struct model_state *at = &check->model->states[state];

    check->states[state] = strdup(pointer);
    if (check->states[state] == NULL)
        return false;
    for (int i = 0; i < at->n_children; i++) {
        char *inner = sgn_format("%s/states/%d", pointer, i);
        bool good = inner != NULL && point(check, at->children[i], inner);

        free(inner);
        if (!good)
            return false;
    }
    return true;
}

/* What needs the ways through the workflow. */
static enum sgn_status
check_ways(struct check *check, struct sgn_error *err)
{
    struct graph graph;
    enum sgn_status st = graph_init(&graph, check, err);

    if (st != SGN_OK)
        return st;
    check_states(&graph);
    check_cycles(&graph);
    check_transitions(&graph);
    check_rungs(&graph);
    check_fields(&graph);
    graph_deinit(&graph);
    return SGN_OK;
}

enum sgn_status
check_model(const struct model *model, const json_t *functions, const json_t *says,
            const struct check_team *team, json_t *findings, struct sgn_error *err)
{
    static const struct check_team alone = { 0 };
    struct check check = { .model = model,
                           .functions = functions,
                           .says = says,
                           .team = team != NULL ? team : &alone,
                           .findings = findings };
    enum sgn_status st = SGN_OK;

    check.states = calloc((size_t)model->n_states, sizeof *check.states);
    if (check.states == NULL || !point(&check, 0, ""))
        check.failed = true;
    if (!check.failed) {
        check_approvals(&check);
        check_words(&check);
        check_functions(&check);
        check_versions(&check);
        check_serves(&check);
        check_retention(&check);
        st = check_ways(&check, err);
    }
    for (int i = 0; check.states != NULL && i < model->n_states; i++)
        free(check.states[i]);
    free(check.states);
    return check.failed ? sgn_nomem(err) : st;
}
