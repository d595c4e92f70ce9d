/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tasks of a state: small things to be ticked off. Their names are unique within
 * their state; the row keeps them as state/task.
 */
#include "model_internal.h"
#include <string.h>

static const struct member task_members[] = {
    { "name", SHAPE_TEXT, true }, { "title", SHAPE_TITLE, false },
    { "by", SHAPE_ANY, true },    { "optional", SHAPE_FLAG, false },
    { "when", SHAPE_ANY, false }, { "proof", SHAPE_TEXT, false },
};

/* Whether tasks are done is asked of the tasks that count: none of them may ask it back. */
static bool
asks_tasks(const struct model_cond *cond, int n)
{
    for (int i = 0; i < n; i++)
        if (cond[i].kind == MODEL_COND_TASKS_DONE || asks_tasks(cond[i].of, cond[i].n_of))
            return true;
    return false;
}

/* "file" is the only proof there is; the word is kept for others to come. */
static enum sgn_status
read_task(struct reader *r, const struct place *at, const json_t *json, struct model_task *task)
{
    struct place name = place_member(at, "name");
    struct place by = place_member(at, "by");
    struct place when = place_member(at, "when");
    struct place proof = place_member(at, "proof");
    const char *text = sgn_json_str(json, "proof");
    enum sgn_status st;

    st = reader_object(r, at, json, "a task", task_members, COUNT(task_members));
    if (st != SGN_OK)
        return st;
    task->name = sgn_json_str(json, "name");
    task->title = json_object_get(json, "title");
    task->optional = sgn_json_true(json, "optional");
    task->proof_file = text != NULL;
    if (text != NULL && strcmp(text, "file") != 0)
        return reader_fail(r, &proof, "\"%.100s\" is no proof; there is: file", text);
    st = reader_name(r, &name, task->name, "a task");
    if (st == SGN_OK)
        st = parse_who(r, &by, json_object_get(json, "by"), &task->by);
    if (st == SGN_OK)
        st = parse_cond(r, &when, json_object_get(json, "when"), &task->when);
    if (st == SGN_OK && asks_tasks(task->when, task->when != NULL))
        st = reader_fail(r, &when, "a task cannot depend on all tasks being done");
    return st;
}

enum sgn_status
parse_tasks(struct reader *r, const struct place *at, const json_t *json, struct model_state *state)
{
    enum sgn_status st = SGN_OK;
    json_t *task;
    size_t i;

    if (json == NULL)
        return SGN_OK;
    if (json_array_size(json) == 0)
        return reader_fail(r, at, "must hold a task");
    state->tasks = model_alloc(r->box, json_array_size(json), sizeof(*state->tasks));
    if (state->tasks == NULL)
        return reader_nomem(r);
    json_array_foreach(json, i, task) {
        struct place here = place_element(at, i);

        st = read_task(r, &here, task, &state->tasks[i]);
        for (int k = 0; st == SGN_OK && k < state->n_tasks; k++)
            if (strcmp(state->tasks[k].name, state->tasks[i].name) == 0)
                st = reader_fail(r, &here, "the task \"%s\" stands here twice",
                                 state->tasks[i].name);
        if (st != SGN_OK)
            return st;
        state->n_tasks++;
    }
    return st;
}
