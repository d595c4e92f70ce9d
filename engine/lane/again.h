/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Jobs of a batch at their end, and work of the engine that is found again, see again.c.
 */
#ifndef LANE_AGAIN_H
#define LANE_AGAIN_H

#include "lane_internal.h"

/* Answers these jobs; with another status than SGN_OK whatever they came to. */
void lane_answer_all(struct lane *lane, struct sgn_node *node, enum sgn_status st,
                     const struct sgn_error *why);
/* Answers the batch's with its status. Returns how many. */
int lane_batch_answer(struct lane *lane, struct lane_batch *batch);
/* The engine's own held jobs, of one team or (NULL) of all, end: what they rest on may never have
 * happened. What is due or asked for is found again in the store. keep: not what is due, and the
 * effects of entries up to this one; 0: all. */
void lane_own_drop(struct lane *lane, const char *team, int64_t keep);
/* The team's effects and sweeps (NULL: of all) are not all known: the next turn that does not rest
 * looks for them in the store. */
void lane_work_missed(struct lane *lane, const char *team);
bool lane_has_missed(const struct lane *lane);
bool lane_is_missed(const struct lane *lane, const char *team);
void lane_work_resume(struct lane *lane);
/* Drops what the batch staged, forgets what others have changed and runs its jobs anew. */
void lane_batch_again(struct lane *lane, struct lane_batch *batch, const struct sgn_error *why);

#endif
