/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The teams' folders: reading their scripts, loading them, putting them in force.
 *
 * What is in force is a snapshot that any thread may hold; a reload makes a new one. A load
 * with mistakes changes nothing but the list of mistakes.
 */
#include "json.h"
#include "lane_internal.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- snapshots ---- */

static void
team_free(struct lane_team *team)
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
            team_free(site->teams[i]);
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

/* A new snapshot in which team (given) stands instead of its namesake. */
static enum sgn_status
site_swap(struct lane *lane, struct lane_team *team_take, struct sgn_error *err)
{
    struct lane_site *old = lane->site, *site = calloc(1, sizeof *site);
    int n = old != NULL ? old->n_teams : 0;

    if (site != NULL)
        site->teams = calloc((size_t)n + 1, sizeof *site->teams);
    if (site == NULL || site->teams == NULL) {
        free(site);
        team_free(team_take);
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
    return SGN_OK;
}

/* ---- putting a load in force ---- */

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

/* A number that cases were opened with belongs to those rules for good. */
static enum sgn_status
check_number(struct lane *lane, const char *team, const struct model *model, const char *file,
             json_t *mistakes, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s}", "name", model->name), *rows = NULL, *row;
    int64_t next = 1;
    bool taken = false;
    size_t i;
    enum sgn_status st =
        store_row_list(lane->reader, STORE_WORKFLOW, team, match, NULL, 10000, &rows, err);

    json_array_foreach(rows, i, row) {
        int64_t version = sgn_json_int(row, "version", 0);

        if (version >= next)
            next = version + 1;
        if (version == model->version && strcmp(sgn_json_str(row, "digest"), model->digest) != 0)
            taken = true;
    }
    if (st == SGN_OK && taken) {
        char text[256];

        snprintf(text, sizeof text,
                 "version %lld of %s is used by cases and its rules have changed: give it "
                 "version = %lld",
                 (long long)model->version, model->name, (long long)next);
        mistake_add(mistakes, file, text);
    }
    json_decref(match);
    json_decref(rows);
    return st;
}

static enum sgn_status
add_workflow(struct lane *lane, struct lane_team *team, const json_t *version, json_t *mistakes,
             struct sgn_error *err)
{
    const char *file = sgn_json_str(version, "file"), *group = sgn_json_str(version, "group");
    struct model *model = NULL;
    struct sgn_error why = { 0 };
    enum sgn_status st = model_parse(json_object_get(version, "model"),
                                     json_object_get(version, "functions"), &model, &why);

    if (st != SGN_OK) {
        mistake_add(mistakes, file, why.message);
        sgn_error_clear(&why);
        return st == SGN_NOMEM ? sgn_nomem(err) : SGN_OK;
    }
    st = check_number(lane, team->name, model, file, mistakes, err);
    if (st != SGN_OK) {
        model_free(model);
        return st;
    }
    lane_models_keep(lane, team->name, model, version);
    team->groups[team->n_workflows] = group != NULL ? strdup(group) : NULL;
    team->workflows[team->n_workflows++] = model;
    return SGN_OK;
}

/* Keys are unique in a team: two workflows cannot number their cases alike. */
static void
check_keys(const struct lane_team *team, json_t *mistakes)
{
    for (int i = 0; i < team->n_workflows; i++)
        for (int j = 0; j < i; j++)
            if (strcmp(team->workflows[i]->key, team->workflows[j]->key) == 0) {
                char text[256];

                snprintf(text, sizeof text, "%s and %s have the same key \"%s\"",
                         team->workflows[j]->name, team->workflows[i]->name,
                         team->workflows[i]->key);
                mistake_add(mistakes, team->workflows[i]->name, text);
            }
}

static void
log_mistakes(const char *team, const json_t *mistakes)
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

static enum sgn_status
team_build(struct lane *lane, const char *name, const json_t *answer, struct lane_team **out,
           struct sgn_error *err)
{
    json_t *versions = json_object_get(answer, "workflows"), *version;
    struct lane_team *team = calloc(1, sizeof *team);
    const char *key;
    enum sgn_status st = SGN_OK;
    struct sgn_error why = { 0 };

    *out = team;
    if (team == NULL)
        return sgn_nomem(err);
    snprintf(team->name, sizeof team->name, "%s", name);
    team->mistakes = json_array();
    json_array_extend(team->mistakes, json_object_get(answer, "mistakes"));
    team->workflows = calloc(json_object_size(versions) + 1, sizeof *team->workflows);
    team->groups = calloc(json_object_size(versions) + 1, sizeof *team->groups);
    team->loaded_at = sgn_clock_now(lane->options.clock);
    if (team->workflows == NULL || team->groups == NULL)
        return sgn_nomem(err);
    if (model_team_parse(json_object_get(answer, "team"), &team->team, &why) != SGN_OK &&
        !has_errors(team->mistakes))
        mistake_add(team->mistakes, "team.lua", why.message);
    sgn_error_clear(&why);
    json_object_foreach(versions, key, version)
        if (st == SGN_OK)
            st = add_workflow(lane, team, version, team->mistakes, err);
    check_keys(team, team->mistakes);
    return st;
}

/* The broken load of a team that is in force already: only its mistakes are new. */
static void
keep_old(struct lane *lane, const char *name, const json_t *mistakes)
{
    pthread_mutex_lock(&lane->site_lock);
    for (int i = 0; i < lane->site->n_teams; i++)
        if (strcmp(lane->site->teams[i]->name, name) == 0) {
            json_decref(lane->site->teams[i]->mistakes);
            lane->site->teams[i]->mistakes = json_deep_copy(mistakes);
        }
    pthread_mutex_unlock(&lane->site_lock);
}

enum sgn_status
lane_site_apply(struct lane *lane, const char *name, const json_t *answer, json_t **report,
                struct sgn_error *err)
{
    struct lane_team *team = NULL;
    bool known = lane_site_team(lane->site, name) != NULL, broken;
    enum sgn_status st = team_build(lane, name, answer, &team, err);

    if (report != NULL)
        *report = NULL;
    if (st != SGN_OK) {
        team_free(team);
        return st;
    }
    log_mistakes(name, team->mistakes);
    broken = has_errors(team->mistakes);
    if (report != NULL)
        *report = json_pack("{s:s, s:b, s:i, s:O}", "team", name, "in_force", !broken, "workflows",
                            team->n_workflows, "mistakes", team->mistakes);
    if (broken && (known || team->team == NULL)) {
        if (known)
            keep_old(lane, name, team->mistakes);
        else
            sgn_log(SGN_LOG_ERROR, "team not loaded", "team", name, NULL);
        team_free(team);
        return SGN_OK;
    }
    return site_swap(lane, team, err);
}

/* ---- at start ---- */

static int
by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

struct first_load {
    json_t *answer;
    bool answered;
};

static void
on_first_load(void *ctx, uint64_t id, enum sgn_status status, const json_t *value,
              const struct sgn_error *err)
{
    struct first_load *load = ctx;

    (void)id;
    load->answered = true;
    if (status == SGN_OK)
        load->answer = json_incref((json_t *)value);
    else
        sgn_log(SGN_LOG_ERROR, "rules not loaded", "why", err != NULL ? err->message : "?", NULL);
}

static enum sgn_status
load_team(struct lane *lane, const char *name, struct sgn_error *err)
{
    struct rules *rules = lane->options.rules;
    struct first_load load = { 0 };
    json_t *input = NULL;
    enum sgn_status st = lane_site_load_input(lane, name, &input, err);

    if (st == SGN_OK)
        st = rules->ops->load(rules, ++lane->next_call, input, err);
    while (st == SGN_OK && !load.answered)
        (void)rules->ops->deliver(rules, on_first_load, &load);
    if (st == SGN_OK && load.answer != NULL)
        st = lane_site_apply(lane, name, load.answer, NULL, err);
    json_decref(load.answer);
    if (st == SGN_OK)
        return st;
    /* A team whose files cannot be read leaves the others served. */
    sgn_log(SGN_LOG_ERROR, "team not loaded", "team", name, "why", err->message, NULL);
    sgn_error_clear(err);
    return SGN_OK;
}

enum sgn_status
lane_site_open(struct lane *lane, struct sgn_error *err)
{
    struct dirent **names = NULL;
    char dir[4096];
    int n;
    enum sgn_status st = site_swap(lane, NULL, err);

    if (st != SGN_OK || lane->options.site == NULL || lane->options.rules == NULL)
        return st;
    snprintf(dir, sizeof dir, "%s/teams", lane->options.site);
    n = scandir(dir, &names, NULL, by_name);
    if (n < 0)
        return sgn_fail(err, SGN_INVALID, "%s: %s; \"signoff init %s\" makes a site", dir,
                        strerror(errno), lane->options.site);
    for (int i = 0; i < n; i++) {
        char file[4096 + 64];

        snprintf(file, sizeof file, "%s/%s/team.lua", dir, names[i]->d_name);
        if (st == SGN_OK && sgn_key_valid(names[i]->d_name) && access(file, F_OK) == 0)
            st = load_team(lane, names[i]->d_name, err);
        free(names[i]);
    }
    free(names);
    return st;
}
