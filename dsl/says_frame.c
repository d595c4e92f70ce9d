/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registers of one function, and where its control goes: what stays known where two ways meet.
 */
#include "memory.h"
#include "says_internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- registers ---- */

/* Parameters are there before the first instruction. */
static int
begin_of(const struct dsl_proto *proto, int local)
{
    return local < proto->n_params ? -1 : proto->locals[local].start;
}

static bool
assigned_once(const struct dsl_proto *proto, int local)
{
    const struct dsl_local *l = &proto->locals[local];

    for (int pc = l->start; pc < l->end && pc < proto->n_code; pc++)
        if (dsl_proto_writes(proto->code[pc], l->reg))
            return false;
    return true;
}

void
frame_join(struct frame *frame, int pc)
{
    bool stays[REGISTERS] = { false };
    /* ways forward meet where a local begins when it is "a or b"; a way back comes from within */
    bool forward = (frame->marks[pc] & JOIN) != 0;

    for (int i = 0; i < frame->proto->n_locals; i++) {
        const struct dsl_local *l = &frame->proto->locals[i];

        if (begin_of(frame->proto, i) < pc + !forward && pc < l->end && frame->once[i] &&
            l->reg < REGISTERS)
            stays[l->reg] = true;
    }
    for (int i = 0; i < REGISTERS; i++)
        if (!stays[i])
            frame->registers[i] = says_unknown();
}

bool
frame_lasts(const struct frame *frame, int reg)
{
    for (int i = 0; i < frame->proto->n_locals; i++) {
        const struct dsl_local *l = &frame->proto->locals[i];

        if (l->reg == reg && begin_of(frame->proto, i) <= frame->pc && frame->pc < l->end)
            return frame->once[i];
    }
    return false;
}

void
frame_put(struct frame *frame, int reg, struct value value)
{
    if (reg < REGISTERS)
        frame->registers[reg] = frame->shared[reg] ? says_unknown() : value;
}

/* The variables around it that a function, or one within it, assigns. */
static void
find_assigned(const struct dsl_proto *proto, bool *assigned)
{
    for (int pc = 0; pc < proto->n_code; pc++)
        if (DSL_OP(proto->code[pc]) == OP_SETUPVAL)
            assigned[DSL_B(proto->code[pc])] = true;
    for (int i = 0; i < proto->n_protos; i++) {
        const struct dsl_proto *within = &proto->protos[i];
        bool inner[REGISTERS] = { false };

        find_assigned(within, inner);
        for (int k = 0; k < within->n_upvalues; k++)
            if (inner[k] && !within->upvalues[k].in_stack)
                assigned[within->upvalues[k].index] = true;
    }
}

static void
find_shared(struct frame *frame)
{
    for (int i = 0; i < frame->proto->n_protos; i++) {
        const struct dsl_proto *within = &frame->proto->protos[i];
        bool assigned[REGISTERS] = { false };

        find_assigned(within, assigned);
        for (int k = 0; k < within->n_upvalues; k++)
            if (assigned[k] && within->upvalues[k].in_stack)
                frame->shared[within->upvalues[k].index] = true;
    }
}

/* ---- where control goes ---- */

static void
mark(struct frame *frame, int pc, int how)
{
    if (pc >= 0 && pc < frame->proto->n_code)
        frame->marks[pc] |= (unsigned char)how;
}

/* Ways back are known before they are come to: what a loop assigns is unknown from its head on. */
static void
mark_loops(struct frame *frame)
{
    for (int pc = 0; pc < frame->proto->n_code; pc++) {
        uint32_t word = frame->proto->code[pc];
        int op = DSL_OP(word);

        if (op == OP_JMP && DSL_SJ(word) < 0)
            mark(frame, pc + 1 + DSL_SJ(word), BACK);
        else if (op == OP_FORLOOP || op == OP_TFORLOOP)
            mark(frame, pc + 1 - DSL_BX(word), BACK);
    }
}

/* A known value leaves one way: the next instruction, a jump, or the one behind it. */
static bool
test(struct frame *frame, int pc, uint32_t word)
{
    const struct value *value = &frame->registers[DSL_A(word)];
    bool sure = DSL_OP(word) == OP_TEST && value->kind != ANY && value->kind != GLOBAL &&
                value->kind != MEMBER && value->kind != ENTRY;
    bool yes =
        sure && !(value->kind == IS && (json_is_null(value->json) || json_is_false(value->json)));

    if (!sure || yes != DSL_K(word))
        mark(frame, pc + 2, LIVE);
    return !sure || yes == DSL_K(word);
}

bool
frame_flow(struct frame *frame, int pc)
{
    uint32_t word = frame->proto->code[pc];
    int op = DSL_OP(word);

    if (op >= OP_EQ && op <= OP_TESTSET)
        return test(frame, pc, word);
    if (op == OP_JMP)
        mark(frame, pc + 1 + DSL_SJ(word), LIVE | JOIN);
    else if (op == OP_LFALSESKIP)
        mark(frame, pc + 2, LIVE | JOIN);
    else if (op == OP_FORPREP)
        mark(frame, pc + 2 + DSL_BX(word), LIVE | JOIN);
    else if (op == OP_TFORPREP)
        mark(frame, pc + 1 + DSL_BX(word), LIVE | JOIN);
    return op != OP_JMP && op != OP_LFALSESKIP && !(op >= OP_RETURN && op <= OP_RETURN1);
}

/* ---- its life ---- */

void
frame_deinit(struct frame *frame)
{
    free(frame->marks);
    free(frame->once);
}

bool
frame_init(struct frame *frame, struct walk *walk, const struct dsl_proto *proto,
           struct value *upvalues)
{
    *frame = (struct frame){ .walk = walk, .proto = proto, .upvalues = upvalues };
    frame->marks = sgn_calloc((size_t)proto->n_code + 1, 1);
    frame->once = sgn_calloc((size_t)proto->n_locals + 1, sizeof *frame->once);
    if (frame->marks == NULL || frame->once == NULL)
        return false;
    for (int i = 0; i < proto->n_locals; i++)
        frame->once[i] = assigned_once(proto, i);
    find_shared(frame);
    mark_loops(frame);
    return true;
}
