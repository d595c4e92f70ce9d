/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Lua function as its compiled form: instructions, constants, variables and the functions within
 * it, read from what lua_dump gives of a function that this Lua has just compiled. So the bytes are
 * trusted; the layout is that of Lua 5.4 (ldump.c, lopcodes.h, ldebug.h), which nothing but this
 * file and proto.c knows.
 */
#ifndef DSL_PROTO_H
#define DSL_PROTO_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Instructions that somebody here looks at; lopcodes.h of Lua 5.4. */
enum dsl_opcode {
    OP_MOVE = 0,
    OP_LOADI = 1,
    OP_LOADK = 3,
    OP_LOADFALSE = 5,
    OP_LFALSESKIP = 6,
    OP_LOADTRUE = 7,
    OP_LOADNIL = 8,
    OP_GETUPVAL = 9,
    OP_SETUPVAL = 10,
    OP_GETTABUP = 11,
    OP_GETTABLE = 12,
    OP_GETI = 13,
    OP_GETFIELD = 14,
    OP_SETTABUP = 15,
    OP_SETTABLE = 16,
    OP_SETI = 17,
    OP_SETFIELD = 18,
    OP_NEWTABLE = 19,
    OP_SELF = 20,
    OP_ADDI = 21,
    OP_ADDK = 22,
    OP_SHLI = 33,
    OP_ADD = 34,
    OP_SHR = 45,
    OP_MMBIN = 46,
    OP_MMBINK = 48,
    OP_UNM = 49,
    OP_BNOT = 50,
    OP_LEN = 52,
    OP_CONCAT = 53,
    OP_CLOSE = 54,
    OP_TBC = 55,
    OP_JMP = 56,
    OP_EQ = 57,
    OP_LT = 58,
    OP_LE = 59,
    OP_EQK = 60,
    OP_EQI = 61,
    OP_GEI = 65,
    OP_TEST = 66,
    OP_TESTSET = 67,
    OP_CALL = 68,
    OP_TAILCALL = 69,
    OP_RETURN = 70,
    OP_RETURN1 = 72,
    OP_FORLOOP = 73,
    OP_FORPREP = 74,
    OP_TFORPREP = 75,
    OP_TFORCALL = 76,
    OP_TFORLOOP = 77,
    OP_SETLIST = 78,
    OP_CLOSURE = 79,
    OP_VARARG = 80,
    OP_VARARGPREP = 81,
    OP_EXTRAARG = 82
};

#define DSL_REGISTERS 256

/* The parts of an instruction. */
#define DSL_OP(word)  ((int)((word)&0x7f))
#define DSL_A(word)   ((int)((word) >> 7 & 0xff))
#define DSL_K(word)   (((word) >> 15 & 1) != 0)
#define DSL_B(word)   ((int)((word) >> 16 & 0xff))
#define DSL_C(word)   ((int)((word) >> 24))
#define DSL_BX(word)  ((int)((word) >> 15))
#define DSL_SBX(word) (DSL_BX(word) - 0xffff)
#define DSL_SJ(word)  ((int)((word) >> 7) - 0xffffff)

struct dsl_text {
    const char *bytes; /* n of them, no NUL behind */
    size_t n;
};

enum dsl_constant_kind {
    CONSTANT_NIL,
    CONSTANT_FALSE,
    CONSTANT_TRUE,
    CONSTANT_INTEGER,
    CONSTANT_FLOAT,
    CONSTANT_STRING
};

struct dsl_constant {
    enum dsl_constant_kind kind;
    int64_t integer;
    struct dsl_text text;
};

/* A variable of a function around this one. */
struct dsl_upvalue {
    bool in_stack; /* a local of the parent, else an upvalue of it */
    int index;     /* of that local's register, or of that upvalue */
    struct dsl_text name;
};

struct dsl_local {
    struct dsl_text name;
    int start, end; /* instructions at which it is there: start <= pc < end */
    int reg;
};

struct dsl_proto {
    int first_line, n_params;
    int n_registers; /* that its instructions use, parameters among them */
    uint32_t *code;
    int *lines; /* of each instruction */
    int n_code;
    struct dsl_constant *constants;
    int n_constants;
    struct dsl_upvalue *upvalues;
    int n_upvalues;
    struct dsl_local *locals;
    int n_locals;
    struct dsl_proto *protos;
    int n_protos;
    char *dump; /* of the outermost: what the texts point into */
};

/* The function at index; NULL when out of memory, or when it is none of Lua's or of another form
 * than that of 5.4. Leaves the stack as it was and raises nothing. */
struct dsl_proto *dsl_proto_new(lua_State *lua, int index);
void dsl_proto_free(struct dsl_proto *proto);
/* The registers that an instruction writes: from first, as many as it gives. */
int dsl_proto_written(uint32_t word, int *first);
bool dsl_proto_writes(uint32_t word, int reg);

#endif
