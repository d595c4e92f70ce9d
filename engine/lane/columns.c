/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The columns of a case's row that repeat what its document says: what lists filter by and sort by.
 * They follow from the document and the version it goes by alone, so whoever has both can make them
 * anew: a commit does, and so does a copy of a store.
 */
#include "json.h"
#include "lane_internal.h"
#include <stdlib.h>
#include <string.h>

static void
put_two(struct sgn_buf *buf, const char *a, const char *b)
{
    (void)sgn_buf_puts(buf, a);
    (void)sgn_buf_puts(buf, b);
}

/* " open technical ": leaf names, a space around each. */
static char *
states_text(const json_t *row)
{
    struct sgn_buf buf;
    size_t i;
    json_t *state;

    sgn_buf_init(&buf, CORE_DOCUMENT_MAX);
    (void)sgn_buf_puts(&buf, " ");
    json_array_foreach(json_object_get(row, "states"), i, state)
        put_two(&buf, json_string_value(state), " ");
    return sgn_buf_take(&buf);
}

/* What a text search looks in: the key and every text of the shared fields, then after a
 * unit separator those of internal fields, which a client's search never reaches. */
static char *
search_text(const struct model *model, const json_t *row)
{
    const json_t *fields = json_object_get(row, "fields");
    const char *imported = sgn_json_str(json_object_get(row, "imported"), "key");
    struct sgn_buf buf;

    sgn_buf_init(&buf, CORE_DOCUMENT_MAX);
    (void)sgn_buf_puts(&buf, sgn_json_str(row, "key"));
    if (imported != NULL) /* whoever knows it by its old key finds it */
        put_two(&buf, " ", imported);
    for (int shared = 1; shared >= 0; shared--) {
        for (int i = 0; i < model->n_fields; i++) {
            const struct model_field *field = &model->fields[i];
            const char *text =
                field->shared == (shared == 1) ? sgn_json_str(fields, field->name) : NULL;

            if (text != NULL)
                put_two(&buf, " ", text);
        }
        if (shared == 1)
            (void)sgn_buf_puts(&buf, "\x1f");
    }
    return sgn_buf_take(&buf);
}

static json_t *
indexed_fields(const struct model *model, const json_t *row)
{
    const json_t *fields = json_object_get(row, "fields");
    const json_t *imported = json_object_get(row, "imported");
    json_t *out = json_object();

    for (int i = 0; i < model->n_fields; i++) {
        const struct model_field *field = &model->fields[i];
        json_t *value = field->indexed ? json_object_get(fields, field->name) : NULL;

        if (json_is_string(value) || json_is_integer(value))
            json_object_set(out, field->name, value);
    }
    if (sgn_json_str(imported, "key") != NULL)
        json_object_set_new(
            out, LANE_IMPORTED,
            json_sprintf("%s:%s", sgn_json_str(imported, "source"), sgn_json_str(imported, "key")));
    if (json_object_get(row, "hold") != NULL)
        json_object_set_new(out, LANE_HELD, json_string("1"));
    return out;
}

/* Who owns it in lists: the owner of the first active state, in document order, that has one. */
static const char *
first_owner(const struct model *model, const json_t *row)
{
    const json_t *owners = json_object_get(row, "owners");

    for (int i = 0; i < model->n_states; i++) {
        const json_t *owner = json_object_get(owners, model->states[i].name);

        if (json_is_string(owner))
            return json_string_value(owner);
    }
    return NULL;
}

/* Copies of these texts, all in one piece of memory; NULL stays NULL. The piece, or NULL when out
 * of memory. */
static char *
keep_names(const char **names[], int n)
{
    size_t size = 1, at = 0;
    char *kept;

    for (int i = 0; i < n; i++)
        size += *names[i] != NULL ? strlen(*names[i]) + 1 : 0;
    kept = malloc(size);
    for (int i = 0; i < n && kept != NULL; i++) {
        size_t len = *names[i] != NULL ? strlen(*names[i]) + 1 : 0;

        if (len == 0)
            continue;
        memcpy(kept + at, *names[i], len);
        *names[i] = kept + at;
        at += len;
    }
    return kept;
}

enum sgn_status
lane_columns_make(struct lane_columns *columns, const struct model *model, const json_t *row,
                  struct store_case *out, struct sgn_error *err)
{
    const char **names[] = { &out->key,    &out->workflow, &out->rules,    &out->project,
                             &out->opener, &out->owner,    &out->priority, &out->outcome };

    *columns = (struct lane_columns){
        .document = sgn_json_text(row),
        .states = states_text(row),
        .text = search_text(model, row),
        .indexed = indexed_fields(model, row),
        .waiting = json_incref(json_object_get(row, "waiting")),
    };
    *out = (struct store_case){
        .key = sgn_json_str(row, "key"),
        .workflow = sgn_json_str(row, "workflow"),
        .rules = sgn_json_str(row, "rules"),
        .project = sgn_json_str(row, "project"),
        .opener = sgn_json_str(row, "opener"),
        .owner = first_owner(model, row),
        .priority = sgn_json_str(row, "priority"),
        .outcome = sgn_json_str(row, "outcome"),
        .states = columns->states,
        .version = sgn_json_int(row, "version", 0),
        .rev = sgn_json_int(row, "rev", 0),
        .case_seq = sgn_json_int(row, "case_seq", 0),
        .opened_at = sgn_json_int(row, "opened_at", 0),
        .closed_at = sgn_json_int(row, "closed_at", 0),
        .due_at = case_due(row),
        .next_at = case_next_due(row),
        .stuck = json_is_object(json_object_get(row, "stuck")),
        .text = columns->text,
        .indexed = columns->indexed,
        .document = columns->document,
        .waiting = columns->waiting,
    };
    columns->names = keep_names(names, (int)(sizeof names / sizeof names[0]));
    if (columns->document == NULL || columns->states == NULL || columns->text == NULL ||
        columns->indexed == NULL || columns->names == NULL)
        return sgn_nomem(err);
    return SGN_OK;
}

void
lane_columns_deinit(struct lane_columns *columns)
{
    json_decref(columns->indexed);
    json_decref(columns->waiting);
    free(columns->document);
    free(columns->text);
    free(columns->states);
    free(columns->names);
    *columns = (struct lane_columns){ 0 };
}
