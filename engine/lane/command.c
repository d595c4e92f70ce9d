/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands on cases: load, decide, stage.
 */
#include "calendars.h"
#include "files.h"
#include "json.h"
#include "lane_internal.h"
#include "profile.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- deciding ---- */

const char *
lane_actor(const struct lane_job *job)
{
    return job->person[0] != '\0' ? job->person : job->is_operator ? "operator" : "system";
}

struct lane_entry *
lane_entry_draft(struct lane_run *run, const char *actor, const char *channel)
{
    struct lane_entry *entry = calloc(1, sizeof *entry);

    if (entry == NULL)
        return NULL;
    sgn_text_copy(entry->team, sizeof entry->team, run->team);
    sgn_text_copy(entry->actor, sizeof entry->actor, actor);
    entry->channel = channel;
    return entry;
}

enum sgn_status
lane_entry_case(struct lane_run *run, struct lane_entry *entry, const json_t *row,
                struct sgn_error *err)
{
    char key[16 + SGN_KEY_MAX];
    const json_t *project = NULL;
    enum sgn_status st;

    sgn_text_join(key, sizeof key, "project:", sgn_json_str(row, "project"));
    st = lane_fact(run, key, &project, err);
    sgn_text_copy(entry->client, sizeof entry->client, sgn_json_str(project, "client"));
    entry->row = json_incref((json_t *)row);
    return st;
}

static bool
asks_for_case_effects(const json_t *internal)
{
    size_t i;
    json_t *effect;

    json_array_foreach(json_object_get(internal, "effects"), i, effect)
        if (lane_effect_is_on_cases(effect))
            return true;
    return false;
}

/* A link stands with the case that has it; these rows find it from the other side. */
static enum sgn_status
put_links(struct lane_run *run, const struct lane_entry *entry, struct sgn_error *err)
{
    const char *key = sgn_json_str(entry->row, "key");
    enum sgn_status st = SGN_OK;
    const json_t *link;
    size_t i;

    json_array_foreach(json_object_get(entry->internal, "links"), i, link) {
        json_t *row = json_pack(
            "{s:s, s:O, s:O, s:I}", "case", key, "other", json_object_get(link, "case"), "kind",
            json_object_get(link, "kind"), "since", (json_int_t)entry->decided_at);

        if (row == NULL)
            return sgn_nomem(err);
        if (st == SGN_OK)
            st = sgn_json_true(link, "gone") ? lane_row_remove(run, STORE_CASE_LINK, row, err)
                                             : lane_row_put(run, STORE_CASE_LINK, row, err);
        json_decref(row);
    }
    return st;
}

/* Turns an accepted decision into the run's entry. */
static enum sgn_status
take_decision(struct lane_run *run, const struct core_command *command, const json_t *facts,
              struct core_decision *decision, struct sgn_error *err)
{
    struct lane_entry *entry = lane_entry_draft(run, command->actor, command->channel);
    enum sgn_status st;
    const char *client;
    char project[16 + SGN_KEY_MAX];

    if (entry == NULL)
        return sgn_nomem(err);
    sgn_text_join(project, sizeof project, "project:", sgn_json_str(decision->row, "project"));
    client = sgn_json_str(json_object_get(facts, project), "client");
    sgn_text_copy(entry->client, sizeof entry->client, client);
    if (decision->on_behalf != NULL)
        sgn_text_copy(entry->on_behalf, sizeof entry->on_behalf, decision->on_behalf);
    entry->decided_at = command->at;
    entry->kind = decision->kind;
    entry->row = json_incref(decision->row);
    entry->shared = json_incref(decision->shared);
    entry->internal = json_incref(decision->internal);
    entry->opens_or_ends = decision->opens_or_ends;
    entry->has_effects = asks_for_case_effects(entry->internal);
    assert(run->entry == NULL);
    run->entry = entry;
    if (decision->takes != NULL)
        run->takes = lane_lend(run, json_incref(decision->takes));
    st = put_links(run, entry, err);
    return st == SGN_OK ? lane_files_attach(run, entry, err) : st;
}

/* Without memory for it nothing is traced. */
static void
trace_begin(const struct lane *lane, struct core_question *question)
{
    if (lane->options.decided != NULL)
        question->trace = json_array();
}

enum sgn_status
lane_decide(struct lane_run *run, const struct core_command *command, const struct model *model,
            const json_t *row, struct sgn_error *err)
{
    struct core_known known = { 0 };
    struct core_question question = { model, row, command, &known, NULL };
    struct core_decision decision = { 0 };
    enum sgn_status st = lane_usual_facts(run, command, row, &known.facts, err);

    if (st == SGN_OK && run->wanted != NULL)
        st = lane_facts_more(run, &known.facts, run->wanted, err);
    if (st == SGN_OK)
        st = lane_calendars_of(run, &known.calendars, err);
    trace_begin(run->lane, &question);
    known.answers = run->job->parked != NULL ? &run->job->parked->answers : NULL;
    for (int round = 0; st == SGN_OK; round++) {
        st = core_decide(&question, &decision, err);
        if (decision.verdict == CORE_ACCEPTED && st == SGN_OK) {
            st = take_decision(run, command, known.facts, &decision, err);
            if (st == SGN_OK && question.trace != NULL)
                run->lane->options.decided(run->lane->options.ctx, model, question.trace);
            break;
        }
        if (decision.verdict != CORE_NEEDS)
            break;
        if (round >= CORE_ROUNDS_MAX) {
            st = sgn_fail(err, SGN_RULE_OVERRUN, "the decision asked for more than %d rounds",
                          CORE_ROUNDS_MAX);
            break;
        }
        sgn_error_clear(err);
        if (decision.calls.n > 0) {
            st = lane_ask(run, &decision, model, err);
            if (st == SGN_OK)
                st = SGN_NEEDS;
            break;
        }
        st = lane_facts_more(run, &known.facts, decision.facts, err);
        if (run->wanted != NULL)
            lane_facts_want(run, decision.facts);
        core_decision_deinit(&decision);
        memset(&decision, 0, sizeof decision);
        if (question.trace != NULL) /* it begins again */
            json_array_clear(question.trace);
    }
    lane_profile_decided(run, model, command, st);
    json_decref(question.trace);
    core_decision_deinit(&decision);
    json_decref(known.facts);
    return st;
}

enum sgn_status
lane_decide_failed(struct lane_run *run, const struct core_command *command,
                   const struct model *model, const json_t *row, const struct sgn_error *why,
                   struct sgn_error *err)
{
    struct core_known known = { 0 };
    struct core_question question = { model, row, command, &known, NULL };
    struct core_decision decision = { 0 };
    enum sgn_status st = lane_usual_facts(run, command, row, &known.facts, err);

    if (st == SGN_OK)
        st = lane_calendars_of(run, &known.calendars, err);
    if (st == SGN_OK)
        st = core_decide_failed(&question, why, &decision, err);
    if (st == SGN_OK)
        st = take_decision(run, command, known.facts, &decision, err);
    core_decision_deinit(&decision);
    json_decref(known.facts);
    return st;
}

/* Puts the request and the answer on the entry that a command of a person made. */
enum sgn_status
lane_finish(struct lane_run *run, struct sgn_error *err)
{
    struct lane_entry *entry = run->entry;
    struct lane_job *job = run->job;
    json_t *header;
    int64_t seq, at;
    enum sgn_status st = lane_head(run->lane, run->team, &seq, &at, err);

    if (st != SGN_OK)
        return st;
    sgn_text_copy(entry->request, sizeof entry->request, job->request);
    sgn_text_copy(entry->request_digest, sizeof entry->request_digest, job->request_digest);
    header = json_pack("{s:I, s:s, s:s}", "seq", (json_int_t)seq + 1, "case", job->case_key, "kind",
                       entry->kind);
    json_decref(job->result);
    job->result = core_result(header, entry->shared, entry->internal);
    json_decref(header);
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

enum sgn_status
lane_model_of(struct lane_run *run, const json_t *row, struct model **out, struct sgn_error *err)
{
    return lane_model(run->lane, run->lane->reader, run->team, sgn_json_str(row, "rules"), out,
                      err);
}

int64_t
lane_command_time(const struct lane_run *run, const struct lane_case *item)
{
    return run->now > item->at ? run->now : item->at;
}

enum sgn_status
lane_sight(struct lane_run *run, const struct model *model, const json_t *project,
           const json_t *row, enum core_sight *out, struct sgn_error *err)
{
    const char *person = sgn_json_str(run->caller, "person");
    const json_t *delegations = NULL;
    char key[16 + SGN_KEY_MAX];
    enum sgn_status st = SGN_OK;

    *out = CORE_SEES_NOTHING;
    if (person != NULL && sgn_json_str(run->caller, "client") != NULL) {
        sgn_text_join(key, sizeof key, "delegation:", person);
        st = lane_fact(run, key, &delegations, err);
    }
    if (st == SGN_OK)
        *out = core_sight(model, run->caller, project, row, delegations, run->now);
    return st;
}

/* The case of the job for its caller; what the caller may not see is not found. */
enum sgn_status
lane_find_case(struct lane_run *run, struct lane_case **item, struct model **model,
               enum core_sight *sight, struct sgn_error *err)
{
    struct lane_job *job = run->job;
    enum sgn_status st = lane_case_item(run->lane, run->team, job->case_key, item, err);
    const json_t *row, *project = NULL;
    char key[16 + SGN_KEY_MAX];

    *model = NULL;
    if (st != SGN_OK)
        return st;
    row = (*item)->row;
    st = lane_model_of(run, row, model, err);
    if (st != SGN_OK || job->method == NULL || run->caller == NULL)
        return st;
    sgn_text_join(key, sizeof key, "project:", sgn_json_str(row, "project"));
    st = lane_fact(run, key, &project, err);
    if (st == SGN_OK)
        st = lane_sight(run, *model, project, row, sight, err);
    if (st != SGN_OK)
        return st;
    if (*sight == CORE_SEES_NOTHING)
        return sgn_fail(err, SGN_NOT_FOUND, "there is no case %.40s", job->case_key);
    return SGN_OK;
}

enum sgn_status
lane_command(struct lane_run *run, struct lane_job *job, enum core_kind kind, struct sgn_error *err)
{
    struct core_command command = { .kind = kind,
                                    .params = job->params,
                                    .actor = lane_actor(job),
                                    .channel = job->channel,
                                    .case_key = job->case_key };
    struct model *model = NULL;
    struct lane_case *item = NULL;
    enum core_sight sight = CORE_SEES_ALL;
    enum sgn_status st = lane_find_case(run, &item, &model, &sight, err);

    if (st != SGN_OK)
        goto out;
    command.at = lane_command_time(run, item);
    st = lane_fire_due(run, job->case_key, command.at, err);
    if (st != SGN_OK)
        goto out;
    st = lane_case_item(run->lane, run->team, job->case_key, &item, err);
    if (st != SGN_OK)
        goto out;
    command.at = lane_command_time(run, item);
    if (job->method == NULL) /* nobody else may name a cause */
        command.cause = json_object_get(job->params, "cause");
    st = lane_decide(run, &command, model, item->row, err);
    if (st == SGN_OK)
        st = lane_finish(run, err);
out:
    model_free(model);
    return st;
}

enum sgn_status
lane_case_fire(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return lane_command(run, job, CORE_FIRE, err);
}

enum sgn_status
lane_team_head(struct lane_run *run, int64_t *out, struct sgn_error *err)
{
    int64_t at;

    return lane_head(run->lane, run->team, out, &at, err);
}

enum sgn_status
lane_data_entry(struct lane_run *run, const json_t *params, struct sgn_error *err)
{
    struct lane_job *job = run->job;
    struct lane_entry *entry = lane_entry_draft(run, lane_actor(job), job->channel);
    json_t *result;
    int64_t seq, at;
    enum sgn_status st = lane_head(run->lane, run->team, &seq, &at, err);

    if (entry == NULL || st != SGN_OK) {
        free(entry);
        return entry == NULL ? sgn_nomem(err) : st;
    }
    assert(run->entry == NULL);
    entry->decided_at = run->now;
    entry->kind = "data";
    entry->internal = json_pack("{s:s, s:O}", "method", job->method != NULL ? job->method : "init",
                                "params", (json_t *)params);
    sgn_text_copy(entry->request, sizeof entry->request, job->request);
    sgn_text_copy(entry->request_digest, sizeof entry->request_digest, job->request_digest);
    run->entry = entry;
    result = job->result != NULL ? job->result : json_copy((json_t *)params);
    job->result = result;
    json_object_set_new(result, "entry", json_integer(seq + 1));
    return entry->internal != NULL ? SGN_OK : sgn_nomem(err);
}

/* Effects of the entry that was made last. */
enum sgn_status
lane_data_tell(struct lane_run *run, json_t *message_take, struct sgn_error *err)
{
    json_t *effects;

    assert(run->entry != NULL && run->entry->internal != NULL);
    effects = json_object_get(run->entry->internal, "effects");
    if (effects == NULL) {
        effects = json_array();
        if (json_object_set_new(run->entry->internal, "effects", effects) != 0)
            effects = NULL;
    }
    if (effects == NULL) {
        json_decref(message_take);
        return sgn_nomem(err);
    }
    return json_array_append_new(effects, message_take) == 0 ? SGN_OK : sgn_nomem(err);
}

enum sgn_status
lane_data_open(struct lane_run *run, json_t *opened_take, struct sgn_error *err)
{
    if (opened_take == NULL || json_object_set_new(opened_take, "kind", json_string("open")) != 0) {
        json_decref(opened_take);
        return sgn_nomem(err);
    }
    run->entry->has_effects = true;
    return lane_data_tell(run, opened_take, err);
}
