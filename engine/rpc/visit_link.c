/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sign-off link is visited: it is looked up, answered when something was sent, and shown.
 *
 *   GET, HEAD   lookup ─────────────▶ show ─▶ page
 *   POST        lookup ─▶ answer ──▶ show ─▶ page, with what became of the answer
 *
 * Only the second job changes anything. A form in which the name or the code is missing never gets
 * there, and is not counted against the link: that is what programs send which try all forms.
 */
#include "form.h"
#include "link_page.h"
#include "links.h"
#include "visit_internal.h"
#include <stdlib.h>
#include <string.h>

#define AGENT_MAX 256 /* bytes of it that are kept */

static const struct {
    const char *name;
    size_t max; /* bytes */
} inputs[] = { { "choice", 16 }, { "name", 200 }, { "code", 20 }, { "comment", 10000 } };

/* ---- the page ---- */

static void
page_answer(struct rpc_visit *visit, int status, const char *state, const json_t *shown)
{
    struct rpc_link_scene scene = { .language = visit->language,
                                    .state = state,
                                    .message = visit->message,
                                    .shown = shown,
                                    .typed = status == 200 ? NULL : visit->typed };
    char policy[RPC_LINK_POLICY_MAX];
    struct sgn_buf page;

    sgn_buf_init(&page, VISIT_PAGE_MAX);
    rpc_link_policy(policy);
    if (rpc_link_page(&page, &scene) == SGN_OK)
        visit_answer(visit, &(struct rpc_visit_answer){ .status = status,
                                                        .type = RPC_VISIT_HTML,
                                                        .body = page.bytes,
                                                        .n = page.len,
                                                        .policy = policy });
    else
        visit_fail(visit, 503, "out of memory");
    sgn_buf_deinit(&page);
}

/* The same for what never was, what ended long ago, and what its person may not see any more. */
static void
unknown(struct rpc_visit *visit)
{
    visit_missed(visit, true);
    free(visit->message);
    visit->message = NULL;
    page_answer(visit, 404, "unknown", NULL);
}

/* A link that is good, of a person who may act no more: it says why, and shows nothing. */
static bool
is_ended(struct rpc_visit *visit, const struct lane_job *job)
{
    const char *reason = sgn_json_str(job->error.data, "reason");

    if (job->status != SGN_UNAUTHENTICATED || reason == NULL || strcmp(reason, "client_ended") != 0)
        return false;
    page_answer(visit, 403, reason, NULL);
    return true;
}

static void
broken(struct rpc_visit *visit, enum sgn_status st)
{
    visit_broken(visit, st, unknown, "the link could not be looked up; try again");
}

/* ---- what became of it, as HTTP says it ---- */

static int
status_of(const char *state, bool posted)
{
    static const struct {
        const char *state;
        int looked, posted;
    } all[] = {
        { "open", 200, 200 },     { "done", 200, 200 },    { "used", 200, 409 },
        { "answered", 200, 409 }, { "decided", 410, 409 }, { "changed", 410, 409 },
        { "again", 410, 409 },    { "revoked", 410, 410 }, { "expired", 410, 410 },
        { "worn", 410, 410 },     { "resting", 429, 429 }, { "not_asked", 403, 403 },
        { "name", 422, 422 },     { "code", 422, 422 },    { "empty", 422, 422 },
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i].state, state) == 0)
            return posted ? all[i].posted : all[i].looked;
    return 500;
}

/* What the vote itself refused. */
static int
status_of_refusal(enum sgn_status st)
{
    switch (st) {
    case SGN_CONFLICT:
    case SGN_NOT_NOW:
    case SGN_REFUSED:
        return 409;
    case SGN_FORBIDDEN:
        return 403;
    case SGN_INVALID:
    case SGN_NEEDS_FIELDS:
    case SGN_TOO_LARGE:
        return 422;
    case SGN_OVERLOADED:
    case SGN_UNAVAILABLE:
    case SGN_UNKNOWN_OUTCOME:
        return 503;
    default:
        return 500;
    }
}

/* ---- jobs ---- */

static void
on_shown(struct rpc_visit *visit, struct lane_job *job)
{
    const char *shown = sgn_json_str(job->result, "state");
    const char *state = visit->state[0] != '\0' ? visit->state : shown;

    json_t *link = json_object_get(job->result, "link");
    struct lane *lane = visit->rpc->options.lane;

    if (job->status != SGN_OK) {
        if (!is_ended(visit, job))
            broken(visit, job->status);
        return;
    }
    /* Looking tells better than answering why it is another round. */
    if (strcmp(state, "again") == 0)
        state = shown;
    (void)json_object_set_new(
        link, "expires",
        rpc_time(rpc_zone(lane, sgn_json_str(link, "team")), sgn_json_int(link, "expires", 0)));
    page_answer(visit, visit->status != 0 ? visit->status : status_of(state, false), state,
                job->result);
}

/* The job speaks as the link's person, on its case. */
static struct lane_job *
link_job(struct rpc_visit *visit, const char *method, lane_run_fn run,
         void (*next)(struct rpc_visit *visit, struct lane_job *job))
{
    struct lane_job *job = visit_job(visit, method, next);

    if (job == NULL)
        return NULL;
    job->run = run;
    job->access = CORE_PERSON;
    job->channel = "link";
    sgn_text_copy(job->team, sizeof job->team, sgn_json_str(visit->found, "team"));
    sgn_text_copy(job->person, sizeof job->person, sgn_json_str(visit->found, "person"));
    sgn_text_copy(job->case_key, sizeof job->case_key, sgn_json_str(visit->found, "case"));
    /* Its own copy: from here on another thread has it. */
    (void)json_object_set_new(job->params, "link", json_deep_copy(visit->visitor));
    return job;
}

static void
show(struct rpc_visit *visit)
{
    if (!visit_submit(visit, link_job(visit, "link.open", lane_link_show, on_shown)))
        visit_fail(visit, 503, "the server is busy; try again");
}

static void
on_answered(struct rpc_visit *visit, struct lane_job *job)
{
    const char *state = sgn_json_str(job->result, "state");
    bool changed = json_object_get(job->error.data, "fields") != NULL;

    if (job->status == SGN_NOT_FOUND || job->status == SGN_UNAUTHENTICATED) {
        if (!is_ended(visit, job))
            unknown(visit);
        return;
    }
    if (job->status == SGN_OK) {
        sgn_text_copy(visit->state, sizeof visit->state, state);
        visit->status = status_of(state, true);
        if (strcmp(state, "name") == 0 || strcmp(state, "code") == 0)
            visit_missed(visit, false);
    } else {
        bool conflict = job->status == SGN_CONFLICT;
        sgn_text_copy(visit->state, sizeof visit->state,
                      conflict && changed ? "changed"
                      : conflict          ? "again"
                                          : "refused");
        visit->message = strdup(job->error.message);
        visit->status = status_of_refusal(job->status);
    }
    show(visit);
}

static bool
is_typed(const json_t *typed, const char *name)
{
    const char *text = sgn_json_str(typed, name);

    return text != NULL && text[strspn(text, " \t\r\n")] != '\0';
}

static void
on_found(struct rpc_visit *visit, struct lane_job *job)
{
    const char *kind = sgn_json_str(job->result, "kind");

    if (job->status != SGN_OK || kind == NULL || strcmp(kind, "signoff") != 0) {
        broken(visit, job->status == SGN_OK ? SGN_NOT_FOUND : job->status);
        return;
    }
    visit_met(visit);
    visit->found = json_incref(job->result);
    if (visit->file[0] != '\0' && !visit->posts) {
        visit_file(visit);
    } else if (!visit->posts) {
        show(visit);
    } else if (!is_typed(visit->typed, "choice") || !is_typed(visit->typed, "name") ||
               !is_typed(visit->typed, "code")) {
        sgn_text_copy(visit->state, sizeof visit->state, "empty");
        visit->status = 422;
        show(visit);
    } else if (!visit_submit(visit,
                             link_job(visit, "link.answer", lane_link_answer, on_answered))) {
        visit_fail(visit, 503, "the server is busy; nothing has been decided; try again");
    }
}

/* ---- what was sent ---- */

/* What is longer than it may be is as good as not there: nothing is cut short. */
static void
take_inputs(struct rpc_visit *visit)
{
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        json_t *value = json_object_get(visit->typed, inputs[i].name);

        if (value != NULL && json_string_length(value) > inputs[i].max)
            (void)json_object_del(visit->typed, inputs[i].name);
        else if (is_typed(visit->typed, inputs[i].name))
            (void)json_object_set(visit->visitor, inputs[i].name, value);
    }
}

/* A program says what it likes: of its name what is UTF-8 is kept. */
static json_t *
agent_of(const char *agent)
{
    size_t n = strlen(agent) < AGENT_MAX ? strlen(agent) : AGENT_MAX;

    while (n > 0 && !sgn_utf8_valid(agent, n))
        n--;
    return n > 0 ? json_stringn(agent, n) : json_null();
}

bool
visit_link_begin(struct rpc_visit *visit, const struct rpc_visit_ask *ask)
{
    bool valid = lane_link_token_valid(ask->name, ask->name_n);
    struct lane_job *job;

    /* What could be no link is looked up all the same: it takes as long. */
    visit->visitor = json_pack("{s:o, s:s, s:o}", "token",
                               json_stringn(valid ? ask->name : "-", valid ? ask->name_n : 1),
                               "address", ask->address, "agent", agent_of(ask->agent));
    if (visit->visitor == NULL)
        return false;
    if (visit->posts && rpc_form_read(ask->body, ask->body_n, &visit->typed, NULL) == SGN_OK)
        take_inputs(visit);
    job = visit_job(visit, "link.open", on_found);
    if (job == NULL)
        return false;
    job->access = CORE_ANYONE;
    job->channel = "link";
    job->query = lane_link_find;
    (void)json_object_set(job->params, "token", json_object_get(visit->visitor, "token"));
    return visit_submit(visit, job);
}
