/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people do on a site: by the random numbers of a line, whatever fits and some that does not.
 * The team is that of the kill rounds (../team): rungs, an approval with its rounds, effects that
 * open and fire.
 */
#ifndef CUT_LOAD_H
#define CUT_LOAD_H

#include "cut_site.h"

#define CUT_JOBS 6 /* cases that are open at a time; they never end */

struct cut_load {
    struct cut_site *site;
    struct cut_random *random;
    int64_t asked, turns, idles, restarts; /* over all lines */
};

/* One step: some requests and a turn, or a moment in which nobody asks for anything. */
void cut_load_step(struct cut_load *load);
/* Nobody asks for anything: the store does work of its own. */
void cut_load_idle(struct cut_load *load);
/* The server ends and begins in good order. */
void cut_load_restart(struct cut_load *load);

#endif
