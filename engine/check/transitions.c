/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transitions that never happen: nobody fires their event, an earlier one of the same state takes
 * it always, or one region of a parallel takes it away from another.
 *
 * The first in document order that holds is taken. A transition is forestalled when an earlier one
 * of its state listens to the same event, lets in everybody whom the later one lets in, and holds
 * whenever the later one does. Of two transitions in different regions one loses when one of them
 * leaves the parallel and neither has a condition.
 */
#include "conditions.h"
#include "graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONDITIONS_MAX 64 /* earlier transitions with a condition that one is compared with */

/* ---- events that nobody fires ---- */

struct firing {
    const char *descriptor;
    bool found;
};

static void
is_fired(void *ctx, const struct model_action *action)
{
    struct firing *f = ctx;

    if ((action->kind == MODEL_EMIT || action->kind == MODEL_FIRE || action->kind == MODEL_SEND) &&
        action->name != NULL && model_event_matches(f->descriptor, action->name))
        f->found = true;
}

/* Does a function's source have it in quotes? Any text in quotes may be an event's name. */
static bool
is_quoted(const char *source, const char *event)
{
    const char *text = source;
    size_t n = strlen(event);

    while ((text = strstr(text, event)) != NULL) {
        if (text > source && (text[-1] == '"' || text[-1] == '\'') && text[n] != '\0' &&
            strchr("\"'.", text[n]) != NULL)
            return true;
        text += n;
    }
    return false;
}

/* A function of this workflow may send it; texts that a function was made with stand among its
 * constants as they are. */
static bool
in_sources(const json_t *functions, const char *event)
{
    const char *key;
    json_t *one;
    size_t i;

    if (json_is_string(functions))
        return model_event_matches(event, json_string_value(functions));
    json_object_foreach((json_t *)functions, key, one) {
        if (strcmp(key, "source") == 0 && json_is_string(one)
                ? is_quoted(json_string_value(one), event)
                : in_sources(one, event))
            return true;
    }
    json_array_foreach((json_t *)functions, i, one) {
        if (in_sources(one, event))
            return true;
    }
    return false;
}

static bool
fired_by_system(const struct graph *graph, const char *descriptor)
{
    struct firing f = { descriptor, false };
    const json_t *name;
    size_t i;

    if (strncmp(descriptor, "done", 4) == 0 || model_event_is_engines(descriptor) ||
        in_sources(graph->check->functions, descriptor))
        return true;
    for (int s = 0; s < graph->model->n_states && !f.found; s++)
        actions_each(graph->model, s, is_fired, &f);
    json_array_foreach(graph->check->team->fired, i, name) {
        if (model_event_matches(descriptor, json_string_value(name)))
            f.found = true;
    }
    return f.found;
}

static bool
is_system(void *ctx, const struct model_who *who)
{
    (void)ctx;
    return who->kind == MODEL_WHO_SYSTEM;
}

static void
check_fired(struct graph *graph, const struct model_transition *transition)
{
    char pointer[CHECK_POINTER_MAX];

    if (transition->kind != MODEL_ON_EVENT || !people_each(transition->by, is_system, NULL))
        return;
    for (int i = 0; i < transition->n_events; i++) {
        if (fired_by_system(graph, transition->events[i]))
            continue;
        check_note(graph->check, CHECK_EVENT_NOBODY,
                   check_at_transition(graph->check, pointer, transition),
                   "say who may: by = \"pm\"", "nobody may fire \"%s\", and nothing does",
                   transition->events[i]);
    }
}

/* ---- an earlier one always takes it ---- */

/* Does a take every event that b takes? */
static bool
takes_all(const char *a, const char *b)
{
    size_t n = strlen(a);

    return strcmp(a, b) == 0 || (strcmp(a, "*") == 0 && !model_event_is_engines(b)) ||
           (strncmp(a, b, n) == 0 && b[n] == '.');
}

static bool
event_within(const struct model_transition *later, const struct model_transition *earlier, int i)
{
    for (int k = 0; k < earlier->n_events; k++)
        if (takes_all(earlier->events[k], later->events[i]))
            return true;
    return false;
}

static bool
events_within(const struct model_transition *later, const struct model_transition *earlier)
{
    for (int i = 0; i < later->n_events; i++)
        if (!event_within(later, earlier, i))
            return false;
    return true;
}

struct within {
    const struct model_who *who;
    const struct model_who *all;
    bool found;
};

static bool
is_one_of(void *ctx, const struct model_who *other)
{
    struct within *w = ctx;

    w->found = people_within(w->who, other);
    return !w->found;
}

static bool
word_within(void *ctx, const struct model_who *who)
{
    struct within *outer = ctx, w = { who, outer->all, false };

    (void)people_each(outer->all, is_one_of, &w);
    return w.found || who->kind == MODEL_WHO_SYSTEM;
}

/* "by" is not asked of the system, so it makes no difference there. */
static bool
people_within_all(const struct model_who *later, const struct model_who *earlier)
{
    struct within w = { NULL, earlier, false };

    return later == NULL || (earlier != NULL && people_each(later, word_within, &w));
}

static bool
forestalls(const struct model_transition *earlier, const struct model_transition *later)
{
    if (earlier->kind != later->kind)
        return false;
    if (earlier->kind == MODEL_ALWAYS)
        return cond_implies(later->when, earlier->when);
    return earlier->kind == MODEL_ON_EVENT && events_within(later, earlier) &&
           people_within_all(later->by, earlier->by) && cond_implies(later->when, earlier->when);
}

static void
check_forestalled(struct graph *graph, const struct model_state *state, int nth)
{
    const struct model_transition *later = state->transitions[nth];
    char pointer[CHECK_POINTER_MAX];
    int left = CONDITIONS_MAX;

    for (int i = 0; i < nth; i++) {
        const struct model_transition *earlier = state->transitions[i];

        if (earlier->when != NULL && later->when != NULL && left-- <= 0)
            continue;
        if (!forestalls(earlier, later))
            continue;
        check_note(graph->check, CHECK_NEVER_TAKEN,
                   check_at_transition(graph->check, pointer, later),
                   "move it up, or give the earlier one a condition",
                   "never taken: the one in line %d holds whenever this does", earlier->line);
        return;
    }
}

/* ---- regions ---- */

/* The innermost parallel in whose different regions the two stand, or -1. */
static int
parallel_between(const struct graph *graph, int a, int b)
{
    int at = a;

    while (at >= 0 && !graph_within(graph, b, at))
        at = graph->model->states[at].parent;
    return at >= 0 && at != a && at != b && graph->model->states[at].kind == MODEL_PARALLEL ? at
                                                                                            : -1;
}

static bool
same_event(const struct model_transition *a, const struct model_transition *b)
{
    for (int i = 0; i < a->n_events; i++)
        for (int k = 0; k < b->n_events; k++)
            if (takes_all(a->events[i], b->events[k]) || takes_all(b->events[k], a->events[i]))
                return true;
    return false;
}

/* Both without a condition, and somebody may fire both. */
static bool
meet(const struct model_transition *a, const struct model_transition *b)
{
    return a->kind == MODEL_ON_EVENT && b->kind == MODEL_ON_EVENT && a->when == NULL &&
           b->when == NULL && same_event(a, b) &&
           (people_within_all(a->by, b->by) || people_within_all(b->by, a->by));
}

static void
check_regions(struct graph *graph, const struct model_transition *later)
{
    const struct model *model = graph->model;
    char pointer[CHECK_POINTER_MAX];
    int cell = graph_cell(graph, later->source);

    if (later->kind != MODEL_ON_EVENT || later->n_targets == 0 ||
        model->states[cell].kind != MODEL_PARALLEL)
        return;
    for (int i = 0; i < later->index; i++) {
        const struct model_transition *earlier = &model->transitions[i];
        int parallel;

        if (earlier->n_targets == 0 || !meet(earlier, later))
            continue;
        parallel = parallel_between(graph, earlier->source, later->source);
        if (parallel < 0 ||
            (!graph_leaves(graph, earlier, parallel) && !graph_leaves(graph, later, parallel)))
            continue;
        check_note(graph->check, CHECK_REGIONS_CONFLICT,
                   check_at_transition(graph->check, pointer, later),
                   "put the event on the parallel itself, or name it differently",
                   "\"%s\" is taken in another region of \"%s\" (line %d): only the first is "
                   "carried out",
                   later->events[0], model->states[parallel].name, earlier->line);
        return;
    }
}

void
check_transitions(struct graph *graph)
{
    for (int i = 0; i < graph->model->n_states; i++) {
        const struct model_state *state = &graph->model->states[i];

        for (int k = 0; graph->active[i] && k < state->n_transitions; k++) {
            check_fired(graph, state->transitions[k]);
            check_forestalled(graph, state, k);
            check_regions(graph, state->transitions[k]);
        }
    }
}
