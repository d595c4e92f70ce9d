/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values as functions see them, made from the bytes when they are asked for.
 *
 * What is a table is made once for each call and place, so that two looks at one field give one
 * object. Texts and numbers are made each time: that is as cheap as to look them up.
 */
#include "case.h"

#include <string.h>

#define BYTES_PER_STEP 16 /* of a value that becomes a table */

/* Their addresses are keys of the registry. */
static const char made_key = 'm', meta_key = 'r';

bool
dsl_case_is_decimal(const struct model_field *field)
{
    return field != NULL && (field->type == MODEL_MONEY || field->places > 0);
}

/* ---- read-only ---- */

static void
push_content(lua_State *lua)
{
    dsl_push_prelude(lua, "content");
}

/* upvalue 1: P.content */
static int
read_only_index(lua_State *lua)
{
    lua_settop(lua, 2);
    lua_pushvalue(lua, 1);
    lua_rawget(lua, lua_upvalueindex(1));
    lua_pushvalue(lua, 2);
    lua_rawget(lua, -2);
    return 1;
}

static int
read_only_length(lua_State *lua)
{
    lua_settop(lua, 1);
    lua_rawget(lua, lua_upvalueindex(1));
    lua_pushinteger(lua, (lua_Integer)lua_rawlen(lua, -1));
    return 1;
}

static int
read_only_refuse(lua_State *lua)
{
    return dsl_raise(lua, "this table is read-only");
}

/* Sets what all metatables here have: they are shadows for the border, and nobody's to see. */
static void
seal_meta(lua_State *lua)
{
    lua_pushliteral(lua, "shadow");
    lua_setfield(lua, -2, "__json");
    lua_pushboolean(lua, 0);
    lua_setfield(lua, -2, "__metatable");
}

void
dsl_case_open_values(lua_State *lua)
{
    static const luaL_Reg metamethods[] = {
        { "__index", read_only_index },
        { "__len", read_only_length },
        { "__newindex", read_only_refuse },
        { NULL, NULL },
    };

    lua_newtable(lua);
    push_content(lua);
    luaL_setfuncs(lua, metamethods, 1);
    seal_meta(lua);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &meta_key);
    lua_newtable(lua);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &made_key);
}

/* The table on top gets the value below it as its content; that is popped from under it. */
static void
set_content(lua_State *lua)
{
    push_content(lua);
    lua_pushvalue(lua, -2);
    lua_pushvalue(lua, -4);
    lua_rawset(lua, -3);
    lua_pop(lua, 1);
    lua_remove(lua, -2);
}

void
dsl_case_read_only(lua_State *lua)
{
    lua_newtable(lua);
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &meta_key);
    lua_setmetatable(lua, -2);
    set_content(lua);
}

void
dsl_case_view(lua_State *lua, lua_CFunction content)
{
    seal_meta(lua);
    lua_newtable(lua);
    lua_insert(lua, -2);
    lua_setmetatable(lua, -2);
    lua_pushcfunction(lua, content);
    lua_insert(lua, -2);
    set_content(lua);
}

void
dsl_case_behind(lua_State *lua, int index)
{
    index = lua_absindex(lua, index);
    /* Only what has a metatable can refuse to be written. */
    if (!lua_getmetatable(lua, index)) {
        lua_pushvalue(lua, index);
        return;
    }
    lua_pop(lua, 1);
    push_content(lua);
    lua_pushvalue(lua, index);
    lua_rawget(lua, -2);
    lua_remove(lua, -2);
    if (lua_isfunction(lua, -1)) {
        lua_call(lua, 0, 1);
    } else if (lua_isnil(lua, -1)) {
        lua_pop(lua, 1);
        lua_pushvalue(lua, index);
    }
}

/* ---- values ---- */

static void push_any(lua_State *lua, const struct model_field *field,
                     const struct rules_value *value);

static void
push_decimal(lua_State *lua, const struct rules_value *text)
{
    char copy[2 * SGN_DECIMAL_TEXT] = "";
    struct sgn_decimal value;

    memcpy(copy, text->bytes, text->n < sizeof copy ? text->n : sizeof copy - 1);
    if (!sgn_decimal_parse(copy, &value))
        dsl_raise(lua, "decimal \"%s\": expected digits like \"12.50\"", copy);
    dsl_push_decimal(lua, value);
}

static void
push_list(lua_State *lua, const struct model_field *field, const struct rules_value *value)
{
    const struct model_field *of =
        field != NULL && field->type == MODEL_LIST ? &field->fields[0] : NULL;
    const char *at = value->bytes, *end = at + value->n;
    lua_Integer n = 0;

    while (at < end) {
        struct rules_value item;

        at = rules_value_read(at, &item);
        push_any(lua, of, &item);
        lua_rawseti(lua, -2, ++n);
    }
}

/* A record of the workflow has the members that it declares, any other those that it has. */
static void
push_record(lua_State *lua, const struct model_field *field, const struct rules_value *value)
{
    const char *at = value->bytes, *end = at + value->n, *name;
    size_t n;

    while (at < end) {
        const struct model_field *member = NULL;
        bool known = field == NULL || field->type != MODEL_RECORD;
        struct rules_value item;

        at = rules_value_name(at, &name, &n);
        at = rules_value_read(at, &item);
        for (int i = 0; !known && i < field->n_fields; i++) {
            member = &field->fields[i];
            known = strlen(member->name) == n && memcmp(member->name, name, n) == 0;
        }
        if (!known)
            continue;
        lua_pushlstring(lua, name, n);
        push_any(lua, member, &item);
        lua_rawset(lua, -3);
    }
}

static void
push_any(lua_State *lua, const struct model_field *field, const struct rules_value *value)
{
    if (value->kind == RULES_VALUE_TEXT && dsl_case_is_decimal(field)) {
        push_decimal(lua, value);
    } else if (value->kind == RULES_VALUE_LIST || value->kind == RULES_VALUE_RECORD) {
        luaL_checkstack(lua, 8, "a value nested too deeply");
        lua_newtable(lua);
        if (value->kind == RULES_VALUE_LIST)
            push_list(lua, field, value);
        else
            push_record(lua, field, value);
        dsl_case_read_only(lua);
    } else {
        dsl_push_value(lua, value);
    }
}

/* A table of this call for the value's place: those of the input count up, those of what was said
 * down, where a new value of a field lies at another place. */
static lua_Integer
place_of(const struct dsl_case *given, const struct rules_value *value)
{
    const char *said = given->said.bytes;

    if (said != NULL && value->bytes >= said && value->bytes <= said + given->said.len)
        return -(lua_Integer)(value->bytes - said);
    return (lua_Integer)(value->bytes - given->input);
}

void
dsl_case_push(lua_State *lua, const struct model_field *field, const struct rules_value *value)
{
    struct dsl_case *given = dsl_case_of(lua);
    lua_Integer place;

    if (value->kind != RULES_VALUE_LIST && value->kind != RULES_VALUE_RECORD) {
        push_any(lua, field, value);
        return;
    }
    place = place_of(given, value);
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &made_key);
    if (lua_rawgeti(lua, -1, place) == LUA_TNIL) {
        lua_pop(lua, 1);
        dsl_charge(lua, 1 + value->n / BYTES_PER_STEP);
        push_any(lua, field, value);
        given->remembers = true;
        lua_pushvalue(lua, -1);
        lua_rawseti(lua, -3, place);
    }
    lua_remove(lua, -2);
}

void
dsl_case_forget(lua_State *lua)
{
    struct dsl_case *given = dsl_case_of(lua);

    if (!given->remembers)
        return;
    lua_newtable(lua);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &made_key);
    given->remembers = false;
}
