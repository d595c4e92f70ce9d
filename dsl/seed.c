/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The seed with which Lua hashes texts, made the same in every process.
 *
 * Lua takes it from the clock and from addresses, so that the order of a table, and with it what
 * going through it costs, differs from run to run. Whether a script overruns must not. There is no
 * function to set it; it lies in Lua's global state (lstate.h of Lua 5.4), which is recognised
 * here by everything that stands around it. A library that is laid out otherwise is not used.
 *
 * The price: who writes scripts can find texts that collide. What a crowded table costs is
 * charged by its size, see budget.c.
 */
#include "dsl_internal.h"

#include <string.h>

#define SEED 0x7369676eu

/* The beginning of the global state, as far as the seed. */
struct beginning {
    lua_Alloc allocate;
    void *ud;
    ptrdiff_t total, debt;
    size_t estimate, last_atomic;
    void *texts;
    int n_texts, size_texts;
    struct {
        lua_Integer value;
        unsigned char type;
    } registry, nothing;
    unsigned int seed;
};

/* In the second allocation of lua_newstate() the total is the first one, there is no table of
 * texts, and "nothing" is the whole number 0: the sign of a state that is not complete. */
static bool
is_beginning(const struct beginning *at, size_t n, const struct dsl_state *state)
{
    return at->allocate == dsl_allocate && at->ud == state && at->total == (ptrdiff_t)n &&
           at->debt == 0 && at->texts == NULL && at->n_texts == 0 && at->size_texts == 0 &&
           at->nothing.value == 0 && at->nothing.type == LUA_TNUMBER;
}

bool
dsl_seed_set(void *born, size_t n, const struct dsl_state *state)
{
    char *bytes = born;

    for (size_t i = 0; i + sizeof(struct beginning) <= n; i += sizeof(void *)) {
        struct beginning at;

        memcpy(&at, bytes + i, sizeof at);
        if (!is_beginning(&at, n, state))
            continue;
        at.seed = SEED;
        memcpy(bytes + i + offsetof(struct beginning, seed), &at.seed, sizeof at.seed);
        return true;
    }
    return false;
}
