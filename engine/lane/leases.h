/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which teams' work this node does, see leases.c. Where there never are other nodes it does all.
 */
#ifndef LANE_LEASES_H
#define LANE_LEASES_H

#include "lane_internal.h"

struct lane_leases;

/* node: its id, borrowed for the life of them. */
struct lane_leases *lane_leases_new(const char *node);
void lane_leases_free(struct lane_leases *leases);

/* On the thread of nodes: takes what nobody has who lives. *changed: the lane should look. */
enum sgn_status lane_leases_take(struct lane_leases *leases, struct store_waker *waker,
                                 bool *changed, struct sgn_error *err) SGN_MUST_CHECK;

/* On the lane, all that follows. What came and went since the last turn is begun and dropped. */
void lane_leases_turn(struct lane *lane);
/* Does this node carry out the team's effects, sweeps, schedules and periods? */
bool lane_leased(const struct lane *lane, const char *team);
/* Any thread: see lane_work(). */
int64_t lane_leases_number(struct lane_leases *leases, const char *team);
/* What a commit of such work is to say; false: the work is another node's by now. */
bool lane_lease_fence(const struct lane *lane, const char *team, struct store_fence *out);
/* A commit of such work was refused: whether it still is this node's is asked anew. NULL: whose
 * work it has is asked anew. */
void lane_lease_doubt(struct lane *lane, const char *team);

#endif
