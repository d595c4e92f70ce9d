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

/* Coming back to a state means doing its tasks again; the old ticks are in the history. */
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
