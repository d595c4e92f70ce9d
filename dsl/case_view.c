/* SPDX-License-Identifier: Apache-2.0 */
/*
 * c, c.fields and c.people: objects that are made once for a state, and read the input of whatever
 * call is under way. Each names its members; another name is a mistake of the script.
 */
#include "case.h"

#include <string.h>

#define BYTES_PER_STEP                                                                             \
    128 /* of the fields that are gone along for one: half of them on the average */

enum member {
    KNOWN = 1, /* may be nil */
    OPTIONAL,  /* is there when the function mentions it, and else unknown */
    PEOPLE,    /* likewise */
    PRIORITY,
};

int
dsl_case_refuse_write(lua_State *lua)
{
    return dsl_raise(lua, "the case is read-only here: use c:set, c:emit and their like");
}

/* Who goes through c finds nothing: it is there to be asked. */
static int
no_content(lua_State *lua)
{
    lua_newtable(lua);
    return 1;
}

/* nil, if that is the truth. */
static void
push_missed(lua_State *lua, const char *of, const char *name)
{
    dsl_case_missed(lua, of, name);
    lua_pushnil(lua);
}

static void
push_priority(lua_State *lua, const struct dsl_case *given)
{
    struct rules_value value;

    if (given->priority != NULL)
        lua_pushstring(lua, given->priority);
    else if (rules_value_member(&given->c, "priority", 8, &value))
        dsl_push_value(lua, &value);
    else
        push_missed(lua, "c", "priority");
}

/* ---- c ---- */

/* upvalues: name -> member, method or object; c.people; c.priority as a method */
static int
case_index(lua_State *lua)
{
    struct dsl_case *given = dsl_case_given(lua);
    int type = dsl_case_look_up(lua);
    struct rules_value value;

    if (type != LUA_TNUMBER && type != LUA_TNIL)
        return 1;
    switch (lua_tointeger(lua, -1)) {
    case KNOWN:
        if (!dsl_case_push_member(lua, &given->c, NULL))
            dsl_case_missed(lua, "c", lua_tostring(lua, 2));
        return 1;
    case OPTIONAL:
        if (dsl_case_push_member(lua, &given->c, NULL))
            return 1;
        dsl_case_missed(lua, "c", lua_tostring(lua, 2));
        break;
    case PEOPLE:
        lua_pushvalue(lua, lua_upvalueindex(2));
        if (dsl_case_member(lua, &given->c, &value))
            return 1;
        dsl_case_missed(lua, "c", "people");
        break;
    case PRIORITY:
        /* c:priority("high") changes it; c.fields.priority reads it in any function */
        if (given->purpose == RULES_RUN)
            lua_pushvalue(lua, lua_upvalueindex(3));
        else
            push_priority(lua, given);
        return 1;
    default:
        break;
    }
    return dsl_case_unknown(lua, "unknown_member", 2);
}

/* ---- c.is_in, c.visits ---- */

/* The state's name at index 2, which there must be. */
static void
need_state(lua_State *lua)
{
    lua_settop(lua, 2);
    dsl_push_prelude(lua, "parents");
    if (lua_type(lua, 2) == LUA_TSTRING) {
        lua_pushvalue(lua, 2);
        if (lua_rawget(lua, 3) != LUA_TNIL) {
            lua_pop(lua, 1);
            return;
        }
    }
    dsl_case_unknown(lua, "unknown_state", 2);
}

/* c:is_in(state): is it one of those that are active, or around one of them? */
static int
case_is_in(lua_State *lua)
{
    struct dsl_case *given = dsl_case_given(lua);
    struct rules_value states, state;
    bool found = false;

    need_state(lua);
    if (!rules_value_member(&given->c, "states", 6, &states))
        dsl_case_missed(lua, "c", "states");
    else if (states.kind == RULES_VALUE_LIST)
        for (const char *at = states.bytes; !found && at < states.bytes + states.n;) {
            at = rules_value_read(at, &state);
            if (state.kind != RULES_VALUE_TEXT)
                continue;
            lua_pushlstring(lua, state.bytes, state.n);
            while (!found && lua_type(lua, -1) == LUA_TSTRING && lua_rawlen(lua, -1) > 0) {
                found = lua_rawequal(lua, -1, 2);
                lua_rawget(lua, 3); /* what it is in */
            }
            lua_settop(lua, 3);
            dsl_charge(lua, 1);
        }
    lua_pushboolean(lua, found);
    return 1;
}

static int
case_visits(lua_State *lua)
{
    struct dsl_case *given = dsl_case_given(lua);
    struct rules_value visits, n = { .kind = RULES_VALUE_INTEGER };

    need_state(lua);
    if (!rules_value_member(&given->c, "visits", 6, &visits))
        dsl_case_missed(lua, "c", "visits");
    else if (!dsl_case_member(lua, &visits, &n)) /* no other state than those entered is in it */
        n = (struct rules_value){ .kind = RULES_VALUE_INTEGER };
    dsl_push_value(lua, &n);
    return 1;
}

/* ---- c.fields ---- */

/* The field's value as this call has set it, or as it came. False: it is empty. */
static bool
field_value(const struct dsl_case *given, const struct model_field *field, int number,
            struct rules_value *out)
{
    if (given->set[number] != 0)
        rules_value_read(given->said.bytes + given->set[number], out);
    else if (!rules_value_member(&given->fields, field->name, strlen(field->name), out))
        return false;
    return out->kind != RULES_VALUE_NULL;
}

/* upvalue 1: name -> number of the field from 1, 0: the priority */
static int
fields_index(lua_State *lua)
{
    struct dsl_case *given = dsl_case_given(lua);
    const struct model_field *field;
    struct rules_value value;
    int number;

    if (dsl_case_look_up(lua) != LUA_TNUMBER)
        return dsl_case_unknown(lua, "unknown_case_field", 2);
    number = (int)lua_tointeger(lua, -1) - 1;
    if (number < 0) {
        push_priority(lua, given);
        return 1;
    }
    field = &dsl_state_of(lua)->model->fields[number];
    dsl_charge(lua, given->fields.n / BYTES_PER_STEP);
    if (field_value(given, field, number, &value))
        dsl_case_push(lua, field, &value);
    else if (given->set[number] != 0)
        lua_pushnil(lua);
    else
        push_missed(lua, "c.fields", field->name);
    return 1;
}

static int
fields_content(lua_State *lua)
{
    struct dsl_case *given = dsl_case_given(lua);
    const struct model *model = dsl_state_of(lua)->model;
    struct rules_value value;

    dsl_case_missed(lua, "c.fields", NULL);
    lua_newtable(lua);
    for (int i = 0; i < model->n_fields; i++)
        if (field_value(given, &model->fields[i], i, &value)) {
            lua_pushstring(lua, model->fields[i].name);
            dsl_case_push(lua, &model->fields[i], &value);
            lua_rawset(lua, -3);
        }
    dsl_charge(lua, model->n_fields);
    return 1;
}

/* ---- c.people ---- */

static bool
people_of(const struct dsl_case *given, struct rules_value *out)
{
    return rules_value_member(&given->c, "people", 6, out);
}

/* Nobody holds a role that is known and not named. */
static int
people_index(lua_State *lua)
{
    struct dsl_case *given = dsl_case_given(lua);
    struct rules_value people;

    if (dsl_case_look_up(lua) == LUA_TNIL || lua_type(lua, 2) != LUA_TSTRING)
        return dsl_case_unknown(lua, "unknown_role", 2);
    if (people_of(given, &people) && dsl_case_push_member(lua, &people, NULL))
        return 1;
    lua_newtable(lua);
    dsl_case_read_only(lua);
    return 1;
}

static int
people_content(lua_State *lua)
{
    struct dsl_case *given = dsl_case_given(lua);
    struct rules_value people = { .kind = RULES_VALUE_NULL };

    (void)people_of(given, &people);
    return dsl_case_content(lua, &people, false);
}

/* ---- once for a state ---- */

/* A closure with a value of its own: see own() in host.c. */
static void
name_method(lua_State *lua, const char *name, lua_CFunction function)
{
    lua_pushnil(lua);
    lua_pushcclosure(lua, function, 1);
    lua_setfield(lua, -2, name);
}

void
dsl_case_push_case(lua_State *lua)
{
    static const char *const optional[] = { "project", "ballots", "tasks", NULL };
    int names = lua_gettop(lua) + 1, meta = names + 1;

    lua_newtable(lua);
    lua_newtable(lua);
    lua_pushvalue(lua, names);
    dsl_push_prelude(lua, "known_people");
    dsl_case_push_view(lua, people_index, dsl_case_refuse_write, people_content);
    dsl_case_open_methods(lua, names);
    lua_getfield(lua, names, "priority");
    lua_pushcclosure(lua, case_index, 3);
    lua_setfield(lua, meta, "__index");
    lua_pushcfunction(lua, dsl_case_refuse_write);
    lua_setfield(lua, meta, "__newindex");
    lua_pushvalue(lua, names);
    dsl_case_name(lua, optional, OPTIONAL);
    dsl_case_name(lua, (const char *const[]){ "people", NULL }, PEOPLE);
    dsl_case_name(lua, (const char *const[]){ "priority", NULL }, PRIORITY);
    name_method(lua, "is_in", case_is_in);
    name_method(lua, "visits", case_visits);
    dsl_push_prelude(lua, "field_numbers");
    dsl_case_push_view(lua, fields_index, dsl_case_refuse_write, fields_content);
    lua_setfield(lua, names, "fields");
    dsl_case_name_rest(lua, "c", KNOWN);
    lua_settop(lua, meta);
    dsl_case_view(lua, no_content);
    lua_remove(lua, names);
}
