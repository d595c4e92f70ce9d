/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a function of the rules is given: c, the case as it is staged, and e, the event.
 * Nothing else: no clock, no other case, so that the same input gives the same answer.
 */
#include "core_internal.h"
#include <stdio.h>
#include <string.h>

/* c.people: who holds each role of the workflow; the opener and the owner by their names. */
static json_t *
people_make(struct stage *stage)
{
    json_t *people = json_object();
    const char *opener = json_string_value(stage_member(stage, "opener"));
    const json_t *role, *target;
    const char *alias;
    size_t i;

    if (opener != NULL)
        stage_put(stage, people, "opener", json_pack("[s]", opener));
    if (owner_first(stage) != NULL)
        stage_put(stage, people, "owner", json_pack("[s]", owner_first(stage)));
    json_array_foreach(stage->model->roles, i, role)
        stage_put(stage, people, json_string_value(role),
                  who_holders(stage, json_string_value(role)));
    json_object_foreach((json_t *)stage->model->aliases, alias, target) {
        const char *name = json_string_value(target);
        if (name != NULL && strcmp(name, "opener") == 0 && opener != NULL)
            stage_put(stage, people, alias, json_pack("[s]", opener));
    }
    return people;
}

/* "its fields" are the project's attributes; members come by c.people, in roles. */
static json_t *
project_make(struct stage *stage)
{
    json_t *project = json_object();
    static const char *const members[] = { "key", "client", "title", "attributes" };

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        json_t *value = json_object_get(stage->project, members[i]);
        stage_put(stage, project, members[i], value != NULL ? json_incref(value) : json_null());
    }
    return project;
}

/* Also the ballots that do not stand: a function may ask who has changed its mind. */
static json_t *
ballots_make(struct stage *stage)
{
    json_t *ballots = json_object();
    const char *approval;
    json_t *round;

    json_object_foreach(stage_member(stage, "rounds"), approval, round)
        stage_put(stage, ballots, approval, json_incref(json_object_get(round, "ballots")));
    return ballots;
}

/* A function gets only what it uses (the loader finds out what that is), so that its
 * answer stays good while other things change: the input is the key to the answer. */
static void
put_optional(struct stage *stage, json_t *c, int function)
{
    char number[16];
    const json_t *uses;

    snprintf(number, sizeof(number), "%d", function);
    uses = json_object_get(json_object_get(stage->model->functions, number), "uses");
    if (sgn_json_has(uses, "people"))
        stage_put(stage, c, "people", people_make(stage));
    if (sgn_json_has(uses, "project"))
        stage_put(stage, c, "project", project_make(stage));
    if (sgn_json_has(uses, "ballots"))
        stage_put(stage, c, "ballots", ballots_make(stage));
    if (sgn_json_has(uses, "tasks"))
        stage_put(stage, c, "tasks", json_incref(stage_member(stage, "tasks")));
}

/* States are those of the chart under way, not of the row: in leave, run and enter they
 * are what SCXML says is active at that moment. */
static json_t *
case_make(struct stage *stage, int function)
{
    static const char *const members[] = { "workflow", "version",  "opener", "outcome",
                                           "rev",      "priority", "fields", "visits" };
    json_t *c = json_object();

    stage_put(stage, c, "key", stage_text(stage, stage->command->case_key));
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        stage_put(stage, c, members[i], json_incref(stage_member(stage, members[i])));
    stage_put(stage, c, "now", stage_time(stage, stage->now));
    stage_put(stage, c, "owner", stage_text(stage, owner_first(stage)));
    stage_put(stage, c, "states",
              stage->has_chart ? statechart_leaves(&stage->chart)
                               : json_incref(stage_member(stage, "states")));
    put_optional(stage, c, function);
    return c;
}

enum sgn_status
input_make(struct stage *stage, int function, json_t **out)
{
    const char *on_behalf = sgn_json_str(stage->command->params, "on_behalf");
    json_t *e = json_object();
    json_t *input = json_object();

    stage_put(stage, e, "name", stage_text(stage, stage->event_name));
    stage_put(stage, e, "by", stage_text(stage, stage->event_by));
    stage_put(stage, e, "on_behalf", stage_text(stage, on_behalf));
    stage_put(stage, e, "data",
              stage->event_data != NULL ? json_incref((json_t *)stage->event_data) : json_object());
    stage_put(stage, e, "comment", stage_text(stage, stage->comment));
    stage_put(stage, e, "at", stage_time(stage, stage->now));
    stage_put(stage, input, "c", case_make(stage, function));
    stage_put(stage, input, "e", e);
    *out = input;
    if (stage->nomem) {
        json_decref(input);
        *out = NULL;
    }
    return stage_check(stage);
}
