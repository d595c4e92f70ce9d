/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields: needed before anybody can fill them, looked at and never filled, left over.
 *
 * A field may be filled when the case is opened (what open.takes or the start states' edit gives,
 * or every field where neither says anything, or where rules of the team open the case), by its
 * default, by an edit in a state, by an event that takes it, by set, and by a function whose text
 * names it. What may be filled in a state may be filled in every state that is reached from it.
 * Emptying is not followed: a field that was filled once may be there. The regions of a parallel
 * are taken together.
 */
#include "conditions.h"
#include "graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct flow {
    struct graph *graph;
    const struct model *model;
    int words;       /* of a set of fields */
    uint64_t *sets;  /* by cell: what may be filled there */
    uint64_t *every; /* may be filled anywhere */
    uint64_t *seen;  /* looked at by something */
    uint64_t *needed;
    uint64_t *takes; /* by transition: what its event brings */
    bool changed;
    const uint64_t *give; /* while walking: what the leaves get */
};

static uint64_t *
set_at(struct flow *f, int state)
{
    return f->sets + (size_t)graph_cell(f->graph, state) * (size_t)f->words;
}

static uint64_t *
takes_of(struct flow *f, const struct model_transition *transition)
{
    return f->takes + (size_t)transition->index * (size_t)f->words;
}

static bool
has(const uint64_t *set, int field)
{
    return (set[field / 64] >> (field % 64) & 1) != 0;
}

static void
put(struct flow *f, uint64_t *set, int field)
{
    if (field < 0 || has(set, field))
        return;
    set[field / 64] |= (uint64_t)1 << (field % 64);
    f->changed = true;
}

static int
field_index(const struct flow *f, const char *name)
{
    const struct model_field *field = name != NULL ? model_field_find(f->model, name) : NULL;

    return field != NULL ? (int)(field - f->model->fields) : -1;
}

static void
put_names(struct flow *f, uint64_t *set, const json_t *names)
{
    const json_t *name;
    size_t i;

    json_array_foreach(names, i, name)
        put(f, set, field_index(f, json_string_value(name)));
}

static void
put_all(struct flow *f, uint64_t *set)
{
    for (int i = 0; i < f->model->n_fields; i++)
        put(f, set, i);
}

static void
put_edits(struct flow *f, uint64_t *set, const struct model_state *state)
{
    for (int i = 0; i < state->n_edit; i++) {
        if (state->edit[i].all)
            put_all(f, set);
        else
            put_names(f, set, state->edit[i].fields);
    }
}

/* ---- what is looked at ---- */

static void
see_cond(struct flow *f, const struct model_cond *cond)
{
    if (cond == NULL)
        return;
    if (cond->kind == MODEL_COND_FIELD)
        put(f, f->seen, field_index(f, cond->name));
    for (int i = 0; i < cond->n_of; i++)
        see_cond(f, &cond->of[i]);
}

static void
see_rule(struct flow *f, const struct model_rule *rule)
{
    see_cond(f, rule->when);
    put_names(f, f->seen, rule->covers);
    for (int i = 0; i < rule->n_rules; i++)
        see_rule(f, &rule->rules[i]);
}

static void
see_state(struct flow *f, const struct model_state *state)
{
    for (int i = 0; i < state->n_transitions; i++) {
        see_cond(f, state->transitions[i]->when);
        put_names(f, f->needed, state->transitions[i]->needs);
    }
    for (int i = 0; i < state->n_tasks; i++)
        see_cond(f, state->tasks[i].when);
    for (int i = 0; i < state->n_deadlines; i++) {
        const struct model_deadline *deadline = &f->model->deadlines[state->deadlines[i]];

        put(f, f->seen, field_index(f, deadline->per));
        put(f, f->seen, field_index(f, deadline->from));
        put(f, f->seen, field_index(f, deadline->due));
    }
    if (state->approval != NULL) {
        put_names(f, f->seen, state->approval->covers);
        see_rule(f, &state->approval->rule);
    }
}

/* ---- what functions name ---- */

static bool
is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool
mentions(const json_t *sources, const char *name)
{
    const char *key, *text = json_string_value(sources), *begin = text;
    size_t n = strlen(name), i;
    json_t *one;

    while (text != NULL && (text = strstr(text, name)) != NULL) {
        if ((text == begin || !is_word(text[-1])) && !is_word(text[n]))
            return true;
        text += n;
    }
    json_object_foreach((json_t *)sources, key, one) {
        if (mentions(one, name))
            return true;
    }
    json_array_foreach((json_t *)sources, i, one) {
        if (mentions(one, name))
            return true;
    }
    return false;
}

/* ---- what may be filled ---- */

static void
fill_action(void *ctx, const struct model_action *action)
{
    struct flow *f = ctx;
    const char *name;
    json_t *value;

    if (action->kind != MODEL_SET)
        return;
    json_object_foreach(json_object_get(action->json, "set"), name, value) {
        if (!sgn_json_true(value, "empty"))
            put(f, f->every, field_index(f, name));
    }
}

/* Rules that open a case give whatever they like. */
static bool
opens_with_all(const struct flow *f)
{
    const struct check *check = f->graph->check;

    return sgn_json_has(check->team->opened, f->model->name);
}

static void
give_leaf(void *ctx, int leaf)
{
    struct flow *f = ctx;
    uint64_t *set = set_at(f, leaf);

    for (int i = 0; i < f->words; i++) {
        if ((f->give[i] & ~set[i]) != 0)
            f->changed = true;
        set[i] |= f->give[i];
    }
}

static void
mark_start(void *ctx, int leaf)
{
    bool *start = ctx;

    start[leaf] = true;
}

/* The start states' edit gives the opener; where they have none, every field is given. */
static void
fill_start(struct flow *f, uint64_t *set)
{
    bool *start = calloc((size_t)f->model->n_states, sizeof *start), any = false;

    if (start == NULL) {
        f->graph->check->failed = true;
        return;
    }
    put_names(f, set, f->model->open_takes);
    graph_entry(f->graph, 0, mark_start, start);
    for (int i = 0; i < f->model->n_states; i++) {
        for (int at = start[i] ? i : -1; at >= 0; at = f->model->states[at].parent) {
            any = any || f->model->states[at].n_edit > 0;
            if (f->model->open_takes == NULL)
                put_edits(f, set, &f->model->states[at]);
        }
    }
    if (f->model->open_takes == NULL && !any)
        put_all(f, set);
    for (int i = 0; i < f->model->n_fields; i++)
        if (f->model->fields[i].or_else != NULL)
            put(f, set, i);
    free(start);
}

/* A transition hands on what its source may hold and what its event brings. */
static void
hand_on(struct flow *f, const struct model_transition *transition, uint64_t *hand)
{
    int last = f->model->states[transition->source].last;

    memset(hand, 0, (size_t)f->words * sizeof *hand);
    for (int i = transition->source; i <= last; i++)
        for (int k = 0; graph_is_leaf(f->graph, i) && f->graph->active[i] && k < f->words; k++)
            hand[k] |= set_at(f, i)[k];
    for (int k = 0; k < f->words; k++)
        hand[k] |= takes_of(f, transition)[k];
    f->give = hand;
    f->changed = false;
    for (int i = 0; i < transition->n_targets; i++)
        graph_entry(f->graph, transition->targets[i], give_leaf, f);
    /* what an event brings stays where nothing is left */
    f->give = takes_of(f, transition);
    for (int i = transition->source; transition->n_targets == 0 && i <= last; i++)
        if (graph_is_leaf(f->graph, i))
            give_leaf(f, i);
}

static void
fill_edits(struct flow *f)
{
    for (int i = 0; i < f->model->n_states; i++)
        for (int k = i; f->model->states[i].n_edit > 0 && k <= f->model->states[i].last; k++)
            if (f->graph->active[i] && graph_is_leaf(f->graph, k))
                put_edits(f, set_at(f, k), &f->model->states[i]);
}

/* Forth and back: most workflows lead one way or the other. */
static bool
hand_on_all(struct flow *f, uint64_t *hand)
{
    int n = f->model->n_transitions;
    bool more = false;

    for (int i = 0; i < 2 * n; i++) {
        const struct model_transition *transition =
            &f->model->transitions[i < n ? i : 2 * n - 1 - i];

        if (!f->graph->active[transition->source])
            continue;
        hand_on(f, transition, hand);
        more = more || f->changed;
    }
    return more;
}

/* Until nothing is handed on any more: sets only grow. */
static void
spread(struct flow *f, uint64_t *hand)
{
    fill_start(f, hand);
    if (opens_with_all(f))
        put_all(f, hand);
    f->give = hand;
    graph_entry(f->graph, 0, give_leaf, f);
    fill_edits(f);
    for (int i = 0; i < f->model->n_states; i++) {
        actions_each(f->model, i, fill_action, f);
        see_state(f, &f->model->states[i]);
    }
    for (int i = 0; i < f->model->n_fields; i++) {
        if (!mentions(f->graph->check->functions, f->model->fields[i].name))
            continue;
        put(f, f->every, i);
        put(f, f->seen, i);
    }
    for (int i = 0; i < f->model->n_transitions; i++)
        put_names(f, takes_of(f, &f->model->transitions[i]), f->model->transitions[i].takes);
    while (hand_on_all(f, hand))
        ;
}

/* ---- findings ---- */

static bool
may_hold(struct flow *f, int state, int field)
{
    if (has(f->every, field))
        return true;
    for (int i = state; i <= f->model->states[state].last; i++)
        if (graph_is_leaf(f->graph, i) && f->graph->active[i] && has(set_at(f, i), field))
            return true;
    return false;
}

static void
check_needs(struct flow *f, const struct model_transition *transition)
{
    char pointer[CHECK_POINTER_MAX];
    const json_t *name;
    size_t i;

    json_array_foreach(transition->needs, i, name) {
        const char *key = json_string_value(name);
        int field = field_index(f, key);
        size_t n;

        if (field < 0 || sgn_json_has(transition->takes, key) ||
            may_hold(f, transition->source, field))
            continue;
        n = strlen(check_at_transition(f->graph->check, pointer, transition));
        snprintf(pointer + n, sizeof pointer - n, "/needs/%zu", i);
        check_note(f->graph->check, CHECK_NEEDS_UNFILLED, pointer,
                   "let the event take it, or somebody edit it before",
                   "needs \"%s\", and nobody can have filled it here", key);
    }
}

/* A required field that the opener may not give, and nobody edits in the start state. */
static void
check_required(struct flow *f, const uint64_t *given, int i)
{
    const struct model_field *field = &f->model->fields[i];
    char pointer[CHECK_POINTER_MAX];

    if (!field->required || has(given, i) || opens_with_all(f))
        return;
    check_note(f->graph->check, CHECK_NEEDS_UNFILLED,
               check_at(f->graph->check, pointer, 0, "/fields/%d", i),
               "let open take it: open = { takes = { ... } }",
               "\"%s\" is required, and whoever opens a case cannot give it", field->name);
}

static bool
ever_filled(struct flow *f, int field)
{
    if (has(f->every, field))
        return true;
    for (int i = 0; i < f->model->n_states; i++)
        if (has(f->sets + (size_t)i * (size_t)f->words, field))
            return true;
    return false;
}

static void
check_use(struct flow *f, int i)
{
    const char *name = f->model->fields[i].name;
    char pointer[CHECK_POINTER_MAX];

    if (ever_filled(f, i) || has(f->needed, i) || f->model->fields[i].required)
        return;
    check_at(f->graph->check, pointer, 0, "/fields/%d", i);
    if (has(f->seen, i))
        check_note(f->graph->check, CHECK_FIELD_NEVER_FILLED, pointer,
                   "let somebody edit it, an event take it, or a rule set it",
                   "\"%s\" is looked at and never filled", name);
    else
        check_note(f->graph->check, CHECK_FIELD_UNUSED, pointer, "use it, or take it out",
                   "nobody fills \"%s\", and nothing looks at it", name);
}

static void
look(struct flow *f, uint64_t *hand, uint64_t *given)
{
    fill_start(f, given);
    spread(f, hand);
    for (int i = 0; i < f->model->n_transitions; i++)
        if (f->graph->active[f->model->transitions[i].source])
            check_needs(f, &f->model->transitions[i]);
    for (int i = 0; i < f->model->n_fields; i++) {
        check_required(f, given, i);
        check_use(f, i);
    }
}

void
check_fields(struct graph *graph)
{
    struct flow f = { .graph = graph,
                      .model = graph->model,
                      .words = graph->model->n_fields / 64 + 1 };
    size_t n = (size_t)f.words, states = (size_t)graph->model->n_states;
    uint64_t *all = calloc(n * (states + (size_t)graph->model->n_transitions + 5), sizeof *all);

    if (all == NULL) {
        graph->check->failed = true;
        return;
    }
    f.sets = all;
    f.every = all + n * states;
    f.seen = f.every + n;
    f.needed = f.seen + n;
    f.takes = f.needed + 3 * n;
    look(&f, f.needed + n, f.needed + 2 * n);
    free(all);
}
