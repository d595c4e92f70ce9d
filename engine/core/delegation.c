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
scope_lists(const json_t *scope, const char *member, const char *name)
{
    const json_t *list = json_object_get(scope, member);

    return json_array_size(list) == 0 || (name != NULL && sgn_json_has(list, name));
}

static bool
covers_case(const struct stage *stage, const json_t *delegation)
{
    const json_t *scope = json_object_get(delegation, "scope");

    return scope_lists(scope, "workflows", stage->model->name) &&
           scope_lists(scope, "projects", sgn_json_str(stage->project, "key"));
}

/* When it ends: as agreed, or when it was ended before. */
static int64_t
end_of(const json_t *delegation)
{
    int64_t ends = sgn_json_int(delegation, "ends", 0);
    int64_t ended = sgn_json_int(delegation, "ended", 0);

    return ended != 0 && ended < ends ? ended : ends;
}

static bool
holds_now(const struct stage *stage, const json_t *delegation)
{
    return sgn_json_int(delegation, "starts", 0) <= stage->now && stage->now < end_of(delegation) &&
           covers_case(stage, delegation);
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
    *out = (sgn_json_true(row, "active") || sgn_json_int(row, "active", 0) != 0) &&
           (client == NULL) == (theirs == NULL) && (client == NULL || strcmp(client, theirs) == 0);
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
            (last == NULL || end_of(delegation) >= end_of(last)))
            last = delegation;
    if (last == NULL)
        return sgn_fail(stage->err, SGN_FORBIDDEN, "you do not stand in for %s", person);
    at = end_of(last);
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
