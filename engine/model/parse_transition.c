/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transitions, all of a model in document order: their events, conditions and targets,
 * and the one event name the engine gives to those that belong to a construct.
 *
 * Their order is what decides between two that could be taken, so it is the order of
 * the form and of nothing else; those from keys ("done =") have been put last by
 * whoever wrote the form.
 */
#include "model_internal.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct member transition_members[] = {
    { "kind", SHAPE_TEXT, false },     { "on", SHAPE_TEXTS, false },
    { "after", SHAPE_TEXT, false },    { "outcome", SHAPE_TEXT, false },
    { "deadline", SHAPE_TEXT, false }, { "rung", SHAPE_INTEGER, false },
    { "by", SHAPE_ANY, false },        { "when", SHAPE_ANY, false },
    { "needs", SHAPE_TEXTS, false },   { "takes", SHAPE_TEXTS, false },
    { "note", SHAPE_ANY, false },      { "to", SHAPE_TEXTS, false },
    { "internal", SHAPE_FLAG, false }, { "run", SHAPE_ARRAY, false },
    { "title", SHAPE_TITLE, false },   { "line", SHAPE_INTEGER, false },
};

/* In the order of enum model_transition_kind. */
static const char *const kind_names[] = { "event",    "always", "after", "done",
                                          "approval", "go",     "tasks" };

/* Which members a kind must have; the others of these it must not have. What nobody
 * fires has no "by": a right that is never asked would look like protection. */
static enum sgn_status
check_members(struct reader *r, const struct place *at, const json_t *json,
              enum model_transition_kind kind)
{
    const struct {
        const char *name;
        bool needed, allowed;
    } parts[] = {
        { "on", kind == MODEL_ON_EVENT, false },
        { "after", kind == MODEL_AFTER, false },
        { "outcome", kind == MODEL_ON_APPROVAL, false },
        { "deadline", kind == MODEL_ON_GO, false },
        { "rung", kind == MODEL_ON_GO, false },
        /* Nobody fires the others, so nobody is asked, brings fields or writes a note. */
        { "by", false, kind == MODEL_ON_EVENT },
        { "takes", false, kind == MODEL_ON_EVENT },
        { "note", false, kind == MODEL_ON_EVENT },
    };

    for (size_t i = 0; i < COUNT(parts); i++) {
        struct place here = place_member(at, parts[i].name);
        bool there = json_object_get(json, parts[i].name) != NULL;

        if (parts[i].needed && !there)
            return reader_fail(r, at, "a transition of kind \"%s\" needs \"%s\"", kind_names[kind],
                               parts[i].name);
        if (!parts[i].needed && !parts[i].allowed && there)
            return reader_fail(r, &here, "a transition of kind \"%s\" has no \"%s\"",
                               kind_names[kind], parts[i].name);
    }
    return SGN_OK;
}

static enum sgn_status set_event(struct reader *r, struct model_transition *t, const char *fmt, ...)
    SGN_PRINTF(3, 4);

/* The one event name of a transition that belongs to a construct. */
static enum sgn_status
set_event(struct reader *r, struct model_transition *t, const char *fmt, ...)
{
    va_list args;
    int length;
    char *name;

    va_start(args, fmt);
    length = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    t->events = model_alloc(r->box, 1, sizeof(*t->events));
    name = model_alloc(r->box, (size_t)length + 1, 1);
    if (t->events == NULL || name == NULL)
        return reader_nomem(r);
    va_start(args, fmt);
    (void)vsnprintf(name, (size_t)length + 1, fmt, args);
    va_end(args);
    t->events[0] = name;
    t->n_events = 1;
    return SGN_OK;
}

/* "*" and names; each is what it is compared with later, as it stands. */
static enum sgn_status
read_on(struct reader *r, const struct place *up, const json_t *on, struct model_transition *t)
{
    struct place at = place_member(up, "on");
    enum sgn_status st;
    json_t *name;
    size_t i;

    if (json_array_size(on) == 0)
        return reader_fail(r, &at, "must name an event");
    t->events = model_alloc(r->box, json_array_size(on), sizeof(*t->events));
    if (t->events == NULL)
        return reader_nomem(r);
    json_array_foreach(on, i, name) {
        struct place here = place_element(&at, i);

        t->events[i] = json_string_value(name);
        st = reader_descriptor(r, &here, t->events[i]);
        if (st != SGN_OK)
            return st;
        t->n_events++;
    }
    return SGN_OK;
}

/* Numbered within their state, since a state may have several; the name is in the
 * history. */
static enum sgn_status
read_after(struct reader *r, const struct place *up, const json_t *json, struct model_transition *t)
{
    struct place at = place_member(up, "after");
    const struct model_state *state = &r->model->states[t->source];
    enum sgn_status st = reader_duration(r, &at, json_object_get(json, "after"), &t->after);
    int n = 1;

    if (st != SGN_OK)
        return st;
    for (int i = 0; i < state->n_transitions; i++)
        n += state->transitions[i]->kind == MODEL_AFTER;
    return set_event(r, t, "after.%s.%d", t->source == 0 ? r->model->name : state->name, n);
}

/* The outcome must be one of the approval that stands in this very state. */
static enum sgn_status
read_approval(struct reader *r, const struct place *up, const json_t *json,
              struct model_transition *t)
{
    struct place at = place_member(up, "outcome");
    const json_t *approval = json_object_get(r->state_json[t->source], "approval");
    const char *outcome = sgn_json_str(json, "outcome");

    if (approval == NULL)
        return reader_fail(r, up, "%s has no approval", reader_state_label(r, t->source));
    if (!approval_has_outcome(approval, outcome))
        return reader_fail(r, &at, "\"%.100s\" is no outcome of the approval in \"%s\"", outcome,
                           r->model->states[t->source].name);
    return set_event(r, t, "approval.%s.%s", r->model->states[t->source].name, outcome);
}

/* The transition of a rung's "go": each rung has one and each transition belongs to
 * one, so that a rung that fires cannot be taken by something else. */
static enum sgn_status
read_go(struct reader *r, const struct place *up, const json_t *json, struct model_transition *t)
{
    struct place name_at = place_member(up, "deadline");
    struct place rung_at = place_member(up, "rung");
    const struct model_state *state = &r->model->states[t->source];
    const char *name = sgn_json_str(json, "deadline");
    struct model_deadline *d = NULL;
    struct model_rung *rung = NULL;

    for (int i = 0; i < state->n_deadlines; i++)
        if (strcmp(r->model->deadlines[state->deadlines[i]].name, name) == 0)
            d = &r->model->deadlines[state->deadlines[i]];
    if (d == NULL)
        return reader_fail(r, &name_at, "no deadline \"%.100s\" stands in %s", name,
                           reader_state_label(r, t->source));
    for (int i = 0; i < d->n_rungs; i++)
        if (d->rungs[i].number == sgn_json_int(json, "rung", 0))
            rung = &d->rungs[i];
    if (rung == NULL)
        return reader_fail(r, &rung_at, "\"%s\" has the rungs 1 to %d", d->name, d->n_rungs);
    if (rung->go_transition >= 0)
        return reader_fail(r, up, "rung %d of \"%s\" goes somewhere already", rung->number,
                           d->name);
    for (int i = 0; i < rung->actions.n; i++)
        if (rung->actions.items[i].kind == MODEL_GO) {
            rung->go_transition = t->index;
            return set_event(r, t, "go.%s.%d", d->name, rung->number);
        }
    return reader_fail(r, &rung_at, "rung %d of \"%s\" has no action \"go\"", rung->number,
                       d->name);
}

/* What the transition waits for, by its kind; all but events and always have one engine
 * name. */
static enum sgn_status
read_trigger(struct reader *r, const struct place *at, const json_t *json,
             struct model_transition *t)
{
    const struct model_state *state = &r->model->states[t->source];

    switch (t->kind) {
    case MODEL_ON_EVENT:
        return read_on(r, at, json_object_get(json, "on"), t);
    case MODEL_ALWAYS:
        return SGN_OK;
    case MODEL_AFTER:
        return read_after(r, at, json, t);
    case MODEL_ON_DONE:
        if (t->source == 0 || (state->kind != MODEL_COMPOUND && state->kind != MODEL_PARALLEL))
            return reader_fail(r, at, "%s cannot be done: it holds no states that end",
                               reader_state_label(r, t->source));
        return set_event(r, t, "done.state.%s", state->name);
    case MODEL_ON_APPROVAL:
        return read_approval(r, at, json, t);
    case MODEL_ON_GO:
        return read_go(r, at, json, t);
    case MODEL_ON_TASKS:
        if (state->n_tasks == 0)
            return reader_fail(r, at, "%s has no tasks", reader_state_label(r, t->source));
        return set_event(r, t, "tasks.%s", state->name);
    }
    return SGN_OK;
}

/* Without "to" it stays: its content runs, nothing is left or entered, no timer is
 * armed anew. A target that is the source itself leaves and enters it. */
static enum sgn_status
read_targets(struct reader *r, const struct place *up, const json_t *json,
             struct model_transition *t)
{
    struct place at = place_member(up, "to");
    struct place internal = place_member(up, "internal");
    const json_t *to = json_object_get(json, "to");
    enum sgn_status st;

    t->internal = sgn_json_true(json, "internal");
    if (to == NULL && t->internal)
        return reader_fail(r, &internal, "without \"to\" nothing is left or entered anyway");
    if (to != NULL && json_array_size(to) == 0)
        return reader_fail(r, &at, "must name a state; leave it out to stay");
    st = reader_states(r, &at, to, &t->targets, &t->n_targets);
    return st == SGN_OK ? reader_legal(r, &at, t->targets, t->n_targets) : st;
}

/* true: required. As an object it says who reads it, too. */
static enum sgn_status
read_note(struct reader *r, const struct place *at, const json_t *json, struct model_transition *t)
{
    static const struct member members[] = {
        { "required", SHAPE_FLAG, false },
        { "shared", SHAPE_FLAG, false },
    };
    struct place here = place_member(at, "note");
    const json_t *note = json_object_get(json, "note");
    enum sgn_status st;

    t->note_required = json_is_true(note);
    if (note == NULL || json_is_boolean(note))
        return SGN_OK;
    st = reader_object(r, &here, note, "a note", members, COUNT(members));
    if (st != SGN_OK)
        return st;
    t->note_required = sgn_json_true(note, "required");
    t->note_shared = sgn_json_true(note, "shared");
    return SGN_OK;
}

/* The lists of fields are never NULL afterwards: core walks them without asking. */
static enum sgn_status
read_rest(struct reader *r, const struct place *at, const json_t *json, struct model_transition *t)
{
    struct place here = place_member(at, "by");
    enum sgn_status st;

    t->title = json_object_get(json, "title");
    t->line = (int)sgn_json_int(json, "line", 0);
    t->needs = json_object_get(json, "needs");
    t->takes = json_object_get(json, "takes");
    st = parse_who(r, &here, json_object_get(json, "by"), &t->by);
    if (st == SGN_OK)
        st = read_note(r, at, json, t);
    here = place_member(at, "when");
    if (st == SGN_OK)
        st = parse_cond(r, &here, json_object_get(json, "when"), &t->when);
    here = place_member(at, "needs");
    if (st == SGN_OK)
        st = reader_fields(r, &here, t->needs);
    here = place_member(at, "takes");
    if (st == SGN_OK)
        st = reader_fields(r, &here, t->takes);
    here = place_member(at, "run");
    if (st == SGN_OK)
        st = parse_actions(r, &here, json_object_get(json, "run"), t->source, false, &t->run);
    if (t->needs == NULL)
        t->needs = r->box->empty;
    if (t->takes == NULL)
        t->takes = r->box->empty;
    return st;
}

/* Its index is its place in document order over the whole model. */
static enum sgn_status
read_transition(struct reader *r, const struct place *at, const json_t *json, int source)
{
    struct model_transition *t = &r->model->transitions[r->model->n_transitions];
    struct place here = place_member(at, "kind");
    const char *kind = sgn_json_str(json, "kind");
    enum sgn_status st;
    int index = MODEL_ON_EVENT;

    st = reader_object(r, at, json, "a transition", transition_members, COUNT(transition_members));
    if (st == SGN_OK && kind != NULL)
        st = reader_word(r, &here, kind, "kind of transition", kind_names, COUNT(kind_names),
                         &index);
    if (st != SGN_OK)
        return st;
    t->kind = (enum model_transition_kind)index;
    t->index = r->model->n_transitions;
    t->source = source;
    st = check_members(r, at, json, t->kind);
    if (st == SGN_OK)
        st = read_trigger(r, at, json, t);
    if (st == SGN_OK)
        st = read_targets(r, at, json, t);
    if (st == SGN_OK)
        st = read_rest(r, at, json, t);
    r->model->n_transitions++;
    return st;
}

/* Every rung that goes needs its transition, and no two timers one name. */
static enum sgn_status
check_links(struct reader *r)
{
    const struct model *model = r->model;
    int namesake = model_state_find(model, model->name);

    for (int i = 0; i < model->n_deadlines; i++)
        for (int k = 0; k < model->deadlines[i].n_rungs; k++) {
            const struct model_rung *rung = &model->deadlines[i].rungs[k];

            for (int a = 0; a < rung->actions.n && rung->go_transition < 0; a++)
                if (rung->actions.items[a].kind == MODEL_GO)
                    return reader_fail(r, &r->state_place[model->deadlines[i].state],
                                       "rung %d of \"%s\" goes, but no transition of kind \"go\" "
                                       "says where to",
                                       rung->number, model->deadlines[i].name);
        }
    if (namesake < 0)
        return SGN_OK;
    for (int i = 0; i < model->n_transitions; i++)
        for (int k = 0; k < i; k++)
            if (model->transitions[i].kind == MODEL_AFTER &&
                model->transitions[k].kind == MODEL_AFTER &&
                strcmp(model->transitions[i].events[0], model->transitions[k].events[0]) == 0)
                return reader_fail(r, &r->state_place[namesake],
                                   "a state with \"after\" cannot be called like a workflow with "
                                   "\"after\": their timers would have one name");
    return SGN_OK;
}

/* States in document order, and theirs in the order of the form. The workflow's own
 * belong to the root: they apply in every state, after those of all states, which
 * follows from the algorithm looking inside out. */
enum sgn_status
parse_transitions(struct reader *r)
{
    struct model *model = r->model;
    enum sgn_status st = SGN_OK;
    size_t n = 0;
    json_t *one;
    size_t k;

    for (int i = 0; i < model->n_states; i++)
        n += json_array_size(json_object_get(r->state_json[i], "transitions"));
    model->transitions = model_alloc(r->box, n, sizeof(*model->transitions));
    if (model->transitions == NULL)
        return reader_nomem(r);
    for (int i = 0; i < model->n_states; i++) {
        const json_t *transitions = json_object_get(r->state_json[i], "transitions");
        struct place at = place_member(&r->state_place[i], "transitions");
        struct model_state *state = &model->states[i];

        state->transitions =
            model_alloc(r->box, json_array_size(transitions), sizeof(*state->transitions));
        if (state->transitions == NULL)
            return reader_nomem(r);
        json_array_foreach(transitions, k, one) {
            struct place here = place_element(&at, k);

            st = read_transition(r, &here, one, i);
            if (st != SGN_OK)
                return st;
            state->transitions[state->n_transitions++] =
                &model->transitions[model->n_transitions - 1];
        }
    }
    return check_links(r);
}
