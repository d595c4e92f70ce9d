/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a team's script may use up: instructions and bytes; and the functions of the
 * environment that could otherwise get round that (pcall, coroutines).
 *
 * Steps are counted by the count hook, every DSL_INTERVAL instructions. Three things make that
 * exact enough: (1) one instruction may walk a whole string ("<", "==", string.upper), or all
 * places of a table whose keys were chosen so that they collide: so an interval costs more the
 * longer the longest string and the wider the widest table of the run is; (2) big blocks pay for
 * their bytes, since one instruction may copy a whole table; (3) every coroutine starts a count of
 * its own, so resuming one pays a full interval.
 *
 * Once spent, always spent: protected calls raise again, and the hook fires at every instruction.
 *
 * Never decides what a script may call: that is the environment's business (prelude/lib.lua). Here
 * is only what it costs.
 */
#include "dsl_internal.h"

#include <stdlib.h>
#include <string.h>

#define BYTES_PER_STEP 16   /* of a big block */
#define BIG_BLOCK      1024 /* smaller ones are paid by their instructions */
#define EMERGENCIES    8    /* full collections at the ceiling that one budget pays for */
#define NODE_BYTES     24   /* of a table's place for a name */
#define LONG           256  /* bytes of a text that an instruction may walk for nothing */
#define LONG_AT_LOAD   1024
#define WIDE           128 /* places of a table that an instruction may walk for nothing */

static void on_count(lua_State *lua, lua_Debug *ar);

/*
 * The parts of tables that hold names are vectors of nodes, 24 bytes each, in powers of two; lists
 * are 16 bytes an item, so the two cannot be mistaken for each other where it matters. Only what
 * the team's own instructions make counts: the prelude's tables have names that nobody chose.
 */
static void
look_at_width(struct dsl_state *state, size_t n)
{
    size_t nodes = n / NODE_BYTES;

    if (n % NODE_BYTES == 0 && (nodes & (nodes - 1)) == 0 && nodes > state->widest &&
        nodes >= WIDE && dsl_in_team_file(state->thread))
        state->widest = nodes;
}

/* What a block costs, and whether it is one that no run may have. */
static bool
pay_for_block(struct dsl_state *state, bool string, bool vector, size_t n)
{
    if (string && n > state->longest)
        state->longest = n;
    if (vector)
        look_at_width(state, n);
    /* Copying a table of a million items is one instruction; its bytes are what it costs. */
    if (n >= BIG_BLOCK)
        state->steps -= (int64_t)(n / BYTES_PER_STEP);
    return !string || n <= DSL_STRING_MAX + 64;
}

void *
dsl_allocate(void *ud, void *ptr, size_t osize, size_t nsize)
{
    struct dsl_state *state = ud;
    size_t old = ptr != NULL ? osize : 0; /* without a block osize is the kind of object */
    bool string = ptr == NULL && osize == LUA_TSTRING, counts = state->running && nsize > old;
    void *block = NULL;

    /* Freeing must always work: Lua does not look at what it returns. */
    if (nsize == 0) {
        dsl_arena_give(&state->arena, ptr, old);
        return NULL;
    }
    if (state->born != NULL) {
        state->seeded = dsl_seed_set(state->born, state->born_size, state);
        state->born = NULL;
    }
    /* Outside a run (the prelude, taking results out) there is no ceiling: a script that filled
     * its heap must not make the host fail that only wants to read why. */
    if (!counts || pay_for_block(state, string, ptr == NULL && osize == 0, nsize))
        block = dsl_arena_resize(&state->arena, ptr, old, nsize,
                                 state->running ? state->limits.memory_bytes : UINT32_MAX);
    if (block == NULL && counts) {
        /* Lua now collects everything and asks again: let that be paid for. */
        state->long_string = string && nsize > DSL_STRING_MAX;
        state->steps -= state->limits.instructions / EMERGENCIES;
    }
    if (state->lua == NULL && !state->seeded && ptr == NULL && osize == LUA_TTHREAD) {
        state->born = block;
        state->born_size = nsize;
    }
    return block;
}

/* A run that is over stays over, whoever asks. pcall in a script's loop would otherwise swallow
 * the error and go on: with the hook at every instruction the next one raises again. */
static void
raise_spent(lua_State *lua, struct dsl_state *state, enum dsl_spent why)
{
    if (state->spent == DSL_GOING) {
        state->spent = why;
        state->spent_line = dsl_here(lua);
    }
    lua_sethook(lua, on_count, LUA_MASKCOUNT, 1);
    dsl_raise(lua, "the budget is spent");
}

void
dsl_charge(lua_State *lua, int64_t steps)
{
    struct dsl_state *state = dsl_state_of(lua);

    if (!state->running)
        return;
    state->steps -= steps;
    if (state->spent != DSL_GOING || state->steps < 0)
        raise_spent(lua, state, DSL_STEPS_SPENT);
}

/* Called by Lua every DSL_INTERVAL instructions. Hooks do not run inside C functions, nor while
 * a finalizer runs: so patterns, rep and the like pay by themselves, and the environment's
 * setmetatable refuses __gc. */
static void
on_count(lua_State *lua, lua_Debug *ar)
{
    struct dsl_state *state = dsl_state_of(lua);

    /* A load may take longer, and its file may hold long texts. */
    size_t free_bytes = state->version == NULL ? LONG_AT_LOAD : LONG;

    dsl_charge(lua,
               DSL_INTERVAL * (1 + (int64_t)(state->longest / free_bytes + state->widest / WIDE)));
    /* Passing on "..." copies every value at each instruction, so there may be few. */
    if (state->running && lua_getlocal(lua, ar, -DSL_UNPACK_MAX - 1) != NULL)
        dsl_raise(lua, "more than %d values in one call", DSL_UNPACK_MAX);
}

/* Every run starts with full budgets: what an earlier one spent is nobody's debt. Only the
 * longest string that the loaded file keeps counts on, since every later run can compare it. */
void
dsl_run_begin(struct dsl_state *state)
{
    state->steps = state->limits.instructions;
    state->longest = state->longest_kept;
    state->widest = 0;
    state->thread = state->lua;
    state->spent = DSL_GOING;
    state->spent_line = 0;
    state->long_string = false;
    state->coroutines = 0;
    state->running = true;
    lua_sethook(state->lua, on_count, LUA_MASKCOUNT, DSL_INTERVAL);
}

/* The hook goes, so that the host's own calls cost nothing and cannot be interrupted. */
void
dsl_run_end(struct dsl_state *state)
{
    state->running = false;
    lua_sethook(state->lua, NULL, 0, 0);
}

/* After a protected call that failed: does the failure end the run? Out of memory does, for
 * good: a script that catches it at the ceiling and carries on would take the host's headroom. */
static void
stay_dead(lua_State *lua, int status)
{
    struct dsl_state *state = dsl_state_of(lua);

    if (status == LUA_ERRMEM)
        raise_spent(lua, state, DSL_MEMORY_SPENT);
    if (state->spent != DSL_GOING)
        raise_spent(lua, state, state->spent);
}

/* What pcall returns, also when it is resumed after a yield inside. xpcall is not given to
 * scripts: its handler would run on the spent state. */
static int
pcall_done(lua_State *lua, int status, lua_KContext extra)
{
    (void)extra;
    if (status == LUA_OK || status == LUA_YIELD)
        return lua_gettop(lua);
    stay_dead(lua, status);
    lua_pushboolean(lua, 0);
    lua_insert(lua, -2);
    return 2;
}

static int
safe_pcall(lua_State *lua)
{
    int status;

    luaL_checkany(lua, 1);
    lua_pushboolean(lua, 1);
    lua_insert(lua, 1);
    status = lua_pcallk(lua, lua_gettop(lua) - 2, LUA_MULTRET, 0, 0, pcall_done);
    return pcall_done(lua, status, 0);
}

/* Counted: 20,000 of them that closed one another have brought Lua 5.4.4 down. coroutine.close is
 * withheld for the same reason. */
static int
co_create(lua_State *lua)
{
    struct dsl_state *state = dsl_state_of(lua);
    lua_State *co;

    luaL_checktype(lua, 1, LUA_TFUNCTION);
    if (++state->coroutines > DSL_COROUTINES)
        return dsl_raise(lua, "more than %d coroutines", DSL_COROUTINES);
    co = lua_newthread(lua);
    lua_pushvalue(lua, 1);
    lua_xmove(lua, co, 1);
    return 1;
}

/* Resumes with the n values on top of lua's stack; returns how many came back, or -1 with the
 * error on top. */
static int
resume(lua_State *lua, lua_State *co, int n)
{
    struct dsl_state *state = dsl_state_of(lua);
    int status, results = 0;

    /* Paid before anything else: a coroutine begins a count of its own, so two levels of short
     * ones would run for ever without a single call of the hook. */
    dsl_charge(lua, DSL_INTERVAL);
    if (!lua_checkstack(co, n)) {
        lua_pushliteral(lua, "too many arguments to resume");
        return -1;
    }
    lua_xmove(lua, co, n);
    state->thread = co;
    status = lua_resume(co, lua, n, &results);
    state->thread = lua;
    if (status == LUA_OK || status == LUA_YIELD) {
        dsl_charge(lua, 0);
        /* Values move in numbers that the script chooses: without room, lua_xmove writes past
         * the stack. */
        if (!lua_checkstack(lua, results + 1)) {
            lua_pop(co, results);
            lua_pushliteral(lua, "too many results to resume");
            return -1;
        }
        lua_xmove(co, lua, results);
        return results;
    }
    stay_dead(lua, status);
    lua_xmove(co, lua, 1);
    return -1;
}

static int
co_resume(lua_State *lua)
{
    lua_State *co = lua_tothread(lua, 1);
    int results;

    luaL_argexpected(lua, co != NULL, 1, "coroutine");
    results = resume(lua, co, lua_gettop(lua) - 1);
    lua_pushboolean(lua, results >= 0);
    lua_insert(lua, results >= 0 ? -(results + 1) : -2);
    return results >= 0 ? results + 1 : 2;
}

/* Raises where resume answers false; nobody adds a position, the message has its place already. */
static int
co_wrapped(lua_State *lua)
{
    lua_State *co = lua_tothread(lua, lua_upvalueindex(1));
    int results = resume(lua, co, lua_gettop(lua));

    return results >= 0 ? results : lua_error(lua);
}

static int
co_wrap(lua_State *lua)
{
    co_create(lua);
    lua_pushcclosure(lua, co_wrapped, 1);
    return 1;
}

static int co_yield (lua_State *lua)
{
    return lua_yield(lua, lua_gettop(lua));
}

static int
co_status(lua_State *lua)
{
    lua_State *co = lua_tothread(lua, 1);
    lua_Debug ar;

    luaL_argexpected(lua, co != NULL, 1, "coroutine");
    /* As coroutine.status of the library says it, which must not be handed over itself: it
     * stands in the same table as close. */
    if (co == lua)
        lua_pushliteral(lua, "running");
    else if (lua_status(co) == LUA_YIELD)
        lua_pushliteral(lua, "suspended");
    else if (lua_status(co) != LUA_OK)
        lua_pushliteral(lua, "dead");
    else if (lua_getstack(co, 0, &ar))
        lua_pushliteral(lua, "normal"); /* it resumed another one */
    else
        lua_pushstring(lua, lua_gettop(co) == 0 ? "dead" : "suspended");
    return 1;
}

void
dsl_open_protected(lua_State *lua)
{
    static const luaL_Reg functions[] = {
        { "pcall", safe_pcall }, { "co_create", co_create }, { "co_resume", co_resume },
        { "co_wrap", co_wrap },  { "co_yield", co_yield },   { "co_status", co_status },
        { NULL, NULL },
    };
    luaL_setfuncs(lua, functions, 0);
}
