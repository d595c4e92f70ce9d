/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tools that the prelude is given: places in the source, words near a misspelt one, the
 * checks of the lower layers. No team file ever holds one of these functions.
 *
 * They read what was parsed and ask the engine's own checks; none changes anything outside its
 * state.
 */
#include "dsl_internal.h"

#include "duration.h"
#include "json.h"
#include "period.h"
#include <string.h>

#define TOKENS_PER_STEP 32 /* of a walk over the file */
#define SUITS_STEPS     50 /* a field is read anew for each value */

/* Of the file that is being run; places are asked for by its constructors only. Raises. */
static const struct dsl_tokens *
tokens_of(lua_State *lua)
{
    const struct dsl_tokens *tokens = dsl_state_of(lua)->tokens;

    if (tokens == NULL)
        luaL_error(lua, "no file is being run");
    return tokens;
}

/* The place that was looked for from another one, which is paid for. A place that was not found is
 * nil in the prelude, whose message then names the table's line. */
static int
push_place(lua_State *lua, int from, int at)
{
    const struct dsl_tokens *tokens = tokens_of(lua);

    /* A search is a walk over the file, and a table may be asked about a thousand times. */
    dsl_charge(lua, (at >= 0 ? at - from : dsl_tokens_count(tokens)) / TOKENS_PER_STEP);
    if (at < 0)
        return 0;
    lua_pushinteger(lua, at);
    return 1;
}

static int
integer_at(lua_State *lua, int index)
{
    return (int)luaL_optinteger(lua, index, -1);
}

/* Line of the team's file that is being run; 0 when it is none. */
static int
host_here(lua_State *lua)
{
    lua_pushinteger(lua, dsl_here(lua));
    return 1;
}

/* word(line, word, name or nil, nth) */
static int
host_word(lua_State *lua)
{
    int at = dsl_tokens_word(tokens_of(lua), integer_at(lua, 1), luaL_checkstring(lua, 2),
                             luaL_optstring(lua, 3, NULL), integer_at(lua, 4));

    return push_place(lua, dsl_tokens_first(tokens_of(lua), integer_at(lua, 1)), at);
}

/* body(word, nth): the nth constructor that follows a word. */
static int
host_body(lua_State *lua)
{
    return push_place(lua, integer_at(lua, 1),
                      dsl_tokens_body(tokens_of(lua), integer_at(lua, 1), integer_at(lua, 2)));
}

/* key(brace, name) */
static int
host_key(lua_State *lua)
{
    return push_place(lua, integer_at(lua, 1),
                      dsl_tokens_key(tokens_of(lua), integer_at(lua, 1), luaL_checkstring(lua, 2)));
}

/* item(brace, nth) */
static int
host_item(lua_State *lua)
{
    return push_place(lua, integer_at(lua, 1),
                      dsl_tokens_item(tokens_of(lua), integer_at(lua, 1), integer_at(lua, 2)));
}

/* string(place, text) */
static int
host_string(lua_State *lua)
{
    return push_place(
        lua, integer_at(lua, 1),
        dsl_tokens_string(tokens_of(lua), integer_at(lua, 1), luaL_checkstring(lua, 2)));
}

/* line(place) */
static int
host_line(lua_State *lua)
{
    lua_pushinteger(lua, dsl_tokens_line(tokens_of(lua), integer_at(lua, 1)));
    return 1;
}

/* column(place) */
static int
host_column(lua_State *lua)
{
    lua_pushinteger(lua, dsl_tokens_column(tokens_of(lua), integer_at(lua, 1)));
    return 1;
}

/* mentions(first, last, name) */
static int
host_mentions(lua_State *lua)
{
    lua_pushboolean(lua, dsl_tokens_mentions(tokens_of(lua), integer_at(lua, 1), integer_at(lua, 2),
                                             luaL_checkstring(lua, 3)));
    return 1;
}

/* nearest(text, list of known words) */
static int
host_nearest(lua_State *lua)
{
    const char *text = luaL_checkstring(lua, 1), *found;
    size_t n = lua_rawlen(lua, 2), count = 0, work = 0;
    /* Collected with the stack: reading a list of a script may raise, and malloc would leak
     * then. */
    const char **known = lua_newuserdatauv(lua, (n + 1) * sizeof *known, 0);

    /* The distance costs the product of two lengths: a long word is no misspelt one anyway. */
    if (strlen(text) > 100)
        return 0;
    for (size_t i = 1; i <= n; i++) {
        /* The table keeps the string alive. */
        if (lua_rawgeti(lua, 2, (lua_Integer)i) == LUA_TSTRING && lua_rawlen(lua, -1) <= 100) {
            work += lua_rawlen(lua, -1);
            known[count++] = lua_tostring(lua, -1);
        }
        lua_pop(lua, 1);
    }
    dsl_charge(lua, (int64_t)(work * strlen(text) / 8));
    found = sgn_nearest(text, known, count);
    if (found == NULL)
        return 0;
    lua_pushlstring(lua, found, strlen(found));
    return 1;
}

/* What is wrong with this duration; nothing when it is right. */
static int
host_duration(lua_State *lua)
{
    struct calendar_duration duration;
    struct sgn_error err = { 0 };

    if (calendar_duration_parse(luaL_checkstring(lua, 1), &duration, &err) == SGN_OK)
        return 0;
    lua_pushlstring(lua, err.message, strlen(err.message));
    sgn_error_clear(&err);
    return 1;
}

/* The same of how long something is kept. */
static int
host_period(lua_State *lua)
{
    struct calendar_period period;
    struct sgn_error err = { 0 };

    if (calendar_period_parse(luaL_checkstring(lua, 1), &period, &err) == SGN_OK)
        return 0;
    lua_pushlstring(lua, err.message, strlen(err.message));
    sgn_error_clear(&err);
    return 1;
}

/* The checks below are the engine's own, so that what the author is told is what loading will
 * say. */
static int
host_key_valid(lua_State *lua)
{
    lua_pushboolean(lua, sgn_key_valid(luaL_checkstring(lua, 1)));
    return 1;
}

static int
host_name_valid(lua_State *lua)
{
    lua_pushboolean(lua, sgn_name_valid(luaL_checkstring(lua, 1)));
    return 1;
}

static int
host_decimal_valid(lua_State *lua)
{
    struct sgn_decimal value;

    lua_pushboolean(lua, sgn_decimal_parse(luaL_checkstring(lua, 1), &value));
    return 1;
}

static int
host_utf8_valid(lua_State *lua)
{
    size_t n;
    const char *text = luaL_checklstring(lua, 1, &n);

    lua_pushboolean(lua, sgn_utf8_valid(text, n));
    return 1;
}

/* suits{ field, value, operand }: what is wrong with a value for a field in the model's form; or
 * nothing. One table, so that nothing is owned while the other is made into JSON, which may raise.
 */
static int
host_suits(lua_State *lua)
{
    struct sgn_error err = { 0 };
    json_t *given;
    enum sgn_status st;

    dsl_charge(lua, SUITS_STEPS);
    given = dsl_to_json(lua, 1);
    st = model_field_suits(json_object_get(given, "field"), json_object_get(given, "value"),
                           sgn_json_true(given, "operand"), &err);
    json_decref(given);
    if (st == SGN_OK)
        return 0;
    lua_pushlstring(lua, err.message, strlen(err.message));
    sgn_error_clear(&err);
    return 1;
}

/* shield(f): f behind a C function, which a tail call does not make its caller vanish for. */
static int
host_shield(lua_State *lua)
{
    return dsl_close_over(lua, dsl_forward);
}

/* own(f): a function of C as a value of this state. As it is, a table that has it as a key would
 * place it by where the library lies, which differs from run to run. */
static int
host_own(lua_State *lua)
{
    lua_CFunction function = lua_tocfunction(lua, 1);

    lua_settop(lua, 1);
    if (function != NULL && lua_getupvalue(lua, 1, 1) == NULL) {
        lua_pushnil(lua);
        lua_pushcclosure(lua, function, 1);
    } else {
        lua_settop(lua, 1);
    }
    return 1;
}

/* What f returned, with its first result made the state's own: an iterator. */
static int
owned(lua_State *lua)
{
    int n = dsl_forward(lua);

    lua_pushcfunction(lua, host_own);
    lua_pushvalue(lua, 1);
    lua_call(lua, 1, 1);
    lua_replace(lua, 1);
    return n;
}

static int
host_owned_of(lua_State *lua)
{
    return dsl_close_over(lua, owned);
}

void
dsl_open_host(lua_State *lua)
{
    static const luaL_Reg functions[] = {
        { "here", host_here },
        { "word", host_word },
        { "body", host_body },
        { "key", host_key },
        { "item", host_item },
        { "string", host_string },
        { "line", host_line },
        { "column", host_column },
        { "mentions", host_mentions },
        { "nearest", host_nearest },
        { "duration", host_duration },
        { "period", host_period },
        { "key_valid", host_key_valid },
        { "name_valid", host_name_valid },
        { "decimal_valid", host_decimal_valid },
        { "utf8_valid", host_utf8_valid },
        { "suits", host_suits },
        { "scan", dsl_scan_function },
        { "reads", dsl_reads_function },
        { "says", dsl_says_function },
        { "says_name", dsl_says_name },
        { "says_test", dsl_says_test },
        { "shield", host_shield },
        { "own", host_own },
        { "owned_of", host_owned_of },
        { NULL, NULL },
    };
    luaL_setfuncs(lua, functions, 0);
}
