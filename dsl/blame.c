/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which value was empty where two were compared. Lua names the field of "attempt to perform
 * arithmetic on a nil value (field 'x')", but not of "attempt to compare nil with number", which is
 * what a condition over an empty field ends with.
 *
 * Looked up in the instructions of the function that failed, while its registers still hold what
 * they held: the comparison of this line that has nothing in a register, and where that came from.
 * Only where that is certain; a message is better without a name than with a wrong one.
 */
#include "dsl_internal.h"

#include "proto.h"
#include <stdio.h>
#include <string.h>

#define STEPS_BACK 3 /* moves from register to register */

static bool
is_target(const struct dsl_proto *proto, int pc)
{
    for (int i = 0; i < proto->n_code; i++) {
        uint32_t word = proto->code[i];
        int op = DSL_OP(word);

        if ((op == OP_JMP && i + 1 + DSL_SJ(word) == pc) || (op == OP_LFALSESKIP && i + 2 == pc) ||
            ((op == OP_FORLOOP || op == OP_TFORLOOP) && i + 1 - DSL_BX(word) == pc) ||
            (op == OP_FORPREP && i + 2 + DSL_BX(word) == pc) ||
            (op == OP_TFORPREP && i + 1 + DSL_BX(word) == pc))
            return true;
    }
    return false;
}

/* The local that a register is at an instruction, or NULL. */
static const struct dsl_local *
local_at(const struct dsl_proto *proto, int pc, int reg)
{
    for (int i = 0; i < proto->n_locals; i++)
        if (proto->locals[i].reg == reg && proto->locals[i].start <= pc &&
            pc < proto->locals[i].end)
            return &proto->locals[i];
    return NULL;
}

/* The one instruction that gave the register what it holds at pc; -1: nobody knows. A local that is
 * assigned once holds that wherever control went since. */
static int
writer(const struct dsl_proto *proto, int pc, int reg)
{
    const struct dsl_local *local = local_at(proto, pc, reg);
    int at = pc - 1;

    if (local != NULL) {
        for (int i = local->start; i < local->end && i < proto->n_code; i++)
            if (dsl_proto_writes(proto->code[i], reg))
                return -1;
        at = local->start - 1;
        return at >= 0 && !is_target(proto, local->start) && dsl_proto_writes(proto->code[at], reg)
                   ? at
                   : -1;
    }
    for (; at >= 0 && !is_target(proto, at + 1); at--)
        if (dsl_proto_writes(proto->code[at], reg))
            return at;
    return -1;
}

/* The name of the field that the register was read from. */
static struct dsl_text
field_of(const struct dsl_proto *proto, int pc, int reg)
{
    for (int step = 0; step < STEPS_BACK; step++) {
        uint32_t word;
        int at = writer(proto, pc, reg);

        if (at < 0)
            break;
        word = proto->code[at];
        if (DSL_OP(word) == OP_GETFIELD && DSL_C(word) < proto->n_constants)
            return proto->constants[DSL_C(word)].text;
        if (DSL_OP(word) != OP_MOVE)
            break;
        pc = at;
        reg = DSL_B(word);
    }
    return (struct dsl_text){ NULL, 0 };
}

static bool
is_empty(lua_State *lua, lua_Debug *ar, int reg)
{
    bool empty = lua_getlocal(lua, ar, reg + 1) != NULL;

    if (!empty)
        return false;
    empty = lua_isnil(lua, -1);
    lua_pop(lua, 1);
    return empty;
}

/* The field that was empty in a comparison of this line. */
static struct dsl_text
blamed(lua_State *lua, lua_Debug *ar, const struct dsl_proto *proto)
{
    struct dsl_text name = { NULL, 0 };

    for (int pc = 0; pc < proto->n_code && name.bytes == NULL; pc++) {
        uint32_t word = proto->code[pc];
        int op = DSL_OP(word);

        if (proto->lines[pc] != ar->currentline || op < OP_LT || op > OP_GEI || op == OP_EQK ||
            op == OP_EQI)
            continue;
        if (is_empty(lua, ar, DSL_A(word)))
            name = field_of(proto, pc, DSL_A(word));
        else if (op <= OP_LE && is_empty(lua, ar, DSL_B(word)))
            name = field_of(proto, pc, DSL_B(word));
    }
    return name;
}

int
dsl_blame(lua_State *lua)
{
    struct dsl_state *state = dsl_state_of(lua);
    char message[DSL_MESSAGE_MAX], field[64];
    struct dsl_text name;
    lua_Debug ar;

    if (lua_type(lua, 1) != LUA_TSTRING || state->spent != DSL_GOING ||
        strstr(lua_tostring(lua, 1), "attempt to compare") == NULL ||
        strstr(lua_tostring(lua, 1), "nil") == NULL || !lua_getstack(lua, 1, &ar) ||
        !lua_getinfo(lua, "Slf", &ar) || strcmp(ar.source, DSL_CHUNK) != 0)
        return 1;
    dsl_proto_free(state->proto);
    state->proto = dsl_proto_new(lua, -1);
    lua_settop(lua, 1);
    if (state->proto == NULL)
        return 1;
    name = blamed(lua, &ar, state->proto);
    if (name.bytes == NULL)
        return 1;
    snprintf(field, sizeof field, "%.*s", (int)name.n, name.bytes);
    snprintf(message, sizeof message, "%s: \"%s\" is empty here", lua_tostring(lua, 1), field);
    lua_pushlstring(lua, message, strlen(message));
    return 1;
}
