/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replaying: every recorded decision of a team once more, by changed rules, each on the row as it
 * then was. Nothing is written.
 *
 * Of a decision its entry holds the result, not the request, and people may have other roles by
 * now. So the request is made again from the entry and first decided by the rules of its own
 * time: only where that gives what was recorded is the answer of the changed rules compared;
 * the rest is counted as not judged. The row is brought to the changed rules as a migration would,
 * whether they say one or not.
 *
 *   {"team", "entries", "judged", "not_judged", "same", "different",
 *    "groups": [{"kind", "workflow", "about", "title"?, "count", "items": [{"case", "entry", "at",
 *                "by", "was"?, "is"?, "message"?}]}]}
 * Times are text in the team's zone; a title is what the changed rules call what it is about.
 *   kind: stuck (there is no such place any more), refused, taken (an event that nobody waited for
 *   then), not_taken, states, outcome, approval, deadline (one armed by it is due at another time)
 */
#include "in_force.h"
#include "json.h"
#include "replay_internal.h"
#include <stdlib.h>
#include <string.h>

#define PAGE 500 /* entries read at a time */

static int64_t
count(struct replay *r, const char *name)
{
    int64_t n = sgn_json_int(r->report, name, 0) + 1;

    json_object_set_new(r->report, name, json_integer(n));
    return n;
}

/* ---- what was different ---- */

static json_t *
group_of(struct replay *r, const char *kind, const char *about)
{
    json_t *groups = json_object_get(r->report, "groups"), *group;
    size_t i;

    json_array_foreach(groups, i, group)
        if (replay_is(group, "kind", kind) && replay_is(group, "workflow", r->changed->name) &&
            replay_is(group, "about", about))
            return group;
    group =
        json_pack("{s:s, s:s, s:s, s:s*, s:i, s:[]}", "kind", kind, "workflow", r->changed->name,
                  "about", about, "title", replay_title(r, kind, about), "count", 0, "items");
    json_array_append_new(groups, group);
    return group;
}

/* what: its members beside the entry's; taken. */
static void
differs(struct replay *r, const char *kind, const char *about, json_t *what_take)
{
    static const char *const times[] = { "at", "was", "is" };
    json_t *group = group_of(r, kind, about != NULL ? about : ""), *items;

    items = json_object_get(group, "items");
    json_object_set_new(group, "count", json_integer(sgn_json_int(group, "count", 0) + 1));
    json_object_set(what_take, "case", json_object_get(r->header, "case"));
    json_object_set(what_take, "entry", json_object_get(r->header, "seq"));
    json_object_set(what_take, "at", json_object_get(r->header, "at"));
    json_object_set(what_take, "by", json_object_get(r->header, "actor"));
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        lane_time_tell(what_take, times[i], r->zone);
    if (json_array_size(items) < (size_t)r->limit)
        json_array_append(items, what_take);
    json_decref(what_take);
}

/* ---- deciding ---- */

/* Decides by the model on the row; *out is the new row. The rules are in this process. */
static enum sgn_status
decide(struct replay *r, struct core_command *command, const struct model *model, const json_t *row,
       json_t **out, struct sgn_error *err)
{
    struct lane_run run;
    enum sgn_status st;

    lane_run_init(&run, r->lane, r->job);
    if (r->job->parked != NULL) {
        core_answers_clear(&r->job->parked->answers);
        r->job->parked->rounds = 0;
    }
    while ((st = lane_decide(&run, command, model, row, err)) == SGN_NEEDS) {
        sgn_error_clear(err);
        st = lane_submit_calls(r->lane, err);
        while (st == SGN_OK && lane_is_owed(r->job))
            lane_deliver(r->lane);
        if (st != SGN_OK)
            break;
    }
    *out = st == SGN_OK ? json_incref(run.entry->row) : NULL;
    lane_run_drop(&run);
    lane_run_deinit(&run);
    return st;
}

/* A ballot is for what is asked: by other rules that has another digest, which the refusal tells.
 */
static enum sgn_status
decide_vote(struct replay *r, struct core_command *command, const struct model *model,
            const json_t *row, json_t **out, struct sgn_error *err)
{
    enum sgn_status st = decide(r, command, model, row, out, err);
    const char *digest = st == SGN_CONFLICT ? sgn_json_str(err->data, "digest") : NULL;
    json_t *params;

    if (digest == NULL)
        return st;
    params = json_copy((json_t *)command->params);
    json_object_set_new(params, "digest", json_string(digest));
    command->params = params;
    sgn_error_clear(err);
    st = decide(r, command, model, row, out, err);
    json_decref(params);
    return st;
}

/* The row before in the words of the changed rules. */
static enum sgn_status
brought(struct replay *r, int64_t at, json_t **out, struct sgn_error *err)
{
    json_t *params = json_pack("{s:b}", "anyhow", 1);
    struct core_command command = { .kind = CORE_MIGRATE,
                                    .params = params,
                                    .actor = "system",
                                    .channel = "engine",
                                    .at = at,
                                    .case_key = sgn_json_str(r->header, "case"),
                                    .from_model = r->old };
    enum sgn_status st = decide(r, &command, r->changed, r->before, out, err);

    json_decref(params);
    return st;
}

/* ---- comparing ---- */

/* The recorded states in the words of the changed rules. */
static json_t *
states_then(const struct replay *r)
{
    json_t *out = json_array();
    const json_t *name;
    size_t i;

    json_array_foreach(json_object_get(r->after, "states"), i, name)
        json_array_append_new(out, json_string(replay_name(r, json_string_value(name))));
    return out;
}

static const json_t *
find(const json_t *list, const char *member, const char *text)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
        if (replay_is(item, member, text))
            return item;
    return NULL;
}

/* Those that the entry armed; others have been compared when they were. */
static int
compare_deadlines(struct replay *r, const json_t *row)
{
    const json_t *armed = json_object_get(r->before, "deadlines"), *was, *is;
    int n = 0;
    size_t i;

    json_array_foreach(json_object_get(r->after, "deadlines"), i, was) {
        json_t *a, *b;
        char *name;
        if (find(armed, "id", sgn_json_str(was, "id")) != NULL)
            continue;
        name = replay_clock_name(r, was);
        is = find(json_object_get(row, "deadlines"), "name", name);
        a = json_object_get(was, "due");
        b = json_object_get(is, "due");
        if (a != b && (a == NULL || b == NULL || !json_equal(a, b))) {
            n++;
            differs(r, "deadline", name, json_pack("{s:O*, s:O*}", "was", a, "is", b));
        }
        free(name);
    }
    return n;
}

static int
compare_rounds(struct replay *r, const json_t *row)
{
    json_t *round;
    const char *old_name;
    int n = 0;

    json_object_foreach(json_object_get(r->after, "rounds"), old_name, round) {
        const char *approval = replay_name(r, old_name);
        const json_t *before = json_object_get(
            json_object_get(json_object_get(r->before, "rounds"), old_name), "ended");
        json_t *was = json_object_get(json_object_get(round, "ended"), "outcome");
        json_t *is = json_object_get(
            json_object_get(json_object_get(json_object_get(row, "rounds"), approval), "ended"),
            "outcome");
        if (before != NULL || was == is || (was != NULL && is != NULL && json_equal(was, is)))
            continue;
        n++;
        differs(r, "approval", approval, json_pack("{s:O*, s:O*}", "was", was, "is", is));
    }
    return n;
}

static int
compare(struct replay *r, const json_t *row)
{
    const char *name = sgn_json_str(replay_part(r, "event"), "name");
    json_t *was = states_then(r), *is = json_object_get(row, "states");
    json_t *ended = json_object_get(r->after, "outcome"), *ends = json_object_get(row, "outcome");
    int n = 0;

    if (!json_equal(was, is)) {
        n++;
        differs(r, "states", name != NULL ? name : sgn_json_str(r->header, "kind"),
                json_pack("{s:O, s:O}", "was", was, "is", is));
    }
    if (!json_equal(ended, ends)) {
        n++;
        differs(r, "outcome", json_is_string(ends) ? json_string_value(ends) : "",
                json_pack("{s:O, s:O}", "was", ended, "is", ends));
    }
    n += compare_rounds(r, row);
    n += compare_deadlines(r, row);
    json_decref(was);
    return n;
}

/* Does the decision by the rules of its time give what was recorded? */
static bool
is_faithful(const struct replay *r, const json_t *row)
{
    static const char *const members[] = { "states", "outcome", "fields" };

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (!json_equal(json_object_get(row, members[i]), json_object_get(r->after, members[i])))
            return false;
    return true;
}

/* ---- one entry ---- */

static enum sgn_status
decide_both(struct replay *r, struct core_command *command, struct sgn_error *err)
{
    bool opens = command->kind == CORE_OPEN;
    struct sgn_error why = { 0 };
    json_t *row = NULL, *from = NULL;
    enum sgn_status st = decide(r, command, r->old, opens ? NULL : r->before, &row, &why);

    if (st != SGN_OK || !is_faithful(r, row)) {
        (void)count(r, "not_judged");
        goto out;
    }
    (void)count(r, "judged");
    json_decref(row);
    row = NULL;
    if (!opens) {
        st = brought(r, command->at, &from, &why);
        if (st != SGN_OK)
            differs(r, "stuck", sgn_json_str(why.data, "about"),
                    json_pack("{s:s}", "message", why.message));
    }
    if (st == SGN_OK) {
        const json_t *then = command->params;
        json_t *params = replay_mapped(r, then);
        command->params = params;
        st = decide_vote(r, command, r->changed, from, &row, &why);
        json_decref(params);
        if (st != SGN_OK)
            differs(r, "refused", sgn_status_code(st), json_pack("{s:s}", "message", why.message));
    }
    (void)count(r, st == SGN_OK && compare(r, row) == 0 ? "same" : "different");
out:
    json_decref(row);
    json_decref(from);
    st = why.status == SGN_NOMEM ? sgn_nomem(err) : SGN_OK;
    sgn_error_clear(&why);
    return st;
}

static enum sgn_status
judge(struct replay *r, struct sgn_error *err)
{
    const json_t *project = json_object_get(r->after, "project");
    struct core_command command = { .actor = sgn_json_str(r->header, "actor"),
                                    .channel = sgn_json_str(r->header, "channel"),
                                    .at = sgn_json_int(r->internal, "arrived",
                                                       sgn_json_int(r->header, "at", 0)),
                                    .case_key = sgn_json_str(r->header, "case"),
                                    .project = json_string_value(project) };
    json_t *params;
    enum sgn_status st;

    if (!replay_kind(r, &command.kind))
        return SGN_OK;
    params = replay_request(r, command.kind);
    if (params == NULL) {
        (void)count(r, "not_judged");
        return SGN_OK;
    }
    command.params = params;
    st = decide_both(r, &command, err);
    json_decref(params);
    return st;
}

/* Only workflows that the scripts have, and have otherwise. */
static enum sgn_status
judge_entry(struct replay *r, struct sgn_error *err)
{
    const char *name = sgn_json_str(r->after, "workflow");
    const json_t *version = name != NULL ? json_object_get(r->versions, name) : NULL;
    struct model *changed = NULL, *old = NULL;
    const json_t *of = r->before != NULL ? r->before : r->after;
    enum sgn_status st = SGN_OK;

    if (version == NULL)
        return SGN_OK;
    st = lane_model(r->lane, r->lane->reader, r->job->team, sgn_json_str(of, "rules"), &old, err);
    if (st == SGN_OK)
        st = lane_model(r->lane, r->lane->reader, r->job->team, sgn_json_str(version, "digest"),
                        &changed, err);
    r->old = old;
    r->changed = changed;
    if (st == SGN_OK && strcmp(old->digest, changed->digest) != 0)
        st = judge(r, err);
    model_free(changed);
    model_free(old);
    return st;
}

/* Can the case's row be followed here? Not from an entry on of which a part was erased, up to the
 * one that tells the whole row. */
static bool
can_follow(struct replay *r, const char *key)
{
    static const char *const parts[] = { "shared", "internal" };
    const json_t *const there[] = { r->shared, r->internal };
    bool holes = false;

    for (int i = 0; i < 2; i++)
        holes = holes || (there[i] == NULL && sgn_json_str(r->header, parts[i]) != NULL);
    if (json_object_get(r->internal, "row") != NULL && !holes)
        return true;
    if (!holes && (r->before != NULL || sgn_json_int(r->header, "case_seq", 0) == 1))
        return true;
    (void)json_object_del(r->rows, key);
    (void)count(r, "not_judged");
    return false;
}

static enum sgn_status
on_entry(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct replay *r = ctx;
    json_t *header = NULL, *shared = NULL, *internal = NULL, *after = NULL;
    enum sgn_status st = sgn_json_parse(entry->header, entry->header_n, &header, err);

    r->seq = entry->seq;
    (void)count(r, "entries");
    if (st == SGN_OK && entry->shared != NULL)
        st = sgn_json_parse(entry->shared, entry->shared_n, &shared, err);
    if (st == SGN_OK && entry->internal != NULL)
        st = sgn_json_parse(entry->internal, entry->internal_n, &internal, err);
    if (st == SGN_OK && entry->case_key != NULL) {
        r->header = header;
        r->shared = shared;
        r->internal = internal;
        r->before = json_object_get(r->rows, entry->case_key);
    }
    if (st == SGN_OK && entry->case_key != NULL && can_follow(r, entry->case_key)) {
        st = case_fold(r->before, header, shared, internal, &after, err);
        r->after = after;
        if (st == SGN_OK)
            st = judge_entry(r, err);
        if (st == SGN_OK)
            json_object_set(r->rows, entry->case_key, after);
    }
    json_decref(header);
    json_decref(shared);
    json_decref(internal);
    json_decref(after);
    return st;
}

/* ---- the scripts ---- */

struct load {
    json_t *answer;
    bool answered;
};

static void
on_load(void *ctx, uint64_t id, enum sgn_status status, const json_t *value,
        const struct sgn_error *err, const struct rules_cost cost[2])
{
    struct load *load = ctx;

    (void)id;
    (void)err;
    (void)cost;
    load->answered = true;
    if (status == SGN_OK)
        load->answer = json_incref((json_t *)value);
}

/* {NAME: {"digest"}} of the scripts, whose models the lane knows from now on. */
static enum sgn_status
load_versions(struct lane *lane, const char *team, json_t *files, json_t *versions,
              struct sgn_error *err)
{
    struct rules *rules = lane->options.rules;
    const json_t *shipped = lane->options.shipped;
    json_t *input = json_pack("{s:s, s:O, s:o}", "team", team, "files", files, "shipped",
                              shipped != NULL ? json_incref((json_t *)shipped) : json_object());
    struct load load = { 0 };
    const char *name;
    json_t *version;
    enum sgn_status st = rules->ops->load(rules, ++lane->next_call, input, err);

    while (st == SGN_OK && !load.answered)
        (void)rules->ops->deliver(rules, on_load, &load);
    if (st == SGN_OK)
        st = lane_check_mistakes(json_object_get(load.answer, "mistakes"), err);
    json_object_foreach(json_object_get(load.answer, "workflows"), name, version) {
        struct model *model = NULL;
        if (st == SGN_OK)
            st = model_parse(json_object_get(version, "model"),
                             json_object_get(version, "functions"), &model, err);
        if (st == SGN_OK)
            st = lane_models_keep(lane, team, model, version, err);
        if (st == SGN_OK)
            json_object_set_new(versions, name, json_pack("{s:s}", "digest", model->digest));
        model_free(model);
    }
    json_decref(load.answer);
    return st;
}

enum sgn_status
lane_replay(struct lane *lane, const char *team, json_t *files, int limit, const char *language,
            json_t **out, struct sgn_error *err)
{
    json_t *versions = json_object();
    struct replay r = { .lane = lane,
                        .job = lane_job_new(),
                        .versions = versions,
                        .rows = json_object(),
                        .report = json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:[]}", "team", team,
                                            "entries", 0, "judged", 0, "not_judged", 0, "same", 0,
                                            "different", 0, "groups"),
                        .limit = limit,
                        .language = language,
                        .zone = lane_team_zone(lane, team) };
    struct store_head head = { 0 };
    enum sgn_status st = SGN_OK;

    if (r.job == NULL || r.report == NULL || versions == NULL)
        st = sgn_nomem(err);
    if (st == SGN_OK) {
        sgn_text_copy(r.job->team, sizeof r.job->team, team);
        r.job->channel = "engine";
        r.job->method = "replay";
        st = load_versions(lane, team, files, versions, err);
    }
    if (st == SGN_OK)
        st = store_head_get(lane->reader, team, &head, err);
    for (int64_t before = -1; st == SGN_OK && r.seq < head.seq && r.seq != before;) {
        before = r.seq;
        st = store_entries(lane->reader, team, r.seq + 1, PAGE, on_entry, &r, err);
    }
    if (st == SGN_OK)
        *out = json_incref(r.report);
    json_decref(r.report);
    json_decref(r.rows);
    json_decref(versions);
    if (r.job != NULL) {
        lane_park_forget(lane, r.job);
        lane_job_free(r.job);
    }
    return st;
}
