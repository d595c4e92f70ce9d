/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The matcher of Lua's patterns, whose steps are paid for. Errors in a pattern raise.
 */
#ifndef DSL_PATTERN_H
#define DSL_PATTERN_H

#include "dsl_internal.h"

#define DSL_CAPTURES_MAX 32

struct matcher {
    lua_State *lua;
    const char *subject, *subject_end;
    const char *pattern_end;
    int depth;
    int unpaid; /* steps */
    int n;      /* captures */
    struct {
        const char *begin;
        ptrdiff_t length; /* or one of the marks in pattern.c */
    } captures[DSL_CAPTURES_MAX];
};

void dsl_matcher_init(struct matcher *m, lua_State *lua, const char *s, size_t n,
                      const char *pattern_end);
/* The end of a match of the pattern p that begins exactly at s, or NULL. */
const char *dsl_match_at(struct matcher *m, const char *s, const char *p);
/* Pushes the ith capture (from 0) of a match from s to end; the 0th of none is the whole. */
void dsl_push_capture(struct matcher *m, int i, const char *s, const char *end);
/* Pushes all; the whole match when there are none and s is given. Returns how many. */
int dsl_push_captures(struct matcher *m, const char *s, const char *end);

#endif
