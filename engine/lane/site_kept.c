/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of each team that were last put in force, as a setting "rules/TEAM":
 *   {"since": TIME, "of": DIGEST or null, "mistakes": [MISTAKE] (warnings; not there: none),
 *    "rules": {"team": TEAM, "calendars": as lane_calendars_read gives them,
 *              "workflows": {NAME: VERSION}}}                         (TEAM, VERSION: rules.h)
 *
 * The folder is only where rules are written. Once they are in force a server needs nothing of it:
 * one that starts over a folder which is broken, or gone, goes on with what stands here. Whole
 * versions, and not their digests, because the table of versions holds those that cases were opened
 * with, and the numbers of others are still free.
 *
 * "of" says of which folder, by which program: a start that finds both as they were takes up what
 * stands here, and no process has to load scripts for a team that nobody asks for anything.
 */
#include "calendars.h"
#include "in_force.h"
#include "json.h"
#include "lane_internal.h"
#include "memory.h"
#include <stdlib.h>
#include <string.h>

/* As this batch leaves it: what is staged first. */
static enum sgn_status
setting_get(struct lane *lane, const char *team, json_t **out, struct sgn_error *err)
{
    struct lane_job job = { .channel = "engine" };
    struct lane_run run;
    char name[LANE_KEY_TEXT];
    json_t *key = json_pack("{s:s}", "name", lane_key(name, "rules", team, NULL)), *row = NULL;
    enum sgn_status st;

    lane_run_init(&run, lane, &job);
    st = key != NULL ? lane_row_get(&run, STORE_SETTING, key, &row, err) : sgn_nomem(err);
    *out = st == SGN_OK ? json_incref(json_object_get(row, "value")) : NULL;
    lane_run_deinit(&run);
    json_decref(key);
    json_decref(row);
    return st;
}

/* A version as the store keeps it: what a call needs, without the places of its parts. */
static json_t *
version_json(const struct lane_team *team, int i, const json_t *version)
{
    return json_pack("{s:O?, s:O?, s:O?, s:O?, s:s?}", "model", json_object_get(version, "model"),
                     "functions", json_object_get(version, "functions"), "source",
                     json_object_get(version, "source"), "file", json_object_get(version, "file"),
                     "group", team->groups[i]);
}

static json_t *
rules_json(const struct lane_team *team, const json_t *versions)
{
    json_t *workflows = json_object();

    for (int i = 0; i < team->n_workflows; i++) {
        const char *name = team->workflows[i]->name;

        /* Takes the version, also when it is NULL. */
        if (json_object_set_new(workflows, name,
                                version_json(team, i, json_object_get(versions, name))) != 0) {
            json_decref(workflows);
            return NULL;
        }
    }
    return json_pack("{s:O, s:O, s:o}", "team", team->team->json, "calendars", team->calendars,
                     "workflows", workflows);
}

/* Is the setting to be written? Another time than before, whatever the clock says, tells rules from
 * those before them. */
static bool
is_new(struct lane_team *team, const json_t *was, const json_t *rules, const char *of)
{
    const char *was_of = sgn_json_str(was, "of");
    int64_t since = sgn_json_int(was, "since", 0);
    bool same = json_equal(json_object_get(was, "rules"), rules);

    if (same)
        team->loaded_at = sgn_json_int(was, "since", team->loaded_at);
    else if (team->loaded_at <= since)
        team->loaded_at = since + 1;
    return !same || strcmp(was_of != NULL ? was_of : "", of != NULL ? of : "") != 0;
}

enum sgn_status
lane_kept_put(struct lane *lane, struct lane_team *team, const json_t *versions, const char *of,
              struct sgn_error *err)
{
    json_t *rules = rules_json(team, versions), *was = NULL;
    char name[LANE_KEY_TEXT];
    enum sgn_status st = rules != NULL ? setting_get(lane, team->name, &was, err) : sgn_nomem(err);

    st = sgn_if_any(st, err);
    if (st == SGN_OK && is_new(team, was, rules, of))
        st = lane_batch_put(lane, team->name, STORE_SETTING,
                            json_pack("{s:s, s:{s:I, s:s?, s:O, s:O}}", "name",
                                      lane_key(name, "rules", team->name, NULL), "value", "since",
                                      (json_int_t)team->loaded_at, "of", of, "mistakes",
                                      team->mistakes, "rules", rules),
                            err);
    json_decref(was);
    json_decref(rules);
    return st;
}

enum sgn_status
lane_kept_has(struct lane *lane, const char *team, bool *out, struct sgn_error *err)
{
    json_t *kept = NULL;
    enum sgn_status st = setting_get(lane, team, &kept, err);

    *out = st == SGN_OK;
    json_decref(kept);
    return sgn_if_any(st, err);
}

json_t *
lane_kept_versions(struct lane *lane, const char *team)
{
    json_t *kept = NULL, *versions = NULL;

    if (setting_get(lane, team, &kept, NULL) == SGN_OK)
        versions = json_incref(json_object_get(json_object_get(kept, "rules"), "workflows"));
    json_decref(kept);
    return versions;
}

/* ---- taking them up ---- */

static enum sgn_status
add_version(struct lane *lane, struct lane_team *team, const json_t *version, struct sgn_error *err)
{
    const char *group = sgn_json_str(version, "group");
    struct model *model = NULL;
    enum sgn_status st = model_parse(json_object_get(version, "model"),
                                     json_object_get(version, "functions"), &model, err);

    if (st != SGN_OK)
        return st;
    team->groups[team->n_workflows] = group != NULL ? sgn_strdup(group) : NULL;
    team->workflows[team->n_workflows++] = model;
    if (group != NULL && team->groups[team->n_workflows - 1] == NULL)
        return sgn_nomem(err);
    return lane_models_keep(lane, team->name, model, version, err);
}

static enum sgn_status
take_up(struct lane *lane, struct lane_team *team, const json_t *rules, struct sgn_error *err)
{
    const json_t *versions = json_object_get(rules, "workflows");
    size_t n = json_object_size(versions) + 1;
    const char *name;
    json_t *version;
    enum sgn_status st = model_team_parse(json_object_get(rules, "team"), &team->team, err);

    team->calendars = json_deep_copy(json_object_get(rules, "calendars"));
    team->workflows = calloc(n, sizeof *team->workflows);
    team->groups = calloc(n, sizeof *team->groups);
    if (team->calendars == NULL || team->workflows == NULL || team->groups == NULL)
        return st != SGN_OK ? st : sgn_nomem(err);
    json_object_foreach((json_t *)versions, name, version)
        if (st == SGN_OK)
            st = add_version(lane, team, version, err);
    return st;
}

static enum sgn_status
team_of(struct lane *lane, const char *name, const json_t *kept, struct lane_team **out,
        struct sgn_error *err)
{
    struct lane_team *team = calloc(1, sizeof *team);
    enum sgn_status st;

    if (team == NULL)
        return sgn_nomem(err);
    sgn_text_copy(team->name, sizeof team->name, name);
    team->loaded_at = sgn_json_int(kept, "since", 0);
    team->old = true;
    st = take_up(lane, team, json_object_get(kept, "rules"), err);
    if (st == SGN_OK)
        *out = team;
    else
        lane_team_free(team);
    return st;
}

enum sgn_status
lane_kept_get(struct lane *lane, const char *name, struct lane_team **out, struct sgn_error *err)
{
    json_t *kept = NULL;
    enum sgn_status st = setting_get(lane, name, &kept, err);

    *out = NULL;
    if (st == SGN_OK)
        st = team_of(lane, name, kept, out, err);
    json_decref(kept);
    return st;
}

/* Calendars are read anew: their files are no scripts, and holidays come with the program. */
static bool
has_calendars_of_before(const struct lane *lane, const struct lane_team *team, json_t *mistakes)
{
    json_t *calendars = NULL;
    char dir[4096];
    bool same;

    snprintf(dir, sizeof dir, "%s/teams/%s", lane->options.site, team->name);
    same = lane_calendars_read(dir, team->team, lane->options.holidays, mistakes, &calendars,
                               NULL) == SGN_OK &&
           json_array_size(mistakes) == 0 && json_equal(calendars, team->calendars);
    json_decref(calendars);
    return same;
}

/* What a load of this folder would say again. */
static json_t *
mistakes_of(const json_t *kept)
{
    const json_t *mistakes = json_object_get(kept, "mistakes");

    return json_is_array(mistakes) ? json_deep_copy(mistakes) : json_array();
}

struct lane_team *
lane_kept_unchanged(struct lane *lane, const char *name, const char *of)
{
    json_t *kept = NULL, *calendars = json_array(), *mistakes = NULL;
    struct lane_team *team = NULL;
    const char *was =
        setting_get(lane, name, &kept, NULL) == SGN_OK ? sgn_json_str(kept, "of") : NULL;

    if (was != NULL && calendars != NULL && strcmp(was, of) == 0 &&
        (mistakes = mistakes_of(kept)) != NULL &&
        team_of(lane, name, kept, &team, NULL) == SGN_OK &&
        has_calendars_of_before(lane, team, calendars)) {
        team->old = false;
        team->mistakes = json_incref(mistakes);
    } else {
        lane_team_free(team);
        team = NULL;
    }
    json_decref(kept);
    json_decref(calendars);
    json_decref(mistakes);
    return team;
}

/* ---- where other nodes serve the team, too ---- */

enum sgn_status
lane_kept_beside(struct lane *lane, const struct lane_team *team, const json_t *versions,
                 struct lane_team **out, struct sgn_error *err)
{
    json_t *rules = rules_json(team, versions), *kept = NULL;
    enum sgn_status st = rules != NULL ? setting_get(lane, team->name, &kept, err) : sgn_nomem(err);

    *out = NULL;
    if (st == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        st = SGN_OK;
    } else if (st == SGN_OK && !json_equal(json_object_get(kept, "rules"), rules)) {
        st = lane_kept_get(lane, team->name, out, err);
    }
    if (*out != NULL) {
        (*out)->old = false;
        (*out)->stored = true;
    }
    json_decref(kept);
    json_decref(rules);
    return st;
}

/* Since when what is kept is in force; 0: nothing is. */
static enum sgn_status
kept_since(struct lane *lane, const char *team, int64_t *out, struct sgn_error *err)
{
    json_t *kept = NULL;
    enum sgn_status st = setting_get(lane, team, &kept, err);

    *out = st == SGN_OK ? sgn_json_int(kept, "since", 0) : 0;
    json_decref(kept);
    return st == SGN_NOT_FOUND ? SGN_OK : st;
}

static enum sgn_status
follow(struct lane *lane, const char *name, struct sgn_error *err)
{
    const struct lane_team *here = lane_site_team(lane->site, name);
    struct lane_team *team = NULL;
    int64_t since = 0;
    enum sgn_status st = kept_since(lane, name, &since, err);

    if (st != SGN_OK || since == 0 || (here != NULL && here->loaded_at == since))
        return st;
    st = lane_kept_get(lane, name, &team, err);
    if (st != SGN_OK)
        return st;
    team->old = false;
    team->stored = true;
    team->mistakes = json_array();
    sgn_log(SGN_LOG_INFO, "rules that another node has put in force", "team", name, NULL);
    return lane_site_swap(lane, team, err);
}

/* A reload is an entry of data: between two of them the rules are the same. */
void
lane_kept_follow(struct lane *lane, const char *team)
{
    const json_t *known = json_object_get(lane->heads, team);
    int64_t data_seq = sgn_json_int(known, "data", -1);
    struct sgn_error why = { 0 };

    if (!lane->by_team || lane->options.rules == NULL || data_seq < 0 ||
        data_seq == sgn_json_int(lane->rules_at, team, -1))
        return;
    if (follow(lane, team, &why) == SGN_OK)
        json_object_set_new(lane->rules_at, team, json_integer(data_seq));
    else
        sgn_log(SGN_LOG_ERROR, "rules of another node cannot be used", "team", team, "why",
                why.message, NULL);
    sgn_error_clear(&why);
}
