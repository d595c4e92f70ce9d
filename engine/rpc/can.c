/* SPDX-License-Identifier: Apache-2.0 */
/* What can be done about what waits, see can.h: read off the model, no rule is asked. */
#include "can.h"
#include "json.h"
#include <stdio.h>
#include <string.h>

static json_t *
can_vote(const struct model *model, int state)
{
    const struct model_approval *approval = model->states[state].approval;
    json_t *choices = json_pack("[s, s, s]", "approve", "reject", "abstain");

    if (approval != NULL && approval->outcome_deferred)
        (void)json_array_append_new(choices, json_string("defer"));
    if (approval != NULL && approval->outcome_changes)
        (void)json_array_append_new(choices, json_string("changes"));
    return json_pack("{s:s, s:s, s:o}", "method", "approval.vote", "approval",
                     model->states[state].name, "choices", choices);
}

/* Tasks of the state that are not done. */
static json_t *
can_tick(const struct model *model, const json_t *document, int state)
{
    const struct model_state *s = &model->states[state];
    json_t *tasks = json_array();

    for (int i = 0; i < s->n_tasks; i++) {
        char key[512];

        snprintf(key, sizeof key, "%s/%s", s->name, s->tasks[i].name);
        if (!sgn_json_true(json_object_get(json_object_get(document, "tasks"), key), "done"))
            (void)json_array_append_new(tasks, json_string(s->tasks[i].name));
    }
    return json_pack("{s:s, s:o}", "method", "task.done", "tasks", tasks);
}

/* Events that somebody may fire there, the innermost state's first. */
static json_t *
can_fire(const struct model *model, int state)
{
    json_t *events = json_array();

    for (int at = state; at >= 0; at = model->states[at].parent) {
        for (int i = 0; i < model->n_transitions; i++) {
            const struct model_transition *t = &model->transitions[i];

            if (t->kind != MODEL_ON_EVENT || t->source != at || t->by == NULL)
                continue;
            for (int k = 0; k < t->n_events; k++)
                if (strcmp(t->events[k], "*") != 0 && !sgn_json_has(events, t->events[k]))
                    (void)json_array_append_new(events, json_string(t->events[k]));
        }
        if (at == 0)
            break;
    }
    return json_pack("{s:s, s:o}", "method", "case.fire", "events", events);
}

json_t *
rpc_can_do(const struct model *model, const json_t *document, const char *kind, const char *state)
{
    int at = state != NULL && state[0] != '\0' ? model_state_find(model, state) : 0;
    json_t *can;

    if (kind != NULL && strcmp(kind, "stuck") == 0)
        return json_pack("{s:s}", "method", "case.retry");
    if (kind == NULL || at < 0)
        return json_null();
    if (strcmp(kind, "approval") == 0)
        return can_vote(model, at);
    if (strcmp(kind, "task") == 0)
        return can_tick(model, document, at);
    can = can_fire(model, at);
    if (strcmp(kind, "offer") == 0)
        (void)json_object_set_new(can, "take", json_string("case.assign"));
    return can;
}
