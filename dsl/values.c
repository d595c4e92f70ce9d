/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values across the border between the engine and Lua. Nothing but nil, booleans, 64-bit integers,
 * UTF-8 text, lists and records crosses; decimals cross as text.
 *
 * What goes out is written as the bytes of rules_value.h, into a buffer that the state owns: Lua's
 * errors jump over C frames, and what only a local variable knew would be lost.
 */
#include "dsl_internal.h"

#include "rules_frame.h"
#include <stdlib.h>
#include <string.h>

/* Depth needs no check of its own here: what comes from the engine was checked, and the stack is at
 * each level. */
static void
push_nested(lua_State *lua, const struct rules_value *value)
{
    bool list = value->kind == RULES_VALUE_LIST;
    const char *at = value->bytes, *end = at + value->n, *name;
    lua_Integer i = 0;
    size_t n;

    luaL_checkstack(lua, 4, "a value nested too deeply");
    lua_newtable(lua);
    while (at < end) {
        struct rules_value member;

        if (!list) {
            at = rules_value_name(at, &name, &n);
            lua_pushlstring(lua, name, n);
        }
        at = rules_value_read(at, &member);
        dsl_push_value(lua, &member);
        if (list)
            lua_rawseti(lua, -2, ++i);
        else
            lua_rawset(lua, -3);
    }
}

void
dsl_push_value(lua_State *lua, const struct rules_value *value)
{
    switch (value->kind) {
    case RULES_VALUE_FALSE:
    case RULES_VALUE_TRUE:
        lua_pushboolean(lua, value->kind == RULES_VALUE_TRUE);
        break;
    case RULES_VALUE_INTEGER:
        lua_pushinteger(lua, value->integer);
        break;
    case RULES_VALUE_REAL: /* it becomes Lua's, and cannot come back: see dsl_put() */
        lua_pushnumber(lua, value->real);
        break;
    case RULES_VALUE_TEXT:
        lua_pushlstring(lua, value->bytes, value->n);
        break;
    case RULES_VALUE_LIST:
    case RULES_VALUE_RECORD:
        push_nested(lua, value);
        break;
    default:
        lua_pushnil(lua);
    }
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

static void put(lua_State *lua, struct sgn_buf *out, int index, int depth);

/* A text of which Lua has one is written as often as it is named: what is small here may be
 * hundreds of megabytes outside. Called for each value and name, so that too much is never reached
 * by far. */
void
dsl_check_room(lua_State *lua, const struct sgn_buf *out, size_t from)
{
    struct dsl_state *state = dsl_state_of(lua);
    int most = state->version != NULL ? RULES_ANSWER_MAX : RULES_FRAME_MAX;

    if (out->len - from > (size_t)most)
        dsl_raise(lua, "the answer is larger than %d bytes", most);
    if (out->failed)
        luaL_error(lua, "out of memory");
}

static void
put_list(lua_State *lua, struct sgn_buf *out, int index, int depth)
{
    lua_Integer n = (lua_Integer)lua_rawlen(lua, index);
    size_t place = rules_put_open(out, RULES_VALUE_LIST);

    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(lua, index, i);
        put(lua, out, lua_gettop(lua), depth + 1);
        lua_pop(lua, 1);
    }
    rules_put_close(out, place);
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of a record in their order, in a userdata on the stack. */
const char **
dsl_push_names(lua_State *lua, int index, size_t *n)
{
    const char **names;
    size_t count = 0;

    lua_pushnil(lua);
    while (lua_next(lua, index)) {
        lua_pop(lua, 1);
        if (lua_type(lua, -1) != LUA_TSTRING)
            dsl_raise(lua, "a table that is neither a list (1, 2, ...) nor a record (names)");
        /* Also keeps a NUL out, which would cut the name short where C reads it. */
        if (!sgn_utf8_valid(lua_tostring(lua, -1), lua_rawlen(lua, -1)))
            dsl_raise(lua, "a name that is not UTF-8 text");
        count++;
    }
    names = lua_newuserdatauv(lua, (count + 1) * sizeof *names, 0);
    *n = 0;
    lua_pushnil(lua);
    while (*n < count && lua_next(lua, index)) {
        lua_pop(lua, 1);
        names[(*n)++] = lua_tostring(lua, -1);
    }
    if (*n == count && count > 0)
        lua_pop(lua, 1); /* the last key */
    qsort(names, *n, sizeof *names, by_text);
    return names;
}

static void
put_record(lua_State *lua, struct sgn_buf *out, int index, int depth)
{
    size_t n, place = rules_put_open(out, RULES_VALUE_RECORD);
    const char **names = dsl_push_names(lua, index, &n);

    for (size_t i = 0; i < n; i++) {
        rules_put_name(out, names[i], strlen(names[i]));
        lua_pushstring(lua, names[i]);
        lua_rawget(lua, index);
        put(lua, out, lua_gettop(lua), depth + 1);
        lua_pop(lua, 1);
    }
    rules_put_close(out, place);
    lua_pop(lua, 1);
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
static void
put_table(lua_State *lua, struct sgn_buf *out, int index, int depth)
{
    int mark = marked(lua, index);

    if (depth > DSL_DEPTH_MAX)
        luaL_error(lua, "a value nested more than %d deep", DSL_DEPTH_MAX);
    luaL_checkstack(lua, 8, "a value nested too deeply");
    if (mark == 'n') {
        rules_put_null(out);
    } else if (mark == 's') {
        /* A frozen table is empty itself; what it holds lies behind it. */
        dsl_push_prelude(lua, "behind");
        lua_pushvalue(lua, index);
        lua_call(lua, 1, 1);
        put_table(lua, out, lua_gettop(lua), depth);
        lua_pop(lua, 1);
    } else if (mark == 'a' || (mark != 'o' && is_list(lua, index))) {
        put_list(lua, out, index, depth);
    } else {
        put_record(lua, out, index, depth);
    }
}

static void
put_decimal(lua_State *lua, struct sgn_buf *out, int index)
{
    char text[SGN_DECIMAL_TEXT];

    if (dsl_decimal_at(lua, index) == NULL)
        luaL_error(lua, "a %s is no plain value", luaL_typename(lua, index));
    sgn_decimal_format(*dsl_decimal_at(lua, index), text);
    rules_put_text(out, text, strlen(text));
}

/* One value. Anything that is not plain data raises with its kind, so that the author sees what
 * the function returned. */
static void
put(lua_State *lua, struct sgn_buf *out, int index, int depth)
{
    const char *bytes;
    size_t n;

    dsl_check_room(lua, out, dsl_state_of(lua)->put_from);
    dsl_charge(lua, 1); /* one instruction may have made a list of a million */
    switch (lua_type(lua, index)) {
    case LUA_TNIL:
        rules_put_null(out);
        break;
    case LUA_TBOOLEAN:
        rules_put_bool(out, lua_toboolean(lua, index));
        break;
    case LUA_TNUMBER:
        if (!lua_isinteger(lua, index))
            luaL_error(lua, "a binary fraction: use whole numbers or decimal \"1.5\"");
        rules_put_integer(out, lua_tointeger(lua, index));
        break;
    case LUA_TSTRING:
        bytes = lua_tolstring(lua, index, &n);
        if (!sgn_utf8_valid(bytes, n))
            luaL_error(lua, "text that is not UTF-8");
        rules_put_text(out, bytes, n);
        break;
    case LUA_TTABLE:
        put_table(lua, out, index, depth);
        break;
    default:
        put_decimal(lua, out, index);
    }
}

void
dsl_push_json(lua_State *lua, const json_t *value)
{
    struct sgn_buf *scratch = &dsl_state_of(lua)->scratch;
    struct rules_value bytes;

    sgn_buf_reset(scratch);
    if (rules_put_json(scratch, value, NULL) != SGN_OK)
        luaL_error(lua, "a value that is too large or too deep");
    rules_value_read(scratch->bytes, &bytes);
    dsl_push_value(lua, &bytes);
}

void
dsl_put(lua_State *lua, int index, struct sgn_buf *out, size_t from)
{
    dsl_state_of(lua)->put_from = from;
    put(lua, out, lua_absindex(lua, index), 0);
    dsl_check_room(lua, out, dsl_state_of(lua)->put_from);
}

json_t *
dsl_to_json(lua_State *lua, int index)
{
    struct sgn_buf *scratch = &dsl_state_of(lua)->scratch;
    struct rules_value value;
    json_t *json;

    sgn_buf_reset(scratch);
    dsl_put(lua, index, scratch, 0);
    rules_value_read(scratch->bytes, &value);
    json = rules_value_json(&value);
    if (json == NULL)
        luaL_error(lua, "out of memory");
    return json;
}
