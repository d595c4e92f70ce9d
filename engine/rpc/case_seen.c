/* SPDX-License-Identifier: Apache-2.0 */
/* Which cases the caller of a query may see, see case_seen.h. */
#include "case_seen.h"
#include "told.h"
#include <stdlib.h>

/* Names of the workflows that show themselves to clients in this way. */
static json_t *
workflows_of(const struct lane_team *team, enum model_client client)
{
    json_t *names = json_array();

    for (int i = 0; names != NULL && team != NULL && i < team->n_workflows; i++)
        if (team->workflows[i]->client == client)
            (void)json_array_append_new(names, json_string(team->workflows[i]->name));
    return names;
}

enum sgn_status
rpc_case_seen(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
              struct rpc_case_seen *out, struct sgn_error *err)
{
    const struct lane_site *site;
    const struct lane_team *team;

    *out = (struct rpc_case_seen){ 0 };
    if (!rpc_query_is_client(job))
        return SGN_OK;
    site = lane_site_ref(lane);
    team = site != NULL ? lane_site_team(site, job->team) : NULL;
    out->own = workflows_of(team, MODEL_CLIENT_OWN);
    out->project = workflows_of(team, MODEL_CLIENT_PROJECT);
    lane_site_free(lane, site);
    return out->own != NULL && out->project != NULL
               ? rpc_givers(reader, lane, job, job->person, &out->givers, err)
               : sgn_nomem(err);
}

void
rpc_case_seen_put(const struct rpc_case_seen *seen, const struct lane_job *job,
                  struct store_case_filter *filter)
{
    if (seen->own == NULL)
        return;
    filter->visible_to = job->person;
    filter->own_workflows = seen->own;
    filter->project_workflows = seen->project;
    filter->visible_givers = seen->givers;
}

void
rpc_case_seen_deinit(struct rpc_case_seen *seen)
{
    json_decref(seen->own);
    json_decref(seen->project);
    json_decref(seen->givers);
    *seen = (struct rpc_case_seen){ 0 };
}

/* Whatever else the case's row says: rules and project alone decide it. */
enum sgn_status
rpc_case_eyes_all(struct rpc_case_eyes *eyes, const json_t *of, bool *all, struct sgn_error *err)
{
    json_t *row = json_pack("{s:O?, s:O?}", "rules", json_object_get(of, "rules"), "project",
                            json_object_get(of, "project"));
    char *text = row != NULL ? sgn_json_text(row) : NULL;
    enum core_sight sight = CORE_SEES_NOTHING;
    enum sgn_status status = text != NULL ? SGN_OK : sgn_nomem(err);

    if (eyes->known == NULL)
        eyes->known = json_object();
    if (status == SGN_OK && json_object_get(eyes->known, text) == NULL) {
        status = lane_person_sight(eyes->lane, eyes->reader, eyes->job->team, eyes->job->caller,
                                   row, &sight, err);
        if (status == SGN_OK &&
            json_object_set_new(eyes->known, text, json_boolean(sight != CORE_SEES_NOTHING)) != 0)
            status = sgn_nomem(err);
    }
    *all = status == SGN_OK && json_is_true(json_object_get(eyes->known, text));
    json_decref(row);
    free(text);
    return status;
}

enum sgn_status
rpc_case_eyes_see(struct rpc_case_eyes *eyes, const json_t *row, const char *key, bool *sees,
                  struct sgn_error *err)
{
    enum core_sight sight;
    enum sgn_status status = SGN_OK;

    *sees = !rpc_query_is_client(eyes->job);
    if (!*sees)
        status = rpc_case_eyes_all(eyes, row, sees, err);
    if (status != SGN_OK || *sees)
        return status;
    status = rpc_case_sight(eyes->reader, eyes->lane, eyes->job, key, &sight, NULL, err);
    *sees = status == SGN_OK;
    return sgn_if_any(status, err);
}

void
rpc_case_eyes_deinit(struct rpc_case_eyes *eyes)
{
    json_decref(eyes->known);
    eyes->known = NULL;
}
