/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What functions hand over, written as it is checked: plain data, people, texts. What is wrong with
 * it is said in the prelude's words, at the line that hands it over.
 */
#include "case.h"

#include <string.h>

#define DATA_DEPTH_MAX   20
#define PEOPLE_DEPTH_MAX 8
#define PEOPLE_MAX       1000

/* ---- errors ---- */

int
dsl_case_unknown(lua_State *lua, const char *say, int key)
{
    key = lua_absindex(lua, key);
    dsl_push_prelude(lua, say);
    lua_pushvalue(lua, key);
    lua_call(lua, 1, 0);
    return lua_error(lua); /* not reached: the prelude raises */
}

const char *
dsl_case_describe(lua_State *lua, int index)
{
    index = lua_absindex(lua, index);
    dsl_push_prelude(lua, "describe");
    lua_pushvalue(lua, index);
    lua_call(lua, 1, 1);
    return lua_tostring(lua, -1);
}

int
dsl_case_expected(lua_State *lua, const char *what, int index)
{
    return dsl_raise(lua, "expected %s, got %s", what, dsl_case_describe(lua, index));
}

const char *
dsl_case_text(lua_State *lua, int index, const char *what, size_t *n)
{
    const char *text;

    if (lua_type(lua, index) != LUA_TSTRING)
        dsl_case_expected(lua, what, index);
    text = lua_tolstring(lua, index, n);
    if (!sgn_utf8_valid(text, *n))
        dsl_raise(lua, "text that is not UTF-8");
    return text;
}

/* ---- nodes of the language ---- */

/* Pushes what the prelude knows of the table at index, or nil. */
static bool
push_node(lua_State *lua, int index)
{
    index = lua_absindex(lua, index);
    dsl_push_prelude(lua, "data");
    lua_pushvalue(lua, index);
    lua_rawget(lua, -2);
    lua_remove(lua, -2);
    return lua_istable(lua, -1);
}

bool
dsl_case_node(lua_State *lua, int index, const char *word)
{
    bool found = lua_istable(lua, index) && push_node(lua, index);

    if (found) {
        lua_getfield(lua, -1, "word");
        found = strcmp(lua_tostring(lua, -1), word) == 0;
        lua_pop(lua, 1);
        lua_getfield(lua, -1, "name");
        lua_remove(lua, -2);
        found = found && lua_type(lua, -1) == LUA_TSTRING;
        if (found)
            return true;
    }
    if (lua_istable(lua, index))
        lua_pop(lua, 1);
    return false;
}

/* ---- plain data ---- */

static void put_data(lua_State *lua, struct sgn_buf *out, int index, int depth);

/* Exactly 1..n and nothing else, or names only. Goes through all: a table is a list or a record,
 * and one that is neither is a mistake. */
static void
check_keys(lua_State *lua, int index, lua_Unsigned n)
{
    lua_Unsigned items = 0;
    bool mixed = false;

    lua_pushnil(lua);
    while (lua_next(lua, index)) {
        int key = lua_type(lua, -2);

        if (key != LUA_TNUMBER && key != LUA_TSTRING && key != LUA_TBOOLEAN)
            dsl_raise(lua, "a table whose keys are %ss has no order to go through",
                      lua_typename(lua, key));
        mixed = mixed || (n > 0) != (bool)lua_isinteger(lua, -2);
        items++;
        lua_pop(lua, 1);
    }
    if (mixed)
        dsl_raise(lua, "data is either a list or names with values, not both");
    if (n > 0 && items != n)
        dsl_raise(lua, "a list with an empty place");
    dsl_charge(lua, (int64_t)items);
}

static void
put_data_record(lua_State *lua, struct sgn_buf *out, int index, int depth)
{
    size_t n, place = rules_put_open(out, RULES_VALUE_RECORD);
    const char **names = dsl_push_names(lua, index, &n);

    for (size_t i = 0; i < n; i++) {
        rules_put_name(out, names[i], strlen(names[i]));
        lua_pushstring(lua, names[i]);
        lua_rawget(lua, index);
        put_data(lua, out, lua_gettop(lua), depth + 1);
        lua_pop(lua, 1);
    }
    rules_put_close(out, place);
    lua_pop(lua, 1);
}

static void
put_data_table(lua_State *lua, struct sgn_buf *out, int index, int depth)
{
    lua_Unsigned n;
    size_t place;

    luaL_checkstack(lua, 16, "data nested too deeply");
    if (push_node(lua, index))
        dsl_raise(lua, "%s is no plain data", dsl_case_describe(lua, index));
    lua_pop(lua, 1);
    dsl_case_behind(lua, index);
    index = lua_gettop(lua);
    n = lua_rawlen(lua, index);
    check_keys(lua, index, n);
    if (n == 0) {
        put_data_record(lua, out, index, depth);
    } else {
        place = rules_put_open(out, RULES_VALUE_LIST);
        for (lua_Unsigned i = 1; i <= n; i++) {
            lua_rawgeti(lua, index, (lua_Integer)i);
            put_data(lua, out, lua_gettop(lua), depth + 1);
            lua_pop(lua, 1);
        }
        rules_put_close(out, place);
    }
    lua_pop(lua, 1);
}

static void
put_data(lua_State *lua, struct sgn_buf *out, int index, int depth)
{
    const char *text;
    size_t n;

    if (depth > DATA_DEPTH_MAX)
        dsl_raise(lua, "data nested too deeply");
    switch (lua_type(lua, index)) {
    case LUA_TTABLE:
        put_data_table(lua, out, index, depth);
        return;
    case LUA_TSTRING:
        text = lua_tolstring(lua, index, &n);
        if (!sgn_utf8_valid(text, n))
            dsl_raise(lua, "text that is not UTF-8");
        break;
    case LUA_TNIL:
    case LUA_TBOOLEAN:
        break;
    default:
        if (!lua_isinteger(lua, index) && dsl_decimal_at(lua, index) == NULL)
            dsl_raise(lua, "%s is no plain data", dsl_case_describe(lua, index));
    }
    dsl_put(lua, index, out, 0);
}

void
dsl_case_put_data(lua_State *lua, int index)
{
    put_data(lua, &dsl_case_of(lua)->said, lua_absindex(lua, index), 0);
}

/* ---- people ---- */

/* Only the engine knows who there is: it says so of this line. */
static void
put_line(lua_State *lua, struct sgn_buf *out)
{
    RULES_PUT_NAME(out, "line");
    rules_put_integer(out, dsl_here(lua));
}

/* A role, a name that the language has for somebody, or a person's key. */
static bool
put_person(lua_State *lua, struct sgn_buf *out, int index)
{
    size_t n, place;
    const char *text = lua_tolstring(lua, index, &n);
    bool known;

    dsl_push_prelude(lua, "known_people");
    lua_pushvalue(lua, index);
    lua_rawget(lua, -2);
    known = lua_toboolean(lua, -1);
    lua_pop(lua, 2);
    if (known) {
        rules_put_text(out, text, n);
        return true;
    }
    if (!sgn_key_valid(text))
        return false;
    place = rules_put_open(out, RULES_VALUE_RECORD);
    put_line(lua, out);
    RULES_PUT_NAME(out, "person");
    rules_put_text(out, text, n);
    rules_put_close(out, place);
    return true;
}

/* group "x", person "x", decided_by "state" */
static bool
put_named(lua_State *lua, struct sgn_buf *out, int index)
{
    static const char *const words[] = { "group", "person", "decided_by" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (dsl_case_node(lua, index, words[i])) {
            size_t n, place = rules_put_open(out, RULES_VALUE_RECORD);
            const char *name = lua_tolstring(lua, -1, &n);

            if (strcmp(words[i], "person") == 0)
                put_line(lua, out);
            rules_put_name(out, words[i], strlen(words[i]));
            rules_put_text(out, name, n);
            rules_put_close(out, place);
            lua_pop(lua, 1);
            return true;
        }
    return false;
}

/* What holds itself ends by its depth. */
static void
put_people(lua_State *lua, struct sgn_buf *out, int index, int depth)
{
    lua_Unsigned n;
    size_t place;

    dsl_check_room(lua, out, 0);
    if (depth > PEOPLE_DEPTH_MAX)
        dsl_raise(lua, "lists of people nested too deeply");
    luaL_checkstack(lua, 16, "lists of people nested too deeply");
    if (lua_type(lua, index) == LUA_TSTRING && put_person(lua, out, index))
        return;
    if (lua_istable(lua, index) && put_named(lua, out, index))
        return;
    if (!lua_istable(lua, index) || push_node(lua, index))
        dsl_raise(lua, "expected a role, a person or a list of them, got %s",
                  dsl_case_describe(lua, index));
    lua_pop(lua, 1);
    dsl_case_behind(lua, index);
    n = lua_rawlen(lua, -1);
    if (n > PEOPLE_MAX)
        dsl_raise(lua, "more than %d people", PEOPLE_MAX);
    dsl_charge(lua, (int64_t)n);
    place = rules_put_open(out, RULES_VALUE_LIST);
    for (lua_Unsigned i = 1; i <= n; i++) {
        lua_rawgeti(lua, -1, (lua_Integer)i);
        put_people(lua, out, lua_gettop(lua), depth + 1);
        lua_pop(lua, 1);
    }
    rules_put_close(out, place);
    lua_pop(lua, 1);
}

void
dsl_case_put_people(lua_State *lua, int index)
{
    put_people(lua, &dsl_case_of(lua)->said, lua_absindex(lua, index), 0);
}
