/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way a case came, found from its entries alone.
 *
 * An entry says which event happened, what was left and what was entered, and not which
 * transitions were taken: a version that was renamed or an old entry cannot mislead what is
 * drawn. A transition was taken when its source was left, its targets were entered and what it
 * listens to is what happened. What is entered and still not explained came by an event that only
 * the rules saw: then any transition that fits its ends is meant.
 */
#include "diagram_internal.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

struct diagram_trace {
    const struct model *model;
    enum mark *states;
    bool *taken;
    json_t *notes;
};

struct diagram_trace *
diagram_trace_new(const struct model *model)
{
    struct diagram_trace *trace = calloc(1, sizeof(*trace));

    if (trace == NULL)
        return NULL;
    trace->model = model;
    trace->states = calloc((size_t)model->n_states, sizeof(*trace->states));
    trace->taken = calloc((size_t)model->n_transitions + 1, sizeof(*trace->taken));
    trace->notes = json_array();
    if (trace->states == NULL || trace->taken == NULL || trace->notes == NULL) {
        diagram_trace_free(trace);
        return NULL;
    }
    for (int i = 0; i < model->n_states; i++)
        trace->states[i] = MARK_UNSEEN;
    return trace;
}

void
diagram_trace_free(struct diagram_trace *trace)
{
    if (trace == NULL)
        return;
    json_decref(trace->notes);
    free(trace->states);
    free(trace->taken);
    free(trace);
}

enum mark
trace_state(const struct diagram_trace *trace, int state)
{
    return trace != NULL ? trace->states[state] : MARK_NONE;
}

bool
trace_taken(const struct diagram_trace *trace, int transition)
{
    return trace != NULL && trace->taken[transition];
}

const json_t *
trace_notes(const struct diagram_trace *trace)
{
    return trace != NULL ? trace->notes : NULL;
}

void
diagram_trace_note(struct diagram_trace *trace, const char *text)
{
    (void)json_array_append_new(trace->notes, json_string(text));
}

/* The states of an array, and all those around them, are at least so. */
static void
mark_states(struct diagram_trace *trace, const json_t *names, enum mark mark)
{
    const json_t *name;
    size_t i;

    json_array_foreach(names, i, name) {
        const char *text = json_string_value(name);
        int state = text != NULL ? model_state_find(trace->model, text) : -1;
        for (; state > 0; state = trace->model->states[state].parent)
            if (trace->states[state] < mark)
                trace->states[state] = mark;
    }
}

void
diagram_trace_active(struct diagram_trace *trace, const json_t *states)
{
    mark_states(trace, states, MARK_ACTIVE);
}

/* ---- transitions ---- */

/* Does the array name this state, or with inside one below it? */
static bool
names_state(const struct model *model, const json_t *names, int state, bool inside)
{
    const json_t *name;
    size_t i;

    json_array_foreach(names, i, name) {
        const char *text = json_string_value(name);
        int other = text != NULL ? model_state_find(model, text) : -1;
        if (other == state || (inside && other > 0 && model_descends(model, other, state)))
            return true;
    }
    return false;
}

/* The source or something in it was left; what a history leads to is not said by its name. */
static bool
ends_fit(const struct model *model, const struct model_transition *t, const json_t *entry)
{
    const json_t *entered = json_object_get(entry, "entered");

    if (t->n_targets == 0 || !names_state(model, json_object_get(entry, "left"), t->source, true))
        return false;
    for (int i = 0; i < t->n_targets; i++) {
        const struct model_state *target = &model->states[t->targets[i]];
        bool history = target->kind == MODEL_HISTORY;
        if (!names_state(model, entered, history ? target->parent : target->index, history))
            return false;
    }
    return true;
}

static bool
listens(const struct model_transition *t, const char *event)
{
    for (int i = 0; event != NULL && i < t->n_events; i++)
        if (model_event_matches(t->events[i], event))
            return true;
    return false;
}

/* "approval.deciding.approved" of a round that ended in this entry. */
static bool
round_fits(const struct model *model, const struct model_transition *t, const json_t *entry)
{
    const json_t *round;
    size_t i;

    json_array_foreach(json_object_get(entry, "round"), i, round) {
        const char *outcome = sgn_json_str(json_object_get(round, "ended"), "outcome");
        const char *approval = sgn_json_str(round, "approval");
        const char *event = t->events[0] + strlen("approval.");
        size_t n = approval != NULL ? strlen(approval) : 0;
        if (approval != NULL && outcome != NULL &&
            strcmp(approval, model->states[t->source].name) == 0 &&
            strncmp(event, approval, n) == 0 && strcmp(event + n + 1, outcome) == 0)
            return true;
    }
    return false;
}

/* Did what it listens to happen? */
static bool
cause_fits(const struct model *model, const struct model_transition *t, const json_t *entry)
{
    const char *kind = sgn_json_str(entry, "kind");
    bool time = kind != NULL && strcmp(kind, "deadline") == 0;

    switch (t->kind) {
    case MODEL_ON_EVENT:
        return listens(t, sgn_json_str(entry, "event"));
    case MODEL_ON_APPROVAL:
        return round_fits(model, t, entry);
    case MODEL_AFTER:
    case MODEL_ON_GO:
        return time;
    case MODEL_ALWAYS:
    case MODEL_ON_DONE:
    case MODEL_ON_TASKS:
        return true;
    }
    return false;
}

/* Is what was entered there explained by a transition that was taken? */
static bool
is_explained(const struct diagram_trace *trace, const json_t *entry,
             const struct model_transition *t)
{
    for (int i = 0; i < trace->model->n_transitions; i++) {
        const struct model_transition *other = &trace->model->transitions[i];
        if (other->n_targets > 0 && trace->taken[i] && other->targets[0] == t->targets[0] &&
            ends_fit(trace->model, other, entry))
            return true;
    }
    return false;
}

void
diagram_trace_entry(struct diagram_trace *trace, const json_t *entry)
{
    const struct model *model = trace->model;
    const char *kind = sgn_json_str(entry, "kind");

    mark_states(trace, json_object_get(entry, "entered"), MARK_SEEN);
    /* No rule moved it. */
    if (kind != NULL && (strcmp(kind, "correct") == 0 || strcmp(kind, "migrate") == 0))
        return;
    for (int i = 0; i < model->n_transitions; i++)
        if (ends_fit(model, &model->transitions[i], entry) &&
            cause_fits(model, &model->transitions[i], entry))
            trace->taken[i] = true;
    for (int i = 0; i < model->n_transitions; i++) {
        const struct model_transition *t = &model->transitions[i];
        if (t->kind == MODEL_ON_EVENT && ends_fit(model, t, entry) &&
            !is_explained(trace, entry, t))
            trace->taken[i] = true;
    }
}
