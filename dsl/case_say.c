/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a function says by c's methods: each writes an action of rules.h behind those before it.
 *
 * An action that raises on the way is none, also where the function goes on after a pcall: what it
 * had written is taken back when the next one begins. Members are written in their order.
 */
#include "case.h"

#include "duration.h"
#include <string.h>

#define FIRST 2 /* the first argument: c itself stands before it */
#define BEHIND                                                                                     \
    5 /* what lies on the stack behind the arguments, of which there are three at most             \
       */

/* ---- the frame of an action ---- */

static struct sgn_buf *
begin(lua_State *lua, const char *method)
{
    struct dsl_case *given = dsl_case_given(lua);

    if (given->purpose != RULES_RUN)
        dsl_raise(lua, "c:%s: a %s decides and changes nothing", method,
                  given->purpose == RULES_GUARD ? "condition" : "function that names people");
    if (given->n_said >= DSL_ACTIONS_MAX)
        dsl_raise(lua, "more than 1000 changes and effects");
    lua_settop(lua, BEHIND - 1);
    sgn_buf_cut(&given->said, given->whole);
    rules_put_open(&given->said, RULES_VALUE_RECORD);
    return &given->said;
}

/* Results of a method: none. */
static int
end(lua_State *lua)
{
    struct dsl_case *given = dsl_case_of(lua);

    rules_put_close(&given->said, given->whole);
    dsl_check_room(lua, &given->said, 0);
    given->whole = given->said.len;
    given->n_said++;
    return 0;
}

static void
put_text(lua_State *lua, struct sgn_buf *out, const char *name, int index, const char *what)
{
    size_t n;
    const char *text = dsl_case_text(lua, index, what, &n);

    rules_put_name(out, name, strlen(name));
    rules_put_text(out, text, n);
}

/* A member that may be missing. */
static void
put_data(lua_State *lua, struct sgn_buf *out, const char *name, int index)
{
    if (lua_isnoneornil(lua, index))
        return;
    rules_put_name(out, name, strlen(name));
    dsl_case_put_data(lua, index);
}

static void
put_people(lua_State *lua, struct sgn_buf *out, const char *name, int index)
{
    rules_put_name(out, name, strlen(name));
    dsl_case_put_people(lua, index);
}

/* ---- c:set ---- */

/* The engine's own check, so that the error has its line. Nothing raises while values are owned. */
static void
check_field(lua_State *lua, const struct model_field *field, const char *bytes)
{
    struct sgn_error err = { 0 };
    json_t *value, *checked = NULL;
    struct rules_value read;
    enum sgn_status st;

    rules_value_read(bytes, &read);
    value = rules_value_json(&read);
    /* The digits of the case's currency are the engine's to check. */
    st = value != NULL ? model_value_check(field, value, 6, &checked, &err) : sgn_nomem(&err);
    json_decref(value);
    json_decref(checked);
    if (st == SGN_OK)
        return;
    json_decref(err.data);
    dsl_raise(lua, "field \"%s\": %s", field->name, err.message);
}

/* Numbers of a decimal field are text outside. */
static void
put_field(lua_State *lua, struct sgn_buf *out, const struct model_field *field, int index)
{
    if (dsl_case_is_decimal(field) && lua_type(lua, index) == LUA_TNUMBER) {
        char text[32];

        if (!lua_isinteger(lua, index))
            dsl_case_put_data(lua, index); /* raises */
        snprintf(text, sizeof text, "%lld", (long long)lua_tointeger(lua, index));
        rules_put_text(out, text, strlen(text));
    } else {
        dsl_case_put_data(lua, index);
    }
}

/* c:set(name, value); upvalue 1: fields' names and their numbers from 1. */
static int
say_set(lua_State *lua)
{
    struct dsl_state *state = dsl_state_of(lua);
    struct dsl_case *given = state->functions;
    const struct model_field *field;
    size_t fields, values, at;
    struct sgn_buf *out;
    lua_Integer number;

    out = begin(lua, "set");
    lua_pushvalue(lua, FIRST);
    lua_rawget(lua, lua_upvalueindex(1));
    number = lua_tointeger(lua, -1);
    if (number < 1 || lua_type(lua, FIRST) != LUA_TSTRING)
        return dsl_case_unknown(lua, "unknown_field", FIRST);
    field = &state->model->fields[number - 1];
    RULES_PUT_NAME(out, "set");
    fields = rules_put_open(out, RULES_VALUE_RECORD);
    rules_put_name(out, field->name, strlen(field->name));
    values = rules_put_open(out, RULES_VALUE_RECORD);
    RULES_PUT_NAME(out, "value");
    at = out->len;
    put_field(lua, out, field, FIRST + 1);
    dsl_check_room(lua, out, 0);
    if (!lua_isnil(lua, FIRST + 1))
        check_field(lua, field, out->bytes + at);
    rules_put_close(out, values);
    rules_put_close(out, fields);
    end(lua);
    given->set[number - 1] = at;
    given->any_set = true;
    return 0;
}

/* ---- the others ---- */

static int
say_emit(lua_State *lua)
{
    struct sgn_buf *out = begin(lua, "emit");

    put_data(lua, out, "data", FIRST + 1);
    put_text(lua, out, "emit", FIRST, "an event's name");
    return end(lua);
}

/* after, of c:send */
static void
put_after(lua_State *lua, struct sgn_buf *out, int index)
{
    struct calendar_duration duration;
    struct sgn_error err = { 0 };
    const char *text;
    size_t n;

    if (lua_isnil(lua, index))
        dsl_raise(lua, "c:send needs { after = \"3 days\" }");
    text = dsl_case_text(lua, index, "a duration", &n);
    if (calendar_duration_parse(text, &duration, &err) != SGN_OK) {
        json_decref(err.data);
        dsl_raise(lua, "%s", err.message);
    }
    RULES_PUT_NAME(out, "after");
    rules_put_text(out, text, n);
}

/* The options are read raw: one that lies by its metatable lies to itself. */
static void
check_options(lua_State *lua, int index)
{
    static const char *const known[] = { "after", "data", "id" };

    lua_pushnil(lua);
    while (lua_next(lua, index)) {
        bool found = false;

        for (size_t i = 0; lua_type(lua, -2) == LUA_TSTRING && i < 3; i++)
            found = found || strcmp(lua_tostring(lua, -2), known[i]) == 0;
        if (!found) {
            dsl_raise(lua, "unknown key %s in c:send: expected after, data, id",
                      dsl_case_describe(lua, -2));
        }
        lua_pop(lua, 1);
    }
}

/* c:send(name, { after = "3 days", id = "x", data = {} }) */
static int
say_send(lua_State *lua)
{
    struct sgn_buf *out = begin(lua, "send");
    int options = BEHIND;

    if (!lua_istable(lua, FIRST + 1))
        dsl_raise(lua, "c:send needs { after = \"3 days\" }");
    dsl_case_behind(lua, FIRST + 1);
    check_options(lua, options);
    for (const char *const *name = (const char *const[]){ "after", "data", "id", NULL };
         *name != NULL; name++) {
        lua_pushstring(lua, *name);
        lua_rawget(lua, options);
    }
    put_after(lua, out, options + 1);
    put_data(lua, out, "data", options + 2);
    if (!lua_isnil(lua, options + 3))
        put_text(lua, out, "id", options + 3, "an id");
    put_text(lua, out, "send", FIRST, "an event's name");
    return end(lua);
}

static int
say_cancel(lua_State *lua)
{
    struct sgn_buf *out = begin(lua, "cancel");

    put_text(lua, out, "cancel", FIRST, "the id given to c:send");
    return end(lua);
}

static int
say_assign(lua_State *lua)
{
    put_people(lua, begin(lua, "assign"), "assign", FIRST);
    return end(lua);
}

static int
say_remind(lua_State *lua)
{
    put_people(lua, begin(lua, "remind"), "remind", FIRST);
    return end(lua);
}

static int
say_priority(lua_State *lua)
{
    static const char *const levels[] = { "low", "normal", "high", "urgent", "up", "down" };
    struct sgn_buf *out = begin(lua, "priority");
    const char *text = lua_type(lua, FIRST) == LUA_TSTRING ? lua_tostring(lua, FIRST) : "";

    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        if (strcmp(levels[i], text) != 0)
            continue;
        put_text(lua, out, "priority", FIRST, "a priority");
        end(lua);
        if (i < 4) /* by how much "up" moves it, the engine knows */
            dsl_case_of(lua)->priority = levels[i];
        return 0;
    }
    return dsl_raise(lua, "expected low, normal, high, urgent, up or down, got %s",
                     dsl_case_describe(lua, FIRST));
}

/* c:notify(people or channel "x", template, values) */
static int
say_notify(lua_State *lua)
{
    struct sgn_buf *out = begin(lua, "notify");
    const char *name;
    size_t place, n;

    if (dsl_case_node(lua, FIRST, "channel")) {
        RULES_PUT_NAME(out, "notify");
        place = rules_put_open(out, RULES_VALUE_RECORD);
        name = lua_tolstring(lua, -1, &n);
        RULES_PUT_NAME(out, "channel");
        rules_put_text(out, name, n);
        rules_put_close(out, place);
    } else {
        put_people(lua, out, "notify", FIRST);
    }
    if (!lua_isnil(lua, FIRST + 1))
        put_text(lua, out, "template", FIRST + 1, "a template's name");
    put_data(lua, out, "values", FIRST + 2);
    return end(lua);
}

/* c:open(workflow, fields, opener) */
static int
say_open(lua_State *lua)
{
    struct sgn_buf *out = begin(lua, "open");

    put_data(lua, out, "fields", FIRST + 1);
    put_text(lua, out, "open", FIRST, "a workflow's name");
    if (!lua_isnil(lua, FIRST + 2))
        put_text(lua, out, "opener", FIRST + 2, "a person's key");
    return end(lua);
}

/* c:fire(case, event, data) */
static int
say_fire(lua_State *lua)
{
    struct sgn_buf *out = begin(lua, "fire");

    put_text(lua, out, "case", FIRST, "a case's key");
    put_data(lua, out, "data", FIRST + 2);
    put_text(lua, out, "fire", FIRST + 1, "an event's name");
    return end(lua);
}

void
dsl_case_open_methods(lua_State *lua, int table)
{
    static const struct {
        const char *name;
        lua_CFunction function;
    } methods[] = {
        { "assign", say_assign }, { "cancel", say_cancel },     { "emit", say_emit },
        { "fire", say_fire },     { "notify", say_notify },     { "open", say_open },
        { "send", say_send },     { "priority", say_priority }, { "remind", say_remind },
        { "set", say_set },
    };

    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        /* A closure, also where it needs nothing: as a key of a script's table a plain function is
         * placed by where the program lies in memory. */
        dsl_push_prelude(lua, "field_numbers");
        lua_pushcclosure(lua, methods[i].function, 1);
        lua_setfield(lua, table, methods[i].name);
    }
}
