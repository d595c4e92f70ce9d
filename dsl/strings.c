/* SPDX-License-Identifier: Apache-2.0 */
/*
 * String functions whose work no instruction counts, with that work bounded and paid for, and
 * the conversion of values to text that shows no addresses.
 *
 * A function that is not here, and is in the library, is one whose work its instructions pay for.
 */
#include "dsl_internal.h"

#include <string.h>

#define FRACTION_STEPS 500 /* 1e308 with 99 places is arithmetic on a thousand digits */

/* Text of any value without addresses. */
static void
push_text(lua_State *lua, int index)
{
    index = lua_absindex(lua, index);
    /* A metamethod of the script's, in the script's own budget: it was called from there. */
    if (luaL_callmeta(lua, index, "__tostring")) {
        if (!lua_isstring(lua, -1))
            dsl_raise(lua, "'__tostring' must return a string");
        return;
    }
    switch (lua_type(lua, index)) {
    case LUA_TSTRING:
    case LUA_TNUMBER:
        lua_pushvalue(lua, index);
        lua_tostring(lua, -1); /* converts the copy */
        break;
    case LUA_TBOOLEAN:
        lua_pushstring(lua, lua_toboolean(lua, index) ? "true" : "false");
        break;
    /* The library prints addresses here. They differ from run to run, so that a replay would
     * decide otherwise, and they tell where things lie in memory. */
    default:
        lua_pushstring(lua, luaL_typename(lua, index));
    }
}

static int
string_tostring(lua_State *lua)
{
    luaL_checkany(lua, 1);
    push_text(lua, 1);
    return 1;
}

/* The library's rep checks its result only: rep("", 10^15) copies nothing for ever. So times is
 * a cost even when the text is empty. */
static int
string_rep(lua_State *lua)
{
    size_t n, separator_n, total;
    const char *text = luaL_checklstring(lua, 1, &n);
    lua_Integer times = luaL_checkinteger(lua, 2);
    const char *separator = luaL_optlstring(lua, 3, "", &separator_n);
    luaL_Buffer buffer;
    char *p;

    if (times <= 0 || n + separator_n == 0) {
        lua_pushliteral(lua, "");
        return 1;
    }
    /* By division: the product could wrap around to something small. */
    if ((lua_Unsigned)times > DSL_STRING_MAX / (n + separator_n))
        return dsl_raise(lua, "a string longer than %d bytes", DSL_STRING_MAX);
    total = (size_t)times * n + (size_t)(times - 1) * separator_n;
    dsl_charge(lua, times + (lua_Integer)(total / 16));
    p = luaL_buffinitsize(lua, &buffer, total);
    while (times-- > 0) {
        memcpy(p, text, n);
        p += n;
        if (times > 0) {
            memcpy(p, separator, separator_n);
            p += separator_n;
        }
    }
    luaL_pushresultsize(&buffer, total);
    return 1;
}

/* A position as Lua counts them (from 1, from the end when negative), raised to low at least;
 * the callers cut it at the end. */
static lua_Integer
position(lua_Integer at, size_t n, lua_Integer low)
{
    if (at < 0)
        /* Negated as unsigned: the smallest number has no positive one. */
        at = 0u - (lua_Unsigned)at > n ? 0 : (lua_Integer)n + at + 1;
    return at < low ? low : at;
}

static int
string_byte(lua_State *lua)
{
    size_t n;
    const char *text = luaL_checklstring(lua, 1, &n);
    lua_Integer first = luaL_optinteger(lua, 2, 1);
    lua_Integer from = position(first, n, 1);
    lua_Integer to = position(luaL_optinteger(lua, 3, from), n, 0);

    if (to > (lua_Integer)n)
        to = (lua_Integer)n;
    if (from > to)
        return 0;
    /* Every value takes a slot of the stack, whose growth is no allocation of a string and costs
     * nothing by the hook. */
    if (to - from >= DSL_UNPACK_MAX)
        return dsl_raise(lua, "string.byte gives at most %d values", DSL_UNPACK_MAX);
    luaL_checkstack(lua, (int)(to - from) + 1, "string.byte");
    for (lua_Integer i = from; i <= to; i++)
        lua_pushinteger(lua, (unsigned char)text[i - 1]);
    return (int)(to - from) + 1;
}

/*
 * format: the library's own, behind a look at the directives ("%p" would show an address) and
 * with every argument that is not text or a number already made text.
 */
static int
string_format(lua_State *lua)
{
    const char *p = luaL_checkstring(lua, 1);
    int n = lua_gettop(lua);
    size_t total = 0;
    lua_Integer work = n;

    while ((p = strchr(p, '%')) != NULL) {
        p += 1 + strspn(p + 1, "-+ #0123456789.");
        if (*p == 'p')
            return dsl_raise(lua, "string.format has no '%%p' here");
        work += *p != '\0' && strchr("aAeEfFgG", *p) != NULL ? FRACTION_STEPS : 1;
        if (*p != '\0')
            p++;
    }
    for (int i = 1; i <= n; i++) {
        size_t length;

        if (!lua_isnumber(lua, i) || lua_type(lua, i) == LUA_TSTRING) {
            push_text(lua, i);
            lua_replace(lua, i);
            lua_tolstring(lua, i, &length);
            total += length;
        }
        if (total > DSL_STRING_MAX)
            return dsl_raise(lua, "a string longer than %d bytes", DSL_STRING_MAX);
    }
    dsl_charge(lua, (lua_Integer)(total / 16) + work);
    return dsl_forward(lua);
}

/* format_of(library's format): the function above, closed over it. */
static int
format_of(lua_State *lua)
{
    return dsl_close_over(lua, string_format);
}

/* A library function that walks its first argument, a text, once: upper, lower, reverse, len of
 * utf8. */
static int
paid(lua_State *lua)
{
    size_t n;

    luaL_checklstring(lua, 1, &n);
    dsl_charge(lua, (lua_Integer)(n / 4));
    return dsl_forward(lua);
}

/* A library function that may make a text with a NUL byte: char of string and utf8, format. Such
 * texts are compared piece by piece, at a price that no step covers. */
static int
without_nul(lua_State *lua)
{
    int n = dsl_forward(lua);
    size_t length;
    const char *text = lua_tolstring(lua, -1, &length);

    if (text != NULL && memchr(text, 0, length) != NULL)
        return dsl_raise(lua, "a text may not hold a NUL byte");
    return n;
}

static int
without_nul_of(lua_State *lua)
{
    return dsl_close_over(lua, without_nul);
}

static int
paid_of(lua_State *lua)
{
    return dsl_close_over(lua, paid);
}

/* unpack(table, i, j), which cannot be written in Lua. The range is checked unsigned: j - i of
 * two far ends overflows otherwise, which is how CVE-2025-46817 came about. */
static int
unpack(lua_State *lua)
{
    lua_Integer from = luaL_optinteger(lua, 2, 1), to;

    luaL_checktype(lua, 1, LUA_TTABLE);
    to = luaL_checkinteger(lua, 3);
    if (from > to)
        return 0;
    if ((lua_Unsigned)to - (lua_Unsigned)from >= DSL_UNPACK_MAX)
        return dsl_raise(lua, "table.unpack gives at most %d values", DSL_UNPACK_MAX);
    luaL_checkstack(lua, (int)(to - from) + 1, "table.unpack");
    for (lua_Integer i = from;; i++) {
        lua_geti(lua, 1, i);
        if (i == to)
            return (int)(to - from) + 1;
    }
}

void
dsl_open_strings(lua_State *lua)
{
    static const luaL_Reg functions[] = {
        { "tostring", string_tostring },
        { "rep", string_rep },
        { "byte", string_byte },
        { "format_of", format_of },
        { "paid_of", paid_of },
        { "without_nul_of", without_nul_of },
        { "unpack", unpack },
        { NULL, NULL },
    };
    luaL_setfuncs(lua, functions, 0);
}
