/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tasks: small things to be ticked off in a state. Their record begins anew with each entry.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

json_t *
task_record(const struct stage *stage, int state, const struct model_task *task)
{
    char *key = sgn_format("%s/%s", stage->model->states[state].name, task->name);
    json_t *record = key != NULL ? json_object_get(stage_member(stage, "tasks"), key) : NULL;

    free(key);
    return record;
}

bool
task_is_done(const struct stage *stage, int state, const struct model_task *task)
{
    return sgn_json_true(task_record(stage, state, task), "done");
}

/* What the case had when the task became open proves nothing: it was there for something else. */
static json_t *
record_open(struct stage *stage)
{
    json_t *had = json_array();
    const json_t *file;
    size_t i;

    json_array_foreach(stage_member(stage, "files"), i, file)
        stage_append(stage, had, json_incref(json_object_get(file, "id")));
    return json_pack("{s:b, s:o}", "done", 0, "had", had);
}

/* Coming back to a state means doing its tasks again; the old ticks are in the history. */
void
tasks_reset(struct stage *stage, int state)
{
    const struct model_state *s = &stage->model->states[state];
    bool files = json_array_size(stage_member(stage, "files")) > 0;

    for (int i = 0; i < s->n_tasks; i++) {
        char *key = sgn_format("%s/%s", s->name, s->tasks[i].name);
        if (key == NULL)
            stage->nomem = true;
        else if (s->tasks[i].proof_file && files)
            stage_put(stage, stage_member(stage, "tasks"), key, record_open(stage));
        else
            json_object_del(stage_member(stage, "tasks"), key);
        free(key);
    }
}

/* Is the file the proof of a task that is done? One paper proves one thing unless it is said. */
static bool
proves_another(const struct stage *stage, const char *id)
{
    const char *key;
    json_t *record;

    json_object_foreach(stage_member(stage, "tasks"), key, record) {
        const char *its = sgn_json_str(record, "file");
        if (sgn_json_true(record, "done") && its != NULL && strcmp(its, id) == 0)
            return true;
    }
    return false;
}

const json_t *
task_proof(const struct stage *stage, int state, const struct model_task *task, const char *id)
{
    const json_t *had = json_object_get(task_record(stage, state, task), "had");
    const json_t *file, *found = NULL;
    size_t i;

    json_array_foreach(stage_member(stage, "files"), i, file) {
        const char *its = sgn_json_str(file, "id");
        if (id != NULL ? strcmp(its, id) == 0
                       : !sgn_json_has(had, its) && !proves_another(stage, its))
            found = file; /* the newest is the last one */
    }
    return found;
}
