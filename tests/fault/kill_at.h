/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What kill_at.c shares with who tortures the server: a file of KILL_AT_CELLS integers of eight
 * bytes, named by SIGNOFF_KILL_AT and mapped by both. It outlives the server, and so tells where
 * the server was when it died.
 *
 * To kill: write HOW and WHERE, then, last, LEFT = n. At the n-th such moment the process kills
 * itself; a LEFT of 0 kills never. kills.py has the same numbers.
 */
#ifndef FAULT_KILL_AT_H
#define FAULT_KILL_AT_H

enum kill_at_cell {
    KILL_AT_WHERE,  /* enum kill_at_where: the moments that count */
    KILL_AT_LEFT,   /* how many until the end */
    KILL_AT_HOW,    /* of 1000: how much of the fatal write is done before */
    KILL_AT_PHASE,  /* enum kill_at_phase: where the writing thread is now */
    KILL_AT_STRUCK, /* the where that killed; 0 while alive, or killed by others */
    KILL_AT_WRITES, /* counters, for whoever wonders */
    KILL_AT_SYNCS,
    KILL_AT_READS,
    KILL_AT_CHECKPOINTS,
    KILL_AT_MERGES, /* writes to the log in them */
    KILL_AT_CELLS
};

enum kill_at_where {
    KILL_AT_NOWHERE,
    KILL_AT_BEGIN,      /* before a commit's first write to the log */
    KILL_AT_WRITE,      /* in a write to the log, a part of it done */
    KILL_AT_SYNC,       /* all is written, the sync is not called yet */
    KILL_AT_SYNCED,     /* the sync has returned, nobody was told */
    KILL_AT_CHECKPOINT, /* in a write to the database, a part of it done */
    KILL_AT_READ,       /* before a read of the log: recovery at the start is made of these */
    KILL_AT_MERGE       /* in a write to the log of rows that are merged, or around its sync */
};

enum kill_at_phase {
    KILL_AT_IDLE,          /* between commits; all that is durable was told */
    KILL_AT_COMMITTING,    /* from the first write to the log until its sync returns */
    KILL_AT_UNTOLD,        /* from there until bytes leave by a socket */
    KILL_AT_CHECKPOINTING, /* from a write to the database until its sync returns */
    KILL_AT_MERGING        /* from the beginning of a merge's transaction until it has ended */
};

#endif
