/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a decision: rounds and tasks are looked at until nothing moves, then the clocks,
 * and the end of the case if it was reached. Nothing that a command does may be left for the
 * next one to notice.
 */
#include "core_internal.h"
#include <string.h>

#define SETTLE_MAX 1000 /* rounds that may end one another in one decision */

/* Raises what the end of a state's tasks is called, once per decision: the transition
 * may lead back into the state, whose tasks then begin anew. */
static enum sgn_status
settle_tasks(struct stage *stage, const struct model_state *state, bool *raised)
{
    bool done = false;

    *raised = false;
    for (int i = 0; i < state->n_transitions; i++) {
        const struct model_transition *transition = state->transitions[i];
        enum sgn_status status;
        if (transition->kind != MODEL_ON_TASKS || sgn_json_has(stage->raised, state->name))
            continue;
        status = tasks_done(stage, state->index, &done);
        if (status != SGN_OK)
            return status;
        if (done && transition->n_events > 0) {
            names_add(stage, stage->raised, state->name);
            stage_raise(stage, transition->events[0], NULL);
            *raised = true;
        }
    }
    return SGN_OK;
}

/* One look at all active states, in document order: has a round ended, are the tasks
 * done? It stops at the first that moved something, since what that leads to may leave
 * the others. */
static enum sgn_status
settle_once(struct stage *stage, bool *moved)
{
    const struct model *model = stage->model;

    *moved = false;
    for (int i = 1; i < model->n_states && !*moved; i++) {
        enum sgn_status status = SGN_OK;
        if (!stage_active(stage, i))
            continue;
        if (model->states[i].approval != NULL &&
            round_is_open(round_of(stage, model->states[i].name)))
            status = round_settle(stage, i, moved);
        if (status == SGN_OK && !*moved && model->states[i].n_tasks > 0)
            status = settle_tasks(stage, &model->states[i], moved);
        if (status != SGN_OK)
            return status;
    }
    return SGN_OK;
}

/* The case ends: it keeps showing the final state; timers, rounds and owners end, and
 * what was stuck is nobody's business any more. The manner of a decision ("deemed") is
 * the outcome before the final's own. */
static void
end_case(struct stage *stage)
{
    int leaf = stage_next_leaf(stage, 0);
    const char *outcome = stage->manner;
    const char *approval;
    json_t *round;

    if (outcome == NULL && leaf >= 0)
        outcome = stage->model->states[leaf].outcome;
    if (outcome == NULL && leaf >= 0)
        outcome = stage->model->states[leaf].name;
    stage_put(stage, stage->row, "outcome", stage_text(stage, outcome));
    stage_put(stage, stage->row, "closed_at", json_integer(stage->now));
    stage_put(stage, stage->row, "deadlines", json_array());
    stage_put(stage, stage->row, "owners", json_object());
    stage_put(stage, stage->row, "stuck", json_null());
    json_object_foreach(stage_member(stage, "rounds"), approval, round)
        if (round_is_open(round))
            round_leave(stage, approval);
}

/* Rounds and tasks raise events, whose transitions may end or begin further ones, until
 * nothing moves. Deadlines come last: what started, paused or changed their clocks is
 * known then. */
enum sgn_status
macrostep_settle(struct stage *stage)
{
    bool moved = true;
    enum sgn_status status;

    for (int i = 0; moved && stage->chart.running; i++) {
        if (i == SETTLE_MAX)
            return sgn_fail(stage->err, SGN_RULE_OVERRUN,
                            "approvals and tasks that end one another without end");
        status = settle_once(stage, &moved);
        if (status == SGN_OK && moved)
            status = macrostep_event(stage, NULL, NULL, -1, false, NULL);
        if (status != SGN_OK)
            return status;
    }
    if (!stage->chart.running)
        end_case(stage);
    return deadline_settle(stage);
}
