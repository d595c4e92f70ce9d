/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of states, and a chart from the names that a case keeps and back.
 *
 * The names may come from a row that an older version wrote, or from a stranger:
 * nothing is believed. What passes here is a configuration the algorithm may rely on
 * without checks.
 */
#include "json.h"
#include "statechart.h"
#include <string.h>

bool
statechart_set_has(const struct statechart_set *set, int state)
{
    return (set->bits[state / 64] >> (state % 64) & 1) != 0;
}

void
statechart_set_add(struct statechart_set *set, int state)
{
    set->bits[state / 64] |= UINT64_C(1) << (state % 64);
}

void
statechart_set_remove(struct statechart_set *set, int state)
{
    set->bits[state / 64] &= ~(UINT64_C(1) << (state % 64));
}

int
statechart_set_next(const struct statechart_set *set, int from)
{
    int word = from / 64;
    uint64_t bits;

    if (from >= MODEL_STATES_MAX)
        return -1;
    bits = set->bits[word] & (~UINT64_C(0) << (from % 64));
    while (bits == 0) {
        if (++word == STATECHART_WORDS)
            return -1;
        bits = set->bits[word];
    }
    return word * 64 + __builtin_ctzll(bits);
}

int
statechart_set_previous(const struct statechart_set *set, int from)
{
    int word = from / 64;
    uint64_t bits;

    if (from < 0)
        return -1;
    bits = set->bits[word] & (~UINT64_C(0) >> (63 - from % 64));
    while (bits == 0) {
        if (--word < 0)
            return -1;
        bits = set->bits[word];
    }
    return word * 64 + 63 - __builtin_clzll(bits);
}

/*
 * SCXML 1.0 section 3.11, below and including top: an active compound state has exactly one
 * active child, an active parallel all of them. *wrong is a state for which this is not so.
 */
static bool
is_legal(const struct model *model, const struct statechart_set *active, int top, int *wrong)
{
    for (int s = statechart_set_next(active, top); s >= 0 && s <= model->states[top].last;
         s = statechart_set_next(active, s + 1)) {
        const struct model_state *state = &model->states[s];
        int children = 0, n_active = 0;

        for (int i = 0; i < state->n_children; i++) {
            if (model->states[state->children[i]].kind == MODEL_HISTORY)
                continue;
            children++;
            n_active += statechart_set_has(active, state->children[i]);
        }
        *wrong = s;
        if (state->kind == MODEL_COMPOUND && n_active != 1)
            return false;
        if (state->kind == MODEL_PARALLEL && n_active != children)
            return false;
    }
    return true;
}

/* Adds the named leaves and what is around them, up to and with top: ancestors follow
 * from the leaves, so the row does not keep them. */
static enum sgn_status
add_leaves(const struct model *model, const json_t *names, int top, struct statechart_set *out,
           struct sgn_error *err)
{
    json_t *name;
    size_t i;

    json_array_foreach(names, i, name) {
        const char *text = json_is_string(name) ? json_string_value(name) : "?";
        int s = model_state_find(model, text);

        if (s < 0)
            return sgn_fail(err, SGN_INVALID, "the workflow has no state \"%.100s\"", text);
        if (model->states[s].kind != MODEL_ATOMIC && model->states[s].kind != MODEL_FINAL)
            return sgn_fail(err, SGN_INVALID, "\"%s\" is no leaf: it holds states", text);
        if (!model_descends(model, s, top))
            return sgn_fail(err, SGN_INVALID, "\"%s\" does not stand inside \"%s\"", text,
                            model->states[top].name);
        for (; s >= top; s = model->states[s].parent)
            statechart_set_add(out, s);
    }
    return SGN_OK;
}

/* A case that shows a top-level final has ended: its chart does not run any more. */
static enum sgn_status
read_leaves(struct statechart *chart, const json_t *leaves, struct sgn_error *err)
{
    const struct model *model = chart->model;
    enum sgn_status st;
    int wrong = 0;

    statechart_set_add(&chart->configuration, 0);
    st = add_leaves(model, leaves, 0, &chart->configuration, err);
    if (st != SGN_OK)
        return st;
    if (!is_legal(model, &chart->configuration, 0, &wrong))
        return sgn_fail(
            err, SGN_INVALID,
            model->states[wrong].kind == MODEL_PARALLEL
                ? "these states cannot be active together: not all regions of \"%s\""
                : "these states cannot be active together: not exactly one state of \"%s\"",
            wrong == 0 ? model->name : model->states[wrong].name);
    chart->running = true;
    for (int i = 0; i < model->states[0].n_children; i++) {
        int child = model->states[0].children[i];

        if (model->states[child].kind == MODEL_FINAL &&
            statechart_set_has(&chart->configuration, child))
            chart->running = false;
    }
    return SGN_OK;
}

/* A shallow history remembers children of its parent, as many as are active there at once. */
static enum sgn_status
check_shallow(const struct model *model, const struct model_state *parent, const json_t *names,
              struct sgn_error *err)
{
    size_t expected = 0;
    json_t *name;
    size_t i;

    for (int k = 0; k < parent->n_children; k++)
        expected += model->states[parent->children[k]].kind != MODEL_HISTORY;
    if (parent->kind == MODEL_COMPOUND)
        expected = 1;
    json_array_foreach(names, i, name) {
        const char *text = json_is_string(name) ? json_string_value(name) : "?";
        int s = model_state_find(model, text);

        if (s < 0 || model->states[s].parent != parent->index ||
            model->states[s].kind == MODEL_HISTORY)
            return sgn_fail(err, SGN_INVALID, "\"%.100s\" is no state directly in \"%s\"", text,
                            parent->name);
    }
    if (json_array_size(names) != expected)
        return sgn_fail(err, SGN_INVALID, "a history in \"%s\" remembers %zu states, not %zu",
                        parent->name, expected, json_array_size(names));
    return SGN_OK;
}

/* A deep history remembers leaves, a shallow one children: each legal where it stands. */
static enum sgn_status
check_history(const struct model *model, const char *name, const json_t *names,
              struct sgn_error *err)
{
    int h = model_state_find(model, name);
    struct statechart_set active = { 0 };
    const struct model_state *parent;
    enum sgn_status st;
    int wrong;

    if (h < 0 || model->states[h].kind != MODEL_HISTORY)
        return sgn_fail(err, SGN_INVALID, "the workflow has no history \"%.100s\"", name);
    parent = &model->states[model->states[h].parent];
    if (!model->states[h].deep)
        return check_shallow(model, parent, names, err);
    st = add_leaves(model, names, parent->index, &active, err);
    if (st != SGN_OK)
        return st;
    if (statechart_set_next(&active, 0) < 0 || !is_legal(model, &active, parent->index, &wrong))
        return sgn_fail(err, SGN_INVALID, "what \"%s\" remembers cannot be active together", name);
    return SGN_OK;
}

enum sgn_status
statechart_init(struct statechart *chart, const struct model *model, const json_t *leaves,
                const json_t *history, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    const char *name;
    json_t *names;

    memset(chart, 0, sizeof(*chart));
    chart->model = model;
    json_object_foreach((json_t *)history, name, names) {
        st = check_history(model, name, names, err);
        if (st != SGN_OK)
            return st;
    }
    if (leaves != NULL)
        st = read_leaves(chart, leaves, err);
    if (st != SGN_OK)
        return st;
    chart->history = json_is_object(history) ? sgn_json_copy(history) : json_object();
    return chart->history == NULL ? sgn_nomem(err) : SGN_OK;
}

void
statechart_deinit(struct statechart *chart)
{
    json_decref(chart->history);
    memset(chart, 0, sizeof(*chart));
}

/* Finals are leaves too: a region that is done shows where it ended. */
json_t *
statechart_leaves(const struct statechart *chart)
{
    const struct statechart_set *active = &chart->configuration;
    json_t *leaves = json_array();

    for (int s = statechart_set_next(active, 0); leaves != NULL && s >= 0;
         s = statechart_set_next(active, s + 1)) {
        const struct model_state *state = &chart->model->states[s];

        if (state->kind != MODEL_ATOMIC && state->kind != MODEL_FINAL)
            continue;
        if (json_array_append_new(leaves, json_string(state->name)) != 0) {
            json_decref(leaves);
            return NULL;
        }
    }
    return leaves;
}
