/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Models for tests, written with single quotes for double ones.
 */
#ifndef MODEL_FIXTURE_H
#define MODEL_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "json.h"
#include "model.h"
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline json_t *
quoted(const char *text)
{
    char *copy = strdup(text);
    json_error_t error;
    json_t *json;

    for (char *c = copy; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    json = json_loads(copy, JSON_DECODE_ANY, &error);
    if (json == NULL)
        fail_msg("the test's JSON: %s at %d: %s", error.text, error.position, copy);
    free(copy);
    return json;
}

/* A small model whose top-level members the given ones replace. */
static inline json_t *
model_with(const char *members)
{
    json_t *model =
        quoted("{'name':'t','key':'TT','version':1,'roles':['pm','client'],"
               "'aliases':{'requester':'opener'},'functions':{'3':{'line':7}},'fields':["
               "{'name':'cost','type':'money','shared':true},"
               "{'name':'class','type':'choice','shared':true,'choices':['standard','urgent']},"
               "{'name':'served','type':'time','shared':false},"
               "{'name':'files','type':'list','shared':true,'of':{'type':'file'}},"
               "{'name':'note','type':'text','shared':true}],"
               "'states':[{'name':'a','kind':'state'}]}");
    json_t *change = quoted(members);

    json_object_update(model, change);
    json_decref(change);
    return model;
}

static inline enum sgn_status
parse_with(const char *members, struct model **out, struct sgn_error *err)
{
    json_t *json = model_with(members);
    json_t *functions = quoted("{'3':{'source':'return true'}}");
    enum sgn_status st = model_parse(json, functions, out, err);

    json_decref(json);
    json_decref(functions);
    return st;
}

static inline struct model *
parsed(const char *members)
{
    struct sgn_error err = { 0 };
    struct model *model = NULL;

    if (parse_with(members, &model, &err) != SGN_OK)
        fail_msg("%s", err.message);
    return model;
}

#endif
