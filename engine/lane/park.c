/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking the rules, and jobs that wait for their answers.
 *
 * Calls are gathered over a turn and submitted together, so that a team's worker gets them
 * in one write. An answer is kept with the job that asked, under what was asked; a job is
 * run again when it is owed nothing more.
 */
#include "held.h"
#include "in_force.h"
#include "json.h"
#include "lane_internal.h"
#include "migrate.h"
#include "profile.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define PARKED_RETRY_MS 1000 /* a call may take a second */

void
lane_park_free(struct lane_parked *parked)
{
    if (parked == NULL)
        return;
    core_answers_clear(&parked->answers);
    json_decref(parked->loaded);
    lane_rehearsal_free(parked->rehearsal);
    free(parked);
}

bool
lane_is_owed(const struct lane_job *job)
{
    return job->parked != NULL && job->parked->owed > 0;
}

void
lane_park_end(struct lane_job *job)
{
    if (lane_is_owed(job))
        return;
    lane_park_free(job->parked);
    job->parked = NULL;
}

static struct lane_parked *
parked_of(struct lane_job *job)
{
    if (job->parked == NULL)
        job->parked = calloc(1, sizeof *job->parked);
    return job->parked;
}

/* ---- who is owed which answer ---- */

/* The id of a call says where its asker stands and, in the upper half, which one of all that
 * stood there: an answer that comes too late finds somebody else, or nobody, and is dropped. */
static uint64_t
id_of(const struct lane_askers *askers, int place)
{
    return (uint64_t)askers->items[place].times << 32 | (uint32_t)place;
}

static enum sgn_status
askers_grow(struct lane_askers *askers, struct sgn_error *err)
{
    int max = askers->max == 0 ? 64 : 2 * askers->max;
    struct lane_asker *items = realloc(askers->items, (size_t)max * sizeof *items);

    if (items == NULL)
        return sgn_nomem(err);
    for (int i = askers->max; i < max; i++)
        items[i] = (struct lane_asker){ .next = i + 1 < max ? i + 1 : -1 };
    askers->free = askers->max;
    askers->items = items;
    askers->max = max;
    return SGN_OK;
}

/* Notes that the job is owed an answer, and where it goes among its own: what->answer, and what
 * comes of the function behind it to what->then; -1: nowhere. */
static enum sgn_status
owe(struct lane *lane, struct lane_job *job, const struct lane_asker *what, uint64_t *id,
    struct sgn_error *err)
{
    struct lane_askers *askers = &lane->askers;
    struct lane_asker *asker;
    uint32_t times;

    if (askers->owed == askers->max && askers_grow(askers, err) != SGN_OK)
        return SGN_NOMEM;
    asker = &askers->items[askers->free];
    *id = id_of(askers, askers->free) + ((uint64_t)1 << 32);
    askers->free = asker->next;
    askers->owed++;
    times = asker->times;
    *asker = *what;
    asker->job = job;
    asker->times = times + 1;
    if (job->parked->owed++ == 0)
        job->parked->asked_ns = sgn_monotonic_ns();
    return SGN_OK;
}

static void
release(struct lane_askers *askers, int place)
{
    askers->items[place].job = NULL;
    askers->items[place].next = askers->free;
    askers->free = place;
    askers->owed--;
}

/* The held job that is owed the answer of this id; asked once. */
static bool
take_asker(struct lane *lane, uint64_t id, struct lane_asker *out)
{
    struct lane_askers *askers = &lane->askers;
    uint32_t place = (uint32_t)id;

    if (place >= (uint32_t)askers->max || askers->items[place].job == NULL ||
        id_of(askers, (int)place) != id)
        return false; /* its job ended meanwhile */
    *out = askers->items[place];
    release(askers, (int)place);
    return true;
}

/* Rare, and of jobs that end before their time: not worth a list of its own for each job. */
void
lane_park_forget(struct lane *lane, const struct lane_job *job)
{
    for (int i = 0; lane_is_owed(job) && i < lane->askers.max; i++)
        if (lane->askers.items[i].job == job) {
            release(&lane->askers, i);
            job->parked->owed--;
        }
}

/* ---- asking ---- */

static struct lane_call *
next_call(struct lane *lane)
{
    if (lane->n_calls == lane->max_calls) {
        int max = lane->max_calls == 0 ? 64 : 2 * lane->max_calls;
        struct lane_call *calls = realloc(lane->calls, (size_t)max * sizeof *calls);

        if (calls == NULL)
            return NULL;
        lane->calls = calls;
        lane->max_calls = max;
    }
    return &lane->calls[lane->n_calls];
}

/* Notes one call for the end of the turn, and that the job is owed its answer. Takes its inputs. */
static enum sgn_status
gather(struct lane *lane, struct lane_job *job, const char *digest, struct lane_profile_place place,
       struct core_call *call, struct sgn_error *err)
{
    struct lane_call *out = next_call(lane);
    struct core_answers *answers = &job->parked->answers;
    struct lane_asker what = {
        .then = -1, .function = call->function, .behind = call->then, .place = place
    };

    if (out == NULL)
        return sgn_nomem(err);
    what.answer = core_answers_expect(answers, call->function, &call->input);
    if (what.answer >= 0 && call->then != 0)
        what.then = core_answers_expect(answers, call->then, &call->then_input);
    if (what.answer < 0 || (call->then != 0 && what.then < 0))
        return sgn_nomem(err);
    if (owe(lane, job, &what, &out->id, err) != SGN_OK)
        return SGN_NOMEM;
    memcpy(out->team, job->team, sizeof out->team);
    sgn_text_copy(out->digest, sizeof out->digest, digest);
    out->call = *call;
    *call = (struct core_call){ 0 };
    lane->n_calls++;
    return SGN_OK;
}

enum sgn_status
lane_gather(struct lane *lane, struct lane_job *job, const struct model *model,
            struct core_calls *calls, struct sgn_error *err)
{
    enum sgn_status st = parked_of(job) != NULL ? SGN_OK : sgn_nomem(err);
    struct lane_profile_place place;

    if (st == SGN_OK)
        st = lane_version_open(lane, job->team, model, err);
    place = lane_profile_version(lane, job->team, model);
    for (int i = 0; st == SGN_OK && i < calls->n; i++)
        st = gather(lane, job, model->digest, place, &calls->items[i], err);
    return st;
}

/* Commands of persons: too many that wait are refused. The engine's own are never lost. */
static enum sgn_status
check_parked(const struct lane_run *run, struct sgn_error *err)
{
    int n = lane_waits_of(run->lane, run->team)->parked;

    if (run->job->method == NULL || n < run->lane->options.limits.parked_per_team)
        return SGN_OK;
    sgn_fail(err, SGN_OVERLOADED,
             "%d commands of this team wait for its rules already; try again later", n);
    sgn_error_add(err, "retry_after_ms", json_integer(PARKED_RETRY_MS));
    return SGN_OVERLOADED;
}

enum sgn_status
lane_ask(struct lane_run *run, struct core_decision *needs, const struct model *model,
         struct sgn_error *err)
{
    struct lane_parked *parked = parked_of(run->job);
    enum sgn_status st;

    if (parked == NULL)
        return sgn_nomem(err);
    if (++parked->rounds > CORE_ROUNDS_MAX)
        return sgn_fail(err, SGN_RULE_OVERRUN, "the decision asked its rules more than %d times",
                        CORE_ROUNDS_MAX);
    st = check_parked(run, err);
    return st == SGN_OK ? lane_gather(run->lane, run->job, model, &needs->calls, err) : st;
}

enum sgn_status
lane_ask_hook(struct lane_run *run, const char *digest, json_t *source_take, struct core_call *call,
              struct sgn_error *err)
{
    struct lane_parked *parked = parked_of(run->job);
    struct rules *rules = run->lane->options.rules;
    enum sgn_status st = SGN_OK;

    if (parked == NULL || source_take == NULL)
        st = sgn_nomem(err);
    else if (rules == NULL)
        st = sgn_fail(err, SGN_UNAVAILABLE, "no rules are loaded here");
    else
        st = check_parked(run, err);
    if (st == SGN_OK && !rules->ops->is_open(rules, run->team, digest))
        st = rules->ops->open(rules, run->team, digest, json_incref(source_take), err);
    json_decref(source_take);
    return st == SGN_OK ? gather(run->lane, run->job, digest,
                                 lane_profile_hooks(run->lane, run->team, digest), call, err)
                        : st;
}

enum sgn_status
lane_ask_load(struct lane_run *run, json_t *input_take, struct sgn_error *err)
{
    struct lane *lane = run->lane;
    struct lane_parked *parked = parked_of(run->job);
    const struct lane_asker what = { .answer = -1, .then = -1 };
    uint64_t id;
    enum sgn_status st;

    if (parked == NULL || owe(lane, run->job, &what, &id, err) != SGN_OK) {
        json_decref(input_take);
        return sgn_nomem(err);
    }
    st = lane->options.rules->ops->load(lane->options.rules, id, input_take, err);
    if (st != SGN_OK)
        lane_park_forget(lane, run->job);
    return st;
}

/* ---- answers ---- */

static json_t *
load_answer(enum sgn_status status, const json_t *value, const char *message)
{
    if (status == SGN_OK)
        return json_pack("{s:O}", "value", value);
    return json_pack("{s:{s:s, s:s}}", "error", "code", sgn_status_code(status), "message",
                     message);
}

/* Of a guard and the function behind it: [GUARD, null], or what that one gave, see rules.h. */
static void
give_both(struct core_answers *answers, const struct lane_asker *asker, const json_t *value)
{
    const json_t *behind = json_array_get(value, 1), *error = json_object_get(behind, "error");

    core_answers_give(answers, asker->answer, SGN_OK, json_array_get(value, 0), NULL);
    if (error != NULL)
        core_answers_give(answers, asker->then, sgn_status_of_code(sgn_json_str(error, "code")),
                          NULL, sgn_json_str(error, "message"));
    else if (json_object_get(behind, "value") != NULL)
        core_answers_give(answers, asker->then, SGN_OK, json_object_get(behind, "value"), NULL);
}

static void
on_answer(void *ctx, uint64_t id, enum sgn_status status, const json_t *value,
          const struct sgn_error *err, const struct rules_cost cost[2])
{
    struct lane *lane = ctx;
    struct lane_asker asker;
    struct lane_parked *parked;
    const char *message = err != NULL && err->message[0] != '\0' ? err->message : NULL;

    if (!take_asker(lane, id, &asker))
        return;
    parked = asker.job->parked;
    lane_profile_called(lane, &asker, status, cost);
    /* What does not pass before somebody acts is recorded with the engine's own work, which is
     * tried again then: tried now it would fail again, and for ever. */
    if (status == SGN_UNAVAILABLE && asker.job->method == NULL)
        status = SGN_RULE_ERROR;
    if (status == SGN_OVERLOADED && asker.job->method == NULL)
        lane_rest(lane); /* what is due is asked for again, but not at once */
    if (status == SGN_OK && value == NULL)
        value = json_null();
    if (status != SGN_OK && message == NULL)
        message = sgn_status_code(status);
    if (asker.answer < 0)
        parked->loaded = load_answer(status, value, message);
    else if (asker.then >= 0 && status == SGN_OK)
        give_both(&parked->answers, &asker, value);
    else
        core_answers_give(&parked->answers, asker.answer, status, value, message);
    parked->starved = parked->starved || status == SGN_NOMEM || lane_starved(lane);
    if (--parked->owed > 0)
        return;
    parked->wait_ns += sgn_monotonic_ns() - parked->asked_ns;
    if (!asker.job->behind)
        lane->held_more = true;
}

/* A person hears of it and may repeat; the engine's own work asks again. */
enum sgn_status
lane_park_check(struct lane_job *job, struct sgn_error *err)
{
    struct lane_parked *parked = job->parked;

    if (parked == NULL || !parked->starved)
        return SGN_OK;
    parked->starved = false;
    core_answers_clear(&parked->answers);
    json_decref(parked->loaded);
    parked->loaded = NULL;
    return job->method != NULL ? sgn_nomem(err) : SGN_OK;
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

    lane_flows_wake(lane->inbox);
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
    static const struct rules_cost no_cost[2];
    struct sgn_error why = { 0 };
    struct rules_call *calls;
    enum sgn_status st = SGN_OK;

    if (lane->n_calls == 0)
        return SGN_OK;
    calls = calloc((size_t)lane->n_calls, sizeof *calls);
    for (int i = 0; i < lane->n_calls; i++) {
        struct lane_call *call = &lane->calls[i];

        if (calls == NULL) {
            core_call_deinit(&call->call);
            continue;
        }
        calls[i] = (struct rules_call){ .id = call->id,
                                        .team = call->team,
                                        .digest = call->digest,
                                        .function = call->call.function,
                                        .purpose = call->call.purpose,
                                        .input = call->call.input,
                                        .then = call->call.then,
                                        .then_input = call->call.then_input };
    }
    if (calls != NULL)
        st = lane->options.rules->ops->submit(lane->options.rules, calls, lane->n_calls, &why);
    else
        st = sgn_nomem(&why);
    for (int i = 0; st != SGN_OK && i < lane->n_calls; i++)
        on_answer(lane, lane->calls[i].id, st, NULL, &why, no_cost);
    lane->n_calls = 0;
    free(calls);
    sgn_error_move(err, &why);
    return st;
}
