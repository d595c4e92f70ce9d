/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a request in the queue to a job: rights as far as the loop knows them, shape,
 * ordering.
 *
 * Ordering. Requests of a connection take effect in the order they were sent:
 *   lane jobs     keep their order in the lane itself, so any number may be under way;
 *   queries       see what was committed: they wait until every lane job before them is
 *                 answered, and lane jobs wait for them; queries may overlap queries;
 *   files         (uploads) are written on query threads, one after the other: they wait for all
 *                 before them, all after wait for them; one may go on to the lane;
 *   session       (login, logout, watches) wait for all before them, all after wait for them.
 *
 * Never answers: a request that is done is left to its connection.
 */
#include "deprecated.h"
#include "log.h"
#include "rpc_internal.h"
#include <stdio.h>
#include <string.h>

enum sgn_status
rpc_admit(const struct rpc_method *method, const struct rpc_session *session, struct sgn_error *err)
{
    struct core_caller caller = { .is_operator = session->is_operator };

    if (method->access == 0)
        return sgn_fail(err, SGN_FORBIDDEN, "%s may be called by nobody", method->name);
    if (method->access & CORE_ANYONE)
        return SGN_OK;
    /* A person's class is judged where their row is read afresh: on the lane, or by the
     * query. What is known here is whether there is anybody at all, and operators. */
    if (session->known && !session->is_operator)
        return method->access & ~(unsigned)CORE_OPERATOR
                   ? SGN_OK
                   : sgn_fail(err, SGN_FORBIDDEN, "%s is for the operator only", method->name);
    return core_access_check(method->access, &caller, method->name, err);
}

/* Reads on the lane keep the order with writes by themselves: both stand in its inbox. */
static bool
is_lane(enum rpc_where where)
{
    return where == RPC_READ || where == RPC_WRITE;
}

/* May it start beside what is running? Whatever may not waits; it is never refused. */
bool
rpc_may_start(const struct rpc_connection *connection, const struct rpc_request *request)
{
    enum rpc_where where;

    if (connection->running == 0 || request->phase == RPC_DONE)
        return true;
    where = request->method->where;
    if (connection->running_where == RPC_SESSION || where == RPC_SESSION ||
        connection->running_where == RPC_DISK || where == RPC_DISK)
        return false;
    if (where == RPC_AT_ONCE)
        return true;
    return is_lane(where) == is_lane(connection->running_where);
}

static enum sgn_status
team_check(struct lane *lane, const char *team, struct sgn_error *err)
{
    const struct lane_site *site = lane_site_ref(lane);
    const char *near = NULL;

    /* Only operators get here, so that naming what there is tells nobody else anything. */
    if (site != NULL && lane_site_team(site, team) == NULL) {
        json_t *names = json_array();
        for (int i = 0; i < site->n_teams; i++)
            (void)json_array_append_new(names, json_string(site->teams[i]->name));
        near = sgn_nearest_json(team, names);
        sgn_fail(err, SGN_NOT_FOUND, "there is no team '%s'%s%s%s", team,
                 near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                 near != NULL ? "'?" : "");
        sgn_error_add(err, "pointer", json_string("/team"));
        sgn_error_add(
            err, "hint",
            json_string("a team is a folder of the site's teams/; a new one is there when "
                        "the server has been started anew"));
        if (near != NULL)
            sgn_error_add(err, "nearest", json_string(near));
        json_decref(names);
        lane_site_free(lane, site);
        return SGN_NOT_FOUND;
    }
    lane_site_free(lane, site);
    return SGN_OK;
}

/* The digest that a repeated request_id is compared by: of {method, params} without it, canonical.
 */
static enum sgn_status
request_digest(struct rpc *rpc, struct lane_job *job, struct sgn_error *err)
{
    const char *id = sgn_json_str(job->params, "request_id");
    struct sgn_buf *text;
    enum sgn_status status;

    if (id == NULL)
        return SGN_OK;
    sgn_text_copy(job->request, sizeof(job->request), id);
    (void)json_object_del(job->params, "request_id");
    text = rpc_text(rpc);
    sgn_buf_puts(text, "{\"method\":");
    sgn_json_append_text(text, job->method);
    sgn_buf_puts(text, ",\"params\":");
    status = sgn_json_canonical(text, job->params, err);
    if (status == SGN_OK && sgn_buf_puts(text, "}") != SGN_OK)
        status = sgn_nomem(err);
    if (status == SGN_OK)
        sgn_hash(SGN_HASH_REQUEST, NULL, text->bytes, text->len, job->request_digest);
    if (status == SGN_INVALID) {
        /* Canonical JSON has neither fractions nor integers beyond 2^53. */
        char why[sizeof(err->message)];
        sgn_text_copy(why, sizeof(why), err != NULL ? err->message : "");
        sgn_fail(err, SGN_PARAMS, "%s", why);
        sgn_error_add(err, "pointer", json_string(""));
        return SGN_PARAMS;
    }
    return status;
}

/* Fills in what the request says about its job: team, case, request id. */
static enum sgn_status
job_fill(struct lane_job *job, const struct rpc_request *request, struct sgn_error *err)
{
    const struct rpc_method *method = request->method;
    enum sgn_status status = SGN_OK;
    const char *team, *case_key;

    job->item = (void *)method;
    job->access = method->access;
    job->needs = rpc_method_needs(method);
    job->method = method->name;
    job->params = json_incref(request->params);
    job->at = request->at;
    if (rpc_method_writes(method))
        status = request_digest(request->connection->rpc, job, err);
    if (status != SGN_OK)
        return status;
    team = sgn_json_str(job->params, "team");
    if (job->is_operator && rpc_method_of_team(method) && team != NULL) {
        sgn_text_copy(job->team, sizeof(job->team), team);
        (void)json_object_del(job->params, "team");
        status = team_check(request->connection->rpc->options.lane, job->team, err);
    }
    case_key = sgn_json_str(job->params, "case");
    if (case_key != NULL && strlen(case_key) < sizeof(job->case_key))
        sgn_text_copy(job->case_key, sizeof(job->case_key), case_key);
    return status;
}

/* The first half is done on a query thread: the second goes to the lane. */
static bool
goes_on(const struct rpc_request *request, struct lane_job *job)
{
    struct rpc *rpc = request->connection->rpc;
    struct sgn_error err = { 0 };
    enum sgn_status status;

    if (request->method->where != RPC_DISK || request->method->run == NULL ||
        job->status != SGN_OK || job->run != NULL)
        return false;
    job->run = request->method->run;
    /* Once it is submitted the job is the lane's, which may be done with it already. */
    status = lane_put(rpc->options.lane, job, &err);
    if (status == SGN_OK) {
        rpc->jobs++;
        return true;
    }
    job->status = status;
    sgn_error_move(&job->error, &err);
    return false;
}

/* An answer for which memory ran out may lack anything: it is refused. */
static enum sgn_status
call_local(struct rpc_request *request)
{
    uint64_t failures = sgn_memory_failures();
    enum sgn_status status = request->method->local(request->connection, request->params,
                                                    &request->result, &request->error);

    if (sgn_memory_failures() == failures)
        return status;
    json_decref(request->result);
    request->result = NULL;
    return sgn_nomem(&request->error);
}

static void
request_finish(struct rpc_task *task, struct lane_job *job)
{
    struct rpc_request *request = (struct rpc_request *)task;
    struct rpc_connection *connection = request->connection;

    request->query = NULL;
    /* The client may repeat it with the same request_id and will get the answer it missed. */
    if (connection == NULL) {
        /* Nobody is there to be answered; what was committed stays. */
        request->status = job->status;
        request->result = job->result;
        job->result = NULL;
        rpc_journal_end(request->task.rpc, request);
        rpc_request_free(request);
        lane_job_free(job);
        return;
    }
    if (goes_on(request, job))
        return;
    request->status = job->status;
    if (job->status != SGN_OK)
        sgn_error_move(&request->error, &job->error);
    request->result = job->result;
    job->result = NULL;
    lane_job_free(job);
    /* Before the answer is looked at: a method that changes the session may start the next
     * request. */
    connection->running--;
    request->phase = RPC_DONE;
    if (request->status == SGN_OK && request->method->where == RPC_SESSION)
        request->status = call_local(request);
    if (request->method->where == RPC_SESSION)
        rpc_watches_resume(connection); /* the answer goes first: queries end on a later turn */
    request->settled(connection);       /* may free the request */
}

/* Params go with the job, uncopied; the request looks at them again only when it is done. */
static enum sgn_status
job_start(struct rpc_request *request, struct sgn_error *err)
{
    struct rpc_connection *connection = request->connection;
    struct lane *lane = connection->rpc->options.lane;
    const struct rpc_method *method = request->method;
    uint64_t failures = sgn_memory_failures();
    struct lane_job *job;
    enum sgn_status status;

    request->task.finish = request_finish;
    job = rpc_job_new(connection, &request->task);
    if (job == NULL)
        return sgn_nomem(err);
    status = job_fill(job, request, err);
    if (sgn_memory_failures() != failures)
        status = sgn_nomem(err);
    if (status == SGN_OK && is_lane(method->where)) {
        job->run = method->run;
        status = lane_put(lane, job, err);
    } else if (status == SGN_OK) {
        job->query = rpc_query_run;
        request->query = job;
        status = lane_query(lane, job, err);
    }
    if (status != SGN_OK) {
        request->query = NULL;
        lane_job_free(job);
        return status;
    }
    connection->rpc->jobs++;
    connection->running++;
    connection->running_where = method->where;
    request->phase = RPC_RUNNING;
    return SGN_OK;
}

/* Once is enough to find out who it is; a program that asks a thousand times is one to be changed.
 */
static void
tell_deprecated(struct rpc_request *request)
{
    struct rpc_connection *connection = request->connection;
    const struct rpc_deprecation *table = connection->rpc->options.deprecations;
    const struct rpc_deprecation *used =
        connection->told_deprecated
            ? NULL
            : rpc_deprecation_used(table != NULL ? table : rpc_deprecations(),
                                   request->method->name, request->params);

    if (used == NULL)
        return;
    connection->told_deprecated = true;
    sgn_log(SGN_LOG_WARN, "used, and going to be removed", "what", used->what, "removed",
            used->removed, "instead", used->instead, "team", connection->session.team, "person",
            connection->session.person, NULL);
}

/* The gate. Nothing of a method runs before its row has been asked: may this session call it at
 * all, and are these its parameters. */
void
rpc_request_start(struct rpc_request *request)
{
    const struct rpc_session *session = &request->connection->session;
    const struct rpc_method *method = request->method;
    struct sgn_error *err = &request->error;
    enum sgn_status status;

    rpc_session_used(request->connection, request->at);
    rpc_journal_begin(request);
    status = rpc_admit(method, session, err);
    if (status == SGN_OK && method->lasting && request->connection->peer.brief && !request->vouches)
        status = sgn_fail(err, SGN_FORBIDDEN,
                          "%s is for connections that stay; here each request stands for itself, "
                          "and brings its token along",
                          method->name);
    if (status == SGN_OK)
        status = rpc_shape_check(method, session->is_operator, request->params, err);
    if (status == SGN_OK)
        status = rpc_login_may(request, err);
    if (status == SGN_OK)
        tell_deprecated(request);
    if (status == SGN_OK && (method->run != NULL || method->query != NULL)) {
        status = job_start(request, err);
        if (status == SGN_OK)
            return;
    } else if (status == SGN_OK) {
        status = call_local(request);
    }
    request->status = status;
    request->phase = RPC_DONE;
}
