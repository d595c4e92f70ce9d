/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening a case: which workflow, which project, which key.
 */
#include "in_force.h"
#include "json.h"
#include "lane_internal.h"
#include <string.h>

#define NO_NUMBER 0 /* of a case that is not opened: they are numbered from 1 on */

/* The project to open in: the one named, or the only one there is. */
static enum sgn_status
choose_project(struct lane_run *run, const char **out, struct sgn_error *err)
{
    const char *named = sgn_json_str(run->job->params, "project");
    json_t *projects = NULL;
    enum sgn_status st;

    *out = named;
    if (named != NULL)
        return SGN_OK;
    st = lane_row_list(run, STORE_PROJECT, NULL, &projects, err);
    if (st != SGN_OK)
        return st;
    if (json_array_size(projects) == 1) {
        const json_t *key =
            lane_lend(run, json_incref(json_object_get(json_array_get(projects, 0), "project")));

        *out = json_string_value(key);
    } else {
        st = sgn_fail(err, SGN_PARAMS, "project is needed: the team has %zu projects",
                      json_array_size(projects));
        sgn_error_add(err, "pointer", json_string("/project"));
    }
    json_decref(projects);
    return st;
}

static enum sgn_status
unknown(struct sgn_error *err, const char *pointer, const char *what, const char *name,
        const char *nearest)
{
    enum sgn_status st =
        nearest != NULL
            ? sgn_fail(err, SGN_NOT_FOUND, "there is no %s \"%.64s\" (did you mean \"%s\"?)", what,
                       name, nearest)
            : sgn_fail(err, SGN_NOT_FOUND, "there is no %s \"%.64s\"", what, name);

    sgn_error_add(err, "pointer", json_string(pointer));
    if (nearest != NULL)
        sgn_error_add(err, "nearest", json_string(nearest));
    return st;
}

static enum sgn_status
choose_workflow(struct lane_run *run, struct model **out, struct sgn_error *err)
{
    const char *name = sgn_json_str(run->job->params, "workflow");
    const struct lane_team *team = lane_site_team(run->lane->site, run->team);
    const struct model *model = lane_team_workflow(team, name);
    json_t *names;
    enum sgn_status st;

    *out = NULL;
    if (model != NULL && core_knows_workflow(run->caller, model)) {
        *out = model_ref((struct model *)model);
        return SGN_OK;
    }
    names = json_array();
    for (int i = 0; team != NULL && i < team->n_workflows; i++)
        if (core_knows_workflow(run->caller, team->workflows[i]))
            json_array_append_new(names, json_string(team->workflows[i]->name));
    st = unknown(err, "/workflow", "workflow", name, sgn_nearest_json(name, names));
    json_decref(names);
    return st;
}

/* A client's person opens in projects of the own client only; others are not there. */
static enum sgn_status
check_project(struct lane_run *run, const struct model *model, const char *key,
              struct sgn_error *err)
{
    const json_t *project;
    char fact[16 + SGN_KEY_MAX];
    enum core_sight sight = CORE_SEES_ALL; /* the engine itself */
    enum sgn_status st;

    if (!sgn_key_valid(key))
        return unknown(err, "/project", "project", key, NULL);
    snprintf(fact, sizeof fact, "project:%s", key);
    st = lane_fact(run, fact, &project, err);
    if (st == SGN_OK && run->caller != NULL && json_is_object(project))
        st = lane_sight(run, model, project, NULL, &sight, err);
    if (st != SGN_OK)
        return st;
    if (!json_is_object(project) || sight == CORE_SEES_NOTHING)
        return unknown(err, "/project", "project", key, NULL);
    return SGN_OK;
}

/* The last number that was given of a workflow's cases, here or by the store's row; 0: none. */
static enum sgn_status
last_given(struct lane_run *run, const struct model *model, int64_t *out, struct sgn_error *err)
{
    char name[LANE_KEY_TEXT];
    json_t *known =
        json_object_get(run->lane->counters, lane_key(name, run->team, model->key, NULL));
    json_t *key, *row = NULL;
    enum sgn_status st;

    *out = json_integer_value(known);
    if (known != NULL)
        return SGN_OK;
    key = json_pack("{s:s}", "name", model->key);
    st = lane_row_get(run, STORE_COUNTER, key, &row, err);
    json_decref(key);
    if (st != SGN_OK && st != SGN_NOT_FOUND)
        return st;
    sgn_error_clear(err);
    *out = sgn_json_int(row, "value", 0);
    json_decref(row);
    return SGN_OK;
}

static enum sgn_status
give(struct lane_run *run, const struct model *model, int64_t n, struct sgn_error *err)
{
    char name[LANE_KEY_TEXT];

    return json_object_set_new(run->lane->counters, lane_key(name, run->team, model->key, NULL),
                               json_integer(n)) == 0
               ? SGN_OK
               : sgn_nomem(err);
}

/* The next case key of a workflow, given once and kept by the job. */
static enum sgn_status
take_key(struct lane_run *run, const struct model *model, struct sgn_error *err)
{
    int64_t n = 0;
    enum sgn_status st = last_given(run, model, &n, err);

    if (st == SGN_OK)
        st = give(run, model, n + 1, err);
    if (st == SGN_OK)
        snprintf(run->job->case_key, sizeof run->job->case_key, "%s-%lld", model->key,
                 (long long)n + 1);
    return st;
}

/* Of a case that is not opened: the next one gets it. Where another has been given since, a gap
 * stays: that one may be waiting for its rules. */
static void
hand_back(struct lane_run *run, const struct model *model)
{
    const char *number = strrchr(run->job->case_key, '-');
    struct sgn_error unused = { 0 };
    int64_t last = 0;

    if (number != NULL && last_given(run, model, &last, &unused) == SGN_OK &&
        last == strtoll(number + 1, NULL, 10))
        (void)!give(run, model, last - 1, &unused);
    sgn_error_clear(&unused);
    run->job->case_key[0] = '\0';
}

/* A key that was given before this command waited for its rules: another node, which did not know
 * of it, may have opened a case with it. */
static enum sgn_status
check_key(struct lane_run *run, struct sgn_error *err)
{
    struct lane_case *item;
    enum sgn_status st;

    if (!run->lane->by_team || run->job->case_key[0] == '\0')
        return SGN_OK;
    st = lane_case_item(run->lane, run->team, run->job->case_key, &item, err);
    if (st == SGN_OK)
        run->job->case_key[0] = '\0';
    return sgn_if_any(st, err);
}

/* What was given since may have been forgotten, but not the key that the job has. */
static enum sgn_status
put_counter(struct lane_run *run, const struct model *model, struct sgn_error *err)
{
    int64_t n = 0, own = strtoll(strrchr(run->job->case_key, '-') + 1, NULL, 10);
    enum sgn_status st = last_given(run, model, &n, err);
    json_t *row;

    if (st == SGN_OK && own > n)
        st = give(run, model, n = own, err);
    if (st != SGN_OK)
        return st;
    row = json_pack("{s:s, s:I}", "name", model->key, "value", (json_int_t)n);
    st = row != NULL ? lane_row_put(run, STORE_COUNTER, row, err) : sgn_nomem(err);
    json_decref(row);
    return st;
}

/* What a dry run came to, without a key that nobody has and a number that another entry gets. */
static enum sgn_status
forget(struct lane_run *run, struct sgn_error *err)
{
    json_t *result = run->job->result;

    lane_run_drop(run);
    return json_object_set_new(result, "case", json_null()) == 0 &&
                   json_object_set_new(result, "entry", json_null()) == 0 &&
                   json_object_set(result, "takes", (json_t *)run->takes) == 0
               ? SGN_OK
               : sgn_nomem(err);
}

/* The counter stays as it is in a dry run: a thousand of them shall leave no gap. */
static enum sgn_status
choose_key(struct lane_run *run, const struct model *model, bool dry, struct sgn_error *err)
{
    struct lane_job *job = run->job;
    enum sgn_status st = dry ? SGN_OK : check_key(run, err);

    if (st == SGN_OK && dry)
        snprintf(job->case_key, sizeof job->case_key, "%s-%d", model->key, NO_NUMBER);
    else if (st == SGN_OK && job->case_key[0] == '\0')
        st = take_key(run, model, err);
    return st;
}

enum sgn_status
lane_case_open(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    struct core_command command = { .kind = CORE_OPEN,
                                    .params = job->params,
                                    .actor = lane_actor(job),
                                    .channel = job->channel,
                                    .at = run->now };
    bool dry = sgn_json_true(job->params, "dry_run");
    struct model *model = NULL;
    enum sgn_status st = choose_workflow(run, &model, err);

    if (st != SGN_OK)
        return st;
    st = choose_project(run, &command.project, err);
    if (st == SGN_OK)
        st = check_project(run, model, command.project, err);
    if (st == SGN_OK)
        st = choose_key(run, model, dry, err);
    if (st == SGN_OK) {
        command.case_key = job->case_key;
        if (job->method == NULL) /* nobody else may name a cause */
            command.cause = json_object_get(job->params, "cause");
        st = lane_decide(run, &command, model, NULL, err);
    }
    if (st == SGN_OK)
        st = lane_finish(run, err);
    if (st == SGN_OK && dry)
        st = forget(run, err);
    if (st == SGN_OK && !dry)
        st = put_counter(run, model, err);
    if (st == SGN_OK && !dry)
        st = lane_version_store(run, model, err);
    if (st != SGN_OK && st != SGN_NEEDS && !dry)
        hand_back(run, model);
    model_free(model);
    return st;
}
