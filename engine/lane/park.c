/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking the rules, and jobs that wait for their answers.
 *
 * Calls are gathered over a turn and submitted together, so that a team's worker gets them
 * in one write. An answer is kept with the job that asked, under the call's key; a job is
 * run again when it is owed nothing more.
 */
#include "json.h"
#include "lane_internal.h"
#include "migrate.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

void
lane_park_free(struct lane_parked *parked)
{
    if (parked == NULL)
        return;
    json_decref(parked->answers);
    json_decref(parked->owed);
    json_decref(parked->loaded);
    lane_rehearsal_free(parked->rehearsal);
    free(parked);
}

static struct lane_parked *
parked_of(struct lane_job *job)
{
    if (job->parked == NULL) {
        job->parked = calloc(1, sizeof *job->parked);
        if (job->parked == NULL)
            return NULL;
        job->parked->answers = json_object();
        job->parked->owed = json_object();
    }
    return job->parked;
}

void
lane_park_forget(struct lane *lane, const struct lane_job *job)
{
    const char *id;
    json_t *key;

    if (job->parked == NULL)
        return;
    json_object_foreach(job->parked->owed, id, key)
        json_object_del(lane->askers, id);
}

/* The held job that is owed the answer of this id; asked once. */
static struct lane_job *
take_asker(struct lane *lane, const char *id)
{
    intptr_t address = (intptr_t)sgn_json_int(lane->askers, id, 0);

    json_object_del(lane->askers, id);
    return (struct lane_job *)address;
}

/* Notes that the job is owed an answer; key says to which of its questions. */
static enum sgn_status
owe(struct lane *lane, struct lane_job *job, uint64_t id, json_t *key_take, struct sgn_error *err)
{
    char text[24];

    snprintf(text, sizeof text, "%llu", (unsigned long long)id);
    if (json_object_set_new(job->parked->owed, text, key_take) != 0)
        return sgn_nomem(err);
    if (json_object_set_new(lane->askers, text, json_integer((json_int_t)(intptr_t)job)) == 0)
        return SGN_OK;
    json_object_del(job->parked->owed, text);
    return sgn_nomem(err);
}

static enum rules_purpose
purpose_of(const char *text)
{
    if (strcmp(text, "guard") == 0)
        return RULES_GUARD;
    if (strcmp(text, "fields") == 0)
        return RULES_FIELDS;
    return strcmp(text, "who") == 0 ? RULES_WHO : RULES_RUN;
}

/* Notes one call for the end of the turn, and that the job is owed its answer. */
static enum sgn_status
gather(struct lane_run *run, const struct model *model, const json_t *call, struct sgn_error *err)
{
    struct lane *lane = run->lane;
    struct lane_call *out;
    enum sgn_status st;

    if (lane->n_calls == lane->max_calls) {
        int max = lane->max_calls == 0 ? 64 : 2 * lane->max_calls;
        struct lane_call *calls = realloc(lane->calls, (size_t)max * sizeof *calls);

        if (calls == NULL)
            return sgn_nomem(err);
        lane->calls = calls;
        lane->max_calls = max;
    }
    out = &lane->calls[lane->n_calls];
    snprintf(out->team, sizeof out->team, "%s", run->team);
    snprintf(out->digest, sizeof out->digest, "%s", model->digest);
    out->call = (struct rules_call){
        .id = ++lane->next_call,
        .function = (int)sgn_json_int(call, "function", 0),
        .purpose = purpose_of(sgn_json_str(call, "purpose")),
    };
    sgn_buf_init(&out->call.input, RULES_INPUT_MAX);
    st = rules_put_json(&out->call.input, json_object_get(call, "input"), err);
    if (st == SGN_OK)
        st = owe(lane, run->job, out->call.id, json_incref(json_object_get(call, "key")), err);
    if (st == SGN_OK)
        lane->n_calls++;
    else
        rules_call_deinit(&out->call);
    return st;
}

/* Commands of persons: too many that wait are refused. The engine's own are never lost. */
static enum sgn_status
check_parked(const struct lane_run *run, struct sgn_error *err)
{
    int64_t n = sgn_json_int(run->lane->parked, run->team, 0);

    if (run->job->method == NULL || n < run->lane->options.limits.parked_per_team)
        return SGN_OK;
    return sgn_fail(err, SGN_OVERLOADED,
                    "%lld commands of this team wait for its rules already; try again later",
                    (long long)n);
}

enum sgn_status
lane_ask(struct lane_run *run, struct core_decision *needs, const struct model *model,
         struct sgn_error *err)
{
    struct lane *lane = run->lane;
    struct lane_parked *parked = parked_of(run->job);
    size_t i;
    json_t *call;
    enum sgn_status st;

    if (parked == NULL)
        return sgn_nomem(err);
    if (++parked->rounds > CORE_ROUNDS_MAX)
        return sgn_fail(err, SGN_RULE_OVERRUN, "the decision asked its rules more than %d times",
                        CORE_ROUNDS_MAX);
    st = check_parked(run, err);
    if (st == SGN_OK)
        st = lane_version_open(lane, run->team, model, err);
    json_array_foreach(needs->calls, i, call) {
        if (st == SGN_OK)
            st = gather(run, model, call, err);
    }
    return st;
}

enum sgn_status
lane_ask_load(struct lane_run *run, json_t *input_take, struct sgn_error *err)
{
    struct lane *lane = run->lane;
    struct lane_parked *parked = parked_of(run->job);
    uint64_t id = ++lane->next_call;
    enum sgn_status st;

    if (parked == NULL || owe(lane, run->job, id, json_string("load"), err) != SGN_OK) {
        json_decref(input_take);
        return sgn_nomem(err);
    }
    parked->load_id = (int64_t)id;
    st = lane->options.rules->ops->load(lane->options.rules, id, input_take, err);
    if (st != SGN_OK) {
        lane_park_forget(lane, run->job);
        json_object_clear(parked->owed);
    }
    return st;
}

/* What does not pass before somebody acts is recorded with the engine's own work, which is tried
 * again then: tried now it would fail again, and for ever. */
static json_t *
answer_of(const struct lane_job *job, enum sgn_status status, const json_t *value,
          const struct sgn_error *err)
{
    if (status == SGN_OK)
        return json_pack("{s:O}", "value", value != NULL ? (json_t *)value : json_null());
    if (status == SGN_UNAVAILABLE && job->method == NULL)
        status = SGN_RULE_ERROR;
    return json_pack("{s:{s:s, s:s}}", "error", "code", sgn_status_code(status), "message",
                     err != NULL && err->message[0] != '\0' ? err->message
                                                            : sgn_status_code(status));
}

static void
on_answer(void *ctx, uint64_t id, enum sgn_status status, const json_t *value,
          const struct sgn_error *err)
{
    struct lane *lane = ctx;
    struct lane_job *job;
    char text[24];
    json_t *answer;

    snprintf(text, sizeof text, "%llu", (unsigned long long)id);
    job = take_asker(lane, text);
    if (job == NULL)
        return; /* its job ended meanwhile */
    answer = answer_of(job, status, value, err);
    if (status == SGN_OVERLOADED && job->method == NULL)
        lane_rest(lane); /* what is due is asked for again, but not at once */
    if (job->parked->load_id == (int64_t)id)
        job->parked->loaded = json_incref(answer);
    else
        json_object_set(job->parked->answers,
                        json_string_value(json_object_get(job->parked->owed, text)), answer);
    json_decref(answer);
    json_object_del(job->parked->owed, text);
}

/* Rules in this process work when they are asked to deliver. */
bool
lane_rules_ready(struct lane *lane)
{
    struct rules *rules = lane->options.rules;

    if (rules == NULL)
        return false;
    return (rules->ops->ready != NULL ? rules->ops->ready(rules) : rules->ops->pending(rules)) > 0;
}

static void
wake(void *ctx)
{
    struct lane *lane = ctx;

    sgn_queue_wake(lane->inbox);
}

void
lane_rules_listen(struct lane *lane, bool on)
{
    struct rules *rules = lane->options.rules;

    if (rules != NULL && rules->ops->listen != NULL)
        rules->ops->listen(rules, on ? wake : NULL, lane);
}

void
lane_deliver(struct lane *lane)
{
    if (lane->options.rules == NULL)
        return;
    (void)lane->options.rules->ops->deliver(lane->options.rules, on_answer, lane);
}

/* What was gathered goes out; when the rules take none of it, every asker hears why. */
enum sgn_status
lane_submit_calls(struct lane *lane, struct sgn_error *err)
{
    struct sgn_error why = { 0 };
    struct rules_call *calls;
    enum sgn_status st = SGN_OK;

    if (lane->n_calls == 0)
        return SGN_OK;
    calls = calloc((size_t)lane->n_calls, sizeof *calls);
    for (int i = 0; calls != NULL && i < lane->n_calls; i++) {
        calls[i] = lane->calls[i].call;
        calls[i].team = lane->calls[i].team;
        calls[i].digest = lane->calls[i].digest;
    }
    if (calls != NULL)
        st = lane->options.rules->ops->submit(lane->options.rules, calls, lane->n_calls, &why);
    else
        st = sgn_nomem(&why);
    for (int i = 0; st != SGN_OK && i < lane->n_calls; i++) {
        if (calls == NULL)
            rules_call_deinit(&lane->calls[i].call);
        on_answer(lane, lane->calls[i].call.id, st, NULL, &why);
    }
    lane->n_calls = 0;
    free(calls);
    sgn_error_move(err, &why);
    return st;
}
