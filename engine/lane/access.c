/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is asking, read afresh for every job: a token that was revoked, a person who left, a
 * lead who is one no more are refused by the next job, whatever the session was told.
 */
#include "json.h"
#include "lane_internal.h"
#include <string.h>

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
    enum sgn_status st = job->token[0] != '\0' ? core_token_check(token, now, err) : SGN_OK;

    if (st != SGN_OK)
        return st;
    return core_access_check(job->access, &caller, job->method, err);
}

/* A missing row is NULL: somebody unknown. */
static enum sgn_status
or_null(enum sgn_status st, struct sgn_error *err)
{
    if (st != SGN_NOT_FOUND)
        return st;
    sgn_error_clear(err);
    return SGN_OK;
}

enum sgn_status
lane_access(struct lane_run *run, struct sgn_error *err)
{
    const struct lane_job *job = run->job;
    json_t *token = NULL, *key;
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
        char name[LANE_KEY_TEXT];
        json_t *kept = json_object_get(run->lane->facts, lane_key(name, "token", job->token, NULL));

        if (kept != NULL && lane_facts_settled(run)) {
            token = json_incref(kept);
        } else {
            key = json_pack("{s:s}", "hash", job->token);
            st = or_null(lane_row_get(run, STORE_TOKEN, key, &token, err), err);
            json_decref(key);
            if (st != SGN_OK)
                return st;
            if (token != NULL && lane_facts_settled(run))
                json_object_set(run->lane->facts, name, token);
        }
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
lane_access_read(struct store_reader *reader, const struct lane_job *job, int64_t now,
                 struct sgn_error *err)
{
    json_t *token = NULL, *person = NULL, *key;
    enum sgn_status st = SGN_OK;

    if (job->token[0] != '\0') {
        key = json_pack("{s:s}", "hash", job->token);
        st = or_null(store_row_get(reader, STORE_TOKEN, "", key, &token, err), err);
        json_decref(key);
    }
    if (st == SGN_OK && job->person[0] != '\0') {
        key = json_pack("{s:s}", "person", job->person);
        st = or_null(store_row_get(reader, STORE_PERSON, job->team, key, &person, err), err);
        json_decref(key);
    }
    if (st == SGN_OK)
        st = check(job, token, person, now, err);
    json_decref(token);
    json_decref(person);
    return st;
}
