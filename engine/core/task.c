/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tasks: small things to be ticked off in a state. Their record begins anew with each entry.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

static json_t *
record_of(const struct stage *stage, int state, const struct model_task *task)
{
    char *key = sgn_format("%s/%s", stage->model->states[state].name, task->name);
    json_t *record = key != NULL ? json_object_get(stage_member(stage, "tasks"), key) : NULL;

    free(key);
    return record;
}

bool
task_is_done(const struct stage *stage, int state, const struct model_task *task)
{
    return sgn_json_true(record_of(stage, state, task), "done");
}

void
tasks_reset(struct stage *stage, int state)
{
    const struct model_state *s = &stage->model->states[state];

    for (int i = 0; i < s->n_tasks; i++) {
        char *key = sgn_format("%s/%s", s->name, s->tasks[i].name);
        if (key == NULL)
            stage->nomem = true;
        else
            json_object_del(stage_member(stage, "tasks"), key);
        free(key);
    }
}

enum sgn_status
tasks_done(struct stage *stage, int state, bool *out)
{
    const struct model_state *s = &stage->model->states[state];

    *out = true;
    for (int i = 0; i < s->n_tasks; i++) {
        bool counts;
        enum sgn_status status;
        if (s->tasks[i].optional || task_is_done(stage, state, &s->tasks[i]))
            continue;
        status = cond_holds(stage, s->tasks[i].when, state, &counts);
        if (status != SGN_OK)
            return status;
        if (counts)
            *out = false;
    }
    return SGN_OK;
}

enum sgn_status
tasks_all_done(struct stage *stage, bool *out)
{
    *out = true;
    for (int i = 1; i < stage->model->n_states; i++) {
        bool done = true;
        enum sgn_status status = SGN_OK;
        if (stage_active(stage, i) && stage->model->states[i].n_tasks > 0)
            status = tasks_done(stage, i, &done);
        if (status != SGN_OK)
            return status;
        *out = *out && done;
    }
    return SGN_OK;
}

/* The task by name in the active states; state may be said when the name is not enough. */
static const struct model_task *
find(const struct stage *stage, int *state, json_t *known)
{
    const char *name = sgn_json_str(stage->command->params, "task");
    const char *where = sgn_json_str(stage->command->params, "state");
    const struct model *model = stage->model;

    for (int i = 1; i < model->n_states; i++) {
        if (!stage_active(stage, i) || (where != NULL && strcmp(model->states[i].name, where) != 0))
            continue;
        for (int k = 0; k < model->states[i].n_tasks; k++) {
            const struct model_task *task = &model->states[i].tasks[k];
            json_array_append_new(known, json_string(task->name));
            if (name != NULL && strcmp(task->name, name) == 0) {
                *state = i;
                return task;
            }
        }
    }
    return NULL;
}

static enum sgn_status
may_do(struct stage *stage, const struct model_task *task, int state)
{
    bool may = stage->is_system;
    enum sgn_status status = SGN_OK;
    char *words;

    if (!may)
        status = who_has(stage, task->by, state, stage->command->actor, &may);
    if (status != SGN_OK || may)
        return status;
    words = who_words(task->by);
    status = sgn_fail(stage->err, SGN_FORBIDDEN, "the task \"%s\" is for %s", task->name,
                      words != NULL ? words : "others");
    free(words);
    return status;
}

enum sgn_status
task_decide(struct stage *stage)
{
    const char *name = sgn_json_str(stage->command->params, "task");
    bool done = !json_is_false(json_object_get(stage->command->params, "done"));
    const struct model_task *task;
    json_t *known = json_array();
    int state = -1;
    char *key = NULL;
    enum sgn_status status = decide_open_case(stage);

    if (status != SGN_OK)
        goto out;
    task = find(stage, &state, known);
    if (task == NULL) {
        const char *near = sgn_nearest_json(name, known);
        status = sgn_fail(stage->err, SGN_NOT_NOW, "there is no task \"%s\" now%s%s%s",
                          name != NULL ? name : "", near != NULL ? "; did you mean \"" : "",
                          near != NULL ? near : "", near != NULL ? "\"?" : "");
        sgn_error_add(stage->err, "tasks", json_incref(known));
        goto out;
    }
    status = may_do(stage, task, state);
    if (status != SGN_OK)
        goto out;
    if (done && task->proof_file && json_array_size(stage_member(stage, "files")) == 0) {
        status = sgn_fail(stage->err, SGN_REFUSED, "the task \"%s\" needs a file as its proof",
                          task->name);
        goto out;
    }
    key = sgn_format("%s/%s", stage->model->states[state].name, task->name);
    if (key == NULL) {
        status = sgn_nomem(stage->err);
        goto out;
    }
    stage_put(stage, stage_member(stage, "tasks"), key,
              json_pack("{s:b, s:s, s:I}", "done", done, "by", stage->command->actor, "at",
                        (json_int_t)stage->now));
    stage->event_name = done ? "task.done" : "task.undone";
    status = macrostep_event(stage, NULL, NULL, -1, false, NULL);
    if (status == SGN_OK)
        status = macrostep_settle(stage);
out:
    json_decref(known);
    free(key);
    return status;
}
