/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Voting: one ballot of one person, bound to what that person saw.
 *
 * Checked in the order in which the answers help: is there a round, is this a choice in
 * it, is the person asked, may it end the round, and is what it saw what is asked now.
 * A ballot that comes after the decision is refused and names the decision; the history
 * holds the ballots that counted.
 */
#include "approval_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIME_AT 11 /* where "09:00" begins in "2026-01-05T09:00:00+08:00" */

/* The round that was decided last: a late ballot is told what it came after. */
static json_t *
last_decided(const struct stage *stage)
{
    json_t *last = NULL, *round;
    const char *name;

    json_object_foreach(stage_member(stage, "rounds"), name, round) {
        json_t *ended = json_object_get(round, "ended");
        if (ended != NULL &&
            (last == NULL ||
             sgn_json_int(ended, "at", 0) >= sgn_json_int(json_object_get(last, "ended"), "at", 0)))
            last = round;
    }
    return last;
}

/* "2026-01-05 09:00" in the team's zone, and the same as it stands in answers. */
static void
put_decision(struct stage *stage, const json_t *round, json_t *ended)
{
    json_t *at = stage_time(stage, sgn_json_int(ended, "at", 0)), *decision = json_copy(ended);
    const char *name = sgn_json_str(round, "state"), *outcome = sgn_json_str(ended, "outcome");
    int state = model_state_find(stage->model, name);
    const char *text = json_string_value(at);

    sgn_fail(stage->err, SGN_NOT_NOW, "\"%s\" was decided already on %.10s %.5s: %s",
             state >= 0 ? stage_state_title(stage, state, "en") : name, text != NULL ? text : "",
             text != NULL && strlen(text) > TIME_AT ? text + TIME_AT : "",
             model_outcome_title(stage->model, outcome, "en"));
    stage_put(stage, decision, "at", at);
    sgn_error_add(stage->err, "approval", json_string(name));
    sgn_error_add(stage->err, "decision", decision);
}

/* The decision is told to whoever may vote in the case at all; it is no secret there. */
static enum sgn_status
no_round(struct stage *stage, const char *name)
{
    const json_t *round = name != NULL ? round_of(stage, name) : last_decided(stage);
    json_t *ended = json_object_get(round, "ended");

    if (ended == NULL)
        return sgn_fail(stage->err, SGN_NOT_NOW, "there is no open approval%s%s",
                        name != NULL ? " " : "", name != NULL ? name : "");
    put_decision(stage, round, ended);
    return SGN_NOT_NOW;
}

/* Was the person one of those the round asked, heard or not? */
static bool
had_part(const json_t *round, const char *person)
{
    return sgn_json_has(json_object_get(round, "eligible"), person) ||
           sgn_json_has(json_object_get(round, "not_needed"), person) ||
           round_ballot(round, person, NULL) != NULL;
}

/* The approval that is named, or the only one that is open. */
static enum sgn_status
find_round(struct stage *stage, int *state)
{
    const char *name = sgn_json_str(stage->command->params, "approval");
    const struct model *model = stage->model;
    json_t *open = json_array();
    enum sgn_status status = SGN_OK;

    *state = -1;
    for (int i = 1; i < model->n_states; i++) {
        if (model->states[i].approval == NULL ||
            !round_is_open(round_of(stage, model->states[i].name)))
            continue;
        names_add(stage, open, model->states[i].name);
        if (name == NULL || strcmp(name, model->states[i].name) == 0)
            *state = i;
    }
    if (*state < 0)
        status = no_round(stage, name);
    else if (name == NULL && json_array_size(open) > 1)
        status = sgn_fail(stage->err, SGN_INVALID, "several approvals are open: say which one");
    if (status != SGN_OK)
        sgn_error_add(stage->err, "approvals", json_incref(open));
    json_decref(open);
    return status;
}

/* defer and changes exist only where the approval says where they lead. */
static enum sgn_status
check_choice(struct stage *stage, const struct model_approval *approval, const char *choice)
{
    json_t *known = json_pack("[s, s, s]", "approve", "reject", "abstain");
    enum sgn_status status = SGN_OK;

    if (approval->outcome_deferred)
        names_add(stage, known, "defer");
    if (approval->outcome_changes)
        names_add(stage, known, "changes");
    if (!sgn_json_has(known, choice)) {
        status = sgn_fail(stage->err, SGN_INVALID, "\"%s\" is not a choice here",
                          choice != NULL ? choice : "");
        sgn_error_add(stage->err, "choices", json_incref(known));
        sgn_error_add(stage->err, "pointer", json_string("/choice"));
    }
    json_decref(known);
    return status;
}

/* A stand-in's hand: not round an exclusion, not on two seats, not over the person's own. */
static enum sgn_status
check_hand(struct stage *stage, int state, const struct seats *seats)
{
    const char *hand = stage->command->actor, *giver = stage->as, *other;
    const json_t *round = round_of(stage, stage->model->states[state].name);
    bool excluded = false;
    enum sgn_status status = SGN_OK;

    if (giver != hand) {
        status = hand_excluded(stage, state, seats, giver, hand, &excluded);
        if (status == SGN_OK && excluded)
            status =
                sgn_fail(stage->err, SGN_FORBIDDEN,
                         "you are excluded from this decision: you cannot answer for %s", giver);
        if (status == SGN_OK && sgn_json_true(round_ballot(round, giver, NULL), "standing"))
            status = sgn_fail(stage->err, SGN_NOT_NOW, "%s has answered already", giver);
    }
    if (status != SGN_OK)
        return status;
    other = hand_used(seats, json_object_get(round, "ballots"), giver, hand, NULL);
    if (other == NULL)
        return SGN_OK;
    return sgn_fail(stage->err, SGN_FORBIDDEN,
                    "one person fills one seat of a rule, and you have answered for %s",
                    strcmp(other, hand) == 0 ? "yourself" : other);
}

/* Not asked in what is open: perhaps late for what was decided before it, perhaps excluded. */
static enum sgn_status
not_asked(struct stage *stage, int state)
{
    bool own = stage->as == stage->command->actor;
    const struct model_who *by = NULL;
    enum sgn_status status;
    char who[2 * SGN_KEY_MAX], *words;

    if (sgn_json_str(stage->command->params, "approval") == NULL &&
        had_part(last_decided(stage), stage->as))
        return no_round(stage, NULL);
    status = excluded_by(stage, state, stage->as, &by);
    if (status != SGN_OK)
        return status;
    if (own)
        snprintf(who, sizeof(who), "%s", "you are");
    else
        snprintf(who, sizeof(who), "%s is", stage->as);
    words = by == NULL                     ? NULL
            : by->kind == MODEL_WHO_OPENER ? sgn_format("who opened the case")
                                           : who_words(by);
    if (words != NULL)
        sgn_fail(stage->err, SGN_FORBIDDEN, "%s not asked in this approval: its rules exclude %s",
                 who, words);
    else
        sgn_fail(stage->err, SGN_FORBIDDEN, "%s not asked in this approval", who);
    free(words);
    return SGN_FORBIDDEN;
}

/* People are looked up for this very command, not read from the row: somebody may have
 * joined or left since the last entry. Who else is asked is not for the client. */
static enum sgn_status
check_asked(struct stage *stage, int state)
{
    json_t *choices = NULL, *asked = json_array();
    struct seats seats = { 0 };
    enum sgn_status status = seats_find(stage, state, &seats);

    if (status == SGN_OK)
        status = round_heard(stage, state, &seats, &choices);
    if (status == SGN_OK) {
        seats_asked(&seats, choices, asked);
        names_sort(asked);
        if (sgn_json_has(asked, stage->as))
            status = check_hand(stage, state, &seats);
        else
            status = not_asked(stage, state);
        if (status == SGN_FORBIDDEN && !stage->is_client)
            sgn_error_add(stage->err, "asked", json_incref(asked));
    }
    seats_deinit(&seats);
    json_decref(choices);
    json_decref(asked);
    return status;
}

/* defer and changes end the round at once: of those who are asked, whoever is named for
 * it (may_defer, may_return), and with a reason: the others shall know why their
 * ballots were not needed. */
static enum sgn_status
check_ending(struct stage *stage, int state, const char *choice)
{
    const struct model_approval *approval = stage->model->states[state].approval;
    bool defers = strcmp(choice, "defer") == 0;
    const struct model_who *who = defers ? approval->may_defer : approval->may_return;
    bool may = true;
    json_t *none = json_array();
    enum sgn_status status = SGN_OK;

    if (who != NULL)
        status = who_has(stage, who, state, stage->as, &may);
    if (status == SGN_OK && !may) {
        char *words = who_words(who);
        status = sgn_fail(stage->err, SGN_FORBIDDEN, "to %s is for %s",
                          defers ? "defer" : "ask for changes", words != NULL ? words : "others");
        free(words);
    }
    if (status == SGN_OK)
        status = fields_needed(stage, none, true);
    json_decref(none);
    return status;
}

/* The ballot must carry the digest of what is asked now. A conflict names the fields
 * that are not what the giver saw, so that a page can show them. */
static enum sgn_status
check_digest(struct stage *stage, int state)
{
    const char *given = sgn_json_str(stage->command->params, "digest");
    int64_t number = sgn_json_int(round_of(stage, stage->model->states[state].name), "number", 0);
    int64_t seen = sgn_json_int(stage->command->params, "round", number);
    char digest[SGN_HASH_HEX];
    json_t *changed = NULL;
    enum sgn_status status = round_digest(stage, state, stage->as, digest);

    if (status != SGN_OK)
        return status;
    /* The same content asked again is another question: a round that a ballot names must be this
     * one. */
    if (seen != number) {
        status = sgn_fail(stage->err, SGN_CONFLICT,
                          "this ballot is for round %lld, and round %lld is asked now: look again",
                          (long long)seen, (long long)number);
        sgn_error_add(stage->err, "round", json_integer(number));
        return status;
    }
    if (given != NULL && strcmp(given, digest) == 0)
        return SGN_OK;
    status = covers_changed(stage, state, stage->as, given, &changed);
    if (status != SGN_OK)
        return status;
    status = sgn_fail(stage->err, SGN_CONFLICT,
                      "what this ballot agrees to is not what is asked now: look again");
    sgn_error_add(stage->err, "fields", changed);
    sgn_error_add(stage->err, "digest", json_string(digest));
    return status;
}

static int
name_compare(const json_t *a, const json_t *b, const char *member)
{
    const char *x = sgn_json_str(a, member), *y = sgn_json_str(b, member);

    return strcmp(x != NULL ? x : "", y != NULL ? y : "");
}

/* Ballots stand in the order (at, person, on behalf of), which is what a fold makes of
 * them from parts it knows without this order. A giver has one, whoever's hand wrote it. */
static void
put_ballot(struct stage *stage, json_t *ballots, json_t *ballot_take)
{
    int64_t at = sgn_json_int(ballot_take, "at", 0);
    size_t place = 0;

    /* The one before is replaced; it stays in the entry that brought it. */
    for (size_t i = json_array_size(ballots); i > 0; i--)
        if (strcmp(case_ballot_giver(json_array_get(ballots, i - 1)),
                   case_ballot_giver(ballot_take)) == 0)
            json_array_remove(ballots, i - 1);
    while (place < json_array_size(ballots)) {
        const json_t *other = json_array_get(ballots, place);
        int64_t its = sgn_json_int(other, "at", 0);
        int order = name_compare(other, ballot_take, "person");
        if (order == 0)
            order = name_compare(other, ballot_take, "on_behalf");
        if (its > at || (its == at && order > 0))
            break;
        place++;
    }
    if (json_array_insert_new(ballots, place, ballot_take) != 0)
        stage->nomem = true;
}

/* The client's side is written into its ballot, since that is what decides later who
 * may read it. */
static enum sgn_status
cast(struct stage *stage, int state, const char *choice)
{
    json_t *round = round_of(stage, stage->model->states[state].name);
    const char *client = sgn_json_str(stage->person, "client");
    const json_t *via = json_object_get(stage->command->params, "via");
    json_t *ballot =
        json_pack("{s:s, s:I, s:s, s:s, s:s, s:b}", "person", stage->command->actor, "at",
                  (json_int_t)stage->now, "channel", stage->command->channel, "choice", choice,
                  "digest", sgn_json_str(stage->command->params, "digest"), "standing", 1);

    if (ballot == NULL) /* and could not be given its place */
        return sgn_nomem(stage->err);
    if (stage->as != stage->command->actor)
        stage_put(stage, ballot, "on_behalf", json_string(stage->as));
    if (stage->comment != NULL)
        stage_put(stage, ballot, "comment", json_string(stage->comment));
    if (client != NULL)
        stage_put(stage, ballot, "client", json_string(client));
    if (via != NULL) /* the evidence of how it came; lane/links.c is the only one who gives it */
        stage_put(stage, ballot, "via", sgn_json_copy(via));
    put_ballot(stage, json_object_get(round, "ballots"), ballot);
    stage->event_name = "vote";
    if (strcmp(choice, "defer") != 0 && strcmp(choice, "changes") != 0)
        return SGN_OK; /* judged when the decision settles */
    return round_end(stage, state, choice[0] == 'd' ? "deferred" : "changes", NULL);
}

enum sgn_status
vote_decide(struct stage *stage)
{
    const char *choice = sgn_json_str(stage->command->params, "choice");
    int state = -1;
    bool ends;
    enum sgn_status status = find_round(stage, &state);

    if (status == SGN_OK)
        status = check_choice(stage, stage->model->states[state].approval, choice);
    if (status == SGN_OK)
        status = check_asked(stage, state);
    if (status != SGN_OK)
        return status;
    stage->comment = sgn_json_str(stage->command->params, "comment");
    if (stage->comment != NULL && strlen(stage->comment) > CORE_COMMENT_MAX)
        return sgn_fail(stage->err, SGN_TOO_LARGE, "a comment has at most %d bytes",
                        CORE_COMMENT_MAX);
    ends = strcmp(choice, "defer") == 0 || strcmp(choice, "changes") == 0;
    if (ends)
        status = check_ending(stage, state, choice);
    if (status == SGN_OK)
        status = check_digest(stage, state);
    if (status == SGN_OK)
        status = cast(stage, state, choice);
    if (status == SGN_OK && ends)
        status = macrostep_event(stage, NULL, NULL, -1, false, NULL);
    return status == SGN_OK ? macrostep_settle(stage) : status;
}

/* The ballot that speaks for the person: their own, or a stand-in's. */
static json_t *
ballot_of(const json_t *round, const char *giver)
{
    json_t *ballot;
    size_t i;

    json_array_foreach(json_object_get(round, "ballots"), i, ballot)
        if (strcmp(case_ballot_giver(ballot), giver) == 0)
            return ballot;
    return NULL;
}

/* The ballot stays in the round and does not stand any more: that it was given is no
 * secret. */
enum sgn_status
withdraw_decide(struct stage *stage)
{
    int state = -1;
    json_t *ballot;
    bool own = stage->as == stage->command->actor;
    enum sgn_status status = find_round(stage, &state);

    if (status != SGN_OK)
        return status;
    ballot = ballot_of(round_of(stage, stage->model->states[state].name), stage->as);
    if (ballot == NULL || !sgn_json_true(ballot, "standing"))
        return sgn_fail(stage->err, SGN_NOT_NOW,
                        own ? "you have no ballot in %s that could be withdrawn"
                            : "there is no ballot in %s that could be withdrawn",
                        stage->model->states[state].name);
    /* What somebody said themselves no stand-in takes back. */
    if (!own && sgn_json_str(ballot, "on_behalf") == NULL)
        return sgn_fail(stage->err, SGN_FORBIDDEN, "%s has answered themselves", stage->as);
    stage_put(stage, ballot, "standing", json_false());
    stage->event_name = "withdraw";
    return macrostep_settle(stage);
}
