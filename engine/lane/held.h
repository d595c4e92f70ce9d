/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Jobs that wait, and whom they let wait in turn. Of the lane's files.
 */
#ifndef LANE_HELD_H
#define LANE_HELD_H

#include "lane_internal.h"

/* Hashes of the connections and cases of held jobs. Two that collide make a job wait for
 * one it need not wait for, which is harmless. */
#define LANE_HELD_SLOTS 4096

struct lane_held {
    uint64_t slots[LANE_HELD_SLOTS];
    uint16_t taken[LANE_HELD_SLOTS / 2]; /* the slots that are not 0 */
    int n;
    bool full;    /* too many to tell apart: all wait */
    bool barrier; /* nothing that came from outside may pass */
};

/* Before each walk over the jobs. */
void lane_held_begin(struct lane_held *held);
void lane_hold(struct lane_held *held, struct lane_job *job);
/* The same of a job whose whole team waits. */
void lane_hold_line(struct lane_held *held, const struct lane_job *job);
/* Does an earlier job wait for the same case, or for something that changes all cases? */
bool lane_case_waits(const struct lane_held *held, struct lane_job *job);
/* first: no held job came before it. */
bool lane_must_wait(const struct lane_held *held, struct lane_job *job, bool first);

/* How many jobs of this team the walk has met that wait for its rules. Never NULL; valid until the
 * next call. */
struct lane_waits *lane_waits_of(struct lane *lane, const char *team);

/* ---- park.c ---- */

/* Notes a call (its input is taken) of the function of a hook. digest: of what source (taken) is,
 * which is opened when it is not yet, see rules.h. */
enum sgn_status lane_ask_hook(struct lane_run *run, const char *digest, json_t *source_take,
                              struct core_call *call, struct sgn_error *err) SGN_MUST_CHECK;

#endif
