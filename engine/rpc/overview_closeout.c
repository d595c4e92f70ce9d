/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the end of a project still waits for, item by item, as its closeout workflow has it: of the
 * states that the closeout is in (before it is opened: those it would begin in) the tasks, the
 * fields that their events need, the cases that may not be open any more, and who is asked.
 *
 * Read from the rules, not decided by them: of a guard that is a function, or more than a list of
 * what must hold, is told that it will be asked.
 */
#include "overview_internal.h"
#include "say.h"
#include "titles.h"
#include <stdlib.h>
#include <string.h>

struct ending {
    const struct rpc_overview *o;
    const struct model *model;
    const struct lane_team *team;
    const char *language;
    json_t *items;
    json_t *told; /* {KIND/NAME: true} */
};

static bool
is_told(struct ending *e, const char *kind, const char *name)
{
    char *key = sgn_format("%s/%s", kind, name);
    bool told = key == NULL || json_object_get(e->told, key) != NULL;

    if (key != NULL)
        (void)json_object_set_new(e->told, key, json_true());
    free(key);
    return told;
}

static void
add_item(struct ending *e, const char *kind, const char *name, json_t *done_take, const char *text)
{
    if (text != NULL && !is_told(e, kind, name))
        (void)json_array_append_new(e->items,
                                    json_pack("{s:s, s:s, s:O, s:s}", "kind", kind, "name", name,
                                              "done", done_take, "text", text));
    json_decref(done_take);
}

static void
add(struct ending *e, const char *kind, const char *name, bool done, const char *text)
{
    add_item(e, kind, name, json_boolean(done), text);
}

/* ---- what its rules ask ---- */

static void
add_fields(struct ending *e, const json_t *names)
{
    const json_t *fields = json_object_get(e->o->closeout_row, "fields"), *name;
    size_t i;

    json_array_foreach(names, i, name) {
        const struct model_field *field = model_field_find(e->model, json_string_value(name));
        json_t *value = field != NULL ? json_object_get(fields, field->name) : NULL;
        char *text;

        if (field == NULL)
            continue;
        text = sgn_format(sgn_say(e->language, "Filled in: %s"),
                          model_title(field->title, e->language, field->name));
        add(e, "field", field->name, value != NULL && !json_is_null(value), text);
        free(text);
    }
}

static void
add_none_open(struct ending *e, const json_t *workflows)
{
    const json_t *name;
    size_t i;

    json_array_foreach(workflows, i, name) {
        const char *workflow = json_string_value(name);
        const struct model *model = e->team != NULL ? lane_team_workflow(e->team, workflow) : NULL;
        int64_t n = sgn_json_int(json_object_get(e->o->work, workflow), "open", 0);
        const char *title =
            model != NULL ? model_title(model->title, e->language, workflow) : workflow;
        char *text;

        if (model == NULL && n == 0) /* the team has none of them */
            continue;
        text = n == 0 ? sgn_format(sgn_say(e->language, "None open: %s"), title)
                      : sgn_format(sgn_say(e->language, "%lld open: %s"), (long long)n, title);
        add(e, "open", workflow, n == 0, text);
        free(text);
    }
}

static void
add_rule(struct ending *e, const struct model_transition *t)
{
    const char *event = t->n_events > 0 ? t->events[0] : "";
    char *text = sgn_format(sgn_say(e->language, "A rule decides when it is tried: %s"),
                            model_title(t->title, e->language, event));

    add_item(e, "rule", event, json_null(), text);
    free(text);
}

/* Of a condition the parts that must hold, whatever else does. Tasks stand there by themselves;
 * what an event carries, and which states are active, nobody has to do beforehand. */
static void
add_condition(struct ending *e, const struct model_transition *t, const struct model_cond *cond)
{
    if (cond == NULL)
        return;
    switch (cond->kind) {
    case MODEL_COND_ALL:
        for (int i = 0; i < cond->n_of; i++)
            add_condition(e, t, &cond->of[i]);
        break;
    case MODEL_COND_NONE_OPEN:
        add_none_open(e, cond->value);
        break;
    case MODEL_COND_TASKS_DONE:
    case MODEL_COND_EVENT:
    case MODEL_COND_IN:
        break;
    default:
        add_rule(e, t);
    }
}

static void
add_tasks(struct ending *e, const struct model_state *state)
{
    for (int i = 0; i < state->n_tasks; i++) {
        const struct model_task *task = &state->tasks[i];
        char *path = sgn_format("%s/%s", state->name, task->name);
        const json_t *its =
            path != NULL ? json_object_get(json_object_get(e->o->closeout_row, "tasks"), path)
                         : NULL;
        bool done = sgn_json_true(its, "done");

        if (done || (!task->optional && task->when == NULL))
            add(e, "task", path != NULL ? path : task->name, done,
                model_title(task->title, e->language, task->name));
        free(path);
    }
}

/* Events of it, and of the states around it. */
static void
add_events(struct ending *e, int state)
{
    const struct model *model = e->model;

    for (int i = 0; i < model->n_transitions; i++) {
        const struct model_transition *t = &model->transitions[i];
        int at = state;

        while (at > 0 && at != t->source)
            at = model->states[at].parent;
        if (t->kind != MODEL_ON_EVENT || t->by == NULL || at <= 0)
            continue;
        add_fields(e, t->needs);
        add_condition(e, t, t->when);
    }
}

static void
add_state(struct ending *e, int state)
{
    const struct model_state *s = &e->model->states[state];

    for (int at = state; at > 0; at = e->model->states[at].parent)
        add_tasks(e, &e->model->states[at]);
    add_events(e, state);
    if (s->approval != NULL) {
        char *text = sgn_format(sgn_say(e->language, "Agreed to: %s"),
                                rpc_state_title(e->model, state, e->language, false));
        add(e, "approval", s->name, false, text);
        free(text);
    }
}

/* As deep as its starts lead. */
static void
add_starts(struct ending *e, int state)
{
    const struct model_state *s = &e->model->states[state];

    if (s->n_start == 0 && s->kind != MODEL_PARALLEL) {
        add_state(e, state);
        return;
    }
    for (int i = 0; i < s->n_start; i++)
        add_starts(e, s->start[i]);
    for (int i = 0; s->kind == MODEL_PARALLEL && s->n_start == 0 && i < s->n_children; i++)
        add_starts(e, s->children[i]);
}

static void
add_all(struct ending *e)
{
    const json_t *name;
    size_t i;

    add(e, "begin", e->model->name, e->o->closeout != NULL,
        e->o->closeout != NULL ? sgn_say(e->language, "The closeout has been opened")
                               : sgn_say(e->language, "The closeout has not been opened yet"));
    if (e->o->closeout == NULL) {
        add_starts(e, 0);
        return;
    }
    if (sgn_json_str(e->o->closeout, "outcome") != NULL)
        return;
    json_array_foreach(json_object_get(e->o->closeout, "states"), i, name) {
        int state = model_state_find(e->model, json_string_value(name));
        if (state >= 0)
            add_state(e, state);
    }
}

/* False while anything is to be done; null where only rules have still to be asked. */
static json_t *
readiness(const json_t *items)
{
    const json_t *item;
    bool asks = false;
    size_t i;

    json_array_foreach(items, i, item) {
        if (json_is_false(json_object_get(item, "done")))
            return json_false();
        asks = asks || json_is_null(json_object_get(item, "done"));
    }
    return asks ? json_null() : json_true();
}

/* The workflow that a closeout would be opened with: the first that serves as one. */
static const struct model *
workflow_of(const struct rpc_overview *o, const struct lane_team *team)
{
    const json_t *names = json_object_get(o->purposes, OVERVIEW_CLOSEOUT);
    const char *first = json_string_value(json_array_get(names, 0));

    return team != NULL && first != NULL ? lane_team_workflow(team, first) : NULL;
}

enum sgn_status
overview_closeout(const struct rpc_overview *o, struct store_reader *reader, struct lane *lane,
                  const struct lane_job *job, json_t **out, struct sgn_error *err)
{
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, job->team) : NULL;
    const char *rules = sgn_json_str(o->closeout_row, "rules");
    struct ending e = { .o = o, .team = team, .language = job->language };
    struct model *model = NULL;
    enum sgn_status status = SGN_OK;

    if (rules != NULL)
        status = lane_model(lane, reader, job->team, rules, &model, err);
    e.model = model != NULL ? model : workflow_of(o, team);
    *out = json_null();
    if (status == SGN_OK && e.model != NULL) {
        e.items = json_array();
        e.told = json_object();
        add_all(&e);
        *out = o->closeout != NULL ? json_copy(o->closeout)
                                   : json_pack("{s:n, s:n}", "case", "outcome");
        (void)json_object_set_new(*out, "ready", readiness(e.items));
        if (json_object_set_new(*out, "items", e.items) != 0)
            status = sgn_nomem(err);
        json_decref(e.told);
    }
    model_free(model);
    lane_site_free(lane, site);
    return status;
}
