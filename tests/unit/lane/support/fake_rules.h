/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules without a language: loads answer what the test put there, calls ask a callback.
 *
 * delayed_rules() stands around other rules and hands each answer over one turn later, as a
 * worker in another process would.
 */
#ifndef FAKE_RULES_H
#define FAKE_RULES_H

#include "rules.h"
#include <stdbool.h>

/* Answers a call; new reference in *out. */
typedef enum sgn_status (*fake_call)(void *ctx, int function, enum rules_purpose purpose,
                                     const json_t *input, json_t **out, struct sgn_error *err);

struct fake_rules {
    struct rules base;
    json_t *answers;   /* {team: answer of its next loads}; owned */
    json_t *last_load; /* the input of the last load; owned */
    fake_call call;
    void *ctx;
    int n_loads, n_calls, n_opens;
    int n_submits;                 /* calls of a turn come in one */
    bool silent;                   /* takes calls and does not answer yet */
    struct rules_cost cost[2];     /* what each answer says that it took */
    enum sgn_status refuse_submit; /* not SGN_OK: takes nothing */
    /* private */
    json_t *open; /* {team/digest: true} */
    struct fake_job *first, **end;
    int n_pending;
};

struct fake_rules *fake_rules_new(fake_call call, void *ctx);
/* Takes the inner rules. */
struct rules *delayed_rules(struct rules *inner_take);

#endif
