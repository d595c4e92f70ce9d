/* SPDX-License-Identifier: Apache-2.0 */
/*
 * matches(text, pattern): regular expressions of PCRE2 for functions, bounded and paid for.
 *
 * Every try of every item of a pattern calls back (PCRE2_AUTO_CALLOUT) and costs steps of the
 * budget, so that a pattern that tries for ever overruns like a loop, at the same step on every
 * machine: never by time. Ceilings on depth and length refuse what would take the C stack or the
 * heap. There is no compiled machine code (JIT): it would count nothing.
 *
 * Never raises while PCRE2 is running: Lua's errors jump, and PCRE2 has memory to give back.
 */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "dsl_internal.h"
#include "memory.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#define KEPT           16    /* compiled patterns of a state */
#define PATTERN_MAX    1000  /* bytes */
#define NESTING_MAX    50    /* brackets in brackets */
#define DEPTH_MAX      5000  /* choices that wait to be taken back */
#define HEAP_KIB       65536 /* more than DEPTH_MAX needs, so that depth is what decides */
#define TRIES_MAX      100000000
#define STEPS_PER_TRY  4
#define STEPS_PER_BYTE 30  /* of a pattern: compiling */
#define BYTES_PER_STEP 256 /* of the text that one try may walk */

struct kept {
    char *pattern;
    size_t n;
    pcre2_code *code;
};

struct dsl_regex {
    pcre2_compile_context *compiling;
    pcre2_match_context *matching;
    struct kept kept[KEPT];
    int next; /* the one that makes way */
};

/* One match under way. */
struct run {
    int64_t cost, most;
};

void
dsl_regex_free(struct dsl_regex *regex)
{
    if (regex == NULL)
        return;
    for (int i = 0; i < KEPT; i++) {
        free(regex->kept[i].pattern);
        pcre2_code_free(regex->kept[i].code);
    }
    pcre2_compile_context_free(regex->compiling);
    pcre2_match_context_free(regex->matching);
    free(regex);
}

static struct dsl_regex *
regex_new(void)
{
    struct dsl_regex *regex = sgn_calloc(1, sizeof *regex);

    if (regex == NULL)
        return NULL;
    regex->compiling = pcre2_compile_context_create(NULL);
    regex->matching = pcre2_match_context_create(NULL);
    if (regex->compiling == NULL || regex->matching == NULL) {
        dsl_regex_free(regex);
        return NULL;
    }
    /* What the library was built with must not show. */
    pcre2_set_newline(regex->compiling, PCRE2_NEWLINE_LF);
    pcre2_set_bsr(regex->compiling, PCRE2_BSR_UNICODE);
    pcre2_set_max_pattern_length(regex->compiling, PATTERN_MAX);
    pcre2_set_parens_nest_limit(regex->compiling, NESTING_MAX);
    pcre2_set_match_limit(regex->matching, TRIES_MAX);
    pcre2_set_depth_limit(regex->matching, DEPTH_MAX);
    pcre2_set_heap_limit(regex->matching, HEAP_KIB);
    return regex;
}

static struct dsl_regex *
regex_of(lua_State *lua)
{
    struct dsl_state *state = dsl_state_of(lua);

    if (state->regex == NULL)
        state->regex = regex_new();
    if (state->regex == NULL)
        dsl_raise(lua, "matches: out of memory");
    return state->regex;
}

static pcre2_code *
compile(lua_State *lua, struct dsl_regex *regex, const char *pattern, size_t n)
{
    PCRE2_UCHAR why[256];
    PCRE2_SIZE at;
    int error;
    /* "$" is the end of the text and not the newline before it, which a check would let pass;
     * "\C" would split characters. */
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, n,
                                     PCRE2_UTF | PCRE2_AUTO_CALLOUT | PCRE2_DOLLAR_ENDONLY |
                                         PCRE2_NEVER_BACKSLASH_C,
                                     &error, &at, regex->compiling);

    if (code != NULL)
        return code;
    if (pcre2_get_error_message(error, why, sizeof why) < 0)
        why[0] = '\0';
    dsl_raise(lua, "matches: the pattern is wrong at byte %zu: %s", at + 1, (const char *)why);
    return NULL;
}

/* Compiled once, and again when sixteen others have been used since. What is asked for is paid as
 * if it were compiled each time: the price must not depend on earlier calls. */
static pcre2_code *
code_of(lua_State *lua, struct dsl_regex *regex, const char *pattern, size_t n)
{
    struct kept *kept;
    pcre2_code *code;
    char *copy;

    for (int i = 0; i < KEPT; i++) {
        kept = &regex->kept[i];
        if (kept->code != NULL && kept->n == n && memcmp(kept->pattern, pattern, n) == 0)
            return kept->code;
    }
    code = compile(lua, regex, pattern, n);
    copy = sgn_calloc(n + 1, 1);
    if (copy == NULL) {
        pcre2_code_free(code);
        dsl_raise(lua, "matches: out of memory");
    }
    memcpy(copy, pattern, n);
    kept = &regex->kept[regex->next];
    regex->next = (regex->next + 1) % KEPT;
    free(kept->pattern);
    pcre2_code_free(kept->code);
    *kept = (struct kept){ copy, n, code };
    return code;
}

/* Before each try of an item, which may walk the rest of the text by itself. */
static int
pay_for_try(pcre2_callout_block *block, void *ctx)
{
    struct run *run = ctx;

    run->cost += STEPS_PER_TRY +
                 (int64_t)((block->subject_length - block->current_position) / BYTES_PER_STEP);
    return run->cost > run->most ? PCRE2_ERROR_CALLOUT : 0;
}

static int
answer(lua_State *lua, int status)
{
    if (status == PCRE2_ERROR_MATCHLIMIT || status == PCRE2_ERROR_DEPTHLIMIT ||
        status == PCRE2_ERROR_HEAPLIMIT || status == PCRE2_ERROR_RECURSELOOP)
        return dsl_raise(lua, "matches: this text has too many ways to match the pattern");
    if (status < 0 && status != PCRE2_ERROR_NOMATCH)
        return dsl_raise(lua, "matches: the text could not be matched (%d)", status);
    lua_pushboolean(lua, status >= 0);
    return 1;
}

static int
regex_matches(lua_State *lua)
{
    struct run run = { 0, dsl_state_of(lua)->steps };
    struct dsl_regex *regex = regex_of(lua);
    const char *text, *pattern;
    pcre2_match_data *data;
    pcre2_code *code;
    size_t n, pn;
    int status;

    for (int i = 1; i <= 2; i++) {
        if (lua_type(lua, i) != LUA_TSTRING)
            return dsl_raise(lua, "matches: expected %s, got %s", i == 1 ? "text" : "a pattern",
                             luaL_typename(lua, i));
    }
    text = lua_tolstring(lua, 1, &n);
    pattern = lua_tolstring(lua, 2, &pn);
    if (!sgn_utf8_valid(text, n))
        return dsl_raise(lua, "matches: the text is not UTF-8");
    if (pn > PATTERN_MAX)
        return dsl_raise(lua, "matches: a pattern is at most %d bytes long", PATTERN_MAX);
    dsl_charge(lua, (int64_t)(pn * STEPS_PER_BYTE + n / 16));
    code = code_of(lua, regex, pattern, pn);
    data = pcre2_match_data_create(1, NULL);
    if (data == NULL)
        return dsl_raise(lua, "matches: out of memory");
    pcre2_set_callout(regex->matching, pay_for_try, &run);
    status = pcre2_match(code, (PCRE2_SPTR)text, n, 0, 0, data, regex->matching);
    pcre2_match_data_free(data);
    /* Raises when it was the callback that ended it. */
    dsl_charge(lua, run.cost);
    return answer(lua, status);
}

void
dsl_open_regex(lua_State *lua)
{
    lua_pushcfunction(lua, regex_matches);
    lua_setfield(lua, -2, "matches");
}
