/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each register of a function may hold at each of its instructions: a set that only grows,
 * along all ways that control may go, until nothing changes (Kildall, "A unified approach to global
 * program optimization", 1973).
 */
#include "memory.h"
#include "reads_internal.h"

#include <stdlib.h>
#include <string.h>

#define CELLS_MAX (1 << 20) /* instructions times registers of one function */

struct flow {
    struct reads *reads;
    const struct dsl_proto *proto;
    const uint32_t *upvalues;
    int n;        /* registers */
    uint32_t *at; /* n of each instruction, as they are before it */
    bool *reached;
    int *todo, n_todo;
    bool *waits;                  /* is in todo */
    uint32_t now[DSL_REGISTERS];  /* while one instruction is carried out */
    bool captured[DSL_REGISTERS]; /* a function within may assign it */
};

/* ---- registers ---- */

static uint32_t
joined(uint32_t a, uint32_t b)
{
    uint32_t held = (a | b) & READS_HELD;

    if (a == 0 || b == 0 || a == b)
        return a | b;
    /* two helpers, or one and something else: that is nobody's to follow */
    return (held & READS_HELPER) != 0 ? (held & ~(uint32_t)READS_HELPER) | READS_OTHER : held;
}

static uint32_t
get(const struct flow *flow, int reg)
{
    return reg < flow->n ? flow->now[reg] : READS_OTHER;
}

static void
put(struct flow *flow, int reg, uint32_t value)
{
    if (reg < flow->n)
        flow->now[reg] = flow->captured[reg] ? joined(value, READS_OTHER) : value;
}

/* Somebody gets the registers from first up to, without, end. */
static void
give_away(struct flow *flow, int first, int end)
{
    for (int i = first; i < end && i < flow->n; i++)
        reads_all(flow->reads, flow->now[i]);
}

static void
forget(struct flow *flow, uint32_t word)
{
    int first, n = dsl_proto_written(word, &first);

    for (int i = first; i < first + n && i < flow->n; i++)
        put(flow, i, READS_OTHER);
}

static struct dsl_text
name_at(const struct dsl_proto *proto, int i)
{
    if (i < proto->n_constants && proto->constants[i].kind == CONSTANT_STRING)
        return proto->constants[i].text;
    return (struct dsl_text){ NULL, 0 };
}

/* ---- instructions ---- */

static void
self(struct flow *flow, uint32_t word)
{
    uint32_t object = get(flow, DSL_B(word));
    struct dsl_text name = { NULL, 0 };

    if (DSL_K(word))
        name = name_at(flow->proto, DSL_C(word));
    put(flow, DSL_A(word), reads_member(flow->reads, object, name));
    put(flow, DSL_A(word) + 1, object);
}

/* Methods of the case get the case, and a helper is followed; all other calls take things away. */
static void
call(struct flow *flow, uint32_t word)
{
    int a = DSL_A(word), first = a + 1, end = DSL_B(word) > 0 ? a + DSL_B(word) : flow->n;
    uint32_t function = get(flow, a);

    end = end < flow->n ? end : flow->n;
    if (function == READS_METHOD && first < end && get(flow, first) == READS_CASE)
        first++;
    if ((function & READS_HELPER) != 0 && DSL_B(word) > 0 && first <= end)
        reads_helper(flow->reads, function, flow->now + first, end - first);
    else
        give_away(flow, first, end);
    reads_all(flow->reads, function);
    forget(flow, word);
}

static void
read_member(struct flow *flow, uint32_t word)
{
    struct dsl_text name = { NULL, 0 };
    int op = DSL_OP(word), c = DSL_C(word);
    uint32_t of = READS_OTHER;

    if (op != OP_GETTABUP)
        of = get(flow, DSL_B(word));
    else if (DSL_B(word) < flow->proto->n_upvalues)
        of = flow->upvalues[DSL_B(word)];
    if (op == OP_GETFIELD || op == OP_GETTABUP)
        name = name_at(flow->proto, c);
    else if (op == OP_GETTABLE)
        give_away(flow, c, c + 1);
    put(flow, DSL_A(word), reads_member(flow->reads, of, name));
}

/* Into a table, and what is not the case's own is asked of the script's metamethods. */
static void
assign(struct flow *flow, uint32_t word)
{
    if (!DSL_K(word))
        give_away(flow, DSL_C(word), DSL_C(word) + 1);
    if (DSL_OP(word) == OP_SETTABLE)
        give_away(flow, DSL_B(word), DSL_B(word) + 1);
}

/* An operator, which may be a script's function. */
static void
operate(struct flow *flow, uint32_t word)
{
    int op = DSL_OP(word), a = DSL_A(word), b = DSL_B(word), c = DSL_C(word);

    if (op == OP_CONCAT) {
        give_away(flow, a, a + b);
    } else if (op >= OP_MMBIN && op <= OP_MMBINK) {
        give_away(flow, a, a + 1);
        if (op == OP_MMBIN)
            give_away(flow, b, b + 1);
    } else if (op >= OP_EQ && op <= OP_LE) {
        give_away(flow, a, a + 1);
        give_away(flow, b, b + 1);
    } else {
        give_away(flow, b, b + 1);
        if (op >= OP_ADD && op <= OP_SHR)
            give_away(flow, c, c + 1);
    }
    forget(flow, word);
}

static bool
is_operator(int op)
{
    return (op >= OP_ADDI && op <= OP_MMBINK) || op == OP_UNM || op == OP_BNOT || op == OP_LEN ||
           op == OP_CONCAT || (op >= OP_EQ && op <= OP_LE);
}

/* Instructions that hand values to others. False: it is none of them. */
static bool
hand_over(struct flow *flow, uint32_t word)
{
    int op = DSL_OP(word), a = DSL_A(word), b = DSL_B(word);

    if (op == OP_SETUPVAL || op == OP_TBC || op == OP_RETURN1)
        give_away(flow, a, a + 1);
    else if (op == OP_RETURN)
        give_away(flow, a, b > 0 ? a + b - 1 : flow->n);
    else if (op == OP_SETLIST)
        give_away(flow, a + 1, b > 0 ? a + b + 1 : flow->n);
    else if (op >= OP_FORLOOP && op <= OP_TFORLOOP)
        give_away(flow, a, a + 4);
    else if (op == OP_SETTABUP || op == OP_SETTABLE || op == OP_SETI || op == OP_SETFIELD)
        assign(flow, word);
    else
        return false;
    forget(flow, word);
    return true;
}

static void
carry_out(struct flow *flow, uint32_t word)
{
    int op = DSL_OP(word), a = DSL_A(word), b = DSL_B(word);

    if (op == OP_MOVE)
        put(flow, a, get(flow, b));
    else if (op == OP_TESTSET) /* or it stays as it was */
        put(flow, a, joined(get(flow, a), get(flow, b)));
    else if (op == OP_GETUPVAL)
        put(flow, a, b < flow->proto->n_upvalues ? flow->upvalues[b] : READS_OTHER);
    else if (op >= OP_GETTABUP && op <= OP_GETFIELD)
        read_member(flow, word);
    else if (op == OP_SELF)
        self(flow, word);
    else if (op == OP_CALL || op == OP_TAILCALL)
        call(flow, word);
    else if (is_operator(op))
        operate(flow, word);
    else if (!hand_over(flow, word))
        forget(flow, word);
}

/* ---- where control goes ---- */

static void
lead_to(struct flow *flow, int pc)
{
    uint32_t *there;
    bool grew;

    if (pc < 0 || pc >= flow->proto->n_code)
        return;
    there = flow->at + (size_t)pc * (size_t)flow->n;
    grew = !flow->reached[pc];
    for (int i = 0; i < flow->n; i++) {
        uint32_t value = joined(there[i], flow->now[i]);

        grew = grew || value != there[i];
        there[i] = value;
    }
    flow->reached[pc] = true;
    if (grew && !flow->waits[pc]) {
        flow->waits[pc] = true;
        flow->todo[flow->n_todo++] = pc;
    }
}

static void
lead_on(struct flow *flow, int pc)
{
    uint32_t word = flow->proto->code[pc];
    int op = DSL_OP(word);

    if (op >= OP_RETURN && op <= OP_RETURN1)
        return;
    if (op == OP_JMP)
        lead_to(flow, pc + 1 + DSL_SJ(word));
    else if (op == OP_TFORPREP)
        lead_to(flow, pc + 1 + DSL_BX(word));
    else if (op != OP_LFALSESKIP)
        lead_to(flow, pc + 1);
    if (op == OP_LFALSESKIP || (op >= OP_EQ && op <= OP_TESTSET))
        lead_to(flow, pc + 2);
    else if (op == OP_FORPREP)
        lead_to(flow, pc + 2 + DSL_BX(word));
    else if (op == OP_FORLOOP || op == OP_TFORLOOP)
        lead_to(flow, pc + 1 - DSL_BX(word));
}

/* ---- a function ---- */

/* All that a variable holds as long as the function runs: the one within may be called whenever. */
static uint32_t
whenever(const struct flow *flow, int reg)
{
    uint32_t held = READS_OTHER;

    for (int pc = 0; pc < flow->proto->n_code && reg < flow->n; pc++)
        if (flow->reached[pc])
            held = joined(held, flow->at[(size_t)pc * (size_t)flow->n + (size_t)reg]);
    return held;
}

static void
follow_within(struct flow *flow, const struct dsl_proto *within)
{
    uint32_t *upvalues = sgn_calloc((size_t)within->n_upvalues + 1, sizeof *upvalues);

    if (upvalues == NULL) {
        flow->reads->failed = true;
        return;
    }
    for (int i = 0; i < within->n_upvalues; i++) {
        const struct dsl_upvalue *of = &within->upvalues[i];

        if (of->in_stack)
            upvalues[i] = whenever(flow, of->index);
        else
            upvalues[i] =
                of->index < flow->proto->n_upvalues ? flow->upvalues[of->index] : READS_OTHER;
    }
    reads_flow(flow->reads, within, upvalues, NULL, 0);
    free(upvalues);
}

static void
begin(struct flow *flow, const uint32_t *args, int n)
{
    const struct dsl_proto *proto = flow->proto;
    bool takes_more = proto->n_code > 0 && DSL_OP(proto->code[0]) == OP_VARARGPREP;

    for (int i = 0; i < proto->n_protos; i++)
        for (int k = 0; k < proto->protos[i].n_upvalues; k++)
            if (proto->protos[i].upvalues[k].in_stack)
                flow->captured[proto->protos[i].upvalues[k].index] = true;
    for (int i = 0; i < flow->n; i++)
        put(flow, i, args != NULL && i < n && i < proto->n_params ? args[i] : READS_OTHER);
    for (int i = proto->n_params; takes_more && args != NULL && i < n; i++)
        reads_all(flow->reads, args[i]);
    lead_to(flow, 0);
}

static void
run(struct flow *flow)
{
    while (flow->n_todo > 0 && !flow->reads->failed) {
        int pc = flow->todo[--flow->n_todo];

        flow->waits[pc] = false;
        if (++flow->reads->steps > READS_STEPS_MAX)
            flow->reads->failed = true;
        memcpy(flow->now, flow->at + (size_t)pc * (size_t)flow->n,
               (size_t)flow->n * sizeof *flow->now);
        carry_out(flow, flow->proto->code[pc]);
        lead_on(flow, pc);
    }
    for (int i = 0; i < flow->proto->n_protos && !flow->reads->failed; i++)
        follow_within(flow, &flow->proto->protos[i]);
}

void
reads_flow(struct reads *reads, const struct dsl_proto *proto, const uint32_t *upvalues,
           const uint32_t *args, int n)
{
    struct flow *flow = sgn_calloc(1, sizeof *flow);
    size_t n_code = (size_t)proto->n_code + 1, cells = n_code * (size_t)proto->n_registers;

    if (flow == NULL || cells > CELLS_MAX) {
        reads->failed = true;
        free(flow);
        return;
    }
    *flow = (struct flow){
        .reads = reads, .proto = proto, .upvalues = upvalues, .n = proto->n_registers
    };
    flow->at = sgn_calloc(cells + 1, sizeof *flow->at);
    flow->reached = sgn_calloc(n_code, sizeof *flow->reached);
    flow->waits = sgn_calloc(n_code, sizeof *flow->waits);
    flow->todo = sgn_calloc(n_code, sizeof *flow->todo);
    if (flow->at == NULL || flow->reached == NULL || flow->waits == NULL || flow->todo == NULL) {
        reads->failed = true;
    } else {
        begin(flow, args, n);
        run(flow);
    }
    free(flow->at);
    free(flow->reached);
    free(flow->waits);
    free(flow->todo);
    free(flow);
}
