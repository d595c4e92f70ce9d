/* SPDX-License-Identifier: Apache-2.0 */
/* When the power is cut, and which faults can be planted to find out whether it matters. */
#ifndef CUT_PLAN_H
#define CUT_PLAN_H

#include "cut_disk.h"

/* What brings a planned event about when people's requests have not. */
enum cut_work {
    CUT_MORE,    /* more of them */
    CUT_IDLE,    /* a moment in which nobody asks for anything */
    CUT_RESTART, /* an end in good order, and a start */
    CUT_NOTHING, /* it is to come at rest */
};
struct cut_life {
    int steps; /* of load */
    enum cut_work then;
};
/* A cut while the server works, for long or not. If it does not come in these steps, nor by that
 * work, the power is cut between two calls. */
struct cut_life cut_plan_life(struct cut_disk *disk, struct cut_random *random, bool is_long);
/* A cut while the server starts and what was lost is asked for again. It may come too late for
 * that, and is one like the others then. */
void cut_plan_recovery(struct cut_disk *disk, struct cut_random *random);

/* A cut while a site is made, before and in the first transactions of its store. */
void cut_plan_first(struct cut_disk *disk, struct cut_random *random);

/* How a server is at fault that is linked into this program. */
enum cut_lie {
    CUT_HONEST,
    CUT_NORMAL,    /* it commits with synchronous=NORMAL */
    CUT_FORGETS,   /* it does not know what it was asked before it started */
    CUT_EARLY,     /* it acknowledges before it commits */
    CUT_UNINDEXED, /* it takes entries for indexed that have not reached their indexes */
    CUT_UNMERGED,  /* it takes rows for merged that have not reached their table */
};

struct cut_planted {
    const char *name;
    enum cut_fault disk;
    enum cut_lie server;
    const char *expects; /* what is wrong with it; NULL: nothing */
};
/* NULL: there is no such fault; "none" is. Static. */
const struct cut_planted *cut_planted_find(const char *name);
/* The nth of them, from 0; NULL: there are no more. */
const struct cut_planted *cut_planted_at(int n);

#endif
