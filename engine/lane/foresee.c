/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking the rules before a command is decided.
 *
 * A command that waits for its turn behind others of its connection is asked for already, and the
 * one whose turn it is asks for all at once: so each is decided once, with its answers at hand,
 * and what a connection sends in a row goes to its team's worker in one write. Asking changes
 * nothing. When the case has changed until the command's turn comes, its decision asks anew.
 */
#include "held.h"
#include "json.h"
#include "lane_internal.h"
#include <string.h>

/* Commands of a team that are asked for ahead of their turn: enough to fill a write to its worker
 * many times, and so few that what was read for them is still at hand when their answers come. */
#define AHEAD_MOST 256

/* As for parking: what has to wait for its rules counts, and apart from it what asks ahead. */
static bool
has_room(struct lane *lane, const struct lane_job *job, bool behind)
{
    const struct lane_waits *waits = lane_waits_of(lane, job->team);
    int most = lane->options.limits.parked_per_team;

    if (!behind)
        return waits->parked < most;
    return waits->ahead < (most < AHEAD_MOST ? most : AHEAD_MOST);
}

/*
 * The case's row, as far as it is looked at here. It is read anew when the command is decided: kept
 * until then, with those of hundreds that wait for their rules too, it would have left the
 * processor's caches, and the memory that all of them take would be as cold for the next.
 */
static enum sgn_status
glance(struct lane *lane, struct lane_case *one, json_t **out, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    *out = NULL;
    if (one->due_known)
        return sgn_json_parse_but(one->document, strlen(one->document), core_foresees_without(),
                                  out, err);
    st = lane_case_row(lane, one, err);
    if (st == SGN_OK)
        *out = json_incref((json_t *)one->row);
    return st;
}

static enum sgn_status
ask(struct lane_run *run, const struct core_command *command, const struct model *model,
    const json_t *row, struct sgn_error *err)
{
    struct core_known known = { 0 };
    struct core_question question = { model, row, command, &known, NULL };
    struct core_calls calls = { 0 };
    enum sgn_status st = SGN_OK;

    if (model->n_functions == 0)
        return SGN_OK;
    st = lane_usual_facts(run, command, row, &known.facts, err);

    if (st == SGN_OK)
        st = core_foresee(&question, &calls, err);
    if (st == SGN_OK && calls.n > 0)
        st = lane_gather(run->lane, run->job, model, &calls, err);
    core_calls_deinit(&calls);
    json_decref(known.facts);
    return st;
}

/* The version that the job's case goes by, where both are at hand; else NULL. */
static struct model *
model_at_hand(struct lane *lane, const struct lane_job *job, const struct lane_case *one)
{
    struct model *model = NULL;

    if (one == NULL || one->rules[0] == '\0')
        return NULL;
    if (lane_model(lane, lane->reader, job->team, one->rules, &model, NULL) != SGN_OK)
        return NULL;
    return model;
}

/* Asks, unless something falls due before it and changes the case. model: NULL when it is not at
 * hand. */
static enum sgn_status
foresee_on(struct lane_run *run, const struct lane_case *item, const json_t *row,
           struct model *model, struct sgn_error *err)
{
    const struct lane_job *job = run->job;
    struct core_command command = { .kind = CORE_FIRE,
                                    .params = job->params,
                                    .actor = lane_actor(job),
                                    .channel = job->channel,
                                    .case_key = job->case_key,
                                    .at = lane_command_time(run, item) };
    struct model *read = NULL;
    enum sgn_status st = SGN_OK;

    if (item->due != 0 && item->due <= command.at)
        return SGN_OK;
    if (model == NULL)
        st = lane_model_of(run, row, &read, err);
    if (st == SGN_OK)
        st = ask(run, &command, model != NULL ? model : read, row, err);
    model_free(read);
    return st;
}

static enum sgn_status
foresee(struct lane_run *run, struct lane_case *item, struct model *model, struct sgn_error *err)
{
    json_t *row = NULL;
    enum sgn_status st = lane_access(run, err);

    if (st == SGN_OK && item == NULL)
        st = lane_case_item(run->lane, run->team, run->job->case_key, &item, err);
    if (st == SGN_OK)
        st = glance(run->lane, item, &row, err);
    if (st == SGN_OK)
        st = foresee_on(run, item, row, model, err);
    json_decref(row);
    return st;
}

/* Most workflows have no functions, and most cases are at hand: then there is nothing to read.
 * Those for which there is no room yet are met again in each walk. */
void
lane_foresee(struct lane *lane, struct lane_job *job, bool behind)
{
    struct sgn_error why = { 0 };
    struct lane_case *item;
    struct model *model;
    struct lane_run run;

    if (lane->options.rules == NULL || (job->asks && !has_room(lane, job, behind)))
        return;
    item = lane_case_known(lane, job->team, job->case_key);
    model = model_at_hand(lane, job, item);
    job->asks = model == NULL || model->n_functions > 0;
    if (!job->asks) {
        job->foreseen = true;
    } else if (has_room(lane, job, behind)) {
        job->foreseen = true;
        lane_run_init(&run, lane, job);
        (void)foresee(&run, item, model, &why);
        lane_rows_rest(lane);
        lane_run_deinit(&run);
        sgn_error_clear(&why);
    }
    model_free(model);
}
