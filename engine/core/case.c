/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The row of a case: made empty, and asked small questions.
 *
 * Every member is there from the beginning. A fold and a decision can then be compared
 * as they stand, and a reader never has to tell "missing" from "empty".
 */
#include "case.h"
#include "json.h"
#include <string.h>

json_t *
case_new(void)
{
    static const char *const nulls[] = { "key",    "workflow",  "version",   "rules",   "project",
                                         "opener", "opened_at", "closed_at", "outcome", "stuck" };
    static const char *const objects[] = { "history", "visits", "fields",
                                           "owners",  "rounds", "tasks" };
    static const char *const arrays[] = { "states", "deadlines", "links", "files", "waiting" };
    json_t *row = json_object();
    int bad = row == NULL;

    for (size_t i = 0; i < sizeof(nulls) / sizeof(nulls[0]); i++)
        bad |= json_object_set_new(row, nulls[i], json_null());
    for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++)
        bad |= json_object_set_new(row, objects[i], json_object());
    for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++)
        bad |= json_object_set_new(row, arrays[i], json_array());
    bad |= json_object_set_new(row, "rev", json_integer(0));
    bad |= json_object_set_new(row, "case_seq", json_integer(0));
    bad |= json_object_set_new(row, "armed", json_integer(0));
    bad |= json_object_set_new(row, "priority", json_string("normal"));
    if (bad != 0) {
        json_decref(row);
        return NULL;
    }
    return row;
}

/* What is paused or has not started has no "next" and does not wake anybody. */
int64_t
case_next_due(const json_t *row)
{
    int64_t next = 0;
    const json_t *deadline;
    size_t i;

    json_array_foreach(json_object_get(row, "deadlines"), i, deadline) {
        int64_t at = sgn_json_int(deadline, "next", 0);
        if (at > 0 && (next == 0 || at < next))
            next = at;
    }
    return next;
}

int64_t
case_due(const json_t *row)
{
    int64_t first = 0;
    const json_t *deadline;
    size_t i;

    json_array_foreach(json_object_get(row, "deadlines"), i, deadline) {
        const char *kind = sgn_json_str(deadline, "kind");
        int64_t due = sgn_json_int(deadline, "due", 0);
        if (kind != NULL && strcmp(kind, "within") == 0 && due > 0 && (first == 0 || due < first))
            first = due;
    }
    return first;
}

/* A case has ended when it has an outcome; it keeps the states it ended in. */
bool
case_is_open(const json_t *row)
{
    return json_is_null(json_object_get(row, "outcome"));
}

/* By names, without a chart: lists and filters ask this of many rows. A leaf of an
 * older version that the model does not know is simply not in the state. */
bool
case_in_state(const struct model *model, const json_t *row, const char *state)
{
    int wanted = model_state_find(model, state);
    const json_t *name;
    size_t i;

    if (wanted < 0)
        return false;
    json_array_foreach(json_object_get(row, "states"), i, name) {
        int leaf = model_state_find(model, json_string_value(name));
        if (leaf >= 0 && (leaf == wanted || model_descends(model, leaf, wanted)))
            return true;
    }
    return false;
}

const char *
case_ballot_giver(const json_t *ballot)
{
    const char *on_behalf = sgn_json_str(ballot, "on_behalf");

    return on_behalf != NULL ? on_behalf : sgn_json_str(ballot, "person");
}
