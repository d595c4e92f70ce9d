/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attaching a file to a case, alone or as the value of a field.
 */
#include "core_internal.h"
#include <string.h>

/* The field's value with the file in it: the file, or the list with one more. */
static json_t *
value_with(struct stage *stage, const struct model_field *field, const char *id)
{
    const json_t *old = stage_field(stage, field->name);
    json_t *list;

    if (field->type == MODEL_FILE)
        return stage_text(stage, id);
    list = old != NULL ? json_copy((json_t *)old) : json_array();
    if (!sgn_json_has(list, id))
        stage_append(stage, list, json_string(id));
    return list;
}

static bool
holds_files(const struct model_field *field)
{
    return field->type == MODEL_FILE || (field->type == MODEL_LIST && field->n_fields > 0 &&
                                         field->fields[0].type == MODEL_FILE);
}

static enum sgn_status
set_field(struct stage *stage, const char *name, const char *id)
{
    const struct model_field *field = NULL;
    json_t *value;
    enum sgn_status status = decide_open_case(stage);

    if (status == SGN_OK)
        status = field_named(stage, name, "/fields", &field);
    if (status == SGN_OK && !holds_files(field))
        status = sgn_fail(stage->err, SGN_INVALID, "the field \"%s\" holds no file", name);
    if (status != SGN_OK)
        return status;
    value = value_with(stage, field, id);
    status = decide_edit_field(stage, name, value);
    json_decref(value);
    return status;
}

enum sgn_status
attach_decide(struct stage *stage)
{
    const char *id = sgn_json_str(stage->command->params, "file");
    const char *field = sgn_json_str(stage->command->params, "field");
    enum sgn_status status = decide_room(stage);

    if (status == SGN_OK)
        status = decide_expect(stage);
    if (status == SGN_OK && json_is_object(json_object_get(stage->command->params, "imported")))
        status = import_file(stage);
    if (status == SGN_OK)
        status = decide_comment(stage, "comment");
    if (status == SGN_OK && (id == NULL || id[0] == '\0'))
        status = sgn_fail(stage->err, SGN_PARAMS, "file must name a file");
    if (status == SGN_OK) {
        status = file_take(stage, id, sgn_json_true(stage->command->params, "shared"));
        if (status != SGN_OK && status != SGN_NEEDS)
            sgn_error_add(stage->err, "pointer", json_string("/file"));
    }
    if (status != SGN_OK || field == NULL)
        return status;
    status = set_field(stage, field, id);
    if (status != SGN_OK && status != SGN_NEEDS) {
        sgn_error_add(stage->err, "pointer", json_string("/field"));
        return status;
    }
    stage->event_name = "attach";
    if (status == SGN_OK)
        status = macrostep_event(stage, NULL, NULL, -1, false, NULL);
    return status == SGN_OK ? macrostep_settle(stage) : status;
}
