/* SPDX-License-Identifier: Apache-2.0 */
/* What was recorded, in the words of the changed rules: by the migration that they say. */
#include "json.h"
#include "memory.h"
#include "replay_internal.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

const char *
replay_name(const struct replay *r, const char *state)
{
    const struct model_migration *m = model_migration_from(r->changed, r->old->version);
    const char *now = m != NULL && state != NULL ? sgn_json_str(m->states, state) : NULL;

    return now != NULL ? now : state;
}

/* One that is called like its state goes with its state; so does "after.STATE.N". */
char *
replay_clock_name(const struct replay *r, const json_t *deadline)
{
    const char *name = sgn_json_str(deadline, "name"), *state = sgn_json_str(deadline, "state");
    const char *number = name != NULL ? strrchr(name, '.') : NULL;

    if (name == NULL)
        return NULL;
    if (state != NULL && strcmp(name, state) == 0)
        return sgn_strdup(replay_name(r, state));
    if (state != NULL && state[0] != '\0' && strncmp(name, "after.", 6) == 0)
        return sgn_format("after.%s%s", replay_name(r, state), number);
    return sgn_strdup(name);
}

json_t *
replay_mapped(const struct replay *r, const json_t *params)
{
    static const char *const members[] = { "approval", "state" };
    json_t *out = json_copy((json_t *)params);

    for (size_t i = 0; out != NULL && i < sizeof members / sizeof members[0]; i++) {
        const char *name = sgn_json_str(params, members[i]);
        if (name != NULL)
            (void)json_object_set_new(out, members[i], json_string(replay_name(r, name)));
    }
    return out;
}

/* ---- titles ---- */

static const char *
event_title(const struct model *model, const char *event, const char *language)
{
    for (int i = 0; i < model->n_transitions; i++)
        for (int k = 0; k < model->transitions[i].n_events; k++)
            if (model->transitions[i].title != NULL &&
                strcmp(model->transitions[i].events[k], event) == 0)
                return model_title(model->transitions[i].title, language, event);
    return NULL;
}

static const char *
deadline_title(const struct model *model, const char *name, const char *language)
{
    for (int i = 0; i < model->n_deadlines; i++)
        if (strcmp(model->deadlines[i].name, name) == 0)
            return model_deadline_title(model, &model->deadlines[i], language);
    return NULL;
}

const char *
replay_title(const struct replay *r, const char *kind, const char *about)
{
    int state = model_state_find(r->changed, about);

    if (strcmp(kind, "states") == 0)
        return event_title(r->changed, about, r->language);
    if (strcmp(kind, "deadline") == 0)
        return deadline_title(r->changed, about, r->language);
    if (strcmp(kind, "approval") == 0 && state > 0)
        return model_title(r->changed->states[state].title, r->language, about);
    if (strcmp(kind, "outcome") == 0 && about[0] != '\0')
        return model_outcome_title(r->changed, about, r->language);
    state = model_state_find(r->old, about);
    if (strcmp(kind, "stuck") == 0 && state > 0)
        return model_title(r->old->states[state].title, r->language, about);
    return NULL;
}
