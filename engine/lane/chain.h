/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A team's chain, followed entry by entry, and what its entries make of a case: for who verifies a
 * team, and for who copies it. Of the lane's files.
 */
#ifndef LANE_CHAIN_H
#define LANE_CHAIN_H

#include "store.h"

/* How far a team's chain was followed; seq 0 and hash "" before its first entry. */
struct lane_chain {
    const char *team;
    int64_t seq;
    char hash[65];
    int redacted; /* parts that were, so far */
};
/* Checks the next entry: its number, its hash and parts, what it follows on, its columns. *header
 * (which may be NULL): a new reference. SGN_INVALID says team, number, and what is broken. */
enum sgn_status lane_chain_next(struct lane_chain *chain, const struct store_entry_row *entry,
                                json_t **header, struct sgn_error *err) SGN_MUST_CHECK;
/* The case's row after this entry of it; row NULL before the first. New reference. */
enum sgn_status lane_chain_fold(const json_t *row, const struct store_entry_row *entry,
                                const json_t *header, json_t **out,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* A case folded from its entries, which are walked by themselves: needs memory for one case. The
 * chain is not followed. SGN_INVALID: they are not all there. New reference. */
enum sgn_status lane_chain_case(struct store_reader *reader, const char *team, const char *key,
                                json_t **out, struct sgn_error *err) SGN_MUST_CHECK;
/* The first member in which two rows differ. */
const char *lane_chain_difference(const json_t *a, const json_t *b);

#endif
