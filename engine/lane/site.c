/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is in force: a snapshot of all teams that any thread may hold. It never changes; a
 * reload makes another, which shares the teams that were not loaded.
 */
#include "calendars.h"
#include "json.h"
#include "lane_internal.h"
#include "scheduled.h"
#include "sweep.h"
#include <stdlib.h>
#include <string.h>

/* ---- snapshots ---- */

void
lane_team_free(struct lane_team *team)
{
    if (team == NULL)
        return;
    model_team_free(team->team);
    for (int i = 0; i < team->n_workflows; i++) {
        model_free(team->workflows[i]);
        free((char *)team->groups[i]);
    }
    free(team->workflows);
    free((void *)team->groups);
    json_decref(team->calendars);
    json_decref(team->mistakes);
    free(team);
}

/* Teams are shared by snapshots: each holds a reference through refs of its own. */
const struct lane_site *
lane_site_ref(struct lane *lane)
{
    struct lane_site *site;

    pthread_mutex_lock(&lane->site_lock);
    site = lane->site;
    site->refs++;
    pthread_mutex_unlock(&lane->site_lock);
    return site;
}

void
lane_site_free(struct lane *lane, const struct lane_site *site_const)
{
    struct lane_site *site = (struct lane_site *)site_const;
    bool last;

    if (site == NULL)
        return;
    pthread_mutex_lock(&lane->site_lock);
    last = --site->refs == 0;
    for (int i = 0; last && i < site->n_teams; i++)
        if (--site->teams[i]->refs == 0)
            lane_team_free(site->teams[i]);
    pthread_mutex_unlock(&lane->site_lock);
    if (last) {
        free(site->teams);
        free(site);
    }
}

const struct lane_team *
lane_site_team(const struct lane_site *site, const char *name)
{
    for (int i = 0; i < site->n_teams; i++)
        if (strcmp(site->teams[i]->name, name) == 0)
            return site->teams[i];
    return NULL;
}

const struct model *
lane_team_workflow(const struct lane_team *team, const char *name)
{
    for (int i = 0; team != NULL && name != NULL && i < team->n_workflows; i++)
        if (strcmp(team->workflows[i]->name, name) == 0)
            return team->workflows[i];
    return NULL;
}

enum sgn_status
lane_site_swap(struct lane *lane, struct lane_team *team_take, struct sgn_error *err)
{
    struct lane_site *old = lane->site, *site = calloc(1, sizeof *site);
    int n = old != NULL ? old->n_teams : 0;

    if (site != NULL)
        site->teams = calloc((size_t)n + 1, sizeof *site->teams);
    if (site == NULL || site->teams == NULL) {
        free(site);
        lane_team_free(team_take);
        return sgn_nomem(err);
    }
    site->refs = 1;
    pthread_mutex_lock(&lane->site_lock);
    for (int i = 0; i < n; i++) {
        if (team_take != NULL && strcmp(old->teams[i]->name, team_take->name) == 0)
            continue;
        site->teams[site->n_teams++] = old->teams[i];
        old->teams[i]->refs++;
    }
    if (team_take != NULL) {
        team_take->refs = 1;
        site->teams[site->n_teams++] = team_take;
    }
    lane->site = site;
    pthread_mutex_unlock(&lane->site_lock);
    lane_site_free(lane, old);
    json_object_clear(lane->facts); /* a team's zone and language stand in them */
    lane_schedules_changed(lane);
    lane_calendars_changed(lane, NULL);
    return team_take != NULL ? lane_sweep_loaded(lane, team_take, err) : SGN_OK;
}
