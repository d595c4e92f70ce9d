/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An opened version: a state in which its file has run once and whose functions are called.
 * Nothing that a call does outlives it: the prelude has frozen what the functions reach.
 *
 * A function gets plain data and gives plain data. It never reaches the clock, the store or the
 * network, so the same input gives the same answer, today and when a history is replayed.
 */
#include "case.h"

#include "clock.h"
#include "json.h"
#include <string.h>

struct job {
    const json_t *model;
    int function;
    enum rules_purpose purpose;
    const char *input;
    struct sgn_buf *out;
    size_t before; /* what lay in out already */
};

static int
prepare(lua_State *lua)
{
    struct job *job = lua_touserdata(lua, 1);

    dsl_push_prelude(lua, "prepare");
    dsl_push_json(lua, job->model);
    lua_call(lua, 1, 1);
    dsl_case_open(lua);
    dsl_push_prelude(lua, "seal");
    lua_call(lua, 0, 0);
    return 0;
}

enum sgn_status
dsl_version_open(const struct dsl_limits *limits, const json_t *version, struct dsl_state **out,
                 struct sgn_error *err)
{
    const char *source = sgn_json_str(version, "source"), *path = sgn_json_str(version, "file");
    struct job job = { .model = json_object_get(version, "model") };
    json_t *mistakes = json_array(), *made = NULL;
    struct dsl_state *state = NULL;
    bool hooks = sgn_json_true(version, "hooks");
    enum sgn_status st;
    int line;

    if (source == NULL || path == NULL || (job.model == NULL && !hooks)) {
        st = sgn_fail(err, SGN_INVALID, "a version needs model, source and file");
        goto out;
    }
    st = mistakes == NULL ? sgn_nomem(err)
                          : dsl_file_run(limits, path, source, &state, &made, mistakes, err);
    if (st != SGN_OK)
        goto out;
    if (state == NULL || json_array_size(mistakes) > 0) {
        const json_t *first = json_array_get(mistakes, 0);

        st = sgn_fail(err, SGN_RULE_ERROR, "%s:%d: %s", path, (int)sgn_json_int(first, "line", 1),
                      first != NULL ? sgn_json_str(first, "message") : "nothing was made");
        goto out;
    }
    if (!hooks)
        st = model_parse(job.model, json_object_get(version, "functions"), &state->model, err);
    if (st != SGN_OK)
        goto out;
    lua_pushcfunction(state->lua, hooks ? dsl_hooks_open : prepare);
    lua_pushlightuserdata(state->lua, &job);
    st = dsl_protected(state, 1, 0, &line, err);
    state->version = json_incref((json_t *)version);
    state->opened_at = state->arena.top;
out:
    json_decref(mistakes);
    json_decref(made);
    if (st == SGN_OK)
        *out = state;
    else
        dsl_state_free(state);
    return st;
}

/* Inside the protected call. The answer is written before the call returns: nothing of a script's
 * survives on the stack. */
static int
call(lua_State *lua)
{
    const struct job *job = lua_touserdata(lua, 1);

    dsl_case_call(lua, job->function, job->purpose, job->input, job->out);
    return 0;
}

/* Has this run used up a quarter of what it may? */
static bool
came_near(const struct dsl_state *state)
{
    size_t room = state->limits.memory_bytes - state->opened_at;

    return state->steps < state->limits.instructions / 4 * 3 ||
           state->opened_at >= state->limits.memory_bytes ||
           state->arena.top - state->opened_at > room / 4;
}

/* What an earlier call left goes: stacks that grew, texts that are known, garbage. */
static enum sgn_status
open_afresh(struct dsl_state *state, struct sgn_error *err)
{
    struct dsl_state *fresh = NULL;
    enum sgn_status st = dsl_version_open(&state->limits, state->version, &fresh, err);

    if (st == SGN_OK)
        dsl_state_swap(state, fresh);
    dsl_state_free(fresh);
    return st;
}

static enum sgn_status
call_once(struct dsl_state *state, struct job *job, int *line, struct sgn_error *err)
{
    enum sgn_status st;

    lua_pushcfunction(state->lua, call);
    lua_pushlightuserdata(state->lua, job);
    st = dsl_protected(state, 1, 0, line, err);
    state->calls++;
    state->worn = came_near(state);
    if (st != SGN_OK)
        sgn_buf_cut(job->out, job->before);
    return st;
}

/*
 * Whether a call overruns must not depend on the calls before it, whose traces make a heap a
 * little larger or smaller. Those matter near a limit only: so a call that used up a quarter of
 * what it may is made again in a state that has not been called yet, and that is the one that
 * counts. Functions have no effect, so none is done twice.
 */
static enum sgn_status
call_exactly(struct dsl_state *state, struct job *job, int *line, struct sgn_error *err)
{
    bool fresh = state->calls == 0;
    enum sgn_status st = call_once(state, job, line, err);

    if (!state->worn || fresh)
        return st;
    sgn_buf_cut(job->out, job->before);
    sgn_error_clear(err);
    st = open_afresh(state, err);
    return st == SGN_OK ? call_once(state, job, line, err) : st;
}

enum sgn_status
dsl_version_call(struct dsl_state *state, const char *path, int function,
                 enum rules_purpose purpose, const char *input, struct sgn_buf *out,
                 struct sgn_error *err)
{
    struct job job = {
        .function = function, .purpose = purpose, .input = input, .out = out, .before = out->len
    };
    char number[16];
    enum sgn_status st = SGN_OK;
    int64_t began;
    int line = 0;

    state->took_ns = 0;
    if (state->worn)
        st = open_afresh(state, err);
    began = sgn_monotonic_ns();
    if (st == SGN_OK)
        st = call_exactly(state, &job, &line, err);
    state->took_ns = sgn_monotonic_ns() - began;
    if (st == SGN_OK)
        return st;
    snprintf(number, sizeof number, "%d", function);
    /* An error without a place (a tail call leaves none) stands at the function itself. */
    if (line == 0 && state->model == NULL)
        line = state->begins;
    else if (line == 0)
        line = (int)sgn_json_int(json_object_get(state->model->functions, number), "line", 0);
    sgn_error_prefix(err, "%s:%d: ", path, line);
    return st;
}
