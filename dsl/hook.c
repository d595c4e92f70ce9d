/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls of a hook's function: it is given what another tool has sent and returns what is to be
 * done. The prelude's hooks.lua looks at what it returned, so that an error has its line.
 */
#include "case.h"

/* Its address is the registry's key of the list of functions. */
static const char list_key = 'h';

int
dsl_hooks_open(lua_State *lua)
{
    dsl_push_prelude(lua, "prepare_hooks");
    lua_call(lua, 0, 1);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &list_key);
    dsl_push_prelude(lua, "seal");
    lua_call(lua, 0, 0);
    return 0;
}

void
dsl_hook_call(lua_State *lua, int function, const char *input, struct sgn_buf *out)
{
    struct rules_value value;

    dsl_push_prelude(lua, "call_hook");
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &list_key);
    if (lua_type(lua, -1) != LUA_TTABLE || function < 1 ||
        lua_rawgeti(lua, -1, function) == LUA_TNIL)
        dsl_raise(lua, "no hook has the function %d", function);
    lua_replace(lua, -2);
    rules_value_read(input, &value);
    if (value.kind != RULES_VALUE_RECORD)
        dsl_raise(lua, "what a hook is given is a record");
    dsl_push_value(lua, &value);
    lua_call(lua, 2, 2);
    dsl_state_of(lua)->begins = (int)lua_tointeger(lua, -1);
    lua_pop(lua, 1);
    dsl_put(lua, -1, out, out->len);
}
