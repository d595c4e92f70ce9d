/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clocks of a case that comes to another version. A deadline is the same when it has the same
 * name: its clock goes on from where it started, by the new duration, and what has fired of its
 * ladder does not fire again. What the old version had and is not armed any more is over, and is
 * not armed anew; what only the new version has starts now.
 */
#include "memory.h"
#include "migrate_internal.h"
#include <stdlib.h>
#include <string.h>

/* One that is called like its state goes with its state. */
char *
migrate_deadline_name(const struct migrating *m, const struct model_deadline *within)
{
    const char *state = m->old->states[within->state].name;
    const char *name =
        strcmp(state, within->name) == 0 ? migrate_name(m, within->name) : within->name;
    char *copy = sgn_strdup(name);

    if (copy == NULL)
        m->stage->nomem = true;
    return copy;
}

static bool
is_active(const struct migrating *m, int state)
{
    return state == 0 || stage_active(m->stage, state);
}

static bool
was_active(const struct migrating *m, int state)
{
    return state == 0 || statechart_set_has(&m->was, state);
}

/* ---- ladders ---- */

/* As the model orders rungs; durations of different units are compared roughly there too. */
static int64_t
rough_length(const struct calendar_duration *d)
{
    return d->elapsed_ms + d->work_ms + (d->days + d->workdays) * SGN_DAY_MS;
}

static bool
is_after(const struct model_rung *a, const struct model_rung *b)
{
    if (a->kind != b->kind)
        return a->kind > b->kind;
    return a->kind == MODEL_RUNG_AT ? a->percent > b->percent
                                    : rough_length(&a->offset) > rough_length(&b->offset);
}

static int
find_label(const struct model_deadline *within, const struct model_rung *rung)
{
    char wanted[CALENDAR_DURATION_TEXT], label[CALENDAR_DURATION_TEXT];

    rung_label(rung, wanted);
    for (int i = 0; i < within->n_rungs; i++)
        if (strcmp(rung_label(&within->rungs[i], label), wanted) == 0)
            return i;
    return -1;
}

/* Of a ladder some rungs of which have fired: those up to the last of these count as fired. */
static int64_t
ladder_at(const struct model_deadline *was, const struct model_deadline *is, int64_t fired)
{
    int64_t at = 0;

    if (fired <= 0 || fired > was->n_rungs)
        return 0;
    while (at < is->n_rungs && is->rungs[at].kind != MODEL_RUNG_AGAIN &&
           !is_after(&is->rungs[at], &was->rungs[fired - 1]))
        at++;
    return at;
}

/* A number when there is one of them, else a list, as deadline.c keeps it. */
static void
put_repeats(struct stage *stage, json_t *deadline, json_t *counts_take)
{
    if (json_array_size(counts_take) == 0)
        stage_put(stage, deadline, "repeats", json_integer(0));
    else if (json_array_size(counts_take) == 1)
        stage_put(stage, deadline, "repeats", json_incref(json_array_get(counts_take, 0)));
    else
        stage_put(stage, deadline, "repeats", json_incref(counts_take));
    json_decref(counts_take);
}

/* Rungs that failed, or are to be tried again, by their new places. */
static void
keep_marks(struct stage *stage, const struct model_deadline *was, const struct model_deadline *is,
           json_t *deadline, const char *member)
{
    const json_t *list = json_object_get(deadline, member), *rung;
    json_t *kept = json_array();
    size_t i;

    json_array_foreach(list, i, rung) {
        int64_t old = json_integer_value(rung);
        int now = old >= 0 && old < was->n_rungs ? find_label(is, &was->rungs[old]) : -1;
        if (now >= 0)
            stage_append(stage, kept, json_integer(now));
    }
    if (json_array_size(kept) > 0)
        stage_put(stage, deadline, member, json_incref(kept));
    else
        json_object_del(deadline, member);
    json_decref(kept);
}

static void
keep_ladder(struct stage *stage, const struct model_deadline *was, const struct model_deadline *is,
            json_t *deadline)
{
    json_t *counts = json_array();

    for (int i = 0; i < is->n_rungs; i++) {
        int old = is->rungs[i].kind == MODEL_RUNG_AGAIN ? find_label(was, &is->rungs[i]) : -1;
        if (is->rungs[i].kind == MODEL_RUNG_AGAIN)
            stage_append(stage, counts,
                         json_integer(old >= 0 ? deadline_repeats(was, deadline, old) : 0));
    }
    stage_put(stage, deadline, "rung",
              json_integer(ladder_at(was, is, sgn_json_int(deadline, "rung", 0))));
    put_repeats(stage, deadline, counts);
    keep_marks(stage, was, is, deadline, "failed");
    keep_marks(stage, was, is, deadline, "retry");
    if (json_object_get(deadline, "retry") == NULL)
        json_object_del(deadline, "retry_at");
}

/* ---- what goes on ---- */

/* By the new version's words; the old version's deadline of the same name gives the old ladder. */
static const struct model_deadline *
old_within(const struct migrating *m, const char *name)
{
    const struct model_deadline *found = NULL;

    for (int i = 0; found == NULL && i < m->old->n_deadlines; i++) {
        char *its = migrate_deadline_name(m, &m->old->deadlines[i]);
        if (its != NULL && strcmp(its, name) == 0)
            found = &m->old->deadlines[i];
        free(its);
    }
    return found;
}

static bool
keep_within(struct migrating *m, json_t *deadline)
{
    const struct model_deadline *is = deadline_of(m->stage->model, deadline);
    const struct model_deadline *was = old_within(m, sgn_json_str(deadline, "name"));

    if (is == NULL || was == NULL || !is_active(m, is->state))
        return false;
    stage_put(m->stage, deadline, "state", json_string(m->stage->model->states[is->state].name));
    keep_ladder(m->stage, was, is, deadline);
    return true;
}

static const struct model_transition *
find_timer(const struct model *model, const char *name)
{
    for (int i = 0; i < model->n_transitions; i++)
        if (model->transitions[i].kind == MODEL_AFTER && model->transitions[i].n_events > 0 &&
            strcmp(model->transitions[i].events[0], name) == 0)
            return &model->transitions[i];
    return NULL;
}

static bool
keep_timer(struct migrating *m, json_t *deadline)
{
    const struct model_transition *timer =
        find_timer(m->stage->model, sgn_json_str(deadline, "name"));

    if (timer == NULL || !is_active(m, timer->source))
        return false;
    stage_put(m->stage, deadline, "transition", json_integer(timer->index));
    return true;
}

/* What was sent comes, whatever the version. */
enum sgn_status
migrate_deadlines(struct migrating *m)
{
    json_t *deadlines = stage_member(m->stage, "deadlines");

    for (size_t i = json_array_size(deadlines); i > 0; i--) {
        json_t *deadline = json_array_get(deadlines, i - 1);
        const char *kind = sgn_json_str(deadline, "kind");
        bool kept = strcmp(kind, "send") == 0;
        if (strcmp(kind, "within") == 0)
            kept = keep_within(m, deadline);
        else if (strcmp(kind, "after") == 0)
            kept = keep_timer(m, deadline);
        if (!kept)
            json_array_remove(deadlines, i - 1);
    }
    return stage_check(m->stage);
}

/* ---- what begins ---- */

static bool
is_armed(const struct stage *stage, const char *kind, const char *name)
{
    const json_t *deadline;
    size_t i;

    json_array_foreach(stage_member(stage, "deadlines"), i, deadline)
        if (strcmp(sgn_json_str(deadline, "kind"), kind) == 0 &&
            strcmp(sgn_json_str(deadline, "name"), name) == 0)
            return true;
    return false;
}

/* Had the old version this timer where the case was? Names of timers hold their state's. */
static bool
had_timer(const struct migrating *m, const struct model_transition *timer)
{
    const char *name = timer->events[0], *number = strrchr(name, '.');

    for (int i = 0; i < m->old->n_transitions; i++) {
        const struct model_transition *old = &m->old->transitions[i];
        const char *state = m->old->states[old->source].name;
        if (old->kind != MODEL_AFTER || old->n_events == 0 || !was_active(m, old->source) ||
            strcmp(strrchr(old->events[0], '.'), number) != 0)
            continue;
        if (old->source == 0
                ? timer->source == 0
                : strcmp(migrate_name(m, state), m->stage->model->states[timer->source].name) == 0)
            return true;
    }
    return false;
}

static enum sgn_status
arm_state(struct migrating *m, int state)
{
    struct stage *stage = m->stage;
    const struct model_state *s = &stage->model->states[state];
    enum sgn_status status = SGN_OK;

    for (int i = 0; status == SGN_OK && i < s->n_transitions; i++)
        if (s->transitions[i]->kind == MODEL_AFTER && s->transitions[i]->n_events > 0 &&
            !is_armed(stage, "after", s->transitions[i]->events[0]) &&
            !had_timer(m, s->transitions[i]))
            status = deadline_arm_after(stage, s->transitions[i], s->name);
    for (int i = 0; status == SGN_OK && i < s->n_deadlines; i++) {
        const struct model_deadline *within = &stage->model->deadlines[s->deadlines[i]];
        const struct model_deadline *was = old_within(m, within->name);
        if (!is_armed(stage, "within", within->name) && (was == NULL || !was_active(m, was->state)))
            status = deadline_arm_within(stage, within, s->name);
    }
    return status;
}

enum sgn_status
migrate_arm(struct migrating *m)
{
    enum sgn_status status = SGN_OK;

    for (int i = 0; status == SGN_OK && i < m->stage->model->n_states; i++)
        if (is_active(m, i))
            status = arm_state(m, i);
    return status;
}

/* Of a repeat that the old version had not: those whose time is over, from n on. */
static int64_t
over(struct stage *stage, const struct model_deadline *is, const json_t *deadline, int rung,
     int64_t n)
{
    while (n < is->rungs[rung].most) {
        int64_t at = deadline_rung_time(stage, is, deadline, rung, n + 1);
        if (at < 0 || at > stage->now)
            break;
        n++;
    }
    return n;
}

static void
skip_repeats(struct stage *stage, const struct model_deadline *was, const struct model_deadline *is,
             json_t *deadline)
{
    json_t *counts = json_array();

    for (int i = 0; i < is->n_rungs; i++) {
        int64_t n = deadline_repeats(is, deadline, i);
        if (is->rungs[i].kind != MODEL_RUNG_AGAIN)
            continue;
        if (find_label(was, &is->rungs[i]) < 0)
            n = over(stage, is, deadline, i, n);
        stage_append(stage, counts, json_integer(n));
    }
    put_repeats(stage, deadline, counts);
    deadline_plan(stage, is, deadline);
}

/* A repeat that is new would make up for all the time that it was not there. */
void
migrate_repeats(struct migrating *m)
{
    json_t *deadline;
    size_t i;

    json_array_foreach(stage_member(m->stage, "deadlines"), i, deadline) {
        const struct model_deadline *is, *was;
        if (strcmp(sgn_json_str(deadline, "kind"), "within") != 0 ||
            !json_is_integer(json_object_get(deadline, "due")))
            continue;
        is = deadline_of(m->stage->model, deadline);
        was = old_within(m, sgn_json_str(deadline, "name"));
        if (is != NULL && was != NULL)
            skip_repeats(m->stage, was, is, deadline);
    }
}
