/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree of states: names, kinds and document order first, then where each is
 * entered.
 *
 * Document order is depth first, and the numbers of states are given in it. So the
 * descendants of a state are the run of numbers behind it, an ancestor's number is
 * below its descendants', and a set of states walked upwards is in entry order: the
 * algorithm relies on all three.
 */
#include "model_internal.h"
#include <stdlib.h>
#include <string.h>

static const struct member state_members[] = {
    { "name", SHAPE_TEXT, true },           { "kind", SHAPE_TEXT, true },
    { "deep", SHAPE_FLAG, false },          { "start", SHAPE_TEXTS, false },
    { "states", SHAPE_ARRAY, false },       { "transitions", SHAPE_ARRAY, false },
    { "enter", SHAPE_ARRAY, false },        { "leave", SHAPE_ARRAY, false },
    { "owner", SHAPE_ANY, false },          { "edit", SHAPE_ARRAY, false },
    { "waiting_for", SHAPE_TEXT, false },   { "approval", SHAPE_OBJECT, false },
    { "deadlines", SHAPE_ARRAY, false },    { "tasks", SHAPE_ARRAY, false },
    { "outcome", SHAPE_TEXT, false },       { "title", SHAPE_TITLE, false },
    { "client_title", SHAPE_TITLE, false }, { "help", SHAPE_TITLE, false },
    { "line", SHAPE_INTEGER, false },
};

static const char *const kind_names[] = { "state", "parallel", "final", "history" };

/* What each kind cannot have: nobody works in a final, and a history is a mark, never
 * active. */
static const char *const not_in_final[] = { "states",    "transitions", "start",       "deep",
                                            "owner",     "edit",        "waiting_for", "approval",
                                            "deadlines", "tasks" };
static const char *const not_in_history[] = { "states",    "transitions", "enter",       "leave",
                                              "owner",     "edit",        "waiting_for", "approval",
                                              "deadlines", "tasks",       "outcome" };
static const char *const not_in_state[] = { "deep", "outcome" };
static const char *const not_in_parallel[] = { "deep", "outcome", "start" };

/* Refuses members that this kind of state cannot have. */
static enum sgn_status
check_members(struct reader *r, const struct place *at, const json_t *json, const char *kind,
              const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct place here = place_member(at, names[i]);

        if (json_object_get(json, names[i]) != NULL)
            return reader_fail(r, &here, "a %s has no \"%s\"", kind, names[i]);
    }
    return SGN_OK;
}

/* A state that holds states is compound; there is no word for it. */
static enum sgn_status
read_kind(struct reader *r, const struct place *at, const json_t *json, struct model_state *state)
{
    struct place here = place_member(at, "kind");
    enum sgn_status st;
    int kind;

    st = reader_word(r, &here, sgn_json_str(json, "kind"), "kind of state", kind_names,
                     COUNT(kind_names), &kind);
    if (st != SGN_OK)
        return st;
    switch (kind) {
    case 0:
        state->kind =
            json_array_size(json_object_get(json, "states")) > 0 ? MODEL_COMPOUND : MODEL_ATOMIC;
        return check_members(r, at, json, "state", not_in_state, COUNT(not_in_state));
    case 1:
        state->kind = MODEL_PARALLEL;
        return check_members(r, at, json, "parallel", not_in_parallel, COUNT(not_in_parallel));
    case 2:
        state->kind = MODEL_FINAL;
        return check_members(r, at, json, "final", not_in_final, COUNT(not_in_final));
    default:
        state->kind = MODEL_HISTORY;
        state->deep = sgn_json_true(json, "deep");
        return check_members(r, at, json, "history", not_in_history, COUNT(not_in_history));
    }
}

/* May a state of this kind stand in that parent? SCXML 1.0 sections 3.2 to 3.4. */
static enum sgn_status
check_parent(struct reader *r, const struct place *at, const struct model_state *state)
{
    const struct model_state *parent = &r->model->states[state->parent];

    if (state->kind == MODEL_FINAL && parent->kind == MODEL_PARALLEL)
        return reader_fail(r, at, "a final cannot be a region of a parallel: put it into a state");
    if (state->kind == MODEL_HISTORY && state->parent == 0)
        return reader_fail(r, at,
                           "a history stands in a state or a parallel: the workflow itself "
                           "is never left, so there is nothing to remember");
    if (state->kind == MODEL_FINAL && state->parent != 0 && state->outcome != NULL)
        return reader_fail(r, at, "only a final at the top ends the case and has an outcome");
    return SGN_OK;
}

static enum sgn_status read_states(struct reader *r, const struct place *up, const json_t *json,
                                   int parent);

/* Its number is given before those of its children and "last" after them. A final at
 * the top that says no outcome has its own name for one. */
static enum sgn_status
read_state(struct reader *r, const struct place *at, const json_t *json, int parent)
{
    struct model_state *state = &r->model->states[r->model->n_states];
    struct place name = place_member(at, "name");
    enum sgn_status st;

    st = reader_object(r, at, json, "a state", state_members, COUNT(state_members));
    if (st != SGN_OK)
        return st;
    state->index = r->model->n_states++;
    state->parent = parent;
    state->depth = r->model->states[parent].depth + 1;
    state->name = sgn_json_str(json, "name");
    state->line = (int)sgn_json_int(json, "line", 0);
    state->title = json_object_get(json, "title");
    state->client_title = json_object_get(json, "client_title");
    state->help = json_object_get(json, "help");
    state->outcome = sgn_json_str(json, "outcome");
    r->state_json[state->index] = json;
    r->state_place[state->index] = *at;
    st = reader_name(r, &name, state->name, "a state");
    if (st == SGN_OK)
        st = read_kind(r, at, json, state);
    if (st == SGN_OK)
        st = check_parent(r, at, state);
    if (st == SGN_OK)
        st = read_states(r, &r->state_place[state->index], json_object_get(json, "states"),
                         state->index);
    state->last = r->model->n_states - 1;
    if (state->kind == MODEL_FINAL && parent == 0 && state->outcome == NULL)
        state->outcome = state->name;
    return st;
}

/* A compound or parallel state needs a child that is no history: there must be
 * something to enter. The bound on states is that of a configuration, which is a set of
 * bits. */
static enum sgn_status
read_states(struct reader *r, const struct place *up, const json_t *json, int parent)
{
    struct model_state *around = &r->model->states[parent];
    /* Kept with the model: the places of the states below point to it. */
    struct place *at = model_alloc(r->box, 1, sizeof(*at));
    enum sgn_status st = SGN_OK;
    json_t *child;
    size_t i;

    around->children = model_alloc(r->box, json_array_size(json), sizeof(int));
    if (at == NULL || around->children == NULL)
        return reader_nomem(r);
    *at = place_member(up, "states");
    json_array_foreach(json, i, child) {
        struct place here = place_element(at, i);

        if (r->model->n_states == MODEL_STATES_MAX)
            return reader_fail(r, &here, "more than %d states", MODEL_STATES_MAX - 1);
        around->children[around->n_children++] = r->model->n_states;
        st = read_state(r, &here, child, parent);
        if (st != SGN_OK)
            return st;
    }
    if (around->kind == MODEL_PARALLEL || around->kind == MODEL_COMPOUND) {
        for (int k = 0; k < around->n_children; k++)
            if (r->model->states[around->children[k]].kind != MODEL_HISTORY)
                return SGN_OK;
        return reader_fail(r, up, "%s needs a state inside", reader_state_label(r, parent));
    }
    return st;
}

static int
compare_names(const void *a, const void *b, void *states)
{
    const struct model_state *all = states;

    return strcmp(all[*(const int *)a].name, all[*(const int *)b].name);
}

/* Sorted by name: for looking up, and because two of one name are neighbours then. The
 * later one in the document is reported. */
static enum sgn_status
index_names(struct reader *r)
{
    struct model *model = r->model;
    int n = model->n_states - 1;
    int *order = model_alloc(r->box, (size_t)n, sizeof(*order));

    if (order == NULL)
        return reader_nomem(r);
    for (int i = 0; i < n; i++)
        order[i] = i + 1;
    qsort_r(order, (size_t)n, sizeof(*order), compare_names, model->states);
    for (int i = 1; i < n; i++)
        if (strcmp(model->states[order[i - 1]].name, model->states[order[i]].name) == 0) {
            int later = order[i - 1] > order[i] ? order[i - 1] : order[i];
            struct place here = place_member(&r->state_place[later], "name");

            return reader_fail(r, &here, "there is a state \"%s\" already",
                               model->states[later].name);
        }
    r->box->by_name = order;
    return SGN_OK;
}

/*
 * What a history names stands inside its parent. Another history of the same parent is refused:
 * two could name each other, and entering would never end.
 */
static enum sgn_status
check_start(struct reader *r, const struct place *at, const struct model_state *state)
{
    int scope = state->kind == MODEL_HISTORY ? state->parent : state->index;

    for (int i = 0; i < state->n_start; i++) {
        const struct model_state *start = &r->model->states[state->start[i]];
        struct place here = place_element(at, (size_t)i);

        if (!model_descends(r->model, start->index, scope))
            return reader_fail(r, &here, "\"%s\" does not stand inside \"%s\"", start->name,
                               reader_state_label(r, scope));
        if (state->kind == MODEL_HISTORY && start->kind == MODEL_HISTORY &&
            start->parent == state->parent)
            return reader_fail(r, &here, "a history cannot start with a history of its own state");
    }
    return reader_legal(r, at, state->start, state->n_start);
}

/* "start" is what is entered by default; without it the first child that is no history.
 * A history's own start is where it leads while nothing is remembered, so it must have
 * one. */
static enum sgn_status
read_start(struct reader *r, const struct place *up, const json_t *json, struct model_state *state)
{
    struct place at = place_member(up, "start");
    const json_t *names = json_object_get(json, "start");
    enum sgn_status st;

    if (names != NULL && json_array_size(names) == 0)
        return reader_fail(r, &at, "must name a state");
    if (state->kind == MODEL_ATOMIC && names != NULL)
        return reader_fail(r, &at, "\"%s\" holds no states to start with", state->name);
    if (state->kind == MODEL_HISTORY && names == NULL)
        return reader_fail(r, up,
                           "a history needs \"start\": where to go when nothing is "
                           "remembered");
    st = reader_states(r, &at, names, &state->start, &state->n_start);
    if (st != SGN_OK || names != NULL)
        return st == SGN_OK ? check_start(r, &at, state) : st;
    if (state->kind != MODEL_COMPOUND)
        return SGN_OK;
    state->start = model_alloc(r->box, 1, sizeof(*state->start));
    if (state->start == NULL)
        return reader_nomem(r);
    /* The first child that is no history; there is one. */
    for (int i = 0; state->n_start == 0; i++)
        if (r->model->states[state->children[i]].kind != MODEL_HISTORY)
            state->start[state->n_start++] = state->children[i];
    return SGN_OK;
}

/* An upper bound of how many states there are, so that their memory is taken once and
 * pointers into it stay good. */
static size_t
count_states(const json_t *states)
{
    size_t n = json_array_size(states);
    json_t *state;
    size_t i;

    json_array_foreach(states, i, state)
        n += count_states(json_object_get(state, "states"));
    return n;
}

enum sgn_status
parse_tree(struct reader *r, const struct place *top, const json_t *json)
{
    const json_t *states = json_object_get(json, "states");
    size_t n = 1 + count_states(states);
    enum sgn_status st;

    if (n > MODEL_STATES_MAX)
        n = MODEL_STATES_MAX;
    r->model->states = model_alloc(r->box, n, sizeof(*r->model->states));
    r->state_json = model_alloc(r->box, n, sizeof(json_t *));
    r->state_place = model_alloc(r->box, n, sizeof(*r->state_place));
    if (r->model->states == NULL || r->state_json == NULL || r->state_place == NULL)
        return reader_nomem(r);
    r->model->states[0] = (struct model_state){ .name = "", .kind = MODEL_COMPOUND, .parent = -1 };
    r->state_json[0] = json;
    r->state_place[0] = *top;
    r->model->n_states = 1;
    st = read_states(r, &r->state_place[0], states, 0);
    r->model->states[0].last = r->model->n_states - 1;
    if (st == SGN_OK)
        st = index_names(r);
    for (int i = 0; st == SGN_OK && i < r->model->n_states; i++)
        st = read_start(r, &r->state_place[i], r->state_json[i], &r->model->states[i]);
    return st;
}
