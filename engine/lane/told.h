/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person may see, and what a message says to them: for lists of the inbox and for mail
 * alike. Any thread, with a reader of its own.
 */
#ifndef LANE_TOLD_H
#define LANE_TOLD_H

#include "lane.h"
#include "messages.h"

/* What this person (a row) may see of the case (its document): the team's own people all of it. */
enum sgn_status lane_person_sight(struct lane *lane, struct store_reader *reader, const char *team,
                                  const json_t *person, const json_t *document,
                                  enum core_sight *out, struct sgn_error *err) SGN_MUST_CHECK;

/* What a case is about: the first text field of its workflow that is filled and that may be
 * seen, or NULL. Borrowed from document, the case's row. */
json_t *lane_case_title(const struct model *model, const json_t *document, bool for_client);

/* What an entry says of persons, it says by their keys: {KEY: name} of those in what a message says
 * (person, stand_in, people) that have one. New reference. */
enum sgn_status lane_told_names(struct store_reader *reader, const char *team, const json_t *said,
                                json_t **out, struct sgn_error *err) SGN_MUST_CHECK;

/* A message as its person reads it. */
struct lane_told {
    char *text;
    char *title; /* what its case is about, or NULL */
};
void lane_told_deinit(struct lane_told *told);
/* row: of STORE_MESSAGE. SGN_NOT_FOUND: it is not for this person's eyes any more. */
enum sgn_status lane_told_read(struct lane *lane, struct store_reader *reader, const char *team,
                               const json_t *person, const json_t *row, const char *language,
                               struct lane_told *out, struct sgn_error *err) SGN_MUST_CHECK;

#endif
