/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory of a model, and the questions asked of it once it is there. A model is
 * never changed after model_parse(), so everything here may be asked by several threads
 * at once; only the count of references is written.
 */
#include "model_internal.h"
#include <stdlib.h>
#include <string.h>

/* Freed with the model, all at once: a parse that fails half-way has nothing to undo.
 * Room for one more than was asked for, zeroed: never a block of nothing, and every
 * list of pointers ends in NULL. */
void *
model_alloc(struct model_box *box, size_t n, size_t size)
{
    struct model_block *block;

    /* One more than asked for: never a block of nothing, and an end that is zero. */
    if (size != 0 && n >= (SIZE_MAX - sizeof(*block)) / size - 1)
        return NULL;
    block = calloc(1, sizeof(*block) + (n + 1) * size);
    if (block == NULL)
        return NULL;
    block->next = box->blocks;
    box->blocks = block;
    return block->bytes;
}

/* Strings of the model point into its JSON, so that goes last. */
void
model_box_free(struct model_box *box)
{
    struct model_block *block;

    if (box == NULL)
        return;
    while ((block = box->blocks) != NULL) {
        box->blocks = block->next;
        free(block);
    }
    json_decref(box->json);
    json_decref(box->empty);
    json_decref(box->roles);
    free(box);
}

struct model *
model_ref(struct model *model)
{
    struct model_box *box = (struct model_box *)model;

    (void)atomic_fetch_add(&box->references, 1);
    return model;
}

void
model_free(struct model *model)
{
    struct model_box *box = (struct model_box *)model;

    if (box != NULL && atomic_fetch_sub(&box->references, 1) == 1)
        model_box_free(box);
}

/* By halving an index of names: rows keep names, and every command reads a row. */
bool
model_ends_at(const struct model *model, int state)
{
    return model->states[state].kind == MODEL_FINAL && model->states[state].parent == 0;
}

int
model_state_find(const struct model *model, const char *name)
{
    const struct model_box *box = (const struct model_box *)model;
    int low = 0;
    int high = model->n_states - 1; /* the root has no name and is not in the index */

    while (low < high) {
        int middle = low + (high - low) / 2;
        int order = strcmp(name, model->states[box->by_name[middle]].name);

        if (order == 0)
            return box->by_name[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

/* Workflows have a handful of fields; an index would cost more than it saves. */
const struct model_field *
model_field_find(const struct model *model, const char *name)
{
    for (int i = 0; i < model->n_fields; i++)
        if (strcmp(model->fields[i].name, name) == 0)
            return &model->fields[i];
    return NULL;
}

bool
model_descends(const struct model *model, int state, int ancestor)
{
    /* Depth first: the descendants of a state are the run of indexes behind it. */
    return state > ancestor && state <= model->states[ancestor].last;
}

const struct model_migration *
model_migration_from(const struct model *model, int64_t version)
{
    const json_t *from;
    size_t k;

    for (int i = 0; i < model->n_migrations; i++)
        json_array_foreach(model->migrations[i].from, k, from)
            if (json_integer_value(from) == version)
                return &model->migrations[i];
    return NULL;
}

/* The nearest state around both, or one of them if it holds the other. */
static int
common_ancestor(const struct model *model, int a, int b)
{
    while (a != b && !model_descends(model, b, a))
        a = model->states[a].parent;
    return a;
}

/* A history stands for states inside its parent, so it is judged as its parent. */
bool
model_states_together(const struct model *model, int a, int b)
{
    int left = model->states[a].kind == MODEL_HISTORY ? model->states[a].parent : a;
    int right = model->states[b].kind == MODEL_HISTORY ? model->states[b].parent : b;
    int common = common_ancestor(model, left, right);

    return common != left && common != right && model->states[common].kind == MODEL_PARALLEL;
}

/* What a person could fire, for lists and for "did you mean": neither patterns nor the
 * engine's own names. */
json_t *
model_events(const struct model *model)
{
    json_t *events = json_array();

    for (int i = 0; events != NULL && i < model->n_transitions; i++) {
        const struct model_transition *t = &model->transitions[i];

        for (int k = 0; t->kind == MODEL_ON_EVENT && k < t->n_events; k++) {
            const char *name = t->events[k];

            if (strcmp(name, "*") == 0 || model_event_is_engines(name) ||
                sgn_json_has(events, name))
                continue;
            if (json_array_append_new(events, json_string(name)) != 0) {
                json_decref(events);
                return NULL;
            }
        }
    }
    return events;
}

/* SCXML 1.0 section 3.12.1, with one restriction: what the engine sends is taken only
 * by who asks for it by name. A workflow's own "done" is something that a person fires,
 * and "*" must not swallow the end of a round. */
bool
model_event_matches(const char *descriptor, const char *name)
{
    size_t n = strlen(descriptor);

    /* A workflow's own "done" is something that a person fires. */
    if (model_event_is_engines(name) && !model_event_is_engines(descriptor))
        return false;
    if (strcmp(descriptor, "*") == 0)
        return true;
    return strncmp(descriptor, name, n) == 0 && (name[n] == '\0' || name[n] == '.');
}

/* The names of completion, timers, rounds, rungs and tasks. Nobody else may send them. */
bool
model_event_is_engines(const char *name)
{
    static const char *const prefixes[] = { "done.", "after.", "approval.", "go.", "tasks." };

    for (size_t i = 0; i < COUNT(prefixes); i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}
