/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of a case: who may bring one in, and what the row keeps of it.
 *
 * A file belongs to one case. Until then it is its uploader's alone, so that nobody shows a
 * stranger's file by knowing its id.
 */
#include "core_internal.h"
#include <string.h>

/* The place of a file in the row's list; its length when it is not there. */
static size_t
place_of(const json_t *files, const char *id)
{
    const json_t *item;
    size_t i;

    json_array_foreach(files, i, item)
        if (strcmp(sgn_json_str(item, "id"), id) == 0)
            return i;
    return json_array_size(files);
}

static enum sgn_status
unknown(struct stage *stage, const char *id)
{
    return sgn_fail(stage->err, SGN_NOT_FOUND,
                    "there is no file \"%.80s\"; upload it first, with file.begin", id);
}

/* At the end of the list, where the fold puts it too. */
static void
put_item(struct stage *stage, const char *id, const json_t *from, bool shared)
{
    static const char *const members[] = { "name", "sha256", "size", "type" };
    json_t *files = stage_member(stage, "files");
    json_t *item = json_pack("{s:s}", "id", id);
    size_t place = place_of(files, id);

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        json_t *value = json_object_get(from, members[i]);
        stage_put(stage, item, members[i], value != NULL ? json_incref(value) : json_null());
    }
    stage_put(stage, item, "shared", json_boolean(shared));
    if (place < json_array_size(files))
        json_array_remove(files, place);
    stage_append(stage, files, item);
}

enum sgn_status
file_take(struct stage *stage, const char *id, bool shared)
{
    const json_t *files = stage_member(stage, "files");
    const json_t *old = json_array_get(files, place_of(files, id));
    const json_t *fact = NULL;
    const char *its_case, *by;
    enum sgn_status status;

    /* What the client brings it may see again. */
    shared = (shared || stage->is_client) && stage_shares(stage);
    if (old != NULL && stage->is_client && !sgn_json_true(old, "shared"))
        return unknown(stage, id);
    if (old != NULL) {
        if (shared && !sgn_json_true(old, "shared")) /* what was shown stays shown */
            put_item(stage, id, old, true);
        return SGN_OK;
    }
    status = known_fact_of(stage, "file", id, &fact);
    if (status != SGN_OK)
        return status;
    its_case = sgn_json_str(fact, "case");
    by = sgn_json_str(fact, "person");
    if (by == NULL || (!stage->is_system && strcmp(by, stage->command->actor) != 0))
        return unknown(stage, id);
    if (its_case != NULL && strcmp(its_case, stage_key(stage)) != 0) {
        if (stage->is_system) /* a case that hands a file on: it stays where it is */
            return SGN_OK;
        return sgn_fail(stage->err, SGN_CONFLICT,
                        "this file belongs to %s already: upload it once more for %s", its_case,
                        stage_key(stage));
    }
    put_item(stage, id, fact, shared);
    return SGN_OK;
}

enum sgn_status
file_take_all(struct stage *stage, const struct model_field *field, const json_t *value,
              bool shared)
{
    const json_t *item;
    size_t i;
    enum sgn_status status = SGN_OK;

    if (field->type == MODEL_FILE && json_is_string(value))
        return file_take(stage, json_string_value(value), shared);
    if (field->type == MODEL_LIST && field->n_fields > 0)
        json_array_foreach(value, i, item)
            if (status == SGN_OK)
                status = file_take_all(stage, &field->fields[0], item, shared);
    for (int k = 0; field->type == MODEL_RECORD && status == SGN_OK && k < field->n_fields; k++)
        status = file_take_all(stage, &field->fields[k],
                               json_object_get(value, field->fields[k].name), shared);
    return status;
}
