/* SPDX-License-Identifier: Apache-2.0 */
/* Many seeds, by several processes, and what became of them. */
#ifndef SIM_JOBS_H
#define SIM_JOBS_H

#include "sim_run.h"

struct sim_jobs {
    uint64_t from, to; /* seeds, both included */
    int jobs, steps;
    bool twice;        /* each is run twice, and must do the same */
    const char *save;  /* folder for plans that fail, or NULL */
    const char *state; /* file that says how far it has come, or NULL */
    uint64_t stop_bad; /* ends when so many have failed; 0: never */
};

struct sim_sums {
    uint64_t seeds, bad, trace;
    int64_t asked, told, starts, cuts, entries, posts;
    int wrong[SIM_WRONGS];
};

/* false: something was found. */
bool sim_jobs_run(struct sim_world *world, const struct sim_jobs *jobs, struct sim_sums *sums);
/* One plan: saved, shortened and told when it fails. */
void sim_jobs_keep(struct sim_world *world, struct sim_plan *plan, struct sim_result *result,
                   const char *save);

#endif
