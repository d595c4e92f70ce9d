/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files about approvals share with each other on a stage.
 */
#ifndef CORE_APPROVAL_INTERNAL_H
#define CORE_APPROVAL_INTERNAL_H

#include "approval.h"
#include "core_internal.h"

/* Looks up the people of the state's approval, exclusions and substitutes applied. */
enum sgn_status seats_find(struct stage *stage, int state, struct seats *out) SGN_MUST_CHECK;
/* The fields that a person's ballot covers; person NULL: all that any ballot does. */
enum sgn_status round_covers(struct stage *stage, int state, const char *person,
                             json_t **out) SGN_MUST_CHECK;
/*
 * What a round shows: {FIELD: {"hash", "since": the round that first showed it so}}. before is
 * the last round's, or NULL; number the new one's. New reference.
 */
enum sgn_status covers_shown(struct stage *stage, int state, const json_t *before, int64_t number,
                             json_t **out) SGN_MUST_CHECK;
/* The covered fields that have changed since the round in which digest was right. */
enum sgn_status covers_changed(struct stage *stage, int state, const char *person,
                               const char *digest, json_t **out) SGN_MUST_CHECK;
/* The digest of what is asked now as it was under other rules: of a ballot older than these. */
enum sgn_status round_digest_under(struct stage *stage, int state, const char *person,
                                   const char *rules, char out[SGN_HASH_HEX]) SGN_MUST_CHECK;
json_t *round_choices(struct stage *stage, const json_t *round);

/* ---- round_people.c ---- */

/* Adds everybody on the rules that count, in turn or not yet. */
void seats_people(struct stage *stage, const struct seats *seats, json_t *into);
/* Names in round.left who had a part in the open round and is not one of its people now. */
void round_mark_left(struct stage *stage, json_t *round, const struct seats *seats);
/* Names in round.not_needed who was asked and is not heard: the round is being decided. */
void round_mark_not_needed(struct stage *stage, json_t *round, const struct seats *seats,
                           const json_t *heard);

/* ---- hands.c ---- */

/* The choices that count: without those of stand-ins who may not write there. */
enum sgn_status round_heard(struct stage *stage, int state, const struct seats *seats,
                            json_t **out) SGN_MUST_CHECK;
/* Is the hand excluded from the approval, or from a rule that the giver sits on? */
enum sgn_status hand_excluded(struct stage *stage, int state, const struct seats *seats,
                              const char *giver, const char *hand, bool *out) SGN_MUST_CHECK;
/* Whom the approval, or one of its rules, excludes and who the person is; NULL: nobody. Borrowed.
 */
enum sgn_status excluded_by(struct stage *stage, int state, const char *person,
                            const struct model_who **out) SGN_MUST_CHECK;
/* For whom the hand has filled another seat of the giver's rule; NULL: for nobody. before is the
 * ballot that is asked about, or NULL for one that is about to be given. */
const char *hand_used(const struct seats *seats, const json_t *ballots, const char *giver,
                      const char *hand, const json_t *before);

/* The open rounds as a person sees them, appended: all of them, or the client's side only; with
 * titles in a language, NULL: without. */
enum sgn_status rounds_shown(struct stage *stage, bool all, const char *language,
                             json_t *list) SGN_MUST_CHECK;
/* What whoever is asked in an open round should know before they answer, put into what is shown of
 * it: leads {CHOICE: [where]}, due, silence [{at, leads, outcome_title?, manner_title?}], and with
 * params.seen, an earlier digest, changed [FIELD]. */
enum sgn_status round_choices_shown(struct stage *stage, int state, const char *language,
                                    json_t *shown) SGN_MUST_CHECK;
/* Those that have ended, appended: what was decided, on which ballots, and without whom. */
void rounds_ended_shown(struct stage *stage, bool all, const char *language, json_t *list);
/* What the actor may be told of a list of fields: for the client the shared ones; in place. */
void covers_told(const struct stage *stage, json_t *names);

#endif
