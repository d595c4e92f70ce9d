/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of an entry: what changed between the old row and the staged one.
 *
 * Each item goes into one of the two parts. Nothing that is internal may ever reach the
 * shared one; so the shared part is built from a list of things that may stand there,
 * and everything else is internal. The client may be given the shared part as it is,
 * without a filter, for ever.
 *
 * What is written here is what fold.c reads, and nothing of it may be lost: the row is
 * made of the parts alone when a history is verified.
 */
#include "parts_internal.h"
#include <stdlib.h>
#include <string.h>

static void
add_member(struct parts *parts, json_t *part, const char *name, const char *key, json_t *value_take)
{
    json_t *object = json_object_get(part, name);

    if (object == NULL) {
        object = json_object();
        stage_put(parts->stage, part, name, object);
    }
    stage_put(parts->stage, object, key, value_take);
}

/* The rest of the row's beginning stands in the header or follows from the model. */
static void
put_opening(struct parts *parts)
{
    static const char *const members[] = { "project", "workflow", "version" };
    struct stage *stage = parts->stage;

    if (stage->question->row != NULL)
        return;
    stage_put(stage, parts_part_for(parts, true), "opener",
              json_incref(stage_member(stage, "opener")));
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        json_t *value = stage_member(stage, members[i]);
        if (!json_is_null(value))
            stage_put(stage, parts->internal, members[i], json_incref(value));
    }
}

/* The event's data: shared fields beside its name. Internal fields are told by "fields"
 * alone; what is no field at all comes from rules, and stays internal. A rung of a
 * deadline is the team's: it may name what the client does not know of. */
static void
put_event(struct parts *parts)
{
    struct stage *stage = parts->stage;
    json_t *data = json_object_get(stage->event, "data");
    json_t *shown, *kept = json_object(), *hidden = json_object();
    const char *name;
    json_t *value;

    if (json_object_size(stage->event) == 0 || json_object_get(stage->event, "deadline") != NULL) {
        if (json_object_size(stage->event) > 0)
            stage_put(stage, parts->internal, "event", json_incref(stage->event));
        json_decref(kept);
        json_decref(hidden);
        return;
    }
    json_object_foreach(data, name, value) {
        const struct model_field *field = model_field_find(stage->model, name);
        if (field == NULL || field->shared || !stage_shares(stage))
            stage_put(stage, field == NULL && stage_shares(stage) ? hidden : kept, name,
                      json_incref(value));
    }
    shown = json_copy(stage->event);
    json_object_del(shown, "data");
    if (json_object_size(kept) > 0)
        stage_put(stage, shown, "data", json_incref(kept));
    stage_put(stage, parts_part_for(parts, true), "event", shown);
    if (json_object_size(hidden) > 0)
        stage_put(stage, parts->internal, "event", json_pack("{s:O}", "data", hidden));
    json_decref(kept);
    json_decref(hidden);
}

/* By the model's fields, in its order: what is no field of it cannot be in the row. */
static void
put_fields(struct parts *parts)
{
    const struct model *model = parts->stage->model;
    const json_t *before = json_object_get(parts->old, "fields");
    const json_t *after = stage_member(parts->stage, "fields");

    for (int i = 0; i < model->n_fields; i++) {
        const struct model_field *field = &model->fields[i];
        json_t *old = json_object_get(before, field->name);
        json_t *now = json_object_get(after, field->name);
        if (old == now || json_equal(old, now))
            continue;
        add_member(parts, parts_part_for(parts, field->shared), "fields", field->name,
                   now != NULL ? json_incref(now) : json_null());
    }
}

static void
put_tasks(struct parts *parts)
{
    const json_t *before = json_object_get(parts->old, "tasks");
    const json_t *after = stage_member(parts->stage, "tasks");
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)after, key, value) {
        json_t *old = json_object_get(before, key);
        if (old == NULL || !json_equal(old, value))
            add_member(parts, parts->internal, "tasks", key, json_incref(value));
    }
    json_object_foreach((json_t *)before, key, value)
        if (json_object_get(after, key) == NULL)
            add_member(parts, parts->internal, "tasks", key, json_null());
}

static bool
holds_equal(const json_t *list, const json_t *item)
{
    const json_t *other;
    size_t i;

    json_array_foreach(list, i, other)
        if (json_equal((json_t *)other, (json_t *)item))
            return true;
    return false;
}

static void
put_links(struct parts *parts)
{
    const json_t *before = json_object_get(parts->old, "links");
    const json_t *after = stage_member(parts->stage, "links");
    const json_t *link;
    size_t i;

    json_array_foreach(before, i, link) {
        json_t *gone;
        if (holds_equal(after, link))
            continue;
        gone = json_copy((json_t *)link);
        stage_put(parts->stage, gone, "gone", json_true());
        parts_add_item(parts, parts->internal, "links", gone);
    }
    json_array_foreach(after, i, link)
        if (!holds_equal(before, link))
            parts_add_item(parts, parts->internal, "links", json_incref((json_t *)link));
}

/*
 * A file is never taken away again; one that is shared from now on is told anew. The row lists
 * the new ones in the order in which a fold meets them: the shared part's, then the internal.
 */
static void
put_files(struct parts *parts)
{
    const json_t *before = json_object_get(parts->old, "files");
    json_t *files = stage_member(parts->stage, "files");
    json_t *hidden = json_array();
    const json_t *file;

    for (size_t i = 0; i < json_array_size(files);) {
        json_t *part;
        file = json_array_get(files, i);
        if (holds_equal(before, file)) {
            i++;
            continue;
        }
        part = parts_part_for(parts, sgn_json_true(file, "shared"));
        parts_add_item(parts, part, "files", json_incref((json_t *)file));
        if (part == parts->shared) {
            i++;
            continue;
        }
        stage_append(parts->stage, hidden, json_incref((json_t *)file));
        json_array_remove(files, i);
    }
    json_array_extend(files, hidden);
    json_decref(hidden);
}

/* What was armed and is gone again within one entry is told too: its id is used up.
 * Deadlines are internal: they name rungs, and may follow from internal fields. */
static void
put_deadlines(struct parts *parts)
{
    struct stage *stage = parts->stage;
    const json_t *deadline;
    size_t i;
    int64_t was = sgn_json_int(parts->old, "armed", 0);
    int64_t is = sgn_json_int(stage->row, "armed", 0);

    json_array_foreach(json_object_get(parts->old, "deadlines"), i, deadline) {
        const char *id = sgn_json_str(deadline, "id");
        json_t *now = deadline_find(stage, id);
        if (now == NULL)
            parts_add_item(parts, parts->internal, "deadlines",
                           json_pack("{s:s, s:b}", "id", id, "gone", 1));
        else if (!json_equal(now, (json_t *)deadline))
            parts_add_item(parts, parts->internal, "deadlines", json_incref(now));
    }
    for (int64_t order = was + 1; order <= is; order++) {
        char *id = sgn_format("d%lld", (long long)order);
        json_t *now = deadline_find(stage, id);
        if (now != NULL)
            parts_add_item(parts, parts->internal, "deadlines", json_incref(now));
        else if (id != NULL)
            parts_add_item(parts, parts->internal, "deadlines",
                           json_pack("{s:s, s:b}", "id", id, "gone", 1));
        else
            stage->nomem = true;
        free(id);
    }
}

/* Where it came from is no secret; a piece of the former history is as shared as its text. */
static void
put_imported(struct parts *parts)
{
    struct stage *stage = parts->stage;

    if (stage->import_part != NULL)
        stage_put(stage, parts_part_for(parts, stage->comment_shared), "imported",
                  json_incref(stage->import_part));
    else if (stage->imports)
        stage_put(stage, parts_part_for(parts, true), "imported",
                  sgn_json_copy(stage_member(stage, "imported")));
}

/* rev always: an answer made from the entry needs it, and the fold could not count it
 * without knowing the rule by which it is counted. */
static void
put_internal(struct parts *parts)
{
    static const char *const whole[] = { "owners", "priority", "history", "waiting", "stuck" };
    struct stage *stage = parts->stage;
    json_t *internal = parts->internal;

    for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
        json_t *now = stage_member(stage, whole[i]);
        if (!json_equal(json_object_get(parts->old, whole[i]), now))
            stage_put(stage, internal, whole[i], json_incref(now));
    }
    stage_put(stage, internal, "rev", json_incref(stage_member(stage, "rev")));
    if (stage->due != 0)
        stage_put(stage, internal, "due", json_integer(stage->due));
    if (json_array_size(stage->effects) > 0)
        stage_put(stage, internal, "effects", json_incref(stage->effects));
    if (stage->command->cause != NULL)
        stage_put(stage, internal, "cause", json_incref((json_t *)stage->command->cause));
    if (stage->failed != NULL)
        stage_put(stage, internal, "failed", json_incref(stage->failed));
    if (stage->sweep != NULL)
        stage_put(stage, internal, "sweep", json_incref(stage->sweep));
    if (stage->migrate != NULL)
        stage_put(stage, internal, "migrate", json_incref(stage->migrate));
    if (stage->base != NULL) /* too much may be another: the fold goes on from here */
        stage_put(stage, internal, "row", json_incref(stage->row));
}

/* The states afterwards stand in every entry, for the answer made of it: in the shared
 * part when that has something to say, so that an internal comment leaves no trace
 * there. */
static void
put_states(struct parts *parts)
{
    struct stage *stage = parts->stage;
    bool moved = json_array_size(stage->entered) > 0 || json_array_size(stage->left) > 0;
    json_t *part;

    if (json_array_size(stage->left) > 0)
        stage_put(stage, parts_part_for(parts, true), "left", json_incref(stage->left));
    if (json_array_size(stage->entered) > 0)
        stage_put(stage, parts_part_for(parts, true), "entered", json_incref(stage->entered));
    part = parts_part_for(parts, moved || json_object_size(parts->shared) > 0);
    stage_put(stage, part, "states", json_incref(stage_member(stage, "states")));
    if (!case_is_open(stage->row) || !case_is_open(parts->old)) /* open again: null */
        stage_put(stage, part, "outcome", json_incref(stage_member(stage, "outcome")));
}

/* rev counts entries that changed states, fields, ballots or tasks: what "expect"
 * guards. A comment or a reminder makes nobody look again. */
static void
count_entry(struct parts *parts)
{
    static const char *const counted[] = { "states", "fields", "tasks" };
    struct stage *stage = parts->stage;
    bool changed = json_array_size(stage->entered) > 0 || stage->question->row == NULL ||
                   parts_ballots_changed(parts);

    for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
        changed = changed || !json_equal(json_object_get(parts->old, counted[i]),
                                         stage_member(stage, counted[i]));
    stage_put(stage, stage->row, "rev",
              json_integer(sgn_json_int(parts->old, "rev", 0) + (changed ? 1 : 0)));
    stage_put(stage, stage->row, "case_seq",
              json_integer(sgn_json_int(parts->old, "case_seq", 0) + 1));
}

/* Counting comes first: the new rev is one of the things that are told. */
enum sgn_status
parts_make(struct stage *stage)
{
    const json_t *before = stage->base != NULL ? stage->base : stage->question->row;
    json_t *empty = before == NULL ? case_new() : NULL;
    struct parts parts = { .stage = stage,
                           .old = empty != NULL ? empty : before,
                           .shared = json_object(),
                           .internal = json_object() };

    count_entry(&parts);
    put_opening(&parts);
    put_event(&parts);
    put_fields(&parts);
    parts_put_rounds(&parts);
    put_tasks(&parts);
    put_links(&parts);
    put_files(&parts);
    if (stage->comment_part != NULL)
        stage_put(stage, parts_part_for(&parts, stage->comment_shared), "comment",
                  json_incref(stage->comment_part));
    put_imported(&parts);
    put_deadlines(&parts);
    put_internal(&parts);
    put_states(&parts);
    json_decref(empty);
    if (stage->nomem || json_object_size(parts.shared) == 0) {
        json_decref(parts.shared);
        parts.shared = NULL;
    }
    if (stage->nomem) {
        json_decref(parts.internal);
        return sgn_nomem(stage->err);
    }
    stage->out->shared = parts.shared;
    stage->out->internal = parts.internal;
    return SGN_OK;
}
