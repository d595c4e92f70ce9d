/* SPDX-License-Identifier: Apache-2.0 */
/* See sim_plan.h: plans of seeds. */
#include "cut_disk.h"
#include "cut_random.h"
#include "sim_plan.h"

#include <string.h>

#define CLIENTS   8
#define RECEIVERS 2

struct maker {
    struct sim_plan *plan;
    struct cut_random random;
    int ids;        /* of requests, so far */
    int opened[64]; /* those that open cases */
    int n_opened;
    int breaks; /* in a hundred steps: of the machine */
    int frays;  /* of the network */
    bool down;  /* the server may be: it is started soon */
    int full;   /* steps until there is room again; 0: there is */
};

static int
below(struct maker *maker, int n)
{
    return cut_random_below(&maker->random, n);
}

static struct sim_step *
step(struct maker *maker, enum sim_do what, int client)
{
    struct sim_step *next = &maker->plan->steps[maker->plan->n];

    if (maker->plan->n < SIM_STEPS_MAX)
        maker->plan->n++;
    *next = (struct sim_step){ .what = what, .client = client };
    return next;
}

/* ---- what people ask for ---- */

static int
case_of(struct maker *maker)
{
    return maker->n_opened > 0 ? maker->opened[below(maker, maker->n_opened)] : 0;
}

static void
ask(struct maker *maker, int client, enum sim_what what, int of)
{
    static const char *const words[] = { "approve", "approve", "approve", "reject", "abstain" };
    struct sim_step *next = step(maker, SIM_ASK, client);

    next->id = ++maker->ids;
    next->asks = what;
    next->of = of;
    if (what == SIM_VOTE)
        (void)strcpy(next->word, words[below(maker, 5)]);
    if (what == SIM_OPEN && maker->n_opened < 64)
        maker->opened[maker->n_opened++] = next->id;
}

/* A look, its answer, and the ballot on what was seen: with whatever comes
 * between. */
static void
vote(struct maker *maker, int client, int of)
{
    ask(maker, client, SIM_LOOK, of);
    if (below(maker, 4) > 0)
        (void)step(maker, SIM_REST, 0);
    ask(maker, client, SIM_VOTE, of);
}

static void
act(struct maker *maker)
{
    int client = below(maker, 10), what = below(maker, 100);
    int of = case_of(maker);

    client = client < CLIENTS ? client : below(maker, 4);
    if (of == 0 || (what < 12 && maker->n_opened < 5))
        ask(maker, below(maker, 3), SIM_OPEN, 0);
    else if (what < 30)
        ask(maker, client, SIM_PROPOSE, of);
    else if (what < 56)
        vote(maker, below(maker, 6) > 0 ? below(maker, 3) : client, of);
    else if (what < 70)
        ask(maker, client, SIM_SPIN, of);
    else if (what < 77)
        ask(maker, client, SIM_AMEND, of);
    else if (what < 82)
        ask(maker, client, SIM_COMMENT, of);
    else if (what < 87)
        ask(maker, client, SIM_WITHDRAW, of);
    else if (what < 91)
        ask(maker, client, SIM_INBOX, 0);
    else if (what < 94)
        ask(maker, below(maker, 4) > 0 ? 3 : client, SIM_TITLE, 0);
    else
        ask(maker, below(maker, 4) > 0 ? 3 : client, below(maker, 2) == 0 ? SIM_JOIN : SIM_LEAVE,
            0);
}

/* ---- what goes wrong ---- */

static void
fray(struct maker *maker)
{
    static const char *const modes[] = { "takes", "fails", "fails", "loses", "stalls", "slow" };
    int what = below(maker, 10), client = below(maker, CLIENTS);

    if (what < 3) {
        (void)step(maker, SIM_DROP, client);
        if (below(maker, 3) > 0)
            (void)step(maker, SIM_CONNECT, client);
    } else if (what < 7 && maker->ids > 0) {
        int id = 1 + below(maker, maker->ids);

        for (int i = 0; i < CLIENTS; i++) /* whoever it belongs to knows */
            if (below(maker, 2) == 0)
                step(maker, SIM_AGAIN, i)->id = id;
    } else {
        struct sim_step *next = step(maker, SIM_RECEIVER, below(maker, RECEIVERS));

        (void)strcpy(next->word, modes[below(maker, 6)]);
    }
}

static void
cut(struct maker *maker)
{
    static const int events[] = { CUT_LOG_WRITTEN,      CUT_LOG_SYNC,        CUT_LOG_SYNCED,
                                  CUT_DATABASE_WRITTEN, CUT_DATABASE_SYNCED, CUT_ANY,
                                  CUT_LOG_SYNC,         CUT_LOG_WRITTEN };
    struct sim_step *next = step(maker, SIM_CUT, 0);

    next->event = below(maker, 6) == 0 ? CUT_AT_REST : events[below(maker, 8)];
    next->n = 1 + below(maker, next->event == CUT_LOG_WRITTEN ? 30 : 6);
    next->seed = cut_random(&maker->random);
    maker->down = true;
}

static void
break_something(struct maker *maker)
{
    int what = below(maker, 10);

    if (what < 5)
        cut(maker);
    else if (what < 7)
        (void)step(maker, SIM_KILL, 0);
    else if (what < 8)
        (void)step(maker, SIM_STOP, 0);
    else if (maker->full == 0) {
        step(maker, SIM_ROOM, 0)->n = 1 + below(maker, 60000);
        maker->full = 8;
    }
    if (what < 8)
        maker->down = true;
}

/* Started again, with everybody there, and most of what was asked is asked
 * again. */
static void
mend(struct maker *maker)
{
    (void)step(maker, SIM_START, 0);
    for (int i = 0; i < CLIENTS; i++)
        if (below(maker, 10) > 0)
            (void)step(maker, SIM_CONNECT, i);
    for (int id = maker->ids > 12 ? maker->ids - 12 : 1; id <= maker->ids; id++)
        for (int i = 0; i < CLIENTS; i++)
            if (below(maker, 8) == 0)
                step(maker, SIM_AGAIN, i)->id = id;
    maker->down = false;
}

/* ---- who runs next ---- */

static void
run(struct maker *maker)
{
    int what = below(maker, 100), client = below(maker, CLIENTS);

    if (what < 22)
        step(maker, SIM_SEND, client)->n = below(maker, 3) == 0 ? 1 + below(maker, 200) : 0;
    else if (what < 36)
        (void)step(maker, SIM_READ, client);
    else if (what < 58)
        (void)step(maker, SIM_LANE, 0);
    else if (what < 66)
        (void)step(maker, SIM_RPC, 0);
    else if (what < 74)
        (void)step(maker, SIM_POST, 0);
    else if (what < 76)
        (void)step(maker, SIM_IDLE, 0);
    else if (what < 84)
        (void)step(maker, SIM_REST, 0);
    else
        step(maker, SIM_TIME, 0)->n =
            below(maker, 3) == 0 ? 1000 * (1 + below(maker, 40)) : 1 + below(maker, 5000);
}

void
sim_plan_make(struct sim_plan *plan, uint64_t seed, int steps)
{
    struct maker maker = { .plan = plan, .random = { seed * UINT64_C(0x9e3779b97f4a7c15) } };

    *plan = (struct sim_plan){ .seed = seed };
    /* Some lives are calm, so that there is something to be lost; some are
     * nothing but trouble. */
    maker.breaks = below(&maker, 3) == 0 ? 0 : 1 + below(&maker, 12);
    maker.frays = below(&maker, 4) == 0 ? 0 : 1 + below(&maker, 20);
    for (int i = 0; i < CLIENTS; i++)
        (void)step(&maker, SIM_CONNECT, i);
    while (plan->n < steps && plan->n < SIM_STEPS_MAX - 100) {
        int what = below(&maker, 100);

        if (maker.down && below(&maker, 6) == 0)
            mend(&maker);
        if (maker.full > 0 && --maker.full == 0)
            step(&maker, SIM_ROOM, 0)->n = -1;
        if (what < maker.breaks)
            break_something(&maker);
        else if (what < maker.breaks + maker.frays)
            fray(&maker);
        else if (what < 50)
            act(&maker);
        else
            run(&maker);
    }
}
