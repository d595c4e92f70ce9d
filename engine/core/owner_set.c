/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making somebody the owner: on entry, by assigning, by acting first. With one holder
 * that person; with several the case is offered to all; with none it goes to the team's
 * leads, and the inbox says why.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

/* The offer of a WHO: roles and groups by name, everybody else as persons. */
static enum sgn_status
add_offer(struct stage *stage, json_t *offer, const struct model_who *who, int at)
{
    json_t *persons = NULL;
    const json_t *name;
    size_t i;
    enum sgn_status status = SGN_OK;

    if (who->kind == MODEL_WHO_ROLE) {
        stage_append(stage, offer, json_pack("{s:s}", "role", who->name));
    } else if (who->kind == MODEL_WHO_GROUP) {
        stage_append(stage, offer, json_pack("{s:s}", "group", who->name));
    } else if (who->kind == MODEL_WHO_ANY_OF) {
        for (int k = 0; k < who->n_of && status == SGN_OK; k++)
            status = add_offer(stage, offer, &who->of[k], at);
    } else {
        status = who_persons(stage, who, at, &persons);
        json_array_foreach(persons, i, name)
            stage_append(stage, offer, json_pack("{s:O}", "person", name));
        json_decref(persons);
    }
    return status;
}

json_t *
owner_of_leads(struct stage *stage, const char *why)
{
    json_t *offer = json_array();
    const json_t *lead;
    size_t i;

    json_array_foreach(json_object_get(stage->team, "leads"), i, lead)
        stage_append(stage, offer, json_pack("{s:O}", "person", lead));
    return json_pack("{s:o, s:s}", "offer", offer, "why", why != NULL ? why : "");
}

/* Why a case goes to the leads: whom there is none of; NULL: of those that rules name. */
static char *
why_leads(const struct model_who *who)
{
    char *words = who != NULL ? who_words(who) : NULL;
    const char *said = message_text(words != NULL ? MESSAGE_NOBODY : MESSAGE_UNNAMED, NULL);
    char *why = sgn_format(said, words != NULL ? words : "");

    free(words);
    return why;
}

/* A case that nobody owns would wait for ever without anybody knowing. */
static json_t *
offer_to_leads(struct stage *stage, const struct model_who *who)
{
    char *why = why_leads(who);
    json_t *owner = owner_of_leads(stage, why);

    free(why);
    return owner;
}

enum sgn_status
owner_lacks(struct stage *stage, const struct model_who *who, const json_t *owner, bool *out)
{
    const char *said = sgn_json_str(owner, "why");
    char *why = why_leads(who);

    if (why == NULL)
        return sgn_nomem(stage->err);
    *out = said != NULL && strcmp(said, why) == 0;
    free(why);
    return SGN_OK;
}

static json_t *
offer_to_persons(struct stage *stage, const json_t *persons)
{
    json_t *offer = json_array();
    const json_t *name;
    size_t i;

    json_array_foreach(persons, i, name)
        stage_append(stage, offer, json_pack("{s:O}", "person", name));
    return json_pack("{s:o}", "offer", offer);
}

/* One person becomes the owner at once, without having to take it. Roles stay names in
 * an offer only where the model says them: what a function answers are persons. */
enum sgn_status
owner_set(struct stage *stage, int state, const struct model_who *who, const json_t *who_json,
          int at)
{
    json_t *persons = NULL, *owner = NULL, *offer;
    size_t n;
    enum sgn_status status = who != NULL ? who_persons(stage, who, at, &persons)
                                         : who_persons_json(stage, who_json, at, &persons);

    if (status != SGN_OK)
        return status;
    n = json_array_size(persons);
    if (n == 0) {
        owner = offer_to_leads(stage, who);
    } else if (n == 1) {
        owner = json_incref(json_array_get(persons, 0));
    } else if (who == NULL) {
        owner = offer_to_persons(stage, persons);
    } else {
        offer = json_array();
        status = add_offer(stage, offer, who, at);
        owner = json_pack("{s:o}", "offer", offer);
    }
    if (status == SGN_OK)
        stage_put(stage, stage_member(stage, "owners"), stage->model->states[state].name,
                  json_incref(owner));
    json_decref(owner);
    json_decref(persons);
    return status;
}

/* Of persons those who are still there, sorted. */
static enum sgn_status
still_active(struct stage *stage, const json_t *persons, json_t **out)
{
    json_t *active = json_array();
    const json_t *name, *row;
    size_t i;
    enum sgn_status status = SGN_OK;

    json_array_foreach(persons, i, name) {
        enum sgn_status one = known_fact_of(stage, "person", json_string_value(name), &row);
        if (one == SGN_OK && (sgn_json_true(row, "active") || sgn_json_int(row, "active", 0) != 0))
            names_add(stage, active, json_string_value(name));
        status = status != SGN_OK ? status : one;
    }
    return names_give(active, status, out);
}

enum sgn_status
owner_renew(struct stage *stage, int state)
{
    const struct model_state *s = &stage->model->states[state];
    json_t *persons = NULL, *active = NULL;
    enum sgn_status status = who_persons(stage, s->owner, state, &persons);

    if (status == SGN_OK)
        status = still_active(stage, persons, &active);
    if (status == SGN_OK && json_array_size(active) == json_array_size(persons))
        status = owner_set(stage, state, s->owner, NULL, state);
    else if (status == SGN_OK)
        stage_put(stage, stage_member(stage, "owners"), s->name,
                  json_array_size(active) == 0   ? offer_to_leads(stage, s->owner)
                  : json_array_size(active) == 1 ? json_incref(json_array_get(active, 0))
                                                 : offer_to_persons(stage, active));
    json_decref(persons);
    json_decref(active);
    return status == SGN_OK ? stage_check(stage) : status;
}

/* Acting on an offered state is taking it; whoever may fire the event without being
 * offered the state leaves the offer as it is. */
enum sgn_status
owner_take(struct stage *stage, const struct model_transition *transition)
{
    int state = owner_state(stage, transition->source);
    const json_t *owner;
    json_t *offered = NULL;
    enum sgn_status status;

    if (state < 0 || transition->by == NULL)
        return SGN_OK;
    owner = json_object_get(stage_member(stage, "owners"), stage->model->states[state].name);
    if (!json_is_object(owner))
        return SGN_OK;
    status = owner_persons(stage, owner, &offered);
    if (status == SGN_OK && sgn_json_has(offered, stage->as))
        stage_put(stage, stage_member(stage, "owners"), stage->model->states[state].name,
                  stage_text(stage, stage->as));
    json_decref(offered);
    return status;
}
