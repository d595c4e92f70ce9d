/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the views of the case and the event share: their names, and the members of the input's
 * records by them.
 */
#include "case.h"

#include <string.h>

#define BYTES_PER_STEP 64 /* of a record that is gone along for a member */

struct dsl_case *
dsl_case_given(lua_State *lua)
{
    struct dsl_case *given = dsl_case_of(lua);

    if (!given->open)
        dsl_raise(lua, "the case and the event are there while a function is called");
    return given;
}

int
dsl_case_look_up(lua_State *lua)
{
    lua_settop(lua, 2);
    lua_pushvalue(lua, 2);
    return lua_rawget(lua, lua_upvalueindex(1));
}

bool
dsl_case_member(lua_State *lua, const struct rules_value *record, struct rules_value *out)
{
    size_t n;
    const char *name = lua_tolstring(lua, 2, &n);
    bool found = rules_value_member(record, name, n, out);

    dsl_charge(lua, (found && out->bytes != NULL ? out->bytes - record->bytes : record->n) /
                        BYTES_PER_STEP);
    return found && out->kind != RULES_VALUE_NULL;
}

void
dsl_case_missed(lua_State *lua, const char *of, const char *name)
{
    const struct model_function *function = dsl_case_of(lua)->function;
    const char *word = name != NULL ? lua_pushfstring(lua, "%s.%s", of, name) : of;

    if (function != NULL && !model_function_reads(function, word))
        dsl_raise(lua,
                  "internal mistake: this function reads %s, which was not found out when the "
                  "workflow was loaded, so that it was not given",
                  word);
    if (name != NULL)
        lua_pop(lua, 1);
}

bool
dsl_case_push_member(lua_State *lua, const struct rules_value *record,
                     const struct model_field *field)
{
    struct rules_value value;
    bool found = dsl_case_member(lua, record, &value);

    if (found)
        dsl_case_push(lua, field, &value);
    else
        lua_pushnil(lua);
    return found;
}

int
dsl_case_content(lua_State *lua, const struct rules_value *record, bool of_event)
{
    const struct model *model = dsl_state_of(lua)->model;
    const char *at = record->bytes, *name;
    struct rules_value value;
    size_t n;

    lua_newtable(lua);
    dsl_charge(lua, record->n / BYTES_PER_STEP);
    while (record->kind == RULES_VALUE_RECORD && at < record->bytes + record->n) {
        at = rules_value_name(at, &name, &n);
        at = rules_value_read(at, &value);
        lua_pushlstring(lua, name, n);
        dsl_case_push(lua, of_event ? model_field_find(model, lua_tostring(lua, -1)) : NULL,
                      &value);
        lua_rawset(lua, -3);
    }
    return 1;
}

void
dsl_case_name(lua_State *lua, const char *const *names, lua_Integer member)
{
    for (; *names != NULL; names++) {
        lua_pushinteger(lua, member);
        lua_setfield(lua, -2, *names);
    }
}

void
dsl_case_name_rest(lua_State *lua, const char *which, lua_Integer member)
{
    dsl_push_prelude(lua, "name_members");
    lua_pushstring(lua, which);
    lua_pushvalue(lua, -3);
    lua_pushinteger(lua, member);
    lua_call(lua, 3, 0);
}

void
dsl_case_push_view(lua_State *lua, lua_CFunction index, lua_CFunction refuse, lua_CFunction content)
{
    lua_newtable(lua);
    lua_insert(lua, -2);
    lua_pushcclosure(lua, index, 1);
    lua_setfield(lua, -2, "__index");
    lua_pushcfunction(lua, refuse);
    lua_setfield(lua, -2, "__newindex");
    dsl_case_view(lua, content);
}
