/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What persons do with a case: fire, edit, comment, assign, link. Each checks what is
 * its own; what is common stands in decide_checks.c, and what follows from it in
 * macrostep.c.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

/* ---- fire ---- */

/* A person's event that enables nothing is refused with the reason; one of the system
 * is recorded: an event that nobody waited for is part of the history, not a failure of
 * whoever sent it. */
static enum sgn_status
fire(struct stage *stage, const char *name, const json_t *data)
{
    bool taken = false;
    enum sgn_status status = macrostep_event(stage, name, data, -1, !stage->is_system, &taken);

    if (status != SGN_OK)
        return status;
    if (!taken && !stage->is_system)
        return refuse_event(stage, name);
    if (!taken)
        stage_put(stage, stage->event, "taken", json_false());
    return macrostep_settle(stage);
}

/* Ended cases take nothing; the engine's event is told so, a person is refused. */
static enum sgn_status
fire_ended(struct stage *stage, const char *name)
{
    json_t *known;
    const char *near;

    if (stage->is_system) {
        stage_put(stage, stage->event, "taken", json_false());
        return SGN_OK;
    }
    known = model_events(stage->model);
    near = sgn_json_has(known, name) ? NULL : sgn_nearest_json(name, known);
    sgn_fail(stage->err, SGN_NOT_NOW, "the event \"%s\" is not possible: %s has ended (%s)", name,
             stage_key(stage), json_string_value(stage_member(stage, "outcome")));
    if (near != NULL)
        sgn_error_add(stage->err, "nearest", json_string(near));
    sgn_error_add(stage->err, "events", json_array());
    json_decref(known);
    return SGN_NOT_NOW;
}

/* The engine's names are refused before anything else: whether a round is decided is
 * not for a caller to say. */
enum sgn_status
fire_begin(struct stage *stage, const char **event, const json_t **data)
{
    const char *name = sgn_json_str(stage->command->params, "event");
    enum sgn_status status = decide_object(stage, "data", data);

    *event = name;
    if (status != SGN_OK)
        return status;
    if (name == NULL || name[0] == '\0')
        return sgn_fail(stage->err, SGN_PARAMS, "event must name an event");
    if (model_event_is_engines(name)) {
        sgn_fail(stage->err, SGN_INVALID, "\"%s\" is an event of the engine: nobody fires it",
                 name);
        sgn_error_add(stage->err, "pointer", json_string("/event"));
        return SGN_INVALID;
    }
    status = decide_expect(stage);
    return status == SGN_OK ? decide_comment(stage, "comment") : status;
}

enum sgn_status
fire_decide(struct stage *stage)
{
    const char *name = NULL;
    const json_t *data = NULL;
    enum sgn_status status = fire_begin(stage, &name, &data);

    if (status != SGN_OK)
        return status;
    stage_put(stage, stage->event, "name", json_string(name));
    if (json_object_size(data) > 0)
        stage_put(stage, stage->event, "data", json_incref((json_t *)data));
    if (!case_is_open(stage->row))
        return fire_ended(stage, name);
    return fire(stage, name, data);
}

/* ---- edit ---- */

/* The first state that lets somebody edit the field says who may; none does: not now. */
static enum sgn_status
refuse_edit(struct stage *stage, const struct model_field *field)
{
    const struct model *model = stage->model;
    json_t *states;
    char *where;

    for (int i = 0; i < model->n_states; i++)
        for (int k = 0; (i == 0 || stage_active(stage, i)) && k < model->states[i].n_edit; k++)
            if (edit_covers(&model->states[i].edit[k], field)) {
                char *what = sgn_format("editing \"%s\"", field->name);
                enum sgn_status status = decide_forbid(stage, what != NULL ? what : "editing",
                                                       model->states[i].edit[k].who, i);
                free(what);
                return status;
            }
    states = statechart_leaves(&stage->chart);
    where = names_text(states, ", ");
    sgn_fail(stage->err, SGN_NOT_NOW, "nobody can edit the field \"%s\" in %s", field->name,
             where != NULL ? where : "this state");
    sgn_error_add(stage->err, "states", states);
    free(where);
    return SGN_NOT_NOW;
}

enum sgn_status
decide_edit_field(struct stage *stage, const char *name, const json_t *value)
{
    const struct model_field *field = NULL;
    bool may = stage->is_system;
    enum sgn_status status = field_named(stage, name, "/fields", &field);

    if (status == SGN_OK && !may)
        status = fields_may_edit(stage, field, stage->as, &may);
    if (status == SGN_OK && !may) {
        status = refuse_edit(stage, field);
        sgn_error_add(stage->err, "pointer", json_sprintf("/fields/%s", name));
    }
    return status == SGN_OK ? field_set(stage, field, value, SGN_INVALID, "/fields") : status;
}

enum sgn_status
edit_decide(struct stage *stage)
{
    const json_t *fields = NULL;
    const char *name;
    json_t *value;
    enum sgn_status status = decide_open_case(stage);

    if (status == SGN_OK)
        status = decide_expect(stage);
    if (status == SGN_OK)
        status = decide_room(stage);
    if (status == SGN_OK)
        status = decide_object(stage, "fields", &fields);
    if (status == SGN_OK && json_object_size(fields) == 0)
        status = sgn_fail(stage->err, SGN_PARAMS, "fields must name what is to be changed");
    if (status != SGN_OK)
        return status;
    /* Rights are those before the edit: a field that it empties changes none of them. */
    json_object_foreach((json_t *)fields, name, value) {
        status = decide_edit_field(stage, name, value);
        if (status != SGN_OK)
            return status;
    }
    stage->event_name = "edit";
    status = macrostep_event(stage, NULL, NULL, -1, false, NULL);
    return status == SGN_OK ? macrostep_settle(stage) : status;
}

/* ---- comment ---- */

enum sgn_status
comment_decide(struct stage *stage)
{
    const char *text = sgn_json_str(stage->command->params, "text");
    enum sgn_status status = decide_room(stage);

    if (status != SGN_OK)
        return status;
    if (json_is_object(json_object_get(stage->command->params, "imported")))
        return import_history(stage);
    if (text == NULL || text[0] == '\0') {
        sgn_fail(stage->err, SGN_PARAMS, "text must say something");
        sgn_error_add(stage->err, "pointer", json_string("/text"));
        return SGN_PARAMS;
    }
    return decide_comment(stage, "text");
}

/* ---- assign ---- */

/* The owned state that is meant; it must be said when several are active. */
static enum sgn_status
assign_state(struct stage *stage, int *out)
{
    const struct model *model = stage->model;
    const char *name = sgn_json_str(stage->command->params, "state");
    const json_t *owners = stage_member(stage, "owners");
    json_t *states = json_array();
    enum sgn_status status = SGN_OK;

    *out = -1;
    for (int i = 1; i < model->n_states; i++) {
        if (!stage_active(stage, i) || json_object_get(owners, model->states[i].name) == NULL)
            continue;
        names_add(stage, states, model->states[i].name);
        if (name == NULL || strcmp(name, model->states[i].name) == 0)
            *out = i;
    }
    if (json_array_size(states) == 0)
        status = sgn_fail(stage->err, SGN_NOT_NOW, "%s has no owner now", stage_key(stage));
    else if (name == NULL && json_array_size(states) > 1)
        status = sgn_fail(stage->err, SGN_INVALID, "several states have an owner: say which one");
    else if (*out < 0)
        status = sgn_fail(stage->err, SGN_NOT_NOW, "%s is not an owned state now", name);
    if (status != SGN_OK) {
        sgn_error_add(stage->err, "states", json_incref(states));
        sgn_error_add(stage->err, "pointer", json_string("/state"));
    }
    json_decref(states);
    return status;
}

/* To whom: an active person of the project or a lead; of the client only where the role
 * that owns is its own. An owner without rights in the project could never act. */
static enum sgn_status
check_target(struct stage *stage, const char *to, bool holds)
{
    const json_t *row = NULL, *member;
    enum sgn_status status = known_fact_of(stage, "person", to, &row);

    if (status != SGN_OK)
        return status;
    member = json_object_get(who_members(stage), to);
    if (json_is_object(row) && (holds || sgn_json_has(json_object_get(stage->team, "leads"), to) ||
                                (member != NULL && sgn_json_str(row, "client") == NULL)))
        return SGN_OK;
    sgn_fail(stage->err, SGN_INVALID, "%s is nobody who could own this case", to);
    sgn_error_add(stage->err, "pointer", json_string("/to"));
    return SGN_INVALID;
}

/* Who may: the owner, a lead, who holds the owner's role; whom it is offered to, for
 * itself: taking an offer is assigning it to oneself. */
static enum sgn_status
check_assigner(struct stage *stage, int state, const char *to, bool actor_holds)
{
    const json_t *owner =
        json_object_get(stage_member(stage, "owners"), stage->model->states[state].name);
    const char *actor = stage->as;
    json_t *offered = NULL;
    bool may = stage->is_system || stage->is_lead || actor_holds;
    enum sgn_status status = owner_persons(stage, owner, &offered);

    if (status != SGN_OK)
        return status;
    if (sgn_json_has(offered, actor))
        may = may || json_is_string(owner) || strcmp(to, actor) == 0;
    json_decref(offered);
    if (may)
        return SGN_OK;
    return decide_forbid(stage, "assigning this case", stage->model->states[state].owner, state);
}

enum sgn_status
assign_decide(struct stage *stage)
{
    const char *to = sgn_json_str(stage->command->params, "to");
    const struct model_who *who;
    bool to_holds = false, actor_holds = false;
    int state = -1;
    enum sgn_status status = decide_open_case(stage);

    if (status == SGN_OK)
        status = assign_state(stage, &state);
    if (status != SGN_OK)
        return status;
    if (to == NULL)
        return sgn_fail(stage->err, SGN_PARAMS, "to must name a person");
    who = stage->model->states[state].owner;
    if (who != NULL)
        status = who_has(stage, who, state, to, &to_holds);
    if (status == SGN_OK && who != NULL && !stage->is_system)
        status = who_has(stage, who, state, stage->as, &actor_holds);
    if (status == SGN_OK)
        status = check_assigner(stage, state, to, actor_holds);
    if (status == SGN_OK)
        status = check_target(stage, to, to_holds);
    if (status == SGN_OK)
        stage_put(stage, stage_member(stage, "owners"), stage->model->states[state].name,
                  json_string(to));
    return status;
}

/* ---- link ---- */

static int
find_link(const json_t *links, const char *other, const char *kind)
{
    const json_t *link;
    size_t i;

    json_array_foreach(links, i, link)
        if (strcmp(sgn_json_str(link, "case"), other) == 0 &&
            strcmp(sgn_json_str(link, "kind"), kind) == 0)
            return (int)i;
    return -1;
}

/* Links are the team's: a key of another case may already tell the client too much.
 * Adding what is there and is the same changes nothing and is no mistake: a caller may
 * repeat itself. */
enum sgn_status
link_decide(struct stage *stage)
{
    const char *other = sgn_json_str(stage->command->params, "other");
    const char *kind = sgn_json_str(stage->command->params, "kind");
    json_t *links = stage_member(stage, "links");
    const json_t *there = NULL;
    int at;
    enum sgn_status status;

    if (stage->is_client)
        return sgn_fail(stage->err, SGN_FORBIDDEN, "linking cases is for the team's own persons");
    if (other == NULL || !sgn_case_key_valid(other) || strcmp(other, stage_key(stage)) == 0)
        return sgn_fail(stage->err, SGN_INVALID, "other must be the key of another case");
    kind = kind != NULL ? kind : "related";
    if (!sgn_name_valid(kind))
        return sgn_fail(stage->err, SGN_INVALID, "kind must be a name like \"related\"");
    at = find_link(links, other, kind);
    if (sgn_json_true(stage->command->params, "remove")) {
        if (at < 0)
            return sgn_fail(stage->err, SGN_NOT_NOW, "there is no such link to %s", other);
        json_array_remove(links, (size_t)at);
        return SGN_OK;
    }
    status = known_fact_of(stage, "case", other, &there);
    if (status == SGN_OK && !json_is_true(there))
        status = sgn_fail(stage->err, SGN_NOT_FOUND, "there is no case %.40s", other);
    if (status == SGN_OK && at < 0)
        stage_append(stage, links, json_pack("{s:s, s:s}", "case", other, "kind", kind));
    return status;
}
