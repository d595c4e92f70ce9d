/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a function does with variables outside it, read from its own compiled form.
 *
 * A function of the rules must remember nothing between calls, so it may not assign a variable
 * of the file around it; and it may only name what exists. Both are certain in the instructions and
 * only guesses in the text.
 */
#include "dsl_internal.h"

#include "proto.h"
#include <string.h>

#define UPVALUES_MAX 255

/* Upvalues of a function within the scanned one: index of the scanned one's upvalue, or -1 for
 * a local variable of some function in between. */
struct scope {
    int outer[UPVALUES_MAX];
    int n;
};

struct scan {
    lua_State *lua;
    const struct dsl_proto *top;
    int found; /* entries in the table on the stack's top */
};

static void
report(struct scan *scan, int line, const char *what, struct dsl_text name)
{
    lua_State *lua = scan->lua;

    lua_createtable(lua, 3, 0);
    lua_pushinteger(lua, line);
    lua_rawseti(lua, -2, 1);
    lua_pushstring(lua, what);
    lua_rawseti(lua, -2, 2);
    lua_pushlstring(lua, name.bytes, name.n);
    lua_rawseti(lua, -2, 3);
    lua_rawseti(lua, -2, ++scan->found);
}

static void
look_at_constants(struct scan *scan, const struct dsl_proto *proto)
{
    for (int i = 0; i < proto->n_constants; i++) {
        const struct dsl_text *text = &proto->constants[i].text;

        if (proto->constants[i].kind == CONSTANT_STRING && memchr(text->bytes, 0, text->n) != NULL)
            report(scan, proto->first_line, "nul", (struct dsl_text){ "", 0 });
    }
}

/* A global name is a field of the upvalue _ENV; a function that has none uses no globals. */
static bool
is_env(struct dsl_text name)
{
    return name.n == 4 && memcmp(name.bytes, "_ENV", 4) == 0;
}

/* One instruction at a line. Reading a field of an upvalue that is a table (OP_GETTABUP on
 * another name than _ENV) is fine: constants of the file are what functions may read. */
static void
look(struct scan *scan, const struct scope *scope, const struct dsl_proto *proto, int pc)
{
    uint32_t word = proto->code[pc];
    int op = DSL_OP(word), outer;
    int upvalue = op == OP_SETTABUP ? DSL_A(word) : DSL_B(word);
    int constant = op == OP_SETTABUP ? DSL_B(word) : DSL_C(word);
    struct dsl_text name;

    if (op != OP_SETUPVAL && op != OP_GETTABUP && op != OP_SETTABUP)
        return;
    outer = upvalue < scope->n ? scope->outer[upvalue] : -1;
    if (outer < 0)
        return;
    name = scan->top->upvalues[outer].name;
    if (op == OP_SETUPVAL)
        report(scan, proto->lines[pc], "upvalue", name);
    else if (is_env(name) && constant < proto->n_constants)
        report(scan, proto->lines[pc], op == OP_SETTABUP ? "global" : "name",
               proto->constants[constant].text);
}

/* Follows each upvalue of an inner function outwards to the scanned one's, so that a counter
 * that is hidden two closures deep is found as well. Locals in between are the function's own. */
static void
follow(const struct dsl_proto *proto, const struct scope *parent, struct scope *scope)
{
    scope->n = proto->n_upvalues < UPVALUES_MAX ? proto->n_upvalues : UPVALUES_MAX;
    for (int i = 0; i < scope->n; i++) {
        const struct dsl_upvalue *upvalue = &proto->upvalues[i];

        if (parent == NULL)
            scope->outer[i] = i;
        else if (upvalue->in_stack || upvalue->index >= parent->n)
            scope->outer[i] = -1;
        else
            scope->outer[i] = parent->outer[upvalue->index];
    }
}

static void
scan_function(struct scan *scan, const struct dsl_proto *proto, const struct scope *parent)
{
    struct scope scope;

    look_at_constants(scan, proto);
    follow(proto, parent, &scope);
    for (int i = 0; i < proto->n_protos; i++)
        scan_function(scan, &proto->protos[i], &scope);
    for (int pc = 0; pc < proto->n_code; pc++)
        look(scan, &scope, proto, pc);
}

int
dsl_scan_function(lua_State *lua)
{
    struct dsl_state *state = dsl_state_of(lua);
    struct scan scan = { .lua = lua };

    luaL_checktype(lua, 1, LUA_TFUNCTION);
    lua_settop(lua, 1);
    /* The state's, because what is pushed from now on may raise. */
    dsl_proto_free(state->proto);
    state->proto = dsl_proto_new(lua, 1);
    if (state->proto == NULL)
        return luaL_error(lua, "a function that cannot be read");
    scan.top = state->proto;
    lua_newtable(lua);
    scan_function(&scan, state->proto, NULL);
    return 1;
}
