/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints the language from the table of its words, see reference.h.
 *
 * Runs files of ours only, in a state of their own with Lua's whole library: no script of a team
 * ever gets here.
 */
#include "reference.h"

#include "embedded.h"
#include "json.h"
#include "text.h"
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdlib.h>
#include <string.h>

static bool
load_chunk(lua_State *lua, const struct dsl_embedded *files, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(files[i].name, name) == 0)
            return luaL_loadbuffer(lua, files[i].bytes, files[i].size, name) == LUA_OK;
    lua_pushfstring(lua, "%s is not embedded", name);
    return false;
}

/* Leaves the text (or nil) and the list of words on the stack, or a message. */
static bool
run(lua_State *lua, const char *form, const char *word)
{
    static const char *const tables[] = { "words", "members" };

    lua_newtable(lua); /* P */
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (!load_chunk(lua, dsl_prelude_files, dsl_prelude_count, tables[i]))
            return false;
        lua_pushvalue(lua, 1);
        if (lua_pcall(lua, 1, 0, 0) != LUA_OK)
            return false;
    }
    if (!load_chunk(lua, dsl_testkit_files, dsl_testkit_count, "testkit_table"))
        return false;
    lua_pushvalue(lua, 1);
    lua_newtable(lua);
    lua_pushvalue(lua, -1);
    lua_setfield(lua, 1, "kit");
    if (lua_pcall(lua, 2, 0, 0) != LUA_OK ||
        !load_chunk(lua, dsl_reference_files, dsl_reference_count, "reference"))
        return false;
    lua_pushvalue(lua, 1);
    lua_pushstring(lua, form);
    if (word != NULL)
        lua_pushstring(lua, word);
    else
        lua_pushnil(lua);
    return lua_pcall(lua, 3, 2, 0) == LUA_OK;
}

static enum sgn_status
unknown_word(lua_State *lua, const char *word, struct sgn_error *err)
{
    json_t *words = json_array();
    const char *near;

    for (lua_Integer i = 1; lua_geti(lua, -1, i) == LUA_TSTRING; i++) {
        (void)json_array_append_new(words, json_string(lua_tostring(lua, -1)));
        lua_pop(lua, 1);
    }
    near = sgn_nearest_json(word, words);
    sgn_fail(err, SGN_NOT_FOUND, "the language has no word %.64s%s%s%s", word,
             near != NULL ? "; did you mean " : "", near != NULL ? near : "",
             near != NULL ? "?" : "");
    json_decref(words);
    return SGN_NOT_FOUND;
}

enum sgn_status
dsl_reference(const char *form, const char *word, char **out, struct sgn_error *err)
{
    lua_State *lua = luaL_newstate();
    enum sgn_status status = SGN_OK;

    *out = NULL;
    if (lua == NULL)
        return sgn_nomem(err);
    luaL_openlibs(lua);
    if (!run(lua, form, word))
        status = sgn_fail(err, SGN_INTERNAL, "the reference cannot be printed: %s",
                          lua_tostring(lua, -1));
    else if (lua_isnil(lua, -2))
        status = unknown_word(lua, word, err);
    else if ((*out = strdup(lua_tostring(lua, -2))) == NULL)
        status = sgn_nomem(err);
    lua_close(lua);
    return status;
}
