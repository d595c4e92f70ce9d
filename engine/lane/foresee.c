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

/* What falls due before it changes the case. */
static bool
fires_before(const json_t *row, int64_t at)
{
    int64_t due = case_next_due(row);

    return due != 0 && due <= at;
}

static enum sgn_status
ask(struct lane_run *run, const struct core_command *command, const struct model *model,
    const json_t *row, struct sgn_error *err)
{
    struct core_known known = { 0 };
    struct core_question question = { model, row, command, &known, NULL };
    struct core_calls calls = { 0 };
    enum sgn_status st = lane_usual_facts(run, command, row, &known.facts, err);

    if (st == SGN_OK)
        st = core_foresee(&question, &calls, err);
    if (st == SGN_OK && calls.n > 0)
        st = lane_gather(run->lane, run->job, model, &calls, err);
    core_calls_deinit(&calls);
    json_decref(known.facts);
    return st;
}

/* Most workflows have no functions, and most cases are at hand: then there is nothing to read. */
static bool
asks_nothing(struct lane_run *run)
{
    const struct lane_case *one = lane_case_known(run->lane, run->team, run->job->case_key);
    struct model *model = NULL;
    bool nothing = false;

    if (one == NULL || one->rules[0] == '\0')
        return false;
    if (lane_model(run->lane, run->lane->reader, run->team, one->rules, &model, NULL) == SGN_OK)
        nothing = model->n_functions == 0;
    model_free(model);
    return nothing;
}

static enum sgn_status
foresee(struct lane_run *run, struct sgn_error *err)
{
    const struct lane_job *job = run->job;
    struct core_command command = { .kind = CORE_FIRE,
                                    .params = job->params,
                                    .actor = lane_actor(job),
                                    .channel = job->channel,
                                    .case_key = job->case_key };
    struct model *model = NULL;
    struct lane_case *item = NULL;
    const json_t *row;
    enum sgn_status st = lane_access(run, err);

    if (st == SGN_OK)
        st = lane_case_item(run->lane, run->team, job->case_key, &item, err);
    if (st != SGN_OK)
        return st;
    row = item->row;
    command.at = lane_command_time(run, item);
    if (fires_before(row, command.at))
        return SGN_OK;
    st = lane_model_of(run, row, &model, err);
    if (st == SGN_OK && model->n_functions > 0)
        st = ask(run, &command, model, row, err);
    model_free(model);
    return st;
}

void
lane_foresee(struct lane *lane, struct lane_job *job, bool behind)
{
    struct sgn_error why = { 0 };
    struct lane_run run;

    if (lane->options.rules == NULL || !has_room(lane, job, behind))
        return;
    job->foreseen = true;
    lane_run_init(&run, lane, job);
    if (!asks_nothing(&run)) {
        (void)foresee(&run, &why);
        lane_row_keep(lane, job);
        lane_rows_rest(lane);
    }
    lane_run_deinit(&run);
    sgn_error_clear(&why);
}
