/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rounds as a person sees them: the team all of it; the client its own people, their ballots, and
 * what it is asked for.
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
    const json_t *left = json_object_get(round, "left");
    const json_t *ballot;
    size_t i;

    json_array_foreach(json_object_get(round, "ballots"), i, ballot) {
        json_t *shown;
        if (!all && sgn_json_str(ballot, "client") == NULL)
            continue;
        shown = json_copy((json_t *)ballot);
        stage_put(stage, shown, "at", time_of(stage, json_object_get(ballot, "at")));
        if (sgn_json_has(left, case_ballot_giver(ballot)))
            stage_put(stage, shown, "left", json_true());
        stage_append(stage, list, shown);
    }
    return list;
}

/* The client sees its own people only. */
static void
put_names(struct stage *stage, bool all, json_t *shown, const char *member, const json_t *names)
{
    stage_put(stage, shown, member,
              all ? json_incref((json_t *)names) : names_of_client(stage, names));
}

/* Who is still asked. */
static enum sgn_status
put_pending(struct stage *stage, bool all, json_t *shown, int state)
{
    json_t *pending = NULL;
    enum sgn_status status = round_pending(stage, state, &pending);

    if (status == SGN_OK)
        put_names(stage, all, shown, "pending", pending);
    json_decref(pending);
    return status;
}

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

/* What may be voted, how it ended and in what manner, in words. */
static void
put_titles(struct stage *stage, int state, const char *language, json_t *shown)
{
    json_t *ended = json_object_get(shown, "ended");
    const char *outcome = sgn_json_str(ended, "outcome"), *manner = sgn_json_str(ended, "manner");

    stage_put(stage, shown, "title", json_string(stage_state_title(stage, state, language)));
    stage_put(stage, shown, "choices",
              model_vote_titles(stage->model->states[state].approval, language));
    if (outcome != NULL)
        stage_put(stage, ended, "outcome_title",
                  json_string(model_outcome_title(stage->model, outcome, language)));
    if (manner != NULL)
        stage_put(stage, ended, "manner_title",
                  json_string(model_outcome_title(stage->model, manner, language)));
}

/* Only who asks about this approval pays for it. */
static bool
wants_choices(const struct stage *stage, const char *approval)
{
    const char *wanted = sgn_json_str(stage->command->params, "approval");

    return wanted != NULL && strcmp(wanted, approval) == 0;
}

/* The digest that a ballot must carry is told to whoever is asked: it is over what that
 * person covers. The team's other persons see the round's. */
static enum sgn_status
show_round(struct stage *stage, bool all, int state, const char *language, json_t *list)
{
    const char *approval = stage->model->states[state].name;
    const json_t *round = round_of(stage, approval);
    bool asked = sgn_json_has(json_object_get(round, "eligible"), stage->command->actor);
    char digest[SGN_HASH_HEX];
    json_t *shown = json_pack("{s:s, s:O, s:b}", "approval", approval, "number",
                              json_object_get(round, "number"), "asked", asked);
    enum sgn_status status = SGN_OK;

    if (language != NULL)
        put_titles(stage, state, language, shown);
    stage_put(stage, shown, "opened_at", time_of(stage, json_object_get(round, "opened_at")));
    stage_put(stage, shown, "ballots", ballots_of(stage, all, round));
    if (json_array_size(json_object_get(round, "left")) > 0)
        put_names(stage, all, shown, "left", json_object_get(round, "left"));
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
    if (status == SGN_OK && wants_choices(stage, approval))
        status = round_choices_shown(stage, state, language, shown);
    stage_append(stage, list, shown);
    return status;
}

enum sgn_status
rounds_shown(struct stage *stage, bool all, const char *language, json_t *list)
{
    enum sgn_status status = SGN_OK;

    for (int i = 1; i < stage->model->n_states; i++) {
        enum sgn_status one;
        if (stage->model->states[i].approval == NULL || !stage_active(stage, i) ||
            !round_is_open(round_of(stage, stage->model->states[i].name)))
            continue;
        one = show_round(stage, all, i, language, list);
        status = status != SGN_OK ? status : one;
    }
    return status;
}

/* As it was decided: nobody is looked up anew, and nothing can be answered any more. */
static json_t *
ended_shown(struct stage *stage, bool all, const char *approval, const json_t *round)
{
    static const char *const names[] = { "left", "not_needed" };
    json_t *ended = json_copy(json_object_get(round, "ended"));
    json_t *shown = json_pack("{s:s, s:O, s:b}", "approval", approval, "number",
                              json_object_get(round, "number"), "asked", 0);

    stage_put(stage, ended, "at", time_of(stage, json_object_get(ended, "at")));
    stage_put(stage, shown, "ended", ended);
    stage_put(stage, shown, "opened_at", time_of(stage, json_object_get(round, "opened_at")));
    stage_put(stage, shown, "ballots", ballots_of(stage, all, round));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (json_array_size(json_object_get(round, names[i])) > 0)
            put_names(stage, all, shown, names[i], json_object_get(round, names[i]));
    return shown;
}

void
rounds_ended_shown(struct stage *stage, bool all, const char *language, json_t *list)
{
    for (int i = 1; i < stage->model->n_states; i++) {
        const char *name = stage->model->states[i].name;
        const json_t *round = round_of(stage, name);
        json_t *shown;
        if (round == NULL || round_is_open(round))
            continue;
        shown = ended_shown(stage, all, name, round);
        if (language != NULL)
            put_titles(stage, i, language, shown);
        stage_append(stage, list, shown);
    }
}
