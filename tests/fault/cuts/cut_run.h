/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run of power cuts, line by line. A line is the life of one site over some ten moments at which
 * the power is cut, fixed by its seed: what people ask for, when the power is cut, and what that
 * leaves. It ends in good order, or with the first thing that is found.
 */
#ifndef CUT_RUN_H
#define CUT_RUN_H

#include "cut_judge.h"
#include "cut_load.h"
#include "cut_plan.h"

struct cut_run {
    struct cut_vfs cut;
    struct cut_site site;
    struct cut_judge judge;
    struct cut_load load;
    struct cut_random random; /* of the line */
    struct cut_tally tally;
    struct cut_disk *base; /* a site that was set up, and shut down in good order */
    const struct cut_planted *planted;
    bool long_lives; /* of the line */
    int64_t cuts, lines;
    int64_t bad; /* lines on which something was found */
    int64_t in_recovery, again_in_recovery;
};

/* In place, since its parts know each other; one at a time in a process. */
bool cut_run_init(struct cut_run *run);
void cut_run_deinit(struct cut_run *run);
/* From now on with this fault, and counting anew. Borrowed. */
void cut_run_plant(struct cut_run *run, const struct cut_planted *planted);
void cut_run_line(struct cut_run *run, uint64_t seed);

#endif
