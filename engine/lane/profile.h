/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a team's time goes: what deciding its commands takes the lane, how long they wait for its
 * rules, and what each function of them takes where it runs.
 *
 * Kept by version: rows for its functions and for its events. There are LANE_PROFILE_ROWS of them
 * at most; the version that nobody has used for longest makes way, and its figures stay in the sums
 * of its team. All counts since the lane was made. A figure that comes from a rules process is
 * taken like a stranger's: it is cut to a day.
 *
 * Lane thread only.
 */
#ifndef LANE_PROFILE_H
#define LANE_PROFILE_H

#include "lane_internal.h"

#define LANE_PROFILE_ROWS     16384 /* some 2 MiB */
#define LANE_PROFILE_VERSIONS 1024
#define LANE_SLOW_LINES       5 /* about slow rules, of one team in a minute */

/* NULL: out of memory. */
struct lane_profile *lane_profile_new(int64_t slow_ms);
void lane_profile_free(struct lane_profile *profile);

/* Where calls of this version count; without memory for it, nowhere. */
struct lane_profile_place lane_profile_version(struct lane *lane, const char *team,
                                               const struct model *model);
/* The same of a team's hooks, which are one row. */
struct lane_profile_place lane_profile_hooks(struct lane *lane, const char *team,
                                             const char *digest);
/* A call was answered: counts it, and logs it when it was slow. The asker's job is still there. */
void lane_profile_called(struct lane *lane, const struct lane_asker *asker, enum sgn_status status,
                         const struct rules_cost cost[2]);

/* Around each job that is run: what is decided in it counts from the one to the other. The status
 * is what the job came to, SGN_NEEDS when it is going to be run again. */
void lane_profile_begin(struct lane *lane);
void lane_profile_end(struct lane *lane, const struct lane_job *job, enum sgn_status status);
/* In between: this command was decided, with this status. Each one in a job has what was spent
 * since the one before. */
void lane_profile_decided(struct lane_run *run, const struct model *model,
                          const struct core_command *command, enum sgn_status status);

#endif
