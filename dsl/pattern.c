/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lua's patterns (reference manual section 6.4.1), matched by steps that are paid for: the
 * library's matcher can run for centuries inside one instruction. Every try to match one
 * character costs a step of the budget, and nesting has its own ceiling.
 *
 * Never allocates, and never reads outside subject and pattern: captures are pointers into the
 * subject.
 */
#include "pattern.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#define NESTING_MAX 150
#define BATCH       64 /* steps between two payments */

enum {
    CAPTURE_OPEN = -1,
    CAPTURE_POSITION = -2
};

static const char *match_here(struct matcher *m, const char *s, const char *p);

/* Paid for in batches: a payment looks at the state, a step does not. */
static void
step(struct matcher *m)
{
    if (++m->unpaid >= BATCH) {
        int steps = m->unpaid;

        m->unpaid = 0;
        dsl_charge(m->lua, steps);
    }
}

/* Behind the single-character class at p. Every read is preceded by a look at the end: patterns
 * come from scripts and end where they like. */
static const char *
class_end(struct matcher *m, const char *p)
{
    if (*p++ == '%') {
        if (p == m->pattern_end)
            dsl_raise(m->lua, "malformed pattern (ends with '%%')");
        return p + 1;
    }
    if (p[-1] != '[')
        return p;
    if (p < m->pattern_end && *p == '^')
        p++;
    /* A "]" in the first place stands for itself. */
    for (bool first = true; first || p >= m->pattern_end || *p != ']'; first = false) {
        if (p >= m->pattern_end)
            dsl_raise(m->lua, "malformed pattern (missing ']')");
        if (*p++ == '%') {
            if (p >= m->pattern_end)
                dsl_raise(m->lua, "malformed pattern (ends with '%%')");
            p++;
        }
    }
    return p + 1;
}

/* In the C locale, which nothing here changes: a letter is the same on every server. */
static bool
in_class(int c, int class)
{
    bool is;

    switch (tolower(class)) {
    case 'a':
        is = isalpha(c) != 0;
        break;
    case 'c':
        is = iscntrl(c) != 0;
        break;
    case 'd':
        is = isdigit(c) != 0;
        break;
    case 'g':
        is = isgraph(c) != 0;
        break;
    case 'l':
        is = islower(c) != 0;
        break;
    case 'p':
        is = ispunct(c) != 0;
        break;
    case 's':
        is = isspace(c) != 0;
        break;
    case 'u':
        is = isupper(c) != 0;
        break;
    case 'w':
        is = isalnum(c) != 0;
        break;
    case 'x':
        is = isxdigit(c) != 0;
        break;
    default:
        return class == c;
    }
    return isupper(class) ? !is : is;
}

/* Does c lie in the set "[...]" that begins at p and whose "]" is at last? */
static bool
in_set(int c, const char *p, const char *last)
{
    bool found = true;

    if (*++p == '^') {
        found = false;
        p++;
    }
    for (; p < last; p++) {
        if (*p == '%') {
            p++;
            if (in_class(c, (unsigned char)*p))
                return found;
        } else if (p[1] == '-' && p + 2 < last) {
            if ((unsigned char)p[0] <= c && c <= (unsigned char)p[2])
                return found;
            p += 2;
        } else if ((unsigned char)*p == c) {
            return found;
        }
    }
    return !found;
}

/* Does the character at s match the single class at p that ends at ep? Every try goes through
 * here: this is what the budget counts. */
static bool
single(struct matcher *m, const char *s, const char *p, const char *ep)
{
    step(m);
    if (s >= m->subject_end)
        return false;
    switch (*p) {
    case '.':
        return true;
    case '%':
        return in_class((unsigned char)*s, (unsigned char)p[1]);
    case '[':
        /* A set may be as long as the pattern and is walked as a whole. */
        m->unpaid += (int)((ep - p) / 2);
        return in_set((unsigned char)*s, p, ep - 1);
    default:
        return *p == *s;
    }
}

/* "%bxy" */
static const char *
match_balanced(struct matcher *m, const char *s, const char *p)
{
    int open = 1;

    if (p + 1 >= m->pattern_end)
        dsl_raise(m->lua, "malformed pattern (missing arguments to '%%b')");
    if (s >= m->subject_end || *s != *p)
        return NULL;
    while (++s < m->subject_end) {
        step(m);
        if (*s == p[1]) {
            if (--open == 0)
                return s + 1;
        } else if (*s == p[0]) {
            open++;
        }
    }
    return NULL;
}

/* As many as there are, then fewer and fewer. Each try costs steps, so "a-a-a-...b" over a long
 * text ends with the budget and not with the century. */
static const char *
match_most(struct matcher *m, const char *s, const char *p, const char *ep)
{
    ptrdiff_t n = 0;

    while (single(m, s + n, p, ep))
        n++;
    for (; n >= 0; n--) {
        const char *end = match_here(m, s + n, ep + 1);

        if (end != NULL)
            return end;
    }
    return NULL;
}

/* As few as possible: the rest of the pattern is tried first, then one character more is taken. */
static const char *
match_least(struct matcher *m, const char *s, const char *p, const char *ep)
{
    for (;;) {
        const char *end = match_here(m, s, ep + 1);

        if (end != NULL)
            return end;
        if (!single(m, s, p, ep))
            return NULL;
        s++;
    }
}

/* The capture is closed by match_here() further on; a failure undoes it, so that a later try
 * does not see captures of an earlier one. */
static const char *
begin_capture(struct matcher *m, const char *s, const char *p, ptrdiff_t what)
{
    const char *end;

    if (m->n >= DSL_CAPTURES_MAX)
        dsl_raise(m->lua, "too many captures");
    m->captures[m->n].begin = s;
    m->captures[m->n].length = what;
    m->n++;
    end = match_here(m, s, p);
    if (end == NULL)
        m->n--; /* undone */
    return end;
}

/* Closes the innermost capture that is open; ")" without one is an error of the pattern. */
static const char *
end_capture(struct matcher *m, const char *s, const char *p)
{
    int i = m->n - 1;
    const char *end;

    while (i >= 0 && m->captures[i].length != CAPTURE_OPEN)
        i--;
    if (i < 0)
        dsl_raise(m->lua, "invalid pattern capture");
    m->captures[i].length = s - m->captures[i].begin;
    end = match_here(m, s, p);
    if (end == NULL)
        m->captures[i].length = CAPTURE_OPEN;
    return end;
}

/* "%1": the same text as an earlier capture. */
static const char *
match_again(struct matcher *m, const char *s, int digit)
{
    int i = digit - '1';
    size_t n;

    if (i < 0 || i >= m->n || m->captures[i].length == CAPTURE_OPEN)
        dsl_raise(m->lua, "invalid capture index %%%d", i + 1);
    /* A position has no text: its mark is negative and must never become a length. */
    if (m->captures[i].length == CAPTURE_POSITION)
        return NULL;
    n = (size_t)m->captures[i].length;
    m->unpaid += (int)(n / 16);
    if ((size_t)(m->subject_end - s) < n || memcmp(m->captures[i].begin, s, n) != 0)
        return NULL;
    return s + n;
}

/* "%f[set]": between a character outside the set and one inside; s stays. */
static const char *
match_frontier(struct matcher *m, const char *s, const char *p)
{
    const char *ep;
    int before = s == m->subject ? 0 : (unsigned char)s[-1];
    int now = s < m->subject_end ? (unsigned char)*s : 0;

    if (p >= m->pattern_end || *p != '[')
        dsl_raise(m->lua, "missing '[' after '%%f' in pattern");
    ep = class_end(m, p);
    m->unpaid += (int)(ep - p); /* walked twice, and it may be as long as the pattern */
    if (in_set(before, p, ep - 1) || !in_set(now, p, ep - 1))
        return NULL;
    return match_here(m, s, ep);
}

/* The items that are no plain class: NULL in *handled's absence means "not one of these". */
static const char *
match_special(struct matcher *m, const char *s, const char *p, bool *handled)
{
    const char *rest;

    *handled = true;
    if (*p == '(') {
        if (p + 1 < m->pattern_end && p[1] == ')')
            return begin_capture(m, s, p + 2, CAPTURE_POSITION);
        return begin_capture(m, s, p + 1, CAPTURE_OPEN);
    }
    if (*p == ')')
        return end_capture(m, s, p + 1);
    if (*p == '$' && p + 1 == m->pattern_end)
        return s == m->subject_end ? s : NULL;
    if (*p == '%' && p + 1 < m->pattern_end) {
        if (p[1] == 'b') {
            rest = match_balanced(m, s, p + 2);
            return rest == NULL ? NULL : match_here(m, rest, p + 4);
        }
        if (p[1] == 'f')
            return match_frontier(m, s, p + 2);
        if (isdigit((unsigned char)p[1])) {
            rest = match_again(m, s, (unsigned char)p[1]);
            return rest == NULL ? NULL : match_here(m, rest, p + 2);
        }
    }
    *handled = false;
    return NULL;
}

/* The end of the match of p at s, or NULL. A loop where the library recurses for a plain
 * character, so that depth is spent on choices only. */
static const char *
match_items(struct matcher *m, const char *s, const char *p)
{
    while (p != m->pattern_end) {
        bool handled;
        const char *ep, *end = match_special(m, s, p, &handled);
        char suffix;

        if (handled)
            return end;
        ep = class_end(m, p);
        suffix = ep < m->pattern_end ? *ep : '\0';
        switch (suffix) {
        case '?':
            if (single(m, s, p, ep) && (end = match_here(m, s + 1, ep + 1)) != NULL)
                return end;
            p = ep + 1;
            break;
        case '+':
            return single(m, s, p, ep) ? match_most(m, s + 1, p, ep) : NULL;
        case '*':
            return match_most(m, s, p, ep);
        case '-':
            return match_least(m, s, p, ep);
        default:
            if (!single(m, s, p, ep))
                return NULL;
            s++;
            p = ep;
        }
    }
    return s;
}

/* Every recursion of the matcher passes here, and only here: the ceiling on depth is what keeps
 * a pattern from using up the C stack, which no hook watches. */
static const char *
match_here(struct matcher *m, const char *s, const char *p)
{
    const char *end;

    if (++m->depth > NESTING_MAX)
        dsl_raise(m->lua, "pattern too complex");
    step(m);
    end = match_items(m, s, p);
    m->depth--;
    return end;
}

void
dsl_push_capture(struct matcher *m, int i, const char *s, const char *end)
{
    if (i >= m->n) {
        if (i != 0)
            dsl_raise(m->lua, "invalid capture index %%%d", i + 1);
        lua_pushlstring(m->lua, s, (size_t)(end - s));
    } else if (m->captures[i].length == CAPTURE_POSITION) {
        lua_pushinteger(m->lua, m->captures[i].begin - m->subject + 1);
    } else if (m->captures[i].length == CAPTURE_OPEN) {
        dsl_raise(m->lua, "unfinished capture");
    } else {
        lua_pushlstring(m->lua, m->captures[i].begin, (size_t)m->captures[i].length);
    }
}

/* Checked before they are pushed: 32 captures are more than a fresh C function may take for
 * granted. */
int
dsl_push_captures(struct matcher *m, const char *s, const char *end)
{
    int n = m->n == 0 && s != NULL ? 1 : m->n;

    luaL_checkstack(m->lua, n, "captures");
    for (int i = 0; i < n; i++)
        dsl_push_capture(m, i, s, end);
    return n;
}

void
dsl_matcher_init(struct matcher *m, lua_State *lua, const char *s, size_t n,
                 const char *pattern_end)
{
    *m = (struct matcher){
        .lua = lua, .subject = s, .subject_end = s + n, .pattern_end = pattern_end
    };
}

const char *
dsl_match_at(struct matcher *m, const char *s, const char *p)
{
    assert(s != NULL && p != NULL);
    m->n = 0;
    m->depth = 0;
    return match_here(m, s, p);
}
