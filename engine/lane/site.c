/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is in force: a snapshot of all teams that any thread may hold. It never changes; a
 * reload makes another, which shares the teams that were not loaded.
 */
#include "calendars.h"
#include "in_force.h"
#include "json.h"
#include "lane_internal.h"
#include "retention.h"
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
        json_decref(site->without);
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

const struct lane_team *
lane_site_whose(const struct lane_site *site, const char *name)
{
    return name[0] == '\0' && site->n_teams == 1 ? site->teams[0] : lane_site_team(site, name);
}

const struct model *
lane_team_workflow(const struct lane_team *team, const char *name)
{
    for (int i = 0; team != NULL && name != NULL && i < team->n_workflows; i++)
        if (strcmp(team->workflows[i]->name, name) == 0)
            return team->workflows[i];
    return NULL;
}

const char *
lane_site_rules(const struct lane_site *site, const char *name)
{
    const struct lane_team *team = lane_site_team(site, name);

    if (team == NULL)
        return "none";
    return team->old ? "old" : team->stored ? "stored" : "current";
}

/* A new snapshot, with room for one team more than the old one has. */
static struct lane_site *
snapshot(const struct lane_site *old)
{
    struct lane_site *site = calloc(1, sizeof *site);

    if (site == NULL)
        return NULL;
    site->refs = 1;
    site->teams = calloc(old != NULL ? (size_t)old->n_teams + 1 : 1, sizeof *site->teams);
    site->without = old != NULL ? json_deep_copy(old->without) : json_object();
    if (site->teams != NULL && site->without != NULL)
        return site;
    json_decref(site->without);
    free(site->teams);
    free(site);
    return NULL;
}

/* Puts it in the place of the one there is; teams of both are shared but for the one named. */
static void
put_snapshot(struct lane *lane, struct lane_site *site, struct lane_team *team, const char *name)
{
    struct lane_site *old = lane->site;

    pthread_mutex_lock(&lane->site_lock);
    for (int i = 0; old != NULL && i < old->n_teams; i++) {
        if (name != NULL && strcmp(old->teams[i]->name, name) == 0)
            continue;
        site->teams[site->n_teams++] = old->teams[i];
        old->teams[i]->refs++;
    }
    if (team != NULL) {
        team->refs = 1;
        site->teams[site->n_teams++] = team;
    }
    lane->site = site;
    pthread_mutex_unlock(&lane->site_lock);
    lane_site_free(lane, old);
    json_object_clear(lane->facts); /* a team's zone and language stand in them */
    lane_schedules_changed(lane);
    lane_retention_changed(lane, NULL);
    lane_calendars_changed(lane, NULL);
}

enum sgn_status
lane_site_swap(struct lane *lane, struct lane_team *team_take, struct sgn_error *err)
{
    struct lane_site *site = snapshot(lane->site);

    if (site == NULL) {
        lane_team_free(team_take);
        return sgn_nomem(err);
    }
    if (team_take != NULL)
        (void)json_object_del(site->without, team_take->name);
    put_snapshot(lane, site, team_take, team_take != NULL ? team_take->name : NULL);
    return team_take != NULL ? lane_sweep_loaded(lane, team_take, err) : SGN_OK;
}

enum sgn_status
lane_site_without(struct lane *lane, const char *name, const json_t *mistakes,
                  struct sgn_error *err)
{
    struct lane_site *site = snapshot(lane->site);

    if (site == NULL)
        return sgn_nomem(err);
    if (json_object_set_new(site->without, name, json_deep_copy(mistakes)) != 0) {
        put_snapshot(lane, site, NULL, NULL);
        return sgn_nomem(err);
    }
    put_snapshot(lane, site, NULL, NULL);
    return SGN_OK;
}
