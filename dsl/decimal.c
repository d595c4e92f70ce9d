/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Money and decimals as values of the script: exact, at most 18 digits, at most 6 places.
 *
 *     decimal "12.50" + 1 == decimal "13.50"      c.fields.cost > 50000
 *     (c.fields.cost * decimal "0.19"):round(2)
 *
 * A whole number may stand on either side. A fraction of Lua's own may not: it is binary.
 *
 * Never rounds without being asked, and never gives a result that does not fit.
 */
#include "dsl_internal.h"

#include <string.h>

#define DECIMAL "signoff.decimal"

void
dsl_push_decimal(lua_State *lua, struct sgn_decimal value)
{
    struct sgn_decimal *slot = lua_newuserdatauv(lua, sizeof *slot, 0);

    *slot = value;
    luaL_setmetatable(lua, DECIMAL);
}

/* By metatable, which no script can get at: what has it was made here. */
const struct sgn_decimal *
dsl_decimal_at(lua_State *lua, int index)
{
    return luaL_testudata(lua, index, DECIMAL);
}

/*
 * An operand: a decimal or a whole number. Raises.
 *
 * Fractions of Lua's own are refused rather than rounded: 0.1 is not 0.1 there, and a sum of money
 * must not depend on who added first.
 */
static struct sgn_decimal
operand(lua_State *lua, int index)
{
    const struct sgn_decimal *value = dsl_decimal_at(lua, index);
    struct sgn_decimal number = { 0, 0 };
    char text[32];
    int whole;

    if (value != NULL)
        return *value;
    if (lua_type(lua, index) != LUA_TNUMBER)
        dsl_raise(lua, "a decimal and a %s: expected a decimal or a whole number",
                  luaL_typename(lua, index));
    number.coefficient = lua_tointegerx(lua, index, &whole);
    snprintf(text, sizeof text, "%lld", (long long)number.coefficient);
    if (!whole)
        dsl_raise(lua, "a binary fraction is not exact: write decimal \"%f\"",
                  lua_tonumber(lua, index));
    /* By way of the text, so that there is one place that knows what fits. */
    if (!sgn_decimal_parse(text, &number))
        dsl_raise(lua, "%s has more than 18 digits", text);
    return number;
}

/* Eighteen digits are what the store and JSON readers of all languages keep; nothing wraps. */
static int
overflow(lua_State *lua)
{
    return dsl_raise(lua, "the result has more than 18 digits");
}

static int
decimal_add(lua_State *lua)
{
    struct sgn_decimal sum;

    if (!sgn_decimal_add(operand(lua, 1), operand(lua, 2), &sum))
        return overflow(lua);
    dsl_push_decimal(lua, sum);
    return 1;
}

static int
decimal_sub(lua_State *lua)
{
    struct sgn_decimal other = operand(lua, 2), sum;

    other.coefficient = -other.coefficient;
    if (!sgn_decimal_add(operand(lua, 1), other, &sum))
        return overflow(lua);
    dsl_push_decimal(lua, sum);
    return 1;
}

static int
decimal_unm(lua_State *lua)
{
    struct sgn_decimal value = operand(lua, 1);

    value.coefficient = -value.coefficient;
    dsl_push_decimal(lua, value);
    return 1;
}

static int
decimal_mul(lua_State *lua)
{
    struct sgn_decimal a = operand(lua, 1), b = operand(lua, 2);
    /* Wide enough for any two coefficients: overflow is a question of the result, asked below. */
    __int128 product = (__int128)a.coefficient * b.coefficient;
    int scale = a.scale + b.scale;

    /* Zeros at the end carry nothing; a digit that would be lost does. */
    while (scale > 6 && product % 10 == 0) {
        product /= 10;
        scale--;
    }
    if (scale > 6)
        return dsl_raise(lua, "the result has more than 6 places: round a factor first");
    if (product > 999999999999999999 || product < -999999999999999999)
        return overflow(lua);
    dsl_push_decimal(lua, (struct sgn_decimal){ (int64_t)product, scale });
    return 1;
}

/* Refused with a hint, not rounded silently: how to round is a decision of the business. */
static int
decimal_no_division(lua_State *lua)
{
    return dsl_raise(lua, "decimals do not divide: the result would not be exact; multiply by "
                          "decimal \"0.1\" or use whole numbers");
}

/* Compares values, not scales: 12.50 equals 12.5. Lua asks only when both sides are userdata, so
 * no whole number ever equals a decimal by "==". */
static int
decimal_eq(lua_State *lua)
{
    lua_pushboolean(lua, sgn_decimal_compare(operand(lua, 1), operand(lua, 2)) == 0);
    return 1;
}

static int
decimal_lt(lua_State *lua)
{
    lua_pushboolean(lua, sgn_decimal_compare(operand(lua, 1), operand(lua, 2)) < 0);
    return 1;
}

static int
decimal_le(lua_State *lua)
{
    lua_pushboolean(lua, sgn_decimal_compare(operand(lua, 1), operand(lua, 2)) <= 0);
    return 1;
}

static int
decimal_tostring(lua_State *lua)
{
    char text[SGN_DECIMAL_TEXT];

    sgn_decimal_format(operand(lua, 1), text);
    lua_pushstring(lua, text);
    return 1;
}

/* value:round(places): half away from zero, as invoices do it. */
static int
decimal_round(lua_State *lua)
{
    struct sgn_decimal value = operand(lua, 1);
    lua_Integer places = luaL_optinteger(lua, 2, 0);
    int64_t unit = 1, rest;

    if (places < 0 || places > 6)
        return dsl_raise(lua, "round to 0 to 6 places, not %d", (int)places);
    if (value.scale <= places) {
        dsl_push_decimal(lua, value);
        return 1;
    }
    for (int i = value.scale; i > places; i--)
        unit *= 10;
    rest = value.coefficient % unit;
    value.coefficient /= unit;
    if (rest * 2 >= unit)
        value.coefficient++;
    else if (rest * 2 <= -unit)
        value.coefficient--;
    value.scale = (int)places;
    dsl_push_decimal(lua, value);
    return 1;
}

/* decimal "12.50", decimal(3) */
static int
decimal_new(lua_State *lua)
{
    struct sgn_decimal value;

    if (lua_type(lua, 1) != LUA_TSTRING) {
        dsl_push_decimal(lua, operand(lua, 1));
        return 1;
    }
    if (!sgn_decimal_parse(lua_tostring(lua, 1), &value))
        return dsl_raise(lua, "decimal \"%s\": expected digits like \"12.50\"",
                         lua_tostring(lua, 1));
    dsl_push_decimal(lua, value);
    return 1;
}

static int
is_decimal(lua_State *lua)
{
    lua_pushboolean(lua, dsl_decimal_at(lua, 1) != NULL);
    return 1;
}

void
dsl_open_decimal(lua_State *lua)
{
    static const luaL_Reg metamethods[] = {
        { "__add", decimal_add },
        { "__sub", decimal_sub },
        { "__mul", decimal_mul },
        { "__unm", decimal_unm },
        { "__div", decimal_no_division },
        { "__idiv", decimal_no_division },
        { "__mod", decimal_no_division },
        { "__eq", decimal_eq },
        { "__lt", decimal_lt },
        { "__le", decimal_le },
        { "__tostring", decimal_tostring },
        { NULL, NULL },
    };
    static const luaL_Reg functions[] = { { "decimal", decimal_new },
                                          { "is_decimal", is_decimal },
                                          { NULL, NULL } };

    luaL_setfuncs(lua, functions, 0);
    luaL_newmetatable(lua, DECIMAL);
    luaL_setfuncs(lua, metamethods, 0);
    lua_newtable(lua);
    lua_pushcfunction(lua, decimal_round);
    lua_setfield(lua, -2, "round");
    lua_setfield(lua, -2, "__index");
    /* getmetatable gives false: a script that could change __eq would decide for all decimals. */
    lua_pushboolean(lua, 0);
    lua_setfield(lua, -2, "__metatable");
    lua_pop(lua, 1);
}
