/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Retention: what is kept of a case that has ended goes when its time is over, as the workflow's
 * version in force says, for cases of all versions. Counted from the case's end: one that was
 * opened again has none until it ends again. Nothing is erased under a hold.
 *
 * Each time that rules of the team say ("3 years") has a walk over its history in the order of
 * entries, which is the order of time: whatever was written so long ago is looked at once, and the
 * case that it is of, if that has ended then. How far it came is a row of STORE_READER,
 * "retention/MONTHS/DAYS/RULES", which moves in the commit of the entries that it led to; other
 * rules for the time begin it anew. A case that is looked at again has nothing left to erase.
 *
 * Only the node that does the team's work walks. Lane thread.
 */
#ifndef LANE_RETENTION_H
#define LANE_RETENTION_H

#include "lane_internal.h"

#define LANE_RETENTION_READERS "retention/"

#define LANE_RETENTION_SWEEP "retention" /* of what a hold had kept, see hold.c */

struct lane_retention;

struct lane_retention *lane_retention_new(void);
void lane_retention_free(struct lane_retention *retention);
/* What is in force, or stored, may be other than what is known. team NULL: of all. */
void lane_retention_changed(struct lane *lane, const char *team);
/* Must it be looked at again? */
bool lane_retention_stale(const struct lane *lane);
/* Looks again, if it must; only while nothing is staged. */
void lane_retention_look(struct lane *lane);
/* When the first of all walks goes on; 0: none does. */
int64_t lane_retention_due(const struct lane *lane);
/* The next page of the walk that is due first: a bounded number of entries. */
enum sgn_status lane_retention_fire(struct lane *lane, struct sgn_error *err) SGN_MUST_CHECK;
/* The same, when it is due by the beginning of the turn and no effects wait. */
void lane_retention_turn(struct lane *lane);

/* ---- retention_case.c ---- */

/* The run function of a case (job->case_key): erases what is due by the run's time, by one entry.
 * SGN_NOT_NOW: nothing is. */
enum sgn_status lane_retention_case(struct lane_run *run, struct lane_job *job,
                                    struct sgn_error *err) SGN_MUST_CHECK;
/* Has this batch changed the case? What it says is not in the store yet, and cannot be erased. */
bool lane_retention_waits(struct lane *lane, const char *team, const char *key);

/* ---- hold.c ---- */

/* SGN_NOT_NOW when the case is under a hold; data.hold is it. */
enum sgn_status lane_hold_check(const json_t *row, struct sgn_error *err) SGN_MUST_CHECK;

#endif
