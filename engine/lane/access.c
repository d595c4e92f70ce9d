/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is asking, read afresh for every job: a token that was revoked, a person who left, a
 * lead who is one no more are refused by the next job, whatever the session was told.
 */
#include "json.h"
#include "lane_internal.h"
#include <string.h>

/* The one place where it is decided whether a method runs: its row's classes and need, against
 * the token and the person as they are now. */
static enum sgn_status
check(const struct lane_job *job, const json_t *token, const json_t *person, int64_t now,
      struct sgn_error *err)
{
    struct core_caller caller = {
        .team = job->team[0] != '\0' ? job->team : NULL,
        .person = job->person[0] != '\0' ? job->person : NULL,
        .row = person,
        .is_operator = job->is_operator,
    };
    enum sgn_status st = SGN_OK;

    if ((job->access & CORE_ANYONE) != 0) /* also who has a token that is good no more */
        return SGN_OK;
    if (job->token[0] != '\0')
        st = core_token_check(token, now, err);
    if (st == SGN_OK)
        st = core_access_check(job->access, &caller, job->method, err);
    if (st == SGN_OK && job->token[0] != '\0')
        st = core_scope_check(token, (enum core_scope)job->needs, job->method, err);
    return st;
}

/* NULL: there is none. Kept with the facts of its team, whose head moves when it is revoked; an
 * operator's is of no team, and read each time: another node may have ended it. */
static enum sgn_status
token_read(struct lane_run *run, json_t **out, struct sgn_error *err)
{
    const struct lane_job *job = run->job;
    bool keep = !job->is_operator && lane_facts_settled(run);
    char name[LANE_KEY_TEXT];
    json_t *kept = json_object_get(run->lane->facts, lane_key(name, "token", job->token, NULL));
    json_t *key;
    enum sgn_status st;

    if (keep && kept != NULL) {
        *out = json_incref(kept);
        return SGN_OK;
    }
    key = json_pack("{s:s}", "hash", job->token);
    st = key != NULL ? sgn_if_any(lane_row_get(run, STORE_TOKEN, key, out, err), err)
                     : sgn_nomem(err);
    json_decref(key);
    if (st == SGN_OK && *out != NULL && keep)
        json_object_set(run->lane->facts, name, *out);
    return st;
}

enum sgn_status
lane_access(struct lane_run *run, struct sgn_error *err)
{
    const struct lane_job *job = run->job;
    json_t *token = NULL;
    const json_t *person = NULL;
    char fact[8 + SGN_KEY_MAX + 1];
    enum sgn_status st;

    if (job->method == NULL) /* of the engine itself */
        return SGN_OK;
    /* Internal requests, as SIGHUP makes them, hold no class; a method that holds none and
     * comes from outside serves nobody. */
    if (job->access == 0 && job->channel != NULL && strcmp(job->channel, "engine") == 0)
        return SGN_OK;
    if (job->token[0] != '\0') {
        st = token_read(run, &token, err);
        if (st != SGN_OK)
            return st;
    }
    if (job->person[0] != '\0') {
        sgn_text_join(fact, sizeof fact, "person:", job->person);
        st = lane_fact(run, fact, &person, err);
        if (st != SGN_OK)
            goto out;
        run->caller = json_is_object(person) ? json_incref((json_t *)person) : NULL;
    }
    st = check(job, token, run->caller, run->now, err);
out:
    json_decref(token);
    return st;
}

enum sgn_status
lane_access_read(struct store_reader *reader, struct lane_job *job, int64_t now,
                 struct sgn_error *err)
{
    json_t *token = NULL, *key;
    enum sgn_status st = SGN_OK;

    if (job->token[0] != '\0') {
        key = json_pack("{s:s}", "hash", job->token);
        st = sgn_if_any(store_row_get(reader, STORE_TOKEN, "", key, &token, err), err);
        json_decref(key);
    }
    if (st == SGN_OK && job->person[0] != '\0')
        st = sgn_if_any(lane_person_read(reader, job->team, job->person, &job->caller, err), err);
    if (st == SGN_OK)
        st = check(job, token, job->caller, now, err);
    json_decref(token);
    return st;
}

/* Whoever revokes a token has the last word: a team's rows are written under its head, which has
 * moved then. What orders operators' tokens with one another is this process alone, so that with
 * several nothing is noted of them. No right rests on it, and what is known of rights stays. */
enum sgn_status
lane_token_used(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *key = json_pack("{s:O}", "hash", json_object_get(job->params, "hash")), *token = NULL;
    int64_t at = sgn_json_int(job->params, "at", 0);
    enum sgn_status st = SGN_OK;

    if (run->lane->by_team && job->team[0] == '\0')
        goto out;
    st = sgn_if_any(lane_row_get(run, STORE_TOKEN, key, &token, err), err);
    if (st == SGN_OK && token != NULL && sgn_json_int(token, "revoked", 0) == 0 &&
        sgn_json_int(token, "last_use", 0) < at) {
        if (json_object_set_new(token, "last_use", json_integer(at)) != 0)
            st = sgn_nomem(err);
        else
            st = lane_row_put(run, STORE_TOKEN, token, err);
        run->touches_facts = false; /* it is all that this run puts */
    }
out:
    json_decref(key);
    json_decref(token);
    return st;
}
