/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ticking a task off, or taking the tick back. That is a change of the case like an
 * edit: conditions may look at it, so a macrostep follows.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

/* The task by name in the active states; state may be said when the name is not enough.
 * What there is is collected on the way, for the message. */
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

/* A task is for its "by", whoever owns the state. The engine may, as for every event. */
static enum sgn_status
may_do(struct stage *stage, const struct model_task *task, int state)
{
    bool may = stage->is_system;
    enum sgn_status status = SGN_OK;
    char *what;

    if (!may)
        status = who_has(stage, task->by, state, stage->as, &may);
    if (status != SGN_OK || may)
        return status;
    what = sgn_format("the task \"%s\"", task->name);
    status = decide_forbid(stage, what != NULL ? what : "the task", task->by, state);
    free(what);
    return status;
}

/* The file that is named becomes the case's, as if it were attached. Whether it proves anything a
 * person judges; but which one was meant stands in the entry. */
static enum sgn_status
find_proof(struct stage *stage, int state, const struct model_task *task, const json_t **out)
{
    const char *id = sgn_json_str(stage->command->params, "file");
    enum sgn_status status = id != NULL ? file_take(stage, id, false) : SGN_OK;

    *out = NULL;
    if (status != SGN_OK) {
        sgn_error_add(stage->err, "pointer", json_string("/file"));
        return status;
    }
    if (id != NULL || task->proof_file)
        *out = task_proof(stage, state, task, id);
    if (*out != NULL || !task->proof_file)
        return SGN_OK;
    sgn_fail(stage->err, SGN_REFUSED,
             "the task \"%s\" needs a file as its proof: attach one for it, or name one",
             task->name);
    sgn_error_add(stage->err, "pointer", json_string("/file"));
    return SGN_REFUSED;
}

/* Who did it, when, with what proof; what was there before it became open stays known. */
static json_t *
record_make(struct stage *stage, const json_t *before, bool done, const json_t *proof)
{
    json_t *record = json_pack("{s:b, s:s, s:s*, s:I}", "done", done, "by", stage->command->actor,
                               "on_behalf", stage->as != stage->command->actor ? stage->as : NULL,
                               "at", (json_int_t)stage->now);

    if (proof != NULL) {
        stage_put(stage, record, "file", json_incref(json_object_get(proof, "id")));
        stage_put(stage, record, "file_name", json_incref(json_object_get(proof, "name")));
    }
    if (json_object_get(before, "had") != NULL)
        stage_put(stage, record, "had", json_incref(json_object_get(before, "had")));
    return record;
}

enum sgn_status
task_decide(struct stage *stage)
{
    const char *name = sgn_json_str(stage->command->params, "task");
    bool done = !json_is_false(json_object_get(stage->command->params, "done"));
    const struct model_task *task;
    const json_t *proof = NULL;
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
    if (done)
        status = find_proof(stage, state, task, &proof);
    if (status != SGN_OK)
        goto out;
    key = sgn_format("%s/%s", stage->model->states[state].name, task->name);
    if (key == NULL) {
        status = sgn_nomem(stage->err);
        goto out;
    }
    stage_put(stage, stage_member(stage, "tasks"), key,
              record_make(stage, task_record(stage, state, task), done, proof));
    stage->event_name = done ? "task.done" : "task.undone";
    status = macrostep_event(stage, NULL, NULL, -1, false, NULL);
    if (status == SGN_OK)
        status = macrostep_settle(stage);
out:
    json_decref(known);
    free(key);
    return status;
}
