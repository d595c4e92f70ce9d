/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names in functions: fields, roles and states that the workflow does not have.
 *
 * The source of a function is read word by word, without running it: c.fields.NAME (also with
 * ["NAME"]), c.people.NAME, c:set("NAME", ...), c:is_in "NAME", c:visits "NAME". What is computed
 * is not known. Names that no text of the rules defines at all are errors of the loader.
 */
#include "check_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 64

struct text {
    struct check *check;
    const char *begin, *at;
    int line;                 /* of the source's first line in the file */
    const char *number;       /* of the function */
    char name[2][NAME_BYTES]; /* the last two names, the newer first */
    char sign;                /* between them: '.', ':' or 0 */
};

/* ---- what there is ---- */

static bool
is_known(const struct check *check, const char *what, const char *name, json_t *known)
{
    const struct model *model = check->model;
    const char *alias;
    json_t *of;

    if (strcmp(what, "field") == 0) {
        for (int i = 0; i < model->n_fields; i++)
            (void)json_array_append_new(known, json_string(model->fields[i].name));
    } else if (strcmp(what, "state") == 0) {
        for (int i = 1; i < model->n_states; i++)
            (void)json_array_append_new(known, json_string(model->states[i].name));
    } else {
        (void)json_array_extend(known, (json_t *)model->roles);
        json_object_foreach((json_t *)model->aliases, alias, of)
            (void)json_array_append_new(known, json_string(alias));
        (void)json_array_append_new(known, json_string("opener"));
        (void)json_array_append_new(known, json_string("owner"));
    }
    return sgn_json_has(known, name);
}

/* Line and column of an offset; the source holds whole lines. */
static void
place_of(const struct text *text, const char *at, int *line, int *column)
{
    *line = text->line;
    *column = 1;
    for (const char *c = text->begin; c < at; c++) {
        if (*c == '\n') {
            ++*line;
            *column = 1;
        } else if (((unsigned char)*c & 0xc0) != 0x80) {
            ++*column;
        }
    }
}

static void
judge(struct text *text, const char *what, const char *name, const char *at)
{
    json_t *known = json_array(), *finding;
    char message[256], pointer[64];
    const char *near;
    int line, column;

    if (known != NULL && !is_known(text->check, what, name, known)) {
        near = sgn_nearest_json(name, known);
        snprintf(message, sizeof message, "the workflow has no %s \"%s\"%s%s%s", what, name,
                 near != NULL ? " (did you mean \"" : "", near != NULL ? near : "",
                 near != NULL ? "\"?)" : "");
        snprintf(pointer, sizeof pointer, "/functions/%s", text->number);
        place_of(text, at, &line, &column);
        finding = json_pack("{s:s, s:s, s:s, s:i, s:i}", "id", check_id_of(CHECK_FUNCTION_NAME),
                            "message", message, "pointer", pointer, "line", line, "column", column);
        if (json_array_append_new(text->check->findings, finding) != 0)
            text->check->failed = true;
    }
    json_decref(known);
}

/* ---- reading ---- */

static void
skip_comment(struct text *text)
{
    bool block = strncmp(text->at, "--[[", 4) == 0;
    const char *end = strstr(text->at, block ? "]]" : "\n");

    text->at = end != NULL ? end + (block ? 2 : 0) : text->at + strlen(text->at);
}

/* The string that begins here, into out; moves behind it. */
static void
read_string(struct text *text, char out[NAME_BYTES])
{
    char quote = *text->at++;
    const char *begin = text->at;

    while (*text->at != '\0' && *text->at != quote && *text->at != '\n')
        text->at += text->at[0] == '\\' && text->at[1] != '\0' ? 2 : 1;
    snprintf(out, NAME_BYTES, "%.*s", (int)(text->at - begin), begin);
    if (*text->at == quote)
        text->at++;
}

/* A member by its name: behind fields. or people. */
static void
on_member(struct text *text, const char *name, const char *at)
{
    if (strcmp(text->name[0], "fields") == 0 && strcmp(text->name[1], "project") != 0)
        judge(text, "field", name, at);
    else if (strcmp(text->name[0], "people") == 0)
        judge(text, "role", name, at);
}

/* A string: in brackets behind fields, or the first argument of set, is_in, visits. */
static void
on_string(struct text *text, const char *at, char before)
{
    char name[NAME_BYTES];

    read_string(text, name);
    if (before == '[')
        on_member(text, name, at);
    else if (text->sign == ':' && strcmp(text->name[0], "set") == 0)
        judge(text, "field", name, at);
    else if (text->sign == ':' &&
             (strcmp(text->name[0], "is_in") == 0 || strcmp(text->name[0], "visits") == 0))
        judge(text, "state", name, at);
    text->name[0][0] = text->name[1][0] = '\0';
}

static void
on_name(struct text *text, char sign)
{
    const char *begin = text->at;
    char name[NAME_BYTES];

    while (isalnum((unsigned char)*text->at) || *text->at == '_')
        text->at++;
    snprintf(name, sizeof name, "%.*s", (int)(text->at - begin), begin);
    if (sign == '.')
        on_member(text, name, begin);
    memcpy(text->name[1], sign != 0 ? text->name[0] : "", sign != 0 ? NAME_BYTES : 1);
    memcpy(text->name[0], name, NAME_BYTES);
    text->sign = sign;
}

static void
read_source(struct text *text)
{
    char before = 0; /* the last sign, 0 after a name */

    while (*text->at != '\0') {
        char c = *text->at;

        if (isspace((unsigned char)c)) {
            text->at++;
        } else if (c == '-' && text->at[1] == '-') {
            skip_comment(text);
        } else if (c == '"' || c == '\'') {
            on_string(text, text->at, before);
            before = '"';
        } else if (isalpha((unsigned char)c) || c == '_') {
            on_name(text, before == '.' || before == ':' ? before : 0);
            before = 0;
        } else {
            /* what ends an expression ends what was said before it */
            if (strchr(".:([", c) == NULL)
                text->name[0][0] = text->name[1][0] = '\0';
            before = c;
            text->at++;
        }
    }
}

void
check_functions(struct check *check)
{
    const char *number;
    json_t *function;

    json_object_foreach((json_t *)check->model->functions, number, function) {
        const char *source = sgn_json_str(json_object_get(check->functions, number), "source");
        struct text text = { .check = check,
                             .begin = source,
                             .at = source,
                             .line = (int)sgn_json_int(function, "line", 1),
                             .number = number };

        if (source != NULL)
            read_source(&text);
    }
}
