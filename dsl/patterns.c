/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The string functions that take patterns: find, match, gmatch, gsub.
 *
 * Where they differ from the library's, it is in what they cost, never in what they answer.
 */
#include "pattern.h"

#include <ctype.h>
#include <string.h>

/* What find and match share: only what they give back differs. */
static int
find_or_match(lua_State *lua, bool find)
{
    size_t n, pn;
    const char *s = luaL_checklstring(lua, 1, &n), *p = luaL_checklstring(lua, 2, &pn);
    lua_Integer init = luaL_optinteger(lua, 3, 1);
    bool anchor = pn > 0 && *p == '^';
    struct matcher m;

    /* From the end when negative; before the beginning is the beginning. */
    if (init < 0)
        init = 0u - (lua_Unsigned)init > n ? 1 : (lua_Integer)n + init + 1;
    if (init == 0)
        init = 1;
    if ((lua_Unsigned)init > n + 1)
        goto none;
    /* Plain text, or a pattern without special characters: one search, which is paid for by
     * length. The library's own strstr loop is quadratic; memmem is not. */
    if (find && (lua_toboolean(lua, 4) || strpbrk(p, "^$*+?.([%-") == NULL)) {
        const char *hit = memmem(s + init - 1, n - (size_t)init + 1, p, pn);

        dsl_charge(lua, (lua_Integer)(n / 16));
        if (hit == NULL)
            goto none;
        lua_pushinteger(lua, hit - s + 1);
        lua_pushinteger(lua, hit - s + (lua_Integer)pn);
        return 2;
    }
    dsl_matcher_init(&m, lua, s, n, p + pn);
    p += anchor;
    for (const char *at = s + init - 1; at <= m.subject_end; at++) {
        const char *end = dsl_match_at(&m, at, p);

        if (end != NULL && find) {
            lua_pushinteger(lua, at - s + 1);
            lua_pushinteger(lua, end - s);
            return dsl_push_captures(&m, NULL, NULL) + 2;
        }
        if (end != NULL)
            return dsl_push_captures(&m, at, end);
        if (anchor)
            break;
    }
none:
    lua_pushnil(lua);
    return 1;
}

static int
pattern_find(lua_State *lua)
{
    return find_or_match(lua, true);
}

static int
pattern_match(lua_State *lua)
{
    return find_or_match(lua, false);
}

/* One turn of gmatch. Upvalues: subject, pattern, where to go on, where the last match ended.
 * Kept as offsets: pointers into a string do not outlive a call. */
static int
gmatch_next(lua_State *lua)
{
    size_t n, pn;
    const char *s = lua_tolstring(lua, lua_upvalueindex(1), &n);
    const char *p = lua_tolstring(lua, lua_upvalueindex(2), &pn);
    const char *last = s + lua_tointeger(lua, lua_upvalueindex(4));
    struct matcher m;

    dsl_matcher_init(&m, lua, s, n, p + pn);
    for (const char *at = s + lua_tointeger(lua, lua_upvalueindex(3)); at <= m.subject_end; at++) {
        const char *end = dsl_match_at(&m, at, p);

        /* Not where the last match ended: an empty match there would be found for ever. */
        if (end != NULL && end != last) {
            lua_pushinteger(lua, end - s);
            lua_copy(lua, -1, lua_upvalueindex(3));
            lua_replace(lua, lua_upvalueindex(4));
            return dsl_push_captures(&m, at, end);
        }
    }
    return 0;
}

static int
pattern_gmatch(lua_State *lua)
{
    luaL_checkstring(lua, 1);
    luaL_checkstring(lua, 2);
    lua_settop(lua, 2);
    lua_pushinteger(lua, 0);
    lua_pushinteger(lua, -1);
    lua_pushcclosure(lua, gmatch_next, 4);
    return 1;
}

/* The replacement text "%1 and %%". Its length is paid for at every match: a template of 256 KiB
 * for each character of a text would otherwise be free. */
static void
add_template(struct matcher *m, luaL_Buffer *buffer, const char *s, const char *end)
{
    size_t n;
    const char *text = lua_tolstring(m->lua, 3, &n), *stop = text + n;

    for (; text < stop; text++) {
        if (*text != '%') {
            luaL_addchar(buffer, *text);
            continue;
        }
        text++;
        if (text < stop && *text == '%') {
            luaL_addchar(buffer, '%');
        } else if (text < stop && *text == '0') {
            luaL_addlstring(buffer, s, (size_t)(end - s));
        } else if (text < stop && isdigit((unsigned char)*text)) {
            dsl_push_capture(m, *text - '1', s, end);
            lua_tostring(m->lua, -1); /* a position is a number */
            luaL_addvalue(buffer);
        } else {
            dsl_raise(m->lua, "invalid use of '%%' in replacement string");
        }
    }
    m->unpaid += (int)(n / 4);
}

/* By a function or a table of the script's; false or nil keeps the match. */
static void
add_replacement(struct matcher *m, luaL_Buffer *buffer, const char *s, const char *end)
{
    lua_State *lua = m->lua;

    switch (lua_type(lua, 3)) {
    case LUA_TFUNCTION:
        lua_pushvalue(lua, 3);
        lua_call(lua, dsl_push_captures(m, s, end), 1);
        break;
    case LUA_TTABLE:
        dsl_push_capture(m, 0, s, end);
        lua_gettable(lua, 3);
        break;
    default:
        add_template(m, buffer, s, end);
        return;
    }
    if (!lua_toboolean(lua, -1)) {
        lua_pop(lua, 1);
        luaL_addlstring(buffer, s, (size_t)(end - s));
        return;
    }
    if (!lua_isstring(lua, -1))
        dsl_raise(lua, "invalid replacement value (a %s)", luaL_typename(lua, -1));
    luaL_addvalue(buffer);
}

/* A function that is given may do anything within its budget, and raise: the buffer lies on
 * Lua's stack. */
static int
pattern_gsub(lua_State *lua)
{
    size_t n, pn;
    const char *s = luaL_checklstring(lua, 1, &n), *p = luaL_checklstring(lua, 2, &pn);
    const char *last = NULL;
    int type = lua_type(lua, 3);
    lua_Integer most = luaL_optinteger(lua, 4, (lua_Integer)n + 1), count = 0;
    bool anchor = pn > 0 && *p == '^';
    struct matcher m;
    luaL_Buffer buffer;

    /* As in the library, so that its manual holds here. */
    luaL_argexpected(lua,
                     type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION ||
                         type == LUA_TTABLE,
                     3, "string/function/table");
    dsl_matcher_init(&m, lua, s, n, p + pn);
    p += anchor;
    luaL_buffinit(lua, &buffer);
    while (count < most) {
        const char *end = dsl_match_at(&m, s, p);

        if (end != NULL && end != last) {
            count++;
            add_replacement(&m, &buffer, s, end);
            s = last = end;
            /* Looked at while it grows: at the end the memory would be taken already. */
            if (luaL_bufflen(&buffer) > DSL_STRING_MAX)
                return dsl_raise(lua, "a string longer than %d bytes", DSL_STRING_MAX);
        } else if (s < m.subject_end) {
            luaL_addchar(&buffer, *s++);
        } else {
            break;
        }
        if (anchor)
            break;
    }
    luaL_addlstring(&buffer, s, (size_t)(m.subject_end - s));
    luaL_pushresult(&buffer);
    lua_pushinteger(lua, count);
    return 2;
}

void
dsl_open_patterns(lua_State *lua)
{
    static const luaL_Reg functions[] = {
        { "find", pattern_find },
        { "match", pattern_match },
        { "gmatch", pattern_gmatch },
        { "gsub", pattern_gsub },
        { NULL, NULL },
    };
    luaL_setfuncs(lua, functions, 0);
}
