/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the engine tells persons by itself, whatever the rules say: that a case is offered to them,
 * that a round has been decided, that what they voted on has changed, that a case is stuck. As
 * effects of the entry they are messages of the same commit: none is lost, none is sent twice.
 *
 *   {"kind": "offered", "to": [PERSON], "state", "why"?}
 *   {"kind": "decided", "to": [PERSON], "state", "outcome", "manner"?}
 *   {"kind": "voided", "to": [PERSON], "state"}
 *   {"kind": "stuck", "to": [PERSON], "code", "message"}
 *
 * Nobody is told of what they did themselves, and nobody of the client of what they may not see.
 */
#include "approval_internal.h"
#include <string.h>

/* Of the client's persons: whom the workflow lets see the case, by themselves or for somebody
 * else. Who is no member is asked for by name, since the message may be their only sight of it. */
static enum sgn_status
may_see(struct stage *stage, const char *person, bool *out)
{
    const json_t *member = json_object_get(who_members(stage), person), *row = NULL;
    json_t *whose;
    enum core_sight sight = CORE_SEES_NOTHING;
    enum sgn_status status = SGN_OK;

    *out = false;
    if (member == NULL)
        status = known_fact_of(stage, "person", person, &row);
    if (status != SGN_OK || (member == NULL && !json_is_object(row)))
        return status;
    whose = json_pack("{s:s, s:O?}", "person", person, "client",
                      json_object_get(member != NULL ? member : row, "client"));
    if (whose == NULL)
        return sgn_nomem(stage->err);
    status = delegation_sight(stage, whose, stage->row, &sight);
    *out = sight != CORE_SEES_NOTHING;
    json_decref(whose);
    return status;
}

/* Adds the effect for those of names who are not the actor and may see it; none: no effect. */
static enum sgn_status
tell(struct stage *stage, json_t *names, json_t *effect_take)
{
    json_t *to = json_array();
    const json_t *name;
    size_t i;
    enum sgn_status status = SGN_OK;

    names_sort(names);
    json_array_foreach(names, i, name) {
        const char *person = json_string_value(name);
        bool may = false;
        enum sgn_status one;
        if (strcmp(person, stage->command->actor) == 0 || strcmp(person, "system") == 0)
            continue;
        one = may_see(stage, person, &may);
        if (may)
            names_add(stage, to, person);
        status = status != SGN_OK ? status : one;
    }
    if (status == SGN_OK && json_array_size(to) > 0) {
        stage_put(stage, effect_take, "to", json_incref(to));
        stage_append(stage, stage->effects, json_incref(effect_take));
    }
    json_decref(effect_take);
    json_decref(to);
    return status;
}

/* ---- offered ---- */

/* Not again to whom it was offered already, unless the state was entered anew. */
static enum sgn_status
tell_offer(struct stage *stage, const char *state, const json_t *owner)
{
    const json_t *before = json_object_get(json_object_get(stage->question->row, "owners"), state);
    json_t *persons = NULL, *earlier = NULL, *effect;
    enum sgn_status status = owner_persons(stage, owner, &persons);

    if (status == SGN_OK && json_is_object(before) && !sgn_json_has(stage->entered, state))
        status = owner_persons(stage, before, &earlier);
    for (size_t i = json_array_size(persons); i > 0; i--)
        if (sgn_json_has(earlier, json_string_value(json_array_get(persons, i - 1))))
            json_array_remove(persons, i - 1);
    if (status == SGN_OK && json_array_size(persons) > 0) {
        effect = json_pack("{s:s, s:s}", "kind", "offered", "state", state);
        if (sgn_json_str(owner, "why") != NULL)
            stage_put(stage, effect, "why", json_incref(json_object_get(owner, "why")));
        status = tell(stage, persons, effect);
    }
    json_decref(persons);
    json_decref(earlier);
    return status;
}

enum sgn_status
tell_offered(struct stage *stage)
{
    const char *state;
    json_t *owner;
    enum sgn_status status = SGN_OK;

    json_object_foreach(stage_member(stage, "owners"), state, owner)
        if (status == SGN_OK && json_is_object(owner))
            status = tell_offer(stage, state, owner);
    return status;
}

/* ---- decided ---- */

/* Who opened the case, who owns where it was asked, and who answered, also by a stand-in. */
enum sgn_status
tell_decided(struct stage *stage, int state, const json_t *ended)
{
    const char *name = stage->model->states[state].name;
    int owned = owner_state(stage, state);
    json_t *names = json_array(), *owners = NULL, *effect;
    const json_t *ballot;
    size_t i;
    enum sgn_status status = SGN_OK;

    names_add(stage, names, json_string_value(stage_member(stage, "opener")));
    if (owned >= 0)
        status = owner_persons(
            stage, json_object_get(stage_member(stage, "owners"), stage->model->states[owned].name),
            &owners);
    names_add_all(stage, names, owners);
    json_array_foreach(json_object_get(round_of(stage, name), "ballots"), i, ballot) {
        if (!sgn_json_true(ballot, "standing"))
            continue;
        names_add(stage, names, sgn_json_str(ballot, "person"));
        names_add(stage, names, case_ballot_giver(ballot));
    }
    if (status == SGN_OK) {
        effect = json_pack("{s:s, s:s, s:O}", "kind", "decided", "state", name, "outcome",
                           json_object_get(ended, "outcome"));
        if (sgn_json_str(ended, "manner") != NULL)
            stage_put(stage, effect, "manner", json_incref(json_object_get(ended, "manner")));
        status = tell(stage, names, effect);
    }
    json_decref(names);
    json_decref(owners);
    return status;
}

/* ---- voided ---- */

/* Whose ballots do not stand any more, because what they were about has changed. */
enum sgn_status
tell_voided(struct stage *stage, int state)
{
    const char *name = stage->model->states[state].name;
    json_t *names = json_array();
    const json_t *ballot;
    size_t i;
    enum sgn_status status;

    json_array_foreach(json_object_get(round_of(stage, name), "ballots"), i, ballot) {
        if (sgn_json_true(ballot, "standing"))
            continue;
        names_add(stage, names, sgn_json_str(ballot, "person"));
        names_add(stage, names, case_ballot_giver(ballot));
    }
    status = tell(stage, names, json_pack("{s:s, s:s}", "kind", "voided", "state", name));
    json_decref(names);
    return status;
}

/* ---- stuck ---- */

/* Whatever else is known: a failure is told to those who can do something about it. */
void
tell_stuck(struct stage *stage, const char *code, const char *message)
{
    json_t *leads = json_object_get(stage->team, "leads");

    if (json_array_size(leads) > 0)
        stage_append(stage, stage->effects,
                     json_pack("{s:s, s:O, s:s, s:s}", "kind", "stuck", "to", leads, "code", code,
                               "message", message));
}
