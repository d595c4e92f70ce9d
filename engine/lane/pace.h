/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast the lane and the query threads work, measured as they do: how many jobs a batch may have
 * so that whoever comes next waits no longer than batch_ms of processor time for its end, and after
 * which time somebody who is refused may come again.
 *
 * Figures are those of the last few thousand jobs; older ones count half as much each time.
 */
#ifndef LANE_PACE_H
#define LANE_PACE_H

#include "query.h"

struct lane_pace {
    int64_t jobs, decided_ns, turn_ms;   /* of the last turns; the lane thread's */
    int64_t began, began_ns, began_jobs; /* of this one */
    _Atomic int64_t decide_ns;           /* of one job */
    _Atomic int64_t turn_ns;             /* with its share of the commit */
    _Atomic int64_t query_ns;
    _Atomic int64_t largest; /* jobs of a turn, the most so far */
};

/* A turn begins; all is decided; all is committed and answered. */
void lane_pace_begin(struct lane *lane);
void lane_pace_decided(struct lane *lane);
void lane_pace_ended(struct lane *lane);
/* How many jobs the next batch takes. */
int lane_pace_batch(const struct lane *lane);
/* A query took so long. Any thread. */
void lane_pace_query(struct lane *lane, int64_t ms);
/* "overloaded": n requests (or queries) wait, of this team or in all; with the time after which
 * that is likely over. Any thread. */
enum sgn_status lane_pace_refuse(const struct lane *lane, bool queries, bool team, int n,
                                 struct sgn_error *err);

#endif
