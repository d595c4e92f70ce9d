/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields: checked when they are set, required when their time has come, edited where a
 * state says so. Every value that reaches a row has passed field_set, whether a person,
 * an event or a rule brought it.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

/* The check of a value knows no field; here its message gets the name and the place. */
static enum sgn_status
at_pointer(struct stage *stage, enum sgn_status status, const char *base, const char *name)
{
    char *pointer = sgn_format("%s/%s", base, name);

    sgn_error_prefix(stage->err, "%s: ", name);
    if (stage->err != NULL)
        stage->err->status = status;
    if (pointer != NULL)
        sgn_error_add(stage->err, "pointer", json_string(pointer));
    free(pointer);
    return status;
}

/* The row holds the canonical form only, and an empty field is missing in it. A
 * required field may be emptied while the case has not left its start state, and never
 * again. */
enum sgn_status
field_set(struct stage *stage, const struct model_field *field, const json_t *value,
          enum sgn_status as, const char *base)
{
    json_t *fields = stage_member(stage, "fields");
    json_t *checked = NULL;
    enum sgn_status status = model_value_check(field, value, stage->digits, &checked, stage->err);

    if (status == SGN_NOMEM)
        return status;
    if (status != SGN_OK)
        return at_pointer(stage, as, base, field->name);
    status = file_take_all(stage, field, checked, field->shared);
    if (status != SGN_OK) {
        json_decref(checked);
        return status == SGN_NEEDS ? status : at_pointer(stage, as, base, field->name);
    }
    if (!json_is_null(checked)) {
        stage_put(stage, fields, field->name, checked);
        return SGN_OK;
    }
    json_decref(checked);
    if (field->required && json_object_get(fields, field->name) != NULL &&
        !fields_in_start(stage)) {
        sgn_fail(stage->err, as, "it is required and cannot be emptied any more");
        return at_pointer(stage, as, base, field->name);
    }
    json_object_del(fields, field->name);
    return SGN_OK;
}

/* For a client's person internal fields do not exist: neither their names nor, by "did
 * you mean", their neighbours are told. */
enum sgn_status
field_named(struct stage *stage, const char *name, const char *base, const struct model_field **out)
{
    const struct model *model = stage->model;
    const struct model_field *field = model_field_find(model, name);
    const char *names[1], *near = NULL;
    char *pointer;

    if (field != NULL && (field->shared || !stage->is_client)) {
        *out = field;
        return SGN_OK;
    }
    for (int i = 0; i < model->n_fields && near == NULL; i++) {
        names[0] = model->fields[i].name;
        if (model->fields[i].shared || !stage->is_client)
            near = sgn_nearest(name, names, 1);
    }
    sgn_fail(stage->err, SGN_INVALID, "there is no field \"%s\"%s%s%s", name,
             near != NULL ? "; did you mean \"" : "", near != NULL ? near : "",
             near != NULL ? "\"?" : "");
    pointer = sgn_format("%s/%s", base, name);
    sgn_error_add(stage->err, "pointer", stage_text(stage, pointer));
    free(pointer);
    if (near != NULL)
        sgn_error_add(stage->err, "nearest", json_string(near));
    return SGN_INVALID;
}

/* The message of missing fields; names of internal ones are not for the client. What is
 * lacking and the comment are told at once: one form answers both. */
static enum sgn_status
missing(struct stage *stage, json_t *names, bool note)
{
    char *list = names_text(names, ", ");

    if (list != NULL && note)
        sgn_fail(stage->err, SGN_NEEDS_FIELDS,
                 "these fields must be filled first: %s; and a "
                 "comment is required",
                 list);
    else if (list != NULL)
        sgn_fail(stage->err, SGN_NEEDS_FIELDS, "these fields must be filled first: %s", list);
    else
        sgn_fail(stage->err, SGN_NEEDS_FIELDS,
                 note ? "a comment is required" : "fields of the team must be filled first");
    sgn_error_add(stage->err, "fields", json_incref(names));
    if (note)
        sgn_error_add(stage->err, "note", json_true());
    free(list);
    return SGN_NEEDS_FIELDS;
}

/* "needs" is checked with what the event carries: that has been put into the fields
 * already (macrostep.c). */
enum sgn_status
fields_needed(struct stage *stage, const json_t *names, bool note)
{
    bool lacks = note && (stage->comment == NULL || stage->comment[0] == '\0');
    bool any = lacks;
    json_t *lacking = json_array();
    const json_t *name;
    size_t i;
    enum sgn_status status = SGN_OK;

    json_array_foreach(names, i, name) {
        const char *key = json_string_value(name);
        const struct model_field *field = model_field_find(stage->model, key);
        if (stage_field(stage, key) != NULL)
            continue;
        any = true;
        if (!stage->is_client || field == NULL || field->shared)
            names_add(stage, lacking, key);
    }
    if (any)
        status = missing(stage, lacking, lacks);
    json_decref(lacking);
    return status;
}

/* Asked when the start state is left other than into a top-level final. */
enum sgn_status
fields_required(struct stage *stage)
{
    json_t *names = json_array();
    enum sgn_status status;

    for (int i = 0; i < stage->model->n_fields; i++)
        if (stage->model->fields[i].required)
            names_add(stage, names, stage->model->fields[i].name);
    status = fields_needed(stage, names, false);
    json_decref(names);
    return status;
}

/* Down the default entries; a history leads on to its own defaults. -1 when the start
 * is several states: then nothing is a start state to be edited. */
int
fields_start_leaf(const struct model *model)
{
    int state = 0;

    /* Down the default entries; a history leads on to its own defaults. */
    for (int depth = 0; depth < model->n_states && state >= 0; depth++) {
        const struct model_state *at = &model->states[state];
        if (at->kind == MODEL_ATOMIC || at->kind == MODEL_FINAL)
            return state;
        if (at->n_start > 0)
            state = at->start[0];
        else
            state = at->n_children > 0 ? at->children[0] : -1;
    }
    return -1;
}

/* Has the case never left its start state? While it is being opened there are no visits
 * to count yet: what has been left on the way says it. */
bool
fields_in_start(const struct stage *stage)
{
    int leaf = fields_start_leaf(stage->model);
    const json_t *visits = stage_member(stage, "visits");

    if (stage->question->row == NULL || leaf < 0)
        return leaf < 0 || !sgn_json_has(stage->left, stage->model->states[leaf].name);
    return stage_active(stage, leaf) &&
           sgn_json_int(visits, stage->model->states[leaf].name, 0) == 1;
}

bool
edit_covers(const struct model_edit *edit, const struct model_field *field)
{
    return edit->all || sgn_json_has(edit->fields, field->name);
}

/* "edit" of the active states and of those around them; the workflow's own counts
 * always. One state that says yes is enough, so what others lack is asked only when
 * none does. */
enum sgn_status
fields_may_edit(struct stage *stage, const struct model_field *field, const char *person, bool *out)
{
    const struct model *model = stage->model;
    enum sgn_status status = SGN_OK;

    *out = false;
    for (int i = 0; i < model->n_states; i++) {
        const struct model_state *state = &model->states[i];
        if (i > 0 && !stage_active(stage, i))
            continue;
        for (int k = 0; k < state->n_edit; k++) {
            enum sgn_status one;
            if (!edit_covers(&state->edit[k], field))
                continue;
            one = who_has(stage, state->edit[k].who, i, person, out);
            if (one == SGN_OK && *out)
                return SGN_OK;
            if (one != SGN_OK && one != SGN_NEEDS)
                return one;
            status = status != SGN_OK ? status : one;
        }
    }
    return status;
}
