/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a register may hold while it is found out what a function reads of the case and the event:
 * between reads.c, which knows what that means, and reads_flow.c, which follows it.
 *
 * Where says.c tells what is certain, this tells what is possible: at each instruction each
 * register has the set of all that it may hold there.
 */
#ifndef DSL_READS_INTERNAL_H
#define DSL_READS_INTERNAL_H

#include "dsl_internal.h"
#include "proto.h"

/* A set of these; with HELPER the stack's place of the one function that it is, shifted. */
enum {
    READS_OTHER = 1, /* also what nobody knows */
    READS_CASE = 2,
    READS_EVENT = 4,
    READS_FIELDS = 8,
    READS_DATA = 16,
    READS_METHOD = 32, /* one of the case's */
    READS_HELPER = 64
};
#define READS_GIVEN  (READS_CASE | READS_EVENT | READS_FIELDS | READS_DATA)
#define READS_HELD   127u
#define READS_AT(at) ((uint32_t)(at) << 8 | READS_HELPER)

#define READS_STEPS_MAX 400000 /* instructions looked at, for all functions of a file */

struct reads {
    lua_State *lua;
    json_t *words, *seen; /* seen: helpers, with what they were called with */
    bool run;             /* the function changes: c.priority is a method */
    int steps, depth;
    bool failed; /* nothing is known: everything may be read */
};

/* What reading a member gives; name without bytes: nobody knows which one. */
uint32_t reads_member(struct reads *reads, uint32_t of, struct dsl_text name);
/* Somebody else gets it: all that is in it may be read. */
void reads_all(struct reads *reads, uint32_t of);
/* A helper is called with n values. */
void reads_helper(struct reads *reads, uint32_t helper, const uint32_t *args, int n);

/* reads_flow.c: follows one function and those within it. upvalues: what each may hold. args: what
 * the parameters do; those behind n hold nothing of interest. */
void reads_flow(struct reads *reads, const struct dsl_proto *proto, const uint32_t *upvalues,
                const uint32_t *args, int n);

#endif
