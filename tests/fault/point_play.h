/* SPDX-License-Identifier: Apache-2.0 */
/* What asking (point_ask.c), judging (point_judge.c) and playing (fault_points.c) share. */
#ifndef FAULT_POINT_PLAY_H
#define FAULT_POINT_PLAY_H

#include "point_site.h"

#include "points.h"

#define STEPS_MAX      100
#define LINE_MAX_BYTES 1024

struct step {
    char who[24], method[40], params[LINE_MAX_BYTES];
    char *answer; /* what it has to be answered; of points_realloc */
    char *dump;   /* what the store holds after it */
};

struct play {
    struct point_site site;
    struct step steps[STEPS_MAX];
    int n_steps;
    char *first; /* the store at the beginning */
    bool learned, restarted;
    struct point_peer *watcher; /* who started a watch; NULL: nobody yet, or it is gone */
    int64_t told;               /* the last entry that it was told of */
};

/* ---- point_ask.c ---- */

/* Its steps, from a file as points.scenario is; ends the process when that cannot be read. */
void play_read(struct play *play, const char *path);
/* Asks step n and settles, with points: it may fail meanwhile. What was answered, points_free();
 * NULL: nothing, and closed says that the connection is. */
char *play_ask(struct play *play, int n, bool points, bool *closed);
/* Reads what the watcher was told; each entry must come once and in its order. */
void play_hear(struct play *play);

/* ---- point_judge.c ---- */

/* Is it one of the refusals that say "not now, and not for what you asked"? */
bool play_is_passing(const char *answer);
/* Two texts that must be one: points_bad() with the first line that differs. */
void play_differ(const char *what, const char *is, const char *want);
void play_check_chain(struct play *play);
/* The rest of a child's life: step n has failed in it. */
_Noreturn void play_judge(struct play *play, int n, char *answer, bool closed);

#endif
