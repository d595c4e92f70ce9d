/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Standing in: who acts for somebody else, and when that holds.
 *
 * A delegation lends what its giver may do in a case, for a time and a scope. It lends nothing
 * that was lent: whose stand-in one is says nothing of whose stand-in they are. Both names are
 * recorded, and the stand-in acts by the giver's rights alone (stage->as), never by both.
 */
#include "core_internal.h"
#include <string.h>

static bool
covers_case(const struct stage *stage, const json_t *delegation)
{
    return core_delegation_covers(delegation, stage->model->name,
                                  sgn_json_str(stage->project, "key"));
}

static bool
holds_now(const struct stage *stage, const json_t *delegation)
{
    return core_delegation_holds(delegation, stage->now) && covers_case(stage, delegation);
}

static bool
is_active(const json_t *person)
{
    return sgn_json_true(person, "active") || sgn_json_int(person, "active", 0) != 0;
}

/* Who left lends nothing any more, and the two sides never act for each other. */
static enum sgn_status
giver_is_there(struct stage *stage, const char *person, bool *out)
{
    const json_t *row = NULL;
    const char *client = sgn_json_str(stage->person, "client"), *theirs;
    enum sgn_status status = known_fact_of(stage, "person", person, &row);

    *out = false;
    if (status != SGN_OK)
        return status;
    theirs = sgn_json_str(row, "client");
    *out = is_active(row) && (client == NULL) == (theirs == NULL) &&
           (client == NULL || strcmp(client, theirs) == 0);
    return SGN_OK;
}

/* Why not, from the delegation that came nearest. */
static enum sgn_status
say_why_not(struct stage *stage, const json_t *list, const char *person)
{
    const json_t *delegation, *last = NULL;
    char time[SGN_TIME_TEXT];
    int64_t at;
    size_t i;

    json_array_foreach(list, i, delegation)
        if (strcmp(sgn_json_str(delegation, "person"), person) == 0 &&
            (last == NULL || core_delegation_end(delegation) >= core_delegation_end(last)))
            last = delegation;
    if (last == NULL)
        return sgn_fail(stage->err, SGN_FORBIDDEN, "you do not stand in for %s", person);
    at = core_delegation_end(last);
    if (at <= stage->now)
        return sgn_fail(stage->err, SGN_FORBIDDEN, "you stood in for %s until %s", person,
                        sgn_time_format(at, calendar_zone_offset(stage->zone, at), time));
    at = sgn_json_int(last, "starts", 0);
    if (at > stage->now)
        return sgn_fail(stage->err, SGN_FORBIDDEN, "you stand in for %s from %s only", person,
                        sgn_time_format(at, calendar_zone_offset(stage->zone, at), time));
    if (!covers_case(stage, last))
        return sgn_fail(stage->err, SGN_FORBIDDEN, "you stand in for %s, but not in %s of %s",
                        person, stage->model->name,
                        stage->project != NULL ? sgn_json_str(stage->project, "key")
                                               : "no project");
    return sgn_fail(stage->err, SGN_FORBIDDEN, "%s has left: nobody stands in for them", person);
}

enum sgn_status
delegation_begin(struct stage *stage)
{
    const char *person = sgn_json_str(stage->command->params, "on_behalf");
    const json_t *list = NULL, *delegation;
    bool there = false, holds = false;
    size_t i;
    enum sgn_status status, other;

    stage->as = stage->command->actor;
    if (person == NULL || stage->is_system || strcmp(person, stage->as) == 0)
        return SGN_OK;
    status = known_fact_of(stage, "delegation", stage->command->actor, &list);
    other = giver_is_there(stage, person, &there);
    if (status != SGN_OK || other != SGN_OK)
        return status != SGN_OK ? status : other;
    json_array_foreach(list, i, delegation)
        holds = holds || (strcmp(sgn_json_str(delegation, "person"), person) == 0 &&
                          holds_now(stage, delegation));
    if (!there || !holds) {
        status = say_why_not(stage, list, person);
        sgn_error_add(stage->err, "pointer", json_string("/on_behalf"));
        return status;
    }
    stage->as = person;
    return SGN_OK;
}

enum sgn_status
delegation_givers(struct stage *stage, json_t **out)
{
    const json_t *list = NULL, *delegation;
    json_t *givers = json_array();
    size_t i;
    enum sgn_status status = SGN_OK;

    if (!stage->is_system && stage->person != NULL)
        status = known_fact_of(stage, "delegation", stage->command->actor, &list);
    json_array_foreach(list, i, delegation) {
        const char *person = sgn_json_str(delegation, "person");
        bool there = false;
        enum sgn_status one = SGN_OK;
        if (holds_now(stage, delegation))
            one = giver_is_there(stage, person, &there);
        if (there)
            names_add(stage, givers, person);
        status = status != SGN_OK ? status : one;
    }
    return names_give(givers, status, out);
}

/* Only of whoever sees nothing by themselves it is asked for whom they stand in: most decisions
 * do without that fact. */
enum sgn_status
delegation_sight(struct stage *stage, const json_t *person, const json_t *row, enum core_sight *out)
{
    const char *key = sgn_json_str(person, "person");
    const json_t *list = NULL;
    enum sgn_status status = SGN_OK;

    *out = core_sight(stage->model, person, stage->project, row, NULL, stage->now);
    if (*out != CORE_SEES_NOTHING || key == NULL || !stage_shares(stage))
        return SGN_OK;
    status = known_fact_of(stage, "delegation", key, &list);
    if (status == SGN_OK)
        *out = core_sight(stage->model, person, stage->project, row, list, stage->now);
    return status;
}

enum sgn_status
delegation_stand_in(struct stage *stage, const char *person, const char **out)
{
    const json_t *list = NULL, *delegation, *row;
    size_t i;
    enum sgn_status status = known_fact_of(stage, "stand_ins", person, &list);

    *out = NULL;
    json_array_foreach(list, i, delegation) {
        const char *name = sgn_json_str(delegation, "stand_in");
        if (status != SGN_OK || *out != NULL || name == NULL || !holds_now(stage, delegation))
            continue;
        status = known_fact_of(stage, "person", name, &row);
        if (status == SGN_OK && is_active(row))
            *out = name;
    }
    return status;
}
