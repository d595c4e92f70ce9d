/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The teams' folders: loading their scripts and putting them in force. A load with mistakes
 * changes nothing but the list of mistakes; at the first one, when nothing is in force yet,
 * the team is served without the workflows in question.
 */
#include "calendars.h"
#include "check.h"
#include "json.h"
#include "lane_internal.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
             json_t *mistakes, bool *usable, struct sgn_error *err)
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
    *usable = !taken;
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

/* Keys are unique in a team: two workflows cannot number their cases alike. */
static bool
check_key(const struct lane_team *team, const struct model *model, const char *file,
          json_t *mistakes)
{
    for (int i = 0; i < team->n_workflows; i++) {
        char text[256];

        if (strcmp(team->workflows[i]->key, model->key) != 0)
            continue;
        snprintf(text, sizeof text, "%s and %s have the same key \"%s\"", team->workflows[i]->name,
                 model->name, model->key);
        mistake_add(mistakes, file, text);
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
    st = check_number(lane, team->name, model, file, mistakes, &usable, err);
    if (st != SGN_OK || !usable || !check_key(team, model, file, mistakes)) {
        model_free(model);
        return st;
    }
    team->groups[team->n_workflows] = group != NULL ? strdup(group) : NULL;
    team->workflows[team->n_workflows++] = model;
    return SGN_OK;
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

/* With first nothing is in force yet: files with mistakes are left out, the rest is used. */
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
    snprintf(team->name, sizeof team->name, "%s", name);
    st = check_load(answer, &team->mistakes, err);
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
        if (st == SGN_OK && !(first && is_broken(team->mistakes, sgn_json_str(version, "file"))))
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
    snprintf(team->name, sizeof team->name, "%s", old->name);
    team->loaded_at = old->loaded_at;
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
        team->groups[i] = old->groups[i] != NULL ? strdup(old->groups[i]) : NULL;
    }
    team->n_workflows = old->n_workflows;
    return lane_site_swap(lane, team, err);
}

static enum sgn_status
put_in_force(struct lane *lane, struct lane_team *team_take, const json_t *answer,
             struct sgn_error *err)
{
    const json_t *versions = json_object_get(answer, "workflows");
    struct rules *rules = lane->options.rules;

    if (rules->ops->accepted != NULL)
        rules->ops->accepted(rules, team_take->name);
    for (int i = 0; i < team_take->n_workflows; i++) {
        const json_t *version = json_object_get(versions, team_take->workflows[i]->name);

        /* one from the store is kept already, and its file says something else now */
        if (version != NULL && !is_broken(team_take->mistakes, sgn_json_str(version, "file")))
            lane_models_keep(lane, team_take->name, team_take->workflows[i], version);
    }
    return lane_site_swap(lane, team_take, err);
}

enum sgn_status
lane_site_apply(struct lane *lane, const char *name, const json_t *answer, json_t **report,
                struct sgn_error *err)
{
    struct lane_team *team = NULL;
    const struct lane_team *old = lane_site_team(lane->site, name);
    bool broken;
    enum sgn_status st = team_build(lane, name, json_object_get(answer, "workflows"), answer,
                                    old == NULL, &team, err);

    if (report != NULL)
        *report = NULL;
    if (st != SGN_OK) {
        lane_team_free(team);
        return st;
    }
    log_mistakes(name, team->mistakes);
    broken = has_errors(team->mistakes);
    if (report != NULL)
        *report = json_pack("{s:s, s:b, s:i, s:O}", "team", name, "in_force", !broken, "workflows",
                            team->n_workflows, "mistakes", team->mistakes);
    if (!broken || (old == NULL && team->team != NULL))
        return put_in_force(lane, team, answer, err);
    if (old != NULL)
        st = keep_old(lane, old, team->mistakes, err);
    else
        sgn_log(SGN_LOG_ERROR, "team not loaded", "team", name, NULL);
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
        *report =
            json_pack("{s:s, s:b, s:i, s:O}", "team", name, "taken", !has_errors(team->mistakes),
                      "workflows", team->n_workflows, "mistakes", team->mistakes);
        st = *report != NULL ? SGN_OK : sgn_nomem(err);
    }
    lane_team_free(team);
    return st;
}

/* ---- at start ---- */

static int
by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* A team whose scripts are loaded when the server starts. */
struct first_load {
    char team[SGN_KEY_MAX + 1];
    uint64_t id;
    bool asked, answered;
    json_t *answer;
    struct sgn_error err;
};

struct first_loads {
    struct first_load *loads;
    int n, answered;
};

static void
on_first_load(void *ctx, uint64_t id, enum sgn_status status, const json_t *value,
              const struct sgn_error *err)
{
    struct first_loads *all = ctx;

    for (int i = 0; i < all->n; i++) {
        struct first_load *load = &all->loads[i];

        if (!load->asked || load->answered || load->id != id)
            continue;
        load->answered = true;
        all->answered++;
        if (status == SGN_OK)
            load->answer = json_incref((json_t *)value);
        else
            (void)sgn_fail(&load->err, status, "%s", err != NULL ? err->message : "no answer");
    }
}

/* A team whose files cannot be read leaves the others served. */
static void
ask_first_load(struct lane *lane, struct first_load *load)
{
    struct rules *rules = lane->options.rules;
    json_t *input = NULL;
    enum sgn_status st = lane_site_load_input(lane, load->team, &input, &load->err);

    load->id = ++lane->next_call;
    if (st == SGN_OK)
        st = rules->ops->load(rules, load->id, input, &load->err);
    load->asked = st == SGN_OK;
}

/* Waits for the answers: the one time that the lane does, since it serves nobody yet. */
static void
wait_first_loads(struct lane *lane, struct first_loads *all)
{
    int asked = 0;

    for (int i = 0; i < all->n; i++)
        asked += all->loads[i].asked;
    while (all->answered < asked) {
        (void)lane->options.rules->ops->deliver(lane->options.rules, on_first_load, all);
        if (all->answered < asked && !lane_rules_ready(lane))
            (void)sgn_queue_take_all(lane->inbox, -1); /* empty: only a wake ends it */
    }
}

/* Scripts that do not load leave the other teams served; where no script can be run at all there
 * is nothing to serve. */
static enum sgn_status
apply_first_load(struct lane *lane, struct first_load *load, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    if (load->err.status == SGN_UNAVAILABLE || load->err.status == SGN_OVERLOADED) {
        st = load->err.status;
        sgn_error_move(err, &load->err);
        return st;
    }
    if (load->answer != NULL)
        st = lane_site_apply(lane, load->team, load->answer, NULL, &load->err);
    if (load->answer == NULL || st != SGN_OK)
        sgn_log(SGN_LOG_ERROR, "team not loaded", "team", load->team, "why", load->err.message,
                NULL);
    return SGN_OK;
}

/* All at once, since each team's scripts are run by a process of their own. */
static enum sgn_status
load_teams(struct lane *lane, struct first_loads *all, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int i = 0; i < all->n; i++)
        ask_first_load(lane, &all->loads[i]);
    wait_first_loads(lane, all);
    for (int i = 0; i < all->n; i++) {
        if (st == SGN_OK)
            st = apply_first_load(lane, &all->loads[i], err);
        json_decref(all->loads[i].answer);
        sgn_error_clear(&all->loads[i].err);
    }
    return st;
}

enum sgn_status
lane_site_open(struct lane *lane, struct sgn_error *err)
{
    struct first_loads all = { 0 };
    struct dirent **names = NULL;
    char dir[2048];
    int n;
    enum sgn_status st = lane_site_swap(lane, NULL, err);

    if (st != SGN_OK || lane->options.site == NULL || lane->options.rules == NULL)
        return st;
    snprintf(dir, sizeof dir, "%s/teams", lane->options.site);
    n = scandir(dir, &names, NULL, by_name);
    if (n < 0)
        return sgn_fail(err, SGN_INVALID, "%s: %s; \"signoff init %s\" makes a site", dir,
                        strerror(errno), lane->options.site);
    all.loads = calloc((size_t)n + 1, sizeof *all.loads);
    for (int i = 0; i < n; i++) {
        char file[2048 + 300];

        snprintf(file, sizeof file, "%s/%s/team.lua", dir, names[i]->d_name);
        if (all.loads != NULL && sgn_key_valid(names[i]->d_name) && access(file, F_OK) == 0)
            snprintf(all.loads[all.n++].team, sizeof all.loads->team, "%.*s", SGN_KEY_MAX,
                     names[i]->d_name);
        free(names[i]);
    }
    free(names);
    st = all.loads != NULL ? load_teams(lane, &all, err) : sgn_nomem(err);
    free(all.loads);
    return st;
}
