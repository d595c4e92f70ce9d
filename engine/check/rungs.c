/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rungs and timers that come too late: when they are due, the state has always been left. And rungs
 * that come at once with a later one of their deadline: of their reminders only the last is sent.
 *
 * A state is surely left by an after without a condition, and by a rung that says go, or decide
 * with an outcome that leads out. Inside one deadline every later rung is too late. Between a
 * deadline and another one, or an after, of the same state, times are compared only where they
 * count alike: both elapsed time, both days, both working hours or both working days, on the same
 * clock, from entry. A deadline by field, from a field, with until or a pause, or around other
 * states, may come whenever it likes.
 */
#include "graph.h"

#include <stdio.h>
#include <string.h>

/* In thousandths of the unit, so that shares of a deadline are whole numbers. */
struct moment {
    enum {
        COUNT_NONE,
        COUNT_ELAPSED,
        COUNT_DAYS,
        COUNT_WORK,
        COUNT_WORKDAYS
    } unit;
    const char *clock; /* of working time; "" for the team's */
    int64_t at;
};

/* The earliest moment at which a state is surely left, by unit. */
struct leaving {
    struct moment moments[8];
    int n;
};

static struct moment
moment_of(const struct calendar_duration *d, const struct calendar_duration *more, int percent,
          const char *clock)
{
    int64_t parts[] = { 0, d->elapsed_ms, d->days, d->work_ms, d->workdays };
    int64_t further[] = { 0, more->elapsed_ms, more->days, more->work_ms, more->workdays };
    struct moment moment = { COUNT_NONE, "", 0 };
    int n = 0;

    for (int i = COUNT_ELAPSED; i <= COUNT_WORKDAYS; i++) {
        if (parts[i] + further[i] == 0)
            continue;
        n++;
        moment.unit = i;
        moment.at = parts[i] * 10 * percent + further[i] * 1000;
    }
    if (n > 1)
        moment.unit = COUNT_NONE;
    if (moment.unit >= COUNT_WORK && clock != NULL && strcmp(clock, "team") != 0)
        moment.clock = clock;
    return moment;
}

/* Does a come after b, for certain? */
static bool
is_later(const struct moment *a, const struct moment *b)
{
    return a->unit != COUNT_NONE && a->unit == b->unit && strcmp(a->clock, b->clock) == 0 &&
           a->at > b->at;
}

static struct moment
rung_moment(const struct model_deadline *deadline, const struct model_rung *rung)
{
    static const struct calendar_duration none = { 0 };

    struct moment moment = { COUNT_NONE, "", 0 };

    if (deadline->due != NULL) /* nobody knows when that is */
        return moment;
    if (rung->kind == MODEL_RUNG_AT) {
        moment = moment_of(&deadline->duration, &none, rung->percent, deadline->clock);
        /* A share of days is no number of days: the first and the last are rarely whole. */
        if (moment.unit == COUNT_DAYS || moment.unit == COUNT_WORKDAYS)
            moment.unit = COUNT_NONE;
        return moment;
    }
    return moment_of(&deadline->duration, &rung->offset, 100, deadline->clock);
}

static bool
is_plain(const struct graph *graph, const struct model_deadline *deadline)
{
    return deadline->per == NULL && deadline->from == NULL && deadline->due == NULL &&
           deadline->until == NULL && deadline->pause == NULL &&
           graph_is_leaf(graph, deadline->state);
}

/* ---- what surely leaves ---- */

static bool
decides_out(const struct graph *graph, int state, const char *outcome)
{
    const struct model_state *at = &graph->model->states[state];
    char event[256];

    snprintf(event, sizeof event, "approval.%s.%s", at->name, outcome);
    for (int i = 0; i < at->n_transitions; i++) {
        const struct model_transition *transition = at->transitions[i];

        if (transition->kind == MODEL_ON_APPROVAL && transition->n_events > 0 &&
            strcmp(transition->events[0], event) == 0)
            return transition->when == NULL && graph_leaves(graph, transition, state);
    }
    return false;
}

static bool
rung_leaves(const struct graph *graph, const struct model_deadline *deadline,
            const struct model_rung *rung)
{
    if (rung->go_transition >= 0)
        return graph_leaves(graph, &graph->model->transitions[rung->go_transition],
                            deadline->state);
    for (int i = 0; i < rung->actions.n; i++)
        if (rung->actions.items[i].kind == MODEL_DECIDE &&
            decides_out(graph, deadline->state, rung->actions.items[i].name))
            return true;
    return false;
}

static void
add_leaving(struct leaving *leaving, const struct moment *moment)
{
    for (int i = 0; i < leaving->n; i++) {
        struct moment *old = &leaving->moments[i];

        if (old->unit != moment->unit || strcmp(old->clock, moment->clock) != 0)
            continue;
        if (moment->at < old->at)
            *old = *moment;
        return;
    }
    if (moment->unit != COUNT_NONE &&
        leaving->n < (int)(sizeof leaving->moments / sizeof leaving->moments[0]))
        leaving->moments[leaving->n++] = *moment;
}

static struct moment
after_moment(const struct model_transition *transition)
{
    static const struct calendar_duration none = { 0 };

    return moment_of(&transition->after, &none, 100, NULL);
}

static void
find_leaving(const struct graph *graph, int state, struct leaving *leaving)
{
    const struct model_state *at = &graph->model->states[state];

    leaving->n = 0;
    for (int i = 0; i < at->n_transitions; i++) {
        const struct model_transition *transition = at->transitions[i];
        struct moment moment = after_moment(transition);

        if (transition->kind == MODEL_AFTER && transition->when == NULL &&
            graph_leaves(graph, transition, state))
            add_leaving(leaving, &moment);
    }
    for (int i = 0; i < at->n_deadlines; i++) {
        const struct model_deadline *deadline = &graph->model->deadlines[at->deadlines[i]];

        for (int k = 0; is_plain(graph, deadline) && k < deadline->n_rungs; k++) {
            struct moment moment = rung_moment(deadline, &deadline->rungs[k]);

            if (rung_leaves(graph, deadline, &deadline->rungs[k]))
                add_leaving(leaving, &moment);
        }
    }
}

/* ---- what comes later ---- */

static bool
too_late(const struct leaving *leaving, const struct moment *moment)
{
    for (int i = 0; i < leaving->n; i++)
        if (is_later(moment, &leaving->moments[i]))
            return true;
    return false;
}

static void
note(struct graph *graph, const char *pointer, const char *what)
{
    check_note(graph->check, CHECK_RUNG_NEVER, pointer, "let it come earlier, or take it out",
               "%s never comes: the state has always been left before", what);
}

static void
check_deadline(struct graph *graph, int state, int nth, const struct leaving *leaving)
{
    const struct model_deadline *deadline =
        &graph->model->deadlines[graph->model->states[state].deadlines[nth]];
    bool left = false;

    for (int i = 0; i < deadline->n_rungs; i++) {
        const struct model_rung *rung = &deadline->rungs[i];
        struct moment moment = rung_moment(deadline, rung);
        char pointer[CHECK_POINTER_MAX];

        if (left || (is_plain(graph, deadline) && too_late(leaving, &moment)))
            note(graph,
                 check_at(graph->check, pointer, state, "/deadlines/%d/rungs/%d", nth,
                          rung->number - 1),
                 "this rung");
        left = left || rung_leaves(graph, deadline, rung);
    }
}

/* ---- what comes at once ---- */

static bool
tells(const struct model_action *action)
{
    return action->kind == MODEL_REMIND || action->kind == MODEL_NOTIFY;
}

/* Does it tell something that the other one does not tell too? */
static bool
tells_more(const struct model_rung *rung, const struct model_rung *other)
{
    for (int i = 0; i < rung->actions.n; i++) {
        const struct model_action *action = &rung->actions.items[i];
        bool told = !tells(action);
        for (int k = 0; k < other->actions.n && !told; k++)
            told = json_equal((json_t *)action->json, (json_t *)other->actions.items[k].json);
        if (!told)
            return true;
    }
    return false;
}

static bool
tells_any(const struct model_rung *rung)
{
    for (int i = 0; i < rung->actions.n; i++)
        if (tells(&rung->actions.items[i]))
            return true;
    return false;
}

/* Does the later one of a ladder come with the earlier one, for certain? */
static bool
comes_with(const struct model_rung *later, const struct model_rung *rung)
{
    static const struct calendar_duration none = { 0 };
    struct moment a = moment_of(&rung->offset, &none, 100, NULL);
    struct moment b = moment_of(&later->offset, &none, 100, NULL);

    if (rung->kind == MODEL_RUNG_AT && later->kind == MODEL_RUNG_AT)
        return rung->percent == later->percent;
    if (rung->kind != MODEL_RUNG_LATE || a.unit != b.unit)
        return false;
    if (later->kind == MODEL_RUNG_AGAIN)
        return a.unit != COUNT_NONE && a.at % b.at == 0 && a.at / b.at <= later->most;
    return a.at == b.at && (a.unit != COUNT_NONE || a.at == 0);
}

static void
check_muted(struct graph *graph, int state, int nth)
{
    const struct model_deadline *deadline =
        &graph->model->deadlines[graph->model->states[state].deadlines[nth]];
    char pointer[CHECK_POINTER_MAX];

    for (int i = 0; i < deadline->n_rungs; i++)
        for (int k = i + 1; k < deadline->n_rungs; k++) {
            const struct model_rung *rung = &deadline->rungs[i], *later = &deadline->rungs[k];
            if (!comes_with(later, rung) || !tells_any(later) || !tells_more(rung, later))
                continue;
            check_note(graph->check, CHECK_RUNG_MUTED,
                       check_at(graph->check, pointer, state, "/deadlines/%d/rungs/%d", nth,
                                rung->number - 1),
                       "name all of them in one rung, or let one come earlier",
                       "nobody hears of this rung: rung %d reminds at the same moment",
                       later->number);
            break;
        }
}

void
check_rungs(struct graph *graph)
{
    for (int i = 0; i < graph->model->n_states; i++) {
        const struct model_state *state = &graph->model->states[i];
        struct leaving leaving;

        if (!graph->active[i])
            continue;
        find_leaving(graph, i, &leaving);
        for (int k = 0; k < state->n_transitions; k++) {
            struct moment moment = after_moment(state->transitions[k]);
            char pointer[CHECK_POINTER_MAX];

            if (state->transitions[k]->kind == MODEL_AFTER && too_late(&leaving, &moment))
                note(graph, check_at_transition(graph->check, pointer, state->transitions[k]),
                     "this after");
        }
        for (int k = 0; k < state->n_deadlines; k++) {
            check_deadline(graph, i, k, &leaving);
            check_muted(graph, i, k);
        }
    }
}
