/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person sees of a case, may do with it, and why: reads of staged state.
 */
#include "calendars.h"
#include "in_force.h"
#include "json.h"
#include "lane_internal.h"
#include "sweep.h"
#include <string.h>

typedef enum sgn_status (*view_fn)(const struct core_question *question, enum core_sight sight,
                                   const char *language, json_t **out, struct core_decision *needs,
                                   struct sgn_error *err);

static enum sgn_status
view_allowed(const struct core_question *question, enum core_sight sight, const char *language,
             json_t **out, struct core_decision *needs, struct sgn_error *err)
{
    (void)sight;
    return core_allowed(question, language, out, needs, err);
}

static enum sgn_status
view_explain(const struct core_question *question, enum core_sight sight, const char *language,
             json_t **out, struct core_decision *needs, struct sgn_error *err)
{
    (void)sight;
    return core_explain(question, language, out, needs, err);
}

/* Asks fn until it lacks nothing that the store knows; functions of the rules park the job. */
static enum sgn_status
ask(struct lane_run *run, const struct core_question *question, json_t *facts, view_fn fn,
    enum core_sight sight, struct sgn_error *err)
{
    struct lane_job *job = run->job;

    for (int round = 0; round < CORE_ROUNDS_MAX; round++) {
        struct core_decision needs = { 0 };
        enum sgn_status st = fn(question, sight, job->language, &job->result, &needs, err);

        if (st == SGN_NEEDS) {
            sgn_error_clear(err);
            if (needs.calls.n > 0) {
                st = lane_ask(run, &needs, question->model, err);
                core_decision_deinit(&needs);
                return st == SGN_OK ? SGN_NEEDS : st;
            }
            st = lane_facts_fill(run, facts, needs.facts, err);
            core_decision_deinit(&needs);
            if (st != SGN_OK)
                return st;
            continue;
        }
        core_decision_deinit(&needs);
        return st;
    }
    return sgn_fail(err, SGN_RULE_OVERRUN, "asked its rules more than %d times", CORE_ROUNDS_MAX);
}

static enum sgn_status
view(struct lane_run *run, struct lane_job *job, view_fn fn, struct sgn_error *err)
{
    struct core_command command = { .kind = CORE_FIRE,
                                    .actor = lane_actor(job),
                                    .channel = job->channel,
                                    .case_key = job->case_key };
    struct core_known known = { .facts = json_object() };
    struct core_question question = { NULL, NULL, &command, &known, NULL };
    struct model *model = NULL;
    struct lane_case *item = NULL;
    enum core_sight sight = CORE_SEES_ALL;
    enum sgn_status st;

    known.answers = job->parked != NULL ? &job->parked->answers : NULL;
    command.params = job->params;
    st = lane_find_case(run, &item, &model, &sight, err);
    if (st == SGN_OK)
        st = lane_calendars_of(run, &known.calendars, err);
    if (st == SGN_OK) {
        question.model = model;
        question.row = item->row;
        command.at = lane_command_time(run, item);
        st = ask(run, &question, known.facts, fn, sight, err);
    }
    model_free(model);
    json_decref(known.facts);
    return st;
}

enum sgn_status
lane_case_view(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return view(run, job, core_view, err);
}

enum sgn_status
lane_case_allowed(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return view(run, job, view_allowed, err);
}

enum sgn_status
lane_case_explain(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return view(run, job, view_explain, err);
}

/* What is stuck is tried again: by a sweep, so that a crash in between forgets none of it. */
static enum sgn_status
retry_begin(struct lane_run *run, struct sgn_error *err)
{
    json_t *argument = json_object();
    enum sgn_status st = SGN_OK;

    /* Of any team, or of another node: a walk that finds nothing does no harm. */
    if (run->lane->n_stuck > 0 || run->lane->nodes != NULL)
        st = lane_sweep_begin(run, "retry", argument, err);
    json_decref(argument);
    return st;
}

static enum sgn_status
load_failed(const json_t *error, struct sgn_error *err)
{
    return sgn_fail(err, sgn_status_of_code(sgn_json_str(error, "code")), "%s",
                    sgn_json_str(error, "message"));
}

/* The answer of a load of the team's files, asked for the first time the job runs: SGN_NEEDS until
 * it has come. Borrowed. */
static enum sgn_status
loaded(struct lane_run *run, struct lane_job *job, const json_t **out, struct sgn_error *err)
{
    struct lane *lane = run->lane;
    json_t *input = NULL, *refused = NULL;
    enum sgn_status st;

    if (lane->options.site == NULL || lane->options.rules == NULL)
        return sgn_fail(err, SGN_NOT_NOW, "this server has no folder of scripts");
    if (job->parked != NULL && job->parked->loaded != NULL) {
        *out = json_object_get(job->parked->loaded, "value");
        if (*out == NULL)
            return load_failed(json_object_get(job->parked->loaded, "error"), err);
        /* Versions that this batch stores first count as used: look when they are there. */
        return lane_batch_of(lane, run->team)->entries != NULL ? SGN_NEEDS : SGN_OK;
    }
    st = lane_site_load_input(lane, run->team, &input, &refused, err);
    if (refused != NULL) {
        *out = lane_lend(run, refused);
        return SGN_OK;
    }
    if (st == SGN_OK)
        st = lane_ask_load(run, input, err);
    return st == SGN_OK ? SGN_NEEDS : st;
}

/* Where other nodes serve the team, an entry tells them to look. */
static enum sgn_status
tell_nodes(struct lane_run *run, struct sgn_error *err)
{
    json_t *params = json_object();
    enum sgn_status st = params != NULL ? lane_data_entry(run, params, err) : sgn_nomem(err);

    json_decref(params);
    return st;
}

enum sgn_status
lane_reload(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const json_t *answer = NULL;
    enum sgn_status st = loaded(run, job, &answer, err);

    if (st != SGN_OK)
        return st;
    st = lane_site_apply(run->lane, run->team, answer, NULL, &job->result, err);
    if (st == SGN_OK && sgn_json_true(job->result, "in_force"))
        st = retry_begin(run, err);
    if (st == SGN_OK && run->lane->by_team && sgn_json_true(job->result, "in_force"))
        st = tell_nodes(run, err);
    return st;
}

enum sgn_status
lane_check(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const json_t *answer = NULL;
    enum sgn_status st = loaded(run, job, &answer, err);

    return st == SGN_OK ? lane_site_check(run->lane, run->team, answer, &job->result, err) : st;
}

enum sgn_status
lane_case_project(struct lane_run *run, const char *key, json_t **out, struct sgn_error *err)
{
    struct lane_case *item;
    enum sgn_status st = lane_case_item(run->lane, run->team, key, &item, err);

    if (st == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        st = sgn_fail(err, SGN_NOT_FOUND, "there is no case %.40s", key);
    }
    if (st == SGN_OK)
        *out = json_incref(json_object_get(item->row, "project"));
    return st;
}
