/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of a value while a function's instructions are read: between says.c, which reads
 * them, and says_values.c, which says what they mean.
 */
#ifndef DSL_SAYS_INTERNAL_H
#define DSL_SAYS_INTERNAL_H

#include "dsl_internal.h"
#include "proto.h"

#define REGISTERS DSL_REGISTERS

enum kind {
    ANY,    /* unknown */
    IS,     /* json: a constant */
    TABLE,  /* json: {"keys", "items", "open"}, see rules.h */
    WORD,   /* json: {"word", "name"}: channel "x" */
    GLOBAL, /* name: of the language or a mistake */
    CASE,
    EVENT,
    FIELDS,
    DATA,
    PEOPLE,
    TEST,    /* what a test is given */
    TESTED,  /* a case in a test */
    MEMBER,  /* name: of the case */
    METHOD,  /* name: of what at says (CASE, TEST, TESTED), ready to be called */
    HERE,    /* at: a table outside, there on the stack, which nobody writes any more */
    ENTRY,   /* at: of such a table; nobody knows which of its values */
    FUNCTION /* at: one of Lua's, there on the stack */
};

struct value {
    enum kind kind;
    int line; /* where it was said */
    int at;
    json_t *json; /* owned by walk.kept */
    struct dsl_text name;
};

struct walk {
    lua_State *lua;
    const struct dsl_tokens *tokens;
    json_t *facts, *kept, *seen; /* seen: {FUNCTION and what it was called with} */
    int steps, depth, taken;     /* taken: values out of tables, which stay on the stack */
    bool returns;                /* what the function itself returns is a fact */
    bool failed;
};

struct call {
    const struct value *function, *args;
    int n;     /* of those known to be there */
    bool more; /* there may be others behind */
    int line;
};

static inline struct value
says_unknown(void)
{
    return (struct value){ .kind = ANY };
}

/* A constant of the function. */
struct value says_constant(struct walk *walk, const struct dsl_proto *proto, int i, int line);
/* A constant (taken), said in this line. */
struct value says_known(struct walk *walk, json_t *json_take, int line);
/* The text of a constant that is one; bytes NULL: it is none. */
struct dsl_text says_text(const struct value *value);
/* Reading a member of what functions are given, or assigning it. */
struct value says_member(struct walk *walk, const struct value *of, struct dsl_text name, int line,
                         bool write);
struct value says_table(struct walk *walk, int line);
/* Somebody else may change the table from now on. */
void says_open(const struct value *table);
/* key without bytes: nobody knows which. */
void says_set(struct walk *walk, const struct value *table, struct dsl_text key,
              const struct value *value);
/* The next item of a list. */
void says_append(struct walk *walk, const struct value *table, const struct value *value);
/* The function returns this value. */
void says_returned(struct walk *walk, const struct value *value);
/* What a call says, and what it gives; helpers are the caller's business. */
struct value says_called(struct walk *walk, const struct call *call);

/* ---- says_outside.c ---- */

/* What the value at this place of the stack is, a variable outside a function. */
struct value says_variable(struct walk *walk, int at);
/* The value of a table outside (HERE) under this name, which stays on the stack; without bytes: an
 * ENTRY. */
struct value says_entry(struct walk *walk, const struct value *table, struct dsl_text name);
/* The names of a table of functions that are all alike, sorted, since they are found in any order.
 * Returns how many; 0 when the table is another, or has too many. */
#define SAYS_HANDLERS_MAX 64
int says_handlers(lua_State *lua, int table, struct dsl_text names[SAYS_HANDLERS_MAX]);

/* ---- says_frame.c ---- */

struct frame {
    struct walk *walk;
    const struct dsl_proto *proto;
    int pc;
    int top; /* where the values begin that the last call of unknown length gave */
    struct value *upvalues, registers[REGISTERS];
    bool shared[REGISTERS]; /* assigned by a function within: never known */
    unsigned char *marks;   /* of each instruction */
    bool *once;             /* of each local: nothing assigns it again */
};

/* Marks of an instruction. */
enum {
    LIVE = 1, /* control comes here */
    JOIN = 2, /* from more than one place */
    BACK = 4  /* from further down: a loop begins here */
};

/* Nothing is known of its registers yet. upvalues are borrowed. False: out of memory. */
bool frame_init(struct frame *frame, struct walk *walk, const struct dsl_proto *proto,
                struct value *upvalues);
void frame_deinit(struct frame *frame);
void frame_put(struct frame *frame, int reg, struct value value);
/* Is what the register holds now what it holds as long as its local is there? */
bool frame_lasts(const struct frame *frame, int reg);
/* Two ways meet at this instruction: only locals that are there on both, and that nobody assigns,
 * stay known. */
void frame_join(struct frame *frame, int pc);
/* Marks where an instruction leads; false: not to the next one. */
bool frame_flow(struct frame *frame, int pc);

#endif
