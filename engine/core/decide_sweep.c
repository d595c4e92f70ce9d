/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What changed around a case: a calendar, who holds a role, who stands in for whom. The case
 * is looked at anew, and what moved is said in an entry of kind "sweep":
 *
 *   "sweep": { "kind", "argument"?,
 *              "moved"?:  [{"deadline", "id", "was": ms|null, "due": ms|null}],
 *              "owners"?: [{"state", "was", "owner"}],
 *              "left"?:   [PERSON], "asked"?: [PERSON] }      of the open rounds
 *
 * A case that nothing of it touches is refused and gets no entry; so a sweep that is begun
 * again says nothing twice.
 */
#include "core_internal.h"
#include <string.h>

/* ---- owners ---- */

static enum sgn_status
has_left(struct stage *stage, const char *person, bool *out)
{
    const json_t *row = NULL;
    enum sgn_status status = known_fact_of(stage, "person", person, &row);

    *out = status == SGN_OK && !sgn_json_true(row, "active") && sgn_json_int(row, "active", 0) == 0;
    return status;
}

/* Does the WHO name this role, or this group? */
static bool
means(const struct model_who *who, enum model_who_kind kind, const char *name)
{
    bool so = name != NULL && who->kind == kind && strcmp(who->name, name) == 0;

    for (int i = 0; i < who->n_of; i++)
        so = so || means(&who->of[i], kind, name);
    return so;
}

/* Is the sweep about this person and a role, or a group, that the state is owned by? Whoever does
 * not hold it now has lost it: a person who gained it holds it. Standing in names no role. */
static bool
is_cause(const struct stage *stage, const struct model_who *who, const char *person)
{
    const json_t *argument = json_object_get(stage->command->params, "argument");
    const char *about = sgn_json_str(argument, "person");

    return about != NULL && strcmp(about, person) == 0 &&
           (means(who, MODEL_WHO_ROLE, sgn_json_str(argument, "role")) ||
            means(who, MODEL_WHO_GROUP, sgn_json_str(argument, "group")));
}

/*
 * A person who owns the state stays the owner, assigned by hand or by a rung, holding its role or
 * not, as long as they are active and have something to do with the project. They lose it when
 * they have lost the very role it is owned by.
 */
static enum sgn_status
lost(struct stage *stage, int state, const char *person, bool *out)
{
    const struct model_who *who = stage->model->states[state].owner;
    bool belongs = json_object_get(who_members(stage), person) != NULL ||
                   sgn_json_has(json_object_get(stage->team, "leads"), person);
    bool holds = false, gone = false;
    enum sgn_status status = has_left(stage, person, &gone);

    if (status == SGN_OK)
        status = who_has(stage, who, state, person, &holds);
    *out = gone || (!holds && (!belongs || is_cause(stage, who, person)));
    return status;
}

/* An offer of persons one of whom has left, or one that nobody can take. */
static enum sgn_status
offer_is_stale(struct stage *stage, const json_t *owner, bool *out)
{
    json_t *persons = NULL;
    const json_t *name;
    size_t i;
    enum sgn_status status = owner_persons(stage, owner, &persons);

    *out = status == SGN_OK && json_array_size(persons) == 0;
    json_array_foreach(persons, i, name) {
        bool gone = false;
        if (status == SGN_OK)
            status = has_left(stage, json_string_value(name), &gone);
        *out = *out || gone;
    }
    json_decref(persons);
    return status;
}

/* What is with the leads goes to the state's own people when there are any at last, unless a rung
 * that found nobody brought it there. Either way it is with those who lead now. */
static enum sgn_status
sweep_leads(struct stage *stage, int state, const json_t *owner)
{
    const struct model_state *s = &stage->model->states[state];
    json_t *holders = NULL, *offer;
    bool own = false;
    enum sgn_status status = owner_lacks(stage, s->owner, owner, &own);

    if (status == SGN_OK && own)
        status = who_persons(stage, s->owner, state, &holders);
    if (status == SGN_OK && json_array_size(holders) > 0) {
        status = owner_renew(stage, state);
    } else if (status == SGN_OK) {
        offer = owner_of_leads(stage, sgn_json_str(owner, "why"));
        stage_put(stage, stage_member(stage, "owners"), s->name, offer);
    }
    json_decref(holders);
    return status;
}

static enum sgn_status
sweep_owner(struct stage *stage, int state)
{
    const struct model_state *s = &stage->model->states[state];
    const json_t *owner = json_object_get(stage_member(stage, "owners"), s->name);
    bool anew = false;
    enum sgn_status status = SGN_OK;

    if (owner == NULL || s->owner == NULL)
        return SGN_OK;
    if (sgn_json_str(owner, "why") != NULL)
        return sweep_leads(stage, state, owner);
    if (json_is_string(owner))
        status = lost(stage, state, json_string_value(owner), &anew);
    else
        status = offer_is_stale(stage, owner, &anew);
    if (status == SGN_OK && anew)
        status = owner_renew(stage, state);
    return status;
}

/* ---- what moved ---- */

static json_t *
find_id(const json_t *row, const char *id)
{
    json_t *deadline;
    size_t i;

    json_array_foreach(json_object_get(row, "deadlines"), i, deadline)
        if (strcmp(sgn_json_str(deadline, "id"), id) == 0)
            return deadline;
    return NULL;
}

static json_t *
or_null(json_t *value)
{
    return value != NULL ? json_incref(value) : json_null();
}

static json_t *
moved_deadlines(struct stage *stage)
{
    json_t *list = json_array();
    const json_t *deadline;
    size_t i;

    json_array_foreach(stage_member(stage, "deadlines"), i, deadline) {
        const json_t *was = find_id(stage->question->row, sgn_json_str(deadline, "id"));
        json_t *item;
        if (was == NULL || json_equal((json_t *)was, (json_t *)deadline))
            continue;
        item =
            json_pack("{s:O, s:O, s:o, s:o}", "deadline", json_object_get(deadline, "name"), "id",
                      json_object_get(deadline, "id"), "was", or_null(json_object_get(was, "due")),
                      "due", or_null(json_object_get(deadline, "due")));
        if (json_object_get(deadline, "left") != NULL) /* in a pause: what is left of it */
            stage_put(stage, item, "left", json_incref(json_object_get(deadline, "left")));
        stage_append(stage, list, item);
    }
    return list;
}

static json_t *
moved_owners(struct stage *stage)
{
    const json_t *before = json_object_get(stage->question->row, "owners");
    json_t *list = json_array();
    const char *state;
    json_t *owner;

    json_object_foreach(stage_member(stage, "owners"), state, owner) {
        json_t *was = json_object_get(before, state);
        if (was != NULL && !json_equal(was, owner))
            stage_append(stage, list,
                         json_pack("{s:s, s:O, s:O}", "state", state, "was", was, "owner", owner));
    }
    return list;
}

/* Who is asked in from and not in to, over all rounds that are still the same. */
static json_t *
asked_less(struct stage *stage, const json_t *from, const json_t *to)
{
    json_t *list = json_array();
    const char *approval;
    json_t *round;

    json_object_foreach(json_object_get(from, "rounds"), approval, round) {
        const json_t *other = json_object_get(json_object_get(to, "rounds"), approval);
        const json_t *name;
        size_t i;
        if (!json_equal(json_object_get(other, "number"), json_object_get(round, "number")))
            continue;
        json_array_foreach(json_object_get(round, "eligible"), i, name)
            if (!sgn_json_has(json_object_get(other, "eligible"), json_string_value(name)))
                names_add(stage, list, json_string_value(name));
    }
    names_sort(list);
    return list;
}

static void
put_list(struct stage *stage, const char *name, json_t *list_take)
{
    if (json_array_size(list_take) > 0)
        stage_put(stage, stage->sweep, name, json_incref(list_take));
    json_decref(list_take);
}

bool
sweep_note(struct stage *stage, const char *kind, const json_t *argument)
{
    const json_t *before = stage->question->row;

    if (json_equal((json_t *)before, stage->row))
        return false;
    stage->sweep = json_pack("{s:s}", "kind", kind);
    if (stage->sweep == NULL)
        stage->nomem = true;
    if (json_object_size(argument) > 0)
        stage_put(stage, stage->sweep, "argument", json_incref((json_t *)argument));
    put_list(stage, "moved", moved_deadlines(stage));
    put_list(stage, "owners", moved_owners(stage));
    put_list(stage, "left", asked_less(stage, before, stage->row));
    put_list(stage, "asked", asked_less(stage, stage->row, before));
    return true;
}

/* ---- the command ---- */

enum sgn_status
sweep_decide(struct stage *stage)
{
    const json_t *params = stage->command->params;
    const char *kind = sgn_json_str(params, "kind");
    enum sgn_status status = decide_open_case(stage);

    if (status == SGN_OK && !stage->is_system)
        status = sgn_fail(stage->err, SGN_FORBIDDEN, "a sweep is the engine's own");
    for (int i = 1; status == SGN_OK && i < stage->model->n_states; i++)
        if (stage_active(stage, i))
            status = sweep_owner(stage, i);
    /* Rounds look up their people anew, and end when that decides them. */
    if (status == SGN_OK)
        status = macrostep_settle(stage);
    if (status == SGN_OK)
        status = waiting_make(stage);
    if (status != SGN_OK)
        return status;
    if (!sweep_note(stage, kind != NULL ? kind : "people", json_object_get(params, "argument")))
        return sgn_fail(stage->err, SGN_NOT_NOW, "nothing of %s is touched", stage_key(stage));
    return stage_check(stage);
}
