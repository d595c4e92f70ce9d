/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two nodes on one store. The other one writes just before this one takes the team's head: what
 * this one has decided rests on what is no more. A program of tests has one pair of them.
 */
#ifndef TWO_NODES_H
#define TWO_NODES_H

#include "world.h"

extern void (*before)(void);      /* what happens before a head is taken */
extern void (*before_look)(void); /* and before one is read */
extern bool always;               /* each time, not once */
extern const char *failing;       /* the team whose commits fail */
extern struct world *here, *there;

/* TK-1 is there, and counts 1. */
void begin(bool delayed);
void end(void);

#endif
