/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening a case: who may, with which fields, which of them must be filled. Whoever stands in
 * for somebody opens it as theirs, and is kept beside them as its hand. The row is
 * filled from the command first, so that everything after it (owners, guards, timers)
 * finds a case that looks like any other.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

/* "open = { by = ... }"; without it every member of the project may, of either side.
 * The engine may always: an effect of another case has been allowed there. */
static enum sgn_status
check_may(struct stage *stage)
{
    const struct model *model = stage->model;
    bool may = stage->is_system;
    enum sgn_status status = SGN_OK;

    if (stage->project == NULL || json_is_null(stage->project))
        return sgn_fail(stage->err, SGN_NOT_FOUND, "there is no such project");
    if (!may && model->open_by != NULL)
        status = who_has(stage, model->open_by, 0, stage->as, &may);
    else if (!may)
        may = json_object_get(who_members(stage), stage->as) != NULL;
    if (status == SGN_OK && !may) {
        char *what = sgn_format("opening a case of \"%s\"", model->name);
        status = decide_forbid(stage, what != NULL ? what : "opening a case", model->open_by, 0);
        free(what);
    }
    return status;
}

static void
fill_row(struct stage *stage)
{
    const struct core_command *command = stage->command;
    json_t *row = stage->row;

    stage_put(stage, row, "key", stage_text(stage, command->case_key));
    stage_put(stage, row, "workflow", json_string(stage->model->name));
    stage_put(stage, row, "version", json_integer(stage->model->version));
    stage_put(stage, row, "rules", json_string(stage->model->digest));
    stage_put(stage, row, "project", stage_text(stage, command->project));
    stage_put(stage, row, "opener", json_string(stage->as));
    if (stage->as != command->actor)
        stage_put(stage, row, "hand", json_string(command->actor));
    stage_put(stage, row, "opened_at", json_integer(stage->now));
}

/*
 * Of a case that another one opens: whose it is, when the rule says so, and the link back. Both
 * come from the engine's own effect, which alone has a cause.
 */
static enum sgn_status
fill_caused(struct stage *stage)
{
    const json_t *params = stage->command->params;
    const char *opener = sgn_json_str(params, "opener"), *from = sgn_json_str(params, "from");

    if (stage->command->cause == NULL || !stage->is_system)
        return SGN_OK;
    if (opener != NULL && strcmp(opener, "system") == 0)
        opener = NULL; /* what the engine fired opens as the engine does */
    if (opener != NULL && json_object_get(who_members(stage), opener) == NULL)
        return sgn_fail(stage->err, SGN_RULE_ERROR,
                        "%.40s, who is to be the opener, is no member of the project", opener);
    if (opener != NULL)
        stage_put(stage, stage->row, "opener", json_string(opener));
    if (from != NULL)
        stage_append(stage, stage_member(stage, "links"),
                     json_pack("{s:s, s:s}", "case", from, "kind", "opened_by"));
    return SGN_OK;
}

/* Does the start state, or one around it, say who edits what? Without a field: does it
 * say anything at all? */
static bool
start_edits(const struct model *model, const struct model_field *field)
{
    for (int i = fields_start_leaf(model); i >= 0; i = model->states[i].parent)
        for (int k = 0; k < model->states[i].n_edit; k++)
            if (field == NULL || edit_covers(&model->states[i].edit[k], field))
                return true;
    return false;
}

/* What the start state's edit gives the opener; the default of "takes" when it is not
 * said. */
static enum sgn_status
edit_gives(struct stage *stage, const struct model_field *field, bool *out)
{
    const struct model *model = stage->model;

    *out = false;
    for (int i = fields_start_leaf(model); i >= 0 && !*out; i = model->states[i].parent) {
        for (int k = 0; k < model->states[i].n_edit && !*out; k++) {
            enum sgn_status status = SGN_OK;
            if (edit_covers(&model->states[i].edit[k], field))
                status = who_has(stage, model->states[i].edit[k].who, i, stage->as, out);
            if (status != SGN_OK)
                return status;
        }
    }
    return SGN_OK;
}

/* Fields at opening: "takes" of open says which; without it what the start state's edit
 * gives the opener; and where it has no edit, every field. */
static enum sgn_status
may_set(struct stage *stage, const struct model_field *field, bool *out)
{
    *out = true;
    if (stage->is_system || stage->imports)
        return SGN_OK;
    if (stage->model->open_takes != NULL) {
        *out = sgn_json_has(stage->model->open_takes, field->name);
        return SGN_OK;
    }
    return start_edits(stage->model, NULL) ? edit_gives(stage, field, out) : SGN_OK;
}

/* An internal field is unknown to a client's person, and so cannot be given by one. */
static enum sgn_status
take_field(struct stage *stage, const char *name, const json_t *value)
{
    const struct model_field *field = NULL;
    bool may = false;
    enum sgn_status status = field_named(stage, name, "/fields", &field);

    if (status == SGN_OK)
        status = may_set(stage, field, &may);
    if (status == SGN_OK && !may) {
        status = sgn_fail(stage->err, SGN_INVALID,
                          "the field \"%s\" is not given when a case is opened", name);
        sgn_error_add(stage->err, "pointer", json_sprintf("/fields/%s", name));
    }
    return status == SGN_OK ? field_set(stage, field, value, SGN_INVALID, "/fields") : status;
}

/* Defaults first, so that what is given replaces them; they pass the same check. */
static enum sgn_status
take_fields(struct stage *stage)
{
    const struct model *model = stage->model;
    const json_t *fields = NULL;
    const char *name;
    json_t *value;
    enum sgn_status status = decide_object(stage, "fields", &fields);

    for (int i = 0; status == SGN_OK && i < model->n_fields; i++)
        if (model->fields[i].or_else != NULL)
            status = field_set(stage, &model->fields[i], model->fields[i].or_else, SGN_RULE_ERROR,
                               "/fields");
    json_object_foreach((json_t *)fields, name, value) {
        if (status != SGN_OK)
            return status;
        status = take_field(stage, name, value);
    }
    return status;
}

/* What nobody may edit in the start state must be there from the beginning; the rest is
 * asked when that state is left (macrostep.c). */
static enum sgn_status
check_required(struct stage *stage)
{
    json_t *names = json_array();
    enum sgn_status status;

    for (int i = 0; i < stage->model->n_fields; i++)
        if (stage->model->fields[i].required &&
            !start_edits(stage->model, &stage->model->fields[i]))
            names_add(stage, names, stage->model->fields[i].name);
    status = fields_needed(stage, names, false);
    json_decref(names);
    return status;
}

/* For who wants to know before they open: what a form would ask. */
static enum sgn_status
tell_takes(struct stage *stage)
{
    const struct model *model = stage->model;
    json_t *takes = json_array();
    enum sgn_status status = takes != NULL ? SGN_OK : sgn_nomem(stage->err);

    for (int i = 0; status == SGN_OK && i < model->n_fields; i++) {
        bool may = false;
        if (stage->is_client && !model->fields[i].shared)
            continue;
        status = may_set(stage, &model->fields[i], &may);
        if (may)
            stage_append(stage, takes, json_string(model->fields[i].name));
    }
    if (status == SGN_OK)
        stage->out->takes = json_incref(takes);
    json_decref(takes);
    return status;
}

/* Who asks what it would come to learns what a form has to ask, also when that is why it would come
 * to nothing. */
static enum sgn_status
check_form(struct stage *stage)
{
    bool dry = sgn_json_true(stage->command->params, "dry_run");
    enum sgn_status status = dry ? tell_takes(stage) : SGN_OK;

    if (status == SGN_OK && !import_is_placed(stage)) /* else the state that it is in says it */
        status = check_required(stage);
    if (status == SGN_NEEDS_FIELDS && dry)
        sgn_error_add(stage->err, "takes", json_incref(stage->out->takes));
    return status;
}

enum sgn_status
open_decide(struct stage *stage)
{
    enum sgn_status status;

    fill_row(stage);
    stage->event_name = "open";
    if (json_is_object(json_object_get(stage->command->params, "imported")))
        status = import_begin(stage);
    else
        status = check_may(stage);
    if (status == SGN_OK)
        status = fill_caused(stage);
    if (status == SGN_OK)
        status = decide_comment(stage, "comment");
    if (status == SGN_OK)
        status = take_fields(stage);
    if (status == SGN_OK)
        status = check_form(stage);
    if (status == SGN_OK)
        status = deadline_arm(stage, 0); /* the workflow's own timers */
    if (status == SGN_OK && !import_is_placed(stage))
        status = macrostep_start(stage);
    if (status == SGN_OK && stage->imports)
        status = import_place(stage);
    return status == SGN_OK ? macrostep_settle(stage) : status;
}
