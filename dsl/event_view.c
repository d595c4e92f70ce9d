/* SPDX-License-Identifier: Apache-2.0 */
/*
 * e and e.data: the event that is under way, as a function sees it.
 */
#include "case.h"

#include <string.h>

enum member {
    KNOWN = 1 /* may be nil */
};

static int
refuse_write(lua_State *lua)
{
    return dsl_raise(lua, "this table is read-only");
}

/* upvalue 1: name -> KNOWN, or e.data */
static int
event_index(lua_State *lua)
{
    struct dsl_case *given = dsl_case_given(lua);
    int type = dsl_case_look_up(lua);

    if (type == LUA_TTABLE)
        return 1;
    if (type == LUA_TNIL)
        return dsl_case_unknown(lua, "unknown_event_member", 2);
    if (!dsl_case_push_member(lua, &given->e, NULL))
        dsl_case_missed(lua, "e", lua_tostring(lua, 2));
    return 1;
}

static int
event_content(lua_State *lua)
{
    struct dsl_case *given = dsl_case_given(lua);

    dsl_case_missed(lua, "e", NULL);
    (void)dsl_case_content(lua, &given->e, false);
    (void)dsl_case_content(lua, &given->data, true);
    dsl_case_read_only(lua);
    lua_setfield(lua, -2, "data");
    return 1;
}

/* upvalue 1: the fields' numbers: what an event brings for a field has the field's type */
static int
data_index(lua_State *lua)
{
    struct dsl_case *given = dsl_case_given(lua);
    lua_Integer number = dsl_case_look_up(lua) == LUA_TNUMBER ? lua_tointeger(lua, -1) : 0;

    if (lua_type(lua, 2) != LUA_TSTRING)
        lua_pushnil(lua);
    else if (!dsl_case_push_member(lua, &given->data,
                                   number > 0 ? &dsl_state_of(lua)->model->fields[number - 1]
                                              : NULL))
        dsl_case_missed(lua, "e.data", lua_tostring(lua, 2));
    return 1;
}

static int
data_content(lua_State *lua)
{
    struct dsl_case *given = dsl_case_given(lua);

    dsl_case_missed(lua, "e.data", NULL);
    return dsl_case_content(lua, &given->data, true);
}

static int
data_length(lua_State *lua)
{
    lua_pushinteger(lua, 0); /* it has names only */
    return 1;
}

/* ---- once for a state ---- */

static void
push_data(lua_State *lua)
{
    lua_newtable(lua);
    dsl_push_prelude(lua, "field_numbers");
    lua_pushcclosure(lua, data_index, 1);
    lua_setfield(lua, -2, "__index");
    lua_pushcfunction(lua, refuse_write);
    lua_setfield(lua, -2, "__newindex");
    lua_pushcfunction(lua, data_length);
    lua_setfield(lua, -2, "__len");
    dsl_case_view(lua, data_content);
}

void
dsl_case_push_event(lua_State *lua)
{
    lua_newtable(lua);
    push_data(lua);
    lua_setfield(lua, -2, "data");
    dsl_case_name_rest(lua, "e", KNOWN);
    dsl_case_push_view(lua, event_index, dsl_case_refuse_write, event_content);
}
