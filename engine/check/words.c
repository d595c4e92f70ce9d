/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words for people outside approvals' rules: who acts, owns, edits, is reminded; and what actions
 * name besides: events, workflows, channels.
 *
 * A word is a finding when it can mean nobody in any project. "system" beside people in by is
 * none: the system fires events too.
 */
#include "said.h"

#include <stdio.h>
#include <string.h>

struct place {
    struct check *check;
    const char *pointer;
    int state;
    bool system; /* may "system" stand here? */
};

static bool
look(void *ctx, const struct model_who *who)
{
    const struct place *at = ctx;
    const char *hint = "name a role, a group or a person";
    char label[128];

    if ((who->kind == MODEL_WHO_SYSTEM && at->system) ||
        people_sides(at->check, who, at->state) != 0)
        return true;
    if (who->kind == MODEL_WHO_ROLE)
        hint = "nobody of the client sees these cases: say client = \"own\" or \"project\"";
    else if (who->kind == MODEL_WHO_OWNER)
        hint = "give the state an owner";
    else if (who->kind == MODEL_WHO_PENDING)
        hint = "pending are those whom an approval asks";
    check_note(at->check, CHECK_ROLE_NOBODY, at->pointer, hint, "%s is nobody here",
               people_label(who, label, sizeof label));
    return true;
}

static void
look_at(struct check *check, int state, const struct model_who *who, bool system,
        const char *pointer)
{
    struct place at = { check, pointer, state, system };
    char inner[CHECK_POINTER_MAX];

    if (who == NULL || who->kind != MODEL_WHO_ANY_OF) {
        (void)people_each(who, look, &at);
        return;
    }
    at.pointer = inner;
    for (int i = 0; i < who->n_of; i++) {
        snprintf(inner, sizeof inner, "%s/%d", pointer, i);
        (void)people_each(&who->of[i], look, &at);
    }
}

/* Its own case's event when it names no other case. */
static void
look_fired(struct check *check, const struct model_action *action, const char *pointer)
{
    bool other = action->kind == MODEL_FIRE && sgn_json_str(action->json, "case") != NULL;
    json_t *known;
    char near[SAID_NEAR];

    if (model_event_is_engines(action->name)) {
        /* refused by the loader, as in every place of a rule */
    } else if (other && check_fire_lost(check, action->name)) {
        check_note(check, CHECK_FIRE_LOST, pointer, NULL,
                   "no workflow of the team awaits the event \"%.100s\"%s", action->name,
                   said_near(near, action->name, check->team->awaited));
    } else if (!other && !check_awaits(check->model, action->name)) {
        known = model_events(check->model);
        check_note(check, CHECK_EVENT_LOST, pointer, NULL,
                   "no transition awaits the event \"%.100s\"%s", action->name,
                   said_near(near, action->name, known));
        json_decref(known);
    }
}

static void
look_started(struct check *check, const struct model_action *action, const char *pointer)
{
    char near[SAID_NEAR], hint[160];
    json_t *known;

    if (check_uses(check, action->name))
        return;
    known = check_used(check);
    snprintf(hint, sizeof hint, "add use \"%.100s\" to team.lua", action->name);
    check_note(check, CHECK_WORKFLOW_UNKNOWN, pointer, hint,
               "team.lua uses no workflow \"%.100s\"%s", action->name,
               said_near(near, action->name, known));
    json_decref(known);
}

/* What an action names besides people. */
static void
look_name(struct check *check, const struct model_action *action, const char *pointer)
{
    const json_t *channels = check->team->channels;
    char near[SAID_NEAR];

    if (action->name == NULL)
        return;
    if (action->kind == MODEL_FIRE || action->kind == MODEL_EMIT)
        look_fired(check, action, pointer);
    else if (action->kind == MODEL_START || action->kind == MODEL_OPEN)
        look_started(check, action, pointer);
    else if (action->kind == MODEL_NOTIFY && channels != NULL &&
             !sgn_json_has(channels, action->name))
        check_note(check, CHECK_CHANNEL_UNKNOWN, pointer, NULL,
                   "team.lua has no channel \"%.100s\"%s", action->name,
                   said_near(near, action->name, channels));
}

static void
look_actions(struct check *check, int state, const struct model_actions *actions,
             const char *pointer)
{
    char inner[CHECK_POINTER_MAX];

    for (int i = 0; i < actions->n; i++) {
        snprintf(inner, sizeof inner, "%s/%d", pointer, i);
        look_at(check, state, actions->items[i].who, false, inner);
        look_name(check, &actions->items[i], inner);
    }
}

static void
look_transitions(struct check *check, int i)
{
    const struct model_state *state = &check->model->states[i];
    char pointer[CHECK_POINTER_MAX];

    for (int k = 0; k < state->n_transitions; k++) {
        look_at(check, i, state->transitions[k]->by, true,
                check_at(check, pointer, i, "/transitions/%d/by", k));
        look_actions(check, i, &state->transitions[k]->run,
                     check_at(check, pointer, i, "/transitions/%d/run", k));
    }
    for (int k = 0; k < state->n_deadlines; k++) {
        const struct model_deadline *deadline = &check->model->deadlines[state->deadlines[k]];

        for (int r = 0; r < deadline->n_rungs; r++)
            look_actions(check, i, &deadline->rungs[r].actions,
                         check_at(check, pointer, i, "/deadlines/%d/rungs/%d/actions", k,
                                  deadline->rungs[r].number - 1));
    }
}

static void
look_state(struct check *check, int i)
{
    const struct model_state *state = &check->model->states[i];
    const struct model_who waiting = { .kind = MODEL_WHO_ROLE, .name = state->waiting_for };
    char pointer[CHECK_POINTER_MAX];

    look_at(check, i, state->owner, false, check_at(check, pointer, i, "/owner"));
    for (int k = 0; k < state->n_edit; k++)
        look_at(check, i, state->edit[k].who, false,
                check_at(check, pointer, i, "/edit/%d/who", k));
    if (state->waiting_for != NULL && strcmp(state->waiting_for, "client") == 0)
        look_at(check, i, &waiting, false, check_at(check, pointer, i, "/waiting_for"));
    for (int k = 0; k < state->n_tasks; k++)
        look_at(check, i, state->tasks[k].by, false,
                check_at(check, pointer, i, "/tasks/%d/by", k));
    look_actions(check, i, &state->enter, check_at(check, pointer, i, "/enter"));
    look_actions(check, i, &state->leave, check_at(check, pointer, i, "/leave"));
    if (state->approval != NULL) {
        look_at(check, i, state->approval->may_defer, false,
                check_at(check, pointer, i, "/approval/may_defer"));
        look_at(check, i, state->approval->may_return, false,
                check_at(check, pointer, i, "/approval/may_return"));
    }
    look_transitions(check, i);
}

void
check_words(struct check *check)
{
    look_at(check, 0, check->model->open_by, true, "/open/by");
    for (int i = 0; i < check->model->n_states; i++)
        look_state(check, i);
}
