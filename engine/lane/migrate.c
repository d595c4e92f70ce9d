/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Migrating cases: workflow.migrate begins a sweep that brings every open case of a workflow to
 * the version in force, one command each. A case is decided on its row as it then is; what
 * cannot come is left where it is, and the sweep's row names it. The argument:
 *
 *   { "workflow", "to": digest, "version", "by": person, "reason"?, "from"?: version,
 *     "cases"?: [KEY],
 *     "n_left"?: how many were left, "left"?: [{"case", "reason", "about"?, "message"}] }
 */
#include "migrate.h"
#include "in_force.h"
#include "json.h"
#include "sweep.h"
#include <stdlib.h>
#include <string.h>

#define LEFT_KEPT 100 /* of which the row says why */

/* ---- one case ---- */

/* Is the case one of those that are meant? */
static bool
is_meant(const struct lane_migration *m, const json_t *row)
{
    const char *workflow = sgn_json_str(row, "workflow"), *rules = sgn_json_str(row, "rules");

    return workflow != NULL && strcmp(workflow, m->to->name) == 0 && rules != NULL &&
           strcmp(rules, m->to->digest) != 0 && case_is_open(row) &&
           (m->from == 0 || sgn_json_int(row, "version", 0) == m->from);
}

enum sgn_status
lane_migrate_decide(struct lane_run *run, const char *key, const struct lane_migration *m,
                    struct sgn_error *err)
{
    struct core_command command = { .kind = CORE_MIGRATE,
                                    .params = run->job->params,
                                    .actor = "system",
                                    .channel = "engine",
                                    .case_key = key };
    struct model *old = NULL;
    struct lane_case *item = NULL;
    const json_t *row;
    enum sgn_status st = lane_case_item(run->lane, run->team, key, &item, err);

    if (st != SGN_OK)
        return st;
    row = item->row;
    command.at = lane_command_time(run, item);
    if (!is_meant(m, row)) {
        st = sgn_fail(err, SGN_NOT_NOW, "%s is not to be migrated", key);
        goto out;
    }
    st = lane_model_of(run, row, &old, err);
    command.from_model = old;
    if (st == SGN_OK)
        st = lane_decide(run, &command, m->to, row, err);
out:
    model_free(old);
    return st;
}

enum sgn_status
lane_migrate_case(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const json_t *argument = json_object_get(job->params, "argument");
    struct model *to = NULL;
    struct lane_migration m = { .from = sgn_json_int(argument, "from", 0) };
    int64_t at = run->now;
    struct lane_case *item = NULL;
    enum sgn_status st =
        lane_model(run->lane, run->lane->reader, run->team, sgn_json_str(argument, "to"), &to, err);

    m.to = to;
    if (st == SGN_OK)
        st = lane_case_item(run->lane, run->team, job->case_key, &item, err);
    if (st == SGN_OK && !is_meant(&m, item->row))
        st = sgn_fail(err, SGN_NOT_NOW, "%s is not to be migrated", job->case_key);
    /* What is due fires by the rules it was armed by. */
    if (st == SGN_OK && at < item->at)
        at = item->at;
    if (st == SGN_OK)
        st = lane_fire_due(run, job->case_key, at, err);
    if (st == SGN_OK)
        st = lane_migrate_decide(run, job->case_key, &m, err);
    if (st == SGN_OK)
        st = lane_finish(run, err);
    model_free(to);
    return st;
}

/* ---- what was left ---- */

static json_t *
left_item(const char *key, enum sgn_status why, const struct sgn_error *err)
{
    const char *reason = sgn_json_str(err->data, "reason");

    return json_pack("{s:s, s:s, s:s*, s:s}", "case", key, "reason",
                     reason != NULL ? reason : sgn_status_code(why), "about",
                     sgn_json_str(err->data, "about"), "message", err->message);
}

/* A page that is walked again after a crash names a case once. */
void
lane_migrate_left(json_t *argument, const char *key, enum sgn_status why,
                  const struct sgn_error *err)
{
    json_t *left = json_object_get(argument, "left"), *item;
    size_t i;

    if (left == NULL) {
        left = json_array();
        json_object_set_new(argument, "left", left);
    }
    json_array_foreach(left, i, item)
        if (strcmp(sgn_json_str(item, "case"), key) == 0)
            return;
    json_object_set_new(argument, "n_left", json_integer(sgn_json_int(argument, "n_left", 0) + 1));
    if (json_array_size(left) < LEFT_KEPT)
        json_array_append_new(left, left_item(key, why, err));
}

/* ---- the method ---- */

static bool
is_under_way(const struct lane *lane, const char *team, const char *workflow)
{
    for (const struct lane_sweep *s = lane->sweeps; s != NULL; s = s->next)
        if (strcmp(s->kind, "migrate") == 0 && strcmp(s->team, team) == 0 &&
            strcmp(sgn_json_str(s->argument, "workflow"), workflow) == 0)
            return true;
    return false;
}

static enum sgn_status
check(const struct lane_run *run, const struct model *model, const char *name, int64_t from,
      struct sgn_error *err)
{
    if (model == NULL)
        return sgn_fail(err, SGN_NOT_FOUND, "there is no workflow %.64s in force", name);
    if (model->n_migrations == 0)
        return sgn_fail(err, SGN_REFUSED,
                        "version %lld of %s has no migration: write migrate { from = ... } in it",
                        (long long)model->version, name);
    if (from != 0 && model_migration_from(model, from) == NULL)
        return sgn_fail(err, SGN_REFUSED, "version %lld of %s has no migration from version %lld",
                        (long long)model->version, name, (long long)from);
    if (is_under_way(run->lane, run->team, name))
        return sgn_fail(err, SGN_CONFLICT, "a migration of %s is under way", name);
    return SGN_OK;
}

/* The version is stored with the sweep, so that a restart finds it whatever the folder says. */
enum sgn_status
lane_migrate(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *name = sgn_json_str(job->params, "workflow");
    json_t *cases = json_object_get(job->params, "cases");
    int64_t from = sgn_json_int(job->params, "from", 0);
    const struct lane_team *team = lane_site_team(run->lane->site, run->team);
    const struct model *model = team != NULL ? lane_team_workflow(team, name) : NULL;
    json_t *argument, *said;
    enum sgn_status st = check(run, model, name, from, err);

    if (st != SGN_OK)
        return st;
    argument = json_pack("{s:s, s:s, s:I, s:s}", "workflow", name, "to", model->digest, "version",
                         (json_int_t)model->version, "by", lane_actor(job));
    if (argument == NULL)
        return sgn_nomem(err);
    if (from != 0)
        json_object_set_new(argument, "from", json_integer(from));
    if (json_object_get(job->params, "reason") != NULL)
        json_object_set(argument, "reason", json_object_get(job->params, "reason"));
    if (json_is_string(cases))
        json_object_set_new(argument, "cases", json_pack("[O]", cases));
    else if (json_array_size(cases) > 0)
        json_object_set(argument, "cases", cases);
    st = lane_version_store(run, model, err);
    if (st == SGN_OK)
        st = lane_sweep_begin(run, "migrate", argument, err);
    if (st == SGN_OK) {
        said = json_copy(argument);
        json_object_set(said, "sweep", json_object_get(run->lane->sweep_ids, run->team));
        st = lane_data_entry(run, said, err);
        json_decref(said);
    }
    json_decref(argument);
    return st;
}
