/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why an event enabled nothing, in words a person can act on.
 *
 * Forbidden when only the right stood in the way, refused when a guard gave its reason,
 * else not now, with what is possible instead. It is found out by asking again what the
 * algorithm has asked; the case is as it was, so the answers are the same.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

struct candidate {
    bool found;      /* something listens to the event */
    bool forbidden;  /* only by stood in the way of one of them */
    bool blocked;    /* a guard stopped somebody who may */
    json_t *reason;  /* of a guard */
    char *missing;   /* what a condition on data asks for */
    json_t *roles;   /* who may */
    json_t *holders; /* and who that is */
    char *words;     /* the same as a phrase */
};

/* Does it take the event when a person fires it? Timers and completion are nobody's. */
static bool
listens(const struct model_transition *transition, const char *name)
{
    for (int i = 0; transition->kind == MODEL_ON_EVENT && i < transition->n_events; i++)
        if (model_event_matches(transition->events[i], name))
            return true;
    return false;
}

/* One transition that listens. The reason that stops somebody who may is worth more
 * than that of somebody who may not: the latter could do nothing about it. */
static enum sgn_status
look_at(struct stage *stage, const struct model_transition *transition, struct candidate *found)
{
    bool may = stage->is_system, holds = false;
    enum sgn_status status = SGN_OK;

    found->found = true;
    json_decref(stage->reason);
    stage->reason = NULL;
    if (!stage->is_system && transition->by != NULL)
        status = who_has(stage, transition->by, transition->source, stage->as, &may);
    if (status == SGN_OK)
        status = cond_holds(stage, transition->when, transition->source, &holds);
    if (status != SGN_OK)
        return status;
    /* The reason that stops somebody who may is worth more than that of somebody who may not. */
    if (!holds && stage->reason != NULL && (may || found->reason == NULL)) {
        json_decref(found->reason);
        found->reason = json_incref(stage->reason);
        found->blocked = found->blocked || may;
    }
    if (!holds && stage->reason == NULL && may && found->missing == NULL)
        found->missing = cond_reason(stage, transition->when, transition->source);
    if (holds && !may) {
        found->forbidden = true;
        if (transition->by != NULL)
            status = who_holders_of(stage, transition->by, transition->source, found->holders);
        who_roles(stage, transition->by, found->roles);
        if (found->words == NULL && transition->by != NULL)
            found->words = who_words(transition->by);
    }
    return status;
}

/* Every active state's listeners, those of the workflow first: all are looked at, for
 * any of them could have taken the event. */
static enum sgn_status
look_at_all(struct stage *stage, const char *name, struct candidate *found)
{
    const struct model *model = stage->model;

    for (int i = 0; i < model->n_states; i++) {
        if (i > 0 && !stage_active(stage, i))
            continue;
        for (int k = 0; k < model->states[i].n_transitions; k++) {
            const struct model_transition *transition = model->states[i].transitions[k];
            enum sgn_status status = SGN_OK;
            if (listens(transition, name))
                status = look_at(stage, transition, found);
            if (status != SGN_OK)
                return status;
        }
    }
    return SGN_OK;
}

/* Who may, by role and by name: the reader shall know whom to ask. */
static enum sgn_status
say_forbidden(struct stage *stage, const char *name, const struct candidate *found)
{
    sgn_fail(stage->err, SGN_FORBIDDEN, "the event \"%s\" is for %s", name,
             found->words != NULL ? found->words : "the engine itself");
    sgn_error_add(stage->err, "roles", json_incref(found->roles));
    sgn_error_add(stage->err, "holders", json_incref(found->holders));
    return SGN_FORBIDDEN;
}

/* Events that the active states listen to and the actor may fire; guards are not asked,
 * so that the list is short to make and does not depend on functions. */
static enum sgn_status
possible(struct stage *stage, json_t *events)
{
    const struct model *model = stage->model;

    for (int i = 0; i < model->n_states; i++) {
        if (i > 0 && !stage_active(stage, i))
            continue;
        for (int k = 0; k < model->states[i].n_transitions; k++) {
            const struct model_transition *t = model->states[i].transitions[k];
            bool may = stage->is_system;
            enum sgn_status status = SGN_OK;
            if (t->kind != MODEL_ON_EVENT)
                continue;
            if (!may && t->by != NULL)
                status = who_has(stage, t->by, t->source, stage->as, &may);
            if (status != SGN_OK)
                return status;
            for (int e = 0; may && e < t->n_events; e++)
                names_add(stage, events, t->events[e]);
        }
    }
    return SGN_OK;
}

/* The reason by itself, for a page that shows it beside the event. */
static void
add_reason(struct stage *stage, const char *name, const char *missing)
{
    char *general = sgn_format(message_text(MESSAGE_CONDITION, stage->language), name);

    if (missing != NULL || general != NULL)
        sgn_error_add(stage->err, "reason", json_string(missing != NULL ? missing : general));
    free(general);
}

/* A name that the workflow does not know at all is most likely a slip: the nearest one
 * is told. Else the state, and what the condition asks for where that may be told. */
static enum sgn_status
say_not_now(struct stage *stage, const char *name, const struct candidate *found)
{
    json_t *events = json_array();
    json_t *known = model_events(stage->model);
    json_t *states = statechart_leaves(&stage->chart);
    char *where = names_text(states, ", ");
    const char *near;
    enum sgn_status status = possible(stage, events);

    if (status != SGN_OK)
        goto out;
    status = SGN_NOT_NOW;
    near = sgn_json_has(known, name) ? NULL : sgn_nearest_json(name, known);
    if (near != NULL)
        sgn_fail(stage->err, status, "there is no event \"%s\"; did you mean \"%s\"?", name, near);
    else if (found->missing != NULL)
        sgn_fail(stage->err, status, "the event \"%s\" is not possible in %s: %s", name,
                 where != NULL ? where : "this state", found->missing);
    else if (found->found)
        sgn_fail(stage->err, status, "the condition of the event \"%s\" is not met in %s", name,
                 where != NULL ? where : "this state");
    else
        sgn_fail(stage->err, status, "the event \"%s\" is not possible in %s", name,
                 where != NULL ? where : "this state");
    if (near != NULL)
        sgn_error_add(stage->err, "nearest", json_string(near));
    if (found->found)
        add_reason(stage, name, found->missing);
    sgn_error_add(stage->err, "states", json_incref(states));
    sgn_error_add(stage->err, "events", json_incref(events));
out:
    json_decref(events);
    json_decref(known);
    json_decref(states);
    free(where);
    return status;
}

enum sgn_status
refuse_event(struct stage *stage, const char *name)
{
    struct candidate found = { .roles = json_array(), .holders = json_object() };
    enum sgn_status status;

    /* guards are asked once more for their reasons, about the same event */
    stage->event_name = name;
    stage->event_by = stage->command->actor;
    stage->event_data = json_object_get(stage->command->params, "data");
    status = look_at_all(stage, name, &found);
    if (status == SGN_OK) {
        if (found.forbidden && !found.blocked)
            status = say_forbidden(stage, name, &found);
        else if (found.reason != NULL)
            status = sgn_fail(stage->err, SGN_REFUSED, "%s", json_string_value(found.reason));
        else
            status = say_not_now(stage, name, &found);
    }
    json_decref(found.reason);
    json_decref(found.roles);
    json_decref(found.holders);
    free(found.words);
    free(found.missing);
    return status;
}
