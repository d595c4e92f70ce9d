/* SPDX-License-Identifier: Apache-2.0 */
/* The request that an entry came of, made again from what the entry holds. */
#include "json.h"
#include "replay_internal.h"
#include <string.h>

/* A member of either part. */
json_t *
replay_part(const struct replay *r, const char *name)
{
    json_t *value = json_object_get(r->shared, name);

    return value != NULL ? value : json_object_get(r->internal, name);
}

bool
replay_is(const json_t *object, const char *name, const char *text)
{
    const char *its = sgn_json_str(object, name);

    return its != NULL && text != NULL && strcmp(its, text) == 0;
}

/* ---- the request, from its entry ---- */

static const struct {
    const char *name;
    enum core_kind kind;
} judged[] = {
    { "open", CORE_OPEN },         { "fire", CORE_FIRE },     { "edit", CORE_EDIT },
    { "vote", CORE_VOTE },         { "task", CORE_TASK },     { "withdraw", CORE_WITHDRAW },
    { "deadline", CORE_DEADLINE }, { "send", CORE_DEADLINE },
};

bool
replay_kind(const struct replay *r, enum core_kind *out)
{
    for (size_t i = 0; i < sizeof judged / sizeof judged[0]; i++)
        if (replay_is(r->header, "kind", judged[i].name)) {
            *out = judged[i].kind;
            return json_object_get(r->internal, "failed") == NULL;
        }
    return false;
}

/* Fields that the entry set, of both parts. */
static json_t *
fields_of(const struct replay *r)
{
    json_t *fields = json_object();

    if (json_object_get(r->shared, "fields") != NULL)
        json_object_update(fields, json_object_get(r->shared, "fields"));
    if (json_object_get(r->internal, "fields") != NULL)
        json_object_update(fields, json_object_get(r->internal, "fields"));
    return fields;
}

/* What the event carried: its data, and of the fields that were set those that it takes. */
static json_t *
data_of(const struct replay *r, const char *event)
{
    json_t *fields = fields_of(r), *data = json_object(), *value;
    const char *name;

    if (json_is_object(json_object_get(json_object_get(r->shared, "event"), "data")))
        json_object_update(data, json_object_get(json_object_get(r->shared, "event"), "data"));
    if (json_is_object(json_object_get(json_object_get(r->internal, "event"), "data")))
        json_object_update(data, json_object_get(json_object_get(r->internal, "event"), "data"));
    for (int i = 0; i < r->old->n_transitions; i++) {
        const struct model_transition *t = &r->old->transitions[i];
        bool takes = false;
        for (int k = 0; k < t->n_events; k++)
            takes = takes || model_event_matches(t->events[k], event);
        json_object_foreach(fields, name, value)
            if (takes && sgn_json_has(t->takes, name))
                json_object_set(data, name, value);
    }
    json_decref(fields);
    return data;
}

static json_t *
ballot_of(const struct replay *r, bool standing)
{
    const json_t *const parts[] = { r->shared, r->internal };
    json_t *ballot;
    size_t i;

    for (int k = 0; k < 2; k++)
        json_array_foreach(json_object_get(parts[k], "ballots"), i, ballot)
            if (sgn_json_true(ballot, "standing") == standing &&
                replay_is(ballot, "person", sgn_json_str(r->header, "actor")))
                return ballot;
    return NULL;
}

/* What fired: armed before, and due when the entry says it was. */
static json_t *
due_params(const struct replay *r)
{
    const char *name = sgn_json_str(json_object_get(r->internal, "event"), "deadline");
    int64_t due = sgn_json_int(r->internal, "due", 0);
    const json_t *deadline;
    size_t i;

    json_array_foreach(json_object_get(r->before, "deadlines"), i, deadline)
        if (sgn_json_int(deadline, "next", 0) == due && due != 0 &&
            (name == NULL || replay_is(deadline, "name", name)))
            return json_pack("{s:O}", "deadline", json_object_get(deadline, "id"));
    return NULL;
}

static json_t *
task_params(const struct replay *r)
{
    json_t *tasks = json_object_get(r->internal, "tasks"), *task;
    const char *key;

    json_object_foreach(tasks, key, task) {
        const char *slash = strchr(key, '/');
        if (slash != NULL && json_is_object(task))
            return json_pack("{s:s, s:s%, s:b}", "task", slash + 1, "state", key,
                             (size_t)(slash - key), "done", sgn_json_true(task, "done"));
    }
    return NULL;
}

/* NULL: it cannot be made. */
static json_t *
params_of(const struct replay *r, enum core_kind kind)
{
    const json_t *event = json_object_get(r->shared, "event");
    const char *name = sgn_json_str(event != NULL ? event : replay_part(r, "event"), "name");
    json_t *ballot = ballot_of(r, kind == CORE_VOTE);

    switch (kind) {
    case CORE_OPEN:
    case CORE_EDIT:
        return json_pack("{s:o}", "fields", fields_of(r));
    case CORE_FIRE:
        return name != NULL ? json_pack("{s:s, s:o}", "event", name, "data", data_of(r, name))
                            : NULL;
    case CORE_VOTE:
        return ballot != NULL
                   ? json_pack("{s:O, s:O, s:O}", "approval", json_object_get(ballot, "approval"),
                               "choice", json_object_get(ballot, "choice"), "digest",
                               json_object_get(ballot, "digest"))
                   : NULL;
    case CORE_WITHDRAW:
        return ballot != NULL ? json_pack("{s:O}", "approval", json_object_get(ballot, "approval"))
                              : NULL;
    case CORE_TASK:
        return task_params(r);
    default:
        return due_params(r);
    }
}

json_t *
replay_request(const struct replay *r, enum core_kind kind)
{
    json_t *params = params_of(r, kind);
    const json_t *comment = replay_part(r, "comment"), *ballot = ballot_of(r, true);
    json_t *on_behalf = json_object_get(r->header, "on_behalf");

    if (params == NULL)
        return NULL;
    if (comment == NULL)
        comment = json_object_get(ballot, "comment");
    if (json_is_string(comment))
        json_object_set(params, "comment", (json_t *)comment);
    if (json_is_string(on_behalf))
        json_object_set(params, "on_behalf", on_behalf);
    return params;
}
