/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The open rounds as a person sees them: the team all of it; the client its own people, their
 * ballots, and what it is asked for.
 */
#include "approval_internal.h"
#include <string.h>

static json_t *
time_of(struct stage *stage, const json_t *ms)
{
    return json_is_integer(ms) ? stage_time(stage, json_integer_value(ms)) : json_null();
}

/* Ballots of the client's persons are the client's; the team's stay inside. */
static json_t *
ballots_of(struct stage *stage, bool all, const json_t *round)
{
    json_t *list = json_array();
    const json_t *ballot;
    size_t i;

    json_array_foreach(json_object_get(round, "ballots"), i, ballot) {
        json_t *shown;
        if (!all && sgn_json_str(ballot, "client") == NULL)
            continue;
        shown = json_copy((json_t *)ballot);
        stage_put(stage, shown, "at", time_of(stage, json_object_get(ballot, "at")));
        stage_append(stage, list, shown);
    }
    return list;
}

/* Who is still asked; the client sees its own people only. */
static enum sgn_status
put_pending(struct stage *stage, bool all, json_t *shown, int state)
{
    const json_t *members = who_members(stage);
    json_t *pending = NULL, *mine = json_array();
    const json_t *name;
    size_t i;
    enum sgn_status status = round_pending(stage, state, &pending);

    if (status == SGN_OK)
        json_array_foreach(pending, i, name) {
            const json_t *member = json_object_get(members, json_string_value(name));
            if (all || sgn_json_str(member, "client") != NULL)
                names_add(stage, mine, json_string_value(name));
        }
    stage_put(stage, shown, "pending", mine);
    json_decref(pending);
    return status;
}

/* The digest that a ballot must carry is told to whoever is asked: it is over what that
 * person covers. The team's other persons see the round's. */
/* For whom the actor may answer beside themselves: {person, digest} of each who is still asked. */
static enum sgn_status
put_stand_in(struct stage *stage, json_t *shown, int state)
{
    json_t *givers = NULL, *list = json_array();
    const json_t *name, *pending = json_object_get(shown, "pending");
    size_t i;
    enum sgn_status status = delegation_givers(stage, &givers);

    json_array_foreach(givers, i, name) {
        const char *giver = json_string_value(name);
        char digest[SGN_HASH_HEX];
        enum sgn_status one = SGN_OK;
        if (!sgn_json_has(pending, giver))
            continue;
        one = round_digest(stage, state, giver, digest);
        if (one == SGN_OK)
            stage_append(stage, list, json_pack("{s:s, s:s}", "person", giver, "digest", digest));
        status = status != SGN_OK ? status : one;
    }
    if (json_array_size(list) > 0)
        stage_put(stage, shown, "on_behalf", json_incref(list));
    json_decref(list);
    json_decref(givers);
    return status;
}

static enum sgn_status
show_round(struct stage *stage, bool all, int state, json_t *list)
{
    const char *approval = stage->model->states[state].name;
    const json_t *round = round_of(stage, approval);
    bool asked = sgn_json_has(json_object_get(round, "eligible"), stage->command->actor);
    char digest[SGN_HASH_HEX];
    json_t *shown = json_pack("{s:s, s:O, s:b}", "approval", approval, "number",
                              json_object_get(round, "number"), "asked", asked);
    enum sgn_status status = SGN_OK;

    stage_put(stage, shown, "opened_at", time_of(stage, json_object_get(round, "opened_at")));
    stage_put(stage, shown, "ballots", ballots_of(stage, all, round));
    if (all || asked)
        status = round_digest(stage, state, asked ? stage->command->actor : NULL, digest);
    if (status == SGN_OK && (all || asked)) {
        json_t *covers = NULL;
        stage_put(stage, shown, "digest", json_string(digest));
        status = round_covers(stage, state, asked ? stage->command->actor : NULL, &covers);
        if (status == SGN_OK) {
            covers_told(stage, covers);
            stage_put(stage, shown, "covers", covers);
        }
    }
    if (status == SGN_OK)
        status = put_pending(stage, all, shown, state);
    if (status == SGN_OK)
        status = put_stand_in(stage, shown, state);
    stage_append(stage, list, shown);
    return status;
}

enum sgn_status
rounds_shown(struct stage *stage, bool all, json_t *list)
{
    enum sgn_status status = SGN_OK;

    for (int i = 1; i < stage->model->n_states; i++) {
        enum sgn_status one;
        if (stage->model->states[i].approval == NULL || !stage_active(stage, i) ||
            !round_is_open(round_of(stage, stage->model->states[i].name)))
            continue;
        one = show_round(stage, all, i, list);
        status = status != SGN_OK ? status : one;
    }
    return status;
}
