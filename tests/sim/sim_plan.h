/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plan: the steps of one simulated life, chosen by a seed before anything
 * runs. It is a text, a step a line, that can be read, kept, shortened and
 * carried out without what made it:
 *
 *     ask client=1 id=7 what=vote of=3 word=reject
 *
 * A step that has no sense where it stands (a request about a case that nobody
 * was told of, bytes for a server that is down) does nothing, so that any part
 * of a plan is a plan, too. Requests have their number from the plan, so that
 * it stays theirs when others are left out.
 */
#ifndef SIM_PLAN_H
#define SIM_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define SIM_STEPS_MAX 4000 /* of a plan, and requests of it */

enum sim_do {
    SIM_ASK,      /* client writes a request to its connection: id, what, of, word */
    SIM_AGAIN,    /* client writes the request id once more */
    SIM_SEND,     /* up to n bytes of what client wrote arrive; 0: all */
    SIM_READ,     /* client reads what has come for it */
    SIM_CONNECT,  /* client connects and logs in */
    SIM_DROP,     /* its connection is lost, and what was on its way in it */
    SIM_LANE,     /* the lane has a turn */
    SIM_RPC,      /* the protocol has one */
    SIM_POST,     /* the outbox has one */
    SIM_IDLE,     /* the store has a quiet moment */
    SIM_REST,     /* all of them have turns until nothing moves */
    SIM_TIME,     /* n ms go by */
    SIM_RECEIVER, /* receiver client behaves as word says from now on */
    SIM_ROOM,     /* so many bytes more may be kept on the disk; -1: any number */
    SIM_CUT,      /* the power fails at the nth event of kind `event` from now */
    SIM_KILL,     /* the server is killed; the machine goes on */
    SIM_STOP,     /* the server ends in good order */
    SIM_START,    /* and is started, if it is down */
    SIM_DOES
};

enum sim_what {
    SIM_OPEN,
    SIM_SPIN,
    SIM_PROPOSE, /* fire "ask": a round of the approval begins */
    SIM_AMEND,
    SIM_COMMENT,
    SIM_VOTE,
    SIM_WITHDRAW,
    SIM_LOOK,  /* reads the case; the votes of this client carry what it saw last
                */
    SIM_TITLE, /* a row of data changes */
    SIM_JOIN,  /* "dan" may work from now on */
    SIM_LEAVE, /* and no longer */
    SIM_INBOX, /* reads what waits for the person */
    SIM_WHATS
};

struct sim_step {
    enum sim_do what;
    int client;
    int id;             /* of a request, 1 and up; 0: none */
    enum sim_what asks; /* of SIM_ASK */
    int of;             /* the request that opened the case it is about */
    int event;          /* enum cut_event */
    int64_t n;
    uint64_t seed; /* of what a cut leaves */
    char word[12];
};

struct sim_plan {
    uint64_t seed; /* that it was made from; 0: read from a file */
    int n;
    struct sim_step steps[SIM_STEPS_MAX];
};

const char *sim_what_name(enum sim_what what);
/* One step as a line, without its end. */
void sim_step_print(const struct sim_step *step, char *out, size_t n);
bool sim_plan_save(const struct sim_plan *plan, const char *path);
/* false: why says which line is wrong. */
bool sim_plan_load(struct sim_plan *plan, const char *path, char *why, size_t n);
/* By the seed alone: about so many steps. */
void sim_plan_make(struct sim_plan *plan, uint64_t seed, int steps);

#endif
