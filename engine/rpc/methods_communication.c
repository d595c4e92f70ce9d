/* SPDX-License-Identifier: Apache-2.0 */
/*
 * communication.add: what people note of what passed between the team and a client is a case of the
 * workflow communication: its rules say what becomes of it, and its history is like that of any
 * other. The record is read by methods_communication_list.c.
 */
#include "contacts.h"
#include "data.h"
#include "methods.h"
#include "rpc_internal.h"
#include <string.h>

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

    *out = NULL;
    if (about != NULL)
        return lane_case_project(run, about, out, err);
    if (named == NULL && client != NULL)
        return project_of_client(run, client, out, err);
    *out = json_incref(named);
    return SGN_OK;
}

/* The parameters are named as the workflow's fields: what it calls otherwise, a team's own may. */
static json_t *
fields_of(const struct lane_job *job, const struct calendar_zone *zone, int64_t now)
{
    static const char *const places[] = { "project", "client", "request_id", "team" };
    json_t *fields = json_copy(job->params);

    for (size_t i = 0; fields != NULL && i < sizeof(places) / sizeof(places[0]); i++)
        (void)json_object_del(fields, places[i]);
    if (fields != NULL && json_object_get(fields, "happened") == NULL)
        (void)json_object_set_new(fields, "happened", rpc_time(zone, now));
    return fields;
}

/* Does the workflow, which may be the team's own, know this channel? */
static bool
knows_channel(struct lane *lane, const char *team_name, const char *channel)
{
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, team_name) : NULL;
    const struct model *model = team != NULL ? lane_team_workflow(team, LANE_COMMUNICATION) : NULL;
    const struct model_field *field = model != NULL ? model_field_find(model, "kind") : NULL;
    bool knows =
        field != NULL && field->type == MODEL_CHOICE && sgn_json_has(field->choices, channel);

    lane_site_free(lane, site);
    return knows;
}

/* Where no channel is said: the one by which the first of the contacts who has said so would rather
 * be spoken to. A contact who is not there is refused with the case's other fields. */
static enum sgn_status
propose_channel(struct lane_run *run, const struct lane_job *job, json_t *fields,
                struct sgn_error *err)
{
    enum sgn_status status = SGN_OK;
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(fields, "contacts"), i, one) {
        json_t *key = json_pack("{s:O}", "person", one), *person = NULL;
        const char *channel;

        if (status == SGN_OK && json_object_get(fields, "kind") == NULL)
            status = sgn_if_any(lane_row_get(run, STORE_PERSON, key, &person, err), err);
        channel = sgn_json_str(person, "channel");
        if (status == SGN_OK && channel != NULL &&
            knows_channel(lane_of(run), job->team, channel) &&
            json_object_set_new(fields, "kind", json_string(channel)) != 0)
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

/* A job that waited for the rules is run again from its beginning, with params made already. */
static enum sgn_status
communication_add(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *project = NULL, *params, *fields;
    enum sgn_status status = SGN_OK;
    const char *at;

    if (json_object_get(job->params, "workflow") == NULL) {
        status = find_project(run, job, &project, err);
        if (status != SGN_OK)
            return status;
        fields = fields_of(job, rpc_zone(lane_of(run), job->team), lane_now(run));
        status = propose_channel(run, job, fields, err);
        params = json_pack("{s:s, s:o*, s:o}", "workflow", LANE_COMMUNICATION, "project", project,
                           "fields", fields);
        if (status == SGN_OK && params == NULL)
            status = sgn_nomem(err);
        if (status != SGN_OK) {
            json_decref(params);
            return status;
        }
        json_decref(job->params);
        job->params = params;
    }
    status = lane_case_open(run, job, err);
    if (status != SGN_OK)
        point_at_params(err);
    at = status == SGN_NOT_FOUND && err != NULL ? sgn_json_str(err->data, "pointer") : NULL;
    if (at != NULL && strcmp(at, "/workflow") == 0)
        status = sgn_fail(err, SGN_NOT_FOUND,
                          "the team keeps no record of communications: add use \"communication\" "
                          "to team.lua");
    return status;
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
/* clang-format on */
