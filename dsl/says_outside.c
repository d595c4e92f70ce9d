/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands outside a function of the rules, once its file has run: constants, helpers, and
 * tables of them, which nobody writes any more (functions.lua sees to it).
 *
 * Nothing here raises an error of Lua, so that what is owned is freed.
 */
#include "says_internal.h"

#include "text.h"
#include <stdlib.h>
#include <string.h>

#define TAKEN_MAX 1000 /* values that are looked up in tables, for one function */

struct value
says_variable(struct walk *walk, int at)
{
    lua_State *lua = walk->lua;
    struct value value = says_unknown();
    size_t n;
    const char *text;

    if (lua_type(lua, at) == LUA_TSTRING) {
        text = lua_tolstring(lua, at, &n);
        if (sgn_utf8_valid(text, n))
            value = says_known(walk, json_stringn(text, n), 0);
    } else if (lua_isinteger(lua, at)) {
        value = says_known(walk, json_integer(lua_tointeger(lua, at)), 0);
    } else if (lua_isboolean(lua, at)) {
        value = says_known(walk, json_boolean(lua_toboolean(lua, at)), 0);
    } else if (lua_isfunction(lua, at) && !lua_iscfunction(lua, at)) {
        value = (struct value){ .kind = FUNCTION, .at = at };
    } else if (lua_istable(lua, at) && lua_checkstack(lua, 2)) {
        value = (struct value){ .kind = HERE, .at = at };
        if (lua_getmetatable(lua, at)) { /* one of the language's own */
            lua_pop(lua, 1);
            value = says_unknown();
        }
    }
    return value;
}

/* Goes through the table: looking a name up would have to make it, which may raise an error. */
struct value
says_entry(struct walk *walk, const struct value *table, struct dsl_text name)
{
    lua_State *lua = walk->lua;
    struct value value = says_unknown();

    if (name.bytes == NULL)
        return (struct value){ .kind = ENTRY, .at = table->at };
    if (++walk->taken > TAKEN_MAX || !lua_checkstack(lua, 8))
        return value;
    lua_pushnil(lua);
    while (lua_next(lua, table->at)) {
        if (lua_type(lua, -2) == LUA_TSTRING && lua_rawlen(lua, -2) == name.n &&
            memcmp(lua_tostring(lua, -2), name.bytes, name.n) == 0) {
            lua_remove(lua, -2);
            return says_variable(walk, lua_gettop(lua));
        }
        lua_pop(lua, 1);
    }
    return says_known(walk, json_null(), 0);
}

static int
params_of(lua_State *lua, int at)
{
    lua_Debug ar;

    lua_pushvalue(lua, at);
    lua_getinfo(lua, ">u", &ar);
    return ar.isvararg ? -1 : ar.nparams;
}

static int
by_bytes(const void *a, const void *b)
{
    const struct dsl_text *one = a, *two = b;
    int order = memcmp(one->bytes, two->bytes, one->n < two->n ? one->n : two->n);

    return order != 0 ? order : (one->n > two->n) - (one->n < two->n);
}

int
says_handlers(lua_State *lua, int table, struct dsl_text names[SAYS_HANDLERS_MAX])
{
    int top = lua_gettop(lua), n = 0, params = -2;
    bool alike = lua_checkstack(lua, 8);

    lua_pushnil(lua);
    while (alike && lua_next(lua, table)) {
        alike = n < SAYS_HANDLERS_MAX && lua_type(lua, -2) == LUA_TSTRING &&
                lua_isfunction(lua, -1) && !lua_iscfunction(lua, -1) &&
                (n == 0 || params_of(lua, lua_gettop(lua)) == params);
        if (alike) {
            params = params_of(lua, lua_gettop(lua));
            names[n++] = (struct dsl_text){ lua_tostring(lua, -2), lua_rawlen(lua, -2) };
        }
        lua_pop(lua, 1);
    }
    lua_settop(lua, top);
    if (!alike)
        return 0;
    qsort(names, (size_t)n, sizeof *names, by_bytes);
    return n;
}
