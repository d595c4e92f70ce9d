/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The teams' folders when the server starts: each is loaded; one that is broken, cannot be read or
 * is gone leaves the others served, and its own team with the rules of before (site_load.c).
 */
#include "in_force.h"
#include "json.h"
#include "lane_internal.h"
#include "scripts.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define TRIES 8 /* when other nodes write meanwhile */

/* A team whose scripts are loaded when the server starts. */
struct first_load {
    char team[SGN_KEY_MAX + 1];
    char of[SGN_HASH_HEX];  /* of the folder and the program; "": unknown */
    struct lane_team *kept; /* as it was kept of just that: nothing is loaded */
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
              const struct sgn_error *err, const struct rules_cost cost[2])
{
    struct first_loads *all = ctx;

    (void)cost;
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

/* What a load is going to be made of; the shipped workflows are part of the program. */
static void
find_of(const struct lane *lane, struct first_load *load, const json_t *input)
{
    json_t *of;

    if (lane->options.program == NULL)
        return;
    of = json_pack("{s:s, s:O, s:s}", "team", load->team, "files", json_object_get(input, "files"),
                   "program", lane->options.program);
    if (of == NULL || sgn_hash_json(SGN_HASH_RULES, of, load->of, NULL) != SGN_OK)
        load->of[0] = '\0';
    json_decref(of);
}

static void
ask_first_load(struct lane *lane, struct first_load *load)
{
    struct rules *rules = lane->options.rules;
    json_t *input = NULL;
    enum sgn_status st = lane_site_load_input(lane, load->team, &input, &load->answer, &load->err);

    if (st != SGN_OK || input == NULL)
        return;
    find_of(lane, load, input);
    load->kept = load->of[0] != '\0' ? lane_kept_unchanged(lane, load->team, load->of) : NULL;
    if (load->kept != NULL) {
        json_decref(input);
        return;
    }
    load->id = ++lane->next_call;
    load->asked = rules->ops->load(rules, load->id, input, &load->err) == SGN_OK;
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
            (void)lane_flows_take(lane->inbox, 0, -1); /* only a wake ends it */
    }
}

/* What stands for the answer of a load that gave none: why, as a mistake. */
static json_t *
no_answer(const struct sgn_error *why)
{
    return json_pack("{s:n, s:{}, s:[{s:s, s:s, s:i, s:i, s:s}]}", "team", "workflows", "mistakes",
                     "severity", "error", "file", "team.lua", "line", 1, "column", 1, "message",
                     why->message[0] != '\0' ? why->message : "the scripts could not be loaded");
}

/* Where others write, too, what the load stages is committed at once: nobody is to decide it again
 * later. */
static enum sgn_status
apply(struct lane *lane, const struct first_load *load, struct sgn_error *err)
{
    enum sgn_status st = SGN_CONFLICT;

    for (int i = 0; st == SGN_CONFLICT && i < TRIES; i++) {
        sgn_error_clear(err);
        st = lane_site_apply(lane, load->team, load->answer, load->of[0] != '\0' ? load->of : NULL,
                             NULL, err);
        if (st == SGN_OK && lane->by_team && !lane->options.look)
            st = lane_commit_now(lane, load->team, err);
    }
    return st;
}

/* Scripts that do not load leave the other teams served; where no script can be run at all there
 * is nothing to serve. */
static enum sgn_status
apply_first_load(struct lane *lane, struct first_load *load, struct sgn_error *err)
{
    enum sgn_status st;

    if (load->kept != NULL) {
        lane_site_log_mistakes(load->team, load->kept->mistakes);
        st = lane_site_swap(lane, load->kept, err);
        load->kept = NULL;
        return st;
    }
    if (load->err.status == SGN_UNAVAILABLE || load->err.status == SGN_OVERLOADED) {
        st = load->err.status;
        sgn_error_move(err, &load->err);
        return st;
    }
    if (load->answer == NULL)
        load->answer = no_answer(&load->err);
    return load->answer != NULL ? apply(lane, load, err) : sgn_nomem(err);
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
        lane_team_free(all->loads[i].kept);
        json_decref(all->loads[i].answer);
        sgn_error_clear(&all->loads[i].err);
    }
    return st;
}

/* ---- which teams there are ---- */

static enum sgn_status
add_team(struct first_loads *all, const char *name, struct sgn_error *err)
{
    struct first_load *loads;

    for (int i = 0; i < all->n; i++)
        if (strcmp(all->loads[i].team, name) == 0)
            return SGN_OK;
    loads = realloc(all->loads, ((size_t)all->n + 1) * sizeof *loads);
    if (loads == NULL)
        return sgn_nomem(err);
    all->loads = loads;
    memset(&loads[all->n], 0, sizeof *loads);
    sgn_text_copy(loads[all->n++].team, sizeof loads->team, name);
    return SGN_OK;
}

/* Every folder of teams/ that can be a team's. *failed: errno when there is no such folder. */
static enum sgn_status
find_folders(const char *dir, struct first_loads *all, int *failed, struct sgn_error *err)
{
    struct dirent **names = NULL;
    int n = check_scan(dir, &names);
    enum sgn_status st = SGN_OK;

    *failed = n < 0 ? errno : 0;
    for (int i = 0; i < n; i++) {
        char path[2048 + 300];
        struct stat info;

        snprintf(path, sizeof path, "%s/%s", dir, names[i]->d_name);
        if (st == SGN_OK && sgn_key_valid(names[i]->d_name) && stat(path, &info) == 0 &&
            S_ISDIR(info.st_mode))
            st = add_team(all, names[i]->d_name, err);
        free(names[i]);
    }
    free(names);
    return st;
}

/* Teams whose rules were in force and whose folder is gone. */
static enum sgn_status
find_kept(struct lane *lane, struct first_loads *all, struct sgn_error *err)
{
    json_t *teams = NULL, *team;
    size_t i;
    enum sgn_status st = store_teams(lane->reader, &teams, err);

    json_array_foreach(teams, i, team) {
        const char *name = json_string_value(team);
        bool has = false;

        if (st == SGN_OK && sgn_key_valid(name))
            st = lane_kept_has(lane, name, &has, err);
        if (st == SGN_OK && has)
            st = add_team(all, name, err);
    }
    json_decref(teams);
    return st;
}

enum sgn_status
lane_site_open(struct lane *lane, struct sgn_error *err)
{
    struct first_loads all = { 0 };
    char dir[2048];
    int failed = 0;
    enum sgn_status st = lane_site_swap(lane, NULL, err);

    if (st != SGN_OK || lane->options.site == NULL || lane->options.rules == NULL)
        return st;
    snprintf(dir, sizeof dir, "%s/teams", lane->options.site);
    st = find_folders(dir, &all, &failed, err);
    if (st == SGN_OK)
        st = find_kept(lane, &all, err);
    if (st == SGN_OK && failed != 0 && all.n == 0)
        st = sgn_fail(err, SGN_INVALID, "%s: %s; \"signoff init %s\" makes a site", dir,
                      strerror(failed), lane->options.site);
    if (st == SGN_OK)
        st = load_teams(lane, &all, err);
    free(all.loads);
    return st;
}
