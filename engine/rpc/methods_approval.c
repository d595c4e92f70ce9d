/* SPDX-License-Identifier: Apache-2.0 */
/*
 * approval.* and task.*: answers that a case asks people for.
 *
 * What a vote counts for is decided in core, in the commit; here are only its parameters.
 */
#include "log.h"
#include "methods.h"
#include "rpc_internal.h"

/* A ballot after the decision counts for nothing and is no part of the history; that it was
 * tried is not lost. No comment, no digest: only who wanted what. */
static void
log_late(const struct lane_job *job, const struct sgn_error *err)
{
    const char *giver = sgn_json_str(job->params, "on_behalf");
    const char *outcome = sgn_json_str(json_object_get(err->data, "decision"), "outcome");

    sgn_log(SGN_LOG_INFO, "ballot after the decision", "team", job->team, "person", job->person,
            "on_behalf", giver != NULL ? giver : "", "case", job->case_key, "approval",
            sgn_json_str(err->data, "approval"), "choice", sgn_json_str(job->params, "choice"),
            "decision", outcome != NULL ? outcome : "", NULL);
}

static enum sgn_status
run_vote(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    enum sgn_status status = lane_command(run, job, CORE_VOTE, err);

    if (status == SGN_NOT_NOW && json_object_get(err->data, "decision") != NULL)
        log_late(job, err);
    return status;
}

static enum sgn_status
run_withdraw(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return lane_command(run, job, CORE_WITHDRAW, err);
}

static enum sgn_status
run_task(struct lane_run *run, struct lane_job *job, bool done, struct sgn_error *err)
{
    /* The run function may be called again: setting it twice is the same. */
    if (json_object_set_new(job->params, "done", json_boolean(done)) != 0)
        return sgn_nomem(err);
    return lane_command(run, job, CORE_TASK, err);
}

static enum sgn_status
run_done(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return run_task(run, job, true, err);
}

static enum sgn_status
run_undo(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return run_task(run, job, false, err);
}

/* Who would have to agree, and why: the part of case.explain that is about approvals. */
static enum sgn_status
run_preview(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    enum sgn_status status = lane_case_explain(run, job, err);
    json_t *rounds;

    if (status != SGN_OK)
        return status;
    (void)json_object_del(job->result, "deadlines");
    rounds = json_object_get(job->result, "approvals");
    for (size_t i = json_array_size(rounds); i > 0; i--) /* nobody is asked in those any more */
        if (json_object_get(json_array_get(rounds, i - 1), "ended") != NULL)
            (void)json_array_remove(rounds, i - 1);
    return SGN_OK;
}

/* clang-format off */
#define RESULT "case, rev, states, outcome, entry (its number)."
#define PARAM_APPROVAL \
    { "approval", RPC_STRING, false, 64, "The state whose approval it is, when several are open." }

static const struct rpc_param vote_params[] = {
    RPC_PARAM_CASE,
    { "choice", RPC_STRING, true, 16, "approve, reject, abstain, defer or changes." },
    { "digest", RPC_STRING, true, 64, "What you saw, as case.get and inbox.list show it." },
    PARAM_APPROVAL,
    { "round", RPC_INTEGER, false, 0, "The number of the round you saw; another one is a conflict." },
    { "comment", RPC_STRING, false, CORE_COMMENT_MAX, "Why; needed for defer and changes." },
    RPC_PARAM_ON_BEHALF, RPC_PARAM_END
};

const struct rpc_method rpc_m_approval_vote = {
    .name = "approval.vote",
    .summary = "Casts your ballot, or changes it while the round is open.",
    .access = CORE_PERSON, .where = RPC_WRITE, .needs = CORE_DECIDES, .params = vote_params, .result = RESULT,
    .run = run_vote,
};

static const struct rpc_param approval_params[] = {
    RPC_PARAM_CASE, PARAM_APPROVAL, RPC_PARAM_ON_BEHALF, RPC_PARAM_END
};

const struct rpc_method rpc_m_approval_withdraw = {
    .name = "approval.withdraw",
    .summary = "Takes your ballot back while the round is open.",
    .access = CORE_PERSON, .where = RPC_WRITE, .needs = CORE_DECIDES, .params = approval_params, .result = RESULT,
    .run = run_withdraw,
};

static const struct rpc_param preview_params[] = { RPC_PARAM_CASE, RPC_PARAM_END };

const struct rpc_method rpc_m_approval_preview = {
    .name = "approval.preview",
    .summary = "Says who would have to agree to a case, and why.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_READ, .params = preview_params,
    .result = "The open rounds as in case.explain.",
    .run = run_preview,
};

#define PARAMS_TASK \
    RPC_PARAM_CASE, { "task", RPC_STRING, true, 64, "Name of the task." }, \
    { "state", RPC_STRING, false, 64, "Its state, when several have a task of that name." }, \
    RPC_PARAM_ON_BEHALF

static const struct rpc_param done_params[] = {
    PARAMS_TASK,
    { "file", RPC_STRING, false, 64, "Its proof: a file of the case, or one you uploaded. Without "
      "it, of a task that wants proof, what was attached since the task became open." },
    RPC_PARAM_END
};

static const struct rpc_param undo_params[] = { PARAMS_TASK, RPC_PARAM_END };

const struct rpc_method rpc_m_task_done = {
    .name = "task.done",
    .summary = "Marks a task of a case as done.",
    .access = CORE_PERSON, .where = RPC_WRITE, .needs = CORE_DECIDES, .params = done_params, .result = RESULT,
    .run = run_done,
};

const struct rpc_method rpc_m_task_undo = {
    .name = "task.undo",
    .summary = "Marks a task of a case as not done after all.",
    .access = CORE_PERSON, .where = RPC_WRITE, .needs = CORE_DECIDES, .params = undo_params, .result = RESULT,
    .run = run_undo,
};
/* clang-format on */
