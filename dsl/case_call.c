/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A call of one function: what it is given is put in place, what it returned is checked and written
 * as an answer of rules.h.
 */
#include "case.h"

#include "memory.h"
#include "rules_frame.h"
#include <stdlib.h>
#include <string.h>

#define REASON_MAX 1000 /* bytes of a refusal's reason; a longer one is cut */
#define FIRST      2    /* in the list below, places before the functions */

/* Its address is the registry's key of what a call needs: { c, e, functions... }. */
static const char list_key = 'f';

void
dsl_case_free(struct dsl_case *given)
{
    if (given == NULL)
        return;
    sgn_buf_deinit(&given->said);
    free(given->set);
    free(given);
}

void
dsl_case_open(lua_State *lua)
{
    struct dsl_state *state = dsl_state_of(lua);
    struct dsl_case *given = sgn_calloc(1, sizeof *given);
    lua_Integer n = (lua_Integer)lua_rawlen(lua, -1);

    state->functions = given;
    if (given != NULL)
        given->set = sgn_calloc((size_t)state->model->n_fields + 1, sizeof *given->set);
    if (given == NULL || given->set == NULL)
        luaL_error(lua, "out of memory");
    /* Room for one text more than an answer may have: it is looked at behind each. */
    sgn_buf_init(&given->said, RULES_ANSWER_MAX + 2 * (size_t)DSL_STRING_MAX);
    dsl_case_open_values(lua);
    lua_newtable(lua);
    dsl_case_push_case(lua);
    lua_rawseti(lua, -2, 1);
    dsl_case_push_event(lua);
    lua_rawseti(lua, -2, 2);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(lua, -2, i);
        lua_rawseti(lua, -2, FIRST + i);
    }
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &list_key);
    lua_pop(lua, 1);
}

/* ---- before ---- */

static void
begin(lua_State *lua, int function, enum rules_purpose purpose, const char *input)
{
    const struct dsl_state *state = dsl_state_of(lua);
    struct dsl_case *given = state->functions;
    const struct rules_value none = { .kind = RULES_VALUE_NULL };
    struct rules_value both;

    given->open = true;
    given->purpose = purpose;
    given->function = model_function_find(state->model, function);
    given->input = input;
    given->c = given->e = given->fields = given->data = none;
    rules_value_read(input, &both);
    (void)rules_value_member(&both, "c", 1, &given->c);
    (void)rules_value_member(&both, "e", 1, &given->e);
    (void)rules_value_member(&given->c, "fields", 6, &given->fields);
    (void)rules_value_member(&given->e, "data", 4, &given->data);
    given->priority = NULL;
    sgn_buf_reset(&given->said);
    given->whole = 0;
    given->n_said = 0;
    if (given->any_set)
        memset(given->set, 0, (size_t)state->model->n_fields * sizeof *given->set);
    given->any_set = false;
    dsl_case_forget(lua);
}

/* ---- after ---- */

/* What a condition returned: its last two values on the stack. */
static void
put_guard(lua_State *lua, struct sgn_buf *out)
{
    int yes = lua_gettop(lua) - 1, reason = yes + 1;
    const char *text;
    size_t n, place;

    if (!lua_isboolean(lua, yes))
        dsl_raise(lua, "a condition must return true, or false and a reason; it returned %s",
                  dsl_case_describe(lua, yes));
    if (lua_toboolean(lua, yes)) {
        rules_put_bool(out, true);
        return;
    }
    if (!lua_isnil(lua, reason) && lua_type(lua, reason) != LUA_TSTRING)
        dsl_raise(lua, "the reason of a refusal must be text");
    text = lua_tolstring(lua, reason, &n);
    if (text != NULL && !sgn_utf8_valid(text, n))
        dsl_raise(lua, "the reason of a refusal must be text");
    place = rules_put_open(out, RULES_VALUE_LIST);
    rules_put_bool(out, false);
    if (text != NULL && n > REASON_MAX)
        for (n = REASON_MAX; ((unsigned char)text[n] & 0xc0) == 0x80; n--)
            ; /* not in the middle of a character */
    if (text != NULL)
        rules_put_text(out, text, n);
    else
        rules_put_null(out);
    rules_put_close(out, place);
}

static void
put_run(lua_State *lua, struct sgn_buf *out)
{
    const struct dsl_case *given = dsl_case_of(lua);
    size_t place = rules_put_open(out, RULES_VALUE_LIST);

    sgn_buf_append(out, given->said.bytes, given->whole);
    rules_put_close(out, place);
}

/* What a function that names people returned, on top; the prelude makes keys of it. */
static void
put_who(lua_State *lua, struct sgn_buf *out)
{
    struct rules_value people;

    dsl_push_prelude(lua, "people");
    lua_insert(lua, -2);
    if (rules_value_member(&dsl_case_of(lua)->c, "people", 6, &people)) {
        lua_rawgetp(lua, LUA_REGISTRYINDEX, &list_key);
        lua_rawgeti(lua, -1, 1);
        lua_getfield(lua, -1, "people");
        lua_replace(lua, -3);
        lua_pop(lua, 1);
    } else {
        lua_pushnil(lua);
    }
    lua_call(lua, 2, 1);
    dsl_put(lua, -1, out, out->len);
}

/* A migration's function: the prelude's, which has another input and another answer. */
static void
migrate(lua_State *lua, const char *input, struct sgn_buf *out)
{
    struct rules_value value;

    dsl_push_prelude(lua, "migrate");
    lua_insert(lua, -2);
    rules_value_read(input, &value);
    dsl_push_value(lua, &value);
    lua_call(lua, 2, 1);
    dsl_put(lua, -1, out, out->len);
}

void
dsl_case_call(lua_State *lua, int function, enum rules_purpose purpose, const char *input,
              struct sgn_buf *out)
{
    static const int results[] = { [RULES_GUARD] = 2, [RULES_WHO] = 1, [RULES_RUN] = 0 };
    int list;

    if (purpose == RULES_HOOK) {
        dsl_hook_call(lua, function, input, out);
        return;
    }
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &list_key);
    list = lua_gettop(lua);
    if (lua_type(lua, list) != LUA_TTABLE || function < 1 ||
        lua_rawgeti(lua, list, FIRST + (lua_Integer)function) == LUA_TNIL)
        dsl_raise(lua, "no function %d", function);
    if (purpose == RULES_FIELDS) {
        migrate(lua, input, out);
        return;
    }
    begin(lua, function, purpose, input);
    lua_rawgeti(lua, list, 1);
    lua_rawgeti(lua, list, 2);
    lua_call(lua, 2, results[purpose]);
    if (purpose == RULES_GUARD)
        put_guard(lua, out);
    else if (purpose == RULES_WHO)
        put_who(lua, out);
    else
        put_run(lua, out);
    dsl_case_of(lua)->open = false;
}
