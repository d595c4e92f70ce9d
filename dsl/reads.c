/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which members of the case and the event a function of the rules may read: those that it is
 * given, and no others (rules.h).
 *
 * Whoever leaves a member out makes a function fail, so this errs the other way: when the case, the
 * event, c.fields or e.data goes where it is not followed (into a call, a table, a variable around
 * a function, a return, or is asked for a name that is computed) all that is in it is taken as
 * read. It is followed through registers, into functions within and into helpers of the file.
 *
 * Nothing here raises an error of Lua while something is owned.
 */
#include "reads_internal.h"

#include "text.h"
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 12  /* helpers in one another */
#define CHARGE    100 /* steps that a function costs its file */

/* ---- words ---- */

static void
add(struct reads *reads, const char *of, struct dsl_text name)
{
    char *word;

    /* what is no text of the engine's is no member's name */
    if (memchr(name.bytes, 0, name.n) != NULL || !sgn_utf8_valid(name.bytes, name.n))
        return;
    word = sgn_format("%s%.*s", of, (int)name.n, name.bytes);
    if (word == NULL || json_object_set_new(reads->words, word, json_true()) != 0)
        reads->failed = true;
    free(word);
}

static void
add_word(struct reads *reads, const char *word)
{
    if (json_object_set_new(reads->words, word, json_true()) != 0)
        reads->failed = true;
}

void
reads_all(struct reads *reads, uint32_t of)
{
    if (of & READS_CASE)
        add_word(reads, "c");
    if (of & READS_EVENT)
        add_word(reads, "e");
    if (of & READS_FIELDS)
        add_word(reads, "c.fields");
    if (of & READS_DATA)
        add_word(reads, "e.data");
}

static bool
is(struct dsl_text name, const char *word)
{
    return name.n == strlen(word) && memcmp(name.bytes, word, name.n) == 0;
}

static uint32_t
member_of_case(struct reads *reads, struct dsl_text name)
{
    static const char *const methods[] = { "set",    "emit",   "send", "cancel", "assign",
                                           "remind", "notify", "open", "fire" };

    if (is(name, "fields"))
        return READS_FIELDS;
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (is(name, methods[i]))
            return READS_METHOD;
    if (is(name, "is_in") || is(name, "visits")) {
        add_word(reads, is(name, "visits") ? "c.visits" : "c.states");
        return READS_METHOD;
    }
    if (is(name, "priority") && reads->run)
        return READS_METHOD;
    add(reads, "c.", name);
    return READS_OTHER;
}

uint32_t
reads_member(struct reads *reads, uint32_t of, struct dsl_text name)
{
    uint32_t got = (of & ~(uint32_t)READS_GIVEN) != 0 ? READS_OTHER : 0;

    if (name.bytes == NULL) {
        reads_all(reads, of);
        return READS_OTHER;
    }
    if (of & READS_CASE)
        got |= member_of_case(reads, name);
    if (of & READS_EVENT)
        got |= is(name, "data") ? READS_DATA : READS_OTHER;
    if ((of & READS_EVENT) && !is(name, "data"))
        add(reads, "e.", name);
    if (of & (READS_FIELDS | READS_DATA))
        got |= READS_OTHER;
    if ((of & READS_FIELDS) && is(name, "priority"))
        add_word(reads, "c.priority");
    else if (of & READS_FIELDS)
        add(reads, "c.fields.", name);
    if (of & READS_DATA)
        add(reads, "e.data.", name);
    return got;
}

/* ---- functions ---- */

/* A variable outside a function is what it is once the file has run: functions assign none. */
static uint32_t
variable(lua_State *lua, int at)
{
    return lua_isfunction(lua, at) && !lua_iscfunction(lua, at) ? READS_AT(at) : READS_OTHER;
}

/* The function at this place of the stack, called so. */
static void
walk_at(struct reads *reads, int at, const uint32_t *args, int n)
{
    lua_State *lua = reads->lua;
    int top = lua_gettop(lua);
    struct dsl_proto *proto = dsl_proto_new(lua, at);
    uint32_t *upvalues =
        proto != NULL ? calloc((size_t)proto->n_upvalues + 1, sizeof *upvalues) : NULL;

    if (upvalues == NULL || !lua_checkstack(lua, proto->n_upvalues + 4)) {
        reads->failed = true;
    } else {
        for (int i = 0; i < proto->n_upvalues; i++) {
            upvalues[i] = READS_OTHER;
            if (lua_getupvalue(lua, at, i + 1) != NULL)
                upvalues[i] = variable(lua, lua_gettop(lua));
        }
        reads_flow(reads, proto, upvalues, args, n);
    }
    lua_settop(lua, top);
    free(upvalues);
    dsl_proto_free(proto);
}

void
reads_helper(struct reads *reads, uint32_t helper, const uint32_t *args, int n)
{
    int at = (int)(helper >> 8);
    uint32_t given = 0;
    char key[160];
    int length = snprintf(key, sizeof key, "%p", lua_topointer(reads->lua, at));

    for (int i = 0; i < n; i++)
        given |= args[i] & READS_GIVEN;
    if (given == 0)
        return;
    for (int i = 0; i < n && length < (int)sizeof key - 8; i++)
        length += snprintf(key + length, sizeof key - (size_t)length, " %u", args[i] & READS_GIVEN);
    if (length >= (int)sizeof key - 8 || reads->depth >= DEPTH_MAX) {
        reads_all(reads, given);
        return;
    }
    if (json_object_get(reads->seen, key) != NULL)
        return;
    if (json_object_set_new(reads->seen, key, json_true()) != 0)
        reads->failed = true;
    reads->depth++;
    walk_at(reads, at, args, n);
    reads->depth--;
}

int
dsl_reads_function(lua_State *lua)
{
    struct dsl_state *state = dsl_state_of(lua);
    const uint32_t args[] = { READS_CASE, READS_EVENT };
    struct reads reads = { .lua = lua, .steps = state->reads_steps };

    luaL_checktype(lua, 1, LUA_TFUNCTION);
    reads.run = strcmp(luaL_checkstring(lua, 2), "run") == 0;
    dsl_charge(lua, CHARGE);
    json_decref(state->reads);
    state->reads = reads.words = json_object();
    reads.seen = json_object();
    if (reads.words == NULL || reads.seen == NULL)
        reads.failed = true;
    else
        walk_at(&reads, 1, args, 2);
    state->reads_steps = reads.steps;
    json_decref(reads.seen);
    if (reads.failed) {
        json_decref(reads.words);
        state->reads = json_pack("{s:b, s:b}", "c", 1, "e", 1);
    }
    if (state->reads == NULL)
        return luaL_error(lua, "out of memory");
    dsl_push_json(lua, state->reads);
    return 1;
}
