/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every file of the sandbox stands on: the prelude's table, the place in the team's file that
 * is being run, and errors that name it. Knows nothing of what is built on it.
 */
#include "dsl_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LEVELS_MAX 300 /* frames looked through for one of the team's file */

/* Its address is the registry's key of the prelude's table. */
static const char prelude_key = 'p';

/* In the registry, under an address: no script can name that key, and none gets at the registry. */
void
dsl_keep_prelude(lua_State *lua)
{
    lua_pushvalue(lua, -1);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &prelude_key);
}

/* Read afresh each time: nothing of C holds on to a function of the prelude. */
void
dsl_push_prelude(lua_State *lua, const char *name)
{
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &prelude_key);
    if (name == NULL)
        return;
    lua_getfield(lua, -1, name);
    lua_remove(lua, -2);
}

bool
dsl_in_team_file(lua_State *lua)
{
    lua_Debug ar;

    return lua_getstack(lua, 0, &ar) && lua_getinfo(lua, "S", &ar) &&
           strcmp(ar.source, DSL_CHUNK) == 0;
}

int
dsl_here(lua_State *lua)
{
    lua_Debug ar;

    /* The prelude never calls itself deeply, and looking up a level costs its depth. */
    for (int level = 0; level < LEVELS_MAX && lua_getstack(lua, level, &ar); level++) {
        lua_getinfo(lua, "Sl", &ar);
        if (strcmp(ar.source, DSL_CHUNK) == 0 && ar.currentline > 0)
            return ar.currentline;
    }
    return 0;
}

/* A place is put before the text here and not by luaL_error, whose level counts from the C
 * function: the author wants the line of the own file, not one of the prelude. */
int
dsl_raise(lua_State *lua, const char *fmt, ...)
{
    char text[DSL_MESSAGE_MAX];
    int line = dsl_here(lua), n = line > 0 ? snprintf(text, sizeof text, "@:%d: ", line) : 0;
    va_list args;

    /* What is too long is cut. The cut may split a character: convert_failure() mends that. */
    va_start(args, fmt);
    vsnprintf(text + n, sizeof text - (size_t)n, fmt, args);
    va_end(args);
    /* Not lua_pushstring, which remembers texts by where in C they lie. */
    lua_pushlstring(lua, text, strlen(text));
    return lua_error(lua);
}

int
dsl_forward(lua_State *lua)
{
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_insert(lua, 1);
    lua_call(lua, lua_gettop(lua) - 1, LUA_MULTRET);
    return lua_gettop(lua);
}

int
dsl_close_over(lua_State *lua, lua_CFunction function)
{
    luaL_checktype(lua, 1, LUA_TFUNCTION);
    lua_settop(lua, 1);
    lua_pushcclosure(lua, function, 1);
    return 1;
}
