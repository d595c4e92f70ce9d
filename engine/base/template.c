/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Templates, read and filled in one walk: whoever only checks fills nothing.
 */
#include "template.h"

#include "json.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_OF 32

struct walk {
    const char *begin, *at;
    const char *const *known; /* NULL: any name will do */
    struct sgn_buf *out;      /* NULL: nothing is filled */
    bool html;
    struct sgn_error *err;
};

struct tag {
    char kind; /* 0, '#', '^', '/' */
    char name[NAME_MAX_OF + 1];
};

static int
line_of(const struct walk *w, const char *at)
{
    int line = 1;

    for (const char *c = w->begin; c < at; c++)
        line += *c == '\n';
    return line;
}

static enum sgn_status
at_line(const struct walk *w, const char *at, enum sgn_status st)
{
    sgn_error_prefix(w->err, "line %d: ", line_of(w, at));
    return st;
}

static bool
is_known(const struct walk *w, const char *name)
{
    for (const char *const *k = w->known; k != NULL && *k != NULL; k++)
        if (strcmp(*k, name) == 0)
            return true;
    return w->known == NULL;
}

/* w->at stands at "{{". */
static enum sgn_status
read_tag(struct walk *w, struct tag *tag)
{
    const char *at = w->at + 2;
    size_t n;

    tag->kind = *at == '#' || *at == '^' || *at == '/' ? *at++ : '\0';
    at += strspn(at, " ");
    n = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
    if (n == 0 || n > NAME_MAX_OF)
        return at_line(w, w->at, sgn_fail(w->err, SGN_INVALID, "expected a name after {{"));
    memcpy(tag->name, at, n);
    tag->name[n] = '\0';
    at += n;
    at += strspn(at, " ");
    if (strncmp(at, "}}", 2) != 0)
        return at_line(w, w->at,
                       sgn_fail(w->err, SGN_INVALID, "{{%s is not closed by }}", tag->name));
    if (!is_known(w, tag->name))
        return at_line(w, w->at,
                       sgn_fail(w->err, SGN_INVALID, "there is nothing called %s here", tag->name));
    w->at = at + 2;
    return SGN_OK;
}

/* ---- filling ---- */

static void
put_char(const struct walk *w, unsigned char c)
{
    const char *escaped = NULL;

    if (w->html)
        escaped = c == '&'    ? "&amp;"
                  : c == '<'  ? "&lt;"
                  : c == '>'  ? "&gt;"
                  : c == '"'  ? "&quot;"
                  : c == '\'' ? "&#39;"
                              : NULL;
    if (escaped != NULL)
        (void)sgn_buf_puts(w->out, escaped);
    else
        (void)sgn_buf_append(w->out, c < ' ' || c == 0x7f ? " " : (const char *)&c, 1);
}

static void
put_value(const struct walk *w, const json_t *value)
{
    if (json_is_integer(value))
        (void)sgn_buf_integer(w->out, json_integer_value(value));
    else if (json_is_string(value))
        for (const char *c = json_string_value(value); *c != '\0'; c++)
            put_char(w, (unsigned char)*c);
}

static bool
is_there(const json_t *value)
{
    return json_is_true(value) || (json_is_string(value) && json_string_length(value) > 0) ||
           (json_is_integer(value) && json_integer_value(value) != 0) || json_array_size(value) > 0;
}

/* ---- the walk ---- */

/* Of the item, else of what is around it. */
static const json_t *
value_of(const json_t *const *scopes, int depth, const char *name)
{
    for (int i = depth; i >= 0; i--) {
        const json_t *value = scopes[i] != NULL ? json_object_get(scopes[i], name) : NULL;

        if (value != NULL)
            return value;
    }
    return NULL;
}

static enum sgn_status section(struct walk *w, const json_t *const *scopes, int depth,
                               const struct tag *tag);

/* Up to the end of the section called inside (NULL: of the text). */
static enum sgn_status
body(struct walk *w, const json_t *const *scopes, int depth, const char *inside)
{
    struct tag tag;
    enum sgn_status st;

    for (;;) {
        const char *open = strstr(w->at, "{{");
        size_t plain = open != NULL ? (size_t)(open - w->at) : strlen(w->at);

        if (w->out != NULL)
            (void)sgn_buf_append(w->out, w->at, plain);
        w->at += plain;
        if (open == NULL)
            return inside == NULL ? SGN_OK
                                  : sgn_fail(w->err, SGN_INVALID,
                                             "the section {{#%s}} has no {{/%s}}", inside, inside);
        st = read_tag(w, &tag);
        if (st != SGN_OK)
            return st;
        if (tag.kind == '/' && (inside == NULL || strcmp(tag.name, inside) != 0))
            return at_line(w, open,
                           sgn_fail(w->err, SGN_INVALID, "{{/%s}} closes no section", tag.name));
        if (tag.kind == '/')
            return SGN_OK;
        if (tag.kind != '\0')
            st = section(w, scopes, depth, &tag);
        else if (w->out != NULL)
            put_value(w, value_of(scopes, depth, tag.name));
        if (st != SGN_OK)
            return st;
    }
}

/* Behind its opening tag; leaves behind its closing one, however often its body was filled. */
static enum sgn_status
section(struct walk *w, const json_t *const *scopes, int depth, const struct tag *tag)
{
    const json_t *within[SGN_TEMPLATE_DEPTH + 2] = { NULL };
    const json_t *value = value_of(scopes, depth, tag->name);
    size_t times = json_is_array(value) && tag->kind == '#' ? json_array_size(value)
                                                            : is_there(value) == (tag->kind == '#');
    struct sgn_buf *out = w->out;
    const char *begin = w->at;
    enum sgn_status st = SGN_OK;

    if (depth >= SGN_TEMPLATE_DEPTH)
        return at_line(
            w, w->at,
            sgn_fail(w->err, SGN_INVALID, "sections are at most %d deep", SGN_TEMPLATE_DEPTH));
    for (int i = 0; i <= depth; i++)
        within[i] = scopes[i];
    if (times == 0 || out == NULL) { /* walked over all the same: it may be wrong */
        w->out = NULL;
        st = body(w, within, depth + 1, tag->name);
        w->out = out;
        return st;
    }
    for (size_t i = 0; st == SGN_OK && i < times; i++) {
        w->at = begin;
        within[depth + 1] = json_array_get(value, i);
        st = body(w, within, depth + 1, tag->name);
    }
    return st;
}

static enum sgn_status
walk(struct walk *w, const json_t *values)
{
    const json_t *scopes[SGN_TEMPLATE_DEPTH + 2] = { values };

    if (strlen(w->begin) > SGN_TEMPLATE_MAX)
        return sgn_fail(w->err, SGN_INVALID, "larger than %d bytes", SGN_TEMPLATE_MAX);
    if (!sgn_utf8_valid(w->begin, strlen(w->begin)))
        return sgn_fail(w->err, SGN_INVALID, "not UTF-8");
    return body(w, scopes, 0, NULL);
}

enum sgn_status
sgn_template_check(const char *text, const char *const *known, struct sgn_error *err)
{
    struct walk w = { .begin = text, .at = text, .known = known, .err = err };

    return walk(&w, NULL);
}

enum sgn_status
sgn_template_put(struct sgn_buf *out, const char *text, const json_t *values, bool html,
                 struct sgn_error *err)
{
    struct walk w = { .begin = text, .at = text, .out = out, .html = html, .err = err };
    enum sgn_status st = walk(&w, values);

    return st == SGN_OK && out->failed ? sgn_nomem(err) : st;
}
