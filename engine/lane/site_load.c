/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Putting a load of a team's scripts in force. One with mistakes changes nothing but the list of
 * mistakes: the rules of the last good one go on, also over restarts (site_kept.c). Where there
 * never was one, the team is served without what is broken.
 */
#include "calendars.h"
#include "check.h"
#include "in_force.h"
#include "json.h"
#include "lane_internal.h"
#include "memory.h"
#include "nodes.h"
#include <stdlib.h>
#include <string.h>

static bool
has_errors(const json_t *mistakes)
{
    size_t i;
    json_t *mistake;

    json_array_foreach((json_t *)mistakes, i, mistake) {
        const char *severity = sgn_json_str(mistake, "severity");

        if (severity == NULL || strcmp(severity, "warning") != 0)
            return true;
    }
    return false;
}

static void
mistake_add(json_t *mistakes, const char *file, const char *message)
{
    json_array_append_new(mistakes,
                          json_pack("{s:s, s:s, s:i, s:s}", "severity", "error", "file",
                                    file != NULL ? file : "?", "line", 1, "message", message));
}

/* At a part of the version that was loaded. */
static void
mistake_at(json_t *mistakes, const json_t *version, const char *pointer, const char *message)
{
    const char *file = sgn_json_str(version, "file");
    int line, column;

    rules_place(json_object_get(version, "places"), pointer, &line, &column);
    json_array_append_new(mistakes, json_pack("{s:s, s:s, s:i, s:i, s:s}", "severity", "error",
                                              "file", file != NULL ? file : "?", "line", line,
                                              "column", column, "message", message));
}

/* A number that cases were opened with belongs to those rules for good. */
static enum sgn_status
check_number(struct lane *lane, const char *team, const struct model *model, const json_t *version,
             json_t *mistakes, bool *usable, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s}", "name", model->name), *rows = NULL, *row;
    int64_t next = 1;
    bool taken = false;
    size_t i;
    enum sgn_status st =
        store_row_list(lane->reader, STORE_WORKFLOW, team, match, NULL, 10000, &rows, err);

    json_array_foreach(rows, i, row) {
        int64_t number = sgn_json_int(row, "version", 0);

        if (number >= next)
            next = number + 1;
        if (number == model->version && strcmp(sgn_json_str(row, "digest"), model->digest) != 0)
            taken = true;
    }
    *usable = !taken;
    if (st == SGN_OK && taken) {
        char text[256];

        snprintf(text, sizeof text,
                 "version %lld of %s is used by cases and its rules have changed: give it "
                 "version = %lld",
                 (long long)model->version, model->name, (long long)next);
        mistake_at(mistakes, version, "/version", text);
    }
    json_decref(match);
    json_decref(rows);
    return st;
}

/* Keys are unique in a team: two workflows cannot number their cases alike. */
static bool
check_key(const struct lane_team *team, const struct model *model, const json_t *version,
          json_t *mistakes)
{
    for (int i = 0; i < team->n_workflows; i++) {
        char text[256];

        if (strcmp(team->workflows[i]->key, model->key) != 0)
            continue;
        snprintf(text, sizeof text, "%s and %s have the same key \"%s\"", team->workflows[i]->name,
                 model->name, model->key);
        mistake_at(mistakes, version, "/key", text);
        return false;
    }
    return true;
}

/* name: under which the load gave it. One that cannot be used adds a mistake, and is left out. */
static enum sgn_status
add_workflow(struct lane *lane, struct lane_team *team, const char *name, const json_t *version,
             json_t *mistakes, struct sgn_error *err)
{
    const char *file = sgn_json_str(version, "file"), *group = sgn_json_str(version, "group");
    struct model *model = NULL;
    struct sgn_error why = { 0 };
    bool usable = false;
    enum sgn_status st = model_parse(json_object_get(version, "model"),
                                     json_object_get(version, "functions"), &model, &why);

    if (st == SGN_OK && strcmp(name, model->name) != 0)
        st = sgn_fail(&why, SGN_INVALID, "the workflow \"%s\" calls itself \"%s\"", name,
                      model->name);
    if (st != SGN_OK) {
        mistake_add(mistakes, file, why.message);
        sgn_error_clear(&why);
        model_free(model);
        return st == SGN_NOMEM ? sgn_nomem(err) : SGN_OK;
    }
    st = check_number(lane, team->name, model, version, mistakes, &usable, err);
    if (st != SGN_OK || !usable || !check_key(team, model, version, mistakes)) {
        model_free(model);
        return st;
    }
    team->groups[team->n_workflows] = group != NULL ? sgn_strdup(group) : NULL;
    team->workflows[team->n_workflows++] = model;
    return SGN_OK;
}

/* By each load, and each start that takes up what was loaded before. */
void
lane_site_log_mistakes(const char *team, const json_t *mistakes)
{
    size_t i;
    json_t *mistake;

    json_array_foreach((json_t *)mistakes, i, mistake) {
        char line[24];

        snprintf(line, sizeof line, "%lld", (long long)sgn_json_int(mistake, "line", 0));
        sgn_log(SGN_LOG_WARN, "mistake in rules", "team", team, "file",
                sgn_json_str(mistake, "file"), "line", line, "message",
                sgn_json_str(mistake, "message"), NULL);
    }
}

static bool
is_broken(const json_t *mistakes, const char *file)
{
    json_t *of_file = json_array(), *mistake;
    size_t i;
    bool broken;

    json_array_foreach((json_t *)mistakes, i, mistake) {
        const char *where = sgn_json_str(mistake, "file");

        if (where != NULL && file != NULL && strcmp(where, file) == 0)
            json_array_append(of_file, mistake);
    }
    broken = has_errors(of_file);
    json_decref(of_file);
    return broken;
}

static bool
has_workflow(const struct lane_team *team, const char *name)
{
    for (int i = 0; i < team->n_workflows; i++)
        if (strcmp(team->workflows[i]->name, name) == 0)
            return true;
    return false;
}

/* Room for one more workflow. */
static enum sgn_status
team_grow(struct lane_team *team, struct sgn_error *err)
{
    size_t n = (size_t)team->n_workflows + 2;
    struct model **workflows = realloc(team->workflows, n * sizeof *workflows);
    const char **groups;

    if (workflows == NULL)
        return sgn_nomem(err);
    team->workflows = workflows;
    groups = realloc((void *)team->groups, n * sizeof *groups);
    if (groups == NULL)
        return sgn_nomem(err);
    team->groups = groups;
    return SGN_OK;
}

/*
 * What a server that starts with a broken script goes on with: of each workflow whose file has
 * mistakes, the newest version that cases were opened with. One that was taken out of the
 * folder has no file with mistakes and stays out.
 */
static enum sgn_status
add_stored(struct lane *lane, struct lane_team *team, struct sgn_error *err)
{
    json_t *rows = NULL, *newest = json_object(), *row;
    const char *name;
    size_t i;
    enum sgn_status st =
        store_row_list(lane->reader, STORE_WORKFLOW, team->name, NULL, NULL, 10000, &rows, err);

    json_array_foreach(rows, i, row) {
        name = sgn_json_str(row, "name");
        if (!has_workflow(team, name) && is_broken(team->mistakes, sgn_json_str(row, "file")) &&
            sgn_json_int(row, "version", 0) >=
                sgn_json_int(json_object_get(newest, name), "version", 0))
            json_object_set(newest, name, row);
    }
    json_object_foreach(newest, name, row) {
        struct model *model = NULL;

        if (st == SGN_OK)
            st = team_grow(team, err);
        if (st == SGN_OK)
            st = lane_model(lane, lane->reader, team->name, sgn_json_str(row, "digest"), &model,
                            err);
        if (st != SGN_OK)
            break;
        sgn_log(SGN_LOG_WARN, "old rules in force", "team", team->name, "workflow", name, NULL);
        team->groups[team->n_workflows] = NULL;
        team->workflows[team->n_workflows++] = model;
    }
    json_decref(rows);
    json_decref(newest);
    return st;
}

static enum sgn_status
read_calendars(const struct lane *lane, struct lane_team *team, struct sgn_error *err)
{
    char dir[4096];

    snprintf(dir, sizeof dir, "%s/teams/%s", lane->options.site, team->name);
    return lane_calendars_read(dir, team->team, lane->options.holidays, team->mistakes,
                               &team->calendars, err);
}

/* {NAME: VERSION} of what is in force; at a start, of what was. NULL: out of memory. */
static json_t *
versions_before(struct lane *lane, const char *name)
{
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *old = lane_site_team(site, name);
    json_t *previous = old == NULL ? lane_kept_versions(lane, name) : NULL;

    if (previous == NULL)
        previous = json_object();
    for (int i = 0; old != NULL && i < old->n_workflows; i++) {
        json_t *version = lane_models_version(lane, name, old->workflows[i]->digest);
        if (version != NULL)
            json_object_set_new(previous, old->workflows[i]->name, version);
    }
    lane_site_free(lane, site);
    return previous;
}

/* A new version is looked at against the one before it. */
static enum sgn_status
check_against(struct lane *lane, const char *name, const json_t *answer, json_t **out,
              struct sgn_error *err)
{
    json_t *beside = json_copy((json_t *)answer), *previous = versions_before(lane, name);
    enum sgn_status st = beside != NULL && json_object_set(beside, "previous", previous) == 0
                             ? check_load(beside, out, err)
                             : sgn_nomem(err);

    json_decref(previous);
    json_decref(beside);
    return st;
}

/* Files with mistakes are left out: what the model would say of them is told already, in other
 * words. With first nothing is in force yet, and the rest is used. */
static enum sgn_status
team_build(struct lane *lane, const char *name, const json_t *versions, const json_t *answer,
           bool first, struct lane_team **out, struct sgn_error *err)
{
    json_t *version;
    struct lane_team *team = calloc(1, sizeof *team);
    const char *key;
    enum sgn_status st = SGN_OK;
    struct sgn_error why = { 0 };

    *out = team;
    if (team == NULL)
        return sgn_nomem(err);
    sgn_text_copy(team->name, sizeof team->name, name);
    st = check_against(lane, name, answer, &team->mistakes, err);
    if (st != SGN_OK)
        return st;
    team->workflows = calloc(json_object_size(versions) + 1, sizeof *team->workflows);
    team->groups = calloc(json_object_size(versions) + 1, sizeof *team->groups);
    team->loaded_at = sgn_clock_now(lane->options.clock);
    if (team->workflows == NULL || team->groups == NULL)
        return sgn_nomem(err);
    if (model_team_parse(json_object_get(answer, "team"), &team->team, &why) != SGN_OK &&
        !has_errors(team->mistakes))
        mistake_add(team->mistakes, "team.lua", why.message);
    sgn_error_clear(&why);
    if (team->team != NULL)
        st = read_calendars(lane, team, err);
    json_object_foreach((json_t *)versions, key, version)
        if (st == SGN_OK && !is_broken(team->mistakes, sgn_json_str(version, "file")))
            st = add_workflow(lane, team, key, version, team->mistakes, err);
    if (st == SGN_OK && first && has_errors(team->mistakes))
        st = add_stored(lane, team, err);
    return st;
}

/* The broken load of a team that is in force already: only its mistakes are new. Others may be
 * reading the old ones, so the team is made anew around what stays. */
static enum sgn_status
keep_old(struct lane *lane, const struct lane_team *old, const json_t *mistakes,
         struct sgn_error *err)
{
    struct lane_team *team = calloc(1, sizeof *team);
    size_t n = (size_t)old->n_workflows + 1;
    enum sgn_status st;

    if (team == NULL)
        return sgn_nomem(err);
    sgn_text_copy(team->name, sizeof team->name, old->name);
    team->loaded_at = old->loaded_at;
    team->stored = old->stored;
    team->old = true;
    team->mistakes = json_deep_copy(mistakes);
    team->calendars = json_deep_copy(old->calendars);
    team->workflows = calloc(n, sizeof *team->workflows);
    team->groups = calloc(n, sizeof *team->groups);
    if (team->mistakes == NULL || team->workflows == NULL || team->groups == NULL) {
        lane_team_free(team);
        return sgn_nomem(err);
    }
    st = model_team_parse(old->team->json, &team->team, err);
    if (st != SGN_OK) {
        lane_team_free(team);
        return st;
    }
    for (int i = 0; i < old->n_workflows; i++) {
        team->workflows[i] = model_ref(old->workflows[i]);
        team->groups[i] = old->groups[i] != NULL ? sgn_strdup(old->groups[i]) : NULL;
    }
    team->n_workflows = old->n_workflows;
    return lane_site_swap(lane, team, err);
}

/* Those that the team uses of these versions. */
static enum sgn_status
keep_versions(struct lane *lane, const struct lane_team *team, const json_t *versions,
              struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int i = 0; st == SGN_OK && i < team->n_workflows; i++) {
        const json_t *version = json_object_get(versions, team->workflows[i]->name);

        /* one from the store is kept already, and its file says something else now */
        if (version != NULL && !is_broken(team->mistakes, sgn_json_str(version, "file")))
            st = lane_models_keep(lane, team->name, team->workflows[i], version, err);
    }
    return st;
}

static enum sgn_status
put_in_force(struct lane *lane, struct lane_team *team_take, const json_t *answer, const char *of,
             struct sgn_error *err)
{
    const json_t *versions = json_object_get(answer, "workflows");
    struct rules *rules = lane->options.rules;
    enum sgn_status st = keep_versions(lane, team_take, versions, err);

    team_take->old = has_errors(team_take->mistakes);
    if (st == SGN_OK && !team_take->old)
        st = lane_kept_put(lane, team_take, versions, of, err);
    if (st != SGN_OK) {
        lane_team_free(team_take);
        return st;
    }
    if (rules->ops->accepted != NULL)
        rules->ops->accepted(rules, team_take->name);
    return lane_site_swap(lane, team_take, err);
}

/* Nothing of the team is in force yet and its scripts have mistakes: the rules of before, as they
 * were kept, or as much as there is. */
static enum sgn_status
start_broken(struct lane *lane, const char *name, const json_t *answer, json_t *mistakes,
             struct sgn_error *err)
{
    struct lane_team *team = NULL;
    struct sgn_error why = { 0 };
    enum sgn_status st = lane_kept_get(lane, name, &team, &why);

    if (st == SGN_OK) {
        team->mistakes = json_incref(mistakes);
        sgn_log(SGN_LOG_WARN, "old rules in force: the team's folder has mistakes", "team", name,
                NULL);
        return lane_site_swap(lane, team, err);
    }
    if (st != SGN_NOT_FOUND)
        sgn_log(SGN_LOG_ERROR, "the rules of before cannot be used", "team", name, "why",
                why.message, NULL);
    sgn_error_clear(&why);
    st = team_build(lane, name, json_object_get(answer, "workflows"), answer, true, &team, err);
    if (st == SGN_OK && team->team != NULL)
        return put_in_force(lane, team, answer, NULL, err);
    lane_team_free(team);
    sgn_log(SGN_LOG_ERROR, "team not served: it has mistakes and no rules of before", "team", name,
            NULL);
    return st == SGN_OK ? lane_site_without(lane, name, mistakes, err) : st;
}

/* The first load of a node beside others. *done: it goes on with the rules in force. */
static enum sgn_status
start_beside(struct lane *lane, struct lane_team *team, const json_t *answer, bool *done,
             struct sgn_error *err)
{
    struct lane_team *kept = NULL;
    enum sgn_status st =
        lane_kept_beside(lane, team, json_object_get(answer, "workflows"), &kept, err);

    *done = st == SGN_OK && kept != NULL;
    if (!*done)
        return st;
    kept->mistakes = json_incref(team->mistakes);
    sgn_log(SGN_LOG_WARN,
            "the folder's rules are not those in force, which go on: other nodes serve the team; "
            "workflow.reload puts the folder's in force on all of them",
            "team", team->name, NULL);
    lane_team_free(team);
    return lane_site_swap(lane, kept, err);
}

enum sgn_status
lane_site_apply(struct lane *lane, const char *name, const json_t *answer, const char *of,
                json_t **report, struct sgn_error *err)
{
    struct lane_team *team = NULL;
    const struct lane_team *old = lane_site_team(lane->site, name);
    bool broken, done = false;
    enum sgn_status st =
        team_build(lane, name, json_object_get(answer, "workflows"), answer, false, &team, err);

    if (report != NULL)
        *report = NULL;
    if (st != SGN_OK) {
        lane_team_free(team);
        return st;
    }
    lane_site_log_mistakes(name, team->mistakes);
    broken = has_errors(team->mistakes);
    if (report != NULL)
        *report = json_pack("{s:s, s:b, s:i, s:O}", "team", name, "in_force", !broken, "workflows",
                            team->n_workflows, "mistakes", team->mistakes);
    if (!broken && old == NULL && lane_nodes_others(lane))
        st = start_beside(lane, team, answer, &done, err);
    if (st != SGN_OK)
        lane_team_free(team);
    if (st != SGN_OK || done)
        return st;
    if (!broken)
        return put_in_force(lane, team, answer, of, err);
    st = old != NULL ? keep_old(lane, old, team->mistakes, err)
                     : start_broken(lane, name, answer, team->mistakes, err);
    lane_team_free(team);
    return st;
}

/* As a reload would: an old version's number, its keys and calendars are looked at, too. */
enum sgn_status
lane_site_check(struct lane *lane, const char *name, const json_t *answer, json_t **report,
                struct sgn_error *err)
{
    struct lane_team *team = NULL;
    enum sgn_status st =
        team_build(lane, name, json_object_get(answer, "workflows"), answer, false, &team, err);

    if (st == SGN_OK) {
        *report = json_pack("{s:s, s:b, s:s, s:i, s:O}", "team", name, "taken",
                            !has_errors(team->mistakes), "rules", lane_site_rules(lane->site, name),
                            "workflows", team->n_workflows, "mistakes", team->mistakes);
        st = *report != NULL ? SGN_OK : sgn_nomem(err);
    }
    lane_team_free(team);
    return st;
}
