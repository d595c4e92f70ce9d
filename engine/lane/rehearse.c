/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workflow.rehearse: what a version that is not in force would do to every open case. The scripts
 * come with the request or from the team's folder, are loaded and not put in force, and each case
 * is decided as a migration would decide it; the decision is counted and thrown away.
 *
 * It is one job that goes on for many turns, a bounded number of cases in each, so that the
 * commands of others come in between. What it needs of the rules it asks like everybody.
 */
#include "in_force.h"
#include "json.h"
#include "memory.h"
#include "migrate.h"
#include <stdlib.h>
#include <string.h>

#define CASES_PER_TURN 25
#define NAMED_DEFAULT  10
#define NAMED_MOST     10000

struct lane_rehearsal {
    struct lane *lane;
    char team[SGN_KEY_MAX + 1];
    struct model **models; /* of the load, or the one that was asked for */
    bool *added;           /* made known to the rules for this rehearsal alone */
    int n_models, at;      /* at: the one under way */
    json_t *report;        /* of it */
    json_t *reports;
    json_t *mistakes; /* warnings of the load */
    json_t *wanted;   /* keys of facts, see lane_run */
    json_t *page;     /* [KEY] still to be decided */
    char *cursor;
    bool last;  /* no page comes after this one */
    int rounds; /* of asking, for this page */
    int limit;
};

void
lane_rehearsal_free(struct lane_rehearsal *r)
{
    if (r == NULL)
        return;
    for (int i = 0; i < r->n_models; i++) {
        if (r->added[i])
            lane_models_drop(r->lane, r->team, r->models[i]->digest);
        model_free(r->models[i]);
    }
    free(r->models);
    free(r->added);
    json_decref(r->report);
    json_decref(r->reports);
    json_decref(r->mistakes);
    json_decref(r->wanted);
    json_decref(r->page);
    free(r->cursor);
    free(r);
}

/* ---- the scripts ---- */

static enum sgn_status
ask_load(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const json_t *shipped = run->lane->options.shipped;
    json_t *files = json_object_get(job->params, "files"), *input = NULL, *refused = NULL, *source;
    const char *path;
    enum sgn_status st = SGN_OK;

    if (run->lane->options.rules == NULL)
        return sgn_fail(err, SGN_UNAVAILABLE, "no rules are loaded here");
    json_object_foreach(files, path, source)
        if (!json_is_string(source))
            return sgn_fail(err, SGN_PARAMS, "files must hold the source of each by its path");
    if (json_object_size(files) > 0)
        input = json_pack("{s:s, s:O, s:o}", "team", run->team, "files", files, "shipped",
                          shipped != NULL ? json_incref((json_t *)shipped) : json_object());
    else
        st = lane_site_load_input(run->lane, run->team, &input, &refused, err);
    if (refused != NULL)
        st = lane_check_mistakes(json_object_get(refused, "mistakes"), err);
    json_decref(refused);
    if (st == SGN_OK && input == NULL)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = lane_ask_load(run, input, err);
    return st == SGN_OK ? SGN_NEEDS : st;
}

static bool
is_error(const json_t *mistake)
{
    const char *severity = sgn_json_str(mistake, "severity");

    return severity == NULL || strcmp(severity, "warning") != 0;
}

/* Mistakes of whatever file: a load with errors would not be put in force either. */
enum sgn_status
lane_check_mistakes(const json_t *mistakes, struct sgn_error *err)
{
    const json_t *mistake;
    size_t i;

    json_array_foreach(mistakes, i, mistake) {
        if (!is_error(mistake))
            continue;
        sgn_fail(err, SGN_INVALID, "the scripts have mistakes: %s:%lld: %.300s",
                 sgn_json_str(mistake, "file"), (long long)sgn_json_int(mistake, "line", 0),
                 sgn_json_str(mistake, "message"));
        sgn_error_add(err, "mistakes", json_incref((json_t *)mistakes));
        return SGN_INVALID;
    }
    return SGN_OK;
}

/* The rules must know a version that is asked for one of its functions. */
static enum sgn_status
add_model(struct lane_rehearsal *r, const json_t *version, struct sgn_error *err)
{
    struct model *model = NULL;
    enum sgn_status st = model_parse(json_object_get(version, "model"),
                                     json_object_get(version, "functions"), &model, err);

    bool known;

    if (st != SGN_OK)
        return st;
    known = lane_models_has(r->lane, r->team, model->digest);
    if (!known)
        st = lane_models_keep(r->lane, r->team, model, version, err);
    r->added[r->n_models] = !known && st == SGN_OK;
    r->models[r->n_models++] = model;
    return st;
}

/* Without a name: all that have a migration, and so mean that cases come to them. */
static enum sgn_status
add_models(struct lane_rehearsal *r, const json_t *versions, const char *wanted,
           struct sgn_error *err)
{
    const char *name;
    json_t *version;
    enum sgn_status st = SGN_OK;

    r->models = calloc(json_object_size(versions) + 1, sizeof *r->models);
    r->added = calloc(json_object_size(versions) + 1, sizeof *r->added);
    if (r->models == NULL || r->added == NULL)
        return sgn_nomem(err);
    json_object_foreach((json_t *)versions, name, version) {
        const json_t *migrations = json_object_get(json_object_get(version, "model"), "migrations");
        if (wanted != NULL ? strcmp(name, wanted) == 0 : json_array_size(migrations) > 0)
            st = st == SGN_OK ? add_model(r, version, err) : st;
    }
    if (st == SGN_OK && wanted != NULL && r->n_models == 0)
        st = sgn_fail(err, SGN_NOT_FOUND, "these scripts have no workflow %.64s", wanted);
    if (st == SGN_OK && r->n_models == 0)
        st = sgn_fail(err, SGN_REFUSED,
                      "none of these workflows has a migration: write migrate { from = ... } in "
                      "the one that cases shall come to, or name one");
    return st;
}

static enum sgn_status
begin(struct lane_run *run, struct lane_job *job, const json_t *loaded, struct sgn_error *err)
{
    const json_t *answer = json_object_get(loaded, "value");
    struct lane_rehearsal *r = calloc(1, sizeof *r);
    enum sgn_status st;

    if (r == NULL)
        return sgn_nomem(err);
    job->parked->rehearsal = r;
    r->lane = run->lane;
    sgn_text_copy(r->team, sizeof r->team, run->team);
    r->reports = json_array();
    r->wanted = json_array();
    r->limit = (int)sgn_json_int(job->params, "limit", NAMED_DEFAULT);
    r->limit = r->limit < NAMED_MOST ? r->limit : NAMED_MOST;
    r->mistakes = json_incref(json_object_get(answer, "mistakes"));
    if (answer == NULL)
        return sgn_fail(err, SGN_UNAVAILABLE, "the scripts could not be loaded: %s",
                        sgn_json_str(json_object_get(loaded, "error"), "message"));
    st = lane_check_mistakes(r->mistakes, err);
    if (st == SGN_OK)
        st = add_models(r, json_object_get(answer, "workflows"),
                        sgn_json_str(job->params, "workflow"), err);
    if (st == SGN_OK) {
        r->report = rehearsal_report_new(r->models[0]);
        st = r->report != NULL && r->reports != NULL ? SGN_OK : sgn_nomem(err);
    }
    return st;
}

/* ---- the cases ---- */

static enum sgn_status
next_page(struct lane_run *run, struct lane_rehearsal *r, struct sgn_error *err)
{
    json_t *workflows = json_pack("[s]", r->models[r->at]->name), *item;
    struct store_page page = { 0 };
    struct store_case_filter filter = { .team = r->team,
                                        .workflows = workflows,
                                        .cursor = r->cursor,
                                        .open = true,
                                        .sort = "opened",
                                        .limit = CASES_PER_TURN };
    size_t i;
    enum sgn_status st = store_case_query(run->lane->reader, &filter, &page, err);

    json_decref(workflows);
    if (st != SGN_OK)
        return st;
    json_decref(r->page);
    r->page = json_array();
    json_array_foreach(page.items, i, item)
        (void)json_array_append(r->page, json_object_get(item, "key"));
    free(r->cursor);
    r->cursor = page.cursor != NULL ? sgn_strdup(page.cursor) : NULL;
    r->last = page.cursor == NULL;
    r->rounds = 0;
    store_page_deinit(&page);
    return SGN_OK;
}

/* SGN_NEEDS: it waits for the rules; anything else is told in the report. */
static enum sgn_status
one_case(struct lane_run *run, struct lane_rehearsal *r, const char *key, struct sgn_error *err)
{
    struct lane_migration m = { .to = r->models[r->at] };
    struct sgn_error why = { 0 };
    struct lane_case *item = NULL;
    const json_t *row;
    struct model *old = NULL;
    enum sgn_status st;

    lane_rows_rest(run->lane);
    st = lane_case_item(run->lane, run->team, key, &item, err);
    if (st != SGN_OK)
        return st;
    row = item->row;
    st = r->rounds > CORE_ROUNDS_MAX
             ? sgn_fail(&why, SGN_RULE_OVERRUN, "its rules were asked too often")
             : lane_migrate_decide(run, key, &m, &why);
    if (st == SGN_OK)
        st = lane_model_of(run, row, &old, &why);
    if (st == SGN_OK)
        st = rehearsal_report_add(r->report, row, run->entry, old, run->job->language, r->limit);
    else if (st == SGN_NOT_NOW)
        st = SGN_OK; /* ended, or of this version already */
    else if (st != SGN_NEEDS)
        st = rehearsal_report_stuck(r->report, row, key, st, &why, r->limit);
    lane_run_drop(run);
    sgn_error_clear(&why);
    model_free(old);
    return st == SGN_NOMEM ? sgn_nomem(err) : st;
}

/* Decides what is left of the page; those that wait for the rules stay in it. */
static enum sgn_status
walk_page(struct lane_run *run, struct lane_rehearsal *r, struct sgn_error *err)
{
    json_t *waiting = json_array(), *key;
    enum sgn_status st = SGN_OK;
    size_t i;

    r->rounds++;
    run->wanted = r->wanted;
    json_array_foreach(r->page, i, key) {
        enum sgn_status one = one_case(run, r, json_string_value(key), err);
        if (one == SGN_NEEDS)
            (void)json_array_append(waiting, key);
        else if (one != SGN_OK)
            st = one;
        if (st != SGN_OK)
            break;
    }
    json_decref(r->page);
    r->page = waiting;
    return st;
}

/* Times of the cases that groups name, in the team's zone. */
static void
tell_times(const struct lane_rehearsal *r, const json_t *report)
{
    static const char *const names[] = { "was", "due" };
    const struct calendar_zone *zone = lane_team_zone(r->lane, r->team);
    const json_t *group;
    json_t *item;
    size_t i, k;

    json_array_foreach(json_object_get(report, "groups"), i, group)
        json_array_foreach(json_object_get(group, "cases"), k, item)
            for (size_t n = 0; n < sizeof names / sizeof names[0]; n++)
                lane_time_tell(item, names[n], zone);
}

static enum sgn_status
next_model(struct lane_rehearsal *r, const char *language, struct sgn_error *err)
{
    if (rehearsal_report_titles(r->report, r->models[r->at], language) != SGN_OK)
        return sgn_nomem(err);
    tell_times(r, r->report);
    (void)json_array_append_new(r->reports, r->report);
    r->report = ++r->at < r->n_models ? rehearsal_report_new(r->models[r->at]) : NULL;
    r->last = false;
    free(r->cursor);
    r->cursor = NULL;
    return r->at < r->n_models && r->report == NULL ? sgn_nomem(err) : SGN_OK;
}

/* Of the function's answers only those for the cases that still wait are of use. */
static enum sgn_status
go_on(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    struct lane_rehearsal *r = job->parked->rehearsal;
    enum sgn_status st = SGN_OK;

    job->parked->rounds = 0; /* counted for each page, see walk_page */
    if (json_array_size(r->page) == 0) {
        core_answers_clear(&job->parked->answers);
        if (r->last)
            st = next_model(r, job->language, err);
        if (st == SGN_OK && r->at < r->n_models)
            st = next_page(run, r, err);
    }
    if (st == SGN_OK && r->at < r->n_models)
        st = walk_page(run, r, err);
    if (st != SGN_OK)
        return st;
    if (r->at < r->n_models)
        return SGN_NEEDS; /* of another turn, or of the rules */
    /* A copy: another thread lets it go, and parts of it are the rows'. */
    job->result = json_pack("{s:s, s:o, s:o}", "team", run->team, "workflows",
                            json_deep_copy(r->reports), "mistakes", json_deep_copy(r->mistakes));
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

enum sgn_status
lane_rehearse(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    if (job->parked == NULL || (job->parked->rehearsal == NULL && job->parked->loaded == NULL))
        return ask_load(run, job, err);
    if (job->parked->rehearsal == NULL) {
        enum sgn_status st = begin(run, job, job->parked->loaded, err);
        if (st != SGN_OK)
            return st;
    }
    return go_on(run, job, err);
}

/* ---- without a server ---- */

/* What it owes is answered at once: the rules are in this process. */
static enum sgn_status
answer_all(struct lane *lane, struct lane_job *job, struct sgn_error *err)
{
    enum sgn_status st = lane_submit_calls(lane, err);

    while (st == SGN_OK && job->parked != NULL && job->parked->owed > 0)
        lane_deliver(lane);
    return st;
}

enum sgn_status
lane_rehearse_here(struct lane *lane, const char *team, const char *language, const json_t *params,
                   json_t **out, struct sgn_error *err)
{
    struct lane_job *job = lane_job_new();
    struct lane_run run;
    enum sgn_status st;

    *out = NULL;
    if (job == NULL)
        return sgn_nomem(err);
    sgn_text_copy(job->team, sizeof job->team, team);
    sgn_text_copy(job->language, sizeof job->language, language);
    job->channel = "engine";
    job->method = "workflow.rehearse";
    job->params = json_deep_copy(params);
    do {
        lane_run_init(&run, lane, job);
        st = job->params != NULL ? lane_rehearse(&run, job, err) : sgn_nomem(err);
        lane_run_deinit(&run);
        if (st == SGN_NEEDS && answer_all(lane, job, err) != SGN_OK)
            st = SGN_INTERNAL;
    } while (st == SGN_NEEDS);
    if (st == SGN_OK)
        *out = json_incref(job->result);
    lane_park_forget(lane, job);
    lane_job_free(job);
    return st;
}
