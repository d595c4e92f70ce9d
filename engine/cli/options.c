/* SPDX-License-Identifier: Apache-2.0 */
/* Reads options by their tables; see options.h. */
#include "options.h"

#include "json.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX 128 /* options of one command, for "did you mean" */
#define NAME_MAX  64

enum sgn_status
cli_args_init(struct cli_args *args, struct sgn_error *err)
{
    args->options = json_object();
    args->words = json_array();
    return args->options != NULL && args->words != NULL ? SGN_OK : sgn_nomem(err);
}

void
cli_args_deinit(struct cli_args *args)
{
    json_decref(args->options);
    json_decref(args->words);
    *args = (struct cli_args){ 0 };
}

static bool
takes_value(const struct cli_option *option)
{
    return option->kind != CLI_FLAG && option->kind != CLI_NO;
}

static bool
may_repeat(const struct cli_option *option)
{
    return option->kind == CLI_FIELD || option->kind == CLI_MANY;
}

/* By its long name, or by its letter when name is NULL. */
static const struct cli_option *
find(const struct cli_option *const *tables, const char *name, char letter)
{
    for (; *tables != NULL; tables++) {
        for (const struct cli_option *o = *tables; o->name != NULL; o++) {
            if (name != NULL ? strcmp(o->name, name) == 0 : o->letter == letter)
                return o;
        }
    }
    return NULL;
}

static enum sgn_status
unknown(const struct cli_option *const *tables, const char *name, struct sgn_error *err)
{
    const char *names[NAMES_MAX];
    size_t n = 0;
    const char *nearest;

    for (; *tables != NULL; tables++) {
        for (const struct cli_option *o = *tables; o->name != NULL && n < NAMES_MAX; o++)
            names[n++] = o->name;
    }
    nearest = sgn_nearest(name, names, n);
    if (nearest != NULL)
        return sgn_fail(err, SGN_INVALID, "unknown option --%s; did you mean --%s?", name, nearest);
    return sgn_fail(err, SGN_INVALID, "unknown option --%s", name);
}

static enum sgn_status
keep(struct cli_args *args, const struct cli_option *option, const char *value,
     struct sgn_error *err)
{
    json_t *had = json_object_get(args->options, option->name);
    json_t *item = value != NULL ? json_string(value) : json_true();

    if (item == NULL)
        return sgn_fail(err, SGN_INVALID, "the value of --%s is not UTF-8", option->name);
    if (!may_repeat(option)) {
        if (had != NULL) {
            json_decref(item);
            return sgn_fail(err, SGN_INVALID, "--%s is given twice", option->name);
        }
        return json_object_set_new(args->options, option->name, item) == 0 ? SGN_OK
                                                                           : sgn_nomem(err);
    }
    if (had == NULL) {
        had = json_array();
        if (json_object_set_new(args->options, option->name, had) != 0) {
            json_decref(item);
            return sgn_nomem(err);
        }
    }
    return json_array_append_new(had, item) == 0 ? SGN_OK : sgn_nomem(err);
}

/* "--name", "--name=value", "--name value". *used counts what was read beyond the first. */
static enum sgn_status
read_long(struct cli_args *args, const char *text, const char *next,
          const struct cli_option *const *tables, int *used, struct sgn_error *err)
{
    const char *equals = strchr(text, '=');
    size_t n = equals != NULL ? (size_t)(equals - text) : strlen(text);
    const struct cli_option *option;
    char name[NAME_MAX];

    if (n >= sizeof(name))
        return sgn_fail(err, SGN_INVALID, "unknown option --%s", text);
    memcpy(name, text, n);
    name[n] = '\0';
    option = find(tables, name, 0);
    if (option == NULL)
        return unknown(tables, name, err);
    if (!takes_value(option)) {
        if (equals != NULL)
            return sgn_fail(err, SGN_INVALID, "--%s takes no value", name);
        return keep(args, option, NULL, err);
    }
    if (equals != NULL)
        return keep(args, option, equals + 1, err);
    if (next == NULL)
        return sgn_fail(err, SGN_INVALID, "--%s needs a value: --%s %s", name, name, option->value);
    *used = 1;
    return keep(args, option, next, err);
}

/* "-j", "-n5", "-n 5". */
static enum sgn_status
read_short(struct cli_args *args, const char *text, const char *next,
           const struct cli_option *const *tables, int *used, struct sgn_error *err)
{
    const struct cli_option *option = find(tables, NULL, text[0]);

    if (option == NULL)
        return sgn_fail(err, SGN_INVALID, "unknown option -%c", text[0]);
    if (!takes_value(option)) {
        if (text[1] != '\0')
            return sgn_fail(err, SGN_INVALID, "-%c takes no value", text[0]);
        return keep(args, option, NULL, err);
    }
    if (text[1] != '\0')
        return keep(args, option, text + 1, err);
    if (next == NULL)
        return sgn_fail(err, SGN_INVALID, "-%c needs a value: %s", text[0], option->value);
    *used = 1;
    return keep(args, option, next, err);
}

enum sgn_status
cli_args_read(struct cli_args *args, int argc, char *const *argv,
              const struct cli_option *const *tables, bool leading, int *used,
              struct sgn_error *err)
{
    bool options = true;
    int i;

    for (i = 0; i < argc; i++) {
        const char *text = argv[i];
        const char *next = i + 1 < argc ? argv[i + 1] : NULL;
        int more = 0;
        enum sgn_status st = SGN_OK;

        if (options && strcmp(text, "--") == 0) {
            options = false;
        } else if (options && strncmp(text, "--", 2) == 0) {
            st = read_long(args, text + 2, next, tables, &more, err);
        } else if (options && text[0] == '-' && text[1] != '\0') {
            st = read_short(args, text + 1, next, tables, &more, err);
        } else {
            if (leading)
                break;
            if (json_array_append_new(args->words, json_string(text)) != 0)
                st = sgn_fail(err, SGN_INVALID, "argument %d is not UTF-8", i + 1);
        }
        if (st != SGN_OK)
            return st;
        i += more;
    }
    *used = i;
    return SGN_OK;
}

bool
cli_given(const struct cli_args *args, const char *name)
{
    return json_object_get(args->options, name) != NULL;
}

const char *
cli_option(const struct cli_args *args, const char *name)
{
    return json_string_value(json_object_get(args->options, name));
}

const char *
cli_word(const struct cli_args *args, size_t i)
{
    return json_string_value(json_array_get(args->words, i));
}

/* NAME=TEXT or NAME:=JSON into the object. */
static enum sgn_status
set_field(json_t *fields, const char *text, const char *option, struct sgn_error *err)
{
    const char *equals = strchr(text, '=');
    bool typed = equals != NULL && equals > text && equals[-1] == ':';
    json_t *value = NULL;
    size_t n;

    if (equals == NULL || equals == text || (typed && equals == text + 1))
        return sgn_fail(err, SGN_INVALID,
                        "--%s %s: expected NAME=VALUE (or NAME:=JSON for another type than text)",
                        option, text);
    n = (size_t)(equals - text) - (typed ? 1 : 0);
    if (!typed) {
        value = json_string(equals + 1);
    } else if (sgn_json_parse(equals + 1, strlen(equals + 1), &value, err) != SGN_OK) {
        sgn_error_prefix(err, "--%s %.*s: ", option, (int)n, text);
        return SGN_INVALID;
    }
    return json_object_setn_new(fields, text, n, value) == 0 ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
set_fields(json_t *params, const char *param, const json_t *texts, const char *option,
           struct sgn_error *err)
{
    json_t *fields = json_object_get(params, param);
    const json_t *text;
    size_t i;

    if (fields == NULL) {
        fields = json_object();
        if (json_object_set_new(params, param, fields) != 0)
            return sgn_nomem(err);
    } else if (!json_is_object(fields)) {
        return sgn_fail(err, SGN_INVALID, "--%s needs an object to put fields into", option);
    }
    json_array_foreach(texts, i, text) {
        enum sgn_status st = set_field(fields, json_string_value(text), option, err);
        if (st != SGN_OK)
            return st;
    }
    return SGN_OK;
}

static enum sgn_status
set_integer(json_t *params, const struct cli_option *option, const char *text,
            struct sgn_error *err)
{
    char *end = NULL;
    long long number = strtoll(text, &end, 10);

    if (end == text || *end != '\0')
        return sgn_fail(err, SGN_INVALID, "--%s %s: expected a whole number", option->name, text);
    return json_object_set_new(params, option->param, json_integer(number)) == 0 ? SGN_OK
                                                                                 : sgn_nomem(err);
}

static enum sgn_status
set_json(json_t *params, const struct cli_option *option, const char *text, struct sgn_error *err)
{
    json_t *value = NULL;
    enum sgn_status st = sgn_json_parse(text, strlen(text), &value, err);

    if (st != SGN_OK) {
        sgn_error_prefix(err, "--%s: ", option->name);
        return SGN_INVALID;
    }
    return json_object_set_new(params, option->param, value) == 0 ? SGN_OK : sgn_nomem(err);
}

/* "scope.projects" is the member projects of the object scope. */
static enum sgn_status
set_value(json_t *params, const char *param, json_t *value, struct sgn_error *err)
{
    const char *dot = strchr(param, '.');
    json_t *into = params;
    char name[64];

    if (dot != NULL) {
        snprintf(name, sizeof(name), "%.*s", (int)(dot - param), param);
        into = json_object_get(params, name);
        if (into == NULL) {
            into = json_object();
            if (json_object_set_new(params, name, into) != 0)
                return sgn_nomem(err);
        }
        param = dot + 1;
    }
    return json_object_set(into, param, value) == 0 ? SGN_OK : sgn_nomem(err);
}

enum sgn_status
cli_args_params(const struct cli_args *args, const struct cli_option *table, json_t *params,
                struct sgn_error *err)
{
    for (const struct cli_option *o = table; o->name != NULL; o++) {
        json_t *given = json_object_get(args->options, o->name);
        enum sgn_status st = SGN_OK;

        if (o->param == NULL || given == NULL)
            continue;
        switch (o->kind) {
        case CLI_FLAG:
        case CLI_NO:
            if (json_object_set_new(params, o->param, json_boolean(o->kind == CLI_FLAG)) != 0)
                st = sgn_nomem(err);
            break;
        case CLI_TEXT:
        case CLI_MANY:
            st = set_value(params, o->param, given, err);
            break;
        case CLI_INTEGER:
            st = set_integer(params, o, json_string_value(given), err);
            break;
        case CLI_JSON:
            st = set_json(params, o, json_string_value(given), err);
            break;
        case CLI_FIELD:
            st = set_fields(params, o->param, given, o->name, err);
            break;
        }
        if (st != SGN_OK)
            return st;
    }
    return SGN_OK;
}
