/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Something is sent to a hook. Who has signed it is looked at before a byte of it is read:
 *
 *   check ──▶ ask ──▶ find ──▶ act
 *
 * check (query thread) verifies the signature, and reads the body; ask (lane, as the hook's person)
 * calls the team's function, unless the same was done before; find looks for the case, where it was
 * not named; act is the method that the function has chosen, as that person, by the same way as any
 * other call of it. What was done is answered alike however often it is sent.
 *
 * Whoever cannot sign learns nothing: one answer for a team, a hook or a secret that there is not.
 */
#include "hook.h"
#include "hooks.h"
#include "visit_internal.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ANSWER_MAX ((size_t)16 << 10)
#define RETRY_S    10

/* ---- answers ---- */

static void
answer_json(struct rpc_visit *visit, int status, json_t *said_take)
{
    struct sgn_buf text;

    sgn_buf_init(&text, ANSWER_MAX);
    if (said_take == NULL || sgn_json_append(&text, said_take) != SGN_OK ||
        sgn_buf_puts(&text, "\n") != SGN_OK) {
        sgn_buf_reset(&text);
        status = 503;
    }
    json_decref(said_take);
    visit_answer(visit, &(struct rpc_visit_answer){ .status = status,
                                                    .type = RPC_VISIT_JSON,
                                                    .body = text.bytes != NULL ? text.bytes : "",
                                                    .n = text.len,
                                                    .retry_s = status == 503 ? RETRY_S : 0 });
    sgn_buf_deinit(&text);
}

static void
refuse(struct rpc_visit *visit, int status, const char *code, const char *why)
{
    answer_json(visit, status, json_pack("{s:{s:s, s:s}}", "error", "code", code, "message", why));
}

static void
busy(struct rpc_visit *visit)
{
    refuse(visit, 503, "overloaded", "the server is busy; send it again");
}

static void
unknown(struct rpc_visit *visit)
{
    visit_missed(visit, false);
    refuse(visit, 404, "not_found", "there is no such hook, or this is not signed with its secret");
}

/* 4xx: sending the same again will not help before somebody has changed something here. */
static int
status_of(enum sgn_status st)
{
    switch (st) {
    case SGN_PARSE:
        return 400;
    case SGN_FORBIDDEN:
    case SGN_UNAUTHENTICATED:
        return 403;
    case SGN_CONFLICT:
    case SGN_NOT_NOW:
    case SGN_REFUSED:
        return 409;
    case SGN_OVERLOADED:
    case SGN_UNAVAILABLE:
    case SGN_UNKNOWN_OUTCOME:
    case SGN_NOMEM:
        return 503;
    case SGN_INTERNAL:
        return 500;
    default:
        return 422;
    }
}

static void
fail(struct rpc_visit *visit, enum sgn_status st, const char *why)
{
    if (st == SGN_RULE_ERROR || st == SGN_RULE_OVERRUN)
        sgn_log(SGN_LOG_WARN, "a hook's function failed", "team",
                sgn_json_str(visit->found, "team"), "hook", sgn_json_str(visit->found, "hook"),
                "why", why, NULL);
    refuse(visit, status_of(st), sgn_status_code(st), why);
}

static void
ignored(struct rpc_visit *visit, const char *why)
{
    answer_json(visit, 200, json_pack("{s:s}", "ignored", why));
}

/* ---- act ---- */

/* The first answer and every later one to the same: what its entry holds. */
static void
done(struct rpc_visit *visit, const json_t *result)
{
    answer_json(visit, 200,
                json_pack("{s:O?, s:O?}", "case", json_object_get(result, "case"), "entry",
                          json_object_get(result, "entry")));
}

static void
on_acted(struct rpc_visit *visit, struct lane_job *job)
{
    if (job->status == SGN_OK)
        done(visit, job->result);
    else
        fail(visit, job->status, job->error.message);
}

/* A job of the hook's person: the token is the signature, and the rights are that person's. */
static struct lane_job *
person_job(struct rpc_visit *visit, const char *method,
           void (*next)(struct rpc_visit *visit, struct lane_job *job))
{
    struct lane_job *job = visit_job(visit, method, next);

    if (job == NULL)
        return NULL;
    job->access = CORE_MEMBER;
    job->channel = "hook";
    sgn_text_copy(job->team, sizeof job->team, sgn_json_str(visit->found, "team"));
    sgn_text_copy(job->person, sizeof job->person, sgn_json_str(visit->found, "by"));
    return job;
}

static void
once(const struct rpc_visit *visit, struct lane_job *job)
{
    sgn_text_copy(job->request, sizeof job->request, sgn_json_str(visit->found, "request"));
    sgn_text_copy(job->request_digest, sizeof job->request_digest,
                  sgn_json_str(visit->found, "digest"));
}

/* The params of the plan (their own from here on) as a call of this method; NULL: it has ended. */
static struct lane_job *
method_job(struct rpc_visit *visit, const char *name, json_t *params,
           void (*next)(struct rpc_visit *visit, struct lane_job *job))
{
    const struct rpc_method *method = rpc_method_find(name);
    struct sgn_error err = { 0 };
    struct lane_job *job = NULL;
    enum sgn_status st =
        method != NULL && params != NULL ? rpc_shape_check(method, false, params, &err) : SGN_NOMEM;

    if (st == SGN_OK)
        job = person_job(visit, method->name, next);
    if (job == NULL) {
        if (st == SGN_OK || st == SGN_NOMEM)
            busy(visit);
        else
            fail(visit, SGN_RULE_ERROR, err.message);
        json_decref(params);
        sgn_error_clear(&err);
        return NULL;
    }
    json_decref(job->params);
    job->params = params;
    job->item = (void *)method;
    return job;
}

static void
act(struct rpc_visit *visit)
{
    json_t *params = json_deep_copy(json_object_get(visit->plan, "params"));
    const char *key = sgn_json_str(params, "case");
    struct lane_job *job = method_job(visit, sgn_json_str(visit->plan, "method"), params, on_acted);

    if (job == NULL)
        return;
    job->run = rpc_method_find(job->method)->run;
    if (key != NULL)
        sgn_text_copy(job->case_key, sizeof job->case_key, key);
    once(visit, job);
    if (!visit_submit(visit, job))
        busy(visit);
}

/* ---- find ---- */

static void go_by(struct rpc_visit *visit);

/* "issue with ticket PROJ-12", for whoever reads the answer. */
static void
describe(const json_t *find, char out[256])
{
    json_t *fields = json_object_get(find, "fields");
    char *text = json_dumps(fields, JSON_COMPACT);

    snprintf(out, 256, "%s with %.180s", sgn_json_str(find, "workflow"), text != NULL ? text : "");
    free(text);
}

static void
on_listed(struct rpc_visit *visit, struct lane_job *job)
{
    const json_t *items = json_object_get(job->result, "items");
    json_t *otherwise = json_object_get(visit->plan, "otherwise");
    const json_t *find = json_object_get(visit->plan, "find");
    char what[256], why[300];

    if (job->status != SGN_OK) {
        fail(visit, job->status, job->error.message);
        return;
    }
    describe(find, what);
    if (json_array_size(items) == 1) {
        (void)json_object_set_new(json_object_get(visit->plan, "params"), "case",
                                  json_string(sgn_json_str(json_array_get(items, 0), "case")));
        act(visit);
    } else if (json_array_size(items) > 1) {
        snprintf(why, sizeof why, "there are several open cases: %s", what);
        fail(visit, SGN_CONFLICT, why);
    } else if (otherwise != NULL) {
        json_incref(otherwise);
        json_decref(visit->plan);
        visit->plan = otherwise;
        go_by(visit);
    } else {
        snprintf(why, sizeof why, "there is no open case: %s", what);
        ignored(visit, why);
    }
}

static void
find(struct rpc_visit *visit)
{
    json_t *params = json_deep_copy(json_object_get(visit->plan, "find"));
    struct lane_job *job;

    (void)json_object_set_new(params, "open", json_true());
    (void)json_object_set_new(params, "limit", json_integer(2));
    job = method_job(visit, "case.list", params, on_listed);
    if (job == NULL)
        return;
    job->query = rpc_query_run;
    if (!visit_submit(visit, job))
        busy(visit);
}

static void
go_by(struct rpc_visit *visit)
{
    const char *why = sgn_json_str(visit->plan, "ignored");

    if (why != NULL)
        ignored(visit, why);
    else if (json_object_get(visit->plan, "find") != NULL)
        find(visit);
    else
        act(visit);
}

/* ---- ask ---- */

static enum sgn_status
ask_run(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *does = NULL;
    enum sgn_status st = lane_hook_ask(run, sgn_json_str(job->params, "hook"),
                                       json_object_get(job->params, "sent"), &does, err);

    if (st != SGN_OK)
        return st;
    job->result = json_pack("{s:o}", "does", does);
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

static void
on_asked(struct rpc_visit *visit, struct lane_job *job)
{
    const json_t *does = json_object_get(job->result, "does");
    struct sgn_error err = { 0 };
    enum sgn_status st;

    if (job->status != SGN_OK) {
        fail(visit, job->status, job->error.message);
        return;
    }
    if (does == NULL) { /* the same has come before: what was answered then */
        done(visit, job->result);
        return;
    }
    st = rpc_hook_plan(does, &visit->plan, &err);
    if (st == SGN_OK)
        go_by(visit);
    else
        fail(visit, st, err.message);
    sgn_error_clear(&err);
}

/* What was sent is the lane's from here on: nothing of it stays with the visit. */
static void
ask(struct rpc_visit *visit)
{
    json_t *sent = json_incref(json_object_get(visit->found, "sent"));
    struct lane_job *job = person_job(visit, "hook.receive", on_asked);

    (void)json_object_del(visit->found, "sent");
    if (job != NULL) {
        job->run = ask_run;
        once(visit, job);
        (void)json_object_set_new(job->params, "hook",
                                  json_string(sgn_json_str(visit->found, "hook")));
        (void)json_object_set(job->params, "sent", sent);
    }
    json_decref(sent);
    if (!visit_submit(visit, job))
        busy(visit);
}

/* ---- check ---- */

/* Where there is nothing to compare with, the same work is done for nothing. */
static enum rpc_hook_verdict
verify_none(const struct rpc_hook_sent *sent)
{
    (void)rpc_hook_verify("standard", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", sent);
    return RPC_HOOK_FORGED;
}

/* By the secret of now, or by the one before it while that is still good. Both are looked at. */
static enum rpc_hook_verdict
verify(const json_t *hook, const json_t *row, const struct rpc_hook_sent *sent, int64_t at)
{
    const char *scheme = sgn_json_str(hook, "scheme"), *secret = sgn_json_str(row, "secret");
    const char *old = sgn_json_str(row, "old_secret");
    enum rpc_hook_verdict verdict, before = RPC_HOOK_FORGED;

    if (hook == NULL || secret == NULL)
        return verify_none(sent);
    verdict = rpc_hook_verify(scheme, secret, sent);
    if (old != NULL && sgn_json_int(row, "old_until", 0) > at)
        before = rpc_hook_verify(scheme, old, sent);
    return verdict > before ? verdict : before;
}

static enum sgn_status
row_read(struct store_reader *reader, const char *team, const char *name, json_t **row,
         struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "hook", name);
    enum sgn_status st =
        key != NULL ? store_row_get(reader, STORE_HOOK, team, key, row, err) : sgn_nomem(err);

    json_decref(key);
    return sgn_if_any(st, err);
}

static enum sgn_status
give(struct lane_job *job, const json_t *hook, const struct rpc_hook_sent *sent,
     struct sgn_error *err)
{
    const char *name = sgn_json_str(hook, "name");
    char request[SGN_HASH_HEX], digest[SGN_HASH_HEX];
    json_t *body = NULL;
    enum sgn_status st = rpc_hook_body(sent->body, sent->n, &body, err);

    if (st != SGN_OK) {
        json_decref(body);
        return st == SGN_NOMEM ? st : SGN_PARSE;
    }
    rpc_hook_request(name, sgn_json_str(hook, "scheme"), sent, request);
    sgn_sha256(sent->body, sent->n, digest);
    job->result = json_pack("{s:O, s:s, s:O, s:s, s:s, s:{s:o, s:o}}", "team",
                            json_object_get(job->params, "team"), "hook", name, "by",
                            json_object_get(hook, "by"), "request", request, "digest", digest,
                            "sent", "body", body, "headers", rpc_hook_shown(sent->headers));
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

/* On a query thread. SGN_UNAUTHENTICATED: not signed by who may send here; SGN_PARAMS: it is, but
 * not now; SGN_PARSE: it is, and is no JSON. */
static enum sgn_status
check(struct store_reader *reader, struct lane *lane, struct lane_job *job, struct sgn_error *err)
{
    const char *team = sgn_json_str(job->params, "team"), *name = sgn_json_str(job->params, "hook");
    const json_t *body = json_object_get(job->params, "body");
    struct rpc_hook_sent sent = { json_string_value(body), json_string_length(body),
                                  json_object_get(job->params, "headers"),
                                  (int64_t)time(NULL) * SGN_SECOND_MS };
    bool valid = sgn_key_valid(team) && sgn_key_valid(name);
    json_t *hook = valid ? lane_hook(lane, team, name) : NULL, *row = NULL;
    enum sgn_status st = row_read(reader, valid ? team : "-", valid ? name : "-", &row, err);
    enum rpc_hook_verdict verdict =
        st == SGN_OK ? verify(hook, row, &sent, job->at) : RPC_HOOK_FORGED;

    if (st == SGN_OK && verdict == RPC_HOOK_FORGED)
        st = SGN_UNAUTHENTICATED;
    else if (st == SGN_OK && verdict == RPC_HOOK_STALE)
        st = SGN_PARAMS;
    else if (st == SGN_OK)
        st = give(job, hook, &sent, err);
    json_decref(hook);
    json_decref(row);
    return st;
}

static void
on_checked(struct rpc_visit *visit, struct lane_job *job)
{
    if (job->status == SGN_UNAUTHENTICATED || job->status == SGN_NOT_FOUND) {
        unknown(visit);
    } else if (job->status == SGN_PARAMS || job->status == SGN_PARSE) {
        if (job->status == SGN_PARSE) /* what is stale may have been sent by who has heard it */
            visit_met(visit);
        refuse(visit, 400, sgn_status_code(job->status),
               job->status == SGN_PARSE
                   ? "the body is no JSON that is taken"
                   : "webhook-timestamp is more than five minutes from this server's clock");
    } else if (job->status != SGN_OK) {
        fail(visit, job->status, "the server cannot look at it now; send it again");
    } else {
        visit_met(visit);
        visit->found = json_incref(job->result);
        ask(visit);
    }
}

bool
visit_hook_begin(struct rpc_visit *visit, const struct rpc_visit_ask *ask)
{
    const char *slash = memchr(ask->name, '/', ask->name_n), *end = ask->name + ask->name_n;
    const char *hook = slash != NULL ? slash + 1 : end;
    size_t n = (size_t)((slash != NULL ? slash : end) - ask->name);
    struct lane_job *job = visit_job(visit, "hook.receive", on_checked);

    if (job == NULL)
        return false;
    job->access = CORE_ANYONE;
    job->channel = "hook";
    job->query = check;
    json_decref(job->params);
    job->params = json_pack("{s:o, s:o, s:o, s:o}", "team", json_stringn_nocheck(ask->name, n),
                            "hook", json_stringn_nocheck(hook, (size_t)(end - hook)), "body",
                            json_stringn_nocheck(ask->body, ask->body_n), "headers",
                            json_deep_copy(ask->headers));
    return visit_submit(visit, job);
}
