/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rounds of an approval: opened and left with their state, judged at every command,
 * begun anew when something covered changes, ended exactly once.
 *
 * A round is a record in the row; nothing is counted up. Its outcome is found anew from
 * its people and ballots whenever a command settles, so that somebody who leaves or
 * joins, or a condition that changes, is seen at the next command, and racing ballots
 * can make only one decision: the case's commands are decided one after the other.
 */
#include "approval_internal.h"
#include <stdlib.h>
#include <string.h>

/* "digest" stays null until the round is settled for the first time: entering a state
 * and the fields its content sets are one macrostep, and what is asked is what it
 * leaves behind. */
static json_t *
round_new(struct stage *stage, const char *approval, int64_t number)
{
    json_t *round =
        json_pack("{s:I, s:s, s:I, s:n, s:[], s:[]}", "number", (json_int_t)number, "state",
                  approval, "opened_at", (json_int_t)stage->now, "digest", "ballots", "eligible");

    stage_put(stage, stage_member(stage, "rounds"), approval, round);
    return round;
}

/* Coming back to a state starts with no ballots; the number goes on, so that histories
 * of two visits cannot be confused. */
void
round_open(struct stage *stage, int state)
{
    const char *approval = stage->model->states[state].name;
    int64_t number = sgn_json_int(round_of(stage, approval), "number", 0) + 1;

    round_new(stage, approval, number);
}

/* Leaving the state ends the approval without a decision: nobody said yes or no. */
void
round_leave(struct stage *stage, const char *state)
{
    json_t *round = round_of(stage, state);

    if (round_is_open(round))
        stage_put(stage, round, "ended",
                  json_pack("{s:s, s:I}", "outcome", "left", "at", (json_int_t)stage->now));
}

/* Does the person's ballot show nothing but shared fields? Its digest may be told then. */
static bool
covers_shared_only(const struct stage *stage, const json_t *covers)
{
    const json_t *name;
    size_t i;

    json_array_foreach(covers, i, name) {
        const struct model_field *field = model_field_find(stage->model, json_string_value(name));
        if (field != NULL && !field->shared)
            return false;
    }
    return true;
}

/* What the client may know of the ballots that were counted: who and what, never their
 * comments. A digest over internal fields would let the client test guesses of them, so
 * it stays inside. */
static enum sgn_status
write_decided(struct stage *stage, int state, const json_t *round, const json_t *heard)
{
    const json_t *asked = json_object_get(round, "eligible"), *ballot;
    size_t i;

    json_array_foreach(json_object_get(round, "ballots"), i, ballot) {
        json_t *on_behalf = json_object_get(ballot, "on_behalf");
        json_t *covers = NULL, *item;
        const char *giver = case_ballot_giver(ballot);
        enum sgn_status status;
        if (!sgn_json_true(ballot, "standing") || !sgn_json_has(asked, giver) ||
            json_object_get(heard, giver) == NULL)
            continue;
        status = round_covers(stage, state, giver, &covers);
        if (status != SGN_OK)
            return status;
        item = json_pack("{s:s, s:O, s:O, s:O}", "approval", stage->model->states[state].name,
                         "person", json_object_get(ballot, "person"), "choice",
                         json_object_get(ballot, "choice"), "at", json_object_get(ballot, "at"));
        if (on_behalf != NULL)
            stage_put(stage, item, "on_behalf", json_incref(on_behalf));
        if (covers_shared_only(stage, covers))
            stage_put(stage, item, "digest", json_incref(json_object_get(ballot, "digest")));
        stage_append(stage, stage->decided, item);
        json_decref(covers);
    }
    return SGN_OK;
}

/* Ends the round once and raises approval.<state>.<outcome>, an internal event: where
 * it leads is decided in this macrostep. A manner ("deemed") is the outcome of the case
 * if the transition leads to a final. */
enum sgn_status
round_end(struct stage *stage, int state, const char *outcome, const char *manner)
{
    const char *approval = stage->model->states[state].name;
    json_t *round = round_of(stage, approval);
    char *event = sgn_format("approval.%s.%s", approval, outcome);
    json_t *ended, *heard = NULL;
    struct seats seats = { 0 };
    enum sgn_status status;

    if (event == NULL)
        return sgn_nomem(stage->err);
    status = seats_find(stage, state, &seats);
    if (status == SGN_OK)
        status = round_heard(stage, state, &seats, &heard);
    if (status == SGN_OK) {
        round_mark_not_needed(stage, round, &seats, heard);
        status = write_decided(stage, state, round, heard);
    }
    seats_deinit(&seats);
    json_decref(heard);
    if (status == SGN_OK) {
        ended = json_pack("{s:s, s:I}", "outcome", outcome, "at", (json_int_t)stage->now);
        if (manner != NULL) {
            stage_put(stage, ended, "manner", json_string(manner));
            stage->manner = manner;
        }
        stage_put(stage, round, "ended", ended);
        stage_trace(stage, "{s:s, s:s}", "approval", approval, "outcome", outcome);
        stage_raise(stage, event, NULL);
        status = tell_decided(stage, state, ended);
    }
    free(event);
    return status;
}

#define EARLIER_MAX 16 /* digests of past rounds that are remembered, to say what changed since */

/* What the round shows now, and which digests were right before it. The latter is what
 * a stale ballot is compared with, to name the fields that changed since its giver
 * looked; it is bounded, since a case may be edited as often as anybody likes. */
static enum sgn_status
write_shown(struct stage *stage, int state, json_t *round, const json_t *old)
{
    json_t *shown = NULL, *earlier;
    const char *was = sgn_json_str(old, "digest");
    enum sgn_status status = covers_shown(stage, state, json_object_get(old, "shown"),
                                          sgn_json_int(round, "number", 0), &shown);

    if (status != SGN_OK)
        return status;
    stage_put(stage, round, "shown", shown);
    if (was == NULL)
        return SGN_OK;
    earlier = json_copy(json_object_get(old, "earlier"));
    if (earlier == NULL)
        earlier = json_object();
    stage_put(stage, earlier, was, json_incref(json_object_get(old, "number")));
    while (json_object_size(earlier) > EARLIER_MAX) {
        const char *digest, *oldest = NULL;
        json_t *number;
        int64_t least = INT64_MAX;
        json_object_foreach(earlier, digest, number)
            if (json_integer_value(number) < least) {
                least = json_integer_value(number);
                oldest = digest;
            }
        json_object_del(earlier, oldest);
    }
    stage_put(stage, round, "earlier", earlier);
    return SGN_OK;
}

/* Something covered has changed: the next round. A ballot whose own digest is unchanged
 * is carried over and says so; the others are kept as void, so that their givers can
 * see it. Void ones of earlier rounds are not dragged along: their entries hold them. */
static enum sgn_status
next_round(struct stage *stage, int state, const char *digest)
{
    const char *approval = stage->model->states[state].name;
    json_t *old = json_incref(round_of(stage, approval));
    int64_t number = sgn_json_int(old, "number", 0);
    json_t *round = round_new(stage, approval, number + 1);
    const json_t *ballot;
    size_t i;
    enum sgn_status status;

    stage_put(stage, round, "digest", json_string(digest));
    status = write_shown(stage, state, round, old);
    json_array_foreach(json_object_get(old, "ballots"), i, ballot) {
        const char *giver = sgn_json_str(ballot, "on_behalf");
        const char *rules = sgn_json_str(ballot, "rules");
        char now[SGN_HASH_HEX];
        json_t *next;
        if (status != SGN_OK)
            break;
        if (!sgn_json_true(ballot, "standing"))
            continue;
        status =
            round_digest_under(stage, state, giver != NULL ? giver : sgn_json_str(ballot, "person"),
                               rules != NULL ? rules : sgn_json_str(stage->row, "rules"), now);
        if (status != SGN_OK)
            break;
        next = json_copy((json_t *)ballot);
        if (strcmp(now, sgn_json_str(ballot, "digest")) == 0)
            stage_put(stage, next, "carried", json_integer(number));
        else
            stage_put(stage, next, "standing", json_false());
        stage_append(stage, json_object_get(round, "ballots"), next);
    }
    if (status == SGN_OK)
        status = tell_voided(stage, state);
    json_decref(old);
    return status;
}

/* The digest over all that any ballot covers: when it is unchanged so is everyone's. */
static enum sgn_status
renew(struct stage *stage, int state)
{
    json_t *round = round_of(stage, stage->model->states[state].name);
    const char *before = sgn_json_str(round, "digest");
    char digest[SGN_HASH_HEX];
    enum sgn_status status = round_digest(stage, state, NULL, digest);

    if (status != SGN_OK)
        return status;
    if (before == NULL) {
        stage_put(stage, round, "digest", json_string(digest));
        return write_shown(stage, state, round, NULL);
    }
    return strcmp(before, digest) != 0 ? next_round(stage, state, digest) : SGN_OK;
}

/* In this order: a new round first if what is asked has changed, then people, then the
 * verdict on the ballots that still stand. Who is asked is written down only when it
 * has changed, so that it stands in the history. */
enum sgn_status
round_settle(struct stage *stage, int state, bool *ended)
{
    const char *approval = stage->model->states[state].name;
    struct seats seats = { 0 };
    json_t *choices = NULL, *asked = json_array(), *round;
    enum verdict verdict;
    enum sgn_status status = renew(stage, state);

    *ended = false;
    if (status == SGN_OK)
        status = seats_find(stage, state, &seats);
    if (status != SGN_OK)
        goto out;
    status = round_heard(stage, state, &seats, &choices);
    if (status != SGN_OK)
        goto out;
    round = round_of(stage, approval);
    seats_asked(&seats, choices, asked);
    names_sort(asked);
    round_mark_left(stage, round, &seats);
    if (!json_equal(json_object_get(round, "eligible"), asked))
        stage_put(stage, round, "eligible", json_incref(asked));
    verdict = seats_judge(&seats, choices);
    if (verdict != VERDICT_OPEN) {
        *ended = true;
        status = round_end(stage, state, verdict == VERDICT_YES ? "approved" : "rejected", NULL);
    }
out:
    seats_deinit(&seats);
    json_decref(choices);
    json_decref(asked);
    return status;
}

enum sgn_status
round_pending(struct stage *stage, int state, json_t **out)
{
    struct seats seats = { 0 };
    json_t *pending = json_array();
    json_t *choices = NULL;
    enum sgn_status status = seats_find(stage, state, &seats);

    if (status == SGN_OK)
        status = round_heard(stage, state, &seats, &choices);
    if (status == SGN_OK)
        seats_pending(&seats, choices, pending);
    status = names_give(pending, status, out);
    seats_deinit(&seats);
    json_decref(choices);
    return status;
}
