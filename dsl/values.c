/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values across the border between JSON and Lua. Nothing but nil, booleans, 64-bit integers,
 * UTF-8 text, lists and records crosses; decimals cross as text.
 *
 * JSON under construction lies in a userdata with a finalizer, since any step may raise.
 *
 * Never passes a reference on: both sides hold values of their own.
 */
#include "dsl_internal.h"

#include "rules_frame.h"
#include <stdlib.h>
#include <string.h>

#define SLOT "signoff.json"

/* Depth needs no check of its own here: what comes from the engine went through a parser that
 * has one, and the stack is checked at each level. */
void
dsl_push_json(lua_State *lua, const json_t *value)
{
    const char *key;
    json_t *member;
    size_t i;

    luaL_checkstack(lua, 4, "a value nested too deeply");
    switch (value == NULL ? JSON_NULL : json_typeof(value)) {
    case JSON_OBJECT:
        lua_createtable(lua, 0, (int)json_object_size(value));
        json_object_foreach((json_t *)value, key, member) {
            lua_pushlstring(lua, key, strlen(key));
            dsl_push_json(lua, member);
            lua_rawset(lua, -3);
        }
        break;
    case JSON_ARRAY:
        lua_createtable(lua, (int)json_array_size(value), 0);
        json_array_foreach(value, i, member) {
            dsl_push_json(lua, member);
            lua_rawseti(lua, -2, (lua_Integer)i + 1);
        }
        break;
    case JSON_STRING:
        lua_pushlstring(lua, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        lua_pushinteger(lua, json_integer_value(value));
        break;
    /* A number field may hold one; it becomes Lua's, and cannot come back: see convert(). */
    case JSON_REAL:
        lua_pushnumber(lua, json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        lua_pushboolean(lua, json_is_true(value));
        break;
    default:
        lua_pushnil(lua);
    }
}

/* Emptied as well: a finalizer may run a second time when a state is closed. */
static int
slot_gc(lua_State *lua)
{
    json_t **slot = lua_touserdata(lua, 1);

    json_decref(*slot);
    *slot = NULL;
    return 0;
}

/* JSON that is being built, hung up where the collector finds it. Lua's errors jump over C
 * frames: what only a local variable knows would be lost. */
static json_t **
push_slot(lua_State *lua)
{
    json_t **slot = lua_newuserdatauv(lua, sizeof(json_t *), 0);

    *slot = NULL;
    if (luaL_newmetatable(lua, SLOT)) {
        lua_pushcfunction(lua, slot_gc);
        lua_setfield(lua, -2, "__gc");
        lua_pushboolean(lua, 0);
        lua_setfield(lua, -2, "__metatable");
    }
    lua_setmetatable(lua, -2);
    return slot;
}

/* The prelude marks its own tables with a member under this name's key. Read raw: a script's
 * __index must not be able to answer. */
static int
marked(lua_State *lua, int index)
{
    int mark = 0;

    if (lua_getmetatable(lua, index)) {
        lua_pushliteral(lua, "__json");
        lua_rawget(lua, -2);
        if (lua_type(lua, -1) == LUA_TSTRING)
            mark = (unsigned char)*lua_tostring(lua, -1);
        lua_pop(lua, 2);
    }
    return mark; /* 'a'rray, 'o'bject, 'n'ull, 's'hadow or 0 */
}

static json_t *convert(lua_State *lua, int index, int depth);

/* Room in the answer. A text of which Lua has one is written as often as it is named: what is
 * small here may be hundreds of megabytes on the wire. */
static void
take_room(lua_State *lua, size_t n)
{
    struct dsl_state *state = dsl_state_of(lua);

    int most = state->version != NULL ? RULES_ANSWER_MAX : RULES_FRAME_MAX;

    state->answer += n;
    if (state->answer > (size_t)most)
        luaL_error(lua, "the answer is larger than %d bytes", most);
}

/* One member per turn goes into a slot first, then into its container: whoever raises, the
 * collector frees. */
static json_t *
convert_array(lua_State *lua, int index, int depth)
{
    json_t **slot = push_slot(lua), *member;
    lua_Integer n = (lua_Integer)lua_rawlen(lua, index);
    json_t *array;

    *slot = json_array();
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(lua, index, i);
        member = convert(lua, lua_gettop(lua), depth + 1);
        if (json_array_append_new(*slot, member) != 0)
            luaL_error(lua, "out of memory");
        lua_pop(lua, 1);
    }
    array = json_incref(*slot);
    lua_pop(lua, 1);
    return array;
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of a record in their order, in a userdata on the stack: Lua's own order differs from
 * process to process. */
static const char **
push_names(lua_State *lua, int index, size_t *n)
{
    const char **names;
    size_t count = 0;

    lua_pushnil(lua);
    while (lua_next(lua, index)) {
        lua_pop(lua, 1);
        if (lua_type(lua, -1) != LUA_TSTRING)
            luaL_error(lua, "a table that is neither a list (1, 2, ...) nor a record (names)");
        /* Also keeps a NUL out, which would cut the name short where C reads it. */
        if (!sgn_utf8_valid(lua_tostring(lua, -1), lua_rawlen(lua, -1)))
            luaL_error(lua, "a name that is not UTF-8 text");
        count++;
    }
    names = lua_newuserdatauv(lua, (count + 1) * sizeof *names, 0);
    *n = 0;
    lua_pushnil(lua);
    while (*n < count && lua_next(lua, index)) {
        lua_pop(lua, 1);
        names[(*n)++] = lua_tostring(lua, -1);
        take_room(lua, lua_rawlen(lua, -1));
    }
    if (*n == count && count > 0)
        lua_pop(lua, 1); /* the last key */
    /* The canonical form sorts anyway; an order of our own makes equal answers equal in logs
     * too. */
    qsort(names, *n, sizeof *names, by_text);
    return names;
}

static json_t *
convert_object(lua_State *lua, int index, int depth)
{
    json_t **slot = push_slot(lua), *member;
    json_t *object;
    size_t n;
    const char **names = push_names(lua, index, &n);

    *slot = json_object();
    for (size_t i = 0; i < n; i++) {
        lua_pushstring(lua, names[i]);
        lua_rawget(lua, index);
        member = convert(lua, lua_gettop(lua), depth + 1);
        if (json_object_set_new(*slot, names[i], member) != 0)
            luaL_error(lua, "out of memory");
        lua_pop(lua, 1);
    }
    object = json_incref(*slot);
    lua_pop(lua, 2);
    return object;
}

/* Is it a list: exactly the keys 1..n, n > 0? An empty table is a list too: `data = {}`. */
static bool
is_list(lua_State *lua, int index)
{
    lua_Unsigned n = lua_rawlen(lua, index), count = 0;

    lua_pushnil(lua);
    while (lua_next(lua, index)) {
        lua_pop(lua, 1);
        if (!lua_isinteger(lua, -1)) {
            lua_pop(lua, 1);
            return false;
        }
        count++;
    }
    return count == n;
}

/* The depth ends cycles as well: a table that holds itself is nested without end. */
static json_t *
convert_table(lua_State *lua, int index, int depth)
{
    json_t *value;

    if (depth > DSL_DEPTH_MAX)
        luaL_error(lua, "a value nested more than %d deep", DSL_DEPTH_MAX);
    luaL_checkstack(lua, 8, "a value nested too deeply");
    switch (marked(lua, index)) {
    case 'a':
        return convert_array(lua, index, depth);
    case 'o':
        return convert_object(lua, index, depth);
    case 'n':
        return json_null();
    case 's':
        /* A frozen table is empty itself; what it holds lies behind it. */
        dsl_push_prelude(lua, "behind");
        lua_pushvalue(lua, index);
        lua_call(lua, 1, 1);
        value = convert_table(lua, lua_gettop(lua), depth);
        lua_pop(lua, 1);
        return value;
    default:
        return is_list(lua, index) ? convert_array(lua, index, depth)
                                   : convert_object(lua, index, depth);
    }
}

static json_t *
convert_text(lua_State *lua, const char *text, size_t n)
{
    if (!sgn_utf8_valid(text, n))
        luaL_error(lua, "text that is not UTF-8");
    return json_stringn(text, n);
}

/* One value. Anything that is not plain data raises with its kind, so that the author sees what
 * the function returned. */
static json_t *
convert(lua_State *lua, int index, int depth)
{
    char text[SGN_DECIMAL_TEXT];
    const char *bytes;
    size_t n;

    take_room(lua, 8);
    switch (lua_type(lua, index)) {
    case LUA_TNIL:
        return json_null();
    case LUA_TBOOLEAN:
        return json_boolean(lua_toboolean(lua, index));
    case LUA_TNUMBER:
        if (!lua_isinteger(lua, index))
            luaL_error(lua, "a binary fraction: use whole numbers or decimal \"1.5\"");
        return json_integer(lua_tointeger(lua, index));
    case LUA_TSTRING:
        bytes = lua_tolstring(lua, index, &n);
        take_room(lua, n);
        return convert_text(lua, bytes, n);
    case LUA_TTABLE:
        return convert_table(lua, index, depth);
    case LUA_TUSERDATA:
        if (dsl_decimal_at(lua, index) != NULL) {
            sgn_decimal_format(*dsl_decimal_at(lua, index), text);
            return json_string(text);
        }
        /* fallthrough */
    default:
        luaL_error(lua, "a %s is no plain value", luaL_typename(lua, index));
        return NULL;
    }
}

json_t *
dsl_to_json(lua_State *lua, int index)
{
    dsl_state_of(lua)->answer = 0;
    return convert(lua, lua_absindex(lua, index), 0);
}
