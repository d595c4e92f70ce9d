/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the Lua state in which one file of a team lives.
 *
 * The prelude (the language's own Lua) is run first, with the full libraries in a table of its
 * own; it builds the environment that the team's file gets. The file never sees a library
 * function that the prelude did not hand over: see prelude/lib.lua, and the list that
 * tests/unit/dsl checks name by name.
 */
#include "dsl_internal.h"

#include "embedded.h"
#include "proto.h"
#include "rules_frame.h"
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
dsl_limits_default(struct dsl_limits *limits)
{
    *limits = (struct dsl_limits){
        .memory_bytes = 64u << 20,
        .instructions = 10000000,
        .file_bytes = 64u << 10,
        .team_bytes = 256u << 10,
    };
}

/* The libraries as they are, for the prelude only. io, os, package and coroutine are not even
 * opened: what is not there cannot leak through a forgotten reference. debug serves the prelude,
 * which hands none of it on. */
static void
push_libraries(lua_State *lua)
{
    static const luaL_Reg libraries[] = {
        { "base", luaopen_base }, { "string", luaopen_string }, { "table", luaopen_table },
        { "math", luaopen_math }, { "utf8", luaopen_utf8 },     { "debug", luaopen_debug },
        { NULL, NULL },
    };

    lua_newtable(lua);
    for (const luaL_Reg *library = libraries; library->name != NULL; library++) {
        lua_pushcfunction(lua, library->func);
        lua_call(lua, 0, 1);
        lua_setfield(lua, -2, library->name);
    }
}

/* Runs the prelude's files in order; each gets the prelude's one table. A failure here is ours,
 * not the team's. */
static int
run_prelude(lua_State *lua)
{
    lua_newtable(lua);
    dsl_keep_prelude(lua);
    push_libraries(lua);
    lua_setfield(lua, -2, "std");
    lua_newtable(lua);
    dsl_open_protected(lua);
    dsl_open_strings(lua);
    dsl_open_patterns(lua);
    dsl_open_decimal(lua);
    dsl_open_regex(lua);
    dsl_open_host(lua);
    lua_setfield(lua, -2, "host");
    for (int i = 0; i < dsl_prelude_count; i++) {
        const struct dsl_embedded *file = &dsl_prelude_files[i];
        char chunk[64];

        snprintf(chunk, sizeof chunk, "=(signoff %s)", file->name);
        if (luaL_loadbufferx(lua, file->bytes, file->size, chunk, "t") != LUA_OK)
            return lua_error(lua);
        lua_pushvalue(lua, 1);
        lua_call(lua, 1, 0);
    }
    /* The script's strings have the bounded functions only, and nobody can get at this table. */
    lua_pushliteral(lua, "");
    /* All strings of a state share one metatable: a script that could write its __index would
     * change what ("x"):upper() does in the prelude as well. */
    lua_getmetatable(lua, -1);
    lua_getfield(lua, 1, "strings");
    lua_setfield(lua, -2, "__index");
    lua_pushboolean(lua, 0);
    lua_setfield(lua, -2, "__metatable");
    return 0;
}

/* One state per file of a team: nothing that one file does can be seen by another, or by a later
 * load of itself. */
enum sgn_status
dsl_state_new(const struct dsl_limits *limits, struct dsl_state **out, struct sgn_error *err)
{
    struct dsl_state *state = calloc(1, sizeof *state);

    if (state == NULL)
        return sgn_nomem(err);
    state->limits = *limits;
    sgn_buf_init(&state->scratch, 2 * (size_t)RULES_FRAME_MAX);
    state->lua = lua_newstate(dsl_allocate, state);
    if (state->lua == NULL || !state->seeded) {
        bool other = state->lua != NULL;

        dsl_state_free(state);
        return other ? sgn_fail(err, SGN_INTERNAL,
                                "this Lua library is laid out in another way than that of 5.4")
                     : sgn_nomem(err);
    }
    *(struct dsl_state **)lua_getextraspace(state->lua) = state;
    lua_pushcfunction(state->lua, run_prelude);
    /* Without budgets: this is our own text, and out of memory is all that can go wrong. */
    if (lua_pcall(state->lua, 0, 0, 0) != LUA_OK) {
        const char *text = lua_tostring(state->lua, -1);
        enum sgn_status st = sgn_fail(err, SGN_INTERNAL, "the prelude: %s", text ? text : "?");

        dsl_state_free(state);
        return st;
    }
    *out = state;
    return SGN_OK;
}

/* Closing runs finalizers; there are none of the script's, see on_count() in budget.c. */
void
dsl_state_free(struct dsl_state *state)
{
    if (state == NULL)
        return;
    if (state->lua != NULL)
        lua_close(state->lua);
    dsl_arena_deinit(&state->arena);
    dsl_tokens_free(state->tokens);
    dsl_proto_free(state->proto);
    json_decref(state->says);
    json_decref(state->reads);
    model_free(state->model);
    dsl_regex_free(state->regex);
    json_decref(state->version);
    dsl_case_free(state->functions);
    sgn_buf_deinit(&state->scratch);
    free(state);
}

/* Lua knows its state at two places: the allocator's argument, and the space before each thread. */
static void
adopt(struct dsl_state *state)
{
    lua_setallocf(state->lua, dsl_allocate, state);
    *(struct dsl_state **)lua_getextraspace(state->lua) = state;
}

void
dsl_state_swap(struct dsl_state *a, struct dsl_state *b)
{
    struct dsl_state was = *a;

    *a = *b;
    *b = was;
    adopt(a);
    adopt(b);
}

/* Turns "@:12: text" into its two halves. */
static const char *
split_place(const char *text, int *line)
{
    char *rest;

    if (strncmp(text, "@:", 2) != 0)
        return text;
    *line = (int)strtol(text + 2, &rest, 10);
    return strncmp(rest, ": ", 2) == 0 ? rest + 2 : rest;
}

/* What the failed call left on top, as an error. Only strings are taken as they are: a
 * __tostring of the script's would run here without protection, and an error in it would abort
 * the process. */
static enum sgn_status
convert_failure(struct dsl_state *state, int status, int *line, struct sgn_error *err)
{
    lua_State *lua = state->lua;
    char text[DSL_MESSAGE_MAX];

    if (status == LUA_ERRMEM && state->spent == DSL_GOING)
        state->spent = DSL_MEMORY_SPENT;
    if (state->spent != DSL_GOING) {
        *line = state->spent_line;
        if (state->spent == DSL_STEPS_SPENT)
            return sgn_fail(err, SGN_RULE_OVERRUN,
                            "stopped: more than %lld instructions in one run",
                            (long long)state->limits.instructions);
        if (state->long_string)
            return sgn_fail(err, SGN_RULE_OVERRUN, "stopped: a string longer than %d bytes",
                            DSL_STRING_MAX);
        return sgn_fail(err, SGN_RULE_OVERRUN,
                        "stopped: more memory than one run may have (%zu bytes)",
                        state->limits.memory_bytes);
    }
    if (lua_type(lua, -1) == LUA_TSTRING)
        snprintf(text, sizeof text, "%s", split_place(lua_tostring(lua, -1), line));
    else
        snprintf(text, sizeof text, "an error that is no text (%s)", luaL_typename(lua, -1));
    /* A cut may have split a character. */
    for (size_t n = strlen(text); n > 0 && !sgn_utf8_valid(text, n); n--)
        text[n - 1] = '\0';
    if (text[0] == '\0')
        snprintf(text, sizeof text, "an error without a text");
    return sgn_fail(err, SGN_RULE_ERROR, "%s", text);
}

/* Our own Lua can fail over what it was given, "(signoff lib):77: bad argument ...", and a function
 * of C knows no line at all: the place is the author's line that gave it. Called when the error
 * arises, while the stack still stands. */
static int
place_error(lua_State *lua)
{
    const char *text = lua_type(lua, 1) == LUA_TSTRING ? lua_tostring(lua, 1) : NULL, *rest;

    if (text == NULL)
        return 1;
    if (strncmp(text, "@:", 2) == 0)
        return dsl_blame(lua);
    rest = strncmp(text, "(signoff ", 9) == 0 ? strstr(text, "):") : NULL;
    if (rest != NULL) {
        rest += 2 + strspn(rest + 2, "0123456789");
        text = rest + strspn(rest, ": ");
    }
    if (dsl_here(lua) > 0)
        lua_pushfstring(lua, "@:%d: %s", dsl_here(lua), text);
    else
        lua_pushstring(lua, text);
    return 1;
}

enum sgn_status
dsl_protected(struct dsl_state *state, int n, int results, int *line, struct sgn_error *err)
{
    lua_State *lua = state->lua;
    int base = lua_gettop(lua) - n; /* where the handler comes to lie */
    enum sgn_status st = SGN_OK;
    int status;

    *line = 0;
    lua_pushcfunction(lua, place_error);
    lua_insert(lua, base);
    dsl_run_begin(state);
    status = lua_pcall(lua, n, results, base);
    dsl_run_end(state);
    lua_remove(lua, base);
    /* Blocks are paid for when they are made and looked at by the next count, which may not come
     * any more. */
    if (state->steps < 0 && state->spent == DSL_GOING)
        state->spent = DSL_STEPS_SPENT;
    /* Also a run that came to its end although the budget was spent on the way: what it made was
     * made by a script that ran on after it was told to stop. */
    if (status != LUA_OK || state->spent != DSL_GOING) {
        st = convert_failure(state, status, line, err);
        lua_settop(lua, base - 1);
    }
    return st;
}
