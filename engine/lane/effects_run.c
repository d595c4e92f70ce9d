/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Effects on cases, carried out: commands of "system" whose request_id is <team>/<seq>/<n> of
 * their cause, in the order of their causes within a team. The reader "effects" of a team
 * remembers, in the commit of the command it issued, how far it came; a crash in between
 * repeats the command, which is then found done.
 */
#include "again.h"
#include "json.h"
#include "lane_internal.h"
#include "repeat.h"
#include "scheduled.h"
#include <stdlib.h>
#include <string.h>

#define EFFECTS_PER_TURN 256

static enum sgn_status
put_cursor(struct lane_run *run, const struct lane_effect *effect, struct sgn_error *err)
{
    json_t *row = json_pack("{s:s, s:I, s:i}", "name", "effects", "seq", (json_int_t)effect->seq,
                            "part", effect->n);
    enum sgn_status st = lane_row_put(run, STORE_READER, row, err);

    json_decref(row);
    return st;
}

/* The effect ended in an error: recorded on the case that asked for it, or as the schedule's. */
static enum sgn_status
record_failure(struct lane_run *run, const struct lane_effect *effect, const struct sgn_error *why,
               struct sgn_error *err)
{
    struct core_command command = { .kind = CORE_FIRE,
                                    .params = run->job->params,
                                    .actor = "system",
                                    .channel = "engine",
                                    .at = run->now,
                                    .case_key = effect->case_key };
    struct model *model = NULL;
    struct lane_case *item;
    enum sgn_status st;

    if (effect->case_key[0] == '\0')
        return lane_schedule_failed(run, effect, why, err);
    st = lane_case_item(run->lane, run->team, effect->case_key, &item, err);
    if (st != SGN_OK)
        return st;
    command.cause = json_object_get(run->job->params, "cause");
    st = lane_model_of(run, item->row, &model, err);
    if (st == SGN_OK)
        st = lane_decide_failed(run, &command, model, item->row, why, err);
    model_free(model);
    return st;
}

static enum sgn_status
run_effect(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const struct lane_effect *effect = job->ctx;
    struct sgn_error why = { 0 };
    enum sgn_status st;

    if (strcmp(sgn_json_str(effect->effect, "kind"), "again") == 0)
        st = sgn_fail(&why, SGN_NOT_FOUND, "what entry %lld asked for is there no more",
                      (long long)effect->cause_seq);
    else if (effect->depth > LANE_CHAIN_MAX)
        st = sgn_fail(&why, SGN_RULE_OVERRUN, "a chain of more than %d effects was cut",
                      LANE_CHAIN_MAX);
    else if (strcmp(sgn_json_str(effect->effect, "kind"), "fire") == 0)
        st = lane_command(run, job, CORE_FIRE, &why);
    else
        st = lane_case_open(run, job, &why);
    if (st == SGN_OK && sgn_json_str(effect->effect, "schedule") != NULL)
        st = lane_schedule_opened(run, effect, job->case_key, &why);
    if (lane_is_recorded(st)) {
        sgn_log(SGN_LOG_WARN, "effect failed", "case", effect->case_key, "why", why.message, NULL);
        lane_run_drop(run);
        st = record_failure(run, effect, &why, err);
    } else if (why.status != SGN_OK) {
        sgn_error_move(err, &why);
    }
    sgn_error_clear(&why);
    if (st == SGN_OK)
        st = put_cursor(run, effect, err);
    if (st != SGN_OK && st != SGN_NEEDS) { /* trouble that passes: none behind it goes before it */
        lane_work_missed(run->lane, run->team);
        lane_rest(run->lane);
    }
    return st;
}

/* The project in which an effect opens its case: the cause's. */
static json_t *
project_of(struct lane *lane, const struct lane_effect *effect)
{
    struct lane_case *item;

    if (effect->case_key[0] == '\0' || /* a schedule's: the only one there is */
        lane_case_item(lane, effect->team, effect->case_key, &item, NULL) != SGN_OK)
        return NULL;
    return json_object_get(item->row, "project");
}

/* ---- an effect tried again ---- */

static enum sgn_status
take_internal(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    return entry->internal != NULL
               ? sgn_json_parse(entry->internal, entry->internal_n, (json_t **)ctx, err)
               : SGN_OK;
}

/* What the cause asked for, from its entry: staged, or of the store. New reference. */
static json_t *
first_asked(struct lane *lane, const struct lane_effect *effect)
{
    json_t *internal = NULL, *asked;

    for (struct lane_entry *e = lane_batch_of(lane, effect->team)->entries; e != NULL; e = e->next)
        if (e->seq == effect->cause_seq && strcmp(e->team, effect->team) == 0)
            internal = lane_staged_part(e->sealed.internal);
    if (internal == NULL && store_entries(lane->reader, effect->team, effect->cause_seq, 1,
                                          take_internal, &internal, NULL) != SGN_OK)
        return NULL;
    asked =
        json_incref(json_array_get(json_object_get(internal, "effects"), (size_t)effect->cause_n));
    json_decref(internal);
    return asked;
}

static enum sgn_status
resolve(struct lane *lane, struct lane_effect *effect)
{
    json_t *asked;

    if (strcmp(sgn_json_str(effect->effect, "kind"), "again") != 0)
        return SGN_OK;
    asked = first_asked(lane, effect);
    if (asked == NULL)
        return SGN_NOT_FOUND; /* its part was erased meanwhile */
    json_decref(effect->effect);
    effect->effect = asked;
    return SGN_OK;
}

/* ---- carrying out ---- */

/* The case that the effect is about, or NULL: one is opened. */
static const char *
target_of(const struct lane_effect *effect)
{
    const char *kind = sgn_json_str(effect->effect, "kind");
    const char *target = sgn_json_str(effect->effect, "case");

    if (kind == NULL || strcmp(kind, "fire") != 0)
        return NULL;
    return target != NULL ? target : effect->case_key;
}

static struct lane_job *
effect_job(struct lane *lane, struct lane_effect *effect)
{
    struct lane_job *job = lane_job_new();
    const char *target = target_of(effect);
    json_t *fields;

    if (job == NULL)
        return NULL;
    job->run = run_effect;
    job->ctx = effect;
    job->channel = "engine";
    job->leased = true;
    job->at = effect->at;
    sgn_text_copy(job->team, sizeof job->team, effect->team);
    snprintf(job->request, sizeof job->request, "%s/%lld/%d", effect->team,
             (long long)effect->cause_seq, effect->cause_n);
    job->params = sgn_json_copy(effect->effect);
    fields = json_object_get(json_object_get(job->params, "options"), "fields");
    if (fields != NULL && json_object_get(job->params, "fields") == NULL)
        json_object_set(job->params, "fields", fields);
    json_object_set_new(job->params, "cause",
                        json_pack("{s:I, s:i, s:i}", "seq", (json_int_t)effect->cause_seq, "n",
                                  effect->cause_n, "depth", effect->depth));
    if (target != NULL)
        sgn_text_copy(job->case_key, sizeof job->case_key, target);
    else if (json_object_get(job->params, "project") == NULL)
        json_object_set(job->params, "project", project_of(lane, effect));
    if (target == NULL && effect->case_key[0] != '\0')
        json_object_set_new(job->params, "from", json_string(effect->case_key));
    if (sgn_hash_json(SGN_HASH_REQUEST, effect->effect, job->request_digest, NULL) != SGN_OK) {
        lane_job_free(job);
        return NULL;
    }
    return job;
}

static void
effect_done(struct lane_job *job)
{
    lane_effect_free(job->ctx);
    lane_job_free(job);
}

const struct lane_effect *
lane_effect_of(const struct lane_job *job)
{
    return job->run == run_effect ? job->ctx : NULL;
}

bool
lane_effect_opens(const struct lane_job *job)
{
    const struct lane_effect *effect = lane_effect_of(job);

    return effect != NULL && target_of(effect) == NULL;
}

/* Others have written, and what they asked for may come first. */
static enum sgn_status
know_all(struct lane *lane, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (struct lane_effect *e = lane->effects; e != NULL && st == SGN_OK;) {
        char team[SGN_KEY_MAX + 1];

        memcpy(team, e->team, sizeof team);
        if (lane_effects_known(lane, team)) {
            e = e->next;
            continue;
        }
        st = lane_effects_resume(lane, team, err); /* known from now on */
        e = lane->effects;
    }
    return st;
}

/* Teams in which an effect waits already: those behind it wait too. New reference. */
static json_t *
waiting_teams(struct lane *lane)
{
    json_t *teams = json_object();

    for (struct sgn_node *node = lane->jobs; node != NULL; node = node->next) {
        struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);

        if (job->run == run_effect)
            json_object_set_new(teams, job->team, json_true());
    }
    return teams;
}

/* Must it wait for a command on its case that came before? Those that stand behind a
 * clock.advance came later. */
static bool
must_wait(struct lane *lane, const struct lane_effect *effect)
{
    const char *target = target_of(effect);

    return lane->advance == NULL && target != NULL && lane_case_is_held(lane, effect->team, target);
}

int
lane_effects_turn(struct lane *lane)
{
    struct lane_effect **link = &lane->effects;
    struct sgn_error err = { 0 };
    json_t *waiting;
    int n = 0;

    if (know_all(lane, &err) != SGN_OK) {
        sgn_log(SGN_LOG_ERROR, "effects not carried out", "why", err.message, NULL);
        sgn_error_clear(&err);
        lane_rest(lane);
        return 0;
    }
    waiting = lane->effects != NULL ? waiting_teams(lane) : NULL;
    while (*link != NULL && n < EFFECTS_PER_TURN) {
        struct lane_effect *effect = *link;
        struct lane_job *job;

        if (json_object_get(waiting, effect->team) != NULL || lane_is_missed(lane, effect->team)) {
            link = &effect->next;
            continue;
        }
        if (resolve(lane, effect) == SGN_OK && must_wait(lane, effect)) {
            json_object_set_new(waiting, effect->team, json_true());
            link = &effect->next;
            continue;
        }
        job = effect_job(lane, effect);
        if (job == NULL)
            break;
        *link = effect->next;
        if (effect->next == NULL)
            lane->effects_end = link;
        job->done = effect_done;
        n++;
        if (lane_run_own(lane, job) == SGN_NEEDS)
            json_object_set_new(waiting, effect->team, json_true());
    }
    json_decref(waiting);
    return n;
}
