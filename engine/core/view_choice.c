/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What whoever is asked should know before they answer: where each choice leads, until when there
 * is time, what happens when nobody answers, and what has changed since they looked last.
 *
 * Read off the model and the armed deadlines: no guard is asked, since what is true now need not be
 * true when the answer comes. Where a condition decides between several ways, all are told.
 */
#include "approval_internal.h"
#include <stdlib.h>
#include <string.h>

/* Choices and the outcomes that they argue for, see approval.c. */
static const struct {
    const char *choice, *outcome;
} outcomes[] = {
    { "approve", "approved" },
    { "reject", "rejected" },
    { "defer", "deferred" },
    { "changes", "changes" },
};

/* Titles of where a transition leads, each once; a history is told by its parent. */
static void
add_targets(struct stage *stage, const struct model_transition *t, const char *language,
            json_t *into)
{
    for (int i = 0; i < t->n_targets; i++) {
        const struct model_state *target = &stage->model->states[t->targets[i]];
        int shown = target->kind == MODEL_HISTORY ? target->parent : target->index;

        names_add(stage, into, stage_state_title(stage, shown, language));
    }
}

static bool
listens(const struct model_transition *t, const char *event)
{
    for (int i = 0; i < t->n_events; i++)
        if (model_event_matches(t->events[i], event))
            return true;
    return false;
}

/* Where the end of this approval leads: its own transitions, and those around it. */
static json_t *
leads_of(struct stage *stage, int state, const char *outcome, const char *language)
{
    const struct model *model = stage->model;
    char *event = sgn_format("approval.%s.%s", model->states[state].name, outcome);
    json_t *leads = json_array();

    for (int at = state; event != NULL && at >= 0; at = model->states[at].parent)
        for (int i = 0; i < model->n_transitions; i++)
            if (model->transitions[i].source == at && listens(&model->transitions[i], event))
                add_targets(stage, &model->transitions[i], language, leads);
    if (event == NULL)
        stage->nomem = true;
    free(event);
    return leads;
}

static void
put_leads(struct stage *stage, int state, const char *language, json_t *shown)
{
    const struct model_approval *approval = stage->model->states[state].approval;
    json_t *leads = json_object();

    for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
        const char *choice = outcomes[i].choice;
        if ((strcmp(choice, "defer") == 0 && !approval->outcome_deferred) ||
            (strcmp(choice, "changes") == 0 && !approval->outcome_changes))
            continue;
        stage_put(stage, leads, choice, leads_of(stage, state, outcomes[i].outcome, language));
    }
    stage_put(stage, shown, "leads", leads);
}

/* Does it stand in the state, or around it? */
static bool
is_around(const struct model *model, int outer, int state)
{
    while (state >= 0 && state != outer)
        state = model->states[state].parent;
    return state >= 0 && outer >= 0;
}

/* A rung that speaks for those who say nothing: it decides, or goes on by itself. */
static void
add_rung(struct stage *stage, int state, const struct model_rung *rung, int64_t at,
         const char *language, json_t *list)
{
    const struct model *model = stage->model;
    json_t *item = NULL, *leads;

    for (int i = 0; at > 0 && item == NULL && i < rung->actions.n; i++) {
        const struct model_action *action = &rung->actions.items[i];
        const char *manner = sgn_json_str(action->json, "as");
        if (action->kind == MODEL_DECIDE) {
            item = json_pack("{s:s, s:s, s:o}", "outcome", action->name, "outcome_title",
                             model_outcome_title(model, action->name, language), "leads",
                             leads_of(stage, state, action->name, language));
            if (manner != NULL)
                stage_put(stage, item, "manner_title",
                          json_string(model_outcome_title(model, manner, language)));
        } else if (action->kind == MODEL_GO && rung->go_transition >= 0) {
            leads = json_array();
            add_targets(stage, &model->transitions[rung->go_transition], language, leads);
            item = json_pack("{s:o}", "leads", leads);
        }
    }
    if (item == NULL)
        return;
    stage_put(stage, item, "at", stage_time(stage, at));
    stage_append(stage, list, item);
}

/* A timer of the state or around it that leaves it. */
static void
add_timer(struct stage *stage, const json_t *deadline, int from, const char *language, json_t *list)
{
    const char *event = sgn_json_str(deadline, "name");
    int64_t at = sgn_json_int(deadline, "due", 0);
    json_t *leads = json_array();

    for (int i = 0; event != NULL && i < stage->model->n_transitions; i++) {
        const struct model_transition *t = &stage->model->transitions[i];
        if (t->kind == MODEL_AFTER && t->source == from && strcmp(t->events[0], event) == 0)
            add_targets(stage, t, language, leads);
    }
    if (at > 0 && json_array_size(leads) > 0)
        stage_append(stage, list,
                     json_pack("{s:o, s:O}", "at", stage_time(stage, at), "leads", leads));
    json_decref(leads);
}

/* What is due first among the clocks that run here, and what they do without an answer. A paused
 * clock tells nothing: nobody knows when it goes on. */
static void
put_silence(struct stage *stage, int state, const char *language, json_t *shown)
{
    json_t *list = json_array();
    const json_t *deadline;
    int64_t first = 0;
    size_t i;

    json_array_foreach(stage_member(stage, "deadlines"), i, deadline) {
        const char *kind = sgn_json_str(deadline, "kind");
        int from = model_state_find(stage->model, sgn_json_str(deadline, "state"));
        const struct model_deadline *within = deadline_of(stage->model, deadline);
        int64_t due = sgn_json_int(deadline, "due", 0);
        if (kind == NULL || json_object_get(deadline, "left") != NULL || due == 0)
            continue;
        if (strcmp(kind, "after") == 0 && is_around(stage->model, from, state))
            add_timer(stage, deadline, from, language, list);
        if (strcmp(kind, "within") != 0 || within == NULL ||
            !is_around(stage->model, within->state, state))
            continue;
        if (within->state == state && (first == 0 || due < first))
            first = due;
        for (int k = 0; k < within->n_rungs; k++)
            add_rung(stage, state, &within->rungs[k],
                     deadline_rung_time(stage, within, deadline, k, 1), language, list);
    }
    stage_put(stage, shown, "due", first > 0 ? stage_time(stage, first) : json_null());
    stage_put(stage, shown, "silence", list);
}

enum sgn_status
round_choices_shown(struct stage *stage, int state, const char *language, json_t *shown)
{
    const char *seen = sgn_json_str(stage->command->params, "seen");
    const char *digest = sgn_json_str(shown, "digest");
    json_t *changed = NULL;
    enum sgn_status status = SGN_OK;

    put_leads(stage, state, language, shown);
    put_silence(stage, state, language, shown);
    if (seen == NULL || digest == NULL || strcmp(seen, digest) == 0)
        return SGN_OK;
    status = covers_changed(stage, state, stage->command->actor, seen, &changed);
    if (status == SGN_OK)
        stage_put(stage, shown, "changed", changed);
    return status;
}
