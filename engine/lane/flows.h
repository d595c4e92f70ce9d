/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What waits for a thread, by team: each team's jobs keep their order, and teams take turns, so
 * that ten thousand jobs of one let the only one of another wait no longer than its own turn.
 *
 * Jobs of an operator are one flow, whatever teams they name: those of one connection keep their
 * order; so are those who log in. With one flow for all (on virtual time, where clock.advance
 * divides what came before it from what came after) nobody takes turns.
 *
 * Bounded, in all and for each team, so that refusals are early and leave room for others. Any
 * thread pushes; several may take.
 */
#ifndef LANE_FLOWS_H
#define LANE_FLOWS_H

#include "lane.h"

struct lane_flows;
struct lane_flow; /* a team's */

struct lane_flows_options {
    int all, each; /* that may wait, in all and of one team */
    int window;    /* of one team that are taken and not done; 0: any number */
    bool shared;   /* window holds only while others ask, too: in the last minute */
    bool single;   /* one flow for all, without a window */
};

enum lane_push {
    LANE_PUSHED,
    LANE_ALL_FULL,
    LANE_TEAM_FULL
};

struct lane_flows *lane_flows_new(const struct lane_flows_options *options);
void lane_flows_free(struct lane_flows *flows); /* must be empty, or its jobs leak */
/* The job is its until it is taken; when it is not pushed it stays the caller's. Who waits hears of
 * it by lane_flows_tell, or when LANE_FLOWS_MANY were pushed. */
#define LANE_FLOWS_MANY 64
enum lane_push lane_flows_push(struct lane_flows *flows, struct lane_job *job);
void lane_flows_tell(struct lane_flows *flows);
/*
 * Up to n jobs, in turns, oldest of each team first; NULL: none, after timeout_ms (0: does not
 * wait, -1: for ever) or when woken. n 0: waits for being woken alone.
 */
struct sgn_node *lane_flows_take(struct lane_flows *flows, int n, int64_t timeout_ms);
/* All that wait, whatever the windows say; does not wait. */
struct sgn_node *lane_flows_take_all(struct lane_flows *flows);
/* A job that was taken is done; saying it more than once does no harm. */
void lane_flows_done(struct lane_flows *flows, struct lane_job *job);
void lane_flows_wake(struct lane_flows *flows);
/* From now on nobody sleeps: who finds nothing goes home. */
void lane_flows_close(struct lane_flows *flows);
/* How many wait beside this one; NULL: in all. */
int lane_flows_length(struct lane_flows *flows, const struct lane_job *job);

#endif
