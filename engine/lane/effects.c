/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What entries ask for, carried out: messages to persons, and effects on cases.
 *
 * Messages (remind, notify) are rows of the same commit. Effects on cases (open, start, fire)
 * are commands of "system" whose request_id is <team>/<seq>/<n> of their cause, in the order of
 * their causes; the reader "effects" of a team remembers, in the commit of the command it
 * issued, how far it came. A crash in between repeats the command, which is then found done.
 */
#include "json.h"
#include "lane_internal.h"
#include <stdlib.h>
#include <string.h>

#define EFFECTS_PER_TURN 256

/* ---- messages ---- */

static void
message_put(struct lane *lane, const struct lane_entry *entry, const json_t *effect, size_t n,
            const char *person)
{
    char id[64 + SGN_KEY_MAX];

    snprintf(id, sizeof id, "%lld-%zu-%s", (long long)entry->seq, n, person);
    (void)lane_batch_put(lane, entry->team, STORE_MESSAGE,
                         json_pack("{s:s, s:s, s:I, s:s, s:s, s:O?, s:i}", "id", id, "person",
                                   person, "at", (json_int_t)entry->at, "case",
                                   sgn_json_str(entry->row, "key"), "kind",
                                   sgn_json_str(effect, "kind"), "text", effect, "read", 0),
                         NULL);
}

static void
effect_push(struct lane *lane, const char *team, const char *case_key, int64_t seq, int64_t at,
            int n, int depth, const json_t *json)
{
    struct lane_effect *effect = calloc(1, sizeof *effect);

    if (effect == NULL)
        return; /* found again from the history at the next start */
    snprintf(effect->team, sizeof effect->team, "%s", team);
    snprintf(effect->case_key, sizeof effect->case_key, "%s", case_key);
    effect->seq = seq;
    effect->at = at;
    effect->n = n;
    effect->depth = depth;
    effect->effect = json_incref((json_t *)json);
    *lane->effects_end = effect;
    lane->effects_end = &effect->next;
}

static bool
is_on_cases(const json_t *effect)
{
    const char *kind = sgn_json_str(effect, "kind");

    return kind != NULL &&
           (strcmp(kind, "open") == 0 || strcmp(kind, "start") == 0 || strcmp(kind, "fire") == 0);
}

void
lane_effects_of(struct lane *lane, const struct lane_entry *entry)
{
    int depth = (int)sgn_json_int(json_object_get(entry->internal, "cause"), "depth", 0) + 1;
    size_t n, i;
    json_t *effect, *person;

    json_array_foreach(json_object_get(entry->internal, "effects"), n, effect) {
        if (is_on_cases(effect)) {
            effect_push(lane, entry->team, sgn_json_str(entry->row, "key"), entry->seq, entry->at,
                        (int)n, depth, effect);
            continue;
        }
        json_array_foreach(json_object_get(effect, "to"), i, person)
            message_put(lane, entry, effect, n, json_string_value(person));
    }
}

/* ---- effects on cases ---- */

static void
effect_free(struct lane_effect *effect)
{
    if (effect == NULL)
        return;
    json_decref(effect->effect);
    free(effect);
}

void
lane_effects_clear(struct lane *lane)
{
    while (lane->effects != NULL) {
        struct lane_effect *next = lane->effects->next;

        effect_free(lane->effects);
        lane->effects = next;
    }
    lane->effects_end = &lane->effects;
}

static enum sgn_status
put_cursor(struct lane_run *run, const struct lane_effect *effect, struct sgn_error *err)
{
    json_t *row = json_pack("{s:s, s:I, s:i}", "name", "effects", "seq", (json_int_t)effect->seq,
                            "part", effect->n);
    enum sgn_status st = lane_row_put(run, STORE_READER, row, err);

    json_decref(row);
    return st;
}

/* The effect ended in an error: recorded on the case that asked for it. */
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
    json_t *item, *row;
    enum sgn_status st = lane_case_item(run->lane, run->team, effect->case_key, &item, err);

    if (st != SGN_OK)
        return st;
    command.cause = json_object_get(run->job->params, "cause");
    row = json_incref(json_object_get(item, "row"));
    st = lane_model_of(run, row, &model, err);
    if (st == SGN_OK)
        st = lane_decide_failed(run, &command, model, row, why, err);
    json_decref(row);
    model_free(model);
    return st;
}

static enum sgn_status
run_effect(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const struct lane_effect *effect = job->ctx;
    struct sgn_error why = { 0 };
    enum sgn_status st;

    if (effect->depth > LANE_CHAIN_MAX)
        st = sgn_fail(&why, SGN_RULE_OVERRUN, "a chain of more than %d effects was cut",
                      LANE_CHAIN_MAX);
    else if (strcmp(sgn_json_str(effect->effect, "kind"), "fire") == 0)
        st = lane_command(run, job, CORE_FIRE, &why);
    else
        st = lane_case_open(run, job, &why);
    if (st != SGN_OK && st != SGN_NEEDS) {
        sgn_log(SGN_LOG_WARN, "effect failed", "case", effect->case_key, "why", why.message, NULL);
        st = record_failure(run, effect, &why, err);
    }
    sgn_error_clear(&why);
    return st == SGN_OK ? put_cursor(run, effect, err) : st;
}

/* The project in which an effect opens its case: the cause's. */
static json_t *
project_of(struct lane *lane, const struct lane_effect *effect)
{
    json_t *item;

    if (lane_case_item(lane, effect->team, effect->case_key, &item, NULL) != SGN_OK)
        return NULL;
    return json_object_get(json_object_get(item, "row"), "project");
}

static struct lane_job *
effect_job(struct lane *lane, struct lane_effect *effect)
{
    struct lane_job *job = lane_job_new();
    const char *target = sgn_json_str(effect->effect, "case");

    if (job == NULL)
        return NULL;
    job->run = run_effect;
    job->ctx = effect;
    job->channel = "engine";
    job->at = effect->at;
    snprintf(job->team, sizeof job->team, "%s", effect->team);
    snprintf(job->request, sizeof job->request, "%s/%lld/%d", effect->team, (long long)effect->seq,
             effect->n);
    job->params = json_deep_copy(effect->effect);
    json_object_set_new(job->params, "cause",
                        json_pack("{s:I, s:i, s:i}", "seq", (json_int_t)effect->seq, "n", effect->n,
                                  "depth", effect->depth));
    if (strcmp(sgn_json_str(effect->effect, "kind"), "fire") == 0)
        snprintf(job->case_key, sizeof job->case_key, "%s",
                 target != NULL ? target : effect->case_key);
    else if (json_object_get(job->params, "project") == NULL)
        json_object_set(job->params, "project", project_of(lane, effect));
    if (sgn_hash_json(SGN_HASH_REQUEST, effect->effect, job->request_digest, NULL) != SGN_OK) {
        lane_job_free(job);
        return NULL;
    }
    return job;
}

static void
effect_done(struct lane_job *job)
{
    effect_free(job->ctx);
    lane_job_free(job);
}

int
lane_effects_turn(struct lane *lane)
{
    int n = 0;

    while (lane->effects != NULL && n < EFFECTS_PER_TURN && !lane_own_is_held(lane)) {
        struct lane_effect *effect = lane->effects;
        struct lane_job *job = effect_job(lane, effect);

        if (job == NULL)
            return n;
        lane->effects = effect->next;
        if (lane->effects == NULL)
            lane->effects_end = &lane->effects;
        job->done = effect_done;
        n++;
        (void)lane_run_own(lane, job);
    }
    return n;
}

/* ---- after a restart ---- */

struct resume {
    struct lane *lane;
    const char *team;
    int64_t seq; /* the cursor */
    int part;
    int64_t last;
};

static enum sgn_status
resume_entry(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct resume *resume = ctx;
    json_t *internal = NULL, *effect;
    size_t n;
    enum sgn_status st;

    resume->last = entry->seq;
    if (entry->internal == NULL)
        return SGN_OK;
    st = sgn_json_parse(entry->internal, entry->internal_n, &internal, err);
    if (st != SGN_OK)
        return st;
    json_array_foreach(json_object_get(internal, "effects"), n, effect) {
        int depth = (int)sgn_json_int(json_object_get(internal, "cause"), "depth", 0) + 1;

        if (!is_on_cases(effect) || (entry->seq == resume->seq && (int)n <= resume->part))
            continue;
        effect_push(resume->lane, resume->team, entry->case_key, entry->seq, entry->at, (int)n,
                    depth, effect);
    }
    json_decref(internal);
    return SGN_OK;
}

static enum sgn_status
resume_team(struct lane *lane, const char *team, struct sgn_error *err)
{
    struct resume resume = { .lane = lane, .team = team, .part = -1 };
    json_t *key = json_pack("{s:s}", "name", "effects"), *row = NULL;
    enum sgn_status st = store_row_get(lane->reader, STORE_READER, team, key, &row, err);

    json_decref(key);
    if (st == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        st = SGN_OK;
    } else if (st == SGN_OK) {
        resume.seq = sgn_json_int(row, "seq", 0);
        resume.part = (int)sgn_json_int(row, "part", -1);
    }
    json_decref(row);
    for (int64_t first = resume.seq; st == SGN_OK;) {
        resume.last = 0;
        st = store_effect_entries(lane->reader, team, first, 1000, resume_entry, &resume, err);
        if (resume.last == 0)
            break;
        first = resume.last + 1;
    }
    return st;
}

enum sgn_status
lane_effects_resume(struct lane *lane, struct sgn_error *err)
{
    json_t *teams = NULL, *team;
    size_t i;
    enum sgn_status st = store_teams(lane->reader, &teams, err);

    json_array_foreach(teams, i, team) {
        if (st == SGN_OK)
            st = resume_team(lane, json_string_value(team), err);
    }
    json_decref(teams);
    return st;
}
