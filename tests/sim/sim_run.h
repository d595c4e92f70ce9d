/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plans carried out: each in a process of its own, forked from one whose server
 * is up, so that it costs no start, that none knows of another, and that one
 * which crashes or hangs is a finding.
 */
#ifndef SIM_RUN_H
#define SIM_RUN_H

#include "sim_judge.h"

struct sim_result {
    bool bad;
    int wrong;       /* enum sim_wrong of what was found first */
    char first[400]; /* in words */
    uint64_t trace;  /* hash of all that happened */
    int64_t asked, told, starts, cuts, entries, posts;
};

/* In this process, which is of no use for another plan afterwards. */
void sim_run_here(struct sim_world *world, const struct sim_plan *plan, struct sim_result *out);
/* In a process of its own. */
void sim_run(struct sim_world *world, const struct sim_plan *plan, struct sim_result *out);
/* Leaves out of a plan whatever is not needed for the same kind of finding.
 * Returns how many runs that took. */
int sim_shorten(struct sim_world *world, struct sim_plan *plan, struct sim_result *result);

#endif
