/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a ballot covers, and the digest that binds it to exactly that.
 */
#include "approval_internal.h"
#include <stdlib.h>
#include <string.h>

/* Of the rules the person sits on; a rule without its own has those around it. */
static void
covers_of(struct stage *stage, const struct seats *seats, const json_t *around, const char *person,
          json_t *into)
{
    const json_t *covers =
        seats->rule != NULL && seats->rule->covers != NULL ? seats->rule->covers : around;

    if (seats->people != NULL && (person == NULL || json_object_get(seats->people, person) != NULL))
        names_add_all(stage, into, covers);
    for (int i = 0; i < seats->n_rules; i++)
        covers_of(stage, &seats->rules[i], covers, person, into);
}

enum sgn_status
round_covers(struct stage *stage, int state, const char *person, json_t **out)
{
    const struct model_approval *approval = stage->model->states[state].approval;
    struct seats seats = { 0 };
    json_t *covers = json_array();
    enum sgn_status status = seats_find(stage, state, &seats);

    if (status != SGN_OK) {
        json_decref(covers);
        return status;
    }
    if (person == NULL)
        names_add_all(stage, covers, approval->covers);
    covers_of(stage, &seats, approval->covers, person, covers);
    if (json_array_size(covers) == 0)
        names_add_all(stage, covers, approval->covers);
    names_sort(covers);
    seats_deinit(&seats);
    *out = covers;
    return SGN_OK;
}

/* A covered file counts with its bytes, not with its name. */
static enum sgn_status
add_file(struct stage *stage, json_t *files, const struct model_field *field, const json_t *value)
{
    const json_t *fact;
    enum sgn_status status;

    if (field == NULL || field->type != MODEL_FILE || !json_is_string(value))
        return SGN_OK;
    status = known_fact_of(stage, "file", json_string_value(value), &fact);
    if (status == SGN_OK)
        stage_put(stage, files, json_string_value(value),
                  stage_text(stage, sgn_json_str(fact, "sha256")));
    return status;
}

enum sgn_status
round_digest(struct stage *stage, int state, const char *person, char out[SGN_HASH_HEX])
{
    json_t *covers = NULL, *whole = NULL, *fields = json_object(), *files = json_object();
    const json_t *name;
    size_t i;
    enum sgn_status status = round_covers(stage, state, person, &covers);

    if (status != SGN_OK)
        goto out;
    json_array_foreach(covers, i, name) {
        const char *key = json_string_value(name);
        const json_t *value = stage_field(stage, key);
        if (value == NULL)
            continue;
        stage_put(stage, fields, key, json_incref((json_t *)value));
        status = add_file(stage, files, model_field_find(stage->model, key), value);
        if (status != SGN_OK)
            goto out;
    }
    whole = json_pack("{s:s, s:s, s:O, s:O, s:O}", "case", stage_key(stage), "workflow",
                      stage->model->name, "rules", stage_member(stage, "rules"), "fields", fields,
                      "files", files);
    status = whole != NULL ? sgn_hash_json(SGN_HASH_BALLOT, whole, out, stage->err)
                           : sgn_nomem(stage->err);
out:
    json_decref(covers);
    json_decref(whole);
    json_decref(fields);
    json_decref(files);
    return status;
}
