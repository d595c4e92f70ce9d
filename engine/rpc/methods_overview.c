/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is counted for those who lead: project.overview, project.list with health, person.load. On
 * query threads, in slices.
 */
#include "clock.h"
#include "json.h"
#include "methods.h"
#include "overview.h"
#include "person_load.h"
#include "rpc_internal.h"
#include <stdlib.h>

#define SLICE_MS 50

static enum sgn_status
project_overview(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                 struct sgn_error *err)
{
    struct rpc_overview *overview = job->work;
    enum sgn_status status = SGN_OK;

    if (overview == NULL) {
        status = rpc_overview_new(reader, lane, job, sgn_json_str(job->params, "project"), false,
                                  &overview, err);
        if (status != SGN_OK)
            return status;
        job->work = overview;
        job->work_free = rpc_overview_free;
    }
    status = rpc_overview_slice(overview, reader, lane, job, sgn_monotonic_ms() + SLICE_MS, err);
    return status == SGN_OK ? rpc_overview_give(overview, reader, lane, job, &job->result, err)
                            : status;
}

/* ---- a list, each with its health ---- */

struct listing {
    json_t *page; /* the list's answer */
    size_t at;    /* in its items */
    struct rpc_overview *overview;
};

static void
listing_free(void *listing)
{
    struct listing *l = listing;

    if (l == NULL)
        return;
    json_decref(l->page);
    rpc_overview_free(l->overview);
    free(l);
}

/* The health of the item at hand. SGN_NEEDS: there is more to read. */
static enum sgn_status
item_judge(struct listing *l, struct store_reader *reader, struct lane *lane,
           const struct lane_job *job, int64_t until, struct sgn_error *err)
{
    json_t *item = json_array_get(json_object_get(l->page, "items"), l->at);
    enum sgn_status status = SGN_OK;

    if (l->overview == NULL)
        status = rpc_overview_new(reader, lane, job, sgn_json_str(item, "project"), true,
                                  &l->overview, err);
    if (status == SGN_OK)
        status = rpc_overview_slice(l->overview, reader, lane, job, until, err);
    if (status != SGN_OK)
        return status;
    if (json_object_set_new(item, "health", rpc_overview_health(l->overview, lane, job)) != 0)
        return sgn_nomem(err);
    rpc_overview_free(l->overview);
    l->overview = NULL;
    l->at++;
    return SGN_OK;
}

static enum sgn_status
listing_begin(struct store_reader *reader, struct lane *lane, struct lane_job *job,
              struct listing **out, struct sgn_error *err)
{
    enum sgn_status status = rpc_query_matching(reader, lane, job, STORE_PROJECT, "client", err);

    *out = NULL;
    if (status != SGN_OK)
        return status;
    *out = calloc(1, sizeof(**out));
    if (*out == NULL)
        return sgn_nomem(err);
    (*out)->page = job->result;
    job->result = NULL;
    job->work = *out;
    job->work_free = listing_free;
    return SGN_OK;
}

static enum sgn_status
project_list(struct store_reader *reader, struct lane *lane, struct lane_job *job,
             struct sgn_error *err)
{
    struct listing *l = job->work;
    int64_t until = sgn_monotonic_ms() + SLICE_MS;
    enum sgn_status status = SGN_OK;

    if (!sgn_json_true(job->params, "health"))
        return rpc_query_matching(reader, lane, job, STORE_PROJECT, "client", err);
    if (l == NULL)
        status = listing_begin(reader, lane, job, &l, err);
    while (status == SGN_OK && l->at < json_array_size(json_object_get(l->page, "items"))) {
        status = item_judge(l, reader, lane, job, until, err);
        if (status == SGN_OK && sgn_monotonic_ms() >= until)
            status = SGN_NEEDS;
    }
    if (status == SGN_OK)
        job->result = json_incref(l->page);
    return status;
}

/* ---- load ---- */

/* As in reports: rows of others are for leads, and for each their own. */
static enum sgn_status
person_load(struct store_reader *reader, struct lane *lane, struct lane_job *job,
            struct sgn_error *err)
{
    struct rpc_person_load *load = job->work;
    bool all = job->is_operator || rpc_row_true(job->caller, "lead");
    enum sgn_status status = SGN_OK;

    if (load == NULL) {
        status = rpc_person_load_new(reader, lane, job, all ? NULL : job->person, &load, err);
        if (status != SGN_OK)
            return status;
        job->work = load;
        job->work_free = rpc_person_load_free;
    }
    status = rpc_person_load_slice(load, reader, job, sgn_monotonic_ms() + SLICE_MS, err);
    return status == SGN_OK ? rpc_page_cut(job, json_incref(rpc_person_load_rows(load)), err)
                            : status;
}

/* clang-format off */
static const struct rpc_param overview_params[] = {
    { "project", RPC_STRING, true, SGN_KEY_MAX, "Key of the project." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_project_overview = {
    .name = "project.overview",
    .summary = "Shows where a project stands: charter, milestones, budget, open work, next dates, closeout and health.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_QUERY, .params = overview_params,
    .result = "project, title, client, client_title, currency, state, since, made_at; "
              "charter (case, title, states, baseline, signed_on, budget, goals, scope; baselines: each with number, signed_on, budget and change) or null; "
              "milestones in the order of their days: case, title, planned, agreed (first), moved_days, status (planned, slipped, late, confirming, reached, "
              "dropped; without a case, from the charter: planned, passed), closed_at; "
              "budget: charter, agreed (what no baseline has yet) and asked (amount, changes), total (charter and agreed), changes (the newest that cost something, with the baseline that has it), "
              "granted, spent, used (percent, rounded up to a tenth), budgets; "
              "work: open, overdue, stuck, workflows (workflow, title, open, overdue, states: each with its number of open cases; a case in several states counts in each); "
              "next: cases with the nearest due times; "
              "closeout: case, ready (null: only rules have still to be asked), items (kind: begin, task, field, open, approval or rule; name, done: null of a rule, which "
              "decides when it is tried; text) or null; "
              "health: colour (red, yellow, green), reasons (colour, figure, value, bound, limit, text), figures, own_limits; null of a closed project; "
              "members: person, title, role, share. "
              "People of a client are told of what they see: overdue, stuck, next, closeout, health and members are null for them, and nothing was granted or spent.",
    .query = project_overview,
};

static const struct rpc_param list_params[] = {
    { "client", RPC_STRING, false, SGN_KEY_MAX, "Only projects for this client." },
    { "health", RPC_BOOLEAN, false, 0, "With the health of each, which has to be counted." },
    RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_project_list = {
    .name = "project.list",
    .summary = "Lists projects by key.",
    .access = CORE_MEMBER | CORE_OPERATOR, .where = RPC_QUERY, .params = list_params,
    .result = "items, each with health as in project.overview when that is asked for, and the cursor of the next page or null.",
    .query = project_list,
};

static const struct rpc_param load_params[] = { RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END };

const struct rpc_method rpc_m_person_load = {
    .name = "person.load",
    .summary = "Shows who is in which projects with what share, what lies with them and when they are away.",
    .access = CORE_MEMBER | CORE_OPERATOR, .where = RPC_QUERY, .params = load_params,
    .result = "items, of everybody of the team who is active for leads, of others their own row: person, title, projects (open ones: project, title, roles, share: percent or null), "
              "share (their sum, null when none is said), over (more than 100), owns (open cases of theirs), waits (cases that wait for them by name), "
              "late (of those), offered (cases that somebody has to take up, they or others), away (stand-ins: person, title, from, until, now, in_part: for some of their work only), "
              "stands_in (for whom, likewise); the cursor of the next page or null.",
    .query = person_load,
};
/* clang-format on */
