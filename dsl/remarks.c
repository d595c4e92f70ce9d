/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an answer to a load says besides models and mistakes: the comments that speak to the
 * checker, and a column for every mistake, so that an editor always has a place to jump to.
 *
 * Never judges a remark: what it allows, and whether it may, is the checker's business.
 */
#include "dsl_internal.h"

#include "json.h"
#include "text.h"
#include <string.h>

struct collecting {
    json_t *list;
    bool failed;
};

static void
add_remark(void *ctx, int line, int column, bool alone, const char *text, size_t n)
{
    struct collecting *c = ctx;

    if (json_array_append_new(c->list, json_pack("{s:i, s:i, s:b, s:s%}", "line", line, "column",
                                                 column, "alone", alone, "text", text, n)) != 0)
        c->failed = true;
}

/* A file without a remark gets no list: few files have one. */
static enum sgn_status
collect(json_t *remarks, const char *path, const char *source, struct sgn_error *err)
{
    struct dsl_tokens *tokens;
    struct collecting c = { json_array(), false };

    if (c.list == NULL)
        return sgn_nomem(err);
    tokens = dsl_tokens_new(source, strlen(source));
    if (tokens == NULL) {
        json_decref(c.list);
        return sgn_nomem(err);
    }
    dsl_tokens_remarks(tokens, add_remark, &c);
    dsl_tokens_free(tokens);
    if (!c.failed && json_array_size(c.list) > 0 && json_object_set(remarks, path, c.list) != 0)
        c.failed = true;
    json_decref(c.list);
    return c.failed ? sgn_nomem(err) : SGN_OK;
}

enum sgn_status
dsl_remarks(const json_t *files, const json_t *workflows, json_t **out, struct sgn_error *err)
{
    json_t *remarks = json_object(), *one;
    const char *path;
    enum sgn_status st = remarks != NULL ? SGN_OK : sgn_nomem(err);

    json_object_foreach((json_t *)files, path, one) {
        if (st == SGN_OK && json_is_string(one))
            st = collect(remarks, path, json_string_value(one), err);
    }
    /* those that are not among the team's files are shipped */
    json_object_foreach((json_t *)workflows, path, one) {
        const char *file = sgn_json_str(one, "file"), *source = sgn_json_str(one, "source");

        if (st == SGN_OK && file != NULL && source != NULL && json_object_get(files, file) == NULL)
            st = collect(remarks, file, source, err);
    }
    if (st != SGN_OK) {
        json_decref(remarks);
        return st;
    }
    *out = remarks;
    return SGN_OK;
}

/* Of the first thing on a line, in characters: a blank is one byte. */
static int
first_column(const char *source, json_int_t line)
{
    for (; source != NULL && line > 1; line--) {
        source = strchr(source, '\n');
        source = source != NULL ? source + 1 : NULL;
    }
    return source != NULL ? 1 + (int)strspn(source, " \t") : 1;
}

bool
dsl_columns(json_t *mistakes, const json_t *input)
{
    json_t *mistake;
    bool good = true;
    size_t i;

    json_array_foreach(mistakes, i, mistake) {
        const char *file = sgn_json_str(mistake, "file");
        const char *source = sgn_json_str(json_object_get(input, "files"), file);
        char name[256];

        if (json_object_get(mistake, "column") != NULL)
            continue;
        if (source == NULL && sscanf(file, "shipped/%255[^.]", name) == 1)
            source = sgn_json_str(json_object_get(input, "shipped"), name);
        if (json_object_set_new(
                mistake, "column",
                json_integer(first_column(source, sgn_json_int(mistake, "line", 1)))) != 0)
            good = false;
    }
    return good;
}
