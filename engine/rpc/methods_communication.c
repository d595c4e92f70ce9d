/* SPDX-License-Identifier: Apache-2.0 */
/*
 * communication.add, communication.plan: what people note of what passed between the team and a
 * client, and what they mean to tell it how often, are cases of the workflows communication and
 * communication_plan: their rules say what becomes of them, and their histories are like those of
 * any others. The record is read by methods_communication_list.c.
 */
#include "contacts.h"
#include "data.h"
#include "methods.h"
#include "rpc_internal.h"
#include <string.h>

/* What a method opens. */
struct opened {
    const char *workflow;
    const char *channel; /* its field */
    bool plan;           /* channels are those of the project's client, not of contacts */
    const char *missing; /* what is said where the team does not use it */
};

/* The client's oldest open project, where what is about the client as a whole belongs. */
static enum sgn_status
project_of_client(struct lane_run *run, const char *client, json_t **out, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s, s:s}", "client", client, "state", "open"), *rows = NULL, *row;
    int64_t since = INT64_MAX;
    size_t i;
    enum sgn_status status =
        rpc_data_row(run, STORE_CLIENT, client, "/client", SGN_NOT_FOUND, NULL, err);

    *out = NULL;
    if (status == SGN_OK)
        status = lane_row_list(run, STORE_PROJECT, match, &rows, err);
    json_array_foreach(rows, i, row) {
        if (sgn_json_int(row, "since", 0) >= since)
            continue;
        since = sgn_json_int(row, "since", 0);
        *out = json_object_get(row, "project");
    }
    json_incref(*out);
    json_decref(match);
    json_decref(rows);
    if (status == SGN_OK && *out == NULL)
        status = rpc_data_invalid(err, "/client",
                                  "client %.40s has no open project: begin one with signoff "
                                  "project new, and note it there",
                                  client);
    return status;
}

/* Where it is noted: the project that was named, that of the case, or the client's. */
static enum sgn_status
find_project(struct lane_run *run, const struct lane_job *job, json_t **out, struct sgn_error *err)
{
    const char *about = sgn_json_str(job->params, "about");
    const char *client = sgn_json_str(job->params, "client");
    json_t *named = json_object_get(job->params, "project");
    enum sgn_status status;

    *out = NULL;
    if (about != NULL) {
        status = lane_case_project(run, about, out, err);
        if (status == SGN_NOT_FOUND)
            sgn_error_add(err, "pointer", json_string("/about"));
        return status;
    }
    if (named == NULL && client != NULL)
        return project_of_client(run, client, out, err);
    *out = json_incref(named);
    return SGN_OK;
}

/* The parameters are named as the workflow's fields: what it calls otherwise, a team's own may. */
static json_t *
fields_of(const struct lane_job *job, bool plan, const struct calendar_zone *zone, int64_t now)
{
    static const char *const places[] = { "project", "client", "request_id", "team" };
    json_t *fields = json_copy(job->params);

    for (size_t i = 0; fields != NULL && i < sizeof(places) / sizeof(places[0]); i++)
        (void)json_object_del(fields, places[i]);
    if (fields != NULL && !plan && json_object_get(fields, "happened") == NULL)
        (void)json_object_set_new(fields, "happened", rpc_time(zone, now));
    return fields;
}

/* Does the workflow, which may be the team's own, know this channel? */
static bool
knows_channel(struct lane *lane, const char *team_name, const struct opened *what,
              const char *channel)
{
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, team_name) : NULL;
    const struct model *model = team != NULL ? lane_team_workflow(team, what->workflow) : NULL;
    const struct model_field *field = model != NULL ? model_field_find(model, what->channel) : NULL;
    bool knows =
        field != NULL && field->type == MODEL_CHOICE && sgn_json_has(field->choices, channel);

    lane_site_free(lane, site);
    return knows;
}

/* People who are named are people of the team or of a client: the record is no place for a slip. */
static enum sgn_status
check_people(struct lane_run *run, const json_t *params, struct sgn_error *err)
{
    static const char *const single[] = { "holder", "speaker" };
    const json_t *one;
    char pointer[32];
    size_t i;
    enum sgn_status status = SGN_OK;

    json_array_foreach(json_object_get(params, "contacts"), i, one) {
        snprintf(pointer, sizeof(pointer), "/contacts/%zu", i);
        if (status == SGN_OK)
            status = rpc_data_row(run, STORE_PERSON, json_string_value(one), pointer, SGN_INVALID,
                                  NULL, err);
    }
    for (i = 0; i < sizeof(single) / sizeof(single[0]); i++) {
        const char *person = sgn_json_str(params, single[i]);

        snprintf(pointer, sizeof(pointer), "/%s", single[i]);
        if (status == SGN_OK && person != NULL)
            status = rpc_data_row(run, STORE_PERSON, person, pointer, SGN_INVALID, NULL, err);
    }
    return status;
}

/* With whom it was, or is to be: keys of people. A plan is for those who hold the role client. */
static enum sgn_status
people_of(struct lane_run *run, const struct opened *what, const json_t *project,
          const json_t *fields, json_t **out, struct sgn_error *err)
{
    json_t *match, *rows = NULL, *row;
    enum sgn_status status;
    size_t i;

    if (!what->plan) {
        *out = json_incref(json_object_get(fields, "contacts"));
        return SGN_OK;
    }
    match = json_pack("{s:O, s:s}", "project", project, "role", "client");
    *out = json_array();
    status = match != NULL && *out != NULL ? lane_row_list(run, STORE_MEMBERSHIP, match, &rows, err)
                                           : sgn_nomem(err);
    json_array_foreach(rows, i, row)
        if (json_array_append(*out, json_object_get(row, "person")) != 0)
            status = sgn_nomem(err);
    json_decref(match);
    json_decref(rows);
    return status;
}

/* Where no channel is said: the one by which the first of these people who has said so would rather
 * be spoken to. */
static enum sgn_status
propose_channel(struct lane_run *run, const struct lane_job *job, const struct opened *what,
                const json_t *people, json_t *fields, struct sgn_error *err)
{
    enum sgn_status status = SGN_OK;
    const json_t *one;
    size_t i;

    json_array_foreach(people, i, one) {
        json_t *key = json_pack("{s:O}", "person", one), *person = NULL;
        const char *channel;

        if (status == SGN_OK && json_object_get(fields, what->channel) == NULL)
            status = sgn_if_any(lane_row_get(run, STORE_PERSON, key, &person, err), err);
        channel = sgn_json_str(person, "channel");
        if (status == SGN_OK && channel != NULL &&
            knows_channel(lane_of(run), job->team, what, channel) &&
            json_object_set_new(fields, what->channel, json_string(channel)) != 0)
            status = sgn_nomem(err);
        json_decref(key);
        json_decref(person);
    }
    return status;
}

/* What the case has as fields are parameters here. */
static void
point_at_params(struct sgn_error *err)
{
    const char *at = err != NULL ? sgn_json_str(err->data, "pointer") : NULL;

    if (at != NULL && strncmp(at, "/fields/", strlen("/fields/")) == 0)
        (void)json_object_set_new(err->data, "pointer", json_string(at + strlen("/fields")));
}

/* The params of case.open for it. */
static enum sgn_status
opening(struct lane_run *run, const struct lane_job *job, const struct opened *what, json_t **out,
        struct sgn_error *err)
{
    json_t *project = NULL, *people = NULL, *fields = NULL;
    enum sgn_status status = check_people(run, job->params, err);

    if (status == SGN_OK)
        status = find_project(run, job, &project, err);
    if (status == SGN_OK && project == NULL && what->plan)
        status = rpc_data_invalid(err, "/project", "whose plan? name a project or a client");
    if (status == SGN_OK) {
        fields = fields_of(job, what->plan, rpc_zone(lane_of(run), job->team), lane_now(run));
        status = people_of(run, what, project, fields, &people, err);
    }
    if (status == SGN_OK)
        status = propose_channel(run, job, what, people, fields, err);
    if (status == SGN_OK) {
        *out = json_pack("{s:s, s:O*, s:O}", "workflow", what->workflow, "project", project,
                         "fields", fields);
        status = *out != NULL ? SGN_OK : sgn_nomem(err);
    }
    json_decref(project);
    json_decref(people);
    json_decref(fields);
    return status;
}

/* A job that waited for the rules is run again from its beginning, with params made already. */
static enum sgn_status
open_it(struct lane_run *run, struct lane_job *job, const struct opened *what,
        struct sgn_error *err)
{
    json_t *params = NULL;
    enum sgn_status status = SGN_OK;
    const char *at;

    if (json_object_get(job->params, "workflow") == NULL) {
        status = opening(run, job, what, &params, err);
        if (status != SGN_OK)
            return status;
        json_decref(job->params);
        job->params = params;
    }
    status = lane_case_open(run, job, err);
    if (status != SGN_OK)
        point_at_params(err);
    at = status == SGN_NOT_FOUND && err != NULL ? sgn_json_str(err->data, "pointer") : NULL;
    if (at != NULL && strcmp(at, "/workflow") == 0)
        status = sgn_fail(err, SGN_NOT_FOUND, "%s", what->missing);
    return status;
}

static enum sgn_status
communication_add(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    static const struct opened what = {
        LANE_COMMUNICATION, "kind", false,
        "the team keeps no record of communications: add use \"communication\" to team.lua"
    };

    return open_it(run, job, &what, err);
}

static enum sgn_status
communication_plan(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    static const struct opened what = {
        "communication_plan", "channel", true,
        "the team plans no communication: add use \"communication_plan\" to team.lua"
    };

    return open_it(run, job, &what, err);
}

/* clang-format off */
#define CHANNELS "mail, meeting, call, message, visit or letter"

static const struct rpc_param add_params[] = {
    { "summary", RPC_STRING, true, 800, "What it was about." },
    { "about", RPC_STRING, false, 32, "Key of the case that it was about." },
    { "project", RPC_STRING, false, SGN_KEY_MAX, "Key of the project, where it is about no case." },
    { "client", RPC_STRING, false, SGN_KEY_MAX, "Key of the client alone: it is noted in the oldest open project." },
    { "kind", RPC_STRING, false, 16, "The channel: " CHANNELS "; when left out the one that the contacts prefer (person.update), else call." },
    { "direction", RPC_STRING, false, 8, "out (from us), in (from the client) or both." },
    { "happened", RPC_TIME, false, 0, "When; now, when left out." },
    { "contacts", RPC_STRINGS, false, 50, "With whom of the client: keys of people." },
    { "others", RPC_STRING, false, 2000, "Who else took part." },
    { "notes", RPC_STRING, false, 0, "What was said: the team's own." },
    { "agreed", RPC_STRING, false, 0, "What was agreed: the client reads it when asked to confirm it." },
    { "confirm", RPC_BOOLEAN, false, 0, "The client is asked to confirm it; silence for three working days does." },
    { "wants_answer", RPC_BOOLEAN, false, 0, "It has to be answered within the channel's reply time." },
    { "promise", RPC_STRING, false, 1200, "What was promised to the client." },
    { "promised_for", RPC_STRING, false, 10, "Until which day." },
    { "holder", RPC_STRING, false, SGN_KEY_MAX, "Who keeps the promise; whoever notes it, when left out." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_communication_add = {
    .name = "communication.add",
    .summary = "Notes a mail, meeting, call or letter: a case of the workflow communication.",
    .access = CORE_MEMBER, .where = RPC_WRITE, .params = add_params,
    .result = "case, rev, states, outcome (null while something is left to do), entry.", .run = communication_add,
};

static const struct rpc_param plan_params[] = {
    { "summary", RPC_STRING, true, 800, "What the client is told." },
    { "project", RPC_STRING, false, SGN_KEY_MAX, "Key of the project." },
    { "client", RPC_STRING, false, SGN_KEY_MAX, "Key of the client alone: it is planned in the oldest open project." },
    { "often", RPC_STRING, false, 16, "daily, weekly (when left out), fortnightly, monthly or quarterly." },
    { "channel", RPC_STRING, false, 16, "any, portal, or one of communication.add; when left out the one that the project's people at the client prefer (person.update), else any." },
    { "audience", RPC_STRING, false, 1200, "Who is told." },
    { "speaker", RPC_STRING, false, SGN_KEY_MAX, "Who speaks; whoever plans it, when left out." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_communication_plan = {
    .name = "communication.plan",
    .summary = "Plans what a client is told how often: a case of the workflow communication_plan, checked against the record.",
    .access = CORE_MEMBER, .where = RPC_WRITE, .params = plan_params,
    .result = "case, rev, states, outcome (null while the plan is in force), entry.", .run = communication_plan,
};
/* clang-format on */
