/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C side of the test kit: a state with testkit.lua in it, and the two functions by which a
 * test reaches what is outside.
 */
#include "testkit.h"

#include "dsl_internal.h"
#include "embedded.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

/* A call costs as many instructions: a test that loops over calls ends by its budget, too. */
#define CALL_STEPS 5000
#define LINES_MAX  8

struct bench {
    const char *source;
    const struct dsl_test_host *host; /* NULL while the file is only read */
    int nth;
    json_t *read;    /* what the file declares */
    json_t *found;   /* what its tests say that there is not */
    json_t *failure; /* said by the kit; owned */
    /* Kept here and not on the C stack: an error of Lua jumps over it. */
    json_t *params, *result;
    struct sgn_error err;
    enum sgn_status fault; /* of ours, which ends it all */
    bool compiled;
};

static void
bench_deinit(struct bench *bench)
{
    json_decref(bench->read);
    json_decref(bench->found);
    json_decref(bench->failure);
    json_decref(bench->params);
    json_decref(bench->result);
    sgn_error_clear(&bench->err);
}

static struct bench *
bench_of(lua_State *lua)
{
    return lua_touserdata(lua, lua_upvalueindex(1));
}

static void
replace(json_t **slot, json_t *value_take)
{
    json_decref(*slot);
    *slot = value_take;
}

/* call(who or nil, method, params): the result; or nil, code, message, data */
static int
kit_call(lua_State *lua)
{
    struct bench *bench = bench_of(lua);
    const char *who = luaL_optstring(lua, 1, NULL), *method = luaL_checkstring(lua, 2);
    enum sgn_status st;

    if (bench->host == NULL)
        return dsl_raise(lua, "only a test can do this: test \"...\" (function(t) ... end)");
    dsl_charge(lua, CALL_STEPS);
    replace(&bench->params, dsl_to_json(lua, 3));
    replace(&bench->result, NULL);
    sgn_error_clear(&bench->err);
    st = bench->host->call(bench->host->ctx, who, method, bench->params, &bench->result,
                           &bench->err);
    if (st == SGN_INTERNAL || st == SGN_NOMEM) {
        bench->fault = st;
        return dsl_raise(lua, "%s", bench->err.message);
    }
    if (st == SGN_OK) {
        dsl_push_json(lua, bench->result);
        return 1;
    }
    lua_pushnil(lua);
    lua_pushstring(lua, sgn_status_code(st));
    lua_pushstring(lua, bench->err.message);
    if (bench->err.data != NULL)
        dsl_push_json(lua, bench->err.data);
    else
        lua_pushnil(lua);
    return 4;
}

/* The lines of the test's file that are being run, innermost first. */
static json_t *
lines_here(lua_State *lua)
{
    json_t *lines = json_array();
    lua_Debug ar;

    for (int level = 0; lua_getstack(lua, level, &ar) && json_array_size(lines) < LINES_MAX;
         level++) {
        lua_getinfo(lua, "Sl", &ar);
        if (strcmp(ar.source, DSL_CHUNK) == 0 && ar.currentline > 0)
            json_array_append_new(lines, json_integer(ar.currentline));
    }
    return lines;
}

/* fail { kind, message, differences? }: ends the test. */
static int
kit_fail(lua_State *lua)
{
    struct bench *bench = bench_of(lua);
    json_t *lines;

    /* The first failure is the test's, also when a pcall has caught it. */
    if (bench->failure == NULL) {
        replace(&bench->failure, dsl_to_json(lua, 1));
        lines = lines_here(lua);
        json_object_set(bench->failure, "line", json_array_get(lines, 0));
        json_object_set_new(bench->failure, "lines", lines);
    }
    return dsl_raise(lua, "the test has failed");
}

/* ---- a state ---- */

/* Inside a protected call: our own text, with the prelude's table and the two functions above. */
static int
open_kit(lua_State *lua)
{
    void *bench = lua_touserdata(lua, 1);
    static const luaL_Reg functions[] = { { "call", kit_call },
                                          { "fail", kit_fail },
                                          { NULL, NULL } };

    lua_newtable(lua);
    lua_pushlightuserdata(lua, bench);
    luaL_setfuncs(lua, functions, 1);
    for (int i = 0; i < dsl_testkit_count; i++) {
        const struct dsl_embedded *file = &dsl_testkit_files[i];
        char chunk[64];

        snprintf(chunk, sizeof chunk, "=(signoff %s)", file->name);
        if (luaL_loadbufferx(lua, file->bytes, file->size, chunk, "t") != LUA_OK)
            return lua_error(lua);
        dsl_push_prelude(lua, NULL);
        lua_pushvalue(lua, 2); /* one table for all of them */
        lua_call(lua, 2, 0);
    }
    return 0;
}

/* The file itself: it declares people and tests, and nothing happens yet. */
static int
run_file(lua_State *lua)
{
    struct bench *bench = lua_touserdata(lua, 1);

    if (luaL_loadbufferx(lua, bench->source, strlen(bench->source), DSL_CHUNK, "t") != LUA_OK)
        return lua_error(lua);
    bench->compiled = true;
    dsl_push_prelude(lua, "test_env");
    lua_setupvalue(lua, -2, 1);
    lua_call(lua, 0, 0);
    dsl_push_prelude(lua, "test_declared");
    lua_call(lua, 0, 1);
    bench->read = dsl_to_json(lua, -1);
    return 0;
}

/* What the tests are about to say that there is not. */
static int
look_at_tests(lua_State *lua)
{
    struct bench *bench = lua_touserdata(lua, 1);

    dsl_push_prelude(lua, "test_look");
    lua_call(lua, 0, 1);
    bench->found = dsl_to_json(lua, -1);
    return 0;
}

static int
run_test(lua_State *lua)
{
    struct bench *bench = lua_touserdata(lua, 1);

    dsl_push_prelude(lua, "test_run");
    lua_pushinteger(lua, bench->nth + 1);
    lua_call(lua, 1, 0);
    return 0;
}

static enum sgn_status
protected_step(struct dsl_state *state, lua_CFunction step, struct bench *bench, int *line,
               struct sgn_error *err)
{
    lua_pushcfunction(state->lua, step);
    lua_pushlightuserdata(state->lua, bench);
    return dsl_protected(state, 1, 0, line, err);
}

/* A state in which the file has been run. A mistake in it is the status SGN_RULE_ERROR or
 * SGN_RULE_OVERRUN, with its line. */
static enum sgn_status
bench_start(const struct dsl_limits *limits, struct bench *bench, struct dsl_state **out, int *line,
            struct sgn_error *err)
{
    size_t n = strlen(bench->source);
    const char *fault;
    int column;
    enum sgn_status st;

    *line = 1;
    bench->compiled = true; /* what is said before it is read is all there is to say */
    if (n > limits->file_bytes)
        return sgn_fail(err, SGN_RULE_ERROR, "the file is larger than %zu bytes",
                        limits->file_bytes);
    fault = sgn_text_fault(bench->source, n, line, &column);
    if (fault != NULL)
        return sgn_fail(err, SGN_RULE_ERROR, "%s", fault);
    bench->compiled = false;
    st = dsl_state_new(limits, out, err);
    if (st == SGN_OK && protected_step(*out, open_kit, bench, line, err) != SGN_OK)
        st = SGN_INTERNAL; /* our own text */
    return st == SGN_OK ? protected_step(*out, run_file, bench, line, err) : st;
}

static bool
is_mistake(enum sgn_status st)
{
    return st == SGN_RULE_ERROR || st == SGN_RULE_OVERRUN;
}

static bool
note_mistake(const struct bench *bench, enum sgn_status st, const char *path, int line,
             const char *message, json_t *mistakes)
{
    struct dsl_tokens *tokens;
    bool good;

    if (bench->compiled || st != SGN_RULE_ERROR)
        return dsl_mistake(mistakes, "error", path, line, message, NULL);
    tokens = dsl_tokens_new(bench->source, strlen(bench->source));
    good =
        tokens != NULL && dsl_syntax_mistakes(mistakes, path, bench->source, tokens, line, message);
    dsl_tokens_free(tokens);
    return good;
}

/* Of a file that has been run: mistakes in its tests, before one of them is. */
static enum sgn_status
look(struct dsl_state *state, struct bench *bench, const char *path, json_t *mistakes, int *line,
     struct sgn_error *err)
{
    const json_t *one;
    size_t i;
    enum sgn_status st;

    state->tokens = dsl_tokens_new(bench->source, strlen(bench->source));
    if (state->tokens == NULL)
        return sgn_nomem(err);
    st = protected_step(state, look_at_tests, bench, line, err);
    json_array_foreach(bench->found, i, one) {
        if (st == SGN_OK && !dsl_mistake_at(mistakes, path, (int)sgn_json_int(one, "line", 1),
                                            (int)sgn_json_int(one, "column", 1),
                                            sgn_json_str(one, "message"), NULL))
            st = sgn_nomem(err);
    }
    return st;
}

enum sgn_status
dsl_test_read(const struct dsl_limits *limits, const char *path, const char *source,
              json_t *mistakes, json_t **out, struct sgn_error *err)
{
    struct bench bench = { .source = source };
    struct sgn_error wrong = { 0 };
    struct dsl_limits defaults;
    struct dsl_state *state = NULL;
    int line = 0;
    enum sgn_status st;

    dsl_limits_default(&defaults);
    *out = NULL;
    st = bench_start(limits != NULL ? limits : &defaults, &bench, &state, &line, &wrong);
    if (st == SGN_OK)
        st = look(state, &bench, path, mistakes, &line, &wrong);
    if (is_mistake(st))
        st =
            note_mistake(&bench, st, path, line, wrong.message, mistakes) ? SGN_OK : sgn_nomem(err);
    else if (st == SGN_OK && json_array_size(bench.found) == 0)
        *out = json_incref(bench.read);
    else if (st != SGN_OK)
        sgn_error_move(err, &wrong);
    sgn_error_clear(&wrong);
    dsl_state_free(state);
    bench_deinit(&bench);
    return st;
}

/* What ended the test, where the kit has not said it: an error of Lua or of the budget. */
static json_t *
failure_of(enum sgn_status st, int line, const struct sgn_error *wrong)
{
    return json_pack("{s:s, s:i, s:[i], s:s}", "kind",
                     st == SGN_RULE_OVERRUN ? "overrun" : "mistake", "line", line, "lines", line,
                     "message", wrong->message);
}

enum sgn_status
dsl_test_run(const struct dsl_limits *limits, const char *path, const char *source, int n,
             const struct dsl_test_host *host, json_t **failure, struct sgn_error *err)
{
    struct bench bench = { .source = source, .nth = n };
    struct sgn_error wrong = { 0 };
    struct dsl_limits defaults;
    struct dsl_state *state = NULL;
    int line = 0;
    enum sgn_status st;

    dsl_limits_default(&defaults);
    *failure = NULL;
    st = bench_start(limits != NULL ? limits : &defaults, &bench, &state, &line, &wrong);
    if (st == SGN_OK) {
        bench.host = host;
        st = protected_step(state, run_test, &bench, &line, &wrong);
    }
    if (bench.fault != SGN_OK) {
        st = bench.fault;
        sgn_error_move(err, &bench.err);
    } else if (st == SGN_RULE_OVERRUN || (is_mistake(st) && bench.failure == NULL)) {
        *failure = failure_of(st, line, &wrong);
        st = *failure != NULL ? SGN_OK : sgn_nomem(err);
    } else if (st == SGN_OK || is_mistake(st)) {
        *failure = json_incref(bench.failure);
        st = SGN_OK;
    } else {
        sgn_error_move(err, &wrong);
        sgn_error_prefix(err, "%s: ", path);
    }
    sgn_error_clear(&wrong);
    dsl_state_free(state);
    bench_deinit(&bench);
    return st;
}
