/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands in the states, but for transitions and deadlines: content, owner, edit,
 * approval, tasks.
 */
#include "model_internal.h"
#include <string.h>

static const struct member edit_members[] = {
    { "who", SHAPE_ANY, true },
    { "fields", SHAPE_ANY, true },
};

/* "all" are all fields that the person sees; a list names them. */
static enum sgn_status
read_edit(struct reader *r, const struct place *at, const json_t *json, struct model_edit *edit)
{
    struct place who = place_member(at, "who");
    struct place fields = place_member(at, "fields");
    const json_t *names = json_object_get(json, "fields");
    enum sgn_status st;

    st = reader_object(r, at, json, "\"edit\"", edit_members, COUNT(edit_members));
    if (st == SGN_OK)
        st = parse_who(r, &who, json_object_get(json, "who"), &edit->who);
    if (st != SGN_OK)
        return st;
    edit->all = json_is_string(names) && strcmp(json_string_value(names), "all") == 0;
    edit->fields = edit->all ? r->box->empty : names;
    if (!edit->all && !json_is_array(names))
        return reader_fail(r, &fields, "must be a list of fields, or \"all\"");
    return reader_fields(r, &fields, edit->fields);
}

static enum sgn_status
read_edits(struct reader *r, const struct place *at, const json_t *json, struct model_state *state)
{
    enum sgn_status st = SGN_OK;
    json_t *edit;
    size_t i;

    if (json == NULL)
        return SGN_OK;
    /* An empty list says something: nobody may edit here. */
    state->edit = model_alloc(r->box, json_array_size(json), sizeof(*state->edit));
    if (state->edit == NULL)
        return reader_nomem(r);
    json_array_foreach(json, i, edit) {
        struct place here = place_element(at, i);

        st = read_edit(r, &here, edit, &state->edit[i]);
        if (st != SGN_OK)
            return st;
        state->n_edit++;
    }
    return st;
}

/* The shapes were checked with the tree; here the names are looked up. */
static enum sgn_status
read_content(struct reader *r, const struct place *at, const json_t *json,
             struct model_state *state)
{
    struct place here = place_member(at, "enter");
    enum model_who_kind kind;
    enum sgn_status st;

    st =
        parse_actions(r, &here, json_object_get(json, "enter"), state->index, false, &state->enter);
    here = place_member(at, "leave");
    if (st == SGN_OK)
        st = parse_actions(r, &here, json_object_get(json, "leave"), state->index, false,
                           &state->leave);
    here = place_member(at, "owner");
    if (st == SGN_OK)
        st = parse_who(r, &here, json_object_get(json, "owner"), &state->owner);
    here = place_member(at, "edit");
    if (st == SGN_OK)
        st = read_edits(r, &here, json_object_get(json, "edit"), state);
    here = place_member(at, "waiting_for");
    state->waiting_for = sgn_json_str(json, "waiting_for");
    if (st == SGN_OK && state->waiting_for != NULL)
        st = reader_role(r, &here, state->waiting_for, &kind);
    here = place_member(at, "approval");
    if (st == SGN_OK)
        st = parse_approval(r, &here, json_object_get(json, "approval"), &state->approval);
    here = place_member(at, "tasks");
    if (st == SGN_OK)
        st = parse_tasks(r, &here, json_object_get(json, "tasks"), state);
    return st;
}

enum sgn_status
parse_contents(struct reader *r)
{
    enum sgn_status st = SGN_OK;

    /* The root's members were read at the top. */
    for (int i = 1; st == SGN_OK && i < r->model->n_states; i++)
        st = read_content(r, &r->state_place[i], r->state_json[i], &r->model->states[i]);
    return st;
}
